"""The build: six files by one command, reproducible bytes, and only complete files."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from paths import ROOT
from pdf_text import painted_text

from handouts.load import load_library
from handouts.pipeline.build import build_all
from handouts.pipeline.options import Options
from handouts.pipeline.output import write_atomically
from handouts.pipeline.plan import find_name_clashes, plan_deliverables
from handouts.pipeline.report import BuildReport

AUDIENCES = ("family", "partners", "clinicians")
FILES = sorted(f"bpd-contact-{audience}-{made}" for audience in AUDIENCES for made in ("handout.pdf", "slides.pptx"))


def options_for(output: Path) -> Options:
    return Options(ROOT / "content", ROOT / "templates", output, today=date(2026, 11, 23))


def sums(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.rglob("bpd-*.p*"))}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> BuildReport:
    return build_all(options_for(tmp_path_factory.mktemp("first")))


def test_one_command_makes_six_files(report: BuildReport) -> None:
    assert report.complete
    assert sorted(made.path.name for made in report.outcomes) == FILES
    for made in report.outcomes:
        assert made.path.stat().st_size == made.size > 10_000
        assert hashlib.sha256(made.path.read_bytes()).hexdigest() == made.sha256


def test_the_only_finding_is_the_missing_country(report: BuildReport) -> None:
    assert {each.code for each in report.findings} == {"no-country"}
    assert not [each for made in report.outcomes for each in made.findings]


@pytest.mark.full
@pytest.mark.parametrize(
    ("jobs", "seed", "zone", "audiences"),
    [
        pytest.param("1", "1", "Asia/Tokyo", ("clinicians",), id="1-1-Asia/Tokyo"),
        pytest.param("2", "2", "America/St_Johns", ("family", "partners"), id="2-2-America/St_Johns"),
    ],
)
def test_the_bytes_are_the_same_in_any_order_and_with_any_number_of_processes(
    report: BuildReport, tmp_path: Path, jobs: str, seed: str, zone: str, audiences: tuple[str, ...]
) -> None:
    words = ["build", "--jobs", jobs, "--today", "2026-11-23", "--quiet", "--output", str(tmp_path)]
    words += ["--audience", ",".join(audiences)]
    subprocess.run(
        [sys.executable, "-m", "handouts", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        check=True,
        timeout=120,
        capture_output=True,
    )
    assert sums(tmp_path) == {
        made.path.name: made.sha256 for made in report.outcomes if made.label.audience in audiences
    }


def test_a_failed_write_leaves_no_partial_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "old.pdf"
    target.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, f"No space left on device {descriptor}")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["old.pdf"]


def test_two_files_never_have_the_same_name(tmp_path: Path) -> None:
    options = replace(options_for(tmp_path), audiences=("family",))
    first = plan_deliverables(load_library(options.content, options.templates), options)[0][0]
    other = replace(first, audience="family-family", template="handout")
    assert not list(find_name_clashes([first, replace(first, file="other.pdf")]))
    (found,) = find_name_clashes([first, other])
    assert found.code == "same-file"
    assert "'family-family'" in found.message


def write_frost(content: Path) -> None:
    """Write a second topic with four factors, and a fourth audience, by content files only."""
    audiences = (content / "audiences.yaml").read_text(encoding="utf-8")
    teachers = "\nteachers:\n  name: Teachers\n  cover: Teachers\n  label: For teachers\n  accent: clay\n"
    (content / "audiences.yaml").write_text(audiences + teachers, encoding="utf-8")
    topic = content / "frost"
    (topic / "en").mkdir(parents=True)
    facts = (content / "bpd-contact" / "topic.yaml").read_text(encoding="utf-8").split("condition:")[0]
    other_lines = [line for line in facts.splitlines() if not line.startswith("audiences:")]
    (topic / "topic.yaml").write_text("\n".join(other_lines), encoding="utf-8")
    cover = {"title": "What frost does", "subtitle": "And what you can do.", "short-title": "Frost"}
    write_section(topic, "01-cover", "cover", cover)
    write_section(topic, "02-message", "message", {"main": "Wait until it is gone."})
    for number, sign in enumerate(("left", "rise", "swing", "hold"), 1):
        texts = {each: f"What {each} number {number} says." for each in ("name", "claim", "gist", "explanation")}
        texts |= {"looks": "White grass", "helps": "A warm coat"}
        write_section(topic, f"1{number}-factor", f'factor sign="{sign}"', texts)


def write_section(topic: Path, name: str, kind: str, texts: dict[str, str]) -> None:
    """Write a section with its parts, the spoken text last."""
    kind, _, sign = kind.partition(" ")
    head = f"# {name} {{.{kind} #part-{name}{' ' * bool(sign)}{sign}}}"
    texts = texts | {'spoken minutes="2"': "Say it slowly."}
    parts = [f"::: {{.{part}}}\n{text}\n:::" for part, text in texts.items()]
    (topic / "en" / f"{name}.md").write_text("\n\n".join((head, *parts)) + "\n", encoding="utf-8")


def test_a_second_topic_and_a_fourth_audience_need_only_content_files(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    write_frost(tmp_path / "content")
    options = Options(tmp_path / "content", ROOT / "templates", tmp_path / "output", topics=("frost",))
    made = build_all(options).outcomes
    assert sorted(each.path.name for each in made) == sorted(
        f"frost-{audience}-{name}" for audience in (*AUDIENCES, "teachers") for name in ("handout.pdf", "slides.pptx")
    )
    assert all(each.is_in_place for each in made)
    text = painted_text(next(each.path for each in made if each.path.name == "frost-teachers-handout.pdf").read_bytes())
    assert all(f"What claim number {number} says." in text for number in range(1, 5))


def test_the_output_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "Für Ämter & Co. (neu)"
    made = build_all(Options(ROOT / "content", ROOT / "templates", folder, audiences=("family",), formats=("pdf",)))
    assert made.complete
    assert list(folder.rglob("*.pdf"))


@pytest.mark.nightly
@pytest.mark.parametrize("country", ["AU", "CA", "EU", "IE", "NZ", "UK", "US"])
def test_the_help_lines_of_every_country_fit(tmp_path: Path, country: str) -> None:
    options = Options(ROOT / "content", ROOT / "templates", tmp_path, country=country, papers=("letter",))
    made = build_all(options)
    assert made.complete, [str(found) for each in made.outcomes for found in each.findings]
