#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What systemd-boot, a unified kernel image and extlinux really start, against what bootready says: [CASE...].

Disks of tests/roots are booted in QEMU by their own loader, without a key pressed, until the kernel prints its command
line on the serial console. That has to be the one in bootready's report, but for what the loaders add to it themselves:
initrd= and BOOT_IMAGE=. Without CASE a telling few; "all" for every case whose loader boots. A decoy's kernel is none, so a
choice that is not the real loader's shows as a boot that prints nothing.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(TOP, "tests/roots/lib"), os.path.join(TOP, "qemu/lib")]
sys.dont_write_bytecode = True

from bootready_roots import base, cases, judge, mounts  # noqa: E402
from bootready_roots.tools import SkipCase, read  # noqa: E402
from bootready_vm import machine  # noqa: E402

BOOT = ("220-systemd-boot", "221-", "222-", "223-", "224-systemd-boot-timeouts", "226-", "228-", "230-", "240-", "244-", "248-")
FEW = ("220-systemd-boot:version", "221-systemd-boot-tries-used-up", "230-unified-kernel-image:removable", "240-extlinux-gpt:menu")
# The marker of another version is put into the loader, which reads on as the one that it is.
# The stub is older than add-ons.
NOT_REAL = ("220-systemd-boot:old", "220-systemd-boot:old-glob", "220-systemd-boot:preferred", "224-systemd-boot-timeouts-that-end:old",
            "230-unified-kernel-image:addon", "230-unified-kernel-image:addon-for-all")
PATIENCE = 180


def kernel_line(image, firmware, work):
    """The command line that a kernel prints; None: none came."""
    log, overlay = os.path.join(work, "console.log"), os.path.join(work, "disk.qcow2")
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", image, overlay], check=True)
    command = machine.command(overlay, work, "virtio-blk", firmware, "tcg", 1024, 1)
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as guest:
        try:
            until, ended = time.monotonic() + PATIENCE, False
            while time.monotonic() < until and not ended:
                time.sleep(0.3)
                ended = guest.poll() is not None  # what it printed before is looked at all the same
                text = read(log) if os.path.exists(log) else b""
                found = re.search(rb"Command line: (.*?)\r?\n", text)
                if found:
                    return found.group(1).decode("utf-8", "replace").strip()
        finally:
            guest.kill()
    tail = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b" ", text)[-1500:].decode("ascii", "replace")
    print("".join("# console: %s\n" % line.strip() for line in tail.splitlines() if line.strip()), end="")
    return None


def bare(line):
    return " ".join(word for word in line.split() if not word.startswith(("initrd=", "BOOT_IMAGE=")))


def compare(root, case, command):
    """(what bootready says, what booted)."""
    shop = cases.workshop(root, case)
    try:
        report = judge.judge(case, command, shop, lambda report: ()).report
        firmware = "bios" if "bios" in case.args else "uefi"
        said = [boot["cmdline"] for boot in report["boot"] if boot["firmware"] == firmware]
        with tempfile.TemporaryDirectory() as work:
            return bare((said or [None])[0] or ""), bare(kernel_line(shop.image, firmware, work) or "")
    finally:
        cases.discard(shop)


def main(words):
    command = os.path.join(TOP, "build/bootready")
    names = [name for name in cases.names() if name.startswith(BOOT)]
    loaded = [case for name in names for case in cases.load(name) if case.name not in NOT_REAL]
    if words and words != ["all"]:
        loaded = [case for case in loaded if any(word in case.name for word in words)]
    elif not words:
        loaded = [case for case in loaded if case.name in FEW]
    why = mounts.usable() or (None if shutil.which("qemu-system-x86_64") else "QEMU is not installed")
    passed, failed, skipped = 0, 0, 0
    root = None if why else base.get()
    for case in loaded:
        try:
            if why:
                raise SkipCase(why)
            said, booted = compare(root, case, command)
        except SkipCase as reason:
            skipped += 1
            print("ok - %s # SKIP %s" % (case.name, reason), flush=True)
            continue
        if said and said == booted:
            passed += 1
            print("ok - %s boots what is said" % case.name, flush=True)
        else:
            failed += 1
            print("not ok - %s\n# said:   %s\n# booted: %s" % (case.name, said, booted or "nothing"), flush=True)
    print("%d passed, %d failed%s" % (passed, failed, ", %d skipped" % skipped if skipped else ""))
    return 1 if failed else 0


mounts.enter()
sys.exit(main(sys.argv[1:]))
