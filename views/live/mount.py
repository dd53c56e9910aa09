"""The live market as a part of another web application: routes to mount, and what opens and closes them.

    Starlette(routes=[..., live_market("/live")], lifespan=...)   # and in the lifespan: with live_market_open(): yield

Solara reads its settings from the environment when it is first imported, so they are made here, before that.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agents.places import cache_folder
from experiments.engine.errors import extra_needed

if TYPE_CHECKING:
    from starlette.routing import Mount
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from views.page.public import PublicAddress

SETTINGS = {
    "SOLARA_APP": "views.live.app",
    "SOLARA_MODE": "production",  # no watching of files, no console, no frame from solara.dev
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_HOME": str(cache_folder() / "solara"),
    # A closed tab says so at once; one that is lost (a crash, a broken line) is given up after this.
    "SOLARA_KERNEL_CULL_TIMEOUT": "60s",
    "SOLARA_KERNEL_MAX_PER_SESSION": "20",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "Live labour market",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
}
#: Solara compiles its templates in the browser, so scripts may be evaluated; nothing may be fetched from elsewhere.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-src 'none'; frame-ancestors 'self'; "
    "object-src 'none'; base-uri 'self'"
)


def prepare() -> None:
    """Make Solara's settings, unless the environment already says otherwise."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)


def live_market(path: str = "/live", public: PublicAddress | None = None) -> Mount:
    """The live market's routes under a path, below the public one where there is one.

    Raises BadRequest when the `page` extra is not installed.
    """
    prepare()
    # Solara warns of proxies and https at every visit, and of Mesa's hooks: nothing that who reads it can act on.
    warnings.filterwarnings("ignore", module=r"solara\.")
    with extra_needed("page", "the live market"):
        import altair  # noqa: F401, ICN001 - Mesa's visualisation imports it
        import solara.server.settings
        import solara.server.starlette as solara_server
        from starlette.middleware import Middleware
        from starlette.routing import Mount

    # Said here: otherwise Solara believes the `Script-Name` of whoever comes first.
    solara.server.settings.main.root_path = (public.path if public is not None else "") + path
    own = Middleware(OwnHostOnly, origin=public.origin if public is not None else "")
    return Mount(path, routes=solara_server.routes, middleware=[*solara_server.middleware, own])


@contextmanager
def live_market_open() -> Iterator[None]:
    """Within the block visitors may come; at its end every visitor's market is closed."""
    import solara.server.starlette as solara_server

    solara_server.on_startup()
    try:
        yield
    finally:
        solara_server.on_shutdown()


class OwnHostOnly:
    """Answers only pages of this very host, and tells browsers to fetch nothing from any other."""

    def __init__(self, app: ASGIApp, origin: str = "") -> None:
        self.app, self.origin = app, origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a web socket that another site's page opens; add the policy to answers."""
        headers = {name.decode().lower(): value.decode() for name, value in scope.get("headers", [])}
        if scope["type"] == "websocket" and not same_host(headers, self.origin):
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "another site's page"})
            return

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", []),
                    (b"content-security-policy", POLICY.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                ]
            await send(message)

        await self.app(scope, receive, with_policy)


def same_host(headers: dict[str, Any], public: str = "") -> bool:
    """Whether a request comes from a page of the host that it asks, or of the public origin.

    Programs that are no browser send no origin.
    """
    origin = headers.get("origin")
    return origin is None or origin == public or urlsplit(origin).netloc == headers.get("host")


def application() -> Any:
    """The live market alone, as a web application."""
    from contextlib import asynccontextmanager

    from starlette.applications import Starlette
    from starlette.responses import RedirectResponse
    from starlette.routing import Route

    @asynccontextmanager
    async def lifespan(_: Starlette) -> Any:
        with live_market_open():
            yield

    mount = live_market("/live")
    return Starlette(routes=[Route("/", lambda _: RedirectResponse("/live/")), mount], lifespan=lifespan)
