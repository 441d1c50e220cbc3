"""A copy of a copy: the photocopy edition in one bit at 200 dots an inch, read by tesseract.

How it is counted. A word is a stretch of letters and digits after accents and apostrophes are taken away and all is in
small letters; a single digit is not counted, for those stand in rings and are found by their place. The words of a page
are those that a search finds in the PDF, as often as they occur. The machine, tesseract, looks at each page twice: as
blocks of text and as scattered words. A word is read as often as it was read by the look that read it more often. At
least 95 % of the words of each page are read.
"""

from __future__ import annotations

import os
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pypdfium2
import pytest
from layout_pages import AUDIENCES, Look, deliverables
from pdf_text import HYPHEN_AT_END
from validators import required_tool

from handouts.pdf import render_pdf

LOOK = Look("photocopy", "a4", "UK")
DOTS, READ = 200, 0.95
BLOCKS, SCATTERED = "3", "11"  # how tesseract looks for text on a page
WORD = re.compile(r"[a-z0-9]+")


def words_in(text: str) -> Counter[str]:
    """Return the words of `text`, each with how often it occurs."""
    plain = unicodedata.normalize("NFKD", text.replace(HYPHEN_AT_END, "-")).lower()
    letters = "".join(each for each in plain if not unicodedata.combining(each) and each not in "'’‘")
    return Counter(word for word in WORD.findall(letters) if not (len(word) == 1 and word.isdigit()))


def share_read(printed: Counter[str], looks: Sequence[Counter[str]]) -> float:
    """Return the share of the `printed` words that one of the `looks` has read."""
    seen: Counter[str] = Counter()
    for look in looks:
        seen |= look
    return 1 - (printed - seen).total() / printed.total()


def pictures_of(content: bytes, folder: Path) -> list[Path]:
    """Return a picture of each page in black and white, without any grey."""
    command = [required_tool("pdftoppm"), "-mono", "-r", str(DOTS)]
    file = folder / "copy.pdf"
    file.write_bytes(content)
    subprocess.run([*command, str(file), str(folder / "page")], check=True, timeout=60)
    return sorted(folder.glob("page*.pbm"))


def read_picture(request: tuple[Path, str]) -> Counter[str]:
    """Return the words that tesseract reads in a picture in one mode."""
    picture, look = request
    command = [required_tool("tesseract"), str(picture), "-", "-l", "eng", "--dpi", str(DOTS), "--psm", look]
    single_threaded = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # its own threads make it slower
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=single_threaded)
    return words_in(done.stdout)


def shares_read(content: bytes, folder: Path) -> list[tuple[float, dict[str, int]]]:
    """Return the share of words read and the unread words of each page."""
    required_tool("tesseract")
    pictures = pictures_of(content, folder)
    with ThreadPoolExecutor(2) as pool:
        looks = list(pool.map(read_picture, product(pictures, (BLOCKS, SCATTERED))))
    shares = []
    with pypdfium2.PdfDocument(content) as document:
        for page, blocks, scattered in zip(document, looks[::2], looks[1::2], strict=True):
            printed = words_in(page.get_textpage().get_text_range())
            shares.append((share_read(printed, (blocks, scattered)), dict(printed - (blocks | scattered))))
    return shares


@pytest.mark.nightly
@pytest.mark.parametrize("audience", AUDIENCES)
def test_tesseract_reads_nearly_every_word_of_each_copied_page(audience: str, tmp_path: Path) -> None:
    (one,) = (each for each in deliverables(LOOK) if each.audience == audience)
    shares = shares_read(render_pdf(one.document, one.theme).content, tmp_path)
    assert len(shares) > 5
    lost = [f"page {number}: {share:.1%}, not {words}" for number, (share, words) in enumerate(shares, 1)]
    assert all(share >= READ for share, _ in shares), "\n".join(lost)


def test_words_are_counted_by_occurrence_without_quotation_marks() -> None:
    assert words_in("“I’m here,” SAID Zoë: 0808 2000-247, step 1. I\ufffem") == Counter(
        ("im", "here", "said", "zoe", "0808", "2000", "247", "step", "i", "m")
    )
    printed = words_in("call call now please")
    assert share_read(printed, (words_in("call now"), words_in("now please"))) == 0.75
    assert share_read(printed, (words_in("please call now call"),)) == 1.0
    assert share_read(printed, (Counter(),)) == 0.0


def test_a_page_that_copies_badly_is_noticed(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    file = tmp_path / "grey.pdf"
    canvas = Canvas(str(file))
    for grey, words in (
        (0.0, "Call a help line at any time of the day"),
        (0.93, "These pale words are lost on a copier"),
    ):
        canvas.setFillGray(grey)
        canvas.setFont("Helvetica", 12)
        canvas.drawString(72, 700 - 100 * grey, words)
    canvas.save()
    ((share, lost),) = shares_read(file.read_bytes(), tmp_path)
    assert share < 0.7
    assert "pale" in lost
    assert "help" not in lost
