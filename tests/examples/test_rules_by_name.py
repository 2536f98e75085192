"""Every rule by its name: where it is written, what starts it, when it is due, and what meets it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from housing_office import Case, Office

SANCTUARY, MODEL, PARTNERSHIP, WHA = "Sanctuary Scotland", "Model procedure", "Partnership", "WHA"
STATUTE = "Act 200"

# Rule -> the document it stands in, its clause there, and how strongly it binds. The contract names rule and
# clause; the strength is the source's own word (must, should, may), None where it gives a date but no duty.
WRITTEN: dict[str, tuple[str, str | None, str | None]] = {
    "start-investigation": (SANCTUARY, "2.1.1", "must"),
    "outline-agreement": (SANCTUARY, "4.2.5", "should"),
    "witness-interview": (SANCTUARY, "4.3.1", "must"),
    "perpetrator-interview": (SANCTUARY, "6.1.1", "must"),
    "perpetrator-interview-hate": (SANCTUARY, "6.1.1", "should"),
    "delay-review": (SANCTUARY, "6.1.1", "should"),
    "delay-reason": (SANCTUARY, "6.1.1", "should"),
    "monitoring": (SANCTUARY, "7.1.1", "must"),
    "offensive-graffiti": (SANCTUARY, "3.6.1", "must"),
    "emergency-repair": (SANCTUARY, "3.6.1", "must"),
    "hate-review-initial": (SANCTUARY, "13.1", "should"),
    "hate-review-plan": (SANCTUARY, "13.1", "should"),
    "hate-review-progress": (SANCTUARY, "13.1", "should"),
    "hate-review-fortnightly": (SANCTUARY, "13.1", "should"),
    "weekly-contact": (MODEL, None, "guideline"),
    "agreed-contact": (SANCTUARY, "4.2.2", "must"),
    "diary-return": (SANCTUARY, "4.2.4", "may"),
    "plan-action": (MODEL, None, "should"),
    "consider-closing": (SANCTUARY, "14.1", "may"),
    "abc-review": (SANCTUARY, "11.5", "must"),
    "notice-of-proceedings": (SANCTUARY, "12.4", "must"),
    "notice-earliest": (STATUTE, "s.14", None),
    "notice-lapse": (STATUTE, "s.14", None),
    "section-11-notice": (SANCTUARY, "12.7", "must"),
    "ssst-conversion": (SANCTUARY, "12.10", None),
    "ssst-notice": (STATUTE, "s.36", None),
    "ssst-term": ("statutory guidance", None, None),
    "ssst-extension-notice": ("statutory guidance", None, None),
    "subject-access": (SANCTUARY, "6.3.4", "must"),
    "settling-in-visit": (SANCTUARY, "1.5.1", "must"),
    "tenancy-visit": (SANCTUARY, "1.5.1", "must"),
    "procedure-review": (WHA, "Policy review", "must"),
    "call-999": (SANCTUARY, "3.3.1", "must"),
    "suicide-response": (SANCTUARY, "4.2.7", "must"),
    "safeguarding-referral": (SANCTUARY, "3.3.4", "must"),
    "security-measures": (SANCTUARY, "3.6.1", "must"),
    "handler-told": (SANCTUARY, "4.3.2", "must"),
    "agree-contact": (SANCTUARY, "4.2.2", "must"),
    "action-plan": (PARTNERSHIP, None, "must"),
    "risk-assessment": (PARTNERSHIP, None, "may"),
    "tell-victim-outcome": (SANCTUARY, "6.3.3", "must"),
    "specialist-referral": (SANCTUARY, "5.6", "must"),
    "refusal-warning-letter": (SANCTUARY, "7.2.1", "must"),
    "warning-confirmation": (SANCTUARY, "7.3.1", "must"),
    "escalation-decision": (SANCTUARY, "7.3.2", "must"),
    "landlord-director-notified": (SANCTUARY, "11.9.1", "should"),
    "committee-report": (SANCTUARY, "12.3", "must"),
    "court-letter": (SANCTUARY, "12.6", "must"),
    "eviction-report": (SANCTUARY, "12.8", "must"),
    "copied-case": (SANCTUARY, "3.8.2", "must"),
    "copied-vulnerability": (SANCTUARY, "3.3.6", "must"),
    "copied-notepad": (SANCTUARY, "6.4.2", "must"),
    "closing-review": (WHA, "Closure of cases", "should"),
    "closure-letter": (WHA, "Closure of cases", "must"),
    "closure-agencies": (SANCTUARY, "14.5", "should"),
    "closure-alerts": (SANCTUARY, "14.5", "should"),
    "closure-survey": (SANCTUARY, "14.4", "must"),
    "support-after-closure": (SANCTUARY, "4.3.2", "must"),
    "effectiveness-review": (WHA, "Closure of cases", "must"),
    "appeal-review": (WHA, "Appeals", "must"),
    "board-report": (WHA, "Monitoring and reporting", "must"),
}


def test_the_procedure_in_force_has_every_rule_of_the_contract_where_it_is_written(office: Office) -> None:
    in_force = {rule["id"]: rule for rule in office.do("procedure", "show")["deadline"]}
    assert set(WRITTEN) <= set(in_force)
    for rule, (source, clause, strength) in WRITTEN.items():
        stands = in_force[rule]
        assert source in stands["source"], rule
        assert stands["clause"], rule
        assert clause in (None, stands["clause"]), rule
        assert stands["strength"] in ("must", "should", "may", "guideline"), rule
        assert strength in (None, stands["strength"]), rule
        assert stands["title"], rule


def test_every_rule_of_the_contract_has_a_worked_example() -> None:
    assert {example.rule for example in EXAMPLES} | OF_THEIR_OWN == set(WRITTEN)


# -- what is recorded -> the rule -> due -> what meets or ends it -> its state


@dataclass(frozen=True)
class Step:
    """One thing recorded in a case."""

    verb: str
    words: tuple[object, ...] = ()
    answers: dict[str, Any] = field(default_factory=dict)

    def take(self, case: Case) -> None:
        case.do(self.verb, *self.words, **self.answers)


def did(verb: str, *words: object, **answers: Any) -> Step:
    return Step(verb, words, answers)


@dataclass(frozen=True)
class Example:
    """A rule at work in one case."""

    rule: str
    report: dict[str, Any]
    starts: tuple[Step, ...]
    due: str | None
    ends: tuple[Step, ...]
    state: str
    act_by: str | None = None
    limit: str | None = None
    started: str | None = None
    person: str | None = None
    on: str | None = None


JANE, ROSS, TAM = "Jane Souter", "Ross Muir", "Tam Lyle"
RECEIVED = "2025-11-18"  # a Tuesday
NOISE = {"category": "noise", "received": RECEIVED}
HARASSMENT = {"category": "harassment", "received": RECEIVED}
WITH_ROSS = {**NOISE, "perpetrator": ROSS, "perpetrator_tenure": "own-tenant"}
HATE = {"category": "hate", "received": f"{RECEIVED} 09:00", "perpetrator": ROSS,
        "perpetrator_tenure": "own-tenant"}  # fmt: skip
ABUSE = {
    "category": "domestic-abuse",
    "received": RECEIVED,
    "perpetrator": ROSS,
    "perpetrator_tenure": "own-tenant",
}
VICTIM_SEEN = did("interview", "victim", at="2025-11-19")
ROSS_SEEN = did("interview", "perpetrator", at="2025-11-25")
CLOSED = did("close", outcome="resolved-without-legal", discussed="2025-12-16", at="2025-12-16")
# Court action needs its approvals (12.3); what has happened is recorded all the same, with its breach.
RAISED = did("event", "proceedings-raised", at="2026-03-02", because="Raised by the solicitor")


def marked_done(rule: str, at: str, **answers: Any) -> Step:
    return did("done", rule, "Done", at=at, **answers)


# fmt: off
EXAMPLES = [
    Example("start-investigation", HARASSMENT, (), "2025-11-19", (VICTIM_SEEN,), "met",
            limit="1 working day", started=RECEIVED, person=JANE),
    Example("start-investigation", NOISE, (), "2025-11-25", (did("interview", "victim", at="2025-11-26"),),
            "late", limit="5 working days", person=JANE),
    Example("start-investigation", HARASSMENT, (), "2025-11-19",
            # not the full interview
            (did("interview", "victim", first_contact=True, at=RECEIVED),), "overdue"),
    Example("outline-agreement", NOISE, (VICTIM_SEEN,), "2025-11-22",
            (did("contact", "Told", purpose="outline", at="2025-11-22"),), "met", act_by="2025-11-21",
            limit="3 days", person=JANE),
    # St Andrew's Day is not counted
    Example("witness-interview", {**NOISE, "witness": TAM}, (), "2025-12-03",
            (did("interview", "witness", at="2025-12-03"),), "met", limit="10 working days", person=TAM),
    Example("witness-interview", {**NOISE, "witness": TAM}, (), "2025-12-03",
            (did("interview", "witness", declined=True, at="2025-12-01"),), "ended"),
    Example("perpetrator-interview", WITH_ROSS, (), "2025-12-03",
            (did("interview", "perpetrator", at="2025-12-04"),), "late", limit="10 working days",
            person=ROSS),
    Example("perpetrator-interview", WITH_ROSS,
            (did("consent", JANE, "given", for_="perpetrator-interview", at=RECEIVED),), "2025-12-03",
            (did("consent", JANE, "withdrawn", for_="perpetrator-interview", at="2025-11-20"),), "ended"),
    Example("perpetrator-interview-hate", HATE, (did("interview", "victim", at="2025-11-19 10:00"),),
            "2025-11-21T10:00+00:00", (did("interview", "perpetrator", at="2025-11-21 09:59"),), "met",
            act_by="2025-11-21", limit="48 hours", person=ROSS),
    Example("delay-reason", HATE, (did("interview", "victim", at="2025-11-19 10:00"),), None,
            (did("interview", "perpetrator", delayed=True, because="The police asked",
            at="2025-11-21 12:00"),),
            "done", started="2025-11-21T10:00+00:00", on="2025-11-21 11:00", person=ROSS),
    Example("delay-review", HATE, (did("interview", "victim", at="2025-11-19 10:00"),),
            "2025-11-23T10:00+00:00",
            (did("review", "Still waiting", stage="delay", with_="Iain Ross", at="2025-11-23 10:00"),
             did("interview", "perpetrator", at="2025-11-23 12:00")), "met",
            limit="48 hours", started="2025-11-21T10:00+00:00", on="2025-11-21 11:00", person=ROSS),
    Example("monitoring", WITH_ROSS, (did("interview", "perpetrator", at="2025-11-25", finding="denied"),),
            "2025-12-23", (marked_done("monitoring", "2025-12-23"),), "met", limit="28 days", person=ROSS),
    Example("monitoring", WITH_ROSS, (did("interview", "perpetrator", at="2025-11-25", finding="no-evidence",
                                          monitor_until="2026-01-31"),),
            "2026-01-31", (did("interview", "perpetrator", at="2026-01-10", finding="admitted"),), "ended",
            act_by="2026-01-30", person=ROSS),
    Example("offensive-graffiti", NOISE, (did("repair", "offensive-graffiti", noticed="2025-11-20 09:15"),),
            "2025-11-21T09:15+00:00",
            (did("repair", "offensive-graffiti", done="2025-11-21 09:15", photographed=True),), "met",
            act_by="2025-11-21", limit="24 hours", on="2025-11-20 10:00"),
    Example("emergency-repair", {**HARASSMENT, "received": f"{RECEIVED} 12:00"},
            (did("repair", "make-safe", noticed=f"{RECEIVED} 15:00"),), None,
            (did("repair", "make-safe", done="2025-11-20 10:00"),), "done", on=f"{RECEIVED} 16:00",
            # the earlier of the report and the need known
            act_by="2025-11-19", started="2025-11-18T12:00+00:00"),
    Example("hate-review-initial", HATE, (), None,
            (did("review", "First steps", stage="initial", with_="Iain Ross", at=f"{RECEIVED} 10:00"),),
            "done", act_by=RECEIVED, on=f"{RECEIVED} 09:30"),
    Example("hate-review-initial", {**HATE, "received": "2025-11-22 20:00"}, (), None,  # Saturday: by Monday
            (did("review", "First steps", stage="initial", with_="Iain Ross", at="2025-11-24 10:00"),),
            "done", act_by="2025-11-24", on="2025-11-23"),
    Example("hate-review-plan", HATE, (), "2025-11-21", (did("plan", "agreed", at="2025-11-20"),
             did("review", "Seen", stage="plan", with_="Iain Ross", at="2025-11-21")), "met",
            limit="3 working days"),
    Example("hate-review-plan", {**HATE, "flag": "violence"}, (), "2025-11-19T09:00+00:00",
            (did("plan", "agreed", at="2025-11-19 08:30"),
             did("review", "Seen", stage="plan", with_="Iain Ross", at="2025-11-19 09:30")), "late",
            limit="24 hours"),
    Example("hate-review-progress", HATE, (), "2025-12-02",
            (did("review", "Seen", stage="progress", with_="Iain Ross", at="2025-12-02"),), "met",
            limit="9 working days"),
    Example("hate-review-fortnightly", HATE,
            (did("review", "Seen", stage="progress", with_="Iain Ross", at="2025-12-02"),), "2025-12-16",
            (CLOSED,), "ended", limit="2 weeks", started="2025-12-02"),
    Example("weekly-contact", {**NOISE, "definition": "personal"}, (VICTIM_SEEN,), "2025-11-26",
            (did("contact", "Reached", at="2025-11-26"), CLOSED), "met", limit="1 week", person=JANE),
    Example("agreed-contact", NOISE, (did("interview", "victim", at="2025-11-19", contact_every="2 weeks"),),
            "2025-12-03", (did("contact", "Reached", at="2025-12-03"),), "met", limit="2 weeks", person=JANE),
    Example("diary-return", NOISE, (did("diary", "issued", every="1 week", at="2025-11-19"),), "2025-11-26",
            (did("diary", "returned", at="2025-11-26"),), "met", limit="1 week"),
    Example("plan-action", NOISE,
            (did("plan", "add", "Speak to the wardens", who="Repairs", due="2025-12-06", at="2025-11-19"),),
            "2025-12-06", (did("plan", "done", 1, at="2025-12-08"),), "late", act_by="2025-12-05"),
    Example("consider-closing", NOISE, (), "2025-12-16", (CLOSED,), "met", limit="28 days"),
    Example("abc-review", WITH_ROSS, (did("remedy", "abc", "signed", every="1 month", at="2025-11-20"),),
            "2025-12-20", (did("remedy", "abc", "reviewed", at="2025-12-19"),), "met", act_by="2025-12-19",
            limit="1 month"),
    Example("abc-review", WITH_ROSS, (did("remedy", "abc", "signed", every="1 month", at="2025-11-20"),),
            "2025-12-20", (did("remedy", "abc", "breached", at="2025-12-19"),), "ended", act_by="2025-12-19"),
    # Served before the first anniversary: the last good day is the day before it.
    Example("notice-of-proceedings", WITH_ROSS, (did("event", "conviction", at="2025-11-20"),), "2026-11-19",
            (did("event", "notice-served", at="2026-01-15"),), "met"),
    Example("notice-of-proceedings", WITH_ROSS, (did("event", "conviction", at="2025-11-20"),
                                                 did("event", "appeal-ended", at="2026-02-10")), "2027-02-09",
            (did("event", "eviction-not-sought", at="2026-03-10"),), "ended", started="2026-02-10"),
    Example("notice-earliest", WITH_ROSS, (did("event", "notice-served", at="2026-01-15"),), "2026-02-12",
            (RAISED,), "ended", limit="4 weeks"),
    # In force for six months from the date it names, not from service.
    Example("notice-lapse", WITH_ROSS, (did("event", "notice-served", at="2026-01-15"),), "2026-08-12",
            (RAISED,), "met"),
    Example("ssst-conversion", WITH_ROSS, (did("event", "conduct", at="2025-11-20"),), "2028-11-20",
            (did("event", "conversion-notice", at="2026-01-15"),), "met", limit="3 years"),
    Example("ssst-notice", WITH_ROSS, (did("event", "ssst-notice", at="2026-01-15"),), "2026-03-15",
            (RAISED,), "ended", act_by="2026-03-13", limit="2 months"),
    Example("ssst-term", WITH_ROSS, (did("event", "conversion-notice", at="2026-01-15"),), "2027-01-15",
            (did("event", "notice-served", at="2026-10-15"),), "met", limit="12 months"),
    Example("ssst-extension-notice", WITH_ROSS, (did("event", "conversion-notice", at="2026-01-15"),),
            "2026-11-15",
            (did("event", "ssst-extension-notice", at="2026-09-01"),), "met", act_by="2026-11-13"),
    Example("subject-access", NOISE, (did("event", "subject-access-request", at="2026-01-31"),), "2026-02-28",
            (did("event", "subject-access-supplied", at="2026-02-27"),), "met", act_by="2026-02-27",
            limit="1 month"),

    # -- open items: no number, so never "met in time"
    Example("call-999", {**HARASSMENT, "immediate_danger": "yes"}, (), None,
            (did("event", "called-999", at=RECEIVED),), "done"),
    Example("suicide-response", NOISE, (did("flag", "add", "suicide-threat", because="Said so",
            at="2025-11-19 10:00"),), None, (did("event", "called-999", at="2025-11-19 10:05"),
                   did("event", "manager-told", at="2025-11-19 10:20")), "done"),
    Example("safeguarding-referral", NOISE, (did("flag", "add", "child-at-risk", because="Seen",
            at="2025-11-19"),),
            None, (marked_done("safeguarding-referral", "2025-11-19"),), "done", started="2025-11-19"),
    Example("security-measures", NOISE, (did("repair", "security", noticed="2025-11-19", due="2025-11-24"),),
            "2025-11-24", (did("repair", "security", done="2025-11-24"),), "met"),
    Example("handler-told", NOISE, (), None, (marked_done("handler-told", RECEIVED),), "done", person=JANE),
    Example("agree-contact", NOISE, (VICTIM_SEEN,), None,
            (did("change", contact_every="1 week", at="2025-11-20"),), "done", person=JANE),
    Example("action-plan", NOISE, (), None, (did("plan", "add", "Talk to both", who="Mhairi",
            at="2025-11-19"),), "done"),
    Example("risk-assessment", NOISE, (), None, (did("risk", level="medium", at="2025-11-19"),), "done"),
    Example("tell-victim-outcome", WITH_ROSS, (ROSS_SEEN,), None,
            (did("contact", "Told that action follows", purpose="outcome", at="2025-11-26"),), "done",
            person=JANE),
    Example("specialist-referral", HARASSMENT, (VICTIM_SEEN,), None,
            (marked_done("specialist-referral", "2025-11-20"),), "done", person=JANE),
    Example("refusal-warning-letter", WITH_ROSS, (did("interview", "perpetrator", declined=True,
            at="2025-11-25"),),
            None, (did("warn", ROSS, level="written", requires="Quiet after eleven", at="2025-11-26"),),
            "done", person=ROSS),
    Example("warning-confirmation", WITH_ROSS, (did("warn", ROSS, level="verbal", at="2025-11-25"),), None,
            (did("warn", ROSS, level="written", requires="Quiet after eleven", at="2025-11-27"),), "done",
            person=ROSS),
    Example("escalation-decision", WITH_ROSS,
            (did("warn", ROSS, level="written", requires="Quiet after eleven", at="2025-11-25"),
             did("log-incident", "Music again", at="2025-11-29", received="2025-12-01")), None,
            (marked_done("escalation-decision", "2025-12-02"),), "done", started="2025-12-01"),
    Example("landlord-director-notified", {**HATE, "perpetrator_tenure": "other-landlord"},
            (did("agency", "add", "Clyde Homes", at="2025-11-19"),
             did("agency", "outcome", "Clyde Homes", text="Warned", at="2025-11-26")), None,
            (did("event", "landlord-telephoned", at="2025-11-27"),
             did("event", "landlord-written-to", at="2025-11-28")), "done", person=ROSS),
    Example("committee-report", WITH_ROSS, (RAISED,), None, (marked_done("committee-report", "2026-03-20"),),
            "done"),
    Example("court-letter", WITH_ROSS, (did("event", "court-referral", at="2026-02-20"),), None,
            (marked_done("court-letter", "2026-02-21"),), "done"),
    Example("eviction-report", WITH_ROSS, (did("event", "decree", at="2026-04-20"),), None,
            (did("event", "eviction-report-approved", at="2026-05-06"),), "done"),
    Example("copied-case", NOISE, (), None, (marked_done("copied-case", RECEIVED),), "done"),
    Example("copied-vulnerability", NOISE,
            (did("flag", "add", "vulnerable-adult", because="Seen at home", at="2025-11-19"),), None,
            (marked_done("copied-vulnerability", "2025-11-20"),), "done"),
    Example("copied-notepad", WITH_ROSS, (ROSS_SEEN,), None, (marked_done("copied-notepad", "2025-11-25"),),
            "done", person=ROSS),

    # -- on closing
    Example("closure-agencies", NOISE, (did("agency", "add", "Police Scotland", kind="police", at="2025-11-19"),
                                        did("agency", "told", "Police Scotland", at="2025-11-20"), CLOSED), None,
            (did("agency", "told", "Police Scotland", at="2025-12-17"),), "done", started="2025-12-16"),
    Example("closure-alerts", NOISE, (CLOSED,), None, (marked_done("closure-alerts", "2025-12-17"),), "done"),
    Example("closure-survey", NOISE, (CLOSED,), None, (marked_done("closure-survey", "2025-12-17"),), "done"),
    Example("support-after-closure", NOISE, (CLOSED,), None, (marked_done("support-after-closure",
            "2025-12-17"),), "done", person=JANE),
    Example("closing-review", ABUSE, (CLOSED,), None,
            (did("review", "Jane agrees", stage="closing", with_="Iain Ross", at="2025-12-17"),), "done"),
    Example("closure-letter", ABUSE, (CLOSED,), None,
            (marked_done("closure-letter", "2025-12-18", person=JANE),), "done", person=JANE),
    Example("effectiveness-review", ABUSE, (CLOSED,), None,
            (did("review", "Handled well", stage="effectiveness", with_="The Director", at="2026-01-12"),),
            "done"),
    Example("appeal-review", ABUSE, (CLOSED, did("appeal", by=ROSS, at="2026-01-05")), None,
            (did("review", "Upheld", stage="appeal", with_="The Director", at="2026-01-20"),), "done"),
    Example("board-report", ABUSE, (CLOSED,), None, (marked_done("board-report", "2026-01-26"),), "done"),
]
# fmt: on

# With a test of their own below: an eviction lies ahead, and the others belong to no case.
OF_THEIR_OWN = {"section-11-notice", "procedure-review", "settling-in-visit", "tenancy-visit"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.rule}-{each.state}")
def test_a_rule_is_started_due_and_ended_as_its_clause_says(office: Office, example: Example) -> None:
    case = office.open(**example.report)
    for step in example.starts:
        step.take(case)
    row = case.deadlines(example.rule, example.person, **({"on": example.on} if example.on else {}))[-1]
    assert row.due == example.due
    assert row.act_by == (example.act_by or (example.due and example.due[:10]))  # of an instant, its day
    if example.limit or not example.due:
        assert row.limit == example.limit
    if example.started:
        assert row.started_at == example.started
    if example.person:
        assert row.person == case.person(example.person)
    begun = example.on or max(row.started_at, (example.starts and example.starts[-1].answers.get("at")) or "")
    assert [each.state for each in case.deadlines(example.rule, example.person, on=begun)] == ["open"]

    for step in example.ends:
        step.take(case)
    ended = case.deadlines(example.rule, example.person)[0]
    assert ended.state == example.state
    assert (ended.met_at is not None) == (example.state in ("met", "late", "done"))


def test_12_7_section_11_notice_four_weeks_back_from_the_eviction_date(office: Office) -> None:
    eviction = date.today() + timedelta(days=70)
    case = office.open(**WITH_ROSS)
    case.do("event", "eviction-date", at=eviction.isoformat())
    notice = case.deadline("section-11-notice")
    assert (notice.due, notice.limit, notice.state) == (
        (eviction - timedelta(weeks=4)).isoformat(),
        "4 weeks",
        "open",
    )
    case.do("event", "section-11-notice")
    assert case.state("section-11-notice") == "met"


def test_policy_review_the_procedure_itself_is_reviewed_a_year_after_it_was_adopted(office: Office) -> None:
    ahead = date.today() + timedelta(days=400)
    [review] = [row for row in office.due(until=ahead.isoformat()) if row.rule == "procedure-review"]
    started = date.fromisoformat(review.started_at[:10])
    assert review.case is None
    assert review.due == started.replace(year=started.year + 1).isoformat()
    assert review.state == "open"


def test_1_5_1_a_settling_in_visit_within_six_weeks_then_one_every_three_years(office: Office) -> None:
    def deadlines(rule: str) -> list[tuple[str | None, str, str, str]]:
        return [
            (row["case"], row["due"], row["act_by"], row["state"])
            for row in office.do("export", "deadlines")
            if row["rule"] == rule
        ]

    assert (
        office.run("tenancy", "start", TAM, address="9 Elm Street", checks="Nothing known", at=RECEIVED).code
        == 0
    )
    assert deadlines("settling-in-visit") == [(None, "2025-12-30", "2025-12-30", "overdue")]
    assert office.run("tenancy", "visit", "T1", at="2025-12-30").code == 0
    assert deadlines("settling-in-visit") == [(None, "2025-12-30", "2025-12-30", "met")]
    assert deadlines("tenancy-visit") == [(None, "2028-12-30", "2028-12-29", "open")]  # a Saturday
    assert office.run("tenancy", "visit", "T1", at="2026-06-01").code == 0
    assert deadlines("tenancy-visit") == [
        (None, "2028-12-30", "2028-12-29", "met"), (None, "2029-06-01", "2029-06-01", "open")]  # fmt: skip


# -- due, act_by and state


def test_a_day_limit_is_open_to_the_end_of_its_day_and_overdue_after_it(office: Office) -> None:
    case = office.open(**HARASSMENT)
    assert case.state("start-investigation", on="2025-11-19 23:59") == "open"
    assert case.state("start-investigation", on="2025-11-20 00:01") == "overdue"


def test_an_hour_limit_is_open_to_its_instant_and_overdue_after_it(office: Office) -> None:
    case = office.open(**NOISE)
    case.do("repair", "offensive-graffiti", noticed="2025-11-20 09:15")
    assert case.state("offensive-graffiti", on="2025-11-21 09:14") == "open"
    assert case.state("offensive-graffiti", on="2025-11-21 09:16") == "overdue"


def test_a_should_and_a_guideline_are_overdue_when_missed_but_a_may_never_is(office: Office) -> None:
    case = office.open(**{**NOISE, "definition": "personal"})
    case.do("interview", "victim", at="2025-11-19")
    assert case.state("outline-agreement") == "overdue"  # should
    assert case.state("weekly-contact") == "overdue"  # guideline
    assert case.state("consider-closing") == "open"  # may, a year past
    assert "consider-closing" not in {row.rule for row in office.due(overdue=True)}


def test_met_is_in_time_and_late_is_not(office: Office) -> None:
    in_time, late = office.open(**HARASSMENT), office.open(**HARASSMENT)
    in_time.do("interview", "victim", at="2025-11-19 23:30")
    late.do("interview", "victim", at="2025-11-20 00:30")
    assert (in_time.state("start-investigation"), late.state("start-investigation")) == ("met", "late")
    assert in_time.deadline("start-investigation").met_at == "2025-11-19T23:30+00:00"


def test_what_no_longer_applies_when_the_case_is_closed_is_ended(office: Office) -> None:
    case = office.open(**{**NOISE, "witness": TAM})
    CLOSED.take(case)
    assert case.state("witness-interview") == "ended"
    assert case.state("action-plan") == "ended"


def test_a_recurrence_is_a_row_each_and_one_not_yet_started_is_not_shown(office: Office) -> None:
    case = office.open(**NOISE)
    case.do("interview", "victim", at="2025-11-19", contact_every="1 week")
    case.do("contact", "Reached", at="2025-11-25")
    case.do("contact", "Reached", at="2025-12-02")
    assert [row.due for row in case.deadlines("agreed-contact")] == ["2025-11-26", "2025-12-02", "2025-12-09"]
    assert [row.due for row in case.deadlines("agreed-contact", on="2025-11-24")] == ["2025-11-26"]
    assert [row.due for row in case.deadlines("agreed-contact", on="2025-11-26")] == [
        "2025-11-26",
        "2025-12-02",
    ]


def test_k10_a_late_one_stays_one_overdue_item_and_the_next_counts_from_when_it_was_held(
    office: Office,
) -> None:
    case = office.open(**NOISE)
    case.do("interview", "victim", at="2025-11-19", contact_every="1 week")
    assert [row.state for row in case.deadlines("agreed-contact", on="2025-12-31")] == ["overdue"]
    case.do("contact", "Reached at last", at="2025-12-31")
    rows = case.deadlines("agreed-contact", on="2025-12-31")
    assert [(row.due, row.state) for row in rows] == [("2025-11-26", "late"), ("2026-01-07", "open")]


def test_6_1_1_the_48_hours_take_the_place_of_the_ten_days_only_where_those_were_not_missed(
    office: Office,
) -> None:
    case = office.open(**{**HATE, "received": "2025-11-03 09:00"})
    case.do("interview", "victim", at="2025-11-20 12:00")  # the ten working days ended on the 17th
    assert case.state("perpetrator-interview", on="2025-11-20 13:00") == "overdue"
    assert case.state("perpetrator-interview-hate", on="2025-11-20 13:00") == "open"
    case.do("interview", "perpetrator", at="2025-11-21 10:00")
    assert case.state("perpetrator-interview") == "late"
    assert case.state("perpetrator-interview-hate") == "met"


def test_k12_a_lower_priority_leaves_a_missed_date_missed(office: Office) -> None:
    case = office.open(category="harassment", received="2025-11-17")
    case.do("change", category="noise", because="It was loud music, nothing more", at="2025-11-20")
    start = case.deadline("start-investigation", on="2025-11-20")
    assert case.show().priority == 2
    assert (start.due, start.state) == ("2025-11-18", "overdue")


def test_k12_a_lower_priority_in_time_gives_its_own_longer_limit(office: Office) -> None:
    case = office.open(category="harassment", received="2025-11-17")
    case.do("change", category="noise", because="It was loud music, nothing more", at="2025-11-18")
    start = case.deadline("start-investigation")
    assert (start.due, start.limit) == ("2025-11-24", "5 working days")
    assert "upgraded" not in start.notes


def test_k12_a_higher_priority_counts_from_the_original_start_and_says_upgraded(office: Office) -> None:
    case = office.open(**NOISE)
    case.do("change", category="harassment", because="Threats were made", at=RECEIVED)
    start = case.deadline("start-investigation", on=RECEIVED)
    assert (start.started_at, start.due, start.state) == (RECEIVED, "2025-11-19", "open")
    assert "upgraded" in start.notes


def test_13_1_violence_flagged_later_is_still_24_hours_from_the_report(office: Office) -> None:
    case = office.open(**HATE)
    case.do("flag", "add", "violence", because="He was pushed", at="2025-11-20 10:00")
    review = case.deadline("hate-review-plan")
    assert (review.due, review.limit) == ("2025-11-19T09:00+00:00", "24 hours")
    assert "late-on-flag" in review.notes


def test_3_8_3_anonymous_the_report_is_still_investigated_and_no_victim_is_owed_a_thing(
    office: Office,
) -> None:
    case = office.open(category="pets", received=RECEIVED, anonymous=True)
    start = case.deadline("start-investigation")
    assert (start.person, start.due) == (None, "2025-11-25")
    assert "anonymous" in start.notes
    assert case.deadline("consider-closing").due == "2025-12-16"
    for rule in ("handler-told", "weekly-contact", "agree-contact"):
        assert case.deadlines(rule) == []


def test_3_8_3_the_victim_s_duties_start_when_someone_is_known_to_be_the_victim(office: Office) -> None:
    case = office.open(category="pets", received=RECEIVED, anonymous=True)
    case.do("person", "add", "victim", JANE, at="2025-11-20")
    unnamed, named = case.deadlines("start-investigation")
    if named.person is None:
        unnamed, named = named, unnamed
    assert unnamed.state == "ended"
    assert (named.person, named.started_at, named.due) == (case.person(JANE), "2025-11-20", "2025-11-27")
    assert case.deadline("handler-told").person == case.person(JANE)


def test_2_1_1_one_clock_a_victim(office: Office) -> None:
    case = office.open(**HARASSMENT)
    case.do("person", "add", "victim", "Tomasz Wilk", at="2025-11-21")
    case.do("interview", "victim", person=JANE, at="2025-11-19")
    assert case.state("start-investigation", JANE) == "met"
    other = case.deadline("start-investigation", "Tomasz Wilk")
    assert (other.due, other.state) == ("2025-11-24", "overdue")


def test_a_perpetrator_who_is_unknown_has_no_clock_until_identified(office: Office) -> None:
    case = office.open(**{**NOISE, "perpetrator": "unknown"})
    assert case.deadlines("perpetrator-interview") == []
    case.do("person", "add", "perpetrator", ROSS, tenure="own-tenant", at="2025-12-01")
    assert case.deadline("perpetrator-interview").due == "2025-12-15"


def test_6_2_2_a_tenant_of_another_landlord_is_interviewed_by_that_landlord(office: Office) -> None:
    case = office.open(**{**WITH_ROSS, "perpetrator_tenure": "other-landlord"})
    assert case.deadlines("perpetrator-interview") == []


def test_s4_no_interview_with_the_perpetrator_of_domestic_abuse_until_all_three_conditions_are_recorded(
    office: Office,
) -> None:
    case = office.open(**ABUSE)
    assert case.deadlines("perpetrator-interview") == []
    case.refused(4, "interview", "perpetrator", arranged="tomorrow")
    case.do("answer", "interview-appropriate", "yes")
    case.do("answer", "interview-safe", "yes")
    assert case.deadlines("perpetrator-interview") == []
    case.do("consent", JANE, "given", for_="perpetrator-interview")
    assert len(case.deadlines("perpetrator-interview")) == 1


def test_14_1_closing_is_not_prompted_with_domestic_abuse(office: Office) -> None:
    assert office.open(**ABUSE).deadlines("consider-closing") == []


def test_closure_letter_is_owed_to_each_side_with_domestic_abuse_and_to_none_without(office: Office) -> None:
    abuse, noise = office.open(**ABUSE), office.open(**WITH_ROSS)
    CLOSED.take(abuse)
    CLOSED.take(noise)
    assert {row.person_name for row in abuse.deadlines("closure-letter")} == {JANE, ROSS}
    assert noise.deadlines("closure-letter") == []


def test_k5_a_date_without_a_time_starts_hours_at_midnight_and_stops_them_at_the_day_s_end(
    office: Office,
) -> None:
    case = office.open(**NOISE)
    case.do("repair", "offensive-graffiti", noticed="2025-11-20")
    removal = case.deadline("offensive-graffiti")
    assert removal.due == "2025-11-21T00:00+00:00"
    assert "time-unknown" in removal.notes

    other = office.open(**NOISE)
    other.do("repair", "offensive-graffiti", noticed="2025-11-20 09:15")
    assert "time-unknown" not in other.deadline("offensive-graffiti").notes
    other.do("repair", "offensive-graffiti", done="2025-11-21", photographed=True)
    removal = other.deadline("offensive-graffiti")
    assert (removal.state, removal.met_at) == ("late", "2025-11-21")
    assert "time-unknown" in removal.notes


def test_k1_a_date_beyond_the_published_bank_holidays_is_provisional(office: Office) -> None:
    case = office.open(**WITH_ROSS)
    case.do("event", "conduct", at="2026-11-20")  # three years on
    assert "provisional" in case.deadline("ssst-conversion").notes
    assert "provisional" not in case.deadline("start-investigation").notes


def test_13_1_taking_the_hate_flag_off_ends_its_reviews_and_they_stay_visible(office: Office) -> None:
    case = office.open(**{**HATE, "received": "2025-11-17 09:00"})
    case.do("review", "First steps", stage="initial", with_="Iain Ross", at="2025-11-17 10:00")
    case.do(
        "flag",
        "remove",
        "hate",
        at="2025-11-24",
        because="The words were misheard",
        override="housing-manager",
        approved_by="Iain Ross",
    )
    assert case.show().flags == []
    assert case.state("hate-review-initial") == "done"
    missed, ended = case.deadline("hate-review-plan"), case.deadline("hate-review-progress")
    assert (missed.due, missed.state) == ("2025-11-20", "ended")
    assert "missed" in missed.notes, "that it was missed stays visible"
    assert (ended.due, ended.state) == ("2025-11-28", "ended")


@pytest.mark.parametrize(
    ("flag", "role", "too_low"),
    [
        ("hate", "housing-manager", "case-officer"),
        ("violence", "housing-manager", "line-manager"),
        ("domestic-abuse", "director", "housing-manager"),
    ],
)
def test_a_protective_flag_comes_off_only_by_the_manager_or_the_director(
    office: Office, flag: str, role: str, too_low: str
) -> None:
    case = office.open(category=flag, received=RECEIVED)
    case.refused(4, "flag", "remove", flag, because="A mistake")
    case.refused(4, "flag", "remove", flag, because="A mistake", override=too_low, approved_by="Ann Lee")
    case.do("flag", "remove", flag, because="A mistake", override=role, approved_by="Ann Lee")
    assert case.show().flags == []
    approval = next(entry for entry in case.log() if entry["kind"] == "approval")
    assert approval["says"]["approved_by"] == "Ann Lee"
    assert approval["says"]["role"] == role


def test_6_1_1_the_48_hours_run_from_the_end_of_the_victim_interview(office: Office) -> None:
    case = office.open(**HATE)
    case.do("interview", "victim", at="2025-11-19 10:00", ended="2025-11-19 11:30")
    assert case.deadline("perpetrator-interview-hate").due == "2025-11-21T11:30+00:00"


def test_6_1_1_one_clock_an_alleged_perpetrator(office: Office) -> None:
    case = office.open(**{**NOISE, "perpetrator": [ROSS, "Dean Hall"]})
    case.do("interview", "perpetrator", person=ROSS, at="2025-11-25")
    case.refused(2, "interview", "perpetrator", at="2025-11-25")  # which of the two?
    assert case.state("perpetrator-interview", ROSS) == "met"
    assert case.state("perpetrator-interview", "Dean Hall") == "overdue"


def test_6_1_1_no_delay_is_reviewed_where_the_interview_was_in_time(office: Office) -> None:
    case = office.open(**HATE)
    case.do("interview", "victim", at="2025-11-19 10:00")
    case.do("interview", "perpetrator", at="2025-11-20 10:00")
    assert case.deadlines("delay-review") == []
    assert case.deadlines("delay-reason") == []


def test_4_4_before_an_interview_the_weeks_run_from_the_report(office: Office) -> None:
    case = office.open(**{**NOISE, "definition": "personal"})
    assert [(row.due, row.state) for row in case.deadlines("weekly-contact", on="2025-11-20")] == [
        ("2025-11-25", "open")]  # fmt: skip


@pytest.mark.parametrize(
    ("contact", "state"),
    [
        ({"attempted": True}, "overdue"),
        ({"incoming": True}, "overdue"),
        ({"with_": "perpetrator"}, "overdue"),
        ({}, "met"),
        ({"purpose": "update"}, "met"),
        ({"channel": "email"}, "met"),
    ],
)
def test_4_2_2_only_a_contact_that_reached_the_victim_counts(
    office: Office, contact: dict[str, Any], state: str
) -> None:
    case = office.open(**WITH_ROSS)
    case.do("interview", "victim", at="2025-11-19", contact_every="1 week")
    case.do("contact", "Rang", at="2025-11-26", **contact)
    assert case.deadlines("agreed-contact", on="2025-12-01")[0].state == state


def test_also_counts_a_contact_and_an_interview_in_a_linked_case(office: Office) -> None:
    first = office.open(**{**NOISE, "definition": ["personal", "environmental"]})
    other = office.case(first.number + 1)
    first.do("interview", "victim", at="2025-11-19", also=other.number)
    first.do("contact", "Told", purpose="outline", at="2025-11-20", also=other.number)
    for case in (first, other):
        assert case.state("start-investigation") == "met"
        assert case.state("outline-agreement") == "met"


def test_2_2_1_another_definition_of_the_same_matter_is_a_case_of_its_own(office: Office) -> None:
    first = office.open(**NOISE)
    shown = office.do(
        "open",
        from_=first.number,
        definition="personal",
        category="noise",
        received="2025-12-01",
        summary="He shouts her name",
        new=True,
    )
    other = office.case(shown["number"])
    assert other.show().links == [{"ref": first.ref, "kind": "other-definition"}]
    assert first.show().links == [{"ref": other.ref, "kind": "other-definition"}]
    assert [person["name"] for person in other.show().people] == [JANE], "its people are the same"
    assert other.deadline("start-investigation").started_at == "2025-12-01", "its clock is its own"


def test_3_6_1_each_graffiti_has_its_own_clock(office: Office) -> None:
    case = office.open(**NOISE)
    case.do("repair", "offensive-graffiti", noticed="2025-11-20 09:15")
    case.do("repair", "offensive-graffiti", done="2025-11-20 15:00", photographed=True)
    case.do("repair", "offensive-graffiti", noticed="2025-11-27 08:00")
    assert [(row.due, row.state) for row in case.deadlines("offensive-graffiti", on="2025-11-27")] == [
        ("2025-11-21T09:15+00:00", "met"), ("2025-11-28T08:00+00:00", "open")]  # fmt: skip


def test_3_6_1_repairs_needed_after_harassment_are_an_emergency_from_the_report(office: Office) -> None:
    case = office.open(**{**HARASSMENT, "flag": "repairs-needed"})
    repair = case.deadline("emergency-repair")
    assert (repair.started_at, repair.due, repair.act_by) == (RECEIVED, None, "2025-11-19")
    assert repair.state == "open", "generally within 24 hours is a soft target: nothing is overdue by it"


def test_14_2_without_a_resolving_action_date_completed_is_that_of_the_last_action(office: Office) -> None:
    case = office.open(**NOISE)
    case.do("interview", "victim", at="2025-12-03")
    case.do("close", outcome="resolved-without-legal", discussed="2026-01-06", at="2026-01-06")
    shown = case.show()
    assert (shown.date_completed, shown.closed_at, shown.final_letter_sent) == (
        "2025-12-03",
        "2026-01-06",
        None,
    )


def test_a_new_officer_is_the_officer_of_the_open_deadlines(office: Office) -> None:
    case = office.open(**NOISE)
    case.do("change", officer="Brian Docherty", because="Moved patch")
    assert case.deadline("start-investigation").officer == "Brian Docherty"
    assert {row.case for row in office.due(officer="Brian Docherty")} == {case.ref}


def test_k1_reading_the_bank_holidays_again_moves_nothing(office: Office) -> None:
    case = office.open(**HARASSMENT)
    assert office.do("calendar", "refresh")["moved"] == []
    assert case.deadline("start-investigation").due == "2025-11-19"


# -- what a closed case still takes (15.1)


@pytest.mark.parametrize(
    "step",
    [
        did("note", "Her sister rang"),
        did("contact", "Still quiet", at="2025-12-20"),
        did("done", "closure-survey", "Sent"),
        did("consent", JANE, "withdrawn", for_="police"),
        did("flag", "add", "restricted", because="Staff member's family"),
        did("appeal", by=ROSS),
        did("review", "Looked at again", stage="appeal", with_="The Director"),
        did("review", "It worked", stage="effectiveness", with_="The Director"),
        did("agency", "told", "Police Scotland"),
    ],
    ids=lambda step: f"{step.verb}-{step.words[0] if step.words else ''}",
)
def test_15_1_a_closed_case_takes_what_follows_from_closing(office: Office, step: Step) -> None:
    case = office.open(**WITH_ROSS)
    case.do("agency", "add", "Police Scotland", at="2025-11-19")
    CLOSED.take(case)
    step.take(case)
    assert office.do("list", closed=True)[0]["ref"] == case.ref


@pytest.mark.parametrize(
    "step",
    [
        did("log-incident", "Music"),
        did("interview", "victim"),
        did("contact", "Rang", with_="perpetrator"),
        did("review", "x", stage="progress", with_="Iain Ross"),
        did("plan", "add", "x"),
        did("person", "add", "witness", TAM),
        did("change", officer="Ann", because="x"),
        did("flag", "add", "hate", because="x"),
        did("warn", ROSS, level="verbal"),
        did("repair", "graffiti", noticed="today"),
        did("consent", JANE, "given", for_="police"),
        did("remedy", "mediation", "offered"),
        did("risk"),
        did("diary", "issued", every="1 week"),
        did("agency", "add", "Social work"),
        did("event", "conviction"),
    ],
    ids=lambda step: f"{step.verb}-{step.words[0] if step.words else ''}",
)
def test_15_1_anything_else_needs_a_new_case(office: Office, step: Step) -> None:
    case = office.open(**WITH_ROSS)
    CLOSED.take(case)
    assert f"asb reopen {case.number}" in case.refused(4, step.verb, *step.words, **step.answers)


def test_the_rules_hold_through_the_program_as_it_is_typed(office: Office) -> None:
    assert (
        office.program(
            "open",
            category="hate",
            definition="personal",
            summary="Abuse on the stair",
            complainant=JANE,
            received="2025-11-18 09:00",
        ).code
        == 0
    )
    due = office.program("due", "--until", "2026-12-31", "--csv")
    assert due.code == 0
    assert any(line.startswith("ASB-1,hate-review-plan,") for line in due.out.splitlines())
    met = office.program("review", "1", "Seen", stage="initial", with_="Iain Ross", at="2025-11-18 10:00")
    assert met.code == 0
    assert met.out.startswith("ASB-1, Jane Souter: ")
