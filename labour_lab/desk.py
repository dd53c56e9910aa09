"""What a call is made of: its scenarios as files, its options as words, a folder for what the job writes.

A verb is asked as on the command line, so that it reads, checks and computes the same; the folder goes when the answer
is in memory.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ParamSpec, TypedDict, TypeVar

import yaml

from agents.places import ROOT
from experiments.engine.errors import BadRequest
from experiments.engine.job import JobOutcome
from experiments.engine.options import leave_cluster
from labour_lab.bars import Bar
from labour_lab.errors import FailedError, Interrupted, LabWarning, told, without_place
from model.paths import shown, typed_path
from model.scenario.scenario import Scenario
from model.specification import Specification, in_force, put_in_force, use

#: A scenario that was made here, the path of a file, or the name of one that is shipped.
Asked = Scenario | str | os.PathLike[str]
#: A file of a job's folder: what it holds, or where it lies.
Files = Mapping[str, bytes | Path]
#: Endings of what a job answers with; whatever else lies in its folder are pieces of it.
_KEPT = (".parquet", ".csv", ".yaml", ".json", ".txt")
_PIECES = ("replications", "runs")
_Params = ParamSpec("_Params")
_Found = TypeVar("_Found")


class Options(TypedDict, total=False):
    """What every verb takes, as the command line does: None leaves what the verb or the scenario says.

    `mechanisms` are Python files of one's own, `cluster` the address of a Dask scheduler, `progress` whether a bar is
    shown (by default where somebody watches), `out` a folder that keeps everything and is gone on with.
    """

    population: int | None
    replications: int | None
    seed: int | None
    start: str | None
    end: str | None
    workers: int | None
    cluster: str | None
    mechanisms: Sequence[str | os.PathLike[str]] | str | os.PathLike[str]
    progress: bool | None
    out: str | os.PathLike[str] | None


def verb(function: Callable[_Params, _Found]) -> Callable[_Params, _Found]:
    """A verb that shows its options by name, and takes no others."""
    own = inspect.signature(function)
    named = [one for one in own.parameters.values() if one.kind is not one.VAR_KEYWORD]
    common = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
              for name, kind in Options.__annotations__.items()]  # fmt: skip
    signature = own.replace(parameters=[*named, *common])

    @functools.wraps(function)
    def asked(*words: _Params.args, **options: _Params.kwargs) -> _Found:
        signature.bind(*words, **options)
        return function(*words, **options)

    asked.__signature__ = signature  # type: ignore[attr-defined]
    return asked


class Desk:
    """Where one call writes what it is asked and what it finds."""

    def __init__(self, folder: Path, options: Options) -> None:
        self.folder, self._options = folder, options
        self.progress = Bar(options.get("progress"))
        out = options.get("out")
        self.out = folder / "result" if out is None else typed_path(os.fspath(out))
        self.kept: Path | None = None
        self._count = 0
        given = options.get("mechanisms") or ()
        paths = [given] if isinstance(given, str | os.PathLike) else given
        self._mechanisms = {str(path): path for path in (typed_path(os.fspath(each)) for each in paths)}

    def new_folder(self) -> Path:
        """A folder of its own for one thing that is asked."""
        self._count += 1
        path = self.folder / str(self._count)
        path.mkdir()
        return path

    def scenario(self, asked: Asked, below: str = "") -> str:
        """The path of a scenario's file: as it was named, or written for one that was made here."""
        if isinstance(asked, Scenario):
            return self._written(asked)
        if not isinstance(asked, str | os.PathLike):
            raise BadRequest(f"a scenario is a name, a path or a Scenario, not {type(asked).__name__} {asked!r:.60}")
        return str(shipped_or_typed(asked, below))

    def _written(self, scenario: Scenario) -> str:
        folder, specification = self.new_folder(), scenario.specification
        name = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in scenario.name) or "scenario"
        for file, text in scenario.to_files(f"{name[:60]}.yaml").items():
            (folder / file).write_text(text, encoding="utf-8")
        if specification.country != in_force().country:
            put_in_force(Specification(country=specification.country))
        for mechanism in specification.own:
            if (origin := mechanism.origin) is not None and f"{origin.name} {origin.digest}" not in self._mechanisms:
                path = self.new_folder() / origin.name
                path.write_text(origin.text, encoding="utf-8")
                self._mechanisms[f"{origin.name} {origin.digest}"] = path
        return str(folder / f"{name[:60]}.yaml")

    def file(self, name: str, content: Mapping[str, Any]) -> str:
        """The path of a file that says what was asked in Python."""
        path = self.new_folder() / name
        path.write_text(yaml.safe_dump(plain(content), sort_keys=False, allow_unicode=True), encoding="utf-8")
        return str(path)

    def words(self, **own: object) -> list[str]:
        """Options as they would be typed: those of every verb, and its own; what is None or False was not typed."""
        common = ("population", "replications", "seed", "start", "end", "workers", "cluster")
        given = {**own, **{name: self._options.get(name) for name in common}, "out": self.out}
        typed = []
        for name, value in given.items():
            for each in value if isinstance(value, list | tuple) else [value]:
                if each is not None and each is not False:
                    option = f"--{name.replace('_', '-')}"
                    typed.append(option if each is True else f"{option}={each}")
        return [*typed, *(f"--with={path}" for path in self._mechanisms.values())]

    def judge(self, outcome: JobOutcome[Any], *, answered: bool) -> tuple[str, ...]:
        """What went wrong, told as a warning; raises where it leaves no answer."""
        return self.told(outcome.accidents(shown(outcome.folder)), answered=answered, stopped=outcome.interrupted)

    def told(self, accidents: Sequence[str], *, answered: bool, stopped: bool) -> tuple[str, ...]:
        """Tell accidents as a warning, or raise them where there is no answer."""
        if (
            not answered
            and self._options.get("out") is None
            and any("goes on from there" in each for each in accidents)
        ):
            self.kept = self.folder
        lines = [line.replace("command with --out ", "call with out=") for line in accidents]
        if self.kept is None:
            lines = [without_place(line, self.folder) for line in lines]
        if answered and lines:
            lines = [line.partition(" and kept; the same call")[0] for line in lines] if stopped else lines
            warnings.warn("\n".join(lines), LabWarning, stacklevel=5)
        elif not answered:
            raise (Interrupted if stopped else FailedError)("\n".join(lines) or "nothing was found")
        return tuple(lines)

    def files(self) -> Files:
        """What the job left: in memory, or where it lies when a folder was asked for."""
        found = files_of(self.out)
        return found if self._options.get("out") is not None else {
            name: path.read_bytes() for name, path in found.items()
        }  # fmt: skip


@contextlib.contextmanager
def desk(options: Options) -> Iterator[Desk]:
    """A desk for one call: mistakes are exceptions of labour_lab, what was put in force is put back."""
    folder = Path(tempfile.mkdtemp(prefix="labour-lab-"))
    found: Desk | None = None
    try:
        with told(folder), use(Specification(country=in_force().country)):
            try:
                found = Desk(folder, options)
            except ValueError as error:
                raise BadRequest(str(error)) from None
            yield found
    finally:
        leave_cluster()
        if found is None or found.kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def files_of(folder: Path) -> dict[str, Path]:
    """The files of a job's folder that hold an answer."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.suffix in _KEPT and path.is_file() and not {*path.relative_to(folder).parts} & {*_PIECES}
    }


def shipped_or_typed(asked: str | os.PathLike[str], below: str = "") -> Path:
    """The shipped file of a name, whatever the working directory; else the path as it was typed."""
    text = os.fspath(asked)
    named = ROOT / "scenarios" / below / f"{text}.yaml"
    if isinstance(asked, str) and text and not {"/", "\\", "\0"} & {*text} and named.is_file():
        return named
    try:
        return typed_path(text)
    except ValueError as error:
        raise BadRequest(str(error)) from None


def plain(value: Any) -> Any:
    """A value as a file writes it: numbers of NumPy as numbers, tuples as lists."""
    if isinstance(value, Mapping):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple | range | set | frozenset):
        return [plain(held) for held in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return os.fspath(value) if isinstance(value, os.PathLike) else value
