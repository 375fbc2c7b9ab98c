# SPDX-License-Identifier: LGPL-2.1-or-later
"""The outcome of a boot, for people and as JSON."""

import json
import os
import sys

from . import beacon


def progress(what=""):
    """A function that keeps one line of a terminal up to date; without a terminal it is silent. None clears the line."""
    if not sys.stderr.isatty():
        return lambda seconds, stage: None

    def show_line(seconds, stage):
        words = "" if seconds is None else "%s%4d s  %s" % (what, seconds, stage or "waiting for the firmware")
        sys.stderr.write("\r\x1b[K" + words)
        sys.stderr.flush()
    return show_line


def as_json(request, outcome):
    document = {
        "schema": "bootready-boot/1",
        "image": request.image,
        "machine": {"disk": request.disk, "firmware": request.firmware, "grow": request.grow, "accel": outcome.accel,
                    "memory": request.memory, "smp": request.smp},
        "outcome": outcome.outcome,
        "stage": outcome.stage,
        "evidence": outcome.evidence,
        "seconds": outcome.seconds,
        "beacon": outcome.told or None,
        "grown": beacon.grown(outcome.told),
        "report": outcome.report,
        "console": os.path.join(outcome.log, "console.log"),
    }
    return json.dumps(document, indent=2)


def as_table(request, outcome):
    lines = []
    if outcome.table:
        lines += [outcome.table, ""]
    grow = ", grown to %s" % request.grow if request.grow else ""
    lines.append("machine   %s, %s%s, %s (%s)" % (request.disk, request.firmware, grow, outcome.accel, outcome.accel_why))
    said = {"userspace": "userspace", "stopped": "stopped at %s" % outcome.stage,
            "undetermined": "undetermined (last seen: %s)" % (outcome.stage or "nothing")}
    lines.append("boot      %s, %.0f s" % (said[outcome.outcome], outcome.seconds))
    lines += ["evidence  " + line for line in outcome.evidence]
    if outcome.told.get("root_size"):
        lines.append("root      %(root_device)s, %(root_type)s" % outcome.told +
                     ", %d MiB" % (outcome.told["root_size"] >> 20))
    if outcome.report:
        lines.append("report    %s, by the port %s" % (outcome.report.get("verdict"), "org.bootready.report"))
    else:
        lines.append("report    none came by the port org.bootready.report")
    lines.append("console   " + os.path.join(outcome.log, "console.log"))
    return "\n".join(lines)
