#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the boot waits for: generated fstabs, read by systemd-fstab-generator and by us. An entry that we say
is waited for must be required by local-fs.target, and none else. Needs the package systemd.

    fstab-generator.py [COUNT [SEED]]
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile

GENERATORS = ['/usr/lib/systemd/system-generators/systemd-fstab-generator',
              '/lib/systemd/system-generators/systemd-fstab-generator']
SOURCES = ['UUID=1', 'LABEL=x', 'PARTUUID=2-1', '/dev/sda1', '/dev/mapper/a-b', '/dev/vg/lv', 'tmpfs', 'srv:/x',
           '//srv/share', '/src', 'none', '"UUID=3"', '/dev/disk/by-id/x', 'user@host:/', 'overlay']
TARGETS = ['/', '/a', '/a/', '/b/c', '/b', '/usr', '/boot', '/boot/efi', '/var/log', '/proc', '/sys', '/dev/shm', '/dev/pts',
           '/run', '/run/x', '/tmp', '/sys/fs/cgroup', '/sys/fs/cgroup/memory', '/sys/kernel/config',
           '/sys/firmware/efi/efivars', '/proc/bus/usb', '/sys/kernel/debug', '/sys/fs/bpf', '/sys/fs/pstore',
           '/sys/fs/fuse/connections', '/dev/hugepages', '/dev/mqueue', '/proc/sys/fs/binfmt_misc', '/run/lock',
           'none', 'rel/ative', '/sp\\040ace', '/dev', '/sys/kernel/security', '/sys/fs/smackfs', '/selinux',
           '/sys/fs/selinux', '/run/user', '/sys/kernel/tracing', '//dd//x']
TYPES = ['ext4', 'xfs', 'auto', 'none', 'tmpfs', 'nfs', 'nfs4', 'cifs', 'smb3', 'fuse.sshfs', 'fuse', 'ceph',
         'glusterfs', 'ocfs2', 'gfs2', 'lustre', 'davfs', 'vfat', 'ext4,xfs', 'afs', 'overlay', '9p', 'fuse.glusterfs',
         'virtiofs', 'zfs', 'btrfs', 'ncp', 'pvfs2', 'smbfs']
OPTIONS = ['defaults', 'nofail', 'fail', 'noauto', 'auto', '_netdev', 'bind', 'rw', 'ro', 'x-systemd.automount',
           'comment=systemd.automount', 'comment=x', 'x-initrd.mount', 'x-systemd.device-timeout=5', 'nofailx',
           'x-systemd.required-by=foo.service', 'x-systemd.wanted-by=foo.service', 'x-systemd.before=x.service',
           'x-systemd.requires=y.service', 'user', 'x-systemd.automount=1', 'pri=1', 'x-systemd.growfs', 'errors=remount-ro']


def lines(rnd):
    for _ in range(rnd.randrange(1, 7)):
        options = ','.join(rnd.choice(OPTIONS) for _ in range(rnd.choice([0, 1, 1, 1, 2, 2, 3, 4])))
        fields = [rnd.choice(SOURCES), rnd.choice(TARGETS if rnd.randrange(3) == 0 else TARGETS[:9]), rnd.choice(TYPES), options or 'defaults', '0', '0']
        cut = rnd.choice([6, 6, 6, 6, 6, 6, 4, 3])
        yield rnd.choice(['\t', ' ', '   ']).join(fields[:cut])


def generated(program, folder):
    names = [folder / n for n in ('normal', 'early', 'late')]
    for name in names:
        name.mkdir()
    env = dict(os.environ, SYSTEMD_FSTAB=str(folder / 'fstab'), SYSTEMD_LOG_LEVEL='emerg', SYSTEMD_IN_INITRD='0',
               SYSTEMD_PROC_CMDLINE='ro')
    subprocess.run([program] + [str(n) for n in names], env=env, check=False, stderr=subprocess.DEVNULL,
                   cwd='/')
    found = set()
    requires = names[0] / 'local-fs.target.requires'
    for unit in requires.iterdir() if requires.is_dir() else []:
        if unit.suffix != '.mount':
            continue
        for line in (names[0] / unit.name).read_text().splitlines():
            if line.startswith('Where='):
                found.add(line[6:])
    return found


def plain(target):
    while '//' in target:
        target = target.replace('//', '/')
    return '/' + target.strip('/')


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 250
    rnd = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 7)
    program = next((g for g in GENERATORS if os.access(g, os.X_OK)), None)
    if not program:
        print('ok - what the boot waits for # SKIP no systemd-fstab-generator here\n0 passed, 0 failed, 1 skipped')
        return 0
    facts = subprocess.run(['bash', '-c', '. tests/oracles/lib.sh; program facts'], check=True,
                           capture_output=True, text=True).stdout.strip()
    passed = failed = entries = waited = 0
    for _ in range(count):
        text = '\n'.join(lines(rnd)) + '\n'
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / 'fstab').write_text(text)
            theirs = {plain(t) for t in generated(program, folder)}
            ours = {plain(t) for t in subprocess.run([facts, 'waits', str(folder / 'fstab')], check=True,
                                                     capture_output=True, text=True).stdout.splitlines()}
        entries += len(text.splitlines())
        waited += len(theirs)
        if ours == theirs:
            passed += 1
        else:
            failed += 1
            print(f'# {text}# systemd: {sorted(theirs)}\n# here:    {sorted(ours)}')
            print(f'not ok {passed + failed} - a generated fstab')
    print(f'ok - {entries} entries in {count} fstabs, {waited} of them waited for')
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or waited < 100 else 0


if __name__ == '__main__':
    sys.exit(main())
