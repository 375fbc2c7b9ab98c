# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disk images: an overlay to boot from, and files read back out of one. No loop device, no mount."""

import contextlib
import json
import os
import re
import shutil
import stat
import struct
import subprocess
import tempfile

from .errors import HarnessError, UsageError

SECTOR = 512


def run(*command, **options):
    """A tool's standard output as bytes; HarnessError with the tool's own last words where it fails."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, **options)
    except FileNotFoundError:
        raise HarnessError("%s is not installed (qemu/install-deps installs it)" % command[0]) from None
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["exit status %d" % done.returncode]
        raise HarnessError("%s: %s" % (command[0], words[-1]))
    return done.stdout


# What QEMU takes for a VMDK without magic: a description alone, behind comments and empty lines.
_DESCRIPTION = re.compile(rb"(#[^\n]*\n| *\r?\n)*\s*version=", re.IGNORECASE)


def _head(path):
    """The first bytes of a file or a block device; UsageError where it is neither: to read may wait for ever."""
    try:
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode) and not stat.S_ISBLK(mode):
                raise UsageError("%s: neither a file nor a disk; IMAGE is a raw, qcow2, vmdk or vhdx disk image" % path)
            return file.read(2048)
    except FileNotFoundError:
        raise UsageError("%s: no such file; IMAGE is a raw, qcow2, vmdk or vhdx disk image" % path) from None
    except (OSError, ValueError) as error:
        raise UsageError("%s: %s" % (path, error)) from None


def image_info(path):
    """{'format': ..., 'virtual-size': ...} as qemu-img sees the image. UsageError where it is none."""
    # A disk that is encrypted as a whole is a raw disk to a machine; qemu-img would want its key.
    form = ["-f", "raw"] if _head(path).startswith(b"LUKS\xba\xbe") else []
    try:
        return json.loads(run("qemu-img", "info", "--force-share", "--output=json", *form, os.path.abspath(path)))
    except HarnessError as error:
        raise UsageError("%s: not a disk image that qemu-img can read (%s)" % (path, error)) from None


def _names_other_files(path):
    """What else than `path` QEMU would read for it, in words, or None. What the headers tell is asked of them: to ask
    qemu-img is to have it open the image."""
    head = _head(path)
    if head[:4] == b"QFI\xfb" and len(head) >= 80 and struct.unpack_from(">I", head, 4)[0] >= 3 and head[79] & 4:
        return "its data are in another file"
    # A description alone: as text, or in a VMDK without a size of its own.
    if head[:21].lower() == b"# disk descriptorfile" or _DESCRIPTION.match(head) or (head[:4] == b"KDMV" and head[12:20] == bytes(8)):
        return "its extents are in other files"
    backing = image_info(path).get("backing-filename")
    return "it is based on %s" % backing if backing else None


def refuse_other_files(path):
    """UsageError where an image names a file that the user has not: one from elsewhere can name any file of this machine."""
    why = _names_other_files(path)
    if why:
        raise UsageError("%s: %s; no other file is read unless --backing says that the image is trusted" % (path, why))


def parse_size(text, now):
    """SIZE or +SIZE with K, M, G or T (1024), as bytes; never smaller than `now`."""
    match = re.fullmatch(r"(\+?)(\d{1,15})([KMGT]?)", text)
    if not match:
        raise UsageError("--grow %s: give a size such as 10G, or +2G to add to it" % text)
    size = int(match.group(2)) << {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}[match.group(3)]
    size = (size + SECTOR - 1) // SECTOR * SECTOR
    if match.group(1):
        size += now
    if size < now:
        raise UsageError("--grow %s: the disk has %d MiB already; give more, or +SIZE" % (text, now >> 20))
    return size


def _beginning(image, form, size):
    if form == "raw":
        with open(image, "rb") as file:
            return file.read(size)
    with tempfile.TemporaryDirectory(prefix="bootready-") as folder:
        path = os.path.join(folder, "head")
        run("qemu-img", "dd", "-U", "-f", form, "-O", "raw", "bs=%d" % size, "count=1", "if=" + os.path.abspath(image), "of=" + path)
        with open(path, "rb") as file:
            return file.read(size)


def sector_size(image):
    """Bytes of a sector of the disk that an image was made of, which no format keeps: where its GPT is says it."""
    head = _beginning(image, image_info(image)["format"], 2 * 4096)
    return 4096 if head[4096:4104] == b"EFI PART" and head[SECTOR:SECTOR + 8] != b"EFI PART" else SECTOR


def make_overlay(image, path, grow=None):
    """A qcow2 file at `path` that takes every write meant for `image`."""
    info = image_info(image)
    size = parse_size(grow, info["virtual-size"]) if grow else info["virtual-size"]
    run("qemu-img", "create", "-q", "-f", "qcow2", "-F", info["format"], "-b", os.path.abspath(image), path, str(size))


@contextlib.contextmanager
def as_raw(image):
    """The image as a raw file that may be written to: a private copy, sparse, gone afterwards."""
    work = tempfile.mkdtemp(prefix="bootready-")
    try:
        raw = os.path.join(work, "disk.raw")
        run("qemu-img", "convert", "--force-share", "-O", "raw", image, raw)
        yield raw
    finally:
        shutil.rmtree(work)


def partitions(raw):
    """[(number, name, offset, size)] of a raw image's GPT, in bytes; [] where there is none."""
    with open(raw, "rb") as disk:
        disk.seek(SECTOR)
        header = disk.read(92)
        if len(header) < 92 or header[:8] != b"EFI PART":
            return []
        first, count, length = struct.unpack_from("<QII", header, 72)
        if length < 128 or count > 1024:
            raise HarnessError("%s: a GPT with odd numbers" % raw)
        disk.seek(first * SECTOR)
        entries = disk.read(count * length)
    found = []
    for number in range(count):
        entry = entries[number * length:(number + 1) * length]
        if len(entry) == length and entry[:16] != bytes(16):
            start, end = struct.unpack_from("<QQ", entry, 32)
            name = entry[56:128].decode("utf-16-le", "replace").rstrip("\0")
            found.append((number + 1, name, start * SECTOR, (end + 1 - start) * SECTOR))
    return found


def has_ext4(raw, offset):
    with open(raw, "rb") as disk:
        disk.seek(offset + 1024 + 0x38)
        return disk.read(2) == b"\x53\xef"


def debugfs(raw, offset, *requests):
    """debugfs' standard output for these requests on the ext file system at `offset` of a raw image."""
    with tempfile.NamedTemporaryFile("w", prefix="bootready-") as script:
        script.write("".join(request + "\n" for request in requests))
        script.flush()
        out = run("debugfs", "-f", script.name, "%s?offset=%d" % (raw, offset))
    # With -f, every request is echoed before its output.
    echoes = {b"debugfs: " + request.encode() for request in requests}
    return b"".join(line for line in out.splitlines(keepends=True) if line.rstrip(b"\n") not in echoes)


def read_file(raw, offset, path):
    """One file's bytes out of the ext file system at `offset`, or None where it has no such file."""
    out = tempfile.NamedTemporaryFile(prefix="bootready-")
    with out:
        # dump goes to a file of our own: cat would leave the file's text between debugfs' own words.
        debugfs(raw, offset, 'dump "%s" %s' % (path, out.name))
        stat = debugfs(raw, offset, 'stat "%s"' % path)
        return out.read() if b"Inode:" in stat else None


def replay_journal(raw, offset):
    """What a crashed guest left in the journal becomes visible. Only ever for a private copy."""
    done = subprocess.run(["e2fsck", "-y", "-E", "journal_only", "%s?offset=%d" % (raw, offset)],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return done.returncode < 4
