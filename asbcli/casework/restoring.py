"""Bringing a backup or a dump back: looked through first, erased again where a list says so, nothing overwritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asbcli.casework.erasing import reapply
from asbcli.casework.record import Office
from asbcli.casework.verify import verify
from asbcli.errors import BadInput, DatabaseUnusable
from asbcli.store import backup, evidence, read
from asbcli.store.dump import fill
from asbcli.store.files import ERASURES, check_plain, made_folder, part_file, refuse_own
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
    loss: backup.Loss
    evidence: evidence.Copied
    evidence_aside: int
    left: str = ""  # what could not be done any more


def restore(
    register: Path,
    file: Path,
    *,
    actor: str,
    now: Callable[[], datetime],
    erasures: Path | None = None,
    nothing_erased: bool = False,
    accept_loss: bool = False,
    progress: Callable[[str], None] = lambda _: None,
    before_exchange: Callable[[], None] = lambda: None,
) -> Restored:
    """Bring `file` to stand at `register`. Raises DatabaseUnusable where it is not whole, BadInput where entries
    would be lost or the list of erasures is missing, and nobody said so, or another register keeps a file of its own at
    `register`; OSError where no plain file is there.

    Nobody writes to the present register from the moment it is looked at: what is lost, and what was erased, is told
    and erased again of the very file that goes aside. Nothing raises once that is done.
    """
    if file.exists() and register.exists() and file.samefile(register):
        raise BadInput("that is the register itself", "asb restore FILE names a backup")
    refuse_own(register)
    check_plain(register)
    with closing(read.connect(file, any_version=True)) as source:
        old = _check(file, source, progress)
        with backup.held(register) as present:
            listed = present.erased() | _listed(register, file, erasures, nothing_erased)
            loss = present.loss(source)
            _ask_about_loss(loss, accept_loss)
            with made_folder(register.parent), part_file(register) as part:
                backup.copy(source, part, lambda pages: progress(f"{pages:,} pages copied"))
                gone = [] if old else reapply(Office(part, actor=actor, now=now), listed)
                head = backup.read_back(part)
                with _evidence_of(file, source, part, register, progress) as copied:
                    backup.note_erased(register.parent, listed)
                    before_exchange()
                    aside = backup.put_in_place(part, register, now=now())
        backup.note_backup(register, file, backup.head_of(source))
    done = Restored(head, aside, gone, old, loss, copied, 0)
    if aside:
        try:
            done.evidence_aside = backup.set_evidence_aside(register, aside)
        except (OSError, sqlite3.Error, DatabaseUnusable):
            kept = evidence.folder_of(register)
            done.left = f"evidence that only {aside} knows is still in {kept}: asb verify names it"
    return done


def load(
    register: Path,
    lines: Iterable[str],
    *,
    actor: str,
    now: Callable[[], datetime],
    encrypted: bool = False,
    progress: Callable[[str], None] = lambda _: None,
    before_naming: Callable[[], None] = lambda: None,
) -> tuple[backup.Head, list[int]]:
    """A new register of the lines of a dump; what the list of erasures beside it names is erased again.

    Its head, and the entries erased. Raises BadInput for lines that are not a whole dump, DatabaseUnusable where
    there is a file already.
    """
    with new_register(register, encrypted=encrypted, before_naming=before_naming) as part:
        head = fill(part, lines, check=lambda connection: verify(connection, files=False, progress=progress))
        gone = reapply(Office(part, actor=actor, now=now), backup.listed(register.parent))
        return (backup.read_back(part) if gone else head), gone


def _evidence_of(
    file: Path, source: sqlite3.Connection, part: Path, register: Path, progress: Callable[[str], None]
) -> AbstractContextManager[evidence.Copied]:
    """The evidence that a register being brought back knows, copied from beside the backup."""
    with closing(read.connect(part, any_version=True)) as brought:
        known = evidence.kept(brought)
    return evidence.copied(
        evidence.of_backups(file.parent, source),
        evidence.folder_of(register),
        known,
        lambda size: progress(f"{size:,} bytes of evidence"),
    )


def _check(file: Path, source: sqlite3.Connection, progress: Callable[[str], None]) -> bool:
    """Look through a backup; whether it is of an older schema, and so looked through less closely."""
    [version] = source.execute("PRAGMA user_version").fetchone()
    if version < SCHEMA_VERSION:
        backup.read_back(file)
        return True
    if found := list(verify(source, files=False, progress=progress)):
        raise DatabaseUnusable(f"{file} is not whole: {found[0]}", f"asb --db {file} verify tells all of it")
    return False


def _listed(register: Path, file: Path, erasures: Path | None, nothing_erased: bool) -> set[str]:
    """Every entry listed as erased: beside the backup, or in the list that was named, and beside the register."""
    listed: set[str] = set()
    beside = erasures or file.parent / ERASURES
    try:
        listed |= backup.erasures_in(beside)
    except OSError:
        if erasures or not nothing_erased:
            raise BadInput(
                f"the list of erasures is not at {beside}: erased data would come back",
                "--erasures FILE names it; --nothing-erased says that nothing was erased",
            ) from None
    with suppress(FileNotFoundError):  # one that cannot be read cannot be added to either: that is told first
        listed |= backup.erasures_in(register.parent / ERASURES)
    return listed


def _ask_about_loss(loss: backup.Loss, accepted: bool) -> None:
    if not loss.entries or accepted:
        return
    if loss.why:
        told = f"the present register would be moved aside: {loss.why}"
    else:
        told = f"{loss.entries} entries were recorded after this backup and would be lost ({cases_of(loss)})"
    raise BadInput(
        f"{told}; nothing was changed", "--accept-loss brings the backup back; the present file is kept aside"
    )


def cases_of(loss: backup.Loss) -> str:
    """The cases that a loss is of, the first of them by name."""
    cases = [ref(number) or "" for number in loss.cases]
    more = f" and {len(cases) - SHOWN} more" if len(cases) > SHOWN else ""
    return ", ".join(cases[:SHOWN]) + more or "of no case"
