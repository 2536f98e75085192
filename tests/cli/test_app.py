"""The program as it is typed: help, global options, answers, refusals and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from running import FAKE, Ran

Run = Callable[..., Ran]
Terminal = Callable[..., pexpect.spawn]
HOSTILE = "\x1b[31mJane\x9b2J\u202e\x07\b [red]:door:[/close]"


def test_help_lists_every_command_in_the_order_of_a_case(asb: Run) -> None:
    ran = asb("--help")
    assert (ran.code, ran.err) == (0, "")
    places = [ran.out.index(f"\n  {name} ") for name in ("open", "interview", "plan", "close", "due", "init")]
    assert places == sorted(places)
    assert asb().out == ran.out


def test_help_and_version_need_nothing_slow(environment: dict[str, str], tmp_path: Path) -> None:
    code = "import sys; from asbcli.cli.app import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    program = [sys.executable, "-c", code]
    done = subprocess.run(program, env=environment, cwd=tmp_path, capture_output=True, text=True)
    slow = {"rich", "pydantic", "sqlmodel", "holidays", "zoneinfo", "sqlite3", "json", "asbcli.forms"}
    assert not slow & set(done.stderr.split())


def test_a_verbs_help_shows_its_form_and_what_other_users_can_see(asb: Run) -> None:
    out = asb("interview", "--help").out
    assert out.startswith("Usage: asb interview N victim|witness|perpetrator [OPTIONS]")
    assert "--monitor-until WHEN" in out
    assert "other users of this" in out


@pytest.mark.parametrize(("typed", "hint"), [("opne", "open"), ("intervew", "interview"), ("zz", "--help")])
def test_a_mistyped_command_is_answered_with_the_nearest(asb: Run, typed: str, hint: str) -> None:
    ran = asb(typed)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: there is no command '{typed}'\nhint: ")
    assert hint in ran.err


@pytest.mark.parametrize(
    ("words", "error", "hint"),
    [
        (["note", "7", "x", "--att", "fri"], "there is no option --att", "did you mean --at"),
        (["note", "7", "x", "--at"], "option '--at' requires an argument", "asb note --help"),
        (["note", "7", "x", "y"], "got unexpected extra argument(s) (y)", "asb note --help"),
        (["--quiet"], "missing command", "asb --help"),
        (["note", "--as", "", "7", "x"], "--as is empty", "leave it out"),
        (["note", "7", "x", "--colour", "pink"], "--colour: 'pink' is no such way", "auto, always, never"),
    ],
)
def test_a_wrong_command_line_is_refused(asb: Run, words: list[str], error: str, hint: str) -> None:
    ran = asb(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {error}\nhint: ")
    assert hint in ran.err


def test_all_missing_flags_are_named_at_once(asb: Run) -> None:
    ran = asb("open", stdin="")
    assert (ran.code, ran.out) == (2, "")
    assert "missing: --definition, --summary, --priority or --category" in ran.err


def test_global_options_go_before_or_after_the_command(fake: Run) -> None:
    assert fake("--quiet", "note", "7", "x").out == fake("note", "7", "x", "--quiet").out == "ASB-7\n"
    assert fake("note", "--version").out == fake("--version").out


@pytest.mark.parametrize("words", [["--db", "gone", "note", "7", "x"], ["note", "7", "x", "--db", "gone"]])
def test_a_named_register_that_is_not_there_is_an_error_that_names_init(
    asb: Run, words: list[str], tmp_path: Path
) -> None:
    ran = asb(*words)
    assert (ran.code, ran.out) == (5, "")
    assert "asb init --db gone" in ran.err
    assert not (tmp_path / "gone").exists()


def test_a_change_tells_what_matters_first_then_the_answer_then_what_is_next(fake: Run) -> None:
    ran = fake("note", "7", "hello", "--at", "2026-11-20")
    assert ran.code == 0
    assert ran.out == "ASB-7: {'case': 7, 'text': 'hello', 'at': '2026-11-20'}\n"
    assert ran.err.splitlines() == [
        "--at Fri 20 Nov 2026", "Call 999 first.", "warning: mind the dog", "next: asb show 7",
    ]  # fmt: skip


def test_json_is_the_shape_of_the_case_and_exact(fake: Run) -> None:
    ran = fake("note", "7", HOSTILE, "--json")
    assert json.loads(ran.out)["text"] == HOSTILE
    assert not set("\x1b\x9b\u202e\x07\b") & set(ran.out + ran.err)


def test_control_characters_are_shown_as_symbols_in_answers_and_in_errors(fake: Run, asb: Run) -> None:
    refused = (asb(HOSTILE), asb("note", HOSTILE), asb("note", "7", "x", "--at", HOSTILE))
    for ran in (fake("note", "7", HOSTILE), *refused):
        assert not set("\x1b\x9b\u202e\x07\b") & set(ran.out + ran.err)
    assert "[red]:door:[/close]" in fake("note", "7", HOSTILE).out


def test_names_and_emoji_survive_any_locale(fake: Run) -> None:
    name = "Siùsaidh Łukasz محمد 👩‍👧 🏴󠁧󠁢󠁳󠁣󠁴󠁿"
    ran = fake("note", "7", name, "--json", env={"LANG": "C", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert json.loads(ran.out)["text"] == name
    assert name in ran.out


def test_a_word_that_is_not_text_is_refused(fake: Run) -> None:
    ran = fake("note", "7", b"\xff")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: word 3 of the command line is not valid UTF-8 text")


# -- answers from elsewhere


def test_a_text_may_come_from_stdin(fake: Run) -> None:
    assert json.loads(fake("note", "7", "-", "--json", stdin="one\ntwo\n").out)["text"] == "one\ntwo"


def test_answers_may_come_from_a_file_and_flags_win(fake: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"case": 9, "text": "private", "with": "victim", "incoming": true}')
    told = json.loads(fake("contact", "ASB-7", "--answers", "a.json", "--json").out)
    assert told == {"case": 7, "text": "private", "with_": "victim", "incoming": True}


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ("[1]", "not a JSON object"),
        ("{", "not JSON"),
        (b'{"text": "\xff"}', "not JSON"),
        ('{"text": "\\ud800"}', "not valid UTF-8"),
        ('{"text": "a", "text": "b"}', "one answer twice"),
        ('{"case": ' + "9" * 5000 + "}", "not JSON"),
        ("[" * 100_000, "nested too deep"),
        ('{"text": "' + "x" * 1_000_000 + '"}', "too long"),
        ('{"text": "-", "sumary": "x"}', "no answer of asb note"),
        ('{"text": {"a": 1}}', "must be text"),
    ],
    ids=["list", "cut", "latin-1", "surrogate", "twice", "number", "deep", "long", "unknown", "object"],
)
def test_answers_that_cannot_be_read_are_refused(fake: Run, answers: str | bytes, says: str) -> None:
    ran = fake("note", "7", "--answers", "-", stdin=answers)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_only_one_answer_comes_from_stdin(fake: Run) -> None:
    assert "only one answer can be -" in fake("note", "7", "-", "--answers", "-", stdin="{}").err


def test_an_answer_given_twice_is_refused_rather_than_lost(fake: Run) -> None:
    assert "--text was given 2 times" in fake("note", "7", "one", "--text", "two").err


# -- what goes wrong


def test_a_refusal_has_its_exit_code_and_no_answer(fake: Run) -> None:
    assert fake("note", "7", "refuse") == (
        4, "", "error: the procedure does not allow it\nhint: asb consent comes first\n",
    )  # fmt: skip


def test_an_unexpected_fault_names_nobody(fake: Run) -> None:
    ran = fake("note", "7", "break")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error: an unexpected fault (RuntimeError)\nhint: ")
    assert "Jane" not in ran.err
    assert "Jane" in fake("note", "7", "break", env={"ASB_TRACEBACK": "1"}).err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_an_answer_that_cannot_be_delivered_names_what_was_saved(fake: Run) -> None:
    with open("/dev/full", "w") as full:
        ran = fake("note", "7", "x", stdout=full.fileno())
        assert ran.code == 1
        assert "error: ASB-7 was saved, but its answer could not be written" in ran.err
        ran = fake("--help", stdout=full.fileno())
    assert (ran.code, "Traceback" in ran.err) == (1, False)
    assert ran.err.startswith("error: the answer could not be written")


def test_a_closed_pipe_on_a_read_ends_quietly(asb: Run) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ran = asb("--help", stdout=writer)
    os.close(writer)
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_closed_stream_is_no_traceback(environment: dict[str, str], tmp_path: Path, closed: int) -> None:
    words = f"{sys.executable} {FAKE} note 7 hello {closed}>&-"
    done = subprocess.run(["sh", "-c", words], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == (1 if closed == 1 else 0)
    assert "Traceback" not in done.stderr
    assert done.stdout == ("" if closed == 1 else "ASB-7: {'case': 7, 'text': 'hello'}\n")


# -- at a terminal


@pytest.fixture
def terminal(environment: dict[str, str], tmp_path: Path) -> Terminal:
    """The program with made-up operations, at a terminal."""

    def spawn(*words: str, **env: str) -> pexpect.spawn:
        return pexpect.spawn(
            sys.executable, [str(FAKE), *words], env=environment | {"TERM": "xterm"} | env, cwd=str(tmp_path),
            encoding="utf-8", timeout=20, dimensions=(40, 120), echo=False,
        )  # fmt: skip

    return spawn


def answers(child: pexpect.spawn, *pairs: tuple[str, str]) -> str:
    """Answer each question as it comes; what the program said in the end."""
    for question, answer in pairs:
        child.expect_exact(question)
        child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    return str(child.before)


def test_a_form_is_asked_in_order_and_each_answer_is_checked(terminal: Terminal) -> None:
    child = terminal("plan", "--json")
    said = answers(
        child,
        ("Case:", "seven"),
        ("'seven' is no case", "ASB-7"),
        ("Add, done, agreed or list? (add, done, agreed, list)", ""),
        ("this one is needed", "ad"),
        ("What, or which item?", "Write to both"),
        ("", "neighbours"),
        ("", ""),
        ("Who does it?", "Mhairi"),
        ("By when?", "31/2"),
        ("has no day 31", "21/11/2199"),
        ("Thu 21 Nov 2199", ""),
    )
    assert child.exitstatus == 0
    told = json.loads(said[said.index("{") : said.rindex("}") + 1])
    assert told == {
        "if_last": 41, "case": 7, "step": "add", "what": "Write to both\nneighbours", "who": "Mhairi",
        "due": "2199-11-21",
    }  # fmt: skip


def test_what_was_typed_is_not_asked_again_and_what_does_not_apply_never(terminal: Terminal) -> None:
    child = terminal("interview", "7", "witness")
    said = answers(child, ("When was it? (Enter: now)", "2026-11-20 14:30"), ("Notes:", ""))
    assert "contact_every" not in said
    assert "'at': '2026-11-20T14:30+00:00'" in said


def test_flags_that_say_enough_are_not_followed_by_questions(terminal: Terminal) -> None:
    assert "ASB-7" in answers(terminal("contact", "7", "Rang", "--with", "victim"))


def test_a_refused_answer_can_be_put_right(terminal: Terminal) -> None:
    child = terminal("note", "7")
    said = answers(
        child, ("Note:", "wrong"), ("\n", ""), ("Which answer do you want to change?", "text"),
        ("Note:", "right"), ("\n", ""),
    )  # fmt: skip
    assert child.exitstatus == 0
    assert "'text': 'right'" in said


@pytest.mark.parametrize("leave", ["\x03", "\x04"])
def test_leaving_a_form_saves_nothing(terminal: Terminal, leave: str) -> None:
    child = terminal("note", "7")
    child.expect_exact("Note:")
    child.send(leave)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert "Traceback" not in child.before
    assert "ASB-7" not in child.before


def test_a_text_may_be_written_in_the_editor(terminal: Terminal, tmp_path: Path) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text(
        '#!/bin/sh\nls -ld "$(dirname "$1")" "$1" > modes.txt\necho "$1" > where.txt\necho long >> "$1"\n'
    )
    editor.chmod(0o700)
    said = answers(terminal("note", "7", "-", EDITOR=str(editor)))
    assert "'text': 'long'" in said
    modes = [line[:10] for line in (tmp_path / "modes.txt").read_text().splitlines()]
    assert modes == ["drwx------", "-rw-------"]
    assert not Path((tmp_path / "where.txt").read_text().strip()).exists()


def test_no_input_asks_nothing_at_a_terminal(terminal: Terminal) -> None:
    child = terminal("note", "7", "--no-input")
    assert "missing: --text" in answers(child)
    assert child.exitstatus == 2


def test_a_line_that_the_terminal_may_have_cut_is_asked_for_again(terminal: Terminal) -> None:
    child = terminal("person", "7", "add", "witness")
    child.expect_exact("Name:")
    for _ in range(5):
        child.send("x" * 1000)
    child.sendline("")
    child.expect_exact("too long for the terminal")
    child.close(force=True)
