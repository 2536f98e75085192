"""What an entry may hold: it is checked before it is written, and read back as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import pytest

from asbcli.casefile.entries import (
    ERASED,
    KINDS,
    Contact,
    Correction,
    Done,
    Entry,
    NamedPerson,
    Note,
    Report,
    Warned,
    body_of,
    entry_of,
)
from asbcli.casefile.erased import remnant
from asbcli.casework.record import checked
from asbcli.errors import BadInput
from asbcli.moments import Moment

REPORT = Report(
    priority="high", definition="personal", summary="Shouting on the stair", officer="Mhairi Kerr", procedure="x@1",
    people=(NamedPerson("P1", "Agnes Baird", ("complainant", "victim"), tenure="own-tenant"),),
    happened=Moment.parse("2025-11-28T22:40:00+00:00"), linked_to=0,
)  # fmt: skip


def test_a_report_reads_back_as_it_was_written() -> None:
    assert checked(REPORT) is REPORT
    body = body_of(REPORT)
    assert body["happened"] == "2025-11-28T22:40:00+00:00"
    assert "address" not in body, "what was not said is not stored"
    assert body["linked_to"] == 0, "nought was said"
    assert entry_of("report", json.dumps(body)) == REPORT


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (Warned("P2", "stern"), "$.level"),  # type: ignore[arg-type]
        (Note(7), "$.text"),  # type: ignore[arg-type]
        (Note(None), "`text`"),  # type: ignore[arg-type]
        (Note("half a letter \ud83d"), "surrogates"),
        (Contact("Rang", attempted="yes"), "$.attempted"),  # type: ignore[arg-type]
        (Contact("Rang", also=1.5), "$.also"),  # type: ignore[arg-type]
        (Contact("Rang", also=True), "$.also"),
        (Contact("Rang", role=None), "read back"),
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_refused(entry: Any, said: str) -> None:
    with pytest.raises(BadInput, match=f"the {entry.KIND} does not hold together: ") as refused:
        checked(entry)
    assert said in refused.value.problem


@pytest.mark.parametrize(
    "change",
    [
        {"summary": 7}, {"definition": "rude"}, {"summary": None}, {"mood": "cross"}, {"happened": "last night"},
        {"happened": 20251128}, {"linked_to": "3"}, {"linked_to": 3.0}, {"flags": "hate"}, {"flags": [1]},
        {"people": [{"id": "P1"}]}, {"people": [{"id": "P1", "name": "A", "roles": ["landlord"]}]},
        {"anonymous": 1},
    ],
    ids=str,
)  # fmt: skip
def test_a_body_of_another_shape_is_no_report(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\$|field"):
        entry_of("report", json.dumps(body_of(REPORT) | change))


@pytest.mark.parametrize("text", ["", "[]", "null", '{"text": NaN}', '{"text": "a"', '{"text": "\\ud83d"}'])
def test_what_is_not_json_is_no_entry(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        entry_of("note", text)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_it_is(kind: str) -> None:
    """An entry's text is what a correction puts right and an erasure takes away, so it is one of its fields."""
    assert kind == KINDS[kind].KIND
    assert KINDS[kind].TEXT in KINDS[kind].__struct_fields__
    assert KINDS[kind].__doc__


# -- what an erasure takes away

TYPED = ("Jo Bloggs", "07700900123", "safe-house-12", "P07700900123", "mediation")
# Ids, words of the program and of the procedure, intervals, the colleague whose case it is: of nobody in the case.
OF_NOBODY = {
    "answers", "categories", "category", "contact_every", "every", "flag", "flags", "id", "item", "kind", "officer",
    "old_categories", "old_officer", "old_priority", "person", "priority", "procedure", "question", "remedy", "role",
    "rule", "state", "step", "taken_along", "taken_back", "tenancy", "withheld",
}  # fmt: skip
ERASABLE = sorted(KINDS.keys() - {"erasure"})


def filled(annotation: Any, typed: str) -> Any:
    """A value of a field, in which every text that an officer could type is this one."""
    inner = [each for each in get_args(annotation) if each not in (NoneType, ...)]
    if annotation is str:
        return typed
    if get_origin(annotation) is Literal:
        return inner[0]
    if get_origin(annotation) is tuple:
        return tuple(filled(each, typed) for each in inner) if len(inner) > 1 else (filled(inner[0], typed),) * 5
    if inner:
        return filled(inner[0], typed)
    return full(NamedPerson, typed) if annotation is NamedPerson else Moment.parse("2025-11-28") if (
        annotation is Moment) else annotation(7)


def full(kind: type[Any], typed: str) -> Any:
    """An entry of a kind with all of its fields filled."""
    made = {"moved": (("review-plan", typed, "1", "2025-11-28", "2025-12-01"),),  # a rule, whose it is, its dates
            "digest": "5a" * 32}
    return kind(**{name: made.get(name) or filled(kind.__annotations__[name], typed)
                   for name in kind.__struct_fields__})


def saying(body: Any, typed: str, field: str = "") -> Iterator[str]:
    """The fields of a body in which that text stands."""
    for name, each in body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ():
        yield from saying(each, typed, name if isinstance(name, str) else field)
    if body == typed:
        yield field


@pytest.mark.parametrize("kind", ERASABLE)
@pytest.mark.parametrize("typed", TYPED)
def test_nothing_that_an_officer_typed_is_left_of_an_erased_entry(kind: str, typed: str) -> None:
    entry = full(KINDS[kind], typed)
    assert set(saying(body_of(entry), typed)) >= {KINDS[kind].TEXT} - OF_NOBODY
    left = body_of(remnant(entry))
    assert set(saying(left, typed)) <= OF_NOBODY
    assert entry_of(kind, json.dumps(left)) == remnant(entry), "it can be read back"


@pytest.mark.parametrize(("item", "left"), [("2", "2"), ("lock-change-1", "lock-change-1"), (None, None),
                                            ("Dr Zebedee's surgery", ERASED), ("07700900123", ERASED)])
def test_a_duty_met_keeps_the_number_of_what_it_was_met_for_and_no_name_of_an_agency(
    item: str | None, left: str | None
) -> None:
    done = Done("close-agency-told", item=item)
    assert remnant(done).item == left
    moved = Correction(3, "misheard", moved=(("close-agency-told", item or "", "1", "2025-11-28", "2025-12-01"),))
    assert remnant(moved).moved == (("close-agency-told", left or "", "1", "2025-11-28", "2025-12-01"),)


def test_a_field_added_later_is_erased_until_it_is_said_to_be_of_nobody() -> None:
    class Added(Entry, frozen=True):
        text: str
        step: str
        colour: tuple[str, ...] = ()
        kind: Literal["lost"] | str = "lost"

    assert remnant(Added("Jo", "add", ("red-1", "7"), "P7")) == Added(ERASED, ERASED, (ERASED, ERASED), ERASED)
