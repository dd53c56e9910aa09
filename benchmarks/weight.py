"""What a person weighs: bytes of a market's arrays, and of the memory that the process really takes.

    python benchmarks/weight.py --persons 1000000 --months 12

prints JSON. A process of its own for every size, since the most memory that a process ever had never falls again; what
the interpreter, the libraries and the compiled kernels take is measured in a market of a thousand people and taken off.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))

import numpy as np  # noqa: E402

from agents.columns import PeopleArrays  # noqa: E402
from benchmarks.stopwatch import opened  # noqa: E402
from model.market import Market  # noqa: E402

SMALL = 1000


def weigh(persons: int, months: int) -> dict[str, float]:
    """`weight` of a market in a process of its own."""
    command = [sys.executable, str(Path(__file__)), "--persons", str(persons), "--months", str(months)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def weight(persons: int, months: int) -> dict[str, float]:
    """Bytes per person of a market: its columns, all its arrays, and the most the process took for it."""
    begin = opened(SMALL, 1)
    begin.advance()
    del begin
    before = most_resident()
    begun = time.perf_counter()
    market = opened(persons, months)
    opening = time.perf_counter() - begun
    opening_peak = most_resident()
    alive = market.people.count - market.empty_rows
    built = arrays_in(vars(market), set())
    while market.month < market.last_month:
        market.advance()
    return {
        "persons": persons,
        "opening_seconds": opening,
        "columns_bytes": columns_bytes(market),
        "built_bytes": built / alive,
        "opening_peak_bytes": max(0.0, opening_peak - before) / alive,
        "peak_bytes": max(0.0, most_resident() - before) / alive,
        "peak_megabytes": most_resident() / 1e6,
        "interpreter_megabytes": before / 1e6,
    }


def columns_bytes(market: Market) -> float:
    """Bytes of one row of people's columns."""
    return float(sum(getattr(market.people, name).dtype.itemsize for name in PeopleArrays._fields))


def most_resident() -> float:
    """Bytes of memory this process had at most."""
    status = Path("/proc/self/status")
    if status.exists():  # the general count below would begin with what the parent had
        lines = status.read_text().splitlines()
        return next(1024.0 * int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1.0 if sys.platform == "darwin" else 1024.0)


def arrays_in(held: Any, seen: set[int]) -> int:
    """Bytes of all arrays that an object holds, each counted once, views as their base."""
    if isinstance(held, np.ndarray):
        base = held if held.base is None or not isinstance(held.base, np.ndarray) else held.base
        if id(base) in seen:
            return 0
        seen.add(id(base))
        return int(base.nbytes)
    if id(held) in seen:
        return 0
    seen.add(id(held))
    inside: list[Any] = []
    own = 0
    if isinstance(held, list | tuple):
        # A long list of numbers (rows to use again) weighs by itself; it holds no arrays.
        plain = isinstance(held, list) and not any(isinstance(part, np.ndarray | tuple) for part in held[:1])
        own, inside = (sys.getsizeof(held), []) if plain else (0, list(held))
    elif isinstance(held, dict):
        inside = list(held.values())
    elif is_dataclass(held) and not isinstance(held, type):
        inside = [getattr(held, field.name) for field in fields(held)]
    return own + sum(arrays_in(part, seen) for part in inside)


def main() -> None:
    """Print the weight of one market as JSON."""
    parser = argparse.ArgumentParser(description="Bytes per person of one market, as JSON.")
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--months", type=int, default=12)
    asked = parser.parse_args()
    print(json.dumps(weight(asked.persons, asked.months)))


if __name__ == "__main__":
    main()
