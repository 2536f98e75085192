"""When two names are one person's: case, accents and spaces tell nothing apart."""

from __future__ import annotations

import unicodedata

# Letters that no decomposition turns into their plain one.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def plain(text: str) -> str:
    """The text in small letters without accents; full-width signs are the plain ones."""
    return unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)


def squeezed(text: str) -> str:
    """Letters and digits alone, in small letters without accents: `Siùsaidh  NicLeòid` is `siusaidhnicleoid`."""
    return "".join(filter(str.isalnum, plain(text)))


def same_person(one: str, other: str) -> bool:
    """Whether two names are spelled alike but for case, accents and spaces."""
    return squeezed(one) == squeezed(other)
