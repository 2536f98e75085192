"""The one door through which a register's file is opened: with its key where it is encrypted, whoever asks."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from asbcli.errors import DatabaseUnusable
from asbcli.store import keys
from asbcli.store.identity import BUSY_SECONDS

if TYPE_CHECKING:
    from asbcli.store.keys import Key

PLAIN = b"SQLite format 3\0"  # how a file begins that is not encrypted
MEMORY = Path(":memory:")
_PAGE = 4096  # bytes: an encrypted file has no header, its first page is salt and noise
_NOISE = 240  # different bytes in such a page: noise has 256, text and tables a third of that
_SALT = 16
EXTRA = "python -m pip install 'asbcli[encrypt]'"
NAME_KEY = "ASB_KEY_FILE names the file of its key, ASB_KEYRING its name in the keyring; at a terminal it is asked for"


def connect(
    path: Path, *, mode: str = "rw", timeout: float = BUSY_SECONDS, encrypted: bool = False, one_thread: bool = True
) -> sqlite3.Connection:
    """Open a file as what it is; `encrypted` says what an empty one becomes. Transactions are the caller's.

    Nothing is read of it yet: a key that does not open it shows at the first statement.
    Raises DatabaseUnusable where it is encrypted and its key or the extra is missing.
    """
    where = str(path) if path == MEMORY else f"{path.absolute().as_uri()}?mode={mode}"
    if encrypted or is_encrypted(path):
        key = _key_for(path)
        from asbcli.store import cipher

        return cipher.connect(where, key.for_salt(salt := _salt_of(path)), salt, timeout, one_thread)
    connection = sqlite3.connect(
        where, uri=path != MEMORY, timeout=timeout, isolation_level=None, check_same_thread=one_thread
    )
    connection.row_factory = sqlite3.Row
    return connection


def is_encrypted(path: Path) -> bool:
    """Whether a file looks like an encrypted one: no header, and a first page of noise."""
    if path == MEMORY:
        return False
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb", buffering=0) as file:
            page = file.read(len(PLAIN))
            if page == PLAIN:
                return False
            page += file.read(_PAGE - len(PLAIN))
    except OSError:
        return False
    return len(page) == _PAGE and len(set(page)) >= _NOISE


def encrypts(connection: sqlite3.Connection) -> bool:
    """Whether what this connection writes is encrypted."""
    return not isinstance(connection, sqlite3.Connection)


def has_extra() -> bool:
    """Whether this installation can open encrypted registers."""
    from importlib.util import find_spec  # seldom asked, and plain registers need not wait for it

    return find_spec("sqlcipher3") is not None


def does_not_open(path: Path) -> DatabaseUnusable:
    """The refusal where a key is there and is not the file's: nobody can tell that from damage, or another's file."""
    key = keys.current()
    return DatabaseUnusable(
        f"{key.source if key else 'no key'} does not open {path}: it has another key, or its beginning is damaged, "
        "or it is no register of asb",
        f"{NAME_KEY}; asb restore brings a backup into place",
    )


def _key_for(path: Path) -> Key:
    if not has_extra():
        raise DatabaseUnusable(
            f"{path} is encrypted, or no register of asb: this installation cannot open encrypted ones", EXTRA
        )
    key = keys.current()
    if key is None:
        raise DatabaseUnusable(f"{path} is encrypted, or no register of asb: no key was given", NAME_KEY)
    return key


def _salt_of(path: Path) -> bytes:
    """A file begins with its salt; one that is empty gets its own."""
    try:
        with path.open("rb", buffering=0) as file:
            salt = file.read(_SALT)
    except FileNotFoundError:
        salt = b""
    return salt or os.urandom(_SALT)
