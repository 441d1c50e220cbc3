"""Convert findings into formats for other programs: commands of a GitHub workflow, and SARIF 2.1.0.

The words of a finding may come from untrusted content, so they are escaped: they can neither end a line nor begin a
command. Must never print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from handouts.explain import Explanation, explanations
from handouts.finding import NOWHERE, Finding, Location, sorted_findings
from handouts.version import VERSION

FINDING_FORMATS = ("text", "json", "github", "sarif")
USAGE_CODE = "usage"  # the code of findings about options, which are in no file


def github_lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a GitHub workflow command for each finding, which makes GitHub show it beside its line.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    for found in sorted_findings(findings):
        at = _place_of(found)
        place = {"file": at.file, "line": at.line, "col": at.column if at.line else 0, "title": found.code}
        said = ",".join(f"{name}={_escape_property(str(value))}" for name, value in place.items() if value)
        yield f"::{found.severity} {said}::{_escape_data(_message_of(found))}"


def _escape_data(text: str) -> str:
    """Return a text escaped as the data of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    """Return a text escaped as the value of a property of a workflow command."""
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


def _place_of(found: Finding) -> Location:
    """Return the location of a finding in a file; NOWHERE if it is about an option."""
    return NOWHERE if found.code == USAGE_CODE else found.at


def _message_of(found: Finding) -> str:
    """Return the message and hint of a finding, with its location if that is not a file."""
    where = f"{found.at}: " if found.code == USAGE_CODE and found.at.file else ""
    return f"{where}{found.message}" + (f"\nhelp: {found.hint}" if found.hint else "")


def sarif_log(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return findings as a SARIF 2.1.0 log, in which the explanation of each code is its rule."""
    gathered = sorted_findings(findings)
    known = explanations()
    codes = sorted({found.code for found in gathered})
    driver = {"name": "handouts", "version": VERSION, "rules": [_sarif_rule(code, known) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(found, codes) for found in gathered],
    }
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _sarif_rule(code: str, known: Mapping[str, Explanation]) -> dict[str, Any]:
    """Return the explanation of a code as a SARIF rule."""
    if code not in known:
        return {"id": code}
    entry = known[code]
    texts = {"shortDescription": entry.what, "fullDescription": entry.why, "help": entry.mend}
    level = "warning" if entry.severity == "warning" else "error"
    said = {name: {"text": text} for name, text in texts.items() if text}
    return {"id": code, **said, "defaultConfiguration": {"level": level}}


def _sarif_result(found: Finding, codes: Sequence[str]) -> dict[str, Any]:
    """Return a finding as a SARIF result."""
    at = _place_of(found)
    result = {
        "ruleId": found.code,
        "ruleIndex": codes.index(found.code),
        "level": str(found.severity),
        "message": {"text": _message_of(found).replace("](", "] (")},  # "](" would make it a link (SARIF 3.11.6)
    }
    if not at.file:
        return result
    region = {"startLine": at.line, **({"startColumn": at.column} if at.column else {})}
    physical = {"artifactLocation": {"uri": _uri_of(at.file)}, **({"region": region} if at.line else {})}
    return {**result, "locations": [{"physicalLocation": physical}]}


def _uri_of(file: str) -> str:
    """Return the name of a file as a URI; a relative name gives a URI relative to the current folder."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(file)
