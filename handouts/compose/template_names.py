"""Check the names in all templates before one of them is run, so that all mistakes are reported at once.

A library in; a finding for each unknown name, at its line, out. Mistakes that show only while a template runs
are found in `environment`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from jinja2 import TemplateSyntaxError, nodes
from msgspec import Struct

from handouts.compose.environment import TemplateFiles, make_environment
from handouts.finding import Finding, Location, error, suggest_name
from handouts.library import Library

_CONTEXT_NAMES = ("sections", "section", "audience", "topic", "service", "words")
_JINJA_NAMES = ("loop", "range", "namespace", "cycler", "joiner", "self", "super", "varargs", "kwargs", "caller")
_CONTEXT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "audience": ("name", "title", "cover", "label"),
    "topic": ("name", "title", "version", "published", "licence"),
    "service": ("name", "phone", "country"),
    "sections": ("of", "get"),
}


class _TemplateNames(Struct, frozen=True):
    """The names in one file of templates: those that it makes, and with their lines those that it uses and looks up."""

    path: str
    text: str
    made: tuple[str, ...] = ()
    used: tuple[tuple[str, int], ...] = ()
    looked_up: tuple[tuple[str, str, int], ...] = ()
    findings: tuple[Finding, ...] = ()


def check_templates(library: Library, words: Sequence[str]) -> tuple[Finding, ...]:
    """Return what is wrong with the names in the templates and the files that they include; `words` are fixed words."""
    proofs: dict[str, _TemplateNames] = {}
    for template in library.templates.values():
        files = TemplateFiles(template, library.parts)
        for name in (template.name, *library.parts):
            if files.path(name) not in proofs:
                proofs[files.path(name)] = _names_in_template(files, name)
    made = {name for proof in proofs.values() for name in proof.made}
    fields = {**_CONTEXT_FIELDS, "words": words, "section": section_fields(library)}
    wrong = (
        each
        for proof in proofs.values()
        for each in _check_used_names(proof, {*_CONTEXT_NAMES, *_JINJA_NAMES, *made}, fields)
    )
    return (*(found for proof in proofs.values() for found in proof.findings), *wrong)


def _names_in_template(files: TemplateFiles, name: str) -> _TemplateNames:
    """Return the names in one of the files of a template."""
    path, text = files.path(name), files.text(name)
    try:
        found = make_environment(files)[0].parse(text, name, path)
    except TemplateSyntaxError as problem:
        message = f"This is no template: {problem.message}"
        wrong = error("template", message, Location(path, problem.lineno, 1), "see docs/writing.md")
        return _TemplateNames(path, text, findings=(wrong,))
    used = tuple((node.name, node.lineno) for node in found.find_all(nodes.Name) if node.ctx == "load")
    return _TemplateNames(path, text, tuple(_assigned_names(found)), used, tuple(_attribute_lookups(found)))


def check_personalisable(library: Library, name: str) -> tuple[Finding, ...]:
    """Return an error for each place where a template says itself who hands the material out.

    There a copy for somebody else would say what only the service's own may say.
    """
    files = TemplateFiles(library.templates[name], library.parts)
    hint = "leave it out: the cover, the contacts and the crisis box say whom a copy is from"
    return tuple(
        error("service-in-template", "A copy for somebody else would name the service here.", place, hint)
        for proof in (_names_in_template(files, each) for each in (name, *library.parts))
        for used, line in proof.used
        if used == "service" and (place := _name_place(proof.text, proof.path, line, "service"))
    )


def _assigned_names(found: nodes.Template) -> Iterator[str]:
    """Yield the names that a template gives to values, macros and imports."""
    for node in found.find_all((nodes.Name, nodes.Macro, nodes.Import, nodes.FromImport)):
        match node:
            case nodes.Name() if node.ctx != "load":
                yield node.name
            case nodes.Macro():
                yield node.name
            case nodes.Import():
                yield node.target
            case nodes.FromImport():
                yield from (name if isinstance(name, str) else name[1] for name in node.names)


def section_fields(library: Library) -> list[str]:
    """Return what a section of any kind may have."""
    names = ["kind", "id", "number", "minutes", "priority", "until", "place"]
    for kind in library.kinds.values():
        names += [*kind.attributes, *kind.parts]
    return sorted(set(names))


def _check_used_names(
    proof: _TemplateNames, known: Collection[str], fields: Mapping[str, Collection[str]]
) -> Iterator[Finding]:
    """Yield a finding for each name in one file that there is not."""
    for name, line in proof.used:
        if name not in known:
            at = _name_place(proof.text, proof.path, line, name)
            yield error("unknown-name", f"There is no '{name}' in templates.", at, suggest_name(name, _CONTEXT_NAMES))
    for owner, name, line in proof.looked_up:
        if owner in fields and name not in fields[owner]:
            at = _name_place(proof.text, proof.path, line, name)
            yield error("unknown-name", f"There is no '{name}' in {owner}.", at, suggest_name(name, fields[owner]))


def _attribute_lookups(found: nodes.Template) -> Iterator[tuple[str, str, int]]:
    """Yield each owner and name of `owner.name` and `owner["name"]`, with its line."""
    for node in found.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name):
            yield node.node.name, node.attr, node.lineno
    for item in found.find_all(nodes.Getitem):
        if isinstance(item.node, nodes.Name) and isinstance(item.arg, nodes.Const) and isinstance(item.arg.value, str):
            yield item.node.name, item.arg.value, item.lineno


def _name_place(text: str, path: str, number: int, name: str) -> Location:
    """Return the place of a name in a line of a template."""
    lines = text.split("\n")
    line = lines[number - 1] if number <= len(lines) else ""
    return Location(path, number, max(0, line.find(name)) + 1)
