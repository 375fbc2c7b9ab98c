#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""btrfs.py FOLDER: a superblock, a chunk tree and a root tree of one leaf each, with two subvolumes and a default."""
import os
import struct
import sys

NODE, BASE = 4096, 65536
CHUNK, ROOT = BASE + NODE, BASE + 2 * NODE


def key(item, kind, offset):
    return struct.pack("<QBQ", item, kind, offset)


def leaf(at, items):
    node, data, tail = bytearray(NODE), [], NODE - 101
    struct.pack_into("<Q", node, 48, at)
    struct.pack_into("<I", node, 96, len(items))
    for index, (item, body) in enumerate(sorted(items, key=lambda pair: struct.unpack("<QBQ", pair[0]))):
        tail -= len(body)
        node[101 + index * 25:126 + index * 25] = item + struct.pack("<II", tail, len(body))
        node[101 + tail:101 + tail + len(body)] = body
    return bytes(node)


def chunk():
    return struct.pack("<QQQQIIIHH", 1 << 20, 2, 65536, 2, 4096, 4096, 4096, 1, 0) + struct.pack("<QQ", 1, BASE) + bytes(16)


def ref(folder, name):
    return struct.pack("<QQH", folder, 1, len(name)) + name


sb = bytearray(NODE)
sb[64:72] = b"_BHRfS_M"
struct.pack_into("<QQ", sb, 80, ROOT, CHUNK)
struct.pack_into("<III", sb, 144, 4096, NODE, NODE)
system = key(256, 228, BASE) + chunk()
struct.pack_into("<I", sb, 160, len(system))
struct.pack_into("<Q", sb, 201, 1)
sb[811:811 + len(system)] = system
default = key(257, 132, 0) + struct.pack("<QHHB", 1, 0, 7, 2) + b"default"
image = bytes(sb) + leaf(CHUNK, [(key(256, 228, BASE), chunk())]) + leaf(ROOT, [
    (key(6, 84, 1), default), (key(5, 156, 256), ref(256, b"@")), (key(256, 156, 257), ref(256, b"home")),
    (key(256, 132, 0), struct.pack("<QQ", 0, 0) + bytes(160) + struct.pack("<Q", ROOT) + bytes(60))])
with open(os.path.join(sys.argv[1], "two"), "wb") as file:
    file.write(image)
