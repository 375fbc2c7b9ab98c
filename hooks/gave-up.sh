#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# emergency and shutdown-emergency: dracut has stopped waiting, and opens a shell or ends the machine.

(
  # shellcheck source=module/bootready-lib.sh
  [ -r /usr/lib/bootready/bootready-lib.sh ] && . /usr/lib/bootready/bootready-lib.sh && bootready_gave_up
) < /dev/null || :
