"""A sample of the generated documents of the nightly run: rendered and read back, or refused with findings."""

from __future__ import annotations

import pytest
from nightly import Summary, run_document


@pytest.mark.full
@pytest.mark.parametrize("number", range(20_000, 20_030))
@pytest.mark.parametrize("renderer", ["pdf", "html", "docx", "notes-docx", "pptx"])
def test_a_generated_document_is_complete_or_refused(renderer: str, number: int) -> None:
    summary = Summary()
    run_document(renderer, number, summary)
    assert summary.failures == []
    assert summary.rendered + bool(summary.refused) == 1


@pytest.mark.parametrize("number", [51_152, 53_853, 58_967])
def test_choices_of_two_lines_stay_on_the_page(number: int) -> None:
    summary = Summary()
    run_document("pdf", number, summary)
    assert (summary.failures, summary.rendered) == ([], 1)


def test_the_same_seed_gives_the_same_document() -> None:
    from generated_documents import generated_pages, generated_talk

    assert generated_pages(7) == generated_pages(7)
    assert generated_talk(7) == generated_talk(7) != generated_talk(8)
