"""Templates with their front matter.

Takes texts of files, gives values of the library and gathers findings. What is wrong inside a template is for
`compose`, which lays it out; nothing is run here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from handouts.finding import Finding, Span, error
from handouts.library import Renderer, Template
from handouts.load.reading import check_name, open_fields
from handouts.load.settings import Scalar, read_settings

LINE = "---"
RENDERERS = ("pdf", "pptx")
LARGEST_TEMPLATE = 100_000  # bytes; what is wrong in a template is looked for at each of its lines


def read_template(text: str, file: str, audiences: Collection[str], findings: list[Finding]) -> Template | None:
    """Return a template, or None after a finding if its front matter cannot be used."""
    lines = text.split("\n")
    if lines[0].rstrip() != LINE or LINE not in [line.rstrip() for line in lines[1:]]:
        hint = "begin with ---, renderer: pdf, name: handout, ---"
        findings.append(error("front-matter", "A template begins with its front matter.", Span(file, 1, 1), hint))
        return None
    end = [line.rstrip() for line in lines].index(LINE, 1)
    node = read_settings("\n".join(lines[1:end]), file, findings, first_line=2)
    if node is None:
        return None
    reading = open_fields(node, findings, ("renderer", "name"), ("audiences", "sources-of"))
    name = reading.node("name")
    if isinstance(name, Scalar):
        check_name(name, "a template", findings)
    readers = reading.names("audiences", audiences, "unknown-audience", "audience")
    renderer = reading.choice("renderer", RENDERERS, "unknown-renderer", "renderer", "pdf")
    body = "\n".join([*[""] * (end + 1), *lines[end + 1 :]])
    listed = reading.text("sources-of")
    return Template(
        reading.needed("name"), cast(Renderer, renderer), readers or tuple(audiences), body, reading.at, listed
    )
