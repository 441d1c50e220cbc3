"""What a name of content that is no code of a finding stands for: a figure, a kind of section, or a part of one.

The kinds of section in, lines for a terminal out. Prints nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from handouts.cli.explaining import WIDEST, labelled, wrap
from handouts.figures import FIGURE_KINDS

if TYPE_CHECKING:
    from handouts.library import PartKind, SectionKind

GUIDE = "docs/writing.md has an example of each."


def names_lines(name: str, kinds: Mapping[str, SectionKind], width: int) -> tuple[str, ...]:
    """Return what is said of a name, as all that it stands for; nothing if it stands for nothing."""
    width = min(width, WIDEST)
    kind = kinds.get(name)
    holders = [each for each in kinds.values() if name in each.parts]
    return (
        *(figure_lines(name, width) if name in FIGURE_KINDS else ()),
        *(kind_lines(kind, width) if kind else ()),
        *(part_lines(name, holders, width) if holders else ()),
    )


def figure_lines(name: str, width: int) -> Iterator[str]:
    """Yield which words a figure takes."""
    kind = FIGURE_KINDS[name]
    yield f'{name} (figure): ::: {{.figure name="{name}"}}, and in it a list such as - {kind.required[0]}: words'
    yield ""
    yield from labelled("needs", ", ".join(kind.required), width)
    if kind.optional:
        yield from labelled("takes", ", ".join(kind.optional), width)
    yield from wrap(f"  {GUIDE}", width)


def kind_lines(kind: SectionKind, width: int) -> Iterator[str]:
    """Yield which parts a kind of section has."""
    yield f"{kind.name} (kind of section): # Its name {{.{kind.name} #id}}, and below it these parts"
    yield ""
    for part in kind.parts.values():
        yield from wrap(f"  ::: {{.{part.name}}}  {said_of(part)}", width, further=" " * 6)
    yield from wrap(f"  {GUIDE}", width)


def part_lines(name: str, holders: list[SectionKind], width: int) -> Iterator[str]:
    """Yield what a part holds in each kind of section that has it."""
    yield f"{name} (part of a section): ::: {{.{name}}}, its words, and :::"
    yield ""
    for kind in holders:
        yield from wrap(f"  in a {kind.name}: {said_of(kind.parts[name])}", width, further=" " * 6)


def said_of(part: PartKind) -> str:
    """Return what a part is for, and whether each reader needs it."""
    return f"{part.what}{' Each reader needs it.' if part.required else ''}"
