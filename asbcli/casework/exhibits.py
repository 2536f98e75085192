"""Taking evidence in: the file is stored under its hash before the entry that tells of it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from asbcli.casefile.entries import Evidence
from asbcli.casework.record import Casework, Office
from asbcli.casework.telling import Recorded
from asbcli.errors import BadInput, DatabaseUnusable, NotAllowed
from asbcli.moments import Moment
from asbcli.store import door, evidence, read
from asbcli.store.shapes import ref

LONGEST_NAME = 200  # characters
ALTERED = "what stood under its hash had been altered: the true file is in its place, the altered one beside it"


def add_evidence(
    office: Office,
    *,
    case: int,
    file: Path,
    at: Moment | None = None,
    text: str | None = None,
    name: str | None = None,
    if_last: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Recorded:
    """Keep a copy of a file as evidence; the original is not touched.

    Raises BadInput for what is no plain file, NotAllowed where the case came to be another one meanwhile.
    """
    folder = evidence.folder_of(office.store.path)
    called = (name or file.name)[:LONGEST_NAME]
    looking = Office(office.store.path, actor=office.actor, now=lambda: office.now)  # stores nothing: may be stopped
    with looking.desk() as desk:
        meant = _begins_with(desk.case(case, if_last=if_last))  # before a large file is copied for nothing
    with (evidence.taken_in(file, folder, progress) as taken, _gone_unless_recorded(office, folder / taken.digest),
          office.desk() as desk):
        evidence.clear(folder, lambda: _known(office))
        work = desk.case(case, if_last=if_last)
        if _begins_with(work) != meant:
            raise NotAllowed(f"{ref(case)} is another case now: a backup was brought back meanwhile; nothing was saved",
                             "asb list, then name the case again")
        before = evidence.keep(taken, folder)
        if before is evidence.Before.ANOTHER:
            work.warnings.append(ALTERED)
        if any(each.digest == taken.digest for each in work.case.evidence):
            if before is evidence.Before.THE_SAME:
                raise BadInput("that file is evidence in this case already", f"asb evidence {case} list")
            return _put_back(work)
        work.record(at, Evidence(taken.digest, called, taken.size, text))
        return work.finish(f"evidence taken in, {taken.size:,} bytes, SHA-256 {taken.digest}.")


def _begins_with(work: Casework) -> str:
    """The hash of a case's first entry, which tells it from any other that had or gets its number."""
    [first] = work.desk.tx.rows("entries", seq=work.log[0].seq)
    hashed: str = first.hash
    return hashed


@contextmanager
def _gone_unless_recorded(office: Office, file: Path) -> Iterator[None]:
    """A file that gets its name meanwhile loses it where nothing comes of it, also as it is committed."""
    new = not os.path.lexists(file)
    try:
        yield
    except BaseException:
        with suppress(DatabaseUnusable, sqlite3.Error):  # verify names it
            if new:
                _drop_unknown(office.store.path, file)
        raise


def _drop_unknown(register: Path, file: Path) -> None:
    with closing(door.connect(register)) as connection:
        connection.execute("BEGIN IMMEDIATE")  # nobody records the same meanwhile
        if file.name not in evidence.kept(connection):
            evidence.drop(file.parent, [file.name])


def _put_back(work: Casework) -> Recorded:
    """What is told where a file that the case knew was missing or altered, and is in its place again."""
    told = work.told("that file is evidence in this case already: it is in its place again, and nothing was recorded.")
    told.warnings = [*work.warnings, *told.warnings]
    return told


def _known(office: Office) -> dict[str, int]:
    """The hash and the size of every file that the register knows."""
    with closing(read.connect(office.store.path)) as connection:
        return evidence.kept(connection)
