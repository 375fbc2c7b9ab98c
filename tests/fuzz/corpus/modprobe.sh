#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe.sh FOLDER: one file a kind of text.
set -euo pipefail
cd "$1"
printf '# why\nblacklist virtio-blk\ninstall nvme /bin/false\noptions a b=1 \\\n c=2\nsoftdep x pre: y\n' >modprobe
printf 'quiet modprobe.blacklist=a,b-c module_blacklist="d,e" rd.driver.pre=f modules-load=g\n' >cmdline
printf 'MODULES=(ext4 "crc32c" nvme?)\nHOOKS=(base udev)\n' >config
printf '; none\nvirtio-blk\n\nnvme io_timeout=3\n' >load
