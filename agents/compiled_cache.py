"""Where compiled kernels are kept: a folder named after all that decides what they are compiled to.

Numba's own cache looks only at the file of the kernel, so a changed rule in `agents.decisions` or a new column would go
on with the old machine code; and it ignores some options of the compiler. A folder per state of the source, Python,
Numba, processor and options cannot be stale; switching back finds the old one again.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from agents.places import ROOT, cache_folder, engine_sources
from agents.trusted_folders import is_as_good_as_source, make_own

#: States of the source whose kernels are kept.
_KEPT = 6
#: What turns Python into machine code.
_COMPILERS = ("numba", "llvmlite", "numpy")
#: Numba's settings that leave the machine code alone; any other counts.
_HARMLESS = frozenset(
    f"NUMBA_{name}"
    for name in (
        "CACHE_DIR",
        "CACHE_LOCATOR_CLASSES",
        "NUM_THREADS",
        "DEFAULT_NUM_THREADS",
        "THREADING_LAYER",
        "THREADING_LAYER_PRIORITY",
    )
)
#: Lines of /proc/cpuinfo that tell one kind of processor from another, and not its clock of the moment.
_KIND = ("vendor_id", "cpu family", "model", "model name", "flags", "Features", "CPU part", "CPU implementer")
#: In a folder that holds every kernel of a run.
_COMPLETE = "complete"
_LOCATOR = "agents.kernel_locator.KernelLocator"
_NUMBAS_LOCATORS = (
    "UserProvidedCacheLocator,InTreeCacheLocator,UserWideCacheLocator,IPythonCacheLocator,ZipCacheLocator"
)


def use_cache_of_this_source() -> Path:
    """Point Numba at the folder of the present source, below NUMBA_CACHE_DIR or among the program's caches.

    A complete one there is used where it is as good as the source; otherwise one in which nobody else can write, there
    or in a folder of this user's: `agents.trusted_folders` says what that means. Call before any kernel is defined; a
    second call, in this process or a worker, changes nothing.
    """
    asked = os.environ.get("NUMBA_CACHE_DIR")
    name = f"kernels-{_digest(_circumstances(os.environ))}"
    parent = Path(asked).absolute() if asked else cache_folder() / "numba"
    if parent.name.startswith("kernels-"):
        parent = parent.parent
    folder = _complete_one(parent / name) or _own_one(parent / name)
    if folder is None:
        folder = _elsewhere(name)
        if asked and sys.stderr is not None:
            told = f"NUMBA_CACHE_DIR: {parent} is no folder that this user alone can write to; kernels go elsewhere"
            sys.stderr.write(f"{told}\n")
    for setting, value in (("CACHE_DIR", str(folder)), ("CACHE_LOCATOR_CLASSES", _locators())):
        os.environ[f"NUMBA_{setting}"] = value
        if "numba" in sys.modules:
            setattr(sys.modules["numba"].config, setting, value)
    if str(folder) != asked:
        with contextlib.suppress(OSError):  # complete, and only to be read
            _forget_old(folder)
    return folder


def _complete_one(folder: Path) -> Path | None:
    """The folder, if every kernel is in it and nobody can have put it there who cannot write the source."""
    return folder if os.path.exists(folder / _COMPLETE) and is_as_good_as_source(folder) else None  # noqa: PTH110


def _own_one(folder: Path) -> Path | None:
    """The folder, made of this user's own; open to readers where this user's files are not open to writers."""
    mask = os.umask(0o077)
    os.umask(mask)
    return folder if make_own(folder, 0o755 if mask & 0o022 == 0o022 else 0o700) else None


def _elsewhere(name: str) -> Path:
    """The folder in a place of this user's own; where there is none, in one that goes with this process."""
    for place in _own_places():
        if make_own(place) and make_own(place / name):
            return place / name
    try:
        made = Path(tempfile.mkdtemp(prefix="china-labour-lab-"))
    except OSError:  # nothing can be written anywhere: nothing is kept
        return ROOT / ".cache" / "nowhere" / name
    owner = os.getpid()
    atexit.register(lambda: shutil.rmtree(made, ignore_errors=True) if os.getpid() == owner else None)
    make_own(made / name)
    return made / name


def _own_places() -> Iterator[Path]:
    """Where this user's caches go, most lasting first."""
    with contextlib.suppress(RuntimeError, OSError):
        home = Path.home()
        caches = os.environ.get("XDG_CACHE_HOME") or (home / ".cache" if home.is_dir() else None)
        if caches and Path(caches).is_absolute():
            yield Path(caches) / "china-labour-lab" / "numba"
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and os.path.isdir(runtime):  # noqa: PTH112 - never raises
        yield Path(runtime) / "china-labour-lab"
    with contextlib.suppress(OSError):
        yield (
            Path(tempfile.gettempdir()).absolute() / f"china-labour-lab-{os.geteuid() if hasattr(os, 'geteuid') else 0}"
        )


def _locators() -> str:
    """Numba's list of who finds caches, this program's first."""
    others = os.environ.get("NUMBA_CACHE_LOCATOR_CLASSES") or _NUMBAS_LOCATORS
    return others if _LOCATOR in others.split(",") else f"{_LOCATOR},{others}"


def is_complete() -> bool:
    """Whether every kernel of a run was compiled before, by this source and in these circumstances."""
    return os.path.exists(use_cache_of_this_source() / _COMPLETE)  # noqa: PTH110 - never raises


def mark_complete() -> None:
    """Note that the folder now holds every kernel of a run."""
    with contextlib.suppress(OSError):  # where nothing can be kept
        (use_cache_of_this_source() / _COMPLETE).touch()


def _digest(circumstances: Mapping[str, str]) -> str:
    """A short hash of every source file that kernels are made of, and of what they are compiled by and for."""
    content = hashlib.sha256()
    for path in engine_sources(ROOT):
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


def _forget_old(current: Path) -> None:
    """Remove the kernels of all but the latest states of the source."""
    os.utime(current)
    states = sorted(current.parent.glob("kernels-*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in states[_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
