"""The past: a case as it stood at a moment (`--on`), as it was known then (`--known`); nothing is edited."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from housing_office import Office

JANE = "Jane Souter"


def now_known() -> str:
    """This moment as `--known` takes it: all recorded so far is by then, and nothing that comes after."""
    start = datetime.now(UTC)
    then = start.replace(microsecond=0) + timedelta(seconds=1)
    time.sleep((then - start).total_seconds() + 0.01)
    return then.isoformat()


# -- show --on: the state at that moment, from all that is recorded now


def test_show_on_a_day_leaves_out_what_had_not_happened_yet(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17", perpetrator="Ross Muir")
    case.do("interview", "victim", at="2025-11-20")
    case.do("flag", "add", "vulnerable-adult", because="Seen at home", at="2025-11-25")
    case.do("change", officer="Brian Docherty", because="Moved patch", at="2025-11-26")
    case.do("plan", "add", "Talk to both", who="Mhairi", due="2025-12-05", at="2025-11-26")
    case.do("plan", "done", 1, at="2025-12-03")
    case.do("done", "safeguarding-referral", at="2025-11-26")
    case.do("close", outcome="resolved-without-legal", discussed="2025-12-10", at="2025-12-10")

    early = case.show(on="2025-11-19")
    assert (early.status, early.officer, early.flags, early.plan) == ("open", "Mhairi Kerr", [], [])
    assert case.state("start-investigation", on="2025-11-19") == "open"
    assert case.deadlines("outline-agreement", on="2025-11-19") == []

    then = case.show(on="2025-11-26")
    assert (then.officer, then.flags) == ("Brian Docherty", ["vulnerable-adult"])
    assert then.plan[0]["done_at"] is None
    assert case.state("outline-agreement", on="2025-11-26") == "overdue"
    assert (then.outcome, then.closed_at) == (None, None)

    assert case.show(on="2025-12-10").status == "closed"


def test_show_on_a_day_between_the_two_moments_of_one_entry_has_what_had_begun(office: Office) -> None:
    case = office.open(category="vandalism", received="2025-10-01")
    case.do("repair", "offensive-graffiti", noticed="2025-10-06", done="2025-10-09", photographed=True)
    waiting = case.deadline("offensive-graffiti", on="2025-10-08")
    assert (waiting.started_at, waiting.state, waiting.met_at) == ("2025-10-06", "overdue", None)
    assert case.deadlines("offensive-graffiti", on="2025-10-05") == []
    assert case.deadline("offensive-graffiti", on="2025-10-09").met_at == "2025-10-09"


def test_an_incident_that_was_not_yet_reported_moves_nothing_on_that_day(office: Office) -> None:
    case = office.open(category="noise", received="2025-10-01")
    case.do("log-incident", "Drums", at="2025-10-05", received="2025-10-20")
    assert case.deadline("consider-closing", on="2025-10-10").due == "2025-10-29"
    assert case.deadline("consider-closing", on="2025-10-20").due == "2025-11-17"


def test_a_case_not_yet_received_on_that_day_is_no_case(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    office.refused(3, "show", case.number, on="2025-11-16")
    assert office.do("list", on="2025-11-16") == []
    assert [row["ref"] for row in office.do("list", on="2025-11-17")] == [case.ref]


def test_due_on_a_day_is_the_list_of_that_morning(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    case.do("interview", "victim", at="2025-11-26")

    def states(on: str) -> dict[str, str]:
        return {row.rule: row.state for row in office.due(on=on) if row.due}

    assert states("2025-11-18") == {"start-investigation": "open"}
    assert states("2025-11-25") == {"start-investigation": "overdue"}
    assert states("2025-11-26") == {"outline-agreement": "open"}
    assert states("2025-12-01") == {"outline-agreement": "overdue"}


def test_list_on_a_day_filters_by_what_was_so_then(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    case.do("flag", "add", "hate", because="Racist words", at="2025-11-21")
    case.do("close", outcome="resolved-without-legal", discussed="2025-12-20", at="2025-12-20")

    def refs(**filters: Any) -> list[str]:
        return [row["ref"] for row in office.do("list", **filters)]

    assert refs() == []
    assert refs(on="2025-12-01") == [case.ref]
    assert refs(on="2025-11-20", flag="hate") == []
    assert refs(on="2025-11-22", flag="hate") == [case.ref]
    assert refs(on="2025-11-20", priority=1) == []
    assert refs(on="2025-11-22", priority=1) == [case.ref]
    assert refs(on="2025-12-01", closed=True) == []
    assert refs(on="2025-12-21", closed=True) == [case.ref]
    assert refs(on="2025-12-21", all=True) == [case.ref]


# -- show --known: from what was recorded by then


def test_known_then_leaves_out_what_was_written_down_later(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    then = now_known()
    case.do("interview", "victim", at="2025-11-20")
    assert case.state("start-investigation") == "met"
    assert case.state("start-investigation", known=then) == "overdue"
    assert case.deadlines("outline-agreement", known=then) == []
    assert case.state("start-investigation", known=then, on="2025-11-20") == "open"
    assert "start-investigation" in {row.rule for row in office.due(known=then)}
    assert "start-investigation" not in {row.rule for row in office.due()}


def test_a_case_not_yet_recorded_then_was_not_known(office: Office) -> None:
    then = now_known()
    case = office.open(category="noise", received="2025-11-17")
    office.refused(3, "show", case.number, known=then)
    assert office.do("list", known=then) == []
    assert [row for row in office.due(known=then, until="2030-01-01") if row.case] == []


def test_what_belongs_to_no_case_is_due_as_it_was_known_too(office: Office) -> None:
    def of_no_case(**when: str) -> list[tuple[str, str]]:
        return [(row.rule, row.due) for row in office.due(until="2040-01-01", **when) if row.case is None]

    known = of_no_case(known=now_known())
    assert known == of_no_case() != []


def test_list_known_then(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    then = now_known()
    case.do("change", category="vandalism", because="It was the windows", at="2025-11-18")
    assert [row["category"] for row in office.do("list")] == ["vandalism"]
    assert [row["category"] for row in office.do("list", known=then)] == ["noise"]


# -- corrections: the entry stays, and counts as corrected


def test_a_corrected_date_counts_from_then_on_and_the_wrong_one_is_still_known_then(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    case.do("interview", "victim", at="2025-11-26")
    wrong = case.log()[-1]
    assert case.state("start-investigation") == "late"
    then = now_known()
    case.do("correct", wrong["entry"], at="2025-11-24", because="It was the Monday")

    assert case.state("start-investigation") == "met"
    assert case.deadline("outline-agreement").due == "2025-11-27"
    assert case.state("start-investigation", known=then) == "late"
    assert case.deadline("outline-agreement", known=then).due == "2025-11-29"

    log = case.log()
    assert wrong in log, "the wrong entry stands as it was written"
    assert log[-1]["kind"] == "correction"
    assert log[-1]["says"]["entry"] == wrong["entry"]
    assert log[-1]["says"]["because"] == "It was the Monday"


def test_an_entry_that_counts_for_nothing(office: Office) -> None:
    case, other = (
        office.open(category="noise", received="2025-11-17"),
        office.open(category="noise", received="2025-11-18"),
    )
    case.do("interview", "victim", at="2025-11-20")
    entry = case.log()[-1]["entry"]
    case.do("correct", entry, void=True, because=f"It was held in {other.ref}")
    assert case.state("start-investigation") == "overdue"
    assert entry in [each["entry"] for each in case.log()]


def test_a_corrected_text(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17", summary="Musik after midnight")
    case.do("correct", case.log()[0]["entry"], text="Music after midnight", because="Spelling")
    assert case.show().summary == "Music after midnight"
    assert case.log()[0]["says"]["summary"] == "Musik after midnight"


def test_a_report_is_corrected_and_never_voided(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    report = case.log()[0]["entry"]
    case.refused(4, "correct", report, void=True, because="A mistake")
    case.do("correct", report, at="2025-11-18", because="It came on the Tuesday")
    assert case.show().received_at == "2025-11-18"
    assert case.deadline("start-investigation").due == "2025-11-25"


def test_a_correction_needs_an_entry_of_that_case_and_a_reason(office: Office) -> None:
    case, other = (
        office.open(category="noise", received="2025-11-17"),
        office.open(category="pets", received="2025-11-17"),
    )
    case.refused(3, "correct", other.log()[0]["entry"], at="2025-11-18", because="x")
    case.refused(3, "correct", 9_999, at="2025-11-18", because="x")
    case.refused(2, "correct", case.log()[0]["entry"], at="2025-11-18")
    case.refused(2, "correct", case.log()[0]["entry"], because="Nothing is put right")


def test_of_a_report_it_is_said_which_of_its_two_dates_is_put_right_and_which_deadlines_move(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17", happened="2025-11-16")
    report = case.log()[0]["entry"]
    said = office.run("correct", case.number, report, at="2025-11-18", because="It came on the Tuesday")
    assert f"entry {report} (report): received Mon 17 Nov 2025 → Tue 18 Nov 2025." in said.out
    assert "moved: start-investigation P1: Mon 24 Nov 2025 → Tue 25 Nov 2025\n" in said.err
    said = office.run("correct", case.number, report, happened="2025-11-15", because="The Saturday")
    assert f"entry {report} (report): happened Sun 16 Nov 2025 → Sat 15 Nov 2025." in said.out
    shown = case.show()
    assert (shown.received_at, shown.incidents[0]["happened_at"]) == ("2025-11-18", "2025-11-15")
    history = office.run("history", case.number).out
    assert "received Mon 17 Nov 2025 → Tue 18 Nov 2025; because It came on the Tuesday; start-inv" in history
    assert "happened Sun 16 Nov 2025 → Sat 15 Nov 2025; because The Saturday" in history
    assert office.run("verify").code == 0


def test_of_an_incident_both_dates_are_put_right(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    entry = case.do("log-incident", "Drums again", at="2025-11-20", received="2025-11-21")["last_entry"]
    said = office.run("correct", case.number, entry, happened="2025-11-19", received="2025-11-20", because="A day out")
    assert "received Fri 21 Nov 2025 → Thu 20 Nov 2025; happened Thu 20 Nov 2025 → Wed 19 Nov 2025." in said.out
    incident = case.show().incidents[-1]
    assert (incident["happened_at"], incident["received_at"]) == ("2025-11-19", "2025-11-20")


def test_an_interview_moved_to_another_day_ended_on_that_day_and_a_repair_is_done_on_its_own(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    case.do("interview", "victim", at="2025-11-25 10:00", ended="2025-11-25 11:30")
    assert case.state("start-investigation") == "late"
    entry = case.log()[-1]["entry"]
    case.do("correct", entry, happened="2025-11-24 10:00", because="It was the Monday")
    assert case.deadline("start-investigation").met_at == "2025-11-24T11:30+00:00"
    case.do("correct", entry, happened="2025-11-21", because="The Friday; the hour is not known")
    assert case.deadline("start-investigation").met_at == "2025-11-21"

    case.do("repair", "offensive-graffiti", noticed="2025-11-17 09:00")
    done = case.do("repair", "offensive-graffiti", done="2025-11-18 12:00", photographed=True)["last_entry"]
    assert case.state("offensive-graffiti") == "late"
    case.do("correct", done, happened="2025-11-17 12:00", because="The same day")
    assert case.state("offensive-graffiti") == "met"


def test_dates_that_cannot_be_are_refused_with_the_flag_that_is_meant(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    report = case.log()[0]["entry"]
    note = case.do("note", "She rang")["last_entry"]
    assert "cannot have been reported" in case.refused(2, "correct", report, happened="2025-11-20", because="x")
    assert "--received and --at are the same moment" in case.refused(
        2, "correct", report, at="2025-11-16", received="2025-11-16", because="x")
    assert "it was not received\nhint: --happened" in case.refused(2, "correct", note, received="today", because="x")
    case.do("correct", note, void=True, because="another case's")
    assert "counts for nothing already" in case.refused(3, "correct", note, happened="today", because="x")


def test_without_the_entry_the_entries_there_are_are_named_and_nothing_of_anybody(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    case.do("interview", "victim", at="2025-11-26", notes="She keeps a diary")
    first, second = (each["entry"] for each in case.log())
    said = case.refused(2, "correct")
    assert f"(entries: {first} report of Mon 17 Nov 2025, {second} interview of Wed 26 Nov 2025)" in said
    assert "Souter" not in said
    assert "diary" not in said
    case.do("flag", "add", "restricted", because="threats")
    assert "interview" not in case.refused(2, "correct")


# -- the calendar as it was known


def test_a_day_closed_by_its_weekday_is_the_next_one_and_is_opened_again(office: Office) -> None:
    """Closing is a plan: `wed` is the first Wednesday not before today, and never the last one."""
    today = datetime.now(UTC).date()
    ahead = [today + timedelta(days) for days in range(1, 8)]
    wednesday = next(day for day in ahead if day.weekday() == 2)
    weekday = "wed" if today.weekday() != 2 else wednesday.isoformat()
    count = ("calendar", "count", "5 working days", "--from", today.isoformat())
    before = office.do(*count)["due"]
    said = office.run("calendar", "close", weekday, "Training")
    assert wednesday.strftime("%a %-d %b %Y is closed: Training; ") in said.out
    assert f"asb calendar open {wednesday} TITLE undoes it" in said.err
    assert office.do(*count)["due"] > before
    assert office.run("calendar", "open", wednesday.isoformat(), "no training after all").code == 0
    assert office.do(*count)["due"] == before
    assert office.run("calendar", "close", "2025-12-24", "Christmas Eve").code == 0  # a whole date may lie behind
    assert office.run("verify").code == 0



def test_a_day_closed_later_moves_the_date_but_not_as_it_was_known_then(office: Office) -> None:
    case = office.open(priority=1, received="2026-04-02")
    then = now_known()
    office.do("calendar", "close", "2026-04-06", "Easter Monday")
    assert case.deadline("start-investigation").due == "2026-04-07"
    assert case.deadline("start-investigation", known=then).due == "2026-04-06"
    assert office.do("explain", case.number, "start-investigation")["due"] == "2026-04-07"
    assert office.do("explain", case.number, "start-investigation", known=then)["due"] == "2026-04-06"
    office.do("calendar", "open", "2026-04-06", "Open after all")
    assert case.deadline("start-investigation").due == "2026-04-06"


# -- explain counts every day


def test_explain_counts_each_day_and_names_each_one_it_skips(office: Office) -> None:
    case = office.open(priority=2, received="2025-12-24")
    told = office.do("explain", case.number, "start-investigation")
    assert [(day["date"], day["counted"]) for day in told["days"]] == [
        ("2025-12-24", None),
        ("2025-12-25", None), ("2025-12-26", None), ("2025-12-27", None), ("2025-12-28", None),
        ("2025-12-29", 1), ("2025-12-30", 2), ("2025-12-31", 3),
        ("2026-01-01", None), ("2026-01-02", None), ("2026-01-03", None), ("2026-01-04", None),
        ("2026-01-05", 4), ("2026-01-06", 5),
    ]  # fmt: skip
    why = {day["date"]: day["why"] for day in told["days"]}
    assert "Christmas Day" in why["2025-12-25"]
    assert (
        "2nd January" in why["2026-01-02"]
        or "2 January" in why["2026-01-02"]
        or "New Year" in why["2026-01-02"]
    )
    assert why["2025-12-27"] == "Saturday"
    assert (told["clause"], told["limit"], told["started_at"]) == ("2.1.1", "5 working days", "2025-12-24")


def test_explain_in_words_as_it_is_typed(office: Office) -> None:
    office.open(priority=1, received="2025-11-28 16:40")
    ran = office.program("explain", "1", "start-investigation")
    assert ran.code == 0
    for words in (
        "ASB-1",
        "2.1.1",
        "must",
        "Fri 28 Nov 2025 16:40",
        "Mon 1 Dec 2025",
        "St",
        "Tue 2 Dec 2025",
    ):
        assert words in ran.out, ran.out


def test_explain_of_several_takes_the_earliest_open_or_the_person_named(office: Office) -> None:
    case = office.open(category="noise", received="2025-12-01", witness="Ina Black")
    case.do("person", "add", "witness", "Tam Lyle", at="2025-12-10")
    assert office.do("explain", case.number, "witness-interview")["person"] == case.person("Ina Black")
    assert office.do("explain", case.number, "witness-interview", person="Tam Lyle")["due"] == "2025-12-24"
    case.do("interview", "witness", person="Ina Black", at="2025-12-12")
    assert office.do("explain", case.number, "witness-interview")["person"] == case.person("Tam Lyle")
    assert office.do("explain", case.number)["rule"] == "start-investigation", (
        "without a rule the earliest open"
    )


def test_explain_of_hours_tells_the_start_the_clock_change_and_the_due_time(office: Office) -> None:
    case = office.open(category=["hate", "violence"], received="2026-03-28 12:00")
    told = office.do("explain", case.number, "hate-review-plan")
    assert [day["date"] for day in told["days"]] == ["2026-03-28", "2026-03-29", "2026-03-29"]
    assert "forward" in told["days"][1]["why"]
    assert told["due"] == "2026-03-29T13:00+01:00"


def test_explain_on_a_day_before_a_change_tells_the_date_as_it_was(office: Office) -> None:
    case = office.open(priority=2, received="2025-11-17")
    case.do("change", priority=1, because="Threats", at="2025-11-21")
    assert office.do("explain", case.number, "start-investigation", on="2025-11-20")["due"] == "2025-11-24"
    assert office.do("explain", case.number, "start-investigation")["due"] == "2025-11-18"


def test_explain_a_backward_clock(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17", perpetrator="Ross Muir")
    eviction = date.today() + timedelta(days=70)
    case.do("event", "eviction-date", at=eviction.isoformat())
    told = office.do("explain", case.number, "section-11-notice")
    assert told["due"] == (eviction - timedelta(weeks=4)).isoformat()
    assert len(told["days"]) == 29
    assert {told["days"][0]["date"], told["days"][-1]["date"]} == {told["due"], eviction.isoformat()}


def test_calendar_count_answers_when_is_five_working_days_from_friday(office: Office) -> None:
    told = office.do("calendar", "count", "5 working days", from_="2026-11-27")
    # St Andrew's Day is Monday 30 November
    assert (told["start"], told["limit"], told["due"], told["act_by"]) == (
        "2026-11-27", "5 working days", "2026-12-07", "2026-12-07")  # fmt: skip
    assert [day["counted"] for day in told["days"] if day["counted"]] == [1, 2, 3, 4, 5]
    assert set(told["days"][0]) == {"date", "counted", "why"}
    hours = office.do("calendar", "count", "48 hours", from_="2026-03-28 12:00")
    assert hours["due"] == "2026-03-30T13:00+01:00"


# -- history


def test_history_tells_who_recorded_what_when_it_happened_and_when_it_was_written_down(
    office: Office,
) -> None:
    before = datetime.now(UTC)
    case = office.open(category="noise", received="2025-11-17 09:30")
    office.do("interview", case.number, "victim", at="2025-11-20", as_="Brian Docherty")
    case.do("change", priority=1, because="Threats", at="2025-11-21")
    after = datetime.now(UTC)

    log = case.log()
    assert [entry["kind"] for entry in log] == ["report", "interview", "change"]
    assert [entry["by"] for entry in log] == ["Mhairi Kerr", "Brian Docherty", "Mhairi Kerr"]
    assert [entry["happened_at"] for entry in log] == ["2025-11-17T09:30+00:00", "2025-11-20", "2025-11-21"]
    assert all(before <= datetime.fromisoformat(entry["recorded_at"]) <= after for entry in log)
    assert [entry["case"] for entry in log] == [case.ref] * 3
    assert log[-1]["says"]["priority"] == "1"
    assert log[-1]["says"]["old_priority"] == "2"
    assert case.show().last_entry == log[-1]["entry"]
    assert [entry["entry"] for entry in log] == sorted(entry["entry"] for entry in log)


def test_history_as_it_is_typed(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    case.do("note", 'Rang the wardens: [flat 2/1] was "quiet"')
    ran = office.program("history", case.number)
    assert ran.code == 0
    assert '[flat 2/1] was "quiet"' in ran.out
    listed = office.program("history", case.number, "--json")
    assert [entry["kind"] for entry in json.loads(listed.out)] == ["report", "note"]


def test_the_recorded_moment_can_be_set_by_nothing(office: Office) -> None:
    for flag in ("--recorded-at", "--recorded", "--now"):
        assert (
            office.run(
                "open", "--definition", "nuisance", "--priority", 1, "--summary", "x", flag, "2025-01-01"
            ).code
            == 2
        )


@pytest.mark.parametrize("command", [("show", 1), ("explain", 1, "start-investigation"), ("due",), ("list",)])
def test_what_is_asked_about_must_be_a_date(office: Office, command: tuple[object, ...]) -> None:
    office.open(category="noise", received="2025-11-17")
    office.refused(2, *command, on="03-04-2026")
    office.refused(2, *command, known="the other day")
