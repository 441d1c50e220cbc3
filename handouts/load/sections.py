"""Read one Markdown file of a topic into a section with its parts, and check it for every audience that reads
it. A part stands below a heading with its name, `## Claim`, or in a fence of its class, `::: {.claim}`: both are equal.

The text of a file and the names that it may use in; a `Section` (or None if its first line cannot be used)
and all findings out, those about minutes and priorities of slides included. Must never open a file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from handouts.finding import Finding, Location, closest_name, error, suggest_name, unknown_name_error, warning
from handouts.library import DEFAULT_TEMPLATES, Part, PartKind, Section, SectionKind
from handouts.load.file_names import NAME_PATTERN
from handouts.markdown.attributes import Attributes, Word
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


def _read_minutes(attributes: Attributes, findings: list[Finding]) -> float:
    """Return the minutes that a timed part takes; 0 if it does not say so, or not in a way that can be used."""
    word = _attribute_value(attributes, "minutes")
    if word is None:
        return 0.0
    minutes = float(word.text) if MINUTES.fullmatch(word.text) else 0.0
    if not 0 < minutes <= _MAX_PART_MINUTES:
        message = f"'{word.text}' is no number of minutes."
        hint = f"write a number up to {_MAX_PART_MINUTES}, such as 2 or 2.5"
        findings.append(error("unknown-value", message, word.at, hint))
        return 0.0
    return minutes


def _read_priority(attributes: Attributes, findings: list[Finding]) -> int:
    """Return the priority of a section: 1 if nothing is said."""
    word = _attribute_value(attributes, "priority")
    if word is None:
        return 1
    if word.text not in PRIORITIES:
        message = f"'{word.text}' is no priority."
        hint = "write 1 for every length of the talk, 2 from the middle one on, 3 for the longest"
        findings.append(error("unknown-value", message, word.at, hint))
        return 1
    return int(word.text)


def _read_longest_talk(attributes: Attributes, findings: list[Finding]) -> int:
    """Return the minutes of the longest talk that a section is in: 0 if it is in every one."""
    word = _attribute_value(attributes, "until")
    if word is None:
        return 0
    if not is_length(word.text):
        message = f"'{word.text}' is no length of a talk."
        hint = f"write whole minutes up to {LONGEST_TALK}, such as 30 for a slide that only short talks show"
        findings.append(error("unknown-value", message, word.at, hint))
        return 0
    return int(word.text)


def _attribute_value(attributes: Attributes, name: str) -> Word | None:
    """Return the value of an attribute with its place, or None."""
    return next((pair.value for pair in attributes.pairs if pair.name.text == name), None)


def _check_notes(parts: Iterable[Part], kind: SectionKind) -> Iterator[Finding]:
    """Yield a finding for each part that has to have notes and has none, and for notes without minutes."""
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
    """Yield a finding for each part whose readers lack what goes with it."""
    readers = {audience for part in own for audience in part.audiences}
    for part in others:
        missing = [audience for audience in part.audiences if audience not in readers]
        if missing:
            message = f"'{part.name}' stands on a slide without '{wanted.name}' for {', '.join(missing)}."
            hint = f"add {_example_heading(wanted, missing)}: {wanted.what}"
            yield error("no-notes", message, part.at, hint)


def _example_heading(part: PartKind, audiences: Iterable[str] = ()) -> str:
    """Return a heading that begins a part, for some audiences or for all, with all that it has to say."""
    readers = " ".join(audiences)
    pairs = (f'for="{readers}"' if readers else "", 'minutes="2"' if part.timed else "")
    return part_heading(part.name, " ".join(filter(None, pairs)))


_BROKEN_FENCES = frozenset({"unclosed-fence", "stray-fence"})
# After one of these the parts and their audiences are not certain: missing ones are reported in the next run.
_PARTS_UNCERTAIN_CODES = _BROKEN_FENCES | {"unknown-part", "unknown-audience", "attributes"}
_SECTION_HINT = "begin with # Its name {.kind #id}"


class SectionRules(Struct, frozen=True):
    """What a section may name; templates are None where one of them cannot be read.

    Where the audiences of the topic are not `certain`, no part is reported as missing. The topic is made by the
    templates `made_by`.
    """

    kinds: Mapping[str, SectionKind]
    templates: Collection[str] | None
    known: KnownNames
    certain: bool = True
    made_by: Collection[str] = DEFAULT_TEMPLATES


class _SectionBuilder(Struct, frozen=True):
    """One section file while it is sorted into parts, and what was found out so far."""

    rules: SectionRules
    findings: list[Finding]

    def error(self, code: str, message: str, at: Location, hint: str) -> None:
        """Gather an error."""
        self.findings.append(error(code, message, at, hint))

    def unknown(self, code: str, what: str, word: Word, names: Collection[str]) -> None:
        """Gather an error for a name that there is not, with the nearest one."""
        self.findings.append(unknown_name_error(code, what, word.text, names, word.at))

    def readers(self, attributes: Attributes, within: tuple[str, ...]) -> tuple[str, ...]:
        """Return the audiences of `within` that `for` names, or all; after a finding for a wrong name, all."""
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
    """What a file says, and what is wrong with it; no section where its first line cannot be used."""

    section: Section | None
    findings: tuple[Finding, ...]


def read_section(text: str, file: str, rules: SectionRules) -> _SectionResult:
    """Return what a file says, and what is wrong with it."""
    if not text.strip():
        wrong = error("empty-file", "This file says nothing.", Location(file, 1, 1), _SECTION_HINT)
        return _SectionResult(None, (wrong,))
    blocks, headed, found = parse_section(source_from_text(text, file))
    sorting = _SectionBuilder(rules, list(found))
    first = blocks[0] if blocks else None
    if not isinstance(first, HeadingNode) or first.level != 1:
        at = first.at if first else Location(file, 1, 1)
        sorting.error("section-heading", "A section begins with its name.", at, _SECTION_HINT)
        return _SectionResult(None, tuple(sorting.findings))
    kind = _read_section_kind(first, sorting)
    small = tuple(_headings_with_one_sign((*blocks[1:], *(each for some in headed for each in some.blocks)), kind))
    if small:  # what stands below them belongs to no part, or to the wrong one
        return _SectionResult(None, (*sorting.findings, *small))
    section_for = sorting.readers(first.attributes, tuple(rules.known.audiences))
    named = tuple(each for stretch in headed for each in _divs_of_heading(stretch, kind, sorting))
    blocks = (*blocks, *named)
    parts = tuple(_build_parts(_lift_nested_parts(blocks[1:], kind), kind, section_for, sorting))
    if kind is not None and rules.certain and not any(each.code in _PARTS_UNCERTAIN_CODES for each in sorting.findings):
        sorting.findings.extend(_check_presence(parts, kind, section_for, first.at, rules.made_by))
        if not any(each.code == "unknown-value" for each in sorting.findings):
            sorting.findings.extend(_check_notes(parts, kind))
    if rules.certain and not any(each.code in _BROKEN_FENCES for each in sorting.findings):
        # What a part lacks may stand below a heading after it that names no part.
        certain = not any(each.code == "unknown-part" for each in sorting.findings)
        sorting.findings.extend(each for part in parts if part.blocks or certain for each in _check_part(part))
    section = _build_section(first, kind, section_for, parts, sorting)
    section = replace(section, allowances=tuple(allowances_in(blocks)), text=text)
    return _SectionResult(section, tuple(sorting.findings))


def _build_section(
    heading: HeadingNode,
    kind: SectionKind | None,
    readers: tuple[str, ...],
    parts: tuple[Part, ...],
    sorting: _SectionBuilder,
) -> Section:
    """Return the section that its first line and its parts make."""
    attributes = heading.attributes
    own = ("for", *_SLIDE_ATTRIBUTES)
    return Section(
        kind=kind.name if kind else "",
        id=attributes.ids[0].text if attributes.ids else "",
        audiences=readers,
        attributes=tuple((pair.name.text, pair.value.text) for pair in attributes.pairs if pair.name.text not in own),
        parts=parts,
        at=heading.at,
        priority=_read_priority(attributes, sorting.findings),
        see=_attribute_value(attributes, "see"),
        until=_read_longest_talk(attributes, sorting.findings),
    )


def _read_section_kind(heading: HeadingNode, sorting: _SectionBuilder) -> SectionKind | None:
    """Return the kind that the first line of a section names, and check what else its braces say."""
    attributes = heading.attributes
    if not attributes.classes and not attributes.broken:
        sorting.error("section-heading", "The kind of this section is missing.", heading.at, _SECTION_HINT)
    if not attributes.ids and not attributes.broken:
        sorting.error("section-heading", "The id of this section is missing.", heading.at, _SECTION_HINT)
    for word in attributes.ids:
        if not NAME_PATTERN.fullmatch(word.text):
            hint = "use small letters, digits and single hyphens"
            sorting.error("bad-name", f"'{word.text}' is no id.", word.at, hint)
    for word in attributes.classes[1:]:
        sorting.error("unknown-class", f"A second kind, '{word.text}'.", word.at, "give one kind")
    if attributes.classes and attributes.kind not in sorting.rules.kinds:
        sorting.unknown("unknown-kind", "kind of section", attributes.classes[0], sorting.rules.kinds)
    kind = sorting.rules.kinds.get(attributes.kind)
    allowed = ("for", *(kind.attributes if kind else ()), *(_SLIDE_ATTRIBUTES if kind and kind.timed else ()))
    for pair in attributes.pairs if kind else ():
        if pair.name.text not in allowed:
            sorting.unknown("unknown-attribute", "attribute", pair.name, allowed)
        elif pair.name.text == "sign":
            check_sign(pair.value, sorting.findings)
    return kind


def _headings_with_one_sign(blocks: Blocks, kind: SectionKind | None) -> Iterator[Finding]:
    """Yield an error for each heading that is named like a part and has one # in place of two."""
    for block in blocks if kind else ():
        if isinstance(block, HeadingNode) and block.level == 1:
            words = "".join(each.text for each in walk_tree(block.content) if isinstance(each, TextNode)).strip()
            if kind and part_name_in(words) in kind.parts:
                message = f"'{words}' begins a part, and a part begins with ##."
                yield error("outside-part", message, block.at, f"did you mean {part_heading(part_name_in(words))}?")


def _divs_of_heading(stretch: HeadedBlocks, kind: SectionKind | None, sorting: _SectionBuilder) -> Blocks:
    """Return the part that a heading begins as if it stood in a fence, and what no longer belongs to it.

    A fence of the class of a part ends what stands above it, as the next heading does.
    """
    opens = (index for index, each in enumerate(stretch.blocks) if _is_part(each, kind) or _was_meant(each, kind))
    first = next(opens, len(stretch.blocks))
    own, others = stretch.blocks[:first], stretch.blocks[first:]
    name = part_name_in(stretch.name.text)
    if kind is not None and name not in kind.parts:
        _report_heading(stretch.name, kind, sorting)
        sorting.findings.extend(check_names(own, sorting.rules.known, sorting.rules.known.audiences))
        return others
    attributes = stretch.attributes
    for word in (*attributes.classes, *attributes.ids) if not attributes.broken else ():
        known = word.text in sorting.rules.known.audiences
        hint = f'write for="{word.text}"' if known else "delete it: the words of the heading name the part"
        sorting.error("unknown-class", f"'{word.text}' does not belong here.", word.at, hint)
    attributes = replace(attributes, classes=(Word(name, stretch.name.at),), ids=())
    end = replace(others[0].at, column=0) if others else stretch.end
    return (Div(attributes, own, stretch.at, end), *others)


def _is_part(block: Block, kind: SectionKind | None) -> bool:
    """True if `block` is a fence of the class of a part."""
    return kind is not None and isinstance(block, Div) and block.attributes.kind in kind.parts


def _was_meant(block: Block, kind: SectionKind | None) -> bool:
    """True if `block` is a fence of no known class, whose class is spelt nearly as a part is called."""
    name = block.attributes.kind if isinstance(block, Div) else ""
    if kind is None or not name or name in CONTENT_CLASSES:
        return False
    return closest_name(name, (*kind.parts, *CONTENT_CLASSES)) in kind.parts


def _report_heading(words: Word, kind: SectionKind, sorting: _SectionBuilder) -> None:
    """Gather an error for a heading that names no part, with the part that was meant, or all that there are."""
    name = part_name_in(words.text)
    begun = max((each for each in kind.parts if name.startswith(f"{each}-")), key=len, default="")
    meant = closest_name(name, kind.parts)
    if begun:
        readers = " ".join(each for each in sorting.rules.known.audiences if each in name.split("-")) or "…"
        heading = part_heading(begun, f'for="{readers}"')
        hint = f"write its name alone, and the rest in braces: {heading}"
    elif meant:
        hint = f"did you mean {part_heading(meant)}?"
    else:
        hint = f"known: {', '.join(map(part_heading, kind.parts))}"
    message = f"There is no part '{words.text}' of a {kind.name}." if words.text else "This heading names no part."
    sorting.error("unknown-part", message, words.at, f"{hint}; write ### for a heading inside the text")


def _lift_nested_parts(blocks: Blocks, kind: SectionKind | None) -> Blocks:
    """Return `blocks` with each part that stands in another part after it: a fence before it was never closed."""
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
    blocks: Blocks, kind: SectionKind | None, section_for: tuple[str, ...], sorting: _SectionBuilder
) -> Iterator[Part]:
    """Yield the parts of a section; anything between them is a finding."""
    outside = [block for block in blocks if not isinstance(block, Div)]
    if outside and not any(each.code in _BROKEN_FENCES for each in sorting.findings):
        hint = f"begin its part in a line before it: {part_heading(_example_part_name(kind))}"
        sorting.error("outside-part", "This text stands in no part.", outside[0].at, hint)
    for block in blocks:
        if isinstance(block, Div):
            part = _build_part(block, kind, section_for, sorting)
            if part:
                yield part


def _example_part_name(kind: SectionKind | None) -> str:
    """Return the name of a part, as an example."""
    return next((part.name for part in kind.parts.values() if part.holds == "blocks"), "part") if kind else "part"


def _build_part(
    div: Div, kind: SectionKind | None, section_for: tuple[str, ...], sorting: _SectionBuilder
) -> Part | None:
    """Return one part, with the names in it checked; None if there is no such part."""
    attributes, rules = div.attributes, sorting.rules
    readers = sorting.readers(attributes, section_for)
    sorting.findings.extend(check_names(div.blocks, rules.known, readers or section_for))
    named = kind.parts.get(attributes.kind) if kind else None
    # Behind a misspelt name there may be a timed part: one mistake gives one finding.
    timed = named.timed if named else kind is None or kind.timed
    allowed = (*COMMON_ATTRIBUTES, "template", _POINTS_ATTRIBUTE, *(("minutes",) if timed else ()))
    for pair in attributes.pairs:
        if pair.name.text not in allowed:
            sorting.unknown("unknown-attribute", "attribute", pair.name, allowed)
    check_allowance(NameCheck(rules.known, sorting.findings), attributes)
    for word in attributes.words("template"):
        if rules.templates is not None and word.text not in rules.templates:
            sorting.unknown("unknown-template", "template", word, rules.templates)
    for word in (*attributes.classes[1:], *attributes.ids):
        sorting.error("unknown-class", f"'{word.text}' does not belong here.", word.at, "give one class, and no id")
    if kind is None:
        return None
    if not attributes.classes:
        if not attributes.broken:
            hint = f'write {{.{_example_part_name(kind)} for="…"}}'
            sorting.error("outside-part", "These braces name no part.", attributes.at, hint)
        return None
    if attributes.kind not in kind.parts:
        sorting.unknown("unknown-part", f"part of a {kind.name}", attributes.classes[0], kind.parts)
        return None
    part = kind.parts[attributes.kind]
    templates = tuple(word.text for word in attributes.words("template"))
    minutes = _read_minutes(attributes, sorting.findings) if timed else 0.0
    makes = _read_point_ids(attributes, sorting.findings)
    return Part(part.name, part.holds, readers, templates, div.blocks, div.at, minutes, makes)


def _check_presence(
    parts: Iterable[Part], kind: SectionKind, section_for: tuple[str, ...], at: Location, made_by: Collection[str]
) -> Iterator[Finding]:
    """Yield a finding for each part that is missing, or there twice, for an audience of the section."""
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
    """Yield a finding if an audience of a part has read the same part before."""
    for first in before:
        again = [audience for audience in extra.audiences if audience in first.audiences]
        if again:
            message = (
                f"'{extra.name}' is there a second time for {', '.join(again)}; the first is in line {first.at.line}."
            )
            yield error("repeated-part", message, extra.at, "join them, or say for whom each one is")
            return


def _check_part(part: Part) -> Iterator[Finding]:
    """Yield what is wrong with a part for each of its audiences."""
    if not part.blocks:
        yield error("empty-part", f"'{part.name}' is empty.", part.at, "write something, or delete it")
        return
    read: list[Blocks] = []  # most audiences read the same
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
    """Return the ids of the points that a part makes, each once and with its place."""
    made: dict[str, Word] = {}
    for word in attributes.words(_POINTS_ATTRIBUTE):
        if word.text in made:
            findings.append(error("repeated-attribute", f"'{word.text}' is there twice.", word.at, "write it once"))
        made.setdefault(word.text, word)
    if attributes.has(_POINTS_ATTRIBUTE) and not made:
        hint = f'write the id of a point from topic.yaml, or delete {_POINTS_ATTRIBUTE}=""'
        findings.append(error("unknown-point", f"'{_POINTS_ATTRIBUTE}' names no point.", attributes.at, hint))
    return tuple(made.values())
