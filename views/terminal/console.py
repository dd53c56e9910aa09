"""Results on stdout, complaints on stderr, and the exit statuses that tell a script what happened; light to import."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from experiments.engine.streams import complain, write
from model.paths import shown

DONE, INTERNAL_ERROR, BAD_INPUT, INCOMPLETE, INTERRUPTED = 0, 1, 2, 4, 130
#: A terminal narrower than this breaks lines itself.
NARROWEST = 40
#: Results that stdout did not take.
_unprinted: list[str] = []


def screen() -> tuple[int, bool]:
    """How wide the terminal is, and whether it shows colours."""
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return max(NARROWEST, shutil.get_terminal_size((100, 24)).columns), colour


def drawn(draw: Callable[[], object], folder: Path, what: str = "figures") -> int:
    """Draw; when the disk or the user ends that, say that the numbers are complete all the same."""
    try:
        draw()
    except KeyboardInterrupt:
        complain(f"interrupted while drawing; the numbers are complete in {shown(folder)}")
        return INTERRUPTED
    except OSError as error:
        complain(f"{what} could not be written ({error}); the numbers are in {shown(folder)}")
        return INCOMPLETE
    return DONE


def ignore_missing_glyphs() -> None:
    """A character that no font has is drawn as a box; thirty lines about it help nobody."""
    warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)


def tell(text: str, end: str = "\n") -> None:
    """Results on stdout. Whoever reads them may leave early (`| head`); the run goes on and writes its files."""
    error = write(sys.stdout, text, end)
    if error is not None and not isinstance(error, BrokenPipeError):
        _unprinted.append(text)
        complain(f"the results could not be printed: {error.strerror}")


def printed(status: int) -> int:
    """The exit status after everything is printed; an answer that could not be is not finished."""
    tell("", end="")  # what argparse has left in the buffer
    lost = bool(_unprinted)
    _unprinted.clear()
    return status or (INCOMPLETE if lost else DONE)
