#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The man pages and the completion against --help and the sources: what is missing, too much or misspelt. And that each of
the three is found, by pages and completions that were made wrong."""

import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
PACKAGING = os.path.join(TOP, "module", "packaging")
PROGRAMS = {"bootready": os.path.join(TOP, "build", "bootready"), "bootready-vm": os.path.join(TOP, "qemu", "bootready-vm")}
# What every command has, and no page repeats.
COMMON = {"--help"}


def read(*path):
    with open(os.path.join(TOP, *path), encoding="utf-8") as file:
        return file.read()


def help_of(program, *command):
    return subprocess.run([PROGRAMS[program], *command, "--help"], stdout=subprocess.PIPE, check=True, text=True,
                          env=dict(os.environ, COLUMNS="400")).stdout


def from_help(program):
    """{command: {option: choices of its value that --help names}}"""
    overview = help_of(program)
    if program == "bootready":
        names = re.findall(r"^  bootready ([a-z]+)", overview, re.M)
    else:
        names = re.findall(r"^    ([a-z]+) ", overview, re.M)
    found = {}
    for name in names:
        text = help_of(program, name)
        # Of other programs' options and of the exit status nothing: they stand in sentences.
        options = {option: set() for option in re.findall(r"(?:^ +|\[|\()(--[a-z][a-z-]*)", text, re.M)} | {
            option: set() for option in re.findall(r"^(--[a-z][a-z-]*) ", text, re.M)}
        for option, values in re.findall(r"(--[a-z-]+) \{([^}]*)\}", text):
            options[option] = set(values.split(","))
        for option, values in re.findall(r"\[(--[a-z-]+) ([a-z-]+(?:\|[a-z-]+)+)\]", text):
            options[option] = set(values.split("|"))
        # The formats of check are a block of lines, one a writer.
        block = re.search(r"^  --format +([a-z0-9-]+) .*\n((?: {11}[a-z0-9-]+ .*\n)*)", text, re.M)
        if block and block[1] != "F":
            options["--format"] = {block[1]} | set(re.findall(r"^ {11}([a-z0-9-]+)  ", block[2], re.M))
        found[name] = {o: v for o, v in options.items() if o not in COMMON}
    return found


def from_page(page):
    """{command: {option: words in bold in what is said of it}}"""
    found = {}
    for section in re.split(r"^#+ ", page, flags=re.M):
        title, _, body = section.partition("\n")
        name = re.fullmatch(r"bootready(?:-vm)? ([a-z]+)", title)
        if name:
            parts = re.split(r"^\*(--[a-z-]+)\*", body, flags=re.M)
            found[name[1]] = {option: set(re.findall(r"\*([a-z0-9-]+)\*", text))
                              for option, text in zip(parts[1::2], parts[2::2])}
    return found


def completes(file, program, *words):
    script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); f=$(complete -p "$1"); f=${f#*-F }; ' \
             '"${f%% *}" "$0" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"; printf "%s\\n" "${COMPREPLY[@]}"'
    out = subprocess.run(["bash", "-c", script, PROGRAMS[program], file, program, *words], stdout=subprocess.PIPE, text=True,
                         check=True, cwd="/").stdout
    return set(out.split())


def from_completion(file, program, wanted):
    found = {}
    for name in completes(file, program, ""):
        found[name] = {}
        for option in completes(file, program, name, "-") - COMMON:
            choices = wanted.get(name, {}).get(option)
            found[name][option] = completes(file, program, name, option, "") if choices else set()
    return found


def differences(wanted, found, exact):
    """What found lacks of wanted and has beyond it. exact: also of the choices, else those have only to be there."""
    wrong = ["%s is missing" % name for name in wanted.keys() - found.keys()]
    wrong += ["there is no %s" % name for name in found.keys() - wanted.keys()]
    for name in wanted.keys() & found.keys():
        ours, theirs = found[name], wanted[name]
        wrong += ["%s %s is missing" % (name, option) for option in theirs.keys() - ours.keys()]
        wrong += ["there is no %s %s" % (name, option) for option in ours.keys() - theirs.keys()]
        for option in theirs.keys() & ours.keys():
            if theirs[option]:
                wrong += ["%s %s %s is missing" % (name, option, value) for value in theirs[option] - ours[option]]
                if exact:
                    wrong += ["there is no %s %s %s" % (name, option, value) for value in ours[option] - theirs[option]]
    return sorted(wrong)


def parameters_of_sources():
    found = set()
    for folder in ("hooks", "module", "src"):
        for base, folders, names in os.walk(os.path.join(TOP, folder)):
            folders[:] = [f for f in folders if f != "packaging"]
            for name in names:
                if name.endswith((".sh", ".service", ".c", ".h")):
                    text = "".join(line for line in open(os.path.join(base, name), encoding="utf-8")
                                   if not re.match(r"\s*(#|\*|/\*|//)", line))
                    found |= {"rd.bootready" + p for p in re.findall(r"rd\.bootready(\.[a-z]+)?(?=[= \")]|$)", text, re.M)}
                    found |= {"rd.bootready." + p for p in
                              re.findall(r"(?:bootready_choice|bootready_seconds|rescue_parameter) ([a-z]+)", text)}
    return found


def parameters_of_page(page):
    return set(re.findall(r"^\*(rd\.bootready(?:\.[a-z]+)?)=?\*", page, re.M))


def sets_differ(wanted, found):
    return ["%s is missing" % p for p in sorted(wanted - found)] + ["there is no %s" % p for p in sorted(found - wanted)]


passed = failed = 0


def tell(name, wrong):
    global passed, failed
    if wrong:
        failed += 1
        for line in wrong:
            print("# " + line)
        print("not ok - " + name)
    else:
        passed += 1
        print("ok - " + name)


def must_fail(name, kinds, judge):
    for kind, text in kinds.items():
        tell("%s: a %s one is found" % (name, kind), [] if text and judge(text) else ["nothing was said of it"])


def main():
    completion = read(PACKAGING, "completion", "bootready")
    for program, word in (("bootready", "--deadline"), ("bootready-vm", "--grow")):
        wanted = from_help(program)
        tell("%s --help was understood" % program, [] if len(wanted) >= 3 and "--format" in wanted["check"] else [str(wanted)])
        page = read(PACKAGING, "man", program + ".1.scd")
        tell("%s(1) and --help agree" % program, differences(wanted, from_page(page), False))
        entry = re.search(r"^\*%s\*.*\n" % word, page, re.M)[0]
        must_fail("%s(1)" % program,
                  {"missing": page.replace(entry, "", 1), "misspelt": page.replace(entry, entry.replace("--", "--x"), 1),
                   "extra": page.replace(entry, "*--frobnicate*\n\tNothing.\n\n" + entry, 1)},
                  lambda text, w=wanted: differences(w, from_page(text), False))

        def judge(text, program=program, wanted=wanted):
            with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                return differences(wanted, from_completion(file.name, program, wanted), True)

        tell("the completion of %s and --help agree" % program, judge(completion))
        # Where the options are listed, not where their values are: behind the one that check or boot begins with.
        first = completion.index("options='" + ("--root" if program == "bootready" else "--disk"))
        start = completion.index(" " + word, first) + 1
        end = start + len(word)
        must_fail("the completion of %s" % program,
                  {"missing": completion[:start] + completion[end:],
                   "extra": completion[:start] + "--frobnicate " + completion[start:],
                   "misspelt": completion[:start] + "--x" + completion[start + 2:]}, judge)

    wanted = parameters_of_sources()
    page = read(PACKAGING, "man", "dracut.bootready.7.scd")
    tell("dracut.bootready(7) and the sources agree on %d parameters" % len(wanted),
         sets_differ(wanted, parameters_of_page(page)) if len(wanted) > 4 else ["few parameters in the sources: %s" % wanted])
    table = {"rd.bootready" + p for p in re.findall(r"^\| `rd\.bootready(\.[a-z]+)?[=`]", read("module", "README.md"), re.M)}
    tell("module/README.md and the sources agree", sets_differ(wanted, table))
    entry = "*rd.bootready.onfail=*"
    must_fail("dracut.bootready(7)",
              {"missing": page.replace(entry, "*onfail=*"), "misspelt": page.replace(entry, "*rd.bootready.onfial=*"),
               "extra": page.replace(entry, "*rd.bootready.colour=*_no_\n\tNothing.\n\n" + entry)},
              lambda text: sets_differ(wanted, parameters_of_page(text)))
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0


sys.exit(main())
