"""The words of the procedure, each shown at the moment its clause speaks of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from asbcli.procedure.reading import load

if TYPE_CHECKING:
    from housing_office import Office


class Told(NamedTuple):
    """What was reported, and what then happened: the words are told with the last of it."""

    reported: dict[str, Any]
    then: tuple[tuple[tuple[object, ...], dict[str, Any]], ...] = ()


def do(*words: object, **answers: Any) -> tuple[tuple[object, ...], dict[str, Any]]:
    """A command on the case: `do("interview", "victim")` is `asb interview 1 victim`."""
    return words, answers


NOISE = {"category": "noise", "perpetrator": "Ross Muir", "perpetrator_tenure": "own-tenant"}
HATE = {"category": "hate", "perpetrator": "Ross Muir", "perpetrator_tenure": "own-tenant"}
ABUSE = {"category": "domestic-abuse", "perpetrator": "Ross Muir", "perpetrator_tenure": "own-tenant"}
CONSENT = do("consent", "Jane Souter", "given", for_="perpetrator-contact", at="2025-09-01")
FINDING = do("interview", "perpetrator", at="2025-09-02", finding="evidenced")

WORDS: dict[str, Told] = {
    # Sanctuary Scotland, in the order of its sections
    "when-a-short-tenancy": Told(NOISE, (do("event", "ssst-offer-notice", at="2025-09-01"),)),
    "dial-999": Told({**NOISE, "immediate_danger": "yes"}),
    "police-101": Told({"category": "harassment"}),
    "emergency-accommodation": Told(HATE, (do("answer", "fleeing", "yes"),)),
    "safeguarding-duty": Told(NOISE, (do("flag", "add", "child-at-risk", because="Alone at night"),)),
    "early-intervention": Told(NOISE),
    "perpetrator-kept-told": Told(NOISE, (CONSENT, do("interview", "perpetrator", at="2025-09-02"))),
    "corroboration": Told(NOISE, (do("interview", "victim", at="2025-09-02"),)),
    "graffiti-from-when-told": Told({**NOISE, "category": "vandalism"}),
    "repair-recorded": Told(HATE, (do("repair", "offensive-graffiti", noticed="2025-09-01 10:00"),)),
    "third-party-reporting-centre": Told(HATE),
    "relevant-authorities": Told(
        NOISE, (do("agency", "add", "Council", kind="local-authority"),
                do("disclose", to="Council", at="2025-09-02", what="The complaint"))),
    "anonymous-report": Told({"category": "noise", "anonymous": True}),
    "owners-and-private-tenants": Told({**NOISE, "perpetrator_tenure": "owner-occupier"}),
    "assure-the-victim": Told(NOISE),
    "neighbours-may-talk": Told(NOISE),
    "nothing-specific": Told(NOISE, (do("contact", "Reached", at="2025-09-02"),)),
    "suicide-threat-calm": Told(NOISE, (do("flag", "add", "suicide-threat", because="Said so on the call"),)),
    "hear-the-victim": Told(NOISE, (do("interview", "victim", arranged="2025-09-02"),)),
    "visit-in-pairs": Told(NOISE, (CONSENT, do("interview", "perpetrator", arranged="2025-09-02"))),
    "hear-the-perpetrator": Told(NOISE, (CONSENT, do("interview", "perpetrator", arranged="2025-09-02"))),
    "follow-their-lead": Told(HATE, (do("flag", "add", "police-investigating", because="PC Grant has it"),)),
    "their-landlord": Told({**NOISE, "perpetrator_tenure": "other-landlord"}),
    "subject-access-limits": Told(NOISE, (do("event", "subject-access-request", at="2025-09-02"),)),
    "no-action-now": Told(NOISE, (CONSENT, do("interview", "perpetrator", at="2025-09-02", finding="denied"))),
    "perpetrator-support": Told(NOISE, (CONSENT, FINDING)),
    "hate-needs-its-flag": Told({"category": "harassment"}, (
        do("answer", "hate-considered", "yes", because="Racist words"),)),
    "communication-needs": Told(NOISE, (do("answer", "support-needs", "yes"),)),
    "other-evidence": Told(NOISE, (do("answer", "vulnerabilities", "yes"),)),
    "substance-support": Told({"category": "alcohol"}),
    "joint-approach": Told(NOISE, (do("agency", "add", "Drug Action Team", kind="other"),)),
    "mediation-service": Told(NOISE, (do("remedy", "mediation", "offered", at="2025-09-02"),)),
    "case-conference": Told(NOISE, (do("remedy", "abc", "offered", at="2025-09-02"),)),
    "noise-officers": Told(NOISE, (do("diary", "issued", every="1 week"),)),
    "transfer-urgency": Told(NOISE, (do("remedy", "transfer", "requested", at="2025-09-02"),)),
    "transfer-help": Told(NOISE, (do("remedy", "transfer", "approved", at="2025-09-02"),)),
    "recharge-damage": Told(NOISE, (CONSENT, FINDING)),
    "asbo-limits": Told(NOISE, (do("remedy", "asbo", "considered", at="2025-09-02"),)),
    "court-updates": Told(NOISE, (do("event", "court-referral", at="2025-09-02"),)),
    "conviction-choice": Told(NOISE, (do("event", "conviction", at="2025-09-02"),)),
    "notice-to-whom": Told(NOISE, (do("event", "notice-served", at="2025-09-02"),)),
    "conversion-grounds": Told(NOISE, (do("event", "conduct", at="2025-08-02"),)),
    "no-appeal": Told(NOISE, (do("appeal", by="Jane Souter", at="2025-09-02"),)),
    "date-completed": Told(NOISE, (do("close", outcome="closed-unresolved", at="2025-09-20"),)),
    "closed-stays-closed": Told(NOISE, (do("close", outcome="closed-unresolved", at="2025-09-20"),)),
    # Model procedure
    "believe-the-victim": Told(NOISE),
    "repairs-by-a-date": Told(HATE, (do("repair", "security", noticed="2025-09-01"),)),
    "agencies-kept-informed": Told(
        NOISE, (do("agency", "add", "Police Scotland", kind="police"),
                do("agency", "told", "Police Scotland", at="2025-09-02", because="At her wish"))),
    # Partnership policy
    "why-no-further-action": Told(NOISE, (do("close", outcome="closed-unresolved", at="2025-09-20"),)),
    # WHA domestic violence policy
    "accept-domestic-abuse": Told(ABUSE),
    "reached-safely": Told(ABUSE),
    "victim-can-stay": Told(ABUSE),
    "restraining-orders": Told(ABUSE, (do("interview", "victim", at="2025-09-02"),)),
}

BY_TENANCY = ("before-a-letting", "at-sign-up")
NEVER_IN_ABUSE = ("perpetrator-kept-told", "neighbours-may-talk", "early-intervention")


@cache
def _text(name: str) -> str:
    return next(each.text for each in load("default").guidance if each.id == name)


def _told(office: Office, told: Told) -> str:
    """What the office is told with the last thing that happens."""
    said = office.run("open", definition="nuisance", summary="Reported", complainant=None if told.reported.get(
        "anonymous") else "Jane Souter", received="2025-09-01 09:00", **told.reported)
    for (verb, *words), answers in told.then:
        assert said.code == 0, said.err
        said = office.run(verb, 1, *words, **answers)
    assert said.code == 0, said.err
    return said.err


@pytest.mark.parametrize("name", WORDS)
def test_words_are_told_at_the_moment_their_clause_speaks_of(office: Office, name: str) -> None:
    assert _text(name) in _told(office, WORDS[name]).splitlines()


def test_every_word_of_the_default_procedure_has_its_moment_here() -> None:
    assert {each.id for each in load("default").guidance} == {*WORDS, *BY_TENANCY}


def test_3_3_1_and_4_2_7_words_that_save_a_life_are_told_before_all_others(office: Office) -> None:
    lines = _told(office, Told({"category": "domestic-abuse", "immediate_danger": "yes"})).splitlines()
    assert next(line for line in lines if not line.startswith("--")) == _text("dial-999")


def test_3_3_1_danger_flagged_again_is_told_again(office: Office) -> None:
    _told(office, Told({**NOISE, "immediate_danger": "yes"}, (
        do("event", "called-999"),
        do("flag", "remove", "immediate-danger", because="The police have been", override="housing-manager",
           approved_by="Iain Ross"),)))
    again = office.run("flag", 1, "add", "immediate-danger", because="He is back")
    assert _text("dial-999") in again.err


@pytest.mark.parametrize("name", NEVER_IN_ABUSE)
def test_3_4_2_4_2_3_and_11_2_1_never_prompted_with_domestic_abuse_or_violence(office: Office, name: str) -> None:
    told = WORDS[name]
    for flag in ("domestic-abuse", "violence"):
        assert _text(name) not in _told(office, Told({**told.reported, "flag": flag, "new": True}, told.then[1:]))


def test_1_3_and_1_4_what_comes_before_a_letting_and_at_sign_up_is_told_when_a_tenancy_begins(
    office: Office,
) -> None:
    began = office.run("tenancy", "start", "Ann Boyd", address="2 Mill Wynd", checks="None found", at="2025-09-01")
    assert began.code == 0
    assert all(_text(name) in began.err for name in BY_TENANCY)
