#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""systemd-boot's entries, their order and the default, against bootctl: [COUNT [SEED]].

bootctl is systemd's own reading of the same files. It is taken out of its package, not installed: its package would put
a boot loader on this machine. It wants its folders to be file systems of their own, so they are tmpfs in a mount
namespace that is gone with this program. Left out, because bootctl reads them otherwise than the loader: names with ~
and ^, which bootctl alone passes over, capitals in names, which the loader lowers before it compares, and names that differ in nothing but what the order of versions passes over (the
order of the folder decides there).
"""

import glob
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
MARK = "BOOTREADY_BOOTCTL_NAMESPACE"


def bootctl():
    """The program, from its package in the cache; None: it cannot be had."""
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "bootready", "bootctl")
    found = glob.glob(os.path.join(cache, "*", "usr/bin/bootctl"))
    if not found:
        os.makedirs(cache, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as work:
            os.chmod(work, 0o755)
            done = subprocess.run(["apt-get", "-qq", "download", "systemd-boot"], cwd=work, check=False,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            packages = glob.glob(os.path.join(work, "*.deb"))
            if done.returncode != 0 or not packages:
                return None
            name = os.path.basename(packages[0])[:-4]
            subprocess.run(["dpkg-deb", "-x", packages[0], os.path.join(work, "out")], check=True)
            os.rename(os.path.join(work, "out"), os.path.join(cache, name))
        found = glob.glob(os.path.join(cache, "*", "usr/bin/bootctl"))
    if subprocess.run([found[0], "--version"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        return None
    return found[0]


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def image(sections):
    """A PE file of these sections, as far as anybody reads its table."""
    head = bytearray(b"MZ" + bytes(62))
    struct.pack_into("<I", head, 0x3c, 64)
    head += b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, len(sections), 0, 0, 0, 112, 0x22)
    head += struct.pack("<H", 0x20b) + bytes(110)
    at, table, body = 4096, b"", b""
    for name, text in sections:
        data = text.encode()
        table += struct.pack("<8sIIII", name.encode(), len(data), at, len(data), at) + bytes(16)
        body += data.ljust(512, b"\0")
        at += 512
    return bytes(head + table).ljust(4096, b"\0") + body


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def version(self):
        r = self.r
        text = r.choice(["6", "6.1", "6.1.0", "5.10", "6.12", "7"])
        for _ in range(r.randrange(4)):
            text += r.choice(["-", ".", "~", "^", "_", "+", "", "rc", "a", "b"]) + str(r.choice([0, 1, 2, 9, 10, 56, 100, "00", "01"]))
        return text + r.choice(["", "", "-amd64", ".fc40.x86_64", "~rc1", "a"])

    def name(self):
        r = self.r
        name = r.choice(["debian", "fedora", "arch", "zz", "0badcafe", "a"]) + r.choice(["", "-", "_", "."]) + \
            r.choice(["", self.version(), self.version()])
        return name.replace("~", "-").replace("^", ".")

    def counter(self):
        r = self.r
        return r.choice(["", "", "", "+3", "+0", "+0-3", "+2-1", "+1-2", "+1", "+3-0", "+x", "+-1", "+1-"])

    def entry(self):
        r = self.r
        lines = []
        for key, values in (("title", ["Debian", "Fedora", "\"Quoted\""]), ("version", [self.version(), self.version()]),
                            ("sort-key", ["debian", "fedora", "a", "A"]), ("machine-id", ["1" * 32, "2" * 32]),
                            ("options", ["root=UUID=x quiet"])):
            if r.random() < 0.6:
                lines.append("%s%s%s" % (key, r.choice([" ", "\t", "   "]), r.choice(values)))
        lines.append("linux /linux")
        r.shuffle(lines)
        if r.random() < 0.2:
            lines.insert(0, "# comment")
        return "\n".join(lines) + r.choice(["\n", ""])

    def osrel(self):
        r = self.r
        lines = ["ID=" + r.choice(["debian", "fedora", "arch"])]
        for key, values in (("PRETTY_NAME", ["\"Debian GNU/Linux 12\"", "Fedora"]), ("NAME", ["Debian"]),
                            ("IMAGE_ID", ["appliance"]), ("IMAGE_VERSION", [self.version()]),
                            ("VERSION_ID", [self.version()]), ("VERSION", [self.version()]), ("BUILD_ID", ["7"])):
            if r.random() < 0.5:
                lines.append("%s=%s" % (key, r.choice(values)))
        r.shuffle(lines)
        return "\n".join(lines) + "\n"

    def pattern(self, names):
        r = self.r
        name = r.choice(names)
        at = r.randrange(len(name) + 1)
        forms = [name, name + ".conf", name + "*", "*" + name[at:] + ".conf", name[:at] + "*", "*", "gone*", name.upper() + "*",
                 name[:at] + "?" * (len(name) - at) + ".conf", "[a-m]*", "[!x]*", "*[0-9].conf", "@saved", "*.efi"]
        return r.choice(forms)

    def fill(self, top, other):
        """An ESP, and with other an extended boot loader partition; false: what is left out came out."""
        r = self.r
        names = list({self.name() for _ in range(r.randrange(1, 9))})
        if len({squeeze(name) for name in names}) < len(names):
            return False
        for name in names:
            where = r.choice([top, other]) if other else top
            if r.random() < 0.3:
                sections = [(".osrel", self.osrel()), (".cmdline", "root=UUID=x"), (".linux", "kernel")]
                write(os.path.join(where, "EFI/Linux", name + self.counter() + ".efi"), image(sections))
            else:
                write(os.path.join(where, "loader/entries", name + self.counter() + ".conf"), self.entry())
        for where in (top, other):
            if where:
                write(os.path.join(where, "linux"), "kernel\n")
        if r.random() < 0.7:
            write(os.path.join(top, "loader/loader.conf"), "timeout 3\n%sdefault %s\n" % (r.choice(["", "# x\n"]), self.pattern(names)))
        return True


def squeeze(name):
    return "".join(c for c in name.lower().lstrip("0") if c.isalnum() or c in "~-^.").replace("0", "")


def theirs(program, top, other):
    command = [program, "--esp-path=" + top] + (["--boot-path=" + other] if other else []) + ["list", "--no-pager"]
    env = dict(os.environ, SYSTEMD_RELAX_ESP_CHECKS="1", SYSTEMD_RELAX_XBOOTLDR_CHECKS="1", SYSTEMD_COLORS="0", LC_ALL="C.UTF-8")
    text = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
    ids, star = [], ""
    for line in text.splitlines():
        key, _, value = line.strip().partition(": ")
        if key == "title":
            star = "*" if "(default)" in value else ""
        elif key == "id":
            ids.append(star + value)
    return ids


def folded(ids):
    return [name.lower() for name in ids]


def main():
    count, seed = int((sys.argv[1:] or ["80"])[0]), int((sys.argv[2:] or ["1"])[0])
    program = bootctl() if os.geteuid() == 0 else None
    if program is None:
        print("ok - bootctl # SKIP it cannot be had, or this is not root\n0 passed, 0 failed, 1 skipped")
        return 0
    ours = os.path.join(TOP, "build/oracles/sdboot")
    subprocess.run(["bash", "-c", ". tests/oracles/lib.sh; program sdboot"], cwd=TOP, check=True, stdout=subprocess.DEVNULL)
    work, passed, failed = tempfile.mkdtemp(), 0, 0
    top, other = os.path.join(work, "esp"), os.path.join(work, "xbootldr")
    maker = Maker(seed)
    try:
        while passed + failed < count:
            both = maker.r.random() < 0.3
            for where in (top, other):
                os.makedirs(where, exist_ok=True)
                subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "boot", where], check=True)
            try:
                if not maker.fill(top, other if both else None):
                    continue
                want = folded(theirs(program, top, other if both else None))
                done = subprocess.run([ours, "0", top] + ([other] if both else []), check=True, stdout=subprocess.PIPE)
                got = done.stdout.decode().split("\n")[:-1]
                if want == got:
                    passed += 1
                    continue
                failed += 1
                print("not ok %d - %s" % (passed + failed, open(os.path.join(top, "loader/loader.conf"), encoding="utf-8").read().split("default ")[-1].strip()
                                          if os.path.exists(os.path.join(top, "loader/loader.conf")) else "no loader.conf"))
                print("# bootctl: %s\n# ours:    %s" % (" ".join(want), " ".join(got)))
                for path in sorted(glob.glob(os.path.join(work, "*/loader/entries/*"))):
                    print("# %s: %s" % (os.path.relpath(path, work), open(path, encoding="utf-8").read().replace("\n", "; ")))
            finally:
                for where in (top, other):
                    subprocess.run(["umount", where], check=True)
    finally:
        shutil.rmtree(work)
    if passed:
        print("ok - %d boot partitions have bootctl's entries in bootctl's order, with its default" % passed)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if os.environ.pop(MARK, None) is None and os.geteuid() == 0:
    os.environ[MARK] = "1"
    os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", "--", sys.executable, "-B"] + sys.argv)
sys.exit(main())
