"""Whether conditions can hold together, against every way things could be."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from asbcli.procedure.drafting.possible import Possible, family
from asbcli.procedure.rules import Condition

BASE = ("hate", "anonymous", "priority.1", "priority.2", "answer.q.yes", "answer.q.no")
DERIVED = ("first", "second")
ABOVE = {"first": BASE, "second": (*BASE, "first")}


def conditions(*names: str) -> st.SearchStrategy[Condition]:
    facts = st.frozensets(st.sampled_from(names), max_size=3)
    return st.builds(Condition, facts, facts, facts)


DERIVATIONS = st.fixed_dictionaries({name: conditions(*ABOVE[name]) for name in DERIVED})


def can_be(derived: dict[str, Condition], goals: list[tuple[Condition, bool]], never: frozenset[str]) -> bool:
    """Every way in which the base facts could be, one after the other."""
    for held in product((False, True), repeat=len(BASE)):
        facts = {fact for fact, holds in zip(BASE, held, strict=True) if holds}
        families = [family(fact) for fact in facts if family(fact)]
        if facts & never or len(families) != len(set(families)):
            continue
        for name in DERIVED:
            if derived[name].holds(facts):
                facts.add(name)
        if all(condition.holds(facts) == wanted for condition, wanted in goals):
            return True
    return False


@given(
    derived=DERIVATIONS,
    goals=st.lists(st.tuples(conditions(*BASE, *DERIVED), st.booleans()), max_size=3),
    never=st.frozensets(st.sampled_from(BASE), max_size=1),
)
def test_what_can_hold_together_is_what_some_case_could_be(
    derived: dict[str, Condition], goals: list[tuple[Condition, bool]], never: frozenset[str]
) -> None:
    assert Possible(derived).together(*goals, never=never) == can_be(derived, goals, never)


def test_a_puzzle_made_to_be_hard_ends_soon() -> None:
    names = [f"fact-{number}" for number in range(60)]
    hard = {
        f"clause-{number}": Condition(when_any=frozenset(names[number % 50 : number % 50 + 9]))
        for number in range(200)
    }
    goals = [(condition, number % 3 != 0) for number, condition in enumerate(hard.values())]
    assert Possible(hard).together(*goals) in (True, False)
