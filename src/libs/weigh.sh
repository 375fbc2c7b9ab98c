#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# weigh.sh MAP: bytes that each archive brought into a program, from the map
# that the linker wrote (-Wl,-Map=MAP). Only what is loaded and not zero on
# disk counts: the sum is the program's size but for its headers and padding.
set -eu
[ $# = 1 ] || {
  echo "usage: weigh.sh MAP" >&2
  exit 64
}
awk '
  # What stands before the memory map was discarded.
  /^Linker script and memory map/ { on = 1; next }
  !on { next }
  # An output section starts in the first column.
  /^[.\/]/ { out = $1 }
  /^\.(bss|tbss|comment|debug|symtab|strtab|shstrtab|note\.GNU-stack)/ || /^\/DISCARD\// { skip = 1; next }
  /^[^ \t]/ { skip = 0; next }
  skip { next }
  # " .text.f  0xaddress 0xsize file", or the name alone on the line before.
  /^ [.*]/ { section = $1 }
  /^ [.*]/ && NF == 1 { next }
  / 0x[0-9a-f]+ +0x[0-9a-f]+ [^ ]/ {
    match($0, / 0x[0-9a-f]+ +0x[0-9a-f]+ /)
    split(substr($0, RSTART, RLENGTH), word, " ")
    file = substr($0, RSTART + RLENGTH)
    size = hex(substr(word[2], 3))
    if (size == 0) next
    # The linker books all relocations on the first file that it read, and
    # strings that several have in common on one of them.
    if (out ~ /^\.rela?\./) file = "relocations"
    else if (section ~ /\.str[0-9]/) file = "merged strings"
    else if (match(file, /[^\/]*\.a\(/)) file = substr(file, RSTART, RLENGTH - 1)
    else if (file ~ /crt[^\/]*\.o$/) file = "start files"
    else file = "the program"
    sum[file] += size; total += size
  }
  function hex(text,    i, value) {
    value = 0
    for (i = 1; i <= length(text); i++)
      value = value * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
    return value
  }
  END {
    for (file in sum) printf "%9d  %s\n", sum[file], file | "sort -rn"
    close("sort -rn")
    printf "%9d  in all\n", total
  }' "$1"
