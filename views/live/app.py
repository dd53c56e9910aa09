"""The live market on the screen: `solara run views/live/app.py`, or mounted into the page by `views.live.mount`.

Mesa's SolaraViz plays, steps and resets; its controls, meant for Solara's side bar, stand above the pictures.
Everything below is one visitor's own: Solara keeps a value of each reactive per visitor.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import solara
import solara.lab
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter
from solara.components.applayout import appbar_portal, apptitle_portal, sidebar_portal

from model.schedule import month_index
from views.live import graph, labels, lives, pictures
from views.live.market import Choice, LiveMarket, is_open, opened
from views.live.words import LiveSpeech
from views.words.language import Language

HERE = Path(__file__).resolve().parent
#: Milliseconds between months at first: slow enough to follow a season.
PLAY_INTERVAL = 301

language: solara.Reactive[Language] = solara.reactive("en")
choice = solara.reactive(Choice())
colouring: solara.Reactive[graph.Colouring] = solara.reactive("tightness")
group = solara.reactive("16_24")
#: The occupation clicked, and the person asked for their story.
occupation: solara.Reactive[str | None] = solara.reactive(None)
person: solara.Reactive[int | None] = solara.reactive(None)
#: To whom the lists of people are narrowed, a name of `lives.WHO`.
who = solara.reactive("all")
#: What the address asked for and the live market does not have.
not_had: solara.Reactive[list[str]] = solara.reactive([])
#: Names in the address that the language and Solara itself read.
OTHERS_READ = {"lang", "kernelid", "modelid", "solara-no-close-beacon"}


def packed(**values: Any) -> str:
    """Values as one text for the browser: Solara would walk through every list and number, which takes far longer."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


@solara.component_vue("choices.vue")
def ChoicesBar(words: Any, choice: Any, language: str, event_choose: Any, event_speak: Any) -> None:
    """Which market is watched, and in which language."""


@solara.component_vue("heading.vue")
def Heading(shown: str) -> None:
    """The month and its headline numbers."""


@solara.component_vue("graph.vue")
def JobGraph(fixed: str, moving: str, event_choose: Any, event_recolour: Any) -> None:
    """The job graph: what stays from month to month, and what does not."""


@solara.component_vue("pictures.vue")
def SidePictures(fixed: str, moving: str, event_regroup: Any, event_drawn: Any) -> None:
    """The Beveridge curve and the stacked picture."""


@solara.component_vue("details.vue")
def Details(fixed: str, moving: str, event_close_it: Any, event_meet: Any, event_narrow: Any) -> None:
    """An occupation's firms and people, and one person's story."""


# --- what was clicked -----------------------------------------------------------------------------------------------


def choose_market(asked: dict[str, Any]) -> None:
    """Watch another market; one that cannot be is left alone (the controls offer none)."""
    try:
        choice.value = choice_of(asked)
    except (KeyError, TypeError, ValueError):
        return
    person.value = None


def choice_of(asked: dict[str, Any]) -> Choice:
    """The market that is asked for; raises ValueError when there is none such."""
    return Choice(str(asked["scenario"]), int(asked["population"]), str(asked["opens"]))


def choose_occupation(name: str | None) -> None:
    """Open an occupation, or close it when it is clicked again."""
    person.value = None
    occupation.value = None if name == occupation.value else name


def choose_person(live: LiveMarket, identity: int) -> None:
    """Tell somebody's story, and keep their months from now on."""
    with live.whole_months:
        live.record.follow(int(identity))
    person.value = int(identity)


def narrow_to(name: str) -> None:
    """Show people of one group alone; a group that is none is left alone."""
    if name in lives.WHO:
        who.value = name


def from_address(search: str | None) -> None:
    """Take language and market from the address: `?lang=zh&scenario=tech_layoffs&opens=2023-01`.

    What cannot be had is kept, to be told.
    """
    asked = {name: values[-1] for name, values in parse_qs((search or "").lstrip("?"), keep_blank_values=True).items()}
    language.value = "zh" if asked.get("lang", "").startswith("zh") else "en"
    found, refused = choice.value, []
    for name in sorted(asked.keys() - OTHERS_READ):
        wanted = _changed(found, name, asked[name])
        if wanted is None:
            refused.append(f"{name}={asked[name]}"[:60])
        found = wanted or found
    choice.value, not_had.value = found, refused[:10]


def _changed(market: Choice, name: str, value: str) -> Choice | None:
    """The market with one thing changed; None when it cannot be."""
    if name not in market.parameters:
        return None
    try:
        return choice_of(market.parameters | {name: value})
    except ValueError:
        return None


# --- the screen -----------------------------------------------------------------------------------------------------


@solara.component
def Layout(children: list[solara.Element] = []) -> None:  # noqa: B006 - Solara hands the children over in it
    """The page without Solara's bars: what Mesa puts there stands in the page itself."""
    router = solara.use_router()
    solara.use_memo(lambda: from_address(router.search), [])
    controls = sidebar_portal.use_portal()
    appbar_portal.use_portal()
    apptitle_portal.use_portal()
    say = LiveSpeech(language.value)
    solara.Title(say("Live labour market"))
    solara.Style(HERE / "live.css")
    with solara.Div(classes=["live", f"live-{language.value}"]):
        with solara.Div(classes=["live-top"]):
            ChoicesBar(
                words=labels.choices(say),
                choice=choice.value.parameters,
                language=language.value,
                event_choose=choose_market,
                event_speak=language.set,
            )
            solara.Div(classes=["live-controls"], children=controls)
        if not_had.value:
            solara.Text(say("Not to be had in the live market, and left out: {what}", what=", ".join(not_had.value)))
        solara.Div(children=children)


@solara.component
def Page() -> None:
    """Opens the market chosen, which may take a moment the first time, and shows it."""
    asked = choice.value
    opening = solara.lab.use_task(lambda: opened(asked), dependencies=[asked], prefer_threaded=True)
    if opening.finished or is_open(asked):
        Watched(asked).key(repr(asked))
    elif opening.error:
        solara.Error(str(opening.exception))
    else:
        say = LiveSpeech(language.value)
        month = say.month(month_index(asked.opens))
        solara.Text(say("The market lives through the years before {month} …", month=month), classes=["live-wait"])
        solara.ProgressLinear(value=True)


@solara.component
def Watched(asked: Choice) -> None:
    """Mesa's controls over a market of the visitor's own, and its pictures."""
    first = solara.use_memo(lambda: LiveMarket(**asked.parameters), [])
    live = solara.use_reactive(first)

    def leave() -> Callable[[], None]:
        close: Callable[[], None] = live.value.close
        return close  # when the tab closes, on reset, and when another market is chosen

    solara.use_effect(leave, [live.value])
    SolaraViz(
        live, components=[], model_params=asked.parameters, play_interval=PLAY_INTERVAL, name="Live labour market"
    )
    Pictures(live.value)


@solara.component
def Pictures(live: LiveMarket) -> None:
    """Everything that changes from month to month."""
    update_counter.get()  # Mesa counts the months drawn
    with live.whole_months:
        shown = screen(live, LiveSpeech(language.value))
    Heading(shown=shown["heading"])
    with solara.Div(classes=["live-grid"]):
        JobGraph(
            fixed=shown["graph"],
            moving=shown["moving graph"],
            event_choose=choose_occupation,
            event_recolour=colouring.set,
        )
        SidePictures(
            fixed=shown["pictures"],
            moving=shown["moving pictures"],
            event_regroup=group.set,
            event_drawn=lambda _: live.drawn(),
        )
    Details(
        fixed=shown["details"],
        moving=shown["moving details"],
        event_close_it=choose_occupation,
        event_meet=lambda identity: choose_person(live, identity),
        event_narrow=narrow_to,
    )


def screen(live: LiveMarket, say: LiveSpeech) -> dict[str, str]:
    """What each part of the screen shows this month."""
    named, met = occupation.value, person.value
    return {
        "heading": packed(words=labels.heading(live, say), numbers=pictures.headline(live, say)),
        "graph": packed(
            words=labels.job_graph(say),
            drawing={sheet.name: graph.drawing(sheet, say.language) for sheet in graph.SHEETS},
            scale=graph.key(live, colouring.value, say),
            colouring=colouring.value,
            chosen=named,
        ),
        "moving graph": packed(nodes=graph.nodes(live, colouring.value, say), lines=graph.lines(live, named)),
        "pictures": packed(words=labels.side_pictures(say), group=group.value),
        "moving pictures": packed(curve=pictures.beveridge(live, say), stack=pictures.stack(live, group.value, say)),
        "details": packed(words=labels.details(say, who.value)),
        "moving details": packed(
            shown=lives.occupation(live, named, say, who.value) if named else None,
            life=lives.story(live, met, say) if met is not None else None,
        ),
    }
