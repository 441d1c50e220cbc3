"""Wording rules: each finds its samples at their places, and ignores similar correct wording.

In a sample, what has to be found stands between two ¦.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from command_bench import place_of
from conftest import Project
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT

from handouts.check.wording import phrase_matches
from handouts.finding import Finding, HandoutError, Severity, is_error
from handouts.library import WordingRule
from handouts.load import load_library
from handouts.load.phrases import PhraseError, read_phrase
from handouts.pipeline.checks import check_all
from handouts.pipeline.options import Options

RULES = {rule.name: rule for rule in load_library(ROOT / "content", ROOT / "templates").wording["en"]}
# rule: (samples that it finds, correct wording that it ignores)
SAMPLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "person-not-label": (
        (
            "She is ¦a borderline¦.",
            "All ¦borderlines¦ do it.",
            "He met ¦the borderline¦ again.",
            "You must not answer ¦this manipulative borderline¦.",
            "¦This angry, manipulative borderline¦ calls.",
            "How ¦these needy borderlines¦ call.",
        ),
        (
            "Borderline personality disorder is a condition.",
            "It has a borderline pattern.",
            "The borderline personality",
            "A severe borderline personality disorder",
            "This painful borderline pattern",
            "a treatable borderline case",
            "A condition called borderline",
            "The word borderline",
            "This test for borderline",
            "This is borderline",
        ),
    ),
    "abbreviation-as-person": (("¦BPDs¦ call.", "My ¦pwBPD¦ left.", "His ¦undiagnosed BPD¦."), ("BPD", "with BPD, s.")),
    "manipulation": (
        ("They are ¦manipulative¦.", "It is ¦manipulation¦.", "He ¦manipulates¦ you."),
        ("They are not manipulative.", "No manipulation is meant.", "People are not cruel or manipulative by nature."),
    ),
    "attention": (
        ("It is ¦attention-seeking¦.", "They do it ¦for attention¦.", "He ¦seeks attention¦."),
        ("It is not just for attention.", "Pay attention to how they feel.", "It needs attention."),
    ),
    "shame": (
        (
            "You ¦should be ashamed¦.",
            "He ¦should really be ashamed¦.",
            "They ¦ought to be ashamed¦ of it.",
            "¦Shame on you¦.",
            "¦Shame on those¦ who call.",
        ),
        (
            "You may feel ashamed.",
            "They may be ashamed of what happened.",
            "Nobody should be ashamed.",
            "You should not be ashamed.",
            "You shouldn’t be ashamed of it.",
            "There is nothing you should be ashamed of.",
            "Do not say “shame on you”.",
            "Say what you saw, rather than “shame on her”.",
            "Shame on its own is heavy.",
        ),
    ),
    "fault": (
        (
            "You ¦are to blame¦.",
            "You ¦are partly to blame¦ for it.",
            "His mother ¦is to blame¦ for it.",
            "¦You’re to blame¦.",
            "It ¦is your fault¦.",
            "It’s ¦all your fault¦.",
            "This ¦is their own fault¦.",
            "¦That’s her own fault¦.",
            "They ¦brought it on themselves¦.",
            "You ¦brought this upon yourself¦.",
        ),
        (
            "No one is to blame.",
            "You are not to blame.",
            "You aren’t to blame for it.",
            "Neither of you is to blame.",
            "Nobody in the family is to blame for it.",
            "Do not ask who is to blame.",
            "The illness is to blame.",
            "Their first thought is to blame themselves.",
            "It is not your fault.",
            "It’s not all your fault.",
            "It wasn’t their fault.",
            "It is never one person’s fault.",
            "It is nobody’s fault.",
            "Children often think that it was their fault.",
            "Do not say “it is your fault”.",
            "They did not bring it on themselves.",
            "Nobody brings this on themselves.",
            "They brought it on Monday.",
        ),
    ),
    "character": (
        ("She is ¦dramatic¦.", "What a ¦drama queen¦.", "He went ¦crazy¦."),
        ("He needs you.", "A drama at school."),
    ),
    "clinging": (("She is ¦needy¦.", "A ¦clingy¦ friend."), ("He needs you.", "He clings to the rail.")),
    "sufferers": (
        ("¦Sufferers¦ wake at night.", "A ¦PTSD kid¦ is tired.", "They are ¦damaged people¦."),
        ("Those who suffer wake at night.", "Kids who have PTSD are tired.", "The damaged roof kept people out."),
    ),
    "forum-labels": (
        ("A ¦toxic¦ ex.", "A ¦narcissist¦.", "He ¦hoovers¦.", "It was ¦love bombing¦.", "¦Love-bombing¦ ends."),
        ("Intoxicated people.", "A bombing.", "Walking on ice."),
    ),
    "suffering": (
        ("She ¦suffers from¦ BPD.", "¦victims of BPD¦", "A ¦victim of depression¦."),
        ("The suffering is real.", "Significant distress.", "Victims of an attack."),
    ),
    "condition-as-person": (
        ("He is ¦a schizophrenic¦.", "¦Addicts¦ can stop.", "What a ¦lunatic¦."),
        ("An anorexic phase may pass.", "He has schizophrenia.", "An addictive drug."),
    ),
    "commit-suicide": (
        ("He ¦committed suicide¦.", "to ¦commit suicide¦"),
        ("He died by suicide.", "They commit to it."),
    ),
    "suicide-success": (("a ¦failed attempt¦", "¦completed suicide¦"), ("an unsuccessful search", "a suicide attempt")),
    "suicide-gesture": (
        ("a ¦suicidal gesture¦", "a ¦cry for help¦", "¦suicide threats¦"),
        ("a threat", "cry, and get help"),
    ),
    "single-cause": (
        ("The ¦break-up caused her suicide¦.", "She thought of ¦suicide because you left¦."),
        ("A break-up does not cause suicide.", "A break-up can be a high-risk time for suicide."),
    ),
    "suicide-method": (
        ("He ¦hanged himself¦.", "a ¦suicide note¦", "an ¦overdose of¦ pills"),
        ("Hang up.", "Jump in."),
    ),
    "suicide-deaths": (("Some ¦die by suicide¦.", "The ¦suicide rate¦ is low."), ("Talk about suicide.", "Rate it.")),
    "suicide-romance": (("They ¦died for love¦.", "She is ¦at peace now¦."), ("They love.", "Peace of mind.")),
    "self-harm-terms": (("¦self-mutilation¦", "She is ¦a cutter¦."), ("self-harm", "a paper-cutter", "a cut")),
    "hopeless-terms": (
        ("¦treatment-resistant¦", "¦untreatable¦", "¦non-compliant¦", "a ¦difficult patient¦"),
        ("resistant to change", "treatable", "difficult for a patient"),
    ),
    "splitting": (("This is called ¦splitting¦.",), ("They split up.",)),
    "everybody": (
        ("¦All people with BPD¦ call.", "¦People with BPD always¦ call.", "¦Every single person with BPD¦"),
        ("Not all people with BPD call.", "People with BPD may call.", "All of us. People with BPD too."),
    ),
    "generalisation": (
        ("¦People with BPD are¦ angry.", "¦people with BPD can’t¦ wait"),
        ("People with BPD are not cruel.",),
    ),
    "the-ill": (("for ¦the mentally ill¦", "ask ¦the patient¦"), ("be patient", "a patient man")),
    "family-blame": (("You are ¦codependent¦.", "Stop ¦enabling¦."), ("You depend on each other.", "Able to stop.")),
    "invalidating": (
        ("a ¦tantrum¦", "You ¦overreact¦.", "That is ¦irrational¦.", "¦playing games¦"),
        ("react", "a game"),
    ),
    "stalker": (("a ¦stalker¦",), ("stalking", "the person who is stalking you")),
    "over-responsible": (("¦You must fix¦ it.", "¦make them stop¦"), ("You must not fix it.", "They stop.")),
    "addressed-as-clinician": (("Ask ¦your patient¦.", "¦your clients¦"), ("a patient", "your patience")),
    "addressed-as-partner": (("Write to ¦your ex¦ once.", "¦your ex-partner¦"), ("an ex", "your example")),
    "addressed-as-relative": (("Call ¦your son¦.", "¦your loved one¦"), ("a son", "your relatively calm day")),
}


def found_by(rule: WordingRule, text: str) -> list[str]:
    return [text[start:end] for start, end in phrase_matches(rule, text, text.casefold())]


def test_every_rule_has_samples() -> None:
    assert SAMPLES.keys() == RULES.keys()


@pytest.mark.parametrize(("name", "sample"), [(name, text) for name, (wrong, _) in SAMPLES.items() for text in wrong])
def test_a_rule_finds_its_samples(name: str, sample: str) -> None:
    _, expected, _ = sample.split("¦")
    assert found_by(RULES[name], sample.replace("¦", "")) == [expected]


@pytest.mark.parametrize(("name", "sample"), [(name, text) for name, (_, right) in SAMPLES.items() for text in right])
def test_a_rule_ignores_correct_wording(name: str, sample: str) -> None:
    assert found_by(RULES[name], sample) == []


def test_every_pattern_of_the_clinical_list_has_a_rule() -> None:
    """There is one phrase for each row of the clinical list, taken from its column of wording to avoid."""
    text = (
        "a borderline; BPDs; manipulative; attention-seeking; clingy; hysterical; toxic; walking on eggshells; suffers "
        "from; committed suicide; failed suicide; suicidal gesture; the break-up caused his suicide; parasuicide; "
        "noncompliant; splitting; all people with BPD; people with BPD lie; the mentally ill; codependency; meltdown; "
        "stalker; you must fix"
    )
    for piece in text.split("; "):
        assert any(found_by(rule, f"It is {piece} here.") for rule in RULES.values()), piece


# ---------------------------------------------------------------- phrases


@pytest.mark.parametrize(
    ("phrase", "text", "matches"),
    [
        ("cry for help", "A CRY  for\nhelp.", True),
        ("cry for help", "crying for help", False),
        ("love-bomb*", "love bombing", True),
        ("can't wait", "can’t wait", True),
        ("all ... bees", "all of the big brown bees", True),
        ("all ... bees", "all of us went. The bees stayed", False),
        ("all ... bees", "all one two three four five six seven bees", False),
        ("(a|b c) d", "b c d", True),
        ("*made", "homemade", True),
        ("naïve", "NAÏVE", True),
    ],
)
def test_a_phrase_matches_its_text(phrase: str, text: str, matches: bool) -> None:
    assert bool(list(read_phrase(phrase).find(text, text.casefold()))) == matches


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "   ",
        "*",
        "* *",
        "...",
        "... a",
        "a ...",
        "(a",
        "a)",
        "(a|(b)",
        "a+",
        "[a]",
        "a|b",
        "a{3}",
        "(" * 50,
        "x " * 30,
        "x" * 300,
        "(" + "|".join("ab" for _ in range(30)) + ")",
        "\\w",
        "(?=a)",
        "^a",
        "a$",
        "(*|*)",
    ],
)
def test_an_invalid_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        read_phrase(phrase)


@pytest.mark.full
@given(st.text(max_size=60), st.text(max_size=200))
def test_any_phrase_is_refused_or_finds_slices_of_the_text(phrase: str, text: str) -> None:
    try:
        found = read_phrase(phrase)
    except PhraseError:
        return
    for start, end in found.find(text, text.casefold()):
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    "text", ["a " * 50_000, "all " * 25_000, "a" * 100_000, "people with BPD " * 6_000, "-" * 100_000]
)
def test_every_text_is_searched_quickly(text: str) -> None:
    began = time.process_time()
    for rule in RULES.values():
        list(phrase_matches(rule, text, text.casefold()))
    assert time.process_time() - began < 5


# ---------------------------------------------------------------- in a project

RULE = """\
drones:
  code: label
  severity: error
  find: ["lazy drone*"]
  say: a drone at rest
  why: They rest, they are not lazy.
"""


def wording_of(project: Project) -> list[Finding]:
    project.write("content/wording/en.yaml", RULE)
    report = check_all(Options(project.content, project.templates, project.root / "output"))
    return [each for each in report.findings if each.code == "label"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("2-cold.md", "They wait for the sun.", "They wait, the ¦lazy drones."),
        ("2-cold.md", "Say it slowly.", "Say it to **the ¦lazy drones** slowly."),
        ("2-cold.md", "Only growers read of the", "Only growers, no ¦lazy\ndrone, read of the"),
        ("1-cover.md", "Why do the bees stay in?", "Why do the ¦lazy drones stay in?"),
    ],
)
def test_a_phrase_is_reported_at_its_place(project: Project, file: str, old: str, new: str) -> None:
    project.replace(f"content/bees/en/{file}", old, new.replace("¦", ""))
    text = (project.content / "bees/en" / file).read_text(encoding="utf-8")
    offset = text.index(new.split("¦")[1].split("\n", maxsplit=1)[0])
    places = {(Path(each.at.file).name, each.at.line, each.at.column) for each in wording_of(project)}
    assert places == {(file, *place_of(text, offset))}


def test_a_harmful_name_of_a_topic_is_reported(project: Project) -> None:
    project.replace("content/bees/topic.yaml", "keywords: [bees]", "keywords: [lazy drones]")
    assert {Path(each.at.file).name for each in wording_of(project)} == {"topic.yaml"}


def test_a_harmful_phrase_stops_a_build(project: Project) -> None:
    from handouts.pipeline.build import build_all

    project.write("content/wording/en.yaml", RULE)
    project.replace("content/bees/en/2-cold.md", "They wait for the sun.", "Lazy drones wait.")
    with pytest.raises(HandoutError) as raised:
        build_all(Options(project.content, project.templates, project.root / "output"))
    assert {each.code for each in raised.value.findings if is_error(each)} == {"label"}
    assert not (project.root / "output").exists()


def test_a_rule_for_one_topic_does_not_apply_to_others(project: Project) -> None:
    project.replace("content/bees/en/2-cold.md", "Everyone reads this.", "A lazy drone.")
    shutil.copytree(project.content / "bees", project.content / "wasps")
    project.write("content/wording/en.yaml", RULE + "  topics: [wasps]\n")
    report = check_all(Options(project.content, project.templates, project.root / "output"))
    found = {Path(each.at.file).parts[-3] for each in report.findings if each.code == "label"}
    assert found == {"wasps"}


def test_a_rule_for_one_audience_does_not_apply_to_others(project: Project) -> None:
    project.replace("content/bees/en/2-cold.md", "Only growers read", "Only growers and lazy drones read")
    assert wording_of(project)
    project.write("content/wording/en.yaml", RULE + "  for: [keepers]\n")
    report = check_all(Options(project.content, project.templates, project.root / "output"))
    assert not [each for each in report.findings if each.code == "label"]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("code: label", "code: labl", "unknown-value", 2),
        ("severity: error", "severity: fatal", "unknown-value", 3),
        ('["lazy drone*"]', '["(lazy drone*"]', "bad-phrase", 4),
        ("  say: a drone at rest\n", "", "missing-key", 2),
        ("why: They rest, they are not lazy.", "why: They rest.\n  for: [growrs]", "unknown-audience", 7),
        ("why: They rest, they are not lazy.", "why: They rest.\n  topics: [bee]", "unknown-topic", 7),
        ("find:", "finds:", "unknown-key", 4),
    ],
)
def test_an_error_in_a_rule_is_reported_at_its_line(project: Project, old: str, new: str, code: str, line: int) -> None:
    project.write("content/wording/en.yaml", RULE.replace(old, new))
    try:
        found = check_all(Options(project.content, project.templates, project.root / "output")).findings
    except HandoutError as raised:
        found = raised.findings
    mistakes = [each for each in found if each.at.file.endswith("wording/en.yaml")]
    assert (code, line) in {(each.code, each.at.line) for each in mistakes}
    assert all(each.severity is Severity.ERROR for each in mistakes)
