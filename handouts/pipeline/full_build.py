"""A build from content to files: load, plan, decide, render, move into place, and update the manifest.

`build_from_content` does all of it; `preview_build` stops before the first file (--dry-run). Inputs are hashed before
they are read, so that the next build notices a change in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from itertools import groupby
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.contacts import expiry_day
from handouts.finding import Finding, HandoutError, Location, error, is_error, sorted_findings
from handouts.formats import format_named
from handouts.library import Library
from handouts.load import load_library
from handouts.pipeline.copies import CombinedFile, plan_combined_files, redact_finding, write_combined_file
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.fingerprints import hash_file, hash_inputs, program_identity
from handouts.pipeline.incremental import Decision, decide_deliverables, put_finished_file, unmade_outcome
from handouts.pipeline.issued import issued_files, log_issued, read_issued
from handouts.pipeline.manifest import BuildRun, Manifest, ManifestEntry, entry_key, read_manifest, unfinished_files
from handouts.pipeline.options import Options, build_day, request_as_data, request_key
from handouts.pipeline.output import Journal, delete_files, lock_folder, prepare_output_folder, write_manifest
from handouts.pipeline.phrase_index import PhraseIndex
from handouts.pipeline.plan import compose_deliverables, copies_for_recipients, plan_pages
from handouts.pipeline.render import FilePlan, RenderBatch, RenderTask, SharedInput
from handouts.pipeline.report import BuildProgress, BuildReport, Outcome
from handouts.pipeline.site import index_deliverable, write_index
from handouts.pipeline.workers import Workers, open_workers, run_batches, start_processes
from handouts.render_cache import RenderCache
from handouts.text.fonts import require_fonts

MAX_RUNS = 50  # that the manifest remembers
_MAX_BATCH_SIZE = 8  # copies that are sent together: each batch carries its document
_BATCHES_FOR_EACH_WORKER = 8  # at least, so that all workers end at about the same time


class BuildPreview(Struct, frozen=True):
    """What a build would make and why, what each column of a table is read as (heading, field), and all findings."""

    decisions: tuple[Decision, ...]
    columns: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]


def preview_build(options: Options) -> BuildPreview:
    """Return what a build would make, without writing anything. HandoutError if content or options are wrong."""
    library = load_library(options.content, options.templates)
    deliverables, findings = compose_deliverables(library, options)
    plan_pages(deliverables, findings, options.output, RenderCache())
    deliverables, recipients = copies_for_recipients(library, deliverables, options)
    manifest = read_manifest(options.output)
    findings = sorted_findings((*library.findings, *findings, *recipients.findings, *manifest.findings))
    decisions = tuple(decide_deliverables(deliverables, manifest, options, program_identity()))
    return BuildPreview(decisions, recipients.columns, findings)


def build_from_content(
    options: Options, program: str, on_progress: Callable[[BuildProgress], None] | None = None
) -> BuildReport:
    """Build what `options` ask for; `program` is the hash of the program, `on_progress` is called after each file.

    HandoutError if content or options are wrong: then nothing was written.
    """
    if options.release:
        _check_release(options)
    inputs, tables = hash_inputs(options.content, options.templates), _hash_table(options)
    with ExitStack() as opened:
        planned = _plan_build(options, program, opened)
        require_fonts()
        prepare_output_folder(options.output)
        opened.enter_context(lock_folder(options.output))
        problems = delete_files(unfinished_files(options.output))
        manifest, journal = read_manifest(options.output), Journal(options.output)
        made = _make_files(planned, manifest, journal, options, program, on_progress)
        run = BuildRun(
            request=request_as_data(options),
            inputs=inputs,
            program=program,
            built_on=build_day(options),
            expiry_dates=_expiry_dates(planned.library),
            made={entry_key(each.label): each.sha256 for each in made},
            findings=planned.findings,
            table_hashes={path.as_posix(): hash_file(path) for path in planned.tables} | tables,
            complete=all(each.is_in_place for each in made),
        )
        remembered = _add_run(manifest, journal.entries, run, options)
        problems += write_manifest(options.output, remembered) if remembered.entries else ()
        if options.release and run.complete:
            problems += _log_release(planned, made, options)
    return BuildReport(made, sorted_findings((*planned.findings, *manifest.findings, *problems)))


class _PlannedBuild(Struct, frozen=True):
    """What a build makes: all files, the plans of those that are not fresh, and all that was found on the way.

    `workers` are processes that were started meanwhile, `cache` is what this process made for the plans, `tables` are
    the files that recipients were read from.
    """

    library: Library
    deliverables: tuple[Deliverable, ...]
    combined: tuple[CombinedFile, ...]
    index: Deliverable | None
    plans: Mapping[str, FilePlan]
    findings: tuple[Finding, ...]
    tables: tuple[Path, ...]
    workers: Workers | None
    cache: RenderCache


def _plan_build(options: Options, program: str, opened: ExitStack) -> _PlannedBuild:
    """Return what a build makes, without writing anything. HandoutError if content or options are wrong.

    Processes that are started are closed with `opened`.
    """
    library, cache = load_library(options.content, options.templates), RenderCache()
    composed, findings = compose_deliverables(library, options)
    needed, workers = composed, None
    if options.recipients is None:  # else these are not files themselves: copies are made of them
        decided = decide_deliverables(composed, read_manifest(options.output), options, program)
        needed = tuple(each.deliverable for each in decided if each.is_needed)
        if not any(map(is_error, findings)):  # processes get ready while this one plans the pages
            workers = start_processes(options, [each.renderer for each in needed])
    if workers is not None:
        opened.callback(workers.close)
    plans = plan_pages(needed, findings, options.output, cache)
    deliverables, recipients = copies_for_recipients(library, composed, options)
    return _PlannedBuild(
        library=library,
        deliverables=deliverables,
        combined=plan_combined_files(deliverables) if options.combined else (),
        index=index_deliverable(deliverables) if options.site else None,
        plans=plans,
        findings=sorted_findings((*library.findings, *findings, *recipients.findings)),
        tables=recipients.files,
        workers=workers,
        cache=cache,
    )


def _hash_table(options: Options) -> dict[str, str]:
    """Return the hash of the table of recipients by its path; nothing if there is none."""
    return {} if options.recipients is None else {options.recipients.as_posix(): hash_file(options.recipients)}


def _check_release(options: Options) -> None:
    """Raise HandoutError if a release would not be read back, or if the log of issued files cannot be read."""
    if not options.verify:
        message = "A release is read back before it is handed out."
        raise HandoutError(error("usage", message, Location("--no-verify"), "leave --no-verify or --release out"))
    read_issued(options.content)


def _make_files(
    planned: _PlannedBuild,
    manifest: Manifest,
    journal: Journal,
    options: Options,
    program: str,
    on_progress: Callable[[BuildProgress], None] | None,
) -> tuple[Outcome, ...]:
    """Make all files, and return their outcomes: of the deliverables in order, the combined files, and the index."""
    decisions = tuple(decide_deliverables(planned.deliverables, manifest, options, program))
    total = len(decisions) + len(planned.combined) + (planned.index is not None)
    outcomes: dict[int, Outcome] = {}

    def report(number: int, outcome: Outcome) -> None:
        outcomes[number] = outcome
        if on_progress is not None:
            on_progress(BuildProgress(len(outcomes), total, outcome))

    for number, outcome in _make_deliverables(planned, decisions, journal, options, program):
        report(number, outcome)
    done = tuple(outcomes[number] for number in range(len(decisions)))
    for number, each in enumerate(planned.combined, len(decisions)):
        parts = [done[part] for part in each.parts]
        report(number, write_combined_file(each.whole, parts, manifest, journal, options, program))
    if planned.index is not None:
        files = planned.deliverables
        index = write_index(planned.library, planned.index, files, done, manifest, journal, options, program)
        report(total - 1, index)
    return tuple(outcomes[number] for number in range(total))


def _make_deliverables(
    planned: _PlannedBuild, decisions: tuple[Decision, ...], journal: Journal, options: Options, program: str
) -> Iterator[tuple[int, Outcome]]:
    """Yield the number and the outcome of each deliverable, first of those that need not be made.

    Workers are opened for the others if none were started with the plans.
    """
    for number, decision in enumerate(decisions):
        if not decision.is_needed:
            yield number, unmade_outcome(decision, options.output)
    needed = {number: each.deliverable for number, each in enumerate(decisions) if each.is_needed}
    if not needed:
        return
    phrases = PhraseIndex(planned.library)
    workers = planned.workers or open_workers(options, len(needed), planned.cache)
    size = max(1, min(_MAX_BATCH_SIZE, len(needed) // (workers.size * _BATCHES_FOR_EACH_WORKER)))
    batches = make_batches(needed, options, size, program, planned.plans)
    try:
        with closing(run_batches(batches, workers)) as finished:
            for made in finished:
                decision = decisions[made.number]
                recipient = decision.deliverable.recipient
                findings = (*made.findings, *phrases.find_leaks(made.unshared_phrases, decision.deliverable))
                if recipient is not None:
                    findings = tuple(redact_finding(found, recipient) for found in findings)
                checked = replace(made, findings=findings)
                yield made.number, put_finished_file(decision, checked, journal, verified=options.verify)
    finally:
        delete_files(unfinished_files(options.output))  # of workers that were terminated


def make_batches(
    needed: Mapping[int, Deliverable],
    options: Options,
    size: int,
    program: str,
    plans: Mapping[str, FilePlan],
) -> Iterator[RenderBatch]:
    """Yield the batches of the deliverables, given by number: each of at most `size` neighbours with the same document.

    Files in `plans` are not planned again.
    """
    for _, together in groupby(
        _ordered(needed), key=lambda item: (id(item[1].source), id(item[1].theme), item[1].sheet)
    ):
        group = tuple(together)
        first = group[0][1]
        document = first.document
        shared = SharedInput(document, document.words, first.theme, first.sheet)
        tasks = tuple(
            RenderTask(
                number,
                each.file,
                each.renderer,
                each.fillable,
                options.verify,
                each.recipient,
                plans.get(each.file),
            )
            for number, each in group
        )
        for start in range(0, len(tasks), size):
            output = None if options.cluster else options.output
            yield RenderBatch(shared, tasks[start : start + size], output, program)


def _ordered(needed: Mapping[int, Deliverable]) -> tuple[tuple[int, Deliverable], ...]:
    """Return the deliverables in the order in which they are made.

    Decks come before other files, as they take longest: so all workers end at about the same time. But the very first
    is another file, so that there is something to look at soon.
    """
    decks = [each for each in needed.items() if format_named(each[1].renderer).shows == "deck"]
    others = [each for each in needed.items() if format_named(each[1].renderer).shows != "deck"]
    return (*others[:1], *decks, *others[1:])


def _log_release(planned: _PlannedBuild, made: Iterable[Outcome], options: Options) -> tuple[Finding, ...]:
    """Append the files of a release to the log of issued files; return the findings if that fails."""
    whole = (*planned.deliverables, *(each.whole for each in planned.combined))
    issued = issued_files(planned.library, zip(whole, made, strict=False), build_day(options))  # the index has no entry
    return log_issued(options.content, issued)


def _expiry_dates(library: Library) -> tuple[str, ...]:
    """Return the days on which pages or findings change without an edit: a contact expires, or a review is due."""
    days = {expiry_day(entry) for entries in library.contacts.values() for entry in entries if entry.confirmed_on}
    days |= {topic.next_review for topic in library.topics.values() if topic.next_review}
    return tuple(sorted(days))


def _add_run(manifest: Manifest, entries: Mapping[str, ManifestEntry], run: BuildRun, options: Options) -> Manifest:
    """Return the manifest with the new entries and this run, and with no more runs than are remembered."""
    key = request_key(options)
    others = {name: each for name, each in manifest.runs.items() if name != key}
    runs = dict([*others.items(), (key, run)][-MAX_RUNS:])
    return replace(manifest, entries={**manifest.entries, **entries}, runs=runs, findings=())
