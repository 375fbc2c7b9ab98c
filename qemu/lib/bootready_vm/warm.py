# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rescue machine, run. Under emulation a boot takes longer than most questions, so that one machine is kept as it was
when it had booted and waited for its questions, before it looked at any disk: QEMU's migration to a file. The next one
goes on from there. Where that does not work, for whatever reason, a machine boots.

It is kept beside the rescue image's files, by a name that stands for all that is in it: QEMU, its words but for the
disks, the initramfs with the programs of the moment."""

import contextlib
import glob
import hashlib
import json
import os
import subprocess
import tempfile
import time

from .errors import HarnessError
from .qmp import Qmp

WAITING, ASKED = "waiting", "asked"  # what it says before and after it has read its questions
_KEPT = 2  # machines: some 75 MB each
_BOOT_SECONDS = 120
_WAKE_SECONDS = 30  # to read the questions; a machine that cannot go on says nothing at all


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


def _late(process, timeout):
    try:
        process.wait(timeout)
        return False
    except subprocess.TimeoutExpired:
        return True


def boot(words, folder, questions, timeout):
    """Whether it was not over in time. `questions`: a tar file."""
    with open(questions, "rb") as file, _started(words, folder, file) as process:
        return _late(process, timeout)


def _says(process, folder, word, seconds):
    """Whether it says so in time."""
    deadline = time.monotonic() + seconds
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


def _keep(words, folder, kept):
    """Boots a machine, and keeps it as it waits."""
    control = os.path.join(folder, "qmp")
    # Nothing comes out of this pipe; and as long as it is open, the guest reads no end.
    silence, end = os.pipe()
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, silence)
        stack.callback(os.close, end)
        part = stack.enter_context(tempfile.NamedTemporaryFile(prefix="part-", dir=os.path.dirname(kept)))
        process = stack.enter_context(_started([*words, "-qmp", "unix:%s,server=on,wait=off" % control], folder, silence))
        if not _says(process, folder, WAITING, _BOOT_SECONDS):
            raise HarnessError("the rescue image did not come up")
        _migrate(control, part)
        with contextlib.suppress(FileExistsError):  # another check was faster
            os.link(part.name, kept)
    others = sorted(glob.glob(os.path.join(os.path.dirname(kept), "waiting-*")), key=os.path.getmtime)
    for path in others[:-_KEPT]:
        os.unlink(path)


def _go_on(words, folder, questions, timeout, kept):
    with open(kept, "rb") as state, open(questions, "rb") as file:
        os.utime(kept)
        incoming = [*words, "-incoming", "fd:%d" % state.fileno()]
        with _started(incoming, folder, file, state.fileno()) as process:
            return _says(process, folder, ASKED, min(timeout, _WAKE_SECONDS)) and _late(process, timeout)


def _forget(folder, *more):
    for path in [os.path.join(folder, name) for name in ("answers", "console.log", "qmp")] + list(more):
        with contextlib.suppress(OSError):
            os.unlink(path)


def ask(words, folder, questions, timeout, kept):
    """As boot(), by the machine that is kept, or is now. Without an answer where there is none; it is not kept then."""
    try:
        if not os.path.exists(kept):
            _keep(words, folder, kept)
            _forget(folder)
        late = _go_on(words, folder, questions, timeout, kept)
        if late or answers(folder).endswith(b"\nend\n"):
            return late
    except (OSError, HarnessError):
        pass
    _forget(folder, kept)
    return False
