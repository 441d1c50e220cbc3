"""The routes of the server: what the page asks for, and the files of the page itself.

Requests are read and checked here, and answered by the `Session` in one worker thread. Nothing is changed by a GET.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from handouts.editor.pictures import WIDEST
from handouts.editor.security import GuardedApp, Lock
from handouts.editor.session import Session
from handouts.editor.source_files import ChangedElsewhereError
from handouts.editor.views import ViewWish
from handouts.finding import Finding, HandoutError, error, finding_to_json
from handouts.pipeline.render import our_mistake_error

_Value = TypeVar("_Value")
_PAGE = Path(__file__).parent / "page"
_START_PAGE = "index.html"
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
}
_MAX_TEXT_BODY = 1_000_000


class Server:
    """The answers to all requests about one session; slow ones are worked out in one thread, one after another."""

    def __init__(self, session: Session, on_end: Callable[[], None]) -> None:
        self._session = session
        self._on_end = on_end
        self._worker = ThreadPoolExecutor(1, "handouts-editor")

    def app(self, lock: Lock) -> GuardedApp:
        """Return the application behind its lock."""
        routes = [
            Route("/", self._start_page, methods=["GET"]),
            Route("/page/{name:path}", self._page_file, methods=["GET"]),
            Route("/api/project", self._project, methods=["GET"]),
            Route("/api/view", self._view, methods=["GET"]),
            Route("/api/picture/{name}", self._picture, methods=["GET"]),
            Route("/api/file", self._read_file, methods=["GET"]),
            Route("/api/file", self._write_file, methods=["PUT"]),
            Route("/api/end", self._end, methods=["POST"]),
        ]
        handlers: Any = {HandoutError: _refused, ChangedElsewhereError: _changed_elsewhere, Exception: _failed}
        return GuardedApp(Starlette(routes=routes, exception_handlers=handlers), lock)

    async def _work(self, work: Callable[..., _Value], *given: object) -> _Value:
        """Return what `work` does in the worker thread."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work, *given)

    def close(self) -> None:
        """End the worker thread; what waits for it is not done."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    # ------------------------------------------------------------ the page

    async def _start_page(self, request: Request) -> Response:
        """Return the page, with the nonce of its own styles."""
        text = (_PAGE / _START_PAGE).read_text(encoding="utf-8").replace("{{nonce}}", request.scope["nonce"])
        return Response(text, media_type=_KINDS[".html"])

    async def _page_file(self, request: Request) -> Response:
        """Return a file of the page."""
        name = request.path_params["name"]
        known = {each.relative_to(_PAGE).as_posix(): each for each in _PAGE.rglob("*") if each.suffix in _KINDS}
        if name not in known:
            return PlainTextResponse("There is no such file.\n", 404)
        return Response(known[name].read_bytes(), media_type=_KINDS[known[name].suffix])

    # ------------------------------------------------------------ looking

    async def _project(self, request: Request) -> Response:  # noqa: ARG002
        """Answer what there is to look at."""
        return _json(await self._work(self._session.project))

    async def _view(self, request: Request) -> Response:
        """Answer the pages or slides that are wished for."""
        wish = msgspec.convert(dict(request.query_params), ViewWish)
        return _json(await self._work(self._session.view, wish))

    async def _picture(self, request: Request) -> Response:
        """Answer one page as a PNG."""
        width = request.query_params.get("width", "800")
        if not (width.isascii() and width.isdigit() and 0 < int(width[:6]) <= WIDEST):
            raise HandoutError(error("usage", f"'{width[:20]}' is no width.", hint=f"at most {WIDEST}"))
        content = await self._work(self._session.picture, request.path_params["name"], int(width))
        if content is None:
            return PlainTextResponse("No page that is looked at has this name.\n", 404)
        kept = {"Cache-Control": "private, max-age=3600, immutable"}
        return Response(content, media_type="image/png", headers=kept)

    # ------------------------------------------------------------ files

    async def _read_file(self, request: Request) -> Response:
        """Answer what a file holds."""
        return _json(await asyncio.to_thread(self._session.files.read, request.query_params.get("path", "")))

    async def _write_file(self, request: Request) -> Response:
        """Save a file, if it is still as the page knows it."""
        wish = msgspec.json.decode(await _body(request, _MAX_TEXT_BODY), type=_FileWish)
        return _json(await asyncio.to_thread(self._session.files.write, wish.path, wish.base, wish.text))

    async def _end(self, request: Request) -> Response:  # noqa: ARG002
        """End the server."""
        self._on_end()
        return _json({})


class _FileWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file to save: its path, the hash of what the page knows of it, and its new text."""

    path: str
    base: str
    text: str


async def _body(request: Request, most: int) -> bytes:
    """Return the body of a request. HandoutError if it is larger than `most` bytes: no more than that is read."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise HandoutError(
                error("too-large", f"This is larger than {most / 1_000_000:g} MB.", hint="make it smaller")
            )
        parts.append(part)
    return b"".join(parts)


def _json(data: object, status: int = 200) -> Response:
    """Return data as an answer."""
    return Response(msgspec.json.encode(data), status, media_type="application/json")


async def _refused(request: Request, refused: HandoutError) -> Response:
    """Answer what is wrong with a request or with content."""
    too_large = any(found.code == "too-large" for found in refused.findings)
    return _findings(request, refused.findings, 413 if too_large else 400)


async def _changed_elsewhere(request: Request, changed: ChangedElsewhereError) -> Response:  # noqa: ARG001
    """Answer what a file holds that was changed elsewhere."""
    return _json({"hash": changed.hash, "text": changed.text}, 409)


async def _failed(request: Request, problem: Exception) -> Response:
    """Answer a request that nobody can answer, or a bug of ours, with its place in the code and no word of content."""
    if isinstance(problem, msgspec.MsgspecError):
        return _findings(request, (error("usage", f"This cannot be asked: {problem}."),), 400)
    return _findings(request, (our_mistake_error(problem),), 500)


def _findings(request: Request, findings: tuple[Finding, ...], status: int) -> Response:  # noqa: ARG001
    """Answer findings."""
    return _json({"findings": [finding_to_json(found) for found in findings]}, status)
