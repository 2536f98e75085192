"""`python insert.py FULL EMPTY`: the rows an import made, inserted again by `executemany` alone; prints its seconds."""

from __future__ import annotations

import sqlite3
import sys
import time

PRAGMAS = """
PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;
PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;
"""  # those of the program
TABLES = (
    "entries", "bodies", "cases", "labels", "people", "person_roles", "incidents", "actions", "links", "deadlines",
    "imports",
)  # fmt: skip
AT_A_TIME = 20_000  # rows; reading them is not counted


def main(full: str, empty: str) -> float:
    """Insert every row that `empty` has not, and return the seconds of the insertions and of the commit."""
    source = sqlite3.connect(full)
    target = sqlite3.connect(empty, isolation_level=None)
    target.executescript(PRAGMAS)
    target.execute("BEGIN IMMEDIATE")
    took = 0.0
    for table in TABLES:
        there = {row[0] for row in target.execute(f"SELECT rowid FROM {table}")}
        rows = source.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid")
        while batch := rows.fetchmany(AT_A_TIME):
            new = [row[1:] for row in batch if row[0] not in there]
            statement = f"INSERT INTO {table} VALUES ({', '.join('?' * (len(batch[0]) - 1))})"
            began = time.perf_counter()
            target.executemany(statement, new)
            took += time.perf_counter() - began
    began = time.perf_counter()
    target.execute("COMMIT")
    return took + time.perf_counter() - began


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
