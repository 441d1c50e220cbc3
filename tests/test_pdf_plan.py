"""Planned pages: order, page breaks and places of all kinds of blocks."""

from __future__ import annotations

import io
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from samples import (
    CALLOUT,
    CARDS,
    COMPARISON,
    CONTACTS,
    COVER,
    CRISIS,
    EVERYTHING,
    FIGURE,
    FORK,
    LONG_CRISIS,
    MESSAGE,
    SAFE,
    SCRIPTS,
    SOURCES,
    STEPS,
    TABLE,
    card,
    cited,
    inlines,
    paragraph,
    placed,
    row,
    sample_document,
    sample_theme,
    strong,
)
from validators import assert_page_validation_passes, assert_verapdf_passes

from handouts.document.nodes import (
    Block,
    Branch,
    BulletList,
    Callout,
    CardRow,
    Comparison,
    Contacts,
    Cover,
    Crisis,
    CrisisColumn,
    CrisisLine,
    Document,
    FillTable,
    Fork,
    Heading,
    Labelled,
    MainMessage,
    Paragraph,
    Steps,
    Table,
    Text,
)
from handouts.document.text import called_number, plain, words_of
from handouts.figures.shapes import Rectangle
from handouts.finding import Finding, Severity
from handouts.layout.handout_pages import plan_document
from handouts.layout.inline_text import readable_lines
from handouts.layout.page_model import Element, LinkItem, Page, PagePlan, ShapeItem, TextItem, item_bounds
from handouts.pdf import render_pdf
from handouts.text.fonts import PHONE_NUMBER_FAMILY
from handouts.text.line_breaking import StyledRun
from handouts.theme import Theme

THEME = sample_theme()
LINE = "Limits that stay the same help both people, on good days and on bad days. "
HEAD = 56.0  # where a running head ends
LOOKS = [(density, paper) for density in ("standard", "compact") for paper in ("a4", "letter")]


def plan(*blocks: Block, theme: Theme = THEME, crisis: Crisis = CRISIS, foot: str = "") -> PagePlan:
    return plan_document(sample_document(*blocks, crisis=crisis, foot=foot), theme)


def texts(page: Page) -> list[TextItem]:
    return [item for item in page.items if isinstance(item, TextItem)]


def is_read(item: TextItem) -> bool:
    return item.element is not None and item.element.role != "Artifact"


def elements(root: Element) -> Iterator[Element]:
    yield root
    for child in root.children:
        yield from elements(child)


def words_by_element(made: PagePlan) -> dict[int, str]:
    """Return the words of each element itself, by its id."""
    words: dict[int, str] = {}
    for item in (each for page in made.pages for each in texts(page) if is_read(each)):
        words[id(item.element)] = words.get(id(item.element), "") + item.run.text
    return words


def words_below(element: Element, words: dict[int, str]) -> str:
    """Return all words of `element` and its children, in order."""
    own = words.get(id(element), "")
    return " ".join(part for part in (own, *(words_below(child, words) for child in element.children)) if part)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def read_aloud(made: PagePlan) -> str:
    """Return what a screen reader reads, without spaces."""
    return squeezed(words_below(made.root, words_by_element(made)))


def shown(page: Page) -> str:
    return squeezed("".join(item.run.text for item in texts(page)))


def item_with(page: Page, words: str) -> TextItem:
    return next(item for item in texts(page) if squeezed(words) in squeezed(item.run.text))


def pages_of(made: PagePlan, words: str) -> list[int]:
    """Return the indexes of the pages on which `words` are read."""
    return [
        number
        for number, page in enumerate(made.pages)
        for each in texts(page)
        if is_read(each) and squeezed(words) in squeezed(each.run.text)
    ]


def codes(findings: Sequence[Finding]) -> list[str]:
    return [found.code for found in findings]


def error_codes(made: PagePlan) -> list[str]:
    """Return the codes of all findings but those about thin pages."""
    return [code for code in codes(made.findings) if code != "thin-page"]


def filler(lines: int) -> Paragraph:
    return paragraph(LINE * lines)


def assert_words_in_order(made: PagePlan, document: Document) -> None:
    spoken = read_aloud(made)
    place = 0
    for words in words_of(document.blocks):
        found = spoken.find(squeezed(words), place)
        assert found >= 0, f"{words!r} is not read after {spoken[max(0, place - 80) : place]!r}"
        place = found + len(squeezed(words))


def assert_nothing_outside(made: PagePlan, theme: Theme) -> None:
    for page in made.pages:
        for item in texts(page):
            extent = item_bounds(item)
            assert extent.left >= theme.margin - 1, item.run.text
            assert extent.right <= theme.right + 1, item.run.text
            assert extent.top >= 30, item.run.text
            assert extent.bottom <= page.height - 34, item.run.text


def assert_links_lead_somewhere(made: PagePlan) -> None:
    anchors = Counter(each.anchor for each in elements(made.root) if each.anchor)
    assert not [anchor for anchor, count in anchors.items() if count > 1]
    targets = {each.target[1:] for each in elements(made.root) if each.target.startswith("#")}
    assert targets <= set(anchors)


def heading_levels(made: PagePlan) -> list[int]:
    return [int(each.role[1]) for each in elements(made.root) if re.fullmatch(r"H\d", each.role)]


# ---------------------------------------------------------------- everything at once


@pytest.fixture(scope="module", params=LOOKS, ids=["-".join(look) for look in LOOKS])
def theme(request: pytest.FixtureRequest) -> Theme:
    density, paper = request.param
    return sample_theme(density=density, paper=paper)


@pytest.fixture(scope="module")
def made(theme: Theme) -> PagePlan:
    return plan(theme=theme)


def test_all_words_are_in_the_structure_tree_in_order(made: PagePlan) -> None:
    assert_words_in_order(made, replace(sample_document(), blocks=without_contacts(EVERYTHING)))


def without_contacts(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Leave out contacts, which are read in another order: need, name, number, how. Another test checks them."""
    return tuple(block for block in blocks if not isinstance(block, Contacts))


def test_nothing_is_outside_the_margins(made: PagePlan, theme: Theme) -> None:
    assert_nothing_outside(made, theme)


def test_the_sample_has_no_findings(made: PagePlan) -> None:
    assert not error_codes(made)


def test_nothing_reaches_the_crisis_box(made: PagePlan, theme: Theme) -> None:
    for page in made.pages:
        top = crisis_top(page)
        assert max(item_bounds(item).bottom for item in body_texts(page, theme)) < top - 6


def crisis_top(page: Page) -> float:
    return item_bounds(item_with(page, "In danger now?")).top - 9


def body_texts(page: Page, theme: Theme) -> list[TextItem]:
    """Return the texts above the crisis box and below the running head."""
    assert theme.paper.height == page.height
    top = crisis_top(page)
    return [item for item in texts(page) if HEAD < item.baseline < top]


def test_a_table_has_a_summary() -> None:
    log = FillTable("log", inlines("My log"), (inlines("Day"), inlines("What")), (((), ()),))
    content = render_pdf(sample_document(TABLE, COMPARISON, log), sample_theme()).content
    with pikepdf.open(io.BytesIO(content)) as file:
        tables = [each for each in file.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Table"]
        assert [str(each.A.Summary) for each in tables] == [
            plain(TABLE.caption),
            f"{plain(COMPARISON.left)} · {plain(COMPARISON.right)}",
            "My log",
        ]


def test_no_heading_level_is_skipped(made: PagePlan) -> None:
    levels = [0, *heading_levels(made)]
    assert levels[1] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_internal_link_has_a_target(made: PagePlan) -> None:
    assert_links_lead_somewhere(made)


def test_no_structure_element_is_empty(made: PagePlan) -> None:
    words = words_by_element(made)
    painted = {id(item.element) for page in made.pages for item in page.items}
    for each in elements(made.root):
        assert each.children or id(each) in painted or each.role in ("TD", "TH"), (each.role, words.get(id(each)))


def test_the_bookmarks_are_the_titles_in_their_order(made: PagePlan) -> None:
    assert [(entry.level, entry.title) for entry in made.outline] == [
        (1, "You said it is over. Why do they keep reaching out?"),
        (1, "Start here. Which of these is you?"),
        (1, "Six reasons for the pull"),
        (1, "How the pull can go round"),
        (1, "Six steps you can take"),
        (1, "Words you can use"),
        (1, "What is known"),
        (2, "Treatment can help"),
        (1, "Where to get help"),
        (1, "Sources"),
    ]


def test_every_page_has_its_number_and_the_crisis_lines(made: PagePlan) -> None:
    count = len(made.pages)
    for number, page in enumerate(made.pages, 1):
        assert f"Page{number}of{count}" in shown(page)
        assert "Call999" in shown(page)
        assert squeezed("Draft 0.1: not reviewed") in shown(page)


@pytest.mark.full
def test_the_sample_is_accessible_and_archivable(tmp_path: Path) -> None:
    rendered = render_pdf(sample_document(), THEME)
    assert_page_validation_passes(rendered.content)
    file = tmp_path / "sample.pdf"
    file.write_bytes(rendered.content)
    assert_verapdf_passes([file])


def test_the_same_handout_gives_the_same_bytes() -> None:
    assert render_pdf(sample_document(), THEME) == render_pdf(sample_document(), THEME)


def test_six_pages_are_planned_quickly() -> None:
    plan()
    times = []
    for _ in range(3):
        start = time.perf_counter()
        plan()
        times.append(time.perf_counter() - start)
    assert min(times) < 0.5


# ---------------------------------------------------------------- any blocks


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(EVERYTHING), min_size=1, max_size=12, unique_by=id), st.sampled_from(LOOKS))
def test_any_blocks_in_any_order_are_complete_and_inside_the_page(blocks: list[Block], look: tuple[str, str]) -> None:
    theme = sample_theme(density=look[0], paper=look[1])
    document = sample_document(*blocks, *([] if SOURCES in blocks else [SOURCES]))
    made = plan_document(document, theme)
    assert not error_codes(made)
    assert_words_in_order(made, replace(document, blocks=without_contacts(document.blocks)))
    assert_nothing_outside(made, theme)
    assert_links_lead_somewhere(made)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=20, max_size=40))
def test_there_are_no_widows_or_orphans(lengths: list[int]) -> None:
    made = plan(Heading(2, inlines("Limits")), *(filler(each) for each in lengths))
    lines: dict[int, Counter[int]] = {}
    for number, page in enumerate(made.pages):
        for item in texts(page):
            if item.element is not None and item.element.role == "P" and is_read(item):
                lines.setdefault(id(item.element), Counter())[number] += 1
    torn = [counts for counts in lines.values() if len(counts) > 1]
    assert all(count >= 2 for counts in torn for count in counts.values())


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=12, max_size=24))
def test_a_heading_is_on_the_page_of_its_text(lengths: list[int]) -> None:
    made = plan(
        *(block for each in lengths for block in (Heading(2, inlines("Limits"), opens_page=True), filler(each)))
    )
    for page in made.pages:
        *_, last = body_texts(page, THEME)
        assert last.run.text != "Limits"


def test_two_lines_stay_below_a_heading_even_if_they_are_separate_paragraphs() -> None:
    for lines in range(20, 32):
        made = plan(
            filler(lines), Heading(2, inlines("Reasons")), paragraph("One line."), paragraph("Another."), filler(9)
        )
        assert pages_of(made, "Reasons") == pages_of(made, "Another.")


def test_a_list_stays_with_the_sentence_before_it() -> None:
    items = tuple((paragraph(f"Point {each}."),) for each in range(4))
    for lines in range(20, 32):
        made = plan(filler(lines), paragraph("There are four points:"), BulletList(items), filler(9))
        assert pages_of(made, "There are four points:") == pages_of(made, "Point 0.") == pages_of(made, "Point 1.")


# ---------------------------------------------------------------- the look of blocks


def test_a_label_is_in_the_rail_on_the_line_of_its_text() -> None:
    made = plan(SAFE)
    label, text = item_with(made.pages[0], "Keep safe"), item_with(made.pages[0], "Think about who")
    assert label.x == THEME.margin
    assert text.x == THEME.axis
    assert label.baseline == pytest.approx(text.baseline)
    assert read_aloud(made).index("Keepsafe") < read_aloud(made).index("Thinkabout")


def test_a_label_of_many_lines_pushes_what_follows_down() -> None:
    label = inlines("A label that takes a good many lines in the narrow rail")
    made = plan(Labelled(label, (paragraph("Short."),)), paragraph("Next."))
    last = [item for item in texts(made.pages[0]) if item.x == THEME.margin and item.colour == "accent"][-1]
    assert item_with(made.pages[0], "Next.").baseline > last.baseline


def test_a_label_of_a_table_is_above_it() -> None:
    made = plan(Labelled(inlines("Evidence so far"), (TABLE,)))
    assert item_with(made.pages[0], "Evidence so far").x == THEME.axis


def test_a_heading_is_larger_at_the_top_of_a_page_than_inside() -> None:
    made = plan(filler(26), Heading(2, inlines("Later"), opens_page=True), filler(9))
    assert item_with(made.pages[1], "Later").run.size == 24
    made = plan(COVER, Heading(2, inlines("Inside")), filler(1))
    assert item_with(made.pages[0], "Inside").run.size == 20


def test_a_heading_that_may_open_a_page_does_so_when_the_page_before_is_well_filled() -> None:
    made = plan(filler(22), Heading(2, inlines("Next"), opens_page=True), filler(12))
    assert pages_of(made, "Next") == [1]
    assert item_with(made.pages[1], "Next").run.size == 24
    assert item_with(made.pages[1], "Next").baseline == pytest.approx(60 + 14 + 0.33 * 24)


def test_a_title_of_more_than_three_lines_is_set_smaller() -> None:
    short = plan(COVER)
    long = plan(
        replace(COVER, title=inlines("Why do they keep reaching out again and again " * 2 + "after it is over?"))
    )
    assert item_with(short.pages[0], "You said").run.size == 32
    assert item_with(long.pages[0], "Why do they").run.size == 28


def test_scripts_are_in_quotation_marks_and_advice_is_not() -> None:
    spoken = read_aloud(plan(*SCRIPTS))
    assert squeezed("“I meant what I said. I am not going to reply again.”Say this once.") in spoken


def test_steps_are_numbered_from_one() -> None:
    spoken = read_aloud(plan(STEPS))
    assert spoken.index("1Decide") < spoken.index("2Check") < spoken.index("6Look")


def test_a_link_is_underlined_and_has_a_description() -> None:
    made = plan()
    (link,) = (each for each in elements(made.root) if each.target == "https://example.org/dbt")
    assert link.tooltip == "About DBT"
    (page,) = (page for page in made.pages if any(item.element is link for item in texts(page)))
    index, item = next((index, item) for index, item in enumerate(page.items) if item.element is link)
    below = page.items[index + 1]
    assert isinstance(item, TextItem)
    assert not isinstance(below, TextItem)
    assert below.element is None
    assert item.baseline < below.y < item.baseline + 4


def test_citations_and_sources_link_to_each_other() -> None:
    made = plan(paragraph("Seen often ", cited(2), ", and again ", cited(2, 3), "."), SOURCES, crisis=Crisis())
    targets = [each.target for each in elements(made.root) if each.target]
    assert targets == ["#source-2", "#source-2", "#source-3", "#cite-2", "#cite-3"]
    assert [each.anchor for each in elements(made.root) if each.anchor.startswith("cite")] == ["cite-2", "cite-3"]


def test_a_citation_stays_on_the_line_of_the_word_before_it() -> None:
    for count in range(1, 12):
        made = plan(paragraph("word " * count + "and the end of it ", cited(1), "."), SOURCES)
        mark = next(item for item in texts(made.pages[0]) if item.run.text == "[")
        line = [item.run.text for item in texts(made.pages[0]) if item.baseline == mark.baseline]
        assert line[0].endswith("it ")


def test_no_structure_element_mixes_text_and_child_elements() -> None:
    made = plan()
    own = words_by_element(made)
    assert not [each.role for each in elements(made.root) if each.children and id(each) in own]


@pytest.mark.parametrize(
    ("called", "description", "number"),
    [
        ("08082000247", "0808\u00a02000\u00a0247", "0808 2000 247"),
        ("116123", "Samaritans: 116 123", "116 123"),
        ("08082000247", "the help line", "08082000247"),
        ("+4420794600", "020 7946 00", "+4420794600"),
    ],
)
def test_the_description_of_a_telephone_link_keeps_the_printed_groups(
    called: str, description: str, number: str
) -> None:
    assert called_number(called, description) == number


def test_contacts_are_read_with_their_need_and_have_telephone_links() -> None:
    made = plan(CONTACTS, crisis=Crisis())
    for contact in CONTACTS.contacts:
        below = " · ".join(words for words in (contact.how, contact.note) if words)
        assert squeezed(contact.need + contact.name + contact.number + below) in read_aloud(made)
    assert [each.target for each in elements(made.root) if each.target.startswith("tel:")] == [
        contact.target for contact in CONTACTS.contacts if contact.target
    ]
    assert "Call 116 123" in {each.tooltip for each in elements(made.root)}


def test_a_note_on_all_contacts_is_printed_once_and_others_at_each_contact() -> None:
    note = "not yet confirmed"
    unsure = tuple(replace(contact, note=note) for contact in CONTACTS.contacts)
    once = read_aloud(plan(Contacts(unsure)))
    assert once.count(squeezed(note)) == 1
    assert once.index(squeezed(f"Who ({note})")) < once.index(squeezed(unsure[0].name))
    mixed = (replace(unsure[0], note=""), *unsure[1:])
    each = read_aloud(plan(Contacts(mixed)))
    assert each.count(squeezed(note)) == sum(1 for contact in mixed if contact.note)
    assert "Alllines" not in each


def test_contacts_stay_with_the_heading_above_them() -> None:
    for lines in range(10, 30):
        made = plan(filler(lines), Heading(2, inlines("Where to get help")), CONTACTS)
        assert pages_of(made, "Where to get help") == pages_of(made, "National Stalking Helpline")


def test_telephone_numbers_have_an_open_zero_in_running_text_too() -> None:
    made = plan(paragraph("Call 116 123 or 0800 123 4567 in 1999, within 100 days."), CONTACTS)
    (page,) = made.pages
    called = [item.run.text for item in texts(page) if item.run.face is PHONE_NUMBER_FAMILY.regular[0]]
    assert {"116\u00a0123", "0800\u00a0123\u00a04567"} <= set(called)
    assert not [each for each in called if "1999" in each or each == "100"]


# ---------------------------------------------------------------- what stands on every page


def test_the_crisis_box_is_read_once_at_the_end_of_the_first_page() -> None:
    made = plan(COVER, MESSAGE, FORK, *(filler(9) for _ in range(12)), Heading(2, inlines("The end")))
    assert len(made.pages) > 1
    spoken = read_aloud(made)
    assert spoken.count("Call999") == 1
    assert spoken.index("gethelpfirst.") < spoken.index("Starthere") < spoken.index("Call999")
    last = squeezed(body_texts(made.pages[0], THEME)[-1].run.text)
    assert spoken.rindex(last, 0, spoken.index("Call999")) > spoken.index("Starthere")
    assert spoken.index("Call999") < spoken.index("Theend")
    assert "Call999" in shown(made.pages[1])


def test_each_page_has_links_to_its_crisis_numbers_after_its_content() -> None:
    made = plan(COVER, MESSAGE, *(filler(9) for _ in range(20)))
    assert len(made.pages) > 2
    numbers = [line for column in CRISIS.columns for line in column.lines if line.target]
    for page in made.pages[1:]:
        links = [item for item in page.items if isinstance(item, LinkItem)]
        assert [item.element.target for item in links] == [line.target for line in numbers]
        assert [item.element.alt for item in links] == ["Call 999", "Samaritans 116 123", "Abuse 0808 2000 247"]
        assert [item.element.tooltip for item in links] == ["Call 999", "Call 116 123", "Call 0808 2000 247"]
        for item, line in zip(links, numbers, strict=True):
            assert item.y > crisis_top(page)
            words = next(each for each in texts(page) if squeezed(each.run.text) == squeezed(line.number))
            assert item_bounds(words) == item_bounds(item)
    first = [element for element in elements(made.root) if element.role == "Link" and not element.alt]
    assert [element.target for element in first] == [line.target for line in numbers]
    ends = [index for index, child in enumerate(made.root.children) if holds_links(child)]
    assert len(ends) == len(made.pages)
    assert ends[-1] == len(made.root.children) - 1
    assert min(below - above for above, below in pairwise(ends)) >= 2


def holds_links(element: Element) -> bool:
    return any(each.target.startswith("tel:") for each in elements(element))


def test_a_crisis_box_with_long_numbers_grows_and_nothing_overlaps() -> None:
    for paper in ("a4", "letter"):
        theme = sample_theme(paper=paper)
        made = plan(COVER, theme=theme, crisis=LONG_CRISIS)
        assert made.findings == ()
        page = made.pages[0]
        top = crisis_top(page)
        inside = [item for item in texts(page) if top < item.baseline < page.height - 56]
        lines: dict[float, list[TextItem]] = {}
        for item in inside:
            lines.setdefault(round(item.baseline, 1), []).append(item)
        for items in lines.values():
            ends = sorted((item_bounds(item).left, item_bounds(item).right) for item in items)
            assert all(before[1] <= after[0] + 0.5 for before, after in pairwise(ends))
        assert max(item_bounds(item).right for item in inside) <= theme.right - 8
        for number in ("1-800-799-7233", "1-800-222-1222", "855-484-2846"):
            assert any(number in item.run.text for item in inside)


@pytest.mark.parametrize(
    ("paper", "edition"),
    [("a4", "standard"), ("letter", "standard"), ("a5", "standard"), ("a4", "large-print"), ("letter", "large-print")],
)
def test_four_questions_are_one_below_another_with_room_to_write(paper: str, edition: str) -> None:
    school = CrisisColumn("Worried at school, and nobody to ask?", (CrisisLine("Education Support", "08000 562 561"),))
    theme = sample_theme(paper=paper, edition=edition)
    made = plan(COVER, theme=theme, crisis=replace(CRISIS, columns=(*CRISIS.columns, school)))
    assert made.findings == ()
    page = made.pages[0]
    first_words = ("In danger", "Thinking of", "Afraid of", "Worried at")
    starts = [item_with(page, words) for words in first_words]
    assert len({round(item.x, 1) for item in starts}) == 1
    assert [item.baseline for item in starts] == sorted(item.baseline for item in starts)
    assert item_bounds(item_with(page, "Local")).right + 90 <= theme.right
    for number in ("999", "116", "562"):
        assert item_bounds(item_with(page, number)).right <= theme.right - 8


def test_a_crisis_box_whose_words_are_too_wide_is_a_finding() -> None:
    columns = tuple(replace(column, question="Extraordinarilylongwordswithoutspaces?" * 2) for column in CRISIS.columns)
    assert codes(plan(COVER, crisis=Crisis(columns)).findings) == ["crisis-too-wide"]


def test_a_handout_without_a_cover_begins_with_head_and_crisis_lines() -> None:
    made = plan(Heading(2, inlines("Six reasons"), opens_page=True), filler(3))
    assert "Yousaiditisover" in shown(made.pages[0])
    assert item_with(made.pages[0], "Six reasons").run.size == 24
    assert read_aloud(made).startswith("Sixreasons")
    assert read_aloud(made).endswith("08088020300")
    assert heading_levels(made) == [1]


def test_without_crisis_lines_there_is_no_box_and_more_room() -> None:
    assert "999" not in shown(plan(COVER, crisis=Crisis()).pages[0])


def test_a_long_foot_takes_a_second_line_and_the_page_number_stays() -> None:
    made = plan(COVER, filler(30), foot="Draft 0.1: not yet reviewed, phone lines not confirmed " * 2 + "· Nov 2026")
    for page in made.pages:
        assert "Nov2026" in shown(page)
        assert_nothing_outside(made, THEME)
        assert item_bounds(item_with(page, "Draft 0.1")).top > crisis_top(page) + 60


def test_headers_footers_and_repeated_crisis_boxes_are_artifacts() -> None:
    made = plan(COVER, *(filler(9) for _ in range(20)))
    assert len(made.pages) > 2
    spoken = read_aloud(made)
    assert "Page2of" not in spoken
    assert "Forpartnersandex-partners" not in spoken


def test_more_than_nine_pages_keep_their_numbers_apart_from_the_foot() -> None:
    foot = "For partners and ex-partners · Draft 0.1: not reviewed, phone lines not confirmed · 1 Nov 2026"
    made = plan(*(filler(9) for _ in range(110)), foot=foot)
    assert len(made.pages) > 9
    for page in made.pages:
        number = item_with(page, "Page")
        same = [item for item in texts(page) if item.baseline == number.baseline and item is not number]
        assert all(item_bounds(item).right < number.x for item in same)


def test_a_running_title_that_meets_the_label_is_a_finding() -> None:
    title = "You said it is over, and they go on and on writing to you"
    document = replace(sample_document(filler(80)), running_title=title)
    assert codes(plan_document(document, THEME).findings) == ["running-title-too-long"]


# ---------------------------------------------------------------- where pages end


@pytest.mark.parametrize(
    "block", [CALLOUT, FORK, SCRIPTS[0], CARDS[2], COMPARISON], ids=lambda block: type(block).__name__
)
def test_blocks_that_belong_together_stay_on_one_page(block: Block) -> None:
    if isinstance(block, type(CARDS[2])):
        block = replace(block, number=7)
    text = " ".join(words_of(block))
    for lines in range(16, 28):
        made = plan(filler(lines), block, SOURCES)
        pages = {
            number
            for number, page in enumerate(made.pages)
            for each in texts(page)
            if is_read(each) and len(each.run.text.strip()) > 8 and each.run.text.strip("“” ") in text
            if each.run.text.strip() not in LINE
        }
        assert len(pages) == 1


def test_a_callout_higher_than_a_page_continues_in_a_second_frame() -> None:
    made = plan(COVER, Callout(inlines("Long"), tuple(filler(4) for _ in range(16))))
    assert not error_codes(made)
    assert len(made.pages) > 1
    assert_nothing_outside(made, THEME)


def test_a_fork_higher_than_a_page_continues_on_the_next() -> None:
    long = Branch("green", inlines("Green: you want some contact"), tuple(filler(4) for _ in range(16)))
    made = plan(replace(FORK, branches=(*FORK.branches[:2], long)))
    assert not error_codes(made)
    assert len(made.pages) > 1
    assert_nothing_outside(made, THEME)


def test_a_continued_fork_repeats_its_question_visually_only() -> None:
    long = Branch("green", inlines("Green: you want some contact"), tuple(filler(4) for _ in range(4)))
    made = plan(replace(FORK, branches=(long, *FORK.branches[1:], long)))
    assert len(made.pages) > 1
    again = squeezed("Start here. Which of these is you? (continued)")
    assert [again in shown(page) for page in made.pages] == [False, *([True] * (len(made.pages) - 1))]
    assert "(continued)" not in read_aloud(made)


def test_a_card_higher_than_a_page_is_divided_between_its_blocks() -> None:
    made = plan(card(1, "left", "Being left.", "a", "b", "c", *(filler(4) for _ in range(16))))
    assert made.findings == ()
    assert len(made.pages) > 1


@pytest.mark.parametrize("look", [{}, {"edition": "large-print"}], ids=str)
def test_the_space_above_the_text_is_equal_in_all_cards(look: dict[str, str]) -> None:
    theme, helps = sample_theme(**look), "Time."
    cards = [card(number, "left", f"{number}.", "Fear.", "Calls.", helps, paragraph("Why so.")) for number in (1, 2, 3)]
    cards[0] = replace(cards[0], rows=cards[0].rows[1:])
    cards[2] = replace(
        cards[2], rows=(*cards[2].rows[:2], replace(cards[2].rows[2], content=inlines("Time, calm. " * 9)))
    )
    lines = [each for page in plan(*cards, theme=theme).pages for each in texts(page)]
    gaps = [two.baseline - one.baseline for one, two in pairwise(lines) if two.run.text.startswith("Why so.")]
    assert len(gaps) == 3
    assert max(gaps) - min(gaps) < 0.01


@pytest.mark.parametrize("blocks", [(), (paragraph("Why so."),)], ids=["alone", "beside words"])
def test_a_sign_does_not_overlap_the_next_card(blocks: tuple[Block, ...]) -> None:
    cards = [card(number, "left", f"Claim {number}.", "", "", "", *blocks) for number in (1, 2)]
    (page,) = plan(*(replace(each, rows=each.rows[:1]) for each in cards)).pages
    first, second = (each.baseline for each in texts(page) if each.run.text.startswith("Claim"))
    assert second - first > THEME.paper.sign + 8


@pytest.mark.parametrize("look", [{}, {"edition": "large-print"}, {"paper": "a5"}], ids=str)
def test_a_card_with_a_long_explanation_stays_on_one_page(look: dict[str, str]) -> None:
    theme = sample_theme(**look)
    long = paragraph("When somebody leaves, they may hold on to the good times, and so lose sight of the bad. " * 4)
    cards = [
        card(number, "left", f"Claim {number}.", "This is felt.", "It is seen.", "It helps.", long)
        for number in (1, 2, 3)
    ]
    made = plan(Heading(2, inlines("Six reasons")), filler(1), *cards, theme=theme)
    assert not error_codes(made)
    whole = [(pages_of(made, f"Claim {number}."), pages_of(made, "It helps.")) for number in (1, 2, 3)]
    assert all(len(claim) == 1 and claim[0] in helps for claim, helps in whole)
    for section in (each for each in elements(made.root) if each.role == "Sect"):
        inside = {id(each) for each in elements(section)}
        pages = {number for number, page in enumerate(made.pages) for each in texts(page) if id(each.element) in inside}
        assert len(pages) == 1 or not pages  # the crisis box is not among the items of a page


def test_a_continued_section_repeats_its_title_visually_only() -> None:
    made = plan(Heading(2, inlines("Six reasons")), filler(40), Heading(2, inlines("Next")), filler(9))
    again = "Sixreasons(continued)"
    assert [again in shown(page) for page in made.pages] == [False, True]
    assert "(continued)" not in read_aloud(made)
    title = next(item for item in texts(made.pages[1]) if "(continued)" in item.run.text)
    assert title.element is not None
    assert ("Artifact", "Type", "Pagination") in title.element.attributes
    first = min(item.baseline for item in texts(made.pages[1]) if is_read(item) and item.run.size < 20)
    assert title.baseline < first


def test_a_page_that_begins_with_a_heading_repeats_no_title() -> None:
    made = plan(Heading(2, inlines("First")), filler(26), Heading(2, inlines("Second"), opens_page=True), filler(9))
    assert len(made.pages) > 1
    assert not any("(continued)" in shown(page) for page in made.pages)


def test_a_title_is_not_repeated_if_there_is_no_room() -> None:
    tall = card(1, "left", "Tall claim.", "a", "b", "c", *(filler(4) for _ in range(6)))
    for lines in range(1, 40):
        made = plan(Heading(2, inlines("Six reasons")), filler(6), replace(tall, blocks=(filler(lines),)))
        assert not error_codes(made)
        assert_nothing_outside(made, THEME)


def test_the_cover_is_less_high_if_all_before_the_first_section_then_fits_on_its_page() -> None:
    found = set()
    for lines in range(1, 12):
        keep = Labelled(inlines("Keep safe"), (paragraph("Keep these words " * 3 * lines),))
        made = plan(
            COVER, MESSAGE, FORK, keep, Heading(2, inlines("Next")), filler(9), theme=sample_theme(paper="letter")
        )
        shapes = [item.shape for item in made.pages[0].items if isinstance(item, ShapeItem)]
        band = next(each for each in shapes if isinstance(each, Rectangle) and each.fill == "tint")
        found.add((round(band.height), len(set(pages_of(made, "Keep these")))))
        assert_nothing_outside(made, sample_theme(paper="letter"))
    heights = {height for height, _ in found}
    assert max(heights) == 200
    assert min(heights) < 200


def test_copies_of_a_card_fill_the_sheet_and_are_read_once() -> None:
    cards = [Callout(inlines(title), (paragraph("I will not reply again."),), cut=True) for title in ("Say", "Call")]
    made = plan(Heading(2, inlines("Cut out")), *cards)
    (page,) = made.pages
    assert shown(page).count("Iwillnotreplyagain.") == 6
    assert read_aloud(made).count("Iwillnotreplyagain.") == 2
    more = plan(Heading(2, inlines("Cut out")), *cards, filler(2))
    assert shown(more.pages[0]).count("Iwillnotreplyagain.") == 2


def test_a_paragraph_of_a_divided_card_stays_on_one_page() -> None:
    words = [f"Block{number} {LINE * 4}" for number in range(16)]
    made = plan(card(1, "left", "Being left.", "a", "b", "c", *(paragraph(each) for each in words)))
    pages: dict[int, set[int]] = {}
    for number, page in enumerate(made.pages):
        for item in texts(page):
            if item.element is not None and item.element.role == "P":
                pages.setdefault(id(item.element), set()).add(number)
    assert len(made.pages) > 1
    assert all(len(each) == 1 for each in pages.values())


def test_a_figure_and_how_to_read_it_are_separated_only_if_no_page_holds_both() -> None:
    theme = sample_theme(edition="large-print")
    title, how = "One common pattern", "Start at 1"
    for lines, split in ((1, False), (20, True)):
        figure = replace(FIGURE, how_to_read=inlines(f"Start at 1. {LINE * lines}"))
        made = plan(Heading(2, inlines("Again")), figure, theme=theme)
        assert pages_of(made, "Again") == pages_of(made, title) == [0]
        assert pages_of(made, how) == [int(split)]
        assert not made.findings


def test_steps_and_lists_higher_than_a_page_continue_on_the_next() -> None:
    steps = Steps(tuple((filler(9), filler(9)) for _ in range(12)))
    bullets = BulletList(tuple((filler(9), filler(9)) for _ in range(12)))
    made = plan(steps, Steps(((*(filler(9) for _ in range(8)),),)), bullets)
    assert made.findings == ()
    assert_nothing_outside(made, THEME)


def test_the_header_row_of_a_table_is_repeated_visually_only() -> None:
    made = plan(replace(TABLE, body=TABLE.body * 8))
    assert len(made.pages) > 1
    for page in made.pages:
        assert "Inourwords" in shown(page)
    assert read_aloud(made).count("Inourwords") == 1


def test_the_header_of_a_comparison_is_repeated() -> None:
    made = plan(replace(COMPARISON, rows=COMPARISON.rows * 9))
    assert len(made.pages) > 1
    assert all("Trynotto" in shown(page) for page in made.pages)
    assert read_aloud(made).count("Trynotto") == 1


def test_a_row_higher_than_a_page_is_a_finding_with_its_place() -> None:
    table = placed(replace(TABLE, body=(row("Row", LINE * 60, "a", "b"),)), 12)
    findings = plan(COVER, table).findings
    assert [(found.code, found.at.line) for found in findings] == [("thin-page", 12), ("too-high", 12)]


def test_a_block_that_leaves_a_thin_page_is_a_finding_with_its_place() -> None:
    aside = placed(Callout(inlines("Long"), tuple(filler(4) for _ in range(5))), 9)
    made = plan(filler(14), aside, filler(30))
    (found,) = made.findings
    assert (found.severity, found.code, found.at.line) == (Severity.WARNING, "thin-page", 9)
    assert found.message == "Only 43 % of page 1 is filled, because this is kept whole on the next."
    assert not plan(filler(20), aside, filler(30)).findings


def test_two_thin_pages_are_reported_once() -> None:
    asides = [placed(Callout(inlines(f"Long {line}"), tuple(filler(4) for _ in range(5))), line) for line in (3, 5)]
    made = plan(filler(14), asides[0], asides[1], filler(30))
    assert [found.at.line for found in made.findings] == [3]


def test_a_thin_page_is_blamed_on_the_block_after_the_heading() -> None:
    aside = placed(Callout(inlines("Long"), tuple(filler(4) for _ in range(5))), 9)
    made = plan(filler(14), placed(Heading(2, inlines("Limits")), 7), aside, filler(30))
    assert [(found.code, found.at.line) for found in made.findings] == [("thin-page", 9)]


# ---------------------------------------------------------------- what does not fit


def test_a_table_that_is_too_wide_is_a_finding_with_its_place() -> None:
    wide = "Incomprehensibilitiesandotherwords"
    table = placed(replace(TABLE, body=(row(wide, wide, wide, wide),)), 7)
    (found,) = plan(table).findings
    assert (found.code, found.at.line) == ("table-too-wide", 7)


def test_a_comparison_with_a_word_wider_than_its_column_is_a_finding() -> None:
    rows = ((inlines("Incomprehensibilitiesandotherverylongwords"), inlines("b")),)
    assert codes(plan(placed(Comparison(inlines("Do"), inlines("Try not to"), rows), 7)).findings) == ["table-too-wide"]


def test_a_table_in_a_callout_stays_inside_its_frame() -> None:
    made = plan(Callout(inlines("Look"), (TABLE, COMPARISON, SCRIPTS[0])))
    assert made.findings == ()
    assert min(item.x for item in body_texts(made.pages[0], THEME)) >= THEME.axis


def test_a_fork_in_a_callout_is_a_finding() -> None:
    assert codes(plan(Callout(inlines("Look"), (placed(FORK, 3),))).findings) == ["out-of-place"]


def test_an_unknown_sign_is_a_finding_with_the_nearest_name() -> None:
    (found,) = plan(placed(replace(CARDS[0], sign="lefft"), 3)).findings
    assert (found.code, "left" in found.hint) == ("unknown-sign", True)


def test_a_document_that_does_not_fit_gives_findings_and_no_file() -> None:
    rendered = render_pdf(sample_document(placed(replace(CARDS[0], sign="lefft"), 3)), THEME)
    assert (rendered.content, codes(rendered.findings)) == (b"", ["unknown-sign"])


def test_spanning_cells_have_the_right_places() -> None:
    wide, last = row("Wide", "Last", head=True)
    tall, *rest = row("Tall", "second", "third", "fourth")
    below = tuple(replace(cell, header=False) for cell in row("under two", "under three", "under four"))
    made = plan(Table((), ((replace(wide, columns=3), last),), ((replace(tall, rows=2), *rest), below)))
    page = made.pages[0]
    assert item_with(page, "under two").x == pytest.approx(item_with(page, "second").x)
    assert item_with(page, "under four").x == pytest.approx(item_with(page, "Last").x)
    headers = [each for each in elements(made.root) if each.role == "TH"]
    assert [{key: value for _, key, value in each.attributes} for each in headers] == [
        {"Scope": "Column", "ColSpan": 3},
        {"Scope": "Column"},
        {"Scope": "Row", "RowSpan": 2},
    ]


# ---------------------------------------------------------------- small documents


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(()),
        BulletList(()),
        Steps(()),
        Labelled(inlines("Only a label"), ()),
        Callout((), ()),
        Fork(inlines("Which?"), ()),
        Cover((), inlines("T"), ()),
        MainMessage((), inlines("Main")),
        Contacts(()),
        Table((), (), ()),
        Comparison((), (), ()),
        replace(CARDS[0], rows=(CardRow((), (), acts=True),), sign="", claim=()),
    ],
    ids=lambda block: type(block).__name__,
)
def test_nearly_empty_blocks_can_be_planned(block: Block) -> None:
    made = plan(block, paragraph("The end."))
    assert "Theend." in read_aloud(made)
    assert made.findings == ()


def test_an_empty_document_is_one_page() -> None:
    assert len(plan_document(replace(sample_document(), blocks=()), THEME).pages) == 1


def test_a_word_wider_than_the_column_stays_inside() -> None:
    assert_nothing_outside(plan(paragraph("m" * 300, strong("w" * 200)), Heading(2, (Text("M" * 90),))), THEME)


BETWEEN = "In between stands something else."


@pytest.mark.parametrize(
    "block", [paragraph(LINE), STEPS, TABLE, CALLOUT, FIGURE, CONTACTS], ids=lambda each: type(each).__name__
)
def test_equal_blocks_are_each_read_in_their_places(block: Block) -> None:
    crisis = Crisis()  # it is read after all blocks
    _, _, once = read_aloud(plan(paragraph(BETWEEN), block, crisis=crisis)).partition(squeezed(BETWEEN))
    before, _, after = read_aloud(plan(block, paragraph(BETWEEN), block, crisis=crisis)).partition(squeezed(BETWEEN))
    assert once in before
    assert once == after != ""


@pytest.mark.parametrize(
    "text", ["x" + "\u0316" * 300, "\u0316" * 300, "i" * 300, "WWW\u20dd" * 99, "\u00a0" * 300, "ffi" * 99]
)
@pytest.mark.parametrize("width", [0.5, 5.0, 500.0])
def test_readable_lines_keep_all_of_any_text(text: str, width: float) -> None:
    lines = readable_lines([StyledRun(text)], THEME.print["body"], width)
    assert "".join(line.text for line in lines) == text
