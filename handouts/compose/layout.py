"""A template run over a selection: Markdown with a mark for each part that it places, with Jinja2.

Parts go in as values that cannot be printed as text, joined or changed; each line that comes out knows where in which
template it was written. What is wrong in a template raises `HandoutError` with file and line. Templates read no file
and run no code of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from functools import lru_cache
from types import TracebackType
from typing import Any

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2 import Template as Compiled
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.printing import add_filters, with_printing
from handouts.finding import Finding, HandoutError, Span, error, nearest
from handouts.library import Template, TemplateFile
from handouts.markdown.source import Line, Source

# A mark of our own in what a template renders, the place of what follows: one character each, which no filter takes
# apart. Content cannot hold them.
FIRST_PLACE, LAST_PLACE = 0xF0000, 0x10FFFF
PLACES = re.compile(f"[{chr(FIRST_PLACE)}-{chr(LAST_PLACE)}]")
# What these hold is a value, which may be measured, compared and changed: no place stands in it.
HELD = (nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.AssignBlock)
OURS = re.compile(r"'?handouts\.compose\.values\.(\w+) object'?")
CALLED = {"Placeable": "a part", "Names": "this value", "Sections": "'sections'"}
TROUBLE = (
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


class Files(Struct, frozen=True):
    """The template that is run, and the files that it may include."""

    template: Template
    parts: Mapping[str, TemplateFile]

    def __hash__(self) -> int:
        """Return what is enough to tell templates apart: mappings have no hash of their own."""
        return hash(self.template)

    def text(self, name: str) -> str:
        """Return the text of the template or of a file that it includes. KeyError if there is none."""
        return self.template.text if name == self.template.name else self.parts[name].text

    def path(self, name: str) -> str:
        """Return how findings name the template or a file that it includes."""
        return self.template.at.file if name == self.template.name else self.parts[name].at.file


class PlacingLoader(BaseLoader):
    """Loads templates so that what they print knows where it was written; Jinja2 asks for a subclass."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.places: list[Span] = []

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
        found = with_printing(environment.parse(text, name, path))
        done = 0
        for data in own_texts(found):
            start = max(done, line_offset(text, data.lineno))
            start = max(start, text.find(data.data, start))
            done = start + len(data.data)
            data.data = self.with_places(data.data, Span(path, data.lineno, column_of(text, start)))
        code = environment.compile(found, name, path)
        return environment.template_class.from_code(environment, code, globals if globals is not None else {})

    def with_places(self, text: str, at: Span) -> str:
        """Return `text` with its place at its beginning, and at the beginning of each further line."""
        lines = text.split("\n")
        places = [Span(at.file, at.line + row, 1 if row else at.column) for row in range(len(lines))]
        return "\n".join(self.mark(place) + line for place, line in zip(places, lines, strict=True))

    def mark(self, place: Span) -> str:
        """Return the mark of a place; of far too many, the last stand for all that follow."""
        if FIRST_PLACE + len(self.places) < LAST_PLACE:
            self.places.append(place)
        return chr(FIRST_PLACE + len(self.places) - 1)


def own_texts(node: nodes.Node) -> Iterator[nodes.TemplateData]:
    """Yield the texts between the tags of a template, in order, but those that become values."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.TemplateData):
            yield child
        elif not isinstance(child, HELD):
            yield from own_texts(child)


def render_layout(files: Files, values: Mapping[str, object]) -> Source:
    """Return the lines that the template makes of `values`. HandoutError if it cannot be run."""
    environment, loader = environment_for(files)
    try:
        rendered = environment.get_template(files.template.name).render(values)
    except TROUBLE as problem:
        raise HandoutError(explain(problem, files)) from None
    return lines_of(rendered, Span(files.template.at.file, 1, 1), loader.places)


# One template lays out the documents of several readers.
@lru_cache(maxsize=16)
def environment_for(files: Files) -> tuple[ImmutableSandboxedEnvironment, PlacingLoader]:
    """Return a sandbox that knows these files and nothing else, and what loads them."""
    loader = PlacingLoader(files)
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=True,
    )
    add_filters(environment)
    return environment, loader


def line_offset(source: str, number: int) -> int:
    """Return where line `number` of a text begins."""
    return sum(len(line) + 1 for line in source.split("\n")[: number - 1])


def column_of(source: str, offset: int) -> int:
    """Return the column of an offset, from 1."""
    return offset - (source.rfind("\n", 0, offset) + 1) + 1


def lines_of(rendered: str, first: Span, marked: Sequence[Span]) -> Source:
    """Return what was rendered as lines that know where they were written; `list_item_boxes` are the places of the marks."""
    lines = []
    last = first
    for each in rendered.split("\n"):
        text, places = "", [(0, last)]
        position = 0
        for found in PLACES.finditer(each):
            text += each[position : found.start()]
            position = found.end()
            last = marked[ord(found[0]) - FIRST_PLACE]
            places.append((len(text), last))
        lines.append(Line((text + each[position:]).rstrip(" "), tuple(places)))
    return tuple(lines)


def kinds_named(files: Files) -> tuple[str, ...]:
    """Return the kinds of section that a template asks for by name, as in sections.of("card")."""
    calls = environment_for(files)[0].parse(files.template.text).find_all(nodes.Call)
    asked = (call for call in calls if isinstance(call.node, nodes.Getattr) and call.node.attr == "of")
    names = (argument.value for call in asked for argument in call.args if isinstance(argument, nodes.Const))
    return tuple(dict.fromkeys(names))


# ---------------------------------------------------------------- what went wrong


def explain(problem: BaseException, files: Files) -> Finding:
    """Return the finding for what stopped a template."""
    at = place_of(problem, files)
    if isinstance(problem, TemplateSyntaxError):
        name = problem.name or files.template.name
        at = Span(files.path(name), problem.lineno, 1)
        return error(
            "template", f"This is no template: {(problem.message or '').rstrip('.')}.", at, "see docs/writing.md"
        )
    if isinstance(problem, TemplateNotFound):
        wanted = str(problem.name)
        return error("unknown-template", f"There is no template file '{wanted}'.", at, nearest(wanted, files.parts))
    if isinstance(problem, HandoutError):
        return replace(problem.findings[0], at=at)
    if isinstance(problem, RecursionError):
        chain = " → ".join(chain_of(problem, files))
        return error("template", f"This template includes itself: {chain}.", at, "take the include out")
    said = OURS.sub(lambda found: CALLED.get(found[1], "this value"), f"{problem}".rstrip("."))
    return error("template", f"This template cannot be run: {said}.", at, "see docs/writing.md")


def place_of(problem: BaseException, files: Files) -> Span:
    """Return the innermost line of a template in which a problem arose."""
    names = (files.template.name, *files.parts)
    paths = {files.path(name) for name in names}
    at = Span(files.template.at.file, 1, 1)
    for frame, line in frames_of(problem.__traceback__):
        if frame in paths:
            at = Span(frame, line, 1)
    return at


def chain_of(problem: BaseException, files: Files) -> tuple[str, ...]:
    """Return the names of the templates that include each other, up to the first that comes again."""
    names = {files.path(name): name for name in (files.template.name, *files.parts)}
    chain: list[str] = []
    for frame, _ in frames_of(problem.__traceback__):
        if frame in names:
            chain.append(names[frame])
            if chain.count(chain[-1]) > 1:
                break
    return tuple(chain)


def frames_of(traceback: TracebackType | None) -> Iterable[tuple[str, int]]:
    """Yield file and line of each frame, the outermost first."""
    while traceback is not None:
        yield traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next
