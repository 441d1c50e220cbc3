"""Render a template in a sandboxed Jinja2 environment: Markdown with a mark for each placed part.

Template files and context values in; lines that know their place in the template out. A part can be printed
as a mark, and never joined, filtered or used as text. Unknown names in all templates are found before one of them is
run; a mistake that shows only in running raises `HandoutError` with file and line of the template. A template must
never read another file or run code of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from functools import wraps
from itertools import accumulate
from traceback import walk_tb
from typing import Any

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    Undefined,
    nodes,
)
from jinja2 import Template as Compiled
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.template_context import CONTEXT_FIELDS, Placeable, escape_markdown, template_error
from handouts.finding import Finding, HandoutError, Location, error, suggest_name
from handouts.library import Library, Template, TemplateInclude
from handouts.markdown.syntax_tree import Line, Source
from handouts.render_cache import RenderCache

# How a part is marked in what a template renders: by private-use characters, which content cannot hold.
_PART_MARK, _PART_MARK_START = "\ue000{}\ue001", "\ue000"
_PRINT_FILTER, _JOIN_FILTER = "(printed)", "(joined)"  # filters that no template can name
# How Python prints an object that has no text: the address would differ in every build.
_MEMORY_ADDRESS = re.compile(r"<[^<>]* at 0x[0-9a-fA-F]+>")
# These would make two builds differ, or print text that is not in the content.
_REMOVED_GLOBALS = ("lipsum", "dict")
_REMOVED_FILTERS = ("random", "pprint")
_PART_SAFE_FILTERS = ("d", "default", "indent", "safe", "trim")  # these leave the words as they are


def _add_filters(environment: ImmutableSandboxedEnvironment) -> None:
    """Make each filter of `environment` refuse to change a part, and remove what templates may not use."""
    for name in _REMOVED_GLOBALS:
        environment.globals.pop(name, None)
    for name in _REMOVED_FILTERS:
        environment.filters.pop(name, None)
    environment.filters["string"] = _value_text
    for name, change in environment.filters.items():
        if name not in _PART_SAFE_FILTERS:
            environment.filters[name] = _refuse_parts(change)
    environment.filters |= {_PRINT_FILTER: _print_value, _JOIN_FILTER: _join_values}


def _refuse_parts(change: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that refuses a text in which a part stands."""

    @wraps(change)
    def changed(*values: Any, **named: Any) -> Any:
        if any(isinstance(each, str) and _PART_MARK_START in each for each in (*values, *named.values())):
            raise template_error("part-as-text", "A part is used as text.", "place it outside of the filter")
        return change(*values, **named)

    return changed


def _with_print_filters(found: nodes.Template) -> nodes.Template:
    """Return a template in which printed values pass the filter for printing, and operands of ~ that for joining."""
    for output in found.find_all(nodes.Output):
        output.nodes = [
            each if isinstance(each, nodes.TemplateData) else _filter_call(each, _PRINT_FILTER) for each in output.nodes
        ]
    for block in found.find_all(nodes.FilterBlock):
        block.filter = _filter_call(block.filter, _PRINT_FILTER)
    for node in tuple(found.find_all(nodes.Node)):
        for name, value in node.iter_fields():
            if isinstance(value, nodes.Concat):
                setattr(node, name, _join_call(value))
            elif isinstance(value, list):
                value[:] = [_join_call(each) if isinstance(each, nodes.Concat) else each for each in value]
    return found


def _filter_call(value: nodes.Expr, name: str) -> nodes.Filter:
    """Return `value` passed through the filter `name`."""
    return nodes.Filter(value, name, [], [], None, None, lineno=value.lineno)


def _join_call(concat: nodes.Concat) -> nodes.Filter:
    """Return the filter call that replaces `one ~ other`."""
    return _filter_call(nodes.List(concat.nodes, lineno=concat.lineno), _JOIN_FILTER)


def _print_value(value: object) -> Markup:
    """Return what `{{ value }}` prints: a mark for a part, escaped words for a text, nothing for nothing."""
    if isinstance(value, Placeable):
        return Markup(_PART_MARK.format(value.number()))  # noqa: S704
    if value is None:
        return Markup("")
    words = _value_text(value)
    if _MEMORY_ADDRESS.search(words):
        raise _unprintable_value()
    return words if isinstance(words, Markup) else Markup(escape_markdown(words))  # noqa: S704


def _join_values(values: Iterable[object]) -> str:
    """Return the value of `one ~ other`: a string, or Markup, printed as it is, if a macro made a piece of it."""
    pieces = [_value_text("" if value is None else value) for value in values]
    if not any(isinstance(piece, Markup) for piece in pieces):
        return "".join(pieces)
    return Markup("").join(piece if isinstance(piece, Markup) else _escape_with_spaces(piece) for piece in pieces)


def _escape_with_spaces(text: str) -> Markup:
    """Return `text` so that Markdown prints it as it is, with the spaces at its ends."""
    left, right = (" " if end.isspace() else "" for end in (text[:1], text[-1:]))
    return Markup(f"{left}{escape_markdown(text)}{right}" if text.strip() else left)  # noqa: S704


def _value_text(value: object) -> str:
    """Return the words of a text or a number. HandoutError for any other value."""
    if isinstance(value, str):
        return value
    if isinstance(value, (Placeable, Undefined)):
        return str(value)  # raises an error that names the mistake
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:g}"
    raise _unprintable_value()


def _unprintable_value() -> HandoutError:
    """Return the error for a template that prints an object."""
    return template_error("template", "Only words, numbers and parts can be printed.", "write {{ section.claim }}")


# How the place of what follows is marked in what a template renders: by one private-use character, which no filter
# splits. Content cannot hold them.
_FIRST_PLACE, _LAST_PLACE = 0xF0000, 0x10FFFF
_PLACE_MARKS = re.compile(f"[{chr(_FIRST_PLACE)}-{chr(_LAST_PLACE)}]")
# The text in these becomes a value, which may be measured, compared and changed, so it gets no marks of places.
_CAPTURING_NODES = (nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.AssignBlock)
_VALUE_REPR = re.compile(r"'?handouts\.compose\.template_context\._?(\w+) object'?")
_VALUE_NAMES = {"Placeable": "a part", "NamedValues": "this value", "Sections": "'sections'"}
_TEMPLATE_FAILURES = (
    TemplateError,
    HandoutError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)


class TemplateFiles(Struct, frozen=True):
    """The template that is run, and the files that it may include."""

    template: Template
    parts: Mapping[str, TemplateInclude]

    def __hash__(self) -> int:
        """Return the hash of the template alone, as mappings have no hash."""
        return hash(self.template)

    def text(self, name: str) -> str:
        """Return the text of the template or of a file that it includes. KeyError if there is none."""
        return self.template.text if name == self.template.name else self.parts[name].text

    def path(self, name: str) -> str:
        """Return how findings name the template or a file that it includes."""
        return self.template.at.file if name == self.template.name else self.parts[name].at.file


class _PlacingLoader(BaseLoader):
    """Loads templates so that the place of what they print is marked; Jinja2 requires a subclass."""

    def __init__(self, files: TemplateFiles) -> None:
        self.files = files
        self.places: list[Location] = []

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002
    ) -> Compiled:
        """Return a template that can be run. TemplateNotFound if there is none of this name."""
        if name != self.files.template.name and name not in self.files.parts:
            raise TemplateNotFound(name)
        path, text = self.files.path(name), self.files.text(name)
        found = _with_print_filters(environment.parse(text, name, path))
        line_offsets = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        done = 0
        for data in _printed_texts(found):
            start = max(done, line_offsets[data.lineno - 1])
            start = max(start, text.find(data.data, start))
            done = start + len(data.data)
            data.data = self.with_places(data.data, Location(path, data.lineno, start - text.rfind("\n", 0, start)))
        code = environment.compile(found, name, path)
        return environment.template_class.from_code(environment, code, globals if globals is not None else {})

    def with_places(self, text: str, at: Location) -> str:
        """Return `text` with its place at its beginning, and at the beginning of each further line."""
        lines = text.split("\n")
        places = [Location(at.file, at.line + row, 1 if row else at.column) for row in range(len(lines))]
        return "\n".join(self.mark(place) + line for place, line in zip(places, lines, strict=True))

    def mark(self, place: Location) -> str:
        """Return the mark of a place; when all marks are used, the last one."""
        if _FIRST_PLACE + len(self.places) < _LAST_PLACE:
            self.places.append(place)
        return chr(_FIRST_PLACE + len(self.places) - 1)


def _printed_texts(node: nodes.Node) -> Iterator[nodes.TemplateData]:
    """Yield the texts between the tags of a template, in order, but those that become values."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.TemplateData):
            yield child
        elif not isinstance(child, _CAPTURING_NODES):
            yield from _printed_texts(child)


def render_template(files: TemplateFiles, values: Mapping[str, object], cache: RenderCache) -> Source:
    """Return the lines that the template makes of `values`. HandoutError if it cannot be run.

    The `cache` keeps the compiled template for the documents of other audiences.
    """
    environment, loader = cache.get_or_compute(("template environment", files), lambda: _make_environment(files))
    try:
        rendered = environment.get_template(files.template.name).render(values)
    except _TEMPLATE_FAILURES as problem:
        raise HandoutError(_explain_failure(problem, files)) from None
    return _source_lines(rendered, Location(files.template.at.file, 1, 1), loader.places)


def _make_environment(files: TemplateFiles) -> tuple[ImmutableSandboxedEnvironment, _PlacingLoader]:
    """Return a sandbox in which these files can be loaded and nothing else, and their loader."""
    loader = _PlacingLoader(files)
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=True,
    )
    _add_filters(environment)
    return environment, loader


def _source_lines(rendered: str, first: Location, marked: Sequence[Location]) -> Source:
    """Return rendered text as lines with their places; `marked` are the places of its marks."""
    lines = []
    last = first
    for each in rendered.split("\n"):
        text, places = "", [(0, last)]
        position = 0
        for found in _PLACE_MARKS.finditer(each):
            text += each[position : found.start()]
            position = found.end()
            last = marked[ord(found[0]) - _FIRST_PLACE]
            places.append((len(text), last))
        lines.append(Line((text + each[position:]).rstrip(" "), tuple(places)))
    return tuple(lines)


def kinds_asked_for(files: TemplateFiles) -> tuple[str, ...]:
    """Return the kinds of section that a template asks for by name, as in sections.of("card")."""
    calls = _make_environment(files)[0].parse(files.template.text).find_all(nodes.Call)
    asked = (call for call in calls if isinstance(call.node, nodes.Getattr) and call.node.attr == "of")
    names = (argument.value for call in asked for argument in call.args if isinstance(argument, nodes.Const))
    return tuple(dict.fromkeys(names))


# ---------------------------------------------------------------- what went wrong


def _explain_failure(problem: BaseException, files: TemplateFiles) -> Finding:
    """Return the finding for the exception that stopped a template."""
    at = _failure_place(problem, files)
    if isinstance(problem, TemplateSyntaxError):
        name = problem.name or files.template.name
        at = Location(files.path(name), problem.lineno, 1)
        message = f"This is not a template: {(problem.message or '').rstrip('.')}."
        return error("template", message, at, "see docs/writing.md")
    if isinstance(problem, TemplateNotFound):
        wanted = str(problem.name)
        hint = suggest_name(wanted, files.parts)
        return error("unknown-template", f"There is no template file '{wanted}'.", at, hint)
    if isinstance(problem, HandoutError):
        return replace(problem.findings[0], at=at)
    if isinstance(problem, RecursionError):
        chain = " → ".join(_include_chain(problem, files))
        return error("template", f"This template includes itself: {chain}.", at, "take the include out")
    said = _VALUE_REPR.sub(lambda found: _VALUE_NAMES.get(found[1], "this value"), f"{problem}".rstrip("."))
    return error("template", f"This template cannot be run: {said}.", at, "see docs/writing.md")


def _failure_place(problem: BaseException, files: TemplateFiles) -> Location:
    """Return the innermost line of a template in which a problem arose."""
    lines = [Location(files.path(name), line, 1) for name, line in _template_frames(problem, files)]
    return lines[-1] if lines else Location(files.template.at.file, 1, 1)


def _include_chain(problem: BaseException, files: TemplateFiles) -> tuple[str, ...]:
    """Return the names of the templates that include each other, up to the first that comes again."""
    chain: list[str] = []
    for name, _ in _template_frames(problem, files):
        chain.append(name)
        if chain.count(name) > 1:
            break
    return tuple(chain)


def _template_frames(problem: BaseException, files: TemplateFiles) -> Iterator[tuple[str, int]]:
    """Yield the name of a template and the line in it for each frame of a traceback, the outermost first."""
    names = {files.path(name): name for name in (files.template.name, *files.parts)}
    for frame, line in walk_tb(problem.__traceback__):
        if frame.f_code.co_filename in names:
            yield names[frame.f_code.co_filename], line


# ---------------------------------------------------------------- names, before a template is run


_CONTEXT_NAMES = ("sections", "section", "audience", "topic", "service", "words")
_JINJA_NAMES = ("loop", "range", "namespace", "cycler", "joiner", "self", "super", "varargs", "kwargs", "caller")


class _TemplateNames(Struct, frozen=True):
    """The names in one template file: those that it assigns, and those that it uses and looks up, with their lines."""

    path: str
    text: str
    made: tuple[str, ...] = ()
    used: tuple[tuple[str, int], ...] = ()
    looked_up: tuple[tuple[str, str, int], ...] = ()
    findings: tuple[Finding, ...] = ()


def check_templates(library: Library, words: Sequence[str]) -> tuple[Finding, ...]:
    """Return the findings about names in templates and the files that they include; `words` are the fixed words."""
    proofs: dict[str, _TemplateNames] = {}
    for template in library.templates.values():
        files = TemplateFiles(template, library.parts)
        environment, _ = _make_environment(files)
        for name in (template.name, *library.parts):
            if files.path(name) not in proofs:
                proofs[files.path(name)] = _names_in_template(environment, files, name)
    made = {name for proof in proofs.values() for name in proof.made}
    fields = {**CONTEXT_FIELDS, "sections": ("of", "get"), "words": words, "section": section_fields(library)}
    known = {*_CONTEXT_NAMES, *_JINJA_NAMES, *made}
    wrong = (each for proof in proofs.values() for each in _check_used_names(proof, known, fields))
    return (*(found for proof in proofs.values() for found in proof.findings), *wrong)


def _names_in_template(environment: Environment, files: TemplateFiles, name: str) -> _TemplateNames:
    """Return the names in one of the files of a template."""
    path, text = files.path(name), files.text(name)
    try:
        found = environment.parse(text, name, path)
    except TemplateSyntaxError as problem:
        message = f"This is not a template: {problem.message}"
        wrong = error("template", message, Location(path, problem.lineno, 1), "see docs/writing.md")
        return _TemplateNames(path, text, findings=(wrong,))
    used = tuple((node.name, node.lineno) for node in found.find_all(nodes.Name) if node.ctx == "load")
    return _TemplateNames(path, text, tuple(_assigned_names(found)), used, tuple(_attribute_lookups(found)))


def check_personalisable(library: Library, name: str) -> tuple[Finding, ...]:
    """Return an error for each place where a template names the service.

    A copy for another recipient would name the service there.
    """
    files = TemplateFiles(library.templates[name], library.parts)
    environment, _ = _make_environment(files)
    hint = "leave it out: the cover, the contacts and the crisis box say whom a copy is from"
    return tuple(
        error("service-in-template", "A copy for somebody else would name the service here.", place, hint)
        for proof in (_names_in_template(environment, files, each) for each in (name, *library.parts))
        for used, line in proof.used
        if used == "service" and (place := _name_place(proof.text, proof.path, line, "service"))
    )


def _assigned_names(found: nodes.Template) -> Iterator[str]:
    """Yield the names that a template assigns to values, macros and imports."""
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
    """Yield an error for each unknown name in one file."""
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
