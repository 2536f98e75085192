"""Files handed to the program: named, opened without waiting for anybody, and never a device that has no end."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TextIO

from asbcli.errors import BadInput


def path_of(name: str) -> Path:
    """The file or folder that somebody named, `~` being their home. Raises BadInput for what names none."""
    if "\0" in name or not name.strip():
        raise BadInput("that is no name of a file", "name another")
    try:
        return Path(name).expanduser()
    except RuntimeError:
        from asbcli.dates import quoted  # help needs no calendar

        raise BadInput(f"the home folder in {quoted(name)} is not known", "write the whole path") from None


def opener(path: str, flags: int) -> int:
    """For `open`: a pipe that nobody writes to is empty. Raises OSError for a device that is no terminal."""
    opened = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if _is_device(opened):
        os.close(opened)
        raise OSError(errno.EINVAL, "it is a device", path)
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(opened, True)  # what somebody does write is waited for
    return opened


def lines(file: TextIO, longest: int) -> Iterator[str]:
    """The lines of a file, of at most `longest` characters each. Raises BadInput for one longer than that."""
    for number, line in enumerate(iter(partial(file.readline, longest + 1), ""), 1):
        if len(line) > longest:
            raise BadInput(f"line {number} is longer than {longest:,} characters; nothing was saved")
        yield line


def _is_device(opened: int) -> bool:
    found = os.fstat(opened)
    if stat.S_ISBLK(found.st_mode):
        return True
    # Nothing at all is a good file: ASB_CONFIG=/dev/null says that there are no settings.
    nothing = os.stat(os.devnull).st_rdev == found.st_rdev
    return stat.S_ISCHR(found.st_mode) and not nothing and not os.isatty(opened)
