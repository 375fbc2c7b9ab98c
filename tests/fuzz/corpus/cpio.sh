#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# cpio.sh FOLDER: the plain archives of initramfs.sh.
set -euo pipefail
"$(dirname "$0")/initramfs.sh" "$1"
find "$1" -type f ! -name newc ! -name crc -delete
