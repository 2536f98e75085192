"""What a written procedure is: its categories, rules, gates and words, each with its clause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import Any

from asbcli.procedure.office import OfficeHours
from asbcli.workdays import Limit, parse_limit

Table = Mapping[str, Any]

_SETS_OF_FACTS = 300
"""Cases are much alike: what follows from so many sets of facts is kept, and not worked out for each case anew."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Facts that must hold: all of `when`, one of `when_any`, none of `unless`."""

    when: frozenset[str] = frozenset()
    when_any: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()

    @classmethod
    def of(cls, table: Table) -> Condition:
        """The condition a table of the file states; one that says nothing always holds."""
        return cls(*(frozenset(table.get(key, ())) for key in ("when", "when_any", "unless")))

    def holds(self, facts: Iterable[str]) -> bool:
        """Whether the facts satisfy it."""
        known = facts if isinstance(facts, frozenset) else frozenset(facts)
        return (
            self.when <= known
            and not (self.unless & known)
            and (not self.when_any or bool(self.when_any & known))
        )

    @property
    def facts(self) -> frozenset[str]:
        """Every fact it looks at."""
        return self.when | self.when_any | self.unless


@dataclass(frozen=True, slots=True)
class Option:
    """One of a rule's limits, and when it is the one that holds."""

    within: Limit
    condition: Condition = Condition()


@dataclass(frozen=True, slots=True)
class Rule:
    """One duty with its clock: what starts it, what stops it, how long there is, and the clause it stands in.

    `each`: whom or what one clock each is kept for. `asked`: the date comes with the starting entry.
    `then`: so long after that date. `agreed`: the interval comes from what was agreed in the case. `earliest`: the
    date is the first on which it may be done, not the last. No limit at all: an open item, which ages.
    """

    id: str
    title: str
    source: str
    clause: str
    strength: str
    condition: Condition = Condition()
    each: str = "case"
    unnamed: bool = False
    starts: tuple[str, ...] = ()
    pick: str = "first"
    until_then: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    combine: str = "first"
    asked: bool = False
    agreed: bool = False
    default: Limit | None = None
    then: Limit | None = None
    earliest: bool = False
    act_within: Limit | None = None
    overdue_after_act_by: bool = False
    every: Limit | None = None
    anchor: str = "held"
    lasting: Limit | None = None
    lasting_from: tuple[str, ...] = ()
    met_by: tuple[str, ...] = ()
    met_by_all: tuple[str, ...] = ()
    met_by_unnamed: tuple[str, ...] = ()
    met_before_start: bool = False
    ended_by: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    survives_closing: bool = False
    holds_from: date | None = None
    holds_until: date | None = None

    @property
    def repeats(self) -> bool:
        """Whether each one held starts the next."""
        return self.every is not None or self.agreed

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The rules, by id, whose being missed starts, meets or ends this one."""
        names = chain(
            self.starts, self.until_then, self.before, self.lasting_from, self.met_by, self.met_by_all,
            self.met_by_unnamed, self.ended_by, self.reasons,
        )
        return tuple(dict.fromkeys(
            name.removeprefix("missed.") for name in names if name.startswith("missed.")
        ))


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of behaviour, and the priority it asks for; `asb` false means advice, and no case."""

    id: str
    title: str
    priority: str
    flags: tuple[str, ...] = ()
    clause: str = ""
    asb: bool = True


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark on a case that changes what applies; `priority` is the least it asks for."""

    id: str
    title: str
    priority: str | None = None
    protective: bool = False
    removed_by: str | None = None
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """What must be true before a step to come; `role` may override it, with a reason."""

    before: tuple[str, ...]
    title: str
    source: str
    clause: str
    needs: Condition
    condition: Condition = Condition()
    role: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing a step must have answered; `unknown` and `not-applicable` are answers, blank is not."""

    id: str
    text: str
    step: str
    source: str
    clause: str
    condition: Condition = Condition()


@dataclass(frozen=True, slots=True)
class Guidance:
    """Words to show at the moment they matter: when the fact first holds, or the event happens."""

    on: tuple[str, ...]
    text: str
    source: str
    clause: str
    first: bool = False
    condition: Condition = Condition()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What a letter says because the procedure asks for it: which letters, and to which side.

    `answers` is the checklist's question that the victim's letter answers with it.
    """

    id: str
    letters: tuple[str, ...]
    to: tuple[str, ...]
    text: str
    source: str
    clause: str
    answers: str = ""
    condition: Condition = Condition()


@dataclass(frozen=True, slots=True)
class OutcomeKind:
    """A way a case can end, and what that means for the regulator and the letters.

    `to_victim` and `to_perpetrator` are the reason in the words of that side's closing letter.
    """

    id: str
    title: str
    to_victim: str = ""
    to_perpetrator: str = ""
    resolved: bool = False
    letter: bool = False
    counts: bool = False
    clause: str = ""
    condition: Condition = Condition()


@dataclass(frozen=True, slots=True)
class Target:
    """A share of all cases to be reached, beside each case's own limits; `share` is in per cent.

    `measure`: `closed` or `resolved` within a limit from the report, or `met`: a rule's deadlines in time.
    """

    id: str
    title: str
    measure: str
    share: int
    source: str
    clause: str
    within: Limit | None = None
    rule: str | None = None
    condition: Condition = Condition()


@dataclass(frozen=True, slots=True)
class Kind:
    """A declared kind: a role, a dated fact, or a remedy with its states.

    Of a dated fact `planned` says that it may lie ahead, `specifies` which further date stands in it, such as that in
    a notice, `by` which role decides it, who is named with it, and `asks` what else has to be said of it. A remedy's
    state among `lasts` holds until a date, or for good.
    """

    id: str
    title: str
    clause: str = ""
    planned: bool = False
    specifies: str = ""
    states: tuple[str, ...] = ()
    legal: bool = False
    lasts: tuple[str, ...] = ()
    by: str = ""
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A name for a combination of other facts."""

    id: str
    condition: Condition


@dataclass(frozen=True)
class Procedure:
    """One landlord's written procedure, whole: what was adopted, and what a case is held to."""

    id: str
    version: str
    title: str
    in_force_from: date
    priorities: tuple[Kind, ...] = ()
    categories: Mapping[str, Category] = field(default_factory=dict)
    flags: Mapping[str, Flag] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    gates: tuple[Gate, ...] = ()
    questions: Mapping[str, Question] = field(default_factory=dict)
    guidance: tuple[Guidance, ...] = ()
    paragraphs: Mapping[str, Paragraph] = field(default_factory=dict)
    outcomes: Mapping[str, OutcomeKind] = field(default_factory=dict)
    roles: Mapping[str, Kind] = field(default_factory=dict)
    events: Mapping[str, Kind] = field(default_factory=dict)
    remedies: Mapping[str, Kind] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    office: OfficeHours | None = None

    @property
    def key(self) -> str:
        """`id@version`, as a case names the procedure it was opened under."""
        return f"{self.id}@{self.version}"

    def rank(self, priority: str) -> int:
        """How serious a priority is: 0 is the most serious, as the file lists them."""
        return self._ranks[priority]

    def highest(self, priorities: Iterable[str]) -> str | None:
        """The most serious of several priorities (2.1.1: the highest wins), or none of none."""
        return min(priorities, key=self.rank, default=None)

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {level.id: rank for rank, level in enumerate(self.priorities)}

    @cached_property
    def starters(self) -> dict[str, frozenset[str]]:
        """Which rules each event may start: a case looks at these only."""
        found: dict[str, set[str]] = {}
        for rule in self.rules.values():
            for name in (*rule.starts, *rule.until_then, *rule.before):
                found.setdefault(name, set()).add(rule.id)
        return {name: frozenset(ids) for name, ids in found.items()}

    @cached_property
    def after_missed(self) -> tuple[Rule, ...]:
        """The rules that wait for another one's limit to be missed, each after those it waits for."""
        placed: dict[str, Rule] = {}
        waiting = {rule.id: rule for rule in self.rules.values() if rule.waits_for}
        while waiting:
            ready = [rule for rule in waiting.values() if waiting.keys().isdisjoint(rule.waits_for)]
            # Rules that wait for each other in a circle are refused when a procedure is checked.
            for rule in ready or list(waiting.values()):
                placed[rule.id] = waiting.pop(rule.id)
        return tuple(placed.values())

    @cached_property
    def facts_looked_at(self) -> frozenset[str]:
        """Every fact any rule's condition looks at: a change of another fact moves no deadline."""
        conditions = [fact.condition for fact in self.facts]
        for rule in self.rules.values():
            conditions += [rule.condition, *(option.condition for option in rule.options)]
        return frozenset().union(*(condition.facts for condition in conditions))

    @cached_property
    def with_derived(self) -> Callable[[frozenset[str]], frozenset[str]]:
        """The facts, and those the procedure derives from them, in the file's order."""
        return lru_cache(_SETS_OF_FACTS)(self._with_derived)

    def _with_derived(self, facts: frozenset[str]) -> frozenset[str]:
        known = set(facts)
        for fact in self.facts:
            if fact.condition.holds(known):
                known.add(fact.id)
        return frozenset(known)

    @cached_property
    def applying(self) -> Callable[[frozenset[str]], Mapping[str, tuple[Limit, ...]]]:
        """The rules that apply while these facts are so, by id, and those of each one's limits that do."""
        return lru_cache(_SETS_OF_FACTS)(self._applying)

    def _applying(self, facts: frozenset[str]) -> dict[str, tuple[Limit, ...]]:
        found = {}
        for rule in self.rules.values():
            if rule.condition.holds(facts):
                limits = tuple(option.within for option in rule.options if option.condition.holds(facts))
                if limits or not rule.options:
                    found[rule.id] = limits
        return found


def procedure_of(composed: Table) -> Procedure:
    """The procedure a composed table states, which was checked when it was adopted, so not here."""
    head = composed["procedure"]
    return Procedure(
        id=head["id"],
        version=head["version"],
        title=head["title"],
        in_force_from=_day(head["in_force_from"]),
        priorities=tuple(_plain(Kind, table) for table in composed.get("priority", ())),
        categories=_by_id(_plain(Category, table) for table in composed.get("category", ())),
        flags=_by_id(_plain(Flag, table) for table in composed.get("flag", ())),
        facts=tuple(Fact(table["id"], Condition.of(table)) for table in composed.get("fact", ())),
        rules=_by_id(rule_of(table) for table in composed.get("deadline", ())),
        gates=tuple(_gate(table) for table in composed.get("gate", ())),
        questions=_by_id(_conditional(Question, table) for table in composed.get("question", ())),
        guidance=tuple(_conditional(Guidance, table) for table in composed.get("guidance", ())),
        paragraphs=_by_id(_conditional(Paragraph, table) for table in composed.get("paragraph", ())),
        outcomes=_by_id(_conditional(OutcomeKind, table) for table in composed.get("outcome", ())),
        roles=_by_id(_plain(Kind, table) for table in composed.get("role", ())),
        events=_by_id(_plain(Kind, table) for table in composed.get("event", ())),
        remedies=_by_id(_plain(Kind, table) for table in composed.get("remedy", ())),
        targets=_by_id(_target(table) for table in composed.get("target", ())),
        office=OfficeHours.of(composed["office"]) if "office" in composed else None,
    )


def rule_of(table: Table) -> Rule:
    """One `[[deadline]]` table as a rule."""
    limit = table.get("limit")
    words = {"asked": limit == "asked", "agreed": limit == "agreed"}
    values = {
        **_values(Rule, table),
        **words,
        "condition": Condition.of(table),
        "options": () if limit is None or any(words.values()) else _options(limit),
    }
    for name in ("default", "then", "act_within", "every", "lasting"):
        if name in table:
            values[name] = parse_limit(table[name])
    for name in ("holds_from", "holds_until"):
        if name in table:
            values[name] = _day(table[name])
    return Rule(**values)


def _options(limit: Any) -> tuple[Option, ...]:
    if isinstance(limit, str):
        return (Option(parse_limit(limit)),)
    return tuple(Option(parse_limit(each["within"]), Condition.of(each)) for each in limit)


def _gate(table: Table) -> Gate:
    return Gate(
        before=tuple(table["before"]),
        title=table["title"],
        source=table["source"],
        clause=table["clause"],
        needs=Condition(frozenset(table.get("needs", ())), frozenset(table.get("needs_any", ()))),
        condition=Condition.of(table),
        role=table.get("role"),
        id=table.get("id", ""),
    )


def _target(table: Table) -> Target:
    within = parse_limit(table["within"]) if "within" in table else None
    return Target(**{**_values(Target, table), "within": within, "condition": Condition.of(table)})


def _values(kind: type, table: Table) -> dict[str, Any]:
    names = _names(kind)
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in table.items()
        if name in names
    }


@cache
def _names(kind: type) -> frozenset[str]:
    return frozenset(each.name for each in fields(kind))


def _plain(kind: type[Any], table: Table) -> Any:
    return kind(**_values(kind, table))


def _conditional(kind: type[Any], table: Table) -> Any:
    return kind(**_values(kind, table), condition=Condition.of(table))


def _by_id(things: Iterable[Any]) -> dict[str, Any]:
    return {thing.id: thing for thing in things}


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
