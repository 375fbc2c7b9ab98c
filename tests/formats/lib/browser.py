# SPDX-License-Identifier: LGPL-2.1-or-later
"""A page in a real browser, without a window. The page stands in a frame of a page that asks it; its own policy still holds."""

import html
import json
import os
import re
import shutil
import subprocess
import tempfile

# Asked of the page in the frame. Contrast is of every text on what is really behind it.
ASK = r"""
function lum(c) { return c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0); }
function rgb(s) { const m = s.match(/[\d.]+/g).map(Number); return {c: m.slice(0, 3), a: m.length > 3 ? m[3] : 1}; }
function behind(w, e) { for (; e; e = e.parentElement) { const b = rgb(w.getComputedStyle(e).backgroundColor); if (b.a > 0.99) return b.c; }
  return [255, 255, 255]; }
function ask(w) {
  const d = w.document, r = {texts: 0, poor: [], small: [], wide: d.documentElement.scrollWidth, width: d.documentElement.clientWidth,
    pwned: w.pwned !== undefined || d.title.includes('pwned') && !d.title.includes('<'), asked: w.performance.getEntriesByType('resource').map(e => e.name),
    acting: d.querySelectorAll('script, img, iframe, object, embed, form, svg, link, base').length, dark: lum(behind(w, d.body)) < 0.2};
  const walk = d.createTreeWalker(d.body, NodeFilter.SHOW_TEXT);
  for (let n; n = walk.nextNode();) {
    const e = n.parentElement, s = w.getComputedStyle(e);
    if (!n.data.trim() || e.closest('.said, style')) continue;
    const a = lum(rgb(s.color).c), b = lum(behind(w, e)), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    r.texts++;
    if (ratio < 4.5) r.poor.push(n.data.slice(0, 40) + ' ' + ratio.toFixed(1));
    if (parseFloat(s.fontSize) < 12) r.small.push(n.data.slice(0, 40) + ' ' + s.fontSize);
  }
  return r;
}
onload = () => { document.getElementById('answer').textContent =
  JSON.stringify([...document.querySelectorAll('iframe')].map(f => ask(f.contentWindow))); };
"""
_FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
          "--disable-background-networking", "--disable-component-update"]


def program():
    return shutil.which("chromium") or shutil.which("chromium-browser")


def _run(folder, *arguments):
    return subprocess.run([program(), *_FLAGS, "--user-data-dir=" + os.path.join(folder, "profile"), *arguments], check=False, timeout=90,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": folder}).stdout


def ask(pages, dark=False):
    """What the browser says of each (page, width in CSS pixels), all in one run of it; None: it did not start."""
    frames = "".join('<iframe style="border:0;width:%dpx;height:900px" srcdoc="%s"></iframe>' % (width, html.escape(page, quote=True))
                     for page, width in pages)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "outer.html")
        with open(path, "w", encoding="utf-8") as file:
            # What colours a frame prefers is what the page around it has.
            file.write('<!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>outer</title>'
                       '<script>%s</script><body style="margin:0"><pre id="answer"></pre>%s' % (ASK, frames))
        out = _run(folder, "--blink-settings=preferredColorScheme=%d" % (0 if dark else 1), "--window-size=1400,1000", "--dump-dom",
                   "file://" + path).decode("utf-8", "replace")
    answer = re.search(r'<pre id="answer">(.*?)</pre>', out, re.S)
    return json.loads(html.unescape(answer[1])) if answer and answer[1] else None


def picture(page_path, png, width, height, dark=False, scale=1):
    """The page as a picture; of a phone's width too, which the window of a browser cannot have: by a frame of that width."""
    with tempfile.TemporaryDirectory() as folder:
        target = page_path
        if width < 500:
            target = os.path.join(folder, "frame.html")
            with open(page_path, encoding="utf-8") as file, open(target, "w", encoding="utf-8") as outer:
                outer.write('<!DOCTYPE html><meta charset="utf-8"><body style="margin:0"><iframe style="border:0;width:%dpx;height:%dpx" srcdoc="%s"></iframe>'
                            % (width, height, html.escape(file.read(), quote=True)))
        _run(folder, "--blink-settings=preferredColorScheme=%d" % (0 if dark else 1), "--force-device-scale-factor=%g" % scale,
             "--window-size=%d,%d" % (width, height), "--screenshot=" + os.path.abspath(png), "file://" + os.path.abspath(target))
    return os.path.exists(png)
