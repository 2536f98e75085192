"""What to type so that something happens: what meets a duty, and what a step that is not allowed yet waits for."""

from __future__ import annotations

from asbcli import words
from asbcli.casefile.case import Case
from asbcli.procedure.clock import Deadline
from asbcli.procedure.rules import Condition, Gate, Procedure, Rule

MOST_WAYS = 3  # to one end that are told


def next_command(row: Deadline, case: Case) -> str:
    """What to type to meet a deadline; of several people in the role it names the one it is about."""
    happening = (row.rule.met_by or row.lacking or ("done",))[0]
    kind, step, *_ = [*happening.split("."), ""]
    if kind == "plan" and row.item:
        return f"asb plan {case.number} done {row.item}"
    if kind == "repair":
        return f"asb repair {case.number} {step} --done WHEN"
    if kind == "letter":
        return f"asb letter {case.number} {step} --to {row.person or 'NAME'}"
    if kind == "contact" and step == "agreed":
        return f"asb change {case.number} --contact-every '1 week'"
    several = row.person if row.person and len(case.people_as(step)) > 1 else None
    meeting = kind in ("interview", "contact", "review", "plan", "event", "diary")
    return (meeting and _to_type(happening, case, several)) or f"asb done {case.number} {row.rule.id}"


def to_pass(gate: Gate, procedure: Procedure, case: Case, facts: frozenset[str]) -> str:
    """What to type so that a gate no longer stands, one way or another; empty where no command is known for it."""
    ways = _Ways(procedure, case, facts).of(gate.needs)
    return " or ".join(dict.fromkeys(ways[:MOST_WAYS]))


class _Ways:
    """The ways there are to make a condition hold in a case, each a command or several."""

    def __init__(self, procedure: Procedure, case: Case, facts: frozenset[str]) -> None:
        self.derived = {fact.id: fact.condition for fact in procedure.facts}
        self.rules = procedure.rules
        self.case = case
        self.facts = facts

    def of(self, condition: Condition) -> list[str]:
        """The ways to all that it still needs; none where one of its facts cannot be made so by typing."""
        needed = [self.to(fact) for fact in sorted(condition.when - self.facts)]
        if condition.when_any and not condition.when_any & self.facts:
            needed.append([way for fact in sorted(condition.when_any, key=_yes_first) for way in self.to(fact)])
        needed += [self.away_from(fact) for fact in sorted(condition.unless & self.facts)]
        if len(needed) == 1:
            return needed[0]
        return [" and ".join(ways[0] for ways in needed)] if needed and all(needed) else []

    def to(self, fact: str) -> list[str]:
        """The ways to a fact that is not so."""
        if fact in self.derived:
            return self.of(self.derived[fact])
        typed = _to_type(fact, self.case)
        return [typed] if typed else []

    def away_from(self, fact: str) -> list[str]:
        """The ways from a fact that is so: to what ends it; never to take back what was said of danger."""
        if fact in self.derived:
            return [way for other in sorted(self.derived[fact].unless) for way in self.to(other)]
        kind, _, rest = fact.partition(".")
        if kind == "open":
            return self.met(self.rules[rest])
        question, _, answer = rest.rpartition(".")
        return [f"asb answer {self.case.number} {question} yes"] if kind == "answer" and answer == "no" else []


    def met(self, rule: Rule) -> list[str]:
        """The way to meet a duty that is open: all that it asks for, else to say that it is done."""
        typed = [_to_type(happening, self.case) for happening in rule.met_by[:1] or rule.met_by_all]
        return [" and ".join(typed) if typed and all(typed) else f"asb done {self.case.number} {rule.id}"]


def _yes_first(fact: str) -> tuple[bool, str]:
    return not fact.endswith(".yes"), fact


def _to_type(name: str, case: Case, person: str | None = None) -> str:
    """What to type for an event, or a fact that follows from one; empty where no command makes it so."""
    number = case.number
    kind, first, second = [*name.split(".", 2), "", ""][:3]
    match kind:
        case "interview":
            state = f" --{second}" if second in ("declined", "delayed", "not-appropriate") else ""
            return f"asb interview {number} {first}{f' --person {person}' if person else ''}{state}"
        case "contact":
            purpose = f" --purpose {second}" if second in words.choices(words.Purpose) else ""
            return f"asb contact {number} TEXT --with {person or first}{purpose}"
        case "victim-told":
            return f"asb contact {number} TEXT --with victim --purpose disclosure"
        case "review":
            return f"asb review {number} TEXT --stage {first} --with MANAGER"
        case "plan":
            undone = " and ".join(f"asb plan {number} done {each.item}" for each in case.plan.values() if not each.done)
            return undone if first == "all-done" else f"asb plan {number} add TEXT"
        case "repair":
            return f"asb repair {number} {first} " + ("--photographed" if second == "photographed" else "--done WHEN")
        case "event" | "diary" | "done":
            return f"asb {kind} {number} {first}"
        case "answer" | "remedy":
            return f"asb {kind} {number} {first} {second}"
        case "agency":
            return f"asb agency {number} {first.removesuffix('-known')} NAME"
        case "consent":
            return _consent(first, second, case)
        case "recipient":
            added = {"relevant-authority": "--kind police|local-authority|rsl", "protocol": "--protocol"}.get(first, "")
            return f"asb agency {number} add NAME {added}" if added else ""
    tenancy, _, is_tenancy = first.partition("-")
    if kind in ("victim", "perpetrator") and is_tenancy == "tenancy":
        return f"asb person {number} set {_one(case, kind)} --tenancy {tenancy}"
    return ""


def _consent(purpose: str, step: str, case: Case) -> str:
    """The consent that is lacking: of whom it is asked who has not said yes, or of the one recipient."""
    given = f"asb consent {case.number} {{}} given --for {{}}"
    if step == "withdrawn":
        return ""
    if purpose in ("recipient", "recipient-written"):
        return given.format(_one(case, "victim"), "AGENCY") + (" --written" if purpose.endswith("written") else "")
    if purpose == "investigator":
        return given.format("AGENCY", "perpetrator-interview")
    if purpose not in words.CONSENTS:
        return ""
    last = {event.person: event.name for event in case.events if event.name in (
        f"consent.{purpose}.given", f"consent.{purpose}.withdrawn")}
    asked = case.people_as("victim") or case.people_as("complainant")
    lacking = [each.id for each in asked if not last.get(each.id, "").endswith(".given")]
    return " and ".join(given.format(each, purpose) for each in lacking) or given.format("NAME", purpose)


def _one(case: Case, role: str) -> str:
    """The id of the one person in a role; a name is to be given where there are several, or none."""
    people = [each.id for each in case.people_as(role)]
    return people[0] if len(people) == 1 else "NAME"
