"""The schemas of settings files: an editor underlines exactly what the loader reports."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from command_bench import Bench
from language_server import diagnostics
from paths import ROOT
from setting_mistakes import MISTAKES, SettingMistake

from handouts.finding import Finding, HandoutError
from handouts.load import load_library
from handouts.load.json_schema import FILE_SHAPES
from handouts.pipeline.project import find_project
from handouts.pipeline.schemas import schema_folder, stale_schemas

HOMES = (ROOT, ROOT / "examples" / "after-a-shock")
# Each shipped file, with the file of its schema.
SHIPPED = {
    file.relative_to(ROOT).as_posix(): home / ".vscode" / "schemas" / f"{each.name}.json"
    for home in HOMES
    for each in FILE_SHAPES
    for pattern in each.files
    for file in sorted(home.glob(pattern))
}


class CoreLoader(yaml.SafeLoader):
    """YAML as editors read it (YAML 1.2): yes is a text, and so is a date."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"~|null|", "~n"),
    ("bool", "true|false", "tf"),
    ("int", "[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]*\.[0-9]+", "-+.0123456789"),
):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), [*first, ""])


@cache
def schema_in(file: Path) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    return schema


def schema_of(name: str) -> dict[str, Any]:
    return schema_in(ROOT / ".vscode" / "schemas" / f"{name}.json")


def complaints(text: str, schema: dict[str, Any]) -> list[str]:
    """Return the messages of a JSON Schema validator about the text of a YAML file."""
    values = yaml.load(text, CoreLoader)
    return [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(values)]


def loaded(root: Path) -> tuple[Finding, ...]:
    try:
        return load_library(root / "content", root / "templates").findings
    except HandoutError as raised:
        return raised.findings


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the shipped content and templates, with one section."""
    root = tmp_path_factory.mktemp("shipped")
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("[!0]*.md", "0[2-9]*.md"))
    return root


@pytest.mark.parametrize("home", HOMES, ids=lambda home: str(home.name))
def test_the_schemas_of_shipped_projects_are_up_to_date(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    stale = stale_schemas(find_project(home), home / ".vscode" / "schemas")
    assert not stale, f"after a change of keys, or of names, run: handouts schema --project {home.relative_to(ROOT)}"


def test_every_yaml_file_of_content_and_templates_has_a_schema() -> None:
    files = (file for name in ("content", "templates", "examples") for file in (ROOT / name).rglob("*.yaml"))
    assert {each.relative_to(ROOT).as_posix() for each in files} == set(SHIPPED)


@pytest.mark.parametrize("file", SHIPPED)
def test_a_shipped_file_names_its_schema_and_is_valid(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert named
    assert (ROOT / file).parent.joinpath(named[1]).resolve() == SHIPPED[file]
    assert complaints(text, schema_in(SHIPPED[file])) == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: f"{each.file}: {each.new.strip()[:40]}")
def test_an_error_is_found_by_the_schema_and_by_the_loader(mistake: SettingMistake, copy: Path) -> None:
    assert complaints(mistake.text, schema_in(SHIPPED[mistake.file]))
    path, before = copy / mistake.file, (copy / mistake.file).read_text(encoding="utf-8")
    path.write_text(mistake.text, encoding="utf-8", newline="\n")
    try:
        assert mistake.code in {each.code for each in loaded(copy)}
    finally:
        path.write_text(before, encoding="utf-8", newline="\n")


def test_each_kind_of_file_has_an_error_case() -> None:
    assert {SHIPPED[each.file].stem for each in MISTAKES} == {each.stem for each in SHIPPED.values()}


def described(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each key of a schema with its description."""
    for name, each in schema.get("properties", {}).items():
        yield name, each.get("description", "")
    inside = (*schema.get("properties", {}).values(), *schema.get("definitions", {}).values())
    for each in (*inside, *schema.get("anyOf", ()), schema.get("items")):
        yield from described(each) if each else ()
    if isinstance(schema.get("additionalProperties"), dict):
        yield from described(schema["additionalProperties"])


@pytest.mark.parametrize("name", [each.name for each in FILE_SHAPES])
def test_every_key_is_explained_in_one_sentence(name: str) -> None:
    for key, description in described(schema_of(name)):
        assert re.fullmatch(r"[A-Z{].*[.…]", description), key


def test_numbers_and_empty_values_are_valid_texts() -> None:
    assert complaints("name: 24\nphone: 999\nhours:\nlines:\ntheme: settling-line\n", schema_of("service")) == []
    assert (
        complaints("- need: danger\n  name: Emergency\n  number: 999\n  confirmed_on:\n", schema_of("contacts")) == []
    )


# ---------------------------------------------------------------- handouts schema


def test_schemas_are_written_next_to_content_with_the_names_of_the_project(bench: Bench) -> None:
    ran = bench.run("schema")
    assert ran.code == 0
    assert ran.out.split("\n")[0] == ".vscode/schemas/audiences.json"
    terms = json.loads(bench.text(".vscode/schemas/terms.json"))
    assert terms["additionalProperties"]["properties"]["for"]["items"] == {"enum": ["growers", "keepers"]}
    assert bench.run("schema", "--check").code == 0


def test_outdated_schemas_are_reported(bench: Bench) -> None:
    bench.run("schema")
    bench.project.write("content/audiences.yaml", bench.text("content/audiences.yaml").replace("keepers:", "helpers:"))
    ran = bench.run("schema", "--check")
    assert ran.code == 1
    assert ".vscode/schemas/terms.json: not up to date" in ran.out
    assert "helpers" not in bench.text(".vscode/schemas/terms.json")


def test_schemas_are_written_even_if_settings_are_invalid(bench: Bench) -> None:
    bench.put("content/audiences.yaml", b"growers: [\n")
    bench.put("templates/themes/settling-line.yaml", b"- no theme\n")
    assert bench.run("schema").code == 0
    terms = json.loads(bench.text(".vscode/schemas/terms.json"))
    assert terms["additionalProperties"]["properties"]["for"]["items"]["type"] == ["string", "number", "null"]


def test_another_file_is_not_overwritten(bench: Bench) -> None:
    bench.put("build.json", b'{"mine": true}')
    ran = bench.run("schema", ".")
    assert ran.code == 2
    assert "build.json: error: usage: This is there already" in ran.err
    assert bench.path("build.json").read_bytes() == b'{"mine": true}'
    assert not bench.path("audiences.json").exists()


def test_a_link_that_leads_out_of_the_project_is_not_followed(
    bench: Bench, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    bench.path(".vscode").mkdir()
    bench.path(".vscode/schemas").symlink_to(outside)
    ran = bench.run("schema")
    assert ran.code == 2
    assert not list(outside.iterdir())


def test_the_folder_can_be_chosen(bench: Bench) -> None:
    assert bench.run("schema", "there/inside").code == 0
    assert len(list(bench.path("there/inside").iterdir())) == len(FILE_SHAPES)
    assert not bench.path(".vscode").exists()


def test_the_folder_of_schemas_is_next_to_content() -> None:
    assert schema_folder(find_project(ROOT)) == Path(".vscode/schemas")


# ---------------------------------------------------------------- an editor's own language server


@pytest.mark.nightly
def test_the_yaml_language_server_finds_each_error_and_none_in_shipped_files() -> None:
    texts = [(file, (ROOT / file).read_text(encoding="utf-8")) for file in SHIPPED]
    found = diagnostics([*texts, *((each.file, each.text) for each in MISTAKES)], ROOT)
    assert not any(found[: len(texts)]), found
    missed = [
        f"{each.file}: {each.new}" for each, messages in zip(MISTAKES, found[len(texts) :], strict=True) if not messages
    ]
    assert not missed

    assert {SHIPPED[each.file].stem for each in MISTAKES} == {each.stem for each in SHIPPED.values()}
