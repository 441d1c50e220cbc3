"""Refuse all requests except those of our own page: with the right Host, Origin and token.

Another website in the same browser can send requests here, but it does not know the token, cannot send the cookie
(SameSite), and has another Origin. If a domain name of its own leads to 127.0.0.1, the Host is wrong.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping

from msgspec import Struct
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_READING_METHODS = ("GET", "HEAD")
_CLOSED_TEXT = (
    "This page belongs to 'handouts open', which somebody has started on this computer.\n"
    "Open the address that it has printed, or start it again in the folder of your project: handouts open\n"
)
_OTHER_PAGE_TEXT = (
    "Another page has asked for this, and only the page itself may.\n"
    "To open it, copy the address that 'handouts open' has printed into the address bar of your browser.\n"
)
_SECURITY_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def new_token() -> str:
    """Return a random token."""
    return secrets.token_urlsafe(32)


class Lock(Struct, frozen=True):
    """The port and token of a server: requests must name one of `hosts` and have the token in address or cookie."""

    port: int
    token: str

    @property
    def hosts(self) -> tuple[str, ...]:
        """The allowed values of the Host header."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    @property
    def cookie(self) -> str:
        """The name of the cookie, with the port, because browsers share cookies between the ports of a host."""
        return f"handouts-{self.port}"

    @property
    def address(self) -> str:
        """The address to open in the browser."""
        return f"http://{self.hosts[0]}/?token={self.token}"

    def is_token(self, given: str) -> bool:
        """True if this is the token, compared in constant time."""
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())


class GuardedApp:
    """An application that gets only the requests that its lock lets through."""

    def __init__(self, app: ASGIApp, lock: Lock) -> None:
        self._app = app
        self._lock = lock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or refuse a request, and add the security headers to the answer."""
        if scope["type"] != "http":
            return
        nonce = secrets.token_urlsafe(16)
        scope["nonce"] = nonce

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = {**_SECURITY_HEADERS, "Content-Security-Policy": _POLICY.format(nonce=nonce)}
                known = {name.lower() for name, _ in message["headers"]}
                if b"cache-control" not in known:
                    headers["Cache-Control"] = "no-store"
                message["headers"] = [
                    *message["headers"],
                    *((name.lower().encode(), value.encode()) for name, value in headers.items()),
                ]
            await send(message)

        answer = self._refusal(Request(scope)) or self._app
        await answer(scope, receive, send_guarded)

    def _refusal(self, request: Request) -> Response | None:
        """Return the response if a request is refused, or sets the cookie; None if the application answers it."""
        lock = self._lock
        if request.headers.getlist("host") not in [[each] for each in lock.hosts]:
            return PlainTextResponse("This is not the name of this server.\n", 421)
        if not _is_own_origin(request.headers, request.method, lock):
            return PlainTextResponse(_OTHER_PAGE_TEXT, 403)
        given = request.query_params.get("token", "")
        if request.url.path == "/" and given and lock.is_token(given):
            opened = RedirectResponse("/", 303)
            opened.set_cookie(lock.cookie, lock.token, httponly=True, samesite="strict", path="/")
            return opened
        if not lock.is_token(request.cookies.get(lock.cookie, "")):
            return PlainTextResponse(_CLOSED_TEXT, 403)
        return None


def _is_own_origin(headers: Headers, method: str, lock: Lock) -> bool:
    """True if a request comes from our own page, or from the address bar of a browser."""
    origins = tuple(f"http://{each}" for each in lock.hosts)
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return False
    return headers.get("origin", origins[0] if method in _READING_METHODS else "") in origins
