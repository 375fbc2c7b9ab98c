# SPDX-License-Identifier: LGPL-2.1-or-later
"""One boot: starts the machine, watches the console, the ports and QEMU, and ends as soon as the outcome is clear."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

from . import accel, beacon, console, disk, machine
from .errors import HarnessError
from .qmp import Qmp

_POLL = 0.5
# How long a guest that has said all may take to power off by itself (TCG, two guests at once).
_POWER_OFF = 120
# How long sshd may take to answer.
_BANNER = 20
# A kernel and its initramfs are megabytes. Where no boot loader has spoken, and not even one was read, and for so many
# seconds nothing is, there is none: what the disk does tells it of an image that says nothing.
_IDLE = 90
_IDLE_READ = 1 << 20
_DISK_POLL = 5
# How long after a login prompt a beacon may still open its port.
_BEACON_GRACE = 15


@dataclass
class Request:
    image: str
    disk: str = "virtio-blk"
    firmware: str = "bios"
    grow: str = None
    accel: str = "auto"
    timeout: int = 300
    log: str = None
    memory: int = 1024
    smp: int = 2
    cpu: str = None              # QEMU's model where it is emulated; None: all that TCG knows
    keep_overlay: str = None
    network: bool = False        # a card with DHCP, and port 22 looked at from outside; ends the guest without its power-off


@dataclass
class Outcome:
    """What a boot came to. `outcome` is userspace, stopped or undetermined; `stage` the last stage reached."""
    outcome: str
    stage: str
    evidence: list
    accel: str
    accel_why: str
    seconds: float
    log: str
    told: dict = field(default_factory=dict)
    report: dict = None
    table: str = None

    def exit_status(self):
        return {"userspace": 0, "stopped": 1, "undetermined": 2}[self.outcome]


class _Watch:
    """Everything that the running machine has said, read again at every poll."""

    def __init__(self, folder, qmp, process):
        self.folder, self.qmp, self.process = folder, qmp, process
        self.started = self.changed = time.monotonic()
        self.text, self.facts, self.told = "", console.Facts(""), {}
        self.shutdown = None         # why QEMU says that the guest ended
        self.beacon_open = False
        self.disk_read = None        # bytes, as far as QEMU was asked
        self._disk_asked = self._disk_changed = self.started
        self._size = -1

    def seconds(self):
        return time.monotonic() - self.started

    def read(self, name):
        try:
            with open(os.path.join(self.folder, name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return b""

    def poll(self):
        try:
            for event in self.qmp.events():
                data = event.get("data", {})
                if event["event"] == "SHUTDOWN":
                    self.shutdown = data.get("reason", "unknown")
                elif event["event"] == "VSERPORT_CHANGE" and data.get("id") == machine.BEACON_PORT:
                    self.beacon_open = self.beacon_open or data.get("open", False)
        except OSError:
            pass  # QEMU is ending; its exit is seen below
        self._poll_disk()
        raw, told = self.read("console.log"), self.read("beacon.log")
        if len(raw) + len(told) == self._size:
            return
        self._size = len(raw) + len(told)
        stage = self.facts.stage
        self.text = console.clean(raw)
        self.facts = console.Facts(self.text)
        self.told = beacon.parse(told.decode("utf-8", "replace")) or beacon.from_console(self.text)
        if self.facts.stage != stage or not self.facts.stop:
            self.changed = time.monotonic()

    def _poll_disk(self):
        """Only while it may tell something: until a boot loader speaks."""
        now = time.monotonic()
        if self.facts.stage not in (None, "firmware") or now - self._disk_asked < _DISK_POLL:
            return
        self._disk_asked = now
        try:
            read = sum(device["stats"]["rd_bytes"] for device in self.qmp.command("query-blockstats"))
        except (OSError, HarnessError):
            return
        if read != self.disk_read:
            self.disk_read, self._disk_changed = read, now

    def idle(self):
        """Has nothing been read that a boot would begin with, nor anything at all for long?"""
        return (self.facts.stage in (None, "firmware") and self.disk_read is not None and self.disk_read < _IDLE_READ and
                time.monotonic() - max(self._disk_changed, self.changed) > _IDLE)

    def ended(self):
        return self.shutdown is not None or self.process.poll() is not None

    def clear(self):
        """Is the outcome known, so that waiting longer tells nothing new?"""
        quiet = time.monotonic() - self.changed
        if "end" in self.told:
            return True
        if self.facts.stop and quiet > self.facts.stop[1]:
            return True
        if self.idle():
            return True
        return self.facts.stage == "userspace" and not self.beacon_open and quiet > _BEACON_GRACE


def _conclude(watch, timed_out):
    """(outcome, stage, evidence) from all that was seen."""
    facts, told = watch.facts, watch.told
    stage, evidence = facts.stage, []
    if told.get("stage") == "userspace":
        evidence.append("beacon: userspace after %s s, system %s" % (told.get("uptime"), told.get("system")))
        evidence += ["beacon: failed unit " + unit for unit in told["failed"]]
        return "userspace", "userspace", evidence
    if told.get("stage") == "emergency":
        evidence.append("beacon: emergency mode after %s s" % told.get("uptime"))
        evidence += ["beacon: failed unit " + unit for unit in told["failed"]]
        return "stopped", "root", evidence + ["console: " + line for line in facts.reasons]
    if stage == "userspace":
        return "userspace", stage, ["console: " + facts.evidence[stage]]
    if stage:
        evidence.append("console: " + facts.evidence[stage])
    evidence += ["console: " + line for line in facts.reasons]
    if facts.stop:
        return "stopped", stage or "firmware", evidence + ["console: " + facts.stop[0]]
    if watch.ended() and watch.shutdown and watch.shutdown.startswith("guest"):
        word = "restarted" if watch.shutdown == "guest-reset" else "powered itself off"
        return "stopped", stage or "firmware", evidence + ["the guest " + word]
    if watch.idle():
        return "stopped", stage or "firmware", evidence + ["the disk: %d KiB read, and nothing more" % (watch.disk_read >> 10)]
    if timed_out and facts.kernel_talks:
        evidence += ["console: " + line for line in console.last_lines(watch.text, 2)]
        return "stopped", stage, evidence + ["nothing more in %d s" % watch.seconds()]
    return "undetermined", stage, evidence


def _ask_the_machine(watch):
    """For a guest whose console says too little: what is on its screen, and did it read its disk?"""
    words = []
    try:
        shot = os.path.join(watch.folder, "screen.ppm")
        watch.qmp.command("screendump", filename=shot)
        words.append("screen dump: " + shot)
        for device in watch.qmp.command("query-blockstats"):
            stats = device["stats"]
            if device.get("device") == "disk":
                words.append("disk: %d KiB read, %d KiB written" % (stats["rd_bytes"] >> 10, stats["wr_bytes"] >> 10))
    except (OSError, HarnessError) as error:
        words.append("QEMU does not answer: %s" % error)
    return words


def _power_off(watch, by_button):
    """Lets the guest end by itself, so that its file systems are whole."""
    deadline = time.monotonic() + _POWER_OFF
    try:
        if by_button:
            watch.qmp.command("system_powerdown")
    except (OSError, HarnessError):
        pass
    while not watch.ended() and time.monotonic() < deadline:
        time.sleep(_POLL)
        watch.poll()


def _stop(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def last_document(raw):
    """The last whole JSON document of what came over the report's port, or None."""
    text, document = raw.decode("utf-8", "replace"), None
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            document, end = decoder.raw_decode(text, at)
        except ValueError:
            end = at + 1
        at = text.find("{", end)
    return document


def _watch_until_clear(watch, timeout, progress):
    """True where the time ran out first."""
    while not watch.ended() and not watch.clear():
        if watch.seconds() > timeout:
            return True
        time.sleep(_POLL)
        watch.poll()
        progress(watch.seconds(), watch.facts.stage)
    watch.poll()
    return False


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _ssh_banner(port):
    """What answers at the guest's port 22: its first line, or None."""
    deadline = time.monotonic() + _BANNER
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), _BANNER) as connection:
                connection.settimeout(max(1, deadline - time.monotonic()))
                line = connection.recv(256)
            if line:
                return line.decode("ascii", "replace").strip()
        except OSError:
            pass
        time.sleep(_POLL)
    return None


def _run(request, folder, overlay, chosen, progress):
    port = _free_port() if request.network else None
    command = machine.command(overlay, folder, request.disk, request.firmware, chosen, request.memory, request.smp, port, request.cpu)
    with open(os.path.join(folder, "qemu.log"), "wb") as errors:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
    try:
        try:
            watch = _Watch(folder, Qmp(os.path.join(folder, "qmp"), time.monotonic() + 20), process)
        except (OSError, HarnessError) as error:
            _stop(process)
            with open(os.path.join(folder, "qemu.log"), encoding="utf-8", errors="replace") as log:
                words = log.read().strip().splitlines()
            raise HarnessError("QEMU did not start: %s" % (words[-1] if words else error)) from None
        timed_out = _watch_until_clear(watch, request.timeout, progress)
        outcome, stage, evidence = _conclude(watch, timed_out)
        if outcome == "undetermined":
            evidence += _ask_the_machine(watch)
        if port and outcome == "userspace":
            watch.told["ssh"] = _ssh_banner(port) or "none"
        elif "end" in watch.told or (outcome == "userspace" and request.keep_overlay):
            _power_off(watch, by_button="end" not in watch.told)
        return watch, outcome, stage, evidence
    finally:
        _stop(process)
        progress(None, None)


def boot(request, progress=lambda seconds, stage: None, note=lambda line: None):
    """Boots request.image, which is not changed, and returns its Outcome."""
    disk.image_info(request.image)  # a wrong image is said before anything else
    chosen, why = accel.choose(request.accel)
    note("accel: %s (%s)" % (chosen, why))
    # QEMU's own files live in a folder of this run; a socket's path must be short.
    folder = tempfile.mkdtemp(prefix="bootready-")
    try:
        overlay = request.keep_overlay or os.path.join(folder, "overlay.qcow2")
        disk.make_overlay(request.image, overlay, request.grow)
        watch, outcome, stage, evidence = _run(request, folder, overlay, chosen, progress)
        os.makedirs(request.log, exist_ok=True)
        for name in ("console.log", "beacon.log", "report-port.json", "qemu.log", "screen.ppm"):
            kept = os.path.join(request.log, name)
            if os.path.exists(os.path.join(folder, name)):
                shutil.copyfile(os.path.join(folder, name), kept)
            elif os.path.exists(kept):
                os.unlink(kept)  # an earlier run's
        evidence = [line.replace(folder, request.log) for line in evidence]
        return Outcome(outcome, stage, evidence, chosen, why, round(watch.seconds(), 1), request.log, watch.told,
                       last_document(watch.read("report-port.json")), console.table(watch.text))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
