# SPDX-License-Identifier: LGPL-2.1-or-later
"""An initramfs from a folder, as dracut writes one: microcode uncompressed in front, the rest compressed behind it."""

import bz2
import gzip
import lzma
import os
import shutil
import tempfile

from .tools import SuiteError, run, write


def index(folder, release):
    """The module index that dracut has depmod write into the initramfs."""
    run("depmod", "-b", folder, release)


def cpio(folder):
    names = []
    for parent, folders, files in os.walk(folder):
        folders.sort()
        names += [os.path.relpath(os.path.join(parent, name), folder) for name in folders + files]
    listing = "\0".join(["."] + sorted(names)).encode() + b"\0"
    return run("cpio", "--null", "--quiet", "-o", "-H", "newc", "-R", "0:0", "--reproducible", stdin=listing, cwd=folder)


def compress(data, form):
    """The forms that the kernel unpacks, each by a writer of its own."""
    if form == "none":
        return data
    if form == "gzip":
        return gzip.compress(data, 1, mtime=0)
    if form == "bzip2":
        return bz2.compress(data, 1)
    if form == "xz":  # the kernel knows no other check than CRC32
        return lzma.compress(data, lzma.FORMAT_XZ, lzma.CHECK_CRC32, preset=0)
    if form == "lzma":
        return lzma.compress(data, lzma.FORMAT_ALONE, preset=0)
    if form == "zstd":
        return run("zstd", "-q", "-1", "-c", stdin=data)
    if form == "lz4":
        return run("lz4", "-q", "-l", "-c", stdin=data)
    raise SuiteError("no compression %s" % form)


def early():
    """What dracut puts in front where the machine has microcode: an archive of its own, padded to 512 bytes."""
    folder = tempfile.mkdtemp()
    try:
        write(os.path.join(folder, "early_cpio"), "1\n")
        write(os.path.join(folder, "kernel/x86/microcode/GenuineIntel.bin"), b"\x01\0\0\0" * 512)
        return cpio(folder)
    finally:
        shutil.rmtree(folder)


def pack(folder, path, form="zstd", first=True):
    data = (early() if first else b"") + compress(cpio(folder), form)
    write(path, data, 0o600)
