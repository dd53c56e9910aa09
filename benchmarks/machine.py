"""The machine that a figure was measured on, and the file that figures go to."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

import numba
import numpy as np


def describe() -> dict[str, Any]:
    """Processor, cores, memory, versions, and how busy the machine is; no host or user names."""
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": os.cpu_count() or 1,
        "memory_gigabytes": round(int((_first("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) / 1e6, 1),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "load": load(),
    }


def load() -> float:
    """Programs that wanted a core in the last minute, this one included; NaN where nobody counts."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else float("nan")


def _first(file: str, name: str) -> str:
    """What stands behind a name in one of Linux's listings; nothing elsewhere."""
    path = Path(file)
    if not path.exists():
        return ""
    found = (line.partition(":")[2].strip() for line in path.read_text().splitlines() if line.startswith(name))
    return next(found, "")


def heading(figures: dict[str, Any]) -> str:
    """The machine in one line, and how busy it was before."""
    machine = figures["machine"]
    versions = f"Python {machine['python']}, Numba {machine['numba']}"
    return f"{machine['processor']}, {machine['cores']} cores; {versions}; load {machine['load']:g} before"


def tell(line: str) -> None:
    """Progress, on stderr."""
    print(line, file=sys.stderr, flush=True)


def write(figures: dict[str, Any], file: Path) -> None:
    """Keep figures as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    tell(f"figures in {file}")
