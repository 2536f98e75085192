"""Whether what a procedure file says makes sense: keys that contradict each other, or lack one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from typing import Any

from asbcli.procedure.drafting.composing import Whole
from asbcli.procedure.drafting.format import CONDITION
from asbcli.procedure.drafting.mistakes import Mistake, quoted
from asbcli.procedure.drafting.naming import named
from asbcli.procedure.drafting.written import Written
from asbcli.procedure.office import hours_of, time_of
from asbcli.workdays import parse_limit

_NOT_BOTH = (
    ("starts", "before"),
    ("limit", "act_within"),
    ("every", "act_within"),
    ("every", 'limit = "asked"'),
    ("every", 'limit = "agreed"'),
    ("before", "every"),
    ("before", 'limit = "asked"'),
    ("before", 'limit = "agreed"'),
    ("every", 'pick = "every"'),
    ("until_then", 'pick = "every"'),
    ("every", 'pick = "again"'),
    ("until_then", 'pick = "again"'),
    ("until_then", 'each = "item"'),
    ("every", "met_before_start"),
    ("anchor", 'limit = "agreed"'),
    ("met_before_start", 'limit = "agreed"'),
    ("met_by", "met_by_all"),
)
_ONLY_WITH = (
    ("until_then", "starts"),
    ("default", 'limit = "asked"'),
    ("then", 'limit = "asked"'),
    ("earliest", "limit"),
    ("overdue_after_act_by", "act_within"),
    ("anchor", "every"),
    ("lasting", "every"),
    ("lasting_from", "lasting"),
    ("met_by_unnamed", "unnamed"),
)
_WITHOUT_NUMBER = ("asked", "agreed")

# What an entry can bring with it, by the beginning of its event's name.
_WITH_A_DATE = ("interview.", "finding.", "plan.added", "repair.", "remedy.", "event.")
_WITH_AN_INTERVAL = ("contact.agreed", "remedy.", "diary.")
_WITH_AN_ITEM = (
    "plan.added",
    "plan.done",
    "repair.",
    "remedy.",
    "agency.",
    "consent.agency.",
    "close.agency",
    "done.",
    "missed.",
    "breach",
    "event.",
)


def meaning(whole: Whole) -> Iterator[Mistake]:
    """Mistakes that need no other table's names."""
    if not whole.tables["priority"]:
        yield whole.head.mistake(
            "", "no priority is declared", "write a [[priority]] for each, the most serious first"
        )
    for rule in whole.tables["deadline"].values():
        for look in _LOOKS_AT_A_RULE:
            yield from look(rule, whole)
    for gate in whole.tables["gate"].values():
        yield from _gate(gate)
    for remedy in whole.tables["remedy"].values():
        yield from _remedy(remedy)
    for target in whole.tables["target"].values():
        yield from _target(target)
    if whole.office:
        yield from _office(whole.office)
    for circle in circles(whole.tables["deadline"]):
        wrong = f"it waits for itself: {' → '.join(circle)}"
        rule = whole.tables["deadline"][circle[0]]
        yield rule.mistake("starts", wrong, "let one of them start from something else")


# --- a deadline ---


def _clock(rule: Written, whole: Whole) -> Iterator[Mistake]:
    if rule.lacks("starts") and rule.lacks("before"):
        yield rule.mistake(
            "starts", "nothing starts its clock", 'write starts, or before, e.g. starts = ["report"]'
        )
    if rule.values.get("before") and rule.lacks("limit"):
        yield rule.mistake("limit", "a clock that runs back from a date needs one", 'write e.g. "4 weeks"')
    if rule.values.get("unnamed") and rule.values.get("each", "case") in ("case", "item", "party"):
        yield rule.mistake(
            "unnamed", "only a person can be unnamed", 'write each = "victim", "witness" or "perpetrator"'
        )
    if rule.values.get("id") in rule.values.get("replaces", ()):
        yield rule.mistake("replaces", "it replaces itself", "name another rule")


def _what_starts_it(rule: Written, whole: Whole) -> Iterator[Mistake]:
    """What the starting event must bring with it: a date, an interval, a thing."""
    starts, limit = rule.values.get("starts", []), rule.values.get("limit")
    if limit == "asked" and starts and rule.lacks("default") and not _any(starts, _WITH_A_DATE):
        yield rule.mistake(
            "limit", "no event it starts from brings a date", 'write default, e.g. default = "28 days"'
        )
    if limit == "agreed" and starts and not _any(starts, _WITH_AN_INTERVAL):
        yield rule.mistake(
            "limit", "no event it starts from brings an interval", 'start it from e.g. "contact.agreed"'
        )
    if rule.values.get("each") == "item" and starts and not _any(starts, _WITH_AN_ITEM):
        yield rule.mistake("each", "no event it starts from has an item", 'start it from e.g. "plan.added"')
    for name in rule.values.get("before", ()):
        event = whole.tables["event"].get(name.removeprefix("event.")) if name.startswith("event.") else None
        if event and not event.values.get("planned"):
            wrong, allowed = f"{quoted(name)} never lies ahead", "give that [[event]] planned = true"
            yield rule.mistake("before", wrong, allowed)
        elif not _any([name], _WITH_A_DATE):
            allowed = "name an [[event]] that is planned = true"
            yield rule.mistake("before", f"{quoted(name)} never lies ahead", allowed)


def _any(names: Iterable[str], beginnings: tuple[str, ...]) -> bool:
    return any(name.startswith(beginnings) for name in names)


def _keys_that_go_together(rule: Written, whole: Whole) -> Iterator[Mistake]:
    given = {key for key, value in rule.values.items() if value} | rule.unreadable
    given |= {
        f"{key} = {quoted(value)}"
        for key in ("limit", "pick", "each")
        if isinstance(value := rule.values.get(key), str)
    }
    for one, other in _NOT_BOTH:
        if {one, other} <= given:
            key, allowed = other.split(" ")[0], f"write {one} or {other}, not both"
            yield rule.mistake(key, f"{one} is given too", allowed)
    # An interval agreed in the case repeats as `every` does.
    given |= {"every"} if rule.values.get("limit") == "agreed" else set()
    for key, other in _ONLY_WITH:
        if key in given and other not in given:
            yield rule.mistake(key, f"says nothing without {other}", f"write {other} as well")


def _limits(rule: Written, whole: Whole) -> Iterator[Mistake]:
    limit = rule.values.get("limit", "")
    options = limit if isinstance(limit, list) else []
    worded = [(f"limit.{number}.within", option.get("within")) for number, option in enumerate(options, 1)]
    worded += [] if options or limit in _WITHOUT_NUMBER else [("limit", limit)]
    worded += [(key, rule.values.get(key)) for key in ("default", "then", "act_within", "every", "lasting")]
    yield from _no_limits(rule, worded)
    yield from _no_time_between(rule)
    if rule.values.get("combine", "first") == "first":
        yield from _after_the_last(rule, options)


def _no_limits(written: Written, worded: Iterable[tuple[str, str | None]]) -> Iterator[Mistake]:
    for key, text in worded:
        if text:
            try:
                parse_limit(text)
            except ValueError as error:
                yield written.mistake(key, str(error))


def _no_time_between(rule: Written) -> Iterator[Mistake]:
    """An interval of no time at all would repeat for ever on one day."""
    every = rule.values.get("every", "")
    if every and not [*_no_limits(rule, [("every", every)])]:
        limit = parse_limit(every)
        if limit.stops_short or limit.steps[0].number == 0:
            yield rule.mistake("every", f"{quoted(every)} is no interval", 'write e.g. "1 week"')


def _after_the_last(rule: Written, options: list[dict[str, Any]]) -> Iterator[Mistake]:
    """The first that applies holds: what follows a limit without a condition never does."""
    for number, option in enumerate(options[:-1], 1):
        if not any(option.get(key) for key in CONDITION):
            wrong = "it always applies, so the limits after it never hold"
            yield rule.mistake(f"limit.{number}", wrong, "put the one without a condition last")
            return


def _dates(rule: Written, whole: Whole) -> Iterator[Mistake]:
    first, last = rule.values.get("holds_from"), rule.values.get("holds_until")
    if first and last and first > last:
        yield rule.mistake(
            "holds_until", f"{last} is before holds_from, {first}", "write the later date here"
        )


_LOOKS_AT_A_RULE: tuple[Callable[[Written, Whole], Iterator[Mistake]], ...] = (
    _clock,
    _what_starts_it,
    _keys_that_go_together,
    _limits,
    _dates,
)


def circles(rules: dict[str, Written]) -> Iterator[list[str]]:
    """Rules that wait for their own missing of a limit, by way of others or not."""
    waits = {name: _waits_for(rule) & rules.keys() for name, rule in rules.items()}
    while True:
        try:
            TopologicalSorter(waits).prepare()
            return
        except CycleError as error:
            circle: list[str] = error.args[1][::-1]
        yield circle
        waits = {name: others for name, others in waits.items() if name not in circle}


def _waits_for(rule: Written) -> set[str]:
    """The rules whose being missed it looks at."""
    names = chain.from_iterable(names for _, _, names in named(rule))
    return {name.removeprefix("missed.") for name in names if name.startswith("missed.")}


# --- other tables ---


def _gate(gate: Written) -> Iterator[Mistake]:
    if gate.lacks("needs") and gate.lacks("needs_any"):
        yield gate.mistake("needs", "nothing is needed", "write needs or needs_any: the facts it waits for")
    before, needs_any = set(gate.values.get("before", ())), set(gate.values.get("needs_any", ()))
    itself = before.intersection(gate.values.get("needs", ())) if len(before) == 1 else set()
    if itself or (needs_any and needs_any <= before and len(before) == 1):
        key = "needs" if itself else "needs_any"
        yield gate.mistake(key, "it waits for the very step it stands before", "name what must come first")


def _remedy(remedy: Written) -> Iterator[Mistake]:
    states = remedy.values.get("states", [])
    for state in remedy.values.get("lasts", []):
        if state not in states:
            yield remedy.mistake("lasts", f"{quoted(state)} is none of its states", "add it to states")


def _target(target: Written) -> Iterator[Mistake]:
    yield from _no_limits(target, [("within", target.values.get("within"))])
    needed, other = ("rule", "within") if target.values.get("measure") == "met" else ("within", "rule")
    if "measure" not in target.values:
        return
    measure = f'measure = "{target.values["measure"]}"'
    if target.lacks(needed):
        yield target.mistake(needed, f"is missing: {measure} needs it", f"write {needed}")
    if not target.lacks(other):
        yield target.mistake(other, f"says nothing with {measure}", f"leave {other} out")


def _office(office: Written) -> Iterator[Mistake]:
    cut_off, hours = office.values.get("cut_off"), office.values.get("hours", {})
    if office.lacks("cut_off") and office.lacks("hours"):
        yield office.mistake("", "says nothing", 'write cut_off = "16:00", or hours, or both')
    if cut_off and time_of(cut_off) is None:
        yield office.mistake("cut_off", f"{quoted(cut_off)} is no time of day", 'write e.g. "16:00"')
    for day, text in hours.items():
        if isinstance(text, str) and text and hours_of(text) is None:
            allowed = 'write e.g. "09:00 to 17:00"'
            yield office.mistake(f"hours.{day}", f"{quoted(text)} are no office hours", allowed)
    if hours and not hours.keys() & {"mon", "tue", "wed", "thu", "fri"}:
        wrong = "the office opens on no day from Monday to Friday"
        yield office.mistake("hours", wrong, 'write e.g. mon = "09:00 to 17:00"')
