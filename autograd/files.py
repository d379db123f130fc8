"""A file appears whole or not at all, whoever else writes, reads or is stopped; a print may go unread."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path


def write_file(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a whole file; text as UTF-8 with the line ends it has.

    The content goes to a new file beside it, under a name that nobody else has, and takes its place in one
    move once it is on the disk. A link stays a link: what it points to is written. What is no regular file
    (`/dev/stdout`, a pipe) is written as it is.

    Args:
        path: the file; its folder must be there.
        content: all of it.

    Raises:
        OSError: the file cannot be written; the older one is as it was.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "note.txt"
    >>> write_file(path, "one")
    >>> path.read_text()
    'one'
    """
    written = content.encode("utf-8") if isinstance(content, str) else content
    target = Path(os.path.realpath(path))
    try:
        before = target.stat()
    except OSError:
        before = None
    if before is not None and not (stat.S_ISREG(before.st_mode) and os.access(target, os.W_OK)):
        target.write_bytes(written)  # a device or a pipe; a folder and what is read-only say so themselves
        return
    part = target.with_name(f".{secrets.token_hex(16)}.part")
    try:
        with open(part, "xb") as stream:
            stream.write(written)
            stream.flush()
            os.fsync(stream.fileno())
        if before is not None:
            part.chmod(stat.S_IMODE(before.st_mode))
        os.replace(part, target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            part.unlink()
        if isinstance(error, OSError) and error.filename == str(part):  # a name that nobody knows
            raise type(error)(error.errno, error.strerror, str(path)) from None
        raise
    _settle(target.parent)


def _settle(folder: Path) -> None:
    """See that the move itself is on the disk, where folders can be asked for that."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


@contextlib.contextmanager
def reader_may_leave() -> Iterator[None]:
    """End what prints without a word once its reader has enough, as in `... | head`.

    Every program of these packages prints inside this: what comes after the block finds its streams closed to
    nobody, so that Python, too, says nothing as it ends.

    >>> with reader_may_leave():
    ...     print("one")
    one
    """
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:  # closed, as by `>&-`: Python prints to nobody then
                sys.stdout.flush()  # also after help, which leaves by SystemExit
    except BrokenPipeError:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BrokenPipeError:  # noqa: PERF203 - Python itself would try it again as it ends
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
