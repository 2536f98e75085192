"""Erasing what entries say: the chain stays whole, and each still counts as itself, without its words."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from asbcli.casefile.entries import Correction, Erasure, Evidence, Logged, Report, body_of
from asbcli.casefile.erased import remnant
from asbcli.casework.record import Casework, Desk, Office
from asbcli.casework.retention import held_for_court
from asbcli.casework.telling import Recorded
from asbcli.errors import BadInput, NotAllowed, NotFound
from asbcli.outputs.leaks import Secret, secrets_of
from asbcli.procedure.register_rules import of_tenancies
from asbcli.recognising.text import Words
from asbcli.store import backup, door, evidence, read
from asbcli.store.files import ERASURES
from asbcli.store.shapes import ref

AGAIN = ("erased before this backup was brought back", "the list of erasures")  # the basis, and who approved it
SHOWN = 5  # backups that are named one by one
SHORTEST = 4  # letters of a text worth looking for elsewhere


def redact(
    office: Office,
    *,
    case: int,
    entries: Sequence[int],
    basis: str,
    approved_by: str,
    every: bool = False,
    if_last: int | None = None,
) -> Recorded:
    """Erase what entries of a case say (`every`: all of them), on a stated basis, as somebody approved.

    Raises NotAllowed while a court hold stands, NotFound for an entry the case does not have.
    """
    with office.desk() as desk:
        work = desk.case(case, step="erasure", if_last=if_last)
        if held_for_court(work.case):
            raise NotAllowed(
                f"{ref(case)} is held for a court: nothing of it is erased",
                f"asb retention release {case} --because TEXT",
            )
        chosen = _chosen(work, entries, gone=desk.tx.erased(case), every=every)
        words = {text for each in chosen for text in _words(each.entry) if len(text) >= SHORTEST}
        files = {each.entry.digest for each in chosen if isinstance(each.entry, Evidence)}
        secrets = secrets_of(chosen, reader=None)
        _erase(desk, work, chosen, basis, approved_by)
        work.warnings += _still_telling(work, secrets)
        numbers = ", ".join(str(each.seq) for each in chosen)
        work.warnings += desk.alone(approved_by, "approved the erasure")
        told = work.finish(f"erased what {'entry' if len(chosen) == 1 else 'entries'} {numbers} said.")
    told.warnings += _afterwards(office.store.path, words, files)
    return told


def redact_tenancy(office: Office, *, tenancy: str, basis: str, approved_by: str) -> Recorded:
    """Erase what all entries of a tenancy say; its dates stay, and its visits fall due as before. Raises NotFound."""
    name = tenancy.upper()
    with office.desk() as desk:
        log = of_tenancies(desk.tx.log(None)).get(name)
        if not log:
            raise NotFound(f"there is no tenancy {tenancy[:20]}", "asb tenancy list")
        gone = desk.tx.erased(None)
        chosen = [each for each in log if each.seq not in gone]
        if not chosen:
            raise BadInput(f"{name} is erased already", "asb tenancy list")
        words = {text for each in chosen for text in _words(each.entry) if len(text) >= SHORTEST}
        _erase_of_register(desk, chosen, basis, approved_by)
        alone = desk.alone(approved_by, "approved the erasure")
    warnings = [*alone, *_afterwards(office.store.path, words, set())]
    return Recorded(name, f"{name}: erased what it said.", warnings=warnings)


def _still_telling(work: Casework, secrets: Sequence[Secret]) -> list[str]:
    """Warn of the entries that still tell, in whatever spelling, of a name, an address or a number just erased.

    The door that letters pass knows it no more: it looked for what the entries said.
    """
    telling = [str(each.seq) for each in work.log if not isinstance(each.entry, Erasure) and any(
        secret.is_in(told, typed=True) for told in map(Words, read.texts(body_of(each.entry))) for secret in secrets)]
    if not telling:
        return []
    return [f"entries {', '.join(telling)} still tell of what was erased, which letters may now say: "
            f"asb redact {work.case.number} {' '.join(telling)}"]


def _words(entry: Any) -> set[str]:
    """The texts of an entry that its erasure takes away."""
    return set(read.texts(body_of(entry))) - set(read.texts(body_of(remnant(entry))))


def _chosen(work: Casework, entries: Sequence[int], *, gone: Collection[int], every: bool) -> list[Logged]:
    """The entries meant, and the corrections of them, which say it again."""
    case = work.case.number
    own = {each.seq: each for each in work.log if not isinstance(each.entry, Erasure)}
    wanted = {seq for seq in own if seq not in gone} if every else set(entries)
    for seq in sorted(wanted):
        if seq not in own:
            raise NotFound(f"{ref(case)} has no entry {seq} that can be erased", f"asb history {case}")
        if seq in gone:
            raise BadInput(f"entry {seq} is erased already", f"asb history {case}")
    wanted |= {
        seq
        for seq, each in own.items()
        if isinstance(each.entry, Correction) and each.entry.entry in wanted and seq not in gone
    }
    if not wanted:
        raise BadInput("which entries is missing", f"asb redact {case} ENTRY..., or --all")
    return [own[seq] for seq in sorted(wanted)]


def _erase(desk: Desk, work: Casework, chosen: list[Logged], basis: str, approved_by: str) -> None:
    """Null the bodies, keep what is left, say so in an entry, and read the log anew."""
    number = work.case.number
    kept = {each.seq: _left(desk, each.entry) for each in chosen}
    left = {str(seq): body_of(entry) for seq, entry in kept.items()}
    desk.tx.erase(left)
    for entry in kept.values():
        if isinstance(entry, Report) and entry.import_digest:
            row = {"external_ref": entry.external_ref, "case_number": number, "digest": entry.import_digest}
            desk.tx.replace("imports", [row], case_number=number)
    work.log[:] = desk.tx.log(number)
    work.record(None, Erasure(basis, approved_by, left))


def _left(desk: Desk, entry: Any) -> Any:
    """What is left of an entry; one that was imported is known again when its row comes again, and not opened anew."""
    left = remnant(entry)
    if isinstance(entry, Report) and entry.external_ref and entry.import_digest:
        return replace(left, external_ref=desk.sealed(entry.external_ref))
    return left


def _erase_of_register(desk: Desk, chosen: list[Logged], basis: str, approved_by: str) -> None:
    """The same for entries of no case."""
    left = {str(each.seq): body_of(remnant(each.entry)) for each in chosen}
    desk.tx.erase(left)
    desk.append(None, desk.office.moment, Erasure(basis, approved_by, left))


def reapply(office: Office, listed: Collection[str]) -> list[int]:
    """Erase again, in a register brought back, what its list of erasures names; the entries' numbers."""
    if not listed:
        return []
    with office.desk() as desk:
        by_case: defaultdict[int | None, list[int]] = defaultdict(list)
        for case, seq in desk.tx.standing(listed):
            by_case[case].append(seq)
        for case, entries in by_case.items():
            again = [each for each in desk.tx.log(case) if each.seq in entries]
            if case is None:
                _erase_of_register(desk, again, *AGAIN)
            else:
                work = desk.case(case, step="erasure")
                _erase(desk, work, again, *AGAIN)
                work.finish("erased again")
    if by_case:
        scrub(office.store.path)
    return sorted(seq for entries in by_case.values() for seq in entries)


def _afterwards(register: Path, words: set[str], files: set[str]) -> list[str]:
    """What follows once the erasure is stored, and what the officer has to know of it.

    The lists of erasures come first: whatever fails after them, no backup brings the words back unasked.
    """
    made = backup.backups_of(register)
    with closing(read.connect(register)) as connection:
        warnings = [
            f"{folder} cannot be written to: copy {register.parent / ERASURES} there, or an older backup "
            "brings the words back"
            for folder in backup.list_erased(register, connection)
        ]
        warnings += [
            f"the same words also stand in {where}, entry {seq}"
            for where, seq in read.standing_elsewhere(connection, words)
        ]
        files = files - evidence.kept(connection).keys()
        folders = {evidence.of_backups(Path(each.file).parent, connection) for each in made}
    warnings += scrub(register)
    warnings += [
        f"{left} holds evidence that was erased and could not be removed: remove it"
        for folder in (evidence.folder_of(register), *sorted(folders)) for left in evidence.drop(folder, files)
    ]
    return warnings + _still_held(register, [each.file for each in made])


def _still_held(register: Path, backups: list[str]) -> list[str]:
    """Where the words are besides: in backups, in what was set aside, and in what a kill left half written."""
    there = [each for each in backups if Path(each).is_file()]
    away = [each for each in backups if each not in there]
    told = [f"older backups still hold the words: {_named(there)}; asb restore erases them again"] if there else []
    if away:
        told.append(f"older backups hold the words too, wherever they are now: {_named(away)}")
    told += [
        f"{aside} was set aside before and still holds the words: remove it once you no longer need it"
        for aside in backup.set_aside_from(register)
    ]
    return told + [
        f"{left} was left half written by a kill and may hold the words: remove it"
        for left in backup.left_behind(register)
    ]


def _named(files: list[str]) -> str:
    return ", ".join(files[:SHOWN]) + (f" and {len(files) - SHOWN} more" if len(files) > SHOWN else "")


def scrub(register: Path) -> list[str]:
    """Write the file anew without what was erased; SQLite had it zeroed already."""
    try:
        with closing(door.connect(register, timeout=1)) as connection:
            connection.executescript("PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; VACUUM")
    except sqlite3.Error as fault:
        return [f"the words are gone, but the file could not be written anew ({fault})"]
    return []
