"""The design of an experiment file: grid, list or sample, read and checked path by path."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from experiments.batch.designs import METHODS, Design, drawn, full_grid, listed
from model.parameters import Parameter, Value
from model.scenario.checks import MONTHS, Checker
from model.scenario.problems import Place, Problem, did_you_mean, plain, quoted
from model.scenario.yaml_tree import Node
from model.specification import in_force

#: More runs than this are surely a slip of the pen.
MOST_RUNS = 1_000_000
DESIGNS = ("grid", "list", "sample")
#: Decided by the batch itself, so no design varies them.
_NOT_VARIED = {
    "seed": "every point has the same seeds, so that points differ by their values and not by their luck",
    "replications": "every point has the same number; write 'replications' at the top of the file",
}
#: What a point of a list is called in tables and figures.
_NAME = "name"
_METHOD = Parameter("method", "Method", "word", "sobol", 0, 0, "How points are spread", "", choices=METHODS)
_SIZE = Parameter("size", "Size", "points", 64, 1, MOST_RUNS, "How many points are drawn", "", dated=False)
_SEED = Parameter("seed", "Seed", "number", 1, 0, 2**63 - 1, "Which points are drawn", "", dated=False)
_SAMPLE = ("method", "size", "ranges", "seed")


def can_be_set(checker: Checker, key: Node) -> bool:
    """Whether a scenario has this path; if not, that is reported where the path stands."""
    if key.text in in_force().by_path or key.text in checker.settings or key.text in MONTHS:
        return True
    checker.options({key.text: replace(key, kind="nothing")})
    return False


class DesignReader:
    """Reads the design among the parts of a file; everything wrong goes to the checker's problems."""

    def __init__(self, checker: Checker, top: Mapping[str, Node], keys: Mapping[str, Node], start: Place) -> None:
        self.checker, self.check, self.problems = checker, checker.check, checker.problems
        self.top, self.keys, self.start = top, keys, start
        #: The paths that some design names, whether it can be run or not.
        self.named: set[str] = set()

    def read(self) -> Design | None:
        """The design, or None when it cannot be run."""
        written = [name for name in DESIGNS if name in self.top]
        if not written:
            self.problems.append(Problem(*self.start, "no design is given; write one of grid, list and sample"))
            return None
        for second in written[1:]:
            self.check.report(self.keys[second], f"a second design; '{written[0]}' is given already")
        before = len(self.problems)
        since = self._since()
        read: dict[str, Callable[[Node, str | None], Design | None]] = {
            "grid": self._grid, "list": self._list, "sample": self._sample,
        }  # fmt: skip
        designs = [read[name](self.top[name], since) for name in written]
        return designs[0] if len(self.problems) == before else None

    def _since(self) -> str | None:
        return self.check.month("'from'", self.top["from"]) if "from" in self.top else None

    def _paths(self, node: Node, name: str, example: str) -> list[tuple[Node, Node]]:
        """The pairs of a group of paths that can be varied; whatever cannot is reported."""
        if node.kind != "mapping" or not node.pairs:
            if node.kind != "refused":
                self.check.report(node, f"'{name}' is a group of paths, such as '{example}'")
            return []
        kept = []
        self.named |= {key.text for key, _ in node.pairs}
        for key, value in node.pairs:
            reason = _NOT_VARIED.get(key.text)
            declared = in_force().declaration(key.text)
            if reason is not None:
                self.check.report(key, f"'{key.text}' cannot be varied: {reason}")
            elif not can_be_set(self.checker, key):
                continue
            elif "from" in self.top and not (declared is not None and declared.takes_dates):
                self.check.report(key, f"'{key.text}' holds for all months, so it cannot change at 'from'")
            else:
                kept.append((key, value))
        return kept

    def _value(self, path: str, node: Node) -> Value | None:
        """One value of a path, checked like that of a scenario."""
        if "from" in self.top and node.kind == "mapping":
            self.check.report(node, f"'{path}' is dated here, and 'from' dates it too; leave one of them out")
            return None
        said = self.checker.options({path: node})
        found: dict[str, Value] = {**said.values, **said.settings, **said.months}
        return found.get(path)

    def _grid(self, node: Node, since: str | None) -> Design | None:
        axes: dict[str, list[Value]] = {}
        for key, values in self._paths(node, "grid", "visa.annual_quota: [0, 50000]"):
            path = key.text
            if values.kind != "list" or not values.items:
                if values.kind != "refused":
                    self.check.report(values, f"'{path}' needs a list of values, such as [0, 50000]")
                continue
            axes[path] = []
            for item in values.items:
                value = self._value(path, item)
                if value in axes[path] and value is not None:
                    self.check.report(item, f"'{path}' has this value already")
                elif value is not None:
                    axes[path].append(value)
        if math.prod(map(len, axes.values())) > MOST_RUNS:
            combinations = plain(math.prod(map(len, axes.values())))
            self.check.report(self.keys["grid"], f"the grid has {combinations} points; at most {MOST_RUNS:,} are run")
            return None
        return full_grid(axes, since)

    def _list(self, node: Node, since: str | None) -> Design | None:
        if node.kind != "list" or not node.items:
            if node.kind != "refused":
                self.check.report(node, "'list' is a list of points, each a group such as {visa.annual_quota: 0}")
            return None
        points: list[dict[str, Value]] = []
        names: list[str] = []
        lines: dict[str, int | None] = {}
        for called, item in map(self._name, node.items):
            point: dict[str, Value] = {}
            names.append(called)
            if item.kind == "mapping" and not item.pairs:
                point = {}  # the scenario as it is
            else:
                for key, held in self._paths(item, "a point of the list", "{visa.annual_quota: 0}"):
                    value = self._value(key.text, held)
                    if value is not None:
                        point[key.text] = value
            same = repr(sorted((path, repr(value)) for path, value in point.items()))
            if same in lines:
                self.check.report(item, f"this point is in the list already (line {lines[same]})")
            lines.setdefault(same, item.place.line)
            points.append(point)
        return listed(points, since, names if any(names) else ())

    def _name(self, item: Node) -> tuple[str, Node]:
        """What a point of a list is called, and the point without its name."""
        if item.kind != "mapping":
            return "", item
        named = [node for key, node in item.pairs if key.text == _NAME]
        rest = replace(item, pairs=[pair for pair in item.pairs if pair[0].text != _NAME])
        return (self.check.words(_NAME, named[0]) or "" if named else ""), rest

    def _sample(self, node: Node, since: str | None) -> Design | None:
        if node.kind != "mapping":
            if node.kind != "refused":
                example = "{method: sobol, size: 64, ranges: {visa.annual_quota: [0, 100000]}}"
                self.check.report(node, f"'sample' is a group: {example}")
            return None
        parts: dict[str, Node] = {}
        for key, value in node.pairs:
            if key.text in _SAMPLE:
                parts[key.text] = value
            else:
                hint = did_you_mean(key.text, dict.fromkeys(_SAMPLE))
                self.check.report(key, f"unknown name {quoted(key.text)} under 'sample'{hint}")
        for name in ("method", "size", "ranges"):
            if name not in parts:
                self.check.report(node, f"'{name}' is missing under 'sample'")
        method = self._parameter("method", parts, _METHOD)
        size, seed = self._parameter("size", parts, _SIZE), self._parameter("seed", parts, _SEED)
        ranges = self.ranges(parts["ranges"], "ranges") if "ranges" in parts else {}
        chosen = next((each for each in METHODS if each == method), None)
        if chosen is None or not isinstance(size, int) or not ranges or ("seed" in parts and not isinstance(seed, int)):
            return None
        whole = [path for path in ranges if (found := in_force().declaration(path)) is not None and found.whole]
        return drawn(chosen, size, ranges, seed=seed if isinstance(seed, int) else 1, whole=whole, since=since)

    def _parameter(self, name: str, parts: Mapping[str, Node], parameter: Parameter) -> Value | None:
        return self.check.parameter(name, parts[name], parameter) if name in parts else None

    def ranges(self, node: Node, name: str) -> dict[str, tuple[float, float]]:
        """The lowest and highest value of every path in a group; whatever has none is reported."""
        ranges: dict[str, tuple[float, float]] = {}
        for key, ends in self._paths(node, name, "visa.annual_quota: [0, 100000]"):
            path, declared = key.text, in_force().declaration(key.text)
            if declared is None or declared.switch or declared.choices or declared.names_file:
                self.check.report(key, f"'{path}' is not a number, so it has no range; list its values in a grid")
                continue
            if ends.kind != "list" or len(ends.items) != 2:
                if ends.kind != "refused":
                    self.check.report(ends, f"'{path}' needs its lowest and highest value, such as [0, 100000]")
                continue
            if any(end.kind == "mapping" for end in ends.items):
                self.check.report(ends, f"the ends of '{path}' are constants; to change it in a month, write 'from'")
                continue
            low, high = (self._value(path, end) for end in ends.items)
            if not isinstance(low, int | float) or not isinstance(high, int | float):
                continue
            if low >= high:
                self.check.report(ends, f"the range of '{path}' runs from {plain(low)} to {plain(high)}; lowest first")
            else:
                ranges[path] = (low, high)
        return ranges
