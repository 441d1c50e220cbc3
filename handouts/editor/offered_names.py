"""The names that can be written in a file, for completion: parts, audiences, terms, sources, signs, blocks and more.

A Library and a section come in, lists of names with what each means come out.
"""

from __future__ import annotations

from collections.abc import Iterable

from handouts.explain.block_entries import block_entries, sign_words
from handouts.library import Library, Section
from handouts.markdown.part_headings import part_heading

_Named = list[dict[str, str]]
_HEADING_SIGNS = "## "


def names_in(library: Library, section: Section | None) -> dict[str, _Named]:
    """Return the names that can be written in a section, or in a file that is none, by what they name."""
    kind = library.kinds.get(section.kind) if section else None
    topic = next((each for each in library.topics.values() if section and _holds(each.languages, section)), None)
    return {
        "parts": _named((part_heading(each.name)[len(_HEADING_SIGNS) :], each.what) for each in kind.parts.values())
        if kind
        else [],
        "audiences": _named(
            (each.name, each.title)
            for each in library.audiences.values()
            if topic is None or each.name in topic.audiences
        ),
        "terms": _named((each.name, each.means) for each in library.terms.values()),
        "sources": _named((key, each.title) for key, each in library.sources.items()),
        "signs": _named(sign_words().items()),
        "blocks": [
            {"name": each.name, "label": each.what, "group": each.group, "text": each.paste} for each in block_entries()
        ],
        "points": _named((each.id, each.sentence) for each in topic.points) if topic else [],
        "templates": _named((each, "") for each in library.templates),
        "pictures": _named((each, "") for each in library.pictures),
    }


def _holds(languages: object, section: Section) -> bool:
    """True if one of the languages of a topic holds a section."""
    return isinstance(languages, dict) and any(section in sections for sections in languages.values())


def _named(pairs: Iterable[tuple[str, str]]) -> _Named:
    """Return names with what they mean, as data for JSON."""
    return [{"name": name, "label": " ".join(label.split())} for name, label in pairs]
