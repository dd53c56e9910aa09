"""The address that visitors type when another server stands before the page: its name, and the path below it."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote, urlsplit

from starlette.responses import RedirectResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

#: What the page answers itself: a path that began so could not be told from one that a server before it has cut off.
OWN_PATHS = ("api", "live", "static")
_PORTS = {"http": 80, "https": 443}
_EXAMPLE = "https://lab.example.org/lab/"
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_PATH_SIGNS = "/-._~@:+,=!$&()*;"


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Where visitors reach the page, as browsers name it."""

    scheme: str
    #: The name alone, in small letters; an address of IPv6 without its brackets.
    host: str
    port: int | None = None
    #: The path below which the page stands, unquoted and without its last slash; empty at the top.
    path: str = ""

    @property
    def origin(self) -> str:
        """What a browser sends as the origin of the page's own requests."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port in {None, _PORTS[self.scheme]}
        return f"{self.scheme}://{name}" + ("" if usual else f":{self.port}")

    def __str__(self) -> str:
        return f"{self.origin}{quote(self.path, safe=_PATH_SIGNS)}/"


def public_address(text: str) -> PublicAddress:
    """The address that `--public-url` names; raises ArgumentTypeError in one sentence."""
    if any(not sign.isprintable() or sign.isspace() or sign == "\\" for sign in text):
        raise _wrong(text, "has spaces or signs that no address has")
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise _wrong(text, f"is not an address ({error})") from None
    if parts.scheme not in _PORTS:
        raise _wrong(text, "does not begin with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise _wrong(text, "holds a user's name or password, which a browser does not send")
    if "?" in text or "#" in text:
        raise _wrong(text, "ends in a query or a fragment; name the address and the path alone")
    if port == 0:
        raise _wrong(text, "names port 0, which nobody can reach")
    return PublicAddress(parts.scheme, _host(text, host, parts), port, _path(text, parts.path))


def _host(text: str, host: str, parts: SplitResult) -> str:
    if not host.isascii():
        try:
            sent = host.encode("idna").decode()
        except UnicodeError:
            sent = "xn--..."
        raise _wrong(text, f"has letters beyond a to z in its name; write it as browsers send it, such as {sent}")
    if "[" in parts.netloc and ":" in host:
        return host
    if len(host) > 253 or _NAME.fullmatch(host) is None:
        raise _wrong(text, f"has {f'the name {host!r}, which no machine has' if host else 'no name'}")
    return host


def _path(text: str, written: str) -> str:
    path = unquote(written).rstrip("/")
    parts = path.split("/")[1:]
    if {"", ".", ".."} & set(parts) or not all(sign.isalnum() or sign in _PATH_SIGNS for sign in path):
        raise _wrong(text, f"has the path {written!r}, with a part that is empty, dots alone or has unusual signs")
    if parts and parts[0] in OWN_PATHS:
        raise _wrong(text, f"has a path that begins with /{parts[0]}, an address of the page's own; choose another")
    return path


def _wrong(text: str, what: str) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(f"{text[:200]!r} {what}; write it like {_EXAMPLE}")


class Below:
    """Lets the page answer below a path, whether the server before it cuts that path off or not."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self.app, self.path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give every request its whole path."""
        if scope["type"] not in {"http", "websocket"} or not self.path:
            await self.app(scope, receive, send)
            return
        asked: str = scope["path"]
        if asked == self.path and scope["type"] == "http":
            query = scope.get("query_string", b"").decode("latin-1")
            last = quote(self.path.rpartition("/")[2], safe=_PATH_SIGNS)
            await RedirectResponse(f"./{last}/" + (f"?{query}" if query else ""), 308)(scope, receive, send)
            return
        whole = asked if asked.startswith(f"{self.path}/") else self.path + asked
        await self.app({**scope, "path": whole, "root_path": self.path}, receive, send)
