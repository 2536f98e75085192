"""When two names are one person's: case, accents, spaces and titles tell nothing apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from asbcli.recognising.ordinary import ADDRESSED, TITLES

_AND = re.compile(r"\s*(?:[/&+;,]|\band\b)\s*", re.IGNORECASE)
# Letters that no decomposition turns into their plain one.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
                        "ʼ": "'", "ʻ": "'", "ʹ": "'"})  # apostrophes that count as letters: OʼBrien
# How a letter is written where the keyboard has none of it.
_WRITTEN = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
_CAN_BE_EITHER = 5  # letters of a name in which `ue` may be ü


def plain(text: str) -> str:
    """The text in small letters without accents; full-width signs are the plain ones."""
    return unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)


def squeezed(text: str) -> str:
    """Letters and digits alone, in small letters without accents: `Siùsaidh  NicLeòid` is `siusaidhnicleoid`."""
    return "".join(filter(str.isalnum, plain(text)))


def spellings(name: str) -> set[str]:
    """A name squeezed, also as Mueller is written for Müller, and the other way about."""
    whole = squeezed(name)
    letters = unicodedata.normalize("NFC", name.casefold())
    written = squeezed("".join(_WRITTEN.get(char, char) for char in letters))
    plainly = re.sub("([aou])e", r"\1", whole) if len(whole) >= _CAN_BE_EITHER else whole
    return {each for each in (whole, written, plainly) if len(each) >= min(len(whole), _CAN_BE_EITHER - 1)}


def key(name: str) -> str:
    """How names are compared: `Dodd, Liz` and `Mrs Liz Dodd` are `lizdodd`."""
    last, comma, first = name.partition(",")
    return squeezed("".join(_untitled(f"{first} {last}" if comma and "," not in first else name)))


def keys(names: Iterable[str]) -> set[str]:
    """How these names are compared, and each of those named together."""
    return {key(each) for name in names for each in called(name)} - {""}


def called(name: str) -> list[str]:
    """A name, and each of those it names together."""
    return [name, *each_of(name)]


def may_be_several(name: str) -> bool:
    """Whether a name may be of several people together, looked at quickly."""
    return bool(_AND.search(name))


def each_of(names: str) -> list[str]:
    """Those named together, each with the surname: `Mr Rab & Mrs Jane Kerr`, `Kerr, Rab and Jane`, `Jane/Rab Kerr`."""
    surname, comma, rest = names.partition(",")
    if comma and len(_untitled(surname)) == 1 and rest.strip():
        people = [[*_untitled(each), *_untitled(surname)] for each in _AND.split(rest) if each.strip()]
    else:
        people = [_untitled(each) for each in _AND.split(names) if each.strip()]
        people = [each if len(each) > 1 else [*each, people[-1][-1]] for each in people[:-1]] + people[-1:]
    return [" ".join(each) for each in people]


def _untitled(name: str) -> list[str]:
    """The words of a name, without what it is addressed with."""
    said = name.split()
    return [word for at, word in enumerate(said) if squeezed(word) not in (ADDRESSED if at else TITLES)] or said


def surely_one(one: str, other: str) -> bool:
    """Whether two names are one person's beyond asking: alike, by more than a surname, and under no two titles."""
    titles = [{squeezed(word) for word in name.split()}.intersection(TITLES) for name in (one, other)]
    told_apart = len(_untitled(one)) == 1 or (all(titles) and titles[0] != titles[1])
    return same_person(one, other) and (squeezed(one) == squeezed(other) or not told_apart)


def same_person(one: str, other: str) -> bool:
    """Whether two names are spelled alike but for case, accents, spaces, titles and what comes first."""
    return key(one) == key(other)
