"""Whether the live market answers many visitors at once.

    python benchmarks/live_visitors.py [--visitors 1 10] [--seconds 20] [--population 50000]
                                       [--json benchmarks/live_visitors.json]

Serves the live market in a process of its own. Visitors speak Solara's protocol as a browser does, but draw nothing, so
that one machine can hold many: each plays at the speed the page opens with and says at once that a month is drawn. In
turn they click an occupation: how long until its card arrives.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.fit import Spread  # noqa: E402
from benchmarks.live_memory import Served  # noqa: E402
from benchmarks.machine import describe, heading, tell, write  # noqa: E402

#: How the text that a part of the screen is sent begins, and what that part is called here.
PARTS = {'{"curve"': "pictures", '{"nodes"': "graph", '{"shown"': "details"}
PATIENCE = 120.0


class Visitor(threading.Thread):
    """One tab: opens the page, plays, clicks."""

    def __init__(self, port: int, population: int) -> None:
        from websockets.sync.client import connect

        super().__init__(daemon=True)
        self.parts: dict[str, str] = {}  # part of the screen -> the channel it listens on
        self.opened, self.card = threading.Event(), threading.Event()
        self._session, self._turn = str(uuid.uuid4()), threading.Lock()
        self._socket = connect(
            f"ws://127.0.0.1:{port}/live/jupyter/api/kernels/{uuid.uuid4()}/channels?session_id={self._session}",
            additional_headers={"Cookie": f"solara-session-id={uuid.uuid4()}"},
            max_size=None,
        )
        self.start()
        control, page = (
            str(uuid.uuid4()),
            {"path": f"/?population={population}&opens=2018-01", "appName": None, "dark": False},
        )
        self._send("comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}})
        self._send("comm_msg", {"comm_id": control, "data": {"method": "run", "args": {**page, "themes": {}}}})

    def run(self) -> None:
        """Listen until the server hangs up."""
        from websockets.exceptions import ConnectionClosed

        try:
            for raw in self._socket:
                if isinstance(raw, str):
                    self._hear(json.loads(raw))
        except ConnectionClosed:
            return

    def happen(self, part: str, event: str, data: Any = None) -> None:
        """Something happens on a part of the screen."""
        content = {"method": "custom", "content": {"event": event, "data": data}}
        self._send("comm_msg", {"comm_id": self.parts[part], "data": content})

    def click(self) -> float:
        """Seconds from a click on an occupation to its card."""
        self.card.clear()
        began = time.perf_counter()
        self.happen("graph", "choose", "cook")
        if not self.card.wait(PATIENCE):
            raise TimeoutError("no card came")
        seconds = time.perf_counter() - began
        self.happen("details", "close_it")
        return seconds

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        header = {"msg_id": str(uuid.uuid4()), "msg_type": kind, "session": self._session, "username": ""}
        header |= {"date": "2018-01-01T00:00:00Z", "version": "5.3"}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        with self._turn:
            self._socket.send(json.dumps({**message, "buffers": []}))

    def _hear(self, message: dict[str, Any]) -> None:
        content = message.get("content", {})
        channel, state = content.get("comm_id"), content.get("data", {}).get("state", {})
        if state.get("children") == ["▶"]:
            self.parts["play"] = channel
        text = state.get("moving")
        if not isinstance(text, str):
            return
        part = next((name for begins, name in PARTS.items() if text.startswith(begins)), "")
        self.parts[part] = channel
        if part == "pictures":
            self.happen("pictures", "drawn")
            self.opened.set()
        if part == "details" and text.startswith('{"shown":{"id":"cook"'):
            self.card.set()


def measure(visitors: int, seconds: float, population: int) -> dict[str, Any]:
    """So many visitors play for so long."""
    with tempfile.TemporaryDirectory() as folder:
        server = Served(Path(folder))
        try:
            present = []
            for _ in range(visitors):
                present.append(Visitor(server.port, population))
                if not present[-1].opened.wait(PATIENCE):
                    raise TimeoutError("the page did not open")
            time.sleep(1)  # the controls come last
            for visitor in present:
                visitor.happen("play", "click", {})
            began, months, worked, clicks = time.perf_counter(), server.months, server.processor_seconds, []
            while time.perf_counter() - began < seconds:
                clicks.append(present[len(clicks) % visitors].click())
                time.sleep(0.5)
            passed = time.perf_counter() - began
            played, work = server.months - months, server.processor_seconds - worked
        finally:
            server.stop()
    return {
        "visitors": visitors,
        "months_per_second_each": played / passed / visitors,
        "cores": work / passed,
        "processor_seconds_per_month": work / max(1, played),
        "click": asdict(Spread.of(clicks)),
    }


def show(figures: dict[str, Any]) -> None:
    """A line for each number of visitors."""
    print(heading(figures))
    for run in figures["runs"]:
        click = Spread(**run["click"])
        print(
            f"{run['visitors']:>3} visitors, {figures['population']:,} persons each: "
            f"{run['months_per_second_each']:.1f} months a second each, {run['cores']:.2f} cores "
            f"({1e3 * run['processor_seconds_per_month']:.0f} ms a month); "
            f"a click's card after {click.shown(1e3, 0)} ms, at most {click.most * 1e3:.0f} ms"
        )


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--seconds", type=float, default=20.0, help="how long they play")
    parser.add_argument("--population", type=int, default=50_000)
    parser.add_argument("--json", type=Path, metavar="FILE", default=ROOT / "benchmarks" / "live_visitors.json")
    asked = parser.parse_args()
    figures: dict[str, Any] = {"machine": describe(), "population": asked.population, "runs": []}
    for visitors in asked.visitors:
        tell(f"{visitors} visitors")
        figures["runs"].append(measure(visitors, asked.seconds, asked.population))
    write(figures, asked.json)
    show(figures)


if __name__ == "__main__":
    main()
