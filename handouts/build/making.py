"""Options in, files out: plans, decides what is to be made, has it made by whoever is there, and remembers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing

from msgspec import Struct
from msgspec.structs import replace

from handouts.build.combining import combine
from handouts.build.copies import combinations_of, copies_of, without_words
from handouts.build.crews import Order, Processes, crew_for, hired
from handouts.build.deciding import Decision, decide_all, left_alone
from handouts.build.deliverables import Deliverable
from handouts.build.executing import do_all
from handouts.build.keeping import keeping
from handouts.build.options import FEW, Options, request_key, request_of
from handouts.build.others import Others
from handouts.build.planning import Plan, Tell, plan_files, tell_nobody
from handouts.build.rendering import DECK, Base, Job, Result
from handouts.build.reports import Progress, Report
from handouts.build.unchanged import day_of
from handouts.build.writing import Journal, Made, delete, deliver, left_over, locked, prepare_folder, remember
from handouts.compose.country_contacts import expiry_day
from handouts.finding import Finding, raise_errors, sorted_findings
from handouts.kept import Kept
from handouts.library import Library
from handouts.load import load_library
from handouts.manifest.entries import Entry, Manifest, Run, key_of
from handouts.manifest.hashing import hash_file, hash_inputs, program_identity
from handouts.manifest.reading import read_manifest
from handouts.service import Recipient, RecipientTable
from handouts.text.fonts import require_fonts
from handouts.verify.leakage import find_leaks

MOST_RUNS = 50


class Prospect(Struct, frozen=True):
    """What a build would make and why, what each column of a table is read as, and what was found."""

    decisions: tuple[Decision, ...]
    columns: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]


def decide_build(options: Options) -> Prospect:
    """Return what a build would make, and make nothing. HandoutError if content or options are wrong."""
    with keeping(options) as kept:
        library = load_library(options.content, options.templates, kept)
        plan, recipients = plan_copies(library, options, kept, fitting=True)
    manifest = read_manifest(options.output)
    findings = sorted_findings((*library.findings, *plan.findings, *manifest.findings))
    return Prospect(tuple(decide_all(plan.deliverables, manifest, options)), recipients.columns, findings)


class Work(Struct, frozen=True):
    """One build at work in a folder that nobody else writes into: what is decided, what was there before, who helps."""

    library: Library
    plan: Plan
    decisions: tuple[Decision, ...]
    manifest: Manifest
    journal: Journal
    options: Options
    processes: Processes | None


def make_all(options: Options, tell: Callable[[Progress], None]) -> Report:
    """Build what `options` ask for, telling of each file when it is done.

    HandoutError if content or options are wrong: then nothing was written.
    """
    with hired(options) as processes, keeping(options) as kept:
        return make_with(processes, kept, options, tell)


def make_with(processes: Processes | None, kept: Kept, options: Options, tell: Callable[[Progress], None]) -> Report:
    """Build by processes that get ready meanwhile, with what is kept of earlier commands.

    What is hashed is hashed before it is read: a change in between makes the next build look again.
    """
    inputs = hash_inputs(options.content, options.templates)
    table = {} if options.recipients is None else {options.recipients.as_posix(): hash_file(options.recipients)}
    library = load_library(options.content, options.templates, kept)
    plan, recipients = plan_copies(library, options, kept, begin_with_decks(library, processes), fitting=True)
    findings = sorted_findings((*library.findings, *plan.findings))
    require_fonts()
    prepare_folder(options.output)
    with locked(options.output):
        problems = delete(left_over(options.output))
        manifest, journal = read_manifest(options.output), Journal(options.output)
        decisions = tuple(decide_all(plan.deliverables, manifest, options))
        made = make_decided(Work(library, plan, decisions, manifest, journal, options, processes), tell)
        run = run_of(options, inputs, turning_days(library), others_of(recipients) | table, made, findings)
        remembered = with_run(manifest, journal.entries, run, options)
        problems += remember(options.output, remembered) if remembered.entries else ()
    return Report(made, sorted_findings((*findings, *manifest.findings, *problems)))


def make_decided(work: Work, tell: Callable[[Progress], None]) -> tuple[Made, ...]:
    """Return what became of each deliverable in the order of the plan, and then of each file of all copies."""
    combinations = combinations_of(work.plan.deliverables) if work.options.combined else ()
    total = len(work.decisions) + len(combinations)
    made: dict[int, Made] = {}
    for number, each in each_made(work):
        made[number] = each
        tell(Progress(len(made), total, each))
    for number, combination in enumerate(combinations, len(work.decisions)):
        parts = [made[part] for part in combination.parts]
        made[number] = combine(combination.whole, parts, work.manifest, work.journal, work.options)
        tell(Progress(len(made), total, made[number]))
    return tuple(made[number] for number in range(total))


def recipients_of(options: Options) -> RecipientTable:
    """Return for whom copies are made: nobody in particular if there is no table. HandoutError if it is wrong."""
    if options.recipients is None:
        return RecipientTable((), ())
    from handouts.load.recipients import read_recipients

    return read_recipients(options.recipients)


def plan_copies(
    library: Library, options: Options, kept: Kept | None = None, tell: Tell = tell_nobody, *, fitting: bool = False
) -> tuple[Plan, RecipientTable]:
    """Return what is to be made, each document once or for each recipient, and the recipients.

    HandoutError with all that is wrong; with `fitting`, also what does not fit on a page or a slide.
    """
    plan, recipients = plan_files(library, options, kept, tell, fitting=fitting), recipients_of(options)
    if options.recipients is None:
        return plan, recipients
    from handouts.compose.template_names import check_personalisable

    templates = dict.fromkeys(each.template for each in plan.deliverables)
    raise_errors(found for template in templates for found in check_personalisable(library, template))
    copies = copies_of(plan.deliverables, recipients, options.copies)
    return replace(plan, deliverables=copies, findings=(*plan.findings, *recipients.findings)), recipients


def each_made(work: Work) -> Iterator[tuple[int, Made]]:
    """Yield the number of each deliverable and what became of it: first those that are not made."""
    decisions, options = work.decisions, work.options
    for number, decision in enumerate(decisions):
        if not decision.made:
            yield number, left_alone(decision, options.output)
    wanted = decks_first({number: each.deliverable for number, each in enumerate(decisions) if each.made}, options)
    if not wanted:
        return
    others = Others(work.library, work.plan.done, options)
    begun = [number for number, each in wanted.items() if is_begun(each, work.processes)]
    crew = crew_for(options, tuple(wanted), work.processes, begun)
    with closing(do_all(orders_for(work.library, wanted, options), crew)) as results:
        for order, result in results:
            decision = decisions[order.number]
            found = with_leaks(result, decision.deliverable, others)
            shown = told_of_copy(found, decision.deliverable.recipient)
            yield order.number, deliver(decision, shown, work.journal, verified=options.verify)


def is_begun(each: Deliverable, processes: Processes | None) -> bool:
    """True if a process draws a file already."""
    return processes is not None and processes.has_begun(each.document, each.renderer)


def with_leaks(result: Result, deliverable: Deliverable, others: Others) -> Result:
    """Return a result with an error for each text of the file that holds words which only others are told."""
    if not result.strange:
        return result
    found = find_leaks(result.strange, others.foreign_to(deliverable))
    return replace(result, rendered=replace(result.rendered, findings=(*result.rendered.findings, *found)))


def told_of_copy(result: Result, recipient: Recipient | None) -> Result:
    """Return a result as it may be told of: nothing that a recipient's row says is in its findings."""
    if recipient is None:
        return result
    findings = tuple(without_words(found, recipient) for found in result.rendered.findings)
    return replace(result, rendered=replace(result.rendered, findings=findings))


def orders_for(library: Library, wanted: Mapping[int, Deliverable], options: Options) -> Iterator[Order]:
    """Yield the orders for what is to be made; copies of one document, which come one after another, share a base."""
    base: Base | None = None
    for number, each in wanted.items():
        if (
            base is None
            or base.document is not each.document
            or base.theme is not each.theme
            or base.sheet != each.sheet
        ):
            base = base_of(each, library)
        yield Order(number, base, Job(each.renderer, each.fillable, options.verify, each.recipient))


def base_of(each: Deliverable, library: Library) -> Base:
    """Return what all copies of a file share."""
    return Base(each.document, library.words[each.language], each.theme, each.sheet)


def begin_with_decks(library: Library, processes: Processes | None) -> Tell:
    """Return who is told of few files as soon as they are composed: a process beside draws the decks meanwhile."""

    def begin(deliverables: Sequence[Deliverable]) -> None:
        for each in deliverables:
            if each.renderer == DECK:
                process.begin(base_of(each, library))

    if processes is None or processes.workers > 1:
        return tell_nobody
    process = processes
    return begin


def decks_first(wanted: dict[int, Deliverable], options: Options) -> dict[int, Deliverable]:
    """Return what is to be made in the order in which that begins: the decks of few files, which a process does beside.

    Copies stay together, as they share their documents.
    """
    if options.recipients is not None or len(wanted) > FEW:
        return wanted
    return dict(sorted(wanted.items(), key=lambda each: each[1].renderer == "pdf"))


# ---------------------------------------------------------------- what is remembered


def run_of(
    options: Options,
    inputs: str,
    turning: tuple[str, ...],
    others: Mapping[str, str],
    made: tuple[Made, ...],
    findings: tuple[Finding, ...],
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
        others=others,
        whole=all(each.written for each in made),
    )


def others_of(recipients: RecipientTable) -> dict[str, str]:
    """Return a hash of each file that was read beside content and templates."""
    return {path.as_posix(): hash_file(path) for path in recipients.files}


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
