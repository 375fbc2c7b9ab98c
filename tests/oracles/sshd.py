#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""sshd_config: what `sshd -t` of Debian 11, 12 and 13 says of configurations, and what we say of them. Their packages
come through the machine's own package sources, once; a release that cannot be had is skipped. Needs root (chroot) and
mmdebstrap.

    sshd.py [MUTATIONS [SEED]]
"""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import sshd_cases

TOP = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')) / 'bootready' / 'oracles'
# To be raised with what make() does.
RECIPE = 1
SUITES = ['bullseye', 'bookworm', 'trixie']
HOST_KEY = '/etc/ssh/ssh_host_ed25519_key'  # sshd.c names it too
USERS, SERVICES = ['root', 'sshd', 'nobody'], ['ssh', 'domain', 'http']
# Unpacks a suite's openssh-server with what it depends on into a folder.
UNPACK = r'''
set -e
. "$1/qemu/guests/lib.sh"
while read -r line; do options+=(--aptopt="$line"); done < <(machine_apt_options)
machine_sources "$2" > "$3.sources"
[ -s "$3.sources" ] || { apt-get update -qq; machine_sources "$2" > "$3.sources"; }
mmdebstrap --mode=root --variant=extract "${options[@]}" --include=openssh-server "$2" "$3" - \
    < "$3.sources" > "$3.log" 2>&1
'''
# What sshd says that no reader of a root can know, so that "unsure" is the whole answer: (its words, why).
UNKNOWABLE = [
    ('bad addr or host', 'a name to listen on: whether it resolves, only the network of the running machine knows'),
    ('routing domain', 'sshd asks the running kernel for that interface'),
]
KEEP = ['usr/sbin/sshd', 'usr/bin/ssh-keygen', 'usr/lib/openssh/sshd-session', 'usr/lib/openssh/sshd-auth']


class Absent(Exception):
    """The packages of a release cannot be had here."""


def inside(tree, name):
    """What a path of the tree leads to, its links followed inside of it."""
    parts, at = name.strip('/').split('/'), pathlib.Path(tree)
    while parts:
        part = parts.pop(0)
        if part == '..':
            at = at.parent
        elif (at / part).is_symlink():
            target = os.readlink(at / part)
            parts[:0] = target.strip('/').split('/')
            at = pathlib.Path(tree) if target.startswith('/') else at
        else:
            at = at / part
    return at


def needed(tree):
    """The programs and their libraries, by the tree's own loader."""
    for link in ('bin', 'sbin', 'lib', 'lib64'):
        if not (tree / link).exists():
            (tree / link).symlink_to('usr/' + link)
    names = [name for name in KEEP if (tree / name).exists()]
    names += [str(p.relative_to(tree)) for p in tree.glob('**/libnss_files.so*')]
    loader = next(p for p in ('/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1') if inside(tree, p).exists())
    paths = {loader}
    for name in names:
        command = ['chroot', tree, loader, '--list', '/' + name]
        listed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        paths.update(re.findall(r'(/\S+\.so\S*)', listed.stdout))
    return names + [path[1:] for path in sorted(paths)]


def make(suite, folder):
    with tempfile.TemporaryDirectory(dir=CACHE, prefix='.making-') as work:
        whole, small = pathlib.Path(work, suite), pathlib.Path(work, 'small')
        done = subprocess.run(['bash', '-c', UNPACK, 'unpack', TOP, suite, whole], stderr=subprocess.PIPE, text=True,
                              check=False)
        if done.returncode:
            log = pathlib.Path(work, suite + '.log')
            said = re.findall(r'^E: .*', done.stderr + (log.read_text() if log.exists() else ''), re.MULTILINE)
            raise Absent(said[0] if said else done.stderr.strip() or 'nothing is said about why')
        for name in needed(whole):
            (small / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(inside(whole, name), small / name)
        for name in ('etc/ssh', 'run/sshd', 'cfg', 'dev', 'root'):
            (small / name).mkdir(parents=True)
        passwd = ('%s:x:%d:0::/root:/bin/sh\n' % (user, n) for n, user in enumerate(USERS))
        services = ('%s %d/tcp\n' % (name, port) for name, port in zip(SERVICES, (22, 53, 80)))
        (small / 'etc/passwd').write_text(''.join(passwd))
        (small / 'etc/services').write_text(''.join(services))
        (small / 'etc/nsswitch.conf').write_text('passwd: files\nservices: files\nhosts: files\n')
        os.mknod(small / 'dev/null', 0o20666, os.makedev(1, 3))
        # A key of openssh's own making, which needs no more than this.
        keygen = ['/usr/bin/ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', HOST_KEY]
        subprocess.run(['chroot', small] + keygen, check=True)
        try:
            os.rename(small, folder)
        except OSError:
            if not folder.is_dir():  # else another run was faster
                raise


def tree(suite):
    key = hashlib.sha256(repr((UNPACK, KEEP, RECIPE)).encode()).hexdigest()[:12]
    folder = CACHE / ('sshd-%s-%s' % (suite, key))
    if not folder.is_dir():
        print('# unpacking openssh-server of %s (once)' % suite, flush=True)
        make(suite, folder)
        for old in set(CACHE.glob('sshd-%s-*' % suite)) - {folder}:
            shutil.rmtree(old, ignore_errors=True)
    return folder


def write(root, number, files):
    """The files of a case; "@" stands for their folder. Gives the main one's path."""
    folder = '/cfg/%d' % number
    for name, text in files.items():
        path = pathlib.Path(root + folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.symlink_to('nowhere')
        else:
            coding = 'latin-1' if '\xef' in text or '\xa0' in text else 'utf-8'
            path.write_bytes(text.replace('@/', folder + '/').encode(coding))
    return folder + '/sshd_config'


def answers(command, paths):
    done = subprocess.run(command, input='\n'.join(paths) + '\n', stdout=subprocess.PIPE, text=True, errors='replace',
                          check=True)
    return done.stdout.split('\n')[:-1]


def same(theirs, ours):
    word = ours.split()[0]
    return word == theirs.split()[0] or (word == 'unsure' and any(said in theirs for said, _ in UNKNOWABLE))


def ask_both(suite, cases, program):
    """sshd's banner, its answers and ours."""
    with tempfile.TemporaryDirectory(dir=CACHE, prefix='.run-') as root:
        subprocess.run(['cp', '-al', str(tree(suite)) + '/.', root], check=True)
        banner = re.search(rb'OpenSSH_(\d+)\.(\d+)p\d[^\0]*', pathlib.Path(root, 'usr/sbin/sshd').read_bytes())
        release = int(banner[1]) * 100 + int(banner[2])
        paths = [write(root, n, files) for n, (_, files) in enumerate(cases)]
        half = len(paths) // 2
        with ThreadPoolExecutor(2) as pool:
            halves = pool.map(lambda part: answers([program, root], part), (paths[:half], paths[half:]))
            theirs = sum(halves, [])
        ours = answers([program, root, str(release), banner[0].decode(), ','.join(USERS), ','.join(SERVICES)], paths)
    return banner[0].decode(), theirs, ours


def compare(suite, cases, program):
    banner, theirs, ours = ask_both(suite, cases, program)
    failed = 0
    for (name, files), their, our in zip(cases, theirs, ours, strict=True):
        if not same(their, our):
            failed += 1
            shown = files if len(repr(files)) < 300 else ''
            print('# %s, %s: %s: sshd -t: %s; here: %s' % (suite, name, shown, their[:300], our))
    refused = sum(their.startswith('refused') for their in theirs)
    print('%s %d - %s, %s: %d of %d configurations the same (%d are refused)' % (
        'not ok' if failed else 'ok', SUITES.index(suite) + 1, suite, banner, len(cases) - failed, len(cases), refused),
        flush=True)
    return failed


def main():
    everything = os.environ.get('BOOTREADY_ORACLES') == 'all'
    if os.geteuid() != 0 or not shutil.which('mmdebstrap'):
        print('ok - sshd -t of three releases # SKIP needs root and mmdebstrap\n0 passed, 0 failed, 1 skipped')
        return 0
    CACHE.mkdir(parents=True, exist_ok=True)
    mutations, seed = (int(word) for word in (sys.argv[1:] + ['3000', '1'][len(sys.argv) - 1:])[:2])
    cases = list(sshd_cases.all_cases(mutations, seed))
    telling = not everything and len(sys.argv) == 1
    program = subprocess.run(['bash', '-c', '. tests/oracles/lib.sh; program sshd'], cwd=TOP, stdout=subprocess.PIPE,
                             text=True, check=True).stdout.strip()
    failed = skipped = 0
    for turn, suite in enumerate(SUITES):
        try:
            failed += compare(suite, sshd_cases.telling_part(cases, turn) if telling else cases, program) > 0
        except Absent as why:
            skipped += 1
            print('ok - sshd -t of %s # SKIP its packages cannot be had: %s' % (suite, why))
    passed = len(SUITES) - failed - skipped
    print('%d passed, %d failed%s' % (passed, failed, ', %d skipped' % skipped if skipped else ''))
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
