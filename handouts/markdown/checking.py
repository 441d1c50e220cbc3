"""Names in a tree against the names that there are: classes, attributes, audiences, sources, terms, needs.

Takes blocks as they were written, for all audiences, and what is known; gives findings at the exact word. How blocks
are put together is checked where they are made into blocks of the Document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from handouts.finding import Finding, Span, error, nearest, warning
from handouts.markdown import tree
from handouts.markdown.addresses import is_address
from handouts.markdown.attributes import Attributes, Word

# The attributes that each class of a fenced div takes; those with a star are required.
CONTENT_CLASSES: Mapping[str, tuple[str, ...]] = {
    "callout": (),
    "labelled": (),
    "fork": (),
    "red": (),
    "amber": (),
    "green": (),
    "script": (),
    "comparison": (),
    "table": (),
    "figure": ("name*",),
    "alt": (),
    "qr": ("target*",),
    "contacts": ("needs",),
    "sources": (),
    "line": ("name*",),
    "lines": ("name*", "count*"),
    "box": ("name*", "count*"),
    "choices": ("name*",),
    "scale": ("name*",),
    "fill-table": ("name*", "count"),
}
TEMPLATE_CLASSES: Mapping[str, tuple[str, ...]] = {
    **CONTENT_CLASSES,
    "running-title": (),
    "cover": ("label*",),
    "outside": (),
    "main-message": ("label*",),
    "card": ("number*", "sign"),
    "row": ("label*",),
    "slide": ("kind*", "sign", "label"),
    "notes": (),
    "worksheet": (),
}
SECOND_CLASSES: Mapping[str, tuple[str, ...]] = {
    "row": ("acts",),
    "line": ("half", "follows"),
    **dict.fromkeys(("lines", "box", "choices", "scale"), ("follows",)),
}
FIELDS = ("line", "lines", "box", "choices", "scale", "fill-table")
FIELD_NAME, MOST_LINES = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"), 30
SLIDE_KINDS = ("content", "title", "section", "question", "pause")
SPAN_ATTRIBUTES = ("for", "language", "name")
NEEDS = ("danger", "suicide", "abuse", "stalking", "other")
LISTED_NEEDS = (*NEEDS, "crisis", "local")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
MANY = 20


@dataclass(frozen=True, slots=True)
class Known:
    """The names that there are; `template` says that the blocks are a template's, which is for no audience.

    None where the file that lists the names cannot be read: then no name is held to be wrong.
    """

    audiences: Collection[str] = ()
    sources: Collection[str] | None = ()
    terms: Collection[str] | None = ()
    figures: Collection[str] = ()
    template: bool = False

    @property
    def classes(self) -> Mapping[str, tuple[str, ...]]:
        """The classes of divs, with their attributes."""
        return TEMPLATE_CLASSES if self.template else CONTENT_CLASSES


@dataclass(frozen=True, slots=True)
class Check:
    """What is known, and what was found out so far."""

    known: Known
    findings: list[Finding] = field(default_factory=list)

    def error(self, code: str, message: str, at: Span, hint: str) -> None:
        """Gather an error."""
        self.findings.append(error(code, message, at, hint))

    def unknown(self, code: str, what: str, word: Word, names: Collection[str]) -> None:
        """Gather an error for a name that there is not, with the nearest one."""
        hint = nearest(word.text, names)
        if len(names) > MANY and hint.startswith("known"):
            hint = "none is close"
        self.error(code, f"There is no {what} '{word.text}'.", word.at, hint)


def check_names(blocks: tree.Blocks, known: Known, readers: Collection[str]) -> tuple[Finding, ...]:
    """Return what is wrong with the names in `blocks`, which at most `readers` read."""
    check = Check(known)
    for block in blocks:
        check_block(check, block, frozenset(readers))
    return tuple(check.findings)


def check_block(check: Check, block: tree.Block, readers: frozenset[str]) -> None:
    """Check one block and what it holds."""
    match block:
        case tree.Paragraph():
            check_inlines(check, block.content, readers)
        case tree.Heading():
            check_heading(check, block)
            check_inlines(check, block.content, readers)
        case tree.Listing():
            for each in (each for item in block.items for each in item):
                check_block(check, each, readers)
        case tree.Quotation():
            for each in block.blocks:
                check_block(check, each, readers)
        case tree.Grid():
            for cell in (cell for row in (block.head, *block.rows) for cell in row):
                check_inlines(check, cell.content, readers)
        case tree.Div():
            check_div(check, block.attributes)
            inside = check_readers(check, block.attributes, readers)
            for each in block.blocks:
                check_block(check, each, inside)


def check_heading(check: Check, heading: tree.Heading) -> None:
    """Check the braces after a heading: only a template says where a page may begin and what a place is called."""
    classes = ("page",) if check.known.template else ()
    for word in heading.attributes.classes:
        if word.text not in classes:
            check.unknown("unknown-class", "class", word, classes)
    for pair in heading.attributes.pairs:
        check.unknown("unknown-attribute", "attribute", pair.name, ())
    if heading.attributes.ids and not check.known.template:
        check.error(
            "unknown-attribute", "A heading inside a text has no id.", heading.attributes.ids[0].at, "delete it"
        )


def check_div(check: Check, attributes: Attributes) -> None:
    """Check the class of a div and its attributes."""
    classes = check.known.classes
    kind = attributes.kind
    if kind and kind not in classes:
        check.unknown("unknown-class", "class", attributes.classes[0], classes)
        return
    allowed = [name.rstrip("*") for name in classes.get(kind, ())]
    check_extra(check, attributes, kind, [*allowed, *([] if check.known.template else ["for"])])
    if attributes.broken:
        return
    for name in (name[:-1] for name in classes.get(kind, ()) if name.endswith("*")):
        if not attributes.value(name).strip():
            check.error("missing-attribute", f"'{kind}' needs {name}.", attributes.at, f'write {name}="…"')
    if not kind and not attributes.has("for"):
        hint = 'write {.name} or {for="…"}' if not check.known.template else "write {.name}"
        check.error("attributes", "These braces say nothing.", attributes.at, hint)
    check_values(check, attributes, kind)


def check_extra(check: Check, attributes: Attributes, kind: str, allowed: Collection[str]) -> None:
    """Report what else stands in the braces of a div, and parts of a section in an attribute."""
    for word in attributes.classes[1:]:
        if word.text != kind and word.text not in SECOND_CLASSES.get(kind, ()):
            check.error("unknown-class", f"'{word.text}' does not go with '{kind}'.", word.at, "give one class")
    for word in attributes.ids:
        check.error("unknown-attribute", "An id stands only after a heading.", word.at, "delete it")
    for pair in attributes.pairs:
        if pair.name.text not in allowed:
            check.unknown("unknown-attribute", "attribute", pair.name, allowed)
        elif "\ue000" in pair.value.text:
            message = "A part of a section stands in an attribute."
            check.error("part-in-attribute", message, pair.value.at, "place it between the fences")


def check_values(check: Check, attributes: Attributes, kind: str) -> None:
    """Check the values that come from a closed list."""
    at = {pair.name.text: pair.value for pair in attributes.pairs}
    if kind == "contacts":
        for word in attributes.words("needs"):
            if word.text not in LISTED_NEEDS:
                check.unknown("unknown-need", "need", word, LISTED_NEEDS)
    if kind == "slide" and "kind" in at and at["kind"].text not in SLIDE_KINDS:
        check.unknown("unknown-value", "kind of slide", at["kind"], SLIDE_KINDS)
    if kind == "qr" and "target" in at and not is_address(at["target"].text):
        message = f"'{at['target'].text}' is no address that is allowed here."
        check.error("link-target", message, at["target"].at, "write an address that begins with https://")
    if kind == "card" and "number" in at and not at["number"].text.isdigit():
        check.error("unknown-value", "The number of a card is a number.", at["number"].at, "write {{ section.number }}")
    if kind in FIELDS:
        check_field(check, at)
    if kind == "figure" and "name" in at and check.known.figures and at["name"].text not in check.known.figures:
        check.unknown("unknown-figure", "figure", at["name"], check.known.figures)


def check_field(check: Check, at: Mapping[str, Word]) -> None:
    """Check the name of a field, and how many lines or rows it has."""
    if "name" in at and at["name"].text.strip() and not FIELD_NAME.fullmatch(at["name"].text):
        message = f"'{at['name'].text}' is no name for a field."
        check.error("bad-name", message, at["name"].at, "use small letters, digits and single hyphens")
    if "count" in at and not (at["count"].text.isdecimal() and 1 <= int(at["count"].text) <= MOST_LINES):
        message = f"'{at['count'].text}' is no number of lines."
        check.error("unknown-value", message, at["count"].at, f"write a number from 1 to {MOST_LINES}")


def check_readers(check: Check, attributes: Attributes, readers: frozenset[str]) -> frozenset[str]:
    """Return who reads what these braces belong to; a name that there is not is an error, nobody is a warning."""
    if not attributes.has("for") or check.known.template:
        return readers
    named = attributes.words("for")
    unknown = [word for word in named if word.text not in check.known.audiences]
    for word in unknown:
        report_audience(check, word)
    if not named:
        check.error("unknown-audience", "'for' names nobody.", attributes.at, nearest("", check.known.audiences))
    inside = readers & {word.text for word in named}
    if named and not unknown and not inside:
        message = "Nobody reads this: what is around it is for others."
        check.findings.append(warning("never-shown", message, named[0].at, f"around it: {', '.join(sorted(readers))}"))
    return inside or readers


def report_audience(check: Check, word: Word) -> None:
    """Report an audience that there is not."""
    if "," in word.text:
        check.error(
            "unknown-audience", "A comma between names.", word.at, f"write {word.text.replace(',', ' ').strip()}"
        )
    else:
        check.unknown("unknown-audience", "audience", word, check.known.audiences)


def check_inlines(check: Check, content: tree.Inlines, readers: frozenset[str]) -> None:
    """Check the names inside a sentence."""
    for node in content:
        match node:
            case tree.Cite():
                check_citation(check, node)
            case tree.Stretch():
                check_stretch(check, node)
                check_inlines(check, node.content, check_readers(check, node.attributes, readers))
            case tree.Strong() | tree.Link():
                check_inlines(check, node.content, readers)
            case tree.Words() | tree.Mark():
                pass


def check_citation(check: Check, cite: tree.Cite) -> None:
    """Check that what is cited is one of the sources."""
    sources = check.known.sources
    for key in cite.keys:
        if sources is not None and key.text not in sources:
            check.unknown("unknown-citation", "source", key, sources)


def check_stretch(check: Check, stretch: tree.Stretch) -> None:
    """Check the braces after a span."""
    attributes = stretch.attributes
    allowed = [name for name in SPAN_ATTRIBUTES if name != "for" or not check.known.template]
    for word in attributes.classes:
        if word.text != "term":
            check.unknown("unknown-class", "class", word, ("term",))
    for word in attributes.ids:
        check.error("unknown-attribute", "An id stands only after a heading.", word.at, "delete it")
    for pair in attributes.pairs:
        if pair.name.text not in allowed:
            check.unknown("unknown-attribute", "attribute", pair.name, allowed)
    if not attributes.classes and not attributes.pairs and not attributes.broken:
        check.error("attributes", "These braces say nothing.", attributes.at, 'write {.term} or {for="…"}')
    if attributes.kind == "term" and not attributes.broken:
        check_term(check, stretch)
    for pair in attributes.pairs:
        if pair.name.text == "language" and not LANGUAGE.fullmatch(pair.value.text):
            message = f"'{pair.value.text}' is no language tag."
            check.error("unknown-value", message, pair.value.at, "write a tag such as fr or pt-BR")


def check_term(check: Check, stretch: tree.Stretch) -> None:
    """Check that a term is one of those that are explained."""
    named = stretch.attributes.words("name")
    if stretch.attributes.has("name"):
        value = next(pair.value for pair in stretch.attributes.pairs if pair.name.text == "name")
        word = Word(value.text, named[0].at if named else value.at)
    else:
        word = Word(tree.plain_words(stretch.content).strip(), stretch.content[0].at if stretch.content else stretch.at)
    if check.known.terms is not None and term_name(stretch) not in check.known.terms:
        check.unknown("unknown-term", "term", word, check.known.terms)


def term_name(stretch: tree.Stretch) -> str:
    """Return the term that a span names, or its own words in small letters."""
    return stretch.attributes.value("name") or tree.plain_words(stretch.content).strip().lower()
