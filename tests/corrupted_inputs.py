"""Randomly corrupted input for each file reader: bits flipped, ranges deleted or repeated, tokens and numbers inserted.

The contents of PNG chunks and ZIP packages are corrupted too. The same number gives the same corrupted input.
"""

from __future__ import annotations

import io
import re
import struct
import sys
import time
import traceback
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random

from openpyxl import Workbook
from PIL import Image
from random_edits import SYNTAX_TOKENS, VALUES, small_project_files, write_files
from word_edits import WordEditor, word_file

from handouts.compose import compose_document
from handouts.finding import NOWHERE, Finding, HandoutError, raise_errors
from handouts.load import load_library
from handouts.load.files import SourceFolder
from handouts.load.images import read_pixels
from handouts.load.recipients import read_recipients
from handouts.load.reviewed_files import read_reviewed_file
from handouts.load.svg import read_svg
from handouts.markdown.attributes import Word
from handouts.select import select_content

MAX_SECONDS, MAX_BYTES = 5.0, 400_000_000  # limits for reading one input: processor time and memory
MAX_SIZE, MAX_REPEATS = 1_000_000, 100_000
DECIMAL = re.compile(rb"\d+(?:\.\d+)?")
EXTREME_NUMBERS = (
    b"0",
    b"-1",
    b"1e999",
    b"-1e308",
    b"1e-308",
    b"99999999999",
    b"nan",
    b"0x7f",
    b"4294967295",
    b"1" * 5_000,
)
EXTREME_INTEGERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
TOKENS = tuple(each.encode("utf-8", "surrogatepass") for each in (*SYNTAX_TOKENS, *VALUES))


# ---------------------------------------------------------------- corrupting bytes


def random_range(rng: Random, content: bytes, longest: int = 200) -> tuple[int, int]:
    """Return start and end of a random range of `content`, at most `longest` bytes long."""
    start = rng.randrange(len(content) + 1)
    return start, min(len(content), start + rng.randint(1, longest))


def flip_bit(rng: Random, content: bytes) -> bytes:
    """Return `content` with one bit flipped."""
    changed = bytearray(content or b"\0")
    changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def delete_range(rng: Random, content: bytes) -> bytes:
    """Return `content` without a random range, or truncated."""
    start, end = random_range(rng, content)
    return content[:start] + (content[end:] if rng.random() < 0.8 else b"")


def repeat_range(rng: Random, content: bytes) -> bytes:
    """Return `content` with a random range repeated, in one of ten cases up to `MAX_REPEATS` times."""
    start, end = random_range(rng, content, 60)
    count = MAX_REPEATS if rng.random() < 0.1 else rng.randint(1, 3)
    count = min(count, MAX_SIZE // (end - start + 1))
    return content[:end] + content[start:end] * count + content[end:]


def insert_token(rng: Random, content: bytes) -> bytes:
    """Return `content` with a token inserted that has a meaning in one of the formats."""
    start, _ = random_range(rng, content)
    return content[:start] + rng.choice(TOKENS) + content[start:]


def replace_number(rng: Random, content: bytes) -> bytes:
    """Return `content` with one decimal number replaced by an extreme one."""
    found = list(DECIMAL.finditer(content))
    if not found:
        return insert_token(rng, content)
    start, end = rng.choice(found).span()
    return content[:start] + rng.choice(EXTREME_NUMBERS) + content[end:]


def overwrite_integer(rng: Random, content: bytes) -> bytes:
    """Return `content` with some bytes overwritten by an extreme binary integer."""
    layout = rng.choice(("B", "<H", ">H", "<I", ">I"))
    size = struct.calcsize(layout)
    start, _ = random_range(rng, content)
    value = rng.choice([each for each in EXTREME_INTEGERS if each < 1 << 8 * size])
    return content[:start] + struct.pack(layout, value) + content[start + size :]


def corrupted(rng: Random, content: bytes) -> bytes:
    """Return `content` after one to four mutations; in three of ten cases only decimal numbers change."""
    mutations = (
        (replace_number,)
        if rng.random() < 0.3
        else (flip_bit, delete_range, repeat_range, insert_token, replace_number, overwrite_integer)
    )
    for _ in range(rng.randint(1, 4)):
        content = rng.choice(mutations)(rng, content)
    return content


def corrupted_png(rng: Random, content: bytes) -> bytes:
    """Return a PNG with one chunk corrupted and its checksum corrected; in one of five cases, corrupted anywhere."""
    if not content.startswith(b"\x89PNG") or rng.random() < 0.2:
        return corrupted(rng, content)
    chunks, position = [], 8
    while position < len(content):
        size = int.from_bytes(content[position : position + 4], "big")
        chunks.append(content[position + 4 : position + 8 + size])
        position += size + 12
    index = rng.randrange(len(chunks))
    chunks[index] = chunks[index][:4] + corrupted(rng, chunks[index][4:])
    encoded = (struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in chunks)
    return content[:8] + b"".join(encoded)


def corrupted_package(rng: Random, content: bytes) -> bytes:
    """Return a ZIP package with one part corrupted and packed again; in three of ten cases, corrupted anywhere."""
    if rng.random() < 0.3:
        return corrupted(rng, content)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = rng.choice(list(parts))
    parts[name] = corrupted(rng, parts[name])
    compression = rng.choice((zipfile.ZIP_STORED, *[zipfile.ZIP_DEFLATED] * 8, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as package:
        for each, text in parts.items():
            package.writestr(each, text)
    return buffer.getvalue()


# ---------------------------------------------------------------- valid input


@cache
def images() -> Mapping[str, bytes]:
    """Return images in each colour mode, with EXIF data, colour profile and comment."""
    exif = Image.Exif()
    exif.update({0x112: 6, 0x10F: "A camera", 0x11A: 72.0, 0x132: "2026:11:24 10:00:00"})
    exif.get_ifd(0x8769)[0x9000] = b"0231"
    exif.get_ifd(0x8825)[2] = (53.0, 20.0, 30.0)
    grey = Image.radial_gradient("L").resize((40, 24))
    images_by_name = {}
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        images_by_name[f"{mode}.png"] = image_bytes(grey.convert(mode), "PNG", exif=exif, icc_profile=b"p" * 200)
    for mode in ("L", "RGB", "CMYK"):
        images_by_name[f"{mode}.jpg"] = image_bytes(
            grey.convert(mode), "JPEG", exif=exif, comment="c", progressive=mode == "RGB"
        )
    return images_by_name


def image_bytes(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


SVG = b"""<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 80" width="200pt" height="80pt"><title>Hive</title>
<g transform="translate(10 10) rotate(3, 1, 2) scale(.9)" stroke="none"><rect x="1" y="2" width="60" height="50" rx="12"
fill="#0F4C5C"/><circle cx="110" cy="30" r="26" style="fill:none;stroke:rgb(107,44,90);stroke-width:6"/></g>
<path d="M150 50q15 -20 30 0a10 10 0 0 1 -20 5zm-9-9c1 2 3 4 5-6s1 2 3 3t4 4h3v-4z" fill="hsl(120,50%,20%)"/>
<ellipse cx="20" cy="20" rx="9" ry="4"/><polygon points="1,2 3,4 5.5,60" transform="matrix(1 0 0 1 2 3)"/>
<line x1="1" x2="20" y1="3px" y2="4pt" stroke="red" stroke-linecap="round"/></svg>"""
CSV = '\ufeffName;Phone;Address;Hours;Lines;Logo\r\nHarbour;0117 496;"1, High Street\r\nBristol";9 to 5;Night: 01;\r\n'


@cache
def workbook() -> bytes:
    """Return an Excel workbook with texts, numbers, a formula and a second sheet."""
    book, buffer = Workbook(), io.BytesIO()
    for row in (("name", "phone", "other"), ("Harbour", "0117", 117), ("B", "", "=1+1"), ("C", "", True)):
        book.worksheets[0].append(row)
    book.create_sheet("Second").append(("x",))
    book.save(buffer)
    return buffer.getvalue()


@cache
def reviewed_file() -> bytes:
    """Return a Word file with tracked changes of each kind, and a comment with a reply."""
    word = WordEditor(word_file([("p1", "They wait for the sun."), ("p2", "Leave it closed."), ("", "A quiet hive.")]))
    first, second, third = (word.paragraph_containing(each) for each in ("wait", "Leave", "quiet"))
    word.replace(first, 5, 9, "stay")
    word.insert(second, 16, " Then wait.")
    word.delete(third, 0, 2, "moveFrom")
    word.mark_paragraph_end(second, "del")
    word.comment(first, 14, 17, "Which one?", reply="That one.")
    return word.to_bytes()


@cache
def valid_inputs() -> Mapping[str, Mapping[str, bytes]]:
    """Return the valid input files of each reader, by file name."""
    endings = {"json": ".json", "yaml": ".yaml", "markdown": ".md", "templates": ".j2"}
    return {
        "pictures": images(),
        "svg": {"hive.svg": SVG},
        "xlsx": {"clinics.xlsx": workbook()},
        "csv": {"clinics.csv": CSV.encode()},
        "docx": {"review.docx": reviewed_file()},
        **{
            reader: {name: text.encode() for name, text in small_project_files().items() if name.endswith(ending)}
            for reader, ending in endings.items()
        },
    }


READERS = ("pictures", "svg", "xlsx", "docx", "csv", "json", "yaml", "markdown", "templates")


def corrupted_input(reader: str, number: int) -> tuple[str, bytes]:
    """Return the name of an input file of `reader`, and its content corrupted with the seed `number`."""
    rng = Random(f"{reader} {number}")
    name, content = rng.choice(list(valid_inputs()[reader].items()))
    corrupt = {"pictures": corrupted_png, "xlsx": corrupted_package, "docx": corrupted_package}.get(reader, corrupted)
    return name, corrupt(rng, content)


def write_small_project(folder: Path) -> None:
    """Write the small project in which YAML, JSON, Markdown and templates are read."""
    write_files(folder, {name: text.encode() for name, text in small_project_files().items()})


def read_input(reader: str, name: str, content: bytes, folder: Path) -> None:
    """Read `content` with `reader` as the file `name` of the project in `folder`; raise HandoutError for its errors."""
    findings: list[Finding] = []
    if reader == "pictures":
        read_pixels(content, Word(name, NOWHERE), SourceFolder(folder, findings))
    elif reader == "svg":
        read_svg(content, NOWHERE, findings)
    elif reader == "docx":
        findings.extend(read_reviewed_file(content, name).findings)
    elif reader in ("xlsx", "csv"):
        (folder / name).write_bytes(content)
        read_recipients(folder / name)
    else:
        (folder / name).write_bytes(content)
        try:
            read_project_file(reader, name, folder)
        finally:
            (folder / name).write_bytes(valid_inputs()[reader][name])
    raise_errors(findings)


def read_project_file(reader: str, name: str, folder: Path) -> None:
    """Load a project, and compose a document if the file is a template."""
    library = load_library(folder / "content", folder / "templates")
    stem = Path(name).name.removesuffix(".md.j2")
    if reader == "templates" and library.topics:
        template = stem if stem in library.templates else "handout"
        compose_document(select_content(library, "bees", "growers", "en"), template, country="UK")


def reading_faults(reader: str, number: int, folder: Path) -> tuple[list[str], set[str]]:
    """Read a corrupted input; return the failures (crash, too slow, too much memory), and the codes of the findings."""
    name, content = corrupted_input(reader, number)
    start, memory, codes = time.process_time(), peak_memory(), set[str]()
    faults = []
    try:
        read_input(reader, name, content, folder)
    except HandoutError as raised:
        codes = {each.code for each in raised.findings}
    except Exception:  # any crash is a failure to report
        faults.append(traceback.format_exc(limit=-5))
    seconds, allocated = time.process_time() - start, peak_memory() - memory
    if seconds > MAX_SECONDS:
        faults.append(f"took {seconds:.1f} s")
    if allocated > MAX_BYTES:
        faults.append(f"took {allocated // 1_000_000} MB")
    return [f"{reader} {number} ({name}): {each}" for each in faults], codes


def peak_memory() -> int:
    """Return the peak memory of this process in bytes; 0 on Windows."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
