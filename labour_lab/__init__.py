"""The laboratory from a notebook or a program: every verb of the command line in one line, with the same numbers.

Examples:
    >>> import labour_lab as lab
    >>> run = lab.run("baseline", population=50_000, replications=8)
    >>> run.plot("unemployment_by_age")
"""

from labour_lab.answers import Batch, Explanation, Forecast, Search, Sensitivity
from labour_lab.errors import FailedError, InputError, Interrupted, LabError, LabWarning
from labour_lab.results import Compared, Result, Run
from labour_lab.verbs import batch, compare, explain, forecast, load, run, scenario, scenarios, search, sensitivity
from model.scenario.scenario import Scenario

__all__ = [
    "Batch", "Compared", "Explanation", "FailedError", "Forecast", "InputError", "Interrupted", "LabError",
    "LabWarning",
    "Result", "Run", "Scenario", "Search", "Sensitivity", "batch", "compare", "explain", "forecast", "load", "run",
    "scenario", "scenarios", "search", "sensitivity",
]  # fmt: skip
