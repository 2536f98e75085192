"""What is due for review, kept or held for a court; and what is erased for good."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from asbcli.cli import ask
from asbcli.cli.desk import Desk
from asbcli.cli.reading import AsCsv, AsJson, Raw, show_rows
from asbcli.cli.recording import Because, IfLast, needed, tell_recorded, texts
from asbcli.cli.show import Column, table
from asbcli.dates import parse_when
from asbcli.errors import BadInput
from asbcli.forms.answers import read_case
from asbcli.store import read

if TYPE_CHECKING:
    pass

_TENANCY = re.compile(r"[Tt][0-9]{1,9}")


def retention(
    ctx: typer.Context,
    step: Annotated[str, typer.Argument(metavar="[list|hold|release|keep]", help="what to do")] = "list",
    case: Annotated[str | None, typer.Argument(metavar="[N]", help="the case")] = None,
    because: Because = None,
    until: Annotated[str | None, typer.Option(metavar="WHEN", help="with keep: until that day")] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    raw: Raw = False,
) -> None:
    """Closed cases due for review by the landlord's own periods ([retention] in config.toml). A person decides: redact,
    keep, or hold for a court, which stops any erasure."""
    desk: Desk = ctx.obj
    if step == "list":
        _list_retention(desk, as_json=as_json, as_csv=as_csv, raw=raw)
    elif step in ("hold", "release", "keep"):
        from asbcli.casework.retention import decide

        if case and not because and desk.at_terminal:
            because = ask.reason(desk)
        needed(N=case, because=because, **({"until": until} if step == "keep" else {}))
        day = parse_when(until, now=desk.now(), toward="future") if until else None
        done = decide(desk.office(), case=read_case(case or ""), step=step, until=day, **texts(because=because))
        tell_recorded(desk, done, as_json=as_json)
    else:
        raise BadInput(f"{step[:20]!r} is none of list, hold, release, keep", "asb retention")


def _list_retention(desk: Desk, *, as_json: bool, as_csv: bool, raw: bool) -> None:
    from asbcli.casework.retention import COLUMNS, due_for_review, periods_of

    periods = periods_of(desk.settings.retention)
    if not periods:
        desk.tell(
            f"warning: no periods are set: every closed case is listed; [retention] in {desk.settings.config.value}, "
            'such as default = "6 years"'
        )
    closed = desk.counting(read.cases(desk.register, status="closed"), "closed cases")
    rows = list(due_for_review(desk.register, closed, periods, desk.now().date()))
    columns = [
        Column("case", True),
        Column("closed", True),
        Column("review due", True),
        Column("period"),
        Column("held"),
        Column("outcome"),
    ]
    lines = [
        (
            row["ref"],
            (row["closed_at"] or "")[:10],
            row["review_due"] or ("" if row["period"] else "no period"),
            row["period"] or "",
            "for a court" if row["held"] else "",
            row["outcome"] or "",
        )
        for row in rows
    ]
    show_rows(desk, rows, COLUMNS, lambda: table(lines, columns, desk.screen), as_json=as_json, as_csv=as_csv, raw=raw)


def redact(
    ctx: typer.Context,
    case: Annotated[str, typer.Argument(metavar="N", help="the case: 17 or ASB-17; or a tenancy: T3")],
    entries: Annotated[
        list[str] | None, typer.Argument(metavar="ENTRY...", help="the entries, as asb history N numbers them")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="every entry of the case, or of the tenancy")] = False,
    basis: Annotated[
        str | None, typer.Option(metavar="TEXT", help="on what basis (needed; it stays: name nobody in it)")
    ] = None,
    approved_by: Annotated[str | None, typer.Option(metavar="NAME", help="who approved it (needed)")] = None,
    if_last: IfLast = None,
    as_json: AsJson = False,
) -> None:
    """Erase what entries say, for good: kind, moment and author stay, and the log stays whole. It cannot be undone."""
    from asbcli.casework import erasing

    desk: Desk = ctx.obj
    needed(basis=basis, approved_by=approved_by)
    if _TENANCY.fullmatch(case):
        if not every or entries:
            raise BadInput("a tenancy is erased as a whole", f"asb redact {case} --all")
        done = erasing.redact_tenancy(desk.office(), tenancy=case, **texts(basis=basis, approved_by=approved_by))
        tell_recorded(desk, done, as_json=as_json)
        return
    if bool(entries) == every:
        raise BadInput("name entries, or --all", f"asb history {read_case(case)} numbers them")
    wrong = [each for each in entries or () if not (each.isascii() and each.isdecimal() and len(each) < 13)]
    if wrong:
        raise BadInput(
            f"{wrong[0][:20]!r} is not the number of an entry", f"asb history {read_case(case)} numbers them"
        )
    done = erasing.redact(
        desk.office(),
        case=read_case(case),
        entries=[int(each) for each in entries or ()],
        every=every,
        if_last=if_last,
        **texts(basis=basis, approved_by=approved_by),
    )
    tell_recorded(desk, done, as_json=as_json)
