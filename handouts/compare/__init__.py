"""Compare what the audiences of a topic read: two of them sentence by sentence, or all of them by number of words.

Selections in, records out. Compares what was written, section by section and part by part, before a template
places it; fixed words, contacts and lists of sources are the same for all. Must never print.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.compare.alignment import LocatedSentence, SentencePair, align_sentences, count_words, located_sentences
from handouts.select import SelectedPart, SelectedSection, Selection

__all__ = [
    "AudienceComparison",
    "Balance",
    "ComparedPart",
    "ComparedSection",
    "Coverage",
    "LocatedSentence",
    "SentencePair",
    "compare_selections",
    "measure_balance",
]

_Difference: TypeAlias = Literal["same", "left", "right", "both"]


class ComparedPart(Struct, frozen=True):
    """One part as two readers read it, a row for each sentence of either."""

    name: str
    rows: tuple[SentencePair, ...]


class ComparedSection(Struct, frozen=True):
    """One section that at least one of two readers reads, and the file in which it was written."""

    id: str
    kind: str
    file: str
    parts: tuple[ComparedPart, ...]

    @property
    def rows(self) -> tuple[SentencePair, ...]:
        """All rows of its parts."""
        return tuple(row for part in self.parts for row in part.rows)

    @property
    def difference(self) -> _Difference:
        """Whether both read the same, one alone reads it, or each reads something of their own."""
        rows = self.rows
        if all(row.same for row in rows):
            return "same"
        if all(row.right is None for row in rows):
            return "left"
        return "right" if all(row.left is None for row in rows) else "both"


class AudienceComparison(Struct, frozen=True):
    """All of a topic as the audiences `left` and `right` read it."""

    topic: str
    language: str
    left: str
    right: str
    sections: tuple[ComparedSection, ...]

    @property
    def sentences(self) -> Mapping[_Difference, int]:
        """How many sentences both read alike (`same`), and how many one alone reads."""
        rows = [row for section in self.sections for row in section.rows]
        alone = [row for row in rows if not row.same]
        return {
            "same": len(rows) - len(alone),
            "left": sum(row.left is not None for row in alone),
            "right": sum(row.right is not None for row in alone),
        }


class Coverage(Struct, frozen=True):
    """How many words of a section, or of one of its parts, each audience reads; 0 where it reads none."""

    name: str
    words: tuple[int, ...]
    parts: tuple[Coverage, ...] = ()


class Balance(Struct, frozen=True):
    """What each audience gets of a topic."""

    topic: str
    language: str
    audiences: tuple[str, ...]
    sections: tuple[Coverage, ...]

    @property
    def whole(self) -> tuple[int, ...]:
        """The words that each audience reads of all sections."""
        return tuple(map(sum, zip(*(section.words for section in self.sections), strict=True)))


def compare_selections(left: Selection, right: Selection) -> AudienceComparison:
    """Return what the readers of two selections of one topic in one language read alike, and what each alone."""
    texts = {**left.texts, **right.texts}
    sections = tuple(
        ComparedSection(section.id, section.kind, section.at.file, _compare_parts(each, texts[section.at.file]))
        for section, each in _sections_side_by_side((left, right))
    )
    return AudienceComparison(left.topic.name, left.language, left.audience.name, right.audience.name, sections)


def _compare_parts(sections: Sequence[SelectedSection | None], written: str) -> tuple[ComparedPart, ...]:
    """Return the parts of one section, each sentence of one reader beside that of the other.

    `written` is the text of the file in which their places are.
    """
    return tuple(
        ComparedPart(
            name, align_sentences(*(located_sentences(part.blocks, written) if part else () for part in parts))
        )
        for name, parts in _parts_side_by_side(sections)
    )


def measure_balance(selections: Sequence[Selection]) -> Balance:
    """Return how many words of each section and part the readers of selections of one topic read."""
    first = selections[0]
    sections = tuple(_measure_coverage(section.id, each) for section, each in _sections_side_by_side(selections))
    audiences = tuple(each.audience.name for each in selections)
    return Balance(first.topic.name, first.language, audiences, sections)


def _measure_coverage(name: str, sections: Sequence[SelectedSection | None]) -> Coverage:
    """Return how many words of one section and of each of its parts each reader reads."""
    parts = tuple(
        Coverage(part, tuple(count_words(each.blocks) if each else 0 for each in parts))
        for part, parts in _parts_side_by_side(sections)
    )
    words = tuple(map(sum, zip(*(part.words for part in parts), strict=True)))
    return Coverage(name, words, parts)


# ---------------------------------------------------------------- what belongs together


def _sections_side_by_side(
    selections: Sequence[Selection],
) -> Iterator[tuple[SelectedSection, tuple[SelectedSection | None, ...]]]:
    """Yield each section that one of the readers reads, in the order of their files, as each of them reads it."""
    read = [{each.id: each for each in selection.sections} for selection in selections]
    known = {section.id: section for mine in read for section in mine.values()}
    for section in sorted(known.values(), key=lambda each: each.at):
        yield section, tuple(mine.get(section.id) for mine in read)


def _parts_side_by_side(
    sections: Sequence[SelectedSection | None],
) -> Iterator[tuple[str, tuple[SelectedPart | None, ...]]]:
    """Yield each part of a section that one of the readers reads, in the order of the file, as each reads it."""
    read = [{(part.name, part.templates): part for part in (section.parts if section else ())} for section in sections]
    keys = {key: part.at for mine in read for key, part in mine.items()}
    for key in sorted(keys, key=lambda each: keys[each]):
        yield key[0], tuple(mine.get(key) for mine in read)
