"""The same files for many services: caches of one change nothing in another, and do not grow."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import pkgutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from generated_documents import generated_pages, generated_talk, print_theme, screen_theme
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from paths import ROOT
from samples import inlines, paragraph, placed, sample_document, sample_theme

import handouts
from handouts.deck.zipped_parts import pack_part, zip_parts
from handouts.document.nodes import Document, Rendered
from handouts.finding import Finding, Location
from handouts.load import load_library
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.pipeline.render import RenderTask, SharedInput, render_task, run_renderer
from handouts.theme import Theme
from handouts.verify import verify_file

SERVICES = (("Harbour Team", "020 7946 0001"), ("Quay Clinic", "020 7946 0002"), ("", ""))
# A cache of the few font files of the program, which does not depend on documents.
CLOSED = {"text.fonts"}


def caches() -> Iterator[tuple[str, Any]]:
    """Yield every cache of the program, with its room."""
    for module in pkgutil.walk_packages(handouts.__path__, "handouts."):
        if not module.name.endswith("__main__"):
            for value in vars(import_module(module.name)).values():
                if hasattr(value, "cache_parameters") and value.__module__ == module.name:
                    yield module.name.removeprefix("handouts."), value


def clear_caches() -> None:
    """Clear all caches."""
    for room, each in caches():
        if room not in CLOSED:
            each.cache_clear()


@cache
def copy_for(number: int) -> tuple[Deliverable, ...]:
    """Return the files of one service."""
    options = Options(
        ROOT / "content", ROOT / "templates", ROOT / "output", country="UK", today=date(2026, 1, 1), verify=False
    )
    library = load_library(options.content, options.templates)
    name, phone = SERVICES[number]
    service = replace(library.service, name=name, phone=phone)
    return plan_deliverables(replace(library, service=service), options)[0]


def copies() -> tuple[tuple[Deliverable, ...], ...]:
    """Return the files of each service."""
    return tuple(map(copy_for, range(len(SERVICES))))


def rendered(deliverable: Deliverable) -> Rendered:
    """Return a file as made by a worker process."""
    each: Deliverable = pickle.loads(pickle.dumps(deliverable))
    return run_renderer(each.renderer, each.document, each.theme, each.sheet, fillable=each.fillable)


def hash_of(deliverable: Deliverable) -> str:
    return hashlib.sha256(rendered(deliverable).content).hexdigest()


def hashes(files: list[Deliverable]) -> dict[str, str]:
    """Return the hash of each file, made in this order, by its name and its service's number."""
    known = {id(each): f"{number} {each.file}" for number, files in enumerate(copies()) for each in files}
    return {known[id(each)]: hash_of(each) for each in files}


@pytest.mark.nightly
@pytest.mark.full
def test_copies_have_the_same_bytes_in_any_order() -> None:
    files = [each for copy in copies() for each in copy]
    clear_caches()
    first = hashes(files)
    assert hashes(files) == first
    clear_caches()
    assert hashes(files[::-1]) == first
    assert len(set(first.values())) == len(first)


@pytest.fixture(scope="module")
def made_elsewhere() -> dict[int, str]:
    """The hashes of two files of the second service, made in a new process, by their numbers."""
    code = "import test_remembered as t; print(*(t.hash_of(t.copy_for(1)[number]) for number in (1, 4)))"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT / "tests")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return dict(zip((1, 4), done.stdout.split(), strict=True))


@pytest.mark.full
@pytest.mark.parametrize("number", [1, 4])
def test_a_copy_made_in_a_new_process_is_the_same(made_elsewhere: dict[int, str], number: int) -> None:
    _, second = (hash_of(copy_for(service)[number]) for service in (0, 1))
    assert made_elsewhere[number] == second


def render_generated(number: int, renderer: str) -> Rendered:
    """Return a generated document as a file."""
    document = generated_pages(number) if renderer == "pdf" else generated_talk(number)
    return run_renderer(
        renderer, document, print_theme(number) if renderer == "pdf" else screen_theme(), None, fillable=False
    )


@pytest.mark.nightly
@pytest.mark.full
@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(30_000, 30_400), min_size=2, max_size=3), st.sampled_from(("pdf", "pptx")))
def test_caches_filled_by_other_files_change_nothing(numbers: list[int], renderer: str) -> None:
    remembered = [render_generated(number, renderer) for number in (*numbers, *numbers)][len(numbers) :]
    for number, each in zip(numbers, remembered, strict=True):
        clear_caches()
        assert render_generated(number, renderer) == each


# ---------------------------------------------------------------- places


def too_long(line: int) -> Document:
    """Return a handout whose only paragraph, at this line, is higher than a page."""
    return sample_document(placed(paragraph("\u00a0".join(["words"] * 4)), line), foot="word " * 900)


def test_a_finding_from_the_cache_has_the_place_of_its_own_document() -> None:
    theme = sample_theme()
    found = [run_renderer("pdf", too_long(line), theme, None, fillable=False).findings for line in (3, 3, 8)]
    assert found[0] == found[1]
    assert [{each.at.line for each in findings if each.code == "too-high"} for findings in found] == [{3}, {3}, {8}]


def test_a_finding_about_a_cached_slide_has_the_place_of_its_own_document() -> None:
    talk = generated_talk(30_000)
    for line in (3, 8):
        slide = replace(talk.slides[0], title=inlines("word " * 90), at=Location("a.md", line, 1))
        base = SharedInput(replace(talk, slides=(slide,)), talk.words, screen_theme(), None)
        done = render_task(RenderTask(0, "", "pptx"), base)
        assert {each.at.line for each in done.findings} == {line}


# ---------------------------------------------------------------- verified


def verified(content: bytes, deliverable: Deliverable) -> tuple[Finding, ...]:
    return verify_file(content, deliverable.document, deliverable.renderer)


@pytest.mark.full
@pytest.mark.parametrize("number", [0, 1])
def test_a_copy_is_verified_against_its_own_document(number: int) -> None:
    one, other = copy_for(0)[number], copy_for(1)[number]
    content = rendered(one).content, rendered(other).content
    assert not verified(content[0], one)
    assert not verified(content[1], other)
    codes = {found.code for found in verified(content[0], other)}
    assert "lost-words" in codes
    assert verified(content[0], other) == verified(content[0], other)
    assert not verified(content[0], one)


def test_a_damaged_part_of_a_deck_is_found_despite_the_cache() -> None:
    deck = copy_for(0)[1]
    content = rendered(deck).content
    assert not verified(content, deck)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = archive.getinfo("ppt/slides/slide2.xml")
    start = member.header_offset + 30 + len(member.filename)
    for place in (member.header_offset, member.header_offset + 35, start + 40):
        broken = content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]
        assert [found.code for found in verified(broken, deck)] == ["unreadable-file"]


def test_lost_words_of_a_slide_are_reported_at_their_own_place() -> None:
    deck = copy_for(0)[1]
    content = rendered(deck).content
    assert not verified(content, deck)
    moved = [replace(each, at=replace(each.at, line=each.at.line + 500)) for each in deck.document.slides]
    moved[1] = replace(moved[1], blocks=(*moved[1].blocks, placed(paragraph("A quokka."), 999)))
    found = verified(content, replace(deck, source=replace(deck.document, slides=tuple(moved))))
    assert {(each.code, each.at.line) for each in found} == {("lost-words", 999)}


# ---------------------------------------------------------------- kept


def test_a_zip_file_is_what_the_standard_library_makes_of_the_same_parts() -> None:
    parts = {"[Content_Types].xml": b"<a/>", "ppt/slides/slide1.xml": b"<b>words</b>" * 500, "ppt/media/empty": b""}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 0
            archive.writestr(entry, content)
    packed = {name: pack_part(content) for name, content in parts.items()}
    assert zip_parts(packed) == buffer.getvalue()


def test_every_cache_is_bounded() -> None:
    unbounded = {room for room, each in caches() if each.cache_parameters()["maxsize"] is None}
    assert unbounded <= CLOSED


def test_different_themes_are_never_equal() -> None:
    themes = [sample_theme(edition="large-print"), sample_theme(), sample_theme(accent="plum")]
    alike = replace(themes[1], line="touches" if themes[1].line == "rests" else "rests")
    everything: list[Theme] = [*themes, alike]
    assert len(set(everything)) == len(everything)
    assert pickle.loads(pickle.dumps(alike)) == alike
