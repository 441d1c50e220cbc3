"""Drawing a plan as PDF: text, tags, links, fonts and metadata in the bytes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import zlib
from pathlib import Path
from xml.sax.saxutils import escape

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from paths import ROOT
from pdf_sample import ADDRESS, H1, THEME, paragraph_plan, pdf_bytes, sample_plan
from pdf_text import elements, painted_text, read_tags, tagged_text
from validators import assert_page_validation_passes, assert_qpdf_passes, assert_verapdf_passes

from handouts.figures.shapes import Path as Curve
from handouts.figures.shapes import Rectangle, TextLabel
from handouts.layout.page_model import Element, Page, PagePlan, TextItem
from handouts.pdf.graphics import Pen, draw_shape
from handouts.pdf.metadata import PRODUCER, srgb_profile
from handouts.pdf.objects import operators_drawn
from handouts.text.fonts import SCREEN_FAMILY, subset_face
from handouts.text.line_breaking import StyledRun
from handouts.version import VERSION


@pytest.fixture(scope="module")
def content() -> bytes:
    return pdf_bytes(sample_plan())


def streams(content: bytes) -> str:
    """Return the compressed streams, including fonts and the colour profile."""
    found = re.findall(rb"FlateDecode/Length \d+>>\nstream\n(.*?)\nendstream", content, re.DOTALL)
    return "\n".join(zlib.decompress(each).decode("latin-1") for each in found)


def test_the_structure_tree_has_all_words_in_the_order_of_the_document(content: bytes) -> None:
    assert tagged_text(content).splitlines() == [
        "You said it is over. Why do they keep reaching out?",
        "Waffle office AVATAR: alarm → relief. See a rather long link that surely needs more than only one line to "
        "stand on, then what you can do. In French: déjà-vu. Call 0808\u00a02000\u00a0247: your no is enough. The end.",
        "1.",
        "Say it once.",
        "2.",
        "Then stop replying, and keep to what you have said.",
        "What you can do",
        "A paragraph that begins on one page",
        "Factor",
        "Evidence",
        "Fear of abandonment",
        "several studies",
        "Identity",
        "One cell below both",
        "and ends on the next one.",
        "Alarm",
        "One common pattern",
        "[1] A source. Back or write",
    ]


def test_all_painted_text_can_be_searched_including_the_foot(content: bytes) -> None:
    text = painted_text(content)
    assert "Version 0.1 · Page 2 of 2" in text
    assert "alarm → relief" in text


def test_roles_languages_and_alt_texts_are_read_back(content: bytes) -> None:
    first, second = read_tags(content)
    assert [each.language for each in elements(first, "Span")] == ["fr", ""]
    assert [each.alt for each in elements(second, "Figure")] == ["A ring, a box and a curve between them."]
    assert len(list(elements(first, "TH"))) == 4


@pytest.mark.full
def test_verapdf_accepts_the_file_as_accessible(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sample.pdf"
    file.write_bytes(content)
    assert_verapdf_passes([file])


def test_a_second_validator_accepts_the_file(content: bytes) -> None:
    assert_page_validation_passes(content)


def test_qpdf_accepts_the_file(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sample.pdf"
    file.write_bytes(content)
    assert_qpdf_passes(file)


def test_the_same_plan_gives_the_same_bytes_after_other_documents(content: bytes) -> None:
    pdf_bytes(paragraph_plan(StyledRun("Something else, with → and “quotes”", bold=True)))
    assert pdf_bytes(sample_plan()) == content


@pytest.mark.parametrize(("seed", "zone"), [("1", "Asia/Tokyo"), ("2", "America/Lima")])
def test_another_process_in_another_environment_gives_the_same_bytes(content: bytes, seed: str, zone: str) -> None:
    code = "import hashlib, pdf_sample as t; print(hashlib.sha256(t.pdf_bytes(t.sample_plan())).hexdigest())"
    paths = os.pathsep.join((str(Path(__file__).parent), str(Path(__file__).parent.parent)))
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": paths}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == hashlib.sha256(content).hexdigest()


def test_two_texts_under_one_title_have_two_identifiers() -> None:
    files = (pdf_bytes(paragraph_plan(StyledRun(words))) for words in ("yes", "no"))
    identifiers = {re.search(rb"\[<(\w+)><\1>\]", file)[1] for file in files}  # type: ignore[index]
    assert len(identifiers) == 2


def test_every_font_is_embedded_as_a_subset(content: bytes) -> None:
    names = set(re.findall(rb"/BaseFont/([A-Z]{6}\+)?([\w-]+)", content))
    assert {name for _, name in names} == {
        b"AtkinsonHyperlegible-Bold",
        b"AtkinsonHyperlegible-Regular",
        b"Arimo-Regular",
    }
    assert all(tag for tag, _ in names)
    assert b"Helvetica" not in content
    assert len(content) < 30_000


def test_a_link_over_three_lines_can_be_clicked_on_each_of_them(content: bytes) -> None:
    assert content.count(b"(Ways to stay safe, on the web)") == 3
    assert content.count(b"/OBJR") == len(re.findall(rb"/Subtype ?/Link", content)) == 6
    assert b"(https://example.org/ways?to=stay%20safe&na%C3%AFve=yes)" in content
    assert b"(mailto:help@example.org)" in content


def test_internal_links_lead_to_their_anchors(content: bytes) -> None:
    assert content.count(b"/Dest(boundaries)") == content.count(b"/Dest(top)") == 1
    with pypdfium2.PdfDocument(content) as document:
        names = {name for name in (b"boundaries", b"top") if pdfium.FPDF_GetNamedDestByName(document.raw, name)}
    assert names == {b"boundaries", b"top"}


def test_bookmarks_have_their_levels_and_pages(content: bytes) -> None:
    with pypdfium2.PdfDocument(content) as document:
        found = [(each.level, each.get_title(), each.get_dest().get_index()) for each in document.get_toc()]
    assert found == [
        (0, "You said it is over", 0),
        (1, "What you can do", 0),
        (2, "A split paragraph", 0),
        (0, "Überblick", 1),
    ]


def test_both_kinds_of_metadata_agree(content: bytes) -> None:
    with pypdfium2.PdfDocument(content) as document:
        info = document.get_metadata_dict()
    assert info["Title"] == "Why do they keep reaching out? (a “sample”)"
    assert info["CreationDate"] == info["ModDate"] == "D:20261123120000Z"
    packet = content[content.index(b"<?xpacket begin") : content.index(b"<?xpacket end")].decode("utf-8")
    assert "<xmp:ModifyDate>2026-11-23T12:00:00Z</xmp:ModifyDate>" in packet
    for key in ("Title", "Author", "Subject", "Keywords", "Producer", "Creator"):
        assert f">{escape(info[key])}<" in packet


def test_the_maker_is_the_version_of_the_package() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert f"handouts {VERSION}" == PRODUCER
    assert str(citation["version"]) == VERSION


def test_a_running_foot_is_a_pagination_artifact(content: bytes) -> None:
    assert streams(content).count("/Artifact<</Type/Pagination/Subtype/Footer>>BDC") == 2
    assert "Version" not in tagged_text(content)


def test_drawn_words_have_their_measured_widths() -> None:
    plan = paragraph_plan(StyledRun("Tolerance AVATAR of waves"), style=H1, width=500)
    item = plan.pages[0].items[0]
    assert isinstance(item, TextItem)
    with pypdfium2.PdfDocument(pdf_bytes(plan)) as document:
        textpage = document[0].get_textpage()
        left, *_ = textpage.get_charbox(0, loose=True)
        _, _, right, _ = textpage.get_charbox(textpage.count_chars() - 1, loose=True)
    assert abs(left - item.x) < 0.05
    assert abs(right - (item.x + item.run.width)) < 0.5


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec="latin-1", categories=("L", "N", "P")), min_size=1, max_size=80), st.booleans())
def test_any_text_is_read_back_unchanged(text: str, bold: bool) -> None:
    content = pdf_bytes(paragraph_plan(StyledRun(f"{text} {text}", bold)))
    assert tagged_text(content).split() == [text, text]


def test_text_attached_to_one_of_several_glyphs_is_read_once() -> None:
    plan = paragraph_plan(StyledRun("office"))
    (item,) = plan.pages[0].items
    assert isinstance(item, TextItem)
    (word,) = item.run.pieces
    first, second, *others = word.glyphs
    together = replace(word, glyphs=(first._replace(text="of"), second._replace(text=""), *others))
    page = replace(plan.pages[0], items=(replace(item, run=replace(item.run, pieces=(together,))),))
    content = pdf_bytes(replace(plan, pages=(page,)))
    assert tagged_text(content).replace("\u200b", "") == "office"
    assert_page_validation_passes(content)


def test_pages_have_their_planned_sizes() -> None:
    root = Element("Document")
    plan = PagePlan((Page(960, 540, ()), Page(612, 792, ())), root, ())
    with pypdfium2.PdfDocument(pdf_bytes(plan)) as document:
        assert [page.get_size() for page in document] == [(960, 540), (612, 792)]


def operators_of(
    shape: Rectangle | Curve | TextLabel, x: float = 0.0, y: float = 0.0, hatched: tuple[str, ...] = ()
) -> list[str]:
    """Return the operators that draw a shape on a page that is 100 points high, without the page's own first line."""
    colours = {**THEME.colours, "tint2": "#FFFFFF"}
    pdf_bytes = operators_drawn(lambda canvas: draw_shape(shape, x, y, 100, Pen(canvas, colours, hatched)))
    return [line for line in pdf_bytes.splitlines()[1:] if line.strip()]


def test_a_shape_without_fill_and_stroke_paints_nothing() -> None:
    assert operators_of(Rectangle(0, 0, 10, 10, stroke="ink", edge=0)) == []
    assert operators_of(Rectangle(0, 0, 10, 10, fill="ink"), 5, 10) == [
        "q",
        "0 0 0 rg",
        "n 5 80 10 10 re",
        "f",
        "Q",
    ]


def test_a_dashed_curve_keeps_its_caps_and_round_joins() -> None:
    curve = Curve((("M", (0, 0)), ("C", (1, 2, 3, 4, 5, 6))), stroke="stone", width=1.5, dash=(4, 3), cap="butt")
    assert operators_of(curve) == [
        "q",
        ".301961 .290196 .278431 RG",
        "1.5 w",
        "0 J",
        "1 j",
        "[4 3] 0 d",
        "n 0 100 m 1 98 3 96 5 94 c",
        "S",
        "Q",
    ]


def test_a_label_cannot_be_drawn_as_a_shape() -> None:
    with pytest.raises(TypeError, match="alarm"):
        operators_of(TextLabel("alarm", ("Alarm",), 0, 0, 13, 16))


@pytest.mark.parametrize("target", ["javascript:alert(1)", "file:///tmp/x", "http://example.org", "launch.exe"])
def test_a_link_to_anything_but_an_address_is_refused(target: str) -> None:
    link = Element("Link", target=target, tooltip="A way")
    with pytest.raises(ValueError, match="no https, mailto or tel address"):
        pdf_bytes(paragraph_plan(StyledRun("words"), element=link))


@pytest.mark.parametrize(
    ("element", "words"),
    [
        (Element("Link", target="#nowhere"), "nowhere in the file"),
        (Element("P", target=ADDRESS), "is not a Link"),
        (Element("Parragraph"), "there is no role 'Parragraph'"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(element: Element, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        pdf_bytes(paragraph_plan(StyledRun("words"), element=element))


def test_text_of_an_element_outside_the_tree_is_refused() -> None:
    plan = paragraph_plan(StyledRun("words"))
    with pytest.raises(ValueError, match="not in the structure tree"):
        pdf_bytes(replace(plan, root=Element("Document")))


def test_a_character_without_a_glyph_is_refused() -> None:
    with pytest.raises(ValueError, match="no glyph for '✓'"):
        pdf_bytes(paragraph_plan(StyledRun("done ✓")))


def test_a_bold_subset_of_a_variable_font_is_bold_and_static() -> None:
    bold, regular = (subset_face(face, [68, 69]).program for face in (SCREEN_FAMILY.bold[0], SCREEN_FAMILY.regular[0]))
    assert bold != regular
    assert b"fvar" not in bold
    assert b"gvar" not in bold


def test_the_colour_profile_has_the_right_length() -> None:
    profile = srgb_profile()
    assert int.from_bytes(profile[:4], "big") == len(profile)
    assert profile[12:20] == b"mntrRGB "


def test_a_hatched_fill_consists_of_lines_clipped_at_its_edge() -> None:
    shape = Rectangle(0, 0, 40, 20, fill="tint2", stroke="ink", edge=1)
    plain, hatched = operators_of(shape, 5, 10), operators_of(shape, 5, 10, ("tint2",))
    assert not [line for line in plain if " W n" in line]
    assert len([line for line in hatched if line.endswith(" W n")]) == 1
    assert hatched.count("S") >= 6  # first the lines, then the edge
    assert not {"f", "B"}.intersection(hatched)
    assert operators_of(shape, 5, 10, ("tint",)) == plain
