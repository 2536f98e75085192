"""A housing office to work in: the real program on a register of its own.

    case = office.open(priority=1, received="2025-11-28 16:40")
    case.do("interview", "victim", at="2025-12-01")
    assert case.deadline("outline-agreement").due == "2025-12-04"

The register is copied from one that is made once a session; the clock is the real one. What has happened is
dated with `at` and `received`, and `on` asks how things stood at a moment.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from registers import named_key

from asbcli.cli.app import run as run_program
from asbcli.store import read

ROOT = Path(__file__).parents[1]
OFFICER = "Mhairi Kerr"
# What the programs need of the machine; with the last two, `faketime` runs the tests on another day.
OF_THE_MACHINE = ("PATH", "SYSTEMROOT", "LD_PRELOAD", "FAKETIME")


class Ran(NamedTuple):
    """What a run left: its exit code and both of its streams."""

    code: int
    out: str
    err: str


def words_of(verb: tuple[object, ...], answers: dict[str, Any]) -> list[str]:
    """The command line: `perpetrator_tenure="own-tenant"` is `--perpetrator-tenure own-tenant`."""
    words = [str(word) for word in verb]
    for name, answer in answers.items():
        flag = "--" + name.rstrip("_").replace("_", "-")
        if answer is True:
            words.append(flag)
        elif answer is not None and answer is not False:
            for each in answer if isinstance(answer, list | tuple) else [answer]:
                words += [flag, str(each)]
    return words


class Office:
    """An office with its register: what is typed there, and what the program answers."""

    def __init__(self, register: Path, environment: dict[str, str]) -> None:
        self.register = register
        self.environment = environment
        self.reading: list[sqlite3.Connection] = []

    # -- typing a command

    def run(self, *verb: object, stdin: str = "", **answers: Any) -> Ran:
        """Run the program in this process."""
        streams = sys.stdin, sys.stdout, sys.stderr
        out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        sys.stdin, sys.stdout, sys.stderr = TextIOWrapper(BytesIO(stdin.encode())), out, err
        try:
            code = run_program(words_of(verb, answers))
        finally:
            sys.stdin, sys.stdout, sys.stderr = streams
            self.leave()
        return Ran(code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode())  # type: ignore[attr-defined]

    def leave(self) -> None:
        """Stop reading, as the end of a process would."""
        while self.reading:
            self.reading.pop().close()

    def program(self, *verb: object, stdin: str = "", **answers: Any) -> Ran:
        """Run the program as an officer does, as a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "asbcli", *words_of(verb, answers)], input=stdin, capture_output=True,
            env=self.environment, cwd=self.register.parent, text=True, timeout=120, check=False,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout, done.stderr)

    def do(self, *verb: object, stdin: str = "", **answers: Any) -> Any:
        """Run it with --json, see that it succeeded, and return what it answered."""
        ran = self.run(*verb, "--json", stdin=stdin, **answers)
        assert ran.code == 0, f"{words_of(verb, answers)}\n{ran.err}"
        return json.loads(ran.out)

    def refused(self, code: int, *verb: object, stdin: str = "", **answers: Any) -> str:
        """Run it, see that it is refused as the contract has it and changes nothing; return what it told."""
        before = self.fingerprint()
        ran = self.run(*verb, stdin=stdin, **answers)
        assert ran.code == code, f"{words_of(verb, answers)}\nexit {ran.code}\n{ran.out}{ran.err}"
        assert ran.out == ""
        lines = ran.err.splitlines()
        said = [place for place, line in enumerate(lines) if line.startswith("error: ")]
        assert said, ran.err
        assert any(line.startswith("hint: ") for line in lines[said[0] :]), ran.err
        assert "Traceback" not in ran.err
        assert self.fingerprint() == before, "the register was changed"
        return ran.err

    def fingerprint(self) -> str:
        """The register's file, byte for byte."""
        return hashlib.sha256(self.register.read_bytes()).hexdigest()

    # -- cases

    def open(self, **answers: Any) -> Case:
        """Open a case: of nuisance, of one Jane Souter, where nothing else is said."""
        given = {"definition": "nuisance", "summary": "Shouting on the stair", "new": True, **answers}
        if not {"complainant", "victim", "anonymous", "from_"} & given.keys():
            given["complainant"] = "Jane Souter"
        return self.case(self.do("open", **given)["number"])

    def case(self, number: int) -> Case:
        """A case that is there."""
        return Case(self, number)

    def due(self, **answers: Any) -> list[SimpleNamespace]:
        """The deadline list."""
        return [SimpleNamespace(**row) for row in self.do("due", **answers)]


class Case:
    """One case, worked on by the program's verbs."""

    def __init__(self, office: Office, number: int) -> None:
        self.office = office
        self.number = number
        self.ref = f"ASB-{number}"

    def do(self, verb: str, *words: object, **answers: Any) -> dict[str, Any]:
        """Record something; return the case as it then stands."""
        done: dict[str, Any] = self.office.do(verb, self.number, *words, **answers)
        return done

    def refused(self, code: int, verb: str, *words: object, **answers: Any) -> str:
        """See that the program refuses to record something."""
        return self.office.refused(code, verb, self.number, *words, **answers)

    def show(self, **when: str) -> SimpleNamespace:
        """The case as `show --json` prints it, `on` a moment or as `known` then."""
        return SimpleNamespace(**self.office.do("show", self.number, **when))

    def deadlines(self, rule: str, person: str | None = None, **when: str) -> list[SimpleNamespace]:
        """Every deadline of a rule, in their order; of one person by name or id."""
        return [
            SimpleNamespace(**row)
            for row in self.show(**when).deadlines
            if row["rule"] == rule and person in (None, row["person"], row["person_name"])
        ]

    def deadline(self, rule: str, person: str | None = None, **when: str) -> SimpleNamespace:
        """The one deadline of a rule."""
        found = self.deadlines(rule, person, **when)
        assert len(found) == 1, f"{len(found)} deadlines of {rule}: {found}"
        return found[0]

    def state(self, rule: str, person: str | None = None, **when: str) -> str:
        """Where the one deadline of a rule stands."""
        return str(self.deadline(rule, person, **when).state)

    def log(self) -> list[dict[str, Any]]:
        """The case's log."""
        log: list[dict[str, Any]] = self.office.do("history", self.number)
        return log

    def person(self, name: str) -> str:
        """The id of someone in the case."""
        return next(str(each["id"]) for each in self.show().people if each["name"] == name)


def machine() -> dict[str, str]:
    """What the programs need of the environment that the tests were started in."""
    return {name: value for name, value in os.environ.items() if name in OF_THE_MACHINE} | named_key()


def environment_of(register: Path) -> dict[str, str]:
    """An environment in which nothing of the machine's own user is read or written."""
    home = register.parent
    return machine() | {
        "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home / "config"),
        "PYTHONPATH": str(ROOT), "ASB_AS": OFFICER, "ASB_DB": str(register), "LANG": "C.UTF-8",
    }  # fmt: skip


@contextmanager
def office_at(register: Path, template: Path) -> Iterator[Office]:
    """An office with its register at that place, a copy of `template`."""
    shutil.copy(template, register)
    office = Office(register, environment_of(register))
    connect = read.connect

    def connect_noted(*where: Any, **how: Any) -> sqlite3.Connection:
        office.reading.append(connect(*where, **how))
        return office.reading[-1]

    with pytest.MonkeyPatch.context() as patch:
        for name in ("ASB_CONFIG", "ASB_TRACEBACK", "NO_COLOR"):
            patch.delenv(name, raising=False)
        for name, value in office.environment.items():
            patch.setenv(name, value)
        patch.setattr(read, "connect", connect_noted)
        yield office
