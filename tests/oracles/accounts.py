#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is wrong in passwd, shadow, group and gshadow? pwck -r and grpck -r in a root of their own, and the reader's words."""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

os.chdir(os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", ".."))
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
FILES = ("passwd", "shadow", "group", "gshadow")

# What is written into the files: good lines first, then one of each kind of trouble.
PASSWD = ["daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin", "bin:x:2:2:bin:/bin:/bin/sh", "ann:x:1000:1000:Ann,,,:/home/ann:/bin/sh",
          "bob:x:1001:1001::/home/bob:", "ann:x:1005:1000:twice:/:/bin/sh", "gone:x:1002:4711::/nowhere:/bin/nosh", "short", "a:b:c",
          "many:x:1:1:a:b:c:d", "letters:x:1x:1::/:/bin/sh", "minus:x:-1:1::/:/bin/sh", "large:x:4294967296:1::/:/bin/sh",
          "none:x:4294967295:1::/:/bin/sh", "a b:x:1003:1::/:/bin/sh", "", "#comment", "star:*:1004:1::/:/bin/sh", "+nis", "+@net::::::",
          "-bad:x:5:5:::", "hash:$6$a$b:1006:1::/:/bin/sh", "nogid:x:1007:::/:/bin/sh", "zero:x:0:0::/root:/bin/sh", "lead:x:007:01::/:/bin/sh",
          "com,ma:x:1008:1::/:/bin/sh", "Upper:x:1009:1::/:/bin/sh", "dot.ted:x:1010:1::/:/bin/sh", "dollar$:x:1011:1::/:/bin/sh",
          "root:x:0:0:again:/root:/bin/sh", " lead:x:1013:1::/:/bin/sh"]
SHADOW = ["daemon:*:19000:0:99999:7:::", "bin:!:19000:0:99999:7:::", "ann:$6$x$y:19000:0:99999:7:::", "bob::19000:0:99999:7:::",
          "gone:*:::::::", "nobody9:*:19000:0:99999:7:::", "ann:*:19000:0:99999:7:::", "few:*:19000", "many:*:1:2:3:4:5:6:7:8", "zero:*:x:0:99999:7:::",
          "star:!:19000:0:99999:7:::", "", "+nis", "lead:*:19000:0:99999:7:::", "hash:*:19000:0:99999:7:::", "#comment", "none:*:19000:0:a:7:::",
          "Upper:*:19000:0:99999:7:::", "root:*:19000:0:99999:7:::"]
GROUP = ["daemon:x:1:", "bin:x:2:bin", "ann:x:1000:ann", "bob:x:1001:ann,bob", "wheel:x:10:ann,nobody9", "ann:x:1002:", "short", "a:b", "many:x:1:a:b",
         "letters:x:y:", "minus:x:-2:", "none:x:4294967295:", "a b:x:1003:", "", "#comment", "+nis", "pw:secret:11:", "left:x:12:nobody8,nobody7,bin",
         "large:x:99999999999:", "root:x:13:root", "com,ma:x:14:"]
GSHADOW = ["daemon:*::", "bin:*::bin", "ann:!::ann", "bob:!:ann:ann,bob", "wheel:*:nobody9:ann", "ann:!::", "short", "many:a:b:c:d", "nogroup9:!::",
           "pw:!::", "left:!::nobody6", "", "root:*::root", "three:a:"]


def write(root, name, lines, last="\n"):
    with open(os.path.join(root, "etc", name), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + last)


def tool(name, root):
    done = subprocess.run([name, "-r", "-R", root], env={"PATH": PATH, "LC_ALL": "C"}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.stdout.decode("utf-8", "replace").splitlines()


HEADS = {"invalid password file entry": ("passwd", "line"), "duplicate password entry": ("passwd", "duplicate"),
         "invalid shadow password file entry": ("shadow", "line"), "duplicate shadow password entry": ("shadow", "duplicate"),
         "no matching password file entry in /etc/passwd": ("shadow", "no-main"),
         "no matching password file entry in /etc/shadow": ("passwd", "no-shadow"),
         "invalid group file entry": ("group", "line"), "duplicate group entry": ("group", "duplicate"),
         "invalid shadow group file entry": ("gshadow", "line"), "duplicate shadow group entry": ("gshadow", "duplicate"),
         "no matching group file entry in /etc/group": ("gshadow", "no-main"),
         "no matching group file entry in /etc/gshadow": ("group", "no-shadow")}
FOLLOWS = re.compile(r"^(?:delete line|add user|add group) '(.*?)'(?: in /etc/g?shadow)?\? No$")
WHOLE = [(re.compile(r"^invalid user name '(.*)'(?:: use --badname to ignore)?$"), "passwd", "name"),
         (re.compile(r"^invalid group name '(.*)'$"), "group", "name"), (re.compile(r"^invalid user ID '.*()'$"), "passwd", "id"),
         (re.compile(r"^invalid group ID '.*()'$"), "group", "id"), (re.compile(r"^user '(.*)': no group (.*)$"), "passwd", "group"),
         (re.compile(r"^user '(.*)': directory '(.*)' does not exist$"), "passwd", "home"),
         (re.compile(r"^user '(.*)': program '(.*)' does not exist$"), "passwd", "shell"),
         (re.compile(r"^user (.*) has an entry in /etc/shadow, but its password field in .*$"), "passwd", "not-x"),
         (re.compile(r"^group (.*) has an entry in /etc/gshadow, but its password field in .*$"), "group", "not-x"),
         (re.compile(r"^group (.*): no user (.*)$"), "group", "member"),
         (re.compile(r"^shadow group (.*): no (?:administrative )?user (.*)$"), "gshadow", "member")]
# Two lists that differ are a remark, no complaint; the questions belong to the line before them.
REMARKS = re.compile(r"^(pwck|grpck): no changes$|^delete (administrative )?member '|^'.*' is a member of the '")


def complaints(lines):
    found, head = set(), None
    for line in lines:
        if line in HEADS:
            head = HEADS[line]
            continue
        follows = FOLLOWS.match(line)
        if follows and head:
            found.add(head + (follows.group(1),))
            head = None
            continue
        for pattern, name, kind in WHOLE:
            match = pattern.match(line)
            if match:
                found.add((name, kind) + match.groups())
                break
        else:
            if not REMARKS.match(line):
                found.add(("not understood", line))
    return found


def ours(program, root):
    lines = subprocess.run([program, root], check=True, stdout=subprocess.PIPE).stdout.decode("utf-8", "replace").split("\n")[:-1]
    return {tuple(line.split("\t")) for line in lines}


def cases(number):
    yield "all is well", [PASSWD[:4], SHADOW[:4], GROUP[:4], GSHADOW[:4]], "\n"
    for name, lines, at in (("passwd", PASSWD, 0), ("shadow", SHADOW, 1), ("group", GROUP, 2), ("gshadow", GSHADOW, 3)):
        for line in lines[4:]:
            files = [PASSWD[:4], SHADOW[:4], GROUP[:4], GSHADOW[:4]]
            files[at] = files[at] + [line]
            yield "%s: %s" % (name, line), files, "\n"
    yield "no shadow", [PASSWD[:8], None, GROUP[:8], None], "\n"
    yield "no end of line", [PASSWD[:6], SHADOW[:3], GROUP[:5], GSHADOW[:3]], ""
    chance = random.Random(7)
    for n in range(number):
        files = []
        for lines in (PASSWD, SHADOW, GROUP, GSHADOW):
            files.append([line for line in lines if chance.random() < 0.5])
            chance.shuffle(files[-1])
        yield "mixed %d" % n, files, "\n"


def main():
    if os.geteuid() != 0 or not shutil.which("pwck", path=PATH):
        print("ok - pwck and grpck # SKIP they need root for a root of their own\n0 passed, 0 failed, 1 skipped")
        return 0
    program = subprocess.run(["bash", "-c", ". tests/oracles/lib.sh; program accounts"], check=True, stdout=subprocess.PIPE).stdout.decode().strip()
    work, passed, failed, seen = tempfile.mkdtemp(), 0, 0, set()
    try:
        for name, files, last in cases(300 if os.environ.get("BOOTREADY_ORACLES") == "all" else 40):
            root = os.path.join(work, "root")
            shutil.rmtree(root, ignore_errors=True)
            for folder in ("etc", "bin", "usr/sbin", "home/ann", "root"):
                os.makedirs(os.path.join(root, folder))
            for program_path in ("bin/sh", "usr/sbin/nologin"):
                with open(os.path.join(root, program_path), "wb"):
                    pass
            for file, lines in zip(FILES, files):
                if lines is not None:
                    write(root, file, lines, last)
            want = complaints(tool("pwck", root)) | complaints(tool("grpck", root))
            got = ours(program, root)
            seen |= {found[:2] for found in want}
            if want == got:
                passed += 1
            else:
                failed += 1
                print("not ok - %s: the tools alone: %s; here alone: %s" % (name, sorted(want - got), sorted(got - want)))
    finally:
        shutil.rmtree(work)
    print("# %d kinds of complaints appeared" % len(seen))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed or len(seen) < 20 else 0


sys.exit(main())
