"""Several officers at once: nobody locked out, no number given twice, no change lost without a word."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from registers import opened

from asbcli.store import evidence
from safety.forked import Program, Ran

OPEN = ("open", "--quiet", "--new", "--category", "noise", "--definition", "personal", "--summary", "x", "--anonymous")


def all_at_once(asb: Program, commands: list[tuple[object, ...]], officers: int) -> list[Ran]:
    """Each officer runs one command after the other, ten officers at a time."""
    waiting, running, done = list(commands), [], []
    while waiting or running:
        while waiting and len(running) < officers:
            running.append(asb.start(*waiting.pop()))
        for each in list(running):
            if (ran := each.if_ended()) is not None:
                done.append(ran)
                running.remove(each)
        time.sleep(0.002)
    return done


def test_ten_officers_open_thirty_cases_each(asb: Program, whole: bool) -> None:
    number = 300 if whole else 40
    done = all_at_once(asb, [OPEN] * number, 10)
    assert [ran for ran in done if ran.code] == []
    assert len({ran.out.strip() for ran in done}) == number
    if whole:  # on a machine that has nothing else to do
        assert max(ran.seconds for ran in done) < 5
    asb.whole()


def test_ten_officers_write_twenty_notes_each_on_one_case(asb: Program, whole: bool) -> None:
    number = 200 if whole else 40
    asb.open()
    done = all_at_once(asb, [("note", "1", f"note {each}") for each in range(number)], 10)
    assert [ran for ran in done if ran.code] == []
    assert len(asb.done("history", "1").splitlines()) == number + 2
    asb.whole()


def test_the_first_commands_ever_share_one_new_register(asb: Program) -> None:
    asb.register.unlink()
    del asb.environment["ASB_DB"]
    done = all_at_once(asb, [OPEN] * 5, 5)
    assert [ran for ran in done if ran.code] == []
    assert len({ran.out for ran in done}) == 5


def test_of_two_officers_with_if_last_the_second_is_refused(asb: Program) -> None:
    asb.open()
    asb.done("change", "1", "--officer", "Ailsa", "--because", "leave", "--if-last", "3")
    assert "has changed" in asb.refused(4, "change", "1", "--officer", "Bruce", "--because", "leave", "--if-last", "3")


def test_without_it_the_change_tells_the_old_value_and_who_set_it(asb: Program) -> None:
    asb.open()
    asb.done("change", "1", "--officer", "Ailsa", "--because", "leave", env={"ASB_AS": "Fiona"})
    said = asb.done("change", "1", "--officer", "Bruce", "--because", "leave")
    assert "officer Ailsa → Bruce (set by Fiona, " in said
    asb.done("answer", "1", "police-informed", "no", env={"ASB_AS": "Fiona"})
    assert "no → yes (set by Fiona, " in asb.done("answer", "1", "police-informed", "yes")


@contextmanager
def held(asb: Program, how: str) -> Iterator[None]:
    """The register, locked by somebody else."""
    other = opened(asb.register)
    other.execute(f"BEGIN {how}")
    yield
    other.execute("ROLLBACK")
    other.close()


def test_a_lock_that_is_not_given_up(asb: Program) -> None:
    asb.open()
    other = Program(asb.folder / "other")
    other.folder.mkdir(mode=0o700)
    shutil.copy(asb.register, other.register)
    began = time.monotonic()
    with held(asb, "IMMEDIATE"), held(other, "EXCLUSIVE"):
        reading, writing = asb.start("list"), [asb.start("note", "1", "x"), other.start("note", "1", "x")]
        assert reading.ended().code == 0
        for ran in [other.start("list").ended(), *(each.ended() for each in writing)]:
            assert (ran.code, ran.out) == (5, "")
            assert "in use" in ran.err
            assert "nothing was saved" in ran.err
    assert time.monotonic() - began < 12
    asb.done("note", "1", "x")


# -- who reads slowly


@contextmanager
def pager(asb: Program) -> Iterator[tuple[Path, int]]:
    """Somebody who reads the first page, and no further yet: a pipe that holds 4 KB of an answer, and its other end."""
    pipe = asb.folder / "pipe"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, 4096)
    try:
        yield pipe, end
    finally:
        os.close(end)


@pytest.mark.skipif(not hasattr(fcntl, "F_SETPIPE_SZ"), reason="pipes of another system hold what they hold")
@pytest.mark.parametrize(
    "asked",
    [("list",), ("search", "stair", "--json"), ("due", "--csv"), ("history", "1"), ("export", "log", "--jsonl"),
     ("dump", "-")], ids=" ".join,
)  # fmt: skip
def test_who_leaves_a_long_answer_open_in_a_pager_keeps_nobody_from_recording(
    asb: Program, asked: tuple[str, ...]
) -> None:
    rows = "".join(f"2026-01-05,noise,nuisance,Shouting on the stair of block {number},x\n" for number in range(60))
    (asb.folder / "reports.csv").write_text(f"received,category,definition,summary,place\n{rows}")
    asb.done("import", "reports.csv")
    asb.done("note", "1", "A long note. " * 600)
    whole = asb.done(*asked)
    with pager(asb) as (pipe, end):
        reading = asb.start(*asked, stdout=pipe)
        first = b""
        while not first:
            time.sleep(0.01)
            with suppress(BlockingIOError):
                first = os.read(end, 10)
        ran = asb("note", "1", "recorded meanwhile")
        assert ran.code == 0, ran
        assert reading.if_ended() is None, "it is still reading"
        os.set_blocking(end, True)
        said = first + b"".join(iter(lambda: os.read(end, 65536), b""))
    assert reading.ended().code == 0
    assert said.decode() == whole


def test_evidence_is_looked_through_while_others_record_add_and_erase(asb: Program) -> None:
    asb.open()
    for name in ("one", "two", "three"):
        (asb.folder / name).write_text(name)
    for name in ("one", "two"):
        asb.done("evidence", "1", "add", name)
    head = asb.whole()
    hashing, go_on = asb.folder / "hashing", asb.folder / "go on"

    def slowly() -> None:
        at_once = evidence.hash_of

        def hash_of(*file: Any) -> tuple[str, int]:
            hashing.touch()
            until = time.monotonic() + 15  # longer than anybody waits for the register
            while not go_on.exists() and time.monotonic() < until:
                time.sleep(0.01)
            return at_once(*file)

        evidence.hash_of = hash_of

    verifying = asb.start("verify", prepare=slowly)
    while not hashing.exists():
        assert verifying.if_ended() is None
        time.sleep(0.01)
    last = max(each.name for each in evidence.folder_of(asb.register).iterdir())  # they are looked at by their hash
    log = json.loads(asb.done("history", "1", "--json"))
    [entry] = [each["entry"] for each in log if each["kind"] == "evidence" and each["says"]["digest"] == last]
    asb.done("redact", "1", entry, "--basis", "a request", "--approved-by", "Iain Kerr")
    asb.done("evidence", "1", "add", "three")
    go_on.touch()
    ran = verifying.ended()
    assert (ran.code, ran.out) == (0, head), "the head is that of what was looked at"
    asb.whole()
