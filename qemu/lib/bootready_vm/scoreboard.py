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


def sums(results):
    counts = {word: sum(result.score == word for result in results)
              for word in (truth.AGREE, truth.FALSE_OK, truth.FALSE_FAILED, truth.UNKNOWN)}
    defects = len({result.row.case for result in results})
    return "%d cases of %d folders: %s" % (len(results), defects, ", ".join("%d %s" % (n, word) for word, n in counts.items()))


def distinct(results):
    """What the rows are made of: many mended twins are one image, and one boot answers for all of them."""
    broken = {result.row.case for result in results if result.row.variant == "broken"}
    boots = {(result.recipe, result.row.disk, result.row.firmware, result.function == "grown") for result in results}
    return "%d boots of %d images; %d defects with their broken twin, %d look-alikes and healthy guests" % (
        len(boots), len({result.recipe for result in results}), len(broken),
        len({result.row.case for result in results if result.row.variant == "harmless"}))


def as_json(results, about):
    rows = []
    for result in sorted(results, key=lambda result: result.row.name()):
        row = asdict(result)
        row.update(row.pop("row"))
        row["expected"] = result.row.did
        row["did"] = result.did
        del row["log"]
        rows.append(row)
    return json.dumps({"schema": "bootready-truth/1", **about, "sums": sums(results), "rows": rows}, indent=1) + "\n"


def _earlier(results, about):
    """A word about rows that another build of the checker was asked about: its hash is in truth.json."""
    others = sum(result.checker not in about["checker"] for result in results)
    return ["%d of them were asked of an earlier build of the checker; truth.json names it in each row." % others, ""] if others else []


def as_markdown(results, about):
    text = ["# Boot truth", "",
            "What was proved by machines that booted or did not: %s, bootready %s, %s. Made by `make truth`; the words are "
            "explained in README.md." % (about["date"], about["checker"], about["qemu"]), "", "**%s**" % sums(results), "",
            distinct(results) + ".", "",
            *_earlier(results, about),
            "| case | guest | twin | check | disk | firmware | said | did | agree | recipe | console |",
            "|---|---|---|---|---|---|---|---|---|---|---|"]
    for result in sorted(results, key=lambda result: result.row.name()):
        row = result.row
        text.append("| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |" % (
            row.case, row.guest, row.variant, result.check, row.disk, row.firmware, result.said, result.did,
            result.score if good(result) else "**%s**" % (result.score if result.score != truth.AGREE else "right, but " + result.complaint),
            result.recipe, result.console))
    return "\n".join(text) + "\n"
