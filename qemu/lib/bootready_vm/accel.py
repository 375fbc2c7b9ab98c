# SPDX-License-Identifier: LGPL-2.1-or-later
"""KVM or TCG. A /dev/kvm that opens proves nothing: in nested clouds it may abort or hang for ever. KVM counts only
after a real kernel has come up under it."""

import glob
import os
import subprocess
import tempfile

from . import machine

_SECONDS = 15
# A kernel without a root: it comes up, finds none, panics, and panic=-1 restarts it at once.
_PROOF = b"VFS: Unable to mount root fs"


def _cache():
    root = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(root, "bootready")


def _kernel():
    """Some Linux kernel to try with: the guests' own, else this machine's."""
    mine = glob.glob(os.path.join(_cache(), "guests", "vmlinuz-*"))
    for path in mine + sorted(glob.glob("/boot/vmlinuz-*")):
        if os.access(path, os.R_OK):
            return path
    return None


def _try_kvm(kernel):
    with tempfile.TemporaryDirectory(prefix="bootready-") as folder:
        log = os.path.join(folder, "log")
        command = [machine.qemu(), "-machine", "q35", *machine.accel_arguments("kvm"), "-m", "512", "-nodefaults",
                   "-display", "none", "-nic", "none", "-no-reboot", "-serial", "file:" + log,
                   "-kernel", kernel, "-append", "console=ttyS0 panic=-1"]
        try:
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return "no: a guest under KVM hung for %d s" % _SECONDS
        try:
            with open(log, "rb") as file:
                return "yes" if _PROOF in file.read() else "no: a guest under KVM did not come up"
        except OSError:
            return "no: QEMU did not start with KVM"


def _probe():
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "no: /dev/kvm cannot be opened"
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
        boot = file.read().strip()
    note = os.path.join(_cache(), "kvm-" + boot)
    try:
        with open(note, encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        pass
    kernel = _kernel()
    if not kernel:
        return "no: no kernel here to try KVM with"  # not kept: one may come
    answer = _try_kvm(kernel)
    os.makedirs(_cache(), exist_ok=True)
    for old in glob.glob(os.path.join(_cache(), "kvm-*")):
        os.unlink(old)
    with open(note, "w", encoding="ascii") as file:
        file.write(answer + "\n")
    return answer


def choose(wanted):
    """(accel, why) for --accel auto, kvm or tcg."""
    if wanted != "auto":
        return wanted, "asked for"
    answer = _probe()
    if answer == "yes":
        return "kvm", "a guest came up under it"
    return "tcg", answer.partition(": ")[2]
