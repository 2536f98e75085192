"""Approvals and reviews take a second person: nobody approves in a case of their own (GI 3.2, 13.1, WHA)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from housing_office import Case, Office

OFFICER = "Mhairi Kerr"  # the case's officer, who types
IN_HASTE: dict[str, Any] = {"because": "Moved away", "override": "housing-manager"}


def _violence(office: Office, **report: Any) -> Case:
    return office.open(category="violence", perpetrator="Ross Muir", received="2025-09-01", **report)


@pytest.mark.parametrize("name", [OFFICER, "mhairi  kerr"])
def test_the_cases_officer_approves_nothing_in_it(office: Office, name: str) -> None:
    case = _violence(office)
    told = case.refused(4, "flag", "remove", "violence", approved_by=name, **IN_HASTE)
    assert "nobody approves in a case of their own" in told
    assert "a higher role" in told
    case.do("flag", "remove", "violence", approved_by="Iain Ross", **IN_HASTE)


def test_in_an_office_of_two_the_officer_is_approved_by_the_manager_and_the_manager_by_who_is_above(
    office: Office,
) -> None:
    hers, his = _violence(office), _violence(office, officer="Iain Ross")
    hers.do("flag", "remove", "violence", approved_by="Iain Ross", **IN_HASTE)
    his.refused(4, "flag", "remove", "violence", approved_by="Iain Ross", **IN_HASTE)
    his.do("flag", "remove", "violence", because="Moved away", override="director", approved_by="Ann Reid")


def test_who_approves_what_they_type_is_believed_where_the_register_names_them(office: Office) -> None:
    case = _violence(office, officer="Jo Weir")
    ran = office.run("flag", case.number, "remove", "violence", approved_by=OFFICER, **IN_HASTE)
    assert ran.code == 0
    assert "which the register does not confirm (asb role add housing-manager NAME)" in ran.err
    assert case.state("breach-review") == "open", "it stands on the manager's list"
    named = _violence(office, officer="Jo Weir")
    office.do("role", "add", "housing-manager", OFFICER)
    named.do("flag", "remove", "violence", approved_by=OFFICER, **IN_HASTE)
    assert named.deadlines("breach-review") == []


def test_a_disclosure_is_not_approved_by_who_works_the_case(office: Office) -> None:
    case = office.open(category="domestic-abuse", definition="personal", received="2025-09-01")
    case.do("agency", "add", "Council", kind="local-authority")
    said: dict[str, Any] = {"to": "Council", "what": "All", "because": "Risk", "override": "director"}
    assert "case of their own" in case.refused(4, "disclose", approved_by=OFFICER, **said)
    case.do("disclose", approved_by="Ann Reid", **said)


def test_that_a_closing_letter_is_not_sent_is_not_decided_by_who_works_the_case(office: Office) -> None:
    case = office.open(category="domestic-abuse", definition="personal", perpetrator="Ross Muir", received="2025-09-01")
    case.do("close", outcome="closed-unresolved", discussed="2025-09-20", at="2025-09-20")
    said: dict[str, Any] = {"to": "Ross Muir", "because": "Never safe", "override": "director"}
    case.refused(4, "letter", "closing", "--not-sent", approved_by=OFFICER, **said)
    case.do("letter", "closing", "--not-sent", approved_by="Ann Reid", **said)


@pytest.mark.parametrize(("stage", "rule"), [
    ("initial", "hate-review-initial"), ("progress", "hate-review-progress"),
])  # fmt: skip
def test_13_1_a_review_with_the_cases_own_officer_is_none_with_the_line_manager(
    office: Office, stage: str, rule: str,
) -> None:
    case = office.open(category="hate", received="2025-09-01")
    ran = office.run("review", case.number, "Looked at", stage=stage, with_="mhairi kerr", at="2025-09-01")
    assert "meets nothing in 13.1" in ran.err
    assert case.state(rule) == "overdue"
    case.do("review", "Looked at", stage=stage, with_="Iain Ross", at="2025-09-01")
    assert case.state(rule) in ("done", "met")


@pytest.mark.parametrize("stage", ["appeal", "effectiveness"])
def test_wha_an_appeal_reviewed_by_the_cases_own_officer_is_looked_at_with_the_manager(
    office: Office, stage: str,
) -> None:
    case = office.open(category="domestic-abuse", definition="personal", received="2025-09-01")
    case.do("appeal", by="Jane Souter", at="2025-09-10")
    ran = office.run("review", case.number, "All well", stage=stage, with_=OFFICER, at="2025-09-12")
    assert "reviewed their own handling of it" in ran.err
    assert case.state("breach-review") == "open"
    assert "--with NAME" in office.run("review", case.number, "All well", stage=stage, at="2025-09-12").err


def test_restricted_protects_as_other_flags_do_and_comes_off_with_the_manager(office: Office) -> None:
    case = office.open(category="noise", received="2025-09-01")
    case.do("flag", "add", "restricted", because="Her sister works here")
    told = case.refused(4, "flag", "remove", "restricted", because="She left")
    assert "the role named (the housing manager may override it)" in told
    case.do("flag", "remove", "restricted", because="She left", override="housing-manager", approved_by="Iain Ross")
    assert case.show().flags == []


@pytest.mark.parametrize(("flag", "role"), [
    ("domestic-abuse", "director"), ("hate", "housing-manager"), ("restricted", "housing-manager"),
])  # fmt: skip
def test_a_protective_flag_does_not_come_off_as_an_entry_that_counts_for_nothing_either(
    office: Office, flag: str, role: str,
) -> None:
    case = office.open(category="noise", received="2025-09-01")
    entry = case.do("flag", "add", flag, because="She rang")["last_entry"]
    said: dict[str, Any] = {"void": True, "because": "The wrong case"}
    assert f"Have the flag {flag} removed by the role named" in case.refused(4, "correct", entry, **said)
    case.refused(4, "correct", entry, override=role, approved_by=OFFICER, **said)
    case.refused(4, "correct", entry, override="line-manager", approved_by="Iain Ross", **said)
    case.do("correct", entry, override=role, approved_by="Iain Ross", **said)
    assert case.show().flags == []


def test_a_flag_set_anew_does_not_come_off_by_its_setting_dated_before_the_one_that_was_removed(
    office: Office,
) -> None:
    case = office.open(category="noise", received="2025-09-01")
    case.do("flag", "add", "hate", because="Slurs", at="2025-09-02")
    case.do("flag", "remove", "hate", because="Hearsay", at="2025-09-04", override="housing-manager",
            approved_by="Iain Ross")
    again = case.do("flag", "add", "hate", because="Slurs again", at="2025-09-08")["last_entry"]
    case.refused(4, "correct", again, happened="2025-09-03", because="A typing error")
    case.do("correct", again, happened="2025-09-05", because="It was the Friday")
    assert case.show().flags == ["hate"]


def test_a_flag_set_twice_stays_when_one_of_its_settings_counts_for_nothing(office: Office) -> None:
    case = office.open(category="noise", received="2025-09-01", immediate_danger="yes")
    entry = case.do("flag", "add", "immediate-danger", because="He is at the door")["last_entry"]
    case.do("correct", entry, void=True, because="Typed twice")
    assert case.show().flags == ["immediate-danger"]


def test_a_breach_and_an_approval_are_not_taken_back_by_the_officer_they_are_about(office: Office) -> None:
    case = _violence(office)
    case.do("repair", "offensive-graffiti", noticed="2025-09-01", done="2025-09-02")
    breach = next(each["entry"] for each in case.log() if each["kind"] == "breach")
    said: dict[str, Any] = {"void": True, "because": "It was photographed"}
    assert "Have a breach taken back by the role named" in case.refused(4, "correct", breach, **said)
    case.refused(4, "correct", breach, override="housing-manager", approved_by=OFFICER, **said)
    case.do("correct", breach, override="housing-manager", approved_by="Iain Ross", **said)
    assert case.deadlines("breach-review") == []

    approval = next(each["entry"] for each in case.log() if each["kind"] == "approval")
    case.refused(4, "correct", approval, void=True, because="Never said")
    case.do("correct", approval, void=True, because="Never said", override="director", approved_by="Ann Reid")
