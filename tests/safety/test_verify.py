"""Tampering with the register: whatever was changed is found."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from registers import opened

from safety.forked import ROOT, Program

SCRIPT = ROOT / "docs" / "verify_log.py"
FREE = "DROP TRIGGER entries_stay; DROP TRIGGER entries_kept; DROP TRIGGER bodies_kept; DROP TRIGGER bodies_stay;"


@pytest.fixture(scope="module")
def filled(new_register: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with something of everything in it."""
    asb = Program(tmp_path_factory.mktemp("filled"))
    shutil.copy(new_register, asb.register)
    for number in range(4):
        asb.open(f"Shouting on the stair, {number}", perpetrator="Callum Reid", perpetrator_tenure="own-tenant")
    asb.done("interview", "1", "victim", "--contact-every", "1 week")
    asb.done("plan", "1", "add", "Fit a light", "--who", "Repairs", "--due", "+3d")
    asb.done("link", "1", "2")
    asb.done("note", "3", "A note with words in it")
    asb.done("correct", "3", str(last_entry(asb, 3)), "--text", "Put right", "--because", "a slip")
    asb.done("change", "2", "--officer", "Ailsa", "--because", "leave")
    (asb.folder / "photo").write_bytes(b"photo" * 1000)
    asb.done("evidence", "2", "add", asb.folder / "photo")
    (asb.folder / "in.csv").write_text(
        "category,definition,summary,complainant,external_ref\nnoise,personal,In,Jo,X1\n"
    )
    asb.done("import", asb.folder / "in.csv")
    asb.done("calendar", "close", "24/12/2027", "the office party")
    asb.done("redact", "4", "6", "--basis", "a request", "--approved-by", "Boss")
    asb.done("note", "3", "the last of it")
    asb.whole()
    return asb.folder


@pytest.fixture
def busy(filled: Path, tmp_path: Path) -> Program:
    """The program on a copy of it."""
    shutil.copytree(filled, tmp_path / "office")
    return Program(tmp_path / "office")


def last_entry(asb: Program, number: int) -> int:
    return int(json.loads(asb.done("show", str(number), "--json"))["last_entry"])


def tampered(asb: Program, *statements: str, free: bool = True) -> None:
    with opened(asb.register) as connection:
        triggers = [row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
        for statement in ((FREE if free else "") + ";".join(statements)).split(";"):
            connection.execute(statement)
        for trigger in triggers if free else ():
            connection.execute(trigger)
    connection.close()


def found(asb: Program, *words: str) -> str:
    ran = asb("verify", *words)
    assert (ran.code, ran.err.count("Traceback")) == (6, 0), ran
    return ran.out


TAMPERINGS = {
    "an entry edited": (["UPDATE bodies SET body = replace(body, 'words', 'swords')"], "body of entry"),
    "an entry's author": (["UPDATE entries SET actor = 'Nobody' WHERE seq = 5"], "header of entry 5"),
    "an entry deleted": (
        ["DELETE FROM bodies WHERE seq = 9", "DELETE FROM entries WHERE seq = 9"],
        "missing from the log",
    ),
    "a body deleted": (["DELETE FROM bodies WHERE seq = 9"], "body of entry 9 is missing"),
    "two entries changed over": (
        [
            "UPDATE entries SET seq = -1 WHERE seq = 5",
            "UPDATE entries SET seq = 5 WHERE seq = 6",
            "UPDATE entries SET seq = 6 WHERE seq = -1",
        ],
        "entry 5",
    ),
    "an entry put in": (
        [
            "UPDATE entries SET seq = seq + 1000 WHERE seq > 8",
            "UPDATE entries SET seq = seq - 999 WHERE seq > 1000",
            "INSERT INTO entries SELECT 9, case_number, kind, happened, recorded_at, actor, body_hash, previous, 'x' "
            "FROM entries WHERE seq = 8",
        ],
        "entry 9",
    ),
    "a case gone": (
        [
            *(
                f"DELETE FROM {table} WHERE case_number = 3"
                for table in ("labels", "person_roles", "people", "incidents", "actions", "links", "deadlines")
            ),
            "DELETE FROM cases WHERE number = 3",
            "DELETE FROM bodies WHERE seq IN (SELECT seq FROM entries WHERE case_number = 3)",
            "DELETE FROM entries WHERE case_number = 3",
        ],
        "missing from the log",
    ),
    "a case's row edited": (["UPDATE cases SET officer = 'Nobody' WHERE number = 1"], "ASB-1: its cases"),
    "a case's rows gone": (["DELETE FROM deadlines WHERE case_number = 2"], "ASB-2: its deadlines"),
    "a deadline moved": (["UPDATE deadlines SET due = '2030-01-01' WHERE due IS NOT NULL"], "deadlines"),
    "a holiday dropped": (["DELETE FROM calendar WHERE day LIKE '2027-12-25%' OR day LIKE '2027-12-27'"], "calendar"),
    "the holidays' horizon": (["UPDATE register SET value = '2040-12-31'"], "what the register knows of itself"),
    "a procedure's words": (
        ["UPDATE procedures SET content = replace(content, 'working', 'walking')"],
        "not as it was adopted",
    ),
    "a procedure's words as bytes": (
        ["UPDATE procedures SET content = CAST(content AS BLOB)"],
        "procedures.content holds what is no text (1 times)",
    ),
    "a procedure that says a thing twice": (
        ["UPDATE procedures SET content = '{\"deadline\":[],' || substr(content, 2)"],
        "not as it was adopted",
    ),
    "a space before a procedure": (["UPDATE procedures SET content = ' ' || content"], "not as it was adopted"),
    "a closed day that is no day": (["INSERT INTO calendar VALUES ('zzz', 'closed', 'x')"], "the calendar"),
    "a closed day at the end of time": (["INSERT INTO calendar VALUES ('9999-12-31', 'closed', 'x')"], "the calendar"),
    "a closed day of bytes": (["INSERT INTO calendar VALUES (x'fe', 'closed', 'x')"], "calendar.day holds what is no"),
    "the secret of calendar files": (
        ["UPDATE register SET value = value || '0' WHERE name = 'uid_key'"],
        "what the register knows of itself",
    ),
    "a moment of bytes": (["UPDATE cases SET recorded_at = x'00' WHERE number = 1"], "ASB-1: its cases are not"),
    "two deadlines changed over": (
        [
            "UPDATE deadlines SET id = -1 WHERE id = (SELECT min(id) FROM deadlines WHERE case_number = 1)",
            "UPDATE deadlines SET id = 1000000 WHERE id = -1",
        ],
        "ASB-1: its deadlines",
    ),
    "a procedure's title": (["UPDATE procedures SET title = 'Another'"], "not as it was adopted"),
    "a rule's clause": (["UPDATE rules SET clause = '9.9.9' WHERE rule = 'start-investigation'"], "rules of"),
    "an import's reference": (["UPDATE imports SET digest = 'x'"], "import of X1"),
    "emptied without an erasure": (["UPDATE bodies SET body = NULL, salt = NULL WHERE seq = 5"], "no erasure says so"),
    "an erasure undone": (["UPDATE bodies SET body = '{}', salt = 'x' WHERE seq = 6"], "its words are back"),
    "what is left of an erased entry": (["UPDATE remnants SET body = '{}'"], "what is left"),
    "a label of no case": (["INSERT INTO labels VALUES (99, 'flag', 'hate', 0)"], "labels"),
    "a trigger gone": (["DROP TRIGGER bodies_kept"], "trigger bodies_kept"),
    "a table more": (["CREATE TABLE more (word TEXT)"], "table more"),
    "an index gone": (["DROP INDEX ix_deadlines_open"], "index ix_deadlines_open"),
    "a trigger more": (["CREATE TRIGGER sly AFTER INSERT ON cases BEGIN SELECT 1; END"], "trigger sly"),
}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_every_kind_of_tampering_is_found(busy: Program, kind: str) -> None:
    statements, said = TAMPERINGS[kind]
    schema = kind.split()[1] in ("trigger", "table", "index")
    if schema:
        with opened(busy.register) as connection:
            connection.execute(statements[0])
        connection.close()
    else:
        tampered(busy, *statements)
    assert said in found(busy)


def test_triggers_keep_the_log(busy: Program) -> None:
    for statement in (
        "UPDATE entries SET actor = 'x'",
        "DELETE FROM entries",
        "DELETE FROM bodies",
        "UPDATE bodies SET body = 'x', salt = 'y'",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            tampered(busy, statement, free=False)


def test_truncation_and_rewriting_are_found_against_a_head_that_was_noted(busy: Program) -> None:
    earlier = busy.register.read_bytes()
    noted = busy.whole().split()[-1]
    busy.open("One more")
    busy.whole("--expect", noted)
    later = busy.whole().split()[-1]
    busy.register.write_bytes(earlier)
    busy.whole()
    assert "it was cut short" in found(busy, "--expect", later)
    busy.open("Another instead")
    assert "the log was rewritten" in found(busy, "--expect", later)


def contents(register: Path) -> list[str] | None:
    """All there is in a register, row by row; None where it cannot be read."""
    connection = opened(register)
    try:
        tables = [
            row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
        ]
        return [repr((table, row)) for table in tables for row in connection.execute(f'SELECT * FROM "{table}"')] + [
            repr(row) for row in connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 2")
        ]
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    finally:
        connection.close()


def test_one_flipped_bit(busy: Program, whole: bool) -> None:
    good, before = busy.register.read_bytes(), contents(busy.register)
    chance, seen = random.Random(9), {0: 0, 5: 0, 6: 0}
    for _ in range(300 if whole else 30):
        data, place = bytearray(good), chance.randrange(len(good) * 8)
        data[place // 8] ^= 1 << place % 8
        busy.register.write_bytes(data)
        ran = busy("verify")
        assert ran.code in seen, (place, ran)
        assert "Traceback" not in ran.err
        seen[ran.code] += 1
        if ran.code == 0:
            assert contents(busy.register) == before, f"bit {place} changed what it says, and was not found"
    assert seen[6], seen
    print(f"bit flips: {seen[6]} found, {seen[5]} cannot be opened, {seen[0]} where nothing is written")


# -- the script of the standard library


def script(file: Path, *words: str) -> tuple[int, str]:
    ran = subprocess.run(
        [sys.executable, "-I", "-S", SCRIPT, file, *words], capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_the_script_verifies_an_exported_log_by_itself(busy: Program) -> None:
    log = busy.folder / "log.jsonl"
    busy.done("export", "log", "--jsonl", "--out", log)
    head = busy.whole().split()[-1]
    assert script(log, "--expect", head) == (0, f"entries 1 to {head.split(':')[0]} are whole; head {head}\n")
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join(lines[:-1]))
    assert script(log)[0] == 0
    assert "cut short" in script(log, "--expect", head)[1]


@pytest.mark.parametrize("how", ["edit", "author", "delete", "reorder", "empty", "nonsense"])
def test_the_script_finds_what_was_changed(busy: Program, how: str) -> None:
    log = busy.folder / "log.jsonl"
    busy.done("export", "log", "--jsonl", "--out", log)
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    if how == "edit":
        rows[4]["says"] = rows[4]["says"].replace("Shouting", "Singing")
    elif how == "author":
        rows[4]["by"] = "Nobody"
    elif how == "delete":
        del rows[4]
    elif how == "reorder":
        rows[4], rows[3] = rows[3], rows[4]
    elif how == "empty":
        rows[4]["says"] = rows[4]["salt"] = None
    log.write_text("[" if how == "nonsense" else "".join(json.dumps(row) + "\n" for row in rows))
    assert script(log)[0] == (2 if how == "nonsense" else 1)


@pytest.mark.parametrize("how", ["said twice", "a number that moves the cursor"])
def test_the_script_takes_no_line_that_others_would_read_otherwise(busy: Program, how: str) -> None:
    log = busy.folder / "log.jsonl"
    busy.done("export", "log", "--jsonl", "--out", log)
    lines = log.read_text().splitlines(keepends=True)
    if how == "said twice":  # whoever reads the first of them reads another log
        lines[4] = lines[4].replace("{", '{"says": "nothing happened", ', 1)
    else:
        lines[-1] = json.dumps(json.loads(lines[-1]) | {"entry": "\x1b[2J"}) + "\n"
    log.write_text("".join(lines))
    code, told = script(log)
    assert (code, "is no exported log" in told, "\x1b" in told) == (2, True, False)


def test_evidence_altered_deleted_or_added_is_named(busy: Program) -> None:
    [file] = (busy.folder / "register.sqlite.evidence").iterdir()
    good = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(good[:-1] + b"!")
    assert f"evidence {file.name} was altered" in found(busy)
    file.unlink()
    assert f"evidence {file.name} was deleted" in found(busy)
    file.symlink_to(busy.folder / "photo")
    assert f"evidence {file.name} was altered" in found(busy)
    file.unlink()
    file.write_bytes(good)
    (file.parent / "stranger").write_text("x")
    assert "was added" in found(busy)


def test_it_says_how_far_it_has_got_but_not_at_every_turn(busy: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "of 5 cases ..."
    assert said not in busy("verify").err
    monkeypatch.setattr("asbcli.casework.verify.AT_ONCE", 1)
    monkeypatch.setattr("asbcli.cli.desk.PACE", 0.0)
    assert busy("verify").err.count(said) == 5
