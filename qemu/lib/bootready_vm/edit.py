# SPDX-License-Identifier: LGPL-2.1-or-later
"""Changes files inside a raw image, without mounting it: how the cases break and mend a guest."""

import re
import subprocess
import tempfile

from . import disk
from .errors import HarnessError


def _quote(path):
    if '"' in path or "\n" in path or not path.startswith("/"):
        raise HarnessError("%s: a path from / without quotes is wanted" % path)
    return '"%s"' % path


class Image:
    """A raw image of a guest recipe. Paths are the guest's own: /boot and /boot/efi lead to the partitions named
    boot and esp where there are such."""

    def __init__(self, raw):
        self.raw = raw
        self.parts = {name: offset for _, name, offset, _ in disk.partitions(raw)}
        if "root" not in self.parts:
            raise HarnessError("%s: no partition named root; is it an image of qemu/guests?" % raw)

    def _place(self, path):
        """(partition, path on it)"""
        for part, folder in (("esp", "/boot/efi"), ("boot", "/boot")):
            if part in self.parts and (path + "/").startswith(folder + "/"):
                return part, path[len(folder):] or "/"
        return "root", path

    def _debugfs(self, part, *requests, write=False):
        return disk.debugfs(self.raw, self.parts[part], *requests, write=write)

    def _mtools(self, tool, *arguments):
        return disk.run(tool, "-i", "%s@@%d" % (self.raw, self.parts["esp"]), *arguments)

    def read(self, path):
        part, inner = self._place(path)
        if part == "esp":
            return self._mtools("mtype", "::" + inner)
        content = disk.read_file(self.raw, self.parts[part], inner)
        if content is None:
            raise HarnessError("%s: not in the image" % path)
        return content

    def write(self, path, content):
        """Writes a whole file; a file that was there keeps its mode and owner, folders are made as needed."""
        part, inner = self._place(path)
        with tempfile.NamedTemporaryFile(prefix="bootready-") as local:
            local.write(content)
            local.flush()
            if part == "esp":
                self._mtools("mcopy", "-o", local.name, "::" + inner)
                return
            stat = self._debugfs(part, "stat " + _quote(inner)).decode("utf-8", "replace")
            old = re.search(r"Type: regular +Mode: +(\d+).*?User: +(\d+) +Group: +(\d+)", stat, re.S)
            mode, user, group = old.groups() if old else ("0644", "0", "0")
            folders = inner.split("/")[1:-1]
            requests = ["mkdir " + _quote("/" + "/".join(folders[:depth + 1])) for depth in range(len(folders))
                        if not self._exists(part, "/" + "/".join(folders[:depth + 1]))]
            requests += ["rm " + _quote(inner)] if old else []
            requests += ["write %s %s" % (local.name, _quote(inner)), "sif %s mode 0%o" % (_quote(inner), 0o100000 | int(mode, 8)),
                         "sif %s uid %s" % (_quote(inner), user), "sif %s gid %s" % (_quote(inner), group)]
            self._debugfs(part, *requests, write=True)
        if self.read(path) != content:
            raise HarnessError("%s: could not be written into the image" % path)

    def remove(self, path):
        part, inner = self._place(path)
        if part == "esp":
            self._mtools("mdel", "::" + inner)
            return
        self._debugfs(part, "rm " + _quote(inner), write=True)
        if self._exists(part, inner):
            raise HarnessError("%s: could not be removed from the image" % path)

    def sed(self, path, expression):
        """A change that changes nothing is an error: a case must not pass because its defect was not there."""
        before = self.read(path)
        after = subprocess.run(["sed", "-E", expression], input=before, stdout=subprocess.PIPE, check=True).stdout
        if after == before:
            raise HarnessError("%s: %s changed nothing" % (path, expression))
        self.write(path, after)

    def _exists(self, part, inner):
        return b"Inode:" in self._debugfs(part, "stat " + _quote(inner))


USAGE = """usage: edit-image IMAGE cat PATH | put PATH [FILE] | rm PATH | sed PATH EXPRESSION
IMAGE is a raw image of qemu/guests, PATH a path in the guest; put reads standard input without FILE."""


def main(arguments, stdin, stdout):
    if len(arguments) < 3:
        raise HarnessError(USAGE)
    image, (command, path, *rest) = Image(arguments[0]), arguments[1:]
    if command == "cat" and not rest:
        stdout.write(image.read(path))
    elif command == "put" and len(rest) < 2:
        if rest:
            with open(rest[0], "rb") as file:
                image.write(path, file.read())
        else:
            image.write(path, stdin.read())
    elif command == "rm" and not rest:
        image.remove(path)
    elif command == "sed" and len(rest) == 1:
        image.sed(path, rest[0])
    else:
        raise HarnessError(USAGE)
