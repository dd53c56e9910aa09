"""The one campaign that all forecasts rest on: runs spread over the priors, made once and kept as a small file.

    python -m experiments.forecast.campaign        # about eight minutes on two idle cores; resumable

Two sets of runs. The design spreads parameters over their priors, with the world outside as it came: from it a surface
of the monthly rates is learnt, so that any origin can ask what other parameters would have given. Then some of the same
worlds live again with only what was known at an origin (growth, pay, churn, lockdowns, classes): how much they differ
says what the surprises after that origin did.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agents.places import runs_folder
from experiments.calibration.emulator import learn, quadratic_features
from experiments.calibration.free_parameters import Space, free_parameters
from experiments.calibration.provenance import engine_hash
from experiments.calibration.simulations import Laboratory, Market, Run, Store
from experiments.calibration.targets import Outputs
from experiments.engine.compile_ahead import compile_ahead
from experiments.engine.cores import available_cores
from experiments.engine.errors import BadRequest
from experiments.engine.interrupts import endings_interrupt
from experiments.engine.progress import Progress
from experiments.forecast.knowledge import FIRST_ORIGIN, LAST_MONTH, LONGEST, as_known, base, known_country, origins
from model.country.china import CHINA
from model.country.drivers import load_drivers
from model.results import write_whole
from model.schedule import month_index, month_label

Floats = NDArray[np.float64]
FILE = Path(__file__).with_name("campaign.npz")
COMMAND = "python -m experiments.forecast.campaign"
#: The official series that a run speaks to, each with the age groups of the model that make it up (none: all ages).
SERIES: Mapping[str, tuple[str, ...]] = {
    "16_24": ("16_24",), "25_29": ("25_29",), "30_59": ("30_59",), "all": (), "25_59": ("25_29", "30_59"),
}  # fmt: skip
#: What a run's settings call the origin whose knowledge it has.
ORIGIN = "origin"
#: Points of the prior that an ensemble begins with.
MEMBERS = 500


@dataclass(frozen=True)
class Plan:
    """How much is computed: runs of the design, simulated persons of each, worlds told less at every origin."""

    design: int = 600
    population: int = 60_000
    told: int = 10


@dataclass(frozen=True)
class Campaign:
    """What forecasts need of the campaign, as it is kept.

    `points` are draws of the prior; `coefficients[feature, series and month]` the surface in logarithms around `centre`
    in units of `spread`; `surprise[origin, series, month]` how many log points less knowledge moved the rates (0 where
    no forecast from there looks), and
    `surface_sd[series]` what the surface itself is uncertain by, in logarithms.
    """

    made_from: str
    plan: tuple[int, int, int]
    points: Floats
    centre: Floats
    spread: Floats
    coefficients: Floats
    surprise: Floats
    surface_sd: Floats

    def paths(self, points: Floats) -> Floats:
        """Logarithms of the rates at points of the box, with the world outside as it came: [point, series, month]."""
        inside = np.clip(points, -1.0, 1.0)
        flat: Floats = quadratic_features((inside - self.centre) / self.spread) @ self.coefficients
        return flat.reshape(len(points), len(SERIES), -1)

    @cached_property
    def stale(self) -> bool:
        """Whether model, priors or data have changed since."""
        return self.made_from != fingerprint()

    @cached_property
    def digest(self) -> str:
        """A hash of all that it says."""
        held = (self.points, self.coefficients, self.surprise, self.surface_sd)
        return hashlib.sha256(b"".join(np.asarray(one, np.float32).tobytes() for one in held)).hexdigest()

    def content(self) -> bytes:
        """The file."""
        stream = io.BytesIO()
        small = {name: np.asarray(getattr(self, name), np.float32)
                 for name in ("points", "centre", "spread", "coefficients", "surprise", "surface_sd")}  # fmt: skip
        np.savez_compressed(
            stream, allow_pickle=False, made_from=np.array(self.made_from), plan=np.array(self.plan), **small
        )
        return stream.getvalue()


def stored(path: Path = FILE) -> Campaign:
    """The campaign that is kept; raises BadRequest where there is none."""
    if not path.is_file():
        raise BadRequest(f"there is no campaign of prior runs yet; make it with {COMMAND}; nothing was run")
    with np.load(path) as held:
        numbers = {name: held[name].astype(np.float64) for name in held.files if name not in ("made_from", "plan")}
        size, persons, told = held["plan"].tolist()
        return Campaign(str(held["made_from"]), (size, persons, told), **numbers)


@cache
def fingerprint() -> str:
    """From what a campaign is made: the engine, the data except official unemployment, the free parameters."""
    content = hashlib.sha256(engine_hash().encode())
    for path in sorted(CHINA.path.glob("*.csv")):
        if path.name != CHINA.official.file:
            content.update(path.name.encode() + b"\0" + path.read_bytes())
    content.update(repr((free_parameters(), base().digest)).encode())
    return content.hexdigest()


@dataclass(frozen=True)
class World:
    """The baseline as a function of the free parameters, told everything or, with `ORIGIN`, what was out by then."""

    def __call__(self, settings: Mapping[str, float], population: int, seed: int) -> Outputs:
        """The kept outputs of one run."""
        known = dict(settings)
        origin = known.pop(ORIGIN, None)
        scenario = base() if origin is None else as_known(month_label(int(origin)))
        return Market(scenario)(known, population, seed)


def same_knowledge() -> dict[str, list[str]]:
    """Origins by the first of those that know the same of the world outside."""
    found: dict[bytes, list[str]] = {}
    first = month_index(FIRST_ORIGIN)
    months = month_index(LAST_MONTH) - first + 1
    for origin in origins():
        drivers = load_drivers(known_country(origin), first, months, known_until=origin)
        known = (drivers.growth_gap, drivers.real_gdp, drivers.lockdown, drivers.churn, drivers.wage)
        key = b"".join(np.ascontiguousarray(one).tobytes() for one in known)
        found.setdefault(key + repr(sorted(drivers.classes.items())).encode(), []).append(origin)
    # A forecast from the last of them still needs its year: after some months the same knowledge is asked for anew.
    return {some[place]: some[place : place + 3] for some in found.values() for place in range(0, len(some), 3)}


def log_rates(outputs: Outputs) -> Floats:
    """Logarithms of the rates of a run in percent: [series, month from 2018-01]."""
    found = []
    for stems in SERIES.values():
        weights = [outputs[f"labour_force_{stem}"] for stem in stems if len(stems) > 1] or [np.ones(1)]
        rates = [outputs[f"unemployment_rate_{stem}"] for stem in stems] or [outputs["unemployment_rate"]]
        found.append(sum(w * r for w, r in zip(weights, rates, strict=True)) / sum(weights))
    logs: Floats = np.log(100 * np.array(found))
    return logs


def make(laboratory: Laboratory, plan: Plan) -> Campaign:
    """Run what is missing, learn the surface, and measure the surprises."""
    space, asked = Space(free_parameters()), same_knowledge()
    box = space.from_prior(_sobol(plan.design, len(space)))
    settings = [space.settings(values) for values in space.to_values(box)]
    runs = [Run.of(one, plan.population, 1 + seed) for seed, one in enumerate(settings)]
    told = [Run.of({**one, ORIGIN: month_index(origin)}, plan.population, 1 + seed)
            for origin in asked for seed, one in enumerate(settings[: plan.told])]  # fmt: skip
    laboratory.progress.say(f"{plan.design} runs over the priors, and {plan.told} of them from {len(asked)} origins")
    found = laboratory.run([*runs, *told])
    lived = [place for place, one in enumerate(found[: plan.design]) if one is not None]
    paths = np.array([log_rates(one) for one in found[: plan.design] if one is not None])
    series = [one for one in SERIES for _ in range(paths.shape[2])]
    surface = learn(box[lived], paths.reshape(len(lived), -1), alike=series)
    surprise = np.zeros((len(origins()), *paths.shape[1:]))
    for number, alike in enumerate(asked.values()):
        less = found[plan.design + number * plan.told :][: plan.told]
        moved = np.mean([_moved(one, full) for one, full in zip(less, found, strict=False) if one and full], axis=0)
        for origin in alike:
            months = moved[:, : month_index(origin) + 1 + LONGEST]
            surprise[origins().index(origin), :, : months.shape[1]] = months
    size = (len(lived), plan.population, plan.told)
    return Campaign(
        fingerprint(), size, space.from_prior(_sobol(MEMBERS, len(space), 2)), surface.centre, surface.spread,
        surface.coefficients, surprise, surface.error_sd.reshape(len(SERIES), -1).mean(axis=1),
    )  # fmt: skip


def _moved(told: Outputs, full: Outputs) -> Floats:
    """How many log points the same world with less knowledge lies from itself."""
    less = log_rates(told)
    found: Floats = less - log_rates(full)[:, : less.shape[1]]
    return found


def _sobol(count: int, wide: int, seed: int = 1) -> Floats:
    from scipy.stats import qmc  # type: ignore[import-untyped]

    with warnings.catch_warnings():  # balanced best in powers of two; any number will do here
        warnings.simplefilter("ignore", UserWarning)
        return np.asarray(qmc.Sobol(wide, rng=seed).random(count))


def main(words: Sequence[str]) -> int:
    """Make the campaign anew and keep it."""
    parser = argparse.ArgumentParser(
        prog=COMMAND, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workers", type=int, default=available_cores(), metavar="N", help="processes")
    for name in ("design", "population", "told"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Plan(), name), metavar="N")
    parser.add_argument("--file", type=Path, default=FILE, help="where to keep it")
    options = parser.parse_args(words)
    progress = Progress(sys.stderr)
    store = Store(runs_folder() / "forecast-campaign", fingerprint())
    laboratory = Laboratory(World(), store, options.workers, progress)
    try:
        with endings_interrupt():
            compile_ahead(progress.say)
            found = make(laboratory, Plan(options.design, options.population, options.told))
            write_whole(options.file, found.content())
    except KeyboardInterrupt:
        progress.say("interrupted; finished runs are kept, and the same command goes on from there")
        return 130
    progress.say(f"kept in {options.file.name}: {found.plan[0]} runs over the priors")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
