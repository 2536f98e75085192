"""11 and 12 Remedies: what comes first, who decides, and the statute's windows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from asbcli.dates import echo
from asbcli.moments import Moment

if TYPE_CHECKING:
    from housing_office import Case, Office


def _ours(office: Office, **report: Any) -> Case:
    return office.open(**{"category": "noise", "perpetrator": "Ross Muir", "perpetrator_tenure": "own-tenant",
                          "received": "2025-01-06", **report})


def _ready(office: Office, **report: Any) -> Case:
    """A case in which nothing stands before a notice of proceedings."""
    case = _ours(office, **report)
    case.do("consent", "Jane Souter", "given", for_="perpetrator-contact", at="2025-01-07")
    case.do("warn", "Ross Muir", level="written", requires="No drums", at="2025-01-20")
    case.do("remedy", "mediation", "refused", at="2025-01-21")
    case.do("event", "legal-decision", by="Iain Ross", at="2025-02-03")
    return case


def test_11_1_1_non_legal_measures_come_first(office: Office) -> None:
    case = _ours(office)
    told = case.refused(4, "event", "notice-served")
    assert "Pursue a non-legal measure first" in told
    case.do("remedy", "support", "offered", at="2025-01-20")
    assert "Pursue a non-legal measure first" not in case.refused(4, "event", "notice-served")


def test_11_1_1_to_11_9_2_any_non_legal_measure_counts(office: Office) -> None:
    for remedy, state in (("support", "offered"), ("referral", "offered"), ("abc", "offered"), ("mediation", "offered"),
                          ("restorative-justice", "offered"), ("local-authority-noise", "referred")):
        case = _ours(office)
        case.do("remedy", remedy, state, at="2025-01-20")
        assert "11.1.1" not in case.refused(4, "event", "notice-served"), remedy


@pytest.mark.parametrize("state", ["attempted", "refused", "unsuitable"])
def test_11_2_1_mediation_is_attempted_refused_or_found_not_appropriate_before_legal_action(
    office: Office, state: str,
) -> None:
    case = _ours(office)
    assert "11.2.1" in case.refused(4, "event", "notice-served")
    case.do("remedy", "mediation", state, at="2025-01-20", text="Said why")
    assert "11.2.1" not in case.refused(4, "event", "notice-served")


def test_11_2_1_it_is_not_asked_for_with_violence_or_domestic_abuse(office: Office) -> None:
    for category in ("violence", "domestic-abuse"):
        assert "11.2.1" not in _ours(office, category=category).refused(4, "event", "notice-served")


def test_11_5_1_an_abc_is_monitored_as_often_as_was_asked(office: Office) -> None:
    case = _ours(office)
    case.do("remedy", "abc", "signed", at="2025-02-03", every="4 weeks")
    assert case.deadline("abc-review").due == "2025-03-03"
    case.do("remedy", "abc", "reviewed", at="2025-03-01")
    assert case.deadlines("abc-review")[-1].due == "2025-03-29"
    case.do("remedy", "abc", "breached", at="2025-03-10")
    assert case.deadlines("abc-review")[-1].state == "ended"


def test_11_6_1_a_ubn_only_where_an_abc_was_refused_or_there_is_no_engagement(office: Office) -> None:
    case = _ours(office)
    assert "11.6.1" in case.refused(4, "remedy", "ubn", "served")
    case.do("remedy", "abc", "refused", at="2025-02-03")
    case.do("remedy", "ubn", "served")


def test_11_8_2_and_11_8_4_a_transfer_is_approved_after_a_report_and_with_evidence(office: Office) -> None:
    case = _ours(office, category="hate")
    told = case.refused(4, "remedy", "transfer", "approved")
    assert "11.8.2" in told
    assert "11.8.4" in told
    case.do("event", "transfer-report", at="2025-02-03")
    case.do("answer", "transfer-evidence", "yes")
    case.do("remedy", "transfer", "approved")


def test_11_8_5_the_housing_manager_may_grant_it_without(office: Office) -> None:
    _ours(office).do("remedy", "transfer", "approved", override="housing-manager", approved_by="Iain Ross",
                     because="To settle the stair")


def test_11_8_3_one_offer_only_whoever_approves(office: Office) -> None:
    case = _ours(office)
    case.do("remedy", "transfer", "offered", at="2025-02-03")
    told = case.refused(4, "remedy", "transfer", "offered", override="director", approved_by="Ann Reid",
                        because="She did not like it")
    assert "may not override" in told


# -- 12.3: who decides, who approves


def test_12_3_the_housing_manager_decides_to_pursue_legal_action(office: Office) -> None:
    case = _ours(office)
    case.do("consent", "Jane Souter", "given", for_="perpetrator-contact", at="2025-01-07")
    case.do("warn", "Ross Muir", level="written", requires="No drums", at="2025-01-20")
    case.do("remedy", "mediation", "unsuitable", at="2025-01-21", text="He shouts")
    told = case.refused(4, "event", "notice-served")
    assert "Housing Manager decide" in told
    assert told.count("(Sanctuary Scotland") == 1, "nothing else stands in the way"
    case.do("event", "legal-decision", by="Iain Ross", at="2025-02-03")
    case.do("event", "notice-served")


def test_12_3_who_decided_is_named_and_is_not_the_cases_own_officer(office: Office) -> None:
    case = _ours(office)
    assert "--by NAME" in office.run("event", case.number, "legal-decision", at="2025-02-02").err
    assert "in a case of their own" in case.refused(4, "event", "legal-decision", by="Mhairi Kerr")
    ran = office.run("event", case.number, "legal-decision", by="Mhairi Kerr", at="2025-02-03")
    assert ran.code == 0, "what has happened is recorded"
    assert case.state("breach-review") == "open", "and is looked at with the manager"


def test_12_3_where_the_register_names_the_housing_manager_it_is_that_one_who_decides(office: Office) -> None:
    case = _ours(office)
    office.do("role", "add", "housing-manager", "Iain Ross")
    assert "is not the housing manager" in case.refused(4, "event", "legal-decision", by="Ann Reid")
    case.do("event", "legal-decision", by="Iain Ross")
    assert case.log()[-1]["says"]["by"] == "Iain Ross"


def test_12_3_what_the_governing_body_approved_has_its_minute(office: Office) -> None:
    case = _ours(office)
    told = office.run("event", case.number, "governing-body-approval", at="2025-02-03").err
    assert "its minute was not said (12.3)" in told
    told = office.run("event", case.number, "governing-body-approval", at="2025-02-03", text="Minute 7.2").err
    assert "minute" not in told


def test_11_2_1_that_mediation_is_not_appropriate_is_said_with_its_reason(office: Office) -> None:
    case = _ours(office)
    assert "11.2.1" in office.run("remedy", case.number, "mediation", "unsuitable").err
    case.do("remedy", "mediation", "unsuitable", because="She is afraid of him")
    assert case.log()[-1]["says"]["text"] == "She is afraid of him"


def test_s_4_an_asbo_is_granted_for_a_period_or_indefinitely(office: Office) -> None:
    case = _ours(office)
    assert "--until" in office.run("remedy", case.number, "asbo", "granted", at="2025-07-07").err
    case.do("remedy", "asbo", "granted", at="2025-07-07", until="2027-07-06")
    assert case.log()[-1]["says"]["until"] == "2027-07-06"
    case.do("remedy", "asbo", "granted", at="2025-07-07", until="indefinite")
    assert case.log()[-1]["says"]["indefinite"] is True
    case.do("remedy", "interim-asbo", "granted", at="2025-07-07")  # lasts until the application is decided (s.7)


@pytest.mark.parametrize("remedy", ["interdict", "asbo", "possession"])
def test_12_3_court_action_is_approved_by_the_governing_body_with_its_minute(office: Office, remedy: str) -> None:
    case = _ready(office)
    case.do("event", "notice-served", at="60d")  # proceedings may be raised now, under the notice
    told = case.refused(4, "remedy", remedy, "raised", override="director", approved_by="Ann Reid", because="Now")
    assert "governing body approve" in told
    case.do("event", "governing-body-approval", at="30d", text="Minute 7.2")
    case.do("remedy", remedy, "raised")
    assert case.state("committee-report") == "open"


def test_12_3_an_interim_order_is_urgent_so_the_director_may_let_it_go_ahead(office: Office) -> None:
    case = _ready(office)
    case.refused(4, "remedy", "interim-asbo", "raised", override="housing-manager", approved_by="Jo", because="Now")
    case.do("remedy", "interim-asbo", "raised", override="director", approved_by="Ann Reid", because="Threats daily")


# -- 12.4 and the 2001 Act: the windows


@pytest.mark.parametrize(("raised", "fits"), [
    ("2025-03-30", False),  # the date in the notice is 31 March
    ("2025-03-31", True),
    ("2025-09-30", True),  # the last day: six months from that date
    ("2025-10-01", False),
])  # fmt: skip
def test_s_14_proceedings_from_the_date_in_the_notice_and_while_it_is_in_force(
    office: Office, raised: str, fits: bool,
) -> None:
    case = _ready(office)
    case.do("event", "notice-served", at="2025-03-03")  # four weeks: 31 March
    case.do("event", "governing-body-approval", at="2025-03-10", text="Minute 7.2")
    ran = office.run("event", case.number, "proceedings-raised", at=raised)
    assert ran.code == 0, "what has happened is recorded"
    assert ("s.14" not in ran.err) == fits
    assert len(case.deadlines("breach-review")) == (0 if fits else 1)


def test_s_14_the_date_that_stands_in_the_notice_is_counted_from_where_it_is_given(office: Office) -> None:
    case = _ready(office)
    case.do("event", "notice-served", at="2025-03-03", specifies="2025-04-14")
    assert case.deadline("notice-earliest").due == "2025-04-14"
    lapse = case.deadline("notice-lapse")
    assert (lapse.due, lapse.limit) == ("2025-10-14", "6 months")
    told = office.run("explain", case.number, "notice-earliest").out
    assert "from: Mon 14 Apr 2025" in told
    assert "act by" not in told, "no day before it would be lawful"


def test_s_14_a_notice_that_gives_too_short_a_date_is_recorded_and_said(office: Office) -> None:
    case = _ready(office)
    told = office.run("event", case.number, "notice-served", at="2025-03-03", specifies="2025-03-24").err
    assert "the date in the notice is earlier than Mon 31 Mar 2025" in told
    assert "specifies no further date" in office.refused(2, "event", case.number, "conviction",
                                                         specifies="2025-03-24")


def test_s_36_the_notice_of_a_short_tenancy_serves_as_well_after_its_two_months(office: Office) -> None:
    case = _ready(office)
    case.do("event", "ssst-notice", at="2025-03-03")
    case.do("event", "governing-body-approval", at="2025-03-10", text="Minute 7.2")
    assert case.deadline("ssst-notice").due == "2025-05-03"
    assert case.deadline("ssst-notice-lapse").due == "2025-11-03"
    assert "s.14" in office.run("event", case.number, "proceedings-raised", at="2025-05-02").err
    other = _ready(office)
    other.do("event", "ssst-notice", at="2025-03-03")
    other.do("event", "governing-body-approval", at="2025-03-10", text="Minute 7.2")
    other.do("event", "proceedings-raised", at="2025-05-03")
    assert other.deadlines("breach-review") == []


def test_12_4_served_before_the_anniversary_of_the_conviction_or_of_the_end_of_an_appeal(office: Office) -> None:
    case = _ours(office)
    case.do("event", "conviction", at="2025-02-10")
    assert case.deadline("notice-of-proceedings").due == "2026-02-09"
    case.do("event", "appeal-ended", at="2025-05-10")
    assert case.deadline("notice-of-proceedings").due == "2026-05-09"


def test_12_5_a_decision_not_to_seek_eviction_ends_that_clock(office: Office) -> None:
    case = _ours(office)
    case.do("event", "conviction", at="2025-02-10")
    case.do("event", "eviction-not-sought", at="2025-03-10", text="Own use, no nuisance")
    assert case.state("notice-of-proceedings") == "ended"


def test_12_6_and_12_7_a_court_case_asks_for_the_letter_and_for_the_notice_to_the_authority(office: Office) -> None:
    case = _ready(office)
    case.do("event", "proceedings-raised", at="2025-04-07")
    assert case.state("court-letter") == "open"
    assert case.state("section-11-on-raising") == "open"
    case.do("event", "eviction-date", at="2025-10-20")
    assert case.deadline("section-11-notice").due == "2025-09-22"
    case.do("event", "section-11-notice", at="2025-04-08")
    assert case.state("section-11-on-raising") == "done"
    assert case.state("section-11-notice") == "met"


def test_12_8_the_eviction_report_is_approved_before_the_decree_is_used(office: Office) -> None:
    case = _ready(office)
    case.do("event", "decree", at="2025-09-08")
    assert case.state("eviction-report") == "open"
    assert "12.8" in case.refused(4, "event", "eviction-carried-out")
    case.do("event", "eviction-report-approved", at="2025-09-18", text="Minute 9.1")
    case.do("event", "eviction-carried-out")


def test_12_9_hate_proved_asks_for_legal_action_with_the_victims_consent(office: Office) -> None:
    case = _ready(office, category="hate")
    assert "12.9" in case.refused(4, "event", "notice-served")
    case.do("consent", "Jane Souter", "given", for_="legal-action", at="2025-02-04")
    case.do("event", "notice-served")
    proved = _ours(office, category="hate")
    proved.do("consent", "Jane Souter", "given", for_="perpetrator-contact", at="2025-01-07")
    proved.do("interview", "perpetrator", at="2025-01-08", finding="evidenced")
    assert proved.state("hate-legal-action") == "open"
    proved.do("event", "legal-decision", by="Iain Ross", at="2025-01-20")
    assert proved.state("hate-legal-action") == "done"


@pytest.mark.parametrize(("grounds", "fits"), [
    ({}, False), ({"conduct": "2022-03-02"}, False), ({"conduct": "2022-03-03"}, True), ({"asbo": "2021-01-01"}, True),
])  # fmt: skip
def test_12_10_1_a_conversion_rests_on_an_asbo_or_on_conduct_in_the_three_years_before_its_notice(
    office: Office, grounds: dict[str, str], fits: bool,
) -> None:
    case = _ready(office)
    for kind, day in grounds.items():
        case.do("event", kind, at=day)
    ran = office.run("event", case.number, "conversion-notice", at="2025-03-03")
    assert ("12.10.1" not in ran.err.partition("warning: recorded")[2]) == fits


def test_1_2_2_a_short_tenancy_counts_from_the_day_it_was_signed(office: Office) -> None:
    case = _ours(office)
    case.do("event", "ssst-offer-notice", at="2026-01-05")
    case.do("event", "ssst-signed", at="2026-01-06")
    assert case.deadline("ssst-term").started_at == "2026-01-06"
    early = _ours(office)
    early.do("event", "ssst-offer-notice", at="2026-01-05")
    assert "1.2.2" in office.run("event", early.number, "ssst-signed", at="2025-12-30").err


def test_11_8_2_no_transfer_is_offered_before_the_report(office: Office) -> None:
    case = _ours(office)
    assert "11.8.2" in case.refused(4, "remedy", "transfer", "offered")
    case.do("event", "transfer-report", at="2025-02-01")
    case.do("remedy", "transfer", "offered")


def test_12_6_an_order_applied_for_is_a_referral_to_court_too(office: Office) -> None:
    case = _ready(office)
    case.do("event", "governing-body-approval", at="30d", text="Minute 7.2")
    case.do("remedy", "asbo", "raised")
    assert case.state("court-letter") == "open"


def test_12_9_a_conviction_proves_harassment_as_a_finding_does(office: Office) -> None:
    case = _ours(office, category="hate")
    case.do("event", "conviction", at="2025-02-01", person="Ross Muir")
    assert case.state("hate-legal-action") == "open"


def test_a_refusal_that_nobody_may_override_offers_no_override(office: Office) -> None:
    case = _ours(office)
    assert "--override" not in case.refused(4, "event", "ssst-signed")


def test_12_7_an_eviction_date_put_right_moves_the_notice_to_the_authority_with_it(office: Office) -> None:
    first, right = (date.today() + timedelta(days=days) for days in (70, 60))
    case = _ours(office)
    entry = case.do("event", "eviction-date", at=first.isoformat())["last_entry"]
    ran = office.run("correct", case.number, entry, happened=right.isoformat(), because="A typing error")
    assert f"entry {entry} (event): planned for {echo(Moment(first))} → {echo(Moment(right))}." in ran.out
    assert "moved: section-11-notice" in ran.err
    assert case.deadline("section-11-notice").due == (right - timedelta(weeks=4)).isoformat()
    assert f"planned for {echo(Moment(first))} → {echo(Moment(right))}" in office.run("history", case.number).out
    case.do("correct", entry, happened="2026-11-06", because="It was in November")
    assert case.deadline("section-11-notice").due == "2026-10-09"
    assert office.run("verify").code == 0


def test_12_7_a_date_written_down_without_its_day_is_put_right_to_one_ahead(office: Office) -> None:
    case, ahead = _ours(office), date.today() + timedelta(days=70)
    entry = case.do("event", "eviction-date")["last_entry"]
    case.do("correct", entry, happened=ahead.isoformat(), because="--at was left out")
    assert case.deadline("section-11-notice").due == (ahead - timedelta(weeks=4)).isoformat()


def test_only_what_is_planned_is_put_right_to_a_date_that_lies_ahead(office: Office) -> None:
    case = _ours(office)
    ahead = (date.today() + timedelta(days=30)).isoformat()
    conduct = case.do("event", "conduct", at="2025-09-10")["last_entry"]
    report = case.log()[0]["entry"]
    for entry, answers in ((conduct, {"happened": ahead}), (conduct, {"at": ahead}), (report, {"at": ahead}),
                           (report, {"happened": ahead})):
        assert "is still to come" in case.refused(2, "correct", entry, because="x", **answers)
