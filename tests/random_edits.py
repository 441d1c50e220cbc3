"""Whole projects with a few edits that nobody meant: the same number makes the same edits.

The project is the small one, with a section for each page of the gallery so that every kind of block is edited, or now
and then the real one.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random

from conftest import FILES, ROOT, for_any_reader

SMALL_SHARE = 0.85
MOST_EDITS = 4
# What has a meaning in one of the formats, what looks like it, and what no page can show.
SIGNS = (
    *(
        ":::",
        ":: ",
        "{",
        "}",
        "{.",
        '{for="',
        "[",
        "]",
        "](",
        "`",
        "```",
        "|",
        "@",
        "#",
        "## ",
        "- ",
        "1. ",
        "> ",
        "---",
    ),
    *(
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "&a",
        "*a",
        "!",
        "<<: ",
        "<",
        "<b>",
        "\\",
        '"',
        "'",
        ": ",
        ",",
        "\t",
        "    ",
        "\n\n",
    ),
    *("\xa0", "\u200b", "\u202e", "\u0301", "\ufeff", "\x00", "\x07", "\r", "\u2028", "\ufffe", "\ue000", "\U0001f600"),
    *(
        "漢字",
        "שלום",
        "مرحبا",
        "ไทย",
        "नमस्ते",
        "ﬁ",
        "İ",
        "ß",
        "\\ud800",
        "A" * 300,
        "a " * 400,
        "0",
        "-1",
        "1e999",
        "９",
    ),
)
VALUES = (
    *("", '""', "[]", "{}", "null", "true", "no", "0", "-7", "1e400", ".nan", "2026-02-30", "[a, b]", "{a: b}"),
    *("[[[[[[]]]]]]", '"\\ud800"', '"\\u0000"', "!!int 3", "&x a", "*x", "|", "> a", "A" * 6_000, '"{n}"', "../../etc"),
)
ATTRIBUTES = (
    'for="growers"',
    'for=""',
    'allow="grade"',
    'because="x"',
    'minutes="9"',
    ".callout",
    "#an-id",
    'name="a"',
    "=",
)
Edit = Callable[[Random, str], str]


@cache
def small() -> Mapping[str, str]:
    """Return the files of the small project, with every kind of block."""
    shared = (read("templates") | read("content/contacts")).items()
    files = dict(FILES) | {name: for_any_reader(text) for name, text in shared} | read("content/kinds.yaml")
    files["content/references.json"] = (ROOT / "content/references.json").read_text(encoding="utf-8")
    files["content/bees/en/2-cold.md"] = FILES["content/bees/en/2-cold.md"].replace("moss2019", "desmet2015")
    files["content/pictures/hive.svg"] = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10">'
        '<path fill="#0F4C5C" d="M0 0h20v10z"/><g transform="scale(2)"><circle cx="3" cy="2" r="1"/></g></svg>\n'
    )
    files["content/service.yaml"] = FILES["content/service.yaml"].replace('name: ""', "name: Hive Team") + (
        'address: 1 Field Lane\nhours: "weekdays, 9 to 5"\nlogo: hive.svg\nlines: [{name: Night, number: 0124}]\n'
    )
    rules = (ROOT / "content/wording/en.yaml").read_text(encoding="utf-8")
    files["content/wording/en.yaml"] = re.sub(r"(?m)^( *for: ).*$", r"\1[growers, keepers]", rules)
    for path in sorted((ROOT / "tests/gallery").glob("*.md")):
        source = path.read_text(encoding="utf-8").split("````markdown\n", 1)[1].split("````", 1)[0]
        source = source.replace("{.sources .short}", '{.sources .short for="growers"}')  # keepers have the whole list
        files[f"content/bees/en/4-{path.stem}.md"] = (
            f"# A note {{.note #{path.stem}}}\n\n::: {{.body}}\n{source.rstrip()}\n:::\n"
        )
    return files


@cache
def real() -> Mapping[str, str]:
    """Return the files of the real project."""
    return read("content") | read("templates")


def read(name: str) -> dict[str, str]:
    """Return the texts of a folder or a file of the project, by name."""
    home = ROOT / name
    paths = [home] if home.is_file() else sorted(path for path in home.rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def project(number: int) -> tuple[str, dict[str, bytes], list[str]]:
    """Return the name of a topic, the files of its project after some edits, and which edits they were."""
    random = Random(number)
    is_small = random.random() < SMALL_SHARE
    files = dict(small() if is_small else real())
    done = [edit_one(random, files) for _ in range(random.randint(1, MOST_EDITS))]
    content = {name: text.encode("utf-8", "surrogatepass") for name, text in files.items()}
    if random.random() < 0.1:
        name = random.choice(sorted(content))
        content[name] = damaged(random, content[name])
        done.append(f"damaged {name}")
    return ("bees" if is_small else "bpd-contact"), content, done


def edit_one(random: Random, files: dict[str, str]) -> str:
    """Make one edit, and return what it was."""
    name = random.choice(sorted(files))
    if random.random() < 0.05:
        files.update(moved(random, name, files))
        return f"moved {name}"
    edit = random.choice(EDITS)
    files[name] = edit(random, files[name])
    return f"{edit.__name__} {name}"


# ---------------------------------------------------------------- edits of a text


def lines_deleted(random: Random, text: str) -> str:
    lines = text.split("\n")
    start = random.randrange(len(lines))
    return "\n".join(lines[:start] + lines[start + random.randint(1, 4) :])


def lines_repeated(random: Random, text: str) -> str:
    lines = text.split("\n")
    start = random.randrange(len(lines))
    piece = lines[start : start + random.randint(1, 6)]
    to = random.randrange(len(lines) + 1)
    return "\n".join(lines[:to] + piece * random.choice((1, 1, 2, 40)) + lines[to:])


def lines_swapped(random: Random, text: str) -> str:
    lines = text.split("\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def line_indented(random: Random, text: str) -> str:
    lines = text.split("\n")
    one = random.randrange(len(lines))
    lines[one] = " " * random.randint(1, 6) + lines[one] if random.random() < 0.6 else lines[one].lstrip()
    return "\n".join(lines)


def characters_deleted(random: Random, text: str) -> str:
    start = random.randrange(len(text) + 1)
    return text[:start] + text[start + random.choice((1, 1, 1, 2, 5, 30)) :]


def sign_put_in(random: Random, text: str) -> str:
    start = random.randrange(len(text) + 1)
    return text[:start] + random.choice(SIGNS) + text[start + random.randint(0, 2) :]


def letter_changed(random: Random, text: str) -> str:
    start = random.randrange(len(text) + 1)
    return text[:start] + random.choice(string.printable) + text[start + 1 :]


def value_changed(random: Random, text: str) -> str:
    """Put another value where a setting, an attribute or a number has one."""
    found = list(re.finditer(r'(?<=: )[^\n{\[]+|(?<==")[^"\n]*|\d+(?:\.\d+)?', text))
    if not found:
        return sign_put_in(random, text)
    one = random.choice(found)
    return text[: one.start()] + random.choice(VALUES) + text[one.end() :]


def word_misspelt(random: Random, text: str) -> str:
    found = list(re.finditer(r"[A-Za-z_-]{3,}", text))
    if not found:
        return letter_changed(random, text)
    one = random.choice(found)
    letters = list(one[0])
    random.shuffle(letters)
    return text[: one.start()] + "".join(letters) + text[one.end() :]


def attribute_added(random: Random, text: str) -> str:
    found = [each.start() for each in re.finditer(r"\}", text)]
    if not found:
        return sign_put_in(random, text)
    at = random.choice(found)
    return f"{text[:at]} {random.choice(ATTRIBUTES)}{text[at:]}"


def fence_moved(random: Random, text: str) -> str:
    lines = text.split("\n")
    fences = [index for index, line in enumerate(lines) if line.startswith(":::")]
    if not fences:
        return lines_swapped(random, text)
    line = lines.pop(random.choice(fences))
    lines.insert(random.randrange(len(lines) + 1), line)
    return "\n".join(lines)


def text_cut(random: Random, text: str) -> str:
    return text[: random.randrange(len(text) + 1)]


EDITS: tuple[Edit, ...] = (
    *(lines_deleted, lines_repeated, lines_swapped, line_indented, characters_deleted, sign_put_in, sign_put_in),
    *(letter_changed, value_changed, value_changed, word_misspelt, attribute_added, fence_moved, text_cut),
)

# ---------------------------------------------------------------- edits of files


def moved(random: Random, name: str, files: dict[str, str]) -> dict[str, str]:
    """Return files that take the place of others: one under another name, with another's text, or with both."""
    other = random.choice(sorted(files))
    match random.randrange(4):
        case 0:
            return {name: files[other]}
        case 1:
            return {name: files[name] + files[other]}
        case 2:
            return {
                str(Path(name).with_name(random.choice(("x.md", "a b.md", "É.yaml", "x.txt", ".x.md")))): files.pop(
                    name
                )
            }
        case _:
            return {name: random.choice(("", "\n", "---\n", "[]", "{}", "null", "# \n", "::: \n"))}


def damaged(random: Random, content: bytes) -> bytes:
    """Return the bytes of a file cut, in another encoding, or with one of them changed."""
    match random.randrange(4):
        case 0:
            return content[: random.randrange(len(content) + 1)]
        case 1:
            return content.decode("utf-8", "replace").encode("utf-16")
        case 2:
            return content.decode("utf-8", "replace").encode("latin-1", "replace")
        case _:
            at = random.randrange(len(content) + 1)
            return content[:at] + bytes([random.randrange(256)]) + content[at + 1 :]


def written(folder: Path, content: Mapping[str, bytes]) -> Iterator[Path]:
    """Write the files of a project, and yield their paths."""
    for name, each in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(each)
        yield path
