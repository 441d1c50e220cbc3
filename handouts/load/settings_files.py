"""Read the settings files of content: audiences, kinds of section, terms, spellings, contacts, wording rules,
build sets, and the service with its logo.

Takes YAML nodes, returns values of the Library, and gathers findings at the exact value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import cast

from handouts.document.nodes import Outlines, Pixels
from handouts.finding import Finding, Location, Severity, closest_name, error, warning
from handouts.library import (
    ANY_COUNTRY,
    WORDING_CODES,
    Audience,
    BuildSet,
    ContactEntry,
    PartContent,
    PartKind,
    ReadingLimits,
    SectionKind,
    Term,
    WordingRule,
)
from handouts.load.files import SourceFolder, list_files
from handouts.load.schema import FieldReader, check_name, open_fields
from handouts.load.yaml_nodes import MappingNode, SequenceNode, YamlNode, load_yaml
from handouts.markdown.attributes import Word
from handouts.markdown.inline_parser import is_address
from handouts.markdown.names import NEEDS
from handouts.service import MAX_FIELD_CHARACTERS, MAX_LOCAL_LINES, Condition, LocalLine, Service, unknown_country_error

CONTACTS_FOLDER, WORDING_FOLDER = "contacts", "wording"

_SETTLING_LINES = ("rests", "touches")
CRISIS_NEEDS = ("danger", "suicide", "abuse", "stalking")  # the needs that the crisis box has a place for
READING_PLACES = ("handout", "slides", "notes", "worksheet")
MAX_AUDIENCES = 50
_MAX_AUDIENCES_NAMED = 5  # audiences in a message


def read_condition(reading: FieldReader) -> Condition | None:
    """Return what a condition is called, if that is said."""
    if reading.node("condition") is None:
        return None
    inside = reading.nested("condition", ("name", "short"))
    return Condition(inside.required_text("name"), inside.required_text("short"))


def read_audiences(node: YamlNode | None, findings: list[Finding]) -> dict[str, Audience]:
    """Return the audiences by name."""
    audiences = {}
    unjudged = []
    for key, value in open_fields(node, findings, optional=None).entries():
        check_name(key, "an audience", findings)
        optional = ("density", "line", "reading", "grades")
        reading = open_fields(value, findings, ("name", "cover", "label", "accent"), optional)
        audiences[key.text] = Audience(
            name=key.text,
            title=reading.required_text("name"),
            cover=reading.required_text("cover"),
            label=reading.required_text("label"),
            accent=reading.required_text("accent"),
            density=reading.text("density", "standard"),
            line=reading.choice("line", _SETTLING_LINES, "unknown-value", "line", "rests"),
            at=key.at,
            reading=_read_reading_limits(reading, findings),
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
    """Yield one warning for all audiences without limits of reading."""
    if audiences:
        names = ", ".join(f"'{each.text}'" for each in audiences[:_MAX_AUDIENCES_NAMED])
        more = f" and {len(audiences) - _MAX_AUDIENCES_NAMED} more" if len(audiences) > _MAX_AUDIENCES_NAMED else ""
        message = f"Nothing says how hard the words for {names}{more} may be to read: they are not judged."
        hint = "add reading: {handout: {grade: 8, sentence: 25}}, or reading: {} if nothing is to be judged"
        yield warning("not-judged", message, audiences[0].at, hint)


def _read_reading_limits(reading: FieldReader, findings: list[Finding]) -> dict[str, ReadingLimits]:
    """Return how hard the words may be to read, by the place where they are read."""
    names = ReadingLimits.__struct_fields__
    limits = {}
    for key, value in reading.nested("reading", optional=READING_PLACES).entries():
        inside = open_fields(value, findings, (), tuple(name.replace("_", "-") for name in names))
        limits[key.text] = ReadingLimits(**{name: inside.number(name.replace("_", "-")) for name in names})
    return limits


def read_section_kinds(node: YamlNode | None, findings: list[Finding]) -> dict[str, SectionKind]:
    """Return the kinds of section by name."""
    kinds = {}
    for key, value in open_fields(node, findings, optional=None).entries():
        check_name(key, "a kind of section", findings)
        reading = open_fields(value, findings, ("parts",), ("attributes", "numbered", "cards"))
        parts = open_fields(reading.node("parts"), findings, optional=None)
        found = {name.text: _read_part_kind(name.text, part, findings) for name, part in parts.entries()}
        for _, part in parts.entries():
            if isinstance(part, MappingNode):
                FieldReader(part, findings).choice("with", found, "unknown-part", f"part of a {key.text}")
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


def _read_part_kind(name: str, node: YamlNode, findings: list[Finding]) -> PartKind:
    """Return one part that a kind of section has."""
    reading = open_fields(node, findings, ("holds",), ("required", "what", "with", "timed"))
    holds = reading.choice("holds", ("line", "blocks"), "unknown-value", "content of a part", "blocks")
    return PartKind(
        name=name,
        holds=cast(PartContent, holds),
        required=reading.boolean("required"),
        what=reading.text("what"),
        goes_with=reading.text("with"),
        timed=reading.boolean("timed"),
    )


def read_terms(node: YamlNode | None, audiences: Collection[str], findings: list[Finding]) -> dict[str, Term]:
    """Return the words that are explained, by name in small letters."""
    terms = {}
    for key, value in open_fields(node, findings, optional=None).entries():
        reading = open_fields(value, findings, ("means", "for"))
        readers = reading.names("for", audiences, "unknown-audience", "audience")
        terms[key.text.lower()] = Term(key.text, reading.required_text("means"), readers, key.at)
    return terms


def read_spellings(node: YamlNode | None, findings: list[Finding]) -> dict[str, str]:
    """Return the American spelling of each British one."""
    reading = open_fields(node, findings, optional=None)
    return {key.text: reading.required_text(key.text) for key, _ in reading.entries()}


def _read_contacts(
    node: YamlNode | None, audiences: Collection[str], findings: list[Finding]
) -> tuple[ContactEntry, ...]:
    """Return the contacts of one country, in the order in which they are listed."""
    if node is None:
        return ()
    if not isinstance(node, SequenceNode):
        findings.append(error("wrong-type", "This needs a list of contacts.", node.at, "begin each one with - need:"))
        return ()
    return tuple(_read_contact(item, audiences, findings) for item in node.items)


def _read_contact(node: YamlNode, audiences: Collection[str], findings: list[Finding]) -> ContactEntry:
    """Return one contact."""
    required = ("need", "name", "number", "confirmed_on")
    reading = open_fields(node, findings, required, ("how", "target", "crisis", "label", "for"))
    crisis = reading.boolean("crisis")
    if crisis and not reading.text("label"):
        hint = "add label: and the words before the number"
        findings.append(error("missing-key", "'label' is missing.", reading.at, hint))
    need = reading.choice("need", NEEDS, "unknown-need", "need")
    if crisis and need and need not in CRISIS_NEEDS:
        message = f"The crisis box has no place for '{need}'."
        hint = "crisis: true goes with danger, suicide, abuse and stalking"
        findings.append(error("unknown-need", message, reading.place("need"), hint))
    elif crisis and reading.node("for") is not None:
        hint = "the box looks the same for everyone: leave out for: or crisis: true"
        findings.append(error("structure", "A number of the crisis box is for everyone.", reading.place("for"), hint))
    target = reading.text("target")
    if target and not is_address(target):
        message = f"'{target}' is no address that is allowed here."
        findings.append(error("link-target", message, reading.place("target"), "write tel: and digits, or https://…"))
    return ContactEntry(
        need=need,
        name=reading.required_text("name"),
        number=reading.required_text("number"),
        how=reading.text("how"),
        target=target,
        crisis=crisis,
        label=reading.text("label"),
        confirmed_on=reading.iso_date("confirmed_on"),
        at=reading.at,
        audiences=reading.names("for", audiences, "unknown-audience", "audience"),
    )


def check_audience_themes(file: FieldReader, accents: Collection[str], densities: Collection[str]) -> None:
    """Gather findings for an accent or a density of an audience that the theme does not have."""
    for _, node in file.entries() if accents else ():
        if isinstance(node, MappingNode):
            inside = FieldReader(node, file.findings)
            inside.choice("accent", accents, "unknown-accent", "accent")
            inside.choice("density", densities, "unknown-density", "density")


_SERVICE_KEYS = (
    "name",
    "phone",
    "country",
    "paper",
    "theme",
    "spelling",
    "condition",
    "address",
    "hours",
    "logo",
    "lines",
)
_SPELLINGS = ("british", "american")
_SERVICE_PAPERS = ("a4", "letter", "a5")
PICTURES_FOLDER = "pictures"


def read_service(node: YamlNode | None, folder: SourceFolder) -> Service:
    """Return the service that hands the material out; `folder` is that of content, where its logo is."""
    reading = open_fields(node, folder.findings, (), _SERVICE_KEYS)
    return Service(
        name=_read_bounded_text(reading, "name"),
        phone=_read_bounded_text(reading, "phone"),
        country=reading.text("country"),
        paper=reading.choice("paper", _SERVICE_PAPERS, "unknown-value", "paper", "a4"),
        theme=reading.text("theme"),
        spelling=reading.choice("spelling", _SPELLINGS, "unknown-value", "spelling", "british"),
        condition=read_condition(reading),
        at=reading.at,
        address=_read_bounded_text(reading, "address"),
        hours=_read_bounded_text(reading, "hours"),
        logo=_read_service_logo(reading, folder),
        lines=_read_local_lines(reading),
        country_at=reading.place("country"),
    )


def _read_bounded_text(reading: FieldReader, key: str, longest: str = "") -> str:
    """Return a text that stands where it belongs; a longer one is a finding."""
    text = reading.text(key)
    if exceeds_field(text, longest or key):
        reading.findings.append(field_too_long(key, longest or key, reading.place(key)))
    return text


def exceeds_field(text: str, field: str) -> bool:
    """True if a text has more characters than there is room for in its place."""
    return len(text) > MAX_FIELD_CHARACTERS[field]


def field_too_long(name: str, field: str, at: Location) -> Finding:
    """Return the finding for a text that has no room in its place; what it says is not repeated."""
    message = f"'{name}' has more than {MAX_FIELD_CHARACTERS[field]} characters."
    return error("field-too-long", message, at, "shorten it: nothing is cut off in silence")


def _read_service_logo(reading: FieldReader, folder: SourceFolder) -> Pixels | Outlines | None:
    """Return the logo, if there is one; without one, nothing is imported."""
    name = _read_bounded_text(reading, "logo")
    if not name or len(name) > MAX_FIELD_CHARACTERS["logo"]:
        return None
    from handouts.load.images import load_picture

    return load_picture(folder, folder.path / PICTURES_FOLDER, Word(name, reading.place("logo")))


def _read_local_lines(reading: FieldReader) -> tuple[LocalLine, ...]:
    """Return the numbers near the reader that are not the service's own."""
    node = reading.node("lines")
    if node is None or not isinstance(node, SequenceNode):
        reading.texts("lines")  # adds the finding that it is no list
        return ()
    if len(node.items) > MAX_LOCAL_LINES:
        message = f"There are {len(node.items)} lines."
        reading.findings.append(error("too-many", message, node.at, f"{MAX_LOCAL_LINES} are the most"))
        return ()
    inside = [open_fields(item, reading.findings, ("name", "number")) for item in node.items]
    for each in inside:
        each.required_text("name")
        each.required_text("number")
    return tuple(
        LocalLine(_read_bounded_text(each, "name"), _read_bounded_text(each, "number", "phone")) for each in inside
    )


def check_service(
    service: Service, file: FieldReader, countries: Collection[str], themes: Collection[str], findings: list[Finding]
) -> None:
    """Gather findings for a country or a theme of the service that there is not."""
    if service.country and service.country not in countries:
        findings.append(unknown_country_error(service.country, countries, service.country_at))
    if not service.theme:
        hint = f"known: {', '.join(sorted(themes))}"
        findings.append(error("missing-key", "'theme' is missing.", file.at, hint))
    file.choice("theme", themes, "unknown-theme", "theme")


_SET_LISTS = ("topic", "audience", "language", "template", "format", "edition", "paper", "country", "minutes")
_SET_FLAGS = ("fillable", "booklet", "builds")
_FLAG_YES, _FLAG_NO = "yes", "no"
_MAX_SETS, _MAX_SET_VALUES = 50, 100


def read_build_sets(node: YamlNode | None, findings: list[Finding]) -> dict[str, BuildSet]:
    """Return the sets by name; none if there is no file of them."""
    if node is None:
        return {}
    sets = {}
    for key, value in open_fields(node, findings, optional=None).entries():
        check_name(key, "a set", findings)
        chosen = open_fields(value, findings, (), (*_SET_LISTS, *_SET_FLAGS))
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
    if name in _SET_FLAGS:
        return _read_set_flag(name, node, findings)
    items = node.items if isinstance(node, SequenceNode) else (node,)
    if len(items) > _MAX_SET_VALUES:
        message = f"'{name}' has {len(items)} values."
        findings.append(error("too-many", message, node.at, f"{_MAX_SET_VALUES} are the most"))
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
    """Return "yes" if a set switches something on."""
    if isinstance(node, Word) and node.text in (_FLAG_YES, _FLAG_NO, ""):
        return (Word(_FLAG_YES, node.at),) if node.text == _FLAG_YES else ()
    findings.append(error("wrong-type", f"'{name}' needs yes or no.", node.at, f"write {name}: yes"))
    return ()


_SEVERITIES = tuple(str(each) for each in Severity)


def _read_wording_rules(
    node: YamlNode | None, audiences: Collection[str], topics: Collection[str], findings: list[Finding]
) -> tuple[WordingRule, ...]:
    """Return the rules of one language in the order in which they are written."""
    rules = []
    for key, value in open_fields(node, findings, optional=None).entries():
        check_name(key, "a rule", findings)
        reading = open_fields(value, findings, ("code", "severity", "find", "say", "why"), ("unless", "for", "topics"))
        readers = reading.names("for", audiences, "unknown-audience", "audience")
        family = reading.choice("code", WORDING_CODES, "unknown-value", "family of wording rules", WORDING_CODES[0])
        rules.append(
            WordingRule(
                name=key.text,
                code=family,
                severity=Severity(reading.choice("severity", _SEVERITIES, "unknown-value", "severity", "error")),
                phrases=reading.words("find"),
                unless=reading.words("unless"),
                audiences=readers or tuple(audiences),
                topics=_read_rule_topics(reading, topics),
                say=reading.required_text("say"),
                why=reading.required_text("why"),
            )
        )
    return tuple(rules)


def _read_rule_topics(rule: FieldReader, topics: Collection[str]) -> tuple[str, ...]:
    """Return the topics that a rule is for; one that is not there may have been taken out, unless it is misspelt."""
    words = rule.words("topics")
    for word in words:
        if word.text not in topics and closest_name(word.text, topics):
            rule.unknown("unknown-topic", "topic", word, topics)
    return tuple(word.text for word in words)


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
    """Return the wording rules by language."""
    files = list_files(folder.path / WORDING_FOLDER, ".yaml")
    return {
        path.stem: _read_wording_rules(load_yaml(folder, path), audiences, topics, folder.findings) for path in files
    }
