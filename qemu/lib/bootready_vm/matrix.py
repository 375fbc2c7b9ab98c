# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every disk controller and firmware for one image of the user's own: the verdict beside what the boot came to."""

import json
import os
from dataclasses import asdict, dataclass

from . import boot, machine, rescue, truth


@dataclass
class Line:
    disk: str
    firmware: str
    said: str
    did: str
    agree: str  # yes, NO, or ? where one of the two is not known
    seconds: float
    evidence: list
    codes: list
    console: str


def machines():
    return [(place, firmware) for place in machine.DISKS for firmware in machine.FIRMWARES]


def agreement(said, outcome):
    """Of a boot without a beacon all that is known is whether userspace came."""
    if said is None or outcome == "undetermined":
        return "?"
    says_lost = "userspace" in said.lost
    if not says_lost and said.verdict == "undetermined":
        return "?"
    return "yes" if says_lost == (outcome != "userspace") else "NO"


def ask(image, accel, log):
    """What is said of the image on each machine; None where not exactly one root is there to speak of."""
    questions = [["--profile", truth.profile(place), "--firmware", firmware, "--format", "json"] for place, firmware in machines()]
    roots = rescue.ask([image], questions, accel=accel, log=log).roots
    if len(roots) != 1:
        return [None] * len(questions)
    return [truth.Said.of(json.loads(answer.output)) for answer in roots[0].answers]


def run(image, options, progress=lambda what: lambda seconds, stage: None):
    """Yields a Line a machine as it comes."""
    for (place, firmware), said in zip(machines(), ask(image, options["accel"], os.path.join(options["log"], "check"))):
        log = os.path.join(options["log"], "%s-%s" % (place, firmware))
        request = boot.Request(image, place, firmware, None, options["accel"], options["timeout"], log, options["memory"], options["smp"])
        outcome = boot.boot(request, progress("%s %s" % (place, firmware)))
        did = {"userspace": "userspace", "stopped": "stopped at %s" % outcome.stage}.get(outcome.outcome, "undetermined")
        yield Line(place, firmware, "UNKNOWN" if said is None else truth.said_word(said), did, agreement(said, outcome.outcome),
                   outcome.seconds, outcome.evidence, [] if said is None else said.codes, os.path.join(log, "console.log"))


def exit_status(lines):
    if any(line.agree == "NO" for line in lines):
        return 1
    return 2 if any(line.agree == "?" for line in lines) else 0


HEAD = "%-11s %-4s  %-12s  %-30s %s" % ("disk", "fw", "said", "boot", "agree")


def as_table(line):
    return "%-11s %-4s  %-12s  %-30s %s" % (
        line.disk, line.firmware, line.said, "%s, %.0f s" % (line.did, line.seconds), line.agree)


def as_json(image, lines):
    return json.dumps({"schema": "bootready-matrix/1", "image": image, "rows": [asdict(line) for line in lines]}, indent=2)
