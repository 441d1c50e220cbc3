"""Diagnostics of the YAML language server of VS Code, requested over standard input as by an editor.

The server is the npm package yaml-language-server in tests/tools/package.json.
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
    """Return the diagnostics of each text, given as file name and text. Skips the test if the server is missing."""
    command = [required_tool("node"), str(npm_file(_PROGRAM)), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdin
        assert server.stdout
        try:
            return list(_diagnostics_of_texts(server.stdin, server.stdout, texts, root))
        finally:
            server.kill()


def _diagnostics_of_texts(
    stdin: IO[bytes], stdout: IO[bytes], texts: Iterable[tuple[str, str]], root: Path
) -> Iterator[list[str]]:
    """Yield the diagnostics of each text, which is opened and closed as a document."""
    start = {"processId": os.getpid(), "rootUri": root.as_uri(), "capabilities": {"workspace": {"configuration": True}}}
    _send(stdin, "initialize", start, number=1)
    _wait(stdin, stdout, lambda message: message.get("id") == 1)
    _send(stdin, "initialized", {})
    for version, (file, text) in enumerate(texts, 1):
        uri = (root / file).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": version, "text": text}
        _send(stdin, "textDocument/didOpen", {"textDocument": document})
        found = _wait(stdin, stdout, lambda message, uri=uri: _is_about(message, uri))["params"]["diagnostics"]
        _send(stdin, "textDocument/didClose", {"textDocument": {"uri": uri}})
        _wait(stdin, stdout, lambda message, uri=uri: _is_about(message, uri))
        yield [f"{each['range']['start']['line'] + 1}: {each['message']}" for each in found]


def _is_about(message: Mapping[str, Any], uri: str) -> bool:
    """True if a message has the diagnostics of a document."""
    return message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri


def _send(stdin: IO[bytes], method: str, parameters: Mapping[str, Any], number: int | None = None) -> None:
    """Send a request or, without a number, a notification."""
    _write(stdin, {"method": method, "params": parameters, **({} if number is None else {"id": number})})


def _write(stdin: IO[bytes], message: Mapping[str, Any]) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    stdin.flush()


def _wait(stdin: IO[bytes], stdout: IO[bytes], matches: Any) -> dict[str, Any]:
    """Return the first message for which `matches` is true; requests for the configuration are answered meanwhile."""
    while True:
        message = _read(stdout)
        if matches(message):
            return message
        if "id" in message and "method" in message:
            items = message.get("params", {}).get("items", [])
            result = [_SETTINGS.get(item.get("section", ""), {}) for item in items] if items else None
            _write(stdin, {"id": message["id"], "result": result})


def _read(stdout: IO[bytes]) -> dict[str, Any]:
    """Return the next message of the server."""
    length = 0
    while line := stdout.readline().strip():
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    assert length, "the language server has ended"
    message: dict[str, Any] = json.loads(stdout.read(length))
    return message
