"""QR codes as pictures: each module a whole number of pixels, with the quiet zone that a phone needs.

The only user of segno. The same address gives the same bytes.
"""

from __future__ import annotations

from io import BytesIO

import segno

PIXELS_PER_MODULE, QUIET_ZONE = 16, 4


def code_picture(target: str) -> bytes:
    """Return a PNG with the QR code that opens `target`, black on white."""
    buffer = BytesIO()
    segno.make(target, error="m", micro=False).save(buffer, kind="png", scale=PIXELS_PER_MODULE, border=QUIET_ZONE)
    return buffer.getvalue()
