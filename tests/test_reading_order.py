"""Screen readers read each handout in each edition and paper in the order of the Document, by its tags.

Real tools look at the finished bytes: poppler reads the tags aloud, veraPDF and a second validator look for what bars
the way. Each audience in each look is a file: the full set looks at each look of one audience, by turns, the nightly
run at all.
"""

from __future__ import annotations

import re
import subprocess
from itertools import product
from pathlib import Path

import pytest
from layout_pages import AUDIENCES, Look, all_looks, deliverables
from validators import assert_page_validation_passes, assert_verapdf_passes, required_tool

from handouts.document.nodes import Document
from handouts.document.text import words_of
from handouts.pdf import render_pdf
from handouts.pipeline.deliverables import Deliverable

COUNTRY = "UK"
LOOKS = [look for look in all_looks() if look.country == COUNTRY]
SAID = re.compile(r'^ *"(.*)"$', re.DOTALL)

Finished = dict[Look, tuple[Deliverable, Path]]


def audiences_in_rotation(share: int) -> dict[Look, str]:
    """Return the audience for each look; over all shares each audience gets each look."""
    return {look: AUDIENCES[(number + share) % len(AUDIENCES)] for number, look in enumerate(LOOKS)}


@pytest.fixture(scope="module", params=[0, *(pytest.param(share, marks=pytest.mark.nightly) for share in (1, 2))])
def rendered_handouts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Return the handout of one audience in each edition on each paper, and its file."""
    folder = tmp_path_factory.mktemp("looks")
    files = {}
    for look, audience in audiences_in_rotation(request.param).items():
        (each,) = (made for made in deliverables(look) if made.audience == audience)
        file = folder / f"{audience}-{look.edition}-{look.paper}.pdf"
        file.write_bytes(render_pdf(each.document, each.theme).content)
        files[look] = each, file
    return files


def squeezed(text: str) -> str:
    """Return `text` without its spaces."""
    return re.sub(r"\s+", "", text)


def read_aloud(file: Path) -> str:
    """Return the words of a file in the order of its structure tree, as poppler finds them, without spaces."""
    command = [required_tool("pdfinfo"), "-struct-text", str(file)]
    # Poppler prints the summaries of tables as they are in the file, some of them in UTF-16.
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=True, timeout=60)
    return squeezed("".join(words_in_structure(done.stdout)))


def words_in_structure(listing: str) -> list[str]:
    """Return the words in what poppler prints of a structure tree: roles, and words in quotation marks below them."""
    return [found[1] for line in listing.splitlines() if (found := SAID.match(line))]


def out_of_order(document: Document, read_words: str) -> str:
    """Return the first words of `document` that do not follow the ones before them in `read_words`, or ""."""
    place = 0
    for words in words_of(document.blocks):
        found = read_words.find(squeezed(words), place)
        if found < 0:
            return words
        place = found + len(squeezed(words))
    return ""


@pytest.mark.nightly
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_handout_is_read_in_the_order_of_the_document(rendered_handouts: Finished, look: Look) -> None:
    each, file = rendered_handouts[look]
    assert not out_of_order(each.document, read_aloud(file)), each.audience


def test_words_read_too_early_or_never_are_noticed() -> None:
    (look,) = (each for each in LOOKS if (each.edition, each.paper) == ("standard", "a4"))
    document = deliverables(look)[0].document
    words = list(words_of(document.blocks))
    assert not out_of_order(document, squeezed("".join(words)))
    assert out_of_order(document, squeezed("".join([*words[:5], *words[6:]])))
    longest = max(range(len(words) - 1), key=lambda index: len(words[index]))
    moved = [words[longest], *words[:longest], *words[longest + 1 :]]
    assert out_of_order(document, squeezed("".join(moved))) == words[longest]


def test_over_all_shares_each_audience_has_each_look() -> None:
    shares = [audiences_in_rotation(share).items() for share in range(len(AUDIENCES))]
    assert {pair for share in shares for pair in share} == set(product(LOOKS, AUDIENCES))
    assert {audience for _, audience in shares[0]} == set(AUDIENCES)


@pytest.mark.full
def test_verapdf_accepts_every_look_as_accessible_and_archivable(rendered_handouts: Finished) -> None:
    assert_verapdf_passes((file for _, file in rendered_handouts.values()), "ua1,2a")


@pytest.mark.full
def test_a_second_validator_accepts_every_look(rendered_handouts: Finished) -> None:
    for _, file in rendered_handouts.values():
        assert_page_validation_passes(file.read_bytes())
