"""Telephone numbers on a scan: the printed page with the most of them at 150, 200 and 300 dots an inch, read by a
machine.

The machine, tesseract, looks at the page twice: as blocks of text and as scattered words. A number is read right if
its digits follow each other, spaces aside, in what it saw at one of the looks. All have to be.
"""

from __future__ import annotations

import os
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from layout_pages import AUDIENCES, Look, is_artifact, planned_handout, text_items
from paths import ROOT
from samples import CONTACTS, CRISIS, sample_document, sample_theme
from validators import required_tool

from handouts.layout.handout_pages import plan_document
from handouts.layout.page_model import Page, TextItem
from handouts.pipeline.build import build_all
from handouts.pipeline.options import Options
from handouts.text.fonts import PHONE_NUMBER_FAMILY

LOOK = Look("standard", "a4", "UK")
RESOLUTIONS = (150, 200, 300)
LOOKS = ("3", "11")  # how tesseract looks for text on a page
MOST_TOLD = 10


def is_called(item: TextItem) -> bool:
    """True if `item` is set as a telephone number."""
    return item.run.face is PHONE_NUMBER_FAMILY.bold[0]


def numbers_on(page: Page) -> list[str]:
    """Return the different telephone numbers on a page, without their spaces."""
    return list(dict.fromkeys(re.sub(r"\D", "", item.run.text) for item in text_items(page) if is_called(item)))


@cache
def fullest_page() -> tuple[str, int, tuple[str, ...]]:
    """Return the audience, the index, and the numbers of the page with the most numbers in all handouts."""
    pages = [
        (audience, index, tuple(numbers_on(page)))
        for audience in AUDIENCES
        for index, page in enumerate(planned_handout(audience, LOOK).plan.pages)
    ]
    return max(pages, key=lambda each: len(each[2]))


@pytest.fixture(scope="module")
def handout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished file with the page with the most numbers."""
    output = tmp_path_factory.mktemp("numbers")
    audience, _, _ = fullest_page()
    options = Options(
        ROOT / "content",
        ROOT / "templates",
        output,
        audiences=(audience,),
        template_names=("handout",),
        country=LOOK.country,
    )
    (made,) = build_all(options).outcomes
    return made.path


def digits_seen(file: Path, page: int, resolution: int) -> tuple[str, ...]:
    """Return the digits that tesseract reads on a page, joined, for each of its modes."""
    show, read = required_tool("pdftoppm"), required_tool("tesseract")
    picture = file.with_suffix(f".{resolution}")
    shown = [show, "-r", str(resolution), "-f", str(page + 1), "-l", str(page + 1), "-png", "-singlefile"]
    subprocess.run([*shown, str(file), str(picture)], check=True, timeout=60)
    single_threaded = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    command = [read, f"{picture}.png", "-", "-l", "eng", "--dpi", str(resolution), "--psm"]
    looks = (
        subprocess.run(
            [*command, look], capture_output=True, text=True, check=True, timeout=60, env=single_threaded
        ).stdout
        for look in LOOKS
    )
    return tuple(re.sub(r"(?<=\d)\s+(?=\d)", "", seen) for seen in looks)


@pytest.mark.nightly
@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_every_number_on_the_fullest_page_is_read_correctly(handout: Path, resolution: int) -> None:
    _, page, numbers = fullest_page()
    assert len(numbers) >= MOST_TOLD
    seen = digits_seen(handout, page, resolution)
    assert not [number for number in numbers if not any(number in look for look in seen)]


def test_only_telephone_numbers_use_their_typeface_and_are_as_high_as_the_letters() -> None:
    theme = sample_theme()
    made = plan_document(sample_document(CONTACTS, crisis=CRISIS), theme)
    items = [item for page in made.pages for item in text_items(page) if not is_artifact(item)]
    numbers = {re.sub(r"\s", "", item.run.text) for item in items if is_called(item)}
    assert numbers == {re.sub(r"\s", "", each.number) for each in CONTACTS.contacts if each.number} | {
        re.sub(r"\s", "", line.number) for column in CRISIS.columns for line in column.lines if line.number
    }
    assert not [item.run.text for item in items if not is_called(item) and re.search(r"\d{3}", item.run.text)]
    crisis = theme.print["crisis"].size
    assert {round(item.run.size / item.run.face.scale, 3) for item in items if is_called(item)} >= {crisis}
