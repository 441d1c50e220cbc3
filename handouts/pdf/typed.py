"""The font of what people type into a form: all of Windows Latin, by the one-byte codes that every viewer knows."""

from __future__ import annotations

from handouts.pdf.fonts import NONSYMBOLIC, descriptor, program_stream, tag_of
from handouts.pdf.objects import File
from handouts.text.fonts import PRINT
from handouts.text.subsetting import character_width, subset_characters

FIRST, LAST = 32, 255
ENCODING = "cp1252"


def write_typed_font(file: File) -> str:
    """Write a TrueType font of one-byte codes and return the reference to it (ISO 32000-1, 9.6.3 and D.2)."""
    face = PRINT.regular[0]
    characters = [shown_by(code) for code in range(FIRST, LAST + 1)]
    program = subset_characters(face, [each for each in characters if each])
    name = f"{tag_of(program)}+{face.name}"
    widths = " ".join(str(round(character_width(face, each) * 1000) if each else 0) for each in characters)
    embedded = file.add(program_stream(program))
    return file.add(
        f"<</Type/Font/Subtype/TrueType/BaseFont/{name}/Encoding/WinAnsiEncoding/FirstChar {FIRST}/LastChar {LAST}"
        f"/Widths[{widths}]/FontDescriptor {file.add(descriptor(face, name, embedded, NONSYMBOLIC))}>>"
    )


def shown_by(code: int) -> str:
    """Return the character of a code, "" if it has none."""
    return bytes([code]).decode(ENCODING, "ignore")
