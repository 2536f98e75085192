"""Encrypted registers: nobody reads one without its key, the key is never shown, and all works as on a plain one."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from registers import write_key

from asbcli.store import door, keys
from safety.forked import Program
from safety.later_schema import with_a_later_schema
from safety.test_bad_files import READS, WRITES

pytestmark = pytest.mark.skipif(not door.has_extra(), reason="needs pip install 'asbcli[encrypt]'")

KEY = "0123456789abcdef" * 4
PASSPHRASE = "ness otter plum quarry"
NAME = "Zebedee Souter"


def unlocked(program: Program) -> Program:
    """The program with no key named."""
    for name in ("ASB_KEY_FILE", "ASB_KEYRING"):
        program.environment.pop(name, None)
    return program


@pytest.fixture
def plain(tmp_path: Path) -> Program:
    """The program on a plain register, no key named."""
    program = unlocked(Program(tmp_path))
    program.done("init")
    program.open(complainant=NAME)
    return program


@pytest.fixture
def asb(tmp_path: Path) -> Program:
    """The program on an encrypted register with a case in it."""
    program = unlocked(Program(tmp_path))
    program.environment["ASB_KEY_FILE"] = str(write_key(tmp_path / "key", KEY))
    program.done("init", "--encrypt")
    program.open(complainant=NAME)
    return program


@pytest.fixture
def key_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key, in this process too."""
    monkeypatch.setattr(keys, "_source", lambda: keys.Key(KEY, "here"))


def words_in(folder: Path) -> list[str]:
    """The files in which the name stands for anybody to read."""
    return [each.name for each in folder.rglob("*") if each.is_file() and b"Zebedee" in each.read_bytes()]


# -- the file


@pytest.mark.parametrize("words", [("dump",), ("export", "cases", "--out"), ("due", "--ics")])
def test_an_answer_takes_the_place_of_no_encrypted_register(asb: Program, words: tuple[str, ...]) -> None:
    before = asb.register.read_bytes()
    asb.refused(2, *words, asb.register)
    assert asb.register.read_bytes() == before


def test_the_file_says_nothing_to_anybody(asb: Program) -> None:
    asb.done("interview", "1", "victim", "--notes", f"{NAME} wept")
    asb.done("backup", asb.folder / "copy.sqlite")
    assert words_in(asb.folder) == []
    data = asb.register.read_bytes()
    assert data[:16] != door.PLAIN
    assert b"CREATE TABLE" not in data
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        sqlite3.connect(asb.register).execute("SELECT 1 FROM sqlite_master")


def test_neither_its_journal_nor_a_temporary_file_holds_words(asb: Program, key_here: None) -> None:
    connection = door.connect(asb.register)
    assert connection.execute("PRAGMA temp_store").fetchone()[0] == 2, "in memory"
    for statement in (
        "PRAGMA cache_size = 1", "BEGIN IMMEDIATE", "UPDATE people SET name = name || ' Zebedee'",
        "CREATE TABLE more AS SELECT * FROM procedures",  # more than the cache holds
    ):  # fmt: skip
        connection.execute(statement)
    assert asb.register.with_name("register.sqlite-journal").stat().st_size > 4096
    assert words_in(asb.folder) == []
    connection.execute("ROLLBACK")
    connection.close()
    asb.whole()


def test_every_way_of_keeping_it_works(asb: Program) -> None:
    asb.done("note", "1", "a note")
    asb.done("redact", "1", "4", "--basis", "a request", "--approved-by", "Boss")
    asb.done("calendar", "close", "24/12/2027", "the office party")
    assert "up to date" in asb.done("migrate")
    assert NAME in asb.done("due")
    first = asb("dump", "-")
    assert "not encrypted" in first.err
    other = asb.folder / "other.sqlite"
    asb.done("--db", other, "load", "-", "--encrypt", stdin=first.out)
    assert door.is_encrypted(other)
    assert asb.done("--db", other, "dump", "-") == first.out
    asb.whole()
    said = asb("doctor").out
    assert "encrypted\tyes" in said
    assert KEY not in said


def test_a_damaged_page_is_found(asb: Program) -> None:
    data = bytearray(asb.register.read_bytes())
    data[5 * 4096 + 7] ^= 1
    asb.register.write_bytes(data)
    ran = asb("verify")
    assert ran.code == 6
    assert "damaged" in ran.out


def test_a_damaged_plain_register_is_not_taken_for_an_encrypted_one(plain: Program) -> None:
    data = plain.register.read_bytes()
    for spoilt in (bytes(4096) + data[4096:], b"\xff" * 100 + data[100:], os.urandom(100) + data[100:]):
        plain.register.write_bytes(spoilt)
        said = plain.refused(5, "list")
        assert "its beginning is damaged" in said
        assert "encrypted" not in said


def test_a_plain_register_works_where_a_key_is_named_and_doctor_tells(plain: Program) -> None:
    plain.environment["ASB_KEY_FILE"] = str(write_key(plain.folder / "key", KEY))
    plain.done("note", "1", "as before")
    plain.whole()
    ran = plain("doctor")
    assert ran.code == 6
    assert "a key is named, and" in ran.err
    assert "encrypted\tno" in ran.out


# -- without its key


def no_key(asb: Program) -> None:
    del asb.environment["ASB_KEY_FILE"]


def wrong_key(asb: Program) -> None:
    write_key(asb.folder / "key", KEY[::-1])


def wrong_passphrase(asb: Program) -> None:
    write_key(asb.folder / "key", PASSPHRASE)


def open_to_others(asb: Program) -> None:
    (asb.folder / "key").chmod(0o640)


def gone(asb: Program) -> None:
    (asb.folder / "key").unlink()


def nothing_in_it(asb: Program) -> None:
    (asb.folder / "key").write_text("")


def no_text(asb: Program) -> None:
    (asb.folder / "key").write_bytes(b"\xff\xfe")


def several_lines(asb: Program) -> None:
    write_key(asb.folder / "key", f"{PASSPHRASE}\n{PASSPHRASE}")


def a_folder(asb: Program) -> None:
    gone(asb)
    (asb.folder / "key").mkdir(mode=0o700)


LOCKED_OUT: dict[str, tuple[Callable[[Program], None], str, str]] = {
    "no key": (no_key, "is encrypted", "ASB_KEY_FILE names"),
    "another's key": (wrong_key, "does not open", "ASB_KEY_FILE names"),
    "another's passphrase": (wrong_passphrase, "does not open", "ASB_KEY_FILE names"),
    "a key others can read": (open_to_others, "others on this machine can read the key", "chmod 600"),
    "a key file that is gone": (gone, "cannot be read", "name another"),
    "an empty key file": (nothing_in_it, "is no key", "hint"),
    "a key file of no text": (no_text, "holds no text", "hint"),
    "a key file of several lines": (several_lines, "is no key", "hint"),
    "a folder": (a_folder, "the key file", "hint"),
}


@pytest.mark.parametrize("how", LOCKED_OUT)
def test_without_its_key_it_stays_shut_and_untouched(asb: Program, how: str) -> None:
    lock, said, hint = LOCKED_OUT[how]
    lock(asb)
    before = sorted(asb.folder.iterdir())
    for words in (*READS, *WRITES, ("backup", "copy.sqlite"), ("dump", "-"), ("encrypt",), ("encrypt", "--undo")):
        told = asb.refused(5, *words)
        if words != ("init",):
            assert said in told, words
            assert hint in told, words
        assert KEY not in told
        assert PASSPHRASE not in told
    assert sorted(asb.folder.iterdir()) == before
    assert said in asb("doctor").err


def test_without_the_extra_it_says_what_to_install(asb: Program) -> None:
    def not_installed() -> None:
        sys.modules["sqlcipher3"] = None  # type: ignore[assignment]

    for words in READS:
        assert "pip install 'asbcli[encrypt]'" in asb.refused(5, *words, prepare=not_installed)
    other = asb.folder / "other.sqlite"
    assert "pip install" in asb.refused(5, "--db", other, "init", "--encrypt", prepare=not_installed)
    assert not other.exists()


# -- copies


def test_a_backup_has_the_same_key_and_comes_back(asb: Program) -> None:
    copy = asb.folder / "copy.sqlite"
    asb.done("backup", copy)
    assert door.is_encrypted(copy)
    assert copy.read_bytes()[:16] != asb.register.read_bytes()[:16], "a salt of its own"
    asb.done("note", "1", "later")
    assert "1 entries were recorded" in asb.refused(2, "restore", copy)
    asb.done("restore", copy, "--accept-loss")
    assert door.is_encrypted(asb.register)
    asb.whole()
    asb.register.unlink()
    asb.done("restore", copy)
    asb.whole()
    wrong_key(asb)
    assert "does not open" in asb.refused(5, "restore", copy, "--accept-loss")


def test_a_later_schema_is_reached_and_the_copy_of_before_is_encrypted(asb: Program, tmp_path: Path) -> None:
    def later() -> None:
        with_a_later_schema(tmp_path)

    assert "asb migrate" in asb.refused(5, "list", prepare=later)
    asb.done("migrate", prepare=later)
    [copy] = asb.folder.glob("register.sqlite.schema-*")
    assert door.is_encrypted(copy)
    assert words_in(asb.folder) == []
    assert asb("verify", prepare=later).code == 0


def test_a_plain_backup_over_an_encrypted_register_is_told(plain: Program) -> None:
    copy = plain.folder / "copy.sqlite"
    plain.done("backup", copy)
    plain.environment["ASB_KEY_FILE"] = str(write_key(plain.folder / "key", KEY))
    assert f"the backup {copy} was made before, and is plain" in plain("encrypt").err
    assert "the backup is not: asb encrypt" in plain("restore", copy).err
    plain.whole()


# -- from plain to encrypted and back


def test_a_plain_register_is_encrypted_and_made_plain_again(plain: Program) -> None:
    key = plain.folder / "keys" / "key"
    plain.environment["ASB_KEY_FILE"] = str(key)
    first, head = plain.done("dump", "-"), plain.whole().split()[-1]
    ran = plain("encrypt")
    assert ran.code == 0
    assert f"made the key {key}" in ran.err
    assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert key.read_text().strip() not in ran.out + ran.err
    [aside] = plain.folder.glob("register.sqlite.before-encrypting-*")
    assert f"the plain file is now {aside}: remove it" in ran.err
    assert words_in(plain.folder) == [aside.name]
    assert plain.whole().split()[-1] == head
    assert plain.done("dump", "-") == first
    plain.done("note", "1", "and it goes on")
    assert "encrypted already" in plain.refused(2, "encrypt")
    plain.done("encrypt", "--undo")
    assert plain.register.read_bytes()[:16] == door.PLAIN
    assert plain.register.stat().st_mode & 0o777 == 0o600
    plain.whole("--expect", head)
    assert "plain already" in plain.refused(2, "encrypt", "--undo")


def test_what_is_not_whole_is_not_written_anew(plain: Program) -> None:
    plain.environment["ASB_KEY_FILE"] = str(write_key(plain.folder / "key", KEY))
    with sqlite3.connect(plain.register) as connection:
        connection.execute("UPDATE cases SET officer = 'Nobody'")
    connection.close()
    assert "cannot be written anew" in plain.refused(5, "encrypt")
    assert list(plain.folder.glob("*before*")) == []


def test_a_killed_encryption_leaves_the_plain_register_or_the_encrypted(plain: Program, whole: bool) -> None:
    plain.environment["ASB_KEY_FILE"] = str(write_key(plain.folder / "key", KEY))
    present, chance = plain.register.read_bytes(), random.Random(11)
    lasts = plain("encrypt").seconds
    for _ in range(60 if whole else 6):
        plain.register.write_bytes(present)
        running = plain.start("encrypt")
        time.sleep(chance.uniform(lasts * 0.2, lasts * 1.05))
        running.kill()
        running.ended()
        plain.whole()
        plain.done("note", "1", "it goes on")


def test_a_writer_waiting_meanwhile_loses_nothing(plain: Program) -> None:
    plain.environment["ASB_KEY_FILE"] = str(write_key(plain.folder / "key", KEY))
    running = plain.start("encrypt")
    writers = {f"note {number}": plain.start("note", "1", f"note {number}") for number in range(6)}
    assert running.ended().code == 0
    told = {text: each.ended() for text, each in writers.items()}
    assert {ran.code for ran in told.values()} <= {0, 5}, told
    log = plain.done("history", "1", "--json")
    assert [text for text, ran in told.items() if ran.code == 0 and text not in log] == []
    plain.whole()


# -- where the key comes from


def test_a_named_key_encrypts_what_is_made_and_is_itself_made_only_when_asked(plain: Program) -> None:
    key, new = plain.folder / "key", plain.folder / "new.sqlite"
    plain.environment["ASB_KEY_FILE"] = str(key)
    assert "asb init --encrypt makes one" in plain.refused(5, "--db", new, "init")
    assert "asb init --encrypt makes one" in plain.refused(5, "--db", new, "load", "-", stdin="")
    assert not key.exists()
    assert "already a file" in plain.refused(5, "init", "--encrypt")
    assert not key.exists(), "no key for nothing"
    plain.done("--db", new, "init", "--encrypt")
    plain.done("--db", plain.folder / "second.sqlite", "init")
    assert door.is_encrypted(plain.folder / "second.sqlite")
    assert len(key.read_text().strip()) == 64


def test_config_names_the_key_and_the_environment_comes_first(asb: Program) -> None:
    folder = asb.folder / "config" / "asb"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f'key_file = "{asb.environment.pop("ASB_KEY_FILE")}"\n')
    asb.whole()
    ran = asb("list", env={"ASB_KEY_FILE": str(write_key(asb.folder / "other", PASSPHRASE))})
    assert ran.code == 5
    assert str(asb.folder / "other") in ran.err


KEYRING = '''
import json, pathlib
FILE = pathlib.Path(__file__).with_name("ring.json")
def get_password(service, name):
    return json.loads(FILE.read_text()).get(f"{service} {name}") if FILE.exists() else None
def set_password(service, name, text):
    FILE.write_text(json.dumps({f"{service} {name}": text}))
'''


def test_the_keyring_keeps_a_key(plain: Program) -> None:
    shelf = plain.folder / "shelf"
    shelf.mkdir()
    (shelf / "keyring.py").write_text(KEYRING)

    def ring() -> None:
        sys.path.insert(0, str(shelf))

    plain.environment["ASB_KEYRING"] = "the office"
    new = plain.folder / "new.sqlite"
    assert "keyring set asb 'the office'" in plain.refused(5, "--db", new, "init", prepare=ring)
    plain.done("--db", new, "init", "--encrypt", prepare=ring)
    assert door.is_encrypted(new)
    assert plain("--db", new, "list", prepare=ring).code == 0
    (shelf / "keyring.py").write_text("def get_password(*_):\n    raise RuntimeError('a secret')")
    said = plain.refused(5, "--db", new, "list", prepare=ring)
    assert "the keyring cannot be asked (RuntimeError)" in said
    assert "a secret" not in said


def typed(program: Program, *words: object, answers: tuple[tuple[str, str], ...]) -> tuple[int, str]:
    """What the program says at a terminal to which these answers are typed."""
    child = pexpect.spawn(
        sys.executable, ["-m", "asbcli", *map(str, words)], env=program.environment | {"TERM": "dumb"},
        cwd=str(program.folder), encoding="utf-8", timeout=60,
    )  # fmt: skip
    said = ""
    for question, answer in answers:
        child.expect_exact(question)
        said += str(child.before)
        child.waitnoecho()
        child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus or 0, said + str(child.before)


def test_at_a_terminal_the_key_is_typed_and_not_seen(plain: Program) -> None:
    new = plain.folder / "new.sqlite"
    twice = (("A key for the register", PASSPHRASE), ("The same again", PASSPHRASE))
    code, said = typed(plain, "--db", new, "init", "--encrypt", answers=twice)
    assert (code, PASSPHRASE in said) == (0, False), said
    code, said = typed(plain, "--db", new, "list", answers=(("Key of the register", PASSPHRASE),))
    assert (code, PASSPHRASE in said) == (0, False), said
    code, said = typed(plain, "--db", new, "list", answers=(("Key of the register", "a slip"),))
    assert (code, "the key typed does not open" in said, "a slip" in said) == (5, True, False), said
    third = plain.folder / "third.sqlite"
    for first, second, why in (("short", "short", "too short"), (PASSPHRASE, "another", "the two differ")):
        asked = (("A key for the register", first), ("The same again", second))[: 1 if why == "too short" else 2]
        code, said = typed(plain, "--db", third, "init", "--encrypt", answers=asked)
        assert (code, why in said) == (2, True), said
    assert not third.exists()
    assert "no key was given" in plain.refused(5, "--db", new, "--no-input", "list")


def test_sqlciphers_own_tools_open_it_with_the_passphrase(plain: Program) -> None:
    from sqlcipher3 import dbapi2

    new = plain.folder / "new.sqlite"
    plain.environment["ASB_KEY_FILE"] = str(write_key(plain.folder / "key", PASSPHRASE))
    plain.done("--db", new, "init", "--encrypt")
    connection = dbapi2.connect(str(new))
    connection.execute(f"PRAGMA key = '{PASSPHRASE}'")
    assert connection.execute("SELECT count(*) FROM entries").fetchone()[0] > 0
    connection.close()


# -- the key is never shown


def test_the_key_is_on_no_command_line_in_no_environment_and_in_no_traceback(asb: Program) -> None:
    code = (
        "import os, sys\n"
        "from asbcli.store import read\n"
        "def fails(*_, **__):\n"
        "    for name in ('cmdline', 'environ'):\n"
        "        sys.stderr.write(open(f'/proc/self/{name}').read() if os.path.isdir('/proc/self') else '')\n"
        "    raise RuntimeError\n"
        "read.show = fails\n"
        "from asbcli.cli.app import run\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, "show", "1"], env=asb.environment | {"ASB_TRACEBACK": "1"}, cwd=asb.folder,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "RuntimeError" in ran.stderr
    assert "Traceback" in ran.stderr
    assert KEY not in ran.stdout + ran.stderr
    assert repr(keys.Key(KEY, "the key in a file")) == "Key(the key in a file)"


def test_a_fault_of_the_file_is_told_as_of_a_plain_one(asb: Program, key_here: None) -> None:
    holding = door.connect(asb.register)
    holding.execute("BEGIN EXCLUSIVE")
    reading, writing = asb.start("list"), asb.start("note", "1", "x")
    for each in (reading, writing):
        ran = each.ended()
        assert (ran.code, "in use by another program" in ran.err) == (5, True), ran
    holding.close()
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        door.connect(asb.register).execute("DELETE FROM entries")
