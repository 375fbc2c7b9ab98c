# SPDX-License-Identifier: LGPL-2.1-or-later
"""The boot cases: a folder of qemu/cases is one defect; its file `case` says what must be found and what boots come to.

[case]
about     what it shows, in one line
kind      defect (the default): what is broken loses a function; the mended twin has it
          policy: the verdict is a rule of the target's, the boot is not harmed
          harmless: looks like a defect and is none
guests    recipes of qemu/guests; CI takes the first
recipe    settings for qemu/guests/make that only the broken twin has
check     the check that must speak, and
code      its finding
function  what is lost: userspace (the default), lease, ssh, seed, password or grown
also      further checks that may fail: what the same defect loses besides
unseen    yes: the kernel does not come to the root, so that there is nothing to ask about; that no root is found is the answer
unknown   the fact that no one can know from the image: the verdict may be undetermined
ci        yes: always among CI's boots

[boots]   a line a machine: DISK FIRMWARE = what the broken twin comes to there: works, lost (userspace is reached, the
          function is not), emergency, or the stage in which it stops

`break` (sh) makes the defect in $IMAGE, by edit-image; `mend` undoes it in the broken image. Without `mend` the mended
twin is the guest as it was. `common` is run on both before: what a guest needs for the question to be asked at all.
"""

import configparser
import functools
import hashlib
import os
import shlex
import subprocess
from dataclasses import dataclass

from . import console, disk, machine
from .errors import HarnessError, UsageError

QEMU = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
FUNCTIONS = ("userspace", "lease", "ssh", "seed", "password", "grown")
_KINDS = ("defect", "policy", "harmless")
_DID = ("works", "lost", "emergency") + console.STAGES[:-1]
_KEYS = {"about", "kind", "guests", "recipe", "check", "code", "function", "also", "unseen", "unknown", "ci"}
GROW = "+1G"


@dataclass(frozen=True)
class Row:
    """One boot: what must be said about this image on this machine, and what the boot must come to."""
    case: str
    guest: str
    variant: str
    disk: str
    firmware: str
    did: str

    def name(self):
        return "%s/%s/%s/%s/%s" % (self.case, self.guest, self.variant, self.disk, self.firmware)


@dataclass
class Case:
    name: str
    folder: str
    about: str
    kind: str
    guests: list
    recipe: list
    check: str
    code: str
    function: str
    also: list
    unseen: bool
    unknown: str
    ci: bool
    boots: list  # (disk, firmware, did)

    def rows(self, guest):
        """The broken twin on every machine; the mended one on the first."""
        broken = "harmless" if self.kind == "harmless" else "broken"
        rows = [Row(self.name, guest, broken, *boot) for boot in self.boots]
        if self.kind != "harmless":
            place, firmware, _ = self.boots[0]
            rows.append(Row(self.name, guest, "mended", place, firmware, "works"))
        return rows

    def grow(self):
        return GROW if self.function == "grown" else None


def _boots(section):
    boots = []
    for key, did in section.items():
        place, firmware = key.split()
        if place not in machine.DISKS or firmware not in machine.FIRMWARES or did not in _DID:
            raise ValueError("%s = %s" % (key, did))
        boots.append((place, firmware, did))
    if not boots:
        raise ValueError("no boot")
    return boots


def load(name, folder=None):
    folder = folder or os.path.join(QEMU, "cases", name)
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    try:
        with open(os.path.join(folder, "case"), encoding="utf-8") as file:
            parser.read_file(file)
        about = parser["case"]
        case = Case(name, folder, about["about"], about.get("kind", "defect"), about.get("guests", "debian12").split(),
                    shlex.split(about.get("recipe", "")), about.get("check"), about.get("code"),
                    about.get("function", "userspace"), about.get("also", "").split(),
                    about.get("unseen") == "yes", about.get("unknown"), about.get("ci") == "yes", _boots(parser["boots"]))
        wrong = set(about) - _KEYS
        if wrong or case.kind not in _KINDS or case.function not in FUNCTIONS or set(parser.sections()) != {"case", "boots"}:
            raise ValueError(", ".join(sorted(wrong)) or "%s %s" % (case.kind, case.function))
        if case.kind != "harmless" and not (case.check and case.code):
            raise ValueError("check and code are wanted")
        return case
    except (OSError, KeyError, ValueError, TypeError, configparser.Error) as error:
        raise HarnessError("cases/%s/case: %s" % (name, error)) from None


def names():
    return sorted(name for name in os.listdir(os.path.join(QEMU, "cases"))
                  if os.path.exists(os.path.join(QEMU, "cases", name, "case")))


def choose(wanted):
    """The cases whose names contain one of `wanted`; all without any."""
    chosen = [name for name in names() if not wanted or any(word in name for word in wanted)]
    for word in wanted:
        if not any(word in name for name in chosen):
            raise UsageError("no case has %s in its name; there are: %s" % (word, " ".join(names())))
    return [load(name) for name in chosen]


def guest_image(guest, settings):
    """The path of the guest's image without bootready in it, made if it is not in the cache."""
    return _guest_image(guest, tuple(settings))


@functools.cache
def _guest_image(guest, settings):
    done = subprocess.run([os.path.join(QEMU, "guests", "make"), guest, *settings, "module=no"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise HarnessError("the guest %s could not be made" % guest)
    return done.stdout.decode().strip()


def scripts(case, variant):
    """The case's scripts that make this twin, in their order."""
    mend = os.path.exists(os.path.join(case.folder, "mend"))
    chosen = ["common"] + (["break"] if variant != "mended" or mend else []) + (["mend"] if variant == "mended" and mend else [])
    return [path for path in (os.path.join(case.folder, name) for name in chosen) if os.path.exists(path)]


def settings(case, variant):
    """A recipe's setting is undone by leaving it out, unless a script mends."""
    return case.recipe if variant != "mended" or os.path.exists(os.path.join(case.folder, "mend")) else []


def _file_hash(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def _has(path, word):
    with open(path, "rb") as file:
        return word in file.read()


def recipe_hash(case, variant, base):
    """What this twin is made of: the guest's recipe (its image's name has it) and the scripts that change it."""
    words = [os.path.basename(base)] + [_file_hash(path) for path in scripts(case, variant)]
    words.append(_file_hash(os.path.join(QEMU, "lib", "bootready_vm", "edit.py")))
    words += [_file_hash(os.path.join(QEMU, "cases", "lib", name)) for name in sorted(os.listdir(os.path.join(QEMU, "cases", "lib")))]
    if any(_has(path, b"edit-uki") for path in scripts(case, variant)):
        words.append(_file_hash(os.path.join(QEMU, "edit-uki")))
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def make_image(case, variant, base, folder):
    """A raw image of this twin in `folder`."""
    image = os.path.join(folder, variant + ".raw")
    disk.run("cp", "--sparse=always", "--reflink=auto", base, image)
    places = [QEMU, os.path.join(QEMU, "cases", "lib"), "/usr/sbin", "/sbin", os.environ.get("PATH", "/usr/bin:/bin")]
    environment = dict(os.environ, IMAGE=image, PATH=":".join(places))
    for script in scripts(case, variant):
        done = subprocess.run(["sh", "-eu", script], env=environment, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise HarnessError("%s: %s failed" % (case.name, os.path.basename(script)))
    return image
