#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The entry that starts, against GRUB itself (grub-emu): [COUNT [SEED]]; UNITS names the folder of unit programs.
set -euo pipefail
cd "$(dirname "$0")/../.."
tool=${UNITS:-build/unit}/grub
for need in grub-emu script mkfs.ext4 sfdisk; do
  if ! command -v "$need" >/dev/null; then
    echo "ok - grub-emu # SKIP $need is not installed"
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
  fi
done
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
tests/oracles/grub-emu.py "$tool" random "${1:-150}" "${2:-1}" >"$log" 2>&1 || status=1
tests/oracles/grub-emu.py "$tool" machines tests/unit/data/grub/* >>"$log" 2>&1 || status=1
cat "$log"
passed=$(grep -c '^ok ' "$log" || true) failed=$(grep -c '^not ok ' "$log" || true)
# A program that fell over printed neither.
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
