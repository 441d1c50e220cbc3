"""Sheets beside the handout: one page, cards, a guide for leaders. Each is for every reader and says nothing itself."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pdf_text import painted_text
from two_readers import ROOT
from validators import assert_verapdf_passes

from handouts.build import Options, build_all, check_all

TODAY = date(2026, 11, 27)
TEMPLATES = ("summary", "card", "facilitator-guide")
AUDIENCES = 3
COMMANDS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|\{[^}]*\}|^---$.*?^---$", re.DOTALL | re.MULTILINE)
SENTENCE = re.compile(r"(?:[A-Za-z’']+ ){3}[A-Za-z’']+")


def options(output: Path, template: str, country: str) -> Options:
    return Options(
        ROOT / "content", ROOT / "templates", output, country=country, template_names=(template,), today=TODAY
    )


@pytest.mark.parametrize("country", ["UK", ""])
@pytest.mark.parametrize("template", TEMPLATES)
def test_each_reader_has_the_sheet_and_anyone_can_read_it(tmp_path: Path, template: str, country: str) -> None:
    report = build_all(options(tmp_path, template, country))
    files = sorted(tmp_path.rglob("*.pdf"))
    assert len(files) == AUDIENCES
    assert not [found for made in report.made for found in made.findings]
    assert_verapdf_passes(files)
    pages = [len(pikepdf.open(BytesIO(file.read_bytes())).pages) for file in files]
    assert max(pages) <= {"summary": 1, "card": 2, "facilitator-guide": 6}[template]


@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_is_wrong_with_what_the_sheet_says(tmp_path: Path, template: str) -> None:
    found = {each.code for each in check_all(options(tmp_path, template, "UK")).findings}
    assert found == {"unreviewed", "unconfirmed"}


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_has_no_sentence_of_its_own(template: str) -> None:
    text = (ROOT / "templates" / f"{template}.md.j2").read_text(encoding="utf-8")
    assert not SENTENCE.search(COMMANDS.sub("", text))


def test_relatives_and_partners_get_a_short_list_of_sources_and_clinicians_the_full_one(tmp_path: Path) -> None:
    asked = Options(ROOT / "content", ROOT / "templates", tmp_path, country="UK", formats=("pdf",), today=TODAY)
    assert build_all(asked).whole
    files = sorted(tmp_path.rglob("*.pdf"))
    listed = {file.name.split("-")[2]: " ".join(painted_text(file.read_bytes()).split()) for file in files}
    assert "De Smet et al. 2015" in listed["family"]
    assert "De Smet et al. 2015" in listed["partners"]
    assert "J Fam Violence" not in listed["family"] + listed["partners"]
    assert "J Fam Violence" in listed["clinicians"]
