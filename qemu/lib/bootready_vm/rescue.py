# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rescue image put to work: one boot in which every root on some disks is asked any number of questions.

The questions go in by one virtio-serial port, a tar file; the answers come out of another, framed:

    waiting, asked       before and after it has read the questions
    root N DEVICE TYPE [OPTIONS]         a root was found; what follows is about it
    saved N [WHY NOT]                    the report was written to root N, or could not be
    answer QUESTION N STATUS OUT ERR     then OUT bytes of standard output, ERR bytes of standard error, a newline
    encrypted DEVICE TYPE                not looked at
    missed TEXT          what may have a root was not looked at
    problem TEXT
    end                                  nothing is missing
"""

import contextlib
import functools
import glob
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

from . import accel as accelerator
from . import along, console, cpio, disk, machine, warm
from .errors import HarnessError, UsageError

QEMU = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
BOOTREADY = os.path.join(os.path.dirname(QEMU), "build", "bootready")
PORT = "org.bootready.rescue"
QUESTIONS = "org.bootready.questions"
MAX_IMAGES = 25

# What only a machine of our own may do without: waiting for timers that are known to work, self tests, mitigations,
# pages without what was in them before, security modules.
_FAST = "quiet panic=-1 mitigations=off no_timer_check tsc=reliable cryptomgr.notests init_on_alloc=0 lsm="

# For the ports, and for what nearly every image has: a machine that is kept has it loaded.
_FIRST = b"virtio_pci virtio_console ext4 vfat nls_cp437 nls_ascii"


@dataclass
class Answer:
    status: int
    output: str
    errors: str


@dataclass
class Root:
    """A root that was found, and its answers, one a question, in their order."""
    device: str
    fs: str
    options: str
    answers: list = field(default_factory=list)
    saved: str = None  # "" the report is on it; else why it is not


@dataclass
class Answers:
    roots: list = field(default_factory=list)
    encrypted: list = field(default_factory=list)  # "DEVICE TYPE"
    missed: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    seconds: float = 0.0


def parse(raw):
    """(Answers, whether all of it came) of the bytes that the port gave."""
    try:
        return _parse(raw)
    except ValueError:
        raise HarnessError("the rescue image said what nobody understands") from None


def _parse(raw):
    found, at = Answers(), 0
    while True:
        end = raw.find(b"\n", at)
        if end < 0:
            return found, False
        word, _, rest = raw[at:end].decode("utf-8", "replace").partition(" ")
        at = end + 1
        if word == "end":
            return found, True
        if word in (warm.WAITING, warm.ASKED):
            continue
        if word == "root":
            _, device, fs, options = (rest + " ").split(" ", 3)
            found.roots.append(Root(device, fs, options.strip()))
        elif word == "answer":
            _, number, status, out, err = (int(value) for value in rest.split())
            middle, end = at + out, at + out + err
            if len(raw) <= end or not 0 < number <= len(found.roots):
                return found, False
            found.roots[number - 1].answers.append(Answer(
                status, raw[at:middle].decode("utf-8", "replace"), raw[middle:end].decode("utf-8", "replace")))
            at = end + 1
        elif word == "saved":
            number, _, why = rest.partition(" ")
            if not number.isdigit() or not 0 < int(number) <= len(found.roots):
                return found, False
            found.roots[int(number) - 1].saved = why
        elif word == "encrypted":
            found.encrypted.append(rest)
        elif word == "missed":
            found.missed.append(rest)
        elif word == "problem":
            found.problems.append(rest)
        else:
            raise HarnessError("the rescue image said what nobody understands: %.80r" % word)


def program_files(bootready):
    """{path: (mode, bytes)} of what changes more often than the rescue image: its scripts and the checker."""
    module = os.path.join(os.path.dirname(QEMU), "module", "rescue")
    files = {"init": (0o755, warm.read(os.path.join(module, "init.sh"))), "usr/bin/bootready": (0o755, warm.read(bootready))}
    for library in sorted(glob.glob(os.path.join(module, "rescue-*.sh"))):
        files["usr/lib/bootready/" + os.path.basename(library)] = (0o644, warm.read(library))
    return files


def write_initramfs(base, files, path):
    """The initramfs `base` with these files behind it, at `path`."""
    with open(path, "wb") as out:
        with open(base, "rb") as file:
            shutil.copyfileobj(file, out)
        out.write(bytes(-out.tell() % 4) + cpio.archive(files))


def write_image(folder, bootready=BOOTREADY):
    """The rescue image as one boots it without the harness: vmlinuz, initramfs.img and bootready.iso in `folder`."""
    files = make()
    os.makedirs(folder, exist_ok=True)
    shutil.copyfile(os.path.join(files, "vmlinuz"), os.path.join(folder, "vmlinuz"))
    write_initramfs(os.path.join(files, "initramfs.img"), program_files(bootready), os.path.join(folder, "initramfs.img"))
    _write_iso(files, folder)


def _write_iso(files, folder):
    """A hybrid of both in `folder`: El Torito for a CD, a boot sector and an EFI partition for a disk."""
    tree = tempfile.mkdtemp(prefix="bootready-iso-")
    iso = os.path.join(folder, "bootready.iso")
    try:
        os.makedirs(os.path.join(tree, "boot", "grub"))
        for name, where in (("vmlinuz", folder), ("initramfs.img", folder), ("bios.img", files)):
            shutil.copyfile(os.path.join(where, name), os.path.join(tree, "boot", name))
        shutil.copyfile(os.path.join(QEMU, "rescue", "grub.cfg"), os.path.join(tree, "boot", "grub", "grub.cfg"))
        with open(os.path.join(tree, "boot", "bootready.id"), "w", encoding="ascii"):
            pass
        disk.run("xorriso", "-as", "mkisofs", "-quiet", "-o", iso + ".part", "-V", "BOOTREADY", "-R", "-J",
                 "-b", "boot/bios.img", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", "--grub2-boot-info",
                 "--grub2-mbr", os.path.join(files, "mbr.img"),
                 "-append_partition", "2", "0xef", os.path.join(files, "efi.img"), "-appended_part_as_gpt",
                 "-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot", tree)
        os.replace(iso + ".part", iso)
    finally:
        shutil.rmtree(tree)


def make():
    """The folder of the rescue kernel and initramfs, which are made if they are not in the cache."""
    done = subprocess.run([os.path.join(QEMU, "rescue", "make")], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          check=False)
    if done.returncode != 0:
        raise HarnessError("the rescue image could not be made (qemu/rescue/make)")
    return done.stdout.decode().strip()


def _overlays(images, folder):
    """A file for each image that takes what is written, until it is put into the image."""
    overlays = []
    for number, image in enumerate(images):
        overlay = os.path.join(folder, "disk%d.qcow2" % number)
        disk.make_overlay(image, overlay, None)
        overlays.append(overlay)
    return overlays


def with_roots(overlays, roots):
    """Those of the disks that these roots are on: what another journal's replay wrote is nobody's business. All of them
    where a root may be on several."""
    numbers = [root.fs != "btrfs" and re.fullmatch(r"/dev/vd([a-z])\d*", root.device) for root in roots]
    return overlays if not all(numbers) else [overlays[n] for n in sorted({ord(m[1]) - ord("a") for m in numbers})]


def _commit(overlays):
    """What an overlay holds goes into its image. A signal waits so long: half of it would be worse than none."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    kept = [signal.signal(number, signal.SIG_IGN) for number in signals]
    try:
        for overlay in overlays:
            disk.run("qemu-img", "commit", "-q", overlay)
    finally:
        for number, handler in zip(signals, kept):
            signal.signal(number, handler)


def _sectors(image):
    size = disk.sector_size(image)
    return "" if size == disk.SECTOR else ",logical_block_size=%d,physical_block_size=%d" % (size, size)


def _drives(images, snapshot):
    words = []
    for number, image in enumerate(images):
        form = disk.image_info(image)["format"]
        # snapshot: what is written goes to a file of QEMU's that has no name; the image itself is opened for reading.
        words += ["-drive", "if=none,id=disk%d,format=%s,snapshot=%s,cache=unsafe,file=%s" % (
            number, form, "on" if snapshot else "off", os.path.abspath(image).replace(",", ",,")),
                  "-device", "virtio-blk-pci,drive=disk%d%s" % (number, _sectors(image))]
    return words


def command(images, files, initramfs, folder, accel, memory, snapshot=True):
    return [
        machine.qemu(), "-machine", "q35", *machine.accel_arguments(accel), "-m", str(memory), "-smp", "1",
        "-nodefaults", "-no-user-config", "-no-reboot", "-nic", "none", "-display", "none",
        "-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
        "-kernel", os.path.join(files, "vmlinux"), "-initrd", initramfs, "-append", "console=ttyS0 " + _FAST,
        "-serial", "file:" + os.path.join(folder, "console.log"),
        "-device", "virtio-serial-pci", "-chardev", "file,id=answers,path=" + os.path.join(folder, "answers"),
        "-device", "virtserialport,chardev=answers,name=" + PORT, "-chardev", "stdio,id=questions,signal=off",
        "-device", "virtserialport,chardev=questions,name=" + QUESTIONS, *_drives(images, snapshot),
        "-drive", "if=none,id=more,format=raw,readonly=on,file=" + os.path.join(files, "more.tar").replace(",", ",,"),
        "-device", "virtio-blk-pci,drive=more,serial=bootready-more",
    ]


def _complaint(folder, late, timeout):
    """Why there is no whole answer, in one line."""
    said = console.last_lines(console.clean(warm.read(os.path.join(folder, "console.log"))), 3)
    qemu = warm.read(os.path.join(folder, "qemu.log")).decode("utf-8", "replace").strip().splitlines()
    why = "no answer in %d s" % timeout if late else "it ended without its answer"
    return "the rescue image: %s; its console: %s" % (why, " | ".join(said or qemu[-1:] or ["nothing"]))


@contextlib.contextmanager
def _work(log):
    """A folder for QEMU's files, short as a socket's path has to be; what tells of the run is kept in `log`."""
    folder = tempfile.mkdtemp(prefix="bootready-")
    try:
        yield folder
    finally:
        if log:
            os.makedirs(log, exist_ok=True)
            for name in ("console.log", "qemu.log", "answers"):
                if os.path.exists(os.path.join(folder, name)):
                    shutil.copyfile(os.path.join(folder, name), os.path.join(log, name))
        shutil.rmtree(folder, ignore_errors=True)


def _questions(files, disks, save, folder):
    """The path of the questions, with the time of now."""
    asked = os.path.join(folder, "questions.tar")
    settings = b"disks=%d drivers=virtio_blk replay=yes save=%s now=%d\n" % (disks, b"yes" if save else b"no", time.time())
    along.write_tar({**files, "ask/settings": (0o644, settings)}, asked)
    return asked


def ask(images, questions, accel="auto", timeout=180, log=None, memory=512, bootready=BOOTREADY, files=None,
        save=False):
    """Answers of one boot. `images`: the disks of one machine, which are not changed. `questions`: lists of arguments
    for `bootready check`, or "decide" and those for it (REPORT: --report FILE). `files`: the rescue image's folder, where the caller knows it. `save`: the report of the last
    question is written to every root, into the image. HarnessError where not every root has answered every question:
    no image is changed then."""
    if not 0 < len(images) <= MAX_IMAGES:
        raise UsageError("give from 1 to %d images: the disks of one machine" % MAX_IMAGES)
    if not os.access(bootready, os.X_OK):
        raise HarnessError("%s is not there: run make first" % bootready)
    started = time.monotonic()
    deadline = started + timeout
    chosen = accelerator.choose(accel)[0]
    with _work(log) as folder:
        extra, names = along.question_files(questions)
        files = files or make()
        initramfs = os.path.join(folder, "initramfs.img")
        write_initramfs(os.path.join(files, "quick.img"),
                        {**program_files(bootready), "ask/settings": (0o644, b"disks=1 drivers='%s'\n" % _FIRST)}, initramfs)
        attached = _overlays(images, folder) if save else images
        words = command(attached, files, initramfs, folder, chosen, memory, not save)
        kept = warm.place(words, folder, initramfs, files) if chosen == "tcg" and len(images) == 1 else None
        if kept:
            warm.keep(words, folder, kept, deadline)
        found, whole, late = Answers(), False, False
        for run in [functools.partial(warm.ask, kept=kept)] * bool(kept) + [warm.boot]:
            # What one has written that did not come to its end is nothing for the next.
            if save:
                _overlays(images, folder)
            late = run(words, folder, _questions(extra, len(images), save, folder), deadline=deadline)
            found, whole = parse(warm.answers(folder))
            if whole or late:
                break
        if not whole:
            raise HarnessError(_complaint(folder, late, timeout))
        # All that was written or nothing of it: a root that could not take its report whole leaves every image alone.
        if save and found.roots and all(root.saved == "" for root in found.roots):
            _commit(with_roots(attached, found.roots))
    for answer in (answer for root in found.roots for answer in root.answers):
        answer.output, answer.errors = along.named_as_here(answer.output, names), along.named_as_here(answer.errors, names)
    found.seconds = time.monotonic() - started
    return found
