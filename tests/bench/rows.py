"""The rows of the table: what is measured, against what, and what was promised."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from statistics import median

from tests.bench import reports, seed

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ASB = (sys.executable, "-m", "asbcli")
AN_OPEN_CASE = "500"  # in the small register and in the large one
A_CASE = 15  # entries of a seeded one
ENTRIES = 100_000  # of the register that is verified, to a case
A_FILM = 1024  # MiB of evidence
# What a process of a user has, and not what this one was started with.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("ASB_", "PYTHON"))}
ENVIRONMENT["PYTHONPATH"] = str(ROOT)
COPIED = 'cp "$0" "$1" && sync "$1" && "$2" -c "$3" "$0" "$1"'
HASHED = "import hashlib, sys; [hashlib.file_digest(open(each, 'rb'), 'sha256') for each in sys.argv[1:]]"
MEMORY = """
import os, sys
to_nowhere = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[to_nowhere])
print(os.wait4(child, 0)[2].ru_maxrss)
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One row: seconds (or MiB) of what was measured and of its floor, and the ratio that was promised."""

    what: str
    against: str
    took: float
    floor: float
    promised: float
    unit: str = "ms"
    at_least: bool = False

    @property
    def ratio(self) -> float:
        """What it costs of its floor; of what is promised at least, how much of its floor's speed it has."""
        return self.floor / self.took if self.at_least else self.took / self.floor

    @property
    def kept(self) -> bool:
        """Whether the promise is kept."""
        return self.ratio >= self.promised if self.at_least else self.ratio <= self.promised

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as it is printed."""
        scale = 1000 if self.unit == "ms" else 1
        return (self.what, self.against, *(f"{value * scale:,.1f} {self.unit}" for value in (self.took, self.floor)),
                f"{self.ratio:.2f}", f"{'≥' if self.at_least else '≤'} {self.promised:g}",
                "kept" if self.kept else "MISSED")


class Bench:
    """The registers and files that are measured on, made when they are first needed."""

    def __init__(self, folder: Path, *, runs: int, cases: int, reports: int) -> None:
        self.folder = folder
        self.runs = runs
        self.cases = cases
        self.reports = reports
        self.rows: dict[str, Callable[[], Iterable[Measured]]] = {
            "help": self.help, "due": self.due, "show": self.show, "open": self.open, "export": self.export,
            "procedure": self.procedure, "casework": self.casework, "import": self.imports,
            "write": self.write, "verify": self.verify, "backup": self.backup, "evidence": self.evidence,
        }

    @cached_property
    def small(self) -> Path:
        """The register of 1,000 cases."""
        return seed.register(1000)

    @cached_property
    def large(self) -> Path:
        """The register of 100,000 cases, read once so that it is in the cache."""
        made = seed.register(self.cases)
        with made.open("rb") as file:
            while file.read(1 << 24):
                pass
        return made

    # -- the rows

    def help(self) -> Iterator[Measured]:
        """The command's own start."""
        took, floor = self._pairs(_run(*ASB, "--help"), _python("import typer"))
        yield Measured("`asb --help`", '`python -c "import typer"`', took, floor, 1.2)

    def due(self) -> Iterator[Measured]:
        """An officer's list: she has as many open cases in either register."""
        due = ("due", "--officer", seed.officer_of(int(AN_OPEN_CASE), self.cases))
        took, floor = self._pairs(_asb(self.large, *due), self._same_query())
        floor_is = "`python -c` with sqlite3, the same query"
        yield Measured("`asb due --officer X`, 100k cases", floor_is, took, floor, 3.7)
        here = ("due", "--officer", seed.officer_of(int(AN_OPEN_CASE), 1000))
        took, floor = self._pairs(_asb(self.large, *due), _asb(self.small, *here))
        yield Measured("the same at 100k", "at 1k", took, floor, 1.25)

    def show(self) -> Iterator[Measured]:
        """One case."""
        took, floor = self._pairs(_asb(self.large, "show", AN_OPEN_CASE), _asb(self.small, "show", AN_OPEN_CASE))
        yield Measured("`asb show N`, 100k cases", "at 1k", took, floor, 1.25)

    def open(self) -> Iterator[Measured]:
        """A report taken down, in a copy of the large register."""
        register = shutil.copy(self.large, self.folder / "opened.sqlite")
        number = count()

        def opened() -> float:
            return _asb(Path(register), "open", "--category", "noise", "--definition", "personal", "--complainant",
                        "Agnes Baird", "--summary", f"Music until three {next(number)}", "--new")()

        took, floor = self._pairs(opened, _python("import typer, sqlmodel"))
        Path(register).unlink()
        yield Measured("`asb open`, 100k cases", '`python -c "import typer, sqlmodel"`', took, floor, 1.3)

    def export(self) -> Iterator[Measured]:
        """All cases as CSV, against the same content from SQLite's own shell."""
        from asbcli.store.read import cases_sql

        export = ("--db", str(self.large), "export", "cases")
        floor_of = _run("sqlite3", "-csv", "-header", str(self.large), cases_sql({}))
        took, floor = self._pairs(_run(*ASB, *export), floor_of)
        floor_is = "`sqlite3 -csv` of the same content, rows a second"
        yield Measured("CSV export of 100k cases", floor_is, took, floor, 0.2, at_least=True)
        yield Measured("its memory", "40 MiB", _memory(*ASB, *export), 40, 1, "MiB")

    def procedure(self) -> Iterator[Measured]:
        """Every procedure file read and checked."""
        files = sorted((ROOT / "asbcli/procedure/files").glob("*.toml"))
        each = (f"check({file.stem!r})" for file in files)
        checked = "\n".join(["from asbcli.procedure.reading import check", *each])
        took, floor = self._pairs(_python(checked), _python("import sqlmodel"))
        yield Measured("all procedure files read and checked", '`python -c "import sqlmodel"`', took, floor, 1)

    def casework(self) -> Iterator[Measured]:
        """Gates, checklists and all rules of one case, in process."""
        done = subprocess.run([sys.executable, "-m", "tests.bench.casework", str(self.runs)], env=ENVIRONMENT, cwd=ROOT,
                              check=True, capture_output=True, text=True)
        of_30, of_120 = json.loads(done.stdout)
        yield Measured("gates, checklists and all rules, 30 entries", "5 ms", of_30, 0.005, 1)
        yield Measured("the same, 120 entries", "four times that of 30", of_120, 4 * of_30, 1.25)

    def imports(self) -> Iterator[Measured]:
        """An import, against the insertion alone of the rows it makes."""
        file, tenth = (reports.write(self.folder / f"{number}.csv", number)
                       for number in (self.reports, self.reports // 10))
        empty = seed.empty_register(self.folder / "empty.sqlite")
        full = self.folder / "full.sqlite"

        def imported() -> float:
            shutil.copy(empty, full)
            return _asb(full, "import", str(file))()

        def inserted() -> float:
            again = shutil.copy(empty, self.folder / "again.sqlite")
            done = subprocess.run([sys.executable, str(HERE / "insert.py"), str(full), str(again)], env=ENVIRONMENT,
                                  check=True, capture_output=True, text=True)
            return float(done.stdout)

        took, floor = self._pairs(imported, inserted, first=True)
        yield Measured(f"import of {self.reports:,} reports", "`executemany` of the same rows", took, floor, 6)
        memory = []
        for source in (file, tenth):
            shutil.copy(empty, full)
            memory.append(_memory(*ASB, "--db", str(full), "import", str(source)))
        yield Measured("its memory", "that of a tenth of them", memory[0], memory[1], 1.25, "MiB")

    def write(self) -> Iterator[Measured]:
        """What the chain and the log's checks add to a write, in processor time."""
        for which, what in (
            ("life", "what chain and checks add to a write, an entry of a case written whole"),
            ("note", "the same, the one entry of a command: a note"),
            ("report", "the same, a report with its two people"),
        ):
            chained, bare = self._pairs(self._written(which, "chained"), self._written(which, "bare"))
            yield Measured(what, "0.5 ms", chained - bare, 0.0005, 1)

    def _written(self, which: str, how: str) -> Callable[[], float]:
        def seconds() -> float:
            register = shutil.copy(self.small, self.folder / f"{how}.sqlite")
            done = subprocess.run([sys.executable, "-m", "tests.bench.writing", which, str(register), how],
                                  env=ENVIRONMENT, cwd=ROOT, check=True, capture_output=True, text=True)
            return float(done.stdout)

        return seconds

    def verify(self) -> Iterator[Measured]:
        """The whole log walked, replayed and compared, against reading it."""
        register, tenth = (seed.register(-(-entries // A_CASE)) for entries in (ENTRIES, ENTRIES // 10))
        log = "SELECT * FROM entries JOIN bodies USING (seq) ORDER BY seq"
        reading = f"import sqlite3; sqlite3.connect({str(register)!r}).execute({log!r}).fetchall()"
        took, floor = self._pairs(_asb(register, "verify"), _python(reading))
        floor_is = "`python -c` with sqlite3, entries and bodies read"
        yield Measured(f"`asb verify`, {ENTRIES:,} entries", floor_is, took, floor, 15)
        memory = [_memory(*ASB, "--db", str(each), "verify") for each in (register, tenth)]
        yield Measured("its memory", "that of a tenth of them", *memory, 1.25, "MiB")

    def backup(self) -> Iterator[Measured]:
        """A copy of the large register, read back, against SQLite's own, which is not."""
        register, copy = self.folder / "backed-up.sqlite", self.folder / "copy" / "register.sqlite"
        os.link(self.large, register)  # the note of its backups is written beside it
        copy.parent.mkdir()

        def anew(command: Callable[[], float]) -> Callable[[], float]:
            def seconds() -> float:
                copy.unlink(missing_ok=True)
                return command()

            return seconds

        ours, floor = _asb(register, "backup", str(copy)), _run("sqlite3", str(register), f".backup '{copy}'")
        took, floored = self._pairs(anew(ours), anew(floor))
        yield Measured("`asb backup` with its reading back, 100k cases", "`sqlite3 .backup`", took, floored, 4)
        shutil.rmtree(copy.parent)
        register.unlink()

    def evidence(self) -> Iterator[Measured]:
        """A large file taken in, against its copy on the disk and each of the two hashed."""
        folder = self.folder / "evidence"
        folder.mkdir()
        source, copy, register = folder / "film", folder / "copy", folder / "register.sqlite"
        _large_file(source)
        add = ("evidence", AN_OPEN_CASE, "add", str(source))

        def fresh() -> None:
            copy.unlink(missing_ok=True)
            shutil.rmtree(f"{register}.evidence", ignore_errors=True)
            shutil.copy(self.small, register)

        def taken_in() -> float:
            fresh()
            return _asb(register, *add)()

        def copied() -> float:
            fresh()
            return _run("sh", "-c", COPIED, str(source), str(copy), sys.executable, HASHED)()

        took, floor = self._pairs(taken_in, copied)
        yield Measured("`asb evidence add` of 1 GB", "`cp`, `sync`, both hashed by Python's hashlib", took, floor, 1.5)
        fresh()
        yield Measured("its memory", "100 MiB", _memory(*ASB, "--db", str(register), *add), 100, 1, "MiB")
        shutil.rmtree(folder)

    # -- how

    def _pairs(self, ours: Callable[[], float], floor: Callable[[], float], *,
               first: bool = False) -> tuple[float, float]:
        """Medians of interleaved runs, after one of each that does not count; `first`: the floor needs ours before."""
        if not first:
            ours(), floor()
        pairs = [(ours(), floor()) for _ in range(self.runs)]
        return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)

    def _same_query(self) -> Callable[[], float]:
        from asbcli.store.read import DUE_OF_OFFICER

        answers = {"now": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()), "today": time.strftime("%Y-%m-%d"),
                   "until": "9999", "officer": seed.officer_of(int(AN_OPEN_CASE), self.cases)}
        asked = f"execute({DUE_OF_OFFICER!r}, {answers!r}).fetchall()"
        return _python(f"import sqlite3; sqlite3.connect({str(self.large)!r}).{asked}")


def _run(*command: str) -> Callable[[], float]:
    """How long a command takes, from start to end, in seconds."""
    def seconds() -> float:
        began = time.perf_counter()
        subprocess.run(command, env=ENVIRONMENT, cwd=ROOT, check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - began

    return seconds


def _python(code: str) -> Callable[[], float]:
    return _run(sys.executable, "-c", code)


def _asb(register: Path, *arguments: str) -> Callable[[], float]:
    return _run(*ASB, "--db", str(register), *arguments)


def _large_file(path: Path) -> None:
    """A file as large as evidence gets, without holes, in the cache and on the disk."""
    chunk = os.urandom(1 << 20)
    with path.open("wb") as file:
        for _ in range(A_FILM):
            file.write(chunk)
        os.fsync(file.fileno())


def _memory(*command: str) -> float:
    """The most memory a command had, in MiB; started by a small process, since a child begins with its parent's."""
    full: Sequence[str] = (shutil.which(command[0]) or command[0], *command[1:])
    done = subprocess.run([sys.executable, "-S", "-c", MEMORY, *full], env=ENVIRONMENT, cwd=ROOT, check=True,
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return int(done.stdout) / 1024
