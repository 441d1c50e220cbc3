"""The promises of printed pages, checked on each shipped handout in each edition, paper and country."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

import layout_backgrounds as grounds
import layout_promises as promises
import pytest
from layout_pages import AUDIENCES, Look, PlannedHandout, all_looks, deliverables, planned_handout
from samples import sample_document, sample_theme
from test_nothing_lost_or_leaked import inflated

from handouts.layout.handout_pages import plan_document
from handouts.pdf import render_pdf

PROMISES: tuple[Callable[[PlannedHandout], Iterator[str]], ...] = (
    promises.heading_near_the_foot,
    promises.widow_or_orphan,
    promises.split_block,
    promises.thin_page,
    promises.page_without_title,
    promises.outside_the_margins,
    promises.overlapping_texts,
    promises.overlapping_cells,
    promises.small_type,
    promises.long_line,
    promises.single_word_last_line,
    grounds.text_outside_box,
    grounds.line_through_text,
    grounds.weak_contrast,
)
PAINTED = re.compile(rb"([\d. ]+) (?:rg|RG|g|G|k|K|sc|SC|scn|SCN)\b")


@pytest.mark.full
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
@pytest.mark.parametrize("look", all_looks(), ids=str)
def test_every_page_keeps_the_promises(promise: Callable[[PlannedHandout], Iterator[str]], look: Look) -> None:
    broken = [f"{audience}: {each}" for audience in AUDIENCES for each in promise(planned_handout(audience, look))]
    assert not broken, "\n".join(broken)


@cache
def sample(density: str, paper: str) -> PlannedHandout:
    """Return a handout with every kind of block, planned."""
    theme = sample_theme(density=density, paper=paper)
    return PlannedHandout(sample_document(), theme, plan_document(sample_document(), theme))


@pytest.mark.full
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
@pytest.mark.parametrize(("density", "paper"), list(product(("standard", "compact"), ("a4", "letter"))))
def test_every_page_with_all_kinds_of_blocks_keeps_the_promises(
    promise: Callable[[PlannedHandout], Iterator[str]], density: str, paper: str
) -> None:
    broken = list(promise(sample(density, paper)))
    assert not broken, "\n".join(broken)


@pytest.mark.full
@pytest.mark.parametrize("look", all_looks(), ids=str)
def test_a_thin_page_is_the_only_finding(look: Look) -> None:
    for audience in AUDIENCES:
        codes = [found.code for found in planned_handout(audience, look).plan.findings]
        assert codes in ([], ["thin-page"]), audience


@pytest.mark.parametrize("look", [look for look in all_looks() if look.edition == "photocopy"], ids=str)
def test_a_photocopy_is_black_and_white(look: Look) -> None:
    for audience in AUDIENCES:
        broken = list(grounds.colour_in_photocopy(planned_handout(audience, look)))
        assert not broken, "\n".join(broken)


@pytest.mark.full
@pytest.mark.parametrize("look", [look for look in all_looks() if look.edition == "photocopy"], ids=str)
def test_the_bytes_of_a_photocopy_contain_no_other_colour(look: Look) -> None:
    for each in deliverables(look):
        assert painted_values(render_pdf(each.document, each.theme).content) == {0.0, 1.0}


def painted_values(content: bytes) -> set[float]:
    """Return all colour values that the pages of a PDF set."""
    streams = [inflated(found) for found in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)]
    pages = [stream for stream in streams if b" Tf" in stream]
    return {float(value) for page in pages for found in PAINTED.findall(page) for value in found.split()}
