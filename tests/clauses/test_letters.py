"""Letters: what a source says that a letter must tell, to which side, and what it must not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from housing_office import Case, Office

APPEAL = "you may appeal against the way the investigation has been handled or the decision reached"
COMPLAINTS = "you may use our complaints procedure"


def _noise(office: Office, tenure: str | None = "own-tenant") -> Case:
    case = office.open(category="noise", perpetrator="Ross Muir", perpetrator_tenure=tenure, received="2025-09-01")
    case.do("consent", "Jane Souter", "given", for_="perpetrator-contact", at="2025-09-02")
    return case


def _abuse(office: Office) -> Case:
    """Domestic abuse in which both sides may be written to, closed after the formal review."""
    case = office.open(category="domestic-abuse", definition="personal", perpetrator="Ross Muir",
                       address="3 Dene Court", received="2025-09-01")
    case.do("person", "set", "Ross Muir", address="12 Ash Road")
    case.do("consent", "Jane Souter", "given", for_="perpetrator-contact", at="2025-09-02")
    case.do("answer", "perpetrator-letter-safe", "yes", at="2025-09-02")
    case.do("review", "With her, at the office", stage="closing", at="2025-09-19")
    case.do("close", outcome="resolved-without-legal", discussed="2025-09-19", at="2025-09-20")
    return case


def _letter(case: Case, kind: str, to: str, **said: Any) -> str:
    """The letter as it is drafted."""
    ran = case.office.run("letter", case.number, kind, to=to, **said)
    assert ran.code == 0, ran.err
    return ran.out


# -- appeals (WHA) and complaints (14.3)


@pytest.mark.parametrize("side", ["Jane Souter", "Ross Muir"])
def test_wha_appeals_both_sides_are_told_that_they_may_appeal_and_that_the_director_reviews_it(
    office: Office, side: str,
) -> None:
    letter = _letter(_abuse(office), "closing", side)
    assert APPEAL in letter
    assert "Our Director will conduct this review" in letter


def test_wha_closure_the_victim_is_advised_that_it_is_closed_unless_further_evidence_is_available(
    office: Office,
) -> None:
    case = _abuse(office)
    assert "closed unless further evidence is available" in _letter(case, "closing", "Jane Souter")
    assert "further evidence" not in _letter(case, "closing", "Ross Muir")


def test_14_3_elsewhere_there_is_no_appeal_but_the_complaints_procedure(office: Office) -> None:
    case = _noise(office)
    case.do("close", outcome="resolved-without-legal", discussed="today")
    for side in ("Jane Souter", "Ross Muir"):
        letter = _letter(case, "closing", side)
        assert COMPLAINTS in letter
        assert "appeal" not in letter


@pytest.mark.parametrize("side", ["Jane Souter", "Ross Muir"])
def test_14_3_an_appeal_outside_domestic_abuse_is_kept_and_the_complaints_procedure_is_explained(
    office: Office, side: str,
) -> None:
    case = _noise(office)
    ran = office.run("appeal", case.number, by=side, text="Nobody came back to me", at="2025-09-22")
    assert ran.code == 0
    assert "has no appeal" in ran.err, "and it is said at once"
    assert case.state("complaints-explained", side) == "open"
    case.do("letter", "complaints", to=side, sent="2025-09-23")
    assert case.state("complaints-explained", side) == "done"
    assert case.deadlines("appeal-review") == []


def test_14_3_who_appeals_after_closing_is_shown_the_letter_to_send(office: Office) -> None:
    case = _noise(office)
    case.do("close", outcome="closed-unresolved", discussed="2025-09-20", at="2025-09-20")
    for rule in ("closure-survey", "closure-alerts", "support-after-closure"):
        case.do("done", rule, at="2025-09-21")
    case.do("appeal", by="Jane Souter", at="2025-09-22")
    ran = office.run("note", case.number, "She rang again")
    assert f"next: asb letter {case.number} complaints --to P1" in ran.err


# -- why it was closed: to each side what is meant for it


def test_14_1_the_reason_typed_on_closing_is_told_to_neither_side(office: Office) -> None:
    case = _noise(office)
    case.do("close", outcome="closed-unresolved", discussed="today",
            because="Complainant unreliable; police look into the other household")
    for side in ("Jane Souter", "Ross Muir"):
        ran = office.run("letter", case.number, "closing", to=side)
        assert "unreliable" not in ran.out
        assert "police" not in ran.out
        assert "--text TEXT explains it to" in ran.err, "the officer is told so"
    theirs = _letter(case, "closing", "Jane Souter", text="The recordings were not enough for a sheriff.")
    assert "not enough for a sheriff" in theirs


def test_14_1_that_it_was_passed_to_another_agency_is_told_to_the_victim_only(office: Office) -> None:
    case = _noise(office)
    case.do("close", outcome="closed-unresolved", discussed="today")
    assert "passed to another agency" in _letter(case, "closing", "Jane Souter")
    assert "agency" not in _letter(case, "closing", "Ross Muir")


def test_3_7_6_what_the_victim_does_not_wish_is_told_to_nobody_else(office: Office) -> None:
    case = office.open(category="noise", reporter="third-party", reported_by="Bea Orr", complainant="Jane Souter",
                       perpetrator="Ross Muir", received="2025-09-01")
    case.do("consent", "Jane Souter", "given", for_="perpetrator-contact", at="2025-09-02")
    case.do("answer", "basic-advice", "yes")
    case.do("answer", "may-return", "yes")
    case.do("close", outcome="no-interview-wanted", discussed="today")
    assert "You may discuss it with us whenever you wish" in _letter(case, "closing", "Jane Souter")
    theirs = _letter(case, "closing", "Ross Muir")
    assert "discuss" not in theirs
    assert "reason" not in theirs


def test_14_1_the_victims_letter_says_that_they_can_come_back(office: Office) -> None:
    case = _noise(office)
    case.do("close", outcome="resolved-without-legal", discussed="today")
    letter = _letter(case, "closing", "Jane Souter")
    assert "come back to us at any time" in letter
    assert "a new case that is linked to it" in letter, "for a closed case stays closed (15.1)"


def test_14_1_and_14_3_the_victims_letter_answers_what_it_says_and_the_other_sides_nothing(office: Office) -> None:
    case = _noise(office)
    case.do("close", outcome="resolved-without-legal", discussed="2025-09-20", at="2025-09-20")
    answered = {"can-come-back", "complaints-route"}
    case.do("letter", "closing", to="Ross Muir", sent="2025-09-21")
    assert answered <= _open_questions(case)
    case.do("letter", "closing", to="Jane Souter", sent="2025-09-21")
    assert not answered & _open_questions(case)


def _open_questions(case: Case) -> set[str]:
    return {row["item"] for row in case.office.do("checklist", case.number) if not row["answer"]}


def test_a_letter_that_says_it_is_closed_is_warned_of_before_it_is(office: Office) -> None:
    case = _noise(office)
    assert "not closed yet" in office.run("letter", case.number, "closing", to="Jane Souter").err


# -- what a warning must say (section 7)


def _warned(case: Case, **said: Any) -> str:
    case.do("warn", "Ross Muir", level="written", requires="Turn the music off at eleven", at="2025-09-10", **said)
    return _letter(case, "warning", "Ross Muir")


@pytest.mark.parametrize("finding", ["admitted", "evidenced"])
def test_7_3_1_our_tenant_is_told_of_the_breach_that_the_tenancy_is_at_risk_and_what_to_do(
    office: Office, finding: str,
) -> None:
    case = _noise(office)
    case.do("interview", "perpetrator", at="2025-09-08", finding=finding)
    letter = _warned(case)
    assert "You have breached the terms of your tenancy" in letter
    assert "we will consider legal action, and your tenancy is at risk" in letter
    assert "What you must do to avoid further action: Turn the music off at eleven" in letter


def test_7_3_1_before_a_finding_the_breach_is_not_said_of_them(office: Office) -> None:
    letter = _warned(_noise(office))
    assert "You have breached" not in letter
    assert "your tenancy is at risk" in letter


@pytest.mark.parametrize("tenure", ["owner-occupier", "private-tenant", "other-landlord", "unknown", None])
def test_7_3_1_of_a_tenancy_nothing_is_said_to_anybody_but_our_tenant(office: Office, tenure: str | None) -> None:
    case = _noise(office, tenure)
    letter = _warned(case)
    assert "tenan" not in letter
    assert "If it does not, we will consider legal action" in letter


def test_7_2_1_who_refused_the_interview_is_reminded_and_not_found_in_breach(office: Office) -> None:
    case = _noise(office)
    case.do("interview", "perpetrator", "--declined", at="2025-09-08")
    case.do("warn", "Ross Muir", level="written", at="2025-09-10")
    letter = _letter(case, "warning", "Ross Muir")
    assert "We remind you of your obligations in the tenancy agreement" in letter
    assert "will result in us considering legal action against you" in letter
    assert "breached" not in letter
    assert "What you must do" not in letter, "nothing was required but the interview"


def test_7_3_1_a_warning_that_does_not_say_what_to_do_is_not_written(office: Office) -> None:
    case = _noise(office)
    case.do("warn", "Ross Muir", level="verbal", at="2025-09-10")
    told = case.refused(4, "letter", "warning", to="Ross Muir")
    assert "7.3.1" in told
    assert "--requires TEXT" in told


def test_7_3_1_one_that_has_gone_without_it_is_recorded_and_looked_at_with_the_manager(office: Office) -> None:
    case = _noise(office)
    case.do("warn", "Ross Muir", level="written", at="2025-09-10")
    ran = office.run("letter", case.number, "warning", to="Ross Muir", sent="2025-09-11")
    assert ran.code == 0
    assert "does not say what they must do" in ran.err
    assert case.state("breach-review") == "open"


def test_7_3_1_a_verbal_warning_is_confirmed_as_what_it_was(office: Office) -> None:
    case = _noise(office)
    case.do("warn", "Ross Muir", level="verbal", requires="No shouting", at="2025-09-10")
    assert "# Our verbal warning, confirmed" in _letter(case, "warning", "Ross Muir")
