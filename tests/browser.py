"""Chromium for tests: one process with one tab, controlled through a pipe without driver or network.

Messages are calls of the Chrome DevTools Protocol: JSON that ends with a zero byte.
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

OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe"),
)
# Chromium reads from file descriptor 3 and writes to 4, which Popen cannot set up.
PIPE_SCRIPT = 'exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'
TIMEOUT = 60
PHONE_WIDTH, DESKTOP_WIDTH = 320, 1280
AXE_RULES = {
    "preload": False,
    "resultTypes": ["violations"],  # axe reports other results with one element only
    "selectors": False,
    "runOnly": ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@dataclass
class Browser:
    """A tab, and its events since the page was opened."""

    process: subprocess.Popen[bytes]
    session: str = ""
    calls: int = 0
    unread: bytes = b""
    events: list[Mapping[str, Any]] = field(default_factory=list)

    def call(self, method: str, **parameters: object) -> Any:
        """Call a method, and return its result."""
        number = self._send(method, parameters)
        while (message := self._read()).get("id") != number:
            pass
        assert "error" not in message, message
        return message["result"]

    def evaluate(self, script: str) -> Any:
        """Return the value of a script, which is not subject to the content security policy of the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def emulate(self, width: int, **features: str) -> None:
        """Set the width of the page and media features such as prefers_color_scheme="dark"."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
        media = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.call("Emulation.setEmulatedMedia", features=media)

    def open(self, file: Path) -> None:
        """Open a page and all its details elements."""
        self.events.clear()
        self.call("Page.navigate", url=file.as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self._read()
        self.evaluate(
            "document.fonts.ready.then(() => document.querySelectorAll('details').forEach(each => each.open = 1))"
        )

    def page_events(self, file: Path) -> list[str]:
        """Return the requests, log entries, dialogs and errors of the open page, without the request for its file."""
        return [message for event in self.events if (message := _description(event)) and message != file.as_uri()]

    def axe_findings(self, axe: str) -> list[str]:
        """Return the violations that axe-core finds in the open page, as rule and element."""
        self.evaluate(axe)
        found: list[str] = self.evaluate(
            f"axe.run(document, {json.dumps(AXE_RULES)}).then(result => result.violations.flatMap("
            "rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`)))"
        )
        return found

    def _send(self, method: str, parameters: Mapping[str, object]) -> int:
        """Send a call and return its number."""
        self.calls += 1
        call = {"id": self.calls, "method": method, "params": parameters}
        if self.session:
            call["sessionId"] = self.session
        assert self.process.stdin
        self.process.stdin.write(json.dumps(call).encode() + b"\0")
        self.process.stdin.flush()
        return self.calls

    def _read(self) -> dict[str, Any]:
        """Return the next message of the browser; events are kept, and dialogs are closed."""
        assert self.process.stdout
        while b"\0" not in self.unread:
            assert select.select([self.process.stdout], [], [], TIMEOUT)[0], "Chromium does not answer"
            chunk = os.read(self.process.stdout.fileno(), 1 << 20)
            assert chunk, "Chromium has ended"
            self.unread += chunk
        text, _, self.unread = self.unread.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        if "method" in message:
            self.events.append(message)
        if message.get("method") == "Page.javascriptDialogOpening":
            self._send("Page.handleJavaScriptDialog", {"accept": True})
        return message


def _description(event: Mapping[str, Any]) -> str:
    """Return a description of an event that a static page must not cause; "" for others."""
    parameters = event["params"]
    match event["method"]:
        case "Network.requestWillBeSent":
            address: str = parameters["request"]["url"]
            return "" if address.startswith("data:") else address
        case "Log.entryAdded":
            return f"log: {parameters['entry']['text']}"
        case "Page.javascriptDialogOpening":
            return f"dialog: {parameters['message']}"
        case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Page.windowOpen":
            return str(event["method"])
    return ""


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start Chromium, and terminate it afterwards."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        chromium = (required_tool("chromium"), *OPTIONS, f"--user-data-dir={profile}", "about:blank")
        command = [required_tool("bash"), "-c", PIPE_SCRIPT, *chromium]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            try:
                browser = Browser(process)
                (tab,) = (each for each in browser.call("Target.getTargets")["targetInfos"] if each["type"] == "page")
                attached = browser.call("Target.attachToTarget", targetId=tab["targetId"], flatten=True)
                browser.session = attached["sessionId"]
                for domain in ("Page", "Network", "Runtime", "Log"):
                    browser.call(f"{domain}.enable")
                yield browser
            finally:
                process.terminate()
