"""A personalised copy names its recipient, and is otherwise the document composed with the recipient as the service."""

from __future__ import annotations

import io
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from msgspec import Struct
from msgspec.structs import replace
from paths import ROOT
from PIL import Image
from pptx import Presentation
from validators import assert_page_validation_passes, assert_verapdf_passes

from handouts.compose import compose_discreet_edition, compose_document
from handouts.compose.environment import check_personalisable
from handouts.compose.provider import BLOCK_FIELDS, personalise_document, phone_link
from handouts.deck import deck_plan, render_deck
from handouts.document import nodes
from handouts.document.nodes import Contacts, Cover, Document, Outline, Outlines, Pixels, Slide
from handouts.document.text import dump, walk, words_of
from handouts.layout.handout_pages import plan_document
from handouts.layout.page_furniture import crisis_height
from handouts.layout.page_model import ImageItem, TextItem
from handouts.library import Library
from handouts.load import load_library
from handouts.load.images import encode_pixels
from handouts.pdf import render_pdf
from handouts.render_cache import RenderCache
from handouts.select import select_content
from handouts.service import MAX_FIELD_CHARACTERS, LocalLine, Recipient, Service
from handouts.slides_pdf import render_notes_pdf, render_slides_pdf
from handouts.theme import Theme, resolve_theme
from handouts.verify import verify_file

TEMPLATES = ("handout", "slides", "summary", "worksheets", "card", "facilitator-guide")
EDITIONS = (("standard", "a4"), ("standard", "letter"), ("standard", "a5"), ("large-print", "a4"), ("photocopy", "a4"))


def logo(width: int, height: int) -> Pixels:
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    image.paste((10, 90, 60, 255), (0, 0, width // 2, height))
    return encode_pixels(image, "PNG")


SQUARE = Outlines(
    60.0, 60.0, (Outline((("M", (0, 0)), ("L", (60, 0)), ("L", (60, 60)), ("Z", ())), "#0A5A3C", "", 0.0),)
)
HARBOUR = Recipient(
    2,
    "Harbour Team",
    phone="0117 496 0000",
    address="12 High Street, Bristol BS1 5UH",
    hours="weekdays, 9 am to 5 pm",
    logo=logo(640, 320),
    lines=(LocalLine("Night team", "0117 496 0001"), LocalLine("Crisis house", "0117 496 0002")),
)
HILL = Recipient(3, "Hill Clinic", logo=SQUARE)
LONG = Recipient(
    4,
    ("Harbour Community Mental Health Team and " * 3)[: MAX_FIELD_CHARACTERS["name"]].strip(),
    phone="0" * 24,
    address=("12 Harbourside Crescent, " * 9)[: MAX_FIELD_CHARACTERS["address"]].strip(),
    hours=("Monday to Friday, " * 9)[: MAX_FIELD_CHARACTERS["hours"]].strip(),
    logo=logo(2000, 90),
    lines=tuple(LocalLine(f"Line {number} of the harbour", "0117 496 0001") for number in range(5)),
)
NOBODY = Service()
EVERYBODY = (HARBOUR, HILL, LONG, NOBODY)
SHARED = RenderCache()  # shared by all copies, as in a build


@cache
def library() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


@cache
def composed(audience: str, template: str, country: str = "UK", provider: Recipient | Service = NOBODY) -> Document:
    """Return the document composed with `provider` as the service."""
    known = library()
    fields = {name: getattr(provider, name) for name in ("name", "phone", "address", "hours", "logo", "lines")}
    whole = replace(known, service=replace(known.service, **fields))
    topic = next(iter(whole.topics))
    selection = select_content(whole, topic, audience, "en")
    return compose_document(selection, template, country=country, cache=SHARED).document


def theme(audience: str, edition: str = "standard", paper: str = "a4") -> Theme:
    reader, known = library().audiences[audience], library()
    return resolve_theme(
        known.themes[known.service.theme],
        accent=reader.accent,
        density=reader.density,
        paper=paper,
        edition=edition,
        line=reader.line,
    )


def addressed(document: Document, provider: Recipient | Service) -> Document:
    return personalise_document(document, provider, document.words)


def first_reader() -> str:
    return next(iter(library().audiences))


def cases() -> Iterator[tuple[str, str, str]]:
    for audience in library().audiences:
        for name in TEMPLATES:
            if audience in library().templates[name].audiences:
                yield from ((audience, name, country) for country in ("UK", ""))


# ---------------------------------------------------------------- the document


@pytest.mark.full
@pytest.mark.parametrize(("audience", "template", "country"), tuple(cases()))
def test_a_personalised_document_equals_the_one_composed_for_the_recipient(
    audience: str, template: str, country: str
) -> None:
    plain = composed(audience, template, country)
    for provider in (HARBOUR, HILL) if country else (LONG,):
        expected = composed(audience, template, country, provider)
        assert addressed(plain, provider) == expected
        assert addressed(expected, provider) == expected
        assert addressed(expected, NOBODY) == plain


def test_a_copy_contains_nothing_of_the_previous_recipient() -> None:
    for name in ("handout", "slides"):
        again = addressed(addressed(composed(first_reader(), name), HARBOUR), HILL)
        words = " ".join(words_of(again)) + dump(again.crisis)
        for text in ("Harbour", "0117", "High\u00a0Street", "Night team", "Crisis house", "weekdays, 9 am"):
            assert text not in words
        assert "Hill Clinic" in words


def test_blocks_without_a_recipient_are_shared() -> None:
    for name in ("handout", "slides"):
        before = composed(first_reader(), name)
        after = addressed(before, HARBOUR)
        old, new = (*before.blocks, *before.slides), (*after.blocks, *after.slides)
        changed = [two for one, two in zip(old, new, strict=True) if one is not two]
        assert 0 < len(changed) <= 4
        for node in changed:
            assert isinstance(node, Cover | Slide | Contacts) or any(isinstance(each, Contacts) for each in walk(node))
    sheets = composed(first_reader(), "worksheets")
    assert addressed(sheets, HARBOUR).blocks is sheets.blocks


def test_every_field_that_can_hold_blocks_is_personalised() -> None:
    own = [each for each in vars(nodes).values() if getattr(each, "__module__", "") == nodes.__name__]
    kinds = [each for each in own if isinstance(each, type) and issubclass(each, Struct)]
    hints = {(kind, name): str(hint) for kind in kinds for name, hint in typing.get_type_hints(kind).items()}
    for (kind, name), hint in hints.items():
        if ("Contacts" in hint or "Branch" in hint) and kind is not Document:
            assert name in BLOCK_FIELDS, f"{kind.__name__}.{name}"
    assert {name for (_, name), hint in hints.items() if "Contacts" in hint} - {"slides"} == {*BLOCK_FIELDS} - {
        "branches"
    }


def test_the_fields_of_a_recipient_are_printed_in_their_places() -> None:
    document = addressed(composed(first_reader(), "handout"), HARBOUR)
    own = [contact for node in walk(document) if isinstance(node, Contacts) for contact in node.contacts if contact.own]
    assert own[0].number == "0117\u00a0496\u00a00000"
    assert own[0].how.replace("\u00a0", " ") == "weekdays, 9 am to 5 pm · 12 High Street, Bristol BS1 5UH"
    assert [each.name for each in own] == ["Harbour Team", "Night team", "Crisis house"]
    (line,) = [line for column in document.crisis.columns for line in column.lines if line.own]
    assert (line.label, line.number) == ("Local", "0117\u00a0496\u00a00000")
    assert line.target == "tel:01174960000"


@pytest.mark.parametrize(
    ("number", "target"),
    [("+44 117 496-0000", "tel:+441174960000"), ("(0117) 496 0000", ""), ("0117 496 0000, ext. 5", ""), ("", "")],
)
def test_only_a_pure_number_becomes_a_telephone_link(number: str, target: str) -> None:
    assert phone_link(number) == target


def test_a_template_that_names_the_service_itself_is_a_finding() -> None:
    assert check_personalisable(library(), "handout") == ()
    old = library().templates["handout"]
    named = replace(old, text=f"{old.text}\n{{{{ service.name }}}}\n")
    (found,) = check_personalisable(replace(library(), templates={"handout": named}), "handout")
    assert (found.code, found.at.file, found.at.line) == ("service-in-template", old.at.file, old.text.count("\n") + 2)


# ---------------------------------------------------------------- pages


@pytest.mark.full
@pytest.mark.parametrize(("edition", "paper"), EDITIONS)
@pytest.mark.parametrize("provider", [HARBOUR, HILL, LONG], ids=lambda each: each.name[:12])
def test_the_cover_of_a_handout_names_the_recipient(provider: Recipient, edition: str, paper: str) -> None:
    document = addressed(composed(first_reader(), "handout"), provider)
    look = theme(first_reader(), edition, paper)
    made = render_pdf(document, look, cache=SHARED)
    assert verify_file(made.content, document, "pdf") == ()
    assert not [found for found in made.findings if found.severity == "error"]
    first = plan_document(document, look, cache=SHARED).pages[0]
    words = " ".join(item.run.text for item in first.items if isinstance(item, TextItem))
    assert f"From {provider.name[:12]}" in words
    for item in (each for each in first.items if isinstance(each, ImageItem)):
        assert isinstance(provider.logo, Pixels)
        assert item.element is not None
        assert item.element.alt == f"Logo of {provider.name}"
        assert item.width / item.height == pytest.approx(provider.logo.width / provider.logo.height)
        assert item.width <= min(80, provider.logo.width)
        assert item.height <= min(40, provider.logo.height)
        assert item.content == (provider.logo.copied if edition == "photocopy" else provider.logo.printed)


def test_a_name_too_long_for_a_small_page_is_a_finding() -> None:
    wide = replace(LONG, name="W" * MAX_FIELD_CHARACTERS["name"], phone="0" * MAX_FIELD_CHARACTERS["phone"])
    document = addressed(composed(first_reader(), "handout"), wide)
    made = render_pdf(document, theme(first_reader(), "standard", "a5"), cache=SHARED)
    assert [found.code for found in made.findings if found.severity == "error"] == ["too-high"]
    assert made.content == b""


def test_a_small_logo_is_not_enlarged() -> None:
    document = addressed(composed(first_reader(), "handout"), replace(HARBOUR, logo=logo(32, 16)))
    (item,) = [
        each for each in plan_document(document, theme(first_reader())).pages[0].items if isinstance(each, ImageItem)
    ]
    assert item.width < 32


@pytest.mark.full
@pytest.mark.parametrize("audience", tuple(library().audiences))
def test_a_name_and_a_logo_take_no_room_from_the_first_page(audience: str) -> None:
    plain = composed(audience, "handout")
    for look in (theme(audience), theme(audience, "standard", "letter")):
        without = render_pdf(
            addressed(plain, replace(HARBOUR, name="", logo=None, hours="", address="", lines=())), look, cache=SHARED
        )
        only = replace(HARBOUR, hours="", address="", lines=())
        assert render_pdf(addressed(plain, only), look, cache=SHARED).pages == without.pages


@pytest.mark.parametrize("number", ["0117 496 0000", "020 7946 0000", "999"])
def test_a_telephone_number_makes_the_crisis_box_no_higher(number: str) -> None:
    for paper in ("a4", "letter"):
        plain, look = composed(first_reader(), "handout"), theme(first_reader(), "standard", paper)
        assert crisis_height(addressed(plain, replace(HILL, phone=number)), look) == crisis_height(plain, look)


@pytest.mark.full
def test_a_personalised_handout_is_accessible(tmp_path: Path) -> None:
    files = []
    for provider in (HARBOUR, HILL):
        content = render_pdf(addressed(composed(first_reader(), "handout"), provider), theme(first_reader())).content
        assert_page_validation_passes(content)
        files.append(tmp_path / f"{provider.row}.pdf")
        files[-1].write_bytes(content)
    assert_verapdf_passes(files)


def test_a_discreet_copy_names_the_recipient_only_inside() -> None:
    topic = next(iter(library().topics))
    composition = compose_document(select_content(library(), topic, first_reader(), "en"), "handout", country="UK")
    document = addressed(compose_discreet_edition(composition), HARBOUR)
    assert document == compose_discreet_edition(replace(composition, document=addressed(composition.document, HARBOUR)))
    look = theme(first_reader(), "discreet")
    outside, inside = plan_document(document, look, cache=SHARED).pages[:2]
    assert not [item for item in outside.items if isinstance(item, ImageItem)]
    assert "Harbour" not in " ".join(item.run.text for item in outside.items if isinstance(item, TextItem))
    assert [item for item in inside.items if isinstance(item, ImageItem)]
    made = render_pdf(document, look, cache=SHARED)
    assert verify_file(made.content, document, "pdf") == ()
    assert b"Harbour" not in made.content[:2000]


# ---------------------------------------------------------------- slides


@pytest.mark.parametrize("provider", [HARBOUR, HILL, LONG], ids=lambda each: each.name[:12])
def test_the_first_slide_of_a_talk_names_the_recipient(provider: Recipient) -> None:
    document, look = addressed(composed(first_reader(), "slides"), provider), theme(first_reader())
    made = render_deck(document, look, cache=SHARED)
    assert verify_file(made.content, document, "pptx") == ()
    slide = Presentation(io.BytesIO(made.content)).slides[0]
    assert f"From {provider.name}" in " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    named = [each for each in slide.shapes._spTree.iter() if each.get("descr") == f"Logo of {provider.name}"]
    assert len(named) == 1
    for shape in slide.shapes:
        if shape.shape_type == 13:  # a picture
            assert isinstance(provider.logo, Pixels)
            assert shape.width / shape.height == pytest.approx(provider.logo.width / provider.logo.height, rel=0.02)


@pytest.mark.parametrize("provider", [HARBOUR, HILL], ids=lambda each: each.name)
def test_a_name_and_a_logo_make_no_talk_longer(provider: Recipient) -> None:
    plain, look = composed(first_reader(), "slides"), theme(first_reader())
    bare = replace(provider, hours="", address="", lines=())
    assert render_deck(addressed(plain, bare), look, cache=SHARED).pages == render_deck(plain, look, cache=SHARED).pages


@pytest.mark.parametrize("audience", tuple(library().audiences))
def test_a_long_name_stays_on_the_first_slide(audience: str) -> None:
    for provider in (HARBOUR, LONG):
        document = addressed(composed(audience, "slides"), provider)
        planned = deck_plan.plan_deck(document, theme(audience), SHARED)
        assert not [found for found in planned.findings if found.severity == "error"]
        first = document.slides[0]
        assert [slide.at for slide in planned.slides].count(first.at) == 1


def test_slides_on_paper_name_the_recipient() -> None:
    document, look = addressed(composed(first_reader(), "slides"), HARBOUR), theme(first_reader())
    assert verify_file(render_slides_pdf(document, look).content, document, "slides-pdf") == ()
    assert verify_file(render_notes_pdf(document, look).content, document, "notes-pdf") == ()


def test_a_copy_without_a_recipient_is_unchanged() -> None:
    for name, render in (("handout", render_pdf), ("slides", render_deck)):
        document = composed(first_reader(), name)
        assert render(addressed(document, NOBODY), theme(first_reader())).content == (
            render(document, theme(first_reader())).content
        )
    assert set(Recipient.__struct_fields__) >= {"name", "phone", "address", "hours", "lines"}
