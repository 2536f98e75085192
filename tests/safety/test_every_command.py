"""Of every command of the table, always: no traceback, no answer on failure, nothing changed, no hang, no socket."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from asbcli.cli.app import COMMANDS
from asbcli.forms.verbs import FORMS
from safety.forked import Program

NAMES = [row.name for rows in COMMANDS.values() for row in rows]
STEPS = {
    "calendar": ["show", "close", "open", "refresh", "count"],
    "procedure": ["show", "list", "check", "use", "diff"],
    "tenancy": ["start", "visit", "end", "list"],
    "role": ["list", "add", "remove"],
    "evidence": ["1"],
    "retention": ["list", "hold", "release", "keep"],
}
# What a command is typed with: nothing, too much, nobody's case, options it does not have, odd values.
TYPED: list[list[object]] = [
    [], ["--help"], ["999999"], ["1"], ["0"], ["-1"], ["ASB-1", "x"], ["--json"], ["--no-such-option"],
    ["1", "x", "y", "z", "w"], ["\x1b[31m", "\u202e"], ["1", "--at", "31/02/2026"], ["1", "--at"], 
    ["--db", "gone.sqlite"], ["--colour", "pink"], ["/dev/null"], ["1", "--because", ""], ["1", "--if-last", "x"],
    ["1", "-"], ["--answers", "-"], [b"\xff"], ["1", "add", "/nowhere"],
]  # fmt: skip


def watched(trace: Path) -> None:
    """Note each socket that the program asks for."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith("socket.") and event != "socket.gethostname":
            with open(trace, "a", encoding="utf-8") as file:
                file.write(f"{event} {arguments}\n")

    sys.addaudithook(hook)


@pytest.mark.parametrize("name", NAMES)
def test_a_command(asb: Program, name: str, whole: bool) -> None:
    asb.open()
    trace = asb.folder / "sockets"
    good = asb.register.read_bytes()
    starts: list[list[object]] = [[], *([step] for step in STEPS.get(name, ()))]
    for start in starts:
        for typed in TYPED if whole or (start == starts[-1] and name != "demo") else TYPED[:6]:
            words = [name, *start, *typed]
            asb.register.write_bytes(good)
            ran = asb(*words, stdin=None, within=30, prepare=lambda: watched(trace))
            assert ran.code in (0, 2, 3, 4, 5, 6), (words, ran)
            assert "Traceback" not in ran.err, (words, ran)
            assert "unexpected fault" not in ran.err, (words, ran)
            assert "\x1b" not in ran.out + ran.err, (words, ran)
            assert ran.seconds < 10, (words, ran)
            if ran.code == 0:
                continue
            assert "error: " in ran.err, (words, ran)
            if ran.code != 6:
                assert ran.out == "", (words, ran)
            assert asb.register.read_bytes() == good, words
    assert not trace.exists(), trace.read_text()


@pytest.mark.parametrize("name", [name for name in NAMES if name in FORMS])
def test_a_verb_with_every_answer_wrong_at_once(asb: Program, name: str) -> None:
    asb.open()
    answers = {field.key: 7 if field.kind == "switch" else ["\u202e", "9" * 5000] for field in FORMS[name].fields}
    import json

    said = asb.refused(2, name, "--answers", "-", stdin=json.dumps(answers))
    assert "unexpected fault" not in said


def test_what_was_told_is_still_so_when_opened_again(asb: Program) -> None:
    told = [
        asb.done(
            "open",
            "--category",
            "noise",
            "--definition",
            "personal",
            "--summary",
            f"row {number}",
            "--anonymous",
            "--new",
        )
        .split()[1]
        .rstrip(",")
        for number in range(5)
    ]
    again = Program(asb.folder)
    assert [line.split("\t")[0] for line in again.done("list").splitlines()[1:]] == told


def test_the_real_program_in_a_process_of_its_own(asb: Program) -> None:
    import subprocess

    for words, code in ((["list"], 0), (["nothing"], 2), (["show", "9"], 3)):
        ran = subprocess.run(
            [sys.executable, "-m", "asbcli", *words],
            env=asb.environment | {"PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == code
        assert (ran.stdout == "") == bool(code)
