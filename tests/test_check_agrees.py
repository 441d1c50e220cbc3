"""`check` and `build` agree: both report content that does not fit, and then no file is written."""

from __future__ import annotations

import json
import shutil

import pytest
from command_bench import BUILD, COLD, COVER, DECKS, HANDOUTS, OLD, Bench, CommandResult, Diagnostic
from generated_documents import Writer, generated_pages, generated_talk, print_theme, screen_theme

from handouts.finding import Location, error
from handouts.pipeline.render import run_planner, run_renderer
from handouts.pipeline.report import FileFinding, merge_findings

BOTH = ("--template", "handout,slides")  # the templates of a build without options
CHECK = ("check", *BUILD[1:])
MORE = "content/bees/en/25-more.md"
SECTION = """\
# More {{.section #more}}

::: {{.heading}}
More
:::

::: {{.body}}
{body}
:::

::: {{.claim}}
{claim}
:::

::: {{.gist}}
{gist}
:::

::: {{.spoken minutes="2"}}
Say it slowly.
:::
"""
FIGURE = """\
::: {{.figure name="iceberg"}}
### What they do, and what it means

- seen: Seen
- hidden: Hidden
- tip: Calls
- under-1: {word}
- under-2: Shame
- under-3: Hope

::: {{.alt}}
A berg in the water with words on it.
:::
:::"""
PROJECTS = 36
SEEN_BY_NIGHT = [pytest.param(number, marks=pytest.mark.nightly) for number in range(20_010, 20_024)]
CLAIM = "Cold keeps them in."  # for growers only
WORD = "Winterrestvorbereitungsmassnahmenbesprechungsprotokolle"


def table(words: list[str]) -> str:
    """Return a table with these words in one row."""
    row = f"| {' | '.join(words)} |"
    return f"{row}\n|{' --- |' * len(words)}\n{row}"


WIDE = table([f"Spaltenüberschriftenzeile{number}" for number in range(4)])


def write_section(
    bench: Bench, *, body: str = "Words.", claim: str = "There is more to it.", gist: str = "It is more."
) -> None:
    """Write one more section into the project."""
    bench.project.write(MORE, SECTION.format(body=body, claim=claim, gist=gist))


def write_overflow(bench: Bench, what: str) -> None:
    """Write content that does not fit into the project: a title of a slide, a label in both files, and so on."""
    match what:
        case "title":
            bench.project.replace(COLD, CLAIM, f"{WORD} " * 9)
        case "label":
            write_section(bench, body=FIGURE.format(word=WORD), gist=FIGURE.format(word=WORD))
        case "table":
            write_section(bench, body=WIDE)
        case "head":
            write_section(bench, body="Many words to read.\n\n" * 60)
            bench.project.replace(COVER, "Bees in winter", "Bees in a winter that is long and cold " * 3)


def errors_in(ran: CommandResult) -> list[Diagnostic]:
    """Return the errors that the command printed."""
    return [each for each in ran.diagnostics if each.severity == "error"]


@pytest.mark.full
@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("title", "slide-title"),
        ("label", "figure-label"),
        ("table", "table-too-wide"),
        ("head", "running-title-too-long"),
    ],
)
def test_content_that_does_not_fit_is_found_by_check_and_stops_the_build(bench: Bench, what: str, code: str) -> None:
    write_overflow(bench, what)
    for name in (HANDOUTS, DECKS):
        bench.put(name.format("growers"), OLD)
    before = bench.files()
    checked, built, dry = bench.run(*CHECK, *BOTH), bench.run(*BUILD), bench.run(*BUILD, "--dry-run")
    errors = errors_in(checked)
    assert {each.code for each in errors} == {code}, checked.err
    assert errors == errors_in(built) == errors_in(dry)
    assert (checked.code, built.code, dry.code) == (1, 1, 1)
    assert "nothing was written" in built.err
    assert bench.files() == before


def test_a_stopped_build_creates_no_output_folder(bench: Bench) -> None:
    write_overflow(bench, "title")
    assert bench.run(*BUILD).code == 1
    assert not bench.path("output").exists()


def test_content_that_does_not_fit_and_other_errors_are_reported_in_one_run(bench: Bench) -> None:
    write_overflow(bench, "title")
    checked, built = bench.run(*CHECK, *BOTH, "--release"), bench.run(*BUILD, "--release")
    assert {each.code for each in errors_in(checked)} >= {"slide-title", "unreviewed"}
    assert errors_in(checked) == errors_in(built)


@pytest.mark.full
@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), True),
        (("--audience", "growers"), True),
        (("--audience", "keepers"), False),
        (("--template", "handout"), False),
        (("--format", "pdf", "--template", "handout,slides"), False),
        (("--format", "notes-pdf"), True),
    ],
)
def test_check_plans_the_files_of_a_build_with_the_same_options(
    bench: Bench, options: tuple[str, ...], found: bool
) -> None:
    write_overflow(bench, "title")
    assert bench.run(*CHECK, *options).code == bench.run(*BUILD, *options).code == found


def test_check_plans_a_larger_edition_on_request(bench: Bench) -> None:
    write_section(bench, body=table(["Wintervorbereitungen"] * 3))
    assert bench.run(*CHECK).code == bench.run(*BUILD).code == 0
    large = ("--edition", "large-print")
    assert bench.run(*CHECK, *large).code == bench.run(*BUILD, *large).code == 1


def test_check_plans_the_files_of_every_template(bench: Bench) -> None:
    parts = (f'::: {{.{name} template="card"}}\n{text}\n:::' for name, text in (("heading", "More"), ("body", WIDE)))
    bench.project.write(MORE, "\n\n".join(("# More {.card #more}", *parts)))
    (found,) = errors_in(bench.run(*CHECK))
    assert (found.code, found.message.partition(":")[0]) == ("table-too-wide", "bees-growers-card.pdf and 1 more file")
    assert bench.run(*BUILD).code == 0
    assert bench.run(*BUILD, "--template", "card").code == 1


def test_a_list_of_sources_of_an_unknown_template_is_one_finding(bench: Bench) -> None:
    bench.project.replace("templates/sources.md.j2", "sources-of: handout", "sources-of: handuot")
    ran = bench.run(*BUILD, "--template", "sources")
    assert (ran.code, {(each.code, each.file) for each in ran.diagnostics}) == (
        1,
        {("unknown-template", "templates/sources.md.j2")},
    )
    assert "did you mean 'handout'?" in ran.err


def test_a_bug_in_planning_is_reported_by_check_and_costs_a_build_one_file(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr("handouts.deck.deck_plan.plan_deck", broken)
    one = ("--audience", "growers")
    for words in (CHECK, BUILD):
        ran = bench.run(*words, *one, "--template", "handout,slides", internal_error=True)
        assert {each.code for each in ran.diagnostics if each.severity == "error"} == {"our-mistake"}
    assert list(bench.files()) == [HANDOUTS.format("growers")]


# ---------------------------------------------------------------- how it is told


def test_a_place_is_reported_once_with_the_number_of_files(bench: Bench) -> None:
    write_section(bench, claim=f"{WORD} " * 9)
    (found,) = errors_in(bench.run(*CHECK))
    assert found.message.startswith("bees-growers-slides.pptx and 1 more file: The title “")
    assert found.file == MORE
    ended = json.loads(bench.run(*CHECK, "--json").out)
    assert [each["message"] for each in ended["findings"] if each["severity"] == "error"] == [found.message]


HERE = Location("content/a.md", 3, 1)


def test_a_finding_without_a_place_in_content_is_reported_for_each_file() -> None:
    found = error("slide-foot", "Too high.")
    merged = merge_findings([FileFinding("output/a.pptx", found), FileFinding("output/b.pptx", found)])
    assert [(each.at.file, each.message) for each in merged] == [
        ("output/a.pptx", "Too high."),
        ("output/b.pptx", "Too high."),
    ]


def test_findings_about_copies_do_not_name_the_copy() -> None:
    found = error("too-high", "Too high.", HERE)
    assert merge_findings([FileFinding("", found), FileFinding("output/a.pdf", found)]) == (found,)
    assert merge_findings([FileFinding("output/a.pdf", found)])[0].message == "a.pdf: Too high."


# ---------------------------------------------------------------- by chance


def safe(words: str) -> str:
    """Return words without characters that have a meaning in Markdown."""
    return "".join(each for each in words if each.isalpha() or each == " ").strip() or "word"


def written(writer: Writer) -> str:
    """Return a random body of a section: text, a list, a table, a figure or a long word."""
    word = safe("".join(writer.word() for _ in range(writer.rng.randint(1, 6))))
    made = (
        f"{safe(writer.words(60))}.",
        "\n".join(f"- {safe(writer.words(8))}" for _ in range(writer.rng.randint(2, 6))),
        table([safe(writer.words(3)) for _ in range(writer.rng.randint(2, 4))]),
        FIGURE.format(word=word),
        word,
    )
    return writer.rng.choice(made)


@pytest.mark.nightly
@pytest.mark.full
def test_check_and_build_agree_on_random_projects(bench: Bench) -> None:
    refused = 0
    for number in range(PROJECTS):
        writer = Writer(number)
        write_section(bench, body=written(writer), gist=written(writer), claim=f"{safe(writer.words(30))}.")
        options = ("--audience", "growers", *BOTH)
        shutil.rmtree(bench.path("output"), ignore_errors=True)
        checked, built = bench.run(*CHECK, *options), bench.run(*BUILD, *options)
        assert (checked.code, errors_in(checked)) == (built.code, errors_in(built)), number
        assert bool(bench.files()) == (built.code == 0), number
        refused += built.code
    assert PROJECTS / 6 < refused < PROJECTS * 5 / 6


@pytest.mark.full
@pytest.mark.parametrize("number", [*range(20_000, 20_010), *SEEN_BY_NIGHT])
def test_planning_finds_what_rendering_finds(number: int) -> None:
    """Ten random documents are planned in the full set, and fourteen more in the nightly run."""
    made = (("pdf", generated_pages(number), print_theme(number)), ("pptx", generated_talk(number), screen_theme()))
    for renderer, document, theme in made:
        found = run_planner(renderer, document, theme, None, fillable=False).findings
        assert found == run_renderer(renderer, document, theme, None, fillable=False).findings
