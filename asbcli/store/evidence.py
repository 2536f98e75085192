"""Evidence files: kept beside the register under the hash of what they hold, read only, never changed."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import Enum
from itertools import count
from pathlib import Path
from typing import NamedTuple

from asbcli.casefile.entries.keeping import DIGEST
from asbcli.errors import BadInput, DatabaseUnusable
from asbcli.store.files import (
    BACKUPS,
    EVIDENCE,
    OF_BACKUPS,
    alone_in,
    answer_file,
    being_written,
    made_folder,
    make_folder,
    name_once,
    part_file,
    parts_of,
    sweep,
    sync_folder,
)

CHUNK = 1_048_576  # bytes in memory at a time
EVERY = 1024  # chunks between two words of progress
# By the log: evidence that was corrected away is a row no more, and its file stays as its entry does.
_KEPT = """
    SELECT DISTINCT json_extract(body, '$.digest') AS digest, json_extract(body, '$.size') AS size
    FROM entries JOIN bodies ON bodies.seq = entries.seq WHERE kind = 'evidence' AND body IS NOT NULL ORDER BY digest
"""
_INCOMING = "incoming"
ALTERED = ".altered-"  # after the hash: what stood there in its place
_FIRST = "SELECT hash FROM entries ORDER BY seq LIMIT 1"

Progress = Callable[[int], None]


class Before(Enum):
    """What had a file's name before it was kept under its hash."""

    NOTHING = "nothing"
    THE_SAME = "the same"
    ANOTHER = "another"  # altered: it stays beside it under another name


class Copied(NamedTuple):
    """What came of copying evidence: the hashes of what is missing or altered, and of what was mended where it goes."""

    lacking: list[str]
    mended: list[str]


class Taken(NamedTuple):
    """A file taken in: the hash and the number of its bytes, and where it stands until it is recorded."""

    digest: str
    size: int
    part: Path


def folder_of(register: Path) -> Path:
    """Where a register's evidence stands."""
    return register.with_name(f"{register.name}{EVIDENCE}")


def of_backups(folder: Path, connection: sqlite3.Connection) -> Path:
    """Where the backups of one register keep their evidence, each file once; other registers' lie beside it.

    A register and its backups are told from others by their first entry, which all of them share.
    """
    first = connection.execute(_FIRST).fetchone()
    return folder / OF_BACKUPS / (first["hash"][:16] if first else "empty")


def folder_for(register: Path, connection: sqlite3.Connection) -> Path:
    """Where its evidence stands: beside a backup that is the folder its fellows share.

    A register whose own backups are noted beside it is no backup, though one of them may stand in the same folder.
    """
    own, shared = folder_of(register), of_backups(register.parent, connection)
    of_its_own = own.is_dir() or register.with_name(f"{register.name}{BACKUPS}").is_file()
    return shared if shared.is_dir() and not of_its_own else own


def kept(connection: sqlite3.Connection) -> dict[str, int]:
    """The hash and the size of every file the register knows."""
    return {row["digest"]: row["size"] for row in connection.execute(_KEPT)}


@contextmanager
def taken_in(source: Path, folder: Path, progress: Progress = lambda _: None) -> Iterator[Taken]:
    """A copy of a file, hashed on the way in and read back; it goes again unless it is kept.

    Raises BadInput for what is no plain file, DatabaseUnusable where it cannot be stored.
    """
    try:
        with made_folder(folder), part_file(folder / _INCOMING, clean=False) as part:
            digest, size = _streamed(source, part, progress)
            part.chmod(0o400)
            if hash_of(part, progress) != (digest, size):
                raise DatabaseUnusable(
                    f"{source} does not read back as it was stored; nothing was saved", "look after the disk"
                )
            yield Taken(digest, size, part)
    except OSError as fault:
        raise DatabaseUnusable(
            f"{source} cannot be stored ({fault.strerror}); nothing was saved",
            "make room beside the register, then try again",
        ) from fault


def _streamed(source: Path, part: Path, progress: Progress) -> tuple[str, int]:
    with _opened(source) as data, part.open("wb") as file:
        summed, size = hashlib.sha256(), 0
        for number, chunk in enumerate(iter(lambda: os.read(data, CHUNK), b""), 1):
            summed.update(chunk)
            size += file.write(chunk)
            if number % EVERY == 0:
                progress(size)
        file.flush()
        os.fsync(file.fileno())
    return summed.hexdigest(), size


@contextmanager
def _opened(source: Path) -> Iterator[int]:
    """A plain file, opened without a trace on it. Raises BadInput for links, folders, devices and FIFOs."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        try:
            data = os.open(source, flags | getattr(os, "O_NOATIME", 0))
        except PermissionError:  # the time of reading is its owner's to leave alone
            data = os.open(source, flags)
    except OSError as fault:
        what = "a link" if source.is_symlink() else fault.strerror
        raise BadInput(f"{source} cannot be taken in as evidence ({what})", "name the file itself") from None
    try:
        if not stat.S_ISREG(os.fstat(data).st_mode):
            raise BadInput(f"{source} is not a plain file", "name the file itself")
        yield data
    finally:
        os.close(data)


def hash_of(path: Path, progress: Progress = lambda _: None) -> tuple[str, int]:
    """The hash and the number of a file's bytes."""
    summed, size = hashlib.sha256(), 0
    with path.open("rb", buffering=0) as file:
        for number, chunk in enumerate(iter(lambda: file.read(CHUNK), b""), 1):
            summed.update(chunk)
            size += len(chunk)
            if number % EVERY == 0:
                progress(size)
    return summed.hexdigest(), size


def stands(folder: Path, digest: str, progress: Progress = lambda _: None) -> bool:
    """Whether a file stands under its hash, and is what its name says."""
    path = folder / digest
    return not path.is_symlink() and path.is_file() and hash_of(path, progress)[0] == digest


def keep(taken: Taken, folder: Path, progress: Progress = lambda _: None) -> Before:
    """Give a file its hash as a name, and tell what had it: one that was altered makes room, and stays beside it.

    The part stays until it is recorded.
    """
    path, before = folder / taken.digest, Before.NOTHING
    if os.path.lexists(path):
        if stands(folder, taken.digest, progress):
            return Before.THE_SAME
        _move_away(path)
        before = Before.ANOTHER
    with suppress(FileExistsError):  # somebody else just kept the same
        name_once(taken.part, path)
        sync_folder(folder)
        return before
    return Before.THE_SAME


def _move_away(path: Path) -> None:
    names = (path.with_name(f"{path.name}{ALTERED}{number}") for number in count(1))
    path.rename(next(each for each in names if not os.path.lexists(each)))


def clear(folder: Path, known: Callable[[], Mapping[str, int]]) -> None:
    """Remove what interrupted adds left, whole or half; nobody else may be adding meanwhile.

    The part goes last: by it what is left is known, if this is interrupted too.
    """
    for part in _parts(folder):
        inode = None if being_written(part) else _inode(part)
        twin = next((each for each in _files(folder) if inode and _inode(each) == inode), None)
        if twin and twin.name not in known():
            twin.unlink()
        sweep(part)


def _inode(path: Path) -> tuple[int, int] | None:
    """Which file this is a name of, a link being one itself; None where it is gone by now."""
    with suppress(FileNotFoundError):
        found = path.lstat()
        return found.st_dev, found.st_ino
    return None


def set_aside(folder: Path, target: Path, known: Mapping[str, int]) -> int:
    """Move the files that no entry knows to another folder; how many they were."""
    unknown = [each for each in _files(folder) if each.name not in known]
    if unknown:
        make_folder(target)
    for each in unknown:
        each.rename(target / each.name)
    return len(unknown)


def drop(folder: Path, digests: Iterable[str]) -> list[Path]:
    """Remove files that no entry needs, also what they were altered to; those that could not be removed.

    What is no hash names no file of ours, whoever wrote it into the register.
    """
    left = []
    ours = [digest for digest in digests if DIGEST.fullmatch(digest)]
    for path in (each for digest in ours for each in (folder / digest, *folder.glob(f"{digest}{ALTERED}*"))):
        try:
            path.unlink(missing_ok=True)
        except OSError:
            left.append(path)
    return left


def findings(folder: Path, known: Mapping[str, int], progress: Progress = lambda _: None) -> Iterator[str]:
    """Each file that was altered, deleted or added."""
    for digest in known:
        path = folder / digest
        if not os.path.lexists(path):
            yield f"evidence {digest} was deleted"
        elif not stands(folder, digest, progress):
            yield f"evidence {digest} was altered"
    unfinished = {None, *map(_inode, _parts(folder))}
    for path in _files(folder) if folder.parent.name != OF_BACKUPS else ():
        if path.name not in known and _inode(path) not in unfinished:
            yield (
                f"{path} is what evidence was altered to, kept when it was mended: remove it once nobody needs it"
                if ALTERED in path.name
                else f"{path} was added: it belongs to no entry"
            )


@contextmanager
def copied(
    folder: Path, target: Path, known: Mapping[str, int], progress: Progress = lambda _: None
) -> Iterator[Copied]:
    """The files, copied to another folder; what stands there is looked at, and mended where it was altered.

    What is new there goes again where nothing comes of it. One copies after the other: no second one counts on files
    that the first may yet take away.
    """
    found, new = Copied([], []), list[str]()
    if not known:
        yield found
        return
    with made_folder(target), alone_in(target):
        try:
            for digest in known:
                if stands(target, digest, progress):
                    continue
                before = _copy(folder, target, digest, progress)
                if before is None:
                    found.lacking.append(digest)
                elif before is Before.NOTHING:
                    new.append(digest)
                elif before is Before.ANOTHER:
                    found.mended.append(digest)
            yield found
        except BaseException:
            drop(target, new)
            raise


def _copy(folder: Path, target: Path, digest: str, progress: Progress) -> Before | None:
    """Copy one file, and tell what had its name; None where it is missing or altered itself."""
    try:
        with taken_in(folder / digest, target, progress) as taken:
            return keep(taken, target, progress) if taken.digest == digest else None
    except BadInput:  # it is not there, or no plain file any more
        return None


def sweep_parts(folder: Path) -> None:
    """Remove what killed copies left half written."""
    for part in _parts(folder):
        sweep(part)


def _parts(folder: Path) -> list[Path]:
    return parts_of(folder / _INCOMING)


def _files(folder: Path) -> list[Path]:
    """All that stands in the folder but what is still being written."""
    parts = set(_parts(folder))
    return sorted(each for each in folder.iterdir() if each not in parts) if folder.is_dir() else []


def export(folder: Path, digest: str, target: Path) -> None:
    """Write a copy of a file to `target` (0600). Raises as `answer_file`, and DatabaseUnusable where it was altered."""
    with answer_file(target, replace=False) as part:
        if _streamed(folder / digest, part, lambda _: None)[0] != digest:
            raise DatabaseUnusable(f"evidence {digest} was altered", "asb verify; asb restore")
