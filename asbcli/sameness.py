"""When two names are one person's and two spellings one address: case, spaces and `Flat` tell nothing apart."""

from __future__ import annotations

import re
import unicodedata

# Letters that no decomposition turns into their plain one.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_FLAT_WORDS = re.compile(r"\b(?:flat|flt|apartment|apt|unit|house|no|number)\b\.?", re.IGNORECASE)
_SHORT = {
    "rd": "road", "st": "street", "ave": "avenue", "av": "avenue", "dr": "drive", "cres": "crescent", "ct": "court",
    "pl": "place", "ter": "terrace", "terr": "terrace", "gdns": "gardens", "ln": "lane", "sq": "square", "wy": "way",
    "pk": "park", "bldgs": "buildings",
}  # fmt: skip


def plain(text: str) -> str:
    """The text in small letters without accents; full-width signs are the plain ones."""
    return unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)


def squeezed(text: str) -> str:
    """Letters and digits alone, in small letters without accents: `Siùsaidh  NicLeòid` is `siusaidhnicleoid`."""
    return "".join(filter(str.isalnum, plain(text)))


def same_person(one: str, other: str) -> bool:
    """Whether two names are spelled alike but for case, accents and spaces."""
    return squeezed(one) == squeezed(other)


def without_flat(address: str) -> str:
    """The address without the words before a flat's number: `Flat 2/1` is `2/1`."""
    return _FLAT_WORDS.sub(" ", unicodedata.normalize("NFKC", address))


def address_key(address: str) -> str:
    """What two spellings of an address have in common: `Flat 2/1, 14 Larch Rd` is `2/114larchroad`."""
    words = re.findall(r"[^\W_]+|[/\\⁄∕]", plain(without_flat(address)))
    return "".join("/" if word in "/\\⁄∕" else _SHORT.get(word, word) for word in words)
