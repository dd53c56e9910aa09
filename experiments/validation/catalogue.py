"""Every check and every experiment, in the order of the table."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from experiments.engine.errors import BadRequest
from experiments.validation.ai import AI_AT_WORK, AI_CHECKS
from experiments.validation.checks import Check
from experiments.validation.connectivity import CONNECTIVITY
from experiments.validation.demand_cycle import DEMAND_CYCLE
from experiments.validation.economy_checks import ECONOMY_CHECKS
from experiments.validation.ensemble_runs import ENSEMBLE
from experiments.validation.evidence import Experiment
from experiments.validation.first_half_year import FIRST_HALF_YEAR, HALF_YEAR_CHECKS
from experiments.validation.graduates import GRADUATES
from experiments.validation.histories import HISTORIES
from experiments.validation.limits import LIMIT_CHECKS, LIMITS
from experiments.validation.market_checks import MARKET_CHECKS
from experiments.validation.published import PUBLISHED, PUBLISHED_CHECKS
from experiments.validation.series_checks import SERIES_CHECKS, later_checks
from experiments.validation.visa import VISA, VISA_CHECKS

CHECKS: tuple[Check, ...] = (
    SERIES_CHECKS + MARKET_CHECKS + HALF_YEAR_CHECKS + ECONOMY_CHECKS + VISA_CHECKS + AI_CHECKS + LIMIT_CHECKS
)
#: In the order in which they are lived: an interrupted run has the official months first.
EXPERIMENTS: tuple[Experiment, ...] = (
    ENSEMBLE,
    DEMAND_CYCLE,
    HISTORIES,
    GRADUATES,
    FIRST_HALF_YEAR,
    CONNECTIVITY,
    VISA,
    AI_AT_WORK,
    LIMITS,
    PUBLISHED,
)


def experiment(name: str) -> Experiment:
    """The experiment of a name."""
    return next(known for known in EXPERIMENTS if known.name == name)


def choose(only: Sequence[str], later: Mapping[str, Mapping[str, float]], *, published: bool = False) -> list[Check]:
    """The checks asked for, in the order of the table; all of them when none is named.

    Those of the published model need its files, those of later months the months. Raises BadRequest for a name that is
    none, with the nearest and the whole list.
    """
    known = [*CHECKS, *(PUBLISHED_CHECKS if published else ()), *later_checks(later)]
    names = [check.name for check in known]
    for wanted in only:
        if not published and wanted in {check.name for check in PUBLISHED_CHECKS}:
            raise BadRequest(f"{wanted} needs the published model's files; name their folder with --published DIR")
    for wanted in only:
        if wanted not in names:
            near = difflib.get_close_matches(wanted, names, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise BadRequest(f"there is no check {wanted!r}{hint}\nchecks: {', '.join(names)}")
    return [check for check in known if not only or check.name in only]
