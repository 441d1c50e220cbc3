"""The second shipped topic, a project of its own: it is as clean as the first, and nothing of the first is in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from nonce_project import ROOT
from pdf_text import painted_text, tagged_text
from test_nothing_lost_or_leaked import everything_in, squeezed

from handouts.pipeline.build import build_all
from handouts.pipeline.checks import check_all
from handouts.pipeline.options import Options

HOME = ROOT / "examples" / "after-a-shock"
TOPIC = HOME / "content" / "after-a-shock" / "en"
READERS = ("parents", "teachers")
SHEETS = ("handout", "slides", "summary", "card", "worksheets", "sources", "facilitator-guide")
# What only the first topic speaks of: its condition, its readers, its subject, whom it names to call.
FOREIGN = re.compile(
    r"\bBPD\b|borderline|partner|stalk|abandon|break-?up|jealous|1800RESPECT|Refuge|Men.s Advice|harassment"
    r"|seeking contact|reaching out|letting go|family member",
    re.IGNORECASE,
)
PART = re.compile(r"^## [^{\n]+(?:\{(?P<attributes>[^}\n]*)\})?\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
PHRASE = re.compile(r"[A-Za-z][A-Za-z0-9 ,’-]{24,}[a-z]")


def options(output: Path, *, country: str = "") -> Options:
    """Return the options for every sheet of the topic."""
    return Options(
        HOME / "content", ROOT / "templates", output, template_names=SHEETS, country=country, today=date(2026, 11, 29)
    )


def phrases_for(reader: str) -> set[str]:
    """Return what stands in parts for one reader alone, as runs of plain words without spaces."""
    found: dict[str, set[str]] = {each: set() for each in READERS}
    for file in TOPIC.glob("*.md"):
        for part in PART.finditer(file.read_text(encoding="utf-8")):
            named = re.search(r'for="([a-z]+)"', part["attributes"] or "")
            for each in (named[1],) if named else READERS:
                found[each] |= {squeezed(phrase) for phrase in PHRASE.findall(part["text"])}
    (other,) = set(READERS) - {reader}
    theirs = "\n".join((*found[other], squeezed((TOPIC.parent / "topic.yaml").read_text(encoding="utf-8"))))
    return {phrase for phrase in found[reader] if phrase not in theirs}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Return each file of the topic by its name; the build has read all of them back."""
    output = tmp_path_factory.mktemp("second topic")
    report = build_all(options(output, country="UK"))
    assert [str(each) for each in report.findings] == []
    assert report.complete
    return {file.name: file.read_bytes() for file in output.rglob("after-a-shock-*")}


def test_it_is_clean_but_for_what_nobody_has_reviewed_yet(tmp_path: Path) -> None:
    report = check_all(options(tmp_path))
    assert {each.code for each in report.findings} == {"no-country", "unconfirmed", "unreviewed"}
    assert report.allowed == ()
    assert report.documents == len(SHEETS) * len(READERS)


def test_every_sheet_is_made_for_each_reader(made: Mapping[str, bytes]) -> None:
    assert len(made) == len(SHEETS) * len(READERS)
    assert {name.split("-")[3] for name in made} == set(READERS)


def test_nothing_of_the_first_topic_is_in_any_file(made: Mapping[str, bytes]) -> None:
    told = {name: text_of(content) for name, content in made.items()}
    assert {name: found[0] for name, text in told.items() if (found := FOREIGN.search(text))} == {}
    assert all("Samaritans" in text for text in told.values())  # the texts were read


def test_what_is_for_one_reader_is_in_no_file_of_the_other(made: Mapping[str, bytes]) -> None:
    told = {reader: "".join(told_to(reader, made)) for reader in READERS}
    for reader, other in (READERS, READERS[::-1]):
        own = phrases_for(reader)
        assert len(own) > 250
        assert {each for each in own if each in told[other]} == set()
        assert len({each for each in own if each in told[reader]}) > len(own) * 0.9  # the same words were looked for


def told_to(reader: str, made: Mapping[str, bytes]) -> list[str]:
    """Return all that the files of a reader say, without spaces."""
    return [squeezed(everything_in(content)) for name, content in made.items() if f"-{reader}-" in name]


def text_of(content: bytes) -> str:
    """Return all that a file says anywhere, without the short runs of letters that any bytes hold by chance."""
    shown = tagged_text(content) + painted_text(content) if content.startswith(b"%PDF") else ""
    return "\n".join((shown, *re.findall(r"[\x20-\x7e’]{12,}", everything_in(content))))
