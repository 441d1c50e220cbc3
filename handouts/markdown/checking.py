"""Names in a tree against the names that there are: classes, attributes, audiences, sources, terms, needs.

Takes blocks as they were written, for all audiences, and what is known; gives findings at the exact word. How blocks
are put together is checked where they are made into blocks of the Document.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from handouts.finding import Finding, suggest_name, warning
from handouts.markdown import tree
from handouts.markdown.allowing import check_allowance
from handouts.markdown.attributes import Attributes, Word
from handouts.markdown.known import EVERYWHERE, SECOND_CLASSES, Check, Known
from handouts.markdown.values import check_values

HEADING_ATTRIBUTES = ("number",)
SPAN_ATTRIBUTES = ("language", "name")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


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
        if pair.name.text not in HEADING_ATTRIBUTES or not check.known.template:
            check.unknown("unknown-attribute", "attribute", pair.name, HEADING_ATTRIBUTES if classes else ())
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
    check_extra(check, attributes, kind, [*allowed, *(() if check.known.template else EVERYWHERE)])
    if attributes.broken:
        return
    for name in (name[:-1] for name in classes.get(kind, ()) if name.endswith("*")):
        if not attributes.value(name).strip():
            check.error("missing-attribute", f"'{kind}' needs {name}.", attributes.at, f'write {name}="…"')
    check_allowance(check, attributes)
    if not kind and not attributes.pairs:
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


def check_readers(check: Check, attributes: Attributes, readers: frozenset[str]) -> frozenset[str]:
    """Return who reads what these braces belong to; a name that there is not is an error, nobody is a warning."""
    if not attributes.has("for") or check.known.template:
        return readers
    named = attributes.words("for")
    unknown = [word for word in named if word.text not in check.known.audiences]
    for word in unknown:
        report_audience(check, word)
    if not named:
        check.error("unknown-audience", "'for' names nobody.", attributes.at, suggest_name("", check.known.audiences))
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
            hint = suggest_name(key.text, sources) if sources else "list it there, in CSL-JSON"
            check.error(
                "unknown-citation", f"There is no source '{key.text}' in content/references.json.", key.at, hint
            )


def check_stretch(check: Check, stretch: tree.Stretch) -> None:
    """Check the braces after a span."""
    attributes = stretch.attributes
    allowed = [*SPAN_ATTRIBUTES, *(() if check.known.template else EVERYWHERE)]
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
    check_allowance(check, attributes)
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
        hint = (
            suggest_name(word.text, check.known.terms)
            if check.known.terms
            else f"write {word.text}: and its meaning there"
        )
        check.error("unknown-term", f"There is no term '{word.text}' in content/terms.yaml.", word.at, hint)


def term_name(stretch: tree.Stretch) -> str:
    """Return the term that a span names, or its own words in small letters."""
    return stretch.attributes.value("name") or tree.plain_words(stretch.content).strip().lower()
