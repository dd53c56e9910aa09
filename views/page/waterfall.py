"""Why: youth unemployment shared out among its causes, in the page's words; stored for the presets.

`python -m views.page.waterfall` computes those of the presets anew and writes them beside this file.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.engine.branching import Family, Unfinished, histories, live
from experiments.engine.compile_ahead import compile_ahead
from experiments.engine.ensemble import Record, Replication
from experiments.engine.executors import run_tasks
from experiments.engine.manifest import code_version, project_version
from experiments.engine.progress import Progress
from experiments.explain.job import BLAME, MONTHS_READ, TOTAL, YOUTH, Attribution, Question
from model.results import write_whole
from views.page.presets import presets
from views.words.cause_wording import cause_name, sentences
from views.words.language import Speech

if TYPE_CHECKING:
    from experiments.engine.executors import Failure
    from model.scenario.scenario import Scenario
    from views.words.language import Language

STORED = Path(__file__).resolve().parent / "waterfalls.json"
#: Most presets are the baseline until then, so that worlds of several presets share their past.
PARTS = "2024-10"
COMMAND = "python -m views.page.waterfall"
POPULATION, REPLICATIONS = 20_000, 8
#: What one world says: youth unemployment of its last year, in points, and the blame put on the visa.
Worth = tuple[float, float]


class WorldError(Exception):
    """A world of a waterfall could not be lived."""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Effects by cause with their intervals in points, the total last, and where they come from."""

    causes: Sequence[Mapping[str, Any]]
    all_on: float
    all_off: float
    blame: float
    population: int
    replications: int

    @classmethod
    def of(cls, found: Attribution) -> Waterfall:
        """What an attribution says."""
        off = {cause.name: cause.off_means for cause in found.question.causes}
        times = {cause.name: cause.times for cause in found.question.causes}
        rows = [
            {"cause": row["cause"], "off": off.get(row["cause"], ""), "times": times.get(row["cause"], 1.0),
             **{name: _rounded(row[name]) for name in ("effect_pp", "low_pp", "high_pp")}}
            for row in found.table.to_dict("records")
        ]  # fmt: skip
        population = found.question.scenario.population
        count = len(found.worth)
        return cls(rows, found.all_on, found.all_off, found.blame, population, count)

    def told(self, language: Language, made_by: Mapping[str, Any]) -> dict[str, Any]:
        """As the page shows it."""
        say = Speech(language)
        rows = [{**row, "label": cause_name(row["cause"], say), "off": say(row.get("off", ""))} for row in self.causes]
        return {
            "causes": [row for row in rows if row["cause"] != TOTAL],
            "total": next(row for row in rows if row["cause"] == TOTAL),
            "all_on": _rounded(self.all_on),
            "all_off": _rounded(self.all_off),
            "blame": _rounded(self.blame),
            "sentences": sentences(self.causes, self.blame, self.replications, say),
            "persons": self.population,
            "seeds": self.replications,
            "made_by": made_by,
        }


def _rounded(value: float) -> float | None:
    return round(float(value), 4) if math.isfinite(value) else None


def kindred(worlds: Sequence[Scenario], parts: str, numbers: Sequence[int]) -> list[Family]:
    """Replications of worlds in families that have their past until `parts` in common."""
    return [
        Family(tuple(Replication(world, world.digest, number) for world in history))
        for number in numbers
        for history in histories(worlds, parts)
    ]


def worths_of(
    question: Question, family: Family, records: Sequence[Record | Unfinished]
) -> dict[tuple[str, int], Worth]:
    """What every world of a family says, by its digest and replication; raises WorldError where one failed."""
    found = {}
    for member, record in zip(family.members, records, strict=True):
        if isinstance(record, Unfinished):
            raise WorldError(f"{record.kind}: {record.message}")
        months = np.asarray(record["month"], np.float64)
        blame = float(np.mean(record[BLAME][-MONTHS_READ:]))
        found[member.name, member.number] = 100 * question.read(months, record[YOUTH]), blame
    return found


def shared_out(question: Question, worths: Mapping[tuple[str, int], Worth], numbers: Sequence[int]) -> Waterfall:
    """The waterfall from what every world says, by its digest and replication."""
    digests = [world.digest for world in question.worlds]
    worth = np.array([[worths[digest, number][0] for digest in digests] for number in numbers])
    blame = float(np.mean([worths[digests[len(question.coalitions) - 1], number][1] for number in numbers]))
    return Waterfall.of(Attribution(question, worth, blame, numbers))


# --- the presets' ---------------------------------------------------------------------------------


def stored(preset: str, language: Language) -> dict[str, Any] | None:
    """The stored waterfall of a preset, with what made it; nothing where none is stored."""
    kept = _read()
    found = kept.get("presets", {}).get(preset)
    if found is None or preset not in presets():
        return None
    digest = found["digest"]
    current = kept["sources"] == code_version()["sources"] and digest == _asked(preset, kept).digest
    made_by = {name: kept[name] for name in ("version", "command")} | {"current": current}
    if not current:
        say = Speech(language)
        made_by["message"] = say(
            "Computed by an earlier version: its numbers may differ from those of the present model."
        )
    waterfall = Waterfall(**{name: found[name] for name in Waterfall.__slots__ if name in found},
                          population=kept["population"], replications=kept["replications"])  # fmt: skip
    return waterfall.told(language, made_by)


def stored_presets() -> list[str]:
    """The presets of which a waterfall is stored."""
    return [name for name in _read().get("presets", {}) if name in presets()]


def _read(file: Path | None = None) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((file or STORED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _asked(preset: str, kept: Mapping[str, Any]) -> Scenario:
    """A preset at the size of the stored waterfalls."""
    return replace(presets()[preset].scenario, population=kept["population"], replications=kept["replications"])


def compute(names: Sequence[str], size: tuple[int, int], workers: int, progress: Progress) -> dict[str, Any]:
    """The waterfalls of presets; a world that several of them share is lived once."""
    kept = {"population": size[0], "replications": size[1]}
    questions = {name: Question(_asked(name, kept)) for name in names}
    worlds = {world.digest: world for question in questions.values() for world in question.worlds}
    numbers = range(1, size[1] + 1)
    kin = kindred(list(worlds.values()), PARTS, numbers)
    any_question = next(iter(questions.values()))
    worths: dict[tuple[str, int], Worth] = {}

    def keep(_family: Family, found: dict[tuple[str, int], Worth]) -> None:
        worths.update(found)
        progress.on_replication()

    def give_up(failure: Failure[Family]) -> None:
        raise WorldError(f"{failure.kind}: {failure.message}")

    progress.say(f"{len(names)} presets, {len(worlds)} different worlds x {size[1]} replications")
    compile_ahead(progress.say)
    progress.begin(len(kin), 1, "shared pasts")
    try:
        run_tasks(partial(_live, any_question), kin, workers, keep, give_up)
    finally:
        progress.end()
    found = {}
    for name, question in questions.items():
        waterfall = shared_out(question, worths, numbers)
        found[name] = {"digest": question.scenario.digest} | {
            field: getattr(waterfall, field) for field in ("causes", "all_on", "all_off", "blame")
        }
    return {"version": project_version(), "sources": code_version()["sources"], "command": COMMAND, **kept,
            "presets": found}  # fmt: skip


def _live(question: Question, family: Family) -> dict[tuple[str, int], Worth]:
    """In a worker: what every world of a family says."""
    return worths_of(question, family, live(family))


def main(words: Sequence[str] | None = None) -> None:
    """Compute the waterfalls of presets and store them beside those that the same version has stored."""
    from experiments.engine.cores import available_cores

    parser = argparse.ArgumentParser(prog=COMMAND, description=main.__doc__)
    parser.add_argument("presets", nargs="*", default=list(presets()), help="default: all")
    parser.add_argument("--population", type=int, default=POPULATION)
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--workers", type=int, default=available_cores())
    parser.add_argument("--out", type=Path, default=STORED)
    asked = parser.parse_args(words)
    found = compute(asked.presets, (asked.population, asked.replications), asked.workers, Progress(sys.stderr))
    before = _read(asked.out)
    if all(before.get(name) == found[name] for name in ("version", "sources", "population", "replications")):
        found["presets"] = {**before["presets"], **found["presets"]}
    ordered = {name: found["presets"][name] for name in presets() if name in found["presets"]}
    content = json.dumps({**found, "presets": ordered}, ensure_ascii=False, indent=1)
    write_whole(asked.out, f"{content}\n".encode())
    print(f"{asked.out.name}: {len(ordered)} presets")


if __name__ == "__main__":
    main()
