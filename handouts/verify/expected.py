"""The texts that a finished file must show, with their locations, its alt texts, and the texts it may add.

Takes a Document; knows nothing of files. Texts are compared without spaces, because lines, tabs and slides
change them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from msgspec import Struct

from handouts.document.nodes import Block, Document, Link, QrCode, Slide, TextRole
from handouts.document.text import TextNode, fingerprint, texts_of, walk
from handouts.finding import NOWHERE, Location
from handouts.render_cache import RenderCache

_PLACEHOLDER_FIELD = re.compile(r"\{[a-z]+\}")
_SCHEME = re.compile(r"^(?:https://|mailto:|tel:)")  # printed addresses do without it
_ZERO_WIDTH = "\u200b\u00ad\u2060\ufeff"  # not spaces for str.split
_LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_REPLACED_CHARACTERS = dict.fromkeys(_ZERO_WIDTH, "") | _LIGATURES
LETTER = re.compile(r"[^\W\d_]")


class ExpectedText(Struct, frozen=True):
    """Words that the file must have, without spaces, and the place of their block; slides do not show `spoken` ones."""

    text: str
    at: Location
    spoken: bool = False


def normalized_text(text: str) -> str:
    """Return words without spaces, and ligatures as single letters, as PDFium reads them."""
    bare = "".join(text.split())
    if not bare.isascii():
        for each, instead in _REPLACED_CHARACTERS.items():
            bare = bare.replace(each, instead)
    return bare


def expected_texts(
    node: TextNode, at: Location = NOWHERE, *, numbered: bool = True, drawn: bool = True, notes: bool = False
) -> Iterator[ExpectedText]:
    """Yield what a reader reads of a node, in reading order.

    `numbered` includes the numbers of steps and sources, `drawn` the words in figures and charts, `notes` the speaker
    notes of slides.
    """
    left_out = {*(() if numbered else ("number",)), *(() if drawn else ("words",))}
    for each in texts_of(node, at):
        if each.visibility == "hidden" or each.role in left_out or (each.place == "notes" and not notes):
            continue
        text = _SCHEME.sub("", each.text) if each.role == "address" else each.text
        yield from expect_text(text, each.at, spoken=each.visibility == "spoken")


def expect_text(text: str, at: Location, *, spoken: bool = False) -> tuple[ExpectedText, ...]:
    """Return words as one expected text, or nothing if there are no words."""
    words = normalized_text(text)
    return (ExpectedText(words, at, spoken),) if words else ()


def expected_by_role(node: TextNode, role: TextRole) -> tuple[ExpectedText, ...]:
    """Return the texts of one role in a node, such as the alt texts of its drawings and pictures."""
    return tuple(ExpectedText(normalized_text(each.text), each.at) for each in texts_of(node) if each.role == role)


# ---------------------------------------------------------------- what a file may add


class AllowedTexts(Struct, frozen=True):
    """Whole texts that a file may show any number of times beside the expected ones, by first character."""

    by_first: Mapping[str, frozenset[str]]

    def with_words(self, *words: str) -> AllowedTexts:
        """Return the same with further allowed texts."""
        return AllowedTexts({**self.by_first, **_group_by_first_character(words, self.by_first)})

    def starting(self, first: str) -> frozenset[str]:
        """Return the texts that start with a character."""
        return self.by_first.get(first, frozenset())


def _group_by_first_character(words: Iterable[str], known: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return texts that have a letter by first character, each group with what is already `known`."""
    found: dict[str, frozenset[str]] = {}
    for each in words:
        if LETTER.search(each):
            found[each[0]] = found.get(each[0], known.get(each[0], frozenset())) | {each}
    return found


def allowed_texts(document: Document, cache: RenderCache) -> AllowedTexts:
    """Return what a file may show besides its blocks: fixed words, the foot, crisis lines, addresses."""
    crisis = [each.text for each in expected_texts(document.crisis)]
    nodes = ((node, (_printed_targets, fingerprint(node))) for node in (*document.blocks, *document.slides))
    targets = [each for node, key in nodes for each in cache.get_or_compute(key, partial(_printed_targets, node))]
    own = [document.title, document.running_title, document.label, document.foot, document.draft, document.subject]
    own += dict.fromkeys(slide.section for slide in document.slides)
    words = (normalized_text(each) for each in (*own, *crisis, *targets))
    entries = document.words.entries
    labels = cache.get_or_compute((_fixed_labels, entries), partial(_fixed_labels, entries))
    return AllowedTexts(_group_by_first_character((*words, *labels), {}))


def _printed_targets(node: Block | Slide) -> tuple[str, ...]:
    """Return the addresses that codes and links of a node lead to, in full and as they are printed."""
    targets = [each.target for each in walk(node) if isinstance(each, QrCode | Link)]
    return (*targets, *(re.sub(r"^[a-z]+:(?://)?(?:www\.)?", "", each).rstrip("/") for each in targets))


def _fixed_labels(entries: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """Return the fixed words of a language, split at the places that are filled in."""
    pieces = (piece for _, words in entries for piece in _PLACEHOLDER_FIELD.split(words))
    return frozenset(normalized_text(piece) for piece in pieces if len(normalized_text(piece)) > 1)
