"""Hold lines of Markdown with the location of each of their characters, in content or in a template.

A line of a rendered template may hold stretches that were written in different files. Never reads a file.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from handouts.finding import Location


class Line(Struct, frozen=True):
    """One line without its end; `places` says from which column (from 0) on the text was written at which place."""

    text: str
    places: tuple[tuple[int, Location], ...]

    def at(self, column: int) -> Location:
        """Return the place of the character at `column`, which counts from 0."""
        start, span = next((each for each in reversed(self.places) if each[0] <= column), self.places[0])
        return Location(span.file, span.line, span.column + max(0, column - start))


Source: TypeAlias = tuple[Line, ...]


def source_from_text(text: str, file: str, first_line: int = 1) -> Source:
    """Return the lines of `text`, which begins at `first_line` of `file`."""
    return tuple(
        Line(line, ((0, Location(file, number, 1)),)) for number, line in enumerate(text.split("\n"), first_line)
    )
