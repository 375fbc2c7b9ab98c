#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What an initramfs holds, as the kernel itself unpacks it: a distribution kernel is booted with made ones, sound
# and damaged, and lists its root file system. Each is listed from memory by the first program in it.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/oracles/lib.sh
. tests/oracles/lib.sh
# shellcheck source=tests/oracles/kernel.sh
. tests/oracles/kernel.sh
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C
bootready=${BOOTREADY:-build/bootready}
for tool in qemu-system-x86_64 busybox zstd lz4 xz; do
  command -v "$tool" >/dev/null || { skip 'the kernel unpacks' "no $tool here"; sums; exit; }
done
[ "$(uname -m)" = x86_64 ] || { skip 'the kernel unpacks' 'the machine it boots is an x86'; sums; exit; }
files=$(kernel_files) || { skip 'the kernel unpacks' 'no kernel package could be fetched'; sums; exit; }
read -r root release <<<"$files"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cpio_of() { (cd "$1" && find . | sort | cpio -o -H "${2:-newc}" --quiet); }
zeros() { head -c "$1" /dev/zero; }

# First comes what lists; a damaged image still has it.
make_pieces() {
  mkdir -p "$work/first/bin" "$work/first/dev" "$work"/{one,two}/etc "$work/two/usr/lib"
  cp "$(command -v busybox)" "$work/first/bin/busybox"
  cat >"$work/first/init" <<'SH'
#!/bin/busybox sh
/bin/busybox echo "<files>"
/bin/busybox find / -xdev
/bin/busybox echo "</files>"
/bin/busybox poweroff -f
SH
  chmod +x "$work/first/init"
  echo 1 >"$work/one/etc/one"
  ln "$work/one/etc/one" "$work/one/etc/hard"
  seq 30000 >"$work/one/etc/numbers"
  echo 1 >"$work/one/etc/zz-last"
  echo 2 >"$work/two/etc/two"
  ln -s usr/lib "$work/two/lib"
  cpio_of "$work/first" >"$work/first.cpio"
  cpio_of "$work/one" >"$work/one.cpio"
  cpio_of "$work/one" crc >"$work/crc.cpio"
  cpio_of "$work/two" >"$work/two.cpio"
  # Through a link that an archive before made, and into a folder that is not there.
  mkdir -p "$work/odd/lib" "$work/odd/none"
  echo 3 >"$work/odd/lib/through"
  echo 3 >"$work/odd/none/lost"
  (cd "$work/odd" && printf '%s\n' lib/through none/lost | cpio -o -H newc --quiet) >"$work/odd.cpio"
}

# boot NAME: the names that the kernel unpacked of $work/image, on standard output.
boot() {
  timeout 300 qemu-system-x86_64 -accel tcg -m 512 -nographic -no-reboot -nic none -kernel "$root/boot/vmlinuz-$release" \
    -initrd "$work/image" -append 'console=ttyS0 panic=-1 quiet' </dev/null >"$work/console" 2>/dev/null || :
  tr -d '\r' <"$work/console" | sed -n '/<files>/,/<\/files>/p' | sed '1d;$d' | grep -v '^/$' | sed 's,^/,,' |
    grep -vxE 'dev|dev/console|root' | sort -u
}

# compare NAME SOUND: SOUND is yes where we are to find nothing wrong.
compare() {
  local defect
  boot >"$work/theirs"
  "$bootready" initramfs "$work/image" --files --format json >"$work/json" || :
  jq -r '.files[]' "$work/json" | grep -vxE 'dev|dev/console|root' | sort -u >"$work/ours"
  defect=$(jq -r '.broken // ""' "$work/json")
  if [ ! -s "$work/theirs" ]; then
    not_ok "$1: the kernel came to list nothing"
    tail -n 5 "$work/console" | sed 's/^/#   /'
  elif ! cmp -s "$work/ours" "$work/theirs"; then
    not_ok "$1: the files that the kernel unpacks"
    diff "$work/ours" "$work/theirs" | head -n 8 | sed 's/^/#   /' || :
  elif [ "$2" = yes ] && [ -n "$defect" ]; then
    not_ok "$1: $defect"
  elif [ "$2" = no ] && [ -z "$defect" ]; then
    not_ok "$1: a defect is to be found"
  else
    ok "$1: $(wc -l <"$work/ours") files, as the kernel${defect:+ ($defect)}"
  fi
}

make_pieces
{
  cat "$work/first.cpio" "$work/crc.cpio" && zeros 1024 && zstd -q <"$work/one.cpio" && zeros 512 &&
    gzip <"$work/two.cpio"
} >"$work/image"
compare 'plain, crc, zstd, NULs, gzip' yes
{ xz --check=crc32 <"$work/first.cpio" && zeros 3 && bzip2 <"$work/one.cpio" && xz --format=lzma <"$work/two.cpio"; } >"$work/image"
compare 'xz, odd NULs, bzip2, lzma' yes
{ gzip <"$work/first.cpio" && gzip <"$work/one.cpio" && lz4 -q -l <"$work/two.cpio" && zeros 512; } >"$work/image"
compare 'gzip, gzip, lz4, NULs' yes
{ cat "$work/first.cpio" "$work/two.cpio" "$work/odd.cpio"; } >"$work/image"
compare 'through links and into folders that are not there' yes
{ cat "$work/first.cpio" && xz <"$work/one.cpio"; } >"$work/image"
compare 'xz with another checksum than CRC32' no
{ cat "$work/first.cpio" && lz4 -q <"$work/one.cpio"; } >"$work/image"
compare 'lz4 with the newer frame' no
{ cat "$work/first.cpio" && printf 'junk' && gzip <"$work/one.cpio"; } >"$work/image"
compare 'junk between' no
{ cat "$work/first.cpio" "$work/one.cpio"; } | head -c -30000 >"$work/image"
compare 'plain, cut short' no
sums
