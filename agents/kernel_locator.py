"""Tells Numba where the kernels of this program lie; loaded by Numba, when the first of them is defined.

Named in NUMBA_CACHE_LOCATOR_CLASSES. Numba's own locators want to write: a complete cache that can only be read (in an
image) would not be used. They also name folders after the place of the source, so that a checkout that moves loses all.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

from numba.core import caching as _caching
from numba.core import config as _config

from agents.places import ROOT

#: Numba has no types.
caching: Any = _caching
config: Any = _config
_PACKAGES = ("agents", "model")


class KernelLocator(caching.UserProvidedCacheLocator):  # type: ignore[misc]
    """The folder of one module's kernels, named after the module, below the folder of this state of the source."""

    def __init__(self, py_func: Any, py_file: str) -> None:
        super().__init__(py_func, py_file)
        self._cache_path = os.path.join(config.CACHE_DIR, *_module(py_file)[:-1])  # noqa: PTH118 - as Numba has it

    def ensure_cache_path(self) -> None:
        """Make the folder where that can be done."""
        with contextlib.suppress(OSError):
            Path(self._cache_path).mkdir(parents=True, exist_ok=True)

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> KernelLocator | None:
        """The locator of a kernel of this program; others have Numba's own."""
        ours = config.CACHE_DIR and _module(py_file)[:1] in [(package,) for package in _PACKAGES]
        found: KernelLocator | None = super().from_function(py_func, py_file) if ours else None
        return found


def _module(file: str) -> tuple[str, ...]:
    """The path of a source file below the program; nothing for any other file."""
    path = Path(file).resolve()
    return path.relative_to(ROOT).parts if path.is_relative_to(ROOT) else ()


_save = caching.FunctionCache.save_overload


def _save_if_possible(cache: Any, *compiled: Any) -> None:
    """Keep what was compiled. Where that cannot be done (read-only, a full disk) it serves this process alone."""
    with contextlib.suppress(OSError):
        _save(cache, *compiled)


caching.FunctionCache.save_overload = _save_if_possible
