"""Numbers to call, in a typeface whose zero is open: people photograph them, and machines misread a slashed one.

Texts in, runs out; addresses of pages, which stand where a number would, are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import lru_cache

from msgspec.structs import replace

from handouts.document import Contacts, Document, walk
from handouts.text.breaking import Run
from handouts.text.fonts import FIGURES, NUMBERS, PRINT, Family

LEAST_DIGITS = 3
ANY_NUMBER = re.compile(r"(?<![\w/.])\+?\d(?:[\d\u00a0 -]*\d)?(?![\w/%])")
LONG_NUMBER = re.compile(r"(?<![\w/.])(?:\+\d|0)\d*(?:[\u00a0 -]\d+)+(?![\w/%])")  # such as 0808 2000 247
DIGITS = re.compile(r"\d+")
ADDRESS = re.compile(r"[^\W\d_]\.[^\W\d_]")


def numbers_called(document: Document) -> frozenset[str]:
    """Return the numbers that a document tells its reader to call, wherever it comes from."""
    lines = [line.number for column in document.crisis.columns for line in column.lines if not line.own]
    listed = [contact for node in walk(document.blocks) if isinstance(node, Contacts) for contact in node.contacts]
    numbers = (*lines, *(contact.number for contact in listed if not contact.own))
    return frozenset(with_spaces(each) for each in numbers if each and family_of(each) is NUMBERS)


def with_spaces(number: str) -> str:
    """Return a number as it is typed."""
    return number.replace("\u00a0", " ")


def family_of(number: str) -> Family:
    """Return what stands where a number is printed is set in: the address of a page as other words are."""
    return PRINT if ADDRESS.search(number) or not any(each.isdigit() for each in number) else NUMBERS


def number_runs(run: Run, called: Set[str]) -> Iterator[Run]:
    """Yield `run` with the numbers in it that are `called`, or that are long enough to be nothing else, set as such."""
    if not any(each.isdigit() for each in run.text):
        yield run
        return
    yield from split_at(run, called_pattern(frozenset(called)), NUMBERS)


def said_runs(run: Run) -> Iterator[Run]:
    """Yield `run`, which says how a line is reached, with every number of three digits or more set as one to call."""
    yield from split_at(run, ANY_NUMBER, NUMBERS, least=LEAST_DIGITS)


def copied_runs(run: Run) -> Iterator[Run]:
    """Yield `run` with its figures set so that a copy of a copy can be read."""
    yield from split_at(run, DIGITS, run.family or FIGURES)


def split_at(run: Run, pattern: re.Pattern[str], family: Family, *, least: int = 0) -> Iterator[Run]:
    """Yield `run` with what `pattern` finds in it, if that has at `least` so many digits, set in `family`."""
    start = 0
    for found in pattern.finditer(run.text):
        if sum(each.isdigit() for each in found[0]) < least:
            continue
        if found.start() > start:
            yield replace(run, text=run.text[start : found.start()])
        yield replace(run, text=found[0].replace(" ", "\u00a0"), family=family)
        start = found.end()
    if start < len(run.text):
        yield replace(run, text=run.text[start:])


# The numbers of one country stand in all its files.
@lru_cache(maxsize=16)
def called_pattern(called: frozenset[str]) -> re.Pattern[str]:
    """Return what finds the numbers that are `called`, and those that are long enough to be nothing else."""
    known = [
        re.escape(each).replace(r"\ ", "[ \u00a0]") for each in sorted(called, key=lambda each: (-len(each), each))
    ]
    return re.compile("|".join((*(rf"(?<![\w.-]){each}(?![\w-])" for each in known), LONG_NUMBER.pattern)))
