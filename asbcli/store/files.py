"""Files of ours alone: 0600 in folders 0700 whatever the umask, there whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path

from asbcli.errors import BadInput, DatabaseUnusable
from asbcli.store.door import PLAIN, is_encrypted

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # Windows: what a kill left behind stays until somebody removes it
    flock = None  # type: ignore[assignment]

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PART = ".part"  # what is still being written ends so
_A_PART = re.compile(rf"\..+\.[0-9a-f]+{re.escape(PART)}")
ERASURES = "asb-erasures.txt"  # beside the backups: numbers and hashes of erased entries, no words
BACKUPS = ".backups"  # after a register's name: the note of where its backups are
EVIDENCE = ".evidence"  # after a register's name: the folder of its evidence
OF_BACKUPS = "asb-evidence"  # beside the backups; in it each register's own folder


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each 0700 whatever the umask; one that is there is left as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)


@contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """A folder that is there, with those above it; what was made for it goes again where nothing comes of it."""
    missing = list(takewhile(lambda each: not each.is_dir(), (folder, *folder.parents)))
    try:
        make_folder(folder)
        yield
    except BaseException:
        for each in missing:
            with suppress(OSError):
                each.rmdir()
        raise


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """A folder that nobody else is alone in meanwhile: who comes second waits."""
    held = _held(folder) if flock is not None else None
    try:
        yield
    finally:
        if held is not None:
            os.close(held)


def _held(folder: Path) -> int:
    while True:
        make_folder(folder)
        held = os.open(folder, os.O_RDONLY)
        with suppress(OSError):  # a file system without locks
            flock(held, LOCK_EX)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(held), folder.stat()):
                return held
        os.close(held)  # who was alone in it before had made it, and removed it again


@contextmanager
def whole_file(
    path: Path, *, replace: bool = False, before_naming: Callable[[], None] = lambda: None
) -> Iterator[Path]:
    """A file to fill beside `path`, which takes its name once it is whole and on the disk.

    Raises FileExistsError where `path` has come to be in the meantime and is not to be replaced.
    """
    with part_file(path) as part:
        yield part
        before_naming()
        give_name(part, path, replace=replace)


def give_name(part: Path, path: Path, *, replace: bool = False) -> None:
    """Let a file that is whole take its name, once it is on the disk. Raises FileExistsError where that is taken."""
    sync(part)
    if replace:
        part.replace(path)
    else:
        name_once(part, path)
    sync_folder(path.parent)


@contextmanager
def answer_file(path: Path, *, replace: bool = True) -> Iterator[Path]:
    """A file to fill with an answer, in place of an older one unless it may not `replace` any.

    Raises BadInput where a database is there, or no plain file, or a register keeps a file of its own, or it cannot be
    written; DatabaseUnusable where there is no room for it.
    """
    refuse_own(path)
    try:
        if not replace and os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, "there is already a file", str(path))
        check_plain(path)
        with suppress(FileNotFoundError), path.open("rb") as file:
            if file.read(len(PLAIN)) == PLAIN or is_encrypted(path):
                raise OSError(errno.EEXIST, "a database is there, or what may be an encrypted one", str(path))
        with whole_file(path, replace=replace) as part:
            yield part
    except OSError as fault:
        if fault.errno in NO_ROOM:
            raise disk_full() from None
        raise BadInput(f"{path} cannot be written ({fault.strerror})", "name another file") from None


def disk_full() -> DatabaseUnusable:
    """The refusal where there is no room."""
    return DatabaseUnusable("the disk is full; nothing was saved", "make room, then try again")


def refuse_own(path: Path) -> None:
    """Refuse to write where a register keeps a file of its own, whether one is there by now or not. Raises BadInput."""
    place = Path(os.path.realpath(path.parent)) / path.name
    of_a_register = any(_belongs(place, end) for end in ("-journal", "-wal", "-shm", BACKUPS))
    of_evidence = any(each.name == OF_BACKUPS or _belongs(each, EVIDENCE) for each in (place, *place.parents))
    if path.name == ERASURES or of_a_register or of_evidence:
        raise BadInput(f"{path} cannot be written: a register keeps files of its own there", "name another file")


def _belongs(place: Path, end: str) -> bool:
    """Whether a place has the name of a register beside it, and this ending."""
    register = place.name.removesuffix(end)
    return register not in ("", place.name) and place.with_name(register).is_file()


def check_plain(path: Path) -> None:
    """Raise where something is there that is no plain file: it would be gone, and what it was for with it.

    BadInput for a link, which whoever named it may not have known to be one; OSError for any other.
    """
    if path.is_symlink():
        raise BadInput(f"{path} cannot be written: it is a link", "name the file itself")
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(errno.EINVAL, "it is not a plain file", str(path))


def name_once(part: Path, path: Path) -> None:
    """Give a file its name too, if nothing has it. Raises FileExistsError."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        part.rename(path)


@contextmanager
def part_file(path: Path, *, clean: bool = True) -> Iterator[Path]:
    """An empty file (0600) beside `path`, locked while we write, gone at the end unless it was renamed.

    What a kill left of earlier ones goes first (`clean`): nobody holds its lock.
    """
    for old in parts_of(path) if clean else ():
        sweep(old)
    part, held = _new_part(path)
    try:
        yield part
    finally:
        with suppress(FileNotFoundError):
            if os.path.samestat(part.lstat(), os.fstat(held)):
                _unlink_with_journal(part)
        os.close(held)


def parts_of(path: Path) -> list[Path]:
    """What stands beside `path`, half written under a name of its own."""
    begins = f".{path.name}."
    with suppress(OSError):
        return sorted(
            each for each in path.parent.iterdir() if each.name.startswith(begins) and each.name.endswith(PART)
        )
    return []


def abandoned(folder: Path) -> list[Path]:
    """What kills left half written in a folder, whatever it was to become: nobody is writing it."""
    with suppress(OSError):
        return sorted(each for each in folder.iterdir() if _A_PART.fullmatch(each.name) and not being_written(each))
    return []


def being_written(part: Path) -> bool:
    """Whether somebody holds what is half written; where files cannot be locked nobody knows, and it is left alone."""
    if flock is None:
        return True
    with suppress(OSError):
        held = os.open(part, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0))
        try:
            return not _locked(held)
        finally:
            os.close(held)
    return False


def _new_part(path: Path) -> tuple[Path, int]:
    while True:
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
        held = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        if _locked(held) and part.exists():
            return part, held
        part.unlink(missing_ok=True)  # somebody came between who looked whether a kill had left it
        os.close(held)


def _locked(held: int) -> bool:
    if flock is None:
        return True
    try:
        flock(held, LOCK_EX | LOCK_NB)
    except OSError:
        return False
    return True


def _unlink_with_journal(part: Path) -> None:
    part.with_name(f"{part.name}-journal").unlink(missing_ok=True)
    part.unlink()


def sweep(old: Path) -> bool:
    """Remove what a kill left half written; False where somebody is still writing it."""
    if flock is None:
        return False
    with suppress(OSError):
        held = os.open(old, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        try:
            if _locked(held):
                _unlink_with_journal(old)
                return True
        finally:
            os.close(held)
    return False


def sync(path: Path) -> None:
    """Wait until a file's content is on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    if os.name == "posix":
        sync(folder)


def write_whole(path: Path, text: str) -> None:
    """Put a small text in place of a file's, whole or not at all."""
    with whole_file(path, replace=True) as part:
        part.write_text(text, encoding="utf-8")
