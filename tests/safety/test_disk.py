"""A full disk, and answers that cannot be delivered: nothing half saved, nothing saved and not told."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from safety.forked import ANONYMOUS, ROOT, Program

SIZE = 1_500_000  # bytes of the small disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own that is soon full."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", place], check=False)
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


def refs(asb: Program) -> list[str]:
    return [line.split("\t")[0] for line in asb.done("list", "--all").splitlines()[1:]]


def test_a_full_disk_loses_nothing_that_was_acknowledged(asb: Program, small_disk: Path) -> None:
    folder = small_disk / "office"
    folder.mkdir(mode=0o700)
    full = Program(folder)
    full.done("init")
    acknowledged = []
    filler = small_disk / "filler"
    for number in range(200):
        if number == 5:
            room = os.statvfs(small_disk)
            filler.write_bytes(bytes(room.f_bavail * room.f_frsize - 60_000))
        ran = full(*ANONYMOUS, "x" * 15_000)
        if ran.code:
            break
        acknowledged.append(ran.out.strip())
    assert ran.code == 5, ran
    assert "nothing was saved" in ran.err
    assert refs(full) == acknowledged
    full.whole()
    for words in (
        ("backup", small_disk / "copy.sqlite"),
        ("dump", small_disk / "dump.jsonl"),
        ("export", "log", "--out", small_disk / "log.csv"),
        ("--db", small_disk / "new.sqlite", "init"),
    ):
        said = full.refused(5, *words)
        assert "nothing was saved" in said, words
        assert "hint: " in said, words
    left = [each.name for each in small_disk.iterdir() if each.name not in ("office", "filler", "asb-erasures.txt")]
    assert left == [], "a partial file was left"
    assert [each.name for each in folder.iterdir()] == ["register.sqlite"]
    filler.unlink()
    full.open()


def test_a_limit_on_the_size_of_files_stepped_through(asb: Program, whole: bool) -> None:
    asb.open()
    size = asb.register.stat().st_size
    acknowledged = refs(asb)
    for more in range(-size + 4096, 70_000, 4096 if whole else 40_960):

        def limited(most: int = size + more) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

        ran = asb(*ANONYMOUS, "x" * 9_000, prepare=limited)
        assert ran.code in (0, 1, 5), ran
        assert "Traceback" not in ran.err
        if ran.code == 0:
            acknowledged.append(ran.out.strip())
        stored = refs(asb)
        assert set(acknowledged) <= set(stored)
        if ran.code == 5:
            assert "nothing was saved" in ran.err
            assert stored == acknowledged
    asb.whole()


@pytest.mark.parametrize(
    "words",
    [
        ("dump", "out"),
        ("export", "log", "--out", "out"),
        ("export", "deadlines", "--for-others", "--out", "out"),
        ("due", "--ics", "out"),
        ("letter", "1", "acknowledgement", "--to", "P1", "--out", "out"),
        ("evidence", "1", "export", "4", "--out", "out"),
        ("backup", "out"),
    ],
    ids=" ".join,
)
def test_where_there_is_no_room_for_an_answer_it_says_so(asb: Program, words: tuple[str, ...]) -> None:
    asb.open()
    (asb.folder / "photo").write_bytes(b"the door" * 1000)
    asb.done("evidence", "1", "add", asb.folder / "photo")
    said = asb.refused(5, *words, prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300)))
    assert "nothing was saved" in said
    assert "hint: " in said
    assert not (asb.folder / "out").exists()


@pytest.mark.parametrize("words", [("backup", "copy"), ("evidence", "1", "add", "photo")], ids=" ".join)
def test_a_folder_that_was_removed_is_named(asb: Program, words: tuple[str, ...]) -> None:
    asb.open()
    gone = asb.folder / "gone"

    def removed() -> None:
        gone.mkdir()
        os.chdir(gone)
        gone.rmdir()

    said = asb.refused(5, "--db", asb.register, *words, prepare=removed)
    assert "the folder you are in was removed; nothing was saved" in said
    assert "hint: " in said


@pytest.mark.parametrize(
    "words",
    [
        ("open", "--new", "--category", "noise", "--definition", "personal", "--summary", "x", "--anonymous"),
        ("note", "1", "x"),
        ("calendar", "close", "24/12/2027", "the office party"),
        ("redact", "1", "3", "--basis", "x", "--approved-by", "Boss"),
        ("role", "add", "housing-manager", "Iain"),
    ],
    ids=lambda words: words[0],
)
def test_an_answer_that_cannot_be_delivered_names_what_was_saved(asb: Program, words: tuple[str, ...]) -> None:
    asb.open()
    before = asb.register.read_bytes()
    ran = asb(*words, stdout="/dev/full")
    assert ran.code == 1, ran
    assert "was saved" in ran.err
    assert asb.register.read_bytes() != before
    asb.whole()


@pytest.mark.parametrize(
    "words",
    [("list",), ("show", "1"), ("due",), ("export", "log"), ("dump", "-"), ("history", "1")],
    ids=lambda words: words[0],
)
def test_an_answer_that_cannot_be_delivered_is_an_error_where_nothing_was_asked_to_be_saved(
    asb: Program, words: tuple[str, ...]
) -> None:
    asb.open()
    ran = asb(*words, stdout="/dev/full")
    assert ran.code == 1, ran
    assert "could not be written" in ran.err
    assert "was saved" not in ran.err


def as_a_process(asb: Program, *words: str) -> list[str]:
    return [sys.executable, "-m", "asbcli", *words]


@pytest.mark.parametrize("words", [("dump", "-"), ("export", "log", "--jsonl"), ("list",)], ids=lambda words: words[0])
def test_a_closed_pipe_ends_a_read_quietly(asb: Program, words: tuple[str, ...]) -> None:
    asb.open()
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        as_a_process(asb, *words), stdout=writer, stderr=subprocess.PIPE, env=asb.environment, timeout=60, check=False
    )
    os.close(writer)
    warned = b"warning: the lines are not encrypted: whoever gets them reads the whole register\n"
    assert (ran.returncode, ran.stderr.replace(warned, b"")) == (0, b"")


def test_a_closed_pipe_does_not_hide_that_something_was_saved(asb: Program) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    words = ("open", "--category", "noise", "--definition", "personal", "--summary", "x", "--anonymous")
    ran = subprocess.run(
        as_a_process(asb, *words), stdout=writer, stderr=subprocess.PIPE, env=asb.environment, timeout=60, check=False
    )
    os.close(writer)
    assert ran.returncode == 1
    assert b"ASB-1 was saved" in ran.stderr


def test_an_interrupt_comes_before_the_change_or_after_its_answer(asb: Program, whole: bool) -> None:
    words = (*ANONYMOUS, "x")
    lasts = asb(*words).seconds
    told = {"ASB-1"}
    for step in range(100 if whole else 12):
        running = asb.start(*words)
        time.sleep(lasts * 1.1 * (step + 0.5) / (100 if whole else 12))
        running.kill(signal.SIGINT)
        ran = running.ended()
        assert ran.code in (0, 130), ran
        assert (ran.code == 0) == bool(ran.out), "what was saved is told, and nothing else"
        told |= set(ran.out.split())
    assert set(refs(asb)) == told
    asb.whole()


def test_stdin_closed_and_stdout_closed(asb: Program) -> None:
    done = subprocess.run(
        f"exec {sys.executable} -m asbcli list <&- >&-",
        shell=True,
        env=asb.environment,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert b"could not be written" in done.stderr
