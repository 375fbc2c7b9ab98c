#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The entry that starts, against GRUB itself (grub-emu): [COUNT [SEED]]; UNITS names the folder of unit programs.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/oracles/lib.sh
tool=${UNITS:-build/unit}/grub

for need in grub-emu script mkfs.ext4 sfdisk; do
  if ! command -v "$need" >/dev/null; then
    skip grub-emu "$need is not installed"
    echo "$passed passed, $failed failed, $skipped skipped"
    exit 0
  fi
done
[ -n "${UNITS-}" ] || make -s build/unit/grub >&2

# Python prints a line of its own for each machine; a program that fell over prints none.
count() {
  local line status=0
  while IFS= read -r line; do
    case $line in
      'ok - '*' # SKIP '*) line=${line#ok - } && skip "${line%% # SKIP *}" "${line##* # SKIP }" ;;
      'ok - '*) ok "${line#ok - }" ;;
      'not ok - '*) not_ok "${line#not ok - }" ;;
      'status '*) status=${line#status } ;;
      *) echo "$line" ;;
    esac
  done
  [ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || not_ok "grub-emu.py ended with $status"
}
run() { /usr/bin/python3 tests/oracles/grub-emu.py "$tool" "$@" 2>&1 || echo "status $?"; }

count < <(run random "${1:-150}" "${2:-1}")
count < <(run machines tests/unit/data/grub/*)
sums
