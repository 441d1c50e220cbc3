"""Runs the command in a folder, as in a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_bench import CommandResult

from handouts.cli import command


class CommandFolder:
    """A folder in which the command is run; it is created by the first run."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self.monkeypatch, self.capsys = path, monkeypatch, capsys

    def run(self, *arguments: str) -> CommandResult:
        self.path.mkdir(parents=True, exist_ok=True)
        self.monkeypatch.chdir(self.path)
        self.capsys.readouterr()
        try:
            code = command(list(arguments))
        except SystemExit as raised:
            code = int(raised.code or 0)
        return CommandResult(code, *self.capsys.readouterr())

    @property
    def files(self) -> list[str]:
        return sorted(each.relative_to(self.path).as_posix() for each in self.path.rglob("*"))
