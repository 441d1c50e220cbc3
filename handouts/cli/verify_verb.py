"""The verb `verify`: say which issued version a file is, whether it was changed, and whether a newer one was issued.

Takes options; prints, and returns the exit code.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from handouts.cli.arguments import project_of, today
from handouts.cli.terminal import print_json, print_lines
from handouts.finding import HandoutError, Location, error

if TYPE_CHECKING:
    import argparse

    from handouts.pipeline.issued import FileIdentity

_SUCCESS, _PROBLEMS = 0, 1
_MOST_LISTED = 12
_CURRENT = "current: no other words have been issued in its place"
_VERDICTS = {
    "issued": "issued, and unaltered",
    "other": "not as it was issued",
    "unlisted": "not known here",
    "draft": "a draft, which was not issued",
    "unknown": "not known here",
}
_REASONS = {
    "other": "It says that it is {number}, but its bytes are others: it was altered since, or comes of another build.",
    "unlisted": "Nothing was issued here as {number}: it may be of another project, or its line in the log is missing.",
    "unknown": "It was not issued as it is, and says no document number: a draft, or saved or made by another program.",
}


def run_verify(options: argparse.Namespace) -> int:
    """Print the identity of each file and number, and return 1 unless all were issued as they are."""
    from handouts.pipeline.issued import find_number, identify_files

    if not (options.files or options.number):
        hint = "write handouts verify FILE, or the number at the foot of its pages: --number HO-7BXY-1TE1"
        raise HandoutError(error("usage", "No file is named.", Location("verify"), hint))
    project, day = project_of(options), options.today or today()
    output = options.output or project.output
    numbers = tuple(find_number(project.content, each) for each in options.number)
    files = identify_files(project.content, output, options.files)
    if options.json:
        print_json({"files": [*map(_as_data, files)], "numbers": [*map(_as_data, numbers)]}, indent=2)
    else:
        for each in files:
            print_lines(f"{each.name}: {_VERDICTS[each.state]}", *_identity_lines(each, day))
        for each in numbers:
            print_lines(
                f"{each.name}: {_VERDICTS['unlisted'] if each.state == 'unlisted' else 'issued'}",
                *_identity_lines(each, day),
            )
    return _SUCCESS if all(each.state == "issued" for each in (*files, *numbers)) else _PROBLEMS


def _identity_lines(identity: FileIdentity, day: date) -> Iterator[str]:
    """Yield why a file is not as it was issued, what was issued and when, and whether it is current."""
    issued, newer = identity.issued, identity.newer
    if identity.state in _REASONS:
        yield f"  {_REASONS[identity.state].format(number=identity.number)}"
    if not issued:
        return
    first = issued[0]
    where = ", ".join(filter(None, (first.language, first.country)))
    yield f"  {first.number}: “{first.title}”, version {first.version}, dated {first.dated}"
    yield f"  {first.template} of {first.topic} for {first.audience} ({where})"
    for each in issued[:_MOST_LISTED]:
        copy = f", the copy for row {each.row} of a table" if each.row else ""
        yield f"  issued on {each.issued} as {each.file}{copy} ({each.format}, {each.edition}, {each.paper})"
    if len(issued) > _MOST_LISTED:
        yield f"  and {len(issued) - _MOST_LISTED} more files"
    if newer:
        yield f"  superseded: {newer.number}, version {newer.version}, was issued in its place on {newer.issued}"
    else:
        yield f"  {'' if identity.state == 'issued' else 'the one that was issued is '}{_CURRENT}"
    if first.next_review and first.next_review <= day.isoformat():
        yield f"  its next review was due on {first.next_review}"


def _as_data(identity: FileIdentity) -> dict[str, Any]:
    """Return the identity of a file or number as data for JSON."""
    from msgspec import to_builtins

    data = to_builtins(identity)
    return {**data, "current": bool(identity.issued) and identity.newer is None}
