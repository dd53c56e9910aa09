"""What is fitted: one row per free parameter. Meaning, unit, range and source stand in its declaration.

To change what is fitted, change `FREE`; nothing else names these parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from model.parameters import Parameter
from model.specification import in_force

Floats = NDArray[np.float64]
#: More would improve the fit and hurt out of sample: nineteen months of age groups hold only so much.
MOST = 15


@dataclass(frozen=True, slots=True)
class FreeParameter:
    """One number that the data may move: where, how far, and what was believed before.

    The prior is normal around `centre` with `sd`, cut off at `low` and `high`; without `sd` it is uniform. A number
    that is always positive is thought of in logarithms, where rates are products: `sd` over `centre` is its spread.
    One that is `held` stays at its centre in the fit, because the months cannot tell it; draws spread it as the prior
    does, with the others fitted to each value, so that bands contain what is not known of it.
    """

    path: str
    low: float
    high: float
    centre: float
    sd: float | None = None
    held: bool = False

    @property
    def name(self) -> str:
        """The last word of the path."""
        return self.path.rpartition(".")[2]

    @property
    def in_logs(self) -> bool:
        """Whether the number is thought of in logarithms."""
        return self.low > 0

    @property
    def source(self) -> str:
        """Where the prior comes from; starts with "assumption" where it comes from nowhere."""
        return _declared()[self.path].source if self.path in _declared() else ""


@cache
def _declared() -> dict[str, Parameter]:
    """Declarations as they were before any fit, by path."""
    return {parameter.path: parameter for parameter in in_force().declared}


def _free(name: str, centre: float | None = None, sd: float | None = None, top: float | None = None) -> FreeParameter:
    """A row of the table: the range is the declaration's, cut at `top`; without `centre` the prior is uniform."""
    path = name if "." in name else f"parameters.{name}"
    declared = _declared()[path]
    high = declared.high if top is None else top
    return FreeParameter(path, declared.low, high, (declared.low + high) / 2 if centre is None else centre, sd)


def _held(name: str, sd: float) -> FreeParameter:
    """A row that the months do not move: its declared default, and how far it may be from it."""
    return replace(_free(name, cast("float", _declared()[f"parameters.{name}"].default), sd), held=True)


@cache
def free_parameters() -> tuple[FreeParameter, ...]:
    """The table of what is fitted: name, centre and standard deviation of the prior.

    Centres are the starting values of a simpler prototype and of the literature, as the sources in the declarations
    say; standard deviations are wide, since that prototype had neither firms nor vacancies and saw the same months.
    What nothing outside the months speaks of is uniform: a narrow prior would be found again whatever they say. Held,
    because worlds with known values did not give them back (rank correlations 0.20 to 0.47): `growth_elasticity`,
    `demand_elasticity` and `campus_class_elasticity`. With uniform priors the months drew the first two to their lower
    bounds (0.1 and 0), where they made up for a trend of the young that was too steep; what is known of them from
    elsewhere stays, and its spread with it. Fixed for the same reason: `separation_new` (together with the settled
    rate) and `market_in_september` (together with `autumn_starts`). `goes_home` is not let below one in five hundred:
    20 million went home in 2009, so the months of 2024 and 2025, which want none, may make it rare and not nothing.
    """
    return (
        # --- jobs that end ---
        _free("separation_settled", 0.0085, 0.0015),
        _free("young_separation_multiplier", 2.3, 0.4),
        _free("festival_separations", 0.44, 0.10),
        _free("festival_replacement"),
        # --- demand ---
        _free("adjustment_speed", 0.29, 0.08),
        _free("base_openings", 0.016, 0.004),
        _free("losses_not_reemployed", 0.35, 0.125),
        _free("lockdown_freeze"),
        _held("growth_elasticity", 0.05),
        _held("demand_elasticity", 0.1),
        # --- search and graduates ---
        _free("campus_offers", 0.6, 0.10),
        _held("campus_class_elasticity", 0.15),
        _free("exam_queue_share", 0.10, 0.03),
        _free("market_by_july"),
        _free("autumn_starts"),
        _free("searching_students", top=0.02),
        # --- migrants ---
        replace(_free("goes_home", 0.03, 0.03, top=0.15), low=0.002),
    )


class Space:
    """The box of the free parameters, in coordinates from -1 to 1 in which a fit is well behaved."""

    def __init__(self, free: Sequence[FreeParameter]) -> None:
        """Span the box of `free`."""
        #: Places of the parameters that the fit leaves at their centres.
        self.held = tuple(place for place, parameter in enumerate(free) if parameter.held)
        if not 0 < len(free) - len(self.held) <= MOST:
            raise ValueError(f"{len(free) - len(self.held)} free parameters; at most {MOST} can be told apart")
        self.free = tuple(free)
        self.in_logs = np.array([parameter.in_logs for parameter in free])
        #: Places of those that it moves.
        self.moved = tuple(place for place in range(len(free)) if place not in self.held)
        self.low = self._scaled(np.array([parameter.low for parameter in free]))
        self.high = self._scaled(np.array([parameter.high for parameter in free]))
        half = (self.high - self.low) / 2
        spreads = [None if p.sd is None else p.sd / p.centre if p.in_logs else p.sd for p in free]
        #: Prior precision in box coordinates; 0 where the prior is uniform.
        self.precision = np.array([0.0 if sd is None else (h / sd) ** 2 for sd, h in zip(spreads, half, strict=True)])
        self.centre = self.to_box(np.array([parameter.centre for parameter in free]))

    def _scaled(self, values: Floats) -> Floats:
        return np.where(self.in_logs, np.log(np.where(self.in_logs, values, 1.0)), values)

    def __len__(self) -> int:
        return len(self.free)

    @property
    def names(self) -> list[str]:
        """Short names, in order."""
        return [parameter.name for parameter in self.free]

    def to_box(self, values: Floats) -> Floats:
        """Values of the parameters as coordinates from -1 to 1."""
        box: Floats = 2 * (self._scaled(values) - self.low) / (self.high - self.low) - 1
        return box

    def to_values(self, box: Floats) -> Floats:
        """Coordinates as values of the parameters."""
        scaled = self.low + (np.clip(box, -1, 1) + 1) / 2 * (self.high - self.low)
        values: Floats = np.where(self.in_logs, np.exp(np.where(self.in_logs, scaled, 0.0)), scaled)
        return values

    def settings(self, values: Floats) -> dict[str, float]:
        """Values by path, rounded so that the same point has the same name on every machine."""
        return {p.path: float(f"{value:.6g}") for p, value in zip(self.free, values, strict=True)}

    def values(self, settings: Mapping[str, float]) -> Floats:
        """The vector of values that settings by path give."""
        return np.array([settings[parameter.path] for parameter in self.free])

    def prior_sd(self) -> Floats:
        """Standard deviation of the prior in the parameters' own units, that of the cut-off distribution."""
        draws = self.draw_prior(np.random.default_rng(0), 4000)
        sd: Floats = self.to_values(draws).std(axis=0)
        return sd

    def draw_prior(self, rng: np.random.Generator, count: int) -> Floats:
        """Points of the box as the prior believes in them."""
        return self.from_prior(rng.random((count, len(self))))

    def from_prior(self, shares: Floats, widening: float = 1.0) -> Floats:
        """Points of the box at these quantiles (0..1) of the prior, its standard deviations made wider."""
        from scipy.stats import truncnorm  # type: ignore[import-untyped]

        box = 2 * shares - 1
        for column in np.flatnonzero(self.precision):
            sd, centre = widening * self.precision[column] ** -0.5, self.centre[column]
            box[:, column] = truncnorm.ppf(shares[:, column], (-1 - centre) / sd, (1 - centre) / sd, centre, sd)
        return box
