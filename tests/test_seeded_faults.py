"""Faults of all families, seeded into copies of the real content: exactly these are reported, with line and column.

A copy has one fault in a file at most, and may have as many as there are files.

In a fault, ¦ stands before the character at which the finding has to point; it is taken out before the file is written.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from pathlib import Path

import pytest
from command_bench import place_of
from paths import ROOT

from handouts.finding import Finding
from handouts.pipeline.checks import check_all
from handouts.pipeline.options import Options

TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Fault:
    """A replacement in a file, and the code of the finding that it has to cause.

    An `old` text that ends with … goes on to the end of its line; without an old text, the file is a new one. `mark`
    is what the finding points at, where ¦ does not say it.
    """

    code: str
    file: str
    old: str
    new: str
    mark: str = ""


EN, TOPIC = "bpd-contact/en/", "bpd-contact/topic.yaml"
NOTE = "# A note {.note #a-note}\n\n::: {.body}\n"
BODY = '## Body {for="family partners"}\n'
LONG = BODY + "¦You can " + "wait and " * 12 + "wait.\n\n"
FAULTS = [
    # ---- access
    Fault("poor-alt", EN + "15-cycle.md", "A circle of steps: “It is over”…", "¦A circle."),
    Fault(
        "poor-alt", EN + "07a-circle.md", "A circle of steps. One: a sign…", "¦One possible pattern has two ways out"
    ),
    Fault("no-how-to-read", EN + "07a-circle.md", "[Dot: your relative. Ring: the other person.…", "", "::: {.figure"),
    Fault("vague-link", EN + "25a-about.md", "General", "Read [¦this page](https://example.org/a). General"),
    Fault("unmarked-language", EN + "05-common.md", "Many people reach", "Many people (¦люди) reach"),
    Fault("unmarked-language", EN + "15-cycle.md", "A circle of steps:", "A circle (¦κύκλος):"),
    Fault("empty-head", EN + "14-evidence.md", "| Factor | Evidence |", "| ¦| Evidence |"),
    Fault("long-cell", EN + "14-evidence.md", "| several studies |", "| ¦" + "several good studies of " * 6 + "|"),
    Fault(
        "heading-order",
        EN + "24-hope.md",
        "**Dialectical Behaviour Therapy (DBT)** teaches healthier",
        "#### ¦A name\n\nIt teaches healthier",
    ),
    # ---- sources
    Fault("no-source", EN + "08-abandonment.md", " [@foxhall2019].", ".", "# Fear"),
    Fault("no-grade", EN + "22-assess.md", "The law on warning…", "¦In the US, states differ [@johnson2014]."),
    Fault("uncited-number", EN + "26-ask.md", BODY, BODY + "It helps ¦9 in 10 people.\n\n"),
    Fault(
        "uncited-number",
        EN + "05-common.md",
        " Few adults (1 to 3 in 100) have BPD [@lenzenweger2007; @trull2010],",
        "\n\nAbout ¦3 in 100 have it,",
    ),
    Fault("unused-source", EN + "24-hope.md", " [@greer2018].", "."),
    # ---- wording
    Fault(
        "label", EN + "10-idealisation.md", "It can make you dizzy", "¦A borderline needs help. It can make you dizzy"
    ),
    Fault("label", EN + "09-emotions.md", "Then a message to you", "Your ¦pwBPD friend. Then a message to you"),
    Fault("label", EN + "04a-red.md", "Let us stay with red", "They are ¦needy. Let us stay with red"),
    Fault("label", EN + "25a-about.md", "General", "A ¦toxic bond. General"),
    Fault("label", EN + "10-idealisation.md", "It can make you dizzy", "She ¦suffers from it. It can make you dizzy"),
    Fault("label", EN + "09-emotions.md", "Then a message to you", "He is ¦a cutter. Then a message to you"),
    Fault("label", EN + "04a-red.md", "Let us stay with red", "It is ¦untreatable. Let us stay with red"),
    Fault("blame", EN + "25a-about.md", "General", "They are ¦manipulative. General"),
    Fault(
        "blame", EN + "10-idealisation.md", "It can make you dizzy", "It is ¦attention-seeking. It can make you dizzy"
    ),
    Fault("blame", EN + "09-emotions.md", "Then a message to you", "You ¦overreact. Then a message to you"),
    Fault("absolute", EN + "04a-red.md", "Let us stay with red", "¦All people with BPD call. Let us stay with red"),
    Fault("suicide-wording", EN + "25a-about.md", "General", "He ¦committed suicide. General"),
    Fault(
        "suicide-wording",
        EN + "10-idealisation.md",
        "It can make you dizzy",
        "A ¦failed attempt. It can make you dizzy",
    ),
    Fault("suicide-wording", EN + "09-emotions.md", "Then a message to you", "A ¦cry for help. Then a message to you"),
    Fault("harm", EN + "04a-red.md", "Let us stay with red", "She left a ¦suicide note. Let us stay with red"),
    Fault("harm", EN + "25a-about.md", "General", "He ¦hanged himself. General"),
    Fault("label", EN + "01-cover.md", "Many of you are here", "¦Borderlines call. Many of you are here"),
    Fault("blame", EN + "15-cycle.md", "A circle of steps:", "A ¦manipulative circle of steps:"),
    Fault(
        "jargon",
        EN + "08-abandonment.md",
        "Many people with BPD have",
        "¦Splitting. Many people with BPD have",
    ),
    Fault(
        "label",
        TOPIC,
        "keywords: [",
        "keywords: [drama queens, ",
    ),
    # ---- reading
    Fault("long-sentence", EN + "26-ask.md", BODY, LONG),
    Fault(
        "long-list",
        EN + "26-ask.md",
        "- How can I keep",
        "- A?\n- B?\n- C?\n- D?\n- E?\n- How can I keep",
        "- What could",
    ),
    Fault(
        "long-paragraph",
        EN + "08-abandonment.md",
        "Many people with BPD have",
        "¦So. " + "It is. " * 5 + "Many people with BPD have",
    ),
    Fault(
        "long-cell",
        EN + "22-assess.md",
        "| Suicide, in plain words; means |",
        "| ¦" + "Suicide, in plain words, " * 6 + "|",
    ),
    # ---- safety
    Fault("missing-section", TOPIC, "[message, safety,", "[message, safety, ¦risk,"),
    Fault("missing-section", TOPIC, "help, about]", "help, ¦inside, about]"),
    Fault("advice-before-fork", EN + "03a-note.md", "", NOTE + "1. ¦Call them.\n2. Ask them.\n:::\n"),
    Fault("late-message", EN + "02z-note.md", "", NOTE + "First something else.\n:::\n"),
    Fault("no-provenance", TOPIC, "authors: [The handouts project]", "authors: []"),
]


@pytest.fixture(scope="module")
def clean() -> frozenset[Finding]:
    return frozenset(findings(ROOT / "content"))


def findings(content: Path) -> Iterator[Finding]:
    options = Options(content, ROOT / "templates", content.parent / "output", country="UK", today=TODAY)
    yield from check_all(options).findings


def plant_fault(content: Path, fault: Fault) -> tuple[int, int] | None:
    """Put a fault into a copy of the content, and return the line and column at which it has to be found."""
    path = content / fault.file
    text = path.read_text(encoding="utf-8") if fault.old else fault.new
    if fault.old:
        start = text.index(fault.old.removesuffix("…"))
        end = text.index("\n", start) if fault.old.endswith("…") else start + len(fault.old)
        text = text[:start] + fault.new + text[end:]
    if fault.mark:
        text = text.replace(fault.mark, f"¦{fault.mark}", 1)
    path.write_text(text.replace("¦", ""), encoding="utf-8")
    return place_of(text, text.index("¦")) if "¦" in text else None


def copies() -> Iterator[tuple[Fault, ...]]:
    """Yield the faults of each copy: one for each file, as two new notes would have the same name."""
    by_file: dict[str, list[Fault]] = {}
    for fault in FAULTS:
        by_file.setdefault(fault.file if fault.old else "a new note", []).append(fault)
    for faults in zip_longest(*by_file.values()):
        yield tuple(filter(None, faults))


@pytest.mark.full
@pytest.mark.parametrize("faults", list(copies()), ids=lambda faults: f"{len(faults)} faults, one {faults[0].code}")
def test_seeded_faults_are_reported_at_their_places_without_others(
    tmp_path: Path, clean: frozenset[Finding], faults: tuple[Fault, ...]
) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    seeded = {(each.code, Path(each.file).name, plant_fault(tmp_path / "content", each)) for each in faults}
    usual = {(each.code, Path(each.at.file).name, each.message) for each in clean}
    found = [
        each
        for each in findings(tmp_path / "content")
        if (each.code, Path(each.at.file).name, each.message) not in usual
    ]
    at = {(each.code, Path(each.at.file).name, each.at.line, each.at.column) for each in found}
    placed = {(code, name, *place) for code, name, place in seeded if place}
    elsewhere = {code for code, _, place in seeded if not place}
    assert placed <= at, [str(each) for each in found]
    assert {code for code, *_ in at - placed} == elsewhere, [str(each) for each in found]
