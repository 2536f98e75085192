"""Tenancies and their visits (section 1): a settling-in visit within six weeks, then at least every three years."""

from __future__ import annotations

from typing import Any

from asbcli.casefile.entries import Logged, Tenancy
from asbcli.casework.record import Desk, Office
from asbcli.casework.register import save_tenancy
from asbcli.casework.telling import Recorded, due_words, first_due
from asbcli.dates import echo
from asbcli.errors import BadInput, NotAllowed, NotFound
from asbcli.moments import Moment
from asbcli.procedure.register_rules import of_tenancies, tenancy_deadlines


def start(office: Office, *, tenant: str, address: str, at: Moment | None = None, short: bool = False,
          notice: Moment | None = None, paragraph: str | None = None, officer: str | None = None,
          checks: str | None = None) -> Recorded:
    """A tenancy begun. A short one needs its notice served before (1.2.2), else it is a secure tenancy.

    Raises BadInput where the checks before the letting (1.2.1) or the paragraph of Schedule 6 in the notice are not
    told, NotAllowed without the notice.
    """
    begun = at or office.moment
    if not checks:
        raise BadInput("what the checks before the letting found is missing (1.2.1)", "--checks TEXT")
    if short and (notice is None or notice.is_after(begun)):
        raise NotAllowed("no short tenancy is created unless its notice was served before (1.2.2)",
                         "--notice WHEN, or leave --short out: it is a Scottish secure tenancy")
    if short and not paragraph:
        raise BadInput("the paragraph of Schedule 6 that its notice states is missing (1.2.2)", "--paragraph TEXT")
    with office.desk() as desk:
        number = len(of_tenancies(desk.tx.log(None))) + 1
        entry = Tenancy(f"T{number}", "started", tenant, address, short, notice, officer or office.actor, checks,
                        paragraph)
        logged = desk.append(None, begun, entry)
        found = save_tenancy(desk, entry.tenancy, [logged])
        first = first_due(found, desk.now)
        words = [each.text for each in desk.procedure_for(begun.day).guidance if "tenancy.started" in each.on]
        line = f"{entry.tenancy}, begun {echo(begun)}. {due_words(first) if first else ''}".strip()
        return Recorded(entry.tenancy, line, guidance=words)


ONLY_SHORT = ("extended", "notice")
"""What happens to short tenancies alone."""


def take_step(office: Office, *, tenancy: str, step: str, at: Moment | None = None,
              text: str | None = None) -> Recorded:
    """A visit made (the next is due three years from it, 1.5.1), a short tenancy extended or under notice, an end.

    What has happened is recorded; that it came too late for a short tenancy's term is warned of. Raises NotFound for
    no such tenancy, NotAllowed for one that has ended or is not short.
    """
    with office.desk() as desk:
        log = of_tenancies(desk.tx.log(None)).get(tenancy.upper())
        if not log:
            raise NotFound(f"there is no tenancy {tenancy[:20]}", "asb tenancy list")
        if any(each.entry.step == "ended" for each in log):
            raise NotAllowed(f"{tenancy.upper()} has ended", "asb tenancy start begins another")
        if step in ONLY_SHORT and not log[0].entry.short:
            raise NotAllowed(f"{tenancy.upper()} is no short tenancy", "asb tenancy list shows which are")
        when = at or office.moment
        if log[0].happened.is_after(when):
            raise BadInput("that is before the tenancy began", "--at is when it happened")
        warnings = _too_late(desk, log, step, when)
        log.append(desk.append(None, when, Tenancy(tenancy.upper(), step, text=text)))
        first = first_due(save_tenancy(desk, tenancy.upper(), log), desk.now)
        line = f"{tenancy.upper()} {_TOLD.get(step, step)} {echo(when)}. {due_words(first) if first else ''}".strip()
        return Recorded(tenancy.upper(), line, warnings=warnings)


def _too_late(desk: Desk, log: list[Logged], step: str, when: Moment) -> list[str]:
    """Which days of a short tenancy had gone by unmet when it was extended, or notice was served."""
    found = tenancy_deadlines(desk.procedure_for(log[0].happened.day), log, desk.calendar)
    return [
        f"recorded, but {echo(when)} is after {echo(row.due)}: {row.rule.title} ({row.rule.source} {row.rule.clause})"
        for row in found
        if "tenancy.short" in row.rule.starts and row.due and when.is_after(row.due) and not row.met and not row.ended
        and (step == "extended" or f"tenancy.{step}" in row.rule.met_by)
    ]


_TOLD = {"notice": "under notice since", "extended": "extended by six months,"}


def listed(log: list[Logged]) -> list[dict[str, Any]]:
    """The tenancies that the register's log tells of."""
    found = []
    for name, entries in of_tenancies(log).items():
        begun = entries[0]
        visits = [each.happened for each in entries if each.entry.step == "visited"]
        ended = [each.happened for each in entries if each.entry.step == "ended"]
        found.append({
            "tenancy": name, "tenant": begun.entry.tenant, "address": begun.entry.address,
            "short": begun.entry.short, "started_at": begun.happened.shown,
            "last_visit": visits[-1].shown if visits else None, "ended_at": ended[-1].shown if ended else None,
            "officer": begun.entry.officer,
        })
    return found
