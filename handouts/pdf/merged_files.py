"""Merge finished PDF files into one PDF for print; the same files give the same bytes.

The result has no tags and no links: it is made beside the accessible files. Objects that are equal in several files,
such as fonts and most pages of copies, are stored once.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

_LEAST_VERSION = "1.7"
_PAGE_PARTS = ("/MediaBox", "/Contents", "/Resources")  # all that matters of a page on paper


class _MergedFile(Struct):
    """The file being written: its pages, and the objects that it holds by a hash of their content."""

    pdf: Pdf
    pages: list[Object] = field(default_factory=list)
    known: dict[bytes, Object] = field(default_factory=dict)

    def shared(self, made: Object, content: bytes | None = None) -> Object:
        """Return the indirect object of this file that equals `made`, added if there is none yet.

        With `content` it is a stream.
        """
        stream = b"" if content is None else b"%d %b" % (len(content), content)
        key = hashlib.sha256(stream + made.unparse()).digest()
        if key not in self.known:
            known = self.pdf.make_indirect(made) if content is None else Stream(self.pdf, content, made)
            self.known[key] = known
        return self.known[key]

    def copied(self, node: Any, seen: dict[tuple[int, int], Object]) -> Any:
        """Return a copy in this file of an object of another file, with all that it refers to.

        `seen` holds the copies so far of objects of that file, by their numbers.
        """
        if not isinstance(node, Array | Dictionary | Stream):
            return node
        if node.objgen in seen:
            return seen[node.objgen]
        if isinstance(node, Array):
            return Array([self.copied(each, seen) for each in node])
        made: Any = Dictionary({key: self.copied(each, seen) for key, each in node.items() if key != "/Length"})
        if isinstance(node, Stream):
            made = self.shared(made, node.read_raw_bytes())
        elif node.is_indirect:
            made = self.shared(made)
        if node.is_indirect:
            seen[node.objgen] = made
        return made

    def add_page(self, parts: Mapping[str, Object]) -> None:
        """Add a page with these entries."""
        page = Dictionary({"/Type": Name.Page, "/Parent": self.pdf.Root.Pages, **parts})
        self.pages.append(self.pdf.make_indirect(page))


def merge_for_print(files: Iterable[bytes]) -> tuple[bytes, int]:
    """Return one PDF with the pages of all `files`, and how many pages it has.

    Each file begins on the front of a sheet when both sides are printed, after an empty page where that is needed.
    """
    written = io.BytesIO()
    with Pdf.new() as pdf:
        joined = _MergedFile(pdf)
        for content in files:
            _add_file_pages(content, joined)
        # Adding pages one by one to the page tree takes quadratic time.
        pdf.Root.Pages.Kids, pdf.Root.Pages.Count = Array(joined.pages), len(joined.pages)
        pdf.save(written, deterministic_id=True, min_version=_LEAST_VERSION)
    return written.getvalue(), len(joined.pages)


def _add_file_pages(content: bytes, joined: _MergedFile) -> None:
    """Add the pages of a file, after an empty page if they would begin on the back of a sheet."""
    if len(joined.pages) % 2:
        joined.add_page({"/MediaBox": joined.pages[-1].MediaBox})
    with Pdf.open(io.BytesIO(content)) as source:
        seen: dict[tuple[int, int], Object] = {}
        for page in source.pages:
            parts = {key: joined.copied(page[key], seen) for key in _PAGE_PARTS}
            # Most pages have the same size, fonts and pictures, which would take most of the memory if not shared.
            joined.add_page(
                {key: part if isinstance(part, Stream) else joined.shared(part) for key, part in parts.items()}
            )
