"""Memory use does not grow with the number of files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from generated_documents import generated_talk, screen_theme
from msgspec.structs import replace
from paths import ROOT

from handouts.load import load_library
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.pipeline.render import RenderBatch, RenderTask, SharedInput, render_batch
from handouts.render_cache import RenderCache
from handouts.service import Recipient

STATUS = Path("/proc/self/statm")
FEW, MANY = 60, 260


def memory() -> int:
    """Return the number of resident memory pages of this process."""
    return int(STATUS.read_text(encoding="utf-8").split()[1])


@pytest.mark.nightly
@pytest.mark.full
@pytest.mark.skipif(not STATUS.exists(), reason="asks for the memory of a process as Linux tells it")
@pytest.mark.parametrize("kind", ["pdf", "pptx"])
def test_the_memory_of_a_worker_does_not_grow_with_the_number_of_copies(kind: str) -> None:
    home, today = ROOT / "content", date(2026, 11, 24)
    options = Options(home, ROOT / "templates", ROOT / "output", audiences=("family",), formats=(kind,), today=today)
    library = load_library(options.content, options.templates)
    ((each,), _) = plan_deliverables(library, options)
    shared, cache = SharedInput(each.document, library.words["en"], each.theme, None), RenderCache()
    pages = []
    for number in range(MANY):
        recipient = Recipient(number + 2, f"Clinic {number}", f"0117 496 {number:04}")
        task = RenderTask(number, "", each.renderer, recipient=recipient)
        render_batch(RenderBatch(shared, (task,), None, ""), cache)
        if number in (FEW, MANY - 1):
            pages.append(memory())
    assert pages[1] < 1.2 * pages[0]


@pytest.mark.full
@pytest.mark.skipif(not STATUS.exists(), reason="asks for the memory of a process as Linux tells it")
def test_the_memory_of_a_worker_does_not_grow_with_different_decks() -> None:
    pages, cache = [], RenderCache()
    for number in range(72):
        talk = replace(generated_talk(30_000), title=f"Talk {number}")
        shared = SharedInput(talk, talk.words, screen_theme(), None)
        render_batch(RenderBatch(shared, (RenderTask(number, "", "pptx"),), None, ""), cache)
        if number in (35, 71):
            pages.append(memory())
    assert pages[1] < 1.1 * pages[0]
