"""Where a link may lead: to an https, mailto or tel address, and nowhere else. Never opens one."""

from __future__ import annotations

import re

from handouts.finding import Finding, Location, error, warning

ADDRESS = re.compile(r"(?:https://|mailto:|tel:)[^\s<>\"]+", re.IGNORECASE)
INSECURE = "http://"


def is_address(target: str) -> bool:
    """True if `target` is an https, mailto or tel address without spaces."""
    return ADDRESS.fullmatch(target) is not None


def check_target(target: str, at: Location, findings: list[Finding]) -> str:
    """Return `target`, with a finding unless it is an address that is allowed; http becomes https."""
    if target.lower().startswith(INSECURE):
        findings.append(warning("insecure-link", "An http address; https is printed.", at, "write https, and try it"))
        return f"https://{target[len(INSECURE) :]}"
    if "\ue000" in target:
        hint = "write the address itself"
        findings.append(error("part-in-attribute", "A part of a section stands in an address.", at, hint))
    elif not is_address(target):
        hint = "write an address that begins with https://, mailto: or tel:"
        findings.append(error("link-target", f"'{target}' is no address that is allowed here.", at, hint))
    return target
