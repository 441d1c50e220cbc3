"""Measures builds of many files, and compares them with Pandoc and Typst.

    python benchmarks/batch.py [--rounds 5] [--recipients 1000] [--memory 5000] [--dask]

Requires pypandoc_binary and typst; --dask also requires distributed. Each measurement runs in new processes:

cold       `handouts build --country UK`, six files of the real topic, against one Pandoc process for each deck (pptx)
           and one Typst process for each handout (PDF/UA-1), which are given the same composed text
unchanged  the same build again without changes, and after a change of one sentence
alone      one handout for one audience, cold; and, in a running process, from a changed sentence to a picture
recipients a table of recipients, one audience, PDF and PPTX, two processes: processor time per file, files per second,
           and files per second of the peers with one process per file, two at a time
memory     peak memory of one process, for 50 rows and for many
dask       the same table on two cluster workers on this machine, against two pool processes
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

from timing import ROOT, print_line

HANDOUTS = (sys.executable, "-m", "handouts")
SENTENCE = "content/bpd-contact/en/18-steps.md"
PLACES = ("Harbour", "Valley", "Queen’s Park", "Zion Lane", "Jubilee Fields", "Kirkwood", "Exeter Quays")
SAMPLE = 24  # files of the peers, whose time per file does not depend on their number
# Runs a command, and prints exit code, elapsed time, processor time and peak memory of its processes.
METER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


@dataclass(frozen=True, slots=True)
class Usage:
    """Elapsed time and processor time of a command in seconds, and peak memory of one of its processes in MB."""

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
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in ("content", "templates"):
            shutil.copytree(ROOT / name, home / name)
        peers = write_peers(home)
        report_single(home, peers, options.rounds)
        report_live(home, options.rounds)
        report_recipients(home, peers, options.recipients, with_dask=options.dask)
        if options.memory:
            report_memory(home, options.memory)


def run_measured(home: Path, *arguments: str) -> Usage:
    """Run a command in the project, and return its usage."""
    command = [sys.executable, "-c", METER, *arguments]
    completed = subprocess.run(command, cwd=home, env=environment(home), check=True, capture_output=True, text=True)  # noqa: S603
    code, clock, processor, memory = json.loads(completed.stdout)
    if code:
        raise SystemExit(f"{' '.join(arguments)} ended with {code}: {completed.stderr}")
    return Usage(clock, processor, memory)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of measured commands, with the bytecode cache in the project.

    PYTHONDONTWRITEBYTECODE is removed, because installed programs have their bytecode.
    """
    variables = {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(home / "bytecode")}
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | variables


def build(home: Path, output: str, *arguments: str) -> Usage:
    """Build into a folder of the project."""
    return run_measured(home, *HANDOUTS, "build", "--country", "UK", "--quiet", "--output", output, *arguments)


def delete_output(home: Path, output: str) -> None:
    """Delete an output folder, so that the next build is cold."""
    shutil.rmtree(home / output, ignore_errors=True)


# ---------------------------------------------------------------- the peers


def write_peers(home: Path) -> list[tuple[str, ...]]:
    """Write the composed texts as input of the peers, and return the commands that build their decks and handouts."""
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
    """Yield a deck in Markdown of Pandoc: a title, a bullet for each text, and the notes."""
    from handouts.document.nodes import Document
    from handouts.document.text import plain

    assert isinstance(document, Document)  # noqa: S101
    for slide in document.slides:
        yield f"## {escape_markdown(plain(slide.title))}\n"
        yield from (f"- {escape_markdown(text)}" for text in texts_of(slide.blocks))
        yield "\n::: notes\n"
        yield from (f"{escape_markdown(text)}\n" for text in texts_of(slide.notes))
        yield ":::\n"


def typst_of(document: object) -> Iterator[str]:
    """Yield a handout in Typst: headings, and a paragraph for each text."""
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


def escape_markdown(text: str) -> str:
    """Return `text` with the syntax of Markdown escaped."""
    return "".join(f"\\{each}" if each in "\\`*_{}[]<>()#+-.!|~$@^:\"'" else each for each in text)


# ---------------------------------------------------------------- one build


def report_single(home: Path, peers: Sequence[tuple[str, ...]], rounds: int) -> None:
    """Print the times for six files: cold, unchanged, after a change of one sentence; and for one file, by turns."""
    names = ("cold", "Pandoc and Typst", "unchanged", "edited", "one handout")
    clocks: dict[str, list[float]] = {name: [] for name in names}
    processors: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds + 1):
        delete_output(home, "output")
        usages = [build(home, "output"), sum_of([run_measured(home, *peer) for peer in peers])]
        usages += [build(home, "output"), build_after_edit(home, number)]
        delete_output(home, "alone")
        usages.append(build(home, "alone", "--audience", "family", "--format", "pdf"))
        if number:  # the first round warms up the disk and the bytecode cache
            for name, usage in zip(names, usages, strict=True):
                clocks[name].append(usage.clock)
                processors[name].append(usage.processor)
    print_line(f"{'six files':20} {'clock':>8} {'processor':>10}   s, median of {rounds}")
    for name in names:
        print_line(f"{name:20} {median(clocks[name]):8.3f} {median(processors[name]):10.3f}")
    cold, processor = median(clocks["cold"]), median(processors["cold"])
    print_line(f"cold against the peers: {cold / median(clocks['Pandoc and Typst']):.2f} (aim 1.0, must 1.3)")
    print_line(f"nothing changed against cold: {median(clocks['unchanged']) / cold:.3f} (aim 0.08, must 0.1)")
    share = median(processors["one handout"]) / processor
    print_line(f"one handout against six files, processor: {share:.2f} (0.25, must 0.35)")
    print_line(f"one sentence against cold: {median(clocks['edited']) / cold:.2f}")


def sum_of(usage: Sequence[Usage]) -> Usage:
    """Return the total usage of commands that ran one after the other."""
    return Usage(sum(e.clock for e in usage), sum(e.processor for e in usage), max(e.memory for e in usage))


def report_live(home: Path, rounds: int) -> None:
    """Print the time from a changed sentence to the picture of its page in a running process."""
    import pypdfium2

    from handouts.compose import compose_document
    from handouts.load import load_library
    from handouts.pdf import render_pdf
    from handouts.render_cache import RenderCache
    from handouts.select import select_content
    from handouts.theme import resolve_theme

    path, times, cache = home / SENTENCE, [], RenderCache()
    text = path.read_text(encoding="utf-8")
    for number in range(rounds + 3):
        path.write_text(with_insertion(text, f" {number}"), encoding="utf-8")
        cache.begin_file()
        start = time.perf_counter()
        library = load_library(home / "content", home / "templates")
        selection = select_content(library, "bpd-contact", "family", "en")
        document = compose_document(selection, "handout", country="UK", cache=cache).document
        theme = resolve_theme(library.themes[library.service.theme], accent=selection.audience.accent)
        file_count = render_pdf(document, theme, cache=cache)
        pypdfium2.PdfDocument(file_count.content)[1].render(scale=1.5)
        times.append(time.perf_counter() - start)
    path.write_text(text, encoding="utf-8")
    duration = median(times[3:])
    print_line(
        f"in a running process, from a changed sentence to the picture of a page: {duration:.3f} s (0.15, must 0.25)"
    )


def build_after_edit(home: Path, number: int) -> Usage:
    """Return the usage of a build after a change of one sentence for one audience."""
    path = home / SENTENCE
    text = path.read_text(encoding="utf-8")
    path.write_text(with_insertion(text, f" {'again ' * (number % 2)}now"), encoding="utf-8")
    usage = build(home, "output")
    path.write_text(text, encoding="utf-8")
    return usage


def with_insertion(text: str, words: str) -> str:
    """Return a section with `words` inserted at the end of the first sentence for one audience."""
    at = text.index(".", text.index("\n", text.index('## Body {for="family"}')))
    return text[:at] + words + text[at:]


# ---------------------------------------------------------------- many files


def write_recipients(home: Path, rows: int) -> str:
    """Write a table of recipients, and return its file name."""
    lines = [
        f"{PLACES[number % len(PLACES)]} {number} Community Team,020 7946 {number % 10_000:04}"
        for number in range(rows)
    ]
    (home / f"{rows}.csv").write_text("\n".join(("name,phone", *lines)) + "\n", encoding="utf-8")
    return f"{rows}.csv"


def build_copies(home: Path, rows: int, *arguments: str) -> Usage:
    """Build a PDF and a PPTX for each row."""
    delete_output(home, "copies")
    usage = build(home, "copies", "--audience", "family", "--recipients", write_recipients(home, rows), *arguments)
    file_count = sum(path.is_file() for path in (home / "copies").rglob("bpd-*"))
    if file_count != 2 * rows:
        raise SystemExit(f"{file_count} files for {rows} rows")
    return usage


def report_recipients(home: Path, peers: Sequence[tuple[str, ...]], rows: int, *, with_dask: bool) -> None:
    """Print the processor time per file and the files per second for a table of recipients."""
    files = 2 * rows
    pool_usage = build_copies(home, rows, "--jobs", "2")
    print_line(f"{rows} recipients, {files} files: {pool_usage.clock:.1f} s, {files / pool_usage.clock:.1f} files/s,")
    print_line(f"  {1000 * pool_usage.processor / files:.1f} ms of the processor a file (aim 25, must 35)")
    peer_rate = peers_per_second(home, peers)
    print_line(f"Pandoc and Typst, a process a file, two at a time: {peer_rate:.2f} files/s;")
    print_line(f"  ours are {files / pool_usage.clock / peer_rate:.1f} times as many (aim 8, must 6)")
    if with_dask:
        with running_cluster(home) as address:
            cluster_usage = build_copies(home, rows, "--cluster", address)
        print_line(f"two workers of a cluster: {files / cluster_usage.clock:.1f} files/s,")
        print_line(f"  {pool_usage.clock / cluster_usage.clock:.2f} of the rate of two processes (aim: at least 0.8)")


def peers_per_second(home: Path, peers: Sequence[tuple[str, ...]]) -> float:
    """Return the files per second of the peers: a deck and a handout in turn, two processes at a time."""
    pair = (peers[0], peers[1])
    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda number: run_measured(home, *pair[number % 2]), range(SAMPLE)))
    return SAMPLE / (time.perf_counter() - start)


def report_memory(home: Path, rows: int) -> None:
    """Print the peak memory of one process, for few files and for many."""
    few, many = (build_copies(home, count, "--jobs", "2") for count in (50, rows))
    print_line(f"most memory of one process: {few.memory:.0f} MB for 100 files, {many.memory:.0f} MB for {2 * rows};")
    print_line(f"  {many.memory / few.memory:.2f} times as much (aim 1.2, must 1.3)")


@contextmanager
def running_cluster(home: Path) -> Iterator[str]:
    """Start a scheduler with two workers on this machine, yield its address, and stop them."""
    file = home / "scheduler.json"
    arguments = ("--host", "127.0.0.1", "--no-dashboard")
    processes = [start(home, "scheduler", *arguments, "--port", "0", "--scheduler-file", str(file))]
    try:
        wait_until(file.exists)
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        processes += [start(home, "worker", *arguments, address, "--nthreads", "1", "--no-nanny") for _ in range(2)]
        wait = f"from distributed import Client; Client({address!r}).wait_for_workers(2, timeout=60)"
        run_measured(home, sys.executable, "-c", wait)
        yield address
    finally:
        for process in processes:
            process.kill()
            process.wait()
        file.unlink(missing_ok=True)  # the next scheduler has another address


def start(home: Path, tool: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a process of the cluster."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{tool}", *arguments]
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=home, env=environment(home), **streams)  # type: ignore[call-overload,no-any-return]  # noqa: S603


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until a condition is true, for at most a minute."""
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)


if __name__ == "__main__":
    main()
