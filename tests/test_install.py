"""The installed program is complete: the wheel contains content and templates, and works in an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from paths import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "-w", str(folder), str(ROOT)], check=True, timeout=120, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the installed wheel, which tests must not change."""
    home = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(wheel).extractall(home)
    return home


@pytest.mark.full
def test_the_wheel_carries_content_templates_and_licences(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for path in (
        "content/audiences.yaml",
        "content/bpd-contact/en/01-cover.md",
        "templates/handout.md.j2",
        "scaffold/defaults.yaml",
    ):
        assert f"handouts/shipped/{path}" in names
    assert [name for name in names if name.endswith("licenses/LICENSE-CONTENT")]
    assert not [name for name in names if name.startswith(("tests/", "content/", "output/"))]


@pytest.mark.full
def test_an_installed_handouts_works_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    empty = tmp_path / "an empty folder"
    empty.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "handouts", "build", "--example", "--country", "UK", "--audience", "clinicians"],
        cwd=empty,
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(each.name for each in (empty / "output" / "bpd-contact").iterdir()) == [
        "bpd-contact-clinicians-handout-UK.pdf",
        "bpd-contact-clinicians-slides-UK.pptx",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "handouts", "explain", "grade"],
        cwd=empty,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.full
@pytest.mark.parametrize("title", ["Müde nach einem Schreck", "Ψυχή"])
def test_an_installed_handouts_creates_a_project_on_a_windows_console(
    installed: Path, tmp_path: Path, title: str
) -> None:
    mine = tmp_path / "Müllers Mappe"
    mine.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    words = ("new", title, "--folder", "mine", "--audiences", "Schüler, Größere Kinder", "--country", "IE")
    for command in (words, ("check",), ("build", "--quiet"), ("new", title, "--folder", "mine")):
        done = subprocess.run(
            [sys.executable, "-m", "handouts", *command], cwd=mine, env=environment, capture_output=True, check=False
        )
        assert done.returncode == (2 if command == words[:4] else 0), done.stderr
        assert b"Traceback" not in done.stderr
    files = {each.name for each in mine.rglob("*") if each.is_file()}
    assert {"mine-schuler-handout.pdf", "mine-grossere-kinder-slides.pptx", "tasks.json", ".gitignore"} <= files


@pytest.fixture(scope="module")
def editable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with an editable install, which precedes the other packages."""
    home = tmp_path_factory.mktemp("editable")
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    variables = {"base": str(home), "platbase": str(home)}
    packages = Path(sysconfig.get_path("purelib", scheme="venv", vars=variables))
    build = "import sys; from hatchling.build import build_editable; build_editable(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(home)], cwd=ROOT, check=True, timeout=120, capture_output=True)
    (made,) = home.glob("*.whl")
    zipfile.ZipFile(made).extractall(packages)
    (packages / "zz-libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return Path(sysconfig.get_path("scripts", scheme="venv", vars=variables)) / "python"


@pytest.mark.full
def test_an_editable_install_reads_the_project_from_any_folder(editable: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    words = ["-m", "handouts", "build", "--example", "--audience", "partners", "--format", "pdf", "--json"]
    done = subprocess.run(
        [editable, *words], cwd=tmp_path, env=environment, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "output" / "bpd-contact").iterdir())) == 1
    (warned,) = json.loads(done.stdout.splitlines()[-1])["findings"]
    assert Path(warned["file"]) == ROOT / "content" / "service.yaml"


def test_the_program_has_the_same_identity_installed_or_run_from_its_folder(installed: Path) -> None:
    """Then files built by one are fresh for the other."""
    assert (installed / "handouts/shipped").is_dir()
    code = "from handouts.pipeline.fingerprints import program_versions; print(program_versions()['handouts'])"
    identities = []
    for home in (ROOT, installed):
        environment = {**os.environ, "PYTHONPATH": str(home)}
        done = subprocess.run([sys.executable, "-c", code], cwd=home, env=environment, capture_output=True, check=True)
        identities.append(done.stdout)
    assert identities[0] == identities[1] != b""
