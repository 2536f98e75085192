"""Which register, who is acting and how it looks: flag, then environment, then config.toml, then default."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from asbcli.errors import BadInput
from asbcli.incoming import opener, path_of

COLOURS = ("auto", "always", "never")
KEYS = ("db", "as", "colour", "key_file", "keyring")
RETENTION = "retention"  # a table: how long closed cases are kept, `default`, by category, by flag, by outcome

_DEFAULT = "default"
_MOST_CHARACTERS = 1_000
_ADDRESS = re.compile(r"[\w+.-]{2,}://")  # of two letters or more: C:// is a drive


class Setting(NamedTuple):
    """A value and where it came from: `--db`, `ASB_DB`, the path of config.toml, or `default`."""

    value: str
    source: str

    @property
    def is_default(self) -> bool:
        """Whether nobody chose it."""
        return self.source == _DEFAULT


class Settings(NamedTuple):
    """What every command is told before it starts."""

    database: Setting
    acting: Setting
    colour: Setting
    config: Setting
    retention: Mapping[str, str]
    key_file: Setting | None = None  # the file that holds the key of encrypted registers, never the key
    keyring: Setting | None = None  # the name the keyring has it under

    @property
    def path(self) -> Path:
        """The register's file, not a link to it: its evidence, its backups and its lists stand beside the file."""
        named = path_of(self.database.value)
        return Path(os.path.realpath(named)) if os.path.islink(named) else named


def settings_of(flags: Mapping[str, str], environ: Mapping[str, str]) -> Settings:
    """The settings that the flags (`db`, `as`, `colour`) and the environment make. Raises BadInput."""
    config = (
        Setting(environ["ASB_CONFIG"], "ASB_CONFIG")
        if environ.get("ASB_CONFIG")
        else Setting(str(_folder(environ, "config") / "config.toml"), _DEFAULT)
    )
    written = _config(config)

    def first(key: str, variable: str = "") -> Setting | None:
        if key in flags:
            return Setting(_checked(flags[key], f"--{key}"), f"--{key}")
        for value, source in ((environ.get(variable), variable), (written.get(key), config.value)):
            if value:  # a variable that is set to nothing is not set
                return Setting(_checked(value, source), source)
        return None

    colour = first("colour") or Setting("never" if environ.get("NO_COLOR") else "auto", _DEFAULT)
    if colour.value not in COLOURS:
        raise BadInput(f"{colour.source}: {colour.value!r} is no such way", f"one of: {', '.join(COLOURS)}")
    register = str(_folder(environ, "data") / "register.sqlite")
    return Settings(
        database=of_file(first("db", "ASB_DB") or Setting(register, _DEFAULT)),
        acting=first("as", "ASB_AS") or Setting(_login_name(), _DEFAULT),
        colour=colour,
        config=config,
        retention=written.get(RETENTION, {}),
        key_file=first("key_file", "ASB_KEY_FILE"),
        keyring=first("keyring", "ASB_KEYRING"),
    )


def of_file(database: Setting) -> Setting:
    """The register, if it is a file. Raises BadInput for an address, which is not shown: it may hold a password."""
    if _ADDRESS.search(database.value):
        raise BadInput(f"{database.source} gives an address: a register is a file",
                       "name a file; a database server is not supported")
    if database.value.lower().startswith("file:"):
        raise BadInput(f"{database.source} gives an address: a register is a file", "write its path, without file:")
    if Path(database.value) == Path(":memory:"):  # SQLite's own name for what is no file
        raise BadInput(f"{database.source} gives :memory:, which keeps nothing: a register is a file",
                       "name a file; asb demo makes a register to look round in")
    return database


def _folder(environ: Mapping[str, str], kind: str) -> Path:
    """The user's own folder for `data` or `config`, where this system keeps them. Raises BadInput."""
    if sys.platform == "win32":
        place = environ.get("LOCALAPPDATA" if kind == "data" else "APPDATA") or "~"
    elif sys.platform == "darwin":
        place = "~/Library/Application Support"
    else:
        named = environ.get(f"XDG_{kind.upper()}_HOME", "")
        # A relative path there must be ignored (XDG Base Directory Specification).
        place = named if os.path.isabs(named) else {"data": "~/.local/share", "config": "~/.config"}[kind]
    folder = Path(os.path.expanduser(place))
    if not folder.is_absolute():
        raise BadInput("your home folder is not known", "set HOME, or ASB_CONFIG and ASB_DB")
    return folder / "asb"


def _config(config: Setting) -> dict[str, Any]:
    """What config.toml says; nothing where the default one is not there. Raises BadInput."""
    path = Path(config.value)
    if config.is_default and not path.exists():
        return {}
    import tomllib  # most users have no such file

    try:
        with open(path, "rb", opener=opener) as file:
            written = tomllib.load(file)
    except OSError as fault:
        raise BadInput(f"{path} cannot be read: {fault.strerror}", "ASB_CONFIG names another file") from None
    except ValueError as fault:
        raise BadInput(f"{path} is not TOML: {fault}", "mend it, or name another with ASB_CONFIG") from None
    for key, value in written.items():
        known = isinstance(value, str) if key in KEYS else key == RETENTION and _all_text(value)
        if not known:
            raise BadInput(f"{path}: {key!r} is not a setting, or not text",
                           f"settings: {', '.join(KEYS)}, and a table [{RETENTION}] of periods")
    return written


def _all_text(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _checked(value: str, source: str) -> str:
    """The value, if it can be stored and shown whole. Raises BadInput."""
    if not value.strip():
        raise BadInput(f"{source} is empty", "leave it out, or say what it is")
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in value):
        raise BadInput(f"{source} is not valid UTF-8 text", "type it anew")
    if len(value) > _MOST_CHARACTERS:
        raise BadInput(f"{source} is too long: the most is {_MOST_CHARACTERS:,} characters")
    return value


def _login_name() -> str:
    import getpass  # not for help, nor where --as or ASB_AS says who is acting

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown"
