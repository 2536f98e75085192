"""What is due, which cases there are, what one says, and how a date was counted: nothing here writes."""

from __future__ import annotations

import json
from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Annotated, Any

import typer

from asbcli.cli.desk import Desk
from asbcli.cli.show import Column, csv_out, json_out, paragraphs, standing, table, visible
from asbcli.errors import BadInput, CheckFailed, NotFound
from asbcli.moments import LONDON, Moment
from asbcli.store import read
from asbcli.store.shapes import DEADLINE_COLUMNS, LISTED, ref

if TYPE_CHECKING:
    from asbcli.outputs.leaks import Secret
    from asbcli.procedure.deadlines import Deadline
    from asbcli.store.past import Past

TARGET_COLUMNS = ("procedure", "target", "title", "source", "clause", "asked", "share", "met", "counted", "reached")
DAYS_AHEAD = 5  # working days that `due` looks ahead

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
    """A moment of a reading command's option."""
    if text is None:
        return None
    from asbcli.dates import parse_when

    return parse_when(text, now=desk.now(), toward="either")


def number_of(case: str) -> int:
    """The number of a case as it is typed. Raises BadInput."""
    from asbcli.forms import read_case  # what a list has no need of

    return read_case(case)


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
    whose = _officer(desk, officer, mine)
    rows = _due_rows(desk, at, then, now, last, whose)
    if overdue:
        rows = [row for row in rows if row["state"] == "overdue"]
    if ics:
        from asbcli.outputs.ics import write_calendar

        number = write_calendar(ics, rows, now=desk.now(), secrets=_secrets(desk, rows))
        undated = f"; {len(rows) - number} have no date" if number < len(rows) else ""
        desk.tell(f"wrote {number} deadlines to {ics}{undated}")
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


def past(desk: Desk, on: Moment | None, known: Moment | None) -> Past:
    """The register as at a moment, folded from its log."""
    from asbcli.store.past import Past

    return Past(desk.register, on=on, known=known.latest if known else None)


def _officer(desk: Desk, officer: str | None, mine: bool) -> str | None:
    if officer and mine:
        raise BadInput("--officer and --mine exclude each other", "give one of them")
    return desk.settings.acting.value if mine else officer


def days_ahead(desk: Desk, now: datetime, number: int) -> date:
    """The day `number` working days after today."""
    works = working_days_near(desk, now)
    day = now.astimezone(LONDON).date()
    while number:
        day += timedelta(1)
        number -= works(day)
    return day


def working_days_near(desk: Desk, now: datetime) -> Callable[[date], bool]:
    """Whether a day is a working day, from the calendar's table."""
    rows = read.calendar_rows(desk.register)
    opened = {day for day, kind, _ in rows if kind == "open"}
    closed = {day for day, kind, _ in rows if kind != "open"}

    def works(day: date) -> bool:
        text = day.isoformat()
        return text in opened or (day.weekday() < 5 and text not in closed)

    return works


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
            row["act_by"] or "",
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


def _by(row: Mapping[str, Any]) -> Moment | None:
    """The date a deadline is told by: when it is due, else when to act."""
    text = row["due"] or row["act_by"]
    return Moment.parse(text) if text else None


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
        str | None, typer.Option(metavar="NAME", help="only those somebody is in, by name or id")
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
        "officer": _officer(desk, officer, mine),
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


def look_at(desk: Desk, number: int, because: str | None) -> None:
    """Note why a restricted case is looked at; any other is just read. Raises BadInput without a reason."""
    if number not in read.restricted(desk.register):
        return
    from asbcli.casework.looking import look

    desk.leave_register()
    look(desk.office(), case=number, because=because)
    desk.tell(f"{ref(number)} is restricted: that you look at it, and why, was logged")


def show(ctx: typer.Context, case: Case, on: On = None, known: Known = None, because: Because = None,
         as_json: AsJson = False) -> None:
    """One case: its people, its deadlines with their dates, its plan, and what comes next."""
    desk: Desk = ctx.obj
    look_at(desk, number_of(case), because)
    shape = _shape(desk, case, on, known)
    if as_json:
        desk.say(json_out(shape))
    else:
        from asbcli.cli.casepage import page

        at = when(desk, on)
        now = at.latest if at else desk.now()
        desk.say(page(shape, desk.screen, now, working_days_between(desk, now)))


def _shape(desk: Desk, case: str, on: str | None, known: str | None) -> dict[str, Any]:
    number, at, then = number_of(case), when(desk, on), when(desk, known)
    now = at.latest if at else then.latest if then else desk.now()
    if at or then:
        return past(desk, at, then).show(number, now)
    return read.show(desk.register, number, now)


def history(
    ctx: typer.Context,
    case: Annotated[
        str | None, typer.Argument(metavar="N", help="the case; the register's own log without")
    ] = None,
    because: Because = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    raw: Raw = False,
) -> None:
    """A case's log: who recorded what, when it happened, and when it was written down."""
    desk: Desk = ctx.obj
    number = number_of(case) if case else None
    if number:
        look_at(desk, number, because)
    rows = read.history(desk.register, number)
    if number and not rows:
        raise read.no_case(number)
    columns = ("entry", "case", "kind", "happened_at", "recorded_at", "by", "says", "hash")
    show_rows(desk, rows, columns, lambda: _log_table(desk, rows), as_json=as_json, as_csv=as_csv, raw=raw)


def _log_table(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> str:
    from asbcli.cli import logwords

    if desk.screen.width:
        return logwords.page(rows, desk.screen.width) or "Nothing is recorded.\n"
    columns = [Column("entry", True), Column("happened", True), Column("what", True), Column("recorded"),
               Column("by"), Column("says")]
    said = logwords.words_of(rows)
    lines = [
        (str(row["entry"]), row["happened_at"].replace("T", " ")[:16], row["kind"],
         Moment.parse(row["recorded_at"]).shown.replace("T", " ")[:16], row["by"], said[row["entry"]])
        for row in rows
    ]
    return table(lines, columns, desk.screen)


def explain(
    ctx: typer.Context,
    case: Case,
    rule: Annotated[
        str | None, typer.Argument(metavar="[RULE]", help="which deadline; the earliest open without")
    ] = None,
    person: Annotated[str | None, typer.Option(metavar="NAME", help="whose, by name or id")] = None,
    on: On = None,
    known: Known = None,
    because: Because = None,
    as_json: AsJson = False,
) -> None:
    """Why a date is due: its clause, its start, each day counted, each holiday skipped."""
    from asbcli.procedure.explain import explanation, in_words
    from asbcli.store.shapes import deadline_shape, ref

    desk: Desk = ctx.obj
    number, at, then = number_of(case), when(desk, on), when(desk, known)
    now = at.latest if at else desk.now()
    look_at(desk, number, because)
    view = past(desk, at, then)
    folded, found = view.case(number)
    if rule and rule not in view.procedure(folded.procedure).rules:
        raise _no_rule(number, rule, view.procedure(folded.procedure).rules, found)
    ids = {one.id for one in folded.people.values()
           if person and person.casefold() in (one.id.casefold(), one.name.casefold())}
    if person and not ids:
        raise NotFound(f"there is nobody of that name or id in {ref(number)}", f"asb show {number}")
    rows = [row for row in found if (not rule or row.rule.id == rule) and (not person or row.person in ids)
            and row.started.earliest <= now]
    if not rows:
        raise NotFound(f"{ref(number)} has no deadline{f' of the rule {rule}' if rule else ''}",
                       f"asb show {number} lists its deadlines")
    row = min(rows, key=lambda each: (bool(each.met or each.ended), each.due is None,
                                      each.due.latest if each.due else each.started.latest))
    if as_json:
        from asbcli.store.rows import deadline_row

        stored = deadline_row(row, number, folded.procedure, folded.officer)
        named = {name: getattr(row.rule, name) for name in ("title", "source", "clause", "strength")}
        desk.say(json_out({**deadline_shape({**stored, **named}, now), **explanation(row, view.calendar)}))
    else:
        who = folded.people[row.person].name if row.person in folded.people else ""
        head = [", ".join(filter(None, (ref(number), who))), *in_words(row, view.calendar)]
        desk.say(paragraphs(head, desk.screen))


def _no_rule(number: int, rule: str, known: Iterable[str], found: Iterable[Deadline]) -> NotFound:
    """The refusal of a rule that is none, with the nearest: of the case's own deadlines first."""
    from difflib import get_close_matches

    near = get_close_matches(rule, {row.rule.id for row in found}, 1) or get_close_matches(
        rule, list(known), 1
    )
    return NotFound(f"the procedure has no rule {rule[:40]!r}",
                    f"did you mean {near[0]}?" if near else f"asb show {number} lists the case's, by name")


def checklist(
    ctx: typer.Context,
    case: Case,
    every: Annotated[bool, typer.Option("--all", help="answered ones too")] = False,
    because: Because = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """What the procedure asks of a case, and what is still open; `unknown` is an answer, blank is not."""
    from asbcli.procedure.gates import facts_now, unanswered

    desk: Desk = ctx.obj
    look_at(desk, number_of(case), because)
    view = past(desk, None, None)
    folded, found = view.case(number_of(case))
    procedure = view.procedure(folded.procedure)
    facts = facts_now(procedure, folded, found, desk.now())
    open_ones = unanswered(procedure, folded, facts)
    asked = [question for question in procedure.questions.values()
             if question in open_ones or (every and question.id in folded.answers)]
    rows = [{"item": each.id, "question": each.text, "step": each.step, "source": each.source,
             "clause": each.clause, "answer": folded.answers.get(each.id)} for each in asked]
    show_rows(desk, rows, ("item", "question", "step", "source", "clause", "answer"),
              lambda: _questions(desk, rows), as_json=as_json, as_csv=as_csv)
    if rows and desk.screen.width and not (as_json or as_csv or desk.quiet):
        desk.deliver()
        desk.tell(f"next: asb answer {folded.number} ITEM yes|no|unknown|not-applicable|TEXT")


def _questions(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> str:
    """The questions; at a terminal under the step that asks for them."""
    if desk.screen.width is None:
        columns = [
            Column("item", True),
            Column("step"),
            Column("clause"),
            Column("question"),
            Column("answer"),
        ]
        lines = [
            (row["item"], row["step"], row["clause"], row["question"], row["answer"] or "") for row in rows
        ]
        return table(lines, columns, desk.screen)
    if not rows:
        return "Everything the procedure asks so far has its answer.\n"
    parts = []
    for step in dict.fromkeys(row["step"] for row in rows):
        asked = [row for row in rows if row["step"] == step]
        parts.append(paragraphs([f"{step.replace('.', ', ')} ({len(asked)})"], desk.screen))
        parts += [paragraphs([f"  {row['item']}: {row['question']} ({row['clause']})"
                              + (f" = {row['answer']}" if row["answer"] else "")], desk.screen, "      ")
                  for row in asked]
    return "".join(parts)
