# SPDX-License-Identifier: LGPL-2.1-or-later
"""Beacon, sizes, verdicts and the cases' own files."""

import os
import socket
import sys
import tempfile
import threading
import time
import unittest
import unittest.mock

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from bootready_vm import beacon, boot, cases, console, disk, matrix, qmp, truth  # noqa: E402
from bootready_vm.errors import HarnessError, UsageError  # noqa: E402

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

    def test_lost(self):
        whole = {"root_options": "rw,relatime", "address": "10.0.2.15/24", "ssh": "SSH-2.0-x", "hostname": "seeded",
                 "user": "1000:/bin/bash", "password": "$6$seeded$x", "part_start": 0, "part_size": 2560 * MIB, "disk_size": 2561 * MIB, "root_size": 2500 * MIB}
        self.assertEqual(beacon.lost(whole), [])
        for key, value, word in (("root_options", "ro,relatime", "userspace"), ("address", "192.0.2.5/24", "lease"),
                                 ("ssh", "none", "ssh"), ("hostname", "guest", "seed"), ("user", "", "seed"), ("password", "!", "password"),
                                 ("root_size", 1500 * MIB, "grown")):
            self.assertEqual(beacon.lost({**whole, key: value}), [word])


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


def report(verdict, check, level="high", **finding):
    return {"verdict": verdict, "checks": [{"id": check, "level": level, "findings": [finding] if finding else []}]}


def finding(code="fstab-tag-missing", severity="failed", basis="boot"):
    return {"code": code, "severity": severity, "basis": basis}


def did(outcome="userspace", stage="userspace", lost=()):
    return truth.Did(outcome, stage, list(lost), [], 1, "")


def case(**values):
    shape = {"name": "x", "folder": "", "about": "", "kind": "defect", "guests": ["g"], "recipe": [], "check": "Fstab",
             "code": "fstab-tag-missing", "function": "userspace", "also": [], "unseen": False, "unknown": None, "ci": False,
             "boots": [("nvme", "bios", "emergency")]}
    return cases.Case(**{**shape, **values})


class Silent(unittest.TestCase):
    """A machine that says nothing: what it does with its disk."""

    @staticmethod
    def watch(read, seconds, text=""):
        watch = boot._Watch("/nonexistent", None, unittest.mock.Mock(poll=lambda: None))
        watch.facts = console.Facts(text)
        watch.disk_read, watch._disk_changed, watch.changed = read, watch.started - seconds, watch.started - seconds
        return watch

    def test_nothing_that_a_boot_begins_with_was_read(self):
        watch = self.watch(7 << 10, 200)
        self.assertTrue(watch.clear())
        self.assertEqual(boot._conclude(watch, False)[:2], ("stopped", "firmware"))

    def test_it_may_come_yet(self):
        self.assertFalse(self.watch(7 << 10, 10).idle())

    def test_more_was_read_than_a_boot_loader(self):
        self.assertFalse(self.watch(2 << 20, 200).idle())

    def test_never_asked(self):
        self.assertFalse(self.watch(None, 200).idle())

    def test_a_boot_loader_spoke(self):
        self.assertFalse(self.watch(7 << 10, 200, "Welcome to GRUB!\n").idle())


class LastWords(unittest.TestCase):
    def test_events_of_a_machine_that_is_gone(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "qmp")
            server = socket.socket(socket.AF_UNIX)
            server.bind(path)
            server.listen(1)

            def talk():
                link = server.accept()[0]
                link.sendall(b'{"QMP": {}}\n')
                link.recv(4096)
                link.sendall(b'{"return": {}}\n{"event": "SHUTDOWN", "data": {"reason": "guest-reset"}}\n')
                link.close()

            thread = threading.Thread(target=talk)
            thread.start()
            link = qmp.Qmp(path, time.monotonic() + 20)
            thread.join()
            self.assertEqual([event["event"] for event in link.events()], ["SHUTDOWN"])
            self.assertRaises(OSError, link.events)
            link.close()
            server.close()


class Scores(unittest.TestCase):
    broken = truth.Said.of(report("not-ready", "Fstab", **finding()))
    ready = truth.Said.of(report("ready", "Fstab"))
    rule = truth.Said.of(report("not-ready", "Fstab", **finding(basis="policy")))
    untold = truth.Said.of(report("undetermined", "Fstab", **finding(severity="unknown")))
    emergency = did("stopped", "emergency", cases.FUNCTIONS)

    def test_agreement(self):
        self.assertEqual(truth.score(case(), self.broken, self.emergency), truth.AGREE)
        self.assertEqual(truth.score(case(), self.ready, did()), truth.AGREE)
        self.assertEqual(truth.score(case(), self.rule, did()), truth.AGREE)

    def test_disagreement(self):
        self.assertEqual(truth.score(case(), self.ready, self.emergency), truth.FALSE_OK)
        self.assertEqual(truth.score(case(), self.rule, self.emergency), truth.FALSE_OK)
        self.assertEqual(truth.score(case(), self.broken, did()), truth.FALSE_FAILED)

    def test_no_root_at_all(self):
        self.assertEqual(truth.score(case(), truth.NO_ROOT, self.emergency), truth.UNKNOWN)
        self.assertEqual(truth.score(case(unseen=True), truth.NO_ROOT, self.emergency), truth.AGREE)
        self.assertEqual(truth.score(case(unseen=True), truth.NO_ROOT, did()), truth.UNKNOWN)

    def test_unknown(self):
        self.assertEqual(truth.score(case(), self.untold, self.emergency), truth.UNKNOWN)
        self.assertEqual(truth.score(case(unknown="a fact"), self.untold, self.emergency), truth.AGREE)
        self.assertEqual(truth.score(case(), self.ready, did("undetermined", "firmware")), truth.UNKNOWN)

    def test_a_function_counts_where_it_is_asked_for(self):
        banner = truth.Said.of(report("not-ready", "SshConfig", **finding("ssh-missing")))
        self.assertEqual(truth.score(case(function="ssh"), banner, did(lost=["ssh"])), truth.AGREE)
        self.assertEqual(truth.score(case(function="ssh"), banner, did()), truth.FALSE_FAILED)
        self.assertEqual(truth.score(case(function="ssh"), self.ready, did(lost=["ssh"])), truth.FALSE_OK)
        self.assertEqual(truth.score(case(), self.ready, did(lost=["ssh", "lease"])), truth.AGREE)
        self.assertEqual(truth.score(case(), self.ready, did(lost=["userspace"])), truth.FALSE_OK)

    def test_a_warning_of_a_check_that_has_nothing_graver(self):
        self.assertEqual(truth.Said.of(report("ready", "Selinux", "warning", **finding("x", "warning"))).lost, ["userspace"])
        self.assertEqual(truth.Said.of(report("ready", "Fstab", "high", **finding("x", "warning"))).lost, [])

    def complaint(self, said, outcome, variant="broken", expected="emergency"):
        row = cases.Row("x", "g", variant, "nvme", "bios", expected)
        return truth.complaint(case(), row, said, outcome)

    def test_complaints(self):
        self.assertEqual(self.complaint(self.broken, self.emergency), "")
        self.assertEqual(self.complaint(self.ready, did(), "mended", "works"), "")
        for said, outcome, variant, expected in (
                (self.broken, did("stopped", "initramfs"), "broken", "emergency"),      # another end
                (self.ready, self.emergency, "broken", "emergency"),                    # not found
                (truth.Said.of(report("not-ready", "Grub", **finding("x"))), self.emergency, "broken", "emergency"),
                (self.broken, did(), "mended", "works"),                                # found where it is mended
                (self.untold, did(), "mended", "works")):
            self.assertTrue(self.complaint(said, outcome, variant, expected), (said, outcome, variant))


class Matrix(unittest.TestCase):
    def test_agreement(self):
        for said, outcome, word in ((Scores.ready, "userspace", "yes"), (Scores.broken, "stopped", "yes"), (Scores.ready, "stopped", "NO"),
                                    (Scores.broken, "userspace", "NO"), (Scores.rule, "userspace", "yes"), (None, "userspace", "?"),
                                    (Scores.untold, "userspace", "?"), (Scores.ready, "undetermined", "?")):
            self.assertEqual(matrix.agreement(said, outcome), word, (said, outcome))

    def test_status(self):
        def lines(*words):
            return [matrix.Line("nvme", "bios", "READY", "userspace", word, 1, [], [], "") for word in words]
        self.assertEqual([matrix.exit_status(lines(*words)) for words in (("yes", "yes"), ("yes", "?"), ("?", "NO"))], [0, 2, 1])

    def test_every_machine_has_a_profile(self):
        for place, _ in matrix.machines():
            self.assertTrue(os.path.exists(truth.profile(place)), place)


class CaseFiles(unittest.TestCase):
    def test_every_case_loads_and_wants_something(self):
        for name in cases.names():
            self.assertTrue(cases.load(name).boots, name)

    def test_every_guest_has_a_recipe(self):
        recipes = os.listdir(os.path.join(cases.QEMU, "guests", "recipes"))
        for name in cases.names():
            self.assertLessEqual(set(cases.load(name).guests), set(recipes), name)

    def test_a_case_nobody_has(self):
        with self.assertRaises(UsageError):
            cases.choose(["no-such-case"])

    def test_a_misspelt_key_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            for text in ("[case]\nabuot = x\n", "[case]\nabout = x\ncheck = Fstab\n[boots]\nnvme bios = works\n",
                         "[case]\nabout = x\ncheck = Fstab\ncode = y\n[boots]\nnvme bios = flies\n"):
                with open(os.path.join(folder, "case"), "w", encoding="utf-8") as file:
                    file.write(text)
                with self.assertRaises(HarnessError):
                    cases.load("x", folder)


if __name__ == "__main__":
    unittest.main()
