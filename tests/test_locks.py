"""The locks hold what setup.cfg names, for every Python that setup.cfg allows, on every system."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg", encoding="utf-8")
ALLOWED = SpecifierSet(SETUP["options"]["python_requires"])
#: Each Python of which setup.cfg approves, with more patch releases than a line of versions ever sees.
PYTHONS = [f"3.{minor}.{patch}" for minor in range(40) for patch in range(31) if ALLOWED.contains(f"3.{minor}.{patch}")]
SYSTEMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "darwin": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "win32": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
#: Extras that the locks hold beside the dependencies themselves.
LOCKED_EXTRAS = {"run": (), "all": ("test", "analysis", "cluster", "discovery", "page", "notebook", "site")}

type_of_lock = pytest.mark.parametrize("lock", sorted(LOCKED_EXTRAS))


def environment(python: str, system: str = "linux") -> dict[str, str]:
    """What markers are told of a CPython on one of the systems."""
    return SYSTEMS[system] | {
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "implementation_name": "cpython",
        "implementation_version": python,
        "platform_python_implementation": "CPython",
        "platform_machine": "x86_64",
        "extra": "",
    }


def ends(pythons: Iterable[str]) -> list[str]:
    """The first and the last of each line of Python versions, such as 3.11.0 and 3.11.30."""
    lines: dict[str, list[str]] = {}
    for python in pythons:
        lines.setdefault(python.rpartition(".")[0], []).append(python)
    return [python for line in lines.values() for python in (line[0], line[-1])]


def text_of(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")


def locked(text: str) -> list[Requirement]:
    """The pins of a lock, each with its marker."""
    return [Requirement(line.rstrip(" \\")) for line in text.splitlines() if re.match(r"[A-Za-z0-9].*==", line)]


def version_of(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    return specifier.version


def holds(pin: Requirement, surroundings: dict[str, str]) -> bool:
    return pin.marker is None or pin.marker.evaluate(surroundings)


def lines_of(text: str) -> list[Requirement]:
    """Requirements as setup.cfg lists them, one a line."""
    return [Requirement(line) for line in text.splitlines() if line and not line.startswith("#")]


def wanted(lock: str) -> list[Requirement]:
    """What setup.cfg asks of a lock."""
    texts = [SETUP["options"]["install_requires"]]
    texts += [SETUP["options.extras_require"][extra] for extra in LOCKED_EXTRAS[lock]]
    return [requirement for text in texts for requirement in lines_of(text)]


class Installed(NamedTuple):
    """What a package that is installed here says of itself."""

    name: str
    version: str
    python: str
    needs: list[Requirement]

    @classmethod
    def of(cls, one: Distribution) -> Installed:
        said = one.metadata
        needs = [Requirement(need) for need in said.get_all("Requires-Dist") or []]
        return cls(canonicalize_name(said["Name"]), said["Version"], said.get("Requires-Python") or "", needs)


@cache
def installed_here() -> list[Installed]:
    return [Installed.of(one) for one in distributions()]


def excluded(pins: Iterable[Requirement], installed: Iterable[Installed]) -> Iterator[str]:
    """Pins that an allowed Python would be given and may not use, as far as what is installed here tells."""
    found = {(one.name, one.version): one.python for one in installed}
    for pin in pins:
        needs = SpecifierSet(found.get((canonicalize_name(pin.name), version_of(pin))) or "")
        refused = [python for python in PYTHONS if holds(pin, environment(python)) and not needs.contains(python)]
        if refused:
            yield f"{pin} needs Python {needs}, which excludes {refused[0]}"


def unmet(pins: list[Requirement], installed: Iterable[Installed], surroundings: dict[str, str]) -> Iterator[str]:
    """What the pins for these surroundings need and the lock does not give, as far as what is installed here tells."""
    given = {canonicalize_name(pin.name): pin for pin in pins if holds(pin, surroundings)}
    for one in installed:
        pin = given.get(one.name)
        if pin is None or version_of(pin) != one.version:
            continue
        for need in one.needs:
            asked = need.marker is None or any(
                need.marker.evaluate(surroundings | {"extra": extra}) for extra in ("", *pin.extras)
            )
            has = given.get(canonicalize_name(need.name))
            if asked and (has is None or not need.specifier.contains(version_of(has), prereleases=True)):
                yield f"{pin.name} needs {need}, the lock has {has}"


def test_python_3_11_0_and_every_later_line_up_to_the_last_classifier_is_allowed() -> None:
    lines = {python.rpartition(".")[0] for python in PYTHONS}
    named = re.findall(r"Python :: (3\.\d+)$", SETUP["metadata"]["classifiers"], re.MULTILINE)
    assert PYTHONS[0] == "3.11.0"
    assert lines == set(named)


@type_of_lock
def test_no_pin_excludes_an_allowed_python(lock: str) -> None:
    """Of the versions that this environment has; the suite runs on more than one line of Pythons."""
    assert list(excluded(locked(text_of(lock)), installed_here())) == []


def test_a_pin_that_excludes_an_allowed_python_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "pymdown_extensions-13.1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Name: pymdown-extensions\nVersion: 13.1\nRequires-Python: >=3.11.5\n")
    there = [Installed.of(one) for one in distributions(path=[str(tmp_path)])]
    (told,) = excluded(locked("pymdown-extensions==13.1 \\"), there)
    assert "excludes 3.11.0" in told
    assert list(excluded(locked("pymdown-extensions==13.1 ; python_full_version >= '3.11.5' \\"), there)) == []


@pytest.mark.parametrize("system", SYSTEMS)
@type_of_lock
def test_every_allowed_python_gets_one_version_of_each(lock: str, system: str) -> None:
    pins = locked(text_of(lock))
    for python in PYTHONS:
        names = [canonicalize_name(pin.name) for pin in pins if holds(pin, environment(python, system))]
        assert len(names) == len(set(names)), f"two versions of one package on {python}"


@pytest.mark.parametrize("system", SYSTEMS)
@type_of_lock
def test_every_allowed_python_gets_what_setup_cfg_names(lock: str, system: str) -> None:
    pins = locked(text_of(lock))
    for python in ends(PYTHONS):
        surroundings = environment(python, system)
        given = {canonicalize_name(pin.name): pin for pin in pins if holds(pin, surroundings)}
        for need in wanted(lock):
            if holds(need, surroundings):
                pin = given.get(canonicalize_name(need.name))
                assert pin is not None, f"{need.name} is missing on {python}: make lock"
                assert need.specifier.contains(version_of(pin)), f"setup.cfg: {need}, locked: {pin}: make lock"


@pytest.mark.parametrize("system", SYSTEMS)
@type_of_lock
def test_every_allowed_python_gets_what_the_pins_need(lock: str, system: str) -> None:
    """What Requires-Dist says under each Python's markers: the lock of one Python may lack what another needs."""
    pins = locked(text_of(lock))
    for python in ends(PYTHONS):
        assert list(unmet(pins, installed_here(), environment(python, system))) == []


@type_of_lock
def test_locks_hash_everything_and_name_no_index(lock: str) -> None:
    text = text_of(lock)
    assert "://" not in text
    assert not re.search(r"^--", text, re.MULTILINE), "an option that belongs to pip's own configuration"
    assert not re.search(r"^[^#]* @ ", text, re.MULTILINE), "a package from a path"
    packages = re.findall(r"^[A-Za-z0-9].*==.*\n.*$", text, re.MULTILINE)
    assert len(packages) == len(locked(text))
    assert all("\\\n    --hash=sha256:" in package for package in packages), "a package without a hash"


def test_the_lock_of_everything_holds_every_extra() -> None:
    extras = SETUP["options.extras_require"]
    # Nets bring PyTorch, which nobody else needs.
    assert set(LOCKED_EXTRAS["all"]) == set(extras) - {"all", "npe"}
    assert re.findall(r"\[(\w+)\]", extras["all"]) == list(LOCKED_EXTRAS["all"])
    (line,) = re.findall(r"^EXTRAS := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert line.split() == list(LOCKED_EXTRAS["all"])


def test_everything_runs_on_what_the_run_alone_runs_on() -> None:
    """No extra moves a version of the core: the numbers would depend on what else is installed."""
    everything = {str(pin) for pin in locked(text_of("all"))}
    # An extra may take to every system what the run needs on one.
    apart = [pin for pin in locked(text_of("run")) if not {str(pin), f"{pin.name}{pin.specifier}"} & everything]
    assert not apart
