"""A workbook as Excel packs it (a ZIP of pieces of XML) to a plain one that is safe to parse.

What is unpacked is counted while it is unpacked, all pieces together, whatever the file says of itself. Every piece
that can be parsed is looked at, whatever its name; what is no XML, such as a picture, is left out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from handouts.finding import Finding, HandoutError, Span, error

MOST_UNPACKED, MOST_PIECES, STEP = 30_000_000, 1_000, 65_536
# What a table holds many of, and what Excel keeps beside it. Python's own parser takes ever longer for a longer tag.
MOST_TAGS, MOST_OTHER_TAGS, LONGEST_TAG = 1_500_000, 100_000, 250_000
OTHER_TAG = re.compile(rb"<(?!/?(?:\w+:)?(?:row|c|v|is|t|si|r|f|rPr|rPh|phoneticPr)[\s/>])")
MEDIA = "xl/media/"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# A DOCTYPE and entities, comments and instructions, other encodings than UTF-8: Excel writes none of them.
FOREIGN = re.compile(rb"""\0|<!|(?!^)<\?|^\s*<\?xml[^>]*encoding\s*=\s*["'](?!(?:utf-8|us-ascii)["'])""", re.IGNORECASE)


def plain_workbook(content: bytes, file: str) -> io.BytesIO:
    """Return the pieces of XML of a workbook as a package of their own. HandoutError if Excel does not write such."""
    plain = io.BytesIO()
    tags = others = 0
    with ZipFile(io.BytesIO(content)) as package, ZipFile(plain, "w") as made:
        for name, text in unpacked(package, file):
            if name.startswith(MEDIA) or not text.removeprefix(BYTE_ORDER_MARK).lstrip().startswith(b"<"):
                continue
            if FOREIGN.search(text.removeprefix(BYTE_ORDER_MARK)):
                raise HandoutError(foreign(file))
            tags += text.count(b"<")
            others += sum(1 for _ in OTHER_TAG.finditer(text))
            if tags > MOST_TAGS or others > MOST_OTHER_TAGS or max(map(len, text.split(b"<"))) > LONGEST_TAG:
                raise HandoutError(too_large("holds more than a table does", file))
            made.writestr(name, text)
    return plain


def is_usual(piece: ZipInfo) -> bool:
    """True if a piece is packed as the format of workbooks allows."""
    return piece.compress_type in (ZIP_STORED, ZIP_DEFLATED)


def unpacked(package: ZipFile, file: str) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each piece. HandoutError when they are more than anybody writes."""
    pieces = package.infolist()
    if len(pieces) > MOST_PIECES:
        raise HandoutError(too_large(f"has {len(pieces)} pieces, and {MOST_PIECES} are the most", file))
    if len({piece.filename for piece in pieces}) < len(pieces) or not all(map(is_usual, pieces)):
        raise HandoutError(foreign(file))
    room = MOST_UNPACKED
    for piece in pieces:
        found = bytearray()
        with package.open(piece) as packed:
            while step := packed.read(STEP):
                found += step
                if len(found) > room:
                    raise HandoutError(too_large(f"unpacks to more than {MOST_UNPACKED // 1_000_000} MB", file))
        room -= len(found)
        yield piece.filename, bytes(found)


def too_large(what: str, file: str) -> Finding:
    """Return the finding for a workbook that is larger than anybody needs for a table."""
    return error("too-large", f"This workbook {what}.", Span(file), "copy the table alone into a new workbook")


def foreign(file: str) -> Finding:
    """Return the finding for a package that may be a workbook, but that no program for tables has written."""
    return error("not-a-workbook", "Excel has not written this.", Span(file), "save it anew in Excel")
