"""What a project has and lacks, as lines of text, or as data for JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handouts.pipeline.diagnosis import DiagnosisEntry

_STATES: Mapping[str, str] = {"good": "good", "open": "to do", "wrong": "WRONG"}
_INDENT = 18


def diagnosis_lines(entries: Iterable[DiagnosisEntry], width: int) -> Iterator[str]:
    """Yield each entry with its state, and below it what to do, in lines of at most `width` letters."""
    for each in entries:
        head = f"{_STATES[each.state]:6} {each.name:11}"
        yield from _wrapped(each.text, head, width)
        if each.hint:
            yield from _wrapped(f"-> {each.hint}", " " * _INDENT, width)


def _wrapped(text: str, head: str, width: int) -> list[str]:
    """Return a text in lines, the first of them after `head`."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=head,
        subsequent_indent=" " * _INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def diagnosis_as_data(entries: Iterable[DiagnosisEntry]) -> list[dict[str, str]]:
    """Return entries as data for JSON."""
    return [{"name": each.name, "state": each.state, "text": each.text, "hint": each.hint} for each in entries]
