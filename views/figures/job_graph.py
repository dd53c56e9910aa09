"""The job graph: sixty occupations and the likeliest moves between them."""

from __future__ import annotations

from functools import cache

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from model.country.country import Country
from model.job_graph.file import NamedGraph, shipped_edges
from model.specification import in_force
from views.figures.canvas import POINTS, Layout, key_row, sheet
from views.figures.labels import keep_apart, within
from views.figures.palette import BLUE, GREEN, INK, ORANGE, PURPLE, QUIET, SKY, VERMILLION, YELLOW, Mark, text_colour
from views.report.readings import Numbers
from views.report.story import Story
from views.words.language import phrase

#: The group an occupation is coloured by, from the sector with most of its jobs; each has a shape of its own.
GROUPS: dict[str, tuple[str, Mark]] = {
    "tech": (phrase("digital and engineering"), Mark(BLUE, (0, ()), "o")),
    "property": (phrase("property and construction"), Mark(VERMILLION, (0, ()), "s")),
    "construction_materials": (phrase("property and construction"), Mark(VERMILLION, (0, ()), "s")),
    "manufacturing": (phrase("factory"), Mark(GREEN, (0, ()), "^")),
    "consumer_services": (phrase("shops, food and care"), Mark(PURPLE, (0, ()), "D")),
    "platform_logistics": (phrase("transport and delivery"), Mark(ORANGE, (0, ()), "v")),
    "finance": (phrase("office and business"), Mark(SKY, (0, ()), "p")),
    "business_services": (phrase("office and business"), Mark(SKY, (0, ()), "p")),
    "education_health": (phrase("public service"), Mark(YELLOW, (0, ()), "h")),
    "government_soe": (phrase("public service"), Mark(YELLOW, (0, ()), "h")),
    "agriculture": (phrase("farming"), Mark(QUIET, (0, ()), "X")),
}
#: That of sectors which have none: those of another country.
OTHER_WORK = (phrase("other work"), Mark(QUIET, (0, ()), "X"))
#: Moves drawn from each occupation; all of them would be a ball of wool.
MOVES = 4
SEED = 35


def group_of(sector: str) -> tuple[str, Mark]:
    """Name and mark of the group that a sector belongs to."""
    return GROUPS.get(sector, OTHER_WORK)


def groups() -> dict[str, Mark]:
    """The groups of the country in force, each with its mark."""
    here = in_force().country.sector_ids
    return dict(group_of(sector) for sector in dict.fromkeys([*GROUPS, *here]) if sector in here)


def jobs() -> pd.DataFrame:
    """Occupations of the country in force: titles, millions of jobs in 2023, the sector that has most of them."""
    country = in_force().country
    table = country.occupations
    grid = country.sectors.employment_2023[:, None] * country.structure.shares
    return pd.DataFrame(
        {
            "title": table.titles,
            "title_zh": table.titles_zh,
            "million_jobs": grid.sum(axis=0),
            "main_sector": [country.sector_ids[row] for row in grid.argmax(axis=0)],
        },
        index=pd.Index(table.ids, name="id"),
    )


def named_graph(story: Story) -> NamedGraph | None:
    """The job graph that the story's scenario brings; none where people move along the one that is shipped."""
    held = getattr(story.scenario, "values", {}).get("parameters.job_graph")
    return held if isinstance(held, NamedGraph) else None


def moves(named: NamedGraph | None = None) -> nx.Graph[str]:
    """The strongest moves out of each occupation, both ways in one line."""
    ids = tuple(jobs().index)
    ways = named.edges if named is not None else shipped_edges(in_force().country.moves_file, ids)
    edges = pd.DataFrame(ways, columns=["source", "target", "weight"])
    if named is not None:  # in the file that is shipped they are chances already
        edges["weight"] /= edges.groupby("source")["weight"].transform("sum")
    edges = edges[edges["source"] != edges["target"]].sort_values(["source", "weight"], ascending=[True, False])
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(ids)
    for source, target, weight in edges.groupby("source").head(MOVES).itertuples(index=False):
        known = graph.edges[source, target]["weight"] if graph.has_edge(source, target) else 0.0
        graph.add_edge(source, target, weight=known + weight)
    return graph


def places() -> dict[str, tuple[float, float]]:
    """Where each occupation stands, 0..1 each way: near those it exchanges people with, always the same."""
    return _places(in_force().country)


@cache
def _places(_country: Country) -> dict[str, tuple[float, float]]:
    graph = moves()
    for _, _, edge in graph.edges(data=True):
        edge["length"] = 1 / (0.05 + edge["weight"])
    rough = nx.kamada_kawai_layout(graph, weight="length")
    fine = nx.spring_layout(graph, pos=rough, k=0.28, iterations=40, seed=SEED, weight=None)
    grid = np.array([fine[name] for name in graph])
    # Ranks pull the crowd in the middle apart and keep who is beside whom.
    ranks = grid.argsort(axis=0).argsort(axis=0) / (len(grid) - 1)
    scaled = (grid - grid.min(axis=0)) / np.ptp(grid, axis=0)
    mixed = 0.75 * ranks + 0.25 * scaled
    radii = np.sqrt(0.2 + jobs()["million_jobs"].reindex(list(graph)).to_numpy())
    apart = push_apart(mixed * (1.5, 1.0), 0.008 * radii + 0.008) / (1.5, 1.0)
    return {name: (float(x), float(y)) for name, (x, y) in zip(graph, apart, strict=True)}


def push_apart(grid: Numbers, radii: Numbers) -> Numbers:
    """Points moved as little as needed for their circles not to overlap."""
    grid = grid.copy()
    least = radii[:, None] + radii[None, :]
    for _ in range(200):
        offset = grid[:, None, :] - grid[None, :, :]
        distance = np.hypot(offset[..., 0], offset[..., 1])
        np.fill_diagonal(distance, np.inf)
        push = np.maximum(least - distance, 0) / 2
        if not push.any():
            break
        grid += (offset / np.maximum(distance, 1e-9)[..., None] * push[..., None]).sum(axis=1)
    return grid


def draw(story: Story, layout: Layout) -> Figure:
    """Occupations as shapes sized by jobs and coloured by group, the likeliest moves as lines."""
    say = story.say
    figure, panels = sheet(
        layout,
        say("The job graph"),
        [""],
        key=0.35 if layout.wide else 0.75,
        margin=0.1,
        height=6.0 if layout.wide else 5.2,
    )
    axes = panels[0]
    tall, position = figure.get_figheight(), axes.get_position()
    axes.set_position((0.12 / layout.width, 0.3 / tall, 1 - 0.24 / layout.width, position.y1 - 0.1 / tall))
    axes.set_axis_off()
    axes.set_xlim(-0.05, 1.05)
    axes.set_ylim(-0.04, 1.04)
    spots, table = places(), jobs()
    graph = moves(named_graph(story))
    weights = np.array([graph.edges[one, other]["weight"] for one, other in graph.edges])
    axes.add_collection(
        LineCollection(
            [[spots[one], spots[other]] for one, other in graph.edges],
            linewidths=0.3 + 1.7 * weights / weights.max(initial=1e-9),
            colors=QUIET,
            alpha=0.3,
        )
    )
    sizes = {str(node): float(value) for node, value in table["million_jobs"].items()}
    share = 26.0 if layout.wide else 9.0
    for name, mark in groups().items():
        members = [node for node in graph if group_of(str(table.loc[node, "main_sector"]))[0] == name]
        axes.scatter(
            [spots[node][0] for node in members],
            [spots[node][1] for node in members],
            s=[12 + share * sizes[node] for node in members],
            marker=mark.marker,
            color=mark.colour,
            edgecolor=INK,
            linewidth=0.6,
            zorder=3,
        )
    _label(story, layout, figure, share)
    _key(story, layout, figure)
    return figure


def _label(story: Story, layout: Layout, figure: Figure, share: float) -> None:
    """Titles of the biggest occupations, none over another."""
    axes = figure.axes[0]
    size: Numbers = np.asarray(axes.get_position().size) * np.array(figure.get_size_inches()) * POINTS
    table = jobs().sort_values("million_jobs", ascending=False)
    chosen = list(table.index[: 26 if layout.wide else 9])
    text = layout.text - 2
    spots = within(axes, [places()[node] for node in table.index], size)
    radii = [float(np.sqrt(12 + share * value) * 0.66) for value in table["million_jobs"]]
    titles = [str(table.loc[node, "title_zh" if story.say.language == "zh" else "title"]) for node in chosen]
    wide = 1.05 if story.say.language == "zh" else 0.56
    sizes = [(wide * text * len(title), 1.15 * text) for title in titles]
    where = keep_apart(spots, sizes, radii, (0, 0, size[0], size[1]))
    for title, node, place in zip(titles, chosen, where, strict=True):
        colour = group_of(str(table.loc[node, "main_sector"]))[1].colour
        axes.text(
            place[0] / size[0],
            place[1] / size[1],
            title,
            transform=axes.transAxes,
            fontsize=text,
            ha="center",
            va="center",
            color=text_colour(colour),
            zorder=5,
        )


def _key(story: Story, layout: Layout, figure: Figure) -> None:
    """Which shape is which group, and what size means."""
    handles = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker=mark.marker,
            color=mark.colour,
            markeredgecolor=INK,
            markeredgewidth=0.6,
            markersize=7,
            label=story.say(name),
        )
        for name, mark in groups().items()
    ]
    tall = figure.get_figheight()
    key_row(figure, handles, layout, columns=4 if layout.wide else 2)
    figure.text(
        0.14 / layout.width,
        0.08 / tall,
        story.say("area: jobs in 2023; lines: the likeliest moves"),
        fontsize=layout.text - 1,
        color=QUIET,
        va="bottom",
    )
