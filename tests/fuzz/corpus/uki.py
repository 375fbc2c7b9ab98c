#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A unified kernel image with profiles, one without anything in it, and one that is cut short: FOLDER."""
import os
import struct
import sys


def image(*sections):
    head = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64)
    head += b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, len(sections), 0, 0, 0, 0, 0x22)
    at, table, body = 1024, b"", b""
    for name, text in sections:
        table += struct.pack("<8sIIII", name, len(text), at, 256, at) + bytes(16)
        body += text.ljust(256, b"\0")
        at += 256
    return (head + table).ljust(1024, b"\0") + body


whole = image((b".osrel", b"ID=x\nNAME=x\n"), (b".cmdline", b" root=x\n"), (b".initrd", b"0707"), (b".ucode", b"07"),
              (b".linux", b"MZ"), (b".profile", b"ID=a\n"), (b".profile", b"ID=b\n"), (b".cmdline", b"b"))
for name, data in (("whole", whole), ("cut", whole[:-300]), ("table", whole[:200]),
                   ("stub", image((b".text", b"#### LoaderInfo: systemd-stub 252.39 ####"))),
                   ("loader", image((b".sdmagic", b"#### LoaderInfo: systemd-boot 252.39 ####")))):
    with open(os.path.join(sys.argv[1], name), "wb") as file:
        file.write(data)
