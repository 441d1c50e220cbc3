"""Which words make each point of a topic in, a table for each document for a terminal or data for JSON out.

Prints nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handouts.build.points import MadePoint, Maker, PointsTable

MISSING = "MISSING"
INDENT = "  "


def points_lines(tables: Sequence[PointsTable], width: int) -> Iterator[str]:
    """Yield the points of each document with the words that make each, and at the end how many are made in which."""
    for table in tables:
        yield from (*table_lines(table, width), "")
    yield from count_lines(tables, width)


def table_lines(table: PointsTable, width: int) -> Iterator[str]:
    """Yield each point of one document: its id and its sentence, and below them the parts that make it."""
    title = f"{table.topic} ({table.language}), for {table.audience}: {document_name(table)}"
    yield from wrap(title, width)
    yield "=" * min(len(title), width)
    for made in table.points:
        yield ""
        yield from point_lines(made, width)


def point_lines(made: MadePoint, width: int) -> Iterator[str]:
    """Yield one point with the parts that make it, or that it is missing."""
    mark = "" if made.makers else f"{MISSING}  "
    yield from wrap(f"{mark}{made.point.id}: {made.point.sentence}", width, subsequent_indent=INDENT)
    for maker in made.makers:
        yield from maker_lines(maker, width)


def maker_lines(maker: Maker, width: int) -> Iterator[str]:
    """Yield where a part stands, and its words."""
    yield f"{INDENT}{maker.at.file}:{maker.at.line} ({maker.part})"
    for text in maker.texts:
        yield from wrap(text, width, initial_indent=INDENT + "| ", subsequent_indent=INDENT + "| ")


def count_lines(tables: Sequence[PointsTable], width: int) -> Iterator[str]:
    """Yield how many points each document makes."""
    names = [f"{table.topic} ({table.language}), {table.audience}, {document_name(table)}" for table in tables]
    longest = max(map(len, names), default=0)
    yield "Points made:"
    for name, table in zip(names, tables, strict=True):
        missing = sum(not made.makers for made in table.points)
        counts = f"{len(table.points) - missing} of {len(table.points)}{f', {missing} {MISSING}' if missing else ''}"
        padded = f"{name:<{longest}}" if longest + len(counts) + 2 * len(INDENT) <= width else name
        yield from wrap(f"{padded}  {counts}", width, initial_indent=INDENT, subsequent_indent=2 * INDENT)


def document_name(table: PointsTable) -> str:
    """Return how a document is called: by its template, and by the length of a shortened talk."""
    return f"{table.template}, {table.minutes} minutes" if table.minutes else table.template


def points_as_data(table: PointsTable) -> dict[str, object]:
    """Return one document's points as JSON has them."""
    return {
        "topic": table.topic,
        "language": table.language,
        "audience": table.audience,
        "template": table.template,
        "minutes": table.minutes,
        "points": [
            {
                "id": made.point.id,
                "sentence": made.point.sentence,
                "made": bool(made.makers),
                "by": [maker_as_data(maker) for maker in made.makers],
            }
            for made in table.points
        ],
    }


def maker_as_data(maker: Maker) -> dict[str, object]:
    """Return a part that makes a point as JSON has it."""
    return {"part": maker.part, "texts": list(maker.texts), "file": maker.at.file, "line": maker.at.line}
