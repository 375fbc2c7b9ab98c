# SPDX-License-Identifier: LGPL-2.1-or-later
"""Real files out of the distribution's own packages, by name, through the machine's own package sources."""

import os

from .tools import SuiteError, read, run

# Everything of it that boots or is compared with what boots: nothing here is made up.
WANTED = ("grub-pc-bin", "grub-efi-amd64-bin", "grub-efi-amd64-signed", "shim-signed", "shim-signed-common",
          "shim-helpers-amd64-signed", "busybox-static", "libc6", "dash")


def kernel_package():
    """The stock kernel's package, the one that linux-image-amd64 asks for."""
    for attempt in range(2):
        for line in run("apt-cache", "depends", "linux-image-amd64", check=False).decode().splitlines():
            words = line.split()
            if len(words) == 2 and words[0] == "Depends:" and words[1].startswith("linux-image-"):
                return words[1]
        if attempt == 0:
            run("apt-get", "update", "-qq")
    raise SuiteError("apt knows no linux-image-amd64")


def _download(name, folder):
    os.makedirs(folder)
    for attempt in range(2):
        try:
            run("apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", name, cwd=folder)
            break
        except SuiteError:
            if attempt:
                raise
            run("apt-get", "update", "-qq")
    return os.path.join(folder, os.listdir(folder)[0])


def unpack(names, folder):
    """Unpacks packages into one folder."""
    for name in names:
        deb = _download(name, os.path.join(folder, ".deb", name))
        run("dpkg-deb", "-x", deb, folder)
        os.unlink(deb)


def release_of(folder):
    """The kernel release of an unpacked kernel package."""
    for base in ("lib/modules", "usr/lib/modules"):
        path = os.path.join(folder, base)
        if os.path.isdir(path):
            return sorted(os.listdir(path))[0]
    raise SuiteError("the kernel package has no modules")


def modules_folder(folder, release):
    for base in ("lib/modules", "usr/lib/modules"):
        path = os.path.join(folder, base, release)
        if os.path.isdir(path):
            return path
    raise SuiteError("the kernel package has no modules for %s" % release)


def dependencies(modules, name):
    """The module's own path and those of all it needs, from modules.dep."""
    for line in read(os.path.join(modules, "modules.dep")).decode().splitlines():
        path, _, needed = line.partition(":")
        if os.path.basename(path).split(".ko")[0].replace("-", "_") == name:
            return [path] + needed.split()
    raise SuiteError("the kernel has no module %s" % name)
