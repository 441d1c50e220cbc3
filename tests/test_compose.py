"""Composing Documents from files: all parts are placed, nothing leaks, and sources, terms and contacts are right."""

from __future__ import annotations

import io
import pickle
import re
import zipfile
from datetime import date
from typing import TypeVar

import pikepdf
import pytest
from conftest import Project
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT

from handouts.compose import compose_document, unplaced_parts
from handouts.compose.assembly import language_tag
from handouts.compose.template_context import escape_markdown
from handouts.deck import render_deck
from handouts.document.nodes import (
    Callout,
    Card,
    Citation,
    Comparison,
    Contacts,
    Cover,
    Document,
    Figure,
    Fork,
    Heading,
    Labelled,
    MainMessage,
    QrCode,
    Script,
    Sources,
    Steps,
    Table,
    Text,
)
from handouts.document.text import dump, plain, walk, words_of
from handouts.figures import FIGURE_KINDS
from handouts.finding import HandoutError, Location
from handouts.load import load_library
from handouts.markdown.attributes import read_attributes
from handouts.markdown.block_parser import parse_markdown
from handouts.markdown.document_blocks import blocks_of
from handouts.markdown.document_inlines import ConversionContext, Facts
from handouts.markdown.syntax_tree import source_from_text
from handouts.pdf import render_pdf
from handouts.render_cache import RenderCache
from handouts.select import Selection, select_content
from handouts.theme import resolve_theme

COLD = "content/bees/en/2-cold.md"
SERVICE = "content/service.yaml"
GIST = "They wait for the sun."
TODAY = date(2026, 11, 23)
T = TypeVar("T")


def all_words(document: Document) -> str:
    return "\n".join(words_of(document))


def selection_of(project: Project) -> Selection:
    return select_content(project.load(), "bees", "growers", "en")


def first(document: Document, kind: type[T]) -> T:
    return next(node for node in walk((document.blocks, document.slides)) if isinstance(node, kind))


# ---------------------------------------------------------------- what is there


def test_a_handout_is_composed_from_its_parts(project: Project) -> None:
    document = project.compose("growers").document
    assert [type(block).__name__ for block in document.blocks] == ["Cover", "Card", "Heading", "Contacts"]
    assert plain(first(document, Cover).label) == "Growers"
    card = first(document, Card)
    assert (card.number, card.sign, plain(card.claim)) == (1, "left", "Cold keeps them in.")
    assert [(plain(row.label), plain(row.content), row.acts) for row in card.rows] == [
        ("Called", "Cold", False),
        ("It may look like", "A quiet hive.", False),
        ("What can help", "Leave it closed.", True),
    ]
    heading = first(document, Heading)
    assert (heading.anchor, heading.opens_page, heading.level) == ("sources", True, 2)


def test_a_talk_is_composed_from_the_same_parts(project: Project) -> None:
    document = project.compose("growers", "slides").document
    assert [(slide.kind, plain(slide.title), slide.section) for slide in document.slides] == [
        ("title", "Why do the bees stay in?", "Why do the bees stay in?"),
        ("content", "Cold keeps them in", "Why do the bees stay in?"),
    ]
    assert [words for slide in document.slides for words in words_of(slide.notes)] == [
        "2\xa0minutes, from 0:00\xa0to\xa02:00",
        "Plan of the meeting",
        "0:00\xa0to\xa02:00: Why do the bees stay in? (2\xa0minutes)",
        "2:00\xa0to\xa04:00: Cold keeps them in (2\xa0minutes)",
        "In all: 4\xa0minutes",
        "Say",
        "Welcome them.",
        "2\xa0minutes, from 2:00\xa0to\xa04:00",
        "Say",
        "Say it slowly.",
    ]
    assert document.slides[1].sign == "left"


@pytest.mark.parametrize(
    ("claim", "title"),
    [
        ("Cold keeps them in.", "Cold keeps them in"),
        ("It is cold. They stay in.", "It is cold. They stay in."),
        ("Why? It is cold.", "Why? It is cold."),
        ("Cold keeps them in", "Cold keeps them in"),
        ("Cold keeps them **in.**", "Cold keeps them in."),
    ],
)
def test_a_title_of_one_sentence_has_no_full_stop_on_its_slide(project: Project, claim: str, title: str) -> None:
    project.replace(COLD, "Cold keeps them in.", claim)
    assert plain(project.compose("growers", "slides").document.slides[1].title) == title


def test_a_document_contains_what_a_renderer_needs(project: Project) -> None:
    document = project.compose("growers").document
    assert document.name == "bees-growers-handout"
    assert (document.title, document.running_title) == ("Why do the bees stay in?", "Bees in winter")
    assert document.subject == "What winter rest (WR) is."
    assert document.foot == "For growers · Draft 0.1: not yet reviewed, lines not confirmed · Nov 2026"
    assert (document.draft, document.modified, document.language) == ("Draft 0.1", "2026-11-23", "en-GB")
    assert (document.author, document.keywords, document.label) == ("The writers", ("bees",), "For growers")
    assert document.words.say("page", n=2, m=4) == "Page 2 of 4"


def test_every_kind_of_block_reaches_the_document(project: Project) -> None:
    labels = "\n".join(f"- {key}: Words for {key}" for key in FIGURE_KINDS["cycle"].required)
    project.replace(COLD, "Everyone reads this.", BLOCKS.replace("LABELS", labels))
    document = project.compose("keepers").document
    assert plain(first(document, Callout).title) == "A callout"
    assert [plain(each.title) for each in first(document, Fork).branches] == ["Red: help", "Green: talk"]
    assert [each.level for each in first(document, Fork).branches] == ["red", "green"]
    script = first(document, Script)
    assert (plain(script.situation), plain(script.words), plain(script.advice)) == (
        "When",
        "I said no. I mean it.",
        "Then go.",
    )
    assert [plain(cell) for row in first(document, Comparison).rows for cell in row] == ["Say it", "Explain"]
    table = first(document, Table)
    assert [[(plain(cell.content), cell.header) for cell in row] for row in (*table.head, *table.body)] == [
        [("Factor", True), ("Evidence", True)],
        [("Cold", True), ("some", False)],
    ]
    figure = first(document, Figure)
    assert (figure.name, plain(figure.title), figure.alt, plain(figure.how_to_read)) == (
        "cycle",
        "A figure",
        "A ring.",
        "Read it.",
    )
    assert dict(figure.labels)["sign"] == "Words for sign"
    assert first(document, QrCode).target == "https://example.org/a"
    assert len(first(document, Steps).items) == 2
    assert plain(first(document, Labelled).label) == "Keep safe"


BLOCKS = """\
::: {.callout}
### A callout
Text.
:::

::: {.labelled}
### Keep safe
Text.
:::

::: {.fork}
### Which?

::: {.red}
### Red: help
Call.
:::

::: {.green}
### Green: talk
Talk.
:::
:::

::: {.script}
### When
> I said no.
> I mean it.

Then go.
:::

::: {.comparison}
| Do | Try not to |
| --- | --- |
| Say it | Explain |
:::

::: {.table}
### A table
| Factor | Evidence |
| --- | --- |
| Cold | some |
:::

::: {.figure name="cycle"}
### A figure

LABELS

Read it.

::: {.alt}
A ring.
:::
:::

::: {.qr target="https://example.org/a"}
More.
:::

1. One
2. Two

"""


def test_a_range_of_people_is_printed_with_an_en_dash_however_it_is_typed(project: Project) -> None:
    figure = '::: {.figure name="array-rows"}\n### A\n\n- filled: 1-3\n- of: in 100\n- words: wait at 1-3.\n\nB\n\n'
    project.replace(COLD, "Everyone reads this.", f"Everyone reads this.\n\n{figure}::: {{.alt}}\nC.\n:::\n:::\n")
    shown = first(project.compose("growers").document, Figure)
    assert shown.labels == (("filled", "1–3"), ("of", "in 100"), ("words", "wait at 1-3."))


def test_rows_of_a_table_have_their_signs_and_discs(project: Project) -> None:
    rows = '::: {.table signs="left rise" discs="3 0"}\n| a | b |\n|---|---|\n| c | d |\n| e | f |\n:::\n\n'
    project.replace(COLD, "Everyone reads this.", rows)
    document = project.compose("growers").document
    (table,) = (each for each in walk(document.blocks) if isinstance(each, Table) and each.signs)
    assert (table.caption, table.signs, table.discs) == ((), ("left", "rise"), (3, 0))


# ---------------------------------------------------------------- nothing leaks


def test_no_text_for_one_audience_reaches_another(project: Project) -> None:
    text = (project.root / COLD).read_text(encoding="utf-8")
    extra = (
        'Both. [Pgrowers1.]{for="growers"} [Pkeepers1.]{for="keepers"}\n\n'
        '- a [Pgrowers2]{for="growers"}\n- [Pkeepers2]{for="keepers"}\n\n'
        '| a | b |\n|---|---|\n| [Pgrowers3]{for="growers"} | c |\n'
        '| [Pkeepers3]{for="keepers"} | [x]{for="keepers"} |\n\n'
        '::: {.callout for="keepers"}\n### Pkeepers4\n**Pkeepers5 [Pkeepers6]{for="keepers"}**\n:::\n\n'
    )
    project.write(COLD, text.replace("Everyone reads this.", extra + "Everyone reads this."))
    project.replace(COLD, "Say it slowly.", 'Say it. [Pgrowers7]{for="growers"} [Pkeepers7]{for="keepers"}')
    for reader, other in (("growers", "keepers"), ("keepers", "growers")):
        for template in ("handout", "slides"):
            text = dump(project.compose(reader, template).document)
            assert f"P{other}" not in text
    assert set(re.findall(r"Pkeepers\d", dump(project.compose("keepers").document))) == {
        f"Pkeepers{number}" for number in range(1, 7)
    }


def test_omitted_inline_text_leaves_no_space(project: Project) -> None:
    project.replace(
        COLD, GIST, 'They wait [long]{for="keepers"}. For [[the]{for="keepers"} sun]{for="growers keepers"}.'
    )
    document = project.compose("growers", "slides").document
    assert plain(document.slides[1].blocks[0].content) == "They wait. For sun."  # type: ignore[union-attr]


def test_each_part_is_placed_by_the_handout_or_the_slides(project: Project) -> None:
    for audience in ("growers", "keepers"):
        selection = select_content(project.load(), "bees", audience, "en")
        made = [compose_document(selection, template) for template in ("handout", "slides")]
        assert unplaced_parts(selection, made) == ()


# ---------------------------------------------------------------- sources and terms


def test_sources_are_numbered_as_they_are_first_cited(project: Project) -> None:
    project.replace(COLD, "Only keepers read this.", "Again [@reed2001; @moss2019].")
    document = project.compose("keepers").document
    assert [node.numbers for node in walk(document.blocks) if isinstance(node, Citation)] == [(1,), (2, 1)]
    assert [(each.number, plain(each.content), each.target) for each in first(document, Sources).sources] == [
        (
            1,
            "Moss AB, Reed C, Vale D, et al. Bees in winter. J Hives. 2019;58(3):289–326.",
            "https://doi.org/10.1000/bees",
        ),
        (2, "Reed C. Hives, 2nd ed. Leeds: Field; 2001.", ""),
    ]


def test_a_short_list_names_each_source_by_authors_and_year(project: Project) -> None:
    for file in sorted((project.root / "content/bees/en").glob("*.md")):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("{.sources", "{.sources .short"), encoding="utf-8")
    project.replace(COLD, "Only keepers read this.", "Again [@reed2001; @moss2019].")
    listed = first(project.compose("keepers").document, Sources)
    assert listed.short
    assert [plain(each.content) for each in listed.sources] == ["Moss et al. 2019", "Reed 2001"]


def test_a_title_that_ends_with_a_question_mark_gets_no_full_stop(project: Project) -> None:
    project.replace("content/references.json", "Bees in winter", "Where are bees in winter?")
    (moss, *_) = first(project.compose("keepers").document, Sources).sources
    assert "Where are bees in winter? J Hives." in plain(moss.content)


def test_the_slide_of_sources_is_omitted_if_nothing_is_cited(project: Project) -> None:
    assert [plain(slide.title) for slide in project.compose("keepers", "slides").document.slides][
        -1
    ] == "Sources of this talk"
    assert [plain(slide.title) for slide in project.compose("growers", "slides").document.slides][
        -1
    ] == "Cold keeps them in"


def test_a_term_is_explained_once_and_only_to_those_who_need_it(project: Project) -> None:
    text = all_words(project.compose("growers").document)
    assert "read of the brood (the young of a hive). The brood is warm." in text
    project.replace(COLD, '::: {for="growers"}', '::: {for="growers keepers"}')
    assert "the young of a hive" not in all_words(project.compose("keepers").document)


def test_the_condition_has_the_name_that_the_service_uses(project: Project) -> None:
    project.replace(SERVICE, "{name: winter rest, short: WR}", "{name: the long sleep, short: LS}")
    project.replace(COLD, GIST, "Winter rest is WR, not WRX.")
    document = project.compose("growers", "slides").document
    assert "The long sleep is LS, not WRX." in all_words(document)


def test_american_spelling_changes_whole_words_and_keeps_capitals(project: Project) -> None:
    project.replace(SERVICE, "spelling: british", "spelling: american")
    project.replace(COLD, GIST, "Colour, colour, COLOUR, colourful.")
    assert "Color, color, COLOR, colourful." in all_words(project.compose("growers", "slides").document)


@pytest.mark.parametrize(("spelling", "language"), [("british", "en-GB"), ("american", "en-US")])
@pytest.mark.parametrize("template", ["handout", "slides"])
def test_the_language_tag_of_a_file_follows_its_spelling(
    project: Project, spelling: str, language: str, template: str
) -> None:
    project.replace(SERVICE, "spelling: british", f"spelling: {spelling}")
    document = project.compose("growers", template).document
    assert document.language == language
    theme = resolve_theme(project.load().themes["settling-line"], accent="harbour")
    if template == "handout":
        content = render_pdf(document, theme).content
        with pikepdf.open(io.BytesIO(content)) as file:
            assert str(file.Root.Lang) == language
            assert file.open_metadata()["dc:language"] == {language}
    else:
        with zipfile.ZipFile(io.BytesIO(render_deck(document, theme).content)) as deck:
            languages = {
                found
                for name in deck.namelist()
                if name.startswith("ppt/slides/slide")
                for found in re.findall(r' lang="([^"]*)"', deck.read(name).decode("utf-8"))
            }
            assert languages == {language}
            assert f"<dc:language>{language}<" in deck.read("docProps/core.xml").decode("utf-8")


def test_other_language_tags_are_unchanged() -> None:
    assert language_tag("fr", "british") == "fr"


# ---------------------------------------------------------------- whom to call


def test_the_crisis_box_has_the_lines_of_the_country_and_a_local_line(project: Project) -> None:
    crisis = project.compose("growers").document.crisis
    assert [(column.question, [(line.label, line.number) for line in column.lines]) for column in crisis.columns] == [
        ("In danger now?", [("Call", "999"), ("Local", "")]),
        ("Thinking of suicide, or worried about someone?", [("Samaritans", "116\u00a0123")]),
        (
            "Afraid of a partner or ex?",
            [("Refuge", "0808\u00a02000\u00a0247"), ("Stalking", "0808\u00a0802\u00a00300")],
        ),
    ]
    assert crisis.short[0].label == "In danger? Call"
    called = {line.number.replace("\u00a0", " "): line.target for column in crisis.columns for line in column.lines}
    assert all(target == f"tel:{number}".replace(" ", "") for number, target in called.items() if number)


@pytest.mark.parametrize("country", ["US", "UK", "IE", "CA", "AU", "NZ", "EU"])
def test_each_country_has_crisis_lines_and_marks_unconfirmed_ones(project: Project, country: str) -> None:
    project.replace("content/bees/en/3-sources.md", ' needs="danger"', "")
    document = project.compose("growers", country=country).document
    assert len(document.crisis.columns) == 3
    contacts = first(document, Contacts).contacts
    assert {contact.note for contact in contacts[:-1]} == {"not yet confirmed"}
    assert (contacts[-1].number, contacts[-1].name) == ("", "Local")


def test_without_a_country_there_is_a_warning_and_a_directory(project: Project) -> None:
    project.replace(SERVICE, "country: UK", 'country: ""')
    made = project.compose("growers")
    assert [found.code for found in made.findings] == ["no-country"]
    numbers = {line.number for column in made.document.crisis.columns for line in column.lines}
    assert {"findahelpline.com", "112", "911", "000", "111", ""} == numbers


def test_a_contact_confirmed_long_ago_is_marked(project: Project) -> None:
    path = "content/contacts/UK.yaml"
    text = (project.root / path).read_text(encoding="utf-8")
    project.write(path, text.replace('confirmed_on: ""', "confirmed_on: 2025-11-24"))
    made = compose_document(selection_of(project), "handout", today=TODAY)
    assert (made.findings, "phone lines" in made.document.foot) == ((), False)
    project.write(path, text.replace('confirmed_on: ""', "confirmed_on: 2025-11-23"))
    made = compose_document(selection_of(project), "handout", today=TODAY)
    assert {found.code for found in made.findings} == {"contact-expired"}
    assert first(made.document, Contacts).contacts[0].note == "confirmed more than a year ago"


def test_reviewed_content_with_confirmed_contacts_is_no_draft(project: Project) -> None:
    path = "content/contacts/UK.yaml"
    text = (project.root / path).read_text(encoding="utf-8")
    project.write(path, text.replace('confirmed_on: ""', "confirmed_on: 2026-11-01"))
    project.replace("content/bees/topic.yaml", "reviewed_by: []", "reviewed_by: [A keeper]")
    project.replace("content/bees/topic.yaml", 'reviewed_on: ""', "reviewed_on: 2026-10-02")
    document = project.compose("growers").document
    assert (document.draft, document.foot) == ("", "For growers · Version 0.1, reviewed Oct 2026 · Nov 2026")


def test_a_due_review_is_a_warning(project: Project) -> None:
    selection = select_content(project.load(), "bees", "growers", "en")
    late = compose_document(selection, "handout", today=date(2027, 11, 23))
    assert [found.code for found in late.findings] == ["review-due"]
    assert compose_document(selection, "handout", today=date(2027, 11, 22)).findings == ()


# ---------------------------------------------------------------- templates, and more of everything


def test_values_printed_by_a_template_cannot_become_markup(project: Project) -> None:
    label = '1. Growers **and** [all]{for} \\"x\\" | # - ::: `a` <b> & ~'
    project.replace("content/audiences.yaml", "label: For growers", f'label: "{label}"')
    project.replace("templates/handout.md.j2", "{% for", "{{ audience.label }}\n\n{% for")
    document = project.compose("growers").document
    assert plain(document.blocks[0].content) == label.replace('\\"x\\"', "“x”")  # type: ignore[union-attr]


def test_content_cannot_run_template_code_or_break_a_template(project: Project) -> None:
    project.replace(COLD, GIST, r"\{\{ section.claim \}\} and \{% raw %\} and \# and \:::.")
    document = project.compose("growers", "slides").document
    assert "{{ section.claim }} and {% raw %} and # and :::." in all_words(document)


def test_selections_and_errors_survive_pickling(project: Project) -> None:
    selection = select_content(project.load(), "bees", "growers", "en")
    again = pickle.loads(pickle.dumps(selection))
    assert dump(compose_document(again, "handout").document) == dump(compose_document(selection, "handout").document)
    with pytest.raises(HandoutError) as raised:
        compose_document(selection, "handout", country="XX")
    assert pickle.loads(pickle.dumps(raised.value)).findings == raised.value.findings


def test_a_second_topic_and_a_fourth_audience_need_only_content_files(project: Project) -> None:
    people = (project.root / "content/audiences.yaml").read_text(encoding="utf-8")
    for name in ("visitors", "teachers"):
        people += f"{name}:\n  name: {name}\n  cover: {name}\n  label: For {name}\n  accent: clay\n"
    project.write("content/audiences.yaml", people)
    project.replace(COLD, '{.claim for="growers"}', '{.claim for="growers visitors teachers"}')
    project.write(
        "content/frost/topic.yaml", (project.root / "content/bees/topic.yaml").read_text().replace("Bees", "Frost")
    )
    cover = (project.root / "content/bees/en/1-cover.md").read_text(encoding="utf-8")
    project.write("content/frost/en/1-cover.md", cover.replace("Why do the bees stay in?", "What is frost?"))
    cold = (project.root / COLD).read_text(encoding="utf-8")
    for number in range(1, 5):
        changed = cold.replace("#cold", f"#cold-{number}").replace("Cold keeps", f"Frost {number} keeps")
        changed = changed.replace("Below ten", f"Below {number}").replace("[@moss2019]", "")
        project.write(f"content/frost/en/2-{number}.md", changed)
    project.write(
        "content/frost/en/3-message.md",
        '# M {.message #m}\n\n::: {.main}\nWait.\n:::\n\n::: {.spoken minutes="1"}\nSay.\n:::\n',
    )
    selection = select_content(project.load(), "frost", "teachers", "en")
    made = [compose_document(selection, template) for template in ("handout", "slides")]
    assert unplaced_parts(selection, made) == ()
    assert [node.number for node in made[0].document.blocks if isinstance(node, Card)] == [1, 2, 3, 4]
    assert first(made[0].document, MainMessage).content == (Text("Wait."),)
    assert made[0].document.label == "For teachers"
    assert len(made[1].document.slides) == 6


@given(
    st.text(
        st.characters(codec="latin-1", categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u00a0"), max_size=60
    )
)
def test_escaped_words_are_printed_unchanged(words: str) -> None:
    flat = " ".join(words.split())
    for before, after in (("", ""), ("Of ", " and on"), ("::: {.labelled}\n### A\n\n", "\n:::")):
        source = source_from_text(before + escape_markdown(words) + after, "x.md")
        blocks, findings = parse_markdown(source)
        making = ConversionContext(Facts(whole=True), [])
        made = " ".join(words_of(blocks_of(blocks, making)))
        expected = " ".join(f"{before}{flat}{after}".split()) if "\n" not in before else f"A {flat}".strip()
        assert (findings, made) == ((), expected) or not flat
    attributes, _ = read_attributes(
        f'{{label="{escape_markdown(words)}"}}', 0, lambda offset: Location("x", 1, offset + 1), []
    )
    assert attributes.value("label") == flat


@pytest.mark.full
def test_the_shipped_content_has_no_errors_and_all_of_it_is_placed() -> None:
    library = load_library(ROOT / "content", ROOT / "templates")
    assert library.findings == ()
    cache = RenderCache()
    for topic in library.topics:
        for audience in library.audiences:
            selection = select_content(library, topic, audience, "en")
            names = [name for name, template in library.templates.items() if audience in template.audiences]
            made = [compose_document(selection, name, country="UK", cache=cache) for name in names]
            assert [found for each in made for found in each.findings] == []
            assert unplaced_parts(selection, made) == ()
