"""Explanations of finding codes as lines of text or as data for JSON.

Must never print.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import TextWrapper
from typing import TYPE_CHECKING

from handouts.finding import Finding, Location, error, is_error, raise_errors, suggest_name

if TYPE_CHECKING:
    from handouts.explain import Explanation


_SEVERITIES = {"error": "error", "warning": "warning", "both": "error or warning"}
_MAX_PROSE_WIDTH = 88  # columns in which prose is still easy to read
_MAX_HINTED_CODES = 3
_ALL_CODES_HINT = "handouts explain lists all of them, and all that can be written"


def prose_width(width: int) -> int:
    """Return in how many of `width` columns prose is set."""
    return min(width, _MAX_PROSE_WIDTH)


def wrap_words(text: str, width: int, first: str = "", further: str = "") -> list[str]:
    """Return the lines of a text; no word is broken, since it may be a name to type."""
    wrapper = TextWrapper(
        width, initial_indent=first, subsequent_indent=further, break_long_words=False, break_on_hyphens=False
    )
    return wrapper.wrap(text)


def check_names(known: Collection[str], names: Sequence[str]) -> tuple[str, ...]:
    """Return the names that are asked for, each once. HandoutError with the nearest one for each that there is not."""
    raise_errors(_unknown_name_error(name, known) for name in names if name not in known)
    return tuple(dict.fromkeys(names))


def _unknown_name_error(name: str, known: Collection[str]) -> Finding:
    """Return the finding for a name of which nothing is said."""
    hint = suggest_name(name, known)
    message = f"There is no '{name}', neither as a code nor as a block."
    return error("usage", message, Location("explain"), hint if hint.startswith("did") else _ALL_CODES_HINT)


def explanation_lines(entry: Explanation, width: int, *, allowable: bool) -> Iterator[str]:
    """Yield all that is said of one code; `allowable` codes can be allowed in place."""
    width = prose_width(width)
    yield from wrap_words(f"{entry.code} ({_SEVERITIES[entry.severity]}): {entry.what}", width)
    yield ""
    yield from _labelled_lines("why", entry.why, width)
    yield from _labelled_lines("mend", entry.mend, width)
    if allowable:
        hint = f'If it is right in one place, write [words]{{allow="{entry.code}" because="the reason"}} there.'
        yield from _labelled_lines("allow", hint, width)
    if entry.wrong:
        yield ""
        yield f"  wrong, {entry.place}:"
        yield from (f"    {line}".rstrip() for line in entry.wrong.rstrip().split("\n"))
        yield "  right:"
        yield from (f"    {line}".rstrip() for line in entry.right.rstrip().split("\n"))


def _labelled_lines(label: str, text: str, width: int) -> list[str]:
    """Return a text behind its label, the further lines below the text."""
    return wrap_words(f"  {label + ':':<7}{text}", width, further=" " * 9)


def listing_lines(entries: Iterable[Explanation], groups: Mapping[str, str], width: int) -> Iterator[str]:
    """Yield all codes, group by group, each with what it means."""
    width = prose_width(width)
    for group, members in groupby(entries, key=lambda entry: entry.group):
        yield groups[group]
        for entry in members:
            yield from listed_lines(entry.code, entry.what, width)
        yield ""
    yield from wrap_words("handouts explain CODE says why it matters and how to mend it.", width)
    yield ""


def listed_lines(name: str, what: str, width: int) -> list[str]:
    """Return one name with what it means."""
    column = 26
    if len(name) + 4 > column or width < 2 * column:
        return [f"  {name}", *wrap_words(what, width, first=" " * 6, further=" " * 6)]
    return wrap_words(f"  {name:<{column - 2}}{what}", width, further=" " * column)


def explain_hint(findings: Iterable[Finding]) -> str:
    """Return the line that points to what is said of the first codes of errors, or "" if there is none."""
    errors = (found.code for found in findings if is_error(found) and found.code != "usage")
    codes = list(dict.fromkeys(errors))[:_MAX_HINTED_CODES]
    return f"more about it: handouts explain {' '.join(codes)}" if codes else ""
