"""Collect the files of a build for the index of a website: index.html in the output folder.

It links to every file that is in place, except copies, which belong to their recipients, sheets for printers, and
discreet editions, which nobody should find.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from handouts.document.nodes import Document, Publication
from handouts.document.text import dump
from handouts.finding import Finding
from handouts.library import Library
from handouts.pipeline.deliverables import Deliverable
from handouts.pipeline.fingerprints import hash_text
from handouts.pipeline.incremental import decide, put_finished_file, unmade_outcome
from handouts.pipeline.manifest import Fingerprints, Manifest
from handouts.pipeline.options import STANDARD_EDITION, Options
from handouts.pipeline.output import Journal
from handouts.pipeline.render import FinishedFile
from handouts.pipeline.report import Outcome
from handouts.render_cache import RenderCache

if TYPE_CHECKING:
    from handouts.web.site_index import ListedFile

_INDEX_FILE = "index.html"
_BYTES_PER_KB = 1000


def index_deliverable(deliverables: Sequence[Deliverable]) -> Deliverable | None:
    """Return the index as a deliverable, or None if it would list nothing."""
    first = next(filter(_is_listed, deliverables), None)
    if first is None:
        return None
    plain = replace(first, file=_INDEX_FILE, topic="", audience="", template="", renderer="html")
    return replace(plain, edition=STANDARD_EDITION, fillable=False)


def _is_listed(each: Deliverable) -> bool:
    """True if the index lists a file; the sheet of a theme is not in a folder, as it belongs to no topic."""
    return each.recipient is None and each.sheet is None and "/" in each.file and not each.document.discreet


def write_index(
    library: Library,
    whole: Deliverable,
    deliverables: Sequence[Deliverable],
    outcomes: Sequence[Outcome],
    manifest: Manifest,
    journal: Journal,
    options: Options,
    program: str,
) -> Outcome:
    """Write the index of all deliverables that are in place, and return its outcome."""
    from handouts.web.site_index import index_html

    start = time.perf_counter()
    made = zip(deliverables, outcomes, strict=True)
    files, documents = [], []
    for each, done in made:
        if done.is_in_place and _is_listed(each):
            documents.append(each.document)
            files.append(_listed_file(library, each, documents[-1], done.size))
    document = _index_document(whole.document, files, documents)
    listed = hash_text(f"{files} {dump(document)}")
    decision = decide(whole, Fingerprints(listed, hash_text(dump(whole.theme)), "", program), manifest, options)
    if not decision.is_needed:
        return unmade_outcome(decision, options.output)
    content = index_html(document, files, whole.theme, RenderCache())
    findings = _read_back(content, document, files) if options.verify else ()
    finished = replace(FinishedFile.from_bytes(content, 1, findings), seconds=time.perf_counter() - start)
    return put_finished_file(decision, finished, journal, verified=options.verify)


def _read_back(content: bytes, document: Document, files: Sequence[ListedFile]) -> tuple[Finding, ...]:
    """Return the findings about the finished index."""
    from handouts.verify import verify_index

    say, texts = document.words.say, (text for each in files for text in each.texts)
    leaving = [say(f"web_leave{key}") for key in ("", "_about", "_note")]
    led = [each.file for each in files]
    led += [say("web_leave_target")] if document.publication.can_leave else []
    return verify_index(content, document, (document.title, *leaving, *texts), led)


def _index_document(first: Document, files: Sequence[ListedFile], listed: Sequence[Document]) -> Document:
    """Return the document of the index: in the language of the first file, and dated as the newest one."""
    title = first.words.say("site_title")
    return Document(
        name="index",
        title=title,
        running_title=title,
        label="",
        language=first.language,
        foot="",
        draft="",
        author=first.author,
        subject="; ".join(dict.fromkeys(each.topic for each in files)),
        keywords=(),
        modified=max((each.modified for each in listed), default=""),
        words=first.words,
        crisis=replace(first.crisis, columns=(), short=()),
        publication=Publication(can_leave=any(each.publication.can_leave for each in listed)),
    )


def _listed_file(library: Library, each: Deliverable, document: Document, size: int) -> ListedFile:
    """Return the entry of a file: what it is, its language, state, form, edition and size."""
    from handouts.web.site_index import ListedFile

    words, service = document.words, library.service
    form = words.say(f"site_{each.renderer.replace('-', '_')}")
    form = words.say("site_fillable", form=form) if each.fillable else form
    edition = each.edition.replace("-", " ") if each.edition != STANDARD_EDITION else ""
    paper = each.theme.paper.name if each.theme.paper.name != service.paper else ""
    for kind in filter(None, (edition, paper)):
        form = words.say("site_form", form=form, kind=kind)
    about = (
        each.template.replace("-", " "),
        words.say("minutes_many", n=each.minutes) if each.minutes else "",
        words.say("site_language") if len(library.topics[each.topic].languages) > 1 else "",
        each.country if each.country != service.country else "",
        document.publication.state,
    )
    return ListedFile(
        file=each.file,
        topic=library.topics[each.topic].title,
        audience=library.audiences[each.audience].title,
        language=document.language,
        title=document.title,
        about=tuple(filter(None, about)),
        form=form,
        size=words.say("site_size", n=max(1, round(size / _BYTES_PER_KB))),
    )
