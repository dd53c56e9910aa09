"""The opening of the twin: an engine's columns turned into objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.columns import CLOSED_AT_35, OPEN_TO_BEGINNERS, RANKS_EXPERIENCE, FirmKind, Flag, Status
from model.randomness import FOR_GOOD, Key, Purpose, draw_key, further, uniforms

from .firms import Firm
from .people import Person
from .posts import JobMap, Vacancy

if TYPE_CHECKING:
    from agents.columns import Vacancies
    from model.market import Market

    from .market import MesaMarket

#: Columns of a person that are attributes of the same name.
COPIED = ("birth", "since", "event", "graduated", "education", "occupation", "pay", "home")


def copy_firms(model: MesaMarket, opened: Market) -> list[Firm]:
    """A firm object for each row, and what its group remembers."""
    columns, groups = opened.firms, opened.groups
    for g, group in enumerate(model.groups):
        group.employed, group.posts = int(groups.employed[g]), int(groups.vacancies[g])
        group.carry, group.campus_carry = float(groups.posting[g]), float(groups.campus_posting[g])
        group.mean_weight = float(groups.layoff_weight[g])
    firms = []
    for row, g in enumerate(columns.group.tolist()):
        firm = Firm(
            model, model.groups[g], float(columns.size[row]), float(columns.staffed[row]), float(columns.shock[row])
        )
        firm.premium, firm.age_rule = float(columns.premium[row]), float(columns.age_rule[row])
        firm.activity, firm.headcount = float(opened.plan.firm_activity[row]), int(columns.headcount[row])
        firms.append(firm)
    model.developer_rows = [row for row, kind in enumerate(columns.kind.tolist()) if kind == FirmKind.DEVELOPER]
    model.developers = [firms[row] for row in model.developer_rows]
    return firms


def copy_people(model: MesaMarket, opened: Market, firms: list[Firm]) -> None:
    """A person object for each row in use, with the plans for life that the engine gives that identity."""
    columns, count = opened.people, opened.people.count
    identity = columns.identity[:count]
    retirement = draw_key(opened.seed, Purpose.RETIREMENT, 0)
    fate = uniforms(retirement, identity).tolist()
    month_of_year = uniforms(Key(further(retirement, 1)), identity).tolist()
    plan = uniforms(draw_key(opened.seed, Purpose.GRADUATION, FOR_GOOD), identity).tolist()
    values = {name: getattr(columns, name)[:count].tolist() for name in (*COPIED, "status", "flags", "employer")}
    for row in range(count):
        status, flags = Status(values["status"][row]), values["flags"][row]
        if status is Status.GONE:
            continue
        person = Person(model, values["birth"][row])
        for name in COPIED:
            setattr(person, name, values[name][row])
        person.status, person.plan = status, plan[row]
        person.fate, person.month_of_year = fate[row], month_of_year[row]
        person.stem, person.experienced = bool(flags & Flag.STEM), bool(flags & Flag.EXPERIENCED)
        person.gig, person.offer = bool(flags & Flag.GIG), bool(flags & Flag.OFFER)
        person.foreign, person.searching_student = bool(flags & Flag.FOREIGN), bool(flags & Flag.SEARCHING_STUDENT)
        employer = values["employer"][row]
        person.employer = firms[employer] if employer >= 0 else None
        if person.foreign:
            model.foreigners.add(person)


def copy_posts(columns: Vacancies, firms: list[Firm]) -> list[Vacancy]:
    """A vacancy object for each post that is not filled."""
    return [
        Vacancy(
            firms[firm],
            int(columns.occupation[row]),
            bool(columns.flags[row] & CLOSED_AT_35),
            bool(columns.flags[row] & OPEN_TO_BEGINNERS),
            bool(columns.flags[row] & RANKS_EXPERIENCE),
            float(columns.offer[row]),
            int(columns.posted[row]),
        )
        for row, firm in enumerate(columns.firm[: columns.count].tolist())
        if firm >= 0
    ]


def job_map(opened: Market) -> JobMap:
    """The job graph as lists of what each occupation reaches, and who is admitted where."""
    reach = opened.exogenous.reach
    targets = [row[:degree] for row, degree in zip(reach.target.tolist(), reach.degree.tolist(), strict=True)]
    ease = [row[:degree] for row, degree in zip(reach.ease.tolist(), reach.degree.tolist(), strict=True)]
    stem, visa = opened.exogenous.stem.tolist(), opened.exogenous.k_visa_open.tolist()
    return JobMap(targets, ease, [[not needed for needed in stem], [True] * len(stem), visa])
