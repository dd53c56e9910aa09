"""What goes wrong on the user's side; light to import, so that a bad command line is answered at once."""

from __future__ import annotations


class BadRequest(Exception):  # noqa: N818 - it is the request that is bad, not the program
    """A mistake of the user: its text is all they need to see (exit status 2)."""
