"""One table held against the shape its kind has, and what is wrong with it in an officer's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

from pydantic import BaseModel, ValidationError

from asbcli.procedure.drafting.format import MODELS, PATTERNS, Option, Override, Week, number_as_word
from asbcli.procedure.drafting.mistakes import Mistake, nearest, one_of, quoted
from asbcli.procedure.drafting.written import Written

MOST_GUESSES_A_TABLE = 20
"""A guess at what was meant costs milliseconds; past so many the file is not one an officer mistyped."""

_OWN_KEYS = frozenset(Override.model_fields)
_RIGHT_TYPE = frozenset(
    ["string_pattern_mismatch", "string_too_short", "string_too_long", "literal_error", "too_long"]
)
_WRONG_TYPE = {
    "string_type": "write text in quotes",
    "list_type": 'write a list, e.g. ["hate"]',
    "bool_type": "write true or false, without quotes",
    "int_type": "write a whole number without quotes, e.g. 90",
    "greater_than_equal": "write a number from 1 to 100",
    "less_than_equal": "write a number from 1 to 100",
    "date_type": "write a date without quotes, e.g. 2026-04-01",
    "model_type": 'write a table, e.g. { within = "24 hours" }',
}
_INNER: dict[str, type[BaseModel]] = {"limit": Option, "hours": Week}
"""Keys that hold tables of their own."""


def shaped(written: Written, table: Any) -> tuple[Written, list[Mistake]]:
    """The table in plain values, less those of a wrong type, and each mistake in its shape."""
    override = written.kind == "override"
    errors = _errors_of_override(table) if override else _errors(MODELS[written.kind], table)
    bad = {
        str(error["loc"][0]) if error["loc"] else "" for error in errors if error["type"] not in _RIGHT_TYPE
    }
    values = {key: _plain(key, value) for key, value in written.values.items() if key not in bad}
    readable = replace(written, values=values, unreadable=frozenset(bad & written.values.keys()))
    guess = len(errors) <= MOST_GUESSES_A_TABLE
    return readable, [_mistake(readable, error, guess=guess) for error in errors]


def _errors(model: type[BaseModel], table: Any) -> list[Any]:
    try:
        model.model_validate(table)
    except ValidationError as error:
        return list(error.errors(include_url=False))
    return []


def _errors_of_override(table: Any) -> list[Any]:
    """An override is the table it changes with nothing required but its id."""
    if not isinstance(table, dict):
        return _errors(Override, table)
    errors = _errors(Override, {key: value for key, value in table.items() if key in _OWN_KEYS})
    if any(error["loc"] == ("table",) for error in errors):
        return errors
    changed = {key: value for key, value in table.items() if key not in _OWN_KEYS}
    return errors + [
        error
        for error in _errors(_changed_by(table), changed)
        if error["type"] != "missing" or len(error["loc"]) > 1
    ]


def _changed_by(override: dict[str, Any]) -> type[BaseModel]:
    return MODELS[override.get("table", "deadline")]


def _plain(key: str, value: Any) -> Any:
    """As JSON can hold it: dates as ISO text, a priority's number as its word."""
    if isinstance(value, list):
        return [_plain("", each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(name, each) for name, each in value.items()}
    if isinstance(value, date | time):
        return value.isoformat()
    return number_as_word(value) if key in ("id", "priority") else value


def _mistake(written: Written, error: Any, *, guess: bool) -> Mistake:
    """One of pydantic's errors in an officer's words."""
    keys, steps = _keys_at(written, error["loc"])
    key = ".".join(
        str(step + 1 if isinstance(step, int) else step) for step in steps
    )  # officers count from 1
    kind, context = error["type"], error.get("ctx", {})
    shown = quoted(error["input"])
    match kind:
        case "missing":
            return written.mistake(key, "is missing")
        case "extra_forbidden":
            meant = nearest(str(steps[-1]), keys) if guess else ""
            return written.mistake(key, "unknown key", meant or one_of(keys))
        case "literal_error":
            return written.mistake(
                key, f"{shown} is not allowed", f"write {context['expected']}".replace("'", '"')
            )
        case "string_pattern_mismatch":
            return written.mistake(key, f"{shown} will not do", PATTERNS[context["pattern"]])
        case "string_too_short":
            return written.mistake(key, "says nothing")
        case "string_too_long":
            return written.mistake(
                key, f"is too long: {shown}", f"at most {context['max_length']} characters"
            )
        case "too_long":
            return written.mistake(key, "holds too many", f"at most {context['max_length']}")
        case _:
            return written.mistake(key, f"{shown} will not do", _WRONG_TYPE.get(kind, error["msg"]))


def _keys_at(written: Written, steps: tuple[Any, ...]) -> tuple[list[str], tuple[Any, ...]]:
    """The keys allowed where an error stands, and its place without pydantic's own steps."""
    if len(steps) > 1 and steps[0] in _INNER:
        # The second step into a limit is the form it was taken for, which is no key.
        inner = (steps[0], *steps[2:]) if steps[0] == "limit" else steps
        return list(_INNER[steps[0]].model_fields), inner
    if written.kind == "override":
        table = written.values.get("table", "deadline")
        known = isinstance(table, str) and table in MODELS
        return [*MODELS[table if known else "deadline"].model_fields, "table", "drop"], steps
    return list(MODELS[written.kind].model_fields), steps
