#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a core image carries: read back from what grub-mkimage packed, for the GRUB of several releases (as far as the
# machine's package sources have them); UNITS names the folder of unit programs.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/oracles/lib.sh
. tests/oracles/lib.sh
export LC_ALL=C
tool=${UNITS:-build/unit}/grubcore
cache=${XDG_CACHE_HOME:-$HOME/.cache}/bootready/grub
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -n "${UNITS-}" ] || make -s build/unit/grubcore >&2

# machine_sources and machine_apt_options, which ask apt alone.
# shellcheck source=/dev/null
. <(sed -n '/^machine_sources()/,/^}/p; /^machine_apt_options()/,/^}/p' qemu/guests/lib.sh)

# grub_of SUITE: that release's GRUB for BIOS, unpacked; its folder is printed.
grub_of() {
  local suite=$1 lists options=()
  if [ ! -d "$cache/$suite" ]; then
    lists=$work/lists-$suite
    mkdir -p "$cache" "$lists/partial" "$work/deb-$suite"
    machine_sources "$suite" >"$work/sources.list"
    [ -s "$work/sources.list" ] || return 1
    options=(-qq -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$lists"
      -o Acquire::Languages=none -o APT::Sandbox::User=root)
    [ "$suite" != testing ] || options+=(-o Acquire::Check-Valid-Until=false)
    apt-get "${options[@]}" update >&2 || return 1
    (cd "$work/deb-$suite" && apt-get "${options[@]}" download grub-pc-bin) >&2 || return 1
    dpkg-deb -x "$work/deb-$suite"/*.deb "$work/root-$suite"
    mv "$work/root-$suite/usr/lib/grub/i386-pc" "$cache/$suite" 2>/dev/null || [ -d "$cache/$suite" ]
  fi
  echo "$cache/$suite"
}

# compare NAME FOLDER PREFIX CONFIG MODULE...: CONFIG may be empty.
compare() {
  local name=$1 grub=$2 prefix=$3 config=$4 normal=0 options=()
  shift 4
  [ -z "$config" ] || { printf '%s\n' "$config" >"$work/config"; options=(-c "$work/config"); }
  [[ " $* " != *' normal '* ]] || normal=1
  grub-mkimage -d "$grub" -O i386-pc -p "$prefix" "${options[@]}" -o "$work/core.img" "$@"
  printf 'prefix %s\npart 0\nnormal %s\nconfig %s\n' "$prefix" "$normal" "${config:--}" >"$work/want"
  "$tool" --show "$work/core.img" | sed '/^$/d' >"$work/got" || :
  if cmp -s "$work/want" "$work/got"; then
    ok "$name, prefix $prefix"
  else
    not_ok "$name, prefix $prefix"
    diff "$work/want" "$work/got" | sed 's/^/# /' || :
  fi
}

command -v grub-mkimage >/dev/null || { skip grub-core "grub-mkimage is not installed"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
# shellcheck disable=SC2016 # for GRUB
for suite in bullseye bookworm trixie testing; do
  if ! grub=$(grub_of "$suite"); then
    skip "GRUB of $suite" "the machine's package sources do not have it"
    continue
  fi
  name="GRUB $(sed -n 's/^grub_version="*\([^"]*\)"*$/\1/p' "$grub/modinfo.sh") of $suite"
  mapfile -t all < <(find "$grub" -name '*.mod' -printf '%f\n' | sed 's/\.mod$//' | sort)
  compare "$name" "$grub" '(,gpt3)/boot/grub' '' biosdisk part_gpt ext2
  compare "$name" "$grub" '(hd0,msdos1)/grub2' '' biosdisk part_msdos xfs normal
  compare "$name" "$grub" '(lvmid/abcdef-ghij-klmn/ABCDEF-GHIJ-KLMN)/boot/grub' '' biosdisk part_msdos lvm ext2
  compare "$name" "$grub" /boot/grub "$(printf '%s\n' 'search.fs_uuid 6c0f4a5e-9d27-4b1c-8e33-1f2a7b90c310 root ' \
    'set prefix=($root)/boot/grub')" biosdisk part_gpt ext2 search_fs_uuid
  # What they need comes along, and normal is among that.
  compare "$name, many of its modules" "$grub" '(,1)/x' 'true' "${all[@]:0:60}" normal
done
sums
