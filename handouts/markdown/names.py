"""Check the names and values in Markdown: classes, attributes, sources, terms, figures, allowances.

Takes blocks and the names that exist; returns findings, each with the nearest existing name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain
from typing import get_args

from msgspec import Struct, field

from handouts.document.nodes import SlideKind
from handouts.figures.signs import SIGN_NAMES
from handouts.finding import Finding, Location, closest_name, error, suggest_name, warning
from handouts.markdown import syntax_tree as tree
from handouts.markdown.attributes import (
    MOST_LINES,
    Attributes,
    Word,
    parse_column_shares,
    parse_line_count,
    parse_number,
    parse_whole_number,
)
from handouts.markdown.document_blocks import BLOCK_CLASSES, TEMPLATE_BLOCK_CLASSES
from handouts.markdown.inline_parser import is_address

# The attributes that each class of a fenced div takes, those with a star are required; also classes inside of a block.
CONTENT_CLASSES: Mapping[str, tuple[str, ...]] = {
    **{name: each.attributes for name, each in BLOCK_CLASSES.items()},
    **dict.fromkeys(("red", "amber", "green", "alt"), ()),
}
_TEMPLATE_CLASSES: Mapping[str, tuple[str, ...]] = {
    **CONTENT_CLASSES,
    **{name: each.attributes for name, each in TEMPLATE_BLOCK_CLASSES.items()},
    "row": ("label*",),
    "slide": ("kind*", "sign", "label", "minutes", "priority", "until", "section"),
    "length": (),
    "notes": (),
}
SECOND_CLASSES: Mapping[str, tuple[str, ...]] = {
    "row": ("acts",),
    **{name: each.second for name, each in BLOCK_CLASSES.items() if each.second},
}
# Attributes of any div, part and span of content: its audiences, and which warnings it allows for what reason.
_AUDIENCES_ATTRIBUTE, _ALLOW_ATTRIBUTE, _REASON_ATTRIBUTE = "for", "allow", "because"
COMMON_ATTRIBUTES = (_AUDIENCES_ATTRIBUTE, _ALLOW_ATTRIBUTE, _REASON_ATTRIBUTE)
_MOST_NAMES_IN_HINT = 20


class KnownNames(Struct, frozen=True):
    """The names that exist; `template` if the blocks belong to a template, which is for no audience.

    A field is None if the file that lists its names cannot be read: then every name is accepted.
    """

    audiences: Collection[str] = ()
    sources: Collection[str] | None = ()
    terms: Collection[str] | None = ()
    figures: Collection[str] = ()
    needs: Collection[str] | None = None
    template: bool = False

    @property
    def classes(self) -> Mapping[str, tuple[str, ...]]:
        """The classes of divs, with their attributes."""
        return _TEMPLATE_CLASSES if self.template else CONTENT_CLASSES


class NameCheck(Struct, frozen=True):
    """The known names, and the findings so far."""

    known: KnownNames
    findings: list[Finding] = field(default_factory=list)

    def error(self, code: str, message: str, at: Location, hint: str) -> None:
        """Add an error."""
        self.findings.append(error(code, message, at, hint))

    def unknown(self, code: str, what: str, word: Word, names: Collection[str]) -> None:
        """Add an error for an unknown name, with the nearest known one as a hint."""
        hint = suggest_name(word.text, names)
        if len(names) > _MOST_NAMES_IN_HINT and hint.startswith("known"):
            hint = "none is close"
        self.error(code, f"There is no {what} '{word.text}'.", word.at, hint)


_FIELD_CLASSES = ("line", "lines", "box", "choices", "scale", "fill-table")
_FIELD_NAME = re.compile(r"\s*|[a-z][a-z0-9]*(?:-[a-z0-9]+)*")  # a blank one is reported as missing
_SIGN_PICTURE_ENDING = ".svg"
MINUTES, PRIORITIES = re.compile(r"[0-9]{1,2}(?:\.[05])?"), ("1", "2", "3")
_LENGTH, LONGEST_TALK = re.compile(r"[1-9][0-9]{0,2}"), 600
_MARKED_CONTACTS = ("crisis", "local")  # what contacts are asked for by beside their needs


def is_length(text: str) -> bool:
    """True if `text` is a number of minutes that a talk may take."""
    return _LENGTH.fullmatch(text) is not None and int(text) <= LONGEST_TALK


class _Rule(Struct, frozen=True):
    """What the value of an attribute must be, how a message says that in "'x' is no …", and what to write instead."""

    is_right: Callable[[str], object]
    what: str
    hint: str
    code: str = "unknown-value"
    may_be_empty: bool = False


_ADDRESS_HINT = "write an address that begins with https://"
_LENGTH_HINT = f"write whole minutes up to {LONGEST_TALK}, such as 30"
_DISCS_RULE = _Rule(("0", "1", "2", "3").__contains__, "number of filled discs", "write 0, 1, 2 or 3")
_FIELD_RULES = {
    "name": _Rule(
        _FIELD_NAME.fullmatch, "name for a field", "use small letters, digits and single hyphens", "bad-name"
    ),
    "count": _Rule(parse_line_count, "number of lines", f"write a number from 1 to {MOST_LINES}"),
}
# By the class of a div and the name of its attribute.
_VALUE_RULES: Mapping[tuple[str, str], _Rule] = {
    ("qr", "target"): _Rule(is_address, "address that is allowed here", _ADDRESS_HINT, "link-target"),
    ("chart", "most"): _Rule(parse_number, "number at which a scale can end", "write a number above 0, such as 100"),
    ("slide", "minutes"): _Rule(
        MINUTES.fullmatch, "number of minutes", "write a number such as 2 or 2.5", may_be_empty=True
    ),
    ("slide", "priority"): _Rule(PRIORITIES.__contains__, "priority", "write 1, 2 or 3"),
    ("slide", "until"): _Rule(is_length, "length of a talk", _LENGTH_HINT, may_be_empty=True),
    **{(kind, name): rule for kind in _FIELD_CLASSES for name, rule in _FIELD_RULES.items()},
}


def _check_values(check: NameCheck, attributes: Attributes, kind: str) -> None:
    """Check the values of a div of this kind: their form, and names from closed lists."""
    known = check.known
    for name, value in ((pair.name.text, pair.value) for pair in attributes.pairs):
        if rule := _VALUE_RULES.get((kind, name)):
            _check_value(check, value, rule)
        match kind, name:
            case ("contacts", "needs") if known.needs is not None:
                listed = (*known.needs, *_MARKED_CONTACTS)
                for word in attributes.words(name):
                    if word.text not in listed:
                        check.unknown("unknown-need", "need", word, listed)
            case ("card" | "slide", "sign") if value.text:
                check_sign(value, check.findings)
            case ("card", "number") if parse_whole_number(value.text) is None:
                check.error(
                    "unknown-value", "The number of a card is a number.", value.at, "write {{ section.number }}"
                )
            case (_, "widths") if kind in _FIELD_CLASSES and not parse_column_shares(value.text):
                message = f"'{value.text}' does not say how wide columns are."
                check.error("unknown-value", message, value.at, 'write a number from 1 to 9 for each, such as "1 3 2"')
            case ("table", "discs"):
                for word in attributes.words(name):
                    _check_value(check, word, _DISCS_RULE)
            case ("table" | "figure", "signs"):
                for word in attributes.words(name):
                    check_sign(word, check.findings)
            case ("slide", "kind") if value.text not in get_args(SlideKind):
                check.unknown("unknown-value", "kind of slide", value, get_args(SlideKind))
            case ("figure", "name") if known.figures and value.text not in known.figures:
                check.unknown("unknown-figure", "figure", value, known.figures)
    if kind == "slide" and not attributes.value("minutes"):
        place = next((pair.value.at for pair in attributes.pairs if pair.name.text == "minutes"), attributes.at)
        hint = 'write minutes="{{ section.minutes }}"'
        check.error("no-minutes", "This slide does not say how long it takes.", place, hint)


def _check_value(check: NameCheck, value: Word, rule: _Rule) -> None:
    """Report a value that breaks its rule."""
    if not rule.is_right(value.text) and (value.text or not rule.may_be_empty):
        check.error(rule.code, f"'{value.text}' is no {rule.what}.", value.at, rule.hint)


def check_sign(word: Word, findings: list[Finding]) -> None:
    """Add an error for a sign that does not exist; pictures as signs are checked elsewhere."""
    if is_sign_picture(word.text) or word.text in SIGN_NAMES:
        return
    hint = suggest_name(word.text, SIGN_NAMES)
    if not closest_name(word.text, SIGN_NAMES):
        hint = "handouts explain signs shows all; a sign of your own is an SVG in content/pictures, such as my-sign.svg"
    findings.append(error("unknown-sign", f"There is no sign '{word.text}'.", word.at, hint))


def is_sign_picture(name: str) -> bool:
    """True if a sign is named as a picture of the project's own: an SVG."""
    return name.endswith(_SIGN_PICTURE_ENDING)


class Allowance(Struct, frozen=True):
    """A finding that is allowed between two places of a file, by its `code`, and the reason."""

    code: Word
    because: str
    start: Location
    end: Location

    def covers(self, code: str, at: Location) -> bool:
        """True if a finding with this code at this place is allowed."""
        inside = (self.start.line, self.start.column) <= (at.line, at.column) <= (self.end.line, self.end.column)
        return code == self.code.text and at.file == self.start.file and inside


def allowances_in(blocks: tree.Blocks) -> Iterator[Allowance]:
    """Yield the allowances of the fences and spans in `blocks`."""
    for node in tree.walk_tree(blocks):
        if isinstance(node, tree.Div | tree.SpanNode):
            because = node.attributes.value(_REASON_ATTRIBUTE)
            for word in node.attributes.words(_ALLOW_ATTRIBUTE):
                yield Allowance(word, because, node.at, node.end)


def check_allowance(check: NameCheck, attributes: Attributes) -> None:
    """Report an allowance without a reason, and a reason without an allowance."""
    if attributes.has(_ALLOW_ATTRIBUTE) and not attributes.value(_REASON_ATTRIBUTE).strip():
        message = "Something is allowed here without a reason."
        check.error("no-reason", message, attributes.at, 'add because="…" and say why it is right here')
    if attributes.has(_REASON_ATTRIBUTE) and not attributes.words(_ALLOW_ATTRIBUTE):
        message = "A reason, and nothing that it allows."
        check.error("no-reason", message, attributes.at, 'add allow="…" with the code of what is found here')


_HEADING_ATTRIBUTES = ("number",)
_SPAN_ATTRIBUTES = ("language", "name")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def check_names(blocks: tree.Blocks, known: KnownNames, readers: Collection[str]) -> tuple[Finding, ...]:
    """Return the findings about the names in `blocks`; `readers` are the audiences that they can be for."""
    check = NameCheck(known)
    for block in blocks:
        _check_block(check, block, frozenset(readers))
    return tuple(check.findings)


def _check_block(check: NameCheck, block: tree.Block, readers: frozenset[str]) -> None:
    """Check one block and what it holds."""
    match block:
        case tree.ParagraphNode():
            _check_inlines(check, block.content, readers)
        case tree.HeadingNode():
            _check_heading(check, block)
            _check_inlines(check, block.content, readers)
        case tree.TableNode():
            for cell in (cell for row in (block.head, *block.rows) for cell in row):
                _check_inlines(check, cell.content, readers)
        case tree.ListNode():
            for each in chain.from_iterable(block.items):
                _check_block(check, each, readers)
        case tree.QuotationNode():
            for each in block.blocks:
                _check_block(check, each, readers)
        case tree.Div():
            _check_div(check, block.attributes)
            inside = _check_readers(check, block.attributes, readers)
            for each in block.blocks:
                _check_block(check, each, inside)


def _check_heading(check: NameCheck, heading: tree.HeadingNode) -> None:
    """Check the braces after a heading: only templates may mark the beginning of a page or name an anchor."""
    classes = ("page",) if check.known.template else ()
    for word in heading.attributes.classes:
        if word.text not in classes:
            check.unknown("unknown-class", "mark", word, classes)
    for pair in heading.attributes.pairs:
        if pair.name.text not in _HEADING_ATTRIBUTES or not check.known.template:
            check.unknown("unknown-attribute", "attribute", pair.name, _HEADING_ATTRIBUTES if classes else ())
    if heading.attributes.ids and not check.known.template:
        at = heading.attributes.ids[0].at
        check.error("unknown-attribute", "A heading inside a text has no id.", at, "delete it")


def _check_div(check: NameCheck, attributes: Attributes) -> None:
    """Check the class of a div and its attributes."""
    classes = check.known.classes
    kind = attributes.kind
    if kind and kind not in classes:
        check.unknown("unknown-class", "block", attributes.classes[0], classes)
        return
    allowed = [name.rstrip("*") for name in classes.get(kind, ())]
    _check_extra(check, attributes, kind, [*allowed, *(() if check.known.template else COMMON_ATTRIBUTES)])
    if attributes.broken:
        return
    for name in (name[:-1] for name in classes.get(kind, ()) if name.endswith("*")):
        if not attributes.value(name).strip():
            check.error("missing-attribute", f"'{kind}' needs {name}.", attributes.at, f'write {name}="…"')
    check_allowance(check, attributes)
    if not kind and not attributes.pairs:
        hint = 'write {.name} or {for="…"}' if not check.known.template else "write {.name}"
        check.error("attributes", "These braces say nothing.", attributes.at, hint)
    _check_values(check, attributes, kind)


def _check_extra(check: NameCheck, attributes: Attributes, kind: str, allowed: Collection[str]) -> None:
    """Report what does not belong into the braces of a div, and parts of a section in an attribute."""
    for word in attributes.classes[1:]:
        if word.text != kind and word.text not in SECOND_CLASSES.get(kind, ()):
            check.error("unknown-class", f"'{word.text}' does not go with '{kind}'.", word.at, "give one class")
    _check_attribute_names(check, attributes, allowed)
    for pair in attributes.pairs:
        if pair.name.text in allowed and "\ue000" in pair.value.text:
            message = "A part of a section stands in an attribute."
            check.error("part-in-attribute", message, pair.value.at, "place it between the fences")


def _check_attribute_names(check: NameCheck, attributes: Attributes, allowed: Collection[str]) -> None:
    """Report an id, and each attribute that is not `allowed`, in the braces of a div or a span."""
    for word in attributes.ids:
        check.error("unknown-attribute", "An id stands only after a heading.", word.at, "delete it")
    for pair in attributes.pairs:
        if pair.name.text not in allowed:
            check.unknown("unknown-attribute", "attribute", pair.name, allowed)


def _check_readers(check: NameCheck, attributes: Attributes, readers: frozenset[str]) -> frozenset[str]:
    """Return the audiences that read what has these braces; an unknown name is an error, no reader left a warning."""
    if not attributes.has(_AUDIENCES_ATTRIBUTE) or check.known.template:
        return readers
    named = attributes.words(_AUDIENCES_ATTRIBUTE)
    unknown = [word for word in named if word.text not in check.known.audiences]
    for word in unknown:
        _report_audience(check, word)
    if not named:
        check.error("unknown-audience", "'for' names nobody.", attributes.at, suggest_name("", check.known.audiences))
    inside = readers & {word.text for word in named}
    if named and not unknown and not inside:
        message = "Nobody reads this: what is around it is for others."
        check.findings.append(warning("never-shown", message, named[0].at, f"around it: {', '.join(sorted(readers))}"))
    return inside or readers


def _report_audience(check: NameCheck, word: Word) -> None:
    """Report an unknown audience."""
    if "," in word.text:
        hint = f"write {word.text.replace(',', ' ').strip()}"
        check.error("unknown-audience", "A comma between names.", word.at, hint)
    else:
        check.unknown("unknown-audience", "audience", word, check.known.audiences)


def _check_inlines(check: NameCheck, content: tree.Inlines, readers: frozenset[str]) -> None:
    """Check the names inside a sentence."""
    for node in content:
        match node:
            case tree.CitationNode():
                _check_citation(check, node)
            case tree.SpanNode():
                _check_stretch(check, node)
                _check_inlines(check, node.content, _check_readers(check, node.attributes, readers))
            case tree.StrongNode() | tree.LinkNode():
                _check_inlines(check, node.content, readers)
            case tree.TextNode() | tree.PartMark():
                pass


def _check_citation(check: NameCheck, cite: tree.CitationNode) -> None:
    """Check that the cited sources exist."""
    sources = check.known.sources
    for key in cite.keys:
        if sources is not None and key.text not in sources:
            close = f"{suggest_name(key.text, sources)}; otherwise " if sources else ""
            message = f"There is no source '{key.text}' among the references in content."
            hint = f"{close}list it in content/references.yaml, .bib or .json"
            check.error("unknown-citation", message, key.at, hint)


def _check_stretch(check: NameCheck, stretch: tree.SpanNode) -> None:
    """Check the braces after a span."""
    attributes = stretch.attributes
    allowed = [*_SPAN_ATTRIBUTES, *(() if check.known.template else COMMON_ATTRIBUTES)]
    for word in attributes.classes:
        if word.text != "term":
            check.unknown("unknown-class", "mark", word, ("term",))
    _check_attribute_names(check, attributes, allowed)
    if not attributes.classes and not attributes.pairs and not attributes.broken:
        check.error("attributes", "These braces say nothing.", attributes.at, 'write {.term} or {for="…"}')
    check_allowance(check, attributes)
    if attributes.kind == "term" and not attributes.broken:
        _check_term(check, stretch)
    for pair in attributes.pairs:
        if pair.name.text == "language" and not _LANGUAGE.fullmatch(pair.value.text):
            message = f"'{pair.value.text}' is not a language tag."
            check.error("unknown-value", message, pair.value.at, "write a tag such as fr or pt-BR")


def _check_term(check: NameCheck, stretch: tree.SpanNode) -> None:
    """Check that a term is among those that are explained."""
    named = stretch.attributes.words("name")
    if stretch.attributes.has("name"):
        value = next(pair.value for pair in stretch.attributes.pairs if pair.name.text == "name")
        word = Word(value.text, named[0].at if named else value.at)
    else:
        at = stretch.content[0].at if stretch.content else stretch.at
        word = Word(tree.plain_text_of(stretch.content).strip(), at)
    if check.known.terms is not None and term_name(stretch) not in check.known.terms:
        terms = check.known.terms
        hint = suggest_name(word.text, terms) if terms else f"write {word.text}: and its meaning there"
        check.error("unknown-term", f"There is no term '{word.text}' in content/terms.yaml.", word.at, hint)


def term_name(stretch: tree.SpanNode) -> str:
    """Return the term that a span names, or its own words in small letters."""
    return stretch.attributes.value("name") or tree.plain_text_of(stretch.content).strip().lower()
