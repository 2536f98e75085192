"""`python -m tests.bench.casework RUNS`: one case folded, its deadlines, gates and checklist, in process; seconds."""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from statistics import median
from typing import Any

from asbcli.bankholidays import bank_holidays, published_until
from asbcli.casefile.entries import Contact, Done, IncidentLogged, Logged, Note, Review
from asbcli.casefile.history import history
from asbcli.moments import Moment
from asbcli.procedure.deadlines import deadlines
from asbcli.procedure.gates import facts_now, unanswered, unmet
from asbcli.procedure.reading import load
from asbcli.workdays import Calendar
from tests.bench.seed import NOW, life

HATE = 15  # the number of a seeded case with everything a case of hate asks for
EACH = 20  # times a run, of which the mean counts


def log_of(entries: int, procedure: Any) -> list[Logged]:
    """A case's log of so many entries: a seeded case that stays open, and then a week's work over and over."""
    steps = [(when, entry) for when, entry in life(HATE, 20, procedure) if entry.KIND not in (Done.KIND, "close")]
    day = steps[-1][0].earliest
    week = (
        Contact("Asked how the week was", person="P1"),
        Note("Diary read"),
        IncidentLogged("Again", steps[-1][0]),
        Review("progress", "Nothing to change", "Iain Kerr"),
    )
    while len(steps) < entries:
        day += timedelta(2)
        steps.append((Moment.at(day), week[len(steps) % len(week)]))
    return [
        Logged(seq, 1, when, NOW.isoformat(), "Bench", entry) for seq, (when, entry) in enumerate(steps[:entries], 1)
    ]


def seconds(log: list[Logged], procedure: Any, calendar: Calendar) -> float:
    """What one case costs, from its log to every gate and question."""
    began = time.process_time()
    for _ in range(EACH):
        case = history(1, log)
        found = deadlines(procedure, case, calendar)
        facts = facts_now(procedure, case, found, NOW)
        unmet(procedure, facts, [step for gate in procedure.gates for step in gate.before])
        unanswered(procedure, case, facts)
    return (time.process_time() - began) / EACH


def main(runs: int) -> list[float]:
    """The medians for 30 entries and for 120."""
    procedure = load("default")
    calendar = Calendar(bank_holidays(2000, 2038), {}, {}, published_until())
    logs = [log_of(entries, procedure) for entries in (30, 120)]
    for log in logs:
        seconds(log, procedure, calendar)
    pairs = [[seconds(log, procedure, calendar) for log in logs] for _ in range(runs)]
    return [median(each) for each in zip(*pairs, strict=True)]


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
