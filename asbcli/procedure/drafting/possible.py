"""Whether conditions can ever hold together: facts are free, but some exclude others and some never come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from asbcli.procedure.rules import Condition

Goal = tuple["str | Condition", bool]
"""A fact or a condition, and whether it is to hold."""

ONE_OF_EACH = (
    "priority.",
    "definition.",
    "channel.",
    "reporter.",
    "perceived-by.",
    "previous-incidents.",
    "police-informed.",
    "outcome.",
)
"""Families of facts of which a case has one at a time; so has each question's answer."""

_MOST_STEPS = 200_000


def family(fact: str) -> str:
    """The family whose members exclude each other; empty where a fact has none."""
    if fact.startswith("answer."):
        return fact.rpartition(".")[0]
    return next((name for name in ONE_OF_EACH if fact.startswith(name)), "")


class Possible:
    """What can be so under one procedure's derived facts."""

    def __init__(self, derived: Mapping[str, Condition]) -> None:
        self._derived = derived
        self._steps = 0

    def together(self, *goals: Goal, never: Collection[str] = frozenset()) -> bool:
        """Whether all of these can be so at once, where the facts `never` cannot.

        Past a bound of work, which only a file made for it needs, anything is held possible.
        """
        worlds = [_World([*goals], {})]
        while worlds:
            world = worlds.pop()
            if self._settled(world, never):
                if not world.choices:
                    return True
                worlds += world.split()
        return False

    def _settled(self, world: _World, never: Collection[str]) -> bool:
        """Take in all that leaves no choice; False where two goals clash."""
        while world.goals:
            self._steps += 1
            if self._steps > _MOST_STEPS:
                world.choices.clear()
                return True
            what, wanted = world.goals.pop()
            if isinstance(what, Condition):
                world.take(what, wanted)
            elif what not in world.known:
                if wanted and (what in never or world.excludes(what)):
                    return False
                world.known[what] = wanted
                if what in self._derived:
                    world.goals.append((self._derived[what], wanted))
            elif world.known[what] != wanted:
                return False
        return True


@dataclass(slots=True)
class _World:
    """One way things could be, as far as it is settled: what is still to take in, and the choices left."""

    goals: list[Goal]
    known: dict[str, bool]
    choices: list[list[list[Goal]]] = field(default_factory=list)

    def take(self, condition: Condition, wanted: bool) -> None:
        """Take a condition apart: what must be so in any case, and what there is a choice of."""
        if wanted:
            self.goals += [(fact, True) for fact in condition.when]
            self.goals += [(fact, False) for fact in condition.unless]
            if condition.when_any:
                self.choices.append([[(fact, True)] for fact in sorted(condition.when_any)])
            return
        ways: list[list[Goal]] = [[(fact, False)] for fact in sorted(condition.when)]
        ways += [[(fact, True)] for fact in sorted(condition.unless)]
        if condition.when_any:
            ways.append([(fact, False) for fact in sorted(condition.when_any)])
        self.choices.append(ways)

    def excludes(self, fact: str) -> bool:
        """Whether another of the fact's family holds already."""
        own = family(fact)
        return bool(own) and any(holds and family(other) == own for other, holds in self.known.items())

    def split(self) -> list[_World]:
        """The worlds that the choice with the fewest ways leads to; a choice without any leads to none."""
        self.choices.sort(key=len, reverse=True)
        *rest, ways = self.choices
        return [_World([*way], dict(self.known), list(rest)) for way in ways]
