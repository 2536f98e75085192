"""What is recorded all the same, and said before anybody relies on it: past a limit, meeting nothing, left undone."""

from __future__ import annotations

from housing_office import Office

WITH_CONSENT = {"category": "noise", "perpetrator": "Ross Muir", "perpetrator_tenure": "own-tenant"}


def test_an_interview_arranged_past_its_limit_says_which_limit_and_its_day(office: Office) -> None:
    office.open(category="noise", received="2025-11-28")
    said = office.run("interview", 1, "victim", arranged="2025-12-09 10:00")
    assert "interview with the victim arranged for Tue 9 Dec 2025 10:00" in said.out
    assert (
        "warning: Tue 9 Dec 2025 10:00 is past the limit: Start the investigation: interview the victim by "
        "Mon 8 Dec 2025 (5 working days, 2.1.1).\n"
    ) in said.err
    assert "past the limit" not in office.run("interview", 1, "victim", arranged="2025-12-08").err


def test_it_is_the_limit_of_the_one_who_is_to_be_interviewed(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17", witness=["Ann Baird"])
    case.do("person", "add", "witness", "Iain Orr", at="2025-12-08")
    late, early = (office.run("interview", 1, "witness", person=name, arranged="2025-12-10").err
                   for name in ("Ann Baird", "Iain Orr"))
    assert "is past the limit: Interview the witness by Tue 2 Dec 2025" in late
    assert "past the limit" not in early


def test_graffiti_to_be_removed_after_its_24_hours(office: Office) -> None:
    office.open(category="noise")
    said = office.run("repair", 1, "offensive-graffiti", noticed="2025-11-17 10:00", due="2025-11-20")
    assert "Thu 20 Nov 2025 is past the limit: Remove" in said.err
    assert "by Tue 18 Nov 2025 10:00 (24 hours, 3.6.1)" in said.err


def test_a_witness_is_named_before_it_is_said_why_there_is_no_interview(office: Office) -> None:
    case = office.open(category="noise")
    said = case.refused(3, "interview", "witness", not_appropriate=True, because="nobody saw it")
    assert "ASB-1 has no witness to be interviewed\nhint: asb person 1 add witness NAME" in said
    case.do("interview", "witness", notes="A passer-by who gave no name")  # what happened is always recorded


def test_a_case_closed_on_day_one_says_what_it_is_closed_without(office: Office) -> None:
    office.open(category="noise")
    said = office.run("close", 1, outcome="resolved-without-legal", discussed="today")
    assert said.code == 0
    assert "warning: closed without: Start the investigation: interview the victim (2.1.1); " in said.err
    office.open(category="noise")
    assert "closed without" not in office.run("close", 2, outcome="duplicate").err


def test_a_review_without_a_manager_names_the_clauses_of_its_own_procedure(office: Office) -> None:
    office.open(category="hate")
    assert "this review meets nothing in 13.1; --with MANAGER" in office.run(
        "review", 1, "Looked at it", stage="initial").err
    assert "meets nothing" not in office.run("review", 1, "Asked why", stage="delay").err
