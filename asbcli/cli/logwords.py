"""An entry of the log in plain words: what was recorded, and of a correction what it was before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from asbcli.casefile.entries import KINDS, fields_of
from asbcli.cli.show import visible, wrapped
from asbcli.dates import echo
from asbcli.moments import Moment

Row = Mapping[str, Any]

# What each field of an entry is called, in the order it is told; one without braces is told where it is so.
_SAID = {
    "step": "{}", "stage": "{} review", "manager": "with {}", "role": "{}", "level": "{}", "state": "{}",
    "remedy": "{}", "kind": "{}", "item": "{}", "flag": "{}", "rule": "{}", "question": "{}", "answer": "{}",
    "outcome": "{}", "number": "ASB-{}", "link_kind": "{}", "to": "to {}", "ground": "{}", "name": "{}",
    "tenancy": "{}", "tenant": "tenant {}", "person": "{}", "by": "by {}", "purpose": "for {}", "key": "{}",
    "in_force_from": "in force from {}",
    "text": "{}", "summary": "{}", "notes": "{}", "title": "{}", "what": "{}",
    "attempted": "nobody was reached", "incoming": "they contacted us",
    "first_contact": "a first contact, not the full interview", "finding": "found: {}",
    "ended": "ended {}", "arranged": "arranged for {}", "contact_every": "contact every {}",
    "every": "every {}", "until": "until {}", "indefinite": "indefinitely",
    "monitor_until": "monitored until {}", "planned": "for {}",
    "noticed": "noticed {}", "due": "due {}", "done": "done {}", "photographed": "photographed",
    "completed": "Date Completed {}", "final_letter": "final letter {}",
    "discussed": "discussed with the victim {}", "not_discussed": "not discussed with the victim: {}",
    "requires": "requires: {}", "resolving": "resolved the case",
    "alone": "the case's own officer, and nobody else",
    "who": "by {}", "contact": "contact there {}", "written": "in writing", "day": "{}",
    "categories": "{}", "category": "{}", "flags": "flags {}", "definition": "{}", "priority": "priority {}",
    "officer": "officer {}", "channel": "by {}", "reporter": "reported by {}", "anonymous": "anonymous",
    "received": "reported {}", "happened": "happened {}", "happened_unknown": "when it happened is unknown",
    "address": "address {}", "place": "at {}", "people": "{}",
    "immediate_danger": "immediate danger: {}", "previous_incidents": "previous incidents: {}",
    "police_informed": "police informed: {}", "perceived_by": "perceived as hate by the {}",
    "perpetrator_known": "perpetrator known: {}", "witnesses_known": "witnesses known: {}",
    "relevant_authority": "reported by a relevant authority", "linked_to": "follows ASB-{}",
    "procedure": "held to {}", "also": "counts in ASB-{} too", "conditions": "the procedure asked first: {}",
    "void": "counts for nothing", "approved_by": "approved by {}", "known_until": "published until {}",
    "short": "short tenancy", "notice": "notice served {}", "because": "because {}",
}  # fmt: skip
_UNTOLD = ("holidays", "dropped", "raised", "digest", "uid_key_digest", "import_digest", "external_ref", "moved",
           "agency", "by_agency", "for_agency")
_DAYS = frozenset(("known_until", "day", "in_force_from"))  # a day that the program itself wrote as text


def page(rows: Sequence[Row], width: int) -> str:
    """The log at a terminal: an entry's number, moment and kind; who recorded it; beneath, what it says."""
    said = words_of(rows)
    lines = []
    for row in rows:
        recorded, happened = Moment.parse(row["recorded_at"]), Moment.parse(row["happened_at"])
        later = "" if recorded.day == happened.day else f", recorded {echo(recorded)}"
        head = f"{row['entry']}  {echo(happened)}  {row['kind']}  {row['by']}{later}"
        lines.append(wrapped(visible(head), width, after="    "))
        if says := said[row["entry"]]:
            lines.append(wrapped(visible(says), width, indent="    "))
    return "".join(line + "\n" for line in lines)


def words_of(rows: Sequence[Row]) -> dict[int, str]:
    """What each entry says, by its number."""
    before = {row["entry"]: row for row in rows}
    names = _names(rows)
    called: dict[str, str] = {}
    said = {}
    for row in rows:
        said[row["entry"]] = _renamed(row, called) or _said(row, before, names)
        called.update(_names([row]))
    return said


def _renamed(row: Row, called: Mapping[str, str]) -> str:
    """Who was named wrongly: the name so far → the name from now on."""
    body = row["says"]
    if row["kind"] != "person-renamed" or body is None:
        return ""
    was = called.get(body["person"], "")
    return f"{body['person']} {was} → {body['name']}; {_told('because', body['because'], {})}"


def _said(row: Row, before: Mapping[int, Row], names: Mapping[str, str]) -> str:
    body = row["says"]
    if body is None:
        return "(erased)"
    if row["kind"] == "correction":
        return _corrected(body, before.get(body["entry"]))
    told = [*_changed(body)]
    kept = {name: value for name, value in body.items() if not (told and f"old_{name}" in body)}
    for name in (*_SAID, *(each for each in kept if each not in _SAID)):
        if name in kept and name not in _UNTOLD and not name.startswith("old_"):
            dated = isinstance(kept[name], str) and name in _dated(row["kind"])
            told += filter(None, [_told(name, _day(kept[name]) if dated else kept[name], names)])
    return "; ".join([*told, *_moved(body)])


def _moved(body: Row) -> list[str]:
    """The dates that an entry moved; the register's own log names the case too."""
    return [
        f"{' '.join(filter(None, (*case, rule, whose)))}: {_day(old)} → {_day(new)}"
        for *case, rule, whose, _, old, new in body.get("moved", ())
    ]


def _told(name: str, value: Any, names: Mapping[str, str]) -> str:
    form = _SAID.get(name, name.replace("_", " ") + ": {}")
    if isinstance(value, bool):
        return (form if "{}" not in form else name.replace("_", " ")) if value else ""
    return form.format(_value(value, names)) if value not in (None, "", [], {}) else ""


def _changed(body: Row) -> Iterable[str]:
    """What an entry changed, old → new."""
    for name in ("priority", "categories", "officer"):
        if f"old_{name}" in body and name in body:
            yield f"{name} {_value(body[f'old_{name}'], {})} → {_value(body[name], {})}"


def _corrected(body: Row, wrong: Row | None) -> str:
    told = []
    planned = ((wrong and wrong["says"]) or {}).get("planned")
    for name in ("received", "happened"):
        if body.get(name):
            was = planned or (wrong and _moment_of(wrong, name))
            told.append(f"{'planned for' if planned else name} {f'{_day(was)} → ' if was else ''}{_day(body[name])}")
    told += filter(None, [_told("text", body.get("text"), {}), _told("void", body.get("void", False), {})])
    told += [_told("because", body["because"], {}), *_moved(body)]
    return f"entry {body['entry']}: {'; '.join(told)}"


def _moment_of(row: Row, name: str) -> str | None:
    """When something was received, or happened: of a report its own moment is the former, of all else the latter."""
    own = "received" if row["kind"] == "report" else "happened"
    return row["happened_at"] if name == own else (row["says"] or {}).get(name)


def _value(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, dict):
        if "name" in value and "id" in value:  # a person
            known = ", ".join(
                [*value.get("roles", ()), *(value[key] for key in ("tenure", "address") if value.get(key))]
            )
            return f"{value['id']} {value['name']} ({known})"
        return ", ".join(_value(each, names) for each in value.values())
    if isinstance(value, list):
        return ", ".join(_value(each, names) for each in value)
    text = str(value)
    return f"{text} {names[text]}" if text in names else text


@cache
def _dated(kind: str) -> frozenset[str]:
    """Which fields of a kind of entry hold a moment or a day: what was typed is shown as typed."""
    of = KINDS.get(kind)
    return frozenset(fields_of(of, Moment) | _DAYS.intersection(of.__struct_fields__)) if of else frozenset()


def _day(text: str) -> str:
    return echo(Moment.parse(text)) if text[:1].isdigit() else text  # a date may be missing


def _names(rows: Iterable[Row]) -> dict[str, str]:
    """Who is behind each id, as the entries themselves name them."""
    people: list[Mapping[str, Any]] = []
    for row in rows:
        body = row["says"] or {}
        people += body.get("people", ())
        people += [body["person"]] if isinstance(body.get("person"), dict) else []
        people += [{"id": body["person"], "name": body["name"]}] if row["kind"] == "person-renamed" and body else []
    return {each["id"]: each["name"] for each in people}
