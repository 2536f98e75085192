"""An address taken apart as one reads it: host, flat, number, street, the name of a house, town, postcode.

Two spellings are compared by their words, never by their letters: 2 Elm Street is no part of 12 Elm Street. An address
may be read in two ways (14/7 Larch Road is a flat of number 14, or a flat whose number nobody said): each is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from math import prod
from typing import NamedTuple

from asbcli.recognising import flats, sameness
from asbcli.recognising.ordinary import GIVEN, JOINING, MONTHS, ORDINARY, words

Run = tuple[str, ...]  # words of an address, one after another, each in its one form

# How else a word of an address is spelled. `St` is a street or a saint: both have one form here.
_SPELLED = {
    "street": ("st", "str", "saint"), "road": ("rd",), "avenue": ("ave", "av"), "drive": ("dr", "drv"),
    "crescent": ("cres", "cr", "cresc", "crs"), "court": ("ct", "crt"), "place": ("pl",),
    "terrace": ("ter", "terr", "tce"), "gardens": ("gdns", "gdn"), "lane": ("ln", "la"), "square": ("sq", "sqr"),
    "way": ("wy",), "park": ("pk",), "grove": ("gr", "gro"), "buildings": ("bldgs",), "building": ("bldg",),
    "close": ("cl",), "quadrant": ("quad", "qd", "qdt"), "mount": ("mt",), "great": ("gt",), "heights": ("hts",),
    "boulevard": ("blvd",), "cottages": ("cotts",), "cottage": ("cott",), "parade": ("pde",), "walk": ("wlk",),
    "house": ("hse",), "mews": ("mws",), "upper": ("upr",), "lower": ("lwr",),
    "east": ("e",), "west": ("w",), "north": ("n", "nth"), "south": ("s", "sth"),
}  # fmt: skip
_FORM = {other: word for word, others in _SPELLED.items() for other in others}
_OF_A_HOUSE = words("""
    cottage cottages house lodge tower towers villa villas hall farm mansion mansions hostel steading hotel inn refuge
    shelter building buildings court
""")
_ENDS_A_NAME = _OF_A_HOUSE | words("""
    street road avenue drive crescent place terrace gardens lane square way park grove close quadrant wynd vennel row
    loan brae path view gate circus parade walk rise green hill quay bank heights boulevard mews meadows croft
""")
_SIDES = frozenset(("east", "west", "north", "south", "upper", "lower"))
_A_REFUGE = frozenset(("refuge", "hostel", "shelter", "hotel", "hospice"))  # the refuge: there are not many
# Alone, without their street, these are words of any letter.
_COMMON = ORDINARY | GIVEN | _SIDES | (_ENDS_A_NAME - _A_REFUGE) | words("central george middle market")
_TELLS = 5  # the letters by which one word of a name tells it: Hillcrest, Sauchiehall
_A_TOWN = 3  # Ayr

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_FLAT_WORDS = re.compile(r"\b(?:flat|flt|apartment|apt|unit|(?:house|no|number)(?=\W*\d))\b\.?")
_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}\b")
_WORD = re.compile(r"\d+(?:st|nd|rd|th)\b|\d+(?:[a-z](?![^\W\d_]))?|[^\W\d_]+")
_NUMBER = re.compile(r"\d{1,4}[a-z]?")
_CARE_OF = re.compile(r"\b(?:c\s?/\s?o|care of)\b\W{0,3}([^,;\n\d]+)")
_PO_BOX = re.compile(r"\bp\.?\s?o\.?\s?box\s?(?:no\.?\s?)?(\d+)")
_GLUED = re.compile(r"(?<=[a-z]{2})(?=[A-Z])")  # 14LarchRoad
_LETTER_APART = re.compile(r"(?<![\w/])(\d{1,4})\s([a-z])(?=\s{0,3}(?:,|$)|\s+[^\W\d_]{3})")  # 14 A Larch Road
_PART = re.compile(r"[,;\n()]|\s[-‐-―−]\s")
_BETWEEN = r"\s{0,3}(?:[-‐-―−/⁄&+,]|and\b|or\b|to\b)\s{0,3}"
A_NUMBER = r"\d{1,4}(?:[a-z](?![^\W\d_]))?"
NUMBERS = rf"{A_NUMBER}(?:{_BETWEEN}{A_NUMBER}){{0,12}}"  # 9-11, 7, 9 and 11: several houses
_SAID = re.compile(rf"(?P<word>\d+(?:st|nd|rd|th)\b|\d{{5,}}|[^\W\d_]+)|(?P<numbers>{NUMBERS})")
_PAIR = re.compile(r"(?<![\d/])(\d{1,4})\s?/\s?(\d{1,3})(?=[\s,]{0,3}[^\W\d_]{2})")
_LONGEST = 1000  # letters of an address that are read
_FAR = 40  # a longer row of houses is none
# What is typed for an address where there is none.
_NO_PLACE = JOINING | words("""
    na nfa tbc homeless fixed abode address same as police prison council sofa surfing rough sleeping moved away left
    withheld refused disclosed provided again here there it is was has flat house street next floor various nearby
    local area scheme block close stair building landing care c
""")


class House(NamedTuple):
    """One way to read which house of a street an address means, and which flat of it."""

    numbers: frozenset[str]
    flats: frozenset[str]


class Address(NamedTuple):
    """What an address would be recognised by."""

    host: str  # with whom somebody stays: c/o
    postcodes: frozenset[Run]
    readings: tuple[House, ...]
    streets: frozenset[Run]
    names: frozenset[Run]  # of houses
    towns: frozenset[Run]  # and districts: what stands behind the street
    whole: Run

    @property
    def flats(self) -> frozenset[str]:
        """Every flat that it may mean."""
        return frozenset().union(*(each.flats for each in self.readings))

    @property
    def numbers(self) -> frozenset[str]:
        """Every house number that it may mean."""
        return frozenset().union(*(each.numbers for each in self.readings))


_NOWHERE = Address("", frozenset(), (), frozenset(), frozenset(), frozenset(), ())


def plain(text: str) -> str:
    """Small letters without accents, nothing unseen."""
    letters = _INVISIBLE.sub("", sameness.plain(text)).replace("'", "").replace("’", "")
    return letters if letters.isascii() else "".join(char for char in letters if not unicodedata.combining(char))


def words_in(text: str) -> Run:
    """The words and numbers of a text, each in its one form: `9A Elm St.` is 9a, elm, street."""
    return tuple(_FORM.get(word, word) for word in _WORD.findall(plain(text)))


def numbers_of(said: str) -> frozenset[str]:
    """Each house of several: `9-11` is 9, 10 and 11; `7, 9, 11` those three; of `2/1, 14` the 14."""
    said = re.sub(rf"{A_NUMBER}\s?/\s?{A_NUMBER}\s?,(?=\s?\d)", "", said.casefold())
    each = re.findall(A_NUMBER, said)
    numbers = {one.lstrip("0") or "0" for one in each}
    if len(each) == 2 and re.search(r"[-‐-―−]|to", said):
        first, last = (int(re.sub(r"\D", "", one)) for one in each)
        numbers |= set(map(str, range(first, last))) if first < last <= first + _FAR else set()
    return frozenset(numbers | {one[:-1] for one in numbers if one[-1].isalpha()})


@lru_cache(maxsize=4096)
def spellings(run: Run) -> tuple[str, ...]:
    """A run as letters and digits alone, with every word whole and shortened: `elmstreet`, `elmst`."""
    each = [(word, *_SPELLED.get(word, ())) for word in run]
    if prod(map(len, each)) > _FAR:
        return ("".join(run),)
    return tuple(map("".join, product(*each)))


@lru_cache(maxsize=4096)
def unvaried(run: Run) -> tuple[str, ...]:
    """The words of a run that are spelled in one way alone."""
    return tuple(word for word in run if word not in _SPELLED)


def stands_in(run: Run, words: Run) -> bool:
    """Whether these words stand among the others, one after another."""
    return any(words[at : at + len(run)] == run for at in range(len(words) - len(run) + 1))


def says_where(address: str) -> bool:
    """Whether an address says where somebody lives; `unknown`, `as above`, `c/o parents` and `homeless` do not."""
    return any(word not in _NO_PLACE for word in _WORD.findall(plain(address)) if len(word) > 1 or word.isdigit())


@lru_cache(maxsize=4096)
def read(address: str) -> Address:
    """An address, with commas or without, with or without what stands before the number."""
    if not says_where(address):
        return _NOWHERE
    text = plain(_GLUED.sub(" ", address[:_LONGEST]))
    host = _CARE_OF.search(text)
    text = _CARE_OF.sub(" ", text)
    postcodes = frozenset((sameness.squeezed(found[0]),) for found in _POSTCODE.finditer(text))
    text = _POSTCODE.sub(", ", text)
    whole = words_in(text)
    boxes = {("po", "box", found[1]) for found in _PO_BOX.finditer(text)}
    text = _PO_BOX.sub(", ", text)
    pair = _PAIR.search(text)
    found, text = flats.cut(text)
    parts = _Parts()
    for part in _split(_LETTER_APART.sub(r"\1\2", _FLAT_WORDS.sub(" ", text))):
        parts.add(part)
    readings: tuple[House, ...] = (_with_letters(House(frozenset(parts.numbers), found)),)
    if pair and not parts.numbers:
        number, flat = pair.groups()
        readings += tuple(House(frozenset((one,)), frozenset((f"flat {other}",)))
                          for one, other in ((number, flat), (flat, number)))
    return Address(host[1].strip() if host else "", postcodes, readings, frozenset(parts.streets),
                   frozenset(parts.names | boxes), frozenset(parts.towns), whole)


def _split(text: str) -> Iterator[str]:
    """What stands between two commas; `9, Elm Street` is one, and `14, 16 Elm Street`."""
    kept = ""
    for part in map(str.strip, _PART.split(text)):
        if re.fullmatch(NUMBERS, part):
            kept = f"{kept}, {part}" if kept else part
        elif part:
            yield f"{kept} {part}" if kept and not _NUMBER.match(part) else f"{kept}, {part}" if kept else part
            kept = ""
    yield kept


def _with_letters(house: House) -> House:
    """A house with the doors that a letter joins: 9B is flat B at number 9, and the other way about."""
    lettered = {number for number in house.numbers if number[-1].isalpha()}
    letters = {flat[-1] for flat in house.flats if re.fullmatch("flat [a-z]", flat)}
    joined = {number + letter for number in house.numbers - lettered for letter in letters}
    return House(house.numbers | joined, house.flats | {f"flat {number[-1]}" for number in lettered})


class _Parts:
    """The parts of an address as they are read from left to right."""

    def __init__(self) -> None:
        self.numbers: set[str] = set()
        self.streets: set[Run] = set()
        self.names: set[Run] = set()
        self.towns: set[Run] = set()

    def add(self, part: str) -> None:
        """What stands between two commas: `Rose Cottage 9 Elm Street East Glasgow`, or `Glasgow`."""
        said = [(found["numbers"], _FORM.get(found[0], found[0])) for found in _SAID.finditer(part)]
        name: Run = ()
        numbered = False
        for at, (numbers, word) in enumerate(said):
            after = [other for number, other in said[at + 1 : at + 3] if not number]
            if numbers:
                behind = bool(name) and at + 1 == len(said)  # Elm Street 9
                self._keep(name, street=behind, house=not behind)
                self.numbers |= numbers_of(numbers)
                name, numbered = (), not behind
            elif word in _SIDES and not name and at and said[at - 1][1] in _ENDS_A_NAME and self.streets:
                sided = {street for street in self.streets if street[-1] == said[at - 1][1]}
                self.streets = self.streets - sided | {(*street, word) for street in sided}
            else:
                name = (*name, word)
                if word in _ENDS_A_NAME and len(name) > 1 and not (after[:1] and after[0] in _ENDS_A_NAME):
                    self._keep(name, street=numbered or word not in _OF_A_HOUSE, house=not numbered)
                    if not numbered and len(name) > 2:
                        self.streets.add(name[-2:])
                    name, numbered = (), False
        if name:
            first = not (self.streets or self.names or self.towns)
            self._keep(name, street=numbered, house=first)

    def _keep(self, name: Run, *, street: bool, house: bool) -> None:
        if name:
            (self.streets if street else self.names if house else self.towns).add(name)


# -- what tells an address

def streets_told_of(address: str) -> frozenset[Run]:
    """The names by which a house number of an address is told: 9 Elm Street, 9 Elm."""
    streets = _without_side(read(address).streets)
    short = {street[:-1] for street in streets if street[-1] in _ENDS_A_NAME} | {
        street[:1] for street in streets if not _has_end(street)}
    return streets | {street for street in short if street and not _is_common(street)}


def _without_side(streets: frozenset[Run]) -> frozenset[Run]:
    """Streets, and each without its side: Elm Street East is often Elm Street."""
    return streets | {street[:-1] for street in streets if len(street) > 2 and street[-1] in _SIDES}


def telling_alone(address: str) -> frozenset[Run]:
    """The names in an address that tell it alone: Elm Street, Rose Cottage, no The Close."""
    known = read(address)
    named = _without_side(known.streets) | known.names
    cut = {name[:2] for name in known.streets if not _has_end(name) and not _is_common(name[:2])}
    return frozenset(name for name in named | cut if len(name) > 1 and (name[0] != "the" or not _is_common(name)))


def telling_if_typed(address: str, *, safe: bool) -> frozenset[Run]:
    """What else tells an address where somebody typed it: Hillcrest, the refuge, Great Western; if safe, the town."""
    known = read(address)
    named = _without_side(known.streets) | known.names
    told = {name[:-1] for name in named if name[-1] in _ENDS_A_NAME} | {name for name in named if len(name) == 1}
    told = {name for name in told if not _is_common(name) and (len(name) > 1 or len(name[0]) >= _TELLS)}
    told |= {(article, word) for name in named for word in name if word in _A_REFUGE for article in ("a", "the")}
    return frozenset(told | _towns(known) if safe else told)


def _towns(known: Address) -> set[Run]:
    """The town of an address, also where no comma parts it from the street; of Bridge of Allan also Allan."""
    towns = {name for name in known.names if len(name) == 1} | known.towns | {
        street[-1:] for street in known.streets if len(street) > 1 and not _has_end(street)}
    said = {(word,) for town in towns if len(town) > 1 for word in town
            if len(word) > _A_TOWN and word not in _COMMON}
    return said | {town for town in towns if len("".join(town)) >= _A_TOWN}


def own_words(address: str) -> frozenset[Run]:
    """All that an address says, for what somebody who lives there knows anyway to be looked for in."""
    known = read(address)
    doors = {(number, *street) for number in known.numbers for street in known.streets}
    return frozenset(filter(None, (known.whole, *known.streets, *known.names, *doors, *known.postcodes)))


def own_houses(address: str) -> Iterator[tuple[str, Run]]:
    """The numbers of an address with each name of its street; of 14/7 Larch Road that is 14."""
    known = read(address)
    numbers = known.readings[1].numbers if known.readings[1:] else known.numbers
    yield from product(numbers, streets_told_of(address))


def _has_end(street: Run) -> bool:
    return bool({street[-1], *street[-2:-1]} & (_ENDS_A_NAME | _SIDES))


def _is_common(words: Iterable[str]) -> bool:
    return all(word in _COMMON or word in MONTHS for word in words)


# -- whether two are one

def key(address: str) -> str:
    """What two spellings of an address have in common: `Flat 2/1, 14 Larch Rd` is `2/114larchroad`."""
    said = re.findall(r"[^\W_]+|[/\\⁄∕]", _FLAT_WORDS.sub(" ", plain(address)))
    return "".join("/" if word in "/\\⁄∕" else _FORM.get(word, word) if len(word) > 1 else word for word in said)


def same_address(one: str, other: str) -> bool:
    """Whether two addresses may be one: nothing tells them apart, though one says more (a flat, a district, a town)."""
    if not (says_where(one) and says_where(other)):
        return False
    first, second = read(one), read(other)
    if _apart(first.postcodes, second.postcodes):
        return False
    return key(one) == key(other) or any(
        _may_be_one(first, this, second, that) for this in first.readings for that in second.readings)


def _may_be_one(first: Address, this: House, second: Address, that: House) -> bool:
    if flats.told_apart(this.flats, that.flats) or _apart(this.numbers, that.numbers):
        return False
    no_street = not (first.streets and second.streets)
    if this.numbers and that.numbers and (no_street or _share(first.streets, second.streets)):
        return True
    if _apart(first.names, second.names) and not _share(first.names, second.names):
        return False
    return _share(first.streets | first.names, second.streets | second.names)


def _apart(one: frozenset[object], other: frozenset[object]) -> bool:
    return bool(one and other) and not one & other


def _share(some: Iterable[Run], others: Iterable[Run]) -> bool:
    return any(_one_street(_bare(one), _bare(other)) for one in some for other in others)


def _bare(street: Run) -> Run:
    return street[1:] if street[0] == "the" else street


def _one_street(one: Run, other: Run) -> bool:
    """Whether two names may be one street's, of which one says more; a town may follow where no comma stands."""
    shorter = min(len(one), len(other))
    alike = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    return alike == shorter or (alike > 1 and not one[alike].isdigit() and not (_has_end(one) and _has_end(other)))
