"""Unreadable folders and circular links are findings, not reported as bugs."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from command_bench import COLD, PDF, Bench

VERBS = [PDF, ("check",), ("list",), ("build", "--dry-run"), ("clean", "--stale"), ("diff", "growers", "keepers")]
ASKS = ("iterdir", "stat", "is_dir", "is_file", "exists", "resolve", "open", "read_bytes")


def make_unreadable(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Make a folder unreadable by a patch, as a superuser could read it with any mode."""

    def refusing(ask: Any) -> Any:
        def asked(path: Path, *options: Any, **named: Any) -> Any:
            where = Path.cwd() / path
            if folder in where.parents or (where == folder and ask.__name__ == "iterdir"):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return ask(path, *options, **named)

        return asked

    for name in ASKS:
        monkeypatch.setattr(Path, name, refusing(getattr(Path, name)))


@pytest.mark.parametrize("words", VERBS, ids=lambda words: words[0])
@pytest.mark.parametrize("name", ["content", "content/bees", "content/bees/en", "content/contacts", "templates"])
def test_an_unreadable_folder_is_reported(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str, words: tuple[str, ...]
) -> None:
    bench.path("output").mkdir()
    make_unreadable(monkeypatch, bench.path(name))
    ran = bench.run(*words)
    assert ran.code == 1
    assert "unreadable" in {each.code for each in ran.diagnostics}
    assert all(name in each.file for each in ran.diagnostics if each.code == "unreadable")


@pytest.mark.parametrize("words", VERBS, ids=lambda words: words[0])
def test_an_unreadable_output_folder_is_reported(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    bench.build(*PDF)
    make_unreadable(monkeypatch, bench.path("output"))
    assert bench.run(*words).code in (0, 1)


@pytest.mark.full
@pytest.mark.skipif(os.name == "nt", reason="makes links as Unix does")
@pytest.mark.parametrize("words", VERBS, ids=lambda words: words[0])
@pytest.mark.parametrize("name", [COLD, "content/audiences.yaml", "content/references.json", "templates/handout.md.j2"])
def test_a_link_to_itself_is_reported(bench: Bench, name: str, words: tuple[str, ...]) -> None:
    bench.path("output").mkdir()
    path = bench.path(name)
    path.unlink()
    path.symlink_to(path.name)
    ran = bench.run(*words)
    found = [each for each in ran.diagnostics if each.file == name]
    if name == "content/audiences.yaml":  # then this is not recognised as content
        assert ran.code == 2
        assert "The folder 'content' here has no audiences.yaml." in ran.err
        return
    assert ran.code == 1
    assert {each.code for each in found} <= {"unreadable", "outside-project", "missing-file"}
    assert found
