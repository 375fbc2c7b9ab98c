# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pure parts of asking the rescue image: the questions that go in, the answers that come out."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest
import unittest.mock

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))

from bootready_vm import along, check, cpio, rescue, warm  # noqa: E402
from bootready_vm.errors import HarnessError, UsageError  # noqa: E402

_WHOLE = (b"waiting\nasked\nmissed only 1 of 2\nproblem /dev/vda1: odd\nencrypted /dev/vda2 crypto_LUKS\nroot 1 /dev/vda3 ext4 \nanswer 000 1 0 3 0\nabc\n"
          b"answer 001 1 1 4 2\na\nb\nxy\nroot 2 /dev/vdb btrfs subvol=@\nanswer 000 2 64 0 1\n!\nend\n")


class Parse(unittest.TestCase):
    def test_whole(self):
        found, whole = rescue.parse(_WHOLE)
        self.assertTrue(whole)
        self.assertEqual([(root.device, root.fs, root.options) for root in found.roots],
                         [("/dev/vda3", "ext4", ""), ("/dev/vdb", "btrfs", "subvol=@")])
        self.assertEqual([(answer.status, answer.output, answer.errors) for answer in found.roots[0].answers],
                         [(0, "abc", ""), (1, "a\nb\n", "xy")])
        self.assertEqual(found.encrypted, ["/dev/vda2 crypto_LUKS"])
        self.assertEqual(found.problems, ["/dev/vda1: odd"])
        self.assertEqual(found.missed, ["only 1 of 2"])

    def test_every_cut_is_seen(self):
        for end in range(len(_WHOLE)):
            self.assertFalse(rescue.parse(_WHOLE[:end])[1], end)

    def test_an_answer_without_a_root(self):
        self.assertFalse(rescue.parse(b"answer 000 1 0 0 0\n\nend\n")[1])

    def test_saved(self):
        found, whole = rescue.parse(b"root 1 /dev/vda ext4 \nsaved 1 \nroot 2 /dev/vdb xfs \nsaved 2 no room\nend\n")
        self.assertTrue(whole)
        self.assertEqual([root.saved for root in found.roots], ["", "no room"])
        self.assertEqual(check.exit_status(found), 70)
        self.assertFalse(rescue.parse(b"saved 1 \nend\n")[1])

    def test_numbers_that_are_none(self):
        for words in (b"answer x 1 0 0 0", b"answer 000 1 0 0", b"answer 000 1 0 1e3 0"):
            with self.assertRaises(HarnessError):
                rescue.parse(b"root 1 /dev/vda ext4 \n" + words + b"\nend\n")

    def test_foreign_words(self):
        with self.assertRaises(HarnessError):
            rescue.parse(b"hello\nend\n")


class Kept(unittest.TestCase):
    """A machine that waits; what takes a real one is in tests/rescue."""

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.kept = os.path.join(self.folder, "waiting-0")

    def _write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        os.chmod(path, 0o755)
        return path

    def _ask(self, script, timeout=10):
        """What warm.ask() says of a QEMU that is this shell script."""
        words = [self._write("qemu", "#!/bin/sh\ncd '%s'\n%s\n" % (self.folder, script))]
        return warm.ask(words, self.folder, self._write("questions.tar", "Q"), time.monotonic() + timeout, self.kept)

    def test_its_name_stands_for_all_that_is_in_it(self):
        initramfs = self._write("initramfs.img", "1")
        words = [sys.executable, "-serial", "file:" + self.folder + "/console.log", "if=none,id=disk0,file=a"]
        name = warm.place(words, self.folder, initramfs, "/f")
        self.assertTrue(name.startswith("/f/waiting-"))
        self.assertEqual(name, warm.place(words[:3] + ["if=none,id=disk0,file=b"], self.folder, initramfs, "/f"))
        self.assertNotEqual(name, warm.place(words + ["-m"], self.folder, initramfs, "/f"))
        self.assertNotEqual(name, warm.place(["/bin/sh"] + words[1:], self.folder, initramfs, "/f"))
        self._write("initramfs.img", "2")
        self.assertNotEqual(name, warm.place(words, self.folder, initramfs, "/f"))

    def test_it_goes_on(self):
        self._write("waiting-0", "S")
        self.assertFalse(self._ask('{ echo asked; cat; cat <&"${2#fd:}"; printf "\\nend\\n"; } > answers'))
        self.assertEqual(warm.answers(self.folder), b"asked\nQS\nend\n")
        self.assertTrue(os.path.exists(self.kept))

    def test_one_that_does_not_is_forgotten(self):
        for script in ("exit 1", "echo asked > answers", "echo asked > answers; kill -9 $$", "printf 'end\\nx' > answers"):
            self._write("waiting-0", "S")
            self.assertFalse(self._ask(script), script)
            self.assertFalse(os.path.exists(self.kept), script)
            self.assertEqual(warm.answers(self.folder), b"", script)

    def test_one_that_is_late_is_late(self):
        self._write("waiting-0", "S")
        self.assertTrue(self._ask("echo asked > answers; exec sleep 60", timeout=1))
        self.assertEqual(warm.answers(self.folder), b"asked\n")
        self.assertFalse(os.path.exists(self.kept))

    def test_nothing_is_kept_of_one_that_does_not_come_up(self):
        for script in ("exit 1", "exec sleep 60"):
            words = [self._write("qemu", "#!/bin/sh\n" + script + "\n")]
            warm.keep(words, self.folder, self.kept, time.monotonic() + 1)
            self.assertEqual(sorted(os.listdir(self.folder)), ["qemu", "qemu.log"])

    def test_what_was_left_goes(self):
        for name, age in (("part-1", 7200), ("part-2", 1), ("waiting-1", 30), ("waiting-2", 20), ("waiting-3", 10)):
            path = self._write(name, "")
            os.utime(path, (time.time() - age,) * 2)
        warm._clear(self.folder)
        self.assertEqual(sorted(os.listdir(self.folder)), ["part-2", "waiting-2", "waiting-3"])


class Ask(unittest.TestCase):
    """Which machines are asked, and with what, where each is a function."""

    def _ask(self, runs, **options):
        """What rescue.ask() says where the machines that run, one after the other, write these answers."""
        overlays, asked = [], []

        def run(words, folder, questions, deadline, kept=None):
            with open(os.path.join(folder, "answers"), "wb") as file:
                file.write(runs[len(asked)])
            with tarfile.open(questions) as file:
                asked.append((bool(kept), file.extractfile("ask/settings").read()))
            return False

        def make(images, folder):
            overlays.append(len(asked))
            return [os.path.join(folder, "disk0.qcow2")]

        with contextlib.ExitStack() as stack:
            image = stack.enter_context(tempfile.NamedTemporaryFile(suffix=".raw"))
            image.truncate(1 << 20)
            files = stack.enter_context(tempfile.TemporaryDirectory())
            with open(os.path.join(files, "quick.img"), "wb"):
                pass
            for where, name, what in ((rescue.warm, "ask", run), (rescue.warm, "boot", run), (rescue.warm, "keep", lambda *a: None),
                                      (rescue, "_overlays", make), (rescue, "_commit", lambda overlays: None),
                                      (rescue, "command", lambda *a: [sys.executable]), (rescue.accelerator, "choose", lambda a: ("tcg", ""))):
                stack.enter_context(unittest.mock.patch.object(where, name, what))
            found = rescue.ask([image.name], [[]], files=files, bootready=sys.executable, **options)
        return found, overlays, asked

    _SAVED = b"asked\nroot 1 /dev/vda ext4 \nsaved 1 \nend\n"

    def test_a_kept_machine_is_enough(self):
        found, overlays, asked = self._ask([self._SAVED])
        self.assertEqual([kept for kept, _ in asked], [True])
        self.assertEqual((overlays, len(found.roots)), ([], 1))
        self.assertRegex(asked[0][1], b"^disks=1 drivers=virtio_blk replay=yes save=no now=[0-9]{10}\n$")

    def test_what_half_a_run_wrote_is_not_for_the_next(self):
        found, overlays, asked = self._ask([self._SAVED[:-4], self._SAVED], save=True)
        self.assertEqual([kept for kept, _ in asked], [True, False])
        # Once for QEMU's words, and anew before each run.
        self.assertEqual((overlays, found.roots[0].saved), ([0, 0, 1], ""))

    def test_none_answers(self):
        with self.assertRaises(HarnessError):
            self._ask([b"asked\n", b"waiting\n"])


class Questions(unittest.TestCase):
    def test_a_profile_goes_along(self):
        with tempfile.NamedTemporaryFile(suffix=".profile") as file:
            file.write(b"[x]\n")
            file.flush()
            files, names = along.question_files([["--profile", file.name], ["--profile", "aws"]])
        inside = "ask/along/0/profile/" + os.path.basename(file.name)
        self.assertEqual(files[inside][1], b"[x]\n")
        self.assertEqual(names, [("/" + inside, file.name)])
        self.assertEqual(files["ask/q/000"][1].decode(), "--deadline\n3600\n--profile\n/%s\n" % inside)
        self.assertEqual(files["ask/q/001"][1], b"--deadline\n3600\n--profile\naws\n")

    def test_policy_and_its_keys_go_along(self):
        with tempfile.TemporaryDirectory() as folder:
            key, policy = os.path.join(folder, "builder.pub"), os.path.join(folder, "own.policy")
            with open(key, "w", encoding="ascii") as file:
                file.write("a key")
            with open(policy, "w", encoding="utf-8") as file:
                file.write('// "%s" is ours\n{\n  // a comment\n  "keys": ["%s"]\n}\n' % (key, key))
            files, names = along.question_files([["--profile", "aws"], ["decide", "--policy", policy]])
            with open(policy, "rb") as file:
                digests = [hashlib.sha256(text).hexdigest() for text in (files["ask/along/1/policy/policy"][1], file.read())]
            os.remove(key)
            # bootready has a word for a key that is not there.
            gone, _ = along.question_files([["decide", "--policy", policy]])
            self.assertEqual(list(gone), ["ask/along/0/policy/policy", "ask/q/000"])
        self.assertEqual(files["ask/q/001"][1], b"decide\n--deadline\n3600\n--policy\n/ask/along/1/policy/policy\n")
        self.assertEqual(files["ask/along/1/policy/files/0/key"][1], b"a key")
        said = files["ask/along/1/policy/policy"][1].decode().splitlines()
        self.assertEqual(said[3], '  "keys": ["/ask/along/1/policy/files/0/key"]')
        self.assertEqual(len(said), 5)  # a mistake is told with its line
        self.assertNotEqual(*digests)
        self.assertEqual(along.named_as_here(
            "policy /ask/along/1/policy/policy %s, by /ask/along/1/policy/files/0/key" % digests[0], names),
            "policy %s %s, by %s" % (policy, digests[1], key))

    def test_report_goes_along_with_its_signature(self):
        with tempfile.TemporaryDirectory() as folder:
            report = os.path.join(folder, "r.json")
            for path, text in ((report, "{}"), (report + ".sig", "signed")):
                with open(path, "w", encoding="ascii") as file:
                    file.write(text)
            files, names = along.question_files([["decide", "--report", report]])
            os.remove(report + ".sig")
            alone, _ = along.question_files([["decide", "--report", report]])
        there = "ask/along/0/report/report.json"
        self.assertEqual(files["ask/q/000"][1].decode(), "decide\n--deadline\n3600\n/%s\n" % there)
        self.assertEqual((files[there][1], files[there + ".sig"][1]), (b"{}", b"signed"))
        self.assertNotIn(there + ".sig", alone)
        self.assertEqual(names, [("/" + there, report)])

    def test_policy_without_files_goes_along_byte_for_byte(self):
        with tempfile.NamedTemporaryFile(suffix=".policy") as file:
            file.write(b"// \xff\r\n{}")
            file.flush()
            files, names = along.question_files([["decide", "--policy", file.name]])
        self.assertEqual(files["ask/along/0/policy/policy"][1], b"// \xff\r\n{}")
        self.assertEqual(names, [("/ask/along/0/policy/policy", file.name)])

    def test_a_name_that_json_writes_otherwise_stays(self):
        self.assertEqual(along.named_as_here("at /ask/p", [("/ask/p", 'a"b')]), "at /ask/p")

    def test_policy_that_is_none(self):
        with tempfile.NamedTemporaryFile(suffix=".policy") as file:
            for text in (b"", b"{", b"[1]", b'{"keys": 5}', b"\xff\xfe", b"[" * 100000):
                file.seek(0)
                file.truncate()
                file.write(text)
                file.flush()
                files, _ = along.question_files([["decide", "--policy", file.name]])
                self.assertIn("ask/along/0/policy/policy", files)

    def test_a_file_that_a_policy_names_twice(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "ours")  # a profile goes by its file's name, whatever that is
            for name, text in ((path, "[x]"), (path + ".policy", '{"keys": ["%s", "%s"],\n"profiles": ["aws", "%s"]}' % (path, path, path))):
                with open(name, "w", encoding="ascii") as file:
                    file.write(text)
            files, _ = along.question_files([["decide", "--policy", path + ".policy"]])
        self.assertEqual(files["ask/along/0/policy/policy"][1].count(b"/ask/along/0/policy/files/0/ours"), 3)

    def test_policy_that_is_no_text_stays_none(self):
        with tempfile.TemporaryDirectory() as folder:
            key, policy = os.path.join(folder, "k.pub"), os.path.join(folder, "own.policy")
            for name, content in ((key, b"a key"), (policy, b'{"keys": ["%s"], "waivers": [{"reason": "caf\xe9"}]}' % key.encode())):
                with open(name, "wb") as file:
                    file.write(content)
            files, _ = along.question_files([["decide", "--policy", policy]])
            self.assertEqual(files["ask/along/0/policy/policy"][1], content)

    def test_what_is_no_file(self):
        with tempfile.TemporaryDirectory() as folder:
            fifo, large = os.path.join(folder, "fifo"), os.path.join(folder, "large")
            os.mkfifo(fifo)
            with open(large, "wb") as file:
                file.truncate(along.MAX_ALONG + 1)
            for path in (fifo, large, "/dev/zero", folder):
                for option in ("--report", "--policy"):
                    with self.assertRaises(UsageError):
                        along.question_files([["decide", option, path]])

    def test_what_cannot_be_asked(self):
        with self.assertRaises(UsageError):
            along.question_files([["--profile", "/no/such.profile"]])
        with self.assertRaises(UsageError):
            along.question_files([["a\nb"]])
        with tempfile.NamedTemporaryFile(suffix=".policy") as file:
            # A name that stands there in another writing.
            for text in (b'{"keys": ["\\/etc\\/hostname"]}', b'{"keys": ["/etc\\u002fhostname"]}'):
                file.seek(0)
                file.truncate()
                file.write(text)
                file.flush()
                with self.assertRaises(UsageError):
                    along.question_files([["decide", "--policy", file.name]])


class Committed(unittest.TestCase):
    @staticmethod
    def _roots(*devices, fs="ext4"):
        return [rescue.Root(device, fs, "") for device in devices]

    def test_only_disks_with_roots(self):
        self.assertEqual(rescue.with_roots(["a", "b", "c"], self._roots("/dev/vdc3", "/dev/vda")), ["a", "c"])
        self.assertEqual(rescue.with_roots(["a", "b", "c"], self._roots("/dev/vdb1")), ["b"])

    def test_all_where_a_root_may_be_on_several(self):
        self.assertEqual(rescue.with_roots(["a", "b"], self._roots("/dev/vda1", "/dev/mapper/vg-root")), ["a", "b"])
        self.assertEqual(rescue.with_roots(["a", "b"], self._roots("/dev/vda1", fs="btrfs")), ["a", "b"])


class Cpio(unittest.TestCase):
    def test_aligned_and_ended(self):
        made = cpio.archive({"a/b/c": (0o644, b"12345"), "a/d": (0o755, b"")})
        self.assertEqual(len(made) % 4, 0)
        self.assertEqual(made.count(b"070701"), 5)
        self.assertIn(b"TRAILER!!!\0", made)

    @unittest.skipUnless(shutil.which("cpio"), "no cpio here")
    def test_cpio_reads_it(self):
        made = cpio.archive({"a/b/c": (0o644, b"12345"), "a/d": (0o755, b"")})
        listed = subprocess.run(["cpio", "-t", "--quiet"], input=made, stdout=subprocess.PIPE, check=True).stdout
        self.assertEqual(listed.split(), [b"a", b"a/b", b"a/b/c", b"a/d"])


class Status(unittest.TestCase):
    def _of(self, *given, missed=()):
        return check.exit_status(rescue.Answers([rescue.Root("d", "f", "", [rescue.Answer(one, "", "")]) for one in given],
                                                missed=list(missed)))

    def test_the_gravest(self):
        self.assertEqual(self._of(0), 0)
        self.assertEqual(self._of(0, 2), 2)
        self.assertEqual(self._of(2, 1), 1)
        self.assertEqual(self._of(1, 64), 64)
        self.assertEqual(self._of(64, 70), 70)
        self.assertEqual(self._of(139), 139)
        self.assertEqual(self._of(0, missed=["m"]), 2)
        self.assertEqual(self._of(1, missed=["m"]), 1)
        self.assertEqual(self._of(139, missed=["m"]), 139)

    def test_no_root(self):
        self.assertEqual(self._of(), 2)
