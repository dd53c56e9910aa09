"""Mechanisms of one's own: read from a Python file that is named on the command line or in Python, never in a scenario.

A file is run once in a process, as a module of its own; what it declares at its top level is what counts. A mistake in
it is told with its line, whether it shows when the file is read or when a step of it runs in a month.
"""

from __future__ import annotations

import linecache
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from model.accounting import AccountingError
from model.mechanism import Mechanism, MechanismError, Origin
from model.outside_files import UnreadableError
from model.scenario.yaml_tree import read_text
from model.schedule import FIRST_MONTH, month_label
from model.specification import Specification, in_force, use

#: People among whom a mechanism is tried out.
FEW_PEOPLE = 1000


def specification_of(files: Sequence[Path]) -> Specification:
    """The built-in mechanisms with those of files; raises MechanismError with everything that is wrong with them."""
    return Specification(read_mechanisms(files), in_force().country)


def try_out(specification: Specification) -> None:
    """Live the burn-in and a month of a small world; raises MechanismError where a mechanism of one's own fails."""
    from model.market import Market
    from model.scenario.scenario import default_scenario

    with use(specification):
        scenario = default_scenario().with_values({"population": FEW_PEOPLE, "end": FIRST_MONTH})
        market = Market(scenario, scenario.seed)
        market.advance()
    for mechanism in specification.own:
        for kind in mechanism.kinds:
            _guarded(mechanism, f"kind {kind.id!r}", specification.kinds[kind.id].try_out)(market)


def read_mechanisms(files: Sequence[Path]) -> tuple[Mechanism[Any], ...]:
    """The mechanisms that files declare, in their order; raises MechanismError with file and line of what is wrong."""
    return tuple(mechanism for file in files for mechanism in _read(file))


def _read(file: Path) -> tuple[Mechanism[Any], ...]:
    try:
        text = read_text(file, "a mechanism", "Python")
    except UnreadableError as error:
        raise MechanismError(f"{file}  {error}; nothing was run") from None
    found = mechanisms_of_text(file.name, text)
    if not found:
        raise MechanismError(
            f"{file}  declares no mechanism; write NAME = Mechanism(...) at its top level, as in "
            "examples/own_mechanism.py; nothing was run"
        )
    return found


@cache
def mechanisms_of_text(name: str, text: str) -> tuple[Mechanism[Any], ...]:
    """The mechanisms that a text declares at its top level, each knowing where it comes from."""
    origin = Origin(name, text)
    module = _module(origin)
    own = [held for held in vars(module).values() if isinstance(held, Mechanism) and not held.home]
    return tuple(_told(replace(mechanism, origin=origin)) for mechanism in dict.fromkeys(own))


def mechanism_of_text(name: str, text: str, id_: str) -> Mechanism[Any]:
    """One mechanism of a text, as another process or a copy finds it again."""
    return next(mechanism for mechanism in mechanisms_of_text(name, text) if mechanism.id == id_)


def _module(origin: Origin) -> ModuleType:
    """The text as a module, run once in this process."""
    # One word: a name with a dot would be that of a package's part, which `pickle` could not find.
    called = re.sub(r"\W", "_", f"own_mechanism_{origin.name}_{origin.digest[:16]}")
    if called in sys.modules:
        return sys.modules[called]
    module = ModuleType(called)
    module.__file__ = _shown(origin)
    # So that tracebacks and `inspect` find the lines, wherever the file lies or in whichever process this is.
    linecache.cache[_shown(origin)] = (len(origin.text), None, origin.text.splitlines(keepends=True), _shown(origin))
    try:
        sys.modules[called] = module
        exec(compile(origin.text, _shown(origin), "exec"), vars(module))  # noqa: S102 - named by the user, to be run
    except BaseException as error:
        del sys.modules[called]
        if isinstance(error, KeyboardInterrupt | MemoryError):
            raise
        raise MechanismError(f"{_where(origin, error)}  {_words(error)}; nothing was run") from error
    return module


def _shown(origin: Origin) -> str:
    return f"<{origin.name}>"


def _where(origin: Origin, error: BaseException) -> str:
    """File and line, as near to the mistake as the file itself comes."""
    if isinstance(error, SyntaxError) and error.filename == _shown(origin):
        return f"{origin.name}:{error.lineno or 1}:{error.offset or 1}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == _shown(origin)]
    return f"{origin.name}:{lines[-1]}" if lines else origin.name


def _words(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"this is not Python: {error.msg}"
    return f"{type(error).__name__}: {error}"


def _told(mechanism: Mechanism[Any]) -> Mechanism[Any]:
    """The mechanism, whose functions say where they fail."""

    def guarded(what: str, function: Callable[..., Any] | None) -> Any:
        return function and _guarded(mechanism, what, function)

    return replace(
        mechanism,
        memory=guarded("memory", mechanism.memory),
        books=guarded("books", mechanism.books),
        steps=tuple(replace(step, run=guarded(f"step {step.name!r}", step.run)) for step in mechanism.steps),
        indicators=tuple(
            replace(each, read=guarded(f"indicator {each.name!r}", each.read)) for each in mechanism.indicators
        ),
    )


def _guarded(mechanism: Mechanism[Any], what: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(market: Any) -> Any:
        try:
            return function(market)
        except AccountingError:  # what books are for
            raise
        except Exception as error:
            origin = mechanism.origin
            where = _where(origin, error) if origin is not None else mechanism.id
            month = month_label(market.month)
            raise MechanismError(f"{where}  the {what} fails in {month}: {_words(error)}") from error

    return guarded
