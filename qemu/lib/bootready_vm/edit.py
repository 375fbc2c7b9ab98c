# SPDX-License-Identifier: LGPL-2.1-or-later
"""Changes what is inside a raw image of a guest recipe: how the cases break and mend a guest.

The root and /boot are mounted through a loop device in a mount namespace of its own, that is gone with the change; the
ESP is reached by mtools. Nothing of the guest is run, unless a script of `sh` says so itself by in_guest (guests/lib.sh)."""

import os
import subprocess

from . import disk
from .errors import HarnessError

_GUESTS = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__)))), "guests")

# Arguments: the image, "OFFSET SIZE FSTYPE PATH" of each mount (the root first), --, the command. Run at the root's top.
_MOUNTED = """
image=$1; shift
top=$(mktemp -d)
while [ "$1" != -- ]; do
  read -r offset size options path <<< "$1"
  mount -o "loop,offset=$offset,sizelimit=$size$options" "$image" "$top$path"
  mounted="$top$path ${mounted-}"
  shift
done
shift
status=0
(cd "$top/" && "$@") || status=$?
umount $mounted
rmdir "$top"
exit $status
"""


class Image:
    """Paths are the guest's own: /boot and /boot/efi lead to the partitions named boot and esp where there are such."""

    def __init__(self, raw):
        self.raw = raw
        self.parts = {name: (offset, size) for _, name, offset, size in disk.partitions(raw)}
        if "root" not in self.parts:
            raise HarnessError("%s: no partition named root; is it an image of qemu/guests?" % raw)

    def _mounts(self):
        offset, size = self.parts["root"]
        with open(self.raw, "rb") as file:
            file.seek(offset + disk.SECTOR)
            if file.read(8) == b"LABELONE":  # a physical volume; guests/debian/image puts the volume 1 MiB into it
                offset, size = offset + (1 << 20), size - (1 << 20)
            file.seek(offset + 0x10040)
            btrfs = file.read(8) == b"_BHRfS_M"
        words = ["%d %d %s /" % (offset, size, ",subvol=@" if btrfs else ",rw")]
        if "boot" in self.parts:
            words.append("%d %d ,rw /boot" % self.parts["boot"])
        return words

    def inside(self, *command, content=None):
        """Runs a command at the top of the mounted root; its standard output."""
        done = subprocess.run(["unshare", "--mount", "--propagation", "private", "bash", "-euc", _MOUNTED, "edit", self.raw,
                               *self._mounts(), "--", *command],
                              input=content if content is not None else b"", stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            words = done.stderr.decode("utf-8", "replace").strip() or "exit status %d" % done.returncode
            raise HarnessError("%s: %s" % (command[0], words))
        return done.stdout

    def _mtools(self, tool, *arguments, content=None):
        offset = self.parts["esp"][0]
        done = subprocess.run([tool, "-i", "%s@@%d" % (self.raw, offset), *arguments], input=content,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise HarnessError("%s: %s" % (tool, done.stderr.decode("utf-8", "replace").strip()))
        return done.stdout

    def _on_esp(self, path):
        """The path as mtools has it, or None."""
        if not path.startswith("/") or "\n" in path:
            raise HarnessError("%s: a path from / is wanted" % path)
        return "::" + path[len("/boot/efi"):] if "esp" in self.parts and path.startswith("/boot/efi/") else None

    def read(self, path):
        inner = self._on_esp(path)
        return self._mtools("mtype", inner) if inner else self.inside("cat", "." + path)

    def write(self, path, content):
        """Writes a whole file; a file that was there keeps its mode and owner, folders are made as needed."""
        inner = self._on_esp(path)
        if inner:
            self._mtools("mcopy", "-o", "-", inner, content=content)
        else:
            self.inside("sh", "-euc", 'mkdir -p "${1%/*}"; cat >"$1"', "sh", "." + path, content=content)

    def remove(self, path):
        inner = self._on_esp(path)
        if inner:
            self._mtools("mdel", inner)
        else:
            self.inside("rm", "." + path)

    def sed(self, path, expression):
        """A change that changes nothing is an error: a case must not pass because its defect was not there."""
        before = self.read(path)
        after = subprocess.run(["sed", "-E", expression], input=before, stdout=subprocess.PIPE, check=True).stdout
        if after == before:
            raise HarnessError("%s: %s changed nothing" % (path, expression))
        self.write(path, after)

    def script(self, text):
        """A bash script at the top of the mounted root, with guests/lib.sh read before it."""
        self.inside("bash", "-euc", '. "$1/lib.sh"; eval "$2"', "script", _GUESTS, text)


USAGE = """usage: edit-image IMAGE cat PATH | put PATH [FILE] | rm PATH | sed PATH EXPRESSION | sh
IMAGE is a raw image of qemu/guests, PATH a path in the guest; put reads standard input without FILE; sh runs standard
input as a bash script at the top of the guest's root."""


def main(arguments, stdin, stdout):
    if len(arguments) < 2:
        raise HarnessError(USAGE)
    image, (command, *rest) = Image(arguments[0]), arguments[1:]
    if command == "cat" and len(rest) == 1:
        stdout.write(image.read(rest[0]))
    elif command == "put" and len(rest) in (1, 2):
        if len(rest) == 2:
            with open(rest[1], "rb") as file:
                image.write(rest[0], file.read())
        else:
            image.write(rest[0], stdin.read())
    elif command == "rm" and len(rest) == 1:
        image.remove(rest[0])
    elif command == "sed" and len(rest) == 2:
        image.sed(*rest)
    elif command == "sh" and not rest:
        image.script(stdin.read().decode())
    else:
        raise HarnessError(USAGE)
