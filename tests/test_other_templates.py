"""Templates other than the handout, such as cards and the guide: each is for every audience and has no own text."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from paths import ROOT
from pdf_text import painted_text
from validators import assert_verapdf_passes

from handouts.compose import compose_document
from handouts.document.nodes import Document, Sources
from handouts.document.text import walk
from handouts.figures.shapes import Rectangle
from handouts.layout.handout_pages import plan_document
from handouts.layout.page_model import ShapeItem
from handouts.library import ANY_COUNTRY, Library
from handouts.load import load_library
from handouts.pipeline.build import build_all
from handouts.pipeline.checks import check_all
from handouts.pipeline.options import Options
from handouts.pipeline.report import Outcome
from handouts.select import select_content
from handouts.theme import resolve_theme
from handouts.units import mm

TODAY = date(2026, 11, 27)
TEMPLATES = ("summary", "card", "facilitator-guide", "sources")
AUDIENCES = 3
MOST_PAGES = 8  # two folded sheets
COUNTRIES = sorted({file.stem for file in (ROOT / "content/contacts").glob("*.yaml")} - {ANY_COUNTRY})
COMMANDS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|\{[^}]*\}|^---$.*?^---$", re.DOTALL | re.MULTILINE)
SENTENCE = re.compile(r"(?:[A-Za-z’']+ ){3}[A-Za-z’']+")


def options(output: Path, country: str, *templates: str) -> Options:
    return Options(ROOT / "content", ROOT / "templates", output, country=country, template_names=templates, today=TODAY)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


@pytest.fixture(scope="module", params=["UK", pytest.param("", marks=pytest.mark.nightly)])
def sheets(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, ...]:
    """Return the outcomes of all templates for all audiences in a country."""
    return build_all(options(tmp_path_factory.mktemp("sheets"), request.param, *TEMPLATES)).outcomes


@pytest.mark.full
def test_each_sheet_is_accessible(sheets: tuple[Outcome, ...]) -> None:
    assert_verapdf_passes(made.path for made in sheets)


@pytest.mark.full
@pytest.mark.parametrize("template", TEMPLATES)
def test_each_audience_has_each_sheet(sheets: tuple[Outcome, ...], template: str) -> None:
    made = [each for each in sheets if each.label.template == template]
    assert len(made) == AUDIENCES
    assert not [found for each in made for found in each.findings]
    pages = [len(pikepdf.open(each.path).pages) for each in made]
    assert max(pages) <= {"summary": 1, "card": 1, "facilitator-guide": 8, "sources": 6}[template]


@pytest.mark.full
@pytest.mark.parametrize("template", TEMPLATES)
def test_no_sheet_has_errors(tmp_path: Path, template: str) -> None:
    found = {each.code for each in check_all(options(tmp_path, "UK", template)).findings}
    assert found == {"unreviewed", "unconfirmed"}


@pytest.mark.parametrize("template", TEMPLATES)
def test_templates_contain_no_sentences(template: str) -> None:
    text = (ROOT / "templates" / f"{template}.md.j2").read_text(encoding="utf-8")
    assert not SENTENCE.search(COMMANDS.sub("", text))


@pytest.mark.full
def test_the_sheet_of_sources_has_the_same_sources_and_numbers_as_the_handout(library: Library, tmp_path: Path) -> None:
    build_all(options(tmp_path, "UK", "sources", "handout"))
    for audience in library.audiences:
        selection = select_content(library, "bpd-contact", audience, "en")
        short, full = (numbered_sources(compose_document(selection, name).document) for name in ("handout", "sources"))
        assert len(short) > 10
        assert [key for key, _ in full[: len(short)]] == [key for key, _ in short]
        assert [number for _, number in full] == list(range(1, len(full) + 1))
        texts = [tmp_path / f"bpd-contact/bpd-contact-{audience}-{name}-UK.pdf" for name in ("handout", "sources")]
        handout, sheet = (" ".join(painted_text(file.read_bytes()).split()) for file in texts)
        assert "De Smet et al. 2015" in handout
        assert "J Fam Violence" not in handout
        assert "J Fam Violence" in sheet


def numbered_sources(document: Document) -> list[tuple[str, int]]:
    """Return the keys of the sources of a document with their numbers, in the order in which they are listed."""
    (sources,) = (node for node in walk(document.blocks) if isinstance(node, Sources))
    return [(source.key, source.number) for source in sources.sources]


@pytest.mark.full
@pytest.mark.parametrize("country", COUNTRIES)
def test_each_card_has_the_width_of_a_bank_card_and_copies_fill_the_sheet(library: Library, country: str) -> None:
    source = library.themes[library.service.theme]
    for audience in library.audiences.values():
        theme = resolve_theme(source, accent=audience.accent, density=audience.density)
        selection = select_content(library, "bpd-contact", audience.name, "en")
        plan = plan_document(compose_document(selection, "card", country=country, today=TODAY).document, theme)
        shown = [item for item in plan.pages[0].items if isinstance(item, ShapeItem)]
        shapes = [item.shape for item in shown]
        cards = [shape for shape in shapes if isinstance(shape, Rectangle) and abs(shape.width - mm(85.6)) < 0.01]
        assert all(card.height >= mm(54) - 0.01 for card in cards), audience.name
        assert [left.height for left in cards[::2]] == [right.height for right in cards[1::2]], audience.name
        lowest = max(item.y + item.shape.height for item in shown if item.shape in cards)
        foot = max(item.y for item in shown if isinstance(item.shape, Rectangle) and item.shape.stroke == "ink")
        lowest_card, marks = min(card.height for card in cards), 24
        assert foot - lowest < lowest_card + 2 * marks, audience.name


@pytest.mark.full
@pytest.mark.parametrize("country", ["", *COUNTRIES])
def test_a_handout_has_eight_pages_at_most_in_every_country(library: Library, country: str) -> None:
    for audience in library.audiences.values():
        selection = select_content(library, "bpd-contact", audience.name, "en")
        document = compose_document(selection, "handout", country=country, today=TODAY).document
        source = library.themes[library.service.theme]
        theme = resolve_theme(source, accent=audience.accent, density=audience.density)
        assert len(plan_document(document, theme).pages) <= MOST_PAGES, audience.name
