"""Conversions between points and other units of length.

All lengths in the package are floats in points (72 to the inch); convert only where a file format or a
setting uses another unit.
"""

from __future__ import annotations

_POINTS_PER_INCH = 72.0
_EMU_PER_POINT = 12_700
_TWIPS_PER_POINT = 20


def inch(inches: float) -> float:
    """Return the points in `inches`."""
    return inches * _POINTS_PER_INCH


def mm(millimetres: float) -> float:
    """Return the points in `millimetres`."""
    return millimetres * _POINTS_PER_INCH / 25.4


def emu(points: float) -> int:
    """Return the English Metric Units (DrawingML) in `points`, rounded to a whole one."""
    return round(points * _EMU_PER_POINT)


def twips(points: float) -> int:
    """Return the twentieths of a point (WordprocessingML) in `points`, rounded to a whole one."""
    return round(points * _TWIPS_PER_POINT)
