"""Whether a live market played for long keeps its memory flat, and whether many visitors stay served.

    python benchmarks/live_memory.py [--minutes 6] [--visitors 1] [--population 50000] [--pause 51]
                                     [--json benchmarks/live_memory.json]

Serves the live market in a process of its own, opens it in so many tabs of a headless Chromium, plays in all of them
(from the beginning again whenever a scenario ends) and looks every two seconds how much memory the server has resident.
A line through the points after the first two fifths gives bytes per month played and per hour. Meanwhile one clicks
an occupation: how long until its card stands there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.fit import Line, Spread  # noqa: E402
from benchmarks.machine import describe, heading, tell, write  # noqa: E402
from benchmarks.memory import resident  # noqa: E402

EVERY_SECONDS = 2.0
#: Share of the time at the start that the line leaves out: caches fill, every part of the page is used once.
WARM_UP = 0.4


class Served:
    """The server, what it has resident, and how many months its markets have played."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = folder / "server.log"
        command = [sys.executable, str(ROOT / "benchmarks" / "live_server.py"), str(self.port)]
        self.process = subprocess.Popen(command, stdout=self.log.open("w"), stderr=subprocess.STDOUT)
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/live/readyz", timeout=1):
                    return
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError(self.log.read_text()) from None
                time.sleep(0.1)

    @property
    def months(self) -> int:
        """Months played so far in all markets together."""
        return sum(line.startswith("step ") for line in self.log.read_text().splitlines())

    @property
    def processor_seconds(self) -> float:
        """Processor time that the server has used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """End the server."""
        self.process.terminate()
        self.process.wait(timeout=20)


def play(page: Any, pause: int) -> None:
    """Play, and once a scenario has ended play it again; the pause is set with the slider's keys."""
    slider = page.locator(".live-controls [role=slider]").first
    slider.focus()
    slider.press("Home")
    for _ in range((pause - 1) // 10):
        slider.press("ArrowRight")
    page.evaluate(
        """() => setInterval(() => {
            const buttons = document.querySelectorAll('.live-controls .v-card .v-btn');
            if (buttons[1].disabled) buttons[0].click();
            else if (buttons[1].textContent.includes('▶')) buttons[1].click();
        }, 1000)"""
    )


def opened_card(page: Any, name: str) -> float:
    """Seconds from a click on an occupation to its card."""
    began = time.perf_counter()
    page.locator(f"[data-occupation={name}]").dispatch_event("click")
    page.wait_for_selector(".live-details table")
    seconds = time.perf_counter() - began
    page.locator(".live-close").dispatch_event("click")
    page.wait_for_selector(".live-details", state="detached")
    return seconds


def measure(visitors: int, minutes: float, population: int, pause: int, chromium: str) -> dict[str, Any]:
    """One run: memory and months by time, and how long clicks took."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Served(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        points: list[tuple[float, int, int]] = []
        clicks: list[float] = []
        try:
            pages = []
            for number in range(visitors):
                # All but one look through a keyhole: the server is measured, not many browsers beside it.
                size = {"width": 1280, "height": 800} if number == 0 else {"width": 320, "height": 120}
                page = browser.new_context(viewport=size).new_page()
                page.set_default_timeout(120_000)
                page.goto(f"http://127.0.0.1:{server.port}/live/?population={population}")
                page.wait_for_selector(".live-stage circle")
                play(page, pause)
                pages.append(page)
            began, months, worked = time.perf_counter(), server.months, server.processor_seconds
            while (passed := time.perf_counter() - began) < 60 * minutes:
                points.append((passed, server.months, resident(server.process.pid)))
                clicks.append(opened_card(pages[0], "cook"))
                time.sleep(EVERY_SECONDS)
            work = (server.processor_seconds - worked) / max(1, server.months - months)
        finally:
            browser.close()
            server.stop()
    late = [point for point in points if point[0] > WARM_UP * 60 * minutes]
    return {
        "visitors": visitors,
        "seconds": [point[0] for point in points],
        "months": [point[1] for point in points],
        "bytes": [point[2] for point in points],
        "per_month": asdict(Line.through([point[1] for point in late], [point[2] for point in late])),
        "per_second": asdict(Line.through([point[0] for point in late], [point[2] for point in late])),
        "months_per_second": (late[-1][1] - late[0][1]) / (late[-1][0] - late[0][0]),
        "processor_seconds_per_month": work,
        "click": asdict(Spread.of(clicks)),
    }


def show(figures: dict[str, Any]) -> None:
    """The figures, a paragraph for each number of visitors."""
    print(heading(figures))
    for run in figures["runs"]:
        month, second, click = Line(**run["per_month"]), Line(**run["per_second"]), Spread(**run["click"])
        print(
            f"{run['visitors']} visitors, {figures['population']:,} persons each, {run['seconds'][-1] / 60:.1f} min: "
            f"{run['months'][-1]:,} months played, {run['months_per_second']:.1f} a second\n"
            f"  resident {run['bytes'][0] / 1e6:.0f} MB at first, {run['bytes'][-1] / 1e6:.0f} MB at last; "
            f"after warm-up {month.slope / 1e3:+.2f} ± {month.slope_error / 1e3:.2f} kB a month, "
            f"{3600 * second.slope / 1e6:+.1f} ± {3600 * second.slope_error / 1e6:.1f} MB an hour\n"
            f"  {1e3 * run['processor_seconds_per_month']:.0f} ms of processor time a month; "
            f"a click's card stands after {click.shown(1e3, 0)} ms, at most {click.most * 1e3:.0f} ms"
        )


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=6.0)
    parser.add_argument("--visitors", type=int, nargs="+", default=[1])
    parser.add_argument("--population", type=int, default=50_000)
    parser.add_argument("--pause", type=int, default=51, help="milliseconds between months")
    parser.add_argument("--json", type=Path, metavar="FILE", default=ROOT / "benchmarks" / "live_memory.json")
    asked = parser.parse_args()
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next((found for name in names if (found := shutil.which(name))), None)
    if chromium is None:
        parser.error("no Chromium on this machine")
    figures: dict[str, Any] = {"machine": describe(), "population": asked.population, "runs": []}
    for visitors in asked.visitors:
        tell(f"{visitors} visitors, {asked.minutes:g} minutes")
        figures["runs"].append(measure(visitors, asked.minutes, asked.population, asked.pause, chromium))
    write(figures, asked.json)
    show(figures)


if __name__ == "__main__":
    main()
