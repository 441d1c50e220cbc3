"""The second shipped topic, which is a separate project: it has no errors and no words of the first one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from paths import ROOT
from pdf_text import painted_text, tagged_text
from test_nothing_lost_or_leaked import everything_in, squeezed

from handouts.pipeline.build import build_all
from handouts.pipeline.checks import check_all
from handouts.pipeline.options import Options

HOME = ROOT / "examples" / "after-a-shock"
TOPIC = HOME / "content" / "after-a-shock" / "en"
READERS = ("parents", "teachers")
SHEETS = ("handout", "slides", "summary", "card", "worksheets", "sources", "facilitator-guide")
# Words of the first topic only: its condition, audiences, subject and contacts.
FOREIGN = re.compile(
    r"\bBPD\b|borderline|partner|stalk|abandon|break-?up|jealous|1800RESPECT|Refuge|Men.s Advice|harassment"
    r"|seeking contact|reaching out|letting go|family member",
    re.IGNORECASE,
)
PART = re.compile(r"^## [^{\n]+(?:\{(?P<attributes>[^}\n]*)\})?\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
PHRASE = re.compile(r"[A-Za-z][A-Za-z0-9 ,’-]{24,}[a-z]")


def options(output: Path, *, country: str = "") -> Options:
    """Return the options for all templates of the topic."""
    return Options(
        HOME / "content", ROOT / "templates", output, template_names=SHEETS, country=country, today=date(2026, 11, 29)
    )


def phrases_for(reader: str) -> set[str]:
    """Return the runs of plain words in parts for one audience only, without spaces."""
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
def topic_files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Build the topic, and return its files by name."""
    output = tmp_path_factory.mktemp("second topic")
    report = build_all(options(output, country="UK"))
    assert [str(each) for each in report.findings] == []
    assert report.complete
    return {file.name: file.read_bytes() for file in output.rglob("after-a-shock-*")}


def test_it_has_only_findings_about_missing_reviews(tmp_path: Path) -> None:
    report = check_all(options(tmp_path))
    assert {each.code for each in report.findings} == {"no-country", "unconfirmed", "unreviewed"}
    assert report.allowed == ()
    assert report.documents == len(SHEETS) * len(READERS)


def test_every_template_is_built_for_each_audience(topic_files: Mapping[str, bytes]) -> None:
    assert len(topic_files) == len(SHEETS) * len(READERS)
    assert {name.split("-")[3] for name in topic_files} == set(READERS)


def test_no_file_contains_words_of_the_first_topic(topic_files: Mapping[str, bytes]) -> None:
    texts = {name: text_of(content) for name, content in topic_files.items()}
    assert {name: found[0] for name, text in texts.items() if (found := FOREIGN.search(text))} == {}
    assert all("Samaritans" in text for text in texts.values())  # texts were extracted


def test_no_file_contains_text_for_the_other_audience(topic_files: Mapping[str, bytes]) -> None:
    texts = {reader: "".join(text_for(reader, topic_files)) for reader in READERS}
    for reader, other in (READERS, READERS[::-1]):
        own = phrases_for(reader)
        assert len(own) > 250
        assert {each for each in own if each in texts[other]} == set()
        assert (
            len({each for each in own if each in texts[reader]}) > len(own) * 0.9
        )  # the phrases are found in their own files


def text_for(reader: str, topic_files: Mapping[str, bytes]) -> list[str]:
    """Return all text of the files for an audience, without spaces."""
    return [squeezed(everything_in(content)) for name, content in topic_files.items() if f"-{reader}-" in name]


def text_of(content: bytes) -> str:
    """Return all text anywhere in a file, without short runs of letters that occur in binary data by chance."""
    shown = tagged_text(content) + painted_text(content) if content.startswith(b"%PDF") else ""
    return "\n".join((shown, *re.findall(r"[\x20-\x7e’]{12,}", everything_in(content))))
