"""Open a folder in the file manager of this machine, such as the Explorer of Windows. No shell reads its name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Thread

_SOON = 2.0  # seconds in which a program ends that has found no file manager
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


def open_folder(folder: Path) -> bool:
    """Open a folder, and return True; False if there is no file manager, or if that refuses."""
    if sys.platform == "win32":
        try:
            os.startfile(folder, "explore")  # noqa: S606  (it opens folders alone, no program called alike)
        except OSError:
            return False
        return True
    command = file_manager(sys.platform, os.environ)
    return bool(command) and start_program((*command, os.fspath(folder)))


def file_manager(platform: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the command, but for the folder, that opens one in a window; () where there is none, or no screen."""
    if platform == "darwin":
        return ("open", "-a", "Finder")
    found = shutil.which("xdg-open", path=environment.get("PATH"))
    has_screen = any(environment.get(each) for each in _SCREENS)
    return (found,) if found and has_screen else ()


def start_program(command: Sequence[str]) -> bool:
    """Start a program, and return whether it has ended well, or still runs after a while."""
    nowhere = subprocess.DEVNULL
    try:
        process = subprocess.Popen(  # noqa: S603
            command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
        )
        return process.wait(_SOON) == 0
    except subprocess.TimeoutExpired:
        Thread(target=process.wait, daemon=True).start()  # so that the system forgets it when it ends
        return True
    except OSError:
        return False
