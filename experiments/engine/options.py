"""What may be typed after `run.py`, and the scenarios it names; light to import, so that mistakes are answered fast."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import importlib.util
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

from agents.places import ROOT
from experiments.engine.cores import limits
from experiments.engine.errors import BadRequest
from model.paths import shown, typed_path, why_not_found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from experiments.batch.experiment_file import Experiment
    from model.mechanism import Indicator
    from model.scenario.scenario import Scenario, ScenarioError

BASELINE = ROOT / "scenarios" / "baseline.yaml"
NEEDED = ("mesa", "numpy", "pandas", "pyarrow", "numba", "networkx", "seaborn", "yaml", "loky")
MOST_WORKERS = 1024
MOST_DRAWS = 1000
#: What two compared scenarios must share, so that they use common random numbers.
FRAME = ("population", "replications", "seed", "start", "end")


#: What a job's exit status says, below the help of every verb.
STATUS = """exit status: 0 done, 2 bad input and nothing run, 3 the model broke an accounting identity,
4 some runs failed or are missing, 130 interrupted and what was finished is kept:
the same command with --out and the same folder goes on"""
#: The scheduler that was named, until it is met.
_CLUSTER: list[str] = []


def path_argument(text: str) -> Path:
    """A path as it was typed, absolute from here on."""
    try:
        return typed_path(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def cluster_address(text: str) -> str:
    """The address of a scheduler."""
    if re.fullmatch(r"(tcp|tls)://\S+:\d{1,5}", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not an address such as tcp://127.0.0.1:8786")
    return text


def worker_count(text: str) -> int:
    """A number of processes that makes sense."""
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes from 1 to {MOST_WORKERS}")
    return number


def draw_count(text: str) -> int:
    """A number of draws."""
    if not text.isdecimal() or int(text) > MOST_DRAWS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of draws from 0 to {MOST_DRAWS}")
    return int(text)


#: What may be typed, each declared once, whatever verbs take it.
OPTIONS: Mapping[str, dict[str, Any]] = {
    "scenario": {"nargs": "?", "type": path_argument, "metavar": "SCENARIO.yaml", "help": "default: the baseline"},
    "--against": {"type": path_argument, "metavar": "OTHER.yaml",
                  "help": "compare with this scenario, with common random numbers"},
    "--draws": {"type": draw_count, "metavar": "N",
                "help": "draws of the fitted parameters that differences are spread over, two replications at each "
                        "(default: as many, from 10 replications on; 0: the best values alone)"},
    "--json": {"action": "store_true", "help": "print the summary as JSON"},
    "--language": {"choices": ("en", "zh"), "default": "en", "help": "language of figures and report (default: en)"},
    "--dry-run": {"action": "store_true", "help": "say what is varied, how many runs there are, how long they take"},
    "--set": {"action": "append", "default": [], "metavar": "PATH=VALUE", "dest": "assignments",
              "help": "change one value of the scenario, e.g. visa.annual_quota=0 (repeatable; the value is YAML)"},
    "--seed": {"type": int, "metavar": "N", "help": "seed of the first replication"},
    "--start": {"metavar": "YYYY-MM", "help": "first month recorded"},
    "--end": {"metavar": "YYYY-MM", "help": "last month"},
    "--population": {"type": int, "metavar": "N", "help": "simulated persons aged 16 and over"},
    "--replications": {"type": int, "metavar": "N", "help": "how often the scenario is run, each with other luck"},
    "--workers": {"type": worker_count, "metavar": "N", "help": "processes (default: all cores)"},
    "--out": {"type": path_argument, "metavar": "DIR",
              "help": "folder of the results (default: a new one under runs/)"},
    "--quiet": {"action": "store_true", "help": "no progress; print the table only"},
}  # fmt: skip
#: Those that change values, luck and months of a scenario, and those of every verb that runs something.
OF_A_SCENARIO = ("--set", "--seed", "--start", "--end")
COMMON = ("--population", "--replications", "--workers", "--out", "--quiet")


class Parser(argparse.ArgumentParser):
    """The options of a verb as argparse reads them, with a short message for what it cannot read.

    Every verb takes `--with FILE.py`: the mechanisms of these files are in force for whatever is read afterwards. Every
    verb that runs worlds takes `--cluster`: they are computed there, once `check_environment` has met the scheduler.
    """

    def __init__(self, verb: str, description: str, epilog: str = STATUS, *, runs_worlds: bool = True) -> None:
        """Options of `run.py VERB`, none so far."""
        super().__init__(
            prog=f"run.py {verb}".strip(),
            description=description,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self.runs_worlds = runs_worlds

    def take(self, *names: str) -> Self:
        """Add options that several verbs have."""
        for name in names:
            self.add_argument(name, **OPTIONS[name])
        return self

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """What was typed; raises BadRequest for what cannot be read, in the words or in the files of mechanisms."""
        self.add_argument(
            "--with", action="append", default=[], type=path_argument, metavar="FILE.py", dest="mechanisms",
            help="add the mechanisms of a Python file (repeatable)",
        )  # fmt: skip
        if self.runs_worlds:
            self.add_argument(
                "--cluster", type=cluster_address, metavar="tcp://HOST:PORT",
                help="compute on the workers of a Dask scheduler",
            )  # fmt: skip
        found = self.parse_args(words)
        _CLUSTER[:] = [address] if (address := vars(found).pop("cluster", None)) else []
        put_mechanisms_in_force(found.mechanisms)
        del found.mechanisms  # every scenario that is read from now on carries them
        return found

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; no wall of usage."""
        unknown = re.search(r"unrecognized arguments:.*?(--[\w-]+)", message)
        near = difflib.get_close_matches(unknown[1], self._option_string_actions, n=1) if unknown else []
        hint = f"; did you mean '{near[0]}'?" if near else ""
        raise BadRequest(f"{message}{hint}; see '{self.prog} --help'")


def main_parser(verb: str, verbs: Mapping[str, str]) -> Parser:
    """The options of the main job (and of `check`); `verbs`, each with what it does, are shown below them."""
    others = "\n".join(f"  run.py {name:<12} {summary}" for name, summary in verbs.items())
    return Parser(
        verb,
        "Run a scenario of the labour market and write its table, figures and report.",
        f"verbs, each with its own --help:\n{others}\n\n{STATUS}",
    ).take("scenario", "--against", "--draws", "--json", "--language", *OF_A_SCENARIO, *COMMON)


def batch_parser() -> Parser:
    """The options of a batch."""
    parser = Parser("batch", "Run every variation of a scenario that an experiment file asks for; see docs/batch.md.")
    parser.add_argument("experiment", type=path_argument, metavar="EXPERIMENT.yaml", help="a scenario and a design")
    return parser.take("--dry-run", *OF_A_SCENARIO, *COMMON)


def put_mechanisms_in_force(files: Sequence[Path]) -> None:
    """Read scenarios and options from now on as the mechanisms of these files and the built-in ones declare them."""
    if not files and "model.specification" not in sys.modules:
        return
    from model.specification import Specification, in_force, put_in_force

    if not files:
        if in_force().own:
            put_in_force(Specification(country=in_force().country))
        return
    from model.mechanism import MechanismError
    from model.own_mechanism import specification_of

    try:
        put_in_force(specification_of(files))
    except MechanismError as error:
        raise BadRequest(str(error)) from None


def try_mechanisms() -> None:
    """Let mechanisms of one's own live a month among few people: their mistakes are told before anything runs."""
    from model.specification import in_force

    if not in_force().own:
        return
    from model.mechanism import MechanismError
    from model.own_mechanism import try_out

    try:
        try_out(in_force())
    except MechanismError as error:
        raise BadRequest(f"{error}; nothing was run") from None


def meet_cluster() -> None:
    """Have runs computed by the scheduler that was named; raises BadRequest where none answers."""
    if not _CLUSTER:
        return
    from experiments.engine.cluster import DaskCluster
    from experiments.engine.executors import compute_at

    compute_at(DaskCluster(_CLUSTER[0]))


def leave_cluster() -> None:
    """Let go of the scheduler that computed, if one did."""
    if "experiments.engine.executors" in sys.modules:
        from experiments.engine.executors import compute_at

        compute_at(None)


def read_scenarios(
    options: argparse.Namespace, verbs: Mapping[str, str]
) -> tuple[Scenario, Scenario | None, list[Path]]:
    """The scenario asked for, the one to compare it with, and the files they were read from.

    `--set` changes the first alone. The size, months and seed of the first hold for both: a difference of runs that
    share no luck would say little.
    """
    first = BASELINE if options.scenario is None else existing_scenario(options.scenario, verbs)
    other = None if options.against is None else existing_scenario(options.against, {})
    from model.scenario.scenario import ScenarioError, load_scenario

    changes = changes_of(options)
    problems = []
    scenario = against = None
    try:
        scenario = load_scenario(first, overrides=changes, settings=options.assignments)
    except ScenarioError as error:
        problems += error.problems
    frame = changes if scenario is None else {name: getattr(scenario, name) for name in FRAME}
    try:
        against = None if other is None else load_scenario(other, overrides=frame)
    except ScenarioError as error:
        problems += [problem for problem in error.problems if problem not in problems]
    if problems or scenario is None:
        raise BadRequest(as_typed(ScenarioError(problems)))
    tell_notes(scenario, against)
    return scenario, against, [*scenario.files, *(against.files if against is not None else ())]


def read_batch(named: Path, options: argparse.Namespace) -> Experiment:
    """The experiment of a file, options applied."""
    path = existing_experiment(named, "experiment")
    from experiments.batch.experiment_file import read_experiment

    with told_as_typed():
        experiment = read_experiment(path, changes_of(options), options.assignments)
    tell_notes(experiment.scenario, named=[value for row in experiment.design.rows for value in row])
    return experiment


def changes_of(options: argparse.Namespace) -> dict[str, Any]:
    """The settings of a scenario that were typed."""
    return {name: value for name in FRAME if (value := getattr(options, name)) is not None}


def existing_indicator(option: str, name: str) -> Indicator:
    """The indicator of a name; raises BadRequest with the nearest where there is none."""
    from model.scenario.problems import nearest
    from model.specification import in_force

    known = in_force().indicator
    if name not in known:
        near = nearest(name, known)
        hint = f"; did you mean '{near}'?" if near else ""
        raise BadRequest(f"{option}: there is no indicator '{name}'{hint}; nothing was run")
    return known[name]


@contextlib.contextmanager
def told_as_typed() -> Iterator[None]:
    """Turn problems of a scenario into a bad request."""
    from model.scenario.problems import ScenarioError

    try:
        yield
    except ScenarioError as error:
        raise BadRequest(as_typed(error)) from None


def as_typed(error: ScenarioError) -> str:
    """Every problem, with options named as they were typed."""
    return re.sub(rf"(?m)^override ({'|'.join(FRAME)})\b", r"--\1", str(error))


def tell_notes(*scenarios: Scenario | None, named: Sequence[object] = ()) -> None:
    """Say what scenarios hold that the model does not use, and where they leave what it can say.

    `named` are values of a design, job graphs among them.
    """
    from model.scenario.limits import beyond_knowledge

    values = [value for scenario in scenarios if scenario is not None for value in scenario.values.values()]
    say_notes(note for value in (*values, *named) for note in getattr(value, "notes", ()))
    say_notes(str(each) for scenario in scenarios if scenario is not None for each in beyond_knowledge(scenario))


def say_notes(notes: Iterable[str]) -> None:
    """Say each once on stderr: what a file from outside holds that is not used, and how it was understood."""
    from experiments.engine.progress import Progress

    for note in dict.fromkeys(notes):
        Progress(sys.stderr).say(f"note: {note}")


def existing_scenario(path: Path, verbs: Mapping[str, str]) -> Path:
    """The path, if something is there; otherwise the nearest scenario (or verb) is named."""
    what = "there is no scenario file" if path.suffix else "neither a verb nor a scenario file is called"
    return _existing(path, what, (ROOT / "scenarios").glob("*.yaml"), verbs)


def existing_experiment(path: Path, what: str) -> Path:
    """The path of what varies a scenario, if something is there; otherwise the nearest one that is shipped is named."""
    return _existing(path, f"there is no {what} file", (ROOT / "scenarios").rglob("*.yaml"), {})


def _existing(path: Path, none: str, shipped: Iterable[Path], verbs: Mapping[str, str]) -> Path:
    if os.path.isdir(path):  # noqa: PTH112 - that of a Path stops at names that are too long, this one never
        raise BadRequest(f"{shown(path)} is a folder; name a file in it")
    if os.path.exists(path):  # noqa: PTH110
        return path
    known = {file.stem: shown(file) for file in sorted(shipped)}
    near = difflib.get_close_matches(path.stem, [*verbs, *known], n=1)
    hint = f"; did you mean '{known.get(near[0], near[0])}'?" if near else ""
    raise BadRequest(f"{none} '{shown(path)}'{hint}{why_not_found(shown(path).removeprefix('./'))}")


def check_environment() -> None:
    """Say what is missing before a long import fails, and what is wrong with a variable, mechanism or month."""
    limits()
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise BadRequest(
            f"{sys.executable} lacks {', '.join(missing)}; run 'make venv' and use .venv/bin/python, "
            "or install with 'pip install -e .'"
        )
    try_mechanisms()
    from model.specification import in_force

    _ = in_force().country.published  # which users may add months to
    meet_cluster()
