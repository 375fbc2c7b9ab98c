# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a console log proves: how far the boot came, and whether it has stopped.

Pure text in, facts out, so that logs of real boots can be its tests. The stages, in the order of a boot:
firmware, bootloader, kernel, initramfs, root, userspace.
"""

import re

STAGES = ("firmware", "bootloader", "kernel", "initramfs", "root", "userspace")

# Terminal control: cursor movement and colours (CSI; systemd cuts some short), character sets, keypad modes, the rest.
_CONTROL = re.compile(r"\x1b\[[0-9;?=]*[A-Za-z]?|\x1b[()][0-9A-B]|\x1b[=>78cM]|[\x00-\x08\x0b-\x1f\x7f]")
# What others print to the same console: kernel messages and systemd's status lines.
_FOREIGN_LINE = re.compile(r"^(<\d+>)?\[ *\d+\.\d+\]|^\[ *(OK|FAILED|DEPEND|WARN|INFO|TIME|\*+) *\]")

# Seen once, the stage is reached. Words that the stage itself prints, not the one before it. No pattern begins with
# .* : the whole line is taken afterwards, and the search stays fast on a long log.
_REACHED = [(stage, re.compile(pattern, re.M)) for stage, pattern in (
    ("firmware", r"SeaBIOS \(version|BdsDxe: (?:loading|starting|failed to load) |UEFI Interactive Shell"),
    ("bootloader", r"GRUB loading|Welcome to GRUB!|GNU GRUB +version|^grub(?: rescue)?> |^systemd-boot |"
                   r"(?:ISO|EXT|SYS)LINUX \d|^EFI stub: "),
    ("kernel", r"\[ *\d+\.\d+\] (?:Linux version|Command line:|Kernel command line:) "),
    ("initramfs", r"Run /init as init process|systemd\[1\]: Running in init(?:rd|ial RAM disk)|^dracut(?:: |-)|"
                  r"Starting dracut |^Loading, please wait|Welcome to .*[Ii]nitramfs\)|^Begin: "),
    # systemd reaches the target of the switch before it switches: it may fail.
    ("root", r"systemd\[1\]: Switching root|"
             r"Reached target .*initrd-switch-root\.target(?![\s\S]*Failed to start .*initrd-switch-root\.service)|"
             r"EXT4-fs \([^)]*\): mounted filesystem |XFS \([^)]*\): Ending clean mount|"
             r"BTRFS info \(device [^)]*\): |Running /scripts/init-bottom|^INIT: version .* booting"),
    ("userspace", r"^\S+ login: |Reached target .*multi-user\.target|Startup finished in .*userspace"),
)]

# Seen, the boot is over once nothing better has come for so many seconds. None: whatever stage was reached.
_STOPPED = [(stage, re.compile(pattern, re.M), settle) for stage, pattern, settle in (
    ("firmware", r"^No bootable device\.|BdsDxe: No bootable option or device was found|^Shell> ", 3),
    ("bootloader", r"^grub rescue> ?|^grub> ?|Minimal BASH-like line editing is supported", 3),
    ("bootloader", r"Press any key to continue\.\.\.", 30),
    # A menu that waits, or a password that is asked for: nothing but a person ends it.
    ("bootloader", r"(?:Use the .* keys to (?:select|change)|^Enter username: ?)(?![\s\S]*(?:Booting `|Loading Linux|Loading initial))", 60),
    (None, r"Kernel panic - not syncing|systemd\[1\]: Freezing execution", 3),
    ("initramfs", r"^\(initramfs\) ?|Dropping to a shell!|^Press Enter for maintenance", 3),
    # A device that the initramfs waits for without end: dracut with systemd, where no time-out is set.
    (None, r"(?:A start job is running for /dev/|Job \S+ running \().*/ no limit\)", 120),
    (None, r"Entering emergency mode\.|^Press Enter for maintenance|^Give root password for maintenance|"
           r"You are in (?:emergency|rescue) mode|Cannot open access to console, the root account is locked", 15),
)]

# Why, where the log says so: shown as evidence beside the stop.
_REASONS = re.compile(
    r"^error: |^Warning: .* does not exist|dracut Warning: (?:Could not boot|.*does not exist|.*not found)|Timed out waiting for device |"
    r"Dependency failed for \S+\.mount|VFS: Unable to mount root fs|Failed to mount |Failed to switch root|ALERT! |"
    r"No working init found|Initramfs unpacking failed|^Boot failed: |BdsDxe: failed to ", re.M)

_TABLE = re.compile(r"^-{20,60}$\nOS: .*\n(?:.*\n)*?^bootready: (?:READY|NOT READY|UNDETERMINED)\b.*$", re.M)


def clean(raw):
    """A raw console log as plain text."""
    return _CONTROL.sub("", raw.decode("utf-8", "replace"))


def _line(text, match):
    """The whole line in which the match begins."""
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.start())
    return text[start:end if end >= 0 else None].strip()


class Facts:
    """What the text so far proves.

    stage         the last stage reached, or None
    evidence      {stage: the line that proves it}
    stop          (line, seconds to settle) where something says that the boot is over, else None
    reasons       lines that say why, oldest first
    kernel_talks  kernel messages come to this console, so that its silence means something
    """

    def __init__(self, text):
        self.evidence = {}
        for stage, pattern in _REACHED:
            match = pattern.search(text)
            if match:
                self.evidence[stage] = _line(text, match)
        self.stage = next((stage for stage in reversed(STAGES) if stage in self.evidence), None)
        self.kernel_talks = "kernel" in self.evidence
        self.stop = self._find_stop(text)
        self.reasons = list(dict.fromkeys(_line(text, match) for match in _REASONS.finditer(text)))[:6]

    def _find_stop(self, text):
        reached = STAGES.index(self.stage) if self.stage else 0
        for stage, pattern, settle in _STOPPED:
            if stage and STAGES.index(stage) < reached:
                continue  # a boot loader's error, and the boot went on
            match = pattern.search(text)
            if match:
                return (_line(text, match), settle)
        return None


def table(text):
    """bootready's table as the console showed it, or None. Kernel messages that fell into it are left out."""
    lines = [line.rstrip() for line in text.splitlines() if not _FOREIGN_LINE.match(line)]
    tables = _TABLE.findall("\n".join(lines) + "\n")
    return tables[-1] if tables else None


def last_lines(text, count):
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return lines[-count:]
