"""Slides on paper: every word of the deck is on tagged pages, in order, in the planned lines and areas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from deck_samples import SLIDES, bullets, deck_theme, sample_deck, slide
from msgspec.structs import replace
from paths import ROOT
from pdf_text import TaggedElement, elements, read_tags, tagged_text
from samples import inlines, paragraph, strong
from validators import assert_verapdf_passes

from handouts.deck import render_deck
from handouts.deck.deck_plan import plan_deck
from handouts.deck.fitting import filled_lines, text_height
from handouts.deck.layouts import SLIDE_HEIGHT, SLIDE_WIDTH, layout_named
from handouts.deck.planned_slides import (
    DeckPlan,
    FilledPlaceholder,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    PlacedTable,
    PlannedSlide,
    SlideItem,
    SlideParagraph,
)
from handouts.deck.slide_text import paragraphs_of
from handouts.deck.styles import placeholder_levels
from handouts.document.nodes import Citation, Document, FixedWords, Labelled, Picture, Pixels, Rendered, Slide, Sources
from handouts.figures.shapes import Drawing, TextLabel
from handouts.layout.page_model import Element, ImageItem, PagePlan, TextItem, item_bounds
from handouts.load import load_library
from handouts.pipeline.build import build_all
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.render_cache import RenderCache
from handouts.slides_pdf import render_lines_pdf, render_notes_pdf, render_slides_pdf
from handouts.slides_pdf.deck_pages import deck_page_context, plan_notes_pages, plan_slide_pages, plan_three_up_pages
from handouts.slides_pdf.slide_items import placeholder_items
from handouts.theme import Theme, resolve_theme
from handouts.verify import verify_file

THEME = deck_theme()
STEPS, BULLETS = ("step", "step2"), ("bullet", "bullet2", "bullet3")
Renderer = Callable[[Document, Theme], Rendered]
RENDERERS: tuple[Renderer, ...] = (render_slides_pdf, render_lines_pdf, render_notes_pdf)
Printed = Callable[[int, Renderer], bytes]
Planner = Callable[[DeckPlan, Document, Theme], PagePlan]
PLANNERS: tuple[Planner, ...] = (plan_slide_pages, plan_three_up_pages, plan_notes_pages)


@pytest.fixture(scope="module")
def document() -> Document:
    return sample_deck()


@pytest.fixture(scope="module")
def decks() -> tuple[Deliverable, ...]:
    """Return the deck of each audience of the shipped topic."""
    library = load_library(ROOT / "content", ROOT / "templates")
    options = Options(
        ROOT / "content", ROOT / "templates", ROOT / "output", formats=("pptx",), country="UK", today=date(2026, 1, 5)
    )
    return plan_deliverables(library, options)[0]


@pytest.fixture(scope="module")
def printed(decks: tuple[Deliverable, ...]) -> Printed:
    """Return a function that makes the pages of one of the real decks, once for all tests."""
    return cache(lambda number, render: render(decks[number].document, decks[number].theme).content)


def squeezed(text: str) -> str:
    """Return `text` without spaces of any kind and marks of where lines may end."""
    return re.sub(r"[\s\u00a0\u2060]+", "", text)


def words_of(item: SlideItem, stop: str = ".") -> str:
    """Return the words that an item of a slide shows, in reading order; `stop` follows the number of a step."""
    match item:
        case FilledPlaceholder():
            return "".join(marked(each, stop) for each in item.paragraphs)
        case PlacedTable():
            cells = (cell for row in item.rows for cell in row.cells if not cell.covered)
            return "".join(text.mark + "".join(run.text for run in text.runs) for cell in cells for text in cell.texts)
        case PlacedChart():
            return labels_of(item.drawing)
        case PlacedDrawing():
            return labels_of(item.drawing) if item.alt else ""
        case PlacedPicture():
            return ""


def marked(paragraph: SlideParagraph, stop: str = ".") -> str:
    """Return the words of a paragraph after its mark."""
    mark = f"{paragraph.number}{stop}" if paragraph.level in STEPS else "•" if paragraph.level in BULLETS else ""
    return mark + paragraph.text


def labels_of(drawing: Drawing) -> str:
    return "".join(line for shape in drawing.shapes if isinstance(shape, TextLabel) for line in shape.lines)


def slide_text(planned: PlannedSlide) -> str:
    """Return all words of a slide in the order of its items."""
    stop = "" if planned.layout.name == "steps" else "."  # the number in a node has no full stop
    return squeezed("".join(words_of(item, stop) for item in planned.items))


def notes_text(planned: PlannedSlide, words: FixedWords) -> str:
    """Return all words of the notes of a slide."""
    return squeezed("".join(marked(each) for each in paragraphs_of(planned.notes, words)))


def page_words(content: bytes) -> list[str]:
    """Return what a screen reader reads on each page."""
    return [squeezed(page.text) for page in read_tags(content)]


def texts(plan: PagePlan) -> Iterator[tuple[int, TextItem]]:
    for number, page in enumerate(plan.pages):
        yield from ((number, item) for item in page.items if isinstance(item, TextItem))


# ---------------------------------------------------------------- every word, in order


def foot_of(deck: DeckPlan) -> str:
    """Return the words of the crisis line at the foot of each slide."""
    return squeezed("".join(line.text for line in deck.foot))


def test_each_page_is_read_aloud_like_its_slide(document: Document) -> None:
    deck = plan_deck(document, THEME)
    pages = page_words(render_slides_pdf(document, THEME).content)
    assert len(pages) == len(deck.slides)
    assert pages[0] == slide_text(deck.slides[0]) + foot_of(deck)  # the crisis line is read once
    assert pages[1:] == [slide_text(each) for each in deck.slides[1:]]


def test_plans_in_a_shared_cache_do_not_change_the_bytes(document: Document) -> None:
    shared = RenderCache()
    render_deck(document, THEME, cache=shared)
    for render in (render_slides_pdf, render_lines_pdf, render_notes_pdf):
        assert render(document, THEME, cache=shared) == render(document, THEME)


@pytest.mark.full
def test_the_real_decks_are_read_aloud_like_their_slides(decks: tuple[Deliverable, ...], printed: Printed) -> None:
    for number, each in enumerate(decks):
        deck = plan_deck(each.document, each.theme)
        pages = page_words(printed(number, render_slides_pdf))
        assert [page.removesuffix(foot_of(deck)) for page in pages] == [slide_text(one) for one in deck.slides]


@pytest.mark.full
def test_pages_with_writing_lines_have_every_slide_and_no_notes(
    decks: tuple[Deliverable, ...], printed: Printed
) -> None:
    for index, each in enumerate(decks):
        deck = plan_deck(each.document, each.theme)
        pages = page_words(printed(index, render_lines_pdf))
        for start, page in zip(range(0, len(deck.slides), 3), pages, strict=True):
            expected = "".join(
                slide_text(one)
                + (foot_of(deck) if number == 1 else "")
                + squeezed(each.document.words.say("slide", n=number))
                for number, one in enumerate(deck.slides[start : start + 3], start + 1)
            )
            assert page.startswith(expected)
            assert page == expected or start == 0  # on the first page the crisis box follows


@pytest.mark.full
def test_notes_pages_have_every_slide_and_every_note_in_order(decks: tuple[Deliverable, ...], printed: Printed) -> None:
    for number, each in enumerate(decks):
        deck = plan_deck(each.document, each.theme)
        read = "".join(page_words(printed(number, render_notes_pdf)))
        at = 0
        for one in deck.slides:
            at = read.index(slide_text(one), at) + len(slide_text(one))
            at = read.index(notes_text(one, each.document.words), at) + len(notes_text(one, each.document.words))


def long_talk() -> Document:
    sentences = " ".join(f"Sentence {number} is said slowly and then there is a pause." for number in range(300))
    long = slide("A slide with very much to say", paragraph("Look up."))
    return sample_deck(replace(long, notes=(Labelled(inlines("Say"), (paragraph(sentences),)), paragraph("The end."))))


def test_long_notes_continue_on_pages_that_name_their_slide() -> None:
    document = long_talk()
    rendered = render_notes_pdf(document, THEME)
    deck = plan_deck(document, THEME)
    pages = page_words(rendered.content)
    assert len(pages) == rendered.pages >= 3
    assert notes_text(deck.slides[0], document.words) in "".join(pages)
    with pypdfium2.PdfDocument(rendered.content) as painted:
        found = [page.get_textpage().get_text_range() for page in painted]
    lead = document.words.say("slide_continued", title=deck.slides[0].title)
    assert [lead in page for page in found] == [False] + [True] * (len(pages) - 1)


@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_a_label_of_notes_is_in_the_rail_or_above_its_text_if_the_rail_is_narrow(paper: str) -> None:
    long = "What to do if somebody in the room begins to tell you about what they fear"
    notes = (
        Labelled(inlines("If somebody tells you"), (bullets("One.", "Two."),)),
        Labelled(inlines(long), (paragraph("Three."),)),
        Labelled(inlines("Ask"), (paragraph("Four."),)),
    )
    document = sample_deck(replace(slide("A talk", paragraph("Listen.")), notes=notes))
    source = load_library(ROOT / "content", ROOT / "templates").themes[THEME.name]
    theme = resolve_theme(source, accent="plum", paper=paper)
    plan = plan_notes_pages(plan_deck(document, theme), document, theme)
    placed = {squeezed(item.run.text): (number, item.x, item.baseline) for number, item in texts(plan)}
    for start, text in (("Ifsomebody", "One."), ("Whattodoif", "Three."), ("Ask", "Four.")):
        page, x, y = next(place for words, place in placed.items() if words.startswith(start))
        assert page == placed[text][0]
        if theme.paper.labels_above:
            assert x == theme.axis
            assert y < placed[text][2]
        else:
            assert (x, y) == (theme.margin, placed[text][2])
    end = next(place for words, place in placed.items() if squeezed(long).endswith(words))
    assert end < placed["Four."]


def test_a_source_cited_in_notes_is_a_link_only_if_a_slide_lists_it() -> None:
    listed = next(each for each in SLIDES if any(isinstance(block, Sources) for block in each.blocks))
    note = paragraph("Some studies say so ", Citation(("source2",), (2,)), ".")
    citing = replace(slide("A talk", paragraph("Listen.")), notes=(note,))
    for slides, links in (((citing, listed), {"2"}), ((citing,), set())):
        pages = read_tags(render_notes_pdf(sample_deck(*slides), THEME).content)
        notes = "".join(squeezed(page.text) for page in pages)
        assert "Somestudiessayso[2]." in notes
        assert {each.text for each in elements(pages[0], "Link")} & {"2"} == links


# ---------------------------------------------------------------- in its lines and its place


def test_text_is_drawn_in_the_measured_lines(document: Document) -> None:
    deck = plan_deck(document, THEME)
    show = deck_page_context(deck, document, THEME)
    compared = 0
    for one in deck.slides:
        for item in (each for each in one.items if isinstance(each, FilledPlaceholder)):
            slot = layout_named(one.layout.name).placeholder(item.name)
            levels = placeholder_levels(slot, one.layout, THEME)
            if slot.role == "source" or any(each.level != "text" for each in item.paragraphs):
                continue
            drawn = tuple(placeholder_items(item, one, Element("Sect"), show))
            lines: dict[float, str] = {}
            for each in drawn:
                if isinstance(each, TextItem):
                    lines[each.baseline] = lines.get(each.baseline, "") + each.run.text
            measured = [
                line.text
                for each in item.paragraphs
                for line in filled_lines(each.runs, levels[0].style, slot.text_width)
            ]
            assert list(lines.values()) == measured
            compared += len(measured)
            top = min(lines) - levels[0].style.leading
            assert max(lines) - top <= text_height(item.paragraphs, levels, slot.text_width, RenderCache()) + 1
    assert compared > 40


def test_text_of_a_slide_stays_in_its_slot(document: Document) -> None:
    deck = plan_deck(document, THEME)
    show = deck_page_context(deck, document, THEME)
    for one in deck.slides:
        for item in (each for each in one.items if isinstance(each, FilledPlaceholder)):
            slot = layout_named(one.layout.name).placeholder(item.name)
            for each in placeholder_items(item, one, Element("Sect"), show):
                if isinstance(each, TextItem):
                    assert slot.area.x - 0.1 <= each.x
                    assert each.x + each.run.seen_width <= slot.area.x + slot.area.width + 0.1
                    assert slot.area.y <= each.baseline <= slot.area.y + slot.area.height


@pytest.mark.nightly
@pytest.mark.parametrize("planner", PLANNERS)
@pytest.mark.parametrize("paper", ["a4", "letter", "a5"])
def test_no_text_stands_outside_its_page(planner: Planner, paper: str, decks: tuple[Deliverable, ...]) -> None:
    for each in decks:
        source = load_library(ROOT / "content", ROOT / "templates").themes[each.theme.name]
        theme = replace(resolve_theme(source, accent="plum", paper=paper), colours=each.theme.colours)
        plan = planner(plan_deck(each.document, theme), each.document, theme)
        assert not plan.findings
        for number, item in texts(plan):
            extent, page = item_bounds(item), plan.pages[number]
            edge = 0.0 if page.width == SLIDE_WIDTH else theme.margin - 8
            assert edge - 0.1 <= extent.left < extent.right <= page.width - edge + 0.1, item.run.text
            assert 0 <= extent.top < extent.bottom <= page.height, item.run.text


@pytest.mark.parametrize("planner", PLANNERS[1:])
def test_no_two_texts_of_a_page_overlap(planner: Planner, decks: tuple[Deliverable, ...]) -> None:
    for each in decks:
        plan = planner(plan_deck(each.document, each.theme), each.document, each.theme)
        for page in plan.pages:
            large = [item for item in page.items if isinstance(item, TextItem) and item.run.face.name.startswith("Atk")]
            boxes = [(item.x, item.x + item.run.seen_width, item.baseline, item.run.size) for item in large]
            for index, (left, right, baseline, size) in enumerate(boxes):
                for other in boxes[:index]:
                    apart = abs(baseline - other[2]) >= 0.9 * min(size, other[3])
                    assert apart or right <= other[0] + 0.5 or other[1] <= left + 0.5


def test_each_page_is_as_large_as_its_slide(document: Document) -> None:
    with pypdfium2.PdfDocument(render_slides_pdf(document, THEME).content) as pages:
        assert {page.get_size() for page in pages} == {(SLIDE_WIDTH, SLIDE_HEIGHT)}


# ---------------------------------------------------------------- who reads it


@pytest.mark.full
@pytest.mark.parametrize("share", [0, *(pytest.param(share, marks=pytest.mark.nightly) for share in (1, 2))])
def test_the_pages_conform_to_the_standards(
    share: int, document: Document, decks: tuple[Deliverable, ...], printed: Printed, tmp_path: Path
) -> None:
    """The sample in each form, and each real deck in one of them; the nightly run combines all."""
    made = [render(document, THEME).content for render in RENDERERS if share == 0]
    made += [printed(number, RENDERERS[(number + share) % len(RENDERERS)]) for number in range(len(decks))]
    for number, content in enumerate(made):
        (tmp_path / f"{number}.pdf").write_bytes(content)
    assert_verapdf_passes(sorted(tmp_path.iterdir()))


def test_titles_lists_tables_figures_and_speech_have_the_right_tags(document: Document) -> None:
    pages = read_tags(render_slides_pdf(document, THEME).content)
    assert len([each for page in pages for each in elements(page, "H1")]) == 1
    assert all(roles_of(page) & {"H1", "H2", "H3"} for page in pages)
    quotes = [squeezed(each.text) for page in pages for each in elements(page, "BlockQuote")]
    assert squeezed("“I am sad too. My answer is still no.”") in quotes
    assert {"L", "LI", "Lbl", "LBody"} <= set().union(*map(roles_of, pages))
    figures = [each for page in pages for each in elements(page, "Figure")]
    assert figures
    assert all(each.alt for each in figures)
    tables = [each for page in pages for each in elements(page, "Table")]
    assert all(list(elements(each, "TH")) for each in tables)
    foreign = [each for page in pages for each in elements(page, "Span") if each.language]
    assert [(each.text.strip(), each.language) for each in foreign] == [("(la nouvelle)", "fr")]


def roles_of(element: TaggedElement) -> set[str]:
    return {element.role}.union(*(roles_of(each) for each in element.content if isinstance(each, TaggedElement)))


def test_each_slide_has_a_bookmark_below_its_part_of_the_talk(decks: tuple[Deliverable, ...], printed: Printed) -> None:
    for number, each in enumerate(decks):
        deck = plan_deck(each.document, each.theme)
        with pypdfium2.PdfDocument(printed(number, render_slides_pdf)) as pages:
            marks = [(mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in pages.get_toc()]
        assert [(title, index) for level, title, index in marks if level == 1] == [
            (one.title, index) for index, one in enumerate(deck.slides)
        ]
        parts = list(dict.fromkeys(one.section or each.document.running_title for one in deck.slides))
        assert [title for level, title, _ in marks if level == 0] == parts


def test_a_citation_links_to_the_entry_in_the_list(document: Document) -> None:
    content = render_slides_pdf(document, THEME).content
    assert b"source-source1" in content or b"Dests" in content
    pages = read_tags(content)
    links = [each.text for page in pages for each in elements(page, "Link")]
    assert "1" in links
    assert "3" in links


@pytest.mark.full
def test_notes_may_contain_any_block_and_sources_may_be_listed_twice(tmp_path: Path) -> None:
    everything = tuple(block for each in SLIDES for block in each.blocks)
    listed = next(each for each in SLIDES if any(isinstance(block, Sources) for block in each.blocks))
    again = replace(listed, title=inlines("The same sources"))
    talk = sample_deck(replace(slide("All of it", paragraph("Listen.")), notes=everything), listed, again)
    for number, render in enumerate(RENDERERS):
        (tmp_path / f"{number}.pdf").write_bytes(render(talk, THEME).content)
    assert verify_file((tmp_path / "2.pdf").read_bytes(), talk, "notes-pdf") == ()
    assert_verapdf_passes(sorted(tmp_path.iterdir()))


def test_a_transparent_picture_is_drawn_on_white() -> None:
    pixels = Pixels(4, 4, b"with clear parts", b"on white", b"")
    document = sample_deck(slide("What we saw", Picture(pixels, "A boat")))
    plan = plan_slide_pages(plan_deck(document, THEME), document, THEME)
    assert [item.content for page in plan.pages for item in page.items if isinstance(item, ImageItem)] == [b"on white"]


# ---------------------------------------------------------------- the whole


@pytest.mark.parametrize("render", RENDERERS)
def test_the_same_deck_gives_the_same_bytes(render: Callable[[Document, Theme], Rendered]) -> None:
    assert render(sample_deck(), THEME).content == render(sample_deck(), THEME).content


@pytest.mark.parametrize("render", RENDERERS)
def test_a_deck_with_something_that_does_not_fit_is_refused(
    render: Callable[[Document, Theme], Rendered],
) -> None:
    too_long: Slide = slide("Too much", paragraph("No slide holds so many words as this sentence repeats. " * 60))
    rendered = render(sample_deck(too_long), THEME)
    assert not rendered.content
    assert [each.at.line for each in rendered.findings if each.severity == "error"] == [1]


def test_only_strong_words_are_bold() -> None:
    document = sample_deck(slide("One thing", paragraph("Call ", strong("today"), ".")))
    plan = plan_slide_pages(plan_deck(document, THEME), document, THEME)
    title, words, *_ = plan.root.children[0].children
    assert [each.role for each in words.children] == ["Span", "Strong", "Span"]
    assert not title.children


@pytest.mark.full
def test_slides_on_paper_are_only_built_on_request(tmp_path: Path) -> None:
    usual = Options(ROOT / "content", ROOT / "templates", tmp_path, audiences=("family",))
    library = load_library(ROOT / "content", ROOT / "templates")
    names = [planned.file.split("/")[1] for planned in plan_deliverables(library, usual)[0]]
    assert names == ["bpd-contact-family-handout.pdf", "bpd-contact-family-slides.pptx"]
    options = replace(usual, formats=("slides-pdf", "notes-pdf"), papers=("a4", "letter"))
    report = build_all(options)
    assert report.complete
    assert [made.label.file.split("/")[1] for made in report.outcomes] == [
        "bpd-contact-family-slides.pdf",
        "bpd-contact-family-slides-notes.pdf",
        "bpd-contact-family-slides-notes-letter.pdf",
        "bpd-contact-family-slides-lines.pdf",
        "bpd-contact-family-slides-lines-letter.pdf",
    ]
    assert "Welcome. I am glad that you came." in tagged_text(report.outcomes[1].path.read_bytes())
    assert "Welcome. I am glad that you came." not in tagged_text(report.outcomes[3].path.read_bytes())
