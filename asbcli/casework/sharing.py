"""What the reader of a form must not learn: gathered from every case that the people of this one stand in."""

from __future__ import annotations

from asbcli.casework.record import Casework
from asbcli.outputs.leaks import Secret, names_of, own_of, secrets_of


def secrets_from(work: Casework, *, reader: str | None) -> tuple[Secret, ...]:
    """Everything of the others in this case, and in those linked with it or sharing somebody, under an id or a name.

    A name they had before counts too: putting it right opens nothing. Of the other cases' people a name counts
    whole: a first name alone says nothing of somebody elsewhere.
    """
    own = own_of(work.log, reader)
    found = list(secrets_of(work.log, reader=reader))
    numbers = {link.number for link in work.case.links}
    numbers |= set(work.desk.tx.cases_with(work.case.people, names_of(work.log)))
    for number in sorted(numbers - {work.case.number}):
        found += [secret.whole.without(own) for secret in secrets_of(work.desk.tx.log(number), reader=reader)]
    return tuple(dict.fromkeys(secret for secret in found if secret.says_anything))
