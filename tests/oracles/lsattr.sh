#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Immutable or append-only? lsattr(1) and the reader's own word on files with random flags, on each file system that is mounted
# here. Needs e2fsprogs, and loop devices.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/oracles/lib.sh
. tests/oracles/lib.sh
export PATH=$PATH:/usr/sbin:/sbin
if [ "${BOOTREADY_ATTRS_NAMESPACE-}" != 1 ]; then
  if [ "$(id -u)" -ne 0 ]; then
    skip 'lsattr' 'mounting needs root'
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
  fi
  BOOTREADY_ATTRS_NAMESPACE=1 exec unshare --mount --propagation private -- "$0" "$@"
fi
ask=$(program attrs)
work=$(mktemp -d)
trap 'chattr -R -i -a "$work/mnt" 2>/dev/null || true; umount -q -l "$work/mnt" "$work" 2>/dev/null || true; rm -rf "$work"' EXIT
mount -t tmpfs -o size=1g work "$work"
mkdir "$work/mnt"
RANDOM=11

judge() {
  local name=$1 n file flags files=()
  for n in $(seq 40); do
    file=$work/mnt/file$n
    if [ $((n % 5)) -eq 0 ]; then mkdir "$file"; else echo x >"$file"; fi
    files+=("$file")
    flags=$(printf '%s\n' i a A d S ia iA aS c '' | sed -n "$((RANDOM % 10 + 1))p")
    [ -z "$flags" ] || chattr "+$flags" "$file" 2>/dev/null || true
  done
  lsattr -d "${files[@]}" 2>/dev/null | awk '{print ($1 ~ /i/ ? "i" : "-") ($1 ~ /a/ ? "a" : "-")}' >"$work/lsattr" || true
  "$ask" "${files[@]}" >"$work/ours" || true
  if [ "$(wc -l <"$work/lsattr")" -ne 40 ]; then
    not_ok "$name: lsattr speaks of $(wc -l <"$work/lsattr") files"
  elif diff "$work/lsattr" "$work/ours" >"$work/diff"; then
    ok "$name: 40 files as lsattr says"
  else
    not_ok "$name: $(tr '\n' ' ' <"$work/diff")"
  fi
  chattr -R -i -a "$work/mnt" 2>/dev/null || true
}

for type in ext4 ext2 xfs btrfs; do
  rm -f "$work/img"
  truncate -s 320M "$work/img"
  if "mkfs.$type" -q "$work/img" >/dev/null 2>&1 && mount -o loop "$work/img" "$work/mnt" 2>/dev/null; then
    judge "$type"
    umount "$work/mnt"
  else
    skip "$type" 'not mounted here'
  fi
done
# What knows no flags: proc's files.
if [ "$("$ask" /proc/version)" = none ]; then ok 'proc knows none'; else not_ok "proc: $("$ask" /proc/version)"; fi
sums
