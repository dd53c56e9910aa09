"""The reference pages of the site: every verb, scenario, lever, parameter, indicator and data file, as declared.

Each is a heading of its own, so that a search for its name finds it.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

import yaml

from agents.places import ROOT
from model.parameters import Parameter
from model.specification import STANDARD
from views.docs.odd import default_text, inputs, range_text

#: Asks every verb what it says of itself; the command line is above this layer, so it is asked from outside.
_HELPS = """
import contextlib, io, json, run
def said(words):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        run.main([*words, "--help"])
    return text.getvalue()
print(json.dumps({"": said([]), **{verb: said([verb]) for verb in run.VERBS}}))
"""


def verbs() -> str:
    """What each verb answers to --help."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", _HELPS], cwd=ROOT, env=os.environ | {"COLUMNS": "96", "NO_COLOR": "1"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    parts = [
        "# Verbs",
        "What `python run.py VERB --help` says. How they are used: [the command line](../command_line.md).",
    ]
    for verb, text in json.loads(done.stdout).items():
        parts += [f"## {verb or 'A scenario'}", f"```text\n{text.rstrip()}\n```"]
    return "\n\n".join(parts)


def scenarios() -> str:
    """Every shipped scenario: what it asks, and what it says beyond the one that it extends."""
    said = "Those that are shipped, by the name that `lab.scenario` takes; how to write one: [here](../scenarios.md)."
    parts = ["# Scenarios", said]
    for path in sorted((ROOT / "scenarios").glob("*.yaml"), key=lambda path: (path.stem != "baseline", path.stem)):
        text = path.read_text(encoding="utf-8")
        asks = [line.removeprefix("# ") for line in text.splitlines()[:2] if line.startswith("#")]
        says = {name: held for name, held in yaml.safe_load(text).items() if name not in {"schema_version", "name"}}
        written = yaml.safe_dump(says, sort_keys=False, allow_unicode=True).rstrip()
        parts += [f"## {path.stem}", " ".join(asks), f"```yaml\n{written}\n```"]
    return "\n\n".join(parts)


def levers() -> str:
    """Everything that scenarios are written to vary."""
    names = {one.path for one in STANDARD.levers}
    head = (
        "What scenarios vary. A value is constant, or dated: `{2018-01: 0, 2025-10: 20000}` holds until the next date."
    )
    return _by_section("# Levers", head, [one for one in STANDARD.parameters if one.path in names])


def parameters() -> str:
    """Every other number, with its source."""
    levers = {one.path for one in STANDARD.levers}
    head = (
        "Numbers that hold for all months: read from data, from the literature, fitted to the official months "
        "([calibration](../calibration.md)), or assumed. A sensitivity analysis varies those marked *uncertain*."
    )
    return _by_section("# Parameters", head, [one for one in STANDARD.parameters if one.path not in levers])


def _by_section(title: str, head: str, declared: Sequence[Parameter]) -> str:
    """Parameters under the mechanism that declares them."""
    parts, given = [title, head], {one.path: one for one in declared}
    for mechanism in STANDARD.mechanisms:
        mine = [given[one.path] for one in mechanism.parameters if one.path in given]
        if mine:
            parts += [f"## {mechanism.title}", mechanism.text, *(_entry(one) for one in mine)]
    return "\n\n".join(parts)


def _entry(one: Parameter) -> str:
    facts = [f"default {default_text(one)}", range_text(one), one.unit, "uncertain" if one.uncertain else ""]
    told = " · ".join(fact for fact in facts if fact)
    return f"### {one.path}\n{_plain(one.meaning)}\n{{: .meaning }}\n\n*{told}*  \n{_plain(one.source)}"


def indicators() -> str:
    """Every column of the monthly table, under the mechanism that reads it."""
    said = (
        "The columns of `monthly.parquet` and `run.monthly`. Rates and shares are fractions, counts are people "
        "represented, indices are 100 in 2018-01; what does not exist yet is missing."
    )
    parts = ["# Indicators", said]
    for mechanism in STANDARD.mechanisms:
        if mechanism.indicators:
            parts.append(f"## {mechanism.title}")
            parts += [
                f"### {one.name}\n{_plain(one.definition)}\n\n*{one.label} · {one.unit}*"
                for one in mechanism.indicators
            ]
    return "\n\n".join(parts)


def data() -> str:
    """What data/README.md says, then the columns of each file and who reads it."""
    text = (STANDARD.country.path / "README.md").read_text(encoding="utf-8")
    return "\n\n".join([text.rstrip(), "## Columns", *_columns(), "## Who reads each file", inputs()])


def _columns() -> Iterator[str]:
    for path in sorted(STANDARD.country.path.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            heads = next(csv.reader(lines))
        yield f"### {path.name}\n{', '.join(f'`{head}`' for head in heads)}"


def _plain(text: str) -> str:
    """A declaration's text, none of which is meant as markup."""
    return escape(text, quote=False).replace("*", r"\*").replace("_", r"\_").replace("|", r"\|")


def python() -> str:
    """What is imported, from its docstrings."""
    wanted = {
        "From a notebook": ("labour_lab.verbs", "labour_lab.desk.Options", "labour_lab.results", "labour_lab.answers",
                            "labour_lab.errors"),
        "The market": ("model.labour_market.LabourMarket", "model.scenario.scenario"),
        "Agents": ("agents.people", "agents.firms", "agents.developers"),
        "A mechanism of one's own": ("model.mechanism", "model.parameters"),
    }  # fmt: skip
    said = (
        "What may be imported; how it is used: [from a notebook](../notebooks.md), [Mesa code](../mesa.md), "
        "[a mechanism of one's own](../own-mechanism.md)."
    )
    parts = ["# Python", said]
    for title, places in wanted.items():
        parts += [f"## {title}", *(f"::: {place}" for place in places)]
    return "\n\n".join(parts)


def index() -> str:
    """What the reference holds."""
    told = {name: str(page.__doc__).splitlines()[0] for name, page in PAGES.items() if name != "index"}
    lines = [f"- [{name.capitalize()}]({name}.md): {text}" for name, text in told.items()]
    return "\n".join(["# Reference", "Written from the code's own declarations as the site is built.", "", *lines])


PAGES: Mapping[str, Callable[[], str]] = {
    "index": index, "verbs": verbs, "scenarios": scenarios, "levers": levers, "parameters": parameters,
    "indicators": indicators, "data": data, "python": python,
}  # fmt: skip
