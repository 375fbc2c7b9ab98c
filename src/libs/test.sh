#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# test.sh [--san | --twice]: is what build.sh made what it says it is? A probe that
# calls every library is linked as bootready is, looked at and run.
# --san links and runs it with the sanitizers instead; --twice builds the
# libraries again in two other folders too, and compares bytes.
# Prints "ok" and "not ok" lines and their sums.
# shellcheck disable=SC2317 # the tests are called by name, through check()
set -euo pipefail
shopt -s inherit_errexit
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0 skipped=0

check() { # check NAME COMMAND...
  local name=$1
  shift
  if "$@" >"$scratch/log" 2>&1; then
    echo "ok - libs: $name"
    passed=$((passed + 1))
  else
    echo "not ok - libs: $name"
    sed 's/^/#   /' "$scratch/log"
    failed=$((failed + 1))
  fi
}

sums() {
  echo "$passed passed, $failed failed, $skipped skipped"
  exit "$((failed > 0))"
}

# Takes the variables as the Makefile does, from env.mk.
compile_probe() { # compile_probe LIBS OUTPUT
  cat >"$scratch/probe.mk" <<'MAKE'
include $(LIBS)/env.mk
probe: $(SOURCE)
	$(BR_CC) $(BR_CPPFLAGS) $(BR_CFLAGS) -Wall -Wextra -Werror -c -o $(OUT).o $(SOURCE)
	$(BR_LINK) -Wl,-Map=$(OUT).map -o $(OUT) $(OUT).o
MAKE
  make -s -f "$scratch/probe.mk" LIBS="$1" SOURCE="$here/probe.c" OUT="$2"
}

newc() { # a cpio archive with one file, "hello\n", and the trailer
  local magic=070701 zero=00000000
  header() { # header MODE FILESIZE NAMESIZE
    printf '%s%s%s%s%s%s%s%s%s%s%s%s%s%s' $magic $zero "$1" $zero $zero 00000001 $zero \
      "$2" $zero $zero $zero $zero "$3" $zero
  }
  header 000081a4 00000006 00000006
  printf 'hello\0hello\n\0\0'
  header 00000000 00000000 0000000b
  printf 'TRAILER!!!\0\0\0\0'
}

make_inputs() {
  local packer name
  truncate -s 4M "$scratch/disk"
  PATH=$PATH:/usr/sbin:/sbin
  if ! mkfs.ext4 -q "$scratch/disk"; then
    echo "not ok - libs: no mkfs.ext4 here, so nothing to run the probe on"
    exit 1
  fi
  newc >"$scratch/plain.cpio"
  inputs=("$scratch/disk")
  for packer in gzip bzip2 xz 'xz --format=lzma' zstd 'lz4 -l'; do
    name=${packer##*=}
    name=${name%% *}
    if ! command -v "${packer%% *}" >/dev/null; then
      echo "ok - libs: $name # SKIP no program here packs it"
      skipped=$((skipped + 1))
      continue
    fi
    # shellcheck disable=SC2086 # a program and its option
    $packer -c <"$scratch/plain.cpio" >"$scratch/$name.cpio" 2>/dev/null
    inputs+=("$scratch/$name.cpio")
  done
}

# In what follows every step is tied to the next by hand: check() calls it as
# a condition, where set -e is off.
static_pie() {
  readelf -lhd "$1" >"$scratch/elf" &&
    grep -q 'Type: *DYN' "$scratch/elf" &&
    grep -q 'GNU_RELRO' "$scratch/elf" &&
    grep -q 'FLAGS_1.* NOW.* PIE' "$scratch/elf" &&
    ! grep -E 'INTERP|\(NEEDED\)|TEXTREL|RWE' "$scratch/elf"
}

# Nothing that starts a program may be in it, reachable or not.
runs_nothing() {
  nm "$1" >"$scratch/symbols" && [ -s "$scratch/symbols" ] &&
    ! grep -E ' [A-Za-z] (execv?[elp]*|fexecve|posix_spawnp?|popen|system)$' "$scratch/symbols"
}

# Strings of the build folder would tell where it was, and change with it.
names_no_folder() {
  ! grep -aoF -e "$(dirname "$2")" -e "$here" "$1"
}

small() { [ "$(stat -c %s "$1")" -lt $((2 * 1024 * 1024)) ]; }

same_bytes_twice() {
  local folder dir name
  for folder in one another/deeper; do
    name=$scratch/$(basename "$folder")
    dir=$(XDG_CACHE_HOME=$scratch/$folder "$here/build.sh") &&
      compile_probe "$dir" "$name-probe" &&
      (cd "$dir" && sha256sum lib/*.a) >"$name.sums" || return 1
  done
  diff "$scratch/one.sums" "$scratch/deeper.sums" &&
    cmp "$scratch/one-probe" "$scratch/deeper-probe"
}

option=${1-}
make_inputs
if [ "$option" = --san ]; then
  libs=$("$here/build.sh" --san)
  check "the probe links with the sanitizers" compile_probe "$libs" "$scratch/probe"
  check "the sanitizers find nothing" "$scratch/probe" "${inputs[@]}"
  sums
fi
libs=$("$here/build.sh")
check "a program links with every library" compile_probe "$libs" "$scratch/probe"
strip -o "$scratch/stripped" "$scratch/probe"
check "it is a static PIE" static_pie "$scratch/stripped"
check "it can run no program" runs_nothing "$scratch/probe"
check "it names no folder of this machine" names_no_folder "$scratch/stripped" "$libs"
check "it is below 2 MB" small "$scratch/stripped"
check "it runs" "$scratch/stripped" "${inputs[@]}"
[ "$option" != --twice ] || check "two folders give the same bytes" same_bytes_twice
"$here/weigh.sh" "$scratch/probe.map" | sed 's/^/# /'
echo "# $(stat -c %s "$scratch/stripped") bytes stripped"
sums
