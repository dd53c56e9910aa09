"""The opening of the twin: an engine's columns turned into objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.columns import CLOSED_AT_35, FOR_MEN, FOR_WOMEN, OPEN_TO_BEGINNERS, RANKS_EXPERIENCE, Flag, Status

from .firms import Firm
from .people import Person
from .posts import JobMap, Vacancy

if TYPE_CHECKING:
    from agents.columns import Vacancies
    from model.market import Market

    from .market import MesaMarket

#: Columns of a person that are attributes of the same name.
COPIED = ("birth", "since", "event", "graduated", "education", "civil", "occupation", "pay", "home")


def copy_firms(model: MesaMarket, opened: Market) -> list[Firm]:
    """A firm object for each row, and what its group remembers."""
    columns, groups = opened.firms, opened.groups
    for g, group in enumerate(model.groups):
        group.employed, group.posts = int(groups.employed[g]), int(groups.vacancies[g])
        group.mean_weight = float(groups.layoff_weight[g])
    group_of, heads = columns.group.tolist(), columns.headcount.tolist()
    return [Firm(model, row, model.groups[g], heads[row]) for row, g in enumerate(group_of)]


def copy_people(model: MesaMarket, opened: Market, firms: list[Firm]) -> None:
    """A person object for each row in use, with the plans for life that the engine gives that identity."""
    columns, count = opened.people, opened.people.count
    identity = columns.identity[:count].tolist()
    values = {name: getattr(columns, name)[:count].tolist() for name in (*COPIED, "status", "flags", "employer")}
    for row in range(count):
        status, flags = Status(values["status"][row]), values["flags"][row]
        if status is Status.GONE:
            continue
        person = Person(model, identity[row], values["birth"][row])
        for name in COPIED:
            setattr(person, name, values[name][row])
        person.status = status
        person.stem, person.experienced = bool(flags & Flag.STEM), bool(flags & Flag.EXPERIENCED)
        person.gig, person.offer = bool(flags & Flag.GIG), bool(flags & Flag.OFFER)
        person.foreign, person.searching_student = bool(flags & Flag.FOREIGN), bool(flags & Flag.SEARCHING_STUDENT)
        employer = values["employer"][row]
        person.employer = firms[employer] if employer >= 0 else None
        if person.foreign:
            model.foreigners.add(person)


def copy_posts(columns: Vacancies, firms: list[Firm]) -> list[Vacancy]:
    """A vacancy object for each post, all of them open."""
    return [
        Vacancy(
            firms[firm],
            int(columns.occupation[row]),
            bool(columns.flags[row] & CLOSED_AT_35),
            bool(columns.flags[row] & OPEN_TO_BEGINNERS),
            bool(columns.flags[row] & RANKS_EXPERIENCE),
            float(columns.offer[row]),
            bool(columns.flags[row] & FOR_WOMEN) if columns.flags[row] & (FOR_MEN | FOR_WOMEN) else None,
        )
        for row, firm in enumerate(columns.firm[: columns.count].tolist())
    ]


def job_map(opened: Market) -> JobMap:
    """The job graph as lists of what each occupation reaches, and who is admitted where."""
    reach = opened.exogenous.reach
    targets = [row[:degree] for row, degree in zip(reach.target.tolist(), reach.degree.tolist(), strict=True)]
    ease = [row[:degree] for row, degree in zip(reach.ease.tolist(), reach.degree.tolist(), strict=True)]
    stem, visa = opened.exogenous.stem.tolist(), opened.exogenous.k_visa_open.tolist()
    return JobMap(targets, ease, [[not needed for needed in stem], [True] * len(stem), visa])
