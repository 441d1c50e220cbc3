"""The build: six files by one command, the same bytes however it is run, and whole files only."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from two_readers import ROOT

from handouts import build_all
from handouts.build import Options, Report, write_whole

AUDIENCES = ("family", "partners", "clinicians")
FILES = sorted(f"bpd-contact-{audience}-{made}" for audience in AUDIENCES for made in ("handout.pdf", "slides.pptx"))


def options_for(output: Path) -> Options:
    return Options(ROOT / "content", ROOT / "templates", output, today=date(2026, 11, 23))


def sums(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.rglob("bpd-*.p*"))}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return build_all(options_for(tmp_path_factory.mktemp("first")))


def test_one_command_makes_six_files(report: Report):
    assert report.whole
    assert sorted(made.path.name for made in report.made) == FILES
    for made in report.made:
        assert made.path.stat().st_size == made.size > 10_000
        assert hashlib.sha256(made.path.read_bytes()).hexdigest() == made.sha256


def test_nothing_is_found_but_that_no_country_is_set(report: Report):
    findings = {found.code for made in report.made for found in made.findings} | {each.code for each in report.findings}
    assert findings == {"no-country"}


@pytest.mark.parametrize(("jobs", "seed", "zone"), [("1", "1", "Asia/Tokyo"), ("2", "2", "America/St_Johns")])
def test_the_bytes_are_the_same_however_it_is_run(report: Report, tmp_path: Path, jobs: str, seed: str, zone: str):
    words = ["build", "--jobs", jobs, "--today", "2026-11-23", "--quiet", "--output", str(tmp_path)]
    subprocess.run(
        [sys.executable, "-m", "handouts", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        check=True,
        timeout=120,
        capture_output=True,
    )
    assert sums(tmp_path) == {made.path.name: made.sha256 for made in report.made}


def test_a_file_that_cannot_be_written_whole_is_not_written_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / "old.pdf"
    target.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, f"No space left on device {descriptor}")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["old.pdf"]


def test_a_folder_with_a_strange_name_is_as_good_as_any(tmp_path: Path):
    folder = tmp_path / "Für Ämter & Co. (neu)"
    made = build_all(Options(ROOT / "content", ROOT / "templates", folder, audiences=("family",), formats=("pdf",)))
    assert made.whole
    assert list(folder.rglob("*.pdf"))
