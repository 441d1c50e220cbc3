"""Finished handouts: checked by real validators, and what a reader sees."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from paths import ROOT
from pdf_text import elements, read_tags
from validators import assert_page_validation_passes, assert_qpdf_passes, assert_verapdf_passes

from handouts.pipeline.build import build_all
from handouts.pipeline.options import Options
from handouts.pipeline.report import Outcome

AUDIENCES = ("family", "partners", "clinicians")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    output = tmp_path_factory.mktemp("finished")
    options = Options(
        ROOT / "content",
        ROOT / "templates",
        output,
        template_names=("handout",),
        country="UK",
        today=date(2026, 11, 23),
    )
    return {f"{each.label.audience}-{each.label.template}": each for each in build_all(options).outcomes}


@pytest.fixture(scope="module")
def handouts(made: dict[str, Outcome]) -> list[Path]:
    return [made[f"{audience}-handout"].path for audience in AUDIENCES]


@pytest.mark.full
def test_verapdf_accepts_every_handout_as_accessible_and_archivable(handouts: list[Path]) -> None:
    assert_verapdf_passes(handouts, "ua1,2a")


@pytest.mark.full
def test_a_second_validator_accepts_every_handout(handouts: list[Path]) -> None:
    for file in handouts:
        assert_page_validation_passes(file.read_bytes())
        assert_qpdf_passes(file)


def test_the_crisis_box_and_the_review_state_are_on_every_page(handouts: list[Path]) -> None:
    for file in handouts:
        with pypdfium2.PdfDocument(file) as document:
            for number, page in enumerate(document, 1):
                text = " ".join(page.get_textpage().get_text_range().replace("\u00a0", " ").split())
                assert "Call 999" in text
                assert "not yet reviewed" in text
                assert f"Page {number} of {len(document)}" in text


def test_each_handout_has_one_title_and_headings_in_order(handouts: list[Path]) -> None:
    for file in handouts:
        roots = read_tags(file.read_bytes())
        assert [len(list(elements(root, "H1"))) for root in roots] == [1, *([0] * (len(roots) - 1))]
        levels = [int(role[1]) for root in roots for role in roles_of(root) if role[0] == "H" and role[1:].isdigit()]
        assert all(after <= before + 1 for before, after in pairwise(levels))


def roles_of(element: object) -> list[str]:
    """Return the roles of all elements, in reading order."""
    if isinstance(element, str):
        return []
    return [element.role, *(role for each in element.content for role in roles_of(each))]  # type: ignore[attr-defined]


def test_text_stays_inside_the_margins(handouts: list[Path]) -> None:
    for file in handouts:
        with pypdfium2.PdfDocument(file) as document:
            for page in document:
                width, height = page.get_size()
                text = page.get_textpage()
                for index, character in enumerate(text.get_text_range()):
                    if character.isspace():  # a space at the end of a line may exceed the margin
                        continue
                    left, bottom, right, top = text.get_charbox(index)
                    assert left >= 40
                    assert right <= width - 40
                    assert bottom >= 34
                    assert top <= height - 34
