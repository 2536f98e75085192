"""The checklists: what each step must have answered is asked until it is, and a blank is no answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from asbcli.procedure.reading import load

if TYPE_CHECKING:
    from housing_office import Case, Office

WHO = {"perpetrator": "Ross Muir", "perpetrator_tenure": "own-tenant"}


def _asked(case: Case) -> set[str]:
    return {row["item"] for row in case.office.do("checklist", case.number)}


def _asks_until_answered(case: Case, *items: str) -> None:
    """Each is asked, `unknown` and `not-applicable` are answers, and answered it is asked no more."""
    assert set(items) <= _asked(case)
    for place, item in enumerate(items):
        case.do("answer", item, ("yes", "unknown", "not-applicable", "Said on the telephone")[place % 4])
    assert not set(items) & _asked(case)


def _ours(office: Office, **answers: Any) -> Case:
    """A case of one of our own tenants."""
    case = office.open(**{**WHO, **answers})
    case.do("person", "add", "victim", "Jane Souter", tenure="own-tenant")
    return case


def test_3_2_1_the_five_things_a_first_report_must_hold(office: Office) -> None:
    five = ("incident-details", "perpetrator-known", "witnesses", "previous-incidents", "police-informed")
    case = office.open(category="noise")
    assert set(five) <= _asked(case)
    told = office.open(category="noise", happened="2025-08-30 23:30", place="Flat 2/1", perpetrator="unknown",
                       witness="none", previous_incidents="unknown", police_informed="no")
    assert not set(five) & _asked(told), "unknown and none are answers"
    _asks_until_answered(case, *five)


def test_3_2_1_a_place_belongs_to_the_details_of_an_incident(office: Office) -> None:
    assert "incident-details" in _asked(office.open(category="noise", happened="2025-08-30 23:30"))


def test_3_2_1_to_3_7_1_what_is_checked_after_a_first_report(office: Office) -> None:
    _asks_until_answered(
        _ours(office, category="noise"),
        "support-needs", "identity-confirmed", "diary-sheets", "how-investigated", "immediate-danger",
        "tenancy-checked", "vulnerabilities", "security-needed", "legal-advice-needed", "adjustments", "signposted",
    )  # fmt: skip


def test_3_2_1_and_3_3_3_what_is_asked_of_a_serious_report(office: Office) -> None:
    _asks_until_answered(_ours(office, category="harassment"), "category-confirmed", "hate-considered", "fleeing",
                         "officer-wished", "cautioned")


def test_3_2_1_the_hate_question_is_closed_by_no_as_well_as_by_yes(office: Office) -> None:
    case = office.open(category="harassment")
    case.do("answer", "hate-considered", "no", because="A quarrel about parking")
    assert "hate-considered" not in _asked(case)
    assert case.log()[-1]["says"]["because"] == "A quarrel about parking"


def test_3_2_1_and_12_9_what_is_asked_where_it_is_hate(office: Office) -> None:
    _asks_until_answered(office.open(category="hate"), "hate-agencies-notified", "legal-advice")


def test_3_3_4_whether_anybody_is_at_risk_is_asked_of_every_report(office: Office) -> None:
    case = office.open(category="noise")
    assert "risk-of-harm" in _asked(case)
    case.do("flag", "add", "vulnerable-adult", because="Alone, and frightened")
    assert "risk-of-harm" not in _asked(case)
    _asks_until_answered(office.open(category="pets"), "risk-of-harm")


def test_2_2_1_who_perceives_it_as_personal(office: Office) -> None:
    _asks_until_answered(office.open(category="noise", definition="personal"), "definition-perceived-by")
    told = office.open(category="noise", definition="personal", perceived_by="witness")
    assert "definition-perceived-by" not in _asked(told)


def test_3_2_1_agreement_is_sought_at_each_stage_from_who_has_the_need(office: Office) -> None:
    case = office.open(category="noise", flag="vulnerable-adult", **WHO)
    assert "agreement-to-agencies" not in _asked(case)
    told = office.run("agency", case.number, "add", "Social Work", kind="local-authority")
    assert "agreement-to-agencies" in told.err, "before anything goes to it"
    case.do("event", "legal-decision", by="Iain Ross", at="2025-09-02")
    _asks_until_answered(case, "agreement-to-proceed", "agreement-to-agencies", "agreement-to-formal-action")
    assert not {"agreement-to-proceed"} & _asked(office.open(category="noise", **WHO))


def test_5_3_10_3_and_10_5_what_is_asked_where_support_is_needed(office: Office) -> None:
    case = office.open(category="noise")
    case.do("answer", "vulnerabilities", "yes")
    _asks_until_answered(case, "interview-support", "home-visits", "appropriate-adult")


def test_4_2_2_5_7_and_5_9_the_points_of_the_interview_with_the_victim(office: Office) -> None:
    _asks_until_answered(
        office.open(category="noise"),
        "visit-safety", "expected-outcomes", "others-to-contact", "legal-powers", "disclosure-explained",
        "continued-agreement", "independent-support", "realistic-explained", "supporting-evidence",
        "mediation-considered",
    )  # fmt: skip


def test_4_4_4_5_and_managing_cases_what_the_other_policies_ask_of_that_interview(office: Office) -> None:
    case = office.open(category="noise")
    case.do("diary", "returned", at="2025-09-02")
    _asks_until_answered(case, "early-legal-advice", "support-pack", "impact", "registered", "diaries-noted")


def test_5_9_mediation_is_not_raised_with_domestic_abuse_or_violence(office: Office) -> None:
    assert "mediation-considered" not in _asked(office.open(category="violence"))
    assert "mediation-considered" not in _asked(office.open(category="domestic-abuse"))


def test_4_3_3_a_witness_who_fears_reprisals(office: Office) -> None:
    case = office.open(category="noise", witness="Ina Black", received="2025-09-01")
    assert "professional-witness" not in _asked(case)
    case.do("interview", "witness", declined=True, at="2025-09-02")
    _asks_until_answered(case, "professional-witness")


def test_6_the_points_of_the_interview_with_the_alleged_perpetrator(office: Office) -> None:
    _asks_until_answered(
        office.open(category="noise", **WHO),
        "companion-offered", "perpetrator-identity", "policy-outlined", "complaint-put",
        "underlying-reason", "others-told", "next-action-told", "tenancy-terms", "their-witnesses",
        "independent-advice",
    )  # fmt: skip
    _asks_until_answered(office.open(category="noise", perpetrator="Tam Lyle", perpetrator_tenure="other-landlord"),
                         "landlord-asks-us")


def test_3_6_1_and_11_8_4_what_a_rare_step_asks_is_asked_only_then(office: Office) -> None:
    case = office.open(category="noise", **WHO)
    assert not {"lock-beyond-repair", "transfer-evidence"} & _asked(case)
    case.do("person", "add", "perpetrator", "Ross Muir", tenancy="joint")
    case.do("remedy", "transfer", "requested", at="2025-09-02")
    _asks_until_answered(case, "lock-beyond-repair", "transfer-evidence")


def test_1_2_2_which_paragraph_the_notice_of_a_short_tenancy_states(office: Office) -> None:
    case = office.open(category="noise", **WHO)
    assert "schedule-6-paragraph" not in _asked(case)
    case.do("event", "ssst-offer-notice", at="2025-09-02")
    _asks_until_answered(case, "schedule-6-paragraph")


def test_3_7_6_what_a_third_partys_report_asks_before_it_is_closed_without_an_interview(office: Office) -> None:
    _asks_until_answered(office.open(category="noise", reporter="third-party", reported_by="Ina Black"),
                         "basic-advice", "may-return")


def test_14_the_points_of_closing(office: Office) -> None:
    _asks_until_answered(office.open(category="noise", perpetrator="Tam Lyle", perpetrator_tenure="private-tenant"),
                         "can-come-back", "complaints-route", "further-incidents", "reasons-given",
                         "outcome-found-out")  # fmt: skip


def test_14_the_points_of_closing_can_still_be_answered_after_it_and_no_others(office: Office) -> None:
    case = office.open(category="noise", received="2025-09-01")
    case.do("close", outcome="closed-unresolved", at="2025-09-20")
    case.do("answer", "can-come-back", "yes")
    case.refused(4, "answer", "expected-outcomes", "Quiet")


def test_wha_what_the_domestic_violence_policy_asks(office: Office) -> None:
    case = office.open(category="domestic-abuse", **WHO)
    _asks_until_answered(case, "same-sex-investigator", "interview-appropriate", "interview-safe",
                         "perpetrator-letter-safe", "unless-further-evidence")  # fmt: skip


def test_a_step_names_what_it_must_have_answered(office: Office) -> None:
    case = office.open(category="noise", received="2025-09-01")
    told = office.run("interview", case.number, "victim", at="2025-09-02").err
    assert "still to answer: expected-outcomes, others-to-contact" in told
    assert f"(asb checklist {case.number})" in told


def test_every_question_of_the_default_procedure_is_asked_in_one_of_these() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [each for each in load("default").questions if f'"{each}"' not in source] == []
