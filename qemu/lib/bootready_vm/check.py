# SPDX-License-Identifier: LGPL-2.1-or-later
"""bootready-vm check and decide: bootready's answer about disk images, by one boot of the rescue image."""

import json

from . import disk, rescue

UNDETERMINED = 2


def exit_status(answers):
    """bootready's own, of several roots the gravest: failed, wrong usage, not ready, undetermined, ready. What was missed
    is undetermined; a report that was to be saved and is not is a failure."""
    if not answers.roots:
        return UNDETERMINED
    if any(root.saved for root in answers.roots):
        return 70
    given = [root.answers[0].status for root in answers.roots]
    known = next((status for status in (70, 64, 1) if status in given), max(given))
    return UNDETERMINED if known == 0 and answers.missed else known


def _about(answers):
    lines = ["%s is encrypted (%s): what is in it was not looked at" % tuple(words.split(" ", 1))
             for words in answers.encrypted]
    lines += answers.missed + answers.problems
    lines += ["%s: no report was written to any image: %s" % (root.device, root.saved) for root in answers.roots if root.saved]
    if not answers.roots:
        lines.append("no root was found: no file system has a system's /etc and its init")
    return lines


def check(images, arguments, form, note, **options):
    """(text for standard output, exit status). `arguments`: as rescue.ask() takes them, without the format."""
    for image in images:
        if disk.image_info(image)["virtual-size"] < disk.SECTOR:
            note("%s: smaller than a sector" % image)
    answers = rescue.ask(images, [[*arguments, "--format", form]], **options)
    for line in _about(answers):
        note(line)
    shown = []
    for root in answers.roots:
        answer = root.answers[0]
        for line in answer.errors.splitlines():
            note(line)
        if len(answers.roots) > 1 and form == "table":
            shown.append("root on %s (%s)%s" % (root.device, root.fs, " " + root.options if root.options else ""))
        shown.append(answer.output.rstrip("\n"))
    if form == "json" and len(answers.roots) != 1:
        # One document whatever is found: of several roots, or none, a list.
        shown = [json.dumps([json.loads(root.answers[0].output) for root in answers.roots if root.answers[0].output], indent=2)]
    return "\n".join(shown), exit_status(answers)
