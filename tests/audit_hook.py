"""Traps for what content must never make happen: the network is trapped in all tests, the rest where a test sets them.

An audit hook of Python sees every connection, process, compiled code and opened file, whoever asks for it. It cannot
be taken out again, so that there is one for the whole run, with a switch.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

NETWORK = (
    "socket.connect",
    "socket.sendto",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.bind",
    "urllib.Request",
)


@dataclass
class AuditHook:
    """What was caught; `watch` is asked about every other event while it is set.

    While `loopback` is set, a server of this machine may be started and asked.
    """

    caught: list[str] = field(default_factory=list)
    loopback: bool = False
    watch: Callable[[str, tuple[object, ...]], bool] | None = None

    def hook(self, event: str, values: tuple[object, ...]) -> None:
        if event in NETWORK and not is_local(values) and not (self.loopback and is_loopback(values)):
            raise AssertionError(f"a test reached for the network: {event} {values[:2]!r}")
        watch = self.watch
        if watch is not None:
            self.watch = None  # what the test itself does to look at the event is not watched
            try:
                if watch(event, values):
                    self.caught.append(f"{event} {values[:2]!r}"[:300])
            finally:
                self.watch = watch


AUDIT_HOOK = AuditHook()


def is_local(values: tuple[object, ...]) -> bool:
    """True for a socket between processes of this machine."""
    return (
        bool(values) and isinstance(values[0], socket.socket) and values[0].family == getattr(socket, "AF_UNIX", None)
    )


def is_loopback(values: tuple[object, ...]) -> bool:
    """True if a connection stays on this machine."""
    address = values[1] if isinstance(values[0], socket.socket) else values
    return isinstance(address, tuple) and address[:1] == ("127.0.0.1",)


@contextmanager
def loopback_allowed() -> Iterator[None]:
    """Let a server of this machine be started and asked."""
    AUDIT_HOOK.loopback = True
    try:
        yield
    finally:
        AUDIT_HOOK.loopback = False


def install_audit_hook() -> None:
    """AuditHook the network from now on."""
    sys.addaudithook(AUDIT_HOOK.hook)


@contextmanager
def watching(watch: Callable[[str, tuple[object, ...]], bool]) -> Iterator[list[str]]:
    """Gather every event for which `watch` is true."""
    AUDIT_HOOK.caught.clear()
    AUDIT_HOOK.watch = watch
    try:
        yield AUDIT_HOOK.caught
    finally:
        AUDIT_HOOK.watch = None
