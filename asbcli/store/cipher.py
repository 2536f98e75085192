"""SQLCipher behind the face of the plain driver: the same calls, and the same faults, on an encrypted file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, cast

from sqlcipher3 import dbapi2


def connect(where: str, key: str, salt: bytes, timeout: float, one_thread: bool) -> sqlite3.Connection:
    """Open an encrypted file, or make an empty one encrypted with this key (hex) and salt."""
    connection = dbapi2.connect(
        where, uri=True, timeout=timeout, isolation_level=None, check_same_thread=one_thread, factory=Connection
    )
    # It tells of a wrong key on stderr, where only what an officer can use is told.
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key}{salt.hex()}'\"")
    # Sorting and VACUUM would write what they hold into temporary files, and those are not encrypted.
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.row_factory = dbapi2.Row
    return cast(sqlite3.Connection, connection)


def _as_ours(call: Callable[..., Any]) -> Callable[..., Any]:
    """The call, its faults told as the plain driver tells them: everybody catches those."""

    @wraps(call)
    def told(*args: Any, **how: Any) -> Any:
        try:
            return call(*args, **how)
        except dbapi2.Error as fault:
            raise _ours(fault) from None

    return told


def _ours(fault: Exception) -> sqlite3.Error:
    kind = getattr(sqlite3, type(fault).__name__, sqlite3.DatabaseError)
    return cast(sqlite3.Error, kind(*fault.args))


class Cursor(dbapi2.Cursor):  # type: ignore[misc]
    """A cursor of an encrypted file."""

    execute = _as_ours(dbapi2.Cursor.execute)
    executemany = _as_ours(dbapi2.Cursor.executemany)
    executescript = _as_ours(dbapi2.Cursor.executescript)
    fetchone = _as_ours(dbapi2.Cursor.fetchone)
    fetchmany = _as_ours(dbapi2.Cursor.fetchmany)
    fetchall = _as_ours(dbapi2.Cursor.fetchall)
    __next__ = _as_ours(dbapi2.Cursor.__next__)

    def __iter__(self) -> Iterator[Any]:
        """Its rows; faults are looked after once, and not for each row."""
        try:
            yield from iter(super().__next__, None)
        except dbapi2.Error as fault:
            raise _ours(fault) from None


class Connection(dbapi2.Connection):  # type: ignore[misc]
    """A connection to an encrypted file."""

    commit = _as_ours(dbapi2.Connection.commit)
    rollback = _as_ours(dbapi2.Connection.rollback)
    backup = _as_ours(dbapi2.Connection.backup)

    def cursor(self, factory: Any = Cursor) -> Any:
        """A cursor whose faults are the plain driver's."""
        return super().cursor(factory)

    def execute(self, *statement: Any) -> Any:
        """Run one statement."""
        return self.cursor().execute(*statement)

    def executemany(self, *statement: Any) -> Any:
        """Run one statement for each of many rows."""
        return self.cursor().executemany(*statement)

    def executescript(self, script: str) -> Any:
        """Run several statements."""
        return self.cursor().executescript(script)
