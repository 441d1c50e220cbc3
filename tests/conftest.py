"""Fixtures and options of the tests, and the small project: invented content with the shipped kinds and templates."""

from __future__ import annotations

import gc
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from audit_hook import install_audit_hook
from command_bench import Bench, run_successfully
from command_folder import CommandFolder
from paths import ROOT

from handouts import compose, load
from handouts.cli.arguments import JOBS_VARIABLE
from handouts.compose import Composition, compose_document, environment
from handouts.compose.environment import render_template
from handouts.compose.placement import template_findings
from handouts.library import DEFAULT_TEMPLATES, Library
from handouts.load import load_library
from handouts.pipeline import build, full_build
from handouts.pipeline.fingerprints import program_identity
from handouts.render_cache import RenderCache
from handouts.select import select_content

NIGHTLY = "HANDOUTS_NIGHTLY"  # environment variable; modules read it at import to add nightly cases

AUDIENCES = """\
growers:
  name: Growers
  cover: Growers
  label: For growers
  accent: harbour
  reading: {}
keepers:
  name: Keepers
  cover: Keepers
  label: For keepers
  accent: plum
  line: touches
  reading: {}
"""
SERVICE = """\
name: ""
phone: ""
country: UK
paper: a4
theme: settling-line
spelling: british
condition: {name: winter rest, short: WR}
"""
TERMS = """\
brood:
  means: the young of a hive
  for: [growers]
"""
REFERENCES = """\
[
 {"id": "moss2019", "type": "article-journal", "title": "Bees in winter",
  "author": [{"family": "Moss", "given": "A. B."}, {"family": "Reed", "given": "C."},
             {"family": "Vale", "given": "D."}, {"family": "Wood", "given": "E."}],
  "container-title": "J Hives", "issued": {"date-parts": [[2019]]}, "volume": "58", "issue": "3", "page": "289-326",
  "DOI": "10.1000/bees"},
 {"id": "reed2001", "type": "book", "title": "Hives", "author": [{"family": "Reed", "given": "C."}],
  "publisher": "Field", "publisher-place": "Leeds", "edition": "2nd", "issued": {"date-parts": [[2001]]}}
]
"""
TOPIC = """\
name: Bees in winter
version: "0.1"
published: 2026-11-23
authors: [The writers]
reviewed_by: []
reviewed_on: ""
next_review: 2027-11-23
keywords: [bees]
licence: CC BY 4.0
crisis: [danger, suicide, abuse, stalking]
condition: {name: winter rest, short: WR}
"""
COVER = """\
# Cover {.cover #cover}

::: {.title}
Why do the bees stay in?
:::

::: {.subtitle}
What winter rest (WR) is.
:::

::: {.short-title}
Bees in winter
:::

::: {.talk}
Ten minutes
:::

::: {.spoken minutes="2"}
Welcome them.
:::
"""
FACTOR = """\
# Cold {.factor #cold sign="left"}

::: {.name}
Cold
:::

::: {.claim for="growers"}
Cold keeps them in.
:::

::: {.claim for="keepers"}
Below ten degrees no bee flies [@moss2019].
:::

::: {.gist}
They wait for the sun.
:::

::: {.explanation}
Everyone reads this. [Only keepers read this.]{for="keepers"}

::: {for="growers"}
Only growers read of the [brood]{.term}. The [brood]{.term} is warm.
:::
:::

::: {.looks}
A quiet hive.
:::

::: {.helps}
Leave it closed.
:::

::: {.spoken minutes="2"}
Say it slowly.
:::
"""
LAST = """\
# Sources {.section #sources}

::: {.heading}
Sources
:::

::: {.body}
::: {.contacts needs="danger"}
:::

::: {.sources for="keepers"}
:::
:::

::: {.claim}
Sources of this talk
:::

::: {.gist}
::: {.sources}
:::
:::

::: {.spoken minutes="2"}
They are in the handout.
:::
"""


@dataclass(frozen=True)
class Project:
    """A folder with content and templates that a test may change."""

    root: Path

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def templates(self) -> Path:
        return self.root / "templates"

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def load(self) -> Library:
        return load_library(self.content, self.templates)

    def compose(self, audience: str, template: str = "handout", country: str = "") -> Composition:
        selection = select_content(self.load(), "bees", audience, "en")
        return compose_document(selection, template, country=country)


AUDIENCE_LINE = re.compile(r"^(?:  for|audiences): .*\n", re.MULTILINE)


def without_audiences(text: str) -> str:
    """Return a template or contacts file without the lines that restrict it to audiences of the shipped topic."""
    return AUDIENCE_LINE.sub("", text)


def copy_templates_and_contacts(root: Path) -> None:
    """Copy the shipped templates and contacts into a project, without their restrictions to audiences."""
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copytree(ROOT / "content" / "contacts", root / "content" / "contacts")
    for file in (*(root / "content" / "contacts").glob("*.yaml"), *(root / "templates").glob("*.md.j2")):
        file.write_text(without_audiences(file.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


FILES: Mapping[str, str] = {
    "content/audiences.yaml": AUDIENCES,
    "content/service.yaml": SERVICE,
    "content/terms.yaml": TERMS,
    "content/references.json": REFERENCES,
    "content/spellings.yaml": "colour: color\n",
    "content/bees/topic.yaml": TOPIC,
    "content/bees/en/1-cover.md": COVER,
    "content/bees/en/2-cold.md": FACTOR,
    "content/bees/en/3-sources.md": LAST,
}


@pytest.fixture(autouse=True, scope="session")
def _program_hashed_once() -> Iterator[None]:
    """Compute the hash of the program once per process instead of once per build."""
    with pytest.MonkeyPatch.context() as patch:
        cached_identity = cache(program_identity)
        patch.setattr(build, "program_identity", cached_identity)
        patch.setattr(full_build, "program_identity", cached_identity)
        yield


@pytest.fixture(autouse=True, scope="session")
def _files_parsed_once() -> Iterator[None]:
    """Parse each file of the small project once, and compile its templates once.

    All loads share a cache, as in `handouts open`. In the nightly run, each load and each build starts without one.
    """
    if os.environ.get(NIGHTLY):
        yield
        return
    shared = RenderCache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "RenderCache", lambda _: shared)
        patch.setattr(compose, "template_findings", lambda selection, _: template_findings(selection, shared))
        patch.setattr(environment, "render_template", lambda files, values, _: render_template(files, values, shared))
        yield


def write_project(root: Path) -> Project:
    """Write the small project into a folder."""
    small = Project(root)
    copy_templates_and_contacts(root)
    shutil.copy(ROOT / "content" / "kinds.yaml", small.content / "kinds.yaml")
    for name, text in FILES.items():
        small.write(name, text)
    return small


@pytest.fixture(scope="session")
def unchanged_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return the project that tests get a copy of. Do not change it."""
    return write_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def built_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built small project. Do not change it."""
    small = write_project(tmp_path_factory.mktemp("built"))
    run_successfully(small.root)
    return small.root


@pytest.fixture
def project(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, unchanged_project: Project) -> Iterator[Project]:
    """Return a copy of the small project, in the same folder for each test, so that the cache knows its files."""
    root = tmp_path_factory.getbasetemp() / "copied" / "project"
    shutil.copytree(unchanged_project.root, root, copy_function=shutil.copyfile)
    yield Project(root)
    root.rename(tmp_path / "project")


def keep_default_templates(project: Project) -> Project:
    """Remove all templates but those of handout and slides, which halves the time of a build."""
    for file in project.templates.glob("*.md.j2"):
        if file.name.removesuffix(".md.j2") not in DEFAULT_TEMPLATES:
            file.unlink()
    return project


@pytest.fixture
def bench(project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bench:
    """Return a bench that runs the command in the project."""
    return Bench(project, monkeypatch, capsys)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that rewrite the gallery and select the longer tests."""
    parser.addoption("--accept", action="store_true", help="rewrite the pages of tests/gallery")
    parser.addoption("--full", action="store_true", help="also run the tests marked full, as CI does")
    parser.addoption("--nightly", action="store_true", help="also run the tests marked nightly")


def pytest_configure(config: pytest.Config) -> None:
    """Block the network, build in one process by default, and enable nightly cases before test modules are imported."""
    install_audit_hook()
    os.environ[JOBS_VARIABLE] = "1"
    if config.getoption("--nightly"):
        os.environ[NIGHTLY] = "1"


def runs_full_set(config: pytest.Config) -> bool:
    """True in CI, with --full, and if a test is given by its name."""
    is_named = any("::" in argument for argument in config.args)
    return bool(config.getoption("--full") or os.environ.get("CI") or is_named)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests marked full and nightly unless they are asked for."""
    is_named = any("::" in argument for argument in config.args)
    markers = [] if runs_full_set(config) else ["full"]
    markers += [] if config.getoption("--nightly") or is_named else ["nightly"]
    deselected = [item for item in items if any(map(item.get_closest_marker, markers))]
    config.hook.pytest_deselected(items=deselected)
    items[:] = [item for item in items if item not in deselected]


def pytest_collection_finish() -> None:
    """Tune the garbage collector, which saves a tenth of the time: ignore the collected tests, and run less often."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print how to run the full set."""
    if not runs_full_set(config):
        terminalreporter.write_line("Longer tests were left out; to run them all: python -m pytest --full -n auto")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandFolder:
    """Return an empty folder with a space and an umlaut in its name, in which the command is run."""
    return CommandFolder(tmp_path / "Müllers Mappe", monkeypatch, capsys)
