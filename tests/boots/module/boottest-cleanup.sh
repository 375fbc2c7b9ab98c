#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# dracut's cleanup hooks come after all of pre-pivot.
echo "MARK cleanup runs" > /dev/ttyS0
