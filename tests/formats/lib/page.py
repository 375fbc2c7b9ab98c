# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a page has to be, told from its text alone: nothing that acts, nothing from outside, names for who cannot see."""

import re
from html.parser import HTMLParser

TAGS = set("html head meta title style body main footer header section article h1 h2 h3 h4 h5 p span div ol ul li a b small code pre dl "
           "dt dd table thead tbody tr th td br strong".split())
ATTRIBUTES = set("lang charset name content http-equiv class id href scope aria-hidden aria-label role tabindex".split())
VOID = {"meta", "br"}


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.wrong, self.open, self.ids, self.targets, self.headings = [], [], [], [], []
        self.text, self.title, self.style, self.metas, self.lang = [], "", "", [], None
        self.feed(text)
        self.close()
        if self.open:
            self.wrong.append("left open: %s" % self.open)

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.wrong.append("an element %s" % tag)
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.wrong.append("an attribute %s of %s" % (name, tag))
            if name == "href" and not re.fullmatch(r"#r[0-9]+(-[A-Za-z]+)?", value or ""):
                self.wrong.append("a link to %s" % value)
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if "href" in attrs:
            self.targets.append(attrs["href"][1:])
        if tag == "html":
            self.lang = attrs.get("lang")
        if tag == "meta":
            self.metas.append(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append("</%s> ends nothing" % tag)

    def handle_data(self, data):
        if "style" in self.open:
            self.style += data
        elif "title" in self.open:
            self.title += data
        else:
            self.text.append(data)

    def handle_comment(self, data):
        self.wrong.append("a comment: %s" % data)

    def handle_decl(self, decl):
        if decl.lower() != "doctype html":
            self.wrong.append("a declaration %s" % decl)

    def handle_pi(self, data):
        self.wrong.append("an instruction %s" % data)


def complaints(text):
    page = Page(text)
    yield from page.wrong
    if page.lang != "en" or not page.title.strip():
        yield "no language or no title"
    if not any(m.get("name") == "viewport" and "width=device-width" in m["content"] for m in page.metas):
        yield "no viewport"
    if not any(m.get("http-equiv") == "Content-Security-Policy" and "default-src 'none'" in m["content"] and "script" not in m["content"]
               for m in page.metas):
        yield "no policy that forbids scripts"
    if re.search(r"@import|url\(|expression|://", page.style):
        yield "the style sheet asks for something"
    for target in set(page.targets) - set(page.ids):
        yield "a link leads nowhere: #%s" % target
    if len(page.ids) != len(set(page.ids)):
        yield "an id twice"
    if page.headings[:1] != [1] or page.headings.count(1) != 1:
        yield "headings begin with %s, and there are %d h1" % (page.headings[:1], page.headings.count(1))
    for before, after in zip(page.headings, page.headings[1:]):
        if after > before + 1:
            yield "h%d follows h%d" % (after, before)


def _luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    """WCAG 2's contrast ratio."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes(style):
    """The three palettes of the style sheet: light, dark, print."""
    return [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part)) for part in re.findall(r":root \{(.*?)\}", style, re.S)]


def contrast_complaints(style):
    found = palettes(style)
    if len(found) != 3:
        yield "%d palettes" % len(found)
    for number, colours in enumerate(found):
        pairs = [(text, back) for text in ("text", "quiet", "link") for back in ("page", "panel")]
        pairs += [("text", "failed-back"), ("link", "failed-back"), ("text", "ok-back"), ("text", "unknown-back")]
        for status in ("ok", "warning", "failed", "unknown", "skipped"):
            pairs += [(status, status + "-back"), (status, "page"), (status, "panel")]
        for text, back in pairs:
            if contrast(colours[text], colours[back]) < 4.5:
                yield "palette %d: %s on %s is %.1f" % (number, text, back, contrast(colours[text], colours[back]))
