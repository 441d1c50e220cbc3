"""Explanations of finding codes, blocks, signs and kinds of section: complete, and of nothing that does not exist."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from conftest import FILES, Project, keep_default_templates
from paths import ROOT
from test_bad_content import CASES
from test_bad_content import LAYOUTS as LAID_OUT
from test_checks import BROKEN
from test_cli import run

from handouts.check import CODES
from handouts.cli import command
from handouts.cli.explain_verb import kind_to_paste
from handouts.explain import (
    BLOCK_GROUPS,
    ENTRIES_FOLDER,
    EXAMPLE_PLACES,
    GROUPS,
    BlockEntry,
    Explanation,
    block_entries,
    explanations,
    sign_words,
)
from handouts.figures import FIGURE_KINDS
from handouts.figures.signs import SIGN_NAMES
from handouts.finding import Finding, HandoutError, is_error
from handouts.library import WORDING_CODES
from handouts.load import load_section_kinds
from handouts.load.content_keys import BUILD_SETS
from handouts.load.json_schema import FILE_SHAPES
from handouts.load.template_keys import TEMPLATE
from handouts.load.value_shapes import ByAudience, Choice, Keys, ListOf, Name, Shape
from handouts.markdown.names import CONTENT_CLASSES, SECOND_CLASSES
from handouts.pipeline.checks import check_all
from handouts.pipeline.options import Options
from handouts.pipeline.section_forms import rewrite_sections
from handouts.text import fonts

# The functions that make a finding, and the position of the code among their arguments.
MAKERS = {
    **dict.fromkeys(("error", "warning", "unknown"), 0),
    **dict.fromkeys(
        ("error_rule", "warning_rule", "template_error", "unknown_name_error", "too_high_findings", "crowded_findings"),
        0,
    ),
    "Finding": 1,
    "_require_known_name": 2,
    "_Rule": 3,
}
SEVERITY = {**dict.fromkeys(MAKERS, "error"), "warning": "warning", "warning_rule": "warning"}
# Wording rules have their severity in data; a reading rule that is exceeded by far is an error.
EITHER = {*WORDING_CODES, "grade", "foreign-number"}


@cache
def codes_in_the_program() -> dict[str, set[str]]:
    """Return each code in the source of the program, with its severities there."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (ROOT / "handouts").rglob("*.py"):
        for maker, argument in arguments_of(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
                found[argument.value].add(SEVERITY[maker])
            elif isinstance(argument, ast.Constant):
                continue  # an empty code accepts any word
            else:
                assert ast.unparse(argument) in ("code", "self.code", "shape.code", "rule.code"), (
                    f"{path}: {ast.unparse(argument)}"
                )
    for shape in shapes_in((*(each.shape for each in FILE_SHAPES if each.shape is not BUILD_SETS), TEMPLATE)):
        found[shape.code].add("error")
    for character in ("\t", "ש", "😀"):
        problem = fonts.character_problem(character)
        assert problem is not None
        found[problem[0]] |= {"error"}
    for code, _ in fonts.REFUSED_CATEGORIES.values():
        found[code] |= {"error"}
    return found


def shapes_in(shapes: Iterable[Shape]) -> Iterator[Choice | Name]:
    """Yield each choice and each name in the keys of files."""
    for shape in shapes:
        match shape:
            case Choice() | Name():
                yield shape
            case ListOf():
                yield from shapes_in([shape.item])
            case ByAudience():
                yield from shapes_in([shape.each])
            case Keys():
                yield from shapes_in(key.shape for key in shape.known.values())
                yield from shapes_in([shape.others] if shape.others else ())


def arguments_of(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield the code of each call that makes a finding, with the name of the called function."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        of_parser = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value).endswith("parser")
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        position = MAKERS.get(name)
        if position is None or of_parser:
            continue
        if len(node.args) > position:
            yield name, node.args[position]
        yield from ((name, each.value) for each in node.keywords if each.arg == "code")


def test_exactly_the_codes_of_the_program_are_explained() -> None:
    assert set(explanations()) == set(codes_in_the_program())


def test_the_explained_severity_is_that_of_the_program() -> None:
    for code, entry in explanations().items():
        known = codes_in_the_program()[code]
        explained = {"error", "warning"} if entry.severity == "both" else {entry.severity}
        assert explained == known or (code in EITHER and known <= explained), code


def test_every_code_that_a_test_expects_is_explained() -> None:
    expected = {code for case in (*CASES, *LAID_OUT) for code in case[4].split()} | {case[1] for case in BROKEN} | CODES
    assert expected <= set(explanations())


def test_entries_are_complete_and_in_plain_words() -> None:
    assert {path.stem for path in ENTRIES_FOLDER.iterdir()} == set(GROUPS)
    for entry in explanations().values():
        assert bool(entry.wrong) == bool(entry.right) == bool(entry.where), entry.code
        assert entry.where in ("", *EXAMPLE_PLACES)
        for text in (entry.what, entry.why, entry.mend):
            assert text[-1] in ".”", entry.code
            assert not re.search(r"\b(?:simply|just|parse|token|regex|string|boolean|invalid)\b|!", text), entry.code
        assert all(len(line) <= 100 for each in (entry.wrong, entry.right) for line in each.split("\n")), entry.code


# ---------------------------------------------------------------- the examples

LIMITS = "{grade: 6, grade-most: 8, sentence: 25, mean: 14, paragraph: 4, section: 120, list: 7, passive: 20, hard: 12}"
WHERE = {
    "topic.yaml": ("content/bees/topic.yaml",),
    "template": ("templates/handout.md.j2",),
    "theme": ("templates/themes/settling-line.yaml",),
    "words": ("templates/words/en.yaml",),
    "section": tuple(name for name in FILES if "/en/" in name),
}
EXAMPLES = [entry for entry in explanations().values() if entry.wrong]


def plant_example(project: Project, entry: Explanation, text: str) -> None:
    """Put the wrong or the right side of an example into the file that it is about."""
    if entry.where == "text":
        note = f"# A note {{.note #a-note}}\n\n::: {{.body}}\n{text.rstrip()}\n:::\n"
        project.write("content/bees/en/4-note.md", note)
        return
    names = WHERE.get(entry.where, (f"content/{entry.where}",))
    right = entry.right.rstrip("\n")
    if "## " in right.replace("### ", ""):
        rewrite_sections(project.content, project.templates, (), fences=False, dry_run=False)
    (name,) = [each for each in names if right in (project.root / each).read_text(encoding="utf-8")][:1]
    whole = (project.root / name).read_text(encoding="utf-8")
    project.write(name, whole.replace(right, text.rstrip("\n"), 1))


def found_in(project: Project) -> tuple[Finding, ...]:
    """Return the findings of loading and checking."""
    try:
        return check_all(Options(project.content, project.templates, project.root / "output")).findings
    except HandoutError as raised:
        return raised.findings


@pytest.fixture
def strict_project(project: Project) -> Project:
    """The small project with the limits and wording rules of the real one, and only the handout and the slides."""
    keep_default_templates(project)
    rules = (ROOT / "content/wording/en.yaml").read_text(encoding="utf-8")
    project.write("content/wording/en.yaml", re.sub(r"(?m)^( *for: ).*$", r"\1[growers, keepers]", rules))
    text = FILES["content/audiences.yaml"]
    project.write("content/audiences.yaml", text.replace("reading: {}", f"reading: {{handout: {LIMITS}}}"))
    return project


@pytest.mark.full
@pytest.mark.parametrize("entry", EXAMPLES, ids=[entry.code for entry in EXAMPLES])
def test_the_wrong_example_raises_its_finding_and_the_right_one_does_not(
    strict_project: Project, entry: Explanation
) -> None:
    plant_example(strict_project, entry, entry.right)
    found = found_in(strict_project)
    assert [str(each) for each in found if each.code == entry.code or is_error(each)] == []
    plant_example(strict_project, entry, entry.wrong)
    assert entry.code in {each.code for each in found_in(strict_project)}


def test_most_entries_about_typing_mistakes_have_an_example() -> None:
    typed = [entry for entry in explanations().values() if entry.group in ("typing", "sections", "settings", "reading")]
    assert sum(bool(entry.wrong) for entry in typed) / len(typed) > 0.6
    assert len(EXAMPLES) >= 80


# ---------------------------------------------------------------- the command


def test_without_a_code_the_command_lists_all_codes_in_groups(tmp_path: Path) -> None:
    done = run("explain", folder=tmp_path, COLUMNS="80")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(re.search(rf"^  {code}\b", done.stdout, re.MULTILINE) for code in explanations())
    assert all(title in done.stdout.split("\n") for title in GROUPS.values())
    assert all(len(line) <= 80 for line in done.stdout.split("\n"))


@pytest.mark.full
@pytest.mark.parametrize("width", ["40", "80", "200"])
def test_every_word_of_an_entry_is_printed(tmp_path: Path, width: str) -> None:
    codes = list(explanations())
    done = run("explain", *codes, folder=tmp_path, COLUMNS=width)
    assert done.returncode == 0
    printed = " ".join(done.stdout.split())
    for entry in explanations().values():
        assert all(
            " ".join(text.split()) in printed for text in (entry.what, entry.why, entry.mend, entry.wrong, entry.right)
        )


def test_findings_that_can_be_allowed_are_explained_with_the_attribute(tmp_path: Path) -> None:
    assert '{allow="vague-link"' in run("explain", "vague-link", folder=tmp_path, COLUMNS="200").stdout
    for code in ("unclosed-fence", "unreviewed"):
        assert "allow=" not in run("explain", code, folder=tmp_path).stdout


def test_explanations_are_available_as_json_and_on_an_old_console(tmp_path: Path) -> None:
    data = json.loads(run("explain", "label", "--json", folder=tmp_path).stdout)
    (entry,) = data["codes"]
    assert data["written"] == []
    assert set(entry) >= {"code", "severity", "group", "what", "why", "mend", "where", "wrong", "right", "allow"}
    assert run("explain", *explanations(), folder=tmp_path, PYTHONIOENCODING="cp1252").returncode == 0


def test_an_unknown_code_is_answered_with_the_nearest(tmp_path: Path) -> None:
    done = run("explain", "long-sentense", "xyzzy", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean 'long-sentence'?" in done.stderr
    assert "handouts explain lists all of them" in done.stderr


def test_an_unknown_name_of_any_kind_is_answered_with_the_nearest(tmp_path: Path) -> None:
    names = ("calout", "weel", "slep", "factr", "clame", "long-sentense")
    done = run("explain", *names, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert [f"'{name}'?" in done.stderr for name in ("callout", "wheel", "sleep", "factor", "claim")] == [True] * 5


# ---------------------------------------------------------------- blocks, signs and kinds of section


@pytest.mark.parametrize("entry", block_entries(), ids=lambda entry: f"{entry.group}-{entry.name}")
def test_a_block_is_explained_completely_and_with_its_text_to_paste(
    entry: BlockEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    assert command(["explain", entry.name]) == 0
    printed = capsys.readouterr().out
    assert f"\n{entry.paste}" in printed  # not indented: four spaces would turn it into code
    flat = " ".join(printed.split())
    for text in (entry.what, *entry.limits, *entry.takes, *entry.takes.values(), *entry.keys, *entry.keys.values()):
        assert " ".join(text.split()) in flat


def test_exactly_the_keys_of_each_figure_are_explained() -> None:
    figures = {each.name: each for each in block_entries() if each.group == "figures"}
    assert set(figures) == set(FIGURE_KINDS)
    for name, kind in FIGURE_KINDS.items():
        numbered = {key: each for each, key in kind.numbered.items()}
        needed, spared = ([numbered.get(key, key) for key in keys] for keys in (kind.required, kind.optional))
        assert set(figures[name].keys) == {*needed, *(f"({key})" for key in spared)}, name


def test_every_class_and_attribute_of_a_fence_is_explained() -> None:
    entries = {each.name: each for each in block_entries() if each.group in ("blocks", "fields")}
    inside = {"figure", "red", "amber", "green", "alt"}  # parts of others, and figures, each of which has its own entry
    assert {*CONTENT_CLASSES} - inside <= {*entries}
    for name, attributes in CONTENT_CLASSES.items():
        if name not in inside:
            second = (f".{each}" for each in SECOND_CLASSES.get(name, ()))
            assert set(entries[name].takes) == {*(each.rstrip("*") for each in attributes), *second}, name


def test_every_sign_is_explained_in_words(tmp_path: Path) -> None:
    assert set(sign_words()) == set(SIGN_NAMES)
    assert len(set(sign_words().values())) == len(SIGN_NAMES)
    printed = " ".join(run("explain", "signs", folder=tmp_path, COLUMNS="80").stdout.split())
    assert all(f"{name} {words}" in printed for name, words in sign_words().items())
    assert "An hourglass" in run("explain", "time", folder=tmp_path).stdout


def test_the_text_to_paste_for_each_kind_of_section_loads(project: Project) -> None:
    kinds = load_section_kinds(project.content)
    printed = run("explain", *kinds, folder=project.root).stdout
    for number, kind in enumerate(kinds.values(), 10):
        text = kind_to_paste(kind)
        assert text.strip() in printed
        if kind.name != "cover":  # a topic has one
            own = text.replace("#its-id", f"#its-id-{number}").replace("…", "x")
            project.write(f"content/bees/en/{number}-{kind.name}.md", own)
    assert project.load().topics["bees"]


def test_all_blocks_signs_and_kinds_are_listed_in_groups_and_as_json(tmp_path: Path) -> None:
    done = run("explain", folder=tmp_path, COLUMNS="80")
    titles = (*BLOCK_GROUPS.values(), "Signs", "Kinds of section")
    assert [title in done.stdout.split("\n") for title in titles] == [True] * len(titles)
    names = [*(each.name for each in block_entries()), *SIGN_NAMES, "factor"]
    assert all(re.search(rf"^  {re.escape(name)}\b", done.stdout, re.MULTILINE) for name in names)
    data = json.loads(run("explain", "--json", folder=tmp_path).stdout)["written"]
    assert {each["name"] for each in data} >= {*names}
    data = json.loads(run("explain", "figure", "fork", "gist", "--json", folder=tmp_path).stdout)["written"]
    assert [each["group"] for each in data if each["name"] == "fork"] == ["figures", "blocks", "figures"]
    assert all(each["paste"] and each["what"] for each in data if each["group"] == "figures")
    assert any(each["group"] == "parts of a factor" for each in data)


def test_findings_of_loading_name_the_command_that_explains_them(project: Project) -> None:
    project.replace("content/bees/en/2-cold.md", "They wait for the sun.", "They <b>wait</b> for the [sun.")
    done = run("check", folder=project.root)
    assert done.returncode == 1
    assert "handouts explain html leftover-brackets" in done.stderr
    done = run("check", "--json", folder=project.root)
    assert "handouts explain" not in done.stderr


@pytest.mark.full
def test_findings_of_a_rule_name_the_command_that_explains_them(strict_project: Project) -> None:
    strict_project.replace("content/bees/en/2-cold.md", "They wait for the sun.", "Her brother committed suicide.")
    for verb in ("check", "build"):
        done = run(verb, "--country", "UK", folder=strict_project.root)
        assert done.returncode == 1
        assert "handouts explain suicide-wording" in done.stderr


def test_wrong_usage_does_not_mention_explain(tmp_path: Path) -> None:
    assert "handouts explain" not in run("build", "--audience", "famly", folder=tmp_path).stderr
