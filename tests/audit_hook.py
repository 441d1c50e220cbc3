"""A Python audit hook that blocks the network in all tests, and records other events where a test asks for it.

The hook sees every connection, process, compilation and opened file. It cannot be removed, so that one is installed
for the whole run.
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
    """The events recorded by `watch`, which is called for each event while it is set.

    While `loopback` is true, connections to this machine are allowed.
    """

    caught: list[str] = field(default_factory=list)
    loopback: bool = False
    watch: Callable[[str, tuple[object, ...]], bool] | None = None

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in NETWORK and not is_local(arguments) and not (self.loopback and is_loopback(arguments)):
            raise AssertionError(f"a test used the network: {event} {arguments[:2]!r}")
        watch = self.watch
        if watch is not None:
            self.watch = None  # events caused by `watch` itself are not recorded
            try:
                if watch(event, arguments):
                    self.caught.append(f"{event} {arguments[:2]!r}"[:300])
            finally:
                self.watch = watch


AUDIT_HOOK = AuditHook()


def is_local(arguments: tuple[object, ...]) -> bool:
    """True if the event is about a Unix socket."""
    return (
        bool(arguments)
        and isinstance(arguments[0], socket.socket)
        and arguments[0].family == getattr(socket, "AF_UNIX", None)
    )


def is_loopback(arguments: tuple[object, ...]) -> bool:
    """True if the event is about the loopback address."""
    address = arguments[1] if isinstance(arguments[0], socket.socket) else arguments
    return isinstance(address, tuple) and address[:1] == ("127.0.0.1",)


@contextmanager
def loopback_allowed() -> Iterator[None]:
    """Allow connections to this machine."""
    AUDIT_HOOK.loopback = True
    try:
        yield
    finally:
        AUDIT_HOOK.loopback = False


def install_audit_hook() -> None:
    """Block the network from now on."""
    sys.addaudithook(AUDIT_HOOK.hook)


@contextmanager
def recorded_events(watch: Callable[[str, tuple[object, ...]], bool]) -> Iterator[list[str]]:
    """Record each event for which `watch` is true."""
    AUDIT_HOOK.caught.clear()
    AUDIT_HOOK.watch = watch
    try:
        yield AUDIT_HOOK.caught
    finally:
        AUDIT_HOOK.watch = None
