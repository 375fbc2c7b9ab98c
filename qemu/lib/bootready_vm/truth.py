# SPDX-License-Identifier: LGPL-2.1-or-later
"""The boot truth: each case's image is asked about and booted, by two that know nothing of each other.

What was said is bootready's, from the rescue image, under the profile of the machine (qemu/machines). What it did is the
beacon's and the console's. Results are kept in the cache: what an image did by its recipe and machine, what was said by
the checker as well; so a run can be resumed, and a new checker is asked anew without booting anew."""

import hashlib
import json
import os
import shutil
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field

from . import beacon, boot, cases, machine, rescue
from .errors import HarnessError

# Which function a check, or one finding of it, speaks of; the others speak of userspace being reached.
FUNCTION_OF = {"Dhcp": "lease", "SshConfig": "ssh", "Firewall": "ssh", "CloudInit": "seed",
               "SystemFileAttribute": "password", "OnlineResizeFS": "grown",
               "virtio-net-missing": "lease", "target-net-missing": "lease"}
# Seconds after which no run is still at work on an image.
_STALE = 86400
AGREE, FALSE_OK, FALSE_FAILED, UNKNOWN = "right", "false OK", "false FAILED", "UNKNOWN"


def _function(check, finding):
    return FUNCTION_OF.get(finding["code"]) or FUNCTION_OF.get(check["id"], "userspace")


@dataclass
class Said:
    """A verdict. `lost`: the functions that findings of basis boot say are lost; `codes`: every finding that failed."""
    verdict: str
    lost: list
    codes: list
    unknown: list

    @staticmethod
    def of(report):
        # What a check of level warning finds is at worst a warning, and may be a boot's loss all the same.
        failed = [(check, finding) for check in report["checks"] for finding in check["findings"]
                  if finding["severity"] == "failed" or
                  (check["level"] == finding["severity"] == "warning" and finding["basis"] == "boot")]
        return Said(report["verdict"],
                    sorted({_function(check, finding) for check, finding in failed if finding["basis"] == "boot"}),
                    ["%s %s" % (check["id"], finding["code"]) for check, finding in failed],
                    ["%s %s" % (check["id"], finding["code"]) for check in report["checks"] for finding in check["findings"]
                     if finding["severity"] == "unknown" and check["level"] == "high"])


# The kernel of the rescue image, as any, comes to no root on these disks.
NO_ROOT = Said("no-root", ["userspace"], [], [])


@dataclass
class Did:
    """What a boot came to: `stage`, userspace or where it stopped; `lost`, the functions that were not there."""
    outcome: str
    stage: str
    lost: list
    evidence: list
    seconds: float
    console: str  # SHA-256 of its log

    def word(self, function):
        if self.outcome == "undetermined":
            return "undetermined"
        if self.outcome != "userspace":
            return self.stage
        return "lost" if function in self.lost else "works"


@dataclass
class Result:
    row: cases.Row
    about: str
    check: str
    function: str
    said: str
    did: str
    score: str
    complaint: str
    recipe: str
    console: str
    seconds: float
    log: str
    checker: str = ""
    codes: list = field(default_factory=list)
    unknown: list = field(default_factory=list)


def score(case, said, did):
    """Does the verdict agree with the boot? About the case's function, and about userspace, without which there is none."""
    asked = {"userspace", case.function}
    word = did.word(case.function)
    if word == "undetermined":
        return UNKNOWN
    # No verdict was given: right where the case says beforehand that nothing but that can be said.
    if said.verdict == "no-root":
        return AGREE if case.unseen and word != "works" else UNKNOWN
    says_lost = bool(asked & set(said.lost))
    if not says_lost and said.verdict == "undetermined":
        return AGREE if case.unknown else UNKNOWN
    if says_lost == (word != "works"):
        return AGREE
    return FALSE_FAILED if says_lost else FALSE_OK


def complaint(case, row, said, did):
    """What differs from what the case says beforehand: the boot itself, or the finding."""
    words = []
    word = did.word(case.function)
    if word != row.did:
        words.append("it came to %s, not %s: %s" % (word, row.did, "; ".join(did.evidence[:3])))
    wanted = "%s %s" % (case.check, case.code)
    expected = row.variant == "broken" and (row.did != "works" or case.kind == "policy")
    if expected and wanted not in said.codes and not (case.unknown and said.unknown) and not (case.unseen and said.verdict == "no-root"):
        words.append("%s was not found" % wanted)
    # What has nothing wrong has an address and answers at port 22, whatever the case is about.
    if row.variant != "broken" and did.outcome == "userspace":
        words += ["%s was lost" % function for function in ("lease", "ssh") if function in did.lost]
    others = [code for code in said.codes if not (expected and code.split()[0] in [case.check, *case.also])]
    if others:
        words.append("and %s" % ", ".join(others))
    unknown = [code for code in said.unknown if not (expected and code.split()[0] in case.also)]
    if unknown and not case.unknown:
        words.append("unknown: %s" % ", ".join(unknown))
    return "; ".join(words)


def said_word(said):
    """The verdict; a machine that is ready and loses something, of which a check of level warning speaks, is warned of."""
    if said.verdict == "ready" and said.lost:
        return "WARNING"
    return {"ready": "READY", "not-ready": "NOT READY", "undetermined": "UNDETERMINED", "no-root": "NO ROOT"}[said.verdict]


class Store:
    """Results by what they rest on, in the cache. again: those of this run alone are believed."""

    def __init__(self, again=False):
        cache = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "bootready")
        self.folder = os.path.join(cache, "truth")
        self.logs = os.path.join(cache, "logs", "truth")
        os.makedirs(self.folder, exist_ok=True)
        self._sweep()
        self._again, self._own = again, set()
        self._guard, self._locks = threading.Lock(), {}

    def _sweep(self):
        """Removes what a run left that was ended from outside: images are large."""
        for name in os.listdir(self.folder):
            path = os.path.join(self.folder, name)
            if name.startswith("case-") and time.time() - os.path.getmtime(path) > _STALE:
                shutil.rmtree(path, ignore_errors=True)

    def image_lock(self, recipe):
        """Twins of different cases may be the same image: the second waits for the first one's results."""
        with self._guard:
            return self._locks.setdefault(recipe, threading.Lock())

    def _path(self, kind, words):
        return os.path.join(self.folder, "%s-%s.json" % (kind, hashlib.sha256("\n".join(words).encode()).hexdigest()[:24]))

    def get(self, kind, words, shape):
        path = self._path(kind, words)
        if self._again and path not in self._own:
            return None
        try:
            with open(path, encoding="utf-8") as file:
                return shape(**json.load(file))
        except (OSError, ValueError, TypeError):
            return None

    def put(self, kind, words, value):
        path = self._path(kind, words)
        with open(path + ".part", "w", encoding="utf-8") as file:
            json.dump(asdict(value), file)
        os.replace(path + ".part", path)
        self._own.add(path)


def _hash(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def checker_hash():
    return _hash(rescue.BOOTREADY)[:16]


def profile(place):
    return os.path.join(cases.QEMU, "machines", place + ".profile")


def ask(rows, image, log, accel):
    """What is said about the image on each row's machine: one boot of the rescue image answers for all."""
    answers = rescue.ask([image], [["--profile", profile(row.disk), "--firmware", row.firmware, "--format", "json"] for row in rows],
                         accel=accel, log=log)
    if not answers.roots:
        return [NO_ROOT] * len(rows)
    if len(answers.roots) != 1:
        raise HarnessError("%d roots were found: %s" % (len(answers.roots), "; ".join(answers.missed + answers.problems)))
    return [Said.of(json.loads(answer.output)) for answer in answers.roots[0].answers]


def _go_on(options, seconds):
    if seconds is not None and options["stop"].is_set():
        raise HarnessError("ended from outside")


def _keep_console(log_file, folder):
    """Its hash; by that it is kept as well: a later boot of the same name writes over it."""
    name = _hash(log_file)[:16]
    os.makedirs(folder, exist_ok=True)
    shutil.copyfile(log_file, os.path.join(folder, name + ".log"))
    return name


def run_boot(case, row, image, logs, options):
    log = os.path.join(logs, row.name())
    request = boot.Request(image, row.disk, row.firmware, case.grow(), options["accel"], options["timeout"], log, smp=1,
                           cpu=machine.CPU_WITHOUT_AVX, network=True)
    outcome = boot.boot(request, lambda seconds, stage: _go_on(options, seconds))
    stage = "emergency" if outcome.told.get("stage") == "emergency" else outcome.stage or "nothing"
    log_file = os.path.join(log, "console.log")
    # A login prompt, or half of what the beacon has to say, tells of no function.
    result = "undetermined" if outcome.outcome == "userspace" and "end" not in outcome.told else outcome.outcome
    kept = _keep_console(log_file, os.path.join(logs, "console")) if os.path.exists(log_file) else ""
    return Did(result, stage, beacon.lost(outcome.told) if result == "userspace" else list(cases.FUNCTIONS),
               outcome.evidence, outcome.seconds, kept)


def run_twin(case, guest, variant, rows, store, options):
    """Results of the rows of one image: it is made only where something about it is not known yet."""
    base = cases.guest_image(guest, cases.settings(case, variant))
    recipe, checker = cases.recipe_hash(case, variant, base), checker_hash()
    with store.image_lock(recipe):
        return _run_image(case, variant, rows, base, (recipe, checker), store, options)


def _known(did):
    """A boot that told nothing is tried again."""
    return None if did and did.outcome == "undetermined" else did


def _run_image(case, variant, rows, base, made_of, store, options):
    recipe, checker = made_of
    keys = {row: [recipe, row.disk, row.firmware, case.grow() or ""] for row in rows}
    asks = {row: [recipe, row.disk, row.firmware, checker, _hash(profile(row.disk))] for row in rows}
    did = {row: _known(store.get("did", keys[row], Did)) or options["record"].did(recipe, row, case.function) for row in rows}
    said = {row: store.get("said", asks[row], Said) for row in rows}
    unasked = [row for row in rows if not said[row]]
    unbooted = [row for row in rows if not did[row] and not options["no_boots"]]
    if unasked or unbooted:
        folder = tempfile.mkdtemp(prefix="case-", dir=store.folder)
        try:
            image = cases.make_image(case, variant, base, folder)
            if unasked:
                log = os.path.join(store.logs, case.name, rows[0].guest, variant)
                for row, answer in zip(unasked, ask(unasked, image, log, options["accel"])):
                    said[row] = answer
                    store.put("said", asks[row], answer)
            for row in unbooted:
                did[row] = run_boot(case, row, image, store.logs, options)
                store.put("did", keys[row], did[row])
        finally:
            shutil.rmtree(folder)
    return [_result(case, row, said[row], did[row], made_of, store) for row in rows]


def _result(case, row, said, did, made_of, store):
    recipe, checker = made_of
    if did is None:
        did = Did("undetermined", "not booted", [], [], 0, "")
    # Of what was not asked about nothing is proved.
    check = "" if said.verdict == "no-root" else case.check or ""
    return Result(row, case.about, check, case.function, said_word(said), did.word(case.function), score(case, said, did),
                  complaint(case, row, said, did), recipe, did.console, did.seconds, os.path.join(store.logs, row.name()), checker,
                  said.codes, said.unknown)


def twins(chosen, guests=None):
    """(case, guest, variant, rows) of every image; the guests that have most to do first within a case's order."""
    for case in chosen:
        for guest in case.guests:
            if guests and guest not in guests:
                continue
            rows = case.rows(guest)
            for variant in ("harmless", "broken", "mended"):
                mine = [row for row in rows if row.variant == variant]
                if mine:
                    yield case, guest, variant, mine


def today():
    return time.strftime("%Y-%m-%d", time.gmtime())
