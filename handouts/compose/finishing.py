"""The tree of a whole document to the Document: numbers, sources, titles, foot, and everything that a renderer needs.

What is cited and not listed is a finding. Parts are placed and words are chosen before this.
"""

from __future__ import annotations

from msgspec import Struct

from handouts import document
from handouts.compose.citing import list_sources
from handouts.compose.people import People, draft_of, foot_of
from handouts.compose.wording import citation_numbers, first_citation, respelling, source_lists
from handouts.document import Cover, Document, Inlines, Slide
from handouts.finding import Finding, error
from handouts.library import Template
from handouts.markdown import tree
from handouts.markdown.blocks import blocks_of, slides_of
from handouts.markdown.making import Facts, Making, one_paragraph
from handouts.markdown.tree import Blocks
from handouts.select import Selection

# The language that services spell in two ways, and the country that each way is said to be of.
RESPELLED, COUNTRIES = "en", {"british": "GB", "american": "US"}


class Finishing(Struct, frozen=True):
    """What is selected, how it is laid out, whom to call, what was found out so far, and the minutes of a talk.

    `cited` is a document whose sources are listed here too, and have their numbers from there.
    """

    selection: Selection
    template: Template
    people: People
    findings: list[Finding]
    minutes: int = 0
    cited: Blocks = ()


class Titles(Struct, frozen=True):
    """What a document is called: in full, at the head of its pages, and what it is about."""

    title: str
    running: str
    subject: str


def write_document(blocks: Blocks, finishing: Finishing) -> Document:
    """Return the Document that a tree makes."""
    selection, topic = finishing.selection, finishing.selection.topic
    making = Making(facts_of(blocks, finishing), finishing.findings)
    pages = blocks_of(blocks, making) if finishing.template.renderer == "pdf" else ()
    slides = slides_of(blocks, making) if finishing.template.renderer == "pptx" else ()
    respell = respelling(topic, selection.library.service, selection.library.spellings)
    titles = titles_of(blocks, (*pages, *slides), respell(topic.title), making)
    confirmed = finishing.people.confirmed
    return Document(
        name=f"{topic.name}-{selection.audience.name}-{finishing.template.name}{length_of(finishing)}",
        title=titles.title,
        running_title=titles.running,
        label=selection.audience.label,
        language=language_tag(selection.language, selection.library.service.spelling),
        foot=foot_of(topic, selection.audience, selection.words, confirmed=confirmed),
        draft=draft_of(topic, selection.words, confirmed=confirmed),
        author=", ".join(topic.authors),
        subject=titles.subject,
        keywords=tuple(respell(keyword) for keyword in topic.keywords),
        modified=topic.published,
        words=selection.words,
        crisis=finishing.people.crisis,
        blocks=pages,
        slides=slides,
    )


def language_tag(language: str, spelling: str) -> str:
    """Return the language of a document, as BCP 47 has it, with the country whose spelling the service has."""
    return f"{language}-{COUNTRIES[spelling]}" if language == RESPELLED else language


def length_of(finishing: Finishing) -> str:
    """Return what the name of a talk of so many minutes ends with."""
    return f"-{finishing.minutes}min" if finishing.minutes else ""


def facts_of(blocks: Blocks, finishing: Finishing) -> Facts:
    """Return what the blocks of a document have to know."""
    numbers = citation_numbers((*finishing.cited, *blocks))
    cited = first_citation(blocks)
    lists = source_lists(blocks)
    if cited and not lists:
        message = f"'{finishing.template.name}' cites sources and does not list them."
        hint = "add ::: {.sources} and ::: where the list of sources stands"
        finishing.findings.append(error("no-sources", message, cited.at, hint))
    library, words = finishing.selection.library, finishing.selection.words
    full = list_sources(numbers, library.sources, words) if False in lists else ()
    short = list_sources(numbers, library.sources, words, short=True) if True in lists else ()
    return Facts(numbers, finishing.people.contacts, full, short, library.pictures, whole=True)


def titles_of(blocks: Blocks, made: tuple[object, ...], name: str, making: Making) -> Titles:
    """Return what a document is called: by its cover or its first slide, or else by its topic."""
    cover = next((each for each in made if isinstance(each, Cover) and not each.alone), None)
    first = next((each for each in made if isinstance(each, Slide)), None)
    shown: Inlines = cover.title if cover else first.title if first else ()
    title = document.plain(shown) or name
    subject = document.plain(cover.subtitle) if cover else ""
    divs = [each for each in blocks if isinstance(each, tree.Div) and each.attributes.kind == "running-title"]
    running = [document.plain(one_paragraph(div.blocks, "A running title", div.at, making)) for div in divs]
    return Titles(title, running[0] if running else title, subject or name)
