"""Clydeford Homes in the register: its file adopted, cases held to it, its targets, and what a new version moves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from housing_office import Office

CLYDEFORD = Path(__file__).with_name("clydeford.toml")


@pytest.fixture
def clydeford(office: Office) -> Office:
    """An office that has adopted the procedure, and five cases received on 5 May 2026."""
    office.run("procedure", "use", CLYDEFORD)
    for number in range(1, 6):
        case = office.open(category="gardens", complainant=f"Ann {number}", received="2026-05-05", summary=f"{number}")
        if number < 5:
            case.do("close", outcome="closed-unresolved", at=f"2026-07-2{number}")
    return office


def test_7_1_four_of_five_closed_within_80_days_are_fewer_than_nine_in_ten(clydeford: Office) -> None:
    row = next(each for each in json.loads(clydeford.run("targets", "--json").out)
               if each["target"] == "closed-in-80-days")
    assert (row["met"], row["counted"], row["share"], row["asked"], row["reached"]) == (4, 5, 80.0, 90, False)
    said = clydeford.run("targets").out
    assert "closed-in-80-days\t80%\t90%\t4 of 5\tCases closed within 80 days\tClydeford 7.1" in said


def test_7_1_what_is_still_in_time_counts_neither_way(clydeford: Office) -> None:
    row = json.loads(clydeford.run("targets", "--on", "2026-07-22 12:00", "--json").out)[0]
    assert (row["met"], row["counted"], row["reached"]) == (2, 2, True)


def test_a_procedure_without_targets_says_so(office: Office) -> None:
    ran = office.run("targets")
    assert (ran.code, ran.out) == (0, "")
    assert "set no targets" in ran.err


def test_the_page_of_the_procedure_tells_its_office_hours_and_targets(clydeford: Office) -> None:
    said = clydeford.run("procedure", "show").out
    assert "office hours: mon 09:00 to 17:00, " in said
    assert "received that day until 16:00 (1.3)" in said
    assert "closed-in-80-days\t90\tclosed\t80 days" in said


def test_a_new_version_tells_which_open_dates_would_move(clydeford: Office, tmp_path: Path) -> None:
    text = CLYDEFORD.read_text(encoding="utf-8")
    newer = tmp_path / "newer.toml"
    newer.write_text(text.replace('version = "2026-04"', 'version = "2026-12"')
                     .replace('within = "10 working days"', 'within = "8 working days"'), encoding="utf-8")
    told = clydeford.run("procedure", "diff", "clydeford@2026-04", newer).out
    assert "10 working days when priority.C" in told
    assert "ASB-5 first-interview: Tue 19 May 2026 → Fri 15 May 2026" in told
    assert "ASB-1" not in told, "a closed case moves no more"


def test_a_landlord_who_wrote_no_paragraphs_has_letters_without_anybody_elses_promises(clydeford: Office) -> None:
    letter = clydeford.run("letter", 1, "closing", to="Ann 1").out
    assert "We have closed ASB-1" in letter
    assert "The reason: " in letter, "the outcome's title"
    assert "complaints procedure" not in letter
    assert "appeal" not in letter
