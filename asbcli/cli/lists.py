"""Which cases there are: lists, searches, who and where it happens again, and how the targets stand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

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
    officer_of,
    past,
    show_rows,
    when,
)  # fmt: skip
from asbcli.cli.show import Column, table
from asbcli.errors import BadInput
from asbcli.moments import Moment
from asbcli.store import read
from asbcli.store.shapes import LISTED

TARGET_COLUMNS = ("procedure", "target", "title", "source", "clause", "asked", "share", "met", "counted", "reached")


def list_cases(
    ctx: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="closed cases too")] = False,
    closed: Annotated[bool, typer.Option("--closed", help="closed cases only")] = False,
    officer: Officer = None,
    mine: Mine = False,
    category: Annotated[str | None, typer.Option(metavar="ID", help="only of this category")] = None,
    priority: Annotated[str | None, typer.Option(help="only of this priority")] = None,
    flag: Annotated[str | None, typer.Option(help="only with this flag")] = None,
    person: Annotated[
        str | None, typer.Option(metavar="NAME", help="only those somebody is in: part of a name, or an id")
    ] = None,
    address: Annotated[
        str | None, typer.Option(metavar="TEXT", help="only of this address; Flat 2/1 is 2/1")
    ] = None,
    on: On = None,
    known: Known = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    raw: Raw = False,
) -> None:
    """Cases: the open ones, unless --all or --closed."""
    desk: Desk = ctx.obj
    wanted = {
        "status": None if every else "closed" if closed else "open",
        "officer": officer_of(desk, officer, mine),
        "category": category,
        "priority": priority,
        "flag": flag,
    }
    numbers = None
    if person is not None or address is not None:
        if not any(map(str.isalnum, f"{person or ''}{address or ''}")):
            raise BadInput(
                "there is nobody and nowhere to look for", "asb list --person NAME, --address TEXT"
            )
        numbers = read.cases_of(desk.register, person=person, address=address)
    at, then = when(desk, on), when(desk, known)
    if at or then:
        rows = [
            row for row in past(desk, at, then).cases(wanted) if numbers is None or row["number"] in numbers
        ]
    else:
        rows = list(
            read.cases(desk.register, **wanted, numbers=None if numbers is None else json.dumps(numbers))
        )
    show_rows(desk, rows, LISTED, lambda: _case_table(desk, rows), as_json=as_json, as_csv=as_csv, raw=raw)


def search(ctx: typer.Context, text: Annotated[str, typer.Argument(metavar="TEXT", help="letter for letter")],
           as_json: AsJson = False, as_csv: AsCsv = False, raw: Raw = False) -> None:
    """Cases in which a text stands, in any entry or name, letter for letter but for capitals."""
    if not text.strip():
        raise BadInput("there is nothing to search for", "asb search TEXT; asb list lists cases")
    desk: Desk = ctx.obj
    rows = list(read.search(desk.register, text))
    show_rows(desk, rows, LISTED, lambda: _case_table(desk, rows), as_json=as_json, as_csv=as_csv, raw=raw)


def _case_table(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows and desk.screen.width:
        return "No cases.\n"
    columns = [Column("case", True), Column("status", True), Column("received", True), Column("priority"),
               Column("category"), Column("officer"), Column("summary")]
    lines = [
        (
            row["ref"],
            row["status"],
            (row["received_at"] or "")[:10],
            "" if row["priority"] is None else str(row["priority"]),
            row["category"] or "",
            row["officer"] or "",
            row["summary"],
        )
        for row in rows
    ]
    return table(lines, columns, desk.screen)


def repeats(ctx: typer.Context, as_json: AsJson = False, as_csv: AsCsv = False, raw: Raw = False) -> None:
    """Victims, perpetrators and addresses of several matters; names spelled alike may be two people's."""
    desk: Desk = ctx.obj
    rows = read.repeats(desk.register)
    columns = [Column("kind", True), Column("who", True), Column("matters", True), Column("cases")]
    lines = [(row["kind"], row["who"], str(row["matters"]), ", ".join(row["cases"])) for row in rows]
    show_rows(desk, rows, ("kind", "who", "matters", "cases"), lambda: table(lines, columns, desk.screen),
              as_json=as_json, as_csv=as_csv, raw=raw)


def targets(ctx: typer.Context, on: On = None, as_json: AsJson = False, as_csv: AsCsv = False,
            raw: Raw = False) -> None:
    """How many of all cases kept what the procedure promises of them together; one still in time counts neither way."""
    desk: Desk = ctx.obj
    at = when(desk, on) or Moment.at(desk.now())
    rows = [
        {"procedure": key, "target": each.target.id, "title": each.target.title, "source": each.target.source,
         "clause": each.target.clause, "asked": each.target.share, "share": each.share, "met": each.met,
         "counted": each.counted, "reached": each.reached}
        for key, each in past(desk, when(desk, on), None).targets(
            at, lambda cases: desk.counting(cases, "cases"))
    ]
    if not rows:
        desk.tell("the procedures adopted here set no targets: [[target]] in a procedure file does")
    columns = [Column("target", True), Column("share", True), Column("asked", True), Column("of"), Column("what"),
               Column("clause")]
    lines = [
        (str(row["target"]), "none yet" if row["share"] is None else f"{row['share']:g}%", f"{row['asked']:g}%",
         f"{row['met']} of {row['counted']}", str(row["title"]), f"{row['source']} {row['clause']}".strip())
        for row in rows
    ]
    show_rows(desk, rows, TARGET_COLUMNS, lambda: table(lines, columns, desk.screen) if rows else "",
              as_json=as_json, as_csv=as_csv, raw=raw)
