"""Word files: all words in order, real styles and headings, no active content, and reproducible bytes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pypandoc
import pypdfium2
import pytest
from command_bench import BUILD, COLD, EVERYONE, Bench
from deck_samples import sample_deck, slide
from generated_documents import generated_pages, print_theme
from lxml import etree
from msgspec.structs import replace
from paths import ROOT
from PIL import Image
from samples import EVERYTHING, FIGURE, FORK, inlines, paragraph, sample_document, sample_theme
from test_web import CHART, HOSTILE, PICTURE, SHEET, document_filled_with, shipped_document
from validators_office import assert_open_xml_is_valid, convert_to_pdf

from handouts.document.nodes import (
    Card,
    Cell,
    Crisis,
    CrisisColumn,
    CrisisLine,
    Document,
    Figure,
    Heading,
    Link,
    QrCode,
    Steps,
    Table,
)
from handouts.document.text import plain, texts_of
from handouts.finding import is_error
from handouts.library import Library
from handouts.load import load_library
from handouts.render_cache import RenderCache
from handouts.text.fonts import PRINT_FAMILY, load_font
from handouts.theme import FontFile, Typeface
from handouts.verify import verify_file
from handouts.verify.word_reader import read_word_file
from handouts.word import render_docx

pytestmark = pytest.mark.full

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
WHOLE = (*EVERYTHING, CHART, PICTURE, SHEET)
EDITIONS = ("standard", "large-print", "photocopy")
LABELS = ("words", "number")  # texts that are in pictures, and numbers that Word adds


def whole_document() -> Document:
    """Return a document with every kind of block."""
    return sample_document(*WHOLE)


def docx_of(document: Document, edition: str = "standard") -> bytes:
    """Return the Word file of a document, after checking it."""
    rendered = render_docx(document, sample_theme(edition=edition))
    assert not verify_file(rendered.content, document, "docx")
    return rendered.content


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def text_of(content: bytes) -> Any:
    return etree.fromstring(parts_of(content)["word/document.xml"])


def zipped(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return written.getvalue()


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def shipped_library() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


@pytest.fixture(scope="module")
def whole_file() -> bytes:
    return docx_of(whole_document())


def shipped(library: Library, audience: str, template: str, edition: str = "standard") -> tuple[Document, bytes]:
    """Return a document of the shipped topic and its Word file."""
    document, theme = shipped_document(library, audience, template, edition)
    return document, render_docx(document, theme).content


# ---------------------------------------------------------------- its words


@pytest.mark.parametrize("edition", EDITIONS)
def test_pandoc_reads_every_word_of_every_kind_of_block_in_order(edition: str, tmp_path: Path) -> None:
    document, file = whole_document(), tmp_path / "whole.docx"
    file.write_bytes(docx_of(document, edition))
    read = re.sub(r"<[^>]*>", "", pypandoc.convert_file(str(file), "html", extra_args=["--wrap=none"]))
    text, position = squeezed(unescape(read)), 0
    for each in texts_of(document.blocks):
        if each.visibility == "hidden" or each.role in (*LABELS, "address"):
            continue
        found = text.find(squeezed(each.text), position)
        assert found >= 0, each.text
        position = found + len(squeezed(each.text))


@pytest.mark.parametrize("audience", ["family", "partners", "clinicians"])
@pytest.mark.parametrize("template", ["handout", "worksheets", "sources", "slides"])
def test_a_shipped_file_is_complete(shipped_library: Library, audience: str, template: str) -> None:
    document, content = shipped(shipped_library, audience, template)
    assert not verify_file(content, document, "docx")


@pytest.mark.parametrize("number", range(30_000, 30_006))
def test_a_generated_file_is_complete_or_refused(number: int) -> None:
    document = generated_pages(number)
    rendered = render_docx(document, print_theme(number))
    if not rendered.content:
        assert any(map(is_error, rendered.findings))
    else:
        assert not verify_file(rendered.content, document, "docx")


Change = Callable[[str], str]
TEXT, FOOT, PROPERTIES, LINKS = (
    "word/document.xml",
    "word/footer1.xml",
    "docProps/core.xml",
    "word/_rels/document.xml.rels",
)
SAID = "<w:p><w:r><w:t>Only for clinicians</w:t></w:r></w:p>"
FAULTS: dict[str, tuple[str, Change, str]] = {
    "a paragraph is lost": (TEXT, lambda part: part.replace("Clear limits help both people.", ""), "lost-words"),
    "two texts change places": (
        TEXT,
        lambda part: (
            part.replace("Clear limits help both people.", "@")
            .replace("and on bad days.", "Clear limits help both people.")
            .replace("@", "and on bad days.")
        ),
        "lost-words",
    ),
    "words of others": (TEXT, lambda part: part.replace("<w:sectPr", f"{SAID}<w:sectPr", 1), "extra-words"),
    "words of others in the foot": (FOOT, lambda part: part.replace("</w:ftr>", f"{SAID}</w:ftr>"), "extra-words"),
    "words of others in an alt text": (
        TEXT,
        lambda part: part.replace('descr="', 'descr="Clinicians ', 1),
        "extra-words",
    ),
    "words of others in a tooltip": (
        TEXT,
        lambda part: part.replace('w:tooltip="', 'w:tooltip="Clinicians ', 1),
        "extra-words",
    ),
    "words of others among the properties": (
        PROPERTIES,
        lambda part: part.replace("<cp:keywords>", "<cp:keywords>Anger, "),
        "extra-words",
    ),
    "a number to call is lost": (FOOT, lambda part: part.replace("116\u00a0123", ""), "lost-words"),
    "the draft mark is lost": (FOOT, lambda part: part.replace("not reviewed", ""), "lost-words"),
    "an alt text is lost": (TEXT, lambda part: part.replace("Six steps in a circle. Two", "Two"), "missing-alt"),
    "the words in a drawing are not told": (TEXT, lambda part: part.replace("Feelings rise fast", ""), "missing-alt"),
    "a sign is not marked as decoration": (
        TEXT,
        lambda part: part.replace('val="1"/></a:ext>', 'val="0"/></a:ext>'),
        "missing-alt",
    ),
    "a field that fetches": (
        TEXT,
        lambda part: part.replace("<w:sectPr", '<w:p><w:fldSimple w:instr="INCLUDETEXT x"/></w:p><w:sectPr', 1),
        "unsafe-page",
    ),
    "a picture of another computer": (
        LINKS,
        lambda part: part.replace(
            'Target="media/rPicture1.png"', 'Target="https://example.org/x" TargetMode="External"'
        ),
        "unsafe-page",
    ),
    "a link of another kind": (LINKS, lambda part: part.replace("https://", "file://", 1), "unsafe-page"),
    "a link that leads nowhere": (TEXT, lambda part: part.replace('w:name="source_2"', 'w:name="x"'), "page-structure"),
    "two places of one name": (
        TEXT,
        lambda part: part.replace('w:name="source_2"', 'w:name="source_1"'),
        "page-structure",
    ),
    "a heading that leaves a level out": (
        TEXT,
        lambda part: part.replace('"Heading1"', '"Heading3"'),
        "page-structure",
    ),
    "no language": ("word/styles.xml", lambda part: part.replace("w:lang w:val", "w:lang w:x"), "page-structure"),
    "no title": (PROPERTIES, lambda part: re.sub("<dc:title>.*</dc:title>", "", part), "page-structure"),
    "no XML": (TEXT, lambda part: part[:-9], "unreadable-file"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_file_is_detected(whole_file: bytes, fault: str) -> None:
    name, change, code = FAULTS[fault]
    parts = parts_of(whole_file)
    damaged = change(parts[name].decode())
    assert damaged != parts[name].decode()
    found = verify_file(zipped({**parts, name: damaged.encode()}), whole_document(), "docx")
    assert code in {each.code for each in found}


def test_macros_embedded_files_and_comments_are_found(whole_file: bytes) -> None:
    for name in ("word/vbaProject.bin", "word/embeddings/x.bin", "word/comments.xml", "customXml/item1.xml"):
        parts = {**parts_of(whole_file), name: b"<x/>"}
        assert "unsafe-page" in {each.code for each in verify_file(zipped(parts), whole_document(), "docx")}


@pytest.mark.parametrize("broken", [b"", b"PK", b"no file", zipped({"x": b""})], ids=["empty", "cut", "other", "zip"])
def test_an_unreadable_file_is_reported(broken: bytes) -> None:
    (found,) = verify_file(broken, sample_document(), "docx")
    assert found.code == "unreadable-file"


def test_a_part_with_corrupt_compressed_bytes_is_reported() -> None:
    content = bytearray(docx_of(sample_document()))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        entry = package.getinfo(TEXT)
    start = entry.header_offset + 30 + len(entry.filename)  # after the header of the part
    content[start : start + 40] = b"\xff" * 40
    (found,) = verify_file(bytes(content), sample_document(), "docx")
    assert found.code == "unreadable-file"


# ---------------------------------------------------------------- nothing of content is more than words


@cache
def shape_of_file(filled: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the elements and attribute names of a file in which each field contains `filled`."""
    parts = parts_of(render_docx(document_filled_with(filled), sample_theme()).content)
    roots = [etree.fromstring(parts[name]) for name in sorted(parts) if name.endswith((".xml", ".rels"))]
    return [(each.tag, tuple(each.keys())) for root in roots for each in root.iter()]


@pytest.mark.parametrize("words", [*HOSTILE, "]]></w:t></w:r></w:p>", ' INCLUDETEXT "x" ', "a\tb\x0bc\ufffe"])
def test_content_never_becomes_markup(words: str) -> None:
    assert shape_of_file(words) == shape_of_file("Plain")


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "http://a.b",
        "//a.b",
        "https://a.b/" + "x" * 3000,
    ],
)
def test_a_link_with_a_disallowed_scheme_is_plain_text(target: str) -> None:
    content = docx_of(sample_document(paragraph("See ", Link(inlines("this page"), target))))
    assert target.encode() not in b"".join(parts_of(content).values())
    assert "See this page" in read_word_file(content).text


def test_a_tooltip_that_is_too_long_for_word_is_left_out() -> None:
    links = (Link(inlines("One"), "https://a.org/", "x" * 255), Link(inlines("Two"), "https://b.org/", "y" * 256))
    hidden = read_word_file(docx_of(sample_document(paragraph(*links)))).hidden
    assert [each for each in hidden if set(each) in ({"x"}, {"y"})] == ["x" * 255]


def test_an_address_is_encoded_as_word_requires() -> None:
    content = docx_of(
        sample_document(paragraph("See ", Link(inlines("this"), 'https://example.org/ä"<[x]>?a=1&b=2%20c')))
    )
    assert "https://example.org/%C3%A4%22%3C%5Bx%5D%3E?a=1&b=2%20c" in read_word_file(content).links


def test_the_same_document_gives_the_same_bytes(whole_file: bytes) -> None:
    document, theme, cache = whole_document(), sample_theme(), RenderCache()
    assert whole_file == render_docx(document, theme, cache=cache).content
    assert whole_file == render_docx(document, theme, cache=cache).content
    with zipfile.ZipFile(io.BytesIO(whole_file)) as package:
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# ---------------------------------------------------------------- how it is read and edited


@pytest.fixture(scope="module", params=[0, *(pytest.param(share, marks=pytest.mark.nightly) for share in (1, 2))])
def finished_files(
    shipped_library: Library, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[Path, Document]:
    """Return the file of each template for one audience, by turns, and of all kinds of block in each edition.

    The nightly run checks each template for each audience.
    """
    folder, files = tmp_path_factory.mktemp("finished"), {}
    for turn, template in enumerate(shipped_library.templates.values(), request.param):
        name = template.audiences[turn % len(template.audiences)]
        files[folder / f"{name}-{template.name}.docx"] = shipped(shipped_library, name, template.name)
    files[folder / "discreet.docx"] = shipped(shipped_library, "partners", "handout", "discreet")
    files |= {folder / f"{each}.docx": (whole_document(), docx_of(whole_document(), each)) for each in EDITIONS}
    for file, (_, content) in files.items():
        file.write_bytes(content)
    return {file: document for file, (document, _) in files.items()}


def test_each_file_follows_the_open_xml_schemas(finished_files: dict[Path, Document]) -> None:
    assert_open_xml_is_valid(finished_files)


def test_libreoffice_shows_all_words_of_each_file_in_order(
    finished_files: dict[Path, Document], tmp_path: Path
) -> None:
    shown = convert_to_pdf(finished_files, tmp_path)
    for file, document in zip(shown, finished_files.values(), strict=True):
        texts = (each for each in texts_of(document) if each.visibility != "hidden" and each.role not in LABELS)
        words = " ".join(each.text.removeprefix("https://") for each in texts)
        with pypdfium2.PdfDocument(file) as pages:
            text = " ".join(page.get_textpage().get_text_range() for page in pages)
        read = iter(re.findall(r"\w+", text))
        lost = [word for word in re.findall(r"\w+", words) if word not in read]
        assert not lost, (file.name, lost[:5])


def test_each_block_has_its_style(whole_file: bytes) -> None:
    used = [each.get(f"{W}val") for each in text_of(whole_file).iter(f"{W}pStyle")]
    defined = {each.get(f"{W}styleId") for each in etree.fromstring(parts_of(whole_file)["word/styles.xml"])}
    assert set(used) <= defined
    assert {"Title", "Heading1", "Heading2", "Caption", "Quote", "ListParagraph", "FieldLabel", "Source"} <= set(used)
    assert used.count("Title") == 1


def test_each_list_of_steps_starts_at_one() -> None:
    steps = Steps(((paragraph("One"),), (paragraph("Two"), paragraph("More of it"))))
    content = docx_of(sample_document(steps, steps))
    numbers = [each.get(f"{W}val") for each in text_of(content).iter(f"{W}numId")]
    assert numbers == ["2", "2", "3", "3"]
    lists = etree.fromstring(parts_of(content)["word/numbering.xml"])
    restarted = {each.get(f"{W}numId") for each in lists.iter(f"{W}num") if each.find(f"{W}lvlOverride") is not None}
    assert restarted == {"2", "3"}


def test_header_rows_repeat_on_each_page_and_cells_span() -> None:
    head = ((Cell(inlines("What"), header=True, columns=2), Cell(inlines("When"), header=True)),)
    body = (
        (Cell(inlines("A"), header=True, rows=2), Cell(inlines("B")), Cell(inlines("C"))),
        (Cell(inlines("D")), Cell(inlines("E"))),
    )
    text = text_of(docx_of(sample_document(Table(inlines("Caption"), head, body))))
    (table,) = text.iter(f"{W}tbl")
    rows = table.findall(f"{W}tr")
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False, False]
    assert [each.get(f"{W}val") for each in table.iter(f"{W}vMerge")] == ["restart", "continue"]
    assert [each.get(f"{W}val") for each in table.iter(f"{W}gridSpan")] == ["2"]
    cells = [len(row.findall(f"{W}tc")) for row in rows]
    assert cells == [2, 3, 3]


def test_every_picture_has_alt_text_or_is_marked_as_decoration(whole_file: bytes) -> None:
    read = read_word_file(whole_file)
    assert read.silent == 0
    (alt_text,) = [alt for alt in read.alts if alt.startswith("Six steps in a circle.")]
    assert "Words in the picture: " in alt_text
    assert "Feelings rise fast" in alt_text


def test_the_crisis_line_and_the_draft_mark_are_on_every_page(whole_file: bytes) -> None:
    read = read_word_file(whole_file)
    for foot in (read.heads["word/footer1.xml"], read.heads["word/footer2.xml"]):
        assert "In danger now?" in foot
        assert "Samaritans 116\u00a0123" in foot
        assert any("not reviewed" in each for each in foot)
    assert {"tel:999", "tel:116123"} <= set(read.links)


def test_citations_link_to_their_sources_and_back(whole_file: bytes) -> None:
    read = read_word_file(whole_file)
    assert {"source_1", "cited_1"} <= set(read.anchors) & set(read.bookmarks)


def test_a_file_names_its_typeface_and_a_substitute(whole_file: bytes) -> None:
    fonts = etree.fromstring(parts_of(whole_file)["word/fontTable.xml"])
    assert fonts[0].get(f"{W}name") == "Atkinson Hyperlegible"
    assert fonts[0].find(f"{W}altName").get(f"{W}val") == "Arial"


def test_a_discreet_file_does_not_mention_its_subject_before_the_text(shipped_library: Library) -> None:
    document, content = shipped(shipped_library, "partners", "handout", "discreet")
    assert not verify_file(content, document, "docx")
    parts = parts_of(content)
    assert read_word_file(content).heads["word/footer2.xml"] == read_word_file(content).heads["word/header2.xml"] == ()
    for name in ("docProps/core.xml", "word/header1.xml", "word/footer1.xml"):
        assert not re.search(rb"BPD|borderline|partner", parts[name].replace(b"Afraid of a partner", b"")), name


def test_a_figure_whose_words_do_not_fit_is_an_error() -> None:
    long = Figure("array", (), (("filled", "8"), ("of", "10"), ("words", "unbreakable" * 40)), "Eight", ())
    rendered = render_docx(sample_document(long), sample_theme())
    assert rendered.content == b""
    assert any(map(is_error, rendered.findings))


def test_the_foot_lists_all_numbers_of_a_need_in_one_line_without_slashed_zeros() -> None:
    lines = (CrisisLine("UK", "112"), CrisisLine("US", "911"), CrisisLine("AU", "000"), CrisisLine("Local"))
    content = docx_of(sample_document(paragraph("Words."), crisis=Crisis((CrisisColumn("In danger?", lines),))))
    footer = read_word_file(content).heads["word/footer1.xml"]
    assert footer[:3] == ("In danger?", "UK\u00a0112 · US\u00a0911 · AU\u00a0000", "Local ____________")
    foot = etree.fromstring(parts_of(content)["word/footer1.xml"])
    numbers = [each for each in foot.iter(f"{W}r") if "".join(each.itertext()) in ("112", "911", "000")]
    assert [each.find(f"{W}rPr/{W}rFonts").get(f"{W}ascii") for each in numbers] == ["Arial"] * 3


def test_a_file_embeds_the_complete_typeface_for_editing(whole_file: bytes) -> None:
    parts = parts_of(whole_file)
    for font in etree.fromstring(parts["word/fontTable.xml"])[0].iterfind("*[@{*}fontKey]"):
        key = bytes.fromhex(re.sub("[{}-]", "", font.get(f"{W}fontKey")))[::-1]
        mixed = parts[f"word/fonts/{etree.QName(font).localname}.odttf"]
        start = bytes(one ^ other for one, other in zip(mixed, key * 2, strict=False))
        face = {"embedRegular": PRINT_FAMILY.regular, "embedBold": PRINT_FAMILY.bold}[etree.QName(font).localname]
        assert start + mixed[32:] == load_font(face[0]).content
    own = sample_theme()
    named = Typeface("Our own", FontFile("a", b"a", "a"), FontFile("b", b"b", "b"))
    rendered = render_docx(sample_document(paragraph("Words.")), replace(own, typeface=named))
    assert not [name for name in parts_of(rendered.content) if "fonts/" in name]


def test_a_speaker_script_has_each_slide_in_a_frame_above_its_notes() -> None:
    talk = sample_deck(
        slide("A part", kind="section"),
        replace(slide("A claim", FORK), section="A part", notes=(paragraph("Say this aloud."),)),
    )
    text = text_of(docx_of(talk))
    styles = [
        (each.get(f"{W}val"), "".join(each.getparent().getparent().itertext())) for each in text.iter(f"{W}pStyle")
    ]
    headings = [each for each in styles if each[0].startswith("Heading")]
    assert headings[:2] == [("Heading1", "A part"), ("Heading2", "A claim")]
    assert {style for style, _ in headings[2:]} == {"Heading3"}
    frame, note = text.find(f".//{W}tbl"), text.xpath("//*[text()='Say this aloud.']")[0]
    assert plain(FORK.question) in "".join(frame.itertext())
    assert not [each for each in note.iterancestors() if each is frame]
    assert ("Normal", "Say this aloud.") in styles[-1:]


def test_a_figure_has_a_small_palette_and_is_smaller_in_a_speaker_script(whole_file: bytes) -> None:
    talk = replace(slide("A claim", FIGURE), notes=(paragraph("Say this."),))
    sizes = []
    for content in (whole_file, docx_of(sample_deck(talk))):
        (shown,) = (each for each in text_of(content).iter(f"{WP}docPr") if FIGURE.alt in each.get("descr", ""))
        sizes.append(int(shown.getparent().find(f"{WP}extent").get("cx")))
        (embedded,) = next(shown.getparent().iter("{*}blip")).values()
        with Image.open(io.BytesIO(parts_of(content)[f"word/media/{embedded}.png"])) as picture:
            assert (picture.mode, picture.convert("RGB").getpixel((0, 0))) == ("P", (255, 255, 255))
    assert sizes[1] < 0.75 * sizes[0]


def test_a_qr_code_and_a_card_are_in_the_file() -> None:
    code, card = QrCode("https://example.org/a", inlines("More")), Card(1, "alarm", inlines("A claim"), ())
    read = read_word_file(docx_of(sample_document(Heading(2, inlines("Head")), code, card)))
    assert "Code that opens https://example.org/a" in read.alts
    assert [each.strip() for each in read.text if "claim" in each] == ["1  A claim"]


# ---------------------------------------------------------------- builds

WORD = (*BUILD, "--format", "docx")


def test_word_files_are_only_built_on_request(bench: Bench) -> None:
    assert bench.run(*BUILD).code == 0
    assert not list(bench.project.root.rglob("*.docx"))
    assert bench.run(*WORD).code == 0
    docx_of = {path.name for path in bench.project.root.rglob("*.docx")}
    assert docx_of == {
        f"bees-{name}-{kind}.docx" for name in ("growers", "keepers") for kind in ("handout", "slides-notes")
    }
    assert "4 fresh" in bench.run(*WORD).out


def test_a_file_is_rebuilt_on_each_paper_if_its_words_change(bench: Bench) -> None:
    assert bench.run(*WORD).code == 0
    bench.project.replace(COLD, EVERYONE, "Everyone reads that.")
    assert bench.run(*WORD, "--paper", "a4,letter", "--fillable").code == 0
    docx_of = {path.name for path in bench.project.root.rglob("bees-growers*.docx")}
    kinds = ("handout", "slides-notes")
    assert docx_of == {f"bees-growers-{kind}{paper}.docx" for kind in kinds for paper in ("", "-letter")}
    content = next(bench.project.root.rglob("bees-growers-handout.docx")).read_bytes()
    assert any("Everyone reads that." in each for each in read_word_file(content).text)


def test_the_index_of_a_site_links_to_word_files(bench: Bench) -> None:
    assert bench.run(*WORD, "--site").code == 0
    index = (bench.project.root / "output/index.html").read_text(encoding="utf-8")
    assert 'href="bees/bees-growers-handout.docx"' in index
    assert "Word file" in index


def test_a_copy_has_the_name_of_its_recipient_as_words(bench: Bench) -> None:
    table, name = io.StringIO(), '<b>Harbour</b> & "Co"'
    csv.writer(table).writerows((("name", "phone"), (name, "0117 496 0001")))
    bench.project.write("clinics.csv", table.getvalue())
    assert bench.run(*WORD, "--audience", "growers", "--recipients", "clinics.csv").code == 0
    copies = list(bench.project.root.rglob("copies/*.docx"))
    assert len(copies) == 2
    assert all(escape(name).encode() in parts_of(each.read_bytes())["word/document.xml"] for each in copies)
