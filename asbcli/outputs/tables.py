"""A table of the register for somebody outside: references, dates and the procedure's words; no text, no names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from asbcli.outputs.leaks import Draft, Secret, leaves

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


@leaves("export for others")
def table(what: str, rows: Iterable[Row], secrets: Sequence[Secret],
          spell: Callable[[Sequence[Row]], str]) -> Draft:
    """The rows without what anybody typed, spelled as CSV or JSON by `spell`."""
    kept = [{name: row[name] for name in FOR_OTHERS[what]} for row in rows]
    return Draft(spell(kept), secrets=tuple(secrets))
