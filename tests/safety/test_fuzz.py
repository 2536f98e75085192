"""A short run of the fuzzer; `python -m tests.safety.fuzz --minutes 60` is the long one."""

from __future__ import annotations

from pathlib import Path

from safety.fuzz import Fuzzer

ROUNDS, RUNS = 3, 120


def test_whatever_is_typed_nothing_happens_that_must_not(tmp_path: Path) -> None:
    told: list[str] = []
    fuzzer = Fuzzer(tmp_path, "short", tell=told.append)
    for number in range(1, ROUNDS + 1):
        fuzzer.round(number, runs=RUNS)
    assert fuzzer.runs == ROUNDS * RUNS
    assert not fuzzer.findings, "\n".join(told)
    assert {0, 2, 3, 4, 5} <= set(fuzzer.codes), "every kind of end was met"
