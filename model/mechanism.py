"""What a mechanism declares: all that belongs to one part of the story, in one place.

The K visa, the property market, the rules at 35 are mechanisms, and so is what a modeller adds: a `Mechanism` holds
what a scenario may set of it, what it remembers from month to month, its steps and their place in the month, the
indicators that are read off it, what switching it off means, and the text that describes it.
`model.mechanisms.BUILT_IN` lists those that are shipped; a `model.specification.Specification` puts them together, with
those of one's own.

Declarations are light: they load neither NumPy nor Numba, so that a scenario is checked in a moment. A step of a
built-in mechanism is therefore named, `later("model.mechanisms.visa.arrivals:visa")`, and loaded when the first month
begins; a file of one's own simply gives the function.
"""

from __future__ import annotations

import copyreg
import hashlib
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from model.parameters import Parameter, Value

if TYPE_CHECKING:
    from agents.kinds import Kind
    from model.market import Market
    from model.scenario.scenario import Scenario

#: rate and share: fractions 0..1; count: people (or things) represented; index: 100 in 2018-01.
Measure = Literal["rate", "share", "count", "index", "ratio", "money"]
Memory = TypeVar("Memory")


class MechanismError(Exception):
    """A mechanism of one's own cannot be used; the text says in which file and line, and why."""


@dataclass(frozen=True, slots=True)
class Later:
    """A function that is loaded when it is first called: `module:name`."""

    place: str

    def load(self) -> Callable[..., Any]:
        """The function itself."""
        module, _, name = self.place.partition(":")
        function: Callable[..., Any] = getattr(import_module(module), name)
        return function

    def __call__(self, *given: Any) -> Any:
        """Load the function and call it."""
        return self.load()(*given)


def later(place: str) -> Any:
    """The function at `module:name`, loaded when it is first called."""
    return Later(place)


def loaded(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function itself, whether it was named or given."""
    return function.load() if isinstance(function, Later) else function


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens once a month: its name, what it does to the market, and that in a sentence.

    `model.month.MONTH` gives the built-in steps their place. A step of one's own says which of them it stands `before`
    or `after`; several at one place run in the order in which their mechanisms were given.
    """

    name: str
    run: Callable[[Market], None]
    story: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One column of the monthly table: its label, unit, definition and how it is read off the market.

    `read` takes the market at the end of a month and gives a number, NaN while there is nothing to read. Reading
    changes nothing. Where it is left out, the function of the indicator's name in `readings.py` beside the declaration
    reads it. `base` is the column that counts the people a reading rests on; below 100 simulated persons it is
    flagged. `plain` marks a share that is no percentage: an index of 0 to 1, a switch.
    """

    name: str
    label: str
    label_zh: str
    unit: str
    kind: Measure
    definition: str
    read: Callable[[Market], float] | None = None
    base: str = "labour_force"
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause that unemployment is put down to: what being off means, and the values that switch it off.

    `id` names it in programs, `name` in tables. `off` gives the values by path, or takes the scenario and gives them.
    Off may lie outside what is plausible for a parameter: it is a question, not a guess. `people` are paths in people a
    year that bring the cause about, the ceiling first; `most` is how many a year it is known to be proportional to.
    Where they are too few to be simulated, more of them are lived and the effect divided.
    """

    id: str
    name: str
    off_means: str
    off: Mapping[str, Value] | Callable[[Scenario], Mapping[str, Value]]
    name_zh: str = ""
    people: tuple[str, ...] = ()
    most: float = 0.0

    def values(self, scenario: Scenario) -> Mapping[str, Value]:
        """What switches the cause off in a scenario, by path."""
        return self.off if isinstance(self.off, Mapping) else self.off(scenario)


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a mechanism of one's own was read from: its name as it was given, and its text."""

    name: str
    text: str

    @property
    def digest(self) -> str:
        """A sha256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def line_of(self, word: str) -> int | None:
        """The first line that spells a word between quotes."""
        lines = self.text.splitlines()
        return next((line for line, text in enumerate(lines, 1) if f'"{word}"' in text or f"'{word}'" in text), None)


@dataclass(frozen=True, eq=False)
class Mechanism(Generic[Memory]):
    """A part of the model that can be named, switched and taken out.

    `id` is its name in programs, `title` that in documents, `text` what it does in a sentence or two. `parameters` are
    what a scenario may set: levers and constants (`model.parameters`). `memory` opens what the mechanism remembers from
    month to month, `of` finds it in a market. `books` closes the month's accounts and raises
    `model.accounting.AccountingError` where they do not add up. `kinds` are kinds of agents beside persons and firms,
    whose columns lie in what it remembers. `equations` says in Markdown how it works. `home` is
    the package of a built-in mechanism, `origin` the file of one's own.
    """

    id: str
    title: str
    text: str
    parameters: tuple[Parameter, ...] = ()
    memory: Callable[[Market], Memory] | None = None
    steps: tuple[Step, ...] = ()
    books: Callable[[Market], None] | None = None
    indicators: tuple[Indicator, ...] = ()
    causes: tuple[Cause, ...] = ()
    kinds: tuple[Kind, ...] = ()
    title_zh: str = ""
    equations: str = ""
    home: str = ""
    origin: Origin | None = None

    def __post_init__(self) -> None:
        """Raise TypeError for a single declaration where several are expected."""
        for name in ("parameters", "steps", "indicators", "causes", "kinds"):
            if not isinstance(getattr(self, name), tuple):
                raise TypeError(f"{name} of the mechanism {self.id!r} are a tuple: write {name}=(...,)")

    def step(self, name: str) -> Step:
        """One of its steps by name."""
        return next(step for step in self.steps if step.name == name)

    def of(self, market: Market) -> Memory:
        """What this mechanism remembers in a market."""
        memory: Memory = market.memory[self.id]
        return memory

    @property
    def submodel(self) -> str:
        """Its equations in words, Markdown: `submodel.md` beside a built-in declaration, else what `equations` says."""
        if not self.home:
            return self.equations
        return files(self.home).joinpath("submodel.md").read_text(encoding="utf-8")

    def __eq__(self, other: object) -> bool:
        """Two mechanisms are the same when their code is, whichever process read it."""
        if self is other or not isinstance(other, Mechanism):
            return self is other
        return (self.id, self.fingerprint) == (other.id, other.fingerprint)

    def __hash__(self) -> int:
        return hash(self.id)

    def __deepcopy__(self, _: object) -> Mechanism[Memory]:
        """A declaration never changes, so a copy of a market shares it."""
        return self

    @cached_property
    def fingerprint(self) -> str:
        """A sha256 of the code of a mechanism of one's own: of its file, else of its functions."""
        if self.origin is not None:
            return self.origin.digest
        functions: list[Callable[..., Any] | None] = [self.memory, self.books, *(step.run for step in self.steps)]
        functions += [each.read for each in self.indicators]
        functions += [each.off for each in self.causes if callable(each.off)]
        functions += [cls for kind in self.kinds for cls in kind.classes]
        told = [repr(self.parameters), *(_source(function) for function in functions if function is not None)]
        return hashlib.sha256("\0".join([self.id, *told]).encode()).hexdigest()

    def __reduce__(self) -> Any:
        """Another process reads a mechanism anew from its text: functions of a file have no home to be found in."""
        if self.origin is None:
            return copyreg.__newobj__, (type(self),), self.__dict__  # type: ignore[attr-defined]  # as any object
        from model.own_mechanism import mechanism_of_text

        return mechanism_of_text, (self.origin.name, self.origin.text, self.id)


def _source(function: Callable[..., Any]) -> str:
    """The text of a function, or its compiled form where there is no text."""
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        code = getattr(function, "__code__", None)
        return repr(function) if code is None else repr((code.co_code, code.co_consts, code.co_names))


def sources_of(mechanisms: Sequence[Mechanism[Any]]) -> Iterator[tuple[str, str]]:
    """Name and sha256 of each mechanism of one's own, as a manifest tells them."""
    for mechanism in mechanisms:
        yield (mechanism.origin.name if mechanism.origin else mechanism.id), mechanism.fingerprint
