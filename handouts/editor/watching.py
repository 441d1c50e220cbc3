"""News for pages that are open: what has changed in the files, how far builds are, and that the server ends.

Each page that listens has a queue of its own. A page that does not listen for long loses the oldest news.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from watchfiles import Change, awatch

_MOST_WAITING = 100
_QUIET, _LONGEST = 50, 400  # milliseconds without a change, and of changes without a pause, that make one piece of news


class News:
    """What is told to all pages that listen; every method belongs to the thread of the event loop."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[bytes | None]] = set()

    def tell(self, event: str, data: Mapping[str, object]) -> None:
        """Tell all who listen."""
        self._put(b"event: %b\ndata: %b\n\n" % (event.encode(), msgspec.json.encode(data)))

    def end(self) -> None:
        """Tell all who listen that this was all."""
        self.tell("ended", {})
        self._put(None)

    def _put(self, told: bytes | None) -> None:
        """Put a piece of news into all queues."""
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(told)

    async def listen(self) -> AsyncIterator[bytes]:
        """Yield each piece of news from now on, as server-sent events have it."""
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(_MOST_WAITING)
        self._queues.add(queue)
        try:
            yield b": here\n\n"
            while (told := await queue.get()) is not None:
                yield told
        finally:
            self._queues.discard(queue)


async def watch_folders(folders: tuple[Path, ...], stop: asyncio.Event) -> AsyncIterator[tuple[Path, ...]]:
    """Yield the visible files that have changed, each time that some have, until `stop` is set.

    Folders that are not there any more end it: the next look at the project says so.
    """
    there = [each for each in folders if each.is_dir()]
    changes = awatch(*there, watch_filter=_visible_in(folders), stop_event=stop, step=_QUIET, debounce=_LONGEST)
    with suppress(OSError):
        async for some in changes:
            yield tuple(sorted({Path(path) for _, path in some}))


def _visible_in(folders: tuple[Path, ...]) -> Callable[[Change, str], bool]:
    """Return what tells files that are read from hidden ones, such as those that are being written."""

    def is_visible(change: Change, path: str) -> bool:  # noqa: ARG001
        inside = (Path(path).relative_to(each).parts for each in folders if Path(path).is_relative_to(each))
        return not any(part.startswith(".") or part.endswith("~") for parts in inside for part in parts)

    return is_visible
