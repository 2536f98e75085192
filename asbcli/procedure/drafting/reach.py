"""What in a procedure can never be: rules that never apply or start, gates that nothing can satisfy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from asbcli.casefile.vocabulary import FACTS
from asbcli.procedure.drafting.checking import circles
from asbcli.procedure.drafting.composing import Whole
from asbcli.procedure.drafting.format import CONDITION
from asbcli.procedure.drafting.mistakes import Mistake, quoted
from asbcli.procedure.drafting.naming import EVENT_KEYS
from asbcli.procedure.drafting.possible import Possible, family
from asbcli.procedure.drafting.written import Written
from asbcli.procedure.rules import Condition

_AT_DISCLOSURE = frozenset(fact for fact in FACTS if fact.startswith(("recipient.", "consent.recipient")))
"""Facts of the disclosure about to be made: they are so at that step and at no other moment."""
_NOW_ONLY = ("open.", "missed.", "reached.", "passed.", "plan.all-done")
"""Facts that depend on the moment asked about, which a clock does not know: gates and words do."""

_SO = {
    "outcome": "so it can never be chosen",
    "question": "so it is never asked",
    "guidance": "so it is never shown",
    "paragraph": "so it is never written",
    "gate": "so it never stands in the way",
}


def unreachable(whole: Whole) -> Iterator[Mistake]:
    """Everything that can never apply, start or be satisfied, told where it is written."""
    reach = _Reach.of(whole)
    for fact in whole.tables["fact"].values():
        yield from reach.condition(fact, "so it is never so", never=frozenset())
    for include in whole.includes:
        yield from reach.condition(include, "so nothing of the file ever applies", never=frozenset())
    for rule in whole.tables["deadline"].values():
        yield from reach.rule(rule)
    for kind, so in _SO.items():
        for table in whole.tables[kind].values():
            yield from reach.table(table, so)
    for target in whole.tables["target"].values():
        yield from reach.condition(target, "so it measures no case", never=reach.never | _AT_DISCLOSURE)


@dataclass(frozen=True, slots=True)
class _Reach:
    """What can be so under one procedure, and which of its rules can ever start."""

    whole: Whole
    possible: Possible
    derived: dict[str, Condition]
    never: frozenset[str]
    """Facts that nothing makes true: a category of behaviour no case is opened for, a limit never missed."""
    circular: frozenset[str]

    @classmethod
    def of(cls, whole: Whole) -> _Reach:
        derived = {name: Condition.of(fact.values) for name, fact in whole.tables["fact"].items()}
        no_case = {
            f"category.{name}"
            for name, category in whole.tables["category"].items()
            if category.values.get("asb") is False
        }
        rules = whole.tables["deadline"]
        never_missed = {f"missed.{name}" for name, rule in rules.items() if not _lapses(rule)}
        never_due = {
            f"{standing}.{name}"
            for name, rule in rules.items()
            for standing in ("reached", "passed")
            if not _falls_due(rule)
        }
        circular = frozenset(chain.from_iterable(circles(rules)))
        return cls(whole, Possible(derived), derived, frozenset(no_case | never_missed | never_due), circular)

    # -- conditions

    def condition(self, table: Written, so: str, *, never: frozenset[str]) -> Iterator[Mistake]:
        """A table's own condition, where it can never hold."""
        if table.unreadable.isdisjoint(CONDITION):
            yield from self._clash(table, table.values, "", so, never)

    def _clash(
        self, table: Written, values: dict[str, Any], prefix: str, so: str, never: frozenset[str]
    ) -> Iterator[Mistake]:
        condition = Condition.of(values)
        if not self.possible.together((condition, True), never=never):
            key, why = _why(condition, never)
            yield table.mistake(prefix + key, f"{why}, {so}", "change the condition, or leave the table out")

    def rule(self, rule: Written) -> Iterator[Mistake]:
        """A rule that never applies or starts, or one of whose limits never holds."""
        if rule.unreadable.intersection((*CONDITION, "limit")):
            return
        never = self.never | _AT_DISCLOSURE
        yield from self._asks_what_time_it_is(rule)
        clash = [*self.condition(rule, "so the rule never applies", never=never)]
        yield from clash
        if not clash:
            yield from self._limits(rule, never)
        yield from self._never_starts(rule)

    def _limits(self, rule: Written, never: frozenset[str]) -> Iterator[Mistake]:
        limit = rule.values.get("limit")
        own = Condition.of(rule.values)
        above: list[tuple[str | Condition, bool]] = []
        for number, option in enumerate(limit if isinstance(limit, list) else [], 1):
            condition, key = Condition.of(option), f"limit.{number}"
            clash = [*self._clash(rule, option, f"{key}.", "so this limit never holds", never)]
            yield from clash
            if clash:
                continue
            if not self.possible.together((own, True), (condition, True), never=never):
                yield rule.mistake(key, "it never holds where the rule applies", "change its condition")
            elif rule.values.get("combine", "first") == "first" and condition.facts:
                if not self.possible.together((own, True), (condition, True), *above, never=never):
                    yield rule.mistake(key, "a limit above always holds where this one would", "put it first")
                above.append((condition, False))

    def _asks_what_time_it_is(self, rule: Written) -> Iterator[Mistake]:
        """A clock's condition is followed from entry to entry, and that a limit passes is no entry."""
        for key, names in _conditions(rule):
            for name in names:
                asked = next((fact for fact in self._facts_behind(name) if fact.startswith(_NOW_ONLY)), None)
                if asked:
                    wrong = f"{quoted(asked)} depends on the day it is looked at, which no clock knows"
                    yield rule.mistake(key, wrong, "start or end the rule with an event instead")

    def _facts_behind(self, name: str, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        if name in seen or name not in self.derived:
            yield name
            return
        for fact in sorted(self.derived[name].facts):
            yield from self._facts_behind(fact, seen | {name})

    # -- gates, questions, words, outcomes

    def table(self, table: Written, so: str) -> Iterator[Mistake]:
        """A table that is looked at when a step is taken or a fact comes true."""
        at = {*table.values.get("before", ()), table.values.get("step"), *table.values.get("on", ())}
        never = self.never if "disclosure" in at else self.never | _AT_DISCLOSURE
        clash = [*self.condition(table, so, never=never)]
        yield from clash
        if clash or not table.unreadable.isdisjoint((*CONDITION, "needs", "needs_any", "on")):
            return
        own = (Condition.of(table.values), True)
        if table.kind == "gate":
            needs = Condition(*(frozenset(table.values.get(key, ())) for key in ("needs", "needs_any")))
            if not self.possible.together((needs, True), never=never):
                key, why = _why(needs, never)
                key = "needs" if key == "when" else "needs_any"
                yield table.mistake(key, f"{why}, so nothing can satisfy it", "change what it needs")
            elif not self.possible.together(own, (needs, True), never=never):
                wrong = "nothing can satisfy it: what it needs can't hold while its condition does"
                yield table.mistake("needs", wrong, "change what it needs, or its condition")
        elif table.kind == "guidance" and not any(
            self.possible.together(own, (fact, True), never=never) for fact in table.values.get("on", ())
        ):
            yield table.mistake("on", f"this can't be while its condition holds, {so}", "change one of them")

    # -- what starts a rule

    def _never_starts(self, rule: Written) -> Iterator[Mistake]:
        name = rule.values.get("id", "")
        if name in self._startable() or name in self.circular or not _starts(rule):
            return
        if rule.unreadable.intersection(EVENT_KEYS):
            return
        first = _starts(rule)[0]
        waited_for = first.partition(".")[2]
        other = self.whole.tables["deadline"].get(waited_for)
        why = "that rule never starts"
        if first.startswith("missed.") and other and not _lapses(other):
            why = "that rule is never overdue"
        key = "starts" if rule.values.get("starts") else "before"
        wrong = f"nothing ever starts it: {quoted(first)} never happens, since {why}"
        yield rule.mistake(key, wrong, "start it from something else")

    def _startable(self) -> frozenset[str]:
        """The rules something can start: found from those that events start, to those that wait for them."""
        rules = self.whole.tables["deadline"]
        found: set[str] = set()
        while True:
            more = {
                name
                for name, rule in rules.items()
                if name not in found and any(self._happens(event, found) for event in _starts(rule))
            }
            if not more:
                return frozenset(found)
            found |= more

    def _happens(self, event: str, startable: set[str]) -> bool:
        family_of, _, name = event.partition(".")
        if family_of not in ("missed", "done") or name not in self.whole.tables["deadline"]:
            return event not in self.never
        return name in startable and event not in self.never


def _starts(rule: Written) -> list[str]:
    return [name for key in ("starts", "until_then", "before") for name in rule.values.get(key, ())]


def _conditions(rule: Written) -> Iterator[tuple[str, list[str]]]:
    yield from ((key, rule.values.get(key, [])) for key in CONDITION)
    limit = rule.values.get("limit")
    for number, option in enumerate(limit if isinstance(limit, list) else [], 1):
        yield from ((f"limit.{number}.{key}", option.get(key, [])) for key in CONDITION)


def _lapses(rule: Written) -> bool:
    """Whether a rule's limit can be missed: a prompt's cannot, nor that of an item which only ages."""
    if rule.values.get("strength") == "may":
        return False
    return _falls_due(rule) or bool(rule.values.get("overdue_after_act_by"))


def _falls_due(rule: Written) -> bool:
    """Whether there is a day it is due on."""
    return bool(rule.values.get("limit") or rule.values.get("every") or rule.unreadable)


def _why(condition: Condition, never: frozenset[str]) -> tuple[str, str]:
    """The key where a condition that never holds goes wrong, and why, as far as one look can tell."""
    both = sorted(condition.when & condition.unless)
    if both:
        return "unless", f"{quoted(both[0])} stands in when too"
    if condition.when_any and condition.when_any <= condition.unless:
        return "when_any", "all of it stands in unless too"
    impossible = sorted(condition.when & never)
    if impossible:
        return "when", f"{quoted(impossible[0])} never comes true"
    by_family: dict[str, str] = {}
    for fact in sorted(condition.when):
        other = by_family.setdefault(family(fact), fact) if family(fact) else fact
        if other != fact:
            return "when", f"a case never has {quoted(other)} and {quoted(fact)} at once"
    return ("when" if condition.when else "when_any"), "these can never hold together"
