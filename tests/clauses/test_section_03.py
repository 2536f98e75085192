"""3 Initial reporting: the first report, danger, what may be told to whom, what is done at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from housing_office import Case, Office


def test_3_1_1_how_it_was_reported_and_by_whom(office: Office) -> None:
    case = office.open(category="noise", channel="social-media", reporter="agency", reported_by="Shelter",
                       victim="Tam Lyle", complainant="Jane Souter")
    shown = case.show()
    assert (shown.channel, shown.reporter) == ("social-media", "agency")
    assert {(each["name"], *each["roles"]) for each in shown.people} == {
        ("Jane Souter", "complainant"), ("Tam Lyle", "victim"), ("Shelter", "third-party")}  # fmt: skip


def test_3_2_1_a_possible_duplicate_is_shown_and_has_to_be_answered(office: Office) -> None:
    first = office.open(category="noise", summary="Drums")
    report = {"category": "noise", "definition": "nuisance", "summary": "Drums", "complainant": "Jane Souter"}
    assert first.ref in office.refused(2, "open", **report)
    assert office.do("open", new=True, **report)["number"] == first.number + 1


def test_3_3_1_danger_is_asked_about_and_999_stays_open_until_the_call_is_recorded(office: Office) -> None:
    case = office.open(category="noise", immediate_danger="yes", received="2025-09-01 20:00")
    assert "immediate-danger" in case.show().flags
    assert case.state("call-999") == "open"
    case.do("event", "called-999", at="2025-09-01 20:04")
    assert case.state("call-999") == "done"


def test_3_3_1_a_second_danger_needs_a_call_of_its_own(office: Office) -> None:
    case = office.open(category="noise", immediate_danger="yes", received="2025-09-01 20:00")
    case.do("event", "called-999", at="2025-09-01 20:04")
    told = office.run("log-incident", case.number, "He is back", received="2025-09-08 21:00", immediate_danger="yes")
    assert "Dial 999 now" in told.err, "the words that may save a life are said each time"
    assert [row.state for row in case.deadlines("call-999")] == ["done", "open"]
    assert "999" in case.refused(4, "close", outcome="closed-unresolved", at="2025-09-09"), "an old call is no answer"
    case.do("event", "called-999", at="2025-09-08 21:02")
    assert [row.state for row in case.deadlines("call-999")] == ["done", "done"]


@pytest.mark.parametrize("answer", ["no", "unknown"])
def test_3_3_1_what_was_said_of_danger_at_a_further_incident_is_kept(office: Office, answer: str) -> None:
    case = office.open(category="noise", received="2025-09-01 20:00")
    case.do("log-incident", "He is back", received="2025-09-08 21:00", immediate_danger=answer)
    assert case.log()[-1]["says"]["immediate_danger"] == answer
    assert f"immediate danger: {answer}" in office.run("history", case.number).out
    assert case.deadlines("call-999") == []


def test_3_3_1_a_call_made_before_the_danger_was_recorded_counts_for_it_once(office: Office) -> None:
    case = office.open(category="noise", received="2025-09-01 20:00")
    case.do("event", "called-999", at="2025-09-02 22:00")
    case.do("flag", "add", "immediate-danger", because="A knife was shown", at="2025-09-02 22:10")
    assert case.state("call-999") == "done"
    case.do("flag", "add", "immediate-danger", because="He came back", at="2025-09-02 23:00")
    assert [row.state for row in case.deadlines("call-999")] == ["done", "open"]


def test_4_2_7_a_second_threat_of_suicide_has_to_be_answered_as_the_first_was(office: Office) -> None:
    case = office.open(category="noise", flag=["suicide-threat"], received="2025-09-01 20:00")
    case.do("event", "called-999", at="2025-09-01 20:04")
    case.do("event", "manager-told", at="2025-09-01 20:10")
    case.do("flag", "add", "suicide-threat", because="She rang again", at="2025-09-05 02:00")
    assert [row.state for row in case.deadlines("suicide-response")] == ["done", "open"]


# -- 3.6.1: what is done at once


def test_3_6_1_no_lock_change_in_a_joint_tenancy_without_an_exclusion_order_whoever_approves(office: Office) -> None:
    case = office.open(category="harassment", perpetrator="Ross Muir", received="2025-09-01")
    case.do("person", "add", "perpetrator", "Ross Muir", tenancy="joint")
    told = case.refused(4, "repair", "lock-change", due="2026-12-31")
    assert "exclusion order" in told
    assert "nobody may override" in told
    case.do("event", "exclusion-order", at="2025-09-02")
    case.do("repair", "lock-change", due="2026-12-31")


def test_3_6_1_a_lock_beyond_repair_may_be_changed(office: Office) -> None:
    case = office.open(category="harassment", perpetrator="Ross Muir", received="2025-09-01")
    case.do("person", "add", "perpetrator", "Ross Muir", tenancy="sole")
    case.do("answer", "lock-beyond-repair", "yes")
    case.do("repair", "lock-change", done="2025-09-02")
    assert case.deadlines("breach-review") == []


def test_3_6_1_a_photograph_of_the_lock_is_no_way_round_the_order(office: Office) -> None:
    case = office.open(category="harassment", perpetrator="Ross Muir", received="2025-09-01")
    case.do("person", "add", "perpetrator", "Ross Muir", tenancy="joint")
    case.do("repair", "lock-change", done="2025-09-02", photographed=True)
    assert [row.state for row in case.deadlines("breach-review")] == ["open"]


def test_3_6_1_graffiti_removed_before_it_was_photographed_is_recorded_with_its_breach(office: Office) -> None:
    case = office.open(category="vandalism", received="2025-09-01")
    case.do("repair", "offensive-graffiti", noticed="2025-09-01 10:00")
    ran = office.run("repair", case.number, "offensive-graffiti", done="2025-09-01 15:00")
    assert "Photograph the graffiti before it is removed" in ran.err
    assert case.state("offensive-graffiti") == "met"
    assert [each["kind"] for each in case.log()].count("breach") == 1


def test_3_6_1_graffiti_photographed_and_then_removed(office: Office) -> None:
    case = office.open(category="vandalism", received="2025-09-01")
    case.do("repair", "offensive-graffiti", noticed="2025-09-01 10:00")
    case.do("repair", "offensive-graffiti", done="2025-09-01 15:00", photographed=True)
    assert "breach" not in {each["kind"] for each in case.log()}


def test_3_6_1_each_graffiti_has_its_24_hours_though_one_noticed_before_counts_for_nothing(office: Office) -> None:
    case = office.open(category="vandalism", received="2025-09-01")
    first = case.do("repair", "offensive-graffiti", noticed="2025-09-01 10:00")["last_entry"]
    case.do("repair", "offensive-graffiti", noticed="2025-09-02 10:00")
    case.do("correct", first, void=True, because="Another stair's")
    case.do("repair", "offensive-graffiti", noticed="2025-09-03 10:00")
    assert [row.due for row in case.deadlines("offensive-graffiti")] == [
        "2025-09-03T10:00+01:00", "2025-09-04T10:00+01:00"]


# -- 3.3.1, 3.7, 6.3.1: what may be told to whom


def _with(office: Office, agency: str, kind: str, **report: object) -> Case:
    case = office.open(**{"category": "harassment", "received": "2025-09-01", **report})
    case.do("agency", "add", agency, kind=kind)
    return case


def test_3_3_1_police_against_the_victims_wishes_only_after_the_manager_was_asked_and_the_victim_told(
    office: Office,
) -> None:
    case = _with(office, "Police Scotland", "police")
    told = case.refused(4, "disclose", to="Police Scotland", what="The assault")
    assert "Refer to the Housing or Area Manager" in told
    assert "Tell the victim before telling the police" in told
    case.do("event", "manager-consulted", at="2025-09-01")
    case.do("contact", "We have to tell the police", purpose="disclosure", at="2025-09-01")
    case.do("disclose", to="Police Scotland", what="The assault")


def test_3_3_1_with_the_victims_consent_nobody_else_is_asked(office: Office) -> None:
    case = _with(office, "Police Scotland", "police")
    case.do("consent", "Jane Souter", "given", for_="police", at="2025-09-01")
    case.do("disclose", to="Police Scotland", what="The assault")


def test_3_3_1_danger_waits_for_no_consent_and_the_victim_is_told_after(office: Office) -> None:
    case = _with(office, "Police Scotland", "police", immediate_danger="yes")
    case.do("disclose", to="Police Scotland", what="He is at the door")
    assert case.state("tell-victim-disclosed") == "open"
    case.do("contact", "We told the police", purpose="disclosure")
    assert case.state("tell-victim-disclosed") == "done"


def test_3_7_4_without_consent_only_a_relevant_authority_is_told(office: Office) -> None:
    _with(office, "Council", "local-authority").do("disclose", to="Council", what="The complaint")
    case = _with(office, "Victim Support", "other", new=True)
    told = case.refused(4, "disclose", to="Victim Support", what="The complaint")
    assert "relevant authority" in told
    case.do("consent", "Jane Souter", "given", for_="Victim Support", at="2025-09-01", written=True)
    case.do("disclose", to="Victim Support", what="The complaint")


def test_3_7_5_consent_is_for_one_agency_and_withdrawn_it_is_none(office: Office) -> None:
    case = _with(office, "Victim Support", "other")
    case.do("agency", "add", "Shelter", kind="other")
    case.do("consent", "Jane Souter", "given", for_="Victim Support", at="2025-09-01", written=True)
    case.refused(4, "disclose", to="Shelter", what="The complaint")
    case.do("consent", "Jane Souter", "withdrawn", for_="Victim Support", at="2025-09-02")
    case.refused(4, "disclose", to="Victim Support", what="The complaint")


def test_3_7_5_a_third_party_who_reported_is_told_nothing_until_there_is_consent_in_writing(office: Office) -> None:
    case = _with(office, "Carers' Centre", "other", reporter="third-party", reported_by="Carers' Centre",
                 victim="Jane Souter")
    told = case.refused(4, "disclose", to="Carers' Centre", what="What we did")
    assert "consent in writing" in told
    case.do("consent", "Jane Souter", "given", for_="Carers' Centre", at="2025-09-01", written=True)
    case.do("disclose", to="Carers' Centre", what="What we did")


def _reported_by_a_neighbour(office: Office) -> Case:
    return office.open(category="noise", reporter="third-party", reported_by="Ina Black", complainant="Jane Souter",
                       received="2025-09-01")


def test_3_7_5_to_hear_more_of_a_third_party_is_no_breach_but_they_may_not_be_told(office: Office) -> None:
    case = _reported_by_a_neighbour(office)
    assert "3.7.5" not in office.run("contact", case.number, "She rang again", "--incoming", with_="Ina Black").err
    told = office.run("contact", case.number, "Took her report again", with_="Ina Black").err
    assert "nothing of our customer may be told to them without consent in writing (3.7.5)" in told
    assert case.deadlines("breach-review") == []


def test_3_7_5_a_contact_that_told_a_third_party_of_it_is_a_breach_without_consent_in_writing(office: Office) -> None:
    case = _reported_by_a_neighbour(office)
    said = {"with_": "Ina Black", "purpose": "outcome", "at": "2025-09-03"}
    assert "consent in writing" in office.run("contact", case.number, "What we found", **said).err
    assert case.state("breach-review") == "open"
    case.do("consent", "Jane Souter", "given", for_="Ina Black", written=True, at="2025-09-04")
    ran = office.run("contact", case.number, "What we found", **{**said, "at": "2025-09-05"})
    assert "3.7.5" not in ran.err
    assert len(case.deadlines("breach-review")) == 1


def test_3_7_4_a_relevant_authority_that_reported_it_may_be_told(office: Office) -> None:
    case = office.open(category="noise", reporter="agency", reported_by="PC Grant", relevant_authority=True,
                       complainant="Jane Souter", received="2025-09-01")
    assert "3.7.5" not in office.run("contact", case.number, "What we found", with_="PC Grant", purpose="outcome").err


def test_3_7_4_what_an_agency_is_told_is_a_disclosure_and_no_contact(office: Office) -> None:
    case = _with(office, "Council", "local-authority")
    told = case.refused(2, "contact", "What we found", with_="council")
    assert f'asb disclose {case.number} --to "Council"' in told


# -- 3.7.6: the victim does not wish to discuss it


def test_3_7_6_closed_without_an_interview_only_with_advice_and_the_option_to_return(office: Office) -> None:
    case = office.open(category="noise", reporter="third-party", reported_by="Ina Black", received="2025-09-01")
    told = case.refused(4, "close", outcome="no-interview-wanted", at="2025-09-02", override="director",
                        approved_by="Ann Reid", because="In haste")
    assert "may not override" in told
    case.do("answer", "basic-advice", "yes")
    case.do("answer", "may-return", "yes")
    case.do("close", outcome="no-interview-wanted", at="2025-09-02")
    assert case.state("start-investigation") == "ended"


@pytest.mark.parametrize(("flag", "done"), [
    ("immediate-danger", "call-999"), ("suicide-threat", "suicide-response"),
    ("child-at-risk", "safeguarding-referral"), ("hate", "hate-review-initial"),
])  # fmt: skip
def test_3_7_6_never_with_danger_safeguarding_or_hate_still_open(office: Office, flag: str, done: str) -> None:
    case = office.open(category="noise", reporter="agency", reported_by="Shelter", victim="Jane Souter",
                       received="2025-09-01", flag=flag)
    case.do("answer", "basic-advice", "yes")
    case.do("answer", "may-return", "yes")
    case.refused(4, "close", outcome="no-interview-wanted")
    case.do("done", done, at="2025-09-02")
    case.do("close", outcome="no-interview-wanted")


def test_3_7_6_never_on_the_complainants_own_report(office: Office) -> None:
    case = office.open(category="noise", reporter="complainant", received="2025-09-01")
    told = case.refused(4, "close", outcome="no-interview-wanted")
    assert "Interview the victim, or close with another outcome" in told
    assert "basic-advice" not in told, "no advice would help"


def test_3_7_6_the_refusal_says_which_of_its_conditions_is_not_met(office: Office) -> None:
    case = _reported_by_a_neighbour(office)
    told = case.refused(4, "close", outcome="no-interview-wanted")
    assert "asb answer N basic-advice yes" in told
    assert "close with another outcome" not in told
    assert "urgent" not in told


# -- 3.8, 3.9


def test_3_8_1_the_log_keeps_when_it_happened_beside_when_it_was_written_down(office: Office) -> None:
    case = office.open(category="noise", received="2025-09-01")
    case.do("contact", "Reached", at="2025-09-02 10:00")
    entry = case.log()[-1]
    assert entry["happened_at"] == "2025-09-02T10:00+01:00"
    assert entry["recorded_at"] > "2026"


@pytest.mark.parametrize("tenure", ["owner-occupier", "private-tenant"])
def test_3_9_3_not_our_tenant_the_case_stays_open_until_the_outcome_is_known(office: Office, tenure: str) -> None:
    case = office.open(category="noise", perpetrator="Tam Lyle", perpetrator_tenure=tenure, received="2025-09-01")
    case.do("agency", "add", "Council", kind="local-authority")
    told = case.refused(4, "close", outcome="closed-unresolved")
    assert "3.9.3" in told
    assert "housing manager may override" in told
    case.do("agency", "referred", "Council", at="2025-09-02")
    case.refused(4, "close", outcome="closed-unresolved")
    case.do("agency", "add", "Mediation Scotland", kind="other")
    case.do("agency", "outcome", "Mediation Scotland", at="2025-09-20", text="He would not come")
    case.refused(4, "close", outcome="closed-unresolved")  # it was the Council that it was referred to
    case.do("agency", "outcome", "Council", at="2025-10-01", text="Fixed penalty")
    case.do("close", outcome="closed-unresolved")


def test_3_9_3_twenty_eight_quiet_days_do_not_close_it(office: Office) -> None:
    case = office.open(category="noise", perpetrator="Tam Lyle", perpetrator_tenure="owner-occupier",
                       received="2025-09-01")
    assert case.deadline("consider-closing").due == "2025-09-29"
    case.refused(4, "close", outcome="resolved-without-legal", at="2025-10-01")


def test_3_7_4_an_agency_told_or_referred_to_without_consent_is_recorded_with_its_breach(office: Office) -> None:
    case = _with(office, "Victim Support", "other")
    ran = office.run("agency", case.number, "referred", "Victim Support", at="2025-09-02", because="In haste")
    assert ran.code == 0
    assert "relevant authority" in ran.err
    case.do("consent", "Jane Souter", "given", for_="Victim Support", at="2025-09-03", written=True)
    case.do("agency", "told", "Victim Support", at="2025-09-04")
    assert [each["says"]["because"] for each in case.log() if each["kind"] == "breach"] == ["In haste"]


def test_3_6_1_no_lock_is_changed_before_it_is_known_whose_tenancy_it_is(office: Office) -> None:
    case = office.open(category="domestic-abuse", perpetrator="Ross Muir", perpetrator_tenure="own-tenant")
    assert "whose tenancy" in case.refused(4, "repair", "lock-change", due="2026-12-30")
    case.do("person", "set", "Jane Souter", tenancy="sole")
    case.do("repair", "lock-change", due="2026-12-30")


def test_3_3_4_and_15_1_a_case_is_not_closed_while_social_work_was_not_told(office: Office) -> None:
    case = office.open(category="noise", flag="child-at-risk", received="2025-09-01")
    assert "15.1" in case.refused(4, "close", outcome="not-asb", at="2025-09-20")
    case.do("done", "safeguarding-referral", at="2025-09-02")
    case.do("close", outcome="not-asb", at="2025-09-20")


@pytest.mark.parametrize("flag", ["immediate-danger", "vulnerable-adult", "child-at-risk", "suicide-threat"])
def test_3_3_4_a_flag_that_protects_somebody_comes_off_with_the_manager(office: Office, flag: str) -> None:
    case = office.open(category="noise", flag=flag)
    assert "housing manager" in case.refused(4, "flag", "remove", flag, because="Changed my mind")
    case.do("flag", "remove", flag, because="Seen today", override="housing-manager", approved_by="Iain Ross")


def test_3_3_4_once_social_work_was_told_the_flag_is_no_ground_to_tell_others(office: Office) -> None:
    case = office.open(category="domestic-abuse", flag="child-at-risk")
    case.do("agency", "add", "Social Work", kind="local-authority")
    case.do("agency", "add", "Clyde Homes", kind="rsl")
    case.do("disclose", to="Social Work", what="Two children in the home")
    case.do("done", "safeguarding-referral")
    case.refused(4, "disclose", to="Clyde Homes", what="Her rent arrears")
