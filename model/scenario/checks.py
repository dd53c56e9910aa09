"""What a scenario file or an option says, checked name by name against what is declared."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from model.parameters import SETTINGS, Parameter, Value
from model.scenario.problems import Place, Problem, described, did_you_mean, nearest, quoted
from model.scenario.values import Values
from model.scenario.yaml_tree import Node
from model.specification import Names, in_force

SCHEMA_VERSION = 1
#: Names at the top of a file that are neither a setting nor a section.
TEXTS, MONTHS = ("name", "description"), ("start", "end")
_MOST_SUGGESTIONS = 100


#: Names at the top that tell a file which names a scenario and varies it, each with the verb that runs it.
_OF_OTHERS: Mapping[str, Literal["batch", "search"]] = {
    "grid": "batch", "list": "batch", "sample": "batch", "levers": "search", "targets": "search",
}  # fmt: skip


def kind_of(names: Collection[str]) -> Literal["scenario", "batch", "search"]:
    """What a file with these names at its top is: a scenario, or what one of the verbs makes of one."""
    found = [verb for name, verb in _OF_OTHERS.items() if name in names] if "scenario" in names else []
    return found[0] if found else "scenario"


@dataclass(slots=True)
class Said:
    """What one file, or all options together, say: only what is written there, checked one by one."""

    values: dict[str, Value] = field(default_factory=dict)
    settings: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    months: dict[str, str] = field(default_factory=dict)
    #: Where `start` and `end` stand, to report the pair.
    places: dict[str, Place] = field(default_factory=dict)
    extends: Node | None = None


class Checker:
    """Turns trees into what they say; everything wrong is added to `problems`."""

    def __init__(self, problems: list[Problem], beside: Path | None = None) -> None:
        """Files are looked for in the folder `beside`; without one, where the program was started."""
        self.problems = problems
        self.check = Values(problems, beside)
        self.settings = {setting.path: setting for setting in SETTINGS}

    def file(self, root: Node | None, file: str) -> Said:
        """What a scenario file says."""
        said = Said()
        if root is None or root.kind == "nothing":
            if not self.problems or self.problems[-1].file != file:
                self.problems.append(Problem(file, 1, 1, "the file is empty; a scenario has names and values"))
        elif root.kind != "mapping":
            self.check.report(root, "a scenario is a group of names and values, such as 'population: 200000'")
        elif (told := self._of_another_kind(root)) is not None:
            self.check.report(*told)
        else:
            for key, node in root.pairs:
                self._top(said, key, node)
        return said

    def _of_another_kind(self, root: Node) -> tuple[Node, str] | None:
        """Where it shows that a file is no scenario but names one, and which verb reads it; None for a scenario."""
        keys = {key.text: key for key, _ in root.pairs}
        kind = kind_of(keys)
        if kind == "scenario":
            return None
        what = {"batch": "an experiment", "search": "a policy search"}[kind]
        return keys["scenario"], f"this file is {what}, not a scenario; 'run.py {kind} FILE' runs it"

    def _top(self, said: Said, key: Node, node: Node) -> None:
        name = key.text
        if name in in_force().names:
            self._section(said, name, in_force().names[name], node)
        elif name == "extends":
            said.extends = node
        elif name == "schema_version":
            if node.kind != "refused" and (node.kind != "number" or node.value != SCHEMA_VERSION):
                self.check.report(node, f"schema_version is {quoted(node.text)}; this program reads {SCHEMA_VERSION}")
        elif not self._simple(said, name, node):
            top = {
                **dict.fromkeys(("schema_version", "extends", *TEXTS, *MONTHS, *in_force().sections)),
                **self.settings,
            }
            self._unknown(key, "", top)

    def _simple(self, said: Said, name: str, node: Node) -> bool:
        """Takes a setting, text or month at the top of a file; False when `name` is none of these."""
        if name in self.settings:
            value = self.check.parameter(name, node, self.settings[name])
            if isinstance(value, int):
                said.settings[name] = value
        elif name in TEXTS:
            text = self.check.words(name, node)
            if text is not None:
                said.texts[name] = text
        elif name in MONTHS:
            month = self.check.month(f"'{name}'", node)
            if month is not None:
                said.months[name], said.places[name] = month, node.place
        else:
            return False
        return True

    def _section(self, said: Said, path: str, names: Names, node: Node) -> None:
        """Takes a group of names; one without anything in it changes nothing."""
        if node.kind in {"nothing", "refused"}:
            return
        if node.kind != "mapping":
            example = f"{{all: {node.text}}}" if "all" in names and node.kind == "number" else "name: value"
            self.check.report(node, f"'{path}' is a group of names; write below it {example}")
            return
        for key, inner in node.pairs:
            found = names.get(key.text)
            if isinstance(found, Parameter):
                value = self.check.parameter(key.text, inner, found)
                if value is not None:
                    said.values[f"{path}.{key.text}"] = value
            elif found is not None:
                self._section(said, f"{path}.{key.text}", found, inner)
            else:
                self._unknown(
                    key, path, {name: leaf if isinstance(leaf, Parameter) else None for name, leaf in names.items()}
                )

    def _unknown(self, key: Node, section: str, here: Mapping[str, Parameter | None]) -> None:
        where = f"under '{section}'" if section else "at the top of a scenario"
        hint = self._hint(key.text, section, here) if len(self.problems) < _MOST_SUGGESTIONS else ""
        self.check.report(key, f"unknown name {quoted(key.text)} {where}{hint}")

    def _hint(self, name: str, section: str, here: Mapping[str, Parameter | None]) -> str:
        """What was probably meant: a path written with dots, a name of another section, or one of this."""
        if "all" in here and name[:2] == "20":
            return f"\n    say for which sector first: {section.rpartition('.')[2]}: {{all: {{{name}: ...}}}}"
        for path in (name, f"{section}.{name}"):
            if "." in name and in_force().declaration(path) is not None:
                nested = ": {".join(path.split("."))
                return f"\n    write it as {nested}: ...{'}' * path.count('.')}"
        elsewhere = {path.split(".")[1]: path for path in in_force().by_path}
        elsewhere |= {path: path for path in self.settings}
        best = name if name in elsewhere else nearest(name, [*here, *elsewhere])
        if best is None or best in here:
            return did_you_mean(name, here)
        path = elsewhere[best]
        home = f"belongs under '{path.partition('.')[0]}'" if "." in path else "belongs at the top of the file"
        declared = in_force().declaration(path)
        return f"\n    '{best}' {home}" + (f"  {described(declared)}" if declared else "")

    def options(self, options: Mapping[str, Node]) -> Said:
        """What the options say: a value for each concrete path or setting."""
        said = Said()
        for path, node in options.items():
            parameter = in_force().by_path.get(path)
            if parameter is not None:
                value = self.check.parameter(path, node, parameter)
                if value is not None:
                    said.values[path] = value
            elif not self._simple(said, path, node):
                self._unknown_option(path, node)
        return said

    def _unknown_option(self, path: str, node: Node) -> None:
        known: dict[str, Parameter | None] = {**in_force().by_path, **self.settings, **dict.fromkeys(MONTHS)}
        inside = [name for name in known if name.startswith(f"{path}.")]
        if path in {"extends", "schema_version"}:
            self.check.report(node, f"'{path}' can only be written in a file")
        elif inside:
            self.check.report(node, f"'{path}' is a group of names, not a value; set for example {inside[0]}")
        else:
            tail = [name for name in known if name.endswith(f".{path.rpartition('.')[2]}")]
            candidates = {name: known[name] for name in tail[:1]} or known
            self.check.report(node, f"unknown name {quoted(path)}{did_you_mean(path, candidates)}")
