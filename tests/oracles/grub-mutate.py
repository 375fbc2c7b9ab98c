#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Damaged configurations: grub-script-check calls one bad if and only if we do, and at the same line.

    grub-mutate.py EVALUATOR COUNT SEED FILE...

Where grub-script-check is not GRUB, the damage stays away from the difference: GRUB drops lines that begin
with # before it parses (inside quotes too) and carriage returns, and ends a line at a NUL byte. The unit
tests hold those.
"""
import os
import random
import subprocess
import sys
import tempfile

PIECES = ['if', 'fi', 'then', 'else', 'elif', '{', '}', '"', "'", '\\', ';', ';;', '&&', '||', '|', '$', '$x', '${x}',
          '${', 'for', 'in', 'do', 'done', 'while', 'until', 'function', 'function f {', '[', ']', '[[', ']]', '\n', ' ',
          '#', '\\\n', '$"', '$\'', 'foo', 'menuentry', '\t', '<', '>', '$?', '$@', '${1}', '${?}', '!', 'case', 'esac',
          'select', 'é', '$1x', '${x', '$-', '"$"', '"$x$"', 'a"b\'c"d', "'\n'", '"\n"']


def damage(rnd, text):
    lines = text.split('\n')
    if len(lines) > 40 and rnd.random() < 0.8:
        at = rnd.randrange(len(lines) - 20)
        text = '\n'.join(lines[at:at + rnd.randrange(3, 40)])
    for _ in range(rnd.choice([0, 1, 1, 1, 2, 3, 5])):
        at, kind = rnd.randrange(len(text) + 1), rnd.random()
        if kind < 0.45:
            text = text[:at] + rnd.choice(['', ' ']) + rnd.choice(PIECES) + rnd.choice(['', ' ']) + text[at:]
        elif kind < 0.65:
            text = text[:at] + text[at + rnd.randrange(1, 8):]
        elif kind < 0.8:
            text = text[:at] + rnd.choice('"\'\\{};$\n #|&<>[]') + text[at + 1:]
        else:
            cut = rnd.randrange(len(text) + 1)
            text = text[:at] + text[cut:cut + rnd.randrange(1, 60)] + text[at:]
    text = text.replace('\n#', '\n #').replace('\r', '')
    if text.startswith('#'):
        text = ' ' + text
    return text if text.endswith('\n') else text + '\n'


def by_grub(path):
    run = subprocess.run(['grub-script-check', path], capture_output=True, text=True)
    if run.returncode == 0 or 'contains no commands' in run.stderr:
        return 'ok'
    return 'bad ' + run.stderr.split()[-1]


def main():
    tool, count, seed, files = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    rnd = random.Random(seed)
    texts = []
    for name in files:
        with open(name, encoding='utf-8') as f:
            texts.append(f.read())
    with tempfile.TemporaryDirectory() as top:
        made = []
        for i in range(count):
            made.append(os.path.join(top, '%d.cfg' % i))
            with open(made[-1], 'w', encoding='utf-8') as f:
                f.write(damage(rnd, rnd.choice(texts)))
        run = subprocess.run([tool, '--check'] + made, capture_output=True, text=True)
        ours = run.stdout.split('\n')
        if run.returncode:
            print('# the evaluator ended with %d\n# %s' % (run.returncode, run.stderr[-500:]))
            return 1
        bad = differ = 0
        for path, got in zip(made, ours):
            want = by_grub(path)
            bad += want != 'ok'
            if want == got:
                continue
            differ += 1
            if differ <= 3:
                with open(path, encoding='utf-8') as f:
                    print('# grub-script-check: %s, ours: %s\n%s' % (want, got, '# ' + f.read().replace('\n', '\n# ')))
    print('# %d damaged configurations, %d of them bad to grub-script-check, %d not the same to us' % (
        count, bad, differ))
    return 1 if differ else 0


sys.exit(main())
