"""A table of the register for somebody outside: references, dates and the procedure's words; no text, no names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from asbcli.outputs.leaks import Draft, Passage, Secret, leaves

Row = Mapping[str, Any]

# What each table holds that nobody typed; the tables of people and of the log hold nothing else.
FOR_OTHERS: dict[str, tuple[str, ...]] = {
    "cases": ("ref", "number", "status", "priority", "category", "categories", "definition", "received_at",
              "procedure", "channel", "outcome", "date_completed", "final_letter_sent", "closed_at"),
    "deadlines": ("case", "rule", "title", "source", "clause", "strength", "started_at", "limit", "due", "act_by",
                  "state", "met_at"),
    "incidents": ("case", "entry", "happened_at", "received_at"),
    "actions": ("case", "item", "due", "resolving", "done_at"),
}  # fmt: skip


# References, moments and numbers that the program itself made.
_COUNTED = {"ref", "number", "case", "entry", "item", "received_at", "happened_at", "started_at", "met_at", "done_at",
            "closed_at", "date_completed", "final_letter_sent", "due", "act_by"}
_BETWEEN = "\nand\n"  # a word, so that no two cells make one number or name


@leaves("export for others")
def table(what: str, rows: Iterable[Row], secrets: Sequence[Secret],
          spell: Callable[[Sequence[Row]], str]) -> Draft:
    """The rows without what anybody typed, spelled as CSV or JSON by `spell`."""
    kept = [{name: row[name] for name in FOR_OTHERS[what]} for row in rows]
    said = {str(value) for row in kept for name, value in row.items() if name not in _COUNTED and value is not None}
    return Draft(spell(kept), (Passage(_BETWEEN.join(sorted(said))),), tuple(secrets), in_columns=True)
