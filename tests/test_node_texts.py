"""Every text field of every node is yielded by the one traversal, or listed here as not for readers."""

from __future__ import annotations

import typing
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest
from generated_documents import Writer

from handouts.check.wording import VERBATIM_ROLES
from handouts.document import nodes
from handouts.document.nodes import CrisisColumn, CrisisLine, Document, Inlines, Node, Text
from handouts.document.text import texts_of, words_of
from handouts.finding import NOWHERE

# Names, keys, anchors and tags, which are not read; headers and footers are checked with the pages.
NO_TEXTS = {
    "Amount.text",  # yielded with its chart row, with the unit
    "Branch.level",
    "Card.sign",
    "Choices.name",
    "Citation.keys",
    "Contact.target",
    "CrisisLine.target",
    "Document.author",
    "Document.draft",
    "Document.foot",
    "Document.keywords",
    "Document.label",
    "Document.language",
    "Document.modified",
    "Document.name",
    "Document.running_title",
    "Document.subject",
    "Document.title",
    "Figure.name",
    "Figure.signs",
    "FillTable.name",
    "FixedWords.entries",
    "Foreign.language",
    "Heading.anchor",
    "Link.target",
    "OtherFormat.target",
    "OtherFormat.words",
    "Outline.commands",
    "Outline.fill",
    "Outline.stroke",
    "Publication.audience",
    "Publication.condition",
    "Publication.licence",
    "Publication.reviewed_on",
    "Publication.short",
    "Publication.state",
    "Scale.name",
    "Slide.kind",
    "Slide.section",
    "Slide.sign",
    "Source.key",
    "Source.target",
    "Table.signs",
    "Writing.name",
}
STRUCTS: dict[str, Any] = {
    name: each
    for name, each in vars(nodes).items()
    if isinstance(each, type) and each.__module__ == nodes.__name__ and each not in (Node, nodes.Rendered)
}


def texts_in(annotation: Any) -> bool:
    """True if a field of this type contains words: a string that is no choice from a closed list, or inline nodes."""
    if annotation is str or annotation == Inlines:
        return True
    if get_origin(annotation) in (typing.Union, UnionType, tuple):
        return any(texts_in(each) for each in get_args(annotation))
    return False


FIELDS = [
    f"{name}.{field}"
    for name, each in STRUCTS.items()
    for field, annotation in get_type_hints(each, vars(nodes)).items()
    if texts_in(annotation) and field != "at"
]


def marked(name: str, field: str) -> Any:
    """Return a minimal node of a class with a marker word in one of its fields."""
    hints = get_type_hints(STRUCTS[name], vars(nodes))
    values = {each: smallest(hints[each]) for each in STRUCTS[name].__struct_fields__ if each != "at"}
    values[field] = with_word(hints[field])
    return STRUCTS[name](**values)


def smallest(annotation: Any) -> Any:
    """Return a minimal value of a type without words."""
    if annotation in (str, int, float, bool, bytes):
        return annotation()
    if get_origin(annotation) is tuple:
        return () if get_args(annotation)[-1] is Ellipsis else tuple(map(smallest, get_args(annotation)))
    if get_origin(annotation) is typing.Literal:
        return get_args(annotation)[0]
    if get_origin(annotation) in (typing.Union, UnionType):
        return None if type(None) in get_args(annotation) else nodes.Outlines(1.0, 1.0, ())
    return None


def with_word(annotation: Any) -> Any:
    """Return a value of a type with the marker word."""
    if annotation is str:
        return "nonce"
    if annotation == Inlines:
        return (Text("nonce"),)
    if get_origin(annotation) is tuple:
        inner = [each for each in get_args(annotation) if each is not Ellipsis]
        return tuple(map(with_word, inner))
    return smallest(annotation)


@pytest.mark.parametrize("field", sorted({*FIELDS} - NO_TEXTS))
def test_each_text_of_a_node_is_yielded(field: str) -> None:
    name, _, attribute = field.partition(".")
    assert any("nonce" in each.text for each in texts_of(holder_of(name, marked(name, attribute))))


def holder_of(name: str, node: Any) -> Any:
    """Return the parent of a node if its words are yielded only there."""
    if name == "ChartRow":
        return nodes.Chart((), "", "", (), (node,), "", ())
    if name == "Chart" and node.unit:
        return nodes.Chart((), node.unit, "", ("a",), (nodes.ChartRow("b", (nodes.Amount("1", 1.0),)),), "", ())
    return (Text("words"), node) if name in ("Text", "Link", "Strong", "Foreign") else node


def test_the_fields_listed_as_no_text_exist() -> None:
    assert {*FIELDS} >= {each for each in NO_TEXTS if each not in ("Branch.level", "Slide.kind")}


@pytest.mark.parametrize("number", range(20))
def test_each_word_of_inline_nodes_in_a_document_is_yielded(number: int) -> None:
    document: Document = Writer(number).pages() if number % 2 else Writer(number).talk()
    found = {id(node) for each in texts_of(document) if not isinstance(each.content, str) for node in each.content}
    assert {id(node) for content in inlines_in(document) for node in content} <= found


def inlines_in(node: Any) -> typing.Iterator[Inlines]:
    """Yield each run of inline nodes in a document, found by its type only."""
    if isinstance(node, tuple):
        if node and all(isinstance(each, get_args(nodes.Inline)) for each in node):
            yield node
        else:
            for each in node:
                yield from inlines_in(each)
    elif isinstance(node, msgspec.Struct) and not isinstance(node, get_args(nodes.Inline)):
        for name in node.__struct_fields__:
            yield from inlines_in(getattr(node, name))


def test_wording_rules_cover_units_notes_numbers_and_crisis_lines() -> None:
    chart = nodes.Chart((), "patients", "", ("a",), (nodes.ChartRow("b", (nodes.Amount("1", 1.0),)),), "", ())
    contact = nodes.Contact("need", "name", "1", note="a note")
    heading = nodes.Heading(2, (Text("title"),), number="Section 1")
    crisis = nodes.Crisis((CrisisColumn("In danger?", (CrisisLine("Call", "999"),)),))
    texts = [each.text for each in texts_of((heading, contact, chart))] + [each.text for each in texts_of(crisis)]
    assert {"Section 1", "a note", "1 patients", "In danger?", "Call"} <= set(texts)
    assert all(each.at == NOWHERE for each in texts_of(crisis))
    judged = {
        each.role for each in texts_of((heading, contact, chart, crisis)) if each.text in [*texts[:1], "a note", "Call"]
    }
    assert not judged & set(VERBATIM_ROLES)


def test_the_tooltip_of_a_link_is_a_separate_hidden_text() -> None:
    link = (nodes.Link((Text("words"),), "https://example.org", "tooltip"),)
    picture = nodes.Picture(nodes.Outlines(1.0, 1.0, ()), "", link)
    assert {each.text: each.visibility for each in texts_of(picture)} == {"words": "spoken", "tooltip": "hidden"}
    assert list(words_of(picture)) == ["words"]
