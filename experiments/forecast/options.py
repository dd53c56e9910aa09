"""What may be typed after `run.py forecast`; light to import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.engine.errors import BadRequest
from experiments.engine.options import COMMON, Parser, path_argument, read_scenarios
from experiments.explain.options import month

if TYPE_CHECKING:
    from model.country.official import OfficialMonths
    from model.scenario.scenario import Scenario

#: Paired runs that say what a scenario does to the forecast of the baseline.
POPULATION, REPLICATIONS = 60_000, 4
LONGEST = 12


@dataclass(frozen=True)
class ForecastOrder:
    """What the user asked for; None leaves it to the data."""

    scenario: Scenario
    published: OfficialMonths
    origin: str | None
    horizon: int
    realised: bool
    evaluate: bool
    first: str | None
    last: str | None
    record: bool
    recorded: bool
    workers: int | None
    out: Path | None
    quiet: bool
    files: tuple[Path, ...]
    command: tuple[str, ...]


def read_forecast(words: Sequence[str], verbs: Mapping[str, str]) -> ForecastOrder:
    """Read the command line of `run.py forecast`; raises BadRequest."""
    parser = Parser(
        "forecast",
        "Say what the official unemployment rates will be in the months after an origin, with bands; "
        "or how such forecasts have fared. See docs/forecast.md.",
    ).take("scenario")
    parser.add_argument("--origin", type=month, metavar="YYYY-MM",
                        help="the last official month that may be known (default: the last in the data)")  # fmt: skip
    parser.add_argument("--horizon", type=int, default=LONGEST, metavar="N", help="months ahead, 1 to 12 (default: 12)")
    parser.add_argument("--official", type=path_argument, metavar="FILE.csv",
                        help="add official months, written as in data/nbs_unemployment_monthly.csv")  # fmt: skip
    parser.add_argument("--realised", action="store_true",
                        help="growth, pay, lockdowns after the origin as they came, not as known then")  # fmt: skip
    parser.add_argument(
        "--evaluate", action="store_true", help="forecast from every origin and score against what came"
    )
    parser.add_argument(
        "--from", type=month, dest="first", metavar="YYYY-MM", help="the first origin that is evaluated"
    )
    parser.add_argument("--to", type=month, dest="last", metavar="YYYY-MM", help="the last origin that is evaluated")
    parser.add_argument(
        "--record", action="store_true", help="add this forecast to the record, which is never rewritten"
    )
    parser.add_argument("--recorded", action="store_true", help="with --evaluate: score the forecasts on record")
    parser.take("--set", "--seed", *COMMON).set_defaults(against=None, start=None, end=None)
    options = parser.read(words)
    _refuse_contradictions(vars(options))
    options.population = POPULATION if options.population is None else options.population
    options.replications = REPLICATIONS if options.replications is None else options.replications
    scenario, _, files = read_scenarios(options, verbs)
    published, added = _published(options.official), [options.official] if options.official else []
    return ForecastOrder(
        scenario, published, options.origin, options.horizon, options.realised, options.evaluate, options.first,
        options.last, options.record, options.recorded, options.workers, options.out, options.quiet,
        (*files, *added), ("run.py", "forecast", *words),
    )  # fmt: skip


def _refuse_contradictions(typed: Mapping[str, object]) -> None:
    """Raise BadRequest for words that cannot stand together."""
    if not 1 <= int(str(typed["horizon"])) <= LONGEST:
        raise BadRequest(
            f"--horizon is {typed['horizon']}, but must lie between 1 and {LONGEST} months; nothing was run"
        )
    alone = {"first": "--from", "last": "--to", "recorded": "--recorded"}
    for name, option in alone.items():
        if typed[name] and not typed["evaluate"]:
            raise BadRequest(f"{option} belongs to --evaluate; nothing was run")
    for name in ("origin", "record", "scenario"):
        if typed["evaluate"] and typed[name]:
            option = "a scenario" if name == "scenario" else f"--{name}"
            raise BadRequest(
                f"--evaluate stands at every origin, with the baseline; leave {option} out; nothing was run"
            )
    if typed["record"] and (typed["realised"] or typed["scenario"] or typed["assignments"]):
        raise BadRequest("--record keeps forecasts of the baseline as things stand; nothing was run")


def _published(added: Path | None) -> OfficialMonths:
    """The official months of the country, with those of a file."""
    from model.country.official import read_official
    from model.scenario.problems import ScenarioError
    from model.specification import in_force

    country = in_force().country
    if added is None:
        return country.published
    try:
        return country.published.with_months(read_official(added, country.official))
    except ScenarioError as error:
        raise BadRequest(str(error)) from None
