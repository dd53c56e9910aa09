"""`run.py view`: what may be typed after it, and the server it starts."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import BadRequest, extra_needed
from experiments.options import BASELINE, Parser, existing_scenario, read_scenarios, worker_count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

    import uvicorn

    from model.scenario import Scenario
    from views.page.app import Page

LOOPBACK, PORT = "127.0.0.1", 8765
#: Beyond them the server says that it is busy.
MOST_CONNECTIONS = 500


def read_view(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line of `run.py view`; raises BadRequest."""
    parser = Parser(
        prog="run.py view",
        description="Serve the page on this machine: move a lever, see the future, understand why; see docs/page.md.",
        epilog="Ctrl-C ends it. Nothing is sent anywhere, and no network is needed.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "scenario", nargs="?", type=Path, metavar="SCENARIO.yaml", help="open with this scenario beside the baseline"
    )
    parser.add_argument(
        "--port", type=port, default=None, metavar="N", help=f"port (default: {PORT}, or a free one when it is taken)"
    )
    parser.add_argument("--no-open", action="store_true", help="do not open a browser")
    parser.add_argument("--host", default=LOOPBACK, help=argparse.SUPPRESS)
    parser.add_argument("--population", type=int, metavar="N", help="simulated persons (default: 20,000)")
    parser.add_argument("--replications", type=int, metavar="N", help="replications at most (default: 40)")
    parser.add_argument("--workers", type=worker_count, metavar="N", help="processes (default: all cores)")
    parser.add_argument("--quiet", action="store_true", help="print the address only")
    return parser.parse_args(words)


def port(text: str) -> int:
    """A port that an ordinary user may listen on; 0 is any free one."""
    number = int(text) if text.isdecimal() else -1
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return number


def serve(options: argparse.Namespace, verbs: Mapping[str, str]) -> int:
    """Serve the page until it is interrupted; returns the exit status."""
    with extra_needed("page", "view"):
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "False"
    asked = _scenario(options, verbs)
    listener = listen(options.host, options.port)
    from experiments.main_job import available_cores
    from experiments.progress import Progress
    from views.page.app import Page
    from views.page.laboratory import Laboratory, Size

    progress = Progress(sys.stderr, quiet=options.quiet)
    size = Size(
        options.population or Size.population, options.replications or Size.replications,
        options.workers or available_cores(),
    )  # fmt: skip
    page = Page(Laboratory(_baseline(options), size, say=progress.say), options.host, asked, live=True)
    address = address_of(listener, options.host)
    with contextlib.suppress(KeyboardInterrupt):
        print(f"the page is at {address}", flush=True)
        progress.say("Ctrl-C ends it")
        server = page_server(page)
        if not options.no_open:
            _open_browser(address)
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


def _scenario(options: argparse.Namespace, verbs: Mapping[str, str]) -> dict[str, Any] | None:
    """What the page opens with, when a scenario is named."""
    if options.scenario is None:
        return None
    from views.page.settings import left_out, settings_of

    scenario, baseline = _read(existing_scenario(options.scenario, verbs), options), _baseline(options)
    for note in left_out(scenario, baseline):
        print(note, file=sys.stderr)
    return {"title": scenario.name, "settings": settings_of(scenario, baseline)}


def _baseline(options: argparse.Namespace) -> Scenario:
    return _read(BASELINE, options)


def _read(path: Path, options: argparse.Namespace) -> Scenario:
    """A scenario with the size asked for; raises BadRequest with all that is wrong."""
    asked = argparse.Namespace(
        scenario=path, against=None, population=options.population, replications=options.replications, seed=None,
        start=None, end=None, assignments=[],
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
    name = LOOPBACK if host in {"0.0.0.0", ""} else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{name}:{number}/"


def _open_browser(address: str) -> None:
    """Open the user's browser, if there is one; the address is printed anyway."""
    import threading
    import webbrowser

    threading.Timer(0.5, webbrowser.open, [address]).start()
