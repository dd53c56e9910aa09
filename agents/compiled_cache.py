"""Where compiled kernels are kept: a folder named after all that decides what they are compiled to.

Numba's own cache looks only at the file of the kernel, so a changed rule in `agents.decisions` or a new column would go
on with the old machine code; and it ignores some options of the compiler. A folder per state of the source, Python,
Numba, processor and options cannot be stale; switching back finds the old one again.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from agents.places import ROOT, cache_folder

#: States of the source whose kernels are kept.
_KEPT = 6
#: What turns Python into machine code.
_COMPILERS = ("numba", "llvmlite", "numpy")
#: Numba's settings that leave the machine code alone; any other counts.
_HARMLESS = frozenset(
    f"NUMBA_{name}"
    for name in ("CACHE_DIR", "NUM_THREADS", "DEFAULT_NUM_THREADS", "THREADING_LAYER", "THREADING_LAYER_PRIORITY")
)
#: Lines of /proc/cpuinfo that tell one kind of processor from another, and not its clock of the moment.
_KIND = ("vendor_id", "cpu family", "model", "model name", "flags", "Features", "CPU part", "CPU implementer")
#: In a folder that holds every kernel of a run.
_COMPLETE = "complete"


def use_cache_of_this_source() -> Path:
    """Point Numba at the folder of the present source, below NUMBA_CACHE_DIR or among the program's caches.

    Call before any kernel is defined; a second call, in this process or a worker, changes nothing.
    """
    asked = os.environ.get("NUMBA_CACHE_DIR")
    name = f"kernels-{_digest(_circumstances(os.environ))}"
    if asked and Path(asked).name == name:
        return Path(asked)
    parent = Path(asked) if asked else cache_folder() / "numba"
    if parent.name.startswith("kernels-"):
        parent = parent.parent
    folder = _writable(parent) / name
    folder.mkdir(exist_ok=True)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    if "numba" in sys.modules:
        sys.modules["numba"].config.CACHE_DIR = str(folder)
    _forget_old(folder)
    return folder


def is_complete() -> bool:
    """Whether every kernel of a run was compiled before, by this source and in these circumstances."""
    return (use_cache_of_this_source() / _COMPLETE).exists()


def mark_complete() -> None:
    """Note that the folder now holds every kernel of a run."""
    (use_cache_of_this_source() / _COMPLETE).touch()


def _digest(circumstances: Mapping[str, str]) -> str:
    """A short hash of every source file that kernels are made of, and of what they are compiled by and for."""
    content = hashlib.sha256()
    for package in ("agents", "model"):
        for path in sorted((ROOT / package).rglob("*.py")):
            content.update(path.read_bytes())
    for name, value in sorted(circumstances.items()):
        content.update(f"\0{name}={value}".encode())
    return content.hexdigest()[:12]


def _circumstances(environment: Mapping[str, str]) -> dict[str, str]:
    """What machine code depends on besides the source: Python, compilers, processor, and Numba's settings."""
    settings = {
        name: value for name, value in environment.items() if name.startswith("NUMBA_") and name not in _HARMLESS
    }
    versions = {package: _version(package) for package in _COMPILERS}
    written = Path(".numba_config.yaml")  # Numba reads its settings there, too
    config = {"config": written.read_bytes().hex()} if written.is_file() else {}
    return {"python": str(sys.implementation.cache_tag), "processor": _processor(), **versions, **settings, **config}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # whoever needs it will say so
        return "missing"


def _processor() -> str:
    """The kind of processor, so that a checkout shared by two machines keeps two folders."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            return "\n".join(sorted(_kind(lines)))
    except OSError:  # not Linux
        return f"{platform.machine()} {platform.processor()}"


def _kind(lines: Iterator[str]) -> Iterator[str]:
    """What the first processor says of its kind."""
    for line in lines:
        if not line.strip():
            return
        if line.partition(":")[0].strip() in _KIND:
            yield line.strip()


def _writable(parent: Path) -> Path:
    """The folder itself, or one of this user's among temporary files when it cannot be written."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        if os.access(parent, os.W_OK):
            return parent
    except OSError:
        pass
    fallback = Path(tempfile.gettempdir()) / f"china-labour-lab-{os.getuid()}"
    fallback.mkdir(mode=0o700, exist_ok=True)
    return fallback


def _forget_old(current: Path) -> None:
    """Remove the kernels of all but the latest states of the source."""
    os.utime(current)
    states = sorted(current.parent.glob("kernels-*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in states[_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
