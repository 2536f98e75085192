"""Verifying on several cores: the same is found, nobody learns the key, and Ctrl-C leaves nobody behind."""

from __future__ import annotations

import multiprocessing.util
import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from asbcli.casework import cores, replaying, verify
from asbcli.store import door
from asbcli.store.backup import Head
from safety.forked import Program
from safety.test_encrypted import KEY, write_key
from safety.test_verify import found, tampered

NUMBER = 5  # cases


def five_cases(asb: Program) -> Program:
    for number in range(NUMBER):
        asb.open(f"Shouting on the stair, {number}", perpetrator="Callum Reid")
    return asb


@pytest.fixture
def asb(new_register: Path, tmp_path: Path) -> Program:
    program = Program(tmp_path)
    shutil.copy(new_register, program.register)
    return five_cases(program)


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two helpers are worth it for five cases, one case at a time."""
    monkeypatch.setattr(verify, "AT_ONCE", 1)
    monkeypatch.setattr(cores, "WORTH_IT", 1)
    monkeypatch.setattr(cores, "cores", lambda: 2)


@pytest.fixture
def only_helpers(two_cores: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks looks at no case itself, so what is found was found by helpers."""
    monkeypatch.setattr(replaying.Replay, "findings", lambda self, span: [f"{span} was left to whoever asked"])


def tamper(asb: Program) -> None:
    tampered(
        asb,
        "UPDATE cases SET officer = 'Nobody' WHERE number = 2",
        "UPDATE deadlines SET due = '2030-01-01' WHERE case_number IN (3, 4) AND due IS NOT NULL",
        "UPDATE people SET name = CAST(x'ff41' AS TEXT) WHERE case_number = 4",
        "UPDATE bodies SET body = '{\"text\": 7}' WHERE seq IN (SELECT seq FROM entries WHERE case_number = 5)",
    )


FOUND = [
    "ASB-2: its cases are not what its log adds up to",
    "ASB-3: its deadlines are not what its log adds up to",
    "ASB-4: its people are not what its log adds up to",
    "ASB-4: its deadlines are not what its log adds up to",
    "the log cannot be replayed: ValueError",
]


def of_cases(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith("ASB-") or "replayed" in line]


def test_helpers_find_what_one_alone_finds(
    asb: Program, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    tamper(asb)
    monkeypatch.setattr(cores, "cores", lambda: 1)
    alone = found(asb)
    assert of_cases(alone) == FOUND
    request.getfixturevalue("two_cores")
    assert found(asb) == alone


def test_helpers_look_at_every_case(asb: Program, only_helpers: None) -> None:
    asb.whole()


def no_helper(*_: object, **__: object) -> None:
    raise BlockingIOError("Resource temporarily unavailable")


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("multiprocessing.util.spawnv_passfds", no_helper),  # none can start
        ("asbcli.casework.cores.head_of", lambda _: Head(0, "another")),  # it finds another register there
    ],
    ids=["no process to be had", "another register"],
)
def test_what_helpers_leave_is_looked_at_all_the_same(
    asb: Program, two_cores: None, monkeypatch: pytest.MonkeyPatch, name: str, other: Callable[..., Any]
) -> None:
    monkeypatch.setattr(name, other)
    asb.whole()
    tamper(asb)
    assert of_cases(found(asb)) == FOUND


def test_a_log_that_is_gone_is_found(asb: Program, two_cores: None) -> None:
    tampered(asb, "DELETE FROM bodies", "DELETE FROM entries")
    assert "ASB-1 is in the tables only" in found(asb)


def test_a_helper_that_is_killed_costs_nothing_but_time(
    asb: Program, two_cores: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = cores._started

    def killed(*args: Any) -> Any:
        answers, helper = started(*args)
        helper.kill()
        return answers, helper

    monkeypatch.setattr(cores, "_started", killed)
    tamper(asb)
    assert of_cases(found(asb)) == FOUND


def test_the_key_goes_to_a_helper_and_to_nobody_else(
    tmp_path: Path, only_helpers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sqlcipher3")
    asb = Program(tmp_path)
    asb.environment["ASB_KEY_FILE"] = str(write_key(tmp_path / "key", KEY))
    asb.done("init", "--encrypt")
    five_cases(asb)
    assert door.is_encrypted(asb.register)
    spawn = multiprocessing.util.spawnv_passfds

    def noted(path: Any, args: Any, passfds: Any) -> int:
        with (tmp_path / "seen").open("a") as seen:
            print(*map(os.fsdecode, args), dict(os.environ), file=seen)
        return spawn(path, args, passfds)  # type: ignore[no-any-return]

    monkeypatch.setattr("multiprocessing.util.spawnv_passfds", noted)
    asb.whole()
    seen = (tmp_path / "seen").read_text()
    assert seen.count("--multiprocessing-fork") == 2
    assert KEY not in seen


def test_ctrl_c_leaves_nobody_behind(asb: Program, two_cores: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def long(_: object) -> list[str]:
        (asb.folder / "under way").touch()
        time.sleep(30)
        return []

    monkeypatch.setattr(verify, "_schema", long)
    running = asb.start("verify", prepare=lambda: os.setpgid(0, 0))
    until = time.monotonic() + 20
    while not (asb.folder / "under way").exists() and time.monotonic() < until:
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to all that belong to the command
    ran = running.ended(20)
    assert (ran.code, ran.out, ran.err) == (130, "", "")
    with suppress(ProcessLookupError):
        while time.monotonic() < until:
            os.killpg(running.pid, 0)
            time.sleep(0.01)
        pytest.fail("a process of the command is still there")


@pytest.mark.parametrize(("cases_at_once", "cores_there_are"), [(1, 1), (100, 8)], ids=["one core", "few cases"])
def test_where_it_gains_nothing_nobody_is_started(
    asb: Program, two_cores: None, monkeypatch: pytest.MonkeyPatch, cases_at_once: int, cores_there_are: int
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a helper was started")

    monkeypatch.setattr(cores, "_started", never)
    monkeypatch.setattr(cores, "cores", lambda: cores_there_are)
    monkeypatch.setattr(cores, "WORTH_IT", 2)
    monkeypatch.setattr(verify, "AT_ONCE", cases_at_once)
    asb.whole()
