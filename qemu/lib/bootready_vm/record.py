# SPDX-License-Identifier: LGPL-2.1-or-later
"""What qemu/truth.json proves already: a boot counts for the image of the same recipe, on any machine that runs the tests.

A row that is right tells what the image did about one function; a row that is not is booted again."""

import json
import os

from . import cases, scoreboard, truth

PATH = os.path.join(cases.QEMU, "truth.json")


def name(row):
    return "/".join(row[key] for key in ("case", "guest", "variant", "disk", "firmware"))


def rows(path=PATH):
    """The rows of truth.json; none if it is not there."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)["rows"]
    except FileNotFoundError:
        return []


def _did(row):
    """What the boot came to, as far as the row tells: about its function, and userspace."""
    if row["did"] in ("works", "lost"):
        return truth.Did("userspace", "userspace", [row["function"]] if row["did"] == "lost" else [], [], row["seconds"], row["console"])
    return truth.Did(row["did"], row["did"], list(cases.FUNCTIONS), [], row["seconds"], row["console"])


class Record:
    """Boots by image, machine and function."""

    def __init__(self, recorded):
        self._boots = {(row["recipe"], row["disk"], row["firmware"], row["function"]): _did(row)
                       for row in recorded if row["score"] == truth.AGREE and not row["complaint"] and row["console"]}

    def did(self, recipe, row, function):
        return self._boots.get((recipe, row.disk, row.firmware, function))


def merged(results, recorded, listed):
    """Rows for truth.json: those of this run, and of the recorded ones those that the cases still have and this run had not.

    listed: {name: what the boot should come to} of every row that the cases have."""
    fresh = [scoreboard.as_row(result) for result in results]
    have = {name(row) for row in fresh}
    kept = [row for row in recorded if name(row) not in have and listed.get(name(row)) == row["expected"]]
    return sorted(fresh + kept, key=name)
