"""The page of `handouts open` in Chromium: reading, writing, fixing and building, with mouse and keyboard."""

from __future__ import annotations

import base64
import json
import re
import shutil
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from audit_hook import loopback_allowed
from browser import DESKTOP_WIDTH, PHONE_WIDTH, Browser, running_browser
from paths import ROOT
from test_open import PIXEL, serving
from validators import npm_file

from handouts.pipeline.project import Project

EXAMPLE = ROOT / "examples" / "after-a-shock"
PAGE = ROOT / "handouts" / "editor" / "page"
WORDS = yaml.safe_load((ROOT / "handouts" / "editor" / "words" / "en.yaml").read_text(encoding="utf-8"))
SECTION = "content/after-a-shock/en/02-message.md"
COVER = "content/after-a-shock/en/01-cover.md"
SENTENCE = "Keep the day calm and known"
SECONDS = 20
WIDE = 1500  # pixels, from which all three columns are seen
AXE_RULES = {
    "preload": False,
    "resultTypes": ["violations"],  # of the rest only the first element is described
    "selectors": False,
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
KEYS = {
    "Enter": 13,
    "Tab": 9,
    "End": 35,
    "ArrowDown": 40,
    "ArrowRight": 39,
    "ArrowLeft": 37,
    "Backspace": 8,
    "Escape": 27,
    "s": 83,
}
# Elements of the page, as JavaScript expressions.
ERRORS = "document.querySelectorAll('.finding.error').length"
# The audiences of the part in which the cursor is, as shown on the line of its heading.
PART_NAME = (
    "(line => { while (line && !line.matches('.t-part')) line = line.previousElementSibling;"
    " return line?.querySelector('.band-name').textContent })(document.querySelector('.cm-activeLine'))"
)
# True if an area, `box`, is inside the visible part of its pane.
IN_SIGHT = (
    "((area, pane) => area.top >= pane.top && area.bottom <= pane.bottom)"
    "(box.getBoundingClientRect(), box.closest('.pane').getBoundingClientRect())"
)
SAVED = f"document.getElementById('saved').textContent === {json.dumps(WORDS['saved'])}"


@dataclass
class EditorPage:
    """The page in a browser, with the project that it shows."""

    browser: Browser
    home: Path
    address: str

    def run(self, script: str) -> Any:
        return self.browser.evaluate(script)

    def wait(self, condition: str) -> None:
        """Wait until a condition of the page holds."""
        end = time.monotonic() + SECONDS
        while not self.run(f"Boolean({condition})"):
            assert time.monotonic() < end, f"{condition}: {self.run('document.body.innerText')[:2000]}"
            time.sleep(0.03)

    def wait_for_file(self, path: Path, text: str) -> None:
        """Wait until a file of the project holds a text."""
        end = time.monotonic() + SECONDS
        while text not in path.read_text(encoding="utf-8"):
            assert time.monotonic() < end, path.read_text(encoding="utf-8")[:2000]
            time.sleep(0.03)

    def open(self, width: int = DESKTOP_WIDTH, **features: str) -> None:
        """Load the page without anything remembered of an earlier visit."""
        self.browser.emulate(width, **features)
        self.browser.events.clear()
        origin = self.address.partition("/?")[0]
        self.browser.call("Storage.clearDataForOrigin", origin=origin, storageTypes="local_storage")
        self.browser.call("Page.navigate", url=self.address)
        self.wait("location.search === '' && document.querySelector('.area')")

    def click(self, selector: str, says: str = "") -> None:
        """Click into the middle of the first element of a selector that contains some words."""
        matches = f"[each.textContent, each.ariaLabel].join().includes({json.dumps(says)})"
        usable = f"each => {matches} && each.offsetParent && !each.disabled"
        script = f"[...document.querySelectorAll({json.dumps(selector)})].find({usable})"
        self.wait(script)
        x, y = self.run(
            f"(each => {{ each.scrollIntoView({{block: 'center'}}); const box = each.getBoundingClientRect();"
            f" return [box.x + Math.min(box.width / 2, 200), box.y + box.height / 2] }})({script})"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.browser.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def choose(self, field: str, value: str) -> None:
        """Choose a value in a select field."""
        chosen = f"field.value = {json.dumps(value)}; field.dispatchEvent(new Event('change'))"
        self.run(f"(field => {{ {chosen} }})(document.querySelector({json.dumps(field)}))")

    def press(self, *keys: str, ctrl: bool = False, shift: bool = False) -> None:
        """Press keys, one after another."""
        for key in keys:
            text = {"Enter": "\r"}.get(key, "")
            values = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key], "modifiers": 2 * ctrl + 8 * shift}
            self.browser.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **values)
            self.browser.call("Input.dispatchKeyEvent", type="keyUp", **values)

    def type(self, text: str) -> None:
        self.browser.call("Input.insertText", text=text)

    def tab_to(self, condition: str) -> None:
        """Press Tab until the focused element, `here`, meets a condition."""
        for _ in range(200):
            if self.run(f"(here => Boolean({condition}))(document.activeElement)"):
                return
            self.press("Tab")
        raise AssertionError(f"Tab never gets to {condition}")

    @property
    def section(self) -> str:
        """The text of the section in its file."""
        return (self.home / SECTION).read_text(encoding="utf-8")

    @property
    def pictures(self) -> str:
        """The addresses of the pictures that are shown, joined."""
        seen: str = self.run("[...document.querySelectorAll('.page img')].map(each => each.src).join()")
        return seen

    def settled_pictures(self) -> str:
        """Return the pictures that are shown, once they no longer change."""
        seen, since = "", time.monotonic()
        while time.monotonic() < since + 0.4:
            if (now := self.pictures) != seen or self.run("document.querySelector('.pane').ariaBusy") == "true":
                seen, since = now, time.monotonic()
            time.sleep(0.05)
        return seen

    def wrong(self, axe: str, where: str) -> list[str]:
        """Return the violations that axe-core finds in a visible element, and whether the page scrolls sideways."""
        if not self.run("Boolean(window.axe)"):
            self.run(axe)
        violations: list[str] = self.run(
            f"axe.run({where}, {json.dumps(AXE_RULES)}).then(result => result.violations"
            ".flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`)))"
        )
        sideways = self.run("document.documentElement.scrollWidth > innerWidth")
        return [*violations, *(["it scrolls sideways"] if sideways else [])]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Serve a project, and yield its folder and its address."""
    home = tmp_path_factory.mktemp("project")
    shutil.copytree(EXAMPLE / "content", home / "content")
    project = Project(home / "content", ROOT / "templates", home / "output", home)
    with loopback_allowed():
        for client in serving(project):
            yield home, f"{client.origin}/?token={client.token}"


@pytest.fixture
def page(browser: Browser, served: tuple[Path, str]) -> Iterator[EditorPage]:
    """Yield the page, loaded again, on a project whose section is that of the example."""
    home, address = served
    # Copied only if it differs: a new file would make the server plan the pages again.
    if (home / SECTION).read_bytes() != (EXAMPLE / SECTION).read_bytes():
        shutil.copy(EXAMPLE / SECTION, home / SECTION)
    opened = EditorPage(browser, home, address)
    opened.open()
    yield opened
    entries = [each for each in browser.events if each["method"] in ("Runtime.exceptionThrown", "Log.entryAdded")]
    expected = ("409", "400.*/api/recipients")  # answers that some tests provoke
    assert not [each for each in entries if not any(re.search(one, str(each)) for one in expected)]


# ---------------------------------------------------------------- files of the page


def test_no_script_parses_content_as_html() -> None:
    own = [*PAGE.glob("*.js"), *PAGE.glob("*.html")]
    assert len(own) > 15
    ways = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(|new Function|srcdoc"
    for file in (*own, *PAGE.glob("vendor/*.js")):
        assert not re.findall(ways, file.read_text(encoding="utf-8")), file.name


def test_the_page_has_no_inline_script_or_style() -> None:
    text = (PAGE / "index.html").read_text(encoding="utf-8")
    assert not re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|https?:", text)


def test_every_label_of_the_page_is_defined_and_used() -> None:
    scripts = "".join(file.read_text(encoding="utf-8") for file in PAGE.glob("*.js"))
    markup = (PAGE / "index.html").read_text(encoding="utf-8")
    used = set(re.findall(r'say(?:Count)?\("([\w-]+)"', scripts)) | set(
        re.findall(r'data-(?:word|label)="(\w+)"', markup)
    )
    assert not sorted(used - set(WORDS))
    kinds = re.findall(r'(?:wordsFor|optionsFor)\(\s*"(\w+)"', scripts)
    begun = (*re.findall(r"say\(`(\w+)\$\{", scripts), *kinds, "review")
    for key in WORDS:
        plain = key.removesuffix("_one")
        assert f'"{plain}"' in scripts + markup or key.startswith(begun) or plain.split("_")[0] in begun, key


# ---------------------------------------------------------------- use


@pytest.mark.full
def test_a_sentence_is_edited_fixed_undone_built_and_downloaded(page: EditorPage, tmp_path: Path) -> None:
    page.choose("#audience", "teachers")
    page.wait("document.querySelector('.pane').ariaLabel.includes('Teachers')")
    page.click(".area", SENTENCE)
    page.wait("document.activeElement.classList.contains('cm-content')")
    before = page.settled_pictures()
    page.press("End", ctrl=False)
    page.type(" Truly so.")
    page.wait(SAVED)
    assert "Truly so." in page.section
    page.wait("document.querySelector('.area[aria-label*=\"Truly so\"]')")
    page.wait(f"[...document.querySelectorAll('.page img')].map(each => each.src).join() !== {json.dumps(before)}")

    last_good = page.settled_pictures()
    page.type(" [Steady]{.trem}")
    page.wait("document.querySelector('.banner.bad')")
    page.wait(ERRORS)
    assert page.settled_pictures() == last_good
    page.click("#mend-tab")
    page.click(".finding.error summary")
    page.wait("document.querySelector('.finding.error dl')")
    page.click(".finding.error button")
    page.wait("document.activeElement.classList.contains('cm-content')")
    assert page.run("document.querySelectorAll('.cm-lintRange-error').length")
    page.run("document.querySelector('.cm-content').focus()")
    page.click("#open-make")
    page.click("#make-start")
    page.click("dialog .finding.error button")
    page.wait("!document.querySelector('dialog') && document.activeElement.classList.contains('cm-content')")
    assert "Steady" in page.run("document.querySelector('.cm-activeLine').textContent")
    text = page.section
    page.click("#undo")
    page.wait(f"{ERRORS} === 0 && !document.querySelector('.banner.bad')")
    assert page.section != text

    page.click("#open-make")
    page.click("#make-start")
    page.wait("document.querySelector('#made-files a')")
    page.browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    page.click("#made-files a")
    end = time.monotonic() + SECONDS
    while not (made := list(tmp_path.glob("*.pdf"))):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert made[0].read_bytes().startswith(b"%PDF-")
    page.click("dialog button", WORDS["open_folder"])  # which fails on this machine
    page.wait("document.getElementById('made-in').textContent.startsWith('The folder cannot be opened')")


@pytest.mark.full
def test_the_copy_of_one_recipient_is_found_among_many(page: EditorPage, tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text("Team;Phone;Phone;Fax\nLake;1;2;3\n", encoding="utf-8")
    rows = "".join(f"{'Lake' if number == 24 else 'Harbour'} team {number};1;2\n" for number in range(25))
    table = f"Team;Phone;Fax\n{rows}"
    page.click("#open-make")
    page.wait("document.querySelector('dialog h2')")
    page.run("document.querySelector('dialog details').open = true")
    root = page.browser.call("DOM.getDocument")["root"]["nodeId"]
    field = page.browser.call("DOM.querySelector", nodeId=root, selector="dialog input[type=file]")["nodeId"]
    page.browser.call("DOM.setFileInputFiles", nodeId=field, files=[str(tmp_path / "wrong.csv")])
    page.wait("document.querySelectorAll('dialog .drop .finding').length === 2")
    assert page.run("document.querySelector('dialog .drop').textContent").count("wrong.csv") == 1
    assert page.run("document.getElementById('make-start').disabled")
    assert page.run("document.getElementById('make-problem').textContent") == WORDS["recipients_refused"]
    page.click("dialog .drop button", WORDS["recipients_none"])
    assert not page.run("document.getElementById('make-start').disabled")
    page.run(  # dropped on the dialog, not on its drop field
        f"(held => {{ held.items.add(new File([{json.dumps(table)}], 'teams.csv')); const set = {{ bubbles: true,"
        " cancelable: true, dataTransfer: held }; for (const kind of ['dragover', 'drop'])"
        " document.querySelector('dialog h2').dispatchEvent(new DragEvent(kind, set)) })(new DataTransfer())"
    )
    page.wait("document.querySelector('dialog tbody')?.rows.length === 5")
    heads = page.run("[...document.querySelectorAll('dialog th')].map(each => each.innerText.split('\\n'))")
    assert heads[1] == ["Phone", WORDS["printed_phone"]]
    assert heads[2] == ["Fax", WORDS["not_printed"]]
    assert page.run("document.querySelector('dialog th s').textContent") == "Fax"
    page.run("document.querySelectorAll('fieldset[name=templates] input').forEach(each => (each.checked = false))")
    page.run("document.querySelector('fieldset[name=templates] input[value=card]').checked = true")
    page.click("#make-start")
    page.wait("document.querySelectorAll('#made-files a').length === 20")
    page.click("#find-file")
    page.type("LAKE tea")
    page.wait("document.querySelectorAll('#made-files a').length === 1")
    assert page.run("document.querySelector('#made-files').textContent").count("ake team 24") == 1
    page.browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    page.click("dialog a.button", WORDS["download_all"])
    end = time.monotonic() + SECONDS
    while not (made := list(tmp_path.glob("*.zip"))):
        assert time.monotonic() < end
        time.sleep(0.05)
    with zipfile.ZipFile(made[0]) as archive:
        assert len(archive.namelist()) == 25


@pytest.mark.full
def test_everything_can_be_done_with_the_keyboard(page: EditorPage) -> None:
    page.run("document.body.focus()")
    page.tab_to("here.id === 'audience'")
    page.press("ArrowDown")
    page.wait("document.querySelector('.pane').ariaLabel.includes('Teachers')")
    page.wait(f"document.querySelector('.area[aria-label*=\"{SENTENCE}\"]')")
    page.tab_to("here.classList.contains('area')")
    for _ in range(30):
        if page.run(f"document.activeElement.ariaLabel.includes({json.dumps(SENTENCE)})"):
            break
        page.press("ArrowDown")
    page.press("Enter")
    page.wait("document.activeElement.classList.contains('cm-content')")
    page.press("End")
    page.type(" So.")
    page.press("s", ctrl=True)
    page.wait(SAVED)
    assert " So." in page.section
    page.press("Enter", ctrl=True)
    page.wait(f"document.activeElement.ariaLabel?.includes({json.dumps(SENTENCE)})")
    page.tab_to("here.id === 'text-tab'")
    page.press("ArrowRight")
    page.wait("!document.getElementById('mend-view').hidden && document.activeElement.id === 'mend-tab'")
    page.tab_to("here.matches('.finding button')")
    page.tab_to("here.id === 'undo'")
    page.press("Enter")
    page.wait("!document.querySelector('.cm-content').textContent.includes(' So.')")
    assert " So." not in page.section
    page.tab_to("here.id === 'open-make'")
    page.press("Enter")
    page.wait("document.querySelector('dialog').contains(document.activeElement)")


def ticked(page: EditorPage) -> list[str]:
    names: list[str] = page.run(
        "[...document.querySelectorAll('#part input:checked')].map(each => each.dataset.audience)"
    )
    return names


@pytest.mark.full
def test_the_audiences_of_a_part_are_ticked_and_a_part_is_split_off_for_one(page: EditorPage) -> None:
    cover = page.home / COVER
    page.click("#sections button", "Cover and title slide")
    page.click(".cm-line", "Notes to keep")
    page.wait("document.querySelector('#part strong')?.textContent === 'Outside title'")
    assert ticked(page) == ["parents", "teachers"]
    page.click("#part .tick", "Teachers")
    page.wait(f"{PART_NAME} === 'Parents and carers'")
    assert ticked(page) == ["parents"]
    assert '## Outside title {for="parents"}' in cover.read_text(encoding="utf-8")
    page.click("#undo")
    page.wait(f"{PART_NAME} === {json.dumps(WORDS['everyone'])}")
    page.choose("#part select", "teachers")
    page.wait(f"{PART_NAME} === 'Teachers and school staff'")
    page.wait("document.querySelector('.cm-activeLine').textContent === 'Notes to keep'")
    assert ticked(page) == ["teachers"]
    text = cover.read_text(encoding="utf-8")
    assert text.count('## Outside title {for="') == text.count("\nNotes to keep\n") == 2
    page.click("#undo")
    page.wait(f"{PART_NAME} === {json.dumps(WORDS['everyone'])}")


@pytest.mark.full
def test_a_block_is_added_and_attributes_are_shown_on_the_current_line(page: EditorPage) -> None:
    page.click("#sections button", "What PTSD is")
    page.wait("document.querySelector('.t-part')")
    assert not page.run("document.querySelector('.t-part').textContent.includes('{')")
    page.click(".t-part", "Heading")
    page.wait("document.querySelector('.t-part').textContent.includes('{for=')")
    page.click(".cm-line", "PTSD is short for")
    page.run("document.getElementById('add').click(), document.getElementById('add').click()")
    page.wait("document.querySelector('dialog .samples')")
    assert page.run("document.querySelectorAll('dialog').length") == 1
    page.click("dialog button", "Words that your readers could say aloud")
    page.wait("getSelection().toString() === 'When a child does not want to go to school'")
    page.type("Before the first lesson")
    page.wait(SAVED)
    text = (page.home / SECTION).with_name("04-what.md").read_text(encoding="utf-8")
    assert "they feel in danger [@icd11].\n\n::: {.script}\n### Before the first lesson\n>" in text
    page.wait(f"(box => box && {IN_SIGHT})(document.querySelector('.area.here[aria-label^=\"Before the\"]'))")
    page.wait("document.querySelectorAll('.finding.error').length === 0")


@pytest.mark.full
def test_a_new_section_is_closed_when_it_is_undone_and_another_can_be_opened(page: EditorPage) -> None:
    files = set((page.home / SECTION).parent.iterdir())
    page.run("document.getElementById('find-section').focus()")
    page.type("PTSD")
    page.click("#new-section")
    page.type("A section to take back")
    page.click("dialog button", WORDS["new_section"])
    page.wait("document.getElementById('open-title').textContent === 'A section to take back'")
    page.wait(f"(box => box && {IN_SIGHT})(document.querySelector('.area.here[aria-label^=\"Replace this\"]'))")
    assert page.run("getSelection().toString()").startswith("Replace this: what the handout says")
    page.wait("document.querySelector('#sections [aria-current]')?.textContent.includes('A section to take back')")
    assert len(set((page.home / SECTION).parent.iterdir()) - files) == 1
    page.click("#undo")
    page.wait(f"document.getElementById('open-title').textContent === {json.dumps(WORDS['nothing_open'])}")
    assert page.run("document.querySelector('.editor').hidden")
    page.wait("document.querySelector('.passing')?.textContent.includes('A section to take back')")
    assert set((page.home / SECTION).parent.iterdir()) == files
    page.click("#sections button", "The main message")
    page.wait("document.querySelector('.cm-content').textContent.includes('Most children')")
    page.press("End")
    page.type(" More.")
    page.wait(SAVED)
    assert " More." in page.section


@pytest.mark.full
def test_a_fact_is_filled_in_with_the_keyboard_and_shown_on_the_page(page: EditorPage) -> None:
    service = page.home / "content/service.yaml"
    before = service.read_text(encoding="utf-8")
    shown = page.settled_pictures()
    page.click("#open-facts")
    page.wait("document.activeElement.id === 'facts-file' && document.querySelector('.fact')")
    page.tab_to("here.id === 'fact-name'")
    page.type("Harbour team")
    page.press("Tab")
    page.type("0117 496 0000")
    page.press("Tab")
    page.wait(f"document.querySelector('.facts-told').innerText === {json.dumps(WORDS['saved'])}")
    page.wait_for_file(service, '"0117 496 0000"')
    lines = service.read_text(encoding="utf-8").splitlines()
    changed = [new for old, new in zip(before.splitlines(), lines, strict=True) if old != new]
    assert [each.partition("  ")[0] for each in changed] == ['name: "Harbour team"', 'phone: "0117 496 0000"']
    assert page.settled_pictures() != shown
    page.tab_to("here.id === 'fact-web'")
    page.type("example.org")
    page.press("Tab")
    page.wait("document.querySelector('#fact-web[aria-invalid]') && document.querySelector('#fact-web-problem span')")
    page.click("dialog button", WORDS["undo"])
    page.wait("!document.querySelector('#fact-web[aria-invalid]')")
    assert '\nweb: ""' in service.read_text(encoding="utf-8")
    page.choose("#facts-file", "source")
    page.wait("document.querySelector('#source-title')")
    page.click("#source-title")
    page.type("A study of bees")
    page.press("Enter")
    page.wait("document.querySelector('.facts-told').innerText.includes('[@study]')")
    page.click("dialog button", WORDS["undo"])
    page.wait("document.querySelector('.facts-told').innerText.startsWith('Undone: ')")
    page.choose("#facts-file", "content/service.yaml")
    page.tab_to("here.id === 'fact-hours'")
    page.type("9 to 5")
    page.press("Escape")
    page.wait_for_file(service, '\nhours: "9 to 5"')
    assert not page.run("document.querySelector('dialog')")
    page.click(".area", "112")
    page.click("#to-form")
    page.wait("document.activeElement.closest('details[open]')?.textContent.includes('112')")
    page.press("Escape")
    page.browser.emulate(PHONE_WIDTH)
    page.wait("innerWidth === 320 && document.getElementById('to-form').offsetParent")
    assert not page.run("document.documentElement.scrollWidth > innerWidth")
    service.write_text(before, encoding="utf-8", newline="")


@pytest.mark.full
def test_the_program_does_not_end_while_an_edit_cannot_be_saved(page: EditorPage) -> None:
    page.click("#sections button", "The main message")
    page.wait("document.querySelector('.cm-content').textContent.includes('Most children')")
    (page.home / SECTION).rename(page.home / "elsewhere.md")
    page.click(".cm-line", "Most children")
    page.type("More. ")
    page.wait(f"document.getElementById('saved').textContent === {json.dumps(WORDS['unsaved'])}")
    assert page.run("document.getElementById('saved').classList.contains('bad')")
    page.click("#end")
    page.click("dialog button", WORDS["end_now"])
    page.wait("!document.querySelector('dialog')")
    page.wait("document.querySelector('.banner.bad')")
    (page.home / "elsewhere.md").rename(page.home / SECTION)
    page.press("s", ctrl=True)  # the cursor is not in the text
    page.wait(SAVED)
    assert "More. " in page.section
    page.browser.events.clear()  # the browser logs the failed requests as errors


@pytest.mark.full
def test_audiences_are_added_and_those_in_use_cannot_be_removed(page: EditorPage) -> None:
    file = page.home / "content/audiences.yaml"
    before = file.read_text(encoding="utf-8")
    page.click("#open-facts")
    page.wait("document.querySelector('.fact')")
    page.choose("#facts-file", "content/audiences.yaml")
    page.click("dialog summary", WORDS["audience_add"])
    page.click("#new-audience")
    page.type("Coaches")
    page.press("Enter")
    page.wait("document.querySelector('.facts-told').innerText.includes('“Coaches” are there')")
    assert file.read_text(encoding="utf-8").startswith(f"{before}\ncoaches:\n")
    page.click("dialog summary", "Teachers")
    page.click("details[open] button", WORDS["fact_remove"])
    page.wait("document.querySelectorAll('.facts-told .plain').length === 4")
    page.click("dialog summary", "Teachers")
    page.click("dialog summary", "Coaches")
    page.click("details[open] button", WORDS["fact_remove"])
    page.wait("![...document.querySelectorAll('dialog summary')].some(each => each.textContent === 'Coaches')")
    assert not page.run("document.querySelector('.facts-told .plain')")
    assert file.read_text(encoding="utf-8") == before
    page.click("dialog summary", "Teachers")
    page.click("details[open] button", WORDS["fact_remove"])
    page.click(".facts-told .plain")
    page.wait("document.querySelector('.cm-content').textContent.includes('for=\"teachers\"')")
    assert not page.run("document.querySelector('dialog')")
    page.browser.events.clear()  # the browser logs the refused request as an error


@pytest.mark.full
def test_a_change_by_another_program_is_shown_in_the_text_and_on_the_page(page: EditorPage) -> None:
    page.click("#sections button", "The main message")
    page.wait("document.querySelector('.cm-content').textContent.includes('Most children')")
    text = page.section.replace("Most children get better with time", "Most of them get better with time")
    (page.home / SECTION).write_text(text, encoding="utf-8", newline="")
    page.wait("document.querySelector('.cm-content').textContent.includes('Most of them get better')")
    page.wait("document.querySelector('.area[aria-label^=\"Most of them\"]')")
    assert page.run("document.getElementById('open-title').textContent") == "The main message"
    assert not page.run("document.querySelector('dialog, .banner')")


@pytest.mark.full
def test_a_late_answer_about_another_section_does_not_replace_the_open_one(page: EditorPage) -> None:
    page.click("#sections button", "The main message")
    page.wait("document.querySelector('.cm-content').textContent.includes('Most children')")
    page.run(  # answers with the text of this section wait until the test releases them
        "(ask => { window.late = []; window.fetch = async (path, ...rest) => { const answer = await ask(path, ...rest);"
        f" if (path.startsWith('/api/file?') && path.includes({json.dumps(Path(SECTION).name)}))"
        " await new Promise(go => late.push(go)); return answer } })(window.fetch)"
    )
    (page.home / SECTION).write_text(page.section.replace("Most children", "Many of them"), encoding="utf-8")
    page.wait("late.length === 1")  # it is requested again, because another program has written it
    for title in ("Safety first", "Nights"):
        page.click("#sections button", title)
        opened = f"document.getElementById('open-title').textContent.includes({json.dumps(title)})"
        page.wait(f"{opened} && document.querySelector('.cm-content').textContent.includes({json.dumps(title)})")
        page.run("late.shift()()")
        time.sleep(0.1)
        assert page.run(opened)
        assert not page.run("document.querySelector('.cm-content').textContent.includes('Many of them')")
        page.click("#sections button", "The main message")
        page.wait("late.length === 1")  # it is requested, and shown until the next click


@pytest.mark.full
def test_a_text_changed_by_another_program_is_shown_and_never_overwritten(page: EditorPage) -> None:
    page.click("#sections button", "The main message")
    page.wait("document.querySelector('.cm-content').textContent.includes('Keep the day')")
    page.type("Mine ")
    theirs = page.section.replace("Keep the day", "Theirs the day")
    (page.home / SECTION).write_text(theirs, encoding="utf-8", newline="")
    page.wait("document.querySelector('dialog .differs')")
    assert page.section == theirs
    page.click("dialog button", WORDS["take_theirs"])
    page.wait("document.querySelector('.cm-content').textContent.includes('Theirs the day')")
    assert page.section == theirs


@pytest.mark.full
def test_a_dropped_picture_goes_only_into_the_section_it_was_dropped_on(page: EditorPage) -> None:
    dropped = (
        "(name => { const held = new DataTransfer(), lines = [...document.querySelectorAll('.cm-line')];"
        " const line = lines.find(each => each.textContent.startsWith('Most children'));"
        f" const bytes = Uint8Array.from(atob({base64.b64encode(PIXEL).decode()!r}), each => each.charCodeAt(0));"
        " held.items.add(new File([bytes], name, { type: 'image/png' })); const box = line.getBoundingClientRect();"
        " line.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: held,"
        " clientX: box.x + 5, clientY: box.y + 5 })) })"
    )
    page.click("#sections button", "The main message")
    page.wait("document.querySelector('.cm-content').textContent.includes('Most children')")
    page.run(f"{dropped}('lamp.png')")
    page.wait_for_file(page.home / SECTION, 'get help first.\n\n::: {.picture file="lamp.png"}\n')
    assert f"::: {{.alt}}\n{WORDS['picture_alt']}\n:::\n:::\n" in page.section
    page.click("#undo")
    page.wait("!document.querySelector('.cm-content').textContent.includes('lamp.png')")
    page.run(  # the answer about the next picture waits until the test releases it
        "(ask => { window.fetch = async (path, ...rest) => { const answer = await ask(path, ...rest);"
        " if (path.startsWith('/api/picture-file')) await new Promise(go => (window.letGo = go)); return answer }"
        " })(window.fetch)"
    )
    page.run(f"{dropped}('door.png')")
    page.wait("window.letGo")
    page.click("#sections button", "Nights")
    page.wait("document.getElementById('open-title').textContent.includes('Nights')")
    page.run("letGo()")
    page.wait("document.querySelector('.passing')?.textContent.includes('{.picture file=\"door.png\"}')")
    assert "The main message" in page.run("document.querySelector('.passing').textContent")
    assert not page.run("document.querySelector('.cm-content').textContent.includes('door.png')")
    assert "door.png" not in page.section
    shutil.rmtree(page.home / "content" / "pictures")


@pytest.mark.full
def test_the_page_explains_why_a_line_is_not_shown(page: EditorPage) -> None:
    page.click("#sections button", "The main message")
    page.click(".cm-line", "Keep the day calm")
    page.click("#text-view button", WORDS["show_on_page"])
    page.wait("document.querySelector('.passing')?.textContent.includes('This line is for Teachers')")
    assert "you see what is for Parents" in page.run("document.querySelector('.passing').textContent")
    page.choose("#template", "slides")
    page.wait("document.querySelector('.pane .page') && !document.getElementById('timer').hidden")
    page.click("#sections button", "Cards to keep")
    page.click(".cm-line", "Cut out, and keep near the door")
    page.click("#text-view button", WORDS["show_on_page"])
    page.wait(f"document.querySelector('.passing')?.textContent === {json.dumps(WORDS['not_on_slide'])}")


@pytest.mark.full
def test_a_double_click_starts_one_build_and_not_now_does_not_end_the_program(page: EditorPage) -> None:
    page.run(
        "(ask => { window.builds = 0; window.fetch = (path, ...rest) => { if (path === '/api/build') builds += 1;"
        " return ask(path, ...rest) } })(window.fetch)"
    )
    page.click("#open-make")
    page.wait("document.getElementById('make-start')")
    page.run("document.getElementById('make-start').click(), document.getElementById('make-start').click()")
    page.wait("document.getElementById('make-progress')")
    assert page.run("builds") == 1
    page.click("dialog button", WORDS["cancel"])
    page.wait(f"document.getElementById('made')?.textContent === {json.dumps(WORDS['was_cancelled'])}")
    page.click("dialog button", WORDS["close"])
    page.click("#end")
    page.click("dialog button", WORDS["not_now"])
    page.wait("!document.querySelector('dialog')")
    assert page.run("fetch('/api/project').then(answer => answer.status)") == 200


@pytest.mark.full
def test_errors_and_warnings_are_counted_separately(page: EditorPage) -> None:
    page.wait("document.querySelector('.finding')")
    warnings = page.run("document.querySelectorAll('.finding').length")
    label = f"{WORDS['mend_tab']} · {WORDS['to_look_at']}".replace("{n}", "{}")
    assert page.run("document.getElementById('mend-tab').textContent") == label.format(0, warnings)
    page.click(".area", "Most children")
    page.wait("document.activeElement.classList.contains('cm-content')")
    page.type("[Steady]{.trem} ")
    page.wait(f"{ERRORS} === 1")
    assert page.run("document.getElementById('mend-tab').textContent").startswith(label.format(1, "")[:11])


@pytest.mark.full
def test_axe_finds_no_accessibility_violation_in_any_view(page: EditorPage) -> None:
    axe = npm_file("axe-core/axe.min.js").read_text(encoding="utf-8")
    violations: dict[str, list[str]] = {}

    def check(name: str, where: str = "document") -> None:
        if found := page.wrong(axe, where):
            violations[f"{name} {width} {scheme}"] = found

    for width, scheme in ((PHONE_WIDTH, "dark"), (WIDE, "light")):
        page.open(width, prefers_color_scheme=scheme)
        check("pages")
        page.click(".area")
        page.wait("document.querySelector('#part legend') && document.querySelector('.cm-line')")
        check("text")
        page.run("document.getElementById('mend-tab').click()")
        page.click(".finding summary")
        page.wait("document.querySelector('.finding dl')")
        check("to mend")
        page.run("document.querySelectorAll('.panel-tabs button')[0].click()")
        check("sections")
        page.choose("#template", "card")  # so that there are few areas behind the dialogs
        page.wait("document.querySelectorAll('.page').length === 1")
        for opener in ("add", "open-facts", "open-make", "open-gallery", "open-history", "new-section", "end"):
            page.run(f"document.getElementById('{opener}').click()")
            page.wait("document.querySelector('dialog[open]')")
            if opener == "open-facts":
                page.wait("document.querySelector('dialog .fact')")
                page.run("document.querySelectorAll('dialog details').forEach(each => each.open = true)")
            # On a wide screen without what is behind the dialog, which cannot be used now.
            check(opener, "document" if width == PHONE_WIDTH else "document.querySelector('dialog[open]')")
            page.run("document.querySelector('dialog[open]').close()")
            page.wait("!document.querySelector('dialog')")  # it is removed a moment after it is closed
        page.run("document.querySelectorAll('.panel-tabs button')[1].click()")
        page.choose("#template", "slides")
        page.choose("#beside", "teachers")
        page.run("document.querySelector('.more').open = true")
        page.wait("document.querySelectorAll('.pane').length === 2 && !document.getElementById('timer').hidden")
        page.wait("!document.getElementById('differences').hidden")
        page.run("document.querySelector('#differences details').open = true")
        check("two readers of slides")
    assert not violations


@pytest.mark.full
def test_pictures_evicted_from_the_servers_cache_are_drawn_again(page: EditorPage) -> None:
    page.settled_pictures()
    page.run(
        "Promise.all(['30', '60', '90', ''].flatMap(minutes => ['slides', 'card', 'summary', 'sources'].map(template =>"
        " fetch(`/api/view?audience=teachers&template=${template}&minutes=${minutes}`).then(answer => answer.text()))))"
    )
    last = "[...document.querySelectorAll('.page img')].at(-1)"
    assert not page.run(f"{last}.src")
    page.run(f"{last}.scrollIntoView()")
    page.wait(f"{last}.naturalWidth > 0")
    page.browser.events.clear()  # the browser logs the missing picture as an error


@pytest.mark.full
def test_the_preview_is_read_only(browser: Browser, served: tuple[Path, str]) -> None:
    home, _ = served
    project = Project(home / "content", ROOT / "templates", home / "output", home)
    for client in serving(project, editable=False):
        page = EditorPage(browser, home, f"{client.origin}/?token={client.token}")
        page.open()
        before = page.section
        page.click("#sections button", "The main message")
        page.wait("document.querySelector('.cm-content').textContent.includes('Most ')")
        page.run("document.querySelector('.cm-content').focus()")
        page.type("Mine")
        assert not page.run("document.querySelector('.cm-content').textContent.includes('Mine')")
        shown = "document.getElementById({}).offsetParent !== null"
        assert not [each for each in ("undo", "open-make", "new-section", "add") if page.run(shown.format(f"'{each}'"))]
        assert page.run("[...document.querySelectorAll('#part input')].every(each => each.disabled)")
        assert page.section == before


@pytest.mark.full
def test_the_paper_follows_the_country_unless_the_user_has_chosen_one(page: EditorPage) -> None:
    page.click("#open-make")
    page.wait("document.querySelector('dialog [name=papers]')")

    def papers() -> list[str]:
        found: list[str] = page.run(
            "[...document.querySelectorAll('dialog [name=papers] input:checked')].map(each => each.value)"
        )
        return found

    assert papers() == ["a4"]
    page.click("dialog [name=countries] .tick", WORDS["country_US"])
    assert papers() == ["letter"]
    page.click("dialog [name=countries] .tick", WORDS["country_UK"])
    assert sorted(papers()) == ["a4", "letter"]
    page.click("dialog [name=papers] .tick", WORDS["paper_letter"])
    page.click("dialog [name=countries] .tick", WORDS["country_UK"])
    assert papers() == ["a4"]  # what the user has ticked stays


@pytest.mark.full
def test_a_second_audience_is_shown_at_the_same_section_on_the_paper_of_the_country(page: EditorPage) -> None:
    page.choose("#country", "US")
    page.wait("document.querySelector('.sheet').style.aspectRatio === '612 / 792'")
    assert page.run("document.getElementById('paper').selectedOptions[0].text").startswith(WORDS["paper_letter"])
    page.run("document.querySelectorAll('.page')[4].scrollIntoView()")
    page.choose("#beside", "teachers")
    page.wait("document.querySelectorAll('.pane').length === 2 && !document.getElementById('differences').hidden")
    in_front = (
        "[...document.querySelectorAll('.pane')].map(pane => [...pane.querySelectorAll('.area')].filter(area =>"
        " area.getBoundingClientRect().bottom > pane.getBoundingClientRect().top && area.getBoundingClientRect().top <"
        " pane.getBoundingClientRect().bottom).map(area => area.dataset.file))"
    )
    left, right = page.run(in_front)
    assert page.run("document.querySelectorAll('.pane')[1].scrollTop") > 500
    assert set(left) & set(right)


@pytest.mark.full
def test_findings_lead_to_forms_and_hints_avoid_option_names(page: EditorPage) -> None:
    page.click("#mend-tab")
    page.wait("document.querySelector('.finding')")
    assert not re.search(r"--\w|\w_\w", page.run("document.getElementById('mend-view').innerText"))
    page.click(".finding button", WORDS["facts_topic"])
    page.wait("document.activeElement.id === 'fact-reviewed_by'")
    hint = json.dumps(
        {"code": "usage", "file": "", "hint": "choose --paper a4 or letter, or leave --edition discreet out"}
    )
    text = page.run(f"import('/page/hints.js').then(({{hintOf}}) => hintOf({hint}))")
    assert text == "choose “Paper: A4” or letter, or leave “Kind of print: Discreet, the cover names no condition” out"


@pytest.mark.full
def test_unavailable_choices_are_replaced_by_available_ones(page: EditorPage) -> None:
    topic = {"name": "bees", "audiences": ["growers", "keepers"], "languages": ["en"], "minutes": ["30"]}
    templates = [{"name": "card", "audiences": ["growers"]}, {"name": "handout", "audiences": ["growers", "keepers"]}]
    choices = {"template": templates, "edition": ["standard"], "paper": ["a4"], "country": ["UK"]}
    project = {"topics": [{**topic, "templates": ["handout"]}], "choices": choices}

    def possible(**wish: str) -> dict[str, str]:
        call = f"possibleChoice({json.dumps(project)}, {json.dumps(wish)})"
        found: dict[str, str] = page.run(f"import('/page/choices.js').then(({{possibleChoice}}) => {call})")
        return found

    usual = {"topic": "bees", "audience": "growers", "language": "en", "template": "handout"}
    more = {"edition": "standard", "paper": "", "country": "", "minutes": ""}
    assert possible() == {**usual, **more}
    assert possible(template="card", minutes="30", paper="a5") == {**usual, **more, "template": "card", "minutes": "30"}
    assert possible(template="card", audience="keepers") == {**usual, **more, "audience": "keepers"}

    page.choose("#template", "for-you")
    page.wait(f"document.querySelector('.banner')?.textContent.includes({json.dumps(WORDS['nothing_for_them'])})")
    page.choose("#template", "card")
    page.wait("!document.querySelector('.banner') && document.getElementById('place').textContent.endsWith('of 1')")
