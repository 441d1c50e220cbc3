"""Bad inputs 1 to 26: YAML, encodings, and wrong kinds of files."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

import pytest
from command_bench import AUDIENCES, BUILD, COLD, COVER, GIST, HANDOUT, PDF, REFERENCES, SERVICE, TERMS, TOPIC, Bench
from conftest import Project, keep_default_templates

NAME = "name: Bees in winter"
VERSION = 'version: "0.1"'
CONDITION = "condition: {name: winter rest, short: WR}"


@pytest.fixture
def project(project: Project) -> Project:
    return keep_default_templates(project)


def test_001_a_tab_as_indent(bench: Bench) -> None:
    place = bench.plant(SERVICE, CONDITION, "condition:\n¦\tname: winter rest\n\tshort: WR")
    bench.path(SERVICE).write_text(bench.text(SERVICE).replace("\n\tshort", "\n  short"), encoding="utf-8")
    assert "tab" in bench.assert_refused("tab", place).message.lower()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (SERVICE, "paper: a4", "paper: a4\n¦paper: letter"),
        (AUDIENCES, "growers:\n", "keepers: {}\ngrowers:\n"),
        (REFERENCES, '"id": "reed2001"', '"id": "¦moss2019"'),
    ],
    ids=["key", "keys", "source"],
)
def test_002_a_key_twice(bench: Bench, name: str, old: str, new: str) -> None:
    place = bench.plant(name, old, new) if "¦" in new else None
    if place is None:
        bench.project.replace(name, old, "")
        bench.project.write(name, f"keepers: {{name: K, cover: K, label: K, accent: plum}}\n{bench.text(name)}")
        bench.project.replace(name, "  name: Growers", "growers:\n  name: Growers")
        lines = bench.text(name).split("\n")
        place = name, lines.index("keepers:") + 1, 1
    found = bench.assert_refused("duplicate-key", place)
    assert "line" in found.message + bench.run().err


def test_003_an_alias_bomb(bench: Bench) -> None:
    bomb = "a: ¦&a [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"{chr(97 + n)}: &{chr(97 + n)} [{', '.join(['*' + chr(96 + n)] * 10)}]\n" for n in range(1, 9))
    place = bench.plant(TOPIC, NAME, bomb + NAME)
    before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bench.assert_refused("anchor", place)
    assert time.perf_counter() - before[0] < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before[1] < 100_000


def test_004_a_recursive_alias(bench: Bench) -> None:
    bench.assert_refused("anchor", bench.plant(TOPIC, "keywords: [bees]", "keywords: ¦&k [*k]"))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (TOPIC, "keywords: [bees]", "keywords: " + "[" * 20 + "¦" + "[" * 1980 + "]" * 2000),
        (REFERENCES, "[\n {", "¦" + "[" * 100_000 + "\n {"),
    ],
    ids=["YAML", "JSON"],
)
def test_005_two_thousand_brackets(bench: Bench, name: str, old: str, new: str) -> None:
    start = time.perf_counter()
    bench.assert_refused("too-deep", bench.plant(name, old, new))
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "meant"),
    [
        (SERVICE, "paper: a4", "¦papr: a4", "unknown-key", "'paper'"),
        (AUDIENCES, "  line: touches", "  ¦lines: touches", "unknown-key", "'line'"),
        (COLD, "::: {.gist}", "::: {.¦gists}", "unknown-part", "'gist'"),
        (COLD, 'sign="left"', '¦sgn="left"', "unknown-attribute", "'sign'"),
    ],
)
def test_006_an_unknown_key(bench: Bench, name: str, old: str, new: str, code: str, meant: str) -> None:
    bench.assert_refused(code, bench.plant(name, old, new))
    assert f"help: did you mean {meant}?" in bench.run().err


def test_007_a_required_key_that_is_missing(bench: Bench) -> None:
    bench.project.replace(AUDIENCES, "  label: For keepers\n", "")
    found = bench.assert_refused("missing-key", bench.place(AUDIENCES, "name: Keepers"))
    assert "'label'" in found.message


@pytest.mark.parametrize(
    ("old", "new", "needs"),
    [
        ("keywords: [bees]", "keywords: ¦bees", "a list"),
        (VERSION, "version: ¦[0.1]", "a text"),
        (CONDITION, "condition: ¦[winter rest]", "keys with values"),
        ("authors: [The writers]", "authors: [¦{name: The writers}]", "a text"),
    ],
)
def test_008_a_wrong_type(bench: Bench, old: str, new: str, needs: str) -> None:
    found = bench.assert_refused("wrong-type", bench.plant(TOPIC, old, new))
    assert f"needs {needs}, got " in found.message


def test_009_values_like_numbers_or_booleans_stay_as_typed(bench: Bench) -> None:
    bench.project.replace(TOPIC, VERSION, "version: 1.10")
    bench.project.replace(TOPIC, "authors: [The writers]", "authors: [no, 0123, 12:30, 7]")
    bench.project.replace(SERVICE, 'phone: ""', "phone: 0123 456")
    bench.project.replace(SERVICE, 'name: ""', "name: Hive")
    handout, _ = bench.texts()
    assert "1.10" in handout
    assert "0123\u00a0456" in handout.replace(" ", "\u00a0")
    assert bench.project.load().topics["bees"].authors == ("no", "0123", "12:30", "7")


def test_010_a_date_is_parsed_only_in_date_fields(bench: Bench) -> None:
    bench.project.replace(TOPIC, "keywords: [bees]", "keywords: [2026-01-02]")
    bench.build(*PDF)
    assert bench.project.load().topics["bees"].keywords == ("2026-01-02",)


def test_011_a_colon_without_quotes(bench: Bench) -> None:
    bench.assert_refused("yaml", bench.plant(TOPIC, NAME, "name: BPD¦: what is it?"))
    assert "put the text in quotes" in bench.run().err


@pytest.mark.parametrize(
    ("value", "sign", "code"),
    [
        ("'it¦'s'", "'", "yaml"),
        ("¦@bees", "@", "yaml"),
        ("¦%bees", "%", "yaml"),
        ("¦`bees", "`", "yaml"),
        ("¦{bees", "{", "yaml"),
        ("¦[bees", "[", "yaml"),
        ("¦*bees", "*", "anchor"),
        ("¦&bees", "&", "anchor"),
        ("¦!bees", "!", "tag"),
        ("¦- bees", "-", "yaml"),
    ],
)
def test_012_a_first_character_that_needs_quotes(bench: Bench, value: str, sign: str, code: str) -> None:
    name, line, column = bench.plant(TOPIC, NAME, f"name: {value}")
    # YAML's own reader is one character further on: at the s after the closing quote.
    bench.assert_refused(code, (name, line, column + (sign == "'")))
    assert f"text that begins with {sign} stands in quotes" in bench.run().err


def test_013_braces_of_a_template_without_quotes(bench: Bench) -> None:
    bench.assert_refused("yaml", bench.plant(TOPIC, NAME, "name: {¦{ name }}"))
    assert "stands in quotes" in bench.run().err


def test_014_a_byte_order_mark(bench: Bench) -> None:
    plain = bench.build()
    for name in (TOPIC, SERVICE, COLD, REFERENCES, HANDOUT):
        bench.put(name, b"\xef\xbb\xbf" + bench.path(name).read_bytes())
    assert bench.build() == plain


@pytest.mark.parametrize("ends", ["\r\n", "\r", "mixed"])
def test_015_line_ends_of_other_systems(bench: Bench, ends: str) -> None:
    plain = bench.build()
    for name in (TOPIC, SERVICE, COLD, COVER, REFERENCES, HANDOUT):
        lines = bench.text(name).split("\n")
        mixed = "".join(line + ("\r\n", "\r", "\n")[number % 3] for number, line in enumerate(lines[:-1])) + lines[-1]
        bench.project.write(name, mixed if ends == "mixed" else ends.join(lines))
    assert bench.build() == plain


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_016_a_file_in_utf_16(bench: Bench, encoding: str) -> None:
    bench.put(COLD, ("\ufeff" + bench.text(COLD)).encode(encoding))
    assert "UTF-16" in bench.assert_refused("not-utf-8", (COLD, 1, 1)).message


def test_017_a_file_in_windows_1252(bench: Bench) -> None:
    place = bench.plant(COLD, GIST, "They wait in a caf¦é.")
    bench.put(COLD, bench.text(COLD).encode("cp1252"))
    assert "Windows-1252" in bench.assert_refused("not-utf-8", place).message
    assert "help: in Notepad: Save as, Encoding: UTF-8" in bench.run().err


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b"])
@pytest.mark.parametrize(("name", "old"), [(COLD, GIST), (TOPIC, "Bees in winter")])
def test_018_control_characters_in_a_file(bench: Bench, name: str, old: str, sign: str) -> None:
    place = bench.plant(name, old, f"Wait¦{sign}.")
    assert f"U+{ord(sign):04X}" in bench.assert_refused("control-character", place).message


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        (TOPIC, NAME, r'name: ¦"Bees \ud83d\ude00"', "no-glyph"),
        (TOPIC, NAME, r'name: ¦"Bees \ud83d"', "noncharacter"),
        (
            REFERENCES,
            '"moss2019", "type": "article-journal", "title": "Bees',
            r'"¦moss2019", "title": "\ud83d',
            "noncharacter",
        ),
        (
            REFERENCES,
            '"moss2019", "type": "article-journal", "title": "Bees',
            r'"¦moss2019", "title": "\ud83d\ude00',
            "no-glyph",
        ),
    ],
    ids=["a pair in YAML", "half in YAML", "half in JSON", "a pair in JSON"],
)
def test_019_an_escaped_lone_surrogate(bench: Bench, name: str, old: str, new: str, code: str) -> None:
    bench.assert_refused(code, bench.plant(name, old, new))


def test_019_an_escaped_surrogate_pair(bench: Bench) -> None:
    bench.project.replace(TOPIC, NAME, r'name: "Bees \u2192 winter"')
    assert bench.project.load().topics["bees"].title == "Bees → winter"


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("", "empty-file", 1),
        ("# only words\n", "empty-file", 1),
        ("bees\n", "wrong-type", 1),
        ("a: b\n---\nc: d\n", "yaml", 2),
    ],
    ids=["empty", "a comment", "a word", "two documents"],
)
def test_020_an_empty_file(bench: Bench, content: str, code: str, line: int) -> None:
    bench.project.write(TOPIC, content)
    bench.assert_refused(code, (TOPIC, line, 1))


def test_021_a_tag_that_would_run_a_program(bench: Bench) -> None:
    marker = bench.path("marker")
    place = bench.plant(TOPIC, NAME, f'name: ¦!!python/object/apply:os.system ["touch {marker}"]')
    bench.assert_refused("tag", place)
    assert not marker.exists()


def test_022_a_number_and_its_text_as_keys(bench: Bench) -> None:
    two = "1: {means: one, for: [growers]}\n¦'1': {means: two, for: [growers]}\nbrood:"
    bench.assert_refused("duplicate-key", bench.plant(TERMS, "brood:", two))


@pytest.mark.full
@pytest.mark.parametrize("name", [COLD, TOPIC, SERVICE, REFERENCES, HANDOUT])
@pytest.mark.parametrize("kind", ["200 MB", "a folder", "a pipe", "a device"])
def test_023_no_regular_file_or_a_huge_one(bench: Bench, name: str, kind: str) -> None:
    path = bench.path(name)
    path.unlink()
    if kind == "200 MB":
        path.touch()
        os.truncate(path, 200_000_000)
    elif kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    codes = {"200 MB": "too-large", "a folder": "not-a-file", "a pipe": "not-a-file", "a device": "outside-project"}
    start = time.perf_counter()
    bench.assert_refused(codes[kind], (name, 0, 0))
    assert time.perf_counter() - start < 2


def test_024_a_merge_key(bench: Bench) -> None:
    bench.assert_refused("anchor", bench.plant(SERVICE, "paper: a4", "¦<<: {paper: a4}"))


def test_025_capital_letters_in_the_name_of_a_file(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.path(COLD).rename(bench.path(COLD).with_suffix(".MD"))
    bench.assert_warned("not-read", (COLD.replace(".md", ".MD"), 0, 0))
    bench.path(COLD).with_suffix(".MD").rename(bench.path(COLD))
    # A wrong capital letter is an error even on a case-insensitive system, where the file is found.
    bench.path(TOPIC).rename(bench.path(TOPIC).with_name("Topic.yaml"))
    monkeypatch.setattr(Path, "exists", lambda *_, **__: True)
    bench.assert_refused("missing-file", (TOPIC, 0, 0))


def test_026_a_file_that_may_not_be_read(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == Path(COLD).name:
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    bench.assert_refused("unreadable", (COLD, 0, 0), *BUILD)
