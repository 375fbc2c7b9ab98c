# shellcheck shell=bash
# The super block says that the file system is damaged: nobody writes to it before fsck.
# shellcheck disable=SC2034,SC2154
guests=(bookworm/init)

prepare_image() {
  debugfs -w -R 'ssv state 2' "$1" 2> /dev/null
  sha256sum < "$1" > "$dir/image.before"
}

judge() {
  userspace
  verdict
  report_in_run
  sha256sum < "$dir/root.img" | cmp -s - "$dir/image.before" || no "the disk is not as it was"
}
