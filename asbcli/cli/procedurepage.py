"""A procedure as tables: what it calls Priority One, what it asks and by when, and where that is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asbcli.cli.show import Column, Screen, table, visible
from asbcli.procedure.office import WEEKDAYS

Table = Mapping[str, Any]


def page(composed: Table, screen: Screen) -> str:
    """The whole of a composed procedure."""
    head = composed["procedure"]
    parts = [
        visible(f"{head['id']}@{head['version']}: {head['title']}, in force from {head['in_force_from']}")
        + "\n"
    ]
    if office := composed.get("office"):
        parts.append(visible(_office(office)) + "\n")
    for title, name, columns in (
        ("priorities", "priority", ("id", "title")),
        ("categories", "category", ("id", "priority", "title", "clause")),
        ("flags", "flag", ("id", "priority", "title", "clause")),
        (
            "deadlines",
            "deadline",
            ("id", "limit", "strength", "title", "starts", "met_by", "when", "source", "clause"),
        ),
        ("gates", "gate", ("before", "title", "role", "source", "clause")),
        ("questions", "question", ("id", "step", "text", "clause")),
        ("paragraphs", "paragraph", ("id", "letters", "to", "text", "when", "clause")),
        ("outcomes", "outcome", ("id", "title", "clause")),
        ("events", "event", ("id", "title", "clause")),
        ("remedies", "remedy", ("id", "states", "title", "clause")),
        ("roles", "role", ("id", "title", "clause")),
        ("targets", "target", ("id", "share", "measure", "within", "rule", "title", "source", "clause")),
    ):
        rows = [[_cell(each, column) for column in columns] for each in composed.get(name, ())]
        if rows:
            named = [Column(column.replace("_", " "), column == "id") for column in columns]
            parts.append(f"\n{title}\n" + table(rows, named, screen))
    return "".join(parts)


def _office(office: Table) -> str:
    """The office hours in one line: what comes in later counts as received on the next day it opens."""
    hours = office.get("hours", {})
    said = [*(f"{day} {hours[day]}" for day in WEEKDAYS if day in hours),  # from Monday on, however it is written
            *([f"received that day until {office['cut_off']}"] if office.get("cut_off") else [])]
    return f"office hours: {', '.join(said)}" + (f" ({office['clause']})" if office.get("clause") else "")


def _cell(row: Table, column: str) -> str:
    value = row.get(column)
    if column == "limit":
        return _limit(row)
    if column == "met_by":
        value = value or row.get("met_by_all")
    if column == "when":
        return "; ".join(f"{word} {', '.join(row[key])}" for key, word in
                         (("when", "all of"), ("when_any", "one of"), ("unless", "none of")) if row.get(key))
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _limit(row: Table) -> str:
    limit = row.get("limit")
    if isinstance(limit, list):
        return "; ".join(f"{each['within']}{' if ' + ', '.join(each['when']) if each.get('when') else ''}"
                         for each in limit)
    other = f"else {row['default']}" if row.get("default") else ""
    then = f"then {row['then']}" if row.get("then") else ""
    every = f"every {row['every']}" if row.get("every") else ""
    said = ", ".join(filter(None, (limit, other, then, every)))
    return (f"from {said}" if row.get("earliest") else said) or "no number"
