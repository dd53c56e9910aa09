"""The job graph: occupations and how easily people move between them.

A networkx DiGraph whose edge weights are chances that a change of job goes there (loops included); any graph over the
same occupations may replace it. Kernels see it as two padded arrays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from model.country.country import Country
from model.country.tables import OccupationalStructure
from model.finite import demand_finite
from model.job_graph.file import Edge, NamedGraph, shipped_edges
from model.parameters import Value


@dataclass(frozen=True, slots=True)
class Reach:
    """The graph as arrays: for occupation i, `degree[i]` reachable occupations with their ease of moving."""

    target: NDArray[np.int64]  # [occupation, rank], itself first
    ease: NDArray[np.float64]  # [occupation, rank], 0 beyond `degree`
    degree: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Compiled code draws from these chances without looking: whatever made them, they are chances."""
        demand_finite("the job graph", ease=self.ease)
        if (self.ease < 0).any() or not np.allclose(self.ease.sum(axis=1), 1.0):
            raise ValueError("the job graph's ways out of an occupation do not add up to 1")
        if not ((self.target >= 0) & (self.target < len(self.target))).all():
            raise ValueError("the job graph leads to an occupation that is not there")


def moves_between(named: Value, structure: OccupationalStructure, country: Country) -> tuple[Edge, ...]:
    """The moves that hold: the graph that a scenario names, else the structure's own, else those that are shipped."""
    if isinstance(named, NamedGraph):
        return named.edges
    if named != "":
        raise TypeError(f"a scenario holds a job graph that was read, not {named!r}; set it with load_scenario")
    return structure.moves or shipped_edges(country.moves_file, structure.occupations.ids)


def job_graph(edges: Iterable[Edge], occupations: tuple[str, ...]) -> nx.DiGraph[str]:
    """The graph of these edges; nodes come in the order of `occupations`."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(occupations)
    graph.add_weighted_edges_from(edges)
    if len(graph) != len(occupations):
        strange = sorted(set(graph) - set(occupations))
        raise ValueError(f"the job graph names occupations that this market has not, {strange[0]!r} among them")
    return graph


def reach(graph: nx.DiGraph[str]) -> Reach:
    """The graph as padded arrays, rows scaled to sum to 1."""
    nodes = list(graph)
    index = {node: i for i, node in enumerate(nodes)}
    width = max(dict(graph.out_degree()).values())
    target = np.zeros((len(nodes), width), np.int64)
    ease = np.zeros((len(nodes), width))
    degree = np.zeros(len(nodes), np.int64)
    for node, i in index.items():
        steps = sorted(graph[node].items(), key=lambda step: (step[0] != node, index[step[0]]))
        degree[i] = len(steps)
        target[i, : len(steps)] = [index[name] for name, _ in steps]
        weights = np.array([attributes["weight"] for _, attributes in steps])
        ease[i, : len(steps)] = weights / weights.sum()
    return Reach(target, ease, degree)
