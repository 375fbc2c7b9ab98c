# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reports to be shown: real ones, of the suite's roots, and those made from them."""

import copy
import json
import os

# A root a link of the chain that breaks, and one of each verdict.
NAMES = ("01-healthy", "10-virtio-missing", "40-fstab-missing-tag", "64-fstab-odd-bytes", "95-kernel-missing", "102-root-by-kernel-name",
         "140-no-disk-named", "201-grub-prefix-missing", "290-initramfs-waits-for-what-is-gone", "333-boot-code-gone-beside-uefi")
DIGEST = "0123456789abcdef" * 4
COUNTS = ("FAILED",)


def real(context, kept={}):  # pylint: disable=dangerous-default-value  # one making for all tests
    """{name: report} of NAMES."""
    if not kept:
        for name in NAMES:
            kept[name] = json.loads(context.check(name, "--format", "json").out)
    return kept


def counts(check):
    """Does a pipeline count it against the image?"""
    return check["status"] == "FAILED" or (check["status"] == "UNKNOWN" and check["level"] == "high")


def settled(report):
    """With the sums and the verdict that its checks give."""
    statuses = [check["status"] for check in report["checks"]]
    report["summary"] = {"total": len(statuses), **{word.lower(): statuses.count(word) for word in ("OK", "WARNING", "FAILED", "UNKNOWN", "SKIPPED")}}
    nothing = all(status == "SKIPPED" for status in statuses)
    report["verdict"] = ("not-ready" if "FAILED" in statuses else "undetermined" if nothing or any(counts(c) for c in report["checks"]) else "ready")
    return report


def finding(severity, code="fstab-not-read", path="/etc/fstab", line=3, fix="true", message="a message"):
    return {"code": code, "severity": severity, "basis": "policy", "message": message, "path": path, "line": line, "fix": fix}


def with_statuses(report, statuses):
    """The report, with checks of these ids set to these statuses."""
    made = copy.deepcopy(report)
    severities = {"OK": None, "WARNING": "warning", "FAILED": "failed", "UNKNOWN": "unknown", "SKIPPED": "info"}
    for check in made["checks"]:
        if check["id"] in statuses:
            check["status"] = statuses[check["id"]]
            check["findings"] = [finding(severities[check["status"]], check["id"].lower() + "-not-read")] if severities[check["status"]] else []
    return settled(made)


def put(folder, name, report):
    """Writes it as NAME.json, and gives the path."""
    path = os.path.join(folder, name + ".json")
    with open(path, "wb") as file:
        file.write(report if isinstance(report, bytes) else json.dumps(report).encode())
    return path
