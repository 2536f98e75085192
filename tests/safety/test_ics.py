"""The calendar file: other programs read it, a moved date moves its event, and nobody is named in it."""

from __future__ import annotations

import stat
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import vobject
from icalendar import Calendar
from registers import opened

if TYPE_CHECKING:
    from housing_office import Office


def events(office: Office, **options: Any) -> list[Any]:
    """The events of `asb due --ics`, as another library reads them."""
    file = office.register.parent / "due.ics"
    ran = office.run("due", ics=file, until="2099-01-01", **options)
    assert ran.code == 0, ran.err
    assert Calendar.from_ical(file.read_bytes())
    made = vobject.readOne(file.read_text())
    return list(getattr(made, "vevent_list", []))


def of_rule(found: list[Any], rule: str) -> Any:
    """The one event of a rule."""
    [event] = [each for each in found if each.summary.value.endswith(f" {rule}")]
    return event


def test_a_limit_in_days_is_all_day_on_the_day_to_act_by(office: Office) -> None:
    case = office.open(category="noise", received="2026-11-16")
    event = of_rule(events(office), "start-investigation")
    assert event.summary.value == f"{case.ref} start-investigation"
    assert event.dtstart.value == date.fromisoformat(case.deadline("start-investigation").act_by)
    assert (event.dtend.value - event.dtstart.value).days == 1


def test_a_limit_in_hours_has_its_time(office: Office) -> None:
    case = office.open(category="vandalism", flag="offensive-graffiti")
    case.do("repair", "offensive-graffiti", noticed="yesterday 00:30")
    event = of_rule(events(office), "offensive-graffiti")
    assert isinstance(event.dtstart.value, datetime)
    assert event.dtstart.value == datetime.fromisoformat(case.deadline("offensive-graffiti").due)


def test_one_event_a_deadline_and_the_same_one_when_its_date_moves(office: Office) -> None:
    case = office.open(category="noise")
    case.do("plan", "add", "Fit a door viewer", who="Repairs", due="+3d")
    before = {event.uid.value: event for event in events(office)}
    dated = [row for row in office.due(until="2099-01-01") if row.act_by]
    assert len(before) == len(dated)
    case.do("change", priority="1", because="threats were made")
    after = events(office)
    assert {event.uid.value for event in after} >= {of_rule(list(before.values()), "start-investigation").uid.value}
    first, second = (of_rule(found, "start-investigation") for found in (list(before.values()), after))
    assert first.dtstart.value > second.dtstart.value
    assert int(first.sequence.value) <= int(second.sequence.value)


def test_each_deadline_of_a_restricted_case_stays_an_event_of_its_own(office: Office) -> None:
    case = office.open(category="hate", complainant="Jane Souter")
    before = {event.uid.value: event.dtstart.value for event in events(office)}
    case.do("flag", "add", "restricted", because="a colleague is her sister")
    restricted = events(office)
    assert len(before) > 2
    assert {event.uid.value: event.dtstart.value for event in restricted} == before, "a calendar program keeps each"
    assert {event.summary.value for event in restricted if case.ref in event.summary.value} == {"ASB-1 restricted"}


def test_nobody_can_try_out_a_guess_at_what_an_event_is_of(office: Office, tmp_path: Path) -> None:
    """Two registers of the same case name its events differently: case, rule and person do not make the name."""
    office.open(category="noise")
    here = {event.uid.value for event in events(office)}
    other = {"db": tmp_path / "other.sqlite"}
    assert office.run("init", **other).code == 0
    assert office.run("open", category="noise", definition="nuisance", complainant="Jane Souter",
                      summary="Shouting on the stair", **other).code == 0
    there = tmp_path / "there.ics"
    assert office.run("due", ics=there, until="2099-01-01", **other).code == 0
    found = {event.uid.value for event in vobject.readOne(there.read_text()).vevent_list}
    assert len(found) == len(here)
    assert not found & here
    assert office.run("dump", tmp_path / "other.jsonl", **other).code == 0
    told = office.run("export", "log", **other).out
    with opened(tmp_path / "other.sqlite") as register:
        [key] = register.execute("SELECT value FROM register WHERE name = 'uid_key'").fetchone()
    register.close()
    assert key not in told
    assert office.run("load", tmp_path / "other.jsonl", db=tmp_path / "loaded.sqlite").code == 0
    assert office.run("due", ics=there, until="2099-01-01", db=tmp_path / "loaded.sqlite").code == 0
    assert {event.uid.value for event in vobject.readOne(there.read_text()).vevent_list} == found, "the same register"


def test_it_names_nobody_and_nothing_but_reference_and_rule(office: Office) -> None:
    case = office.open(category="hate", complainant="Zoë NicLeòid", address="Flat 2/1, 14 Larch Road",
                       perpetrator="Dean Hall", summary="Shouting, threats")
    case.do("agency", "add", "Women's Aid", kind="other")
    case.do("flag", "add", "restricted", because="a colleague")
    other = office.open(category="noise", complainant="Zoë NicLeòid")
    text = Path(office.register.parent / "due.ics")
    events(office)
    said = text.read_text().replace("\r\n ", "")
    assert not any(each in said for each in ("Zo", "NicLe", "Larch", "Dean", "Shouting", "Aid", "Mhairi", "hate"))
    assert f"SUMMARY:{case.ref} restricted" in said
    assert f"SUMMARY:{other.ref} " in said


def test_the_file_is_ours_alone_and_lines_are_folded(office: Office) -> None:
    office.open(category="noise")
    events(office)
    file = office.register.parent / "due.ics"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = file.read_bytes().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)


@pytest.mark.parametrize("file", ["nowhere/due.ics", "."])
def test_a_file_that_cannot_be_written_is_refused(office: Office, file: str) -> None:
    office.open(category="noise")
    assert "cannot be written" in office.refused(2, "due", ics=office.register.parent / file)
