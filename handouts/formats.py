"""The formats of finished files: one table, with a row for each kind of file.

A new format is a row here, a renderer in `pipeline.render` and a check in `verify`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct


class FileFormat(Struct, frozen=True):
    """One kind of file.

    `renderer` is its name in manifests and reports, and `option` the value of --format that selects it. It is made from
    templates whose renderer is `template`. `shows` says what it contains: a handout on paper, as a `web` page or as a
    `word` file; a deck; or slides on pages, alone, beside `lines` to write on, or above their `notes`. Its file name
    ends with `name_part` and `ending`. `unit` is what its length is counted in: "file" if only Word can count its
    pages. If it is `on_paper`, it is made for each paper that is asked for. `builds` is True or False for files that
    are made only with or only without --builds.
    """

    renderer: str
    option: str
    template: Literal["pdf", "pptx"]
    shows: Literal["handout", "web", "word", "deck", "slides", "lines", "notes"]
    ending: str
    name_part: str = ""
    unit: Literal["page", "slide", "file"] = "page"
    on_paper: bool = False
    builds: bool | None = None


# The values of --format, and what each makes.
FORMATS_IN_WORDS = {
    "pdf": "handouts on paper",
    "html": "a page for the web of each handout",
    "docx": "a Word file of each handout, and of what is said in each talk, to edit",
    "pptx": "slides",
    "slides-pdf": "slides as pages",
    "notes-pdf": "slides on paper, with notes and with lines to write on",
}
_FORMATS = (
    FileFormat("pdf", "pdf", "pdf", "handout", "pdf", on_paper=True),
    FileFormat("html", "html", "pdf", "web", "html"),
    FileFormat("docx", "docx", "pdf", "word", "docx", unit="file", on_paper=True),
    FileFormat("notes-docx", "docx", "pptx", "word", "docx", "notes", unit="file", on_paper=True),
    FileFormat("pptx", "pptx", "pptx", "deck", "pptx", unit="slide", builds=False),
    FileFormat("pptx-builds", "pptx", "pptx", "deck", "pptx", "builds", unit="slide", builds=True),
    FileFormat("slides-pdf", "slides-pdf", "pptx", "slides", "pdf"),
    FileFormat("notes-pdf", "notes-pdf", "pptx", "notes", "pdf", "notes", on_paper=True),
    FileFormat("lines-pdf", "notes-pdf", "pptx", "lines", "pdf", "lines", on_paper=True),
)
USUAL_FORMATS = ("pdf", "pptx")
FORMAT_OPTIONS = tuple(dict.fromkeys(each.option for each in _FORMATS))
_BY_RENDERER = {each.renderer: each for each in _FORMATS}


def format_named(renderer: str) -> FileFormat:
    """Return the format of a renderer. KeyError if there is no such renderer."""
    return _BY_RENDERER[renderer]


def requested_formats(options: Iterable[str], template: str, *, builds: bool = False) -> Iterator[FileFormat]:
    """Yield the formats for the values of --format, or the usual ones if there are none, of one kind of template."""
    for option in dict.fromkeys(options) or USUAL_FORMATS:
        for each in _FORMATS:
            if (each.option, each.template) == (option, template) and each.builds in (None, builds):
                yield each
