"""What codes of findings mean in, lines for a terminal or data for JSON out. Prints nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import TextWrapper
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from handouts.finding import Finding, Location, error, is_error, raise_errors, suggest_name

if TYPE_CHECKING:
    from handouts.explain import Explanation

SEVERITIES = {"error": "error", "warning": "warning", "both": "error or warning"}
WIDEST = 88  # columns in which prose is still easy to read
MOST_CODES = 3
ALL_CODES = "handouts explain lists all of them; it also knows figures, kinds of section and their parts"


def wrap(text: str, width: int, first: str = "", further: str = "") -> list[str]:
    """Return the lines of a text; no word is broken, since it may be a name to type."""
    wrapper = TextWrapper(
        width, initial_indent=first, subsequent_indent=further, break_long_words=False, break_on_hyphens=False
    )
    return wrapper.wrap(text)


def chosen_from(known: Collection[str], codes: Sequence[str]) -> tuple[str, ...]:
    """Return the codes that are asked for, each once. HandoutError with the nearest one for each that there is not."""
    raise_errors(unknown(code, known) for code in codes if code not in known)
    return tuple(dict.fromkeys(codes))


def unknown(code: str, known: Collection[str]) -> Finding:
    """Return the finding for a code that there is not."""
    hint = suggest_name(code, known)
    message = f"There is no code '{code}'."
    return error("usage", message, Location("explain"), hint if hint.startswith("did") else ALL_CODES)


def explanation_lines(entry: Explanation, width: int, *, allowable: bool) -> Iterator[str]:
    """Yield all that is said of one code; `allowable` codes can be allowed in place."""
    width = min(width, WIDEST)
    yield from wrap(f"{entry.code} ({SEVERITIES[entry.severity]}): {entry.what}", width)
    yield ""
    yield from labelled("why", entry.why, width)
    yield from labelled("mend", entry.mend, width)
    if allowable:
        hint = f'If it is right in one place, write [words]{{allow="{entry.code}" because="the reason"}} there.'
        yield from labelled("allow", hint, width)
    if entry.wrong:
        yield ""
        yield f"  wrong, {entry.place}:"
        yield from (f"    {line}".rstrip() for line in entry.wrong.rstrip().split("\n"))
        yield "  right:"
        yield from (f"    {line}".rstrip() for line in entry.right.rstrip().split("\n"))


def labelled(label: str, text: str, width: int) -> list[str]:
    """Return a text behind its label, the further lines below the text."""
    return wrap(f"  {label + ':':<7}{text}", width, further=" " * 9)


def listing_lines(entries: Iterable[Explanation], groups: Mapping[str, str], width: int) -> Iterator[str]:
    """Yield all codes, group by group, each with what it means."""
    width = min(width, WIDEST)
    for group, members in groupby(entries, key=lambda entry: entry.group):
        yield groups[group]
        for entry in members:
            yield from listed(entry, width)
        yield ""
    yield from wrap("handouts explain CODE says why it matters and how to mend it.", width)


def listed(entry: Explanation, width: int) -> list[str]:
    """Return one code with what it means."""
    column = 26
    if len(entry.code) + 4 > column or width < 2 * column:
        return [f"  {entry.code}", *wrap(entry.what, width, first=" " * 6, further=" " * 6)]
    return wrap(f"  {entry.code:<{column - 2}}{entry.what}", width, further=" " * column)


def explanation_as_data(entry: Explanation, *, allowable: bool) -> dict[str, object]:
    """Return what is said of one code as JSON has it."""
    return {**asdict(entry), "where": entry.place, "allow": "in place" if allowable else "never"}


def says_more(findings: Iterable[Finding]) -> str:
    """Return the line that points to what is said of the first codes of errors, or "" if there is none."""
    errors = (found.code for found in findings if is_error(found) and found.code != "usage")
    codes = list(dict.fromkeys(errors))[:MOST_CODES]
    return f"more about it: handouts explain {' '.join(codes)}" if codes else ""
