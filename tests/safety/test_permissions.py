"""Who can read what the program makes: nobody else, whatever the umask; and it talks to nobody."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from safety.forked import Program


def everything(folder: Path) -> dict[str, str]:
    """Each file and folder under a folder, with its mode."""
    return {str(each.relative_to(folder)): f"{stat.S_IMODE(each.lstat().st_mode):04o}" for each in folder.rglob("*")}


def test_every_file_is_ours_alone_whatever_the_umask(asb: Program) -> None:
    asb.register.unlink()
    del asb.environment["ASB_DB"]
    photo = asb.folder / "photo"
    photo.write_text("x")

    def open_to_all() -> None:
        os.umask(0)

    out = asb.folder / "out"
    out.mkdir(mode=0o700)
    for words in (
        ("open", "--category", "noise", "--definition", "personal", "--summary", "x", "--anonymous"),
        ("evidence", "1", "add", photo),
        ("backup", out / "copy.sqlite"),
        ("dump", out / "dump.jsonl"),
        ("export", "log", "--out", out / "log.csv"),
        ("redact", "1", "3", "--basis", "x", "--approved-by", "y"),
        ("restore", out / "copy.sqlite", "--accept-loss"),
        ("evidence", "1", "export", "4", "--out", out / "photo"),
        ("demo", "--keep", out / "demo.sqlite"),
        ("--db", out / "deep" / "er" / "x.sqlite", "init"),
        ("--db", out / "loaded.sqlite", "load", out / "dump.jsonl"),
    ):
        asb.done(*words, prepare=open_to_all)
    modes = everything(asb.folder)
    del modes["photo"]
    assert {name: mode for name, mode in modes.items() if mode not in ("0600", "0700", "0400")} == {}
    assert all((mode == "0700") == (asb.folder / name).is_dir() for name, mode in modes.items())
    assert len(modes) > 12, modes


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not here")
def test_journals_and_temporary_files_are_ours_alone_and_no_socket_is_opened(asb: Program) -> None:
    trace = asb.folder / "trace"
    code = "import os, sys; os.umask(0); from asbcli.cli.app import run; sys.exit(run(sys.argv[1:]))"
    for words in (
        ["open", "--category", "noise", "--definition", "personal", "--summary", "x", "--anonymous"],
        ["backup", "copy.sqlite"],
        ["list"],
    ):
        ran = subprocess.run(
            [
                "strace",
                "-f",
                "-e",
                "trace=open,openat,creat,mkdir,socket,connect",
                "-o",
                trace,
                sys.executable,
                "-c",
                code,
                *words,
            ],
            env=asb.environment,
            cwd=asb.folder,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        calls = trace.read_text().splitlines()
        there = ('/register.sqlite"', '.part"')  # SQLite opens them as if to make them, and they are there
        made = [
            line
            for line in calls
            if "O_CREAT" in line
            and str(asb.folder) in line
            and ("O_EXCL" in line or not any(name in line for name in there))
        ]
        assert [
            line for line in made if not line.split("O_CREAT", 1)[1].split(")")[0].endswith(("0600", "0600)"))
        ] == []
        assert [line for line in calls if "socket(" in line or "connect(" in line] == []
        assert made or words == ["list"]


def test_a_register_others_can_read_is_told_each_time(asb: Program) -> None:
    asb.open()
    asb.register.chmod(0o644)
    for words in (("list",), ("note", "1", "x"), ("show", "1"), ("due",)):
        assert "others on this machine can open" in asb(*words).err
    assert "chmod 600" in asb("doctor").err
    asb.register.chmod(0o600)
    assert "others" not in asb("list").err


def test_nobody_is_named_in_a_fault(asb: Program) -> None:
    asb.open(complainant="Jane Souter")

    def broken() -> None:
        from asbcli.store import read

        def fails(*_: object, **__: object) -> None:
            raise RuntimeError("Jane Souter")

        read.show = fails  # type: ignore[assignment]

    ran = asb("show", "1", prepare=broken)
    assert ran.code == 1
    assert "Souter" not in ran.err
    assert "RuntimeError" in ran.err
