"""Worksheets: blank lines on paper, and tagged fields on a screen."""

from __future__ import annotations

import ctypes
import re
import subprocess
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from conftest import Project
from deck_samples import deck_theme, sample_deck
from msgspec.structs import replace
from paths import ROOT
from pdf_text import tagged_text
from samples import inlines, paragraph, sample_document, sample_theme
from validators import assert_page_validation_passes, assert_qpdf_passes, assert_verapdf_passes, required_tool

from handouts.deck import render_deck
from handouts.document.nodes import Choices, FillTable, Heading, Scale, Slide, Worksheet, Writing
from handouts.figures.shapes import Circle, Rectangle
from handouts.figures.shapes import Path as Line
from handouts.finding import HandoutError
from handouts.layout.handout_pages import plan_document
from handouts.layout.page_furniture import LOCAL_NUMBER_FIELD
from handouts.layout.page_model import FieldItem, PageItem, ShapeItem, TextItem, item_bounds
from handouts.pdf import render_pdf
from handouts.pdf.forms import MULTILINE_FLAG, NO_SCROLL_FLAG, RADIO_FLAG
from handouts.pipeline.build import build_all
from handouts.pipeline.options import Options

SHEET = Worksheet(
    (
        Heading(2, inlines("My plan"), "plan"),
        paragraph("Keep it where only you can find it."),
        Choices(
            "choice", inlines("My choice"), (inlines("no contact"), inlines("some contact"), inlines("usual contact"))
        ),
        Choices("answer", inlines("My answer"), (inlines("yes"), inlines("not yet")), one=True),
        Writing("reasons", inlines("My reasons"), inlines("As many as you like."), count=2),
        Writing("words", inlines("The words I will use, once"), count=3, boxed=True),
        Writing("how", inlines("How"), half=True),
        Writing("when", inlines("When"), half=True, follows=True),
        Scale("calm", inlines("How calm am I now?"), inlines("not at all"), inlines("completely")),
        Writing("long", inlines("A label that is longer than any line of a sheet can be and goes on on another line")),
    )
)
LOG = FillTable(
    "log",
    inlines("My log"),
    (inlines("Day"), inlines("What happened")),
    ((inlines("Monday"), ()), (inlines("Tuesday"), ())),
)
DOCUMENT = sample_document(SHEET, LOG)
EMPTY = ((), (), ())
PAGE_OF_LOG = Worksheet(
    (
        Heading(2, inlines("My log"), "my-log"),
        paragraph("Write down only facts."),
        FillTable(
            "facts",
            inlines("What happened"),
            (inlines("Day"), inlines("What"), inlines("Who")),
            (EMPTY,) * 9,
            (1, 3, 2),
        ),
    )
)
MARK_SIDE = 13.0
AUDIENCES = ("family", "partners", "clinicians")
LOOKS = [("standard", "a4"), ("standard", "letter"), ("standard", "a5"), ("large-print", "a4"), ("photocopy", "a4")]


def fields_in(content: bytes) -> list[str]:
    """Return the tooltips of all fields of a file, in its order."""
    return re.findall(r"/Subtype/Widget.*?/TU\(([^)]*)\)", content.decode("latin-1"))


@pytest.mark.parametrize(("edition", "paper"), LOOKS)
@pytest.mark.parametrize("fillable", [False, True])
def test_a_worksheet_is_read_in_order_and_inside_the_margins(edition: str, paper: str, *, fillable: bool) -> None:
    theme = sample_theme(paper=paper, edition=edition)
    plan = plan_document(DOCUMENT, theme, fillable=fillable)
    assert not plan.findings
    for page in plan.pages:
        for item in page.items:
            extent = item_bounds(item)
            assert extent.left >= theme.margin - 3
            assert extent.right <= theme.right + 3
    text = re.sub(r"\s", "", tagged_text(render_pdf(DOCUMENT, theme, fillable=fillable).content))
    position = 0
    for words in (
        "My plan",
        "My choice",
        "no contact",
        "usual contact",
        "My reasons",
        "As many",
        "The words",
        "How",
        "When",
        "How calm",
        "not at all",
        "012345678910",
        "completely",
        "A label",
        "My log",
        "Day",
        "Monday",
    ):
        position = text.index(words.replace(" ", ""), position)


@pytest.mark.parametrize(("edition", "paper"), LOOKS)
def test_a_label_is_on_the_page_of_its_line_and_no_line_crosses_words(edition: str, paper: str) -> None:
    plan = plan_document(DOCUMENT, sample_theme(paper=paper, edition=edition))
    lines = 0
    for page in plan.pages:
        texts = [item_bounds(item) for item in page.items if isinstance(item, TextItem)]
        for item in page.items:
            if isinstance(item, ShapeItem) and getattr(item.shape, "width", 0) == 1.0:
                line = item_bounds(item)
                lines += 1
                assert not [
                    box
                    for box in texts
                    if box.left < line.right and line.left < box.right and box.top + 4 < line.top < box.bottom - 4
                ]
    assert lines >= 8


def test_each_field_of_a_form_has_a_tooltip() -> None:
    content = render_pdf(DOCUMENT, sample_theme(), fillable=True).content
    assert fields_in(content) == [
        "My choice: no contact",
        "My choice: some contact",
        "My choice: usual contact",
        "My answer: yes",
        "My answer: not yet",
        "My reasons",
        "The words I will use, once",
        "How",
        "When",
        *(f"How calm am I now?: {number} of 10" for number in range(11)),
        "A label that is longer than any line of a sheet can be and goes on on another line",
        "My log, row 1: What happened",
        "My log, row 2: What happened",
        "Local number",
    ]
    assert content.count(b"/S/Form") == len(fields_in(content))
    assert content.count(b"/Type/OBJR") == len(fields_in(content)) + content.count(b"/Subtype/Link")
    assert not fields_in(render_pdf(DOCUMENT, sample_theme()).content)


@pytest.mark.full
def test_validators_accept_forms(tmp_path: Path) -> None:
    forms, sheets = [], []
    for edition, paper in LOOKS:
        theme = sample_theme(paper=paper, edition=edition)
        forms.append(tmp_path / f"form-{edition}-{paper}.pdf")
        sheets.append(tmp_path / f"sheet-{edition}-{paper}.pdf")
        forms[-1].write_bytes(render_pdf(DOCUMENT, theme, fillable=True).content)
        sheets[-1].write_bytes(render_pdf(DOCUMENT, theme).content)
        assert_page_validation_passes(forms[-1].read_bytes(), ("ua1",))
        assert_qpdf_passes(forms[-1])
    assert_verapdf_passes(forms, "ua1")
    assert_verapdf_passes(sheets)


def dark_share(content: bytes, area: FieldItem, page_number: int, typed: str) -> tuple[float, float]:
    """Return how much of a field is dark before and after `typed` is typed into it, as PDFium shows it."""
    document = pypdfium2.PdfDocument(content)
    document.init_forms()
    page = document[page_number]
    before = darkness(page, area)
    x, y = area.x + area.width / 2, page.get_height() - area.y - area.height / 2
    pdfium.FORM_OnLButtonDown(document.formenv, page, 0, x, y)
    pdfium.FORM_OnLButtonUp(document.formenv, page, 0, x, y)
    if typed:
        text = (typed + "\0").encode("utf-16-le")
        buffer = ctypes.create_string_buffer(text)
        pdfium.FORM_ReplaceSelection(document.formenv, page, ctypes.cast(buffer, pdfium.FPDF_WIDESTRING))
    pdfium.FORM_ForceToKillFocus(document.formenv)
    return before, darkness(page, area)


def darkness(page: pypdfium2.PdfPage, area: FieldItem) -> float:
    scale = 3
    image = page.render(scale=scale, may_draw_forms=True).to_pil().convert("L")
    box = [area.x + 2, area.y + 2, area.x + area.width - 2, area.y + area.height - 2]
    cut = image.crop([int(each * scale) for each in box])
    dark: int = sum(1 for value in cut.tobytes() if value < 100)
    return dark / int(cut.width * cut.height)


@pytest.mark.parametrize(
    ("name", "value"),
    [("how", ""), ("crisis-local", ""), ("reasons", ""), ("choice-2", "Yes"), ("answer", "2"), ("calm", "7")],
)
def test_typed_and_ticked_values_are_shown(name: str, value: str) -> None:
    theme = sample_theme()
    plan = plan_document(DOCUMENT, theme, fillable=True)
    number, field = next(
        (index, item)
        for index, page in enumerate(plan.pages)
        for item in page.items
        if isinstance(item, FieldItem) and item.name == name and item.value in ("", value)
    )
    content = render_pdf(DOCUMENT, theme, fillable=True).content
    before, after = dark_share(content, field, number, "" if value else "Grüße, 12 € – “ja”")
    assert after > before + 0.003


def test_only_one_of_exclusive_choices_is_on(tmp_path: Path) -> None:
    (tmp_path / "form.pdf").write_bytes(render_pdf(DOCUMENT, sample_theme(), fillable=True).content)
    with pikepdf.open(tmp_path / "form.pdf") as form:
        fields = {str(field.T): field for field in form.Root.AcroForm.Fields}
        answer = fields["answer"]
        assert (str(answer.FT), int(answer.Ff) & RADIO_FLAG, str(answer.TU)) == ("/Btn", RADIO_FLAG, "My answer")
        states = [{*map(str, kid.AP.N.keys())} - {"/Off"} for kid in answer.Kids]
        assert states == [{"/1"}, {"/2"}]
        assert {"choice-1", "choice-2", "choice-3"} <= set(fields)  # each of several choices is a separate field


def test_the_local_number_is_filled_in_once_for_all_pages(tmp_path: Path) -> None:
    document, theme = sample_document(SHEET, PAGE_OF_LOG), sample_theme()
    plan = plan_document(document, theme, fillable=True)
    fields = [
        item
        for page in plan.pages
        for item in page.items
        if isinstance(item, FieldItem) and item.name == LOCAL_NUMBER_FIELD
    ]
    assert len(plan.pages) == len(fields) == 2
    (tmp_path / "form.pdf").write_bytes(render_pdf(document, theme, fillable=True).content)
    with pikepdf.open(tmp_path / "form.pdf") as form:
        (local,) = (field for field in form.Root.AcroForm.Fields if str(field.T) == LOCAL_NUMBER_FIELD)
        assert (str(local.FT), str(local.TU), len(local.Kids)) == ("/Tx", "Local number", 2)
    for item in fields:
        line = next(
            item_bounds(each)
            for each in plan.pages[0].items
            if isinstance(each, ShapeItem) and isinstance(each.shape, Line) and abs(item_bounds(each).left - item.x) < 1
        )
        assert item.y < line.top < item.y + item.height + 1
    assert not [item for page in plan_document(document, theme).pages for item in page.items if is_field(item)]


def is_field(item: PageItem) -> bool:
    return isinstance(item, FieldItem)


def test_exclusive_choices_are_circles_and_others_are_boxes() -> None:
    plan = plan_document(DOCUMENT, sample_theme())
    marks = [
        type(item.shape)
        for page in plan.pages
        for item in page.items
        if isinstance(item, ShapeItem) and getattr(item.shape, "fill", "") == "white"
        if MARK_SIDE - 2 < item_bounds(item).right - item_bounds(item).left < MARK_SIDE + 2
    ]
    assert marks == [Rectangle] * 3 + [Circle] * 2


def test_a_field_limits_its_text_to_its_area() -> None:
    content = render_pdf(sample_document(SHEET, PAGE_OF_LOG), sample_theme(), fillable=True).content
    flags = [int(found) for found in re.findall(rb"/FT/Tx/Ff (\d+)", content)]
    assert len(flags) == 6 + 3 * 9
    assert all(flag & NO_SCROLL_FLAG for flag in flags)
    assert sum(bool(flag & MULTILINE_FLAG) for flag in flags) == 2 + 3 * 9


def test_a_cell_of_a_log_takes_several_lines() -> None:
    document, theme = sample_document(PAGE_OF_LOG), sample_theme()
    plan = plan_document(document, theme, fillable=True)
    number, cell = next(
        (index, item)
        for index, page in enumerate(plan.pages)
        for item in page.items
        if isinstance(item, FieldItem) and item.name == "facts-1-2"
    )
    assert cell.height > 3 * cell.size
    lower = replace(cell, y=cell.y + 1.6 * cell.size, height=cell.height - 1.6 * cell.size)
    content = render_pdf(document, theme, fillable=True).content
    before, after = dark_share(
        content, lower, number, "He stood outside my work for an hour, and called me by my name."
    )
    assert after > before + 0.003


@pytest.mark.parametrize(("edition", "paper"), [look for look in LOOKS if look[1] != "a5"])  # too small
@pytest.mark.parametrize("fillable", [False, True])
def test_a_table_that_ends_a_worksheet_fills_its_page(edition: str, paper: str, *, fillable: bool) -> None:
    theme = sample_theme(paper=paper, edition=edition)
    document = sample_document(PAGE_OF_LOG)
    plan = plan_document(document, theme, fillable=fillable)
    assert not plan.findings
    (page,) = (page for page in plan.pages if any(is_word(item, "Day") for item in page.items))
    shapes = [item for item in page.items if isinstance(item, ShapeItem)]
    crisis = next(
        item_bounds(item).top for item in shapes if isinstance(item.shape, Rectangle) and item.shape.radius == 6.0
    )
    rules = [item_bounds(item) for item in shapes if isinstance(item.shape, Line)]
    lowest = max(rule.bottom for rule in rules if rule.bottom < crisis)
    assert 0 < crisis - lowest < 30
    heights = [item.height for item in page.items if isinstance(item, FieldItem) and item.name != LOCAL_NUMBER_FIELD]
    assert len({*heights}) == (1 if fillable else 0)


@pytest.mark.parametrize("widths", [(1, 3, 2), ()])
def test_the_columns_of_a_log_have_the_given_widths_or_are_equal(widths: tuple[int, ...]) -> None:
    log = FillTable(
        "facts", inlines("What happened"), (inlines("Day"), inlines("What"), inlines("Who")), (EMPTY,) * 2, widths
    )
    plan = plan_document(sample_document(log), sample_theme(), fillable=True)
    cells = [item.width for page in plan.pages for item in page.items if isinstance(item, FieldItem)][:3]
    whole = sum(cells)
    assert [round(cell / whole * 6) for cell in cells] == list(widths or (2, 2, 2))


def is_word(item: PageItem, word: str) -> bool:
    return isinstance(item, TextItem) and item.run.text.strip() == word


def test_poppler_shows_typed_text_in_our_typeface(tmp_path: Path) -> None:
    cairo, to_text, fonts_of = (required_tool(name) for name in ("pdftocairo", "pdftotext", "pdffonts"))
    content = render_pdf(DOCUMENT, sample_theme(), fillable=True).content
    # As a viewer saves it: the value of the field, with an appearance still to be generated from its font.
    filled, count = re.subn(rb"/T\(how\)(/DA\([^)]*\))/AP<</N \d+ 0 R>>", rb"/T(how)\1/V(By letter)", content)
    assert count == 1
    (tmp_path / "filled.pdf").write_bytes(filled)
    subprocess.run([cairo, "-pdf", "filled.pdf", "shown.pdf"], cwd=tmp_path, check=True, capture_output=True)
    text = subprocess.run([to_text, "shown.pdf", "-"], cwd=tmp_path, check=True, capture_output=True).stdout
    assert b"By letter" in text
    fonts = subprocess.run([fonts_of, "filled.pdf"], cwd=tmp_path, check=True, capture_output=True).stdout.decode()
    assert not re.search(r"Helvetica|\bno\s+(yes|no)\s+(yes|no)\s+\d+ 0$", fonts, re.MULTILINE)


@pytest.mark.full
def test_the_form_is_made_in_addition_to_the_sheet_to_print(tmp_path: Path) -> None:
    options = Options(ROOT / "content", ROOT / "templates", tmp_path, template_names=("worksheets",), fillable=True)
    report = build_all(options)
    assert report.complete
    assert [made.label.file for made in report.outcomes] == [
        f"bpd-contact/bpd-contact-{reader}-worksheets{end}.pdf" for reader in AUDIENCES for end in ("", "-fillable")
    ]


def test_a_form_without_fields_is_reported(tmp_path: Path) -> None:
    options = Options(ROOT / "content", ROOT / "templates", tmp_path, audiences=("family",), fillable=True)
    assert "nothing-to-fill-in" in {found.code for found in build_all(options).findings}


def test_the_same_name_twice_is_a_finding_at_the_second(project: Project) -> None:
    twice = '::: {.line name="¦how"}\nHow\n:::\n\n'.replace("¦", "")
    project.replace("content/bees/en/2-cold.md", "Everyone reads this.", f"{twice}Everyone reads this.\n\n{twice}")
    with pytest.raises(HandoutError) as raised:
        project.compose("growers")
    (found,) = [each for each in raised.value.findings if each.code == "repeated-field"]
    text = (project.root / "content/bees/en/2-cold.md").read_text(encoding="utf-8")
    first, second = (text[: found.start()].count("\n") + 1 for found in re.finditer(r"::: \{\.line", text))
    assert (found.at.line, found.at.column) == (second, 1)
    assert f"2-cold.md:{first}:1" in found.message


def test_a_field_on_a_slide_is_a_finding() -> None:
    slide = Slide("content", inlines("Title"), blocks=(Writing("how", inlines("How")),), notes=(paragraph("Say."),))
    assert "out-of-place" in {found.code for found in render_deck(sample_deck(slide), deck_theme()).findings}


@pytest.mark.full
@pytest.mark.parametrize("share", [0, *(pytest.param(share, marks=pytest.mark.nightly) for share in (1, 2))])
def test_the_shipped_worksheets_conform_in_each_edition_on_each_paper(share: int, tmp_path: Path) -> None:
    """Each edition is built for one audience, in rotation; in the nightly run for each of them."""
    papers: dict[str, tuple[str, ...]] = dict.fromkeys(("standard", "photocopy", "discreet"), ("a4", "letter", "a5"))
    papers["large-print"] = ("a4", "letter")
    usual = Options(
        ROOT / "content", ROOT / "templates", tmp_path, template_names=("worksheets",), country="UK", fillable=True
    )
    for turn, edition in enumerate(papers, share):
        audience = AUDIENCES[turn % len(AUDIENCES)]
        report = build_all(replace(usual, audiences=(audience,), editions=(edition,), papers=papers[edition]))
        assert report.complete, [found for made in report.outcomes for found in made.findings]
    files = sorted(tmp_path.rglob("*.pdf"))
    forms = [file for file in files if file.stem.endswith("-fillable")]
    assert len(forms) == len(files) - len(forms) == 11
    assert_verapdf_passes(forms, "ua1")
    assert_verapdf_passes([file for file in files if file not in forms])
