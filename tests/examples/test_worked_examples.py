"""The worked examples: what was reported, what happened, and what is due, each under its clause."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from housing_office import Office


# -- 2.1.1: an investigation starts within one working day (Priority One) or five (Priority Two)


def test_2_1_1_priority_one_on_friday_skips_st_andrews_day_kept_on_monday(office: Office) -> None:
    case = office.open(priority=1, received="2025-11-28 16:40")
    start = case.deadline("start-investigation")
    assert start.due == "2025-12-02"
    assert (start.limit, start.clause, start.strength) == ("1 working day", "2.1.1", "must")


def test_2_1_1_the_landlord_opens_st_andrews_day_and_the_log_lists_the_case_that_moved(
    office: Office,
) -> None:
    case = office.open(priority=1, received="2025-11-28 16:40")
    done = office.do("calendar", "open", "2025-12-01", "Open for St Andrew's Day")
    assert case.deadline("start-investigation").due == "2025-12-01"

    moved = [row for row in done["moved"] if row["rule"] == "start-investigation"]
    assert [(row["case"], row["was"], row["due"]) for row in moved] == [
        (case.ref, "2025-12-02", "2025-12-01")
    ]
    entry = office.do("history")[-1]
    assert entry["kind"] == "calendar"
    assert entry["says"]["day"] == "2025-12-01"
    assert any(
        {case.ref, "start-investigation", "2025-12-02", "2025-12-01"} <= set(row)
        for row in entry["says"]["moved"]
    )
    assert {
        "date": "2025-12-01",
        "kind": "open",
        "title": "Open for St Andrew's Day",
        "provisional": False,
    } in (office.do("calendar", "show", "2025"))


def test_2_1_1_the_same_through_the_program_as_it_is_typed(office: Office) -> None:
    opened = office.program(
        "open",
        "--priority",
        "1",
        "--definition",
        "personal",
        "--summary",
        "Threats",
        "--complainant",
        "Jane Souter",
        "--received",
        "28/11/2025 16:40",
    )
    assert opened.code == 0
    assert opened.out.startswith("Opened ASB-1, Priority One, Jane Souter.")
    assert "Tue 2 Dec 2025" in opened.out
    assert "1 working day, 2.1.1" in opened.out
    assert "Fri 28 Nov 2025 16:40" in opened.err, "each date typed is read back with its weekday"
    assert "next: asb interview 1 victim" in opened.err
    shown = office.program("show", "1", "--json")
    [start] = [row for row in json.loads(shown.out)["deadlines"] if row["rule"] == "start-investigation"]
    assert start["due"] == "2025-12-02"


def test_2_1_1_hate_and_violence_alone_make_it_priority_one_with_24_hours_for_the_plan_review(
    office: Office,
) -> None:
    case = office.open(category=["hate", "violence"], received="2025-11-18 10:05")
    shown = case.show()
    assert shown.flags == ["hate", "violence"]
    assert shown.priority == 1
    assert shown.category == "hate"
    review = case.deadline("hate-review-plan")
    assert (review.limit, review.due) == ("24 hours", "2025-11-19T10:05+00:00")


@pytest.mark.parametrize(
    ("priority", "received", "due"),
    [
        (1, "2025-11-22", "2025-11-24"),  # a Saturday: day 1 is Monday
        (2, "2025-12-24", "2026-01-06"),  # Christmas, Boxing Day, 1 and 2 January are not counted
        (1, "2026-04-02", "2026-04-06"),  # Good Friday; Easter Monday is no bank holiday in Scotland
        (1, "2026-06-12", "2026-06-16"),  # 15 June 2026 was a bank holiday
        (1, "2026-06-30T23:30+00:00", "2026-07-02"),  # in London it was already 1 July
    ],
)
def test_2_1_1_when_the_investigation_must_have_started(
    office: Office, priority: int, received: str, due: str
) -> None:
    case = office.open(priority=priority, received=received)
    assert case.deadline("start-investigation").due == due


def test_2_1_1_easter_monday_closed_by_the_landlord(office: Office) -> None:
    case = office.open(priority=1, received="2026-04-02")
    office.do("calendar", "close", "2026-04-06", "Easter Monday")
    assert case.deadline("start-investigation").due == "2026-04-07"


def test_2_1_1_a_report_before_midnight_utc_in_summer_is_of_the_next_day_in_london(office: Office) -> None:
    case = office.open(priority=1, received="2026-06-30T23:30+00:00")
    assert case.show().received_at == "2026-07-01T00:30+01:00"


# -- 2.1.1 and 13.1: a flag set later


def test_13_1_hate_flagged_later_counts_from_the_report_and_says_what_was_late_already(
    office: Office,
) -> None:
    case = office.open(category="noise", received="2025-11-17")  # a Monday
    assert case.show().priority == 2
    case.do("flag", "add", "hate", at="2025-11-21", because="The neighbour heard racist words in it")

    assert case.show().priority == 1
    start = case.deadline("start-investigation")
    assert (start.started_at, start.due) == ("2025-11-17", "2025-11-18")
    plan, progress = case.deadline("hate-review-plan"), case.deadline("hate-review-progress")
    assert (plan.started_at, plan.due) == ("2025-11-17", "2025-11-20")
    assert (progress.started_at, progress.due) == ("2025-11-17", "2025-11-28")
    assert case.deadline("hate-review-initial").act_by == "2025-11-17"
    assert "late-on-flag" in start.notes
    assert "late-on-flag" in plan.notes
    assert "late-on-flag" in case.deadline("hate-review-initial").notes
    assert "late-on-flag" not in progress.notes, "it was still to come when the flag was set"


# -- 13.1: reviews of hate cases with the line manager


def test_13_1_with_violence_24_hours_over_the_clock_change_and_nine_working_days_over_good_friday(
    office: Office,
) -> None:
    case = office.open(category=["hate", "violence"], received="2026-03-28 12:00")
    assert case.deadline("hate-review-plan").due == "2026-03-29T13:00+01:00"
    assert case.deadline("hate-review-progress").due == "2026-04-10"


def test_13_1_without_violence_three_working_days_then_nine_then_every_two_weeks_until_closed(
    office: Office,
) -> None:
    case = office.open(category="hate", received="2025-12-16")  # a Tuesday
    assert case.deadline("hate-review-plan").due == "2025-12-19"
    assert case.deadline("hate-review-progress").due == "2025-12-31"

    case.do("plan", "agreed", at="2025-12-18")
    case.do("review", "First actions and plan looked at", stage="plan", with_="Iain Ross", at="2025-12-18")
    case.do("review", "Police report awaited", stage="progress", with_="Iain Ross", at="2025-12-31")
    assert case.state("hate-review-plan") == "met"
    assert case.state("hate-review-progress") == "met"
    assert [row.due for row in case.deadlines("hate-review-fortnightly")] == ["2026-01-14"]

    case.do("review", "Quiet since", stage="progress", with_="Iain Ross", at="2026-01-12")
    case.do("review", "Held late", stage="progress", with_="Iain Ross", at="2026-01-28")
    rows = case.deadlines("hate-review-fortnightly", on="2026-02-01")
    assert [(row.due, row.state) for row in rows] == [
        ("2026-01-14", "met"), ("2026-01-26", "late"), ("2026-02-11", "open"),
    ]  # fmt: skip

    case.do("close", outcome="resolved-without-legal", discussed="2026-02-10", at="2026-02-10")
    assert [row.state for row in case.deadlines("hate-review-fortnightly")] == ["met", "late", "ended"]


def test_13_1_a_review_without_a_manager_meets_nothing(office: Office) -> None:
    case = office.open(category="hate", received="2025-12-16")
    case.do("plan", "agreed", at="2025-12-18")
    case.do("review", "Alone", stage="plan", at="2025-12-18")
    case.do("review", "Alone", stage="progress", at="2025-12-31")
    assert case.state("hate-review-plan") == "overdue"
    assert case.state("hate-review-progress") == "overdue"
    assert case.deadlines("hate-review-fortnightly") == []


def test_13_1_the_plan_review_needs_a_plan_as_well_as_the_meeting(office: Office) -> None:
    case = office.open(category="hate", received="2025-12-16")
    case.do("review", "There is no plan yet", stage="plan", with_="Iain Ross", at="2025-12-18")
    assert case.state("hate-review-plan", on="2025-12-19") == "open"
    case.do("plan", "add", "Fit a door viewer", who="Repairs", at="2025-12-22")
    review = case.deadline("hate-review-plan")
    assert (review.state, review.met_at) == ("late", "2025-12-22")


# -- 6.1.1: the alleged perpetrator interviewed within 48 hours of the full victim interview


def _hate_by_our_tenant(office: Office):
    return office.open(
        category="hate",
        received="2026-10-23 09:00",
        perpetrator="Dean Hall",
        perpetrator_tenure="own-tenant",
        flag="police-investigating",
    )


def test_6_1_1_a_first_telephone_contact_starts_no_48_hours(office: Office) -> None:
    case = _hate_by_our_tenant(office)
    case.do("interview", "victim", first_contact=True, at="2026-10-23 11:00")
    assert case.deadlines("perpetrator-interview-hate") == []


def test_6_1_1_48_hours_from_the_full_interview_over_the_clock_change(office: Office) -> None:
    case = _hate_by_our_tenant(office)
    case.do("interview", "victim", at="2026-10-24 12:00")  # BST; the clocks go back that night
    limit = case.deadline("perpetrator-interview-hate")
    assert (limit.due, limit.limit) == ("2026-10-26T11:00+00:00", "48 hours")
    assert case.state("perpetrator-interview") == "ended", (
        "the shorter limit takes the place of ten working days"
    )


def test_6_1_1_a_delay_keeps_it_overdue_with_its_reason_and_is_reviewed_every_48_hours(
    office: Office,
) -> None:
    case = _hate_by_our_tenant(office)
    case.do("interview", "victim", at="2026-10-24 12:00")
    case.do(
        "interview", "perpetrator", delayed=True, at="2026-10-26 09:00", because="The police asked us to wait"
    )
    limit = case.deadline("perpetrator-interview-hate", on="2026-10-27 10:00")
    assert (limit.state, limit.reason) == ("overdue", "The police asked us to wait")

    first = case.deadline("delay-review", on="2026-10-27 10:00")
    assert (first.started_at, first.due, first.state) == (
        "2026-10-26T11:00+00:00", "2026-10-28T11:00+00:00", "open")  # fmt: skip
    case.do("review", "Police still on it", stage="delay", with_="Iain Ross", at="2026-10-28 10:00")
    case.do("review", "A day late", stage="delay", with_="Iain Ross", at="2026-10-31 10:00")
    rows = case.deadlines("delay-review", on="2026-10-31 12:00")
    assert [(row.due, row.state) for row in rows] == [
        ("2026-10-28T11:00+00:00", "met"),
        ("2026-10-30T10:00+00:00", "late"),
        ("2026-11-02T10:00+00:00", "open"),
    ]
    case.do("interview", "perpetrator", at="2026-11-01 15:00", because="The police agreed")
    assert case.deadlines("delay-review")[-1].state == "ended"
    assert case.state("perpetrator-interview-hate") == "late"


# -- 4.2.5: the victim told what was agreed within three days of the interview


def test_4_2_5_three_calendar_days_and_an_attempted_call_is_no_contact(office: Office) -> None:
    case = office.open(category="noise", received="2025-12-02")
    case.do("interview", "victim", at="2025-12-05")  # a Friday
    assert case.deadline("outline-agreement").due == "2025-12-08"
    case.do("contact", "Rang, no answer", purpose="outline", attempted=True, at="2025-12-08")
    assert case.state("outline-agreement") == "overdue"
    case.do("contact", "Told what was agreed", purpose="outline", at="2025-12-08")
    assert case.state("outline-agreement") == "met"


# -- model procedure 4.4: contact at least once a week for the first month


def _personal_interviewed_on_5_december(office: Office):
    case = office.open(
        category="noise", definition="personal", received="2025-12-02", perpetrator="Ross Muir"
    )
    case.do("interview", "victim", at="2025-12-05")
    case.do("contact", "Reached", at="2025-12-10")
    case.do("contact", "Reached", at="2025-12-19")
    return case


def test_4_4_no_gap_over_a_week_for_the_month_after_the_victim_interview(office: Office) -> None:
    case = _personal_interviewed_on_5_december(office)
    rows = case.deadlines("weekly-contact", on="2025-12-19")
    assert [(row.due, row.act_by, row.state) for row in rows] == [
        ("2025-12-12", "2025-12-12", "met"),
        ("2025-12-17", "2025-12-17", "late"),
        ("2025-12-26", "2025-12-24", "open"),  # Christmas and Boxing Day are closed
    ]
    assert {row.strength for row in rows} == {"guideline"}


def test_4_4_none_falls_due_after_the_month(office: Office) -> None:
    case = _personal_interviewed_on_5_december(office)
    case.do("contact", "Reached", at="2025-12-24")  # the next one is due on the 31st
    case.do("contact", "Reached", at="2025-12-31")  # a week later is the 7th: past 5 January
    assert [row.due for row in case.deadlines("weekly-contact")] == [
        "2025-12-12", "2025-12-17", "2025-12-26", "2025-12-31"]  # fmt: skip


def test_4_4_a_contact_still_due_within_the_month_is_due(office: Office) -> None:
    case = _personal_interviewed_on_5_december(office)
    case.do("contact", "Reached", at="2025-12-24")
    case.do("contact", "Reached", at="2025-12-29")
    assert case.deadlines("weekly-contact")[-1].due == "2026-01-05"


def test_4_4_the_month_begins_anew_at_the_first_action_on_the_alleged_perpetrator(office: Office) -> None:
    case = _personal_interviewed_on_5_december(office)
    case.do("consent", "Jane Souter", "given", for_="perpetrator-contact", at="2025-12-19")
    case.do("interview", "perpetrator", at="2025-12-20")  # its month ends on 20 January
    case.do("contact", "Reached", at="2025-12-26")
    case.do("contact", "Reached", at="2026-01-02")
    case.do("contact", "Reached", at="2026-01-09")
    case.do("contact", "Reached", at="2026-01-15")
    assert [row.due for row in case.deadlines("weekly-contact")][3:] == [
        "2026-01-02",
        "2026-01-09",
        "2026-01-16",
    ]


# -- 4.3.1: witnesses interviewed within ten working days


def test_4_3_1_a_witness_named_later_has_ten_working_days_from_then(office: Office) -> None:
    case = office.open(category="noise", received="2025-12-01", witness="Ina Black")
    case.do("person", "add", "witness", "Tam Lyle", at="2025-12-10")
    named_later = case.deadline("witness-interview", "Tam Lyle")
    assert (named_later.started_at, named_later.due) == ("2025-12-10", "2025-12-24")
    assert case.deadline("witness-interview", "Ina Black").due == "2025-12-15"


# -- 14.1: 28 days without a further incident


def test_14_1_no_further_incident_for_28_days_is_a_prompt_to_consider_closing(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-22")
    prompt = case.deadline("consider-closing")
    assert (prompt.due, prompt.act_by, prompt.strength) == ("2025-12-20", "2025-12-19", "may")


def test_14_1_a_further_incident_moves_the_prompt_to_28_days_after_it_was_reported(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-22")
    case.do("log-incident", "Music again", at="2025-11-29", received="2025-12-01")
    assert case.deadline("consider-closing").due == "2025-12-29"


# -- 3.6.1: offensive graffiti removed within 24 hours of being brought to anyone's attention


def test_3_6_1_offensive_graffiti_24_hours_from_when_it_was_noticed(office: Office) -> None:
    case = office.open(category="vandalism", received="2025-11-18 12:00", flag="offensive-graffiti")
    assert case.deadlines("offensive-graffiti") == [], "the flag alone starts nothing"
    case.do("repair", "offensive-graffiti", noticed="2025-11-20 09:15")
    removal = case.deadline("offensive-graffiti")
    assert (removal.due, removal.limit) == ("2025-11-21T09:15+00:00", "24 hours")


# -- 2.1.1: a priority raised


def test_2_1_1_raised_to_priority_one_is_overdue_at_once_from_the_original_start(office: Office) -> None:
    case = office.open(priority=2, received="2025-11-17")
    assert case.deadline("start-investigation").due == "2025-11-24"
    case.do("change", priority=1, because="Threats were made as well", at="2025-11-21")
    start = case.deadline("start-investigation", on="2025-11-21")
    assert (start.due, start.state) == ("2025-11-18", "overdue")
    assert "upgraded" in start.notes


def test_2_1_1_the_date_before_the_priority_was_raised_stays_in_the_log(office: Office) -> None:
    case = office.open(priority=2, received="2025-11-17")
    case.do("change", priority=1, because="Threats were made as well", at="2025-11-21")
    before = case.deadline("start-investigation", on="2025-11-20")
    assert (before.due, before.state) == ("2025-11-24", "open")
    change = case.log()[-1]
    assert change["kind"] == "change"
    assert change["says"]["old_priority"] == "2"
    assert "2025-11-24" in json.dumps(change["says"]), "the date it had is written down with the change"


# -- 14.2: Date Completed is the last action taken to resolve the case, not the closing date


def _party_warned_and_closed(office: Office):
    case = office.open(
        category="noise",
        received="2025-12-01",
        summary="Party on the landing",
        perpetrator="Ross Muir",
        perpetrator_tenure="own-tenant",
    )
    case.do(
        "warn",
        "Ross Muir",
        level="written",
        requires="No parties on the landing",
        resolving=True,
        at="2025-12-03",
    )
    case.do("contact", "Rang to hear whether it stayed quiet: it did", at="2025-12-20")
    case.do(
        "close",
        outcome="resolved-by-warning",
        discussed="2026-01-06",
        final_letter="2026-01-06",
        at="2026-01-06",
    )
    return case


def test_14_2_party_1_december_warning_3_december_closed_6_january(office: Office) -> None:
    shown = _party_warned_and_closed(office).show()
    assert shown.status == "closed"
    assert shown.date_completed == "2025-12-03"
    assert shown.final_letter_sent == "2026-01-06"
    assert shown.closed_at == "2026-01-06"
    assert shown.outcome == "resolved-by-warning"


# -- 15: a closed case is not re-opened: a new one is opened and linked


def test_15_1_reopen_opens_a_new_case_linked_both_ways_and_the_old_one_stays_closed(office: Office) -> None:
    old = _party_warned_and_closed(office)
    shown = old.do("reopen", because="Parties again from the same flat", received="2026-02-02")
    new = office.case(shown["number"])
    assert new.number != old.number
    assert new.show().status == "open"
    assert new.show().links == [{"ref": old.ref, "kind": "reopened-from"}]
    assert old.show().links == [{"ref": new.ref, "kind": "reopened-as"}]
    assert old.show().status == "closed"
    names = {person["name"] for person in new.show().people}
    assert names == {"Jane Souter", "Ross Muir"}, "its people are the new case's defaults"
    assert new.deadline("start-investigation").due == "2026-02-09", "its clocks run from its own report"
    assert "Parties again from the same flat" in json.dumps(new.log()[0]["says"])
    old.refused(4, "log-incident", "Music")
