"""What is left of an entry once its words are gone: it counts as itself, with its kind, its moment and ids."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

from msgspec.structs import replace

from asbcli import words
from asbcli.casefile import entries as of
from asbcli.casefile.entries import ERASED, fields_of
from asbcli.casefile.entries.fold import PLAIN_ANSWERS

# The texts that were typed of nobody: ids, words of the program and of the procedure, intervals, an officer's own name.
# Every other text goes, whatever it looks like: that of a field added later too, until it stands here.
_OF_NOBODY: dict[type[Any], str] = {
    of.Agency: "step",
    of.Answered: "question",
    of.Appeal: "person",
    of.Approval: "role step person",
    of.Breach: "step",
    of.Change: "priority old_priority categories old_categories officer old_officer contact_every",
    of.Consent: "person step",
    of.Contact: "person",
    of.DatedFact: "kind person",
    of.Diary: "step person every",
    of.Disclosed: "person role",
    of.Done: "rule person",
    of.Flagged: "flag step priority",
    of.IncidentLogged: "category",
    of.Interview: "person contact_every",
    of.LetterWritten: "person answers",
    of.NamedPerson: "id",
    of.PersonKnown: "person taken_back",
    of.PersonRemoved: "person",
    of.PersonRenamed: "person",
    of.Plan: "step item",
    of.Remedy: "remedy state person every",
    of.Repair: "item",
    of.Report: "priority officer procedure categories flags taken_along",
    of.Retention: "step",
    of.SubjectAccess: "person withheld",
    of.Tenancy: "tenancy step officer",
    of.Warned: "person",
}
# Somebody's id, the number of an action, a repair's; an agency stands in the same fields by its name.
_GIVEN = re.compile(rf"|P[0-9]{{1,7}}|[0-9]{{1,3}}|(?:{'|'.join(words.choices(words.RepairKind))})(?:-[0-9]{{1,3}})?")


def remnant(entry: Any) -> Any:
    """The entry without anything that was typed of somebody: what was said is `(erased)`, what was not stays unsaid."""
    kind = type(entry)
    kept = {*_OF_NOBODY.get(kind, "").split(), *fields_of(kind, Literal) - fields_of(kind, str)}
    said = {name: getattr(entry, name) for name in entry.__struct_fields__}
    return replace(entry, **{
        name: _WHERE_MIXED.get((kind, name), _gone)(value) for name, value in said.items()
        if name not in kept or isinstance(value, of.NamedPerson)
    })


def _gone(value: Any) -> Any:
    """A value without its texts; moments, numbers and a yes or no stay."""
    if isinstance(value, of.NamedPerson):
        return remnant(value)
    if isinstance(value, tuple):
        return tuple(map(_gone, value))
    return ERASED if isinstance(value, str) else value


def _given(text: str | None) -> str | None:
    """What the program itself called somebody or something; what an officer called it goes."""
    return text if text is None or _GIVEN.fullmatch(text) else ERASED


def _moved(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str | None, ...], ...]:
    """The dates an entry moved, each with its rule, and whose it is."""
    return tuple((rule, _given(whose), *dates) for rule, whose, *dates in rows)


def _purpose(text: str) -> str | None:
    """What a consent is for: a purpose, or whom it lets be told."""
    return text if text in words.CONSENTS else _given(text)


def _one_of(allowed: tuple[str, ...]) -> Callable[[str], str]:
    return lambda text: text if text in allowed else ERASED


# Where a word of ours stands, or else what an officer typed.
_WHERE_MIXED: dict[tuple[type[Any], str], Callable[[Any], Any]] = {
    (of.Answered, "answer"): _one_of(PLAIN_ANSWERS),
    (of.Change, "moved"): _moved,
    (of.Consent, "by"): _given,
    (of.Consent, "purpose"): _purpose,
    (of.Correction, "moved"): _moved,
    (of.Done, "item"): _given,
    (of.Flagged, "moved"): _moved,
}
