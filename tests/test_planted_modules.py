"""No Python code in a project's folder is run under any name, by the command or its workers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_bench import BUILD, HANDOUTS, Bench
from paths import ROOT

# Python itself imports these to resolve `-m handouts`, before our code runs.
BEFORE_US = {
    *("collections", "contextlib", "encodings", "functools", "importlib", "io", "keyword", "operator", "os"),
    *("reprlib", "runpy", "site", "sys", "types", "warnings", "builtins"),
}
LIBRARIES = {
    *("PIL", "filelock", "fontTools", "jinja2", "lxml", "markdown_it", "markupsafe", "msgspec", "numpy"),
    *("pikepdf", "pptx", "pypdfium2", "reportlab", "rich", "segno", "uharfbuzz", "xlsxwriter", "yaml"),
    *("brotli", "rlPyCairo", "reportlab_mods", "reportlab_settings", "sitecustomize", "usercustomize"),
}
PLANTED = (set(sys.stdlib_module_names) | LIBRARIES) - BEFORE_US
MARK = "was run"


def plant_modules(folder: Path) -> None:
    """Plant modules that print a line when run, and raise an error."""
    for name in PLANTED:
        code = f"import os\nos.write(2, b'{name} {MARK}\\n')\nraise ImportError('planted')\n"
        (folder / f"{name}.py").write_text(code, encoding="utf-8")


def run_in(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder with two workers, without this folder on the import path."""
    return subprocess.run(
        [sys.executable, *command, *BUILD, "--audience", "growers", "--jobs", "2"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def check_built(done: subprocess.CompletedProcess[str], root: Path) -> None:
    assert MARK not in done.stderr
    assert (done.returncode, done.stderr) == (0, "")
    assert (root / HANDOUTS.format("growers")).is_file()


@pytest.mark.full
def test_no_module_in_the_folder_of_a_project_is_run(bench: Bench) -> None:
    plant_modules(bench.root)
    check_built(run_in(bench.root, "-m", "handouts", PYTHONPATH=str(ROOT)), bench.root)


@pytest.mark.full
def test_no_module_in_the_folder_of_a_project_is_run_by_the_installed_command(
    bench: Bench, tmp_path_factory: pytest.TempPathFactory
) -> None:
    plant_modules(bench.root)
    script = tmp_path_factory.mktemp("scripts") / "handouts-command"
    code = "from handouts.cli import command\nif __name__ == '__main__':\n    raise SystemExit(command())\n"
    script.write_text(code, encoding="utf-8")
    check_built(run_in(bench.root, str(script), PYTHONPATH=str(ROOT)), bench.root)


@pytest.mark.full
def test_no_module_next_to_the_program_is_run_if_the_project_is_there(bench: Bench) -> None:
    # As in the README: the program is not installed, or in another version, and is next to the content.
    plant_modules(bench.root)
    bench.path("handouts").symlink_to(ROOT / "handouts", target_is_directory=True)
    check_built(run_in(bench.root, "-m", "handouts", PYTHONPATH=""), bench.root)


@pytest.mark.full
def test_no_settings_of_reportlab_are_run(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in (".reportlab_mods", ".reportlab_settings", "reportlab_mods.py", "reportlab_settings.py"):
        (home / name).write_text(f"import os\nos.write(2, b'{name} {MARK}\\n')\n", encoding="utf-8")
    path = os.pathsep.join([str(ROOT), str(home)])
    done = run_in(bench.root, "-m", "handouts", HOME=str(home), USERPROFILE=str(home), PYTHONPATH=path)
    check_built(done, bench.root)
