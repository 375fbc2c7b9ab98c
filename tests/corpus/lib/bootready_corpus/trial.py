# SPDX-License-Identifier: LGPL-2.1-or-later
"""One image: made, judged as it is, then broken one thing at a time and judged again."""

import json
import os
import shutil
import tempfile

from bootready_roots import judge
from bootready_roots.tools import SkipCase, SuiteError, run

from . import disk, facts, kernels, tree

SCHEMA = "src/report/report.schema.json"


def statuses(report):
    return {check["id"]: check["status"] for check in report["checks"]}


class Bench:
    def __init__(self, base, options, top):
        self.base, self.options, self.top = base, options, top
        self.made = kernels.Kernels()
        self.validate = judge.schema_validator(os.path.join(top, SCHEMA)) or (lambda report: ())
        self.work = os.path.join(top, "build", "corpus")
        os.makedirs(self.work, exist_ok=True)

    def report_of(self, made):
        """Mounted read-only and judged; (report, complaints)."""
        root = os.path.join(made.folder, "root")
        os.makedirs(root, exist_ok=True)
        made.mount(root)
        try:
            done = judge.execute(self.options.bootready, ["check", "--root", root, "--disk", made.path, "--profile",
                                                          made.image.profile, "--format", "json"], timeout=60)
        finally:
            run("umount", "-R", "-l", root)
        if done.status not in (0, 1, 2) or done.err:
            raise SuiteError("exit status %d: %s" % (done.status, done.err.decode("utf-8", "replace").strip()))
        report = json.loads(done.out.decode("utf-8"))
        return report, list(self.validate(report))

    def _healthy(self, image, made):
        report, complaints = self.report_of(made)
        unknown = image.unknowable()
        for check in report["checks"]:
            if check["status"] in ("OK", "WARNING", "SKIPPED"):
                continue
            # What cannot be told has to be told by name.
            if check["id"] in unknown and check["status"] == "UNKNOWN" and (
                    check["id"] != "Grub" or any(unknown["Grub"] in finding["message"] for finding in check["findings"])):
                continue
            complaints.append("%s is %s" % (check["id"], check["status"]))
            complaints += ["  %s (%s): %s" % (f["code"], f["severity"], f["message"]) for f in check["findings"]]
        return complaints

    def try_image(self, name):
        work = tempfile.mkdtemp(prefix=name + "-", dir=self.work)
        try:
            image = facts.Image(name)
            made = disk.Disk(image, os.path.join(work, "healthy"))
            os.mkdir(made.folder)
            folder = os.path.join(work, "tree")
            tree.make(image, folder, self.made)
            made.make(self.base, folder)
            wrong = self._healthy(image, made)
            yield ("not ok" if wrong else "ok", "%s under %s" % (name, image.profile), wrong)
        except SkipCase as why:
            yield "skipped", name, [str(why)]
        except (SuiteError, OSError, ValueError) as error:
            yield "not ok", name, ["%s: %s" % (type(error).__name__, error)]
        finally:
            if not self.options.keep:
                shutil.rmtree(work, ignore_errors=True)
