# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by the comparisons: counts, and builds a C program of this folder against the readers.
# shellcheck shell=bash
passed=0 failed=0 skipped=0
# "all": what takes minutes too (tests/oracles/run --all); else a telling part.
BOOTREADY_ORACLES=${BOOTREADY_ORACLES:-part}

ok() {
  passed=$((passed + 1))
  echo "ok $((passed + failed)) - $1"
}

not_ok() {
  failed=$((failed + 1))
  echo "not ok $((passed + failed)) - $1"
}

# skip WHAT WHY
skip() {
  skipped=$((skipped + 1))
  echo "ok - $1 # SKIP $2"
}

sums() {
  if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
  else
    echo "$passed passed, $failed failed"
  fi
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# program NAME: builds NAME.c and prints the program's path.
program() {
  # shellcheck disable=SC2016
  make -s --eval 'build/oracles/%: tests/oracles/%.c build/parts.a; @mkdir -p $(@D) && $(BR_CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@.o $< && $(BR_LINK) -o $@ $@.o build/parts.a' \
    "build/oracles/$1" >&2 || exit 70
  echo "$PWD/build/oracles/$1"
}
