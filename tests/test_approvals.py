"""Sign-offs hold for the words that were read: what makes them stale, what does not, and how pages show them."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from command_bench import COLD, TOPIC, Bench, CommandResult
from command_folder import CommandFolder
from conftest import Project
from paths import ROOT

from handouts.compose import Composition, compose_discreet_edition, compose_document, hash_seen_words
from handouts.document.seen_words import hash_words
from handouts.load import load_library
from handouts.render_cache import RenderCache
from handouts.select import select_content

pytestmark = pytest.mark.full

REVIEWS = "content/bees/reviews.yaml"
UK = "content/contacts/UK.yaml"
DAY = ("--today", "2026-11-24")
OURS, THEIRS = "Cold keeps them in.", "Below ten degrees no bee flies"  # for growers only, and for keepers only
SHARED = "Everyone reads this."


def sign(bench: Bench, audience: str, role: str = "clinician", *more: str) -> CommandResult:
    ran = bench.run("review", "sign", "bees", "--audience", audience, "--role", role, *DAY, *more)
    assert ran.code == 0, ran.err
    return ran


def status(bench: Bench) -> dict[str, dict[str, str]]:
    """Return the state of each audience, and of each of its roles, by the name of the audience."""
    readers = json.loads(bench.run("review", "status", "--json", *DAY).out)["readers"]
    return {
        each["audience"]: {"": each["state"]} | {one["role"]: one["state"] for one in each["roles"]} for each in readers
    }


def foot(project: Project, audience: str) -> str:
    return project.compose(audience).document.foot


def seen(project: Project, audience: str) -> tuple[tuple[str, str], ...]:
    return hash_seen_words(select_content(project.load(), "bees", audience, "en"), RenderCache())


def seen_hashes(project: Project) -> dict[str, str]:
    """Return the hash of the words that each audience reads, with the content loaded once."""
    library, cache = project.load(), RenderCache()
    return {
        each: hash_words(hash_seen_words(select_content(library, "bees", each, "en"), cache))
        for each in ("growers", "keepers")
    }


# ---------------------------------------------------------------- which words count


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        (COLD, OURS, "Cold makes them stay in.", {"growers"}),
        (COLD, THEIRS, "Below nine degrees no bee flies", {"keepers"}),
        (COLD, SHARED, "All read this.", {"growers", "keepers"}),
        (COLD, "Say it slowly.", "Say it kindly.", {"growers", "keepers"}),  # a note of the talk
        (COLD, "[@moss2019]", "[@reed2001]", {"keepers"}),
        ("content/terms.yaml", "the young of a hive", "young bees", {"growers"}),
        (TOPIC, 'version: "0.1"', 'version: "0.2"', set()),
        (TOPIC, "published: 2026-11-23", "published: 2026-11-24", set()),
        (COLD, 'minutes="2"', 'minutes="3"', set()),
        (COLD, 'sign="left"', 'sign="phone"', set()),
        ("content/service.yaml", 'name: ""', "name: Harbour Team", set()),
        ("content/service.yaml", "country: UK", "country: US", set()),
        ("content/service.yaml", "short: WR", "short: WS", set()),
        ("content/service.yaml", "spelling: british", "spelling: american", set()),
        ("content/service.yaml", "theme: settling-line", "theme: plain-meadow", set()),
        ("content/contacts/ANY.yaml", "Emergency in", "Help in", set()),
        ("templates/words/en.yaml", "in_short: In short", "in_short: Briefly", set()),
    ],
)
def test_a_sign_off_covers_only_the_words_that_the_audience_reads(
    project: Project, file: str, old: str, new: str, changed: set[str]
) -> None:
    before = seen_hashes(project)
    project.replace(file, old, new)
    after = seen_hashes(project)
    assert {each for each, words in before.items() if after[each] != words} == changed


def test_file_names_and_line_ends_do_not_affect_a_sign_off(project: Project) -> None:
    before = seen(project, "keepers")
    path = project.root / COLD
    project.write("content/bees/en/2-frost.md", "\r\n" + path.read_text(encoding="utf-8").replace("\n", "\r\n"))
    path.unlink()
    assert seen(project, "keepers") == before


def test_sentences_of_templates_are_part_of_a_sign_off(project: Project) -> None:
    named = {each for each, _ in seen(project, "growers")}
    assert named == {"cover", "cold", "sources"}
    project.replace("templates/parts/handout-factor.md.j2", "{{ section.explanation }}",
                    "Read this twice.\n\n{{ section.explanation }}")  # fmt: skip
    before = dict(seen(project, "growers"))
    assert set(before) == {*named, "(templates)"}
    project.replace("templates/parts/handout-factor.md.j2", "Read this twice.", "Read this once.")
    after = dict(seen(project, "growers"))
    assert {each for each in before if after[each] != before[each]} == {"(templates)"}
    project.replace("content/bees/en/1-cover.md", "Ten minutes", "A long talk")  # on a slide after its length
    assert {each for each, words in seen(project, "growers") if words != after[each]} == {"cover"}


def test_changed_sections_are_named_and_their_order_matters(bench: Bench) -> None:
    sign(bench, "growers")
    bench.project.replace(COLD, OURS, "Cold makes them stay in.")
    assert "stale    clinician, 2026-11-24; since then changed: cold\n" in bench.run("review", "status", *DAY).out
    bench.project.replace(COLD, "Cold makes them stay in.", OURS)
    assert status(bench)["growers"][""] == "reviewed"
    for old, new in (("2-cold", "4-cold"), ("1-cover", "5-cover")):
        bench.path(f"content/bees/en/{old}.md").rename(bench.path(f"content/bees/en/{new}.md"))
    assert status(bench)["growers"][""] == "changed"


# ---------------------------------------------------------------- what pages say


def test_pages_name_their_reviewers_until_the_words_change(bench: Bench) -> None:
    project = bench.project
    project.write(UK, bench.text(UK).replace('confirmed_on: ""', "confirmed_on: 2026-11-01"))
    project.replace(TOPIC, "keywords:", "review_roles: [clinician, person, bee-friend]\nkeywords:")
    assert foot(project, "growers") == "For growers · Draft 0.1: not yet reviewed · Nov 2026"
    sign(bench, "growers", "clinician", "--name", "Dr Ä. 'Moss': \"Reed\"")
    assert foot(project, "growers") == "For growers · Draft 0.1: not yet reviewed by all · Nov 2026"
    sign(bench, "growers", "person", "--people", "2")
    sign(bench, "growers", "bee-friend")
    by = "reviewed by a clinician, two people with WR and bee friend"
    made = project.compose("growers").document
    assert (made.foot, made.draft) == (f"For growers · Version 0.1, {by}, Nov 2026 · Nov 2026", "")
    assert made.publication.reviewed_on == "2026-11-24"
    assert project.compose("growers", "slides").document.draft == ""
    assert foot(project, "keepers") == "For keepers · Draft 0.1: not yet reviewed · Nov 2026"
    project.replace(UK, "confirmed_on: 2026-11-01", 'confirmed_on: ""')
    assert foot(project, "growers") == f"For growers · Draft 0.1: {by}, lines not confirmed · Nov 2026"
    project.replace(COLD, SHARED, "All read this.")
    changed = "Draft 0.1: changed since its review, lines not confirmed"
    assert foot(project, "growers") == f"For growers · {changed} · Nov 2026"
    assert project.compose("growers", "slides").document.draft == "Draft 0.1"


def test_another_person_with_the_role_can_sign_the_new_words(bench: Bench) -> None:
    sign(bench, "growers", "carer", "--name", "A. Reed")
    bench.project.replace(COLD, SHARED, "All read this.")
    sign(bench, "growers", "carer", "--name", "B. Vale")
    assert status(bench)["growers"] == {"": "reviewed", "carer": "signed"}
    assert "reviewed by a carer, lines" in foot(bench.project, "growers")


def test_a_discreet_edition_does_not_name_its_reviewers(bench: Bench) -> None:
    bench.project.replace("content/bees/en/1-cover.md", "::: {.talk}", "::: {.outside-title}\nA note\n:::\n\n"
                          "::: {.outside-subtitle}\nTo keep\n:::\n\n::: {.talk}")  # fmt: skip
    sign(bench, "growers", "person")
    made: Composition = bench.project.compose("growers")
    assert "a person with WR" in made.document.foot
    assert compose_discreet_edition(made).foot == "Draft 0.1: lines not confirmed · Nov 2026"


# ---------------------------------------------------------------- a release


def test_a_change_for_one_audience_makes_only_its_sign_off_stale(
    empty: CommandFolder,
) -> None:
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, empty.path / name)
    for file in (empty.path / "content/contacts").glob("*.yaml"):
        text = file.read_text(encoding="utf-8").replace('confirmed_on: ""', "confirmed_on: 2026-11-01")
        file.write_text(text, encoding="utf-8", newline="\n")
    signed = ("--audience", "family,partners,clinicians", *DAY)
    assert empty.run("review", "sign", "bpd-contact", *signed, "--role", "clinician").code == 0
    assert empty.run("review", "sign", "bpd-contact", *signed, "--role", "person", "--people", "2").code == 0
    release = ("build", "--release", "--dry-run", "--template", "handout", "--country", "UK", *DAY)
    file = empty.path / "content/bpd-contact/en/04-safety.md"
    text = file.read_text(encoding="utf-8")
    assert text.count("Talk when you are both calm.") == 1
    file.write_text(text.replace("Talk when", "Speak when"), encoding="utf-8", newline="\n")
    library = load_library(empty.path / "content", empty.path / "templates")
    feet = {}
    for audience in ("family", "partners", "clinicians"):
        selection = select_content(library, "bpd-contact", audience, "en")
        feet[audience] = compose_document(selection, "handout", country="UK", today=date(2026, 11, 24)).document.foot
    whole = "Version 0.1, reviewed by a clinician and two people with BPD, Nov 2026 · Nov 2026"
    assert feet == {
        "family": f"For family members · {whole}",
        "partners": "For partners and ex-partners · Draft 0.1: changed since its review · Nov 2026",
        "clinicians": f"For clinicians · {whole}",
    }
    assert empty.run(*release, "--audience", "family,clinicians").code == 0
    refused = empty.run(*release)
    assert refused.code == 1
    lines = (empty.path / "content/bpd-contact/reviews.yaml").read_text(encoding="utf-8").split("\n")
    assert {each.code for each in refused.diagnostics} == {"stale-review"}
    for each in refused.diagnostics:
        assert (each.severity, each.file) == ("error", "content/bpd-contact/reviews.yaml")
        assert "audience: partners" in "\n".join(lines[each.line - 1 : each.line + 4])
        assert each.message.endswith(": safety.")


def test_a_release_needs_a_sign_off_for_each_required_role(bench: Bench) -> None:
    place = bench.plant(TOPIC, "keywords:", "review_roles: [clinician, ¦carer]\nkeywords:")
    release = ("check", "--release", "--audience", "growers", "--template", "handout", *DAY)
    sign(bench, "growers")
    ran = bench.run(*release)
    found = [each for each in ran.diagnostics if each.code == "unreviewed"]
    assert [(each.place, each.severity) for each in found] == [(place, "error")]
    assert "--audience growers --language en --role carer" in ran.err
    sign(bench, "growers", "carer")
    assert "unreviewed" not in {each.code for each in bench.run(*release).diagnostics}


def test_the_review_state_in_topic_yaml_holds_until_the_first_sign_off(bench: Bench) -> None:
    bench.project.replace(TOPIC, "reviewed_by: []", "reviewed_by: [A keeper]")
    bench.project.replace(TOPIC, 'reviewed_on: ""', "reviewed_on: 2026-10-02")
    assert status(bench) == {"growers": {"": "reviewed"}, "keepers": {"": "reviewed"}}
    sign(bench, "keepers")
    assert foot(bench.project, "growers").startswith("For growers · Draft 0.1: not yet reviewed")
    found = [each for each in bench.run("check", *DAY).diagnostics if each.code == "unbound-review"]
    assert [each.place for each in found] == [bench.place(TOPIC, "[A keeper]")]


def test_a_due_review_is_shown(bench: Bench) -> None:
    bench.project.replace(TOPIC, "next_review: 2027-11-23", "next_review: 2026-11-24")
    ran = bench.run("review", "status", "bees", *DAY)
    assert (ran.code, ran.out.splitlines()[0]) == (0, "bees (en): the next review is due since 2026-11-24")


# ---------------------------------------------------------------- how it is written


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_signing_only_appends_to_the_file(bench: Bench, line_end: str) -> None:
    sign(bench, "growers", "carer", "--name", "Zoë: #1 'O\"Reed'")
    mine = "# mine, and it stays\n" + bench.text(REVIEWS).replace("- role: carer", "- role: carer   # a friend")
    old = ("\ufeff" + mine.replace("\n", line_end)).rstrip().encode()  # without a final line break
    bench.put(REVIEWS, old)
    sign(bench, "keepers")
    new = bench.path(REVIEWS).read_bytes()
    assert new.startswith(old)
    assert new.count(b"\r\n") == (new.count(b"\n") if line_end == "\r\n" else 0)
    read = yaml.safe_load(new.decode("utf-8-sig"))
    assert [(each["role"], each.get("name")) for each in read] == [("carer", "Zoë: #1 'O\"Reed'"), ("clinician", None)]
    assert read[1]["sections"] == dict(seen(bench.project, "keepers"))
    assert status(bench) == {
        "growers": {"": "reviewed", "carer": "signed"},
        "keepers": {"": "reviewed", "clinician": "signed"},
    }


def test_signing_keeps_the_indentation_of_the_list(bench: Bench) -> None:
    sign(bench, "growers")
    lines = bench.text(REVIEWS).splitlines(keepends=True)
    bench.project.write(REVIEWS, "".join(line if line.startswith("#") else f"    {line}" for line in lines))
    sign(bench, "keepers")
    assert {each[""] for each in status(bench).values()} == {"reviewed"}


def test_a_list_that_cannot_be_appended_to_is_left_unchanged(bench: Bench) -> None:
    bench.project.write(REVIEWS, "[]\n")
    ran = bench.run("review", "sign", "bees", "--audience", "growers", "--role", "carer", *DAY)
    assert (ran.code, ran.only("error").code, bench.text(REVIEWS)) == (1, "wrong-type", "[]\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("bees", "--audience", "growrs", "--role", "carer"), "did you mean 'growers'?"),
        (("beas", "--audience", "growers", "--role", "carer"), "did you mean 'bees'?"),
        (("bees", "--audience", "growers", "--role", "clinican"), "did you mean 'clinician'?"),
        (("bees", "--audience", "growers", "--role", "carer", "--language", "fr"), "known: en"),
        (("bees", "--audience", "growers", "--role", "carer", "--name", "A", "--people", "2"), "sign for each person"),
        (("bees", "--audience", "growers", "--role", "carer", "--people", "0"), "a number from 1 to 1000"),
        (("bees", "--audience", "growers"), "--role"),
    ],
)
def test_wrong_arguments_sign_nothing(bench: Bench, words: tuple[str, ...], message: str) -> None:
    ran = bench.run("review", "sign", *words, *DAY)
    assert (ran.code, message in ran.err) == (2, True), ran.err
    assert not bench.path(REVIEWS).exists()


def test_the_same_words_are_not_signed_twice(bench: Bench) -> None:
    sign(bench, "growers", "carer", "--name", "A. Reed")
    before = bench.text(REVIEWS)
    again = bench.run("review", "sign", "bees", "--audience", "keepers,growers", "--role", "carer", "--name", "A. Reed")
    assert (again.code, bench.text(REVIEWS)) == (2, before)


# ---------------------------------------------------------------- what is wrong in the file


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("audience: growers", "audience: ¦growrs", "unknown-audience"),
        ("role: clinician", "role: ¦clinican", "unknown-role"),
        ("language: en", "language: ¦fr", "unknown-language"),
        ("date: 2026-11-24", "date: ¦2026-11-31", "wrong-type"),
        ("date: 2026-11-24", 'date: ¦""', "empty-value"),
        ("date: 2026-11-24", "date: ¦2026-11-25", "future-review"),
        ("words: ", "words: ¦f", "bad-hash"),
        ("words: ", "words: ¦abc # ", "bad-hash"),
        ("cold: ", "cold: ¦x", "bad-hash"),
        ("{cover: ", "{another: 0123456789abcdef, cover: ", "bad-hash"),
        ("  sections:\n", "  people: ¦0\n  sections:\n", "out-of-range"),
        ("  role: clinician", "  ¦rolle: clinician", "unknown-key"),
        ("- role", "role", "yaml"),
    ],
)
def test_an_invalid_sign_off_is_an_error_at_its_place(bench: Bench, old: str, new: str, code: str) -> None:
    sign(bench, "growers")
    if code == "unknown-key":
        old, new = old.replace("  ", "- "), new.replace("  ", "- ")
    if code == "yaml":
        bench.project.write(REVIEWS, bench.text(REVIEWS) + "- role: [\n")
        place = None
    else:
        place = bench.plant(REVIEWS, old, new)
    found = bench.run("build", "--country", "UK", *DAY).only("error")
    assert found.code == code
    assert found.file == REVIEWS
    assert place is None or not place[1] or found.place == place


def test_a_duplicate_sign_off_is_an_error_at_the_second(bench: Bench) -> None:
    sign(bench, "growers")
    text = bench.text(REVIEWS)
    once = text[text.index("- role") :]
    bench.project.write(REVIEWS, text + once)
    found = bench.run("build", "--country", "UK", *DAY).only("error")
    assert (found.code, found.line) == ("duplicate-review", text.count("\n") + 1)
    bench.project.write(REVIEWS, text + once.replace("2026-11-24", "2026-11-23"))  # another one, on another day
    assert "two clinicians" in foot(bench.project, "growers")


def test_a_file_linked_to_outside_the_project_is_neither_read_nor_written(
    bench: Bench, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside: Path = tmp_path_factory.mktemp("outside") / "reviews.yaml"
    outside.write_text("# not ours\n", encoding="utf-8")
    bench.path(REVIEWS).symlink_to(outside)
    ran = bench.run("review", "sign", "bees", "--audience", "growers", "--role", "carer", *DAY)
    assert (ran.code, ran.only("error").code) == (1, "outside-project")
    assert outside.read_text(encoding="utf-8") == "# not ours\n"


def test_the_name_of_a_reviewer_is_in_no_file(bench: Bench) -> None:
    sign(bench, "growers", "carer", "--name", "Quillfeather")
    made = bench.project.compose("growers")
    assert "Quillfeather" not in repr(made.document)
    assert "Quillfeather" not in repr(select_content(bench.project.load(), "bees", "keepers", "en"))
