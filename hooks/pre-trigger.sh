#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# pre-trigger, of dracut's own init: the watch begins before any device is waited for. It runs beside the boot, which
# sources this file into pid 1 and does not wait for it.

(
  # shellcheck source=module/bootready-lib.sh
  [ -r /usr/lib/bootready/bootready-lib.sh ] && . /usr/lib/bootready/bootready-lib.sh && bootready_watch
) < /dev/null &
