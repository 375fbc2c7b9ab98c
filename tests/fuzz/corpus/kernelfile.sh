#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernelfile.sh FOLDER: headers of each kind of kernel image, with little behind them.
set -euo pipefail
cd "$1"
/usr/bin/python3 - <<'PY'
import gzip, struct

def put(image, at, data):
    image[at:at + len(data)] = data

bz = bytearray(5 * 512 + 4096)
put(bz, 0, b'MZ')
bz[0x1f1] = 4
put(bz, 0x1f4, struct.pack('<I', 4096 // 16))
put(bz, 0x202, b'HdrS' + struct.pack('<H', 0x20f))
put(bz, 0x20e, struct.pack('<H', 0x200))
put(bz, 0x248, struct.pack('<II', 1024, 2048))
put(bz, 0x400, b'6.1.0-1-test (x@y) #1\0')
put(bz, 3584, b'\x28\xb5\x2f\xfd')
put(bz, 5628, struct.pack('<I', 1 << 20))
open('bzimage', 'wb').write(bz)

arm = bytearray(0x40) + bytearray(3000) + b'Linux version 6.1.0-1-test (x@y)\n' + bytearray(500)
put(arm, 0, b'MZ')
put(arm, 0x38, b'ARM\x64' + struct.pack('<I', 0x40))
open('arm64', 'wb').write(arm)
packed = gzip.compress(bytes(arm))
open('gzip', 'wb').write(packed)
zboot = bytearray(0x100) + packed
put(zboot, 0, b'MZ\0\0zimg' + struct.pack('<II', 0x100, len(packed)))
put(zboot, 0x18, b'gzip')
open('zboot', 'wb').write(zboot)

sections = [(b'.uname', b'6.1'), (b'.linux', bytes(bz)), (b'.initrd', b'070701')]
pe = bytearray(0x400)
put(pe, 0, b'MZ')
put(pe, 0x3c, struct.pack('<I', 0x80))
put(pe, 0x80, b'PE\0\0' + struct.pack('<HH', 0x8664, len(sections)))
for i, (name, body) in enumerate(sections):
    put(pe, 0x98 + 40 * i, struct.pack('<8sIIII', name, len(body), 0, len(body), len(pe)))
    pe += body
open('unified', 'wb').write(pe)
PY
