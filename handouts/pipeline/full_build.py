"""A build from content to files: load, plan, decide, render, write, and update the manifest.

`build_from_content` does it; `preview_build` stops before the first file (--dry-run). Inputs are hashed before
they are read, so that a change in between makes the next build look again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing

from msgspec import Struct
from msgspec.structs import replace

from handouts.cache import PersistentCache
from handouts.compose.country_contacts import expiry_day
from handouts.finding import Finding, sorted_findings
from handouts.library import Library
from handouts.load import load_library
from handouts.pipeline.copies import (
    plan_combined_files,
    redact_result,
    write_combined_file,
)
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.fingerprints import hash_file, hash_inputs, program_identity
from handouts.pipeline.incremental import Decision, decide_deliverables, unmade_outcome
from handouts.pipeline.leak_check import PhraseIndex, add_leak_errors
from handouts.pipeline.manifest import BuildRun, Manifest, ManifestEntry, entry_key, read_manifest, unfinished_files
from handouts.pipeline.options import FEW_FILES, Options, build_day, request_as_data, request_key
from handouts.pipeline.output import (
    Journal,
    delete_files,
    lock_folder,
    open_cache,
    prepare_output_folder,
    write_manifest,
    write_result,
)
from handouts.pipeline.plan import BuildPlan, DeliverablesCallback, ignore_deliverables, plan_copies
from handouts.pipeline.render import DECK_RENDERER, RenderJob, RenderTask, SharedInput
from handouts.pipeline.report import BuildProgress, BuildReport, Outcome
from handouts.pipeline.tasks import run_tasks
from handouts.pipeline.workers import ProcessPool, choose_pool, start_processes
from handouts.service import RecipientTable
from handouts.text.fonts import require_fonts

MAX_RUNS = 50


class BuildPreview(Struct, frozen=True):
    """What a build would make and why, what each column of a table is read as, and what was found."""

    decisions: tuple[Decision, ...]
    columns: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]


def preview_build(options: Options) -> BuildPreview:
    """Return what a build would make, and make nothing. HandoutError if content or options are wrong."""
    with open_cache(options) as kept:
        library = load_library(options.content, options.templates, kept)
        plan, recipients = plan_copies(library, options, kept, fitting=True)
    manifest = read_manifest(options.output)
    findings = sorted_findings((*library.findings, *plan.findings, *manifest.findings))
    return BuildPreview(tuple(decide_deliverables(plan.deliverables, manifest, options)), recipients.columns, findings)


class BuildContext(Struct, frozen=True):
    """One build at work in a folder that nobody else writes into: what is decided, what was there before, who helps."""

    library: Library
    plan: BuildPlan
    decisions: tuple[Decision, ...]
    manifest: Manifest
    journal: Journal
    options: Options
    processes: ProcessPool | None


def build_from_content(options: Options, tell: Callable[[BuildProgress], None]) -> BuildReport:
    """Build what `options` ask for, telling of each file when it is done.

    HandoutError if content or options are wrong: then nothing was written.
    """
    with start_processes(options) as processes, open_cache(options) as kept:
        return build_with_cache(processes, kept, options, tell)


def build_with_cache(
    processes: ProcessPool | None, kept: PersistentCache, options: Options, tell: Callable[[BuildProgress], None]
) -> BuildReport:
    """Build by processes that get ready meanwhile, with what is kept of earlier commands.

    What is hashed is hashed before it is read: a change in between makes the next build look again.
    """
    inputs = hash_inputs(options.content, options.templates)
    table = {} if options.recipients is None else {options.recipients.as_posix(): hash_file(options.recipients)}
    library = load_library(options.content, options.templates, kept)
    plan, recipients = plan_copies(library, options, kept, deck_predrawer(library, processes), fitting=True)
    findings = sorted_findings((*library.findings, *plan.findings))
    require_fonts()
    prepare_output_folder(options.output)
    with lock_folder(options.output):
        problems = delete_files(unfinished_files(options.output))
        manifest, journal = read_manifest(options.output), Journal(options.output)
        decisions = tuple(decide_deliverables(plan.deliverables, manifest, options))
        made = make_files(BuildContext(library, plan, decisions, manifest, journal, options, processes), tell)
        run = make_run(options, inputs, expiry_dates(library), hash_table_files(recipients) | table, made, findings)
        remembered = add_run(manifest, journal.entries, run, options)
        problems += write_manifest(options.output, remembered) if remembered.entries else ()
    return BuildReport(made, sorted_findings((*findings, *manifest.findings, *problems)))


def make_files(work: BuildContext, tell: Callable[[BuildProgress], None]) -> tuple[Outcome, ...]:
    """Return what became of each deliverable in the order of the plan, and then of each file of all copies."""
    combinations = plan_combined_files(work.plan.deliverables) if work.options.combined else ()
    total = len(work.decisions) + len(combinations)
    made: dict[int, Outcome] = {}
    for number, each in make_each_file(work):
        made[number] = each
        tell(BuildProgress(len(made), total, each))
    for number, combination in enumerate(combinations, len(work.decisions)):
        parts = [made[part] for part in combination.parts]
        made[number] = write_combined_file(combination.whole, parts, work.manifest, work.journal, work.options)
        tell(BuildProgress(len(made), total, made[number]))
    return tuple(made[number] for number in range(total))


def make_each_file(work: BuildContext) -> Iterator[tuple[int, Outcome]]:
    """Yield the number of each deliverable and what became of it: first those that are not made."""
    decisions, options = work.decisions, work.options
    for number, decision in enumerate(decisions):
        if not decision.made:
            yield number, unmade_outcome(decision, options.output)
    wanted = sort_decks_first({number: each.deliverable for number, each in enumerate(decisions) if each.made}, options)
    if not wanted:
        return
    others = PhraseIndex(work.library, work.plan.done, options)
    begun = [number for number, each in wanted.items() if is_predrawn(each, work.processes)]
    crew = choose_pool(options, tuple(wanted), work.processes, begun)
    with closing(run_tasks(make_tasks(work.library, wanted, options), crew)) as results:
        for order, result in results:
            decision = decisions[order.number]
            found = add_leak_errors(result, decision.deliverable, others)
            shown = redact_result(found, decision.deliverable.recipient)
            yield order.number, write_result(decision, shown, work.journal, verified=options.verify)


def is_predrawn(each: Deliverable, processes: ProcessPool | None) -> bool:
    """True if a process draws a file already."""
    return processes is not None and processes.has_begun(each.document, each.renderer)


def make_tasks(library: Library, wanted: Mapping[int, Deliverable], options: Options) -> Iterator[RenderTask]:
    """Yield the orders for what is to be made; copies of one document, which come one after another, share a base."""
    base: SharedInput | None = None
    for number, each in wanted.items():
        if (
            base is None
            or base.document is not each.document
            or base.theme is not each.theme
            or base.sheet != each.sheet
        ):
            base = shared_input_of(each, library)
        yield RenderTask(number, base, RenderJob(each.renderer, each.fillable, options.verify, each.recipient))


def shared_input_of(each: Deliverable, library: Library) -> SharedInput:
    """Return what all copies of a file share."""
    return SharedInput(each.document, library.words[each.language], each.theme, each.sheet)


def deck_predrawer(library: Library, processes: ProcessPool | None) -> DeliverablesCallback:
    """Return who is told of few files as soon as they are composed: a process beside draws the decks meanwhile."""

    def begin(deliverables: Sequence[Deliverable]) -> None:
        for each in deliverables:
            if each.renderer == DECK_RENDERER:
                process.begin(shared_input_of(each, library))

    if processes is None or processes.workers > 1:
        return ignore_deliverables
    process = processes
    return begin


def sort_decks_first(wanted: dict[int, Deliverable], options: Options) -> dict[int, Deliverable]:
    """Return what is to be made in the order in which that begins: the decks of few files, which a process does beside.

    Copies stay together, as they share their documents.
    """
    if options.recipients is not None or len(wanted) > FEW_FILES:
        return wanted
    return dict(sorted(wanted.items(), key=lambda each: each[1].renderer == "pdf"))


# ---------------------------------------------------------------- what is remembered


def make_run(
    options: Options,
    inputs: str,
    turning: tuple[str, ...],
    others: Mapping[str, str],
    made: tuple[Outcome, ...],
    findings: tuple[Finding, ...],
) -> BuildRun:
    """Return what is remembered of a build that made everything, or did not."""
    return BuildRun(
        request=request_as_data(options),
        inputs=inputs,
        program=program_identity(),
        day=build_day(options),
        turning=turning,
        made={entry_key(each.label): each.sha256 for each in made},
        findings=findings,
        others=others,
        whole=all(each.written for each in made),
    )


def hash_table_files(recipients: RecipientTable) -> dict[str, str]:
    """Return a hash of each file that was read beside content and templates."""
    return {path.as_posix(): hash_file(path) for path in recipients.files}


def expiry_dates(library: Library) -> tuple[str, ...]:
    """Return the days on which something that is printed or found changes by itself: a contact is old, a review due."""
    days = {expiry_day(entry) for entries in library.contacts.values() for entry in entries if entry.confirmed_on}
    days |= {topic.next_review for topic in library.topics.values() if topic.next_review}
    return tuple(sorted(days))


def add_run(manifest: Manifest, entries: Mapping[str, ManifestEntry], run: BuildRun, options: Options) -> Manifest:
    """Return a manifest with what was made now, and the last of the requests."""
    key = request_key(options)
    others = {name: each for name, each in manifest.runs.items() if name != key}
    runs = dict([*others.items(), (key, run)][-MAX_RUNS:])
    return replace(manifest, entries={**manifest.entries, **entries}, runs=runs, findings=())
