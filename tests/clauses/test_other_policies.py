"""The model procedure, the partnership policy and the domestic violence policy, laid over Sanctuary's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from housing_office import Case, Office

LATER = "2026-12-30 10:00"


def _abuse(office: Office, **report: Any) -> Case:
    return office.open(**{"category": "domestic-abuse", "perpetrator": "Callum Grant",
                          "perpetrator_tenure": "own-tenant", "received": "2025-09-01", **report})


# -- model procedure 4.4 and 4.5


def test_4_4_a_delay_in_the_plan_is_challenged_up_the_scale_until_the_action_is_done(office: Office) -> None:
    case = office.open(category="noise", received="2025-09-01")
    case.do("plan", "add", "Fence", who="Repairs", due="2025-09-12", at="2025-09-02")
    assert case.deadlines("challenge-delay", on="2025-09-12 12:00") == []
    row = case.deadline("challenge-delay", on="2025-09-15")
    assert (row.state, row.strength) == ("open", "guideline")
    case.do("plan", "done", "1", at="2025-09-16")
    assert case.state("challenge-delay") == "ended"


def test_4_4_every_action_of_the_plan_has_who_and_by_when(office: Office) -> None:
    case = office.open(category="noise", received="2025-09-01")
    case.do("plan", "add", "Fence", who="Repairs", due="2025-09-12", at="2025-09-02")
    [action] = case.show().plan
    assert (action["who"], action["due"]) == ("Repairs", "2025-09-12")
    assert case.deadline("plan-action").due == "2025-09-12"


def test_4_5_an_agency_has_its_named_contact(office: Office) -> None:
    case = office.open(category="noise", received="2025-09-01")
    case.do("agency", "add", "Police Scotland", kind="police", contact="PC Grant")
    assert case.log()[-1]["says"]["contact"] == "PC Grant"


# -- partnership policy


def test_managing_cases_every_case_has_a_plan_with_hate_or_without(office: Office) -> None:
    for category in ("noise", "hate"):
        case = office.open(category=category, received="2025-09-01")
        assert case.state("action-plan") == "open"
        case.do("plan", "agreed", at="2025-09-02")
        assert case.state("action-plan") == "done"


def test_managing_cases_the_risk_is_assessed_anew_with_each_incident_and_may_be_left_out(office: Office) -> None:
    case = office.open(category="noise", received="2025-09-01")
    case.do("risk", level="low", at="2025-09-02")
    assert case.state("risk-assessment") == "done"
    case.do("log-incident", "Drums", at="2025-09-05", received="2025-09-05")
    assert (case.state("risk-assessment"), case.deadline("risk-assessment").strength) == ("open", "may")


# -- WHA domestic violence policy


@pytest.mark.parametrize("by", ["victim", "police", "witness", "officer"])
def test_definition_anyones_perception_is_enough_and_no_evidence_is_asked_first(office: Office, by: str) -> None:
    shown = _abuse(office, perceived_by=by).show()
    assert (shown.flags, shown.priority) == (["domestic-abuse"], 1)


def test_action_no_interview_with_the_alleged_perpetrator_until_all_three_conditions_whoever_approves(
    office: Office,
) -> None:
    case = _abuse(office)
    steps = (
        lambda: case.do("answer", "interview-appropriate", "yes"),
        lambda: case.do("consent", "Jane Souter", "given", for_="perpetrator-interview", at="2025-09-02"),
        lambda: case.do("answer", "interview-safe", "yes"),
    )
    for step in steps:
        case.refused(4, "interview", "perpetrator", arranged=LATER, override="director", approved_by="Ann Reid",
                     because="In haste")
        step()
    case.do("interview", "perpetrator", arranged=LATER)


def test_action_an_interview_allowed_only_after_its_date_says_that_it_was_held_back(office: Office) -> None:
    case = _abuse(office, received="2025-09-01")
    case.do("answer", "interview-appropriate", "yes", at="2025-10-01")
    case.do("answer", "interview-safe", "yes", at="2025-10-01")
    assert case.deadlines("perpetrator-interview") == []
    case.do("consent", "Jane Souter", "given", for_="perpetrator-interview", at="2025-10-02")
    row = case.deadline("perpetrator-interview")
    assert (row.due, row.notes) == ("2025-09-15", ["held-back"])
    assert "not allowed" in office.run("explain", case.number, "perpetrator-interview").out


def test_confidentiality_without_consent_the_director_approves_what_an_agency_is_told(office: Office) -> None:
    case = _abuse(office)
    case.do("agency", "add", "Council", kind="local-authority")
    told = case.refused(4, "disclose", to="Council", what="What she said")
    assert "Director" in told
    case.refused(4, "disclose", to="Council", what="What she said", override="housing-manager", approved_by="Jo",
                 because="In haste")
    case.do("disclose", to="Council", what="What she said", override="director", approved_by="Ann Reid",
            because="High risk of serious harm")


def test_confidentiality_a_child_at_risk_waits_for_nobody_and_the_approval_comes_after(office: Office) -> None:
    case = _abuse(office, flag="child-at-risk")
    case.do("agency", "add", "Social Work", kind="local-authority")
    case.do("disclose", to="Social Work", what="Two children in the home")
    assert case.state("disclosure-approval") == "open"


def test_support_the_repair_is_to_be_done_within_24_hours_which_is_a_target_and_no_limit(office: Office) -> None:
    case = _abuse(office, received="2025-09-05 17:00")  # a Friday
    case.do("repair", "make-safe", noticed="2025-09-05 17:00")
    row = case.deadline("emergency-repair")
    assert (row.due, row.act_by, row.state) == (None, "2025-09-06", "open")


def test_closure_a_warning_or_a_contact_without_the_conditions_is_recorded_with_its_breach(office: Office) -> None:
    case = _abuse(office)
    ran = office.run("warn", case.number, "Callum Grant", level="written", requires="Stay away", at="2025-09-02")
    assert ran.code == 0
    assert "only where it is safe" in ran.err


def test_closure_the_formal_review_meeting_comes_before_the_letter(office: Office) -> None:
    case = _abuse(office)
    told = case.refused(4, "close", outcome="perpetrator-left", final_letter="2025-09-20", at="2025-09-20")
    assert "formal review meeting" in told
    case.do("review", "Met at the office", stage="closing", with_="Iain Ross", at="2025-09-19")
    case.do("close", outcome="perpetrator-left", final_letter="2025-09-20", at="2025-09-20")
    assert case.state("closing-review") == "done"


def test_monitoring_the_director_evaluates_every_closed_case_and_the_board_is_told(office: Office) -> None:
    case = _abuse(office)
    case.do("close", outcome="perpetrator-left", at="2025-09-20")
    assert case.state("effectiveness-review") == "open"
    assert case.state("board-report") == "open"
    case.do("review", "Handled well", stage="effectiveness", with_="Ann Reid", at="2025-09-25")
    assert case.state("effectiveness-review") == "done"


@pytest.mark.parametrize("by", ["Jane Souter", "Callum Grant"])
def test_appeals_by_either_side_are_reviewed_also_after_closing(office: Office, by: str) -> None:
    case = _abuse(office)
    case.do("close", outcome="perpetrator-left", at="2025-09-20")
    case.do("appeal", by=by, at="2025-09-25")
    assert case.state("appeal-review") == "open"
    case.do("review", "Upheld", stage="appeal", with_="Ann Reid", at="2025-10-02")
    assert case.state("appeal-review") == "done"


def test_a_hate_case_keeps_its_own_rules_where_there_is_no_domestic_abuse(office: Office) -> None:
    case = office.open(category="hate", perpetrator="Ross Muir", perpetrator_tenure="own-tenant",
                       received="2025-09-01")
    for rule in ("closing-review", "effectiveness-review", "board-report", "closure-letter"):
        assert case.deadlines(rule) == []
