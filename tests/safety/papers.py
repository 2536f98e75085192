"""The room a fuzzer works in: a register of a few worked cases, and papers of every kind, good, mutated and hostile."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sqlite3
import stat
from contextlib import suppress
from pathlib import Path
from random import Random

from safety.forked import ROOT, Program

SECRET = "quarrier"  # stands in what only the restricted case holds
RESTRICTED = 6
OFFICE = "office"  # the folder of the room that commands are typed in
_LAST = "its last entry"
_WORKED: tuple[tuple[str, ...], ...] = (
    ("open", "--category", "domestic-abuse", "--definition", "personal", "--complainant", "Ottoline Quarrier",
     "--address", "7 Quarrier Wynd", "--perpetrator", "Edmund Quarrier", "--perpetrator-tenure", "own-tenant",
     "--summary", "Shouting and threats of Mr Quarrier", "--received", "yesterday"),
    ("flag", "6", "add", "restricted", "--because", "staff live nearby"),
    ("open", "--category", "noise", "--definition", "nuisance", "--complainant", "Isla Moran", "--witness", "Ann Baird",
     "--perpetrator", "unknown", "--address", "Flat 2/1, 14 Larch Road", "--summary",
     "[b]Drums[/b] =1+1 \x1b[31m \u202e",
     "--new"),
    ("link", "1", "7"),
    ("person", "1", "set", "P1", "--safe-address", "PO Box 9", "--do-not", "phone", "--email", "a@example.org"),
    ("contact", "1", "Told what happens next", "--purpose", "outline", "--channel", "email"),
    ("consent", "1", "P1", "given", "--for", "perpetrator-contact", "--written"),
    ("agency", "1", "add", "Police Scotland", "--kind", "police", "--contact", "PC Grant"),
    ("diary", "1", "issued", "--every", "1 week"),
    ("event", "2", "notice-served", "--at", "yesterday", "--because", "it was"),
    ("remedy", "1", "mediation", "offered"),
    ("risk", "2", "--level", "high"),
    ("answer", "1", "category-confirmed", "yes"),
    ("note", "3", "A note that is to go"),
    ("evidence", "2", "add", "papers/photo.jpg", "--text", "the stair"),
    ("tenancy", "start", "Callum Reid", "--address", "Flat 1/1, 14 Larch Road", "--at", "1/10/2026",
     "--checks", "references"),
    ("tenancy", "start", "Dean Hall", "--address", "2 Elm Street", "--short", "--checks", "references",
     "--notice", "yesterday", "--paragraph", "6"),
    ("role", "add", "housing-manager", "Iain Kerr"),
    ("calendar", "close", "2026-12-24", "the office party"),
    ("retention", "hold", "5", "--because", "a court asks"),
    ("redact", "3", _LAST, "--basis", "a request", "--approved-by", "Iain Kerr"),
    ("backup", "papers/copies/good.sqlite"),
    ("dump", "papers/good.jsonl"),
)  # fmt: skip
_REPORTS = (
    "category,definition,summary,complainant,address,perpetrator,external_ref,received\n"
    "noise,personal,Drums at night,Jane Souter,9 Elm Street,unknown,X1,2026-11-02\n"
    'hate;violence,personal,"A text, with ""quotes"" and\na line",Tomasz Wilk,,Dean Hall;Ross Muir,X2,\n'
    "pets,nuisance,Dogs,,,,X3,1/11/2026 14:00\n"
)


def worked(office: Path) -> Program:
    """An office with a register of worked cases, and good papers beside it."""
    papers = office / "papers"
    for folder in (office, papers, papers / "copies", office / "tmp"):
        folder.mkdir(mode=0o700, parents=True)
    asb = Program(office)
    (papers / "photo.jpg").write_bytes(bytes(range(256)) * 40)
    asb.done("demo", "--keep", asb.register)
    for words in _WORKED:
        asb.done(*(_last_entry(asb, words[1]) if word == _LAST else word for word in words))
    for name in ("fixtures/schema-1.sqlite", "landlords/inch.toml", "landlords/inch-lodgers.toml"):
        shutil.copy(ROOT / "tests" / name, papers)
    shutil.copy(ROOT / "tests" / "landlords" / "strathbrae.toml", papers / "good.toml")
    (papers / "good.csv").write_text(_REPORTS)
    (papers / "config.toml").write_text('as = "Morag Sinclair"\ncolour = "auto"\n[retention]\ndefault = "6 years"\n')
    return asb


def _last_entry(asb: Program, case: str) -> str:
    return str(json.loads(asb.done("history", case, "--json"))[-1]["entry"])


def spoil(asb: Program, chance: Random) -> None:
    """Put hostile and mutated papers beside the good ones, other ones each time."""
    papers = asb.folder / "papers"
    _hostile(papers)
    toml = [*(ROOT / "asbcli" / "procedure" / "files").glob("*.toml"), *(ROOT / "tests" / "landlords").glob("*.toml")]
    for number in range(6):
        text = chance.choice(sorted(toml)).read_text()
        (papers / f"procedure-{number}.toml").write_bytes(_mutated_toml(text, chance))
    for number in range(3):
        (papers / f"config-{number}.toml").write_bytes(_mutated_toml((papers / "config.toml").read_text(), chance))
        (papers / f"reports-{number}.csv").write_bytes(_mutated_text(_REPORTS, chance, ",;\"\n\r\0\x1b='"))
        _flip(asb.register, papers / f"flipped-{number}.sqlite", chance)
    for number in range(4):
        lines = (papers / "good.jsonl").read_text()
        (papers / f"lines-{number}.jsonl").write_bytes(_mutated_lines(lines, chance))
        _tamper(asb.register, papers / f"tampered-{number}.sqlite", chance)
    lists = sorted(papers.glob("copies/*erasures*"))
    text = lists[0].read_text() if lists else "[]"
    (papers / "erasures-0").write_bytes(_mutated_text(text, chance, '{}[]",0'))


def _hostile(papers: Path) -> None:
    os.mkfifo(papers / "pipe", 0o600)
    (papers / "link").symlink_to("photo.jpg")
    (papers / "link-to-folder").symlink_to("copies")
    (papers / "loop").symlink_to("loop")
    (papers / "dangling").symlink_to("nowhere")
    (papers / "garbage").write_bytes(Random(1).randbytes(5000))
    (papers / "empty").touch()
    (papers / "deep.json").write_text("[" * 100_000 + "]" * 100_000)
    (papers / "nul").write_bytes(b"a\0b,\0\n" * 50)
    (papers / "wide.csv").write_text("summary,category,definition\n" + "x" * 200_000 + ",noise,personal\n")
    (papers / "cut.sqlite").write_bytes((papers.parent / "register.sqlite").read_bytes()[:20_000])
    (papers / "bomb.toml").write_text("a = " + "[" * 20_000 + "]" * 20_000)
    with sqlite3.connect(papers / "other.sqlite") as connection:
        connection.execute("CREATE TABLE cases (number INTEGER)")
    connection.close()
    (papers / "secret").write_text("no one may read it")
    (papers / "secret").chmod(0)
    (papers / "closed").mkdir(mode=0)
    for name, number in (("null", 3), ("zero", 5), ("full", 7)):
        _device(papers / name, number)
    (papers / "stdin").symlink_to("/dev/stdin")
    with socket.socket(socket.AF_UNIX) as listening, suppress(OSError):  # where the path is too long for one
        listening.bind(str(papers / "socket"))


def _device(path: Path, number: int) -> None:
    """A device of the room's own, for the machine's could come to harm by root; to others a link to it."""
    try:
        os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, number))
    except PermissionError:
        path.symlink_to(f"/dev/{path.name}")


def _mutated_text(text: str, chance: Random, special: str) -> bytes:
    """A text with a few slips: characters and lines that went, came twice, or are strangers."""
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        place = chance.randrange(len(text) + 1)
        how = chance.randrange(6)
        if how == 0:
            text = text[:place] + chance.choice(special) + text[place:]
        elif how == 1:
            text = text[:place] + text[place + chance.choice((1, 1, 3, 20)) :]
        elif how == 2:
            lines = text.split("\n")
            lines.insert(chance.randrange(len(lines)), chance.choice(lines))
            text = "\n".join(lines)
        elif how == 3:
            lines = text.split("\n")
            del lines[chance.randrange(len(lines))]
            text = "\n".join(lines)
        elif how == 4:
            stranger = chance.choice(("9" * 5000, "\ud800", "\u202e", "x" * 30_000, "\ufeff", "\x7f"))
            text = text[:place] + stranger + text[place:]
        elif chance.random() < 0.2:
            text = text[:place]
    return text.encode("utf-8", "surrogatepass")


_VALUE = re.compile(r"(?<== )[^\n]+")
_NO_VALUES = (
    "1", "-1", "0", "true", '""', '"x"', "[]", "[[]]", "{}", '["x", 1]', "1.5", "nan", "2026-11-21",
    "99999999999999999999",
    '"99999999 years"', '"0 days"', '"-1 week"', '"\\u202e"', '"1 working day"',
    '["perpetrator.joint-tenancy"]', '"report"',
    "9999-12-31", "0001-01-01", '["report", "report"]', '"\\u0000"', "07:32:00", "1979-05-27T07:32:00Z",
    '"' + "x" * 3000 + '"',
    '[{within = "1 day"}]', '[{within = "1 day", when = ["hate"]}]', '["hate"]', '"P1"', '"month"', '"1 month"', '"*"',
)  # fmt: skip


def _mutated_toml(text: str, chance: Random) -> bytes:
    """A procedure or a configuration in which a value is another's, or the text has slips."""
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        found = list(_VALUE.finditer(text))
        if found and chance.random() < 0.75:
            old = chance.choice(found)
            new = chance.choice(_NO_VALUES) if chance.random() < 0.6 else chance.choice(found)[0]
            text = text[: old.start()] + new + text[old.end() :]
        else:
            text = _mutated_text(text, chance, '[]="\n#.').decode("utf-8", "surrogatepass")
    return text.encode("utf-8", "surrogatepass")


def _mutated_lines(text: str, chance: Random) -> bytes:
    """A dump in which rows were changed, and whose tail was mostly made to fit again."""
    import hashlib

    lines = text.splitlines(keepends=True)
    for _ in range(chance.choice((1, 1, 2, 6))):
        place = chance.randrange(len(lines) - 1)
        said = None
        with suppress(ValueError):  # where it was mutated before
            said = json.loads(lines[place])
        how = chance.randrange(5)
        if how == 0:
            lines[place] = _mutated_text(lines[place][:-1], chance, '{}[]",:0').decode("utf-8", "surrogatepass") + "\n"
        elif how == 1:
            lines.insert(place, lines[place])
        elif how == 2 and len(lines) > 2:
            del lines[place]
        elif isinstance(said, list) and len(said) == 2 and isinstance(said[1], dict) and said[1]:
            key = chance.choice(sorted(said[1]))
            said[1][key] = _no_value(chance)
            lines[place] = json.dumps(said, ensure_ascii=False) + "\n"
    body = "".join(lines[:-1]).encode("utf-8", "surrogatepass")
    tail = lines[-1].encode("utf-8", "surrogatepass")
    if chance.random() < 0.8:
        summed = hashlib.sha256(body.decode("utf-8", "surrogateescape").encode("utf-8", "replace")).hexdigest()
        tail = json.dumps({"end": summed}).encode() + b"\n"
    return body + tail


def _no_value(chance: Random) -> object:
    return chance.choice((
        None, "", 0, -1, 10**12, 2**70, "x", "{}", "[]", "null", '{"kind": "x"}', "\u202e\x1b[31m", "9" * 6000,
    "2026-99-99",
        "0001-01-01", "9999-12-31T23:59:59+00:00", "a" * 64, "ASB-1", "é" * 3000, "1 working day", "[" * 2000,
        7, "2026-11-21",
        '{"text": 1}', '{"at": "x"}', "P1", "open", "\0",
    ))  # fmt: skip


def _flip(register: Path, target: Path, chance: Random) -> None:
    data = bytearray(register.read_bytes())
    for _ in range(chance.choice((1, 1, 3, 10, 100))):
        place = chance.randrange(100) if chance.random() < 0.1 else chance.randrange(len(data))
        data[place] ^= 1 << chance.randrange(8)
    target.write_bytes(data)


def _tamper(register: Path, target: Path, chance: Random) -> None:
    """A register in which rows were changed behind its back, or its tables."""
    shutil.copy(register, target)
    connection = sqlite3.connect(target)
    made = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    tables = [name for kind, name, _ in made if kind == "table"]
    for kind, name, _ in made:
        if kind == "trigger":
            connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    for _ in range(chance.choice((1, 1, 2, 5))):
        with suppress(sqlite3.Error, OverflowError, UnicodeEncodeError):
            _tamper_once(connection, chance.choice(tables), chance)
    connection.commit()
    for kind, _, sql in made:
        if kind == "trigger":
            with suppress(sqlite3.Error):
                connection.execute(sql)
    connection.commit()
    connection.close()


def _tamper_once(connection: sqlite3.Connection, table: str, chance: Random) -> None:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    rowids = [row[0] for row in connection.execute(f"SELECT rowid FROM {table}")]
    column, how = chance.choice(columns), chance.randrange(20)
    if how == 0:
        connection.execute(f"DROP TABLE {table}")
    elif how == 1:
        connection.execute(f"ALTER TABLE {table} RENAME COLUMN {column} TO other")
    elif how == 2:
        connection.execute(f"ALTER TABLE {table} RENAME TO other")
    elif how == 3:
        connection.execute(f"PRAGMA user_version = {chance.choice((0, 1, 3, 99, -1))}")
    elif how < 7 and rowids:
        connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (chance.choice(rowids),))
    elif how == 7:
        connection.execute(f"DELETE FROM {table}")
    elif rowids:
        value = _no_value(chance)
        value = chance.choice((value, value, 1.5, b"\xff\x00", b"{}"))
        rows = (chance.choice(rowids),) if how < 18 else rowids
        connection.executemany(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [(value, row) for row in rows])
