"""Registers as the tests open them themselves, plain or encrypted: `ASB_TESTS=encrypted pytest` runs all on the latter.

The program encrypts what it makes where a key is named, so one variable in the environment is all that differs.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Mapping
from pathlib import Path

from asbcli.store import door, keys

ENCRYPTED = os.environ.get("ASB_TESTS") == "encrypted"
KEY = "7f" * 32

def name_key() -> None:
    """Let nothing of the user's own be a key; with encrypted registers, name the tests' own."""
    for name in ("ASB_KEY_FILE", "ASB_KEYRING"):
        os.environ.pop(name, None)
    if ENCRYPTED:
        assert door.has_extra(), "pip install 'asbcli[encrypt]'"
        file = Path(tempfile.mkdtemp()) / "key"
        write_key(file)
        os.environ["ASB_KEY_FILE"] = str(file)
        keys.unlock_with(lambda: keys.Key(KEY, "the tests' own"))


def write_key(file: Path, key: str = KEY) -> Path:
    """Put a key into a file that nobody else can read."""
    file.write_text(f"{key}\n")
    file.chmod(0o600)
    return file


def named_key() -> Mapping[str, str]:
    """What a program's environment needs to open the tests' registers."""
    return {"ASB_KEY_FILE": os.environ["ASB_KEY_FILE"]} if ENCRYPTED else {}


def key_of_another(file: Path, user: int) -> Mapping[str, str]:
    """What another user's environment needs: a key file is its owner's alone."""
    if not ENCRYPTED:
        return {}
    os.chown(write_key(file), user, user)
    return {"ASB_KEY_FILE": str(file)}


def opened(register: Path, *, rows: bool = False, mode: str = "rw") -> sqlite3.Connection:
    """A register's file, as anybody with a database tool, and the key, could open it."""
    connection = door.connect(register, mode=mode)
    if not rows:
        connection.row_factory = None
    return connection
