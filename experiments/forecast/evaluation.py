"""How forecasts from earlier origins have fared: errors, CRPS, how often the band held, and a formal test."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from experiments.forecast.history import GROUPS, LEVELS, Floats
from experiments.forecast.outlooks import ALL_METHODS, Outlooks
from experiments.forecast.pool import pooled
from experiments.forecast.simple import LONGEST, RIVALS

if TYPE_CHECKING:
    import pandas as pd

POOLED = "pooled"
#: What is told of growth, pay, classes and lockdowns after an origin, as tables name it; what came is never quoted.
KNOWN, REALISED = "known at the origin", "realised"
#: Methods in the order of the tables.
METHODS_TOLD = (POOLED, *ALL_METHODS)
#: The horizons over which the quoted figure is taken, in months.
QUOTED = 6
LOW, HIGH = 9, 89  # the places of 10 and 90 % among the levels
MIDDLE = len(LEVELS) // 2


@dataclass(frozen=True)
class Evaluation:
    """Forecasts of every origin beside what came: `said[origin, method, group, horizon, level]` in percent."""

    outlooks: Outlooks
    origins: tuple[int, ...]
    said: Floats

    @property
    def truth(self) -> Floats:
        """What came: [origin, group, horizon]."""
        return self.outlooks.truth[list(self.origins)]

    @property
    def crps(self) -> Floats:
        """The continuous ranked probability score in points: [origin, method, group, horizon]."""
        import scoringrules

        truth = np.broadcast_to(self.truth[:, None], self.said.shape[:-1])
        with np.errstate(invalid="ignore"):  # of methods that are silent
            return np.asarray(scoringrules.crps_quantile(truth, self.said, LEVELS))


def evaluate(outlooks: Outlooks, origins: Iterable[int]) -> Evaluation:
    """Forecast from every origin as it would have been done then."""
    chosen = tuple(origins)
    said = outlooks.quantiles[list(chosen)]
    pool = np.full((len(chosen), 1, *said.shape[2:]), np.nan)
    for row, origin in enumerate(chosen):
        for place, group in enumerate(GROUPS):
            if outlooks.known(group, origin):
                pool[row, 0, place] = pooled(outlooks, group, origin)
    return Evaluation(outlooks, chosen, np.concatenate([pool, said], axis=1))


def scores(found: Evaluation) -> pd.DataFrame:
    """The rows of forecast_scores.csv: every method, group and horizon, in points."""
    return _table(found, [(ahead + 1, slice(ahead, ahead + 1)) for ahead in range(LONGEST)])


def quoted(found: Evaluation) -> pd.DataFrame:
    """The same over the horizons that are quoted together; `against_best` is the CRPS over that of the best simple."""
    return _table(found, [(f"1-{QUOTED}", slice(0, QUOTED))])


def _table(found: Evaluation, horizons: Sequence[tuple[int | str, slice]]) -> pd.DataFrame:
    import pandas as pd

    crps, rows = found.crps, []
    for place, group in enumerate(GROUPS):
        for name, ahead in horizons:
            of_cell = crps[:, :, place, ahead]
            heard = ~np.isnan(of_cell)
            best = _best_simple(of_cell)
            for row, method in enumerate(METHODS_TOLD):
                use = heard[:, row]
                if not use.any():
                    continue
                said, truth = found.said[:, row, place, ahead][use], found.truth[:, place, ahead][use]
                mean = of_cell[:, row][use].mean()
                both = use & heard[:, best]
                differs = np.nan if row == best else diebold_mariano(of_cell[:, row], of_cell[:, best], ahead.stop)
                rows.append({
                    "method": method, "group": group, "horizon": name, "origins": int(use.any(axis=1).sum()),
                    "forecasts": int(use.sum()),
                    "rmse": np.sqrt(np.mean((said[:, MIDDLE] - truth) ** 2)), "crps": mean,
                    "coverage_80": np.mean((said[:, LOW] <= truth) & (truth <= said[:, HIGH])),
                    "dm_p_value": differs,
                    "best_simple": METHODS_TOLD[best],
                    "against_best": of_cell[:, row][both].mean() / of_cell[:, best][both].mean(),
                })  # fmt: skip
    return pd.DataFrame(rows)


def _best_simple(crps: Floats) -> int:
    """The place of the rival with the smallest CRPS, among those heard from most origins."""
    rivals = [METHODS_TOLD.index(name) for name in RIVALS]
    heard = (~np.isnan(crps[:, rivals])).sum(axis=(0, 2))
    mean = np.where(heard == heard.max(), np.nansum(crps[:, rivals], axis=(0, 2)) / np.maximum(heard, 1), np.inf)
    return rivals[int(np.argmin(mean))]


def diebold_mariano(one: Floats, other: Floats, ahead: int) -> float:
    """Two-sided p-value that two methods are equally good; scores [origin, horizon], averaged over horizons.

    Harvey, Leybourne and Newbold's (1997) correction for small samples; as many autocovariances as the longest horizon,
    `ahead`, makes forecasts overlap.
    """
    use = ~(np.isnan(one) | np.isnan(other)).any(axis=1)
    difference = (one - other)[use].mean(axis=1)
    count = len(difference)
    return _harvey(difference, ahead) if count > ahead + 2 else float("nan")


def _harvey(difference: Floats, ahead: int) -> float:
    count, off = len(difference), difference - difference.mean()
    variance = off @ off / count
    # Bartlett's weights keep the long-run variance positive.
    variance += 2 * sum((1 - lag / ahead) * (off[lag:] @ off[:-lag]) / count for lag in range(1, ahead))
    if variance <= 0:
        return float("nan")
    correction = np.sqrt(max(count + 1 - 2 * ahead + ahead * (ahead - 1) / count, 0.0) / count)
    statistic = correction * difference.mean() / np.sqrt(variance / count)
    return float(2 * stats.t.sf(abs(statistic), count - 1))
