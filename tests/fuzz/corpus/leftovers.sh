#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# leftovers.sh FOLDER: a few of dpkg's paragraphs, an id, an ld.so.conf.
set -euo pipefail
printf 'Package: a\nStatus: install ok installed\n\nPackage: b\nStatus: install ok half-configured\n' >"$1/status"
printf '0123456789abcdef0123456789abcdef\n' >"$1/id"
printf 'include ld.so.conf.d/*.conf\n/opt/lib:/opt/more=libc6 # words\n' >"$1/ldconf"
