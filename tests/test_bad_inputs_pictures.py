"""Bad inputs 59 to 69 and 74: pictures and fonts."""

from __future__ import annotations

import importlib.util
import io
import socket
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pypdfium2
import pytest
from command_bench import BUILD, COLD, DECKS, EVERYONE, HANDOUTS, PDF, THEME, Bench
from conftest import Project, keep_default_templates
from fontTools.ttLib import TTFont
from PIL import Image, ImageCms
from test_pictures import SVG, drawn, saved, turned_jpeg
from test_remembered import caches

from handouts.document.nodes import Pixels
from handouts.text import fonts

SIZE = (64, 40)
XML = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'"


@pytest.fixture
def project(project: Project) -> Project:
    return keep_default_templates(project)


def pictured(bench: Bench, content: bytes | None, name: str = "hive.png") -> tuple[str, int, int]:
    """Add a picture to a section, and return the place that names it."""
    if content is not None:
        bench.put(f"content/pictures/{name}", content)
    fence = f'::: {{.picture file="¦{name}"}}\n::: {{.alt}}\nA hive in snow.\n:::\n:::\n\n'
    return bench.plant(COLD, EVERYONE, f"{fence}{EVERYONE}")


def header_only(width: int, height: int) -> bytes:
    """Return a PNG with a header for this size and nearly no data."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(bytes(1_000))
    chunks = (struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in (head, data))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_059_a_picture_that_is_missing(bench: Bench) -> None:
    bench.put("content/pictures/hive.png", saved(Image.new("RGB", SIZE)))
    bench.assert_refused("missing-picture", pictured(bench, None, "hvie.png"))
    assert "did you mean 'hive.png'?" in bench.run().err


def test_059_capital_letters_matter_on_every_system(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    place = pictured(bench, None, "Hive.png")
    bench.put("content/pictures/hive.png", saved(Image.new("RGB", SIZE)))
    monkeypatch.setattr(Path, "exists", lambda *_, **__: True)
    bench.assert_refused("missing-picture", place)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_060_a_picture_that_ends_too_soon(bench: Bench, kind: str, share: float) -> None:
    content = saved(Image.effect_noise((300, 200), 90), kind)
    bench.assert_refused("picture-broken", pictured(bench, content[: int(len(content) * share)]))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Words.",
        saved(Image.new("P", SIZE), "GIF"),
        b"%PDF-1.7",
        b"MZ\x90\x00",
        saved(Image.new("RGB", SIZE), "BMP"),
    ],
    ids=["nothing", "words", "a GIF", "a PDF", "a program", "a BMP"],
)
def test_061_a_file_that_is_no_picture(bench: Bench, content: bytes) -> None:
    bench.assert_refused("picture-kind", pictured(bench, content))


def test_061_the_kind_of_a_file_is_found_by_its_first_bytes(bench: Bench) -> None:
    pictured(bench, saved(Image.new("RGB", SIZE), "JPEG"))
    bench.build(*PDF)


@pytest.mark.parametrize("size", [(10_000, 10_000), (20_000, 20_000), (60_000, 60_000), (8_000, 8_000)])
def test_062_far_too_many_pixels(bench: Bench, size: tuple[int, int]) -> None:
    start = time.perf_counter()
    bench.assert_refused("picture-too-large", pictured(bench, header_only(*size)))
    assert time.perf_counter() - start < 2


@pytest.mark.full
def test_062_pictures_are_reduced_to_the_pixels_that_print_needs(bench: Bench) -> None:
    pictured(bench, saved(Image.new("RGB", (6_000, 4_000), (9, 99, 9))))
    bench.build(*PDF)
    picture = bench.project.load().pictures["hive.png"]
    assert (picture.width, picture.height) == (2200, 1467)


def test_063_a_picture_in_cmyk(bench: Bench) -> None:
    content = saved(Image.new("CMYK", SIZE, (0, 255, 255, 0)), "JPEG")
    bench.assert_warned("picture-colours", pictured(bench, content), *PDF)
    picture = bench.project.load().pictures["hive.png"]
    assert isinstance(picture, Pixels)
    red, green, blue = Image.open(io.BytesIO(picture.printed)).convert("RGB").getpixel((20, 20))  # type: ignore[misc]
    assert red > 200
    assert max(green, blue) < 60


def test_064_a_rotated_photo_with_a_location(bench: Bench) -> None:
    image = Image.open(io.BytesIO(turned_jpeg()))
    exif = image.getexif()
    exif[0x010F] = "A camera of ours"
    exif.get_ifd(0x8825)[2] = (53.0, 20.0, 30.0)
    pictured(bench, saved(image, "JPEG", exif=exif))
    files = bench.build(*BUILD, "--audience", "growers")
    picture = bench.project.load().pictures["hive.png"]
    assert (picture.width, picture.height) == (200, 400)
    with zipfile.ZipFile(io.BytesIO(files[DECKS.format("growers")])) as package:
        inside = b"".join(package.read(name) for name in package.namelist())
    for content in (files[HANDOUTS.format("growers")], inside):
        assert b"Exif" not in content
        assert b"A camera of ours" not in content


def palette_with_clear_parts() -> bytes:
    image = Image.new("P", SIZE)
    image.putpalette([200, 30, 30] + [0] * 765)
    return saved(image, transparency=1)


@pytest.mark.full
@pytest.mark.parametrize(
    "content",
    [
        saved(Image.new("RGBA", SIZE, (9, 9, 9, 99))),
        saved(Image.new("I;16", SIZE)),
        palette_with_clear_parts(),
        saved(Image.new("1", SIZE)),
        saved(Image.new("LA", SIZE)),
        saved(Image.new("L", SIZE), "JPEG"),
        saved(Image.new("RGB", SIZE), "JPEG", progressive=True),
        saved(Image.new("RGB", SIZE), icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
    ],
    ids=["clear parts", "16 bits", "palette", "1 bit", "grey and clear", "grey JPEG", "progressive", "profile"],
)
def test_065_every_kind_of_picture(bench: Bench, content: bytes) -> None:
    pictured(bench, content)
    files = bench.build(*BUILD, "--audience", "growers")
    with pypdfium2.PdfDocument(files[HANDOUTS.format("growers")]) as document:
        assert [each for page in document for each in page.get_objects(filter=[3])]


@pytest.mark.parametrize("kind", ["WEBP", "AVIF", "TIFF", "ICO", "PPM", "TGA"])
def test_066_kinds_that_are_not_accepted(bench: Bench, kind: str) -> None:
    # Refused rather than converted: nearly all known vulnerabilities of picture libraries are in rare formats.
    bench.assert_refused("picture-kind", pictured(bench, saved(Image.new("RGB", SIZE), kind)))
    assert "help: save it as PNG, JPEG or SVG" in bench.run().err


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (drawn("<script>alert(1)</script>"), "picture-svg"),
        (drawn("<image href='https://a.org/a.png'/>"), "picture-svg"),
        (drawn("<image href='file:///etc/passwd'/>"), "picture-svg"),
        (
            f"<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>{XML}><text>&a;</text></svg>".encode(),
            "picture-svg",
        ),
        (f"<!DOCTYPE svg [<!ENTITY a 'x'><!ENTITY b '{'&a;' * 9}'>]>{XML}>&b;</svg>".encode(), "picture-svg"),
        (drawn("<g id='a'><use href='#a'/></g>"), "picture-svg"),
        (drawn("<foreignObject><p>Words</p></foreignObject>"), "picture-svg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='1e9'><rect width='3'/></svg>", "picture-svg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><rect width='3' height='3'/></svg>", "picture-svg"),
        (f"{XML}><rect".encode(), "picture-broken"),
        (drawn(""), "picture-svg"),
        (drawn("<g>" * 100 + "</g>" * 100), "picture-svg"),
        (drawn("<rect width='3' height='3'/>" * 6_000), "picture-svg"),
        (drawn("<rect width='3' height='3'/>" * 100_000), "picture-too-large"),
    ],
    ids=[
        *("script", "web", "file", "entity", "bomb", "itself", "foreign"),
        *("huge", "no size", "broken", "empty", "deep", "many shapes", "many bytes"),
    ],
)
def test_067_forbidden_elements_of_an_svg(bench: Bench, content: bytes, code: str) -> None:
    place = pictured(bench, content, "hive.svg")
    start = time.perf_counter()
    ran = bench.run()
    assert ran.code == 1
    assert {(each.code, each.place) for each in ran.diagnostics} == {(code, place)}
    assert "root:" not in ran.out + ran.err
    assert not bench.files()
    assert time.perf_counter() - start < 5


def test_067_an_svg_that_can_be_drawn(bench: Bench) -> None:
    pictured(bench, SVG.encode(), "hive.svg")
    bench.build(*PDF)


@pytest.mark.parametrize(
    "target", ["https://a.org/a.png", "http://169.254.169.254/latest/meta-data", "ftp://a.org/a.png"]
)
def test_068_a_picture_on_the_web(bench: Bench, target: str) -> None:
    bench.assert_refused("picture-path", pictured(bench, None, target))


def test_068_no_test_can_reach_the_network() -> None:
    with socket.socket() as one, pytest.raises(AssertionError, match="used the network"):
        one.connect(("127.0.0.1", 9))


def test_069_a_picture_without_alt_text(bench: Bench) -> None:
    bench.put("content/pictures/hive.png", saved(Image.new("RGB", SIZE)))
    fence = '¦::: {.picture file="hive.png"}\nA caption.\n:::\n\n'
    place = bench.plant(COLD, EVERYONE, f"{fence}{EVERYONE}")
    bench.assert_refused("structure", place)


def test_069_a_decoration_needs_no_alt_text(bench: Bench) -> None:
    bench.put("content/pictures/hive.png", saved(Image.new("RGB", SIZE)))
    bench.project.replace(COLD, EVERYONE, f'::: {{.picture .decorative file="hive.png"}}\n:::\n\n{EVERYONE}')
    bench.build(*PDF)


# ---------------------------------------------------------------- fonts


@pytest.fixture
def fresh_fonts() -> None:
    """Clear the cached fonts and everything derived from them, before and after the test."""
    for _, each in caches():
        each.cache_clear()


@pytest.mark.parametrize("fault", ["not installed", "missing", "broken"])
def test_074_a_font_that_cannot_be_used(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, fault: str
) -> None:
    request.getfixturevalue("fresh_fonts")
    find, read = importlib.util.find_spec, Path.read_bytes
    with monkeypatch.context() as patch:
        if fault == "not installed":
            patch.setattr(importlib.util, "find_spec", lambda name: None if "atkinson" in name else find(name))
        else:

            def spoil(path: Path) -> bytes:
                if path.name == "AtkinsonHyperlegible-Bold.ttf":
                    if fault == "missing":
                        raise FileNotFoundError(2, "No such file or directory")
                    return b"no font" * 100
                return read(path)

            patch.setattr(Path, "read_bytes", spoil)
        found = bench.assert_refused("font", ("", 0, 0))
    assert "AtkinsonHyperlegible" in found.message
    request.getfixturevalue("fresh_fonts")


def test_074_a_theme_cannot_name_a_font_file(bench: Bench) -> None:
    place = bench.plant(THEME, "body: {size: 13,", 'body: {¦font: "/etc/x.ttf", size: 13,')
    bench.assert_refused("unknown-key", place)


def test_074_each_font_has_a_unique_name_and_may_be_embedded() -> None:
    faces = {face for family in (fonts.PRINT_FAMILY, fonts.SCREEN_FAMILY) for face in (*family.regular, *family.bold)}
    assert len({face.name for face in faces}) == len(faces)
    for face in faces:
        font = TTFont(io.BytesIO(fonts.load_font(face).content))
        assert font["OS/2"].fsType & 0b1110 == 0
        assert bool(face.weight) == ("fvar" in font)
