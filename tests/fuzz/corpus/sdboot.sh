#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# loader.conf, then images' os-releases and entries in turn, with NULs between. Their first line is their name too.
set -euo pipefail
cd "$1"
printf 'timeout 3\ndefault debian-[5-7]*\npreferred "a?b"\n\0ID=debian\nPRETTY_NAME="Debian"\nVERSION_ID=12\n\0a+3-1.conf\ntitle x\nlinux \\a//b\ninitrd /i\noptions a\noptions b\nsort-key k\nversion 1~rc1^2-3.a\n\0IMAGE_ID=x\0efi /e\narchitecture aa64\n' > first
printf 'timeout menu-force\ndefault @saved\n\0ID=x\n\0b+0.conf\nlinux /x\n\0NAME=y\nVERSION=2\0linux\n' > second
printf 'default *a*b\\*[!x-z]?[]a-]\n\0\0\0\0\0' > third
