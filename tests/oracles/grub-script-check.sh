#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Our reading of GRUB script against grub-script-check: [COUNT [SEED]]; UNITS names the folder of unit programs.
set -euo pipefail
cd "$(dirname "$0")/../.."
tool=${UNITS:-build/unit}/grub
if ! command -v grub-script-check >/dev/null; then
  echo 'ok - grub-script-check # SKIP grub-script-check is not installed (package grub-common)'
  echo '0 passed, 0 failed, 1 skipped'
  exit 0
fi
passed=0 failed=0
mapfile -t files < <(find tests/unit/data/grub -name '*.cfg' | sort)

for f in "${files[@]}"; do
  if [ "$("$tool" --check "$f")" = ok ] && grep -qvE '^[[:space:]]*(#|$)' "$f" && grub-script-check "$f"; then
    passed=$((passed + 1))
  else
    echo "not ok - $f as it is"
    failed=$((failed + 1))
  fi
done
echo "ok - $passed configurations as they are"
if tests/oracles/grub-mutate.py "$tool" "${1:-1500}" "${2:-1}" "${files[@]}"; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
