"""The command line as a user sees it: what it prints, which files it writes, and its exit code."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_folder import CommandFolder
from conftest import Project
from paths import ROOT
from pdf_text import painted_text

from handouts.cli.arguments import JOBS_VARIABLE

# As on a terminal: the command chooses the number of processes itself.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != JOBS_VARIABLE} | {"PYTHONPATH": str(ROOT)}
EXAMPLE = ("--example",)
COUNTRY = ("--country", "UK", "--today", "2026-11-23")


def run(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in `folder` in a new process; if there is no content, with the shipped topic."""
    needs_content = words[:1] in [(verb,) for verb in ("build", "check", "diff", "list")]
    example = ("--example",) if needs_content and not (folder / "content").exists() else ()
    return subprocess.run(
        [sys.executable, "-m", "handouts", *words, *example],
        cwd=folder,
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        encoding=environment.get("PYTHONIOENCODING", "utf-8"),
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandFolder:
    """An empty folder, in which the command is run in this process."""
    return CommandFolder(tmp_path, monkeypatch, capsys)


@pytest.fixture
def editable(folder: CommandFolder) -> CommandFolder:
    """A folder with copies of content and templates, which a test may change."""
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, folder.path / name)
    return folder


def test_without_arguments_the_help_is_printed(tmp_path: Path) -> None:
    done = run(folder=tmp_path)
    assert done.returncode == 0
    assert "build" in done.stdout
    assert "list" in done.stdout


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("build", "--audiance", "family"), "--audience"),
        (("biuld",), "did you mean 'build'?"),
        (("build", "--audience", "famly"), "did you mean 'family'?"),
        (("build", "--audience", "family,clincians"), "did you mean 'clinicians'?"),
        (("build", "bpd-contakt"), "did you mean 'bpd-contact'?"),
        (("build", "--format", "pfd"), "did you mean 'pdf'?"),
        (("build", "--template", "handuot"), "did you mean 'handout'?"),
        (("build", "--language", "ne"), "known: en"),
        (("build", "--country", "UKK"), "did you mean 'UK'?"),
        (("build", "--paper", "lettr"), "did you mean 'letter'?"),
        (("build", "--minutes", "45"), "known: 30, 60, 90"),
        (("build", "--minuets", "30"), "--minutes"),
        (("build", "--today", "yesterday"), "YYYY-MM-DD"),
        (("build", "--jobs", "0"), "--jobs"),
        (("build", "--jobs", "many"), "--jobs"),
        (("build", "--output"), "--output"),
    ],
)
def test_a_misspelt_argument_is_reported_with_the_right_one_and_nothing_is_written(
    folder: CommandFolder, words: tuple[str, ...], message: str
) -> None:
    ran = folder.run(*words, *EXAMPLE)
    assert ran.code == 2
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert not folder.files


@pytest.mark.full
def test_list_shows_topics_audiences_templates_and_the_files_of_a_build(folder: CommandFolder) -> None:
    ran = folder.run("list", *COUNTRY, *EXAMPLE)
    assert ran.code == 0
    for words in ("bpd-contact", "partners", "en", "handout", "bpd-contact-clinicians-slides-UK.pptx"):
        assert words in ran.out
    assert not folder.files


@pytest.mark.full
def test_a_build_prints_a_table_of_its_files(folder: CommandFolder) -> None:
    ran = folder.run("build", "--audience", "partners", *COUNTRY, *EXAMPLE)
    assert ran.code == 0, ran.err
    assert "bpd-contact-partners-handout-UK.pdf" in ran.out
    assert "pages" in ran.out
    assert "slides" in ran.out
    assert "2 of 2 files made" in ran.out


@pytest.mark.full
def test_json_output_is_one_object_per_line(folder: CommandFolder) -> None:
    ran = folder.run("build", "--audience", "partners", "--format", "pdf", "--json", *COUNTRY, *EXAMPLE)
    file, end = map(json.loads, ran.out.splitlines())
    assert (file["event"], end["event"], end["made"]) == ("file", "end", 1)
    assert file["file"] == "output/bpd-contact/bpd-contact-partners-handout-UK.pdf"
    assert (folder.path / file["file"]).stat().st_size == file["bytes"]
    assert file["pages"] > 1


def test_quiet_prints_nothing_on_success(tmp_path: Path) -> None:
    done = run("build", "--audience", "partners", "--format", "pdf", "--quiet", *COUNTRY, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_file_names_contain_options_that_differ_from_the_defaults(folder: CommandFolder) -> None:
    ran = folder.run("build", "--audience", "family", "--format", "pdf", "--paper", "letter", *COUNTRY, *EXAMPLE)
    assert ran.code == 0, ran.err
    assert (folder.path / "output/bpd-contact/bpd-contact-family-handout-letter-UK.pdf").is_file()


def test_a_talk_of_30_minutes_has_the_length_in_its_name_and_what_it_omits_is_printed(folder: CommandFolder) -> None:
    ran = folder.run("build", "--audience", "family", "--format", "pptx", "--minutes", "30", *COUNTRY, *EXAMPLE)
    assert ran.code == 0, ran.err
    assert (folder.path / "output/bpd-contact/bpd-contact-family-slides-30min-UK.pptx").is_file()
    assert "left-out: A talk of 30 minutes for 'Family members' leaves out: " in ran.err


@pytest.mark.full
def test_without_a_country_no_national_helpline_is_printed_and_there_is_a_warning(folder: CommandFolder) -> None:
    ran = folder.run("build", "--audience", "family", "--format", "pdf", *EXAMPLE)
    assert ran.code == 0
    assert "warning: no-country" in ran.err
    text = painted_text((folder.path / "output/bpd-contact/bpd-contact-family-handout.pdf").read_bytes())
    assert "findahelpline.com" in text
    assert "Samaritans" not in text


@pytest.mark.full
def test_an_error_in_content_is_shown_with_its_line_and_nothing_is_written(editable: CommandFolder) -> None:
    file = editable.path / "content/bpd-contact/en/05-common.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('## Claim {for="clinicians"}', '## Claim {for="clincians"}'), encoding="utf-8")
    ran = editable.run("build", *COUNTRY)
    line = text[: text.index('## Claim {for="clinicians"}')].count("\n") + 1
    assert ran.code == 1
    assert f"content/bpd-contact/en/05-common.md:{line}:16: error:" in ran.err
    assert f'{line} | ## Claim {{for="clincians"}}' in ran.err
    assert "help: did you mean 'clinicians'?" in ran.err
    assert "Traceback" not in ran.err
    assert not (editable.path / "output").exists()


@pytest.mark.full
def test_an_error_in_content_leaves_existing_output_unchanged(editable: CommandFolder) -> None:
    old = editable.path / "output/bpd-contact/bpd-contact-family-handout.pdf"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"old")
    (editable.path / "content/bpd-contact/en/99-bad.md").write_text("no heading\n", encoding="utf-8")
    assert editable.run("build", *COUNTRY).code == 1
    assert old.read_bytes() == b"old"
    assert [file.name for file in old.parent.iterdir()] == [old.name]


@pytest.mark.full
def test_an_output_folder_that_cannot_be_written_is_one_finding(folder: CommandFolder) -> None:
    (folder.path / "output").write_text("a file, not a folder", encoding="utf-8")
    ran = folder.run("build", "--audience", "family", *COUNTRY, *EXAMPLE)
    assert ran.code == 1
    assert ran.err.count("error:") == 1
    assert "output: error: cannot-write" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.full
def test_the_command_works_on_a_console_with_a_small_character_set(editable: CommandFolder) -> None:
    (editable.path / "content/bpd-contact/en/99-bad.md").write_text("# Ωmega → {.note #x}\n", encoding="utf-8")
    done = run("build", *COUNTRY, folder=editable.path, PYTHONIOENCODING="cp1252")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (editable.path / "content/bpd-contact/en/99-bad.md").unlink()
    done = run(
        "build", "--audience", "family", "--format", "pdf", *COUNTRY, folder=editable.path, PYTHONIOENCODING="cp1252"
    )
    assert done.returncode == 0


@pytest.mark.full
def test_characters_that_an_ascii_console_lacks_are_replaced(tmp_path: Path) -> None:
    done = run("build", "--audience", "“famly” Ω", folder=tmp_path, PYTHONIOENCODING="ascii")
    assert """There is no audience '"famly" ?'""" in done.stderr


@pytest.mark.full
def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    done = subprocess.run(
        f'"{sys.executable}" -m handouts list --example --country UK | head -1',
        shell=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.full
@pytest.mark.skipif(os.name == "nt", reason="sends a signal as a terminal on Unix does")
@pytest.mark.parametrize("jobs", [(), ("--jobs", "1"), ("--jobs", "2")])
def test_ctrl_c_ends_quickly_and_leaves_only_complete_files(project: Project, jobs: tuple[str, ...]) -> None:
    """There are so many recipients that the signal arrives while files are written."""
    rows = "".join(f"Clinic {number};0117 496 {number:04}\n" for number in range(80))
    project.write("clinics.csv", f"name;phone\n{rows}")
    words = ("build", "--audience", "growers", "--recipients", "clinics.csv")
    with subprocess.Popen(
        [sys.executable, "-m", "handouts", *words, *jobs, *COUNTRY],
        cwd=project.root,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 30
        while not (list(project.root.rglob("*.pdf")) or list(project.root.rglob("*.pptx"))):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the worker processes too
        _, stderr = process.communicate(timeout=20)
    # If the signal arrives while Python creates a class, Python ends by the signal, which a shell reports as 130 too.
    assert process.returncode in (130, -signal.SIGINT)
    assert "interrupted" in stderr
    assert "Traceback" not in stderr
    assert not list(project.root.rglob("*.part"))


def test_a_bug_in_the_program_is_reported_as_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from handouts import cli

    def broken(options: object) -> int:
        raise ZeroDivisionError(options)

    monkeypatch.setattr(cli, "run_verb", broken)
    assert cli.command(["list"]) == 3
    assert "this is a bug in the program" in capsys.readouterr().err


@pytest.mark.full
def test_only_the_part_of_a_long_line_around_the_place_is_shown(editable: CommandFolder) -> None:
    file = editable.path / "content/bpd-contact/en/22-assess.md"
    file.write_text(file.read_text(encoding="utf-8").replace("@yen2005", "@yen2006"), encoding="utf-8")
    ran = editable.run("build", *COUNTRY)
    lines = ran.err.splitlines()
    caret = next(index for index, line in enumerate(lines) if line.strip() == "|" or line.rstrip().endswith("^"))
    column = lines[caret].index("^")
    assert lines[caret - 1][column:].startswith("yen2006")
    assert len(lines[caret - 1]) < 120
