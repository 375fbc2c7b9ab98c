#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random GRUB scripts, run by GRUB itself (grub-emu) and by our evaluator: the same entry must start, and its
kernel get the same arguments.

    grub-emu.py EVALUATOR random COUNT [SEED]
    grub-emu.py EVALUATOR machines FOLDER...

The second form makes disks of the machines in tests/unit/data/grub, partitions, file systems and all, and has
GRUB find its way from the first configuration file to the entry that it starts.

EVALUATOR is the unit test program "grub", which shows what a folder would boot. grub-emu has no `linux`
command: functions of these names print their arguments instead. It never boots anything.
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

PRELUDE = """function linux { echo "@@linux" ; for word_ in "$@"; do echo "@@[$word_]" ; done ; }
function initrd { echo "@@initrd" ; for word_ in "$@"; do echo "@@[$word_]" ; done ; }
function fin { if [ -n "$chosen" ]; then echo "@@end" ; exit ; fi ; }
"""
NAMES = ['a', 'b', 'c', 'foo', 'x_1', 'nil']


class Script:
    """Statements that mean something in both, put together at random."""

    def __init__(self, rnd):
        self.rnd = rnd
        self.depth = 0
        self.functions = []

    def var(self):
        name = self.rnd.choice(NAMES)
        return self.rnd.choice(['$%s', '${%s}', '"$%s"', '"${%s}"', 'p$%s', '"q $%s r"', '$%s.s']) % name

    def word(self):
        rnd = self.rnd
        kind = rnd.randrange(14)
        if kind < 5:
            return self.var()
        if kind == 5:
            return "'%s'" % rnd.choice(['', 'a b', '$a', 'x"y', 'back\\slash', ' lead', 'tail ', 'a>b'])
        if kind == 6:
            return '"%s"' % rnd.choice(['', 'a  b', '\\$a', 'x\\"y', "it's", '\\\\', 'a\\b', '?', ' s '])
        if kind == 7:
            return rnd.choice(['a\\ b', '\\$a', '\\"', 'x\\\\y', '\\;', '\\{', 'a=b', '-1', '0x10', '010'])
        if kind == 8:
            return rnd.choice(['$1', '$2', '$#', '"$@"', '$@', '$*', '"$*"', '${1}', '$?', '"$?"', '$0'])
        if kind == 9:
            return self.word() + self.word()
        return rnd.choice(['plain', '1', '2', 'w0', 'root=/dev/vda1', 'quiet', 'in', 'do', 'fi', 'if', '--', '-x'])

    def test(self):
        rnd = self.rnd
        kind = rnd.randrange(12)
        if kind < 4:
            return '%s %s %s' % (self.word(), rnd.choice(['=', '==', '!=', '\\<', '\\>', '\\<=', '\\>=']), self.word())
        if kind < 6:
            return '%s %s %s' % (self.word(), rnd.choice(['-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-plt', '-pgt']),
                                 self.word())
        if kind < 8:
            return '%s %s' % (rnd.choice(['-n', '-z']), self.word())
        if kind == 8:
            return '%s ${config_directory}/%s' % (rnd.choice(['-f', '-d', '-e', '-s']),
                                                  rnd.choice(['full', 'empty', 'folder', 'none', 'folder/', '/full']))
        if kind == 9:
            return '! ' + self.test()
        if kind == 10:
            return '%s %s %s' % (self.test(), rnd.choice(['-a', '-o']), self.test())
        return rnd.choice([self.word(), '( %s )' % self.test(), ''])

    def condition(self):
        rnd = self.rnd
        kind = rnd.randrange(10)
        if kind < 6:
            return '[ %s ]' % self.test()
        if kind == 6:
            return '! [ %s ]' % self.test()
        if kind == 7:
            return 'test ' + self.test()
        if kind == 8 and self.functions:
            return '%s %s' % (rnd.choice(self.functions), self.word())
        return rnd.choice(['true', 'false', '! true', 'nosuchcommand', 'regexp "^(.)(.*)$" "$a"',
                           'regexp --set 1:b --set=2:c "^(.)(.*)$" "$a"'])

    def block(self, least=1):
        return ''.join(self.statement() + self.rnd.choice(['\n', '; ', ' ;\n', '\n\n', ' # note\n'])
                       for _ in range(self.rnd.randrange(least, least + 3)))

    def statement(self):
        rnd = self.rnd
        self.depth += 1
        kind = rnd.randrange(22 if self.depth < 4 else 10)
        name = rnd.choice(NAMES)
        if kind < 4:
            out = 'set %s=%s' % (name, self.word())
        elif kind == 4:
            out = '%s=%s' % (name, self.word())
        elif kind == 5:
            out = rnd.choice(['unset ' + name, 'export ' + name, 'shift', 'true', 'false', 'eval "set a=$b"',
                              'setparams one "two three"', 'source ${config_directory}/more.cfg'])
        elif kind < 10:
            out = 'set t="$t|"%s' % self.word()
        elif kind < 14:
            out = 'if %s; then %s' % (self.condition(), self.block())
            for _ in range(rnd.choice([0, 0, 0, 1, 2])):
                out += 'elif %s; then %s' % (self.condition(), self.block())
            if rnd.random() < 0.5:
                out += 'else ' + self.block()
            out += 'fi'
        elif kind < 17:
            leave = rnd.choice(['', '', '', 'break; ', 'continue; ', 'if [ $%s = 1 ]; then continue; fi; ' % name])
            out = 'for %s in %s; do %s%s%sdone' % (name, ' '.join(self.word() for _ in range(rnd.randrange(4))),
                                                   'set t="$t+$%s"; ' % name, leave, self.block())
        elif kind == 17:
            out = 'set n=0; while [ $n -lt %d ]; do if [ $n = 1 ]; then n=2; else if [ $n = 0 ]; then n=1; else n=9; ' \
                  'fi; fi; %sdone' % (rnd.randrange(4), self.block())
        elif self.functions and kind < 21:
            out = '%s %s' % (rnd.choice(self.functions), ' '.join(self.word() for _ in range(rnd.randrange(3))))
        else:
            out = 'set t="$t|$?"'
        self.depth -= 1
        return out

    def function(self):
        name = 'fn%d' % len(self.functions)
        self.depth += 2
        body = self.block()
        self.depth -= 2
        self.functions.append(name)
        back = self.rnd.choice(['', 'return; ', 'return 0; ', 'return 1; ', 'if [ -n "$1" ]; then return 2; fi; '])
        return 'function %s {\n%s%sset t="$t(%s:$#:$1)"; \n}\n' % (name, body, back, name)

    def title(self, at):
        return self.rnd.choice(["'entry %d'" % at, '"t%d $a"' % at, 'plain%d' % at, "'a>b %d'" % at, "'%d th'" % at])

    def options(self, at):
        return self.rnd.choice(['', '--id id%d' % at, '--class os --id=id%d' % at, '--unrestricted', '$opt id%d' % at,
                                '--hotkey x'])

    def entry(self, at):
        body = self.block() if self.rnd.random() < 0.4 else ''
        return 'menuentry %s %s %s {\n%slinux /k @%d "$t" $t %s "$1" $# $chosen\ninitrd %s\nfin\n}\n' % (
            self.title(at), self.options(at), self.rnd.choice(['', 'more args']), body, at,
            ' '.join(self.word() for _ in range(self.rnd.randrange(4))), '/i')

    def default(self, spec):
        return 'set default=%s\n' % spec

    def whole(self):
        rnd = self.rnd
        out = 'set timeout=%s\n' % rnd.choice(['0', '0', '0x0'])
        if rnd.random() < 0.8:
            out += 'set opt=--id\nexport opt\n'
        if rnd.random() < 0.5:
            out += 'export t\n'
        for _ in range(rnd.randrange(1, 6)):
            out += self.statement() + '\n'
            if rnd.random() < 0.3:
                out += self.function()
        at = 0
        for _ in range(rnd.randrange(1, 5)):
            if rnd.random() < 0.3:
                inner = ''
                for _ in range(rnd.randrange(1, 4)):
                    inner += self.entry(at + 10)
                    at += 1
                out += 'submenu %s %s {\n%s%s}\n' % (self.title(at), self.options(at),
                                                     rnd.choice(['', self.block()]), inner)
            else:
                out += self.entry(at)
            at += 1
            if rnd.random() < 0.2:
                out += self.statement() + '\n'
        if rnd.random() < 0.85:
            top = rnd.choice(['0', '1', '2', '3', '9', "'entry %d'" % rnd.randrange(4), 'id%d' % rnd.randrange(4),
                              'plain%d' % rnd.randrange(4), "'a>>b %d'" % rnd.randrange(4), '"t1 $a"', "''"])
            if rnd.random() < 0.4:
                top += rnd.choice(['">0"', '">1"', '">2"', "'>id1%d'" % rnd.randrange(4),
                                   "'>entry 1%d'" % rnd.randrange(4), "'>'", "'>a>>b 1%d'" % rnd.randrange(4)])
            out += self.default(top)
        return out + self.entry(90)


def break_it(rnd, text):
    """One wrong piece somewhere: what GRUB drops, we must drop. Not in "fin", which tells us that it got there."""
    while True:
        at = rnd.randrange(len(text))
        if 'fin' not in text[max(0, at - 3):at + 3]:
            break
    piece = rnd.choice(['}', '{', '"', "'", ';', ' fi ', ' done ', '|', '$', '\\\n', '#', ';;'])
    return text[:at] + piece + text[at:]


def quoted(words):
    """As GRUB makes one line of separate arguments."""
    line = []
    for w in words:
        if not w:
            continue
        text = ''.join('\\' + c if c in '\\\'"' else c for c in w)
        line.append('"%s"' % text if ' ' in w else text)
    return ' '.join(line)


def emulate(top, more=''):
    """What grub-emu prints behind our marks, with top/grub.cfg as its configuration."""
    # A wide terminal: lines broken at 80 columns lose blanks.
    # --foreground: in a group of its own it would be stopped as soon as it touches the terminal.
    command = 'stty cols 8000; timeout --foreground -s KILL 20 grub-emu %s -d %s -r host' % (more, top)
    run = subprocess.run(['timeout', '-s', 'KILL', '25', 'script', '-fqec', command, '/dev/null'],
                         stdin=subprocess.DEVNULL, capture_output=True)
    lines = [ln.strip('\r') for ln in run.stdout.decode('latin-1').split('\n')]
    return [ln[2:] for ln in lines if ln.startswith('@@')]


def by_grub(top):
    words = {'linux': [], 'initrd': []}
    at = None
    for ln in emulate(top):
        if ln in words:
            at = words[ln] = []
        elif ln == 'end':
            return quoted(words['linux'][1:])
        elif at is not None and ln.startswith('['):
            at.append(ln[1:-1])
    return 'nothing'


def by_us(tool, top):
    run = subprocess.run([tool, '--boot', top, 'host', '/cfg/grub.cfg'], capture_output=True)
    if run.returncode:
        return 'status %d: %s' % (run.returncode, run.stderr.decode('latin-1')[-300:])
    for ln in run.stdout.decode('latin-1').split('\n')[1:]:
        if ln.startswith('  args '):
            return ln[7:]
        if not ln.startswith('  '):
            break
    return 'nothing'


def random_scripts(tool, count, first):
    same = 0
    for seed in range(first, first + count):
        rnd = random.Random(seed)
        text = Script(rnd).whole()
        if rnd.random() < 0.15:
            text = break_it(rnd, text)
        with tempfile.TemporaryDirectory() as top:
            emu, own = os.path.join(top, 'emu'), os.path.join(top, 'own')
            for folder, head in ((emu, PRELUDE), (os.path.join(own, 'cfg'), '')):
                os.makedirs(os.path.join(folder, 'folder'))
                for name, content in (('grub.cfg', head + text), ('full', 'x'), ('empty', ''),
                                      ('more.cfg', 'set t="$t<$1>"\nset b=sourced\n')):
                    with open(os.path.join(folder, name), 'w', encoding='latin-1') as f:
                        f.write(content)
            with open(os.path.join(own, 'map'), 'w', encoding='latin-1') as f:
                f.write('host . - -\n+ host /k\n+ host /i\n')
            want, got = by_grub(emu), by_us(tool, own)
        if want == got:
            same += 1
            continue
        print('# seed %d\n# grub: %s\n# ours: %s' % (seed, want, got))
        if os.environ.get('SHOW'):
            print(text)
    print('%sok - %d of %d random scripts start the same entry with the same arguments' % (
        '' if same == count else 'not ', same, count))
    return same == count


MACHINE_PRELUDE = """function show { echo "@@$1 ($root)$2" ; shift; shift; for word_ in "$@"; do echo "@@[$word_]" ; done ; }
function linux { echo "@@chosen $chosen" ; show linux "$@" ; }
function linux16 { linux "$@" ; }
function initrd { for word_ in "$@"; do echo "@@initrd ($root)$word_" ; done ; exit ; }
function initrd16 { initrd "$@" ; }
set timeout=0
"""


def read_map(folder):
    devices, files = [], []
    with open(os.path.join(folder, 'map'), encoding='utf-8') as f:
        for ln in f:
            w = ln.split()
            if len(w) == 4:
                devices.append(w)
            elif len(w) == 3 and w[0] == '+':
                files.append((w[1], w[2]))
    return devices, files


def make_disk(folder, top):
    """A disk with an ext4 file system for every device of the map that can be read."""
    devices, files = read_map(folder)
    disk, sector = os.path.join(top, 'disk'), 2048
    table, places = ['label: %s' % ('dos' if 'msdos' in devices[0][0] else 'gpt')], []
    for name, _, _, _ in devices:
        table.append('%s : start=%d, size=65536' % (re.search(r'(\d+)$', name).group(1), sector))
        places.append(sector)
        sector += 65536
    with open(disk, 'wb') as f:
        f.truncate((sector + 2048) * 512)
    subprocess.run(['sfdisk', '-q', disk], input='\n'.join(table), text=True, check=True)
    for (name, sub, uuid, label), at in zip(devices, places):
        if sub == '?':
            continue
        tree = os.path.join(top, 'tree')
        shutil.copytree(os.path.join(folder, sub), tree)
        for dev, path in files:
            if dev == name:
                os.makedirs(os.path.dirname(tree + path), exist_ok=True)
                open(tree + path, 'wb').close()
        for where, _, names in os.walk(tree):
            for n in names:
                if n.endswith('.cfg'):
                    quieten(os.path.join(where, n))
        command = ['mkfs.ext4', '-q', '-F', '-d', tree, '-E', 'offset=%d' % (at * 512)]
        if len(uuid) == 36:
            command += ['-U', uuid]
        if label != '-':
            command += ['-L', label]
        subprocess.run(command + [disk, '32M'], check=True, stderr=subprocess.DEVNULL)
        shutil.rmtree(tree)
    return disk


def quieten(path):
    """No graphics, no waiting: neither has a part in the choice."""
    with open(path, encoding='latin-1') as f:
        text = f.read()
    text = re.sub(r'terminal_output \w+|insmod (gfxterm|all_video|\w+_gop)|loadfont \$\w+', 'true', text)
    text = re.sub(r'\btimeout=\d+', 'timeout=0', text)
    with open(path, 'w', encoding='latin-1') as f:
        f.write(text)


def machine_by_grub(folder, start, top):
    device, path, _ = start
    disk, emu = make_disk(folder, top), os.path.join(top, 'emu')
    os.makedirs(emu)
    with open(os.path.join(top, 'device.map'), 'w', encoding='ascii') as f:
        f.write('(hd0) %s\n' % disk)
    with open(os.path.join(emu, 'grub.cfg'), 'w', encoding='ascii') as f:
        f.write('%sset root=%s\nset prefix=(%s)%s\nconfigfile (%s)%s\n' % (
            MACHINE_PRELUDE, device, device, os.path.dirname(path), device, path))
    out, words = [], []
    for ln in emulate(emu, '-m ' + os.path.join(top, 'device.map')):
        if ln.startswith('['):
            words.append(ln[1:-1])
        elif not ln.startswith('chosen'):
            out.append(ln)
    return out + ['args ' + quoted(words)]


def machines(tool, folders):
    good = True
    for folder in folders:
        # What these must come to stands in their want files alone, by what Fedora's GRUB is documented to do.
        if any(names == 'entries' for _, dirs, _ in os.walk(folder) for names in dirs):
            print('ok - %s # SKIP grub-emu as Debian builds it has no blscfg' % os.path.basename(folder))
            continue
        for name in sorted(os.listdir(folder)):
            if not name.startswith('want'):
                continue
            with open(os.path.join(folder, name), encoding='utf-8') as f:
                start = f.readline().split()
            if len(start) > 3:  # what is assumed while a boot is under way, GRUB knows nothing of
                continue
            with tempfile.TemporaryDirectory() as top:
                want = machine_by_grub(folder, start, top)
            run = subprocess.run([tool, '--boot', folder] + start, capture_output=True, text=True)
            got = []
            for ln in run.stdout.split('\n')[1:]:
                if not ln.startswith('  '):
                    break
                got.append(ln.strip())
            ok = sorted(want) == sorted(got)
            good = good and ok
            print('%sok - %s, %s' % ('' if ok else 'not ', os.path.basename(folder), name))
            if not ok:
                print('# grub: %s\n# ours: %s' % (want, got))
    return good


def main():
    if len(sys.argv) >= 4 and sys.argv[2] == 'random':
        return not random_scripts(sys.argv[1], int(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    if len(sys.argv) >= 4 and sys.argv[2] == 'machines':
        return not machines(sys.argv[1], sys.argv[3:])
    print(__doc__, file=sys.stderr)
    return 64


sys.exit(main())
