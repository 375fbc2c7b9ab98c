# shellcheck shell=bash
# What a boot test is made of: a guest's chroot, an initramfs that its own dracut makes with the module in it, a small
# root, one boot in QEMU, and questions about what came of it. Sourced by run, which has set -euo pipefail.
# shellcheck disable=SC2034 # some of it is for who sources this

BOOTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$BOOTS/../.." && pwd)
# The package sources of this machine, keys, locks, and commands run inside a root are made there.
# shellcheck source=qemu/guests/lib.sh
. "$TOP/qemu/guests/lib.sh"
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/bootready/boots
BINARY=${BOOTREADY:-$TOP/build/bootready}
ROOT_UUID=5c1e1a52-6f0e-4d0c-9d55-0b0075ead001

# A suite has one dracut: bullseye 051, bookworm 059, trixie 106, testing 112 or newer.
SUITES=(bullseye bookworm trixie testing)
PACKAGES=(dracut linux-image-amd64 systemd systemd-sysv udev kmod e2fsprogs busybox-static dmsetup)

build_chroot() {
  local suite=$1 dir=$2 options=() line
  [ -d "$dir" ] && return
  while read -r line; do options+=(--aptopt="$line"); done < <(machine_apt_options)
  # The release file of testing may be past its date; its signature still counts.
  [ "$suite" = testing ] && options+=(--aptopt='Acquire::Check-Valid-Until "false"')
  rm -rf "$dir.part"
  # INITRD=No: the initramfs that comes with the kernel would be thrown away.
  # shellcheck disable=SC2016 # $1 is for mmdebstrap's shell
  INITRD=No mmdebstrap --mode=root --variant=minbase --format=directory "${options[@]}" \
    --include="$(IFS=,; echo "${PACKAGES[*]}")" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*' \
    --customize-hook='mkdir -p "$1"/usr/lib/dracut/modules.d/50bootready "$1"/usr/lib/dracut/modules.d/51boottest' \
    "$suite" "$dir.part" - < <(machine_sources "$suite") > "$dir.log" 2>&1 || die "mmdebstrap failed: see $dir.log"
  mv "$dir.part" "$dir"
}

# chroot_of SUITE : prints the folder, made once.
chroot_of() {
  local dir
  dir=$CACHE/$1-$(key "$1" "${PACKAGES[@]}" "$(declare -f build_chroot)")
  locked "$1" build_chroot "$1" "$dir"
  echo "$dir"
}

# The modules that an init is made of; what is left out brings what it needs of the rest.
declare -A INIT=(
  [systemd]="--add dracut-systemd"
  [init]="--omit systemd\ systemd-initrd\ dracut-systemd"
  # systemd without one hook of dracut's.
  [pure]="--omit dracut-systemd --add systemd-initrd"
)

# Kinds of initramfs: plain has the module, and hooks that mark how far the boot came; rigged has what the cases need to
# get in the checker's way as well; bare has the module, and no driver of a disk. All have few drivers, to boot quickly.
# with and without are as dracut makes them, with the module and without.

# stage DIR : the modules that are put beside the guest's own.
stage() {
  local to=$1/50bootready
  mkdir -p "$to" "$1/51boottest"
  install "$TOP/module/module-setup.sh" "$TOP/module/bootready-lib.sh" "$TOP"/hooks/*.sh "$to"
  install "$BINARY" "$to/bootready"
  install -m 644 "$TOP"/module/*.service "$to"
  install "$BOOTS"/module/* "$1/51boottest"
  cc -O2 -static -Wall -Wextra -o "$1/51boottest/boottest-killer" "$BOOTS/killer.c"
}

build_initramfs() {
  local root=$1 init=$2 kind=$3 image=$4 stage options drivers="virtio_blk virtio_pci ext4"
  [ -s "$image" ] && return
  case $kind in
    plain) options="--add bootready\ boottest" ;;
    bare) options="--add bootready --omit-drivers virtio_blk\ virtio_scsi\ nvme" drivers="virtio_pci virtio_console ext4" ;;
    rigged) options="--add bootready\ boottest --install dmsetup\ cat\ dd" drivers+=" dm_mod overlay" ;;
    with) options="--add bootready" ;;
    without) options="" ;;
  esac
  case $kind in plain | rigged | bare) options+=" --drivers ${drivers// /\\ }" ;; esac
  stage=$(mktemp -d)
  stage "$stage"
  # shellcheck disable=SC2016 # for the guest's shell
  tar -C "$stage" -c . | in_guest "$root" bash -euc '
    tar -C /tmp -x
    for module in 50bootready 51boottest; do
      mount --bind /tmp/$module /usr/lib/dracut/modules.d/$module
    done
    eval "set -- $1"
    dracut --kver "$(ls /lib/modules)" --no-hostonly --no-hostonly-cmdline --no-early-microcode --no-compress \
      --force "$@" /tmp/initramfs >&2
    cat /tmp/initramfs
  ' dracut "${INIT[$init]} $options" > "$image.part" 2> "$image.log" || die "dracut failed: see $image.log"
  rm -rf "$stage"
  mv "$image.part" "$image"
}

# initramfs_of SUITE/INIT KIND : prints the image's path, made once for this binary, module and hooks.
initramfs_of() {
  local suite=${1%/*} init=${1#*/} root image
  root=$(chroot_of "$suite")
  image=$CACHE/$suite-$init-$2-$(key "$root" "$(declare -f build_initramfs stage)" "$(declare -p INIT)" \
    "@$BINARY" "@$TOP/module" "@$TOP/hooks" "@$BOOTS/module" "@$BOOTS/killer.c").img
  locked initramfs build_initramfs "$root" "$init" "$2" "$image"
  touch "$image"
  echo "$image"
}
