"""The ODD document: what is generated in docs/odd.md comes from the code's own declarations.

`python -m views.docs.odd` (or `make docs`) writes the parts between `<!-- generated: ... -->` and `<!-- end -->` anew;
what stands outside is written by hand. A test holds the committed document against the code.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.places import ROOT
from model.mechanism import Mechanism, Step, loaded
from model.mechanisms.property import CONSTANTS
from model.month import MONTH
from model.parameters import SETTINGS, Parameter
from model.randomness import Purpose
from model.specification import STANDARD
from views.docs.code_facts import asked_for, classes_of, fields_of, members_of, model_files, rules_of, texts_of

if TYPE_CHECKING:
    from agents.kinds import Kind

DOCUMENT = ROOT / "docs" / "odd.md"
#: What the short names of array types stand for.
_ALIASES = {"Floats": "float64", "Months": "int32", "Flags": "bool"}
_SECTION = re.compile(r"(<!-- generated: (.+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def refreshed(text: str) -> str:
    """The document with every generated part written anew."""

    def write(found: re.Match[str]) -> str:
        name, *arguments = found[2].split()
        return f"{found[1]}{SECTIONS[name](*arguments)}\n{found[3]}"

    return _SECTION.sub(write, text)


def by_hand(text: str) -> str:
    """The document without its generated parts."""
    return _SECTION.sub("", text)


# --- parts ----------------------------------------------------------------------------------------------------------


def schedule() -> str:
    """The steps of a month in their order."""
    home = {step.name: mechanism for mechanism in STANDARD.mechanisms for step in mechanism.steps}
    rows = [
        (str(place), f"**{step.name}**", step.story, home[step.name].title, _code(_file_of(step)))
        for place, step in enumerate(MONTH, 1)
    ]
    return _table(("", "step", "what happens", "mechanism", "file"), rows)


def classes(file: str, *names: str) -> str:
    """Agent classes and what each is."""
    return _table(("class", "who"), [(_code(name), meaning) for name, meaning in classes_of(file, *names)])


def columns(place: str) -> str:
    """The fields of a table: name, type, meaning."""
    file, _, name = place.partition(":")
    rows = [(_code(field.name), _plain_type(field.kind), field.meaning) for field in fields_of(file, name)]
    return _table(("column", "type", "meaning"), rows)


def values(place: str) -> str:
    """The members of an enumeration."""
    file, _, name = place.partition(":")
    rows = [(_code(field.name), field.kind, field.meaning) for field in fields_of(file, name)]
    return _table((_code(name), "", "meaning"), rows)


def rules(file: str) -> str:
    """The rules of one person or firm."""
    return _table(("rule", "what it says"), [(_code(name), meaning) for name, meaning in rules_of(file)])


def submodels(mechanisms: Sequence[Mechanism[Any]] = STANDARD.mechanisms) -> str:
    """A section per mechanism: its sentence, its steps, what it declares, and its equations."""
    return "\n\n".join(_submodel(place, mechanism) for place, mechanism in enumerate(mechanisms, 1))


def _submodel(place: int, mechanism: Mechanism[Any]) -> str:
    lines = [f"### 7.{place} {mechanism.title}", "", f"*{mechanism.text}*", ""]
    files = dict.fromkeys(_file_of(step) for step in mechanism.steps)
    if mechanism.steps:
        lines.append(f"- Steps: {', '.join(f'**{step.name}**' for step in mechanism.steps)}, in {_codes(files)}.")
    if mechanism.parameters:
        lines.append(f"- Numbers: {_codes(_short(one.path) for one in mechanism.parameters)}.")
    drawn = {luck for file in files for luck in members_of(file, "Purpose")} if mechanism.home else set()
    if drawn:
        lines.append(f"- Random numbers: {_codes(purpose.name for purpose in Purpose if purpose.name in drawn)}.")
    if mechanism.indicators:
        lines.append(f"- Indicators: {_codes(one.name for one in mechanism.indicators)}.")
    lines += [_agents(kind) for kind in mechanism.kinds]
    lines += [f"- As a cause, *{cause.name}*, off means: {cause.off_means}." for cause in mechanism.causes]
    equations = mechanism.submodel.strip()
    return "\n".join([*lines, "", equations] if equations else lines)


def _agents(kind: Kind) -> str:
    """A kind of agents: its classes and its columns."""
    from agents.kinds import columns_of  # which loads Mesa, as the kind has

    classes = " ".join(f"{_code(cls.__name__)}: {(cls.__doc__ or '').splitlines()[0]}" for cls in kind.classes)
    columns = {name: column for cls in kind.classes for name, column in columns_of(cls).items()}
    held = ", ".join(f"{_code(name)} ({column.__doc__})" for name, column in columns.items())
    return f"- Agents, **{kind.id}**: {classes} Columns: {held}."


def streams() -> str:
    """What random numbers decide, and where each stream is drawn."""
    rows = []
    for purpose in Purpose:
        files = [file for file in model_files() if purpose.name in members_of(file, "Purpose")]
        rows.append((_code(purpose.name), ", ".join(map(_code, files))))
    return _table(("stream", "drawn in"), rows)


def parameters(which: str) -> str:
    """Every parameter of a list: default, range, unit, meaning, source and the files that read it."""
    specification = STANDARD
    given = {parameter.path: parameter for parameter in specification.parameters}
    structure = [one for one in specification.declared if one not in (*specification.levers, *CONSTANTS)]
    lists = {"settings": SETTINGS, "levers": specification.levers, "structure": structure, "property": CONSTANTS}
    rows = [
        (
            _code(parameter.path),
            default_text(parameter),
            range_text(parameter),
            parameter.unit,
            parameter.meaning,
            parameter.source,
            ", ".join(_code(file.removeprefix("model/")) for file in readers(parameter)),
        )
        for parameter in (given.get(one.path, one) for one in lists[which])
    ]
    heads = ("parameter", "default", "range", "unit", "meaning", "source", "read in `model/`")
    if which == "settings":
        return _table(heads[:-1], [row[:-1] for row in rows])
    return _table(heads, rows)


def indicators() -> str:
    """Every column of monthly.parquet."""
    rows = [(_code(one.name), one.unit, one.definition) for one in STANDARD.indicators]
    return _table(("indicator", "unit", "definition"), rows)


def inputs() -> str:
    """The files of data/ and who reads each."""
    rows = []
    for path in sorted(STANDARD.country.path.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            count = sum(1 for _ in csv.reader(lines)) - 1
        files = [file for file in model_files() if path.name in texts_of(file)]
        said = ", ".join(map(_code, files)) or "nobody: for fits, figures and tests"
        rows.append((_code(f"{path.parent.name}/{path.name}"), f"{count}", said))
    return _table(("file", "rows", "read in"), rows)


SECTIONS: Mapping[str, Callable[..., str]] = {
    "schedule": schedule,
    "classes": classes,
    "columns": columns,
    "values": values,
    "rules": rules,
    "submodels": submodels,
    "streams": streams,
    "parameters": parameters,
    "indicators": indicators,
    "inputs": inputs,
}


# --- who reads what -------------------------------------------------------------------------------------------------


def reads(place: str, parameter: Parameter) -> bool:
    """Whether a file, or FILE:FUNCTION, looks a parameter up by its path or bare name."""
    section, _, bare = parameter.path.partition(".")
    called = {parameter.path, parameter.path.removesuffix(".SECTOR")}
    called |= {bare} if section in {"parameters", "property"} else set()
    names = asked_for(place)
    return bool(called & names) or any(bare.startswith(name[:-1]) for name in names if name.endswith("_*"))


def readers(parameter: Parameter) -> list[str]:
    """The files that look a parameter up."""
    return [file for file in model_files() if reads(file, parameter)]


# --- wording --------------------------------------------------------------------------------------------------------


def _file_of(step: Step) -> str:
    return loaded(step.run).__module__.replace(".", "/") + ".py"


def _short(path: str) -> str:
    return path.removeprefix("parameters.")


def default_text(parameter: Parameter) -> str:
    """A default as a person writes it; dated values by the month each begins."""
    if isinstance(parameter.default, Mapping):
        (_, first), *later = parameter.default.items()
        return "; ".join([_number(first), *(f"{_number(value)} from {month}" for month, value in later)])
    if isinstance(parameter.default, bool | str):
        return str(parameter.default).lower() or "none"
    return _number(parameter.default)


def range_text(parameter: Parameter) -> str:
    """The values a parameter may take."""
    if parameter.choices:
        return " or ".join(parameter.choices)
    if parameter.switch or parameter.names_file:
        return ""
    return f"{_number(parameter.low)} to {_number(parameter.high)}"


def _number(value: float) -> str:
    return f"{value:,.10g}".replace("-", "−") if abs(value) < 2**53 else "2⁶³ − 1"


def _plain_type(kind: str) -> str:
    """`NDArray[np.int16]` as `int16`; anything else as it is written."""
    found = re.fullmatch(r"NDArray\[np\.(\w+?)_?\]", kind)
    return _code(found[1] if found else _ALIASES.get(kind, kind))


def _code(text: str) -> str:
    return f"`{text}`"


def _codes(texts: Iterable[str]) -> str:
    return ", ".join(map(_code, texts))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '¦') for cell in line)} |" for line in lines)


def main() -> None:
    """Write the document anew."""
    DOCUMENT.write_text(refreshed(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"written: {DOCUMENT.relative_to(Path.cwd()) if DOCUMENT.is_relative_to(Path.cwd()) else DOCUMENT}")


if __name__ == "__main__":
    main()
