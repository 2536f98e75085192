"""The register itself: making and checking it, its calendar, its procedures, its settings."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from asbcli.cli.app import plain_typer
from asbcli.cli.desk import Desk
from asbcli.cli.reading import AsCsv, AsJson, show_rows, when
from asbcli.cli.show import Column, csv_out, json_out, paragraphs, table, visible
from asbcli.errors import BadInput, CheckFailed
from asbcli.incoming import path_of
from asbcli.moments import Moment
from asbcli.settings import Setting, of_file
from asbcli.store import read

if TYPE_CHECKING:
    from asbcli.procedure.rules import Procedure

FindingsShown = 50
Encrypt = Annotated[bool, typer.Option("--encrypt", help="a register that needs its key to be read")]


def init(
    ctx: typer.Context,
    procedure: Annotated[str, typer.Option(metavar="FILE", help="the procedure it starts with")] = "default",
    encrypt: Encrypt = False,
    as_json: AsJson = False,
) -> None:
    """Make a register, with Scotland's bank holidays and a procedure.

    With --encrypt nobody reads the file without its key. The key is in the file that ASB_KEY_FILE names, in the
    keyring under the name ASB_KEYRING, and is made there if there is none; with neither you type it each time.
    """
    from asbcli.casework.register import init as make

    desk: Desk = ctx.obj
    path = desk.settings.path
    read.refuse_taken(path)  # before a key is made for nothing
    make(
        path,
        actor=desk.settings.acting.value,
        now=desk.now,
        procedure=procedure,
        encrypted=desk.will_encrypt(encrypt),
        before_naming=desk.hold_interrupts,
    )
    key = read.procedures(desk.register)[-1]["key"]
    desk.answer(
        f"made {path}", ref=str(path), shape={"register": str(path), "procedure": key}, as_json=as_json
    )
    if not desk.quiet:
        desk.tell("next: asb open")


def demo(
    ctx: typer.Context,
    keep: Annotated[str | None, typer.Option(metavar="FILE", help="keep the register there")] = None,
) -> None:
    """A small invented register, and its deadline list."""
    from asbcli.casework.demo import demo_register
    from asbcli.cli.due import due

    desk: Desk = ctx.obj
    assert desk.settings, "what is wrong with them is told before a register is made"
    with tempfile.TemporaryDirectory() as folder:
        file = path_of(of_file(Setting(keep, "--keep")).value) if keep is not None else Path(folder) / "demo.sqlite"
        demo_register(file, now=desk.now)
        desk.saved = keep or ""
        desk.flags["db"] = str(file)
        desk.__dict__.pop("settings", None)
        desk.tell("five invented cases; what is due, overdue first:")
        due(ctx)
        desk.leave_register()
        desk.deliver()
    desk.tell(
        f"next: asb --db {file} explain 2"
        if keep
        else "next: asb demo --keep FILE, then asb --db FILE show 2"
    )


def verify(
    ctx: typer.Context,
    expect: Annotated[
        str | None, typer.Option(metavar="SEQ:HASH", help="a head noted before, which the log must extend")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Walk the chain, replay the log, compare every row. The head it prints is worth noting elsewhere."""
    from asbcli.casework.verify import clock_set_back
    from asbcli.casework.verify import verify as findings_of
    from asbcli.store.backup import head_of

    desk: Desk = ctx.obj
    expected, noted = _head(expect), None
    with suppress(sqlite3.Error):  # of a damaged file there may be no more to say
        noted = str(head_of(desk.register))  # before others may record again: it is the head of what is looked at
        if back := clock_set_back(desk.register):
            desk.tell(
                f"note: the clock was set back before entries {', '.join(map(str, back[:FindingsShown]))}; "
                "the log's own order counts"
            )
    found = list(findings_of(desk.register, expect=expected, progress=desk.paced()))
    if as_json:
        desk.say(json_out({"head": noted, "findings": found}))
    else:
        desk.say("".join(visible(each) + "\n" for each in found[:FindingsShown]))
        if not found:
            desk.say(f"the log and every row that follows from it are whole; head {noted}\n")
    if found:
        raise CheckFailed(f"{len(found)} findings", "asb restore brings a backup into place")


def _head(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    seq, _, noted = text.partition(":")
    if not (seq.isascii() and seq.isdecimal()) or len(seq) > 12 or len(noted) != 64:
        raise BadInput("--expect is SEQ:HASH, as asb verify prints its head", "asb verify")
    return int(seq), noted


def doctor(ctx: typer.Context, as_json: AsJson = False) -> None:
    """The settings and where each came from, the versions, the register, its calendar."""
    from asbcli.cli.checkup import checkup

    desk: Desk = ctx.obj
    rows, problems = checkup(desk)
    columns = [Column("what", True), Column("value"), Column("from")]
    lines = [(row["what"], row["value"], row["from"]) for row in rows]
    show_rows(
        desk,
        rows,
        ("what", "value", "from"),
        lambda: table(lines, columns, desk.screen) if desk.screen.width is None else _plain_first(desk, rows),
        as_json=as_json,
        as_csv=False,
    )
    for problem in problems:
        desk.tell(f"warning: {problem}")
    if problems:
        raise CheckFailed(f"{len(problems)} thing{'s' if len(problems) > 1 else ''} to look at", "each is told above")


def _plain_first(desk: Desk, rows: list[dict[str, str]]) -> str:
    """The report at a terminal: what an officer asks about, then what the machine's keeper does."""
    from asbcli.cli.checkup import in_plain_words

    said, technical = in_plain_words(rows)
    lines = [(row["what"], row["value"], row["from"]) for row in technical]
    columns = [Column("for whoever keeps this machine", True), Column("value"), Column("from")]
    return (paragraphs([f"{what}: {value}" for what, value in said], desk.screen)
            + "\n" + table(lines, columns, desk.screen))


# -- the calendar

calendar = plain_typer()
calendar.info.help = (
    "The calendar of working days: bank holidays, and the landlord's own closed and open days."
)
Day = Annotated[str, typer.Argument(metavar="DATE")]
Title = Annotated[str, typer.Argument(metavar="TITLE", help="why")]


@calendar.command("show")
def calendar_show(ctx: typer.Context, year: Annotated[str | None, typer.Argument(metavar="[YEAR]")] = None,
                  as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """The days of a year that are not like their weekday."""
    from asbcli.dates import echo

    desk: Desk = ctx.obj
    year = year or str(desk.now().year)
    if not (year.isdecimal() and year.isascii() and len(year) == 4):
        raise BadInput(f"{year[:20]!r} is no year", "asb calendar show 2026")
    known = read.known_until(desk.register)
    rows: list[dict[str, Any]] = [
        {"date": day, "kind": kind, "title": title, "provisional": day > known}
        for day, kind, title in read.calendar_rows(desk.register) if day.startswith(year)
    ]
    lines = [(echo(Moment.parse(row["date"])), row["kind"],
              row["title"] + (" (provisional)" if row["provisional"] else "")) for row in rows]
    columns = [Column("day", True), Column("kind"), Column("title")]
    show_rows(
        desk,
        rows,
        ("date", "kind", "title", "provisional"),
        lambda: table(lines, columns, desk.screen),
        as_json=as_json,
        as_csv=as_csv,
    )


@calendar.command("close")
def calendar_close(ctx: typer.Context, day: Day, title: Title, as_json: AsJson = False) -> None:
    """The landlord is closed on a day: it does not count."""
    from asbcli.casework.register import close_day

    _changed(ctx.obj, close_day, day, title, undo="open", as_json=as_json)


@calendar.command("open")
def calendar_open(ctx: typer.Context, day: Day, title: Title, as_json: AsJson = False) -> None:
    """The landlord works on a day that would not count: it does."""
    from asbcli.casework.register import open_day

    _changed(ctx.obj, open_day, day, title, undo="close", as_json=as_json)


def _changed(desk: Desk, operation: Any, day: str, title: str, *, undo: str, as_json: bool) -> None:
    from asbcli.dates import parse_when
    from asbcli.forms.answers import LONGEST_WORDS, read_plain

    moment = parse_when(day, now=desk.now(), toward="future")  # wed is the next one: it is a plan
    if moment.instant:
        raise BadInput("a day is closed or open as a whole", "leave the time out")
    named = read_plain("TITLE", title, LONGEST_WORDS)
    done = operation(desk.office(), day=moment.day, title=named)
    _tell_moved(desk, done, ref=moment.day.isoformat(), as_json=as_json)
    if not desk.quiet:
        desk.deliver()
        desk.tell(f"asb calendar {undo} {moment.day.isoformat()} TITLE undoes it")


@calendar.command("refresh")
def calendar_refresh(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Read the bank holidays from the holidays package."""
    from asbcli.casework.register import refresh_calendar

    _tell_moved(ctx.obj, refresh_calendar(ctx.obj.office()), ref="calendar", as_json=as_json)


def _tell_moved(desk: Desk, done: dict[str, Any], *, ref: str, as_json: bool) -> None:
    number = len(done["moved"])
    line = f"{done['said']}; {number or 'no'} open deadline{'' if number == 1 else 's'} moved"
    desk.answer(line, ref=ref, shape=done, as_json=as_json)
    if not as_json and not desk.quiet:
        desk.say("".join(visible(line) + "\n" for line in map(_moved, done["moved"])))


def _moved(row: dict[str, str]) -> str:
    """One deadline that moved: `ASB-1 start-investigation P1: Mon 7 Dec 2026 → Tue 8 Dec 2026`."""
    from asbcli.dates import echo

    named = " ".join(filter(None, (row["case"], row["rule"], row["person"])))
    return f"{named}: {echo(Moment.parse(row['was']))} → {echo(Moment.parse(row['due']))}"


@calendar.command("count")
def calendar_count(
    ctx: typer.Context,
    limit: Annotated[str, typer.Argument(metavar="LIMIT", help="'5 working days', '48 hours', '2 weeks'")],
    since: Annotated[str, typer.Option("--from", metavar="WHEN", help="the event (default: now)")] = "today",
    as_json: AsJson = False,
) -> None:
    """When is five working days from Friday?"""
    from asbcli.dates import echo
    from asbcli.store.past import Past
    from asbcli.workdays import parse_limit

    desk: Desk = ctx.obj
    start = when(desk, since)
    assert start is not None, "a start was given, or today"
    try:
        parsed = parse_limit(limit)
    except ValueError as fault:
        raise BadInput(str(fault), "asb calendar count '5 working days' --from fri") from None
    working = Past(desk.register).calendar
    ends = working.due(parsed, start)
    act_by = working.act_by(ends, start)
    days = working.count(parsed, start)
    if as_json:
        desk.say(json_out({
            "start": start.shown, "limit": parsed.words, "due": ends.shown, "act_by": act_by.isoformat(),
            "days": [{"date": day.date.isoformat(), "counted": day.counted, "why": day.why} for day in days],
        }))
        return
    lines = [
        (echo(Moment(day.date)), "" if day.counted is None else str(day.counted), day.why) for day in days
    ]
    desk.say(table(lines, [Column("day", True), Column("count", True), Column("why")], desk.screen))
    desk.say(f"{parsed.words} from {echo(start)}: {echo(ends)}"
             + (f", act by {echo(Moment(act_by))}" if act_by != ends.day else "") + "\n")


# -- procedures

procedure = plain_typer()
procedure.info.help = "The written procedures that cases are held to."
File = Annotated[str, typer.Argument(metavar="FILE", help="a procedure file, or the name of a built-in one")]


@procedure.command("list")
def procedure_list(ctx: typer.Context, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """The procedures adopted, in the order they came into force."""
    desk: Desk = ctx.obj
    rows = read.procedures(desk.register)
    lines = [(row["key"], row["in_force_from"], row["title"]) for row in rows]
    columns = [Column("procedure", True), Column("in force from", True), Column("title")]
    show_rows(desk, rows, ("key", "title", "in_force_from", "digest", "adopted"),
              lambda: table(lines, columns, desk.screen), as_json=as_json, as_csv=as_csv)


@procedure.command("show")
def procedure_show(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="id@version, or a file")] = None,
    as_json: AsJson = False,
) -> None:
    """The whole of a procedure as tables: the one in force, unless another is named."""
    from asbcli.cli.procedurepage import page

    desk: Desk = ctx.obj
    composed = _composed(desk, name)
    desk.say(json_out(composed) if as_json else page(composed, desk.screen))


def _composed(desk: Desk, name: str | None) -> dict[str, Any]:
    """The procedure of that name, or the one in force; with no register yet, the one it would start with."""
    if name and "@" in name:
        return read.procedure(desk.register, name)
    if name or (desk.settings.database.is_default and not desk.settings.path.exists()):
        from asbcli.procedure.reading import compose

        if not name:
            desk.tell("no register is there yet: this is the procedure it would start with (asb init)")
        composed: dict[str, Any] = compose(name or "default")
        return composed
    today = Moment.at(desk.now()).day.isoformat()
    adopted = read.procedures(desk.register)
    in_force = [row["key"] for row in adopted if row["in_force_from"] <= today]
    return read.procedure(desk.register, in_force[-1] if in_force else adopted[0]["key"])


@procedure.command("diff")
def procedure_diff(
    ctx: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="id@version, a file, or a built-in one")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="id@version, a file, or a built-in one")],
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """What two procedures say differently.

    Of the cases held to OLD it lists the open deadlines that would move if they were held to NEW.
    """
    from asbcli.procedure.diff import diff
    from asbcli.procedure.rules import procedure_of

    desk: Desk = ctx.obj
    before, after = (procedure_of(_composed(desk, name)) for name in (old, new))
    said = diff(before, after)
    changed = [{"table": each.table, "id": each.id, "how": each.how, "key": each.key, "old": each.old,
                "new": each.new} for each in said]
    moved = _would_move(desk, before, after)
    if as_json:
        desk.say(json_out({"old": before.key, "new": after.key, "changed": changed, "moved": moved}))
    elif as_csv:
        desk.say(csv_out(changed, ("table", "id", "how", "key", "old", "new")))
    else:
        lines = [str(each) for each in said] or ["they say the same"]
        lines += [f"{row['case']} {row['said']}" for row in moved] or ["no open deadline would move"]
        desk.say("".join(visible(line) + "\n" for line in lines))


def _would_move(desk: Desk, old: Procedure, new: Procedure) -> list[dict[str, Any]]:
    """The open deadlines of the cases held to the old procedure that the new one would move."""
    from asbcli.procedure.deadlines import deadlines
    from asbcli.procedure.diff import moved
    from asbcli.store.past import Past

    if not desk.settings.path.exists():
        return []
    past, rows = Past(desk.register), []
    for line in list(read.cases(desk.register, status="open")):
        if line["procedure"] == old.key:
            case, found = past.case(line["number"])
            for each in moved(found, deadlines(new, case, past.calendar)):
                rows.append(
                    {
                        "case": line["ref"],
                        "rule": each.rule,
                        "person": each.person,
                        "was": each.old.due.shown if each.old and each.old.due else None,
                        "due": each.new.due.shown if each.new and each.new.due else None,
                        "said": str(each),
                    }
                )
    return rows


@procedure.command("check")
def procedure_check(ctx: typer.Context, file: File, as_json: AsJson = False) -> None:
    """Every mistake of a procedure file, with its line, rule and key."""
    from asbcli.procedure.reading import check

    desk: Desk = ctx.obj
    mistakes = check(file)
    if as_json:
        desk.say(json_out([{"file": str(each.file), "line": each.line, "rule": each.rule, "key": each.key,
                            "wrong": each.wrong, "allowed": each.allowed} for each in mistakes]))
    else:
        desk.say("".join(visible(str(each)) + "\n" for each in mistakes) or "no mistakes\n")
    if mistakes:
        raise CheckFailed(f"{len(mistakes)} mistakes", "docs/procedures.md tells what a file may say")


@procedure.command("reviewed")
def procedure_reviewed(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="what was found")],
    at: Annotated[str | None, typer.Option(metavar="WHEN", help="when (default: now)")] = None,
    as_json: AsJson = False,
) -> None:
    """The procedure was looked at anew: the next review is due a year from it."""
    from asbcli.casework.register import review_procedure
    from asbcli.dates import parse_when
    from asbcli.forms.answers import read_plain

    desk: Desk = ctx.obj
    held = parse_when(at, now=desk.now(), toward="past") if at else None
    said = review_procedure(desk.office(), text=read_plain("TEXT", text), at=held)
    desk.answer(said, ref="procedure", shape={"said": said}, as_json=as_json)


@procedure.command("use")
def procedure_use(
    ctx: typer.Context,
    file: File,
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help="in force from")] = None,
    as_json: AsJson = False,
) -> None:
    """Put a procedure in force; open cases keep the version they were opened under."""
    from asbcli.casework.register import use_procedure

    desk: Desk = ctx.obj
    from asbcli.dates import echo

    day = when(desk, since)
    done = use_procedure(desk.office(), file=file, in_force_from=day.day if day else None)
    line = (
        f"{done['key']} is in force from {echo(Moment.parse(done['in_force_from']))}, with {done['rules']} "
        f"rules: {done['title']}. Open cases keep the version they were opened under."
    )
    desk.answer(line, ref=done["key"], shape=done, as_json=as_json)
