"""Files to a Library: reads everything in content and templates, and says at once all that is wrong with it.

The only reader of these folders. `load_library` gathers findings from every file and raises them together if one is an
error; warnings stay in the library. Chooses nothing and lays nothing out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import Outlines, Pixels, Words
from handouts.figures import FIGURES
from handouts.finding import Finding, HandoutError, Span, error, in_order, raise_errors
from handouts.kept import Kept
from handouts.library import (
    ANY_COUNTRY,
    Audience,
    ContactEntry,
    Kind,
    Library,
    Reference,
    Section,
    Template,
    TemplateFile,
    Term,
    Topic,
    WordingRule,
)
from handouts.load import facts
from handouts.load.files import LARGEST, Folder, files_in, folders_in, is_there, read_text, report_other_files
from handouts.load.looks import read_theme
from handouts.load.points import check_topic
from handouts.load.reading import NAME_HINT, is_name, open_fields
from handouts.load.references import read_references
from handouts.load.sections import Read, Rules, read_section
from handouts.load.service import PICTURES, check_service, read_service
from handouts.load.sets import read_sets
from handouts.load.settings import Node, read_settings
from handouts.load.templates import read_template
from handouts.load.wording import read_wording
from handouts.load.words import compare_words, read_words
from handouts.markdown import Known, named_pictures
from handouts.theme import ThemeSource

__all__ = ["load_library"]

CONTACTS, WORDING = "contacts", "wording"
TOPIC = "topic.yaml"
SETTINGS = (".yaml", ".json")
MOST_SECTIONS, MOST_LINES, LARGEST_OF_ALL = 500, 10_000, 10_000_000


def load_library(content: Path, templates: Path, kept: Kept | None = None) -> Library:
    """Return all that two folders say. HandoutError with every finding of every file if one of them is an error.

    Sections that are `kept` as they are written are not taken apart again.
    """
    findings: list[Finding] = []
    written, layout = Folder(content, findings, kept or Kept()), Folder(templates, findings)
    people = settings_of(written, content / "audiences.yaml")
    audiences = facts.read_audiences(people, findings)
    laid_out = load_templates(layout, audiences)
    names = load_names(written, audiences, None if findings else tuple(laid_out))
    words = load_words(layout)
    service = settings_of(written, content / "service.yaml")
    library = Library(
        topics=load_topics(written, names.rules, words) if audiences and names.kinds else {},
        audiences=audiences,
        kinds=names.kinds,
        terms=names.terms,
        sources=names.sources,
        contacts=load_contacts(written, audiences),
        service=read_service(service, written),
        spellings=facts.read_spellings(settings_of(written, content / "spellings.yaml", needed=False), findings),
        templates=laid_out,
        parts=load_parts(layout),
        themes=load_themes(layout),
        words=words,
        wording=load_wording(written, audiences),
        sets=read_sets(settings_of(written, content / "build.yaml", needed=False), findings),
    )
    library = replace(library, pictures=pictures_of(written, library.topics))
    check_choices(library, service, people, findings)
    raise_errors(findings)
    return replace(library, findings=in_order(findings))


class Names(Struct, frozen=True):
    """What sections may name, and the rules made of it."""

    kinds: Mapping[str, Kind]
    terms: Mapping[str, Term]
    sources: Mapping[str, Reference]
    rules: Rules


def settings_of(folder: Folder, path: Path, *, needed: bool = True) -> Node | None:
    """Return what a settings file says; a file that is missing is a finding if it is needed."""
    if not is_there(path):
        if needed:
            at = Span(folder.name_of(path))
            folder.error("missing-file", f"{path.name} is missing.", at, "see docs/writing.md for what stands in it")
        return None
    text = read_text(folder, path)
    return None if text is None else read_settings(text, folder.name_of(path), folder.findings)


def check_choices(library: Library, service: Node | None, people: Node | None, findings: list[Finding]) -> None:
    """Gather findings for what the service and the audiences choose and is not there."""
    if service is not None:
        file = replace(open_fields(service, [], optional=None), findings=findings)
        check_service(library.service, file, library.countries, library.themes, findings)
    theme = library.themes.get(library.service.theme)
    if theme is not None and people is not None:
        file = replace(open_fields(people, [], optional=None), findings=findings)
        facts.check_looks(file, theme.accents, theme.densities)


def load_names(folder: Folder, audiences: Mapping[str, Audience], templates: Collection[str] | None) -> Names:
    """Return the kinds of section, the terms and the sources."""
    kinds = facts.read_kinds(settings_of(folder, folder.path / "kinds.yaml"), folder.findings)
    path = folder.path / "terms.yaml"
    node = settings_of(folder, path, needed=False)
    terms = facts.read_terms(node, audiences, folder.findings)
    sources = load_sources(folder)
    explained = None if node is None and path.exists() else tuple(terms)
    known = Known(tuple(audiences), None if sources is None else tuple(sources), explained, tuple(FIGURES))
    return Names(kinds, terms, sources or {}, Rules(kinds, templates, known))


def load_sources(folder: Folder) -> dict[str, Reference] | None:
    """Return the sources that can be cited; none if there is no file of them, None if it cannot be read."""
    path = folder.path / "references.json"
    if not path.exists():
        return {}
    text = read_text(folder, path, tabs=True)
    return None if text is None else read_references(text, folder.name_of(path), folder.findings)


def load_contacts(folder: Folder, audiences: Collection[str]) -> dict[str, tuple[ContactEntry, ...]]:
    """Return the contacts by country."""
    files = files_in(folder.path / CONTACTS, ".yaml")
    contacts = {path.stem: facts.read_contacts(settings_of(folder, path), audiences, folder.findings) for path in files}
    if ANY_COUNTRY not in contacts:
        at = Span(folder.name_of(folder.path / CONTACTS / f"{ANY_COUNTRY}.yaml"))
        hint = "write whom to call where no country is set"
        folder.error("missing-file", f"{ANY_COUNTRY}.yaml is missing.", at, hint)
    return contacts


def load_wording(folder: Folder, audiences: Collection[str]) -> dict[str, tuple[WordingRule, ...]]:
    """Return the wording rules by language."""
    files = files_in(folder.path / WORDING, ".yaml")
    return {path.stem: read_wording(settings_of(folder, path), audiences, folder.findings) for path in files}


# ---------------------------------------------------------------- templates


def load_templates(folder: Folder, audiences: Collection[str]) -> dict[str, Template]:
    """Return the templates by name."""
    templates: dict[str, Template] = {}
    for path in files_in(folder.path, ".md.j2"):
        text = read_text(folder, path)
        template = None if text is None else read_template(text, folder.name_of(path), audiences, folder.findings)
        if template and template.name in templates:
            first = templates[template.name].at
            message = f"A second template is called '{template.name}'."
            folder.error("duplicate-id", message, template.at, f"the first is {first}")
        elif template:
            templates[template.name] = template
    if not templates:
        folder.error("missing-file", "There is no template.", Span(folder.name_of(folder.path)), "add handout.md.j2")
    return templates


def load_parts(folder: Folder) -> dict[str, TemplateFile]:
    """Return the files that templates include, by the name by which they are included."""
    parts = {}
    for path in files_in(folder.path / "parts", ".md.j2"):
        text = read_text(folder, path)
        name = path.relative_to(folder.path).as_posix()
        parts[name] = TemplateFile(name, text or "", Span(folder.name_of(path)))
    return parts


def load_themes(folder: Folder) -> dict[str, ThemeSource]:
    """Return the themes by name."""
    return {
        path.stem: read_theme(settings_of(folder, path), path.stem, folder.findings)
        for path in files_in(folder.path / "themes", ".yaml")
    }


def load_words(folder: Folder) -> dict[str, Words]:
    """Return the fixed words by language."""
    files = files_in(folder.path / "words", ".yaml")
    words = {path.stem: read_words(settings_of(folder, path), folder.findings) for path in files}
    compare_words(words, {path.stem: Span(folder.name_of(path), 1, 1) for path in files}, folder.findings)
    return words


# ---------------------------------------------------------------- topics


def pictures_of(folder: Folder, topics: Mapping[str, Topic]) -> dict[str, Pixels | Outlines]:
    """Return the pictures that sections name, by the words that name them; without any, nothing is imported."""
    parts = (
        part
        for topic in topics.values()
        for sections in topic.languages.values()
        for section in sections
        for part in section.parts
    )
    names = tuple(name for part in parts for name in named_pictures(part.blocks))
    if not names:
        return {}
    from handouts.load.pictures import load_pictures

    return load_pictures(folder, folder.path / PICTURES, names)


def load_topics(folder: Folder, rules: Rules, words: Collection[str]) -> dict[str, Topic]:
    """Return the topics by name: every folder in content that holds text."""
    refuse_too_much(folder)
    topics = {}
    for path in folders_in(folder.path):
        if path.name in (CONTACTS, PICTURES, WORDING):
            continue
        if path.suffix in SETTINGS:
            read_text(folder, path)  # which says that it is no file
            continue
        at = Span(folder.name_of(path / TOPIC))
        if not is_name(path.name):
            folder.error("bad-name", f"'{path.name[:80]}' is no name for a topic.", at, NAME_HINT)
        settings = settings_of(folder, path / TOPIC)
        topic = facts.read_topic(settings, path.name, rules.known.audiences, at, folder.findings)
        own = replace(rules, known=replace(rules.known, audiences=topic.audiences))
        homes = (each for each in folders_in(path) if each.name != TOPIC)
        languages = {each.name: load_sections(folder, each, own, words) for each in homes}
        if not languages:
            folder.error("missing-file", "This topic has no text.", at, "add a folder such as en with a file a section")
        topics[path.name] = replace(topic, languages=languages)
        folder.findings.extend(check_topic(topics[path.name], rules.templates, tuple(folder.findings)))
    return topics


def refuse_too_much(folder: Folder) -> None:
    """Add up the sizes of all sections. HandoutError if they are more than anybody writes: nothing of them is read."""
    homes = [each for path in folders_in(folder.path) for each in folders_in(path)]
    sizes = (file.lstat().st_size for home in homes for file in files_in(home, ".md"))
    if sum(size for size in sizes if size <= LARGEST) > LARGEST_OF_ALL:  # a larger file is refused by itself
        message = f"All sections together are larger than {LARGEST_OF_ALL // 1_000_000} MB."
        hint = "divide the topics among several folders"
        raise HandoutError(error("too-large", message, Span(folder.name_of(folder.path)), hint))


def load_sections(folder: Folder, path: Path, rules: Rules, words: Collection[str]) -> tuple[Section, ...]:
    """Return the sections of a topic in one language, in the order of their files."""
    if path.name not in words:
        at = Span(folder.name_of(path))
        folder.error(
            "unknown-language", f"There are no words for '{path.name}'.", at, "add templates/words/<language>.yaml"
        )
    report_other_files(folder, path)
    sections: list[Section] = []
    for number, file in enumerate(files_in(path, ".md"), 1):
        if number > MOST_SECTIONS:
            message = f"There are more than {MOST_SECTIONS} sections."
            folder.error("too-many", message, Span(folder.name_of(file)), "make two topics of them")
            break
        text = read_text(folder, file)
        if text is None:
            continue
        if text.count("\n") > MOST_LINES:
            at = Span(folder.name_of(file), MOST_LINES + 1, 1)
            folder.error("too-many", f"This section has more than {MOST_LINES} lines.", at, "make several of it")
            continue
        recipe = (text, folder.name_of(file), rules)
        read = folder.kept.remembered(Read, recipe, partial(read_section, *recipe))
        folder.findings.extend(read.findings)
        section = read.section
        if section is None:
            continue
        first = next((each for each in sections if each.id and each.id == section.id), None)
        if first:
            message = f"A second section has the id '{section.id}'; the first is {first.at}."
            folder.error("duplicate-id", message, section.at, "give it an id of its own")
        sections.append(section)
    if not sections:
        folder.error(
            "missing-file", "There is no section here.", Span(folder.name_of(path)), "add a file that ends with .md"
        )
    return tuple(sections)
