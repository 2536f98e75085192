"""Text that bites: shown letter for letter or as visible symbols, refused where it cannot be stored."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from safety.forked import Program

HOSTILE = "[red]x[/] :door: \x1b[31mJane\x9b2J \u202eevil\u202c \x07\b\r {{7*7}} </script> ' OR 1=1 -- %s"
NAMES = ("Mòrag NicDhòmhnaill", "Łukasz Żółć", "محمد علي", "O'Brien", "Flat 2/1 🏴󠁧󠁢󠁳󠁣󠁴󠁿 👩‍👩‍👧", "[flat 2/1] [/close]")
SHOWN = (
    ("show", "1"),
    ("show", "1", "--json"),
    ("list",),
    ("list", "--json"),
    ("list", "--csv"),
    ("due",),
    ("history", "1"),
    ("history", "1", "--json"),
    ("search", "evil"),
    ("explain", "1"),
    ("export", "people"),
    ("export", "log"),
    ("export", "log", "--jsonl"),
    ("export", "cases", "--json"),
    ("dump", "-"),
    ("checklist", "1"),
    ("evidence", "1", "list"),
    ("--colour", "always", "list"),
)
BITES = set(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0x202E, 0x202C))) - {"\n", "\t"}


def test_hostile_words_are_shown_as_symbols_everywhere(asb: Program) -> None:
    asb.open(HOSTILE.replace("\0", ""), place=HOSTILE[:90], complainant=HOSTILE[:90], perpetrator=HOSTILE[:90])
    file = asb.folder / "\x1b[31mphoto \u202e.txt"
    file.write_text("x")
    asb.done("evidence", "1", "add", file, "--text", HOSTILE)
    for words in SHOWN:
        out = asb.done(*words)
        assert not BITES & set(out) - ({"\x1b"} if "always" in words else set()), words
        assert "\x1b[31mJane" not in out
    assert "[red]x[/] :door:" in asb.done("show", "1")
    stored = json.loads(asb.done("show", "1", "--json"))
    assert stored["summary"] == HOSTILE.strip()
    asb.whole()


@pytest.mark.parametrize(
    "words",
    [
        ("show", HOSTILE),
        (HOSTILE,),
        ("open", f"--{HOSTILE}"),
        ("note", "1", "--at", HOSTILE),
        ("export", HOSTILE),
        ("--db", HOSTILE.replace("/", ""), "list"),
        ("import", HOSTILE),
        ("backup", f"/no/{HOSTILE}"),
        ("load", HOSTILE),
        ("restore", HOSTILE),
        ("redact", "1", HOSTILE, "--basis", "x", "--approved-by", "y"),
        ("evidence", "1", HOSTILE),
        ("evidence", "1", "add", HOSTILE),
        ("retention", HOSTILE),
        ("calendar", "count", HOSTILE),
        ("verify", "--expect", HOSTILE),
        ("change", "1", "--category", HOSTILE, "--because", "x"),
        ("note", "1", "x", "--answers", HOSTILE),
    ],
    ids=lambda words: " ".join(words)[:20].encode("ascii", "replace").decode(),
)
def test_hostile_words_in_errors_are_symbols_too(asb: Program, words: tuple[str, ...]) -> None:
    asb.open()
    ran = asb(*words)
    assert ran.code in (2, 3, 5), ran
    assert ran.out == ""
    assert not BITES & set(ran.err), ran
    assert "Traceback" not in ran.err
    assert "unexpected fault" not in ran.err


def test_names_of_every_kind_survive(asb: Program) -> None:
    for name in NAMES:
        asb.open(complainant=name)
    people = [
        each["name"]
        for number in range(1, len(NAMES) + 1)
        for each in json.loads(asb.done("show", str(number), "--json"))["people"]
    ]
    assert people == list(NAMES)
    for name in NAMES:
        assert name in asb.done("export", "people", "--csv", "--raw")
        assert len(json.loads(asb.done("search", name, "--json"))) == 1


@pytest.mark.parametrize("text", ['"', "%", "_", "NEAR(", "*", "2/1", "O'Brien", "a\\b", "' OR 1=1"])
def test_search_is_letter_for_letter(asb: Program, text: str) -> None:
    asb.open("nothing like it")
    assert len(asb.done("search", text).splitlines()) == 1
    asb.open(f"before {text} after")
    assert asb.done("search", text).splitlines()[1].startswith("ASB-2")


def test_an_empty_search_is_an_error(asb: Program) -> None:
    asb.refused(2, "search", "")
    asb.refused(2, "search", "  ")


BAD_CELLS = {
    "NUL": (b"nul \0 here", "summary holds a NUL character"),
    "not UTF-8": (b"\xff\xfe", "summary is not valid UTF-8"),
    "over-long": (b"x" * 131_073, "summary is too long: 131,073 characters"),
    "no date": None,
}


@pytest.mark.parametrize("kind", BAD_CELLS)
def test_a_bad_cell_is_named_by_row_and_column(asb: Program, kind: str) -> None:
    file = asb.folder / "in.csv"
    rows = b"category,definition,summary,received\nnoise,personal,good,\n"
    if kind == "no date":
        file.write_bytes(rows + b"noise,personal,x," + b"9" * 5000 + b"\n")
        said = asb.refused(2, "import", file)
        assert "row 3" in said
        assert "received" in said
        return
    cell, expected = BAD_CELLS[kind]  # type: ignore[misc]
    file.write_bytes(rows + b"noise,personal," + cell + b",\n")
    said = asb.refused(2, "import", file)
    assert f"row 3: {expected}" in said


def test_bad_json_is_refused(asb: Program) -> None:
    asb.open()
    for text in (
        "[" * 100_000 + "]" * 100_000,
        '{"text": ' + "9" * 5000 + "}",
        '{"text": "\\ud800"}',
        '{"text": "a\\u0000b"}',
        '{"a": 1',
        '{"text": "x", "text": "y"}',
        "\x00",
        "[]",
        '{"nothing": "x"}',
        '{"text": ' + '{"a":' * 50_000,
        "",
        "null",
        '{"text": "' + "x" * 2_000_000 + '"}',
        '{"text": NaN}',
        '{"at": true}',
    ):
        assert "unexpected fault" not in asb.refused(2, "note", "1", "--answers", "-", stdin=text)
    for text in ("\0", "\udc80\udcff", "x" * 200_000, ""):
        assert "unexpected fault" not in asb.refused(2, "note", "1", "-", stdin=text)


def test_bad_words_on_the_command_line_are_refused(asb: Program) -> None:
    asb.open()
    for words in (
        ("note", "1", b"\xff\xfe"),
        ("note", "1", "x" * 100_000),
        ("show", "9" * 5000),
        ("note", "1", "x", "--at", "9" * 5000),
        ("calendar", "show", "9" * 5000),
        ("calendar", "count", "9" * 5000 + " days"),
        ("redact", "1", "9" * 5000, "--basis", "x", "--approved-by", "y"),
        ("list", "--on", "0001-01-01T00:00:00+14:00"),
        ("due", "--until", "9999-12-31"),
        ("verify", "--expect", "9" * 5000 + ":" + "a" * 64),
        ("note", "1", "x", "--if-last", "9" * 5000),
    ):
        ran = asb(*words)
        assert ran.code in (0, 2, 3, 6), (words[0], ran.err[:300])
        assert "unexpected fault" not in ran.err, (words[0], ran.err[:300])


def test_formulas_are_guarded_in_csv_and_exact_in_json(asb: Program) -> None:
    for lead in ("=", "+", "-", "@", "＝"):
        asb.open(f"{lead}cmd|' /C calc'!A0", complainant=f"{lead}1+1")
    for row in csv.DictReader(io.StringIO(asb.done("export", "cases", "--csv"))):
        assert row["summary"].startswith("'")
    for row in csv.DictReader(io.StringIO(asb.done("export", "people", "--csv"))):
        assert row["name"].startswith("'")
    assert {each["summary"][0] for each in json.loads(asb.done("export", "cases", "--json"))} == set("=+-@＝")
    ran = asb("export", "cases", "--csv", "--raw")
    assert "'=cmd" not in ran.out
    assert "warning" in ran.err


@pytest.mark.parametrize(
    "spoil", ["deep", "digits", "surrogate", "table", "cut", "changed", "nonsense", "empty", "columns", "float"]
)
def test_a_bad_dump_is_refused_and_leaves_nothing(asb: Program, spoil: str, tmp_path: Path) -> None:
    asb.open()
    lines = asb.done("dump", "-").splitlines(keepends=True)
    bad = {
        "deep": "[" * 100_000 + "\n",
        "digits": '["entries", {"seq": ' + "9" * 5000 + "}]\n",
        "surrogate": '["register", {"name": "\\ud800", "value": "x"}]\n',
        "table": '["sqlite_master", {}]\n',
        "nonsense": "nonsense\n",
        "columns": '["register", {"name": "x"}]\n',
        "float": '["register", {"name": 1.5, "value": "x"}]\n',
    }
    if spoil in bad:
        lines.insert(5, bad[spoil])
    elif spoil == "cut":
        del lines[-1]
    elif spoil == "changed":
        lines[5] = lines[5].replace("a", "b")
    else:
        lines = []
    file, target = asb.folder / "bad.jsonl", tmp_path / "loaded.sqlite"
    file.write_text("".join(lines))
    said = asb.refused(2, "--db", target, "load", file, register=target)
    assert "nothing was saved" in said
    assert not target.exists()
    assert [each for each in tmp_path.iterdir() if each.name.endswith(".part")] == []


@pytest.mark.parametrize("text", ["2026-02-30", "2026-02-28", "2026-02-28T25:00", "0000-00-00", "2026-02-28T10:00Z"])
def test_a_note_that_looks_like_a_date_is_told_as_it_was_typed(asb: Program, text: str) -> None:
    asb.open()
    asb.done("note", "1", text)
    assert text in asb.done("history", "1")
    assert text in asb.done("history", "1", "--json")
