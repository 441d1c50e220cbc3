"""Compares the SHA-256 of every file that the project can build with `hashes.txt`, to show that no output has changed.

`python tests/hashes.py` names each file that differs. `--sample` checks about a tenth of the files, `--accept` rewrites
the table, and `--keep FOLDER` keeps the files there to be inspected. `--no-caches` turns off all caches of the stages;
the bytes must be the same.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from paths import ROOT

TABLE = ROOT / "tests" / "hashes.txt"
TODAY = "2026-11-24"
COUNTRIES = ("", "UK", "US")
TEMPLATES = "card,facilitator-guide,for-you,handout,slides,sources,summary,worksheets"
FORMATS = "pdf,pptx,slides-pdf,notes-pdf"
# Together these build every edition on every paper, every length of talk and every other kind of file.
REQUESTS = (
    ("--edition", "standard", "--paper", "a4"),
    ("--edition", "standard", "--paper", "letter,a5"),
    ("--edition", "photocopy", "--paper", "a4,letter,a5"),
    ("--edition", "large-print", "--paper", "a4,letter"),
    ("--fillable", "--template", "card,worksheets,handout", "--format", "pdf"),
    ("--booklet", "--template", "handout,summary", "--format", "pdf"),
    ("--builds", "--template", "slides", "--format", "pptx"),
    ("--minutes", "30,60,90", "--template", "slides", "--format", "pptx,slides-pdf,notes-pdf"),
    ("--edition", "discreet", "--paper", "a4,letter,a5", "--template", "handout,card,worksheets"),
)
RECIPIENTS, DOCUMENTS = 50, 500
SAMPLE_DOCUMENTS = 25
# The bytes depend on the libraries that write, shape and compress; a table is valid for the versions in its first line.
LIBRARIES = ("fontpkg-arimo", "fontpkg-atkinson-hyperlegible", "pillow", "python-pptx", "reportlab", "uharfbuzz")


def versions() -> str:
    """Return the versions that the bytes depend on, as in the first line of the table."""
    import zlib

    libraries = [f"{name} {version(name)}" for name in LIBRARIES]
    return (
        f"# Python {sys.version_info.major}.{sys.version_info.minor}, zlib {zlib.ZLIB_RUNTIME_VERSION}, "
        + ", ".join(libraries)
    )


def sha256(content: bytes) -> str:
    """Return the hash of some bytes."""
    return hashlib.sha256(content).hexdigest()


def build(folder: Path, *arguments: str, without_caches: bool) -> str:
    """Build the topic of the project into `folder`, and return the findings as JSON."""
    program = "import sys; from handouts.cli import command; sys.exit(command())"
    command = ("build", "--json", "--today", TODAY, "--output", str(folder), "--force", *arguments)
    printed = run(program, *command, home=folder, without_caches=without_caches)
    found = json.loads(printed.splitlines()[-1])["findings"]
    return json.dumps(found, sort_keys=True).replace(str(folder), "")


def run(program: str, *arguments: str, home: Path, without_caches: bool) -> str:
    """Run a line of Python in a new process, and return its standard output."""
    start = "import hashes; hashes.disable_caches(); " if without_caches else ""
    completed = subprocess.run(
        [sys.executable, "-c", start + program, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if completed.returncode > 1 or not completed.stdout:  # 1: some files were refused; their findings are compared
        raise RuntimeError(completed.stderr[-2000:])
    return completed.stdout


def disable_caches() -> None:
    """Turn off the caches of the stages in all modules imported afterwards.

    The text engine keeps its caches, so that each font is read once.
    """
    original = functools.lru_cache

    def uncached(maxsize: Any = 128, typed: bool = False) -> Any:
        if callable(maxsize):
            return uncached()(maxsize)
        return lambda function: (
            without_cache(function) if is_stage_function(function) else original(maxsize, typed)(function)
        )

    functools.__dict__["lru_cache"] = uncached
    from handouts.render_cache import RenderCache

    RenderCache.__init__.__defaults__ = (0,)
    functools.__dict__["cache"] = uncached(None)


def is_stage_function(function: Callable[..., Any]) -> bool:
    """True for functions of the package outside the text engine."""
    return function.__module__.startswith("handouts.") and not function.__module__.startswith("handouts.text")


def without_cache(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` with the interface of a cached function, but uncached."""

    @functools.wraps(function)
    def called(*arguments: Any, **keywords: Any) -> Any:
        return function(*arguments, **keywords)

    called.cache_clear = lambda: None  # type: ignore[attr-defined]
    return called


def project_hashes(folder: Path, *, sample: bool, without_caches: bool) -> Iterator[tuple[str, str]]:
    """Yield name and hash of each file of the topic, for each country, and of the findings of each build."""
    for country in COUNTRIES[1:2] if sample else COUNTRIES:
        for number, request in enumerate(REQUESTS[:1] if sample else REQUESTS):
            output = folder / f"{country or 'none'}-{number}"
            country_option = ("--country", country) if country else ()
            templates = ("--template", TEMPLATES) if "--template" not in request else ()
            formats = ("--format", FORMATS) if "--format" not in request else ()
            arguments = (*request, *country_option, *templates, *formats)
            found = build(output, *arguments, without_caches=without_caches)
            yield f"{output.name}/messages", sha256(found.encode())
            yield from files_in(folder, output)


def recipient_hashes(folder: Path, *, sample: bool, without_caches: bool) -> Iterator[tuple[str, str]]:
    """Yield name and hash of each file for fifty recipients, and of the combined files."""
    table = folder / "clinics.csv"
    rows = [
        f"Clinic {n},0117 496 0{n:03},{n} High Street,weekdays" for n in range(1, (5 if sample else RECIPIENTS) + 1)
    ]
    table.write_text("\n".join(["name,phone,address,hours", *rows]) + "\n", encoding="utf-8")
    output = folder / "recipients"
    arguments = ("--recipients", str(table), "--audience", "partners", "--country", "UK", "--format", "pdf,pptx")
    found = build(output, *arguments, *(() if sample else ("--combined",)), without_caches=without_caches)
    if not sample:
        yield "recipients/messages", sha256(found.replace(str(table), "").encode())
    yield from (each for each in files_in(folder, output) if not (sample and "all" in Path(each[0]).stem.split("-")))


def files_in(folder: Path, output: Path) -> Iterator[tuple[str, str]]:
    """Yield name and hash of each PDF and PPTX below `into`."""
    for path in sorted(output.rglob("*")):
        if path.suffix in (".pdf", ".pptx"):
            yield str(path.relative_to(folder)), sha256(path.read_bytes())


def generated_hashes(*, sample: bool) -> Iterator[tuple[str, str]]:
    """Yield name and hash of each generated document: of its bytes and its findings."""
    from generated_documents import TerseWriter, Writer, generated_pages, generated_talk, print_theme, screen_theme

    from handouts.deck import render_deck
    from handouts.pdf import render_pdf
    from handouts.slides_pdf import render_lines_pdf, render_notes_pdf, render_slides_pdf

    for number in range(SAMPLE_DOCUMENTS if sample else DOCUMENTS):
        writer = TerseWriter if number % 2 else Writer
        pages, talk = generated_pages(number, writer), generated_talk(number, writer)
        files = {
            "pdf": render_pdf(pages, print_theme(number)),
            "pptx": render_deck(talk, screen_theme(), builds=number % 7 == 0),
            "slides-pdf": render_slides_pdf(talk, screen_theme()),
            "paper": (render_lines_pdf if number % 3 else render_notes_pdf)(talk, print_theme(number)),
        }
        for name, rendered in files.items():
            yield (
                f"generated/{number}.{name}",
                sha256(rendered.content + repr(list(map(finding_fields, rendered.findings))).encode()),
            )


def finding_fields(found: Any) -> tuple[object, ...]:
    """Return the fields of a finding that are hashed: not its class name or severity."""
    return found.code, found.message, found.hint, str(found.at)


def all_hashes(folder: Path, *, sample: bool = False, without_caches: bool = False) -> dict[str, str]:
    """Return the hash of each file by name; the files of the project are built in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    hashes = dict(project_hashes(folder, sample=sample, without_caches=without_caches))
    hashes |= recipient_hashes(folder, sample=sample, without_caches=without_caches)
    program = f"import hashes, json; print(json.dumps(dict(hashes.generated_hashes(sample={sample}))))"
    hashes |= json.loads(run(program, home=folder, without_caches=without_caches))
    return hashes


def read_table() -> tuple[str, dict[str, str]]:
    """Return the versions for which the table is valid, and its hashes by file name."""
    first, *lines = TABLE.read_text(encoding="utf-8").splitlines()
    return first, {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def differences(hashes: dict[str, str], *, sample: bool) -> list[str]:
    """Return a line for each file that is new, missing or changed."""
    _, expected = read_table()
    names = hashes if sample else sorted({*expected, *hashes})
    return [
        f"{name}: {'new' if name not in expected else 'missing' if name not in hashes else 'changed'}"
        for name in names
        if expected.get(name) != hashes.get(name)
    ]


def main() -> int:
    """Compare all files with the table, or rewrite it; return 1 if any differ."""
    parser = argparse.ArgumentParser(description="Compare the hashes of all files with the table.")
    for flag in ("--sample", "--accept", "--no-caches"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    with TemporaryDirectory() as temporary:
        hashes = all_hashes(options.keep or Path(temporary), sample=options.sample, without_caches=options.no_caches)
    if options.accept:
        lines = [versions(), *(f"{digest}  {name}" for name, digest in hashes.items())]
        TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return 0
    if read_table()[0] != versions():
        sys.stdout.write(f"The table is for other versions:\n{read_table()[0]}\n{versions()}\n")
    changed = differences(hashes, sample=options.sample)
    sys.stdout.write("".join(f"{line}\n" for line in changed) + f"{len(hashes)} files, {len(changed)} differ\n")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
