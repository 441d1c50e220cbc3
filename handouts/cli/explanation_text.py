"""Explanations of finding codes, figures, section kinds and parts as lines of text or as data for JSON.

Must never print.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import TextWrapper
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from handouts.figures import FIGURE_KINDS
from handouts.finding import Finding, Location, error, is_error, raise_errors, suggest_name
from handouts.markdown.part_headings import part_heading

if TYPE_CHECKING:
    from handouts.explain import Explanation
    from handouts.library import PartKind, SectionKind


_SEVERITIES = {"error": "error", "warning": "warning", "both": "error or warning"}
_MAX_PROSE_WIDTH = 88  # columns in which prose is still easy to read
_MAX_HINTED_CODES = 3
_ALL_CODES_HINT = "handouts explain lists all of them; it also knows figures, kinds of section and their parts"


def _wrap_words(text: str, width: int, first: str = "", further: str = "") -> list[str]:
    """Return the lines of a text; no word is broken, since it may be a name to type."""
    wrapper = TextWrapper(
        width, initial_indent=first, subsequent_indent=further, break_long_words=False, break_on_hyphens=False
    )
    return wrapper.wrap(text)


def check_codes(known: Collection[str], codes: Sequence[str]) -> tuple[str, ...]:
    """Return the codes that are asked for, each once. HandoutError with the nearest one for each that there is not."""
    raise_errors(_unknown_code_error(code, known) for code in codes if code not in known)
    return tuple(dict.fromkeys(codes))


def _unknown_code_error(code: str, known: Collection[str]) -> Finding:
    """Return the finding for a code that there is not."""
    hint = suggest_name(code, known)
    message = f"There is no code '{code}'."
    return error("usage", message, Location("explain"), hint if hint.startswith("did") else _ALL_CODES_HINT)


def explanation_lines(entry: Explanation, width: int, *, allowable: bool) -> Iterator[str]:
    """Yield all that is said of one code; `allowable` codes can be allowed in place."""
    width = min(width, _MAX_PROSE_WIDTH)
    yield from _wrap_words(f"{entry.code} ({_SEVERITIES[entry.severity]}): {entry.what}", width)
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
    return _wrap_words(f"  {label + ':':<7}{text}", width, further=" " * 9)


def listing_lines(entries: Iterable[Explanation], groups: Mapping[str, str], width: int) -> Iterator[str]:
    """Yield all codes, group by group, each with what it means."""
    width = min(width, _MAX_PROSE_WIDTH)
    for group, members in groupby(entries, key=lambda entry: entry.group):
        yield groups[group]
        for entry in members:
            yield from _listed_lines(entry, width)
        yield ""
    yield from _wrap_words("handouts explain CODE says why it matters and how to mend it.", width)


def _listed_lines(entry: Explanation, width: int) -> list[str]:
    """Return one code with what it means."""
    column = 26
    if len(entry.code) + 4 > column or width < 2 * column:
        return [f"  {entry.code}", *_wrap_words(entry.what, width, first=" " * 6, further=" " * 6)]
    return _wrap_words(f"  {entry.code:<{column - 2}}{entry.what}", width, further=" " * column)


def explanation_as_data(entry: Explanation, *, allowable: bool) -> dict[str, object]:
    """Return what is said of one code as data for JSON."""
    return {**asdict(entry), "where": entry.place, "allow": "in place" if allowable else "never"}


def explain_hint(findings: Iterable[Finding]) -> str:
    """Return the line that points to what is said of the first codes of errors, or "" if there is none."""
    errors = (found.code for found in findings if is_error(found) and found.code != "usage")
    codes = list(dict.fromkeys(errors))[:_MAX_HINTED_CODES]
    return f"more about it: handouts explain {' '.join(codes)}" if codes else ""


_GUIDE_HINT = "docs/writing.md has an example of each."


def content_name_lines(name: str, kinds: Mapping[str, SectionKind], width: int) -> tuple[str, ...]:
    """Return what is said of a name, as all that it stands for; nothing if it stands for nothing."""
    width = min(width, _MAX_PROSE_WIDTH)
    kind = kinds.get(name)
    holders = [each for each in kinds.values() if name in each.parts]
    return (
        *(_figure_lines(name, width) if name in FIGURE_KINDS else ()),
        *(_kind_lines(kind, width) if kind else ()),
        *(_part_lines(name, holders, width) if holders else ()),
    )


def _figure_lines(name: str, width: int) -> Iterator[str]:
    """Yield which words a figure takes."""
    kind = FIGURE_KINDS[name]
    yield f'{name} (figure): ::: {{.figure name="{name}"}}, and in it a list such as - {kind.required[0]}: words'
    yield ""
    yield from _labelled_lines("needs", ", ".join(kind.required), width)
    if kind.optional:
        yield from _labelled_lines("takes", ", ".join(kind.optional), width)
    yield from _wrap_words(f"  {_GUIDE_HINT}", width)


def _kind_lines(kind: SectionKind, width: int) -> Iterator[str]:
    """Yield which parts a kind of section has."""
    yield f"{kind.name} (kind of section): # Its name {{.{kind.name} #id}}, and below it these parts"
    yield ""
    for part in kind.parts.values():
        yield from _wrap_words(f"  {part_heading(part.name)}: {_part_summary(part)}", width, further=" " * 6)
    yield from _wrap_words(f"  {_GUIDE_HINT}", width)


def _part_lines(name: str, holders: list[SectionKind], width: int) -> Iterator[str]:
    """Yield what a part holds in each kind of section that has it."""
    yield f"{name} (part of a section): {part_heading(name)} on a line of its own, and below it the words"
    yield ""
    for kind in holders:
        yield from _wrap_words(f"  in a {kind.name}: {_part_summary(kind.parts[name])}", width, further=" " * 6)


def _part_summary(part: PartKind) -> str:
    """Return what a part is for, and whether each reader needs it."""
    return f"{part.what}{' Each reader needs it.' if part.required else ''}"
