"""A small project of its own for tests: invented content, the real kinds of section, contacts and templates."""

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

from handouts import load
from handouts.cli.arguments import JOBS_VARIABLE
from handouts.compose import Composition, compose_document
from handouts.library import DEFAULT_TEMPLATES, Library
from handouts.load import load_library
from handouts.pipeline import build, full_build
from handouts.pipeline.fingerprints import program_identity
from handouts.render_cache import RenderCache
from handouts.select import select_content

ROOT = Path(__file__).parents[1]
NIGHTLY = "HANDOUTS_NIGHTLY"  # the variable that tests with many cases read when their files are loaded

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


FOR_SOME = re.compile(r"^(?:  for|audiences): .*\n", re.MULTILINE)


def for_any_reader(text: str) -> str:
    """Return a template or contacts without what names the readers of the shipped topic: it is for all, then."""
    return FOR_SOME.sub("", text)


def copy_for_any_readers(root: Path) -> None:
    """Copy the templates and contacts into a project; all that is in them is for all readers."""
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copytree(ROOT / "content" / "contacts", root / "content" / "contacts")
    for file in (*(root / "content" / "contacts").glob("*.yaml"), *(root / "templates").glob("*.md.j2")):
        file.write_text(for_any_reader(file.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


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
    """Hash the program for all builds of a process, not for each one: it does not change while tests run."""
    with pytest.MonkeyPatch.context() as patch:
        hashed = cache(program_identity)
        patch.setattr(build, "program_identity", hashed)
        patch.setattr(full_build, "program_identity", hashed)
        yield


@pytest.fixture(autouse=True, scope="session")
def _files_parsed_once() -> Iterator[None]:
    """Parse a file once for all copies of the small project: each load takes the same cache, as in `handouts open`."""
    shared = RenderCache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "RenderCache", lambda _: shared)
        yield


def write_project(root: Path) -> Project:
    """Write the small project into a folder."""
    made = Project(root)
    copy_for_any_readers(root)
    shutil.copy(ROOT / "content" / "kinds.yaml", made.content / "kinds.yaml")
    for name, text in FILES.items():
        made.write(name, text)
    return made


@pytest.fixture(scope="session")
def unchanged_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return the project that each test gets a copy of; no test may change this one."""
    return write_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def built_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the small project after it was built: to read and to copy, never to change."""
    made = write_project(tmp_path_factory.mktemp("built"))
    run_successfully(made.root)
    return made.root


@pytest.fixture
def project(tmp_path: Path, unchanged_project: Project) -> Project:
    shutil.copytree(unchanged_project.root, tmp_path, dirs_exist_ok=True, copy_function=shutil.copyfile)
    return Project(tmp_path)


def keep_default_templates(project: Project) -> Project:
    """Leave the project only the templates of handouts and slides, which takes half of the time that all eight take."""
    for file in project.templates.glob("*.md.j2"):
        if file.name.removesuffix(".md.j2") not in DEFAULT_TEMPLATES:
            file.unlink()
    return project


@pytest.fixture
def bench(project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bench:
    """Return the project with the command to run in it."""
    return Bench(project, monkeypatch, capsys)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a person renew the pages of the gallery, and run the tests that take longer."""
    parser.addoption("--accept", action="store_true", help="write the pages of tests/gallery anew")
    parser.addoption("--full", action="store_true", help="run also the tests marked full, as CI does")
    parser.addoption("--nightly", action="store_true", help="run also those marked nightly, with the long run")


def pytest_configure(config: pytest.Config) -> None:
    """Let no test reach the network, or start processes unasked; files of tests are read after this."""
    install_audit_hook()
    os.environ[JOBS_VARIABLE] = "1"
    if config.getoption("--nightly"):
        os.environ[NIGHTLY] = "1"


def runs_full_set(config: pytest.Config) -> bool:
    """True in CI, and where the full set or one test by its name is asked for."""
    named = any("::" in argument for argument in config.args)
    return bool(config.getoption("--full") or os.environ.get("CI") or named)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that take longer, unless the full set is asked for."""
    named = any("::" in argument for argument in config.args)
    left_out = [] if runs_full_set(config) else ["full"]
    left_out += [] if config.getoption("--nightly") or named else ["nightly"]
    longer = [item for item in items if any(map(item.get_closest_marker, left_out))]
    config.hook.pytest_deselected(items=longer)
    items[:] = [item for item in items if item not in longer]


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone the tests themselves, and run less often: a tenth of the time."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how to run the full set."""
    if not runs_full_set(config):
        terminalreporter.write_line("The longer tests were left out; all of them: python -m pytest --full -n auto")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandFolder:
    """A folder without anything, whose name has a space and an umlaut."""
    return CommandFolder(tmp_path / "Müllers Mappe", monkeypatch, capsys)
