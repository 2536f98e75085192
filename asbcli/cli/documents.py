"""What leaves the register and what comes in: exports, imports, and what is told to others."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any

import typer

from asbcli.cli.desk import Desk
from asbcli.cli.reading import AsJson, when
from asbcli.cli.show import csv_out, json_line, json_out, visible
from asbcli.errors import BadInput
from asbcli.incoming import opener
from asbcli.store import export as leaving
from asbcli.store import read
from asbcli.store.files import answer_file
from asbcli.store.shapes import DEADLINE_COLUMNS, LISTED

COLUMNS: dict[str, tuple[str, ...]] = {
    "cases": LISTED,
    "deadlines": DEADLINE_COLUMNS,
    "incidents": ("case", "entry", "happened_at", "received_at", "text", "place"),
    "people": ("case", "id", "name", "roles", "tenure", "tenancy", "address"),
    "actions": ("case", "item", "text", "who", "due", "resolving", "done_at"),
    "log": ("entry", "case_number", "kind", "happened_at", "recorded_at", "by", "says", "salt", "body_hash",
            "previous", "hash"),
}
IN_MEMORY = 1_000_000  # bytes of an answer that are held back before a file of our own is used
A_READ = 1 << 16  # bytes handed on at a time
BATCH = 500  # rows written at a time: memory stays flat


def export(ctx: typer.Context, what: Annotated[str, typer.Argument(metavar="TABLE", help="|".join(COLUMNS))],
           as_csv: Annotated[bool, typer.Option("--csv", help="CSV (the default)")] = False,
           as_json: AsJson = False,
           as_jsonl: Annotated[bool, typer.Option("--jsonl", help="one JSON object a line")] = False,
           out: Annotated[str, typer.Option(metavar="FILE|-", help="where to write it")] = "-",
           since: Annotated[str | None, typer.Option(metavar="WHEN", help="received (the log: recorded) since")] = None,
           until: Annotated[str | None, typer.Option(metavar="WHEN", help="up to that day")] = None,
           raw: Annotated[bool, typer.Option("--raw", help="CSV without the guard against formulas")] = False,
           for_others: Annotated[bool, typer.Option("--for-others", help="no names, no typed text")] = False) -> None:
    """A table of the register for other programs; --for-others for other people."""
    desk: Desk = ctx.obj
    if what not in COLUMNS:
        raise BadInput(f"there is no table {what[:40]!r}", f"one of: {', '.join(COLUMNS)}")
    if as_csv + as_json + as_jsonl > 1:
        raise BadInput("--csv, --json and --jsonl exclude each other", "give one of them")
    first, last = when(desk, since), when(desk, until)
    rows = leaving.rows_of(desk.register, what, now=desk.now(), since=first.day if first else None,
                           until=last.day if last else None)
    if raw and not as_json and not as_jsonl:
        desk.tell("warning: --raw leaves cells that a spreadsheet may run as formulas")
    if for_others:
        _export_for_others(desk, what, rows, out, as_json=as_json, as_jsonl=as_jsonl, raw=raw)
        return
    with written(desk, out) as file:
        if as_json:
            file.write(json_out(list(rows)))
        elif as_jsonl:
            for row in rows:
                file.write(json_line(row))
        else:
            _write_csv(file, rows, COLUMNS[what], raw=raw)
    if out != "-":
        desk.tell(f"wrote {visible(out)}")


def _export_for_others(desk: Desk, what: str, rows: Iterator[Mapping[str, Any]], out: str, *, as_json: bool,
                       as_jsonl: bool, raw: bool) -> None:
    """An export that may leave the office: it goes through the door that every form goes through."""
    from asbcli.outputs import leaks, tables

    if what not in tables.FOR_OTHERS:
        raise BadInput(f"{what} says nothing that is not somebody's", f"one of: {', '.join(tables.FOR_OTHERS)}")

    def spell(kept: Sequence[Mapping[str, Any]]) -> str:
        if as_json:
            return json_out(list(kept))
        if as_jsonl:
            return "".join(map(json_line, kept))
        return csv_out(kept, tables.FOR_OTHERS[what], raw=raw)

    form = tables.table(what, rows, leaks.secrets_of_rows(read.people_of_register(desk.register)), spell)
    if out == "-":
        desk.say(form.text)
    else:
        leaks.write(Path(out), form)
        desk.tell(f"wrote {visible(out)}")


def _write_csv(file: IO[str], rows: Iterator[Mapping[str, Any]], columns: tuple[str, ...], *, raw: bool) -> None:
    file.write(csv_out((), columns, raw=raw))
    while batch := list(islice(rows, BATCH)):
        file.write(csv_out(batch, columns, raw=raw, header=False))


@contextmanager
def written(desk: Desk, out: str) -> Iterator[IO[str]]:
    """Where the rows go: stdout once they are all there, or a file of ours alone (0600), whole or not at all."""
    if out == "-":
        with SpooledTemporaryFile(IN_MEMORY) as kept:
            rows = TextIOWrapper(kept, encoding="utf-8", errors="backslashreplace", newline="", write_through=True)
            yield rows
            kept.seek(0)
            desk.pass_on(iter(partial(kept.read, A_READ), b""))
            rows.detach()
        return
    with answer_file(Path(out)) as part, part.open("w", newline="", encoding="utf-8") as file:
        yield file


def import_reports(ctx: typer.Context, file: Annotated[str, typer.Argument(metavar="FILE.csv")],
                   dry_run: Annotated[bool, typer.Option("--dry-run", help="check every row, save nothing")] = False,
                   as_json: AsJson = False) -> None:
    """Reports from another system: all rows or none, every bad row named, a row that came before left alone."""
    from asbcli.casework.importing import SHOWN
    from asbcli.casework.importing import import_reports as take

    desk: Desk = ctx.obj

    def progress(number: int) -> None:
        desk.tell(f"{number:,} rows")

    try:
        opened = (sys.stdin if file == "-" else
                  open(file, newline="", encoding="utf-8-sig", errors="surrogateescape", opener=opener))  # noqa: SIM115 - closed below
    except OSError as fault:
        raise BadInput(f"{file} cannot be read: {fault.strerror}", "asb import FILE.csv") from None
    if opened is None:
        raise BadInput("there is nothing to read: stdin is closed", "asb import FILE.csv")
    with opened as source:
        done = take(desk.office(), file=source, dry_run=dry_run, progress=progress)
    if done.erased:
        rows = ", ".join(map(str, done.erased[:SHOWN]))
        more = f" and {len(done.erased) - SHOWN} more" if len(done.erased) > SHOWN else ""
        desk.tell(f"note: what came in before as row {rows}{more} was erased since, and stays erased")
    desk.saved = f"{done.opened} cases"
    said = {"opened": done.opened, "known": done.known, "dry_run": dry_run}
    verb = "would be opened" if dry_run else "opened"
    desk.say(json_out(said) if as_json else f"{done.opened} cases {verb}, {done.known} rows had come in before\n")
