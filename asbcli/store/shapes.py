"""The shapes scripts read, made of the rows the tables hold: one for a case, one for a deadline."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Protocol

from asbcli import words
from asbcli.moments import LONDON, Moment
from asbcli.procedure.state import state


class Row(Protocol):
    """A row by its columns: of the plain driver, or as a dict."""

    def __getitem__(self, column: str, /) -> Any:
        """The value of a column."""

    def keys(self) -> Iterable[str]:
        """The columns."""


A_DAY = len("2025-11-28")  # as it is stored; an instant is longer
RESTRICTED = "restricted"  # the flag, and all that is said of a case that has it

DEADLINE_COLUMNS = (
    "case", "rule", "title", "source", "clause", "strength", "person", "started_at", "limit", "due", "act_by",
    "state", "met_at", "officer", "notes", "reason",
)
LISTED = (
    "ref", "number", "status", "priority", "category", "categories", "definition", "summary", "received_at",
    "recorded_at", "officer", "flags", "procedure", "channel", "reporter", "anonymous", "outcome",
    "date_completed", "final_letter_sent", "closed_at", "last_entry",
)


def ref(number: int | None) -> str | None:
    """`ASB-17`; None for what belongs to no case."""
    return f"ASB-{number}" if number else None


def priority_shown(priority: str) -> int | str:
    """The procedure's own: a number where it is one, else its letter or word."""
    return int(priority) if priority.isdecimal() else priority


def person_shown(number: int) -> str | None:
    """The id a person is shown by."""
    return f"P{number}" if number else None


def labels_of(rows: Iterable[Row]) -> tuple[list[str], list[str]]:
    """A case's categories and its flags, each in their order."""
    ordered = sorted(rows, key=lambda row: row["place"])
    named = {family: [row["label"] for row in ordered if row["family"] == family] for family in ("category", "flag")}
    return named["category"], named["flag"]


def case_line(case: Row, categories: list[str], flags: list[str], *, restricted: bool = False) -> dict[str, Any]:
    """A case as `list` and `search` print it; a restricted one, now or then, says no more than that."""
    line = _whole_line(case, categories, flags)
    return hidden(line) if restricted or RESTRICTED in line["flags"] else line


def hidden(line: Mapping[str, Any]) -> dict[str, Any]:
    """A restricted case where it is not asked for by name: its reference, and that it is restricted."""
    nothing: dict[str, Any] = {name: [] if isinstance(value, list) else None for name, value in line.items()}
    kept = {name: line[name] for name in ("ref", "number", "status", "last_entry")}
    return {**nothing, **kept, "summary": RESTRICTED, "flags": [RESTRICTED]}


def hidden_deadline(row: Mapping[str, Any]) -> dict[str, Any]:
    """A deadline of a restricted case: that there is something to do, by when, and in which case."""
    nothing: dict[str, Any] = {name: [] if isinstance(value, list) else None for name, value in row.items()}
    kept = {name: row[name] for name in ("case", "strength", "due", "act_by", "state")}
    return {**nothing, **kept, "rule": RESTRICTED, "title": RESTRICTED, "source": "", "clause": ""}


def _whole_line(case: Row, categories: list[str], flags: list[str]) -> dict[str, Any]:
    completed, sent, closed = case["date_completed"], case["final_letter_sent"], case["closed"]
    return {
        "ref": f"ASB-{case['number']}",
        "number": case["number"],
        "status": case["status"],
        "priority": priority_shown(case["priority"]),
        "category": categories[0] if categories else None,
        "categories": categories,
        "definition": case["definition"],
        "summary": case["summary"],
        "received_at": shown(case["received"]),
        "recorded_at": case["recorded_at"],
        "officer": case["officer"],
        "flags": flags,
        "procedure": case["procedure"],
        "channel": case["channel"],
        "reporter": case["reporter"],
        "anonymous": bool(case["anonymous"]),
        "address": case["address"],
        "place": case["place"],
        "outcome": case["outcome"],
        "date_completed": completed and shown(completed),
        "final_letter_sent": sent and shown(sent),
        "closed_at": closed and shown(closed),
        "last_entry": case["last_entry"],
    }


def case_shape(rows: Mapping[str, Iterable[Row]], rules: Mapping[str, Row], now: datetime) -> dict[str, Any]:
    """A case as `show --json` prints it: `rows` by table, `rules` by id, states as at `now` (UTC)."""
    [case] = rows["cases"]
    names = {person["person"]: person["name"] for person in rows["people"]}
    named = {role["person"] for role in rows["person_roles"]}  # who was taken off the case has no role in it
    return {
        "safety": _safety(person for person in rows["people"] if person["person"] in named),
        **_whole_line(case, *labels_of(rows["labels"])),
        "people": [
            {
                "id": person_shown(person["person"]),
                "name": person["name"],
                "roles": [role["role"] for role in rows["person_roles"] if role["person"] == person["person"]],
                **{name: person[name] for name in words.KNOWN_OF_PERSON},
                "do_not": json.loads(person["do_not"]),
            }
            for person in rows["people"] if person["person"] in named
        ],
        "links": [{"ref": ref(link["other"]), "kind": link["kind"]} for link in rows["links"]],
        "plan": [
            {
                "item": action["item"], "text": action["text"], "who": action["who"],
                "due": shown(action["due"]), "resolving": bool(action["resolving"]),
                "done_at": shown(action["done"]),
            }
            for action in rows["actions"]
        ],
        "incidents": [
            {"entry": each["seq"], "happened_at": shown(each["happened"]), "received_at": shown(each["received"]),
             "text": each["text"], "place": each["place"]}
            for each in rows["incidents"]
        ],
        "evidence": [
            {"entry": each["seq"], "name": each["name"], "sha256": each["digest"], "bytes": each["size"],
             "taken_at": shown(each["taken"]), "text": each["text"]}
            for each in rows["evidence"]
        ],
        "deadlines": sorted(
            (
                {**deadline_shape({**row, **rules[row["rule"]]}, now),
                 "person_name": names.get(row["person"])}
                for row in rows["deadlines"]
                if begun(row["started"], now)
            ),
            key=lambda each: (each["due"] or each["act_by"] or "9999", each["rule"]),
        ),
    }


def _safety(people: Iterable[Row]) -> list[str]:
    """How to reach, without harm, those in danger: it stands before everything else."""
    lines = (words.safety_line(person_shown(each["person"]) or "", each["name"], each["safe_address"],
                         each["safe_times"], json.loads(each["do_not"])) for each in people)
    return [line for line in lines if line]


def begun(started: str, now: datetime) -> bool:
    """Whether a clock's start has come: a recurrence not yet started is not shown."""
    return Moment.parse(started).earliest <= now


def deadline_shape(row: Row, now: datetime) -> dict[str, Any]:
    """A deadline as every command prints it; `row` holds its rule's title, source, clause and strength too."""
    due, met, ended = (_moment(row[name]) for name in ("due", "met", "ended"))
    late = row["overdue_after"]
    return {
        "case": ref(row["case_number"]),
        "rule": row["rule"],
        "title": row["title"],
        "source": row["source"],
        "clause": row["clause"],
        "strength": row["strength"],
        "person": person_shown(row["person"]),
        "started_at": shown(row["started"]),
        "limit": row["within"],
        "due": due and due.shown,
        "act_by": row["act_by"],
        "state": state(due=due, overdue_after=late and datetime.fromisoformat(late), met=met, ended=ended,
                       now=now),
        "met_at": met and met.shown,
        "officer": row["officer"],
        "notes": row["notes"].split(),
        "reason": row["reason"],
        "item": row["item"] or None,
        "occurrence": row["occurrence"],
        "missing": row["lacking"].split(),
    }


def shown(text: str | None) -> str | None:
    """A stored moment as scripts read it: a day, or an instant with London's offset."""
    if not text or len(text) == A_DAY:
        return text or None
    since, until = _summer_time(text[:4])
    end = 16 if text[16:19] == ":00" else 19
    if not since <= text < until:  # the stored text is London's already
        return f"{text[:end]}+00:00"
    hour, offset = _london(text[:13])
    return f"{hour}{text[13:end]}{offset}"


@lru_cache(maxsize=10_000)
def _london(hour: str) -> tuple[str, str]:
    """An hour of UTC as London's clock has it, and its offset: whole hours in every year that is taken."""
    local = datetime.fromisoformat(f"{hour}:00:00+00:00").astimezone(LONDON).isoformat()
    return local[:13], local[19:]


@cache
def _summer_time(year: str) -> tuple[str, str]:
    """From which hour of UTC, and before which, London's clock is not UTC's in a year; nothing is outside both."""
    first = datetime(int(year), 1, 1, tzinfo=UTC)
    days = [first + timedelta(days=day) for day in range((first.replace(year=first.year + 1) - first).days)]
    ahead = [day for day in days if any(_is_ahead(day + timedelta(hours=hour)) for hour in (0, 12, 23))]
    if not ahead:
        return "", ""
    return f"{ahead[0]:%Y-%m-%dT%H}", f"{ahead[-1] + timedelta(days=1):%Y-%m-%dT%H}"


def _is_ahead(instant: datetime) -> bool:
    return bool(instant.astimezone(LONDON).utcoffset())


def _moment(text: str | None) -> Moment | None:
    return Moment.parse(text) if text else None
