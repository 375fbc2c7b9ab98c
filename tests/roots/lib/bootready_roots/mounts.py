# SPDX-License-Identifier: LGPL-2.1-or-later
"""The judged root as an administrator would mount it: the image's own partitions, read-only, by offset. Everything is
mounted in a mount namespace of the suite's own (see enter), so that nothing stays behind, however it ends."""

import os
import shutil
import sys

from . import disk
from .tools import SkipCase, SuiteError, copy_tree, run

_MARK = "BOOTREADY_ROOTS_NAMESPACE"


def enter():
    """Starts this program anew in a mount namespace that is gone with it."""
    if os.environ.pop(_MARK, None) is not None:
        return
    if os.geteuid() != 0:
        return
    os.environ[_MARK] = "1"
    os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", "--", sys.executable, "-B"] + sys.argv)


def usable():
    """Why no root can be made and mounted here; None: it can."""
    if os.geteuid() != 0:
        return "mounting an image needs root"
    if not shutil.which("apt-get") or run("dpkg", "--print-architecture").decode().strip() != "amd64":
        return "the base is made of a Debian's own amd64 packages"
    return None


def _has_driver(name):
    with open("/proc/filesystems", encoding="ascii") as file:
        return any(line.split()[-1] == name for line in file if line.strip())


def _mount(image, layout, role, kind, options, where):
    with open(image, "rb") as file:
        file.seek(layout.start[role])
        if file.read(4) == b"XFSB":
            kind, options = "xfs", options.replace("noload", "norecovery") + ",nouuid"
        file.seek(layout.start[role] + 65600)
        if file.read(8) == b"_BHRfS_M":
            kind, options = "btrfs", "ro,subvol=@"
    try:
        run("mount", "-t", kind, "-o", "loop,%s,offset=%d,sizelimit=%d" % (options, layout.start[role], disk.SIZES[role] * disk.MIB),
            image, where)
    except SuiteError as error:
        raise SkipCase("no loop mount here: %s" % error) from None


def mount_root(image, layout, where, write=False):
    _mount(image, layout, "root", "ext4", "rw" if write else "ro,noload", where)


def mount_boot(image, layout, root, write=False):
    _mount(image, layout, "boot", "ext4", "rw" if write else "ro,noload", os.path.join(root, "boot"))


def mount_esp(image, layout, esp, root):
    """A kernel without vfat gets a tmpfs with the same files in its place: a file system of its own is there, too."""
    where = os.path.join(root, "boot/efi")
    if _has_driver("vfat"):
        _mount(image, layout, "esp", "vfat", "ro", where)
        return
    run("mount", "-t", "tmpfs", "-o", "size=64m", "esp", where)
    for name in sorted(os.listdir(esp)):
        copy_tree(os.path.join(esp, name), where)
    run("mount", "-o", "remount,ro", where)


def unmount(where, lazily=False):
    """Lazily where a program under test that was killed may still be on its way out."""
    run("umount", "-R", *(["-l"] if lazily else []), where)
