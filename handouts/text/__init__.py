"""THE text engine: fonts and their coverage, shaping with HarfBuzz, widths, line breaking. Left to right only.

What is measured here is what the PDF draws; the deck uses the same measures to decide what fits.
"""

from __future__ import annotations

from handouts.text.breaking import GlyphRun, Line, Piece, Run, break_lines, text_width, widest_of_runs, widest_part
from handouts.text.characters import trouble
from handouts.text.fonts import (
    FIGURES,
    NUMBERS,
    PRINT,
    SCREEN,
    Face,
    Family,
    font_bytes,
    missing_characters,
    require_fonts,
    wrong_way_characters,
)
from handouts.text.shaping import Glyph

__all__ = [
    "FIGURES",
    "NUMBERS",
    "PRINT",
    "SCREEN",
    "Face",
    "Family",
    "Glyph",
    "GlyphRun",
    "Line",
    "Piece",
    "Run",
    "break_lines",
    "font_bytes",
    "missing_characters",
    "require_fonts",
    "text_width",
    "trouble",
    "widest_of_runs",
    "widest_part",
    "wrong_way_characters",
]
