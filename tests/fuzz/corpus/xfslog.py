#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""xfslog.py FOLDER: a superblock and a log of 64 blocks, with an unmount record at its start and in its middle."""
import os
import struct
import sys

sb = bytearray(3 * 4096)
sb[:4] = b"XFSB"
struct.pack_into(">I", sb, 4, 4096)
struct.pack_into(">Q", sb, 48, 3)
struct.pack_into(">I", sb, 84, 100)
struct.pack_into(">I", sb, 96, 8)
sb[124] = 7
for name, at, old in (("made", 0, 0), ("middle", 30, 7)):
    log = bytearray(64 * 512)
    for block in range(64):
        struct.pack_into(">I", log, block * 512, old + 1 if block < at + 2 else old)
    struct.pack_into(">IIII", log, at * 512, 0xfeedbabe, old + 1, 2, 512)
    struct.pack_into(">I", log, at * 512 + 40, 1)
    struct.pack_into(">I", log, at * 512 + 320, 32768)
    log[(at + 1) * 512 + 9] = 0x20
    with open(os.path.join(sys.argv[1], name), "wb") as file:
        file.write(sb + log)
