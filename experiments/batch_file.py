"""An experiment file: which scenario a batch varies and how, read and checked like a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.design_file import DESIGNS, MOST_RUNS, DesignReader, can_be_set
from experiments.designs import Design
from model import declarations
from model.indicators import INDICATORS
from model.scenario import Scenario, ScenarioError, load_scenario
from model.scenario_chain import checked_options, in_order, node_options, setting_options
from model.scenario_checks import MONTHS, Checker, Said
from model.scenario_file import Node, UnreadableError, file_name, parse, read_text
from model.scenario_problems import Place, Problem, did_you_mean, nearest, quoted

_MOST_ENTRIES = 200_000
_MOST_OUTCOMES = 6
_WHAT = "an experiment"
_TOP = ("name", "description", "scenario", "set", "replications", *DESIGNS, "from", "outcomes")


@dataclass(frozen=True)
class Experiment:
    """What a batch runs: a scenario, the design of its variations, and the indicators that figures show first."""

    name: str
    description: str
    scenario: Scenario
    design: Design
    outcomes: tuple[str, ...]
    files: tuple[Path, ...]

    @property
    def runs(self) -> int:
        """How many runs there are: every point, every replication."""
        return len(self.design) * self.scenario.replications


def read_experiment(
    path: Path, changes: Mapping[str, object] | None = None, settings: Sequence[str] = ()
) -> Experiment:
    """The experiment of a file, complete and checked; raises ScenarioError with everything that is wrong.

    `changes` (path to value) and `settings` (texts `path=value`) replace values of all runs, as options do.
    """
    problems: list[Problem] = []
    file = file_name(path)
    try:
        root = parse(read_text(path, _WHAT), file, problems, _WHAT, _MOST_ENTRIES)
    except UnreadableError as error:
        raise ScenarioError([Problem(file, None, None, str(error))]) from None
    reader = _Reader(path, root, problems)
    experiment = reader.read(changes or {}, settings)
    if problems or experiment is None:
        raise ScenarioError(in_order(problems))
    return experiment


class _Reader:
    """Reads one file; everything wrong is added to `problems`, and reading goes on."""

    def __init__(self, path: Path, root: Node | None, problems: list[Problem]) -> None:
        self.path, self.problems = path, problems
        self.checker = Checker(problems)
        self.check = self.checker.check
        self.start = Place(file_name(path), 1, 1)
        self.top: dict[str, Node] = {}
        self.keys: dict[str, Node] = {}
        self._belongs_below = {*declarations.by_path(), *declarations.SECTIONS, *MONTHS, *self.checker.settings}
        if root is None or root.kind == "nothing":
            if not problems:
                self._say(self.start, "the file is empty; an experiment names a scenario and a design")
        elif root.kind != "mapping":
            self.check.report(root, "an experiment is a group of names and values, such as 'scenario: baseline.yaml'")
        else:
            self._open(root)

    def _say(self, place: Place, message: str) -> None:
        self.problems.append(Problem(*place, message))

    def _open(self, root: Node) -> None:
        for key, node in root.pairs:
            if key.text in _TOP:
                self.top[key.text], self.keys[key.text] = node, key
            elif key.text in self._belongs_below:
                self.check.report(key, f"{quoted(key.text)} belongs under 'set' (for all runs) or in the design")
            elif key.text in {"schema_version", "extends"}:
                self.check.report(key, f"'{key.text}' belongs in a scenario; an experiment says 'scenario: FILE'")
            else:
                hint = did_you_mean(key.text, dict.fromkeys(_TOP))
                self.check.report(key, f"unknown name {quoted(key.text)} at the top of an experiment{hint}")

    # --- the whole --------------------------------------------------------------------------------

    def read(self, changes: Mapping[str, object], settings: Sequence[str]) -> Experiment | None:
        """The experiment, or None when too little of it can be understood."""
        if not self.top:
            if not self.problems:
                self._say(self.start, "the file is empty; an experiment names a scenario and a design")
            return None
        reader = DesignReader(self.checker, self.top, self.keys, self.start)
        design = reader.read()
        fixed = self._fixed(reader.named)
        options = checked_options({**node_options(changes), **setting_options(settings, self.problems)}, self.problems)
        base = self._scenario()
        if base is None:
            self._outcomes()
            return None
        for said in (fixed, options):
            base = self._with(base, said)
        self._refuse_doubly_set(reader.named, options, changes, settings)
        if design is not None:
            self._check_size(design, base)
            self._check_months(design, base)
        outcomes = self._outcomes()
        words = {name: self.check.words(name, self.top[name]) for name in ("name", "description") if name in self.top}
        if design is None:
            return None
        return Experiment(
            words.get("name") or self.path.stem, words.get("description") or "", base, design, outcomes,
            (self.path, *base.files),
        )  # fmt: skip

    def _scenario(self) -> Scenario | None:
        """The scenario as its own file says."""
        node = self.top.get("scenario")
        if node is None:
            self._say(self.start, "no scenario is named; write for example 'scenario: baseline.yaml'")
            return None
        if node.kind != "text" or not node.text.strip() or "\0" in node.text:
            if node.kind != "refused":
                self.check.report(node, "'scenario' names one scenario file, such as baseline.yaml")
            return None
        # Beside the experiment, as `extends` looks beside a scenario; else as it would be typed at the prompt.
        places = (self.path.parent / node.text, Path(node.text))
        found = next((each for each in places if each.is_file()), None)
        if found is None:
            there = sorted({each.name for place in places for each in place.parent.glob("*.y*ml")})[:200]
            near = nearest(places[0].name, there)
            hint = f"\n    did you mean '{Path(node.text).with_name(near).as_posix()}'?" if near else ""
            self.check.report(node, f"there is no scenario file {quoted(node.text)}{hint}")
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
                    self.check.report(key, f"{quoted(key.text)} is set for all runs, but the design varies it")
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
            self._say(Place(f"override {path}" if path in changes else own), "the design varies it; leave it out here")

    # --- what only shows in the whole -------------------------------------------------------------

    def _check_size(self, design: Design, base: Scenario) -> None:
        if len(design) * base.replications > MOST_RUNS:
            self._say(
                self.start,
                f"{len(design):,} points of {base.replications:,} replications are "
                f"{len(design) * base.replications:,} runs; at most {MOST_RUNS:,} are run",
            )

    def _check_months(self, design: Design, base: Scenario) -> None:
        """Months that a design varies have to leave every point with months to record."""
        name = next(name for name in DESIGNS if name in self.top)
        for point in range(1, len(design) + 1) if set(design.paths) & set(MONTHS) else ():
            months = {"start": base.start, "end": base.end, **design.overrides(point)}
            if str(months["end"]) < str(months["start"]):
                self.check.report(
                    self.keys[name], f"point {point} ends in {months['end']}, before its start in {months['start']}"
                )
                return

    def _outcomes(self) -> tuple[str, ...]:
        """The indicators that figures and tables show, where the file names them."""
        node = self.top.get("outcomes")
        if node is None or node.kind == "refused":
            return ()
        if node.kind != "list" or not 1 <= len(node.items) <= _MOST_OUTCOMES:
            self.check.report(node, f"'outcomes' is a list of one to {_MOST_OUTCOMES} indicators")
            return ()
        names = [indicator.name for indicator in INDICATORS]
        for item in node.items:
            if item.text not in names and item.kind != "refused":
                near = nearest(item.text, names)
                hint = f"\n    did you mean '{near}'?" if near else ""
                self.check.report(item, f"there is no indicator {quoted(item.text)}{hint}")
        return tuple(dict.fromkeys(item.text for item in node.items))
