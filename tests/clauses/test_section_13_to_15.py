"""13 to 15 Reviews, closing, and what follows a closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from housing_office import Case, Office


def _noise(office: Office, **report: Any) -> Case:
    return office.open(**{"category": "noise", "perpetrator": "Ross Muir", "perpetrator_tenure": "own-tenant",
                          "received": "2025-09-01", **report})


def test_13_1_the_first_review_is_red_after_the_working_day_the_report_came_in(office: Office) -> None:
    case = _noise(office, category="hate", received="2025-08-30")  # a Saturday
    first = case.deadline("hate-review-initial")
    assert (first.due, first.act_by) == (None, "2025-09-01")
    assert case.state("hate-review-initial", on="2025-09-01 23:00") == "open"
    assert case.state("hate-review-initial", on="2025-09-02 09:00") == "overdue"


def test_13_1_a_review_said_to_be_done_is_told_to_stand_on_that_word_alone_and_the_fortnights_follow(
    office: Office,
) -> None:
    case = _noise(office, category="hate")
    told = office.run("done", case.number, "hate-review-progress", at="2025-09-10").err
    assert "on your word alone" in told
    assert f"asb review {case.number} TEXT --stage progress --with MANAGER" in told
    assert case.deadline("hate-review-fortnightly").due == "2025-09-24"


def test_14_1_closing_without_saying_whether_it_was_discussed_is_told(office: Office) -> None:
    case = _noise(office)
    assert "--not-discussed" in office.run("close", case.number, outcome="closed-unresolved", at="2025-09-20").err
    other = _noise(office)
    told = office.run("close", other.number, outcome="closed-unresolved", at="2025-09-20",
                      not_discussed="Has moved and left no address").err
    assert "--not-discussed" not in told
    assert other.log()[-1]["says"]["not_discussed"] == "Has moved and left no address"


@pytest.mark.parametrize("outcome", ["resolved-without-legal", "resolved-by-warning", "resolved-by-legal",
                                     "perpetrator-left", "closed-unresolved", "duplicate", "not-asb"])
def test_14_1_every_way_to_close(office: Office, outcome: str) -> None:
    case = _noise(office)
    case.do("close", outcome=outcome, at="2025-09-20")
    assert case.show().outcome == outcome


@pytest.mark.parametrize("day", ["2025-09-04", "2025-09-20"])
def test_14_2_date_completed_is_no_day_on_which_nothing_was_done_and_not_the_closing_date(
    office: Office, day: str,
) -> None:
    case = _noise(office)
    case.do("repair", "graffiti", noticed="2025-09-02", done="2025-09-03")
    assert "14.2" in case.refused(2, "close", outcome="closed-unresolved", completed=day, at="2025-09-20")
    case.do("close", outcome="closed-unresolved", completed="2025-09-03", at="2025-09-20")
    assert case.show().date_completed == "2025-09-03"


def test_14_4_14_5_and_4_3_2_what_closing_leaves_to_do_stays_due_until_it_is_done(office: Office) -> None:
    case = _noise(office, witness="Ina Black")
    for agency in ("Council", "Police Scotland", "Shelter"):
        case.do("agency", "add", agency, kind="local-authority", at="2025-09-02")
    case.do("agency", "told", "Council", at="2025-09-02")
    case.do("disclose", to="Police Scotland", what="The complaint", at="2025-09-02")
    case.do("close", outcome="closed-unresolved", at="2025-09-20")
    listed = [row.rule for row in office.due()]
    for rule, number in (("closure-survey", 1), ("closure-alerts", 1), ("closure-agencies", 3),
                         ("support-after-closure", 1), ("support-after-closure-witness", 1)):
        assert listed.count(rule) == number, rule
    case.do("done", "closure-agencies", item="Council", at="2025-09-21")
    case.do("done", "closure-alerts", at="2025-09-21")
    case.do("done", "support-after-closure-witness", at="2025-09-21")
    listed = [row.rule for row in office.due()]
    assert (listed.count("closure-agencies"), listed.count("closure-alerts")) == (2, 0)


def test_14_5_and_3_7_4_an_agency_never_told_of_the_case_is_told_of_its_closing_as_of_anything_else(
    office: Office,
) -> None:
    case = _noise(office)
    for agency in ("Carers' Centre", "Women's Aid"):
        case.do("agency", "add", agency, kind="other", at="2025-09-02")
    case.do("consent", "Jane Souter", "given", for_="Women's Aid", written=True, at="2025-09-03")
    case.do("close", outcome="closed-unresolved", at="2025-09-20")
    assert "3.7.4" not in office.run("agency", case.number, "told", "Women's Aid", at="2025-09-21").err
    assert "3.7.4" in office.run("agency", case.number, "told", "Carers' Centre", at="2025-09-21").err


def test_15_1_not_closed_while_an_action_is_open_unless_the_manager_lets_it(office: Office) -> None:
    case = _noise(office)
    case.do("plan", "add", "See Ross Muir", who="Mhairi Kerr", due="2025-09-12", at="2025-09-02")
    assert "15.1" in case.refused(4, "close", outcome="closed-unresolved", at="2025-09-20")
    case.do("plan", "done", "1", at="2025-09-10")
    case.do("close", outcome="closed-unresolved", at="2025-09-20")


def test_15_1_an_action_keeps_its_number_when_the_one_before_it_counts_for_nothing(office: Office) -> None:
    case = _noise(office)
    first = case.do("plan", "add", "Ring the council")["last_entry"]
    case.do("plan", "add", "See Ross Muir")
    case.do("correct", first, void=True, because="Another case's")
    case.do("plan", "add", "Write to Ross Muir")
    assert [(each["item"], each["text"]) for each in case.show().plan] == [
        ("2", "See Ross Muir"), ("3", "Write to Ross Muir")]
    case.do("plan", "done", "3")
    assert "asb plan 1 done 2" in case.refused(4, "close", outcome="resolved-without-legal")


def test_15_1_an_action_written_into_the_plan_after_it_was_done_is_done(office: Office) -> None:
    case = _noise(office)
    case.do("plan", "add", "See Ross Muir", who="Mhairi Kerr", due="2025-09-12")
    case.do("plan", "done", "1", at="2025-09-10", resolving=True)
    assert case.show().plan[0]["done_at"] == "2025-09-10"
    assert case.state("plan-action") == "met"
    case.do("close", outcome="resolved-without-legal", at="2025-09-20")
    assert case.show().date_completed == "2025-09-10"


def test_15_1_a_mistaken_closing_is_taken_back_by_a_manager_only_with_the_reason_in_the_log(office: Office) -> None:
    case = _noise(office)
    case.do("close", outcome="closed-unresolved", at="2025-09-20")
    closing = case.log()[-1]["entry"]
    case.refused(4, "correct", closing, void=True, because="The wrong case")
    case.do("correct", closing, void=True, because="The wrong case", override="housing-manager",
            approved_by="Iain Ross")
    assert case.show().status == "open"
    assert {"approval", "correction"} <= {each["kind"] for each in case.log()}


def test_14_1_a_closed_case_takes_contact_with_its_victims_by_name_and_with_nobody_else(office: Office) -> None:
    case = _noise(office, complainant="Ann Hay")
    case.do("person", "add", "victim", "Cath Hay")
    case.do("close", outcome="closed-unresolved", at="2025-09-20")
    told = case.refused(2, "contact", "The garden is quiet", with_="victim")
    assert "ASB-1 has 2 people as victim: say which of them\nhint: --with NAME, or the id: P1, P3\n" in told
    for name in ("Ann Hay", "cath hay", "P3"):
        case.do("contact", "The garden is quiet", with_=name)
    case.refused(4, "contact", "Keep it quiet", with_="Ross Muir")
    case.refused(3, "contact", "The garden is quiet", with_="Ann Hey")


def test_15_2_an_incident_on_a_closed_case_points_to_the_new_one(office: Office) -> None:
    case = _noise(office)
    case.do("close", outcome="closed-unresolved", at="2025-09-20")
    assert f"asb reopen {case.number}" in case.refused(4, "log-incident", "Drums again")


def test_14_1_a_letter_may_be_sent_and_the_final_letter_is_one(office: Office) -> None:
    case, other = _noise(office), _noise(office)
    case.do("close", outcome="closed-unresolved", at="2025-09-20")
    row = case.deadline("closure-letter-offered")
    assert (row.state, row.strength) == ("open", "may")
    other.do("close", outcome="closed-unresolved", at="2025-09-20", final_letter="2025-09-20")
    assert other.state("closure-letter-offered") == "done"
