"""The names a procedure file uses: which keys hold them, what they may name, and those that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from asbcli import words
from asbcli.casefile.vocabulary import EVENTS, FACTS
from asbcli.procedure.drafting.composing import Whole
from asbcli.procedure.drafting.format import CONDITION, KINDS
from asbcli.procedure.drafting.mistakes import Mistake, nearest, quoted
from asbcli.procedure.drafting.written import Written

MOST_GUESSES = 100
"""A guess at what was meant costs milliseconds; past so many the file is not one an officer mistyped."""

ANSWERS = (*words.choices(words.Answer), "not-applicable")
STEPS = ("disclosure",)
"""What a gate can stand before, besides an event to come."""
EVENT_KEYS = (
    "starts",
    "until_then",
    "before",
    "lasting_from",
    "met_by",
    "met_by_all",
    "met_by_unnamed",
    "ended_by",
    "reasons",
)

_CONDITION_OF_FACTS = dict.fromkeys(CONDITION, "fact")
_REFERENCES: dict[str, dict[str, str]] = {
    "include": _CONDITION_OF_FACTS,
    "category": {"priority": "priority", "flags": "flag"},
    "flag": {"priority": "priority", "removed_by": "role"},
    "event": {"by": "role"},
    "fact": _CONDITION_OF_FACTS,
    "question": {"step": "step"} | _CONDITION_OF_FACTS,
    "guidance": {"on": "fact"} | _CONDITION_OF_FACTS,
    "paragraph": {"answers": "question"} | _CONDITION_OF_FACTS,
    "outcome": _CONDITION_OF_FACTS,
    "gate": {"before": "step", "role": "role", "needs": "fact", "needs_any": "fact"} | _CONDITION_OF_FACTS,
    "deadline": {"replaces": "deadline"} | dict.fromkeys(EVENT_KEYS, "event") | _CONDITION_OF_FACTS,
    "target": {"rule": "deadline"} | _CONDITION_OF_FACTS,
}
"""For each table, which keys hold names, and of what."""

_DECLARED_IN = {
    "event.": "event",
    "remedy.": "remedy",
    "done.": "deadline",
    "missed.": "deadline",
    "reached.": "deadline",
    "passed.": "deadline",
    "open.": "deadline",
    "flag.": "flag",
    "answered.": "question",
    "answer.": "question",
    "category.": "category",
    "priority.": "priority",
    "outcome.": "outcome",
}
"""Families of events and facts, and the table whose ids their members name."""


def named(written: Written) -> Iterator[tuple[str, str, list[str]]]:
    """Each key that holds names, what they name, and the names."""
    for key, kind in _REFERENCES.get(written.kind, {}).items():
        given = written.values.get(key, [])
        yield key, kind, [given] if isinstance(given, str) else given
    limit = written.values.get("limit")
    for number, option in enumerate(limit if isinstance(limit, list) else [], 1):
        for key in CONDITION:
            yield f"limit.{number}.{key}", "fact", option.get(key, [])


def unknown_names(whole: Whole) -> Iterator[Mistake]:
    """Names that nothing answers to, and derived facts that can't be told apart or come too late."""
    known = known_names(whole)
    guesses = iter(range(MOST_GUESSES))
    for written in chain(whole.includes, *(tables.values() for tables in whole.tables.values())):
        for key, kind, names in named(written):
            for name in names:
                if name and name not in known[kind]:
                    guess = nearest(name, known[kind]) if next(guesses, None) is not None else ""
                    label = "rule" if kind == "deadline" else kind
                    wrong = f"{quoted(name)} is no {label} we know"
                    yield written.mistake(key, wrong, guess or _how_to_declare(name, kind))
    yield from _derived_facts(whole, known)


def known_names(whole: Whole) -> dict[str, frozenset[str]]:
    """Every name each kind of key may hold."""
    ids: dict[str, frozenset[str]] = {kind: frozenset(whole.tables[kind]) for kind in KINDS}
    events = EVENTS.union(
        (f"event.{kind}" for kind in ids["event"]),
        (f"done.{rule}" for rule in ids["deadline"]),
        (f"missed.{rule}" for rule in ids["deadline"]),
        (f"flag.{flag}.{step}" for flag in ids["flag"] for step in ("added", "removed")),
        (f"answered.{question}" for question in ids["question"]),
        (f"outcome.{outcome}" for outcome in ids["outcome"]),
        (
            f"remedy.{name}.{state}"
            for name, remedy in whole.tables["remedy"].items()
            for state in remedy.values.get("states", ())
        ),
    )
    facts = FACTS.union(
        events,
        ids["flag"],
        ids["fact"],
        (f"{standing}.{rule}" for rule in ids["deadline"] for standing in ("open", "reached", "passed")),
        (f"priority.{level}" for level in ids["priority"]),
        (f"category.{category}" for category in ids["category"]),
        (f"answer.{question}.{answer}" for question in ids["question"] for answer in ANSWERS),
    )
    return ids | {"event": events, "fact": facts, "step": events.union(STEPS)}


def _how_to_declare(name: str, kind: str) -> str:
    table = next((table for family, table in _DECLARED_IN.items() if name.startswith(family)), kind)
    if table == "remedy":
        return "declare the [[remedy]], and the state among its states"
    if table == "fact":
        return "declare it as a [[flag]] or a derived [[fact]]"
    if table == "step" or (table == "event" and not name.startswith("event.")):
        return 'write an event, e.g. "report", or event.NAME with NAME declared as an [[event]]'
    return f"declare it with [[{table}]]"


def _derived_facts(whole: Whole, known: dict[str, frozenset[str]]) -> Iterator[Mistake]:
    """Facts are derived in the file's order, so each may look only at those above it."""
    below = set(whole.tables["fact"])
    taken = known["fact"] - below | known["flag"]
    for name, fact in whole.tables["fact"].items():
        if name in taken:
            yield fact.mistake("id", f"{quoted(name)} already means something else", "choose another name")
        for key, _, names in named(fact):
            for other in below.intersection(names):
                yield fact.mistake(key, f"{quoted(other)} is derived only further down", "put that one above")
        below.remove(name)
