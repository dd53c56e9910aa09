"""Whose folders machine code may come from: a program that loads it does whatever it says.

Machine code is as good as its source where nobody can write it who cannot write the source. So whoever owns the source
is trusted, as root is and this user; nobody else. A folder to *keep* code in must be this user's own, made by nobody
else, and writable by nobody else. A folder to *read* from (a complete cache that came with a checkout or an image) may
be anybody's who is trusted: root reads what the owner of the checkout compiled, whose source it runs anyway.

On the way to either, every folder and every link belongs to somebody trusted, and a folder that all may write to is
one, such as /tmp, in which nobody may rename what is another's (sticky).
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from agents.places import ROOT

_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def is_own(folder: Path) -> bool:
    """Whether a folder is this user's and nobody else can write to it or put another in its place."""
    if not hasattr(os, "geteuid"):  # Windows: folders below the user's are the user's
        return os.access(folder, os.W_OK)
    try:
        found = folder.lstat()
        mine = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & _BY_OTHERS
        return mine and os.access(folder, os.W_OK | os.X_OK) and _is_safe_way(folder.parent)
    except OSError:
        return False


def is_as_good_as_source(folder: Path) -> bool:
    """Whether nobody can have written a folder, or anything in it, who cannot write the source."""
    if not hasattr(os, "geteuid"):
        return True
    try:
        return _is_safe_way(folder.parent) and all(_is_plain(path) for path in (folder, *_below(folder)))
    except OSError:
        return False


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _below(path)


def _is_plain(path: Path) -> bool:
    """Whether it is a folder or file that can be read, somebody trusted's, and writable as the source at most."""
    found, source = path.lstat(), ROOT.stat()
    shared = source.st_mode & _BY_OTHERS if found.st_gid == source.st_gid else source.st_mode & stat.S_IWOTH
    kind = stat.S_ISDIR(found.st_mode) or stat.S_ISREG(found.st_mode)
    return kind and found.st_uid in _trusted() and not found.st_mode & _BY_OTHERS & ~shared and os.access(path, os.R_OK)


def _is_safe_way(folder: Path) -> bool:
    """Whether everything on the way to a folder, itself included, stays what it is."""
    for place in (folder, *folder.parents):
        found = place.lstat()
        if found.st_uid not in _trusted():
            return False
        if stat.S_ISLNK(found.st_mode):
            return _is_safe_way(place.resolve(strict=True)) and _is_safe_way(place.parent)
        if found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX:
            return False
    return True


def _trusted() -> set[int]:
    """This user, root (under whatever number it is seen from within a container), and the owner of the source."""
    return {os.geteuid(), 0, Path("/").stat().st_uid, ROOT.stat().st_uid}


def make_own(folder: Path, mode: int = 0o700) -> bool:
    """Make a folder of one's own where there is none, with what leads to it; returns whether there is one now."""
    with contextlib.suppress(OSError):
        missing = [place for place in (folder, *folder.parents) if not os.path.lexists(place)]
        if missing and _is_safe_way(missing[-1].parent):
            for place in reversed(missing):
                place.mkdir(mode=mode)
    return is_own(folder)
