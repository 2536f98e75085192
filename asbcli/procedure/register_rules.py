"""The deadlines of no case: what a procedure asks of itself once adopted, and of each tenancy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from asbcli.casefile.case import Case
from asbcli.casefile.entries import Fold, Logged, ProcedureAdopted, ProcedureReviewed, Tenancy
from asbcli.casefile.history import in_order
from asbcli.procedure.clock import Deadline
from asbcli.procedure.deadlines import deadlines
from asbcli.procedure.rules import Procedure
from asbcli.procedure.timeline import Whose
from asbcli.workdays import Calendar


def register_deadlines(procedure: Procedure, log: Sequence[Logged], calendar: Calendar) -> list[Deadline]:
    """Every deadline that starts from the register's own log: its procedure adopted, and reviewed since."""
    return _deadlines(procedure, log, calendar)


def of_procedure(log: Iterable[Logged]) -> list[Logged]:
    """The register's log of the procedure in force: its adoption, and the reviews of it."""
    found: list[Logged] = []
    for each in log:
        if isinstance(each.entry, ProcedureAdopted):
            found = [each]
        elif isinstance(each.entry, ProcedureReviewed) and found:  # as of a day before, nothing was adopted yet
            found.append(each)
    return found


def tenancy_deadlines(procedure: Procedure, log: Sequence[Logged], calendar: Calendar) -> list[Deadline]:
    """The visits a tenancy is due (1.5.1), from its own entries of the register's log."""
    rows = _deadlines(procedure, in_order(log), calendar)
    return [replace(row, whose=Whose(item=log[0].entry.tenancy)) for row in rows]


def of_tenancies(log: Iterable[Logged]) -> dict[str, list[Logged]]:
    """The register's log of each tenancy, by its id."""
    found: dict[str, list[Logged]] = {}
    for each in log:
        if isinstance(each.entry, Tenancy):
            found.setdefault(each.entry.tenancy, []).append(each)
    return found


def _deadlines(procedure: Procedure, log: Sequence[Logged], calendar: Calendar) -> list[Deadline]:
    itself = Case(0, procedure=procedure.key)
    fold = Fold(itself)
    for each in log:
        fold.when, fold.seq = each.happened, each.seq
        each.entry.apply(fold)
    return deadlines(procedure, itself, calendar)
