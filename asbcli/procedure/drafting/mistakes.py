"""A mistake in a procedure file, and the words it is told in."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in a procedure file: where, what, and what is allowed there.

    `line` counts from 1; where something is missing it is the line of its table. `rule` is the table and its
    id (`deadline "weekly-contact"`), or its number in the file where it has no id; empty for a whole file.
    """

    file: str
    line: int
    rule: str
    key: str
    wrong: str
    allowed: str = ""

    def __str__(self) -> str:
        """`file:line: deadline "x": limit: what is wrong; what is allowed`."""
        where = ": ".join(part for part in (self.rule, self.key) if part)
        said = "; ".join(part for part in (self.wrong, self.allowed) if part)
        return f"{self.file}:{self.line}: " + ": ".join(part for part in (where, said) if part)


def quoted(value: object) -> str:
    """A value of the file, cut short, with control characters made visible."""
    if isinstance(value, str):
        return json.dumps(value if len(value) <= 60 else value[:59] + "…", ensure_ascii=False)
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).lower() if type(value) is not int or abs(value) < 10**9 else "a huge number"


def shown_key(name: str) -> str:
    """A key as it is shown: bare, or quoted where an author made up a strange one."""
    return name if re.fullmatch(r"[\w.-]{0,60}", name, re.ASCII) else quoted(name)


def one_of(names: Iterable[str]) -> str:
    """Every name that is allowed."""
    return f"one of {', '.join(names)}"


def nearest(name: str, names: Iterable[str]) -> str:
    """The name that was probably meant, as a question; nothing where none is near."""
    found = difflib.get_close_matches(name, sorted(names), n=1)
    return f"did you mean {quoted(found[0])}?" if found else ""
