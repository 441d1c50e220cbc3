"""Content that must stay together in the real handouts, and text that copying must not lose."""

from __future__ import annotations

import pytest
from layout_pages import Look, deliverables

from handouts.document.nodes import Contacts
from handouts.document.text import walk
from handouts.layout.handout_pages import plan_document
from handouts.layout.inline_text import open_figure_runs
from handouts.layout.page_model import Page, TextItem
from handouts.text.fonts import SMALL_DIGIT_FAMILY
from handouts.text.line_breaking import StyledRun, break_lines
from handouts.theme import TypeStyle

BODY = TypeStyle(size=13, leading=17)


def words_of(page: Page) -> str:
    """Return the words of a page."""
    return " ".join("".join(f"{item.run.text} " for item in page.items if isinstance(item, TextItem)).split())


@pytest.mark.full
@pytest.mark.parametrize("country", ["US", "UK"])
def test_on_letter_everything_before_the_first_section_is_on_page_one(country: str) -> None:
    for one in deliverables(Look("standard", "letter", country)):
        first, second, *_ = plan_document(one.document, one.theme).pages
        assert "Keep safe" in words_of(first), one.file
        assert "Section 1" not in words_of(first)
        assert words_of(second).count("Section 1") == 1


def test_on_a5_a_fork_and_each_step_stay_on_one_page() -> None:
    for one in deliverables(Look("standard", "a5", "UK")):
        if one.audience == "clinicians":  # their fork is higher than a page
            continue
        pages = [words_of(page) for page in plan_document(one.document, one.theme).pages]
        (fork,) = (page for page in pages if "Start here." in page)
        assert all(f"{level}:" in fork for level in ("Red", "Amber", "Green"))
    partners = next(one for one in deliverables(Look("standard", "a5", "UK")) if one.audience == "partners")
    pages = [words_of(page) for page in plan_document(partners.document, partners.theme).pages]
    (steps,) = (page for page in pages if "not even to say stop" in page)
    assert "Ask an abuse or stalking helpline" in steps


def test_a_space_at_the_end_of_a_line_is_part_of_the_words_before_it() -> None:
    runs = [StyledRun("Your no is enough.", bold=True, key="bold"), StyledRun(" The end of all.", key="plain")]
    first, last = break_lines(runs, BODY, 130)
    assert [run.text for run in first.runs] == ["Your no is enough. "]
    assert last.text == "The end of all."
    assert first.width == pytest.approx(first.runs[-1].seen_width)


def test_digits_in_sources_have_open_zeros_for_copying() -> None:
    runs = list(open_figure_runs(StyledRun("2010;30(6):753.")))
    assert "".join(run.text for run in runs) == "2010;30(6):753."
    assert [run.text for run in runs if run.family is SMALL_DIGIT_FAMILY] == ["2010", "30", "6", "753"]


def test_a_need_is_repeated_if_its_contacts_continue() -> None:
    for one in deliverables(Look("large-print", "a4", "UK")):
        listed = [each for node in walk(one.document.blocks) if isinstance(node, Contacts) for each in node.contacts]
        names = {each.name for each in listed}
        for page in plan_document(one.document, one.theme).pages:
            texts = [item.run.text.strip() for item in page.items if isinstance(item, TextItem)]
            if "Where to get help (continued)" in texts:
                assert texts[texts.index("Where to get help (continued)") + 1] not in names, one.file
