"""Options in, files out: which deliverables there are, what they are made of, and putting each in its place whole.

All mistakes in options, content and templates are found before the first file is written, and so is what has no room
on a page or a slide: until they are mended, nothing is. What shows only when a file is drawn, read back or written
costs that file. The only room that writes. Never asks what day it is: today is an option. Its public names are
loaded when they are first asked for, so that a build that has nothing to do ends at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handouts.build.building import build_all
    from handouts.build.checks import CheckReport, check_all
    from handouts.build.comparing import compare_readers
    from handouts.build.deliverables import Deliverable
    from handouts.build.options import Options, find_project
    from handouts.build.planning import plan_deliverables
    from handouts.build.reports import Progress, Report
    from handouts.build.writing import Made, write_whole

__all__ = [
    "CheckReport",
    "Deliverable",
    "Made",
    "Options",
    "Progress",
    "Report",
    "build_all",
    "check_all",
    "compare_readers",
    "find_project",
    "plan_deliverables",
    "write_whole",
]

HOMES = {
    "CheckReport": "checks",
    "Deliverable": "deliverables",
    "Made": "writing",
    "Options": "options",
    "Progress": "reports",
    "Report": "reports",
    "build_all": "building",
    "check_all": "checks",
    "compare_readers": "comparing",
    "find_project": "options",
    "plan_deliverables": "planning",
    "write_whole": "writing",
}


def __getattr__(name: str) -> Any:
    """Return a public name from the module where it lives, loaded when it is first asked for."""
    if name not in HOMES:
        raise AttributeError(f"module 'handouts.build' has no attribute '{name}'")
    return getattr(import_module(f"handouts.build.{HOMES[name]}"), name)
