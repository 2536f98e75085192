"""One case as a person reads it: who, what, by when, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from asbcli.cli.show import Column, Screen, table, visible
from asbcli.dates import echo
from asbcli.moments import Moment

Shape = Mapping[str, Any]

_OPEN = ("overdue", "open")
_KNOWN = (("prefers", "prefers"), ("needs", "needs"), ("adjustments", "adjustments:"), ("interpreter", "interpreter:"),
          ("companion", "companion:"), ("investigator", "wishes for an investigator:"),
          ("identity_checked", "identity checked:"))


def page(case: Shape, screen: Screen, now: datetime) -> str:
    """The whole page; deadlines in force first, what is over after them."""
    lines = [*case["safety"], *_head(case), *_people(case), *_plan(case), *_links(case)]
    text = "".join(visible(line) + "\n" for line in lines)
    running = [row for row in case["deadlines"] if row["state"] in _OPEN]
    over = [row for row in case["deadlines"] if row["state"] not in _OPEN]
    if running:
        text += "\nto do\n" + _deadlines(sorted(running, key=lambda row: row["state"] != "overdue"), screen)
    if over:
        text += "\nover\n" + _deadlines(over, screen)
    return text


def _head(case: Shape) -> Iterator[str]:
    labels = ", ".join(dict.fromkeys([*case["categories"], *case["flags"]])) or "no category"
    yield f"{case['ref']}  {case['status']}  priority {case['priority']}  {labels}"
    yield case["summary"]
    where = ", ".join(filter(None, (case.get("address"), case.get("place"))))
    if where:
        yield f"where: {where}"
    yield f"received {_day(case['received_at'])}; officer {case['officer']}; {case['definition']}; {case['procedure']}"
    if case["status"] == "closed":
        yield (f"closed {_day(case['closed_at'])}: {case['outcome']}; Date Completed {_day(case['date_completed'])}"
               f"; final letter {_day(case['final_letter_sent']) if case['final_letter_sent'] else 'not sent'}")


def _people(case: Shape) -> Iterator[str]:
    if case["anonymous"]:
        yield "reported anonymously"
    for person in case["people"]:
        known = ", ".join(filter(None, (
            person["tenure"], person["tenancy"] and f"{person['tenancy']} tenancy", person["address"], person["phone"],
            person["email"], *(f"{label} {person[name]}" for name, label in _KNOWN if person[name]),
        )))
        yield f"{person['id']}  {person['name']}: {', '.join(person['roles'])}{f' ({known})' if known else ''}"


def _plan(case: Shape) -> Iterator[str]:
    for action in case["plan"]:
        when = f"done {_day(action['done_at'])}" if action["done_at"] else (
            f"due {_day(action['due'])}" if action["due"] else "open")
        yield f"plan {action['item']}: {action['text']} ({action['who'] or 'nobody named'}; {when})"


def _links(case: Shape) -> Iterator[str]:
    for link in case["links"]:
        yield f"{link['kind'].replace('-', ' ')} {link['ref']}"


def _deadlines(rows: list[Shape], screen: Screen) -> str:
    columns = [Column("state", True), Column("due", True), Column("what"), Column("who"), Column("clause"),
               Column("rule")]
    lines = [
        (row["state"].upper() if row["state"] == "overdue" else row["state"],
         _day(row["due"]) if row["due"] else f"act by {_day(row['act_by'])}" if row["act_by"] else "no date",
         row["title"] + (f" [{', '.join(row['notes'])}]" if row["notes"] else ""), row["person_name"] or "",
         row["clause"], row["rule"])
        for row in rows
    ]
    return table(lines, columns, screen)


def _day(text: str) -> str:
    return echo(Moment.parse(text))
