"""Bringing a backup or a dump back: looked through first, erased again where a list says so, nothing overwritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asbcli.casework.erasing import reapply
from asbcli.casework.record import Office
from asbcli.casework.verify import verify
from asbcli.errors import BadInput, DatabaseUnusable, InUse
from asbcli.store import backup, evidence, read
from asbcli.store.dump import fill
from asbcli.store.files import made_folder, part_file
from asbcli.store.identity import SCHEMA_VERSION
from asbcli.store.shapes import ref
from asbcli.store.write import new_register

SHOWN = 20  # cases named one by one


@dataclass(slots=True)
class Restored:
    """What a restore did."""

    head: backup.Head
    aside: Path | None
    erased: list[int]
    old_schema: bool
    lacking: list[str]
    evidence_aside: int


def restore(
    register: Path,
    file: Path,
    *,
    actor: str,
    now: Callable[[], datetime],
    erasures: Path | None = None,
    nothing_erased: bool = False,
    accept_loss: bool = False,
) -> Restored:
    """Bring `file` to stand at `register`. Raises DatabaseUnusable where it is not whole, BadInput where entries
    would be lost or the list of erasures is missing, and nobody said so."""
    if file.exists() and register.exists() and file.samefile(register):
        raise BadInput("that is the register itself", "asb restore FILE names a backup")
    gone_there = _erased_in(register)  # before all else: whoever holds the register is waited for once
    with closing(read.connect(file, any_version=True)) as source:
        old = _check(file, source)
        listed = gone_there | _listed(register, file, erasures, nothing_erased)
        _ask_about_loss(backup.loss(register, source), accept_loss)
        with made_folder(register.parent), part_file(register) as part:
            backup.copy(source, part)
            gone = [] if old else reapply(Office(part, actor=actor, now=now), listed)
            head = backup.read_back(part)
            with closing(read.connect(part, any_version=True)) as copied:
                known = evidence.kept(copied)
            kept = evidence.of_backups(file.parent, source)
            lacking = evidence.copy_all(kept, evidence.folder_of(register), known)
            aside = backup.put_in_place(part, register, now=now())
    backup.note_erased(register.parent, listed)
    backup.note_backup(register, file)
    moved = backup.set_evidence_aside(register, aside) if aside else 0
    return Restored(head, aside, gone, old, lacking, moved)


def load(
    register: Path,
    lines: Iterable[str],
    *,
    actor: str,
    now: Callable[[], datetime],
    encrypted: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[backup.Head, list[int]]:
    """A new register of the lines of a dump; what the list of erasures beside it names is erased again.

    Its head, and the entries erased. Raises BadInput for lines that are not a whole dump, DatabaseUnusable where
    there is a file already.
    """
    with new_register(register, encrypted=encrypted) as part:
        head = fill(part, lines, check=lambda connection: verify(connection, files=False, progress=progress))
        gone = reapply(Office(part, actor=actor, now=now), backup.listed(register.parent))
        return (backup.read_back(part) if gone else head), gone


def _check(file: Path, source: sqlite3.Connection) -> bool:
    """Look through a backup; whether it is of an older schema, and so looked through less closely."""
    [version] = source.execute("PRAGMA user_version").fetchone()
    if version < SCHEMA_VERSION:
        backup.read_back(file)
        return True
    if found := list(verify(source, files=False)):
        raise DatabaseUnusable(f"{file} is not whole: {found[0]}", f"asb --db {file} verify tells all of it")
    return False


def _erased_in(register: Path) -> set[str]:
    """What is erased in the register that is there, if it can be read. Raises InUse: unseen, it would come back."""
    try:
        with closing(read.connect(register)) as present:
            return backup.erased(present)
    except InUse:
        raise
    except (DatabaseUnusable, sqlite3.Error):
        return set()


def _listed(register: Path, file: Path, erasures: Path | None, nothing_erased: bool) -> set[str]:
    """Every entry listed as erased: beside the backup, or in the list that was named, and beside the register."""
    listed: set[str] = set()
    beside = erasures or file.parent / backup.ERASURES
    try:
        listed |= backup.erasures_in(beside)
    except OSError:
        if erasures or not nothing_erased:
            raise BadInput(
                f"the list of erasures is not at {beside}: erased data would come back",
                "--erasures FILE names it; --nothing-erased says that nothing was erased",
            ) from None
    with suppress(FileNotFoundError):  # one that cannot be read cannot be added to either: that is told first
        listed |= backup.erasures_in(register.parent / backup.ERASURES)
    return listed


def _ask_about_loss(loss: backup.Loss, accepted: bool) -> None:
    if not loss.entries or accepted:
        return
    if loss.why:
        told = f"the present register would be moved aside: {loss.why}"
    else:
        cases = [ref(number) or "" for number in loss.cases]
        named = ", ".join(cases[:SHOWN]) + (f" and {len(cases) - SHOWN} more" if len(cases) > SHOWN else "")
        told = f"{loss.entries} entries were recorded after this backup and would be lost ({named or 'of no case'})"
    raise BadInput(
        f"{told}; nothing was changed", "--accept-loss brings the backup back; the present file is kept aside"
    )
