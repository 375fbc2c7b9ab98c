# SPDX-License-Identifier: LGPL-2.1-or-later
"""The few words of QEMU's machine protocol that a boot test needs."""

import json
import socket
import time

from .errors import HarnessError


class Qmp:
    """A connection to QEMU's QMP socket. Events are collected and handed out by events()."""

    def __init__(self, path, deadline):
        self._buffer = b""
        self._events = []
        self._socket = self._connect(path, deadline)
        self._next_message(deadline)  # the greeting
        self.command("qmp_capabilities")

    @staticmethod
    def _connect(path, deadline):
        while True:
            link = socket.socket(socket.AF_UNIX)
            try:
                link.connect(path)
                return link
            except OSError:
                link.close()
                if time.monotonic() > deadline:
                    raise HarnessError("QEMU did not open its control socket") from None
                time.sleep(0.05)

    def _next_message(self, deadline):
        while b"\n" not in self._buffer:
            self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionError("QEMU closed its control socket")
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\n", 1)
        return json.loads(line)

    def pass_file(self, name, file):
        """An open file for QEMU, that goes by this name."""
        self.command("getfd", file=file, fdname=name)

    def command(self, name, seconds=20, file=None, **arguments):
        """The command's return value. OSError where QEMU is gone or silent, HarnessError where it refuses."""
        request = json.dumps({"execute": name, "arguments": arguments}).encode() + b"\n"
        self._socket.settimeout(seconds)
        if file:
            socket.send_fds(self._socket, [request], [file.fileno()])
        else:
            self._socket.sendall(request)
        deadline = time.monotonic() + seconds
        while True:
            message = self._next_message(deadline)
            if "event" in message:
                self._events.append(message)
            elif "error" in message:
                raise HarnessError("QEMU: %s: %s" % (name, message["error"].get("desc")))
            elif "return" in message:
                return message["return"]

    def events(self):
        """What has happened since the last call, without waiting. OSError where QEMU is gone, its last words having been
        handed out."""
        try:
            while True:
                self._events.append(self._next_message(time.monotonic()))
        except (socket.timeout, BlockingIOError):
            pass
        except OSError:
            if not self._events:
                raise
        events, self._events = self._events, []
        return events

    def close(self):
        self._socket.close()
