"""Merge finished PDF files into one PDF for print; the same files give the same bytes.

The result has no tags and no links, so it stands beside files that have. What is equal in several files, such
as fonts and most pages of copies, is stored once.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

_LEAST_VERSION = "1.7"
_PAGE_PARTS = ("/MediaBox", "/Contents", "/Resources")  # of a page, on paper


class _MergedFile(Struct):
    """The file in the making: its pages, and what is in it already, by a hash of what it says."""

    pdf: Pdf
    pages: list[Object] = field(default_factory=list)
    known: dict[bytes, Object] = field(default_factory=dict)

    def once(self, made: Object, content: bytes | None = None) -> Object:
        """Return what the file holds that says the same as `made`, which is put there if nothing does.

        With `content` it is a stream.
        """
        stream = b"" if content is None else b"%d %b" % (len(content), content)
        key = hashlib.sha256(stream + made.unparse()).digest()
        if key not in self.known:
            known = self.pdf.make_indirect(made) if content is None else Stream(self.pdf, content, made)
            self.known[key] = known
        return self.known[key]

    def carried(self, node: Any, seen: dict[tuple[int, int], Object]) -> Any:
        """Return an object of a finished file as a part of this one, with all that it refers to.

        `seen` are those of its objects that were carried before.
        """
        if not isinstance(node, Array | Dictionary | Stream):
            return node
        if node.objgen in seen:
            return seen[node.objgen]
        if isinstance(node, Array):
            return Array([self.carried(each, seen) for each in node])
        made: Any = Dictionary({key: self.carried(each, seen) for key, each in node.items() if key != "/Length"})
        if isinstance(node, Stream):
            made = self.once(made, node.read_raw_bytes())
        elif node.is_indirect:
            made = self.once(made)
        if node.is_indirect:
            seen[node.objgen] = made
        return made

    def add_page(self, parts: Mapping[str, Object]) -> None:
        """Add a page that is made of these parts."""
        page = Dictionary({"/Type": Name.Page, "/Parent": self.pdf.Root.Pages, **parts})
        self.pages.append(self.pdf.make_indirect(page))


def merge_for_print(files: Iterable[bytes]) -> tuple[bytes, int]:
    """Return one PDF with the pages of all `files`, and how many pages it has.

    Each file begins on the front of a sheet, also where both sides are printed: an empty page stands before it if it
    has to.
    """
    written = io.BytesIO()
    with Pdf.new() as pdf:
        joined = _MergedFile(pdf)
        for content in files:
            _add_file_pages(content, joined)
        # To add pages one by one to the tree takes the longer the more there are.
        pdf.Root.Pages.Kids, pdf.Root.Pages.Count = Array(joined.pages), len(joined.pages)
        pdf.save(written, deterministic_id=True, min_version=_LEAST_VERSION)
    return written.getvalue(), len(joined.pages)


def _add_file_pages(content: bytes, joined: _MergedFile) -> None:
    """Add the pages of a file, after an empty one if they would begin on the back of a sheet."""
    if len(joined.pages) % 2:
        joined.add_page({"/MediaBox": joined.pages[-1].MediaBox})
    with Pdf.open(io.BytesIO(content)) as source:
        seen: dict[tuple[int, int], Object] = {}
        for page in source.pages:
            parts = {key: joined.carried(page[key], seen) for key in _PAGE_PARTS}
            # Most pages have the same size, fonts and pictures: told for each anew they would take most of the memory.
            joined.add_page({key: _shared_part(part, joined) for key, part in parts.items()})


def _shared_part(part: Object, joined: _MergedFile) -> Object:
    """Return a part of a page as all pages share it; a stream is shared as it is."""
    return part if isinstance(part, Stream) else joined.once(part)
