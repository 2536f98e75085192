"""Files that are no register, or no longer: each named, exit 5, untouched, never created over."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from registers import key_of_another, opened

from safety.forked import Program

READS = (("list",), ("due",), ("verify",), ("export", "log"), ("search", "stair"), ("history", "1"))
WRITES = (
    ("note", "1", "x"),
    ("open", "--category", "noise", "--definition", "personal", "--summary", "x", "--anonymous"),
    ("init",),
    ("migrate",),
    ("calendar", "refresh"),
)


def changed(change: str) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        with opened(file) as connection:
            connection.execute(change)
        connection.close()

    return spoil


def another_programs(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE cases (number INTEGER)")
    connection.close()


def text(file: Path) -> None:
    file.write_text("Dear Sir\n" * 100)


def fifo(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def damaged_header(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[0:8] = b"\0" * 8
    file.write_bytes(data)


SPOILED = {
    "empty": (lambda file: file.write_bytes(b""), "is empty"),
    "cut off in its header": (lambda file: file.write_bytes(file.read_bytes()[:50]), "not a register"),
    "text": (text, "not a register"),
    "a folder": (folder, "is not a file"),
    "a FIFO": (fifo, "is not a file"),
    "another program's": (another_programs, "belongs to another program"),
    "damaged header": (damaged_header, "its beginning is damaged"),
    "newer": (changed("PRAGMA user_version = 99"), "newer asb (schema 99)"),
    "not there": (lambda file: file.unlink(), "there is no register"),
}


@pytest.mark.parametrize("kind", SPOILED)
def test_a_file_that_is_no_register(asb: Program, kind: str) -> None:
    spoil, said = SPOILED[kind]
    spoil(asb.register)
    for words in (*READS, *WRITES):
        if kind == "not there" and words == ("init",):
            continue
        expected = "already a file" if words == ("init",) else said
        assert expected in asb.refused(5, *words), words
    names = {each.name for each in asb.folder.iterdir()}
    assert names <= {"register.sqlite"}, "nothing was made beside it"


def test_an_older_schema_is_named_and_its_missing_step_too(asb: Program) -> None:
    changed("PRAGMA user_version = 0")(asb.register)
    assert "asb migrate" in asb.refused(5, "list")
    changed("UPDATE alembic_version SET version_num = 'gone'")(asb.register)
    assert "a step is missing" in asb.refused(5, "migrate")


@pytest.mark.parametrize("where", ["truncated", "page"])
def test_a_damaged_register(asb: Program, where: str) -> None:
    for _ in range(30):
        asb.open()
    data = bytearray(asb.register.read_bytes())
    if where == "truncated":
        data = data[: len(data) // 2]
    else:
        for page in range(2, len(data) // 4096, 2):
            data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    asb.register.write_bytes(data)
    for words in (*READS, *WRITES):
        if words[0] in ("init", "migrate"):
            continue
        ran = asb(*words)
        assert ran.code in ((5, 6) if words == ("verify",) else (0, 3, 5)), (words, ran)
        assert "Traceback" not in ran.err
        assert "unexpected fault" not in ran.err, (words, ran)
    assert asb.register.read_bytes() == data or where == "page"
    assert asb("verify").code in (5, 6)


def test_the_end_of_a_line_in_a_files_name_is_shown(asb: Program) -> None:
    register = asb.folder / "a\nhint: asb init.sqlite"
    asb.done("--db", register, "init")
    asb.done("--db", register, "backup", "copy.sqlite")
    told = [asb("--db", register, *words).err for words in (("restore", "copy.sqlite"), ("export", "cases", "--out",
            "b\nhint: x"), ("due", "--ics", "c\nhint: x"), ("init",), ("--db", "d\nhint: x", "list"))]  # fmt: skip
    for said in told:
        assert "␊hint: " in said
        assert not [line for line in said.splitlines() if line.startswith(("hint: x", "hint: asb init.sqlite"))]


def test_reading_commands_do_not_write(asb: Program) -> None:
    asb.open()
    before = asb.register.read_bytes(), asb.register.stat().st_mtime_ns
    for words in READS:
        asb(*words)
    assert (asb.register.read_bytes(), asb.register.stat().st_mtime_ns) == before


def test_a_register_that_cannot_be_written_to(asb: Program) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can act as somebody else")
    asb.open()
    asb.register.chmod(0o444)
    asb.folder.chmod(0o555)
    for parent in list(asb.folder.parents)[:4]:
        parent.chmod(parent.stat().st_mode | 0o011)

    def somebody_else() -> None:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)

    env = dict(key_of_another(asb.folder.parent / "key", 65534))
    assert asb("list", prepare=somebody_else, env=env).code == 0
    said = asb.refused(5, "note", "1", "x", prepare=somebody_else, env=env)
    assert "nothing was saved" in said


def test_a_name_too_long_or_odd(asb: Program) -> None:
    for name in ("x" * 5000, "a" * 900, "no/such/folder/x.sqlite"):
        ran = asb("--db", name, "list")
        assert ran.code in (2, 5), ran
        assert "Traceback" not in ran.err
    odd = asb.folder / "100% ?a=b #1; 'x'.sqlite"
    asb.done("--db", odd, "init")
    asb.done("--db", odd, *WRITES[1])
    asb.done("--db", odd, "verify")
