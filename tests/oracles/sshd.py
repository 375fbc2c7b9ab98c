#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""sshd_config: what `sshd -t` of Debian 11, 12 and 13 says of configurations, and what we say of them. Their packages come
through the machine's own package sources, once. Needs root (chroot) and mmdebstrap.

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
USERS, SERVICES = ['root', 'sshd', 'nobody'], ['ssh', 'domain', 'http']
# Unpacks a suite's openssh-server with what it depends on into a folder.
UNPACK = r'''
set -e
. "$1/qemu/guests/lib.sh"
while read -r line; do options+=(--aptopt="$line"); done < <(machine_apt_options)
machine_sources "$2" > "$3.sources"
[ -s "$3.sources" ] || { apt-get update -qq; machine_sources "$2" > "$3.sources"; }
mmdebstrap --mode=root --variant=extract "${options[@]}" --include=openssh-server "$2" "$3" - < "$3.sources" > "$3.log" 2>&1
'''
KEEP = ['usr/sbin/sshd', 'usr/bin/ssh-keygen', 'usr/lib/openssh/sshd-session', 'usr/lib/openssh/sshd-auth']


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
        out = subprocess.run(['chroot', tree, loader, '--list', '/' + name], capture_output=True, text=True, check=True).stdout
        paths.update(re.findall(r'(/\S+\.so\S*)', out))
    return names + [path[1:] for path in sorted(paths)]


def make(suite, folder):
    with tempfile.TemporaryDirectory(dir=CACHE, prefix='.making-') as work:
        whole, small = pathlib.Path(work, suite), pathlib.Path(work, 'small')
        subprocess.run(['bash', '-c', UNPACK, 'unpack', TOP, suite, whole], check=True)
        for name in needed(whole):
            (small / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(inside(whole, name), small / name)
        for name in ('etc/ssh', 'run/sshd', 'cfg', 'dev', 'root'):
            (small / name).mkdir(parents=True)
        (small / 'etc/passwd').write_text(''.join('%s:x:%d:0::/root:/bin/sh\n' % (user, n) for n, user in enumerate(USERS)))
        (small / 'etc/services').write_text(''.join('%s %d/tcp\n' % (name, port) for name, port in zip(SERVICES, (22, 53, 80))))
        (small / 'etc/nsswitch.conf').write_text('passwd: files\nservices: files\nhosts: files\n')
        os.mknod(small / 'dev/null', 0o20666, os.makedev(1, 3))
        # A key of openssh's own making, which needs no more than this.
        subprocess.run(['chroot', small, '/usr/bin/ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', '/etc/ssh/ssh_host_ed25519_key'],
                       check=True)
        try:
            os.rename(small, folder)
        except OSError:
            if not folder.is_dir():  # else another run was faster
                raise


def tree(suite):
    key = hashlib.sha256(repr((UNPACK, KEEP, RECIPE)).encode()).hexdigest()[:12]
    folder = CACHE / ('sshd-%s-%s' % (suite, key))
    if not folder.is_dir():
        for old in CACHE.glob('sshd-%s-*' % suite):
            shutil.rmtree(old, ignore_errors=True)
        print('# unpacking openssh-server of %s (once)' % suite, flush=True)
        make(suite, folder)
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
            path.write_bytes(text.replace('@/', folder + '/').encode('latin-1' if '\xef' in text or '\xa0' in text else 'utf-8'))
    return folder + '/sshd_config'


def answers(command, paths):
    done = subprocess.run(command, input='\n'.join(paths) + '\n', capture_output=True, text=True, errors='replace', check=True)
    return done.stdout.split('\n')[:-1]


def same(theirs, ours):
    """Names to be resolved and the kernel's routing domains need not be known to who reads a root."""
    word = ours.split()[0]
    return word == theirs.split()[0] or (word == 'unsure' and ('bad addr or host' in theirs or 'routing domain' in theirs))


def compare(suite, cases, program):
    passed, failed = 0, 0
    with tempfile.TemporaryDirectory(dir=CACHE, prefix='.run-') as root:
        subprocess.run(['cp', '-al', str(tree(suite)) + '/.', root], check=True)
        banner = re.search(rb'OpenSSH_(\d+)\.(\d+)p\d[^\0]*', pathlib.Path(root, 'usr/sbin/sshd').read_bytes())
        release = int(banner[1]) * 100 + int(banner[2])
        paths = [write(root, n, files) for n, (_, files) in enumerate(cases)]
        half = len(paths) // 2
        with ThreadPoolExecutor(2) as pool:
            theirs = sum(pool.map(lambda part: answers([program, root], part), (paths[:half], paths[half:])), [])
        ours = answers([program, root, str(release), banner[0].decode(), ','.join(USERS), ','.join(SERVICES)], paths)
    for (name, files), their, our in zip(cases, theirs, ours, strict=True):
        if same(their, our):
            passed += 1
        else:
            failed += 1
            print('# %s, %s: %s: sshd -t: %s; here: %s' % (suite, name, files if len(repr(files)) < 300 else '', their[:300], our))
    print('%s %d - %s, %s: %d of %d configurations the same (%d are refused)' % (
        'not ok' if failed else 'ok', SUITES.index(suite) + 1, suite, banner[0].decode(), passed, passed + failed, sum(their.startswith('refused') for their in theirs)), flush=True)
    return failed


def main():
    everything = os.environ.get('BOOTREADY_ORACLES') == 'all'
    if os.geteuid() != 0 or not shutil.which('mmdebstrap'):
        print('ok - sshd -t of three releases # SKIP needs root and mmdebstrap\n0 passed, 0 failed, 1 skipped')
        return 0
    CACHE.mkdir(parents=True, exist_ok=True)
    cases = list(sshd_cases.all_cases(int(sys.argv[1]) if len(sys.argv) > 1 else 3000, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
    if not everything and len(sys.argv) == 1:
        cases = sshd_cases.telling_part(cases)
    program = subprocess.run(['bash', '-c', '. tests/oracles/lib.sh; program sshd'], cwd=TOP, capture_output=True, text=True, check=True).stdout.strip()
    failed = sum(compare(suite, cases, program) > 0 for suite in SUITES)
    print('%d passed, %d failed' % (len(SUITES) - failed, failed))
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
