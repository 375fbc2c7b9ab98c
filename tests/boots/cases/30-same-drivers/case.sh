# shellcheck shell=bash
# What dracut puts into an initramfs is the same with the module and without, but for the module's own files, vfat and
# its character sets. No boot.
# shellcheck disable=SC2034,SC2154
always=yes
guests=(bookworm/systemd)
boots=no

# files KIND : without the kernel's version and without what only tells that modules were there.
files() {
  cpio -t --quiet < "$(initramfs_of "$guest" "$1")" | sed -E 's,lib/modules/[^/]+/,lib/modules/,' | sort -u
}

judge() {
  files with > "$dir/with"
  files without > "$dir/without"
  grep -q '/virtio_blk\.ko' "$dir/without" || no "the list without the module has not even virtio_blk"
  comm -13 "$dir/with" "$dir/without" > "$dir/lost"
  [ ! -s "$dir/lost" ] || no "lost by the module: $(paste -sd' ' "$dir/lost")"
  comm -23 "$dir/with" "$dir/without" | grep -vE '/hooks/(pre-pivot|pre-trigger|(shutdown-)?emergency)(/05-(pre-pivot|pre-trigger|gave-up)\.sh)?$' |
    grep -vE '^usr/(bin/bootready|lib/bootready(/(bootready-lib\.sh|modules\.alias))?)$' |
    grep -vE '^usr/lib/systemd/system/(initrd\.target\.wants(/bootready-(preboot|missing)\.service)?|bootready-(preboot|missing)\.service)$' |
    grep -vE '/kernel/fs/(fat(/v?fat\.ko.*)?|nls(/nls_(cp437|iso8859-1|ascii|utf8)\.ko.*)?)$' > "$dir/added" || :
  [ ! -s "$dir/added" ] || no "added by the module: $(paste -sd' ' "$dir/added")"
  grep -qx usr/bin/bootready "$dir/with" || no "the checker is not in it"
}
