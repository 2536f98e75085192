"""An address taken apart as one reads it: flats, postcodes, a number with its street, the name of a house or street.

Two spellings are compared by their words, never by their letters: 2 Elm Street is no part of 12 Elm Street.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Set
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from asbcli import sameness

Run = tuple[str, ...]  # words of an address, one after another, each in its one form

# How else a word of an address is spelled. `St` is a street or a saint: both have one form here.
_SPELLED = {
    "street": ("st", "str", "saint"), "road": ("rd",), "avenue": ("ave", "av"), "drive": ("dr", "drv"),
    "crescent": ("cres", "cr", "cresc"), "court": ("ct", "crt"), "place": ("pl",), "terrace": ("ter", "terr", "tce"),
    "gardens": ("gdns", "gdn"), "lane": ("ln",), "square": ("sq", "sqr"), "way": ("wy",), "park": ("pk",),
    "grove": ("gr",), "buildings": ("bldgs",), "building": ("bldg",), "close": ("cl",),
    "quadrant": ("quad", "qd", "qdt"), "mount": ("mt",), "great": ("gt",),
    "east": ("e",), "west": ("w",), "north": ("n",), "south": ("s",),
}  # fmt: skip
_FORM = {other: word for word, others in _SPELLED.items() for other in others}
_ENDS_A_NAME = frozenset((
    "street", "road", "avenue", "drive", "crescent", "court", "place", "terrace", "gardens", "lane", "square", "way",
    "park", "grove", "buildings", "building", "close", "quadrant", "wynd", "vennel", "row", "loan", "brae", "path",
    "view", "gate", "circus", "parade", "walk", "rise", "green", "hill", "quay", "bank", "cottage", "cottages",
    "house", "lodge", "tower", "towers", "villa", "villas", "hall", "farm", "mansion", "mansions", "hostel", "steading",
))  # fmt: skip
_ENDINGS = _ENDS_A_NAME | {other for word in _ENDS_A_NAME & _SPELLED.keys() for other in _SPELLED[word]}
_SIDES = frozenset(("east", "west", "north", "south", "upper", "lower"))
_SAYS_LITTLE = frozenset((  # after a number: 9 May, 5 days
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "day", "days", "week", "weeks", "month", "months", "hour", "hours", "year", "years", "minutes",
    "people", "times", "calls", "visits", "the", "new", "old", "high", "main", "park", "green", "church", "bank",
))  # fmt: skip
# Alone, without their street, these are words of any letter.
_COMMON = _SAYS_LITTLE | _SIDES | _ENDS_A_NAME | frozenset((
    "bridge", "castle", "central", "college", "garden", "george", "great", "hospital", "king", "kings", "lower",
    "market", "middle", "office", "police", "queen", "queens", "river", "school", "south", "station", "upper", "water",
))  # fmt: skip
_SHORTEST = 3  # of a run's letters; what has no more says nothing
_ALONE = 5  # the letters by which one word of a name tells it: Hillcrest, Sauchiehall

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_A_FLAT = r"(?:flat|flt|apartment|apt|unit)\.?\s*(?:(?:no|number)\b\.?\s*)?"
_FLOORS = {
    "ground": "g", "first": "1", "1st": "1", "second": "2", "2nd": "2", "third": "3", "3rd": "3", "fourth": "4",
    "4th": "4", "fifth": "5", "5th": "5",
}  # fmt: skip
_LANDING = {"l": ("l", "1"), "left": ("l", "1"), "r": ("r", "2", "3"), "right": ("r", "2", "3")}  # as one comes up
_FLATS = (
    # 2/1, G/2, 1/R; no part of 2/1/2026
    re.compile(rf"(?:{_A_FLAT})?(?<![\d/])(?P<floor>\d{{1,3}}|(?<![a-z])[gb])\s*[/\\⁄∕]\s*"
               r"(?P<door>\d{1,3}|[lr](?![a-z]))(?!\d|\s*[/\\⁄∕]\s*\d)"),
    # flat 2-1, flat 2.1; flat 2 1 where nothing or a number follows
    re.compile(rf"{_A_FLAT}(?P<floor>\d{{1,3}}|[gb])(?:\s*[-‐-―−.]\s*(?P<door>\d{{1,3}}|[lr])(?![a-z\d])"
               r"|\s+(?P<apart>\d)(?=\s*(?:[,;.)\n]|$)|\s+\d))"),
    # 2F1
    re.compile(rf"(?:{_A_FLAT})?(?<![a-z\d])(?P<floor>[\dg])f(?P<door>\d)(?![a-z\d])"),
    # ground floor left, 1st floor flat 2
    re.compile(rf"\b(?P<floor>{'|'.join(_FLOORS)})[\s-]*(?:floor|flr|fl)\b[\s,.-]*(?:flat\s*)?"
               r"(?P<door>left|right|[lr]|\d)(?![a-z\d])"),
)  # fmt: skip
_NUMBERED_FLAT = re.compile(
    rf"{_A_FLAT}(\d{{1,4}}[a-z]?|[a-z]\d?)(?![a-z\d]|\s*[/\\⁄∕]|\s*[-‐-―−.]\s*\d)"  # flat 9, flat 3b, flat b
)
_FLAT_WORDS = re.compile(r"\b(?:flat|flt|apartment|apt|unit|(?:house|no|number)(?=\W*\d))\b\.?")
_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b")
_WORD = re.compile(r"\d+(?:st|nd|rd|th)\b|\d+(?:[a-z](?![^\W\d_]))?|[^\W\d_]+")
_NUMBER = re.compile(r"\d+[a-z]?")
_LETTERED = re.compile(r"(\d+)([a-z])")  # 9b: the door b of number 9
_LETTER_FLAT = re.compile(r"flat [a-z]")
_CARE_OF = re.compile(r"\b(?:c\s*/\s*o|care of)\b\W*([^,;\n\d]+)", re.IGNORECASE)
_NUMBERS = re.compile(  # 9-11 Elm, 9 and 11 Elm: several houses of what follows
    r"(?<![\d/.])(\d{1,4})[a-z]?((?:\s*(?:[-‐-―−/&+]|and|or|to)\s*\d{1,4}[a-z]?)+)(?=\s+[^\W\d_]{2})", re.IGNORECASE
)
_GAP = r"[^\S\n]{1,4}"  # on one line
_TURNED = re.compile(  # Elm Street 9, which is no date
    rf"\b((?:[^\W\d_]+{_GAP}){{1,3}}(?:{'|'.join(sorted(_ENDINGS))})\b\.?),?(?:{_GAP})(?:(?:no|number)\b\.?(?:{_GAP})?)?"
    rf"(\d{{1,4}}[a-z]?)(?![\w/:]|(?:{_GAP})?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))",
    re.IGNORECASE,
)
_FAR = 40  # a longer row of houses is none
_FOLLOWS = 60  # letters in which a street's name ends


class Address(NamedTuple):
    """What an address would be recognised by."""

    flats: frozenset[str]
    postcodes: frozenset[Run]
    host: str  # with whom somebody stays: c/o
    doors: frozenset[Run]  # a number with its street
    names: frozenset[Run]  # of a street, or a house; alone
    towns: frozenset[Run]  # what stands behind a comma and is neither
    whole: frozenset[Run]


def _plain(text: str) -> str:
    """Small letters without accents, nothing unseen."""
    letters = _INVISIBLE.sub("", sameness.plain(text)).replace("'", "").replace("’", "")
    return "".join(char for char in letters if not unicodedata.combining(char))


def words_in(text: str) -> Run:
    """The words and numbers of a text, each in its one form: `9A Elm St.` is 9a, elm, street."""
    return tuple(_FORM.get(word, word) for word in _WORD.findall(_plain(text)))


def flats_in(text: str) -> frozenset[str]:
    """Every flat's number in a text: `2/1` however it is spelled; `flat 9`."""
    text = _plain(text)
    flats = {f"flat {found[1]}" for found in _NUMBERED_FLAT.finditer(text)}
    for found in (found for form in _FLATS for found in form.finditer(text)):
        for door in _doors(found):
            flats |= {f"{_floor(found['floor'])}/{door}", f"flat {found['floor']}{door}"}
    return frozenset(flats)


def _floor(floor: str) -> str:
    """Ground is `g` or `0`; `02` is the second."""
    return _FLOORS.get(floor, floor).lstrip("0") or "g"


def _doors(found: re.Match[str]) -> tuple[str, ...]:
    """The door on its landing: the left one is the first too."""
    said = found.groupdict()
    door = (said["door"] or said.get("apart") or "").lstrip("0")
    return _LANDING.get(door, (door,))


def each_house(text: str) -> Iterator[str]:
    """Of houses named together each one, with what follows: `9-11 Elm Street` is 9, 10 and 11 Elm Street.

    And a number that stands behind its street, before it.
    """
    for found in _TURNED.finditer(text):
        street = found[1].split()
        yield from (f"{found[2]} {' '.join(street[at:])}" for at in range(len(street) - 1))
    for found in _NUMBERS.finditer(text):
        said = [found[1], *re.findall(r"\d+[a-z]?", found[2])]
        first, last = int(found[1]), int(re.sub(r"\D", "", said[-1]))
        row = range(first, last) if len(said) == 2 and first < last <= first + _FAR else ()
        for number in dict.fromkeys((*said, *map(str, row))):
            yield f"{number} {text[found.end():found.end() + _FOLLOWS]}"


@lru_cache(maxsize=4096)
def spellings(run: Run) -> tuple[str, ...]:
    """A run as letters and digits alone, with every word whole and shortened: `9elmstreet`, `9elmst`."""
    return tuple("".join(each) for each in product(*((word, *_SPELLED.get(word, ())) for word in run)))


def unvaried(run: Run) -> list[str]:
    """The words of a run that are spelled in one way alone."""
    return [word for word in run if word not in _SPELLED]


def stands_in(run: Run, words: Run) -> bool:
    """Whether these words stand among the others, one after another."""
    return any(words[at : at + len(run)] == run for at in range(len(words) - len(run) + 1))


@lru_cache(maxsize=4096)
def read(address: str) -> Address:
    """An address, with commas or without, with or without what stands before the number."""
    text = _plain(address)
    host = _CARE_OF.search(text)
    text = _CARE_OF.sub(" ", text)
    postcodes = {(sameness.squeezed(found[0]),) for found in _POSTCODE.finditer(text)}
    doors, names, towns = _streets(_POSTCODE.sub(" ", text))
    doors, flats = _with_letters(doors, flats_in(text))
    whole = {words_in(text), words_in(_FLAT_WORDS.sub(" ", text))}
    runs = (frozenset(filter(_says_something, each)) for each in (doors, names, towns, whole))
    return Address(flats, frozenset(postcodes), host[1].strip() if host else "", *runs)


def own_words(address: str) -> frozenset[Run]:
    """All that an address says, for what somebody who lives there knows anyway to be looked for in."""
    known = read(address)
    return known.whole | known.postcodes | known.doors


def telling_words(address: str) -> frozenset[str]:
    """Of the names in an address the words that tell them alone: Hillcrest of Hillcrest House, no Park of Park Road."""
    first = {run[0] for run in read(address).names if len(run) == 2 and run[1] in _ENDS_A_NAME}
    return frozenset(word for word in first if len(word) >= _ALONE and word not in _COMMON)


def _streets(text: str) -> tuple[set[Run], set[Run], set[Run]]:
    """The doors, names and towns of an address without its postcode, each house of a row by itself."""
    together = [*each_house(text)]
    for form in _FLATS:
        text = form.sub(" ", text)
    together += each_house(text)
    doors: set[Run] = set()
    names: set[Run] = set()
    towns: set[Run] = set()
    for place, one in enumerate((text, *together)):
        one = re.sub(r"(\d[a-z]?)\s*,(?=\s*[^\W\d_])", r"\1 ", _FLAT_WORDS.sub(" ", one))
        parts = [part for part in map(words_in, re.split(r"[,;\n]", one)) if part]
        for at, part in enumerate(parts if not place else parts[:1]):
            _read_part(part, doors, names, towns if at else names)
    return doors, names, towns


def _with_letters(doors: Set[Run], flats: Set[str]) -> tuple[set[Run], frozenset[str]]:
    """Doors and flats with those that a letter joins: 9B Elm Street is flat B at 9, and the other way about."""
    letters = {flat[-1] for flat in flats if _LETTER_FLAT.fullmatch(flat)}
    joined = {(number + letter, *street) for number, *street in doors if number.isdigit() for letter in letters}
    apart = [(*found.groups(), street) for number, *street in doors if (found := _LETTERED.fullmatch(number))]
    return ({*doors, *joined, *((number, *street) for number, _, street in apart)},
            frozenset((*flats, *(f"flat {letter}" for _, letter, _ in apart))))


def _read_part(part: Run, doors: set[Run], names: set[Run], rest: set[Run]) -> None:
    """What stands between two commas: `Ground floor left 9 Elm Street East Glasgow`, or `Glasgow`."""
    start = 0
    for at, word in enumerate(part):
        name = part[_after_number(part, start, at) : at]
        if word not in _ENDS_A_NAME or not name:
            continue
        number = part[at - len(name) - 1 : at - len(name)] if at - len(name) > start else ()
        sided = part[at + 1 : at + 2] if part[at + 1 : at + 2] and part[at + 1] in _SIDES else ()
        for street in {(*name, word), (*name, word, *sided)}:
            names.add(street)
            if number:
                doors.add(number + street)
        if number and name[-1] not in _SAYS_LITTLE:
            doors.add(number + name)
        elif not number:
            names.add((name[-1], word))
        start = at + 1 + len(sided)
    first = _after_number(part, 0, len(part))
    number, name = part[max(first - 1, 0) : first], part[first:]
    if number and name:
        doors.add(number + name)
        if name[0] not in _SAYS_LITTLE and not start:
            doors.add((*number, name[0]))
    if name:
        (names if number else rest).add(name)


def _after_number(part: Run, start: int, end: int) -> int:
    """Where the name begins: after the last number."""
    return max((at + 1 for at in range(start, end) if _NUMBER.fullmatch(part[at])), default=start)


def _says_something(run: Run) -> bool:
    letters = "".join(run)
    return len(letters) > _SHORTEST and not letters.isdigit()


def key(address: str) -> str:
    """What two spellings of an address have in common: `Flat 2/1, 14 Larch Rd` is `2/114larchroad`."""
    plain = _FLAT_WORDS.sub(" ", _plain(address))
    said = re.findall(r"[^\W_]+|[/\\⁄∕]", plain)
    return "".join("/" if word in "/\\⁄∕" else _FORM.get(word, word) if len(word) > 1 else word for word in said)


def same_address(one: str, other: str) -> bool:
    """Whether two addresses may be one: nothing tells them apart, though one says more (a flat, a district, a town)."""
    first, second = read(one), read(other)
    if _told_apart(_doors_of_flats(first), _doors_of_flats(second)) or _told_apart(first.postcodes, second.postcodes):
        return False
    if any(stands_in(run, words) or stands_in(words, run) for run in first.whole for words in second.whole):
        return True
    if first.doors and second.doors:
        return bool({run for run in first.doors if run[-1] in _ENDS_A_NAME | _SIDES} & second.doors)
    return bool(first.names & second.names) and not (first.doors or second.doors)


def _doors_of_flats(address: Address) -> frozenset[str]:
    return frozenset(flat.removeprefix("flat ") for flat in address.flats)


def _told_apart(one: frozenset[object], other: frozenset[object]) -> bool:
    return bool(one and other) and not one & other
