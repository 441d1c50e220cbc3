"""Explain what can be written: each block, figure, field and sign, with text to paste.

The entries are YAML files in `blocks/`, shipped with the program and trusted; docs/gallery.md is made of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

_BLOCKS_FOLDER = Path(__file__).parent / "blocks"
SIGNS = "signs"
# The files of entries in the order in which they are listed, and what each is about.
BLOCK_GROUPS: Mapping[str, str] = {
    "sentence": "Inside a sentence",
    "blocks": "Blocks of a text",
    "figures": "Figures",
    "fields": "Fields of a worksheet",
}


class BlockEntry(Struct, frozen=True):
    """What one block is, and the text to paste.

    `takes` says what may stand in its braces, `keys` which words a figure has (those in brackets may be left out), and
    `limits` what else to know.
    """

    name: str
    group: str
    what: str
    paste: str
    takes: Mapping[str, str] = {}
    keys: Mapping[str, str] = {}
    limits: tuple[str, ...] = ()


def block_entries() -> tuple[BlockEntry, ...]:
    """Return what is said of each block, group by group."""
    return tuple(
        BlockEntry(name, group, **{**said, "limits": tuple(said.get("limits", ()))})
        for group in BLOCK_GROUPS
        for name, said in _load_file(group).items()
    )


def sign_words() -> Mapping[str, str]:
    """Return for each sign what it shows, in words for those who cannot see it."""
    return _load_file(SIGNS)


def _load_file(name: str) -> dict[str, Any]:
    """Return what one file says."""
    import yaml

    said: dict[str, Any] = yaml.safe_load((_BLOCKS_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return said
