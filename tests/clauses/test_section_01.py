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


def test_1_2_2_a_notice_or_an_extension_that_came_too_late_is_recorded_and_said(office: Office) -> None:
    for tenant in ("Ann Boyd", "Tam Orr", "Flo Hay"):
        office.run("tenancy", "start", tenant, address="2 Mill Wynd", checks="Evicted in 2022", at="2024-09-02",
                   short=True, notice="2024-08-26", paragraph="1")
    late = office.run("tenancy", "extend", "T1", at="2025-07-03")
    assert late.code == 0
    assert "T1 extended by six months, Thu 3 Jul 2025." in late.out
    assert late.err == (
        "warning: recorded, but Thu 3 Jul 2025 is after Wed 2 Jul 2025: Serve the notice of extension, if support is "
        "received and it is wanted (Short tenancies: statutory guidance 11.1)\n")
    after_the_term = office.run("tenancy", "extend", "T2", at="2025-09-10").err
    assert "Wed 10 Sep 2025 is after Tue 2 Sep 2025: Serve notice of proceedings, or the short tenancy becomes a " in (
        after_the_term)
    assert "is after Tue 2 Sep 2025" in office.run("tenancy", "notice", "T3", at="2025-09-03").err


def test_1_2_2_in_time_nothing_is_said(office: Office) -> None:
    office.run("tenancy", "start", "Ann Boyd", address="2 Mill Wynd", checks="Evicted in 2022", at="2024-09-02",
               short=True, notice="2024-08-26", paragraph="1")
    assert office.run("tenancy", "extend", "T1", at="2025-07-02").err == ""
    assert office.run("tenancy", "notice", "T1", at="2026-03-02").err == "", "eighteen months with the extension"


def test_1_2_2_a_notice_before_1_may_2019_gives_no_term_of_the_2014_act_though_it_began_later(office: Office) -> None:
    for notice in ("2019-04-30", "2019-05-01"):
        office.run("tenancy", "start", "Ann Boyd", address="2 Mill Wynd", checks="Evicted in 2018", at="2019-05-06",
                   short=True, notice=notice, paragraph="1")
    terms = {row.item: row.due for row in office.due(until="2030-01-01", on="2019-06-01") if row.rule == "ssst-term"}
    assert list(terms.values()) == ["2020-05-06"]


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
