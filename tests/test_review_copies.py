"""The Word file for reviewers: all words of the chosen audiences, each at its place, and of no other audience."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from command_bench import AUDIENCES, COLD, Bench
from conftest import FILES
from hostile_payloads import payloads
from lxml import etree
from msgspec.structs import replace
from nonce_project import NONCE, READERS, write_project
from paths import ROOT
from samples import sample_document, sample_theme
from test_nothing_lost_or_leaked import everything_in, squeezed
from test_passages import SETTINGS, selections
from test_web import HOSTILE
from validators_office import assert_open_xml_is_valid

from handouts.compare.passages import review_passages
from handouts.document.nodes import Link, Strong, Text
from handouts.finding import NOWHERE
from handouts.pipeline.review_copies import ReviewRequest, make_review_copy
from handouts.verify.word_reader import read_word_file
from handouts.word.review_copy import ReviewParagraph, ReviewSection, ReviewSheet, ReviewStretch, review_copy_bytes

pytestmark = pytest.mark.full

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DAY = ("--today", "2026-11-24")
COPY = "output/bees/bees-review.docx"
MANY = 500  # characters
CLAIM = "Cold keeps them in."  # for growers only


def review_copy(root: Path, folder: Path, topic: str, *audiences: str) -> Path:
    """Make a review copy of a topic for some audiences, or for all, and return its path."""
    request = ReviewRequest(topic, audiences, "", date(2026, 11, 24), folder)
    return make_review_copy(root / "content", root / "templates", request).path


def parts_of(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as package:
        return {name: package.read(name) for name in package.namelist()}


def body_of(file: Path) -> Any:
    return etree.fromstring(parts_of(file)["word/document.xml"])


def bookmarked_words(file: Path) -> list[tuple[str, str]]:
    """Return the name of each bookmark with all words of its paragraph."""
    return [
        (mark.get(f"{W}name"), "".join(each.text or "" for each in paragraph.iter(f"{W}t")))
        for paragraph in body_of(file).iter(f"{W}p")
        for mark in paragraph.iter(f"{W}bookmarkStart")
        if not mark.get(f"{W}name").startswith("section_")
    ]


def shaded_lines(file: Path) -> list[str]:
    """Return the grey lines, which name the place and the audiences of the words below them."""
    styled = ((each, each.find(f"{W}pPr/{W}pStyle")) for each in body_of(file).iter(f"{W}p"))
    return ["".join(each.itertext()) for each, style in styled if style is not None and style.get(f"{W}val") == "Place"]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("audiences", [(), ("family", "clinicians")])
def test_each_passage_is_in_the_bookmark_with_its_key_exactly_once(tmp_path: Path, audiences: tuple[str, ...]) -> None:
    file = review_copy(ROOT, tmp_path, "bpd-contact", *audiences)
    read = selections(ROOT / "content", ROOT / "templates", "bpd-contact")
    expected = [(each.key, each.words) for each in review_passages(read, audiences)]
    found = bookmarked_words(file)
    assert len(found) == len(expected)
    assert dict(found) == dict(expected)


@pytest.mark.parametrize("reader", READERS)
def test_a_copy_for_one_audience_has_all_of_its_words_and_nothing_of_another(tmp_path: Path, reader: str) -> None:
    write_project(tmp_path)
    files = sorted((tmp_path / "content").rglob("*.*"))
    written = "\n".join(each.read_text(encoding="utf-8") for each in files if each.name not in SETTINGS)
    words = squeezed(everything_in(review_copy(tmp_path, tmp_path, "sample", reader).read_bytes()))
    found = {found[0] for found in NONCE.finditer(words)}
    assert found >= {found[0] for found in NONCE.finditer(written) if found[1] == reader}
    assert {NONCE.fullmatch(each)[1] for each in found} == {reader}  # type: ignore[index]


def test_text_that_differs_by_audience_is_in_columns_and_shared_text_is_not(bench: Bench) -> None:
    assert bench.run("review", "make", "bees", *DAY).code == 0
    body = body_of(bench.path(COPY))
    tables = [
        [["".join(cell.itertext()) for cell in row.iter(f"{W}tc")] for row in table.iter(f"{W}tr")]
        for table in body.iter(f"{W}tbl")
    ]
    assert [["Growers", "Keepers"], [CLAIM, "Below ten degrees no bee flies [Moss et al. 2019]."]] in tables
    heads = [table[0] for table in body.iter(f"{W}tbl") if table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None]
    assert len(heads) == sum(table[0] == ["Growers", "Keepers"] for table in tables) > 0
    lines = shaded_lines(bench.path(COPY))
    assert {"Headline · different for each", "On the slide · for all readers"} <= set(lines)
    assert "only for: Growers" in lines  # the term that is explained only to growers


def test_tables_and_texts_of_many_audiences_are_one_below_another(bench: Bench) -> None:
    more = ("Buyers", "Friends", "Teachers")
    looks = FILES[AUDIENCES].split("keepers:")[0]
    for name in more:
        added = looks.replace("growers", name.lower()).replace("Growers", name)
        bench.put(AUDIENCES, bench.path(AUDIENCES).read_bytes() + added.encode())
        claim = f'::: {{.claim for="{name.lower()}"}}\nClaim of {name}.\n:::\n\n::: {{.gist}}'
        bench.project.replace(COLD, "::: {.gist}", claim)
    tables = [f"| {each} | Do |\n| --- | --- |\n| Cold | Wait |\n" for each in ("Bees", "Hives")]
    own = f'::: {{for="growers"}}\n{tables[0]}:::\n\n::: {{for="keepers"}}\n{tables[1]}:::\n'
    bench.project.replace(COLD, "Everyone reads this.", f"Everyone reads this.\n\n{own}\nAll read on.")
    assert bench.run("review", "make", "bees", *DAY).code == 0
    lines = shaded_lines(bench.path(COPY))
    assert {f"Headline · only for: {name}" for name in ("Growers", "Keepers", *more)} <= set(lines)
    assert {f"On paper · only for: {name}" for name in ("Growers", "Keepers")} <= set(lines)


def test_list_items_keep_their_numbers_in_columns(bench: Bench) -> None:
    steps = '1. One\n2. [Two]{for="growers"}[Second]{for="keepers"}\n3. Three\n'
    bench.project.replace(COLD, "Everyone reads this.", f"Everyone reads this.\n\n{steps}\nAll read on.")
    assert bench.run("review", "make", "bees", *DAY).code == 0
    numbering = etree.fromstring(parts_of(bench.path(COPY))["word/numbering.xml"])
    starts = {
        each.get(f"{W}numId"): each.find(f"{W}lvlOverride/{W}startOverride").get(f"{W}val")
        for each in numbering.iter(f"{W}num")
        if each.find(f"{W}lvlOverride") is not None
    }
    found = {
        "".join(each.itertext()): starts.get(each.find(f"{W}pPr/{W}numPr/{W}numId").get(f"{W}val"))
        for each in body_of(bench.path(COPY)).iter(f"{W}p")
        if each.find(f"{W}pPr/{W}numPr") is not None
    }
    expected = {"One": "1", "Two": "2", "Second": "2", "Three": "3"}
    assert {words: found[words] for words in expected} == expected


def test_a_copy_for_one_audience_does_not_name_audiences(bench: Bench) -> None:
    assert bench.run("review", "make", "bees", "--audience", "growers", *DAY).code == 0
    file = bench.path("output/bees/bees-growers-review.docx")
    assert {"Headline", "On the slide", "Said aloud"} <= set(shaded_lines(file))
    assert "Keepers" not in everything_in(file.read_bytes())


# ---------------------------------------------------------------- the file


def test_changes_are_tracked_and_the_first_page_describes_the_copy(bench: Bench) -> None:
    assert bench.run("review", "make", "bees", *DAY).code == 0
    parts, read = parts_of(bench.path(COPY)), read_word_file(bench.path(COPY).read_bytes())
    assert etree.fromstring(parts["word/settings.xml"]).find(f"{W}trackRevisions") is not None
    assert (read.title, read.language, read.headings[:3]) == ("To review: Bees in winter", "en-GB", (1, 1, 1))
    assert {"Growers; Keepers", "24 Nov 2026", "not yet reviewed", "The writers"} <= set(read.text[:20])
    assert not read.active
    assert set(read.anchors) <= set(read.bookmarks)
    assert len(set(read.bookmarks)) == len(read.bookmarks)
    own = {each.get("name"): each[0].text for each in etree.fromstring(parts["docProps/custom.xml"])}
    assert (own["handouts-topic"], own["handouts-audiences"]) == ("bees", "growers,keepers")


def test_a_copy_shows_which_audience_was_reviewed(bench: Bench) -> None:
    bench.run("review", "sign", "bees", "--audience", "growers", "--role", "clinician", *DAY)
    bench.run("review", "make", "bees", *DAY)
    read = read_word_file(bench.path(COPY).read_bytes())
    assert "Growers: reviewed; Keepers: not yet reviewed" in read.text
    bench.run("review", "make", "bees", "--audience", "growers", *DAY)
    read = read_word_file(bench.path("output/bees/bees-growers-review.docx").read_bytes())
    assert "not yet reviewed" not in " ".join((*read.text, *read.hidden, *sum(read.heads.values(), ())))


def test_a_copy_is_valid_and_reproducible(tmp_path: Path) -> None:
    write_project(tmp_path)
    file, again = (review_copy(tmp_path, tmp_path / each, "sample") for each in "ab")
    assert file.read_bytes() == again.read_bytes()
    assert_open_xml_is_valid([file])


Shape = list[tuple[str, tuple[str, ...]]]


def shape_of_copy(words: str) -> Shape:
    """Return every element, with the names of its attributes, of a copy in which every field contains these words."""
    roles = ("prose", "heading", "alt", "item")
    paragraphs = tuple(
        ReviewParagraph(f"p{number}", role, (Strong((Text(words),)), Link((Text(words),), words, words)), "1.", NOWHERE)
        for number, role in enumerate(roles)
    )
    stretches = (ReviewStretch(words, ((words, paragraphs[:2]), (words, paragraphs[2:]))),)
    document = replace(sample_document(), title=words, running_title=words, label=words, foot=words, draft=words)
    sheet = ReviewSheet(
        document=document,
        about=words,
        facts=((words, words),),
        how=words,
        guidance=(words,),
        contents=words,
        sections=(ReviewSection(words, stretches),),
        role_labels=(("alt", words),),
        properties=((words, words),),
    )
    with zipfile.ZipFile(io.BytesIO(review_copy_bytes(sheet, sample_theme()))) as package:
        roots = [
            etree.fromstring(package.read(name)) for name in package.namelist() if name.endswith((".xml", ".rels"))
        ]
    return [(each.tag, tuple(each.keys())) for root in roots for each in root.iter()]


@pytest.fixture(scope="module")
def plain_shape() -> Shape:
    return shape_of_copy("Plain")


@pytest.mark.parametrize("words", [*HOSTILE, *payloads(Path("/secret")).values()], ids=lambda words: words[:20])
def test_content_never_becomes_markup_of_the_file(plain_shape: Shape, words: str) -> None:
    assert shape_of_copy(words[:MANY]) == plain_shape


# ---------------------------------------------------------------- what is refused


def test_a_copy_that_was_saved_by_another_program_is_not_overwritten(bench: Bench) -> None:
    bench.run("review", "make", "bees", *DAY)
    bench.project.replace(COLD, CLAIM, "Cold makes them stay in.")
    assert bench.run("review", "make", "bees", *DAY).code == 0  # not saved by another program
    assert "Cold makes them stay in." in read_word_file(bench.path(COPY).read_bytes()).text
    parts = parts_of(bench.path(COPY))
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"makes them", b"lets them")
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    original = bench.path(COPY).read_bytes()
    damaged = original[:900] + b"\0\1\2\3" * 500 + original[2900:]
    lzma = io.BytesIO()
    with zipfile.ZipFile(lzma, "w", zipfile.ZIP_LZMA) as package:
        for name, content in parts_of(bench.path(COPY)).items():
            package.writestr(name, content)
    start = lzma.getvalue().index(b"word/document.xml") + 60
    # A damaged LZMA stream raises another exception than the usual ones.
    broken = lzma.getvalue()[:start] + b"\xff" * 200 + lzma.getvalue()[start + 200 :]
    for content in (saved.getvalue(), b"no Word file", b"", original[:-100], damaged, broken):
        bench.put(COPY, content)
        ran = bench.run("review", "make", "bees", *DAY)
        assert (ran.code, "error: edited: " in ran.err, bench.path(COPY).read_bytes()) == (1, True, content)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("bes",), "did you mean 'bees'?"),
        (("bees", "--audience", "growrs"), "did you mean 'growers'?"),
        (("bees", "--language", "em"), "'bees' has no language 'em'."),
        (("bees", "--output", "copy.pdf"), "write a name that ends with .docx"),
        (("bees", "--output", "copy.docx"), "This is a folder."),
    ],
)
def test_wrong_arguments_are_reported_and_make_no_copy(bench: Bench, words: tuple[str, ...], message: str) -> None:
    bench.path("copy.docx").mkdir()
    ran = bench.run("review", "make", *words, *DAY)
    assert ran.code == 2
    assert message in ran.err
    assert not bench.path("output").exists()


def test_the_path_of_a_copy_can_be_chosen(bench: Bench) -> None:
    ran = bench.run("review", "make", "bees", "--output", "mail/for Ann.docx", *DAY)
    assert (ran.code, ran.out.split(": ")[0]) == (0, "written to mail/for Ann.docx")
    assert bench.path("mail/for Ann.docx").exists()
