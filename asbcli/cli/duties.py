"""Deadlines as an officer reads them at a terminal: what is late first, what has no date a line a case."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from asbcli.casefile.vocabulary import told as event_told
from asbcli.cli.show import Screen, render, standing, style_of, visible
from asbcli.dates import echo
from asbcli.moments import Moment
from asbcli.store import read

Row = Mapping[str, Any]
Between = Callable[[date, date], int]
Cells = tuple[str, str, str, str, str, str]

EARLIEST = "earliest"  # the note of a date from which something may be done
NARROW = 96  # columns below which a deadline takes lines of its own
WIDE = 150  # and from which its names stand beside it
HEADINGS = ("case", "act by", "when", "what")
_WITH_VICTIM = ("contact.victim.", "interview.victim.")
# The open cases that have a victim, and when each of the rules that mean a word with them falls due.
_CONTACTS = """
    SELECT cases.number, deadlines.due, deadlines.act_by, deadlines.overdue_after FROM cases
    LEFT JOIN deadlines ON deadlines.case_number = cases.number AND deadlines.met IS NULL
         AND deadlines.ended IS NULL AND deadlines.rule IN (SELECT value FROM json_each(:rules))
         AND (deadlines.due IS NOT NULL OR deadlines.act_by IS NOT NULL)
    WHERE cases.status = 'open' AND cases.number IN (SELECT value FROM json_each(:cases))
          AND EXISTS (SELECT 1 FROM person_roles WHERE person_roles.case_number = cases.number
                      AND person_roles.role = 'victim')
    ORDER BY coalesce(deadlines.act_by, deadlines.due) IS NULL, coalesce(deadlines.act_by, deadlines.due)
"""


def page(
    rows: Sequence[Row],
    names: Mapping[tuple[str, str], str],
    contacts: Sequence[tuple[str, str]],
    screen: Screen,
    *,
    now: datetime,
    between: Between,
) -> str:
    """The deadline list: dated ones each on its own, then who hears from us when, then what has no date."""
    dated = [row for row in rows if row["due"] or row["act_by"]]
    cells = [
        (_whose(row), *told(row, now=now, between=between), names.get((row["case"], row["person"]), ""))
        for row in dated
    ]
    parts = [blocks(cells, screen)] if cells else []
    if contacts:
        parts.append(
            _paragraph("next contact with the victim", [" ".join(each) for each in contacts], screen)
        )
    if undated := _undated(rows):
        parts.append(
            "".join(_paragraph(f"{case} also open, no date", rules, screen, ", ") for case, rules in undated)
        )
    return "\n".join(parts)


def told(row: Row, *, now: datetime, between: Between) -> tuple[str, str, str, str]:
    """A deadline's day, where it stands in words, its title and its rule."""
    by = Moment.parse(row["due"] or row["act_by"])
    stands = standing(row["state"], by, now=now, working_days=between)
    return (
        day_told(day_to_act(row), now),
        this_year(stands, now),
        titled(row),
        row["rule"],
    )


def day_to_act(row: Row) -> str:
    """The day a deadline is told by: the last working day it can be met on, but of a first lawful day that one."""
    return str((row["act_by"] if EARLIEST not in row["notes"] else None) or row["due"] or "")


def titled(row: Row) -> str:
    """What is to be done, of several things for which, and what of all it needs is missing.

    A tenancy's name is told in place of the case.
    """
    title = f"{row['title']} ({row['item']})" if row["case"] and row["item"] else str(row["title"])
    return title + (f"; missing: {', '.join(map(event_told, row['missing']))}" if row["missing"] else "")


def day_told(text: str, now: datetime) -> str:
    """A day with its weekday; with its year where that is another than this one."""
    return this_year(echo(Moment(Moment.parse(text).day)), now)


def this_year(text: str, now: datetime) -> str:
    """A text that ends with a date, without its year where that is this one."""
    return text.removesuffix(f" {now.year}")


def _whose(row: Row) -> str:
    return row["case"] or row["item"] or "asb"


def _undated(rows: Iterable[Row]) -> list[tuple[str, list[str]]]:
    """The open items without a date, by case; those of a rule once."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if not (row["due"] or row["act_by"]) and row["rule"] not in found.setdefault(_whose(row), []):
            found[_whose(row)].append(row["rule"])
    return sorted(found.items(), key=lambda each: int(each[0][4:]) if each[0][4:].isdecimal() else 0)


def blocks(cells: Sequence[Cells], screen: Screen, headings: Sequence[str] = HEADINGS) -> str:
    """Deadlines (whose, day, standing, title, rule, who) in aligned columns; stacked where it is narrow."""
    shown = [[visible(cell) for cell in row] for row in cells]
    if (screen.width or 0) < NARROW:
        return "".join(_stacked(row, screen) for row in shown)
    from rich.table import Table
    from rich.text import Text

    wide = (screen.width or 0) >= WIDE
    if not headings[0]:
        shown, headings = [row[1:] for row in shown], headings[1:]
    grid = Table.grid(padding=(0, 2, 0, 0))
    for title in (*headings, *([""] if wide else [])):
        grid.add_column(no_wrap=title not in ("", "what"), overflow="fold")
    grid.add_row(*(Text(title, "bold") for title in headings))
    for *first, state, title, rule, who in shown:
        beside = Text(" · ".join(_beside(title, rule, who)), "dim")
        what = [Text(title), beside] if wide else [Text.assemble(title, "\n", beside)]
        grid.add_row(*map(Text, first), Text(state, style_of(state)), *what)
    return render(grid, screen)


def _stacked(row: Sequence[str], screen: Screen) -> str:
    """The reference and the day first, whatever the width; the rest beneath, indented."""
    from rich.padding import Padding
    from rich.text import Text

    whose, day, state, title, rule, who = row
    first, stands = Text("  ".join(filter(None, (whose, day)))), Text(state, style_of(state))
    beneath = [Text(title)]
    if len(first) + 2 + len(stands) < (screen.width or 0):
        first = Text("  ").join([first, stands])
    else:
        beneath.insert(0, stands)
    for each in _beside(title, rule, who):
        beneath[-1].append(f" · {each}", "dim")
    return render(first, screen) + "".join(render(Padding(each, (0, 0, 0, 2)), screen) for each in beneath)


def _beside(title: str, rule: str, who: str) -> list[str]:
    """What stands beside a title; a restricted case says no more than that it is."""
    return [each for each in (who, rule) if each and each != title]


def _paragraph(label: str, parts: Iterable[str], screen: Screen, between: str = " · ") -> str:
    from rich.text import Text

    text = Text(visible(f"{label}: "), "bold")
    text.append(between.join(map(visible, parts)), "not bold")
    return render(text, screen)


def contacts(
    register: sqlite3.Connection, rows: Iterable[Row], *, now: datetime, between: Between
) -> list[tuple[str, str]]:
    """Of each case listed that has a victim, when they are next to hear from us: silence is what hurts."""
    listed = sorted({int(row["case"][4:]) for row in rows if row["case"]} - read.restricted(register))
    answers = {"rules": json.dumps(sorted(_rules_with_victim(register))), "cases": json.dumps(listed)}
    found: dict[str, str] = {}
    for row in register.execute(_CONTACTS, answers):
        case = f"ASB-{row['number']}"
        if case not in found:
            found[case] = _first_word(row, now, between)
    return list(found.items())


def _first_word(row: sqlite3.Row, now: datetime, between: Between) -> str:
    if not (row["due"] or row["act_by"]):
        return "none set"
    late = row["overdue_after"] and datetime.fromisoformat(row["overdue_after"]) < now
    due = Moment.parse(row["due"] or row["act_by"])
    return this_year(standing("overdue" if late else "open", due, now=now, working_days=between), now)


def _rules_with_victim(register: sqlite3.Connection) -> set[str]:
    """The rules, of any procedure adopted, that a word with the victim meets."""
    return {
        rule["id"]
        for row in register.execute("SELECT content FROM procedures")
        for rule in json.loads(row["content"]).get("deadline", ())
        if any(
            name.startswith(_WITH_VICTIM) for name in (*rule.get("met_by", ()), *rule.get("met_by_all", ()))
        )
    }
