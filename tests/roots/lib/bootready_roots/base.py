# SPDX-License-Identifier: LGPL-2.1-or-later
"""The base that every case starts from: a Debian 12 root as a folder, its initramfs as a folder, and what GRUB's
packages bring. Made once, out of the distribution's own packages, and kept in the cache under its recipe's key."""

import hashlib
import os
import shutil
import tempfile

from . import initramfs, packages
from .tools import copy_tree, read, run, write

HERE = os.path.dirname(os.path.realpath(__file__))
ROOTS = os.path.dirname(os.path.dirname(HERE))
FILES = os.path.join(ROOTS, "base")

# In the initramfs and in the root; what else they need is modules.dep's to say.
DRIVERS = ("virtio_blk", "virtio_pci", "virtio_scsi", "nvme", "ext4", "crc32c_generic", "xen_blkfront", "hv_storvsc",
           "pci_hyperv")
# In the root alone; nvme_tcp must not pass for nvme.
ROOT_DRIVERS = ("virtio_net", "virtio_console", "e1000e", "vfat", "nls_ascii", "nls_cp437", "nvme_tcp",
                "dm_mod", "dm_crypt", "raid1", "ena", "xen_netfront", "hv_netvsc", "mana", "gve", "mlx5_core", "qemu_fw_cfg")


class Base:
    """Paths of a finished base, and the kernel's release."""

    def __init__(self, folder):
        self.folder = folder
        self.tree = os.path.join(folder, "tree")
        self.initramfs = os.path.join(folder, "initramfs")
        self.grub = os.path.join(folder, "grub")
        self.release = read(os.path.join(folder, "release")).decode().strip()


def _key(kernel):
    """A name for what the base is made of: same recipe, same name, on every machine."""
    digest = hashlib.sha256(kernel.encode())
    names = [os.path.join(HERE, name) for name in ("base.py", "packages.py", "initramfs.py")]
    for folder, folders, files in os.walk(FILES):
        folders.sort()
        names += [os.path.join(folder, name) for name in sorted(files)]
    for name in names:
        content = os.readlink(name).encode() if os.path.islink(name) else read(name)
        digest.update(os.path.relpath(name, ROOTS).encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()[:16]


def _copy_modules(source, target, drivers):
    """The drivers with all they need, and the lists that depmod wants."""
    wanted = {path for driver in drivers for path in packages.dependencies(source, driver)}
    for path in wanted:
        os.makedirs(os.path.dirname(os.path.join(target, path)), exist_ok=True)
        shutil.copy2(os.path.join(source, path), os.path.join(target, path))
    for name in ("modules.order", "modules.builtin", "modules.builtin.modinfo"):
        shutil.copy2(os.path.join(source, name), os.path.join(target, name))


def _programs(tree, unpacked):
    busybox = os.path.join(unpacked, "bin/busybox")
    for path in ("usr/bin/busybox", "usr/lib/systemd/systemd"):
        write(os.path.join(tree, path), read(busybox), 0o755)
    # A real program with its loader and library, as every other one of a Debian has them.
    for path, mode in (("bin/dash", 0o755), ("lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", 0o755),
                       ("lib/x86_64-linux-gnu/libc.so.6", 0o755)):
        write(os.path.join(tree, "usr", path), read(os.path.join(unpacked, path)), mode)
    os.symlink("../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", os.path.join(tree, "usr/lib64/ld-linux-x86-64.so.2"))
    os.symlink("busybox", os.path.join(tree, "usr/bin/sh"))
    os.symlink("../lib/systemd/systemd", os.path.join(tree, "usr/sbin/init"))
    # Nothing runs them: what they are for is told by where they are.
    for path in ("usr/bin/growpart", "usr/sbin/sfdisk", "usr/sbin/resize2fs", "usr/bin/cloud-init",
                 "usr/lib/systemd/system-generators/cloud-init-generator", "usr/lib/systemd/system-generators/systemd-sysv-generator",
                 "usr/sbin/aliyun-service", "usr/local/share/aliyun-assist/2.2.3.612/aliyun-service",
                 "usr/local/aegis/aegis_client/aegis_12_30/AliYunDun", "usr/local/aegis/aegis_update/AliYunDunUpdate", "usr/sbin/nologin"):
        write(os.path.join(tree, path), "#!/bin/sh\nexit 0\n", 0o755)
    write(os.path.join(tree, "usr/sbin/sshd"), "#!/bin/sh\n# OpenSSH_9.2p1 Debian-2+deb12u7\nexit 0\n", 0o755)


def _make_tree(unpacked, release, tree):
    copy_tree(FILES, tree)
    for name in ("shadow", "gshadow"):
        os.chown(os.path.join(tree, "etc", name), 0, 42)
        os.chmod(os.path.join(tree, "etc", name), 0o640)
    for folder in ("usr/bin", "usr/sbin", "usr/lib64", "boot/efi", "boot/grub/i386-pc", "boot/grub/x86_64-efi", "dev", "proc",
                   "sys", "run", "tmp", "root", "var/lib/cloud", "etc/systemd/system/cloud-init.target.wants", "srv"):
        os.makedirs(os.path.join(tree, folder), exist_ok=True)
    for name in ("bin", "sbin", "lib", "lib64"):
        os.symlink("usr/" + name, os.path.join(tree, name))
    os.symlink("../usr/lib/os-release", os.path.join(tree, "etc/os-release"))
    for name in ("cloud-init-local", "cloud-init", "cloud-config", "cloud-final"):
        os.symlink("/lib/systemd/system/%s.service" % name,
                   os.path.join(tree, "etc/systemd/system/cloud-init.target.wants/%s.service" % name))
    os.makedirs(os.path.join(tree, "etc/systemd/system/multi-user.target.wants"), exist_ok=True)
    for name in ("multi-user.target.wants/ssh.service", "sshd.service"):
        os.symlink("/lib/systemd/system/ssh.service", os.path.join(tree, "etc/systemd/system", name))
    write(os.path.join(tree, "etc/machine-id"), "")
    _programs(tree, unpacked)
    for name in ("normal.mod", "linux.mod", "ext2.mod", "command.lst"):
        shutil.copy2(os.path.join(unpacked, "usr/lib/grub/i386-pc", name), os.path.join(tree, "boot/grub/i386-pc"))
        shutil.copy2(os.path.join(unpacked, "usr/lib/grub/x86_64-efi", name), os.path.join(tree, "boot/grub/x86_64-efi"))
    for name in ("i386-pc", "x86_64-efi"):
        source = os.path.join(unpacked, "usr/lib/grub", name, "modinfo.sh")
        write(os.path.join(tree, "usr/lib/grub", name, "modinfo.sh"), read(source))
    run("grub-editenv", os.path.join(tree, "boot/grub/grubenv"), "create")
    shutil.copy2(os.path.join(unpacked, "boot/vmlinuz-" + release), os.path.join(tree, "boot"))
    source = packages.modules_folder(unpacked, release)
    _copy_modules(source, os.path.join(tree, "usr/lib/modules", release), DRIVERS + ROOT_DRIVERS)
    run("depmod", "-b", tree, release)


def _make_initramfs(unpacked, release, folder):
    """As dracut lays it out; what makes no difference to a reader is left out."""
    for name in ("bin", "sbin", "lib", "lib64"):
        os.makedirs(os.path.join(folder, "usr", name), exist_ok=True)
        os.symlink("usr/" + name, os.path.join(folder, name))
    for name in ("dev", "proc", "sys", "run", "sysroot", "tmp", "etc/cmdline.d", "etc/modprobe.d", "usr/lib/modprobe.d",
                 "usr/lib/dracut/hooks/pre-pivot", "var"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    write(os.path.join(folder, "usr/bin/busybox"), read(os.path.join(unpacked, "bin/busybox")), 0o755)
    os.symlink("busybox", os.path.join(folder, "usr/bin/sh"))
    write(os.path.join(folder, "usr/lib/systemd/systemd"), "#!/bin/sh\n", 0o755)
    os.symlink("usr/lib/systemd/systemd", os.path.join(folder, "init"))
    write(os.path.join(folder, "usr/lib/dracut/dracut-059-4"), "")
    write(os.path.join(folder, "usr/lib/dracut/build-parameter.txt"), " --force --no-hostonly\n")
    write(os.path.join(folder, "usr/lib/dracut/modules.txt"), "systemd\nbase\nfs-lib\nrootfs-block\nkernel-modules\nudev-rules\n")
    write(os.path.join(folder, "usr/lib/dracut/hostonly-kernel-modules.txt"), "")
    write(os.path.join(folder, "usr/lib/initrd-release"), 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\n')
    os.symlink("../usr/lib/initrd-release", os.path.join(folder, "etc/initrd-release"))
    os.symlink("initrd-release", os.path.join(folder, "etc/os-release"))
    write(os.path.join(folder, "etc/conf.d/systemd.conf"), 'systemdutildir="/usr/lib/systemd"\n')
    source = packages.modules_folder(unpacked, release)
    _copy_modules(source, os.path.join(folder, "usr/lib/modules", release), DRIVERS)
    initramfs.index(folder, release)


def _make(kernel, folder):
    unpacked = os.path.join(folder, "unpacked")
    packages.unpack((kernel,) + packages.WANTED, unpacked)
    release = packages.release_of(unpacked)
    run("depmod", "-b", unpacked, release)
    _make_tree(unpacked, release, os.path.join(folder, "tree"))
    _make_initramfs(unpacked, release, os.path.join(folder, "initramfs"))
    initramfs.pack(os.path.join(folder, "initramfs"), os.path.join(folder, "tree/boot/initrd.img-" + release))
    os.mkdir(os.path.join(folder, "grub"))
    for name in ("i386-pc", "x86_64-efi", "x86_64-efi-signed"):
        copy_tree(os.path.join(unpacked, "usr/lib/grub", name), os.path.join(folder, "grub", name))
    copy_tree(os.path.join(unpacked, "usr/lib/shim"), os.path.join(folder, "grub", "shim"))
    write(os.path.join(folder, "release"), release + "\n")
    shutil.rmtree(unpacked)


def get(note=lambda line: None):
    """The base of today's recipe, made if it is not in the cache."""
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "bootready", "roots")
    os.makedirs(cache, exist_ok=True)
    kernel = packages.kernel_package()
    folder = os.path.join(cache, _key(kernel))
    if os.path.isdir(folder):
        os.utime(folder)
        return Base(folder)
    note("making the base root from %s and GRUB's packages (once)" % kernel)
    work = tempfile.mkdtemp(prefix=".making-", dir=cache)
    try:
        _make(kernel, os.path.join(work, "base"))
        try:
            os.rename(os.path.join(work, "base"), folder)
        except OSError:
            if not os.path.isdir(folder):  # else another run was faster, with the same recipe
                raise
    finally:
        shutil.rmtree(work)
    old = sorted((os.path.join(cache, name) for name in os.listdir(cache) if not name.startswith(".")), key=os.path.getmtime)
    for path in old[:-12]:
        shutil.rmtree(path)
    return Base(folder)
