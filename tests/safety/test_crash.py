"""A kill at any moment: what was acknowledged is stored, the chain is whole, the next command works unaided."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from safety.forked import Program, Ran

HEADER = "category,definition,summary,complainant,external_ref\n"
EVIDENCE = b"what the camera saw\n" * 60_000


def kills(
    asb: Program,
    words: tuple[object, ...],
    times: int,
    seed: int,
    check: Callable[[Ran], None],
    before: Callable[[], object] = lambda: None,
) -> None:
    """Kill a command at random moments of its length, and a little after, and look each time."""
    before()
    lasts = asb(*words).seconds
    chance = random.Random(seed)
    for _ in range(times):
        before()
        running = asb.start(*words)
        time.sleep(chance.uniform(0, lasts * 1.1))
        running.kill()
        check(running.ended())


def times(whole: bool, short: int, long: int) -> int:
    return long if whole else short


def test_killed_while_cases_are_opened_no_acknowledged_case_is_lost(asb: Program, whole: bool) -> None:
    acknowledged: list[str] = []

    def check(ran: Ran) -> None:
        acknowledged.extend(ran.out.split())
        listed = asb.done("list", "--all").splitlines()[1:]
        refs = [line.split("\t")[0] for line in listed]
        assert set(acknowledged) <= set(refs)
        assert len(refs) == len(set(refs))

    words = ("open", "--quiet", "--new", "--category", "noise", "--definition", "personal", "--definition", "nuisance",
             "--summary", "shouting", "--complainant", "Jane")
    kills(asb, words, times(whole, 15, 150), 1, check)
    asb.whole()
    asb.open()


def test_a_killed_import_is_all_there_or_not_at_all(asb: Program, whole: bool) -> None:
    rows = 120
    file = asb.folder / "reports.csv"
    file.write_text(HEADER + "".join(f"noise,personal,row {n},Jane {n},X{n}\n" for n in range(rows)))
    fresh = asb.register.read_bytes()

    def check(ran: Ran) -> None:
        found = len(asb.done("list", "--all").splitlines()) - 1
        assert found in (0, rows)
        if ran.out:
            assert found == rows

    kills(asb, ("import", file), times(whole, 6, 60), 2, check, lambda: asb.register.write_bytes(fresh))
    asb.whole()
    asb.done("import", file)


def test_a_killed_first_command_leaves_a_register_or_none(asb: Program, whole: bool) -> None:
    def gone() -> None:
        asb.register.unlink(missing_ok=True)

    def check(ran: Ran) -> None:
        if asb.register.exists():
            asb.whole()

    kills(asb, ("init",), times(whole, 6, 60), 3, check, gone)
    gone()
    asb.done("init")
    assert [each.name for each in asb.folder.iterdir()] == ["register.sqlite"], "nothing half made is left"


def test_a_killed_backup_is_whole_or_not_there(asb: Program, whole: bool) -> None:
    asb.open()
    target = asb.folder / "backups" / "copy.sqlite"

    def check(ran: Ran) -> None:
        if target.exists():
            asb.whole("--db", str(target))

    def fresh() -> None:
        target.parent.mkdir(exist_ok=True)
        target.unlink(missing_ok=True)

    kills(asb, ("backup", target), times(whole, 8, 80), 4, check, fresh)
    fresh()
    asb.done("backup", target)
    assert (
        sorted(each.name for each in target.parent.iterdir()) == ["asb-erasures.txt", "asb-evidence", "copy.sqlite"]
        or not (target.parent / "asb-evidence").exists()
    )
    assert not [each for each in target.parent.iterdir() if each.name.endswith(".part")]


def test_killed_while_evidence_is_taken_in(asb: Program, whole: bool) -> None:
    asb.open()
    photo = asb.folder / "photo.bin"
    chance = random.Random(5)

    def another() -> None:
        photo.write_bytes(chance.randbytes(8) + EVIDENCE)

    def check(ran: Ran) -> None:
        asb.whole()

    kills(asb, ("evidence", "1", "add", photo), times(whole, 10, 100), 6, check, another)
    another()
    asb.done("evidence", "1", "add", photo)
    folder = asb.folder / "register.sqlite.evidence"
    listed = asb.done("evidence", "1", "list").splitlines()[1:]
    assert sorted(each.name for each in folder.iterdir()) == sorted(line.split("\t")[4] for line in listed)


def test_a_killed_restore_leaves_the_old_register_or_the_new(asb: Program, whole: bool) -> None:
    asb.open("before the backup")
    asb.done("backup", asb.folder / "copy.sqlite")
    asb.open("after the backup")
    present = asb.register.read_bytes()

    def fresh() -> None:
        for old in asb.folder.glob("register.sqlite.before-restore*"):
            old.unlink()
        asb.register.write_bytes(present)

    def check(ran: Ran) -> None:
        asb.whole()
        assert len(asb.done("list").splitlines()) - 1 in (1, 2)

    words = ("restore", asb.folder / "copy.sqlite", "--accept-loss")
    kills(asb, words, times(whole, 6, 50), 7, check, fresh)


@pytest.mark.parametrize(
    "schema", sorted(Path(__file__).parents[1].glob("fixtures/schema-*.sqlite")), ids=lambda each: each.stem
)
def test_a_killed_migration_leaves_old_or_new(asb: Program, schema: Path, whole: bool, tmp_path: Path) -> None:
    from safety.later_schema import with_a_later_schema

    def fresh() -> None:
        for old in asb.folder.iterdir():
            old.unlink()
        shutil.copy(schema, asb.register)

    def later() -> None:
        with_a_later_schema(tmp_path)

    fresh()
    assert "asb migrate" in asb.refused(5, "list", prepare=later)
    lasts = asb("migrate", prepare=later).seconds
    chance = random.Random(8)
    for _ in range(times(whole, 6, 50)):
        fresh()
        running = asb.start("migrate", prepare=later)
        time.sleep(chance.uniform(lasts * 0.3, lasts * 1.1))
        running.kill()
        running.ended()
        old, new = asb("verify"), asb("verify", prepare=later)
        assert sorted((old.code, new.code)) == [0, 5], f"neither old nor new: {old}\n{new}"
    fresh()
    asb.done("migrate", prepare=later)
    asb.done("verify", prepare=later)
    copies = [each for each in asb.folder.iterdir() if ".schema-" in each.name]
    asb.whole("--db", str(copies[0]))
    assert "newer asb" in asb.refused(5, "list")


def test_an_identical_report_within_ten_minutes_asks_first(asb: Program) -> None:
    words = ("open", "--category", "noise", "--definition", "personal", "--summary", "The very same", "--anonymous")
    asb.done(*words)
    assert "--new" in asb.refused(2, *words)
    asb.done(*words, "--new")
