"""Finished files: no word that was written is missing, and no word for another audience is in them."""

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
from nonce_project import NONCE, READERS, write_project
from paths import ROOT
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
# Most templates show fewer words of an audience than the handout and the slides.
FEW = {"worksheets": 10, "summary": 10, "card": 2, "facilitator-guide": 10, "sources": 2, "for-you": 2}
FILES = (*((sheet, "standard") for sheet in (*TEMPLATES, *FEW)), ("handout", "discreet"))
PAGES = ((sheet, edition) for sheet, edition in FILES if sheet != "slides")
FORMS = (
    *((*each, "") for each in FILES),
    *((*each, "html") for each in PAGES),
    *((*each, "docx") for each in FILES),
)
SHARED = RenderCache()  # shared by all files, as in a build
TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"


@pytest.fixture(scope="module")
def shipped_library() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


@pytest.fixture(scope="module")
def nonce_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("two readers")
    write_project(folder)
    return load_library(folder / "content", folder / "templates")


def rendered_document(
    library: Library, topic: str, audience: str, template: str, edition: str = "standard", form: str = ""
) -> tuple[Document, bytes]:
    """Return a document and its finished bytes; a `form` makes it a web page or a Word file."""
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
    """Return `text` without spaces and other characters that line breaking may add or remove."""
    return re.sub(r"[\s\u200b\u2060\u00ad]", "", text)


def slide_texts(content: bytes) -> list[tuple[str, str]]:
    """Return the words on each slide and those in its notes, in order."""
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
    """Return all text anywhere in a file: every stream and part, and UTF-16 strings decoded."""
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
    """Return all text in a part of a package; the workbook of a chart is a package itself."""
    return everything_in(content) if content.startswith(b"PK") else content.decode("utf-8", "replace")


def inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


@pytest.mark.full
@pytest.mark.parametrize("edition", ["standard", "large-print", "photocopy", "discreet"])
@pytest.mark.parametrize("audience", ["family", "partners", "clinicians"])
def test_every_word_of_a_handout_is_in_the_file_in_order(shipped_library: Library, audience: str, edition: str) -> None:
    document, content = rendered_document(shipped_library, "bpd-contact", audience, "handout", edition)
    text, position = squeezed(tagged_text(content)), 0
    for words in words_of(document):
        found = text.find(squeezed(words), position)
        assert found >= 0, words
        position = found + len(squeezed(words))


@pytest.mark.parametrize("audience", ["family", "partners", "clinicians"])
def test_every_word_of_a_talk_is_on_its_slide_or_in_its_notes_in_order(shipped_library: Library, audience: str) -> None:
    document, content = rendered_document(shipped_library, "bpd-contact", audience, "slides")
    pages = slide_texts(content)
    for slide, following in zip(document.slides, (*document.slides[1:], None), strict=True):
        # A slide may be continued on more slides: up to the one with the title of the next slide.
        parts = [pages.pop(0)]
        while pages and (following is None or squeezed(plain(following.title)) not in pages[0][0]):
            parts.append(pages.pop(0))
        shown, notes = ("".join(texts) for texts in zip(*parts, strict=True))
        # How to read a drawing is in the notes, not on the slide.
        spoken = {
            words for node in walk(slide) if isinstance(node, Figure | Chart) for words in words_of(node.how_to_read)
        }
        for words in words_of((slide.label, slide.title, slide.blocks)):
            assert squeezed(words) in (notes if words in spoken else shown), words
        for words in words_of(slide.notes):
            assert squeezed(words) in notes, words
    assert not pages


@pytest.mark.full
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("audience", ["family", "partners", "clinicians"])
def test_every_figure_has_its_alt_text_in_the_file(shipped_library: Library, audience: str, template: str) -> None:
    document, content = rendered_document(shipped_library, "bpd-contact", audience, template)
    alts = [node.alt for node in walk((document.blocks, document.slides)) if isinstance(node, Figure | Chart)]
    assert alts or template == "handout"  # a handout may have no figures, a talk always has some
    if template == "handout":
        tagged = [figure.alt for root in read_tags(content) for figure in elements(root, "Figure")]
        assert set(alts) <= set(tagged)
    else:
        assert all(alt in everything_in(content).replace("&amp;", "&") for alt in alts)


@pytest.mark.full
@pytest.mark.parametrize(("template", "edition", "form"), FORMS)
@pytest.mark.parametrize("audience", READERS)
def test_no_text_of_one_audience_is_anywhere_in_a_file_for_another(
    nonce_library: Library, audience: str, template: str, edition: str, form: str
) -> None:
    (other,) = set(READERS) - {audience}
    document, content = rendered_document(nonce_library, "sample", audience, template, edition, form)
    text = squeezed(everything_in(content))
    assert {found[1] for found in NONCE.finditer(text)} == {audience}, f"words for '{other}' are in it"
    expected = {found[0] for words in words_of(document) for found in NONCE.finditer(words)}
    expected |= {
        found[0] for node in walk(document) if isinstance(node, Figure | Chart) for found in NONCE.finditer(node.alt)
    }
    expected |= {
        found[0] for node in walk(document) if isinstance(node, QrCode) for found in NONCE.finditer(node.target)
    }
    assert len(expected) > FEW.get(template, 20)
    assert expected <= {found[0] for found in NONCE.finditer(text)}
    assert audience not in ("", other)


@pytest.mark.full
@pytest.mark.parametrize("audience", READERS)
def test_every_nonce_of_an_audience_is_in_one_of_its_files(
    nonce_library: Library, tmp_path: Path, audience: str
) -> None:
    write_project(tmp_path / "again")
    written = {
        found[0]
        for file in sorted((tmp_path / "again" / "content").rglob("*.*"))
        if file.is_file()
        for found in NONCE.finditer(file.read_text(encoding="utf-8"))
        if found[1] == audience and file.name != "audiences.yaml"
    }
    finished = "".join(
        squeezed(everything_in(rendered_document(nonce_library, "sample", audience, *each)[1])) for each in FILES
    )
    assert written
    assert not {nonce for nonce in written if nonce not in finished}
