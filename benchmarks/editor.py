"""Measures `handouts open`: the time from saving a sentence to the new picture of the page in view.

    python benchmarks/editor.py [--edits 100] [--width 1000] [--browser]

Starts the command with a copy of the shipped topic, changes one sentence repeatedly, and measures the time from the
request that saves it to the last byte of the PNG, for a page of the handout and for a slide. It also prints the
processor time of the server, which other programs do not lengthen, and its memory. `--browser` measures in Chromium:
from the key that saves to the frame with the new picture.
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

from timing import ROOT, print_line

SECTION = "content/bpd-contact/en/08-abandonment.md"
SENTENCE = "Being left can feel like an emergency"
VIEWS = {
    "handout": {"topic": "bpd-contact", "audience": "family", "template": "handout"},
    "slides": {"topic": "bpd-contact", "audience": "family", "template": "slides"},
}


# Scripts for the page: click the sentence in view, and wait until a picture in view has changed.
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


class EditorClient:
    """A client of the server with one connection, which saves files and requests views and pictures."""

    def __init__(self, address: str) -> None:
        port = int(address.rpartition(":")[2].partition("/")[0])
        self.headers = {
            "Cookie": f"handouts-{port}={address.partition('token=')[2]}",
            "Origin": f"http://127.0.0.1:{port}",
        }
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def request(self, method: str, path: str, body: object = None) -> bytes:
        """Return the body of a response; exit if its status is not 200."""
        payload = None if body is None else json.dumps(body).encode()
        self.connection.request(method, path, payload, self.headers)
        response = self.connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise SystemExit(f"{method} {path}: {response.status} {content[:300]!r}")
        return content

    def data(self, path: str, /, **parameters: str) -> Any:
        """Return the JSON data of a GET request."""
        return json.loads(self.request("GET", f"{path}?{urlencode(parameters)}"))


def measure_edits(client: EditorClient, view: dict[str, str], edits: int, width: int) -> list[float]:
    """Return the time of each edit in ms."""
    file = client.data("/api/file", path=SECTION)
    text, digest = file["text"], file["hash"]
    pages = client.data("/api/view", **view)["pages"]
    page_number = next(n for n, each in enumerate(pages) for area in each["areas"] if area["file"] == SECTION)
    delays = []
    for number in range(edits + 1):
        changed = text.replace(SENTENCE, f"{SENTENCE}, time {number}")
        start = time.perf_counter()
        digest = json.loads(client.request("PUT", "/api/file", {"path": SECTION, "base": digest, "text": changed}))[
            "hash"
        ]
        picture = client.data("/api/pages", **view)["pages"][page_number]["picture"]
        content = client.request("GET", f"/api/picture/{picture}?width={width}")
        delays.append(1000 * (time.perf_counter() - start))
        if picture == pages[page_number]["picture"] or not content.startswith(b"\x89PNG"):
            raise SystemExit("the page in view has not changed")
        time.sleep(0.05)
    client.request("PUT", "/api/file", {"path": SECTION, "base": digest, "text": text})
    return delays[1:]  # the first edit imports modules


def measure_in_browser(address: str, view: dict[str, str], edits: int) -> list[float]:
    """Return the time of each edit in ms, from the key that saves to the frame with the new picture."""
    sys.path.insert(0, str(ROOT / "tests"))
    from browser import running_browser

    delays = []
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
            delays.append(browser.evaluate("window.found"))
    return delays[1:]


def process_usage(process: int) -> tuple[float, float]:
    """Return the processor time of a process in seconds, and its memory in MB (Linux)."""
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
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "content", Path(folder) / "content")
        command = [sys.executable, "-m", "handouts", "open", "--no-browser", "--port", "0", "--project", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own command
            try:
                _, address = (server.stdout.readline() if server.stdout else "" for _ in range(2))
                print_line(f"{'in view':10} {'median':>8} {'95th':>8} {'slowest':>8}   {'processor':>9} {'memory':>8}")
                for name, view in VIEWS.items():
                    shutil.copyfile(ROOT / SECTION, Path(folder) / SECTION)  # without the edits of the view before
                    client = EditorClient(address.strip())  # a new one: the server closes idle connections
                    client.data("/api/view", **view)
                    before, _ = process_usage(server.pid)
                    if options.browser:
                        delays = measure_in_browser(address.strip(), view, options.edits)
                    else:
                        delays = measure_edits(client, view, options.edits, options.width)
                    after, memory = process_usage(server.pid)
                    each = 1000 * (after - before) / (options.edits + 2)
                    columns = (
                        f"{value:5.0f} ms" for value in (median(delays), quantiles(delays, n=20)[-1], max(delays))
                    )
                    print_line(f"{name:10} {' '.join(columns)}   {each:6.0f} ms {memory:5.0f} MB")
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
