"""Say what can be written at a place of a section: names, for completion, and blocks, with where they are inserted.

A Library and a section come in, data for JSON comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from handouts.explain import BlockEntry, block_entries, sign_words
from handouts.library import Library, Part, Section
from handouts.markdown.document_blocks import BLOCK_CLASSES
from handouts.markdown.part_forms import part_heading
from handouts.markdown.syntax_tree import Block, Div

_Named = list[dict[str, str]]
_HEADING_SIGNS, _BETWEEN_PARAGRAPHS, _IN_SENTENCES = "## ", "\n\n", "sentence"
_FIELDS = "fields"  # the group of blocks that are filled in on paper
_SHEETS = ("worksheet", "form")  # kinds of section whose text stands on a sheet to fill in, in its column
_WIDE_BLOCKS = ("fork", "cut", "contacts")  # what needs the width of a page
_OF_CONTENT_FILES = ("picture",)  # what needs a file; it is dropped into the text
_LONE_FENCE, _BEGINS = re.compile(r"\s*:{3,}\s*"), re.compile(r"#|:{3}")


def names_in(library: Library, section: Section | None) -> dict[str, _Named]:
    """Return the names that can be written in a section, or in another file if that is None, by kind."""
    kind = library.kinds.get(section.kind) if section else None
    topics = library.topics.values()
    topic = next((each for each in topics for sections in each.languages.values() if section in sections), None)
    return {
        "parts": _named((_heading_of(each.name), each.what) for each in kind.parts.values()) if kind else [],
        "audiences": _named(
            (each.name, each.title)
            for each in library.audiences.values()
            if topic is None or each.name in topic.audiences
        ),
        "terms": _named((each.name, each.means) for each in library.terms.values()),
        "sources": _named((key, each.title) for key, each in library.sources.items()),
        "signs": _named(sign_words().items()),
        "blocks": list(map(_block_as_data, block_entries())),
        "points": _named((each.id, each.sentence) for each in topic.points) if topic else [],
        "templates": _named((each, "") for each in library.templates),
        "pictures": _named((each, "") for each in library.pictures),
    }


def blocks_at(library: Library, section: Section, line: int, audience: str) -> dict[str, Any]:
    """Return the blocks that can be added for a cursor in a line, and where: the part, its readers, and the line above.

    The list is empty if no part of the section holds blocks. `audience` is the one whose pages are shown.
    """
    place = _place_for_block(section, line, audience)
    if place is None:
        return {"blocks": [], "part": "", "audiences": [], "line": line}
    fitting = _blocks_that_fit(block_entries(), library, section, place.part)
    return {
        "blocks": list(map(_block_as_data, fitting)),
        "part": _heading_of(place.part.name),
        "audiences": list(place.part.audiences),
        "line": place.line,
    }


def _block_as_data(entry: BlockEntry) -> dict[str, str]:
    """Return a block and its sample as data for JSON, without paragraphs that cite sources of another project."""
    text = _BETWEEN_PARAGRAPHS.join(
        each for each in entry.paste.split(_BETWEEN_PARAGRAPHS) if entry.group == _IN_SENTENCES or "[@" not in each
    )
    return {"name": entry.name, "label": entry.what, "group": entry.group, "text": text}


def _heading_of(part: str) -> str:
    """Return the name of a part as its heading has it."""
    return part_heading(part)[len(_HEADING_SIGNS) :]


def _named(pairs: Iterable[tuple[str, str]]) -> _Named:
    """Return names and their meanings as data for JSON."""
    return [{"name": name, "label": " ".join(label.split())} for name, label in pairs]


# ---------------------------------------------------------------- where a block is inserted


class _BlockPlace(Struct, frozen=True):
    """The part that a block is added to, and the line below which it is inserted."""

    part: Part
    line: int


def _place_for_block(section: Section, line: int, audience: str) -> _BlockPlace | None:
    """Return where to insert a block for a cursor in a line: below the paragraph or block around it.

    If the part there holds a single sentence, this is the next part that holds blocks: one for `audience`, whose pages
    are shown, or else for other readers of the part. None if no part of the section holds blocks.
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


def _blocks_that_fit(
    entries: Iterable[BlockEntry], library: Library, section: Section, part: Part
) -> Iterator[BlockEntry]:
    """Yield the block entries that a part can hold."""
    kind = library.kinds[section.kind]
    template = library.templates.get(kind.parts[part.name].required_by)
    on_slides = kind.timed and (template is None or template.renderer == "pptx")
    for each in entries:
        wide = section.kind in _SHEETS and each.name in _WIDE_BLOCKS
        if not wide and not (on_slides and each.group == _FIELDS) and each.name not in _OF_CONTENT_FILES:
            yield each


def _is_text(line: str) -> bool:
    """True if a line is neither blank nor the end of a fence."""
    return bool(line.strip()) and not _LONE_FENCE.fullmatch(line)


def _end_of_block(blocks: Sequence[Block], line: int) -> int:
    """Return the last line of the fenced block around a line, 0 if there is none.

    Fences that only say who reads their content are ignored.
    """
    for each in blocks:
        if isinstance(each, Div) and each.at.line <= line <= each.end.line:
            return each.end.line if each.attributes.kind in BLOCK_CLASSES else _end_of_block(each.blocks, line)
    return 0


def _end_of_paragraph(lines: Sequence[str], line: int) -> int:
    """Return the last line of the paragraph around a line; a blank line is returned as it is."""
    if _LONE_FENCE.fullmatch(lines[line - 1]):
        line -= 1
    while line < len(lines) and _is_text(lines[line - 1]) and _is_text(lines[line]) and not _BEGINS.match(lines[line]):
        line += 1
    return line
