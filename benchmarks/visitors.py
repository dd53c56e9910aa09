"""Ten visitors at once: how long each waits for a first answer, and whether the server's memory grows.

python benchmarks/visitors.py [--visitors 10] [--minutes 3] [--pause 3] [--settle 60] [--population 20000] [--workers 2]

Each visitor moves a lever to a value of their own, listens for some seconds while the interval narrows, closes the
stream and moves on, as a person does. Memory is that of the server and of its processes (proportional set size).
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
#: What visitors move, and between which values.
LEVERS = {
    "visa.annual_quota": (0, 1_000_000),
    "hiring.over_35_cap_share": (0, 1),
    "layoffs.extra_rate.tech": (0, 0.03),
    "property.credit_limit": (0, 1),
    "graduates.cohort_scale": (0.8, 1.3),
}
TARGET = 0.5


class Client(threading.Thread):
    """One visitor."""

    def __init__(self, port: int, number: int, until: float, pause: float) -> None:
        super().__init__(daemon=True)
        self.port, self.until, self.pause = port, until, pause
        self.luck = random.Random(number)  # noqa: S311 - whose turn it is to move what
        self.waits: list[float] = []
        self.answers = 0

    def run(self) -> None:
        """Ask, listen, leave, think."""
        while time.monotonic() < self.until:
            path, (low, high) = self.luck.choice(list(LEVERS.items()))
            began = time.monotonic()
            run = self._ask({path: round(self.luck.uniform(low, high), 6)})
            self._listen(run, began, self.luck.uniform(0.5, 1.5) * self.pause)

    def _ask(self, settings: dict[str, float]) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        body = json.dumps({"settings": settings})
        connection.request("POST", "/api/runs", body, {"content-type": "application/json"})
        run = json.loads(connection.getresponse().read())["run"]
        connection.close()
        return str(run)

    def _listen(self, run: str, began: float, seconds: float) -> None:
        """Wait for the first answer, then listen on for a while."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", f"/api/runs/{run}/events")
        first = 0.0
        for line in connection.getresponse():
            if line.startswith(b"data:"):
                self.answers += 1
                if not first:
                    first = time.monotonic()
                    self.waits.append(first - began)
            if first and time.monotonic() - first > seconds:
                break
        connection.close()
        time.sleep(max(0.0, first + seconds - time.monotonic()))


def memory(process: int) -> float:
    """Proportional set size of a process and all that it started, MiB."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(parent) for pid, parent in (line.split() for line in listed.splitlines())}
    family = {process}
    while grown := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= grown
    total = 0
    for pid in family:
        try:
            lines = (Path("/proc") / str(pid) / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def main() -> None:
    """Serve, visit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--pause", type=float, default=3.0, help="seconds that a visitor looks at an answer")
    parser.add_argument(
        "--settle", type=float, default=60.0, help="seconds in which the server does its idle work first"
    )
    parser.add_argument("--population", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    command = [sys.executable, "run.py", "view", "--no-open", "--quiet", "--port", "0"]
    command += ["--population", str(asked.population), "--workers", str(asked.workers)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        measure(server, asked)
    finally:
        server.terminate()
        server.wait(30)


def measure(server: subprocess.Popen[str], asked: argparse.Namespace) -> None:
    """One visitor alone, then all of them at once; waits and memory."""
    assert server.stdout is not None  # noqa: S101 - a pipe was asked for
    port = int(server.stdout.readline().strip().rstrip("/").rpartition(":")[2])
    Client(port, 0, time.monotonic() + 0.1, 1.0).run()
    time.sleep(asked.settle)
    alone = Client(port, 1, time.monotonic() + 20, asked.pause)
    alone.run()
    print(f"{asked.population:,} persons, {asked.workers} processes, first answer from 8 replications")
    print(f"one visitor:  median {statistics.median(alone.waits):.2f} s, worst {max(alone.waits):.2f} s "
          f"of {len(alone.waits)} answers   (target {TARGET} s)")  # fmt: skip
    began = time.monotonic()
    crowd = [Client(port, 100 + number, began + 60 * asked.minutes, asked.pause) for number in range(asked.visitors)]
    for client in crowd:
        client.start()
    seen: list[tuple[float, float]] = []
    while any(client.is_alive() for client in crowd):
        time.sleep(5)
        seen.append((time.monotonic() - began, memory(server.pid)))
    waits = sorted(wait for client in crowd for wait in client.waits)
    print(f"{asked.visitors} visitors:  median {statistics.median(waits):.2f} s, "
          f"nine in ten within {waits[int(0.9 * len(waits))]:.2f} s, worst {waits[-1]:.2f} s of {len(waits)} first "
          f"answers, {sum(client.answers for client in crowd)} in all")  # fmt: skip
    later = [(seconds, held) for seconds, held in seen if seconds > 60 * asked.minutes / 3]
    slope = np.polyfit(*zip(*later, strict=True), 1)[0] * 3600 if len(later) > 2 else float("nan")
    print(f"memory: {seen[0][1]:.0f} MiB at first, {seen[-1][1]:.0f} MiB after {asked.minutes:g} min; "
          f"slope of the last two thirds {slope:+.0f} MiB an hour")  # fmt: skip


if __name__ == "__main__":
    main()
