"""Parts that begin with a heading equal those in fences, and each error in them is reported once at its place.

In a case, ¦ stands before the character at which the finding has to point; it is taken out before the file is written.
"""

from __future__ import annotations

import pytest
from command_bench import place_of
from conftest import FACTOR, Project

from handouts.finding import HandoutError, Location
from handouts.library import Section
from handouts.load.sections import SectionRules, read_section
from handouts.markdown.names import KnownNames
from handouts.pipeline.section_forms import without_places

COLD = "content/bees/en/2-cold.md"
HEADED = """\
# Cold {.factor #cold sign="left"}

## Name
Cold

## Claim {for="growers"}
Cold keeps them in.

## Claim {for="keepers"}
Below ten degrees no bee flies [@moss2019].

## Gist
They wait for the sun.

## Explanation
Everyone reads this. [Only keepers read this.]{for="keepers"}

::: {for="growers"}
Only growers read of the [brood]{.term}. The [brood]{.term} is warm.
:::

## Looks
A quiet hive.

## Helps
Leave it closed.

## Spoken {minutes="2"}
Say it slowly.
"""
SPOKEN = '## Spoken {minutes="2"}'


def section_of(project: Project, text: str) -> Section:
    """Return the section that a text becomes in a project."""
    project.write(COLD, text)
    return next(each for each in project.load().topics["bees"].languages["en"] if each.at.file.endswith("2-cold.md"))


def failures(project: Project, text: str) -> list[tuple[str, int, int, str]]:
    """Return code, line, column and the complete message of each finding about a text."""
    project.write(COLD, text)
    with pytest.raises(HandoutError) as raised:
        project.load()
    return [(each.code, each.at.line, each.at.column, str(each)) for each in raised.value.findings]


def test_headings_and_fences_give_the_same_section(project: Project) -> None:
    assert without_places(section_of(project, HEADED)) == without_places(section_of(project, FACTOR))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("## Explanation\n", "## EXPLANATION\n"),
        ("## Explanation\n", "## explanation ##\n"),
        ("## Explanation\n", "##  Explanation  \n\n"),
        ("## Claim {for", "## Claim{for"),
        ('## Claim {for="growers"}', '## Claim { for="growers" } ##'),
        ("Leave it closed.\n\n##", "Leave it closed.\n##"),
        ("\n## Gist\nThey wait for the sun.\n", "\n::: {.gist}\nThey wait for the sun.\n:::\n"),
        ("\n## Name\nCold\n", "\n::: {.name}\nCold\n:::\n"),
        ("Say it slowly.\n", "Say it slowly."),
    ],
)
def test_other_notations_of_a_heading_are_accepted(project: Project, old: str, new: str) -> None:
    assert old in HEADED
    changed = section_of(project, HEADED.replace(old, new, 1))
    assert without_places(changed) == without_places(section_of(project, FACTOR))


def test_a_name_of_two_words_has_a_space_or_a_hyphen(project: Project) -> None:
    cover = (
        "# Cover {.cover #cover}\n\n## Title\nWhy?\n\n## Subtitle\nSo.\n\n## Short title\nBees\n\n"
        + SPOKEN
        + "\nHello.\n"
    )
    for written in ("## Short title", "## short-title", "## Short-Title"):
        project.write("content/bees/en/1-cover.md", cover.replace("## Short title", written))
        made = project.load().topics["bees"].languages["en"][0]
        assert [part.name for part in made.parts] == ["title", "subtitle", "short-title", "spoken"]


def test_a_heading_takes_the_same_attributes_as_a_fence(project: Project) -> None:
    project.replace("content/bees/topic.yaml", "licence:", "points:\n  cold: Cold keeps bees in.\nlicence:")
    pairs = 'for="keepers" template="handout slides" makes="cold" allow="hedge" because="It is so."'
    text = HEADED.replace(
        "## Looks\nA quiet hive.", f'## Looks {{for="growers"}}\nQuiet.\n\n## Looks {{{pairs}}}\nA hive.'
    )
    fenced = FACTOR.replace(
        "::: {.looks}\nA quiet hive.\n:::",
        f'::: {{.looks for="growers"}}\nQuiet.\n:::\n\n::: {{.looks {pairs}}}\nA hive.\n:::',
    )
    made = section_of(project, text)
    (looks,) = [part for part in made.parts if part.name == "looks" and part.audiences == ("keepers",)]
    assert (looks.templates, [word.text for word in looks.makes]) == (("handout", "slides"), ["cold"])
    (allowed,) = made.allowances
    line = text.split("\n").index(f"## Looks {{{pairs}}}") + 1
    assert allowed.covers("hedge", Location(made.at.file, line + 1, 1))
    assert not allowed.covers("hedge", Location(made.at.file, line + 3, 1))
    assert not allowed.covers("hedge", Location(made.at.file, line - 1, 1))
    assert without_places(made) == without_places(section_of(project, fenced))


def test_an_allowance_ends_at_the_fence_of_the_next_part(project: Project) -> None:
    pairs = 'allow="hedge" because="It is so."'
    text = HEADED.replace("## Helps\nLeave it closed.", "::: {.helps}\nLeave it closed.\n:::")
    text = text.replace("## Looks", f"## Looks {{{pairs}}}")
    (allowed,) = section_of(project, text).allowances
    line = text.split("\n").index("::: {.helps}") + 1
    assert allowed.covers("hedge", Location(allowed.start.file, line - 2, 3))
    assert not allowed.covers("hedge", Location(allowed.start.file, line, 1))


# (description, old text, new text, codes in the order of the marks, words of the findings)
MISTAKES = [
    ("a misspelt part", "## Gist", "## ¦Gits", "unknown-part", "'Gits' did you mean ## Gist? write ### for a heading"),
    ("a part in the plural", "## Claim {for=\"keepers\"}", '## ¦Claims {for="keepers"}', "unknown-part", "## Claim?"),
    ("a heading of the text", "Everyone reads this.", "## ¦Winter sleep\nEveryone reads this.", "unknown-part",
     "'Winter sleep' known: ## Name, ## Claim write ### for a heading inside the text"),
    ("a heading without words", "## Gist", "¦##", "unknown-part", "names no part known: ## Name"),
    ("readers in words", '## Claim {for="keepers"}', "## ¦Claim for keepers", "unknown-part",
     'name alone ## Claim {for="keepers"}'),
    ("readers in brackets", "## Looks", "## ¦Looks (for all)", "unknown-part", 'name alone ## Looks {for="…"}'),
    ("a bold name", "## Gist", "## ¦**Gist**", "unknown-part", "did you mean ## Gist?"),
    ("a limited name", "## Gist", '## ¦[Gist]', "unknown-part", "did you mean ## Gist?"),
    ("no space", "## Gist", "¦##Gist", "near-miss-heading", "space is missing write ## Gist"),
    ("a space that does not break", "## Gist", "¦##\u00a0Gist", "near-miss-heading", "write ## Gist"),
    ("spaces before it", "## Gist", "  ¦## Gist", "near-miss-heading", "beginning of its line delete the spaces"),
    ("many spaces before it", "## Gist", "     ¦## Gist", "near-miss-heading", "delete the spaces"),
    ("a title without a space", "Everyone reads this.", "¦###Winter\n\nEveryone reads this.", "near-miss-heading",
     "write ### Winter"),
    ("a class for readers", "## Gist", "## Gist {.¦growers}", "unknown-class", 'write for="growers"'),
    ("a class", "## Gist", "## Gist {.¦gist}", "unknown-class", "delete it"),
    ("an id", "## Gist", "## Gist {#¦gist}", "unknown-class", "delete it"),
    ("a bare reader", '## Claim {for="keepers"}', "## Claim {¦keepers}", "attributes", 'write for="keepers"'),
    ("words after braces", '## Claim {for="keepers"}', '## Claim {for="keepers"} ¦now', "leftover-braces",
     "at the end of the line"),
    ("braces that stay open", '## Claim {for="keepers"}', '## Claim ¦{for="keepers"', "attributes", "write }"),
    ("an unknown reader", '## Claim {for="keepers"}', '## Claim {for="¦keeprs"}', "unknown-audience", "'keepers'"),
    ("an unknown attribute", "## Gist", '## Gist {¦fro="growers"}', "unknown-attribute", "'for'"),
    ("no minutes", SPOKEN, "¦## Spoken", "no-minutes", 'minutes="2" ## Spoken {minutes="2"}'),
    ("an empty part", "## Gist\nThey wait for the sun.", "¦## Gist", "empty-part", "'gist'"),
    ("two paragraphs in a line", "They wait for the sun.", "They wait.\n\n¦For the sun.", "not-a-line", "'gist'"),
    ("a part twice", "## Looks", "¦## Gist\nAgain.\n\n## Looks", "repeated-part", "growers, keepers in line 12"),
    ("a part twice, once in a fence", "## Looks", "¦::: {.gist}\nAgain.\n:::\n\n## Looks", "repeated-part", "line 12"),
    ("a part that is missing", "## Looks\nA quiet hive.\n\n", "", "missing-part", "add ## Looks: What it may"),
    ("a part that one reader lacks", "## Looks", '## Looks {for="growers"}', "missing-part",
     'add ## Looks {for="keepers"}'),
    ("notes that are missing", f"{SPOKEN}\nSay it slowly.", "", "missing-part", 'add ## Spoken {minutes="2"}'),
    ("text before the first part", "## Name\n", "¦Some lost words.\n\n## Name\n", "outside-part",
     "is not in a part line before it: ## Explanation"),
    ("a sign too few", "## Looks", "¦# Looks", "outside-part", "'Looks' begins a part did you mean ## Looks?"),
    ("text after a fence", "## Looks", "::: {.criteria}\nOne.\n:::\n\n¦Lost words.\n\n## Looks", "outside-part",
     "is not in a part"),
    ("a misspelt fence", "## Looks\nA quiet hive.", "::: {.¦loks}\nA quiet hive.\n:::", "unknown-part", "'looks'"),
    ("a misspelt fence inside", "::: {for=", "::: {.¦calout for=", "unknown-class", "'callout'"),
    ("a fence that is left over", "## Looks", "¦:::\n\n## Looks", "stray-fence", "delete it"),
    ("a fence that stays open", "The [brood]{.term} is warm.\n:::\n", "The [brood]{.term} is warm.\n", "unclosed-fence",
     "add a line :::"),
    ("a fence around a part", "## Explanation\n", "::: {.explanation}\n¦## Gist\nThey wait.\n:::\n\n## Ask\n",
     "structure", "three or four signs outside of fences"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "codes", "messages"), [case[1:] for case in MISTAKES], ids=[c[0] for c in MISTAKES]
)
def test_an_error_in_a_heading_is_reported_once_at_its_place(
    project: Project, old: str, new: str, codes: str, messages: str
) -> None:
    assert old in HEADED
    marked = HEADED.replace(old, new, 1)
    found = failures(project, marked.replace("¦", ""))
    places = [place_of(marked, index) for index, letter in enumerate(marked) if letter == "¦"]
    if "¦" not in new:
        places = [(1, 1)] if "missing" in codes else [(18, 1)]
    assert [(code, line, column) for code, line, column, _ in found] == [
        (code, *place) for code, place in zip(codes.split(), places, strict=True)
    ]
    assert all(word in found[0][3] for word in messages.split()), found[0][3]


def test_parts_after_an_unclosed_fence_are_still_read(project: Project) -> None:
    text = HEADED.replace("The [brood]{.term} is warm.\n:::\n", "The [brood]{.term} is warm.\n")
    text = text.replace("A quiet hive.", "A quiet [hive]{.trem}.").replace(
        "Leave it closed.", "::: {.calout}\nNo.\n:::"
    )
    assert [code for code, *_ in failures(project, text)] == ["unclosed-fence", "unknown-class", "unknown-class"]


def test_a_section_of_an_unknown_kind_is_one_finding(project: Project) -> None:
    assert [code for code, *_ in failures(project, HEADED.replace(".factor", ".facter"))] == ["unknown-kind"]


def test_a_long_line_of_punctuation_is_read_quickly() -> None:
    rules = SectionRules({}, None, KnownNames(("a",), None, None))
    for line in ("## " + " #" * 200_000 + " x", "##" + " " * 400_000 + "x", "## {" + "#" * 400_000):
        assert read_section(f"# A {{.factor #a}}\n\n{line}\n", "a.md", rules).findings
