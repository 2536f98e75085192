"""What belongs to no case: the tenancies and their visits, and who holds which role."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from asbcli.cli.app import plain_typer
from asbcli.cli.desk import Desk
from asbcli.cli.reading import AsCsv, AsJson, show_rows
from asbcli.cli.show import Column, table
from asbcli.dates import parse_when
from asbcli.forms.answers import LONGEST_WORDS, read_plain
from asbcli.moments import Moment
from asbcli.store import read

At = Annotated[str | None, typer.Option(metavar="WHEN", help="when it happened (default: now)")]

tenancy = plain_typer()
tenancy.info.help = (
    "Tenancies: the checks before a letting, the notice of a short one, the visits (section 1)."
)
Why = Annotated[str | None, typer.Option(metavar="TEXT", help="what was found, or why")]
Which = Annotated[str, typer.Argument(metavar="T", help="the tenancy, as asb tenancy list shows it")]


def _happened(desk: Desk, text: str | None) -> Moment | None:
    return parse_when(text, now=desk.now(), toward="past") if text else None


@tenancy.command("start")
def tenancy_start(
    ctx: typer.Context,
    tenant: Annotated[str, typer.Argument(metavar="NAME", help="the tenant")],
    address: Annotated[str, typer.Option(metavar="TEXT", help="what is let")],
    checks: Annotated[
        str | None, typer.Option(metavar="TEXT", help="what the checks before the letting found (1.2.1)")
    ] = None,
    at: At = None,
    short: Annotated[bool, typer.Option("--short", help="a short Scottish secure tenancy")] = False,
    notice: Annotated[
        str | None, typer.Option(metavar="WHEN", help="when its notice was served (1.2.2)")
    ] = None,
    paragraph: Annotated[
        str | None, typer.Option(metavar="TEXT", help="the paragraph of Schedule 6 it states (1.2.2)")
    ] = None,
    officer: Annotated[str | None, typer.Option(metavar="NAME", help="who visits")] = None,
    as_json: AsJson = False,
) -> None:
    """A tenancy begins: its settling-in visit is due within six weeks."""
    from asbcli.casework.tenancies import start

    desk: Desk = ctx.obj
    words = _words(NAME=tenant, address=address, officer=officer, paragraph=paragraph)
    said = start(desk.office(), tenant=words["NAME"] or "", address=words["address"] or "", at=_happened(desk, at),
                 short=short, notice=_happened(desk, notice), paragraph=words["paragraph"], officer=words["officer"],
                 checks=_text("checks", checks))
    for each in said.guidance:
        desk.advise(each)
    _told(desk, said.line, as_json=as_json)


def _step(name: str, step: str, does: str) -> None:
    """A command for what happens to a tenancy after it began."""

    @tenancy.command(name, help=does)
    def _(ctx: typer.Context, which: Which, at: At = None, text: Why = None, as_json: AsJson = False) -> None:
        from asbcli.casework.tenancies import take_step

        desk: Desk = ctx.obj
        said = take_step(desk.office(), tenancy=which, step=step, at=_happened(desk, at), text=_text("text", text))
        for each in said.warnings:
            desk.advise(f"warning: {each}")
        _told(desk, said.line, as_json=as_json)


_step("visit", "visited", "A visit was made: the next is due within three years.")
_step("extend", "extended", "A short tenancy is extended by six months, its notice served in time.")
_step("notice", "notice", "Notice of proceedings was served on a short tenancy, so that it does not become full.")
_step("end", "ended", "The tenancy has ended.")


def _text(name: str, text: str | None) -> str | None:
    """A text as it may be stored. Raises BadInput."""
    return None if text is None else read_plain(f"--{name}", text)


def _words(**given: str | None) -> dict[str, str | None]:
    """Names and addresses as they may be stored. Raises BadInput."""
    return {
        name: None if text is None else read_plain(name if name.isupper() else f"--{name}", text, LONGEST_WORDS)
        for name, text in given.items()
    }


def _told(desk: Desk, line: str, *, as_json: bool) -> None:
    """Say what was recorded of a tenancy, whose reference begins the line."""
    name = line.partition(",")[0].split()[0]
    shape = next(row for row in _tenancies(desk) if row["tenancy"] == name) if as_json else None
    desk.answer(line, ref=name, shape=shape, as_json=as_json)


def _tenancies(desk: Desk) -> list[dict[str, Any]]:
    from asbcli.casework.tenancies import listed
    from asbcli.store.past import logged

    return listed(logged(read.log(desk.register, None)))


@tenancy.command("list")
def tenancy_list(ctx: typer.Context, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """The tenancies, with their last visit."""
    desk: Desk = ctx.obj
    rows = _tenancies(desk)
    keys = ("tenancy", "tenant", "address", "short", "started_at", "last_visit", "ended_at", "officer")
    lines = [tuple("" if row[key] is None else str(row[key]) for key in keys) for row in rows]
    columns = [Column(key.replace("_", " "), key in ("tenancy", "last_visit")) for key in keys]
    show_rows(desk, rows, keys, lambda: table(lines, columns, desk.screen), as_json=as_json, as_csv=as_csv)


role = plain_typer()
role.info.help = "Who holds which role of the procedure: an approval names one of them."
Role = Annotated[
    str, typer.Argument(metavar="ROLE", help="housing-manager, director ...: asb procedure show")
]
Name = Annotated[str, typer.Argument(metavar="NAME")]


@role.command("add")
def role_add(ctx: typer.Context, role: Role, name: Name, as_json: AsJson = False) -> None:
    """Name somebody who holds a role."""
    _hold(ctx.obj, role, name, "named", as_json=as_json)


@role.command("end")
def role_end(ctx: typer.Context, role: Role, name: Name, as_json: AsJson = False) -> None:
    """Somebody no longer holds a role."""
    _hold(ctx.obj, role, name, "ended", as_json=as_json)


def _hold(desk: Desk, role: str, name: str, step: str, *, as_json: bool) -> None:
    from asbcli.casework.register import name_holder

    name = read_plain("NAME", name, LONGEST_WORDS)
    line = name_holder(desk.office(), role=role, name=name, step=step)
    desk.answer(line, ref=role, shape={"role": role, "name": name, "step": step}, as_json=as_json)


@role.command("list")
def role_list(ctx: typer.Context, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Who holds which role."""
    from asbcli.casefile.entries import RoleHeld
    from asbcli.store.past import logged

    desk: Desk = ctx.obj
    held: dict[tuple[str, str], str] = {}
    for each in logged(read.log(desk.register, None)):
        if isinstance(each.entry, RoleHeld):
            held.pop((each.entry.role, each.entry.name), None)
            if each.entry.step == "named":
                held[each.entry.role, each.entry.name] = each.happened.shown
    rows = [{"role": role, "name": name, "since": since} for (role, name), since in held.items()]
    lines = [(row["role"], row["name"], row["since"][:10]) for row in rows]
    show_rows(desk, rows, ("role", "name", "since"),
              lambda: table(lines, [Column("role", True), Column("name"), Column("since")], desk.screen),
              as_json=as_json, as_csv=as_csv)
