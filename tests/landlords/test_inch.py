"""Isle of Inch Housing: another's procedure taken over, a few things changed, a part under a condition."""

from __future__ import annotations

from worked import PERPETRATOR, VICTIM, Landlord

from asbcli.casefile import entries as log
from asbcli.procedure.diff import diff, moved
from asbcli.procedure.reading import load

MONDAY = "2026-06-08T10:00"


def test_the_ferry_gives_one_more_working_day(inch: Landlord) -> None:
    for priority, due in (("1", "2026-06-10"), ("2", "2026-06-17")):
        case = inch.case((MONDAY, inch.report(priority=priority, people=(VICTIM,))))
        assert case.due("start-investigation") == [due]


def test_the_lodgers_note_applies_to_lodgers_and_subtenants_only(inch: Landlord) -> None:
    for flags, anonymous, due in (
        (("lodger",), False, ["2026-06-16"]),
        (("subtenant",), False, ["2026-06-16"]),
        ((), False, []),
        (("lodger",), True, []),
    ):
        case = inch.case((MONDAY, inch.report(flags=flags, anonymous=anonymous)))
        assert case.due("write-to-tenant") == due, flags


def test_its_gate_is_laid_under_the_same_condition(inch: Landlord) -> None:
    first = "Tell the tenant before warning a lodger"
    lodger, owner = (
        inch.case((MONDAY, inch.report(flags=flags, people=(PERPETRATOR,)))) for flags in (("lodger",), ())
    )
    assert first in lodger.in_the_way("warning", "2026-06-09")
    assert first not in owner.in_the_way("warning", "2026-06-09")
    told = inch.case((MONDAY, inch.report(flags=("lodger",))), ("2026-06-09", log.Done("write-to-tenant")))
    assert first not in told.in_the_way("warning", "2026-06-10")


def test_the_difference_from_what_it_includes_is_what_its_file_says(inch: Landlord) -> None:
    told = [str(change) for change in diff(load("sanctuary-scotland"), inch.procedure)]
    assert 'question "signposted": text: Which specialist organisations' in "\n".join(told)
    for line in (
        'flag "lodger": added',
        'deadline "write-to-tenant": added',
        'deadline "closure-survey": dropped',
        'deadline "start-investigation": clause: 2.1.1 → Inch 4',
        'deadline "start-investigation": limit: 1 working day when priority.1; 5 working days when priority.2'
        " → 2 working days when priority.1; 6 working days when priority.2",
        'category "pets": title: Pets and animals → Pets, sheep and other animals',
        'gate "consent-before-contact": role: housing-manager → area-manager',
        'outcome "perpetrator-left": letter: false → true',
        'flag "violence": priority: nothing → 1',
    ):
        assert line in told
    assert diff(inch.procedure, inch.procedure) == []


def test_what_adopting_it_would_move_in_an_open_case(inch: Landlord) -> None:
    told = (MONDAY, inch.report(priority="1", flags=("lodger",), people=(VICTIM,)))
    ours, theirs = inch.case(told), inch.case(told)
    theirs = type(theirs)(load("sanctuary-scotland"), theirs.case, theirs.calendar)
    changes = [str(each) for each in moved(theirs.deadlines(), ours.deadlines())]
    assert changes == [
        "start-investigation: Tue 9 Jun 2026 → Wed 10 Jun 2026",
        "write-to-tenant: none → Tue 16 Jun 2026",
    ]
