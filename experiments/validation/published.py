"""The published automation shock: how near the engine comes to an article's numbers with its own rules switched off.

Mean field and agents are those of `experiments.published_model`; here each run of agents is a life beside the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.published_model.reproduction import (
    AGENTS_TOLERANCE,
    CHANGES,
    GROUPS,
    MEAN_FIELD_TOLERANCE,
    SEEDS,
    WORKERS,
    agents_errors,
    agents_run,
    mean_field_errors,
    mean_field_table,
    mean_over_seeds,
)
from experiments.published_model.shock import EXPECTED_FILE, read_columns, read_shock
from experiments.validation.checks import Check, Verdict, at_most
from experiments.validation.evidence import Experiment, Life, Lives, Plan, TooFewError

if TYPE_CHECKING:
    import pandas as pd

    from experiments.engine.ensemble import Record

NAME = "published model"
#: The arms; agents have one life per seed.
MEAN_FIELD, AGENTS = "mean field", "agents"
#: Persons and seeds of the agents: the target is stated at this size, whatever the ensemble's.
PERSONS, RUNS = WORKERS, SEEDS
ARTICLE = "del Rio-Chanona et al. 2021, doi 10.1098/rsif.2020.0898 (files named by --published)"


@dataclass(frozen=True)
class Reproduction:
    """Both tables in percent, and how far they are off, in points of percent: from the article, from the mean field."""

    folder: Path
    mean_field: pd.DataFrame
    mean_field_errors: pd.DataFrame
    agents: pd.DataFrame
    agents_errors: pd.DataFrame


def check_files(folder: Path) -> None:
    """Raise BadRequest when the folder does not hold the article's files."""
    read_shock(folder)
    read_columns(folder / EXPECTED_FILE, ("auto_prob_average", *CHANGES))


def _lives(plan: Plan) -> list[Life]:
    if plan.published is None:
        return []
    arms = [(MEAN_FIELD, 0), *((AGENTS, seed) for seed in RUNS)]
    return [Life(NAME, f"{arm}: {plan.published}", plan.scenario, seed) for arm, seed in arms]


def _live(life: Life) -> Record:
    arm, _, folder = life.arm.partition(": ")
    if arm == MEAN_FIELD:
        table = mean_field_table(Path(folder))
        return {name: table[name].to_numpy() for name in ("auto_prob_average", *CHANGES)}
    run = agents_run(read_shock(Path(folder)), PERSONS, life.seed)
    return {name: run[name].to_numpy() for name in CHANGES}


def _gather(lives: Lives) -> Reproduction:
    import pandas as pd

    fields = [record for life, record in lives if life.arm.startswith(MEAN_FIELD)]
    runs = [
        pd.DataFrame({"seed": life.seed, "workers": PERSONS, "group": GROUPS, **record})
        for life, record in lives
        if life.arm.startswith(AGENTS)
    ]
    if not fields or not runs:
        raise TooFewError
    folder = Path(lives[0][0].arm.partition(": ")[2])
    mean_field, agents = pd.DataFrame(dict(fields[0])), mean_over_seeds(pd.concat(runs, ignore_index=True))
    return Reproduction(
        folder, mean_field, mean_field_errors(folder, mean_field), agents, agents_errors(folder, agents)
    )


PUBLISHED = Experiment(NAME, "the published automation shock", _lives, _live, _gather)


def _largest(errors: pd.DataFrame) -> float:
    return float(np.abs(errors[list(CHANGES)].to_numpy()).max())


def _mean_field(found: Reproduction) -> Verdict:
    known = found.mean_field_errors
    note = f"largest of {len(known)} changes of unemployment and as many of long-term unemployment"
    return at_most(MEAN_FIELD_TOLERANCE, _largest(known), note)


def _agents(found: Reproduction) -> Verdict:
    people, seeds = int(found.agents["workers"].iloc[0]), int(found.agents["seeds"].iloc[0])
    return at_most(AGENTS_TOLERANCE, _largest(found.agents_errors), f"{seeds} runs of {people:,} persons, by group")


PUBLISHED_CHECKS: tuple[Check, ...] = (
    Check("published_mean_field", "published automation shock, mean field: largest error", "at most 0.00001 points",
          "points", ARTICLE, "software", PUBLISHED, _mean_field),
    Check("published_agents", "published automation shock, the engine's agents: largest error of a group",
          "at most 0.5 points", "points", ARTICLE, "software", PUBLISHED, _agents),
)  # fmt: skip
