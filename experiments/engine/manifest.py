"""What a run was made from, so that anybody can make it again: inputs, seeds, versions, command.

It names no host, no user and no absolute path.
"""

from __future__ import annotations

import configparser
import contextlib
import hashlib
import json
import os
import platform
import re
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.places import IN_CHECKOUT, ROOT, engine_sources
from model.country.china import CHINA
from model.mechanism import sources_of
from model.paths import readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from model.scenario.scenario import Scenario

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
_SCHEDULER = re.compile(r"\b(tcp|tls|ws|wss)://\S+")
#: `--option=value` and `path=value`, also both.
_ASSIGNED = re.compile(r"-{0,2}[\w.-]+=")
#: A path inside a longer text, such as a group in YAML.
_PATH_INSIDE = re.compile(r"(?<![\w./:~<>-])(?:~[\w.-]*|\.\.)?/[^\s'\",{}\[\]]+")


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
    }
    given, shipped = _hashes(files), _hashes(shipped_inputs())
    for scenario in scenarios.values():
        given |= text_hashes({name: text for name, text in scenario.to_files("").items() if name})
    for country in {scenario.specification.country for scenario in scenarios.values()} - {CHINA}:
        given |= {country.name: country.fingerprint}
    if own := [mechanism for scenario in scenarios.values() for mechanism in scenario.specification.own]:
        facts["mechanisms"] = dict(sources_of(own))
    # In the order given: a comparison the other way round is another run. Files by what they hold: they may move.
    decisive = {**facts, "inputs": shipped, "files": sorted(set(given.values()))}
    identity = hashlib.sha256(json.dumps(decisive).encode()).hexdigest()
    described = {"identity": identity, "status": "running", "command": relative_command(command)}
    return {**described, **facts, "inputs": {**given, **shipped}}


def told_apart(identity: str, further: object) -> str:
    """An identity that also holds what else decides the numbers."""
    return hashlib.sha256(json.dumps([identity, further], sort_keys=True).encode()).hexdigest()


def describe_batch(
    scenario: Scenario, files: Sequence[Path], command: Sequence[str], asked: Mapping[str, object], **packages: str
) -> dict[str, Any]:
    """The manifest of many runs of a scenario before they begin. Folders with the same `batch` hold the same runs.

    `asked` are the facts that decide which runs they are, each under the words in which a difference is told.
    """
    described = describe_run({scenario.name: scenario}, files, command)
    del described["identity"]
    versions = {**code_version(), **packages}
    decisive = {
        **asked,
        "the files of agents/, model/ or data/": versions.pop("sources"),
        "versions of Python and its packages": versions,
    }
    return {"batch": decisive, **described}


def differences(held: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """What makes one job another: the facts, or the scenarios, input files and versions, in which manifests differ."""
    if "batch" in asked:
        return [fact for fact, value in asked["batch"].items() if held["batch"][fact] != value]
    told = []
    before, after = held.get("scenarios", {}), asked["scenarios"]
    told += [f"scenario '{name}'" for name in _differing(before, after)]
    if not told and list(before) != list(after):
        told.append("the order of the scenarios")
    told += _differing(held.get("inputs", {}), asked["inputs"])
    told += [f"mechanism {name}" for name in _differing(held.get("mechanisms", {}), asked.get("mechanisms", {}))]
    told += [f"the version of {name}" for name in _differing(held.get("versions", {}), asked["versions"])]
    told += [name for name in ("project_version", "machine") if held.get(name) != asked[name]]
    told += ["draws of the fitted parameters"] * (held.get("draws") != asked.get("draws"))
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
    """The command as it would be typed in the checkout: paths relative to it, others reduced to their last name.

    A scheduler's address is left out: it names a host.
    """
    return [readable(_SCHEDULER.sub(r"\1://<scheduler>", _without_places(word))) for word in command]


def without_folders(text: str) -> str:
    """A traceback as it would read in any checkout: no folder of this machine."""
    for folder, name in ((sys.prefix, "<python>/"), (sys.base_prefix, "<python>/"), (ROOT, "")):
        text = text.replace(f'"{folder}{os.sep}', f'"{name}')
    with contextlib.suppress(RuntimeError):  # nobody's home
        text = text.replace(f"{Path.home()}{os.sep}", "~/") if Path.home() != Path("/") else text
    return text


def _without_places(word: str) -> str:
    """A word of a command without the folders of this machine, wherever in it they stand."""
    *before, value = re.split(r"(?<=[\w-])(=)", word, maxsplit=2) if _ASSIGNED.match(word) else (word,)
    quote = value[:1] if value[:1] in {"'", '"'} and value[-1:] == value[:1] else ""
    bare = value.removeprefix(quote).removesuffix(quote)
    if _leads_away(bare):
        return "".join(before) + quote + _shown_path(Path(bare)) + quote
    return "".join(before) + _PATH_INSIDE.sub(lambda found: _shown_path(Path(found[0])), value)


def _leads_away(text: str) -> bool:
    """Whether a path would be another one elsewhere, or tells of folders outside the one it was typed in."""
    path = Path(text)
    if text.startswith("~") or path.is_absolute() or ".." in path.parts:
        return True
    with contextlib.suppress(OSError, ValueError):
        return len(path.parts) > 1 and path.parent.is_dir()
    return False


def _shown_path(path: Path) -> str:
    absolute = Path(os.path.normpath(path.absolute()))
    for candidate in (absolute, path.resolve()) if str(path)[:1] != "~" else ():
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
    files = [path for path in CHINA.path.glob("*") if path.is_file()]
    return sorted([*files, *engine_sources(ROOT)])


def _hashes(files: Sequence[Path]) -> dict[str, str]:
    """The sha256 of each file by its shown path; different files of one name are told apart."""
    found: dict[str, str] = {}
    for path in dict.fromkeys(files):
        name, digest = _shown_path(path), hashlib.sha256(path.read_bytes()).hexdigest()
        number = 2
        while found.get(name, digest) != digest:
            name, number = f"{_shown_path(path)} ({number})", number + 1
        found[name] = digest
    return found


def text_as_given(path: Path) -> str:
    """What a file holds, for a copy beside the results; nothing of a pipe, which was read already."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError:
        return ""


def text_hashes(texts: Mapping[str, str]) -> dict[str, str]:
    """The sha256 of texts by the names of their files."""
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
