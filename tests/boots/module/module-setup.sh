#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The test's own dracut module: a hook before bootready's that puts something in the checker's way, and one after all
# that says that it was reached.
# shellcheck disable=SC2154 # moddir is set by dracut

check() {
  return 255
}

install() {
  inst_hook pre-pivot 00 "$moddir/boottest-before.sh"
  inst_hook pre-pivot 99 "$moddir/boottest-after.sh"
  inst_hook cleanup 99 "$moddir/boottest-cleanup.sh"
  inst_simple "$moddir/boottest-rig" /usr/bin/boottest-rig
  inst_simple "$moddir/boottest-checker" /usr/bin/boottest-checker
  inst_simple "$moddir/boottest-killer" /usr/bin/boottest-killer
}
