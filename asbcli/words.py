"""The words every room shares: the procedure's own terms, as scripts may write them."""

from __future__ import annotations

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
Purpose = Literal["update", "outline", "outcome"]
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

CONSENTS = ("perpetrator-contact", "perpetrator-interview", "reveal-identity", "police", "legal-action")
DEFINITIONS: tuple[str, ...] = get_args(Definition)


def choices(words: object) -> tuple[str, ...]:
    """The words a Literal allows, in the order they are offered."""
    return get_args(words)
