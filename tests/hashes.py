"""The SHA-256 of every file that the project can make, to see that a change of the code changed none of them.

`python tests/hashes.py` compares with `hashes.txt` and names each file that differs; `--sample` takes about a tenth,
`--accept` writes the table anew, `--keep FOLDER` leaves the files there, so that two versions can be looked at side by
side. `--no-caches` makes every `functools` cache forget at once: the bytes must be the same.
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

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "tests" / "hashes.txt"
TODAY = "2026-11-24"
COUNTRIES = ("", "UK", "US")
TEMPLATES = "card,facilitator-guide,for-you,handout,slides,sources,summary,worksheets"
FORMATS = "pdf,pptx,slides-pdf,notes-pdf"
# Together these ask for every edition on every paper, every length of the talk and every further kind of file.
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
# Files depend on the libraries that write, shape and compress; a table holds for the versions that it names.
LIBRARIES = ("fontpkg-arimo", "fontpkg-atkinson-hyperlegible", "pillow", "python-pptx", "reportlab", "uharfbuzz")


def versions() -> str:
    """Return the versions that bytes depend on, as the first line of the table."""
    import zlib

    named = [f"{name} {version(name)}" for name in LIBRARIES]
    return (
        f"# Python {sys.version_info.major}.{sys.version_info.minor}, zlib {zlib.ZLIB_RUNTIME_VERSION}, "
        + ", ".join(named)
    )


def sha256(content: bytes) -> str:
    """Return the hash of some bytes."""
    return hashlib.sha256(content).hexdigest()


def build(folder: Path, *arguments: str, without_caches: bool) -> str:
    """Build the project's own topic into `folder`, and return the messages of the build without times."""
    program = "import sys; from handouts.cli import command; sys.exit(command())"
    asked = ("build", "--json", "--today", TODAY, "--output", str(folder), "--force", *arguments)
    said = run(program, *asked, home=folder, without_caches=without_caches)
    found = json.loads(said.splitlines()[-1])["findings"]
    return json.dumps(found, sort_keys=True).replace(str(folder), "")


def run(program: str, *arguments: str, home: Path, without_caches: bool) -> str:
    """Run a line of Python in a process of its own, and return what it printed."""
    start = "import hashes; hashes.forget_caches(); " if without_caches else ""
    done = subprocess.run(
        [sys.executable, "-c", start + program, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode > 1 or not done.stdout:  # 1: some files were refused, with findings that are compared too
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


def forget_caches() -> None:
    """Turn off the caches of the stages in all modules that are imported from now on.

    The text engine keeps its own: a font is read once, whatever is drawn with it.
    """
    kept = functools.lru_cache

    def uncached(maxsize: Any = 128, typed: bool = False) -> Any:
        if callable(maxsize):
            return uncached()(maxsize)
        return lambda function: forgetful(function) if is_of_a_stage(function) else kept(maxsize, typed)(function)

    functools.__dict__["lru_cache"] = uncached
    from handouts.render_cache import RenderCache

    RenderCache.__init__.__defaults__ = (0,)
    functools.__dict__["cache"] = uncached(None)


def is_of_a_stage(function: Callable[..., Any]) -> bool:
    """True for our own functions, but for those of the text engine."""
    return function.__module__.startswith("handouts.") and not function.__module__.startswith("handouts.text")


def forgetful(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` with the methods of a cache, and no cache."""

    @functools.wraps(function)
    def called(*arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    called.cache_clear = lambda: None  # type: ignore[attr-defined]
    return called


def project_hashes(folder: Path, *, sample: bool, without_caches: bool) -> Iterator[tuple[str, str]]:
    """Yield the name and the hash of each file of the topic, for each country, and of what each build says."""
    for country in COUNTRIES[1:2] if sample else COUNTRIES:
        for number, request in enumerate(REQUESTS[:1] if sample else REQUESTS):
            into = folder / f"{country or 'none'}-{number}"
            chosen = ("--country", country) if country else ()
            usual = ("--template", TEMPLATES) if "--template" not in request else ()
            formats = ("--format", FORMATS) if "--format" not in request else ()
            asked = (*request, *chosen, *usual, *formats)
            found = build(into, *asked, without_caches=without_caches)
            yield f"{into.name}/messages", sha256(found.encode())
            yield from files_in(folder, into)


def recipient_hashes(folder: Path, *, sample: bool, without_caches: bool) -> Iterator[tuple[str, str]]:
    """Yield the name and the hash of each file for fifty recipients, and of all of them in one file."""
    table = folder / "clinics.csv"
    rows = [
        f"Clinic {n},0117 496 0{n:03},{n} High Street,weekdays" for n in range(1, (5 if sample else RECIPIENTS) + 1)
    ]
    table.write_text("\n".join(["name,phone,address,hours", *rows]) + "\n", encoding="utf-8")
    into = folder / "recipients"
    asked = ("--recipients", str(table), "--audience", "partners", "--country", "UK", "--format", "pdf,pptx")
    found = build(into, *asked, *(() if sample else ("--combined",)), without_caches=without_caches)
    if not sample:
        yield "recipients/messages", sha256(found.replace(str(table), "").encode())
    yield from (each for each in files_in(folder, into) if not (sample and "all" in Path(each[0]).stem.split("-")))


def files_in(folder: Path, into: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the hash of each finished file in a folder."""
    for path in sorted(into.rglob("*")):
        if path.suffix in (".pdf", ".pptx"):
            yield str(path.relative_to(folder)), sha256(path.read_bytes())


def generated_hashes(*, sample: bool) -> Iterator[tuple[str, str]]:
    """Yield the number and the hash of each generated document: of its bytes, or of why it is refused."""
    from generated_documents import TerseWriter, Writer, generated_pages, generated_talk, look, screen

    from handouts.deck import render_deck
    from handouts.pdf import render_pdf
    from handouts.slides_pdf import render_lines_pdf, render_notes_pdf, render_slides_pdf

    for number in range(SAMPLE_DOCUMENTS if sample else DOCUMENTS):
        writer = TerseWriter if number % 2 else Writer
        pages, talk = generated_pages(number, writer), generated_talk(number, writer)
        made = {
            "pdf": render_pdf(pages, look(number)),
            "pptx": render_deck(talk, screen(), builds=number % 7 == 0),
            "slides-pdf": render_slides_pdf(talk, screen()),
            "paper": (render_lines_pdf if number % 3 else render_notes_pdf)(talk, look(number)),
        }
        for name, rendered in made.items():
            yield (
                f"generated/{number}.{name}",
                sha256(rendered.content + repr(list(map(said, rendered.findings))).encode()),
            )


def said(found: Any) -> tuple[object, ...]:
    """Return what a finding says, whatever its class is called."""
    return found.code, found.message, found.hint, str(found.at)


def all_hashes(folder: Path, *, sample: bool = False, without_caches: bool = False) -> dict[str, str]:
    """Return the hash of each file by its name; the files of the project are left in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    made = dict(project_hashes(folder, sample=sample, without_caches=without_caches))
    made |= recipient_hashes(folder, sample=sample, without_caches=without_caches)
    program = f"import hashes, json; print(json.dumps(dict(hashes.generated_hashes(sample={sample}))))"
    made |= json.loads(run(program, home=folder, without_caches=without_caches))
    return made


def committed() -> tuple[str, dict[str, str]]:
    """Return the versions for which the table holds, and the table."""
    first, *lines = TABLE.read_text(encoding="utf-8").splitlines()
    return first, {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def differences(made: dict[str, str], *, sample: bool) -> list[str]:
    """Return a line for each file that is new, missing or another."""
    _, before = committed()
    names = made if sample else sorted({*before, *made})
    return [
        f"{name}: {'new' if name not in before else 'missing' if name not in made else 'another'}"
        for name in names
        if before.get(name) != made.get(name)
    ]


def main() -> int:
    """Compare all files with the table, or write it."""
    options = argparse.ArgumentParser(description="Compare the bytes of every file with the table.")
    for flag in ("--sample", "--accept", "--no-caches"):
        options.add_argument(flag, action="store_true")
    options.add_argument("--keep", type=Path, metavar="FOLDER")
    asked = options.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    with TemporaryDirectory() as temporary:
        made = all_hashes(asked.keep or Path(temporary), sample=asked.sample, without_caches=asked.no_caches)
    if asked.accept:
        lines = [versions(), *(f"{digest}  {name}" for name, digest in made.items())]
        TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return 0
    if committed()[0] != versions():
        sys.stdout.write(f"The table is of other versions:\n{committed()[0]}\n{versions()}\n")
    different = differences(made, sample=asked.sample)
    sys.stdout.write("".join(f"{line}\n" for line in different) + f"{len(made)} files, {len(different)} differ\n")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
