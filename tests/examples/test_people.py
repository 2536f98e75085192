"""Who was named wrongly, or by mistake: put right with a reason, and the log still says what was written."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from housing_office import Case, Office
from registers import opened

from asbcli.store.read import people_of_register

WRONG, RIGHT = "Tomas Wilks", "Tomasz Wilk"


def reported(office: Office) -> Case:
    """A report on the phone: the complainant misheard, a neighbour taken down who has nothing to do with it."""
    return office.open(category="noise", complainant=WRONG, perpetrator="Dean Hall", witness="Ann Baird",
                       perpetrator_tenure="own-tenant", received="2025-11-28 16:40")


# -- a name

def test_a_name_is_put_right_and_the_log_keeps_what_was_written(office: Office) -> None:
    case = reported(office)
    said = office.run("person", case.number, "rename", WRONG, RIGHT, because="misheard on the phone")
    assert said.out.startswith(f"ASB-1, {RIGHT}: P1: {WRONG} → {RIGHT}. ")
    assert [each["name"] for each in case.show().people] == [RIGHT, "Dean Hall", "Ann Baird"]
    assert case.deadline("start-investigation").person_name == RIGHT
    written, renamed = case.log()
    assert written["says"]["people"][0]["name"] == WRONG
    assert renamed["says"] == {"person": "P1", "name": RIGHT, "because": "misheard on the phone"}
    history = office.run("history", case.number).out
    assert f"P1 {WRONG} → {RIGHT}; because misheard on the phone" in history
    assert office.run("verify").code == 0


def test_by_name_the_case_is_found_under_the_right_one_and_by_its_words_under_both(office: Office) -> None:
    case = reported(office)
    case.do("person", "rename", "P1", RIGHT, because="misheard")
    assert [row["ref"] for row in office.do("list", person=RIGHT)] == ["ASB-1"]
    assert office.do("list", person=WRONG) == []
    assert [len(office.do("search", name)) for name in (WRONG, RIGHT)] == [1, 1]


def test_it_was_always_their_name_but_was_not_always_known(office: Office) -> None:
    case = reported(office)
    start = datetime.now(UTC)
    known = start.replace(microsecond=0) + timedelta(seconds=1)
    time.sleep((known - start).total_seconds() + 0.01)
    case.do("person", "rename", "P1", RIGHT, because="misheard")
    assert case.show(on="2025-12-01").people[0]["name"] == RIGHT
    assert case.show(known=known.isoformat()).people[0]["name"] == WRONG


def test_one_report_of_two_definitions_has_one_person_who_is_renamed_once(office: Office) -> None:
    office.do("open", category="noise", definition=["nuisance", "personal"], summary="Shouting", complainant=WRONG)
    assert office.run("person", 1, "rename", WRONG, RIGHT, because="misheard").out.startswith(
        f"ASB-1, {RIGHT}: P1: {WRONG} → {RIGHT}; also in ASB-2. ")
    assert office.case(2).show().people[0]["name"] == RIGHT


def test_the_wrong_name_is_a_secret_too(office: Office) -> None:
    case = reported(office)
    case.do("consent", "P1", "given", for_="perpetrator-contact")
    case.do("person", "rename", "P1", RIGHT, because="misheard")
    case.do("warn", "Dean Hall", level="written", requires="No noise")
    assert "tells P1's former name" in case.refused(4, "letter", "warning", to="P2", text=f"{WRONG} heard you")
    assert "tells P1's name" in case.refused(4, "letter", "warning", to="P2", text=f"{RIGHT} heard you")
    told = office.run("disclose", 1, to="P2", what=f"It was {WRONG}", at="today")
    assert "it should not have been told: the disclosure is not written: what was typed tells P1's former" in told.err


def test_two_who_were_mixed_up_are_not_told_of_each_other(office: Office) -> None:
    """The names of the two sides were swapped: what he was called by mistake is her name, and not his to read."""
    case = office.open(category="noise", complainant="Dean Hall", perpetrator="Rhona Keith",
                       perpetrator_tenure="own-tenant")
    case.do("person", "rename", "P1", "Rhona Keith", because="the two were mixed up")
    case.do("person", "rename", "P2", "Dean Hall", because="the two were mixed up")
    case.do("consent", "P1", "given", for_="perpetrator-contact")
    case.do("warn", "P2", level="written", requires="No noise")
    assert "tells P1's name" in case.refused(4, "letter", "warning", to="P2", text="Ms Keith heard you")
    assert "Dear Dean Hall" in office.run("letter", 1, "warning", to="P2").out


def test_what_leaves_for_others_does_not_hold_the_wrong_name_either(office: Office) -> None:
    case = reported(office)
    case.do("person", "rename", "P1", RIGHT, because="misheard")
    with opened(office.register, rows=True) as register:
        names = {each["name"] for each in people_of_register(register)}
    assert {WRONG, RIGHT} <= names


def test_a_renaming_that_was_wrong_itself_is_taken_back(office: Office) -> None:
    case = reported(office)
    entry = case.do("person", "rename", "P1", RIGHT, because="misheard")["last_entry"]
    case.do("correct", entry, void=True, because="it was right at first")
    assert case.show().people[0]["name"] == WRONG


def test_of_a_closed_case_a_name_is_still_put_right(office: Office) -> None:
    case = reported(office)
    case.do("close", outcome="duplicate")
    case.do("person", "rename", "P1", RIGHT, because="misheard")
    assert case.show().people[0]["name"] == RIGHT


def test_what_is_missing_is_named_with_the_command_as_far_as_it_was_typed(office: Office) -> None:
    said = reported(office).refused(2, "person", "rename", WRONG)
    assert "missing: --new-name, --because" in said
    assert "hint: asb person 1 rename NAME NEWNAME --because TEXT" in said


def test_what_a_renaming_said_is_erased_like_anything_else(office: Office) -> None:
    case = reported(office)
    entry = case.do("person", "rename", "P1", RIGHT, because="misheard")["last_entry"]
    office.do("redact", case.number, entry, basis="a request", approved_by="Iain")
    assert RIGHT not in office.run("show", case.number).out + office.run("history", case.number).out
    assert office.run("verify").code == 0


# -- somebody named by mistake

def test_who_was_named_by_mistake_is_taken_off_and_their_clock_ends_with_the_reason(office: Office) -> None:
    case = reported(office)
    assert case.state("witness-interview") == "overdue"
    case.do("person", "remove", "Ann Baird", because="she lives in another street")
    clock = case.deadline("witness-interview")
    assert (clock.state, clock.reason, clock.person_name) == ("ended", "she lives in another street", "Ann Baird")
    assert [each["name"] for each in case.show().people] == [WRONG, "Dean Hall"]
    assert office.do("list", person="Ann Baird") == []
    assert case.state("perpetrator-interview") == "overdue"  # nobody else's clock
    assert case.log()[-1]["says"] == {"person": "P3", "because": "she lives in another street"}
    assert case.show(on="2025-12-01").people[2]["name"] == "Ann Baird"
    assert office.run("verify").code == 0


def test_nothing_stands_in_the_way_because_of_them_any_more(office: Office) -> None:
    """The interview with another landlord's tenant is the other landlord's (6.2.2); it was not their tenant."""
    case = office.open(category="noise", perpetrator=["Dean Hall"], perpetrator_tenure="other-landlord")
    case.do("person", "add", "perpetrator", "Iain Orr", tenure="own-tenant")
    case.do("consent", "Jane Souter", "given", for_="perpetrator-contact")
    case.do("person", "remove", "Dean Hall", because="the other stair")
    case.do("interview", "perpetrator", arranged="+1d 10:00")
    assert case.log()[-1]["says"]["person"] == "P3"


def test_a_victim_named_by_mistake_leaves_the_case_without_one_and_its_clock_running(office: Office) -> None:
    case = office.open(category="noise", complainant="Jane Souter", victim="Ann Baird", received="2025-11-28")
    case.do("person", "remove", "Ann Baird", because="another matter")
    named, unnamed = sorted(case.deadlines("start-investigation"), key=lambda each: each.person is None)
    assert (named.state, unnamed.state, unnamed.due) == ("ended", "overdue", "2025-12-08")
    case.do("person", "add", "victim", "Jane Souter")
    assert [each.state for each in case.deadlines("start-investigation", "Jane Souter")] == ["open"]


def test_what_the_other_victim_agreed_to_is_enough_then(office: Office) -> None:
    case = office.open(category="noise", complainant="Jane Souter", perpetrator="Dean Hall",
                       perpetrator_tenure="own-tenant")
    case.do("person", "add", "victim", "Ann Baird")
    case.do("consent", "Jane Souter", "given", for_="perpetrator-contact")
    assert "consent" in case.refused(4, "interview", "perpetrator", arranged="+1d 10:00")
    case.do("person", "remove", "Ann Baird", because="she is no victim of it")
    case.do("interview", "perpetrator", arranged="+1d 10:00")


def test_closing_asks_nothing_for_them(office: Office) -> None:
    case = office.open(category="domestic-abuse", complainant="Jane Souter", perpetrator="Dean Hall")
    case.do("person", "remove", "Dean Hall", because="the other stair")
    case.do("close", outcome="closed-unresolved", not_discussed="moved away")
    assert [each.person_name for each in case.deadlines("closure-letter")] == ["Jane Souter"]


def test_in_a_linked_case_they_may_belong_and_it_is_said(office: Office) -> None:
    office.do("open", category="noise", definition=["nuisance", "personal"], summary="Shouting", complainant="Jane",
              witness="Ann Baird")
    said = office.run("person", 1, "remove", "Ann Baird", because="she saw nothing")
    assert "P2 is in ASB-2 too: asb person 2 remove P2 --because TEXT" in said.err
    assert len(office.case(2).show().people) == 2


def test_who_was_taken_off_is_nobody_to_be_interviewed(office: Office) -> None:
    case = reported(office)
    case.do("person", "remove", "Ann Baird", because="she saw nothing")
    assert "nobody of that name" in case.refused(3, "interview", "witness", person="Ann Baird")
    again = case.do("person", "add", "witness", "Ann Baird")
    assert [(each["id"], each["name"]) for each in again["people"]][-1] == ("P3", "Ann Baird")
