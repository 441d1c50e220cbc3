"""Arguments of a command line as names, days, numbers and paths; argparse reports what is none of these."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path

JOBS = "HANDOUTS_JOBS"
LONGEST_CODE = 3


def some(text: str) -> str:
    """Return `text`, which names at least one thing. argparse reports what is empty, as a variable that is not set."""
    if not names_in([text]):
        raise argparse.ArgumentTypeError(f"'{text}' names nothing: write a name, or leave it out")
    return text


def one(text: str) -> str:
    """Return `text`, which names one thing. argparse reports what does not."""
    if len(names_in([text])) != 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not one name: write each name by itself")
    return text


def place(text: str) -> Path:
    """Return the file or folder that `text` names. argparse reports what is empty, as a variable that is not set."""
    if not text.strip():
        raise argparse.ArgumentTypeError(f"'{text}' is no name of a file or folder")
    return Path(text)


def day(text: str) -> date:
    """Return the day that `text` names. argparse reports what is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day: write YYYY-MM-DD") from None


def processes(text: str) -> int:
    """Return how many processes `text` asks for. argparse reports what is no such number."""
    if not text.isascii() or not text.isdigit() or not int(text[:9]):
        message = f"'{text}' is no number of processes: write 1, 2 or more, here or in the variable {JOBS}"
        raise argparse.ArgumentTypeError(message)
    return int(text[:9])


def as_code(country: str) -> str:
    """Return a code of a country in capital letters; a longer name stays as it was typed."""
    return country.upper() if len(country) <= LONGEST_CODE else country


def names_in(values: Iterable[str]) -> tuple[str, ...]:
    """Return the names in repeated options and comma lists, in order."""
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())
