"""The server of `handouts open`: what it answers, what it refuses, and how it changes the files of a project."""

from __future__ import annotations

import base64
import errno
import http.client
import io
import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from audit_hook import loopback_allowed
from msgspec import Struct
from paths import ROOT

from handouts.cli import command
from handouts.editor.archives import zip_pieces
from handouts.editor.file_manager import file_manager, start_program
from handouts.editor.running import serve
from handouts.editor.session import Session
from handouts.editor.views import ViewRequest
from handouts.pipeline.project import Project

DAY = date(2026, 11, 24)
SECTION = "content/bpd-contact/en/08-abandonment.md"


class Answer(Struct):
    """An answer of the server."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.content)

    @property
    def codes(self) -> list[str]:
        return [each["code"] for each in self.data["findings"]]


class Browser:
    """A client that sends requests as a browser does after it has opened the address of the server."""

    def __init__(self, address: str) -> None:
        self.port = int(address.split(":")[2].split("/", maxsplit=1)[0])
        self.token = address.partition("token=")[2]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.cookie = f"handouts-{self.port}={self.token}"

    def ask(self, method: str, path: str, body: object = None, **headers: str | None) -> Answer:
        """Send a request as our own page does; a header that is None is left out."""
        sent = {"Host": f"127.0.0.1:{self.port}", "Cookie": self.cookie}
        sent |= {} if method == "GET" else {"Origin": self.origin}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in {**sent, **named}.items() if value is not None}
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_host=True)
            for name, value in {**sent, "Content-Length": str(len(content or b""))}.items():
                connection.putheader(name, value)
            connection.endheaders(content)
            response = connection.getresponse()
            return Answer(
                response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
            )
        finally:
            connection.close()

    def get(self, path: str, /, **asked: str) -> Answer:
        return self.ask("GET", f"{path}?{urlencode(asked)}" if asked else path)

    def read(self, path: str) -> Any:
        return self.get("/api/file", path=path).data

    def save(self, path: str, text: str, base: str = "") -> Answer:
        return self.ask("PUT", "/api/file", {"path": path, "base": base or self.read(path)["hash"], "text": text})


def copy_project(home: Path) -> Project:
    """Return a project with the shipped content and the shipped templates."""
    shutil.copytree(ROOT / "content", home / "content")
    return Project(home / "content", ROOT / "templates", home / "output", home)


def serving(
    project: Project, *, editable: bool = True, opener: Callable[[Path], bool] = lambda _: False
) -> Iterator[Browser]:
    """Serve a project in a thread, and yield a browser for it; `opener` opens folders."""
    addresses: list[str] = []
    ready = threading.Event()

    def on_start(address: str, running: bool) -> None:
        assert not running
        addresses.append(address)
        ready.set()

    session = Session(project, lambda: DAY, editable=editable)
    thread = threading.Thread(target=serve, args=(session, 0, on_start, opener))
    thread.start()
    assert ready.wait(20)
    browser = Browser(addresses[0])
    yield browser
    assert browser.ask("POST", "/api/end").status == 200
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture(scope="module", autouse=True)
def loopback() -> Iterator[None]:
    with loopback_allowed():
        yield


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return copy_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def opened() -> list[Path]:
    """The folders that were opened, in order; only the first opens successfully."""
    return []


@pytest.fixture(scope="module")
def browser(project: Project, opened: list[Path]) -> Iterator[Browser]:
    def opener(folder: Path) -> bool:
        opened.append(folder)
        return len(opened) == 1

    yield from serving(project, opener=opener)


# ---------------------------------------------------------------- reading


def test_the_project_lists_topics_sections_audiences_and_templates(browser: Browser) -> None:
    data = browser.get("/api/project").data
    assert data["editable"]
    assert data["errors"] == []
    (topic,) = data["topics"]
    section = next(each for each in topic["sections"] if each["file"] == SECTION)
    assert section["name"] == "abandonment"
    assert section["audiences"] == ["family", "partners", "clinicians"]
    assert section["parts"][0] == {"name": "claim", "line": 3, "audiences": ["family", "partners"]}
    assert [each["name"] for each in data["choices"]["template"] if each["renderer"] == "pptx"] == ["slides"]
    assert data["audiences"][0]["colour"].startswith("#")


def test_each_area_of_a_page_names_the_source_line_of_its_words(browser: Browser, project: Project) -> None:
    view = browser.get("/api/view", topic="bpd-contact", audience="partners", template="handout").data
    assert view["kind"] == "pages"
    assert not view["stale"]
    areas = [area for page in view["pages"] for area in page["areas"]]
    mine = [area for area in areas if area["file"] == SECTION]
    lines = (project.home / SECTION).read_text(encoding="utf-8").splitlines()
    assert len(mine) > 5
    for area in mine:
        begun = lines[area["line"] - 1][area["column"] - 1 :]
        assert begun[:1].isalnum() or begun[:1] in "#:", area
    # The crisis box is repeated on each page, and its numbers lead to the file of contacts.
    calls = [{area["file"] for area in page["areas"] if area["words"] == "findahelpline.com"} for page in view["pages"]]
    assert calls[1:] == [{"content/contacts/ANY.yaml"}] * (len(calls) - 1)
    figure = [area for area in areas if area["file"].endswith("07a-circle.md")]
    assert len(figure) > 10
    (page,) = [page for page in view["pages"] if figure[0] in page["areas"]]
    between = page["areas"][page["areas"].index(figure[1]) : page["areas"].index(figure[-1])]
    assert {area["file"] for area in between} == {figure[0]["file"]}  # including the numbers in the drawing


def test_slides_have_notes_durations_and_source_lines(browser: Browser) -> None:
    view = browser.get("/api/view", topic="bpd-contact", audience="family", template="slides", minutes="30").data
    assert view["kind"] == "slides"
    assert sum(page["seconds"] for page in view["pages"]) == pytest.approx(60 * view["figures"]["minutes"])
    assert view["figures"]["minutes"] <= 30
    assert any(page["notes"] for page in view["pages"])
    assert all(page["areas"] for page in view["pages"])


def test_a_page_is_drawn_in_the_requested_width(browser: Browser) -> None:
    page = browser.get("/api/view", topic="bpd-contact", audience="family").data["pages"][1]
    drawn = browser.get(f"/api/picture/{page['picture']}", width="321")
    assert drawn.headers["content-type"] == "image/png"
    assert int.from_bytes(drawn.content[16:20]) == 321
    assert "immutable" in drawn.headers["cache-control"]
    assert browser.get("/api/picture/0000", width="321").status == 404
    assert browser.get(f"/api/picture/{page['picture']}", width="99999").codes == ["usage"]


@pytest.mark.parametrize(
    "wish",
    [{"audience": "nobody"}, {"template": "slydes"}, {"edition": "small"}, {"minutes": "7", "template": "slides"}],
)
def test_a_view_of_something_unknown_is_a_finding(browser: Browser, wish: dict[str, str]) -> None:
    view = browser.get("/api/view", topic="bpd-contact", **wish).data
    assert view["pages"] == []
    assert view["findings"][0]["code"] in ("usage", "unknown-audience")
    assert browser.get("/api/view", topics="x").codes == ["usage"]


def test_two_audiences_are_compared_sentence_by_sentence(browser: Browser) -> None:
    compared = browser.get("/api/compare", topic="bpd-contact", left="family", right="partners").data
    differing = [
        row for each in compared["sections"] for part in each["parts"] for row in part["rows"] if not row["same"]
    ]
    assert differing
    assert compared["sections"][0]["file"].startswith("content/bpd-contact/en/")
    assert browser.get("/api/compare", topic="bpd-contact", left="family", right="nobody").codes == ["unknown-audience"]


def test_finding_codes_are_explained_and_names_completed(browser: Browser) -> None:
    assert browser.get("/api/explain/long-sentence").data["mend"]
    assert "did you mean" in browser.get("/api/explain/long-sentense").data["findings"][0]["hint"]
    names = browser.get("/api/complete", path=SECTION).data
    assert {"claim", "partners", "mentalising"} & {each["name"].lower() for kind in names.values() for each in kind}
    assert [each["name"] for each in names["audiences"]] == ["family", "partners", "clinicians"]
    assert all(names[kind] for kind in ("parts", "sources", "signs", "blocks"))


def offered(browser: Browser, path: str, line: int) -> tuple[str, int, set[str]]:
    """Return the part that gets a block added at a line, the line above the block, and the names of allowed blocks."""
    data = browser.get("/api/blocks", path=path, line=str(line), audience="partners").data
    return data["part"], data["line"], {each["name"] for each in data["blocks"]}


def test_only_blocks_that_are_allowed_at_a_line_are_offered_with_the_line_to_insert_at(
    browser: Browser, project: Project
) -> None:
    topic = "content/bpd-contact/en"
    lines = (project.home / topic / "20-scripts.md").read_text(encoding="utf-8").splitlines()
    theirs = lines.index('## Body {for="partners"}') + 1
    part, line, names = offered(browser, f"{topic}/20-scripts.md", theirs)
    assert (part, line) == ("Body", theirs + 1)  # below the first paragraph
    assert {"script", "say-or-not", "fork", "line"} <= names
    assert "picture" not in names
    words = next(number for number, each in enumerate(lines, 1) if each.startswith("> I have decided to end"))
    assert offered(browser, f"{topic}/20-scripts.md", words)[1] == words + 1  # below the script, not in it
    assert offered(browser, f"{topic}/20-scripts.md", words + 2)[1] == words + 2
    assert theirs < offered(browser, f"{topic}/20-scripts.md", 1)[1] < lines.index('## Body {for="clinicians"}')
    assert offered(browser, f"{topic}/20-scripts.md", 4)[0] == "Body"  # a heading is one sentence
    cover = (project.home / topic / "01-cover.md").read_text(encoding="utf-8").splitlines()
    talk = cover.index('## Talk {for="family partners"}') + 2  # one sentence; what comes next is for family only
    own = cover.index('## Spoken {for="partners" minutes="1"}') + 1
    assert own < offered(browser, f"{topic}/01-cover.md", talk)[1] < own + 5
    spoken = next(number for number, each in enumerate(lines, 1) if each.startswith("## Spoken"))
    part, _, names = offered(browser, f"{topic}/20-scripts.md", spoken)
    assert part == "Spoken"
    assert "script" in names
    assert not {"line", "fill-table"} & names  # fields cannot be filled in on a slide
    assert not {"fork", "contacts", "cut"} & offered(browser, f"{topic}/31-contact-plan.md", 6)[2]  # a sheet to fill in
    assert browser.get("/api/blocks", path="content/service.yaml", line="1").codes == ["usage"]
    assert browser.get("/api/blocks", path=SECTION, line="many").status == 400
    assert offered(browser, SECTION, 100_000)[1] <= 100


def test_a_request_whose_client_has_gone_is_not_processed(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    started, go_on = [], threading.Event()

    def names(self: Session, file: str) -> dict[str, Any]:  # noqa: ARG001
        started.append(file)
        assert go_on.wait(20)
        return {}

    monkeypatch.setattr(Session, "names", names)
    waiting = []
    for name in ("first", "second", "third"):
        connection = http.client.HTTPConnection("127.0.0.1", browser.port, timeout=20)
        connection.request("GET", f"/api/complete?path={name}", headers={"Cookie": browser.cookie})
        waiting.append(connection)
        time.sleep(0.1)  # so that they arrive in this order
    waiting[1].close()
    time.sleep(0.1)
    go_on.set()
    assert [waiting[index].getresponse().status for index in (0, 2)] == [200, 200]
    assert started == ["first", "third"]
    for connection in waiting:
        connection.close()


# ---------------------------------------------------------------- writing


def test_a_saved_edit_is_shown_and_can_be_undone(browser: Browser, project: Project) -> None:
    path = project.home / SECTION
    before = path.read_bytes()
    wish = {"topic": "bpd-contact", "audience": "family"}
    first = browser.get("/api/view", **wish).data
    known = browser.read(SECTION)
    saved = browser.save(SECTION, known["text"].replace("Being left", "A new word: being left"))
    assert saved.status == 200
    second = browser.get("/api/view", **wish).data
    assert second["version"] > first["version"]
    changed = [
        page["picture"]
        for page in second["pages"]
        if page["picture"] not in [each["picture"] for each in first["pages"]]
    ]
    assert changed
    assert browser.get("/api/project").data["can_undo"]
    undone = browser.ask("POST", "/api/undo").data
    assert undone["path"] == SECTION
    assert known["text"].splitlines()[undone["line"] - 1].startswith("Being left")
    assert (undone["taken"], undone["back"]) == ("A new word: being", "Being")
    assert path.read_bytes() == before
    assert [each["picture"] for each in browser.get("/api/view", **wish).data["pages"]] == [
        each["picture"] for each in first["pages"]
    ]
    assert browser.ask("POST", "/api/redo").data["hash"] == saved.data["hash"]
    states = browser.get("/api/history", path=SECTION).data["states"]
    assert browser.ask("POST", "/api/restore", {"path": SECTION, "id": states[0]["id"]}).status == 200
    assert path.read_bytes() == before


def test_undo_takes_back_all_edits_of_one_line_at_once(browser: Browser) -> None:
    first = browser.read(SECTION)["text"]
    lines = first.split("\n")
    words = [number for number, line in enumerate(lines) if line and line[0].isalpha()]
    texts = []
    for number, word in ((words[0], "One "), (words[0], "Two "), (words[-1], "Three ")):
        lines[number] = word + lines[number]
        texts.append("\n".join(lines))
        browser.save(SECTION, texts[-1])
    undone = browser.ask("POST", "/api/undo").data
    assert (undone["line"], undone["taken"], undone["back"]) == (words[-1] + 1, "Three", "")
    assert browser.read(SECTION)["text"] == texts[1]
    undone = browser.ask("POST", "/api/undo").data
    assert (undone["line"], undone["taken"]) == (words[0] + 1, "Two One")
    assert browser.read(SECTION)["text"] == first
    browser.save(SECTION, first.replace("Being left", "Being"))
    undone = browser.ask("POST", "/api/undo").data
    assert (undone["taken"], undone["back"]) == ("", "left")


def test_an_edit_changes_no_other_byte(browser: Browser, project: Project) -> None:
    name = "content/bpd-contact/en/24-hope.md"
    path = project.home / name
    whole = path.read_bytes()
    head, tail = whole.decode().split("\n", 3)[:3], whole.decode().split("\n", 3)[3]
    mixed = "\ufeff" + "\r\n".join(head) + "\r\n" + tail  # the first three lines end as on Windows
    path.write_bytes(mixed.encode())
    known = browser.read(name)
    assert known["text"] == whole.decode()
    lines = known["text"].split("\n")
    lines.insert(2, "One more.")
    assert browser.save(name, "\n".join(lines)).status == 200
    assert path.read_bytes().decode() == "\ufeff" + "\r\n".join(head[:2]) + "\r\nOne more.\n" + head[2] + "\r\n" + tail
    assert browser.save(name, known["text"]).status == 200
    assert path.read_bytes().decode() == mixed
    path.write_bytes(whole)


def test_a_file_changed_by_another_program_is_shown_and_not_overwritten(browser: Browser, project: Project) -> None:
    known = browser.read(SECTION)
    path = project.home / SECTION
    elsewhere = known["text"].replace("Being left", "To be left")
    path.write_text(elsewhere, encoding="utf-8")
    refused = browser.save(SECTION, "mine", known["hash"])
    assert refused.status == 409
    assert refused.data["text"] == elsewhere
    assert path.read_text(encoding="utf-8") == elsewhere
    assert browser.save(SECTION, known["text"], refused.data["hash"]).status == 200
    path.write_text(elsewhere, encoding="utf-8")
    assert "changed elsewhere" in browser.ask("POST", "/api/undo").data["message"]
    path.write_text(known["text"], encoding="utf-8")


def test_an_error_keeps_the_last_good_pages_and_shows_the_finding(browser: Browser) -> None:
    wish = {"topic": "bpd-contact", "audience": "clinicians"}
    good = browser.get("/api/view", **wish).data
    text = browser.read(SECTION)["text"]
    browser.save(SECTION, text.replace('{for="clinicians"}', '{for="clinicans"}', 1))
    broken = browser.get("/api/view", **wish).data
    pictures = browser.get("/api/pages", **wish).data
    assert pictures["stale"]
    assert [each["picture"] for each in pictures["pages"]] == [each["picture"] for each in good["pages"]]
    assert broken["stale"]
    assert broken["pages"] == good["pages"]
    (found,) = [each for each in broken["findings"] if each["code"] == "unknown-audience"]
    assert (found["file"], found["line"]) == (SECTION, 6)
    assert "clinicians" in found["hint"]
    assert browser.get("/api/project").data["errors"]
    browser.save(SECTION, text)
    mended = browser.get("/api/view", **wish).data
    assert not mended["stale"]
    assert mended["pages"] == good["pages"]


def test_a_part_is_split_off_for_one_audience(browser: Browser, project: Project) -> None:
    path, before = project.home / SECTION, browser.read(SECTION)["text"]
    split = {"path": SECTION, "line": 3, "audience": "partners"}
    assert browser.ask("POST", "/api/split", split).status == 200
    assert path.read_text(encoding="utf-8") == before.replace(
        '## Claim {for="family partners"}\nBeing left can feel like an emergency.\n',
        '## Claim {for="family"}\nBeing left can feel like an emergency.\n\n'
        '## Claim {for="partners"}\nBeing left can feel like an emergency.\n',
        1,
    )
    assert not browser.get("/api/project").data["errors"]
    assert browser.ask("POST", "/api/split", split).codes == ["usage"]  # it has no other audience now
    assert browser.ask("POST", "/api/split", {**split, "line": 4}).codes == ["usage"]
    assert browser.save(SECTION, before).status == 200


def test_the_audiences_of_a_part_can_be_changed(browser: Browser, project: Project) -> None:
    path, before = project.home / SECTION, browser.read(SECTION)["text"]
    line = before.split("\n").index("## Feels") + 1
    wish = {"path": SECTION, "line": line, "audiences": ["family"]}
    assert browser.ask("POST", "/api/readers", wish).status == 200
    assert '\n## Feels {for="family"}\n' in path.read_text(encoding="utf-8")
    assert browser.ask("POST", "/api/readers", {**wish, "audiences": ["clinicians", "partners"]}).status == 200
    assert '\n## Feels {for="partners clinicians"}\n' in path.read_text(encoding="utf-8")
    assert browser.ask("POST", "/api/readers", {**wish, "audiences": []}).codes == ["usage"]
    everybody = {**wish, "audiences": ["family", "partners", "clinicians"]}
    assert browser.ask("POST", "/api/readers", everybody).status == 200
    assert path.read_text(encoding="utf-8") == before


def test_a_section_is_added_after_another_and_can_be_undone(browser: Browser, project: Project) -> None:
    wish = {"topic": "bpd-contact", "title": "Fear of *noise*", "after": "abandonment"}
    made = browser.ask("POST", "/api/section", wish).data["path"]
    path = project.home / made
    assert made > SECTION
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Fear of \\*noise\\* {.factor #")
    assert "## Claim\nFear of \\*noise\\*\n" in text  # the claim, which is printed above it
    assert any(each["file"] == made for each in browser.get("/api/project").data["topics"][0]["sections"])
    assert browser.ask("POST", "/api/undo").status == 200
    assert not path.exists()
    assert browser.ask("POST", "/api/section", {**wish, "kind": "poem"}).codes == ["usage"]


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


def test_an_uploaded_picture_is_stored_in_content_and_overwrites_nothing(browser: Browser, project: Project) -> None:
    path = project.home / "content/pictures/a-walk.png"
    assert browser.ask("POST", "/api/picture-file?name=A%20Walk.PNG", PIXEL).data["name"] == "a-walk.png"
    assert path.read_bytes() == PIXEL
    assert browser.ask("POST", "/api/picture-file?name=a-walk.png", PIXEL).codes == ["usage"]
    assert browser.ask("POST", "/api/picture-file?name=walk.png", b"no picture").codes == ["picture-kind"]
    assert browser.ask("POST", "/api/picture-file?name=walk.exe", PIXEL).codes == ["picture-kind"]
    outside = browser.ask("POST", "/api/picture-file?name=..%2F..%2Fwalk.png", PIXEL)
    assert outside.data["path"] == "content/pictures/walk.png"
    shutil.rmtree(path.parent)


def test_a_picture_of_30_mb_is_refused(browser: Browser, project: Project) -> None:
    refused = browser.ask("POST", "/api/picture-file?name=walk.png", PIXEL + bytes(30_000_000))
    assert (refused.status, refused.codes) == (413, ["too-large"])
    assert not (project.home / "content/pictures").exists()
    assert browser.save(SECTION, "a" * 1_000_001).status == 413


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (403, {"Cookie": None}),
        (403, {"Cookie": "handouts-1=guess"}),
        (403, {"Cookie": "{cookie}x"}),
        (403, {"Origin": "https://example.org"}),
        (403, {"Origin": "null"}),
        (403, {"Sec_Fetch_Site": "cross-site"}),
        (403, {"Sec_Fetch_Site": "same-site"}),
        (421, {"Host": "example.org"}),
        (421, {"Host": "example.org:{port}"}),
        (421, {"Host": "127.0.0.1"}),
        (400, {"Host": None}),
    ],
)
def test_requests_without_our_cookie_origin_or_host_are_refused(
    browser: Browser, status: int, headers: dict[str, str | None]
) -> None:
    facts = {"cookie": browser.cookie, "port": browser.port}
    sent = {name: value and value.format(**facts) for name, value in headers.items()}
    assert browser.ask("GET", "/api/project", **sent).status == status
    assert browser.ask("POST", "/api/undo", **sent).status == status


def test_a_change_needs_the_origin_of_our_own_page(browser: Browser) -> None:
    assert browser.ask("POST", "/api/undo", Origin=None).status == 403
    assert browser.ask("PUT", "/api/file", {}, Origin=f"http://127.0.0.1:{browser.port + 1}").status == 403
    preflight = browser.ask("OPTIONS", "/api/file", Origin="https://example.org", Access_Control_Request_Method="PUT")
    assert preflight.status == 403
    assert not [name for name in preflight.headers if name.startswith("access-control")]


def test_the_token_opens_the_page_once_and_then_the_cookie_does(browser: Browser) -> None:
    opened = browser.ask("GET", f"/?token={browser.token}", Cookie=None)
    assert (opened.status, opened.headers["location"]) == (303, "/")
    cookie = opened.headers["set-cookie"]
    assert cookie.startswith(f"{browser.cookie};")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert browser.ask("GET", "/?token=guess", Cookie=None).status == 403
    assert b"handouts open" in browser.ask("GET", "/", Cookie=None).content


def test_each_answer_has_security_headers(browser: Browser) -> None:
    for answer in (browser.get("/api/project"), browser.ask("GET", "/", Cookie=None), browser.get("/api/nothing")):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["undo", "redo", "restore", "split", "readers", "section", "build", "end"])
def test_nothing_is_changed_by_a_get(browser: Browser, path: str) -> None:
    assert browser.get(f"/api/{path}").status == 405


@pytest.mark.parametrize(
    "name",
    [
        "",
        "content",
        "content/../content/service.yaml",
        "../content/service.yaml",
        "/etc/passwd.yaml",
        "C:/service.yaml",
        "content/C:service.yaml",
        "content\\service.yaml",
        "content//service.yaml",
        "content/./service.yaml",
        "content/nul.yaml",
        "content/COM1.md",
        "content/service.yaml.",
        "content/service.yaml::$DATA",
        "content/.hidden.yaml",
        "content/service.py",
        "content/pictures/photo.png",
        ".handouts/editor.json",
        "output/manifest.json",
        "templates/handout.md.j2",
        "content/\x00.md",
        "content/out.yaml",
        "content/there/service.yaml",
        "content/bpd-contact/en/none.md",
    ],
)
def test_no_file_outside_the_project_is_read_or_written(browser: Browser, project: Project, name: str) -> None:
    outside = project.home.parent / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "service.yaml").write_text("name: secret", encoding="utf-8")
    links = {project.content / "out.yaml": outside / "service.yaml", project.content / "there": outside}
    for link, target in links.items():
        link.symlink_to(target)
    try:
        read = browser.get("/api/file", path=name)
        wrote = browser.ask("PUT", "/api/file", {"path": name, "base": "", "text": "name: mine"})
    finally:
        for link in links:
            link.unlink()
    assert (read.status, wrote.status) == (400, 400)
    assert b"secret" not in read.content + wrote.content
    assert (outside / "service.yaml").read_text(encoding="utf-8") == "name: secret"


def test_only_files_of_the_page_are_served_under_page(browser: Browser) -> None:
    for name in ("../server.py", "..%2Fserver.py", "%2e%2e/server.py", "/etc/passwd", "index.html%00.js", "nothing.js"):
        assert browser.get(f"/page/{name}").status == 404
    assert browser.get("/api/download", file="../content/service.yaml").codes == ["missing-file"]


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"path": 1, "base": "", "text": ""}', b'{"path": "", "base": "", "text": "", "more": 1}']
)
def test_a_malformed_request_is_answered_with_a_finding(browser: Browser, body: bytes) -> None:
    assert browser.ask("PUT", "/api/file", body).codes == ["usage"]


# ---------------------------------------------------------------- when something fails


def test_a_project_that_disappears_is_reported_and_works_again_when_it_is_back(
    browser: Browser, project: Project
) -> None:
    wish = {"topic": "bpd-contact", "audience": "family"}
    good = browser.get("/api/view", **wish).data
    project.content.rename(project.home / "elsewhere")
    try:
        known = browser.get("/api/project").data
        view = browser.get("/api/view", **wish).data
        assert [each["code"] for each in known["errors"]]
        assert view["stale"]
        assert view["pages"] == good["pages"]
        assert browser.get("/api/file", path=SECTION).codes == ["unreadable"]
        assert browser.save(SECTION, "mine", "0").codes == ["unreadable"]
    finally:
        (project.home / "elsewhere").rename(project.content)
    assert browser.get("/api/view", **wish).data["pages"] == good["pages"]


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk-full"), (errno.EROFS, "cannot-write")])
def test_a_failed_write_leaves_the_file_unchanged(
    browser: Browser, project: Project, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    before = (project.home / SECTION).read_bytes()

    def refuse(file: int) -> None:  # noqa: ARG001
        raise OSError(number, os.strerror(number))

    known = browser.read(SECTION)
    monkeypatch.setattr(os, "fsync", refuse)
    assert browser.save(SECTION, "mine", known["hash"]).codes == [code]
    monkeypatch.undo()
    assert (project.home / SECTION).read_bytes() == before
    assert not list((project.home / SECTION).parent.glob(".*"))


def test_a_server_killed_while_saving_leaves_a_complete_file(project: Project) -> None:
    text = (project.home / SECTION).read_text(encoding="utf-8")
    script = (
        "import sys\nfrom pathlib import Path\nfrom handouts.editor.history import History\n"
        "from handouts.editor.source_files import SourceFiles\nhome = Path(sys.argv[1])\n"
        "files = SourceFiles(home, [home / 'content'], History(None), editable=True)\nprint('ready', flush=True)\n"
        "while True:\n"
        "    for end in ('', 'more\\n' * 20_000):\n"
        "        files.change(sys.argv[2], lambda text: text.partition('more\\n')[0] + end)\n"
    )
    for pause in (0.02, 0.05):
        process = subprocess.Popen([sys.executable, "-c", script, project.home, SECTION], stdout=subprocess.PIPE)
        assert process.stdout
        assert process.stdout.readline()
        time.sleep(pause)
        process.kill()
        process.wait()
        process.stdout.close()
        assert (project.home / SECTION).read_text(encoding="utf-8") in (text, text + "more\n" * 20_000)
    (project.home / SECTION).write_text(text, encoding="utf-8")
    for left in (project.home / SECTION).parent.glob(".handouts-*"):
        left.unlink()


def test_nagles_algorithm_is_off_so_that_answers_are_not_delayed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections = []

    def run(server: object, sockets: list[socket.socket]) -> None:  # noqa: ARG001
        with sockets[0] as listening, socket.create_connection(listening.getsockname()):
            connections.append(listening.accept()[0])

    monkeypatch.setattr("uvicorn.Server.run", run)
    serve(Session(copy_project(tmp_path), lambda: DAY, editable=False), 0, lambda *_: None)
    with connections[0] as connection:
        # asyncio switches off Nagle's algorithm, which costs 40 ms per answer, only for sockets with this protocol.
        assert connection.proto == socket.IPPROTO_TCP


def test_one_project_has_one_server(browser: Browser, project: Project) -> None:
    calls: list[tuple[str, bool]] = []
    serve(Session(project, lambda: DAY, editable=True), None, lambda *each: calls.append(each))
    assert calls == [(f"{browser.origin}/?token={browser.token}", True)]
    address = project.home / ".handouts/editor.json"
    assert os.name == "nt" or stat.S_IMODE(address.stat().st_mode) == 0o600
    assert (project.home / ".handouts/.gitignore").read_text() == "*\n"


def test_a_port_in_use_is_wrong_usage(browser: Browser, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy_project(tmp_path)
    assert command(["open", "--project", str(tmp_path), "--port", str(browser.port), "--no-browser"]) == 2
    assert f"Port {browser.port} is used by another program." in capsys.readouterr().err
    assert not (tmp_path / ".handouts/editor.json").exists()


def test_an_unknown_topic_is_wrong_usage(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["open", "bpd-contcat", "--project", str(project.home), "--no-browser"]) == 2
    assert "did you mean 'bpd-contact'?" in capsys.readouterr().err


def test_the_address_is_printed_if_there_is_no_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy_project(tmp_path)
    monkeypatch.setattr("webbrowser.open", lambda address: False)  # noqa: ARG005
    monkeypatch.setattr("uvicorn.Server.run", lambda self, sockets: sockets[0].close())  # noqa: ARG005
    assert command(["open", "bpd-contact", "--project", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"http://127\.0\.0\.1:\d+/\?token=\S{43}\n", printed)
    assert "no browser was found" in printed


def test_a_preview_is_read_only(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    for browser in serving(project, editable=False):
        assert not browser.get("/api/project").data["editable"]
        assert browser.get("/api/view", topic="bpd-contact", audience="family", template="card").data["pages"]
        known = browser.read(SECTION)
        assert not known["editable"]
        for method, path in WRITING:
            assert browser.ask(method, path, {"path": SECTION}).data["message"] == "Here it can only be looked at."
    assert not (tmp_path / ".handouts").exists()


WRITING = [
    ("PUT", "/api/file"),
    *(("POST", f"/api/{name}") for name in ("undo", "redo", "restore", "split", "readers", "section", "build")),
    *(("POST", f"/api/{name}?name=a.png") for name in ("picture-file", "recipients")),
]


def test_an_error_in_a_template_is_a_finding(tmp_path: Path) -> None:
    copy_project(tmp_path)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    project = Project(tmp_path / "content", tmp_path / "templates", tmp_path / "output", tmp_path)
    session, wish = Session(project, lambda: DAY, editable=True), ViewRequest("bpd-contact", "family", template="card")
    good = session.view(wish)
    template = tmp_path / "templates/card.md.j2"
    file = session.files.read("templates/card.md.j2")
    session.files.write(file["path"], file["hash"], file["text"] + "\n{{ unknown.name }}\n")
    broken = session.view(wish)
    assert broken["stale"]
    assert broken["pages"] == good["pages"]
    assert {each["file"] for each in broken["findings"]} == {"templates/card.md.j2"}
    session.files.undo()
    assert template.read_text(encoding="utf-8") == file["text"]
    assert not session.view(wish)["stale"]


# ---------------------------------------------------------------- events and builds


def test_a_change_by_another_program_is_sent_as_an_event(browser: Browser, project: Project) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", browser.port, timeout=20)
    connection.request("GET", "/api/events", headers={"Cookie": browser.cookie})
    stream = connection.getresponse()
    assert stream.readline() == b": here\n"
    path = project.home / SECTION
    text = path.read_text(encoding="utf-8")
    reader = threading.Thread(target=lambda: events.extend(iter_events(stream, 1)))
    events: list[bytes] = []
    reader.start()
    for again in range(100):  # until the watcher has started
        path.write_text(f"{text}\n{again}", encoding="utf-8")
        reader.join(0.2)
        if not reader.is_alive():
            break
    path.write_text(text, encoding="utf-8")
    data = json.loads(events[0])
    assert data["files"] == [SECTION]
    assert data["version"] > 0
    stream.close()
    connection.close()


def iter_events(stream: http.client.HTTPResponse, count: int) -> Iterator[bytes]:
    """Yield the data of the next `count` events."""
    while count:
        line = stream.readline()
        if line.startswith(b"data: "):
            yield line.removeprefix(b"data: ")
            count -= 1


def test_files_are_built_listed_and_downloaded(browser: Browser, project: Project) -> None:
    request = {"topic": "bpd-contact", "audiences": ["family"], "templates": ["card"], "formats": ["pdf"]}
    job = browser.ask("POST", "/api/build", request).data["job"]
    assert browser.ask("POST", "/api/build", request).codes == ["locked"]
    state = ended(browser, job)
    assert (state["state"], state["done"], state["total"]) == ("done", 1, 1)
    (file,) = state["files"]
    download = browser.get("/api/download", file=file["file"])
    assert download.content == (project.output / file["file"]).read_bytes()
    assert download.content.startswith(b"%PDF")
    assert "attachment" in download.headers["content-disposition"]
    assert state["folder"] == str((project.output / file["file"]).parent)
    refused = ended(browser, browser.ask("POST", "/api/build", {**request, "editions": ["smal"]}).data["job"])
    assert refused["state"] == "failed"
    assert refused["findings"][0]["code"] == "usage"


def test_a_build_can_be_cancelled(browser: Browser) -> None:
    job = browser.ask("POST", "/api/build", {}).data["job"]
    assert browser.ask("DELETE", f"/api/jobs/{job}").status == 200
    assert ended(browser, job)["state"] == "cancelled"
    assert browser.get("/api/jobs/99").codes == ["usage"]


def ended(browser: Browser, job: str) -> Any:
    """Wait for a build to end, and return its state."""
    until = time.monotonic() + 60
    while (state := browser.get(f"/api/jobs/{job}").data)["state"] == "running" and time.monotonic() < until:
        time.sleep(0.05)
    return state


def test_an_uploaded_table_of_recipients_is_previewed(browser: Browser) -> None:
    table = b"Team;Phone\nHarbour Team;020 7946 0000\nLake Team;020 7946 0001\n"
    taken = browser.ask("POST", "/api/recipients?name=teams.csv", table).data
    assert ([each["heading"] for each in taken["columns"]], taken["count"]) == (["Team", "Phone"], 2)
    assert taken["rows"][0] == ["Harbour Team", "020 7946 0000"]
    assert browser.ask("POST", "/api/recipients?name=teams.csv", b"Colour\nred\n").status == 400
    assert browser.ask("POST", "/api/recipients?name=teams.exe", table).codes == ["table-kind"]
    assert browser.ask("POST", "/api/build", {"recipients": "9"}).codes == ["usage"]


def test_the_preview_of_a_table_names_the_field_that_each_column_fills(browser: Browser) -> None:
    table = b"Team;Phone;Fax;Line 1 name;Line 1 number;;Line 2 name\nLake;1;2;;;3;\n"
    taken = browser.ask("POST", "/api/recipients?name=teams.csv", table).data
    fields = ["name", "phone", "", "line 1 name", "line 1 number", "", "line 2 name"]
    assert [each["field"] for each in taken["columns"]] == fields
    assert [each["heading"] for each in taken["columns"] if not each["field"]] == ["Fax", ""]
    assert taken["rows"] == [["Lake", "1", "2", "", "", "3", ""]]
    assert [(each["file"], each["code"]) for each in taken["found"]] == [("teams.csv", "unknown-column")] * 2
    words = browser.get("/api/words").data["words"]
    columns = yaml.safe_load((ROOT / "handouts/load/columns.yaml").read_text(encoding="utf-8"))
    assert {f"printed_{each.split()[0].removesuffix('s') if each[:4] == 'line' else each}" for each in columns} < set(
        words
    )
    assert "beside the emergency number" in words["printed_phone"]


def test_the_sample_table_opens_in_excel_and_is_accepted(browser: Browser) -> None:
    sample = browser.get("/page/clinics.csv")
    assert sample.content.startswith("\ufeffClinic name,Phone,Address,Hours,Line 1 name,Line 1 number\r\n".encode())
    taken = browser.ask("POST", "/api/recipients?name=clinics.csv", sample.content).data
    assert (taken["count"], taken["found"], all(each["field"] for each in taken["columns"])) == (1, [], True)


def test_findings_about_a_refused_table_use_the_name_of_the_uploaded_file(browser: Browser) -> None:
    table = b"Colour;Size;Phone;Hours;Hours\nred;1;2;3;4\n"
    refused = browser.ask("POST", "/api/recipients?name=My%20teams.csv", table)
    assert refused.codes == ["missing-column", "unknown-column", "unknown-column", "duplicate-column"]
    assert {each["file"] for each in refused.data["findings"]} == {"My teams.csv"}
    assert b"known: " not in refused.content  # the page lists them
    assert b"recipients-" not in refused.content


def test_logos_in_an_uploaded_table_are_refused_with_a_hint(browser: Browser) -> None:
    refused = browser.ask("POST", "/api/recipients?name=teams.csv", b"Team;Logo\nLake;lake.png\nMoor;../moor.png\n")
    assert refused.codes == ["missing-picture", "picture-path"]
    hints = {each["hint"] for each in refused.data["findings"]}
    assert hints == {"empty the column; copies with logos are made in a terminal: handouts build --recipients"}


def test_copies_for_recipients_are_downloaded_one_by_one_or_as_a_zip_file(
    browser: Browser, project: Project, opened: list[Path]
) -> None:
    rows = "Team;Phone;Fax\nHarbour Team;020 7946 0000;1\nМорская;020 7946 0001;2\n"
    taken = browser.ask("POST", "/api/recipients?name=teams.csv", rows.encode()).data
    order = {"topic": "bpd-contact", "audiences": ["family"], "templates": ["card"], "formats": ["pdf"]}
    job = browser.ask("POST", "/api/build", {**order, "recipients": taken["recipients"]}).data["job"]
    state = ended(browser, job)
    assert [(re.findall("-(000.*)", each["file"]), each["recipient"]) for each in state["files"]] == [
        (["0002-harbour-team.pdf"], "Harbour Team"),
        (["0003.pdf"], "Морская"),
    ]
    assert [each["file"] for each in state["findings"] if each["code"] == "unknown-column"] == ["teams.csv"]
    expected = {each["file"]: (project.output / each["file"]).read_bytes() for each in state["files"]}
    assert browser.get("/api/download", file=state["files"][1]["file"]).content == list(expected.values())[1]
    got = browser.get(f"/api/jobs/{job}/files.zip")
    assert re.fullmatch(r'attachment; filename="[a-z0-9-]+\.zip"', got.headers["content-disposition"])
    with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
        assert archive.testzip() is None
        assert {each.filename: archive.read(each) for each in archive.infolist()} == expected
        assert all(re.fullmatch(r"(?:[a-z0-9-]+/)*[a-z0-9-]+\.pdf", name) for name in archive.namelist())
    assert browser.ask("GET", f"/api/jobs/{job}/files.zip", Cookie=None).status == 403

    folder = f"/api/jobs/{job}/folder"
    assert browser.get(folder).status == 405
    assert browser.ask("POST", folder, Origin="https://example.org").status == 403
    assert not opened
    assert browser.ask("POST", folder).data == {"opened": True}
    assert opened == [Path(state["folder"])] == [project.output / "bpd-contact" / "copies"]
    assert browser.ask("POST", folder).data == {"opened": False}  # without a file manager

    path = project.output / state["files"][0]["file"]
    path.unlink()
    path.symlink_to(project.home / SECTION)
    for request in (("GET", f"/api/jobs/{job}/files.zip"), ("POST", folder)):
        assert browser.ask(*request).codes == ["missing-file"]
    assert browser.get("/api/download", file=state["files"][0]["file"]).codes == ["missing-file"]
    path.unlink()
    for name in ("99", "..", "%2e%2e%2fcontent"):
        assert browser.get(f"/api/jobs/{name}/files.zip").status in (400, 404)
        assert browser.ask("POST", f"/api/jobs/{name}/folder").status in (400, 404, 405)
    assert len(opened) == 2


def test_a_failed_build_has_no_files_to_download_and_no_folder_to_open(browser: Browser) -> None:
    job = browser.ask("POST", "/api/build", {"topic": "bpd-contact", "editions": ["smal"]}).data["job"]
    assert ended(browser, job)["files"] == []
    assert browser.get(f"/api/jobs/{job}/files.zip").codes == ["missing-file"]
    assert browser.ask("POST", f"/api/jobs/{job}/folder").codes == ["missing-file"]


def test_large_files_are_zipped_in_small_pieces(tmp_path: Path) -> None:
    content = os.urandom(5_000_000)
    (tmp_path / "a").write_bytes(content)
    pieces = list(zip_pieces([("one/a.bin", tmp_path / "a"), ("b.bin", tmp_path / "a")]))
    assert max(map(len, pieces)) < 1_000_000
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert [archive.read(name) == content for name in ("one/a.bin", "b.bin")] == [True, True]
    with pytest.raises(FileNotFoundError):
        list(zip_pieces([("c", tmp_path / "c")]))


def test_the_file_manager_depends_on_the_system(tmp_path: Path) -> None:
    program = tmp_path / "xdg-open"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    path, screen = {"PATH": str(tmp_path)}, {"DISPLAY": ":0"}
    assert file_manager("darwin", {}) == ("open", "-a", "Finder")
    if os.name != "nt":
        assert file_manager("linux", {**path, **screen}) == (str(program),)
    assert file_manager("linux", path) == file_manager("linux", {"PATH": str(tmp_path / "none"), **screen}) == ()


def test_a_file_manager_that_fails_is_noticed(tmp_path: Path) -> None:
    script = "import sys; open(sys.argv[1] + '/seen', 'w').close()"
    folder = tmp_path / "$(touch injected) ; &"
    folder.mkdir()
    assert start_program((sys.executable, "-c", script, str(folder)))
    assert [each.name for each in tmp_path.rglob("*")] == [folder.name, "seen"]
    assert not start_program((sys.executable, "-c", "raise SystemExit(3)"))
    assert not start_program((str(tmp_path / "none"),))
