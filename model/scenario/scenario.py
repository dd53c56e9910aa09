"""A scenario: everything a run needs to know, typed, complete and unchangeable."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from model.country.china import CHINA
from model.parameters import DEFAULT_END, DEFAULT_START, SETTINGS, Value
from model.paths import name_from
from model.scenario.chain import checked_chain, checked_options, in_order, node_options, setting_options
from model.scenario.checks import SCHEMA_VERSION, Said
from model.scenario.problems import Problem, ScenarioError, nearest
from model.schedule import FrozenMapping, followed_by, month_index, monthly, simplest
from model.specification import Specification, in_force, use

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Change", "Scenario", "ScenarioError", "load_scenario", "parse_settings"]

#: Earlier than any month that is lived through, the burn-in included.
BEFORE = -10_000


class Change(NamedTuple):
    """One difference between two scenarios."""

    path: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is asked of the model. Values are complete: whatever was left out or inherited is filled in.

    Two scenarios are equal when they say the same, wherever they were read from.
    """

    name: str
    description: str
    start: str
    end: str
    population: int
    replications: int
    seed: int
    #: Concrete path -> constant, or dated values from 2018-01 on; a sector stands here only with a value of its own.
    values: FrozenMapping[str, Value]
    schema_version: int = SCHEMA_VERSION
    #: The mechanisms that it is about.
    specification: Specification = field(default_factory=in_force)
    #: The files it was read from, the one asked for first and what it extends after it.
    files: tuple[Path, ...] = field(default=(), compare=False)

    @property
    def source(self) -> Path | None:
        """The file it was read from, if any."""
        return self.files[0] if self.files else None

    def value(self, path: str) -> Value:
        """The value at a path: a constant, a word, true or false, or dated values that start in 2018-01.

        A sector without a value of its own has that of `all`.
        """
        if path in self.values:
            return self.values[path]
        known = self.specification.by_path
        if path not in known:
            near = nearest(path, known)
            raise KeyError(f"no parameter {path!r}" + (f"; did you mean {near!r}?" if near else ""))
        return self.values[self.specification.path_for_all(path)]

    def number(self, path: str) -> float:
        """The constant number at a path; `slack` is short for `parameters.slack`."""
        held = self.value(path if "." in path else f"parameters.{path}")
        if isinstance(held, Mapping | str):
            raise TypeError(f"{path} is {'dated; ask for monthly values' if isinstance(held, Mapping) else 'a word'}")
        return float(held)

    def monthly(self, path: str, first_month: int, months: int) -> NDArray[np.float64]:
        """The values of a path in `months` months from `first_month` (0 is 2018-01) on; true is 1.

        Months before 2018-01 have the value of 2018-01.
        """
        held = self.value(path)
        if isinstance(held, str):
            raise TypeError(f"{path} is a word, not a number")
        return monthly(held if isinstance(held, Mapping) else {"2018-01": float(held)}, first_month, months)

    def with_values(self, overrides: Mapping[str, object]) -> Scenario:
        """This scenario with some values, settings, months or texts replaced; raises ScenarioError like a file."""
        problems: list[Problem] = []
        with use(self.specification):
            said = checked_options(node_options(overrides), problems)
        changed = _apply(self, said, problems)
        if problems:
            raise ScenarioError(problems)
        return changed

    def changes_from(self, other: Scenario) -> list[Change]:
        """Every value, setting and month in which this scenario differs from `other`, with both values."""
        settings = [
            Change(name, getattr(other, name), getattr(self, name))
            for name in ("start", "end", "population", "replications", "seed")
        ]
        either = {*self.values, *other.values}
        paths = [path for path in self.specification.by_path if path in either]
        values = [Change(path, other.value(path), self.value(path)) for path in paths]
        return [change for change in settings + values if change.old != change.new]

    def first_difference(self, other: Scenario) -> int:
        """The first month in which a value of `other` acts otherwise; the month after the last one where none does.

        It is `BEFORE` when the worlds differ from their opening on: in 2018-01, in what holds for all months, in
        population or start.
        """
        if (self.population, self.start) != (other.population, other.start):
            return BEFORE
        months = month_index(self.end) + 1
        found = months
        for path in {*self.values, *other.values}:
            mine, theirs = self.value(path), other.value(path)
            if mine == theirs:
                continue
            if isinstance(mine, str) or isinstance(theirs, str):
                return BEFORE
            lead = self.specification.by_path[path].lead
            unlike = self.monthly(path, 0, months + lead) != other.monthly(path, 0, months + lead)
            if unlike.any():
                found = min(found, int(unlike.argmax()) - lead)
        return found if found > 0 else BEFORE

    def to_yaml(self) -> str:
        """A scenario file that says everything, with units; it loads back to an equal scenario."""
        from model.scenario.text import scenario_text

        return scenario_text(self)

    def to_files(self, name: str = "scenario.yaml") -> dict[str, str]:
        """The text of each file of a folder that says all of it: the scenario, and the job graph it names, if any."""
        from model.job_graph.file import graph_copies

        return {name: self.to_yaml(), **graph_copies(self.values.values())}

    @property
    def digest(self) -> str:
        """A sha256 of what is asked: values, settings and months, not names, files or time."""
        content = {
            "schema_version": self.schema_version,
            "start": self.start,
            "end": self.end,
            "population": self.population,
            "replications": self.replications,
            "seed": self.seed,
            "values": {path: dict(held) if isinstance(held, Mapping) else held for path, held in self.values.items()},
        }
        if own := self.specification.own:
            content["mechanisms"] = [mechanism.fingerprint for mechanism in own]
        if self.specification.country != CHINA:
            content["country"] = self.specification.country.fingerprint
        return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def __hash__(self) -> int:
        return hash(self.digest)

    def __deepcopy__(self, _: object) -> Scenario:
        """It never changes, so a copy of a market shares it."""
        return self


def default_scenario(specification: Specification | None = None) -> Scenario:
    """What holds when a file says nothing, under the specification in force or another."""
    specification = specification or in_force()
    values = {
        path: simplest(parameter.default)
        if isinstance(parameter.default, Mapping)
        else parameter.default
        if parameter.whole or isinstance(parameter.default, bool | str)
        else float(parameter.default)
        for path, parameter in specification.by_path.items()
        if path == specification.path_for_all(path)
    }
    settings: dict[str, Any] = {setting.path: setting.default for setting in SETTINGS}
    held = FrozenMapping(values)
    return Scenario("defaults", "", DEFAULT_START, DEFAULT_END, values=held, specification=specification, **settings)


def load_scenario(
    path: str | os.PathLike[str], overrides: Mapping[str, object] | None = None, settings: Sequence[str] = ()
) -> Scenario:
    """The scenario of a file, complete and checked; raises ScenarioError with everything that is wrong.

    The file and all it extends are judged as written. Then `overrides` (path to value) and `settings`
    (texts `path=value` as given to `--set`, a later one winning) replace values.
    """
    _demand_types(path, settings)
    problems: list[Problem] = []
    chain = checked_chain(Path(path), problems)
    options = checked_options({**node_options(overrides or {}), **setting_options(settings, problems)}, problems)
    scenario = replace(default_scenario(), name=name_from(Path(path)))
    for said in reversed(chain.said):
        scenario = _apply(scenario, said, problems)
    own = chain.said[0].texts if chain.said else {}
    scenario = replace(
        scenario,
        name=own.get("name", name_from(Path(path))),
        description=own.get("description", ""),
        files=tuple(chain.files),
    )
    scenario = _apply(scenario, options, problems)
    if problems:
        raise ScenarioError(in_order(problems))
    return scenario


def _demand_types(path: object, settings: object) -> None:
    """Raise TypeError for what a program mistakes for the path of a scenario or for settings."""
    if not isinstance(path, str | os.PathLike):
        hint = "; it is loaded already" if isinstance(path, Scenario) else ""
        hint = "; values go into overrides=" if isinstance(path, Mapping) else hint
        raise TypeError(f"load_scenario takes the path of a file, not {type(path).__name__} {path!r:.60}{hint}")
    if isinstance(settings, str) or not isinstance(settings, Sequence):
        raise TypeError(f"settings are a list of texts 'path=value', not {type(settings).__name__} {settings!r:.60}")


def parse_settings(settings: Sequence[str]) -> dict[str, object]:
    """Texts `path=value`, the value in YAML, as checked overrides; raises ScenarioError like a file."""
    from model.scenario.yaml_tree import plain_value

    problems: list[Problem] = []
    options = setting_options(settings, problems)
    checked_options(options, problems)
    if problems:
        raise ScenarioError(problems)
    return {path: plain_value(node) for path, node in options.items()}


def _apply(base: Scenario, said: Said, problems: list[Problem]) -> Scenario:
    """A scenario after a file or options have had their say: dated values hold from their first date on."""
    values: dict[str, Value] = dict(base.values)
    # `all` comes first: a sector's dated values have it before their first date.
    for path in sorted(said.values, key=lambda path: path != base.specification.path_for_all(path)):
        new = said.values[path]
        inherited = values.get(path, values[base.specification.path_for_all(path)])
        if isinstance(new, Mapping) and not isinstance(inherited, str):
            values[path] = followed_by(inherited, new)
        else:
            values[path] = new
    start, end = said.months.get("start", base.start), said.months.get("end", base.end)
    if end < start and said.months:
        name = "end" if "end" in said.places else "start"
        problems.append(Problem(*said.places[name], f"'end' is {end}, before 'start', which is {start}"))
        start, end = base.start, base.end
    changed: dict[str, Any] = {**said.settings, **said.texts, "start": start, "end": end}
    return replace(base, values=FrozenMapping(values), **changed)
