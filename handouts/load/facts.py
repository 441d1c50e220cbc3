"""The settings files of content: audiences, kinds of section, terms, contacts, spellings, topics.

Takes nodes of settings files, gives values of the library, and gathers findings. Opens no file itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import cast

from handouts.finding import Finding, Span, error, warning
from handouts.library import Audience, ContactEntry, Holds, Kind, Limits, PartKind, Term, Topic
from handouts.load.points import read_points
from handouts.load.reading import Reading, check_name, open_fields
from handouts.load.settings import Fields, Items, Node, Scalar
from handouts.markdown.addresses import is_address
from handouts.markdown.known import NEEDS
from handouts.markdown.values import LONGEST_TALK, is_length
from handouts.service import Condition

LINES = ("rests", "touches")
URGENT = ("danger", "suicide", "abuse", "stalking")  # the needs that the crisis box has a place for
TOPIC_KEYS = (
    *("audiences", "reviewed_on", "keywords", "condition", "lengths", "must_have", "must_show", "must_cite"),
    *("points", "points_in"),
)
READ_IN = ("handout", "slides", "notes", "worksheet")
SHOWN = ("main-message", "fork", "contacts", "sources")
MOST_AUDIENCES = 50
NAMED = 5  # audiences in a message
LONGEST_PROPERTY = 255  # of a package of Open XML (ISO 29500-2)


def read_condition(reading: Reading) -> Condition | None:
    """Return what a condition is called, if that is said."""
    if reading.node("condition") is None:
        return None
    inside = reading.inside("condition", ("name", "short"))
    return Condition(inside.needed("name"), inside.needed("short"))


def read_audiences(node: Node | None, findings: list[Finding]) -> dict[str, Audience]:
    """Return the audiences by name."""
    audiences = {}
    unjudged = []
    for key, value in open_fields(node, findings, optional=None).each():
        check_name(key, "an audience", findings)
        reading = open_fields(
            value, findings, ("name", "cover", "label", "accent"), ("density", "line", "reading", "grades")
        )
        audiences[key.text] = Audience(
            name=key.text,
            title=reading.needed("name"),
            cover=reading.needed("cover"),
            label=reading.needed("label"),
            accent=reading.needed("accent"),
            density=reading.text("density", "standard"),
            line=reading.choice("line", LINES, "unknown-value", "line", "rests"),
            at=key.at,
            reading=read_limits(reading, findings),
            grades=reading.texts("grades"),
        )
        unjudged.extend([key] if reading.node("reading") is None else [])
    findings.extend(not_judged(unjudged))
    if len(audiences) > MOST_AUDIENCES:
        last = list(audiences.values())[MOST_AUDIENCES]
        message = f"There are {len(audiences)} audiences."
        findings.append(error("too-many", message, last.at, f"{MOST_AUDIENCES} are the most"))
        return {}
    return audiences


def not_judged(audiences: Sequence[Scalar]) -> Iterator[Finding]:
    """Yield one warning for all audiences without limits of reading."""
    if audiences:
        names = ", ".join(f"'{each.text}'" for each in audiences[:NAMED])
        more = f" and {len(audiences) - NAMED} more" if len(audiences) > NAMED else ""
        message = f"Nothing says how hard the words for {names}{more} may be to read: they are not judged."
        hint = "add reading: {handout: {grade: 8, sentence: 25}}, or reading: {} if nothing is to be judged"
        yield warning("not-judged", message, audiences[0].at, hint)


def read_limits(reading: Reading, findings: list[Finding]) -> dict[str, Limits]:
    """Return how hard the words may be to read, by the place where they are read."""
    names = Limits.__struct_fields__
    limits = {}
    for key, value in reading.inside("reading", optional=READ_IN).each():
        inside = open_fields(value, findings, (), tuple(name.replace("_", "-") for name in names))
        limits[key.text] = Limits(**{name: inside.number(name.replace("_", "-")) for name in names})
    return limits


def read_kinds(node: Node | None, findings: list[Finding]) -> dict[str, Kind]:
    """Return the kinds of section by name."""
    kinds = {}
    for key, value in open_fields(node, findings, optional=None).each():
        check_name(key, "a kind of section", findings)
        reading = open_fields(value, findings, ("parts",), ("attributes", "numbered", "cards"))
        parts = open_fields(reading.node("parts"), findings, optional=None)
        found = {name.text: read_part_kind(name.text, part, findings) for name, part in parts.each()}
        for _, part in parts.each():
            if isinstance(part, Fields):
                Reading(part, findings).choice("with", found, "unknown-part", f"part of a {key.text}")
        for name in reading.texts("attributes"):
            if name in found:
                message = f"'{name}' is an attribute and a part."
                findings.append(error("bad-name", message, reading.place("attributes"), "rename one of them"))
        kinds[key.text] = Kind(
            name=key.text,
            attributes=reading.texts("attributes"),
            parts=found,
            at=key.at,
            numbered=reading.flag("numbered"),
            cards=reading.flag("cards"),
        )
    return kinds


def read_part_kind(name: str, node: Node, findings: list[Finding]) -> PartKind:
    """Return one part that a kind of section has."""
    reading = open_fields(node, findings, ("holds",), ("required", "what", "with", "timed"))
    holds = reading.choice("holds", ("line", "blocks"), "unknown-value", "content of a part", "blocks")
    return PartKind(
        name=name,
        holds=cast(Holds, holds),
        required=reading.flag("required"),
        what=reading.text("what"),
        goes_with=reading.text("with"),
        timed=reading.flag("timed"),
    )


def read_terms(node: Node | None, audiences: Collection[str], findings: list[Finding]) -> dict[str, Term]:
    """Return the words that are explained, by name in small letters."""
    terms = {}
    for key, value in open_fields(node, findings, optional=None).each():
        reading = open_fields(value, findings, ("means", "for"))
        readers = reading.names("for", audiences, "unknown-audience", "audience")
        terms[key.text.lower()] = Term(key.text, reading.needed("means"), readers, key.at)
    return terms


def read_spellings(node: Node | None, findings: list[Finding]) -> dict[str, str]:
    """Return the American spelling of each British one."""
    reading = open_fields(node, findings, optional=None)
    return {key.text: reading.needed(key.text) for key, _ in reading.each()}


# ---------------------------------------------------------------- contacts


def read_contacts(node: Node | None, audiences: Collection[str], findings: list[Finding]) -> tuple[ContactEntry, ...]:
    """Return the contacts of one country, in the order in which they are listed."""
    if node is None:
        return ()
    if not isinstance(node, Items):
        findings.append(error("wrong-type", "This needs a list of contacts.", node.at, "begin each one with - need:"))
        return ()
    return tuple(read_contact(item, audiences, findings) for item in node.items)


def read_contact(node: Node, audiences: Collection[str], findings: list[Finding]) -> ContactEntry:
    """Return one contact."""
    required = ("need", "name", "number", "confirmed_on")
    reading = open_fields(node, findings, required, ("how", "target", "crisis", "label", "for"))
    crisis = reading.flag("crisis")
    if crisis and not reading.text("label"):
        hint = "add label: and the words before the number"
        findings.append(error("missing-key", "'label' is missing.", reading.at, hint))
    need = reading.choice("need", NEEDS, "unknown-need", "need")
    if crisis and need and need not in URGENT:
        message = f"The crisis box has no place for '{need}'."
        hint = "crisis: true goes with danger, suicide, abuse and stalking"
        findings.append(error("unknown-need", message, reading.place("need"), hint))
    elif crisis and reading.node("for") is not None:
        hint = "the box looks the same for everyone: leave out for: or crisis: true"
        findings.append(error("structure", "A number of the crisis box is for everyone.", reading.place("for"), hint))
    target = reading.text("target")
    if target and not is_address(target):
        message = f"'{target}' is no address that is allowed here."
        findings.append(error("link-target", message, reading.place("target"), "write tel: and digits, or https://…"))
    return ContactEntry(
        need=need,
        name=reading.needed("name"),
        number=reading.needed("number"),
        how=reading.text("how"),
        target=target,
        crisis=crisis,
        label=reading.text("label"),
        confirmed_on=reading.day("confirmed_on"),
        at=reading.at,
        audiences=reading.names("for", audiences, "unknown-audience", "audience"),
    )


# ---------------------------------------------------------------- topics


def read_topic(node: Node | None, name: str, audiences: Collection[str], at: Span, findings: list[Finding]) -> Topic:
    """Return what is known about a topic, without its text."""
    required = ("name", "version", "published", "authors", "reviewed_by", "next_review", "licence")
    reading = open_fields(node, findings, required, TOPIC_KEYS)
    # After a misspelt name the text is read for all, so that one mistake gives one finding.
    named = reading.names("audiences", audiences, "unknown-audience", "audience")
    report_long_properties(reading)
    reviewed_by, reviewed_on = reading.texts("reviewed_by"), reading.day("reviewed_on")
    if bool(reviewed_by) != bool(reviewed_on):
        key = "reviewed_on" if reviewed_by else "reviewed_by"
        message = f"'{key}' is empty, and the other says that there was a review."
        findings.append(error("empty-value", message, reading.place(key), "fill both, or leave both empty"))
    if reading.node("published") and not reading.text("published"):
        hint = "write the date that is printed, such as 2026-11-23"
        findings.append(error("empty-value", "'published' is empty.", reading.place("published"), hint))
    return Topic(
        name=name,
        title=reading.needed("name"),
        audiences=named if named and set(named) <= set(audiences) else tuple(audiences),
        version=reading.needed("version"),
        published=reading.day("published"),
        authors=reading.texts("authors"),
        reviewed_by=reviewed_by,
        reviewed_on=reviewed_on,
        next_review=reading.day("next_review"),
        keywords=reading.texts("keywords"),
        licence=reading.needed("licence"),
        condition=read_condition(reading),
        languages={},
        at=at,
        lengths=read_lengths(reading),
        must_cite=reading.words("must_cite"),
        places={key.text: value.at for key, value in reading.each()},
        must_have=reading.words("must_have"),
        must_show=reading.words("must_show", SHOWN, "unknown-value", "block"),
        points=read_points(reading),
        points_in=reading.words("points_in"),
    )


def report_long_properties(reading: Reading) -> None:
    """Gather a warning for what is too long for what a deck says about itself, where it ends with an ellipsis."""
    said = {"name": reading.text("name"), **{key: ", ".join(reading.texts(key)) for key in ("authors", "keywords")}}
    for key, text in said.items():
        if len(text) > LONGEST_PROPERTY:
            message = f"'{key}' has {len(text)} characters; a deck says the first {LONGEST_PROPERTY} about itself."
            hint = "nothing is cut on pages and slides"
            reading.findings.append(warning("long-property", message, reading.place(key), hint))


def read_lengths(reading: Reading) -> tuple[int, ...]:
    """Return the lengths of a talk in minutes."""
    items = reading.items("lengths")
    for item in items:
        if not is_length(item.text):
            message = f"'{item.text}' is no length of a talk."
            hint = f"write whole minutes up to {LONGEST_TALK}, such as [30, 60, 90]"
            reading.findings.append(error("wrong-type", message, item.at, hint))
    return tuple(int(item.text) for item in items if is_length(item.text))


def check_looks(file: Reading, accents: Collection[str], densities: Collection[str]) -> None:
    """Gather findings for an accent or a density of an audience that the theme does not have."""
    for _, node in file.each() if accents else ():
        if isinstance(node, Fields):
            inside = Reading(node, file.findings)
            inside.choice("accent", accents, "unknown-accent", "accent")
            inside.choice("density", densities, "unknown-density", "density")
