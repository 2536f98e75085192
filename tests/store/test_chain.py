"""The chained log: whatever is changed behind the program's back is found, and the file itself refuses it."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registers import opened

from asbcli.store.chain import HEADER, body_hash, canonical, header_hash
from asbcli.store.tables import Table

if TYPE_CHECKING:
    from housing_office import Office

TABLES = sorted(Table.metadata.tables)
COLUMNS = [(name, column.name) for name in TABLES for column in Table.metadata.tables[name].columns]
# A row's own number in a table that is written anew says nothing.
MEANINGLESS = {("deadlines", "id")}

# Another word that the schema allows, so that what is found is the change and not a broken constraint.
OTHER_WORD = {
    "open": "closed", "closed": "open", "nuisance": "personal", "personal": "nuisance",
            "own-tenant": "unknown",
    "sole": "joint", "victim": "witness", "perpetrator": "witness", "complainant": "witness",
            "related": "reopened-as",
    "reopened-from": "related", "must": "may", "should": "may", "may": "must", "guideline": "may",
    "holiday": "closed", "category": "flag", "flag": "category", "phone": "email", "email": "letter",
    "reopened-as": "related", "other-definition": "related",
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with something in every table."""
    from housing_office import office_at

    folder = tmp_path_factory.mktemp("filled")
    with office_at(folder / "register.sqlite", template) as office:
        case = office.open(
            category=["noise", "hate"],
            received="2025-11-17",
            perpetrator="Ross Muir",
            perpetrator_tenure="own-tenant",
            place="The back court",
            channel="phone",
            address="2/1 Larch Road",
            reporter="complainant",
        )
        case.do(
            "person", "add", "victim", "Jane Souter", tenancy="sole", tenure="own-tenant", at="2025-11-17"
        )
        case.do("person", "rename", "Jane Souter", "Jane Soutar", because="Misheard")
        case.do("plan", "add", "Talk to both", who="Mhairi", due="2025-12-05", at="2025-11-18")
        case.do("plan", "done", 1, at="2025-11-20")
        case.do("interview", "victim", at="2025-11-18")
        case.do("log-incident", "Music again", at="2025-11-29", received="2025-12-01", place="The stair")
        picture = folder / "stair.jpg"
        picture.write_bytes(b"not really a picture")
        assert office.run("evidence", case.number, "add", picture).code == 0
        other = office.open(category="pets", received="2025-11-18", complainant="Agnes Baird")
        other.do("note", "Rang her sister: 01236 000000")
        assert (
            office.run(
                "redact",
                other.number,
                other.log()[-1]["entry"],
                basis="Not about the case",
                approved_by="Iain Ross",
            ).code
            == 0
        )
        case.do("link", other.number, because="The same stair")
        other.do(
            "close",
            outcome="duplicate",
            because="The same",
            discussed="2025-12-03",
            final_letter="2025-12-03",
            at="2025-12-03",
        )
        office.do("calendar", "close", "2025-12-24", "Office party")
        reports = folder / "reports.csv"
        reports.write_text("external_ref,summary,category,definition\nA1,Dogs,pets,nuisance\n")
        office.do("import", reports)
        assert office.run("verify").code == 0
        reports.unlink()
        picture.unlink()
        with opened(office.register) as connection:
            empty = [
                name
                for name in TABLES
                if not connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            ]
        assert empty == []
    return folder


@pytest.fixture
def kept(filled: Path, office: Office) -> Office:
    """An office with the filled register, and the evidence that goes with it."""
    shutil.copytree(filled, office.register.parent, dirs_exist_ok=True)
    return office


@contextmanager
def behind_its_back(register: Path) -> Iterator[sqlite3.Connection]:
    """The register's file, open to anybody with a database tool: the triggers taken away and put back."""
    connection = opened(register, rows=True)
    connection.execute("PRAGMA foreign_keys = OFF")
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for trigger in triggers:
        connection.execute(f"DROP TRIGGER {trigger['name']}")
    try:
        yield connection
    finally:
        for trigger in triggers:
            connection.execute(trigger["sql"])
        connection.close()


def findings(office: Office, **answers: Any) -> list[str]:
    """What `verify` finds: a whole register's exit code is 0, any other's 6."""
    ran = office.run("verify", "--json", **answers)
    assert ran.code in (0, 6), ran.err
    found: list[str] = json.loads(ran.out)["findings"]
    assert (ran.code == 6) == bool(found)
    return found


def head(office: Office) -> str:
    """The head that `verify` prints: SEQ:HASH."""
    return str(json.loads(office.run("verify", "--json").out)["head"])


def test_a_register_nobody_touched_is_whole(kept: Office) -> None:
    assert findings(kept) == []
    with behind_its_back(kept.register):
        pass
    assert findings(kept) == []
    ran = kept.program("verify")
    assert ran.code == 0
    assert head(kept) in ran.out


# -- every column of every table


def _another(value: Any) -> Any:
    if value is None:
        return "2020-02-02"
    if isinstance(value, int):
        return value + 1
    if value in OTHER_WORD:
        return OTHER_WORD[value]
    if value[4:5] == value[7:8] == "-" and value[:4].isdecimal():
        return ("2020-02-02" if not value.startswith("2020-02-02") else "2020-02-03") + value[10:]
    return value + "x"


@pytest.mark.parametrize(
    ("table", "column"), [each for each in COLUMNS if each not in MEANINGLESS], ids=lambda name: name
)
def test_a_changed_cell_is_found(kept: Office, table: str, column: str) -> None:
    with behind_its_back(kept.register) as connection:
        [rowid, value] = connection.execute(
            f"SELECT rowid, {column} FROM {table} ORDER BY {column} IS NULL, rowid DESC"
        ).fetchone()
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(
            f"UPDATE OR REPLACE {table} SET {column} = ? WHERE rowid = ?", (_another(value), rowid)
        )
    assert findings(kept), f"{table}.{column}: {value!r} became {_another(value)!r} unseen"


@pytest.mark.parametrize("table", TABLES)
def test_a_deleted_row_is_found(kept: Office, table: str) -> None:
    with behind_its_back(kept.register) as connection:
        connection.execute(f"DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})")
    expect = {"expect": head_of(kept)} if table == "entries" else {}
    assert findings(kept, **expect)


def head_of(office: Office) -> str:
    """A head that was noted while there was one entry more: what `--expect` is for."""
    with opened(office.register) as connection:
        [seq] = connection.execute("SELECT max(seq) + 1 FROM entries").fetchone()
    return f"{seq}:{'0' * 64}"


# -- the log


def _rechained(
    connection: sqlite3.Connection, *, since: int, change: Callable[[dict[str, Any]], None]
) -> None:
    """Change an entry's header and hash the whole chain anew from there, as a clever hand would."""
    rows = [
        dict(row) for row in connection.execute("SELECT * FROM entries WHERE seq >= ? ORDER BY seq", (since,))
    ]
    change(rows[0])
    previous = rows[0]["previous"]
    for row in rows:
        row["previous"] = previous
        previous = row["hash"] = header_hash({name: row[name] for name in HEADER})
        connection.execute("DELETE FROM entries WHERE seq = ?", (row["seq"],))
        names = ", ".join(row)
        connection.execute(
            f"INSERT INTO entries ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
        )


def test_an_edited_body_is_found_even_with_its_hash_made_anew(kept: Office) -> None:
    with behind_its_back(kept.register) as connection:
        row = connection.execute(
            "SELECT bodies.* FROM bodies JOIN entries USING (seq) WHERE kind = 'incident'"
        ).fetchone()
        body = row["body"].replace("Music again", "Nothing at all")
        connection.execute("UPDATE bodies SET body = ? WHERE seq = ?", (body, row["seq"]))
        connection.execute(
            "UPDATE entries SET body_hash = ? WHERE seq = ?", (body_hash(row["salt"], body), row["seq"])
        )
    assert any(f"entry {row['seq']}" in each for each in findings(kept))


def test_an_edited_log_hashed_anew_does_not_extend_a_head_that_was_noted(kept: Office) -> None:
    noted = head(kept)
    with behind_its_back(kept.register) as connection:
        _rechained(connection, since=4, change=lambda row: row.update(actor="Somebody else"))
    assert findings(kept) == [], "without a head noted elsewhere nothing tells: never called tamper-proof"
    found = findings(kept, expect=noted)
    assert any("rewritten" in each for each in found)


def test_an_edited_body_hashed_anew_throughout_no_longer_gives_the_rows(kept: Office) -> None:
    with behind_its_back(kept.register) as connection:
        row = connection.execute(
            "SELECT bodies.* FROM bodies JOIN entries USING (seq) WHERE kind = 'incident'"
        ).fetchone()
        body = row["body"].replace("Music again", "Nothing at all")
        connection.execute("UPDATE bodies SET body = ? WHERE seq = ?", (body, row["seq"]))
        _rechained(
            connection,
            since=row["seq"],
            change=lambda entry: entry.update(body_hash=body_hash(row["salt"], body)),
        )
    assert any("incidents" in each for each in findings(kept))


def test_a_deleted_entry_is_found(kept: Office) -> None:
    with behind_its_back(kept.register) as connection:
        connection.execute("DELETE FROM bodies WHERE seq = 5")
        connection.execute("DELETE FROM entries WHERE seq = 5")
    assert any("missing" in each for each in findings(kept))


def test_an_inserted_entry_is_found(kept: Office) -> None:
    with behind_its_back(kept.register) as connection:
        last = dict(connection.execute("SELECT * FROM entries WHERE kind = 'incident'").fetchone())
        body = dict(connection.execute("SELECT * FROM bodies WHERE seq = ?", (last["seq"],)).fetchone())
        [seq, previous] = connection.execute("SELECT seq, hash FROM entries ORDER BY seq DESC").fetchone()
        new = {**last, "seq": seq + 1, "previous": previous}
        new["hash"] = header_hash({name: new[name] for name in HEADER})
        connection.execute(
            f"INSERT INTO entries ({', '.join(new)}) VALUES ({', '.join('?' * len(new))})",
            tuple(new.values()),
        )
        connection.execute(
            "INSERT INTO bodies (seq, salt, body) VALUES (?, ?, ?)", (seq + 1, body["salt"], body["body"])
        )
    assert any("ASB-1" in each for each in findings(kept)), (
        "the chain holds, but the rows do not follow from it"
    )


def test_two_entries_in_each_other_s_place_are_found(kept: Office) -> None:
    with behind_its_back(kept.register) as connection:
        for table in ("entries", "bodies"):
            for old, new in ((5, -5), (6, 5), (-5, 6)):
                connection.execute(f"UPDATE {table} SET seq = ? WHERE seq = ?", (new, old))
    found = findings(kept)
    assert any("entry 5" in each for each in found)
    assert any("entry 6" in each for each in found)


def test_a_log_cut_short_is_found_against_a_head_that_was_noted(office: Office) -> None:
    office.open(category="noise", received="2025-11-17")
    office.run("role", "give", "housing-manager", "Iain Ross")
    noted = head(office)
    shorter = office.register.with_name("before.sqlite")
    shutil.copy(office.register, shorter)
    office.case(1).do("note", "The last thing written")
    later = head(office)
    assert findings(office, expect=noted) == [], "a head noted before is extended"

    shutil.copy(shorter, office.register)
    assert findings(office) == []
    assert any("cut short" in each for each in findings(office, expect=later))
    assert office.program("verify", "--expect", later).code == 6
    office.refused(2, "verify", expect="17:nonsense")


def test_one_bit_of_any_body_is_found(kept: Office) -> None:
    with opened(kept.register) as connection:
        [count] = connection.execute("SELECT max(seq) FROM entries").fetchone()
    whole = kept.register.read_bytes()
    for seq in range(1, count + 1):
        with behind_its_back(kept.register) as connection:
            row = connection.execute("SELECT body FROM bodies WHERE seq = ?", (seq,)).fetchone()
            if row["body"] is None:
                continue
            data = bytearray(row["body"].encode())
            data[len(data) // 2] ^= 1
            connection.execute("UPDATE bodies SET body = CAST(? AS TEXT) WHERE seq = ?", (bytes(data), seq))
        assert any(f"entry {seq}" in each for each in findings(kept)), seq
        kept.register.write_bytes(whole)


# -- the file refuses it by itself


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET actor = 'Somebody else'",
        "UPDATE entries SET happened = '2020-01-01' WHERE seq = 3",
        "DELETE FROM entries WHERE seq = 3",
        "DELETE FROM entries",
        "UPDATE bodies SET body = '{}' WHERE seq = 3",
        "UPDATE bodies SET salt = 'x' WHERE seq = 3",
        "UPDATE bodies SET seq = 99 WHERE seq = 3",
        "DELETE FROM bodies WHERE seq = 3",
    ],
)
def test_the_triggers_refuse_any_change_of_the_log(kept: Office, statement: str) -> None:
    with opened(kept.register) as connection, pytest.raises(sqlite3.IntegrityError, match="never"):
        connection.execute(statement)
    assert findings(kept) == []


def test_a_trigger_taken_away_is_found(kept: Office) -> None:
    with opened(kept.register) as connection:
        [[name]] = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' LIMIT 1"
        ).fetchall()
        connection.execute(f"DROP TRIGGER {name}")
    assert any(name in each for each in findings(kept))


# -- several at once


def test_opens_from_several_processes_get_distinct_references(office: Office) -> None:
    script = (
        "import sys\n"
        "from asbcli.cli.app import run\n"
        "for number in range(6):\n"
        "    words = ['--priority', '2', '--definition', 'nuisance', '--new', '--quiet']\n"
        "    code = run(['open', *words, '--summary', f'Report {number} of {sys.argv[1]}'])\n"
        "    assert code == 0, code\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", script, str(number)], env=office.environment, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for number in range(5)
    ]  # fmt: skip
    ended = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0] * 5, ended
    printed = [line for out, _ in ended for line in out.splitlines()]
    assert len(set(printed)) == len(printed) == 30
    assert set(printed) == {row["ref"] for row in office.do("list")}
    assert findings(office) == []


# -- the one spelling

SAID = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


@given(SAID)
def test_what_is_hashed_is_spelled_as_the_standard_library_spells_it(said: Any) -> None:
    """So that anybody can verify an exported log, as docs/verify_log.py does."""
    assert canonical(said) == json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_bytes_in_a_header_are_not_taken_for_the_text_they_would_be_spelled_as() -> None:
    header: dict[str, Any] = dict.fromkeys(HEADER, "x") | {"actor": "Ailsa123"}
    assert header_hash(header)
    with pytest.raises(TypeError):
        header_hash(header | {"actor": base64.b64decode("Ailsa123")})
