"""A Document to what its finished file has to say: stretches of words with their places, alt texts, and fixed words.

Words are compared without their spaces, which lines, tabs and slides make of many kinds. Knows nothing of files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby

from msgspec import Struct

from handouts.document import (
    Block,
    Chart,
    Contacts,
    Crisis,
    Document,
    Figure,
    Heading,
    Link,
    Picture,
    QrCode,
    Slide,
    Source,
    Steps,
    chart_rows,
    is_inlines,
    names_of,
    plain,
    shared_note,
    walk,
)
from handouts.finding import NOWHERE, Span

FILLED_IN = re.compile(r"\{[a-z]+\}")
SCHEME = re.compile(r"^(?:https://|mailto:|tel:)")  # printed addresses do without it
UNSEEN = "\u200b\u00ad\u2060\ufeff"  # no spaces, and of no width either
JOINED = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
REPLACED = dict.fromkeys(UNSEEN, "") | JOINED
LETTER = re.compile(r"[^\W\d_]")


class Stretch(Struct, frozen=True):
    """Words that stand together, without their spaces, and the place of their block.

    A talk says `spoken` ones and does not show them on its slides.
    """

    text: str
    at: Span
    spoken: bool = False


# The words of a file are compared with those of its document, and both with those of the files before it.
@lru_cache(maxsize=2000)
def squeezed(text: str) -> str:
    """Return words without their spaces, and letters that are joined as those that they are: PDFium reads them so."""
    bare = "".join(text.split())
    if not bare.isascii():
        for each, instead in REPLACED.items():
            bare = bare.replace(each, instead)
    return bare


def stretches_of(node: object, at: Span = NOWHERE, *, numbered: bool = True) -> Iterator[Stretch]:
    """Yield what a reader reads of a node, in reading order; `with_heading_number` says that numbers of steps are words too."""
    match node:
        case tuple():
            if is_inlines(node):
                yield from made(plain(node), at)
            else:
                for child in node:
                    yield from stretches_of(child, at, numbered=numbered)
        case Slide():
            yield from stretches_of((node.label, node.title, node.blocks, node.sender), node.at, numbered=numbered)
        case Heading():
            yield from (*made(node.number, node.at), *made(plain(node.content), node.at))
        case Steps():
            for number, item in enumerate(node.items, 1):
                yield from made(str(number), node.at) if numbered else ()
                yield from stretches_of(item, node.at, numbered=numbered)
        case Figure() | Chart():
            words = (
                (text for _, text in node.labels)
                if isinstance(node, Figure)
                else (text for row in chart_rows(node) for text in row)
            )
            yield from made(plain(node.title), node.at)
            yield from (each for text in words for each in made(text, node.at))
            yield from made(plain(node.how_to_read), node.at, spoken=True)
        case Contacts():
            yield from contacts_of(node)
        case Source():
            yield from (
                (*made(str(node.number), at), *made(plain(node.content), at))
                if numbered
                else made(plain(node.content), at)
            )
        case Picture():
            yield from made(plain(node.caption), node.at, spoken=True)
        case QrCode():
            yield from (*made(plain(node.caption), node.at), *made(SCHEME.sub("", node.target), node.at))
        case str() | int() | float() | Span() | None:
            return
        case _ if isinstance(node, Struct):
            here = getattr(node, "at", at)
            for name in names_of(node):
                yield from stretches_of(getattr(node, name), here, numbered=numbered)


def contacts_of(contacts: Contacts) -> Iterator[Stretch]:
    """Yield what is said of contacts; a need is said once for those that share it, and a note for all that have it."""
    shared = shared_note(contacts.contacts)
    yield from made(shared, contacts.at)
    for need, group in groupby(contacts.contacts, key=lambda contact: contact.need):
        yield from made(need, contacts.at)
        for contact in group:
            note = "" if contact.note == shared else contact.note
            for text in (contact.name, contact.number, contact.how, note):
                yield from made(text, contact.at)


def made(text: str, at: Span, *, spoken: bool = False) -> tuple[Stretch, ...]:
    """Return words as a stretch, if there are any."""
    words = squeezed(text)
    return (Stretch(words, at, spoken),) if words else ()


def alts_of(node: object) -> Iterator[Stretch]:
    """Yield what the drawings and pictures in a node say in words."""
    for each in walk(node):
        if isinstance(each, Figure | Chart | Picture) and each.alt:
            yield Stretch(squeezed(each.alt), each.at)


# ---------------------------------------------------------------- what the program adds


class Fixed(Struct, frozen=True):
    """Whole texts that a file may say beyond those that are looked for, as often as it likes, by first character."""

    by_first: Mapping[str, frozenset[str]]

    def with_words(self, *words: str) -> Fixed:
        """Return the same with further texts that may be said again."""
        return Fixed({**self.by_first, **grouped(words, self.by_first)})

    def starting(self, first: str) -> frozenset[str]:
        """Return the texts that start with a character."""
        return self.by_first.get(first, frozenset())


def grouped(words: Iterable[str], known: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return texts by first character, each group with what is already `known`; those without a letter say nothing."""
    found: dict[str, frozenset[str]] = {}
    for each in words:
        if LETTER.search(each):
            found[each[0]] = found.get(each[0], known.get(each[0], frozenset())) | {each}
    return found


def fixed_words(document: Document) -> Fixed:
    """Return what may stand in a file of a document beyond what is composed: labels, the foot, whom to call."""
    crisis = [each.text for each in crisis_stretches(document.crisis)]
    targets = [each for node in (*document.blocks, *document.slides) for each in targets_in(node)]
    own = [document.title, document.running_title, document.label, document.foot, document.draft, document.subject]
    own += dict.fromkeys(slide.section for slide in document.slides)
    words = (squeezed(each) for each in (*own, *crisis, *targets))
    return Fixed(grouped((*words, *labels(document.words.entries)), {}))


@lru_cache(maxsize=320)
def targets_in(node: Block | Slide) -> tuple[str, ...]:
    """Return the addresses that codes and links of a node lead to, in full and as they are printed."""
    targets = [each.target for each in walk(node) if isinstance(each, QrCode | Link)]
    return (*targets, *(re.sub(r"^[a-z]+:(?://)?(?:www\.)?", "", each).rstrip("/") for each in targets))


@lru_cache(maxsize=20)
def labels(entries: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """Return the fixed words of a language, those between what is filled in."""
    pieces = (piece for _, words in entries for piece in FILLED_IN.split(words))
    return frozenset(squeezed(piece) for piece in pieces if len(squeezed(piece)) > 1)


def crisis_stretches(crisis: Crisis) -> Iterator[Stretch]:
    """Yield the words of the crisis box, and those of its short form."""
    for column in crisis.columns:
        yield from made(column.question, NOWHERE)
        for line in column.lines:
            yield from (*made(line.label, NOWHERE), *made(line.number, NOWHERE))
    for line in crisis.short:
        yield from (*made(line.label, NOWHERE), *made(line.number, NOWHERE))
