"""QR codes: the dark squares as one path or as a drawing, and the width of the quiet zone around them."""

from __future__ import annotations

from itertools import groupby

import segno

from handouts.figures.shapes import Command, Drawing, Path, shifted_all

_QUIET_ZONE_MODULES = 4  # ISO/IEC 18004


def qr_code_path(target: str, size: float) -> Path:
    """Return the dark squares of the code for the address `target`, in a square of `size`."""
    rows = _code_rows(target)
    module = size / len(rows)
    commands: list[Command] = []
    for y, row in enumerate(rows):
        left = 0
        for dark, squares in groupby(row):
            right = left + len(list(squares))
            if dark:
                commands += [("M", (left * module, y * module)), ("L", (right * module, y * module))]
                below = (y + 1) * module
                commands += [("L", (right * module, below)), ("L", (left * module, below)), ("Z", ())]
            left = right
    return Path(tuple(commands), fill="ink")


def quiet_zone(target: str, size: float) -> float:
    """Return the width of the zone around a code of `size` that must be kept clear."""
    return _QUIET_ZONE_MODULES * size / len(_code_rows(target))


def qr_code_drawing(target: str, size: float) -> Drawing:
    """Return the code for the address `target`, its dark squares in a square of `size`, with its quiet zone."""
    quiet = quiet_zone(target, size)
    whole = size + 2 * quiet
    return Drawing(whole, whole, shifted_all((qr_code_path(target, size),), quiet, quiet))


def _code_rows(target: str) -> tuple[bytes | bytearray, ...]:
    """Return the rows of a code, one byte for each square: 1 if it is dark, 0 if not."""
    return tuple(segno.make(target, error="m", micro=False).matrix)
