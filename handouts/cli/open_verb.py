"""The verbs `open` and `preview`: serve a project to a browser on this machine until the server is stopped.

Takes options; prints the address, opens the browser, and returns the exit code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handouts.cli.arguments import project_of, today
from handouts.cli.terminal import print_lines
from handouts.finding import Finding, Location, raise_errors, unknown_name_error

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

_SUCCESS = 0


def run_open(options: argparse.Namespace) -> int:
    """Serve the project until the page or Ctrl-C stops it, and return the exit code."""
    import webbrowser

    from handouts.editor.running import serve
    from handouts.editor.session import Session

    project = project_of(options)
    raise_errors(_check_topic(options.topic, project.content))
    session = Session(
        project, lambda: options.today or today(), editable=options.verb == "open" and not options.example
    )

    def show(address: str, running: bool) -> None:
        print_lines("this project is open already:" if running else "open this page in your browser:", f"  {address}")
        if not running:
            print_lines("to end: press Ctrl-C here, or “Close the program” on the page")
        if options.browser and not webbrowser.open(address):
            print_lines("no browser was found: copy the address into one on this computer")

    serve(session, options.port, show)
    return _SUCCESS


def _check_topic(name: str | None, content: Path) -> Iterator[Finding]:
    """Yield an error if there is no topic of this name."""
    from handouts.load.files import exists_exactly, list_folders
    from handouts.load.topics import TOPIC_FILE

    there = [each.name for each in list_folders(content) if exists_exactly(each / TOPIC_FILE)]
    if name and name not in there:
        yield unknown_name_error("usage", "topic", name, there, Location("topic"))
