"""Looking at a restricted case: it needs a reason, and the log keeps who looked and why."""

from __future__ import annotations

from asbcli.casefile.entries import Viewed
from asbcli.casework.record import Office
from asbcli.casework.telling import needs_reason
from asbcli.forms.answers import read_plain


def look(office: Office, *, case: int, because: str | None) -> None:
    """Note a look at a restricted case: an entry alone, no row of the case changes. BadInput without a reason."""
    if not (because or "").strip():
        raise needs_reason(case)
    reason = read_plain("--because", because or "")
    with office.desk() as desk:
        desk.append(case, office.moment, Viewed(reason))
