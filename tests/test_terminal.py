"""What is on a terminal: nothing that content says is obeyed there, and an output that takes nothing is no mistake."""

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
from nonce_project import ROOT

from handouts.cli.terminal import escape_line, print_findings, print_lines
from handouts.finding import Location, error

# Clears a screen; turns what follows; goes back to the line's beginning; ends a line, in four ways; a bell; C1's CSI.
FORGED = "\x1b[2J\u202e\r\n\x85\u2028\x0b\x07\x9b\u2066\u200b"
CODES = ("Cc", "Cf", "Zl", "Zp", "Cs")
unix = pytest.mark.skipif(not Path("/dev/full").exists(), reason="writes to a full disk as Linux shows it")


def codes_in(text: str) -> set[str]:
    """Return the characters in a text that a terminal obeys, or that turn what stands around them."""
    return {each for each in text if unicodedata.category(each) in CODES and each != "\n"}


def run_shell(folder: Path, words: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command with its output led elsewhere, as a shell does, after another command."""
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
def test_a_character_that_a_terminal_would_obey_is_written_out(character: str) -> None:
    assert escape_line(f"a{character}b") == f"a{character.encode('unicode_escape').decode()}b"


@pytest.mark.parametrize("line", ["", "a b", "0800\u00a0123\u202f456", "naïve “→” ½", "e\u0301", "\U0001f600", "a\tb"])
def test_what_only_shows_something_is_left_as_it_is(line: str) -> None:
    assert escape_line(line) == line


def test_each_line_that_is_said_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_lines("one\ntwo", "three")
    assert capsys.readouterr().out == "one\\ntwo\nthree\n"


@pytest.mark.parametrize("field", ["file", "code", "message", "hint"])
def test_no_part_of_a_finding_forges_a_line(field: str, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {"file": "a.md", "code": "b", "message": "c", "hint": "d", field: f"x{FORGED}forged: error: yes: no"}
    print_findings([error(texts["code"], texts["message"], Location(texts["file"], 1, 1), texts["hint"])])
    said = capsys.readouterr().err
    assert (said.count("\n"), codes_in(said)) == (2, set())


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such names of files")
def test_the_name_of_a_file_forges_nothing(bench: Bench) -> None:
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
def test_a_quoted_value_forges_nothing(bench: Bench, name: str, old: str, new: str) -> None:
    bench.project.replace(name, old, new)
    ran = bench.run(*PDF)
    assert ran.code == 1
    assert not codes_in(ran.out + ran.err)
    found = json.loads(bench.run(*PDF, "--json").out)["findings"]
    assert len(found) == len(ran.diagnostics) > 0


@pytest.mark.parametrize("words", [("build", "x\x1b[2J\ny"), ("build", "--x\x1b[2J"), ("explain", "\x1b[2J\n")])
def test_a_word_of_the_command_line_forges_nothing(bench: Bench, words: tuple[str, ...]) -> None:
    ran = bench.run(*words)
    assert (ran.code, codes_in(ran.out + ran.err)) == (2, set())


# ---------------------------------------------------------------- an output that takes nothing


@pytest.mark.full
@unix
@pytest.mark.parametrize(
    "words", ["", "--help", "--version", "list", "explain", "check", "check --json", "diff growers keepers"]
)
def test_what_cannot_be_printed_is_told_and_is_no_mistake_of_ours(bench: Bench, words: str) -> None:
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
def test_where_trouble_cannot_be_told_the_exit_code_says_it(bench: Bench, words: str, code: int) -> None:
    done = run_shell(bench.root, words)
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.full
@unix
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_build_whose_output_is_closed_builds(bench: Bench, closed: str) -> None:
    done = run_shell(bench.root, f"{shlex.join(PDF)} {closed}")
    assert (done.returncode, done.stderr) == (0, "")
    assert bench.path(HANDOUTS.format("growers")).is_file()


@pytest.mark.full
@unix
def test_a_build_whose_reader_has_seen_enough_builds_all_the_same(bench: Bench) -> None:
    done = run_shell(bench.root, f"{shlex.join(BUILD)} --json | head -c 5")
    assert done.stderr == ""
    assert len(bench.files()) == 4


@pytest.mark.full
@unix
@pytest.mark.parametrize("words", ["build", "check", "list", "clean --stale", "diff growers keepers"])
def test_a_folder_that_is_gone_is_told(tmp_path: Path, words: str) -> None:
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
def test_a_word_that_names_nothing_or_too_much_is_refused(bench: Bench, words: tuple[str, ...]) -> None:
    ran = bench.run(*words)
    assert ran.code == 2, ran.err
    assert ran.err.startswith("handouts: argument ")
    assert not bench.path("output").exists()


def test_the_list_keeps_each_name_apart_from_what_it_stands_for(bench: Bench) -> None:
    lines = bench.run("list").out.splitlines()
    assert "  facilitator-guide  pdf" in lines
