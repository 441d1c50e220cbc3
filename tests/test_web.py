"""Web pages: all words in order, no scripts and no requests, readable in light and dark mode."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import sys
import zlib
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest
from command_bench import BUILD, COLD, EVERYONE, Bench
from fontTools.ttLib import TTFont
from generated_documents import generated_pages, print_theme
from hostile_payloads import payloads
from msgspec.structs import replace
from paths import ROOT
from samples import EVERYTHING, MINIMUM_CONTRAST, inlines, paragraph, sample_document, sample_theme

from handouts.compose import compose_discreet_edition, compose_document
from handouts.document.nodes import (
    Amount,
    Callout,
    Chart,
    ChartRow,
    Choices,
    Document,
    Figure,
    FillTable,
    Heading,
    Link,
    Outline,
    Outlines,
    Picture,
    Pixels,
    Publication,
    Scale,
    Worksheet,
    Writing,
)
from handouts.document.text import words_of
from handouts.finding import is_error
from handouts.library import Library
from handouts.load import load_library
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.render_cache import RenderCache
from handouts.select import select_content
from handouts.theme import Theme, contrast_ratio, resolve_theme
from handouts.verify import verify_file, verify_index
from handouts.verify.web_reader import read_page
from handouts.web import render_html
from handouts.web.site_index import ListedFile, index_html
from handouts.web.style_sheet import dark_colour, woff_of

pytestmark = pytest.mark.full

MOST_BYTES = 400_000
CHART = Chart(
    inlines("How many got better"),
    "%",
    "After",
    ("With help", "Without"),
    (ChartRow("One year", (Amount("35", 35), Amount("20", 20))),),
    "More got better with help.",
    inlines("Longer is better."),
)
PICTURE = Picture(
    Outlines(10, 5, (Outline((("M", (0, 0)), ("L", (9, 4))), "", "#FF0000", 1),)), "A red line", inlines("A")
)
PHOTO = Picture(Pixels(2, 2, b"\xff\xd8\xffphoto", b"", b""), "Two hands")
SHEET = Worksheet(
    (
        Heading(2, inlines("My plan")),
        Writing("plan", inlines("What I will do"), inlines("One thing is enough."), count=3),
        Writing("by", inlines("By when"), follows=True),
        Choices("who", inlines("Whom I tell"), (inlines("a friend"), inlines("nobody")), one=True),
        Choices("signs", inlines("What I see"), (inlines("threats"), inlines("following"))),
        Scale("calm", inlines("How calm I am"), inlines("not at all"), inlines("very")),
        FillTable(
            "log", inlines("What happened"), (inlines("Day"), inlines("What")), ((inlines("Monday"), ()), ((), ()))
        ),
    )
)
WHOLE = (*EVERYTHING, CHART, PICTURE, PHOTO, SHEET)
ABOUT = Publication("CC BY 4.0", "2026-11-01", "Partners", "borderline personality disorder", "BPD", can_leave=True)


def whole_document() -> Document:
    """Return a document with every kind of block."""
    return replace(sample_document(*WHOLE), publication=ABOUT)


def page_of(document: Document, edition: str = "standard") -> str:
    """Return the page of a document, after checking it."""
    rendered = render_html(document, sample_theme(edition=edition))
    assert not verify_file(rendered.content, document, "html")
    return rendered.content.decode("utf-8")


def codes(page: str, document: Document) -> set[str]:
    """Return the codes of the findings about a page."""
    return {found.code for found in verify_file(page.encode("utf-8"), document, "html")}


@pytest.fixture(scope="module")
def shipped_library() -> Library:
    return load_library(ROOT / "content", ROOT / "templates")


def shipped_document(library: Library, audience: str, template: str, edition: str) -> tuple[Document, Theme]:
    """Return a document of the shipped topic and its theme."""
    reader = library.audiences[audience]
    selection = select_content(library, "bpd-contact", audience, "en")
    composition = compose_document(selection, template, country="UK", today=date(2026, 11, 23))
    document = compose_discreet_edition(composition) if edition == "discreet" else composition.document
    source = library.themes[library.service.theme]
    theme = resolve_theme(source, accent=reader.accent, density=reader.density, edition=edition, line=reader.line)
    return document, theme


def shipped(library: Library, audience: str, template: str, edition: str = "standard") -> tuple[Document, bytes]:
    """Return a document of the shipped topic and its page."""
    document, theme = shipped_document(library, audience, template, edition)
    return document, render_html(document, theme).content


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("edition", ["standard", "large-print", "photocopy"])
def test_every_word_of_every_kind_of_block_is_on_the_page_in_order(edition: str) -> None:
    document = whole_document()
    read = read_page(page_of(document, edition).encode())
    text, position = squeezed("".join(read.text)), 0
    for words in words_of(document):
        found = text.find(squeezed(words), position)
        assert found >= 0, words
        position = found + len(squeezed(words))


def squeezed(text: str) -> str:
    """Return `text` without spaces."""
    return re.sub(r"[\s\u200b\u00ad]", "", text)


@pytest.mark.parametrize("template", ["handout", "worksheets", "card"])
@pytest.mark.parametrize("audience", ["family", "partners", "clinicians"])
def test_a_shipped_page_is_complete_and_small(shipped_library: Library, audience: str, template: str) -> None:
    document, content = shipped(shipped_library, audience, template)
    assert verify_file(content, document, "html") == ()
    assert len(content) < MOST_BYTES


@pytest.mark.parametrize("number", range(12))
def test_a_generated_page_is_complete_or_refused(number: int) -> None:
    document = generated_pages(number)
    rendered = render_html(document, print_theme(number))
    if rendered.content:
        assert verify_file(rendered.content, document, "html") == ()
    else:
        assert any(map(is_error, rendered.findings))


Change = Callable[[str], str]
FAULTS: dict[str, tuple[Change, str]] = {
    "a paragraph is lost": (lambda page: re.sub(r"<p>Many people.*?</p>", "", page, count=1), "lost-words"),
    "two texts change places": (
        lambda page: (
            page.replace("Clear limits help both people.", "@")
            .replace("and on bad days.", "Clear limits help both people.")
            .replace("@", "and on bad days.")
        ),
        "lost-words",
    ),
    "words of others": (lambda page: page.replace("</main>", "<p>Only for clinicians</p></main>"), "extra-words"),
    "words of others that are only heard": (
        lambda page: page.replace('class="message"', 'class="message" aria-label="Only for clinicians"'),
        "extra-words",
    ),
    "words of others among the metadata": (
        lambda page: page.replace('name="description" content="', 'name="description" content="Borderline '),
        "extra-words",
    ),
    "words of others in the structured data": (
        lambda page: page.replace('"audienceType": "', '"audienceType": "Angry '),
        "extra-words",
    ),
    "words of others in the foot": (
        lambda page: page.replace("</footer>", "<p>Clinicians</p></footer>"),
        "extra-words",
    ),
    "an alt text is lost": (lambda page: page.replace("Six steps in a circle. Two", "Two"), "missing-alt"),
    "a number of the crisis box is lost": (
        lambda page: re.sub(r"<li>Samaritans .*?</li>", "", page, count=1),
        "lost-words",
    ),
    "the drawing for phones says less": (
        lambda page: page.replace("Feelings rise fast", "Feelings", 2).replace("Feelings", "Feelings rise fast", 1),
        "lost-words",
    ),
    "a script": (lambda page: page.replace("</main>", "<script>x()</script></main>"), "unsafe-page"),
    "a handler": (lambda page: page.replace("<main ", '<main onclick="x()" '), "unsafe-page"),
    "a picture of another computer": (
        lambda page: page.replace("</main>", '<img alt="" src="https://example.org/x.png"></main>'),
        "unsafe-page",
    ),
    "a style sheet of another computer": (
        lambda page: page.replace("<style>", '<link rel="stylesheet" href="https://example.org/x.css"><style>'),
        "unsafe-page",
    ),
    "a link that runs": (lambda page: page.replace('href="#page-top"', 'href="javascript:x()"'), "unsafe-page"),
    "a form": (lambda page: page.replace("</main>", "<form></form></main>"), "unsafe-page"),
    "a frame": (lambda page: page.replace("</main>", "<iframe></iframe></main>"), "unsafe-page"),
    "a link that leads nowhere": (lambda page: page.replace('id="source-2"', ""), "page-structure"),
    "two places of one name": (
        lambda page: page.replace("</main>", '<p id="source-2"></p></main>'),
        "page-structure",
    ),
    "a heading that leaves a level out": (
        lambda page: page.replace("<h2", "<h4").replace("</h2", "</h4"),
        "page-structure",
    ),
    "no language": (lambda page: page.replace('<html lang="en-GB">', "<html>"), "page-structure"),
    "an element that is not closed": (lambda page: page.replace("</main>", ""), "unreadable-file"),
}


@pytest.fixture(scope="module")
def whole_page() -> str:
    return page_of(whole_document())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_page_is_detected(whole_page: str, fault: str) -> None:
    change, code = FAULTS[fault]
    damaged = change(whole_page)
    assert damaged != whole_page
    assert code in codes(damaged, whole_document())


# ---------------------------------------------------------------- nothing is executed or requested

HOSTILE = (
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '" onmouseover="alert(1)" x="',
    "' autofocus onfocus='alert(1)",
    "<!--<script>",
    "]]><svg onload=alert(1)>",
    "&lt;script&gt; &#60;b&#62; &amp;amp;",
    "</title></textarea></desc></svg><img src=x onerror=alert(1)>",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    *(text for text in payloads(Path("/secret")).values() if len(text) < 500),
)


def document_filled_with(filled: str) -> Document:
    """Return a document in which each field contains `filled`."""
    blocks = (
        paragraph(filled, Link(inlines(filled), "https://example.org/", filled)),
        Figure("array", inlines(filled), (("filled", "8"), ("of", "10"), ("words", "x")), filled, inlines(filled)),
        Writing("name", inlines(filled), inlines(filled)),
        FillTable("table", inlines(filled), (inlines(filled),), (((),),)),
        Picture(Outlines(10, 5, ()), filled, inlines(filled)),
    )
    document = sample_document(*blocks, foot=filled)
    return replace(document, title=filled, subject=filled, author=filled, keywords=(filled,))


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def shape_of_page(filled: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the elements and attribute names of a page in which each field contains `filled`."""
    about = Publication(filled, "", filled, filled, filled, can_leave=True)
    document = replace(document_filled_with(filled), publication=about)
    page = render_html(document, sample_theme()).content.decode("utf-8")
    assert not codes(page, document) & {"unsafe-page", "unreadable-file", "page-structure", "lost-words"}
    found = Elements(page).found
    assert sum(tag == "script" for tag, _ in found) == 1
    return [(tag, tuple(attributes)) for tag, attributes in found if tag != "abbr"]


@pytest.fixture(scope="module")
def plain_shape() -> list[tuple[str, tuple[str, ...]]]:
    return shape_of_page("Plain")


@pytest.mark.parametrize("words", HOSTILE)
def test_content_never_becomes_markup(plain_shape: list[tuple[str, tuple[str, ...]]], words: str) -> None:
    assert shape_of_page(words) == plain_shape


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://a.b", "//a.b"]
)
def test_a_link_with_a_disallowed_scheme_is_plain_text(target: str) -> None:
    page = page_of(sample_document(paragraph("See ", Link(inlines("this page"), target))))
    assert target not in page
    assert "See this page" in page


def test_the_content_security_policy_allows_only_the_pages_own_style(whole_page: str) -> None:
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', whole_page)
    (style,) = re.findall(r"<style>(.*?)</style>", whole_page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src &#x27;sha256-{digest}&#x27;" in policy
    assert "default-src &#x27;none&#x27;" in policy
    assert "script-src" not in policy
    assert whole_page.index("Content-Security-Policy") < whole_page.index("<style>")
    assert "url(http" not in style
    assert "@import" not in style


def test_the_same_document_gives_the_same_bytes() -> None:
    document, theme, cache = whole_document(), sample_theme(), RenderCache()
    first = render_html(document, theme).content
    assert first == render_html(document, theme).content
    assert (
        first == render_html(document, theme, cache=cache).content == render_html(document, theme, cache=cache).content
    )


# ---------------------------------------------------------------- structure


def test_landmarks_headings_tables_and_fields_are_labelled(whole_page: str) -> None:
    found = Elements(whole_page).found
    tags = [tag for tag, _ in found]
    assert [tags.count(each) for each in ("main", "h1", "footer")] == [1, 1, 1]
    assert tags.index("a") < tags.index("main")
    skip = next(attributes for tag, attributes in found if tag == "a")
    assert skip["href"] == "#" + next(attributes for tag, attributes in found if tag == "main")["id"]  # type: ignore[operator]
    assert all(attributes.get("scope") in ("col", "row", "colgroup") for tag, attributes in found if tag == "th")
    labelled = {attributes.get("for") for tag, attributes in found if tag == "label"}
    for tag, attributes in found:
        if tag == "textarea" or attributes.get("type") == "text":
            assert attributes.get("aria-label") or attributes["id"] in labelled
        if tag == "svg":
            assert (
                attributes.get("aria-hidden") == "true"
                or attributes.get("aria-labelledby")
                or attributes.get("aria-label")
            )
    assert ("span", {"lang": "fr"}) in found
    assert ("abbr", {"title": "borderline personality disorder"}) in found


def test_boxes_of_the_same_kind_have_titles_of_one_level() -> None:
    boxes = (Callout(inlines(words), (paragraph("Words"),)) for words in ("To say", "To do", "Whom to call"))
    page = page_of(sample_document(Heading(1, inlines("Cards")), *boxes))
    assert re.findall("<h([1-6])", page) == ["1", "2", "2", "2"]


def test_crisis_lines_come_first_and_each_number_is_a_link(whole_page: str) -> None:
    calls = re.findall(r'<a href="tel:(\d+)"', whole_page[: whole_page.index("<main")])
    assert calls == ["999", "116123", "08082000247"]
    assert whole_page.count('href="tel:116123"') == 2
    assert 'aria-label="Call 116 123"' in whole_page


def test_citations_link_to_their_sources_and_back(whole_page: str) -> None:
    read = read_page(whole_page.encode())
    for number in (1, 2, 3):
        assert {f"#source-{number}", f"#cite-{number}"} <= set(read.links)
        assert {f"source-{number}", f"cite-{number}"} <= set(read.ids)


def test_links_to_other_sites_send_no_referrer(whole_page: str) -> None:
    outside = [
        attributes
        for tag, attributes in Elements(whole_page).found
        if (attributes.get("href") or "").startswith("https:")
    ]
    assert outside
    assert all(attributes["rel"] == "noreferrer" for attributes in outside)
    assert '<meta name="referrer" content="no-referrer">' in whole_page


def test_a_figure_has_a_second_drawing_for_phones_with_the_same_words(whole_page: str) -> None:
    read = read_page(whole_page.encode())
    assert len(read.narrow) == 2
    assert list(map(squeezed, read.narrow)) == list(map(squeezed, read.wide))
    widths = [float(each) for each in re.findall(r'class="drawing narrow" viewBox="0 0 ([0-9.]+)', whole_page)]
    assert all(each <= 35 * sample_theme().print["figure"].size for each in widths)


def test_a_figure_whose_words_do_not_fit_is_an_error() -> None:
    long = replace(CHART, series=("word " * 60, "Other"))
    rendered = render_html(sample_document(long), sample_theme())
    assert rendered.content == b""
    assert any(map(is_error, rendered.findings))


# ---------------------------------------------------------------- looks

# The colours of text, and those of backgrounds.
READ = ("ink", "stone", "accent", "deep", "red", "amber", "green")
GROUNDS = ("white", "tint", "tint2", "red-tint", "amber-tint", "green-tint", "oat")


def test_text_has_enough_contrast_in_light_and_dark_mode_in_every_accent(shipped_library: Library) -> None:
    for source in shipped_library.themes.values():
        for accent, edition in product(source.accents, source.editions):
            colours = resolve_theme(source, accent=accent, edition=edition).colours
            dark = {role: dark_colour(colour) for role, colour in colours.items()}
            for word, ground in product(READ, GROUNDS):
                assert contrast_ratio(dark[word], dark[ground]) >= MINIMUM_CONTRAST, (accent, word, ground)
            for word in READ:
                assert contrast_ratio(colours[word], colours["white"]) >= MINIMUM_CONTRAST, (accent, word)


def test_font_sizes_are_relative_and_none_is_small(whole_page: str) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", whole_page, re.DOTALL)
    rules = style[style.rindex("@font-face") :]
    sizes = re.findall(r"--(?:h1|h2|h3|lead|label|body|script|caption|table|foot|source):([0-9.]+)rem", rules)
    assert len(sizes) == 11
    assert min(map(float, sizes)) >= 1
    assert not re.findall(r"font-size:[0-9.]+px", rules)
    for needed in ("prefers-color-scheme:dark", "prefers-reduced-motion", "@media print", ":focus-visible"):
        assert needed in rules


def faces_in(page: str) -> list[TTFont]:
    """Return the fonts that a page embeds."""
    return [TTFont(io.BytesIO(base64.b64decode(each))) for each in re.findall(r"data:font/woff;base64,([^)]+)", page)]


def test_a_page_embeds_only_the_glyphs_that_it_shows() -> None:
    fonts = faces_in(page_of(sample_document(paragraph("Only a few words"))))
    assert len(fonts) == 2
    for font in fonts:
        shown = set(map(chr, font.getBestCmap()))
        assert set("Onlyafewrds") <= shown
        assert not shown & set("ßŁж§")
        assert {"head", "hhea", "hmtx", "maxp", "name", "OS/2", "post", "glyf", "loca"} <= set(font.keys())


def test_a_theme_can_use_the_fonts_of_the_system(bench: Bench) -> None:
    bench.project.write("content/themes/own.yaml", "extends: settling-line\nweb-typeface: system\n")
    bench.project.replace("content/service.yaml", "settling-line", "own")
    assert bench.run(*WEB, "--audience", "growers").code == 0
    page = (bench.project.root / PAGE.format("growers")).read_text(encoding="utf-8")
    assert not faces_in(page)
    assert "system-ui,sans-serif" in page
    bench.project.replace("content/themes/own.yaml", "system", "sytem")
    (found,) = bench.run(*WEB).diagnostics
    assert (found.file, found.line, found.column) == ("content/themes/own.yaml", 2, 15)


def test_a_character_that_the_typeface_lacks_comes_from_the_fallback() -> None:
    fonts = faces_in(page_of(sample_document(paragraph("ж is a letter"))))
    assert any(ord("ж") in font.getBestCmap() for font in fonts)


def test_a_woff_file_holds_the_tables_of_the_font() -> None:
    whole = b"\0\1\0\0" + b"\0\1" + bytes(6) + b"test" + (7).to_bytes(4, "big") + (28).to_bytes(4, "big")
    packed = woff_of(whole + (4000).to_bytes(4, "big") + b"ab" * 2000)
    assert packed[:8] == b"wOFF\0\1\0\0"
    assert int.from_bytes(packed[8:12], "big") == len(packed)
    start = int.from_bytes(packed[48:52], "big")
    assert zlib.decompress(packed[start : start + int.from_bytes(packed[52:56], "big")]) == b"ab" * 2000


# ---------------------------------------------------------------- metadata


def data_of(page: str) -> dict[str, object]:
    """Return the structured data of a page."""
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    read: dict[str, object] = json.loads(script)
    return read


def test_the_metadata_of_a_page_name_its_kind_audience_dates_and_licence(whole_page: str) -> None:
    data = data_of(whole_page)
    assert (data["@type"], data["inLanguage"]) == ("MedicalWebPage", "en-GB")
    assert (data["dateModified"], data["lastReviewed"]) == ("2026-11-23", "2026-11-01")
    assert data["audience"] == {"@type": "MedicalAudience", "audienceType": "Partners"}
    assert data["about"] == {
        "@type": "MedicalCondition",
        "name": "borderline personality disorder",
        "alternateName": "BPD",
    }
    assert whole_page.count(sample_document().foot) == 2  # the draft mark is at the head and at the foot
    assert "Licence: CC BY 4.0" in whole_page


def test_a_discreet_page_does_not_mention_its_subject_before_the_text(shipped_library: Library) -> None:
    document, content = shipped(shipped_library, "partners", "handout", "discreet")
    assert verify_file(content, document, "html") == ()
    page = content.decode("utf-8")
    before = page[: page.index('class="crisis"')]
    body = before[before.index("<body") :]
    head = re.sub(r"<style>.*?</style>", "", before, flags=re.DOTALL)
    for word in ("BPD", "borderline", "partner", "contact", "Medical", "disorder"):
        assert word.lower() not in head.lower(), word
    assert document.title in body
    contents = page[page.index('<nav aria-label="On this page"') : page.index("<main")]
    assert re.findall(r">(Part \d+)<", contents)
    assert "BPD" not in contents


def test_only_pages_for_readers_who_may_be_watched_have_a_leave_link(shipped_library: Library) -> None:
    plain = replace(whole_document(), publication=replace(ABOUT, can_leave=False))
    assert "Leave this page" not in page_of(plain)
    document, content = shipped(shipped_library, "partners", "handout")
    page = content.decode("utf-8")
    assert document.publication.can_leave
    assert page.index("Leave this page") < page.index('class="crisis"')
    assert "It does not clear the history" in page


# ---------------------------------------------------------------- builds

PAGE = "output/bees/bees-{}-handout.html"
WEB = (*BUILD, "--format", "html")


def test_pages_are_only_built_on_request(bench: Bench) -> None:
    assert bench.run(*BUILD).code == 0
    assert not list(bench.project.root.rglob("*.html"))
    assert bench.run(*WEB).code == 0
    made = {path.name for path in bench.project.root.rglob("*.html")}
    assert made == {"bees-growers-handout.html", "bees-keepers-handout.html"}


def test_a_page_is_only_rebuilt_if_its_words_change(bench: Bench) -> None:
    assert "2 of 2 files made" in bench.run(*WEB).out
    assert "2 fresh" in bench.run(*WEB).out
    planned = bench.run(*WEB, "--dry-run").out
    assert "0 files to make, 2 fresh" in planned
    bench.project.replace(COLD, EVERYONE, "Everyone reads that.")
    assert bench.run(*WEB).code == 0
    page = (bench.project.root / PAGE.format("growers")).read_text(encoding="utf-8")
    assert "Everyone reads that." in page


def test_each_edition_has_one_page_for_all_papers(bench: Bench) -> None:
    options = ("--edition", "standard,large-print", "--paper", "a4,letter", "--audience", "growers")
    assert bench.run(*WEB, *options).code == 0
    made = {path.name for path in bench.project.root.rglob("*.html")}
    assert made == {"bees-growers-handout.html", "bees-growers-handout-large-print.html"}


def test_the_name_and_number_of_a_recipient_are_escaped(bench: Bench) -> None:
    table = io.StringIO()
    csv.writer(table).writerows((("name", "phone"), ('<b>Harbour</b> & "Co"', "0117 496 0001")))
    bench.project.write("clinics.csv", table.getvalue())
    assert bench.run(*WEB, "--audience", "growers", "--recipients", "clinics.csv").code == 0
    (copy,) = bench.project.root.rglob("copies/*.html")
    page = copy.read_text(encoding="utf-8")
    assert "From &lt;b&gt;Harbour&lt;/b&gt; &amp; &quot;Co&quot;" in page or '&lt;/b&gt; &amp; "Co"' in page
    assert page.count('href="tel:01174960001"') >= 1


@pytest.mark.parametrize(("template", "reported"), [("worksheets", False), ("summary", True)])
def test_worksheets_as_pages_need_no_fillable_option(shipped_library: Library, template: str, reported: bool) -> None:
    options = Options(
        ROOT / "content",
        ROOT / "templates",
        ROOT / "output",
        audiences=("family",),
        formats=("html",),
        template_names=(template,),
        fillable=True,
    )
    deliverables, findings = plan_deliverables(shipped_library, options)
    assert len(deliverables) == 1
    assert reported == any(found.code == "nothing-to-fill-in" for found in findings)


def test_clean_removes_stale_pages(bench: Bench) -> None:
    assert bench.run(*WEB).code == 0
    (bench.project.content / "bees").rename(bench.project.content / "hives")
    assert bench.run("clean", "--stale").code == 0
    assert not list(bench.project.root.rglob("*.html"))


def test_a_custom_theme_gets_a_sheet_that_the_index_does_not_list(bench: Bench) -> None:
    bench.project.write("content/themes/own.yaml", 'extends: settling-line\ncolours: {stone: "#3A3A3A"}\n')
    bench.project.replace("content/service.yaml", "settling-line", "own")
    assert bench.run(*WEB).code == 0
    made = {path.name for path in (bench.project.root / "output").rglob("*.*")}
    assert {"bees-growers-handout.html", "theme-own.pdf"} <= made
    assert bench.run(*WEB, "--site").code == 0
    index = (bench.project.root / "output/index.html").read_text(encoding="utf-8")
    assert index.count("<li>") == 2
    assert "--stone:#3A3A3A;" in (bench.project.root / PAGE.format("growers")).read_text(encoding="utf-8")


SITE = (*BUILD, "--site", "--format", "html,pdf", "--edition", "standard,large-print")


def test_the_index_links_to_all_files(bench: Bench) -> None:
    out = bench.run(*SITE).out
    assert "9 of 9 files made" in out
    index = (bench.project.root / "output/index.html").read_text(encoding="utf-8")
    links = [str(attributes["href"]) for tag, attributes in Elements(index).found if tag == "a"]
    assert links.pop(0).startswith("https://")  # the leave link, which a reader of one of the files may need
    files = [path for path in (bench.project.root / "output").rglob("*.*") if path.suffix in (".html", ".pdf")]
    assert sorted(links) == sorted(
        path.relative_to(bench.project.root / "output").as_posix() for path in files if path.name != "index.html"
    )
    entry = r"Growers.*stay in\?.*handout · Draft 0.1: not yet reviewed.* · Nov 2026.*web page, large print.* · \d+ kB"
    assert re.search(entry, index)
    assert "9 fresh" in bench.run(*SITE).out
    (bench.project.root / "output/index.html").unlink()
    assert "1 of 9 files made" in bench.run(*SITE).out


def test_the_index_groups_the_formats_of_a_text_and_marks_its_language() -> None:
    english = ListedFile("a.pdf", "Bees", "Growers", "en-GB", "Why?", ("handout",), "PDF", "9 kB")
    other = ListedFile("b.pdf", "Bees", "Growers", "de", "Warum?", ("handout", "Deutsch"), "PDF", "8 kB")
    files = (english, other, replace(english, file="a.html", form="web page"))
    document = replace(sample_document(), blocks=(), language="en-GB")
    index = index_html(document, files, sample_theme(), RenderCache()).decode()
    first, second = re.findall(r"<section.*?</section>", index, re.DOTALL)
    assert re.findall(r'href="([^"]*)"', first) == ["a.pdf", "a.html"]
    assert re.findall(r'href="([^"]*)"', second) == ["b.pdf"]
    assert "lang=" not in first
    assert second.startswith('<section class="listed" lang="de">')
    assert 'hreflang="de"' in second
    leaving = replace(document, publication=replace(document.publication, can_leave=True))
    target = document.words.say("web_leave_target")
    assert target not in index
    assert target in index_html(leaving, files, sample_theme(), RenderCache()).decode()


def test_the_index_distinguishes_papers(bench: Bench) -> None:
    assert bench.run(*BUILD, "--site", "--format", "pdf", "--template", "handout", "--paper", "a4,letter").code == 0
    index = (bench.project.root / "output/index.html").read_text(encoding="utf-8")
    assert "PDF to print<" in index
    assert "PDF to print, letter<" in index
    assert index.count("<h4") == 2


def test_the_index_distinguishes_lengths_of_a_talk(bench: Bench) -> None:
    path = bench.project.root / "content/bees/topic.yaml"
    bench.project.write("content/bees/topic.yaml", f"{path.read_text(encoding='utf-8')}lengths: [5, 10]\n")
    talk = (*BUILD, "--site", "--format", "pptx", "--template", "slides", "--audience", "growers")
    assert bench.run(*talk, "--minutes", "5,10").code == 0
    index = (bench.project.root / "output/index.html").read_text(encoding="utf-8")
    assert re.findall(r'class="state">slides · (\d+ minutes) · ', index) == ["5 minutes", "10 minutes"]


def test_the_index_for_one_audience_names_no_other(bench: Bench) -> None:
    assert bench.run(*WEB, "--site", "--audience", "growers").code == 0
    index = (bench.project.root / "output/index.html").read_text(encoding="utf-8")
    assert "growers" in index.lower()
    assert "keepers" not in index.lower()


def test_the_metadata_have_date_licence_and_review_state_which_a_discreet_page_hides(
    shipped_library: Library,
) -> None:
    for edition in ("standard", "discreet"):
        document, content = shipped(shipped_library, "partners", "handout", edition)
        (written,) = re.findall(rb'<script type="application/ld\+json">(.*?)</script>', content, re.DOTALL)
        data = json.loads(written)
        assert data["datePublished"] == document.modified
        assert data["license"]["@type"] == "CreativeWork"
        state = data["creativeWorkStatus"]
        assert state == document.foot if edition == "discreet" else "not yet reviewed" in state


def test_the_index_is_updated_with_its_files_and_kept_by_clean(bench: Bench) -> None:
    assert bench.run(*SITE).code == 0
    bench.project.replace("content/bees/en/1-cover.md", "stay in?", "stay at A & B?")
    assert bench.run(*SITE).code == 0
    assert "stay at A &amp; B?" in (bench.project.root / "output/index.html").read_text(encoding="utf-8")
    assert bench.run("clean", "--stale").code == 0
    assert (bench.project.root / "output/index.html").exists()


def test_copies_and_discreet_editions_are_not_in_the_index(bench: Bench) -> None:
    cover = "content/bees/en/1-cover.md"
    outside = "::: {.outside-title}\nNotes to keep\n:::\n\n::: {.outside-subtitle}\nTo read.\n:::\n\n::: {.short-title}"
    bench.project.replace(cover, "::: {.short-title}", outside)
    bench.project.write("clinics.csv", "name\nHarbour\n")
    assert bench.run(*WEB, "--site", "--recipients", "clinics.csv").code == 0
    assert not (bench.project.root / "output/index.html").exists()
    assert bench.run(*WEB, "--site", "--edition", "standard,discreet").code == 0
    assert len(list((bench.project.root / "output/discreet").glob("*.html"))) == 2
    index = (bench.project.root / "output/index.html").read_text(encoding="utf-8")
    assert index.count("<li>") == 2
    assert "discreet" not in index[index.index("<body") :]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("</main>", "<p>More words</p></main>", "extra-words"),
        ('href="bees/a.pdf"', 'href="bees/b.pdf"', "page-structure"),
        ("</main>", "<script>x()</script></main>", "unsafe-page"),
        ("</main>", "", "unreadable-file"),
    ],
)
def test_a_damaged_index_is_detected(old: str, new: str, code: str) -> None:
    listed = ListedFile("bees/a.pdf", "Bees", "Growers", "en-GB", "Why?", ("handout", "Draft"), "PDF", "9 kB")
    document, theme = replace(sample_document(), blocks=()), sample_theme()
    content = index_html(document, (listed,), theme, RenderCache())
    texts = (document.title, *listed.texts)
    assert verify_index(content, document, texts, ["bees/a.pdf"]) == ()
    damaged = content.decode().replace(old, new).encode()
    assert code in {found.code for found in verify_index(damaged, document, texts, ["bees/a.pdf"])}


def test_the_html_format_is_listed(bench: Bench) -> None:
    assert re.search(r"html +a page for the web", bench.run("list").out)


def test_a_page_is_rendered_without_the_libraries_of_other_renderers() -> None:
    import subprocess

    program = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from samples import sample_document, sample_theme\nfrom handouts.web import render_html\n"
        "render_html(sample_document(), sample_theme())\n"
        "assert not {'reportlab', 'pptx', 'pypdfium2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_an_unreadable_page_is_reported() -> None:
    document = sample_document()
    for broken in (b"\xff\xfe", b"<p>", b"</p>", b"<!DOCTYPE html><p><b></p></b>"):
        (found,) = verify_file(broken, document, "html")
        assert found.code == "unreadable-file"
