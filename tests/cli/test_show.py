"""What is shown is plain, whole and safe: tables, CSV, JSON, words of time; and which settings count."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbcli.cli.show import Column, Screen, csv_out, json_out, standing, table, visible
from asbcli.errors import BadInput
from asbcli.moments import Moment
from asbcli.settings import settings_of

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # a Friday
COLUMNS = (Column("case", True), Column("act by", True), Column("what"), Column("rule"))
ROWS = [
    ("ASB-17", "2026-11-18", "Interview the [red]victim[/red] :door:", "start-investigation"),
    ("ASB-18", "2026-11-20", "Łukasz 👩‍👧 محمد \x1b[2J", "outline-agreement"),
]


@given(st.text())
def test_nothing_that_moves_the_cursor_or_turns_the_text_is_ever_shown(text: str) -> None:
    shown = visible(text)
    assert not any(char < " " or "\x7f" <= char <= "\x9f" or "\u202a" <= char <= "\u202e" for char in shown)
    shown.encode()


@pytest.mark.parametrize("text", ["Siùsaidh", "Łukasz", "محمد", "👩‍👧", "O'Brien 2/1", "[red]:door:[/close]"])
def test_what_people_write_is_shown_letter_for_letter(text: str) -> None:
    assert visible(text) == text


def test_off_a_terminal_a_table_is_a_header_and_one_record_a_line_with_nothing_cut() -> None:
    assert table(ROWS, COLUMNS, Screen()).splitlines() == [
        "case\tact by\twhat\trule",
        "ASB-17\t2026-11-18\tInterview the [red]victim[/red] :door:\tstart-investigation",
        "ASB-18\t2026-11-20\tŁukasz 👩‍👧 محمد ␛[2J\toutline-agreement",
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_at_a_terminal_every_width_shows_each_reference_with_its_date(width: int) -> None:
    shown = table(ROWS, COLUMNS, Screen(width))
    lines = shown.splitlines()
    assert all(any(row[0] in line and row[1] in line for line in lines) for row in ROWS)
    assert max(map(len, lines)) <= width
    assert "\x1b" not in shown
    assert "[red]victim[/red]" in shown


def test_colour_only_repeats_the_words() -> None:
    late = [("ASB-17", "OVERDUE 2 working days", "x", "y")]
    plain, coloured = (table(late, COLUMNS, Screen(80, colour)) for colour in (False, True))
    assert "\x1b[1;31mOVERDUE" in coloured
    assert coloured.replace("\x1b[1;31m", "").replace("\x1b[1m", "").replace("\x1b[0m", "") == plain


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_csv_guards_what_a_spreadsheet_would_run(start: str) -> None:
    rows = [{"text": f"{start}1+1", "number": -5, "list": ["a", "b"], "none": None}]
    guarded, raw = (
        list(csv.reader(io.StringIO(csv_out(rows, [*rows[0]], raw=exact), newline="")))[1]
        for exact in (False, True)
    )
    assert guarded == [f"'{start}1+1".replace("\r", "␍"), "-5", "a;b", ""]
    assert raw[0] == f"{start}1+1"


@given(st.text())
def test_json_is_exact_and_safe_to_print(text: str) -> None:
    shown = json_out({"text": text})
    assert json.loads(shown)["text"] == text
    assert not any("\x7f" <= char <= "\x9f" or "\u202a" <= char <= "\u202e" for char in shown)


def weekdays(first: date, last: date) -> int:
    """Monday to Friday, after the first day up to the last."""
    days = range(first.toordinal() + 1, last.toordinal() + 1)
    return sum(date.fromordinal(day).weekday() < 5 for day in days)


@pytest.mark.parametrize(
    ("state", "due", "says"),
    [
        ("overdue", "2026-11-18", "OVERDUE 2 working days"),
        ("overdue", "2026-11-19", "OVERDUE 1 working day"),
        ("open", "2026-11-20", "today"),
        ("open", "2026-11-21", "by Sat 21 Nov 2026"),
        ("open", "2026-11-25", "in 3 working days"),
        ("open", "2026-11-18", "past 2 working days"),
        ("open", "2026-11-20T17:30:00+00:00", "in 2 hours"),
        ("open", "2026-11-20T15:01:00+00:00", "in 1 minute"),
        ("overdue", "2026-11-19T14:00:00+00:00", "OVERDUE 25 hours"),
        ("met", "2026-11-18", "met"),
        ("open", None, "open"),
    ],
)
def test_where_a_deadline_stands_is_said_in_words(state: str, due: str | None, says: str) -> None:
    moment = Moment.parse(due) if due else None
    assert standing(state, moment, now=NOW, working_days=weekdays) == says


# -- settings


def test_a_flag_beats_a_variable_beats_the_file_beats_the_default(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('db = "file.sqlite"\nas = "File"\n')
    env = {"ASB_CONFIG": str(config), "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    found = settings_of({"db": "flag.sqlite"}, env | {"ASB_DB": "variable.sqlite", "ASB_AS": "Variable"})
    assert found.database == ("flag.sqlite", "--db")
    assert found.acting == ("Variable", "ASB_AS")
    assert settings_of({}, env).acting == ("File", str(config))
    assert settings_of({}, env).colour == ("auto", "default")
    assert settings_of({}, {"XDG_DATA_HOME": str(tmp_path)}).path == tmp_path / "asb" / "register.sqlite"


@pytest.mark.parametrize(
    ("written", "says"),
    [("db = ", "is not TOML"), ("dbb = 'x'", "'dbb' is not a setting"), ("db = 1", "'db' is not a setting")],
)
def test_a_config_that_cannot_be_read_is_refused(tmp_path: Path, written: str, says: str) -> None:
    (tmp_path / "config.toml").write_text(written)
    with pytest.raises(BadInput, match=says):
        settings_of({}, {"ASB_CONFIG": str(tmp_path / "config.toml")})


def test_a_named_config_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        settings_of({}, {"ASB_CONFIG": str(tmp_path / "gone.toml")})
