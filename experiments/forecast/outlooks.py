"""What every method says at every origin, each origin computed once and kept between calls."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from agents.places import runs_folder
from experiments.engine.executors import Failure, run_tasks
from experiments.engine.progress import Progress
from experiments.forecast.campaign import Campaign
from experiments.forecast.history import GROUPS, LEVELS, Floats, History
from experiments.forecast.knowledge import FIRST_ORIGIN
from experiments.forecast.simple import LONGEST, METHODS, Spreads, points_of
from experiments.forecast.structure import forecast
from model.results import write_whole
from model.schedule import month_index

MODEL = "model"
#: What is pooled, in order.
ALL_METHODS = (MODEL, *METHODS)


class OriginError(Exception):
    """What an origin asks for could not be computed."""


@dataclass(frozen=True)
class Asked:
    """What the simple methods, or with a campaign the structure, say at the last month of a history."""

    history: History
    campaign: Campaign | None = None
    realised: bool = False

    def answer(self) -> Floats:
        """Points [method, series, horizon], or quantiles [group, horizon, level]."""
        if self.campaign is None:
            return points_of(self.history)
        said = forecast(self.campaign, self.history, realised=self.realised)
        return np.array([said[group] for group in GROUPS])

    @cached_property
    def name(self) -> str:
        """A hash of what is known and of the code that answers: what is kept of another version is not used."""
        known = [np.ascontiguousarray(rates).tobytes() for rates in self.history.rates.values()]
        if self.campaign is None:
            return _hash(_written("simple"), *known)
        return _hash(_written("structure"), self.campaign.digest.encode(), bytes([self.realised]), *known)


@dataclass(frozen=True)
class Outlooks:
    """What all methods say at every origin of a history."""

    history: History
    found: Mapping[int, tuple[Floats, Floats]]

    @classmethod
    def of(
        cls, history: History, campaign: Campaign, workers: int, progress: Progress, *, realised: bool = False,
        folder: Path | None = None,
    ) -> Outlooks:  # fmt: skip
        """Compute what is not kept yet, on so many processes."""
        folder = folder or runs_folder() / "forecast-kept"
        folder.mkdir(parents=True, exist_ok=True)
        past = [history.to(origin) for origin in range(month_index(FIRST_ORIGIN), history.origin + 1)]
        asked = [Asked(known) for known in past] + [Asked(known, campaign, realised) for known in past]
        missing = [one for one in asked if not (folder / f"{one.name}.npy").is_file()]

        def keep(one: Asked, found: Floats) -> None:
            content = io.BytesIO()
            np.save(content, found.astype(np.float32))
            write_whole(folder / f"{one.name}.npy", content.getvalue())
            progress.on_replication()

        if missing:
            progress.begin(len(missing), 1, "forecasts from earlier origins")
            try:
                run_tasks(Asked.answer, missing, min(workers, len(missing)), keep, _fail)
            finally:
                progress.end()
        found = [np.load(folder / f"{one.name}.npy").astype(np.float64) for one in asked]
        pairs = zip(past, found[: len(past)], found[len(past) :], strict=True)
        return cls(history, {known.origin: (points, model) for known, points, model in pairs})

    @cached_property
    def spreads(self) -> Spreads:
        """Points of the simple methods at all origins, with how far they were off."""
        points = np.array([self.found[origin][0] if origin in self.found else points_of(self.history.to(origin))
                           for origin in range(self.history.origin + 1)])  # fmt: skip
        return Spreads(self.history, points)

    @cached_property
    def quantiles(self) -> Floats:
        """Everything in percent: [origin, method, group, horizon, level], NaN where a method or a group is silent."""
        shape = (self.history.origin + 1, len(ALL_METHODS), len(GROUPS), LONGEST, len(LEVELS))
        found = np.full(shape, np.nan)
        for origin, (_, model) in self.found.items():
            for place, group in enumerate(GROUPS):
                if self.known(group, origin):
                    found[origin, 0, place] = model[place]
                    for row, method in enumerate(METHODS):
                        found[origin, 1 + row, place] = self.spreads.quantiles(method, group, origin)
        return found

    def known(self, group: str, origin: int) -> bool:
        """Whether a group may be forecast at an origin: a year of it has to be known."""
        return bool((~np.isnan(self.history.rates[group][: origin + 1])).sum() >= LONGEST)

    @cached_property
    def truth(self) -> Floats:
        """What came, in percent: [origin, group, horizon], NaN where it is not out yet."""
        ahead = np.arange(self.history.origin + 1)[:, None] + 1 + np.arange(LONGEST)
        rates = np.array([self.history.rates[group] for group in GROUPS])
        out = np.where(ahead <= self.history.origin, rates[:, np.minimum(ahead, self.history.origin)], np.nan)
        return out.transpose(1, 0, 2)


def _fail(failure: Failure[Asked]) -> None:
    raise OriginError(f"{failure.kind}: {failure.message}")


@cache
def _written(name: str) -> bytes:
    return Path(__file__).with_name(f"{name}.py").read_bytes()


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:24]
