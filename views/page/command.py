"""`run.py view`: what may be typed after it, and the server it starts."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.engine.errors import BadRequest, extra_needed
from experiments.engine.options import BASELINE, Parser, existing_scenario, path_argument, read_scenarios

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import FrameType

    import uvicorn

    from model.scenario.scenario import Scenario
    from views.page.app import Page
    from views.page.laboratory import Size
    from views.page.public import PublicAddress

LOOPBACK, PORT = "127.0.0.1", 8765
#: Beyond them the server says that it is busy.
MOST_CONNECTIONS = 500


def read_view(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line of `run.py view`; raises BadRequest."""
    parser = Parser(
        "view",
        "Serve the page on this machine: move a lever, see the future, understand why; see docs/page.md.",
        "Ctrl-C ends it. Nothing is sent anywhere, and no network is needed.",
        runs_worlds=False,  # answers come from markets that are kept here, ready to go on
    )
    parser.add_argument(
        "scenario",
        nargs="?",
        type=path_argument,
        metavar="SCENARIO.yaml",
        help="open with this scenario beside the baseline",
    )
    parser.add_argument(
        "--port", type=port, default=None, metavar="N", help=f"port (default: {PORT}, or a free one when it is taken)"
    )
    parser.add_argument("--no-open", action="store_true", help="do not open a browser")
    parser.add_argument(
        "--public-url", type=_public, metavar="URL", help="the address that visitors type when another server stands "
        "before the page, path included: https://lab.example.org/lab/ (docs/page.md)",
    )  # fmt: skip
    parser.add_argument("--host", default=LOOPBACK, metavar="ADDRESS", help="address of this machine to listen on "
                        f"(default: {LOOPBACK}; 0.0.0.0 or :: for all of them)")  # fmt: skip
    parser.add_argument("--population", type=int, metavar="N", help="simulated persons (default: 20,000)")
    parser.add_argument("--replications", type=int, metavar="N", help="replications at most (default: 40)")
    parser.take("--seed", "--workers", "--draws")
    parser.add_argument("--quiet", action="store_true", help="print the address only")
    return parser.read(words)


def port(text: str) -> int:
    """A port that an ordinary user may listen on; 0 is any free one."""
    number = int(text) if text.isdecimal() else -1
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return number


def _public(text: str) -> PublicAddress:
    """A public address; imported late, since help is shown without the `page` extra."""
    with extra_needed("page", "view"):
        from views.page.public import public_address
    return public_address(text)


def serve(options: argparse.Namespace, verbs: Mapping[str, str]) -> int:
    """Serve the page until it is interrupted; returns the exit status."""
    with extra_needed("page", "view"):
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "False"
    asked = _scenario(options, verbs)
    listener = listen(options.host, options.port)
    from experiments.engine.progress import Progress
    from views.page.app import Page
    from views.page.laboratory import Laboratory

    progress = Progress(sys.stderr, quiet=options.quiet)
    laboratory = Laboratory(_baseline(options), _size(options), log=progress.say)
    page = Page(laboratory, options.host, options.public_url, asked, live=True)
    address = address_of(listener, options.host)
    with contextlib.suppress(KeyboardInterrupt):
        print(f"the page is at {address}", flush=True)
        if options.public_url is not None:
            print(f"visitors reach it at {options.public_url}", flush=True)
        progress.say("Ctrl-C ends it")
        server = page_server(page)
        if not options.no_open:
            _open_browser(address, progress.say)
        server.run(sockets=[listener])
    progress.say("the page is closed")
    return 0


def page_server(page: Page, port: int = 0) -> uvicorn.Server:
    """A server of the page; asked to end, it tells those who listen first, so that nothing is cut off."""
    import uvicorn

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            page.laboratory.closing = True
            # Who draws a figure at that moment is cut off; that is no news.
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
            super().handle_exit(sig, frame)

    return Server(uvicorn.Config(
        page.application(), port=port, log_level="warning", access_log=False, server_header=False, date_header=False,
        timeout_graceful_shutdown=2, timeout_keep_alive=30, limit_concurrency=MOST_CONNECTIONS, ws_max_size=2**22,
    ))  # fmt: skip


def _scenario(options: argparse.Namespace, verbs: Mapping[str, str]) -> Scenario | None:
    """What the page opens with, when a scenario is named; what it leaves out of it is told."""
    if options.scenario is None:
        return None
    from views.page.settings import left_out

    bare = argparse.Namespace(population=None, replications=None, seed=None)
    scenario = _read(existing_scenario(options.scenario, verbs), bare)
    for note in left_out(scenario, _read(BASELINE, bare), _page_baseline(options)):
        print(note, file=sys.stderr)
    return scenario


def _size(options: argparse.Namespace) -> Size:
    from experiments.engine.cores import available_cores
    from views.page.laboratory import Size

    workers = options.workers or available_cores()
    return Size(options.population or Size.population, options.replications or Size.replications, workers,
                options.draws)  # fmt: skip


def _page_baseline(options: argparse.Namespace) -> Scenario:
    """The baseline at the page's size."""
    size = _size(options)
    return replace(_baseline(options), population=size.population, replications=size.replications)


def _baseline(options: argparse.Namespace) -> Scenario:
    return _read(BASELINE, options)


def _read(path: Path, options: argparse.Namespace) -> Scenario:
    """A scenario with the size asked for; raises BadRequest with all that is wrong."""
    asked = argparse.Namespace(
        scenario=path, against=None, population=options.population, replications=options.replications,
        seed=options.seed, start=None, end=None, assignments=[],
    )  # fmt: skip
    return read_scenarios(asked, {})[0]


def listen(host: str, number: int | None) -> socket.socket:
    """A socket that listens; raises BadRequest when there is none to be had."""
    for wanted in [number] if number is not None else [PORT, 0]:
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listener = socket.socket(family)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host.strip("[]"), wanted))
            listener.listen()  # whoever comes before the server is up waits
        except (OSError, UnicodeError) as error:
            listener.close()
            problem = error
        else:
            listener.set_inheritable(False)
            return listener
    reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
    raise BadRequest(f"port {number or PORT} of {host} cannot be used ({reason}); try another one with --port")


def address_of(listener: socket.socket, host: str) -> str:
    """The address to type into a browser."""
    number = listener.getsockname()[1]
    name = {"0.0.0.0": LOOPBACK, "": LOOPBACK, "::": "::1"}.get(host.strip("[]"), host.strip("[]"))  # noqa: S104
    return f"http://[{name}]:{number}/" if ":" in name else f"http://{name}:{number}/"


def _open_browser(address: str, log: Callable[[str], object]) -> None:
    """Open the user's browser, if there is one; the address is printed anyway."""
    import threading
    import webbrowser

    def open_it() -> None:
        if not webbrowser.open(address):
            log("no browser could be opened here: type the address into one")

    threading.Timer(0.5, open_it).start()
