"""Telling somebody outside (3.7.4, 3.7.5, WHA Confidentiality): on consent, to an authority, or by an approval."""

from __future__ import annotations

from dataclasses import dataclass

from asbcli import words
from asbcli.casefile.case import Event, Person
from asbcli.casefile.entries import Breach, Disclosed
from asbcli.casework.record import Casework, Office
from asbcli.casework.sharing import secrets_from
from asbcli.casework.telling import Recorded
from asbcli.dates import echo
from asbcli.errors import NotFound
from asbcli.moments import Moment
from asbcli.outputs.leaks import Leak
from asbcli.outputs.told import told
from asbcli.procedure.gates import unmet

EMERGENCY = "emergency-disclosure"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom something is told: an agency of the case, or somebody in it; and what is so of them."""

    name: str
    kind: words.AgencyKind | None
    person: Person | None
    facts: frozenset[str]


def disclose(office: Office, *, case: int, to: str, what: str | None = None, basis: str | None = None,
             at: Moment | None = None, because: str | None = None, override: str | None = None,
             approved_by: str | None = None, if_last: int | None = None) -> Recorded:
    """Tell an agency, or somebody in the case; the log keeps to whom, what, on what ground, and who approved it.

    An emergency passes first where it is the police or another relevant authority that is told: the approval and
    telling the victim are open items after. Raises NotAllowed with every unmet condition, NotFound.
    """
    with office.desk() as desk:
        work = desk.case(case, step="disclosure", if_last=if_last)
        recipient = _recipient(work, to, at)
        facts = work.facts(at=at, also=recipient.facts)
        urgent = EMERGENCY in facts and bool(unmet(work.procedure, facts - {EMERGENCY}, ["disclosure"]))
        if recipient.person:
            what = _told(work, recipient.person, what, at, because)
        before = len(work.log)
        work.gate("disclosure", happened=at is not None, at=at, because=because,
                  approval={"override": override, "approved_by": approved_by},
                  also=tuple(recipient.facts))
        approved = len(work.log) > before and at is None
        if not what:
            work.warnings.append("what was told was not said: --what TEXT keeps it in the log")
        entry = Disclosed(
            recipient.name, _ground(recipient, urgent=urgent, approved=approved), what, basis or because,
            recipient.kind, recipient.person.id if recipient.person else None, approved_by, override, urgent,
            None if recipient.person else work.agency_number(recipient.name),
        )
        work.record(at, entry)
        after = "; approval and telling the victim are open until done" if urgent else ""
        return work.finish(f"disclosed to {recipient.name}, {echo(at or office.moment)}, on the ground of "
                           f"{entry.ground.replace('-', ' ')}{after}.")


def facts_of(work: Casework, to: str, at: Moment | None) -> tuple[str, ...]:
    """What is so of somebody who is told something: an authority, the reporter, consented to. Raises NotFound."""
    return tuple(_recipient(work, to, at).facts)


def _told(work: Casework, person: Person, what: str | None, at: Moment | None, because: str | None) -> str | None:
    """What somebody in the case is told. What should not have been told, and was, is a breach, and not kept."""
    try:
        return what and told(what, secrets_from(work, reader=person.id)).text
    except Leak as fault:
        if at is None:
            raise
        work.record(None, Breach("disclosure", (fault.problem,), because))
        work.warnings.append(f"recorded, though it should not have been told: {fault.problem}")
        return None


def _recipient(work: Casework, to: str, at: Moment | None) -> Recipient:
    """The agency or the person meant, with the consents there were then, or are now. Raises NotFound."""
    number = work.case.number
    agency = next((each for name, each in work.case.agencies.items() if name.casefold() == to.casefold()), None)
    third = [person.name.casefold() for person in work.case.people_as("third-party")]
    if agency is None:
        try:
            person = work.someone(to)
        except NotFound:
            raise NotFound(f"ASB-{number} has no agency and nobody of that name",
                           f"asb agency {number} add NAME --kind {'|'.join(words.choices(words.AgencyKind))}") from None
        facts = {"recipient.reporter"} if "third-party" in person.roles else set()
        if facts and any(change.fact == "relevant-authority" for change in work.case.facts):
            facts.add("recipient.relevant-authority")
        return Recipient(person.id, None, person, frozenset(facts | _consents(work, at, person.id)))
    facts = set()
    if agency.kind == "police":
        facts.add("recipient.police")
    if agency.kind in words.RELEVANT_AUTHORITIES:
        facts.add("recipient.relevant-authority")
    if agency.protocol:
        facts.add("recipient.protocol")
    if agency.name.casefold() in third:
        facts.add("recipient.reporter")
    facts |= _consents(work, at, agency.name, police=agency.kind == "police")
    return Recipient(agency.name, agency.kind, None, frozenset(facts))  # type: ignore[arg-type]


def _consents(work: Casework, at: Moment | None, recipient: str, *, police: bool = False) -> set[str]:
    """Whether everybody whose data it is consented to this recipient, each as they last said by then (3.7.5)."""
    people = work.case.people_as("victim") or work.case.people_as("complainant")
    until_then = [event for event in work.case.events if not (at and event.when.is_after(at))]
    given = [_consent(until_then, person.id, recipient, police=police) for person in people]
    if not given or not all(given):
        return set()
    written = all("written" in each for each in given)
    return {"consent.recipient", *(["consent.recipient-written"] if written else [])}


def _consent(events: list[Event], person: str, recipient: str, *, police: bool) -> set[str]:
    """What somebody's consent to a recipient is now: nothing, `given`, and `written`."""
    now: set[str] = set()
    for event in events:
        family, _, step = event.name.removeprefix("consent.").rpartition(".")
        meant = (family == "agency" and (event.item or "").casefold() == recipient.casefold()) or (
            police and family == "police")
        if event.name.startswith("consent.") and meant and event.person == person:
            now = set() if step == "withdrawn" else {*now, step}
    return now if "given" in now else set()


def _ground(recipient: Recipient, *, urgent: bool, approved: bool) -> words.Ground:
    """On what ground it is told, the strongest first."""
    if approved:
        return "approval"
    if "consent.recipient-written" in recipient.facts:
        return "written-consent"
    if "consent.recipient" in recipient.facts:
        return "consent"
    if urgent:
        return "emergency"
    if "recipient.protocol" in recipient.facts:
        return "protocol"
    return "relevant-authority" if "recipient.relevant-authority" in recipient.facts else "none"
