# shellcheck shell=bash
# The small root that the boots have, and what became of it. Sourced by run after lib.sh.

# root_tree DIR SUITE : as little as an init system takes for a root, with a busybox of SUITE for an init.
root_tree() {
  local root
  root=$(chroot_of "$2")
  mkdir -p "$1"/{bin,sbin,etc,usr/lib,proc,sys,dev,run,tmp,var,boot/grub,home/user}
  cp "$root/bin/busybox" "$1/bin/"
  ln -s busybox "$1/bin/sh"
  ln -s /bin/init "$1/sbin/init"
  # Links for what init calls, so that it needs nothing at run time.
  for applet in mount sleep sha256sum poweroff cat fold dmesg; do ln -s busybox "$1/bin/$applet"; done
  install "$BOOTS/init" "$1/bin/init"
  cp "$root/usr/lib/os-release" "$1/usr/lib/"
  ln -s ../usr/lib/os-release "$1/etc/os-release"
  echo "UUID=$ROOT_UUID / ext4 defaults 0 1" > "$1/etc/fstab"
  echo 'root:x:0:0:root:/root:/bin/sh' > "$1/etc/passwd"
  printf 'files that nobody has any business with\n' > "$1/home/user/notes"
}

# root_image TREE IMAGE
root_image() {
  # No feature that the oldest guest's kernel would not know.
  mkfs.ext4 -q -F -U "$ROOT_UUID" -L boottest -O '^orphan_file,^metadata_csum_seed' -m 0 -d "$1" "$2" 32M > /dev/null
}

# content IMAGE : all that is in a file system but the report, a line a file. Read without mounting it.
content() {
  local out
  out=$(mktemp -d)
  debugfs -R "rdump / $out" "$1" 2> /dev/null
  (
    cd "$out" || exit
    # Without the time of /etc, which is that of the report's folder in it, the times of links, which are those of
    # the copy, and the sizes of folders, which are this machine's.
    find . -path ./etc/bootready -prune -o -path ./etc -printf '%p %y %m %U %G\n' -o \
      -type l -printf '%p %y %m %U %G %l\n' -o -type d -printf '%p %y %m %U %G %T@\n' -o \
      -printf '%p %y %m %U %G %T@ %s\n' | sort
    find . -path ./etc/bootready -prune -o -type f -exec sha256sum {} + | sort
  )
  rm -rf "$out"
}

# from_root IMAGE PATH TO : false if it is not there
from_root() {
  debugfs -R "dump $2 $3" "$1" 2> /dev/null
  [ -s "$3" ]
}
