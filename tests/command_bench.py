"""Runs the command in a small project after a change, and checks exit code, diagnostics and output files.

Bad input must end with one diagnostic at its place, no traceback, and an unchanged output folder. In a planted text, ¦
marks the character that the diagnostic must point at.
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
    """One diagnostic line of the command."""

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
    """Exit code and output of the command."""

    code: int
    out: str
    err: str

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(diagnostics_in(self.err))

    def only(self, severity: str) -> Diagnostic:
        """Return the only diagnostic of this severity; an error may come with warnings that follow from it."""
        found = [each for each in self.diagnostics if each.severity == severity]
        assert len(found) == 1, self.err
        assert severity == "error" or len(self.diagnostics) == 1, self.err
        return found[0]


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, counted from 1, of an offset in `text`."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def diagnostics_in(err: str) -> Iterable[Diagnostic]:
    for found in DIAGNOSTIC.finditer(err):
        place = int(found["line"] or 0), int(found["column"] or 0)
        yield Diagnostic(found["file"] or "", *place, found["severity"], found["code"], found["message"])


def output_files(root: Path) -> dict[str, bytes]:
    """Return the files in the output folder of a project, without manifest, journal and lock."""
    output = root / "output"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and path.relative_to(output).as_posix() not in (MANIFEST_FILE, JOURNAL_FILE, LOCK_FILE)
    }


def run_successfully(root: Path, *words: str) -> None:
    """Run the command in a project, and check that it succeeds."""
    with pytest.MonkeyPatch.context() as place:
        place.chdir(root)
        assert cli.command([*(words or BUILD)]) == 0


@dataclass(frozen=True)
class Bench:
    """A small project in which the command is run."""

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
        """Write a file."""
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_bytes(content)

    def plant(self, name: str, old: str, new: str) -> tuple[str, int, int]:
        """Replace `old` with `new` in a file, and return the place of ¦ in `new`; line 0 if there is none."""
        self.project.replace(name, old, new)
        text = self.text(name)
        if "¦" not in text:
            return name, 0, 0
        self.project.write(name, text.replace("¦", "", 1))
        return name, *place_of(text, text.index("¦"))

    def place(self, name: str, words: str) -> tuple[str, int, int]:
        """Return the place of the first occurrence of `words` in a file."""
        text = self.text(name)
        return name, *place_of(text, text.index(words))

    def run(self, *words: str, internal_error: bool = False) -> CommandResult:
        """Run the command in the project; it must end without a traceback, and with code 3 only if `internal_error`."""
        self.monkeypatch.chdir(self.root)
        self.capsys.readouterr()
        try:
            code = cli.command(list(words or BUILD))
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        out, err = self.capsys.readouterr()
        assert "Traceback" not in out + err, err[-3000:]
        assert (code == 3) is internal_error, (code, out[-500:], err[-3000:])
        return CommandResult(code, out, err)

    def files(self) -> dict[str, bytes]:
        return output_files(self.root)

    def assert_refused(self, code: str, place: tuple[str, int, int] | None, *words: str) -> Diagnostic:
        """Run the command, and check that it ends with one error at `place` and leaves the output folder unchanged."""
        for name in (HANDOUTS, DECKS):
            self.put(name.format("growers"), OLD)
        before = self.files()
        result = self.run(*words)
        found = result.only("error")
        assert (result.code, found.code) == (1, code), result.err
        assert place is None or found.place == place, result.err
        assert found.message
        assert self.files() == before
        return found

    def assert_warned(self, code: str, place: tuple[str, int, int], *words: str) -> Diagnostic:
        """Run the command, and check that it builds with one warning at `place`."""
        result = self.run(*(words or PDF))
        found = result.only("warning")
        assert (result.code, found.code, found.place) == (0, code, place), result.err
        assert self.files()
        return found

    def build(self, *words: str) -> dict[str, bytes]:
        """Run the command, check that it builds without diagnostics, and return the files."""
        result = self.run(*words)
        assert (result.code, result.diagnostics) == (0, ()), result.err
        files = self.files()
        assert files
        return files

    def texts(self, audience: str = "growers") -> tuple[str, str]:
        """Build, and return the text of the handout and of the deck of one audience."""
        files = self.build(*BUILD, "--audience", audience)
        pdf, deck = files[HANDOUTS.format(audience)], files[DECKS.format(audience)]
        return painted_text(pdf), "\n".join(texts_in(deck))


def texts_in(deck: bytes) -> Iterable[str]:
    """Yield the text of each paragraph of the slides and notes of a deck."""
    with zipfile.ZipFile(io.BytesIO(deck)) as package:
        for name in sorted(package.namelist()):
            if re.fullmatch(r"ppt/(slides|notesSlides)/[^/]+\.xml", name):
                root = etree.fromstring(package.read(name))
                for paragraph in root.iter(DRAWN_TEXT.replace("}t", "}p")):
                    yield "".join(each.text or "" for each in paragraph.iter(DRAWN_TEXT))
