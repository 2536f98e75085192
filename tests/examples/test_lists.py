"""What is printed and what goes in and out: lists, shapes, exports, imports, and the real reports."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from asbcli.casework.telling import due_words
from asbcli.moments import Moment
from asbcli.workdays import parse_limit

if TYPE_CHECKING:
    from housing_office import Case, Office

ROOT = Path(__file__).parents[2]
JANE, ROSS = "Jane Souter", "Ross Muir"

# The contract's Shapes.
CASE_KEYS = ["ref", "number", "status", "priority", "category", "categories", "definition", "summary",
    "received_at",
             "recorded_at", "officer", "flags", "procedure", "channel", "reporter", "anonymous", "people",
             "links",
             "deadlines", "outcome", "date_completed", "final_letter_sent", "closed_at",
             "last_entry"]  # fmt: skip
LISTED_KEYS = [key for key in CASE_KEYS if key not in ("people", "links", "deadlines")]
DEADLINE_COLUMNS = ["case", "rule", "title", "source", "clause", "strength", "person", "started_at", "limit",
    "due",
                    "act_by", "state", "met_at", "officer", "notes", "reason"]  # fmt: skip


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a CSV answer."""
    return list(csv.DictReader(StringIO(text)))


# -- shapes


def test_a_case_has_the_contract_s_keys(office: Office) -> None:
    case = office.open(
        category=["noise", "violence"],
        received="2025-11-17",
        perpetrator=ROSS,
        perpetrator_tenure="own-tenant",
        channel="phone",
        reporter="complainant",
    )
    shown = office.do("show", case.number)
    assert set(CASE_KEYS) <= set(shown)
    assert shown["ref"] == f"ASB-{shown['number']}"
    assert shown["priority"] == 1, "a number, where the procedure's own is one"
    assert shown["category"] == "violence", "the first of the highest priority"
    assert shown["categories"] == ["violence", "noise"]
    assert shown["procedure"] == "default@2023-12"
    assert shown["anonymous"] is False
    assert (shown["outcome"], shown["date_completed"], shown["closed_at"]) == (None, None, None)
    perpetrator = next(person for person in shown["people"] if person["name"] == ROSS)
    assert {"id", "name", "roles", "tenure"} <= set(perpetrator)
    assert (perpetrator["roles"], perpetrator["tenure"]) == (["perpetrator"], "own-tenant")
    jane = next(person for person in shown["people"] if person["name"] == JANE)
    assert set(jane["roles"]) == {"complainant", "victim"}, "one person, one id, all roles"


def test_list_and_search_leave_out_people_links_and_deadlines(office: Office) -> None:
    office.open(category="noise", received="2025-11-17")
    for rows in (office.do("list"), office.do("search", "shouting")):
        assert set(LISTED_KEYS) <= set(rows[0])
        assert not {"people", "links", "deadlines"} & set(rows[0])


def test_a_deadline_has_the_contract_s_keys_wherever_it_is_printed(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    for rows in (
        office.do("show", case.number)["deadlines"],
        office.do("due"),
        office.do("export", "deadlines"),
    ):
        for row in rows:
            assert list(row)[: len(DEADLINE_COLUMNS)] == DEADLINE_COLUMNS


def test_csv_of_deadlines_has_the_contract_s_columns_in_their_order(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    due = office.run("due", "--csv").out
    assert due.splitlines()[0].split(",") == DEADLINE_COLUMNS
    exported = office.run("export", "deadlines").out
    assert exported.splitlines()[0].split(",") == DEADLINE_COLUMNS
    row = next(row for row in rows_of(due) if row["rule"] == "start-investigation")
    assert row["case"] == case.ref
    assert (row["due"], row["state"], row["person"], row["met_at"]) == ("2025-11-24", "overdue", "P1", "")


def test_csv_of_cases_has_the_keys_of_list(office: Office) -> None:
    office.open(category="noise", received="2025-11-17")
    assert set(LISTED_KEYS) <= set(office.run("list", "--csv").out.splitlines()[0].split(","))
    assert rows_of(office.run("list", "--csv").out)[0]["categories"] == "noise"


def test_every_change_prints_the_case_with_json_and_its_reference_with_quiet(office: Office) -> None:
    opened = office.do(
        "open", "--priority", 2, "--definition", "nuisance", "--summary", "x", complainant=JANE
    )
    assert set(CASE_KEYS) <= set(opened)
    for words in (
        ("note", 1, "Hello"),
        ("interview", 1, "victim"),
        ("flag", 1, "add", "violence", "--because", "x"),
    ):
        assert set(CASE_KEYS) <= set(office.do(*words))
    assert office.run("note", 1, "Hello", "--quiet").out == "ASB-1\n"
    assert office.run("--quiet", "note", 1, "Hello").out == "ASB-1\n", "before the command too"
    assert office.run("note", 1, "Hello").out.startswith("ASB-1, Jane Souter")


def test_open_with_several_definitions_opens_a_linked_case_each_and_prints_the_first(office: Office) -> None:
    shown = office.do("open", category="noise", definition=["personal", "environmental"], summary="x",
                      complainant=JANE, received="2025-11-17")  # fmt: skip
    assert (shown["ref"], shown["definition"]) == ("ASB-1", "personal")
    assert shown["links"] == [{"ref": "ASB-2", "kind": "other-definition"}]
    other = office.do("show", 2)
    assert (other["definition"], other["links"]) == (
        "environmental",
        [{"ref": "ASB-1", "kind": "other-definition"}],
    )
    assert [person["id"] for person in other["people"]] == [person["id"] for person in shown["people"]]


@pytest.mark.parametrize("typed", ["1", "ASB-1", "asb-1"])
def test_references_as_they_may_be_typed(office: Office, typed: str) -> None:
    office.open(category="noise", received="2025-11-17")
    assert office.do("show", typed)["ref"] == "ASB-1"


def test_two_of_one_name_need_the_id(office: Office) -> None:
    case = office.open(category="noise", received="2025-11-17")
    case.do("person", "add", "witness", "Tam Lyle")
    case.do("person", "add", "witness", "Tam Lyle", new=True)
    case.refused(2, "interview", "witness", person="Tam Lyle")
    second = case.show().people[-1]["id"]
    case.do("interview", "witness", person=second)
    assert case.deadline("witness-interview", second).state in ("met", "late")


# -- due: overdue first, then by date; what has no date last


def _three_cases(office: Office) -> tuple[Case, Case, Case]:
    today = date.today()
    return (
        office.open(category="noise", received=(today - timedelta(days=30)).isoformat(), officer="Ann"),
        office.open(category="noise", received=(today - timedelta(days=3)).isoformat(), officer="Ben"),
        office.open(category="violence", received=(today - timedelta(days=20)).isoformat(), officer="Ann"),
    )


def test_due_is_overdue_first_then_by_date_and_without_a_date_last(office: Office) -> None:
    _three_cases(office)
    rows = office.due()
    order = [(row.state != "overdue", row.act_by is None, row.act_by or "") for row in rows]
    assert order == sorted(order)
    assert {row.state for row in rows} == {"overdue", "open"}
    starts = [row.case for row in rows if row.rule == "start-investigation"]
    assert starts == ["ASB-1", "ASB-3", "ASB-2"]


def test_due_looks_five_working_days_ahead_unless_told(office: Office) -> None:
    case = office.open(category="noise", received=date.today().isoformat())
    assert "consider-closing" not in {row.rule for row in office.due()}
    ahead = (date.today() + timedelta(days=30)).isoformat()
    assert "consider-closing" in {row.rule for row in office.due(until=ahead) if row.case == case.ref}
    start = case.deadline("start-investigation")
    assert start.rule in {row.rule for row in office.due()}, "five working days from today is in sight"


def test_due_filters_by_officer_mine_and_overdue(office: Office) -> None:
    _three_cases(office)
    assert {row.case for row in office.due() if row.case} == {"ASB-1", "ASB-2", "ASB-3"}, (
        "no list filters unasked"
    )
    assert {row.case for row in office.due(officer="Ann")} == {"ASB-1", "ASB-3"}
    assert {row["case"] for row in office.do("due", "--mine", as_="Ben")} == {"ASB-2"}
    assert {row.state for row in office.due(overdue=True)} == {"overdue"}
    office.refused(2, "due", "--mine", officer="Ann")


def test_nothing_due_is_exit_0_and_an_empty_list_or_a_lone_header(office: Office) -> None:
    assert office.do("due", officer="Nobody") == []
    ran = office.run("due", "--csv", officer="Nobody")
    assert (ran.code, ran.out.splitlines()) == (0, [",".join(DEADLINE_COLUMNS)])
    plain = office.run("due", officer="Nobody")
    assert (plain.code, len(plain.out.splitlines())) == (0, 1)


def test_off_a_terminal_there_is_one_record_a_line_and_no_colour(office: Office) -> None:
    _three_cases(office)
    ran = office.program("due")
    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert len(ran.out.splitlines()) == 1 + len(office.do("due"))


def test_fail_if_overdue_is_6_for_must_and_should_and_prints_the_list(office: Office) -> None:
    office.open(category="noise", received=date.today().isoformat())
    assert office.run("due", "--fail-if-overdue").code == 0
    overdue = office.open(category="noise", received="2025-11-17")
    ran = office.program("due", "--fail-if-overdue", "--json")
    assert ran.code == 6
    assert overdue.ref in {row["case"] for row in json.loads(ran.out)}
    assert ran.err.startswith("error: ")
    assert office.run("due", "--fail-if-overdue", officer="Nobody").code == 0


def test_a_guideline_alone_does_not_fail_the_list(office: Office) -> None:
    case = office.open(category="noise", received="2026-09-01", definition="personal", officer="Ann")
    for row in case.show().deadlines:
        if row["strength"] in ("must", "should") and row["state"] in ("open", "overdue"):
            case.do("done", row["rule"], at="2026-09-01")
    assert {row.strength for row in office.due(officer="Ann", overdue=True)} == {"guideline"}
    assert office.run("due", "--fail-if-overdue", officer="Ann").code == 0


# -- list and search


def test_list_is_of_open_cases_unless_told(office: Office) -> None:
    first, closed, flagged = (
        office.open(category="noise", received="2025-11-17", officer="Ann"),
        office.open(category="pets", received="2025-11-17", officer="Ben"),
        office.open(category="hate", received="2025-11-17", officer="Ben"),
    )
    closed.do("close", outcome="duplicate", at="2025-12-01")

    def refs(*words: str, **filters: Any) -> list[str]:
        return [row["ref"] for row in office.do("list", *words, **filters)]

    assert sorted(refs()) == [first.ref, flagged.ref]
    assert sorted(refs("--all")) == [first.ref, closed.ref, flagged.ref]
    assert refs("--closed") == [closed.ref]
    assert refs(officer="Ann") == [first.ref]
    assert refs("--mine", as_="Ann") == [first.ref]
    assert refs(category="noise") == [first.ref]
    assert refs(priority=1) == [flagged.ref]
    assert refs(flag="hate") == [flagged.ref]
    assert refs("--all", officer="Ben", category="pets") == [closed.ref]


@pytest.mark.parametrize(("text", "found"), [
    ('said "quiet"', True), ("O'Brien", True), ("o'brien", True), ("2/1", True), ("100%", True), ("NEAR(",
            True),
    ("_", False), ("%", True), ("1_0", False), ("MacÀidh", True), ("macàidh", True), ("💥", True), ("*",
            False),
    ("\\", True), ("nothing of it", False),
])  # fmt: skip
def test_search_is_letter_for_letter(office: Office, text: str, found: bool) -> None:
    case = office.open(
        category="noise",
        received="2025-11-17",
        complainant="Pat O'Brien",
        summary='He said "quiet" at flat 2/1, 100% NEAR( the door \\ 💥',
    )
    case.do("note", "Seòras MacÀidh heard it too")
    office.open(category="pets", received="2025-11-17", summary="Dogs", complainant="Agnes Baird")
    assert [row["ref"] for row in office.do("search", text)] == ([case.ref] if found else [])


def test_officers_words_come_back_letter_for_letter(office: Office) -> None:
    words = "[flat 2/1] [/close] :door: \x1b[31mred\x1b[0m {curly} <b>"
    case = office.open(category="noise", received="2025-11-17", summary=words)
    assert case.show().summary == words
    for ran in (office.program("show", 1), office.program("list"), office.program("history", 1)):
        assert "\x1b" not in ran.out
        assert "[flat 2/1] [/close] :door: ␛[31mred" in ran.out


def test_csv_guards_what_a_spreadsheet_would_run_and_raw_is_exact(office: Office) -> None:
    office.open(category="noise", received="2025-11-17", summary="=HYPERLINK(1)", complainant="+Plus")
    assert rows_of(office.run("list", "--csv").out)[0]["summary"] == "'=HYPERLINK(1)"
    raw = office.run("list", "--csv", "--raw")
    assert rows_of(raw.out)[0]["summary"] == "=HYPERLINK(1)"
    assert "warning" in raw.err
    assert office.do("list")[0]["summary"] == "=HYPERLINK(1)"


# -- exports

TABLES = ("cases", "deadlines", "incidents", "people", "actions", "log")


@pytest.fixture
def filled(office: Office) -> Office:
    """Two cases, with something in every table."""
    case = office.open(category="noise", received="2025-11-17", perpetrator=ROSS, place="The back court")
    case.do("plan", "add", "Talk to both", who="Mhairi", due="2025-12-05", at="2025-11-18")
    case.do("log-incident", "Music again", at="2025-11-29", received="2025-12-01")
    office.open(category="pets", received="2026-03-02", complainant="Agnes Baird")
    return office


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_exported_alike_as_csv_json_and_json_lines(filled: Office, table: str) -> None:
    as_json = filled.do("export", table)
    lines = [json.loads(line) for line in filled.run("export", table, "--jsonl").out.splitlines()]
    ran = filled.run("export", table, "--csv")
    assert ran.code == 0
    as_csv = rows_of(ran.out)
    assert lines == as_json != []
    assert len(as_csv) == len(as_json)
    assert filled.run("export", table).out == ran.out, "CSV is the default"
    for row, cells in zip(as_json, as_csv, strict=True):
        assert set(cells) <= set(row)
        for name, cell in cells.items():
            if row[name] is None:
                assert cell == ""
            elif isinstance(row[name], str) and row[name][:1] not in tuple("=+-@"):
                assert cell == row[name]


def test_exports_say_what_was_recorded(filled: Office) -> None:
    assert [row["ref"] for row in filled.do("export", "cases")] == ["ASB-1", "ASB-2"]
    assert [row["text"] for row in filled.do("export", "incidents")][:2] == [
        "Shouting on the stair",
        "Music again",
    ]
    assert {row["name"] for row in filled.do("export", "people")} == {JANE, ROSS, "Agnes Baird"}
    [action] = filled.do("export", "actions")
    assert (action["case"], action["text"], action["who"], action["due"]) == (
        "ASB-1", "Talk to both", "Mhairi", "2025-12-05")  # fmt: skip
    log = filled.do("export", "log")
    assert [row["entry"] for row in log] == list(range(1, len(log) + 1)), (
        "the whole log, the register's own too"
    )


def test_exports_between_two_days(filled: Office) -> None:
    assert [row["ref"] for row in filled.do("export", "cases", since="2026-01-01")] == ["ASB-2"]
    assert [row["ref"] for row in filled.do("export", "cases", until="2025-11-17")] == ["ASB-1"]
    assert filled.do("export", "log", until="2025-01-01") == []


def test_an_export_to_a_file_is_the_owner_s_alone(filled: Office, tmp_path: Path) -> None:
    out = tmp_path / "cases.csv"
    ran = filled.program("export", "cases", "--out", out)
    assert (ran.code, ran.out) == (0, "")
    assert out.read_text(encoding="utf-8") == filled.run("export", "cases").out
    assert out.stat().st_mode & 0o777 == 0o600
    assert filled.run("export", "cases", "--out", tmp_path / "no" / "such" / "folder.csv").code in (1, 2)


# -- imports

REPORTS = """\
external_ref,received,category,definition,summary,complainant,flag,officer
A1,2025-11-17 09:30,noise,nuisance,Music,Jane Souter,,Ann
A2,17/11/2025,noise;violence,personal,"Fight, on the stair",Agnes Baird,vulnerable-adult;child-at-risk,Ben
"""


def test_import_opens_a_case_a_row_and_the_same_rows_again_are_a_no_op(
    office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "reports.csv"
    file.write_text(REPORTS)
    assert office.do("import", file)["opened"] == 2
    second = office.do("show", 2)
    assert (second["categories"], second["priority"]) == (["violence", "noise"], 1)
    assert {"violence", "vulnerable-adult", "child-at-risk"} == set(second["flags"])
    assert (second["summary"], second["officer"]) == ("Fight, on the stair", "Ben")
    assert office.case(1).deadline("start-investigation").due == "2025-11-24"

    head = office.run("verify").out
    again = office.do("import", file)
    assert (again["opened"], again["known"]) == (0, 2)
    assert office.run("verify").out == head, "nothing was added to the log"


def test_the_same_reference_with_other_content_is_refused(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "reports.csv"
    file.write_text(REPORTS)
    office.do("import", file)
    file.write_text(REPORTS.replace("Music", "Drums") + "A3,2025-11-20,pets,nuisance,Dogs,Tam Lyle,,Ann\n")
    err = office.refused(2, "import", file)
    assert "row 2" in err
    assert "A1" in err
    assert len(office.do("list", "--all")) == 2


def test_a_dry_run_checks_and_saves_nothing(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "reports.csv"
    file.write_text(REPORTS)
    before = office.fingerprint()
    assert office.do("import", file, dry_run=True)["opened"] == 2
    assert office.fingerprint() == before
    assert office.do("list", "--all") == []


def test_import_asks_no_question_about_duplicates(office: Office, tmp_path: Path) -> None:
    office.open(category="noise", received="2025-11-17", summary="Music")
    file = tmp_path / "reports.csv"
    file.write_text(REPORTS)
    assert office.do("import", file)["opened"] == 2


# -- the real reports: 852 of the police, 1,301 complaints of noise


@pytest.fixture(scope="module")
def real(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register into which both files were imported, as docs/examples tells."""
    folder = tmp_path_factory.mktemp("real")
    register = folder / "register.sqlite"
    shutil.copy(template, register)
    for name, source, number in (("police", "camden_asb_2019.csv", 852),
                                 ("noise", "nyc_311_noise_saturday_nights_2026.csv", 1301)):  # fmt: skip
        mapped = subprocess.run(
            [sys.executable, ROOT / "docs/examples/map_reports.py", name, ROOT / "tests/data" / source],
            capture_output=True, check=True, timeout=60,
        )  # fmt: skip
        (folder / f"{name}.csv").write_bytes(mapped.stdout)
        done = subprocess.run(
            [sys.executable, "-m", "asbcli", "--db", register, "--as", "Ann", "import",
            folder / f"{name}.csv"],
            capture_output=True, text=True, cwd=ROOT, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert str(number) in done.stdout.replace(",", "")
    return register


@pytest.fixture
def real_office(real: Path, office: Office) -> Office:
    shutil.copy(real, office.register)
    return office


def test_the_real_reports_are_all_there_and_the_register_is_whole(real_office: Office) -> None:
    cases = real_office.do("list")
    assert len(cases) == 852 + 1301
    assert {case["category"] for case in cases} == {"communal", "noise"}
    assert real_office.program("verify").code == 0


def test_real_cases_worked_through_to_closing(real_office: Office) -> None:
    noise = next(row for row in real_office.do("list", category="noise"))
    case = real_office.case(noise["number"])
    received = date.fromisoformat(case.show().received_at[:10])
    day = {after: (received + timedelta(days=after)).isoformat() for after in range(60)}
    case.do("person", "add", "victim", "Maria Lopez", at=day[1])
    case.do("interview", "victim", at=day[2], contact_every="2 weeks", notes="Keeps a diary")
    case.do("contact", "Told what was agreed", purpose="outline", at=day[3])
    case.do("person", "add", "perpetrator", "Sam Poole", tenure="own-tenant", at=day[3])
    case.do("consent", "Maria Lopez", "given", for_="perpetrator-contact", at=day[3])
    case.do("interview", "perpetrator", at=day[6], finding="admitted")
    case.do("contact", "Told of the outcome", purpose="outcome", at=day[7])
    case.do("warn", "Sam Poole", level="written", requires="Quiet after eleven", at=day[8], resolving=True)
    case.do("plan", "add", "Visit in a fortnight", who="Ann", due=day[22], at=day[8])
    case.refused(4, "close", outcome="resolved-by-warning", at=day[40])  # the plan is not done (15.1)
    case.do("plan", "done", 1, at=day[22])
    case.do("close", outcome="resolved-by-warning", discussed=day[40], final_letter=day[40], at=day[40])
    shown = case.show()
    assert (shown.status, shown.date_completed, shown.final_letter_sent) == ("closed", day[8], day[40])
    assert case.state("outline-agreement") == "met"
    assert case.state("perpetrator-interview") == "met"

    police = real_office.case(real_office.do("list", category="communal")[0]["number"])
    police.do("answer", "basic-advice", "yes")
    police.do("answer", "may-return", "yes")
    police.do("close", outcome="no-interview-wanted", not_discussed="The police gave no name")
    assert police.show().status == "closed"

    assert len(real_office.do("list")) == 852 + 1301 - 2
    told = real_office.do("explain", real_office.do("list")[0]["number"])
    assert told["days"]
    assert len(rows_of(real_office.run("export", "cases").out)) == 852 + 1301
    assert real_office.program("verify").code == 0


def test_due_on_the_real_register_is_one_officer_s_list(real_office: Office) -> None:
    ran = real_office.program("due", "--officer", "Catriona Shaw", "--json")
    rows = json.loads(ran.out)
    assert rows
    assert {row["officer"] for row in rows} == {"Catriona Shaw"}
    again = real_office.do("due", officer="Catriona Shaw")
    assert len(again) == len(rows)


# -- what is missing of several things that a duty needs together


def test_a_plan_review_without_a_written_plan_says_that_the_plan_is_what_is_missing(office: Office) -> None:
    case = office.open(category="hate", received="2025-11-17")
    assert case.deadline("hate-review-plan").missing == ["review.plan.with-manager", "plan.exists"]
    case.do("review", "Taken down", stage="initial", with_="Ailsa", at="2025-11-17")
    case.do("interview", "victim", at="2025-11-17", contact_every="1 year")
    case.do("contact", "What happens next", purpose="outline", at="2025-11-17")
    said = office.run("review", case.number, "Went through it", stage="plan", with_="Ailsa", at="2025-11-18")
    assert "OVERDUE: Review first actions and action plan with your line manager" in said.out
    assert said.out.endswith("13.1); missing: a written plan.\n")
    assert said.err.endswith("next: asb plan 1 add TEXT\n")
    [row] = [row for row in office.due(overdue=True) if row.rule == "hate-review-plan"]
    assert row.missing == ["plan.exists"]
    assert "your line manager; missing: a written plan" in office.run("due").out
    assert "your line manager; missing: a written plan" in office.run("show", case.number).out
    assert "missing: a written plan\n" in office.run("explain", case.number, "hate-review-plan").out

    case.do("plan", "agreed", at="2025-11-19")
    assert case.deadline("hate-review-plan").missing == []
    assert "missing" not in office.run("explain", case.number, "hate-review-plan").out


def test_a_day_that_is_not_worked_is_told_with_the_day_to_act_on() -> None:
    """Three days from Thursday are Sunday (4.2.5): whoever acts then finds nobody there."""
    rule = SimpleNamespace(title="Tell the victim what was agreed", clause="4.2.5", met_by_all=())
    sunday, friday = Moment(date(2026, 11, 29)), date(2026, 11, 27)
    row = SimpleNamespace(rule=rule, due=sunday, act_by=friday, limit=parse_limit("3 days"), lacking=(),
                          overdue_after=datetime(2026, 11, 29, 23, 59, 59, tzinfo=UTC))
    before, after = datetime(2026, 11, 26, 12, tzinfo=UTC), datetime(2026, 11, 30, 12, tzinfo=UTC)
    said = "Tell the victim what was agreed by Sun 29 Nov 2026"
    assert due_words(row, before) == f"{said}, act by Fri 27 Nov 2026 (3 days, 4.2.5)."  # type: ignore[arg-type]
    assert due_words(row, after) == f"OVERDUE: {said} (3 days, 4.2.5)."  # type: ignore[arg-type]


# -- found by part of a name; every fault of a row


def test_part_of_a_name_in_any_case_finds_the_person_and_a_restricted_case_stays_restricted(office: Office) -> None:
    office.open(category="noise", complainant="Siùsaidh NicLeòid")
    other = office.open(category="noise", complainant="Ann Baird", witness="Nan NicLeod")
    other.do("flag", "add", "restricted", because="threats")
    assert [row["ref"] for row in office.do("list", person="NICLEO")] == ["ASB-1", "ASB-2"]
    assert [row["ref"] for row in office.do("list", person="siusaidh")] == ["ASB-1"]
    assert [row["ref"] for row in office.do("list", person="p1")] == ["ASB-1"]
    assert [row["summary"] for row in office.do("list", person="nan nic")] == ["restricted"]
    assert office.do("list", person="Nobody") == []


def test_an_import_names_every_fault_of_a_row_by_its_column(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "reports.csv"
    file.write_text(
        "category,definition,summary,received,perpetrator,perpetrator_tenure,flag,priority\n"
        "niose;pets,nuisance,Barking,2025-02-30,unknown,own-tenant,hat,\n"
        "noise,nuisance,Music,2025-11-28,,,,1\n"
        ",sideways,,2025-11-28,,,,\n"
    )
    said = office.refused(2, "import", file)
    [bad, reasonless, empty] = [line for line in said.splitlines() if "row " in line]
    assert "received '2025-02-30': February 2025 has no day 30" in bad
    assert "'niose' is no category of the procedure (did you mean noise?)" in bad
    assert "'hat' is no flag of the procedure (did you mean hate?)" in bad
    assert "perpetrator_tenure goes with one named perpetrator" in bad
    assert "row 3: priority 1 is not the one its category or flag asks for (2, 2.1.1)" in reasonless
    assert "row 4: definition 'sideways' is none of personal, nuisance, environmental" in empty
    assert "missing: summary, priority or category" in empty
    assert "--" not in said.replace("--help", "")
