"""Clocks and zones: London's dates on any machine, the log's order whatever the clock says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from safety.forked import ROOT, Program


def clock(when: str) -> Callable[[], None]:
    """The machine's clock, set to another moment."""

    def set_it() -> None:
        from asbcli.cli.desk import Desk

        Desk.now = lambda self: datetime.fromisoformat(when).astimezone(UTC)  # type: ignore[method-assign]

    return set_it


def test_every_zone_gives_londons_dates(asb: Program) -> None:
    fresh, answers = asb.register.read_bytes(), []
    for zone in ("Europe/London", "Pacific/Auckland", "America/Los_Angeles"):
        asb.register.write_bytes(fresh)
        env = {"TZ": zone}
        asb.done(
            "open",
            "--category",
            "noise",
            "--definition",
            "personal",
            "--summary",
            "x",
            "--anonymous",
            "--received",
            "2026-03-28 23:30",
            env=env,
            prepare=clock("2026-03-29T12:30:00+00:00"),
        )
        asb.done(
            "interview", "1", "victim", "--at", "yesterday 23:50", env=env, prepare=clock("2026-03-29T23:30:00+00:00")
        )
        shown = json.loads(asb.done("show", "1", "--json", env=env, prepare=clock("2026-03-30T23:30:00+00:00")))
        due = asb.done("due", "--csv", env=env, prepare=clock("2026-03-30T23:30:00+00:00"))
        answers.append((shown["received_at"], shown["deadlines"], due))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == "2026-03-28T23:30+00:00"


def test_a_clock_set_back_keeps_the_logs_order_and_is_told(asb: Program) -> None:
    asb("open", "--category", "noise", "--definition", "personal", "--summary", "x", "--anonymous")
    asb.done("note", "1", "first", prepare=clock("2027-06-01T10:00:00+00:00"))
    ran = asb("note", "1", "second", prepare=clock("2027-06-01T09:00:00+00:00"))
    assert ran.code == 0
    assert "clock is behind the last entry" in ran.err
    log = json.loads(asb.done("history", "1", "--json"))
    assert [each["says"]["text"] for each in log[1:]] == ["first", "second"]
    known = json.loads(
        asb.done("show", "1", "--json", "--known", "2027-06-01 09:30", prepare=clock("2027-06-02T09:00:00+00:00"))
    )
    assert known["last_entry"] == log[0]["entry"], "what was recorded second was not known before the first"
    ran = asb("verify")
    assert ran.code == 0
    assert f"the clock was set back before entries {log[2]['entry']}" in ran.err
    assert "clock is behind" in asb("doctor").err


def test_without_a_time_zone_database_the_error_says_so(asb: Program, tmp_path: Path) -> None:
    (tmp_path / "tzdata").mkdir()
    (tmp_path / "tzdata" / "__init__.py").write_text("raise ImportError")
    env = asb.environment | {"PYTHONTZPATH": "", "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    ran = subprocess.run(
        [sys.executable, "-m", "asbcli", "list"], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "no time zone database" in ran.stderr
    assert "tzdata" in ran.stderr
