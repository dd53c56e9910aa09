"""What a visitor sets: values from today on, or dated ones, turned into a scenario and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model import declarations
from model.scenario_problems import Problem, ScenarioError
from model.schedule import FIRST_MONTH

if TYPE_CHECKING:
    from model.scenario import Scenario

#: Path -> value: a number holds from today on, a mapping of months from its months on (2018-01: always).
Settings = dict[str, Any]
#: The page's own size and months, which no visitor changes.
FRAME = ("name", "description", "start", "end", "population", "replications", "seed")
_MOST_SETTINGS = 100
_OPTION = "override "


class Refused(Exception):  # noqa: N818 - the settings are refused, the program is well
    """Settings or a file that make no scenario; `problems` are as the page shows them."""

    def __init__(self, problems: list[dict[str, Any]]) -> None:
        self.problems = problems
        super().__init__(problems)


def reform_of(baseline: Scenario, settings: object, today: str, name: str) -> Scenario:
    """The baseline under a visitor's settings; raises Refused with everything that is wrong."""
    if not isinstance(settings, Mapping) or not all(isinstance(path, str) for path in settings):
        raise Refused([{"message": "settings are a mapping of paths to values"}])
    if len(settings) > _MOST_SETTINGS:
        raise Refused([{"message": f"{len(settings)} settings; at most {_MOST_SETTINGS} are read"}])
    problems = [problem for path in settings if (problem := _not_here(path)) is not None]
    values = {path: _from_today(path, value, today) for path, value in settings.items()}
    values = {path: value for path, value in values.items() if _not_here(path) is None}
    try:
        reform = baseline.with_values({**values, "name": name})
    except ScenarioError as error:
        raise Refused(problems + shown(error.problems)) from None
    if problems:
        raise Refused(problems)
    return reform


def _not_here(path: str) -> dict[str, Any] | None:
    """Why a path cannot be set on the page, if so."""
    declared = declarations.by_path().get(path)
    if path in FRAME:
        return {"path": path, "message": f"'{path}' is the page's own; the command line varies it"}
    if declared is not None and declared.names_file:
        return {"path": path, "message": f"'{path}' names a file, which only the command line reads"}
    if declared is None and declarations.declaration(path) is None and len(path) > 200:
        return {"message": "a path of more than 200 characters"}
    return None


def _from_today(path: str, value: object, today: str) -> object:
    """A number of a dated parameter holds from today on; everything else is left as it is."""
    declared = declarations.by_path().get(path)
    dated = declared is not None and declared.takes_dates and not isinstance(value, Mapping)
    return {today: value} if dated else value


def settings_of(scenario: Scenario, baseline: Scenario) -> Settings:
    """What a scenario changes in the baseline, size and months left out."""
    found: Settings = {}
    for path, _, new in scenario.changes_from(baseline):
        declared = declarations.by_path().get(path)
        if declared is None or declared.names_file:
            continue
        if isinstance(new, Mapping):
            old = baseline.value(path)
            found[path] = _without_shared_start(dict(new), old)
        else:
            found[path] = {FIRST_MONTH: new} if declared.takes_dates else new
    return found


def left_out(scenario: Scenario, baseline: Scenario) -> list[str]:
    """What a scenario says of its months and the page does not take over, in sentences."""
    return [
        f"'{name}' is {getattr(scenario, name)} in the scenario; the page shows {baseline.start} to {baseline.end}"
        for name in ("start", "end")
        if getattr(scenario, name) != getattr(baseline, name)
    ]


def _without_shared_start(new: dict[str, float], old: object) -> dict[str, float]:
    """Dated values from the first month on in which they differ from the baseline's."""
    before = dict(old) if isinstance(old, Mapping) else {FIRST_MONTH: old}
    shared = [month for month in new if all(before.get(each) == new[each] for each in new if each <= month)]
    rest = {month: value for month, value in new.items() if month not in shared}
    if rest and all(month in new or month >= min(rest) for month in before):
        return rest
    return new


def shown(problems: list[Problem], file: str | None = None) -> list[dict[str, Any]]:
    """Problems as the page shows them: the path of a control, or line and column of a file."""
    found: list[dict[str, Any]] = []
    for problem in problems:
        if file is None:
            path = problem.file.removeprefix(_OPTION)
            found.append({"path": path, "message": problem.message})
        else:
            found.append({"file": file, "line": problem.line, "column": problem.column, "message": problem.message})
    return found
