# SPDX-License-Identifier: LGPL-2.1-or-later
"""A suite of tests that are functions: each yields what is wrong, and is named by its first line of documentation."""

import argparse
import os
import sys

from . import base, cases, judge, mounts
from .tools import SkipCase, SuiteError


class Context:
    """What a test may use: the command under test, the base, and workshops that are given back at the end."""

    def __init__(self, command):
        self.command = command
        self._base, self._shops = None, {}

    def base(self):
        why = mounts.usable()
        if why:
            raise SkipCase(why)
        if self._base is None:
            self._base = base.get(lambda line: print("# " + line, flush=True))
            cases.in_memory()
        return self._base

    def shop(self, name, parent=cases.ROOTS):
        """The made and mounted workshop of a case, shared by all tests that only look."""
        if (name, parent) not in self._shops:
            self._shops[name, parent] = cases.workshop(self.base(), cases.load(name, parent)[0])
        return self._shops[name, parent]

    def run(self, *arguments, **more):
        return judge.execute(self.command, arguments, **more)

    def check(self, name, *arguments, **more):
        """`check` on the root of a case."""
        return self.run("check", *self.shop(name).arguments(), *arguments, **more)

    def close(self):
        for shop in self._shops.values():
            cases.discard(shop)


def _title(test):
    return "%s: %s" % (test.__name__.removeprefix("test_"), (test.__doc__ or "").strip().splitlines()[0])


def _outcome(test, context):
    """The lines of a test's complaints; raises SkipCase."""
    try:
        return list(test(context) or ())
    except SuiteError as error:
        return [str(error)]
    except (OSError, ValueError, KeyError, IndexError) as error:
        return ["%s: %s" % (type(error).__name__, error)]


def main(tests):
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1795651200")  # what is past its end must not depend on the day of the test
    parser = argparse.ArgumentParser()
    parser.add_argument("names", metavar="NAME", nargs="*", help="only tests with NAME in their name")
    parser.add_argument("--bootready", metavar="CMD", default=os.path.join(cases.TOP, "build", "bootready"))
    options = parser.parse_args()
    mounts.enter()
    if judge.execute(options.bootready, ["--version"]).status != 0:
        print("run: %s does not run" % options.bootready, file=sys.stderr)
        return 70
    context, counts = Context(options.bootready), {"passed": 0, "failed": 0, "skipped": 0}
    for test in tests:
        if options.names and not any(word in test.__name__ for word in options.names):
            continue
        try:
            wrong = _outcome(test, context)
        except SkipCase as why:
            counts["skipped"] += 1
            print("ok %s # skipped: %s" % (_title(test), why), flush=True)
            continue
        counts["failed" if wrong else "passed"] += 1
        print(("not ok " if wrong else "ok ") + _title(test), flush=True)
        for line in wrong:
            print("    " + line, flush=True)
    context.close()
    print("%(passed)d passed, %(failed)d failed, %(skipped)d skipped" % counts)
    return 1 if counts["failed"] or not sum(counts.values()) else 0


def collect(namespace):
    """The functions test_* of a module, in its order."""
    return [value for name, value in namespace.items() if name.startswith("test_")]
