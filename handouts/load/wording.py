"""A file of wording rules to `WordingRule`s: phrases that harm, and what to write instead, for one language.

Takes nodes of a settings file and gathers findings. How phrases are looked for is for the checks.
"""

from __future__ import annotations

from collections.abc import Collection

from handouts.finding import Finding, Severity
from handouts.library import WORDING_CODES, WordingRule
from handouts.load.reading import check_name, open_fields
from handouts.load.settings import Node

SEVERITIES = tuple(str(each) for each in Severity)


def read_wording(node: Node | None, audiences: Collection[str], findings: list[Finding]) -> tuple[WordingRule, ...]:
    """Return the rules of one language in the order in which they are written."""
    rules = []
    for key, value in open_fields(node, findings, optional=None).each():
        check_name(key, "a rule", findings)
        reading = open_fields(value, findings, ("code", "severity", "find", "say", "why"), ("unless", "for"))
        readers = reading.names("for", audiences, "unknown-audience", "audience")
        family = reading.choice("code", WORDING_CODES, "unknown-value", "family of wording rules", WORDING_CODES[0])
        rules.append(
            WordingRule(
                name=key.text,
                code=family,
                severity=Severity(reading.choice("severity", SEVERITIES, "unknown-value", "severity", "error")),
                phrases=reading.words("find"),
                unless=reading.words("unless"),
                audiences=readers or tuple(audiences),
                say=reading.needed("say"),
                why=reading.needed("why"),
            )
        )
    return tuple(rules)
