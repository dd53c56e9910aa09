"""What goes wrong, said in the command line's words."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from experiments.engine.errors import BadRequest
from model.mechanism import MechanismError
from model.scenario.fitted import FittedFileError
from model.scenario.problems import Problem, ScenarioError


class LabError(Exception):
    """Something is wrong; its text is all there is to know."""


class InputError(LabError, ValueError):
    """What was asked for cannot be run, and nothing was; `problems` holds each thing that is wrong with a scenario."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, problems)
        self.problems = problems

    def __str__(self) -> str:
        return str(self.args[0])


class FailedError(LabError):
    """Runs were begun and leave nothing to show."""


class Interrupted(KeyboardInterrupt):
    """An interrupt before there was an answer; its text says where finished runs are kept and how to go on."""


class LabWarning(UserWarning):
    """There is a result, and something beside it to know: runs that failed, or that an interrupt left out."""


def without_place(text: str, folder: Path) -> str:
    """A message without the folder that a call works in, which nobody has typed."""
    return re.sub(rf"(?:\./|\.\./)*{re.escape(str(folder))}(?:/result|/\d+)?/", "", text)


@contextlib.contextmanager
def told(folder: Path) -> Iterator[None]:
    """Raise mistakes of the user as exceptions of labour_lab, with no traceback of what found them."""
    try:
        yield
    except ScenarioError as error:
        raise InputError(without_place(str(error), folder), tuple(error.problems)) from None
    except (BadRequest, FittedFileError, MechanismError) as error:
        raise InputError(without_place(str(error), folder)) from None
