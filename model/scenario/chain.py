"""A scenario file with all that it extends, and the options beside it, read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from model.outside_files import UnreadableError
from model.paths import path_in_file, shown, typed_text, why_not_found
from model.scenario.checks import Checker, Said
from model.scenario.problems import Place, Problem, nearest, quoted
from model.scenario.yaml_tree import Node, node_of, parse, parse_one_line, read_text

_LONGEST_CHAIN = 10
#: Settings that have an option of their own; a problem names that option.
_OWN_OPTION = ("population", "replications", "seed", "start", "end")


@dataclass(slots=True)
class Chain:
    """What the files say, the one asked for first."""

    files: list[Path] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)


def checked_chain(path: Path, problems: list[Problem]) -> Chain:
    """Reads a file and, one after the other, those it extends; everything wrong is added to `problems`."""
    chain = Chain()
    asked_by: Node | None = None
    while True:
        place = asked_by.place if asked_by else Place(shown(path))
        before = f"extends {quoted(asked_by.text)}: " if asked_by else ""
        if any(_same(path, earlier) for earlier in chain.files):
            circle = " -> ".join(shown(file) for file in [*chain.files, path])
            problems.append(Problem(*place, f"{before}the files extend one another in a circle: {circle}"))
            return chain
        if len(chain.files) >= _LONGEST_CHAIN:
            problems.append(Problem(*place, f"{before}more than {_LONGEST_CHAIN} files extend one another"))
            return chain
        try:
            text = read_text(path)
        except UnreadableError as error:
            problems.append(Problem(*place, f"{before}{error}{_what_was_meant(path, asked_by)}"))
            return chain
        chain.files.append(path)
        said = _checked_text(text, path, problems)
        chain.said.append(said)
        asked_by = said.extends
        if asked_by is None or not _names_a_file(asked_by, problems):
            return chain
        path = path_in_file(asked_by.text, path.parent)


def _checked_text(text: str, path: Path, problems: list[Problem]) -> Said:
    mine: list[Problem] = []
    file = shown(path)
    said = Checker(mine, path.parent).file(parse(text, file, mine), file)
    problems += mine
    return said


def _names_a_file(node: Node, problems: list[Problem]) -> bool:
    good = node.kind == "text" and bool(node.text.strip()) and "\0" not in node.text
    if not good and node.kind != "refused":
        problems.append(Problem(*node.place, "'extends' names one other scenario file, such as baseline.yaml"))
    return good


def _same(one: Path, other: Path) -> bool:
    try:
        return one.resolve() == other.resolve()
    except (OSError, RuntimeError, ValueError):
        return False


def _what_was_meant(path: Path, asked_by: Node | None) -> str:
    """Why nothing is there, or the scenario beside it that was probably meant, when the file does not exist."""
    if asked_by and (reason := why_not_found(asked_by.text)):
        return reason
    try:
        if path.exists():
            return ""
        beside = sorted(file.name for file in path.parent.glob("*.y*ml"))[:200]
    except (OSError, ValueError):
        return ""
    found = nearest(path.name, beside)
    return f"\n    did you mean '{found}'?" if found else ""


def node_options(overrides: Mapping[str, object]) -> dict[str, Node]:
    """Values given by a program, as nodes that are reported as overrides; raises TypeError for no mapping."""
    if not isinstance(overrides, Mapping):
        raise TypeError(f"overrides are a mapping from path to value, not {type(overrides).__name__} {overrides!r:.60}")
    return {str(path): node_of(value, Place(f"override {quoted(path)[1:-1]}")) for path, value in overrides.items()}


def setting_options(settings: Sequence[str], problems: list[Problem]) -> dict[str, Node]:
    """Texts `path=value` as nodes; of two for the same path the later one holds."""
    options: dict[str, Node] = {}
    for setting in settings:
        path, equals, value = typed_text(setting).partition("=")
        path = path.strip()
        place = Place(f"--{path}" if path in _OWN_OPTION else f"--set {quoted(path)[1:-1]}")
        if not equals or not path:
            problems.append(Problem(*place, "write path=value, for example visa.annual_quota=50000"))
            continue
        node = parse_one_line(value, place, problems)
        if node is not None:
            options[path] = node
        elif not value.strip() or value.strip().startswith("#"):
            options[path] = Node(place, "nothing")
    return options


def in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Problems file by file, each in the order of its lines, whichever check found them."""
    files = list(dict.fromkeys(problem.file for problem in problems))
    return sorted(problems, key=lambda each: (files.index(each.file), each.line or 0, each.column or 0))


def checked_options(options: Mapping[str, Node], problems: list[Problem]) -> Said:
    """What options say; everything wrong is added to `problems`."""
    return Checker(problems).options(options)
