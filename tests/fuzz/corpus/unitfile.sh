#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cat >"$1/service" <<'F'
# a comment
[Unit]
Description=a \
; in the middle
  b
Wants=x@%i.service y.target %p-%j.socket "quoted.service"
Requires=basic.target
DefaultDependencies=no
[Service]
Sockets=a.socket
[Install]
WantedBy=multi-user.target
WantedBy=
Alias=%N-b.service
Also=c.service
DefaultInstance=tty1
F
printf '\xef\xbb\xbf[Socket]\r\nAccept=yes\nService=%%n\0[Unit]\nWants=a.service' >"$1/odd"
printf '[Unit\n' >"$1/broken"
printf '[Unit]\nDescription=\xff\n' >"$1/bytes"
