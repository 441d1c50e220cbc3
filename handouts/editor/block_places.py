"""Say where a block goes that a writer adds at a line of a section, and which blocks fit there.

A section and a line come in; the part that takes the block, the line below which it stands, and the blocks that this
part can hold come out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from handouts.explain.block_entries import BlockEntry
from handouts.library import Library, Part, Section
from handouts.markdown.document_blocks import BLOCK_CLASSES
from handouts.markdown.syntax_tree import Block, Div

_FIELDS = "fields"  # the group of blocks that are filled in on paper
_SHEETS = ("worksheet", "form")  # kinds of section whose text stands on a sheet to fill in, in its column
_WIDE_BLOCKS = ("fork", "cut", "contacts")  # what needs the width of a page
_OF_CONTENT_FILES = ("picture",)  # what needs a file; it is dropped into the text
_LONE_FENCE, _BEGINS = re.compile(r"\s*:{3,}\s*"), re.compile(r"#|:{3}")


class _BlockPlace(Struct, frozen=True):
    """The part that takes a block, and the line of its file below which the block stands."""

    part: Part
    line: int


def place_for_block(section: Section, line: int, audience: str) -> _BlockPlace | None:
    """Return where a block goes that is added at a line: below the paragraph or block in which that is.

    If its part holds one sentence only, the block goes to the next part for `audience`, who reads what is looked at, or
    for others of its readers. None if no part holds blocks.
    """
    lines = section.text.split("\n")
    line = min(max(line, 1), len(lines))
    starts = sorted(section.parts, key=lambda each: each.at.line)
    here = next((each for each in reversed(starts) if each.at.line <= line), None)
    readers = here.audiences if here else (audience,)
    able = [each for each in starts if each.holds == "blocks"]
    on_view = [each for each in able if audience in readers and audience in each.audiences]
    theirs = on_view or [each for each in able if {*readers}.intersection(each.audiences)] or able
    part = here if here in able else next((each for each in theirs if each.at.line > line), next(iter(theirs), None))
    if part is None:
        return None
    end = min((each.at.line for each in starts if each.at.line > part.at.line), default=len(lines) + 1)
    texts = [number for number in range(part.at.line + 1, end) if _is_text(lines[number - 1])]
    if part is not here:
        line = texts[-1] if texts else part.at.line
    elif line == part.at.line:
        line = texts[0] if texts else line
    return _BlockPlace(part, _end_of_block(part.blocks, line) or _end_of_paragraph(lines, line))


def blocks_that_fit(
    entries: Iterable[BlockEntry], library: Library, section: Section, part: Part
) -> Iterator[BlockEntry]:
    """Yield the blocks in lines of their own that a part can hold."""
    kind = library.kinds[section.kind]
    template = library.templates.get(kind.parts[part.name].required_by)
    on_slides = kind.timed and (template is None or template.renderer == "pptx")
    for each in entries:
        wide = section.kind in _SHEETS and each.name in _WIDE_BLOCKS
        if not wide and not (on_slides and each.group == _FIELDS) and each.name not in _OF_CONTENT_FILES:
            yield each


def _is_text(line: str) -> bool:
    """True if a line holds more than space, and is not the end of a fence."""
    return bool(line.strip()) and not _LONE_FENCE.fullmatch(line)


def _end_of_block(blocks: Sequence[Block], line: int) -> int:
    """Return the last line of the fenced block around a line, 0 if there is none; a fence for some readers is none."""
    for each in blocks:
        if isinstance(each, Div) and each.at.line <= line <= each.end.line:
            return each.end.line if each.attributes.kind in BLOCK_CLASSES else _end_of_block(each.blocks, line)
    return 0


def _end_of_paragraph(lines: Sequence[str], line: int) -> int:
    """Return the last line of the paragraph around a line; a line between two paragraphs is its own."""
    if _LONE_FENCE.fullmatch(lines[line - 1]):
        line -= 1
    while line < len(lines) and _is_text(lines[line - 1]) and _is_text(lines[line]) and not _BEGINS.match(lines[line]):
        line += 1
    return line
