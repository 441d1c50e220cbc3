"""The work for a project grows linearly: calls are counted, as times differ between machines."""

from __future__ import annotations

import cProfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from deck_samples import deck_theme, sample_deck
from generated_documents import generated_talk, screen_theme
from msgspec.structs import replace
from paths import ROOT

from handouts.check.rules import Passage, place_in_file
from handouts.cli.terminal import print_findings
from handouts.deck.deck_plan import plan_deck
from handouts.deck.package import draw_deck
from handouts.document.nodes import Document, Rendered
from handouts.finding import Location, error
from handouts.load import load_library
from handouts.pipeline import render as rendering
from handouts.pipeline.build import build_all
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.pipeline.render import RenderBatch, RenderTask, SharedInput
from handouts.pipeline.workers import InlineWorkers, run_batches
from handouts.render_cache import RenderCache
from handouts.theme import Paper, Theme


def test_a_place_is_found_on_every_line_of_a_long_text() -> None:
    text = "".join(f"Line {number} names a word.\n" for number in range(400))
    for line in range(1, 401):
        words = f"Line {line - 1} names a word."
        at = Location("a.md", line, 1)
        found = place_in_file(
            Passage(words, "prose", "handout", at, ((0, at),)), words.index("names"), 99, {"a.md": text}
        )
        assert found == Location("a.md", line, words.index("names") + 1)


def test_the_file_of_many_findings_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, read = tmp_path / "a.md", list[Path]()
    path.write_text("".join(f"line {number}\n" for number in range(1, 101)), encoding="utf-8")
    reading = Path.read_text

    def counted(file: Path, *words: str, **named: str) -> str:
        read.append(file)
        return reading(file, *words, **named)

    monkeypatch.setattr(Path, "read_text", counted)
    print_findings(error("label", f"Word {line}.", Location(path.as_posix(), line, 6)) for line in range(1, 101))
    shown = capsys.readouterr().err
    assert all(f"  {line} | line {line}\n" in shown for line in range(1, 101))
    assert read == [path]


def calls_of(work: Callable[[], object]) -> int:
    """Return the number of function calls of some work."""
    with cProfile.Profile() as profiler:
        work()
    return sum(each.callcount for each in profiler.getstats())


@pytest.mark.full
def test_a_slide_of_a_long_deck_costs_as_much_as_one_of_a_short_deck() -> None:
    document, theme = sample_deck(), deck_theme()
    plan = plan_deck(document, theme)
    few, many = (
        calls_of(partial(draw_deck, replace(plan, slides=plan.slides * times), document, theme)) for times in (2, 8)
    )
    assert many < 4.1 * few


def shipped_options(output: Path, **more: Any) -> Options:
    """Return the options of a build of the shipped topic in this process."""
    today = date(2026, 11, 24)
    home, templates = ROOT / "content", ROOT / "templates"
    return Options(home, templates, output, country="UK", today=today, jobs=1, **more)


@pytest.mark.full
def test_a_leaking_file_is_not_written_and_workers_do_not_need_the_forbidden_phrases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = shipped_options(tmp_path, audiences=("family",), formats=("pptx",))
    request = Options(options.content, options.templates, tmp_path, audiences=("partners",), formats=("pptx",))
    ((other,), _) = plan_deliverables(load_library(options.content, options.templates), request)
    draw = rendering.run_renderer

    def leaking(renderer: str, document: Document, theme: Theme, sheet: Paper | None, **more: Any) -> Rendered:
        mixed = replace(document, slides=(*document.slides, other.document.slides[4]))
        return draw(renderer, mixed, theme, sheet, **(more | {"plan": None}))  # the planned pages do not contain it

    monkeypatch.setattr(rendering, "run_renderer", leaking)
    (made,) = build_all(options).outcomes
    assert not made.is_in_place
    assert "foreign-words" in {found.code for found in made.findings}
    assert not made.path.exists()


def test_each_file_is_written_as_soon_as_it_is_rendered() -> None:
    talk, sent = generated_talk(30_000), list[int]()

    def batches() -> Iterator[RenderBatch]:
        shared = SharedInput(talk, talk.words, screen_theme(), None)
        for number in range(4):
            sent.append(number)
            yield RenderBatch(shared, (RenderTask(number, "", "pptx", verify=False),), None, "")

    landed = [(each.number, len(sent)) for each in run_batches(batches(), InlineWorkers(RenderCache()))]
    assert landed == [(0, 1), (1, 2), (2, 3), (3, 4)]
