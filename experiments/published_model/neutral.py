"""The engine with everything switched off that the published model lacks: age, firms' rules, ranking, pay.

Every occupation is one demand group with one firm, so that its gap is the occupation's; hazards are flat, nobody is
picked first, nobody ranks higher, everybody sends one sure application and every post is open to all.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.columns import FirmArrays, Firms
from experiments.published_model.shock import ADJUSTMENT_SPEED, BASE_OPENINGS, BASE_SEPARATIONS, Shock
from model.country.registers import OLDEST
from model.handover import NO_REFUND, SearchRules
from model.mechanisms.demand.firms import plan_firms
from model.mechanisms.matching.posts import Conditions
from model.mechanisms.matching.search import search_weights
from model.mechanisms.separations.hazards import Hazards, hazard_tables
from model.randomness import Key

Floats = NDArray[np.float64]
#: Numbers of persons or posts, whole among agents, fractions in the mean field.
Stocks = NDArray[Any]

#: One sure application, no reservation pay, and only luck ranks.
URN_BALL = SearchRules(
    effective=1.0,
    long_term=1.0,
    share=0.0,
    house_price=1.0,
    wealth=0.0,
    decay=0.0,
    strength=0.0,
    spell_floor=1.0,
    age_floor=1.0,
    experience=1.0,
    subsidy=0.0,
    payment=0.0,
    graduate_months=0,
    friction=1.0,
)
#: Seekers of the first kind and skill: under 35, experienced, no special skill. With neutral posts all see the same.
ANY_KIND, ANY_SKILL = 0, 0


def flat_hazards() -> Hazards:
    """Every job ends by itself with the same chance, and layoffs pick nobody first."""
    numbers = {
        "separation_settled": BASE_SEPARATIONS,
        "separation_new": BASE_SEPARATIONS,
        "young_separation_multiplier": 1.0,
    }
    table = hazard_tables(lambda name: numbers.get(name, 0.0), births=np.zeros(OLDEST + 1))
    return table._replace(newcomer=np.ones_like(table.newcomer))


def equal_conditions(occupations: int) -> Conditions:
    """No post is closed at 35 or kept for the experienced, and all pay the same."""
    none = np.zeros(occupations)
    return Conditions(closed_at_35=none, beginners=none, ranks_experience=0.0, pay=np.ones(occupations), spread=0.0)


class Plan(NamedTuple):
    """What the firm of each occupation does in a step."""

    layoff_rate: Floats
    openings: Floats


class Employers:
    """One firm per occupation, without shocks of its own."""

    def __init__(self, occupations: int) -> None:
        self.columns = Firms.empty(occupations)
        # Occupations outnumber the sectors that a byte is meant for.
        self.columns.group = np.arange(occupations).astype(np.min_scalar_type(occupations))
        self.columns.size[:] = self.columns.staffed[:] = 1.0
        self._ones, self._zeros = np.ones(occupations), np.zeros(occupations)

    @property
    def arrays(self) -> FirmArrays:
        """The columns as kernels take them."""
        return self.columns.arrays()

    def plan(self, employed: Stocks, vacancies: Stocks, wanted: Floats) -> Plan:
        """Layoffs and openings that follow from jobs filled, posted and wanted."""
        openings, by_group = np.zeros_like(wanted), np.zeros_like(wanted)
        plan_firms(
            firms=self.arrays,
            activity=self._ones,
            key=Key(0),
            employed=employed,
            vacancies=vacancies,
            target=wanted,
            lay_off_for_posts=True,
            memory=0.0,  # memory and
            spread=0.0,  # spread of firms' own shocks
            speed=ADJUSTMENT_SPEED,
            base_separations=BASE_SEPARATIONS,
            base_openings=BASE_OPENINGS,
            extra=self._zeros,
            protection=0.0,
            refund=NO_REFUND,
            firm_openings=openings,
            group_openings=by_group,
            kept=np.zeros_like(wanted),
        )
        return Plan(self.columns.layoff_rate, openings)


def weights_of_search(shock: Shock, blocks: Stocks) -> Floats:
    """Cumulative weights with which seekers of each occupation choose among those they reach, all kinds of seeker.

    `blocks` says where each block of posts begins; posts may be fractions.
    """
    occupations, reach = len(shock.automation), shock.reach
    nothing_special = np.zeros(occupations, np.bool_)
    weights: Floats = search_weights(
        reach.target, reach.ease, blocks, np.ones(occupations), nothing_special, nothing_special
    )
    return weights
