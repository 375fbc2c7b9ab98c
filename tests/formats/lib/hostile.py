# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reports that mean harm, and what of them may be seen."""

import copy
import json
import random
import re

# Each is put into every text of a report that is free. What a format would obey, an eye would not see, or a parser trip on.
TEXTS = [
    "<script>document.title='pwned';window.pwned=1</script>",
    "</style></title><img src=x onerror=alert(1)><iframe srcdoc=x></iframe>",
    "\" onmouseover=\"alert(1)\" x='y' a=`z`",
    "]]> <!-- --> <![CDATA[ <?xml?> &amp; &#0; &#x1b; &lt;b&gt; &nosuch;",
    "[click](javascript:alert(1)) ![i](http://evil.example/i.png) [ref]: http://evil.example <http://evil.example>",
    "http://evil.example/a www.evil.example HTTPS://evil.example root@evil.example @everyone #1 mailto:a@b.example",
    "www.evil.example|x http://evil.example/a|b | cell || `code` ``two`` ```three``` ~~gone~~ $x^2$ **bold** _em_ \\| \\",
    "# heading # SKIP # TO" "DO not ok 1 ok 2 - x 1..9 Bail out! --- ... - a: b \\# \\\\",
    "{0} {{x}} [text](1) a](b {\"a\": \"b\"} %s %n %1$s ${HOME} $(reboot) `reboot`",
    "turned \u202e\u2066 hidden \u200b\u200d\ufeff\u00ad lines \u2028\u2029 marks \ufff9 tags \U000e0041 none \ufdd0\uffff\U0010ffff",
    "\u00e9 \u4e2d\u6587 \u05d0\u05d1 \U0001f600 e\u0301 \ufffd \u00a0x",
    "x" * 900 + " " + "y" * 100,
    "  blanks   in   a   row  ",
    "> quote - list + list * list 1. one 2) two === ---",
]
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\U000e0000-\U000e0fff]")


def plain(text):
    """What a reader is shown of a text: as the program has it, told a second time here."""
    def told(match):
        return "".join("\\x%02X" % byte for byte in match[0].encode())
    text = "".join(told(re.match(".", c, re.S)) if ord(c) & 0xfffe == 0xfffe else c for c in text)
    return _UNSEEN.sub(told, text)


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


def _texts_of(report):
    """(object, key) of every text that the schema leaves free."""
    for key in ("os", "os_id", "os_version", "kernel", "arch", "machine_id"):
        yield report["system"], key
    for boot in report["boot"]:
        for key in ("entry", "release", "cmdline", "root", "root_device", "root_driver"):
            yield boot, key
    for check in report["checks"]:
        for finding in check["findings"]:
            yield finding, "message"
            yield finding, "fix"
    yield report["profile"], "name"


def _paths_of(report):
    for boot in report["boot"]:
        for key in ("kernel", "initramfs"):
            yield boot, key
    for check in report["checks"]:
        for finding in check["findings"]:
            yield finding, "path"


def report_with(report, text):
    """The report, every free text of which is this one."""
    evil = copy.deepcopy(report)
    for holder, key in _texts_of(evil):
        holder[key] = text
    for holder, key in _paths_of(evil):
        holder[key] = "/" + text
    return evil


def _spots(value, path=()):
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _spots(child, path + (key,))


_OTHER = (None, True, -1, 0, 1e300, "", "OK", "FAILED", "/", "x" * 5000, [], {}, [[]] * 50, {"a": 1}, "\x00", "\x1b[2J", "\ud800", "<b>")


def mangled(reports, number, seed=7):
    """One of many spoilt reports, as bytes; the same for the same number. Half in their values, half in their bytes."""
    dice = random.Random(seed * 1000003 + number)
    report = copy.deepcopy(dice.choice(reports))
    if number % 2:
        for _ in range(dice.randint(1, 3)):
            path = dice.choice(list(_spots(report))[1:])
            holder = report
            for key in path[:-1]:
                holder = holder[key]
            action = dice.randrange(3)
            if action == 0:
                holder.pop(path[-1])
            elif action == 1:
                holder[path[-1]] = dice.choice(_OTHER)
            elif isinstance(holder, list):
                holder.extend([holder[path[-1]]] * dice.choice((1, 100)))
            else:
                holder[str(path[-1]) + dice.choice(("x", "\u202e", "<i>"))] = holder[path[-1]]
        return json.dumps(report, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
    text = bytearray(json.dumps(report, ensure_ascii=False, indent=dice.choice((None, 1))).encode())
    for _ in range(dice.randint(1, 6)):
        at, length = dice.randrange(len(text)), dice.choice((1, 2, 8, 200))
        action = dice.randrange(5)
        if action == 0:
            text[at:at + length] = bytes(dice.randrange(256) for _ in range(length))
        elif action == 1:
            del text[at:at + length]
        elif action == 2:
            text[at:at] = text[max(0, at - length):at]
        elif action == 3:
            text[at:at] = dice.choice((b"\x00", b"\xff", b"\xc0\x80", b"\\u0000", b"\\u001b", b"[" * 3000, b"{\"a\":" * 300, b"//x\n", b"\xef\xbb\xbf"))
        else:
            del text[at:]
            text += b"}" * dice.choice((0, 1, 5))
        if len(text) < 2:
            text += b"{}"
    return bytes(text)
