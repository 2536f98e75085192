"""Cases replayed from the log and held against their rows, a span of numbers at a time."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from operator import itemgetter
from typing import Any

from asbcli.errors import AsbError
from asbcli.store import read
from asbcli.store.past import Past
from asbcli.store.rows import rows_of
from asbcli.store.shapes import ref

UNREADABLE = (AsbError, ValueError, KeyError, TypeError, IndexError, AttributeError)

Row = tuple[Any, ...]
Span = tuple[int, int]
"""The first case of so many, and the last."""


def told(check: Callable[[], Iterable[str]]) -> Iterator[str]:
    """What a check finds; what cannot even be read is a finding."""
    try:
        yield from check()
    except UNREADABLE as fault:
        yield f"the log cannot be replayed: {type(fault).__name__}"


def readable(connection: sqlite3.Connection, check: Callable[[], Iterable[str]]) -> Iterator[str]:
    """What a check finds; text that is not UTF-8 any more is read as far as it can be: it is not as it was written."""
    try:
        yield from list(told(check))
    except sqlite3.DatabaseError:  # to read all of it so from the start would take a tenth of the time
        read_leniently(connection)
        yield from told(check)


def read_leniently(connection: sqlite3.Connection) -> None:
    """From now on, read text that is not UTF-8 as far as it can be."""
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")


class Replay:
    """A register's cases, as its log has them and as its tables do."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.past = Past(connection)

    def findings(self, span: Span) -> list[str]:
        """What does not agree in cases of these numbers that both have, a sentence each."""
        return list(readable(self.connection, lambda: self._findings(span)))

    def _findings(self, span: Span) -> Iterator[str]:
        logs = defaultdict(list)
        for entry in self.connection.execute(read.LOG_OF_CASES, span):
            logs[entry["case_number"]].append(entry)
        tables = {table: Stored(self.connection.execute(statement, span))
                  for table, statement in read.ROWS_OF_CASES.items()}
        for number in sorted(logs.keys() & tables["cases"].rows.keys()):
            yield from told(lambda number=number: self._of(number, logs[number], tables))  # type: ignore[misc]

    def _of(self, number: int, log: list[sqlite3.Row], tables: dict[str, Stored]) -> Iterator[str]:
        for table, expected in rows_of(*self.past.folded(number, log)).items():
            if not tables[table].holds(number, expected, in_order=table == "deadlines"):
                yield f"{ref(number)}: its {table} are not what its log adds up to"


class Stored:
    """The rows a table has of some cases, by the number of each."""

    def __init__(self, found: sqlite3.Cursor) -> None:
        found.row_factory = None  # a Row looks for every name in all of its columns
        names = [column[0] for column in found.description]
        place = names.index("case_number" if "case_number" in names else "number")
        first = int(names[0] == "id")  # a row's own number says nothing
        self.rows: defaultdict[Any, list[Row]] = defaultdict(list)
        self._of_expected = itemgetter(*names[first:])
        for row in found:
            self.rows[row[place]].append(row[first:])

    def holds(self, case: Any, expected: list[dict[str, Any]], *, in_order: bool = False) -> bool:
        """Whether a case has these rows, and if asked for in the order they were written in."""
        ours, theirs = [self._of_expected(row) for row in expected], self.rows.get(case, [])
        # As a rule they stand in the order they were written in, and need not be spelled out and sorted.
        return ours == theirs or (not in_order and _spelled(ours) == _spelled(theirs))


def same(expected: list[dict[str, Any]], stored: sqlite3.Cursor) -> bool:
    """Whether the rows of no case are those."""
    return Stored(stored).holds(None, expected)


def _spelled(rows: list[Row]) -> list[str]:
    return sorted(repr([int(value) if isinstance(value, bool) else value for value in row]) for row in rows)
