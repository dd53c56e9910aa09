"""What happens in a month, in order: the page to read first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from model.phases.demand import demand
from model.phases.enter import enter
from model.phases.hire import hire
from model.phases.levers import open_levers
from model.phases.measure import measure
from model.phases.participate import participate
from model.phases.post import post
from model.phases.property import advance_homes
from model.phases.search import search
from model.phases.separate import separate
from model.phases.visa import feel, visa
from model.phases.wages import set_wages

if TYPE_CHECKING:
    from model.market import Market


class Phase(NamedTuple):
    """One step of a month: its name, what it does to the market, and that in a sentence."""

    name: str
    run: Callable[[Market], None]
    story: str


MONTH: tuple[Phase, ...] = (
    Phase("levers", open_levers, "Dated levers take effect."),
    Phase("enter", enter, "People age; graduates, school leavers and migrants enter; others retire or return."),
    Phase("property", advance_homes, "Homes are sold, started and financed; developers default; prices move."),
    Phase("demand", demand, "Consumption, property, technology and growth set the jobs each firm wants."),
    Phase("separate", separate, "Jobs end by themselves, by choice or by layoff."),
    Phase("post", post, "Firms post vacancies, some closed at 35; campus openings from October to May."),
    Phase("search", search, "Seekers apply to reachable vacancies that pay what they ask."),
    Phase("hire", hire, "Each vacancy takes the best of its applicants."),
    Phase("wages", set_wages, "Offers follow tightness in each occupation; pay is reviewed once a year."),
    Phase("participate", participate, "Some give up, some stay at home, some take gig work."),
    Phase("visa", visa, "K-visa holders arrive within the quota; earlier hires bring posts."),
    Phase("backlash", feel, "Anger rises with youth unemployment and attention; it may suspend the visa."),
    Phase("measure", measure, "The month is surveyed, recorded and its books are closed."),
)
