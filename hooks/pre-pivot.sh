#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# pre-pivot: the real root is mounted at $NEWROOT and nothing of it runs yet.
#
# dracut sources this file, into pid 1 or into dracut-pre-pivot.service, together with the hooks of every other
# module. So all of it happens in a subshell: nothing that goes wrong or is set in there reaches the next hook.

(
  # shellcheck source=module/bootready-lib.sh
  [ -r /usr/lib/bootready/bootready-lib.sh ] && . /usr/lib/bootready/bootready-lib.sh && bootready_preboot
) < /dev/null || :
