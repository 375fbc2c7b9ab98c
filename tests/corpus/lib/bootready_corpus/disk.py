# SPDX-License-Identifier: LGPL-2.1-or-later
"""The disk of an image: partition table, file systems with their UUIDs and labels, LVM, boot code; and its mounts.

A file system that the running kernel has a driver for is mounted as an administrator would, by offset in the image; of
another one the superblock alone is made, and what it holds is shown on a tmpfs in its place."""

import os
import shutil
import struct
import uuid

from bootready_roots import disk as roots_disk
from bootready_roots.tools import SkipCase, SuiteError, copy_tree, read, run

from . import boot, lvm

MIB = 1 << 20
_READ_ONLY = {"xfs": "ro,norecovery,nouuid", "ext4": "ro,noload", "btrfs": "ro", "vfat": "ro"}
_WRITE = {"xfs": "rw,nouuid", "ext4": "rw", "btrfs": "rw", "vfat": "rw"}


def drivers():
    with open("/proc/filesystems", encoding="ascii") as file:
        return {line.split()[-1] for line in file if line.strip()}


def put(path, offset, data):
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def put_file(path, offset, source):
    """The parts of a sparse file that hold something."""
    with open(source, "rb") as file, open(path, "r+b") as target:
        size, at = os.fstat(file.fileno()).st_size, 0
        while at < size:
            try:
                at = os.lseek(file.fileno(), at, os.SEEK_DATA)
            except OSError:
                return
            end = os.lseek(file.fileno(), at, os.SEEK_HOLE)
            file.seek(at)
            target.seek(offset + at)
            target.write(file.read(end - at))
            at = end


def loop(image, start, size, work):
    """A loop device on a part of the image; work gets its path."""
    device = run("losetup", "-f", "--show", "-o", start, "--sizelimit", size, image).decode().strip()
    try:
        return work(device)
    finally:
        run("losetup", "-d", device)


def table(image):
    lines = ["label: " + image.label, "label-id: " + image.json["partition-table-id"]]
    for part in sorted(image.partitions, key=lambda part: part.number):
        line = "start=%d, size=%d, type=%s" % (part.start // 512, part.size // 512, part.type.lower() if image.label == "dos" else part.type)
        if image.label == "gpt":
            line += ", uuid=" + part.partuuid + (", name=\"%s\"" % part.partlabel if part.partlabel else "")
        elif part.bootable:
            line += ", bootable"
        lines.append("%d : %s" % (part.number, line))
    return "\n".join(lines) + "\n"


def _xfs_options(image, uuid, label):
    """What its distribution's mkfs.xfs sets by itself."""
    new = image.major >= 9 or image.os["ID"] != "rhel" and image.os["ID"] != "centos"
    options = ["-q", "-f", "-K", "-m", "uuid=%s,bigtime=%d,inobtcount=%d" % (uuid, new, new), "-i", "nrext64=0"]
    return options + (["-L", label] if label else [])


def _mkfs_xfs(image, volume, path):
    loop(path, volume.start, volume.size, lambda device: run("mkfs.xfs", *_xfs_options(image, volume.uuid, volume.label), device))


def _crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


_SUPERBLOCKS = {}


def _xfs_superblock(image, volume, path):
    """What tells a file system that nothing looks into: mkfs.xfs's own first sector under another UUID and label, with
    its checksum (sb_uuid at 32, sb_fname at 108, sb_crc at 224)."""
    key = (volume.size, image.major, image.os["ID"])
    if key not in _SUPERBLOCKS:
        twin = path + ".twin"
        with open(twin, "wb") as file:
            file.truncate(volume.size)
        run("mkfs.xfs", *_xfs_options(image, volume.uuid, ""), twin)
        with open(twin, "rb") as file:
            _SUPERBLOCKS[key] = file.read(512)
        os.unlink(twin)
    sector = bytearray(_SUPERBLOCKS[key])
    sector[32:48] = uuid.UUID(volume.uuid).bytes
    sector[108:120] = (volume.label or "").encode().ljust(12, b"\0")
    sector[224:228] = b"\0" * 4
    struct.pack_into("<I", sector, 224, _crc32c(bytes(sector)))
    put(path, volume.start, bytes(sector))


def _mkfs_ext4(_image, volume, path):
    command = ["mkfs.ext4", "-q", "-F", "-U", volume.uuid, "-m", "1", "-O", "^metadata_csum_seed,^orphan_file", "-E",
               "nodiscard,offset=%d,hash_seed=%s,lazy_itable_init=1,lazy_journal_init=1" % (volume.start, volume.uuid)]
    if volume.label:
        command += ["-L", volume.label]
    run(*command, path, "%dk" % (volume.size // 1024))


def _mkfs_vfat(_image, volume, path, folder=None):
    part = path + ".vfat"
    with open(part, "wb") as file:
        file.truncate(volume.size)
    label = ["-n", volume.label] if volume.label else []
    run("mkfs.vfat", "-F", "32" if volume.size >= 64 * MIB else "16" if volume.size >= 16 * MIB else "12", "-i", volume.uuid.replace("-", ""), *label, part)
    names = sorted(os.listdir(folder)) if folder else []
    if names:
        run("mcopy", "-s", "-Q", "-i", part, *[os.path.join(folder, name) for name in names], "::/")
    put_file(path, volume.start, part)
    os.unlink(part)


def _mkfs_btrfs(_image, volume, path):
    command = ["mkfs.btrfs", "-q", "-f", "-K", "-U", volume.uuid]
    if volume.label:
        command += ["-L", volume.label]
    try:
        loop(path, volume.start, volume.size, lambda device: run(*command, device))
    except SuiteError as error:
        if "non-unique" in str(error):
            raise SkipCase("another run on this machine has the same btrfs") from None
        raise


_MKFS = {"xfs": _mkfs_xfs, "ext4": _mkfs_ext4, "vfat": _mkfs_vfat, "btrfs": _mkfs_btrfs}


def install_bios(base, image, path, work):
    """GRUB's boot code, and its core image in the BIOS boot partition or behind an MBR (see roots' disk.py)."""
    volume, gap = image.boot_volume(), image.bios_boot()
    where = "(,%s%d)%s/%s" % ("gpt" if image.label == "gpt" else "msdos", volume.number, "" if image.boot_apart() else
                              image.json.get("boot-prefix", "/boot"), os.path.basename(boot.grub_folder(image)))
    core = os.path.join(work, "core.img")
    run("grub-mkimage", "-d", os.path.join(base.grub, "i386-pc"), "-O", "i386-pc", "-p", where, "-o", core, "biosdisk", "part_gpt",
        "part_msdos", {"ext4": "ext2"}.get(volume.kind, volume.kind), *(["normal"] if volume.kind == "btrfs" else []))
    data = bytearray(read(core))
    first = gap.start // 512 if gap else 1
    struct.pack_into("<QH", data, 500, first + 1, (len(data) + 511) // 512 - 1)
    if len(data) > (gap.size if gap else MIB - 512):
        raise SuiteError("a core image of %d bytes" % len(data))
    put(path, first * 512, bytes(data))
    code = bytearray(read(os.path.join(base.grub, "i386-pc", "boot.img"))[:440])
    struct.pack_into("<Q", code, 0x5c, first)
    code[0x66:0x68] = b"\x90\x90"
    put(path, 0, bytes(code))


def _holds_something(folder):
    """Files, or folders beside those where others are mounted."""
    return any(files for _, _, files in os.walk(folder))


class Disk:
    """A made disk in a folder of its own: disk.raw, and shown/NAME for what no driver mounts."""

    def __init__(self, image, folder):
        self.image, self.folder = image, folder
        self.path, self.shown = os.path.join(folder, "disk.raw"), os.path.join(folder, "shown")
        self._drivers, self.held = drivers(), set()

    def _can_mount(self, volume):
        return volume.kind in self._drivers

    def _place(self, target):
        return os.path.join(self.shown, target.replace("/", "@"))

    def make(self, base, tree):
        image = self.image
        last = max(image.partitions, key=lambda part: part.start)
        with open(self.path, "wb") as file:
            file.truncate(last.start + last.size + 2 * MIB)
        run("sfdisk", "-q", "--no-reread", "--no-tell-kernel", self.path, stdin=table(image).encode())
        if image.boots_by_bios():
            install_bios(base, image, self.path, self.folder)
        for part in image.partitions:
            if part.inside:
                lvm.place(part)
                put(self.path, part.start, lvm.header(part))
        self._fill(tree)

    def _fill(self, tree):
        """What lies below a mount point goes onto its own file system, the innermost first."""
        os.mkdir(self.shown)
        for target, volume in reversed(self.image.mounts()):
            if target != "/":
                os.rename(tree + target, self._place(target))
                os.mkdir(tree + target)
        os.rename(tree, self._place("/"))
        held = {volume: target for target, volume in self.image.mounts() if _holds_something(self._place(target))}
        self.held = set(held.values()) | {"/", "/boot", "/boot/efi", "/usr"}
        for volume in self.image.volumes():
            if volume.kind not in _MKFS:
                continue
            if volume.kind == "xfs" and volume not in held:
                _xfs_superblock(self.image, volume, self.path)
            elif volume.kind == "vfat":
                _mkfs_vfat(self.image, volume, self.path, self._place(held[volume]) if volume in held else None)
            else:
                _MKFS[volume.kind](self.image, volume, self.path)
            if volume in held and self._can_mount(volume) and volume.kind != "vfat":
                self._fill_one(volume, self._place(held[volume]))

    def _fill_one(self, volume, source):
        where = os.path.join(self.folder, "fill")
        os.mkdir(where)
        self._mount(volume, where, True)
        try:
            inside = self._subvolumes(where) if volume.kind == "btrfs" else where
            run("cp", "-a", "--no-preserve=ownership", source + "/.", inside)
        finally:
            run("umount", where)
        os.rmdir(where)
        shutil.rmtree(source)

    def _subvolumes(self, top):
        """Makes them; the path of the one that is mounted as the root."""
        wanted = self.image.json["btrfs"]
        for name in wanted["subvolumes"] + [wanted["default"]] * (wanted["default"] not in wanted["subvolumes"] and bool(wanted["default"])):
            os.makedirs(os.path.dirname(os.path.join(top, name)), exist_ok=True)
            run("btrfs", "subvolume", "create", os.path.join(top, name))
        inside = os.path.join(top, wanted["default"])
        # Arch leaves the default alone and names the subvolume on the command line.
        if "snapshot" in wanted["default"]:
            run("btrfs", "subvolume", "set-default", inside)
        return inside

    def copy(self, folder):
        """The same disk in another folder, to be broken there."""
        os.mkdir(folder)
        twin = Disk(self.image, folder)
        twin.held = self.held
        run("cp", "--sparse=always", "--reflink=auto", self.path, twin.path)
        copy_tree(self.shown, twin.shown)
        return twin

    def _mount(self, volume, where, write, subvolume=None):
        options = "loop,offset=%d,sizelimit=%d,%s" % (volume.start, volume.size, (_WRITE if write else _READ_ONLY)[volume.kind])
        run("mount", "-t", volume.kind, "-o", options + (",subvol=/" + subvolume if subvolume else ""), self.path, where)

    def mount(self, where, write=False):
        for target, volume in self.image.mounts():
            at = os.path.join(where, target.strip("/"))
            if target not in self.held or not os.path.isdir(at):
                continue  # nothing in it is looked at, or a damage took the mount point
            if self._can_mount(volume) and not os.path.isdir(self._place(target)):
                self._mount(volume, at, write, self.image.json.get("btrfs", {}).get("default") if target == "/" else None)
            elif write:
                run("mount", "--bind", self._place(target), at)
            else:
                run("mount", "-t", "tmpfs", "-o", "size=256m", "shown", at)
                run("cp", "-a", self._place(target) + "/.", at)
                run("mount", "-o", "remount,ro", at)

    def edit(self, change):
        """change(root) on the mounted root; the ESP's file system is made anew where it was only shown."""
        where = os.path.join(self.folder, "edit")
        os.mkdir(where)
        self.mount(where, write=True)
        try:
            change(where)
        finally:
            run("umount", "-R", where)
        os.rmdir(where)
        for target, volume in self.image.mounts():
            if volume.kind == "vfat" and not self._can_mount(volume):
                _mkfs_vfat(self.image, volume, self.path, self._place(target))
