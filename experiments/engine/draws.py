"""What is not known about the fitted parameters, in every difference: replications live at draws of the fit.

Two replications with luck of their own share a draw, so that what parameters and what luck bring can be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from model.results import SEEDS_OF_A_DRAW, draw_of
from model.scenario.fitted import fitted_content, fitted_values
from model.schedule import FrozenMapping

if TYPE_CHECKING:
    from model.scenario.scenario import Scenario

#: Fewer replications than this are differences at the best values: four draws would say little of the spread.
FEWEST = 10


@dataclass(frozen=True)
class Draws:
    """Draws of the fitted parameters, each a vector of values in the order of `paths`; none: the best values."""

    paths: tuple[str, ...] = ()
    values: tuple[tuple[float, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    def of(self, number: int) -> Mapping[str, float]:
        """The values in which replication `number` (from 1) lives."""
        return dict(zip(self.paths, self.values[self.place(number)], strict=True)) if self.values else {}

    def place(self, number: int) -> int:
        """Which draw that is, from 0."""
        return int(draw_of(number, len(self.values)))

    def hold_in(self, scenario: Scenario, number: int) -> Scenario:
        """The scenario at the draw of a replication; a value that it sets itself it keeps."""
        best = fitted_values(scenario.specification.country)
        own = {path: value for path, value in self.of(number).items() if scenario.value(path) == best[path]}
        return replace(scenario, values=FrozenMapping({**scenario.values, **own})) if own else scenario

    def from_seed(self, first: int) -> AtDraws:
        """The same by seed, where replication 1 has the `first` one."""
        return AtDraws(self, first)

    def told(self, replications: int) -> dict[str, object]:
        """As a manifest holds them: the values of every replication."""
        return {str(number): self.of(number) for number in range(1, replications + 1)} if self.values else {}


@dataclass(frozen=True)
class AtDraws:
    """A scenario as the replication of a seed lives it."""

    draws: Draws = Draws()
    first: int = 1

    def __call__(self, scenario: Scenario, seed: int) -> Scenario:
        """The scenario at the draw of a seed."""
        return self.draws.hold_in(scenario, seed - self.first + 1)


def draws_for(scenario: Scenario, replications: int, asked: int | None = None) -> Draws:
    """So many draws of the adopted fit as are asked for; by default one for every two replications, from ten on.

    None where no fit with draws is adopted. More draws than pairs of replications would not all be lived.
    """
    fitted = fitted_content(scenario.specification.country)
    kept: Sequence[Sequence[float]] = fitted.get("draws", ())
    most = replications // SEEDS_OF_A_DRAW if replications >= FEWEST or asked is not None else 0
    number = min(most, len(kept), most if asked is None else asked)
    if not number:
        return Draws()
    spread = [round(place * (len(kept) - 1) / max(1, number - 1)) for place in range(number)]
    return Draws(tuple(fitted["parameters"]), tuple(tuple(map(float, kept[place])) for place in spread))
