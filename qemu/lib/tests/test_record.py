# SPDX-License-Identifier: LGPL-2.1-or-later
"""What truth.json counts for, and that what is in the tree agrees with the cases in it."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from bootready_vm import cases, record, scoreboard, truth  # noqa: E402


def row(did="lost", function="ssh", score=truth.AGREE, complaint="", case="140-x", expected=None):
    return {"case": case, "guest": "g", "variant": "broken", "disk": "nvme", "firmware": "uefi", "function": function, "did": did,
            "expected": expected or did, "score": score, "complaint": complaint, "recipe": "r1", "console": "c1", "seconds": 9.0,
            "checker": "k1", "said": "NOT READY", "check": "SshConfig"}


MACHINE = cases.Row("140-x", "g", "broken", "nvme", "uefi", "lost")


class Recorded(unittest.TestCase):
    def test_a_right_row_tells_what_its_image_did(self):
        found = record.Record([row()]).did("r1", MACHINE, "ssh")
        self.assertEqual((found.word("ssh"), found.word("userspace"), found.console), ("lost", "works", "c1"))
        self.assertEqual(record.Record([row("kernel", "userspace")]).did("r1", MACHINE, "userspace").word("userspace"), "kernel")

    def test_of_another_image_function_or_machine_it_tells_nothing(self):
        kept = record.Record([row()])
        other = cases.Row("140-x", "g", "broken", "sata", "uefi", "lost")
        self.assertIsNone(kept.did("r2", MACHINE, "ssh"))
        self.assertIsNone(kept.did("r1", MACHINE, "lease"))
        self.assertIsNone(kept.did("r1", other, "ssh"))

    def test_what_was_not_right_is_booted_again(self):
        for wrong in (row(score=truth.FALSE_OK), row(complaint="not found"), {**row(), "console": ""}):
            self.assertIsNone(record.Record([wrong]).did("r1", MACHINE, "ssh"))

    def test_rows_of_a_part_take_the_place_of_their_own_alone(self):
        result = truth.Result(MACHINE, "", "SshConfig", "ssh", "NOT READY", "lost", truth.AGREE, "", "r9", "c9", 1.0, "log", "k9")
        gone, changed, other = row(case="1-gone"), row(case="2-changed", expected="works"), row(case="3-other")
        listed = {record.name(each): "lost" for each in (row(), changed, other)}
        rows = record.merged([result], [row(), gone, changed, other], listed)
        self.assertEqual([(each["case"], each["recipe"]) for each in rows], [("140-x", "r9"), ("3-other", "r1")])


class InTheTree(unittest.TestCase):
    def setUp(self):
        self.rows = record.rows()

    def test_every_row_is_of_a_case_that_there_is_and_is_right(self):
        listed = {each.name(): each.did for *_, rows in truth.twins(cases.choose([])) for each in rows}
        for each in self.rows:
            self.assertEqual(listed.get(record.name(each)), each["expected"], record.name(each))
            self.assertEqual((each["score"], each["complaint"], each["did"]), (truth.AGREE, "", each["expected"]), record.name(each))
            self.assertTrue(each["recipe"] and each["console"] and each["checker"], record.name(each))

    def test_at_least_sixty_defects_have_both_their_twins(self):
        def those(variant):
            return {each["case"] for each in self.rows if each["variant"] == variant}
        self.assertGreaterEqual(len(those("broken") & those("mended")), 60)
        self.assertGreaterEqual(len(self.rows), 200)

    def test_the_page_has_every_row(self):
        with open(os.path.join(cases.QEMU, "TRUTH.md"), encoding="utf-8") as file:
            page = file.read()
        self.assertIn(scoreboard.sums(self.rows), page)
        self.assertEqual(sum(line.startswith("| ") for line in page.splitlines()), len(self.rows) + 1)


if __name__ == "__main__":
    unittest.main()
