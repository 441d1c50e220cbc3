"""Measures growing projects: audiences, topics, sections and findings. Each result is printed with its aim.

    python benchmarks/scaling.py [--only readers topics sections findings first] [--most 48] [--topics 90]

The projects are made of copies of the shipped topic. Each command runs cold in a new process. Times are processor times
of all its processes, without the time to start and import; memory is the peak memory of one process.

readers    `handouts build` of one topic for 6 and for 48 audiences; most parts for some audiences have different
           words for each of them
topics     the peak memory of `handouts build --jobs 1` for 3 and for 90 topics of three audiences, two files each
sections   `handouts build --jobs 1` of one handout and one deck, of 28 and of 448 sections with cover and sources
findings   `handouts check` of one section with 1,000 and with 4,000 words that the wording rules refuse
first      the elapsed time until the first of six files of the shipped topic is written, and until the last
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median

from batch import HANDOUTS, Usage, build, delete_output, run_measured
from timing import ROOT, print_line

TOPIC = "bpd-contact"
ENTRY = re.compile(r"(?m)^(\w+):\n((?:  .*\n)+)")
READER_LISTS = (re.compile(r'(for=")([a-z ]+)(")'), re.compile(r"(?m)^(audiences: \[)([a-z, ]+)(\])$"))
AUDIENCE_PART = re.compile(
    r'(?m)^(## (?:Body|Explanation|Spoken|Ask|Watch) \{)for="([a-z ]+)"(.*\n)((?:(?!## |:::).*\n)+)(?=## |\Z)',
)
SENTENCE_STOP = re.compile(r"(?<=[a-z])\.(?= )")
COPIED_SECTIONS, END_SECTIONS = (
    ("05-common", "19-boundaries", "24-hope", "25-known"),
    ("01-cover", "27-help", "29-sources"),
)
EXTRA_SECTION = re.compile(r"# .*\{\.(?:question|form|guide|note|self-help|slide|worksheet)\b")
ID = re.compile(r"#[a-z]+")
TITLE = re.compile(r"(?m)^## (?:Claim|Heading)(?: \{[^}]*\})?\n")  # no two slides have one title
REQUIREMENTS = re.compile(r'(?m)^(?:must_\w+|points_in|points|lengths):.*\n(?:  .*\n)*| makes="[^"]*"')
REFUSED = "psycho"
ROUNDS = 3
FACTOR = 16
IMPORTS = "import handouts.pipeline.full_build, handouts.layout.handout_pages, handouts.deck.deck_plan"
FEW_COPIES = 7  # copies of each section in the small document; a topic has at most 500 sections


def main() -> None:
    """Measure, and print the reports."""
    reports: Mapping[str, Callable[[argparse.Namespace], None]] = {
        "readers": report_readers,
        "topics": report_topics,
        "sections": report_sections,
        "findings": report_findings,
        "first": report_first,
    }
    parser = argparse.ArgumentParser(description="Measure what a project costs that grows.")
    parser.add_argument("--only", nargs="+", choices=tuple(reports), default=tuple(reports))
    parser.add_argument("--most", type=int, default=48, metavar="READERS")
    parser.add_argument("--topics", type=int, default=90)
    options = parser.parse_args()
    for name in options.only:
        reports[name](options)


# ---------------------------------------------------------------- projects


def write_shipped_project(home: Path) -> Path:
    """Write the shipped project into a folder, and return the folder of its sections."""
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, home / name)
    return home / "content" / TOPIC / "en"


def write_readers(home: Path, count: int) -> None:
    """Write the shipped topic for `count` audiences: copies of its three, with different words for each."""
    sections = write_shipped_project(home)
    audiences = home / "content" / "audiences.yaml"
    entries = dict(ENTRY.findall(audiences.read_text(encoding="utf-8")))
    names = {name: [name, *(f"{name}{number}" for number in range(2, count // 3 + 1))] for name in entries}
    copies = zip(*names.values(), strict=True)
    text = "".join(
        f"{each}:\n{entries[name]}" for copy_names in copies for name, each in zip(names, copy_names, strict=True)
    )
    audiences.write_text(text, encoding="utf-8")
    for path in (*sections.glob("*.md"), sections.parent / "topic.yaml", *(home / "templates").glob("*.j2")):
        path.write_text(with_reader_copies(path.read_text(encoding="utf-8"), names), encoding="utf-8")


def with_reader_copies(text: str, names: Mapping[str, list[str]]) -> str:
    """Return a text for the copies of its readers too, with each part for some readers repeated for each of them."""
    written, start = "", 0
    for part in AUDIENCE_PART.finditer(text):
        written += with_listed_copies(text[start : part.start()], names)
        written += "".join(part_for_reader(part, each) for name in part[2].split() for each in names[name])
        start = part.end()
    return written + with_listed_copies(text[start:], names)


def part_for_reader(part: re.Match[str], reader: str) -> str:
    """Return a part for one reader, whose name is added to each sentence."""
    return f'{part[1]}for="{reader}"{part[3]}{SENTENCE_STOP.sub(f" {reader}.", part[4])}'


def with_listed_copies(text: str, names: Mapping[str, list[str]]) -> str:
    """Return `text` with the copies added to each list of readers."""
    for pattern in READER_LISTS:
        text = pattern.sub(lambda found: found[1] + reader_list(found[2], names) + found[3], text)
    return text


def reader_list(readers: str, names: Mapping[str, list[str]]) -> str:
    """Return a list of readers with their copies."""
    separator = ", " if "," in readers else " "
    return separator.join(each for name in readers.split(separator) for each in names.get(name, [name]))


def write_topics(home: Path, count: int) -> None:
    """Write `count` copies of the shipped topic without extra sections: a project has at most 10 MB of text."""
    topic = write_shipped_project(home).parent
    for path in topic.glob("en/*.md"):
        if EXTRA_SECTION.match(path.read_text(encoding="utf-8")):
            path.unlink()
    for number in range(2, count + 1):
        shutil.copytree(topic, topic.with_name(f"{TOPIC}-{number}"))


def write_sections(home: Path, times: int) -> None:
    """Write a topic of `times` copies of four shipped sections, between cover and sources."""
    sections = write_shipped_project(home)
    path = sections.parent / "topic.yaml"
    path.write_text(REQUIREMENTS.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
    for path in sections.glob("*.md"):
        text = REQUIREMENTS.sub("", path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
        if path.stem not in (*END_SECTIONS, *COPIED_SECTIONS):
            path.unlink()
        for number in range(2, times + 1) if path.stem in COPIED_SECTIONS else ():
            copy = ID.sub(rf"\g<0>-{number}", TITLE.sub(rf"\g<0>{number}: ", text), count=1)
            path.with_stem(f"{path.stem}-{number:03}").write_text(copy, encoding="utf-8")


def write_findings(home: Path, count: int) -> None:
    """Write the shipped topic with a section of `count` words that the wording rules refuse."""
    section = "".join(f"\nSentence {number} says {REFUSED} here.\n" for number in range(count))
    path = write_shipped_project(home) / "99-refused.md"
    path.write_text(f"# Refused {{.section #refused}}\n\n## Body\n{section}", encoding="utf-8")


# ---------------------------------------------------------------- measuring


def min_usage(write_project: Callable[[Path], None], command: Callable[[Path], Usage], rounds: int = 1) -> Usage:
    """Write a project, run a command in it, and return the usage of the fastest round, without start-up."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write_project(home)
        start = min(
            (run_measured(home, HANDOUTS[0], "-c", IMPORTS) for _ in range(3)), key=lambda usages: usages.processor
        )
        usages = min((run_cold(home, command) for _ in range(rounds)), key=lambda usages: usages.processor)
        return Usage(usages.clock - start.clock, usages.processor - start.processor, usages.memory)


def run_cold(home: Path, command: Callable[[Path], Usage]) -> Usage:
    """Return the usage of a command without earlier output."""
    delete_output(home, "output")
    return command(home)


def build_command(*arguments: str) -> Callable[[Path], Usage]:
    """Return a function that builds a project."""
    return lambda home: build(home, "output", *arguments)


def check_command(home: Path) -> Usage:
    """Return the usage of a check of one document; its exit code 1 is ignored."""
    arguments = " ".join((*HANDOUTS[1:], "check", "--audience", "family", "--template", "handout"))
    code = f"import subprocess, sys; subprocess.run([sys.executable, *{arguments.split()!r}], capture_output=True)"
    return run_measured(home, HANDOUTS[0], "-c", code)


def report_readers(options: argparse.Namespace) -> None:
    """Print the cost of an audience in small and large projects."""
    counts = (6, options.most)
    usages = [
        min_usage(lambda home, count=count: write_readers(home, count), build_command(), rounds=2) for count in counts
    ]  # type: ignore[misc]
    each = [one.processor / count for one, count in zip(usages, counts, strict=True)]
    for one, count, cost in zip(usages, counts, each, strict=True):
        print_line(f"{count:5} audiences: {one.processor:.1f} s, {cost:.2f} s each; {one.clock:.1f} s by the clock")
    print_line(f"  an audience costs {each[1] / each[0]:.2f} times as much (aim: at most 1.1)")


def report_topics(options: argparse.Namespace) -> None:
    """Print the peak memory of one process for few and for many topics."""
    counts = (3, options.topics)
    usages = [
        min_usage(lambda home, count=count: write_topics(home, count), build_command("--jobs", "1"), rounds=1)
        for count in counts
    ]  # type: ignore[misc]
    for one, count in zip(usages, counts, strict=True):
        print_line(f"{count:5} topics: at most {one.memory:.0f} MB, {one.processor:.1f} s of the processor")
    print_line(f"  {usages[1].memory / usages[0].memory:.2f} times as much memory (aim: at most 1.5)")


def report_sections(options: argparse.Namespace) -> None:  # noqa: ARG001
    """Print the cost of long documents."""
    arguments = ("--audience", "family", "--jobs", "1")
    counts = (FEW_COPIES, FEW_COPIES * FACTOR)
    usages = [
        min_usage(lambda home, count=count: write_sections(home, count), build_command(*arguments), rounds=1)
        for count in counts
    ]  # type: ignore[misc]
    for one, count in zip(usages, counts, strict=True):
        print_line(f"{4 * count:5} sections: {one.processor:.1f} s of the processor, {one.memory:.0f} MB")
    print_line(
        f"  {usages[1].processor / usages[0].processor:.1f} times as long for {FACTOR} times as many (aim: at most 18)"
    )


def report_findings(options: argparse.Namespace) -> None:  # noqa: ARG001
    """Print the cost of findings."""
    counts = (1_000, 4_000)
    usages = [
        min_usage(lambda home, count=count: write_findings(home, count), check_command, ROUNDS) for count in counts
    ]  # type: ignore[misc]
    for one, count in zip(usages, counts, strict=True):
        print_line(f"{count:5} findings: {one.processor:.1f} s of the processor")
    print_line(
        f"  {usages[1].processor / usages[0].processor:.1f} times as long for 4 times as many (aim: at most 4.5)"
    )


def report_first(options: argparse.Namespace) -> None:  # noqa: ARG001
    """Print the time until the first file and until the last."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write_shipped_project(home)
        file_times = [first_and_last_file(home) for _ in range(2 * ROUNDS)][1:]
    first, last = (median(times) for times in zip(*file_times, strict=True))
    print_line(f"first of six files after {first:.2f} s, the last after {last:.2f} s by the clock")
    print_line(f"  {first / last:.2f} of the time (aim: at most 0.5)")


def first_and_last_file(home: Path) -> tuple[float, float]:
    """Return the seconds until the first and the last file of a build are written."""
    delete_output(home, "output")
    start = time.time()
    build(home, "output")
    times = sorted(path.stat().st_mtime - start for path in output_files(home))
    return times[0], times[-1]


def output_files(home: Path) -> Iterable[Path]:
    """Return the files of a build."""
    return (path for path in (home / "output").rglob("*") if path.suffix in {".pdf", ".pptx"})


if __name__ == "__main__":
    main()
