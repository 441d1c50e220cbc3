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
