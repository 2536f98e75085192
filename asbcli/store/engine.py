"""A connection that writes: one file, one writer at a time, and nothing acknowledged before it is stored."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import uniform
from time import monotonic, sleep
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event

from asbcli.errors import DatabaseUnusable
from asbcli.store import door
from asbcli.store.identity import BUSY_SECONDS

# A rollback journal, not WAL: one file that can be copied, shared folders and read-only media work, and
# Debian's SQLite 3.40 has the WAL-reset bug. EXTRA syncs the folder too, so that a commit survives power loss.
PRAGMAS = """
PRAGMA journal_mode = DELETE;
PRAGMA synchronous = EXTRA;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA temp_store = MEMORY;
"""


# The pool would print the traceback of what interrupts it while it closes a connection: nobody set up a log.
logging.getLogger("sqlalchemy.pool").addHandler(logging.NullHandler())

_FIRST, _LEAST = 0.05, 0.001  # seconds between two tries: at first, and at the least


def _inode(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


def _take_turn(connection: sqlite3.Connection, unmoved: Callable[[], bool]) -> None:
    """Take the write lock; who has waited a second longer asks for it twice as often.

    SQLite's own waiting asks ever less often: of ten officers the last to come goes first, and one is locked out.
    Raises DatabaseUnusable where a restore moved the file meanwhile: the journal beside its name is another's by now,
    and what was meant for the one register may not fit the other.
    """
    began = monotonic()
    connection.execute("PRAGMA busy_timeout = 0")
    while True:
        _refuse_moved(unmoved)
        try:
            connection.execute("BEGIN IMMEDIATE")
            _refuse_moved(unmoved)
            break
        except sqlite3.OperationalError as fault:
            waited = monotonic() - began
            if "locked" not in str(fault) or waited > BUSY_SECONDS:
                raise
            sleep(max(_LEAST, _FIRST * 0.5**waited) * uniform(0.5, 1))
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def _refuse_moved(unmoved: Callable[[], bool]) -> None:
    if not unmoved():
        raise DatabaseUnusable(
            "another register was brought into this one's place meanwhile; nothing was saved",
            "asb show N, then try again",
        )


def engine_for(path: Path, *, encrypted: bool = False) -> Engine:
    """An engine on the file at `path` whose every transaction takes the write lock at once.

    `encrypted`: what an empty file becomes; any other is opened as what it is.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        creator=lambda: door.connect(path, mode="rwc", encrypted=encrypted, one_thread=False),
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        record.info["inode"] = _inode(path)
        connection.row_factory = None  # SQLAlchemy takes rows apart itself
        connection.executescript(PRAGMAS)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        opened = connection.info["inode"]
        _take_turn(connection.connection.driver_connection, lambda: _inode(path) == opened)

    return engine
