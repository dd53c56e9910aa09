"""What a run was made from, so that anybody can make it again: inputs, seeds, versions, command.

It names no host, no user and no absolute path.
"""

from __future__ import annotations

import configparser
import hashlib
import json
import platform
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.places import IN_CHECKOUT
from model.mechanism import sources_of
from model.paths import readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from model.scenario import Scenario

ROOT = Path(__file__).resolve().parents[1]
#: The name under which pip knows this program.
PROJECT = "china-labour-lab"
PACKAGES = (
    "mesa",
    "numpy",
    "pandas",
    "scipy",
    "numba",
    "networkx",
    "pyarrow",
    "pyyaml",
    "seaborn",
    "matplotlib",
    "loky",
)
_OUTSIDE = "<outside>"


def describe_run(scenarios: Mapping[str, Scenario], files: Sequence[Path], command: Sequence[str]) -> dict[str, Any]:
    """The manifest of a run before it begins.

    `files` are the scenario files it was read from. Two runs with the same `identity` give the same numbers.
    """
    facts: dict[str, Any] = {
        "project_version": project_version(),
        "scenarios": {
            name: {
                "digest": scenario.digest,
                "population": scenario.population,
                "replications": scenario.replications,
                "seeds": [scenario.seed, scenario.seed + scenario.replications - 1],
                "start": scenario.start,
                "end": scenario.end,
            }
            for name, scenario in scenarios.items()
        },
        "versions": _versions(),
        "machine": f"{platform.system()} {platform.machine()}",
        "inputs": {**_hashes(files), **_hashes(shipped_inputs())},
    }
    if own := [mechanism for scenario in scenarios.values() for mechanism in scenario.specification.own]:
        facts["mechanisms"] = dict(sources_of(own))
    # In the order given: a comparison the other way round is another run.
    identity = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    return {"identity": identity, "status": "running", "command": relative_command(command), **facts}


def differences(held: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """What makes one run another: the scenarios, input files and versions in which two manifests differ."""
    told = []
    before, after = held.get("scenarios", {}), asked["scenarios"]
    told += [f"scenario '{name}'" for name in _differing(before, after)]
    if not told and list(before) != list(after):
        told.append("the order of the scenarios")
    told += _differing(held.get("inputs", {}), asked["inputs"])
    told += [f"mechanism {name}" for name in _differing(held.get("mechanisms", {}), asked.get("mechanisms", {}))]
    told += [f"the version of {name}" for name in _differing(held.get("versions", {}), asked["versions"])]
    told += [name for name in ("project_version", "machine") if held.get(name) != asked[name]]
    return told


def _differing(held: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    return [name for name in dict.fromkeys([*asked, *held]) if held.get(name) != asked.get(name)]


def sources() -> str:
    """A sha256 of the files that the numbers depend on, as they lie on the disk now."""
    return hashlib.sha256(json.dumps(_hashes(shipped_inputs()), sort_keys=True).encode()).hexdigest()


@cache
def code_version() -> dict[str, str]:
    """What the numbers depend on beside the scenario, as this process found it when it was first asked."""
    return {
        "sources": sources(),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "numpy": version("numpy"),
        "numba": version("numba"),
        "machine": platform.machine(),
    }


def project_version() -> str:
    """The version of this program: as setup.cfg declares it in a checkout, as it was installed elsewhere."""
    if not IN_CHECKOUT:
        return version(PROJECT)
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    return settings.get("metadata", "version", fallback="unknown")


def relative_command(command: Sequence[str]) -> list[str]:
    """The command as it would be typed in the checkout: paths relative to it, others reduced to their last name."""
    shown = []
    for word in command:
        option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
        shown.append(readable(option + equals + _shown_path(Path(value)) if Path(value).is_absolute() else word))
    return shown


def _shown_path(path: Path) -> str:
    absolute = path.absolute()
    for candidate in (absolute, path.resolve()):
        if candidate.is_relative_to(ROOT):
            return readable(candidate.relative_to(ROOT))
    return readable(f"{_OUTSIDE}/{path.name}")


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "implementation": sys.implementation.name}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def shipped_inputs() -> list[Path]:
    """Every file of the checkout that the numbers depend on."""
    files = [path for path in (ROOT / "data").glob("*") if path.is_file()]
    files += [path for package in ("agents", "model") for path in (ROOT / package).rglob("*.py")]
    return sorted(files)


def _hashes(files: Sequence[Path]) -> dict[str, str]:
    return {_shown_path(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
