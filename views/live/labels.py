"""The fixed words of each part of the screen, in the language chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.schedule import month_index
from views.live import market
from views.live.lives import WHO
from views.live.pictures import GROUP_WORDS
from views.live.words import LiveSpeech
from views.words.language import phrase

if TYPE_CHECKING:
    from views.live.market import LiveMarket


def choices(say: LiveSpeech) -> dict[str, Any]:
    """What may be watched."""
    return {
        "title": say("Live labour market"),
        "scenario": say("Scenario"),
        "begins": say("Begins"),
        "persons": say("Simulated persons"),
        "language": say("Language"),
        "scenarios": [{"id": name, "text": say.scenario(name)} for name in market.shipped()],
        "openings": [{"id": month, "text": say.month(month_index(month))} for month in market.OPENINGS],
        "sizes": [market.LEAST_POPULATION, market.MOST_POPULATION, market.POPULATION_STEP],
    }


def heading(live: LiveMarket, say: LiveSpeech) -> dict[str, str]:
    """The month in words, and what a simulated person stands for."""
    month = say.month(live.month)
    ended = phrase("{month} · the scenario ends here; press Reset to play again")
    people = say.people(live.market.people_per_agent)
    return {
        "month": say(ended, month=month) if live.month >= live.market.last_month else month,
        "scale": say("Each simulated person stands for about {people} people.", people=people),
    }


def job_graph(say: LiveSpeech) -> dict[str, Any]:
    """Title, switch and notes of the job graph."""
    return {
        "title": say("The job graph"),
        "colour": say("Colour"),
        "colourings": [
            {"id": "tightness", "text": say("posts per job seeker")},
            {"id": "unemployment", "text": say("unemployment")},
        ],
        "note": say(
            "Size: people at work. Lines: where people hired in the last 12 months came from; moving: hired this month."
        ),
        "hint": say("Choose an occupation to see its firms and people."),
    }


def side_pictures(say: LiveSpeech) -> dict[str, Any]:
    """Titles, axes and notes of the two pictures."""
    return {
        "beveridge": say("The Beveridge curve"),
        "across": say("unemployed, % of labour force"),
        "upward": say("open posts, % of all posts"),
        "traced": say("Each dot is a month, the line a mean of twelve; the last year is dark."),
        "stack": say("Who works, searches, waits, is gone"),
        "whom": say("Whom"),
        "groups": [{"id": name, "text": say(words)} for name, words in GROUP_WORDS.items()],
        "unit": say("% of people out of school"),
        "table": say("As a table, last 12 months"),
    }


def details(say: LiveSpeech, who: str = "all") -> dict[str, Any]:
    """Headings of an occupation's card and of a life."""
    return {
        "close": say("Close"),
        "arrivals": say("People come from"),
        "leavers": say("People leave for"),
        "nobody": say("nobody in the last 12 months"),
        "firms": say("Firms with most people in this job"),
        "columns": [say("Firm"), say("Sector"), say("In this job"), say("Staff"), say("Vacancies")],
        "counts": say("Counts in this table are simulated persons."),
        "at_work": say("People in this job"),
        "searching": say("People who had this job and search"),
        "show": say("Show"),
        "who": [{"id": name, "text": say(told)} for name, told in WHO.items()],
        "chosen": {"id": who},
        "no_people": say("Nobody here whose life is on record."),
        "life": say("A life"),
        "gap": say.joined(["", ""]),
    }
