"""The deadlines of no case: what a procedure asks of itself once it is adopted."""

from __future__ import annotations

from collections.abc import Sequence

from asbcli.casefile.case import Case
from asbcli.casefile.entries import Fold, Logged
from asbcli.procedure.deadlines import Deadline, deadlines
from asbcli.procedure.rules import Procedure
from asbcli.workdays import Calendar


def register_deadlines(procedure: Procedure, log: Sequence[Logged], calendar: Calendar) -> list[Deadline]:
    """Every deadline that starts from the register's own log: the adoption of its procedure."""
    itself = Case(0, procedure=procedure.key)
    fold = Fold(itself)
    for each in log[-1:]:
        fold.when, fold.seq = each.happened, each.seq
        each.entry.apply(fold)
    return deadlines(procedure, itself, calendar)
