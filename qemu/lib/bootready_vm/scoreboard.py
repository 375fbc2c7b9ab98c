# SPDX-License-Identifier: LGPL-2.1-or-later
"""The boot truth's results for people and for programs: a line as they come, sums, JSON, a page of Markdown."""

import json
from dataclasses import asdict

from . import truth


def line(result, done, total, left):
    word = "ok" if good(result) else "not ok"
    text = "%s %s: said %s, did %s (%s, %.0f s) [%d of %d%s]" % (
        word, result.row.name(), result.said, result.did, result.score, result.seconds, done, total,
        ", %d min left" % (left / 60) if left else "")
    if not good(result):
        text += "\n# %s\n# log: %s" % (result.complaint or result.score, result.log)
    return text


def good(result):
    return result.score == truth.AGREE and not result.complaint


def as_row(result):
    """A result as truth.json has it."""
    row = asdict(result)
    row.update(row.pop("row"))
    row["expected"] = result.row.did
    row["did"] = result.did
    del row["log"]
    return row


def sums(rows):
    counts = {word: sum(row["score"] == word for row in rows)
              for word in (truth.AGREE, truth.FALSE_OK, truth.FALSE_FAILED, truth.UNKNOWN)}
    return "%d cases of %d folders: %s" % (len(rows), len({row["case"] for row in rows}),
                                           ", ".join("%d %s" % (n, word) for word, n in counts.items()))


def distinct(rows):
    """What the rows are made of: many mended twins are one image, and one boot answers for all of them."""
    def cases_of(variant):
        return len({row["case"] for row in rows if row["variant"] == variant})
    boots = {(row["recipe"], row["disk"], row["firmware"], row["function"] == "grown") for row in rows}
    return "%d boots of %d images; %d defects with their broken twin, %d look-alikes and healthy guests" % (
        len(boots), len({row["recipe"] for row in rows}), cases_of("broken"), cases_of("harmless"))


def as_json(rows, about):
    return json.dumps({"schema": "bootready-truth/1", **about, "sums": sums(rows), "rows": rows}, indent=1) + "\n"


def _earlier(rows, about):
    """A word about rows that another build of the checker was asked about: its hash is in truth.json."""
    others = sum(row["checker"] not in about["checker"] for row in rows)
    return ["%d of them were asked of an earlier build of the checker; truth.json names it in each row." % others, ""] if others else []


def _agree(row):
    if row["score"] != truth.AGREE:
        return "**%s**" % row["score"]
    return "**right, but %s**" % row["complaint"] if row["complaint"] else truth.AGREE


def as_markdown(rows, about):
    text = ["# Boot truth", "",
            "What was proved by machines that booted or did not: %s, bootready %s, %s. Made by `make truth`; the words are "
            "explained in README.md." % (about["date"], about["checker"], about["qemu"]), "", "**%s**" % sums(rows), "",
            distinct(rows) + ".", "",
            *_earlier(rows, about),
            "| case | guest | twin | check | disk | firmware | said | did | agree | recipe | console |",
            "|---|---|---|---|---|---|---|---|---|---|---|"]
    shown = ("case", "guest", "variant", "check", "disk", "firmware", "said", "did")
    for row in rows:
        text.append("| %s |" % " | ".join([*(row[key] for key in shown), _agree(row), row["recipe"], row["console"]]))
    return "\n".join(text) + "\n"
