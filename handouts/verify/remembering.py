"""The bytes of a PDF to one key for each page: what decides, beside forms, what is read there.

Copies for many recipients share most of their pages. A page that has the same key as one that was read before has the
same words and tags, but for what it calls from a form, which is read anew. What cannot be taken apart has no keys.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterator

from msgspec import Struct

TABLE = re.compile(rb"xref\s+0 (\d+) ?\r?\n")
ENTRY = struct.Struct("10s7xc2x")  # a line in the table of objects: its place, and if it is used (ISO 32000-1, 7.5.4)
OTHER_KINDS = (b"/Prev", b"/XRefStm", b"/Encrypt")
ROOT = re.compile(rb"/Root (\d+) 0 R")
PAGES = re.compile(rb"/Pages (\d+) 0 R")
KIDS = re.compile(rb"/Kids ?\[([^\]]*)\]")
CONTENTS = re.compile(rb"/Contents (\d+) 0 R")
ANNOTATIONS = re.compile(rb"/Annots ?\[([^\]]*)\]")
CALLED = re.compile(rb"/XObject ?<<([^>]*)>>")
REFERENCE = re.compile(rb"(\d+) 0 R")
FORM = re.compile(rb"/Subtype ?/Form\b")
ABOUT = re.compile(rb"/(?:Info|Metadata) (\d+) 0 R")


class PageKey(Struct, frozen=True):
    """A page by its number from 0 and a hash of all that decides what is read on it, and the `forms` that it calls."""

    number: int
    digest: bytes
    forms: tuple[int, ...]


class PageParts(Struct, frozen=True):
    """The numbers of the objects that one page alone is made of, and of the forms that it calls."""

    contents: int
    annotations: frozenset[int]
    forms: tuple[int, ...]


def page_keys(content: bytes) -> tuple[PageKey, ...]:
    """Return the key of each page of a PDF, none if the file is not as simple as ours are.

    Left out is only what says nothing of a page: what others paint, links, what the file says about itself. Forms are
    left out because they are read in each file.
    """
    try:
        objects = objects_of(content)
        trailer = content[content.rindex(b"trailer") :]
        catalog = objects[number_in(ROOT, trailer)]
        kids = KIDS.search(objects[number_in(PAGES, catalog)])
        pages = [parts_of(objects[number], objects) for number in (referenced(kids[1]) if kids else ())]
    except (ValueError, KeyError, IndexError):
        return ()
    about = {int(each) for each in ABOUT.findall(trailer + catalog)}
    own = about.union(*({page.contents, *page.annotations, *page.forms} for page in pages))
    common = hashlib.sha256(b"".join([each for number, each in objects.items() if number not in own]))
    return tuple(
        PageKey(number, common.digest() + hashlib.sha256(objects[page.contents]).digest(), page.forms)
        for number, page in enumerate(pages)
    )


def objects_of(content: bytes) -> dict[int, bytes]:
    """Return the bytes of each object by its number. ValueError if there is more than one plain table of them."""
    place = content.rfind(b"startxref")
    if place < 0 or content.count(b"startxref") > 1:
        raise ValueError("no single table")
    start = int(content[place + 9 :].split()[0])
    table = TABLE.match(content, start)
    if not table or b"/ObjStm" in content or any(each in content[start:] for each in OTHER_KINDS):
        raise ValueError("no plain table")
    return dict(sliced(content, start, table.end(), int(table[1])))


def sliced(content: bytes, end: int, first: int, count: int) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the bytes of each object that a table names, up to the next one."""
    lines = ENTRY.iter_unpack(content[first : first + ENTRY.size * count])
    starts = {int(place): number for number, (place, kind) in enumerate(lines) if kind == b"n"}
    places = sorted(starts)
    for place, following in zip(places, [*places[1:], end], strict=True):
        each, number = content[place:following], starts[place]
        if not each.startswith(b"%d 0 obj" % number):
            raise ValueError("no object")
        yield number, each


def parts_of(page: bytes, objects: dict[int, bytes]) -> PageParts:
    """Return of which objects a page is made. ValueError if it has not one stream of its own."""
    annotations, called = ANNOTATIONS.search(page), CALLED.search(page)
    forms = (number for number in (referenced(called[1]) if called else ()) if FORM.search(objects[number][:400]))
    links = referenced(annotations[1]) if annotations else ()
    return PageParts(number_in(CONTENTS, page), frozenset(links), tuple(forms))


def number_in(entry: re.Pattern[bytes], syntax: bytes) -> int:
    """Return the number of the object that an entry refers to. ValueError if it is not there."""
    found = entry.search(syntax)
    if not found:
        raise ValueError("no entry")
    return int(found[1])


def referenced(syntax: bytes) -> tuple[int, ...]:
    """Return the numbers of the objects that some syntax refers to."""
    return tuple(int(each) for each in REFERENCE.findall(syntax))
