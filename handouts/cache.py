"""A cache of computed values that lasts from one command to the next.

A value is found by a hash of everything that it is computed from, of its type and of the program. Values are
stored as msgpack and decoded by their type, so that reading the cache never runs code; a damaged one is
computed again. Must never read or write a file: `pipeline.output` does.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from typing import Any, TypeVar

import msgspec
from msgspec.msgpack import Decoder, encode

Value = TypeVar("Value")

DIGEST_SIZE = hashlib.sha256().digest_size
MAX_UNUSED_BYTES = 4_000_000  # bytes for what is not used any more; an editor may take a change back
MAX_CACHE_BYTES = 64_000_000  # some 200 topics; of more, what was used first is kept
ENTRY_OVERHEAD = 80  # bytes of a key, and of what says how long it and its value are


class PersistentCache:
    """Values by their recipes: those of earlier commands, and those of this one. Without a `program` none are kept."""

    def __init__(self, program: str = "", before: Mapping[str, bytes] | None = None) -> None:
        self.program = program
        self.before = before or {}
        self.used: dict[str, bytes] = {}
        self.decoders: dict[str, Decoder[Any]] = {}

    def remembered(
        self,
        kind: type[Value],
        recipe: object,
        make: Callable[[], Value],
        lasting: Callable[[Value], bool] | None = None,
    ) -> Value:
        """Return the value of a recipe as it was kept, or else as it is made now, to be kept if it is `lasting`."""
        recipe_as_data = encode_value((self.program, kind.__qualname__, recipe)) if self.program else b""
        if not recipe_as_data:
            return make()
        key = hashlib.sha256(recipe_as_data).hexdigest()
        kept = self.used.get(key) or self.before.get(key)
        if kept:
            try:
                value: Value = self.decoder_of(kind).decode(zlib.decompress(kept))
            except (msgspec.DecodeError, zlib.error, RecursionError):
                pass  # it is made again
            else:
                self.used[key] = kept
                return value
        value = make()
        if lasting is None or lasting(value):
            self.used[key] = zlib.compress(encode_value(value), level=1)
        return value

    def decoder_of(self, kind: type[object]) -> Decoder[Any]:
        """Return what reads values of a kind; to make one takes longer than to read with it."""
        if kind.__qualname__ not in self.decoders:
            self.decoders[kind.__qualname__] = Decoder(kind)
        return self.decoders[kind.__qualname__]

    @property
    def changed(self) -> bool:
        """True if there is something that was not there before."""
        return any(key not in self.before for key in self.used)

    def as_bytes(self) -> bytes:
        """Return what was used, and of what else is known as much as there is room for, with a hash of it."""
        used = entries_that_fit(self.used.items(), MAX_CACHE_BYTES)
        left = MAX_CACHE_BYTES - sum(map(entry_size, used.items()))
        others = ((key, value) for key, value in self.before.items() if key not in self.used)
        content = encode(used | entries_that_fit(others, min(MAX_UNUSED_BYTES, left)))
        return hashlib.sha256(content).digest() + content


def entries_that_fit(entries: Iterable[tuple[str, bytes]], room: int) -> dict[str, bytes]:
    """Return the first entries for which there is room."""
    sizes = accumulate(map(entry_size, (known := tuple(entries))))
    return dict(entry for entry, size in zip(known, sizes, strict=True) if size <= room)


def entry_size(entry: tuple[str, bytes]) -> int:
    """Return at most how many bytes an entry takes."""
    return ENTRY_OVERHEAD + len(entry[1])


def encode_value(value: object) -> bytes:
    """Return a value as data; nothing of one that has half a character in it, or a number that is too large."""
    try:
        return encode(value)
    except (ValueError, OverflowError, RecursionError):
        return b""


def decode_entries(content: bytes) -> dict[str, bytes]:
    """Return what `Kept.as_bytes` made: nothing if it is damaged."""
    digest, content = content[:DIGEST_SIZE], content[DIGEST_SIZE:]
    if hashlib.sha256(content).digest() != digest:
        return {}
    try:
        return Decoder(dict[str, bytes]).decode(content)
    except msgspec.DecodeError:
        return {}
