/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The checks in report order, the reference tool's: one line a check, and its file in this folder. Those of our own (.own) behind them. */
CHECK(virtio)
CHECK(nvme)
CHECK(fstab)
CHECK(grub)
CHECK(onlineresizefs)
CHECK(targetdrivers)
CHECK(rootfilesystem)
CHECK(bootkernels)
CHECK(rootdevice)
CHECK(partitiontable)
CHECK(filesystemfeatures)
CHECK(fwcfg)
