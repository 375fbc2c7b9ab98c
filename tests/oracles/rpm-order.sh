#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The order of versions against rpm itself: [COUNT [SEED]]; UNITS names the folder of unit programs.
# Left out: "-", at which rpm takes version and release apart, "^", which GRUB's copy of the comparison does not
# know, and "+", of which that makes more than rpm.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/oracles/lib.sh
tool=${UNITS:-build/unit}/bls

if ! command -v rpm >/dev/null; then
  skip rpm-order 'rpm is not installed'
  echo "$passed passed, $failed failed, $skipped skipped"
  exit 0
fi
[ -n "${UNITS-}" ] || make -s build/unit/bls >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Pairs that share a beginning, as versions of one kernel do.
awk -v n="${1:-400}" -v seed="${2:-1}" '
  function piece() { return substr("0123456789aelfcrgit._~", 1 + int(rand() * 22), 1) }
  BEGIN {
    srand(seed)
    for (i = 0; i < n; i++) {
      head = ""
      for (k = int(rand() * 8); k > 0; k--) head = head piece()
      a = b = head
      for (k = int(rand() * 5); k > 0; k--) a = a piece()
      for (k = int(rand() * 5); k > 0; k--) b = b piece()
      if (a != "" && b != "") print a, b
    }
  }' >"$work/pairs"
# rpm prints them in one line.
while read -r a b; do printf "print(rpm.vercmp('%s', '%s') .. ' ')\n" "$a" "$b"; done <"$work/pairs" >"$work/lua"
rpm --eval "%{lua:$(cat "$work/lua")}" | tr ' ' '\n' | sed '/^$/d' >"$work/rpm"
while read -r a b; do "$tool" --vercmp "$a" "$b"; done <"$work/pairs" >"$work/ours"
if [ "$(wc -l <"$work/rpm")" -eq "$(wc -l <"$work/pairs")" ] && cmp -s "$work/rpm" "$work/ours"; then
  ok "$(wc -l <"$work/pairs") pairs of versions stand in rpm's order"
else
  paste "$work/pairs" "$work/rpm" "$work/ours" | awk '$3 != $4 {print "# " $0}' | head -n 10
  not_ok "versions stand in rpm's order"
fi
sums
