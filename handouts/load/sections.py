"""Read one Markdown file of a topic into a section with its parts, and check it for each of its audiences.

A part is written below a heading with its name, `## Claim`, or in a fence of its class, `::: {.claim}`; both mean the
same. Takes the text of a file and the names that it may use; returns a `Section` (None if its first line cannot be
used) and all findings, including those about minutes and priorities of slides. Must never open a file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding, Location, closest_name, error, suggest_name, unknown_name_error, warning
from handouts.library import DEFAULT_TEMPLATES, Part, PartKind, Section, SectionKind
from handouts.load.file_names import NAME_PATTERN
from handouts.markdown.attributes import Attributes, Word, report_repeats
from handouts.markdown.audience_filter import for_audience
from handouts.markdown.block_parser import HeadedBlocks, parse_section
from handouts.markdown.document_blocks import blocks_of
from handouts.markdown.document_inlines import ConversionContext, Facts
from handouts.markdown.names import (
    COMMON_ATTRIBUTES,
    CONTENT_CLASSES,
    LONGEST_TALK,
    MINUTES,
    PRIORITIES,
    KnownNames,
    NameCheck,
    allowances_in,
    check_allowance,
    check_names,
    check_sign,
    is_length,
)
from handouts.markdown.part_forms import part_heading, part_name_in
from handouts.markdown.syntax_tree import (
    Block,
    Blocks,
    Div,
    HeadingNode,
    ParagraphNode,
    TextNode,
    source_from_text,
    walk_tree,
)

_POINTS_ATTRIBUTE = "makes"

_SLIDE_ATTRIBUTES = ("priority", "see", "until")
_MAX_PART_MINUTES = 60


_MINUTES_HINT = f"write a number up to {_MAX_PART_MINUTES}, such as 2 or 2.5"
_PRIORITY_HINT = "write 1 for every length of the talk, 2 from the middle one on, 3 for the longest"
_LENGTH_HINT = f"write whole minutes up to {LONGEST_TALK}, such as 30 for a slide that only short talks show"


def _is_part_length(text: str) -> bool:
    """Return whether `text` is a number of minutes that a part may take."""
    return MINUTES.fullmatch(text) is not None and 0 < float(text) <= _MAX_PART_MINUTES


def _attribute_value(attributes: Attributes, name: str) -> Word | None:
    """Return the value of an attribute with its place, or None."""
    return next((pair.value for pair in attributes.pairs if pair.name.text == name), None)


def _check_notes(parts: Iterable[Part], kind: SectionKind) -> Iterator[Finding]:
    """Yield an error for each part that lacks its notes, and for notes without minutes."""
    there = tuple(parts)
    for wanted in kind.parts.values():
        own = [part for part in there if part.name == wanted.name]
        if wanted.goes_with:
            yield from _check_companion_parts(wanted, own, [part for part in there if part.name == wanted.goes_with])
        for part in own if wanted.timed else ():
            if not part.minutes:
                message = f"'{part.name}' does not say how long it takes."
                hint = f'add minutes="2" in its braces, as in {_example_heading(wanted)}'
                yield error("no-minutes", message, part.at, hint)


def _check_companion_parts(wanted: PartKind, own: Iterable[Part], others: Iterable[Part]) -> Iterator[Finding]:
    """Yield an error for each part in `others` that has audiences without its companion `wanted`."""
    readers = {audience for part in own for audience in part.audiences}
    for part in others:
        missing = [audience for audience in part.audiences if audience not in readers]
        if missing:
            message = f"'{part.name}' stands on a slide without '{wanted.name}' for {', '.join(missing)}."
            hint = f"add {_example_heading(wanted, missing)}: {wanted.what}"
            yield error("no-notes", message, part.at, hint)


def _example_heading(part: PartKind, audiences: Iterable[str] = ()) -> str:
    """Return an example heading for a part, for some audiences or for all."""
    readers = " ".join(audiences)
    pairs = (f'for="{readers}"' if readers else "", 'minutes="2"' if part.timed else "")
    return part_heading(part.name, " ".join(filter(None, pairs)))


_BROKEN_FENCES = frozenset({"unclosed-fence", "stray-fence"})
# After an error with one of these codes, parts and their audiences are uncertain, and missing parts are not reported.
_PARTS_UNCERTAIN_CODES = _BROKEN_FENCES | {"unknown-part", "unknown-audience", "attributes"}
_SECTION_HINT = "begin with # Its name {.kind #id}"


class SectionRules(Struct, frozen=True):
    """The names that a section may use; `templates` is None if a template cannot be read.

    If the audiences of the topic are not `certain`, missing parts are not reported. The topic is made with the
    templates `made_by`.
    """

    kinds: Mapping[str, SectionKind]
    templates: Collection[str] | None
    known: KnownNames
    certain: bool = True
    made_by: Collection[str] = DEFAULT_TEMPLATES


class _SectionBuilder(Struct, frozen=True):
    """The rules for one section file, and the findings so far."""

    rules: SectionRules
    findings: list[Finding]

    def error(self, code: str, message: str, at: Location, hint: str) -> None:
        """Add an error."""
        self.findings.append(error(code, message, at, hint))

    def unknown(self, code: str, what: str, word: Word, names: Collection[str]) -> None:
        """Add an error for an unknown name, with the closest known one."""
        self.findings.append(unknown_name_error(code, what, word.text, names, word.at))

    def number(self, word: Word | None, is_valid: Callable[[str], bool], what: str, hint: str) -> float:
        """Return the number that an attribute gives; 0 if it is missing, or after an error if it is not valid."""
        if word is not None and not is_valid(word.text):
            self.error("unknown-value", f"'{word.text}' is no {what}.", word.at, hint)
            return 0.0
        return float(word.text) if word else 0.0

    def readers(self, attributes: Attributes, within: tuple[str, ...]) -> tuple[str, ...]:
        """Return the audiences in `within` that `for` names, or all of them; also all after an error."""
        audiences = self.rules.known.audiences
        named = attributes.words("for")
        for word in named:
            if "," in word.text:
                self.error("unknown-audience", "A comma between names.", word.at, "separate the names by spaces")
            elif word.text not in audiences:
                self.unknown("unknown-audience", "audience", word, audiences)
        if attributes.has("for") and not named:
            self.error("unknown-audience", "'for' names nobody.", attributes.at, suggest_name("", audiences))
        if not named:
            return within
        chosen = {word.text for word in named}
        inside = tuple(audience for audience in within if audience in chosen)
        if chosen - set(audiences):
            return within
        if not inside:
            message = "Nobody reads this: the section is for others."
            self.findings.append(warning("never-shown", message, named[0].at, f"it is for {', '.join(within)}"))
        return inside


class _SectionResult(Struct, frozen=True):
    """The content of a file and its findings; there is no section if the first line cannot be used."""

    section: Section | None
    findings: tuple[Finding, ...]


def read_section(text: str, file: str, rules: SectionRules) -> _SectionResult:
    """Return the section in the text of a file, and its findings."""
    if not text.strip():
        wrong = error("empty-file", "This file says nothing.", Location(file, 1, 1), _SECTION_HINT)
        return _SectionResult(None, (wrong,))
    blocks, headed, found = parse_section(source_from_text(text, file))
    builder = _SectionBuilder(rules, list(found))
    first = blocks[0] if blocks else None
    if not isinstance(first, HeadingNode) or first.level != 1:
        at = first.at if first else Location(file, 1, 1)
        builder.error("section-heading", "A section begins with its name.", at, _SECTION_HINT)
        return _SectionResult(None, tuple(builder.findings))
    kind = _read_section_kind(first, builder)
    small = tuple(_headings_with_one_sign((*blocks[1:], *(each for some in headed for each in some.blocks)), kind))
    if small:  # the text below them is in no part, or in the wrong one
        return _SectionResult(None, (*builder.findings, *small))
    section_for = builder.readers(first.attributes, tuple(rules.known.audiences))
    named = tuple(block for each in headed for block in _divs_of_heading(each, kind, builder))
    blocks = (*blocks, *named)
    parts = tuple(_build_parts(_lift_nested_parts(blocks[1:], kind), kind, section_for, builder))
    if kind is not None and rules.certain and not any(each.code in _PARTS_UNCERTAIN_CODES for each in builder.findings):
        builder.findings.extend(_check_presence(parts, kind, section_for, first.at, rules.made_by))
        if not any(each.code == "unknown-value" for each in builder.findings):
            builder.findings.extend(_check_notes(parts, kind))
    if rules.certain and not any(each.code in _BROKEN_FENCES for each in builder.findings):
        # An empty part may have its text below a later heading that names no part.
        certain = not any(each.code == "unknown-part" for each in builder.findings)
        builder.findings.extend(each for part in parts if part.blocks or certain for each in _check_part(part))
    section = _build_section(first, kind, section_for, parts, builder)
    section = replace(section, allowances=tuple(allowances_in(blocks)), text=text)
    return _SectionResult(section, tuple(builder.findings))


def _build_section(
    heading: HeadingNode,
    kind: SectionKind | None,
    readers: tuple[str, ...],
    parts: tuple[Part, ...],
    builder: _SectionBuilder,
) -> Section:
    """Return the section made of a first line and its parts."""
    attributes = heading.attributes
    own = ("for", *_SLIDE_ATTRIBUTES)
    priority, see, until = (_attribute_value(attributes, name) for name in _SLIDE_ATTRIBUTES)
    return Section(
        kind=kind.name if kind else "",
        id=attributes.ids[0].text if attributes.ids else "",
        audiences=readers,
        attributes=tuple((pair.name.text, pair.value.text) for pair in attributes.pairs if pair.name.text not in own),
        parts=parts,
        at=heading.at,
        priority=int(builder.number(priority, PRIORITIES.__contains__, "priority", _PRIORITY_HINT)) or 1,
        see=see,
        until=int(builder.number(until, is_length, "length of a talk", _LENGTH_HINT)),
    )


def _read_section_kind(heading: HeadingNode, builder: _SectionBuilder) -> SectionKind | None:
    """Return the kind that the first line of a section names, and check the other attributes."""
    attributes = heading.attributes
    if not attributes.classes and not attributes.broken:
        builder.error("section-heading", "The kind of this section is missing.", heading.at, _SECTION_HINT)
    if not attributes.ids and not attributes.broken:
        builder.error("section-heading", "The id of this section is missing.", heading.at, _SECTION_HINT)
    for word in attributes.ids:
        if not NAME_PATTERN.fullmatch(word.text):
            hint = "use small letters, digits and single hyphens"
            builder.error("bad-name", f"'{word.text}' is not an id.", word.at, hint)
    for word in attributes.classes[1:]:
        builder.error("unknown-class", f"A second kind, '{word.text}'.", word.at, "give one kind")
    if attributes.classes and attributes.kind not in builder.rules.kinds:
        builder.unknown("unknown-kind", "kind of section", attributes.classes[0], builder.rules.kinds)
    kind = builder.rules.kinds.get(attributes.kind)
    allowed = ("for", *(kind.attributes if kind else ()), *(_SLIDE_ATTRIBUTES if kind and kind.timed else ()))
    for pair in attributes.pairs if kind else ():
        if pair.name.text not in allowed:
            builder.unknown("unknown-attribute", "attribute", pair.name, allowed)
        elif pair.name.text == "sign":
            check_sign(pair.value, builder.findings)
    return kind


def _headings_with_one_sign(blocks: Blocks, kind: SectionKind | None) -> Iterator[Finding]:
    """Yield an error for each heading that is named like a part but has one # instead of two."""
    for block in blocks if kind else ():
        if isinstance(block, HeadingNode) and block.level == 1:
            words = "".join(each.text for each in walk_tree(block.content) if isinstance(each, TextNode)).strip()
            if kind and part_name_in(words) in kind.parts:
                message = f"'{words}' begins a part, and a part begins with ##."
                yield error("outside-part", message, block.at, f"did you mean {part_heading(part_name_in(words))}?")


def _divs_of_heading(headed: HeadedBlocks, kind: SectionKind | None, builder: _SectionBuilder) -> Blocks:
    """Return the part below a heading as if it were in a fence, and the blocks after the part.

    A fence with the class of a part ends the part above it, as the next heading does.
    """
    opens = (index for index, each in enumerate(headed.blocks) if _is_part(each, kind) or _is_misspelt_part(each, kind))
    first = next(opens, len(headed.blocks))
    own, others = headed.blocks[:first], headed.blocks[first:]
    name = part_name_in(headed.name.text)
    if kind is not None and name not in kind.parts:
        _report_heading(headed.name, kind, builder)
        builder.findings.extend(check_names(own, builder.rules.known, builder.rules.known.audiences))
        return others
    attributes = headed.attributes
    for word in (*attributes.classes, *attributes.ids) if not attributes.broken else ():
        known = word.text in builder.rules.known.audiences
        hint = f'write for="{word.text}"' if known else "delete it: the words of the heading name the part"
        builder.error("unknown-class", f"'{word.text}' does not belong here.", word.at, hint)
    attributes = replace(attributes, classes=(Word(name, headed.name.at),), ids=())
    end = replace(others[0].at, column=0) if others else headed.end
    return (Div(attributes, own, headed.at, end), *others)


def _is_part(block: Block, kind: SectionKind | None) -> bool:
    """Return whether `block` is a fence with the class of a part."""
    return kind is not None and isinstance(block, Div) and block.attributes.kind in kind.parts


def _is_misspelt_part(block: Block, kind: SectionKind | None) -> bool:
    """Return whether `block` is a fence whose unknown class is probably a misspelt part."""
    name = block.attributes.kind if isinstance(block, Div) else ""
    if kind is None or not name or name in CONTENT_CLASSES:
        return False
    return closest_name(name, (*kind.parts, *CONTENT_CLASSES)) in kind.parts


def _report_heading(words: Word, kind: SectionKind, builder: _SectionBuilder) -> None:
    """Add an error for a heading that names no part, with the probable part or all parts."""
    name = part_name_in(words.text)
    begun = max((each for each in kind.parts if name.startswith(f"{each}-")), key=len, default="")
    meant = closest_name(name, kind.parts)
    if begun:
        readers = " ".join(each for each in builder.rules.known.audiences if each in name.split("-")) or "…"
        heading = part_heading(begun, f'for="{readers}"')
        hint = f"write its name alone, and the rest in braces: {heading}"
    elif meant:
        hint = f"did you mean {part_heading(meant)}?"
    else:
        hint = f"known: {', '.join(map(part_heading, kind.parts))}"
    message = f"There is no part '{words.text}' of a {kind.name}." if words.text else "This heading names no part."
    builder.error("unknown-part", message, words.at, f"{hint}; write ### for a heading inside the text")


def _lift_nested_parts(blocks: Blocks, kind: SectionKind | None) -> Blocks:
    """Return `blocks` with each part nested in another one moved after it: the outer fence was not closed."""
    result: list[Block] = []
    for block in blocks:
        if kind is None or not isinstance(block, Div):
            result.append(block)
            continue
        inside = tuple(each for each in block.blocks if _is_part(each, kind))
        rest = tuple(each for each in block.blocks if each not in inside)
        result.extend((replace(block, blocks=rest), *_lift_nested_parts(inside, kind)))
    return tuple(result)


def _build_parts(
    blocks: Blocks, kind: SectionKind | None, section_for: tuple[str, ...], builder: _SectionBuilder
) -> Iterator[Part]:
    """Yield the parts of a section; text between them is an error."""
    outside = [block for block in blocks if not isinstance(block, Div)]
    if outside and not any(each.code in _BROKEN_FENCES for each in builder.findings):
        hint = f"begin its part in a line before it: {part_heading(_example_part_name(kind))}"
        builder.error("outside-part", "This text is not in a part.", outside[0].at, hint)
    for block in blocks:
        if isinstance(block, Div):
            part = _build_part(block, kind, section_for, builder)
            if part:
                yield part


def _example_part_name(kind: SectionKind | None) -> str:
    """Return the name of a part, as an example."""
    return next((part.name for part in kind.parts.values() if part.holds == "blocks"), "part") if kind else "part"


def _build_part(
    div: Div, kind: SectionKind | None, section_for: tuple[str, ...], builder: _SectionBuilder
) -> Part | None:
    """Return one part with the names in it checked; None if its name is unknown."""
    attributes, rules = div.attributes, builder.rules
    readers = builder.readers(attributes, section_for)
    builder.findings.extend(check_names(div.blocks, rules.known, readers or section_for))
    named = kind.parts.get(attributes.kind) if kind else None
    # A misspelt name may mean a timed part: one mistake gives one error.
    timed = named.timed if named else kind is None or kind.timed
    allowed = (*COMMON_ATTRIBUTES, "template", _POINTS_ATTRIBUTE, *(("minutes",) if timed else ()))
    for pair in attributes.pairs:
        if pair.name.text not in allowed:
            builder.unknown("unknown-attribute", "attribute", pair.name, allowed)
    check_allowance(NameCheck(rules.known, builder.findings), attributes)
    for word in attributes.words("template"):
        if rules.templates is not None and word.text not in rules.templates:
            builder.unknown("unknown-template", "template", word, rules.templates)
    for word in (*attributes.classes[1:], *attributes.ids):
        builder.error("unknown-class", f"'{word.text}' does not belong here.", word.at, "give one class, and no id")
    if kind is None:
        return None
    if not attributes.classes:
        if not attributes.broken:
            hint = f'write {{.{_example_part_name(kind)} for="…"}}'
            builder.error("outside-part", "These braces name no part.", attributes.at, hint)
        return None
    if attributes.kind not in kind.parts:
        builder.unknown("unknown-part", f"part of a {kind.name}", attributes.classes[0], kind.parts)
        return None
    part = kind.parts[attributes.kind]
    templates = tuple(word.text for word in attributes.words("template"))
    taken = _attribute_value(attributes, "minutes") if timed else None
    minutes = builder.number(taken, _is_part_length, "number of minutes", _MINUTES_HINT)
    makes = _read_point_ids(attributes, builder.findings)
    return Part(part.name, part.holds, readers, templates, div.blocks, div.at, minutes, makes)


def _check_presence(
    parts: Iterable[Part], kind: SectionKind, section_for: tuple[str, ...], at: Location, made_by: Collection[str]
) -> Iterator[Finding]:
    """Yield an error for each part that is missing, or duplicate, for an audience of the section."""
    parts = tuple(parts)
    for wanted in kind.parts.values():
        there = [part for part in parts if part.name == wanted.name]
        missing = [each for each in section_for if not any(each in part.audiences for part in there)]
        for number, extra in enumerate(there):
            yield from _repeated_part(extra, there[:number])
        if wanted.is_required(made_by) and missing:
            message = f"'{wanted.name}' is missing for {', '.join(missing)}."
            readers = () if len(missing) == len(section_for) else missing
            yield error("missing-part", message, at, f"add {_example_heading(wanted, readers)}: {wanted.what}")


def _repeated_part(extra: Part, before: Iterable[Part]) -> Iterator[Finding]:
    """Yield an error if an audience of a part has the same part `before`."""
    for first in before:
        again = [audience for audience in extra.audiences if audience in first.audiences]
        if again:
            message = (
                f"'{extra.name}' is there a second time for {', '.join(again)}; the first is in line {first.at.line}."
            )
            yield error("repeated-part", message, extra.at, "join them, or say for whom each one is")
            return


def _check_part(part: Part) -> Iterator[Finding]:
    """Yield the findings about a part for each of its audiences."""
    if not part.blocks:
        yield error("empty-part", f"'{part.name}' is empty.", part.at, "write something, or delete it")
        return
    read: list[Blocks] = []  # to check once what several audiences read
    for audience in part.audiences:
        blocks = for_audience(part.blocks, audience)
        if blocks and blocks in read:
            continue
        read.append(blocks)
        if not blocks:
            message = f"'{part.name}' says nothing to {audience}."
            yield error("empty-part", message, part.at, 'limit it with for="…", or write something')
            continue
        if part.holds == "line" and (len(blocks) > 1 or not isinstance(blocks[0], ParagraphNode)):
            at = blocks[1].at if len(blocks) > 1 else blocks[0].at
            yield error("not-a-line", f"'{part.name}' holds one paragraph.", at, "write one paragraph and nothing else")
            continue
        context = ConversionContext(Facts(), [])
        blocks_of(blocks, context)
        yield from context.findings


def _read_point_ids(attributes: Attributes, findings: list[Finding]) -> tuple[Word, ...]:
    """Return the ids of the key points that a part makes, without duplicates, with their places."""
    made = attributes.words(_POINTS_ATTRIBUTE)
    report_repeats(made, findings)
    if attributes.has(_POINTS_ATTRIBUTE) and not made:
        hint = f'write the id of a point from topic.yaml, or delete {_POINTS_ATTRIBUTE}=""'
        findings.append(error("unknown-point", f"'{_POINTS_ATTRIBUTE}' names no point.", attributes.at, hint))
    return tuple({word.text: word for word in made}.values())
