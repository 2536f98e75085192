"""The words every room shares: the procedure's own terms, as scripts may write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

Channel = Literal["phone", "email", "letter", "social-media", "in-person"]
Reporter = Literal["complainant", "household", "third-party", "agency"]
Definition = Literal["personal", "nuisance", "environmental"]
Answer = Literal["yes", "no", "unknown"]
PerceivedBy = Literal["victim", "police", "witness", "officer", "other"]
Role = Literal["victim", "complainant", "witness", "perpetrator", "third-party"]
Interviewee = Literal["victim", "witness", "perpetrator"]
Tenure = Literal["own-tenant", "other-landlord", "private-tenant", "owner-occupier", "unknown"]
Tenancy = Literal["sole", "joint", "none", "unknown"]
InterviewState = Literal["held", "arranged", "declined", "delayed", "not-appropriate"]
Finding = Literal["denied", "no-evidence", "admitted", "evidenced"]
Purpose = Literal["update", "outline", "outcome", "disclosure"]
Stage = Literal["initial", "plan", "progress", "delay", "closing", "appeal", "effectiveness"]
Level = Literal["verbal", "written", "final"]
RepairKind = Literal["offensive-graffiti", "graffiti", "make-safe", "security", "lock-change"]
LinkKind = Literal["reopened-from", "reopened-as", "other-definition", "related"]
Outcome = Literal[
    "resolved-without-legal",
    "resolved-by-warning",
    "resolved-by-legal",
    "perpetrator-left",
    "closed-unresolved",
    "no-interview-wanted",
    "duplicate",
    "not-asb",
]
Strength = Literal["must", "should", "may", "guideline"]
State = Literal["open", "overdue", "met", "late", "done", "ended"]
AgencyKind = Literal["police", "local-authority", "rsl", "other"]
Ground = Literal["consent", "written-consent", "relevant-authority", "protocol", "emergency", "approval", "none"]
LetterKind = Literal["acknowledgement", "contact-agreed", "warning", "closing", "complaints"]
LetterState = Literal["sent", "not-sent"]
AccessStep = Literal["asked", "supplied"]

# What only the victims can consent to, all of them (6.3.1, 12.9); to the rest each for themselves.
VICTIMS_CONSENTS = ("perpetrator-contact", "perpetrator-interview", "police", "legal-action")
CONSENTS = ("perpetrator-contact", "perpetrator-interview", "reveal-identity", "police", "legal-action")
# The police, local authorities and other registered social landlords (3.7.4).
RELEVANT_AUTHORITIES = ("police", "local-authority", "rsl")
# What is known of a person beside name and roles, as the tables and `show` have it; and `do_not`.
KNOWN_OF_PERSON = (
    "tenure", "tenancy", "address", "phone", "email", "prefers", "needs", "adjustments", "interpreter", "companion",
    "investigator", "identity_checked", "safe_address", "safe_times",
)  # fmt: skip
DEFINITIONS: tuple[str, ...] = get_args(Definition)


def choices(words: object) -> tuple[str, ...]:
    """The words a Literal allows, in the order they are offered."""
    return get_args(words)


def safety_line(person: str, name: str, address: str | None, times: str | None, do_not: Sequence[str]) -> str | None:
    """The line that stands before everything else that is said of, or to, somebody in danger."""
    said = [
        *([f"only at {address}"] if address else []),
        *([f"times: {times}"] if times else []),
        *(each if each.casefold().startswith(("do not", "don't", "never")) else f"do not {each}" for each in do_not),
    ]
    return f"SAFE CONTACT {person} {name}: {'; '.join(said)}" if said else None
