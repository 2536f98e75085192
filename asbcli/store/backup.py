"""Copies of a register: made by SQLite's backup, read back whole, brought into place without overwriting anything."""

from __future__ import annotations

import errno
import glob
import json
import os
import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from asbcli.errors import DatabaseUnusable, InUse
from asbcli.incoming import opener
from asbcli.store import door, evidence, read
from asbcli.store.files import (
    BACKUPS,
    ERASURES,
    EVIDENCE,
    OF_BACKUPS,
    abandoned,
    check_plain,
    give_name,
    name_once,
    part_file,
    refuse_own,
    sync,
    sync_folder,
    write_whole,
)

PAGES = 25_000  # copied between two words of progress
_AN_ERASURE = re.compile("[0-9]{1,12}:[0-9a-f]{64}")
# CROSS JOIN keeps the order: the bodies walked once and the few erased ones looked up, instead of a body looked up
# for every entry, which took longer than the copy.
_ERASED = "SELECT entries.seq, hash FROM bodies CROSS JOIN entries ON entries.seq = bodies.seq WHERE body IS NULL"


class Head(NamedTuple):
    """The last entry of a log, which stands for all before it."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


class Made(NamedTuple):
    """A backup as it is noted beside the register: when it was made, where, and its head."""

    at: str
    file: str
    head: str


class Copy(NamedTuple):
    """A backup as it came to be: its head, what came of copying its evidence, and what was erased meanwhile."""

    head: Head
    evidence: evidence.Copied
    erased: list[int]


class Loss(NamedTuple):
    """What a register holds that a backup does not."""

    entries: int
    cases: list[int]
    why: str = ""


def head_of(connection: sqlite3.Connection) -> Head:
    """The head of a register's log."""
    row = connection.execute(read.HEAD).fetchone()
    return Head(row["seq"], row["hash"]) if row else Head(0, "")


# -- making one


def back_up(
    register: Path,
    target: Path,
    *,
    now: datetime,
    replace: bool = False,
    progress: Callable[[str], None] = lambda _: None,
    before_naming: Callable[[], None] = lambda: None,
) -> Copy:
    """Write a verified copy of the register to `target`, with its evidence and the list of erasures beside it.

    Evidence that is missing or altered is not in it, nor is what was erased while it was copied.
    Raises DatabaseUnusable where it cannot be read or written, FileExistsError where `target` is there, BadInput where
    a register keeps a file of its own there.
    """
    refuse_own(target)
    with closing(read.connect(register, any_version=True)) as source:
        if not replace and os.path.lexists(target):
            raise FileExistsError(target)
        check_plain(target)
        listed(target.parent)  # a list that cannot be added to is told before anything is made
        kept = evidence.of_backups(target.parent, source)
        evidence.sweep_parts(kept)
        with part_file(target) as part:
            head = copy(source, part, lambda pages: progress(f"{pages:,} pages copied"))
            own, known, gone = evidence.folder_of(register), evidence.kept(source), erased(source)
            source.rollback()  # nobody waits while files are copied
            with evidence.copied(own, kept, known, lambda size: progress(f"{size:,} bytes of evidence")) as copied:
                sync(part)
                source.execute("BEGIN")  # from here on an erasure waits, until it can know of this backup
                since = erased(source) - gone
                copied = _without(copied, known.keys() - evidence.kept(source).keys(), kept)
                note_erased(target.parent, erased(source))  # first: no backup stands without its list
                before_naming()
                give_name(part, target, replace=replace)
                _note(register, Made(now.isoformat(timespec="seconds"), str(target.absolute()), str(head)))
            source.rollback()
        list_erased(register, source)
    return Copy(head, copied, sorted(int(each.partition(":")[0]) for each in since))


def _without(copied: evidence.Copied, gone: Collection[str], folder: Path) -> evidence.Copied:
    """What came of copying, once evidence that was erased meanwhile is removed again."""
    evidence.drop(folder, gone)
    return evidence.Copied(*([digest for digest in found if digest not in gone] for found in copied))


def copy(source: sqlite3.Connection, part: Path, progress: Callable[[int], None] = lambda _: None) -> Head:
    """Copy a register into an empty file, encrypted with the same key if it is, and read the copy back.

    Raises DatabaseUnusable where they differ.
    """
    head = head_of(source)
    try:
        with closing(door.connect(part, encrypted=door.encrypts(source))) as target:
            target.execute("PRAGMA synchronous = OFF")  # nobody knows the file yet; it is synced once it is whole
            source.backup(target, pages=PAGES, progress=lambda _, left, every: progress(every - left))
        found = read_back(part)
    except sqlite3.Error as fault:
        raise DatabaseUnusable(
            f"the copy could not be made ({fault}); nothing was saved",
            "asb verify looks at the register; make room for its copy",
        ) from fault
    if found != head:
        raise DatabaseUnusable(
            "the copy does not read back as it was written; nothing was saved", "look after the disk"
        )
    return head


def read_back(path: Path) -> Head:
    """The head of a copy, once every page of it was looked at. Raises sqlite3.DatabaseError where it is damaged."""
    with closing(read.connect(path, any_version=True)) as connection:
        # Every page is read and held against its neighbours. That each index agrees with its table, which takes three
        # times as long, is as it was in the register: a copy of pages cannot change it, and `asb verify` looks.
        [said] = connection.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            raise sqlite3.DatabaseError(said)
        return head_of(connection)


# -- bringing one back


class Present(NamedTuple):
    """The register that a backup would take the place of: open, and held against whoever writes; or why it is not."""

    connection: sqlite3.Connection | None
    unreadable: str = ""

    def erased(self) -> set[str]:
        """What is erased in it, as far as it can be read."""
        if self.connection:
            with suppress(sqlite3.Error):
                return erased(self.connection)
        return set()

    def loss(self, backup: sqlite3.Connection) -> Loss:
        """What would be lost if the backup took its place."""
        unreadable = self.unreadable
        if self.connection:
            try:
                return _loss(self.connection, backup)
            except sqlite3.Error as fault:
                unreadable = str(fault)
        if not unreadable:
            return Loss(0, [])
        return Loss(-1, [], f"it cannot be read ({unreadable}), so what it holds after the backup is not known")


@contextmanager
def held(register: Path) -> Iterator[Present]:
    """Nobody writes to the register meanwhile. What is no database, or cannot be opened, holds nobody up.

    Nothing may open its file by another way meanwhile: closing that would let go of the lock. Raises InUse.
    """
    if not os.path.lexists(register):
        yield Present(None)
        return
    try:
        read.connect(register, any_version=True).close()
        connection = door.connect(register)
    except InUse:
        raise
    except DatabaseUnusable as fault:
        unreadable = fault.problem
    else:
        with closing(connection):
            _take_turn(connection, register)
            yield Present(connection)
        return
    yield Present(None, unreadable)


def _take_turn(connection: sqlite3.Connection, register: Path) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as fault:  # of any other fault its first reader hears
        unusable = read.unusable(fault, register)
        if isinstance(unusable, InUse):
            raise unusable from fault


def _loss(present: sqlite3.Connection, backup: sqlite3.Connection) -> Loss:
    head = head_of(backup)
    known = present.execute("SELECT hash FROM entries WHERE seq = ?", (head.seq,)).fetchone()
    same = known is not None and known["hash"] == head.hash
    after = head.seq if same else _shared(present, backup)
    rows = present.execute("SELECT case_number FROM entries WHERE seq > ?", (after,)).fetchall()
    return Loss(len(rows), sorted({row["case_number"] for row in rows if row["case_number"]}))


def _shared(present: sqlite3.Connection, backup: sqlite3.Connection) -> int:
    """The last entry that both logs have."""
    theirs = dict(tuple(row) for row in backup.execute("SELECT seq, hash FROM entries"))
    last = 0
    for row in present.execute("SELECT seq, hash FROM entries ORDER BY seq"):
        if theirs.get(row["seq"]) != row["hash"]:
            break
        last = row["seq"]
    return last


def put_in_place(part: Path, register: Path, *, now: datetime) -> Path | None:
    """Give a whole copy the register's name; the present file, held by now, goes aside, and where to is returned."""
    if os.path.lexists(register):
        sync(part)
        return exchange(part, register, "restore", now=now)
    give_name(part, register)
    return None


def exchange(part: Path, register: Path, why: str, *, now: datetime) -> Path:
    """Put a whole copy in the place of a register that nobody writes to, and move that aside; where to."""
    aside = register.with_name(f"{register.name}.before-{why}-{now:%Y%m%dT%H%M%S%f}")
    name_once(register, aside)
    try:
        aside.chmod(0o600)
        for end in ("-journal", "-wal", "-shm"):  # they belong to the present file, and would spoil the other
            with suppress(FileNotFoundError):
                register.with_name(register.name + end).rename(aside.with_name(aside.name + end))
        part.replace(register)
    except BaseException:
        if os.path.lexists(register):  # a second name of it
            aside.unlink()
        else:
            aside.rename(register)
        raise
    with suppress(OSError):  # it is done; if power fails now, what has the name is the one or the other, whole
        sync_folder(register.parent)
    return aside


def set_evidence_aside(register: Path, aside: Path) -> int:
    """Move evidence that a register brought back does not know beside the file it took the place of; how much."""
    with closing(door.connect(register)) as connection:
        connection.execute("BEGIN IMMEDIATE")  # nobody adds any meanwhile
        known = evidence.kept(connection)
        return evidence.set_aside(evidence.folder_of(register), evidence.folder_of(aside), known)


# -- what stands beside the backups


def erased(connection: sqlite3.Connection) -> set[str]:
    """The erased entries, each as its number and its hash."""
    return {str(Head(row["seq"], row["hash"])) for row in connection.execute(_ERASED)}


def erasures_in(file: Path) -> set[str]:
    """What a list of erasures holds. Raises OSError where there is none, or something else."""
    with open(file, encoding="utf-8", errors="replace", opener=opener) as opened:
        lines = opened.read().splitlines()
    entries = {line for line in lines if line and not line.startswith("#")}
    if not lines or not all(map(_AN_ERASURE.fullmatch, entries)):  # one that lists nothing still says what it is
        raise OSError(errno.EINVAL, f"{file} is no list of erasures", file)
    return entries


def listed(folder: Path) -> set[str]:
    """What the list of erasures in a folder holds, if it is there. Raises OSError where that is something else."""
    with suppress(FileNotFoundError):
        return erasures_in(folder / ERASURES)
    return set()


def note_erased(folder: Path, entries: Iterable[str]) -> None:
    """Add to the list of erasures in a folder; what stands there already stays."""
    file, known = folder / ERASURES, listed(folder)
    every = sorted({*known, *entries}, key=lambda each: (int(each.partition(":")[0]), each))
    if not known or set(every) != known:
        head = "# Entries erased from registers of asb: keep this beside their backups; asb restore asks for it.\n"
        write_whole(file, head + "".join(f"{each}\n" for each in every))


def _notes(register: Path) -> Path:
    return register.with_name(f"{register.name}{BACKUPS}")


def unlisted(register: Path, connection: sqlite3.Connection) -> list[Path]:
    """The lists of erasures, beside a register and its backups, that lack an entry erased in it."""
    gone, lists = erased(connection), []
    for folder in _folders(register) if gone else ():
        with suppress(OSError):
            if folder.is_dir() and not gone <= listed(folder):
                lists.append(folder / ERASURES)
    return lists


def list_erased(register: Path, connection: sqlite3.Connection) -> list[Path]:
    """Add what is erased to the lists beside a register and its backups; the folders that could not be reached."""
    gone, unreached = erased(connection), []
    for folder in _folders(register) if gone else ():
        try:
            note_erased(folder, gone)
        except OSError:
            unreached.append(folder)
    return unreached


def _folders(register: Path) -> list[Path]:
    return list(dict.fromkeys((register.parent, *(Path(each.file).parent for each in backups_of(register)))))


def set_aside_from(register: Path) -> list[Path]:
    """Earlier files of a register that another took the place of, and their evidence: they hold what was erased since.

    A folder of evidence is named for itself: it stays when the file it belongs to is removed.
    """
    return [each for each in _earlier_names(register) if not _are_one(each, register)]


def second_names(register: Path) -> list[Path]:
    """Names of the register itself, as a kill leaves them that came just before another took its place."""
    return [each for each in _earlier_names(register) if _are_one(each, register)]


def _earlier_names(register: Path) -> list[Path]:
    return sorted(
        each
        for each in register.parent.glob(f"{glob.escape(register.name)}.before-*")
        if each.is_file() or (each.name.endswith(EVIDENCE) and each.is_dir())
    )


def _are_one(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.samefile(other)
    return False


def backups_of(register: Path) -> list[Made]:
    """The backups made of a register, the oldest first. A line that is none of ours counts for nothing."""
    made = []
    with suppress(OSError, UnicodeDecodeError):
        for line in _notes(register).read_text(encoding="utf-8").splitlines():
            with suppress(ValueError, TypeError):
                each = Made(**json.loads(line))
                if all(isinstance(word, str) for word in each) and os.path.isabs(each.file):
                    datetime.fromisoformat(each.at)
                    made.append(each)
    return made


def note_backup(register: Path, file: Path, head: Head) -> None:
    """Note a backup that a register was brought back from, so that what is erased is listed beside it too."""
    with suppress(OSError):  # it is away by now
        if str(file.absolute()) not in [each.file for each in backups_of(register)]:
            at = datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")
            _note(register, Made(at, str(file.absolute()), str(head)))


def _note(register: Path, made: Made) -> None:
    kept = [each for each in backups_of(register) if each.file != made.file]
    with suppress(OSError):  # the backup is made, even where the folder of the register cannot be written to
        write_whole(_notes(register), "".join(json.dumps(each._asdict()) + "\n" for each in (*kept, made)))


def left_behind(register: Path) -> list[Path]:
    """What kills left half written beside the register, its backups and their evidence; each may hold all of it."""
    folders = _folders(register)
    kept = [evidence.folder_of(register), *(each for folder in folders for each in (folder / OF_BACKUPS).glob("*"))]
    return [part for folder in (*folders, *kept) for part in abandoned(folder)]
