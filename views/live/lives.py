"""Who stands behind a circle: an occupation's firms, some of its people, and the story of one of them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.columns import FEMALE, Flag, Hukou, Status
from agents.developer_columns import SOLVENT
from agents.people import Person
from views.figures.palette import BLUE, VERMILLION, YELLOW
from views.live.graph import facts, occupations_now
from views.live.record import Month
from views.live.words import EDUCATION, LiveSpeech
from views.words.language import phrase

if TYPE_CHECKING:
    from model.labour_market import LabourMarket
    from views.live.market import LiveMarket

MOST_FIRMS, MOST_PEOPLE, MOST_NEIGHBOURS, MOST_EVENTS = 8, 6, 4, 10
#: Word and colour of what a person does.
STATUS_WORDS = {
    Status.STUDENT: (phrase("student"), "#B5DDCB"),
    Status.POSTGRADUATE: (phrase("postgraduate"), "#5FB99A"),
    Status.EXAM_QUEUE: (phrase("waits for an exam"), YELLOW),
    Status.HOME: (phrase("at home"), "#C4C4C4"),
    Status.DISCOURAGED: (phrase("gave up searching"), "#8F8F8F"),
    Status.RETIRED: (phrase("retired"), "#DEDEDE"),
    Status.UNEMPLOYED: (phrase("searches"), VERMILLION),
    Status.EMPLOYED: (phrase("works"), BLUE),
}
#: Whom the lists of people can be narrowed to: a name for programs, words, and whether somebody's column `civil` fits.
WHO = {
    "all": phrase("everybody"),
    "women": phrase("women"),
    "men": phrase("men"),
    "local": phrase("registered in their city"),
    "migrant_urban": phrase("from other towns"),
    "migrant_rural": phrase("from the countryside"),
}
#: What a person is called, by gender; where they are registered, and the same in a word.
_PERSON = {True: phrase("woman of {age}"), False: phrase("man of {age}")}
_IS = {True: phrase("Is a woman of {age}; {education}."), False: phrase("Is a man of {age}; {education}.")}
_REGISTERED = {
    Hukou.LOCAL: phrase("Is registered in the city."),
    Hukou.MIGRANT_URBAN: phrase("Is registered in another town."),
    Hukou.MIGRANT_RURAL: phrase("Is registered in the countryside."),
    Hukou.FOREIGN: phrase("Came to China on a K visa."),
}
_FROM = {Hukou.MIGRANT_URBAN: WHO["migrant_urban"], Hukou.MIGRANT_RURAL: WHO["migrant_rural"],
         Hukou.FOREIGN: phrase("from abroad")}  # fmt: skip
_BEGAN = {
    Status.STUDENT: phrase("went to school"),
    Status.POSTGRADUATE: phrase("began postgraduate studies"),
    Status.EXAM_QUEUE: phrase("began to wait for an exam"),
    Status.HOME: phrase("stayed at home"),
    Status.DISCOURAGED: phrase("gave up searching"),
    Status.RETIRED: phrase("retired from work"),
    Status.UNEMPLOYED: phrase("began to search"),
}
#: By whether somebody had a job before, and has searched for a month or more.
_SEARCHES = {
    (True, True): phrase("Has been looking for work for {span}; last job: {occupation}."),
    (False, True): phrase("Has been looking for work for {span}; trained for: {occupation}."),
    (True, False): phrase("Began to look for work this month; last job: {occupation}."),
    (False, False): phrase("Began to look for work this month; trained for: {occupation}."),
}


# --- an occupation --------------------------------------------------------------------------------------------------


def occupation(live: LiveMarket, name: str, say: LiveSpeech, who: str = "all") -> dict[str, Any]:
    """An occupation's numbers, its firms, whom it exchanges people with, and people to ask."""
    code = live.market.occupation_ids.index(name)
    year, scale = live.record.moves_of_a_year, live.market.people_per_agent
    arrivals, leavers = year[:, code].copy(), year[code].copy()
    arrivals[code] = leavers[code] = 0
    at_work, searching = people(live, code, who)
    return {
        "id": name,
        "title": say.occupation(code),
        "other": LiveSpeech("en" if say.language == "zh" else "zh").occupation(code),
        "facts": facts(occupations_now(live)[code], say),
        "firms": firms(live, code, say),
        "arrivals": _neighbours(arrivals * scale, say),
        "leavers": _neighbours(leavers * scale, say),
        "at_work": [card(live.market, row, say) for row in at_work],
        "searching": [card(live.market, row, say) for row in searching],
    }


def _neighbours(counts: NDArray[Any], say: LiveSpeech) -> list[dict[str, str]]:
    """The busiest other ends of moves, with how many people; a last one beyond the occupations is school."""
    ends = [int(code) for code in np.argsort(-counts, kind="stable")[:MOST_NEIGHBOURS] if counts[code] > 0]
    names = [say("first jobs") if code >= say.occupations else say.occupation(code) for code in ends]
    return [{"text": text, "people": say.people(float(counts[code]))} for code, text in zip(ends, names, strict=True)]


def firms(live: LiveMarket, code: int, say: LiveSpeech) -> list[dict[str, Any]]:
    """The firms that employ most people in an occupation; gig work has none. Counts are of simulated persons."""
    market = live.market
    people_, table, posts = market.people, market.firms, market.vacancies
    used = slice(0, people_.count)
    here = (people_.status[used] == Status.EMPLOYED) & (people_.occupation[used] == code)
    here &= (people_.flags[used] & int(Flag.GIG)) == 0
    staff = np.bincount(people_.employer[used][here], minlength=len(table))
    open_here = (posts.firm[: posts.count] >= 0) & (posts.occupation[: posts.count] == code)
    vacancies = np.bincount(posts.firm[: posts.count][open_here], minlength=len(table))
    order = [int(row) for row in np.lexsort((-vacancies, -staff))[:MOST_FIRMS] if staff[row] or vacancies[row]]
    return [
        {
            "firm": say("no. {number}", number=row),
            "note": say("in default") if _in_default(market, row) else "",
            "sector": say.sector(int(table.sector[row])),
            "here": int(staff[row]),
            "vacancies": int(vacancies[row]),
            "staff": int(table.headcount[row]),
        }
        for row in order
    ]


def _in_default(market: LabourMarket, firm: int) -> bool:
    own = market.firms.developer[firm]
    return bool(own >= 0 and market.developers.defaulted[own] != SOLVENT)


# --- people ---------------------------------------------------------------------------------------------------------


def people(live: LiveMarket, code: int, who: str = "all") -> tuple[list[int], list[int]]:
    """Rows of some who work in an occupation, and of some who last did and search: those on record come first.

    Drawn by identity, so that all ages come up and the list is the same while they stay. `who` is one of `WHO`.
    """
    table = live.market.people
    used = slice(0, table.count)
    found = []
    for status in (Status.EMPLOYED, Status.UNEMPLOYED):
        here = (table.status[used] == status) & (table.occupation[used] == code)
        rows = np.flatnonzero(here & _is(who, table.civil[used]))
        kept = live.record.samples(table.identity[rows])
        lot = table.identity[rows] * np.uint32(2_654_435_761)  # Knuth's multiplier; wraps round
        order = np.lexsort((lot, ~kept))
        found.append([int(row) for row in rows[order][:MOST_PEOPLE]])
    return found[0], found[1]


def _is(who: str, civil: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Who of some people belongs to a group of `WHO`."""
    if who == "all":
        return np.ones(len(civil), np.bool_)
    if who in {"women", "men"}:
        return np.asarray(((civil & FEMALE) > 0) == (who == "women"))
    return np.asarray((civil & (FEMALE - 1)) == Hukou[who.upper()])


def _registered(market: LabourMarket, row: int) -> Hukou:
    return Hukou(int(market.people.civil[row]) & (FEMALE - 1))


def card(market: LabourMarket, row: int, say: LiveSpeech) -> dict[str, Any]:
    """A person in a few words."""
    someone = person_at(market, row)
    if someone.employed:
        span = say.span(someone.tenure)
        state = say("{span} in the job", span=span) if someone.tenure else say("hired this month")
    else:
        span = say.span(someone.spell)
        state = say("searching for {span}", span=span) if someone.spell else say("searching since this month")
    school = say(EDUCATION[int(market.people.education[row])])
    called = say(_PERSON[someone.gender == "female"], age=int(someone.age))
    origin = _FROM.get(_registered(market, row))
    return {
        "id": int(someone.unique_id),
        "text": say("{person}, {education}", person=called, education=school) + (f" · {say(origin)}" if origin else ""),
        "state": state,
    }


def person_at(market: LabourMarket, row: int) -> Person:
    """The person of a row."""
    (someone,) = market.kinds.views(market, np.array([row]) + market.kinds.first_code("persons"))
    assert isinstance(someone, Person)  # noqa: S101 - a row from 0 up is a person's
    return someone


def row_of(market: LabourMarket, identity: int) -> int | None:
    """The row of a person who is still in the market."""
    table = market.people
    used = slice(0, table.count)
    rows = np.flatnonzero((table.identity[used] == identity) & (table.status[used] != Status.GONE))
    return int(rows[0]) if len(rows) else None


# --- one life -------------------------------------------------------------------------------------------------------


class Stretch(NamedTuple):
    """Months in a row that somebody spent the same way."""

    first: int
    last: int
    status: Status
    occupation: int
    employer: int


def story(live: LiveMarket, identity: int, say: LiveSpeech) -> dict[str, Any]:
    """Who a person is, what they do now, and their months on record."""
    row = row_of(live.market, identity)
    life = stretches(list(live.record.months), identity)
    if row is not None and not life:
        life = [Stretch(live.month, live.month, *_place(live.market, row))]
    first = life[0].first if life else live.month
    span = max(1, live.month - first + 1)
    bars = [
        {
            "left": round(100 * (part.first - first) / span, 2),
            "width": round(100 * (part.last - part.first + 1) / span, 2),
            "colour": STATUS_WORDS[part.status][1],
            "text": f"{say.short_month(part.first)} – {say.short_month(part.last)}: {_doing(part, say)}",
        }
        for part in life
    ]
    used = dict.fromkeys(part.status for part in life)
    return {
        "id": identity,
        "sentences": present(live.market, row, say)
        if row is not None
        else [say("Has left the cities' labour market for good.")],
        "since": say("On record since {month}", month=say.month(first)),
        "bars": bars,
        "key": [{"text": say(STATUS_WORDS[status][0]), "colour": STATUS_WORDS[status][1]} for status in used],
        "events": events(life, say)[-MOST_EVENTS:][::-1],
        "from": say.short_month(first),
        "to": say.short_month(live.month),
    }


def present(market: LabourMarket, row: int, say: LiveSpeech) -> list[str]:
    """What a person is and does this month, in sentences."""
    someone = person_at(market, row)
    school = say(EDUCATION[int(market.people.education[row])])
    if someone.stem and market.people.education[row] >= 2:
        school = say("{education} in science or technology", education=school)
    sentences = [say(_IS[someone.gender == "female"], age=int(someone.age), education=school)]
    sentences.append(say(_REGISTERED[_registered(market, row)]))
    trade = say.occupation(int(market.people.occupation[row]))
    if someone.employed:
        told = phrase("Works as {occupation}, {employer}, for {span}, for {wage} CNY a month.")
        if not someone.tenure:
            told = phrase("Began this month as {occupation}, {employer}, for {wage} CNY a month.")
        place = _workplace(market, row, say)
        wage = f"{someone.wage:,.0f}"
        sentences.append(say(told, occupation=trade, employer=place, span=say.span(someone.tenure), wage=wage))
    elif someone.status == "unemployed":
        told = _SEARCHES[bool(someone.experienced), bool(someone.spell)]
        sentences.append(say(told, span=say.span(someone.spell), occupation=trade))
    else:
        status = Status(int(market.people.status[row]))
        sentences.append(say("Now {status}.", status=say(STATUS_WORDS[status][0])))
    return sentences


def _workplace(market: LabourMarket, row: int, say: LiveSpeech) -> str:
    if market.people.flags[row] & int(Flag.GIG):
        return say("in gig work")
    firm = int(market.people.employer[row])
    return say("at {sector} firm no. {number}", sector=say.sector(int(market.firms.sector[firm])), number=firm)


def _place(market: LabourMarket, row: int) -> tuple[Status, int, int]:
    """What a person does, and at work as what and for whom."""
    status = Status(int(market.people.status[row]))
    if status != Status.EMPLOYED:
        return status, -1, -1
    return status, int(market.people.occupation[row]), int(market.people.employer[row])


def stretches(months: list[Month], identity: int) -> list[Stretch]:
    """A person's months on record, those alike in a row joined."""
    found: list[Stretch] = []
    for month in months:
        places = np.flatnonzero(month.lives.identity == identity)
        if not len(places):
            continue
        place = int(places[0])
        status = Status(int(month.lives.status[place]))
        at_work = status == Status.EMPLOYED
        work = (int(month.lives.occupation[place]), int(month.lives.employer[place])) if at_work else (-1, -1)
        latest = found[-1] if found else None
        if latest and (latest.status, latest.occupation, latest.employer) == (status, *work):
            found[-1] = latest._replace(last=month.month)
        else:
            found.append(Stretch(month.month, month.month, status, *work))
    return found


def _doing(part: Stretch, say: LiveSpeech) -> str:
    words = say(STATUS_WORDS[part.status][0])
    return f"{words} ({say.occupation(part.occupation)})" if part.status == Status.EMPLOYED else words


def events(life: list[Stretch], say: LiveSpeech) -> list[dict[str, str]]:
    """What happened between the stretches of a life, oldest first."""
    found = []
    for before, after in pairwise(life):
        if after.status == Status.EMPLOYED:
            moved = before.status == Status.EMPLOYED
            told = phrase("moved to another job: {occupation}") if moved else phrase("hired as {occupation}")
            text = say(told, occupation=say.occupation(after.occupation))
        else:
            text = say(_BEGAN[after.status])
            if before.status == Status.EMPLOYED:
                left = say("lost or left the job as {occupation}", occupation=say.occupation(before.occupation))
                text = f"{left}; {text}"
        found.append({"when": say.short_month(after.first), "text": text})
    return found
