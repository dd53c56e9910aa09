"""What may be typed after `run.py sensitivity`; light to import."""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from experiments.engine.errors import BadRequest
from experiments.engine.options import COMMON, OF_A_SCENARIO, Parser, existing_indicator, read_scenarios

if TYPE_CHECKING:
    from experiments.sensitivity.job import SensitivityJob

#: Small worlds, many of them: what a number does shows in small ones too, and luck is told apart by replications.
POPULATION, REPLICATIONS = 20_000, 2
YOUTH, VISA = "unemployment_rate_16_24", "K visa"
TRAJECTORIES, MOST, SAMPLES = 10, 8, 64
#: K-visa holders are few, and their effect is small beside the luck of a run.
DISCOVERY_SAMPLES, DISCOVERY_POPULATION, DISCOVERY_REPLICATIONS, THRESHOLD = 200, 100_000, 4, 0.3
_LIMITS = {"trajectories": (2, 10_000), "most": (1, 1000), "samples": (2, 1_000_000)}


def sensitivity_parser() -> Parser:
    """The options of a sensitivity analysis."""
    parser = Parser(
        "sensitivity",
        "Which uncertain parameters matter: Morris screening of all of them, then Sobol indices of those "
        "that matter most; with --discover, the assumptions under which an effect is large. See docs/sensitivity.md.",
    ).take("scenario")
    parser.add_argument(
        "--parameters", action="append", default=[], metavar="PATTERN",
        help="vary only uncertain parameters whose path matches, e.g. 'visa.*' (repeatable; default: all)",
    )  # fmt: skip
    parser.add_argument(
        "--fitted", action="store_true", help="vary fitted parameters over the interval of their fit only"
    )
    parser.add_argument(
        "--outcome", action="append", default=[], metavar="INDICATOR",
        help=f"indicator whose mean over the last 12 months is read (repeatable; default: {YOUTH})",
    )  # fmt: skip
    parser.add_argument(
        "--effect-of",
        metavar="CAUSE",
        help="read what a cause changes (a cause of `explain`, e.g. visa), not the level",
    )
    parser.add_argument(
        "--trajectories", type=int, metavar="N", help=f"of the screening (default {TRAJECTORIES}; 0: none)"
    )
    parser.add_argument("--most", type=int, metavar="N", help=f"how many parameters get indices (default {MOST})")
    parser.add_argument(
        "--samples", type=int, metavar="N",
        help=f"of the indices, best a power of 2 (default {SAMPLES}; 0: none), or of --discover ({DISCOVERY_SAMPLES})",
    )  # fmt: skip
    parser.add_argument(
        "--discover", action="store_true",
        help=f"search the assumptions under which an effect ({VISA}, or --effect-of) reaches --threshold (PRIM)",
    )  # fmt: skip
    parser.add_argument(
        "--threshold", type=float, metavar="POINTS",
        help=f"of --discover; below 0: a fall by as much (default {THRESHOLD} points)",
    )  # fmt: skip
    return parser.take("--dry-run", *OF_A_SCENARIO, *COMMON)


def read_sensitivity(words: Sequence[str], verbs: Mapping[str, str]) -> tuple[SensitivityJob, argparse.Namespace]:
    """Read the command line of `run.py sensitivity`; raises BadRequest."""
    options = sensitivity_parser().read(words)
    options.against = None
    _complete(options)
    scenario, _, _ = read_scenarios(options, verbs)
    _refuse_senseless(options)
    from experiments.sensitivity.job import SensitivityJob
    from experiments.sensitivity.question import Question, cause_called
    from experiments.sensitivity.ranges import uncertain_numbers

    outcomes = tuple(dict.fromkeys(options.outcome)) or (YOUTH,)
    scale = [_scale(name) for name in outcomes]
    question = Question(
        scenario,
        tuple(uncertain_numbers(scenario, options.parameters, fitted=options.fitted)),
        outcomes,
        None if options.effect_of is None else cause_called(options.effect_of, scenario),
        options.trajectories,
        options.most,
        options.samples,
        options.threshold / scale[0] if options.discover else None,
    )
    command = ("run.py", "sensitivity", *words)
    return SensitivityJob(question, options.workers, options.out, command), options


def _complete(options: argparse.Namespace) -> None:
    """Fill in what was not typed; the scenario's own size times the points would take days."""
    if options.discover:
        for name in ("trajectories", "most"):
            if getattr(options, name) is not None:
                raise BadRequest(f"--{name} does not go with --discover, which has --samples only; nothing was run")
        options.effect_of = VISA if options.effect_of is None else options.effect_of
    elif options.threshold is not None:
        raise BadRequest("--threshold goes with --discover only; nothing was run")
    defaults = {
        "population": DISCOVERY_POPULATION if options.discover else POPULATION,
        "replications": DISCOVERY_REPLICATIONS if options.discover else REPLICATIONS,
        "samples": DISCOVERY_SAMPLES if options.discover else SAMPLES, "trajectories": TRAJECTORIES, "most": MOST,
        "threshold": THRESHOLD,
    }  # fmt: skip
    for name, value in defaults.items():
        setattr(options, name, value if getattr(options, name) is None else getattr(options, name))


def _refuse_senseless(options: argparse.Namespace) -> None:
    for name, (least, most) in _LIMITS.items():
        value = getattr(options, name)
        none = " (or 0 for none)" if name != "most" and not options.discover else ""
        if not least <= value <= most and not (none and value == 0):
            raise BadRequest(f"--{name} is {value}, but must lie between {least} and {most:,}{none}; nothing was run")
    if not options.discover and not options.trajectories and not options.samples:
        raise BadRequest("--trajectories and --samples are both 0, so there is nothing to run")
    if not math.isfinite(options.threshold) or options.threshold == 0:
        raise BadRequest(f"--threshold is {options.threshold:g}, but must be above or below 0; nothing was run")


def _scale(name: str) -> float:
    """What the unit that people type an outcome in is of its own: rates and shares are typed in points."""
    return 100.0 if existing_indicator("--outcome", name).kind in {"rate", "share"} else 1.0
