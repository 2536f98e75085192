"""4 to 7 The investigation: the interviews, whose consent comes before them, and what follows from each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from housing_office import Case, Office

LATER = "2026-12-30 10:00"


def _ours(office: Office, **report: Any) -> Case:
    return office.open(**{"category": "noise", "perpetrator": "Ross Muir", "perpetrator_tenure": "own-tenant",
                          "received": "2025-09-01", **report})


def _consented(case: Case) -> Case:
    case.do("consent", "Jane Souter", "given", for_="perpetrator-contact", at="2025-09-01")
    return case


def test_4_2_2_the_contact_agreed_at_the_interview_is_due_again_after_each_one(office: Office) -> None:
    case = _ours(office)
    case.do("interview", "victim", at="2025-09-02", contact_every="2 weeks")
    case.do("contact", "Reached", at="2025-09-10")
    assert [row.due for row in case.deadlines("agreed-contact")] == ["2025-09-16", "2025-09-24"]
    case.do("change", contact_every="1 week", at="2025-09-11")
    assert case.deadlines("agreed-contact")[-1].due == "2025-09-17"


def test_4_2_7_a_threat_of_suicide_is_999_and_then_the_line_manager(office: Office) -> None:
    case = _ours(office, flag="suicide-threat")
    assert "Call 999" in case.refused(4, "event", "manager-told")
    told = office.run("event", case.number, "called-999")
    assert "next: asb event 1 manager-told" in told.err
    assert case.state("suicide-response") == "open"
    case.do("event", "manager-told")
    assert case.state("suicide-response") == "done"


def test_5_3_where_a_need_is_known_support_is_arranged_before_the_interview(office: Office) -> None:
    case = _ours(office)
    case.do("answer", "support-needs", "yes")
    assert "5.3" in case.refused(4, "interview", "victim", arranged=LATER)
    case.do("answer", "interview-support", "yes")
    case.do("interview", "victim", arranged=LATER)


def test_5_3_an_answer_is_dated_when_it_was_so(office: Office) -> None:
    case = _ours(office)
    case.do("answer", "support-needs", "yes", at="2025-09-02")
    assert case.log()[-1]["happened_at"] == "2025-09-02"
    case.refused(2, "answer", "support-needs", "no", at="2024-01-01")


def test_5_3_an_ordinary_interview_is_arranged_without_it(office: Office) -> None:
    _ours(office).do("interview", "victim", arranged=LATER)


def test_5_4_a_wish_that_misses_the_timescale_is_a_reason_and_moves_no_date(office: Office) -> None:
    case = _ours(office, category="harassment")
    due = case.deadline("start-investigation").due
    case.do("answer", "officer-wished", "A woman; none here before Thursday, so a day late")
    assert case.deadline("start-investigation").due == due


# -- 6: before the alleged perpetrator is seen


@pytest.mark.parametrize("role", ["housing-manager", "area-manager", "director"])
def test_6_3_1_no_contact_without_the_victims_consent_unless_a_manager_decides_for_the_safety_of_others(
    office: Office, role: str,
) -> None:
    case = _ours(office)
    told = case.refused(4, "interview", "perpetrator", arranged=LATER)
    assert "consent" in told
    case.refused(4, "interview", "perpetrator", arranged=LATER, override="case-officer", approved_by="Jo",
                 because="Fire")
    case.do("interview", "perpetrator", arranged=LATER, override=role, approved_by="Iain Ross",
            because="Threatened to set fire to the stair")
    approval = next(each for each in case.log() if each["kind"] == "approval")
    assert approval["says"]["role"] == role
    assert approval["says"]["because"] == "Threatened to set fire to the stair"
    assert "6.3.1" in approval["says"]["conditions"][0]


def test_6_3_1_an_override_needs_the_role_a_name_and_a_reason(office: Office) -> None:
    case = _ours(office)
    case.refused(2, "interview", "perpetrator", arranged=LATER, override="housing-manager")
    case.refused(2, "interview", "perpetrator", arranged=LATER, approved_by="Iain Ross", because="Fire")


def test_6_3_1_the_name_is_who_holds_the_role_in_the_office(office: Office) -> None:
    office.run("role", "add", "housing-manager", "Iain Ross")
    case = _ours(office)
    case.refused(4, "interview", "perpetrator", arranged=LATER, override="housing-manager", approved_by="Jo Weir",
                 because="Fire")
    case.do("interview", "perpetrator", arranged=LATER, override="housing-manager", approved_by="Iain Ross",
            because="Fire")


def test_6_3_1_agreement_to_the_interview_is_agreement_to_the_contact_and_withdrawn_it_is_none(
    office: Office,
) -> None:
    case = _ours(office)
    case.do("consent", "Jane Souter", "given", for_="perpetrator-interview", at="2025-09-02")
    case.do("interview", "perpetrator", arranged=LATER)
    case.do("consent", "Jane Souter", "withdrawn", for_="perpetrator-interview", at="2025-09-03")
    case.refused(4, "interview", "perpetrator", arranged=LATER)
    assert case.state("perpetrator-interview") == "ended"


def test_6_3_1_what_has_happened_is_recorded_with_its_breach_on_the_managers_list(office: Office) -> None:
    case = _ours(office)
    ran = office.run("contact", case.number, "Met him on the stair", with_="perpetrator", at="2025-09-02")
    assert ran.code == 0
    assert "6.3.1" in ran.err
    assert "--because" in ran.err
    assert [row.state for row in case.deadlines("breach-review")] == ["open"]


def test_6_3_1_consent_withdrawn_since_does_not_make_a_contact_made_with_it_a_breach(office: Office) -> None:
    case = _consented(_ours(office))
    case.do("consent", "Jane Souter", "withdrawn", for_="perpetrator-contact", at="2025-09-10")
    ran = office.run("contact", case.number, "Met him on the stair", with_="perpetrator", at="2025-09-05")
    assert (ran.code, "6.3.1" in ran.err) == (0, False)
    ran = office.run("contact", case.number, "Met him again", with_="perpetrator", at="2025-09-11")
    assert (ran.code, "6.3.1" in ran.err) == (0, True)


def test_6_3_1_consent_given_afterwards_is_none_for_what_was_done_before(office: Office) -> None:
    case = _consented(_ours(office, received="2025-08-29"))
    assert "6.3.1" in office.run("contact", case.number, "Met him", with_="perpetrator", at="2025-08-31").err


def test_6_3_1_one_victims_consent_does_not_undo_that_anothers_was_withdrawn(office: Office) -> None:
    case = _ours(office)
    case.do("person", "add", "victim", "Mary Dunn", at="2025-09-01")
    case.do("consent", "Mary Dunn", "given", for_="perpetrator-contact", at="2025-09-02")
    case.do("consent", "Mary Dunn", "withdrawn", for_="perpetrator-contact", at="2025-09-03")
    case.do("consent", "Jane Souter", "given", for_="perpetrator-contact", at="2025-09-04")
    case.refused(4, "interview", "perpetrator", arranged=LATER)
    case.do("consent", "Mary Dunn", "given", for_="perpetrator-contact", at="2025-09-05")
    case.do("interview", "perpetrator", arranged=LATER)


@pytest.mark.parametrize("who", ["Ina Black", "Ross Muir"])
def test_6_3_1_a_witness_or_the_perpetrator_consents_for_nobody(office: Office, who: str) -> None:
    case = _ours(office, witness="Ina Black")
    case.do("consent", who, "given", for_="perpetrator-interview", at="2025-09-02")
    case.refused(4, "interview", "perpetrator", arranged=LATER)
    _consented(case).do("interview", "perpetrator", arranged=LATER)
    case.do("consent", who, "withdrawn", for_="perpetrator-interview", at="2025-09-03")
    case.do("interview", "perpetrator", arranged=LATER)


def test_6_3_1_where_the_victim_is_another_the_complainant_does_not_speak_for_them(office: Office) -> None:
    case = _ours(office, complainant="Ann Boyd", victim="Mary Dunn")
    case.do("consent", "Ann Boyd", "given", for_="perpetrator-contact", at="2025-09-02")
    case.refused(4, "interview", "perpetrator", arranged=LATER)
    case.do("consent", "Mary Dunn", "given", for_="perpetrator-contact", at="2025-09-02")
    case.do("interview", "perpetrator", arranged=LATER)


def test_6_3_1_each_victim_is_asked(office: Office) -> None:
    case = _ours(office)
    case.do("person", "add", "victim", "Mary Dunn", at="2025-09-01")
    _consented(case).refused(4, "interview", "perpetrator", arranged=LATER)
    case.do("consent", "Mary Dunn", "given", for_="perpetrator-contact", at="2025-09-02")
    case.do("interview", "perpetrator", arranged=LATER)


def test_5_7_and_6_3_2_a_victim_who_no_longer_agrees_is_not_talked_over_by_an_earlier_consent(office: Office) -> None:
    case = _consented(_ours(office))
    case.do("consent", "Jane Souter", "given", for_="perpetrator-interview", at="2025-09-02")
    case.do("answer", "continued-agreement", "no", because="Afraid of him")
    assert "6.3.2" in case.refused(4, "interview", "perpetrator", arranged=LATER)
    case.do("answer", "continued-agreement", "yes")
    case.do("interview", "perpetrator", arranged=LATER)
    case.do("consent", "Jane Souter", "withdrawn", for_="perpetrator-interview", at="2025-09-03")
    assert "6.3.2" in case.refused(4, "interview", "perpetrator", arranged=LATER)
    case.do("consent", "Jane Souter", "given", for_="perpetrator-interview", at="2025-09-04")
    case.do("interview", "perpetrator", arranged=LATER)


def test_6_3_2_consent_taken_back_ends_the_interview_with_its_reason_and_given_again_restarts_it(
    office: Office,
) -> None:
    case = _consented(_ours(office))
    case.do("consent", "Jane Souter", "withdrawn", for_="perpetrator-interview", at="2025-09-03", text="Afraid of him")
    ended = case.deadline("perpetrator-interview")
    assert (ended.state, ended.reason) == ("ended", "Afraid of him")
    case.do("consent", "Jane Souter", "given", for_="perpetrator-interview", at="2025-09-08")
    again = case.deadline("perpetrator-interview", on="2025-09-09")
    assert (again.state, again.due) == ("open", ended.due), "from the report, as it always ran"
    case.do("interview", "perpetrator", at="2025-09-10 10:00")
    assert case.state("perpetrator-interview") == "met"


def test_6_1_1_an_interview_held_before_the_victims_leaves_nothing_to_be_late_for(office: Office) -> None:
    case = _consented(_ours(office, category="hate"))
    case.do("interview", "perpetrator", at="2025-09-03 10:00")
    case.do("interview", "victim", at="2025-09-04 11:00")
    assert case.state("perpetrator-interview-hate") == "met"
    assert case.deadlines("delay-reason") == []


def test_6_3_1_while_nobody_is_known_to_be_the_victim_there_is_nobody_to_ask(office: Office) -> None:
    _ours(office, anonymous=True).do("interview", "perpetrator", arranged=LATER)


def test_6_2_1_no_interview_while_another_body_investigates_without_its_express_consent(office: Office) -> None:
    case = _consented(_ours(office, flag="police-investigating"))
    assert "6.2.1" in case.refused(4, "interview", "perpetrator", arranged=LATER)
    case.do("agency", "add", "Police Scotland", kind="police", contact="PC Grant")
    case.do("consent", "Police Scotland", "given", for_="perpetrator-interview", text="PC Grant, by telephone")
    case.do("interview", "perpetrator", arranged=LATER)
    case.do("consent", "Police Scotland", "withdrawn", for_="perpetrator-interview")
    case.refused(4, "interview", "perpetrator", arranged=LATER)


def test_6_2_1_and_6_3_1_the_investigating_bodys_consent_is_not_the_victims_nor_hers_theirs(office: Office) -> None:
    case = _ours(office, flag="police-investigating")
    case.do("agency", "add", "Police Scotland", kind="police")
    case.do("consent", "Police Scotland", "given", for_="perpetrator-interview")
    assert "6.3.1" in case.refused(4, "interview", "perpetrator", arranged=LATER)
    ran = office.run("consent", case.number, "Police Scotland", "given", for_="perpetrator-contact")
    assert "it opens nothing" in ran.err
    other = _consented(_ours(office, flag="police-investigating"))
    other.do("consent", "Jane Souter", "given", for_="perpetrator-interview")
    assert "6.2.1" in other.refused(4, "interview", "perpetrator", arranged=LATER)


def test_6_2_1_the_clock_stays_visible_while_the_police_ask_us_to_wait(office: Office) -> None:
    case = _ours(office, flag="police-investigating")
    case.do("interview", "perpetrator", delayed=True, at="2025-09-05", because="The police asked us to wait")
    row = case.deadline("perpetrator-interview")
    assert (row.due, row.state, row.reason) == ("2025-09-15", "overdue", "The police asked us to wait")


def test_6_2_2_another_landlords_tenant_is_interviewed_by_that_landlord(office: Office) -> None:
    case = _consented(_ours(office, perpetrator_tenure="other-landlord"))
    assert "6.2.2" in case.refused(4, "interview", "perpetrator", arranged=LATER)
    case.do("answer", "landlord-asks-us", "yes")
    case.do("interview", "perpetrator", arranged=LATER)


def test_every_unmet_condition_is_listed_at_once(office: Office) -> None:
    case = _ours(office, flag="police-investigating", perpetrator_tenure="other-landlord")
    told = case.refused(4, "interview", "perpetrator", arranged=LATER)
    assert all(clause in told for clause in ("6.2.1", "6.2.2", "6.3.1"))


# -- 7: what follows from it


def test_7_1_1_denied_without_evidence_it_is_monitored_until_the_date_set_else_28_days(office: Office) -> None:
    one, other = _consented(_ours(office)), _consented(_ours(office))
    one.do("interview", "perpetrator", at="2025-09-10", finding="denied", monitor_until="2025-10-31")
    other.do("interview", "perpetrator", at="2025-09-10", finding="no-evidence")
    assert one.deadline("monitoring").due == "2025-10-31"
    assert (other.deadline("monitoring").due, other.deadline("monitoring").notes) == ("2025-10-08", ["default-date"])


def test_7_2_1_an_interview_refused_is_answered_by_a_warning_letter(office: Office) -> None:
    case = _consented(_ours(office))
    case.do("interview", "perpetrator", declined=True, at="2025-09-10")
    assert case.state("perpetrator-interview") == "ended"
    case.do("warn", "Ross Muir", level="verbal", at="2025-09-11")
    assert case.state("refusal-warning-letter") == "open"
    case.do("warn", "Ross Muir", level="written", requires="Keep to the tenancy", at="2025-09-12")
    assert case.state("refusal-warning-letter") == "done"


def test_7_3_1_a_formal_warning_states_the_action_required(office: Office) -> None:
    case = _consented(_ours(office))
    ran = office.run("warn", case.number, "Ross Muir", level="written", at="2025-09-11")
    assert "7.3.1" in ran.err
    case.do("warn", "Ross Muir", level="written", requires="No drums after nine", at="2025-09-12")
    assert case.log()[-1]["says"]["requires"] == "No drums after nine"


def test_7_3_2_only_what_is_reported_after_the_warning_asks_for_a_decision_to_escalate(office: Office) -> None:
    case = _consented(_ours(office))
    case.do("log-incident", "Drums", at="2025-09-05", received="2025-09-05")
    case.do("warn", "Ross Muir", level="written", requires="No drums", at="2025-09-12")
    assert case.deadlines("escalation-decision") == []
    case.do("log-incident", "Drums, the week before", at="2025-09-11", received="2025-09-14")
    assert case.deadlines("escalation-decision") == [], "it was over before the warning, and is only told now"
    case.do("log-incident", "Drums again", at="2025-09-15", received="2025-09-16")
    assert case.state("escalation-decision") == "open"
