"""Contacts: lines for some audiences or topics only, and the needs and questions of the crisis box."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Project

from handouts.document.nodes import Contacts, Crisis
from handouts.document.text import walk, words_of
from handouts.finding import HandoutError
from handouts.pipeline.checks import check_all
from handouts.pipeline.options import Options

UK = "content/contacts/UK.yaml"
LINE = """
- need: conduct
  name: A line for keepers
  number: "0808 111"
  for: [keepers]
  confirmed_on: ""
"""


def with_line(project: Project, line: str) -> None:
    """Add a contact, and let the list of contacts show all needs."""
    project.write(UK, (project.root / UK).read_text(encoding="utf-8") + line)
    project.replace("content/bees/en/3-sources.md", ' needs="danger"', "")


def needs_of(project: Project, audience: str) -> set[str]:
    document: Any = project.compose(audience).document
    return {each.need for node in walk(document.blocks) if isinstance(node, Contacts) for each in node.contacts}


def test_a_contact_for_some_audiences_is_printed_for_no_others(project: Project) -> None:
    with_line(project, LINE)
    assert "A line for keepers" in words_of(project.compose("keepers").document)
    assert "A line for keepers" not in words_of(project.compose("growers").document)


def test_the_police_and_lines_for_harm_to_a_partner_have_their_own_headings(project: Project) -> None:
    with_line(project, "")
    assert {"Police", "Harm to a partner"} <= needs_of(project, "growers")


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ("[keepers]", "[keeper]", "unknown-audience"),
        ("  for: [keepers]\n", "  crisis: true\n  label: Call\n", "unknown-need"),
        ("need: conduct", "need: abuse\n  crisis: true\n  label: Call", "structure"),
    ],
)
def test_a_contact_with_an_unknown_audience_or_need_is_an_error(
    project: Project, was: str, becomes: str, code: str
) -> None:
    with_line(project, LINE.replace(was, becomes))
    with pytest.raises(HandoutError) as caught:
        project.load()
    (found,) = caught.value.findings
    assert found.code == code
    assert found.at is not None
    assert found.at.file.endswith(UK)


TOPIC = "content/bees/topic.yaml"


def with_crisis(project: Project, needs: str) -> None:
    project.replace(TOPIC, "crisis: [danger, suicide, abuse, stalking]", f"crisis: {needs}")


def test_the_crisis_box_covers_only_the_needs_of_the_topic(project: Project) -> None:
    all_words = " ".join(words_of(project.compose("growers").document.crisis))
    assert "Afraid of a partner or ex?" in all_words
    with_crisis(project, "[danger, suicide]")
    for template in ("handout", "slides"):
        document = project.compose("growers", template).document
        words = " ".join(words_of(document.crisis))
        assert "999" in words
        assert "Samaritans" in words
        assert "partner" not in words
        assert "Refuge" not in words
        assert not [line for line in document.crisis.short if line.label == "Refuge"]


OTHER = (
    "known: abuse, danger, stalking, suicide; "
    "to add it, write crisis_other: and the question into content/bees/en/words.yaml"
)


@pytest.mark.parametrize(
    ("needs", "code", "hint"),
    [
        ("[danger, suicid]", "unknown-need", "did you mean 'suicide'?"),
        ("[danger, other]", "unknown-need", OTHER),
        ("[suicide]", "missing-key", "write crisis: [danger, …]"),
        ("[]", "missing-key", "write crisis: [danger, …]"),
        ("danger", "wrong-type", "write [danger]"),
    ],
)
def test_a_crisis_box_without_danger_or_with_an_unknown_need_is_an_error(
    project: Project, needs: str, code: str, hint: str
) -> None:
    with_crisis(project, needs)
    with pytest.raises(HandoutError) as caught:
        project.load()
    (found,) = caught.value.findings
    assert (found.code, found.hint) == (code, hint)
    assert found.at.file.endswith(TOPIC)


# ---------------------------------------------------------------- needs and questions of a topic

WORDS = "content/bees/en/words.yaml"
SCHOOL_WORDS = "need_school: At school\ncrisis_school: Worried about a lesson?\n"
SCHOOL = """
- need: school
  name: School line
  number: "0808 222"
  crisis: true
  label: Teachers
  confirmed_on: ""
"""


def questions_of(crisis: Crisis) -> list[str]:
    return [column.question for column in crisis.columns]


def test_by_default_a_topic_asks_about_danger_and_suicide_and_lists_no_abuse_lines(
    project: Project,
) -> None:
    with_line(project, "")
    project.replace(TOPIC, "crisis: [danger, suicide, abuse, stalking]\n", "")
    document = project.compose("growers").document
    assert questions_of(document.crisis) == ["In danger now?", "Thinking of suicide, or worried about someone?"]
    assert needs_of(project, "growers") == {"In danger now", "Thoughts of suicide", "Near you"}


def test_abuse_lines_are_listed_if_the_list_requests_them_or_they_name_the_topic(project: Project) -> None:
    with_crisis(project, "[danger, suicide]")
    with_line(project, LINE.replace("for: [keepers]", "topics: [bees]"))
    assert needs_of(project, "growers") == {"In danger now", "Thoughts of suicide", "Near you", "Harm to a partner"}
    project.replace("content/bees/en/3-sources.md", "{.contacts}", '{.contacts needs="abuse"}')
    assert needs_of(project, "growers") == {"Abuse or fear"}


def test_a_topic_can_define_its_own_needs_and_questions(project: Project) -> None:
    with_line(project, SCHOOL)
    project.write(WORDS, SCHOOL_WORDS)
    with_crisis(project, "[danger, school]")
    for template in ("handout", "slides"):
        crisis = project.compose("growers", template).document.crisis
        assert questions_of(crisis) == ["In danger now?", "Worried about a lesson?"]
        assert [line.label for line in crisis.short] == ["In danger? Call", "Teachers"]
    assert "At school" in needs_of(project, "growers")
    project.replace("content/bees/en/3-sources.md", "{.contacts}", '{.contacts needs="school"}')
    assert needs_of(project, "growers") == {"At school"}


def test_each_audience_has_its_own_questions(project: Project) -> None:
    with_line(project, SCHOOL)
    project.write(WORDS, f"{SCHOOL_WORDS}crisis_suicide: A dark thought?\n")
    with_crisis(project, "{keepers: [danger, school, suicide, stalking]}")
    questions = questions_of(project.compose("keepers").document.crisis)
    assert questions == ["In danger now?", "Worried about a lesson?", "A dark thought?", "Afraid of a partner or ex?"]
    assert questions_of(project.compose("growers").document.crisis) == ["In danger now?", "A dark thought?"]
    assert "Stalking" in needs_of(project, "keepers")
    assert "Stalking" not in needs_of(project, "growers")


def test_a_topic_can_give_stalking_its_own_question(project: Project) -> None:
    project.write(WORDS, "crisis_stalking: Does somebody follow you?\n")
    with_crisis(project, "[danger, abuse, stalking]")
    crisis = project.compose("growers").document.crisis
    assert questions_of(crisis)[1:] == ["Afraid of a partner or ex?", "Does somebody follow you?"]
    assert [line.label for line in crisis.columns[1].lines] == ["Refuge"]


def only_error(project: Project) -> tuple[str, str, str, str]:
    """Return code, file, message and hint of the only error of loading."""
    with pytest.raises(HandoutError) as caught:
        project.load()
    (found,) = caught.value.findings
    assert found.at.line
    return found.code, found.at.file.removeprefix(f"{project.root.as_posix()}/"), found.message, found.hint


@pytest.mark.parametrize(
    ("line", "words", "crisis", "code", "file", "hint"),
    [
        (SCHOOL, "", "", "unknown-need", UK, "add need_school: and its words to content/bees/en/words.yaml"),
        (
            SCHOOL.replace("school", "suicidal"),
            "",
            "",
            "unknown-need",
            UK,
            "did you mean 'suicide'? Otherwise add need_suicidal: and its words to content/bees/en/words.yaml",
        ),
        (
            SCHOOL,
            "need_school: At school\n",
            "",
            "unknown-need",
            UK,
            "add crisis_school: and the question to content/bees/en/words.yaml, or leave out crisis: true",
        ),
        (
            SCHOOL.replace("  crisis: true\n  label: Teachers\n", ""),
            SCHOOL_WORDS,
            "[danger, school]",
            "unanswered-need",
            TOPIC,
            "add a contact with need: school, crisis: true and label: to content/contacts, or leave 'school' out",
        ),
        (SCHOOL, SCHOOL_WORDS, "[danger, scool]", "unknown-need", TOPIC, "did you mean 'school'?"),
        (SCHOOL, SCHOOL_WORDS, "{keeper: [danger]}", "unknown-audience", TOPIC, "did you mean 'keepers'?"),
        (SCHOOL, SCHOOL_WORDS, "{keepers: [school]}", "missing-key", TOPIC, "write keepers: [danger, …]"),
        (SCHOOL, SCHOOL_WORDS, "{keepers: danger}", "wrong-type", TOPIC, "write [danger]"),
        (
            SCHOOL,
            f"{SCHOOL_WORDS}crisis_stalking: Followed?\n",
            "[danger, suicide, abuse, stalking, school]",
            "too-many",
            TOPIC,
            "4 are the most that have room",
        ),
        (f"{SCHOOL}  topics: [beees]\n", SCHOOL_WORDS, "", "unknown-topic", UK, "did you mean 'bees'?"),
        (f"{SCHOOL}  topics: [wasps-x]\n", SCHOOL_WORDS, "", "unknown-topic", UK, "known: bees"),
    ],
)
def test_an_error_in_a_need_is_reported_at_its_file_with_a_hint(
    project: Project, line: str, words: str, crisis: str, code: str, file: str, hint: str
) -> None:
    with_line(project, line)
    if words:
        project.write(WORDS, words)
    if crisis:
        with_crisis(project, crisis)
    found_code, found_file, _, found_hint = only_error(project)
    assert (found_code, found_file, found_hint) == (code, file, hint)


def test_a_contact_for_some_topics_is_printed_for_no_others(project: Project) -> None:
    settings = (project.root / TOPIC).read_text(encoding="utf-8").replace("name: Bees in winter", "name: Wasps")
    project.write("content/wasps/topic.yaml", settings)
    project.write("content/wasps/en/1-cover.md", (project.root / "content/bees/en/1-cover.md").read_text("utf-8"))
    project.write(WORDS, SCHOOL_WORDS)
    with_line(project, SCHOOL)
    code, file, message, hint = only_error(project)
    assert (code, file) == ("unknown-need", UK)
    assert message == "'wasps' has no words for the need 'school'."
    assert hint == "add topics: [bees] to this contact, or need_school: to content/wasps/en/words.yaml"
    project.replace(UK, "need: school\n", "need: school\n  topics: [bees]\n")
    assert "At school" in needs_of(project, "growers")
    project.replace(UK, "need: school\n  topics: [bees]\n", "need: suicide\n  topics: [wasps]\n")
    project.write(WORDS, "looks: You see\n")
    document = project.compose("growers").document
    assert "School line" not in words_of(document)
    assert "Teachers" not in words_of(document.crisis)


def test_a_question_without_a_number_in_the_country_is_reported_and_has_no_column(project: Project) -> None:
    with_line(project, SCHOOL)
    project.write(WORDS, SCHOOL_WORDS)
    with_crisis(project, "[danger, school]")
    assert [each.code for each in project.compose("growers").findings if each.code == "unanswered-need"] == []
    composition = project.compose("growers", country="US")
    (found,) = [each for each in composition.findings if each.code == "unanswered-need"]
    assert found.message == "The crisis box has no number for 'school': US.yaml has none."
    assert (found.at.file.endswith(TOPIC), found.at.line > 0) == (True, True)
    assert "content/contacts/US.yaml" in found.hint
    assert questions_of(composition.document.crisis) == ["In danger now?"]


def test_unconfirmed_contacts_are_reported_once_for_all_audiences(project: Project) -> None:
    with_line(project, LINE)
    report = check_all(Options(project.content, project.templates, project.root / "output"))
    (found,) = (each for each in report.findings if each.code == "unconfirmed")
    count = (project.root / UK).read_text(encoding="utf-8").count("\n- need:")
    assert found.message.startswith(f"{count} of {count} contacts")


@pytest.mark.parametrize(("country", "need"), [("UK", ""), ("CA", "stalking"), ("", "")])
def test_needs_of_a_list_without_contacts_in_the_country_are_reported(
    project: Project, country: str, need: str
) -> None:
    project.replace("content/service.yaml", "country: UK", f'country: "{country}"')
    project.replace("content/bees/en/3-sources.md", 'needs="danger"', 'needs="police stalking"')
    found = [each for each in project.compose("growers").findings if each.code == "no-contacts"]
    assert [each.message for each in found] == ([f"There is nobody to call for: {need}."] if need else [])
    assert all(f"need: {need} to content/contacts/CA.yaml" in each.hint for each in found)
