"""The formats of finished files: one table, a row for each kind of file.

A further format is a row here, a renderer in `pipeline.render` and a check in `verify`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct


class FileFormat(Struct, frozen=True):
    """One kind of file: how it is asked for, what it shows, and how it is called.

    `renderer` is its name in manifests and reports, `option` the value of --format that asks for it. It is made by
    templates for `template` files, and shows a handout on paper, as a page of the `web` or as a file for `word`
    processors, a deck, or slides on pages: alone, beside `lines` to write on or above their `notes`. Its name ends with
    `name_part` and `ending`. Its length is told in its `unit`, which is the file where only Word knows the pages. One
    `on_paper` has the paper that is asked for. Of two rows with `builds`, one is made with --builds and the other
    without.
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


# What each value of --format makes.
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
    """Return the format that a renderer makes. KeyError for a renderer that there is not."""
    return _BY_RENDERER[renderer]


def requested_formats(options: Iterable[str], template: str, *, builds: bool = False) -> Iterator[FileFormat]:
    """Yield the formats that values of --format ask for, the usual ones without any, by a template for `template`."""
    for option in dict.fromkeys(options) or USUAL_FORMATS:
        for each in _FORMATS:
            if (each.option, each.template) == (option, template) and each.builds in (None, builds):
                yield each
