"""Chromium for tests: one process with one tab, spoken to through a pipe. It needs no driver and no network.

What is sent are calls of the Chrome DevTools Protocol, each a text of JSON that ends with a zero byte.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from validators import required_tool

SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe"),
)
# Chromium reads calls from its file 3 and answers on file 4, which Popen cannot open.
THROUGH_PIPE = 'exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'
SECONDS = 60
PHONE, DESK = 320, 1280
AXE_RULES = {
    "preload": False,
    "resultTypes": ["violations"],  # of the rest only the first element is described
    "selectors": False,
    "runOnly": ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@dataclass
class Browser:
    """A tab, and what has happened in it since its page was opened."""

    process: subprocess.Popen[bytes]
    session: str = ""
    calls: int = 0
    unread: bytes = b""
    events: list[Mapping[str, Any]] = field(default_factory=list)

    def ask(self, method: str, **values: object) -> Any:
        """Return what the browser answers to a call."""
        number = self._send(method, values)
        while (said := self._read()).get("id") != number:
            pass
        assert "error" not in said, said
        return said["result"]

    def run(self, script: str) -> Any:
        """Return the value of a script, which runs beside those of the page and is not bound by its policy."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def look(self, width: int, **features: str) -> None:
        """Show pages this wide, and as a reader has asked for, such as prefers_color_scheme="dark"."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
        asked = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.ask("Emulation.setEmulatedMedia", features=asked)

    def open(self, file: Path) -> None:
        """Show a page, with all that is folded up in it unfolded."""
        self.events.clear()
        self.ask("Page.navigate", url=file.as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self._read()
        self.run("document.fonts.ready.then(() => document.querySelectorAll('details').forEach(each => each.open = 1))")

    def happened(self, file: Path) -> list[str]:
        """Return what an open page has asked for, done or complained of, but for its file and what is inside it."""
        return [said for event in self.events if (said := _told(event)) and said != file.as_uri()]

    def axe_findings(self, axe: str) -> list[str]:
        """Return what axe-core finds wrong with the open page, as rule and element."""
        self.run(axe)
        found: list[str] = self.run(
            f"axe.run(document, {json.dumps(AXE_RULES)}).then(result => result.violations.flatMap("
            "rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`)))"
        )
        return found

    def _send(self, method: str, values: Mapping[str, object]) -> int:
        """Send a call and return its number."""
        self.calls += 1
        call = {"id": self.calls, "method": method, "params": values}
        if self.session:
            call["sessionId"] = self.session
        assert self.process.stdin
        self.process.stdin.write(json.dumps(call).encode() + b"\0")
        self.process.stdin.flush()
        return self.calls

    def _read(self) -> dict[str, Any]:
        """Return the next thing that the browser says; events are kept, and a dialog is closed."""
        assert self.process.stdout
        while b"\0" not in self.unread:
            assert select.select([self.process.stdout], [], [], SECONDS)[0], "Chromium says nothing"
            part = os.read(self.process.stdout.fileno(), 1 << 20)
            assert part, "Chromium has ended"
            self.unread += part
        text, _, self.unread = self.unread.partition(b"\0")
        said: dict[str, Any] = json.loads(text)
        if "method" in said:
            self.events.append(said)
        if said.get("method") == "Page.javascriptDialogOpening":
            self._send("Page.handleJavaScriptDialog", {"accept": True})
        return said


def _told(event: Mapping[str, Any]) -> str:
    """Return what an event says of a page that is not as quiet as it should be, or ""."""
    values = event["params"]
    match event["method"]:
        case "Network.requestWillBeSent":
            address: str = values["request"]["url"]
            return "" if address.startswith("data:") else address
        case "Log.entryAdded":
            return f"log: {values['entry']['text']}"
        case "Page.javascriptDialogOpening":
            return f"dialog: {values['message']}"
        case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Page.windowOpen":
            return str(event["method"])
    return ""


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Start Chromium, and end it afterwards."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        chromium = (required_tool("chromium"), *SWITCHES, f"--user-data-dir={profile}", "about:blank")
        command = [required_tool("bash"), "-c", THROUGH_PIPE, *chromium]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            try:
                browser = Browser(process)
                (tab,) = (each for each in browser.ask("Target.getTargets")["targetInfos"] if each["type"] == "page")
                attached = browser.ask("Target.attachToTarget", targetId=tab["targetId"], flatten=True)
                browser.session = attached["sessionId"]
                for domain in ("Page", "Network", "Runtime", "Log"):
                    browser.ask(f"{domain}.enable")
                yield browser
            finally:
                process.terminate()
