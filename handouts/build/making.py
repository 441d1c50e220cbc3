"""Options in, files out: plans, decides what is to be made, has it made by whoever is there, and remembers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from handouts.build.deciding import Decision, decide_all, edited
from handouts.build.executing import Crew, Here, Order, Processes, do_all
from handouts.build.options import Options, request_key, request_of
from handouts.build.planning import Deliverable, Plan, plan_files, with_foreign
from handouts.build.rendering import Base, Job
from handouts.build.reports import Progress, Report
from handouts.build.unchanged import day_of, fresh
from handouts.build.writing import Journal, Made, deliver, locked, prepare_folder, remember
from handouts.compose.people import expiry_day
from handouts.finding import Finding, in_order
from handouts.library import Library
from handouts.load import load_library
from handouts.manifest import Entry, Manifest, Run, hash_inputs, key_of, program_identity, read_manifest

MOST_RUNS = 50


def decide_build(options: Options) -> tuple[tuple[Decision, ...], tuple[Finding, ...]]:
    """Return what a build would make and why, and what was found; nothing is made. HandoutError if content is wrong."""
    library = load_library(options.content, options.templates)
    plan = plan_files(library, options)
    manifest = read_manifest(options.output)
    findings = in_order((*library.findings, *plan.findings, *manifest.findings))
    return tuple(decide_all(plan.deliverables, manifest, options)), findings


def make_all(options: Options, tell: Callable[[Progress], None]) -> Report:
    """Build what `options` ask for, telling of each file when it is done. HandoutError if content or options are wrong.

    What is hashed is hashed before it is read: a change in between makes the next build look again.
    """
    inputs = hash_inputs(options.content, options.templates)
    library = load_library(options.content, options.templates)
    plan = plan_files(library, options)
    prepare_folder(options.output)
    with locked(options.output):
        manifest = read_manifest(options.output)
        journal = Journal(options.output)
        decisions = tuple(decide_all(plan.deliverables, manifest, options))
        made: dict[int, Made] = {}
        for number, each in each_made(library, plan, decisions, journal, options):
            made[number] = each
            tell(Progress(len(made), len(decisions), each))
        ordered = tuple(made[number] for number in range(len(decisions)))
        run = run_of(options, inputs, turning_days(library), ordered, in_order((*library.findings, *plan.findings)))
        remembered = with_run(manifest, journal.entries, run, options)
        problems = remember(options.output, remembered) if remembered.entries else ()
    return Report(ordered, in_order((*run.findings, *manifest.findings, *problems)))


def each_made(
    library: Library, plan: Plan, decisions: tuple[Decision, ...], journal: Journal, options: Options
) -> Iterator[tuple[int, Made]]:
    """Yield the number of each deliverable and what became of it: first those that are not made."""
    for number, decision in enumerate(decisions):
        if not decision.made:
            yield number, left_alone(decision, options.output)
    wanted = {number: decision.deliverable for number, decision in enumerate(decisions) if decision.made}
    if not wanted:
        return
    told = with_foreign(library, wanted.values(), plan.done, options) if options.verify else iter(wanted.values())
    with closing(do_all(orders_for(wanted, told, options), crew_for(options, len(wanted)))) as results:
        for order, result in results:
            yield order.number, deliver(decisions[order.number], result, journal, verified=options.verify)


def left_alone(decision: Decision, output: Path) -> Made:
    """Return what becomes of a file that is not made: it is fresh, or it is somebody's own."""
    label, entry = decision.deliverable.label, decision.entry
    path = output / label.file
    if entry is not None and decision.fresh:
        return fresh(entry, label, path)
    return Made(label, path, "failed", decision.reason, 0, 0, "", 0.0, (edited(path),))


def orders_for(numbers: Iterable[int], deliverables: Iterable[Deliverable], options: Options) -> Iterator[Order]:
    """Yield the orders for what is to be made; copies of one document share their base."""
    for number, each in zip(numbers, deliverables, strict=True):
        base = Base(each.document, each.theme, each.sheet, each.foreign)
        yield Order(number, base, Job(each.renderer, each.fillable, options.verify))


def crew_for(options: Options, count: int) -> Crew:
    """Return who does the work: a cluster or processes if they are asked for; nobody else for a single file."""
    if options.cluster:
        from handouts.build.cluster import Cluster

        return Cluster(options.cluster)
    workers = min(options.jobs, count)
    return Processes(workers) if workers > 1 else Here()


# ---------------------------------------------------------------- what is remembered


def run_of(
    options: Options, inputs: str, turning: tuple[str, ...], made: tuple[Made, ...], findings: tuple[Finding, ...]
) -> Run:
    """Return what is remembered of a build that made everything, or did not."""
    return Run(
        request=request_of(options),
        inputs=inputs,
        program=program_identity(),
        day=day_of(options),
        turning=turning,
        made={key_of(each.label): each.sha256 for each in made},
        findings=findings,
        whole=all(each.written for each in made),
    )


def turning_days(library: Library) -> tuple[str, ...]:
    """Return the days on which something that is printed or found changes by itself: a contact is old, a review due."""
    days = {expiry_day(entry) for entries in library.contacts.values() for entry in entries if entry.confirmed_on}
    days |= {topic.next_review for topic in library.topics.values() if topic.next_review}
    return tuple(sorted(days))


def with_run(manifest: Manifest, entries: Mapping[str, Entry], run: Run, options: Options) -> Manifest:
    """Return a manifest with what was made now, and the last of the requests."""
    key = request_key(options)
    others = {name: each for name, each in manifest.runs.items() if name != key}
    runs = dict([*others.items(), (key, run)][-MOST_RUNS:])
    return replace(manifest, entries={**manifest.entries, **entries}, runs=runs, findings=())
