"""What may be typed after `run.py calibrate`; light to import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.places import runs_folder
from experiments.engine.errors import BadRequest
from experiments.engine.folder_claim import refuse_unusable
from experiments.engine.options import Parser, existing_scenario, path_argument


@dataclass(frozen=True)
class CalibrationOrder:
    """What the user asked for; None leaves it to the plan."""

    out: Path | None
    workers: int | None
    design: int | None
    waves: int | None
    population: int | None
    replications: int | None
    recover: int | None
    ablate: bool
    adopt: bool
    bands: Path | None
    quick: bool
    quiet: bool
    command: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where runs are kept and results go: the same command without --out finds its runs again."""
        return self.out or runs_folder() / "calibration"


def read_calibration(words: Sequence[str]) -> CalibrationOrder:
    """Read the command line of `run.py calibrate`; raises BadRequest."""
    parser = Parser(
        "calibrate", "Fit the free parameters to the official months up to 2026-02 and say how well they are known."
    )
    parser.add_argument("--design", type=int, metavar="N", help="runs of each wave of the design")
    parser.add_argument("--waves", type=int, metavar="N", choices=(1, 2, 3), help="waves of the design")
    parser.add_argument("--population", type=int, metavar="N", help="simulated persons in a run of the design")
    parser.add_argument("--replications", type=int, metavar="N", help="large runs that confirm the fit")
    parser.take("--workers", "--quiet")
    parser.add_argument(
        "--out", type=path_argument, metavar="DIR",
        help="folder of result and finished runs, where the same command goes on (default: runs/calibration)",
    )  # fmt: skip
    parser.add_argument(
        "--recover", type=int, metavar="N", help="also make data from N known parameter sets and find them again"
    )
    parser.add_argument("--ablate", action="store_true", help="also fit without each mechanism: what it is worth")
    parser.add_argument(
        "--bands", type=path_argument, metavar="SCENARIO.yaml",
        help="no fit: run a scenario with draws of the fitted parameters; two bands, parameters and luck",
    )  # fmt: skip
    parser.add_argument("--adopt", action="store_true", help="make the fitted values the defaults of every scenario")
    parser.add_argument("--quick", action="store_true", help="a small one, to see that everything works")
    options = parser.read(words)
    for name, least in (("design", 50), ("population", 1000), ("replications", 2), ("recover", 3)):
        value = getattr(options, name)
        if value is not None and value < least:
            raise BadRequest(f"--{name} is {value}, but must be at least {least}")
    if options.bands is not None:
        existing_scenario(options.bands, {})
    order = CalibrationOrder(**vars(options), command=("run.py", "calibrate", *words))
    refuse_unusable(order.folder, "calibration")
    return order
