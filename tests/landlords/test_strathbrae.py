"""Strathbrae Council Housing: level 3 is the most serious; dates that run back, lapse and recur."""

from __future__ import annotations

import pytest
from worked import VICTIM, Landlord, london

from asbcli.casefile import entries as log

MONDAY = "2026-03-02T10:00"
WITNESS = log.NamedPerson("P3", "Ewan Bell", ("witness",))


def test_p_6_the_highest_number_is_the_most_serious(strathbrae: Landlord) -> None:
    assert strathbrae.procedure.highest(["1", "3", "2"]) == "3"
    assert strathbrae.procedure.rank("3") == 0


@pytest.mark.parametrize(
    ("what", "received", "level", "due"),
    [
        ("level 3: one working day", MONDAY, "3", "2026-03-03"),
        ("level 1: five", MONDAY, "1", "2026-03-09"),
        ("a Saturday's report is taken, and counts as Monday's", "2026-03-07T12:00", "3", "2026-03-10"),
        ("after eight in the evening it is the next day's", "2026-03-02T20:30", "3", "2026-03-04"),
    ],
)
def test_p_8_meet_and_plan(strathbrae: Landlord, what: str, received: str, level: str, due: str) -> None:
    assert strathbrae.case((received, strathbrae.report(priority=level))).due("meet-and-plan") == [due], what


def test_p_8_needs_both_the_meeting_and_the_plan(strathbrae: Landlord) -> None:
    told = [(MONDAY, strathbrae.report(priority="1")), ("2026-03-03", log.Interview("victim"))]
    assert strathbrae.case(*told).row("meet-and-plan", "2026-03-10").state == "overdue"
    told.append(("2026-03-05", log.Plan("agreed")))
    assert strathbrae.case(*told).row("meet-and-plan", "2026-03-10").state == "met"


def test_p_9_find_the_victim_where_somebody_else_reports(strathbrae: Landlord) -> None:
    told = [(MONDAY, strathbrae.report(reporter="third-party"))]
    assert strathbrae.case(*told).due("find-victim") == ["2026-03-05"]
    found = strathbrae.case(*told, ("2026-03-04", log.PersonAdded(VICTIM)))
    assert found.row("find-victim", "2026-03-31").state == "met"
    police = strathbrae.report(reporter="agency", relevant_authority=True)
    assert strathbrae.case((MONDAY, police)).due("find-victim") == []


def test_p_12_weekly_from_the_report_until_there_is_a_meeting_then_from_it(strathbrae: Landlord) -> None:
    told = [(MONDAY, strathbrae.report(people=(VICTIM,)))]
    assert strathbrae.case(*told).due("weekly-contact") == ["2026-03-09"]
    told.append(("2026-03-04", log.Interview("victim", person="P1")))
    assert strathbrae.case(*told).due("weekly-contact") == ["2026-03-11"]


def test_p_12_for_a_month_and_anew_after_a_warning(strathbrae: Landlord) -> None:
    called = [
        (day, log.Contact("Called", person="P1"))
        for day in ("2026-03-11", "2026-03-18", "2026-03-25", "2026-04-01")
    ]
    told = [
        (MONDAY, strathbrae.report(people=(VICTIM, log.NamedPerson("P9", "Ross Muir", ("perpetrator",))))),
        ("2026-03-04", log.Interview("victim", person="P1")),
        *called,
    ]
    assert strathbrae.case(*told).due("weekly-contact") == [
        "2026-03-11",
        "2026-03-18",
        "2026-03-25",
        "2026-04-01",
    ]
    warned = ("2026-04-20", log.Warned("P9", "written"))
    assert strathbrae.case(*told, warned).due("weekly-contact")[-1] == "2026-04-27"


def test_p_14_each_witness_from_when_they_were_known(strathbrae: Landlord) -> None:
    case = strathbrae.case((MONDAY, strathbrae.report()), ("2026-03-09T09:00", log.PersonAdded(WITNESS)))
    assert case.due("see-witness") == ["2026-03-23"]


def test_p_22_an_agreement_is_reviewed_as_often_as_it_says(strathbrae: Landlord) -> None:
    case = strathbrae.case(
        (MONDAY, strathbrae.report()),
        ("2026-03-10", log.Remedy("good-neighbour-agreement", "signed", every="1 month")),
        ("2026-04-09", log.Remedy("good-neighbour-agreement", "reviewed")),
    )
    assert case.due("agreement-review") == ["2026-04-10", "2026-05-09"]


def test_p_30_two_weeks_before_the_hearing_and_it_moves_with_it(strathbrae: Landlord) -> None:
    told = [
        (MONDAY, strathbrae.report()),
        ("2026-03-20", log.DatedFact("hearing", planned=london("2026-06-10"))),
    ]
    assert strathbrae.case(*told).due("court-papers") == ["2026-05-27"]
    told.append(("2026-05-01", log.DatedFact("hearing", planned=london("2026-07-08"))))
    assert strathbrae.case(*told).due("court-papers") == ["2026-06-24"]


def test_p_31_before_the_first_anniversary_is_the_day_before_it(strathbrae: Landlord) -> None:
    case = strathbrae.case((MONDAY, strathbrae.report()), ("2026-04-14", log.DatedFact("conviction")))
    row = case.row("serve-notice", "2026-04-15")
    assert (row.due, row.act_by) == ("2027-04-13", "2027-04-13")


@pytest.mark.parametrize(
    ("what", "on", "in_the_way"),
    [
        ("in force", "2026-10-15", []),
        (
            "lapsed: six months after the four weeks",
            "2026-10-16",
            ["Raise proceedings while a notice is in force"],
        ),
    ],
)
def test_p_31_s_14_proceedings_only_while_a_notice_is_in_force(
    strathbrae: Landlord, what: str, on: str, in_the_way: list[str]
) -> None:
    case = strathbrae.case((MONDAY, strathbrae.report()), ("2026-03-18", log.DatedFact("notice-served")))
    assert case.due("notice-lapses") == ["2026-10-15"]
    assert case.in_the_way("remedy.eviction.raised", on) == in_the_way, what


@pytest.mark.parametrize(
    ("what", "convicted", "rules"),
    [
        (
            "before 1 May 2019, the old handbook",
            "2019-04-30",
            {"old-panel": ["2022-04-30"], "conviction-review": []},
        ),
        ("from that day on, this one", "2019-05-01", {"old-panel": [], "conviction-review": ["2019-06-01"]}),
    ],
)
def test_p_32_which_handbook_holds(
    strathbrae: Landlord, what: str, convicted: str, rules: dict[str, list[str]]
) -> None:
    case = strathbrae.case((MONDAY, strathbrae.report()), (convicted, log.DatedFact("conviction")))
    assert {rule: case.due(rule) for rule in rules} == rules, what


def test_p_40_each_request_for_a_file_has_its_month_also_after_closing(strathbrae: Landlord) -> None:
    case = strathbrae.case(
        (MONDAY, strathbrae.report()),
        ("2026-03-31", log.DatedFact("access-request")),
        ("2026-04-10", log.Closed("closed-unresolved", london("2026-04-09"))),
        ("2026-04-20", log.DatedFact("access-request")),
        ("2026-04-28", log.DatedFact("file-sent")),
    )
    rows = case.rows("send-file", "2026-05-01")
    assert [(row.due, row.state) for row in rows] == [("2026-04-30", "met"), ("2026-05-20", "met")]


def test_p_2_the_handbook_itself_is_reviewed_every_three_years(strathbrae: Landlord) -> None:
    adopted = log.ProcedureAdopted("strathbrae@7", "Good Neighbours Handbook", "2026-01-05", "digest")
    (row,) = strathbrae.own_deadlines(("2026-01-05", adopted))
    assert (row.rule.id, row.due and row.due.shown) == ("handbook-review", "2029-01-05")


def test_p_18_with_domestic_abuse_it_is_asked_when_it_is_safe_to_call(strathbrae: Landlord) -> None:
    case = strathbrae.case((MONDAY, strathbrae.report(flags=("domestic-abuse",))))
    assert case.unanswered("report", "2026-03-02") == ["safe-to-call"]
    assert strathbrae.procedure.questions["safe-to-call"].source == "Handbook, chapter 5"
    assert strathbrae.procedure.rules["see-witness"].source == "Good Neighbours Handbook"


def test_the_annual_plan_three_level_one_cases_in_four_settled_in_two_months(strathbrae: Landlord) -> None:
    report = (MONDAY, strathbrae.report(priority="1"))
    ends = [("2026-04-30", "resolved-by-warning")] * 3 + [("2026-04-30", "closed-unresolved")]
    cases = [strathbrae.case(report, (day, log.Closed(outcome, london(day)))) for day, outcome in ends]
    cases.append(strathbrae.case((MONDAY, strathbrae.report(priority="3"))))
    found = strathbrae.measure("settled", cases, "2026-06-01")
    assert (found.counted, found.met, found.share, found.reached) == (4, 3, 75.0, True)
