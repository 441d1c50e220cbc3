"""`handouts format`: sections in the other form have the same content, other lines stay, and it can be reversed."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from command_bench import Bench
from conftest import COVER, FACTOR, LAST, Project
from generated_documents import Writer
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import ROOT

from handouts.cli import command
from handouts.finding import is_error
from handouts.library import SectionKind
from handouts.load import load_section_kinds
from handouts.load.sections import SectionRules, read_section
from handouts.markdown.names import KnownNames
from handouts.markdown.part_forms import count_fence_lines, with_fences, with_headings
from handouts.pipeline import section_forms
from handouts.pipeline.section_forms import without_places

COLD = "content/bees/en/2-cold.md"
KINDS = load_section_kinds(ROOT / "content")
SHIPPED = sorted((ROOT / "content").glob("*/*/*.md"))


def section_in(text: str, audiences: tuple[str, ...] = ("a", "b")) -> object:
    """Return the content of a section, which must be valid, without places."""
    rules = SectionRules(KINDS, None, KnownNames(audiences, None, None), certain=False)
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    read = read_section(normal, "a.md", rules)
    assert not [each for each in read.findings if is_error(each)], read.findings
    assert read.section is not None
    return without_places(read.section)


# ---------------------------------------------------------------- generated sections


class SectionWriter:
    """Writes a random section in fences from a seed: as `format --fences` would, or with other spaces."""

    def __init__(self, number: int, *, canonical: bool) -> None:
        self.chance, self.writer, self.canonical = Random(number), Writer(number), canonical
        self.kind = self.chance.choice(list(KINDS.values()))

    def words(self) -> str:
        """Return a line of words without meaning in Markdown."""
        words = "".join(each for each in self.writer.words(8) if each.isalpha() or each == " ").strip()
        return f"Words {words}" if self.chance.random() < 0.9 else f"# {words}".replace("# ", r"\# ")

    def blank(self) -> str:
        return "\n" * self.chance.choice((0, 1, 1, 2))

    def fence(self) -> str:
        return ":::" if self.canonical else ":" * self.chance.choice((3, 3, 4, 7))

    def block(self, depth: int = 0) -> str:
        choice = self.chance.randint(0, 7 if depth < 3 else 3)
        match choice:
            case 0 | 1:
                return f"{self.words()}\n{self.words()}\n"
            case 2:
                return f"- {self.words()}\n- {self.words()}\n  - {self.words()}\n"
            case 3:
                return f"### {self.words()}\n{self.words()}\n"
            case 4:
                return f"| A | B |\n| --- | --- |\n| {self.words()} | {self.words()} |\n"
            case 5:
                return f'::: {{for="a"}}\n{self.blank()}{self.block(depth + 1)}{self.blank()}:::\n'
            case _:
                return f"::: {{.callout}}\n### {self.words()}\n{self.words()}\n\n{self.block(depth + 1)}:::\n"

    def attributes(self, name: str) -> str:
        pairs = [f".{name}"]
        if self.chance.random() < 0.5:
            pairs.append(f'for="{self.chance.choice(("a", "b", "a b"))}"')
        if self.chance.random() < 0.3:
            pairs.append('allow="hedge" because="It is {so}, \\"really\\"."')
        if self.kind.parts[name].timed:
            pairs.append('minutes="2"')
        if self.canonical:
            return " ".join(pairs)
        self.chance.shuffle(pairs)
        gap = self.chance.choice((" ", "  "))
        return (
            f"{gap if self.chance.random() < 0.3 else ''}{gap.join(pairs)}{gap if self.chance.random() < 0.3 else ''}"
        )

    def part(self) -> str:
        name = self.chance.choice(list(self.kind.parts))
        gap = " " if self.canonical else self.chance.choice(("", " ", "  "))
        line = self.kind.parts[name].holds == "line"
        blocks = [f"{self.words()}\n"] if line else [self.block() for _ in range(self.chance.randint(1, 3))]
        inside = self.blank().join(blocks) if line else "\n".join(blocks)
        end = "" if self.canonical else self.blank()
        return f"{self.fence()}{gap}{{{self.attributes(name)}}}\n{self.blank()}{inside}{end}{self.fence()}\n"

    def text(self) -> str:
        parts = [f"{self.part()}{self.blank()}" for _ in range(self.chance.randint(1, 6))]
        made = f"# {self.words()} {{.{self.kind.name} #a}}\n{self.blank()}{''.join(parts)}"
        if self.chance.random() < 0.3:
            made = made.rstrip("\n")
        return made.replace("\n", self.chance.choice(("\n", "\n", "\r\n")))


@given(st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_a_section_has_the_same_content_in_both_forms(number: int) -> None:
    made = SectionWriter(number, canonical=False)
    text, parts = made.text(), made.kind.parts
    headed = with_headings(text, parts)
    fenced = with_fences(headed, parts)
    assert section_in(headed) == section_in(fenced) == section_in(text)
    assert with_headings(fenced, parts) == headed == with_headings(headed, parts)
    assert with_fences(with_headings(fenced, parts), parts) == fenced == with_fences(fenced, parts)
    assert count_fence_lines(headed) < count_fence_lines(fenced)
    assert body_lines(headed) == body_lines(text) == body_lines(fenced)


@given(st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_a_section_in_the_usual_style_survives_a_round_trip_exactly(number: int) -> None:
    made = SectionWriter(number, canonical=True)
    text = made.text()
    assert with_fences(with_headings(text, made.kind.parts), made.kind.parts) == text


def body_lines(text: str) -> list[str]:
    """Return the lines of a text that are neither blank nor the beginning or end of a part."""
    return [line for line in text.splitlines() if line.strip() and not line.startswith(("## ", ":::"))]


def shipped_kind(text: str) -> SectionKind:
    """Return the kind of a shipped section."""
    return next(kind for kind in KINDS.values() if f"{{.{kind.name} " in text.split("\n", 1)[0])


def test_every_shipped_section_survives_a_round_trip_exactly() -> None:
    for path in SHIPPED:
        text = path.read_bytes().decode()
        parts = shipped_kind(text).parts
        fenced = with_fences(text, parts)
        assert with_headings(fenced, parts) == text == with_headings(text, parts), path
        readers = ("family", "partners", "clinicians")
        assert section_in(fenced, readers) == section_in(text, readers)


def test_a_part_that_contains_another_fence_keeps_its_fence() -> None:
    inside = "::: {.body}\nWords.\n\n::: {.gist}\nA few.\n:::\n\nMore.\n:::\n"
    text = f"# A {{.section #a}}\n\n::: {{.heading}}\nIt\n:::\n\n{inside}"
    headed = with_headings(text, KINDS["section"].parts)
    assert headed == f"# A {{.section #a}}\n\n## Heading\nIt\n\n{inside}"
    assert section_in(headed) == section_in(text)
    assert with_fences(headed, KINDS["section"].parts) == text


@pytest.mark.parametrize(
    ("text", "headed"),
    [
        ("::: {.body}\nA.\n:::", "## Body\nA."),
        ("::: {.body}\r\nA.\r\n:::\r\n", "## Body\r\nA.\r\n"),
        ("::: {.body}\rA.\r:::\r", "## Body\rA.\r"),
        ("::: {.body}\nA.\n\n\n:::\n\n", "## Body\nA.\n\n"),
        ("::: {.body}\n\nA.\n:::\n", "## Body\n\nA.\n"),
        ("::: {.body}\nA.\n:::\n::: {.gist}\nB.\n:::\n", "## Body\nA.\n## Gist\nB.\n"),
        ('  :::::{for="a"   .body   template="x"}  \nA.\n:::::\n', '## Body {for="a" template="x"}\nA.\n'),
        ('::: {.body for="a"}\nU\u0308ber\n:::\n', '## Body {for="a"}\nU\u0308ber\n'),
    ],
)
def test_only_the_lines_that_begin_and_end_a_part_change(text: str, headed: str) -> None:
    end = "\r\n" if "\r\n" in text else "\r" if "\r" in text else "\n"
    first = f"# A {{.section #a}}{end}"
    assert with_headings(first + text, KINDS["section"].parts) == first + headed


# ---------------------------------------------------------------- the command


def bytes_of(project: Project) -> dict[str, bytes]:
    """Return the bytes of each file of a project."""
    return {path.relative_to(project.root).as_posix(): path.read_bytes() for path in project.root.rglob("*.md")}


def test_sections_are_rewritten_and_back(bench: Bench, project: Project) -> None:
    before = bytes_of(project)
    ran = bench.run("format")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[-1] == "3 of 3 files rewritten: 44 lines of :::, then 8"
    headed = (project.root / COLD).read_text(encoding="utf-8")
    assert '## Claim {for="growers"}\nCold keeps them in.\n\n## Claim' in headed
    project.load()
    assert bench.run("format").out == "0 of 3 files rewritten\n"
    assert bench.run("format", "--fences").code == 0
    assert bytes_of(project) == before


@pytest.mark.parametrize(("option", "code"), [("--check", 1), ("--dry-run", 0)])
def test_a_dry_run_shows_the_changes_and_writes_nothing(bench: Bench, project: Project, option: str, code: int) -> None:
    before = bytes_of(project)
    ran = bench.run("format", option)
    assert (ran.code, ran.out.splitlines()[0]) == (code, "content/bees/en/1-cover.md: 10 lines of :::, then 0")
    assert "3 of 3 files would be rewritten" in ran.out
    assert bytes_of(project) == before
    bench.run("format")
    assert bench.run("format", option).code == 0


def test_only_the_named_files_are_rewritten(bench: Bench, project: Project) -> None:
    before = bytes_of(project)
    assert "1 of 1 file rewritten" in bench.run("format", COLD).out
    assert {name for name, content in bytes_of(project).items() if content != before[name]} == {COLD}
    assert "2 of 3 files rewritten" in bench.run("format", "bees").out
    assert "3 of 3 files rewritten" in bench.run("format", "content/bees/en", "--fences").out


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("beas", "did you mean 'bees'?"),
        ("content/bees/topic.yaml", "is neither a topic nor a file or folder with sections."),
        ("../elsewhere.md", "is neither a topic nor a file or folder with sections."),
        ("templates", "is neither a topic nor a file or folder with sections."),
    ],
)
def test_an_unknown_name_is_reported(bench: Bench, project: Project, name: str, message: str) -> None:
    before = bytes_of(project)
    (project.root.parent / "elsewhere.md").write_text(FACTOR, encoding="utf-8")
    ran = bench.run("format", name, COLD)
    assert (ran.code, message in ran.err) == (2, True), ran.err
    assert bytes_of(project) == before
    assert (project.root.parent / "elsewhere.md").read_text(encoding="utf-8") == FACTOR


def test_a_file_with_an_error_is_unchanged_and_others_are_rewritten(bench: Bench, project: Project) -> None:
    project.replace(COLD, "::: {.gist}", "::: {.gists}")
    before = bytes_of(project)
    ran = bench.run("format")
    assert ran.code == 1
    assert f"{COLD}:15:7: error: unknown-part" in ran.err
    assert "2 of 3 files rewritten" in ran.out
    assert bytes_of(project)[COLD] == before[COLD]
    assert bench.run("format", "bees").code == 1
    assert bench.run("format", "content/bees/en/1-cover.md").code == 0


def test_byte_order_mark_line_ends_and_mode_of_a_file_stay(bench: Bench, project: Project) -> None:
    text = "\ufeff" + FACTOR.rstrip("\n").replace("Cold keeps", "Ko\u0308lte keeps")
    project.write(COLD, text.replace("\n", "\r\n"))
    (project.root / COLD).chmod(0o600)
    before = bytes_of(project)[COLD]
    assert bench.run("format", COLD).code == 0
    headed = bytes_of(project)[COLD]
    assert headed.startswith("\ufeff# Cold".encode())
    assert headed.endswith(b'{minutes="2"}\r\nSay it slowly.')
    assert headed.count(b"\n") == headed.count(b"\r\n")
    assert "Ko\u0308lte".encode() in headed
    assert (project.root / COLD).stat().st_mode & 0o777 == 0o600
    bench.run("format", "--fences")
    assert bytes_of(project)[COLD] == before


@pytest.mark.skipif(os.name == "nt", reason="needs rights to make links")
def test_a_link_out_of_the_project_is_not_followed(bench: Bench, project: Project) -> None:
    outside = project.root.parent / "outside.md"
    outside.write_text(FACTOR, encoding="utf-8")
    (project.root / COLD).unlink()
    (project.root / COLD).symlink_to(outside)
    ran = bench.run("format")
    assert (ran.code, "outside-project" in ran.err) == (1, True)
    assert outside.read_text(encoding="utf-8") == FACTOR


@pytest.mark.skipif(os.name == "nt", reason="needs rights to make links")
def test_a_link_inside_the_project_stays_a_link(bench: Bench, project: Project) -> None:
    (project.content / "shared.txt").write_text(FACTOR, encoding="utf-8")
    (project.root / COLD).unlink()
    (project.root / COLD).symlink_to(project.content / "shared.txt")
    assert bench.run("format").code == 0
    assert (project.root / COLD).is_symlink()
    assert "## Gist" in (project.content / "shared.txt").read_text(encoding="utf-8")


def test_a_failed_write_leaves_all_files_unchanged(
    bench: Bench, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bytes_of(project)
    move: Callable[[Path, Path], Path] = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if Path(target).name == "3-sources.md":
            raise PermissionError(13, "Permission denied")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    ran = bench.run("format")
    assert (ran.code, "3-sources.md" in ran.err, "no file was changed" in ran.err) == (1, True, True), ran.err
    assert bytes_of(project) == before
    assert not [path for path in project.root.rglob("*") if path.suffix == ".part"]


def test_a_form_with_another_meaning_is_not_written(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = bytes_of(project)
    monkeypatch.chdir(project.root)
    for lost in ('{for="growers"}', "They wait for the sun.\n", "## Looks\n"):

        def lossy(text: str, parts: object, lost: str = lost) -> str:
            return with_headings(text, parts).replace(lost, "", 1)  # type: ignore[arg-type]

        monkeypatch.setattr(section_forms, "with_headings", lossy)
        assert command(["format"]) == 3
        assert "nothing was written" in capsys.readouterr().err
        assert bytes_of(project) == before


def test_the_small_project_has_the_same_content_in_both_forms() -> None:
    for text in (COVER, FACTOR, LAST):
        parts = shipped_kind(text).parts
        readers = ("growers", "keepers")
        assert section_in(with_headings(text, parts), readers) == section_in(text, readers)
