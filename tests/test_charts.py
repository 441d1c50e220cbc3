"""Charts: numbers are drawn in proportion and printed, differ without colour, and are editable in a deck."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pypdfium2
import pytest
from chart_text import chart_texts, slide_charts
from deck_file import C
from deck_samples import CHART, deck_theme, sample_deck, slide
from msgspec.structs import replace
from paths import ROOT
from pdf_text import elements, read_tags
from samples import inlines, paragraph, sample_document, sample_theme
from test_figures import SIZES, Size, assert_clear
from validators_office import assert_open_xml_audit_passes, convert_to_pdf

from handouts.deck import render_deck
from handouts.deck.deck_plan import plan_deck
from handouts.deck.planned_slides import PlacedChart
from handouts.document.nodes import Amount, Chart, ChartRow
from handouts.document.text import chart_rows
from handouts.figures.bar_chart import bar_chart_drawing
from handouts.figures.shapes import Drawing, Rectangle, TextLabel
from handouts.figures.shapes import Path as Line
from handouts.markdown.attributes import parse_number
from handouts.markdown.block_parser import parse_markdown
from handouts.markdown.document_blocks import blocks_of
from handouts.markdown.document_inlines import ConversionContext, Facts
from handouts.markdown.syntax_tree import source_from_text
from handouts.pdf import render_pdf

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def chart(
    names: tuple[str, ...], *rows: tuple[str, ...], unit: str = "%", rows_name: str = "", most: float = 0
) -> Chart:
    """Return a chart from the words of its table."""
    made = tuple(ChartRow(row[0], tuple(Amount(text, float(text)) for text in row[1:])) for row in rows)
    return Chart(inlines("A chart"), unit, rows_name, names, made, "Bars.", inlines("Read it."), most)


USUAL = {
    "one series": chart(("",), ("Better after ten years", "85"), ("Signs came back", "12"), unit="in 100", most=100),
    "one named series": chart(("People",), ("Yes", "85"), ("No", "0"), rows_name="Answer"),
    "two series": CHART,
    "three series": chart(
        ("Calls", "Letters", "Visits"),
        ("Before", "20", "30.5", "12"),
        ("After", "0", "4", "7"),
        rows_name="Time",
    ),
    "eight rows": chart(("",), *((f"Week {week}", str(week * 3)) for week in range(1, 9)), unit="messages"),
    "nothing at all": chart(("",), ("Before", "0"), ("After", "0")),
}
GERMAN = chart(
    ("Gefühlsüberflutung", "Wiedervereinigungshoffnung"),
    ("Unmittelbar nach der Trennungsankündigung", "20", "30"),
    ("Langzeitbeobachtung", "5", "40"),
    unit="von 100 Befragten",
    rows_name="Beobachtungszeitraum",
)


def drawing_of(shown: Chart, size: Size) -> Drawing:
    _, width, style, family, medium = size
    height = width * 346 / 852 if medium == "slide" else 0.0
    return bar_chart_drawing(shown, width, style, family, medium, height)


def labels_in(drawing: Drawing) -> list[str]:
    return [" ".join(shape.lines) for shape in drawing.shapes if isinstance(shape, TextLabel)]


def bars_of(drawing: Drawing) -> list[Rectangle]:
    return [shape for shape in drawing.shapes if isinstance(shape, Rectangle)]


# ---------------------------------------------------------------- the drawing


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size[0])
@pytest.mark.parametrize("name", USUAL)
def test_each_chart_shows_all_its_words_in_order_without_overlap(name: str, size: Size) -> None:
    drawing = drawing_of(USUAL[name], size)
    assert not drawing.findings
    assert labels_in(drawing) == [words for row in chart_rows(USUAL[name]) for words in row if words]
    assert_clear(drawing, size)


@pytest.mark.parametrize("times", [1, 2, 4])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: size[0])
def test_long_words_overlap_nothing_or_are_a_finding(size: Size, times: int) -> None:
    rows = tuple(replace(row, label=" ".join([row.label] * times)) for row in GERMAN.rows)
    long = replace(GERMAN, rows=rows, series=tuple(" ".join([name] * times) for name in GERMAN.series))
    drawing = drawing_of(long, size)
    if not drawing.findings:
        assert_clear(drawing, size)
    assert all(found.code in ("figure-label", "figure-rows") and found.hint for found in drawing.findings)
    if times == 1 or (times == 4 and size[4] == "slide"):
        assert bool(drawing.findings) == (times == 4)


@pytest.mark.parametrize("place", ["label", "series", "rows_name", "unit"])
def test_a_word_that_cannot_fit_is_a_finding_and_one_that_just_fits_is_not(place: str) -> None:
    word = "Verlassenheitsangstbewältigungsstrategien" * 3
    rows = (replace(CHART.rows[0], label=word), *CHART.rows[1:])
    long = {
        "label": replace(CHART, rows=rows),
        "series": replace(CHART, series=("a", word)),
        "rows_name": replace(CHART, rows_name=word),
        "unit": replace(CHART, unit=word),
    }[place]
    found = drawing_of(long, SIZES[0]).findings
    assert any(each.code == "figure-label" and word in each.message for each in found)
    assert not drawing_of(CHART, SIZES[0]).findings


def test_too_many_bars_for_a_slide_are_a_finding() -> None:
    rows = tuple((f"Week {week}", "1", "2", "3") for week in range(1, 9))
    crowded = chart(("a", "b", "c"), *rows)
    assert [found.code for found in drawing_of(crowded, SIZES[4]).findings] == ["figure-rows"]
    assert not drawing_of(replace(crowded, rows=crowded.rows[:3]), SIZES[4]).findings


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size[0])
def test_bars_start_at_one_line_and_are_proportional_to_their_numbers(size: Size) -> None:
    drawing = drawing_of(USUAL["one series"], size)
    bars = bars_of(drawing)
    assert len({bar.x for bar in bars}) == 1
    longer, shorter = ((bar.width + bar.edge) for bar in bars)
    assert longer / shorter == pytest.approx(85 / 12)


def test_the_maximum_of_the_scale_can_be_set() -> None:
    half = chart(("",), ("a", "50"), most=100)
    (short,), (long,) = bars_of(drawing_of(half, SIZES[0])), bars_of(drawing_of(replace(half, most=50), SIZES[0]))
    assert short.width < 0.6 * long.width


def test_zero_has_a_label_and_no_bar() -> None:
    drawing = drawing_of(USUAL["nothing at all"], SIZES[0])
    assert not bars_of(drawing)
    assert labels_in(drawing) == ["Before", "0%", "After", "0%"]


def test_series_and_legend_differ_without_colour() -> None:
    drawing = drawing_of(USUAL["three series"], SIZES[0])

    def look(bar: Rectangle, hatches: list[Line]) -> tuple[str, bool]:
        points = [point for each in hatches for _, point in each.commands]
        across, down = (bar.x, bar.x + bar.width), (bar.y, bar.y + bar.height)
        return bar.fill, any(across[0] < x < across[1] and down[0] < y < down[1] for x, y in points)

    hatches = [shape for shape in drawing.shapes if isinstance(shape, Line) and shape.stroke == "accent"]
    looks = [look(bar, hatches) for bar in bars_of(drawing)]
    expected = [("accent", False), ("white", True), ("white", False)]
    assert looks[:3] == expected
    assert looks[-3:] == expected  # the legend
    assert all(bar.stroke == "accent" and bar.edge for bar in bars_of(drawing))


def test_no_two_bars_overlap() -> None:
    for name, size in ((name, size) for name in USUAL for size in SIZES):
        for one, other in combinations(bars_of(drawing_of(USUAL[name], size)), 2):
            apart = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert apart or one.x + one.width <= other.x or other.x + other.width <= one.x


# ---------------------------------------------------------------- as it is written


SOURCE = """
::: {{.chart unit="{unit}"}}
### A title

| Time | Before |
| --- | --- |
| A week | {number} |

How.

::: {{.alt}}
One bar.
:::
:::
"""


@pytest.mark.parametrize(
    ("number", "unit", "words", "value"),
    [
        ("0", "in 100", "0 in 100", 0),
        ("8.5", "%", "8.5%", 8.5),
        ("8,25", " %", "8,25 %", 8.25),
        ("123456789", "messages", "123456789 messages", 123456789),
    ],
)
def test_a_number_is_printed_as_written(number: str, unit: str, words: str, value: float) -> None:
    making = ConversionContext(Facts(), [])
    (made,) = blocks_of(parse_markdown(source_from_text(SOURCE.format(number=number, unit=unit), "page.md"))[0], making)
    assert not making.findings
    assert isinstance(made, Chart)
    assert made.rows[0].amounts[0].value == value
    assert chart_rows(made) == (("Time", "Before"), ("A week", words))


@pytest.mark.parametrize("text", ["٨٥", "८५", "1_000", "0x10", "1e3", "+5", ".5", "5.", "8.555", "1" * 10, "½", "²"])
def test_only_plain_numbers_are_parsed(text: str) -> None:
    assert parse_number(text) is None


# ---------------------------------------------------------------- in a handout


@pytest.mark.parametrize("edition", ["standard", "large-print", "photocopy", "discreet"])
def test_a_chart_in_a_handout_is_a_figure_with_its_numbers_as_text(edition: str) -> None:
    content = render_pdf(sample_document(CHART), sample_theme(edition=edition)).content
    (figure,) = [figure for root in read_tags(content) for figure in elements(root, "Figure")]
    assert figure.alt == CHART.alt
    assert [text for text in ("86 in 100", "17.5 in 100", "0 in 100") if text not in figure.text] == []


# ---------------------------------------------------------------- in a deck


def deck_of(*shown: Chart) -> Any:
    from pptx import Presentation

    slides = (slide(f"Slide {number}", each) for number, each in enumerate(shown, 1))
    return Presentation(BytesIO(render_deck(sample_deck(*slides), deck_theme()).content))


def test_a_chart_in_a_deck_is_native_and_in_its_placeholder() -> None:
    (only,) = deck_of(CHART).slides
    (frame,) = [shape for shape in only.shapes if shape.has_chart]
    assert frame.is_placeholder
    assert frame.placeholder_format.type == 8  # a chart
    assert frame._element.nvGraphicFramePr.cNvPr.get("descr") == CHART.alt
    (plot,) = frame.chart.plots
    assert list(plot.categories) == [row.label for row in CHART.rows]
    assert [(each.name, tuple(each.values)) for each in plot.series] == [
        ("Evenings", (86.0, 52.0, 9.0)),
        ("Nights", (40.0, 17.5, 0.0)),
    ]
    assert only.notes_slide.notes_text_frame.text.startswith("Each pair of bars is one month.")


@pytest.mark.parametrize("name", [name for name in USUAL if name != "two series"])
def test_every_word_of_a_chart_is_in_its_native_form(name: str) -> None:
    ((shown,),) = (slide_charts(each) for each in deck_of(USUAL[name]).slides)
    texts = " ".join(chart_texts(shown))
    for words in (words for row in chart_rows(USUAL[name]) for words in row if words):
        assert words.removesuffix(".0") in texts


def test_a_native_chart_uses_the_theme_and_readable_sizes() -> None:
    ((shown,),) = (slide_charts(each) for each in deck_of(USUAL["three series"]).slides)
    root = shown.part._element
    assert not list(root.iter(f"{A}srgbClr"))
    assert {each.get("typeface") for each in root.iter(f"{A}latin")} == {"+mn-lt"}
    sizes = [int(each.get("sz")) for tag in ("defRPr", "rPr") for each in root.iter(f"{A}{tag}")]
    assert min(sizes) >= 2000
    looks = [each.find(f"{C}spPr")[0].tag.removeprefix(A) for each in root.iter(f"{C}ser")]
    assert looks == ["solidFill", "pattFill", "solidFill"]
    assert root.find(f"{C}lang").get("val") == "en-GB"
    assert all(int(each.get("val")) > 0 for tag in ("axId", "crossAx") for each in root.iter(f"{C}{tag}"))
    assert root.find(f".//{C}valAx/{C}scaling/{C}min").get("val") == "0"
    assert not list(root.iter(f"{C}majorGridlines"))


def test_a_chart_has_a_legend_only_for_several_series() -> None:
    shown = [one for each in deck_of(USUAL["one named series"], CHART).slides for one in slide_charts(each)]
    assert [each.has_legend for each in shown] == [False, True]


def test_the_numbers_of_a_chart_can_be_edited_in_its_workbook() -> None:
    from pptx.chart.data import CategoryChartData

    deck = deck_of(CHART)
    ((shown,),) = (slide_charts(each) for each in deck.slides)
    with ZipFile(BytesIO(shown.part.chart_workbook.xlsx_part.blob)) as workbook:
        texts = workbook.read("xl/sharedStrings.xml").decode()
        sheet = workbook.read("xl/worksheets/sheet1.xml").decode()
        assert "2026-11-23T00:00:00Z" in workbook.read("docProps/core.xml").decode()
        assert {each.date_time for each in workbook.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert all(words in texts for words in ("Evenings", "Nights", *(row.label for row in CHART.rows)))
    assert all(f"<v>{number}</v>" in sheet for number in ("86", "40", "52", "17.5", "9", "0"))
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["Now"]
    data.add_series("Evenings", (3,))
    shown.replace_data(data)
    again = BytesIO()
    deck.save(again)


def test_a_word_that_looks_like_a_formula_or_an_address_stays_a_word() -> None:
    hostile = chart(("",), ("=1+1", "1"), ("https://example.org", "2"), unit='"%";[Red]<&')
    ((shown,),) = (slide_charts(each) for each in deck_of(hostile).slides)
    with ZipFile(BytesIO(shown.part.chart_workbook.xlsx_part.blob)) as workbook:
        assert "<f>" not in workbook.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in workbook.namelist() if "rels" in name and "sheet" in name]
    assert list(shown.plots[0].categories) == ["=1+1", "https://example.org"]


@pytest.mark.full
def test_charts_are_valid_and_libreoffice_shows_each_word_inside_the_slide(tmp_path: Path) -> None:
    hostile = chart(("",), ("=1+1 & <b>", "1"), ("b", "2"), unit='"%";[Red]<&')
    shown = [*USUAL.values(), GERMAN, hostile]
    slides = [slide(f"Slide {number}", each) for number, each in enumerate(shown, 1)]
    (tmp_path / "deck.pptx").write_bytes(render_deck(sample_deck(*slides), deck_theme()).content)
    assert_open_xml_audit_passes(tmp_path / "deck.pptx")
    with pypdfium2.PdfDocument(convert_to_pdf([tmp_path / "deck.pptx"], tmp_path)[0]) as pages:
        for page, each in zip(pages, shown, strict=True):
            text = page.get_textpage()
            seen = "".join(text.get_text_range().replace("\ufffe", "-").split())
            for words in (words for row in chart_rows(each) for words in row):
                assert "".join(words.removesuffix(".0").split()) in seen, words
            width, height = page.get_size()
            for left, bottom, right, top in (text.get_rect(index) for index in range(text.count_rects())):
                assert 0.05 * width <= left <= right <= 0.95 * width
                assert 0.02 * height <= bottom <= top <= 0.98 * height


def test_a_chart_is_below_text_and_following_text_has_its_own_slide() -> None:
    shown = slide("Fewer messages", paragraph("In one group."), replace(CHART, title=inlines("Fewer messages")))
    plan = plan_deck(sample_deck(shown), deck_theme())
    assert [each.layout.name for each in plan.slides] == ["chart-text"]
    plan = plan_deck(
        sample_deck(slide("Fewer messages after each month", CHART, paragraph("In one group."))), deck_theme()
    )
    assert [each.layout.name for each in plan.slides] == ["chart", "text-line"]


def test_a_planned_chart_has_a_drawing_of_the_same_size() -> None:
    (only,) = plan_deck(sample_deck(slide("A", CHART)), deck_theme()).slides
    (placed,) = [item for item in only.items if isinstance(item, PlacedChart)]
    assert placed.drawn.alt == CHART.alt
    assert labels_in(placed.drawn.drawing) == [words for row in chart_rows(CHART) for words in row if words]


def test_a_chart_that_does_not_fit_is_reported_at_its_place() -> None:
    rows = tuple((f"Week {week}", "1", "2", "3") for week in range(1, 9))
    plan = plan_deck(sample_deck(slide("A", chart(("a", "b", "c"), *rows))), deck_theme())
    assert [found.code for found in plan.findings] == ["figure-rows"]


def test_a_deck_without_a_chart_loads_nothing_for_charts() -> None:
    script = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]\n"
        "from deck_samples import deck_theme, sample_deck, slide\n"
        "from handouts.deck import render_deck\n"
        "render_deck(sample_deck(slide('A')), deck_theme())\n"
        "print('xlsxwriter' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
