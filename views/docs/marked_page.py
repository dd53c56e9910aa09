"""Pages written by hand with parts that a program writes, each between its marks."""

from __future__ import annotations

import sys
from collections.abc import Callable

from experiments.engine.errors import BadRequest


def marks(name: str, command: str) -> tuple[str, str]:
    """What stands before and after a part."""
    return f"<!-- {name}: written by python -m {command} -->", f"<!-- end of {name} -->"


def between_marks(text: str, name: str, content: str, command: str) -> str:
    """A page with the part between the marks of a name replaced."""
    begin, end = marks(name, command)
    if text.count(begin) != 1 or text.count(end) != 1:
        raise BadRequest(f"the page has no marks for {name!r}: {begin} and {end}")
    head, _, rest = text.partition(begin)
    return f"{head}{begin}\n{content}\n{end}{rest.partition(end)[2]}"


def status_of(work: Callable[[], None]) -> int:
    """Do a command's work, which is kept as far as it comes, and say how it ended: its exit status."""
    try:
        work()
    except BadRequest as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from here", file=sys.stderr)
        return 130
    return 0
