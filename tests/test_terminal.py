"""Terminal output: text from content cannot control the terminal, and a failing output is not reported as a bug."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from command_bench import AUDIENCES, BUILD, HANDOUTS, PDF, TOPIC, Bench
from paths import ROOT

from handouts.cli.terminal import escape_line, print_findings, print_lines
from handouts.finding import Location, error

# Clear screen; text direction; carriage return; four line separators; bell; the C1 control CSI.
FORGED = "\x1b[2J\u202e\r\n\x85\u2028\x0b\x07\x9b\u2066\u200b"
CODES = ("Cc", "Cf", "Zl", "Zp", "Cs")
unix = pytest.mark.skipif(not Path("/dev/full").exists(), reason="writes to a full disk as Linux shows it")


def codes_in(text: str) -> set[str]:
    """Return the control and direction characters in a text."""
    return {each for each in text if unicodedata.category(each) in CODES and each != "\n"}


def run_shell(folder: Path, words: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in a shell, with redirected output, after another command."""
    return subprocess.run(
        f"{before}{shlex.quote(sys.executable)} -m handouts {words}",
        shell=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("character", FORGED)
def test_a_control_character_is_escaped(character: str) -> None:
    assert escape_line(f"a{character}b") == f"a{character.encode('unicode_escape').decode()}b"


@pytest.mark.parametrize("line", ["", "a b", "0800\u00a0123\u202f456", "naïve “→” ½", "e\u0301", "\U0001f600", "a\tb"])
def test_printable_text_is_unchanged(line: str) -> None:
    assert escape_line(line) == line


def test_line_breaks_in_a_line_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    print_lines("one\ntwo", "three")
    assert capsys.readouterr().out == "one\\ntwo\nthree\n"


@pytest.mark.parametrize("field", ["file", "code", "message", "hint"])
def test_no_field_of_a_finding_can_forge_a_line(field: str, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {"file": "a.md", "code": "b", "message": "c", "hint": "d", field: f"x{FORGED}forged: error: yes: no"}
    print_findings([error(texts["code"], texts["message"], Location(texts["file"], 1, 1), texts["hint"])])
    stderr = capsys.readouterr().err
    assert (stderr.count("\n"), codes_in(stderr)) == (2, set())


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such names of files")
def test_a_file_name_cannot_forge_a_line(bench: Bench) -> None:
    bench.project.write(f"content/bees/en/a{FORGED}content:1:1: error: forged: yes.txt", "")
    for words in (PDF, ("check",), ("list",)):
        ran = bench.run(*words)
        assert not codes_in(ran.out + ran.err)
        assert "forged: yes" in ran.err
        assert not [line for line in ran.err.splitlines() if line.startswith("content:1:1")]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (AUDIENCES, "accent: harbour", 'accent: "har\\e[2J\\u202e\\nbour"'),
        (TOPIC, "published: 2026-11-23", 'published: "2026\\e]0;x\\a\\n"'),
        (TOPIC, "keywords:", '"\\e[1m\\nb": 1\nkeywords:'),
    ],
)
def test_a_quoted_value_cannot_forge_a_line(bench: Bench, name: str, old: str, new: str) -> None:
    bench.project.replace(name, old, new)
    ran = bench.run(*PDF)
    assert ran.code == 1
    assert not codes_in(ran.out + ran.err)
    found = json.loads(bench.run(*PDF, "--json").out)["findings"]
    assert len(found) == len(ran.diagnostics) > 0


@pytest.mark.parametrize("words", [("build", "x\x1b[2J\ny"), ("build", "--x\x1b[2J"), ("explain", "\x1b[2J\n")])
def test_an_argument_cannot_forge_a_line(bench: Bench, words: tuple[str, ...]) -> None:
    ran = bench.run(*words)
    assert (ran.code, codes_in(ran.out + ran.err)) == (2, set())


# ---------------------------------------------------------------- an output that takes nothing


@pytest.mark.full
@unix
@pytest.mark.parametrize(
    "words", ["", "--help", "--version", "list", "explain", "check", "check --json", "diff growers keepers"]
)
def test_a_failing_output_is_reported_and_not_called_a_bug(bench: Bench, words: str) -> None:
    done = run_shell(bench.root, f"{words} > /dev/full")
    assert done.returncode == 1
    assert done.stderr.endswith(
        "handouts: cannot print: No space left on device; what was asked for may not be whole\n"
    )
    assert "Traceback" not in done.stderr


@unix
@pytest.mark.parametrize(
    ("words", "code"), [("list 2> /dev/full", 0), ("check x 2> /dev/full", 2), ("lst 2> /dev/full", 2)]
)
def test_the_exit_code_is_right_even_if_errors_cannot_be_printed(bench: Bench, words: str, code: int) -> None:
    done = run_shell(bench.root, words)
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.full
@unix
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_build_with_closed_output_succeeds(bench: Bench, closed: str) -> None:
    done = run_shell(bench.root, f"{shlex.join(PDF)} {closed}")
    assert (done.returncode, done.stderr) == (0, "")
    assert bench.path(HANDOUTS.format("growers")).is_file()


@pytest.mark.full
@unix
def test_a_build_into_a_closed_pipe_makes_all_files(bench: Bench) -> None:
    done = run_shell(bench.root, f"{shlex.join(BUILD)} --json | head -c 5")
    assert done.stderr == ""
    assert len(bench.files()) == 4


@pytest.mark.full
@unix
@pytest.mark.parametrize("words", ["build", "check", "list", "clean --stale", "diff growers keepers"])
def test_a_deleted_working_folder_is_reported(tmp_path: Path, words: str) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    done = run_shell(gone, words, f"rmdir {shlex.quote(str(gone))}; ")
    assert done.returncode == 2
    assert "usage: The folder in which this was called cannot be found" in done.stderr
    assert "Traceback" not in done.stderr


# ---------------------------------------------------------------- words that name nothing


@pytest.mark.parametrize(
    "words",
    [
        *(("diff", one, other) for one, other in [("a,b", "c"), ("", "growers"), ("growers", " "), (",", "growers")]),
        *(("build", f"--{each}=--") for each in ("audience", "minutes", "output", "copies", "jobs", "set", "today")),
        *(("build", "--audience", each) for each in ("", " ", ",")),
        ("build", ""),
        ("build", "--output", ""),
        ("build", "--recipients="),
        ("list", "--audience=--"),
        ("check", "--audience=--"),
    ],
)
def test_an_option_with_no_or_too_many_values_is_refused(bench: Bench, words: tuple[str, ...]) -> None:
    ran = bench.run(*words)
    assert ran.code == 2, ran.err
    assert ran.err.startswith("handouts: argument ")
    assert not bench.path("output").exists()


def test_the_list_separates_names_from_descriptions(bench: Bench) -> None:
    lines = bench.run("list").out.splitlines()
    assert "  facilitator-guide  pdf" in lines
