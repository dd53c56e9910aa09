"""The firms at the start: how many of each group, how large, and which Mesa class they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agents.columns import FirmKind, Firms
from model.country.demand_groups import DemandGroups
from model.randomness import FOR_GOOD, Purpose, draw_key, uniforms
from model.scenario.scenario import Scenario

#: Largest firm as a multiple of the mean: keeps single firms from moving a small sector (assumption).
LARGEST = 50.0


def found_firms(scenario: Scenario, groups: DemandGroups, developer_sizes: NDArray[np.float64], seed: int) -> Firms:
    """Firms of every group, sizes drawn from the sector's Pareto tail; developers bring the sizes they have.

    Sizes are stratified quantiles, so that their distribution does not depend on luck; only their order does.
    """
    counts = [
        len(developer_sizes) if group == groups.developers else int(scenario.number(f"firms_{name}"))
        for group, name in enumerate(groups.names)
    ]
    firms = Firms.empty(sum(counts))
    tails = scenario.specification.country.sectors.firm_size_pareto[groups.sector]
    firms.group[:] = np.repeat(np.arange(len(groups)), counts)
    firms.sector[:] = groups.sector[firms.group]
    firms.kind[:] = FirmKind.OTHER
    firms.kind[firms.group == groups.tech] = FirmKind.TECH
    firms.developer[:] = -1
    start = 0
    for group, count in enumerate(counts):
        rows = slice(start, start + count)
        if group == groups.developers:
            firms.kind[rows] = FirmKind.DEVELOPER
            firms.developer[rows] = np.arange(count)
            firms.size[rows] = developer_sizes / developer_sizes.sum()
        else:
            firms.size[rows] = pareto_shares(count, tails[group])
        start += count
    luck = uniforms(draw_key(seed, Purpose.FIRM_SHOCK, FOR_GOOD), np.arange(len(firms), dtype=np.uint32))
    firms.staffed[:] = firms.size
    firms.premium[:] = 0.10 * (luck - 0.5)
    firms.age_rule[:] = 0.6 + 0.8 * uniforms(draw_key(seed, Purpose.FIRM_SHOCK, FOR_GOOD + 1), np.arange(len(firms)))
    return firms


def pareto_shares(count: int, tail: float) -> NDArray[np.float64]:
    """Shares of `count` firms whose sizes follow a Pareto tail, cut at `LARGEST` times the mean; they sum to 1."""
    quantile = (np.arange(count) + 0.5) / count
    sizes = (1 - quantile) ** (-1 / tail)
    sizes = np.minimum(sizes, LARGEST * sizes.mean())
    shares: NDArray[np.float64] = sizes / sizes.sum()
    return shares
