"""Read the settings files of content: audiences, kinds of section, terms, contacts, wording rules, the service.

Also spellings, build sets, and the logo of the service. Takes YAML nodes; returns values of the Library, and adds
findings at the exact value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from handouts.document.nodes import Outlines, Pixels
from handouts.finding import Finding, Location, Severity, closest_name, error, first_named, unknown_name_error, warning
from handouts.library import (
    ANY_COUNTRY,
    Audience,
    BuildSet,
    ContactEntry,
    PartContent,
    PartKind,
    Phrase,
    ReadingLimits,
    SectionKind,
    Term,
    Topic,
    WordingRule,
)
from handouts.load.content_keys import (
    AUDIENCE,
    AUDIENCES,
    BUILD_SET,
    BUILD_SETS,
    CONTACT,
    SECTION_KINDS,
    SERVICE,
    SPELLINGS,
    TERMS,
    WORDING_RULES,
)
from handouts.load.field_reader import FieldReader, open_fields
from handouts.load.files import SourceFolder, list_files
from handouts.load.phrases import PhraseError, read_phrase
from handouts.load.value_shapes import ListOf
from handouts.load.yaml_nodes import MappingNode, SequenceNode, YamlNode, load_yaml
from handouts.markdown.attributes import Word
from handouts.markdown.inline_parser import is_address
from handouts.service import (
    MAX_FIELD_CHARACTERS,
    Condition,
    LocalLine,
    Service,
    unknown_country_error,
    web_address_error,
)
from handouts.theme import LineLook

CONTACTS_FOLDER, WORDING_FOLDER = "contacts", "wording"

MAX_AUDIENCES = 50
_MAX_AUDIENCES_NAMED = 5  # audiences in one message


def read_condition(reading: FieldReader) -> Condition | None:
    """Return the names of a condition, or None if there are none."""
    if reading.node("condition") is None:
        return None
    inside = reading.nested("condition")
    return Condition(inside.text("name"), inside.text("short"))


def read_web_address(reading: FieldReader, key: str) -> str:
    """Return a web address, or "" if there is none; one that does not begin with https:// is an error."""
    address = reading.text(key)
    found = web_address_error(address, reading.place(key))
    if found:
        reading.findings.append(found)
        return ""
    return address


def read_audiences(node: YamlNode | None, findings: list[Finding]) -> dict[str, Audience]:
    """Return the audiences by name."""
    audiences = {}
    unjudged = []
    for key, reading in open_fields(node, findings, AUDIENCES).inside():
        audiences[key.text] = Audience(
            name=key.text,
            title=reading.text("name"),
            cover=reading.text("cover"),
            label=reading.text("label"),
            accent=reading.text("accent"),
            density=reading.text("density", "standard"),
            line=cast(LineLook, reading.choice("line")),
            at=key.at,
            reading=_read_reading_limits(reading),
            grades=reading.texts("grades"),
        )
        unjudged.extend([key] if reading.node("reading") is None else [])
    findings.extend(_missing_limits(unjudged))
    if len(audiences) > MAX_AUDIENCES:
        last = list(audiences.values())[MAX_AUDIENCES]
        message = f"There are {len(audiences)} audiences."
        findings.append(error("too-many", message, last.at, f"{MAX_AUDIENCES} are the most"))
        return {}
    return audiences


def _missing_limits(audiences: Sequence[Word]) -> Iterator[Finding]:
    """Yield one warning for all audiences without reading limits."""
    if audiences:
        names = first_named([f"'{each.text}'" for each in audiences], _MAX_AUDIENCES_NAMED)
        message = f"Nothing says how hard the words for {names} may be to read: they are not judged."
        hint = "add reading: {handout: {grade: 8, sentence: 25}}, or reading: {} if nothing is to be judged"
        yield warning("not-judged", message, audiences[0].at, hint)


def _read_reading_limits(reading: FieldReader) -> dict[str, ReadingLimits]:
    """Return the reading limits by place."""
    names = ReadingLimits.__struct_fields__
    limits = {}
    for key, inside in reading.nested("reading").inside():
        limits[key.text] = ReadingLimits(**{name: inside.number(name.replace("_", "-")) for name in names})
    return limits


def read_section_kinds(node: YamlNode | None, findings: list[Finding]) -> dict[str, SectionKind]:
    """Return the kinds of section by name."""
    kinds = {}
    for key, reading in open_fields(node, findings, SECTION_KINDS).inside():
        parts = {name.text: part for name, part in reading.nested("parts").inside()}
        found = {name: _read_part_kind(name, part) for name, part in parts.items()}
        for part in parts.values():
            goes_with = part.node("with")
            if isinstance(goes_with, Word) and goes_with.text and goes_with.text not in found:
                what = f"part of a {key.text}"
                findings.append(unknown_name_error("unknown-part", what, goes_with.text, found, goes_with.at))
        for name in reading.texts("attributes"):
            if name in found:
                message = f"'{name}' is an attribute and a part."
                findings.append(error("bad-name", message, reading.place("attributes"), "rename one of them"))
        kinds[key.text] = SectionKind(
            name=key.text,
            attributes=reading.texts("attributes"),
            parts=found,
            at=key.at,
            numbered=reading.boolean("numbered"),
            cards=reading.boolean("cards"),
        )
    return kinds


def _read_part_kind(name: str, reading: FieldReader) -> PartKind:
    """Return one part that a kind of section may have."""
    return PartKind(
        name=name,
        holds=cast(PartContent, reading.choice("holds")),
        required=reading.boolean("required"),
        what=reading.text("what"),
        goes_with=reading.text("with"),
        timed=reading.boolean("timed"),
        required_by=reading.choice("template"),
    )


def read_terms(node: YamlNode | None, audiences: Collection[str], findings: list[Finding]) -> dict[str, Term]:
    """Return the terms to explain, by name in small letters."""
    terms = {}
    for key, reading in open_fields(node, findings, TERMS).inside():
        readers = reading.names("for", audiences)
        terms[key.text.lower()] = Term(key.text, reading.text("means"), readers, key.at)
    return terms


def read_spellings(node: YamlNode | None, findings: list[Finding]) -> dict[str, str]:
    """Return the American spelling of each British one."""
    reading = open_fields(node, findings, SPELLINGS)
    return {key.text: reading.text(key.text) for key, _ in reading.entries()}


def _read_contacts(
    node: YamlNode | None, audiences: Collection[str], findings: list[Finding]
) -> tuple[ContactEntry, ...]:
    """Return the contacts of one country, in the order of the file."""
    if node is None:
        return ()
    if not isinstance(node, SequenceNode):
        findings.append(error("wrong-type", "This needs a list of contacts.", node.at, "begin each one with - need:"))
        return ()
    return tuple(_read_contact(item, audiences, findings) for item in node.items)


def _read_contact(node: YamlNode, audiences: Collection[str], findings: list[Finding]) -> ContactEntry:
    """Return one contact."""
    reading = open_fields(node, findings, CONTACT)
    crisis = reading.boolean("crisis")
    if crisis and not reading.text("label"):
        hint = "add label: and the words before the number"
        findings.append(error("missing-key", "'label' is missing.", reading.at, hint))
    if crisis and reading.node("for") is not None:
        hint = "the box looks the same for everyone: leave out for: or crisis: true"
        findings.append(error("structure", "A number of the crisis box is for everyone.", reading.place("for"), hint))
    target = reading.text("target")
    if target and not is_address(target):
        message = f"'{target}' is not an address that is allowed here."
        findings.append(error("link-target", message, reading.place("target"), "write tel: and digits, or https://…"))
    return ContactEntry(
        need=reading.text("need"),
        name=reading.text("name"),
        number=reading.text("number"),
        how=reading.text("how"),
        target=target,
        crisis=crisis,
        label=reading.text("label"),
        confirmed_on=reading.iso_date("confirmed_on"),
        at=reading.at,
        audiences=reading.names("for", audiences),
        topics=reading.words("topics"),
        need_at=reading.place("need"),
    )


def check_audience_themes(
    node: YamlNode | None, accents: Collection[str], densities: Collection[str], findings: list[Finding]
) -> None:
    """Add an error for each accent or density of an audience that the theme does not have."""
    for _, each in node.entries if isinstance(node, MappingNode) else ():
        if isinstance(each, MappingNode):
            inside = FieldReader(each, findings, AUDIENCE)
            inside.name("accent", accents)
            inside.name("density", densities)


PICTURES_FOLDER = "pictures"


def read_service(
    node: YamlNode | None,
    folder: SourceFolder,
    countries: Collection[str],
    themes: Collection[str],
    topics: Mapping[str, Topic],
) -> Service:
    """Return the service that hands the material out, its country, theme and topics checked.

    `folder` is the folder of content, which holds the logo.
    """
    reading = open_fields(node, folder.findings, SERVICE)
    service = Service(
        name=reading.text("name"),
        phone=reading.text("phone"),
        country=reading.text("country"),
        paper=reading.choice("paper"),
        theme=reading.text("theme"),
        spelling=reading.choice("spelling"),
        condition=read_condition(reading),
        at=reading.at,
        address=reading.text("address"),
        hours=reading.text("hours"),
        logo=_read_service_logo(reading, folder),
        lines=tuple(LocalLine(each.text("name"), each.text("number")) for each in reading.mappings("lines", "lines")),
        country_at=reading.place("country"),
        condition_topics=reading.nested("condition").texts("topics") if reading.node("condition") else (),
        web=read_web_address(reading, "web"),
    )
    if node is None:
        return service
    if service.country and service.country not in countries:
        folder.findings.append(unknown_country_error(service.country, countries, service.country_at))
    if not service.theme:
        folder.error("missing-key", "'theme' is missing.", reading.at, f"known: {', '.join(sorted(themes))}")
    reading.name("theme", themes)
    if service.condition is not None:
        _check_condition(service, reading.nested("condition"), topics)
    return service


def _read_service_logo(reading: FieldReader, folder: SourceFolder) -> Pixels | Outlines | None:
    """Return the logo, or None; Pillow is imported only if there is one."""
    name = reading.text("logo")
    if not name or len(name) > MAX_FIELD_CHARACTERS["logo"]:
        return None
    from handouts.load.images import load_picture

    return load_picture(folder, folder.path / PICTURES_FOLDER, Word(name, reading.place("logo")))


def _check_condition(service: Service, inside: FieldReader, topics: Mapping[str, Topic]) -> None:
    """Add an error for a misspelt topic of the service's condition, and if it would rename two conditions."""
    _topic_names(inside, topics)
    renamed = {
        each.condition: name for name, each in topics.items() if each.condition and service.for_topic(name).condition
    }
    if len(renamed) > 1:
        first, second, *_ = (each.short for each in renamed)
        message = f"This would call both {first} and {second} {inside.text('short')}."
        hint = f"add topics: [{next(iter(renamed.values()))}] below it, the topic whose condition it names"
        inside.findings.append(error("ambiguous-condition", message, inside.at, hint))


_FLAG_YES, _FLAG_NO = "yes", "no"
_MAX_SETS = 50


def read_build_sets(node: YamlNode | None, findings: list[Finding]) -> dict[str, BuildSet]:
    """Return the build sets by name; none if there is no file."""
    if node is None:
        return {}
    sets = {}
    for key, chosen in open_fields(node, findings, BUILD_SETS).inside():
        choices = {}
        for name, inside in chosen.entries():
            words = _read_set_values(name.text, inside, findings)
            if words:
                choices[name.text] = words
        sets[key.text] = BuildSet(key.text, choices, key.at)
    if len(sets) > _MAX_SETS:
        last = list(sets.values())[_MAX_SETS]
        findings.append(error("too-many", f"There are {len(sets)} sets.", last.at, f"{_MAX_SETS} are the most"))
        return {}
    return sets


def _read_set_values(name: str, node: YamlNode, findings: list[Finding]) -> tuple[Word, ...]:
    """Return the values that a set chooses for one option: one, or a list; a flag is yes or no."""
    shape = BUILD_SET.shape_of(name)
    if not isinstance(shape, ListOf):
        return _read_set_flag(name, node, findings)
    items = node.items if isinstance(node, SequenceNode) else (node,)
    if len(items) > shape.most:
        message = f"'{name}' has {len(items)} values."
        findings.append(error("too-many", message, node.at, f"{shape.most} are the most"))
        return ()
    words = []
    for item in items:
        if isinstance(item, Word):
            words.append(Word(item.text, item.at))
        else:
            hint = f"write {name}: one, or {name}: [one, two]"
            findings.append(error("wrong-type", f"'{name}' needs a name or a list of names.", item.at, hint))
    return tuple(word for word in words if word.text)


def _read_set_flag(name: str, node: YamlNode, findings: list[Finding]) -> tuple[Word, ...]:
    """Return ("yes",) if a set switches an option on, else ()."""
    if isinstance(node, Word) and node.text in (_FLAG_YES, _FLAG_NO, ""):
        return (Word(_FLAG_YES, node.at),) if node.text == _FLAG_YES else ()
    findings.append(error("wrong-type", f"'{name}' needs yes or no.", node.at, f"write {name}: yes"))
    return ()


def _topic_names(reading: FieldReader, topics: Collection[str]) -> tuple[str, ...]:
    """Return the topics that an entry is for; an unknown topic is an error only if it looks misspelt, since topics are
    removed."""
    words = reading.words("topics")
    for word in words:
        if word.text not in topics and closest_name(word.text, topics):
            reading.report_unknown("topics", word, topics)
    return tuple(word.text for word in words)


def countries_in(content: Path) -> tuple[str, ...]:
    """Return the codes of the countries with contacts in a content folder."""
    files = list_files(content / CONTACTS_FOLDER, ".yaml")
    return tuple(path.stem for path in files if path.stem != ANY_COUNTRY)


def load_contacts(folder: SourceFolder, audiences: Collection[str]) -> dict[str, tuple[ContactEntry, ...]]:
    """Return the contacts by country."""
    files = list_files(folder.path / CONTACTS_FOLDER, ".yaml")
    contacts = {path.stem: _read_contacts(load_yaml(folder, path), audiences, folder.findings) for path in files}
    if ANY_COUNTRY not in contacts:
        at = Location((folder.path / CONTACTS_FOLDER / f"{ANY_COUNTRY}.yaml").as_posix())
        hint = "write whom to call where no country is set"
        folder.error("missing-file", f"{ANY_COUNTRY}.yaml is missing.", at, hint)
    return contacts


def load_wording_rules(
    folder: SourceFolder, audiences: Collection[str], topics: Collection[str]
) -> dict[str, tuple[WordingRule, ...]]:
    """Return the wording rules by language, in the order of the files."""
    rules = {}
    for path in list_files(folder.path / WORDING_FOLDER, ".yaml"):
        reading = open_fields(load_yaml(folder, path), folder.findings, WORDING_RULES)
        written = [_read_wording_rule(key.text, inside, audiences, topics) for key, inside in reading.inside()]
        rules[path.stem] = tuple(written)
    return rules


def _read_wording_rule(
    name: str, reading: FieldReader, audiences: Collection[str], topics: Collection[str]
) -> WordingRule:
    """Return one wording rule; without `for` it is for all `audiences`."""
    return WordingRule(
        name=name,
        code=reading.choice("code"),
        severity=Severity(reading.choice("severity")),
        phrases=tuple(_read_phrases(reading, "find")),
        unless=tuple(_read_phrases(reading, "unless")),
        audiences=reading.names("for", audiences) or tuple(audiences),
        topics=_topic_names(reading, topics),
        say=reading.text("say"),
        why=reading.text("why"),
    )


def _read_phrases(reading: FieldReader, key: str) -> Iterator[Phrase]:
    """Yield the phrases that stand at a key; one that cannot be searched for is an error."""
    for word in reading.words(key):
        try:
            yield read_phrase(word.text)
        except PhraseError as problem:
            reading.findings.append(error("bad-phrase", str(problem), word.at, "see the first lines of the file"))
