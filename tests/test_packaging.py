"""What is installed is what is written: packages, pins, locks, version."""

from __future__ import annotations

import configparser
import importlib
import re
from pathlib import Path

import pytest

from experiments.errors import BadRequest, extra_needed

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*-py*.txt"))
#: Extras that the locks hold beside the dependencies themselves.
LOCKED_EXTRAS = {"run": (), "all": ("test", "analysis", "cluster", "discovery", "page")}


@pytest.fixture(scope="module")
def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def pins(text: str) -> dict[str, set[str]]:
    """Versions by package of lines such as `numpy==2.4.6; python_version < "3.12"`, names in lower case."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", text, re.MULTILINE):
        found.setdefault(name.lower(), set()).add(version)
    return found


def test_every_package_is_listed(setup: configparser.ConfigParser) -> None:
    listed = set(setup["options"]["packages"].split())
    roots = ("agents", "model", "experiments", "views")
    present = {
        ".".join(file.parent.relative_to(ROOT).parts) for root in roots for file in (ROOT / root).rglob("__init__.py")
    }
    assert listed == present


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_locks_follow_the_pins_of_setup_cfg(lock: Path, setup: configparser.ConfigParser) -> None:
    locked = pins(lock.read_text(encoding="utf-8"))
    wanted = pins(setup["options"]["install_requires"].strip())
    for extra in LOCKED_EXTRAS[lock.stem.split("-")[0]]:
        wanted |= pins(setup["options.extras_require"][extra].strip())
    for name, versions in wanted.items():
        assert name in locked, f"{name} is missing: make lock"
        assert locked[name] <= versions, f"{name} is locked to {locked[name]}, setup.cfg says {versions}: make lock"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_locks_hash_everything_and_name_no_index(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^--", text, re.MULTILINE), "an option that belongs to pip's own configuration"
    packages = re.findall(r"^[A-Za-z0-9].*==.*$", text, re.MULTILINE)
    assert packages
    assert all(line.endswith("\\") for line in packages), "a package without a hash"


def test_the_lock_of_everything_holds_every_extra(setup: configparser.ConfigParser) -> None:
    extras = setup["options.extras_require"]
    assert set(LOCKED_EXTRAS["all"]) == set(extras) - {"all"}
    assert re.findall(r"\[(\w+)\]", extras["all"]) == list(LOCKED_EXTRAS["all"])
    (line,) = re.findall(r"^EXTRAS := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert line.split() == list(LOCKED_EXTRAS["all"])


@pytest.mark.parametrize("line", ["py311", "py312"])
def test_everything_runs_on_what_the_run_alone_runs_on(line: str) -> None:
    """No extra moves a version of the core: the numbers would depend on what else is installed."""
    lean, everything = (
        pins((ROOT / "requirements" / f"{which}-{line}.txt").read_text(encoding="utf-8")) for which in ("run", "all")
    )
    assert lean.items() <= everything.items()


def test_a_missing_extra_is_named() -> None:
    wanted = r"batch --cluster needs no_such_library.*\.\[cluster\]"
    with pytest.raises(BadRequest, match=wanted), extra_needed("cluster", "batch --cluster"):
        importlib.import_module("no_such_library.part")
    with pytest.raises(ModuleNotFoundError), extra_needed("cluster", "batch --cluster"):
        importlib.import_module("model.no_such_module")


def test_one_version_everywhere(setup: configparser.ConfigParser) -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {setup['metadata']['version']}\n" in citation
