# SPDX-License-Identifier: LGPL-2.1-or-later
"""One image: made, judged as it is, then broken one thing at a time and judged again."""

import json
import os
import shutil
import tempfile

from bootready_roots import judge
from bootready_roots.tools import SkipCase, SuiteError, run

from . import damage, disk, facts, kernels, tree

# In `make check` each damage is done to two of these: hybrid, BIOS alone on an MBR with kernelopts, UEFI alone with all of
# grub.cfg on the ESP, LVM, and Ubuntu's labels with a /boot of its own.
TELLING = ("centos_9-x86_64-ami-boot", "rhel_8-x86_64-qcow2-boot", "rhel_810-aarch64-ec2-boot", "rhel_94-x86_64-azure_rhui-boot",
           "ubuntu_24.04-x86_64-qcow2-cloudimg", "centos_8-aarch64-qcow2-all_with_fips", "debian_12-x86_64-qcow2-genericcloud")
SCHEMA = "src/report/report.schema.json"


def statuses(report):
    return {check["id"]: check["status"] for check in report["checks"]}


class Bench:
    def __init__(self, base, options, top):
        self.base, self.options, self.top = base, options, top
        self.made, self._telling = kernels.Kernels(base), []
        self.validate = judge.schema_validator(os.path.join(top, SCHEMA)) or (lambda report: ())
        self.work = os.path.join(top, "build", "corpus")
        os.makedirs(self.work, exist_ok=True)

    def report_of(self, made):
        """Mounted read-only and judged; (report, complaints)."""
        root = os.path.join(made.folder, "root")
        os.makedirs(root, exist_ok=True)
        made.mount(root)
        try:
            done = judge.execute(self.options.bootready, ["check", "--deadline", "100", "--root", root, "--disk", made.path, "--profile",
                                                          made.image.profile, "--format", "json"])
        finally:
            run("umount", "-R", "-l", root)
        if done.status not in (0, 1, 2) or done.err:
            raise SuiteError("exit status %d: %s" % (done.status, done.err.decode("utf-8", "replace").strip()))
        report = json.loads(done.out.decode("utf-8"))
        return report, list(self.validate(report))

    def _damaged(self, image, made, one, folder):
        """What is wrong with the verdict on a damage."""
        twin = made.copy(folder)
        try:
            one.change(twin, image, self.made)
            report, complaints = self.report_of(twin)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        said = {(check["id"], f["code"], f["severity"]) for check in report["checks"] for f in check["findings"]}
        wants = one.wants(image)
        if wants and not said & set(wants):
            complaints.append("none of %s, but %s" % (" ".join(map(str, wants)), " ".join(map(str, sorted(
                entry for entry in said if entry[2] != "info")))))
        harm = any(severity == "failed" for _, _, severity in wants)
        failed = sorted(check for check, status in statuses(report).items() if status == "FAILED")
        if not harm and failed:
            complaints.append("%s FAILED, and it does no such harm: %s" % (" ".join(failed), sorted(e for e in said if e[2] == "failed")))
        if harm and report["verdict"] != "not-ready":
            complaints.append("the verdict is %s" % report["verdict"])
        complaints += ["a check crashed: %s" % code for _, code, _ in said if code.endswith("-crashed")]
        return complaints

    def _damages(self, image):
        chosen = [one for one in damage.DAMAGES if one.fits(image)]
        if self.options.damage:
            return [one for one in chosen if self.options.damage in one.name]
        return chosen if self.options.all else [one for one in chosen if image.name in self._shown_on(one)]

    def _shown_on(self, one):
        """The next two of the telling images that it fits, so that each image gets its share."""
        if not self._telling:
            self._telling = [facts.Image(name) for name in TELLING]
        at = damage.DAMAGES.index(one) % len(TELLING)
        return [image.name for image in self._telling[at:] + self._telling[:at] if one.fits(image)][:2]

    @staticmethod
    def _chain_complaints(image, report):
        """Each firmware boots the kernel that the vendor meant, from the root that it meant."""
        firmwares = ["bios"] * image.boots_by_bios() + ["uefi"] * (image.esp() is not None)
        if [chain["firmware"] for chain in report["boot"]] != firmwares:
            yield "it boots by %s, not %s" % (" ".join(chain["firmware"] for chain in report["boot"]), " ".join(firmwares))
        root = image.mounted("/")
        device = "%s-%s" % (root.group, root.name) if root.name else "disk0p%d" % root.number
        for chain in report["boot"]:
            if chain["release"] != image.kernels[0] or chain["root_device"] != device:
                yield "%s boots %s from %s, not %s from %s" % (chain["firmware"], chain["release"], chain["root_device"],
                                                             image.kernels[0], device)

    def _healthy(self, image, made):
        report, complaints = self.report_of(made)
        unknown = image.unknowable()
        complaints += self._chain_complaints(image, report) if "Grub" not in unknown else []
        for check in report["checks"]:
            if check["status"] in ("OK", "WARNING", "SKIPPED"):
                continue
            # What cannot be told has to be told by name.
            if check["id"] in unknown and check["status"] == "UNKNOWN" and (
                    check["id"] in ("Virtio", "Nvme", "TargetDrivers", "FwCfg") or any(unknown[check["id"]] in finding["message"] for finding in check["findings"])):
                continue
            complaints.append("%s is %s" % (check["id"], check["status"]))
            complaints += ["  %s (%s): %s" % (f["code"], f["severity"], f["message"]) for f in check["findings"]]
        return complaints

    def try_image(self, name):
        work = tempfile.mkdtemp(prefix=name + "-", dir=self.work)
        try:
            image = facts.Image(name)
            if "pending" in image.json:
                raise SkipCase(image.json["pending"])
            made = disk.Disk(image, os.path.join(work, "healthy"))
            os.mkdir(made.folder)
            folder = os.path.join(work, "tree")
            tree.make(image, folder, self.made)
            made.make(self.base, folder)
            wrong = self._healthy(image, made)
            yield ("not ok" if wrong else "ok", "%s under %s" % (name, image.profile), wrong)
            for one in self._damages(image):
                wrong = self._damaged(image, made, one, os.path.join(work, one.name))
                yield ("not ok" if wrong else "ok", "%s: %s" % (name, one.name), wrong)
        except SkipCase as why:
            yield "skipped", name, [str(why)]
        except (SuiteError, OSError, ValueError, LookupError) as error:
            yield "not ok", name, ["%s: %s" % (type(error).__name__, error)]
        finally:
            if not self.options.keep:
                shutil.rmtree(work, ignore_errors=True)
