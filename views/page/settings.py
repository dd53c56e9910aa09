"""What a visitor sets: values from today on, or dated ones, turned into a scenario and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model.scenario.problems import Problem, ScenarioError
from model.schedule import FIRST_MONTH
from model.specification import in_force
from views.words.language import Speech, phrase

if TYPE_CHECKING:
    from model.scenario.scenario import Scenario
    from views.words.language import Language

#: Path -> value: a number holds from today on, a mapping of months from its months on (2018-01: always).
Settings = dict[str, Any]
#: The page's own size and months, which no visitor changes.
MONTHS, SIZE = ("start", "end"), ("population", "replications", "seed")
FRAME = ("name", "description", *MONTHS, *SIZE)
_MOST_SETTINGS = 100
_OPTION = "override "
_OF_MONTHS = phrase("'{name}' is {value} in the scenario; the page shows {start} to {end}")
_OF_SIZE = phrase(
    "'{name}' is {value} in the scenario; the page computes with {own} (run.py view --{name} {plain} changes it)"
)
_OF_TEXT = phrase("'description' of the scenario, which links and files from here do not carry: {value}")
_OF_FILE = phrase("'{name}' is '{value}' in the scenario; the page computes without it (run.py SCENARIO.yaml reads it)")


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
    declared = in_force().by_path.get(path)
    if path in FRAME:
        return {"path": path, "message": f"'{path}' is the page's own; the command line varies it"}
    if declared is not None and declared.names_file:
        return {"path": path, "message": f"'{path}' names a file, which only the command line reads"}
    if declared is None and in_force().declaration(path) is None and len(path) > 200:
        return {"message": "a path of more than 200 characters"}
    return None


def _from_today(path: str, value: object, today: str) -> object:
    """A number of a dated parameter holds from today on; everything else is left as it is."""
    declared = in_force().by_path.get(path)
    dated = declared is not None and declared.takes_dates and not isinstance(value, Mapping)
    return {today: value} if dated else value


def settings_of(scenario: Scenario, baseline: Scenario) -> Settings:
    """What a scenario changes in the baseline; `left_out` tells the rest."""
    found: Settings = {}
    for path, declared in in_force().by_path.items():
        # A sector without a value of its own follows `all`; one that has it keeps it, also where `all` moves.
        said = [path in one.values for one in (scenario, baseline)]
        new, old = scenario.value(path), baseline.value(path)
        if declared.names_file or not any(said) or (all(said) and new == old):
            continue
        if isinstance(new, Mapping):
            for_all = in_force().path_for_all(path)
            moved = for_all != path and scenario.value(for_all) != baseline.value(for_all)
            found[path] = dict(new) if moved else _without_shared_start(dict(new), old)
        else:
            found[path] = {FIRST_MONTH: new} if declared.takes_dates else new
    return found


def left_out(
    scenario: Scenario, baseline: Scenario, page: Scenario | None = None, language: Language = "en"
) -> list[str]:
    """What a scenario says and the page does not take over, in sentences.

    `baseline` is the one that is shipped, `page` what the page runs (default: the same): what either says is not told.
    """
    page = page or baseline
    say = Speech(language)
    found = []
    if scenario.description and scenario.description not in {baseline.description, page.description}:
        found.append(
            say(
                "'description' of the scenario, which links and files from here do not carry: {value}",
                value=scenario.description,
            )
        )
    for name in (*MONTHS, *SIZE):
        value, own = getattr(scenario, name), getattr(page, name)
        if value not in {own, getattr(baseline, name)}:
            kind = "months" if name in MONTHS else "size"
            shown_value, own = (f"{each:,}" if kind == "size" and name != "seed" else each for each in (value, own))
            told = _OF_MONTHS if kind == "months" else _OF_SIZE
            found.append(say(told, name=name, value=shown_value, plain=value, own=own, start=page.start, end=page.end))
    for path, declared in in_force().by_path.items():
        if declared.names_file and scenario.value(path) not in {baseline.value(path), page.value(path)}:
            # Its folders are nobody's business who only visits.
            found.append(say(_OF_FILE, name=path, value=getattr(scenario.value(path), "called", "")))
    return found


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
