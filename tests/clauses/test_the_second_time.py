"""What happens twice, to two people, or the other way round: a second need is a second duty, each answer its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from housing_office import Case, Office

LATER = "2027-03-01 10:00"


def _case(office: Office, **report: Any) -> Case:
    return office.open(**{"category": "noise", "perpetrator": "Ross Muir", "perpetrator_tenure": "own-tenant",
                          "received": "2025-10-01 10:00", **report})


@pytest.mark.parametrize("purpose", ["perpetrator-interview", "perpetrator-contact"])
def test_6_3_1_a_victim_named_after_the_consent_is_asked_as_well(office: Office, purpose: str) -> None:
    case = _case(office)
    case.do("consent", "Jane Souter", "given", for_=purpose, at="2025-10-02")
    case.do("person", "add", "victim", "Vic Orr", at="2025-10-03")
    assert "6.3.1" in case.refused(4, "interview", "perpetrator", arranged=LATER)
    case.do("consent", "Vic Orr", "given", for_=purpose, at="2025-10-04")
    case.do("interview", "perpetrator", arranged=LATER)


def test_3_6_1_a_home_made_safe_once_is_made_safe_again_from_when_that_was_noticed(office: Office) -> None:
    case = _case(office, category="domestic-abuse")
    case.do("repair", "make-safe", noticed="2025-10-02 11:00")
    case.do("repair", "make-safe", done="2025-10-02 20:00")
    case.do("repair", "make-safe", noticed="2025-11-19 23:00")
    assert [row.state for row in case.deadlines("emergency-repair")] == ["done", "open"]
    assert case.deadlines("emergency-repair")[1].started_at == "2025-11-19T23:00+00:00"


def test_3_6_1_a_repair_noticed_and_done_in_one_entry_is_seen_to_be_done(office: Office) -> None:
    case = _case(office)
    case.do("repair", "make-safe", noticed="2025-10-02 11:00", done="2025-10-02 20:00")
    assert case.state("emergency-repair") == "done"


def test_3_6_1_a_photograph_is_of_one_graffito(office: Office) -> None:
    case = _case(office)
    case.do("repair", "offensive-graffiti", noticed="2025-10-02 11:00")
    case.do("repair", "offensive-graffiti", done="2025-10-02 15:00", photographed=True)
    case.do("repair", "offensive-graffiti", noticed="2025-10-09 11:00")
    told = office.run("repair", case.number, "offensive-graffiti", done="2025-10-09 15:00").err
    assert "Photograph the graffiti" in told


def test_2_1_1_an_interview_of_somebody_voided_is_not_the_other_victims(office: Office) -> None:
    case = _case(office)
    case.do("person", "add", "victim", "Vic Orr", at="2025-10-02")
    added = case.show().last_entry
    case.do("interview", "victim", person="Vic Orr", at="2025-10-03 10:00")
    case.do("correct", added, void=True, because="No victim of this")
    assert case.state("start-investigation") != "met"
    assert case.deadlines("outline-agreement") == []


def test_2_1_1_a_word_with_somebody_taken_off_again_began_no_investigation(office: Office) -> None:
    case = _case(office)
    case.do("contact", "Said hello", at="2025-10-02")
    told = office.run("person", case.number, "remove", "Jane Souter", because="Named by mistake").err
    assert "nobody is known to be the victim now" in told
    assert "rename P1 NAME" in told, "where only the name was wrong"
    assert "met" not in [row.state for row in case.deadlines("start-investigation")]


def test_6_3_4_what_is_supplied_to_one_who_asked_is_not_supplied_to_the_other(office: Office) -> None:
    case = _case(office)
    case.do("event", "subject-access-request", person="Jane Souter", at="2025-10-05")
    case.do("event", "subject-access-request", person="Ross Muir", at="2025-10-10")
    case.do("event", "subject-access-supplied", person="Ross Muir", at="2025-10-20")
    assert sorted(row.state for row in case.deadlines("subject-access")) == ["met", "overdue"]


def test_3_9_3_an_outcome_heard_before_the_referral_is_not_that_of_the_referral(office: Office) -> None:
    case = _case(office, perpetrator_tenure="private-tenant")
    case.do("agency", "add", "Samaritans", kind="other")
    case.do("agency", "outcome", "Samaritans", at="2025-10-05", text="Spoke with her")
    case.do("agency", "add", "Council", kind="local-authority")
    case.do("agency", "referred", "Council", at="2025-10-10")
    assert "3.9.3" in case.refused(4, "close", outcome="closed-unresolved")
    case.do("agency", "outcome", "Council", at="2025-10-20", text="Fixed penalty")
    case.do("close", outcome="closed-unresolved")


def test_6_2_1_a_charitys_consent_is_not_that_of_the_body_which_investigates(office: Office) -> None:
    case = _case(office, flag=["police-investigating"])
    case.do("consent", "Jane Souter", "given", for_="perpetrator-interview", at="2025-10-02")
    case.do("agency", "add", "Shelter", kind="other", at="2025-10-02")
    told = office.run("consent", case.number, "Shelter", "given", for_="perpetrator-interview", at="2025-10-03")
    assert "it opens nothing: Shelter is no authority that investigates" in told.err
    assert "6.2.1" in case.refused(4, "interview", "perpetrator", arranged=LATER)
    case.do("agency", "add", "Police Scotland", kind="police", at="2025-10-04")
    case.do("consent", "Police Scotland", "given", for_="perpetrator-interview", at="2025-10-04")
    case.do("interview", "perpetrator", arranged=LATER)


def test_11_5_each_contract_is_reviewed_as_often_as_that_one_says_and_one_that_ended_ends_no_other(
    office: Office,
) -> None:
    case = _case(office, perpetrator=["Bob Hay", "Cal Orr"], perpetrator_tenure=None)
    case.do("remedy", "abc", "signed", person="Bob Hay", every="2 weeks", at="2025-10-06")
    case.do("remedy", "abc", "signed", person="Cal Orr", every="1 week", at="2025-10-06")
    assert [row.due for row in case.deadlines("abc-review", "Bob Hay")] == ["2025-10-20"]
    assert [row.due for row in case.deadlines("abc-review", "Cal Orr")] == ["2025-10-13"]
    case.do("remedy", "abc", "ended", person="Bob Hay", at="2025-10-10")
    assert [row.state for row in case.deadlines("abc-review", "Cal Orr", on="2025-10-11")] == ["open"]
    case.do("remedy", "abc", "signed", person="Bob Hay", every="1 week", at="2025-11-10")
    assert [row.due for row in case.deadlines("abc-review", "Bob Hay")] == ["2025-11-17"]


def test_4_2_2_agreed_anew_a_contact_that_was_missed_stays_missed(office: Office) -> None:
    case = _case(office)
    case.do("interview", "victim", at="2025-10-02 10:00", contact_every="1 week")
    case.do("change", contact_every="2 months", at="2025-11-20")
    assert case.deadline("agreed-contact").due == "2025-10-09"


def test_4_2_2_agreed_to_be_more_often_it_is_due_so_long_after_that_was_agreed(office: Office) -> None:
    case = _case(office)
    case.do("interview", "victim", at="2025-10-20 10:00", contact_every="1 month")
    case.do("change", contact_every="1 week", at="2025-11-17")
    assert case.deadline("agreed-contact").due == "2025-11-24"
    assert "agreed anew: counted from Mon 17 Nov 2025" in office.run("explain", case.number, "agreed-contact").out


def test_4_2_2_what_was_agreed_with_one_victim_was_not_agreed_with_the_other(office: Office) -> None:
    case = _case(office)
    case.do("person", "add", "victim", "Vic Orr", at="2025-10-01")
    for who in ("Jane Souter", "Vic Orr"):
        case.do("interview", "victim", person=who, at="2025-10-02 10:00",
                **({"contact_every": "1 week"} if who == "Jane Souter" else {}))
    assert (case.state("agree-contact", "Jane Souter"), case.state("agree-contact", "Vic Orr")) == ("done", "open")


def test_3_3_1_one_call_answers_all_the_danger_that_stood_open(office: Office) -> None:
    case = _case(office, immediate_danger="yes")
    case.do("log-incident", "Still there", received="2025-10-01 10:30", immediate_danger="yes")
    case.do("event", "called-999", at="2025-10-01 10:31")
    assert [row.state for row in case.deadlines("call-999")] == ["done"]


def test_4_2_7_a_call_made_before_the_threat_was_written_down_counts_for_it(office: Office) -> None:
    case = _case(office)
    case.do("event", "called-999", at="2025-10-02 10:00")
    case.do("event", "manager-told", at="2025-10-02 10:10")
    case.do("flag", "add", "suicide-threat", because="She said so on the telephone", at="2025-10-02 10:20")
    assert case.state("suicide-response") == "done"


def test_3_3_4_a_second_belief_does_not_make_the_first_any_younger(office: Office) -> None:
    case = _case(office, flag=["vulnerable-adult"])
    case.do("flag", "add", "child-at-risk", because="A baby in the home", at="2025-11-20")
    assert case.deadline("safeguarding-referral").started_at == "2025-10-01T10:00+01:00"
    case.do("done", "safeguarding-referral", at="2025-11-21")
    case.do("flag", "remove", "child-at-risk", because="Taken in by her aunt", override="housing-manager",
            approved_by="Iain Ross")
    case.do("flag", "add", "child-at-risk", because="Back in the home")
    assert [row.state for row in case.deadlines("safeguarding-referral")] == ["done", "open"]


def test_7_3_2_each_further_incident_leaves_the_decision_as_old_as_it_is(office: Office) -> None:
    case = _case(office)
    case.do("warn", "Ross Muir", level="written", requires="No drums", at="2025-10-08")
    for day in ("2025-10-12", "2025-11-12"):
        case.do("log-incident", "Drums", at=day, received=day)
    assert case.deadline("escalation-decision").started_at == "2025-10-12"


def test_12_9_consent_to_legal_action_given_again_asks_for_the_decision_again(office: Office) -> None:
    case = _case(office, category="hate")
    case.do("interview", "perpetrator", at="2025-10-06 10:00", finding="evidenced")
    case.do("consent", "Jane Souter", "withdrawn", for_="legal-action", at="2025-10-08")
    assert case.state("hate-legal-action") == "ended"
    case.do("consent", "Jane Souter", "given", for_="legal-action", at="2025-10-12")
    assert case.state("hate-legal-action") == "open"


def test_s_14_a_notice_that_gives_too_short_a_date_makes_nothing_lawful_any_sooner(office: Office) -> None:
    case = _case(office)
    case.do("event", "notice-served", at="2025-11-10", specifies="2025-11-20")
    assert case.deadline("notice-earliest").due == "2025-12-08"
