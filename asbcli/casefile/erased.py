"""What is left of an entry once its words are gone: it counts as itself, with its kind, its moment and ids."""

from __future__ import annotations

import re
from typing import Any, Literal

from msgspec.structs import replace

from asbcli import words
from asbcli.casefile.entries import ERASED, NamedPerson, fields_of

# Fields that hold the procedure's words, an officer's own name or an interval; all other text was typed of somebody.
_KEPT = frozenset(
    {"priority", "old_priority", "categories", "old_categories", "category", "flags", "flag", "procedure", "officer",
     "old_officer", "step", "person", "contact_every", "every", "rule", "kind", "question", "remedy", "state", "role",
     "conditions", "answers", "taken_back", "moved", "tenancy"}
)  # fmt: skip
# What else means nobody: a person's id, the number of an action, a repair's, the answers a checklist offers.
_NOBODY = re.compile(r"P?[0-9]+|[a-z-]+-[0-9]+|yes|no|unknown|not-applicable")


def remnant(entry: Any) -> Any:
    """The entry without anything that was typed of somebody: what was said is `(erased)`, what was not stays unsaid."""
    kept = _KEPT | fields_of(type(entry), Literal)
    said = {name: getattr(entry, name) for name in entry.__struct_fields__}
    return replace(entry, **{
        name: _left(value) for name, value in said.items() if name not in kept or isinstance(value, NamedPerson)
    })


def _left(value: Any) -> Any:
    if isinstance(value, NamedPerson):
        return remnant(value)
    if isinstance(value, tuple):
        return tuple(map(_left, value))
    if not isinstance(value, str):
        return value
    return value if _NOBODY.fullmatch(value) or value in words.CONSENTS else ERASED
