"""Assemble the Document from its finished tree: blocks, titles, footer, review state, metadata, numbered sources.

Sources are listed as "Foxhall M, Button K. Title. Br J Clin Psychol. 2019;58:289." A citation without a list of
sources, and a title, field, cover or anchor that appears twice, are findings. Parts are placed and house style is
applied before. Must never look anything up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from handouts.compose.contacts import ContactSet
from handouts.compose.house_style import respelling
from handouts.compose.provider import list_other_formats
from handouts.compose.sign_offs import Review
from handouts.document import nodes
from handouts.document.text import plain, walk
from handouts.finding import NOWHERE, Finding, Location, error, warning
from handouts.library import DEFAULT_TEMPLATES, Reference, Template, Topic
from handouts.markdown import syntax_tree as tree
from handouts.markdown.document_blocks import blocks_of, is_short, slides_of
from handouts.markdown.document_inlines import ConversionContext, Facts, one_paragraph
from handouts.markdown.syntax_tree import Blocks
from handouts.select import Selection


def _printed_date(day: str, words: nodes.FixedWords) -> str:
    """Return a date as month and year, or "" if there is none."""
    if not day:
        return ""
    read = date.fromisoformat(day)
    return words.say("date", month=words.say(f"month_{read.month}"), year=read.year)


# The language that services spell in two ways, and the country that each way is said to be of.
_RESPELLED_LANGUAGE, _SPELLING_COUNTRIES = "en", {"british": "GB", "american": "US"}


_WATCHED_NEEDS = ("abuse", "stalking")  # of readers whom somebody may watch


class AssemblyContext(Struct, frozen=True):
    """The selection and the template of a document, its contacts, and the minutes of a talk.

    `cited` is the tree of another document whose sources are listed here too, under the numbers that they have there.
    """

    selection: Selection
    template: Template
    people: ContactSet
    review: Review
    minutes: int = 0
    cited: Blocks = ()


def assemble_document(blocks: Blocks, context: AssemblyContext) -> tuple[nodes.Document, tuple[Finding, ...]]:
    """Return the Document made of a tree, and findings."""
    selection, topic, words = context.selection, context.selection.topic, context.selection.words
    findings = [*_unlisted_sources(blocks, context.template)]
    conversion = ConversionContext(_document_facts(blocks, context), findings)
    pages = blocks_of(blocks, conversion) if context.template.renderer == "pdf" else ()
    slides = slides_of(blocks, conversion) if context.template.renderer == "pptx" else ()
    respell = respelling(topic, selection.library.service, selection.library.spellings)
    title, running_title, subject = _document_titles(blocks, (*pages, *slides), respell(topic.title), conversion)
    confirmed, review = context.people.confirmed, context.review
    state = review_state(topic, words, confirmed, review)
    length = f"-{context.minutes}min" if context.minutes else ""
    document = nodes.Document(
        name=f"{topic.name}-{selection.audience.name}-{context.template.name}{length}",
        title=title,
        running_title=running_title,
        label=selection.audience.label,
        language=language_tag(selection.language, selection.library.service.spelling),
        foot=words.say("foot", label=selection.audience.label, state=state),
        draft=_draft_mark(topic, words, confirmed=confirmed and review.complete),
        author=", ".join(topic.authors),
        subject=subject,
        keywords=tuple(respell(keyword) for keyword in topic.keywords),
        modified=topic.published,
        words=words,
        crisis=context.people.crisis,
        blocks=pages,
        slides=slides,
        publication=_publication(selection, review, state),
        other_formats=list_other_formats(selection) if context.template.name == DEFAULT_TEMPLATES[0] else None,
    )
    return document, tuple(findings)


def _publication(selection: Selection, review: Review, state: str) -> nodes.Publication:
    """Return what a web page says about the document to readers and to search engines.

    Readers `can_leave` the page quickly if its crisis box is also for those who are afraid of somebody.
    """
    topic, audience, condition = selection.topic, selection.audience, selection.condition
    return nodes.Publication(
        licence=topic.licence,
        reviewed_on=review.day if review.complete else "",
        audience=audience.title,
        condition=condition.name if condition else "",
        short=condition.short if condition else "",
        state=state,
        can_leave=any(word.text in _WATCHED_NEEDS for word in topic.crisis_needs(audience.name)),
    )


def language_tag(language: str, spelling: str) -> str:
    """Return the BCP 47 tag of a language, with the country of the service's spelling if there is a choice."""
    return f"{language}-{_SPELLING_COUNTRIES[spelling]}" if language == _RESPELLED_LANGUAGE else language


def _document_facts(blocks: Blocks, context: AssemblyContext) -> Facts:
    """Return the numbers of citations, the contacts, the lists of sources and the pictures that blocks refer to."""
    keys = dict.fromkeys(tree.cited_keys((*context.cited, *blocks)))
    numbers = {key: number for number, key in enumerate(keys, 1)}
    lists = _source_list_forms(blocks)
    library, words = context.selection.library, context.selection.words
    full = _list_sources(numbers, library.sources, words) if False in lists else ()
    short = _list_sources(numbers, library.sources, words, short=True) if True in lists else ()
    return Facts(
        numbers, context.people.contacts, full, short, library.pictures, whole=True, country=context.people.country
    )


def _unlisted_sources(blocks: Blocks, template: Template) -> Iterator[Finding]:
    """Yield an error for the first citation of a document that has no list of sources."""
    cited = next((node for node in tree.walk_tree(blocks) if isinstance(node, tree.CitationNode)), None)
    if cited and not _source_list_forms(blocks):
        message = f"'{template.name}' cites sources and does not list them."
        hint = "add ::: {.sources} and ::: where the list of sources stands"
        yield error("no-sources", message, cited.at, hint)


def _document_titles(
    blocks: Blocks, made: tuple[object, ...], name: str, conversion: ConversionContext
) -> tuple[str, str, str]:
    """Return the title of a document, the title at the head of its pages, and its subject.

    They come from its cover or its first slide, or else from the `name` of its topic.
    """
    cover = next((each for each in made if isinstance(each, nodes.Cover) and not each.alone), None)
    first = next((each for each in made if isinstance(each, nodes.Slide)), None)
    shown: nodes.Inlines = cover.title if cover else first.title if first else ()
    title = plain(shown) or name
    subject = plain(cover.subtitle) if cover else ""
    divs = [each for each in blocks if tree.is_div(each, "running-title")]
    running = [plain(one_paragraph(div.blocks, "A running title", div.at, conversion)) for div in divs]
    return title, running[0] if running else title, subject or name


_TITLE_ANCHOR = "top"  # of the title of a handout


def repetitions(document: nodes.Document) -> Iterator[Finding]:
    """Yield an error for each title of a slide, name of a field, cover, list of sources and anchor that is repeated.

    The title and each source are link targets, as headings with an id are. What is typed into one of two fields with
    the same name would appear in both.
    """
    found = tuple(walk(document.blocks))
    for title, at, first in _repeated((plain(slide.title), slide.at) for slide in document.slides):
        message = f"Two slides have the title '{title}'; the first is {first}."
        yield error("repeated-title", message, at, "give each slide a title of its own")
    for name, at, first in _repeated((node.name, node.at) for node in found if isinstance(node, nodes.Field)):
        message = f"Two fields have the name '{name}'; the first is {first}."
        yield error("repeated-field", message, at, "give each field a name of its own")
    covers = [(_TITLE_ANCHOR, node.at) for node in found if isinstance(node, nodes.Cover) and not node.alone]
    for _, at, first in _repeated(covers):
        message = f"A second cover; the first is {first}."
        yield error("repeated-cover", message, at, "keep one section of this kind for each reader")
    lists = [node for node in found if isinstance(node, nodes.Sources)]
    for _, at, first in _repeated(("", node.at) for node in lists):
        message = f"The list of sources appears twice; the first is {first}."
        yield error("repeated-place", message, at, "place it once in each document")
    numbers = [source.number for node in lists[:1] for source in node.sources]
    targets = [*covers[:1], *((f"{kind}-{number}", NOWHERE) for number in numbers for kind in ("source", "cite"))]
    headings = ((node.anchor, node.at) for node in found if isinstance(node, nodes.Heading) and node.anchor)
    for anchor, at, _ in _repeated((*targets, *headings)):
        message = f"Another place in this document is called '{anchor}'."
        yield error("repeated-place", message, at, "give the section another id")


def _repeated(named: Iterable[tuple[str, Location]]) -> Iterator[tuple[str, Location, Location]]:
    """Yield each repeated name, its place, and the place of its first use."""
    first: dict[str, Location] = {}
    for name, at in named:
        if name in first:
            yield name, at, first[name]
        first.setdefault(name, at)


def _draft_mark(topic: Topic, words: nodes.FixedWords, *, confirmed: bool) -> str:
    """Return the draft mark, or "" once all is `confirmed`: the review of the topic, and its contacts."""
    return "" if confirmed else words.say("draft", version=topic.version)


def review_state(topic: Topic, words: nodes.FixedWords, confirmed: bool, review: Review) -> str:
    """Return the words that say whether a topic was reviewed, by whom and when."""
    draft = _draft_mark(topic, words, confirmed=confirmed and review.complete)
    by = words.say("reviewed_people", people=review.people) if review.people else ""
    reasons = [by] if review.complete else [words.say(review.missing)]
    reasons += [] if confirmed else [words.say("lines_not_confirmed")]
    day = _printed_date(review.day, words)
    if draft:
        state = words.say("draft_because", draft=draft, reasons=", ".join(filter(None, reasons)))
    elif review.people:
        state = words.say("reviewed_by", version=topic.version, people=review.people, date=day)
    else:
        state = words.say("reviewed", version=topic.version, date=day)
    return words.say("state", state=state, date=_printed_date(topic.published, words))


def review_findings(topic: Topic, today: date | None) -> tuple[Finding, ...]:
    """Return a warning if the next review is due."""
    if today is None or not topic.next_review or date.fromisoformat(topic.next_review) > today:
        return ()
    message = f"The review of '{topic.name}' was due on {topic.next_review}."
    at = topic.place("next_review")
    return (warning("review-due", message, at, "review it, and write the date of the next review"),)


# ---------------------------------------------------------------- citations and the list of sources


_MAX_NAMES, _MAX_SHORT_NAMES = 3, 2  # of authors, in the full list and in the short one
_DOUBLE_STOP = re.compile(r"([?!.])\.(?= |$)")  # a title that ends with a sign of its own needs no full stop
_ORDINAL = re.compile(r"^(?P<edition>[0-9]+(?:st|nd|rd|th))(?P<rest>.*)$")
_PAGE_RANGE = re.compile(r"(?<=\d)-(?=\d)")


def _list_sources(
    numbers: Mapping[str, int], references: Mapping[str, Reference], words: nodes.FixedWords, *, short: bool = False
) -> tuple[nodes.Source, ...]:
    """Return the entries of the list of sources, or of the `short` one, by number."""
    format_entry = short_reference if short else full_reference
    return tuple(
        nodes.Source(number, key, (nodes.Text(format_entry(references[key], words)),), references[key].target)
        for key, number in numbers.items()
        if key in references
    )


def full_reference(reference: Reference, words: nodes.FixedWords) -> str:
    """Return one source as it is printed, in the order of the Vancouver style, with three authors at most."""
    if reference.kind == "legal_case":
        rest = _legal_case(reference)
    else:
        rest = _joined(". ", _work(reference, words), _article(reference) if reference.volume else _book(reference))
    return _DOUBLE_STOP.sub(r"\1", _joined(". ", _author_names(reference, words), rest) + ".")


def _joined(divider: str, *texts: str) -> str:
    """Return the texts that are not empty, with `divider` between them."""
    return divider.join(filter(None, texts))


def _author_names(reference: Reference, words: nodes.FixedWords) -> str:
    """Return the authors: "Foxhall M, Button K", with "et al." for those that are not listed."""
    names = reference.authors
    if names and (reference.more or len(names) > _MAX_NAMES):
        names = (*names[:_MAX_NAMES], words.say("et_al"))
    return ", ".join(names)


def _work(reference: Reference, words: nodes.FixedWords) -> str:
    """Return the title with its edition, then what kind of report it is, with its number."""
    title = _joined(", ", reference.title, _edition_text(reference, words))
    return _joined(". ", title, _joined(" ", reference.genre, reference.number))


def _article(reference: Reference) -> str:
    """Return where an article appeared: "Br J Clin Psychol. 2019;58(2):289–301"."""
    issue = f"({reference.issue})" if reference.issue else ""
    pages = f":{_pages(reference)}" if reference.pages else ""
    return _joined(". ", reference.container, f"{reference.year};{reference.volume}{issue}{pages}")


def _book(reference: Reference) -> str:
    """Return where a book or report appeared; a publisher that is an author too is not named again."""
    publisher = "" if reference.publisher in reference.authors else reference.publisher
    publication = _joined("; ", _joined(": ", reference.town, publisher), reference.year)
    return _joined(". ", reference.container, publication)


def _legal_case(reference: Reference) -> str:
    """Return a case as courts cite it: "Title, 17 Cal 3d 425 (1976)"."""
    report = _joined(" ", reference.volume, reference.container, _pages(reference))
    year = f"({reference.year})" if reference.year else ""
    return _joined(" ", _joined(", ", reference.title, report), year)


def _pages(reference: Reference) -> str:
    """Return the pages with an en dash."""
    return _PAGE_RANGE.sub("\N{EN DASH}", reference.pages)


def short_reference(reference: Reference, words: nodes.FixedWords) -> str:
    """Return one source in a few words: "De Smet et al. 2015"; one without authors by its title."""
    names = reference.families
    if len(names) > _MAX_SHORT_NAMES or (names and reference.more):
        authors = f"{names[0]} {words.say('et_al')}"
    elif len(names) == _MAX_SHORT_NAMES:
        authors = words.say("two_authors", one=names[0], two=names[1])
    else:
        authors = names[0] if names else reference.title
    return f"{authors} {reference.year}".strip()


def _edition_text(reference: Reference, words: nodes.FixedWords) -> str:
    """Return which edition a source is: "5th ed., text revision"."""
    found = _ORDINAL.match(reference.edition)
    return words.say("edition", edition=found["edition"]) + found["rest"] if found else reference.edition


def _source_list_forms(blocks: Blocks) -> frozenset[bool]:
    """Return for each kind of list of sources in `blocks` whether it is the short one."""
    return frozenset(is_short(node) for node in tree.walk_tree(blocks) if tree.is_div(node, "sources"))
