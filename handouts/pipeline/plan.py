"""Plan a build: expand sets and countries into requests, list the deliverables, and find what does not fit.

Takes a Library and options; returns deliverables and warnings, or raises `HandoutError` with everything that is
wrong. The layout of each file is planned once to find text without room. Must never write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from msgspec.structs import replace

from handouts.compose import kinds_in_template
from handouts.finding import (
    Finding,
    HandoutError,
    Location,
    error,
    is_error,
    raise_errors,
    sorted_findings,
    suggest_name,
    unknown_name_error,
    warning,
)
from handouts.library import DEFAULT_TEMPLATES, BuildSet, Library
from handouts.pipeline.compositions import (
    DRAFT_CODES,
    Reader,
    ReaderCompositions,
    apply_allowances,
    compose_readers,
    requested_readers,
)
from handouts.pipeline.copies import make_copies
from handouts.pipeline.deliverables import (
    Deliverable,
    can_be_filled_in,
    pack_documents,
    requested_deliverables,
    theme_deliverables,
)
from handouts.pipeline.options import OPTION_FIELDS, Options, check_builds, check_options, option_choices
from handouts.pipeline.render import FilePlan, our_mistake_error, run_planner
from handouts.pipeline.report import OUR_MISTAKE, FileFinding, merge_findings
from handouts.render_cache import RenderCache
from handouts.service import RecipientTable

# Of all files, those that are to be made; it is also told whether there are no errors so far.
_ChooseNeeded: TypeAlias = "Callable[[Sequence[Deliverable], bool], Sequence[Deliverable]]"
_MAX_FILES = 2_000
MAX_COMPOSITIONS = 24  # that are held for the next request, which may ask for the same; about 1 MB each
_MAX_UNPACKED_FILES = 12  # of more files, the documents are packed until they are rendered

_SET_FLAGS = ("fillable", "booklet", "builds")


def _expand_options(library: Library, options: Options) -> tuple[Options, ...]:
    """Return what is asked for, a request for each set and country. HandoutError if a set is not there, or is wrong."""
    raise_errors(_check_sets(library, options))
    requests: list[Options] = []
    for each in _narrow_options(library, options) if options.sets else (options,):
        countries = each.countries or (each.country,)
        requests.extend(replace(each, country=country, countries=(), sets=()) for country in countries)
    return tuple(requests)


def _check_sets(library: Library, options: Options) -> Iterator[Finding]:
    """Yield what is wrong with the sets that are named: one that is not there, a choice of something that is not."""
    for name in options.sets:
        if name not in library.sets:
            hint = suggest_name(name, library.sets) if library.sets else "write sets into content/build.yaml"
            yield error("usage", f"There is no set '{name}'.", Location("--set"), hint)
            continue
        for option, known in option_choices(library).items():
            there = tuple(known)
            for word in library.sets[name].choices.get(option, ()):
                if word.text not in there:
                    yield unknown_name_error("unknown-value", option, word.text, there, word.at)


def _narrow_options(library: Library, options: Options) -> Iterator[Options]:
    """Yield what each set asks for of what the options let through; a set of which nothing is left is left out."""
    for name in dict.fromkeys(options.sets):
        chosen = library.sets[name]
        both: dict[str, Any] = {
            field: _intersect_choices(_choice_texts(chosen, option), getattr(options, field))
            for option, field in OPTION_FIELDS.items()
        }
        asked = (options.country,) if options.country else options.countries
        countries = _intersect_choices(_choice_texts(chosen, "country"), asked)
        if None not in both.values() and countries is not None:
            flags: dict[str, Any] = {name: getattr(options, name) or name in chosen.choices for name in _SET_FLAGS}
            yield replace(options, **both, **flags, countries=countries, country="")


def _choice_texts(chosen: BuildSet, option: str) -> tuple[str, ...]:
    """Return what a set chooses for an option."""
    return tuple(word.text for word in chosen.choices.get(option, ()))


def _intersect_choices(one: Sequence[str], other: Iterable[str]) -> tuple[str, ...] | None:
    """Return what both choose, or what one does if the other leaves it open; None if that is nothing."""
    wanted = tuple(other)
    if not one or not wanted:
        return tuple(one) or wanted
    return tuple(each for each in one if each in wanted) or None


def plan_deliverables(
    library: Library,
    options: Options,
    composed: RenderCache | None = None,
    *,
    cache: RenderCache | None = None,
    plans: dict[str, FilePlan] | None = None,
    choose_needed: _ChooseNeeded | None = None,
) -> tuple[tuple[Deliverable, ...], tuple[Finding, ...]]:
    """Return the files of every request that `options` are made of, and the warnings. HandoutError with all errors.

    With a `cache`, the pages and slides of those that `choose_needed` returns are planned, or of all, and what does not
    fit is an error, too; `choose_needed` is also told whether there are no errors so far. If there are few files, what
    is planned is put into `plans`. What is in `composed` is not composed again.
    """
    composed = composed or RenderCache(MAX_COMPOSITIONS)
    requests = checked_requests(library, options)
    count = sum(_estimate_file_count(library, request) for request in requests)
    raise_errors(_check_file_count(count))
    findings: list[Finding] = []
    deliverables: list[Deliverable] = []
    for request in requests:
        planned, found = _plan_request(library, request, composed, pack=count > _MAX_UNPACKED_FILES)
        findings.extend(found)
        deliverables.extend(planned)
    if options.recipients is None:
        deliverables.extend(theme_deliverables(library, tuple(deliverables)))
    if not deliverables and not any(map(is_error, findings)):
        findings = _why_nothing_is_made(findings)
    if options.fillable and not any(map(can_be_filled_in, deliverables)):
        hint = f"choose a template with fields: --template {', '.join(library.templates)}"
        findings.append(warning("nothing-to-fill-in", "In these files there is nothing to fill in.", hint=hint))
    findings.extend(find_name_clashes(deliverables))
    kept_plans = plans if count <= _MAX_UNPACKED_FILES else None
    needed = deliverables if choose_needed is None else choose_needed(deliverables, not any(map(is_error, findings)))
    unfit = find_in_plans(needed, options.output, cache, kept_plans) if cache is not None else ()
    raise_errors((*findings, *merge_findings(each for each in unfit if each.finding.code != OUR_MISTAKE)))
    return tuple({each.file: each for each in deliverables}.values()), sorted_findings(findings)


def _why_nothing_is_made(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of a build that makes no file, with an error among them: the reason, if it is known."""
    known = [each for each in findings if each.code == "nothing-found"]
    reasons = [error("usage", each.message, each.at, each.hint) for each in known]
    hint = "choose other formats, templates or languages"
    others = [each for each in findings if each not in known]
    return [*others, *(reasons or [error("usage", "Nothing is left to build.", hint=hint)])]


def checked_requests(library: Library, options: Options) -> tuple[Options, ...]:
    """Return the requests that `options` are made of. HandoutError if they ask for something that there is not."""
    raise_errors((*check_options(library, options), *check_builds(options)))
    requests = _expand_options(library, options)
    raise_errors(found for request in requests for found in check_options(library, request))
    return requests


def _plan_request(
    library: Library, request: Options, composed: RenderCache, *, pack: bool
) -> tuple[list[Deliverable], list[Finding]]:
    """Return what one request makes, and what was found; with `pack`, documents take little room."""
    found: list[Finding] = []
    deliverables: list[Deliverable] = []
    empty: list[tuple[str, Reader]] = []
    thin: list[tuple[str, Reader]] = []
    for each in compose_readers(library, request, composed):
        made = list(requested_deliverables(library, each, request))
        deliverables.extend(pack_documents(made) if pack else made)
        found.extend(each.findings)
        empty.extend(find_empty_templates(each, request))
        thin.extend(find_thin_templates(library, each, request))
    left = apply_allowances(library, found, release=request.release, complete=False).findings
    findings = (*left, *warn_of_empty_templates(library, empty), *warn_of_thin_templates(library, thin))
    return deliverables, [each for each in findings if is_error(each) or each.code not in DRAFT_CODES]


def find_empty_templates(composed: ReaderCompositions, request: Options) -> Iterator[tuple[str, Reader]]:
    """Yield each template that a request names and that lays out nothing for a reader, with the reader."""
    for name in dict.fromkeys(request.template_names):
        made = [each for each in composed.compositions if each.template == name]
        if made and all(each.is_empty for each in made):
            yield name, composed.reader


def find_thin_templates(
    library: Library, composed: ReaderCompositions, request: Options
) -> Iterator[tuple[str, Reader]]:
    """Yield each template that a request names and that has no section of its own kinds for a reader, with the reader.

    The file is then made of what other templates show too, such as the main message.
    """
    reader = composed.reader
    there = {each.kind for each in reader.topic.languages[reader.language] if reader.audience.name in each.audiences}
    for name in dict.fromkeys(request.template_names):
        made = [each for each in composed.compositions if each.template == name and not each.is_empty]
        own = _kinds_of_its_own(library, name) if made else ()
        if own and not there & set(own):
            yield name, reader


def _kinds_of_its_own(library: Library, template: str) -> tuple[str, ...]:
    """Return the kinds of section that a template asks for by name, and the handout and the talk do not lay out."""
    asked = kinds_in_template(library, template)
    return tuple(kind for kind in asked if not any(_lays_out(library, each, kind) for each in DEFAULT_TEMPLATES))


def _lays_out(library: Library, template: str, kind: str) -> bool:
    """True if the template's own file for a kind of section has more than a comment."""
    part = library.parts.get(f"parts/{template}-{kind}.md.j2")
    return part is not None and ("{{" in part.text or "{%" in part.text)


def warn_of_thin_templates(library: Library, thin: Iterable[tuple[str, Reader]]) -> Iterator[Finding]:
    """Yield a warning for each template without sections of its own kinds in a topic, with all its readers."""
    readers: dict[tuple[str, str], list[str]] = {}
    for template, reader in thin:
        readers.setdefault((template, reader.topic.name), []).append(reader.audience.name)
    for (name, topic), without in readers.items():
        own = _kinds_of_its_own(library, name)
        names = ", ".join(dict.fromkeys(without))
        message = f"The {name} of '{topic}' has no section of the kind {' or '.join(own)} for {names}."
        yield warning("nothing-found", message, Location("--template"), f"write one: handouts new section {own[0]}")


def warn_of_empty_templates(library: Library, empty: Iterable[tuple[str, Reader]]) -> Iterator[Finding]:
    """Yield a warning for each template that lays out nothing of a topic, with all its readers."""
    readers: dict[tuple[str, str], list[Reader]] = {}
    for template, reader in empty:
        readers.setdefault((template, reader.topic.name), []).append(reader)
    for (name, topic), without in readers.items():
        there = {section.kind for sections in library.topics[topic].languages.values() for section in sections}
        kinds = [kind for kind in kinds_in_template(library, name) if kind not in there] or ["that it lays out"]
        names = ", ".join(dict.fromkeys(each.audience.name for each in without))
        message = f"The template '{name}' finds nothing in '{topic}' for {names}: no such file is made."
        known = f": handouts new section {kinds[0]}" if kinds[0] in library.kinds else ""
        hint = f"write a section of the kind {' or '.join(kinds)}{known}"
        yield warning("nothing-found", message, Location("--template"), hint)


def find_in_plans(
    deliverables: Iterable[Deliverable], output: Path, cache: RenderCache, plans: dict[str, FilePlan] | None = None
) -> Iterator[FileFinding]:
    """Yield what planning finds in each file below the folder `output`; a bug of ours in one costs no other file.

    What is planned is put into `plans` by file.
    """
    for each in deliverables:
        file = (output / each.file).as_posix()
        cache.begin_file()
        try:
            look = each.theme, each.sheet
            plan = run_planner(each.renderer, each.document, *look, fillable=each.fillable, cache=cache)
            found = plan.findings
            if plans is not None:
                plans[each.file] = plan
        except HandoutError as raised:  # no fault of the file, such as a typeface that is missing
            file, found = "", raised.findings
        except Exception as problem:
            found = (our_mistake_error(problem),)
        yield from (FileFinding(file, each) for each in found)


def _check_file_count(count: int) -> Iterator[Finding]:
    """Yield an error if more files are asked for than anybody hands out; nothing is composed to find out."""
    if count > _MAX_FILES:
        hint = "choose fewer: --audience, --template, --language, --edition or --paper"
        yield error("too-many", f"About {count} files would be made.", hint=hint)


def _estimate_file_count(library: Library, request: Options) -> int:
    """Return about how many files a request makes."""
    readers = sum(1 for _ in requested_readers(library, request))
    lengths = max(1, len(set(request.minutes)))
    templates = len(request.template_names or DEFAULT_TEMPLATES)
    looks = max(1, len(set(request.papers))) * max(1, len(set(request.editions)))
    return readers * templates * lengths * looks


def find_name_clashes(deliverables: Iterable[Deliverable]) -> Iterator[Finding]:
    """Yield an error for each deliverable whose name makes it overwrite another; two requests may ask for the same."""
    first: dict[str, Deliverable] = {}
    for each in deliverables:
        other = first.setdefault(each.file, each)
        if other is not each and other != each:
            one, two = (f"template '{made.template}' for '{made.audience}'" for made in (other, each))
            yield error("same-file", f"Two files would be {each.file}: {one}, and {two}.", hint="rename one of them")


def plan_copies(
    library: Library,
    options: Options,
    *,
    cache: RenderCache | None = None,
    plans: dict[str, FilePlan] | None = None,
    choose_needed: _ChooseNeeded | None = None,
) -> tuple[tuple[Deliverable, ...], tuple[Finding, ...], RecipientTable]:
    """Return what is to be made, each document once or for each recipient, the warnings, and the recipients.

    HandoutError with all that is wrong; the last three as for `plan_deliverables`.
    """
    chosen = None if options.recipients else choose_needed  # what copies are made of is no file itself
    deliverables, findings = plan_deliverables(library, options, cache=cache, plans=plans, choose_needed=chosen)
    recipients = _load_recipient_table(options)
    if options.recipients is None:
        return deliverables, findings, recipients
    from handouts.compose.environment import check_personalisable

    templates = dict.fromkeys(each.template for each in deliverables)
    raise_errors(found for template in templates for found in check_personalisable(library, template))
    copies = make_copies(deliverables, recipients, options.copies)
    return copies, (*findings, *recipients.findings), recipients


def _load_recipient_table(options: Options) -> RecipientTable:
    """Return the recipients of copies, or an empty table if none is asked for. HandoutError if it is wrong."""
    if options.recipients is None:
        return RecipientTable((), ())
    from handouts.load.recipients import read_recipients

    return read_recipients(options.recipients)
