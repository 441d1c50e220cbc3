"""A topic next to the shipped one has no word of it in any file, template, edition and country."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from conftest import Project
from lxml import etree
from msgspec.structs import replace
from newcomer_project import AUDIENCES, COVER, FILES, NIGHT, TOPIC
from paths import ROOT
from pdf_text import painted_text

from handouts.compose import compose_document
from handouts.document.text import words_of
from handouts.finding import HandoutError
from handouts.library import Library
from handouts.pipeline.build import build_all
from handouts.pipeline.options import Options
from handouts.render_cache import RenderCache
from handouts.select import select_content

pytestmark = pytest.mark.full

# Words for the subject of the shipped topic, and names of its contacts.
FOREIGN = re.compile(
    r"\b(?:BPD|borderline|(?:ex-)?partners?|ex|stalk\w*|harass\w*|break-?ups?|reach(?:es|ing)? out|ended the contact"
    r"|domestic|Refuge|Women[’']s Aid|VictimConnect|Harm to|Abuse or fear)\b",
    re.IGNORECASE,
)
MORE_PARTS = """
::: {.outside-title}
Notes
:::

::: {.outside-subtitle}
To keep.
:::
"""
GUIDE = """\
# Plan {.guide #plan}

::: {.heading}
Before you begin
:::

::: {.body}
Write PTSD on the board, and what it is: post-traumatic stress disorder.

::: {.script}
### If somebody asks
> It gets better.
:::

::: {.contacts}
:::
:::
"""
CARD = """\
# Card {.card #card}

::: {.heading}
To keep
:::

::: {.body}
::: {.contacts needs="crisis local"}
:::
:::
"""
SHEET = """\
# Sheet {.worksheet #sheet}

::: {.heading}
My nights
:::

::: {.body}
::: {.line name="bed"}
To bed at
:::
:::
"""
CONDITION = "condition: {name: post-traumatic stress disorder, short: PTSD}\n"
SLEEP, READERS = "sleep", ("parents", "teachers")


@pytest.fixture(scope="module")
def second_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return the shipped project with a second topic, which has no settings of its own, for two other audiences."""
    project = Project(tmp_path_factory.mktemp("planted"))
    shutil.copytree(ROOT / "content", project.content)
    shutil.copytree(ROOT / "templates", project.templates)
    audiences = (project.root / AUDIENCES).read_text(encoding="utf-8")
    project.write(AUDIENCES, audiences + FILES[AUDIENCES].partition("nurses:")[0])
    project.write(TOPIC, FILES[TOPIC] + CONDITION)
    project.write(COVER, FILES[COVER] + MORE_PARTS)
    night = re.sub(r" \[@moss2019\]|::: \{\.sources\}\n:::\n", "", FILES[NIGHT])
    project.write(NIGHT, night.replace("[nightmare]{.term}", "nightmare").replace(' needs="danger"', ""))
    for name, text in (("3-plan", GUIDE), ("4-card", CARD), ("5-sheet", SHEET)):
        project.write(f"content/sleep/en/{name}.md", text)
    return project


@pytest.fixture(scope="module")
def library(second_project: Project) -> Library:
    return second_project.load()


def foreign_in(words: str) -> list[str]:
    return sorted({found[0] for found in FOREIGN.finditer(words)})


def test_the_pattern_finds_the_words_of_the_shipped_topic(library: Library) -> None:
    document = compose_document(select_content(library, "bpd-contact", "partners", "en"), "handout", country="UK")
    text = " ".join((*words_of(document.document), *words_of(document.document.crisis)))
    assert {"BPD", "partner", "stalking", "ex", "Refuge"} <= set(foreign_in(text))


@pytest.mark.parametrize("reader", READERS)
def test_no_document_in_any_country_has_a_word_of_another_topic(library: Library, reader: str) -> None:
    composed, cache = 0, RenderCache()
    for template in library.templates.values():
        if reader not in template.audiences:
            continue
        for country in ("", *library.countries):
            selection = select_content(library, SLEEP, reader, "en")
            document = compose_document(selection, template.name, country=country, cache=cache).document
            texts = (document.title, document.subject, document.foot, *document.keywords, document.author)
            text = " ".join((*words_of(document), *words_of(document.crisis), *texts))
            assert foreign_in(text) == [], (template.name, country)
            assert "PTSD" in text or template.name != "facilitator-guide"
            composed += 1
    assert composed >= 6 * (1 + len(library.countries))


def strings_of(content: bytes) -> Iterator[str]:
    """Yield all painted text of a PDF, and every text in its objects: alt texts, bookmarks, metadata, fields."""
    yield painted_text(content)
    with pikepdf.open(io.BytesIO(content)) as file:
        yield str(file.open_metadata())
        for each in file.objects:
            yield from _strings_in(each)


def _strings_in(node: object) -> Iterator[str]:
    """Yield the texts directly in an object of a PDF, not those of objects that it refers to."""
    if isinstance(node, pikepdf.String):
        yield str(node)
    elif isinstance(node, pikepdf.Array):
        for each in node:
            yield from _strings_in(each) if not getattr(each, "is_indirect", False) else ()
    elif isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
        for _, value in node.items():
            yield from _strings_in(value) if not getattr(value, "is_indirect", False) else ()


def deck_strings(content: bytes) -> Iterator[str]:
    """Yield every text of a deck: slides, notes, alt texts, names of shapes and layouts, properties."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if not name.endswith(".xml"):
                continue
            for element in etree.fromstring(package.read(name)).iter():
                yield element.text or ""
                yield from (element.get(key, "") for key in ("descr", "title", "name"))


def test_no_file_in_any_format_and_edition_has_a_word_of_another_topic(second_project: Project, tmp_path: Path) -> None:
    options = Options(
        second_project.content,
        second_project.templates,
        tmp_path,
        topics=(SLEEP,),
        audiences=("parents",),
        country="UK",
    )
    every = ("handout", "slides", "facilitator-guide", "card", "worksheets", "summary", "sources")
    builds = (
        {"template_names": every, "formats": ("pdf", "pptx", "slides-pdf", "notes-pdf")},
        {"template_names": ("handout",), "formats": ("pdf",), "editions": ("large-print", "photocopy", "discreet")},
        {"template_names": ("worksheets",), "formats": ("pdf",), "fillable": True},
    )
    for wishes in builds:
        build_all(replace(options, **wishes))
    files = [*tmp_path.rglob("*.pdf"), *tmp_path.rglob("*.pptx")]
    assert len(files) >= 11
    for path in files:
        content = path.read_bytes()
        texts = deck_strings(content) if path.suffix == ".pptx" else strings_of(content)
        text = "\n".join(texts)
        assert len(text) > 300
        assert foreign_in(text) == [], path.name
        assert foreign_in(path.name.replace("-", " ")) == []


def test_the_services_name_of_a_condition_is_used_for_one_topic_only(second_project: Project) -> None:
    service = (second_project.root / "content/service.yaml").read_text(encoding="utf-8")
    try:
        second_project.write("content/service.yaml", re.sub(r"  topics: \[bpd-contact\].*\n", "", service))
        with pytest.raises(HandoutError) as raised:
            second_project.load()
        (found,) = raised.value.findings
        assert (found.code, found.at.file.endswith("service.yaml")) == ("ambiguous-condition", True)
        assert "topics: [bpd-contact]" in found.hint
        second_project.write("content/service.yaml", service.replace("topics: [bpd-contact]", "topics: [bpd-contac]"))
        with pytest.raises(HandoutError) as raised:
            second_project.load()
        assert [(each.code, each.hint) for each in raised.value.findings] == [
            ("unknown-topic", "did you mean 'bpd-contact'?")
        ]
    finally:
        second_project.write("content/service.yaml", service)
