"""Plan a build: expand sets and countries into requests, compose the deliverables, plan their pages, and make copies.

`compose_deliverables`, `plan_pages` and `copies_for_recipients` are these steps, one after the other. Pages and slides
are planned before anything is written, so that text without room stops a build. Must never write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
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
from handouts.library import DEFAULT_TEMPLATES, Library
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

_MAX_FILES = 2_000
MAX_COMPOSITIONS = 24  # that are kept for the next request, which may ask for the same; about 1 MB each
_MAX_UNPACKED_FILES = 12  # with more files, documents are packed until they are rendered

_SET_FLAGS = ("fillable", "booklet", "builds")


class _TemplateGap(Struct, frozen=True):
    """A template that lays out nothing for a reader, or, if it is not empty, nothing that only it lays out."""

    template: str
    reader: Reader
    is_empty: bool


def _expand_options(library: Library, options: Options) -> tuple[Options, ...]:
    """Return the requests in `options`, one for each set and country. HandoutError if a set is missing or wrong."""
    raise_errors(_check_sets(library, options))
    requests: list[Options] = []
    for each in _narrow_options(library, options) if options.sets else (options,):
        countries = each.countries or (each.country,)
        requests.extend(replace(each, country=country, countries=(), sets=()) for country in countries)
    return tuple(requests)


def _check_sets(library: Library, options: Options) -> Iterator[Finding]:
    """Yield an error for each named set that does not exist, and for each of their choices that does not."""
    for name in options.sets:
        if name not in library.sets:
            hint = suggest_name(name, library.sets) if library.sets else "write sets into content/build.yaml"
            yield error("usage", f"There is no set '{name}'.", Location("--set"), hint)
            continue
        for option, known in option_choices(library).items():
            for word in library.sets[name].choices.get(option, ()):
                if word.text not in known:
                    yield unknown_name_error("unknown-value", option, word.text, known, word.at)


def _narrow_options(library: Library, options: Options) -> Iterator[Options]:
    """Yield the request of each set, narrowed to what the other options allow; skip sets with nothing left."""
    for name in dict.fromkeys(options.sets):
        choices = library.sets[name].choices.items()
        chosen = {option: tuple(word.text for word in words) for option, words in choices}
        both: dict[str, Any] = {
            field: _intersect_choices(chosen.get(option, ()), getattr(options, field))
            for option, field in OPTION_FIELDS.items()
        }
        asked = (options.country,) if options.country else options.countries
        countries = _intersect_choices(chosen.get("country", ()), asked)
        if None not in both.values() and countries is not None:
            flags: dict[str, Any] = {name: getattr(options, name) or name in chosen for name in _SET_FLAGS}
            yield replace(options, **both, **flags, countries=countries, country="")


def _intersect_choices(one: Sequence[str], other: Iterable[str]) -> tuple[str, ...] | None:
    """Return the names in both choices, where an empty choice is no restriction; None if they have none in common."""
    wanted = tuple(other)
    if not one or not wanted:
        return tuple(one) or wanted
    return tuple(each for each in one if each in wanted) or None


def plan_deliverables(
    library: Library, options: Options, composed: RenderCache | None = None
) -> tuple[tuple[Deliverable, ...], tuple[Finding, ...]]:
    """Return the files that `options` ask for, and the warnings about them. HandoutError with all errors."""
    deliverables, findings = compose_deliverables(library, options, composed)
    raise_errors(findings)
    return deliverables, findings


def compose_deliverables(
    library: Library, options: Options, composed: RenderCache | None = None
) -> tuple[tuple[Deliverable, ...], tuple[Finding, ...]]:
    """Return the files that `options` ask for, and all that is found before their pages are planned, errors included.

    What is in `composed` is not composed again. HandoutError if `options` ask for something that does not exist, or for
    too many files.
    """
    composed = composed or RenderCache(MAX_COMPOSITIONS)
    requests = checked_requests(library, options)
    count = sum(_estimate_file_count(library, request) for request in requests)
    if count > _MAX_FILES:
        hint = "choose fewer: --audience, --template, --language, --edition or --paper"
        raise HandoutError(error("too-many", f"About {count} files would be made.", hint=hint))
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
    return tuple({each.file: each for each in deliverables}.values()), sorted_findings(findings)


def _why_nothing_is_made(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of a build without files, with the known reasons turned into errors, or a new error."""
    known = [each for each in findings if each.code == "nothing-found"]
    reasons = [error("usage", each.message, each.at, each.hint) for each in known]
    hint = "choose other formats, templates or languages"
    others = [each for each in findings if each not in known]
    return [*others, *(reasons or [error("usage", "Nothing is left to build.", hint=hint)])]


def checked_requests(library: Library, options: Options) -> tuple[Options, ...]:
    """Return the requests in `options`. HandoutError if one asks for something that does not exist."""
    raise_errors((*check_options(library, options), *check_builds(options)))
    requests = _expand_options(library, options)
    raise_errors(found for request in requests for found in check_options(library, request))
    return requests


def _plan_request(
    library: Library, request: Options, composed: RenderCache, *, pack: bool
) -> tuple[list[Deliverable], list[Finding]]:
    """Return the files and the findings of one request; with `pack`, the documents are compressed."""
    found: list[Finding] = []
    deliverables: list[Deliverable] = []
    gaps: list[_TemplateGap] = []
    for each in compose_readers(library, request, composed):
        made = list(requested_deliverables(library, each, request))
        deliverables.extend(pack_documents(made) if pack else made)
        found.extend(each.findings)
        gaps.extend(find_template_gaps(library, each, request))
    left = apply_allowances(library, found, release=request.release, complete=False).findings
    findings = (*left, *warn_of_template_gaps(library, gaps))
    return deliverables, [each for each in findings if is_error(each) or each.code not in DRAFT_CODES]


def find_template_gaps(library: Library, composed: ReaderCompositions, request: Options) -> Iterator[_TemplateGap]:
    """Yield each named template that shows a reader nothing, or no section of a kind that only it lays out.

    In the second case the file would show only what other templates show too, such as the main message.
    """
    reader = composed.reader
    there = {each.kind for each in reader.topic.languages[reader.language] if reader.audience.name in each.audiences}
    for name in dict.fromkeys(request.template_names):
        made = [each for each in composed.compositions if each.template == name]
        is_empty = all(each.is_empty for each in made)
        own = () if is_empty else _kinds_of_its_own(library, name)
        if made and (is_empty or (own and not there & set(own))):
            yield _TemplateGap(name, reader, is_empty)


def _kinds_of_its_own(library: Library, template: str) -> tuple[str, ...]:
    """Return the kinds of section that a template names, and that neither the handout nor the talk lays out."""
    asked = kinds_in_template(library, template)
    return tuple(kind for kind in asked if not any(_lays_out(library, each, kind) for each in DEFAULT_TEMPLATES))


def _lays_out(library: Library, template: str, kind: str) -> bool:
    """True if a template has a file of its own for a kind of section, with more in it than a comment."""
    part = library.parts.get(f"parts/{template}-{kind}.md.j2")
    return part is not None and ("{{" in part.text or "{%" in part.text)


def warn_of_template_gaps(library: Library, gaps: Iterable[_TemplateGap]) -> Iterator[Finding]:
    """Yield a warning for each template and topic with a gap, which names all the readers affected."""
    readers: dict[tuple[str, str, bool], list[str]] = {}
    for gap in gaps:
        key = gap.template, gap.reader.topic.name, gap.is_empty
        readers.setdefault(key, []).append(gap.reader.audience.name)
    for (name, topic, is_empty), audiences in readers.items():
        names = ", ".join(dict.fromkeys(audiences))
        if is_empty:
            there = {section.kind for sections in library.topics[topic].languages.values() for section in sections}
            kinds = [kind for kind in kinds_in_template(library, name) if kind not in there] or ["that it lays out"]
            message = f"The template '{name}' finds nothing in '{topic}' for {names}: no such file is made."
            known = f": handouts new section {kinds[0]}" if kinds[0] in library.kinds else ""
            hint = f"write a section of the kind {' or '.join(kinds)}{known}"
        else:
            own = _kinds_of_its_own(library, name)
            message = f"The {name} of '{topic}' has no section of the kind {' or '.join(own)} for {names}."
            hint = f"write one: handouts new section {own[0]}"
        yield warning("nothing-found", message, Location("--template"), hint)


def plan_files(
    deliverables: Iterable[Deliverable], output: Path, cache: RenderCache
) -> Iterator[tuple[Deliverable, FilePlan | None, tuple[FileFinding, ...]]]:
    """Yield each file below the folder `output` with its planned pages or slides, and what is found in planning them.

    A bug of ours costs the file in which it shows, and no other: that has no plan.
    """
    for each in deliverables:
        file, plan = (output / each.file).as_posix(), None
        cache.begin_file()
        try:
            plan = run_planner(
                each.renderer, each.document, each.theme, each.sheet, fillable=each.fillable, cache=cache
            )
            findings = plan.findings
        except HandoutError as raised:  # no fault of the file, such as a typeface that is missing
            file, findings = "", raised.findings
        except Exception as problem:
            findings = (our_mistake_error(problem),)
        yield each, plan, tuple(FileFinding(file, found) for found in findings)


def plan_pages(
    deliverables: Iterable[Deliverable], findings: Iterable[Finding], output: Path, cache: RenderCache
) -> dict[str, FilePlan]:
    """Return the planned pages and slides of files, by file, to draw them later without planning them again.

    HandoutError with `findings` and with all that does not fit, if an error is among them. Plans of many files, whose
    documents are packed, would take too much memory and are left out.
    """
    plans: dict[str, FilePlan] = {}
    unfit: list[FileFinding] = []
    for each, plan, found in plan_files(deliverables, output, cache):
        unfit.extend(one for one in found if one.finding.code != OUR_MISTAKE)
        if plan is not None and not each.is_packed:
            plans[each.file] = plan
    raise_errors((*findings, *merge_findings(unfit)))
    return plans


def _estimate_file_count(library: Library, request: Options) -> int:
    """Return an estimate of how many files a request makes."""
    readers = sum(1 for _ in requested_readers(library, request))
    lengths = max(1, len(set(request.minutes)))
    templates = len(request.template_names or DEFAULT_TEMPLATES)
    looks = max(1, len(set(request.papers))) * max(1, len(set(request.editions)))
    return readers * templates * lengths * looks


def find_name_clashes(deliverables: Iterable[Deliverable]) -> Iterator[Finding]:
    """Yield an error for each deliverable that would overwrite a different one; two requests may make the same."""
    first: dict[str, Deliverable] = {}
    for each in deliverables:
        other = first.setdefault(each.file, each)
        if other is not each and other != each:
            one, two = (f"template '{made.template}' for '{made.audience}'" for made in (other, each))
            yield error("same-file", f"Two files would be {each.file}: {one}, and {two}.", hint="rename one of them")


def copies_for_recipients(
    library: Library, deliverables: tuple[Deliverable, ...], options: Options
) -> tuple[tuple[Deliverable, ...], RecipientTable]:
    """Return a copy of each file for each row of the table that `options` name, and the table.

    Without a table, return the files themselves and an empty table. HandoutError if a copy cannot be made.
    """
    if options.recipients is None:
        return deliverables, RecipientTable((), ())
    from handouts.compose.environment import check_personalisable
    from handouts.load.recipients import read_recipients

    recipients = read_recipients(options.recipients)
    templates = dict.fromkeys(each.template for each in deliverables)
    raise_errors(found for template in templates for found in check_personalisable(library, template))
    return make_copies(deliverables, recipients, options.copies), recipients
