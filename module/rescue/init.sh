#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Finds every root on every disk, has bootready judge each, and ends the machine as told. It executes nothing of what it
# finds and writes nowhere but to memory. In the ready-made image it is the init; in one that dracut has made for a boot
# as well it is started before any device is looked for, and goes on where rd.bootready.rescue asks for it.
#
# /ask is the harness's: a cpio of its own behind this one with what to load first, and then what comes by the
# virtio-serial port org.bootready.questions, a tar file. `settings` there may set
#   disks=N       so many disks are attached: do not wait for more, nor go on with fewer
#   drivers=...   the modules for all that is attached: nothing is looked for on the buses
#   save=yes      each root gets the report of its last question
#   now=SECONDS   the time, since 1970: the machine may have waited for its questions
#   replay=yes    the disks are throw-away copies: a journal may be replayed, so that what is judged is what will boot
# and q/N is a list of arguments for `bootready check`, or `decide` and those for it, one a line: each root is asked each
# of them. The answers go to the virtio-serial port org.bootready.rescue, as rescue_tell and rescue_answer write them.
# Without /ask the verdicts go where a boot's go: to every console and to the port org.bootready.report.

# shellcheck disable=SC2034 # the libraries'
disks='' drivers='' replay='' save='' now='' br_missed=''
export PATH=/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C
if [ $$ -eq 1 ]; then
  mount -t proc proc /proc
  mount -t sysfs sysfs /sys
  mount -t devtmpfs -o mode=755 dev /dev
  mount -t tmpfs -o mode=755 run /run
fi
# shellcheck source=module/rescue/rescue-lib.sh
. /usr/lib/bootready/rescue-lib.sh
# shellcheck source=module/rescue/rescue-disks.sh
. /usr/lib/bootready/rescue-disks.sh
# shellcheck source=module/rescue/rescue-snapshot.sh
. /usr/lib/bootready/rescue-snapshot.sh
# shellcheck source=module/rescue/rescue-roots.sh
. /usr/lib/bootready/rescue-roots.sh
# shellcheck source=/dev/null
[ ! -r /ask/settings ] || . /ask/settings

[ $$ -eq 1 ] || rescue_take_over || exit 0
rescue_load_drivers
rescue_open_port
rescue_hear
rescue_wait_for_disks
rescue_protect
rescue_snapshot
rescue_read_ahead
rescue_look
! rescue_fall_back || rescue_look
rescue_judge
rescue_end
