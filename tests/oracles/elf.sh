#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Which loader and libraries does a program need, and would it run? readelf(1) and ldd(1) on this machine's own programs, and
# programs whose library, loader or interpreter is taken away in a root of their own. Needs binutils.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/oracles/lib.sh
. tests/oracles/lib.sh
ask=$(program elf)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

readelf_says() {
  { LC_ALL=C readelf -W -l -d "$1" 2>/dev/null || true; } | sed -nE \
    -e 's/.*Requesting program interpreter: (.*)\]/interp \1/p' -e 's/.*\(NEEDED\).*\[(.*)\]/needed \1/p' \
    -e 's/.*\(RPATH\).*\[(.*)\]/rpath \1/p' -e 's/.*\(RUNPATH\).*\[(.*)\]/runpath \1/p' | sort
}

most=60
[ "$BOOTREADY_ORACLES" != all ] || most=100000
same=0 other=''
while read -r file; do
  [ "$(head -c 4 "$file" | tail -c 3)" = ELF ] || continue
  if [ "$(readelf_says "$file")" = "$("$ask" "$file" | sort)" ]; then same=$((same + 1)); else other+=" $file"; fi
done < <(find /usr/bin /usr/sbin /usr/lib/systemd /usr/lib/x86_64-linux-gnu -maxdepth 1 -type f -size +1k 2>/dev/null | sort | shuf -n "$most" --random-source=/bin/bash)
if [ -z "$other" ] && [ "$same" -gt 20 ]; then ok "$same files: the same words as readelf"; else not_ok "not as readelf:$other ($same are)"; fi

same=0 other=''
while read -r file; do
  # What ldd cannot answer for is no program of the dynamic loader's.
  says=$(LC_ALL=C ldd "$file" 2>/dev/null) || continue
  want=runs
  [[ $says != *'not found'* ]] || want=lacks
  got=$("$ask" --look / "$file")
  case "$want $got" in
    'runs runs' | 'lacks is in none'*) same=$((same + 1)) ;;
    *) other+=" $file ($got)" ;;
  esac
done < <(find /usr/bin /usr/sbin /usr/lib/systemd -maxdepth 1 -type f -perm -100 2>/dev/null | sort | shuf -n "$most" --random-source=/bin/bash)
if [ -z "$other" ] && [ "$same" -gt 10 ]; then ok "$same programs: they run here, as ldd says"; else not_ok "not as ldd:$other ($same are)"; fi

# A root of its own with one program and all that ldd names; chroot(1) says whether it starts.
root_of() {
  rm -rf "$work/root"
  mkdir -p "$work/root/etc"
  LC_ALL=C ldd "$1" | sed -nE 's/.*(=> |^\s+)(\/[^ ]+) \(.*/\2/p' | sort -u | while read -r lib; do
    install -D "$(realpath "$lib")" "$work/root$lib"
  done
  install -D "$1" "$work/root/prog"
}
starts() {
  if [ "$(id -u)" -ne 0 ]; then echo unknown; return; fi
  if chroot "$work/root" "/${1:-prog}" --version >/dev/null 2>&1 </dev/null; then echo runs; else echo fails; fi
}
# broken NAME [PROGRAM]: chroot's word and ours.
broken() {
  local name=$1 real ours
  real=$(starts "${2-}")
  ours=$("$ask" --look "$work/root" "/${2:-prog}")
  case "$real $ours" in
    unknown*) skip "$name" 'chroot needs root' ;;
    'runs runs') ok "$name: runs" ;;
    'fails runs' | 'runs '*) not_ok "$name: $real; here: $ours" ;;
    *) ok "$name: fails, $ours" ;;
  esac
}
program=/usr/bin/sort
root_of "$program"; broken 'all is there'
libraries=$(cd "$work/root" && find . -name '*.so*' -type f)
for lib in $libraries; do
  root_of "$program"; rm "$work/root/$lib"; broken "${lib##*/} is gone"
  root_of "$program"; : >"$work/root/$lib"; broken "${lib##*/} is empty"
  root_of "$program"; head -c 1000 "$work/root/$lib" >"$work/short"; cat "$work/short" >"$work/root/$lib"; broken "${lib##*/} is cut"
  root_of "$program"; printf '\xb7' | dd of="$work/root/$lib" bs=1 seek=18 conv=notrunc status=none; broken "${lib##*/} is of another machine"
  root_of "$program"; mkdir -p "$work/root/opt"; mv "$work/root/$lib" "$work/root/opt/"; broken "${lib##*/} is elsewhere"
done
root_of "$program"; : >"$work/root/prog"; broken 'an empty program'
root_of "$program"; chmod -x "$work/root/prog"; broken 'a program that nobody may execute'
root_of "$program"; printf '#!/prog\n' >"$work/root/script"; chmod +x "$work/root/script"; broken 'a script of it' script
root_of "$program"; printf '#!/gone\n' >"$work/root/script"; chmod +x "$work/root/script"; broken 'a script of nobody' script
root_of "$program"; printf '#! /prog --x\n' >"$work/root/script"; chmod +x "$work/root/script"; rm "$work/root/prog"; broken 'a script whose program is gone' script
root_of "$program"; ln -s /prog "$work/root/link"; broken 'a link' link
root_of "$program"; ln -sfn /link "$work/root/link"; broken 'a link in a circle' link
sums
