"""What is fitted: one row per free parameter. Meaning, unit, source and prior centre stand in its declaration.

To change what is fitted, change `FREE`; nothing else names these parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from model.declarations import DECLARED
from model.parameters import Parameter

Floats = NDArray[np.float64]
#: More would improve the fit and hurt out of sample: nineteen months of age groups hold only so much.
MOST = 15


@dataclass(frozen=True, slots=True)
class FreeParameter:
    """One number that the data may move: where, how far, and what was believed before.

    The prior is normal around `centre` with `sd`, cut off at `low` and `high`; without `sd` it is uniform.
    `neutral` is the value that switches the mechanism off, for the ablation table.
    """

    path: str
    low: float
    high: float
    centre: float
    sd: float | None = None
    neutral: float | None = None

    @property
    def name(self) -> str:
        """The last word of the path."""
        return self.path.rpartition(".")[2]

    @property
    def source(self) -> str:
        """Where the prior comes from; starts with "assumption" where it comes from nowhere."""
        return _declared()[self.path].source if self.path in _declared() else ""


@cache
def _declared() -> dict[str, Parameter]:
    """Declarations as they were before any fit, by path."""
    return {parameter.path: parameter for parameter in DECLARED}


def _free(
    name: str,
    sd: float | None = None,
    bounds: tuple[float, float] | None = None,
    centre: float | None = None,
    neutral: float | None = None,
) -> FreeParameter:
    """A row of the table; bounds and centre are the declaration's where none are given."""
    path = name if "." in name else f"parameters.{name}"
    declared = _declared()[path]
    if not isinstance(declared.default, int | float):
        raise TypeError(f"{path} is no constant number")
    low, high = bounds or (declared.low, declared.high)
    middle = float(declared.default) if centre is None else centre
    return FreeParameter(path, float(low), float(high), middle, sd, neutral)


@cache
def free_parameters() -> tuple[FreeParameter, ...]:
    """The table of what is fitted.

    Standard deviations are a quarter of the plausible range of the declaration unless its source says more; no `sd`
    means that nothing in the range is believed more than anything else.
    """
    return (
        # --- jobs that end ---
        _free("separation_settled", sd=0.0008),
        _free("separation_new", sd=0.005),
        _free("young_separation_multiplier", sd=0.25, neutral=1.0),
        _free("festival_separations", sd=0.05, neutral=0.0),
        _free("churn_power", neutral=0.0),
        # --- demand ---
        _free("slack", bounds=(0.0, 0.015)),
        _free("adjustment_speed", sd=0.035),
        _free("base_openings", sd=0.0035),
        _free("growth_elasticity", sd=0.015, neutral=0.0),
        _free("losses_not_reemployed", neutral=0.0),
        # --- search and graduates ---
        _free("effective_applications", sd=0.15),
        _free("campus_offers", sd=0.08),
        _free("campus_demand_sensitivity", neutral=0.0),
        _free("market_by_july", sd=0.02),
    )


class Space:
    """The box of the free parameters, in coordinates from -1 to 1 in which a fit is well behaved."""

    def __init__(self, free: Sequence[FreeParameter]) -> None:
        """Span the box of `free`."""
        if not 0 < len(free) <= MOST:
            raise ValueError(f"{len(free)} free parameters; at most {MOST} can be told apart")
        self.free = tuple(free)
        self.low = np.array([parameter.low for parameter in free])
        self.high = np.array([parameter.high for parameter in free])
        half = (self.high - self.low) / 2
        #: Prior precision in box coordinates; 0 where the prior is uniform.
        self.precision = np.array([0.0 if p.sd is None else (h / p.sd) ** 2 for p, h in zip(free, half, strict=True)])
        self.centre = self.to_box(np.array([parameter.centre for parameter in free]))

    def __len__(self) -> int:
        return len(self.free)

    @property
    def names(self) -> list[str]:
        """Short names, in order."""
        return [parameter.name for parameter in self.free]

    def to_box(self, values: Floats) -> Floats:
        """Values of the parameters as coordinates from -1 to 1."""
        scaled: Floats = 2 * (values - self.low) / (self.high - self.low) - 1
        return scaled

    def to_values(self, box: Floats) -> Floats:
        """Coordinates as values of the parameters."""
        values: Floats = self.low + (np.clip(box, -1, 1) + 1) / 2 * (self.high - self.low)
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
        from scipy.stats import truncnorm  # type: ignore[import-untyped]

        drawn = rng.uniform(-1, 1, (count, len(self)))
        for column in np.flatnonzero(self.precision):
            sd, centre = self.precision[column] ** -0.5, self.centre[column]
            limits = (-1 - centre) / sd, (1 - centre) / sd
            drawn[:, column] = truncnorm.rvs(*limits, loc=centre, scale=sd, size=count, random_state=rng)
        return drawn
