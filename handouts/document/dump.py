"""A Document as indented text, a line a node, which tests compare; and a hash of a node with all that it holds."""

from __future__ import annotations

import hashlib
from typing import Any

from msgspec import Struct, msgpack


def dump(node: Any, depth: int = 0) -> str:
    """Return `node` as indented text, a line a node, with every field but the place; a tuple in a tuple is a dash."""
    indent = "  " * depth
    if isinstance(node, tuple):
        return "".join(
            f"{indent}-\n{dump(child, depth + 1)}" if isinstance(child, tuple) else dump(child, depth) for child in node
        )
    if not isinstance(node, Struct):
        return f"{indent}{_dumped_value(node)}\n"
    simple, nested = [], []
    for name in node.__struct_fields__:
        value = getattr(node, name)
        if name == "at" or value in ("", (), None):
            continue
        if isinstance(value, tuple | Struct):
            nested.append(f"{indent}  .{name}\n{dump(value, depth + 2)}")
        else:
            simple.append(f" {name}={_dumped_value(value)}")
    return f"{indent}{type(node).__name__}{''.join(simple)}\n{''.join(nested)}"


def fingerprint(value: object) -> bytes:
    """Return a hash of `value` with all that it holds, locations included, by which equal nodes are told apart."""
    return hashlib.sha256(msgpack.encode(value)).digest()


def _dumped_value(value: object) -> str:
    """Return a value as `dump` shows it: bytes by their length and a hash."""
    if isinstance(value, bytes):
        return f"<{len(value)} bytes {hashlib.sha256(value).hexdigest()[:16]}>"
    return repr(value)
