"""What an entry may hold: it is checked before it is written, and read back as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest

from asbcli.casefile.entries import KINDS, Contact, NamedPerson, Note, Report, Warned, body_of, entry_of
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
