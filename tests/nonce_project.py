"""A small project with two audiences in which every field with text contains a nonce of its audience.

A nonce is a word that occurs nowhere else. The project is written as files, so that it is loaded like real content.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import yaml
from conftest import copy_templates_and_contacts
from paths import ROOT

READERS = ("one", "two")
NONCE = re.compile(r"zq(one|two)n[0-9a-f]+x")

BLOCKS = """\
A sentence {n} with **strong {n}**, a [link {n}](https://example.org/{n} "{n}"),
[mot {n}]{{language="fr"}} [@source-{x}].

- A bullet {n}
- Another {n}

1. A step {n}
2. Another {n}

### A heading {n}

::: {{.callout}}
### A callout {n}
Its text {n}.
:::

::: {{.labelled}}
### A label {n}
Its text {n}.
:::

::: {{.script}}
### A situation {n}
> Words to say {n}.

Advice {n}.
:::

::: {{.comparison}}
| Do {n} | Try not to {n} |
| --- | --- |
| One {n} | Other {n} |
:::

::: {{.table}}
### A title {n}
| Head {n} | Second {n} |
| --- | --- |
| Row {n} | Cell {n} |
:::

::: {{.qr target="https://example.org/{n}"}}
A code {n}.
:::
"""
FIGURE = """\
::: {{.figure name="cycle"}}
### A figure {n}

- sign: Sign {n}
- alarm: Alarm
- rise: Rise
- urge: Urge
- contact: Contact
- relief: Relief
- pause: Pause
- pause-text: Wait
- answer: Answer

How to read {n}.

::: {{.alt}}
What it shows {n}.
:::
:::
"""
CHART = """\
::: {{.chart unit="unit {n}"}}
### A chart {n}

| Rows {n} | Series {n} | Second {n} |
| --- | --- | --- |
| Row {n} | 8 | 1.5 |
| Other {n} | 0 | 3 |

How to read {n}.

::: {{.alt}}
What it shows {n}.
:::
:::
"""
FORK = """\
::: {{.fork}}
### A question {n}

::: {{.red}}
### Red {n}
Text {n}.
:::

::: {{.amber}}
### Amber {n}
Text {n}.
:::

::: {{.green}}
### Green {n}
Text {n}.
:::
:::
"""
FIELDS = """\
::: {{.line name="a-line"}}
A line {n}

A hint {n}
:::

::: {{.lines .follows name="some-lines" count="2"}}
Lines {n}
:::

::: {{.box name="a-box" count="2"}}
A box {n}
:::

::: {{.choices name="some-choices"}}
Choices {n}

- one {n}
- other {n}
:::

::: {{.scale name="a-scale"}}
A scale {n}

- low {n}
- high {n}
:::

::: {{.fill-table name="a-table" count="3"}}
### A log {n}

| Head {n} | Second {n} |
| --- | --- |
| Row {n} | |
:::

Both read this. A word [only one reader this {n}]{{for="{x}"}}.
"""
SHARED = 'Both read this, [only one reader this {n}]{{for="{x}"}} and so on.'
BLOCK_PARTS = {
    ("section", "body"): BLOCKS + "\n" + FIGURE + "\n" + CHART,
    ("section", "gist"): FIGURE + "\n" + CHART,
    ("safety", "choices"): FORK,
    ("safety", "gist"): FORK,
    ("worksheet", "body"): FIELDS,
    ("slide", "gist"): "::: {{.comparison}}\n| Do {n} | Not {n} |\n| --- | --- |\n| A {n} | B {n} |\n:::\n",
}


class Nonces:
    """A counter that formats as the next nonce of one reader, numbered in hexadecimal."""

    def __init__(self, reader: str) -> None:
        self.reader = reader
        self.count = 0

    def __format__(self, spec: str) -> str:
        self.count += 1
        return f"zq{self.reader}n{self.count:x}x"


def write_project(folder: Path) -> None:
    """Write the content and templates of the project into `folder`."""
    content, topic = folder / "content", folder / "content" / "sample"
    copy_templates_and_contacts(folder)
    for each in (ROOT / "content").glob("*.yaml"):
        shutil.copy(each, content)
    (topic / "en").mkdir(parents=True)
    audiences = yaml.safe_load((content / "audiences.yaml").read_text(encoding="utf-8"))
    first, second, *_ = audiences.values()
    nonces = {reader: Nonces(reader) for reader in READERS}
    audience_facts = {
        reader: {**facts, **{key: f"{facts[key]} {nonces[reader]}" for key in ("name", "cover", "label")}}
        for reader, facts in zip(READERS, (first, second), strict=True)
    }
    write_yaml(content / "audiences.yaml", audience_facts)
    terms = {f"term-{x}": {"means": f"a meaning {nonces[x]}", "for": [x]} for x in READERS}
    write_yaml(content / "terms.yaml", terms)
    sources = ", ".join(
        f'{{"id": "source-{x}", "type": "book", "title": "A book {nonces[x]}", "publisher": "Press",'
        f' "author": [{{"family": "Author", "given": "A."}}], "issued": {{"date-parts": [[2020]]}}}}'
        for x in READERS
    )
    (content / "references.json").write_text(f"[{sources}]\n", encoding="utf-8")
    write_yaml(topic / "topic.yaml", {"name": "Sample", "version": "0.1", "published": "2026-01-02",
        "authors": ["Somebody"], "reviewed_by": [], "reviewed_on": "", "next_review": "2027-01-02",
        "keywords": ["sample"], "licence": "CC BY 4.0",
        "other_formats": [{"format": "audio", "address": f"https://example.org/{nonces[x]}", "for": [x]}
                          for x in READERS]})  # fmt: skip
    kinds = yaml.safe_load((content / "kinds.yaml").read_text(encoding="utf-8"))
    for index, (kind, facts) in enumerate(kinds.items(), 1):
        (topic / "en" / f"{index:02}-{kind}.md").write_text(section(kind, facts, nonces), encoding="utf-8")
    (topic / "en" / "99-sources.md").write_text(
        "# Sources {.section #the-sources}\n\n::: {.heading}\nSources\n:::\n\n::: {.body}\n::: {.sources}\n:::\n:::\n\n"
        "::: {.claim}\nSources of this talk\n:::\n\n::: {.gist}\n::: {.sources}\n:::\n:::\n\n"
        '::: {.spoken minutes="1"}\nThese are the sources.\n:::\n',
        encoding="utf-8",
    )


def write_yaml(file: Path, facts: object) -> None:
    file.write_text(yaml.safe_dump(facts, sort_keys=False, allow_unicode=True), encoding="utf-8")


def section(kind: str, facts: dict[str, dict[str, dict[str, str]]], nonces: dict[str, Nonces]) -> str:
    """Return a section of `kind` with all its parts, once for each reader."""
    sign = ' sign="left"' if "sign" in facts.get("attributes", ()) else ""
    return f"# A section {{.{kind} #{kind}{sign}}}\n\n" + "\n".join(parts(kind, facts["parts"], nonces))


def parts(kind: str, parts_of_kind: dict[str, dict[str, str]], nonces: dict[str, Nonces]) -> Iterator[str]:
    """Yield the Markdown of each part, once for each reader."""
    for name, part in parts_of_kind.items():
        for reader in READERS:
            text = part_text(kind, name, part["holds"]).format(n=nonces[reader], x=reader)
            minutes = ' minutes="2"' if "timed" in part else ""
            yield f'::: {{.{name} for="{reader}"{minutes}}}\n{text}\n:::\n'


def part_text(kind: str, name: str, holds: str) -> str:
    """Return the text of a part with {n} for each nonce, short enough for one slide."""
    if (kind, name) in BLOCK_PARTS:
        return BLOCK_PARTS[kind, name]
    if holds == "line":
        return "Line {n}"
    term = "A [term-{x}]{{.term}} {n}." if (kind, name) == ("factor", "explanation") else "Text {n}."
    return f"{term}\n\n{SHARED}"
