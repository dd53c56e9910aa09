"""A policy file: levers with bounds and costs, targets, and how long to search, read and checked like a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from experiments.batch.design_file import DESIGNS, DesignReader
from experiments.engine.draws import Draws
from experiments.engine.experiment_reader import ExperimentReader, read_whole
from experiments.search.measures import SPENDING, WINDOW, all_measures
from model.parameters import Parameter
from model.scenario.problems import did_you_mean, quoted
from model.scenario.scenario import Scenario
from model.scenario.yaml_tree import Node
from model.schedule import month_index

Method = Literal["nsga2", "tpe"]
METHODS: tuple[Method, ...] = ("nsga2", "tpe")
_DIRECTIONS = ("minimise", "maximise")
_TOP = (
    "name", "description", "scenario", "set", "replications", "from", "levers", "targets", "search", "confirm",
)  # fmt: skip
_LEVER, _COST, _SEARCH = (
    ("range", "cost"),
    ("amount", "unit", "times", "times_as_it_is", "source"),
    ("method", "trials", "seed"),
)
_FEWEST_TARGETS, _MOST_TARGETS, _MOST_LEVERS, _MOST_FACTORS = 2, 4, 20, 3
_AMOUNT = Parameter("amount", "Amount", "yuan a year", 0.0, -1e14, 1e14, "What one unit of the lever costs", "")
_METHOD = Parameter("method", "Method", "word", "nsga2", 0, 0, "How candidates are proposed", "", choices=METHODS)
TRIALS = Parameter("trials", "Trials", "candidates", 200, 10, 10_000, "How many are tried", "", dated=False)
_SEED = Parameter("seed", "Seed", "number", 1, 0, 2**31 - 1, "Which candidates are proposed", "", dated=False)
_CONFIRM = Parameter("confirm", "Confirm", "runs", 20, 2, 1000, "Fresh runs of each point kept", "", dated=False)


@dataclass(frozen=True)
class Cost:
    """What a lever costs: yuan a year for each unit by which it differs from the scenario's own value.

    `times` are indicators that the amount is multiplied with (the wages a subsidy is a share of, say), as they are
    under the policy, `times_as_it_is` as they are without it; `unit` says what the amount is paid for, `source` where
    it is from, or that it is an assumption.
    """

    amount: float
    unit: str
    source: str
    times: tuple[str, ...] = ()
    times_as_it_is: tuple[str, ...] = ()


#: What a lever costs that the model itself counts: the change of its indicators `cost_*`, all together.
COUNTED = Cost(0.0, "yuan a year", "counted by the model (indicators cost_*)")


@dataclass(frozen=True)
class Lever:
    """A path that a policy may move between bounds, the scenario's `own` value at the end, and what moving it costs."""

    path: str
    low: float
    high: float
    own: float
    cost: Cost | None


@dataclass(frozen=True)
class Target:
    """A measure that a policy should make small, or large."""

    name: str
    maximise: bool


@dataclass(frozen=True)
class PolicySearch:
    """What is searched: policies in force from the month `since` on, levers within bounds, several targets at once."""

    name: str
    description: str
    scenario: Scenario
    since: str
    levers: tuple[Lever, ...]
    targets: tuple[Target, ...]
    method: Method
    trials: int
    seed: int
    confirm: int
    files: tuple[Path, ...]
    #: Draws of the fitted parameters at which the frontier is run again.
    draws: Draws = field(default_factory=Draws)

    @property
    def counts(self) -> bool:
        """Whether the model counts what a lever costs."""
        return any(lever.cost == COUNTED for lever in self.levers)

    def reform(self, values: Mapping[str, float]) -> Scenario:
        """The scenario with levers at these values from `since` on."""
        return self.scenario.with_values({path: {self.since: value} for path, value in values.items()})


def read_policy(path: Path, changes: Mapping[str, object] | None = None, settings: Sequence[str] = ()) -> PolicySearch:
    """The search of a policy file, complete and checked; raises ScenarioError with everything that is wrong.

    `changes` (path to value) and `settings` (texts `path=value`) replace values of all runs, as options do.
    """
    return read_whole(
        path, _Reader.what, lambda root, problems: _Reader(path, root, problems).read(changes or {}, settings)
    )


class _Reader(ExperimentReader):
    """Reads one file; everything wrong is added to `problems`, and reading goes on."""

    what, needs, names = "a policy search", "a scenario, levers and targets", _TOP
    elsewhere, varies = "under 'levers'", "the search varies it"
    of_others = dict.fromkeys((*DESIGNS, "outcomes"), "batch")

    def read(self, changes: Mapping[str, object], settings: Sequence[str]) -> PolicySearch | None:
        """The search, or None when too little of it can be understood."""
        if not self.top:
            if not self.problems:
                self.say_empty()
            return None
        for name in ("from", "levers", "targets"):
            if name not in self.top:
                self.say(self.start, f"'{name}' is missing; {_EXAMPLES[name]}")
        since = self.check.month("'from'", self.top["from"]) if "from" in self.top else None
        ranges, costs, named = self._levers()
        base = self.base(named, changes, settings)
        targets = self._targets(costs)
        method, trials, seed = self._search()
        confirm = self._whole("confirm", self.top.get("confirm"), _CONFIRM)
        if base is None or since is None:
            return None
        self._check_months(base, since)
        if self.problems:
            return None
        levers = tuple(Lever(path, *ends, _own(base, path), costs.get(path)) for path, ends in ranges.items())
        name, description = self.texts()
        return PolicySearch(
            name, description, base, since, levers, targets, method, trials, seed, confirm, (self.path, *base.files)
        )

    # --- levers -----------------------------------------------------------------------------------

    def _levers(self) -> tuple[dict[str, tuple[float, float]], dict[str, Cost], set[str]]:
        """Bounds and costs by path, and every path that is named."""
        node = self.top.get("levers")
        if node is None or node.kind == "refused":
            return {}, {}, set()
        if node.kind != "mapping" or not node.pairs:
            self.check.report(node, f"'levers' is a group of paths; {_EXAMPLES['levers']}")
            return {}, {}, set()
        if len(node.pairs) > _MOST_LEVERS:
            self.check.report(node, f"{len(node.pairs)} levers are given; at most {_MOST_LEVERS} are searched")
        bounds = Node(node.place, "mapping")
        costs: dict[str, Cost] = {}
        for key, held in node.pairs:
            parts = self._parts(key.text, held, _LEVER, f"{key.text}: {{range: [0, 0.3], cost: ...}}")
            if parts is None:
                continue
            for name in _LEVER:
                if name not in parts:
                    self.check.report(held, f"'{name}' is missing under '{key.text}'; {_EXAMPLES[name]}")
            if "range" in parts:
                bounds.pairs.append((key, parts["range"]))
            cost = self._cost(key.text, parts["cost"]) if "cost" in parts else None
            if cost is not None:
                costs[key.text] = cost
        reader = DesignReader(self.checker, self.top, self.keys, self.start)
        ranges = reader.ranges(bounds, "levers") if bounds.pairs else {}
        return ranges, costs, {key.text for key, _ in node.pairs}

    def _cost(self, path: str, node: Node) -> Cost | None:
        """What moving a lever costs; a plain 0 says that it costs nothing, `counted` that the model tells."""
        if node.kind == "number" and node.value == 0:
            return None
        if node.text == "counted":
            return COUNTED
        parts = self._parts("cost", node, _COST, _EXAMPLES["cost"])
        if parts is None:
            return None
        for name in ("amount", "unit", "source"):
            if name not in parts:
                self.check.report(node, f"'{name}' is missing under the cost of '{path}'; {_EXAMPLES['cost']}")
        amount = self.check.parameter("amount", parts["amount"], _AMOUNT) if "amount" in parts else None
        if isinstance(amount, Mapping):
            self.check.report(parts["amount"], "'amount' is one number for all months")
        unit, source = (self.check.words(name, parts[name]) if name in parts else None for name in ("unit", "source"))
        for name, words in (("unit", unit), ("source", source)):
            if words is not None and not words.strip():
                self.check.report(parts[name], f"'{name}' is empty; {_EXAMPLES['cost']}")
        times, as_it_is = (self._factors(name, parts[name]) if name in parts else ()
                           for name in ("times", "times_as_it_is"))  # fmt: skip
        if not isinstance(amount, int | float) or unit is None or source is None:
            return None
        return Cost(float(amount), unit, source, times, as_it_is)

    def _factors(self, name: str, node: Node) -> tuple[str, ...]:
        """The indicators that an amount is multiplied with."""
        if node.kind != "list" or not 1 <= len(node.items) <= _MOST_FACTORS:
            self.check.report(node, f"'{name}' is a list of one to {_MOST_FACTORS} indicators")
            return ()
        known = {name: None for name in all_measures() if name != SPENDING}
        for item in node.items:
            if item.text not in known and item.kind != "refused":
                self.check.report(item, f"there is no indicator {quoted(item.text)}{did_you_mean(item.text, known)}")
        return tuple(item.text for item in node.items)

    # --- targets ----------------------------------------------------------------------------------

    def _targets(self, costs: Mapping[str, Cost]) -> tuple[Target, ...]:
        node = self.top.get("targets")
        if node is None or node.kind == "refused":
            return ()
        if node.kind != "mapping" or not _FEWEST_TARGETS <= len(node.pairs) <= _MOST_TARGETS:
            number = f"{_FEWEST_TARGETS} to {_MOST_TARGETS} measures"
            self.check.report(node, f"'targets' is a group of {number}; {_EXAMPLES['targets']}")
            return ()
        found = []
        known = dict.fromkeys(all_measures())
        for key, held in node.pairs:
            if key.text not in known:
                self.check.report(key, f"there is no measure {quoted(key.text)}{did_you_mean(key.text, known)}")
            elif key.text == SPENDING and not costs:
                self.check.report(key, "no lever has a cost, so there is no spending")
            if held.kind != "refused" and held.text not in _DIRECTIONS:
                hint = did_you_mean(held.text, dict.fromkeys(_DIRECTIONS))
                self.check.report(held, f"{quoted(held.text)} is neither minimise nor maximise{hint}")
            found.append(Target(key.text, held.text == "maximise"))
        return tuple(found)

    # --- the rest ---------------------------------------------------------------------------------

    def _search(self) -> tuple[Method, int, int]:
        node = self.top.get("search")
        parts = {} if node is None else self._parts("search", node, _SEARCH, "{method: nsga2, trials: 200, seed: 1}")
        parts = parts or {}
        said = self.check.parameter("method", parts["method"], _METHOD) if "method" in parts else _METHOD.default
        method = next((each for each in METHODS if each == said), METHODS[0])
        return (
            method,
            self._whole("trials", parts.get("trials"), TRIALS),
            self._whole("seed", parts.get("seed"), _SEED),
        )

    def _whole(self, name: str, node: Node | None, parameter: Parameter) -> int:
        value = parameter.default if node is None else self.check.parameter(name, node, parameter)
        return value if isinstance(value, int) else 0

    def _parts(self, name: str, node: Node, known: Sequence[str], example: str) -> dict[str, Node] | None:
        """The parts of a group, unknown names reported; None when it is no group."""
        if node.kind != "mapping":
            if node.kind != "refused":
                self.check.report(node, f"'{name}' is a group, such as {example}")
            return None
        for key, _ in node.pairs:
            if key.text not in known:
                hint = did_you_mean(key.text, dict.fromkeys(known))
                self.check.report(key, f"unknown name {quoted(key.text)} under '{name}'{hint}")
        return {key.text: held for key, held in node.pairs if key.text in known}

    def _check_months(self, base: Scenario, since: str) -> None:
        """A policy begins within the months recorded, a year or more before they end."""
        first, begins, last = (month_index(month) for month in (base.start, since, base.end))
        if begins < max(first, 1):
            self.check.report(self.top["from"], f"'from' is {since}; it has to lie after the start, {base.start}")
        elif last - begins + 1 < WINDOW:
            told = f"the last {WINDOW} months, up to {base.end}, are what is judged"
            self.check.report(self.top["from"], f"'from' is {since}; {told}, so begin before them")


def _own(scenario: Scenario, path: str) -> float:
    """The scenario's own value in the months that are judged."""
    values = scenario.monthly(path, month_index(scenario.end) - WINDOW + 1, WINDOW)
    return float(values[0] if (values == values[0]).all() else np.mean(values))


_EXAMPLES = {
    "from": "a policy begins in a month, such as 2026-01",
    "levers": "such as hiring.graduate_subsidy: {range: [0, 0.3], cost: ...}",
    "targets": "such as {unemployment_rate_16_24: minimise, spending: minimise}",
    "range": "write its lowest and highest value, such as range: [0, 0.3]",
    "cost": "write cost: 0, or counted, or {amount: 12, unit: yuan a year per ..., source: where from, or assumption}",
}
