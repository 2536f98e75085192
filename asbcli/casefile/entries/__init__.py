"""Every kind of log entry: what it holds, what it changes in the case, which events it is.

Adding a kind is adding a class to one of these rooms: its fields are its stored body, `apply` is what it does.
Annotations are not put off here, as they are elsewhere: each command would spend half a millisecond on reading those
of the one kind it writes.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, get_args, get_origin

from msgspec import DecodeError, Struct
from msgspec.json import Decoder

from asbcli.casefile.entries.acting import Agency, DatedFact, Done, Plan, Remedy, Repair, Review, Risk, Warned
from asbcli.casefile.entries.changing import Approval, Breach, Change, Correction, Flagged, Linked
from asbcli.casefile.entries.closing import Appeal, Closed
from asbcli.casefile.entries.disclosing import Disclosed, LetterWritten, SubjectAccess, Viewed, side_of
from asbcli.casefile.entries.fold import ERASED, Entry, Fold
from asbcli.casefile.entries.investigating import Answered, Consent, Contact, Diary, Interview, Note
from asbcli.casefile.entries.keeping import Erasure, Evidence, Retention
from asbcli.casefile.entries.office import CalendarChanged, ProcedureAdopted, ProcedureReviewed, RoleHeld, Tenancy
from asbcli.casefile.entries.people import (
    NamedPerson,
    PersonAdded,
    PersonKnown,
    PersonRemoved,
    PersonRenamed,
    who_report,
)
from asbcli.casefile.entries.reporting import IncidentLogged, Report
from asbcli.moments import Moment

__all__ = [
    "ERASED",
    "KINDS",
    "Agency",
    "Answered",
    "Appeal",
    "Approval",
    "Breach",
    "CalendarChanged",
    "Change",
    "Closed",
    "Consent",
    "Contact",
    "Correction",
    "DatedFact",
    "Diary",
    "Disclosed",
    "Done",
    "Entry",
    "Erasure",
    "Evidence",
    "Flagged",
    "Fold",
    "IncidentLogged",
    "Interview",
    "LetterWritten",
    "Linked",
    "Logged",
    "NamedPerson",
    "Note",
    "PersonAdded",
    "PersonKnown",
    "PersonRemoved",
    "PersonRenamed",
    "Plan",
    "ProcedureAdopted",
    "ProcedureReviewed",
    "Remedy",
    "Repair",
    "Report",
    "Retention",
    "Review",
    "Risk",
    "RoleHeld",
    "SubjectAccess",
    "Tenancy",
    "Viewed",
    "Warned",
    "body_of",
    "entry_of",
    "fields_of",
    "side_of",
    "who_report",
]

KINDS: dict[str, type[Any]] = {kind.KIND: kind for kind in Entry.__subclasses__()}
"""Every kind by the word it is stored under."""


class Logged(Struct, frozen=True):
    """An entry as it stands in the log: its place, its case, when it happened and when it was written down."""

    seq: int
    case: int | None
    happened: Moment
    recorded_at: str
    actor: str
    entry: Any


def body_of(entry: Any) -> dict[str, Any]:
    """An entry's fields as JSON would hold them; what was not said is left out."""
    return {
        name: _plain(value)
        for name in entry.__struct_fields__
        if (value := getattr(entry, name)) is not None and value is not False and value != ()  # 0 was said
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Moment):
        return value.text
    if isinstance(value, NamedPerson):
        return body_of(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def entry_of(kind: str, body: str) -> Any:
    """The entry a stored body states. Raises ValueError where a field of it is not of the kind or the words allowed."""
    try:
        return _reader(kind).decode(body)
    except DecodeError as fault:
        raise ValueError(str(fault)) from None


@cache
def _reader(kind: str) -> Decoder[Any]:
    return Decoder(KINDS[kind], dec_hook=_read_moment)


def _read_moment(_: type, text: Any) -> Moment:
    """The one thing a body holds that JSON does not."""
    return Moment.parse(text)


def fields_of(kind: type[Any], *types: Any) -> set[str]:
    """The fields of a kind of entry that hold something of these types; `Literal`: one of our own words."""
    return {name for name in kind.__struct_fields__ if not {*types}.isdisjoint(_types_in(kind.__annotations__[name]))}


def _types_in(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Literal or not get_args(annotation):
        yield get_origin(annotation) or annotation
    else:
        for each in get_args(annotation):
            yield from _types_in(each)
