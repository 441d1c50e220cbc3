"""What each reader takes, spoilt by chance: bytes turned, cut, doubled and put in, also inside of what is packed.

The same number spoils the same input in the same way.
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
from random_edits import SIGNS, VALUES, small, written
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

SLOW, MUCH = 5.0, 400_000_000  # seconds of the processor, and bytes of memory, that no input may take
LARGEST, MOST_REPEATS = 1_000_000, 100_000
NUMBER = re.compile(rb"\d+(?:\.\d+)?")
NUMBERS = (b"0", b"-1", b"1e999", b"-1e308", b"1e-308", b"99999999999", b"nan", b"0x7f", b"4294967295", b"1" * 5_000)
EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
TOKENS = tuple(each.encode("utf-8", "surrogatepass") for each in (*SIGNS, *VALUES))


# ---------------------------------------------------------------- how bytes are spoilt


def piece_of(chance: Random, content: bytes, longest: int = 200) -> tuple[int, int]:
    """Return where a piece of a content begins and ends."""
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + chance.randint(1, longest))


def turned(chance: Random, content: bytes) -> bytes:
    """Turn one bit."""
    changed = bytearray(content or b"\0")
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(chance: Random, content: bytes) -> bytes:
    """Take a piece out, or all that follows."""
    start, end = piece_of(chance, content)
    return content[:start] + (content[end:] if chance.random() < 0.8 else b"")


def doubled(chance: Random, content: bytes) -> bytes:
    """Say a piece again, now and then very often."""
    start, end = piece_of(chance, content, 60)
    often = MOST_REPEATS if chance.random() < 0.1 else chance.randint(1, 3)
    often = min(often, LARGEST // (end - start + 1))
    return content[:end] + content[start:end] * often + content[end:]


def put_in(chance: Random, content: bytes) -> bytes:
    """Put in what means something in one of the formats."""
    start, _ = piece_of(chance, content)
    return content[:start] + chance.choice(TOKENS) + content[start:]


def renumbered(chance: Random, content: bytes) -> bytes:
    """Write another number in the place of one."""
    found = list(NUMBER.finditer(content))
    if not found:
        return put_in(chance, content)
    start, end = chance.choice(found).span()
    return content[:start] + chance.choice(NUMBERS) + content[end:]


def overwritten(chance: Random, content: bytes) -> bytes:
    """Write an extreme number over some bytes."""
    kind = chance.choice(("B", "<H", ">H", "<I", ">I"))
    size = struct.calcsize(kind)
    start, _ = piece_of(chance, content)
    value = chance.choice([each for each in EXTREMES if each < 1 << 8 * size])
    return content[:start] + struct.pack(kind, value) + content[start + size :]


def spoilt(chance: Random, content: bytes) -> bytes:
    """Return a content with one to four faults; now and then its form stays whole, and only numbers change."""
    ways = (renumbered,) if chance.random() < 0.3 else (turned, cut, doubled, put_in, renumbered, overwritten)
    for _ in range(chance.randint(1, 4)):
        content = chance.choice(ways)(chance, content)
    return content


def spoilt_png(chance: Random, content: bytes) -> bytes:
    """Return a PNG with faults in one of its chunks, whose checksum is right; or with faults anywhere."""
    if not content.startswith(b"\x89PNG") or chance.random() < 0.2:
        return spoilt(chance, content)
    chunks, place = [], 8
    while place < len(content):
        size = int.from_bytes(content[place : place + 4], "big")
        chunks.append(content[place + 4 : place + 8 + size])
        place += size + 12
    index = chance.randrange(len(chunks))
    chunks[index] = chunks[index][:4] + spoilt(chance, chunks[index][4:])
    made = (struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in chunks)
    return content[:8] + b"".join(made)


def spoilt_package(chance: Random, content: bytes) -> bytes:
    """Return a package with faults in one of its pieces, packed anew; or with faults anywhere."""
    if chance.random() < 0.3:
        return spoilt(chance, content)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        pieces = {name: package.read(name) for name in package.namelist()}
    name = chance.choice(list(pieces))
    pieces[name] = spoilt(chance, pieces[name])
    kind = chance.choice((zipfile.ZIP_STORED, *[zipfile.ZIP_DEFLATED] * 8, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as package:
        for each, text in pieces.items():
            package.writestr(each, text)
    return buffer.getvalue()


# ---------------------------------------------------------------- what is read


@cache
def images() -> Mapping[str, bytes]:
    """Return pictures of each kind, with all that may be noted in one."""
    exif = Image.Exif()
    exif.update({0x112: 6, 0x10F: "A camera", 0x11A: 72.0, 0x132: "2026:11:24 10:00:00"})
    exif.get_ifd(0x8769)[0x9000] = b"0231"
    exif.get_ifd(0x8825)[2] = (53.0, 20.0, 30.0)
    grey = Image.radial_gradient("L").resize((40, 24))
    made = {}
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        made[f"{mode}.png"] = saved(grey.convert(mode), "PNG", exif=exif, icc_profile=b"p" * 200)
    for mode in ("L", "RGB", "CMYK"):
        made[f"{mode}.jpg"] = saved(grey.convert(mode), "JPEG", exif=exif, comment="c", progressive=mode == "RGB")
    return made


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


DRAWN = b"""<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 80" width="200pt" height="80pt"><title>Hive</title>
<g transform="translate(10 10) rotate(3, 1, 2) scale(.9)" stroke="none"><rect x="1" y="2" width="60" height="50" rx="12"
fill="#0F4C5C"/><circle cx="110" cy="30" r="26" style="fill:none;stroke:rgb(107,44,90);stroke-width:6"/></g>
<path d="M150 50q15 -20 30 0a10 10 0 0 1 -20 5zm-9-9c1 2 3 4 5-6s1 2 3 3t4 4h3v-4z" fill="hsl(120,50%,20%)"/>
<ellipse cx="20" cy="20" rx="9" ry="4"/><polygon points="1,2 3,4 5.5,60" transform="matrix(1 0 0 1 2 3)"/>
<line x1="1" x2="20" y1="3px" y2="4pt" stroke="red" stroke-linecap="round"/></svg>"""
CSV = '\ufeffName;Phone;Address;Hours;Lines;Logo\r\nHarbour;0117 496;"1, High Street\r\nBristol";9 to 5;Night: 01;\r\n'


@cache
def workbook() -> bytes:
    """Return a workbook with texts, numbers, a formula and a second sheet."""
    book, buffer = Workbook(), io.BytesIO()
    for row in (("name", "phone", "other"), ("Harbour", "0117", 117), ("B", "", "=1+1"), ("C", "", True)):
        book.worksheets[0].append(row)
    book.create_sheet("Second").append(("x",))
    book.save(buffer)
    return buffer.getvalue()


@cache
def reviewed_file() -> bytes:
    """Return a Word file with changes of each kind, and a comment with its answer."""
    word = WordEditor(word_file([("p1", "They wait for the sun."), ("p2", "Leave it closed."), ("", "A quiet hive.")]))
    first, second, third = (word.containing(each) for each in ("wait", "Leave", "quiet"))
    word.replace(first, 5, 9, "stay")
    word.insert(second, 16, " Then wait.")
    word.delete(third, 0, 2, "moveFrom")
    word.end_mark(second, "del")
    word.comment(first, 14, 17, "Which one?", answer="That one.")
    return word.saved()


@cache
def inputs() -> Mapping[str, Mapping[str, bytes]]:
    """Return what each reader takes, by the names of files."""
    endings = {"json": ".json", "yaml": ".yaml", "markdown": ".md", "templates": ".j2"}
    return {
        "pictures": images(),
        "svg": {"hive.svg": DRAWN},
        "xlsx": {"clinics.xlsx": workbook()},
        "csv": {"clinics.csv": CSV.encode()},
        "docx": {"review.docx": reviewed_file()},
        **{
            reader: {name: text.encode() for name, text in small().items() if name.endswith(ending)}
            for reader, ending in endings.items()
        },
    }


READERS = ("pictures", "svg", "xlsx", "docx", "csv", "json", "yaml", "markdown", "templates")


def spoilt_input(reader: str, number: int) -> tuple[str, bytes]:
    """Return the name of a file that a reader takes, and its content with the faults of this number."""
    chance = Random(f"{reader} {number}")
    name, content = chance.choice(list(inputs()[reader].items()))
    spoil = {"pictures": spoilt_png, "xlsx": spoilt_package, "docx": spoilt_package}.get(reader, spoilt)
    return name, spoil(chance, content)


def project_in(folder: Path) -> None:
    """Write the project that the readers of its files need."""
    for _ in written(folder, {name: text.encode() for name, text in small().items()}):
        pass


def read(reader: str, name: str, content: bytes, folder: Path) -> None:
    """Let a reader read a file in the project in `folder`. HandoutError if there is something wrong with it."""
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
            read_project(reader, name, folder)
        finally:
            (folder / name).write_bytes(inputs()[reader][name])
    raise_errors(findings)


def read_project(reader: str, name: str, folder: Path) -> None:
    """Read a project, and lay out what a template of it says if that is what was spoilt."""
    library = load_library(folder / "content", folder / "templates")
    home = Path(name).name.removesuffix(".md.j2")
    if reader == "templates" and library.topics:
        template = home if home in library.templates else "handout"
        compose_document(select_content(library, "bees", "growers", "en"), template, country="UK")


def faults_of_reading(reader: str, number: int, folder: Path) -> tuple[list[str], set[str]]:
    """Return what is wrong with how a reader takes a spoilt input, and the codes of what it says of it."""
    name, content = spoilt_input(reader, number)
    began, memory, codes = time.process_time(), peak_memory(), set[str]()
    faults = []
    try:
        read(reader, name, content, folder)
    except HandoutError as refused:
        codes = {each.code for each in refused.findings}
    except Exception:  # whatever it is, it is a failure to be told
        faults.append(traceback.format_exc(limit=-5))
    seconds, taken = time.process_time() - began, peak_memory() - memory
    if seconds > SLOW:
        faults.append(f"took {seconds:.1f} s")
    if taken > MUCH:
        faults.append(f"took {taken // 1_000_000} MB")
    return [f"{reader} {number} ({name}): {each}" for each in faults], codes


def peak_memory() -> int:
    """Return the most bytes that this process had at any time; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
