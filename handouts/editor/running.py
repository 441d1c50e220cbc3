"""Run the server of a project until the page or Ctrl-C stops it; each project has one server at most.

The address of a running server is written to a file that only the user can read, so that a second start finds it.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

import uvicorn
from filelock import FileLock, Timeout

from handouts.editor.file_manager import open_folder
from handouts.editor.security import Lock, new_token
from handouts.editor.server import Server
from handouts.editor.session import Session
from handouts.finding import HandoutError, Location, error
from handouts.pipeline.output import discard, write_private

_HOST = "127.0.0.1"
_USUAL_PORT = 4747
_LOCK_FILE, _ADDRESS_FILE = "editor.lock", "editor.json"

_OnReady: TypeAlias = Callable[[str, bool], None]
_Opener: TypeAlias = Callable[[Path], bool]


def serve(session: Session, port: int | None, on_ready: _OnReady, opener: _Opener = open_folder) -> None:
    """Serve a session until it ends. HandoutError if the port is in use.

    `on_ready` is called with the address, and True if another server of this project is running already. `opener` shows
    a folder in a window.
    """
    state = session.state_folder
    if state is None:
        _serve_at(_bound_socket(port), session, on_ready, opener, None)
        return
    lock = FileLock(state / _LOCK_FILE, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        on_ready(_running_address(state), True)
        return
    try:
        _serve_at(_bound_socket(port), session, on_ready, opener, state / _ADDRESS_FILE)
    finally:
        discard(state / _ADDRESS_FILE)
        lock.release()


def _running_address(state: Path) -> str:
    """Return the address of the server that holds the lock. HandoutError if it has not written it yet."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        address = json.loads((state / _ADDRESS_FILE).read_text(encoding="utf-8"))["address"]
        if isinstance(address, str):
            return address
    message = "Another 'handouts open' is starting or ending in this project."
    raise HandoutError(error("locked", message, Location(state.parent.as_posix()), "wait a moment, and call it again"))


def _serve_at(
    listening: socket.socket, session: Session, on_ready: _OnReady, opener: _Opener, file: Path | None
) -> None:
    """Serve a session at a socket, and write its address to `file`, if any."""
    lock = Lock(listening.getsockname()[1], new_token())
    server = Server(session, lambda: setattr(running, "should_exit", True), opener)
    running = uvicorn.Server(
        uvicorn.Config(
            server.app(lock),
            log_level="critical",
            access_log=False,
            lifespan="off",
            ws="none",
            http="h11",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )
    if file is not None:
        write_private(file, json.dumps({"address": lock.address, "process": os.getpid()}).encode())
    on_ready(lock.address, False)
    with suppress(KeyboardInterrupt):
        running.run(sockets=[listening])
    server.close()


def _bound_socket(port: int | None) -> socket.socket:
    """Return a socket at a port of this machine; without `port`, at the usual one or any free one.

    HandoutError if the port is in use.
    """
    for each in (_USUAL_PORT, 0) if port is None else (port,):
        # Only if TCP is named does asyncio turn off Nagle's algorithm, which delays the end of an answer by 40 ms.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if os.name != "nt":  # on Windows, two servers could then share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((_HOST, each))
            listening.listen(128)
        except OSError:
            listening.close()
        else:
            return listening
    hint = "choose another one with --port, or leave that out"
    raise HandoutError(error("usage", f"Port {port} is used by another program.", Location("--port"), hint))
