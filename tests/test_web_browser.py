"""Web pages in Chromium, axe-core and the Nu HTML checker: every page of the shipped topic."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import DESKTOP_WIDTH, PHONE_WIDTH, Browser, running_browser
from layout_pages import AUDIENCES, TODAY, without_whitespace
from msgspec.structs import replace
from paths import ROOT
from samples import MINIMUM_CONTRAST, sample_document, sample_theme
from test_web import ABOUT, HOSTILE, document_filled_with, whole_document
from validators import npm_file, nu_findings

from handouts.document.nodes import Document
from handouts.document.text import texts_of
from handouts.load import load_library
from handouts.pipeline.options import Options
from handouts.pipeline.plan import plan_deliverables
from handouts.render_cache import RenderCache
from handouts.theme import contrast_ratio
from handouts.web import render_html
from handouts.web.site_index import ListedFile, index_html

pytestmark = pytest.mark.full

EDITIONS = ("standard", "large-print", "photocopy")
WITHOUT_OUTSIDE = ("for-you",)  # templates that have no discreet edition


@dataclass(frozen=True)
class PageFile:
    """A page as a file, with its document."""

    document: Document
    file: Path


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, PageFile]:
    """Return the pages of every audience, edition and template, of every kind of block, and an index."""
    folder, cache = tmp_path_factory.mktemp("pages"), RenderCache()
    made: dict[str, PageFile] = {}

    def keep(name: str, document: Document, content: bytes) -> None:
        assert content, name
        made[name] = PageFile(document, folder / f"{name}.html")
        made[name].file.write_bytes(content)

    content, templates = ROOT / "content", ROOT / "templates"
    library = load_library(content, templates)
    for template in (name for name, each in library.templates.items() if each.renderer == "pdf"):
        editions = EDITIONS if template in WITHOUT_OUTSIDE else (*EDITIONS, "discreet")
        options = Options(
            content, templates, folder, formats=("html",), template_names=(template,), editions=editions, today=TODAY
        )
        for each in plan_deliverables(library, options)[0]:
            label = each.label
            name = f"{label.audience}-{label.template}-{label.edition}"
            keep(name, each.document, render_html(each.document, each.theme, cache=cache).content)
    for edition in EDITIONS:
        document = whole_document()
        keep(f"every-block-{edition}", document, render_html(document, sample_theme(edition=edition)).content)
    listed = ListedFile("bees/a.pdf", "Bees", "Growers", "de", "Warum?", ("handout", "2026"), "PDF", "9 kB")
    document = replace(sample_document(), title="Bees", language="en-GB")
    keep("index", document, index_html(document, (listed,), sample_theme(), cache))
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def axe() -> str:
    return npm_file("axe-core/axe.min.js").read_text(encoding="utf-8")


def test_the_pages_are_those_of_every_audience_edition_and_template(pages: Mapping[str, PageFile]) -> None:
    for audience in AUDIENCES:
        for edition in (*EDITIONS, "discreet"):
            for template in ("handout", "summary", "worksheets", "sources", "card", "facilitator-guide"):
                assert f"{audience}-{template}-{edition}" in pages


SEEN_IN_CI = re.compile(
    r"partners-(?:\w|-)+-standard|partners-handout-discreet|family-for-you-standard"
    r"|clinicians-(?:handout|for-you|sources)-standard|every-block-(?:\w|-)+|index"
)


def is_checked_in_ci(name: str) -> bool:
    """True for every template, audience and edition once, and for all kinds of blocks in each edition on paper.

    The others differ only in words, sizes and colours: the nightly run checks them too.
    """
    return bool(SEEN_IN_CI.fullmatch(name))


@pytest.mark.parametrize("others", [False, pytest.param(True, marks=pytest.mark.nightly)])
def test_the_nu_checker_finds_no_error_on_any_page(others: bool, pages: Mapping[str, PageFile], tmp_path: Path) -> None:
    invalid_page = tmp_path / "wrong.html"
    invalid_page.write_text('<!DOCTYPE html><html lang="en"><title>A</title><ul><p>A</p></ul>', encoding="utf-8")
    found = nu_findings(
        [*(each.file for name, each in pages.items() if is_checked_in_ci(name) != others), invalid_page]
    )
    assert found
    assert not [each for each in found if not each.startswith("wrong.html")]


@pytest.mark.parametrize("others", [False, pytest.param(True, marks=pytest.mark.nightly)])
def test_on_a_phone_every_page_is_accessible_fits_and_makes_no_request(
    others: bool, pages: Mapping[str, PageFile], browser: Browser, axe: str
) -> None:
    browser.emulate(PHONE_WIDTH)
    problems = {}
    for name, each in pages.items():
        if is_checked_in_ci(name) != others:
            browser.open(each.file)
            found = browser.axe_findings(axe)
            if browser.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append("the page scrolls sideways")
            if found or browser.page_events(each.file):
                problems[name] = [*found, *browser.page_events(each.file)]
    assert not problems


@pytest.mark.parametrize("edition", EDITIONS)
def test_pages_are_accessible_in_dark_mode(
    edition: str, pages: Mapping[str, PageFile], browser: Browser, axe: str
) -> None:
    browser.emulate(DESKTOP_WIDTH, prefers_color_scheme="dark")
    browser.open(pages[f"every-block-{edition}"].file)
    assert browser.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert not browser.axe_findings(axe)


def test_faults_of_a_page_are_noticed(browser: Browser, axe: str, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    body = '<p style="color:#666">Pale</p><p style="color:#777">Paler</p><img src="x.png">'
    file.write_text(f"<!DOCTYPE html><title>A</title>{body}<script>alert(1);console.log(2);fall()</script>")
    browser.emulate(PHONE_WIDTH)
    browser.open(file)
    found = browser.axe_findings(axe)
    rules = {each.partition(":")[0] for each in found}
    assert {"color-contrast", "color-contrast-enhanced", "image-alt", "html-has-lang"} <= rules
    happened = " ".join(browser.page_events(file))
    assert all(each in happened for each in ("x.png", "dialog: 1", "consoleAPICalled", "exceptionThrown"))


def test_hostile_content_runs_nothing(browser: Browser, tmp_path: Path) -> None:
    blocks = (block for words in HOSTILE for block in document_filled_with(words).blocks)
    document = replace(document_filled_with(" ".join(HOSTILE)), blocks=tuple(blocks), publication=ABOUT)
    file = tmp_path / "page.html"
    file.write_bytes(render_html(document, sample_theme()).content)
    browser.emulate(DESKTOP_WIDTH)
    browser.open(file)
    browser.evaluate("new Promise(resolve => setTimeout(resolve, 300))")
    assert not browser.page_events(file)
    assert browser.evaluate("document.scripts.length") == 1  # the structured data, which does not run
    assert HOSTILE[0] in browser.evaluate("document.title")


def test_a_qr_code_can_be_scanned_in_dark_mode(pages: Mapping[str, PageFile], browser: Browser) -> None:
    for features in ({"prefers_color_scheme": "dark"}, {"prefers_color_scheme": "dark", "forced_colors": "active"}):
        browser.emulate(PHONE_WIDTH, **features)
        browser.open(pages["every-block-standard"].file)
        fill = browser.evaluate("getComputedStyle(document.querySelector('.code path')).fill")
        ground = browser.evaluate("getComputedStyle(document.querySelector('.code svg')).backgroundColor")
        assert contrast_ratio(hexadecimal(fill), hexadecimal(ground)) >= MINIMUM_CONTRAST


def hexadecimal(colour: str) -> str:
    """Return a colour that a browser reports as rgb(0, 0, 0) in hexadecimal notation."""
    return "#" + "".join(f"{int(each):02X}" for each in re.findall("[0-9]+", colour))


# ---------------------------------------------------------------- the order in which it is read


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_screen_reader_and_the_tab_key_follow_the_order_of_the_document(
    audience: str, pages: Mapping[str, PageFile], browser: Browser
) -> None:
    browser.emulate(PHONE_WIDTH)
    for template in ("handout", "worksheets"):
        made = pages[f"{audience}-{template}-standard"]
        browser.open(made.file)
        spoken, place = without_whitespace("".join(spoken_words(browser))), 0
        for each in texts_of(made.document.blocks):
            if each.role not in ("number", "words", "alt", "contact", "tooltip", "address"):
                found = spoken.find(without_whitespace(each.text), place)
                assert found >= 0, each.text
                place = found + len(without_whitespace(each.text))
        stops = tab_stops(browser)
        assert len(stops) > 20
        assert stops == list(range(len(stops)))


def spoken_words(browser: Browser) -> Iterator[str]:
    """Yield the words of a page in the order of a screen reader."""
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    by_number = {node["nodeId"]: node for node in nodes}
    left = [nodes[0]]
    while left:
        node = left.pop()
        if node.get("role", {}).get("value") == "StaticText":
            yield node["name"]["value"]
        left += [by_number[child] for child in reversed(node.get("childIds", [])) if child in by_number]


def tab_stops(browser: Browser) -> list[int]:
    """Return the order in which the Tab key visits the focusable elements, by their index in the source."""
    count = browser.evaluate(
        "var all = [...document.querySelectorAll('a[href], summary, input, textarea, [tabindex=\"0\"]')];"
        # In a group of radio buttons, the key visits only the first.
        "all = all.filter((one, at) => one.type != 'radio' || all.findIndex(other => other.name == one.name) == at);"
        "var met = []; document.addEventListener('focusin', event => met.push(all.indexOf(event.target))); all.length"
    )
    for _ in range(count):
        for kind in ("rawKeyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    stops: list[int] = browser.evaluate("met")
    assert len(stops) == count
    return stops
