"""A template run over a selection: Markdown with a mark for each part that it places, with Jinja2.

Parts go in as values that cannot be printed as text, joined or changed; each line that comes out knows where in which
template it was written. What is wrong in a template raises `HandoutError` with file and line. Templates read no file
and run no code of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import TracebackType

from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.values import Placeable, escaped, refusal
from handouts.finding import Finding, HandoutError, Span, error, nearest
from handouts.library import Template, TemplateFile
from handouts.markdown import Line, Source

# Marks of our own in what a template renders: a part, and the place of what follows. Content cannot hold them.
PART = "\ue000{}\ue001"
PLACE = "\ue002{}|{}|{}\ue003"
PLACES = re.compile("\ue002(?P<name>[^|]*)\\|(?P<line>[0-9]+)\\|(?P<column>[0-9]+)\ue003")
TROUBLE = (
    TemplateError,
    HandoutError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
# What would make two builds differ, or print what nobody wrote.
NEEDLESS_GLOBALS = ("lipsum", "dict")
NEEDLESS_FILTERS = ("random", "pprint")


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


def render_layout(files: Files, values: Mapping[str, object]) -> Source:
    """Return the lines that the template makes of `values`. HandoutError if it cannot be run."""
    environment = environment_for(files)
    try:
        rendered = environment.get_template(files.template.name).render(values)
    except TROUBLE as problem:
        raise HandoutError(explain(problem, files)) from None
    return lines_of(rendered, files)


# One template lays out the documents of several readers.
@lru_cache(maxsize=16)
def environment_for(files: Files) -> ImmutableSandboxedEnvironment:
    """Return a sandbox that knows these files and nothing else."""

    def load(name: str) -> tuple[str, str, None] | None:
        known = name == files.template.name or name in files.parts
        return (files.text(name), files.path(name), None) if known else None

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        finalize=finalized,
        extensions=[Places],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    for name in NEEDLESS_GLOBALS:
        environment.globals.pop(name, None)
    for name in NEEDLESS_FILTERS:
        environment.filters.pop(name, None)
    return environment


def finalized(value: object) -> object:
    """Return what `{{ value }}` prints: a mark for a part, escaped words for a text, nothing for nothing."""
    if isinstance(value, Placeable):
        return PART.format(value.number())
    if value is None:
        return ""
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, StrictUndefined):
        return value
    raise refusal("template", "Only words, numbers and parts can be printed.", "write {{ section.claim }}")


class Places(Extension):
    """Puts the place of each stretch and of each line into what a template prints; Jinja2 asks for a subclass."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the tokens of a template, with places in the text between its tags."""
        name = stream.name or ""
        loader = self.environment.loader
        source = loader.get_source(self.environment, name)[0] if loader and name else ""
        done = 0
        for token in stream:
            if token.type != "data":
                yield token
                continue
            start = max(done, line_offset(source, token.lineno))
            found = source.find(token.value, start)
            start = found if found >= 0 else start
            done = start + len(token.value)
            yield Token(
                token.lineno, token.type, with_places(token.value, name, token.lineno, column_of(source, start))
            )


def line_offset(source: str, number: int) -> int:
    """Return where line `number` of a text begins."""
    return sum(len(line) + 1 for line in source.split("\n")[: number - 1])


def column_of(source: str, offset: int) -> int:
    """Return the column of an offset, from 1."""
    return offset - (source.rfind("\n", 0, offset) + 1) + 1


def with_places(text: str, name: str, line: int, column: int) -> str:
    """Return `text` with its place at its beginning, and at the beginning of each further line."""
    lines = text.split("\n")
    places = [PLACE.format(name, line + row, column if row == 0 else 1) for row in range(len(lines))]
    return "\n".join(place + each for place, each in zip(places, lines, strict=True))


def lines_of(rendered: str, files: Files) -> Source:
    """Return what was rendered as lines that know where they were written."""
    lines = []
    last = Span(files.template.at.file, 1, 1)
    for each in rendered.split("\n"):
        text, places = "", [(0, last)]
        position = 0
        for found in PLACES.finditer(each):
            text += each[position : found.start()]
            position = found.end()
            last = Span(files.path(found["name"]), int(found["line"]), int(found["column"]))
            places.append((len(text), last))
        lines.append(Line((text + each[position:]).rstrip(" "), tuple(places)))
    return tuple(lines)


def kinds_named(files: Files) -> tuple[str, ...]:
    """Return the kinds of section that a template asks for by name, as in sections.of("card")."""
    calls = environment_for(files).parse(files.template.text).find_all(nodes.Call)
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
        return error("template", f"This is no template: {problem.message}.", at, "see docs/writing.md")
    if isinstance(problem, TemplateNotFound):
        wanted = str(problem.name)
        return error("unknown-template", f"There is no template file '{wanted}'.", at, nearest(wanted, files.parts))
    if isinstance(problem, HandoutError):
        return replace(problem.findings[0], at=at)
    if isinstance(problem, RecursionError):
        chain = " → ".join(chain_of(problem, files))
        return error("template", f"This template includes itself: {chain}.", at, "take the include out")
    return error("template", f"This template cannot be run: {problem}.", at, "see docs/writing.md")


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
