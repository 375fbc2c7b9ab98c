# SPDX-License-Identifier: LGPL-2.1-or-later
"""What goes along to the rescue image with a question: this machine's files that it names."""

import hashlib
import io
import json
import os
import stat
import tarfile

from .errors import UsageError

MAX_ALONG = 8 << 20  # bytes: as of a stored report


def _host_file(word, said):
    """The bytes of a file that goes along: no pipe, and no larger than anything that bootready reads."""
    try:
        with open(said, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UsageError("%s %s: it is no regular file" % (word, said))
            content = file.read(MAX_ALONG + 1)
    except OSError as error:
        raise UsageError("%s %s: %s" % (word, said, error.strerror)) from None
    except ValueError:
        raise UsageError("%s %r: no file has such a name" % (word, said)) from None
    if len(content) > MAX_ALONG:
        raise UsageError("%s %s: larger than any that is read" % (word, said))
    return content


def _named_files(text):
    """{name: what it is called in the guest} of the files that a policy names: its keys, and profiles that are files, which
    go by their files' names. Of what is no policy, none."""
    try:
        # Its comments are whole lines.
        policy = json.loads("".join("\n" if line.lstrip().startswith("//") else line for line in text.splitlines(True)))
    except (ValueError, RecursionError):
        return {}
    lists = [policy.get(name, []) for name in ("keys", "profiles")] if isinstance(policy, dict) else []
    keys, profiles = [[word for word in names if isinstance(word, str)] if isinstance(names, list) else [] for names in lists] or [[], []]
    return {**dict.fromkeys(keys, "key"), **{word: os.path.basename(word) for word in profiles if "/" in word}}


def _policy_files(said, place):
    """({path: (mode, bytes)}, [(what it is called in the guest, here)]) of a policy and of the files that it names by their
    places on this machine. What is no policy goes along as it is: bootready says why, with the line."""
    whole = _host_file("--policy", said)
    files, names = {}, [(place + "/policy", said)]
    try:
        text = whole.decode()
    except UnicodeDecodeError:
        text = ""
    for number, (name, called) in enumerate(_named_files(text).items()):
        there = "%s/files/%d/%s" % (place, number, called)
        if not os.path.exists(name):
            continue  # there neither: bootready says what that means
        # Its text is kept, line by line: only what cannot be anything else than this name is changed.
        if "/" not in name or '"%s"' % name not in text:
            raise UsageError("--policy %s: write %r as a path with a /, without escapes" % (said, name))
        files[there[1:]] = (0o644, _host_file("--policy: the file", name))
        names.append((there, name))
        text = text.replace('"%s"' % name, json.dumps(there))
    if files:
        names.append((hashlib.sha256(text.encode()).hexdigest(), hashlib.sha256(whole).hexdigest()))
        whole = text.encode()
    files["%s/policy" % place[1:]] = (0o644, whole)
    return files, names


def _report_files(said, place):
    """The same of a report, and of its signature where there is one."""
    files = {place[1:] + "/report.json": (0o644, _host_file("--report", said))}
    if os.path.lexists(said + ".sig"):
        files[place[1:] + "/report.json.sig"] = (0o644, _host_file("--report", said + ".sig"))
    return files, [(place + "/report.json", said)]


def _profile_files(said, place):
    there = "%s/%s" % (place, os.path.basename(said))
    return {there[1:]: (0o644, _host_file("--profile", said))}, [(there, said)]


_ALONG = {"--profile": _profile_files, "--policy": _policy_files, "--report": _report_files}


def question_files(questions):
    """({path: (mode, bytes)}, names) of the questions: a host's profile, policy or report goes along and is named by its
    place there, and names is [(what it is called in the guest, here)]."""
    files, names = {}, []
    for number, arguments in enumerate(questions):
        # Emulated, and beside others, a check takes as long as it takes: ask() has the time-out.
        said = ["decide", "--deadline", "3600", *arguments[1:]] if arguments[:1] == ["decide"] else ["--deadline", "3600", *arguments]
        for at, word in enumerate(said):
            if "\n" in word:
                raise UsageError("%r: no argument has a line break" % word)
            option = said[at - 1] if at else ""
            if option not in _ALONG or (option == "--profile" and "/" not in word):
                continue
            more, called = _ALONG[option](word, "/ask/along/%d/%s" % (number, option[2:]))
            files.update(more)
            names += called
            said[at] = called[0][0]
        # What decide calls REPORT is an argument without an option.
        files["ask/q/%03d" % number] = (0o644, "".join(word + "\n" for word in said if word != "--report").encode())
    return files, names


def write_tar(files, path):
    """The files, {path: (mode, bytes)}, at `path`."""
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as out:
        for name, (mode, content) in files.items():
            member = tarfile.TarInfo(name)
            member.mode, member.size = mode, len(content)
            out.addfile(member, io.BytesIO(content))


def named_as_here(text, names):
    """A guest's words for people and for programs, with the names that files have on this machine."""
    for there, here in names:
        # In JSON a name stands as it is, or not at all.
        if json.dumps(here, ensure_ascii=False) == '"%s"' % here:
            text = text.replace(there, here)
    return text
