"""Results on stdout, complaints on stderr, and the exit statuses that tell a script what happened; light to import."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from model.paths import shown

DONE, INTERNAL_ERROR, BAD_INPUT, INCOMPLETE, INTERRUPTED = 0, 1, 2, 4, 130


def screen() -> tuple[int, bool]:
    """How wide the terminal is, and whether it shows colours."""
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return shutil.get_terminal_size((100, 24)).columns, colour


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


def tell(text: str) -> None:
    """Results on stdout. Whoever reads them may leave early (`| head`); the run goes on and writes its files."""
    try:
        print(text, flush=True)
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            complain(f"the results could not be printed: {error.strerror}")
        # Nobody listens any more; otherwise Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(message: str) -> None:
    """One message on stderr."""
    print(message, file=sys.stderr, flush=True)
