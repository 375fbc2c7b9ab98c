#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# accounts.sh FOLDER: lines as they are and as they are not.
set -euo pipefail
printf 'root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000:Ann,,,:/home/ann:\n+nis\nshort\n' >"$1/passwd"
printf 'root:*:19000:0:99999:7:::\nann:!:::::::\nold:*:1:2:3\n' >"$1/shadow"
printf 'root:x:0:\nwheel:x:10:ann,bob\nbad:x:a:\n\n' >"$1/group"
printf 'root:*::\nwheel:!:ann:ann,bob\n' >"$1/gshadow"
