"""What the program refuses: a clear error, the exit code of the contract, and nothing written."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from housing_office import Office

FORM = {"definition": "nuisance", "summary": "Another report"}
TOMORROW = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
IN_AN_HOUR = (datetime.now(UTC) + timedelta(hours=26)).isoformat(timespec="minutes")


class Refusal(NamedTuple):
    """What is typed, how it is refused, and what must be told."""

    what: str
    code: int
    words: tuple[object, ...]
    answers: dict[str, Any]
    told: tuple[str, ...]


# ASB-1 is open, with Jane Souter as victim and nobody else; ASB-2 is closed.
# fmt: off
REFUSALS = [
    Refusal("an unknown category, with the nearest", 2, ("open",), {**FORM, "category": "nois"}, ("nois",
            "noise")),
    Refusal("a category nothing is near to", 2, ("open",), {**FORM, "category": "zzz"}, ("zzz",)),
    Refusal("an unknown category in a change", 2, ("change", 1), {"category": "vilence", "because": "x"},
            ("violence",)),
    Refusal("an unknown flag, with the nearest", 2, ("flag", 1, "add", "hat"), {"because": "x"}, ("hate",)),
    Refusal("an unknown definition", 2, ("open",), {**FORM, "definition": "personnal", "category": "noise"},
            ("personal",)),
    Refusal("an ambiguous date", 2, ("open",), {**FORM, "category": "noise", "received": "03-04-2026"},
            ("--received", "03-04-2026")),
    Refusal("a year of two digits", 2, ("open",), {**FORM, "category": "noise", "received": "03/04/26"},
            ("--received", "03/04/26")),
    Refusal("a bare number", 2, ("open",), {**FORM, "category": "noise", "received": "3"}, ("--received",)),
    Refusal("an impossible date", 2, ("open",), {**FORM, "category": "noise", "received": "31/02/2026"},
            ("--received", "31/02/2026")),
    Refusal("a date with month and day changed round", 2, ("open",),
            {**FORM, "category": "noise", "received": "11/21/2025"}, ("--received",)),
    Refusal("an impossible time", 2, ("open",), {**FORM, "category": "noise", "received": "21/11/2025 25:10"},
            ("--received",)),
    Refusal("a clock time that did not exist", 2, ("open",),
            {**FORM, "category": "noise", "received": "29/03/2026 01:30"}, ("01:30", "2026-03-29T")),
    Refusal("a clock time that happened twice", 2, ("open",),
            {**FORM, "category": "noise", "received": "25/10/2026 01:30"}, ("twice", "+00:00", "+01:00")),
    Refusal("a report received in the future", 2, ("open",), {**FORM, "category": "noise",
            "received": TOMORROW}, ("--received",)),
    Refusal("an interview held in the future", 2, ("interview", 1, "victim"), {"at": IN_AN_HOUR}, ("--at",)),
    Refusal("graffiti noticed in the future", 2, ("repair", 1, "graffiti"), {"noticed": "tomorrow"},
            ("--noticed",)),
    Refusal("a conviction in the future", 2, ("event", 1, "conviction"), {"at": TOMORROW}, ("--at",)),
    Refusal("an unknown kind of event, with the nearest", 2, ("event", 1, "convicton"), {}, ("conviction",)),
    Refusal("an unknown remedy, with the nearest", 2, ("remedy", 1, "mediaton", "offered"), {},
            ("mediation",)),
    Refusal("a state the remedy does not come to", 2, ("remedy", 1, "mediation", "granted"), {}, ()),
    Refusal("an unknown question", 3, ("answer", 1, "hate-consdered", "no"), {}, ("hate-considered",)),
    Refusal("the same report typed again", 2, ("open",),
            {"definition": "nuisance", "summary": "Shouting on the stair", "category": "pets",
            "anonymous": True}, ("ASB-1", "--new")),
    Refusal("a priority other than the category's own, without a reason", 2, ("open",),
            {**FORM, "category": "noise", "priority": 1}, ("priority", "--because")),
    Refusal("a lower priority than the category's own, without a reason", 2, ("open",),
            {**FORM, "category": "violence", "priority": 2}, ("priority", "--because")),
    Refusal("a changed priority without a reason", 2, ("change", 1), {"priority": 1}, ("--because",)),
    Refusal("two priorities", 2, ("open",), {**FORM, "priority": [1, 2]}, ("--priority",)),
    Refusal("a priority the procedure does not have", 2, ("open",), {**FORM, "priority": 3}, ("priority",)),
    Refusal("an unregistered rule, to be done", 3, ("done", 1, "start-investigaton"), {},
            ("start-investigation",)),
    Refusal("an unregistered rule, to be explained", 3, ("explain", 1, "nonsense"), {}, ("nonsense",)),
    Refusal("a rule that is not open in the case", 3, ("done", 1, "witness-interview"), {},
            ("witness-interview",)),
    Refusal("an unregistered person, interviewed", 3, ("interview", 1, "victim"), {"person": "Nobody Known"},
            ()),
    Refusal("an unregistered person, contacted", 3, ("contact", 1, "Rang"), {"with_": "Nobody Known"}, ()),
    Refusal("an unregistered person, warned", 3, ("warn", 1, "Nobody Known"), {"level": "verbal"}, ()),
    Refusal("an unregistered person's consent", 3, ("consent", 1, "Nobody Known", "given"),
            {"for_": "police"}, ()),
    Refusal("an unregistered person, explained", 3, ("explain", 1, "start-investigation"),
            {"person": "Nobody Known"}, ()),
    Refusal("an unregistered person, appealing", 3, ("appeal", 1), {"by": "Nobody Known"}, ()),
    Refusal("a person who is not in that role", 3, ("warn", 1, "Jane Souter"), {"level": "verbal"}, ()),
    Refusal("an unregistered agency, told", 3, ("agency", 1, "told", "Nobody's Agency"), {}, ("agency",)),
    Refusal("an unregistered agency, consented to", 3, ("consent", 1, "Jane Souter", "given"),
            {"for_": "Nobody's Agency"}, ("agency",)),
    Refusal("missing answers, all of them named", 2, ("open",), {},
            ("--priority", "--category", "--definition", "--summary")),
    Refusal("a missing stage", 2, ("review", 1, "Seen"), {}, ("--stage",)),
    Refusal("a missing role and case", 2, ("interview",), {}, ("--case", "--role")),
    Refusal("a missing outcome", 2, ("close", 1), {}, ("--outcome",)),
    Refusal("a missing reason", 2, ("flag", 1, "add", "hate"), {}, ("--because",)),
    Refusal("a case that does not exist, noted on", 3, ("note", 99, "Hello"), {}, ("ASB-99",)),
    Refusal("a case that does not exist, shown", 3, ("show", "ASB-99"), {}, ("ASB-99",)),
    Refusal("a case that does not exist, its history", 3, ("history", 99), {}, ("ASB-99",)),
    Refusal("a case that does not exist, explained", 3, ("explain", 99), {}, ("ASB-99",)),
    Refusal("a case that does not exist, linked", 3, ("link", 1, 99), {}, ("ASB-99",)),
    Refusal("a word that is no case", 2, ("show", "seventeen"), {}, ("seventeen",)),
    Refusal("an incident in a closed case", 4, ("log-incident", 2, "Music"), {}, ("ASB-2", "asb reopen 2")),
    Refusal("an interview in a closed case", 4, ("interview", 2, "victim"), {}, ("asb reopen 2",)),
    Refusal("a change of a closed case", 4, ("change", 2), {"priority": 1, "because": "x"},
            ("asb reopen 2",)),
    Refusal("closing a closed case", 4, ("close", 2), {"outcome": "duplicate"}, ("asb reopen 2",)),
    Refusal("re-opening an open case", 4, ("reopen", 1), {"because": "x"}, ("ASB-1",)),
    Refusal("a case that has moved on", 4, ("note", 1, "Hello"), {"if_last": 1}, ("ASB-1",)),
    Refusal("a possible duplicate", 2, ("open",),
            {**FORM, "category": "noise", "complainant": "Jane Souter"}, ("ASB-1", "--new")),
    Refusal("Date Completed after closing", 2, ("close", 1),
            {"outcome": "resolved-without-legal", "completed": "2026-01-09", "at": "2026-01-06"}, ("14.2",)),
    Refusal("an interview before the report", 2, ("interview", 1, "victim"), {"at": "2025-10-01"}, ("--at",)),
    Refusal("an unknown command, with the nearest", 2, ("shwo", 1), {}, ("show",)),
    Refusal("an unknown option", 2, ("list", "--officers", "x"), {}, ("--officer",)),
    Refusal("nothing to search for", 2, ("search", ""), {}, ()),
    Refusal("an unknown table", 2, ("export", "houses"), {}, ("cases",)),
    Refusal("an unknown limit", 2, ("calendar", "count", "5 fortnights"), {}, ()),
    Refusal("an import file that is not there", 2, ("import", "nowhere.csv"), {}, ("nowhere.csv",)),
    Refusal("a procedure file that is not there", 2, ("procedure", "use", "nowhere.toml"), {},
            ("nowhere.toml",)),
]
# fmt: on


@pytest.fixture
def two_cases(office: Office) -> Office:
    """ASB-1 is open, ASB-2 closed."""
    office.open(category="noise", received="2025-11-18")
    closed = office.open(category="noise", received="2025-11-18", complainant="Agnes Baird")
    closed.do("close", outcome="resolved-without-legal", discussed="2026-01-06", at="2026-01-06")
    return office


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.what)
def test_bad_input_is_told_with_its_exit_code_and_changes_nothing(
    two_cases: Office, refusal: Refusal
) -> None:
    err = two_cases.refused(refusal.code, *refusal.words, **refusal.answers)
    for words in refusal.told:
        assert words in err, err


AS_TYPED = [refusal for refusal in REFUSALS if refusal.what in {
    "an unknown category, with the nearest", "an ambiguous date", "an impossible date",
    "a report received in the future", "a priority other than the category's own, without a reason",
    "an unregistered rule, to be done", "an unregistered person, interviewed", "an unregistered agency, told",
    "missing answers, all of them named", "a case that does not exist, shown", "an incident in a closed case",
}]  # fmt: skip


@pytest.mark.parametrize("refusal", AS_TYPED, ids=lambda refusal: refusal.what)
def test_bad_input_as_it_is_typed(two_cases: Office, refusal: Refusal) -> None:
    before = two_cases.fingerprint()
    ran = two_cases.program(*refusal.words, **refusal.answers)
    assert (ran.code, ran.out) == (refusal.code, "")
    lines = [
        line for line in ran.err.splitlines() if not line.startswith("--")
    ]  # dates are read back before it
    assert lines[0].startswith("error: ")
    assert any(line.startswith("hint: ") for line in lines[1:])
    assert "Traceback" not in ran.err
    assert two_cases.fingerprint() == before
    assert [file.name for file in two_cases.register.parent.iterdir()] == ["register.sqlite"], (
        "nothing left behind"
    )


# -- an import with any bad row: all of them named, none taken

BAD_ROWS = """\
external_ref,received,category,definition,summary,officer
A1,2025-11-18,noise,nuisance,Good,Mhairi
A2,2025-13-18,noise,nuisance,Impossible month,Mhairi
A3,2025-11-18,nois,nuisance,Unknown category,Mhairi
A4,2025-11-18,noise,,No definition,Mhairi
A5,2025-11-18,noise,nuisance,Good,Mhairi
A6,03-04-2026,noise,nuisance,Ambiguous,Mhairi
A1,2025-11-18,noise,nuisance,The same reference with other content,Mhairi
A8,2025-11-18,noise,nuisance
"""


def test_an_import_with_bad_rows_names_them_all_and_takes_none(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "reports.csv"
    file.write_text(BAD_ROWS)
    err = office.refused(2, "import", file)
    for row in (3, 4, 5, 7, 8, 9):
        assert f"row {row}" in err, err
    for row in (2, 6):
        assert f"row {row}:" not in err
    assert office.do("list", "--all") == []
    assert office.refused(2, "import", file, dry_run=True).count("row ") == err.count("row ")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("summary,colour\nx,red\n", "colour"),
        ('summary,category,definition\n"unclosed,noise,nuisance\n', "line"),
        ("summary,category,definition\nx,noise,nuisance,extra\n", "row 2"),
        ("summary,category,definition\nx\x00y,noise,nuisance\n", "NUL"),
    ],
)
def test_an_import_that_is_not_a_table_of_reports(
    office: Office, tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "reports.csv"
    file.write_text(text)
    assert told.lower() in office.refused(2, "import", file).lower()


def test_an_import_that_is_not_utf_8(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "reports.csv"
    file.write_bytes("summary,category,definition\nMàiri,noise,nuisance\n".encode("latin-1"))
    assert "UTF-8" in office.refused(2, "import", file)


# -- a procedure file with a mistake

PROCEDURE = """\
[procedure]
id = "ours"
version = "1"
title = "Ours"
in_force_from = 2026-01-01

[[priority]]
id = "A"
title = "Urgent"

[[category]]
id = "noise"
title = "Noise"
priority = "B"

[[deadline]]
id = "start"
title = "Start"
source = "Ours"
clause = "1"
strength = "shall"
starts = ["report"]
limit = "-1 working day"
met_by = ["interview.victim.held"]
"""


def test_a_procedure_file_with_mistakes_is_checked_with_every_line_and_not_adopted(
    office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(PROCEDURE)
    before = office.fingerprint()
    checked = office.run("procedure", "check", file)
    assert checked.code == 6
    found = checked.out + checked.err
    for line, said in ((14, "priority"), (21, "strength"), (23, "limit")):
        assert any(f"ours.toml:{line}:" in each and said in each for each in found.splitlines()), found
    assert "error: " in checked.err

    err = office.refused(2, "procedure", "use", file)
    assert "ours.toml" in err
    assert office.fingerprint() == before
    assert [row["key"].split("@")[0] for row in office.do("procedure", "list")] == ["default"]


# -- the answers' file


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "JSON"),
        ("[]", "object"),
        ('{"summary": "x", "colour": "red"}', "colour"),
        ('{"summary": "x", "summary": "y"}', "twice"),
        ("[" * 100_000, "nested"),
        ('{"priority": ' + "1" * 5_000 + "}", ""),
        ('{"summary": "' + "x" * 20_001 + '", "category": "noise", "definition": "nuisance"}', "20,000"),
        ('{"summary": "a\\u0000b", "category": "noise", "definition": "nuisance"}', "NUL"),
        ('{"summary": "\\ud800", "category": "noise", "definition": "nuisance"}', "UTF-8"),
    ],
)
def test_answers_that_cannot_be_read(office: Office, text: str, told: str) -> None:
    assert told in office.refused(2, "open", "--answers", "-", stdin=text)


def test_answers_on_stdin_open_a_case(office: Office) -> None:
    ran = office.run("open", "--answers", "-", "--json", stdin=json.dumps(
        {"category": ["noise"], "definition": "nuisance", "summary": "Music", "received": "2025-11-18",
         "complainant": "Seòras MacÀidh"}))  # fmt: skip
    assert ran.code == 0
    assert json.loads(ran.out)["people"][0]["name"] == "Seòras MacÀidh"


# -- the register


def test_no_register_is_5_and_never_nothing_due(office: Office) -> None:
    office.register.unlink()
    for words in (("due",), ("list",), ("show", 1), ("open", "--priority", 1)):
        ran = (
            office.run(*words, "--definition", "nuisance", "--summary", "x")
            if words[0] == "open"
            else office.run(*words)
        )
        assert ran.code == 5
        assert ran.out == ""
        assert "asb init" in ran.err
    assert not office.register.exists()
