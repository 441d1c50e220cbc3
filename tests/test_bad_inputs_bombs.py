"""Tables and pictures made to exhaust memory or time, or with false headers."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from command_bench import PDF, Bench
from conftest import Project, keep_default_templates
from openpyxl import Workbook
from PIL import Image
from test_bad_inputs_pictures import pictured
from test_pictures import saved
from test_recipients import DOCTYPE

from handouts.document.nodes import Pixels
from handouts.load import images, office_package, recipients, spreadsheets

TABLE = (*PDF, "--recipients")
SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
DATA = b"<sheetData>"
SECONDS, BYTES = 10.0, 250_000_000


@pytest.fixture
def project(project: Project) -> Project:
    return keep_default_templates(project)


@pytest.fixture(autouse=True)
def within_bounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Limit the time of each case, and its memory from the hostile file on.

    What is loaded before it is not watched, as that takes three times as long.
    """
    for module, name in ((recipients, "read_recipients"), (images, "load_pictures")):
        monkeypatch.setattr(module, name, watched(getattr(module, name)))
    start = time.process_time()
    yield
    assert tracemalloc.is_tracing()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - start < SECONDS
    assert peak < BYTES


def watched(read: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, which begins to count memory when it is called."""

    def begin_and_read(*given: Any) -> Any:
        tracemalloc.start()
        return read(*given)

    return begin_and_read


# ---------------------------------------------------------------- workbooks


def workbook_parts() -> dict[str, bytes]:
    """Return the parts of a workbook of one row."""
    book, buffer = Workbook(), io.BytesIO()
    for cells in (("name", "phone"), ("Harbour", "0117")):
        book.active.append(cells)  # type: ignore[union-attr]
    book.save(buffer)
    with zipfile.ZipFile(buffer) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(made: Mapping[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as package:
        for name, content in made.items():
            package.writestr(name, content)
    return buffer.getvalue()


def with_data(text: bytes, name: str = SHEET) -> dict[str, bytes]:
    """Return the parts with more XML in the sheet, before its rows."""
    made = workbook_parts()
    return {**made, name: made[name].replace(DATA, DATA + text)}


def under_another_name(name: str, start: bytes = b"") -> dict[str, bytes]:
    """Return the parts with the sheet under another name, and a prefix before its root element."""
    made = workbook_parts()
    sheet = made.pop(SHEET)
    made = {
        key: text.replace(b"worksheets/sheet1.xml", name.removeprefix("xl/").encode()) for key, text in made.items()
    }
    return {**made, name: start + sheet[sheet.index(b"<worksheet") :]}


def with_false_headers(content: bytes, name: str, **values: int) -> bytes:
    """Return a package with false values in the headers of a part, or of every part if the name is empty."""
    places = {"flags": (6, 8, "<H"), "method": (8, 10, "<H"), "size": (22, 24, "<I")}
    changed = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        infos = package.infolist()
    central = content.index(b"PK\x01\x02")
    for info in infos:
        for key, value in values.items() if name in ("", info.filename) else ():
            local, listed, kind = places[key]
            struct.pack_into(kind, changed, info.header_offset + local, value)
            struct.pack_into(kind, changed, central + listed, value)
        central = content.find(b"PK\x01\x02", central + 4)
    return bytes(changed)


def overlapping(name: str, count: int, unpacked: int) -> bytes:
    """Return a package of `count` numbered entries, all of which point to one stream."""
    whole = packed({name.format(0): bytes(unpacked)})
    start = whole.index(b"PK\x01\x02")
    entries = b"".join(whole[start : start + 46] + name.format(number).encode() for number in range(count))
    last = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(entries), start, 0)
    return whole[:start] + entries + last


def damaged_workbook(kind: int) -> bytes:
    content = bytearray(packed(workbook_parts(), kind))
    place = content.index(SHEET.encode()) + len(SHEET)
    content[place + 12 : place + 30] = bytes(each ^ 0x55 for each in content[place + 12 : place + 30])
    return bytes(content)


@pytest.fixture(scope="module")
def workbook_with_false_size() -> bytes:
    """A workbook that unpacks to more than the memory limit, with a header of a thousand bytes."""
    return with_false_headers(packed(with_data(b" " * (BYTES + 50_000_000))), SHEET, size=1_000)


@pytest.mark.full
def test_false_sizes_in_headers_are_not_trusted(bench: Bench, workbook_with_false_size: bytes) -> None:
    assert len(workbook_with_false_size) < 2_000_000
    bench.put("clinics.xlsx", workbook_with_false_size)
    bench.assert_refused("not-a-workbook", ("clinics.xlsx", 0, 0), *TABLE, "clinics.xlsx")


@pytest.mark.full
def test_the_unpacked_size_is_limited_in_total(bench: Bench) -> None:
    count = office_package.MAX_UNPACKED_BYTES // 1_000_000 + 1
    bench.put("clinics.xlsx", packed({f"x{number}": bytes(1_000_000) for number in range(count)}))
    assert "more than 30 MB" in bench.assert_refused("too-large", None, *TABLE, "clinics.xlsx").message
    bench.put("clinics.xlsx", packed({f"x{number}": b"" for number in range(office_package.MAX_PACKAGE_PARTS + 1)}))
    assert "1001 pieces, and 1000" in bench.assert_refused("too-large", None, *TABLE, "clinics.xlsx").message


@pytest.mark.parametrize("name", ["x", "{:05}"])
def test_entries_that_share_a_stream_are_refused(bench: Bench, name: str) -> None:
    bench.put(
        "clinics.xlsx", overlapping(name, office_package.MAX_PACKAGE_PARTS, office_package.MAX_UNPACKED_BYTES - 1)
    )
    bench.assert_refused("not-a-workbook", None, *TABLE, "clinics.xlsx")


@pytest.mark.full
@pytest.mark.parametrize(
    "made",
    [
        under_another_name("xl/sheet1.dat", DOCTYPE.encode()),
        under_another_name("xl/sheet1.dat", b"\xef\xbb\xbf" + DOCTYPE.encode()),
        {name: text.decode().encode("utf-16") if name == SHEET else text for name, text in workbook_parts().items()},
        under_another_name("xl/sheet1.dat", b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-16'?>"),
        under_another_name("xl/sheet1.dat", b"<?xml version='1.0' encoding='utf-8-of-mine'?>"),
        {**workbook_parts(), BOOK: b"\xef\xbb\xbf<?xml version='1.0' encoding='no-such'?><workbook/>"},
        with_data(b"<!-- a comment -->"),
        with_data(b"<?run this?>"),
    ],
    ids=["DOCTYPE", "DOCTYPE after a mark", "UTF-16", "two encodings", "no encoding", "book", "comment", "instruction"],
)
def test_every_part_is_checked_whatever_its_name(bench: Bench, made: dict[str, bytes]) -> None:
    bench.put("clinics.xlsx", packed(made))
    bench.assert_refused("not-a-workbook", ("clinics.xlsx", 0, 0), *TABLE, "clinics.xlsx")


@pytest.mark.full
def test_pictures_and_a_renamed_sheet_are_accepted(bench: Bench) -> None:
    extra = {"xl/media/image1.svg": DOCTYPE.encode() + b"<svg/>", "xl/media/image2.jpg": b"\xff\xd8<!" + b"a" * 300_000}
    bench.put("clinics.xlsx", packed({**under_another_name("xl/sheet1.dat"), **extra}))
    bench.build(*TABLE, "clinics.xlsx")


@pytest.mark.full
@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_part_is_found_with_any_compression(bench: Bench, kind: int) -> None:
    bench.put("clinics.xlsx", damaged_workbook(kind))
    bench.assert_refused("not-a-workbook", ("clinics.xlsx", 0, 0), *TABLE, "clinics.xlsx")


@pytest.mark.full
@pytest.mark.parametrize(
    "heads", [{"method": each} for each in (1, 9, 12, 14, 93, 97, 99, 1234)] + [{"flags": 1}, {"flags": 0x41}], ids=str
)
def test_an_unknown_compression_or_encryption_is_found(bench: Bench, heads: dict[str, int]) -> None:
    bench.put("clinics.xlsx", with_false_headers(packed(workbook_parts()), "", **heads))
    bench.assert_refused("not-a-workbook", ("clinics.xlsx", 0, 0), *TABLE, "clinics.xlsx")


def test_two_parts_with_the_same_name_are_refused(bench: Bench) -> None:
    content = packed({**workbook_parts(), SHEET.replace("sheet1", "sheetX"): b"<worksheet/>"})
    bench.put("clinics.xlsx", content.replace(b"sheetX.xml", b"sheet1.xml"))
    bench.assert_refused("not-a-workbook", None, *TABLE, "clinics.xlsx")


@pytest.mark.full
@pytest.mark.parametrize(
    "text",
    [
        b"<row/>" * (spreadsheets.MAX_TAGS + 1),
        b"<a>" * 60_000 + b"</a>" * 60_000,
        b"<row " + b" ".join(b"a%d='>'" % number for number in range(40_000)) + b"/>",
        b"<row a='" + b">" * spreadsheets.MAX_TAG_BYTES + b"'/>",
    ],
    ids=["rows", "other tags", "attributes", "a long attribute"],
)
def test_excessive_xml_is_not_parsed(bench: Bench, text: bytes) -> None:
    bench.put("clinics.xlsx", packed(with_data(text)))
    bench.assert_refused("too-large", ("clinics.xlsx", 0, 0), *TABLE, "clinics.xlsx")


def test_empty_cells_before_one_far_to_the_right_are_bounded(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "_MAX_CELLS", 200_000)
    rows = b"".join(b'<row r="%d"><c r="XFD%d"/></row>' % (row, row) for row in range(10, 9_000))
    made = workbook_parts()
    bench.put("clinics.xlsx", packed({**made, SHEET: made[SHEET].replace(b"</sheetData>", rows + b"</sheetData>")}))
    bench.assert_refused("too-many", ("clinics.xlsx", 1, 101), *TABLE, "clinics.xlsx")


# ---------------------------------------------------------------- text


def test_an_extremely_long_first_line_is_refused(bench: Bench) -> None:
    bench.put("clinics.csv", b"name," + b"x" * 140_000 + b"\r\nA,b\r\n")
    bench.assert_refused("field-too-long", ("clinics.csv", 1, 1), *TABLE, "clinics.csv")


@pytest.mark.full
@pytest.mark.parametrize("text", ["\ufeffname".encode("utf-16"), b"\xef\xbb\xbf\xff\xfen\0", "name".encode("utf-32")])
def test_a_byte_order_mark_before_another_encoding(bench: Bench, text: bytes) -> None:
    bench.put("clinics.csv", text)
    bench.assert_refused("not-utf-8", ("clinics.csv", 1, 1), *TABLE, "clinics.csv")


# ---------------------------------------------------------------- pictures


def exif_of(*entries: tuple[int, int, int, int]) -> bytes:
    """Return EXIF with entries: tag, type, count, value."""
    listed = b"".join(struct.pack("<HHII", *each) for each in entries)
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + listed + bytes(4)


DAMAGED = {
    "cut off": exif_of((274, 3, 1, 6))[:-10],
    "turned, said twice": exif_of((274, 3, 2, 6 << 16 | 6)),
    "a direction far away": exif_of((274, 5, 1, 0xFFFF)),
    "a text as direction": exif_of((274, 2, 4, 0x41424344)),
    "no such direction": exif_of((274, 4, 1, 0xFFFFFFFF)),
    "turned, other entries broken": exif_of((274, 3, 1, 6), (0x10F, 2, 99, 0xFFFFFF), (0x8769, 4, 1, 0xFFFFFFF0)),
    "turned, bytes for a number": exif_of((274, 3, 1, 6), (0x102, 7, 1, 0)),
    "turned, a number for a name": exif_of((274, 3, 1, 6), (0x10F, 12, 2, 1)),
    "turned, a text for a share": exif_of((274, 3, 1, 6), (0x11A, 2, 3, 8)),
    "turned, more notes where there are none": exif_of((274, 3, 1, 6), (0x8769, 8, 1, 65535)),
}


@pytest.mark.nightly
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("what", DAMAGED)
def test_a_picture_with_damaged_exif_data_is_shown(bench: Bench, what: str, kind: str) -> None:
    pictured(bench, saved(Image.new("RGB", (64, 40), (9, 99, 9)), kind, exif=DAMAGED[what]))
    bench.build(*PDF)
    picture = bench.project.load().pictures["hive.png"]
    assert isinstance(picture, Pixels)
    assert (picture.width, picture.height) == ((40, 64) if what.startswith("turned") else (64, 40))


@pytest.mark.full
@pytest.mark.parametrize("direction", range(1, 9))
def test_each_exif_orientation_is_applied(bench: Bench, direction: int) -> None:
    stored = Image.new("RGB", (64, 40), (255, 255, 255))
    stored.paste((0, 0, 0), (0, 0, 16, 10))
    pictured(bench, saved(stored, exif=exif_of((274, 3, 1, direction))))
    picture = bench.project.load().pictures["hive.png"]
    assert isinstance(picture, Pixels)
    shown = Image.open(io.BytesIO(picture.printed)).convert("L")
    right, bottom = shown.width - 3, shown.height - 3
    corners = ((2, 2), (right, 2), (right, bottom), (2, bottom))  # where the first pixel goes, for 1 to 4 and 5 to 8
    assert [corner for corner in corners if shown.getpixel(corner) == 0] == [corners[(direction - 1) % 4]]
    assert shown.size == ((64, 40) if direction < 5 else (40, 64))


@pytest.mark.full
@pytest.mark.parametrize("size", [(1, 39_000_000), (39_000_000, 1), (images.MAX_SOURCE_SIDE + 1, 1)])
def test_a_picture_with_an_extreme_aspect_ratio(bench: Bench, size: tuple[int, int]) -> None:
    found = bench.assert_refused("picture-too-large", pictured(bench, saved(Image.new("L", size))))
    assert f"{size[0]} × {size[1]} pixels; 40 million in all, and 30000 a side" in found.message


@pytest.fixture(scope="module")
def long_notes() -> bytes:
    """Metadata that unpack to gigabytes."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(10_000_000)) for _ in range(20)) + packer.flush()


@pytest.mark.full
@pytest.mark.parametrize("chunk", [b"iCCPx\0\0", b"zTXtx\0\0"])
def test_metadata_that_unpack_to_gigabytes(bench: Bench, long_notes: bytes, chunk: bytes) -> None:
    bomb = chunk + long_notes
    png = saved(Image.new("RGB", (64, 40)))
    bomb = struct.pack(">I", len(bomb) - 4) + bomb + struct.pack(">I", zlib.crc32(bomb))
    bench.assert_refused("picture-broken", pictured(bench, png[:33] + bomb + png[33:]))
