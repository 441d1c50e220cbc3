"""Read the sign-offs of a topic: who has read what each audience reads, when, and the hash of the words they read.

Takes `reviews.yaml` beside `topic.yaml`. Unknown audiences, roles and languages, invalid hashes and duplicates are
errors. Whether the words have changed since is checked in compose.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from handouts.document.seen_words import hash_words
from handouts.finding import Finding, Location, error, warning
from handouts.library import REVIEWER_ROLES, SignOff, Topic
from handouts.load.content_keys import REVIEWS, SIGN_OFF
from handouts.load.field_reader import FieldReader, open_fields
from handouts.load.files import SourceFolder
from handouts.load.value_shapes import AnyText
from handouts.load.yaml_nodes import SequenceNode, YamlNode, load_yaml, parse_yaml
from handouts.markdown.attributes import Word

REVIEWS_FILE = "reviews.yaml"


def with_sign_offs(topic: Topic, folder: SourceFolder, path: Path, *, certain: bool) -> Topic:
    """Return a topic with the sign-offs in its folder `path`; unchanged if there is no file and the topic requires no
    roles.

    If it is not `certain` which audiences and roles exist, none is reported as unknown.
    """
    file = path / REVIEWS_FILE
    at = Location(file.as_posix())
    node = load_yaml(folder, file, needed=False)
    if node is None and not file.exists():
        return replace(topic, reviews_at=at) if topic.review_roles else topic
    roles = known_roles(topic)
    signed = tuple(_read_sign_offs(node, topic, roles if certain else (), folder.findings, certain=certain))
    folder.findings.extend(_repeated_sign_offs(signed))
    if topic.reviewed_by and signed:
        message = "'reviewed_by' counts no more: the sign-offs in reviews.yaml say who has reviewed what."
        hint = "leave reviewed_by and reviewed_on empty"
        folder.findings.append(warning("unbound-review", message, topic.place("reviewed_by"), hint))
    return replace(topic, sign_offs=signed, reviews_at=at)


def parse_sign_offs(text: str, topic: Topic) -> tuple[tuple[SignOff, ...], tuple[Finding, ...]]:
    """Return the sign-offs in the text of a topic's file, and the findings."""
    findings: list[Finding] = []
    node = parse_yaml(text, topic.reviews_at.file, findings)
    signed = tuple(_read_sign_offs(node, topic, known_roles(topic), findings, certain=True))
    return signed, (*findings, *_repeated_sign_offs(signed))


def known_roles(topic: Topic) -> tuple[str, ...]:
    """Return the roles in which a topic can be signed."""
    return tuple(dict.fromkeys((*REVIEWER_ROLES, *(word.text for word in topic.review_roles))))


def _read_sign_offs(
    node: YamlNode | None, topic: Topic, roles: Collection[str], findings: list[Finding], *, certain: bool
) -> Iterator[SignOff]:
    """Yield the sign-offs without errors."""
    if node is None or (isinstance(node, Word) and not node.text):
        return
    if not isinstance(node, SequenceNode):
        hint = "begin each sign-off with - and a space, as handouts review sign writes it"
        findings.append(error("wrong-type", "This needs a list of sign-offs.", node.at, hint))
        return
    if len(node.items) > REVIEWS.most:
        message = f"There are {len(node.items)} sign-offs."
        at = node.items[REVIEWS.most].at
        findings.append(error("too-many", message, at, f"{REVIEWS.most} are the most: delete those that are outdated"))
        return
    for item in node.items:
        before = len(findings)
        reading = open_fields(item, findings, SIGN_OFF)
        made = _read_sign_off(reading, topic, roles, certain=certain)
        if len(findings) == before:
            yield made


def _read_sign_off(reading: FieldReader, topic: Topic, roles: Collection[str], *, certain: bool) -> SignOff:
    """Return one sign-off; errors are added to the findings of `reading`."""
    sections = reading.nested("sections")
    hashes = tuple((key.text, _hash_in(sections, key.text)) for key, _ in sections.entries())
    words = _hash_in(reading, "words")
    if words and all(each for _, each in hashes) and words != hash_words(hashes):
        message = "This hash is not that of the sections below: nobody made it."
        reading.findings.append(error("bad-hash", message, reading.place("words"), _SIGN_HINT))
    return SignOff(
        role=_name_in(reading, "role", roles),
        name=reading.text("name"),
        people=int(reading.number("people", 1)),
        date=reading.iso_date("date"),
        audience=_name_in(reading, "audience", topic.audiences if certain else ()),
        language=_name_in(reading, "language", topic.languages),
        words=words,
        sections=hashes,
        at=reading.at,
        date_at=reading.place("date"),
    )


def _name_in(reading: FieldReader, key: str, known: Collection[str]) -> str:
    """Return a name; it is an error if `known` is not empty and does not hold it."""
    name, node = reading.text(key), reading.node(key)
    if known and name and name not in known and isinstance(node, Word):
        reading.report_unknown(key, node, known)
    return name


_SIGN_HINT = "delete this sign-off, and write it with: handouts review sign"


def _hash_in(reading: FieldReader, key: str) -> str:
    """Return a hash, or "" after an error."""
    shape, text = reading.keys.shape_of(key), reading.text(key)
    if text and isinstance(shape, AnyText) and not re.fullmatch(shape.pattern, text):
        message = f"'{text[:20]}{'…' if len(text) > 20 else ''}' is not a hash that this program makes."
        reading.findings.append(error("bad-hash", message, reading.place(key), _SIGN_HINT))
        return ""
    return text


def _repeated_sign_offs(signed: Iterable[SignOff]) -> Iterator[Finding]:
    """Yield an error for each duplicate sign-off: by the same person, or nameless on the same day."""
    first: dict[tuple[str, ...], SignOff] = {}
    for each in signed:
        key = sign_off_key(each)
        if key in first:
            hint = "delete one of them" if each.name else "delete one of them, or write how many they were: people: 2"
            message = f"This sign-off appears twice; the first is in line {first[key].at.line}."
            yield error("duplicate-review", message, each.at, hint)
        first.setdefault(key, each)


def sign_off_key(each: SignOff) -> tuple[str, ...]:
    """Return what identifies a sign-off: there is one for the same words by the same person."""
    return each.audience, each.language, each.role, each.words, each.name or each.date, str(bool(each.name))
