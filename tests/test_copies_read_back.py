"""Each page of a copy is read back, and any fault in one of them is detected."""

from __future__ import annotations

import io
from datetime import date
from functools import cache

import pikepdf
import pytest
from paths import ROOT

from handouts.compose.provider import personalise_document
from handouts.document.nodes import Document
from handouts.finding import Finding
from handouts.load import load_library
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.pipeline.render import run_renderer
from handouts.service import Recipient
from handouts.verify import pdf_reader, verify_file

ONE = Recipient(2, "Harbour Community Team", phone="020 7946 0011")
OTHER = Recipient(3, "Valley Community Team", phone="020 7946 0999")


@cache
def planned() -> Deliverable:
    """Return the handout of the first reader."""
    options = Options(
        ROOT / "content",
        ROOT / "templates",
        ROOT / "output",
        audiences=("family",),
        formats=("pdf",),
        country="UK",
        today=date(2026, 1, 1),
    )
    return plan_deliverables(load_library(options.content, options.templates), options)[0][0]


def document_for(recipient: Recipient) -> Document:
    """Return the handout personalised for a recipient."""
    return personalise_document(planned().document, recipient, planned().document.words)


@cache
def content_for(recipient: Recipient) -> bytes:
    """Return the bytes of that handout."""
    return run_renderer("pdf", document_for(recipient), planned().theme, None, fillable=False).content


def found_in(content: bytes, recipient: Recipient) -> tuple[Finding, ...]:
    """Return the findings about a copy for a recipient."""
    return verify_file(content, document_for(recipient), "pdf")


def changed(content: bytes, page: int, old: bytes, new: bytes) -> bytes:
    """Return a PDF with other operators on a page, uncompressed as before."""
    with pikepdf.open(io.BytesIO(content)) as file:
        stream = file.pages[page].Contents
        before = stream.read_bytes()
        assert old in before
        stream.write(before.replace(old, new))
        buffer = io.BytesIO()
        file.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return buffer.getvalue()


@pytest.mark.parametrize("recipient", [ONE, OTHER])
def test_a_complete_copy_passes(recipient: Recipient) -> None:
    assert found_in(content_for(recipient), recipient) == ()


def test_the_crisis_box_is_written_once_and_read_on_every_page() -> None:
    content = content_for(ONE)
    assert content.count(b"/Subtype/Form") == 1
    for page in pdf_reader.read_pdf(content).pages[1:]:
        assert "020\u00a07946\u00a00011" in "".join(each.text for each in page.texts).replace(" ", "\u00a0")
        assert all(each.inside for each in page.texts)


def test_a_copy_with_the_number_of_another_recipient_is_detected() -> None:
    found = found_in(content_for(ONE), OTHER)
    assert any(each.code == "lost-words" and "0207946" in each.message for each in found)
    swapped = with_form_of(content_for(ONE), content_for(OTHER))
    found = found_in(swapped, OTHER)
    assert {each.code for each in found} & {"lost-words", "extra-words"}


def with_form_of(other: bytes, content: bytes) -> bytes:
    """Return a PDF whose pages use the form of another one."""
    with pikepdf.open(io.BytesIO(content)) as file, pikepdf.open(io.BytesIO(other)) as source:
        theirs = source.pages[1].Resources.XObject["/FormXob.Repeated"].read_bytes()
        file.pages[1].Resources.XObject["/FormXob.Repeated"].write(theirs)
        buffer = io.BytesIO()
        file.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return buffer.getvalue()


@pytest.mark.full
def test_a_form_moved_off_the_page_is_detected() -> None:
    moved = changed(content_for(ONE), 2, b"/FormXob.Repeated Do", b"q 1 0 0 1 400 0 cm /FormXob.Repeated Do Q")
    assert [each.code for each in found_in(moved, ONE)] == ["outside-page"]
    turned = changed(content_for(ONE), 2, b"/FormXob.Repeated Do", b"q 0 1 -1 0 0 0 cm /FormXob.Repeated Do Q")
    assert [each.code for each in found_in(turned, ONE)] == ["outside-page"]


def test_a_form_that_is_not_drawn_is_detected() -> None:
    without = changed(content_for(ONE), 2, b"/FormXob.Repeated Do", b"")
    assert {each.code for each in found_in(without, ONE)} == {"lost-words"}


def test_a_file_rewritten_by_another_program_is_read() -> None:
    with pikepdf.open(io.BytesIO(content_for(ONE))) as file:
        buffer = io.BytesIO()
        file.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert found_in(buffer.getvalue(), ONE) == ()
