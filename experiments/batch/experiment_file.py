"""An experiment file: which scenario a batch varies and how, read and checked like a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.batch.design_file import DESIGNS, MOST_RUNS, DesignReader
from experiments.batch.designs import Design
from experiments.engine.experiment_reader import ExperimentReader, read_whole
from model.scenario.checks import MONTHS
from model.scenario.problems import nearest, quoted
from model.scenario.scenario import Scenario
from model.specification import in_force

_MOST_OUTCOMES = 6
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
    return read_whole(
        path, _Reader.what, lambda root, problems: _Reader(path, root, problems).read(changes or {}, settings)
    )


class _Reader(ExperimentReader):
    """Reads one file; everything wrong is added to `problems`, and reading goes on."""

    names = _TOP
    of_others = dict.fromkeys(("levers", "targets", "search", "confirm"), "search")

    # --- the whole --------------------------------------------------------------------------------

    def read(self, changes: Mapping[str, object], settings: Sequence[str]) -> Experiment | None:
        """The experiment, or None when too little of it can be understood."""
        if not self.top:
            if not self.problems:
                self.say_empty()
            return None
        reader = DesignReader(self.checker, self.top, self.keys, self.start)
        design = reader.read()
        base = self.base(reader.named, changes, settings)
        outcomes = self._outcomes()
        name, description = self.texts()
        if base is None or design is None:
            return None
        self._check_size(design, base)
        self._check_months(design, base)
        return Experiment(name, description, base, design, outcomes, (self.path, *base.files))

    # --- what only shows in the whole -------------------------------------------------------------

    def _check_size(self, design: Design, base: Scenario) -> None:
        if len(design) * base.replications > MOST_RUNS:
            self.say(
                self.start,
                f"{len(design):,} points of {base.replications:,} replications are "
                f"{len(design) * base.replications:,} runs; at most {MOST_RUNS:,} are run",
            )

    def _check_months(self, design: Design, base: Scenario) -> None:
        """Points differ within the months there are, and every point has months to record."""
        if design.since is not None and "end" not in design.paths and design.since > base.end:
            self.check.report(
                self.top["from"], f"'from' is {design.since}, after the end, {base.end}: no point would differ"
            )
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
        names = [*in_force().indicator]
        for item in node.items:
            if item.text not in names and item.kind != "refused":
                near = nearest(item.text, names)
                hint = f"\n    did you mean '{near}'?" if near else ""
                self.check.report(item, f"there is no indicator {quoted(item.text)}{hint}")
        return tuple(dict.fromkeys(item.text for item in node.items))
