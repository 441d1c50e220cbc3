"""How long a writer waits in `handouts open`: from a saved sentence to the new picture of the page in view.

    python benchmarks/editor.py [--edits 100] [--width 1000] [--browser]

Starts the command with a copy of the shipped topic, changes one sentence as often as asked for, and measures each time
from the request that saves it to the last byte of the PNG: for a page of the handout, and for a slide. Beside the clock
it prints the processor time of the server, which another program on the machine does not lengthen, and its memory.
`--browser` does it in Chromium, as a writer does: from the key that saves to the frame that shows the new picture.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from timing import say

ROOT = Path(__file__).parents[1]
SECTION = "content/bpd-contact/en/08-abandonment.md"
SENTENCE = "Being left can feel like an emergency"
VIEWS = {
    "handout": {"topic": "bpd-contact", "audience": "family", "template": "handout"},
    "slides": {"topic": "bpd-contact", "audience": "family", "template": "slides"},
}


# What a script in the page does: click the sentence in view, and show when each picture in view is another one.
AREA = f"[...document.querySelectorAll('.area')].find(each => each.ariaLabel.includes('{SENTENCE}'))"
CLICK = f"(each => {{ each.scrollIntoView({{block: 'center'}}); each.click() }})({AREA})"
WATCH = """
new Promise((done, failed) => {
  const images = () => [...document.querySelectorAll('.page img')];
  const before = new Set(images().map(each => each.src));
  let start = 0;
  addEventListener('keydown', event => { if (event.ctrlKey) start = performance.now() }, {capture: true, once: true});
  const look = () => {
    if (start && images().some(each => !before.has(each.src) && each.complete && each.naturalWidth))
      requestAnimationFrame(() => done(performance.now() - start));
    else if (start && performance.now() - start > 20000) failed(new Error('the picture never changed'));
    else requestAnimationFrame(look);
  };
  look();
})
"""


class Page:
    """What the page does: one connection, on which it saves, and asks for views and pictures."""

    def __init__(self, address: str) -> None:
        port = int(address.rpartition(":")[2].partition("/")[0])
        self.headers = {
            "Cookie": f"handouts-{port}={address.partition('token=')[2]}",
            "Origin": f"http://127.0.0.1:{port}",
        }
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, body: object = None) -> bytes:
        """Return what the server answers. SystemExit if it refuses."""
        sent = None if body is None else json.dumps(body).encode()
        self.connection.request(method, path, sent, self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content

    def data(self, path: str, /, **asked: str) -> Any:
        """Return an answer as data."""
        return json.loads(self.ask("GET", f"{path}?{urlencode(asked)}"))


def measure_edits(page: Page, view: dict[str, str], edits: int, width: int) -> list[float]:
    """Return the milliseconds of each edit."""
    known = page.data("/api/file", path=SECTION)
    text, digest = known["text"], known["hash"]
    first = page.data("/api/view", **view)["pages"]
    seen = next(n for n, each in enumerate(first) for area in each["areas"] if area["file"] == SECTION)
    waited = []
    for number in range(edits + 1):
        changed = text.replace(SENTENCE, f"{SENTENCE}, time {number}")
        start = time.perf_counter()
        digest = json.loads(page.ask("PUT", "/api/file", {"path": SECTION, "base": digest, "text": changed}))["hash"]
        picture = page.data("/api/pages", **view)["pages"][seen]["picture"]
        content = page.ask("GET", f"/api/picture/{picture}?width={width}")
        waited.append(1000 * (time.perf_counter() - start))
        if picture == first[seen]["picture"] or not content.startswith(b"\x89PNG"):
            raise SystemExit("the page in view has not changed")
        time.sleep(0.05)
    page.ask("PUT", "/api/file", {"path": SECTION, "base": digest, "text": text})
    return waited[1:]  # the first one has to import what the others find


def measure_in_browser(address: str, view: dict[str, str], edits: int) -> list[float]:
    """Return the milliseconds from the key that saves to the frame with the new picture, for each edit."""
    sys.path.insert(0, str(ROOT / "tests"))
    from browser import running_browser

    waited = []
    with running_browser() as browser:
        browser.emulate(1440)
        browser.call("Page.navigate", url=address)
        wait = "new Promise(done => {{ const look = () => {0} ? done(true) : setTimeout(look, 30); look() }})"
        browser.evaluate(wait.format("document.querySelector('.area')"))
        for field in ("audience", "template"):
            browser.evaluate(
                f"(field => {{ field.value = '{view[field]}'; field.dispatchEvent(new Event('change')) }})"
                f"(document.getElementById('{field}'))"
            )
        browser.evaluate(wait.format(AREA))
        browser.evaluate(CLICK)
        browser.evaluate(wait.format("document.activeElement.classList.contains('cm-content')"))
        for _ in range(edits + 1):
            browser.evaluate("new Promise(done => setTimeout(done, 1200))")  # until all pictures in view are there
            browser.evaluate(f"window.found = {WATCH}; true")
            browser.call("Input.insertText", text="x")
            for kind in ("rawKeyDown", "keyUp"):
                browser.call(
                    "Input.dispatchKeyEvent", type=kind, key="s", code="KeyS", windowsVirtualKeyCode=83, modifiers=2
                )
            waited.append(browser.evaluate("window.found"))
    return waited[1:]


def used_by(process: int) -> tuple[float, float]:
    """Return the seconds of the processor that a process has used, and the MB that it holds now (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds, int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=100)
    parser.add_argument("--width", type=int, default=1000)
    parser.add_argument("--browser", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        shutil.copytree(ROOT / "content", Path(home) / "content")
        command = [sys.executable, "-m", "handouts", "open", "--no-browser", "--port", "0", "--project", home]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own command
            try:
                _, address = (server.stdout.readline() if server.stdout else "" for _ in range(2))
                say(f"{'in view':10} {'median':>8} {'95th':>8} {'slowest':>8}   {'processor':>9} {'memory':>8}")
                for name, view in VIEWS.items():
                    shutil.copyfile(ROOT / SECTION, Path(home) / SECTION)  # as it was, without what was typed
                    page = Page(address.strip())  # the server ends a connection that is idle
                    page.data("/api/view", **view)
                    before, _ = used_by(server.pid)
                    if options.browser:
                        waited = measure_in_browser(address.strip(), view, options.edits)
                    else:
                        waited = measure_edits(page, view, options.edits, options.width)
                    after, memory = used_by(server.pid)
                    each = 1000 * (after - before) / (options.edits + 2)
                    told = (f"{value:5.0f} ms" for value in (median(waited), quantiles(waited, n=20)[-1], max(waited)))
                    say(f"{name:10} {' '.join(told)}   {each:6.0f} ms {memory:5.0f} MB")
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
