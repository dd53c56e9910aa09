"""What files of experiments have in common: a scenario, what is set for all runs, problems told where they stand."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeVar

from experiments.batch.design_file import can_be_set
from model.outside_files import UnreadableError
from model.paths import name_from, path_in_file, shown, why_not_found
from model.scenario.chain import checked_options, in_order, node_options, setting_options
from model.scenario.checks import MONTHS, TEXTS, Checker, Said, kind_of
from model.scenario.problems import Place, Problem, did_you_mean, nearest, quoted
from model.scenario.scenario import Scenario, ScenarioError, load_scenario
from model.scenario.yaml_tree import Node, parse, read_text
from model.specification import in_force

_MOST_ENTRIES = 200_000
Found = TypeVar("Found")


def read_whole(path: Path, what: str, read: Callable[[Node | None, list[Problem]], Found | None]) -> Found:
    """What `read` makes of the tree of a file; raises ScenarioError with everything that is wrong."""
    problems: list[Problem] = []
    file = shown(path)
    try:
        root = parse(read_text(path, what), file, problems, what, _MOST_ENTRIES)
    except UnreadableError as error:
        raise ScenarioError([Problem(file, None, None, str(error))]) from None
    found = read(root, problems)
    if problems or found is None:
        raise ScenarioError(in_order(problems))
    return found


def kind_of_file(path: Path) -> Literal["scenario", "batch", "search"]:
    """What a file is, by the names at its top; what cannot be read is judged as a scenario."""
    try:
        root = parse(read_text(path), shown(path), [], most=_MOST_ENTRIES)
    except UnreadableError:
        return "scenario"
    return kind_of([key.text for key, _ in root.pairs] if root is not None else [])


class ExperimentReader:
    """Reads one file; everything wrong is added to `problems`, and reading goes on."""

    #: What the file is called in messages, what it needs at least, and the names at its top.
    what = "an experiment"
    needs = "a scenario and a design"
    names: tuple[str, ...] = ()
    #: Where values go that are not the same for all runs, and what varies them.
    elsewhere, varies = "in the design", "the design varies it"
    #: Names that tell another kind of file, each with the verb that reads it.
    of_others: Mapping[str, str] = {}

    def __init__(self, path: Path, root: Node | None, problems: list[Problem]) -> None:
        self.path, self.problems = path, problems
        self.checker = Checker(problems, path.parent)
        self.check = self.checker.check
        self.start = Place(shown(path), 1, 1)
        self.top: dict[str, Node] = {}
        self.keys: dict[str, Node] = {}
        self._belongs_below = {*in_force().by_path, *in_force().sections, *MONTHS, *self.checker.settings}
        if root is None or root.kind == "nothing":
            if not problems:
                self.say_empty()
        elif root.kind != "mapping":
            self.check.report(root, f"{self.what} is a group of names and values, such as 'scenario: baseline.yaml'")
        else:
            self._open(root)

    def say(self, place: Place, message: str) -> None:
        """Report a problem where it stands."""
        self.problems.append(Problem(*place, message))

    def say_empty(self) -> None:
        """Report a file with nothing in it."""
        self.say(self.start, f"the file is empty; {self.what} names {self.needs}")

    def _open(self, root: Node) -> None:
        names = {key.text for key, _ in root.pairs}
        own = {*self.names, *self.of_others} - {*TEXTS, "replications"}
        if not names & own and names & {"extends", *self._belongs_below}:
            self.say(self.start, f"this file is a scenario; 'run.py FILE' runs it, and {self.what} names {self.needs}")
            return
        for key, node in root.pairs:
            if key.text in self.names:
                self.top[key.text], self.keys[key.text] = node, key
            elif key.text in self._belongs_below:
                self.check.report(key, f"{quoted(key.text)} belongs under 'set' (for all runs) or {self.elsewhere}")
            elif key.text in {"schema_version", "extends"}:
                self.check.report(key, f"'{key.text}' belongs in a scenario; {self.what} says 'scenario: FILE'")
            elif key.text in self.of_others:
                verb = self.of_others[key.text]
                self.check.report(key, f"'{key.text}' does not belong in {self.what}; 'run.py {verb}' reads such files")
            else:
                hint = did_you_mean(key.text, dict.fromkeys(self.names))
                self.check.report(key, f"unknown name {quoted(key.text)} at the top of {self.what}{hint}")

    def base(self, varied: set[str], changes: Mapping[str, object], settings: Sequence[str]) -> Scenario | None:
        """The scenario with what is set for all runs and the options; None where none can be read.

        `varied` are the paths that differ between runs: nothing else may set them.
        """
        fixed = self._fixed(varied)
        options = checked_options({**node_options(changes), **setting_options(settings, self.problems)}, self.problems)
        base = self._scenario()
        if base is None:
            return None
        for said in (fixed, options):
            base = self._with(base, said)
        self._refuse_doubly_set(varied, options, changes, settings)
        return base

    def texts(self) -> tuple[str, str]:
        """The name, else the file's, and the description."""
        words = {name: self.check.words(name, self.top[name]) for name in ("name", "description") if name in self.top}
        return words.get("name") or name_from(self.path), words.get("description") or ""

    def _scenario(self) -> Scenario | None:
        """The scenario as its own file says."""
        node = self.top.get("scenario")
        if node is None:
            self.say(self.start, "no scenario is named; write for example 'scenario: baseline.yaml'")
            return None
        if node.kind != "text" or not node.text.strip() or "\0" in node.text:
            if node.kind != "refused":
                self.check.report(node, "'scenario' names one scenario file, such as baseline.yaml")
            return None
        # Beside the experiment, as `extends` looks beside a scenario; else as it would be typed at the prompt.
        places = [path_in_file(node.text, folder) for folder in (self.path.parent, Path())]
        found = next((each for each in places if os.path.exists(each)), None)  # noqa: PTH110 - never raises
        if found is None:
            told = why_not_found(node.text) or _meant(node.text, places)
            self.check.report(node, f"there is no scenario file {quoted(node.text)}{told}")
            return None
        try:
            return load_scenario(found)
        except ScenarioError as error:
            self.problems += error.problems
            return None

    def _with(self, base: Scenario, said: Said) -> Scenario:
        """The scenario after `set` or the options; a month out of order is reported where it was written."""
        changes: dict[str, object] = {**said.values, **said.settings, **said.months}
        try:
            return base.with_values(changes) if changes else base
        except ScenarioError as error:
            place = next(iter(said.places.values()), self.start)
            self.problems += [Problem(*place, problem.message) for problem in error.problems]
            return base

    # --- set --------------------------------------------------------------------------------------

    def _fixed(self, varied: set[str]) -> Said:
        """What holds for all runs: `set` and `replications`; the design varies other paths."""
        nodes: dict[str, Node] = {}
        if (own := self.top.get("replications")) is not None:
            nodes["replications"] = own
        node = self.top.get("set")
        if node is not None and node.kind == "mapping":
            for key, value in node.pairs:
                if key.text in nodes:
                    self.check.report(key, "'replications' is written at the top of the file as well")
                elif key.text in varied:
                    self.check.report(key, f"{quoted(key.text)} is set for all runs, but {self.varies}")
                elif can_be_set(self.checker, key):
                    nodes[key.text] = value
        elif node is not None and node.kind not in {"nothing", "refused"}:
            self.check.report(node, "'set' is a group of paths and values, such as 'population: 50000'")
        return self.checker.options(nodes)

    def _refuse_doubly_set(
        self, varied: set[str], options: Said, changes: Mapping[str, object], settings: Sequence[str]
    ) -> None:
        given = {*options.values, *options.settings, *options.months}
        for path in sorted(varied & given):
            own = f"--set {path}" if any(text.partition("=")[0].strip() == path for text in settings) else f"--{path}"
            self.say(Place(f"override {path}" if path in changes else own), f"{self.varies}; leave it out here")


def _meant(text: str, places: Sequence[Path]) -> str:
    """The file that was probably meant, as a second line; else nothing."""
    try:
        there = sorted({each.name for place in places for each in place.parent.glob("*.y*ml")})[:200]
    except (OSError, ValueError):
        return ""
    near = nearest(places[0].name, there)
    return f"\n    did you mean '{Path(text).with_name(near).as_posix()}'?" if near else ""
