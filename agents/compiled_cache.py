"""Where compiled kernels are kept: a folder named after the source they were compiled from.

Numba's own cache looks only at the file of the kernel, so a changed rule in `agents.decisions` or a new column would go
on with the old machine code. A folder per state of the source cannot be stale; switching back finds the old one again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
#: States of the source whose kernels are kept.
_KEPT = 4


def use_cache_of_this_source() -> Path:
    """Point Numba at the folder of the present source, below NUMBA_CACHE_DIR or the checkout's .cache.

    Call before any kernel is defined; a second call, in this process or a worker, changes nothing.
    """
    asked = os.environ.get("NUMBA_CACHE_DIR")
    name = f"kernels-{_digest()}"
    if asked and Path(asked).name == name:
        return Path(asked)
    parent = Path(asked) if asked else _ROOT / ".cache" / "numba"
    if parent.name.startswith("kernels-"):
        parent = parent.parent
    folder = _writable(parent) / name
    folder.mkdir(exist_ok=True)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    if "numba" in sys.modules:
        sys.modules["numba"].config.CACHE_DIR = str(folder)
    _forget_old(folder)
    return folder


def _digest() -> str:
    """A short hash of every source file that kernels are made of."""
    content = hashlib.sha256()
    for package in ("agents", "model"):
        for path in sorted((_ROOT / package).rglob("*.py")):
            content.update(path.read_bytes())
    return content.hexdigest()[:12]


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
