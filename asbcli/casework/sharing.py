"""What somebody who reads a form must not learn: gathered from every case that the people in it stand in."""

from __future__ import annotations

from asbcli.casework.record import Casework
from asbcli.casefile.entries import Logged
from asbcli.outputs.leaks import Secret, secrets_of


def secrets_from(work: Casework, *, reader: str | None) -> tuple[Secret, ...]:
    """Everything of the others in this case and in those that share somebody with it, under an id or a name."""
    people = work.case.people.values()
    reader_name = work.case.people[reader].name if reader else None
    found = list(secrets_of(work.log, reader=reader))
    numbers = {link.number for link in work.case.links}
    numbers |= set(work.desk.tx.cases_with([person.id for person in people], [person.name for person in people]))
    for number in sorted(numbers - {work.case.number}):
        log = work.desk.tx.log(number)
        found += secrets_of(log, reader=_same(log, reader, reader_name), own_from=work.log, me=reader)
    return tuple(dict.fromkeys(found))
