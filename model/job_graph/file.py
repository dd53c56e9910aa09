"""A job graph that somebody else made, read once: what a scenario holds where it names one.

CSV, GraphML and GEXF are told apart by what they hold, not by their suffix. An edge that has no direction runs both
ways. What cannot be meant is refused, every place at once; what is not used is named in the notes.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self

from model.outside_files import UnreadableError, decoded, read_content
from model.outside_tables import MOST_PROBLEMS, Cell, OutsideTable, TableReader, decimal_commas, named, number_in
from model.paths import readable, shown
from model.scenario.problems import Place, Problem, nearest, quoted
from model.specification import in_force

Edge = tuple[str, str, float]

#: Ten times what all moves between as many occupations as there may be take.
LARGEST = 20_000_000
MOST_EDGES = 200_000
#: Well below the largest number there is, in whatever order weights are added.
LARGEST_SUM = 1e300
COLUMNS = ("source", "target", "weight")
#: Gephi's column that says of each edge whether it has a direction.
KIND = "type"
FORM = "a CSV table (source,target,weight), GraphML or GEXF"
_WHAT = "a job graph"
_MOST_STUCK = 5


class NamedGraph(str):
    """The job graph that a scenario names, read. As a text it is the file name of its canonical copy.

    That name comes from the edges alone: the same graph is the same value wherever it was read from.
    """

    __slots__ = ("called", "edges", "notes")

    edges: tuple[Edge, ...]
    #: What the file says and the model does not use, in sentences.
    notes: tuple[str, ...]
    #: What its file is called where it was read, for people.
    called: str

    def __new__(cls, edges: Iterable[Edge], notes: Iterable[str] = (), called: str = "") -> Self:
        """A graph of edges, in the order that its copy has."""
        kept = tuple(edges)
        graph = super().__new__(cls, f"job_graph_{hashlib.sha256(_as_csv(kept).encode()).hexdigest()[:16]}.csv")
        graph.edges, graph.notes, graph.called = kept, tuple(notes), called or str(graph)
        return graph

    def __getnewargs__(self) -> tuple[tuple[Edge, ...], tuple[str, ...], str]:  # type: ignore[override]
        """What a copy and a process elsewhere make it from."""
        return self.edges, self.notes, self.called

    @property
    def content(self) -> str:
        """Its canonical copy, a CSV table that reads back to the same graph."""
        return _as_csv(self.edges)


def _as_csv(edges: Iterable[Edge]) -> str:
    lines = [f"{source},{target},{weight!r}\n" for source, target, weight in edges]
    return "".join([",".join(COLUMNS), "\n", *lines])


def graph_copies(values: Iterable[object]) -> dict[str, str]:
    """The job graphs among values of scenarios: the file name and the text of each one's canonical copy."""
    return {str(value): value.content for value in values if isinstance(value, NamedGraph)}


@dataclass(frozen=True, slots=True)
class WrittenEdge:
    """One edge as a file has it; `weight` is None where it has none."""

    source: str
    target: str
    weight: str | None
    both_ways: bool
    place: Place
    #: Where its parts stand, where that can be told.
    places: Mapping[str, Place] = field(default_factory=dict)

    def at(self, part: str) -> Place:
        """Where one of its parts stands."""
        return self.places.get(part, self.place)


@dataclass(slots=True)
class Written:
    """What a file says before it is checked."""

    edges: list[WrittenEdge] = field(default_factory=list)
    #: Texts that tell nodes apart, by attribute ("label", "name"), each from a node's id; empty in a table.
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    commas: bool = False


@cache
def shipped_edges(path: Path, occupations: tuple[str, ...]) -> tuple[Edge, ...]:
    """The moves of the table that is shipped, in its order."""
    problems: list[Problem] = []
    written = _read_table(path.read_text(encoding="utf-8"), str(path), problems)
    edges = _Checker(str(path), occupations, problems).edges(written)
    if problems:
        raise AssertionError(problems)
    return tuple((source, target, weight) for (source, target), weight in edges.items())


def read_named_graph(path: Path, occupations: Sequence[str], problems: list[Problem]) -> NamedGraph | None:
    """The job graph of a file over some occupations, or None; everything that is wrong with it is added."""
    file = shown(path)
    own: list[Problem] = []
    try:
        written = _read(read_content(path, LARGEST, _WHAT, FORM), file, own)
    except UnreadableError as error:
        problems.append(Problem(file, None, None, str(error)))
        return None
    checker = _Checker(file, occupations, own)
    edges = checker.edges(written)
    problems += own
    if own:
        return None
    rank = {name: place for place, name in enumerate(occupations)}
    ordered = sorted(edges.items(), key=lambda edge: (rank[edge[0][0]], rank[edge[0][1]]))
    notes = [*written.notes, *checker.notes]
    return NamedGraph(
        ((source, target, weight) for (source, target), weight in ordered),
        (f"{file}: {note}" for note in notes),
        readable(path.name),
    )


def _read(content: bytes, file: str, problems: list[Problem]) -> Written:
    begin = content[:400].decode("utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig", "ignore")
    if begin.lstrip().startswith("<"):
        from model.job_graph.xml import read_xml

        return read_xml(content, file, problems)
    return _read_table(decoded(content, _WHAT, FORM), file, problems)


# --- tables -------------------------------------------------------------------------------------------------------


def _read_table(text: str, file: str, problems: list[Problem]) -> Written:
    reader = TableReader(text, file, problems)
    table = reader.read(COLUMNS, (KIND,), MOST_EDGES, f"\n    {_WHAT} is {FORM}")
    written = Written(commas=decimal_commas([row["weight"] for row in table.rows], table.delimiter))
    both_ways = _directions(table, problems)
    written.edges = [
        WrittenEdge(
            row["source"].text,
            row["target"].text,
            row["weight"].text or None,
            both,
            row["source"].place,
            {name: cell.place for name, cell in row.items()},
        )
        for row, both in zip(table.rows, both_ways, strict=True)
    ]
    if table.ignored:
        written.notes.append(f"columns that are not used: {named(table.ignored)}")
    if written.commas:
        written.notes.append("weights are read with decimal commas")
    return written


def _directions(table: OutsideTable, problems: list[Problem]) -> list[bool]:
    """Whether each edge runs both ways. A column `type` that never speaks of directions is one more foreign column."""
    cells = [row.get(KIND, Cell("", Place(""))) for row in table.rows]
    words = {"": False, "directed": False, "undirected": True}
    said = {cell.text.lower() for cell in cells} - {""}
    if said and not said & {*words, "mixed"}:
        table.ignored.append(KIND)
        return [False] * len(cells)
    for cell in cells:
        if cell.text.lower() not in words:
            told = f"the type of this edge is {quoted(cell.text)}; expected Directed or Undirected"
            problems.append(Problem(*cell.place, told))
    return [words.get(cell.text.lower(), False) for cell in cells]


# --- what all formats have in common ------------------------------------------------------------------------------


class _Checker:
    """Turns written edges into weights by source and target; everything wrong is added to `problems`."""

    def __init__(self, file: str, occupations: Sequence[str], problems: list[Problem]) -> None:
        self.file, self.occupations, self.problems = file, dict.fromkeys(occupations), problems
        self.notes: list[str] = []
        self.found: dict[tuple[str, str], float] = {}
        #: The edge that a way was first found in.
        self.first: dict[tuple[str, str], WrittenEdge] = {}
        self.unknown: dict[str, list[Place]] = {}

    def edges(self, written: Written) -> dict[tuple[str, str], float]:
        """Every way with its weight; of use only where nothing is wrong."""
        if not written.edges:
            if not self.problems:
                self.problems.append(Problem(self.file, None, None, "there are no edges in this file"))
            return {}
        called = self._names(written)
        before = len(self.problems)
        unweighted = all(edge.weight is None for edge in written.edges)
        if unweighted:
            told = "no edge has a weight; give each one, 1 to every edge where all moves are equally easy"
            self._say(written.edges[0].at("weight"), told)
        for edge in written.edges:
            if len(self.problems) - before > MOST_PROBLEMS:
                break
            ends = (called(edge.source), called(edge.target))
            self._edge(edge, ends, 1.0 if unweighted else self._weight(edge, ends, commas=written.commas))
        if any(edge.both_ways for edge in written.edges):
            told = f"edges without a direction run both ways: {len(written.edges):,} edges are {len(self.found):,} ways"
            self.notes.append(told)
        self._tell_unknown(written)
        if not self.unknown:
            self._whole()
        return self.found

    def _edge(self, edge: WrittenEdge, ends: tuple[str, str], weight: float) -> None:
        strangers = [part for part, name in zip(COLUMNS, ends, strict=False) if name not in self.occupations]
        for part in strangers:
            self.unknown.setdefault(ends[COLUMNS.index(part)], []).append(edge.at(part))
        if strangers:
            return
        ways = sorted({ends, ends[::-1]} if edge.both_ways else {ends})
        if earlier := next((self.first[way] for way in ways if way in self.first), None):
            self._repeated(edge, earlier, ends)
            return
        self.found |= dict.fromkeys(ways, weight)
        self.first |= dict.fromkeys(ways, edge)

    def _say(self, place: Place, message: str) -> None:
        self.problems.append(Problem(*place, message))

    def _names(self, written: Written) -> Callable[[str], str]:
        """What a node is called: its id, or the attribute that holds more occupations, as Gephi's label does."""
        ends = dict.fromkeys(end for edge in written.edges for end in (edge.source, edge.target))
        best, attribute = sum(end in self.occupations for end in ends), ""
        for name, texts in written.names.items():
            known = sum(texts.get(end, "") in self.occupations for end in ends)
            if known > best:
                best, attribute = known, name
        if not attribute:
            return str
        self.notes.append(f"occupations are named by the nodes' attribute '{attribute}', not by their ids")
        texts = written.names[attribute]
        return lambda end: texts.get(end) or end

    def _weight(self, edge: WrittenEdge, ends: tuple[str, str], *, commas: bool) -> float:
        """The weight, or NaN once it is told what is wrong with it."""
        way = f"{quoted(ends[0])[1:-1]} -> {quoted(ends[1])[1:-1]}"
        if edge.weight is None:
            self._say(edge.at("weight"), f"the edge {way} has no weight, though others have; give it one above 0")
            return math.nan
        number = number_in(edge.weight.strip(), commas=commas)
        if isinstance(number, str):
            self._say(edge.at("weight"), f"the weight of {way} is {number}; expected a number above 0")
            return math.nan
        if not number > 0:
            self._say(edge.at("weight"), f"the weight of {way} is {edge.weight.strip()}, but must be positive")
            return math.nan
        return number

    def _repeated(self, edge: WrittenEdge, earlier: WrittenEdge, ends: tuple[str, str]) -> None:
        line = f" (line {earlier.place.line})" if earlier.place.line is not None else ""
        told = f"the edge {ends[0]} -> {ends[1]} is there already{line}"
        if earlier.both_ways:
            told += ", and runs both ways"
        elif edge.both_ways:
            told = f"this edge runs both ways, and one of them is there already{line}"
        self._say(edge.place, f"{told}; write each way once, with the sum of its weights")

    def _tell_unknown(self, written: Written) -> None:
        """One problem for each text that is no occupation, where it first stands."""
        for name, places in self.unknown.items():
            often = f" (here and in {len(places) - 1} more places)" if len(places) > 1 else ""
            if not name:
                self._say(places[0], f"no occupation is named{often}")
                continue
            hint = self._hint(name) if len(self.unknown) <= MOST_PROBLEMS // 5 else ""
            self._say(
                places[0],
                f"{quoted(name)} is not an occupation of {in_force().country.folder}/occupations.csv{often}{hint}",
            )
        if self.unknown and not written.names and all(name.isdecimal() for name in self.unknown):
            told = "nodes are numbered here, as Gephi numbers them; export GraphML or GEXF, whose labels are read"
            self.problems.append(Problem(self.file, None, None, f"{told}, or write occupations"))

    def _hint(self, name: str) -> str:
        alike = "_".join(name.casefold().replace("-", " ").replace("_", " ").split())
        near = alike if alike in self.occupations else nearest(alike, self.occupations)
        return f"\n    did you mean '{near}'?" if near else ""

    def _whole(self) -> None:
        """What only shows in all edges together: ways out of each occupation, ways in, sums of weights."""
        out: dict[str, float] = {}
        for (source, target), weight in self.found.items():
            before = out.get(source, 0.0)
            out[source] = before + weight
            if before <= LARGEST_SUM < out[source]:
                told = f"the weights out of {source} add up to more than {LARGEST_SUM:g}; divide them all"
                self._say(self.first[source, target].at("weight"), told)
        stuck = [name for name in self.occupations if name not in out]
        if stuck:
            shown = ", ".join(map(repr, stuck[:_MOST_STUCK])) + (" ..." if len(stuck) > _MOST_STUCK else "")
            count = f"{len(stuck)} of {len(self.occupations)} occupations, among them " if len(stuck) > 1 else ""
            verb, each = ("have", "each") if len(stuck) > 1 else ("has", "it")
            told = f"{count}{shown} {verb} no edge out; give {each} at least a loop"
            self.problems.append(Problem(self.file, None, None, told))
        reached = {target for source, target in self.found if source != target}
        if unreached := [name for name in self.occupations if name not in reached]:
            whither = f"move from elsewhere to {named(unreached)}" if reached else "change occupation"
            self.notes.append(f"nobody can {whither}")
