"""The text engine: fonts and the characters they have, shaping with HarfBuzz, widths and line breaking.

What is measured here is what the PDF draws; the deck uses the same measures to decide what fits. Left to right
only.
"""

from __future__ import annotations

from handouts.text.fonts import (
    PHONE_NUMBER_FAMILY,
    PRINT_FAMILY,
    SCREEN_FAMILY,
    SMALL_DIGIT_FAMILY,
    FontFace,
    FontFamily,
    character_problem,
    font_bytes,
    missing_characters,
    require_fonts,
    right_to_left_characters,
)
from handouts.text.line_breaking import (
    GlyphPiece,
    GlyphRun,
    StyledRun,
    TextLine,
    break_lines,
    text_width,
    widest_unbreakable_part,
    widest_unbreakable_run,
)
from handouts.text.shaping import Glyph

__all__ = [
    "PHONE_NUMBER_FAMILY",
    "PRINT_FAMILY",
    "SCREEN_FAMILY",
    "SMALL_DIGIT_FAMILY",
    "FontFace",
    "FontFamily",
    "Glyph",
    "GlyphPiece",
    "GlyphRun",
    "StyledRun",
    "TextLine",
    "break_lines",
    "character_problem",
    "font_bytes",
    "missing_characters",
    "require_fonts",
    "right_to_left_characters",
    "text_width",
    "widest_unbreakable_part",
    "widest_unbreakable_run",
]
