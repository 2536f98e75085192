"""1 Prevention: the checks before a letting, the notice of a short tenancy, the visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from housing_office import Office


def test_1_2_1_what_the_checks_before_a_letting_found_has_to_be_said(office: Office) -> None:
    refused = office.refused(2, "tenancy", "start", "Ann Boyd", address="2 Mill Wynd", at="2025-09-01")
    assert "1.2.1" in refused


def test_1_2_2_no_short_tenancy_unless_its_notice_was_served_before(office: Office) -> None:
    short = {"address": "2 Mill Wynd", "checks": "Evicted in 2024", "at": "2025-09-01", "short": True}
    assert "1.2.2" in office.refused(4, "tenancy", "start", "Ann Boyd", **short)
    assert "Schedule 6" in office.refused(2, "tenancy", "start", "Ann Boyd", notice="2025-08-25", **short)
    assert office.run("tenancy", "start", "Ann Boyd", notice="2025-08-25", paragraph="1", **short).code == 0


def test_1_2_2_the_agreement_is_not_signed_before_the_notice_and_nobody_may_override_it(office: Office) -> None:
    case = office.open(category="noise", received="2025-08-01")
    told = case.refused(4, "event", "ssst-signed", override="director", approved_by="Ann Reid", because="In haste")
    assert "may not override" in told
    assert "schedule-6-paragraph" in office.run("event", case.number, "ssst-offer-notice", at="2025-08-25").err
    case.do("event", "ssst-signed")


def test_1_2_2_a_short_tenancy_let_by_us_has_its_term_from_the_day_it_began(office: Office) -> None:
    short = {"address": "2 Mill Wynd", "checks": "Evicted in 2024", "at": "2025-09-01", "short": True,
             "notice": "2025-08-25", "paragraph": "1"}
    office.run("tenancy", "start", "Ann Boyd", **short)
    assert _due(office, "T1", "ssst-term") == "2026-09-01"
    assert _due(office, "T1", "ssst-extension-notice") == "2026-07-01"
    office.run("tenancy", "extend", "T1", at="2026-06-15", text="Support goes on")
    assert _due(office, "T1", "ssst-term") == "2027-03-01"
    assert _due(office, "T1", "ssst-extension-notice") is None
    office.run("tenancy", "notice", "T1", at="2026-10-01")
    assert _due(office, "T1", "ssst-term") is None


def test_1_2_2_a_full_tenancy_has_no_term_to_extend(office: Office) -> None:
    office.run("tenancy", "start", "Ann Boyd", address="2 Mill Wynd", checks="Nothing found", at="2025-09-01")
    assert _due(office, "T1", "ssst-term") is None
    assert "no short tenancy" in office.refused(4, "tenancy", "extend", "T1")


def test_1_2_2_a_signing_that_is_planned_starts_the_term_when_it_comes(office: Office) -> None:
    case = office.open(category="noise", received="2025-08-01")
    case.do("event", "ssst-offer-notice", at="2025-08-25")
    case.do("event", "ssst-signed", at="2027-01-11")
    assert case.deadlines("ssst-term") == [], "it has not begun"
    assert case.deadline("ssst-term", on="2027-01-12").due == "2028-01-11"


def _due(office: Office, tenancy: str, rule: str) -> str | None:
    """When a tenancy's open duty is due."""
    return next((row.due for row in office.due(until="2030-01-01") if row.rule == rule and row.state == "open"), None)


def test_1_2_2_only_a_short_tenancy_from_1_may_2019_has_the_term_of_the_2014_act(office: Office) -> None:
    before, since = (office.open(category="noise", received=day) for day in ("2019-03-01", "2019-04-20"))
    before.do("event", "conversion-notice", at="2019-04-30")
    since.do("event", "conversion-notice", at="2019-05-01")
    assert before.deadlines("ssst-term") == []
    assert since.deadline("ssst-term").due == "2020-05-01"
