"""What a project costs that grows: readers, topics, sections, findings. One run prints all, each beside its aim.

    python benchmarks/scaling.py [--only readers topics sections findings first] [--most 48] [--topics 90]

Each project is made of copies of the shipped topic. Every command runs in a process of its own that knows nothing of
earlier ones. What is compared is the time of the processor, of all its processes; memory is the most that one process
holds. From times that are compared is taken what it takes to start and to import.

readers    `handouts build` of one topic for 6 and for 48 audiences; most of what is told to some alone is each
           reader's in words of its own
topics     the most memory of `handouts build --jobs 1` for 3 and for 90 topics of three audiences, two files each
sections   `handouts build --jobs 1` of one handout and one deck, of 28 and of 448 sections beside their ends
findings   `handouts check` of one section with 1,000 and with 4,000 words that the wording rules refuse
first      when the first of six files of the shipped topic is in its place, and when the last is, by the clock
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

from batch import HANDOUTS, ROOT, Used, build, forget, run
from timing import say

TOPIC = "bpd-contact"
ENTRY = re.compile(r"(?m)^(\w+):\n((?:  .*\n)+)")
LISTS = (re.compile(r'(for=")([a-z ]+)(")'), re.compile(r"(?m)^(audiences: \[)([a-z, ]+)(\])$"))
OWN = re.compile(
    r'(?m)^(## (?:Body|Explanation|Spoken|Ask|Watch) \{)for="([a-z ]+)"(.*\n)((?:(?!## |:::).*\n)+)(?=## |\Z)',
)
STOP = re.compile(r"(?<=[a-z])\.(?= )")
COPIED, ENDS = ("05-common", "19-boundaries", "24-hope", "25-known"), ("01-cover", "27-help", "29-sources")
SHEET = re.compile(r"# .*\{\.(?:question|form|guide|note|self-help|slide|worksheet)\b")
ID = re.compile(r"#[a-z]+")
TITLE = re.compile(r"(?m)^## (?:Claim|Heading)(?: \{[^}]*\})?\n")  # no two slides have one title
HELD_TO = re.compile(r'(?m)^(?:must_\w+|points_in|points|lengths):.*\n(?:  .*\n)*| makes="[^"]*"')
REFUSED = "psycho"
ROUNDS = 3
TIMES = 16
STARTED = "import handouts.pipeline.full_build, handouts.layout.handout_pages, handouts.deck.deck_plan"
FEW = 7  # copies of each section in the small document; a topic has at most 500 sections


def main() -> None:
    """Measure what is asked for, and print the report."""
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
    chosen = parser.parse_args()
    for name in chosen.only:
        reports[name](chosen)


# ---------------------------------------------------------------- projects


def project(home: Path) -> Path:
    """Write the shipped project into a folder, and return where its sections are."""
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, home / name)
    return home / "content" / TOPIC / "en"


def with_readers(home: Path, count: int) -> None:
    """Write the shipped topic for so many audiences: the three that there are, and copies with words of their own."""
    sections = project(home)
    audiences = home / "content" / "audiences.yaml"
    entries = dict(ENTRY.findall(audiences.read_text(encoding="utf-8")))
    names = {name: [name, *(f"{name}{number}" for number in range(2, count // 3 + 1))] for name in entries}
    turns = zip(*names.values(), strict=True)
    text = "".join(f"{each}:\n{entries[name]}" for turn in turns for name, each in zip(names, turn, strict=True))
    audiences.write_text(text, encoding="utf-8")
    for path in (*sections.glob("*.md"), sections.parent / "topic.yaml", *(home / "templates").glob("*.j2")):
        path.write_text(for_copies(path.read_text(encoding="utf-8"), names), encoding="utf-8")


def for_copies(text: str, names: Mapping[str, list[str]]) -> str:
    """Return a text for the copies of its readers too: what is told to some alone, each is told in words of its own."""
    written, start = "", 0
    for own in OWN.finditer(text):
        written += shared(text[start : own.start()], names)
        written += "".join(own_words(own, each) for name in own[2].split() for each in names[name])
        start = own.end()
    return written + shared(text[start:], names)


def own_words(own: re.Match[str], reader: str) -> str:
    """Return a part as one reader is told it: each sentence ends with a word of its own."""
    return f'{own[1]}for="{reader}"{own[3]}{STOP.sub(f" {reader}.", own[4])}'


def shared(text: str, names: Mapping[str, list[str]]) -> str:
    """Return a text in which each list of readers names their copies too."""
    for pattern in LISTS:
        text = pattern.sub(lambda found: found[1] + listed(found[2], names) + found[3], text)
    return text


def listed(readers: str, names: Mapping[str, list[str]]) -> str:
    """Return a list of readers with all their copies."""
    gap = ", " if "," in readers else " "
    return gap.join(each for name in readers.split(gap) for each in names.get(name, [name]))


def with_topics(home: Path, count: int) -> None:
    """Write so many copies of the shipped topic, without its extras: no project has more than 10 MB of text."""
    topic = project(home).parent
    for path in topic.glob("en/*.md"):
        if SHEET.match(path.read_text(encoding="utf-8")):
            path.unlink()
    for number in range(2, count + 1):
        shutil.copytree(topic, topic.with_name(f"{TOPIC}-{number}"))


def with_sections(home: Path, times: int) -> None:
    """Write a topic of four of the shipped sections, each so many times, between a cover and the sources."""
    sections = project(home)
    path = sections.parent / "topic.yaml"
    path.write_text(HELD_TO.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
    for path in sections.glob("*.md"):
        text = HELD_TO.sub("", path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
        if path.stem not in (*ENDS, *COPIED):
            path.unlink()
        for number in range(2, times + 1) if path.stem in COPIED else ():
            copy = ID.sub(rf"\g<0>-{number}", TITLE.sub(rf"\g<0>{number}: ", text), count=1)
            path.with_stem(f"{path.stem}-{number:03}").write_text(copy, encoding="utf-8")


def with_findings(home: Path, count: int) -> None:
    """Write the shipped topic with a section in which so many words are refused."""
    section = "".join(f"\nSentence {number} says {REFUSED} here.\n" for number in range(count))
    path = project(home) / "99-refused.md"
    path.write_text(f"# Refused {{.section #refused}}\n\n## Body\n{section}", encoding="utf-8")


# ---------------------------------------------------------------- measuring


def least(write: Callable[[Path], None], command: Callable[[Path], Used], rounds: int = 1) -> Used:
    """Return what a command takes on a project that is written for it, the start left out: the round with the least."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write(home)
        start = min((run(home, HANDOUTS[0], "-c", STARTED) for _ in range(3)), key=lambda used: used.processor)
        used = min((cold(home, command) for _ in range(rounds)), key=lambda used: used.processor)
        return Used(used.clock - start.clock, used.processor - start.processor, used.memory)


def cold(home: Path, command: Callable[[Path], Used]) -> Used:
    """Return what a command takes that knows nothing of earlier ones."""
    forget(home, "output")
    return command(home)


def built(*words: str) -> Callable[[Path], Used]:
    """Return the command that builds a project."""
    return lambda home: build(home, "output", *words)


def checked(home: Path) -> Used:
    """Check one document; what the rules find ends the command with 1."""
    words = " ".join((*HANDOUTS[1:], "check", "--audience", "family", "--template", "handout"))
    code = f"import subprocess, sys; subprocess.run([sys.executable, *{words.split()!r}], capture_output=True)"
    return run(home, HANDOUTS[0], "-c", code)


def report_readers(chosen: argparse.Namespace) -> None:
    """Print what a reader costs where there are few, and where there are many."""
    counts = (6, chosen.most)
    used = [least(lambda home, count=count: with_readers(home, count), built(), rounds=2) for count in counts]  # type: ignore[misc]
    each = [one.processor / count for one, count in zip(used, counts, strict=True)]
    for one, count, cost in zip(used, counts, each, strict=True):
        say(f"{count:5} audiences: {one.processor:.1f} s, {cost:.2f} s each; {one.clock:.1f} s by the clock")
    say(f"  an audience costs {each[1] / each[0]:.2f} times as much (aim: at most 1.1)")


def report_topics(chosen: argparse.Namespace) -> None:
    """Print the most memory that one process holds, for few topics and for many."""
    counts = (3, chosen.topics)
    used = [
        least(lambda home, count=count: with_topics(home, count), built("--jobs", "1"), rounds=1) for count in counts
    ]  # type: ignore[misc]
    for one, count in zip(used, counts, strict=True):
        say(f"{count:5} topics: at most {one.memory:.0f} MB, {one.processor:.1f} s of the processor")
    say(f"  {used[1].memory / used[0].memory:.2f} times as much memory (aim: at most 1.5)")


def report_sections(chosen: argparse.Namespace) -> None:  # noqa: ARG001
    """Print what a long document costs."""
    words = ("--audience", "family", "--jobs", "1")
    counts = (FEW, FEW * TIMES)
    used = [least(lambda home, count=count: with_sections(home, count), built(*words), rounds=1) for count in counts]  # type: ignore[misc]
    for one, count in zip(used, counts, strict=True):
        say(f"{4 * count:5} sections: {one.processor:.1f} s of the processor, {one.memory:.0f} MB")
    say(f"  {used[1].processor / used[0].processor:.1f} times as long for {TIMES} times as many (aim: at most 18)")


def report_findings(chosen: argparse.Namespace) -> None:  # noqa: ARG001
    """Print what findings cost."""
    counts = (1_000, 4_000)
    used = [least(lambda home, count=count: with_findings(home, count), checked, ROUNDS) for count in counts]  # type: ignore[misc]
    for one, count in zip(used, counts, strict=True):
        say(f"{count:5} findings: {one.processor:.1f} s of the processor")
    say(f"  {used[1].processor / used[0].processor:.1f} times as long for 4 times as many (aim: at most 4.5)")


def report_first(chosen: argparse.Namespace) -> None:  # noqa: ARG001
    """Print when the first file is there, and when all are."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        project(home)
        shares = [landing(home) for _ in range(2 * ROUNDS)][1:]
    first, last = (median(times) for times in zip(*shares, strict=True))
    say(f"first of six files after {first:.2f} s, the last after {last:.2f} s by the clock")
    say(f"  {first / last:.2f} of the time (aim: at most 0.5)")


def landing(home: Path) -> tuple[float, float]:
    """Return after how many seconds the first file and the last file of a build are in their places."""
    forget(home, "output")
    start = time.time()
    build(home, "output")
    times = sorted(path.stat().st_mtime - start for path in made_in(home))
    return times[0], times[-1]


def made_in(home: Path) -> Iterable[Path]:
    """Return the files that a build made."""
    return (path for path in (home / "output").rglob("*") if path.suffix in {".pdf", ".pptx"})


if __name__ == "__main__":
    main()
