# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads bootready's report back out of an image, after the guest has powered off."""

import json

from . import disk
from .errors import HarnessError

FOLDER = "/etc/bootready/"


def find(image, name):
    """The file's bytes from the first ext file system of `image` that has it, or None."""
    with disk.as_raw(image) as raw:
        for _, _, offset, _ in disk.partitions(raw) or [(0, "", 0, 0)]:
            if disk.has_ext4(raw, offset) and disk.replay_journal(raw, offset):
                content = disk.read_file(raw, offset, FOLDER + name)
                if content is not None:
                    return content
    return None


def report(image):
    """The report as a dictionary, or None where the image has none."""
    content = find(image, "report.json")
    try:
        return json.loads(content) if content is not None else None
    except ValueError as error:
        raise HarnessError("%s: %sreport.json is not JSON: %s" % (image, FOLDER, error)) from None
