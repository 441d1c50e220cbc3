"""Files to a Library: reads everything in content and templates, and says at once all that is wrong with it.

The only reader of these folders. `load_library` gathers findings from every file and raises them together if one is an
error; warnings stay in the library. Chooses nothing and lays nothing out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.document import Outlines, Pixels, Words
from handouts.figures import FIGURE_KINDS
from handouts.finding import Finding, Span, in_order, is_error, raise_errors, told_if_unreadable
from handouts.kept import Kept
from handouts.library import (
    ANY_COUNTRY,
    Audience,
    ContactEntry,
    Kind,
    Library,
    Reference,
    Template,
    TemplateFile,
    Term,
    Topic,
    WordingRule,
)
from handouts.load import facts
from handouts.load.files import Folder, files_in, is_there, read_text
from handouts.load.looks import read_theme
from handouts.load.reading import open_fields
from handouts.load.references import read_references
from handouts.load.sections import Rules
from handouts.load.service import PICTURES, check_service, read_service
from handouts.load.sets import read_sets
from handouts.load.settings import Fields, Node, settings_of
from handouts.load.templates import LARGEST_TEMPLATE, read_template
from handouts.load.topics import CONTACTS, WORDING, load_topics
from handouts.load.wording import read_wording
from handouts.load.words import compare_words, read_words
from handouts.markdown.known import Known
from handouts.markdown.tree import named_pictures
from handouts.theme import ThemeSource

__all__ = ["load_library"]

UNSURE = ("bad-name", "duplicate-key", "wrong-type")  # after one of these it is not known which kinds there are


@told_if_unreadable()
def load_library(content: Path, templates: Path, kept: Kept | None = None) -> Library:
    """Return all that two folders say. HandoutError with every finding of every file if one of them is an error.

    Sections that are `kept_whole` as they are written are not taken apart again.
    """
    findings: list[Finding] = []
    written, layout = Folder(content, findings, kept or Kept()), Folder(templates, findings)
    people = settings_of(written, content / "audiences.yaml")
    audiences = facts.read_audiences(people, findings)
    if any(found.code == "bad-name" for found in findings):
        audiences = {}  # what is for them is not judged
    laid_out = load_templates(layout, audiences)
    names = load_names(written, audiences, None if any(map(is_error, findings)) else tuple(laid_out))
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


def load_kinds(content: Path) -> dict[str, Kind]:
    """Return the kinds of section by name, whatever else is wrong in a folder of content."""
    return facts.read_kinds(settings_of(Folder(content, []), content / "kinds.yaml", needed=False), [])


class Names(Struct, frozen=True):
    """What sections may name, and the rules made of it."""

    kinds: Mapping[str, Kind]
    terms: Mapping[str, Term]
    sources: Mapping[str, Reference]
    rules: Rules


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
    before = len(folder.findings)
    kinds = facts.read_kinds(settings_of(folder, folder.path / "kinds.yaml"), folder.findings)
    kinds = {} if any(found.code in UNSURE for found in folder.findings[before:]) else kinds
    path = folder.path / "terms.yaml"
    node = settings_of(folder, path, needed=False)
    terms = facts.read_terms(node, audiences, folder.findings)
    sources = load_sources(folder)
    explained = None if is_there(path) and not isinstance(node, Fields) else tuple(terms)
    known = Known(tuple(audiences), None if sources is None else tuple(sources), explained, tuple(FIGURE_KINDS))
    return Names(kinds, terms, sources or {}, Rules(kinds, templates, known))


def load_sources(folder: Folder) -> dict[str, Reference] | None:
    """Return the sources that can be cited; none if there is no file of them, None if it cannot be read."""
    path = folder.path / "references.json"
    if not is_there(path):
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
        text = read_text(folder, path, largest=LARGEST_TEMPLATE)
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
        text = read_text(folder, path, largest=LARGEST_TEMPLATE) or ""
        name = path.relative_to(folder.path).as_posix()
        whole = text if text.endswith("\n") or not text else f"{text}\n"  # what follows it begins a line
        parts[name] = TemplateFile(name, whole, Span(folder.name_of(path)))
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
