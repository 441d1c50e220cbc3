"""What the YAML language server of VS Code underlines in texts, asked as an editor asks it: over its standard input.

The server is the npm package yaml-language-server, one of those of tests/tools/package.json.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from validators import npm_file, required_tool

_PROGRAM = "yaml-language-server/bin/yaml-language-server"
_SETTINGS = {"yaml": {"validate": True, "schemaStore": {"enable": False}}}


def diagnostics(texts: Sequence[tuple[str, str]], root: Path) -> list[list[str]]:
    """Return what is underlined in each text of a file, as line and words. Skips the test if the server is missing."""
    command = [required_tool("node"), str(npm_file(_PROGRAM)), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdin
        assert server.stdout
        try:
            return list(_ask(server.stdin, server.stdout, texts, root))
        finally:
            server.kill()


def _ask(to: IO[bytes], answers: IO[bytes], texts: Iterable[tuple[str, str]], root: Path) -> Iterator[list[str]]:
    """Yield what the server says of each text, which is opened and closed as a file of its own."""
    start = {"processId": os.getpid(), "rootUri": root.as_uri(), "capabilities": {"workspace": {"configuration": True}}}
    _send(to, "initialize", start, number=1)
    _wait(to, answers, lambda message: message.get("id") == 1)
    _send(to, "initialized", {})
    for version, (file, text) in enumerate(texts, 1):
        uri = (root / file).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": version, "text": text}
        _send(to, "textDocument/didOpen", {"textDocument": document})
        found = _wait(to, answers, lambda message, uri=uri: _is_about(message, uri))["params"]["diagnostics"]
        _send(to, "textDocument/didClose", {"textDocument": {"uri": uri}})
        _wait(to, answers, lambda message, uri=uri: _is_about(message, uri))
        yield [f"{each['range']['start']['line'] + 1}: {each['message']}" for each in found]


def _is_about(message: Mapping[str, Any], uri: str) -> bool:
    """True if a message says what is underlined in a file."""
    return message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri


def _send(to: IO[bytes], method: str, parameters: Mapping[str, Any], number: int | None = None) -> None:
    """Send a request or, without a number, a notice."""
    _write(to, {"method": method, "params": parameters, **({} if number is None else {"id": number})})


def _write(to: IO[bytes], message: Mapping[str, Any]) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    to.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    to.flush()


def _wait(to: IO[bytes], answers: IO[bytes], is_wanted: Any) -> dict[str, Any]:
    """Return the first message that is wanted; what the server asks meanwhile is answered with the settings."""
    while True:
        message = _read(answers)
        if is_wanted(message):
            return message
        if "id" in message and "method" in message:
            items = message.get("params", {}).get("items", [])
            result = [_SETTINGS.get(item.get("section", ""), {}) for item in items] if items else None
            _write(to, {"id": message["id"], "result": result})


def _read(answers: IO[bytes]) -> dict[str, Any]:
    """Return the next message of the server."""
    length = 0
    while line := answers.readline().strip():
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    assert length, "the language server has ended"
    message: dict[str, Any] = json.loads(answers.read(length))
    return message
