"""What a sensitivity analysis asks: of which outcomes, over which numbers, with how many runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.batch.experiment_file import Experiment
from experiments.batch.summary import WINDOW
from experiments.engine.errors import BadRequest
from experiments.engine.pace import SECONDS_TO_START, seconds_of_run
from experiments.engine.progress import in_words
from experiments.explain.causes import Cause, causes_of
from experiments.sensitivity.ranges import Uncertain
from experiments.sensitivity.samples import Floats, Sample, as_design, hypercube, morris_sample, saltelli_sample
from model.scenario.problems import nearest
from model.schedule import month_index, month_label

if TYPE_CHECKING:
    from model.scenario.scenario import Scenario


@dataclass(frozen=True)
class Question:
    """Outcomes are means of a run's last twelve months; with `cause`, what they are more with the cause than without.

    `trajectories` and `samples` are the sizes of screening and indices (0 leaves a stage out), `most` how many
    parameters of the screening get indices. A `threshold` (in the outcome's unit) asks for a search of assumptions.
    """

    scenario: Scenario
    uncertain: tuple[Uncertain, ...]
    outcomes: tuple[str, ...]
    cause: Cause | None = None
    trajectories: int = 10
    most: int = 8
    samples: int = 64
    threshold: float | None = None

    @cached_property
    def world(self) -> Scenario:
        """The scenario, of which only the months that are read are recorded."""
        last = month_index(self.scenario.end)
        if last - month_index(self.scenario.start) + 1 < WINDOW:
            raise BadRequest(
                f"{last - month_index(self.scenario.start) + 1} months are recorded, but the mean of the last {WINDOW} "
                "is read; nothing was run"
            )
        return self.scenario.with_values({"start": month_label(last - WINDOW + 1)})

    @property
    def arms(self) -> int:
        """Runs per point and replication: one, or one with the cause and one without."""
        return 1 if self.cause is None else 2

    def screening(self) -> Sample:
        """The points of the screening."""
        return morris_sample(self.uncertain, self.trajectories, self.scenario.seed)

    def indices(self, chosen: Sequence[str]) -> Sample:
        """The points for the indices of the chosen parameters; the others keep the scenario's values."""
        kept = [one for one in self.uncertain if one.path in set(chosen)]
        return saltelli_sample(kept, self.samples, self.scenario.seed)

    def assumptions(self) -> Sample:
        """The points among which assumptions are searched."""
        return hypercube(self.uncertain, self.samples, self.scenario.seed)

    def experiment(self, stage: str, sample: Sample) -> Experiment:
        """A stage as a batch."""
        design = as_design(sample, None if self.cause is None else self.cause.off)
        return Experiment(f"{self.scenario.name} {stage}", "", self.world, design, self.outcomes, self.scenario.files)

    def read(self, sample: Sample, runs: pd.DataFrame, outcome: str) -> Floats:
        """What the runs of a stage say: the outcome per point and replication, missing where a run failed."""
        points, replications = self.arms * len(sample.unit), self.scenario.replications
        everything = pd.MultiIndex.from_product(
            [range(1, points + 1), range(1, replications + 1)], names=["point", "replication"]
        )
        table = runs[outcome].swaplevel().reindex(everything)
        values = table.to_numpy(np.float64).reshape(len(sample.unit), self.arms, replications)
        return values[:, 0] - values[:, 1] if self.arms == 2 else values[:, 0]


def cause_called(name: str, scenario: Scenario) -> Cause:
    """The cause whose name has these words in it; raises BadRequest."""
    causes = causes_of(scenario)
    found = [cause for cause in causes if name.lower() in cause.name.lower()]
    if len(found) != 1:
        names = [cause.name for cause in causes]
        near = nearest(name, names)
        hint = f"; did you mean '{near}'?" if near and not found else ""
        why = "is the name of several causes" if found else "is no cause"
        raise BadRequest(f"--effect-of '{name}' {why}{hint}\n    there are: {', '.join(names)}; nothing was run")
    return found[0]


def plan(question: Question, workers: int) -> list[str]:
    """How many runs each stage takes, and about how long all of them."""
    count, replications = len(question.uncertain), question.scenario.replications
    kept = min(question.most, count) if question.trajectories else count
    stages = []
    if question.threshold is not None:
        stages.append((f"discovery: {question.samples:,} samples of {count} parameters", question.samples))
    else:
        if question.trajectories:
            said = f"screening: {question.trajectories:,} trajectories through {count} parameters"
            stages.append((said, question.trajectories * (count + 1)))
        if question.samples:
            stages.append(
                (f"indices: {question.samples:,} samples of {kept} parameters", question.samples * (kept + 2))
            )
    lines, total = [], 0
    both = "" if question.cause is None else f", with and without {question.cause.name}"
    for said, points in stages:
        runs = points * question.arms * replications
        total += runs
        lines.append(f"{said} = {points:,} points{both} x {replications:,} replications = {runs:,} runs")
    seconds = seconds_of_run(question.scenario.population, month_index(question.scenario.end) + 1)
    lines.append(
        f"{total:,} runs of {question.scenario.population:,} people: about "
        f"{in_words(SECONDS_TO_START + total * seconds / workers)} on {workers} worker{'s' * (workers > 1)}"
    )
    return lines
