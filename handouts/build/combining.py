"""Finished copies in, one file with all of them to print out; made again only if one of them changed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from handouts.build.deciding import Decision, failed, left_alone, reason_for, reason_for_new
from handouts.build.deliverables import Deliverable
from handouts.build.options import Options
from handouts.build.rendering import Result
from handouts.build.writing import Journal, Made, deliver
from handouts.document.nodes import Rendered
from handouts.finding import Finding, Location, error
from handouts.manifest.entries import Manifest, Prints, key_of
from handouts.manifest.hashing import hash_text, program_identity


def combine(whole: Deliverable, parts: Sequence[Made], manifest: Manifest, journal: Journal, options: Options) -> Made:
    """Return what became of the file of all copies; one that is missing, or somebody's own, is not passed over."""
    path = options.output / whole.file
    prints = Prints(hash_text(" ".join(each.sha256 for each in parts)), "", "", program_identity())
    entry = manifest.entries.get(key_of(whole.label))
    reason = reason_for(prints, entry, path, options) if entry else reason_for_new(path, manifest, options)
    decision = Decision(whole, prints, reason, entry)
    missing = sum(not each.written for each in parts)
    if missing:
        return failed(decision, options.output, incomplete(path, missing))
    if not decision.made:
        return left_alone(decision, options.output)
    return deliver(decision, joined(parts), journal, verified=True)


def incomplete(path: Path, missing: int) -> Finding:
    """Return the finding for a file in which copies would be missing."""
    message = f"{missing} cop{'y is' if missing == 1 else 'ies are'} missing: not all of them can be in one file."
    return error("incomplete", message, Location(path.as_posix()), "mend what is said of those rows, and run it again")


def joined(parts: Sequence[Made]) -> Result:
    """Return all copies in one file; each is read from where it was put."""
    from handouts.pdf.merged_files import merge_for_print

    start = time.perf_counter()
    content, pages = merge_for_print(each.path.read_bytes() for each in parts)
    return Result(Rendered(content, pages), time.perf_counter() - start)
