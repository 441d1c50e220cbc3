"""What a hostile writer would put into content, the places for it, and what must be true of whatever comes of it."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import sysconfig
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import yaml
from audit_hook import recorded_events
from command_bench import BUILD, Bench, CommandResult

SECRET = "zq7-a-secret-of-the-machine"
WEB = "http://169.254.169.254/latest/meta-data"
SECONDS = 20  # of processor time that one build may take
PACKAGE = Path(__file__).parents[1] / "handouts"
# Where Python, its libraries and the fonts are.
PYTHON = tuple({Path(path).resolve() for path in (*sysconfig.get_paths().values(), sys.prefix, sys.base_prefix)})
OPENING = ("open", "os.listdir", "os.scandir")
RUNNING = (
    *("os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "pty.spawn"),
    *("subprocess.Popen", "ctypes.dlopen", "webbrowser.open", "pickle.find_class", "shutil.rmtree"),
)
ADDRESS = re.compile(rb"/URI\s*\((?!https://|mailto:|tel:)")
ACTIVE = (b"/JavaScript", b"/Launch", b"/SubmitForm", b"/ImportData", b"/GoToR", b"/EmbeddedFile", b"/RichMedia")


def payloads(secret: Path) -> dict[str, str]:
    """Return what is put into every field, by name; some name a file that holds `SECRET`."""
    return {
        "path": str(secret),
        "up": "../" * 12 + str(secret).lstrip("/"),
        "address of a file": f"file://{secret}",
        "share": "\\\\host\\share\\x",
        "web": WEB,
        "expression": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "include": f"{{% include '{secret}' %}}",
        "environment": "{{ self.__init__.__globals__.__builtins__.open('" + str(secret) + "').read() }}",
        "format": "{0.__class__.__init__.__globals__} %(x)s %n ${PATH} $(id) `id`",
        "tag": f"!!python/object/apply:os.system ['cat {secret}']",
        "markup": f"<img src='{secret}'/><script>alert(1)</script>",
        "entity": f"<!DOCTYPE x [<!ENTITY xxe SYSTEM 'file://{secret}'>]>&xxe;",
        "formula": "=cmd|'/c calc'!A0",
        "sum": "@SUM(1+9)*cmd|' /C calc'!A0",
        "PDF": ") /S /JavaScript /JS (app.alert(1)) >> endobj (",
        "link": f"[a](file://{secret}) ![b]({WEB})",
        "fence": '::: {.picture file="/etc/passwd"}\n:::',
        "repeat": "A" * 4_000,
        "many": "a " * 20_000,
        "arithmetic": "{{ 'x' * 999999999 }} {{ 9 ** 9 ** 9 }}",
    }


# ---------------------------------------------------------------- where


@dataclass(frozen=True)
class Field:
    """A text in a settings file: the keys that lead to it, and where it begins and ends."""

    keys: tuple[str, ...]
    start: int
    end: int


def fields_of(text: str) -> list[Field]:
    """Return every text of a settings file, and every name that somebody chose."""
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    return list(fields_in(root, ())) if root else []


def fields_in(node: yaml.Node, keys: tuple[str, ...]) -> Iterator[Field]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield Field((*keys, "(key)"), key.start_mark.index, key.end_mark.index)
            yield from fields_in(value, (*keys, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from fields_in(each, (*keys, "[]"))
    else:
        yield Field(keys, node.start_mark.index, node.end_mark.index)


def with_payload(text: str, field: Field, payload: str) -> str:
    """Return a settings file with a payload in one of its fields, in quotes that take anything."""
    return f"{text[: field.start]}{json.dumps(payload)}{text[field.end :]}"


# ---------------------------------------------------------------- what comes of it


def run_watched(bench: Bench, *words: str) -> CommandResult:
    """Build, and check that nothing was read, run or fetched that content may not, and what the files hold.

    It may end with findings, or with files in which the payload is text, and does not take long.
    """
    allowed = (bench.root.resolve(), PACKAGE.resolve(), *PYTHON, Path(os.devnull))

    def is_forbidden(event: str, values: tuple[object, ...]) -> bool:
        if event == "os.listdir" and is_importing():
            return False  # Python looks for a module where modules are
        if event in OPENING and isinstance(values[0], str | bytes | os.PathLike):
            path = Path(os.fsdecode(values[0]))
            where = (path if path.is_absolute() else bench.root / path).resolve()
            return not any(where.is_relative_to(home) for home in allowed)
        if event == "compile":
            # A template is compiled; content never is.
            return isinstance(values[1], str) and values[1].startswith(("content/", "<string>")) and not is_importing()
        if event == "marshal.loads":
            return not is_importing()
        return event in RUNNING or event.startswith("socket.")

    start = time.process_time()
    with recorded_events(is_forbidden) as caught:
        ran = bench.run(*(words or BUILD))
    assert time.process_time() - start < SECONDS
    assert not caught, caught
    assert ran.code in (0, 1, 2), ran.err
    assert (ran.code == 0) or ran.diagnostics, ran.err
    assert SECRET not in ran.out + ran.err
    for name, content in bench.files().items():
        check_file(name, content)
    return ran


def is_importing() -> bool:
    """True if Python is reading a module of its own or of a library: what is not needed is imported late."""
    frame = sys._getframe()
    while frame is not None and not frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back  # type: ignore[assignment]
    return frame is not None


def check_file(name: str, content: bytes) -> None:
    """Check that a file says nothing secret, runs nothing, and leads nowhere but to addresses that are allowed."""
    assert SECRET.encode() not in content
    if name.endswith(".pdf"):
        with pypdfium2.PdfDocument(content) as document:
            shown = "".join(page.get_textpage().get_text_range() for page in document)
        assert SECRET not in shown
        objects = re.sub(rb"stream\r?\n.*?endstream", b"", content, flags=re.DOTALL)
        without_strings = re.sub(rb"\((?:\\.|[^\\()])*\)", b"()", objects, flags=re.DOTALL)
        assert not [each for each in ACTIVE if each in without_strings]
        assert not ADDRESS.search(objects)
    else:
        check_package(content)


def check_package(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            member = package.read(name)
            assert SECRET.encode() not in member, name
            assert not name.startswith("/")
            assert ".." not in name
            if name.endswith(".xlsx"):
                check_package(member)
            if "worksheets/" in name:
                assert b"<f>" not in member
                assert b"<hyperlink" not in member
            if name.endswith(".rels"):
                targets = re.findall(rb'Target="([^"]*)"[^>]*TargetMode="External"', member)
                assert all(each.startswith((b"https://", b"mailto:", b"tel:")) for each in targets), targets
            assert b"<!DOCTYPE" not in member or not name.endswith(".xml")
