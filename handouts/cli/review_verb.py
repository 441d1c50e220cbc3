"""The verb `review`: write a copy to review, take it back, sign what was read, and show what is signed, stale and due.

Takes options; prints, and returns the exit code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from handouts.cli.arguments import project_of, split_names, today
from handouts.cli.report_text import count_of
from handouts.cli.take_verb import run_take
from handouts.cli.terminal import print_json, print_lines

if TYPE_CHECKING:
    import argparse

    from handouts.library import SignOff
    from handouts.pipeline.signing import ReaderStatus, RoleStatus

_SUCCESS = 0
_STATES = {
    "reviewed": "reviewed",
    "changed": "changed since its review",
    "incomplete": "not yet reviewed by all",
    "not reviewed": "not yet reviewed",
}
_ORDER = "the order of the sections"


def run_review(options: argparse.Namespace) -> int:
    """Run the verb that follows `review`, and return the exit code."""
    runs = {"make": _run_make, "sign": _run_sign, "status": _run_status, "take": run_take}
    return runs[options.review](options)


def _run_make(options: argparse.Namespace) -> int:
    """Write a review copy, and print where it is and whose texts it has."""
    from handouts.pipeline.review_copies import ReviewRequest, make_review_copy

    project = project_of(options)
    request = ReviewRequest(
        topic=options.topic,
        audiences=split_names(options.audience),
        language=options.language,
        day=options.today or today(),
        folder=project.output,
        output=options.output,
    )
    made = make_review_copy(project.content, project.templates, request)
    readers = ", ".join(made.audiences)
    print_lines(f"written to {made.path.as_posix()}: {made.passages} passages for {readers} ({made.language})")
    return _SUCCESS


def _run_sign(options: argparse.Namespace) -> int:
    """Write sign-offs, and print what was signed."""
    from handouts.pipeline.signing import SignRequest, sign_words

    project = project_of(options)
    request = SignRequest(
        topic=options.topic,
        audiences=tuple(dict.fromkeys(split_names(options.audience))),
        language=options.language,
        role=options.role,
        name=options.name,
        people=options.people,
        day=options.today or today(),
    )
    signed, path = sign_words(project.content, project.templates, request)
    for each in signed:
        count = count_of(len(each.sections), "section")
        print_lines(f"signed for {each.audience} ({each.language}) as {each.role}{_who(each)}, {each.date}: {count}")
    print_lines(f"written to {path.as_posix()}")
    return _SUCCESS


def _run_status(options: argparse.Namespace) -> int:
    """Print the review status of each audience."""
    from handouts.pipeline.signing import review_status

    project = project_of(options)
    names, day = split_names(options.topics), options.today or today()
    readers = review_status(project.content, project.templates, names, day)
    if options.json:
        print_json({"readers": list(map(_reader_as_data, readers))}, indent=2)
    else:
        print_lines(*_status_lines(readers))
    return _SUCCESS


def _status_lines(readers: Iterable[ReaderStatus]) -> Iterator[str]:
    """Yield the status of each topic and language: its audiences, and the roles of each."""
    for (topic, language), group in groupby(readers, key=lambda each: (each.topic, each.language)):
        together = tuple(group)
        first = together[0]
        due = "is due since" if first.is_due else "is due on"
        yield f"{topic} ({language}){f': the next review {due} {first.next_review}' if first.next_review else ''}"
        width = max(len(each.audience) for each in together)
        for each in together:
            yield f"  {each.audience:{width}}  {_STATES[each.state]}"
            if each.by_topic:
                yield f"      topic.yaml: reviewed by {', '.join(each.by_topic)}"
            for role in each.roles:
                yield from (f"      {line}" for line in _role_lines(role))


def _role_lines(role: RoleStatus) -> Iterator[str]:
    """Yield the sign-offs of one role; stale ones only if none is valid."""
    if role.state == "missing":
        yield f"missing  {role.role}"
    for each in role.valid:
        yield f"signed   {role.role}{_who(each)}, {each.date}"
    for each, changed in () if role.valid else role.stale:
        yield f"stale    {role.role}{_who(each)}, {each.date}; since then changed: {', '.join(changed) or _ORDER}"


def _who(each: SignOff) -> str:
    """Return who has signed, in brackets; "" for one person without a name."""
    return f" ({each.name})" if each.name else f" ({each.people} people)" if each.people > 1 else ""


def _reader_as_data(reader: ReaderStatus) -> dict[str, Any]:
    """Return the status of one reader as data for JSON."""
    return {
        "topic": reader.topic,
        "audience": reader.audience,
        "language": reader.language,
        "state": reader.state,
        "reviewed_by": list(reader.by_topic),
        "next_review": reader.next_review,
        "due": reader.is_due,
        "roles": [
            {
                "role": each.role,
                "state": each.state,
                "signed": list(map(_sign_off_as_data, each.valid)),
                "stale": [{**_sign_off_as_data(old), "changed": list(changed)} for old, changed in each.stale],
            }
            for each in reader.roles
        ],
    }


def _sign_off_as_data(each: SignOff) -> dict[str, Any]:
    """Return a sign-off as data for JSON."""
    return {"name": each.name, "people": each.people, "date": each.date}
