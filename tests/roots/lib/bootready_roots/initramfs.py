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
    if form == "lzo":
        return run("lzop", "-q", "-1", "-c", stdin=data)
    raise SuiteError("no compression %s" % form)


def squash(folder, how):
    """As dracut's squash modules do: most files into one image, out of which the boot's root is made. HOW is gzip, xz,
    lzo, lz4, zstd (squashfs), erofs (plain) or erofs-lz4."""
    aside = folder + ".inside"
    os.rename(folder, aside)
    for name in ("usr/bin", "usr/lib/dracut", "squash", "dev", "proc", "sys", "run"):
        os.makedirs(os.path.join(folder, name))
    for name in ("bin", "lib"):
        os.symlink("usr/" + name, os.path.join(folder, name))
    for name in os.listdir(os.path.join(aside, "usr/lib/dracut")):
        source = os.path.join(aside, "usr/lib/dracut", name)
        if os.path.isfile(source):
            shutil.copy2(source, os.path.join(folder, "usr/lib/dracut", name))
    shutil.copy2(os.path.join(aside, "usr/bin/busybox"), os.path.join(folder, "usr/bin/busybox"))
    write(os.path.join(folder, "init"), "#!/bin/sh\n", 0o755)
    if how.startswith("erofs"):
        packed = ["-z" + how[6:]] if how[5:] else []
        run("mkfs.erofs", "-x", "-1", "-T", "0", *packed, os.path.join(folder, "erofs-root.img"), aside)
    else:
        run("mksquashfs", aside, os.path.join(folder, "squashfs-root.img"), "-quiet", "-no-progress", "-no-xattrs", "-no-exports",
            "-noappend", "-no-recovery", "-always-use-fragments", "-comp", how)
    shutil.rmtree(aside)


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
