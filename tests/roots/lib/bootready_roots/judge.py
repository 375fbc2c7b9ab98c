# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs bootready on a root and compares what it says with what a case wants."""

import json
import os
import re
import shlex
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field

CANARY = "canary-4d1f9b7e"
# What strerror(3) says of error numbers that the program gives a meaning of its own.
_UNCLEAR = ("Bad message", "Wrong medium type", "No data available", "Invalid argument", "Success", "No error information")
_WORDS = {"ready": "READY", "not-ready": "NOT READY", "undetermined": "UNDETERMINED"}


@dataclass
class Run:
    """One run of bootready."""
    status: int
    out: bytes
    err: bytes
    cpu: float
    wall: float


@dataclass
class Judgement:
    complaints: list = field(default_factory=list)
    codes: set = field(default_factory=set)  # every code that was seen
    passed: set = field(default_factory=set)  # every check that was OK
    report: dict = None


def execute(command, arguments, timeout=120, **more):
    """Runs COMMAND ARGUMENTS. Its own processor time is told as well, so that a busy machine does not count."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.monotonic()
        # pylint: disable-next=consider-using-with  # waited for by wait4, which alone tells the time of one child
        child = subprocess.Popen(shlex.split(command) + [str(word) for word in arguments],
                                 **{"stdin": subprocess.DEVNULL, "stdout": out, "stderr": err, **more})
        timer = threading.Timer(timeout, child.kill)
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Run(child.returncode, out.read(), err.read(), usage.ru_utime + usage.ru_stime, time.monotonic() - started)


def table_complaints(text, verdict):
    """What every table must be, whatever it says."""
    if any(byte > 0x7e or (byte < 0x20 and byte != 0x0a) for byte in text):
        yield "the table is not printable ASCII"
    for line in text.decode("ascii", "replace").splitlines():
        # A word that alone is longer than the line cannot be broken; blanks can.
        if len(line) > 80 and len(line.split()) > 1 and len(line) - len(line.rsplit(" ", 1)[0]) < 70:
            yield "a line of the table is %d wide: %s" % (len(line), line)
    last = text.decode("ascii", "replace").rstrip("\n").rsplit("\n", 1)[-1]
    if not re.fullmatch(r"bootready: %s \(profile [^)]+\)" % _WORDS.get(verdict, "?"), last):
        yield "the table ends with: %s" % last


def _place(finding):
    if not finding["path"]:
        return ""
    return finding["path"] + (":%d" % finding["line"] if finding["line"] else "")


def findings_of(report):
    return [(check, finding) for check in report["checks"] for finding in check["findings"]]


def _status_complaints(case, report):
    if set(case.expect) - {check["id"] for check in report["checks"]}:
        yield "the report lacks a check that the case is about: %s" % " ".join(case.expect)
    for check in report["checks"]:
        wanted = case.expect.get(check["id"], ["OK"])
        if case.others == "any" and check["id"] not in case.expect and check["status"] != "FAILED":
            continue
        # What the profile or the case's own --only or --skip leaves out is not what it is about.
        if check["status"] == "SKIPPED" and check["id"] not in case.expect and (
                "--only" in case.args or "--skip" in case.args or check["findings"][0]["code"].endswith("-not-wanted")):
            continue
        if check["status"] not in wanted:
            said = "; ".join("%s (%s): %s" % (f["code"], f["severity"], f["message"]) for f in check["findings"]
                             if f["severity"] != "info")
            yield "%s is %s, not %s%s" % (check["id"], check["status"], " or ".join(wanted), ": " + said if said else "")


def _finding_complaints(case, shop, report):
    seen, others = {}, set()
    for check, finding in findings_of(report):
        seen.setdefault(finding["code"], []).append(finding)
        if case.others == "any" and check["id"] not in case.expect and finding["severity"] != "failed":
            others.add(finding["code"])
    for code, (severity, place) in case.findings.items():
        found = [f for f in seen.get(code, []) if f["severity"] == severity]
        place = place.replace("$R", shop.base.release)
        if severity == "none":
            if code in seen:
                yield "unexpected %s" % code
        elif not found:
            yield "no %s of severity %s" % (code, severity)
        elif place and place not in [_place(f) for f in found]:
            yield "%s is about %s, not %s" % (code, " and ".join(_place(f) or "nothing" for f in found), place)
    for code, words in case.fixes.items():
        words = words.replace("$ROOT", shop.root)
        if not any(words in (f["fix"] or "") for f in seen.get(code, [])):
            yield "%s has not the fix \"%s\" but %s" % (code, words, " and ".join(str(f["fix"]) for f in seen.get(code, [])))
    for code, words in case.messages.items():
        words = words.replace("$VARIANT", case.variant)
        if not any(words in f["message"] for f in seen.get(code, [])):
            yield "%s does not say \"%s\" but %s" % (code, words, " and ".join(f["message"] for f in seen.get(code, [])))
    for code, found in seen.items():
        for finding in found:
            if code.endswith("-crashed") and code not in case.findings:
                yield "a check crashed: %s" % finding["message"]
            if case.strict and code not in others and finding["severity"] != "info" and (code not in case.findings or case.findings[code][0] != finding["severity"]):
                yield "unexpected %s (%s): %s" % (code, finding["severity"], finding["message"])
            if finding["severity"] == "failed" and not finding["fix"]:
                yield "%s has no fix" % code
            if any(words in finding["message"] for words in _UNCLEAR):
                yield "%s tells the system's error in words that nobody understands: %s" % (code, finding["message"])


def _outcome_complaints(case, run):
    if run.status < 0:
        yield "it was ended by signal %d after %.0f s" % (-run.status, run.wall)
    elif run.status not in case.exit:
        yield "exit status %d, not %s%s" % (run.status, " or ".join(map(str, case.exit)),
                                            ": " + run.err.decode("utf-8", "replace").strip() if run.err else "")
    if run.err and run.status != 64:
        yield "it wrote to standard error: %s" % run.err.decode("utf-8", "replace").strip()
    if run.wall > case.seconds and (run.cpu > case.seconds or run.wall > 4 * case.seconds):
        yield "it took %.1f s" % run.wall
    if CANARY.encode() in run.out + run.err:
        yield "it showed what lies outside the root"


def judge(case, command, shop, validate, table_too=True):
    """Runs the JSON, and the table too, and holds both against the case."""
    verdict, arguments = Judgement(), shop.arguments()
    run = execute(command, ["check", *arguments, "--format", "json"])
    verdict.complaints += _outcome_complaints(case, run)
    try:
        report = json.loads(run.out.decode("utf-8"))
    except ValueError as error:
        verdict.complaints.append("its report is no JSON: %s" % error)
        return verdict
    verdict.report = report
    verdict.complaints += list(validate(report))
    verdict.complaints += _status_complaints(case, report)
    verdict.complaints += _finding_complaints(case, shop, report)
    verdict.codes = {finding["code"] for _, finding in findings_of(report)}
    verdict.passed = {check["id"] for check in report["checks"] if check["status"] == "OK"}
    if not table_too or "--only" in case.args:  # of one check; the table as a whole is shown by the others
        return verdict
    table = execute(command, ["check", *arguments, "--format", "table"])
    if table.status != run.status:
        verdict.complaints.append("the table's exit status is %d: %s" % (table.status, table.out.decode("ascii", "replace")))
    if CANARY.encode() in table.out:
        verdict.complaints.append("the table shows what lies outside the root")
    verdict.complaints += list(table_complaints(table.out, report["verdict"]))
    return verdict


def known_codes(command):
    """Every finding code by its check, as `explain` lists them."""
    checks = json.loads(execute(command, ["list", "--format", "json"]).out)
    codes = {}
    for check in checks:
        text = execute(command, ["explain", check["id"]]).out.decode()
        codes[check["id"]] = re.findall(r"^  ([a-z0-9-]+) \((?:boot|policy)\)$", text.partition("\nFindings\n")[2], re.M)
    return codes


def schema_validator(path):
    """A function from a report to complaints; None where the validator's package is not there."""
    try:
        import jsonschema  # pylint: disable=import-outside-toplevel
    except ImportError:
        return None
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema, format_checker=jsonschema.FormatChecker())

    def validate(report):
        for error in sorted(validator.iter_errors(report), key=str)[:5]:
            yield "the report breaks its schema at %s: %s" % ("/".join(map(str, error.path)) or "the top", error.message[:200])
    return validate
