"""What `doctor` looks at: settings, versions, the register's file and folder, its backups, its calendar."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import stat
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from asbcli import __version__
from asbcli.cli.desk import Desk
from asbcli.dates import echo
from asbcli.errors import AsbError
from asbcli.moments import Moment
from asbcli.store import backup, door, evidence, read
from asbcli.store.identity import SCHEMA_VERSION

PACKAGES = ("typer", "rich", "sqlmodel", "sqlalchemy", "alembic", "holidays", "python-dateutil")
EXTRAS = ("sqlcipher3", "keyring")
SYNCED = (
    "dropbox",
    "onedrive",
    "google drive",
    "googledrive",
    "icloud",
    "mobile documents",
    "nextcloud",
    "owncloud",
    "sharepoint",
    "box sync",
)
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "9p", "fuse.sshfs", "fuse.rclone", "afs", "ncpfs"}
)
BACKUP_AGE = timedelta(days=7)
ROOM = 100_000_000  # bytes: less is told
HORIZON = timedelta(days=180)  # of published bank holidays ahead: less is told
Row = dict[str, str]
# What an officer asks about, in plain words, before what whoever looks after the machine asks about.
PLAIN = {
    "register": "the register", "cases": "cases in it", "entries": "entries in its log", "acting": "you act as",
    "procedure": "procedure in force", "bank holidays published until": "bank holidays known until",
    "encrypted": "encrypted", "permissions": "who can open it", "last backup": "last backup",
}  # fmt: skip
_OWNER_ALONE = "0600"


def checkup(desk: Desk) -> tuple[list[Row], list[str]]:
    """The rows of the report, and what is not as it should be."""
    settings = desk.settings
    rows = [
        _row("register", settings.database.value, settings.database.source),
        _row("acting", settings.acting.value, settings.acting.source),
        _row("colour", settings.colour.value, settings.colour.source),
        _row("config", settings.config.value, settings.config.source),
        *(
            _row(what, named.value, named.source)
            for what, named in (("key file", settings.key_file), ("key in the keyring", settings.keyring))
            if named
        ),
        *(_row(f"retention of {name}", words, settings.config.value) for name, words in settings.retention.items()),
        _row("asb", __version__, ""),
        _row("python", platform.python_version(), ""),
        _row("sqlite", sqlite3.sqlite_version, ""),
        *(_row(name, _version(name), "") for name in PACKAGES + EXTRAS),
    ]
    problems = _of_file(settings.path.absolute(), rows, key_named=bool(settings.key_file or settings.keyring))
    try:
        _of_register(desk, rows, problems)
    except AsbError as fault:
        problems.append(fault.problem)
    else:
        _of_backups(settings.path.absolute(), desk.now(), rows, problems)
        _of_erasures(settings.path.absolute(), desk.register, problems)
    return rows, problems


def in_plain_words(rows: list[Row]) -> tuple[list[tuple[str, str]], list[Row]]:
    """The rows an officer asks about as they are spoken of, and the others."""
    found = {row["what"]: row["value"] for row in rows}
    said = [(words, _spoken(what, found[what])) for what, words in PLAIN.items() if what in found]
    return said, [row for row in rows if row["what"] not in PLAIN or row["what"] == "permissions"]


def _spoken(what: str, value: str) -> str:
    if what == "permissions":
        return "you alone" if value == _OWNER_ALONE else f"others too ({value})"
    if what == "bank holidays published until":
        return echo(Moment.parse(value))
    if what == "last backup" and value != "none":
        at, _, file = value.partition(" ")
        return f"{echo(Moment.parse(at))}, {file}"
    return value


def _row(what: str, value: str, source: str) -> Row:
    return {"what": what, "value": value, "from": source}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _of_file(path: Path, rows: list[Row], *, key_named: bool) -> list[str]:
    """The register's file and its folder: who can read them, where they are, what a kill left there."""
    if not path.is_file():
        return []
    problems = []
    for what, place in (("permissions", path), ("permissions of the folder", path.parent)):
        mode = stat.S_IMODE(place.stat().st_mode)
        rows.append(_row(what, f"{mode:04o}", ""))
        if os.name == "posix" and mode & (0o077 if place == path else 0o022):
            done = "open" if place == path else "change what stands in"
            problems.append(f"others on this machine can {done} {place}: chmod {'600' if place == path else '700'} it")
    if not os.access(path, os.W_OK):
        problems.append(f"{path} cannot be written to")
    problems += _of_folder(path, rows)
    problems += _of_encryption(path, rows, key_named=key_named)
    problems += [
        f"a kill left {left} half written: the next change of its kind removes it, or remove it yourself"
        for left in backup.left_behind(path)
    ]
    problems += [
        f"{name} is a second name of the register itself, which a kill left: remove it"
        for name in backup.second_names(path)
    ]
    return problems


def _of_encryption(path: Path, rows: list[Row], *, key_named: bool) -> list[str]:
    """Whether the file is encrypted; where its key comes from is among the settings, and the key itself nowhere."""
    encrypted = door.is_encrypted(path)
    rows.append(_row("encrypted", "yes" if encrypted else "no", ""))
    if encrypted and any(evidence.folder_of(path).glob("*")):
        rows.append(_row("evidence files encrypted", "no: that is the disk's job", ""))
    if not encrypted and key_named:
        return [f"a key is named, and {path} is not encrypted: asb encrypt"]
    return []


def _of_folder(path: Path, rows: list[Row]) -> list[str]:
    kind = file_system(path)
    rows.append(_row("file system", kind or "not known", ""))
    problems = []
    if any(name in str(path.resolve()).lower() for name in SYNCED):
        problems.append(f"{path} is in a folder that is copied to another service: keep the register out of it")
    if kind in NETWORK or str(path).startswith("\\\\"):
        problems.append(
            f"{path} is on a network drive ({kind}): its locks cannot be relied on, keep it on this machine"
        )
    if (free := shutil.disk_usage(path.parent).free) < ROOM:
        problems.append(f"only {free // 1_000_000} MB are free beside the register")
    return problems


def file_system(path: Path, mounts: str = "/proc/mounts") -> str | None:
    """The kind of file system a path is on, where the system tells."""
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    found = [
        (len(where), kind)
        for _, where, kind, *_ in map(str.split, lines)
        if path.resolve().is_relative_to(where.replace("\\040", " "))
    ]
    return max(found)[1] if found else None


def _of_register(desk: Desk, rows: list[Row], problems: list[str]) -> None:
    connection = desk.register
    try:
        [said] = connection.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            problems.append(f"the file is damaged ({said}): asb verify looks closer, asb restore brings a backup")
        known = read.known_until(connection)
        head = backup.head_of(connection)
        rows += [
            _row("schema", str(SCHEMA_VERSION), ""),
            _row("cases", str(connection.execute("SELECT count(*) FROM cases").fetchone()[0]), ""),
            _row("entries", str(head.seq), ""),
            _row("head", str(head), ""),
            _row("procedure", read.procedures(connection)[-1]["key"], ""),
            _row("bank holidays published until", known, ""),
        ]
    except sqlite3.Error as fault:
        raise read.unusable(fault, desk.settings.path) from fault
    if known < (desk.now() + HORIZON).date().isoformat():
        problems.append(
            f"bank holidays are known until {known} only, and later ones are provisional: asb calendar "
            "refresh, with a newer holidays package"
        )
    last = connection.execute("SELECT max(recorded_at) FROM entries").fetchone()[0]
    if last and last > desk.now().isoformat(timespec="microseconds"):
        problems.append(f"this machine's clock is behind the last entry ({Moment.parse(last).shown}): set it right")


def _of_backups(path: Path, now: datetime, rows: list[Row], problems: list[str]) -> None:
    """The last backup that is still where it was put."""
    made = backup.backups_of(path)
    there = [each for each in made if Path(each.file).is_file()]
    rows.append(_row("last backup", f"{there[-1].at} {there[-1].file}" if there else "none", ""))
    problems += [f"the backup {each.file} is no longer there" for each in made if each not in there]
    if not there:
        problems.append("there is no backup: asb backup FILE, on another disk")
    elif now - datetime.fromisoformat(there[-1].at) > BACKUP_AGE:
        problems.append("the last backup is more than a week old: asb backup FILE")
    elif os.stat(there[-1].file).st_dev == path.stat().st_dev:
        rows.append(_row("last backup is on", "the same disk as the register", ""))


def _of_erasures(path: Path, connection: sqlite3.Connection, problems: list[str]) -> None:
    """Whether what was erased could come back: from a backup whose list lacks it, or a file that was set aside."""
    problems += [
        f"{file} does not list all that was erased, and an older backup would bring it back: asb backup FILE adds it"
        for file in backup.unlisted(path, connection)
    ]
    if backup.erased(connection):
        problems += [
            f"{aside} was set aside and may hold what was erased since: remove it once you no longer need it"
            for aside in backup.set_aside_from(path)
        ]
