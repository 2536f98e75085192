"""The key of an encrypted register: handed over when a file asks for it, and never shown.

It belongs to the process, as its umask does: handed down from call to call it would stand in every function between
the officer and the file, and in whatever tells of them.
"""

from __future__ import annotations

from collections.abc import Callable

RAW = 64  # hex digits: a key of 256 bits as it is; anything else is a passphrase
_ROUNDS = 256_000  # SQLCipher 4's own way from a passphrase to a key, so that its tools open the file with it too


class Key:
    """A key, and where it came from; `repr` and `str` tell only the latter."""

    __slots__ = ("_made", "_text", "source")

    def __init__(self, text: str, source: str) -> None:
        self._text = text
        self.source = source
        self._made: dict[bytes, str] = {}

    def __repr__(self) -> str:
        return f"Key({self.source})"

    def for_salt(self, salt: bytes) -> str:
        """The key of a file with this salt, in hex. Of a passphrase that is slow on purpose, so it is done once."""
        if salt not in self._made:
            self._made[salt] = self._text if is_raw(self._text) else self._stretched(salt)
        return self._made[salt]

    def _stretched(self, salt: bytes) -> str:
        import hashlib

        return hashlib.pbkdf2_hmac("sha512", self._text.encode(), salt, _ROUNDS, RAW // 2).hex()


def is_raw(text: str) -> bool:
    """Whether a text is a key as it is, rather than a passphrase."""
    return len(text) == RAW and all(each in "0123456789abcdefABCDEF" for each in text)


_source: Callable[[], Key | None] = lambda: None  # noqa: E731 - a place to put another


def unlock_with(source: Callable[[], Key | None]) -> None:
    """From now on, ask there for the key; it is asked only once an encrypted file is opened."""
    global _source
    _source = source


def current() -> Key | None:
    """The key, if there is one. Raises DatabaseUnusable where it should be there and is not."""
    return _source()
