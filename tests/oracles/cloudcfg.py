#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What cloud-init's configuration says of growing: generated files, read by PyYAML and merged as cloud-init
documents it, and read by us. We may say "unread"; what we do say must be right, and most must be read.
Needs python3-yaml.

    cloudcfg.py [COUNT [SEED]]
"""
import pathlib
import random
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    print('ok - cloud-init configurations # SKIP no python3-yaml here\n0 passed, 0 failed, 1 skipped')
    sys.exit(0)

STAGES = ['cloud_init_modules', 'cloud_config_modules', 'cloud_final_modules']
MODULES = ['growpart', 'resizefs', 'migrator', 'bootcmd', 'write-files', 'set_hostname', 'ssh', 'growparts']
OTHER = ['users:\n - default\n - name: x\n   sudo: ["ALL=(ALL) NOPASSWD:ALL"]\n', 'disable_root: true\n', 'ssh_pwauth:   0\n',
         'runcmd:\n - [ls, -l, /]\n - "echo a: b"\n - echo growpart\n', 'datasource_list: [ NoCloud, None ]\n',
         'write_files:\n  - content: |\n      growpart:\n        mode: off\n      [ {\n    path: /x\n', '# growpart: {mode: off}\n',
         'system_info:\n   distro: debian\n   default_user:\n     name: d\n     groups: [a, b]\n', '\n', 'a: >-\n   x: [\n\n   y\n',
         'output: {all: "| tee -a /var/log/x.log"}\n', "mount_default_fields: [~, ~, 'auto', \"defaults,nofail\", '0', '2']\n",
         'apt:\n   preserve_sources_list: true\n', 'datasource:\n  Ec2:\n    metadata_urls: [ \'http://x:80\' ]\n    timeout: 5 # c\n',
         'vendor_data: {enabled: false}\n', 'x: {a: [1, 2,\n  3], b: "}"}\n', 'y: "quoted # no comment" # comment\n',
         "z: 'it''s'\n", 'bootcmd:\n- |\n  cloud_init_modules: []\n- x\n', 'url: http://host:80/#x\n', 'packages: [\n  a,\n  b\n]\n',
         'multi: a plain scalar\n  over two lines\n', '"growpart ": x\n', 'e:\n  growpart: {mode: off}\n  resize_rootfs: false\n']


def quoted(rnd, word):
    return rnd.choice([word, word, f'"{word}"', f"'{word}'"])


def module_list(rnd, stage):
    names = [rnd.choice(MODULES) for _ in range(rnd.randrange(0, 7))]
    if rnd.randrange(2):
        names += ['growpart', 'resizefs']
    style = rnd.randrange(4)
    if style == 0:
        items = [quoted(rnd, n) if rnd.randrange(3) else f'[{n}, always]' for n in names]
        return f'{stage}: [' + rnd.choice([', ', ',', ',\n  ']).join(items) + ']\n'
    indent = rnd.choice(['', ' ', '  ', '    '])
    out = f'{stage}:' + rnd.choice(['', ' # comment']) + '\n'
    for n in names:
        item = rnd.choice([quoted(rnd, n), quoted(rnd, n), f'[{n}, once]', f'[ {n} ]', f'- {n}\n{indent}  - always',
                           f'name: {n}\n{indent}  frequency: always', f'{n}  # why'])
        out += f'{indent}- {item}\n' + rnd.choice(['', '', '', '\n', f'{indent}# - growpart\n'])
    return out


def growpart(rnd):
    mode = rnd.choice(['auto', 'off', 'false', 'growpart', 'gpart', '"off"', "'auto'", 'Off', 'no', 'FALSE', 'true'])
    devices = rnd.choice([None, "['/']", '["/", "/home"]', '[/home]', '[ / ]', '["/dev/vda1"]'])
    ignore = rnd.choice([None, None, 'true', 'false'])
    pairs = [('mode', mode), ('devices', devices), ('ignore_growroot_disabled', ignore)]
    pairs = [p for p in pairs if p[1] and rnd.randrange(4)]
    rnd.shuffle(pairs)
    style = rnd.randrange(6)
    if style == 0:
        return rnd.choice(['growpart: off\n', 'growpart: [mode, off]\n', 'growpart: "auto"\n'])
    if style < 3 or not pairs:
        return 'growpart: {' + ', '.join(f'{k}: {v}' for k, v in pairs) + '}\n'
    indent = rnd.choice(['  ', ' ', '    '])
    out = 'growpart:\n'
    for k, v in pairs:
        if k == 'devices' and rnd.randrange(2):
            items = yaml.safe_load(v)
            dash = indent + rnd.choice(['', '  '])
            out += f'{indent}{k}:\n' + ''.join(f'{dash}- {quoted(rnd, i)}\n' for i in items)
        else:
            out += f'{indent}{k}: {v}' + rnd.choice(['', ' # comment']) + '\n'
    return out


def config(rnd, whole):
    parts = [rnd.choice(OTHER) for _ in range(rnd.randrange(0, 6))]
    for stage in STAGES:
        if rnd.randrange(4) < (3 if whole else 1):
            parts.append(module_list(rnd, stage))
    if rnd.randrange(2):
        parts.append(growpart(rnd))
    if rnd.randrange(3) == 0:
        parts.append('resize_rootfs: ' + rnd.choice(['true', 'false', 'noblock', '"no"', 'True', 'off', '1', '0', 'odd']) + '\n')
    rnd.shuffle(parts)
    return rnd.choice(['', '#cloud-config\n', '---\n']) + ''.join(parts)


def merged(first, second):
    """Of two mappings the first's values stand; mappings within are merged the same way."""
    out = dict(first)
    for key, value in second.items():
        if key not in out:
            out[key] = value
        elif isinstance(out[key], dict) and isinstance(value, dict):
            out[key] = merged(out[key], value)
    return out


def is_false(value):
    return value is False or str(value).lower().strip() in ('off', '0', 'no', 'false')


def is_true(value):
    return value is True or str(value).lower().strip() in ('on', '1', 'yes', 'true', 'noblock')


def runs(cfg, module):
    for stage in STAGES:
        for item in cfg.get(stage) or []:
            name = item[0] if isinstance(item, list) else item.get('name') if isinstance(item, dict) else item
            if name == module:
                return True
    return False


def stopped(cfg, disabled_file):
    """The two modules that would not do their work."""
    out = set()
    grow = cfg.get('growpart', {'mode': 'auto', 'devices': ['/']})
    if not runs(cfg, 'growpart') or not isinstance(grow, dict):
        out.add('growpart')
    elif is_false(grow.get('mode', 'auto')) or grow.get('mode', 'auto') not in ('auto', 'growpart'):
        out.add('growpart')
    elif '/' not in grow.get('devices', ['/']):
        out.add('growpart')
    elif disabled_file and is_false(grow.get('ignore_growroot_disabled', False)):
        out.add('growpart')
    if not runs(cfg, 'resizefs') or not is_true(cfg.get('resize_rootfs', True)):
        out.add('resizefs')
    return out


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    rnd = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 5)
    facts = subprocess.run(['bash', '-c', '. tests/oracles/lib.sh; program facts'], check=True,
                           capture_output=True, text=True).stdout.strip()
    passed = failed = unread = 0
    for _ in range(count):
        texts = {'cloud.cfg': config(rnd, True)}
        for n in rnd.sample(['05_a.cfg', '10_b.cfg', '90_c.cfg', '99_d.txt'], rnd.randrange(0, 4)):
            texts['cloud.cfg.d/' + n] = config(rnd, False)
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            (root / 'etc/cloud/cloud.cfg.d').mkdir(parents=True)
            (root / 'usr/bin').mkdir(parents=True)
            (root / 'usr/bin/cloud-init').write_text('')
            (root / 'usr/bin/cloud-init').chmod(0o755)
            disabled_file = rnd.randrange(5) == 0
            if disabled_file:
                (root / 'etc/growroot-disabled').write_text('')
            for path, text in texts.items():
                (root / 'etc/cloud' / path).write_text(text)
            out = subprocess.run([facts, 'cloud', name], check=True, capture_output=True, text=True).stdout
        try:
            cfg = {}
            for path in sorted((p for p in texts if p.endswith('.cfg') and '/' in p), reverse=True) + ['cloud.cfg']:
                cfg = merged(cfg, yaml.safe_load(texts[path]) or {})
        except yaml.YAMLError:
            continue
        ours = {line.split(':')[0] for line in out.splitlines()}
        theirs = stopped(cfg, disabled_file)
        if 'unread' in ours:
            unread += 1
        elif ours == theirs:
            passed += 1
        else:
            failed += 1
            for path, text in texts.items():
                print(''.join(f'# {path}: {line}\n' for line in text.splitlines()), end='')
            print(f'# expected {sorted(theirs)}, here: {out!r}')
            print(f'not ok {passed + failed} - a generated configuration')
    print(f'ok - {passed} configurations read alike, {unread} said to be unread')
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or passed < count / 2 else 0


if __name__ == '__main__':
    sys.exit(main())
