"""One bad input put into a small project, the command run on it as a person would, and what has to come of it.

Every case ends with its exit code, one diagnostic at its place, no traceback, and nothing new or changed in the output
folder. In a text that is planted, ¦ stands before the character at which the diagnostic has to point.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from pdf_text import painted_text

from handouts import cli
from handouts.pipeline.manifest import JOURNAL_FILE, LOCK_FILE, MANIFEST_FILE

if TYPE_CHECKING:
    from conftest import Project

COLD = "content/bees/en/2-cold.md"
COVER = "content/bees/en/1-cover.md"
LAST = "content/bees/en/3-sources.md"
TOPIC = "content/bees/topic.yaml"
SERVICE = "content/service.yaml"
AUDIENCES = "content/audiences.yaml"
TERMS = "content/terms.yaml"
REFERENCES = "content/references.json"
THEME = "templates/themes/settling-line.yaml"
HANDOUT = "templates/handout.md.j2"
CARD = "templates/parts/handout-factor.md.j2"
GIST = "They wait for the sun."
EVERYONE = "Everyone reads this."
BUILD = ("build", "--country", "UK", "--today", "2026-11-24")
PDF = (*BUILD, "--audience", "growers", "--format", "pdf")
DECK = (*BUILD, "--audience", "growers", "--format", "pptx")
HANDOUTS, DECKS = "output/bees/bees-{}-handout.pdf", "output/bees/bees-{}-slides.pptx"
OLD = b"what was there before"
DIAGNOSTIC = re.compile(
    r"^(?:(?P<file>[^\s:][^:\n]*?)(?::(?P<line>\d+):(?P<column>\d+))?: )?"
    r"(?P<severity>error|warning): (?P<code>[a-z0-9-]+): (?P<message>.*)$",
    re.MULTILINE,
)
DRAWN_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"


@dataclass(frozen=True)
class Diagnostic:
    """One line of the command about one thing that is wrong."""

    file: str
    line: int
    column: int
    severity: str
    code: str
    message: str

    @property
    def place(self) -> tuple[str, int, int]:
        return self.file, self.line, self.column


@dataclass(frozen=True)
class CommandResult:
    """How the command ended."""

    code: int
    out: str
    err: str

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(diagnostics_in(self.err))

    def only(self, severity: str) -> Diagnostic:
        """Return the one diagnostic of this severity; beside an error, warnings may say what it led to."""
        found = [each for each in self.diagnostics if each.severity == severity]
        assert len(found) == 1, self.err
        assert severity == "error" or len(self.diagnostics) == 1, self.err
        return found[0]


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, from 1, of an offset in a text."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def diagnostics_in(err: str) -> Iterable[Diagnostic]:
    for found in DIAGNOSTIC.finditer(err):
        place = int(found["line"] or 0), int(found["column"] or 0)
        yield Diagnostic(found["file"] or "", *place, found["severity"], found["code"], found["message"])


def output_files(root: Path) -> dict[str, bytes]:
    """Return all that is in the output folder of a project but what the build remembers there."""
    home = root / "output"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.relative_to(home).as_posix() not in (MANIFEST_FILE, JOURNAL_FILE, LOCK_FILE)
    }


def run_successfully(root: Path, *words: str) -> None:
    """Run the command in a project, most often one that several tests read or copy; it has to end well."""
    with pytest.MonkeyPatch.context() as place:
        place.chdir(root)
        assert cli.command([*(words or BUILD)]) == 0


@dataclass(frozen=True)
class Bench:
    """A small project with old files in its output folder, and the command to run in it."""

    project: Project
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    @property
    def root(self) -> Path:
        return self.project.root

    def path(self, name: str) -> Path:
        return self.root / name

    def text(self, name: str) -> str:
        return self.path(name).read_text(encoding="utf-8")

    def put(self, name: str, content: bytes) -> None:
        """Write bytes as they are."""
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_bytes(content)

    def plant(self, name: str, old: str, new: str) -> tuple[str, int, int]:
        """Replace words of a file, and return the place that is marked in the new ones; the whole file if none is."""
        self.project.replace(name, old, new)
        text = self.text(name)
        if "¦" not in text:
            return name, 0, 0
        self.project.write(name, text.replace("¦", "", 1))
        return name, *place_of(text, text.index("¦"))

    def place(self, name: str, words: str) -> tuple[str, int, int]:
        """Return where some words of a file begin."""
        text = self.text(name)
        return name, *place_of(text, text.index(words))

    def run(self, *words: str, ours: bool = False) -> CommandResult:
        """Run the command in the project, which makes a mistake of `ours` or, as ever, none."""
        self.monkeypatch.chdir(self.root)
        self.capsys.readouterr()
        try:
            code = cli.command(list(words or BUILD))
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        out, err = self.capsys.readouterr()
        assert "Traceback" not in out + err, err[-3000:]
        assert (code == 3) is ours, (code, out[-500:], err[-3000:])
        return CommandResult(code, out, err)

    def files(self) -> dict[str, bytes]:
        return output_files(self.root)

    def refused(self, code: str, place: tuple[str, int, int] | None, *words: str) -> Diagnostic:
        """Run the command, which has to end with one error at `place` and leave the output folder as it was."""
        for name in (HANDOUTS, DECKS):
            self.put(name.format("growers"), OLD)
        before = self.files()
        ran = self.run(*words)
        found = ran.only("error")
        assert (ran.code, found.code) == (1, code), ran.err
        assert place is None or found.place == place, ran.err
        assert found.message
        assert self.files() == before
        return found

    def warned(self, code: str, place: tuple[str, int, int], *words: str) -> Diagnostic:
        """Run the command, which has to build and give one warning at `place`."""
        ran = self.run(*(words or PDF))
        found = ran.only("warning")
        assert (ran.code, found.code, found.place) == (0, code, place), ran.err
        assert self.files()
        return found

    def built(self, *words: str) -> dict[str, bytes]:
        """Run the command, which has to build without a word, and return the files that it wrote."""
        ran = self.run(*words)
        assert (ran.code, ran.diagnostics) == (0, ()), ran.err
        files = self.files()
        assert files
        return files

    def texts(self, audience: str = "growers") -> tuple[str, str]:
        """Build, and return the words of the handout and of the deck of one audience."""
        files = self.built(*BUILD, "--audience", audience)
        pdf, deck = files[HANDOUTS.format(audience)], files[DECKS.format(audience)]
        return painted_text(pdf), "\n".join(texts_in(deck))


def texts_in(deck: bytes) -> Iterable[str]:
    """Yield the text of each paragraph of each slide and note of a deck."""
    with zipfile.ZipFile(io.BytesIO(deck)) as package:
        for name in sorted(package.namelist()):
            if re.fullmatch(r"ppt/(slides|notesSlides)/[^/]+\.xml", name):
                root = etree.fromstring(package.read(name))
                for paragraph in root.iter(DRAWN_TEXT.replace("}t", "}p")):
                    yield "".join(each.text or "" for each in paragraph.iter(DRAWN_TEXT))
