"""The command as a person meets it: what it prints, what it writes, how it ends."""

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
from nonce_project import ROOT
from pdf_text import painted_text

from handouts.cli.arguments import JOBS_VARIABLE

# As on a terminal: the command chooses by itself how many processes work.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != JOBS_VARIABLE} | {"PYTHONPATH": str(ROOT)}
EXAMPLE = ("--example",)
COUNTRY = ("--country", "UK", "--today", "2026-11-23")


def run(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in `folder`, as in a terminal of its own; without content there, with the shipped topic."""
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
    """An empty folder, in which the command is called in this process."""
    return CommandFolder(tmp_path, monkeypatch, capsys)


@pytest.fixture
def spoilt(folder: CommandFolder) -> CommandFolder:
    """A folder with copies of content and templates, to spoil."""
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, folder.path / name)
    return folder


def test_without_words_it_says_what_it_can_do(tmp_path: Path) -> None:
    done = run(folder=tmp_path)
    assert done.returncode == 0
    assert "build" in done.stdout
    assert "list" in done.stdout


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "said"),
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
def test_a_misspelt_option_is_answered_with_the_right_one_and_writes_nothing(
    folder: CommandFolder, words: tuple[str, ...], said: str
) -> None:
    ran = folder.run(*words, *EXAMPLE)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not folder.files


@pytest.mark.full
def test_list_says_what_there_is_and_what_would_be_made(folder: CommandFolder) -> None:
    ran = folder.run("list", *COUNTRY, *EXAMPLE)
    assert ran.code == 0
    for words in ("bpd-contact", "partners", "en", "handout", "bpd-contact-clinicians-slides-UK.pptx"):
        assert words in ran.out
    assert not folder.files


@pytest.mark.full
def test_a_build_ends_with_a_table_of_what_was_made(folder: CommandFolder) -> None:
    ran = folder.run("build", "--audience", "partners", *COUNTRY, *EXAMPLE)
    assert ran.code == 0, ran.err
    assert "bpd-contact-partners-handout-UK.pdf" in ran.out
    assert "pages" in ran.out
    assert "slides" in ran.out
    assert "2 of 2 files made" in ran.out


@pytest.mark.full
def test_json_is_an_object_a_line_and_nothing_else(folder: CommandFolder) -> None:
    ran = folder.run("build", "--audience", "partners", "--format", "pdf", "--json", *COUNTRY, *EXAMPLE)
    made, end = map(json.loads, ran.out.splitlines())
    assert (made["event"], end["event"], end["made"]) == ("file", "end", 1)
    assert made["file"] == "output/bpd-contact/bpd-contact-partners-handout-UK.pdf"
    assert (folder.path / made["file"]).stat().st_size == made["bytes"]
    assert made["pages"] > 1


def test_quiet_says_nothing_when_all_is_good(tmp_path: Path) -> None:
    done = run("build", "--audience", "partners", "--format", "pdf", "--quiet", *COUNTRY, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_file_name_says_what_is_not_the_default(folder: CommandFolder) -> None:
    ran = folder.run("build", "--audience", "family", "--format", "pdf", "--paper", "letter", *COUNTRY, *EXAMPLE)
    assert ran.code == 0, ran.err
    assert (folder.path / "output/bpd-contact/bpd-contact-family-handout-letter-UK.pdf").is_file()


def test_a_talk_of_30_minutes_says_so_in_its_name_and_what_it_leaves_out(folder: CommandFolder) -> None:
    ran = folder.run("build", "--audience", "family", "--format", "pptx", "--minutes", "30", *COUNTRY, *EXAMPLE)
    assert ran.code == 0, ran.err
    assert (folder.path / "output/bpd-contact/bpd-contact-family-slides-30min-UK.pptx").is_file()
    assert "left-out: A talk of 30 minutes for 'Family members' leaves out: " in ran.err


@pytest.mark.full
def test_without_a_country_no_national_line_is_printed_and_a_warning_says_so(folder: CommandFolder) -> None:
    ran = folder.run("build", "--audience", "family", "--format", "pdf", *EXAMPLE)
    assert ran.code == 0
    assert "warning: no-country" in ran.err
    text = painted_text((folder.path / "output/bpd-contact/bpd-contact-family-handout.pdf").read_bytes())
    assert "findahelpline.com" in text
    assert "Samaritans" not in text


@pytest.mark.full
def test_a_mistake_in_content_is_shown_in_its_line_and_nothing_is_written(spoilt: CommandFolder) -> None:
    file = spoilt.path / "content/bpd-contact/en/05-common.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('## Claim {for="clinicians"}', '## Claim {for="clincians"}'), encoding="utf-8")
    ran = spoilt.run("build", *COUNTRY)
    line = text[: text.index('## Claim {for="clinicians"}')].count("\n") + 1
    assert ran.code == 1
    assert f"content/bpd-contact/en/05-common.md:{line}:16: error:" in ran.err
    assert f'{line} | ## Claim {{for="clincians"}}' in ran.err
    assert "help: did you mean 'clinicians'?" in ran.err
    assert "Traceback" not in ran.err
    assert not (spoilt.path / "output").exists()


@pytest.mark.full
def test_an_old_file_stays_as_it_was_when_the_content_has_a_mistake(spoilt: CommandFolder) -> None:
    old = spoilt.path / "output/bpd-contact/bpd-contact-family-handout.pdf"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"old")
    (spoilt.path / "content/bpd-contact/en/99-bad.md").write_text("no heading\n", encoding="utf-8")
    assert spoilt.run("build", *COUNTRY).code == 1
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
def test_a_console_that_knows_few_characters_is_no_reason_to_stop(spoilt: CommandFolder) -> None:
    (spoilt.path / "content/bpd-contact/en/99-bad.md").write_text("# Ωmega → {.note #x}\n", encoding="utf-8")
    done = run("build", *COUNTRY, folder=spoilt.path, PYTHONIOENCODING="cp1252")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (spoilt.path / "content/bpd-contact/en/99-bad.md").unlink()
    done = run(
        "build", "--audience", "family", "--format", "pdf", *COUNTRY, folder=spoilt.path, PYTHONIOENCODING="cp1252"
    )
    assert done.returncode == 0


@pytest.mark.full
def test_what_a_plain_console_lacks_is_shown_as_its_nearest(tmp_path: Path) -> None:
    done = run("build", "--audience", "“famly” Ω", folder=tmp_path, PYTHONIOENCODING="ascii")
    assert """There is no audience '"famly" ?'""" in done.stderr


@pytest.mark.full
def test_a_reader_that_has_seen_enough_is_no_reason_to_complain(tmp_path: Path) -> None:
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
def test_ctrl_c_ends_quickly_and_leaves_whole_files_only(
    project: Project, tmp_path: Path, jobs: tuple[str, ...]
) -> None:
    """The copies for so many recipients take far longer than the signal."""
    rows = "".join(f"Clinic {number};0117 496 {number:04}\n" for number in range(80))
    project.write("clinics.csv", f"name;phone\n{rows}")
    words = ("build", "--audience", "growers", "--recipients", "clinics.csv")
    with subprocess.Popen(
        [sys.executable, "-m", "handouts", *words, *jobs, *COUNTRY],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 30
        while not (list(tmp_path.rglob("*.pdf")) or list(tmp_path.rglob("*.pptx"))):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the workers too
        _, said = process.communicate(timeout=20)
    # If it came while Python was making a class, Python ends itself with the signal, which a shell calls 130 too.
    assert process.returncode in (130, -signal.SIGINT)
    assert "interrupted" in said
    assert "Traceback" not in said
    assert not list(tmp_path.rglob("*.part"))


def test_a_mistake_of_ours_is_called_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from handouts import cli

    def broken(options: object) -> int:
        raise ZeroDivisionError(options)

    monkeypatch.setattr(cli, "run_verb", broken)
    assert cli.command(["list"]) == 3
    assert "this is a bug in the program" in capsys.readouterr().err


@pytest.mark.full
def test_of_a_long_line_only_what_is_around_the_place_is_shown(spoilt: CommandFolder) -> None:
    file = spoilt.path / "content/bpd-contact/en/22-assess.md"
    file.write_text(file.read_text(encoding="utf-8").replace("@yen2005", "@yen2006"), encoding="utf-8")
    ran = spoilt.run("build", *COUNTRY)
    lines = ran.err.splitlines()
    caret = next(index for index, line in enumerate(lines) if line.strip() == "|" or line.rstrip().endswith("^"))
    column = lines[caret].index("^")
    assert lines[caret - 1][column:].startswith("yen2006")
    assert len(lines[caret - 1]) < 120
