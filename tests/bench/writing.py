"""`python -m tests.bench.writing WHICH REGISTER chained|bare`: what a write costs, in processor seconds an entry.

In a bare register the log's two tables have no constraint, no unique hash and no trigger. What is written there is
neither checked nor hashed, and is otherwise the same, along the same way.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from asbcli.casefile.entries import Note
from asbcli.casework.record import Desk, Office
from asbcli.moments import Moment
from tests.bench.seed import NOW, life

CASES = 1000  # of the register
AN_OPEN_CASE = 500
MANY = 20  # cases written whole, of which the median counts
BARE = """
PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON;
CREATE TABLE bare_entries (seq INTEGER PRIMARY KEY, case_number INTEGER, kind TEXT, happened TEXT, recorded_at TEXT,
                           actor TEXT, body_hash TEXT, previous TEXT, hash TEXT);
CREATE TABLE bare_bodies (seq INTEGER PRIMARY KEY, salt TEXT, body TEXT);
INSERT INTO bare_entries SELECT seq, case_number, kind, happened, recorded_at, actor, '', '', '' FROM entries;
INSERT INTO bare_bodies SELECT seq, '', body FROM bodies;
DROP TRIGGER entries_stay; DROP TRIGGER entries_kept; DROP TRIGGER bodies_stay; DROP TRIGGER bodies_kept;
DROP TABLE bodies; DROP TABLE entries;
ALTER TABLE bare_entries RENAME TO entries; ALTER TABLE bare_bodies RENAME TO bodies;
CREATE INDEX ix_entries_case_number_seq ON entries (case_number, seq);
CREATE INDEX ix_entries_renamed ON entries (case_number) WHERE kind = 'person-renamed';
"""


def strip(register: Path) -> Path:
    """Take everything from a register's log that keeps it from being changed."""
    with closing(sqlite3.connect(register)) as connection:
        connection.executescript(BARE)
    return register


@contextmanager
def unchained() -> Iterator[None]:
    """Nothing that is appended is checked, salted or hashed; its number stands for its hash, which has to differ."""
    with (
        patch("asbcli.casework.record.checked", lambda entry: entry),
        patch("asbcli.store.write.secrets.token_hex", lambda _: ""),
        patch.multiple("asbcli.store.write", body_hash=lambda *_: "",
                       header_hash=lambda header: str(header["seq"])),
    ):
        yield


class Writer:
    """Somebody who writes the same again and again, and how long each took."""

    def __init__(self, register: Path, which: str) -> None:
        self.office = Office(register, actor="Bench", now=lambda: NOW)
        self.write = getattr(self, f"_{which}")
        self.number = CASES

    def seconds(self) -> float:
        """One transaction, from its start to its commit, by the entry."""
        began = time.process_time()
        with self.office.desk() as desk:
            entries = self.write(desk)
        return (time.process_time() - began) / entries

    def unchained_seconds(self) -> float:
        """The same, unchained."""
        with unchained():
            return self.seconds()

    def _note(self, desk: Desk) -> int:
        work = desk.case(AN_OPEN_CASE)
        work.record(None, Note("Diary read"))
        desk.save(AN_OPEN_CASE, work.log)
        return 1

    def _report(self, desk: Desk) -> int:
        return self._new(desk, 1)

    def _life(self, desk: Desk) -> int:
        return self._new(desk, None)

    def _new(self, desk: Desk, entries: int | None) -> int:
        self.number += 1
        steps: list[tuple[Moment, Any]] = life(self.number, 2 * CASES, desk.procedure_for(NOW.date()))[:entries]
        desk.save(self.number, [desk.append(self.number, *step) for step in steps], new=True)
        return len(steps)


def main(which: str, register: Path, how: str) -> float:
    """Of a whole life, the median of many; of a note or a report, the second write of a process.

    A command writes one entry and ends: what SQLAlchemy does only once is done in either, the check of that kind of
    entry has still to be made.
    """
    writer = Writer(register if how == "chained" else strip(register), which)
    writer.unchained_seconds()
    seconds = writer.seconds if how == "chained" else writer.unchained_seconds
    return median(seconds() for _ in range(MANY if which == "life" else 1))


if __name__ == "__main__":
    print(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
