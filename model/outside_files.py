"""Files that somebody else made: their bytes, never more than is reasonable, and the text that these mean."""

from __future__ import annotations

import stat
from pathlib import Path

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: First bytes of files that people take for text.
_PACKED = (
    (b"\x1f\x8b", "it is compressed by gzip; unpack it first"),
    (b"PK\x03\x04", "it is a zip archive, as Excel's .xlsx is; unpack it, or save the sheet as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "it is an Excel workbook; save the sheet as CSV UTF-8"),
    (b"PAR1", "it is a Parquet file; save it as CSV"),
)


class UnreadableError(Exception):
    """A file cannot be read as text; the message says why."""


def read_content(path: Path, largest: int, what: str, form: str) -> bytes:
    """The bytes of a regular file of at most `largest` bytes; raises UnreadableError saying why there are none.

    `what` the file should be and in what `form` are for messages: "a scenario", "a YAML file".
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableError(f"this is a directory; {what} is {form}")
        if stat.S_ISFIFO(status.st_mode):
            raise UnreadableError("this is a pipe, which can be read only once; save it as a file and name that")
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("this is not a regular file")
        if status.st_size > largest:
            raise UnreadableError(f"the file has {status.st_size:,} bytes; {what} has at most {largest:,}")
        with path.open("rb") as file:
            return file.read(largest + 1)
    except FileNotFoundError as error:
        raise UnreadableError("there is no such file") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UnreadableError(f"the file cannot be read ({reason})") from error


def decoded(content: bytes, what: str, form: str) -> str:
    """The text of bytes in UTF-8, or in UTF-16 as Excel marks it; raises UnreadableError saying what else they are."""
    for begin, told in _PACKED:
        if content.startswith(begin):
            raise UnreadableError(f"this is not a text file: {told}")
    mark, encoding = next((each for each in _BYTE_ORDER_MARKS if content.startswith(each[0])), (b"", "utf-8"))
    try:
        text = content.removeprefix(mark).decode(encoding) if encoding == "utf-8" else content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(f"line {line} is not {encoding.upper()}{_other_encoding(content)}") from error
    if "\0" in text:
        raise UnreadableError(f"this is not a text file; {what} is {form}")
    return text


def _other_encoding(content: bytes) -> str:
    """What the bytes are more likely to be, and what to do."""
    advice = "save the file as UTF-8 text ('CSV UTF-8' in Excel)"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return f"; {advice}"
    return f" but, it seems, GBK; {advice}"
