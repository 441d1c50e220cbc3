"""The routes of the server: the questions and changes of the page, and the files of the page itself.

Requests are parsed and checked here; the `Session` answers them. Planning and drawing run in one worker thread, one
request after another; files are read and saved in other threads meanwhile. A GET changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from handouts.check import CODES
from handouts.editor.archives import zip_pieces
from handouts.editor.facts import (
    AudienceRequest,
    FactRequest,
    add_audience,
    add_source,
    change_fact,
    fact_files,
    facts_in,
)
from handouts.editor.jobs import BuildRequest, Jobs
from handouts.editor.new_sources import SourceRequest
from handouts.editor.pictures import WIDEST
from handouts.editor.section_edits import (
    ReadersRequest,
    SectionRequest,
    SplitRequest,
    add_picture,
    add_section,
    set_readers,
    split_part,
)
from handouts.editor.security import GuardedApp, Lock
from handouts.editor.session import BlocksRequest, ComparisonRequest, Session
from handouts.editor.source_files import ChangedElsewhereError
from handouts.editor.views import ViewRequest
from handouts.editor.watching import ServerEvents, watch_folders
from handouts.explain import explanation_as_data, explanations
from handouts.finding import Finding, HandoutError, error, finding_to_json, suggest_name
from handouts.load.file_names import safe_name
from handouts.load.files import SourceFolder
from handouts.load.yaml_nodes import MappingNode, load_yaml
from handouts.markdown.attributes import Word
from handouts.pipeline.render import our_mistake_error
from handouts.text.fonts import PRINT_FAMILY, load_font

_Value = TypeVar("_Value")
_Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
_Answer: TypeAlias = Callable[[Mapping[str, str]], object]
_PAGE, _WORDS = Path(__file__).parent / "page", Path(__file__).parent / "words"
_START_PAGE, _USUAL_LANGUAGE = "index.html", "en"
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".svg": "image/svg+xml",
}
_MAX_TEXT, _MAX_PICTURE, _MAX_TABLE = 1_000_000, 10_000_000, 5_000_000
_MAX_FORGOTTEN = 50_000_000  # bytes of a body that is too large which are still read
_IMMUTABLE = {"Cache-Control": "private, max-age=3600, immutable"}


class Server:
    """The endpoints for one session.

    `on_end` stops the server; `open_folder` shows a folder in a window, and returns False if it cannot.
    """

    def __init__(self, session: Session, on_end: Callable[[], None], open_folder: Callable[[Path], bool]) -> None:
        self._session = session
        self._on_end = on_end
        self._open_folder = open_folder
        self._worker = ThreadPoolExecutor(1, "handouts-editor")
        self._server_events = ServerEvents()
        self._jobs = Jobs(session.home, session.output, self._send_job_event)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watching: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()

    def app(self, lock: Lock) -> GuardedApp:
        """Return the application behind its lock."""
        session, files, jobs = self._session, self._session.files, self._jobs
        planned: Mapping[str, _Answer] = {
            "/api/project": lambda _: session.project(),
            "/api/pages": lambda asked: session.pages(msgspec.convert(asked, ViewRequest)),
            "/api/view": lambda asked: session.view(msgspec.convert(asked, ViewRequest)),
            "/api/compare": lambda asked: session.compare(msgspec.convert(asked, ComparisonRequest)),
            "/api/fact-files": lambda _: fact_files(session),
            "/api/facts": lambda asked: facts_in(session, asked.get("path", "")),
            "/api/complete": lambda asked: session.names(asked.get("path", "")),
            "/api/blocks": lambda asked: session.blocks(msgspec.convert(asked, BlocksRequest, strict=False)),
        }
        quick: tuple[tuple[str, str, _Answer], ...] = (
            ("GET", "/api/words", lambda asked: _page_words(asked.get("languages", ""))),
            ("GET", "/api/file", lambda asked: files.read(asked.get("path", ""))),
            ("GET", "/api/history", lambda asked: files.history(asked.get("path", ""))),
            ("GET", "/api/explain/{code}", lambda asked: _explanation(asked["code"])),
            ("GET", "/api/jobs/{job}", lambda asked: self._job(asked["job"])),
            ("DELETE", "/api/jobs/{job}", lambda asked: jobs.cancel(asked["job"])),
            ("POST", "/api/jobs/{job}/folder", lambda asked: self._show_folder(asked["job"])),
        )
        saves: tuple[tuple[str, str, type, Callable[[Any], object]], ...] = (
            ("PUT", "/api/file", _FileRequest, lambda asked: files.write(asked.path, asked.base, asked.text)),
            ("POST", "/api/undo", _EmptyRequest, lambda _: files.undo()),
            ("POST", "/api/redo", _EmptyRequest, lambda _: files.redo()),
            ("POST", "/api/restore", _StateRequest, lambda asked: files.restore(asked.path, asked.id)),
            ("POST", "/api/split", SplitRequest, partial(split_part, session)),
            ("POST", "/api/readers", ReadersRequest, partial(set_readers, session)),
            ("POST", "/api/section", SectionRequest, partial(add_section, session)),
            ("POST", "/api/facts", FactRequest, partial(change_fact, session)),
            ("POST", "/api/audience", AudienceRequest, partial(add_audience, session)),
            ("POST", "/api/source", SourceRequest, partial(add_source, session)),
            ("POST", "/api/build", BuildRequest, lambda asked: {"job": jobs.start(asked)}),
        )
        uploads: tuple[tuple[str, int, Callable[[str, bytes], object]], ...] = (
            ("/api/picture-file", _MAX_PICTURE, partial(add_picture, session)),
            ("/api/recipients", _MAX_TABLE, jobs.take_recipients),
        )
        routes = [
            Route("/", self._start_page),
            Route("/page/fonts/{weight}", self._page_font),
            Route("/page/{name:path}", self._page_file),
            *(Route(path, self._look(answer)) for path, answer in planned.items()),
            *(Route(path, self._answer(answer), methods=[method]) for method, path, answer in quick),
            *(Route(path, self._save(kind, save), methods=[method]) for method, path, kind, save in saves),
            *(Route(path, self._take(most, take), methods=["POST"]) for path, most, take in uploads),
            Route("/api/picture/{name}", self._picture),
            Route("/api/jobs/{job}/files.zip", self._download_all),
            Route("/api/download", self._download),
            Route("/api/events", self._events),
            Route("/api/end", self._end, methods=["POST"]),
        ]
        handlers: Any = {
            HandoutError: _refused,
            ChangedElsewhereError: _changed_elsewhere,
            ClientDisconnect: _nobody_waits,
            Exception: _failed,
        }
        return GuardedApp(Starlette(routes=routes, exception_handlers=handlers), lock)

    def close(self) -> None:
        """Stop builds and the worker thread; requests that wait for it are dropped."""
        self._jobs.close()
        self._worker.shutdown(wait=False, cancel_futures=True)

    async def _work(self, request: Request, work: Callable[..., _Value], *given: Any) -> _Value:
        """Return the result of `work` in the worker thread. ClientDisconnect if the client leaves before it begins."""
        waiting = self._worker.submit(work, *given)
        done, gone = asyncio.wrap_future(waiting), asyncio.ensure_future(_is_gone(request))
        await asyncio.wait((done, gone), return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not done.done() and waiting.cancel():
            raise ClientDisconnect
        return await done

    # ------------------------------------------------------------ kinds of endpoints

    def _look(self, answer: _Answer) -> _Endpoint:
        """Return an endpoint that gives `answer` the query of the address, in the worker thread."""

        async def endpoint(request: Request) -> Response:
            return _json(await self._work(request, answer, dict(request.query_params)))

        return endpoint

    def _answer(self, answer: _Answer) -> _Endpoint:
        """Return an endpoint that gives `answer` the query and the parts of the address, without the worker thread."""

        async def endpoint(request: Request) -> Response:
            return _json(await asyncio.to_thread(answer, {**request.query_params, **request.path_params}))

        return endpoint

    def _save(self, kind: type[Any], save: Callable[[Any], object]) -> _Endpoint:
        """Return an endpoint that reads a `kind` of JSON object, makes the change, and answers the result."""

        async def endpoint(request: Request) -> Response:
            self._session.files.require_editable()
            asked = msgspec.json.decode(await _body(request, _MAX_TEXT) or b"{}", type=kind)
            return _json(await asyncio.to_thread(save, asked))

        return endpoint

    def _take(self, most: int, take: Callable[[str, bytes], object]) -> _Endpoint:
        """Return an endpoint that takes a file of at most `most` bytes, named in the address."""

        async def endpoint(request: Request) -> Response:
            self._session.files.require_editable()
            content = await _body(request, most)
            return _json(await asyncio.to_thread(take, request.query_params.get("name", ""), content))

        return endpoint

    # ------------------------------------------------------------ the page

    async def _start_page(self, request: Request) -> Response:
        """Return the page, with the nonce for its styles."""
        text = (_PAGE / _START_PAGE).read_text(encoding="utf-8").replace("{{nonce}}", request.scope["nonce"])
        return Response(text, media_type=_KINDS[".html"])

    async def _page_file(self, request: Request) -> Response:
        """Return a file of the page."""
        name = request.path_params["name"]
        known = {each.relative_to(_PAGE).as_posix(): each for each in _PAGE.rglob("*") if each.suffix in _KINDS}
        if name not in known:
            return PlainTextResponse("There is no such file.\n", 404)
        return Response(known[name].read_bytes(), media_type=_KINDS[known[name].suffix])

    async def _page_font(self, request: Request) -> Response:
        """Return the typeface of the page, which is that of the handouts. HandoutError if it is not installed."""
        face = PRINT_FAMILY.faces(bold=request.path_params["weight"] == "bold")[0]
        content = (await asyncio.to_thread(load_font, face)).content
        return Response(content, media_type="font/ttf", headers=_IMMUTABLE)

    async def _picture(self, request: Request) -> Response:
        """Return one page as a PNG."""
        width = request.query_params.get("width", "800")
        if not (width.isascii() and width.isdigit() and 0 < int(width[:6]) <= WIDEST):
            raise HandoutError(error("usage", f"'{width[:20]}' is not a width.", hint=f"at most {WIDEST}"))
        content = await self._work(request, self._session.picture, request.path_params["name"], int(width))
        if content is None:
            return PlainTextResponse("No page that is looked at has this name.\n", 404)
        return Response(content, media_type="image/png", headers=_IMMUTABLE)

    # ------------------------------------------------------------ builds

    def _job(self, job: str) -> dict[str, Any]:
        """Return the progress of a build."""
        state = self._jobs.state(job)
        named = [{**each, "file": self._session.name_of(str(each["file"]))} for each in state["findings"]]
        return {**state, "findings": named}

    def _show_folder(self, job: str) -> dict[str, bool]:
        """Show the folder of a build in a window, and return whether that worked."""
        return {"opened": self._open_folder(self._jobs.made_folder(job))}

    async def _download(self, request: Request) -> Response:
        """Return a finished file as a download."""
        path = await asyncio.to_thread(self._jobs.made_file, request.query_params.get("file", ""))
        return FileResponse(path, media_type="application/octet-stream", headers=_as_download(path.name))

    async def _download_all(self, request: Request) -> Response:
        """Return all files of a build as one ZIP file."""
        files = await asyncio.to_thread(self._jobs.made_files, request.path_params["job"])
        name = safe_name(self._session.home.name) or "handouts"
        return StreamingResponse(zip_pieces(files), media_type="application/zip", headers=_as_download(f"{name}.zip"))

    # ------------------------------------------------------------ events

    async def _events(self, request: Request) -> Response:  # noqa: ARG002
        """Stream events to the page for as long as it listens."""
        self._loop = asyncio.get_running_loop()
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        return StreamingResponse(self._server_events.listen(), media_type="text/event-stream")

    async def _watch(self) -> None:
        """Send an event for each change of the project's files, until the server ends."""
        session = self._session
        async for files in watch_folders((session.content, session.templates), self._stop):
            state = await asyncio.get_running_loop().run_in_executor(self._worker, session.state)
            names = [session.name_of(each.as_posix()) for each in files]
            self._server_events.send("changed", {"version": state.version, "files": names})

    def _send_job_event(self, data: Mapping[str, object]) -> None:
        """Send an event with the progress of a build; called in the thread of the build."""
        with suppress(RuntimeError):  # the loop has ended
            if self._loop:
                self._loop.call_soon_threadsafe(self._server_events.send, "job", data)

    async def _end(self, request: Request) -> Response:  # noqa: ARG002
        """End the server."""
        self._server_events.end()
        self._stop.set()
        self._on_end()
        return _json({})


class _FileRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file to save: its path, the hash of the content that the page last saw, and its new text."""

    path: str
    base: str
    text: str


class _EmptyRequest(msgspec.Struct, frozen=True):
    """A request without values."""


class _StateRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file, and the earlier state of it to restore."""

    path: str
    id: str


def _page_words(languages: str) -> dict[str, Any]:
    """Return the words of the page in the first available one of `languages`, such as "de-CH,en", else in English."""
    known = {each.stem: each for each in _WORDS.glob("*.yaml")}
    asked = (each.partition("-")[0] for each in languages.split(","))
    language = next((each for each in asked if each in known), _USUAL_LANGUAGE)
    node = load_yaml(SourceFolder(_WORDS, []), known[language])
    entries = node.entries if isinstance(node, MappingNode) else ()
    words = {key.text: value.text for key, value in entries if isinstance(value, Word)}
    return {"language": language, "words": words}


def _explanation(code: str) -> dict[str, object]:
    """Return the explanation of a finding code as data for JSON. HandoutError if there is none."""
    known = explanations()
    if code not in known:
        raise HandoutError(error("usage", f"Nothing is called '{code[:80]}'.", hint=suggest_name(code[:80], known)))
    return explanation_as_data(known[code], allowable=code in CODES and known[code].allow != "never")


def _as_download(name: str) -> dict[str, str]:
    """Return the headers by which a browser saves a file under a name instead of showing it."""
    quoted = name.replace('"', "")
    return {"Content-Disposition": f'attachment; filename="{quoted}"'}


async def _is_gone(request: Request) -> None:
    """Return when the client has disconnected."""
    while (await request.receive())["type"] != "http.disconnect":
        continue


async def _nobody_waits(request: Request, gone: ClientDisconnect) -> Response:  # noqa: ARG001
    """Return an empty response, which no client receives."""
    return Response(status_code=499)


async def _body(request: Request, most: int) -> bytes:
    """Return the body of a request. HandoutError if it is larger than `most` bytes.

    The rest is read and thrown away, because a browser reads the answer only once it has sent everything.
    """
    content, size = bytearray(), 0
    async for part in request.stream():
        size += len(part)
        if size <= most:
            content += part
        elif size > most + _MAX_FORGOTTEN:
            break
    if size > most:
        message = f"This is larger than {most / 1_000_000:g} MB."
        raise HandoutError(error("too-large", message, hint="make it smaller"))
    return bytes(content)


def _json(data: object, status: int = 200) -> Response:
    """Return data as a JSON response."""
    return Response(msgspec.json.encode(data), status, media_type="application/json")


async def _refused(request: Request, refused: HandoutError) -> Response:  # noqa: ARG001
    """Return the findings of a HandoutError."""
    too_large = any(found.code == "too-large" for found in refused.findings)
    return _findings(refused.findings, 413 if too_large else 400)


async def _changed_elsewhere(request: Request, changed: ChangedElsewhereError) -> Response:  # noqa: ARG001
    """Return the present text of a file that was changed elsewhere."""
    return _json({"hash": changed.hash, "text": changed.text}, 409)


async def _failed(request: Request, problem: Exception) -> Response:  # noqa: ARG001
    """Return the error for a malformed request or an internal bug, with its place in the code and no content."""
    if isinstance(problem, msgspec.MsgspecError):
        return _findings((error("usage", f"This cannot be asked: {problem}."),), 400)
    return _findings((our_mistake_error(problem),), 500)


def _findings(findings: tuple[Finding, ...], status: int) -> Response:
    """Return findings as a JSON response."""
    message = findings[0].message if findings else ""
    return _json({"message": message, "findings": [finding_to_json(found) for found in findings]}, status)
