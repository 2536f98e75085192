"""What the engine makes of whatever a checked file may say, by example and of rules drawn at random."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from asbcli.bankholidays import bank_holidays, published_until
from asbcli.casefile import entries as log
from asbcli.casefile.case import Case
from asbcli.casefile.history import history
from asbcli.moments import LONDON, Moment
from asbcli.procedure.clock import Deadline
from asbcli.procedure.deadlines import deadlines
from asbcli.procedure.explain import days_of, in_words
from asbcli.procedure.reading import check, load
from asbcli.procedure.rules import Procedure, procedure_of
from asbcli.workdays import Calendar

CALENDAR = Calendar(bank_holidays(2020, 2035), {}, {}, published_until())
HEAD = """\
[procedure]
id = "drawn"
version = "1"
title = "Drawn at random"
in_force_from = 2025-01-01
[[priority]]
id = 1
title = "Priority One"
[[flag]]
id = "hate"
title = "Hate"
[[event]]
id = "hearing"
title = "Hearing"
planned = true
"""


def london(text: str) -> Moment:
    return (
        Moment.parse(text)
        if len(text) == 10
        else Moment.at(datetime.fromisoformat(text).replace(tzinfo=LONDON))
    )


def case_of(*told: tuple[str, Any]) -> Case:
    number = count(1)
    return history(1, [log.Logged(next(number), 1, london(when), when, "me", entry) for when, entry in told])


def report(**said: Any) -> log.Report:
    usual = {
        "priority": "1",
        "definition": "personal",
        "summary": "x",
        "officer": "o",
        "procedure": "drawn@1",
    }
    return log.Report(**{**usual, **said})


def rule(**said: Any) -> dict[str, Any]:
    return {
        "title": said["id"],
        "source": "S",
        "clause": "1",
        "strength": "must",
        "starts": ["report"],
        **said,
    }


def procedure(*rules: dict[str, Any], **tables: Any) -> Procedure:
    head = {"id": "drawn", "version": "1", "title": "Drawn", "in_force_from": "2025-01-01"}
    return procedure_of({"procedure": head, "deadline": list(rules), **tables})


def rows(made: Procedure, *told: tuple[str, Any]) -> dict[str, Deadline]:
    return {row.rule.id: row for row in deadlines(made, case_of(*told), CALENDAR)}


# --- limits missed ---


def test_a_rule_placed_above_the_one_it_waits_for_starts_all_the_same() -> None:
    chain = [
        rule(id="third", starts=["missed.second"], limit="1 day"),
        rule(id="second", starts=["missed.first"], limit="1 day"),
        rule(id="first", limit="1 day"),
    ]
    found = rows(procedure(*chain), ("2026-03-02", report()))
    assert {name: row.due and row.due.shown for name, row in found.items()} == {
        "first": "2026-03-03",
        "second": "2026-03-04",
        "third": "2026-03-05",
    }


def test_two_rules_that_wait_for_one_each_start_once() -> None:
    made = procedure(
        rule(id="first", limit="1 day"),
        rule(id="second", starts=["missed.first"], pick="every"),
        rule(id="third", starts=["missed.first"], pick="every"),
    )
    found = deadlines(made, case_of(("2026-03-02", report())), CALENDAR)
    assert [row.rule.id for row in found] == ["first", "second", "third"]


def test_a_limit_that_was_replaced_in_time_is_not_missed() -> None:
    made = procedure(
        rule(id="first", limit="1 week"),
        rule(id="instead", starts=["plan.agreed"], limit="1 month", replaces=["first"]),
        rule(id="then", starts=["missed.first"]),
    )
    found = rows(made, ("2026-03-02", report()), ("2026-03-04", log.Plan("agreed")))
    assert "then" not in found


def test_a_missed_limit_can_end_another_rule() -> None:
    made = procedure(rule(id="other", ended_by=["missed.first"]), rule(id="first", limit="1 day"))
    assert rows(made, ("2026-03-02", report()))["other"].ended == Moment.at(
        datetime(2026, 3, 3, 23, 59, 59, tzinfo=UTC)
    )


def test_an_item_overdue_after_its_day_is_missed_though_it_has_no_number() -> None:
    made = procedure(
        rule(id="first", act_within="same working day", overdue_after_act_by=True, met_by=["plan.agreed"]),
        rule(id="then", starts=["missed.first"]),
    )
    assert "then" in rows(made, ("2026-03-02", report()), ("2026-03-05", log.Plan("agreed")))
    assert "then" not in rows(made, ("2026-03-02", report()), ("2026-03-02", log.Plan("agreed")))


# --- schedules ---


def schedule(every: str, *reviewed: str, received: str) -> list[tuple[str, str | None]]:
    """When each was due on a schedule, and when it was held."""
    made = procedure(rule(id="r", every=every, anchor="schedule", met_by=["review.progress"]))
    told = [(day, log.Review("progress", "x")) for day in reviewed]
    found = deadlines(made, case_of((received, report()), *told), CALENDAR)
    for row in found:
        assert days_of(row, CALENDAR)[-1].date == row.due.day, "the days counted lead to the day it is due"
    return [(row.due.shown, row.met and row.met.shown) for row in found]


@pytest.mark.parametrize(
    ("what", "every", "received", "reviewed", "expected"),
    [
        (
            "months are stepped from the first date: the 31st, where there is one (K7)",
            "1 month",
            "2026-01-31",
            ["2026-02-28", "2026-03-28", "2026-04-28"],
            [
                ("2026-02-28", "2026-02-28"),
                ("2026-03-31", "2026-03-28"),
                ("2026-04-30", "2026-04-28"),
                ("2026-05-31", None),
            ],
        ),
        (
            "a late one meets its own and moves nothing",
            "1 week",
            "2026-03-02",
            ["2026-03-12"],
            [("2026-03-09", "2026-03-12"), ("2026-03-16", None)],
        ),
        (
            "what went by while it was late is left out",
            "1 week",
            "2026-03-02",
            ["2026-03-25"],
            [("2026-03-09", "2026-03-25"), ("2026-03-30", None)],
        ),
        (
            "one held early says nothing of the next",
            "1 week",
            "2026-03-02",
            ["2026-03-04", "2026-03-05"],
            [("2026-03-09", "2026-03-04"), ("2026-03-16", None)],
        ),
    ],
)
def test_a_schedule_keeps_its_days(
    what: str, every: str, received: str, reviewed: list[str], expected: list[tuple[str, str | None]]
) -> None:
    assert schedule(every, *reviewed, received=received) == expected, what


# --- backward clocks ---


def test_a_backward_clock_whose_limits_all_have_conditions_waits_until_one_holds() -> None:
    back = rule(
        id="back", starts=[], before=["event.hearing"], limit=[{"within": "4 weeks", "when": ["hate"]}]
    )
    told = [("2026-03-02", report()), ("2026-03-03", log.DatedFact("hearing", planned=london("2026-06-01")))]
    assert rows(procedure(back, flag=[{"id": "hate", "title": "Hate"}]), *told) == {}
    flagged = ("2026-03-05", log.Flagged("hate", "add", "because"))
    found = rows(procedure(back, flag=[{"id": "hate", "title": "Hate"}]), *told, flagged)
    assert found["back"].due == london("2026-05-04")


def test_of_several_limits_before_a_date_the_earliest_is_the_longest() -> None:
    options = [{"within": "1 week"}, {"within": "4 weeks"}]
    back = rule(id="back", starts=[], before=["event.hearing"], limit=options, combine="earliest")
    told = [("2026-03-02", report()), ("2026-03-03", log.DatedFact("hearing", planned=london("2026-06-01")))]
    assert rows(procedure(back), *told)["back"].due == london("2026-05-04")


# --- office hours ---

FOUR = {"office": {"cut_off": "16:00"}}
HOURS = {"office": {"hours": {"mon": "09:00 to 17:00", "tue": "09:00 to 17:00", "thu": "09:00 to 13:00"}}}


@pytest.mark.parametrize(
    ("what", "office", "received", "due"),
    [
        ("no office hours: the day of the report, whatever its hour", {}, "2026-11-27T19:00", "2026-12-01"),
        ("at the cut-off it is in time", FOUR, "2026-11-27T16:00", "2026-12-01"),
        (
            "after it, on Friday: received on Tuesday, St Andrew's Day is Monday",
            FOUR,
            "2026-11-27T16:01",
            "2026-12-02",
        ),
        ("on a Saturday no earlier than on Friday evening", FOUR, "2026-11-28T10:00", "2026-12-02"),
        ("the date alone is taken to be in time", FOUR, "2026-11-27", "2026-12-01"),
        ("summer time is London's", FOUR, "2026-07-01T15:59", "2026-07-02"),
        ("after closing time", HOURS, "2026-11-24T17:30", "2026-11-27"),
        ("before opening time it is that day's", HOURS, "2026-11-24T07:00", "2026-11-25"),
        ("on a weekday the office is shut", HOURS, "2026-11-25T10:00", "2026-11-27"),
    ],
)
def test_office_hours_move_day_nought(what: str, office: dict[str, Any], received: str, due: str) -> None:
    found = rows(procedure(rule(id="r", limit="1 working day"), **office), (received, report()))
    assert found["r"].due == london(due), what


def test_office_hours_leave_hours_and_what_the_office_does_itself_alone() -> None:
    rules = [
        rule(id="hours", limit="24 hours"),
        rule(id="plan", starts=["plan.agreed"], limit="1 day"),
        rule(id="victim", each="victim", limit="1 day"),
    ]
    told = [("2026-11-27T16:30", report()), ("2026-11-27T18:00", log.Plan("agreed"))]
    person = ("2026-11-27T19:00", log.PersonAdded(log.NamedPerson("P1", "V", ("victim",))))
    found = rows(procedure(*rules, **FOUR), *told, person)
    assert found["hours"].due == london("2026-11-28T16:30")
    assert found["plan"].due == london("2026-11-28")
    assert found["victim"].due == london("2026-11-28")


def test_the_count_tells_why_it_begins_later() -> None:
    found = rows(procedure(rule(id="r", limit="1 working day"), **FOUR), ("2026-11-27T16:40", report()))
    lines = in_words(found["r"], CALENDAR)
    assert "received after 16:00: counted as received on Tue 1 Dec 2026" in lines
    assert found["r"].notes == ("after-hours",)
    assert found["r"].started == london("2026-11-27T16:40")
    assert [line.split("  ")[1] for line in lines if line.startswith("  ")] == [
        "Tue 1 Dec 2026",
        "Wed 2 Dec 2026",
    ]


def test_a_later_report_never_has_the_earlier_date() -> None:
    made = procedure(rule(id="r", limit="2 working days"), **FOUR)
    hours = [
        f"2026-{month}-{day:02}T{hour}:30"
        for month in (11, 12)
        for day in range(1, 31)
        for hour in ("08", 16, 20)
    ]
    dates = [rows(made, (hour, report()))["r"].due for hour in hours]
    assert [due.day for due in dates if due] == sorted(due.day for due in dates if due)


# --- whatever check passes ---

EVENTS = (
    "report",
    "close",
    "plan.added",
    "plan.agreed",
    "plan.done",
    "interview.victim.held",
    "contact.agreed",
    "event.hearing",
    "incident.reported",
    "review.progress",
    "missed.a",
    "missed.b",
    "missed.c",
    "done.a",
    "person.victim",
    "flag.hate.added",
)
FACTS = ("hate", "priority.1", "anonymous", "plan.agreed", "event.hearing")
LIMITS = (
    "1 day",
    "24 hours",
    "3 working days",
    "1 month",
    "before 12 months",
    "4 weeks - 1 week",
    "same working day",
)


def _lists(*names: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)


_OPTIONS = st.lists(
    st.fixed_dictionaries(
        {"within": st.sampled_from(LIMITS)}, optional={"when": _lists(*FACTS), "unless": _lists(*FACTS)}
    ),
    min_size=1,
    max_size=2,
)
_ONE_CLOCK = st.fixed_dictionaries({"starts": _lists(*EVENTS)}) | st.fixed_dictionaries(
    {"before": _lists("event.hearing", "plan.added"), "limit": _OPTIONS}
)
_MORE = st.fixed_dictionaries(
    {},
    optional={
        "when": _lists(*FACTS),
        "when_any": _lists(*FACTS),
        "unless": _lists(*FACTS),
        "strength": st.sampled_from(["must", "may", "guideline"]),
        "each": st.sampled_from(["case", "victim", "party", "item", "perpetrator"]),
        "unnamed": st.just(True),
        "pick": st.sampled_from(["first", "latest", "every"]),
        "until_then": _lists(*EVENTS),
        "limit": _OPTIONS | st.sampled_from([*LIMITS, "asked", "agreed"]),
        "combine": st.sampled_from(["first", "earliest"]),
        "default": st.sampled_from(LIMITS),
        "act_within": st.sampled_from(LIMITS),
        "overdue_after_act_by": st.just(True),
        "every": st.sampled_from(LIMITS),
        "anchor": st.sampled_from(["held", "schedule"]),
        "lasting": st.sampled_from(LIMITS),
        "lasting_from": _lists(*EVENTS),
        "met_by": _lists(*EVENTS),
        "met_by_all": _lists(*EVENTS),
        "met_before_start": st.just(True),
        "ended_by": _lists(*EVENTS),
        "replaces": _lists("a", "b", "c"),
        "reasons": _lists(*EVENTS),
        "survives_closing": st.just(True),
    },
)


@st.composite
def _rules(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to three rules; of all the keys drawn a few are kept, else hardly any rule would make sense."""
    made = []
    for name in "abc":
        more = draw(_MORE)
        kept = draw(st.lists(st.sampled_from(sorted(more)), max_size=4, unique=True)) if more else []
        made.append(
            {"id": name, "title": name, "clause": "1", **draw(_ONE_CLOCK), **{key: more[key] for key in kept}}
        )
    return made


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(each) for each in value) + "]"
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'


VICTIM = log.NamedPerson("P1", "V", ("victim", "complainant"))
_ENTRIES = st.sampled_from(
    [
        log.Plan("add", item="A1", text="x", due=Moment(date(2026, 4, 1))),
        log.Plan("done", item="A1"),
        log.Plan("agreed"),
        log.Interview("victim", person="P1", contact_every="1 week"),
        log.DatedFact("hearing", planned=Moment(date(2026, 6, 1))),
        log.IncidentLogged("again", Moment(date(2026, 3, 9))),
        log.Review("progress", "x"),
        log.Flagged("hate", "add", "because"),
        log.Flagged("hate", "remove", "because"),
        log.PersonAdded(log.NamedPerson("P2", "P", ("perpetrator",))),
        log.PersonAdded(log.NamedPerson("P3", "W", ("victim",))),
        log.Done("a"),
        log.Closed("duplicate", Moment(date(2026, 5, 1))),
    ]
)
_WHEN = st.dates(date(2026, 3, 2), date(2026, 8, 31)).map(date.isoformat)
_LATER = st.lists(st.tuples(_WHEN | _WHEN.map(lambda day: f"{day}T17:30"), _ENTRIES), max_size=8)


@settings(suppress_health_check=[*HealthCheck], max_examples=120, deadline=None)
@given(rules=_rules(), later=_LATER, people=st.sampled_from([(), (VICTIM,)]), cut_off=st.booleans())
def test_what_check_passes_the_engine_computes_and_explains(
    rules: list[dict[str, Any]],
    later: list[tuple[str, Any]],
    people: tuple[Any, ...],
    cut_off: bool,
    tmp_path: Path,
) -> None:
    text = HEAD + "".join(
        "[[deadline]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in each.items())
        for each in rules
    )
    path = tmp_path / "drawn.toml"
    path.write_text(text + ('[office]\ncut_off = "16:00"\n' if cut_off else ""))
    assume(not check(path))
    found = deadlines(load(path), case_of(("2026-03-02", report(people=people)), *later), CALENDAR)
    assert len(found) < 500
    for row in found:
        assert in_words(row, CALENDAR)
        days = days_of(row, CALENDAR)
        if days and row.due and not row.rule.before:
            assert days[-1].date == row.due.day, "the days counted lead to the day it is due"
        assert row.act_by is None or row.due is None or row.rule.before or row.act_by >= row.day_zero.day
