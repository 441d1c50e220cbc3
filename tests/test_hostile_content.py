"""Hostile content in every field: it tries to read a file, reach the network, run a program or exhaust memory.

Each is refused with a finding, or printed as the harmless text that it is. An audit hook sees every file that is
opened, every connection, every process and all code that is compiled meanwhile.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import yaml
from audit_hook import recorded_events
from command_bench import (
    AUDIENCES,
    BUILD,
    CARD,
    COLD,
    EVERYONE,
    HANDOUT,
    REFERENCES,
    SERVICE,
    TERMS,
    TOPIC,
    Bench,
    CommandResult,
)
from conftest import FILES
from hostile_payloads import SECRET, fields_of, payloads, run_watched, with_payload
from paths import ROOT
from test_bad_inputs_text import PUNCTUATION

from handouts.markdown.names import CONTENT_CLASSES

T = TypeVar("T")

NAMES = tuple(payloads(Path("/secret")))
LIMIT = (
    "{grade: 20, grade-most: 30, sentence: 90, mean: 50, paragraph: 9, section: 900, list: 9, passive: 90, hard: 90}"
)
LIMITS = "{" + ", ".join(f"{place}: {LIMIT}" for place in ("handout", "slides", "notes", "worksheet")) + "}"
EVERY_KEY = {
    SERVICE: (
        FILES[SERVICE]
        .replace('name: ""', 'name: "Hive"')
        .replace('phone: ""', 'phone: "0123"')
        .replace("short: WR}", "short: WR, topics: [bees]}")
        + 'address: "1 Field Lane"\nhours: "weekdays"\nlogo: ""\nlines: [{name: "Night", number: "0124"}]\n'
        + 'web: "https://hive.example"\n'
    ),
    AUDIENCES: FILES[AUDIENCES].replace(
        "line: touches\n  reading: {}", f"line: touches\n  density: compact\n  reading: {LIMITS}\n  grades: [A]"
    ),
    TERMS: FILES[TERMS],
    TOPIC: FILES[TOPIC]
    .replace(
        "keywords:",
        "must_have: [cold]\nmust_cite: [cold]\nmust_show: [contacts]\n"
        'points_in: [handout]\npoints: {stay-in: "Cold keeps bees in."}\n'
        "other_formats: [{format: audio, address: https://hive.example, for: [growers], languages: [en]}]\n"
        "lengths: [30]\naudiences: [growers, keepers]\nline: {growers: rests}\naccents: {growers: clay}\nkeywords:",
    )
    .replace("reviewed_by: []", "reviewed_by: [A. Keeper]")
    .replace('reviewed_on: ""', 'reviewed_on: "2026-11-20"'),
}
# The nightly run puts each payload into each field; otherwise each field gets a quarter of them, in rotation.
EVERYTHING = bool(os.environ.get("HANDOUTS_NIGHTLY"))
SHARE = 1 if EVERYTHING else 4
MANY = 60  # fields of a file


def in_rotation(values: Iterable[T], turn: int) -> list[T]:
    """Return all values in the nightly run, and otherwise a rotating quarter of them."""
    return list(values)[turn % SHARE :: SHARE]


@pytest.fixture
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file outside the project that nothing may read."""
    path = tmp_path_factory.mktemp("machine") / "secret.txt"
    path.write_text(SECRET, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def small() -> Iterator[None]:
    """Limit the memory of each case."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kB


@pytest.fixture
def warm(bench: Bench) -> Bench:
    """A project that was built once, so that all Python modules are imported."""
    for name, text in EVERY_KEY.items():
        bench.project.write(name, text)
    bench.project.replace(COLD, "keeps them in.", "keeps them in [@moss2019].")
    bench.project.replace(COLD, "{.explanation}", '{.explanation makes="stay-in"}')
    bench.project.replace("content/bees/en/3-sources.md", '{.sources for="keepers"}', "{.sources}")
    for _ in range(2):  # the second build also reads the manifest
        assert bench.run().code == 0
        for path in bench.files():
            bench.path(path).unlink()
    return bench


def build_with(bench: Bench, name: str, text: str) -> CommandResult:
    """Build with another text in one file, and restore the old one."""
    old = bench.text(name)
    bench.project.write(name, text)
    try:
        return run_watched(bench)
    finally:
        bench.project.write(name, old)
        for path in bench.files():
            bench.path(path).unlink()


# ---------------------------------------------------------------- settings

SETTINGS = (
    *(SERVICE, AUDIENCES, TERMS, TOPIC, "content/kinds.yaml", "content/contacts/UK.yaml", "content/spellings.yaml"),
    *("templates/words/en.yaml", "templates/themes/settling-line.yaml"),
)


def field_shape(name: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys of a field, without the free names in content."""
    free = {AUDIENCES: 1, TERMS: 1, "content/spellings.yaml": 1, "content/kinds.yaml": 1}.get(name, 0)
    if name.endswith("topic.yaml") and keys[0] in ("points", "line", "accents") and len(keys) > 1:
        return (keys[0], "(name)", *keys[2:])
    if name in (AUDIENCES, TERMS) and len(keys) > 1:
        return keys[1:]
    shown_keys = keys if keys[-1:] == ("(key)",) else keys[free:]
    if name == "content/kinds.yaml" and len(keys) > 2:
        return (keys[1], *keys[3:])
    if name.endswith("settling-line.yaml"):
        return (keys[0], str(len(keys)), keys[-1] if len(keys) > 2 else "")
    return shown_keys if len(keys) > 1 or not free else ("(name)",)


@pytest.mark.nightly
@pytest.mark.parametrize("name", SETTINGS)
def test_no_field_of_a_settings_file_has_side_effects(warm: Bench, secret: Path, name: str) -> None:
    text = warm.text(name)
    hostile = list(payloads(secret).values())
    fields = {field_shape(name, field.keys): field for field in fields_of(text)}
    assert fields
    for number, field in enumerate(fields.values() if len(fields) < MANY else in_rotation(fields.values(), 0)):
        for turn in range(4 if EVERYTHING else 1):
            build_with(warm, name, with_payload(text, field, hostile[(7 * number + turn) % len(hostile)]))


@pytest.mark.nightly
@pytest.mark.parametrize("what", NAMES)
@pytest.mark.parametrize("name", [SERVICE, TOPIC, TERMS, "content/contacts/UK.yaml", "templates/words/en.yaml"])
def test_hostile_text_in_all_fields_of_a_settings_file_at_once(warm: Bench, secret: Path, name: str, what: str) -> None:
    payload = payloads(secret)[what]
    text = warm.text(name)
    for field in reversed(fields_of(text)):
        if field.keys[-1] in ("(key)", "need", "target", "crisis", "country", "paper", "theme", "spelling", "for"):
            continue
        (old,) = yaml.safe_load(f"- {text[field.start : field.end]}")
        text = with_payload(text, field, f"{old} {payload}" if isinstance(old, str) else payload)
    build_with(warm, name, text)


def test_the_small_project_has_every_key_of_the_real_one() -> None:
    real = {SERVICE: SERVICE, AUDIENCES: AUDIENCES, TERMS: TERMS, TOPIC: "content/bpd-contact/topic.yaml"}
    for name, path in real.items():
        present = {field_shape(name, field.keys) for field in fields_of(EVERY_KEY[name])}
        assert {
            field_shape(name, field.keys) for field in fields_of((ROOT / path).read_text(encoding="utf-8"))
        } <= present


# ---------------------------------------------------------------- sources


@pytest.mark.nightly
@pytest.mark.parametrize("what", NAMES)
def test_no_field_of_a_source_has_side_effects(warm: Bench, secret: Path, what: str) -> None:
    payload = payloads(secret)[what]
    real = json.loads((ROOT / "content/references.json").read_text(encoding="utf-8"))
    keys = sorted({key for entry in real for key in entry})
    assert {"title", "DOI", "URL", "author", "issued", "publisher"} <= set(keys)
    entry = {key: payload for key in keys if key not in ("id", "author", "issued")}
    author = dict.fromkeys(("family", "given", "literal", "non-dropping-particle"), payload)
    whole = [
        {**entry, "id": "moss2019", "author": [author], "issued": {"date-parts": [[payload]]}},
        {**entry, "id": "reed2001", "author": payload, "issued": payload, "DOI": ""},
    ]
    build_with(warm, REFERENCES, json.dumps(whole))
    for key in in_rotation((*keys, "custom"), NAMES.index(what)):
        one = {"id": "moss2019", "title": "Bees", "author": [{"family": "Moss"}], key: payload}
        build_with(warm, REFERENCES, json.dumps([one]))


# ---------------------------------------------------------------- Markdown


def every_part(kinds: str, payload: str) -> Iterator[tuple[str, str]]:
    """Yield a file of each kind of section, with a payload in each of its parts and attributes."""
    for number, (kind, entry) in enumerate(yaml.safe_load(kinds).items()):
        attributes = {"factor": ' sign="left"'}.get(kind, "")
        parts = [
            "::: {." + part + (' minutes="2"' if values.get("timed") else "") + f"}}\n{payload}\n:::\n"
            for part, values in entry["parts"].items()
        ]
        yield f"content/bees/en/5-{kind}.md", f"# {kind} {{.{kind} #a{number}{attributes}}}\n\n" + "\n".join(parts)


@pytest.mark.nightly
@pytest.mark.parametrize("what", NAMES)
@pytest.mark.parametrize("typed", ["as it is", "with its signs escaped"])
def test_no_part_of_a_section_has_side_effects(warm: Bench, secret: Path, typed: str, what: str) -> None:
    payload = payloads(secret)[what].replace("\n", " ") if typed != "as it is" else payloads(secret)[what]
    for name, text in in_rotation(every_part(warm.text("content/kinds.yaml"), payload), NAMES.index(what)):
        escaped = PUNCTUATION.sub(r"\\\1", payload) if typed != "as it is" else payload
        warm.project.write(name, text.replace(payload, escaped))
        run_watched(warm)
        warm.path(name).unlink()


@pytest.mark.nightly
@pytest.mark.parametrize("what", [name for name in NAMES if name not in ("many", "repeat")])
def test_a_hostile_text_is_printed_as_typed(warm: Bench, secret: Path, what: str) -> None:
    # Straight quotation marks are typeset, and read back curly.
    payload = payloads(secret)[what].replace("\n", " ").replace("'", "’").replace(str(secret), "/a/path")
    warm.project.replace(COLD, "A quiet hive.", "Begin " + PUNCTUATION.sub(r"\\\1", payload) + " end.")
    bare = normalized(payload)
    for text in warm.texts():
        assert f"Begin{bare}end." in normalized(text)


def normalized(text: str) -> str:
    """Return a text without spaces and with straight quotation marks."""
    return "".join(text.split()).replace("“", '"').replace("”", '"')


ATTRIBUTES = sorted(
    {(kind, name.rstrip("*")) for kind, names in CONTENT_CLASSES.items() for name in names}
    | {(kind, "for") for kind in ("", "callout")}
)


@pytest.mark.nightly
@pytest.mark.parametrize(("kind", "name"), ATTRIBUTES)
def test_no_attribute_has_side_effects(warm: Bench, secret: Path, kind: str, name: str) -> None:
    needed = {each[:-1]: "2" for each in CONTENT_CLASSES.get(kind, ()) if each.endswith("*")}
    for payload in in_rotation(payloads(secret).values(), ATTRIBUTES.index((kind, name))):
        value = payload.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
        attributes = " ".join(f'{key}="{each}"' for key, each in {**needed, name: value}.items())
        fence = f"::: {{{f'.{kind} ' if kind else ''}{attributes}}}\nA\n\n::: {{.alt}}\nB\n:::\n:::\n\n"
        build_with(warm, COLD, FILES[COLD].replace(EVERYONE, f"{fence}{EVERYONE}"))


@pytest.mark.nightly
@pytest.mark.parametrize(
    "around",
    [
        "[a]({})",
        "![a]({})",
        "<{}>",
        "[{}]{{.term}}",
        '[a]{{.term name="{}"}}',
        '[a]{{language="{}"}}',
        "[@{}]",
        "| a | b |\n|---|---|\n| {} | c |\n\n",
        "- {}\n- b\n\n",
        "#### {}\n\n",
        '::: {{.chart unit="%"}}\n### T\n\n| | a |\n|-|-|\n| {} | 1 |\n\n::: {{.alt}}\nB\n:::\n:::\n\n',
        '::: {{.figure name="array"}}\n- filled: 3\n- of: in 100\n- words: {}\n\n::: {{.alt}}\n{}\n:::\n:::\n\n',
        '::: {{.picture file="{}"}}\n::: {{.alt}}\nB\n:::\n:::\n\n',
        '::: {{.qr target="{}"}}\nB\n:::\n\n',
        '::: {{.line name="a"}}\n{}\n:::\n\n',
    ],
    ids=lambda around: around[:12].strip().replace("\n", " "),
)
def test_no_place_in_a_text_has_side_effects(warm: Bench, secret: Path, around: str) -> None:
    for payload in in_rotation(payloads(secret).values(), len(around)):
        for each in (payload, PUNCTUATION.sub(r"\\\1", payload.replace("\n", " "))):
            text = around.replace("{{", "«").replace("}}", "»").replace("{}", each)
            build_with(
                warm, COLD, FILES[COLD].replace(EVERYONE, f"{text.replace('«', '{').replace('»', '}')}\n\n{EVERYONE}")
            )


def test_a_formula_in_a_chart_is_a_text_in_its_workbook(warm: Bench) -> None:
    chart = '::: {.chart unit="%" most="100"}\n### T\n\n| | a |\n|-|-|\n| =cmd\\|\'/c calc\'!A0 | 1 |\n| +1 | 2 |\n\n'
    warm.project.replace(
        "content/bees/en/3-sources.md", "::: {.gist}\n", f"::: {{.gist}}\n{chart}::: {{.alt}}\nB.\n:::\n:::\n\n"
    )
    ran = run_watched(warm)
    assert ran.code == 0, ran.err
    assert [name for name in warm.files() if name.endswith(".pptx")]


# ---------------------------------------------------------------- templates

ATTEMPTS = [
    "{{ ''.__class__.__mro__ }}",
    "{{ ''|attr('__class__') }}",
    "{{ '{0.__class__}'.format(section) }}",
    "{{ section.__class__ }}",
    "{{ section.claim.__init__.__globals__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__.os.environ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ lipsum.__globals__.os }}",
    "{{ range.__init__ }}",
    "{{ get_flashed_messages }}",
    "{{ ''.join.__self__ }}",
    "{% include 'SECRET' %}",
    "{% include '../../SECRET' %}",
    "{% import 'SECRET' as s %}{{ s }}",
    "{% from 'SECRET' import s %}",
    "{% extends 'SECRET' %}",
    "{% set x = section.__dict__ %}",
    "{% for a in range(1000000000) %}a{% endfor %}",
    "{% for a in ().__class__.__base__.__subclasses__() %}{{ a }}{% endfor %}",
    "{{ ('a' * 10)|map('x') }}",
    "{% do section.update({}) %}",
    "{{ words.clear() }}",
    "{{ section|tojson }}",
    "{% debug %}",
    "{{ 1 // 0 }}",
    "{{ [] + 1 }}",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
]


@pytest.mark.nightly
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_template_cannot_leave_its_sandbox(warm: Bench, secret: Path, attempt: str) -> None:
    warm.project.replace(CARD, "{{ section.claim }}", attempt.replace("SECRET", str(secret)))
    ran = run_watched(warm)
    assert ran.code == 1
    assert {each.file for each in ran.diagnostics} <= {CARD, HANDOUT}


@pytest.mark.nightly
@pytest.mark.parametrize("key", ["renderer", "name", "audiences"])
def test_no_front_matter_of_a_template_has_side_effects(warm: Bench, secret: Path, key: str) -> None:
    for payload in payloads(secret).values():
        head, _, body = FILES.get(HANDOUT, warm.text(HANDOUT)).partition("\n---\n")
        lines = [line for line in head.split("\n") if not line.startswith(f"{key}:")]
        build_with(warm, HANDOUT, "\n".join([*lines, f"{key}: {json.dumps(payload)}", "---", body]))


# ---------------------------------------------------------------- names of files


@pytest.mark.nightly
@pytest.mark.parametrize(
    "name",
    [
        "$(id).md",
        "a;id.md",
        "-rf.md",
        "a\nb.md",
        "{{ x }}.md",
        "<b>.md",
        "\u202emd.exe.md",
        "a" * 240 + ".md",
        "%2e%2e.md",
    ],
)
def test_no_file_name_has_side_effects(warm: Bench, name: str) -> None:
    warm.project.write(f"content/bees/en/{name}", FILES[COLD].replace("#cold", "#other"))
    run_watched(warm)
    warm.project.write(f"content/bees/en/{name}", "no section\n")
    assert run_watched(warm).code == 1


@pytest.mark.nightly
def test_no_option_has_side_effects(warm: Bench, secret: Path) -> None:
    for option in (
        "--audience",
        "--format",
        "--template",
        "--language",
        "--country",
        "--paper",
        "--edition",
        "--minutes",
    ):
        for payload in in_rotation(payloads(secret).values(), len(option)):
            ran = run_watched(warm, *BUILD, option, payload)
            assert ran.code == 2


# ---------------------------------------------------------------- the traps themselves


def test_the_audit_hook_notices_side_effects(bench: Bench, secret: Path) -> None:
    with recorded_events(lambda event, values: event == "open" and values[0] == str(secret)) as caught:
        secret.read_text(encoding="utf-8")
    assert caught
    with recorded_events(lambda event, _: event == "subprocess.Popen") as caught:
        subprocess.run(["true"], check=True)
    assert caught
    with recorded_events(lambda event, _: event == "os.system") as caught:
        os.system("true")
    assert caught
    with socket.socket() as one, pytest.raises(AssertionError, match="network"):
        one.connect(("127.0.0.1", 9))
    bench.put("content/pictures/hive.png", b"")
    bench.path("content/pictures/hive.png").unlink()
    bench.path(COLD).unlink()
    bench.path(COLD).symlink_to(secret)
    assert SECRET not in run_watched(bench).err
