"""What the fuzzer found, each kind once more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from registers import ENCRYPTED, opened

from safety.forked import ANONYMOUS, Program


def names(folder: Path) -> set[str]:
    """What stands in a folder and below."""
    return {str(each.relative_to(folder)) for each in folder.rglob("*")}


def test_a_backup_that_is_refused_leaves_no_evidence_behind(asb: Program) -> None:
    asb.open()
    (asb.folder / "photo").write_bytes(b"photo")
    asb.done("evidence", "1", "add", "photo")
    (asb.folder / "there").touch()
    (asb.folder / "copies").mkdir()
    (asb.folder / "copies" / "asb-erasures.txt").write_text("something else\n")
    before = names(asb.folder)
    assert "--replace" in asb.refused(2, "backup", "there")
    assert "is no list of erasures" in asb.refused(5, "backup", "copies/copy.sqlite")
    asb.refused(5, "backup", "nowhere/copy.sqlite")
    assert names(asb.folder) == before


@pytest.mark.parametrize("text", [b"[[[", b"\xff", b"1:x\n", b"9" * 5000 + b":" + b"a" * 64])
def test_a_list_of_erasures_that_is_none_stops_a_restore_before_anything_is_moved(asb: Program, text: bytes) -> None:
    asb.open()
    (asb.folder / "copies").mkdir()
    asb.done("backup", "copies/copy.sqlite")
    (asb.folder / "list").write_bytes(text)
    before = names(asb.folder)
    said = asb.refused(2, "restore", "copies/copy.sqlite", "--accept-loss", "--erasures", "list")
    assert "the list of erasures is not at" in said
    (asb.folder / "asb-erasures.txt").write_bytes(text)
    assert "is no list of erasures" in asb.refused(5, "restore", "copies/copy.sqlite", "--accept-loss")
    assert names(asb.folder) == before | {"asb-erasures.txt"}


def test_a_redaction_beside_a_list_of_erasures_that_is_none_says_so(asb: Program) -> None:
    asb.open()
    (asb.folder / "asb-erasures.txt").write_bytes(b"\xff")
    asb.done("note", "1", "to go")
    last = asb.done("history", "1").splitlines()[-1].split("\t")[0]
    ran = asb("redact", "1", last, "--basis", "a request", "--approved-by", "Boss")
    assert ran.code == 0, ran
    assert "warning: " in ran.err


def test_a_restore_waits_once_for_who_holds_the_register(asb: Program) -> None:
    asb.open()
    asb.done("backup", "copy.sqlite")
    with opened(asb.register) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        ran = asb("restore", "copy.sqlite", "--accept-loss")
        connection.execute("ROLLBACK")
    connection.close()
    assert ran.code == 5, ran
    assert "the register is in use by another program" in ran.err
    assert ran.seconds < 12
    asb.whole()


def test_an_answer_takes_the_place_of_no_register_and_of_nothing_but_a_plain_file(asb: Program) -> None:
    asb.open()
    os.mkfifo(asb.folder / "pipe")
    (asb.folder / "link").symlink_to("register.sqlite")
    (asb.folder / "sub").mkdir()
    for name in ("register.sqlite", "link", "sub/../register.sqlite", "pipe"):
        for words in (("dump", name), ("export", "cases", "--out", name), ("due", "--ics", name),
                      ("export", "cases", "--for-others", "--out", name)):  # fmt: skip
            assert "cannot be written" in asb.refused(2, *words)
    for name in ("register.sqlite", "link", "sub/../register.sqlite"):
        assert "the register itself" in asb.refused(2, "backup", name, "--replace")
    assert "not a plain file" in asb.refused(5, "backup", "pipe", "--replace")
    assert (asb.folder / "pipe").is_fifo()
    asb.whole()


@pytest.mark.parametrize("leads_to", ["nowhere", "/dev/null", "notes.txt"])
def test_a_link_is_written_to_by_nothing(asb: Program, leads_to: str) -> None:
    asb.open()
    (asb.folder / "photo").write_bytes(b"the door")
    asb.done("evidence", "1", "add", asb.folder / "photo")
    (asb.folder / "notes.txt").write_text("mine")
    link = asb.folder / "link"
    link.symlink_to(leads_to)
    for words in (("dump", "link"), ("export", "cases", "--out", "link"), ("due", "--ics", "link"),
                  ("export", "cases", "--for-others", "--out", "link"), ("backup", "link", "--replace"),
                  ("letter", "1", "acknowledgement", "--to", "P1", "--out", "link"),
                  ("dsar", "1", "--for", "P1", "--out", "link")):  # fmt: skip
        said = asb.refused(2, *words)
        assert "it is a link" in said, words
        assert "hint: name the file itself" in said
    for words, code in ((("evidence", "1", "export", "4", "--out", "link"), 2), (("demo", "--keep", "link"), 5),
                        (("backup", "link"), 2)):  # fmt: skip
        assert "already a file" in asb.refused(code, *words)
    assert os.readlink(link) == leads_to
    assert (asb.folder / "notes.txt").read_text() == "mine"
    asb.whole()


def test_a_register_that_a_link_leads_to_has_one_place_for_all_that_stands_beside_it(asb: Program) -> None:
    """The shared folder holds the file; at home there is a link to it."""
    home, real = asb.folder / "home", asb.folder / "real"
    for each in (home, real):
        each.mkdir(mode=0o700)
    (home / "link.sqlite").symlink_to("../real/register.sqlite")
    (asb.folder / "photo").write_bytes(b"the door")
    asb.done("--db", home / "link.sqlite", "init")
    for number, path in ((1, home / "link.sqlite"), (2, real / "register.sqlite")):
        for words in ((*ANONYMOUS, "Shouting"), ("note", number, "A note"),
                      ("evidence", number, "add", asb.folder / "photo"),
                      ("redact", number, 4 * number, "--basis", "x", "--approved-by", "Boss"),
                      ("backup", asb.folder / f"{number}.sqlite"), ("verify",)):  # fmt: skip
            asb.done("--db", path, *words)
    assert [each.name for each in home.iterdir()] == ["link.sqlite"]
    beside = sorted(each.name for each in real.iterdir())
    assert beside == ["asb-erasures.txt", "register.sqlite", "register.sqlite.backups", "register.sqlite.evidence"]
    asb.done("--db", home / "link.sqlite", "restore", asb.folder / "2.sqlite")
    assert (home / "link.sqlite").is_symlink()
    asb.done("--db", real / "register.sqlite", "verify")


@pytest.mark.parametrize("way", ["--db", "ASB_DB", "config"])
def test_the_address_of_a_database_server_is_refused_and_not_shown(asb: Program, way: str) -> None:
    address = "postgresql://u:secret@localhost/x"
    config = asb.folder / "config.toml"
    config.write_text(f'db = "{address}"\n' if way == "config" else "")
    env = {"ASB_CONFIG": str(config), "ASB_DB": address if way == "ASB_DB" else ""}
    flags = ("--db", address) if way == "--db" else ()
    for words in (("list",), ("doctor",), ("init",), ("verify",), ("demo",)):
        ran = asb(*flags, *words, env=env)
        assert (ran.code, ran.out) == (2, ""), ran
        assert "error: " in ran.err
        assert "a register is a file" in ran.err
        assert "hint: name a file" in ran.err
        assert "secret" not in ran.err
    assert not [each for each in asb.folder.iterdir() if "postgres" in each.name]


@pytest.mark.parametrize("name", [":memory:", "./:memory:", "file:x.sqlite?mode=memory", "FILE:x.sqlite"])
def test_what_only_sqlite_takes_for_a_database_is_no_name_of_a_register(asb: Program, name: str) -> None:
    before = sorted(asb.folder.rglob("*"))
    for words in (("--db", name, "init"), ("--db", name, "note", "1", "x"), ("--db", name, "list"),
                  ("demo", "--keep", name)):  # fmt: skip
        ran = asb(*words)
        assert (ran.code, ran.out) == (2, ""), ran
        assert f"error: {'--keep' if 'demo' in words else '--db'} gives " in ran.err
        assert "a register is a file" in ran.err
    assert sorted(asb.folder.rglob("*")) == before, "nothing was made"


def test_evidence_that_a_backup_does_not_know_goes_aside_with_the_register_that_does(asb: Program) -> None:
    asb.open()
    asb.done("backup", "copy.sqlite")
    (asb.folder / "photo").write_bytes(b"photo")
    asb.done("evidence", "1", "add", "photo")
    ran = asb("restore", "copy.sqlite", "--accept-loss")
    assert "with evidence that only it knows beside it" in ran.err, ran
    asb.whole()
    [aside] = asb.folder.glob("register.sqlite.before-restore-*[0-9]")
    asb.done("--db", aside, "verify")


def test_evidence_whose_entry_was_voided_stays_as_its_entry_does(asb: Program) -> None:
    asb.open()
    (asb.folder / "photo").write_bytes(b"photo")
    asb.done("evidence", "1", "add", "photo")
    entry = json.loads(asb.done("evidence", "1", "list", "--json"))[0]["entry"]
    asb.done("correct", "1", entry, "--void", "--because", "another case's")
    asb.whole()
    (asb.folder / "copies").mkdir()
    asb.done("backup", "copies/copy.sqlite")
    [kept] = (asb.folder / "copies" / "asb-evidence").glob("*/*")
    assert kept.read_bytes() == b"photo"
    asb.done("redact", "1", entry, "--basis", "a request", "--approved-by", "Boss")
    asb.whole()
    assert not list((asb.folder / "register.sqlite.evidence").iterdir())
    assert not list((asb.folder / "copies" / "asb-evidence").glob("*/*"))


def test_what_comes_in_without_end_is_refused_before_it_fills_the_memory(asb: Program) -> None:
    def endless() -> None:
        os.dup2(os.open("/dev/zero", os.O_RDONLY), 0)

    assert "line 1 is longer than" in asb.refused(2, "import", "-", prepare=endless)
    new = asb.folder / "new.sqlite"
    assert "line 1 is longer than" in asb.refused(2, "--db", new, "load", "-", prepare=endless, register=new)


def test_a_demo_is_not_kept_where_a_setting_is_wrong(asb: Program) -> None:
    asb.refused(2, "demo", "--keep", "kept.sqlite", env={"ASB_AS": " "})
    assert not (asb.folder / "kept.sqlite").exists()


def test_a_look_at_a_restricted_case_is_told_to_be_logged_even_where_nothing_is_found(asb: Program) -> None:
    asb.open()
    asb.done("flag", "1", "add", "restricted", "--because", "staff live nearby")
    ran = asb("explain", "1", "--person", "nobody", "--because", "a complaint")
    assert (ran.code, ran.out) == (3, "")
    assert "ASB-1 is restricted: that you look at it, and why, was logged" in ran.err
    assert "too long" in asb.refused(2, "show", "1", "--because", "x" * 30_000)
    asb.whole()


def test_a_file_that_was_made_is_named_where_its_answer_cannot_be_written(asb: Program) -> None:
    asb.open()
    (asb.folder / "photo").write_bytes(b"photo")
    asb.done("evidence", "1", "add", "photo")
    entry = json.loads(asb.done("evidence", "1", "list", "--json"))[0]["entry"]
    for words in (("dump", "made"), ("evidence", "1", "export", entry, "--out", "made"), ("demo", "--keep", "made")):
        (asb.folder / "made").unlink(missing_ok=True)
        ran = asb(*words, stdout="/dev/full")
        assert (ran.code, "made was saved" in ran.err) == (1, True), ran


def test_an_interrupt_that_cannot_be_raised_is_told_without_a_traceback_and_stops_the_change() -> None:
    script = """
import os, signal, weakref
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started this may have had it ignored
from asbcli.cli.desk import Desk
desk = Desk()
desk.watch_interrupts()
class Thing: pass
thing = Thing()
seen = weakref.ref(thing, lambda _: os.kill(os.getpid(), signal.SIGINT))
del thing
try:
    desk.hold_interrupts()
except KeyboardInterrupt:
    print("left")
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("left\n", "")


def test_an_empty_file_is_evidence_too(asb: Program) -> None:
    asb.open()
    (asb.folder / "empty").touch()
    asb.done("evidence", "1", "add", "empty")
    [kept] = json.loads(asb.done("evidence", "1", "list", "--json"))
    assert kept["bytes"] == 0
    asb.done("note", "1", "and the case goes on")
    asb.done("show", "1", "--on", "today")
    asb.whole()


def test_a_change_that_moved_a_date_is_told_in_the_history(asb: Program) -> None:
    asb.open(received="yesterday")
    asb.done("flag", "1", "add", "hate", "--because", "what was shouted")
    asb.done("change", "1", "--category", "pets", "--because", "a slip")
    said = asb.done("history", "1")
    moved = [each for row in json.loads(asb.done("history", "1", "--json")) for each in row["says"].get("moved", ())]
    assert moved
    assert all(each[0] in said for each in moved)
    assert "→" in said


def test_a_register_is_not_its_own_backup(asb: Program) -> None:
    asb.open()
    (asb.folder / "link").symlink_to("register.sqlite")
    for name in ("register.sqlite", "link"):
        assert "the register itself" in asb.refused(2, "restore", name, "--nothing-erased")


def test_a_review_of_the_procedure_dated_before_it_was_adopted(asb: Program) -> None:
    asb.open()
    asb.done("procedure", "reviewed", "Looked through before it was put in force", "--at", "5d")
    asb.done("due", "--on", "3d")
    asb.whole()


@pytest.mark.parametrize("bad", ["x" * 21_000, "\x07\x08"])
def test_what_belongs_to_no_case_is_said_in_texts_that_can_be_stored_too(asb: Program, bad: str) -> None:
    let = ("tenancy", "start", "Jo", "--address", "2 Elm Street", "--checks", "references")
    asb.done(*let)
    for words in (("procedure", "reviewed", bad), ("role", "add", "director", bad), (*let[:2], bad, *let[3:]),
                  ("calendar", "close", "2027-01-04", bad), ("calendar", "open", "2027-01-09", bad),
                  (*let[:4], bad, *let[5:]), (*let[:6], bad), (*let, "--officer", bad),
                  ("tenancy", "visit", "T1", "--text", bad), ("tenancy", "end", "T1", "--text", bad)):  # fmt: skip
        said = asb.refused(2, *words)
        assert "the most is" in said or "is empty" in said, words


def test_a_refused_load_and_restore_leave_no_folder_behind(asb: Program) -> None:
    (asb.folder / "bad").write_text("no dump\n")
    asb.refused(2, "--db", "a/b/new.sqlite", "load", "bad", register=asb.folder / "a")
    asb.done("backup", "copy.sqlite")
    (asb.folder / "asb-erasures.txt").unlink()
    asb.refused(2, "--db", "a/b/new.sqlite", "restore", "copy.sqlite", register=asb.folder / "a")
    assert not (asb.folder / "a").exists()


def test_no_targets_are_a_lone_header(asb: Program) -> None:
    assert asb.done("targets", "--csv").startswith("procedure,target,")
    assert json.loads(asb.done("targets", "--json")) == []


def test_what_is_refused_makes_no_calendar_file(asb: Program) -> None:
    for words in (("--json", "--csv"), ("--raw",)):
        asb.refused(2, "due", "--ics", "due.ics", *words)
    assert names(asb.folder) == {"register.sqlite"}


def test_a_step_counts_once_in_its_own_case(asb: Program) -> None:
    asb.open()
    for words in (("contact", "1", "Told"), ("interview", "1", "victim")):
        assert "--also is ASB-1 itself" in asb.refused(2, *words, "--also", "1")
    asb.whole()


def test_an_override_of_a_table_that_is_a_list_is_a_mistake(asb: Program) -> None:
    (asb.folder / "bad.toml").write_text(
        '[procedure]\nid = "x"\nversion = "1"\ntitle = "X"\nin_force_from = 2026-01-01\n'
        '[[include]]\nfile = "default"\n[[override]]\nid = "abc-review"\ntable = ["a"]\nodd = 1\n'
    )
    ran = asb("procedure", "check", "bad.toml")
    assert (ran.code, "unexpected fault" in ran.err) == (6, False), ran


def test_rows_changed_behind_the_registers_back_are_told_as_damage(asb: Program) -> None:
    asb.open()
    with opened(asb.register) as connection:
        connection.execute("DELETE FROM register")
        connection.execute("UPDATE calendar SET day = 'x' || day WHERE rowid = 1")
    connection.close()
    for words in (("calendar", "show"), ("note", "1", "x", "--json"), ("calendar", "count", "5 working days")):
        ran = asb(*words)
        assert ran.code in (0, 5), ran
        assert "unexpected fault" not in ran.err, ran
    assert "is damaged: " in asb.refused(5, "calendar", "show")


@pytest.mark.parametrize("change", [
    "INSERT INTO calendar VALUES ('zzz', 'closed', 'x')", "INSERT INTO calendar VALUES (x'fe', 'closed', 'x')",
    "UPDATE procedures SET content = CAST(content AS BLOB)", "UPDATE procedures SET content = ' ' || content",
])
def test_a_value_that_none_of_ours_wrote_is_named_as_damage_by_whoever_meets_it(asb: Program, change: str) -> None:
    asb.open()
    with opened(asb.register) as connection:
        connection.execute(change)
    connection.close()
    for words in (("note", "1", "x"), ("dump", "out.jsonl"), ("calendar", "show"), ("calendar", "count", "3 days"),
                  ("due",), ("show", "1")):
        ran = asb(*words)
        assert ran.code in (0, 5), (words, ran)
        assert ran.code == 0 or "is damaged: " in ran.err, (words, ran)
    assert asb("verify").code == 6


@pytest.mark.skipif(ENCRYPTED, reason="nothing of an encrypted file is found by its bytes")
def test_a_file_whose_description_of_itself_is_no_text_is_told_as_damage(asb: Program) -> None:
    asb.open()
    whole = asb.register.read_bytes()
    for name in (b"CREATE TABLE entries", b"CREATE TABLE cases"):
        asb.register.write_bytes(whole.replace(name, name[:9] + b"\xd2" + name[10:]))
        for words in (("list",), ("note", "1", "x"), ("verify",), ("doctor",), ("backup", "copy.sqlite")):
            ran = asb(*words)
            assert (ran.code in (5, 6), "error: " in ran.err, "fault" in ran.err) == (True, True, False), ran
            assert "Traceback" not in ran.err


@pytest.mark.parametrize("kind", ["pipe", "zero"])
def test_a_pipe_that_nobody_writes_to_and_a_device_hold_nobody_up(asb: Program, kind: str) -> None:
    asb.open()
    asb.done("backup", "copy.sqlite")
    file = asb.folder / "pipe"
    os.mkfifo(file)
    name = "pipe" if kind == "pipe" else "/dev/zero"
    new = asb.folder / "new.sqlite"
    for words in (("import", name), ("note", "1", "--answers", name), ("procedure", "check", name),
                  ("evidence", "1", "add", name), ("restore", "copy.sqlite", "--erasures", name)):  # fmt: skip
        assert asb(*words, within=8).code == 2, words
    assert asb("--db", new, "load", name, within=8).code == 2
    assert asb("--db", name, "list", within=8).code == 5
    assert asb("list", env={"ASB_CONFIG": name}, within=8).code == (0 if kind == "pipe" else 2)


def test_nothing_at_all_is_a_good_configuration(asb: Program) -> None:
    asb.done("list", env={"ASB_CONFIG": os.devnull})


@pytest.mark.parametrize("words", [("load", "~nosuchuser/x"), ("backup", "~nosuchuser/x"), ("demo", "--keep", "~x/x"),
                                   ("restore", "~nosuchuser/x", "--colour", "pink")])
def test_a_home_that_is_not_known_is_told_as_such(asb: Program, words: tuple[str, ...]) -> None:
    said = asb.refused(2, *words)
    assert "home folder" in said or "no such way" in said


def test_a_demo_kept_under_a_name_that_says_nothing_is_not_made(asb: Program) -> None:
    assert "no name of a file" in asb.refused(2, "demo", "--keep", "\u2028\u2029")


def test_an_interrupt_while_a_connection_closes_is_told_without_a_traceback() -> None:
    script = """
import sqlite3
from pathlib import Path
from asbcli.store import door, engine
class Closing(sqlite3.Connection):
    def close(self):
        raise KeyboardInterrupt
door.connect = lambda *_, **__: sqlite3.connect(":memory:", factory=Closing, isolation_level=None)
made = engine.engine_for(Path("x"))
with made.connect():
    pass
try:
    made.dispose()
except KeyboardInterrupt:
    print("left")
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
