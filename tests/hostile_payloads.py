"""Hostile payloads for content, the fields to put them into, and checks of the resulting build."""

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
from paths import ROOT

SECRET = "zq7-a-secret-of-the-machine"
WEB = "http://169.254.169.254/latest/meta-data"
MAX_SECONDS = 20  # of processor time for one build
PACKAGE = ROOT / "handouts"
# The folders of Python, its libraries and the fonts.
PYTHON_FOLDERS = tuple(
    {Path(path).resolve() for path in (*sysconfig.get_paths().values(), sys.prefix, sys.base_prefix)}
)
OPEN_EVENTS = ("open", "os.listdir", "os.scandir")
FORBIDDEN_EVENTS = (
    *("os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "pty.spawn"),
    *("subprocess.Popen", "ctypes.dlopen", "webbrowser.open", "pickle.find_class", "shutil.rmtree"),
)
FORBIDDEN_URI = re.compile(rb"/URI\s*\((?!https://|mailto:|tel:)")
ACTIVE_KEYS = (b"/JavaScript", b"/Launch", b"/SubmitForm", b"/ImportData", b"/GoToR", b"/EmbeddedFile", b"/RichMedia")


def payloads(secret: Path) -> dict[str, str]:
    """Return the payloads by name; some refer to the file `secret`, which contains `SECRET`."""
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


# ---------------------------------------------------------------- fields


@dataclass(frozen=True)
class Field:
    """A scalar or key in a settings file: its path of keys, and its start and end."""

    keys: tuple[str, ...]
    start: int
    end: int


def fields_of(text: str) -> list[Field]:
    """Return all scalars and keys of a settings file."""
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
    """Return a settings file with a payload in place of one field, quoted as JSON."""
    return f"{text[: field.start]}{json.dumps(payload)}{text[field.end :]}"


# ---------------------------------------------------------------- checks of a build


def run_watched(bench: Bench, *words: str) -> CommandResult:
    """Build, and check that content caused no forbidden file access, process or connection, and no active output.

    The build may end with findings, or with files in which the payload is plain text, within the time limit.
    """
    allowed = (bench.root.resolve(), PACKAGE.resolve(), *PYTHON_FOLDERS, Path(os.devnull))

    def is_forbidden(event: str, arguments: tuple[object, ...]) -> bool:
        if event == "os.listdir" and is_importing():
            return False  # the import system lists folders
        if event in OPEN_EVENTS and isinstance(arguments[0], str | bytes | os.PathLike):
            path = Path(os.fsdecode(arguments[0]))
            target = (path if path.is_absolute() else bench.root / path).resolve()
            return not any(target.is_relative_to(folder) for folder in allowed)
        if event == "compile":
            # Templates are compiled, content never.
            return (
                isinstance(arguments[1], str)
                and arguments[1].startswith(("content/", "<string>"))
                and not is_importing()
            )
        if event == "marshal.loads":
            return not is_importing()
        return event in FORBIDDEN_EVENTS or event.startswith("socket.")

    start = time.process_time()
    with recorded_events(is_forbidden) as events:
        result = bench.run(*(words or BUILD))
    assert time.process_time() - start < MAX_SECONDS
    assert not events, events
    assert result.code in (0, 1, 2), result.err
    assert (result.code == 0) or result.diagnostics, result.err
    assert SECRET not in result.out + result.err
    for name, content in bench.files().items():
        check_file(name, content)
    return result


def is_importing() -> bool:
    """True during an import: modules of the library are imported lazily."""
    frame = sys._getframe()
    while frame is not None and not frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back  # type: ignore[assignment]
    return frame is not None


def check_file(name: str, content: bytes) -> None:
    """Check that a file has no secret, no active content, and only links with allowed schemes."""
    assert SECRET.encode() not in content
    if name.endswith(".pdf"):
        with pypdfium2.PdfDocument(content) as document:
            text = "".join(page.get_textpage().get_text_range() for page in document)
        assert SECRET not in text
        objects = re.sub(rb"stream\r?\n.*?endstream", b"", content, flags=re.DOTALL)
        without_strings = re.sub(rb"\((?:\\.|[^\\()])*\)", b"()", objects, flags=re.DOTALL)
        assert not [each for each in ACTIVE_KEYS if each in without_strings]
        assert not FORBIDDEN_URI.search(objects)
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
