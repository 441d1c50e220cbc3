"""The names that can be written in a file, for completion: parts, audiences, terms, sources, signs, blocks and more.

A Library and a section come in, lists of names with what each means come out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handouts.editor.block_places import blocks_that_fit, place_for_block
from handouts.explain.block_entries import BlockEntry, block_entries, sign_words
from handouts.library import Library, Section
from handouts.markdown.part_forms import part_heading

_Named = list[dict[str, str]]
_HEADING_SIGNS, _BETWEEN_PARAGRAPHS, _IN_SENTENCES = "## ", "\n\n", "sentence"


def names_in(library: Library, section: Section | None) -> dict[str, _Named]:
    """Return the names that can be written in a section, or in a file that is none, by what they name."""
    kind = library.kinds.get(section.kind) if section else None
    topic = next((each for each in library.topics.values() if section and _holds(each.languages, section)), None)
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
    """Return the blocks that can be added at a line of a section, and where: the part, its readers, and the line above.

    There are none where no part of the section holds blocks. `audience` is who reads what is looked at.
    """
    place = place_for_block(section, line, audience)
    if place is None:
        return {"blocks": [], "part": "", "audiences": [], "line": line}
    fitting = blocks_that_fit(block_entries(), library, section, place.part)
    return {
        "blocks": list(map(_block_as_data, fitting)),
        "part": _heading_of(place.part.name),
        "audiences": list(place.part.audiences),
        "line": place.line,
    }


def _block_as_data(entry: BlockEntry) -> dict[str, str]:
    """Return a block with its sample as data for JSON, without paragraphs that cite a source of another project."""
    text = _BETWEEN_PARAGRAPHS.join(
        each for each in entry.paste.split(_BETWEEN_PARAGRAPHS) if entry.group == _IN_SENTENCES or "[@" not in each
    )
    return {"name": entry.name, "label": entry.what, "group": entry.group, "text": text}


def _heading_of(part: str) -> str:
    """Return a part as its heading names it."""
    return part_heading(part)[len(_HEADING_SIGNS) :]


def _holds(languages: object, section: Section) -> bool:
    """True if one of the languages of a topic holds a section."""
    return isinstance(languages, dict) and any(section in sections for sections in languages.values())


def _named(pairs: Iterable[tuple[str, str]]) -> _Named:
    """Return names with what they mean, as data for JSON."""
    return [{"name": name, "label": " ".join(label.split())} for name, label in pairs]
