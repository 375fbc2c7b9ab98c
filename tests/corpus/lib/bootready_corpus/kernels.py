# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kernels, modules and initramfs of any release and processor, small and right in form: vendors' descriptions hold none.

Forms: the kernel's Documentation/arch/x86/boot.rst (bzImage), arch/arm64/booting.rst (Image) and the EFI zboot header;
ELF with the sections that depmod and modinfo read; cpio "newc" as in driver-api/early-userspace/buffer-format.rst."""

import gzip
import hashlib
import lzma
import os
import shutil
import struct
import tempfile
from bootready_roots import initramfs as packer
from bootready_roots.tools import read, run, write

# ELF machine, byte order, PE machine.
ARCHES = {"x86_64": (62, "<", 0x8664), "aarch64": (183, "<", 0xaa64), "ppc64le": (21, "<", 0), "s390x": (22, ">", 0)}
# Each driver's file below kernel/, what it needs, and what leads to it.
DRIVERS = {
    "virtio": ("drivers/virtio/virtio", [], []),
    "virtio_ring": ("drivers/virtio/virtio_ring", ["virtio"], []),
    "virtio_pci": ("drivers/virtio/virtio_pci", ["virtio", "virtio_ring"], ["pci:v00001AF4d*sv*sd*bc*sc*i*"]),
    "virtio_ccw": ("drivers/s390/virtio/virtio_ccw", ["virtio", "virtio_ring"], ["ccw:t3832m*dt*dm*"]),
    "virtio_blk": ("drivers/block/virtio_blk", ["virtio", "virtio_ring"], ["virtio:d00000002v*"]),
    "virtio_scsi": ("drivers/scsi/virtio_scsi", ["virtio", "virtio_ring"], ["virtio:d00000008v*"]),
    "failover": ("net/core/failover", [], []),
    "net_failover": ("drivers/net/net_failover", ["failover"], []),
    "virtio_net": ("drivers/net/virtio_net", ["virtio", "virtio_ring", "net_failover"], ["virtio:d00000001v*"]),
    "nvme_core": ("drivers/nvme/host/nvme-core", [], []),
    "nvme": ("drivers/nvme/host/nvme", ["nvme_core"], ["pci:v*d*sv*sd*bc01sc08i02*"]),
    "xen_blkfront": ("drivers/block/xen-blkfront", [], ["xen:vbd"]),
    "hv_vmbus": ("drivers/hv/hv_vmbus", [], ["acpi*:VMBUS:*"]),
    "hv_storvsc": ("drivers/scsi/hv_storvsc", ["hv_vmbus"],
                   ["vmbus:d96361baa104294db60572e2ffb1dc7f", "vmbus:ba6163d904a14d29b60572e2ffb1dc7f"]),
    "hv_netvsc": ("drivers/net/hyperv/hv_netvsc", ["hv_vmbus"], ["vmbus:635161f83edfc546913ff2d2f965ed0e"]),
    "ena": ("drivers/net/ethernet/amazon/ena/ena", [], ["pci:v00001D0Fd0000EC20sv*sd*bc*sc*i*"]),
    "gve": ("drivers/net/ethernet/google/gve/gve", [], ["pci:v00001AE0d00000042sv*sd*bc*sc*i*"]),
    "mlx5_core": ("drivers/net/ethernet/mellanox/mlx5/core/mlx5_core", [], ["pci:v000015B3d0000101Asv*sd*bc*sc*i*"]),
    "libcrc32c": ("lib/libcrc32c", [], []),
    "xfs": ("fs/xfs/xfs", ["libcrc32c"], ["fs-xfs"]),
    "jbd2": ("fs/jbd2/jbd2", [], []),
    "ext4": ("fs/ext4/ext4", ["jbd2"], ["fs-ext4", "fs-ext3", "fs-ext2"]),
    "btrfs": ("fs/btrfs/btrfs", ["libcrc32c"], ["fs-btrfs", "devname:btrfs-control"]),
    "fat": ("fs/fat/fat", [], []),
    "vfat": ("fs/fat/vfat", ["fat"], ["fs-vfat"]),
    "dm_mod": ("drivers/md/dm-mod", [], ["devname:mapper/control"]),
}
ROOT_ONLY = {"failover", "net_failover", "virtio_net", "hv_netvsc", "ena", "gve", "mlx5_core", "fat", "vfat"}
X86_ONLY = {"xen_blkfront"}
S390_ONLY = {"virtio_ccw"}
NO_S390 = {"virtio_pci", "nvme", "nvme_core", "hv_vmbus", "hv_storvsc", "hv_netvsc", "gve", "ena"}


class Kind:
    """How a distribution builds: what is built in, how modules and the initramfs are packed, what made it."""

    def __init__(self, builtin=(), packed="xz", initramfs="gzip", maker="dracut", version="049"):
        self.builtin, self.packed, self.initramfs = frozenset(builtin), packed, initramfs
        self.maker, self.version = maker, version


_VIRTIO = ("virtio", "virtio_ring", "virtio_pci")
KINDS = {
    "el8": Kind(),
    "el9": Kind(builtin=_VIRTIO, initramfs="zstd", version="057"),
    "el10": Kind(builtin=_VIRTIO, initramfs="zstd", version="101"),
    "fedora": Kind(builtin=_VIRTIO, initramfs="xz", version="055"),
    "debian": Kind(packed="", initramfs="zstd", maker="initramfs-tools"),
    "ubuntu": Kind(builtin=_VIRTIO + ("virtio_blk", "virtio_scsi", "virtio_net", "failover", "net_failover", "ext4", "jbd2"),
                   packed="zst", initramfs="zstd", maker="initramfs-tools"),
    "suse": Kind(packed="zst", initramfs="zstd", version="059"),
    "amazon2": Kind(packed="", initramfs="gzip", version="033"),
    "amazon2023": Kind(packed="xz", initramfs="zstd", version="055"),
    "arch": Kind(packed="zst", initramfs="zstd", maker="mkinitcpio"),
}


def kind_of(image):
    if "kind" in image.json:
        return KINDS[image.json["kind"]]
    if image.os["ID"] == "fedora":
        return KINDS["fedora"]
    return KINDS["el%d" % image.major]


def noise(seed, size):
    """Bytes that do not pack, the same in every run."""
    out = b""
    while len(out) < size:
        seed = hashlib.sha512(seed if isinstance(seed, bytes) else seed.encode()).digest()
        out += seed
    return out[:size]


def elf(arch, info, needs, gives, modname=b""):
    """A relocatable ELF with .modinfo, the symbols it lacks and those that it exports: what depmod works with; or with
    the name that GRUB's modules carry."""
    machine, order, _ = ARCHES[arch]
    strtab = b"\0" + b"".join(name.encode() + b"\0" for name in needs)
    symtab, at = b"\0" * 24, 1
    for name in needs:
        symtab += struct.pack(order + "IBBHQQ", at, 0x10, 0, 0, 0, 0)
        at += len(name) + 1
    exported = b"".join(name.encode() + b"\0" for name in gives)
    sections = [(b"", 0, b"", 0, 0), (b".modinfo", 1, info, 0, 0), (b"__ksymtab_strings", 1, exported, 0, 0),
                (b".symtab", 2, symtab, 4, 24), (b".strtab", 3, strtab, 0, 0)]
    if modname:
        sections.append((b".modname", 1, modname, 0, 0))
    names = b"\0" + b"".join(name + b"\0" for name, *_ in sections[1:]) + b".shstrtab\0"
    sections.append((b".shstrtab", 3, names, 0, 0))
    body, table = b"", b""
    for name, kind, data, link, entry in sections:
        table += struct.pack(order + "IIQQQQIIQQ", names.index(name + b"\0") if name else 0, kind, 0, 0,
                             64 + len(body) if kind else 0,
                             len(data), link, 1 if kind == 2 else 0, 8 if kind else 0, entry)
        body += data + b"\0" * (-len(data) % 8)
    head = b"\x7fELF" + bytes([2, 1 if order == "<" else 2, 1]) + b"\0" * 9
    head += struct.pack(order + "HHIQQQIHHHHHH", 1, machine, 1, 0, 0, 64 + len(body), 0, 64, 0, 0, 64, len(sections), len(sections) - 1)
    return head + body + table


def program(arch):
    """Just enough of an executable to tell what it is for."""
    machine, order, _ = ARCHES[arch]
    return b"\x7fELF" + bytes([2, 1 if order == "<" else 2, 1]) + b"\0" * 9 + struct.pack(
        order + "HHIQQQIHHHHHH", 2, machine, 1, 0x400000, 0, 0, 0, 64, 56, 0, 64, 0, 0) + b"\0" * 192


def _module(name, release, arch):
    _, needs, aliases = DRIVERS[name]
    words = ["alias=" + alias for alias in aliases] + ["license=GPL", "depends=" + ",".join(needs), "intree=Y", "name=" + name]
    if name == "nvme_core":
        words += ["parm=io_timeout:timeout in seconds for I/O", "parmtype=io_timeout:uint"]
    words.append("vermagic=%s SMP mod_unload %s" % (release, "aarch64" if arch == "aarch64" else "modversions "))
    info = b"".join(word.encode() + b"\0" for word in words)
    return elf(arch, info, [need + "_do" for need in needs], [name + "_do"])


def _pack(data, form):
    if form == "xz":
        return lzma.compress(data, lzma.FORMAT_XZ, lzma.CHECK_CRC32, preset=0)
    return run("zstd", "-q", "-1", "-c", stdin=data) if form == "zst" else data


def _builtin_info(kind):
    words = []
    for name in sorted(kind.builtin):
        words += ["%s.alias=%s" % (name, alias) for alias in DRIVERS[name][2]]
        words += ["%s.file=%s" % (name, DRIVERS[name][0]), "%s.license=GPL" % name]
    return "".join(word + "\0" for word in words)


def drivers_of(arch, where):
    names = [name for name in DRIVERS if arch == "x86_64" or name not in X86_ONLY]
    names = [name for name in names if name not in (NO_S390 if arch == "s390x" else S390_ONLY)]
    return [name for name in names if where == "root" or name not in ROOT_ONLY]


def modules(release, arch, kind, names):
    """The files below lib/modules/RELEASE for these drivers, indexes as depmod writes them among them."""
    folder = tempfile.mkdtemp()
    try:
        top = os.path.join(folder, "lib/modules", release)
        for name in names:
            if name not in kind.builtin:
                path = "kernel/%s.ko%s" % (DRIVERS[name][0], "." + kind.packed if kind.packed else "")
                write(os.path.join(top, path), _pack(_module(name, release, arch), kind.packed))
        lines = ["kernel/%s.ko\n" % DRIVERS[name][0] for name in DRIVERS]
        write(os.path.join(top, "modules.order"), "".join(lines))
        write(os.path.join(top, "modules.builtin"), "".join(line for line, name in zip(lines, DRIVERS) if name in kind.builtin))
        if tuple(int(word) for word in release.split(".")[:2]) >= (5, 2):
            write(os.path.join(top, "modules.builtin.modinfo"), _builtin_info(kind))
        run("depmod", "-b", folder, release)
        return {os.path.relpath(os.path.join(parent, name), top): read(os.path.join(parent, name))
                for parent, _, files in os.walk(top) for name in files}
    finally:
        shutil.rmtree(folder)


def cpio(files):
    """An archive of {path: bytes (a file) | None (a folder) | "target" (a link)}."""
    wanted = dict(files)
    for path in files:
        while "/" in path:
            path = path.rsplit("/", 1)[0]
            wanted.setdefault(path, None)
    out, number = b"", 1
    for path in sorted(wanted) + ["TRAILER!!!"]:
        data = wanted.get(path, b"")
        mode = 0o040755 if data is None else 0o120777 if isinstance(data, str) else 0o100755
        body = b"" if data is None else data.encode() if isinstance(data, str) else data
        name = path.encode() + b"\0"
        head = b"070701" + b"".join(b"%08x" % field for field in (number, mode, 0, 0, 1, 0, len(body), 0, 0, 0, 0, len(name), 0))
        out += head + name + b"\0" * (-(len(head) + len(name)) % 4) + body + b"\0" * (-len(body) % 4)
        number += 1
    return out + b"\0" * (-len(out) % 512)


def _dracut(kind, os_release):
    return {"init": "usr/lib/systemd/systemd", "usr/lib/dracut/dracut-%s" % kind.version: b"",
            "usr/lib/dracut/build-parameter.txt": b" --no-hostonly\n", "usr/lib/dracut/modules.txt": b"systemd\nbase\nrootfs-block\n",
            "usr/lib/dracut/hooks/pre-pivot": None, "usr/lib/initrd-release": os_release, "etc/cmdline.d": None,
            "etc/initrd-release": "../usr/lib/initrd-release"}


def _initramfs_tools(_kind, _os_release):
    return {"init": b"#!/bin/sh\n", "scripts/functions": b"#\n", "scripts/local": b"#\n", "conf/initramfs.conf": b"MODULES=most\n",
            "conf/arch.conf": b"DPKG_ARCH=amd64\n"}


def _mkinitcpio(_kind, _os_release):
    return {"init": b"#!/usr/bin/ash\n", "init_functions": b"#\n", "config": b"MODULES=\"\"\n", "hooks/udev": b"#\n",
            "buildconfig": b"# mkinitcpio\n"}


_MAKERS = {"dracut": _dracut, "initramfs-tools": _initramfs_tools, "mkinitcpio": _mkinitcpio}


class Kernels:
    """What was made once serves every image of the same release."""

    def __init__(self, base):
        self.grub, self._made = base and base.grub, {}

    def _once(self, key, make):
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def tree(self, image, release, without=()):
        """{path below lib/modules/RELEASE: bytes}"""
        kind = kind_of(image)
        names = [name for name in drivers_of(image.arch, "root") if name not in without]
        return self._once((release, image.arch, "root", tuple(without)), lambda: modules(release, image.arch, kind, names))

    def initramfs(self, image, release, without=()):
        kind = kind_of(image)
        names = [name for name in drivers_of(image.arch, "initramfs") if name not in without]

        def make():
            files = {"usr/bin/sh": program(image.arch), "usr/lib/systemd/systemd": program(image.arch), "bin": "usr/bin",
                     "lib": "usr/lib", "sbin": "usr/sbin", "usr/sbin": None, "dev": None, "proc": None, "sys": None, "run": None,
                     "sysroot": None, "tmp": None, "etc/modprobe.d": None, "usr/lib/firmware/noise": noise(release, 20000)}
            if any(part.kind == "LVM2_member" for part in image.partitions):
                files.update({"usr/sbin/lvm": program(image.arch), "usr/lib/udev/rules.d/69-dm-lvm.rules": b"#\n"})
            files.update(_MAKERS[kind.maker](kind, ('ID="%s"\n' % image.os["ID"]).encode()))
            for path, data in modules(release, image.arch, kind, names).items():
                files["usr/lib/modules/%s/%s" % (release, path)] = data
            early = cpio({"early_cpio": b"1\n", "kernel/x86/microcode/GenuineIntel.bin": b"\1\0\0\0" * 512})
            return (early if image.arch == "x86_64" else b"") + packer.compress(cpio(files), kind.initramfs)

        lvm = any(part.kind == "LVM2_member" for part in image.partitions)
        return self._once((release, image.arch, "initramfs", tuple(without), lvm), make)

    def kernel(self, image, release):
        return self._once((release, image.arch, "kernel"), lambda: _KERNELS[image.arch](image, release))


def _banner(release):
    return b"Linux version %s (builder@vendor) (gcc) #1 SMP PREEMPT_DYNAMIC Thu Jan 1 00:00:00 UTC 2024\n\0" % release.encode()


def _bzimage(_image, release):
    payload = gzip.compress(_banner(release) + noise(release, 60000), 1, mtime=0)
    payload += struct.pack("<I", 60000)
    sectors, offset = 4, 0x200
    code = noise("code", offset) + payload
    code += b"\0" * (-len(code) % 16)
    setup = bytearray(512 * (sectors + 1))
    text = release.encode() + b" (builder@vendor) #1 SMP\0"
    struct.pack_into("<B", setup, 0x1f1, sectors)
    struct.pack_into("<I", setup, 0x1f4, len(code) // 16)
    struct.pack_into("<H", setup, 0x1fe, 0xaa55)
    setup[0x200:0x202] = b"\xeb\x6a"
    setup[0x202:0x206] = b"HdrS"
    struct.pack_into("<H", setup, 0x206, 0x20f)
    struct.pack_into("<H", setup, 0x20e, 0x400 - 0x200)
    setup[0x211] = 1
    struct.pack_into("<II", setup, 0x248, offset, len(payload))
    setup[0x400:0x400 + len(text)] = text
    return bytes(setup) + code


def pe(machine, sections, start=b"MZ".ljust(64, b"\0")):
    """A PE32+ program with these (name, bytes) sections, behind a start of 64 bytes."""
    head = bytearray(start)
    struct.pack_into("<I", head, 0x3c, 0x40)
    optional = struct.pack("<HBBIIIII", 0x20b, 2, 2, 0x1000, 0, 0, 0x1000, 0x1000)
    optional += struct.pack("<QIIHHHHHHIIIIHHQQQQII", 0, 0x1000, 0x200, 0, 0, 0, 0, 0, 0, 0, 0x100000, 0x400, 0, 10, 0, 0, 0, 0, 0, 0, 16)
    optional += b"\0" * 128
    head += b"PE\0\0" + struct.pack("<HHIIIHH", machine, len(sections), 0, 0, 0, len(optional), 0x206) + optional
    at, memory, table, body = 0x400, 0x1000, b"", b""
    for name, data in sections:
        raw = data + b"\0" * (-len(data) % 0x200)
        table += struct.pack("<8sIIIIIIHHI", name.encode(), len(data), memory, len(raw), at + len(body), 0, 0, 0, 0, 0x60000020)
        body += raw
        memory += -(-len(raw) // 0x1000) * 0x1000
    return (bytes(head) + table).ljust(at, b"\0") + body


def _arm_image(release):
    start = b"MZ\0\x91" + struct.pack("<IQQQQQQ", 0x14000000, 0, 0x100000, 0xa, 0, 0, 0) + b"ARM\x64" + b"\0" * 4
    return pe(0xaa64, [(".text", noise(release, 40000) + _banner(release)), (".data", noise("data", 4096))], start)


def _arm(image, release):
    """Image.gz, and with EFI_ZBOOT from 6.1 on a program that unpacks it."""
    packed = gzip.compress(_arm_image(release), 1, mtime=0)
    if int(release.split(".")[0]) < 6 or image.os["ID"] == "fedora":
        return packed
    start = (b"MZ\0\0zimg" + struct.pack("<IIII8s", 0x400, len(packed), 0, 0, b"gzip")).ljust(64, b"\0")
    return pe(0xaa64, [(".gzdata", packed)], start)


def _elf_kernel(image, release):
    return program(image.arch) + noise(release, 40000) + _banner(release)


_KERNELS = {"x86_64": _bzimage, "aarch64": _arm, "ppc64le": _elf_kernel, "s390x": _elf_kernel}


def loader_efi(arch, what, prefix="", config=None):
    """shim, its fallback program, or a GRUB with a prefix and perhaps a configuration inside (include/grub/kernel.h)."""
    machine = ARCHES[arch][2]
    code = (".text", noise(what, 8192))
    if what == "shim":
        return pe(machine, [code, (".data", b"UEFI SHIM\n$Version: 15.8 $\n\0"), (".sbat", b"sbat,1,SBAT Version,sbat,1,url\nshim,4,UEFI shim,shim,1,url\n")])
    if what == "fallback":
        return pe(machine, [code, (".sbat", b"sbat,1,SBAT Version,sbat,1,url\nfallback,1,x,shim,1,url\n")])
    if what == "systemd-boot":
        return pe(machine, [code, (".sdmagic", b"#### LoaderInfo: systemd-boot 257-1 ####\0"), (".osrel", b"ID=systemd-boot\n")])
    objects = b""
    # The module that reads grub.cfg is inside every signed GRUB.
    for kind, data in ((0, elf(arch, b"", [], [], b"normal\0")), (3, prefix.encode() + b"\0"), (2, config and config.encode() + b"\0")):
        if data:
            data += b"\0" * (-len(data) % 8)
            objects += struct.pack("<II", kind, len(data) + 8) + data
    mods = struct.pack("<4sIQQ", b"mimg", 0, 24, 24 + len(objects)) + objects
    return pe(machine, [code, (".sbat", b"sbat,1,SBAT Version,sbat,1,url\ngrub,3,Free Software Foundation,grub,2.06,url\n"), ("mods", mods)])
