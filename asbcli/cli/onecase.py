"""One case: its page, its log, how a date was counted, and what the procedure still asks of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from asbcli.cli.desk import Desk
from asbcli.cli.reading import (
    AsCsv,
    AsJson,
    Because,
    Case,
    Known,
    On,
    Raw,
    look_at,
    number_of,
    past,
    show_rows,
    when,
    working_days_between,
)  # fmt: skip
from asbcli.cli.show import Column, json_out, paragraphs, table
from asbcli.errors import NotFound
from asbcli.moments import Moment
from asbcli.store import read

if TYPE_CHECKING:
    from asbcli.procedure.clock import Deadline


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
    ids = {one.id for one in folded.named
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
