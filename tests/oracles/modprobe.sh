#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a driver takes, and in which order: as modprobe(8) would load it, for every driver that a cloud's machine
# may need and a spread of all others.
#   tests/oracles/modprobe.sh [all]      all: every module of the kernel
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/oracles/lib.sh
. tests/oracles/lib.sh
# shellcheck source=tests/oracles/kernel.sh
. tests/oracles/kernel.sh
export PATH=$PATH:/usr/sbin:/sbin
named='virtio virtio_ring virtio_pci virtio_blk virtio_net virtio_scsi nvme nvme_core xen_blkfront xen_netfront
  hv_vmbus hv_storvsc hv_netvsc ena gve mana mlx4_core mlx5_core ext4 xfs btrfs dm_mod raid1 iscsi_tcp'

files=$(kernel_files) || { skip 'modprobe -D' 'no kernel package could be fetched'; sums; exit; }
read -r root release <<<"$files"
chain=$(program chain)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# modprobe puts soft dependencies among the others; whether they are there decides nothing. Without the list
# of them it names what a module cannot be loaded without.
mkdir -p "$work/lib/modules/$release" "$work/no-config"
for file in "$root/lib/modules/$release"/*; do
  [ "${file##*/}" = modules.softdep ] || ln -s "$file" "$work/lib/modules/$release/"
done

mapfile -t modules < <(cut -d: -f1 "$root/lib/modules/$release/modules.dep" | sed 's,.*/,,; s/\.ko.*//' | sort)
if [ "${1-}" = all ]; then
  picked=("${modules[@]}")
else
  # shellcheck disable=SC2206 # words
  picked=($named)
  for ((i = 0; i < 180; i++)); do picked+=("${modules[i * ${#modules[@]} / 180]}"); done
fi

theirs() {
  local module
  for module in "${picked[@]}"; do
    # A module that is built in is loaded by "builtin NAME".
    modprobe -D -C "$work/no-config" -d "$work" -S "$release" "$module" 2>&1 |
      awk -v module="$module" '
        $1 == "builtin" { state = "built-in" }
        $1 == "insmod" { state = "present"; n = split($2, part, "/"); name = part[n]
                         sub(/\.ko.*/, "", name); gsub(/-/, "_", name); chain = chain " " name }
        END { print module, (state == "" ? "absent" : state) chain }'
  done
}

"$chain" "$root" "$release" "${picked[@]}" >"$work/ours"
theirs >"$work/theirs"
while read -r -u 3 mine && read -r -u 4 other; do
  if [ "$mine" = "$other" ]; then
    passed=$((passed + 1))
  else
    not_ok "modprobe -D: ${mine%% *}"
    printf '#   ours:   %s\n#   theirs: %s\n' "$mine" "$other"
  fi
done 3<"$work/ours" 4<"$work/theirs"
[ "$(wc -l <"$work/ours")" = "${#picked[@]}" ] || not_ok 'a line for every module'
echo "ok - $passed drivers take the modules that modprobe -D names, in its order"
sums
