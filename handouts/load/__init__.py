"""Load the Library from the folders of content and templates.

`load_library` reads every file, gathers the findings of all of them, and raises them together if one is an
error; warnings stay in the Library. The only room that reads these folders. Must never select or lay out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.document.nodes import Outlines, Pixels
from handouts.figures import FIGURE_KINDS
from handouts.finding import Finding, is_error, os_errors_as_findings, raise_errors, sorted_findings, unknown_name_error
from handouts.library import Audience, Library, Reference, Section, SectionKind, Term, Topic
from handouts.load import settings_files
from handouts.load.content_keys import AUDIENCES, SERVICE
from handouts.load.field_reader import open_fields
from handouts.load.files import SourceFolder, exists_exactly
from handouts.load.needs import check_needs
from handouts.load.references import load_references
from handouts.load.sections import SectionRules
from handouts.load.settings_files import (
    PICTURES_FOLDER,
    check_condition,
    check_service,
    load_contacts,
    load_wording_rules,
    read_build_sets,
    read_service,
)
from handouts.load.templates import load_fixed_words, load_template_includes, load_templates
from handouts.load.themes import load_themes
from handouts.load.topics import load_topics
from handouts.load.yaml_nodes import MappingNode, YamlNode, load_yaml
from handouts.markdown.attributes import Word
from handouts.markdown.names import KnownNames, is_sign_picture
from handouts.markdown.syntax_tree import named_pictures, named_signs
from handouts.render_cache import RenderCache

# After one of these it is not known which kinds there are.
_KINDS_UNCERTAIN_CODES = ("bad-name", "duplicate-key", "wrong-type")


@os_errors_as_findings()
def load_library(content: Path, templates: Path) -> Library:
    """Return all that two folders say. HandoutError with every finding of every file if one of them is an error."""
    library = load_draft(content, templates)
    raise_errors(library.findings)
    return library


def load_draft(content: Path, templates: Path, cache: RenderCache | None = None, *, without: str = "") -> Library:
    """Return what two folders say as far as it can be read; errors are among its findings.

    A file whose text is in the `cache` is not parsed again. `without` is an audience that is read as if it were not
    there, so that whatever names it is found. HandoutError if a folder cannot be read at all.
    """
    findings: list[Finding] = []
    cache = cache or RenderCache(0)
    cache.begin_file()
    written, layout = (SourceFolder(each, findings, cache) for each in (content, templates))
    people = load_yaml(written, content / "audiences.yaml")
    audiences = settings_files.read_audiences(people, findings)
    audiences.pop(without, None)
    if any(found.code == "bad-name" for found in findings):
        audiences = {}  # what is for them is not judged
    laid_out = load_templates(layout, audiences, shared=templates.resolve().parent != content.resolve().parent)
    names = _load_declared_names(written, audiences, None if any(map(is_error, findings)) else tuple(laid_out))
    words = load_fixed_words(layout)
    service = load_yaml(written, content / "service.yaml")
    topics = load_topics(written, names.rules, words) if audiences and names.kinds else {}
    library = Library(
        topics=topics,
        audiences=audiences,
        kinds=names.kinds,
        terms=names.terms,
        sources=names.sources,
        contacts=load_contacts(written, audiences),
        service=read_service(service, written),
        spellings=settings_files.read_spellings(load_yaml(written, content / "spellings.yaml", needed=False), findings),
        templates=laid_out,
        parts=load_template_includes(layout),
        themes=load_themes(layout, written),
        words=words,
        wording=load_wording_rules(written, audiences, topics),
        sets=read_build_sets(load_yaml(written, content / "build.yaml", needed=False), findings),
    )
    library = replace(library, pictures=_load_named_pictures(written, library.topics))
    _check_chosen_names(library, service, people, findings)
    findings.extend(check_needs(library))
    return replace(library, findings=sorted_findings(findings))


def load_section_kinds(content: Path) -> dict[str, SectionKind]:
    """Return the kinds of section by name, whatever else is wrong in a folder of content."""
    node = load_yaml(SourceFolder(content, []), content / "kinds.yaml", needed=False)
    return settings_files.read_section_kinds(node, [])


class _DeclaredNames(Struct, frozen=True):
    """What sections may name, and the rules made of it."""

    kinds: Mapping[str, SectionKind]
    terms: Mapping[str, Term]
    sources: Mapping[str, Reference]
    rules: SectionRules


def _check_chosen_names(
    library: Library, service: YamlNode | None, people: YamlNode | None, findings: list[Finding]
) -> None:
    """Gather findings for what the service and the audiences choose and is not there."""
    if service is not None:
        file = replace(open_fields(service, [], SERVICE), findings=findings)
        check_condition(library.service, file, library.topics)
        check_service(library.service, file, library.countries, library.themes, findings)
    theme = library.themes.get(library.service.theme)
    if theme is not None and people is not None:
        file = replace(open_fields(people, [], AUDIENCES), findings=findings)
        settings_files.check_audience_themes(file, theme.accents, theme.densities)
    if theme is not None and theme.accents:
        for word in dict.fromkeys(word for topic in library.topics.values() for word in topic.accents.values()):
            if word.text not in theme.accents:
                findings.append(unknown_name_error("unknown-accent", "accent", word.text, theme.accents, word.at))


def _load_declared_names(
    folder: SourceFolder, audiences: Mapping[str, Audience], templates: Collection[str] | None
) -> _DeclaredNames:
    """Return the kinds of section, the terms and the sources."""
    before = len(folder.findings)
    kinds = settings_files.read_section_kinds(load_yaml(folder, folder.path / "kinds.yaml"), folder.findings)
    kinds = {} if any(found.code in _KINDS_UNCERTAIN_CODES for found in folder.findings[before:]) else kinds
    path = folder.path / "terms.yaml"
    node = load_yaml(folder, path, needed=False)
    terms = settings_files.read_terms(node, audiences, folder.findings)
    sources = load_references(folder)
    explained = None if exists_exactly(path) and not isinstance(node, MappingNode) else tuple(terms)
    known = KnownNames(tuple(audiences), None if sources is None else tuple(sources), explained, tuple(FIGURE_KINDS))
    return _DeclaredNames(kinds, terms, sources or {}, SectionRules(kinds, templates, known))


def _load_named_pictures(folder: SourceFolder, topics: Mapping[str, Topic]) -> dict[str, Pixels | Outlines]:
    """Return the pictures that sections name, by the words that name them; without any, nothing is imported."""
    sections = tuple(
        section for topic in topics.values() for written in topic.languages.values() for section in written
    )
    names = tuple(name for section in sections for part in section.parts for name in named_pictures(part.blocks))
    signs = tuple(name for section in sections for name in _sign_pictures(section))
    if not (names or signs):
        return {}
    from handouts.load.images import load_pictures

    pictures = load_pictures(folder, folder.path / PICTURES_FOLDER, (*names, *signs))
    for name in signs:
        if isinstance(pictures.get(name.text), Pixels):
            folder.error("unknown-sign", f"'{name.text}' is no SVG, as a sign must be.", name.at, "draw it as an SVG")
    return pictures


def _sign_pictures(section: Section) -> Iterator[Word]:
    """Yield the name of each picture that stands as a sign in a section, where it is named."""
    named = (Word(value, section.at) for name, value in section.attributes if name == "sign")
    inside = (name for part in section.parts for name in named_signs(part.blocks))
    return (name for name in (*named, *inside) if is_sign_picture(name.text))
