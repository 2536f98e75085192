"""A small invented register to look round in: nobody in it is real, and its dates are counted back from today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path

from asbcli.casework import acting, closing, investigating, opening
from asbcli.casework.record import Office
from asbcli.casework.register import init
from asbcli.moments import LONDON, Moment

OFFICER = "Morag Sinclair"
MANAGER = "Iain Kerr"


def demo_register(file: Path, *, now: Callable[[], datetime]) -> Office:
    """Make the register at `file` and fill it."""
    office = init(file, actor=OFFICER, now=now)
    today = now().astimezone(LONDON).date()

    def ago(days: int, clock: str = "10:00") -> Moment:
        return Moment.at(datetime.combine(today - timedelta(days), time.fromisoformat(clock), LONDON))

    _neighbours_noise(office, ago)
    _hate_with_violence(office, ago)
    _dogs(office, ago)
    _offensive_graffiti(office, ago)
    _party_closed(office, ago)
    return office


def _neighbours_noise(office: Office, ago: Callable[..., Moment]) -> None:
    opening.open_case(office, category=("noise",), definition=("personal",), channel="phone",
                      summary="Loud music after midnight, three nights running", complainant="Agnes Baird",
                      address="Flat 2/1, 14 Larch Road", perpetrator=("Callum Reid",),
                      perpetrator_tenure="own-tenant", received=ago(6))
    investigating.interview(office, case=1, role="victim", at=ago(4, "14:00"), contact_every="1 week",
                            notes="Keeps a diary of the nights.")
    investigating.consent(office, case=1, name="Agnes Baird", step="given", for_="perpetrator-contact",
                          at=ago(4, "14:30"))


def _hate_with_violence(office: Office, ago: Callable[..., Moment]) -> None:
    opening.open_case(office, category=("hate", "violence"), definition=("personal",), channel="in-person",
                      summary="Racist abuse on the stair, pushed against the wall", complainant="Tomasz Wilk",
                      perpetrator=("Dean Hall",), perpetrator_tenure="own-tenant", perceived_by="victim",
                      police_informed="yes", immediate_danger="no", received=ago(3, "11:20"))
    acting.review(office, case=2, stage="initial", with_=MANAGER, at=ago(3, "12:00"),
                  text="Police reference taken; panic alarm to be offered.")
    acting.plan(office, case=2, step="add", what="Fit a stair light and a door viewer", who="Repairs",
                due=ago(-4), at=ago(3, "15:00"))
    investigating.interview(office, case=2, role="victim", at=ago(2, "10:00"), ended=ago(2, "11:10"),
                            notes="Full account taken with an interpreter.")


def _dogs(office: Office, ago: Callable[..., Moment]) -> None:
    opening.open_case(office, category=("pets",), definition=("nuisance",), anonymous=True, channel="email",
                      summary="Dogs barking in the back court from six in the morning", received=ago(9, "08:10"))


def _offensive_graffiti(office: Office, ago: Callable[..., Moment]) -> None:
    opening.open_case(office, category=("vandalism",), definition=("environmental",), reporter="third-party",
                      reported_by="Close cleaner", summary="Graffiti in the close at 9 Elm Street",
                      flag=("offensive-graffiti",), received=ago(1, "09:00"))
    acting.repair(office, case=4, kind="offensive-graffiti", noticed=ago(1, "09:15"))


def _party_closed(office: Office, ago: Callable[..., Moment]) -> None:
    opening.open_case(office, category=("noise",), definition=("personal",), complainant="Jean Orr",
                      perpetrator=("Ross Muir",), perpetrator_tenure="own-tenant",
                      summary="Party on the landing until four", received=ago(40))
    investigating.interview(office, case=5, role="victim", at=ago(39))
    investigating.consent(office, case=5, name="Jean Orr", step="given", for_="perpetrator-contact", at=ago(39))
    acting.warn(office, case=5, name="Ross Muir", level="written", requires="No gatherings on the landing",
                resolving=True, at=ago(38))
    closing.close(office, case=5, outcome="resolved-by-warning", discussed=ago(8), final_letter=ago(8), at=ago(8))
