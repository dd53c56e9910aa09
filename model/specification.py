"""What a world is made of: a country, the built-in mechanisms and, where a modeller adds some, those beside them.

A `Specification` puts together what they declare: parameters, steps of the month, indicators, causes. Every scenario
carries the one it was read under, so that a worker, a report or a copy of it never needs to be told again. `in_force`
is the one under which files and options are read: `--with FILE.py` puts another in force for the whole process, `use`
for a while.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from model.country.china import CHINA
from model.country.country import Country
from model.mechanism import Cause, Indicator, Mechanism, MechanismError, Step, later
from model.mechanisms import BUILT_IN
from model.mechanisms.demand import DEMAND
from model.month import MONTH
from model.parameters import SETTINGS, Parameter
from model.scenario.fitted import fitted_values, with_fitted_values
from model.scenario.problems import Problem, ScenarioError, did_you_mean, quoted

if TYPE_CHECKING:
    from agents.kinds import Kinds

#: Names that may be written at one place of a file, each a parameter or a section of further names.
Names: TypeAlias = dict[str, "Parameter | Names"]
#: The sections of a scenario file in the order they are written; a mechanism of one's own may add one.
SECTIONS = (
    "graduates",
    "hiring",
    "layoffs",
    "visa",
    "property",
    "technology",
    "retirement",
    "macro",
    "policy_feedback",
    "parameters",
)
#: Names at the top of a scenario file that are no section.
RESERVED = ("schema_version", "name", "description", "extends", "start", "end")


@dataclass(frozen=True)
class Specification:
    """The country and the mechanisms of a world; `own` are those that a modeller adds to the built-in ones."""

    own: tuple[Mechanism[Any], ...] = ()
    country: Country = CHINA

    def __post_init__(self) -> None:
        """Raise MechanismError with every problem: what exists already, a step without a place, a default too large."""
        problems = [
            problem
            for place, mechanism in enumerate(self.own)
            for problem in problems_of(mechanism, (*built_in(self.country), *self.own[:place]), self.country)
        ]
        if problems:
            raise MechanismError(str(ScenarioError(problems)))

    def __reduce__(self) -> tuple[type[Specification], tuple[object, ...]]:
        """Another process puts it together anew: what is derived does not travel."""
        return Specification, (self.own, self.country)

    def __deepcopy__(self, _: object) -> Specification:
        """It never changes, so a copy of a market shares it."""
        return self

    @cached_property
    def mechanisms(self) -> tuple[Mechanism[Any], ...]:
        """All mechanisms: the built-in ones, then those of one's own."""
        return (*built_in(self.country), *self.own)

    # --- what a scenario may set ---------------------------------------------------------------------------------

    @cached_property
    def declared(self) -> tuple[Parameter, ...]:
        """Every parameter as declared: defaults are what was believed before any fit."""
        return tuple(parameter for mechanism in self.mechanisms for parameter in mechanism.parameters)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter in force: with fitted values as defaults."""
        return with_fitted_values(self.declared, fitted_values(self.country))

    @property
    def levers(self) -> tuple[Parameter, ...]:
        """What scenarios are written to vary: everything dated that is no number of the structure."""
        return tuple(one for one in self.declared if one.dated and not one.path.startswith("parameters."))

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """The sections of a scenario file in the order they are written."""
        return tuple(dict.fromkeys([*SECTIONS, *(each.path.partition(".")[0] for each in self.declared)]))

    @cached_property
    def by_path(self) -> Mapping[str, Parameter]:
        """Every concrete path below the sections, in the order of a file, with its declaration."""
        ordered = sorted(self.parameters, key=lambda parameter: self.sections.index(parameter.path.partition(".")[0]))
        return {path: parameter for parameter in ordered for path in self.paths_of(parameter)}

    def paths_of(self, parameter: Parameter) -> tuple[str, ...]:
        """The paths a scenario can set: one, or `all` and one per sector of the country."""
        return parameter.concrete_paths(self.country.sector_ids)

    @cached_property
    def names(self) -> dict[str, Names]:
        """What may be written under each section of a scenario file."""
        sections: dict[str, Names] = {section: {} for section in self.sections}
        for path, parameter in self.by_path.items():
            section, *between, last = path.split(".")
            level = sections[section]
            for name in between:
                deeper = level.setdefault(name, {})
                if isinstance(deeper, Parameter):
                    raise MechanismError(f"{path} stands below another parameter")
                level = deeper
            level[last] = parameter
        return sections

    def declaration(self, path: str) -> Parameter | None:
        """The declaration of a concrete path or of a setting such as `population`; None when there is none."""
        return self.by_path.get(path) or next((setting for setting in SETTINGS if setting.path == path), None)

    def path_for_all(self, path: str) -> str:
        """The path whose value holds where a sector has no entry of its own; a path without sectors is its own."""
        parameter = self.by_path[path]
        return parameter.path.removesuffix("SECTOR") + "all" if parameter.per_sector else path

    # --- what is read off, and why -------------------------------------------------------------------------------

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every column of the monthly table, each with its reading."""
        return tuple(
            indicator if indicator.read else replace(indicator, read=_beside(mechanism, indicator.name))
            for mechanism in self.mechanisms
            for indicator in mechanism.indicators
        )

    @cached_property
    def indicator(self) -> Mapping[str, Indicator]:
        """The indicators by name, in the order of the columns."""
        return {indicator.name: indicator for indicator in self.indicators}

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """What unemployment is put down to."""
        return tuple(cause for mechanism in self.mechanisms for cause in mechanism.causes)

    # --- who is in a market -----------------------------------------------------------------------------------------

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of agents: persons, firms, then those of mechanisms."""
        from agents.built_in import BUILT_IN as PERSONS_AND_FIRMS  # which loads Mesa
        from agents.kinds import Kinds

        return Kinds(*PERSONS_AND_FIRMS.kinds, *(kind for mechanism in self.mechanisms for kind in mechanism.kinds))

    # --- what happens in a month ---------------------------------------------------------------------------------

    @cached_property
    def month(self) -> tuple[Step, ...]:
        """The steps of a month in their order."""
        steps = list(MONTH)
        for mechanism in self.own:
            for step in mechanism.steps:
                names = [each.name for each in steps]
                place = names.index(step.before) if step.before else names.index(step.after) + 1
                while not step.before and place < len(steps) and steps[place].after == step.after:
                    place += 1  # beside others at the same place, in the order in which they were given
                steps.insert(place, step)
        return tuple(steps)


def _beside(mechanism: Mechanism[Any], name: str) -> Any:
    """The reading of that name in the folder of a built-in mechanism."""
    return later(f"{mechanism.home}.readings:{name}")


@cache
def built_in(country: Country) -> tuple[Mechanism[Any], ...]:
    """The built-in mechanisms with what a country declares: the firms of its sectors, values that hold there."""

    def here(mechanism: Mechanism[Any]) -> Mechanism[Any]:
        declared = (*mechanism.parameters, *(country.firms if mechanism is DEMAND else ()))
        held = country.defaults
        parameters = tuple(replace(one, default=held[one.path]) if one.path in held else one for one in declared)
        return mechanism if parameters == mechanism.parameters else replace(mechanism, parameters=parameters)

    return tuple(here(mechanism) for mechanism in BUILT_IN)


def problems_of(mechanism: Mechanism[Any], others: Sequence[Mechanism[Any]], country: Country) -> list[Problem]:
    """Everything that keeps a mechanism from standing beside others, each where its file says it."""
    told = [*_taken(mechanism, others), *_parameters(mechanism, others), *_places(mechanism, others)]
    told += [*_causes(mechanism, others, country), *_kinds(mechanism, others)]
    origin = mechanism.origin
    return [
        Problem(origin.name, origin.line_of(word), None, message)
        if origin
        else Problem(f"mechanism {mechanism.id!r}", None, None, message)
        for word, message in told
    ]


def _taken(mechanism: Mechanism[Any], others: Sequence[Mechanism[Any]]) -> Iterator[tuple[str, str]]:
    """Names that something else has already."""
    for what, asked, taken in (
        ("mechanism", [mechanism.id], [each.id for each in others]),
        ("indicator", _names(mechanism.indicators), [name for each in others for name in _names(each.indicators)]),
        ("step", _names(mechanism.steps), [name for each in others for name in _names(each.steps)]),
        ("cause", [one.id for one in mechanism.causes], [one.id for each in others for one in each.causes]),
    ):
        for place, name in enumerate(asked):
            if name in taken or name in asked[:place]:
                yield name, f"the {what} {quoted(name)} exists already; give this one another name"


def _parameters(mechanism: Mechanism[Any], others: Sequence[Mechanism[Any]]) -> Iterator[tuple[str, str]]:
    taken = {one.path.removesuffix(".SECTOR") for each in others for one in each.parameters}
    for parameter in mechanism.parameters:
        if message := _problem_of(parameter, taken):
            yield parameter.path, message
        taken.add(parameter.path.removesuffix(".SECTOR"))


def _places(mechanism: Mechanism[Any], others: Sequence[Mechanism[Any]]) -> Iterator[tuple[str, str]]:
    places = [*_names(MONTH), *(name for each in others[len(BUILT_IN) :] for name in _names(each.steps))]
    for step in mechanism.steps:
        if message := _problem_of_place(step, places):
            yield step.before or step.after or step.name, message
        places.append(step.name)


def _causes(mechanism: Mechanism[Any], others: Sequence[Mechanism[Any]], country: Country) -> Iterator[tuple[str, str]]:
    declared = [one for each in (*others, mechanism) for one in each.parameters]
    known = {path for one in declared for path in one.concrete_paths(country.sector_ids)}
    for cause in mechanism.causes:
        for path in cause.off if isinstance(cause.off, Mapping) else ():
            if path not in known:
                yield path, f"the cause {quoted(cause.id)} switches off {quoted(path)}, which no mechanism declares"


def _kinds(mechanism: Mechanism[Any], others: Sequence[Mechanism[Any]]) -> Iterator[tuple[str, str]]:
    if not mechanism.kinds:
        return
    from agents.built_in import BUILT_IN as PERSONS_AND_FIRMS  # which loads Mesa, as the file with the kind has

    known = [*PERSONS_AND_FIRMS.kinds, *(kind for each in others for kind in each.kinds)]
    for kind in mechanism.kinds:
        if kind.id in [each.id for each in known]:
            yield kind.id, f"the kind of agents {quoted(kind.id)} exists already; give this one another id"
        for cls in kind.classes:
            if cls in [one for each in known for one in each.classes]:
                yield kind.id, f"{quoted(cls.__name__)} belongs to another kind of agents than {quoted(kind.id)}"
        known.append(kind)


def _names(declared: Sequence[Indicator] | Sequence[Step]) -> list[str]:
    return [each.name for each in declared]


def _problem_of(parameter: Parameter, taken: Collection[str]) -> str:
    """Why a parameter cannot be declared; empty when it can."""
    path = parameter.path
    if not re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*(\.SECTOR)?", path):
        return f"{quoted(path)} is not a path; write section.name in lower case, such as 'hiring.hours_cap'"
    if path.removesuffix(".SECTOR") in taken:
        return f"the lever {quoted(path)} exists already; give this one another path"
    if path.partition(".")[0] in {*(setting.path for setting in SETTINGS), *RESERVED}:
        return f"{quoted(path.partition('.')[0])} is a name of the file itself; choose another section"
    if not parameter.switch and not parameter.choices and not parameter.names_file:
        held = parameter.default
        for value in held.values() if isinstance(held, Mapping) else [held]:
            if isinstance(value, str) or not parameter.low <= value <= parameter.high:
                return f"the default {value!r} of {quoted(path)} lies outside {parameter.low:g} to {parameter.high:g}"
    if not parameter.source.strip():
        return f"{quoted(path)} has no source; name one, or write 'assumption'"
    return ""


def _problem_of_place(step: Step, places: Sequence[str]) -> str:
    """Why a step has no place in the month; empty when it has one."""
    if bool(step.before) == bool(step.after):
        return f"the step {quoted(step.name)} says neither or both of before= and after=; name one step of the month"
    place = step.before or step.after
    if place in places:
        return ""
    hint = did_you_mean(place, dict.fromkeys(places))
    return f"there is no step {quoted(place)} in a month{hint}\n    there are: {', '.join(places)}"


#: The model as it is shipped.
STANDARD = Specification()
#: The one in force comes last, each in a box of its own: options may replace it while a `use` lasts.
_IN_FORCE: list[list[Specification]] = [[STANDARD]]


def in_force() -> Specification:
    """The specification under which files and options are read now."""
    return _IN_FORCE[-1][0]


def put_in_force(specification: Specification) -> None:
    """Read files and options under a specification from now on, in every thread; within a `use` until it ends."""
    _IN_FORCE[-1][0] = specification


@contextmanager
def use(specification: Specification) -> Iterator[None]:
    """Read files and options under a specification for a while."""
    box = [specification]
    _IN_FORCE.append(box)
    try:
        yield
    finally:
        _IN_FORCE[:] = [each for each in _IN_FORCE if each is not box]
