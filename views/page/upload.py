"""A scenario file that somebody hands in: read like any other, but the only files it may name are shipped scenarios."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from model.outside_files import UnreadableError
from model.scenario.problems import Problem, did_you_mean, quoted
from model.scenario.scenario import ScenarioError, load_scenario
from model.scenario.yaml_tree import parse, read_text
from views.page.settings import Refused, shown
from views.words.scenario_titles import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.scenario.scenario import Scenario
    from model.scenario.yaml_tree import Node

#: The largest scenario shipped has a fortieth of it.
MOST_BYTES = 64_000
#: What a file without a name of its own is called in messages.
NAME = "scenario.yaml"
_HANDED_IN = ".handed-in.yaml"
_FILES = ("job_graph",)


def read_upload(content: bytes, name: str = NAME) -> Scenario:
    """The scenario in a file that was handed in; raises Refused with every problem, as the command line tells them."""
    shown_name = Path(name.replace("\\", "/")).name[:100] or NAME
    with tempfile.TemporaryDirectory(prefix="scenario-") as folder:
        for shipped in FOLDER.glob("*.yaml"):
            shutil.copy(shipped, folder)
        path = Path(folder) / _HANDED_IN
        path.write_bytes(content)
        problems = list(_named_files(path))
        if problems:
            raise Refused(shown(problems, shown_name))
        try:
            scenario = load_scenario(path)
        except ScenarioError as error:
            raise Refused(shown(error.problems, shown_name)) from None
    own_name = Path(shown_name).stem if scenario.name == path.stem else scenario.name
    return replace(scenario, name=own_name, files=())


def _named_files(path: Path) -> Iterator[Problem]:
    """Files that a scenario names and that are not read from the page."""
    ignored: list[Problem] = []
    try:
        root = parse(read_text(path), NAME, ignored)
    except UnreadableError:
        return  # the scenario's own reading says why
    shipped = dict.fromkeys(sorted(file.name for file in FOLDER.glob("*.yaml")))
    for key, node in root.pairs if root is not None else ():
        if key.text == "extends" and node.kind == "text" and node.text not in shipped:
            told = f"extends {quoted(node.text)}: on the page a scenario can extend a shipped one"
            yield Problem(*node.place, told + did_you_mean(node.text, shipped))
        yield from _graphs(node)


def _graphs(node: Node) -> Iterator[Problem]:
    """Entries that name a file of a job graph."""
    for key, held in node.pairs:
        if key.text in _FILES and held.text:
            yield Problem(*held.place, f"'{key.text}' names a file, which only the command line reads")
