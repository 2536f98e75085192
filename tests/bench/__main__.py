"""`python -m tests.bench`: every promise about speed, as a ratio against a floor taken in the same run.

    python -m tests.bench                 the whole table: registers are seeded once, the imports take long
    python -m tests.bench --only due,show some of its rows
    python -m tests.bench --markdown      the table of docs/performance.md
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
from pathlib import Path

from tests.bench.rows import Bench, Measured

TITLES = ("what", "against", "took", "floor", "ratio", "asked", "")


def main() -> int:
    """Measure, print, and return 1 where a promise was not kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Speed, against floors of the same run.")
    parser.add_argument("--runs", type=int, default=11, help="pairs of runs, of which the median counts")
    parser.add_argument("--cases", type=int, default=100_000, help="cases of the larger register")
    parser.add_argument("--reports", type=int, default=100_000, help="reports of the import")
    parser.add_argument("--only", default="", metavar="NAME,NAME", help="only rows of these names")
    parser.add_argument("--markdown", action="store_true", help="print the table for docs/performance.md")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="asb-bench-") as folder:
        bench = Bench(Path(folder), runs=asked.runs, cases=asked.cases, reports=asked.reports)
        names = asked.only.split(",") if asked.only else list(bench.rows)
        done: list[Measured] = []
        for name in names:
            for row in bench.rows[name]():
                done.append(row)
                print("\t".join(row.cells), file=sys.stderr)
    print(_markdown(done, asked.runs) if asked.markdown else _table(done))
    return 0 if all(row.kept for row in done) else 1


def _table(rows: list[Measured]) -> str:
    lines = [TITLES, *(row.cells for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(TITLES))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def _markdown(rows: list[Measured], runs: int) -> str:
    lines = [TITLES, ("---",) * len(TITLES), *(row.cells for row in rows)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    machine = (f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores; "
               f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; "
               f"medians of {runs}, interleaved with their floors, warm cache.")
    return f"{machine}\n\n{table}"


if __name__ == "__main__":
    sys.exit(main())
