#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The first of the pre-pivot hooks: what the kernel parameter boottest= asks for, and what the shell has set.
boottest=$(getarg boottest=) && boottest-rig "$boottest"
unset boottest
set > /run/boottest.before
