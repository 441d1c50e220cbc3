"""Load the Library from the folders of content and templates.

`load_library` reads every file, collects all findings, and raises them together if any is an error; warnings stay in
the Library. The only room that reads these folders. Must never select or lay out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from handouts.document.nodes import Outlines, Pixels
from handouts.figures import FIGURE_KINDS
from handouts.finding import Finding, is_error, os_errors_as_findings, raise_errors, sorted_findings, unknown_name_error
from handouts.library import ANY_COUNTRY, Audience, Library, Reference, Section, SectionKind, Term, Topic
from handouts.load import settings_files
from handouts.load.files import SourceFolder, exists_exactly
from handouts.load.needs import check_needs
from handouts.load.references import load_references
from handouts.load.sections import SectionRules
from handouts.load.settings_files import (
    PICTURES_FOLDER,
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

# After an error with one of these codes, the set of kinds is uncertain.
_KINDS_UNCERTAIN_CODES = ("bad-name", "duplicate-key", "wrong-type")


@os_errors_as_findings()
def load_library(content: Path, templates: Path) -> Library:
    """Return everything that two folders say. HandoutError with the findings of all files if any is an error."""
    library = load_draft(content, templates)
    raise_errors(library.findings)
    return library


def load_draft(content: Path, templates: Path, cache: RenderCache | None = None, *, without: str = "") -> Library:
    """Return what two folders say as far as it can be read; errors are among its findings.

    A file whose text is in the `cache` is not parsed again. The audience `without` is ignored, so that every mention of
    it is reported. HandoutError if a folder cannot be read at all.
    """
    findings: list[Finding] = []
    cache = cache or RenderCache(0)
    cache.begin_file()
    written, layout = (SourceFolder(each, findings, cache) for each in (content, templates))
    people = load_yaml(written, content / "audiences.yaml")
    audiences = settings_files.read_audiences(people, findings)
    audiences.pop(without, None)
    if any(found.code == "bad-name" for found in findings):
        audiences = {}  # so that nothing else is checked against them
    laid_out = load_templates(layout, audiences, shared=templates.resolve().parent != content.resolve().parent)
    known_templates = None if any(map(is_error, findings)) else tuple(laid_out)
    rules, terms, sources = _load_section_rules(written, audiences, known_templates)
    words = load_fixed_words(layout)
    topics = load_topics(written, rules, words) if audiences and rules.kinds else {}
    contacts, themes = load_contacts(written, audiences), load_themes(layout, written)
    service = load_yaml(written, content / "service.yaml")
    library = Library(
        topics=topics,
        audiences=audiences,
        kinds=rules.kinds,
        terms=terms,
        sources=sources,
        contacts=contacts,
        service=read_service(service, written, tuple(contacts.keys() - {ANY_COUNTRY}), themes, topics),
        spellings=settings_files.read_spellings(load_yaml(written, content / "spellings.yaml", needed=False), findings),
        templates=laid_out,
        parts=load_template_includes(layout),
        themes=themes,
        words=words,
        wording=load_wording_rules(written, audiences, topics),
        sets=read_build_sets(load_yaml(written, content / "build.yaml", needed=False), findings),
    )
    library = replace(library, pictures=_load_named_pictures(written, library.topics))
    _check_looks(library, people, findings)
    findings.extend(check_needs(library))
    return replace(library, findings=sorted_findings(findings))


def load_section_kinds(content: Path) -> dict[str, SectionKind]:
    """Return the kinds of section by name, whatever else is wrong in the content folder."""
    node = load_yaml(SourceFolder(content, []), content / "kinds.yaml", needed=False)
    return settings_files.read_section_kinds(node, [])


def _check_looks(library: Library, people: YamlNode | None, findings: list[Finding]) -> None:
    """Add an error for each accent or density that audiences or topics choose and the theme does not have.

    `people` is the content of audiences.yaml.
    """
    theme = library.themes.get(library.service.theme)
    if theme is not None and theme.accents:
        settings_files.check_audience_themes(people, theme.accents, theme.densities, findings)
        for word in dict.fromkeys(word for topic in library.topics.values() for word in topic.accents.values()):
            if word.text not in theme.accents:
                findings.append(unknown_name_error("unknown-accent", "accent", word.text, theme.accents, word.at))


def _load_section_rules(
    folder: SourceFolder, audiences: Mapping[str, Audience], templates: Collection[str] | None
) -> tuple[SectionRules, Mapping[str, Term], Mapping[str, Reference]]:
    """Return the rules for sections, with the terms and the sources that sections may name."""
    before = len(folder.findings)
    kinds = settings_files.read_section_kinds(load_yaml(folder, folder.path / "kinds.yaml"), folder.findings)
    kinds = {} if any(found.code in _KINDS_UNCERTAIN_CODES for found in folder.findings[before:]) else kinds
    path = folder.path / "terms.yaml"
    node = load_yaml(folder, path, needed=False)
    terms = settings_files.read_terms(node, audiences, folder.findings)
    sources = load_references(folder)
    explained = None if exists_exactly(path) and not isinstance(node, MappingNode) else tuple(terms)
    known = KnownNames(tuple(audiences), None if sources is None else tuple(sources), explained, tuple(FIGURE_KINDS))
    return SectionRules(kinds, templates, known), terms, sources or {}


def _load_named_pictures(folder: SourceFolder, topics: Mapping[str, Topic]) -> dict[str, Pixels | Outlines]:
    """Return the pictures that sections name, by name; Pillow is imported only if there are any."""
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
            folder.error(
                "unknown-sign", f"'{name.text}' is not an SVG, as a sign must be.", name.at, "draw it as an SVG"
            )
    return pictures


def _sign_pictures(section: Section) -> Iterator[Word]:
    """Yield the name of each picture that a section uses as a sign, with its location."""
    named = (Word(value, section.at) for name, value in section.attributes if name == "sign")
    inside = (name for part in section.parts for name in named_signs(part.blocks))
    return (name for name in (*named, *inside) if is_sign_picture(name.text))
