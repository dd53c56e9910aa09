"""The standard streams: closed by a daemon or `2>&-`, full, or read by somebody who has left."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO


def open_streams() -> None:
    """Put the null device in the place of each standard stream that is closed, for the processes started here too.

    Otherwise the next file that is opened gets the stream's number, and what a library prints lands in that file.
    """
    for number, (name, mode) in enumerate({"stdin": "r", "stdout": "w", "stderr": "w"}.items()):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest number that is free: this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - stays open
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that cannot print 中文


def write(stream: TextIO, text: str, end: str = "\n") -> OSError | None:
    """Print at once; on a stream that takes nothing, that is its error, and from then on it swallows what comes."""
    try:
        print(text, end=end, file=stream, flush=True)
    except OSError as error:
        # What is still in the buffer must go somewhere, or Python complains when it ends, and changes the status.
        with contextlib.suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), stream.fileno())
        return error
    except ValueError:  # closed meanwhile
        return None
    return None


def complain(message: str) -> None:
    """One message on stderr."""
    write(sys.stderr, message)
