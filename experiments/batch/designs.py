"""Designs of a batch: which combinations of values are tried, in a fixed order."""

from __future__ import annotations

import hashlib
import itertools
import json
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from model.parameters import Value

#: How a design came about: every combination, a list written out, or points drawn from ranges.
Kind = Literal["grid", "list", "sample"]
Method = Literal["sobol", "lhs"]
METHODS: tuple[Method, ...] = ("sobol", "lhs")


@dataclass(frozen=True)
class Design:
    """Points, each a value for every path; None leaves the scenario's own value.

    With `since` (a month), values hold from that month on and the past is the scenario's; `dated` says so for single
    paths.
    """

    kind: Kind
    paths: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]
    since: str | None = None
    #: What people call each point of a list, empty where it has no name; names decide nothing.
    names: tuple[str, ...] = ()
    dated: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def overrides(self, point: int) -> dict[str, Value]:
        """What a point (from 1) changes in the scenario."""
        return {
            path: self._from_its_month(path, value)
            for path, value in zip(self.paths, self.rows[point - 1], strict=True)
            if value is not None
        }

    def _from_its_month(self, path: str, value: Value) -> Value:
        """A number holds from its month on, where it has one; dated values know theirs."""
        since = self.dated.get(path, self.since)
        return value if since is None or isinstance(value, Mapping | str) else {since: value}

    @property
    def parts(self) -> str | None:
        """The first month in which points may differ; None when they may differ from the opening on."""
        if self.since is not None:
            return self.since
        values = [value for point in range(1, len(self) + 1) for value in self.overrides(point).values()]
        dates = [min(value) for value in values if isinstance(value, Mapping)]
        return min(dates) if dates and len(dates) == len(values) else None

    @property
    def facts(self) -> dict[str, object]:
        """The design as plain data: two designs with equal facts try the same points in the same order."""
        rows = [[dict(value) if isinstance(value, Mapping) else value for value in row] for row in self.rows]
        months = {"dated": dict(self.dated)} if self.dated else {}
        return {"paths": list(self.paths), "points": rows, "from": self.since, **months}

    @property
    def digest(self) -> str:
        """A sha256 of the facts."""
        return hashlib.sha256(json.dumps(self.facts, sort_keys=True).encode()).hexdigest()


def full_grid(axes: Mapping[str, Sequence[Value]], since: str | None = None) -> Design:
    """Every combination of the values of every path; the last path changes fastest."""
    return Design("grid", tuple(axes), tuple(itertools.product(*axes.values())), since)


def listed(items: Sequence[Mapping[str, Value]], since: str | None = None, names: Sequence[str] = ()) -> Design:
    """Points written out one by one; a path that a point does not name keeps the scenario's value there."""
    paths = tuple(dict.fromkeys(path for item in items for path in item))
    return Design("list", paths, tuple(tuple(item.get(path) for path in paths) for item in items), since, tuple(names))


def drawn(
    method: Method,
    size: int,
    ranges: Mapping[str, tuple[float, float]],
    *,
    seed: int = 1,
    whole: Collection[str] = (),
    since: str | None = None,
) -> Design:
    """Points spread evenly over ranges (both ends included) by a Sobol sequence or a Latin hypercube.

    Paths in `whole` take whole numbers only. The same `seed` gives the same points.
    """
    from scipy.stats import qmc  # type: ignore[import-untyped]

    sampler = {"sobol": qmc.Sobol, "lhs": qmc.LatinHypercube}[method](len(ranges), rng=seed)
    with warnings.catch_warnings():
        # A Sobol sequence is balanced only where its length is a power of two: the user is told in our own words.
        warnings.simplefilter("ignore", UserWarning)
        unit = sampler.random(size)
    columns: list[list[Value]] = []
    for place, (path, (low, high)) in enumerate(ranges.items()):
        if path in whole:
            columns.append([min(int(high), int(low + share * (high - low + 1))) for share in unit[:, place].tolist()])
        else:
            columns.append([low + share * (high - low) for share in unit[:, place].tolist()])
    return Design("sample", tuple(ranges), tuple(zip(*columns, strict=True)), since)
