"""Where the key of an encrypted register comes from: a file of the user's own, the keyring, or who sits there."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from asbcli.errors import BadInput, DatabaseUnusable
from asbcli.incoming import path_of
from asbcli.settings import Setting, Settings
from asbcli.store.door import EXTRA, NAME_KEY, has_extra
from asbcli.store.keys import RAW, Key

SERVICE = "asb"  # what the keyring files our keys under
SHORTEST = 12  # characters of a passphrase that is typed for a new register
LONGEST = 1_000

Ask = Callable[[str], str]
APART = "keep a copy of it apart from this machine: without it nobody can read the register, nor its backups"


def names_key(settings: Settings) -> bool:
    """Whether the settings say where a key is; registers made there are encrypted."""
    return bool(settings.key_file or settings.keyring)


def key_of(settings: Settings, ask: Ask | None) -> Key | None:
    """The key the settings name, or the one somebody types; None where there is neither. Raises DatabaseUnusable."""
    if settings.key_file:
        return _from_file(settings.key_file)
    if settings.keyring:
        if key := _from_keyring(settings.keyring):
            return key
        name = settings.keyring.value
        raise DatabaseUnusable(
            f"the keyring has no key named {name!r} ({settings.keyring.source})", f"keyring set {SERVICE} {name!r}"
        )
    if ask is None:
        return None
    return Key(_readable(ask("Key of the register: "), "the key typed"), "the key typed")


def new_key(settings: Settings, ask: Ask | None, tell: Callable[[str], None]) -> Key:
    """The key for a register to be encrypted: the one there is, or a new one that is put where the settings say.

    At a terminal with nothing named it is typed twice. Raises DatabaseUnusable where there is nowhere to keep one.
    """
    if not has_extra():
        raise DatabaseUnusable("this installation cannot encrypt", EXTRA)
    if settings.key_file:
        file = path_of(settings.key_file.value)
        if not os.path.lexists(file):
            _make_file(file)
            tell(f"made the key {file}: {APART}")
        return _from_file(settings.key_file)
    if settings.keyring:
        return _from_keyring(settings.keyring) or _into_keyring(settings.keyring, tell)
    if ask is None:
        raise DatabaseUnusable("no key was given; nothing was made", NAME_KEY)
    typed = _readable(ask("A key for the register, such as four words: "), "the key typed")
    if len(typed) < SHORTEST:
        raise BadInput(f"the key typed is too short: at least {SHORTEST} characters", "four words, or a key file")
    if ask("The same again: ") != typed:
        raise BadInput("the two differ; nothing was made", "type it anew")
    tell(f"note the key: {APART}")
    return Key(typed, "the key typed")


# -- a file


def _from_file(setting: Setting) -> Key:
    path = path_of(setting.value)
    named = f"the key file {path} ({setting.source})"
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise DatabaseUnusable(f"{named} is not a file", NAME_KEY)
            if os.name == "posix" and found.st_mode & 0o077:
                raise DatabaseUnusable(f"others on this machine can read {named}", f"chmod 600 {path}")
            data = file.read(4 * LONGEST + 2)
    except OSError as fault:
        raise DatabaseUnusable(
            f"{named} cannot be read ({fault.strerror})", "bring it back, or name another; asb init --encrypt makes one"
        ) from None
    try:
        text = data.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise DatabaseUnusable(f"{named} holds no text", f"a line of text, or {RAW} hex digits") from None
    return Key(_readable(text, named), f"the key in {path}")


def _make_file(path: Path) -> None:
    from asbcli.store.files import make_folder, whole_file

    try:
        make_folder(path.parent)
        with whole_file(path) as part:
            part.write_text(secrets.token_hex(RAW // 2) + "\n", encoding="ascii")
    except OSError as fault:
        raise DatabaseUnusable(
            f"the key file {path} cannot be made ({fault.strerror}); nothing was made", "name another"
        ) from None


def _readable(text: str, named: str) -> str:
    """The key, if it can be one. What it is instead is not told: it may be the key with a slip in it."""
    if not text or len(text) > LONGEST or not text.isprintable():
        raise DatabaseUnusable(
            f"{named} is no key: a key is one line of at most {LONGEST:,} characters", "see docs/keeping-people-safe.md"
        )
    return text


# -- the keyring


def _from_keyring(setting: Setting) -> Key | None:
    text = _with_keyring(lambda ring: ring.get_password(SERVICE, setting.value))
    named = f"the key {setting.value!r} in the keyring"
    return Key(_readable(text, named), named) if text is not None else None


def _into_keyring(setting: Setting, tell: Callable[[str], None]) -> Key:
    text = secrets.token_hex(RAW // 2)
    _with_keyring(lambda ring: ring.set_password(SERVICE, setting.value, text))
    tell(f"made a key, and put it into the keyring as {setting.value!r} of {SERVICE!r}: {APART}")
    return Key(text, f"the key {setting.value!r} in the keyring")


def _with_keyring(use: Callable[..., str | None]) -> str | None:
    try:
        import keyring
    except ImportError:
        raise DatabaseUnusable("this installation cannot ask the keyring", EXTRA) from None
    try:
        return use(keyring)
    except Exception as fault:  # each backend has faults of its own; what they say is not ours to vouch for
        raise DatabaseUnusable(
            f"the keyring cannot be asked ({type(fault).__name__})", "unlock it, or name a key file with ASB_KEY_FILE"
        ) from None
