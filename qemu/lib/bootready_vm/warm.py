# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rescue machine, run. Under emulation a boot takes longer than most questions, so that a machine without a disk of
anybody's boots, and is kept as it is when it waits for its questions: QEMU's migration to a file. Every other goes on from
there. Where that does not work, for whatever reason, a machine boots.

It is kept beside the rescue image's files, by a name that stands for all that is in it: QEMU, its words but for the
disks, the initramfs with the programs of the moment."""

import contextlib
import glob
import hashlib
import json
import os
import re
import subprocess
import tempfile
import time

from .errors import HarnessError
from .qmp import Qmp

WAITING, ASKED = "waiting", "asked"  # what it says before and after it has read its questions
_KEPT = 2  # machines: some 75 MB each
_BOOT_SECONDS = 120
_WAKE_SECONDS = 30  # to read the questions; a machine that cannot go on says nothing at all
_OLD_SECONDS = 3600  # what is still not whole then has been left by one that was killed


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def answers(folder):
    return read(os.path.join(folder, "answers"))


@contextlib.contextmanager
def _started(words, folder, questions, *inherited):
    """QEMU, running, with its questions on standard input. It ends here at the latest."""
    with open(os.path.join(folder, "qemu.log"), "wb") as errors:
        process = subprocess.Popen(words, stdin=questions, stdout=errors, stderr=errors, pass_fds=inherited)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def _late(process, deadline):
    try:
        process.wait(max(deadline - time.monotonic(), 0))
        return False
    except subprocess.TimeoutExpired:
        return True


def boot(words, folder, questions, deadline):
    """Whether it was not over in time. `questions`: a tar file."""
    with open(questions, "rb") as file, _started(words, folder, file) as process:
        return _late(process, deadline)


def _says(process, folder, word, deadline):
    """Whether it says so in time."""
    while word.encode() + b"\n" not in answers(folder):
        if process.poll() is not None or time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def place(words, folder, initramfs, files):
    """The path of the machine that these words would boot."""
    program = os.stat(words[0])
    name = hashlib.sha256(json.dumps(
        [program.st_size, program.st_mtime_ns, [word.replace(folder, "") for word in words if not word.startswith("if=none,")]]
    ).encode() + read(initramfs)).hexdigest()
    return os.path.join(files, "waiting-" + name[:16])


def _migrate(path, file):
    control = Qmp(path, time.monotonic() + 20)
    try:
        control.command("migrate-set-parameters", **{"max-bandwidth": 8 << 30})
        control.pass_file("state", file)
        control.command("migrate", uri="fd:state")
        deadline = time.monotonic() + 60
        while True:
            status = control.command("query-migrate").get("status")
            if status == "completed":
                return
            if status in ("failed", "cancelled") or time.monotonic() > deadline:
                raise HarnessError("the machine could not be kept")
            time.sleep(0.02)
    finally:
        control.close()


def _without_disks(words):
    """The same machine with empty disks in place of those that are asked about: nothing of them gets into what is kept,
    and some formats QEMU does not migrate."""
    return ["if=none,id=%s,driver=null-co,size=1M,read-zeroes=on" % re.match("if=none,id=(disk[0-9]+),", word)[1]
            if word.startswith("if=none,id=disk") else word for word in words]


def _clear(folder):
    """All but the newest machines go."""
    kept = sorted(glob.glob(os.path.join(folder, "waiting-*")), key=os.path.getmtime)
    left = [path for path in glob.glob(os.path.join(folder, "part-*")) if os.path.getmtime(path) < time.time() - _OLD_SECONDS]
    for path in kept[:-_KEPT] + left:
        os.unlink(path)


def _keep(words, folder, kept, deadline):
    """Boots a machine, and keeps it as it waits."""
    control = os.path.join(folder, "qmp")
    # Nothing comes out of this pipe; and as long as it is open, the guest reads no end.
    silence, end = os.pipe()
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, silence)
        stack.callback(os.close, end)
        part = stack.enter_context(tempfile.NamedTemporaryFile(prefix="part-", dir=os.path.dirname(kept)))
        process = stack.enter_context(_started([*_without_disks(words), "-qmp", "unix:%s,server=on,wait=off" % control], folder, silence))
        if not _says(process, folder, WAITING, min(deadline, time.monotonic() + _BOOT_SECONDS)):
            raise HarnessError("the rescue image did not come up")
        _migrate(control, part)
        with contextlib.suppress(FileExistsError):  # another check was faster
            os.link(part.name, kept)
    _clear(os.path.dirname(kept))


def _go_on(words, folder, questions, deadline, kept):
    with open(kept, "rb") as state, open(questions, "rb") as file:
        os.utime(kept)
        incoming = [*words, "-incoming", "fd:%d" % state.fileno()]
        with _started(incoming, folder, file, state.fileno()) as process:
            return _says(process, folder, ASKED, min(deadline, time.monotonic() + _WAKE_SECONDS)) and _late(process, deadline)


def _remove(paths):
    for path in paths:
        with contextlib.suppress(OSError):
            os.unlink(path)


def _forget(folder):
    _remove(os.path.join(folder, name) for name in ("answers", "console.log", "qmp"))


def keep(words, folder, kept, deadline):
    """A machine is at `kept` now; or none, where it could not be made."""
    if not os.path.exists(kept):
        with contextlib.suppress(OSError, HarnessError):
            _keep(words, folder, kept, deadline)
        _forget(folder)


def ask(words, folder, questions, deadline, kept):
    """As boot(), by the machine that is kept. One that does not end as it should is kept no longer; and but for one that is
    late, nothing of what it has said is left."""
    late = False
    try:
        late = _go_on(words, folder, questions, deadline, kept)
        if not late and answers(folder).endswith(b"\nend\n"):
            return False
    except OSError:
        pass
    _remove([kept])
    if not late:
        _forget(folder)
    return late
