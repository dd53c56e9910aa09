"""Where the program lies, and where it may keep things: in a checkout both are one folder, in an installed copy not."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

#: What holds the packages, data/ and scenarios/: the checkout, or the site packages that a copy was installed in.
ROOT: Final = Path(__file__).resolve().parents[1]
#: Whether this is a checkout: setup.cfg is never installed.
IN_CHECKOUT: Final = (ROOT / "setup.cfg").is_file()


def engine_sources(root: Path) -> list[Path]:
    """The code that decides the numbers, of the program at `root`: the first two floors of the house."""
    return [path for package in ("agents", "model") for path in sorted((root / package).rglob("*.py"))]


def cache_folder() -> Path:
    """What can be computed anew goes here: .cache in the checkout; for an installed copy, among the user's caches."""
    if not IN_CHECKOUT:
        with contextlib.suppress(RuntimeError):  # a user without a home, as in containers
            return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / "china-labour-lab"
    return ROOT / ".cache"


def runs_folder() -> Path:
    """Runs that are given no folder go here: runs/ in the checkout; for an installed copy, in the working directory."""
    return (ROOT if IN_CHECKOUT else Path.cwd()) / "runs"
