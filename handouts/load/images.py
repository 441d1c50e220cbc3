"""Load the pictures that content names: checked, rotated upright, and no larger than print needs.

The first bytes decide the format, not the file name. A picture outside content, broken, huge or in another format is an
error where it is named. Only the pixels of a file are kept. The only user of Pillow's image formats.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from collections.abc import Iterable
from pathlib import Path

from PIL import ExifTags, Image, UnidentifiedImageError

from handouts.document.nodes import Outlines, Pixels
from handouts.finding import Finding, Location, warning
from handouts.load.files import SourceFolder, exists_exactly, read_bytes, suggest_file
from handouts.load.svg import read_svg
from handouts.markdown.attributes import Word

_RASTER_FORMATS = ("PNG", "JPEG")
_MAX_PICTURE_BYTES, _MAX_PIXELS, MAX_SOURCE_SIDE, _MAX_SIDE = 20_000_000, 40_000_000, 30_000, 2200
_JPEG_QUALITY = 90
_PLAIN_PATH = re.compile(r"[^/\\:]+(/[^/\\:]+)*")
# What Pillow raises for a broken file or broken EXIF data.
_PILLOW_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    LookupError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
# How to rotate a picture upright, by the value of its EXIF tag "Orientation".
_TRANSPOSE_BY_ORIENTATION = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def load_pictures(folder: SourceFolder, home: Path, names: Iterable[Word]) -> dict[str, Pixels | Outlines]:
    """Return the pictures in the content folder `home` by their `names`."""
    first: dict[str, Word] = {}
    for name in names:
        first.setdefault(name.text, name)
    pictures = {text: load_picture(folder, home, name) for text, name in first.items()}
    return {text: picture for text, picture in pictures.items() if picture}


def load_picture(folder: SourceFolder, home: Path, name: Word) -> Pixels | Outlines | None:
    """Return one picture, or None after an error."""
    if not _PLAIN_PATH.fullmatch(name.text) or ".." in name.text.split("/"):
        hint = f'put the file into {home.as_posix()} and write its name: file="name.png"'
        folder.error("picture-path", f"'{name.text}' is not a file in {home.as_posix()}.", name.at, hint)
        return None
    path = home / name.text
    if not all(map(exists_exactly, (path, *path.parents[: name.text.count("/")]))):
        hint = suggest_file(home, name.text)
        folder.error("missing-picture", f"There is no file {path.as_posix()}.", name.at, hint)
        return None
    content = read_bytes(folder, path, name.at, _MAX_PICTURE_BYTES)
    if content is None:
        return None
    return _decode_picture(content, name, folder)


def check_picture(content: bytes, name: str) -> tuple[Finding, ...]:
    """Return the findings for a picture that is to be saved as `name`."""
    folder = SourceFolder(Path(), [])
    _decode_picture(content, Word(name, Location(name)), folder)
    return tuple(folder.findings)


def _decode_picture(content: bytes, name: Word, folder: SourceFolder) -> Pixels | Outlines | None:
    """Return a picture, or None after an error."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return read_svg(content, name.at, folder.findings)
    return read_pixels(content, name, folder)


def read_pixels(content: bytes, name: Word, folder: SourceFolder) -> Pixels | None:
    """Return a raster picture, or None after an error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of broken metadata, and of sizes that are checked below
            image = Image.open(io.BytesIO(content), formats=_RASTER_FORMATS)
            if image.width * image.height > _MAX_PIXELS or max(image.size) > MAX_SOURCE_SIDE:
                most = f"{_MAX_PIXELS // 1_000_000} million in all, and {MAX_SOURCE_SIDE} a side, are the most"
                message = f"'{name.text}' has {image.width} × {image.height} pixels; {most}."
                folder.error("picture-too-large", message, name.at, "make it smaller")
                return None
            image.load()
            if image.mode == "CMYK":
                folder.findings.append(_cmyk_warning(name))
            return encode_pixels(_normalize_image(image), "PNG" if image.format == "PNG" else "JPEG")
    except UnidentifiedImageError:
        hint = "save it as PNG, JPEG or SVG"
        folder.error("picture-kind", f"'{name.text}' is not a PNG, JPEG or SVG.", name.at, hint)
    except Image.DecompressionBombError:
        folder.error("picture-too-large", f"'{name.text}' is far too large.", name.at, "make it smaller")
    except _PILLOW_ERRORS:
        folder.error("picture-broken", f"'{name.text}' is broken.", name.at, "save it again from where it is from")
    return None


def _cmyk_warning(name: Word) -> Finding:
    """Return the warning for a picture in CMYK."""
    message = f"'{name.text}' is in CMYK; its colours are turned into those of screens, and may look otherwise."
    return warning("picture-colours", message, name.at, "save it as RGB, and see how it looks")


def _normalize_image(image: Image.Image) -> Image.Image:
    """Return `image` upright, in RGB or RGBA, and no larger than needed."""
    clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    turn = _read_orientation(image)
    mode = "RGBA" if clear else "RGB"
    whole = image if image.mode == mode else image.convert(mode)
    longest = max(whole.size)
    if longest > _MAX_SIDE:
        size = tuple(max(1, round(side * _MAX_SIDE / longest)) for side in whole.size)
        whole = whole.resize((size[0], size[1]), Image.Resampling.LANCZOS)
    return whole if turn is None else whole.transpose(turn)


def _read_orientation(image: Image.Image) -> Image.Transpose | None:
    """Return how to rotate `image`; None if that is not needed, or if its EXIF data is broken."""
    try:
        return _TRANSPOSE_BY_ORIENTATION.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except _PILLOW_ERRORS:
        return None


def encode_pixels(image: Image.Image, kind: str) -> Pixels:
    """Return `image` for screens, printers and photocopiers; no metadata is kept."""
    flat = Image.new("RGB", image.size, (255, 255, 255))
    flat.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    printed = _encode_image(flat, kind)
    screen = _encode_image(image, "PNG") if image.mode == "RGBA" else printed
    return Pixels(image.width, image.height, screen, printed, _encode_image(flat.convert("1"), "PNG"))


def _encode_image(image: Image.Image, kind: str) -> bytes:
    """Return `image` as the bytes of a file without metadata."""
    buffer = io.BytesIO()
    clean = Image.frombytes(image.mode, image.size, image.tobytes())
    clean.save(buffer, kind, **({"quality": _JPEG_QUALITY} if kind == "JPEG" else {}))
    return buffer.getvalue()
