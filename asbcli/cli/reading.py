"""What the commands that read have in common: their options, the moment asked about, the forms of an answer."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Annotated, Any

import typer

from asbcli.cli.desk import Desk
from asbcli.cli.show import csv_out, json_out
from asbcli.errors import BadInput
from asbcli.moments import Moment
from asbcli.store import read
from asbcli.store.shapes import ref

if TYPE_CHECKING:
    from asbcli.store.past import Past

Case = Annotated[str, typer.Argument(metavar="N", help="the case: 17 or ASB-17")]
On = Annotated[str | None, typer.Option(metavar="WHEN", help="as things stood at that moment")]
Known = Annotated[str | None, typer.Option(metavar="WHEN", help="from what had been recorded by then")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]
AsCsv = Annotated[bool, typer.Option("--csv", help="print CSV")]
Raw = Annotated[bool, typer.Option("--raw", help="CSV without the guard against formulas")]
Because = Annotated[
    str | None, typer.Option(metavar="TEXT", help="why a restricted case is looked at; it is logged")
]
Officer = Annotated[str | None, typer.Option(metavar="NAME", help="only this officer's cases")]
Mine = Annotated[bool, typer.Option("--mine", help="only the cases of who is acting")]


def when(desk: Desk, text: str | None) -> Moment | None:
    """A moment of a reading command's option; which day a word such as `mon` was taken for is said."""
    if text is None:
        return None
    from asbcli.dates import echo, parse_when

    moment = parse_when(text, now=desk.now(), toward="either")
    if not text.strip()[0].isdigit():
        desk.tell(f"{text.strip()} is {echo(moment)}")
    return moment


def number_of(case: str) -> int:
    """The number of a case as it is typed. Raises BadInput."""
    from asbcli.forms.answers import read_case  # what a list has no need of

    return read_case(case)


def past(desk: Desk, on: Moment | None, known: Moment | None) -> Past:
    """The register as at a moment, folded from its log."""
    from asbcli.store.past import Past

    return Past(desk.register, on=on, known=known.latest if known else None)


def officer_of(desk: Desk, officer: str | None, mine: bool) -> str | None:
    """Whose cases are asked for; None for everybody's. Raises BadInput for two answers."""
    if officer and mine:
        raise BadInput("--officer and --mine exclude each other", "give one of them")
    return desk.settings.acting.value if mine else officer


def look_at(desk: Desk, number: int, because: str | None) -> None:
    """Note why a restricted case is looked at; any other is just read. Raises BadInput without a reason."""
    if number not in read.restricted(desk.register):
        return
    from asbcli.casework.looking import look

    desk.leave_register()
    if not because and desk.at_terminal:
        from asbcli.cli import ask

        desk.tell(f"{ref(number)} is restricted: looking at it needs a reason, which is logged")
        because = ask.reason(desk)
    look(desk.office(), case=number, because=because)
    desk.tell(f"{ref(number)} is restricted: that you look at it, and why, was logged")


def working_days_near(desk: Desk, now: datetime) -> Callable[[date], bool]:
    """Whether a day is a working day, from the calendar's table."""
    rows = read.calendar_rows(desk.register)
    opened = {day for day, kind, _ in rows if kind == "open"}
    closed = {day for day, kind, _ in rows if kind != "open"}

    def works(day: date) -> bool:
        text = day.isoformat()
        return text in opened or (day.weekday() < 5 and text not in closed)

    return works


def working_days_between(desk: Desk, now: datetime) -> Callable[[date, date], int]:
    """How many working days come after one day, up to another: whole weeks at once."""
    works = working_days_near(desk, now)
    marked = sorted({date.fromisoformat(day) for day, _, _ in read.calendar_rows(desk.register)})
    unlike = [0, *accumulate(works(day) - (day.weekday() < 5) for day in marked)]

    def between(first: date, last: date) -> int:
        weeks, rest = divmod(max(0, (last - first).days), 7)
        weekdays = 5 * weeks + sum((first + timedelta(day)).weekday() < 5 for day in range(1, rest + 1))
        return weekdays + unlike[bisect(marked, max(first, last))] - unlike[bisect(marked, first)]

    return between


def show_rows(
    desk: Desk,
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
    plain: Callable[[], str],
    *,
    as_json: bool,
    as_csv: bool,
    raw: bool = False,
) -> None:
    """Say rows as JSON, as CSV, or as a table."""
    check_form(as_json=as_json, as_csv=as_csv, raw=raw)
    if as_json:
        desk.say(json_out(list(rows)))
    elif as_csv:
        if raw:
            desk.tell("warning: --raw leaves cells that a spreadsheet may run as formulas")
        desk.say(csv_out(rows, columns, raw=raw))
    else:
        desk.say(plain())


def check_form(*, as_json: bool, as_csv: bool, raw: bool) -> None:
    """Raise BadInput for forms of an answer that exclude each other."""
    if as_json and as_csv:
        raise BadInput("--json and --csv exclude each other", "give one of them")
    if raw and not as_csv:
        raise BadInput("--raw goes with --csv", "JSON is always exact")
