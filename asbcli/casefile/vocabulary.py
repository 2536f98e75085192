"""The names a procedure file may use: every event an entry can be, every fact a case can have.

An event is something that happened (`interview.victim.held`); it starts and stops clocks. A fact is something
that is so (`hate`, `perpetrator.own-tenant`); conditions look at facts. What has happened is also a fact.
"""

from __future__ import annotations

from asbcli import words

_TOLD = {
    "plan.exists": "a written plan", "plan.agreed": "the plan agreed", "review.*.with-manager": "a {} review with a "
    "named manager", "review.*": "a {} review", "interview.*.held": "the interview with the {}",
    "contact.*.made": "a contact with the {}",
}  # fmt: skip

REPORT, CLOSE, INCIDENT, INCIDENT_REPORTED = "report", "close", "incident", "incident.reported"


def _names(pattern: str, *parts: object) -> list[str]:
    names = [pattern]
    for part in parts:
        names = [name.replace("*", word, 1) for name in names for word in words.choices(part)]
    return names


_ROLES = words.Interviewee

EVENTS = frozenset(
    [
        REPORT,
        CLOSE,
        INCIDENT,
        INCIDENT_REPORTED,
        "incident.after-warning",
        *_names("person.*", words.Role),
        "person.removed",
        *_names("interview.*.*", _ROLES, words.InterviewState),
        *_names("interview.*.first-contact", _ROLES),
        *_names("finding.*", words.Finding),
        "contact.agreed",
        *_names("contact.*.made", _ROLES),
        *_names("contact.*.attempted", _ROLES),
        *_names("contact.*.incoming", _ROLES),
        *_names("contact.*.*", _ROLES, words.Purpose),
        *_names("review.*", words.Stage),
        *_names("review.*.with-manager", words.Stage),
        "plan.added",
        "plan.done",
        "plan.agreed",
        "plan.exists",
        "resolving-action",
        "priority.raised",
        "priority.lowered",
        "warning",
        *_names("warning.*", words.Level),
        *(f"repair.{kind}.{step}" for kind in words.choices(words.RepairKind)
          for step in ("noticed", "photographed", "done")),
        *(f"consent.{purpose}.{step}" for purpose in (*words.CONSENTS, "agency", "investigator")
          for step in ("given", "written", "withdrawn")),
        *(f"agency.{step}" for step in ("added", "told", "referred", "outcome")),
        "diary.issued",
        "diary.returned",
        "appeal",
        "risk-assessed",
        "lock-change",
        "letter.final",
        "letter.victim",
        "letter.perpetrator",
        "letter.not-sent",
        "letter.complaints",
        "disclosure",
        "disclosure.in-emergency",
        "victim-told",
        "linked",
        "breach",
        "close.agency",
        *_names("outcome.*", words.Outcome),
        "tenancy.started",
        "tenancy.visited",
        "tenancy.short",
        "tenancy.extended",
        "tenancy.notice",
        "procedure.adopted",
        "procedure.reviewed",
    ]
)

# Each stands for a family whose members a procedure file (or the register) names.
EVENT_FAMILIES = (
    "event.",  # event.conviction: a kind of dated fact the file declares
    "remedy.",  # remedy.abc.signed: a remedy and one of its states
    "done.",  # done.RULE: `asb done N RULE`
    "missed.",  # missed.RULE: the moment that rule's limit passed unmet
    "flag.",  # flag.hate.added, flag.hate.removed
    "answered.",  # answered.QUESTION
)

FACTS = frozenset(
    [
        "anonymous",
        "relevant-authority",
        "victim-known",
        "perpetrator-known",
        *_names("definition.*", words.Definition),
        *_names("channel.*", words.Channel),
        *_names("reporter.*", words.Reporter),
        *_names("perceived-by.*", words.PerceivedBy),
        *_names("previous-incidents.*", words.Answer),
        *_names("police-informed.*", words.Answer),
        *_names("perpetrator.*", words.Tenure),
        *_names("perpetrator.*-tenancy", words.Tenancy),
        *_names("victim.*", words.Tenure),
        *_names("victim.*-tenancy", words.Tenancy),
        *(f"consent.{purpose}" for purpose in words.CONSENTS),
        "consent.investigator",
        "plan.all-done",
        "agency.outcome-known",
        # Of the disclosure about to be made, and whom it goes to.
        *(f"recipient.{what}" for what in ("relevant-authority", "police", "reporter", "protocol")),
        "consent.recipient",
        "consent.recipient-written",
    ]
)

# Families of facts: priority.1, category.noise, answer.QUESTION.yes; of a rule's clock at the moment of a step,
# open.RULE (it waits to be met), reached.RULE (the day it is due has come) and passed.RULE (that day is over). Flags
# and derived facts go by id.
FACT_FAMILIES = ("priority.", "category.", "answer.", "open.", "reached.", "passed.")


def told(name: str) -> str:
    """An event as a person is told of it: `review.plan.with-manager` is a plan review with a named manager."""
    kind, _, rest = name.partition(".")
    middle, _, last = rest.partition(".")
    for pattern in (name, f"{kind}.*.{last}" if last else f"{kind}.*"):
        if pattern in _TOLD:
            return _TOLD[pattern].format(middle)
    return (rest if kind in ("event", "done") else name).replace(".", " ").replace("-", " ")
