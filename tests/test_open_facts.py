"""The forms of `handouts open`: changing one value of a settings file changes no other character of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from audit_hook import loopback_allowed
from paths import ROOT
from test_open import Browser, serving

from handouts.editor.facts import (
    AudienceRequest,
    FactRequest,
    add_audience,
    add_source,
    change_fact,
    fact_files,
    facts_in,
)
from handouts.editor.new_sources import SourceRequest, text_with_source
from handouts.editor.session import Session
from handouts.editor.source_files import ChangedElsewhereError
from handouts.editor.yaml_edits import YamlPlace, YamlValue, change_yaml, with_entry
from handouts.finding import HandoutError
from handouts.pipeline.project import Project

SERVICE, CALLS = "content/service.yaml", "content/contacts/UK.yaml"
SETTINGS = [
    *(
        each
        for each in sorted((ROOT / "content").glob("**/*.yaml"))
        if each.parent.name != "wording" and each.stem != "kinds"
    ),
    ROOT / "examples/after-a-shock/content/after-a-shock/topic.yaml",
]


def new_session(home: Path) -> Session:
    """Return a session of a copy of the shipped project."""
    shutil.copytree(ROOT / "content", home / "content")
    project = Project(home / "content", ROOT / "templates", home / "output", home)
    return Session(project, lambda: date(2026, 11, 24), editable=True)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return new_session(tmp_path)


@pytest.fixture(scope="module")
def restored(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A shared session for tests that restore each file."""
    return new_session(tmp_path_factory.mktemp("restored"))


# ---------------------------------------------------------------- one value, and nothing else


@pytest.mark.parametrize(
    ("before", "place", "value", "after"),
    [
        ('name: ""   # who\nb: 1\n', ["name"], "Team", 'name: "Team"   # who\nb: 1\n'),
        ("name: Old # who\n", ["name"], "New: one", 'name: "New: one" # who\n'),
        ("name: Old\n", ["name"], "yes", 'name: "yes"\n'),
        ("name: 'Old'\n", ["name"], "it's new", "name: 'it''s new'\n"),
        ("name:\nb: x\n", ["name"], "New", "name: New\nb: x\n"),
        ("day: 2026-11-23\n", ["day"], "2027-01-02", "day: 2027-01-02\n"),
        ('n: "000"\n', ["n"], "112", 'n: "112"\n'),
        ("{a: b, c: d} # e\n", ["a"], "x, y", '{a: "x, y", c: d} # e\n'),
        ("a: {b: c}\n", ["a", "d"], "e", "a: {b: c, d: e}\n"),
        ("a:\n  b: c # d\n\n# e\nf: g\n", ["a", "h"], "i", "a:\n  b: c # d\n  h: i\n\n# e\nf: g\n"),
        ("a: b", ["c", "d"], "e", "a: b\nc:\n  d: e"),
        ("a: [b, 'c'] # d\n", ["a"], ["'x", "c"], "a: [\"'x\", 'c'] # d\n"),
        ("a: [30, 60]\n", ["a"], ["30", "45"], "a: [30, 45]\n"),
        ("a:\n  - b\n  - c\nd: e\n", ["a"], ["c", "x"], "a:\n  - c\n  - x\nd: e\n"),
        ("a:\n  - b\nd: e\n", ["a"], [], "a:\n  []\nd: e\n"),
        ("a: [] # b\n", ["a", 0], {"c": "d"}, "a: [{c: d}] # b\n"),
        ("a: |\n  b\n  c\nd: e\n", ["d"], "f", "a: |\n  b\n  c\nd: f\n"),
        ("- a: b\n\n# c\n- a: d\n", [2], {"a": "e"}, "- a: b\n\n# c\n- a: d\n\n- a: e\n"),
        ("- a: b\n\n# c\n- a: d\n", [1], None, "- a: b\n\n# c\n"),
        ("- a: b\n\n# c\n- a: d\n", [0], None, "# c\n- a: d\n"),
        ("- a: b\n", [0], None, "[]\n"),
        ("a: [b, c]\n", ["a", 0], None, "a: [c]\n"),
        ("a: b\nc: d # e\nf: g\n", ["c"], None, "a: b\nf: g\n"),
    ],
)
def test_a_value_is_changed_at_its_place(before: str, place: YamlPlace, value: YamlValue | None, after: str) -> None:
    assert change_yaml(before, "a.yaml", place, value) == after


@pytest.mark.parametrize(
    ("before", "place", "value"),
    [
        ("a: |\n  b\n", ["a"], "c"),  # a text of several lines
        ("a: [b, # why\n  c]\n", ["a"], ["c"]),  # a comment would be lost
        ("a: b\n", ["a", "c"], "d"),  # a text is not a mapping
        ("a: [b]\n", ["a", 3], "d"),
        ("a: {b: c}\n", ["a"], "d"),
        ("a: b\n", ["a"], None),  # nothing would be left
        ("a: b\na: c\n", ["a"], "d"),
        ("a: *b\n", ["a"], "d"),
        ("a: 'b\n", ["a"], "d"),
        ("", ["a"], "d"),
        ("a: b\n", ["a"], "\x07"),
    ],
)
def test_a_value_that_cannot_be_changed_alone_is_refused(
    before: str, place: YamlPlace, value: YamlValue | None
) -> None:
    with pytest.raises(HandoutError) as refused:
        change_yaml(before, "a.yaml", place, value)
    assert refused.value.findings[-1].hint == "change it in the text"


def alike(one: str, other: str) -> int:
    """Return the length of the common beginning of two texts."""
    return next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), len(one))


def _texts_in(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each text in a value."""
    if isinstance(value, str):
        yield place
    elif isinstance(value, dict | list):
        for step, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts_in(each, (*place, step))


@pytest.mark.parametrize("path", SETTINGS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_each_text_of_each_settings_file_can_be_changed_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    known = yaml.load(text, Loader=yaml.BaseLoader)
    places = list(_texts_in(known))
    assert places
    for number, place in enumerate(places[:: 1 + len(places) // 15]):
        new = ('Zoë\'s: "x" # {y}', "plain words", "no", "007", "")[number % 5]
        changed = change_yaml(text, path.name, place, new)
        expected = json.loads(json.dumps(known))
        inside = expected
        for step in place[:-1]:
            inside = inside[step]
        old, inside[place[-1]] = inside[place[-1]], new
        assert yaml.load(changed, Loader=yaml.BaseLoader) == expected
        start = alike(text, changed)
        same = alike(text[start:][::-1], changed[start:][::-1])
        taken = text[start : len(text) - same]
        assert len(taken) <= len(old) + 2 + old.count("'") + old.count('"') + 12 * taken.count("\n")
        assert "#" not in taken or "#" in old


# ---------------------------------------------------------------- the forms


def field_at(fields: list[dict[str, Any]], *at: str | int) -> dict[str, Any]:
    """Return the field at a path of keys."""
    for each in fields:
        inside = [*each.get("fields", ()), *(one for item in each.get("items", ()) for one in item["fields"])]
        if each["at"] == list(at):
            return each
        if inside and each["at"] == list(at[: len(each["at"])]):
            return field_at(inside, *at)
    raise AssertionError(f"no field {at}")


def change(session: Session, path: str, at: tuple[str | int, ...], value: Any) -> None:
    change_fact(session, FactRequest(path, session.files.read(path)["hash"], at, value))


def test_each_settings_file_has_a_form_made_from_its_schema(session: Session) -> None:
    files = fact_files(session)["files"]
    assert {"path": CALLS, "kind": "contacts"} in files
    assert [each["kind"] for each in files if each["kind"] != "contacts"] == ["service", "topic", "audiences"]
    for each in files:
        assert facts_in(session, each["path"])["fields"]
    fields = facts_in(session, SERVICE)["fields"]
    country = field_at(fields, "country")
    assert (country["kind"], country["value"]) == ("choice", "")
    assert {"UK", "US"} < set(country["options"])
    assert field_at(fields, "condition", "topics") | {"places": 0} == {
        "at": ["condition", "topics"],
        "kind": "ticks",
        "value": ["bpd-contact"],
        "options": ["bpd-contact"],
        "what": "The topics whose condition it is; all, if it is left out.",
        "required": False,
        "there": True,
        "places": 0,
    }
    assert "beside the emergency number" in field_at(fields, "phone")["what"]
    call = field_at(facts_in(session, CALLS)["fields"], 0, "confirmed_on")
    assert (call["kind"], call["value"], call["required"]) == ("day", "", True)
    accent = field_at(facts_in(session, "content/audiences.yaml")["fields"], "family", "accent")
    assert accent["value"] in accent["options"]
    assert field_at(facts_in(session, "content/bpd-contact/topic.yaml")["fields"], "points")["kind"] == "text-only"
    for path in (SERVICE.replace("service", "terms"), "content/../content/service.yaml", "templates/words/en.yaml"):
        with pytest.raises(HandoutError):
            facts_in(session, path)


def test_a_value_is_saved_and_its_errors_are_shown_at_its_field(session: Session) -> None:
    path = session.home / SERVICE
    before = path.read_bytes()
    change(session, SERVICE, ("phone",), "0117 496 0000")
    assert path.read_bytes() == before.replace(b'phone: ""', b'phone: "0117 496 0000"')
    change(session, SERVICE, ("country",), "XX")
    form = facts_in(session, SERVICE)
    country = field_at(form["fields"], "country")
    (found,) = [each for each in form["findings"] if each["code"] == "unknown-country"]
    assert (found["line"], found["column"]) in country["places"]
    assert country["options"][-1] == "XX"
    assert session.files.undo()["taken"] == "XX"
    session.files.undo()
    assert path.read_bytes() == before


def test_a_contact_is_added_confirmed_and_removed(session: Session) -> None:
    path = session.home / CALLS
    before = path.read_text(encoding="utf-8")
    (calls,) = facts_in(session, CALLS)["fields"]
    number = len(calls["items"])
    new = {"need": "other", "name": "Mind", "number": "0300 123 3393", "confirmed_on": ""}
    change(session, CALLS, (number,), new)
    change(session, CALLS, (number, "confirmed_on"), "2026-11-23")
    added = '\n- need: other\n  name: Mind\n  number: "0300 123 3393"\n  confirmed_on: "2026-11-23"\n'
    assert path.read_text(encoding="utf-8") == before + added
    assert not facts_in(session, CALLS)["findings"]
    change(session, CALLS, (number,), None)
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("text", ["name: 'x\n", "name:\t x\n", "", "- a\n"])
def test_a_file_without_a_form_is_refused_and_unchanged(session: Session, text: str) -> None:
    path = session.home / SERVICE
    path.write_text(text, encoding="utf-8")
    if text == "- a\n":
        assert facts_in(session, SERVICE)["fields"] == []
    else:
        with pytest.raises(HandoutError) as refused:
            facts_in(session, SERVICE)
        assert refused.value.findings[-1].code == "usage"
    with pytest.raises(HandoutError):
        change(session, SERVICE, ("name",), "x")
    assert path.read_text(encoding="utf-8") == text


def test_a_form_keeps_windows_line_ends(session: Session) -> None:
    path = session.home / SERVICE
    before = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(before)
    change(session, SERVICE, ("lines", 0), {"name": "Night", "number": "1"})
    assert path.read_bytes() == before.replace(b"lines: []", b'lines: [{name: Night, number: "1"}]')


# ---------------------------------------------------------------- readers

READERS = "content/audiences.yaml"


def test_audiences_are_added_and_removed_and_no_other_byte_changes(session: Session) -> None:
    path = session.home / READERS
    before = path.read_bytes().replace(b"\n", b"\r\n").removesuffix(b"\r\n")
    path.write_bytes(before)
    name = add_audience(session, AudienceRequest(" grandparents  and others "))["name"]
    added = path.read_bytes().removeprefix(before)
    assert added.startswith(b'\r\n\r\ngrandparents-and-others:\r\n  name: "Grandparents and others"\r\n  cover: ')
    assert field_at(facts_in(session, READERS)["fields"], name, "label")["value"] == "For grandparents and others"
    assert not session.state().findings
    with pytest.raises(HandoutError) as refused:
        add_audience(session, AudienceRequest("Grandparents and others"))
    assert "already" in refused.value.findings[0].message
    change(session, READERS, (name,), None)
    assert path.read_bytes() in (before, before + b"\r\n")
    session.files.undo()
    assert path.read_bytes() == before


@pytest.mark.parametrize("title", ["", "!!!", "a" * 90, "\u0633\u0644\u0627\u0645", "Tea\nname: x: y"])
def test_audiences_without_a_usable_name_are_refused(restored: Session, title: str) -> None:
    before = (restored.home / READERS).read_bytes()
    if "Tea" in title:  # on one line, in quotation marks
        assert add_audience(restored, AudienceRequest(title))["name"] == "tea-name-x-y"
        assert not restored.state().findings
        restored.files.undo()
    else:
        with pytest.raises(HandoutError):
            add_audience(restored, AudienceRequest(title))
    assert (restored.home / READERS).read_bytes() == before


def test_audiences_in_use_cannot_be_removed_and_their_places_are_listed(session: Session) -> None:
    path, topic = session.home / READERS, "content/bpd-contact/topic.yaml"
    name = add_audience(session, AudienceRequest("Teachers"))["name"]
    before = path.read_bytes()
    form = facts_in(session, topic)["fields"]
    change(session, topic, ("audiences",), [*field_at(form, "audiences")["value"], name])
    with (session.home / "content/build.yaml").open("a", encoding="utf-8") as sets:
        sets.write(f"\nschool:\n  audience: {name}\n")
    with pytest.raises(HandoutError) as refused:
        change(session, READERS, (name,), None)
    why, *places = refused.value.findings
    assert why.message == "These readers cannot be taken out: 2 places name them as 'teachers'."
    assert [each.at.file for each in places] == [topic, "content/build.yaml"]
    assert all(each.at.line > 1 for each in places)
    with pytest.raises(HandoutError) as refused:
        change(session, READERS, ("family",), None)
    assert {"content/bpd-contact/en/01-cover.md"} < {each.at.file for each in refused.value.findings}
    assert len(refused.value.findings) <= 21
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["{a: {name: A}}\n", "a:\n  name: A\n...\n", "- a\n", "a: 'b\n"])
def test_an_entry_that_cannot_stand_at_the_end_is_refused(text: str) -> None:
    with pytest.raises(HandoutError):
        with_entry(text, "a.yaml", "b:\n  name: B\n")


# ---------------------------------------------------------------- sources

SOURCE = SourceRequest(
    "A: study", "Núñez, Ana\nThe Group", "2021", container="J. Tests", doi="https://doi.org/10.1000/X1"
)


def test_a_source_is_added_to_the_existing_ones(session: Session) -> None:
    path = session.home / "content/references.json"
    before = path.read_text(encoding="utf-8")
    made = add_source(session, SOURCE)
    assert made["key"] == "nunez2021"
    after = path.read_text(encoding="utf-8")
    assert after.startswith(before.rstrip().removesuffix("]").rstrip() + ',\n {\n  "id": "nunez2021",\n')
    assert len(after.splitlines()) < len(before.splitlines()) + 40
    assert {"name": "nunez2021", "label": "A: study"} in session.names(SERVICE)["sources"]
    with pytest.raises(HandoutError) as refused:
        add_source(session, SOURCE)
    assert [(each.at.file, each.hint) for each in refused.value.findings] == [("doi", "write [@nunez2021] to cite it")]
    other = SourceRequest("Another", "Núñez, A.", "2021")
    assert add_source(session, other)["key"] == "nunez2021a"
    session.files.undo()  # both, which were saved one directly after the other
    assert path.read_text(encoding="utf-8") == before


def test_a_project_without_sources_gets_a_file_of_them(session: Session) -> None:
    (session.home / "content/references.json").unlink()
    assert add_source(session, SOURCE)["path"] == "content/references.yaml"
    assert add_source(session, SourceRequest("Second"))["key"] == "second"
    text = (session.home / "content/references.yaml").read_text(encoding="utf-8")
    sources = {each["name"]: each["label"] for each in session.names(SERVICE)["sources"]}
    assert sources == {"nunez2021": "A: study", "second": "Second"}
    assert yaml.safe_load(text)["nunez2021"]["author"] == "Núñez, Ana; The Group"


def test_an_error_in_a_source_is_reported_at_its_field(session: Session) -> None:
    request = SourceRequest("", year="21", doi="11.1/x", address="example.org")
    with pytest.raises(HandoutError) as refused:
        add_source(session, request)
    assert sorted(each.at.file for each in refused.value.findings) == ["address", "doi", "title", "year"]
    assert not session.files.steps()["can_undo"]
    for text in ("{}", '[{"id": "a"}]', "[", '[] "]"'):
        with pytest.raises(HandoutError):
            text_with_source(text, "references.json", SOURCE, {})
    assert text_with_source("[]", "references.json", SOURCE, {})[1].startswith("[\n{")


# ---------------------------------------------------------------- as the page asks


def test_a_value_is_never_saved_over_a_change_by_another_program(session: Session) -> None:
    (session.home / SERVICE).write_text("name: Theirs\n", encoding="utf-8")
    with pytest.raises(ChangedElsewhereError):
        change_fact(session, FactRequest(SERVICE, "0", ("name",), "Mine"))
    assert (session.home / SERVICE).read_text(encoding="utf-8") == "name: Theirs\n"


def test_the_server_provides_and_changes_settings(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    project = Project(tmp_path / "content", ROOT / "templates", tmp_path / "output", tmp_path)

    def ask(browser: Browser, *, editable: bool) -> None:
        form = browser.get("/api/facts", path=SERVICE).data
        assert browser.get("/api/fact-files").data["files"]
        wish = {"path": SERVICE, "base": form["hash"], "at": ["name"], "value": "Harbour"}
        assert browser.ask("POST", "/api/facts", wish, Origin="https://example.org").status == 403
        status = 200 if editable else 400
        assert browser.ask("POST", "/api/facts", wish).status == status
        assert browser.ask("POST", "/api/facts", wish).status == (409 if editable else 400)
        assert browser.ask("POST", "/api/facts", {**wish, "at": [1.5]}).status == 400
        assert browser.ask("POST", "/api/source", {"title": "One", "kind": "book"}).status == status
        assert browser.ask("POST", "/api/audience", {"title": "Aunts"}, Origin="https://example.org").status == 403
        assert browser.ask("POST", "/api/audience", {"title": "Aunts"}).status == status
        assert browser.get("/api/facts", path="../secret.yaml").codes == ["outside-project"]

    with loopback_allowed():
        for editable in (True, False):
            for browser in serving(project, editable=editable):
                ask(browser, editable=editable)
