# SPDX-License-Identifier: LGPL-2.1-or-later
"""The cases: a folder of tests/roots is a case; its file `case` says what must come out.

[case]      about; optionally
            layout   partitions in disk order (bios esp boot root swap data lvm spare), label (gpt or dos)
            args     more arguments of `check`; $WORK stands for the case's folder, $ROOT for the judged
                     root, $VARIANT for the variant
            exit     the exit status that is wanted (default 0 with every check OK or WARNING)
            seconds  the longest it may take (default 20)
            mounted  which of "boot esp" are mounted below the root (default: all there are)
            disk     no: --disk is left out
            folder   yes: the root is judged as the folder, not as the mounted image
            variants words; the case runs once for each, with $VARIANT set to it for its scripts
            distros  whose roots it is judged on, a folder of distros/ or debian12, the base (default); the case runs once for each
            others   any: checks that [expect] does not name are not what the case is about, and may say anything but FAILED
            strict   no: other findings than those of [findings] may appear
[expect]    CHECK = STATUS for every check that is not OK; several, any of which will do: A|B
[findings]  CODE = SEVERITY [PATH[:LINE]]: every finding that is no info, and infos that must be there; of severity none:
            must not be there, not even as info ($VARIANT as in args)
[fixes]     CODE = words that the finding's fix holds ($ROOT as in args)
[messages]  CODE = words that the finding's message holds ($VARIANT as in args)

`break` runs first and changes the folders $TREE (the root), $ESP and, by bin/initramfs, the initramfs; `break-disk` runs on
the finished image $DISK, whose partitions start at byte $AT_ROOT, $AT_ESP... Both have bin/ in their PATH.
"""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from dataclasses import dataclass

from . import base as base_module
from . import disk, judge, mounts
from .tools import SkipCase, SuiteError, overlay, read, run

ROOTS = base_module.ROOTS
TOP = os.path.dirname(os.path.dirname(ROOTS))
WORK = os.path.join(TOP, "build", "roots")
_KEYS = {"about", "layout", "label", "args", "exit", "seconds", "mounted", "disk", "folder", "variants",
         "strict", "distros", "others"}
PLAIN = "debian12"  # the base as it is
_STATUSES = ("OK", "WARNING", "FAILED", "UNKNOWN", "SKIPPED")
_SEVERITIES = ("failed", "unknown", "warning", "info", "none")


@dataclass
class Case:
    name: str
    folder: str
    about: str
    layout: disk.Layout
    args: str
    exit: list
    seconds: float
    mounted: list
    with_disk: bool
    as_folder: bool
    variant: str
    distro: str
    strict: bool
    others: str
    expect: dict
    findings: dict
    fixes: dict
    messages: dict


def _expected_exit(case, statuses):
    if "exit" in case:
        return [int(word) for word in case["exit"].split()]
    if "FAILED" in statuses:
        return [1]
    return [2] if "UNKNOWN" in statuses else [0]


def _section(parser, name):
    return dict(parser[name]) if parser.has_section(name) else {}


def load(name, parent=ROOTS):
    """The case of that folder, once for each of its variants."""
    folder = os.path.join(parent, name)
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str
    try:
        with open(os.path.join(folder, "case"), encoding="utf-8") as file:
            parser.read_file(file)
        case = parser["case"]
        expect = {check: status.split("|") for check, status in _section(parser, "expect").items()}
        findings = {}
        for code, value in _section(parser, "findings").items():
            severity, _, place = value.partition(" ")
            findings[code] = (severity, place.strip())
        bad = (set(case) - _KEYS or set(parser.sections()) - {"case", "expect", "findings", "fixes", "messages"} or
               [s for words in expect.values() for s in words if s not in _STATUSES] or
               [s for s, _ in findings.values() if s not in _SEVERITIES])
        if bad:
            raise ValueError("not understood: %s" % " ".join(bad))
        layout = disk.Layout(case.get("layout", "bios esp root"), case.get("label", "gpt"))
        mounted = case.get("mounted", "boot esp").split()
        return [Case(":".join([name] + [word for word in (distro if distro != PLAIN else "", variant) if word]), folder, case["about"], layout, case.get("args", ""),
                     _expected_exit(case, [words[0] for words in expect.values()]), float(case.get("seconds", "20")), mounted,
                     case.getboolean("disk", True), case.getboolean("folder", False), variant, distro, case.getboolean("strict", True), case.get("others", ""),
                     expect, {code.replace("$VARIANT", variant): wanted for code, wanted in findings.items()}, _section(parser, "fixes"), _section(parser, "messages"))
                for distro in case.get("distros", PLAIN).split() for variant in case.get("variants", "").split() or [""]]
    except (OSError, KeyError, ValueError, configparser.Error) as error:
        raise SuiteError("%s/case: %s" % (name, error)) from None


def names():
    return sorted(name for name in os.listdir(ROOTS) if os.path.exists(os.path.join(ROOTS, name, "case")))


class Workshop:
    """One case's folder: what is made for it, and what its scripts see."""

    def __init__(self, base, case, work):
        self.base, self.case, self.work = base, case, work
        self.tree, self.esp = os.path.join(work, "tree"), os.path.join(work, "esp")
        self.image, self.root = os.path.join(work, "disk.raw"), os.path.join(work, "root")

    def environment(self):
        more = dict(WORK=self.work, TREE=self.tree, ESP=self.esp, DISK=self.image, R=self.base.release, BASE=self.base.folder,
                    PATH="%s:/usr/sbin:/usr/bin:/sbin:/bin" % os.path.join(ROOTS, "bin"), CANARY=judge.CANARY, LC_ALL="C",
                    ROOT_UUID=disk.UUIDS["root"], BOOT_UUID=disk.UUIDS["boot"], ESP_UUID=disk.UUIDS["esp"],
                    DATA_UUID=disk.UUIDS["data"], VARIANT=self.case.variant, DISTRO=self.case.distro, SWAP_UUID=disk.UUIDS["swap"], ROOT_PARTUUID=disk.PARTUUIDS["root"], ESP_PARTUUID=disk.PARTUUIDS["esp"])
        for role, start in self.case.layout.start.items():
            more["AT_" + role.upper()] = str(start)
        return more

    def script(self, name):
        path = os.path.join(self.case.folder, name)
        if not os.path.exists(path):
            return
        done = subprocess.run(["bash", "-euo", "pipefail", path], env=self.environment(), cwd=self.work, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode == 77:
            raise SkipCase(done.stdout.decode("utf-8", "replace").strip())
        if done.returncode != 0:
            raise SuiteError("%s/%s failed: %s" % (self.case.name, name, done.stdout.decode("utf-8", "replace").strip()))

    def _changes(self, what):
        """Does the case's script speak of it? What it leaves alone is taken as it was made for all."""
        path = os.path.join(self.case.folder, "break")
        return os.path.exists(path) and what in read(path).decode()

    def _become(self):
        """Lays the distribution's files over the tree."""
        if self.case.distro == PLAIN:
            return
        folder = os.path.join(ROOTS, "distros", self.case.distro)
        for path in read(os.path.join(folder, "ABSENT")).decode().split():
            path = self.tree + path
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            elif os.path.lexists(path):
                os.unlink(path)
        overlay(folder, self.tree)

    def make(self):
        """The finished disk of this layout is copied, and changed in its file systems: a tenth of making one."""
        layout = self.case.layout
        disk.copy(disk.finished(self.base, layout), self.image)
        disk.fill_esp(self.base, layout, self.esp)
        os.mkdir(self.tree)
        if self.case.as_folder:
            self.tree = disk.fill(self.base, layout, os.path.join(self.work, "folder"))
            self._become()
            self.script("break")
        elif self.case.distro != PLAIN or os.path.exists(os.path.join(self.case.folder, "break")):
            mounts.mount_root(self.image, layout, self.tree, write=True)
            if "boot" in layout.roles:
                mounts.mount_boot(self.image, layout, self.tree, write=True)
            try:
                self._become()
                self.script("break")
            finally:
                mounts.unmount(self.tree)
        if "esp" in layout.roles and (self._changes("$ESP") or self._changes("sdboot ")):
            disk.put_esp(layout, self.esp, self.image, self.work)
        self.script("break-disk")

    def mount(self):
        layout, mounted = self.case.layout, self.case.mounted
        if self.case.as_folder:
            self.root = self.tree
            return
        os.mkdir(self.root)
        mounts.mount_root(self.image, layout, self.root)
        if "boot" in layout.roles and "boot" in mounted:
            mounts.mount_boot(self.image, layout, self.root)
        if "esp" in layout.roles and "esp" in mounted and os.path.isdir(os.path.join(self.root, "boot/efi")):
            mounts.mount_esp(self.image, layout, self.esp, self.root)

    def unmount(self):
        if os.path.ismount(self.root):
            mounts.unmount(self.root, lazily=True)

    def _fill(self, word):
        for name, value in (("$WORK", self.work), ("$ROOT", self.root), ("$VARIANT", self.case.variant)):
            word = word.replace(name, value)
        return word

    def arguments(self):
        # A busy machine takes its time; what a check takes of the processor is looked at by itself.
        args = ["--deadline", "100", "--root", self.root]
        if self.case.with_disk:
            args += ["--disk", self.image]
        return args + [self._fill(word) for word in shlex.split(self.case.args)]


def in_memory():
    """From here on workshops are made on a tmpfs: on a disk, to unmount one's file systems waits until they are written.
    It goes with the mount namespace of the suite (mounts.enter)."""
    os.makedirs(WORK, exist_ok=True)
    run("mount", "-t", "tmpfs", "-o", "size=3g", "roots", WORK)


def workshop(base, case):
    """A made workshop in a folder of its own below build/roots; the caller gives it back with discard()."""
    os.makedirs(WORK, exist_ok=True)
    shop = Workshop(base, case, tempfile.mkdtemp(prefix=re.sub("[^a-z0-9-]", "-", case.name) + "-", dir=WORK))
    try:
        shop.make()
        shop.mount()
    except BaseException:
        discard(shop)
        raise
    return shop


def discard(shop):
    shop.unmount()
    shutil.rmtree(shop.work, ignore_errors=True)


def run_case(base, case, commands, validate, keep=False, table_too=True):
    """A judgement for each of the commands, of the same root: none of them changes it."""
    shop = workshop(base, case)
    try:
        return [judge.judge(case, command, shop, validate, table_too) for command in commands]
    finally:
        if not keep:
            discard(shop)
