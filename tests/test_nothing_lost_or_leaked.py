"""The promise, on finished bytes: nothing that was written is missing, nothing meant for somebody else is in it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from chart_text import chart_texts, slide_charts
from nonce_project import NONCE, READERS, ROOT, write_project
from pdf_text import elements, painted_text, read_tags, tagged_text
from pptx import Presentation

from handouts.compose import compose_discreet_edition, compose_document
from handouts.deck import render_deck
from handouts.document.nodes import Chart, Document, Figure, QrCode
from handouts.document.text import plain, walk, words_of
from handouts.library import Library
from handouts.load import load_library
from handouts.pdf import render_pdf
from handouts.render_cache import RenderCache
from handouts.select import select_content
from handouts.theme import resolve_theme
from handouts.web import render_html
from handouts.word import render_docx

TODAY = date(2026, 11, 23)
TEMPLATES = ("handout", "slides")
# Most sheets hold fewer words of one reader than the handout and the slides do.
FEW = {"worksheets": 10, "summary": 10, "card": 2, "facilitator-guide": 10, "sources": 2, "for-you": 2}
FILES = (*((sheet, "standard") for sheet in (*TEMPLATES, *FEW)), ("handout", "discreet"))
PAGES = ((sheet, edition) for sheet, edition in FILES if sheet != "slides")
FORMS = (
    *((*each, "") for each in FILES),
    *((*each, "html") for each in PAGES),
    *((*each, "docx") for each in FILES),
)
SHARED = RenderCache()  # for what files have in common, as in a build
TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"


@pytest.fixture(scope="module")
def real() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("two readers")
    write_project(folder)
    return load_library(folder / "content", folder / "templates")


def made(
    library: Library, topic: str, audience: str, template: str, edition: str = "standard", form: str = ""
) -> tuple[Document, bytes]:
    """Return a document and its finished bytes, as a page of the web or a Word file if that is the `form`."""
    reader = library.audiences[audience]
    selection = select_content(library, topic, audience, "en")
    composition = compose_document(selection, template, country="UK", today=TODAY, cache=SHARED)
    document = compose_discreet_edition(composition) if edition == "discreet" else composition.document
    theme = resolve_theme(
        library.themes[library.service.theme],
        accent=reader.accent,
        density=reader.density,
        edition=edition,
        line=reader.line,
    )
    if form:
        return document, (render_html if form == "html" else render_docx)(document, theme, cache=SHARED).content
    render = render_pdf if library.templates[template].renderer == "pdf" else render_deck
    return document, render(document, theme, cache=SHARED).content


def squeezed(text: str) -> str:
    """Return `text` without anything that a line break may add or take away."""
    return re.sub(r"[\s\u200b\u2060\u00ad]", "", text)


def slide_texts(content: bytes) -> list[tuple[str, str]]:
    """Return what is shown on each slide and what is said to it, in the order of the talk."""
    slides = Presentation(io.BytesIO(content)).slides
    charted = (
        squeezed("".join(text for chart in slide_charts(slide) for text in chart_texts(chart))) for slide in slides
    )
    return [
        (words_in(slide.element) + charts, words_in(slide.notes_slide.element))
        for slide, charts in zip(slides, charted, strict=True)
    ]


def words_in(element: Any) -> str:
    """Return all text in an element of a deck, without its spaces."""
    return squeezed("".join(text.text or "" for text in element.iter(TEXT)))


def everything_in(content: bytes) -> str:
    """Return all that a file says anywhere: every stream and part as text, UTF-16 strings in plain."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return "\n".join(name + everything_in_part(package.read(name)) for name in package.namelist())
    if content.startswith(b"<!DOCTYPE html>"):
        return unescape(content.decode("utf-8"))
    streams = [inflated(found) for found in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)]
    plain = b"\n".join((content, *streams)).decode("latin-1")
    hexed = [bytes.fromhex(found).decode("utf-16-be") for found in re.findall(r"<FEFF([0-9A-F]+)>", plain)]
    return "\n".join((plain, *hexed, tagged_text(content), painted_text(content)))


def everything_in_part(content: bytes) -> str:
    """Return all that a part of a package says; the workbook of a chart is a package itself."""
    return everything_in(content) if content.startswith(b"PK") else content.decode("utf-8", "replace")


def inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


@pytest.mark.full
@pytest.mark.parametrize("edition", ["standard", "large-print", "photocopy", "discreet"])
@pytest.mark.parametrize("audience", ["family", "partners", "clinicians"])
def test_every_word_of_a_handout_is_in_the_file_in_order(real: Library, audience: str, edition: str) -> None:
    document, content = made(real, "bpd-contact", audience, "handout", edition)
    text, position = squeezed(tagged_text(content)), 0
    for words in words_of(document):
        found = text.find(squeezed(words), position)
        assert found >= 0, words
        position = found + len(squeezed(words))


@pytest.mark.parametrize("audience", ["family", "partners", "clinicians"])
def test_every_word_of_a_talk_is_on_its_slide_or_in_its_notes_in_order(real: Library, audience: str) -> None:
    document, content = made(real, "bpd-contact", audience, "slides")
    pages = slide_texts(content)
    for slide, following in zip(document.slides, (*document.slides[1:], None), strict=True):
        # A slide may go on over several pages: up to the one that has the next slide's title.
        own = [pages.pop(0)]
        while pages and (following is None or squeezed(plain(following.title)) not in pages[0][0]):
            own.append(pages.pop(0))
        shown, said = ("".join(texts) for texts in zip(*own, strict=True))
        # How to read a drawing is said to the room, not shown to it.
        how = {
            words for node in walk(slide) if isinstance(node, Figure | Chart) for words in words_of(node.how_to_read)
        }
        for words in words_of((slide.label, slide.title, slide.blocks)):
            assert squeezed(words) in (said if words in how else shown), words
        for words in words_of(slide.notes):
            assert squeezed(words) in said, words
    assert not pages


@pytest.mark.full
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("audience", ["family", "partners", "clinicians"])
def test_every_figure_says_in_words_what_it_shows(real: Library, audience: str, template: str) -> None:
    document, content = made(real, "bpd-contact", audience, template)
    alts = [node.alt for node in walk((document.blocks, document.slides)) if isinstance(node, Figure | Chart)]
    assert alts or template == "handout"  # a handout may do without drawings, a talk has some
    if template == "handout":
        told = [figure.alt for root in read_tags(content) for figure in elements(root, "Figure")]
        assert set(alts) <= set(told)
    else:
        assert all(alt in everything_in(content).replace("&amp;", "&") for alt in alts)


@pytest.mark.full
@pytest.mark.parametrize(("template", "edition", "form"), FORMS)
@pytest.mark.parametrize("audience", READERS)
def test_nothing_of_one_audience_is_anywhere_in_the_file_of_another(
    planted: Library, audience: str, template: str, edition: str, form: str
) -> None:
    (other,) = set(READERS) - {audience}
    document, content = made(planted, "sample", audience, template, edition, form)
    said = squeezed(everything_in(content))
    assert {found[1] for found in NONCE.finditer(said)} == {audience}, f"words for '{other}' are in it"
    wanted = {found[0] for words in words_of(document) for found in NONCE.finditer(words)}
    wanted |= {
        found[0] for node in walk(document) if isinstance(node, Figure | Chart) for found in NONCE.finditer(node.alt)
    }
    wanted |= {found[0] for node in walk(document) if isinstance(node, QrCode) for found in NONCE.finditer(node.target)}
    assert len(wanted) > FEW.get(template, 20)
    assert wanted <= {found[0] for found in NONCE.finditer(said)}
    assert audience not in ("", other)


@pytest.mark.full
@pytest.mark.parametrize("audience", READERS)
def test_every_nonce_of_a_reader_is_in_the_handout_or_the_talk(planted: Library, tmp_path: Path, audience: str) -> None:
    write_project(tmp_path / "again")
    written = {
        found[0]
        for file in sorted((tmp_path / "again" / "content").rglob("*.*"))
        if file.is_file()
        for found in NONCE.finditer(file.read_text(encoding="utf-8"))
        if found[1] == audience and file.name != "audiences.yaml"
    }
    finished = "".join(squeezed(everything_in(made(planted, "sample", audience, *each)[1])) for each in FILES)
    assert written
    assert not {nonce for nonce in written if nonce not in finished}
