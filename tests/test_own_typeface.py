"""Custom typefaces of a project: measured, embedded and named, and inspected before use.

Fonts are made of the shipped one: renamed, with letters taken out, with other widths, licence bits, or damage.
"""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from functools import cache

import pytest
from command_bench import BUILD, DECKS, EVERYONE, HANDOUTS, PDF, SERVICE, Bench
from command_bench import COLD as TEXT
from fontTools.ttLib import TTFont
from paths import ROOT

from handouts.finding import HandoutError, Location
from handouts.text import font_files, fonts
from handouts.text.line_breaking import text_width
from handouts.theme import FontFile, Typeface, TypeStyle

pytestmark = pytest.mark.full

OWN = "content/themes/brand.yaml"
THEME = "extends: settling-line\ntypeface: {regular: Meadow-Regular.ttf, bold: Meadow-Bold.ttf}\n"
REGULAR, BOLD = fonts.PRINT_FAMILY.regular[0], fonts.PRINT_FAMILY.bold[0]
VARIABLE = fonts.SCREEN_FAMILY.regular[0]
NOWHERE = Location("theme.yaml", 1, 1)


@cache
def font(
    *, bold: bool = False, without: str = "", licence: int = 0, wider: int = 0, family: str = "Meadow Sans"
) -> bytes:
    """Return a changed copy of the shipped font under another name, as its licence requires."""
    made = TTFont(io.BytesIO(fonts.load_font(BOLD if bold else REGULAR).content))
    for record in list(made["name"].names):
        if record.nameID in (1, 4, 6, 16):
            made["name"].setName(family, record.nameID, record.platformID, record.platEncID, record.langID)
    for table in made["cmap"].tables:
        for character in without:
            table.cmap.pop(ord(character), None)
    made["OS/2"].fsType = licence
    made["hmtx"].metrics = {name: (width + wider, side) for name, (width, side) in made["hmtx"].metrics.items()}
    return font_bytes(made)


def font_bytes(made: TTFont) -> bytes:
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def typeface(regular: bytes, bold: bytes) -> Typeface:
    return Typeface("Meadow Sans", FontFile("A", regular, "1"), FontFile("B", bold, "2"))


def choose(bench: Bench, regular: bytes, bold: bytes | None = None, theme: str = THEME) -> None:
    """Give the project two fonts and a theme that names them."""
    bench.put("content/fonts/Meadow-Regular.ttf", regular)
    bench.put("content/fonts/Meadow-Bold.ttf", font(bold=True) if bold is None else bold)
    bench.project.write(OWN, theme)
    service = bench.text(SERVICE)
    bench.project.write(SERVICE, service.replace("theme: settling-line", "theme: brand"))


REGULAR_PLACE, BOLD_PLACE = (OWN, 2, 21), (OWN, 2, 47)


# ---------------------------------------------------------------- what is made in it


def test_pages_and_slides_use_the_custom_typeface(bench: Bench) -> None:
    choose(bench, font())
    ran = bench.run(*BUILD, "--audience", "growers", "--format", "pdf", "--format", "pptx", "--format", "slides-pdf")
    (warned,) = ran.diagnostics
    assert (ran.code, warned.severity, warned.code, warned.place) == (0, "warning", "slides-typeface", REGULAR_PLACE)
    files = bench.files()
    for name in (HANDOUTS.format("growers"), "output/bees/bees-growers-slides.pdf"):
        named = set(re.findall(rb"/BaseFont/[A-Z]{6}\+([\w-]+)", files[name]))
        assert {b"MeadowSans-Regular", b"MeadowSans-Bold"} <= named
        assert not any(each.startswith(b"Atkinson") for each in named)
    with zipfile.ZipFile(io.BytesIO(files[DECKS.format("growers")])) as package:
        faces = re.findall(rb'<a:latin typeface="([^"]+)"', package.read("ppt/theme/theme1.xml"))
        assert faces == [b"Meadow Sans"] * 2
        everything = b"".join(package.read(name) for name in package.namelist() if name.endswith(".xml"))
    assert b'"Arial"' not in everything


def test_a_custom_typeface_gives_the_same_bytes_in_any_process(bench: Bench) -> None:
    choose(bench, font(), theme=THEME.replace("}", ", installed: true}"))
    first = bench.build()
    assert bench.build(*BUILD, "--force") == first
    assert bench.build(*BUILD, "--force", "--jobs", "2") == first


def test_only_a_changed_font_file_rebuilds_everything(bench: Bench) -> None:
    choose(bench, font(), theme=THEME.replace("}", ", installed: true}"))
    first = bench.build()
    assert " made" not in bench.run(*BUILD, "--quiet").out
    assert bench.files() == first
    bench.put("content/fonts/Meadow-Regular.ttf", font(wider=60))
    assert "changed theme" in bench.run(*BUILD, "--dry-run").out
    second = bench.build()
    assert first.keys() == second.keys()
    assert all(second[name] != content for name, content in first.items() if name.endswith(".pdf"))


def test_text_is_measured_with_the_widths_of_the_font_that_draws_it() -> None:
    usual = TypeStyle(10, 12)
    same, wide = (
        TypeStyle(10, 12, typeface=typeface(font(wider=each), font(bold=True, wider=each))) for each in (0, 500)
    )
    assert text_width("bees", usual) == pytest.approx(text_width("bees", same))
    assert text_width("bees", wide) == pytest.approx(text_width("bees", usual) + 4 * 0.5 * 10)
    assert text_width("→", wide) == pytest.approx(text_width("→", usual))


def test_telephone_numbers_stay_bold() -> None:
    own = typeface(font(), font(bold=True))
    family = fonts.family_in(own, fonts.PHONE_NUMBER_FAMILY)
    assert family.regular[0] is family.bold[0] is fonts.family_in(own, fonts.PRINT_FAMILY).bold[0]
    assert fonts.family_in(None, fonts.PRINT_FAMILY) is fonts.PRINT_FAMILY


def test_a_variable_font_provides_both_weights(bench: Bench) -> None:
    variable = TTFont(io.BytesIO(fonts.load_font(VARIABLE).content))
    for record in list(variable["name"].names):
        if record.nameID in (1, 16):
            variable["name"].setName("Field", record.nameID, record.platformID, record.platEncID, record.langID)
    choose(bench, font_bytes(variable), theme="extends: settling-line\ntypeface: {regular: Meadow-Regular.ttf}\n")
    own = bench.project.load().themes["brand"].typeface
    assert own is not None
    assert (own.regular.weight, own.bold.weight) == (400, 700)
    pdf = bench.build(*PDF)[HANDOUTS.format("growers")]
    assert {b"Field-Regular", b"Field-Bold"} <= set(re.findall(rb"/BaseFont/[A-Z]{6}\+([\w-]+)", pdf))
    thin, thick = (TypeStyle(10, 12, bold=bold, typeface=own) for bold in (False, True))
    assert text_width("bees", thin) < text_width("bees", thick)


def test_a_font_without_a_cap_height_is_accepted(bench: Bench) -> None:
    made = TTFont(io.BytesIO(font()))
    made["OS/2"].version = 1
    choose(bench, font_bytes(made))
    assert bench.run(*PDF).code == 0
    old = font_files.inspect_font(font_bytes(made), "old.ttf", NOWHERE, bold=False)
    assert old.family == "Meadow Sans"


# ---------------------------------------------------------------- letters


def test_a_character_that_the_font_lacks_is_reported_at_its_place(bench: Bench) -> None:
    choose(bench, font(without="ï"), font(bold=True, without="ï"))
    place = bench.plant(TEXT, EVERYONE, "Everyone is na¦ïve.")
    found = bench.assert_refused("font-letter", place, *PDF)
    assert found.message == "The typeface 'Meadow Sans' has no 'ï'."


def test_a_character_that_only_the_bold_font_lacks_is_reported_as_such(bench: Bench) -> None:
    choose(bench, font(), font(bold=True, without="ï"))
    place = bench.plant(TEXT, EVERYONE, "Everyone is na¦ïve.")
    assert "in its bold letters" in bench.assert_refused("font-letter", place, *PDF).message


def test_symbols_are_shown_in_the_shipped_typeface(bench: Bench) -> None:
    choose(bench, font(without="→×≤"))
    bench.plant(TEXT, EVERYONE, "Everyone → reads ≤ 3 × this.")
    assert bench.run(*PDF).code == 0


def test_a_font_without_basic_characters_is_reported_in_the_theme(bench: Bench) -> None:
    choose(bench, font(without="qZ7”"))
    assert bench.assert_refused("font-letter", REGULAR_PLACE, *PDF).message.endswith(
        "lacks what every page needs: q Z 7 ”"
    )


# ---------------------------------------------------------------- licence bits


@pytest.mark.parametrize("licence", [0x0002, 0x0100, 0x0104, 0x0200])
def test_a_font_that_may_not_be_embedded_is_refused(bench: Bench, licence: int) -> None:
    choose(bench, font(), font(bold=True, licence=licence))
    assert "forbids" in bench.assert_refused("font-licence", BOLD_PLACE, *PDF).message


@pytest.mark.parametrize("licence", [0x0000, 0x0004, 0x0008])
def test_a_font_that_may_be_embedded_is_accepted(licence: int) -> None:
    assert font_files.inspect_font(font(licence=licence), "a.ttf", NOWHERE, bold=False).weights is None


# ---------------------------------------------------------------- files that are none


WHOLE = font()
DAMAGED = {
    "nothing": b"",
    "one byte": b"\0",
    "no tables": b"\0\1\0\0" + bytes(8),
    "a directory of 65535 tables": b"\0\1\0\0\xff\xff" + bytes(60),
    "cut in the directory": WHOLE[:100],
    "cut in half": WHOLE[: len(WHOLE) // 2],
    "without its last byte": WHOLE.rstrip(b"\0")[:-1],
    "text": b"This is a letter to my font.",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "random": random.Random(1).randbytes(50_000),
    "random behind a start": b"\0\1\0\0\0\x0b" + random.Random(2).randbytes(50_000),
    "a font for the web that unpacks to 4 GB": b"wOF2" + struct.pack(">4I", 0x10000, 100, 0xFFFFFFFF, 0xFFFFFFFF),
    "an older font for the web": b"wOFF" + bytes(100),
    "PostScript outlines": b"OTTO" + WHOLE[4:],
    "a collection": b"ttcf" + bytes(100),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_file_that_is_no_sound_truetype_font_is_refused(content: bytes) -> None:
    with pytest.raises(HandoutError) as raised:
        font_files.inspect_font(content, "a.ttf", NOWHERE, bold=False)
    assert [found.code for found in raised.value.findings] == ["font-file"]


def test_a_truncated_font_is_reported_in_the_theme(bench: Bench) -> None:
    choose(bench, WHOLE[:20_000])
    assert bench.assert_refused("font-file", REGULAR_PLACE, *PDF).message == "'Meadow-Regular.ttf' is damaged."


def test_the_hint_for_other_font_formats_says_what_to_do() -> None:
    for content, message in ((b"wOF2", "WOFF2"), (b"OTTO", "PostScript"), (b"ttcf", "collection")):
        with pytest.raises(HandoutError) as raised:
            font_files.inspect_font(content + bytes(100), "a.ttf", NOWHERE, bold=False)
        (found,) = raised.value.findings
        assert message in found.message
        assert "its name ends with .ttf" in found.hint


@pytest.mark.parametrize(
    ("table", "start", "value"),
    [
        ("head", 18, b"\0\0"),  # units of an em
        ("maxp", 4, b"\0\0"),  # glyphs
        ("hhea", 4, b"\x7f\xff"),  # ascent
        ("hhea", 6, b"\x7f\xff"),  # descent
        ("hhea", 34, b"\0\0"),  # widths
        ("OS/2", 88, b"\0\0"),  # height of capitals
        ("hmtx", 0, None),
        ("glyf", 0, None),
        ("cmap", 0, None),
        ("name", 0, None),
    ],
)
def test_a_font_with_impossible_values_is_refused(table: str, start: int, value: bytes | None) -> None:
    content = bytearray(WHOLE)
    (count,) = struct.unpack_from(">H", content, 4)
    records = [struct.unpack_from(">4s3I", content, 12 + 16 * number) for number in range(count)]
    (home, length) = next((home, length) for tag, _, home, length in records if tag.decode() == table)
    changed = bytes(length) if value is None else value
    content[home + start : home + start + len(changed)] = changed
    with pytest.raises(HandoutError) as raised:
        font_files.inspect_font(bytes(content), "a.ttf", NOWHERE, bold=False)
    assert {found.code for found in raised.value.findings} <= {"font-file", "font-letter"}


def test_no_damaged_font_crashes_the_program() -> None:
    chance = random.Random(3)
    refused, codes = 0, set[str]()
    for number in range(60):
        content = bytearray(WHOLE)
        if number < 12:  # the directory of tables, by which they are found
            content[12 + 16 * number : 16 + 16 * number] = b"zzzz"
        for _ in range(chance.choice((1, 20, 2000))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            facts = font_files.inspect_font(bytes(content), "a.ttf", NOWHERE, bold=False)
        except HandoutError as raised:
            refused += 1
            codes |= {found.code for found in raised.findings}
            continue
        assert facts.family
    assert refused
    assert codes <= {"font-file", "font-letter", "font-licence"}


# ---------------------------------------------------------------- where files lie


@pytest.mark.parametrize(
    "name",
    ["../service.yaml", "/etc/passwd", "fonts/../../x.ttf", "C:\\x.ttf", "..", "Meadow.ttf", "meadow-regular.ttf"],
)
def test_a_font_must_be_in_the_fonts_folder(bench: Bench, name: str) -> None:
    choose(bench, font(), theme=THEME.replace("Meadow-Regular.ttf", f"'{name}'"))
    bench.assert_refused("font-path", REGULAR_PLACE, *PDF)


def test_a_font_that_is_a_link_out_of_the_project_is_refused(bench: Bench) -> None:
    choose(bench, font())
    outside = bench.path("x.ttf")
    outside.write_bytes(font())
    link = bench.path("content/fonts/Meadow-Regular.ttf")
    link.unlink()
    link.symlink_to(outside)
    bench.assert_refused("outside-project", REGULAR_PLACE, *PDF)


def test_a_huge_file_is_not_read(bench: Bench) -> None:
    choose(bench, font())
    with bench.path("content/fonts/Meadow-Regular.ttf").open("r+b") as file:
        file.truncate(font_files.MAX_FONT_BYTES + 1)
    bench.assert_refused("too-large", REGULAR_PLACE, *PDF)


@pytest.mark.parametrize(
    ("written", "code", "message"),
    [
        ("{bold: Meadow-Bold.ttf}", "missing-key", "'regular' is missing"),
        ("{regular: Meadow-Regular.ttf}", "missing-key", "'bold' is missing"),
        ("Meadow-Regular.ttf", "wrong-type", "keys with values"),
        ("{regular: Meadow-Regular.ttf, bold: Meadow-Bold.ttf, italic: x.ttf}", "unknown-key", "'italic'"),
        ("{regular: [a], bold: Meadow-Bold.ttf}", "wrong-type", "a text"),
        ("{regular: '', bold: Meadow-Bold.ttf}", "empty-value", "'regular' is empty"),
    ],
)
def test_an_error_in_a_typeface_is_reported_once(bench: Bench, written: str, code: str, message: str) -> None:
    choose(bench, font(), theme=f"extends: settling-line\ntypeface: {written}\n")
    assert message in bench.assert_refused(code, None, *PDF).message


def test_an_unusable_family_name_is_refused() -> None:
    for family in (" ", "a" * 200, "Mea\x07dow"):
        with pytest.raises(HandoutError):
            font_files.inspect_font(font(family=family), "a.ttf", NOWHERE, bold=False)


def test_the_shipped_typefaces_pass_the_inspection() -> None:
    for face in (REGULAR, BOLD, VARIABLE):
        content = fonts.load_font(face).content
        assert font_files.inspect_font(content, face.name, NOWHERE, bold=False).family.split()[0] in face.name


def test_the_theme_in_the_manual_is_valid(bench: Bench) -> None:
    manual = (ROOT / "docs/writing.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"```yaml\n(# content/themes/brand.yaml.*?)```", manual, re.DOTALL)
    named = written.replace("Brand-", "Meadow-")
    choose(bench, font(), theme=named)
    assert bench.run(*PDF).code == 0
    assert len(written.splitlines()) <= 15
