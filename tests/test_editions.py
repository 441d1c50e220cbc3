"""Editions, papers and booklets: layout, contents and file names."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pypdfium2
import pytest
from conftest import Project
from paths import ROOT
from pdf_text import tagged_text
from samples import sample_document, sample_theme

from handouts.compose import compose_discreet_edition, compose_document
from handouts.document.nodes import Cover, Paragraph
from handouts.document.text import plain
from handouts.finding import Finding, HandoutError
from handouts.layout.handout_pages import plan_document
from handouts.layout.page_model import ShapeItem, TextItem, item_bounds
from handouts.library import Library
from handouts.load import load_library
from handouts.pdf.imposition import impose_booklet, page_pairs
from handouts.pipeline.build import build_all
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.pipeline.report import BuildReport
from handouts.select import select_content
from handouts.theme import resolve_theme

TELLING = ("BPD", "borderline", "famil", "partner", "clinician", "afraid", "suicide", "contact")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


def options_for(folder: Path, **choices: object) -> Options:
    return Options(ROOT / "content", ROOT / "templates", folder, **choices)  # type: ignore[arg-type]


def build(folder: Path, **choices: object) -> BuildReport:
    return build_all(options_for(folder, **choices))


def planned_names(library: Library, **choices: object) -> list[str]:
    """Return the names of the files that a build would make."""
    return [each.file for each in plan_deliverables(library, options_for(Path("output"), **choices))[0]]


@pytest.fixture(scope="module")
def discreet(tmp_path_factory: pytest.TempPathFactory) -> BuildReport:
    """The discreet handouts for all audiences."""
    return build(tmp_path_factory.mktemp("discreet"), editions=("discreet",), formats=("pdf",), country="UK")


def names(report: BuildReport) -> list[str]:
    return [made.label.file for made in report.outcomes]


# ---------------------------------------------------------------- what is made


@pytest.mark.full
def test_each_edition_is_built_on_each_paper_and_named_by_both(tmp_path: Path) -> None:
    report = build(tmp_path, audiences=("family",), editions=("standard", "photocopy"), papers=("a4", "letter"))
    assert report.complete
    assert names(report) == [
        "bpd-contact/bpd-contact-family-handout.pdf",
        "bpd-contact/bpd-contact-family-handout-letter.pdf",
        "bpd-contact/bpd-contact-family-handout-photocopy.pdf",
        "bpd-contact/bpd-contact-family-handout-photocopy-letter.pdf",
        "bpd-contact/bpd-contact-family-slides.pptx",
    ]


@pytest.mark.full
def test_an_edition_without_the_standard_makes_no_deck(library: Library) -> None:
    made = planned_names(library, audiences=("family",), editions=("large-print",))
    assert made == ["bpd-contact/bpd-contact-family-handout-large-print.pdf"]


@pytest.mark.full
@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"editions": ("large",)}, "There is no edition 'large'."),
        ({"papers": ("a6",)}, "There is no paper 'a6'."),
        ({"editions": ("large-print",), "papers": ("a5",)}, "The edition 'large-print' is not for a5."),
        ({"editions": ("large-print",), "booklet": True}, "The edition 'large-print' is not for a5."),
        ({"formats": ("pdf", "slides-pdf"), "builds": True}, "Only a deck appears click by click."),
        ({"papers": ("letter",), "booklet": True}, "A booklet has pages of a5, not of letter."),
    ],
)
def test_unknown_or_contradictory_options_are_wrong_usage(
    tmp_path: Path, choices: dict[str, object], message: str
) -> None:
    with pytest.raises(HandoutError) as raised:
        build(tmp_path / "out", **choices)
    assert [found.message for found in raised.value.findings] == [message]
    assert {found.code for found in raised.value.findings} == {"usage"}
    assert not (tmp_path / "out").exists()


# ---------------------------------------------------------------- large print


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_nothing_in_large_print_is_smaller_than_sixteen_points(library: Library, paper: str) -> None:
    source = library.themes["settling-line"]
    for density in source.densities:
        theme = resolve_theme(source, accent="plum", density=density, paper=paper, edition="large-print")
        assert min(style.size for style in theme.print.values()) >= 16
        assert theme.print["body"].size == theme.print["table"].size == 18


# ---------------------------------------------------------------- discreet


@pytest.mark.full
def test_the_outside_of_a_discreet_file_does_not_reveal_its_subject(discreet: BuildReport) -> None:
    assert names(discreet) == [f"discreet/notes-to-keep-{number}-UK.pdf" for number in (1, 2, 3)]
    for made in discreet.outcomes:
        content = made.path.read_bytes()
        document = pypdfium2.PdfDocument(content)
        outside = [document[0].get_textpage().get_text_bounded(), *document.get_metadata_dict().values()]
        outside += [entry.get_title() for entry in document.get_toc()]
        outside.append(made.label.file)
        assert not [word for word in TELLING if word.lower() in "\n".join(outside).lower()]
        assert "Notes to keep" in outside[0]
        pages = [document[index].get_textpage() for index in range(len(document))]
        feet = [page.get_text_bounded(bottom=0, top=60) for page in pages]
        assert all("Page" in foot for foot in feet)
        assert not [foot for foot in feet for word in TELLING if word.lower() in foot.lower()]


@pytest.mark.full
def test_each_discreet_file_has_its_own_neutral_name(library: Library) -> None:
    made = planned_names(
        library,
        editions=("discreet",),
        formats=("pdf",),
        audiences=("partners",),
        template_names=("handout", "card", "worksheets"),
    )
    assert made == [
        "discreet/notes-to-keep-2.pdf",
        "discreet/notes-to-keep-2b.pdf",
        "discreet/notes-to-keep-2h.pdf",
    ]


def test_a_discreet_handout_has_the_same_content_as_the_standard_one(library: Library) -> None:
    composition = compose_document(select_content(library, "bpd-contact", "family", "en"), "handout", country="UK")
    hidden = compose_discreet_edition(composition)
    (cover, *others), other_blocks = composition.document.blocks, hidden.blocks[1:]
    assert isinstance(cover, Cover)
    assert plain(cover.subtitle) in [plain(block.content) for block in other_blocks if isinstance(block, Paragraph)]
    assert [block for block in other_blocks if not isinstance(block, Cover) and block in others] == others
    assert composition.document.title not in (hidden.title, hidden.running_title, hidden.subject, hidden.foot)
    theme = sample_theme(edition="discreet")
    plan = plan_document(hidden, theme)
    assert [entry.title for entry in plan.outline[:3]] == ["Part 1", "Part 2", "Part 3"]
    assert len(plan.pages) == len(plan_document(composition.document, theme).pages) + 1


@pytest.mark.full
def test_headers_and_footers_inside_a_discreet_handout_are_neutral(discreet: BuildReport) -> None:
    for made in discreet.outcomes:
        with pypdfium2.PdfDocument(made.path.read_bytes()) as document:
            for number, page in enumerate(document):
                height = page.get_height()
                seen = page.get_textpage().get_text_bounded(bottom=height - (230 if number < 2 else 54), top=height)
                assert not [word for word in TELLING if word.lower() in seen.lower()], f"page {number + 1}: {seen}"
                assert ("Notes to keep" in seen) is (number > 0)


@pytest.mark.full
@pytest.mark.parametrize(
    "word", ["BPD", "borderline personality disorder", "Family", "families", "members", "an ending", "boundaries"]
)
def test_a_discreet_cover_that_reveals_the_subject_is_a_finding(tmp_path: Path, word: str) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    cover = tmp_path / "content/bpd-contact/en/01-cover.md"
    text = cover.read_text(encoding="utf-8").replace("Notes to keep", f"Notes on {word}")
    cover.write_text(text, encoding="utf-8")
    line = text[: text.index("Notes on")].count("\n") + 1
    changed = load_library(tmp_path / "content", ROOT / "templates")
    with pytest.raises(HandoutError) as raised:
        compose_document(select_content(changed, "bpd-contact", "family", "en"), "handout", country="UK")
    places = {(found.code, Path(found.at.file).name, found.at.line, found.at.column) for found in raised.value.findings}
    assert places == {("not-neutral", "01-cover.md", line, 1)}


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Panic attacks: notes", ["attacks", "Panic"]),
        ("PANICKING", ["PANICKING"]),
        ("Breathing notes", ["Breathing"]),
        ("About OCD", ["OCD"]),
        ("After the debts", ["debts"]),
        ("Notes to keep", []),
        ("After your time", []),
    ],
)
def test_a_discreet_cover_with_words_of_the_topic_is_a_finding(project: Project, title: str, words: list[str]) -> None:
    topic = "content/bees/topic.yaml"
    project.replace(topic, "condition: {name: winter rest, short: WR}\n", "")
    project.replace(topic, "name: Bees in winter", "name: After panic attacks and OCD")
    project.replace(topic, "keywords: [bees]", "keywords: [your breathing, debt]")
    cover = "content/bees/en/1-cover.md"
    outside = f"\n::: {{.outside-title}}\n{title}\n:::\n\n::: {{.outside-subtitle}}\nTo keep.\n:::\n"
    project.write(cover, f"{(project.root / cover).read_text(encoding='utf-8')}{outside}")
    found: tuple[Finding, ...] = ()
    try:
        project.compose("growers")
    except HandoutError as raised:
        found = raised.findings
    assert sorted(each.message.split("'")[1] for each in found) == sorted(words)
    assert {each.code for each in found} <= {"not-neutral"}


def test_a_template_without_a_discreet_cover_cannot_be_discreet(library: Library) -> None:
    composition = compose_document(select_content(library, "bpd-contact", "family", "en"), "slides")
    with pytest.raises(HandoutError) as raised:
        compose_discreet_edition(composition)
    (found,) = raised.value.findings
    assert (found.code, "to the template" in found.hint) == ("no-outside", True)


def test_the_hint_for_a_topic_without_a_discreet_cover_names_the_cover_section(project: Project) -> None:
    cover = "content/bees/en/1-cover.md"
    composition = project.compose("growers")
    with pytest.raises(HandoutError) as raised:
        compose_discreet_edition(composition)
    (found,) = raised.value.findings
    assert found.code == "no-outside"
    assert (found.at.file.endswith(cover), found.at.line) == (True, 1)
    assert found.hint.startswith("add the parts outside-title and outside-subtitle to this section")
    parts = "::: {.outside-title}\nNotes\n:::\n\n::: {.outside-subtitle}\nTo keep.\n:::\n"
    project.write(cover, f"{(project.root / cover).read_text(encoding='utf-8')}\n{parts}")
    assert compose_discreet_edition(project.compose("growers")).title == "Notes"


# ---------------------------------------------------------------- booklet


def test_the_pages_of_a_folded_booklet_are_in_order() -> None:
    assert list(page_pairs(4)) == [(3, 0), (1, 2)]
    assert list(page_pairs(8)) == [(7, 0), (1, 6), (5, 2), (3, 4)]


@pytest.mark.parametrize("blank_back", [False, True])
def test_a_booklet_is_padded_with_empty_pages_and_marks_the_fold(*, blank_back: bool) -> None:
    plan = plan_document(sample_document(), sample_theme(paper="a5"))
    count = len(plan.pages)
    sheets = impose_booklet(plan, sample_theme().paper, blank_back=blank_back)
    assert len(sheets.pages) == 2 * -(-(count + blank_back) // 4)
    assert {(round(page.width), round(page.height)) for page in sheets.pages} == {(842, 595)}
    for index, page in enumerate(sheets.pages):
        words = " ".join(item.run.text for item in page.items if isinstance(item, TextItem))
        numbers = [int(found) for found in re.findall(r"Page\s(\d+)\sof", words)]
        expected = [pair + 1 for pair in list(page_pairs(2 * len(sheets.pages)))[index] if pair < count]
        assert numbers == expected
        folds = [item for item in page.items if isinstance(item, ShapeItem)][-2:]
        areas = map(item_bounds, folds)
        lines = {(round(area.left), round(area.top), round(area.right), round(area.bottom)) for area in areas}
        assert ({(421, 16, 421, 28), (421, 567, 421, 580)} <= lines) == (index % 2 == 0)


@pytest.mark.full
def test_a_booklet_is_made_in_addition_to_the_accessible_file(tmp_path: Path) -> None:
    report = build(tmp_path, audiences=("partners",), formats=("pdf",), booklet=True)
    assert names(report) == [
        "bpd-contact/bpd-contact-partners-handout-a5.pdf",
        "bpd-contact/bpd-contact-partners-handout-a5-print.pdf",
    ]
    assert report.complete
    accessible, printed = (made.path.read_bytes() for made in report.outcomes)
    assert "StructTreeRoot" in accessible.decode("latin-1")
    assert "StructTreeRoot" not in printed.decode("latin-1")
    assert tagged_text(accessible)
