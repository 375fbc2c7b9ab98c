#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Module areas of both widths, and a core image whose packed part is as grub-mkimage packs it.
set -euo pipefail
/usr/bin/python3 - "$1" <<'F'
import lzma
import struct
import sys


def elf(name, wide):
    head, size = (64, 64) if wide else (52, 40)
    names = b"\0.shstrtab\0.modname\0"
    at = head + 3 * size
    out = bytearray(at) + names + name + b"\0"
    out[:5] = b"\x7fELF" + (b"\2" if wide else b"\1")
    struct.pack_into("<Q" if wide else "<I", out, 40 if wide else 32, head)
    struct.pack_into("<HHH", out, 58 if wide else 46, size, 3, 1)
    for i, (label, place, length) in enumerate(((1, at, len(names)), (11, at + len(names), len(name) + 1)), 1):
        struct.pack_into("<I", out, head + i * size, label)
        struct.pack_into("<QQ" if wide else "<II", out, head + i * size + (24 if wide else 16), place, length)
    return bytes(out)


def area(wide):
    body = b""
    for kind, data in ((0, elf(b"ext2", wide)), (0, elf(b"normal", wide)), (2, b"search.fs_uuid 1234 root\n\0"),
                       (3, b"(,gpt3)/boot/grub\0")):
        data += b"\0" * (-len(data) % 4)
        body += struct.pack("<II", kind, len(data) + 8) + data
    if wide:
        return b"mimg" + bytes(4) + struct.pack("<QQ", 24, 24 + len(body)) + body
    return b"mimg" + struct.pack("<II", 12, 12 + len(body)) + body


for wide in (False, True):
    with open("%s/area%d" % (sys.argv[1], wide), "wb") as f:
        f.write(area(wide))
kernel = bytes(512) + area(False)
packed = lzma.compress(kernel, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, "lc": 3, "lp": 0, "pb": 2, "dict_size": 1 << 16}])
stub = bytearray(0x100)
struct.pack_into("<II", stub, 8, len(packed), len(kernel))
struct.pack_into("<BI", stub, 0x40, 0xbe, 0x8200 + len(stub))
with open(sys.argv[1] + "/core", "wb") as f:
    f.write(bytes(stub) + packed)
F
