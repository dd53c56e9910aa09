"""The labour market with another number of occupations, or of edges in its job graph, little else changed.

Splitting an occupation gives copies with equal parts of its jobs; merging joins occupations of one education that pay
alike. When occupations are split, each copy keeps as many ways out as the whole had: the graph is a lift of the one it
came from, so occupations and edges per occupation vary apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.columns import Education
from model.demand_groups import AGENT_OCCUPATION, GIG_OCCUPATIONS
from model.tables import OccupationalStructure, Occupations, moves, occupational_structure, sectors

Floats = NDArray[np.float64]
Edge = tuple[str, str, float]
#: Occupations that rules name: never split, never merged.
NAMED = (AGENT_OCCUPATION, *GIG_OCCUPATIONS)


def write_graph(edges: Iterable[Edge], file: Path) -> Path:
    """A job graph as the scenario's `parameters.job_graph` reads it."""
    lines = [f"{source},{target},{weight:.9g}" for source, target, weight in edges]
    file.write_text("source,target,weight\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return file


def graph_of_degree(degree: int, luck: np.random.Generator) -> list[Edge]:
    """The shipped graph thinned or densified at random until every occupation has `degree` ways out, staying included.

    New edges weigh what the occupation's usual move weighs; the chance of staying is kept.
    """
    ids, chances = occupational_structure().occupations.ids, moves()
    edges: list[Edge] = []
    for i, source in enumerate(ids):
        known = [j for j in np.flatnonzero(chances[i]).tolist() if j != i]
        unknown = [j for j in range(len(ids)) if j != i and j not in known]
        wanted = degree - 1
        kept = luck.choice(known, min(wanted, len(known)), replace=False).tolist()
        kept += luck.choice(unknown, max(0, wanted - len(known)), replace=False).tolist()
        usual = float(chances[i][known].mean())
        weights = np.array([chances[i, j] or usual for j in kept])
        leaving = 1 - chances[i, i]
        edges.append((source, source, float(chances[i, i])))
        edges += [(source, ids[j], float(leaving * w / weights.sum())) for j, w in zip(kept, weights, strict=True)]
    return edges


def occupations_numbering(count: int, luck: np.random.Generator) -> tuple[OccupationalStructure, list[Edge]]:
    """The occupations of the data split or merged into `count`, and the job graph over them."""
    known = occupational_structure().occupations
    free = [i for i, name in enumerate(known.ids) if name not in NAMED]
    wanted = count - len(NAMED)
    groups = merged(free, wanted) if wanted < len(free) else split(free, wanted)
    groups = sorted([*groups, *([known.index(name)] for name in NAMED)])
    edges = _edges(groups, luck)
    return OccupationalStructure(_occupations(groups), _shares(groups), tuple(edges)), edges


def split(free: list[int], count: int) -> list[list[int]]:
    """`count` groups of one occupation each; those with most jobs have the most copies."""
    jobs = _jobs()
    most_first = sorted(free, key=lambda i: -jobs[i])
    whole, rest = divmod(count, len(free))
    return [[i] for place, i in enumerate(most_first) for _ in range(whole + (place < rest))]


def merged(free: list[int], count: int) -> list[list[int]]:
    """`count` groups of several occupations that ask for the same education and pay alike."""
    known = occupational_structure().occupations
    levels = [[i for i in free if known.education[i] == level.name.lower()] for level in Education]
    parts = [max(1, round(count * len(level) / len(free))) for level in levels]
    parts[int(np.argmax(parts))] += count - sum(parts)
    groups: list[list[int]] = []
    for level, number in zip(levels, parts, strict=True):
        by_pay = sorted(level, key=lambda i: float(known.wage[i]))
        groups += [part.tolist() for part in np.array_split(by_pay, number)]
    return groups


def _jobs() -> Floats:
    jobs: Floats = sectors().employment_2019 @ occupational_structure().shares
    return jobs


def _names(groups: list[list[int]]) -> tuple[str, ...]:
    """A group's first occupation names it; further copies are numbered."""
    ids = occupational_structure().occupations.ids
    copies = _copies(groups)
    return tuple(ids[group[0]] + (f"_{copy + 1}" if copy else "") for group, copy in zip(groups, copies, strict=True))


def _copies(groups: list[list[int]]) -> list[int]:
    """How many groups before it begin with the same occupation."""
    firsts = [group[0] for group in groups]
    return [firsts[:place].count(first) for place, first in enumerate(firsts)]


def _occupations(groups: list[list[int]]) -> Occupations:
    """The table of the groups: figures are means by jobs, yes or no and words are those of the most jobs."""
    known, jobs = occupational_structure().occupations, _jobs()

    def column(values: Any) -> Any:
        if isinstance(values, tuple):
            return tuple(values[max(group, key=lambda i: jobs[i])] for group in groups)
        if values.dtype == np.bool_:
            return np.array([values[max(group, key=lambda i: jobs[i])] for group in groups])
        return np.array([np.average(values[group], axis=0, weights=jobs[group]) for group in groups])

    columns = {field.name: column(getattr(known, field.name)) for field in fields(known)}
    return Occupations(**(columns | {"ids": _names(groups)}))


def _shares(groups: list[list[int]]) -> Floats:
    """Shares of sectors' jobs: sums over what was merged, equal parts of what was split."""
    known = occupational_structure().shares
    firsts = [group[0] for group in groups]
    return np.column_stack([known[:, group].sum(axis=1) / firsts.count(group[0]) for group in groups])


def _edges(groups: list[list[int]], luck: np.random.Generator) -> list[Edge]:
    """Moves between groups. A copy moves to one copy of each target, which one is drawn; to itself where it stays."""
    chances, jobs, names = moves(), _jobs(), _names(groups)
    holders: dict[int, list[int]] = {}
    for place, group in enumerate(groups):
        for i in group:
            holders.setdefault(i, []).append(place)
    weights: dict[tuple[int, int], float] = {}
    for i, copies in holders.items():
        for j in np.flatnonzero(chances[i]).tolist():
            turn = int(luck.integers(len(holders[j])))
            for number, place in enumerate(copies):
                target = place if j == i else holders[j][(number + turn) % len(holders[j])]
                weights[place, target] = weights.get((place, target), 0.0) + float(jobs[i] * chances[i, j])
    return [(names[source], names[target], weight) for (source, target), weight in weights.items()]
