"""Pictures: which are accepted or refused, and how they are shown in handouts and on slides."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from conftest import Project
from deck_samples import deck_theme, sample_deck
from PIL import Image
from samples import inlines, paragraph, sample_document, sample_theme
from validators import assert_page_validation_passes, assert_qpdf_passes, assert_verapdf_passes
from validators_office import assert_open_xml_audit_passes

from handouts.deck import render_deck
from handouts.document.nodes import Card, Figure, Outlines, Picture, Pixels, Slide
from handouts.document.text import dump, walk
from handouts.finding import Finding, HandoutError, is_error
from handouts.load.svg import parse_path, path_bounds
from handouts.pdf import render_pdf

COLD = "content/bees/en/2-cold.md"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 80"><title>Hive</title><g transform="translate(10 10)">'
    '<rect width="60" height="60" rx="12" fill="#0F4C5C"/>'
    '<circle cx="110" cy="30" r="26" style="fill:none;stroke:#6B2C5A;stroke-width:6"/>'
    '<path d="M150 50q15 -50 30 0a10 10 0 0 1 -20 5z" fill="rgb(27,90,54)"/></g></svg>'
)


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def turned_jpeg() -> bytes:
    """Return a picture stored with its black side on the left and an orientation of a quarter turn."""
    image = Image.new("RGB", (400, 200), (255, 255, 255))
    image.paste((0, 0, 0), (0, 0, 100, 200))
    exif = image.getexif()
    exif[274] = 6
    return saved(image, "JPEG", exif=exif, quality=95)


def drawn(inside: str) -> bytes:
    return f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>{inside}</svg>".encode()


def with_picture(project: Project, content: bytes, name: str = "hive.png") -> None:
    """Add a picture to a section."""
    folder = project.content / "pictures"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    fence = f'::: {{.picture file="{name}"}}\nHow it looks.\n\n::: {{.alt}}\nA hive in snow.\n:::\n:::\n\n'
    project.replace(COLD, "Everyone reads this.", f"{fence}Everyone reads this.")


def picture_in(project: Project) -> Pixels | Outlines:
    return next(iter(project.load().pictures.values()))


def only_finding(project: Project) -> Finding:
    """Return the only finding, which is at the words that name the picture."""
    with pytest.raises(HandoutError) as raised:
        project.load()
    (found,) = raised.value.findings
    lines = (project.root / COLD).read_text(encoding="utf-8").split("\n")
    assert lines[found.at.line - 1][found.at.column - 1 :].startswith("hive.")
    assert found.hint
    return found


# ---------------------------------------------------------------- refused


def truncated() -> bytes:
    image = Image.effect_noise((400, 400), 90)
    return saved(image)[:20_000]


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "no byte": (lambda: b"", "picture-kind"),
    "a text": (lambda: b"This is a text, not a picture.", "picture-kind"),
    "a GIF": (lambda: saved(Image.new("P", (20, 20)), "GIF"), "picture-kind"),
    "a PNG that ends too soon": (truncated, "picture-broken"),
    "a JPEG that ends too soon": (lambda: turned_jpeg()[:600], "picture-broken"),
    "more pixels than can be": (lambda: saved(Image.new("1", (8_000, 8_000))), "picture-too-large"),
    "a bomb": (lambda: saved(Image.new("1", (20_000, 12_000))), "picture-too-large"),
}
BAD_SVG = {
    "no SVG": ("<html></html>", "picture-kind"),
    "broken": ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><rect", "picture-broken"),
    "empty": ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'></svg>", "picture-svg"),
    "no size": ("<svg xmlns='http://www.w3.org/2000/svg'><rect width='3' height='3'/></svg>", "picture-svg"),
    "huge": ("<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='1e9'><rect width='3'/></svg>", "picture-svg"),
    "a DOCTYPE": ("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'/>", "picture-svg"),
}
INSIDE = {
    "script": "<script>alert(1)</script>",
    "foreignObject": "<foreignObject/>",
    "image": "<image href='file:///etc/hosts'/>",
    "use": "<use href='http://a.org/x.svg#a'/>",
    "style": "<style>@import url(http://a.org)</style>",
    "text": "<text>Hive</text>",
    "onload": "<rect width='3' height='3' onload='alert(1)'/>",
    "filter": "<rect width='3' height='3' filter='url(#a)'/>",
    "linearGradient": "<defs><linearGradient id='a'/></defs><rect width='3' height='3'/>",
    "url(#a)": "<rect width='3' height='3' fill='url(#a)'/>",
    "opacity": "<rect width='3' height='3' opacity='0.5'/>",
    "skewX": "<rect width='3' height='3' transform='skewX(10)'/>",
    "animate": "<rect width='3' height='3'><animate/></rect><animate/>",
    "clip-path": "<rect width='3' height='3' style='clip-path:url(#a)'/>",
    "display": "<rect width='3' height='3' style='display:none'/>",
}


@pytest.mark.parametrize("what", BAD)
def test_an_invalid_picture_is_refused(project: Project, what: str) -> None:
    content, code = BAD[what]
    with_picture(project, content())
    assert only_finding(project).code == code


@pytest.mark.parametrize("what", BAD_SVG)
def test_an_invalid_svg_is_refused(project: Project, what: str) -> None:
    content, code = BAD_SVG[what]
    with_picture(project, content.encode(), "hive.svg")
    assert only_finding(project).code == code


@pytest.mark.parametrize("what", INSIDE)
def test_unsupported_parts_of_an_svg_are_named(project: Project, what: str) -> None:
    inside = INSIDE[what]
    with_picture(project, drawn(inside), "hive.svg")
    found = only_finding(project)
    assert found.code == "picture-svg"
    assert what in found.message


def test_a_drawing_too_deep_or_with_too_many_shapes_is_refused(project: Project) -> None:
    deep = "<g>" * 60 + "<rect width='3' height='3'/>" + "</g>" * 60
    with_picture(project, drawn(deep), "hive.svg")
    assert "62 levels of elements inside elements; 40 are the most" in only_finding(project).message


def test_a_picture_outside_content_is_not_read(project: Project, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-secret.png"
    outside.write_bytes(saved(Image.new("RGB", (20, 20))))
    with_picture(project, b"")
    (project.content / "pictures" / "hive.png").unlink()
    (project.content / "pictures" / "hive.png").symlink_to(outside)
    assert only_finding(project).code == "outside-project"


@pytest.mark.parametrize(
    ("fence", "message"),
    [
        ('::: {.picture file="hive.png"}\nCaption.\n:::\n', "A picture says once in words what it shows."),
        ('::: {.picture .decorative file="hive.png"}\n::: {.alt}\nA\n:::\n:::\n', "A decoration says nothing."),
    ],
)
def test_a_picture_needs_an_alt_text_or_is_a_decoration(project: Project, fence: str, message: str) -> None:
    with_picture(project, saved(Image.new("RGB", (20, 20))))
    text = (project.root / COLD).read_text(encoding="utf-8")
    start, end = text.index("::: {.picture"), text.index("Everyone reads this.")
    project.write(COLD, f"{text[:start]}{fence}\n{text[end:]}")
    with pytest.raises(HandoutError) as raised:
        project.load()
    assert [found.message for found in raised.value.findings] == [message]


# ---------------------------------------------------------------- taken in


def test_a_photo_is_rotated_by_its_exif_orientation(project: Project) -> None:
    with_picture(project, turned_jpeg())
    picture = picture_in(project)
    assert isinstance(picture, Pixels)
    assert (picture.width, picture.height) == (200, 400)
    shown = Image.open(io.BytesIO(picture.printed)).convert("L")
    assert shown.getpixel((100, 50)) < 40  # type: ignore[operator]
    assert shown.getpixel((100, 300)) > 200  # type: ignore[operator]
    assert not Image.open(io.BytesIO(picture.printed)).getexif()


def test_cmyk_colours_are_converted_to_rgb(project: Project) -> None:
    with_picture(project, saved(Image.new("CMYK", (60, 40), (255, 0, 0, 0)), "JPEG", quality=95))
    picture = picture_in(project)
    assert isinstance(picture, Pixels)
    red, green, blue = Image.open(io.BytesIO(picture.printed)).getpixel((20, 20))  # type: ignore[misc]
    assert red < 60
    assert min(green, blue) > 150


def test_transparency_is_kept_on_screen_and_white_in_print(project: Project) -> None:
    with_picture(project, saved(Image.new("RGBA", (60, 40), (0, 0, 0, 0))))
    picture = picture_in(project)
    assert isinstance(picture, Pixels)
    assert Image.open(io.BytesIO(picture.screen)).getpixel((20, 20)) == (0, 0, 0, 0)
    assert Image.open(io.BytesIO(picture.printed)).getpixel((20, 20)) == (255, 255, 255)
    assert Image.open(io.BytesIO(picture.copied)).mode == "1"


def test_a_picture_is_no_larger_than_print_needs(project: Project) -> None:
    with_picture(project, saved(Image.new("RGB", (6_000, 3_000), (9, 99, 9)), "JPEG"))
    picture = picture_in(project)
    assert (picture.width, picture.height) == (2200, 1100)


def test_the_same_file_gives_the_same_picture(project: Project) -> None:
    with_picture(project, turned_jpeg())
    assert picture_in(project) == picture_in(project)


# ---------------------------------------------------------------- shown


@pytest.fixture
def pictures(project: Project) -> list[Pixels | Outlines]:
    """A photo, a picture with transparency, and an SVG."""
    clear = Image.new("RGBA", (800, 400), (0, 0, 0, 0))
    clear.paste((15, 76, 92, 255), (100, 100, 500, 300))
    made = []
    for name, content in (("hive.jpg", turned_jpeg()), ("hive.png", saved(clear)), ("hive.svg", SVG.encode())):
        with_picture(project, content, name)
        made.append(project.load().pictures[name])
    return made


@pytest.mark.full
@pytest.mark.parametrize("edition", ["standard", "photocopy"])
def test_a_handout_shows_pictures_with_their_alt_texts(
    pictures: list[Pixels | Outlines], tmp_path: Path, edition: str
) -> None:
    blocks = [Picture(each, f"What {index} shows", inlines(f"Caption {index}.")) for index, each in enumerate(pictures)]
    theme = sample_theme(edition=edition)
    rendered = render_pdf(sample_document(*blocks, Picture(pictures[0], "")), theme)
    assert not [found for found in rendered.findings if found.code != "thin-page"]
    file = tmp_path / "pictures.pdf"
    file.write_bytes(rendered.content)
    assert_verapdf_passes([file])
    assert_page_validation_passes(rendered.content)
    assert_qpdf_passes(file)
    text = rendered.content.decode("latin-1")
    assert [f"/Alt(What {index} shows)" in text for index in range(3)] == [True] * 3
    assert text.count("/Subtype/Image") == 2  # the photo is embedded once, though shown twice
    document = pypdfium2.PdfDocument(rendered.content)
    colours = {pixel for page in document for _, pixel in page.render(scale=0.5).to_pil().getcolors(1 << 24)}
    assert (edition == "photocopy") == all(len(set(each)) == 1 for each in colours)
    assert render_pdf(sample_document(*blocks, Picture(pictures[0], "")), theme).content == rendered.content


def test_a_slide_shows_complete_pictures_with_their_alt_texts(
    pictures: list[Pixels | Outlines], tmp_path: Path
) -> None:
    alts = ("Alt 0", "", "Alt 2", "Alt 3")
    slides = [
        Slide(
            "content",
            inlines(f"Slide {index}"),
            blocks=(*(paragraph("Words above.") for _ in range(index > 0)), Picture(each, alts[index])),
            notes=(paragraph("Say it."),),
        )
        for index, each in enumerate((*pictures, pictures[0]))
    ]
    rendered = render_deck(sample_deck(*slides), deck_theme())
    assert not rendered.findings
    file = tmp_path / "pictures.pptx"
    file.write_bytes(rendered.content)
    assert_open_xml_audit_passes(file)
    with zipfile.ZipFile(file) as package:
        names = package.namelist()
        assert len(names) == len(set(names))
        assert len([name for name in names if name.startswith("ppt/media/")]) == 2
        xml = [package.read(f"ppt/slides/slide{number}.xml").decode() for number in range(1, 5)]
    assert 'descr="Alt 0"' in xml[0]
    assert "decorative" in xml[1]
    assert "<p:pic>" not in xml[2]
    assert 'descr="Alt 2"' in xml[2]
    assert "srcRect" not in "".join(xml)


def test_a_dump_shows_pixels_by_their_hash(pictures: list[Pixels | Outlines]) -> None:
    text = dump(Picture(pictures[0], "What it shows"))
    assert len(text) < 600
    assert "bytes" in text
    assert text == dump(Picture(pictures[0], "What it shows"))


def test_a_page_without_pictures_does_not_import_picture_libraries(project: Project) -> None:
    code = "import sys; from handouts.load import load_library; from pathlib import Path;"
    code += (
        f"load_library(Path({str(project.content)!r}), Path({str(project.templates)!r})); print('PIL' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("M1-2.5.5.5z", [("M", (1, -2.5)), ("L", (0.5, 0.5)), ("L", (1, -2.5)), ("Z", ())]),
        ("m1 1 1 1h2V0", [("M", (1, 1)), ("L", (2, 2)), ("L", (4, 2)), ("L", (4, 0))]),
        ("M0 0Q3 3 6 0T12 0", [("M", (0, 0)), ("C", (2, 2, 4, 2, 6, 0)), ("C", (8, -2, 10, -2, 12, 0))]),
        ("M0 0C0 1 1 2 2 2S4 1 4 0", [("M", (0, 0)), ("C", (0, 1, 1, 2, 2, 2)), ("C", (3, 2, 4, 1, 4, 0))]),
        ("M0 0zL2 2", [("M", (0, 0)), ("Z", ()), ("M", (0, 0)), ("L", (2, 2))]),
        ("M0 0A0 5 0 013 4", [("M", (0, 0)), ("L", (3, 4))]),
        ("M1 0A1 1 0 010 1", [("M", (1, 0)), ("C", (1, 0.5523, 0.5523, 1, 0, 1))]),
    ],
)
def test_each_path_command_is_drawn_as_svg_defines(written: str, drawn: list[tuple[str, tuple[float, ...]]]) -> None:
    found = parse_path(written)
    assert [verb for verb, _ in found] == [verb for verb, _ in drawn]
    assert [points for _, points in found] == [pytest.approx(points, abs=1e-4) for _, points in drawn]


@pytest.mark.parametrize("written", ["M", "L1 1", "M1 1 x", "M1 1 2", "M0 0A1 1 0 2 0 3 3", "M0 0z1 1", "M1 1 #"])
def test_an_invalid_path_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"path|number|command"):
        parse_path(written)


def test_the_bounds_of_a_curve_are_tight() -> None:
    assert path_bounds(parse_path("M0 0C0 4 6 4 6 0")) == pytest.approx((0, 0, 6, 3))


# ---------------------------------------------------------------- signs of one's own

BICYCLE = drawn("<circle cx='2' cy='6' r='2' fill='#112233'/><circle cx='7' cy='6' r='2' fill='#FFEE99'/>")
WITH_SIGNS = """\
::: {.figure name="wheel" signs="time bicycle.svg home"}
- hub: A good day
- An early start
- The way by bicycle
- An evening at home

::: {.alt}
Three things make a good day: an early start, the way by bicycle, an evening at home.
:::
:::

"""


@pytest.fixture
def with_custom_sign(project: Project) -> Project:
    """Return the project with a custom sign: on a card, on its slide, and in a wheel."""
    folder = project.content / "pictures"
    folder.mkdir()
    (folder / "bicycle.svg").write_bytes(BICYCLE)
    project.replace("content/bees/en/2-cold.md", 'sign="left"', 'sign="bicycle.svg"')
    project.replace("content/bees/en/2-cold.md", "Everyone reads this.", WITH_SIGNS + "Everyone reads this.")
    return project


def test_a_custom_sign_is_shown_on_cards_slides_and_wheels(with_custom_sign: Project) -> None:
    handout, talk = (with_custom_sign.compose("growers", template).document for template in ("handout", "slides"))
    (card,) = [node for node in walk(handout.blocks) if isinstance(node, Card)]
    (figure,) = [node for node in walk(handout.blocks) if isinstance(node, Figure)]
    (slide,) = [slide for slide in talk.slides if slide.sign]
    assert isinstance(card.sign, Outlines)
    assert (card.sign, slide.sign) == (figure.signs[1], figure.signs[1])
    assert (figure.signs[0], figure.signs[2]) == ("time", "home")
    for made in (render_pdf(handout, sample_theme()), render_deck(talk, sample_theme())):
        assert [found for found in made.findings if is_error(found)] == []
        assert made.content


def test_a_custom_sign_must_be_an_svg(with_custom_sign: Project) -> None:
    (with_custom_sign.content / "pictures" / "bicycle.svg").write_bytes(saved(Image.new("RGB", (20, 20))))
    with pytest.raises(HandoutError) as raised:
        with_custom_sign.load()
    assert {found.code for found in raised.value.findings} == {"unknown-sign"}
    assert {found.at.line for found in raised.value.findings} == {1, 20}
