# SPDX-License-Identifier: LGPL-2.1-or-later
"""The boot cases: a folder is a case; its file `case` says what must be found and what the boot must come to.

[case]    about, guest (a recipe of qemu/guests), check and code (the finding that the broken twin must have),
          grow (SIZE by which the disk grows before every boot)
[broken]  recipe (settings for qemu/guests/make); then a line a machine:
[mended]    DISK FIRMWARE = SAID DID

SAID      READY (the verdict is ready; the case's check, if any, is OK), NOT-READY (not ready, the check FAILED with
          that code), or - (the boot does not come far enough to be asked: another machine's line has the verdict)
DID       userspace, emergency, grown, not-grown (userspace, and what the root did), or the stage in which it stopped

`break` makes the defect in $IMAGE; `mend` undoes it in the broken image. A case without `mend` is mended by the recipe:
the mended twin is the same guest without [broken]'s settings.
"""

import configparser
import os
import shlex
import shutil
import subprocess
import tempfile
from dataclasses import dataclass

from . import beacon, boot, console, disk, machine, readback, show
from .errors import HarnessError, UsageError

QEMU = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
_SAID = ("READY", "NOT-READY", "-")
_DID = ("userspace", "emergency", "grown", "not-grown") + console.STAGES[:-1]


@dataclass
class Row:
    """One boot of a case and what it must show."""
    variant: str
    disk: str
    firmware: str
    said: str
    did: str


@dataclass
class Case:
    name: str
    folder: str
    about: str
    guest: str
    check: str
    code: str
    grow: str
    recipe: list
    rows: list


@dataclass
class Result:
    case: str
    variant: str
    disk: str
    firmware: str
    passed: bool
    said: str
    did: str
    why: str
    seconds: float
    log: str


def load(name):
    folder = os.path.join(QEMU, "cases", name)
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    try:
        with open(os.path.join(folder, "case"), encoding="utf-8") as file:
            parser.read_file(file)
        about = parser["case"]
        rows, recipe = [], []
        for variant in parser.sections()[1:]:
            for key, value in parser[variant].items():
                if key == "recipe":
                    recipe = shlex.split(value)
                    continue
                row = Row(variant, *key.split(), *value.split())
                if (row.variant not in ("broken", "mended") or row.disk not in machine.DISKS or row.said not in _SAID or
                        row.firmware not in machine.FIRMWARES or row.did not in _DID):
                    raise ValueError("%s = %s" % (key, value))
                rows.append(row)
        return Case(name, folder, about["about"], about["guest"], about.get("check"), about.get("code"),
                    about.get("grow"), recipe, rows)
    except (OSError, KeyError, ValueError, TypeError, configparser.Error) as error:
        raise HarnessError("cases/%s/case: %s" % (name, error)) from None


def names():
    return sorted(name for name in os.listdir(os.path.join(QEMU, "cases"))
                  if os.path.exists(os.path.join(QEMU, "cases", name, "case")))


def choose(wanted):
    """The cases whose names contain one of `wanted`; all without any."""
    chosen = [name for name in names() if not wanted or any(word in name for word in wanted)]
    for word in wanted:
        if not any(word in name for name in chosen):
            raise UsageError("no case has %s in its name; there are: %s" % (word, " ".join(names())))
    return [load(name) for name in chosen]


def _make_guest(case, settings):
    done = subprocess.run([os.path.join(QEMU, "guests", "make"), case.guest, *settings],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise HarnessError("%s: the guest %s could not be made" % (case.name, case.guest))
    return done.stdout.decode().strip()


def _change(case, script, image):
    """Runs the case's script on the image; one that is not there changes nothing."""
    path = os.path.join(case.folder, script)
    if not os.path.exists(path):
        return
    environment = dict(os.environ, IMAGE=image, PATH=QEMU + ":/usr/sbin:/sbin:" + os.environ.get("PATH", "/usr/bin:/bin"))
    done = subprocess.run(["sh", "-eu", path], env=environment, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise HarnessError("%s: %s failed" % (case.name, script))


def make_image(case, variant, module, folder):
    """A raw image of this twin in `folder`."""
    by_recipe = variant == "mended" and not os.path.exists(os.path.join(case.folder, "mend"))
    settings = ([] if by_recipe else case.recipe) + ([] if module else ["module=no"])
    base = _make_guest(case, settings)
    image = os.path.join(folder, variant + ".raw")
    disk.run("cp", "--sparse=always", "--reflink=auto", base, image)
    if not by_recipe:
        _change(case, "break", image)
        if variant == "mended":
            _change(case, "mend", image)
    return image


def judge_boot(row, outcome):
    """What the boot did, in the words of DID that fit the row."""
    if outcome.outcome == "undetermined":
        return "undetermined"
    if outcome.outcome == "stopped":
        return "emergency" if outcome.told.get("stage") == "emergency" else outcome.stage
    if row.did in ("grown", "not-grown"):
        return {True: "grown", False: "not-grown", None: "userspace"}[beacon.grown(outcome.told)]
    return "userspace"


def judge_report(case, row, report):
    """(what was said, a complaint or None)"""
    if row.said == "-":
        return "-", None
    if report is None:
        return "none", "no report came"
    said = {"ready": "READY", "not-ready": "NOT-READY", "undetermined": "UNDETERMINED"}.get(report.get("verdict"), "?")
    bad = [check for check in report.get("checks", []) if check.get("status") in ("FAILED", "UNKNOWN")]
    if said != row.said:
        return said, "said %s, not %s (%s)" % (said, row.said, _words(bad) or "no check FAILED")
    if not case.check:
        return said, None
    check = next((check for check in report["checks"] if check.get("id") == case.check), None)
    if check is None:
        return said, "the report has no check %s" % case.check
    if row.said == "READY":
        return said, None if check["status"] == "OK" else "%s is %s, not OK (%s)" % (case.check, check["status"], _words([check]))
    found = [finding for finding in check["findings"] if finding["severity"] == "failed" and finding["code"] == case.code]
    others = [check for check in bad if check["id"] != case.check]
    if check["status"] != "FAILED" or not found:
        return said, "%s did not fail with %s (%s)" % (case.check, case.code, _words([check]))
    if others:
        return said, "a check that has nothing to do with it: %s" % _words(others)
    return said, None


def _words(checks):
    return "; ".join("%s %s: %s" % (check["id"], check["status"], ", ".join(
        finding["code"] for finding in check.get("findings", []) if finding.get("severity") != "info") or "no finding")
        for check in checks)


def run_row(case, row, image, module, options, folder, note):
    overlay = os.path.join(folder, "overlay.qcow2")
    log = os.path.join(options["log"], case.name, "%s-%s-%s" % (row.variant, row.disk, row.firmware))
    request = boot.Request(image, row.disk, row.firmware, case.grow, options["accel"], options["timeout"], log,
                           keep_overlay=overlay)
    outcome = boot.boot(request, show.progress("%s %s %s %s" % (case.name, row.variant, row.disk, row.firmware)), note)
    did, said, complaint = judge_boot(row, outcome), "-", None
    if module:
        report = outcome.report or (readback.report(overlay) if row.said != "-" else None)
        said, complaint = judge_report(case, row, report)
    why = [] if complaint is None else [complaint]
    if did != row.did:
        why.append("the boot came to %s, not %s: %s" % (did, row.did, "; ".join(outcome.evidence)))
    os.unlink(overlay)
    return Result(case.name, row.variant, row.disk, row.firmware, not why, said, did, "; ".join(why), outcome.seconds, log)


def run_case(case, module, options, note):
    """Yields a Result a row. Images live only as long as their twin's rows."""
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "bootready")
    os.makedirs(cache, exist_ok=True)
    for variant in ("broken", "mended"):
        rows = [row for row in case.rows if row.variant == variant]
        if not rows:
            continue
        folder = tempfile.mkdtemp(prefix="case-", dir=cache)
        try:
            image = make_image(case, variant, module, folder)
            for row in rows:
                yield run_row(case, row, image, module, options, folder, note)
        finally:
            shutil.rmtree(folder)
