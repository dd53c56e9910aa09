"""What goes wrong on the user's side; light to import, so that a bad command line is answered at once."""

from __future__ import annotations

import contextlib
import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What the system says when there is no room for a file.
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
#: Our own packages: one of them missing is no business of an extra.
OWN = ("agents", "model", "experiments", "views")


class BadRequest(Exception):  # noqa: N818 - it is the request that is bad, not the program
    """A mistake of the user: its text is all they need to see (exit status 2)."""


@contextlib.contextmanager
def extra_needed(extra: str, purpose: str) -> Iterator[None]:
    """Import inside this what an extra brings: where it is not installed, one message names the extra.

    `with extra_needed("cluster", "--cluster"): import distributed`
    """
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").split(".", maxsplit=1)[0]
        if not missing or missing in OWN:
            raise
        raise BadRequest(
            f"{purpose} needs {missing}, which is not installed: "
            f"`make venv` installs everything, `pip install -e '.[{extra}]'` only what this needs"
        ) from None
