"""Projects with a few random edits; the same number gives the same edits.

Most are edits of the small project, which has a section for each page of the gallery, and so every kind of block.
The others are edits of the real project.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from random import Random

from conftest import FILES, without_audiences
from paths import ROOT

SMALL_SHARE = 0.85
MAX_EDITS = 4
# Syntax of the file formats, look-alikes of it, and characters that cannot be printed.
SYNTAX_TOKENS = (
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
def small_project_files() -> Mapping[str, str]:
    """Return the texts of the small project by file name, with every kind of block."""
    shared = (read_texts("templates") | read_texts("content/contacts")).items()
    files = dict(FILES) | {name: without_audiences(text) for name, text in shared} | read_texts("content/kinds.yaml")
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
def real_project_files() -> Mapping[str, str]:
    """Return the texts of the real project by file name."""
    return read_texts("content") | read_texts("templates")


def read_texts(name: str) -> dict[str, str]:
    """Return the texts of a folder or file of the real project, by file name."""
    base = ROOT / name
    paths = [base] if base.is_file() else sorted(path for path in base.rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def edited_project(number: int) -> tuple[str, dict[str, bytes], list[str]]:
    """Return the topic, the edited files and the descriptions of the edits of the project with this number."""
    rng = Random(number)
    is_small = rng.random() < SMALL_SHARE
    files = dict(small_project_files() if is_small else real_project_files())
    edits = [apply_random_edit(rng, files) for _ in range(rng.randint(1, MAX_EDITS))]
    content = {name: text.encode("utf-8", "surrogatepass") for name, text in files.items()}
    if rng.random() < 0.1:
        name = rng.choice(sorted(content))
        content[name] = damaged_bytes(rng, content[name])
        edits.append(f"damaged {name}")
    return ("bees" if is_small else "bpd-contact"), content, edits


def apply_random_edit(rng: Random, files: dict[str, str]) -> str:
    """Apply one random edit to `files`, and return its description."""
    name = rng.choice(sorted(files))
    if rng.random() < 0.05:
        files.update(replacement_files(rng, name, files))
        return f"moved {name}"
    edit = rng.choice(EDITS)
    files[name] = edit(rng, files[name])
    return f"{edit.__name__} {name}"


# ---------------------------------------------------------------- edits of a text


def delete_lines(rng: Random, text: str) -> str:
    lines = text.split("\n")
    start = rng.randrange(len(lines))
    return "\n".join(lines[:start] + lines[start + rng.randint(1, 4) :])


def repeat_lines(rng: Random, text: str) -> str:
    lines = text.split("\n")
    start = rng.randrange(len(lines))
    piece = lines[start : start + rng.randint(1, 6)]
    target = rng.randrange(len(lines) + 1)
    return "\n".join(lines[:target] + piece * rng.choice((1, 1, 2, 40)) + lines[target:])


def swap_lines(rng: Random, text: str) -> str:
    lines = text.split("\n")
    index, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[index], lines[other] = lines[other], lines[index]
    return "\n".join(lines)


def indent_line(rng: Random, text: str) -> str:
    lines = text.split("\n")
    index = rng.randrange(len(lines))
    lines[index] = " " * rng.randint(1, 6) + lines[index] if rng.random() < 0.6 else lines[index].lstrip()
    return "\n".join(lines)


def delete_characters(rng: Random, text: str) -> str:
    start = rng.randrange(len(text) + 1)
    return text[:start] + text[start + rng.choice((1, 1, 1, 2, 5, 30)) :]


def insert_token(rng: Random, text: str) -> str:
    start = rng.randrange(len(text) + 1)
    return text[:start] + rng.choice(SYNTAX_TOKENS) + text[start + rng.randint(0, 2) :]


def replace_character(rng: Random, text: str) -> str:
    start = rng.randrange(len(text) + 1)
    return text[:start] + rng.choice(string.printable) + text[start + 1 :]


def replace_value(rng: Random, text: str) -> str:
    """Return `text` with the value of a setting, an attribute or a number replaced."""
    found = list(re.finditer(r'(?<=: )[^\n{\[]+|(?<==")[^"\n]*|\d+(?:\.\d+)?', text))
    if not found:
        return insert_token(rng, text)
    match = rng.choice(found)
    return text[: match.start()] + rng.choice(VALUES) + text[match.end() :]


def shuffle_letters(rng: Random, text: str) -> str:
    found = list(re.finditer(r"[A-Za-z_-]{3,}", text))
    if not found:
        return replace_character(rng, text)
    match = rng.choice(found)
    letters = list(match[0])
    rng.shuffle(letters)
    return text[: match.start()] + "".join(letters) + text[match.end() :]


def add_attribute(rng: Random, text: str) -> str:
    found = [each.start() for each in re.finditer(r"\}", text)]
    if not found:
        return insert_token(rng, text)
    at = rng.choice(found)
    return f"{text[:at]} {rng.choice(ATTRIBUTES)}{text[at:]}"


def move_fence(rng: Random, text: str) -> str:
    lines = text.split("\n")
    fences = [index for index, line in enumerate(lines) if line.startswith(":::")]
    if not fences:
        return swap_lines(rng, text)
    line = lines.pop(rng.choice(fences))
    lines.insert(rng.randrange(len(lines) + 1), line)
    return "\n".join(lines)


def truncate_text(rng: Random, text: str) -> str:
    return text[: rng.randrange(len(text) + 1)]


EDITS: tuple[Edit, ...] = (
    *(delete_lines, repeat_lines, swap_lines, indent_line, delete_characters, insert_token, insert_token),
    *(replace_character, replace_value, replace_value, shuffle_letters, add_attribute, move_fence, truncate_text),
)

# ---------------------------------------------------------------- edits of files


def replacement_files(rng: Random, name: str, files: dict[str, str]) -> dict[str, str]:
    """Return files that replace others: renamed, overwritten with another text, joined with it, or emptied."""
    other = rng.choice(sorted(files))
    match rng.randrange(4):
        case 0:
            return {name: files[other]}
        case 1:
            return {name: files[name] + files[other]}
        case 2:
            return {
                str(Path(name).with_name(rng.choice(("x.md", "a b.md", "É.yaml", "x.txt", ".x.md")))): files.pop(name)
            }
        case _:
            return {name: rng.choice(("", "\n", "---\n", "[]", "{}", "null", "# \n", "::: \n"))}


def damaged_bytes(rng: Random, content: bytes) -> bytes:
    """Return the bytes of a file truncated, in another encoding, or with one byte changed."""
    match rng.randrange(4):
        case 0:
            return content[: rng.randrange(len(content) + 1)]
        case 1:
            return content.decode("utf-8", "replace").encode("utf-16")
        case 2:
            return content.decode("utf-8", "replace").encode("latin-1", "replace")
        case _:
            at = rng.randrange(len(content) + 1)
            return content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]


def write_files(folder: Path, content: Mapping[str, bytes]) -> list[Path]:
    """Write the files of a project, and return their paths."""
    for name, each in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(each)
    return [folder / name for name in content]
