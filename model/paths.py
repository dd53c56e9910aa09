"""Paths: read once as they were typed, shown as they would be typed, named so that anybody can print the name.

A path goes on from here absolute and is opened by Python alone: libraries that open files themselves expand `~`, take
`s3:` or `a:b` for an address, or know no names but those in UTF-8, each in its own way.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

#: What no terminal, page or table can show: control characters, bytes that are not text, ends of lines.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_REPLACEMENT = "\ufffd"
_LONGEST_NAME = 100
#: No file that a run writes below its folder has a longer path there.
_ROOM_BELOW = "/" + "x" * 100


def typed_path(text: str) -> Path:
    """The path that was typed, absolute: relative ones begin where the program was started, and nothing is expanded.

    Raises ValueError with what is wrong.
    """
    if not text:
        raise ValueError("the path is empty; name a file or folder")
    try:
        return Path(text).absolute()
    except OSError:
        raise ValueError("the folder in which this was typed is gone; go to another one") from None


def path_in_file(text: str, folder: Path) -> Path:
    """The path that a file in `folder` names: beside it, unless it is absolute."""
    with contextlib.suppress(UnicodeEncodeError):
        # A file is read as UTF-8, and names on the disk are bytes: in a locale of another encoding both still meet.
        text = os.fsdecode(text.encode("utf-8"))
    return folder / text


def typed_text(text: str) -> str:
    """A text that was typed, as UTF-8 whatever the locale; what is not UTF-8 stays as Python escapes it."""
    with contextlib.suppress(UnicodeEncodeError):
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    return text


def shown(path: str | os.PathLike[str]) -> str:
    """A path as a person at this prompt would type it: from here where it lies below, and on one line."""
    given = _without_detours(path)
    with contextlib.suppress(OSError, ValueError):
        given = given.absolute().relative_to(Path.cwd())
    text = readable(given)
    # What a shell or a program would take for something else.
    return f"./{text}" if text.startswith(("~", "-")) else text


def _without_detours(path: str | os.PathLike[str]) -> Path:
    """The path without `..`, unless a link makes that another path."""
    given, short = Path(path), Path(os.path.normpath(path))
    with contextlib.suppress(OSError, ValueError):
        return short if os.path.realpath(given) == os.path.realpath(short) else given
    return given


def readable(path: str | os.PathLike[str]) -> str:
    """A path as text that can be printed and stored; what cannot be shown, such as a byte that is not UTF-8, is `�`."""
    text = os.fsdecode(path)
    with contextlib.suppress(UnicodeEncodeError):
        # Whatever the locale, a name is UTF-8 as far as it can be read as such.
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return _UNPRINTABLE.sub(_REPLACEMENT, text)


def name_from(path: Path) -> str:
    """What a scenario or an experiment is called that says no name: as its file, in letters that can be shown."""
    name = readable(path.stem)
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def why_not_found(text: str) -> str:
    """What makes a path that names nothing look like one that does, as a second line; else nothing."""
    if text.startswith("~"):
        return "\n    '~' is put in place by a shell, and only at the start of a word; here write the whole path"
    if re.match(r"[A-Za-z][\w+.-]*://", text):
        return "\n    only files of this machine are read; fetch it first, then name the file"
    return ""


def unusable(folder: Path) -> str:
    """Why results cannot be written to a folder, which need not exist yet; empty where they can, as far as is seen."""
    there = folder
    try:
        while not os.path.lexists(there):
            there = there.parent
        it = "it" if there == folder else shown(there)
        if there.is_symlink() and not there.exists():
            return f"{it} is a link to something that is not there"
        if not there.is_dir():
            return f"{it} is a file, not a folder"
        if not os.access(there, os.W_OK | os.X_OK):
            return f"{it} may not be written to"
        with contextlib.suppress(FileNotFoundError):
            os.lstat(f"{folder}{_ROOM_BELOW}")
        if there != folder:
            import tempfile  # late: nothing else of a check needs it

            # Permissions do not tell everything: only making a folder shows that one can be made.
            Path(tempfile.mkdtemp(prefix=".try-", dir=there)).rmdir()
    except OSError as error:
        return error.strerror or str(error)
    return ""
