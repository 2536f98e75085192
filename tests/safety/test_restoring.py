"""What a restore, a backup or a first command does to what stands there, colleagues' entries above all."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from registers import opened

from asbcli.casework.telling import Recorded
from asbcli.store import evidence
from asbcli.store.chain import FIRST, body_hash, canonical, header_hash
from safety.forked import Program

WHY = "--basis", "a request", "--approved-by", "Iain Kerr"


@pytest.fixture
def away(asb: Program) -> Path:
    """A case with a photo as evidence, and the folder its backup, `copy.sqlite`, is in."""
    folder = asb.folder / "away"
    folder.mkdir()
    asb.open("Shouting on the stair")
    (asb.folder / "photo").write_text("the true photo")
    asb.done("evidence", "1", "add", "photo")
    asb.done("backup", "away/copy.sqlite")
    return folder


def evidence_of(asb: Program) -> Path:
    return asb.folder / "register.sqlite.evidence"


def photo_in(folder: Path) -> Path:
    [photo] = (each for each in folder.rglob("*") if len(each.name) == 64)
    return photo


def alter(photo: Path) -> None:
    photo.chmod(0o600)
    photo.write_text("another photo")


# -- a colleague who works in the register meanwhile


def slowly() -> None:
    """Let the copy take its time, as that of a large register does."""
    from asbcli.store import backup

    copied = backup.read_back

    def read_back(path: Path) -> backup.Head:
        time.sleep(0.6)
        return copied(path)

    backup.read_back = read_back


def test_what_a_colleague_saves_while_a_register_is_restored_is_not_lost(asb: Program) -> None:
    asb.open("Shouting on the stair")
    asb.done("note", "1", "Zebedee was named")
    note = str(json.loads(asb.done("history", "1", "--json"))[-1]["entry"])
    asb.done("backup", "copy.sqlite")
    restoring = asb.start("restore", "copy.sqlite", prepare=slowly)
    time.sleep(0.4)
    assert "Shouting" in asb.done("list"), "who only looks is not held up"
    colleagues = [asb.start("note", "1", "heard again"), asb.start("redact", "1", note, *WHY)]
    noted, redacted = (each.ended() for each in colleagues)
    assert restoring.ended().code == 0
    said = asb.done("history", "1")
    assert (noted.code == 0) == ("heard again" in said)
    assert (redacted.code == 0) == ("Zebedee" not in said)
    for each in (noted, redacted):
        assert each.code in (0, 5)
        assert each.code == 0 or "brought into this one's place meanwhile; nothing was saved" in each.err
    asb.whole()


def saved_slowly() -> None:
    """Let a change take its time to be saved, as an import's does; the write lock is held meanwhile."""
    from asbcli.casework.record import Casework

    finish = Casework.finish

    def finish_slowly(work: Casework, line: str) -> Recorded:
        time.sleep(0.8)
        return finish(work, line)

    Casework.finish = finish_slowly


def test_a_note_and_a_restore_that_wait_for_the_same_colleague_do_not_lose_the_note(asb: Program) -> None:
    asb.open("Shouting on the stair")
    asb.done("backup", "copy.sqlite")
    first = asb.start("note", "1", "heard first", prepare=saved_slowly)
    time.sleep(0.4)
    second, restoring = asb.start("note", "1", "heard again"), asb.start("restore", "copy.sqlite")
    noted = [each.ended().code for each in (first, second)]
    restored = restoring.ended()
    assert (noted[0], restored.code) == (0, 2)
    assert "recorded after this backup and would be lost (ASB-1)" in restored.err
    said = asb.done("history", "1")
    assert ["heard first" in said, "heard again" in said] == [True, noted[1] == 0]
    asb.whole()


def test_what_goes_aside_with_the_officers_leave_is_told(asb: Program) -> None:
    asb.open("before")
    asb.done("backup", "copy.sqlite")
    asb.open("after")
    assert "1 entries stand in it alone (ASB-2)" in asb("restore", "copy.sqlite", "--accept-loss").err


def evidence_copied(then: Callable[[], object]) -> Callable[[], None]:
    """Something that comes between a backup's copying of the evidence and its name."""

    def prepare() -> None:
        from asbcli.store import backup, evidence

        copied = evidence.copied

        @contextmanager
        def copied_and(*words: Any) -> Iterator[evidence.Copied]:
            with copied(*words) as found:
                then()
                yield found

        backup.evidence.copied = copied_and

    return prepare


def test_a_backup_that_fails_takes_no_evidence_from_one_that_is_made_meanwhile(asb: Program, away: Path) -> None:
    shutil.rmtree(away / "asb-evidence")

    def fails_in_the_end() -> None:
        time.sleep(0.8)
        raise OSError(28, "No space left on device")

    failing = asb.start("backup", "away/failing.sqlite", prepare=evidence_copied(fails_in_the_end))
    time.sleep(0.4)
    asb.done("backup", "away/second.sqlite")
    assert failing.ended().code == 5
    asb.whole("--db", away / "second.sqlite")


def test_what_is_erased_while_a_backup_is_made_is_gone_from_its_evidence_and_told(asb: Program, away: Path) -> None:
    (asb.folder / "new").mkdir()
    backing_up = asb.start("backup", "new/copy.sqlite", prepare=evidence_copied(lambda: time.sleep(0.8)))
    time.sleep(0.4)
    photo, note = (str(each["entry"]) for each in json.loads(asb.done("history", "1", "--json"))[-1:-3:-1])
    asb.done("redact", "1", photo, *WHY)
    ran = backing_up.ended()
    assert (ran.code, f"entries {photo} were erased meanwhile" in ran.err) == (0, True), ran
    assert not list((asb.folder / "new").glob("asb-evidence/*/*"))
    assert f"{asb.folder / 'new' / 'copy.sqlite'}" in asb("redact", "1", note, *WHY).err
    back = asb.folder / "back" / "register.sqlite"
    asb.done("--db", back, "restore", "new/copy.sqlite")
    asb.whole("--db", back)


# -- evidence that stands there already


def test_a_backup_that_was_altered_is_mended_by_the_next(asb: Program, away: Path) -> None:
    photo = photo_in(away)
    alter(photo)
    ran = asb("backup", "away/copy.sqlite", "--replace")
    assert (ran.code, f"evidence {photo.name} had been altered" in ran.err) == (0, True)
    assert photo.read_text() == "the true photo"
    asb.whole("--db", away / "copy.sqlite")


def test_a_backup_that_was_altered_is_told_of_where_the_true_file_is_gone_too(asb: Program, away: Path) -> None:
    for folder in (evidence_of(asb), away):
        alter(photo_in(folder))
    ran = asb("backup", "away/copy.sqlite", "--replace")
    assert f"evidence {photo_in(away).name} is missing or altered, and was not copied" in ran.err


def test_a_restore_mends_evidence_as_verify_says_it_does(asb: Program, away: Path) -> None:
    photo = photo_in(evidence_of(asb))
    alter(photo)
    ran = asb("verify")
    assert "was altered" in ran.out
    assert "asb restore" in ran.err
    asb.done("restore", "away/copy.sqlite")
    assert photo.read_text() == "the true photo"
    asb.whole()
    [aside] = asb.folder.glob("register.sqlite.before-restore-*.evidence/*")
    assert aside.read_text() == "another photo", "what it was altered to goes aside with the file it stood beside"


@pytest.mark.parametrize("case", ["1", "2"])
def test_the_true_file_taken_in_again_takes_its_place_from_an_altered_one(asb: Program, away: Path, case: str) -> None:
    asb.open("Shouting again")
    photo = photo_in(evidence_of(asb))
    alter(photo)
    ran = asb("evidence", case, "add", "photo")
    assert (ran.code, photo.read_text()) == (0, "the true photo")
    assert "had been altered: the true file is in its place" in ran.err
    assert ("nothing was recorded" in ran.out) == (case == "1")
    [altered] = evidence_of(asb).glob("*.altered-1")
    assert f"{altered} is what evidence was altered to" in asb("verify").out
    altered.unlink()
    asb.whole()


def test_evidence_that_was_deleted_is_taken_in_again(asb: Program, away: Path) -> None:
    photo_in(evidence_of(asb)).unlink()
    assert "in its place again" in asb.done("evidence", "1", "add", "photo")
    asb.whole()
    assert "already" in asb.refused(2, "evidence", "1", "add", "photo")


def test_what_evidence_was_altered_to_is_erased_with_it(asb: Program, away: Path) -> None:
    alter(photo_in(evidence_of(asb)))
    asb.done("evidence", "1", "add", "photo")
    asb.done("redact", "1", "--all", *WHY)
    assert list(evidence_of(asb).iterdir()) == []


def test_a_link_that_leads_nowhere_stops_no_evidence_and_is_named(asb: Program, away: Path) -> None:
    stray = [evidence_of(asb) / "zz", evidence_of(asb) / "film.part"]
    stray[0].symlink_to("/nonexistent")
    stray[1].write_text("half a film")
    (evidence_of(asb) / ".incoming.00000000.part").write_text("what a kill left")
    (asb.folder / "second").write_text("a second photo")
    asb.done("evidence", "1", "add", "second")
    assert [f"{each} was added: it belongs to no entry" in asb("verify").out for each in stray] == [True, True]
    assert not list(evidence_of(asb).glob(".incoming*"))


def test_a_restore_that_is_refused_leaves_no_evidence_behind(asb: Program, away: Path) -> None:
    theirs = Program(asb.folder / "theirs")
    theirs.folder.mkdir(mode=0o700)
    theirs.done("init")

    def unable() -> None:
        from asbcli.store import backup

        def exchange(*_: object, **__: object) -> Path:
            raise PermissionError(1, "Operation not permitted")

        backup.exchange = exchange

    assert "nothing was changed" in theirs.refused(
        5, "restore", away / "copy.sqlite", "--accept-loss", prepare=unable
    )
    assert not evidence_of(theirs).exists()
    theirs.whole()


def test_evidence_that_is_gone_is_missed_though_a_backup_stands_beside_the_register(asb: Program, away: Path) -> None:
    asb.done("backup", "copy.sqlite")
    photo = photo_in(evidence_of(asb))
    shutil.rmtree(evidence_of(asb))
    assert f"evidence {photo.name} was deleted" in asb("verify").out
    asb.whole("--db", asb.folder / "copy.sqlite")


def test_evidence_that_fails_only_as_it_is_committed_leaves_no_file_behind(asb: Program, away: Path) -> None:
    def interrupted_at_commit() -> None:
        from asbcli.cli.desk import Desk

        Desk.hold_interrupts = lambda _: os.kill(os.getpid(), signal.SIGINT)

    (asb.folder / "second").write_text("a second photo")
    for file in ("second", "photo"):  # the photo is evidence of the first case already, and stays so
        asb.open("Shouting again")
        assert asb("evidence", "2", "add", file, prepare=interrupted_at_commit).code == 130
        assert [each.name for each in evidence_of(asb).iterdir()] == [photo_in(away).name]
        asb.whole()


def test_evidence_is_not_taken_into_a_case_that_a_restore_made_another(asb: Program, away: Path) -> None:
    asb.open("Music at night")

    def restored_meanwhile() -> None:
        from asbcli.store import evidence

        streamed = evidence._streamed

        def slowly_streamed(*words: Any) -> tuple[str, int]:
            time.sleep(1)
            return streamed(*words)

        evidence._streamed = slowly_streamed

    (asb.folder / "second").write_text("a photo of the music")
    adding = asb.start("evidence", "2", "add", "second", prepare=restored_meanwhile)
    time.sleep(0.4)
    asb.done("restore", "away/copy.sqlite", "--accept-loss")
    assert asb.open("Dogs barking") == 2
    ran = adding.ended()
    assert (ran.code, ran.out) == (4, "")
    assert "ASB-2 is another case now" in ran.err
    asb.whole()


# -- an interrupt waits from commit to print


def interrupted(name: str) -> Callable[[], None]:
    """An interrupt that comes just when a file has been given its name."""

    def prepare() -> None:
        done = getattr(os, name)

        def named(*words: object, **more: object) -> None:
            done(*words, **more)
            if "register.sqlite" in str(words[1]) or "copy.sqlite" in str(words[1]):
                os.kill(os.getpid(), signal.SIGINT)

        setattr(os, name, named)

    return prepare


@pytest.mark.parametrize(
    ("words", "name", "told"),
    [
        (("restore", "away/copy.sqlite"), "replace", "stands as in the backup"),
        (("backup", "away/another-copy.sqlite"), "link", "read back whole"),
        (("--db", "new/register.sqlite", "init"), "link", "made "),
        (("--db", "new/register.sqlite", "load", "dump"), "link", "entries are in"),
    ],
    ids=["restore", "backup", "init", "load"],
)
def test_an_interrupt_comes_too_late_once_it_is_done(
    asb: Program, away: Path, words: tuple[str, ...], name: str, told: str
) -> None:
    asb.done("dump", "dump")
    ran = asb(*words, prepare=interrupted(name))
    assert (ran.code, told in ran.out) == (0, True), ran


@pytest.mark.parametrize("fault", ["the evidence cannot be moved", "somebody writes to it at once"])
def test_a_restore_that_is_done_never_says_that_nothing_was_changed(asb: Program, away: Path, fault: str) -> None:
    (asb.folder / "second").write_text("a second photo")
    asb.done("evidence", "1", "add", "second")

    def prepare() -> None:
        from asbcli.store import backup

        def set_evidence_aside(*_: object) -> int:
            if fault == "the evidence cannot be moved":
                raise PermissionError(1, "Operation not permitted")
            with opened(asb.register) as connection:
                connection.execute("no SQL")
            return 0

        backup.set_evidence_aside = set_evidence_aside

    ran = asb("restore", "away/copy.sqlite", "--accept-loss", prepare=prepare)
    assert ran.code == 0
    assert "stands as in the backup" in ran.out
    assert f"is still in {evidence_of(asb)}: asb verify names it" in ran.err
    assert "was added" in asb("verify").out


# -- what kills leave, and what belongs to a register


def killed_before(name: str) -> Callable[[], None]:
    """A kill that comes just before a file is given the register's or the backup's name."""

    def prepare() -> None:
        done = getattr(os, name)

        def named(*words: object, **more: object) -> None:
            if str(words[1]).endswith(("/register.sqlite", "/copy.sqlite")):
                os.kill(os.getpid(), signal.SIGKILL)
            done(*words, **more)

        setattr(os, name, named)

    return prepare


def test_what_a_killed_backup_left_is_named_by_doctor_and_by_an_erasure(asb: Program, away: Path) -> None:
    assert asb("backup", "away/copy.sqlite", "--replace", prepare=killed_before("replace")).code == -signal.SIGKILL
    [left] = away.glob(".copy.sqlite.*.part")
    assert f"a kill left {left} half written" in asb("doctor").err
    assert f"{left} was left half written by a kill and may hold the words" in asb("redact", "1", "3", *WHY).err
    asb.done("backup", "away/copy.sqlite", "--replace")
    assert "half written" not in asb("doctor").err


def test_an_erasure_names_the_backups_that_are_there_and_those_that_are_not(asb: Program, away: Path) -> None:
    asb.done("backup", "away/older.sqlite")
    (away / "older.sqlite").unlink()
    told = asb("redact", "1", "3", *WHY).err
    assert f"older backups still hold the words: {away / 'copy.sqlite'}; asb restore erases them again" in told
    assert f"older backups hold the words too, wherever they are now: {away / 'older.sqlite'}" in told


def test_a_register_that_a_killed_restore_left_with_two_names_is_not_taken_for_an_older_one(
    asb: Program, away: Path
) -> None:
    assert asb("restore", "away/copy.sqlite", prepare=killed_before("replace")).code == -signal.SIGKILL
    [second] = asb.folder.glob("register.sqlite.before-restore-*")
    assert "set aside" not in asb("redact", "1", "3", *WHY).err
    told = asb("doctor").err
    assert "set aside" not in told
    assert f"{second} is a second name of the register itself" in told
    second.unlink()
    asb.whole()


@pytest.mark.parametrize("place", [
    "register.sqlite-journal", "register.sqlite.backups", "asb-erasures.txt", "register.sqlite.evidence/PHOTO",
    "register.sqlite.evidence/new", "away/asb-erasures.txt", "away/asb-evidence/new", "away/asb-evidence/x/new",
    "away/asb-evidence/x/y/new", "other/asb-evidence",
])  # fmt: skip
def test_no_answer_takes_the_place_of_a_file_that_belongs_to_a_register(
    asb: Program, away: Path, place: str
) -> None:
    file = asb.folder / place.replace("PHOTO", photo_in(evidence_of(asb)).name)
    before = file.read_bytes() if file.exists() else None
    for words in (("export", "cases", "--out", file), ("dump", file), ("backup", file, "--replace"),
                  ("due", "--ics", file), ("evidence", "1", "export", "4", "--out", file),
                  ("--db", file, "init"), ("--db", file, "restore", "away/copy.sqlite", "--accept-loss")):  # fmt: skip
        ran = asb(*words)
        assert (ran.code, ran.out) in ((2, ""), (5, "")), words
        assert ("a register keeps files of its own there" in ran.err) or words[0] == "--db"
    assert (file.read_bytes() if file.exists() else None) == before
    asb.whole()


@pytest.mark.parametrize("place", ["register.sqlite.evidence", "papers"])
def test_a_restore_takes_the_place_of_nothing_but_a_plain_file(asb: Program, away: Path, place: str) -> None:
    (asb.folder / "papers").mkdir(mode=0o755)
    before = sorted((each, each.lstat().st_mode) for each in asb.folder.iterdir())
    said = asb("--db", asb.folder / place, "restore", "away/copy.sqlite", "--accept-loss")
    assert said.code in (2, 5), said
    assert "cannot be" in said.err
    assert sorted((each, each.lstat().st_mode) for each in asb.folder.iterdir()) == before


def test_evidence_that_was_set_aside_is_named_also_once_its_file_is_removed(asb: Program, away: Path) -> None:
    (asb.folder / "second").write_text("a second photo")
    asb.done("evidence", "1", "add", "second")
    asb.done("restore", "away/copy.sqlite", "--accept-loss")
    [folder] = asb.folder.glob("register.sqlite.before-restore-*.evidence")
    asb.folder.joinpath(folder.name.removesuffix(".evidence")).unlink()
    assert f"{folder} was set aside before" in asb("redact", "1", "3", *WHY).err
    assert f"{folder} was set aside and may hold what was erased since" in asb("doctor").err


def test_a_dump_that_finds_no_room_is_not_blamed_for_it(asb: Program) -> None:
    rows = "".join(f"noise,personal,{'x' * 15_000},Jane Souter {number},R{number}\n" for number in range(150))
    (asb.folder / "in.csv").write_text(f"category,definition,summary,complainant,external_ref\n{rows}")
    asb.done("import", "in.csv")
    asb.done("dump", "dump")
    new, room = asb.folder / "new.sqlite", (1_500_000, 1_500_000)  # less than SQLite holds back until the commit
    said = asb.refused(5, "--db", new, "load", "dump", prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, room))
    assert "nothing was saved" in said
    assert "make room" in said
    assert not new.exists()


# -- a digest is the name of a file: one that was crafted must not lead anywhere else


def rechained(dumped: Path, digest: str) -> None:
    """Let the dump's evidence stand under another digest, with every hash worked out anew, as who crafts one can."""
    rows = [json.loads(line) for line in dumped.read_text().splitlines()[:-1]]
    bodies = {row["seq"]: row for table, row in rows[1:] if table == "bodies"}
    entries = [row for table, row in rows[1:] if table == "entries"]
    for table, row in rows[1:]:
        if table == "evidence":
            row["digest"] = digest
    previous = FIRST
    for entry in entries:
        body = bodies[entry["seq"]]
        if entry["kind"] == "evidence":
            body["body"] = canonical(json.loads(body["body"]) | {"digest": digest})
        entry |= {"body_hash": body_hash(body["salt"], body["body"]), "previous": previous}
        previous = entry["hash"] = header_hash(entry)
    rows[0]["head"] = f"{entries[-1]['seq']}:{previous}"
    text = "".join(json.dumps(row, sort_keys=True, separators=(",", ":")) + "\n" for row in rows)
    tail = json.dumps({"end": hashlib.sha256(text.encode()).hexdigest()}, separators=(",", ":"))
    dumped.write_text(f"{text}{tail}\n")


def test_a_dump_whose_evidence_names_the_register_is_refused(asb: Program, away: Path) -> None:
    dumped, theirs = asb.folder / "dump", asb.folder / "theirs.sqlite"
    asb.done("dump", dumped)
    rechained(dumped, photo_in(away).name)
    asb.done("--db", asb.folder / "same.sqlite", "load", dumped)
    for digest in ("../register.sqlite", "*", photo_in(away).name.upper()):
        rechained(dumped, digest)
        assert "the dump is not whole" in asb.refused(2, "--db", theirs, "load", dumped), digest
        assert not theirs.exists()


def test_no_digest_leads_out_of_the_folder_of_the_evidence(tmp_path: Path) -> None:
    folder = tmp_path / "register.sqlite.evidence"
    folder.mkdir()
    (tmp_path / "register.sqlite").write_text("the register")
    (folder / "photo").write_text("a photo")
    assert evidence.drop(folder, ["../register.sqlite", "photo", "", "*"]) == []
    assert [(tmp_path / "register.sqlite").exists(), (folder / "photo").exists()] == [True, True]
