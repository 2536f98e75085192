"""A step the procedure does not allow yet says, for each condition, what to type once it is so; and then it passes."""

from __future__ import annotations

import re
import shlex

from housing_office import Case, Office

from asbcli.casefile.case import Case as Folded
from asbcli.casework.commands import to_pass
from asbcli.cli.app import COMMANDS
from asbcli.procedure.reading import compose
from asbcli.procedure.rules import procedure_of


def typed_in(said: str) -> list[str]:
    """The commands a hint tells, without their clauses; of several ways the first."""
    [hint] = re.findall(r"hint: once it is so: (.*)", said)
    told = hint.partition(", or --override")[0]
    return [re.sub(r" \([^()]*\)$", "", each).partition(" or ")[0] for each in told.split("; ")]


def type_it(office: Office, case: Case, command: str) -> None:
    for each in command.split(" and "):
        done = office.run(*shlex.split(each)[1:])
        assert done.code == 0, (each, done.err)


def test_what_is_told_is_typed_and_the_step_is_allowed(office: Office) -> None:
    """Two things stand before the interview: the victim's consent, and the other landlord's word (6.3.1, 6.2.2)."""
    case = office.open(category="noise", perpetrator="Dean Hall", perpetrator_tenure="other-landlord")
    said = case.refused(4, "interview", "perpetrator", arranged="+1d 10:00")
    commands = typed_in(said)
    assert commands == ["asb answer 1 landlord-asks-us yes", "asb consent 1 P1 given --for perpetrator-contact"]
    assert "(6.2.2); asb consent 1 P1 given --for perpetrator-contact" in said
    for command in commands:
        type_it(office, case, command)
    case.do("interview", "perpetrator", arranged="+1d 10:00")


def test_of_several_victims_it_names_who_has_not_consented_yet(office: Office) -> None:
    case = office.open(category="noise", perpetrator="Dean Hall", perpetrator_tenure="own-tenant")
    case.do("person", "add", "victim", "Ann Baird")
    case.do("consent", "P1", "given", for_="perpetrator-contact")
    [command] = typed_in(case.refused(4, "interview", "perpetrator", arranged="+1d 10:00"))
    assert command == "asb consent 1 P3 given --for perpetrator-contact"
    type_it(office, case, command)
    case.do("interview", "perpetrator", arranged="+1d 10:00")


def test_what_is_left_of_the_plan_is_named_before_closing(office: Office) -> None:
    case = office.open(category="noise")
    for what in ("Fit a light", "Write to both"):
        case.do("plan", "add", what)
    case.do("plan", "done", 1)
    [command] = typed_in(case.refused(4, "close", outcome="resolved-without-legal", discussed="today"))
    assert command == "asb plan 1 done 2"
    type_it(office, case, command)
    case.do("close", outcome="resolved-without-legal", discussed="today")


def test_danger_is_answered_and_never_taken_back(office: Office) -> None:
    case = office.open(category="noise", immediate_danger="yes")
    [command] = typed_in(case.refused(4, "close", outcome="resolved-without-legal", discussed="today"))
    assert command == "asb event 1 called-999"
    type_it(office, case, command)
    case.do("close", outcome="resolved-without-legal", discussed="today")


def test_what_nothing_typed_can_make_so_is_only_told(office: Office) -> None:
    """One offer only (11.8.3): a second one passes by nothing that is recorded."""
    case = office.open(category="noise")
    case.do("event", "transfer-report")
    case.do("remedy", "transfer", "offered", at="yesterday")
    said = case.refused(4, "remedy", "transfer", "offered")
    assert "One offer only" in said
    assert "hint: record what is missing\n" in said


def test_every_condition_that_a_file_can_name_has_its_command_or_none_that_fails(office: Office) -> None:
    """Nothing is told that the program does not take: each command of each gate is one of its own."""
    verbs = {row.name for rows in COMMANDS.values() for row in rows}
    procedure = procedure_of(compose("default"))
    told = {gate.id: to_pass(gate, procedure, Folded(1), frozenset()) for gate in procedure.gates}
    assert sum(map(bool, told.values())) > 0.8 * len(told), {name for name, ways in told.items() if not ways}
    for ways in filter(None, told.values()):
        assert {re.match(r"asb ([a-z-]+) 1", each)[1] for each in re.split(" or | and ", ways)} <= verbs, ways
