"""Another design applied to every deck: each text follows it in font, size and colour, as LibreOffice shows it.

Four things stay, and are meant to. The red, amber and green of a fork are those of the handout and must not change
with a brand. Words in figures and charts are part of a drawing: they take face and colour of the theme, and keep their
sizes, on which the places of all else depend. So do words in tables, which are pasted into decks that know nothing of
ours. Bold words stay bold: that is what they mean.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deck_file import A, DeckFile, P, StyledText
from deck_in_libreoffice import convert_decks, without_whitespace
from deck_restyled import COLOURS, TEXT_FACE, TITLE_FACE, PaintedLetter, other_size, painted_pages, with_other_design
from shipped_decks import DECK_SETS, Deck, real_decks_in, sample, some_decks

OWN_SIZES = {"label", "chart", "table"}
ROLES = ("red", "amber", "green")
FACES = {"+mn-lt", "+mj-lt"}


def fixed(deck: Deck) -> set[str]:
    """Return the colours that a brand must not change."""
    return {deck.theme.colours[role].removeprefix("#").upper() for role in ROLES}


# ---------------------------------------------------------------- what slides say of themselves


def overriding(deck: Deck, file: DeckFile) -> Iterator[str]:
    """Yield the formatting of a text on a slide that belongs into its layout, its master or the theme."""
    for name in file.slides:
        for seen in file.styled_texts(name):
            properties = seen.run.find(f"{A}rPr")
            if properties is None or seen.kind == "chart":
                continue
            if seen.kind not in OWN_SIZES:
                yield from (f"{name}: “{seen.text}” has its own {key}" for key in ("sz", "spc") if properties.get(key))
            yield from (f"{name}: “{seen.text}” has {face}" for face in faces(properties) - FACES)
            yield from (f"{name}: “{seen.text}” has {one}" for one in literal_colours(properties) - fixed(deck))
        for shape in file.shapes(name):
            yield from own_layout(name, shape)


def faces(properties: Any) -> set[str]:
    """Return the fonts that a run names."""
    return {each.get("typeface") for tag in ("latin", "ea", "cs", "sym") for each in properties.iter(f"{A}{tag}")}


def literal_colours(properties: Any) -> set[str]:
    """Return the colours of a run that are not theme colours."""
    return {each.get("val") for each in properties.iter(f"{A}srgbClr")}


def own_layout(name: str, shape: Any) -> Iterator[str]:
    """Yield the spacing, place and levels that a placeholder overrides."""
    if shape.tag == f"{P}sp" and len(shape.find(f"{P}spPr")):
        yield f"{name}: a placeholder has its own place"
    if shape.tag == f"{P}sp":
        for tag in ("lnSpc", "spcBef", "spcAft", "normAutofit", "spAutoFit", "defRPr"):
            yield from (f"{name}: a text has its own {tag}" for _ in shape.iter(f"{A}{tag}"))


@pytest.mark.full
@pytest.mark.parametrize("ways", DECK_SETS)
def test_no_text_of_a_slide_overrides_its_layout(ways: str) -> None:
    for deck in some_decks(ways):
        assert list(overriding(deck, DeckFile(deck.content))) == []


@pytest.mark.parametrize(("key", "value"), [("sz", "2000"), ("spc", "-10")])
def test_a_text_that_overrides_its_layout_is_noticed(key: str, value: str) -> None:
    file = DeckFile(sample().content)
    next(next(file.tree(file.slides[2]).iter(f"{P}sp")).iter(f"{A}rPr")).set(key, value)
    assert len(list(overriding(sample(), file))) == 1


def test_a_cell_with_a_fixed_colour_is_noticed() -> None:
    file = DeckFile(sample().content)
    fill = next(next(file.tree(file.slides[2]).iter(f"{A}tc")).iter(f"{A}rPr")).find(f"{A}solidFill")
    fill[:] = [fill.makeelement(f"{A}srgbClr", {"val": "0F4C5C"})]
    assert len(list(overriding(sample(), file))) == 1


# ---------------------------------------------------------------- another design


@pytest.fixture(scope="module")
def restyled() -> tuple[Deck, ...]:
    """All decks with another design, without the shorter talks, whose slides are those of the longest."""
    longest = [deck for deck in real_decks_in("chosen") if not deck.name.endswith("min")]
    return tuple(dataclasses.replace(deck, content=with_other_design(deck.content)) for deck in (sample(), *longest))


@pytest.fixture(scope="module")
def shown(restyled: tuple[Deck, ...], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """These decks as PDF."""
    return convert_decks(restyled, tmp_path_factory.mktemp("restyled"))


@pytest.mark.full
def test_the_slides_themselves_are_not_changed(restyled: tuple[Deck, ...]) -> None:
    for deck in restyled:
        before = next(each for each in some_decks("chosen") if each.name == deck.name)
        one, other = DeckFile(before.content), DeckFile(deck.content)
        for name in one.parts:
            if name.startswith(("ppt/slides/", "ppt/notesSlides/", "ppt/charts/", "ppt/tableStyles")):
                assert one.parts[name] == other.parts[name]


@pytest.mark.full
def test_every_text_inherits_font_size_and_colour_of_the_other_design(restyled: tuple[Deck, ...]) -> None:
    for deck in restyled:
        before = next(each for each in some_decks("chosen") if each.name == deck.name)
        one, other = DeckFile(before.content), DeckFile(deck.content)
        for name in one.slides:
            for old, new in zip(one.styled_texts(name), other.styled_texts(name), strict=True):
                assert new.style.face == (TITLE_FACE if new.kind == "title" else TEXT_FACE), new.text
                expected = old.style.size if new.kind in OWN_SIZES else other_size(round(100 * old.style.size)) / 100
                assert new.style.size == expected, new.text
                assert new.style.bold == old.style.bold
                if new.style.colour_name not in fixed(deck):
                    assert new.style.colour in COLOURS.values(), new.text


@pytest.mark.full
def test_libreoffice_shows_every_text_in_the_other_design(restyled: tuple[Deck, ...], shown: dict[str, Path]) -> None:
    for deck in restyled:
        file, pages = DeckFile(deck.content), painted_pages(shown[deck.name])
        for name, letters in zip(file.slides, pages, strict=True):
            seen = list(file.styled_texts(name))
            assert list(not_as_expected(seen, letters)) == [], (deck.name, name)
            assert letters_of_no_text(seen, letters) == set(), (deck.name, name)


def not_as_expected(seen: list[StyledText], letters: list[PaintedLetter]) -> Iterator[str]:
    """Yield each run that is not painted anywhere with the formatting that it inherits."""
    page = "".join(letter for letter, *_ in letters)
    for each in seen:
        words, expected = without_whitespace(each.text), painted_looks(each)
        if each.kind == "chart" or not words:
            continue
        starts = [at for at in range(len(page)) if page.startswith(words, at)]
        looks = [{tuple(letter[1:]) for letter in letters[at : at + len(words)]} for at in starts]
        if not any(look <= expected for look in looks):
            yield f"“{each.text}” is shown as {looks}, not as {expected}"


def letters_of_no_text(seen: list[StyledText], letters: list[PaintedLetter]) -> set[PaintedLetter]:
    """Return the characters formatted like no text of the slide; numbers and bullets are like the text after them."""
    looks = {look for each in seen for look in painted_looks(each)}
    return {letter for letter in letters if tuple(letter[1:]) not in looks and letter[0] not in MARKS}


MARKS = set("•0123456789.")


def painted_looks(seen: StyledText) -> set[tuple[str, bool, float, str]]:
    """Return font, weight, size and colour as in a PDF; a link may have the colour of links."""
    look = seen.style
    colours = {look.colour, COLOURS["hlink"]} if seen.is_link else {look.colour}
    return {(look.face.replace(" ", ""), look.bold, round(2 * look.size) / 2, colour) for colour in colours}


@pytest.mark.full
def test_a_table_that_keeps_its_colours_is_noticed(shown: dict[str, Path]) -> None:
    pages = painted_pages(shown["sample"])
    file = DeckFile(sample().content)
    found = list(not_as_expected(list(file.styled_texts(file.slides[2])), pages[2]))
    assert len(found) == len([each for each in file.styled_texts(file.slides[2]) if each.text.strip()])
