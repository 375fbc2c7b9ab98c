# SPDX-License-Identifier: LGPL-2.1-or-later
"""Running the tools that everything here is made with, and the two kinds of trouble."""

import os
import subprocess


class SuiteError(Exception):
    """The suite itself could not do its work; says nothing about bootready."""


class SkipCase(Exception):
    """This machine cannot show the case; the text says why."""


def run(*command, stdin=None, env=None, cwd=None, check=True):
    """Standard output of a command, as bytes. A command that fails ends the case with its own words."""
    done = subprocess.run([str(word) for word in command], input=stdin, env=env, cwd=cwd, check=False,
                          stdin=None if stdin is not None else subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if check and done.returncode != 0:
        words = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
        raise SuiteError("%s: %s" % (command[0], words[-1] if words else "status %d" % done.returncode))
    return done.stdout


def write(path, data, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)
    os.chmod(path, mode)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def copy_tree(source, target):
    run("cp", "-a", "--reflink=auto", "--sparse=auto", source, target)


def overlay(source, target):
    """The files below source laid over target, root's own whoever checked them out; links stay links."""
    for folder, folders, files in os.walk(source):
        at = os.path.join(target, os.path.relpath(folder, source))
        os.makedirs(at, exist_ok=True)
        for name in sorted(files + [name for name in folders if os.path.islink(os.path.join(folder, name))]):
            path, new = os.path.join(folder, name), os.path.join(at, name)
            if path == os.path.join(source, "ABSENT"):
                continue
            if os.path.lexists(new):
                os.unlink(new)
            if os.path.islink(path):
                os.symlink(os.readlink(path), new)
            else:
                write(new, read(path), 0o755 if os.access(path, os.X_OK) and os.stat(path).st_mode & 0o100 else 0o644)
