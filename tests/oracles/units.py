#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Roots full of units in every state, made by a seed, and three judges of them:

state   what `systemctl --root=DIR is-enabled UNIT` prints, for every name
boot    the jobs of systemd's own first transaction (systemd --test, its unit folders those of the root)
preset  the same after `systemctl --root=COPY preset-all --preset-mode=enable-only`, against the root whose first boot does it

A difference is printed with the seed. BOOTREADY_ORACLES=all: more seeds. Without systemd, or where it does not run: skipped.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
ETC, LOCAL, LIB, RUN = ("etc/systemd/system", "usr/local/lib/systemd/system", "usr/lib/systemd/system", "run/systemd/system")
SYSTEMD = "/lib/systemd/systemd"
KINDS = ["service"] * 8 + ["socket"] * 2 + ["target", "timer", "path"]
passed = failed = skipped = 0


def report(good, what):
    global passed, failed
    passed, failed = passed + good, failed + (not good)
    print("%sok %d - %s" % ("" if good else "not ", passed + failed, what), flush=True)


def program():
    """tests/oracles/units.c, linked against the readers."""
    out = os.path.join(TOP, "build/oracles/units")
    rule = ("build/oracles/%: tests/oracles/%.c build/parts.a; @mkdir -p $(@D) && $(BR_CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@.o "
            "$< && $(BR_LINK) -o $@ $@.o build/parts.a")
    subprocess.run(["make", "-s", "-C", TOP, "--eval", rule, "build/oracles/units"], check=True, stdout=sys.stderr)
    return out


class Tree:
    def __init__(self, top, seed):
        self.top, self.random, self.names = top, random.Random(seed), []

    def write(self, path, text):
        path = os.path.join(self.top, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if not os.path.lexists(path):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)

    def link(self, path, target):
        """Relative, so that systemd finds it where the root lies."""
        whole = os.path.join(self.top, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        if os.path.lexists(whole):
            return
        if target == "/dev/null":
            os.symlink(target, whole)
        elif self.random.random() < .9:
            os.symlink(os.path.relpath(os.path.join(self.top, target), os.path.dirname(whole)), whole)
        else:
            os.symlink(os.path.basename(path), whole) if self.random.random() < .2 else os.symlink("../system/" + os.path.basename(target), whole)

    def some(self, most=2, of=None):
        return self.random.sample(of or self.names, self.random.randint(1, most))

    def instance(self, name):
        return name.replace("@.", "@%s." % self.random.choice(["a", "b-c", "x1"])) if "@." in name else name

    def install(self, name):
        r, lines = self.random, []
        if r.random() < .6:
            lines.append("WantedBy=" + r.choice(["multi-user.target", "never.target", "multi-user.target never.target"]))
        if r.random() < .1:
            lines.append("RequiredBy=never.target")
        if r.random() < .1:
            lines += ["WantedBy=", "# nothing"]
        if r.random() < .2:
            lines.append("Alias=%s" % ("also-%s" % name if r.random() < .8 else "\\\n  also-%s two-%s" % (name, name)))
        if r.random() < .15:
            lines.append("Also=%s" % " ".join(self.some()))
        if "@." in name and r.random() < .6:
            lines.append("DefaultInstance=%s" % r.choice(["a", "tty1"]))
        return "[Install]\n" + "\n".join(lines) + "\n" if lines else ""

    def unit(self, name):
        r, lines = self.random, ["; of a seed", "[Unit]", "Description=a \\", "  b"]
        for key in ("Wants", "Requires", "BindsTo", "PartOf"):
            if r.random() < (.15 if key in ("Wants", "Requires") else .03):
                lines.append("%s=%s" % (key, " ".join(self.instance(n) for n in self.some(of=self.solid if key in ("Requires", "BindsTo") else None))))
        if r.random() < .1:
            lines.append("DefaultDependencies=no")
        kind = name.rsplit(".", 1)[1]
        lines += {"service": ["[Service]", "Type=oneshot", "RemainAfterExit=yes", "ExecStart=/bin/true"],
                  "socket": ["[Socket]", "ListenStream=/run/%s" % name.replace("@", "")] + (["Accept=yes"] if r.random() < .3 else []),
                  "timer": ["[Timer]", "OnBootSec=1h"], "path": ["[Path]", "PathExists=/nonesuch"]}.get(kind, [])
        return "\n".join(lines) + "\n" + self.install(name)

    def enable(self, name):
        r = self.random
        where = r.choice(["sockets.target" if name.endswith(".socket") else "multi-user.target"] * 5 + ["never.target", r.choice(self.names)])
        folder = r.choice([ETC] * 8 + [LIB, LOCAL])
        whole = self.instance(name)
        kind = "requires" if name in self.solid and r.random() < .2 else "wants"
        self.link("%s/%s.%s/%s" % (folder, where, kind, whole), self.place[name])

    def drop_in(self, name):
        r = self.random
        stem, kind = name.split(".")[0], name.rsplit(".", 1)[1]
        target = r.choice([name, name, self.instance(name), stem.split("-")[0] + "-." + kind if "-" in stem else name])
        text = r.choice(["[Install]\nWantedBy=\n", "[Install]\nWantedBy=multi-user.target\n", "[Unit]\nWants=%s\n" % self.instance(self.some(1)[0]),
                         "[Install]\nAlias=third-%s\n" % name, "[Service]\n"])
        self.write("%s/%s.d/%s.conf" % (r.choice([ETC, LIB, LOCAL]), target, r.choice(["10-a", "20-b"])), text)

    def odd(self, name):
        """One name, one way to be something else."""
        r, kind = self.random, name.rsplit(".", 1)[1]
        what = r.randrange(13)
        if what < 2:
            self.link("%s/%s" % (ETC, name), "/dev/null")
        elif what == 2:
            self.write("%s/%s" % (ETC, name), "")
        elif what == 3:
            self.link("%s/also-%s" % (ETC, name), self.place[name])
        elif what == 4:
            self.link("%s/other-%s" % (r.choice([ETC, LIB]), name), self.place[name])
            self.names.append("other-%s" % name)
        elif what == 5:
            self.link("%s/%s" % (ETC, name), self.place[name])
        elif what == 6:
            self.write("opt/%s" % name, self.unit(name))
            self.link("%s/%s" % (ETC, name), "opt/%s" % name)
        elif what == 7:
            self.write("%s/gone-%s" % (ETC, name), "[Unit\nDescription=x\n")
            self.names.append("gone-%s" % name)
        elif what == 8:
            self.link("%s/lost-%s" % (ETC, name), "%s/nowhere.%s" % (LIB, kind))
            self.names.append("lost-%s" % name)
        elif what == 9:
            self.link("%s/%s" % (RUN, name), r.choice(["/dev/null", self.place[name]]))
        elif what == 10:
            self.write("%s/%s" % (ETC, name), self.unit(name))
        elif what == 11:
            self.link("%s/multi-user.target.wants/%s" % (ETC, self.instance(name)), "/dev/null")
        elif what == 12:
            self.link("%s/other-%s" % (ETC, name), self.place[name])
            self.link("%s/second-%s" % (ETC, name), "%s/other-%s" % (ETC, name))
            self.names += ["other-%s" % name, "second-%s" % name]

    def presets(self):
        r = self.random
        for number in range(r.randint(1, 4)):
            lines = []
            for _ in range(r.randint(1, 12)):
                name = r.choice(self.names)
                lines.append("%s %s" % (r.choice(["enable", "disable", "enable", "#enable", "nonsense"]),
                                        r.choice([name, name[:3] + "*", "*." + name.rsplit(".", 1)[1], name[:2] + "?" + name[3:]])))
                if "@." in name and r.random() < .5:
                    lines.append("enable %s i1 i2" % name)
            if r.random() < .6:
                lines.append("disable *")
            self.write("%s/%02d-x.preset" % (r.choice(["etc/systemd/system-preset", "usr/lib/systemd/system-preset"]), r.randint(10, 14)),
                       "\n".join(lines) + "\n")

    def make(self, count):
        r = self.random
        for i in range(count):
            self.names.append("n%02d%s%s.%s" % (i, r.choice(["", "-x", "-x-y"]), "@" if r.random() < .2 else "", r.choice(KINDS)))
        self.names = [n.replace("@", "") if n.endswith(".target") else n for n in self.names]
        self.place = {name: "%s/%s" % (r.choice([LIB, LIB, LIB, LOCAL, ETC]), name) for name in self.names}
        # A unit that requires what cannot start is in the transaction or not as systemd's hash tables have it.
        self.solid = [name for name in self.names if r.random() < .65]
        for name, path in self.place.items():
            self.write(path, self.unit(name))
        for name in list(self.place):
            if r.random() < .45:
                self.enable(name)
            if name not in self.solid:
                self.odd(name)
            if r.random() < .15:
                self.drop_in(name)
        for name, text in (("sysinit", ""), ("basic", "Requires=sysinit.target\nWants=sockets.target timers.target paths.target\n"), ("sockets", ""),
                           ("timers", ""), ("paths", ""), ("never", ""), ("shutdown", "DefaultDependencies=no\n"),
                           ("multi-user", "Requires=basic.target\n"), ("graphical", "Requires=multi-user.target\nWants=display-manager.service\n")):
            self.write("%s/%s.target" % (LIB, name), "[Unit]\nDescription=%s\n%s" % (name, text))
        default = "%s/%s.target" % (LIB, r.choice(["multi-user", "graphical"]))
        os.symlink(os.path.relpath("/" + default, "/" + LIB), os.path.join(self.top, LIB, "default.target"))
        self.names += ["multi-user.target", "default.target"]
        self.presets()
        self.write("usr/lib/systemd/systemd", "")
        self.write("etc/machine-id", "0123456789abcdef0123456789abcdef\n")


def read(reader, top):
    found = subprocess.run([reader, top], check=True, stdout=subprocess.PIPE, text=True).stdout
    return {line.split()[0]: line.split()[1:] for line in found.splitlines()}


def enabled(top, name):
    done = subprocess.run(["systemctl", "--root=" + top, "is-enabled", name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False)
    return done.stdout.strip() or "none"


def leads_to_itself(top, name):
    """A link of its own name into another folder of units: "linked" up to systemd 249, later systemctl gives no answer."""
    template = re.sub("@.+[.]", "@.", name)
    return any(os.path.basename(os.readlink(path)) == link for link in (name, template) for path in [os.path.join(top, ETC, link)]
               if os.path.islink(path))


def states(reader, top, seed):
    run, aside = os.path.join(top, "run"), os.path.join(top, "aside")
    if os.path.exists(run):
        os.rename(run, aside)  # what is in it is gone at the next boot
    ours, names = read(reader, top), set()
    for folder in (ETC, LOCAL, LIB):
        for where, _, files in os.walk(os.path.join(top, folder)):
            if not where.endswith(".d"):
                names |= {f for f in files if not f.endswith(".conf")}
            names |= {f for f in os.listdir(where) if os.path.islink(os.path.join(where, f))}
    wrong, kinds = [], set()
    for name in sorted(names):
        theirs, mine = enabled(top, name), ours.get(name, ["not-found"])[0]
        kinds.add(theirs)
        if mine != theirs and not (theirs == "none" and (mine in ("not-found", "bad") or leads_to_itself(top, name))):
            wrong.append("%s: systemctl says %s, here %s" % (name, theirs, mine))
    for line in wrong:
        print("#", line)
    report(not wrong and len(names) > 60, "seed %d: the state of %d units (%s)" % (seed, len(names), " ".join(sorted(kinds))))


def transaction(top):
    """The units that systemd would start, by its own word; None: it does not run here."""
    environment = {"SYSTEMD_UNIT_PATH": ":".join(os.path.join(top, folder) for folder in (ETC, LOCAL, LIB)), "XDG_RUNTIME_DIR": "/tmp",
                   "PATH": "/usr/bin:/bin", "HOME": "/", "SYSTEMD_LOG_LEVEL": "err"}
    done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", SYSTEMD, "--test", "--system"], env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False, timeout=60)
    _, found, jobs = done.stdout.partition("-> By jobs:")
    units = {line.split("Action:")[1].split("->")[0].strip() for line in jobs.splitlines() if "-> start" in line and "Action:" in line}
    return units if found else None


def starts(reader, top):
    return {name for name, words in read(reader, top).items() if "starts" in words}


def boot(reader, top, seed, what):
    global skipped
    theirs = transaction(top)
    if theirs is None:
        skipped += 1
        print("ok - %s # SKIP systemd --test does not run here" % what)
        return
    known, ours = read(reader, top), starts(reader, top)
    behind = {name for name, words in known.items() if words[0] == "alias"}
    theirs = {name for name in theirs if name in known}
    wrong = sorted((theirs ^ (ours - behind)) - {"default.target"})
    for name in wrong:
        print("# %s: systemd %s it, here it %s" % (name, "starts" if name in theirs else "does not start",
                                                    "starts" if name in ours else "does not"))
    report(not wrong and len(ours) > 5, "seed %d: %s: %d units" % (seed, what, len(theirs)))


def presets(reader, top, seed):
    # One file that cannot be read as a unit, and this release's preset-all gives up.
    for folder in (ETC, LIB, LOCAL):
        for name in os.listdir(os.path.join(top, folder)) if os.path.isdir(os.path.join(top, folder)) else []:
            path = os.path.join(top, folder, name)
            severed = os.path.islink(path) and not os.path.exists(path)
            if not os.path.isdir(path) and (name.startswith(("gone-", "lost-")) or leads_to_itself(top, name) or severed):
                os.unlink(path)
    copy = top + "-preset"
    shutil.copytree(top, copy, symlinks=True)
    subprocess.run(["systemctl", "--root=" + copy, "preset-all", "--preset-mode=enable-only"], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
    before = starts(reader, top)
    os.unlink(os.path.join(top, "etc/machine-id"))
    first = {name: words for name, words in read(reader, top).items() if "starts" in words}
    after = starts(reader, copy)
    wrong = sorted(set(first) ^ {name for name in after if name in read(reader, top)})
    wrong += sorted(name for name, words in first.items() if ("preset" in words) != (name not in before))
    for name in wrong:
        print("# %s: after preset-all it %s, by the first boot here it %s" % (name, "starts" if name in after else "does not start",
                                                                              "starts" if name in first else "does not"))
    report(not wrong, "seed %d: what the first boot presets: %d more units" % (seed, len(first) - len(before)))


def main():
    if not shutil.which("systemctl"):
        print("ok - units # SKIP no systemctl here\n0 passed, 0 failed, 1 skipped")
        return 0
    reader, many = program(), os.environ.get("BOOTREADY_ORACLES") == "all"
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)
        for seed in [int(word) for word in sys.argv[1:]] or range(1, 41 if many else 4):
            top = os.path.join(work, "root%d" % seed)
            Tree(top, seed).make(75)
            states(reader, top, seed)
            boot(reader, top, seed, "the first transaction")
            if os.environ.get("KEEP"):
                shutil.copytree(top, os.path.join(os.environ["KEEP"], "root%d" % seed), symlinks=True)
            presets(reader, top, seed)
    print("%d passed, %d failed%s" % (passed, failed, ", %d skipped" % skipped if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
