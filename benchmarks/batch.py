"""What a build of many files costs, beside Pandoc and Typst, in one run.

    python benchmarks/batch.py [--rounds 5] [--recipients 1000] [--memory 5000] [--dask]

Needed beside the project: pypandoc_binary and typst; for --dask also distributed. Measured, each in processes of its
own that know nothing of earlier ones:

cold       `handouts build --country UK`, six files of the real topic, against one Pandoc process for each deck (pptx)
           and one Typst process for each handout (PDF/UA-1), which are given the same composed text
unchanged  the same again, when nothing has changed; and when one sentence has
alone      one handout for one audience, cold; and, in a process that stays, from a changed sentence to a picture
recipients a table of so many rows, one audience, PDF and PPTX, two processes: processor time for each file, files per
           second, and those of the peers with one process for each file, two at a time
memory     the most that any one process holds, for 50 rows and for many
dask       the same table on two workers of a cluster on this machine, against two processes of the pool
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from timing import say

ROOT = Path(__file__).parents[1]
HANDOUTS = (sys.executable, "-m", "handouts")
SENTENCE = "content/bpd-contact/en/18-steps.md"
PLACES = ("Harbour", "Valley", "Queen’s Park", "Zion Lane", "Jubilee Fields", "Kirkwood", "Exeter Quays")
SAMPLE = 24  # files of the peers, whose time does not depend on how many there are
# Runs a command and prints what it and the processes that it started used; the most memory is that of one of them.
METER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


@dataclass(frozen=True, slots=True)
class Used:
    """What a command used: seconds by the clock and of the processor, and the most MB of one of its processes."""

    clock: float
    processor: float
    memory: float


def main() -> None:
    """Measure, and print the report."""
    parser = argparse.ArgumentParser(description="Measure builds of many files beside Pandoc and Typst.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--recipients", type=int, default=1000)
    parser.add_argument("--memory", type=int, default=0, metavar="ROWS", help="such as 5000; takes minutes")
    parser.add_argument("--dask", action="store_true", help="also on a cluster of two workers")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in ("content", "templates"):
            shutil.copytree(ROOT / name, home / name)
        peers = write_peers(home)
        report_single(home, peers, chosen.rounds)
        report_live(home, chosen.rounds)
        report_recipients(home, peers, chosen.recipients, with_dask=chosen.dask)
        if chosen.memory:
            report_memory(home, chosen.memory)


def run(home: Path, *words: str) -> Used:
    """Run a command in the project, and return what it used."""
    command = [sys.executable, "-c", METER, *words]
    done = subprocess.run(command, cwd=home, env=surroundings(home), check=True, capture_output=True, text=True)  # noqa: S603
    code, clock, processor, memory = json.loads(done.stdout)
    if code:
        raise SystemExit(f"{' '.join(words)} ended with {code}: {done.stderr}")
    return Used(clock, processor, memory)


def surroundings(home: Path) -> dict[str, str]:
    """Return the environment of what is measured: what it leaves for later is in the project, and is taken away there.

    Installed programs have their bytecode beside them; a variable that keeps Python from writing it is not for us.
    """
    ours = {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(home / "bytecode")}
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | ours


def build(home: Path, output: str, *words: str) -> Used:
    """Build into a folder of the project."""
    return run(home, *HANDOUTS, "build", "--country", "UK", "--quiet", "--output", output, *words)


def forget(home: Path, output: str) -> None:
    """Take away what was built: the next build knows nothing of any before."""
    shutil.rmtree(home / output, ignore_errors=True)


# ---------------------------------------------------------------- the peers


def write_peers(home: Path) -> list[tuple[str, ...]]:
    """Write the composed text as each peer reads it, and return the commands that make its files: decks, handouts."""
    import pypandoc

    from handouts.load import load_library
    from handouts.pipeline.options import Options
    from handouts.pipeline.plan import plan_deliverables

    options = Options(ROOT / "content", ROOT / "templates", ROOT / "output", country="UK", today=date(2026, 1, 1))
    deliverables, _ = plan_deliverables(load_library(options.content, options.templates), options)
    pandoc, commands = pypandoc.get_pandoc_path(), []
    for each in deliverables:
        source = home / f"{each.audience}-{each.renderer}"
        if each.renderer == "pptx":
            source.write_text("\n".join(markdown_of(each.document)), encoding="utf-8")
            commands.append((pandoc, "-f", "markdown", str(source), "-t", "pptx", "-o", f"{source}.pptx"))
        else:
            source.write_text("\n".join(typst_of(each.document)), encoding="utf-8")
            code = f"import typst; typst.compile({str(source)!r}, output={f'{source}.pdf'!r}, pdf_standards='ua-1')"
            commands.append((sys.executable, "-c", code))
    return commands


def markdown_of(document: object) -> Iterator[str]:
    """Yield a deck as Pandoc reads it: a title, a bullet for each text, and the notes."""
    from handouts.document.nodes import Document
    from handouts.document.text import plain

    assert isinstance(document, Document)  # noqa: S101
    for slide in document.slides:
        yield f"## {escaped(plain(slide.title))}\n"
        yield from (f"- {escaped(text)}" for text in texts_of(slide.blocks))
        yield "\n::: notes\n"
        yield from (f"{escaped(text)}\n" for text in texts_of(slide.notes))
        yield ":::\n"


def typst_of(document: object) -> Iterator[str]:
    """Yield a handout as Typst reads it: headings, and a paragraph for each text."""
    from handouts.document.nodes import Document, Heading
    from handouts.document.text import plain

    assert isinstance(document, Document)  # noqa: S101
    yield f'#set document(title: {json.dumps(document.title)})\n#set text(lang: "en", size: 13pt)\n'
    for block in document.blocks:
        if isinstance(block, Heading):
            yield f"= #text({json.dumps(plain(block.content), ensure_ascii=False)})\n"
        else:
            yield from (f"#text({json.dumps(text, ensure_ascii=False)})\n" for text in texts_of(block))


def texts_of(node: object) -> list[str]:
    """Return the texts of a node in reading order."""
    from handouts.document.text import words_of

    return [text for text in words_of(node) if text.strip()]


def escaped(text: str) -> str:
    """Return a text that Markdown takes for words."""
    return "".join(f"\\{each}" if each in "\\`*_{}[]<>()#+-.!|~$@^:\"'" else each for each in text)


# ---------------------------------------------------------------- one build


def report_single(home: Path, peers: Sequence[tuple[str, ...]], rounds: int) -> None:
    """Print what six files take: cold, unchanged, after one sentence was changed, and one file alone; all by turns."""
    names = ("cold", "Pandoc and Typst", "unchanged", "edited", "one handout")
    clocks: dict[str, list[float]] = {name: [] for name in names}
    processors: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds + 1):
        forget(home, "output")
        took = [build(home, "output"), added([run(home, *peer) for peer in peers])]
        took += [build(home, "output"), edit(home, number)]
        forget(home, "alone")
        took.append(build(home, "alone", "--audience", "family", "--format", "pdf"))
        if number:  # the first round warms the disk and Python's bytecode
            for name, used in zip(names, took, strict=True):
                clocks[name].append(used.clock)
                processors[name].append(used.processor)
    say(f"{'six files':20} {'clock':>8} {'processor':>10}   s, median of {rounds}")
    for name in names:
        say(f"{name:20} {median(clocks[name]):8.3f} {median(processors[name]):10.3f}")
    cold, spent = median(clocks["cold"]), median(processors["cold"])
    say(f"cold against the peers: {cold / median(clocks['Pandoc and Typst']):.2f} (aim 1.0, must 1.3)")
    say(f"nothing changed against cold: {median(clocks['unchanged']) / cold:.3f} (aim 0.08, must 0.1)")
    say(f"one handout against six files, processor: {median(processors['one handout']) / spent:.2f} (0.25, must 0.35)")
    say(f"one sentence against cold: {median(clocks['edited']) / cold:.2f}")


def added(used: Sequence[Used]) -> Used:
    """Return what several commands used together, one after the other."""
    return Used(sum(e.clock for e in used), sum(e.processor for e in used), max(e.memory for e in used))


def report_live(home: Path, rounds: int) -> None:
    """Print how long it takes in a process that stays from a changed sentence to the picture of its page."""
    import pypdfium2

    from handouts.compose import compose_document
    from handouts.load import load_library
    from handouts.pdf import render_pdf
    from handouts.render_cache import RenderCache
    from handouts.select import select_content
    from handouts.theme import resolve_theme

    path, times, cache = home / SENTENCE, [], RenderCache()  # which a process that stays keeps
    text = path.read_text(encoding="utf-8")
    for number in range(rounds + 3):
        path.write_text(with_words(text, f" {number}"), encoding="utf-8")
        cache.begin_file()
        start = time.perf_counter()
        library = load_library(home / "content", home / "templates")
        selection = select_content(library, "bpd-contact", "family", "en")
        document = compose_document(selection, "handout", country="UK", cache=cache).document
        theme = resolve_theme(library.themes[library.service.theme], accent=selection.audience.accent)
        made = render_pdf(document, theme, cache=cache)
        pypdfium2.PdfDocument(made.content)[1].render(scale=1.5)
        times.append(time.perf_counter() - start)
    path.write_text(text, encoding="utf-8")
    took = median(times[3:])
    say(f"in a process that stays, a changed sentence to the picture of a page: {took:.3f} s (0.15, must 0.25)")


def edit(home: Path, number: int) -> Used:
    """Return what a build uses after one sentence for one audience was changed."""
    path = home / SENTENCE
    text = path.read_text(encoding="utf-8")
    path.write_text(with_words(text, f" {'again ' * (number % 2)}now"), encoding="utf-8")
    took = build(home, "output")
    path.write_text(text, encoding="utf-8")
    return took


def with_words(text: str, words: str) -> str:
    """Return a section with words more at the end of the first sentence for one audience."""
    at = text.index(".", text.index("\n", text.index('## Body {for="family"}')))
    return text[:at] + words + text[at:]


# ---------------------------------------------------------------- many files


def table(home: Path, rows: int) -> str:
    """Write a table of recipients, and return its name."""
    lines = [
        f"{PLACES[number % len(PLACES)]} {number} Community Team,020 7946 {number % 10_000:04}"
        for number in range(rows)
    ]
    (home / f"{rows}.csv").write_text("\n".join(("name,phone", *lines)) + "\n", encoding="utf-8")
    return f"{rows}.csv"


def copies(home: Path, rows: int, *words: str) -> Used:
    """Build a PDF and a PPTX for each row."""
    forget(home, "copies")
    used = build(home, "copies", "--audience", "family", "--recipients", table(home, rows), *words)
    made = sum(path.is_file() for path in (home / "copies").rglob("bpd-*"))
    if made != 2 * rows:
        raise SystemExit(f"{made} files for {rows} rows")
    return used


def report_recipients(home: Path, peers: Sequence[tuple[str, ...]], rows: int, *, with_dask: bool) -> None:
    """Print what each of many files takes, and how many there are a second."""
    files = 2 * rows
    pool = copies(home, rows, "--jobs", "2")
    say(f"{rows} recipients, {files} files: {pool.clock:.1f} s, {files / pool.clock:.1f} files/s,")
    say(f"  {1000 * pool.processor / files:.1f} ms of the processor a file (aim 25, must 35)")
    theirs = peers_per_second(home, peers)
    say(f"Pandoc and Typst, a process a file, two at a time: {theirs:.2f} files/s;")
    say(f"  ours are {files / pool.clock / theirs:.1f} times as many (aim 8, must 6)")
    if with_dask:
        with cluster(home) as address:
            spread = copies(home, rows, "--cluster", address)
        say(f"two workers of a cluster: {files / spread.clock:.1f} files/s,")
        say(f"  {pool.clock / spread.clock:.2f} of the rate of two processes (aim: at least 0.8)")


def peers_per_second(home: Path, peers: Sequence[tuple[str, ...]]) -> float:
    """Return how many files a second the peers make, a deck and a handout in turn, two processes at a time."""
    pair = (peers[0], peers[1])
    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda number: run(home, *pair[number % 2]), range(SAMPLE)))
    return SAMPLE / (time.perf_counter() - start)


def report_memory(home: Path, rows: int) -> None:
    """Print the most memory that one process holds, for few files and for many."""
    few, many = (copies(home, count, "--jobs", "2") for count in (50, rows))
    say(f"most memory of one process: {few.memory:.0f} MB for 100 files, {many.memory:.0f} MB for {2 * rows};")
    say(f"  {many.memory / few.memory:.2f} times as much (aim 1.2, must 1.3)")


@contextmanager
def cluster(home: Path) -> Iterator[str]:
    """Give the address of a scheduler with two workers on this machine, and end them."""
    file = home / "scheduler.json"
    words = ("--host", "127.0.0.1", "--no-dashboard")
    processes = [start(home, "scheduler", *words, "--port", "0", "--scheduler-file", str(file))]
    try:
        wait_until(file.exists)
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        processes += [start(home, "worker", *words, address, "--nthreads", "1", "--no-nanny") for _ in range(2)]
        wait = f"from distributed import Client; Client({address!r}).wait_for_workers(2, timeout=60)"
        run(home, sys.executable, "-c", wait)
        yield address
    finally:
        for process in processes:
            process.kill()
            process.wait()
        file.unlink(missing_ok=True)  # the next scheduler says another address


def start(home: Path, tool: str, *words: str) -> subprocess.Popen[bytes]:
    """Start a part of the cluster."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{tool}", *words]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=home, env=surroundings(home), **quiet)  # type: ignore[call-overload,no-any-return]  # noqa: S603


def wait_until(is_true: Callable[[], bool]) -> None:
    """Wait for something, but not for ever."""
    deadline = time.monotonic() + 60
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.05)


if __name__ == "__main__":
    main()
