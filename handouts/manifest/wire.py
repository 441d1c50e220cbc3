"""A manifest as JSON and back; what is not exactly as we write it is refused as a whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from handouts.finding import Finding, Location, Severity, finding_to_json
from handouts.manifest.entries import Entry, Label, Manifest, Prints, Run

FORMAT = 2


class NotOursError(ValueError):
    """A text that is no manifest of this version."""


def entry_as_data(entry: Entry) -> dict[str, object]:
    """Return an entry as JSON has it; of a recipient's, without the name of the file, which may say whose it is."""
    label = replace(entry.label, file="") if entry.label.row else entry.label
    findings = [finding_to_json(found) for found in entry.findings]
    return {**to_builtins(replace(entry, label=label, findings=())), "findings": findings}


def entry_as_line(entry: Entry) -> str:
    """Return an entry as one line of the journal."""
    return json.dumps(entry_as_data(entry), ensure_ascii=True, separators=(",", ":")) + "\n"


def manifest_as_text(manifest: Manifest) -> str:
    """Return the text of manifest.json, an entry a line, so that two of them can be compared."""
    entries = ",\n".join(json.dumps(entry_as_data(each), separators=(",", ":")) for each in manifest.entries.values())
    runs = ",\n".join(
        f"{json.dumps(key)}:{json.dumps(run_as_data(each), separators=(',', ':'))}"
        for key, each in manifest.runs.items()
    )
    return f'{{"format":{FORMAT},\n"files":[\n{entries}\n],\n"runs":{{\n{runs}\n}}}}\n'


def run_as_data(run: Run) -> dict[str, object]:
    """Return a run as JSON has it."""
    data = {name: getattr(run, name) for name in run.__struct_fields__}
    return {**data, "findings": [finding_to_json(found) for found in run.findings]}


def manifest_from_text(text: str) -> Manifest:
    """Return the manifest that a text says. NotOursError if it says none."""
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise NotOursError("another version wrote it")
        entries = [entry_from_data(each) for each in data["files"]]
        runs = {checked(key, str): run_from_data(each) for key, each in data["runs"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as problem:
        raise NotOursError(str(problem)) from None
    return Manifest({each.key: each for each in entries}, runs, known=True)


def entry_from_line(line: str) -> Entry:
    """Return the entry that a line of the journal says. NotOursError if it says none, such as half of one."""
    try:
        return entry_from_data(json.loads(line))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as problem:
        raise NotOursError(str(problem)) from None


def entry_from_data(data: Mapping[str, Any]) -> Entry:
    """Return an entry; every value is looked at."""
    label, prints = data["label"], data["prints"]
    return Entry(
        key=checked(data["key"], str),
        label=Label(**{name: checked(label[name], str) for name in label if name != "row"}, row=number(label["row"])),
        prints=Prints(**{name: checked(prints[name], str) for name in prints}),
        sha256=checked(data["sha256"], str),
        size=number(data["size"]),
        pages=number(data["pages"]),
        verified=bool(data["verified"]),
        findings=tuple(map(finding_from_data, data["findings"])),
    )


def run_from_data(data: Mapping[str, Any]) -> Run:
    """Return a run; every value is looked at."""
    return Run(
        request=checked(data["request"], dict),
        inputs=checked(data["inputs"], str),
        program=checked(data["program"], str),
        day=checked(data["day"], str),
        turning=tuple(checked(each, str) for each in data["turning"]),
        made=texts(data["made"]),
        findings=tuple(map(finding_from_data, data["findings"])),
        others=texts(data["others"]),
        whole=bool(data["whole"]),
    )


def checked(value: Any, kind: type) -> Any:
    """Return `value` if it is of a kind. NotOursError if not."""
    if not isinstance(value, kind):
        raise NotOursError(f"{kind.__name__} expected")
    return value


def texts(value: Any) -> dict[str, str]:
    """Return texts by name. NotOursError if they are none."""
    return {checked(name, str): checked(text, str) for name, text in checked(value, dict).items()}


def number(value: Any) -> int:
    """Return a count from 0 on. NotOursError if it is none."""
    if not isinstance(value, int) or value < 0:
        raise NotOursError("a number expected")
    return value


def finding_from_data(data: Mapping[str, Any]) -> Finding:
    """Return a finding; every value is looked at."""
    code, message, hint, file = (checked(data[name], str) for name in ("code", "message", "hint", "file"))
    place = Location(file, number(data["line"]), number(data["column"]))
    return Finding(Severity(data["severity"]), code, message, place, hint)
