"""What keeps a page on one's own machine one's own: who may ask, how much they may send, what a browser may load."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from views.page.public import PublicAddress

OWN_NAMES = ("localhost", "127.0.0.1", "::1")
#: Bound to these, the server answers on every address of the machine.
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - only where the user asks for it
#: Only our own files; nothing inline, nothing from elsewhere.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Refuses requests for another host or from another site, and sends the headers that bind the browser.

    A page elsewhere may name this machine (DNS rebinding) or send it forms; the host it asks for, or the origin it
    comes from, gives it away.
    """

    def __init__(self, app: ASGIApp, host: str, public: PublicAddress | None = None) -> None:
        self.app, self.host, self.public = app, host.strip("[]").lower(), public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # The live market binds the browser itself: its front end compiles templates in the page.
                headers.setdefault("content-security-policy", POLICY)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if refusal is None:
            await self.app(scope, receive, guarded)
        elif scope["type"] == "http":
            answer = JSONResponse({"problems": [{"message": refusal}]}, status_code=403)
            await answer(scope, receive, guarded)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": refusal})

    def _refusal(self, scope: Scope) -> str | None:
        """Why a request is refused, if it is."""
        headers = Headers(scope=scope)
        asked = headers.get("host", "")
        # A server before this one may ask under a name of its own; whom the visitor asked for, it says beside it.
        for name in (asked, headers.get("x-forwarded-host", asked).partition(",")[0].strip()):
            if not self._ours(name):
                return f"this server does not answer for {name[:100]!r}; name it with --public-url if it should"
        changes = scope["type"] == "websocket" or scope["method"] not in {"GET", "HEAD"}
        if not changes:
            return None
        origin = headers.get("origin")
        if origin is not None and not self._own_origin(origin, asked):
            return f"this request comes from another site, {origin[:100]}; --public-url names the address of this one"
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return "this request comes from another site"
        return None

    def _own_origin(self, origin: str, asked: str) -> bool:
        """Whether a page of this origin is this server's: at its public address, or where it was asked."""
        if self.public is not None and (origin == self.public.origin or _name(asked) == self.public.host):
            return origin == self.public.origin
        try:
            return urlsplit(origin).netloc == asked
        except ValueError:
            return False

    def _ours(self, asked: str) -> bool:
        """Whether the host asked for is this server: a name of its own, or where it answers everywhere an address."""
        name = _name(asked)
        if name in OWN_NAMES or (name and name == self.host) or (self.public is not None and name == self.public.host):
            return True
        return self.host in EVERYWHERE and is_address(name)


def _name(asked: str) -> str:
    """The name in a `Host` header, in small letters and without the port; nothing where there is none."""
    try:
        return urlsplit(f"//{asked}").hostname or ""
    except ValueError:
        return ""


def is_address(name: str) -> bool:
    """Whether a name is a number on the network, which nobody can point elsewhere."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class TooLarge(Exception):  # noqa: N818 - the upload is too large, the program is well
    """More was sent than is read."""


async def body_of(request: Request, most: int) -> bytes:
    """What was sent, if it is not too much; nothing beyond the limit is ever held."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise TooLarge
        parts.append(part)
    return b"".join(parts)
