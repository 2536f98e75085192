"""Files kept as evidence: added, listed, read back, exported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from asbcli.cli.desk import Desk
from asbcli.cli.reading import AsCsv, AsJson, look_at, show_rows
from asbcli.cli.reading import Because as WhyLookedAt
from asbcli.cli.recording import At, Case, IfLast, needed, tell_recorded, texts
from asbcli.cli.show import Column, table, visible
from asbcli.dates import parse_when
from asbcli.errors import BadInput
from asbcli.forms.answers import read_case, read_plain
from asbcli.incoming import path_of
from asbcli.moments import Moment
from asbcli.store import read

if TYPE_CHECKING:
    pass


def evidence(
    ctx: typer.Context,
    case: Case,
    step: Annotated[str, typer.Argument(metavar="add|list|export", help="what to do")] = "list",
    what: Annotated[
        str | None, typer.Argument(metavar="FILE|ENTRY", help="the file to add, or the entry to export")
    ] = None,
    text: Annotated[str | None, typer.Option(metavar="TEXT", help="what it shows")] = None,
    at: At = None,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="where an exported copy goes")] = None,
    because: WhyLookedAt = None,
    if_last: IfLast = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Files kept as evidence, each under the hash (SHA-256) of what it holds; asb verify reads them all."""
    desk: Desk = ctx.obj
    number = read_case(case)
    if step == "list":
        look_at(desk, number, because)
        _list_evidence(desk, number, as_json=as_json, as_csv=as_csv)
    elif step == "add":
        needed(file=what)
        _add_evidence(desk, number, what or "", text, at, if_last, as_json=as_json)
    elif step == "export":
        needed(entry=what, out=out)
        look_at(desk, number, because)
        _export_evidence(desk, number, what or "", out or "")
    else:
        raise BadInput(f"{step[:20]!r} is none of add, list, export", "asb evidence N add FILE")


def _list_evidence(desk: Desk, number: int, *, as_json: bool, as_csv: bool) -> None:

    rows = read.show(desk.register, number, desk.now())["evidence"]
    columns = [
        Column("entry", True),
        Column("taken", True),
        Column("name"),
        Column("bytes"),
        Column("SHA-256"),
        Column("what it shows"),
    ]
    lines = [
        (
            str(row["entry"]),
            (row["taken_at"] or "")[:16].replace("T", " "),
            row["name"],
            f"{row['bytes']:,}",
            row["sha256"],
            row["text"] or "",
        )
        for row in rows
    ]
    show_rows(
        desk,
        rows,
        ("entry", "name", "sha256", "bytes", "taken_at", "text"),
        lambda: table(lines, columns, desk.screen),
        as_json=as_json,
        as_csv=as_csv,
    )


def _add_evidence(
    desk: Desk, number: int, file: str, text: str | None, at: str | None, if_last: int | None, *, as_json: bool
) -> None:
    from asbcli.casework.exhibits import add_evidence

    tell = desk.paced()
    path = path_of(file).absolute()
    done = add_evidence(
        desk.office(),
        case=number,
        file=path,
        name=read_plain("FILE", path.name),
        at=_past(desk, at),
        if_last=if_last,
        progress=lambda size: tell(f"{size:,} bytes"),
        **texts(text=text),
    )
    tell_recorded(desk, done, as_json=as_json)


def _export_evidence(desk: Desk, number: int, entry: str, out: str) -> None:
    from asbcli.store import evidence as files

    rows = read.show(desk.register, number, desk.now())["evidence"]
    found = next((row for row in rows if str(row["entry"]) == entry), None)
    if found is None:
        raise BadInput(f"ASB-{number} has no evidence of entry {entry[:20]}", f"asb evidence {number} list")
    files.export(files.folder_of(desk.settings.path.absolute()), found["sha256"], path_of(out).absolute())
    desk.saved = out
    desk.say(f"{visible(out)}: SHA-256 {found['sha256']}\n")


def _past(desk: Desk, text: str | None) -> Moment | None:
    return parse_when(text, now=desk.now(), toward="past") if text else None
