"""The job graph: occupations and how easily people move between them.

A networkx DiGraph whose edge weights are chances that a change of job goes there (loops included); any graph over the
same occupations may replace it. Kernels see it as two padded arrays.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from model.tables import DATA_FOLDER


@dataclass(frozen=True, slots=True)
class Reach:
    """The graph as arrays: for occupation i, `degree[i]` reachable occupations with their ease of moving."""

    target: NDArray[np.int64]  # [occupation, rank], itself first
    ease: NDArray[np.float64]  # [occupation, rank], 0 beyond `degree`
    degree: NDArray[np.int64]


def read_job_graph(file: str, occupations: tuple[str, ...]) -> nx.DiGraph[str]:
    """The job graph of a file: CSV edge list (source, target, weight), GraphML or GEXF; "" is data/mobility.csv.

    Nodes come in the order of `occupations`. Raises ValueError when an edge names an unknown occupation or has a
    weight that is not positive, or when an occupation has no way out.
    """
    path = Path(file) if file else DATA_FOLDER / "mobility.csv"
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(occupations)
    known = set(occupations)
    for source, target, weight in _edges(path):
        unknown = {source, target} - known
        if unknown:
            raise ValueError(f"{path}: {min(unknown)!r} is not an occupation of data/occupations.csv")
        if not weight > 0:
            raise ValueError(f"{path}: the weight of {source} -> {target} is {weight}, but must be positive")
        graph.add_edge(source, target, weight=weight)
    stuck = [node for node in graph if graph.out_degree(node) == 0]
    if stuck:
        raise ValueError(f"{path}: {stuck[0]!r} has no edge out; give it at least a loop")
    return graph


def _edges(path: Path) -> list[tuple[str, str, float]]:
    """Edges of a graph file as (source, target, weight); a missing weight is 1."""
    try:
        if path.suffix in {".graphml", ".gexf"}:
            read = nx.read_graphml(path) if path.suffix == ".graphml" else nx.read_gexf(path)
        else:
            with path.open(encoding="utf-8", newline="") as lines:
                return [(row["source"], row["target"], float(row.get("weight") or 1)) for row in csv.DictReader(lines)]
    except (KeyError, SyntaxError, UnicodeDecodeError, nx.NetworkXError) as error:
        raise ValueError(
            f"{path}: not a job graph ({error}); expected CSV with source,target,weight, GraphML or GEXF"
        ) from error
    return [(str(a), str(b), float(w)) for a, b, w in read.edges(data="weight", default=1.0)]


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
