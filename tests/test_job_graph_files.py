"""Job graphs from outside: read as their makers mean them, or refused with the place of everything that is wrong."""

from __future__ import annotations

import copy
import gzip
import os
import pickle
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import networkx as nx
import pytest

from model.country.china import CHINA
from model.job_graph.file import LARGEST, NamedGraph, read_named_graph
from model.scenario.problems import Problem
from model.scenario.scenario import ScenarioError, load_scenario

IDS = CHINA.occupations.ids
#: Everybody stays or moves on to the next occupation: 120 ways.
RING = [way for a, b in zip(IDS, (*IDS[1:], IDS[0]), strict=True) for way in ((a, a, 0.75), (a, b, 0.25))]
HEAD = "source,target,weight"
Edges = Iterable[tuple[object, ...]]


def table(edges: Edges = RING, head: str = HEAD, delimiter: str = ",", last: str = "") -> str:
    """A CSV text; `last` is one more line."""
    lines = [head, *(delimiter.join(map(str, edge)) for edge in edges), *([last] if last else [])]
    return "\n".join(lines) + "\n"


def xml(edges: str, nodes: str = "", default: str = "directed", keys: str = "") -> str:
    """A GraphML text whose edges begin on line 3."""
    return (
        f'<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="w" for="edge" attr.name="weight"/>{keys}\n'
        f'<graph edgedefault="{default}">{nodes}\n{edges}</graph></graphml>'
    )


def ways(edges: Edges = RING, attributes: str = "") -> str:
    """Edges of GraphML, one in a line."""
    return "\n".join(
        f'<edge source="{a}" target="{b}" {attributes}><data key="w">{w}</data></edge>' for a, b, w in edges
    )


def gexf(edges: str, attributes: str = 'defaultedgetype="directed"', nodes: str = "") -> str:
    """A GEXF text whose edges begin on line 3."""
    return (
        f'<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n<graph {attributes}>'
        f"<nodes>{nodes}</nodes><edges>\n"
        f"{edges}</edges></graph></gexf>"
    )


def links(edges: Edges = RING, attributes: str = "") -> str:
    """Edges of GEXF, one in a line."""
    return "\n".join(f'<edge source="{a}" target="{b}" weight="{w}" {attributes}/>' for a, b, w in edges)


def read(path: Path, content: str | bytes) -> tuple[NamedGraph | None, list[Problem]]:
    """What is made of a file with this content."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    problems: list[Problem] = []
    return read_named_graph(path, IDS, problems), problems


# --- read as meant ------------------------------------------------------------------------------------------------

NUMBERED = {name: str(place) for place, name in enumerate(IDS)}
BY_NUMBER = [(NUMBERED[a], NUMBERED[b], w) for a, b, w in RING]
LABELLED = "".join(f'<node id="{i}"><data key="l">{name}</data></node>' for name, i in NUMBERED.items())
GEPHI = [(a, b, "Directed", i, "", "", w) for i, (a, b, w) in enumerate(RING)]
GOOD: dict[str, tuple[str | bytes, str]] = {
    "plain": (table(), ""),
    "byte order mark": (table().encode("utf-8-sig"), ""),
    "Excel's Unicode text": (table(delimiter="\t", head="source\ttarget\tweight").encode("utf-16"), ""),
    "semicolons": (table(delimiter=";", head="Source;Target;Weight"), ""),
    "decimal commas": (
        table([(a, b, str(w).replace(".", ",")) for a, b, w in RING], "source;target;weight", ";"),
        "decimal commas",
    ),
    "sep": ("sep=;\n" + table(delimiter=";", head="source;target;weight"), ""),
    "carriage returns": (table().replace("\n", "\r\n"), ""),
    "blank lines": (table().replace("\n", "\n\n,,\n"), ""),
    "spaces": (table([(f" {a} ", b, f" {w} ") for a, b, w in RING], " Source , TARGET,weight "), ""),
    "quoted": (table([(f'"{a}"', b, w) for a, b, w in RING]), ""),
    "counts": (table([(a, b, int(1000 * w)) for a, b, w in RING]), ""),
    "gephi": (table(GEPHI, "Source,Target,Type,Id,Label,timeset,Weight"), "not used: Id, Label, timeset"),
    "pandas' index": (
        table([(i, *way) for i, way in enumerate(RING)], f",{HEAD}"),
        "not used: column 1 (without a name)",
    ),
    "empty columns at the end": (table([(*way, "", "") for way in RING], f"{HEAD},,"), ""),
    "carriage returns alone": (table().replace("\n", "\r"), ""),
    "foreign column called type": (table([(*way, "promotion") for way in RING], f"{HEAD},Type"), "not used: type"),
    "graphml": (xml(ways()), ""),
    "graphml in UTF-16": (('<?xml version="1.0" encoding="UTF-16"?>' + xml(ways())).encode("utf-16"), ""),
    "graphml in GBK": (f'<?xml version="1.0" encoding="GBK"?>{xml(ways(), "<!-- 厨师 -->")}'.encode("gbk"), ""),
    "graphml with labels": (
        xml(ways(BY_NUMBER), LABELLED, keys='<key id="l" for="node" attr.name="label"/>'),
        "named by the nodes' attribute 'label'",
    ),
    "igraph": (
        xml(ways(BY_NUMBER), LABELLED, keys='<key id="l" for="node" attr.name="name"/>'),
        "named by the nodes' attribute 'name'",
    ),
    "graphml with Weight": (xml(ways()).replace('"weight"', '"Weight"'), ""),
    "graphml, each edge directed": (xml(ways(attributes='directed="true"'), default="undirected"), ""),
    "graphml with colours": (
        xml(
            ways().replace("<data", '<data key="c">red</data><data'), keys='<key id="c" for="edge" attr.name="colour"/>'
        ),
        "not used: colour",
    ),
    "graphml with a default weight": (
        xml(ways().replace('<data key="w">0.75</data>', "")).replace(
            'attr.name="weight"/>', 'attr.name="weight"><default>0.75</default></key>'
        ),
        "",
    ),
    "gexf": (gexf(links()), ""),
    "gexf with labels": (
        gexf(links(BY_NUMBER), nodes="".join(f'<node id="{i}" label="{name}"/>' for name, i in NUMBERED.items())),
        "named by the nodes' attribute 'label'",
    ),
    "gexf, weights as attributes": (
        gexf(
            "\n".join(
                f'<edge source="{a}" target="{b}"><attvalues><attvalue for="0" value="{w}"/></attvalues></edge>'
                for a, b, w in RING
            )
        ).replace("<nodes>", '<attributes class="edge"><attribute id="0" title="Weight"/></attributes><nodes>'),
        "",
    ),
    "gexf mixed": (gexf(links(attributes='type="directed"'), 'defaultedgetype="mixed"'), ""),
    "yEd": (
        xml(
            ways(BY_NUMBER),
            "".join(
                f'<node id="{i}"><data key="g"><y:ShapeNode><y:Fill/>\n<y:NodeLabel>{name}</y:NodeLabel></y:ShapeNode>'
                "</data></node>"
                for name, i in NUMBERED.items()
            ),
            keys='<key id="g" for="node" yfiles.type="nodegraphics"/>',
        ).replace("<graphml ", '<graphml xmlns:y="http://www.yworks.com/xml/graphml" '),
        "named by the nodes' attribute 'g'",
    ),
    "gexf, nodes in nodes": (
        gexf(links(), nodes=f'<node id="{IDS[0]}"><nodes><node id="{IDS[1]}"/></nodes></node>'),
        "not used: the hierarchy of nodes",
    ),
}


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("suffix", [".csv", ".GraphML", ""])
def test_read_as_meant(name: str, suffix: str, tmp_path: Path) -> None:
    """The same graph in every dress, whatever the suffix says, and what is left out is named."""
    content, note = GOOD[name]
    graph, problems = read(tmp_path / f"graph{suffix}", content)
    assert problems == []
    assert graph is not None
    scale = 1000 if name == "counts" else 1
    assert {(a, b, w / scale) for a, b, w in graph.edges} == set(RING)
    assert note in " ".join(graph.notes)
    assert bool(note) == bool(graph.notes)


UNDIRECTED: dict[str, str | bytes] = {
    "csv": table([(*way, "Undirected") for way in RING], f"{HEAD},Type"),
    "graphml": xml(ways(), default="undirected"),
    "graphml by edge": xml(ways(attributes='directed="false"')),
    "gexf": gexf(links(), 'defaultedgetype="undirected"'),
    "gexf without a word": gexf(links(), ""),
    "gexf by edge": gexf(links(attributes='type="undirected"')),
    "gexf mutual": gexf(links(), 'defaultedgetype="mutual"'),
}


@pytest.mark.parametrize("name", UNDIRECTED)
def test_an_edge_without_direction_runs_both_ways(name: str, tmp_path: Path) -> None:
    graph, problems = read(tmp_path / "graph", UNDIRECTED[name])
    assert problems == []
    assert graph is not None
    assert {(a, b) for a, b, _ in graph.edges} == {(a, b) for a, b, _ in RING} | {(b, a) for a, b, _ in RING}
    assert "120 edges are 180 ways" in graph.notes[0]


def test_directed_and_undirected_edges_mix(tmp_path: Path) -> None:
    edges = [(*way, "Directed" if way[0] == way[1] else "undirected") for way in RING]
    graph, _ = read(tmp_path / "graph.csv", table(edges, f"{HEAD},type"))
    assert graph is not None
    assert len(graph.edges) == 180


@pytest.mark.parametrize("write", [nx.write_graphml, nx.write_gexf])
def test_what_networkx_writes(write: Callable[[nx.Graph, Path], None], tmp_path: Path) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_weighted_edges_from(RING)
    write(graph, tmp_path / "graph")
    found, problems = read(tmp_path / "again", (tmp_path / "graph").read_bytes())
    assert problems == []
    assert found is not None
    assert len(found.edges) == graph.to_directed().number_of_edges()


# --- refused, each mistake where it stands ------------------------------------------------------------------------

BAD: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", ":1:1  the file is empty"),
    "a word": ("hello\n", ":1:1  there is no column 'source', 'target', 'weight'; the first line has 'hello'"),
    "no header": ("\n".join(table().splitlines()[1:]), "there is no column 'source'"),
    "German": (table(head="Quelle,Ziel,Gewicht"), "the first line has 'Quelle', 'Ziel', 'Gewicht'"),
    "a near name": (table(head="source,target,weights"), "rename 'weights' if it is meant"),
    "no weight column": (table([way[:2] for way in RING], "source,target"), ":1:1  there is no column 'weight'"),
    "no weights": (table([(*way[:2], "") for way in RING]), "no edge has a weight"),
    "one weight missing": (table(last="cook,nurse,"), ":122:12  the edge cook -> nurse has no weight"),
    "two of a name": (table([(*way, 1) for way in RING], f"{HEAD},Weight"), ":1:22  the column 'weight'"),
    "not a number": (table(last="cook,nurse,n/a"), ":122:12  the weight of cook -> nurse is 'n/a', which is"),
    "percent": (table(last="cook,nurse,5 %"), "leave the percent sign out: 5"),
    "decimal comma": (table(last='cook,nurse,"0,5"'), "write 0.5 with a point"),
    "thousands": (table([(*way[:2], "1.234,5") for way in RING], HEAD.replace(",", ";"), ";"), "which is not a number"),
    "nan": (table(last="cook,nurse,NaN"), "is 'NaN', which is not a finite number"),
    "infinite": (table(last="cook,nurse,-inf"), "is '-inf', which is not a finite number"),
    "too large": (table(last="cook,nurse,1e999"), "larger than any number can be"),
    "zero": (table(last="cook,nurse,0"), "is 0, but must be positive"),
    "negative": (table(last="cook,nurse,-0.1"), "is -0.1, but must be positive"),
    "a large sum": (table([(*way[:2], 1e300) for way in RING]), "the weights out of cook add up to more than 1e+300"),
    "short line": (table(last="cook"), ":122:1  1 cell stands here, but the header has 3 columns"),
    "long line": (table(last="cook,nurse,1,2"), ":122:1  4 cells stand here"),
    "no end of a quote": (table(last='"cook,nurse,1'), ":122:1  this is not CSV: a quoted text has no end"),
    "repeated": (table(last="cook,cook,1"), "the edge cook -> cook is there already (line "),
    "repeated the other way": (
        table([*((*way, "Undirected") for way in RING), (IDS[1], IDS[0], 1, "Undirected")], f"{HEAD},Type"),
        "is there already (line 3), and runs both ways",
    ),
    "a type that is none": (
        table([*((*way, "Directed") for way in RING), ("cook", "nurse", 1, "Mixed")], f"{HEAD},Type"),
        ":122:14  the type of this edge is 'Mixed'; expected Directed or Undirected",
    ),
    "unknown": (table(last="cook,astronaut,1"), ":122:6  'astronaut' is not an occupation of data/occupations.csv"),
    "capitals": (table(last="cook,Software Engineer,1"), "did you mean 'software_engineer'?"),
    "unknown twice": (table(last="cok,cok,1"), ":122:1  'cok' is not an occupation of data/occupations.csv (here and"),
    "nobody": (table(last=",cook,1"), ":122:1  no occupation is named"),
    "numbers": (table(BY_NUMBER), "export GraphML or GEXF, whose labels are read"),
    "no way out": (table(RING[:-2]), f"'{IDS[-1]}' has no edge out; give it at least a loop"),
    "GBK": (table(last="厨师,cook,1").encode("gbk"), "line 122 is not UTF-8 but, it seems, GBK"),
    "Latin": (table(last="caf\xe9,cook,1").encode("latin-1"), "line 122 is not UTF-8; save the file as UTF-8"),
    "gzip": (gzip.compress(table().encode()), "compressed by gzip"),
    "Excel": (b"PK\x03\x04" + b"x" * 20, "as Excel's .xlsx is"),
    "binary": (b"abc\0def", "this is not a text file"),
    "a line break in a cell": (table(last='"co\nok",cook,1\nx,cook,1'), ":124:1  'x' is not an occupation"),
    "html": ("<html><body/></html>", ":1:1  this is <html>"),
    "broken xml": (xml(ways()) + "<", "this is not XML"),
    "a bomb": ('<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + xml("&b;"), ":1:25  the file declares"),
    "no graph": ("<graphml/>", "there is no graph in this file"),
    "nodes only": (xml("", f'<node id="{IDS[0]}"/>'), "there are no edges in this file"),
    "no edgedefault": (xml(ways()).replace(' edgedefault="directed"', ""), ":2:1  the graph does not say edgedefault"),
    "a third direction": (xml(ways(), default="sideways"), "edgedefault is 'sideways'; expected"),
    "two graphs": (xml(ways()).replace("</graph>", '</graph><graph edgedefault="directed"/>'), "a second graph begins"),
    "hyperedge": (xml(ways() + "<hyperedge/>"), "more than two occupations"),
    "graphml: one has no weight": (xml(ways() + '\n<edge source="cook" target="nurse"/>'), ":123:1  the edge cook"),
    "graphml: no weights": (xml(ways()).replace('attr.name="weight"', 'attr.name="strength"'), "no edge has a weight"),
    "graphml: infinite": (xml(ways([*RING, ("cook", "nurse", "INF")])), ":123:1  the weight of cook"),
    "graphml: repeated": (xml(ways([*RING, ("cook", "cook", 1)])), ":123:1  the edge cook -> cook is"),
    "graphml: unknown": (xml(ways([*RING, ("cook", "kok", 1)])), ":123:1  'kok' is not an occupation"),
    "graphml: directed how": (xml(ways(attributes='directed="maybe"')), "directed is 'maybe'; expected true or false"),
    "graphml: nodes of one id": (xml(ways(), '<node id="cook"/><node id="cook"/>'), "the node 'cook' is there twice"),
    "graphml in no encoding": (f'<?xml version="1.0" encoding="abc"?>{xml(ways())}', "names an unknown encoding"),
    "graphml, not what it says": (
        f'<?xml version="1.0" encoding="GBK"?>\n{xml(ways())}<!--\xff-->'.encode("latin-1"),
        ":123:1  this is not GBK, as the first line says",
    ),
    "gexf: weight missing": (gexf(links() + '\n<edge source="cook" target="nurse"/>'), ":123:1  the edge cook"),
    "gexf: dynamic": (gexf(links(), 'mode="dynamic" defaultedgetype="directed"'), "export one without time"),
    "gexf: mixed": (gexf(links(), 'defaultedgetype="mixed"'), ":3:1  in a mixed graph every edge has a type"),
    "gexf: type": (gexf(links(attributes='type="odd"')), "the type of this edge is 'odd'"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_refused_where_it_stands(name: str, tmp_path: Path) -> None:
    content, words = BAD[name]
    graph, problems = read(tmp_path / "graph.csv", content)
    assert graph is None
    told = "\n".join(str(problem) for problem in problems)
    assert words in told
    assert all(problem.file == str(tmp_path / "graph.csv") for problem in problems)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    text = table(last="cook,astronaut,1\ncook,nurse,nan\nnurse,cook\ncook,cook,2")
    _, problems = read(tmp_path / "graph.csv", text)
    assert sorted(problem.line or 0 for problem in problems) == [122, 123, 124, 125]


def test_what_is_no_file_and_what_is_too_large(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large").open("wb") as file:
        file.truncate(LARGEST + 1)
    for name, words in (
        ("", "this is a directory"),
        ("pipe", "this is a pipe"),
        ("large", "at most 20,000,000"),
        ("missing", "no such file"),
    ):
        problems: list[Problem] = []
        assert read_named_graph(tmp_path / name, IDS, problems) is None
        assert words in str(problems[0])


def test_a_flood_of_mistakes_ends(tmp_path: Path) -> None:
    _, problems = read(tmp_path / "graph.csv", table([("cook", "nurse", "x")] * 50_000))
    assert 1000 <= len(problems) <= 1100


# --- in a scenario ------------------------------------------------------------------------------------------------


def scenario_with(folder: Path, text: str = table()) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "g.csv").write_text(text, encoding="utf-8")
    (folder / "s.yaml").write_text("parameters: {job_graph: g.csv}\n", encoding="utf-8")
    return folder / "s.yaml"


def test_a_scenario_is_its_graph_not_its_path(tmp_path: Path) -> None:
    """Equal content, equal digest, wherever the files lie and in whatever order; another weight, another digest."""
    first = load_scenario(scenario_with(tmp_path / "a"))
    second = load_scenario(scenario_with(tmp_path / "b" / "c", table(reversed(RING))))
    other = load_scenario(scenario_with(tmp_path / "d", table([*RING[:-1], (*RING[-1][:2], 0.3)])))
    assert first == second
    assert first.digest == second.digest
    assert other.digest != first.digest
    assert str(tmp_path) not in first.to_yaml()


def test_a_scenario_reads_back_from_its_own_files(tmp_path: Path) -> None:
    scenario = load_scenario(scenario_with(tmp_path / "a"))
    for name, text in scenario.to_files().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    again = load_scenario(tmp_path / "scenario.yaml")
    assert again.digest == scenario.digest
    assert again.to_files() == scenario.to_files() | {"scenario.yaml": again.to_yaml()}


def test_the_file_may_go_once_it_was_read(tmp_path: Path) -> None:
    """Copies, pickles and scenarios derived from it hold the graph itself."""
    path = scenario_with(tmp_path)
    scenario = load_scenario(path)
    (tmp_path / "g.csv").unlink()
    graph = scenario.value("parameters.job_graph")
    assert isinstance(graph, NamedGraph)
    for same in (copy.deepcopy(graph), pickle.loads(pickle.dumps(graph))):  # noqa: S301 - our own
        assert same == graph
        assert same.edges == graph.edges
    derived = scenario.with_values({"population": 5000}).with_values({"parameters.job_graph": graph})
    assert derived.value("parameters.job_graph") == graph


def test_a_broken_graph_is_told_with_the_rest_of_the_scenario(tmp_path: Path) -> None:
    path = scenario_with(tmp_path, table(last="cook,nurse,nan"))
    path.write_text("seed: -1\nparameters: {job_graph: g.csv}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    told = str(caught.value)
    assert "s.yaml:1:7" in told
    assert re.search(r"g\.csv:122:12 .*not a finite number", told)
    assert "2 problems; nothing was run." in told
