#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Our reading of GRUB script against grub-script-check: [COUNT [SEED]]; UNITS names the folder of unit programs.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/oracles/lib.sh
tool=${UNITS:-build/unit}/grub

if ! command -v grub-script-check >/dev/null; then
  skip grub-script-check 'it is not installed (package grub-common)'
  echo "$passed passed, $failed failed, $skipped skipped"
  exit 0
fi
[ -n "${UNITS-}" ] || make -s build/unit/grub >&2
mapfile -t files < <(find tests/unit/data/grub -name '*.cfg' | sort)

good=0
for f in "${files[@]}"; do
  if grub-script-check "$f" && [ "$("$tool" --check "$f")" = ok ]; then
    good=$((good + 1))
  else
    echo "# $f"
  fi
done
if [ "$good" -eq "${#files[@]}" ]; then
  ok "$good configurations of distributions are good to both"
else
  not_ok 'configurations of distributions are good to both'
fi
if /usr/bin/python3 tests/oracles/grub-mutate.py "$tool" "${1:-1500}" "${2:-1}" "${files[@]}"; then
  ok 'damaged configurations are bad to both, at the same line'
else
  not_ok 'damaged configurations are bad to both, at the same line'
fi
sums
