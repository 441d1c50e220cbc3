"""Read the document number that a finished file says it has, from its metadata. Takes bytes of any origin."""

from __future__ import annotations

import io
import zlib
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from handouts.document.document_number import number_in

_PROPERTIES = "docProps/core.xml"
_MAX_PROPERTIES = 1_000_000  # bytes


def stated_number(content: bytes) -> str:
    """Return the number that a PDF, a deck, a Word file or a page of the web says it has, or "" if it says none."""
    if content.startswith(b"%PDF"):
        from handouts.verify.pdf_reader import read_keywords

        return number_in(read_keywords(content))
    if content.startswith(b"PK"):
        return number_in(_read_properties(content))
    return number_in(content.decode(errors="replace"))


def _read_properties(content: bytes) -> str:
    """Return the properties of an Office file as their XML, or "" if they cannot be read."""
    try:
        with ZipFile(io.BytesIO(content)) as package:
            part = package.getinfo(_PROPERTIES)  # of which no more than the size that it says is unpacked
            usual = part.file_size <= _MAX_PROPERTIES and part.compress_type in (ZIP_STORED, ZIP_DEFLATED)
            return package.read(part).decode(errors="replace") if usual else ""
    except (BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError, RuntimeError):  # also one with a password
        return ""
