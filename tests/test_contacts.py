"""Whom to call: lines for some readers only, and needs that the box at the foot has no place for."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Project

from handouts.document.nodes import Contacts
from handouts.document.text import walk, words_of
from handouts.finding import HandoutError

UK = "content/contacts/UK.yaml"
LINE = """
- need: conduct
  name: A line for keepers
  number: "0808 111"
  for: [keepers]
  confirmed_on: ""
"""


def with_line(project: Project, line: str) -> None:
    project.write(UK, (project.root / UK).read_text(encoding="utf-8") + line)
    project.replace("content/bees/en/3-sources.md", ' needs="danger"', "")


def needs_of(project: Project, audience: str) -> set[str]:
    document: Any = project.compose(audience).document
    return {each.need for node in walk(document.blocks) if isinstance(node, Contacts) for each in node.contacts}


def test_a_line_for_some_readers_is_printed_for_no_others(project: Project) -> None:
    with_line(project, LINE)
    assert "A line for keepers" in words_of(project.compose("keepers").document)
    assert "A line for keepers" not in words_of(project.compose("growers").document)


def test_the_police_and_ones_own_conduct_have_headings_of_their_own(project: Project) -> None:
    with_line(project, "")
    assert {"Police", "Harm to a partner"} <= needs_of(project, "growers")


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ("[keepers]", "[keeper]", "unknown-audience"),
        ("need: conduct", "need: conduct\n  crisis: true\n  label: Call", "unknown-need"),
        ("need: conduct", "need: abuse\n  crisis: true\n  label: Call", "structure"),
    ],
)
def test_a_line_that_cannot_stand_where_it_is_put_is_told(project: Project, was: str, becomes: str, code: str) -> None:
    with_line(project, LINE.replace(was, becomes))
    with pytest.raises(HandoutError) as caught:
        project.load()
    (found,) = caught.value.findings
    assert found.code == code
    assert found.at is not None
    assert found.at.file.endswith(UK)


TOPIC = "content/bees/topic.yaml"


def with_crisis(project: Project, needs: str) -> None:
    project.write(TOPIC, f"{(project.root / TOPIC).read_text(encoding='utf-8')}crisis: {needs}\n")


def test_the_box_at_the_foot_answers_the_needs_of_the_topic_and_no_others(project: Project) -> None:
    all_asked = " ".join(words_of(project.compose("growers").document.crisis))
    assert "Afraid of a partner or ex?" in all_asked
    with_crisis(project, "[danger, suicide]")
    for template in ("handout", "slides"):
        document = project.compose("growers", template).document
        asked = " ".join(words_of(document.crisis))
        assert "999" in asked
        assert "Samaritans" in asked
        assert "partner" not in asked
        assert "Refuge" not in asked
        assert not [line for line in document.crisis.short if line.label == "Refuge"]


@pytest.mark.parametrize(
    ("needs", "code", "said"),
    [
        ("[danger, suicid]", "unknown-need", "did you mean 'suicide'?"),
        ("[danger, other]", "unknown-need", "known: abuse, danger, stalking, suicide"),
        ("[suicide]", "missing-key", "write crisis: [danger, …]"),
        ("[]", "missing-key", "write crisis: [danger, …]"),
        ("danger", "wrong-type", "write [danger]"),
    ],
)
def test_a_box_without_help_in_danger_or_with_an_unknown_need_is_refused(
    project: Project, needs: str, code: str, said: str
) -> None:
    with_crisis(project, needs)
    with pytest.raises(HandoutError) as caught:
        project.load()
    (found,) = caught.value.findings
    assert (found.code, found.hint) == (code, said)
    assert found.at.file.endswith(TOPIC)
