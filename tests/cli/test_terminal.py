"""An officer at a terminal: what is asked, offered and proposed; lists at each width, and off a terminal."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pexpect
import pytest
from registers import opened
from running import Ran

from asbcli.cli.duties import day_told

Run = Callable[..., Ran]
Terminal = Callable[..., pexpect.spawn]
DANGER = "Is anyone in immediate danger? (yes, no, unknown)"
NINES = "Dial 999 now, before anything else."
BOXES = set("│─┌┐└┘├┤┬┴┼━┃╭╮╯╰")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's register, made once."""
    file = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    code, out = _run_demo(file)
    assert code == 0, out
    return file


def _run_demo(file: Path) -> tuple[int, str]:
    out, code = pexpect.run(
        f"{sys.executable} -m asbcli demo --keep {file}", withexitstatus=True, timeout=120, encoding="utf-8",
        cwd=str(Path(__file__).parents[2]),
    )  # fmt: skip
    return code, out


@pytest.fixture
def register(demo: Path, tmp_path: Path) -> Path:
    """A copy of the demo's register, to change."""
    copied = tmp_path / "register.sqlite"
    copied.write_bytes(demo.read_bytes())
    copied.chmod(0o600)
    return copied


@pytest.fixture
def at_terminal(environment: dict[str, str], tmp_path: Path, register: Path) -> Terminal:
    """The program at a terminal of some width, on the demo's register."""

    def spawn(*words: str, width: int = 100, db: Path = register, colour: str = "never") -> pexpect.spawn:
        return pexpect.spawn(
            sys.executable, ["-m", "asbcli", "--db", str(db), "--colour", colour, *words],
            env=environment | {"TERM": "xterm", "COLUMNS": str(width)}, cwd=str(tmp_path), encoding="utf-8",
            timeout=60, dimensions=(60, width), echo=False,
        )  # fmt: skip

    return spawn


def read(child: pexpect.spawn) -> str:
    """All it said, to its end."""
    child.expect(pexpect.EOF)
    child.close()
    return str(child.before).replace("\r\n", "\n")


def answers(child: pexpect.spawn, *pairs: tuple[str, str]) -> str:
    """Answer each question as it comes; what was said after the last."""
    for question, answer in pairs:
        child.expect_exact(question)
        child.sendline(answer)
    return read(child)


# -- forms


def test_opening_asks_for_danger_first_and_says_at_once_what_the_procedure_says(
    at_terminal: Terminal,
) -> None:
    child = at_terminal("open")
    child.expect_exact(DANGER)
    assert "Reported when?" not in child.before
    child.sendline("yes")
    child.expect_exact(NINES)
    child.expect_exact("Reported when?")
    child.sendcontrol("c")
    assert read(child).endswith("\nnothing was saved\n")
    assert child.exitstatus == 130


def test_opening_offers_the_categories_by_priority_with_the_nearest_at_once(
    at_terminal: Terminal, register: Path
) -> None:
    child = at_terminal("open", "--immediate-danger", "no", "--received", "today", "--channel", "phone",
                        "--reporter", "complainant", "--complainant", "Jane S.", "--victim", "Jane S.",
                        "--address", "2/1", "--definition", "nuisance")  # fmt: skip
    child.expect_exact("Priority One")
    child.expect_exact("harassment          Harassment or threats")
    child.expect_exact("Priority Two")
    said = answers(
        child, ("Category:", "niose"), ("Did you mean noise?", "noi"), ("noise: Noise", ""),
        ("What happened?", "Loud music"), ("", ""), ("When did it happen?", "unknown"), ("Where?", ""),
        ("perpetrator's name, or unknown:", "unknown"), ("another", ""),
        ("Witness's name", "none"),
        ("another", ""), ("previous incidents?", "no"), ("other agencies informed?", "no"),
    )  # fmt: skip
    assert child.exitstatus == 0, said
    assert "Opened ASB-6, Priority Two, Jane S. Start the investigation" in said
    with opened(register) as connection:
        assert connection.execute("SELECT label FROM labels WHERE case_number = 6").fetchall() == [("noise",)]


def test_a_question_mark_tells_what_a_question_is_about_and_asks_again(at_terminal: Terminal) -> None:
    child = at_terminal("open")
    child.expect_exact("? explains")
    child.expect_exact(DANGER)
    child.sendline("?")
    child.expect_exact("whether anyone is in immediate danger (3.3.1): yes|no|unknown")
    child.expect_exact(DANGER)
    child.sendcontrol("c")
    read(child)


def test_a_wrong_word_on_the_command_line_is_told_before_the_first_question(at_terminal: Terminal) -> None:
    child = at_terminal("open", "--category", "nois")
    child.expect_exact("--category 'nois' is none of those offered. Did you mean noise?")
    child.expect_exact("Category:")
    assert DANGER not in child.before
    child.sendcontrol("c")
    read(child)


def test_a_third_party_is_named_and_a_caller_may_stay_anonymous(at_terminal: Terminal, register: Path) -> None:
    child = at_terminal("open", "--immediate-danger", "no", "--received", "today", "--channel", "phone",
                        "--definition", "nuisance", "--category", "noise", "--happened",
                        "unknown", "--perpetrator", "unknown", "--witness", "none", "--previous-incidents", "no",
                        "--place", "The close")  # fmt: skip
    said = answers(
        child, ("Who reported it?", "third-party"), ("Name of who reports it:", "Nan Kay"),
        ("Complainant's name, or anonymous:", "anonymous"), ("Victim's name, if another:", ""),
        ("The complainant's address:", ""), ("What happened?", "Shouting"), ("", ""),
        ("other agencies informed?", "no"),
    )  # fmt: skip
    assert child.exitstatus == 0, said
    with opened(register) as connection:
        assert connection.execute("SELECT anonymous FROM cases WHERE number = 6").fetchone() == (1,)
        assert connection.execute("SELECT name FROM people WHERE case_number = 6").fetchall() == [("Nan Kay",)]


def test_a_report_that_may_be_known_asks_whether_it_is_the_same_matter(at_terminal: Terminal) -> None:
    told = ("--immediate-danger", "no", "--received", "today", "--channel", "phone", "--reporter", "complainant",
            "--complainant", "Agnes Baird", "--victim", "Agnes Baird", "--address", "2/1", "--definition", "personal",
            "--category", "noise", "--happened", "unknown", "--place", "The close", "--perpetrator", "unknown",
            "--witness", "none", "--previous-incidents", "no")  # fmt: skip
    said = answers(
        at_terminal("open", *told), ("What happened?", "Music"), ("", ""),
        ("agencies informed?", "no"),
        ("open already: ASB-1", ""), ("Is it the same matter? (yes, no)", "no"),
    )  # fmt: skip
    assert "Opened ASB-6" in said


def test_without_a_category_the_priority_is_offered(at_terminal: Terminal) -> None:
    child = at_terminal("open", "--immediate-danger", "no", "--definition", "nuisance", "--summary", "x",
                        "--received", "today", "--channel", "phone", "--reporter", "agency",
                        "--complainant", "A",
                        "--victim", "A", "--address", "B")  # fmt: skip
    child.expect_exact("Category:")
    child.sendline("")
    child.expect_exact("Priority One")
    child.expect_exact("Priority:")
    child.sendline("")
    child.expect_exact("this one is needed")
    child.sendcontrol("c")
    read(child)


def test_an_interview_asks_which_of_several_only_where_there_are_several(at_terminal: Terminal) -> None:
    child = at_terminal("interview", "2", "perpetrator")
    child.expect_exact("When was it?")
    assert "Which of them?" not in child.before
    child.sendcontrol("c")
    read(child)
    assert "P" in read(at_terminal("person", "2", "add", "perpetrator", "Ewan Hall", "--at", "today"))
    child = at_terminal("interview", "2", "perpetrator")
    child.expect_exact("Ewan Hall")
    said = answers(child, ("Which of them?", "ewan"), ("Ewan Hall", "now-ish"), ("is not a date", ""),
                   ("What did it find?", ""), ("Monitored until", ""), ("Notes:", ""))  # fmt: skip
    assert child.exitstatus == 0, said
    assert re.search(
        r"interview .*\n    perpetrator; held; P\d+ Ewan Hall", read(at_terminal("history", "2"))
    )


def test_a_review_proposes_the_next_stage(at_terminal: Terminal, register: Path) -> None:
    child = at_terminal("review", "2")
    child.expect_exact("What was decided?")
    child.sendline("Go on as planned")
    child.sendline("")
    child.expect_exact("Review first actions and action plan with your line manager by")
    said = answers(
        child, ("effectiveness; Enter: plan)", ""), ("With which manager?", "Iain Kerr"), ("When was it?", "")
    )
    assert child.exitstatus == 0, said
    assert "ASB-2, Tomasz Wilk: plan review with Iain Kerr" in said


def test_closing_offers_the_outcomes_with_what_they_mean(at_terminal: Terminal) -> None:
    child = at_terminal("close", "1")
    child.expect_exact("perpetrator-left")
    child.expect_exact("Not antisocial behaviour")
    said = answers(
        child, ("Outcome:", "resolved"), ("Did you mean resolved-without-legal", "resolved-w"),
        ("resolved-without-legal: Successfully resolved", ""), ("Final letter", ""),
        ("Discussed with", "today"),
        ("Reason", "All quiet for a month"), ("", ""),
    )  # fmt: skip
    assert child.exitstatus == 0, said
    assert "ASB-1, Agnes Baird: closed" in said


def test_what_is_open_in_the_case_is_offered_for_done_and_its_questions_for_answer(
    at_terminal: Terminal,
) -> None:
    child = at_terminal("done", "2")
    child.expect_exact("handler-told")
    child.expect_exact("What was done?")
    assert "settling-in-visit" not in child.before
    child.sendline("handler")
    child.expect_exact("handler-told: Tell the victim who handles the case")
    child.sendcontrol("c")
    read(child)
    child = at_terminal("answer", "2")
    child.expect_exact("hate-considered")
    child.expect_exact("Which question?")
    child.sendline("hate-c")
    child.expect_exact("hate-considered: Could it be racially motivated")
    child.sendcontrol("c")
    read(child)


def test_a_flag_that_cannot_wait_is_answered_at_once(at_terminal: Terminal) -> None:
    child = at_terminal("flag", "3", "add")
    child.expect_exact("suicide-threat")
    child.expect_exact("Flag:")
    child.sendline("suicide")
    child.expect_exact("call the police on 999")
    child.expect_exact("Reason:")
    child.sendcontrol("c")
    read(child)


def test_what_somebody_else_recorded_meanwhile_is_told_and_nothing_typed_is_lost(
    at_terminal: Terminal,
) -> None:
    child = at_terminal("note", "1")
    child.expect_exact("Note:")
    assert "noted" in read(at_terminal("note", "1", "From the other desk", "--at", "today"))
    said = answers(child, ("", "A long note"), ("", ""), ("Record it all the same? (yes, no)", "yes"))
    assert child.exitstatus == 0, said
    assert "noted" in said


def test_what_the_procedure_asks_first_can_be_recorded_or_allowed_and_nothing_typed_is_lost(
    at_terminal: Terminal,
) -> None:
    child = at_terminal("flag", "2")
    said = answers(
        child, ("Add or remove?", "remove"), ("Flag:", "hate"), ("Reason:", "A misunderstanding"), ("", ""),
        ("Which role allows it? (Enter tries again, once what is missing is recorded)", ""),
        ("Which role allows it?", "case-officer"), ("Who in that role approved it?", "Jo Weir"),
        ("the case-officer may not override", ""), ("Which role allows it?", "housing-manager"),
        ("Who in that role approved it?", "Iain Kerr"),
    )  # fmt: skip
    assert child.exitstatus == 0, said
    assert "ASB-2, Tomasz Wilk: flag hate removed" in said


# -- lists


@pytest.mark.parametrize("width", [40, 80, 100, 160])
def test_due_fits_reference_and_date_first_overdue_first_and_undated_by_case(
    at_terminal: Terminal, width: int, register: Path, asb: Run
) -> None:
    lines = read(at_terminal("due", width=width)).splitlines()
    told = json.loads(asb("--db", str(register), "due", "--json").out)
    with_date = [each["case"] for each in told if each["act_by"]]
    assert max(map(len, lines)) <= width
    assert not BOXES & set("".join(lines))
    dated = [line for line in lines if re.match(r"ASB-\d+  \w{3} \d+ \w{3}", line)]
    assert [line.split()[0] for line in dated] == with_date
    assert len(with_date) > 5
    assert "OVERDUE" in "\n".join(lines[:4])
    also = [line for line in lines if "also open, no date:" in line]
    assert [line.split()[0] for line in also] == [f"ASB-{number}" for number in range(1, 6)]
    assert any(line.startswith("next contact with the victim: ASB-1") for line in lines)


def test_one_case_and_the_list_tell_a_duty_by_the_same_day(at_terminal: Terminal, asb: Run, register: Path) -> None:
    told = json.loads(asb("--db", str(register), "show", "2", "--json").out)["deadlines"]
    [case, due] = (read(at_terminal(*words, width=160)) for words in (("show", "2"), ("due", "--until", "+400d")))
    assert "act by" in case
    assert "act by" in due
    for row in told:
        if row["state"] in ("open", "overdue") and row["act_by"]:
            day = day_told(row["act_by"], datetime.now(UTC))
            assert re.search(rf"^{day} .*{row['title'][:20]}", case, re.MULTILINE), row
            assert re.search(rf"^ASB-2 +{day} .*{row['title'][:20]}", due, re.MULTILINE), row


def test_colour_only_repeats_the_words(at_terminal: Terminal) -> None:
    plain, coloured = (read(at_terminal("due", colour=colour)) for colour in ("never", "always"))
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).split() == plain.split()


@pytest.mark.parametrize(
    "words", [("list",), ("show", "2"), ("history", "2"), ("checklist", "2"), ("explain", "2")]
)
@pytest.mark.parametrize("width", [40, 80])
def test_pages_fit_the_terminal_and_break_between_words(
    at_terminal: Terminal, words: tuple[str, ...], width: int
) -> None:
    child = at_terminal(*words, width=width)
    said = read(child)
    assert child.exitstatus == 0, said
    lines = [line for line in said.splitlines() if not line.startswith("next: ")]
    assert max(map(len, lines)) <= width
    assert not BOXES & set(said)
    if words[0] != "checklist":
        assert "ASB-" in said or words[0] == "history"


def test_a_corrected_date_is_seen_in_the_history(at_terminal: Terminal) -> None:
    read(at_terminal("correct", "1", "4", "--at", "2d", "--because", "the diary says so"))
    said = " ".join(read(at_terminal("history", "1")).split())
    assert re.search(
        r"entry 4: happened \w{3} \d+ \w{3} \d{4} 14:00 → \w{3} \d+ \w{3} \d{4}; because the diary", said
    )


def test_a_review_without_a_manager_is_asked_again_with_what_it_means(at_terminal: Terminal, asb: Run,
                                                                      register: Path) -> None:
    said = answers(
        at_terminal("review", "2"), ("What was decided?", "Patrols"), ("", ""), ("Which review?", "progress"),
        ("With which manager?", ""), ("When was it?", ""),
        ("Without a named manager this review meets nothing in 13.1.", "Ailsa"),
    )  # fmt: skip
    assert "progress review with Ailsa" in said
    child = at_terminal("review", "2", "Patrols", "--stage", "progress")
    said = answers(child, ("this review meets nothing in 13.1.", ""))
    assert "warning: no manager named" in said
    kinds = [row["kind"] for row in json.loads(asb("--db", str(register), "history", "2", "--json").out)]
    assert kinds[-2:] == ["review", "review"]


def test_a_reason_that_is_needed_is_asked_for(at_terminal: Terminal, asb: Run, register: Path) -> None:
    kept = ("--db", str(register))
    child = at_terminal("interview", "1", "victim", "--delayed", "--at", "today")
    assert "interview with the victim delayed" in answers(child, ("needs its reason (6.1.1).", "She is away"), ("", ""))
    asb(*kept, "flag", "1", "add", "restricted", "--because", "threats")
    child = at_terminal("show", "1")
    said = answers(child, ("ASB-1 is restricted: looking at it needs a reason", "The court asked"), ("", ""))
    assert "P1  Agnes Baird" in said
    child = at_terminal("letter", "1", "acknowledgement", "--to", "P1")
    assert "Dear Agnes Baird" in answers(child, ("needs a reason, which is logged.", "To write to her"), ("", ""))
    child = at_terminal("retention", "hold", "5")
    assert "held for a court" in answers(child, ("Reason", "The sheriff asked"), ("", ""))
    looked = [row["says"] for row in json.loads(asb(*kept, "history", "1", "--because", "x", "--json").out)
              if row["kind"] == "viewed"]
    assert [each["because"] for each in looked] == ["The court asked", "To write to her", "x"]


@pytest.mark.parametrize("width", [40, 100, 160])
def test_a_restricted_case_is_said_to_be_so_once(at_terminal: Terminal, asb: Run, register: Path, width: int) -> None:
    asb("--db", str(register), "flag", "1", "add", "restricted", "--because", "threats")
    said = read(at_terminal("due", width=width))
    assert "restricted" in said
    assert "restricted · restricted" not in said
    assert not re.search(r"restricted\s+restricted", said)


@pytest.mark.parametrize("step", ["add", "remove"])
def test_the_flags_offered_tell_nothing_of_those_a_restricted_case_has(at_terminal: Terminal, asb: Run, register: Path,
                                                                       step: str) -> None:
    def offered(case: str) -> str:
        child = at_terminal("flag", case, step)
        child.expect_exact("Flag: ")
        said = str(child.before)
        child.sendintr()
        read(child)
        return said

    for case, flag in (("1", "domestic-abuse"), ("2", "repairs-needed")):
        asb("--db", str(register), "flag", case, "add", flag, "--because", "told by phone")
    assert offered("1") != offered("2"), "of open cases it is those they have, or have not"
    for case in ("1", "2"):
        asb("--db", str(register), "flag", case, "add", "restricted", "--because", "threats")
    assert offered("1") == offered("2")


def test_the_tenure_is_asked_of_one_who_was_named_and_of_nobody_unknown(at_terminal: Terminal) -> None:
    told = ("--immediate-danger", "no", "--received", "today", "--channel", "phone", "--reporter", "complainant",
            "--complainant", "Nan Kay", "--victim", "Nan Kay", "--address", "2/1", "--definition", "personal",
            "--category", "noise", "--happened", "unknown", "--place", "The close")  # fmt: skip
    for names, asked in (
        (("unknown",), "Witness's name"), (("Dean Hall", "Ann Orr"), "Witness's name"),
        (("Dean Hall",), "Alleged perpetrator's tenure"),
    ):  # fmt: skip
        child = at_terminal("open", *told, *(word for name in names for word in ("--perpetrator", name)))
        child.expect_exact("What happened?")
        child.sendline("Music")
        child.sendline("")
        assert child.expect([r"Witness's name", r"Alleged perpetrator's tenure"]) == (asked != "Witness's name")
        child.sendcontrol("c")
        read(child)


def test_the_questions_to_answer_are_shown_whole_and_not_only_their_ids(at_terminal: Terminal) -> None:
    child = at_terminal("answer", "2", width=60)
    child.expect_exact("Which question?")
    lines = child.before.replace("\r\n", "\n").splitlines()
    assert max(map(len, lines)) <= 60
    still = " ".join(child.before.split()).partition("answered already")[0]
    assert "incident-details: What happened: date, time and place?" in still
    assert "…" not in still
    child.sendcontrol("c")
    read(child)


def test_doctor_says_in_plain_words_first_what_an_officer_asks(at_terminal: Terminal, register: Path) -> None:
    said = read(at_terminal("doctor", width=160)).splitlines()
    lines = [line for line in said if not line.startswith("warning: ")]  # told at once
    assert lines[0] == f"the register: {register}"
    plain = lines[: lines.index("")]
    assert "cases in it: 5" in plain
    assert "who can open it: you alone" in plain
    assert "last backup: none" in plain
    assert any(re.match(r"bank holidays known until: \w{3} \d+ \w{3} \d{4}$", line) for line in plain)
    assert not any("sqlalchemy" in line for line in plain)
    assert any("sqlalchemy" in line for line in lines)


def test_the_plan_named_without_a_step_is_listed(at_terminal: Terminal, asb: Run, register: Path) -> None:
    said = read(at_terminal("plan", "3"))
    assert said.startswith("ASB-3")
    assert "add, done, agreed" not in said
    kept = ("--db", str(register))
    asb(*kept, "open", "--category", "noise", "--definition", "nuisance", "--summary", "x", "--anonymous", "--new")
    assert asb(*kept, "plan", "6").out == "ASB-6, anonymous\nno action is planned yet: asb plan 6 add TEXT\n"


def test_a_step_that_is_missing_is_told_with_what_each_takes(asb: Run, register: Path) -> None:
    said = asb("--db", str(register), "person", "1").err
    assert "error: missing: --step, --name\n" in said
    assert "asb person 1 set NAME, or asb person 1 rename NAME NEWNAME --because TEXT, or asb person 1 rem" in said


def test_what_can_be_put_right_is_offered_and_only_what_was_reported_asks_when(at_terminal: Terminal) -> None:
    child = at_terminal("correct", "1")
    child.expect_exact("3  report of ")
    child.expect_exact("Which entry?")
    child.sendline("3")
    child.expect_exact("When was it really reported?")
    child.sendcontrol("c")
    read(child)
    child = at_terminal("correct", "1", "4")
    child.expect_exact("When did it really happen? (Enter: as it is)")
    assert "reported" not in child.before
    child.sendcontrol("c")
    read(child)


def test_a_corrected_summer_afternoon_is_told_by_the_clock_on_the_wall(asb: Run, register: Path) -> None:
    kept = ("--db", str(register))
    asb(*kept, "open", "--category", "noise", "--summary", "A party", "--reporter", "third-party", "--new",
        "--reported-by", "Close cleaner", "--definition", "nuisance", "--received", "2026-06-15 09:00")  # fmt: skip
    asb(*kept, "note", "6", "Heard it from the road", "--at", "2026-06-16 14:00")
    noted = json.loads(asb(*kept, "show", "6", "--json").out)["last_entry"]
    asb(*kept, "correct", "6", str(noted), "--at", "2026-06-17", "--because", "the diary says so")
    assert "happened Tue 16 Jun 2026 14:00 → Wed 17 Jun 2026" in asb(*kept, "history", "6").out


def test_nothing_due_says_for_whom_and_what_else_there_is(at_terminal: Terminal) -> None:
    said = read(at_terminal("due", "--mine"))
    assert said.startswith("Nothing is due for Mhairi, up to ")
    assert "asb due shows everybody's" in said


@pytest.mark.parametrize(
    "words", [("due",), ("list",), ("history", "2"), ("checklist", "2"), ("calendar", "show")]
)
def test_off_a_terminal_there_is_a_header_and_one_whole_record_a_line(
    asb: Run, demo: Path, words: tuple[str, ...]
) -> None:
    ran = asb("--db", str(demo), *words, env={"COLUMNS": "40"})
    assert ran.code == 0, ran.err
    header, *lines = ran.out.splitlines()
    assert lines
    assert {line.count("\t") for line in lines} == {header.count("\t")}
    assert "\x1b" not in ran.out
    assert not BOXES & set(ran.out)
    assert ran.err == ""


def test_off_a_terminal_due_hides_and_groups_nothing(asb: Run, demo: Path) -> None:
    out = asb("--db", str(demo), "due").out.splitlines()
    told = json.loads(asb("--db", str(demo), "due", "--json").out)
    assert len(out) == 1 + len(told)
    assert out[0].split("\t") == ["case", "when", "act by", "what", "who", "clause", "rule"]
    assert [line.split("\t")[2] for line in out[1:]] == [each["act_by"] or "" for each in told]


# -- a first look round


@pytest.mark.parametrize("words", [("calendar",), ("procedure",), ("help",), ("help", "calendar")])
def test_a_command_named_without_its_step_shows_them(asb: Run, words: tuple[str, ...]) -> None:
    ran = asb(*words)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Usage: asb")


@pytest.mark.parametrize("name", ["open", "due", "explain", "close"])
def test_help_ends_with_examples_and_help_name_is_the_same(asb: Run, name: str) -> None:
    assert f"\n    asb {name} " in asb(name, "--help").out
    assert asb("help", name).out == asb(name, "--help").out


def test_the_procedure_can_be_read_before_there_is_a_register(asb: Run, tmp_path: Path) -> None:
    ran = asb("procedure", "show")
    assert ran.code == 0
    assert ran.out.startswith("default@")
    assert "no register is there yet" in ran.err
    assert not (tmp_path / "data").exists()


def test_the_missing_flags_are_named_in_the_command_to_type(asb: Run, demo: Path) -> None:
    ran = asb("--db", str(demo), "review", "2", "Talked")
    assert ran.code == 2
    assert "hint: asb review 2 TEXT --stage initial|plan" in ran.err


def test_reopening_keeps_to_the_last_entry_seen(asb: Run, register: Path) -> None:
    ran = asb("--db", str(register), "reopen", "5", "--because", "Parties again", "--if-last", "3")
    assert (ran.code, ran.out) == (4, "")
    assert "has changed" in ran.err
