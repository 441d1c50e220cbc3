"""Check that every document makes the key points of its topic, and list the parts that make each of them.

A document makes a point if a part that names it is in the document. Whether the words of that part really say it is for
a person to judge, in the table of `check --points`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from handouts.compose import Composition, respell_and_typeset
from handouts.finding import Finding, Location, error
from handouts.library import KeyPoint, Topic
from handouts.markdown import syntax_tree as tree
from handouts.markdown.syntax_tree import Blocks
from handouts.pipeline.options import Options
from handouts.select import SelectedPart, Selection

_SPACE_BEFORE_STOP = re.compile(r" (?=[.,;:])")
_CELL_SEPARATOR = " | "


class _PointPart(Struct, frozen=True):
    """A part that makes a point, as its reader sees it, with a text for each of its paragraphs, items and rows."""

    part: str
    texts: tuple[str, ...]
    at: Location


class _PointCoverage(Struct, frozen=True):
    """A point, and the parts of one document that make it; there are none if it is missing."""

    point: KeyPoint
    parts: tuple[_PointPart, ...]


class PointTable(Struct, frozen=True):
    """Which parts of one document make each point of its topic; `minutes` is the length of a shortened talk, or 0."""

    topic: str
    language: str
    audience: str
    template: str
    minutes: int
    points: tuple[_PointCoverage, ...]


def find_missing_points(
    topic: Topic, selection: Selection, compositions: Iterable[Composition], options: Options
) -> Iterator[Finding]:
    """Yield an error for each point that no part makes, and for each that is missing in a requested document.

    All documents are composed from `selection`; `topic` has the sections of all readers.
    """
    parts = (part for section in topic.languages[selection.language] for part in section.parts)
    named = {word.text for part in parts for word in part.makes}
    for point in topic.points:
        if point.id not in named:
            yield _missing_point_error(point, f"No part makes the point '{point.id}'.")
    for composition in _compositions_with_points(topic, compositions, options):
        length = f" of {composition.minutes} minutes" if composition.minutes else ""
        document = f"'{composition.template}'{length} for '{selection.audience.name}'"
        for point in topic.points:
            if point.id in named and not _parts_making_point(point, composition, selection):
                yield _missing_point_error(point, f"Nothing in {document} makes the point '{point.id}'.")


def _missing_point_error(point: KeyPoint, message: str) -> Finding:
    """Return the error for a point that no part, or no part of one document, makes."""
    hint = f'say it in a part that is shown there, and write makes="{point.id}" on the fence of that part'
    return error("missing-point", message, point.at, hint)


def _compositions_with_points(
    topic: Topic, compositions: Iterable[Composition], options: Options
) -> Iterator[Composition]:
    """Yield the compositions by requested templates that must make every point of their topic."""
    names = {word.text for word in topic.points_in}
    asked = names & set(options.template_names) if options.template_names else names
    return (each for each in compositions if each.template in asked)


def _parts_making_point(point: KeyPoint, composition: Composition, selection: Selection) -> tuple[SelectedPart, ...]:
    """Return the parts of a document that make a point, in the order of the content."""
    parts = (part for section in selection.sections for part in section.parts)
    return tuple(part for part in parts if point.id in part.makes and part.at in composition.makers)


# ---------------------------------------------------------------- tables


def make_point_tables(
    topic: Topic, selection: Selection, compositions: Iterable[Composition], options: Options
) -> Iterator[PointTable]:
    """Yield a table for each document by a requested template that must make the points of its topic."""
    for each in _compositions_with_points(topic, compositions, options) if topic.points else ():
        makers = ((point, _parts_making_point(point, each, selection)) for point in topic.points)
        points = tuple(
            _PointCoverage(point, tuple(_point_part_of(part, selection) for part in parts)) for point, parts in makers
        )
        yield PointTable(topic.name, selection.language, selection.audience.name, each.template, each.minutes, points)


def _point_part_of(part: SelectedPart, selection: Selection) -> _PointPart:
    """Return a part as its reader sees it."""
    return _PointPart(part.name, tuple(_texts_of_blocks(respell_and_typeset(part.blocks, selection))), part.at)


def _texts_of_blocks(blocks: Blocks) -> Iterator[str]:
    """Yield the words of each paragraph, item and heading, and of each row of a table, as one line of text."""
    for node in tree.walk_tree(blocks):
        match node:
            case tree.ParagraphNode() | tree.HeadingNode():
                text = tree.plain_text_of(node.content)
            case tree.TableNode():
                yield from (
                    _CELL_SEPARATOR.join(_single_line(tree.plain_text_of(cell.content)) for cell in row)
                    for row in node.rows
                )
                continue
            case _:
                continue
        if text.strip():
            yield _single_line(text)


def _single_line(text: str) -> str:
    """Return `text` on one line, with single spaces, and none where a citation was removed before a full stop."""
    return _SPACE_BEFORE_STOP.sub("", " ".join(text.split()))
