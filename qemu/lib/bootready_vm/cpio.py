# SPDX-License-Identifier: LGPL-2.1-or-later
"""A cpio archive as the kernel unpacks one into its initramfs ("newc"): what is put behind another adds to it."""

import stat


def _field(data):
    return data + bytes(-len(data) % 4)


def _member(number, name, mode, data):
    raw = name.encode() + b"\0"
    header = "070701" + "".join("%08X" % value for value in (
        number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(raw), 0))
    return _field(header.encode() + raw) + _field(data)


def archive(files):
    """The archive of these files, {path: (mode, bytes)}, with every folder on the way to them."""
    members, folders = [], set()
    for path, (mode, data) in files.items():
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            if folder not in folders:
                folders.add(folder)
                members.append((folder, stat.S_IFDIR | 0o755, b""))
        members.append((path, stat.S_IFREG | mode, data))
    members.append(("TRAILER!!!", 0, b""))
    return b"".join(_member(number, *member) for number, member in enumerate(members, 1))
