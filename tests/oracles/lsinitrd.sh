#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The files of an initramfs: as lsinitrd (dracut), lsinitramfs (initramfs-tools) and cpio -t list them, for images
# that dracut and initramfs-tools make here, and for small ones of every compression and order of segments.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/oracles/lib.sh
. tests/oracles/lib.sh
# shellcheck source=tests/oracles/kernel.sh
. tests/oracles/kernel.sh
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C
bootready=${BOOTREADY:-build/bootready}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

names() { sed -E 's,^(\./)+,,; s,^/+,,; s,/+$,,' | grep -vxE '\.?|TRAILER!!!' | sort -u; }
ours() { "$bootready" initramfs "$1" --files --format json | jq -r '.files[]' | names; }
# Behind lsinitrd's line of "=" an `ls -l` listing: names are its last field.
of_lsinitrd() {
  lsinitrd "$1" 2>/dev/null | grep -E '^[-dlcbps][-rwxsStT]{9} ' |
    sed -E 's/ -> .*//; s/^([^ ]+ +){4}([0-9]+, +)?([0-9]+ +)?([^ ]+ +){3}//' | names
}
of_lsinitramfs() { lsinitramfs "$1" 2>/dev/null | names; }
of_cpio() { cpio -t --quiet <"$1" | names; }

# compare NAME IMAGE LISTER [FILE]: LISTER lists FILE, or the image itself.
compare() {
  ours "$2" >"$work/ours"
  "$3" "${4:-$2}" >"$work/theirs" || :
  if [ ! -s "$work/theirs" ]; then
    skip "$1" "${3#of_} lists nothing of it"
  elif cmp -s "$work/ours" "$work/theirs"; then
    ok "$1: $(wc -l <"$work/ours") files, as ${3#of_}"
  else
    not_ok "$1: as ${3#of_}"
    diff "$work/ours" "$work/theirs" | head -n 8 | sed 's/^/#   /' || :
  fi
}

small_images() {
  local tree=$work/tree packer name early
  mkdir -p "$tree"/{bin,etc,usr/lib/modules/1.0,dev} "$work/early/kernel/x86/microcode"
  seq 20000 >"$tree/etc/numbers"
  head -c 3000000 /dev/urandom >"$tree/bin/random"
  ln -s bin "$tree/sbin"
  ln "$tree/bin/random" "$tree/bin/again"
  ln -s ../etc/numbers "$tree/bin/link with blanks"
  mknod "$tree/dev/console" c 5 1 2>/dev/null || :
  head -c 100001 /dev/urandom >"$work/early/kernel/x86/microcode/GenuineIntel.bin"
  (cd "$work/early" && find . | sort | cpio -o -H newc --quiet) >"$work/early.cpio"
  (cd "$tree" && find . | sort | cpio -o -H newc --quiet) >"$work/main.cpio"
  (cd "$tree" && find . | sort | cpio -o -H crc --quiet) >"$work/crc.cpio"
  { of_cpio "$work/early.cpio" && of_cpio "$work/main.cpio"; } | names >"$work/both"
  compare newc "$work/main.cpio" of_cpio
  compare crc "$work/crc.cpio" of_cpio
  for packer in gzip bzip2 'xz --check=crc32' 'xz --format=lzma' zstd 'lz4 -l' lzop; do
    name=${packer##*[ =-]}
    [ "$name" != l ] || name=lz4
    [ "$name" != crc32 ] || name=xz
    if ! command -v "${packer%% *}" >/dev/null; then
      skip "$name" "no ${packer%% *} here"
      continue
    fi
    # shellcheck disable=SC2086 # a program and its options
    $packer -c <"$work/main.cpio" >"$work/$name.packed" 2>/dev/null
    compare "$name" "$work/$name.packed" of_cpio "$work/main.cpio"
    for early in 0 512; do
      { cat "$work/early.cpio" && head -c "$early" /dev/zero && cat "$work/$name.packed"; } >"$work/two"
      compare "microcode, $early NULs, $name" "$work/two" cat "$work/both"
    done
    # Both tools know of one archive before the packed one; lsinitramfs wants it without more NULs.
    { cat "$work/early.cpio" && cat "$work/$name.packed"; } >"$work/two"
    compare "microcode, $name" "$work/two" of_lsinitramfs
  done
}

# What the tools here make of a distribution kernel, once, into the cache.
made_images() {
  local files root release cache key tool
  files=$(kernel_files) || { skip 'dracut, initramfs-tools' 'no kernel package could be fetched'; return 0; }
  read -r root release <<<"$files"
  key=$({ declare -f make_image && dpkg-query -W -f '${Package} ${Version}\n' dracut-core initramfs-tools-core 2>/dev/null && echo "$release"; } | sha256sum | cut -c 1-16)
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/bootready/initramfs-$key
  for tool in dracut mkinitramfs; do
    if ! command -v "$tool" >/dev/null; then
      skip "$tool" 'not installed'
    elif [ ! -s "$cache/$tool" ] && ! make_image "$tool" "$root" "$release" "$cache" >"$work/$tool.log" 2>&1; then
      skip "$tool" "it made no image here: $(tail -n 1 "$work/$tool.log")"
    elif [ "$tool" = dracut ]; then
      compare "made by dracut $(dpkg-query -W -f '${Version}' dracut-core)" "$cache/$tool" of_lsinitrd
    else
      compare "made by initramfs-tools $(dpkg-query -W -f '${Version}' initramfs-tools-core)" "$cache/$tool" of_lsinitramfs
    fi
  done
}

# make_image TOOL ROOT RELEASE CACHE: both look below /lib/modules and /boot, which in a mount namespace of its
# own are the unpacked kernel's.
make_image() {
  mkdir -p "$4"
  # shellcheck disable=SC2016 # for the inner shell
  unshare -m sh -euc '
    mkdir -p "/lib/modules/$3" && mount --bind "$2/lib/modules/$3" "/lib/modules/$3"
    mount --bind "$2/boot" /boot
    case $1 in
      dracut) dracut --force --no-hostonly --kver "$3" --no-early-microcode --gzip "$4/new" ;;
      mkinitramfs) mkinitramfs -o "$4/new" "$3" ;;
    esac
    mv "$4/new" "$4/$1"' sh "$1" "$2" "$3" "$4"
  rmdir "/lib/modules/$3" 2>/dev/null || :
}

# What other dracuts make, and mkinitramfs of both kinds, in chroots of the boot tests (minutes each, once).
# They are listed by the tools of their own time.
declare -A squash=([gzip]="--add squash-squashfs" [zstd]="--add squash-squashfs --squash-compressor zstd"
  [erofs]="--add squash-erofs")

guest_image() { # guest_image ROOT OUTPUT COMMAND... : the command leaves /tmp/image
  [ -s "$2" ] && return
  # shellcheck disable=SC2016 # for the guest's shell
  in_guest "$1" bash -euc 'K=$(ls /lib/modules) && eval "$1" >&2 && cat /tmp/image' guest "${*:3}" >"$2.part" 2>"$2.log" &&
    mv "$2.part" "$2"
}

guest_listing() { # guest_listing ROOT : reads an image, prints what the guest's lsinitrd lists
  in_guest "$1" bash -euc 'cat >/tmp/image && lsinitrd /tmp/image' 2>/dev/null
}

of_guest() { guest_listing "$guest" <"$1" | grep -E '^[-dlcbps][-rwxsStT]{9} ' |
  sed -E 's/ -> .*//; s/^([^ ]+ +){4}([0-9]+, +)?([0-9]+ +)?([^ ]+ +){3}//' | names; }
# lsinitrd shows what is outside the image alone.
of_squash() {
  local dir=$work/outside
  mkdir -p "$dir"
  of_guest "$1" >"$work/outside.names"
  bootready_inner "$1" "$dir"
  { cat "$work/outside.names" && (cd "$dir/tree" && find . -mindepth 1 | names); } | sort -u
  rm -rf "$dir"
}
# The image inside, unpacked by its own tools: what cpio takes out, unsquashfs or fsck.erofs lays open.
bootready_inner() {
  local offset
  offset=$("$bootready" initramfs "$1" --format json | jq -r '.segments[-1].offset')
  (cd "$2" && tail -c "+$((offset + 1))" "$1" | cpio -i --quiet '*-root.img' 2>/dev/null)
  if [ -e "$2/erofs-root.img" ]; then
    fsck.erofs --extract="$2/tree" "$2/erofs-root.img" >/dev/null 2>&1
  else
    unsquashfs -q -no-xattrs -d "$2/tree" "$2/squashfs-root.img" >/dev/null 2>&1
  fi
}

guest_images() {
  local suite kind cache=${XDG_CACHE_HOME:-$HOME/.cache}/bootready/oracle-images image
  # shellcheck source=tests/boots/lib.sh
  . tests/boots/lib.sh
  mkdir -p "$cache"
  for suite in bullseye bookworm trixie testing; do
    guest=$(chroot_of "$suite")
    for kind in --no-hostonly '--hostonly --hostonly-mode sloppy'; do
      image=$cache/$(key "$guest" "$kind")
      if guest_image "$guest" "$image" "dracut --kver \"\$K\" --force $kind /tmp/image"; then
        compare "$suite: dracut $kind" "$image" of_guest
      else
        not_ok "$suite: dracut $kind: $(tail -n 1 "$image.log")"
      fi
    done
  done
  PACKAGES+=(squashfs-tools erofs-utils)
  guest=$(chroot_of testing)
  for kind in "${!squash[@]}"; do
    image=$cache/$(key "$guest" "$kind")
    if guest_image "$guest" "$image" "dracut --kver \"\$K\" --force --no-hostonly ${squash[$kind]} /tmp/image"; then
      compare "testing: dracut, inside $kind" "$image" of_squash
    else
      not_ok "testing: dracut, inside $kind: $(tail -n 1 "$image.log")"
    fi
  done
  PACKAGES=(initramfs-tools linux-image-amd64 zstd busybox)
  guest=$(chroot_of bookworm)
  for kind in most dep; do
    image=$cache/$(key "$guest" "$kind")
    if guest_image "$guest" "$image" "sed -i s/^MODULES=.*/MODULES=$kind/ /etc/initramfs-tools/initramfs.conf && mkinitramfs -o /tmp/image \"\$K\""; then
      compare "bookworm: initramfs-tools MODULES=$kind" "$image" of_lsinitramfs
    elif [ "$kind" = dep ]; then
      skip "initramfs-tools MODULES=dep" "it asks for the root's device, which a chroot has not"
    else
      not_ok "bookworm: initramfs-tools MODULES=$kind: $(tail -n 1 "$image.log")"
    fi
  done
}

small_images
made_images
[ "$BOOTREADY_ORACLES" != all ] || guest_images
sums
