"""One case as a person reads it: who, what, by when, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from asbcli.cli import duties
from asbcli.cli.duties import Between
from asbcli.cli.show import Column, Screen, paragraphs, standing, table
from asbcli.dates import echo
from asbcli.moments import Moment

Shape = Mapping[str, Any]

INCIDENTS = 3  # shown on the page
_OPEN = ("overdue", "open")
_KNOWN = (
    ("prefers", "prefers"),
    ("needs", "needs"),
    ("adjustments", "adjustments:"),
    ("interpreter", "interpreter:"),
    ("companion", "companion:"),
    ("investigator", "wishes for an investigator:"),
    ("identity_checked", "identity checked:"),
)


def page(case: Shape, screen: Screen, now: datetime, between: Between) -> str:
    """The whole page: safety, who and what; what is to do and what is over; plan, incidents, links."""
    running = [row for row in case["deadlines"] if row["state"] in _OPEN]
    over = [row for row in case["deadlines"] if row["state"] not in _OPEN]
    deadlines = _deadlines if screen.width is None else partial(_at_terminal, now=now, between=between)
    parts = [paragraphs([*case["safety"], *_head(case), *_people(case)], screen)]
    if running:
        parts.append(
            "to do\n" + deadlines(sorted(running, key=lambda row: row["state"] != "overdue"), screen)
        )
    if over:
        parts.append("over\n" + deadlines(over, screen))
    parts += [paragraphs(part, screen) for part in (_plan(case), _incidents(case), _links(case))]
    return "\n".join(filter(None, parts))


def _head(case: Shape) -> Iterator[str]:
    labels = ", ".join(dict.fromkeys([*case["categories"], *case["flags"]])) or "no category"
    yield f"{case['ref']}  {case['status']}  priority {case['priority']}  {labels}"
    yield case["summary"]
    where = ", ".join(dict.fromkeys(filter(None, (case.get("address"), case.get("place")))))
    if where:
        yield f"where: {where}"
    held = f"officer {case['officer']}; {case['definition']}; {case['procedure']}"
    yield f"received {_day(case['received_at'])}; {held}"
    if case["status"] == "closed":
        yield (
            f"closed {_day(case['closed_at'])}: {case['outcome']}; "
            f"Date Completed {_day(case['date_completed'])}; "
            f"final letter {_day(case['final_letter_sent']) if case['final_letter_sent'] else 'not sent'}"
        )


def _people(case: Shape) -> Iterator[str]:
    if case["anonymous"]:
        yield "reported anonymously"
    for person in case["people"]:
        known = ", ".join(
            filter(
                None,
                (
                    person["tenure"],
                    person["tenancy"] and f"{person['tenancy']} tenancy",
                    person["address"],
                    person["phone"],
                    person["email"],
                    *(f"{label} {person[name]}" for name, label in _KNOWN if person[name]),
                ),
            )
        )
        roles = ", ".join(person["roles"])
        yield f"{person['id']}  {person['name']}: {roles}{f' ({known})' if known else ''}"


def _plan(case: Shape) -> Iterator[str]:
    for action in case["plan"]:
        when = f"done {_day(action['done_at'])}" if action["done_at"] else (
            f"due {_day(action['due'])}" if action["due"] else "open")
        yield f"plan {action['item']}: {action['text']} ({action['who'] or 'nobody named'}; {when})"


def _incidents(case: Shape) -> Iterator[str]:
    """The last incidents, the latest first; the log has the others."""
    further = [each for each in case["incidents"] if each["text"] != case["summary"]]
    shown = further[: -INCIDENTS - 1 : -1]
    for each in shown:
        where = f" ({each['place']})" if each["place"] else ""
        happened = _day(each["happened_at"]) if each["happened_at"] else "of no known day"
        yield f"incident {happened}{where}: {each['text']}"
    if more := len(further) - len(shown):
        yield f"and {more} earlier: asb history {case['number']}"


def _links(case: Shape) -> Iterator[str]:
    for link in case["links"]:
        yield f"{link['kind'].replace('-', ' ')} {link['ref']}"


def _deadlines(rows: list[Shape], screen: Screen) -> str:
    columns = [Column("state", True), Column("due", True), Column("what"), Column("who"), Column("clause"),
               Column("rule")]
    lines = [
        (row["state"].upper() if row["state"] == "overdue" else row["state"],
         _day(row["due"]) if row["due"] else f"act by {_day(row['act_by'])}" if row["act_by"] else "no date",
         duties.titled(row) + _notes(row), row["person_name"] or "",
         row["clause"], row["rule"])
        for row in rows
    ]
    return table(lines, columns, screen)


def _at_terminal(rows: list[Shape], screen: Screen, *, now: datetime, between: Between) -> str:
    cells = []
    for row in rows:
        stands = row["state"]
        if stands in _OPEN:
            by = row["due"] or row["act_by"]
            stands = standing(stands, Moment.parse(by) if by else None, now=now, working_days=between)
        elif row["met_at"]:
            stands = f"{stands} {duties.day_told(row['met_at'], now)}"
        by = duties.day_to_act(row)
        cells.append(("", duties.day_told(by, now) if by else "no date", duties.this_year(stands, now),
                      duties.titled(row) + _notes(row), f"{row['rule']} · {row['clause']}", row["person_name"] or ""))
    return duties.blocks(cells, screen, ("", "act by", "when", "what"))


def _notes(row: Shape) -> str:
    """The codes of what has to be known beside a date."""
    codes = [code for code in row["notes"] if code != duties.EARLIEST]  # its title says it
    return f" [{', '.join(codes)}]" if codes else ""


def _day(text: str) -> str:
    return echo(Moment.parse(text))
