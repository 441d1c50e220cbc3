"""The project that the page shows: read again when a file has changed, with the views that were last made of it.

The methods of `Session` take its lock and are called in one worker thread, because PDFium is not safe in several.
They return data for JSON, in which file names are relative to the folder of the project.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any, cast

from msgspec import Struct

from handouts.compare import compare_selections, comparison_as_data
from handouts.editor.history import History
from handouts.editor.offered_names import blocks_at, names_in
from handouts.editor.pictures import draw_page
from handouts.editor.places import PlacedArea
from handouts.editor.source_files import SourceFiles
from handouts.editor.views import PlannedView, Remarks, ViewRequest, plan_view, remark_on
from handouts.finding import (
    Finding,
    HandoutError,
    Location,
    error,
    finding_to_json,
    is_error,
    os_errors_as_findings,
    sorted_findings,
)
from handouts.library import Library, Section, Topic
from handouts.load import load_draft
from handouts.load.samples import SampleDefaults, load_sample_defaults
from handouts.pipeline.fingerprints import list_visible_files
from handouts.pipeline.options import Options
from handouts.pipeline.output import prepare_state_folder
from handouts.pipeline.project import Project, sample_folder
from handouts.render_cache import RenderCache
from handouts.select import select_content

_KEPT_VIEWS, _KEPT_PICTURES = 12, 60
_SECTION_ENDING = ".md"

_Stamps = Mapping[Path, tuple[int, int]]


class ComparisonRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Two audiences of a topic to compare."""

    topic: str
    left: str
    right: str
    language: str = ""


class BlocksRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The line of a file at which a block is to be added, and the audience whose pages are shown."""

    path: str
    line: int
    audience: str = ""


class _ProjectState(Struct, frozen=True, eq=False):
    """What the files of a project say; `version` counts the changes, `library` is None if nothing could be read."""

    version: int
    stamps: _Stamps
    library: Library | None
    findings: tuple[Finding, ...]


class _LastGood(Struct):
    """The last view that could be planned for a request; `remarks` are filled in when first asked for.

    `key` is the version of the project and the date for which it was planned.
    """

    key: object
    view: PlannedView
    remarks: Remarks | None = None


class Session:
    """A project that is shown: what its files say, and the views and pictures that were last made of it."""

    def __init__(self, project: Project, today: Callable[[], date], *, editable: bool, topic: str = "") -> None:
        self._project, self._topic = project, topic
        self.home = project.content.resolve().parent
        self.content, self.templates = project.content.resolve(), project.templates.resolve()
        self.output = project.output.resolve()
        self.editable = editable
        self.state_folder = prepare_state_folder(self.home) if editable else None
        own = [each for each in (self.content, self.templates) if each.parent == self.home]
        history = History(self.state_folder / "history" if self.state_folder else None)
        self.files = SourceFiles(self.home, own, history, editable=editable)
        self._today = today
        self._lock = RLock()
        self._state = _ProjectState(0, {}, None, ())
        self._read, self._made = RenderCache(), RenderCache()
        self._views: OrderedDict[ViewRequest, _LastGood] = OrderedDict()
        self._pictures: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    # ------------------------------------------------------------ what files say

    def state(self) -> _ProjectState:
        """Return what the files say now; they are read again if one has changed."""
        with self._lock:
            stamps = _stamps_of(self.content, self.templates)
            if stamps != self._state.stamps or not self._state.version:
                self._state = self._load(stamps)
            return self._state

    def _load(self, stamps: _Stamps) -> _ProjectState:
        """Return the next state; a change of settings or templates empties the cache of compositions."""
        changed = {path for path, _ in set(stamps.items()) ^ set(self._state.stamps.items())}
        if any(path.suffix != _SECTION_ENDING for path in changed):
            self._made = RenderCache()
        version = self._state.version + 1
        try:
            with os_errors_as_findings():
                library = load_draft(self.content, self.templates, self._read)
        except HandoutError as refused:
            return _ProjectState(version, stamps, None, sorted_findings(refused.findings))
        return _ProjectState(version, stamps, library, library.findings)

    @cached_property
    def _defaults(self) -> SampleDefaults:
        """The defaults of `handouts new`, such as the countries that print on US Letter."""
        return load_sample_defaults(sample_folder())

    def options(self) -> Options:
        """Return the options of a build of everything."""
        return Options(self.content, self.templates, self.output, today=self._today())

    # ------------------------------------------------------------ answers

    def project(self) -> dict[str, Any]:
        """Return topics, sections, audiences and choices, and what is wrong if the project cannot be read."""
        state = self.state()
        library = state.library
        return {
            "version": state.version,
            "name": self.home.name,
            "editable": self.editable,
            "topic": self._topic,
            **self.files.steps(),
            "errors": self.findings_as_data(filter(is_error, state.findings)),
            "findings": self.findings_as_data(state.findings),
            "topics": [self._topic_as_data(each, state) for each in library.topics.values()] if library else [],
            "audiences": _audiences_as_data(library) if library else [],
            "choices": _choices_as_data(library, self._defaults) if library else {},
            "sets": list(library.sets) if library else [],
        }

    def pages(self, request: ViewRequest) -> dict[str, Any]:
        """Return the pages or slides of a request without details; the last good ones if content has an error."""
        with self._lock:
            known, refused = self._planned(request)
            return _pages_as_data(known.view if known else None, stale=refused is not None)

    def view(self, request: ViewRequest) -> dict[str, Any]:
        """Return the pages or slides of a request with their areas, notes, figures and findings."""
        with self._lock:
            known, refused = self._planned(request)
            pages = _pages_as_data(known.view if known else None, stale=refused is not None)
            if known and not known.remarks:
                known.remarks = remark_on(known.view, self._made)
            remarks = known.remarks if known else None
            if known and remarks:
                for number, (page, areas) in enumerate(zip(pages["pages"], remarks.areas, strict=True)):
                    page["areas"] = list(map(self._area_as_data, areas))
                    page["notes"] = list(known.view.notes[number]) if known.view.notes else []
                    page["seconds"] = known.view.seconds[number] if known.view.seconds else 0
            findings = refused if refused is not None else remarks.findings if remarks else ()
            return {
                "version": self._state.version,
                **pages,
                "figures": dict(remarks.figures) if remarks else {},
                "findings": self.findings_as_data(findings),
            }

    def _planned(self, request: ViewRequest) -> tuple[_LastGood | None, tuple[Finding, ...] | None]:
        """Return the last good view of a request, and the findings if content cannot be planned now, else None."""
        state, refused = self.state(), None
        key = state.version, self._today()
        known = self._views.get(request)
        if known is None or known.key != key:
            try:
                self._views[request] = _LastGood(key, self._plan(request, state))
            except HandoutError as raised:
                refused = sorted_findings((*state.findings, *raised.findings))
        if request in self._views:
            self._views.move_to_end(request)
        while len(self._views) > _KEPT_VIEWS:
            self._views.popitem(last=False)
        return self._views.get(request), refused

    def _plan(self, request: ViewRequest, state: _ProjectState) -> PlannedView:
        """Return a view of the project as it is now. HandoutError if the project has errors."""
        errors = tuple(filter(is_error, state.findings))
        if state.library is None or errors:
            raise HandoutError(*errors)
        return plan_view(state.library, request, self.options(), self._made)

    def picture(self, name: str, width: int) -> bytes | None:
        """Return a page as a PNG, `width` pixels wide, or None if no view that is kept has a page of this name."""
        with self._lock:
            key = name, width
            if key not in self._pictures:
                shown = (each.view for each in self._views.values() if name in each.view.pictures)
                view = next(shown, None)
                if view is None:
                    return None
                number = view.pictures.index(name)
                self._pictures[key] = draw_page(view.plan, number, view.theme, width, self._made)
            self._pictures.move_to_end(key)
            while len(self._pictures) > _KEPT_PICTURES:
                self._pictures.popitem(last=False)
            return self._pictures[key]

    def compare(self, request: ComparisonRequest) -> dict[str, object]:
        """Return what two audiences share and what each reads alone. HandoutError if one of them does not exist."""
        library = self.library()
        known = library.topics.get(request.topic)
        language = request.language or next(iter(known.languages if known else ()), "")
        left, right = (select_content(library, request.topic, each, language) for each in (request.left, request.right))
        data = comparison_as_data(compare_selections(left, right))
        titles = {each.id: _title_of(each) for each in library.topics[request.topic].languages[language]}
        sections = cast("list[dict[str, Any]]", data["sections"])
        named = [{**each, "file": self.name_of(each["file"]), "title": titles.get(each["id"], "")} for each in sections]
        return {**data, "sections": named}

    def names(self, file: str) -> dict[str, Any]:
        """Return the names that can be written in a file."""
        library = self.state().library
        return names_in(library, self.section_in(file)) if library else {}

    def blocks(self, request: BlocksRequest) -> dict[str, Any]:
        """Return the blocks that can be added at a line of a section, and where they go.

        HandoutError if the file holds no section that can be read.
        """
        section = self.section_in(request.path)
        if section is None:
            hint = "“To mend” says what is wrong in it"
            raise HandoutError(error("usage", "Nothing can be added to this text now.", Location(request.path), hint))
        return blocks_at(self.library(), section, request.line, request.audience)

    def library(self) -> Library:
        """Return what content says. HandoutError if it cannot be read."""
        state = self.state()
        if state.library is None:
            raise HandoutError(*state.findings)
        return state.library

    def section_in(self, file: str) -> Section | None:
        """Return the section in a file, or None if it holds none that can be read."""
        return next((each for each in self.sections() if self.name_of(each.at.file) == file), None)

    def sections(self) -> Iterator[Section]:
        """Yield the sections of all topics."""
        library = self.state().library
        for topic in library.topics.values() if library else ():
            for sections in topic.languages.values():
                yield from sections

    # ------------------------------------------------------------ as data

    def name_of(self, file: str) -> str:
        """Return the path of a file relative to the folder of the project; as it is if it lies elsewhere."""
        path = Path(file)
        return path.relative_to(self.home).as_posix() if path.is_relative_to(self.home) else file

    def findings_as_data(self, findings: Iterable[Finding]) -> list[dict[str, object]]:
        """Return findings as data for JSON."""
        return [{**finding_to_json(found), "file": self.name_of(found.at.file)} for found in findings]

    def _area_as_data(self, area: PlacedArea) -> dict[str, object]:
        """Return an area of a page as data for JSON."""
        box = area.area
        return {
            "x": round(box.left, 1),
            "y": round(box.top, 1),
            "width": round(box.right - box.left, 1),
            "height": round(box.bottom - box.top, 1),
            "file": self.name_of(area.at.file),
            "line": area.at.line,
            "column": area.at.column,
            "words": area.words,
        }

    def _topic_as_data(self, topic: Topic, state: _ProjectState) -> dict[str, Any]:
        """Return a topic with its sections as data for JSON."""
        counts = Counter(found.at.file for found in state.findings)
        return {
            "name": topic.name,
            "title": topic.title,
            "file": self.name_of(topic.at.file),
            "languages": list(topic.languages),
            "audiences": list(topic.audiences),
            "templates": list(topic.templates),
            "minutes": [str(each) for each in topic.lengths],
            "sections": [
                {**self._section_as_data(section), "language": language, "findings": counts[section.at.file]}
                for language, sections in topic.languages.items()
                for section in sections
            ],
        }

    def _section_as_data(self, section: Section) -> dict[str, Any]:
        """Return a section with its parts as data for JSON."""
        parts = [{"name": part.name, "line": part.at.line, "audiences": list(part.audiences)} for part in section.parts]
        return {
            "name": section.id,
            "title": _title_of(section),
            "kind": section.kind,
            "file": self.name_of(section.at.file),
            "audiences": list(section.audiences),
            "parts": parts,
        }


def _stamps_of(*folders: Path) -> dict[Path, tuple[int, int]]:
    """Return the time and size of each file in `folders`; a change of them means that the project has changed."""
    found = {}
    for folder in folders:
        for path in list_visible_files(folder):
            try:
                status = path.stat()
            except OSError:
                continue
            found[path] = status.st_mtime_ns, status.st_size
    return found


def _title_of(section: Section) -> str:
    """Return the words of the first line of a section, without its markup."""
    return section.text.partition("\n")[0].lstrip("# ").partition("{")[0].strip()


def _audiences_as_data(library: Library) -> list[dict[str, str]]:
    """Return the audiences with their colours in the theme, as data for JSON."""
    theme = library.themes.get(library.service.theme)
    accents = theme.accents if theme else {}
    return [
        {"name": each.name, "label": each.title, "colour": next(iter(accents.get(each.accent, {}).values()), "")}
        for each in library.audiences.values()
    ]


def _pages_as_data(view: PlannedView | None, *, stale: bool) -> dict[str, Any]:
    """Return the pages or slides of a view, as data for JSON; `stale` if content has changed and cannot be planned."""
    shown = zip(view.plan.pages, view.pictures, strict=True) if view else ()
    pages = [{"width": page.width, "height": page.height, "picture": name} for page, name in shown]
    return {"kind": view.kind if view else "pages", "stale": stale, "pages": pages}


def _choices_as_data(library: Library, defaults: SampleDefaults) -> dict[str, Any]:
    """Return the choices of the page as data for JSON; a topic has one section of some kinds, and gets no second."""
    theme = library.themes.get(library.service.theme)
    templates = [
        {"name": each.name, "renderer": each.renderer, "audiences": list(each.audiences)}
        for each in library.templates.values()
    ]
    return {
        "template": templates,
        "edition": list(theme.editions) if theme else [],
        "paper": list(theme.papers) if theme else [],
        "country": list(library.countries),
        "language": list(dict.fromkeys(each for topic in library.topics.values() for each in topic.languages)),
        "kind": [name for name in library.kinds if name not in defaults.once],
        "usual": {"paper": library.service.paper, "country": library.service.country},
        "letter": list(defaults.letter),
    }
