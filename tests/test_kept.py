"""What is kept from one command to the next: it saves work, and nothing that is made or found is another for it."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest
from bad_inputs import BUILD, COLD, REFERENCES, TERMS, Bench, Diagnostic
from generated import generated_pages, generated_talk
from msgspec.msgpack import Decoder, encode
from msgspec.structs import replace
from two_readers import ROOT

from handouts.cache import MAX_UNUSED_BYTES, PersistentCache, decode_entries
from handouts.compose import Composition, compose_document
from handouts.compose.placement import TemplateTree, narrow_selection
from handouts.document.dump import dump
from handouts.finding import Finding, HandoutError
from handouts.library import Section
from handouts.load import load_library
from handouts.load.sections import SectionResult, SectionRules, read_section
from handouts.markdown import syntax_tree as tree
from handouts.markdown.syntax_tree import Blocks
from handouts.pipeline.build import build_all
from handouts.pipeline.checks import check_all
from handouts.pipeline.compositions import (
    CompositionCache,
    RuleFindings,
    check_compositions,
    compose_request,
    requested_readers,
    select_for_reader,
)
from handouts.pipeline.options import Options
from handouts.pipeline.output import CACHE_VARIABLE, MAX_CACHED_PROJECTS
from handouts.select import Selection

DAY = date(2026, 11, 24)

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is worked out and not remembered: names of sections that are read, and of documents that are composed."""
    seen: list[str] = []
    read, compose = read_section, compose_document

    def reading(text: str, file: str, rules: SectionRules) -> SectionResult:
        seen.append(Path(file).name)
        return read(text, file, rules)

    def composing(selection: Selection, template: str, **words: object) -> Composition:
        seen.append(f"{selection.audience.name} {template}")
        return compose(selection, template, **words)  # type: ignore[arg-type]

    monkeypatch.setattr("handouts.load.topics.read_section", reading)
    monkeypatch.setattr("handouts.pipeline.compositions.compose_document", composing)
    return seen


def kept_file(cache: Path) -> Path:
    (file,) = cache.iterdir()
    return file


def kept_words(cache: Path) -> bytes:
    """Return all that is kept, as it was before it was packed."""
    return b"".join(map(zlib.decompress, decode_entries(kept_file(cache).read_bytes()).values()))


def built(bench: Bench, *words: str) -> dict[str, bytes]:
    """Build, and return the files that were made."""
    assert bench.run(*BUILD, *words).code == 0
    return {name: content for name, content in bench.files().items() if name.endswith((".pdf", ".pptx"))}


def without(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Build everything anew with nothing kept, and return the files that were made."""
    with monkeypatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, "")
        return built(bench, "--force")


# ---------------------------------------------------------------- what it saves, and what it does not change


def test_only_what_has_changed_is_worked_out_again(bench: Bench, worked: list[str]) -> None:
    # By every template, whatever was asked for: words that other readers are told are looked for in each file.
    templates = sorted(bench.project.load().templates)
    assert {"handout", "slides", "sources"} <= set(templates)
    everything = [f"{reader} {template}" for reader in ("growers", "keepers") for template in templates]
    worked.clear()
    built(bench)
    assert sorted(worked) == sorted(["1-cover.md", "2-cold.md", "3-sources.md", *everything])
    worked.clear()
    bench.project.replace(COLD, "Only keepers read this.", "Only keepers read that.")
    built(bench)
    assert sorted(worked) == ["2-cold.md", "keepers handout"]  # nothing else shows it
    worked.clear()
    bench.project.replace(TERMS, "the young of a hive", "young bees")
    built(bench)
    assert sorted(worked) == everything


def test_what_is_made_of_what_is_kept_has_the_same_bytes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for old, new in (
        ("Everyone reads", "All read"),
        ("All read", "Everyone reads"),
        ('\n::: {for="growers"}', '\nMore for all.\n\n::: {for="growers"}'),
    ):
        built(bench)
        bench.project.replace(COLD, old, new)
        assert built(bench) == without(bench, monkeypatch)


def test_a_document_is_the_same_when_what_it_does_not_show_is_left_out() -> None:
    options = Options(ROOT / "content", ROOT / "templates", ROOT / "output", country="UK", today=DAY)
    library, kept = load_library(options.content, options.templates), PersistentCache("a program")
    for reader in requested_readers(library, options):
        selection = select_for_reader(library, reader)
        for template in (each for each in library.templates.values() if reader.audience.name in each.audiences):
            needed = narrow_selection(selection, template, kept)
            whole, same = (
                compose_document(each, template.name, country="UK", today=DAY, kept=kept)
                for each in (selection, needed)
            )
            assert (dump(whole.document), whole) == (dump(same.document), same)
            assert check_compositions(selection, (whole,), "UK") == check_compositions(needed, (same,), "UK")
            assert len(str(needed)) < len(str(selection))


def test_whatever_changes_a_document_is_needed_for_it(bench: Bench) -> None:
    library, kept = load_library(bench.path("content"), bench.path("templates")), PersistentCache("a program")
    changed, needed_twice = 0, 0
    for reader in requested_readers(
        library, Options(bench.path("content"), bench.path("templates"), bench.path("output"))
    ):
        selection = select_for_reader(library, reader)
        for template in library.templates.values():
            for other in with_other_words(selection):
                one, two = (composed_of(each, template.name, kept) for each in (selection, other))
                same = narrow_selection(selection, template, kept) == narrow_selection(other, template, kept)
                assert not same or one == two
                changed, needed_twice = changed + (one != two), needed_twice + (not same)
    assert changed > 20
    assert needed_twice - changed < changed


def composed_of(selection: Selection, template: str, kept: PersistentCache) -> object:
    """Return what a template makes of a selection, or why it makes nothing of it."""
    try:
        made = compose_document(selection, template, today=DAY, kept=kept)
    except HandoutError as raised:
        return raised.findings
    return made, check_compositions(selection, (made,), "")


def with_other_words(selection: Selection) -> Iterator[Selection]:
    """Yield a selection with a word more in each part in turn, and with what each cites left out."""
    for number, section in enumerate(selection.sections):
        for at, part in enumerate(section.parts):
            for blocks in (with_a_word(part.blocks), without_citations(part.blocks)):
                parts = (*section.parts[:at], replace(part, blocks=blocks), *section.parts[at + 1 :])
                sections = selection.sections
                sections = (*sections[:number], replace(section, parts=parts), *sections[number + 1 :])
                yield replace(selection, sections=sections)


def with_a_word(blocks: Blocks) -> Blocks:
    """Return blocks with a word more in the first paragraph, if there is one."""
    return tuple(
        replace(each, content=(*each.content, tree.TextNode(" honestly", each.at)))
        if isinstance(each, tree.ParagraphNode) and each is next(b for b in blocks if isinstance(b, tree.ParagraphNode))
        else each
        for each in blocks
    )


def without_citations(blocks: Blocks) -> Blocks:
    """Return blocks whose paragraphs cite nothing."""
    return tuple(
        replace(each, content=tuple(node for node in each.content if not isinstance(node, tree.CitationNode)))
        if isinstance(each, tree.ParagraphNode)
        else each
        for each in blocks
    )


@pytest.mark.parametrize("number", range(40))
def test_every_kind_of_node_is_read_back_as_what_it_was(number: int) -> None:
    for made in (generated_pages(number), generated_talk(number)):
        value = Composition(made, frozenset(), "handout", ())
        read = Decoder(Composition).decode(encode(value))
        assert read == value


def test_the_real_topic_is_read_back_as_what_it_was() -> None:
    options = Options(ROOT / "content", ROOT / "templates", ROOT / "output", country="UK", today=DAY)
    first = PersistentCache("a program")
    library = load_library(options.content, options.templates, first)
    every = replace(options, template_names=tuple(library.templates))
    one = compose_request(library, every, done=CompositionCache(first))
    again = PersistentCache("a program", decode_entries(first.as_bytes()))
    loaded = load_library(options.content, options.templates, again)
    two = compose_request(loaded, every, done=CompositionCache(again))
    assert (loaded, two) == (library, one)
    assert set(again.used) <= set(first.used)
    assert not again.changed
    for before, after in zip(one.composed, two.composed, strict=True):
        assert [dump(each.document) for each in before.compositions] == [
            dump(each.document) for each in after.compositions
        ]


def test_two_recipes_never_look_the_same() -> None:
    # A decoder is refused where two kinds of value could be taken for each other, and so could their recipes be.
    for kind in (Selection, Composition, RuleFindings, TemplateTree, SectionResult, Section):
        Decoder(kind)


# ---------------------------------------------------------------- findings


def found(bench: Bench) -> Iterator[Diagnostic]:
    yield from bench.run("check", "--country", "UK", "--today", "2026-11-24").diagnostics


def test_findings_are_said_again_at_the_places_where_they_are_now(bench: Bench) -> None:
    bench.project.replace(COLD, "Everyone reads this.", "Here 50 % of them live. Everyone reads this.")
    first = list(found(bench))
    assert any(each.file == COLD for each in first)
    assert list(found(bench)) == first
    bench.project.replace(COLD, "Below ten degrees no bee flies", "Below ten degrees\nno bee flies")
    bench.project.replace(COLD, "Here 50 %", '[Only for keepers.]{for="keepers"} Here 50 %')
    moved = list(found(bench))
    os.environ[CACHE_VARIABLE] = ""
    assert moved == list(found(bench))
    assert moved != first


def test_where_something_is_found_in_a_text_it_is_looked_for_again(
    bench: Bench, worked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def checking(selection: Selection, compositions: Iterable[Composition], country: str) -> tuple[Finding, ...]:
        made = tuple(compositions)
        worked.extend(f"checked for {selection.audience.name}: {each.template}" for each in made)
        return check_compositions(selection, made, country)

    monkeypatch.setattr("handouts.pipeline.compositions.check_compositions", checking)
    # Its place is looked up in the whole file, in which other readers' words may have changed.
    bench.project.replace(COLD, "Only growers read", "Of 50 % only growers read")
    list(found(bench))
    worked.clear()
    assert [each.code for each in found(bench) if each.file == COLD] == ["uncited-number"]
    assert worked == ["checked for growers: handout"]


def test_whoever_asks_for_one_reader_has_the_others_composed_and_not_checked(
    bench: Bench, worked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []

    def checking(selection: Selection, compositions: Iterable[Composition], country: str) -> tuple[Finding, ...]:
        checked.append(selection.audience.name)
        return check_compositions(selection, compositions, country)

    monkeypatch.setattr("handouts.pipeline.compositions.check_compositions", checking)
    built(bench, "--audience", "growers")
    assert {"keepers handout", "keepers slides"} <= set(worked)
    assert set(checked) == {"growers"}


def test_mistakes_are_found_again(bench: Bench) -> None:
    bench.project.replace(COLD, '{.claim for="growers"}', '{.claim for="growrs"}')
    first = bench.run("check")
    again = bench.run("check")
    assert (again.code, again.said) == (first.code, first.said) == (1, first.said)
    assert "did you mean 'growers'?" in again.said


def test_half_a_character_in_a_name_is_no_reason_to_stop(bench: Bench) -> None:
    bench.project.replace(REFERENCES, '"reed2001"', '"reed\\ud800"')
    ran = bench.run("check")
    assert ran.code in (0, 1)
    assert "Traceback" not in ran.said


# ---------------------------------------------------------------- where, and for how long


def test_it_is_kept_for_the_user_and_not_in_the_output_folder(bench: Bench, cache: Path) -> None:
    built(bench, "--audience", "growers")
    assert b"Only keepers read this." in kept_words(cache)
    assert not any(b"Only keepers" in path.read_bytes() for path in bench.path("output").rglob("*") if path.is_file())


def test_nothing_of_a_recipient_is_kept(bench: Bench, cache: Path) -> None:
    bench.project.write("clinics.csv", "name,phone\nQuayside Clinic,020 7946 0001\n")
    assert bench.run(*BUILD, "--recipients", "clinics.csv").code == 0
    content = kept_words(cache)
    assert b"Only keepers read this." in content
    assert b"Quayside" not in content
    assert b"7946" not in content


@pytest.mark.parametrize("damage", ["", "x" * 100, "half", "other kind", "other byte"])
def test_damage_costs_time_and_nothing_else(bench: Bench, cache: Path, damage: str) -> None:
    before = built(bench)
    file = kept_file(cache)
    content = file.read_bytes()
    match damage:
        case "half":
            content = content[: len(content) // 2]
        case "other kind":
            body = encode(dict.fromkeys(decode_entries(content), zlib.compress(encode({"type": "Document"}))))
            content = hashlib.sha256(body).digest() + body
        case "other byte":
            half = len(content) // 2
            content = content[:half] + bytes((content[half] ^ 1,)) + content[half + 1 :]
        case _:
            content = damage.encode()
    file.write_bytes(content)
    bench.path("output/manifest.json").unlink()
    assert built(bench, "--force") == before
    file.write_bytes(content)
    for path in before:
        bench.path(path).unlink()
    assert built(bench) == before


def test_what_another_program_kept_is_not_used(
    bench: Bench, worked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    built(bench)
    first = list(worked)
    monkeypatch.setattr("handouts.pipeline.output.program_identity", lambda: "another")
    bench.project.replace(TERMS, "the young of a hive", "young bees")
    worked.clear()
    built(bench)
    assert sorted(worked) == sorted(first)


def test_force_works_everything_out_again(bench: Bench, worked: list[str]) -> None:
    built(bench)
    first = list(worked)
    worked.clear()
    built(bench, "--force")
    assert sorted(worked) == sorted(first)


def test_nothing_is_kept_if_nothing_is_to_be_or_if_it_cannot_be(
    bench: Bench, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = Options(bench.path("content"), bench.path("templates"), bench.path("output"), country="UK", today=DAY)
    build_all(options)
    assert not cache.exists()
    with monkeypatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, "")
        check_all(replace(options, keep=True))
    assert not cache.exists()
    cache.write_text("no folder", encoding="utf-8")
    assert check_all(replace(options, keep=True)).documents
    assert cache.read_text(encoding="utf-8") == "no folder"


def test_what_is_not_used_any_more_is_given_up_when_there_is_no_room() -> None:
    old = {str(number): bytes(MAX_UNUSED_BYTES // 4) for number in range(10)}
    kept = PersistentCache("a program", old)
    kept.used["new"] = bytes(2 * MAX_UNUSED_BYTES)
    kept.used["9"] = old["9"]
    assert set(decode_entries(kept.as_bytes())) == {"new", "9", "0", "1", "2"}


def test_the_projects_that_were_built_last_are_kept(bench: Bench, cache: Path) -> None:
    cache.mkdir()
    for number in range(30):
        path = cache / f"{number}.kept"
        path.write_bytes(b"")
        os.utime(path, (number, number))
    (cache / "somebody's own").write_bytes(b"")
    built(bench)
    left = {path.name for path in cache.iterdir()}
    assert len(left) == MAX_CACHED_PROJECTS + 1
    assert {"somebody's own", "29.kept"} <= left
    assert "0.kept" not in left


def test_a_list_of_sources_of_a_template_that_there_is_not_is_one_mistake(bench: Bench) -> None:
    bench.project.replace("templates/sources.md.j2", "sources-of: handout", "sources-of: handuot")
    ran = bench.run(*BUILD, "--template", "sources")
    assert (ran.code, {(each.code, each.file) for each in ran.diagnostics}) == (
        1,
        {("unknown-template", "templates/sources.md.j2")},
    )
    assert "did you mean 'handout'?" in ran.said


def test_of_more_than_there_is_room_for_the_first_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handouts.cache.MAX_CACHE_BYTES", 10_000)
    kept = PersistentCache("a program", {"old": bytes(100)})
    kept.used = {str(number): bytes(1_000) for number in range(20)}
    content = kept.as_bytes()
    assert list(decode_entries(content)) == [*(str(number) for number in range(9)), "old"]
    assert len(content) < 10_000
