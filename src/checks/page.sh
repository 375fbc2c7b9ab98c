#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# page.sh BOOTREADY: the page about every check, from the descriptors in the sources, to standard output. `make docs` writes
# it to README.md here; tests/house/run holds the two together.
set -eu
bootready=$1
ids=$("$bootready" list --format json | sed -nE 's/.*"id":[[:space:]]*"([A-Za-z0-9]+)".*/\1/p')
profiles=$("$bootready" profiles | awk '{print $1}')

echo '# The checks'
echo
echo 'Written by `make docs` from the descriptors in this folder; `bootready explain ID` says the same. `boot` beside a finding:'
echo 'the machine does not come up, or loses that function. `policy`: it is a rule of the target cloud. A dash in the table: the'
echo 'profile does not want the check. Those of our own, beyond the nineteen of the reference tool, begin with TargetDrivers.'
echo
printf '| check | level |'
for p in $profiles; do printf ' %s |' "$p"; done
printf '\n|---|---|'
for p in $profiles; do printf -- '---|'; done
printf '\n'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for p in $profiles; do
  "$bootready" list --profile "$p" | grep 'not wanted' | awk '{print $1}' >"$work/$p"
done
for id in $ids; do
  printf '| [%s](#%s) | %s |' "$id" "$(echo "$id" | tr '[:upper:]' '[:lower:]')" \
    "$("$bootready" explain "$id" | sed -nE '1s/.*\((high|warning)\).*/\1/p')"
  for p in $profiles; do
    if grep -qx "$id" "$work/$p"; then printf ' - |'; else printf ' yes |'; fi
  done
  printf '\n'
done

# Headings become bold words, and findings a list.
for id in $ids; do
  "$bootready" explain "$id" | awk '
    NR == 1 {
      id = $1; title = $0; sub(/^[^:]*: /, "", title)
      printf "\n## %s\n\n%s%s.\n", id, toupper(substr(title, 1, 1)), substr(title, 2)
      next
    }
    /^[A-Z]/ { printf "\n**%s**", $0; findings = $0 == "Findings"; if (findings) print ""; first = 1; next }
    /^$/ { next }
    findings && /^  [a-z]/ { printf "\n- `%s` %s:", $1, $2; next }
    { sub(/^ +/, ""); if (findings) printf " %s", $0; else { printf "%s%s", first ? ": " : "\n", $0; first = 0 } }
    /^.*$/ { }
    END { print "" }
  ' | sed 's/ *$//'
done
