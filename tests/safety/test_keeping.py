"""Backups and back, out and in whole, evidence, erasure and retention: what each promises."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from registers import ENCRYPTED, opened

from safety.forked import Program
from safety.test_time import clock


def log_of(asb: Program, number: int = 1) -> list[dict[str, object]]:
    log: list[dict[str, object]] = json.loads(asb.done("history", str(number), "--json"))
    return log


# -- copies


def test_a_backup_never_overwrites_without_being_told(asb: Program) -> None:
    copy = asb.folder / "copy.sqlite"
    asb.done("backup", copy)
    before = copy.read_bytes()
    asb.open()
    assert "--replace" in asb.refused(2, "backup", copy)
    assert copy.read_bytes() == before
    asb.done("backup", copy, "--replace")
    assert copy.read_bytes() != before
    assert "the register itself" in asb.refused(2, "backup", asb.register)
    assert "nothing was saved" in asb.refused(5, "backup", "/proc/nowhere/copy.sqlite")


def test_a_restore_tells_what_would_be_lost_and_moves_the_present_file_aside(asb: Program) -> None:
    asb.open("before")
    copy = asb.folder / "copy.sqlite"
    asb.done("backup", copy)
    asb.open("after")
    present = asb.register.read_bytes()
    assert "1 entries were recorded after this backup and would be lost (ASB-2)" in asb.refused(2, "restore", copy)
    ran = asb("restore", copy, "--accept-loss")
    assert ran.code == 0
    [aside] = asb.folder.glob("register.sqlite.before-restore-*")
    assert aside.read_bytes() == present
    assert "before" in asb.done("list")
    assert "after" not in asb.done("list")
    asb.whole()


def test_a_damaged_register_is_moved_aside_with_its_journal(asb: Program) -> None:
    asb.open()
    asb.done("backup", asb.folder / "copy.sqlite")
    asb.register.write_bytes(b"damaged" * 1000)
    journal = asb.folder / "register.sqlite-journal"
    journal.write_bytes(b"a journal")
    assert "is not known" in asb.refused(2, "restore", asb.folder / "copy.sqlite")
    asb.done("restore", asb.folder / "copy.sqlite", "--accept-loss")
    assert not journal.exists()
    asb.whole()


@pytest.mark.parametrize("spoil", ["damaged", "tampered", "another", "text"])
def test_a_bad_backup_is_not_brought_back(asb: Program, spoil: str) -> None:
    asb.open()
    copy = asb.folder / "copy.sqlite"
    asb.done("backup", copy)
    if spoil == "damaged":
        copy.write_bytes(copy.read_bytes()[:-40_000])
    elif spoil == "tampered":
        with opened(copy) as connection:
            connection.execute("UPDATE cases SET officer = 'Nobody'")
        connection.close()
    else:
        copy.write_bytes(b"SQLite format 3\0" + bytes(4080) if spoil == "another" else b"Dear Sir\n" * 100)
    asb.refused(5, "restore", copy, "--accept-loss")


def test_a_writer_waiting_while_a_register_is_restored_loses_nothing(asb: Program) -> None:
    asb.open()
    copy = asb.folder / "copy.sqlite"
    asb.done("backup", copy)
    for _ in range(2):
        restoring = asb.start("restore", copy, "--accept-loss")
        writers = [asb.start("note", "1", f"note {number}") for number in range(6)]
        assert restoring.ended().code == 0
        for each in writers:
            ran = each.ended()
            assert ran.code in (0, 5), ran
        asb.whole()


def test_a_dump_comes_back_byte_for_byte(asb: Program) -> None:
    asb.open()
    asb.done("interview", "1", "victim")
    asb.done("redact", "1", str(log_of(asb)[-1]["entry"]), "--basis", "a request", "--approved-by", "Boss")
    first = asb.done("dump", "-")
    other = asb.folder / "other.sqlite"
    asb.done("--db", other, "load", "-", stdin=first)
    assert asb.done("--db", other, "dump", "-") == first
    assert asb.whole("--db", other).split()[-1] == asb.whole().split()[-1]
    asb.refused(5, "--db", other, "load", "-", stdin=first, register=other)
    asb.done("--db", other, "note", "1", "and it goes on")


# -- evidence


def test_evidence_is_stored_under_its_hash_and_the_original_left_alone(asb: Program) -> None:
    asb.open()
    photo = asb.folder / "photo.jpg"
    photo.write_bytes(b"pixels" * 1000)
    os.utime(photo, (1_000_000_000, 1_000_000_000))
    before = photo.stat()
    said = asb.done("evidence", "1", "add", photo)
    after = photo.stat()
    assert (after.st_atime, after.st_mtime, after.st_mode, after.st_ino) == (
        before.st_atime,
        before.st_mtime,
        before.st_mode,
        before.st_ino,
    )
    [kept] = (asb.folder / "register.sqlite.evidence").iterdir()
    assert kept.name in said
    assert kept.stat().st_mode & 0o777 == 0o400
    assert kept.read_bytes() == photo.read_bytes()
    assert "already" in asb.refused(2, "evidence", "1", "add", photo)
    asb.done("evidence", "1", "export", "4", "--out", asb.folder / "back.jpg")
    assert (asb.folder / "back.jpg").read_bytes() == photo.read_bytes()
    asb.refused(2, "evidence", "1", "export", "4", "--out", asb.folder / "back.jpg")


@pytest.mark.parametrize("kind", ["link", "FIFO", "device", "folder", "nothing"])
def test_only_plain_files_are_evidence(asb: Program, kind: str) -> None:
    asb.open()
    file = asb.folder / "it"
    if kind == "link":
        file.symlink_to(asb.register)
    elif kind == "FIFO":
        os.mkfifo(file)
    elif kind == "device":
        file = Path("/dev/zero")
    elif kind == "folder":
        file.mkdir()
    asb.refused(2, "evidence", "1", "add", file)
    folder = asb.folder / "register.sqlite.evidence"
    assert not folder.exists() or list(folder.iterdir()) == []
    asb.whole()


def test_evidence_of_a_closed_or_missing_case_leaves_no_file(asb: Program) -> None:
    file = asb.folder / "it"
    file.write_text("x")
    asb.refused(3, "evidence", "7", "add", file)
    assert not (asb.folder / "register.sqlite.evidence").exists()


def test_large_evidence_takes_little_memory(asb: Program, whole: bool) -> None:
    asb.open()
    large = asb.folder / "large"
    with large.open("wb") as file:
        file.truncate(5_000_000_000 if whole else 120_000_000)

    def little() -> None:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + 100_000_000,) * 2)

    assert asb("evidence", "1", "add", large, prepare=little, within=600).code == 0


def test_evidence_goes_with_the_backup_and_comes_back(asb: Program) -> None:
    asb.open()
    photo = asb.folder / "photo"
    photo.write_text("pixels")
    asb.done("evidence", "1", "add", photo)
    away = asb.folder / "away"
    away.mkdir()
    asb.done("backup", away / "copy.sqlite")
    for kept in (asb.folder / "register.sqlite.evidence").iterdir():
        kept.unlink()
    assert asb("verify").code == 6
    asb.done("restore", away / "copy.sqlite")
    asb.whole()


# -- erasure


def secret(asb: Program) -> list[Path]:
    """The files under the office in which the secret word stands, also as names are compared."""
    return [each for each in asb.folder.rglob("*") if each.is_file() and b"zebedee" in each.read_bytes().lower()]


def test_an_erased_entry_counts_as_itself_but_says_nothing(asb: Program) -> None:
    asb.open("Zebedee shouted", complainant="Zebedee Jones", place="Zebedee Close", address="1 Zebedee Street")
    asb.done("interview", "1", "victim", "--notes", "Zebedee wept", "--contact-every", "1 week")
    before = json.loads(asb.done("show", "1", "--json"))
    asb.done("redact", "1", "--all", "--basis", "UK GDPR article 17", "--approved-by", "Iain Kerr")
    assert secret(asb) == []
    after = json.loads(asb.done("show", "1", "--json"))
    assert after["summary"] == after["place"] == after["people"][0]["name"] == "(erased)"
    assert after["people"][0]["roles"] == before["people"][0]["roles"]

    def dates(case: dict[str, list[dict[str, object]]]) -> list[tuple[object, ...]]:
        return [tuple(row[name] for name in ("rule", "due", "state", "met_at", "person")) for row in case["deadlines"]]

    assert dates(after) == dates(before)
    assert after["last_entry"] == before["last_entry"] + 1
    log = log_of(asb)
    assert [each["says"] for each in log[:2]] == [None, None]
    assert [each["kind"] for each in log] == ["report", "interview", "erasure"]
    asb.whole()
    asb.done("note", "1", "work goes on")
    for words in (
        ("show", "1"),
        ("history", "1"),
        ("list",),
        ("due",),
        ("search", "x"),
        ("explain", "1"),
        ("checklist", "1"),
        ("export", "log"),
        ("export", "people"),
        ("show", "1", "--on", "yesterday"),
        ("show", "1", "--known", "yesterday"),
    ):
        ran = asb(*words)
        assert ran.code in (0, 3), ran
        assert "Traceback" not in ran.err
    asb.whole()


def test_what_looks_like_a_number_or_a_reference_is_erased_too(asb: Program) -> None:
    """A telephone number is digits alone, and a place may be spelled as an action's reference is."""
    typed = ("07700900123", "07700900999", "safe-house-12", "gowan-court-7", "zqmark-5", "P07700900")
    asb.open("07700900999", complainant="Jo Bloggs", place="gowan-court-7")
    asb.done("person", "1", "set", "Jo Bloggs", "--phone", "07700900123", "--address", "safe-house-12")
    asb.done("plan", "1", "add", "P07700900", "--who", "zqmark-5")
    asb.done("note", "1", "07700900999")
    assert [word for word in typed if word not in asb.done("history", "1", "--json")] == []
    asb.done("redact", "1", "--all", *WHY)
    assert [word for word in typed if word.encode() in asb.register.read_bytes()] == []
    told = "".join(asb.done(*words) for words in (("export", "log", "--jsonl"), ("dump", "-")))
    assert [word for word in typed if word in told] == []
    assert "P1  (erased): complainant, victim" in asb.done("show", "1"), "it counts as itself"
    asb.whole()


IMPORTED = (
    "external_ref,received,category,definition,summary,complainant\n"
    "07700900555,2026-01-05 09:30,noise,personal;nuisance,Zebedee's drums,Zebedee Jones\n"
    "X2,2026-01-06 09:30,noise,nuisance,Music,Agnes Baird\n"
)


def test_the_same_file_imported_every_night_does_not_bring_back_what_was_erased(asb: Program) -> None:
    """A row of two definitions is two cases; the one that was erased stays so, and the other is not doubled."""
    (asb.folder / "reports.csv").write_text(IMPORTED)
    assert "3 cases opened" in asb.done("import", "reports.csv")
    asb.done("backup", "copy.sqlite")
    asb.done("redact", "1", "--all", *WHY)
    for changed in (IMPORTED, IMPORTED.replace("drums", "trumpet")):
        (asb.folder / "reports.csv").write_text(changed)
        ran = asb("import", "reports.csv")
        assert (ran.code, ran.out) == (0, "0 cases opened, 2 rows had come in before\n"), ran
        assert ran.err == "note: what came in before as row 2 was erased since, and stays erased\n"
    asb.whole()
    asb.done("redact", "2", "--all", *WHY)
    for file in (asb.register, asb.folder / "reports.csv"):
        assert (b"07700900555" in file.read_bytes()) == (file.suffix == ".csv"), "nor is its reference kept"
    for back in ("loaded", "restored"):
        new = asb.folder / back / "register.sqlite"
        lines = asb.done("dump", "-")
        asb.done("--db", new, *(("load", "-") if back == "loaded" else ("restore", "copy.sqlite")), stdin=lines)
        assert "0 cases opened" in asb.done("--db", new, "import", "reports.csv")
        asb.whole("--db", new)


@pytest.mark.parametrize("which", [["5"], ["4"], ["--all"]])
def test_a_consent_that_opens_nothing_opens_nothing_once_it_is_erased(asb: Program, which: list[str]) -> None:
    """Care Ltd is no authority that investigates (6.2.1), whichever of the two entries still names it."""
    asb.open(perpetrator="Bob Roy", flag="police-investigating")
    asb.done("agency", "1", "add", "Care Ltd", "--kind", "other")
    assert "it opens nothing" in asb("consent", "1", "Care Ltd", "given", "--for", "perpetrator-interview").err
    lacking = "Get the express consent of the body that is investigating"
    assert lacking in asb("interview", "1", "perpetrator").err
    asb.done("redact", "1", *which, *WHY)
    assert lacking in asb("interview", "1", "perpetrator", "--at", "today").err
    asb.whole()


def test_an_agency_that_answered_does_not_answer_for_another_once_both_are_erased(asb: Program) -> None:
    """The police were referred to and have not answered; the council answered (3.9.3)."""
    asb.open(perpetrator="Bob Roy", perpetrator_tenure="private-tenant")
    asb.done("agency", "1", "add", "Cupar Police", "--kind", "police")
    asb.done("agency", "1", "add", "Fife Council", "--kind", "local-authority")
    asb.done("agency", "1", "referred", "Cupar Police", "--because", "a crime")
    asb.done("agency", "1", "outcome", "Fife Council", "--because", "they called")
    close = "close", "1", "--outcome", "not-asb", "--because", "x", "--not-discussed", "gone away"
    assert "3.9.3" in asb.refused(4, *close)
    asb.done("redact", "1", "--all", *WHY)
    assert "3.9.3" in asb.refused(4, *close)
    assert [each for each in ("Cupar Police", "Fife Council") if each in asb.done("dump", "-")] == []
    asb.done("agency", "1", "outcome", "erased-1", "--because", "they found nothing")
    assert "3.9.3" not in asb(*close).err
    asb.whole()


def to_be_told(asb: Program, *register: object) -> list[object]:
    """The agencies that still have to be told of a closing."""
    return [row["item"] for row in json.loads(asb.done(*register, "due", "--until", "2090-01-01", "--json"))
            if row["rule"] == "closure-agencies"]


@pytest.fixture
def half_told(asb: Program) -> Program:
    """A case that was closed; of its two agencies, entries 4 and 5, the council was told so."""
    asb.open()
    asb.done("agency", "1", "add", "Police Scotland", "--kind", "police")
    asb.done("agency", "1", "add", "Fife Council", "--kind", "local-authority")
    asb.done("close", "1", "--outcome", "not-asb", "--override", "housing-manager", "--approved-by", "Iain",
             "--because", "x", "--not-discussed", "gone away")
    asb.done("agency", "1", "told", "Fife Council")
    assert to_be_told(asb) == ["Police Scotland"]
    return asb


def test_who_has_to_be_told_of_a_closing_still_has_to_be_once_its_name_is_erased(half_told: Program) -> None:
    half_told.done("redact", "1", "--all", *WHY)
    loaded = half_told.folder / "loaded" / "register.sqlite"
    half_told.done("--db", loaded, "load", "-", stdin=half_told.done("dump", "-"))
    for register in ((), ("--db", loaded)):
        assert to_be_told(half_told, *register) == ["erased-1"]
        assert "(erased-1)" in half_told.done(*register, "show", "1"), "so it can be named"
        half_told.done(*register, "agency", "1", "told", "erased-1")
        assert to_be_told(half_told, *register) == []
        half_told.whole(*register)


@pytest.mark.parametrize(("erased", "still"), [
    (["4"], ["erased-1"]), (["5"], ["Police Scotland"]), (["7"], ["Police Scotland"]),
    (["5", "7"], ["Police Scotland"]), (["4", "5"], ["erased-1"]),
])  # fmt: skip
def test_an_agency_erased_in_part_is_still_one_agency(
    half_told: Program, erased: list[str], still: list[str]
) -> None:
    half_told.done("redact", "1", *erased, *WHY)
    assert to_be_told(half_told) == still
    half_told.whole()


def test_a_duty_met_by_its_rule_stays_that_agencys_once_its_name_is_erased(half_told: Program) -> None:
    half_told.done("correct", "1", "7", "--void", "--because", "they were not")
    assert to_be_told(half_told) == ["Fife Council", "Police Scotland"]
    half_told.done("done", "1", "closure-agencies", "--item", "Police Scotland")
    half_told.done("redact", "1", "--all", *WHY)
    assert to_be_told(half_told) == ["erased-2"]
    half_told.whole()


def test_an_agency_recorded_anew_is_the_same_one(asb: Program) -> None:
    """It was taken for a landlord, which was voided; the consent to tell it, given before, is for it still."""
    asb.open()
    asb.done("agency", "1", "add", "Cupar Surgery", "--kind", "rsl")
    asb.done("consent", "1", "P1", "given", "--for", "Cupar Surgery", "--written")
    asb.done("correct", "1", "4", "--void", "--because", "no such landlord")
    asb.done("agency", "1", "add", "Cupar Surgery", "--kind", "other")
    asb.done("redact", "1", "--all", *WHY)
    assert "on the ground of written consent" in asb.done("disclose", "1", "--to", "erased-1", "--what", "the dates")
    asb.whole()


def test_no_agency_is_given_the_name_of_an_erased_one(asb: Program) -> None:
    asb.open()
    assert "name the agency otherwise" in asb.refused(2, "agency", "1", "add", "Erased-2")


def test_a_correction_goes_with_what_it_corrects_and_other_places_are_told(asb: Program) -> None:
    asb.open("A row on the stair")
    asb.done("note", "1", "Zebedee was seen")
    note = log_of(asb)[-1]["entry"]
    asb.done("correct", "1", str(note), "--text", "Zebedee was heard", "--because", "misheard")
    asb.open("another", complainant="Other")
    asb.done("note", "2", "It is said: Zebedee was seen")
    ran = asb("redact", "1", str(note), "--basis", "a request", "--approved-by", "Boss")
    assert ran.code == 0
    assert "the same words also stand in ASB-2" in ran.err
    assert "Zebedee" not in asb.done("history", "1")
    asb.whole()


def test_an_erased_tenancy_keeps_its_visits_and_does_not_come_back_with_a_backup(asb: Program) -> None:
    asb.done("tenancy", "start", "Zebedee Jones", "--address", "1 Zebedee Street", "--at", "1/9/2026",
             "--checks", "Zebedee's references were good")
    asb.done("tenancy", "visit", "T1", "--at", "1/10/2026", "--text", "Zebedee was in")
    asb.open("Zebedee shouted")
    asb.done("backup", asb.folder / "copy.sqlite")
    visits = [row["due"] for row in json.loads(asb.done("due", "--until", "2030-01-01", "--json"))
              if row["case"] is None and row["item"] == "T1"]
    assert visits == ["2029-10-01"]
    why = ("--basis", "a request", "--approved-by", "Boss")
    assert "asb redact T1 --all" in asb.refused(2, "redact", "T1", *why)
    asb.refused(3, "redact", "T2", "--all", *why)
    ran = asb("redact", "t1", "--all", *why)
    assert (ran.code, ran.out) == (0, "T1: erased what it said.\n")
    assert "erased already" in asb.refused(2, "redact", "T1", "--all", *why)
    assert "Zebedee" not in asb.done("tenancy", "list") + asb.done("history")
    assert [row["due"] for row in json.loads(asb.done("due", "--until", "2030-01-01", "--json"))
            if row["item"] == "T1"] == visits
    asb.whole()
    asb.done("restore", asb.folder / "copy.sqlite", "--accept-loss")
    assert "Zebedee" not in asb.done("tenancy", "list") + asb.done("history")
    asb.whole()


def asb_officer(asb: Program) -> str:
    officer: str = json.loads(asb.done("show", "1", "--json"))["officer"]
    return officer


def test_an_erasure_that_nobody_else_looked_at_is_warned_of(asb: Program) -> None:
    asb.open()
    why = "--basis", "a request", "--approved-by"
    note = [asb.done("note", "1", "Zebedee") and str(log_of(asb)[-1]["entry"]) for _ in range(2)]
    assert "approved the erasure, and typed it too" in asb("redact", "1", note[0], *why, asb_officer(asb).upper()).err
    assert "typed it too" not in asb("redact", "1", note[1], *why, "Iain Kerr").err


def test_what_a_redaction_needs(asb: Program) -> None:
    asb.open()
    assert "--basis, --approved-by" in asb.refused(2, "redact", "1", "3")
    why = ("--basis", "a request", "--approved-by", "Boss")
    asb.refused(2, "redact", "1", *why)
    asb.refused(3, "redact", "1", "99", *why)
    asb.refused(3, "redact", "9", "3", *why)
    asb.done("redact", "1", "3", *why)
    assert "erased already" in asb.refused(2, "redact", "1", "3", *why)
    erasure = log_of(asb)[-1]["entry"]
    asb.refused(3, "redact", "1", str(erasure), *why)


def test_erased_data_does_not_come_back_with_an_older_backup(asb: Program) -> None:
    away = asb.folder / "away"
    away.mkdir()
    photo = asb.folder / "photo"
    photo.write_text("pixels")
    asb.open("Zebedee shouted")
    asb.done("evidence", "1", "add", photo)
    asb.done("backup", away / "copy.sqlite")
    (away / "copy.sqlite").rename(away / "moved.sqlite")
    (away / "moved.sqlite").rename(away / "copy.sqlite")
    ran = asb("redact", "1", "3", "4", "--basis", "a request", "--approved-by", "Boss")
    assert "older backups still hold" in ran.err
    assert list((asb.folder / "register.sqlite.evidence").iterdir()) == []
    asb.register.write_bytes(b"lost")
    (away / "asb-erasures.txt").rename(away / "elsewhere.txt")
    (asb.folder / "asb-erasures.txt").unlink()
    assert "--erasures" in asb.refused(2, "restore", away / "copy.sqlite", "--accept-loss")
    asb.done("restore", away / "copy.sqlite", "--accept-loss", "--erasures", away / "elsewhere.txt")
    assert secret(asb) == ([] if ENCRYPTED else [away / "copy.sqlite"])
    assert list((asb.folder / "register.sqlite.evidence").iterdir()) == []
    asb.whole()
    asb.done("restore", away / "copy.sqlite", "--accept-loss", "--nothing-erased")
    assert b"Zebedee" not in asb.register.read_bytes(), "the register's own folder has the list too"


def test_a_list_of_erasures_does_not_touch_another_registers_entries(asb: Program, new_register: Path) -> None:
    asb.open("Zebedee shouted")
    asb.done("backup", asb.folder / "copy.sqlite")
    (asb.folder / "asb-erasures.txt").write_text(f"3:{'a' * 64}\n")
    asb.done("restore", asb.folder / "copy.sqlite")
    assert "Zebedee" in asb.done("list")


# -- retention


@pytest.fixture
def closed(asb: Program) -> Program:
    asb.open("long ago", category="domestic-abuse")
    asb.open("as long ago")
    for number in (1, 2):
        ran = asb(
            "close",
            number,
            "--outcome",
            "not-asb",
            "--override",
            "housing-manager",
            "--approved-by",
            "Iain",
            "--because",
            "x",
            "--not-discussed",
            "no",
        )
        assert ran.code == 0, ran.err
    config = asb.folder / "config" / "asb"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('[retention]\ndefault = "2 years"\ndomestic-abuse = "6 years"\n')
    return asb


def listed(asb: Program, prepare: Callable[[], None]) -> list[str]:
    return [row["ref"] for row in json.loads(asb.done("retention", "--json", prepare=prepare))]


def test_what_is_due_for_review_by_the_landlords_own_periods(closed: Program) -> None:
    year = datetime.now(UTC).year
    assert listed(closed, clock(f"{year + 1}-01-10T12:00:00+00:00")) == []
    assert listed(closed, clock(f"{year + 3}-01-10T12:00:00+00:00")) == ["ASB-2"]
    assert listed(closed, clock(f"{year + 7}-01-10T12:00:00+00:00")) == ["ASB-1", "ASB-2"]
    closed.done("retention", "keep", "2", "--until", f"{year + 9}-01-01", "--because", "a tenancy goes on")
    assert listed(closed, clock(f"{year + 7}-01-10T12:00:00+00:00")) == ["ASB-1"]


def test_a_court_hold_stops_any_erasure(closed: Program) -> None:
    closed.done("retention", "hold", "1", "--because", "proceedings")
    why = ("--basis", "a request", "--approved-by", "Boss")
    assert "held for a court" in closed.refused(4, "redact", "1", "--all", *why)
    closed.done("retention", "release", "1", "--because", "decree extracted")
    closed.done("redact", "1", "--all", *why)
    closed.whole()


def test_the_reason_a_case_was_held_for_can_be_erased_once_it_is_released(asb: Program) -> None:
    """Zebedee's action held the case; the reasons, entries 4 and 5, tell of him as much as the report does."""
    asb.open("Zebedee shouted", complainant="Zebedee Jones")
    asb.done("retention", "hold", "1", "--because", "Zebedee Jones of 4 Elm Street raised an action")
    assert "held for a court" in asb.refused(4, "redact", "1", "4", *WHY)
    asb.done("retention", "release", "1", "--because", "Zebedee Jones settled")
    assert "entries 4, 5 still tell of what was erased" in asb("redact", "1", "3", *WHY).err
    asb.done("redact", "1", "4", "5", *WHY)
    assert secret(asb) == []
    asb.done("retention", "hold", "1", "--because", "an appeal")
    asb.done("note", "1", "more")
    assert "held for a court" in asb.refused(4, "redact", "1", "8", *WHY)
    asb.done("retention", "release", "1", "--because", "it was refused")
    asb.done("redact", "1", "--all", *WHY)
    asb.whole()


def test_a_day_a_case_is_kept_until_outlives_the_reason_given_for_it(closed: Program) -> None:
    year = datetime.now(UTC).year
    closed.done("retention", "keep", "2", "--until", f"{year + 9}-01-01", "--because", "Zebedee stays on")
    closed.done("redact", "2", "--all", *WHY)
    assert secret(closed) == []
    assert listed(closed, clock(f"{year + 7}-01-10T12:00:00+00:00")) == ["ASB-1"]
    closed.whole()


def test_proceedings_hold_a_case_too(asb: Program) -> None:
    asb.open()
    ran = asb("event", "1", "proceedings-raised", "--at", "today", "--because", "x")
    assert ran.code == 0, ran.err
    assert "held for a court" in asb.refused(4, "redact", "1", "--all", "--basis", "x", "--approved-by", "y")


# -- doctor


def test_doctor_tells_the_truth(asb: Program) -> None:
    asb.open()
    ran = asb("doctor")
    assert ran.code == 6
    assert "there is no backup" in ran.err
    asb.done("backup", asb.folder / "copy.sqlite")
    ran = asb("doctor")
    assert (ran.code, "last backup" in ran.out) == (0, True), ran
    assert "more than a week old" in asb("doctor", prepare=clock("2027-06-01T10:00:00+00:00")).err
    assert "provisional" in asb("doctor", prepare=clock("2028-11-01T10:00:00+00:00")).err
    (asb.folder / "copy.sqlite").unlink()
    (asb.folder / ".register.sqlite.0000.part").write_text("x")
    told = asb("doctor").err
    assert "no longer there" in told
    assert "half written" in told
    cloud = asb.folder / "Dropbox"
    cloud.mkdir(mode=0o777)
    cloud.chmod(0o777)
    told = asb("--db", cloud / "x.sqlite", "init").err + asb("--db", cloud / "x.sqlite", "doctor").err
    assert "copied to another service" in told
    assert "others on this machine can change what stands in" in told


def test_doctor_knows_a_network_drive(tmp_path: Path) -> None:
    from asbcli.cli.checkup import NETWORK, file_system

    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\n//server/share {tmp_path!s} cifs rw 0 0\n")
    assert file_system(tmp_path / "x.sqlite", str(mounts)) in NETWORK
    assert file_system(Path("/etc"), str(mounts)) == "ext4"


def test_evidence_that_is_missing_or_altered_does_not_stop_a_backup(asb: Program) -> None:
    asb.open()
    for name in ("one", "two"):
        (asb.folder / name).write_text(name)
        asb.done("evidence", "1", "add", asb.folder / name)
    first, second = sorted((asb.folder / "register.sqlite.evidence").iterdir())
    first.unlink()
    second.chmod(0o600)
    second.write_text("another")
    away = asb.folder / "away"
    away.mkdir()
    ran = asb("backup", away / "copy.sqlite")
    assert ran.code == 0
    assert all(f"evidence {each.name} is missing or altered" in ran.err for each in (first, second))
    assert "was deleted" in asb("--db", away / "copy.sqlite", "verify").out


def test_a_backup_is_verified_where_it_stands_with_its_evidence(asb: Program) -> None:
    asb.open()
    (asb.folder / "one").write_text("one")
    asb.done("evidence", "1", "add", asb.folder / "one")
    away = asb.folder / "away"
    away.mkdir()
    asb.done("backup", away / "copy.sqlite")
    asb.whole("--db", away / "copy.sqlite")
    [kept] = (away / "asb-evidence").glob("*/*")
    kept.chmod(0o600)
    kept.write_text("two")
    assert "was altered" in asb("--db", away / "copy.sqlite", "verify").out


# -- an erasure reaches every list, whatever fails after it


WHY = "--basis", "a request", "--approved-by", "Iain Kerr"


def erased_in(folder: Path) -> int:
    """How many entries the list of erasures in a folder names."""
    lines = (folder / "asb-erasures.txt").read_text().splitlines()
    return sum(not line.startswith("#") for line in lines)


def test_what_was_erased_is_listed_even_where_its_evidence_cannot_be_removed(asb: Program) -> None:
    asb.open("Zebedee shouted")
    (asb.folder / "photo").write_text("Zebedee's photo")
    asb.done("evidence", "1", "add", "photo")
    (asb.folder / "away").mkdir()
    asb.done("backup", "away/copy.sqlite")
    [kept] = (asb.folder / "register.sqlite.evidence").iterdir()
    kept.unlink()
    kept.mkdir()  # what cannot be unlinked, also by root
    ran = asb("redact", "1", "--all", *WHY)
    assert ran.code == 0
    assert f"{kept} holds evidence that was erased and could not be removed" in ran.err
    assert erased_in(asb.folder / "away") == erased_in(asb.folder) == 2
    assert not list((asb.folder / "away" / "asb-evidence").glob("*/*"))
    back = asb.folder / "new" / "register.sqlite"
    asb.done("--db", back, "restore", "away/copy.sqlite")
    assert "Zebedee" not in asb.done("--db", back, "history", "1")


def test_an_erasure_cut_short_before_its_list_is_told_of_and_listed_by_the_next_backup(asb: Program) -> None:
    asb.open("Zebedee shouted")
    (asb.folder / "away").mkdir()
    asb.done("backup", "away/copy.sqlite")
    asb.done("redact", "1", "--all", *WHY)
    for folder in (asb.folder, asb.folder / "away"):  # as a kill just after the commit leaves them
        (folder / "asb-erasures.txt").unlink()
    told = asb("doctor").err
    assert f"{asb.folder / 'asb-erasures.txt'} does not list all that was erased" in told
    assert f"{asb.folder / 'away' / 'asb-erasures.txt'} does not list all that was erased" in told
    (asb.folder / "other").mkdir()
    asb.done("backup", "other/copy.sqlite")
    assert [erased_in(asb.folder / each) for each in ("", "away", "other")] == [1, 1, 1]
    assert "does not list" not in asb("doctor").err


def test_two_registers_in_one_backup_folder_keep_their_own_evidence(asb: Program) -> None:
    (asb.folder / "photo").write_text("the same photo")
    (asb.folder / "away").mkdir()
    theirs = asb.folder / "their" / "register.sqlite"
    asb.done("--db", theirs, "init")
    for register in (asb.folder / "register.sqlite", theirs):
        asb.done("--db", register, "open", "--category", "noise", "--definition", "personal", "--summary", "Music",
                 "--anonymous")
        asb.done("--db", register, "evidence", "1", "add", "photo")
        asb.done("--db", register, "backup", asb.folder / "away" / f"{register.parent.name}.sqlite")
    asb.done("redact", "1", "--all", *WHY)
    asb.whole("--db", asb.folder / "away" / "their.sqlite")
    theirs.unlink()
    for each in (theirs.parent / "register.sqlite.evidence").iterdir():
        each.unlink()
    asb.done("--db", theirs, "restore", asb.folder / "away" / "their.sqlite")
    asb.whole("--db", theirs)


@pytest.mark.skipif(ENCRYPTED, reason="its file says nothing to whoever looks for words in it")
def test_a_file_set_aside_is_told_of_where_it_holds_what_is_erased(asb: Program) -> None:
    asb.open("Zebedee shouted")
    asb.done("backup", "copy.sqlite")
    asb.done("restore", "copy.sqlite")
    [aside] = asb.folder.glob("register.sqlite.before-restore-*")
    ran = asb("redact", "1", "--all", *WHY)
    assert f"{aside} was set aside before and still holds the words" in ran.err
    assert f"{aside} was set aside and may hold what was erased since" in asb("doctor").err
    aside.unlink()
    assert "set aside" not in asb("doctor").err


def test_a_dump_brings_back_nothing_that_the_list_beside_it_names(asb: Program) -> None:
    asb.open("Zebedee shouted")
    asb.done("dump", "old.jsonl")
    asb.done("redact", "1", "--all", *WHY)
    asb.folder.joinpath("register.sqlite").unlink()
    ran = asb("load", "old.jsonl")
    assert ran.code == 0
    assert "erased again, as the list says: entries 3" in ran.err
    assert "Zebedee" not in asb.done("history", "1")
    asb.whole()


@pytest.mark.parametrize("line", ["5", "{}", "[]", "null", '{"file":5,"at":1,"head":2}', "\xff", "no JSON",
                                  '{"file":"copy.sqlite","at":"2026-01-01","head":"1:a"}'])
def test_a_line_of_the_note_of_backups_that_is_none_of_ours_counts_for_nothing(asb: Program, line: str) -> None:
    asb.open("Zebedee shouted")
    (asb.folder / "away").mkdir()
    asb.done("backup", "away/copy.sqlite")
    notes = asb.folder / "register.sqlite.backups"
    notes.write_text(line + "\n" + notes.read_text(), encoding="latin-1")
    assert asb("doctor").code in (0, 6)
    asb.done("redact", "1", "--all", *WHY)
    if line != "\xff":  # then nothing of the file can be read
        assert erased_in(asb.folder / "away") == 1
    asb.done("backup", "away/copy.sqlite", "--replace")
    assert erased_in(asb.folder / "away") == 1


def test_a_register_brought_back_knows_the_backup_it_came_from(asb: Program) -> None:
    asb.open("Zebedee shouted")
    (asb.folder / "away").mkdir()
    asb.done("backup", "away/copy.sqlite")
    new = asb.folder / "new" / "register.sqlite"
    asb.done("--db", new, "restore", "away/copy.sqlite")
    asb.done("--db", new, "redact", "1", "--all", *WHY)
    assert erased_in(asb.folder / "away") == 1
