"""Job graphs in GraphML and GEXF, read so that every edge knows its line.

Both formats come from many hands (networkx, igraph, Gephi, yEd), so attributes are found by their names whatever their
keys. Entities are not expanded: a file that declares one is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn
from xml.parsers import expat

from model.job_graph.file import MOST_EDGES, Written, WrittenEdge
from model.outside_tables import named
from model.scenario.problems import Place, Problem, quoted

_WEIGHT = "weight"
#: Attributes of a node that may hold its occupation, the likeliest first, whatever others there are.
_NAMES = ("label", "name", "title", "id")
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_LONGEST_NAME = 200
_ENCODING = re.compile(rb"""\s*<\?xml[^>]{0,80}encoding\s*=\s*["']([A-Za-z][\w.:-]*)["']""")


class _StoppedError(Exception):
    """What follows in the file cannot be understood; the problem is reported already."""


def read_xml(content: bytes, file: str, problems: list[Problem]) -> Written:
    """The edges of a GraphML or GEXF text; everything wrong is added to `problems`."""
    reader = _Reader(file, problems)
    try:
        converted = _in_utf8(content)
        reader.parser = reader.opened("utf-8" if converted is not content else None)
        reader.parser.Parse(converted, True)
        reader.end()
    except expat.ExpatError as error:
        reason = expat.errors.messages[error.code]
        problems.append(Problem(file, error.lineno, error.offset + 1, f"this is not XML: {reason}"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        told = f"this is not {error.encoding.upper()}, as the first line says; save the file as UTF-8"
        problems.append(Problem(file, line, 1, told))
    except LookupError:
        problems.append(Problem(file, 1, 1, "the first line names an unknown encoding; save the file as UTF-8"))
    except _StoppedError:
        pass
    return reader.written


def _in_utf8(content: bytes) -> bytes:
    """The text in UTF-8 where it says it is in one byte or several per character, such as GBK; expat knows few."""
    said = _ENCODING.match(content)
    encoding = said[1].decode().lower() if said else "utf-8"
    return content if encoding.startswith("utf") else content.decode(encoding).encode()


class _Reader:
    """Follows the tags of a file and keeps what a job graph needs."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file, self.problems, self.written = file, problems, Written()
        self.parser = self.opened(None)
        self.open: list[str] = []
        self.format = ""
        self.graphs = 0
        #: Whether edges that say nothing run both ways; None where the file leaves that open.
        self.both_ways: bool | None = None
        #: Gephi's word for a graph in which every edge says for itself whether it has a direction.
        self.mixed = False
        #: Names of attributes of nodes and of edges by key, and what they are where nothing is said.
        self.keys: dict[tuple[str, str], str] = {}
        self.defaults: dict[tuple[str, str], str] = {}
        self.key = ("", "")
        self.part: tuple[str, dict[str, str], Place] | None = None
        self.values: dict[str, str] = {}
        self.data: tuple[str, list[str]] | None = None
        self.nodes: set[str] = set()
        self.unused: dict[str, None] = {}

    def opened(self, encoding: str | None) -> expat.XMLParserType:
        """A parser that tells this reader what it finds; `encoding` wins over what the text says of itself."""
        parser = expat.ParserCreate(encoding, " ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        return parser

    # --- tags -------------------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        """Where the parser stands."""
        return Place(self.file, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def say(self, message: str, place: Place | None = None) -> None:
        """Report a problem, by default where the parser stands."""
        self.problems.append(Problem(*(place or self.place), message))

    def stop(self, message: str) -> NoReturn:
        """Report a problem after which nothing makes sense."""
        self.say(message)
        raise _StoppedError

    def _entity(self, name: str, *_: object) -> None:
        self.stop(f"the file declares an entity ({quoted(name)}), which a job graph never needs; write its text out")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self.open.append(name)
        if len(self.open) == 1:
            if name not in {"graphml", "gexf"}:
                self.stop(f"this is <{name[:40]}>; a job graph in XML is GraphML or GEXF")
            self.format = name
        elif name == "graph":
            self._graph(attributes)
        elif name in {"node", "edge"}:
            self._close_part()
            self.part, self.values = (name, attributes, self.place), {}
        elif name == "hyperedge":
            self.say("an edge between more than two occupations has no meaning here; write single edges")
        elif self.format == "graphml":
            self._graphml(name, attributes)
        else:
            self._gexf(name, attributes)

    def _end(self, _tag: str) -> None:
        name = self.open.pop()
        if name in {"node", "edge"}:
            self._close_part()
        elif self.data is not None and name in {"data", "default"}:
            key, pieces = self.data
            text = "".join(pieces).strip()
            if name == "data":
                self.values[key] = text
            else:
                self.defaults[self.key] = text
            self.data = None

    def _text(self, text: str) -> None:
        if self.data is not None:
            self.data[1].append(text)

    def _graph(self, attributes: Mapping[str, str]) -> None:
        self.graphs += 1
        if self.graphs > 1:
            self.stop("a second graph begins here, or one inside another; a job graph is one")
        if attributes.get("mode") == "dynamic":
            self.stop('the graph is dynamic (mode="dynamic"), with edges that come and go; export one without time')
        attribute = "edgedefault" if self.format == "graphml" else "defaultedgetype"
        # GEXF takes edges without a type for undirected; GraphML has no default.
        said = attributes.get(attribute, "" if self.format == "graphml" else "undirected").strip().lower()
        words = {"directed": False, "undirected": True, "mutual": True}
        if said in words:
            self.both_ways = words[said]
        elif said == "mixed" and self.format == "gexf":
            self.mixed = True
        elif not said:
            self.say('the graph does not say edgedefault="directed" or edgedefault="undirected"')
        else:
            self.say(f"{attribute} is {quoted(said)}; expected directed or undirected")

    def _graphml(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "key":
            written = attributes.get("attr.name", attributes.get("id", ""))
            for whose in ("node", "edge") if attributes.get("for", "all") == "all" else (attributes["for"],):
                self.key = (whose, attributes.get("id", ""))
                self.keys[self.key] = written
        elif name == "default":
            self.data = ("", [])
        elif name == "data" and self.part is not None:
            self.data = (attributes.get("key", ""), [])

    def _gexf(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "attributes":
            self.key = (attributes.get("class", "node"), "")
            if attributes.get("mode") == "dynamic":
                self.stop('attributes change with time (mode="dynamic"); export a graph without time')
        elif name == "attribute":
            self.key = (self.key[0], attributes.get("id", ""))
            self.keys[self.key] = attributes.get("title", "")
        elif name == "default":
            self.data = ("", [])
        elif name == "attvalue" and self.part is not None:
            self.values[attributes.get("for", attributes.get("id", ""))] = attributes.get("value", "").strip()
        elif name in {"nodes", "edges"} and "node" in self.open[:-1]:
            self.unused["the hierarchy of nodes"] = None

    # --- nodes and edges --------------------------------------------------------------------------

    def _close_part(self) -> None:
        """Keep the node or edge that was open; one inside another ends it."""
        if self.part is None:
            return
        (name, attributes, place), self.part = self.part, None
        told = {self.keys.get((name, key), key): value for key, value in self.values.items()}
        told |= {
            self.keys[whose, key]: text
            for (whose, key), text in self.defaults.items()
            if whose == name and key not in self.values
        }
        if name == "node":
            self._node(attributes, told, place)
        else:
            self._edge(attributes, told, place)

    def _node(self, attributes: Mapping[str, str], told: Mapping[str, str], place: Place) -> None:
        node = attributes.get("id", "").strip()
        if node in self.nodes:
            self.say(f"the node {quoted(node)} is there twice", place)
        self.nodes.add(node)
        if self.format == "gexf" and "label" in attributes:
            told = {"label": attributes["label"].strip(), **told}
        for name, text in told.items():
            if len(text) <= _LONGEST_NAME:
                self.written.names.setdefault(name, {})[node] = text
            self.unused[name] = None

    def _edge(self, attributes: Mapping[str, str], told: Mapping[str, str], place: Place) -> None:
        if len(self.written.edges) >= MOST_EDGES:
            self.stop(f"more than {MOST_EDGES:,} edges")
        weights = {name: text for name, text in told.items() if name.strip().casefold() == _WEIGHT}
        if self.format == "gexf" and _WEIGHT in attributes:
            weights = {_WEIGHT: attributes[_WEIGHT]}
        if len(weights) > 1:
            self.say(f"this edge has {len(weights)} weights: {named(list(weights))}; keep one", place)
        self.unused |= dict.fromkeys(name for name in told if name not in weights)
        if self.format == "gexf" and {"start", "end", "startopen", "endopen"} & set(attributes):
            self.unused["start and end of edges"] = None
        weight = next(iter(weights.values()), None)
        self.written.edges.append(
            WrittenEdge(
                attributes.get("source", "").strip(),
                attributes.get("target", "").strip(),
                weight or None,
                self._runs_both_ways(attributes, place),
                place,
            )
        )

    def _runs_both_ways(self, attributes: Mapping[str, str], place: Place) -> bool:
        if self.format == "graphml":
            said = attributes.get("directed")
            if said is None:
                return bool(self.both_ways)
            if said.strip().lower() not in _TRUTHS:
                self.say(f"directed is {quoted(said)}; expected true or false", place)
            return not _TRUTHS.get(said.strip().lower(), True)
        said = attributes.get("type", "").strip().lower()
        if self.mixed and not said:
            self.say("in a mixed graph every edge has a type; this one has none", place)
        if said not in {"", "directed", "undirected", "mutual"}:
            self.say(f"the type of this edge is {quoted(said)}; expected directed, undirected or mutual", place)
        return bool(self.both_ways) if not said else said != "directed"

    def end(self) -> None:
        """What only shows at the end of the file."""
        if not self.graphs:
            self.stop("there is no graph in this file")
        names = self.written.names
        likely = {name: names[name] for wanted in _NAMES for name in names if re.sub(r"\W", "", name).lower() == wanted}
        self.written.names = {**likely, **names}
        unused = [name for name in self.unused if name not in names or name.lower() not in _NAMES]
        if unused:
            self.written.notes.append(f"attributes that are not used: {named(unused)}")
