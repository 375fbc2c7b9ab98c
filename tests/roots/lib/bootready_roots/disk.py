# SPDX-License-Identifier: LGPL-2.1-or-later
"""A disk image from folders, without a loop device: partition table, file systems, GRUB for BIOS in place.

GRUB: boot.img in the first sector with the core image's sector at 0x5c and the hard disk workaround taken out at 0x66;
the core image in the BIOS boot partition (GPT) or behind the first sector (MBR), the place and length of its rest at
0x1f4 of its own first sector. That is what grub-bios-setup writes on a block device.
"""

import glob
import hashlib
import os
import shutil
import struct
import tempfile
import threading

from .tools import SuiteError, copy_tree, read, run, write

MIB = 1 << 20
# Sizes in MiB. Everything is as small as its file system allows: the suite makes one disk a case.
SIZES = {"bios": 1, "esp": 16, "boot": 40, "root": 96, "swap": 4, "data": 8, "lvm": 8, "spare": 4}
GPT = {"bios": "21686148-6449-6E6F-744E-656564454649", "esp": "C12A7328-F81F-11D2-BA4B-00A0C93EC93B",
       "boot": "0FC63DAF-8483-4772-8E79-3D69D8477DE4", "root": "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
       "swap": "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F", "data": "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
       "lvm": "E6D6D379-F507-44C2-A23C-238F2A3DF928", "spare": "0FC63DAF-8483-4772-8E79-3D69D8477DE4"}
MBR = {"esp": "ef", "boot": "83", "root": "83", "swap": "82", "data": "83", "lvm": "8e", "spare": "83"}
# Of file systems; those of partitions end in 1 more.
UUIDS = {"disk": "7a4b1f00-3c5d-4e21-9f60-5b0d1c2e3f00", "root": "6c0f4a5e-9d27-4b1c-8e33-1f2a7b90c310",
         "boot": "b1d7c2f4-0e6a-4f55-9a18-c47e2d83f6b2", "swap": "0d9a6b3c-71e2-4c8f-a5d4-e26f1b0c9a73",
         "data": "d4e5f607-1829-4a3b-8c5d-6e7f8091a2b3", "esp": "5A3C-10EE"}
PARTUUIDS = {role: "11111111-2222-4333-8444-%012x" % (0x500 + i) for i, role in enumerate(sorted(SIZES))}


class Layout:
    """Partitions in disk order, with their places."""

    def __init__(self, words, label="gpt"):
        self.roles, self.label = words.split(), label
        if label not in ("gpt", "dos") or any(role not in SIZES for role in self.roles) or "root" not in self.roles:
            raise SuiteError("layout: %s (%s)" % (words, label))
        self.start, at = {}, 1
        for role in self.roles:
            self.start[role] = at * MIB
            at += SIZES[role]
        self.total = (at + 1) * MIB

    def number(self, role):
        return self.roles.index(role) + 1

    def boot_role(self):
        return "boot" if "boot" in self.roles else "root"

    def boot_prefix(self):
        return "" if "boot" in self.roles else "/boot"

    def table(self):
        lines = ["label: " + self.label, "label-id: " + (UUIDS["disk"] if self.label == "gpt" else "0x7a4b1f00")]
        for role in self.roles:
            line = "start=%dMiB, size=%dMiB, type=%s" % (
                self.start[role] // MIB, SIZES[role], (GPT if self.label == "gpt" else MBR)[role])
            if self.label == "gpt":
                line += ", uuid=%s, name=%s" % (PARTUUIDS[role], role)
            lines.append(line)
        return "\n".join(lines) + "\n"


def put(path, offset, data):
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def _install_bios(base, layout, image, work):
    core = os.path.join(work, "core.img")
    where = "(,%s%d)%s/grub" % ("gpt" if layout.label == "gpt" else "msdos", layout.number(layout.boot_role()), layout.boot_prefix())
    run("grub-mkimage", "-d", os.path.join(base.grub, "i386-pc"), "-O", "i386-pc", "-p", where, "-o", core,
        "biosdisk", "part_gpt", "part_msdos", "ext2")
    data = bytearray(read(core))
    first = layout.start["bios"] // 512 if layout.label == "gpt" else 1
    sectors = (len(data) + 511) // 512
    struct.pack_into("<QH", data, 500, first + 1, sectors - 1)
    put(image, first * 512, bytes(data))
    code = bytearray(read(os.path.join(base.grub, "i386-pc", "boot.img"))[:440])
    struct.pack_into("<Q", code, 0x5c, first)
    code[0x66:0x68] = b"\x90\x90"
    put(image, 0, bytes(code))


def stub(layout):
    """What grub-install leaves on the ESP to lead to the real grub.cfg."""
    role = layout.boot_role()
    return "search.fs_uuid %s root hd0,gpt%d \nset prefix=($root)'%s/grub'\nconfigfile $prefix/grub.cfg\n" % (
        UUIDS[role], layout.number(role), layout.boot_prefix())


def fill_esp(base, layout, folder):
    """The distribution's own GRUB, in its own folder and at the removable path."""
    grub = read(os.path.join(base.grub, "x86_64-efi-signed/grubx64.efi.signed"))
    for name in ("debian/grubx64.efi", "BOOT/BOOTX64.EFI"):
        write(os.path.join(folder, "EFI", name), grub)
    write(os.path.join(folder, "EFI/debian/grub.cfg"), stub(layout))


def _make_esp(folder, size, work):
    image = os.path.join(work, "esp.img")
    with open(image, "wb") as file:
        file.truncate(size)
    run("mkfs.vfat", "-F", "16", "-s", "1", "-i", UUIDS["esp"].replace("-", ""), "-n", "ESP", image)
    for name in sorted(os.listdir(folder)):
        run("mcopy", "-s", "-Q", "-i", image, os.path.join(folder, name), "::/")
    data = read(image)
    os.unlink(image)
    return data


def make_ext4(image, offset, size, uuid, label, folder=None):
    # Without 64bit, which the default profile's cloud does not want.
    command = ["mkfs.ext4", "-q", "-F", "-O", "^64bit", "-U", uuid, "-L", label, "-m", "1", "-N", "2048", "-E",
               "offset=%d,hash_seed=%s,lazy_itable_init=1,root_owner=0:0" % (offset, uuid)]
    run(*command, *(["-d", folder] if folder else []), image, "%dk" % (size // 1024))


def _make_swap(image, offset, size, work):
    path = os.path.join(work, "swap.img")
    with open(path, "wb") as file:
        file.truncate(size)
    run("mkswap", "-q", "-U", UUIDS["swap"], path)
    put(image, offset, read(path))


def fill(base, layout, tree):
    """The base's root as a new folder, with the names of this disk in its files."""
    copy_tree(base.tree, tree)
    words = {"@ROOT@": UUIDS["root"], "@ESP@": UUIDS["esp"], "@BOOT@": UUIDS[layout.boot_role()],
             "@ROOTN@": str(layout.number("root")), "@BOOTN@": str(layout.number(layout.boot_role())),
             "@PREFIX@": layout.boot_prefix(), "@R@": base.release}
    for name in ("etc/fstab", "boot/grub/grub.cfg"):
        path = os.path.join(tree, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for word, value in words.items():
            text = text.replace(word, value)
        if name == "etc/fstab":
            if "esp" not in layout.roles:
                text = "".join(line for line in text.splitlines(True) if "/boot/efi" not in line)
            if "boot" in layout.roles:
                lines = text.splitlines(True)
                lines.insert(3, "UUID=%s /boot ext4 defaults 0 2\n" % UUIDS["boot"])
                text = "".join(lines)
            if "swap" in layout.roles:
                text += "UUID=%s none swap sw 0 0\n" % UUIDS["swap"]
        write(path, text)
    return tree


def put_esp(layout, folder, image, work):
    put(image, layout.start["esp"], _make_esp(folder, SIZES["esp"] * MIB, work))


def _make(base, layout, image, work):
    tree, esp = fill(base, layout, os.path.join(work, "tree")), os.path.join(work, "esp")
    with open(image, "wb") as file:
        file.truncate(layout.total)
    run("sfdisk", "-q", image, stdin=layout.table().encode())
    if "bios" in layout.roles or layout.label == "dos":
        _install_bios(base, layout, image, work)
    start = layout.start
    if "esp" in layout.roles:
        fill_esp(base, layout, esp)
        put_esp(layout, esp, image, work)
    if "boot" in layout.roles:
        make_ext4(image, start["boot"], SIZES["boot"] * MIB, UUIDS["boot"], "boot", os.path.join(tree, "boot"))
        shutil.rmtree(os.path.join(tree, "boot"))
        os.mkdir(os.path.join(tree, "boot"))
    if "swap" in layout.roles:
        _make_swap(image, start["swap"], SIZES["swap"] * MIB, work)
    if "data" in layout.roles:
        make_ext4(image, start["data"], SIZES["data"] * MIB, UUIDS["data"], "data")
    make_ext4(image, start["root"], SIZES["root"] * MIB, UUIDS["root"], "root", tree)


def copy(source, target):
    run("cp", "--sparse=always", "--reflink=auto", source, target)


_LOCK = threading.Lock()


def finished(base, layout):
    """The whole disk of a layout with the base on it, as it boots; made once and kept beside the base."""
    key = hashlib.sha256(read(os.path.realpath(__file__)) + " ".join([layout.label] + layout.roles).encode()).hexdigest()[:16]
    image = os.path.join(base.folder, "disk-%s.raw" % key)
    with _LOCK:
        if not os.path.exists(image):
            for old in sorted(glob.glob(os.path.join(base.folder, "disk-*.raw")), key=os.path.getmtime)[:-40]:
                os.unlink(old)
            work = tempfile.mkdtemp(prefix=".disk-", dir=base.folder)
            try:
                _make(base, layout, os.path.join(work, "disk.raw"), work)
                os.rename(os.path.join(work, "disk.raw"), image)
            finally:
                shutil.rmtree(work)
    return image
