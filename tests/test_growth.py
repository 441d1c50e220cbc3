"""What a project costs grows with it and no faster: what is done once is counted, as times differ between machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.check.passages import Passage
from handouts.check.places import line_starts, place_of
from handouts.cli.terminal import say_findings
from handouts.finding import Span, error


def test_places_are_found_by_looking_for_the_lines_of_a_text_once() -> None:
    text = "".join(f"Line {number} names a word.\n" for number in range(400))
    line_starts.cache_clear()
    for line in range(1, 401):
        words = f"Line {line - 1} names a word."
        at = Span("a.md", line, 1)
        found = place_of(Passage(words, "prose", "handout", at, ((0, at),)), words.index("names"), 99, {"a.md": text})
        assert found == Span("a.md", line, words.index("names") + 1)
    assert line_starts.cache_info().misses == 1


def test_the_file_of_many_findings_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, read = tmp_path / "a.md", list[Path]()
    path.write_text("".join(f"line {number}\n" for number in range(1, 101)), encoding="utf-8")
    reading = Path.read_text

    def counted(file: Path, *words: str, **named: str) -> str:
        read.append(file)
        return reading(file, *words, **named)

    monkeypatch.setattr(Path, "read_text", counted)
    say_findings(error("label", f"Word {line}.", Span(path.as_posix(), line, 6)) for line in range(1, 101))
    shown = capsys.readouterr().err
    assert all(f"  {line} | line {line}\n" in shown for line in range(1, 101))
    assert read == [path]
