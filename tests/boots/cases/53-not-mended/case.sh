# shellcheck shell=bash
# The root's check before the mount finds what it may not mend unasked, and the boot gives up.
# shellcheck disable=SC2034,SC2154
guests=(bookworm/systemd)
every=({bullseye,bookworm,trixie,testing}/systemd) # whose initramfs has the check
parameters=(rd.bootready.missing=600 fsck.mode=auto rd.skipfsck=0)

# A folder's inode is gone, and the superblock says that there is damage.
prepare_image() { printf 'clri /home\nssv state 2\n' | debugfs -w -f - "$1" > "$dir/debugfs" 2>&1; }

judge() {
  no_root root-not-mounted root-damaged
  seen 'fix: e2fsck -f /dev/vda$'
}
