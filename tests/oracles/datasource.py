#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where cloud-init looks for its data: its own merge of the configuration (cloudinit.util out of the distribution's
package) and its own ds-identify, run on generated roots of a machine of Alibaba Cloud, against what we say.

    datasource.py [COUNT [SEED]]
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import types

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / 'tests/roots/lib'))
sys.dont_write_bytecode = True
from bootready_roots import packages  # noqa: E402
from bootready_roots.tools import SuiteError  # noqa: E402

NAMES = ['AliYun', 'Ec2', 'NoCloud', 'None', 'OpenStack', 'ConfigDrive']
# What the package needs at import and not for what is asked of it here.
STUBS = ['requests', 'requests.exceptions', 'jinja2', 'jinja2.lexer', 'configobj', 'jsonpatch', 'jsonschema', 'oauthlib', 'netifaces', 'serial']


def unpacked():
    """The package's folder, kept in the cache."""
    cache = pathlib.Path(os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')) / 'bootready/oracles'
    folder = cache / 'cloud-init'
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as work:
            packages.unpack(('cloud-init',), work + '/root')
            os.rename(work + '/root', folder)
    return folder


class Stub(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return type(name, (Exception,), {})


def cloudinit_util(folder):
    sys.path.insert(0, str(folder / 'usr/lib/python3/dist-packages'))
    for name in STUBS:
        try:
            __import__(name)
        except ImportError:
            sys.modules[name] = Stub(name)
    from cloudinit import util  # pylint: disable=import-error,import-outside-toplevel
    import logging
    logging.disable(logging.CRITICAL)
    return util


def list_text(rnd):
    names = rnd.sample(NAMES, rnd.randrange(0, 4))
    quote = rnd.choice(['', '', "'", '"'])
    words = [quote + name + quote for name in names]
    style = rnd.randrange(9)
    if style < 4:
        return 'datasource_list: [' + rnd.choice([' ', '']) + ', '.join(words) + rnd.choice([' ]', ']']) + '\n'
    if style == 4:
        return 'datasource_list:\n' + ''.join(rnd.choice([' - ', '- ', '    - '])[:] + w + '\n' for w in words[:1]) if words else 'datasource_list:\n'
    if style == 5:
        return 'datasource_list: [ ' + ', '.join(words) + ' ] # why\n'
    if style == 6:
        return 'datasource_list: [ ' + ',\n  '.join(words) + ' ]\n'
    if style == 7:
        return 'datasource_list:  [' + ','.join(words) + ']\n'
    return 'datasource_list: ' + (words[0] if words else '~') + '\n'


def config(rnd, often):
    text = rnd.choice(['', '#cloud-config\n', 'users: [default]\n', '# datasource_list: [ Ec2 ]\n'])
    for _ in range(rnd.choice([0, 1, 1, 2] if often else [0, 0, 1])):
        text += list_text(rnd)
    return text + rnd.choice(['', 'x:\n  datasource_list: [ NoCloud ]\n', 'disable_root: true\n']) if rnd.randrange(6) == 0 else text


def identify_cfg(rnd):
    lines = [rnd.choice(['policy: enabled', 'policy: disabled', ' policy : "search"', 'policy: search,notfound=enabled', 'policy: report', '# policy: disabled',
                         "datasource: 'AliYun'", 'datasource: Ec2', 'datasource: AliYun # c', 'datasource:', 'x']) for _ in range(rnd.randrange(1, 3))]
    return '\n'.join(lines) + rnd.choice(['\n', '\n', ''])


def make(rnd, root):
    """A root, and its command line."""
    (root / 'etc/cloud/cloud.cfg.d').mkdir(parents=True)
    (root / 'etc/cloud/cloud.cfg').write_text(config(rnd, False))
    for name in rnd.sample(['05_a.cfg', '10_b.cfg', '90_c.cfg', '99_d.conf'], rnd.randrange(0, 4)):
        (root / 'etc/cloud/cloud.cfg.d' / name).write_text(config(rnd, True))
    if rnd.randrange(4) == 0:
        (root / 'etc/cloud/ds-identify.cfg').write_text(identify_cfg(rnd))
    return rnd.choice(['quiet'] * 8 + ['ci.ds=Ec2', 'ci.datasource=AliYun quiet', 'ci.di.policy=enabled', 'ci.di.policy=disabled', 'cloud-init=disabled'])


def identify(script, root, cmdline):
    """ds-identify on that root: did it let cloud-init start?"""
    for path, text in {'proc/cmdline': cmdline + '\n', 'proc/1/cmdline': 'init', 'proc/1/environ': '', 'proc/uptime': '1 1\n',
                       'sys/class/dmi/id/product_name': 'Alibaba Cloud ECS\n', 'sys/class/dmi/id/sys_vendor': 'Alibaba Cloud\n'}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    tools = root / 'tools'
    tools.mkdir()
    for name, text in {'systemd-detect-virt': 'echo kvm', 'blkid': 'exit 2', 'uname': 'echo "Linux host 6.1 #1 x86_64 GNU/Linux"'}.items():
        (tools / name).write_text('#!/bin/sh\n%s\n' % text)
        (tools / name).chmod(0o755)
    done = subprocess.run(['dash', str(script)], env={'PATH': '%s:/usr/bin:/bin' % tools, 'PATH_ROOT': str(root), 'DI_LOG': '/dev/null'}, check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    return done.returncode == 0


def truth(util, script, root, cmdline, with_identify):
    if 'cloud-init=disabled' in cmdline.split():
        return 'off'
    runs = identify(script, root, cmdline) if with_identify else True
    if not runs:
        return 'not'
    runtime = root / 'run/cloud-init/cloud.cfg'
    # As its stages.fetch_base_config() has them, the first last.
    merged = util.mergemanydict([util.get_builtin_cfg(), util.read_conf_with_confd(str(root / 'etc/cloud/cloud.cfg')),
                                 util.read_conf(str(runtime)) if runtime.exists() else {}], reverse=True)
    return 'looks' if 'AliYun' in (list(merged.get('datasource_list') or [])) else 'not'


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600 if os.environ.get('BOOTREADY_ORACLES') == 'all' else 60
    rnd = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 7)
    try:
        folder = unpacked()
        util = cloudinit_util(folder)
    except (SuiteError, ImportError, OSError) as error:
        print('ok - where cloud-init looks # SKIP no cloud-init package: %s\n0 passed, 0 failed, 1 skipped' % error)
        return 0
    script = folder / 'usr/lib/cloud-init/ds-identify'
    facts = subprocess.run(['bash', '-c', '. tests/oracles/lib.sh; program facts'], check=True, capture_output=True, text=True).stdout.strip()
    passed = failed = untold = 0
    for _ in range(count):
        with tempfile.TemporaryDirectory() as name:
            root, with_identify = pathlib.Path(name), rnd.randrange(3) > 0
            cmdline = make(rnd, root)
            for path in ['usr/bin/cloud-init', 'usr/lib/systemd/system-generators/cloud-init-generator'] + ['usr/lib/cloud-init/ds-identify'] * with_identify:
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(script.read_bytes())
                (root / path).chmod(0o755)
            ours = subprocess.run([facts, 'datasource', name, cmdline], check=True, capture_output=True, text=True).stdout.strip()
            theirs = truth(util, script, root, cmdline, with_identify)
            if ours == 'untold':
                untold += 1
            elif ours == theirs or (theirs == 'not' and ours in ('excluded', 'off')):
                passed += 1
            else:
                failed += 1
                for path in sorted((root / 'etc').rglob('*.c*')):
                    if path.is_file():
                        print(''.join('# %s: %s\n' % (path.relative_to(root), line) for line in path.read_text().splitlines()), end='')
                print('# command line "%s", ds-identify %s: cloud-init %s, here %s' % (cmdline, 'there' if with_identify else 'not there', theirs, ours))
                print('not ok %d - a generated root' % (passed + failed))
    print('ok - %d roots searched alike, %d not told' % (passed, untold))
    print('%d passed, %d failed' % (passed, failed))
    return 1 if failed or untold > count / 4 else 0


if __name__ == '__main__':
    sys.exit(main())
