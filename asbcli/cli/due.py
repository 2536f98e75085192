"""`asb due`: what has to be done by when, overdue first; as a list, as data, or as a calendar file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from asbcli.cli.desk import Desk
from asbcli.cli.reading import (
    AsCsv,
    AsJson,
    Known,
    Mine,
    Officer,
    On,
    Raw,
    check_form,
    officer_of,
    past,
    show_rows,
    when,
    working_days_between,
    working_days_near,
)  # fmt: skip
from asbcli.cli.show import Column, standing, table, visible
from asbcli.errors import CheckFailed
from asbcli.moments import LONDON, Moment
from asbcli.store import read
from asbcli.store.shapes import DEADLINE_COLUMNS

if TYPE_CHECKING:
    from asbcli.outputs.leaks import Secret

DAYS_AHEAD = 5  # working days that `due` looks ahead


def due(
    ctx: typer.Context,
    on: On = None,
    until: Annotated[
        str | None, typer.Option(metavar="WHEN", help="look ahead to that day (default: 5 working days)")
    ] = None,
    officer: Officer = None,
    mine: Mine = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="only what is overdue")] = False,
    known: Known = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    raw: Raw = False,
    ics: Annotated[str | None, typer.Option(metavar="FILE", help="write a calendar file too")] = None,
    fail_if_overdue: Annotated[
        bool, typer.Option("--fail-if-overdue", help="exit 6 where a duty is overdue")
    ] = False,
) -> None:
    """Open deadlines, overdue first, then by date; what has no date comes last."""
    desk: Desk = ctx.obj
    check_form(as_json=as_json, as_csv=as_csv, raw=raw)  # before a calendar file is made
    at, then = when(desk, on), when(desk, known)
    now = at.latest if at else desk.now()
    ahead = when(desk, until)
    last = ahead.day if ahead else days_ahead(desk, now, DAYS_AHEAD)
    whose = officer_of(desk, officer, mine)
    found = _due_rows(desk, at, then, now, last, whose)
    if overdue:
        found = [row for row in found if row["state"] == "overdue"]
    rows = read.as_told(desk.register, found)
    if ics:
        from asbcli.outputs.ics import uid, write_calendar

        uids = [uid(row, read.uid_key(desk.register)) for row in found]
        number = write_calendar(ics, rows, uids, now=desk.now(), secrets=_secrets(desk, rows))
        undated = f"; {len(rows) - number} have no date" if number < len(rows) else ""
        desk.tell(f"wrote {number} deadlines to {visible(ics)}{undated}")
    show_rows(desk, rows, DEADLINE_COLUMNS,
              lambda: _due_table(desk, rows, now, live=not (at or then), last=last, whose=whose),
              as_json=as_json, as_csv=as_csv, raw=raw)
    late = sum(row["state"] == "overdue" and row["strength"] in ("must", "should") for row in rows)
    if fail_if_overdue and late:
        raise CheckFailed(f"{late} duties are overdue", "asb explain N RULE says why")


def _secrets(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> tuple[Secret, ...]:
    """Everything about the people in these deadlines' cases, which a calendar tells nobody."""
    from asbcli.outputs.leaks import secrets_of
    from asbcli.store.past import logged

    numbers = sorted({int(row["case"][4:]) for row in rows if row["case"]})
    return tuple(
        dict.fromkeys(
            secret
            for number in numbers
            for secret in secrets_of(logged(read.log(desk.register, number)), reader=None)
        )
    )


def _due_rows(desk: Desk, at: Moment | None, known: Moment | None, now: datetime, last: date,
              officer: str | None) -> list[dict[str, Any]]:
    if known or (at and now < desk.now()):
        return past(desk, at, known).due(now, until=last, officer=officer)
    return read.due(desk.register, now=now, until=last, officer=officer)


def days_ahead(desk: Desk, now: datetime, number: int) -> date:
    """The day `number` working days after today."""
    works = working_days_near(desk, now)
    day = now.astimezone(LONDON).date()
    while number:
        day += timedelta(1)
        number -= works(day)
    return day


def _due_table(desk: Desk, rows: Sequence[Mapping[str, Any]], now: datetime, *, live: bool, last: date,
               whose: str | None) -> str:
    from asbcli.cli import duties

    between = working_days_between(desk, now)
    names = read.names_of(desk.register, rows)
    if desk.screen.width is not None:
        if not rows:
            return _nothing_due(last, whose)
        soon = duties.contacts(desk.register, rows, now=now, between=between) if live else []
        return duties.page(rows, names, soon, desk.screen, now=now, between=between)
    lines = [
        (
            row["case"] or row["item"] or "",
            standing(row["state"], _by(row), now=now, working_days=between),
            duties.day_to_act(row),
            duties.titled(row),
            names.get((row["case"], row["person"]), ""),
            row["clause"],
            row["rule"],
        )
        for row in rows
    ]
    columns = [
        Column("case", True),
        Column("when", True),
        Column("act by", True),
        Column("what"),
        Column("who"),
        Column("clause"),
        Column("rule"),
    ]
    return table(lines, columns, desk.screen)


def _nothing_due(last: date, whose: str | None) -> str:
    from asbcli.dates import echo

    said = f"Nothing is due{f' for {visible(whose)}' if whose else ''}, up to {echo(Moment(last))}.\n"
    return said + ("asb due shows everybody's; --officer NAME one officer's.\n" if whose else "")


def _by(row: Mapping[str, Any]) -> Moment | None:
    """The date a deadline is told by: when it is due, else when to act."""
    text = row["due"] or row["act_by"]
    return Moment.parse(text) if text else None
