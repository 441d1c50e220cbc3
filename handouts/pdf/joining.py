"""Finished PDFs in, one PDF with all of their pages to print out; the same files give the same bytes.

Only for paper: what is joined has no tags and no links from page to page, so it stands beside files that have. The one
place where pages of finished files are moved.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable

from pypdfium2 import PdfDocument

# PDFium writes the time and an identity by chance; ours comes of what is in the file, and there is no time.
IDENTITY = re.compile(rb"/ID\[<[0-9A-F]{32}><[0-9A-F]{32}>\]")
CREATED = re.compile(rb"(?<=<</CreationDate\(D:)[0-9]{14}")
NO_TIME = b"20000101000000"


def join_for_print(files: Iterable[bytes]) -> tuple[bytes, int]:
    """Return one PDF with the pages of all `files`, and how many pages it has.

    Each file begins on the front of a sheet, also where both sides are printed: an empty page stands before it if it
    has to.
    """
    joined = PdfDocument.new()
    for content in files:
        source = PdfDocument(content)
        if len(joined) % 2:
            joined.new_page(*joined[len(joined) - 1].get_size())
        joined.import_pages(source)
        source.close()
    written = io.BytesIO()
    joined.save(written)
    pages = len(joined)
    joined.close()
    content = CREATED.sub(NO_TIME, written.getvalue())
    identity = hashlib.sha256(IDENTITY.sub(b"", content)).hexdigest()[:32].upper().encode()
    return IDENTITY.sub(b"/ID[<%b><%b>]" % (identity, identity), content), pages
