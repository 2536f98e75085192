"""One table of a procedure file as its author wrote it, with the place of each of its keys."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from asbcli.procedure.drafting.format import CONDITION, CONDITIONAL, SINGLE
from asbcli.procedure.drafting.mistakes import Mistake, quoted, shown_key


class Place(NamedTuple):
    """A line of a file."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Written:
    """One table as its author wrote it, where each of its keys stands, and the includes it came through."""

    kind: str
    number: int
    values: dict[str, Any]
    places: dict[str, Place]
    unreadable: frozenset[str] = frozenset()
    """Keys that were given, but not in a form that can be checked further."""
    through: tuple[Written, ...] = ()

    @property
    def name(self) -> str:
        """How a mistake names it: `deadline "weekly-contact"`, `gate 2`."""
        if self.kind in SINGLE:
            return self.kind
        named = self.values.get("id", self.values.get("file", self.number + 1))
        return f"{self.kind} {quoted(named) if isinstance(named, str) else named}"

    @property
    def place(self) -> Place:
        """Where the table begins."""
        return self.places[""]

    @property
    def condition(self) -> dict[str, list[str]]:
        """Its own condition, as far as it has one."""
        return {key: self.values[key] for key in CONDITION if self.values.get(key)}

    @property
    def identity(self) -> str:
        """Its id; what has none is the same only where it says the same."""
        name: str | None = self.values.get("id")
        return self.said if name is None else name

    @property
    def said(self) -> str:
        """All it says, under the conditions it was included on."""
        conditions = [include.condition for include in self.through] if self.kind in CONDITIONAL else []
        return canonical([self.values, conditions])

    def lacks(self, key: str) -> bool:
        """Whether it says nothing for a key, not even something unreadable."""
        return not self.values.get(key) and key not in self.unreadable

    def mistake(self, key: str, wrong: str, allowed: str = "") -> Mistake:
        """A mistake in a key: `limit.2.within` stands where `limit` does, one that is missing at the top."""
        place = self.places.get(key) or self.places.get(key.split(".")[0]) or self.place
        return Mistake(*place, self.name, shown_key(key), wrong, allowed)


def canonical(value: object) -> str:
    """The one JSON text of a value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
