"""The project as it is now: read again when a file has changed, and what was last made of it.

`Session` is the one thing in this room that changes; its methods take its lock, and are called in one worker thread, as
the libraries that draw are made for one. Answers are data for JSON; a file is named from the folder of the project.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from threading import RLock
from typing import Any, cast

from msgspec import Struct

from handouts.compare import compare_selections, comparison_as_data
from handouts.editor.history import History
from handouts.editor.offered_names import blocks_at, names_in
from handouts.editor.part_edits import with_own_part, with_readers
from handouts.editor.pictures import draw_page
from handouts.editor.places import PlacedArea
from handouts.editor.source_files import SourceFiles
from handouts.editor.views import PlannedView, Remarks, ViewWish, plan_view, remark_on
from handouts.finding import (
    Finding,
    HandoutError,
    Location,
    error,
    finding_to_json,
    is_error,
    os_errors_as_findings,
    raise_errors,
    sorted_findings,
)
from handouts.library import SAMPLE_MARK, Library, Part, Section, Topic
from handouts.load import load_draft
from handouts.load.file_names import safe_name
from handouts.load.images import check_picture
from handouts.load.samples import load_sample_defaults
from handouts.load.settings_files import PICTURES_FOLDER
from handouts.markdown.part_forms import part_heading
from handouts.pipeline.fingerprints import list_visible_files
from handouts.pipeline.new_files import write_new_files
from handouts.pipeline.options import Options
from handouts.pipeline.output import prepare_state_folder
from handouts.pipeline.project import Project, sample_folder
from handouts.pipeline.scaffold import markdown_text, open_workplace
from handouts.pipeline.scaffold_pieces import add_section
from handouts.render_cache import RenderCache
from handouts.select import select_content

_KEPT_VIEWS, _KEPT_PICTURES = 12, 60
_SECTION_ENDING = ".md"
_PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".svg")

_Stamps = Mapping[Path, tuple[int, int]]


class ComparisonWish(Struct, frozen=True, forbid_unknown_fields=True):
    """Two audiences whose texts of a topic are compared."""

    topic: str
    left: str
    right: str
    language: str = ""


class BlocksWish(Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a file at which a block is to be added, and who reads what is looked at."""

    path: str
    line: int
    audience: str = ""


class SectionWish(Struct, frozen=True, forbid_unknown_fields=True):
    """A section to begin: of which topic and kind, what it is called, and behind which other it stands."""

    topic: str
    title: str = ""
    after: str = ""
    kind: str = ""
    language: str = ""


class _ProjectState(Struct, frozen=True, eq=False):
    """What the files of a project say: `version` counts its states, `library` is None if nothing could be read."""

    version: int
    stamps: _Stamps
    library: Library | None
    findings: tuple[Finding, ...]


class _LastGood(Struct):
    """The last view of a wish that could be planned: of which state it is, and what there is to say of it if asked."""

    key: object
    view: PlannedView
    remarks: Remarks | None = None


class Session:
    """A project that is looked at: what its files say, and the views and pictures that were last made of it."""

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
        self._views: OrderedDict[ViewWish, _LastGood] = OrderedDict()
        self._pictures: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    # ------------------------------------------------------------ what files say

    def state(self) -> _ProjectState:
        """Return what the files say now; they are read again if one of them has changed."""
        with self._lock:
            stamps = _stamps_of(self.content, self.templates)
            if stamps != self._state.stamps or not self._state.version:
                self._state = self._load(stamps)
            return self._state

    def _load(self, stamps: _Stamps) -> _ProjectState:
        """Return the next state. What was composed of other settings or templates is forgotten."""
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
    def _letter_countries(self) -> tuple[str, ...]:
        """The countries in which one prints on US Letter, as `handouts new` has it."""
        return load_sample_defaults(sample_folder()).letter

    def options(self) -> Options:
        """Return the options of a build of all that there is."""
        return Options(self.content, self.templates, self.output, today=self._today())

    # ------------------------------------------------------------ answers

    def project(self) -> dict[str, Any]:
        """Return what there is to look at, and what is wrong if the project cannot be read."""
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
            "choices": _choices_as_data(library, self._letter_countries) if library else {},
            "sets": list(library.sets) if library else [],
        }

    def pages(self, wish: ViewWish) -> dict[str, Any]:
        """Return the pages or slides that are wished for, to be drawn; if content has an error, the last good ones."""
        with self._lock:
            known, refused = self._planned(wish)
            return _pages_as_data(known.view if known else None, stale=refused is not None)

    def view(self, wish: ViewWish) -> dict[str, Any]:
        """Return the pages that are wished for with all that there is to say of them, or what is wrong with content."""
        with self._lock:
            known, refused = self._planned(wish)
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

    def _planned(self, wish: ViewWish) -> tuple[_LastGood | None, tuple[Finding, ...] | None]:
        """Return the last good view of a wish, and, if content as it is now has none, what is wrong with it."""
        state, refused = self.state(), None
        key = state.version, self._today()
        known = self._views.get(wish)
        if known is None or known.key != key:
            try:
                self._views[wish] = _LastGood(key, self._plan(wish, state))
            except HandoutError as raised:
                refused = sorted_findings((*state.findings, *raised.findings))
        if wish in self._views:
            self._views.move_to_end(wish)
        while len(self._views) > _KEPT_VIEWS:
            self._views.popitem(last=False)
        return self._views.get(wish), refused

    def _plan(self, wish: ViewWish, state: _ProjectState) -> PlannedView:
        """Return a view of the project as it is now. HandoutError if it cannot be read as a whole."""
        errors = tuple(filter(is_error, state.findings))
        if state.library is None or errors:
            raise HandoutError(*errors)
        return plan_view(state.library, wish, self.options(), self._made)

    def picture(self, name: str, width: int) -> bytes | None:
        """Return a page as a PNG of a width in pixels, or None if no view that is known has a page of this name."""
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

    def compare(self, wish: ComparisonWish) -> dict[str, object]:
        """Return what two audiences read alike and what each alone. HandoutError if one of them is not there."""
        library = self._library()
        known = library.topics.get(wish.topic)
        language = wish.language or next(iter(known.languages if known else ()), "")
        left, right = (select_content(library, wish.topic, each, language) for each in (wish.left, wish.right))
        data = comparison_as_data(compare_selections(left, right))
        titles = {each.id: _title_of(each) for each in library.topics[wish.topic].languages[language]}
        sections = cast("list[dict[str, Any]]", data["sections"])
        named = [{**each, "file": self.name_of(each["file"]), "title": titles.get(each["id"], "")} for each in sections]
        return {**data, "sections": named}

    def names(self, file: str) -> dict[str, Any]:
        """Return the names that can be written in a file, as data for JSON."""
        library = self.state().library
        return names_in(library, self._section_of(file)) if library else {}

    def blocks(self, wish: BlocksWish) -> dict[str, Any]:
        """Return the blocks that can be added at a line of a section, and where they go, as data for JSON.

        HandoutError if the file holds no section that can be read.
        """
        section = self._section_of(wish.path)
        if section is None:
            hint = "“To mend” says what is wrong in it"
            raise HandoutError(error("usage", "Nothing can be added to this text now.", Location(wish.path), hint))
        return blocks_at(self._library(), section, wish.line, wish.audience)

    def _library(self) -> Library:
        """Return what content says. HandoutError if it cannot be read."""
        state = self.state()
        if state.library is None:
            raise HandoutError(*state.findings)
        return state.library

    def _section_of(self, file: str) -> Section | None:
        """Return the section in a file, named from the project; None if it holds none that can be read."""
        return next((each for each in self._sections() if self.name_of(each.at.file) == file), None)

    def _sections(self) -> Iterator[Section]:
        """Yield the sections of all topics."""
        library = self.state().library
        for topic in library.topics.values() if library else ():
            for sections in topic.languages.values():
                yield from sections

    # ------------------------------------------------------------ changes

    def set_readers(self, file: str, line: int, audiences: Sequence[str]) -> dict[str, str]:
        """Write for whom a part is. HandoutError if no part begins in the line, or if nobody would read it."""
        section, part = self._part_at(file, line)
        chosen = [each for each in section.audiences if each in audiences]
        if not chosen:
            hint = f"it is for {', '.join(section.audiences)}; delete the part if nobody is to read it"
            raise HandoutError(error("usage", "Choose at least one audience of the section.", part.at, hint))
        named = [] if chosen == list(section.audiences) else chosen
        return self.files.change(file, lambda text: with_readers(text, line, named))

    def split(self, file: str, line: int, audience: str) -> dict[str, str]:
        """Give one audience a copy of a part. HandoutError if it is for that audience alone, or not for it."""
        section, part = self._part_at(file, line)
        others = [each for each in part.audiences if each != audience]
        if audience not in part.audiences or not others:
            message = f"'{part.name}' is for {', '.join(part.audiences)}, and cannot be divided for '{audience}'."
            raise HandoutError(error("usage", message, part.at, "choose one of several audiences that read it"))
        end = min((each.at.line for each in section.parts if each.at.line > line), default=None)
        return self.files.change(file, lambda text: with_own_part(text, line, end, audience, others))

    def _part_at(self, file: str, line: int) -> tuple[Section, Part]:
        """Return the section in a file, and its part that begins in a line. HandoutError if there is none."""
        section = self._section_of(file)
        for part in section.parts if section else ():
            if section and part.at.line == line:
                return section, part
        message = f"No part begins in line {line}."
        raise HandoutError(error("usage", message, Location(file, line, 1), "look at the section again"))

    def add_section(self, wish: SectionWish) -> dict[str, str]:
        """Write a sample of a section, and return its file. HandoutError if it cannot be written."""
        self.files.require_editable()
        behind = next((each for each in self._sections() if wish.after in (each.id, self.name_of(each.at.file))), None)
        kind = wish.kind or (behind.kind if behind else "")
        place = open_workplace(Path.cwd(), self.home, needed=True)
        made = add_section(kind, wish.topic, wish.language, place, after=behind.id if behind else "")
        names = [self.name_of(each.resolve().as_posix()) for each in made.files]
        short = [each.name for each in self._library().kinds[kind].parts.values() if each.holds != "blocks"]
        edit = partial(_with_title, title=wish.title, parts=short) if wish.title.strip() else str
        written = [self.files.note_new(each, edit) for each in names]
        return written[0]

    def add_picture(self, name: str, content: bytes) -> dict[str, str]:
        """Put a picture into content, and return its name there. HandoutError if it cannot be, or is none."""
        self.files.require_editable()
        stem, ending = safe_name(Path(name).stem), Path(name).suffix.lower()
        if not stem or ending not in _PICTURE_ENDINGS:
            hint = "save it as PNG, JPEG or SVG"
            at = Location(name[:200])
            raise HandoutError(error("picture-kind", f"'{name[:80]}' is no PNG, JPEG or SVG.", at, hint))
        file = f"{stem}{ending}"
        raise_errors(check_picture(content, file))
        write_new_files(self.home, {f"{self.content.name}/{PICTURES_FOLDER}/{file}": content})
        return {"path": f"{self.content.name}/{PICTURES_FOLDER}/{file}", "name": file}

    # ------------------------------------------------------------ as data

    def name_of(self, file: str) -> str:
        """Return a file as it is named from the folder of the project, or in full if it lies elsewhere."""
        path = Path(file)
        return path.relative_to(self.home).as_posix() if path.is_relative_to(self.home) else file

    def findings_as_data(self, findings: Iterable[Finding]) -> list[dict[str, object]]:
        """Return findings as data for JSON."""
        return [{**finding_to_json(found), "file": self.name_of(found.at.file)} for found in findings]

    def _place_as_data(self, at: Location) -> dict[str, object]:
        """Return a place as data for JSON."""
        return {"file": self.name_of(at.file), "line": at.line, "column": at.column}

    def _area_as_data(self, area: PlacedArea) -> dict[str, object]:
        """Return an area of a page as data for JSON."""
        box = area.area
        return {
            "x": round(box.left, 1),
            "y": round(box.top, 1),
            "width": round(box.right - box.left, 1),
            "height": round(box.bottom - box.top, 1),
            **self._place_as_data(area.at),
            "words": area.words,
        }

    def _topic_as_data(self, topic: Topic, state: _ProjectState) -> dict[str, Any]:
        """Return a topic with its sections as data for JSON."""
        counts: dict[str, int] = {}
        for found in state.findings:
            counts[found.at.file] = counts.get(found.at.file, 0) + 1
        return {
            "name": topic.name,
            "title": topic.title,
            "file": self.name_of(topic.at.file),
            "languages": list(topic.languages),
            "audiences": list(topic.audiences),
            "templates": list(topic.templates),
            "minutes": [str(each) for each in topic.lengths],
            "sections": [
                {**self._section_as_data(section), "language": language, "findings": counts.get(section.at.file, 0)}
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
    """Return when each file in `folders` was written, and its size: another stamp is another state."""
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
    """Return the words of the first line of a section, without its signs."""
    return section.text.partition("\n")[0].lstrip("# ").partition("{")[0].strip()


def _with_title(text: str, title: str, parts: Iterable[str]) -> str:
    """Return a sample of a section with another name in its first line, and in the first of `parts` with a sample."""
    first, gap, rest = text.partition("\n")
    words = markdown_text(" ".join(title.split()))
    heads = "|".join(re.escape(part_heading(each)) for each in parts)
    rest = re.sub(
        rf"^((?:{heads})\b.*\n){SAMPLE_MARK}.*", lambda found: f"{found[1]}{words}", rest, count=1, flags=re.MULTILINE
    )
    return f"# {words} {first[first.index('{') :]}{gap}{rest}" if "{" in first else text


def _audiences_as_data(library: Library) -> list[dict[str, str]]:
    """Return the audiences with the colour that each has in the theme, as data for JSON."""
    theme = library.themes.get(library.service.theme)
    accents = theme.accents if theme else {}
    return [
        {"name": each.name, "label": each.title, "colour": _colour_of(accents.get(each.accent))}
        for each in library.audiences.values()
    ]


def _colour_of(accent: object) -> str:
    """Return the main colour of an accent, "" if there is none."""
    if isinstance(accent, Mapping):
        return str(next(iter(accent.values()), ""))
    return str(accent or "")


def _pages_as_data(view: PlannedView | None, *, stale: bool) -> dict[str, Any]:
    """Return the pages or slides of a view, as data for JSON; `stale` ones are not as content is now."""
    shown = zip(view.plan.pages, view.pictures, strict=True) if view else ()
    pages = [{"width": page.width, "height": page.height, "picture": name} for page, name in shown]
    return {"kind": view.kind if view else "pages", "stale": stale, "pages": pages}


def _choices_as_data(library: Library, letter: Iterable[str]) -> dict[str, Any]:
    """Return what can be chosen, and in which countries one prints on `letter` paper, as data for JSON."""
    theme = library.themes.get(library.service.theme)
    templates = [
        {"name": each.name, "label": each.name, "renderer": each.renderer, "audiences": list(each.audiences)}
        for each in library.templates.values()
    ]
    return {
        "template": templates,
        "edition": list(theme.editions) if theme else [],
        "paper": list(theme.papers) if theme else [],
        "country": list(library.countries),
        "language": list(dict.fromkeys(each for topic in library.topics.values() for each in topic.languages)),
        "kind": [{"name": name, "label": name} for name in library.kinds],
        "usual": {"paper": library.service.paper, "country": library.service.country},
        "letter": list(letter),
    }
