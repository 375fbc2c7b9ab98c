# SPDX-License-Identifier: LGPL-2.1-or-later
"""Beacon, sizes, verdicts and the cases' own files."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from bootready_vm import beacon, boot, cases, disk  # noqa: E402
from bootready_vm.errors import UsageError  # noqa: E402

MIB = 1 << 20


class Beacon(unittest.TestCase):
    def test_lines(self):
        told = beacon.parse("stage=emergency\ncmdline=root=UUID=1 ro\nfailed=srv.mount\nroot_size=5\nnoise\nend=1\n")
        self.assertEqual(told, {"stage": "emergency", "cmdline": "root=UUID=1 ro", "failed": ["srv.mount"],
                                "root_size": 5, "end": 1})

    def test_console_instead_of_the_port(self):
        self.assertEqual(beacon.from_console("x\nbeacon: stage=userspace\n[ 1.0] beacon: end=1\n")["stage"], "userspace")
        self.assertEqual(beacon.from_console("no word\n"), {})

    def test_grown(self):
        def told(part, root, size):
            return {"part_start": 64 * MIB, "part_size": part * MIB, "disk_size": size * MIB, "root_size": root * MIB}
        self.assertTrue(beacon.grown(told(2560, 2400, 2625)))
        self.assertFalse(beacon.grown(told(1536, 1475, 2625)))   # the partition did not grow
        self.assertFalse(beacon.grown(told(2560, 1475, 2625)))   # the file system did not
        self.assertIsNone(beacon.grown({}))


class Sizes(unittest.TestCase):
    def test_sizes(self):
        self.assertEqual(disk.parse_size("2G", MIB), 2 << 30)
        self.assertEqual(disk.parse_size("+1M", MIB), 2 * MIB)
        self.assertEqual(disk.parse_size("+1", MIB), MIB + 512)

    def test_wrong_sizes(self):
        for text in ("", "x", "-1G", "1 G", "1K", "2P"):
            with self.assertRaises(UsageError):
                disk.parse_size(text, MIB)


class Documents(unittest.TestCase):
    def test_the_last_whole_document_counts(self):
        self.assertEqual(boot.last_document(b'{"a": {"b": 1}}\n{"a": 2}\n'), {"a": 2})
        self.assertEqual(boot.last_document(b'{"a": 1}\n{"a":'), {"a": 1})
        self.assertIsNone(boot.last_document(b""))
        self.assertIsNone(boot.last_document(b"\xff{"))


def report(verdict, **statuses):
    return {"verdict": verdict, "checks": [
        {"id": name, "status": status, "findings": [{"code": "fstab-tag-missing", "severity": severity}]}
        for name, (status, severity) in statuses.items()]}


class Verdicts(unittest.TestCase):
    case = cases.Case("x", "", "", "", "Fstab", "fstab-tag-missing", None, [], [])

    def complaint(self, said, document):
        return cases.judge_report(self.case, cases.Row("broken", "nvme", "bios", said, "userspace"), document)[1]

    def test_the_right_finding(self):
        self.assertIsNone(self.complaint("NOT-READY", report("not-ready", Fstab=("FAILED", "failed"))))
        self.assertIsNone(self.complaint("READY", report("ready", Fstab=("OK", "info"))))
        self.assertIsNone(self.complaint("-", None))

    def test_everything_else_is_a_complaint(self):
        for said, document in (
                ("NOT-READY", None),
                ("NOT-READY", report("ready", Fstab=("OK", "info"))),
                ("NOT-READY", report("not-ready", Grub=("FAILED", "failed"))),
                ("NOT-READY", report("not-ready", Fstab=("FAILED", "warning"))),
                ("NOT-READY", report("not-ready", Fstab=("FAILED", "failed"), Grub=("FAILED", "failed"))),
                ("READY", report("ready", Fstab=("WARNING", "warning"))),
                ("READY", report("undetermined", Fstab=("UNKNOWN", "unknown"))),
                ("READY", None)):
            self.assertIsNotNone(self.complaint(said, document), (said, document))


class CaseFiles(unittest.TestCase):
    def test_every_case_loads_and_wants_something(self):
        for name in cases.names():
            self.assertTrue(cases.load(name).rows, name)

    def test_a_case_nobody_has(self):
        with self.assertRaises(UsageError):
            cases.choose(["no-such-case"])


if __name__ == "__main__":
    unittest.main()
