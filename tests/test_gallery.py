"""The galleries: a page of text for each kind of block in tests/gallery, and docs/gallery.md with its pictures.

`python -m pytest tests/test_gallery.py --accept` rewrites them; a person then reviews the changes. The
pictures of docs/gallery.md need pdftoppm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from block_samples import (
    ENTRIES,
    GALLERY,
    PICTURES,
    compose_samples,
    draw_picture,
    draw_slide,
    fingerprint,
    gallery_text,
    identity,
    mark_of,
    sample_of,
    sign_svg,
    slide_fingerprint,
    write_project,
    write_small_topic,
)
from conftest import Project
from hashes import read_table, versions
from msgspec.structs import replace
from paths import ROOT
from samples import sample_document, sample_theme

from handouts.deck import render_deck
from handouts.deck.deck_plan import plan_deck
from handouts.deck.planned_slides import (
    FilledPlaceholder,
    PlacedChart,
    PlacedDrawing,
    PlacedPicture,
    PlacedTable,
    PlannedSlide,
    SlideParagraph,
)
from handouts.document.nodes import Blocks, Document, Outline, Outlines, Slide, Text
from handouts.document.nodes import Paragraph as Sentences
from handouts.document.nodes import Source as Listed
from handouts.document.text import chart_rows, dump, plain
from handouts.explain import BlockEntry
from handouts.figures.signs import SIGN_NAMES
from handouts.finding import is_error
from handouts.layout.handout_pages import plan_document
from handouts.layout.page_model import Element, TextItem
from handouts.markdown.block_parser import parse_markdown
from handouts.markdown.document_blocks import blocks_of
from handouts.markdown.document_inlines import ConversionContext, Facts
from handouts.markdown.syntax_tree import source_from_text
from handouts.pdf import render_pdf
from handouts.pipeline.checks import check_all
from handouts.pipeline.options import Options

HIVE = Outlines(20, 10, (Outline((("M", (0, 0)), ("L", (20, 0)), ("L", (20, 10)), ("Z", ())), "#0F4C5C", "", 0),))
SHORT = (
    Listed(1, "desmet2015", (Text("De Smet et al. 2015"),), "https://doi.org/10.1037/vio0000005"),
    Listed(2, "linehan1993", (Text("Linehan 1993"),)),
)
STARTING = ROOT / "docs/starting.md"
PAGES = sorted((Path(__file__).parent / "gallery").glob("*.md"))
SOURCE = re.compile(r"(?P<head># .*?\n\n## Source\n\n````markdown\n(?P<source>.*?)\n````\n)", re.DOTALL)


def blocks(source: str) -> Blocks:
    """Return the blocks that a source becomes."""
    nodes, findings = parse_markdown(source_from_text(source, "page.md"))
    facts = Facts(numbers={"desmet2015": 1}, short=SHORT, pictures={"hive.svg": HIVE}, whole=True)
    making = ConversionContext(facts, [])
    made = blocks_of(nodes, making)
    assert (findings, making.findings) == ((), [])
    return made


def tags(document: Document) -> Iterator[str]:
    """Yield the structure tree of a handout, one element per line, with its own words."""
    plan = plan_document(document, sample_theme())
    words: dict[int, str] = {}
    for page in plan.pages:
        for item in page.items:
            if isinstance(item, TextItem):
                words[id(item.element)] = words.get(id(item.element), "") + item.run.text
    yield from (line for child in plan.root.children for line in element_lines(child, words, 0))


def element_lines(element: Element, words: dict[int, str], depth: int) -> Iterator[str]:
    own_words = words.get(id(element), "")
    attributes = [f"{key}={value}" for _, key, value in element.attributes]
    attributes += [f"{key}={value!r}" for key in ("alt", "language", "target") if (value := getattr(element, key))]
    yield "  " * depth + " ".join(filter(None, (element.role, *attributes, repr(own_words) if own_words else "")))
    for child in element.children:
        yield from element_lines(child, words, depth + 1)


def slides(document: Document) -> Iterator[str]:
    """Yield the slides of a talk: the layout of each and its content."""
    for slide in plan_deck(document, sample_theme()).slides:
        yield f"{slide.layout.name}: {slide.title}"
        yield from (f"  {line}" for line in slide_lines(slide))


def slide_lines(slide: PlannedSlide) -> Iterator[str]:
    for item in slide.items:
        match item:
            case FilledPlaceholder():
                yield from (f"{item.name}: {words_of(paragraph)}" for paragraph in item.paragraphs)
            case PlacedTable():
                for row in item.rows:
                    cells = ("/".join(words_of(text) for text in cell.texts) for cell in row.cells if not cell.covered)
                    yield f"row{'*' * row.header}: {' | '.join(cells)}"
            case PlacedChart():
                yield from (f"chart: {' | '.join(row)}" for row in chart_rows(item.chart))
                yield f"picture: {item.chart.alt}"
            case PlacedDrawing() | PlacedPicture():
                yield f"picture: {item.alt or '(decorative)'}"


def words_of(paragraph: object) -> str:
    runs = getattr(paragraph, "runs", ())
    number = f"{paragraph.number}. " if isinstance(paragraph, SlideParagraph) and paragraph.number else ""
    return number + "".join(run.text for run in runs)


def page_of(text: str) -> str:
    """Return a page of the gallery with current results."""
    found = SOURCE.match(text)
    assert found
    made = blocks(found["source"])
    document = replace(sample_document(*made), crisis=replace(sample_document().crisis, columns=()))
    title, notes = (Text("A claim"),), (Sentences((Text("Say this."),)),)
    talk = replace(document, blocks=(), slides=(Slide("content", title, blocks=made, notes=notes),))
    results = {"Tree": dump(made).rstrip("\n"), "Tags": "\n".join(tags(document)), "Slides": "\n".join(slides(talk))}
    return found["head"] + "".join(f"\n## {name}\n\n```text\n{result}\n```\n" for name, result in results.items())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_page_of_the_gallery_is_up_to_date(page: Path, request: pytest.FixtureRequest) -> None:
    text = page.read_text(encoding="utf-8")
    made = page_of(text)
    if request.config.getoption("--accept"):
        page.write_text(made, encoding="utf-8")
    else:
        assert made == text


def test_the_gallery_has_pages() -> None:
    assert len(PAGES) >= 12


# ---------------------------------------------------------------- docs/gallery.md


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a small topic that contains each text to paste, in the handout and, if allowed, on a slide."""
    return write_project(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def documents(samples: Project) -> Mapping[str, Document]:
    return compose_samples(samples)


def accepts(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept"))


def test_the_texts_to_paste_have_no_findings(samples: Project) -> None:
    found = check_all(Options(samples.content, samples.templates, samples.root / "output")).findings
    assert [str(each) for each in found if each.code not in ("unconfirmed", "thin-page")] == []


def test_every_text_to_paste_can_be_drawn_on_paper_and_on_slides(documents: Mapping[str, Document]) -> None:
    for name, document in documents.items():
        made = (render_deck if name == "slides" else render_pdf)(document, sample_theme())
        assert [str(found) for found in made.findings if is_error(found)] == []
        assert made.content
    assert len(documents["slides"].slides) > sum(entry.group != "fields" for entry in ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=identity)
def test_each_picture_of_the_gallery_is_up_to_date(
    entry: BlockEntry, documents: Mapping[str, Document], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    document, picture = sample_of(entry, documents), PICTURES / f"{identity(entry)}.png"
    assert document.blocks
    if read_table()[0] != versions():
        pytest.skip(f"pictures are compared for the libraries of {read_table()[0]}")
    if accepts(request) and not (picture.exists() and mark_of(picture) == fingerprint(entry.paste, document)):
        PICTURES.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(draw_picture(entry.paste, document, tmp_path))
    assert mark_of(picture) == fingerprint(entry.paste, document)


@pytest.mark.parametrize("name", SIGN_NAMES)
def test_the_signs_of_the_gallery_are_up_to_date(name: str, request: pytest.FixtureRequest) -> None:
    picture = PICTURES / f"sign-{name}.svg"
    if accepts(request):
        PICTURES.mkdir(parents=True, exist_ok=True)
        picture.write_text(sign_svg(name), encoding="utf-8")
    assert picture.read_text(encoding="utf-8") == sign_svg(name)


def test_the_text_of_the_gallery_is_up_to_date(request: pytest.FixtureRequest) -> None:
    if accepts(request):
        GALLERY.write_text(gallery_text(), encoding="utf-8")
    assert GALLERY.read_text(encoding="utf-8") == gallery_text()


def test_the_gallery_shows_exactly_the_existing_pictures_and_is_small() -> None:
    shown = set(re.findall(r"\]\((pictures/gallery/[^)]+)\)", GALLERY.read_text(encoding="utf-8")))
    existing = {f"pictures/gallery/{path.name}" for path in PICTURES.iterdir()}
    assert shown == existing
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < 500_000


# ---------------------------------------------------------------- docs/starting.md


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Document, Document]:
    """Return the section shown in the guide for the first evening, with its page and its slide."""
    (text,) = re.findall(r"```markdown\n(.*?)```", STARTING.read_text(encoding="utf-8"), re.DOTALL)
    project = write_small_topic(tmp_path_factory.mktemp("evening"))
    project.write("content/sleep/en/7-steps.md", text)
    page, talk = compose_samples(project, "handout", "slides").values()
    start = next(index for index, block in enumerate(page.blocks) if getattr(block, "anchor", "") == "steps")
    (shown_slide,) = (slide for slide in talk.slides if plain(slide.title) == "Three small steps")
    rest = (replace(page, blocks=page.blocks[start : start + 3]), replace(talk, slides=(shown_slide,)))
    return text, *(replace(each, crisis=replace(each.crisis, columns=())) for each in rest)


def test_the_pictures_in_the_guide_for_the_first_evening_are_up_to_date(
    evening: tuple[str, Document, Document], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    text, page, talk = evening
    if read_table()[0] != versions():
        pytest.skip(f"pictures are compared for the libraries of {read_table()[0]}")
    drawn = {
        "section-page.png": (fingerprint, draw_picture, page),
        "section-slide.png": (slide_fingerprint, draw_slide, talk),
    }
    for name, (mark, draw, document) in drawn.items():
        picture = STARTING.parent / "pictures" / name
        if accepts(request) and not (picture.exists() and mark_of(picture) == mark(text, document)):
            picture.write_bytes(draw(text, document, tmp_path))
        assert mark_of(picture) == mark(text, document)
        assert f"](pictures/{name})" in STARTING.read_text(encoding="utf-8")
