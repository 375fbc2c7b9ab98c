#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The rescue image's init: finds every root on every disk, has bootready judge each, and ends. It executes nothing of
# what it finds and writes nowhere but to memory.
#
# /ask is the harness's, a cpio of its own behind this one. `settings` there may set
#   disks=N       so many disks are attached: do not wait for more, nor go on with fewer
#   drivers=...   the modules for all that is attached: nothing is looked for on the buses
#   save=yes      each root gets the report of its last question
#   replay=yes    the disks are throw-away copies: a journal may be replayed, so that what is judged is what will boot
# and q/N is a list of arguments for `bootready check`, one a line: each root is asked each of them. The answers go to
# the virtio-serial port org.bootready.rescue, as rescue_tell and rescue_answer write them.
# Without /ask the verdicts go where a boot's go: to every console and to the port org.bootready.report.

# shellcheck disable=SC2034 # the library's
disks='' drivers='' replay='' save=''
export PATH=/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs -o mode=755 dev /dev
mount -t tmpfs -o mode=755 run /run
# shellcheck source=module/rescue/rescue-lib.sh
. /usr/lib/bootready/rescue-lib.sh
# shellcheck source=/dev/null
[ ! -r /ask/settings ] || . /ask/settings

rescue_load_drivers
rescue_open_port
rescue_wait_for_disks
rescue_protect
rescue_assemble
rescue_find_roots
rescue_judge
rescue_end
