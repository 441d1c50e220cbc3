"""Load the pictures that content names: checked, turned upright, and no larger than print needs.

The first bytes decide the format, not the file's name. A picture that is outside of content, broken, huge or
of another format is a finding at the words that name it. Only the pixels of a file go on. The only user of
Pillow's image formats.
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
from handouts.finding import Finding, Location, error, suggest_name, warning
from handouts.load.files import SourceFolder, exists_exactly, read_bytes
from handouts.load.svg import read_svg
from handouts.markdown.attributes import Word

_RASTER_FORMATS = ("PNG", "JPEG")
_MAX_PICTURE_BYTES, _MAX_PIXELS, MAX_SOURCE_SIDE, _MAX_SIDE = 20_000_000, 40_000_000, 30_000, 2200
_JPEG_QUALITY = 90
_PLAIN_PATH = re.compile(r"[^/\\:]+(/[^/\\:]+)*")
# What Pillow raises for a broken file, and for what a camera has noted of it.
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
# How a picture is turned that a camera held otherwise, by what it noted (the tag "Orientation" of EXIF).
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
    """Return the pictures in `home`, a folder of content, that `names` name."""
    pictures: dict[str, Pixels | Outlines] = {}
    tried: set[str] = set()
    for name in names:
        picture = load_picture(folder, home, name) if name.text not in tried else None
        tried.add(name.text)
        if picture:
            pictures[name.text] = picture
    return pictures


def load_picture(folder: SourceFolder, home: Path, name: Word) -> Pixels | Outlines | None:
    """Return one picture, or None after a finding."""
    if not _PLAIN_PATH.fullmatch(name.text) or ".." in name.text.split("/"):
        hint = f'put the file into {home.as_posix()} and write its name: file="name.png"'
        folder.error("picture-path", f"'{name.text}' is no file in {home.as_posix()}.", name.at, hint)
        return None
    path = home / name.text
    if not all(map(exists_exactly, (path, *path.parents[: name.text.count("/")]))):
        there = sorted(each.name for each in path.parent.iterdir() if each.is_file()) if path.parent.is_dir() else []
        hint = suggest_name(name.text, there) if there else f"put the file into {home.as_posix()}"
        folder.error("missing-picture", f"There is no file {path.as_posix()}.", name.at, hint)
        return None
    content = read_bytes(folder, path, name.at, _MAX_PICTURE_BYTES)
    if content is None:
        return None
    return _decode_picture(content, name, folder)


def check_picture(content: bytes, name: str) -> tuple[Finding, ...]:
    """Return what is wrong with a picture that is to be called `name`."""
    folder = SourceFolder(Path(), [])
    _decode_picture(content, Word(name, Location(name)), folder)
    return tuple(folder.findings)


def _decode_picture(content: bytes, name: Word, folder: SourceFolder) -> Pixels | Outlines | None:
    """Return a picture, or None after a finding."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return read_svg(content, name.at, folder.findings)
    return read_pixels(content, name, folder)


def read_pixels(content: bytes, name: Word, folder: SourceFolder) -> Pixels | None:
    """Return a picture of pixels, or None after a finding."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of notes that are broken, and of sizes that we look at
            image = Image.open(io.BytesIO(content), formats=_RASTER_FORMATS)
            if image.width * image.height > _MAX_PIXELS or max(image.size) > MAX_SOURCE_SIDE:
                folder.findings.append(_too_many_pixels(image, name))
                return None
            image.load()
            if image.mode == "CMYK":
                folder.findings.append(_cmyk_warning(name))
            return encode_pixels(_normalize_image(image), "PNG" if image.format == "PNG" else "JPEG")
    except UnidentifiedImageError:
        hint = "save it as PNG, JPEG or SVG"
        folder.error("picture-kind", f"'{name.text}' is no PNG, JPEG or SVG.", name.at, hint)
    except Image.DecompressionBombError:
        folder.error("picture-too-large", f"'{name.text}' is far too large.", name.at, "make it smaller")
    except _PILLOW_ERRORS:
        folder.error("picture-broken", f"'{name.text}' is broken.", name.at, "save it anew from where it is from")
    return None


def _too_many_pixels(image: Image.Image, name: Word) -> Finding:
    """Return the finding for a picture with too many pixels, or too long a side."""
    most = f"{_MAX_PIXELS // 1_000_000} million in all, and {MAX_SOURCE_SIDE} a side, are the most"
    message = f"'{name.text}' has {image.width} × {image.height} pixels; {most}."
    return error("picture-too-large", message, name.at, "make it smaller")


def _cmyk_warning(name: Word) -> Finding:
    """Return the warning for a picture in the colours of printing presses."""
    message = f"'{name.text}' is in CMYK; its colours are turned into those of screens, and may look otherwise."
    return warning("picture-colours", message, name.at, "save it as RGB, and see how it looks")


def _normalize_image(image: Image.Image) -> Image.Image:
    """Return `image` as a camera meant it, in red, green and blue, perhaps with transparency, no larger than needed."""
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
    """Return how `image` is turned; not at all where what the camera has noted is broken."""
    try:
        return _TRANSPOSE_BY_ORIENTATION.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except _PILLOW_ERRORS:
        return None


def encode_pixels(image: Image.Image, kind: str) -> Pixels:
    """Return `image` as screens, printers and copiers show it; nothing else of its file is kept."""
    flat = Image.new("RGB", image.size, (255, 255, 255))
    flat.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    printed = _encode_image(flat, kind)
    screen = _encode_image(image, "PNG") if image.mode == "RGBA" else printed
    return Pixels(image.width, image.height, screen, printed, _encode_image(flat.convert("1"), "PNG"))


def _encode_image(image: Image.Image, kind: str) -> bytes:
    """Return `image` as a file without any word about itself."""
    buffer = io.BytesIO()
    clean = Image.frombytes(image.mode, image.size, image.tobytes())
    clean.save(buffer, kind, **({"quality": _JPEG_QUALITY} if kind == "JPEG" else {}))
    return buffer.getvalue()
