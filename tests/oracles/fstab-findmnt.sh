#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The lines of an fstab that cannot be parsed: as `findmnt --verify` names them. Needs util-linux alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/oracles/lib.sh
. tests/oracles/lib.sh
facts=$(program facts)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One line a case; the file that holds them all is another.
cat >"$work/lines" <<'LINES'
UUID=1 / ext4 defaults 0 1
UUID=1 /a ext4
UUID=1 /a
UUID=1
UUID=1 /a ext4 defaults x
UUID=1 /a ext4 defaults 0 x
UUID=1 /a ext4 defaults 0 1 more words
UUID=1 /a ext4 defaults 0 1 # comment
UUID=1 /a ext4 # comment
UUID="1 2" /a ext4 defaults 0 0
"UUID=1" /a ext4 defaults 0 0
LABEL=a\040b /c\040d ext4 defaults 0 0
/dev/sda1 "/a b" ext4 defaults 0 0
	UUID=1	/a	ext4	defaults	0	0
tmpfs /tmp tmpfs size=1G,mode=1777 0 0
//srv/share /a cifs x="a,b" 0 0
UUID= /a ext4 defaults 0 0
NAME=1 /a ext4 defaults 0 0
UUID=1 /a ext4 defaults -1 -1
UUID=1 /a ext4 defaults 0x1 0
UUID=1 /a ext4 defaults 1.5 0
UUID=1 /a ext4,xfs defaults,, 0 0
= = = = = =
\ \ \ \ 0 0
LINES
i=0
while IFS= read -r line; do
  i=$((i + 1))
  printf '%s\n' "$line" >"$work/$i.fstab"
done <"$work/lines"
cp "$work/lines" "$work/all.fstab"
{ printf '# comment\n\n'; cat "$work/lines"; printf 'UUID=1 /last ext4 defaults 0 0'; } >"$work/more.fstab"

for file in "$work"/*.fstab; do
  # "/path: parse error at line 3 -- ignored"
  theirs=$( (findmnt --verify --tab-file "$file" 2>&1 || true) | sed -nE 's/.*parse error at line ([0-9]+).*/\1/p' | xargs)
  ours=$("$facts" bad "$file" | xargs)
  if [ "$theirs" = "$ours" ]; then
    ok "$(basename "$file"): ${ours:-none}"
  else
    sed 's/^/# /' "$file"
    not_ok "$(basename "$file"): findmnt says ${theirs:-none}, here ${ours:-none}"
  fi
done
sums
