"""Number documents, such as HO-7BXY-1TE1: the same words give the same number, other words another one.

A release has it at the foot of each page and first among the keywords of each file. Pure.
"""

from __future__ import annotations

import hashlib
import re

from msgspec.structs import replace

from handouts.document.nodes import Document
from handouts.document.text import texts_of

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U, which are taken for others
_LOOK_ALIKES = str.maketrans("OIL", "011")
_PLACES = (10, 32, 32, 32)  # no line breaks behind a hyphen before a figure, so that a number stays whole
_SEPARATOR = "\u00a0· "
_NUMBER = re.compile(r"\bHO-([0-9A-TV-Z]{4})-([0-9A-TV-Z]{4})\b")


def with_number(document: Document) -> Document:
    """Return a document with its number in its foot and keywords; the number depends on all its other words."""
    number = _number_of(document)
    return replace(document, foot=f"{document.foot}{_SEPARATOR}{number}", keywords=(number, *document.keywords))


def without_number(document: Document) -> Document:
    """Return a document without its number, such as for a file that shows only a part of it."""
    if number := number_in(" ".join(document.keywords[:1])):
        foot = document.foot.removesuffix(f"{_SEPARATOR}{number}")
        return replace(document, foot=foot, keywords=document.keywords[1:])
    return document


def number_in(text: str) -> str:
    """Return the first document number in a text, in capitals or small letters, or "" if there is none."""
    found = _NUMBER.search(text.upper())
    return f"HO-{'-'.join(found.groups()).translate(_LOOK_ALIKES)}" if found else ""


def _number_of(document: Document) -> str:
    """Return the number of a document from all its words, including its title, foot and crisis box."""
    around = (document.name, document.language, document.title, document.foot)
    texts = (*around, *(each.text for each in texts_of((document.blocks, document.slides, document.crisis))))
    value = int.from_bytes(hashlib.sha256("\n".join(texts).encode()).digest(), "big")
    digits = []
    for places in (*_PLACES, *_PLACES):
        value, digit = divmod(value, places)
        digits.append(_DIGITS[digit])
    return f"HO-{''.join(digits[:4])}-{''.join(digits[4:])}"
