#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cat >"$1/usual" <<'F'
# <target> <device> <key> <options>
luks-1 UUID=9cc84cb5-4310-4517-a07d-a4eca0aa7485 none luks,discard
swap /dev/sda2 /dev/urandom swap,cipher=aes-xts-plain64,nofail
data	LABEL=x	/key:LABEL=stick
F
