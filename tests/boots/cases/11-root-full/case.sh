# shellcheck shell=bash
# Not one block is left for the report.
# shellcheck disable=SC2034,SC2154
guests=(bookworm/init)

prepare_image() {
  local free
  free=$(dumpe2fs -h "$1" 2> /dev/null | sed -n 's/^Free blocks: *//p')
  # Too much by a little for what the file's own index needs: debugfs writes what fits.
  head -c "$((free * 1024))" /dev/zero | tr '\0' x > "$dir/fill"
  debugfs -w -R "write $dir/fill /home/fill" "$1" > /dev/null 2>&1
  e2fsck -fy "$1" > /dev/null 2>&1 || :
  [ "$(dumpe2fs -h "$1" 2> /dev/null | sed -n 's/^Free blocks: *//p')" -lt 4 ] || die "the root is not full"
}

judge() {
  userspace
  verdict
  report_in_run
  no_report_on_root
  undisturbed
}
