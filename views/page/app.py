"""The server: which address answers what."""

from __future__ import annotations

import asyncio
import contextlib
import json
import traceback
import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from experiments.engine.manifest import project_version
from views.live.mount import live_market, live_market_open
from views.page.causes import waterfall
from views.page.downloads import Draughtsman, download
from views.page.facts import facts, taken_over, told
from views.page.groups import who_gains
from views.page.links import carried_by
from views.page.manual import Manual
from views.page.presets import presets
from views.page.public import Below, PublicAddress
from views.page.runs import Run, Shelf
from views.page.security import Guard, TooLarge, body_of
from views.page.settings import Refused, reform_of
from views.page.streams import Gone, answers, beating, event
from views.page.upload import MOST_BYTES, NAME, read_upload
from views.page.waterfall import stored
from views.words.language import Speech
from views.words.scenario_titles import BASELINE, TITLES, YOURS, quoted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from concurrent.futures import Future

    from starlette.requests import Request

    from model.scenario.scenario import Scenario
    from views.page.laboratory import Laboratory
    from views.words.language import Language

STATIC = Path(__file__).resolve().parent / "static"
#: Visitors that are answered at once; the next one is asked to come back.
MOST_STREAMS = 64
LIVE = "/live"
_JSON = "application/json"
_NO_STORE = {"cache-control": "no-store"}


@dataclass
class Page:
    """The page of one server: its laboratory, and the questions asked of it."""

    laboratory: Laboratory
    host: str = "127.0.0.1"
    #: Where visitors reach it when another server stands before it.
    public: PublicAddress | None = None
    #: A scenario to open with.
    initial: Scenario | None = None
    shelf: Shelf = field(default_factory=Shelf)
    draughtsman: Draughtsman = field(default_factory=Draughtsman)
    #: Whether the live market is served too.
    live: bool = False
    live_problem: str = ""
    streams: int = 0
    _live: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def application(self) -> Starlette:
        """The routes, guarded."""
        return Starlette(
            routes=[
                Route("/", self.index),
                Route("/api/page", self.facts),
                Route("/api/runs", self.ask, methods=["POST"]),
                Route("/api/runs/{id}/events", self.events),
                Route("/api/runs/{id}/groups", self.groups),
                Route("/api/runs/{id}/{file}", self.download),
                Route("/api/why", self.why, methods=["GET"]),
                Route("/api/why", self.ask_why, methods=["POST"]),
                Route("/api/scenario", self.upload, methods=["POST"]),
                Route("/api/link", self.link),
                *self._live_routes(),
                Mount("/help", Manual()),
                Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
            ],
            middleware=[
                Middleware(Guard, host=self.host, public=self.public),
                Middleware(Below, path=self.public.path if self.public is not None else ""),
            ],
            exception_handlers={Refused: _refused, TooLarge: _too_large, HTTPException: _http, Exception: _broken},  # type: ignore[dict-item]
            lifespan=self._lifespan,
        )

    def _live_routes(self) -> list[Route]:
        """What stands where the live market will be."""
        if not self.live:
            return []
        return [Route(LIVE, lambda _: RedirectResponse("live/")), Route(LIVE + "/{rest:path}", self.not_yet)]

    @contextlib.asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        opened = self.laboratory.open()
        live = asyncio.create_task(self._mount_live(app, opened)) if self.live else None
        try:
            yield
        finally:
            if live is not None:
                live.cancel()
            await run_in_threadpool(self._live.close)
            await run_in_threadpool(self.laboratory.close)
            await run_in_threadpool(self.draughtsman.close)

    async def _mount_live(self, app: Starlette, opened: Future[None]) -> None:
        """Bring the live market in once the first answer can be given: its libraries take seconds to import."""
        with contextlib.suppress(Exception):  # the laboratory tells its visitors itself
            await asyncio.wrap_future(opened)
        # Solara warns of its own and Mesa's code, which the person at the prompt can do nothing about.
        warnings.filterwarnings("ignore", category=UserWarning, module=r"solara\b")
        try:
            mount = await run_in_threadpool(live_market, LIVE, self.public)
            self._live.enter_context(live_market_open())
        except Exception as error:  # noqa: BLE001 - the rest of the page does without
            self.live_problem = str(error)
        else:
            app.router.routes.insert(0, mount)

    async def not_yet(self, _request: Request) -> Response:
        """What /live says until the live market is there."""
        if self.live_problem:
            return PlainTextResponse(self.live_problem, 503)
        soon = '<!doctype html><meta http-equiv="refresh" content="1"><title>…</title><p>…</p>'
        return HTMLResponse(soon, 503, {"retry-after": "1"})

    # --- the page ------------------------------------------------------------------------------------------------

    async def index(self, _request: Request) -> Response:
        """The page itself."""
        file = STATIC / "index.html"
        if not file.is_file():
            return PlainTextResponse("Youth unemployment: the page's files are not installed", status_code=500)
        return FileResponse(file, headers={"cache-control": "no-cache"})

    async def facts(self, request: Request) -> Response:
        """Levers, presets, charts, official months, and the baseline."""
        language = _language(request.query_params.get("lang"))
        found = await run_in_threadpool(facts, self.laboratory, language, self.initial)
        found["baseline"] = await run_in_threadpool(self._baseline, language)
        return JSONResponse(found, headers=_NO_STORE)

    def _baseline(self, language: Language) -> dict[str, Any] | None:
        """The answer to no question at all, when the baseline is computed."""
        laboratory = self.laboratory
        if not set(laboratory.size.batches[0]) <= laboratory.baseline.keys():
            return None
        title = quoted(BASELINE, Speech(language))
        run = self.shelf.add("what-if", laboratory.baseline_scenario, {}, "baseline", title, language)
        done = len(laboratory.baseline) >= laboratory.size.replications
        return told(laboratory, run, laboratory.baseline, final=done)

    # --- questions -----------------------------------------------------------------------------------------------

    async def ask(self, request: Request) -> Response:
        """A question: its settings are checked, and it is given an id."""
        asked = await _json(request)
        run = await run_in_threadpool(self._question, "what-if", asked)
        return JSONResponse({"run": run.id, "title": run.title}, headers=_NO_STORE)

    async def ask_why(self, request: Request) -> Response:
        """A question for the causes of one's own scenario."""
        asked = await _json(request)
        run = await run_in_threadpool(self._question, "why", asked)
        return JSONResponse({"run": run.id, "title": run.title}, headers=_NO_STORE)

    async def why(self, request: Request) -> Response:
        """The stored waterfall of a preset."""
        preset = request.query_params.get("preset", "baseline")
        found = await run_in_threadpool(stored, preset, _language(request.query_params.get("lang")))
        if found is None:
            raise HTTPException(404, "no waterfall of this scenario is stored; it can be computed")
        return JSONResponse(found)

    def _question(self, kind: Literal["what-if", "why"], asked: Mapping[str, Any]) -> Run:
        language = _language(asked.get("lang"))
        preset = presets().get(str(asked.get("preset")))
        settings = asked.get("settings", {})
        title = YOURS
        if preset is not None and settings == preset.settings:
            title = preset.title
        elif not settings:
            title = TITLES[BASELINE]
        baseline = self.laboratory.baseline_scenario
        reform = reform_of(baseline, settings, self.laboratory.today, title if settings else baseline.name)
        if settings:
            whole = preset is not None and settings == preset.settings
            reform = replace(reform, description=preset.scenario.description if preset is not None and whole else "")
        name = preset.id if preset is not None else None
        return self.shelf.add(kind, reform, dict(settings), name, quoted(title, Speech(language)), language,
                              asked.get("luck_alone") is True)  # fmt: skip

    async def events(self, request: Request) -> Response:
        """The stream of a question's answers."""
        run = self._run(request)
        if self.streams >= MOST_STREAMS:
            told_busy = "too many visitors are being answered; try again in a moment"
            return JSONResponse({"problems": [{"message": told_busy}]}, 503, {"retry-after": "5"})
        # Servers in between neither keep it back nor pack it: both would hold up what has come.
        headers = {"cache-control": "no-store, no-transform", "x-accel-buffering": "no"}
        return StreamingResponse(self._stream(request, run), media_type="text/event-stream", headers=headers)

    async def groups(self, request: Request) -> Response:
        """Who gains and who loses by a question."""
        return JSONResponse(await who_gains(self.laboratory, self._run(request)), headers=_NO_STORE)

    async def _stream(self, request: Request, run: Run) -> AsyncIterator[str]:
        self.streams += 1
        try:
            parts = answers if run.kind == "what-if" else waterfall
            async for part in beating(parts(request, self.laboratory, run)):
                yield part
        except Gone:
            return
        except Exception as error:  # noqa: BLE001 - the visitor is told, the server goes on
            yield event("problem", {"message": f"{type(error).__name__}: {error}"})
        finally:
            self.streams -= 1

    def _run(self, request: Request) -> Run:
        run = self.shelf.get(request.path_params["id"])
        if run is None:
            raise HTTPException(404, "this answer is no longer kept: move a lever to compute it anew")
        return run

    # --- carrying away and bringing back ---------------------------------------------------------------------------

    async def download(self, request: Request) -> Response:
        """A file of a question."""
        file, name = request.path_params["file"], request.query_params.get("figure", "")
        return await download(self.laboratory, self.draughtsman, self._run(request), file, name)

    async def upload(self, request: Request) -> Response:
        """A scenario file, as settings of the page."""
        content = await body_of(request, MOST_BYTES)
        name = request.query_params.get("name") or NAME
        scenario = await run_in_threadpool(read_upload, content, name)
        return JSONResponse(taken_over(scenario, self.laboratory, _language(request.query_params.get("lang"))))

    async def link(self, request: Request) -> Response:
        """What a link carries, and whether this version made it."""
        language = _language(request.query_params.get("lang"))
        carried = carried_by(request.query_params.get("s", ""))
        notes = carried.notes(project_version(), presets(), language)
        try:
            reform_of(self.laboratory.baseline_scenario, carried.settings, self.laboratory.today, "link")
        except Refused as error:
            raise Refused([*({"message": note} for note in notes), *error.problems]) from None
        return JSONResponse({
            "settings": carried.settings, "preset": carried.preset if carried.preset in presets() else None,
            "version": carried.version, "current": carried.version == project_version(), "notes": notes,
        })  # fmt: skip


def _language(asked: object) -> Language:
    return "zh" if asked == "zh" else "en"


async def _json(request: Request) -> dict[str, Any]:
    """A mapping that was sent as JSON; raises Refused."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != _JSON:
        raise HTTPException(415, f"send {_JSON}")
    try:
        found: Any = json.loads(await body_of(request, MOST_BYTES))
    except (ValueError, RecursionError):
        raise Refused([{"message": "what was sent is not JSON"}]) from None
    if not isinstance(found, dict):
        raise Refused([{"message": "what was sent is not a mapping"}])
    return found


async def _refused(_request: Request, error: Refused) -> Response:
    return JSONResponse({"problems": error.problems}, 422)


async def _too_large(_request: Request, _error: TooLarge) -> Response:
    return JSONResponse({"problems": [{"message": f"more than {MOST_BYTES:,} bytes; a scenario is smaller"}]}, 413)


async def _http(_request: Request, error: HTTPException) -> Response:
    return JSONResponse({"problems": [{"message": error.detail}]}, error.status_code, error.headers)


async def _broken(_request: Request, error: Exception) -> Response:
    traceback.print_exception(error)
    return JSONResponse({"problems": [{"message": f"a mistake in the program: {type(error).__name__}"}]}, 500)
