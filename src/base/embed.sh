#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Prints a text file as a C string: embed.sh HEADER NAME FILE, where HEADER declares const char NAME[].
set -eu
printf '#include "%s"\nconst char %s[] =\n' "$1" "$2"
sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$/\\n"/' "$3"
echo ';'
