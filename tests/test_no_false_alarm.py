"""Verification raises no false alarm, however short or repeated the texts of a document are."""

from __future__ import annotations

import pytest
from deck_samples import HARBOUR
from generated_documents import TERSE
from msgspec.structs import replace
from nightly import RENDER_CACHE, RENDERERS, Summary, run_terse_documents
from samples import CONTACTS, FIGURE, inlines, paragraph, sample_document

from handouts.document.nodes import Block, BulletList, Document, Heading, Picture, Slide
from handouts.finding import NOWHERE, is_error
from handouts.verify import verify_file
from handouts.verify.deck_reader import read_deck
from handouts.verify.expected import AllowedTexts, ExpectedText, normalized_text
from handouts.verify.matching import compare_texts


def talk(*slides: Slide) -> Document:
    return replace(sample_document(), blocks=(), slides=slides)


def slide(title: str, *blocks: Block, notes: str = "Say this.") -> Slide:
    return Slide("content", inlines(title), (), blocks, (paragraph(notes),))


def faults(document: Document) -> dict[str, list[str]]:
    """Render a document in all formats, and return the findings of verification."""
    found = {}
    for name, render in RENDERERS.items():
        if (name == "pdf") == bool(document.blocks):
            rendered = render(document, 0)
            assert not [each for each in rendered.findings if is_error(each)]
            found[name] = [str(each) for each in verify_file(rendered.content, document, name, cache=RENDER_CACHE)]
    return {name: each for name, each in found.items() if each}


@pytest.mark.full
@pytest.mark.parametrize("number", range(30_000, 30_024))
def test_documents_of_short_and_repeated_texts_pass(number: int) -> None:
    summary: Summary = run_terse_documents(range(number, number + 1))
    assert summary.failures == []
    assert summary.rendered


@pytest.mark.full
@pytest.mark.parametrize("text", [*TERSE, "¼", "“”", "(", "…?", "e\u0301\u0323"])
def test_texts_of_one_character_pass(text: str) -> None:
    blocks = (paragraph(text), BulletList(((paragraph(text),), (paragraph("Tell a friend"),))))
    slides = [slide(title, *blocks, notes=text) for title in (text, f"{text} {text}")]
    around = {"label": text, "running_title": text, "foot": text, "subject": text}
    assert faults(replace(talk(*slides), **around)) == {}
    pages = sample_document(Heading(2, inlines(text)), *blocks, FIGURE, CONTACTS)
    assert faults(replace(pages, **around)) == {}


def test_a_slide_with_the_titles_of_later_slides_passes() -> None:
    agenda = BulletList(tuple((paragraph(each),) for each in ("Fear", "Hope", "Fear and hope")))
    assert faults(talk(slide("Today", agenda), *(slide(each, paragraph("It is.")) for each in ("Fear", "Hope")))) == {}


def test_titles_that_contain_each_other_pass() -> None:
    titles = ("Tell", "Tell a friend", "Tell (continued)", "a friend", "Tell a friend (continued)")
    assert faults(talk(*(slide(each, paragraph("Tell (continued)")) for each in titles))) == {}


def test_a_continued_slide_is_not_taken_for_the_next_one() -> None:
    long = (paragraph("A sentence of a text that is too long for one slide. " * 3),) * 4
    document = talk(slide("Fear", *long), slide("Hope", paragraph("Fear (continued)")))
    titles = [each.title for each in read_deck(RENDERERS["pptx"](document, 0).content)]
    assert titles == ["Fear", "Fear (continued)", "Hope"]
    assert faults(document) == {}


def test_the_caption_of_a_picture_passes() -> None:
    picture = Picture(HARBOUR, "Boats in a harbour.", inlines("Harbour, by A. Person"))
    assert faults(talk(slide("A harbour", picture))) == {}
    assert faults(sample_document(picture)) == {}


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (("Do", "Do this", "Then rest"), {}),
        (("Do", "Do this", "Somebody else's", "Then rest"), {"extra-words": "Somebodyelse's"}),
        (("Do", "Do this and more", "Then rest"), {"extra-words": "andmore"}),
        (("Do", "Do this"), {"lost-words": "Thenrest"}),
        (("Do", "Then rest", "Do this"), {"lost-words": "Dothis"}),
    ],
)
def test_lost_and_extra_words_are_named(pieces: tuple[str, ...], expected: dict[str, str]) -> None:
    chain = tuple(ExpectedText(normalized_text(text), NOWHERE) for text in ("Do", "Do this", "Then rest"))
    found = {each.code: each.message for each in compare_texts(pieces, (chain,), AllowedTexts({}), "the handout")}
    assert found.keys() == expected.keys()
    assert all(f"“{words}”" in found[code] for code, words in expected.items())
