"""Clydeford Homes: categories A, B and C, and an office that shuts at four."""

from __future__ import annotations

import pytest
from worked import PERPETRATOR, VICTIM, Landlord, london

from asbcli.casefile import entries as log

TUESDAY = "2026-05-12T10:00"


@pytest.mark.parametrize(
    ("what", "received", "said", "due"),
    [
        ("A, Tuesday morning: one working day", TUESDAY, {"priority": "A"}, "2026-05-13"),
        (
            "A, after four on Thursday: counts as Friday's, and Saturday is opened",
            "2026-05-07T16:30",
            {"priority": "A"},
            "2026-05-09",
        ),
        ("B, two to four working days: the fourth", TUESDAY, {"priority": "B"}, "2026-05-18"),
        (
            "B, after Friday's closing at half past three: Saturday's surgery",
            "2026-05-08T15:45",
            {"priority": "B"},
            "2026-05-14",
        ),
        ("C, ten working days over the holiday of 25 May", TUESDAY, {"priority": "C"}, "2026-05-27"),
        (
            "violence: 24 hours by the clock, whatever the office hours",
            "2026-05-07T16:30",
            {"priority": "A", "flags": ("violence",)},
            "2026-05-08T16:30+01:00",
        ),
        (
            "high risk does the same in any category",
            TUESDAY,
            {"priority": "C", "flags": ("high-risk",)},
            "2026-05-13T10:00+01:00",
        ),
    ],
)
def test_3_1_the_first_interview(
    clydeford: Landlord, what: str, received: str, said: dict[str, object], due: str
) -> None:
    case = clydeford.case((received, clydeford.report(people=(VICTIM,), **said)))
    assert case.due("first-interview") == [due], what


def test_3_1_while_nobody_is_known_any_step_of_investigating_will_do(clydeford: Landlord) -> None:
    case = clydeford.case(
        (TUESDAY, clydeford.report(priority="A")), ("2026-05-13T09:30", log.Interview("witness"))
    )
    assert case.row("first-interview", "2026-05-13").state == "met"


def test_3_1_an_anonymous_category_c_report_has_no_interview(clydeford: Landlord) -> None:
    case = clydeford.case((TUESDAY, clydeford.report(priority="C", anonymous=True)))
    assert case.rows("first-interview", "2026-06-30") == []


@pytest.mark.parametrize(
    ("what", "received", "due"),
    [
        ("over a holiday the week is the earlier", "2026-04-30T10:00", "2026-05-07"),
        ("with none they fall together", TUESDAY, "2026-05-19"),
    ],
)
def test_3_2_whichever_is_the_earlier(clydeford: Landlord, what: str, received: str, due: str) -> None:
    assert clydeford.case((received, clydeford.report())).due("first-letter") == [due], what


def test_3_3_normally_within_a_day_is_when_to_act_by_and_never_overdue(clydeford: Landlord) -> None:
    row = clydeford.case((TUESDAY, clydeford.report())).row("ring-back", "2026-06-30")
    assert (row.due, row.act_by, row.state) == (None, "2026-05-13", "open")


def test_3_4_a_hate_incident_not_told_the_same_day_is_overdue(clydeford: Landlord) -> None:
    case = clydeford.case((TUESDAY, clydeford.report(flags=("hate",))))
    assert [case.row("tell-manager", day).state for day in ("2026-05-12", "2026-05-13")] == [
        "open",
        "overdue",
    ]


def test_4_1_4_2_the_police_ask_to_wait_the_date_stands_and_the_manager_is_told(clydeford: Landlord) -> None:
    case = clydeford.case(
        (TUESDAY, clydeford.report(people=(VICTIM, PERPETRATOR))),
        (
            "2026-05-20",
            log.Interview("perpetrator", "delayed", person="P2", because="The police asked us to wait"),
        ),
        ("2026-05-29", log.Review("delay", "Told why", manager="Isla Orr")),
    )
    late = case.row("see-perpetrator", "2026-06-01")
    assert (late.due, late.state, late.reason) == ("2026-05-27", "overdue", "The police asked us to wait")
    told = case.row("explain-delay", "2026-06-01")
    assert (told.due, told.state) == ("2026-05-29", "met")


def test_4_3_with_hate_48_hours_take_the_place_of_ten_working_days(clydeford: Landlord) -> None:
    case = clydeford.case(
        (TUESDAY, clydeford.report(flags=("hate",), people=(VICTIM, PERPETRATOR))),
        ("2026-05-13T11:00", log.Interview("victim", person="P1", ended=london("2026-05-13T12:00"))),
    )
    assert case.row("see-perpetrator", "2026-05-14").state == "ended"
    assert case.due("see-perpetrator-hate") == ["2026-05-15T12:00+01:00"]


@pytest.mark.parametrize(
    ("what", "until", "due"),
    [
        ("the date agreed", london("2026-07-01"), "2026-07-01"),
        ("28 days where none is", None, "2026-06-17"),
    ],
)
def test_4_4_monitoring(clydeford: Landlord, what: str, until: object, due: str) -> None:
    held = log.Interview("perpetrator", person="P2", finding="no-evidence", monitor_until=until)
    case = clydeford.case((TUESDAY, clydeford.report(people=(PERPETRATOR,))), ("2026-05-20", held))
    assert case.due("monitor") == [due], what


def test_5_1_the_manager_reviews_on_a_schedule_and_a_late_one_does_not_move_it(clydeford: Landlord) -> None:
    review = log.Review("progress", "As it stands", manager="Isla Orr")
    case = clydeford.case((TUESDAY, clydeford.report()), ("2026-05-20", review), ("2026-06-15", review))
    rows = case.rows("progress-review", "2026-06-16")
    assert [(row.due, row.state) for row in rows] == [
        ("2026-05-26", "met"),
        ("2026-06-09", "late"),
        ("2026-06-23", "open"),
    ]


def test_5_2_each_action_has_its_own_date(clydeford: Landlord) -> None:
    case = clydeford.case(
        (TUESDAY, clydeford.report()),
        ("2026-05-13", log.Plan("add", item="A1", text="Fit a lock", due=london("2026-05-15"))),
        ("2026-05-13", log.Plan("add", item="A2", text="Talk to the school")),
        ("2026-05-14", log.Plan("done", item="A1")),
    )
    assert [(row.due, row.state) for row in case.rows("plan-action", "2026-06-01")] == [
        ("2026-05-15", "met"),
        ("2026-05-27", "overdue"),
    ]


def test_6_1_each_incident_puts_off_the_reminder_which_is_never_overdue(clydeford: Landlord) -> None:
    again = log.IncidentLogged("Again", london("2026-05-20T11:00"))
    case = clydeford.case((TUESDAY, clydeford.report()), ("2026-05-19", again))
    row = case.row("consider-closing", "2026-12-31")
    assert (row.due, row.state) == ("2026-06-17", "open")


def test_6_2_what_stands_in_the_way_of_closing(clydeford: Landlord) -> None:
    told = [
        (TUESDAY, clydeford.report(priority="A")),
        ("2026-05-13", log.Plan("add", item="A1", text="Fit a lock", due=london("2026-05-15"))),
    ]
    agree, plan = (
        "Agree closing at a review, or hand over to the police",
        "Complete the action plan before closing",
    )
    assert clydeford.case(*told).in_the_way("close", "2026-05-14") == [plan, agree]
    told += [("2026-05-15", log.Plan("done", item="A1"))]
    assert clydeford.case(*told).in_the_way("close", "2026-05-16") == [agree]
    told += [("2026-05-16", log.Review("closing", "Agreed", manager="Isla Orr"))]
    assert clydeford.case(*told).in_the_way("close", "2026-05-16") == []


def test_6_3_both_sides_are_written_to(clydeford: Landlord) -> None:
    case = clydeford.case(
        (TUESDAY, clydeford.report(people=(VICTIM, PERPETRATOR))),
        ("2026-06-10T12:00", log.Closed("resolved-without-legal", london("2026-06-08"))),
    )
    # The World Cup holiday of 15 June is none of the three days.
    assert case.due("closing-letter") == ["2026-06-16", "2026-06-16"]


def test_3_5_a_question_is_asked_where_it_applies(clydeford: Landlord) -> None:
    plain = clydeford.case((TUESDAY, clydeford.report(priority="B")))
    assault = clydeford.case((TUESDAY, clydeford.report(categories=("assault",), flags=("violence",))))
    step = "interview.victim.held"
    assert (plain.unanswered(step, TUESDAY[:10]), assault.unanswered(step, TUESDAY[:10])) == (
        [],
        ["injuries"],
    )


def test_2_3_parking_is_advice_and_no_case(clydeford: Landlord) -> None:
    procedure = clydeford.procedure
    assert [category.id for category in procedure.categories.values() if not category.asb] == ["parking"]
    assert procedure.highest(["C", "A", "B"]) == "A"


def test_7_1_nine_cases_in_ten_closed_within_80_days(clydeford: Landlord) -> None:
    """Reported 12 May, the eightieth day is 31 July; in August one was closed late and one is open."""
    report = (TUESDAY, clydeford.report())
    days = ["2026-06-01"] * 7 + ["2026-07-31", "2026-08-03"]
    cases = [clydeford.case(report, (day, log.Closed("duplicate", london(day)))) for day in days]
    cases.append(clydeford.case(report))
    early, late = (clydeford.measure("closed-in-80-days", cases, on) for on in ("2026-07-31", "2026-08-10"))
    assert (early.counted, early.met, early.share, early.reached) == (8, 8, 100.0, True)
    assert (late.counted, late.met, late.share, late.reached) == (10, 8, 80.0, False)


def test_7_2_interviews_in_time_category_c_left_out(clydeford: Landlord) -> None:
    held = [("2026-05-13T09:00", log.Interview("victim", person="P1"))]
    cases = [
        clydeford.case((TUESDAY, clydeford.report(priority=level, people=(VICTIM,))), *then)
        for level, then in (("A", held), ("A", []), ("B", held), ("C", []))
    ]
    found = clydeford.measure("interviews-in-time", cases, "2026-06-30")
    assert (found.counted, found.met, found.share) == (3, 2, 66.7)
