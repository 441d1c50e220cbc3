"""Server-sent events for open pages: changed files, the progress of builds, and the end of the server.

Each listening page has a queue of its own. A page that reads its queue too slowly loses the oldest events.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from watchfiles import Change, awatch

_MOST_WAITING = 100
_QUIET, _LONGEST = (
    50,
    400,
)  # milliseconds: a change is sent after a pause of the one, or after the other without a pause


class ServerEvents:
    """Sends events to all listening pages; its methods must be called in the thread of the event loop."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[bytes | None]] = set()

    def send(self, event: str, data: Mapping[str, object]) -> None:
        """Send an event to all listening pages."""
        self._put(b"event: %b\ndata: %b\n\n" % (event.encode(), msgspec.json.encode(data)))

    def end(self) -> None:
        """Send the last event, and end all streams."""
        self.send("ended", {})
        self._put(None)

    def _put(self, event: bytes | None) -> None:
        """Put an event into all queues."""
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)

    async def listen(self) -> AsyncIterator[bytes]:
        """Yield each event from now on in the format of server-sent events."""
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(_MOST_WAITING)
        self._queues.add(queue)
        try:
            yield b": here\n\n"
            while (event := await queue.get()) is not None:
                yield event
        finally:
            self._queues.discard(queue)


async def watch_folders(folders: tuple[Path, ...], stop: asyncio.Event) -> AsyncIterator[tuple[Path, ...]]:
    """Yield the changed visible files each time that some change, until `stop` is set or a folder is deleted."""
    there = [each for each in folders if each.is_dir()]
    changes = awatch(*there, watch_filter=_visible_in(folders), stop_event=stop, step=_QUIET, debounce=_LONGEST)
    with suppress(OSError):
        async for some in changes:
            yield tuple(sorted({Path(path) for _, path in some}))


def _visible_in(folders: tuple[Path, ...]) -> Callable[[Change, str], bool]:
    """Return a filter that leaves out hidden files, such as those that are being written."""

    def is_visible(change: Change, path: str) -> bool:  # noqa: ARG001
        inside = (Path(path).relative_to(each).parts for each in folders if Path(path).is_relative_to(each))
        return not any(part.startswith(".") or part.endswith("~") for parts in inside for part in parts)

    return is_visible
