"""Open a folder in the file manager of this machine, such as the Explorer of Windows, without a shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Thread

_SOON = 2.0  # seconds within which the program fails if there is no file manager
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


def open_folder(folder: Path) -> bool:
    """Open a folder, and return whether that worked."""
    if sys.platform == "win32":
        try:
            os.startfile(folder, "explore")  # noqa: S606  (the verb explore opens folders only, never a program of that name)
        except OSError:
            return False
        return True
    command = file_manager(sys.platform, os.environ)
    return bool(command) and start_program((*command, os.fspath(folder)))


def file_manager(platform: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the command that opens a folder, to which its path is added; () if there is no command or no screen."""
    if platform == "darwin":
        return ("open", "-a", "Finder")
    found = shutil.which("xdg-open", path=environment.get("PATH"))
    has_screen = any(environment.get(each) for each in _SCREENS)
    return (found,) if found and has_screen else ()


def start_program(command: Sequence[str]) -> bool:
    """Start a program, and return whether it has succeeded, or is still running after a short time."""
    nowhere = subprocess.DEVNULL
    try:
        process = subprocess.Popen(  # noqa: S603
            command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
        )
        return process.wait(_SOON) == 0
    except subprocess.TimeoutExpired:
        Thread(target=process.wait, daemon=True).start()  # so that it does not stay as a zombie
        return True
    except OSError:
        return False
