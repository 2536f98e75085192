"""A text as the door reads it: what stands in it of a name, a number or an address, however it is spelled."""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterator
from functools import cached_property, lru_cache

from asbcli.recognising import flats, places, sameness
from asbcli.recognising.ordinary import COUNTED, GIVEN, MONTHS, ORDINARY, TITLES

_LONG = 8  # with fewer letters a piece counts only as a word of its own: Orr is no part of `sorry`
_SHORT_NAME = 2  # Li, Jo: they count with a capital
_NO_PLURAL = 2
_GAP = re.compile(r"\s")  # Ina is not said by `in a`
_GRAM = 6  # letters
_NEAR = 48  # letters to either side of a street in which its number stands
_SPACED_OUT = re.compile(r"(?<!\S)\S(?: {1,3}\S(?!\S)){4,}")  # J a n e   S o u t e r

_COUNTED = "|".join(sorted(COUNTED, key=len, reverse=True))
_TEENS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
          "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_IN_DIGITS = {word: at for at, word in enumerate(_TEENS, 1)} | {word: at * 10 for at, word in enumerate(_TENS, 2)}
_SPELLED_OUT = re.compile(
    rf"\b(?:(?P<ten>{'|'.join(_TENS)})(?:[\s-](?P<one>{'|'.join(_TEENS[:9])}))?"
    rf"|(?P<low>{'|'.join(reversed(_TEENS))}))\b")
_HOUSE_NUMBER = r"(?:numbers?|nos?|num|house|door|№|#)\.?\s{0,2}#?"
_NO_TIME = rf"(?![:.]?\d|\s{{0,3}}(?:{_COUNTED})\b)"
_NUMBERED = re.compile(rf"(?<![a-z]){_HOUSE_NUMBER}\s{{0,2}}({places.NUMBERS}){_NO_TIME}")
_LETTERED = re.compile(r"(?<![\w/.:£-])(\d{1,4})(?:([a-zA-Z])| ([A-Z]))(?![\w'’])")
_A_FLAT_BEFORE = re.compile(
    r"(?:flat|flt|\bfl|apt|apartment|unit)\.?\s{0,2}(?:no\.?\s?)?\w{1,4}(?:[-.:/]\w)?(?=[\s,]{1,3}\d)")
_BEFORE = re.compile(rf"(?<![\d/:.£])({places.NUMBERS})[^\w/]{{0,4}}(?:(?:in|on|of|at|the)\b[^\w/]{{0,3}}){{0,2}}$")
_AFTER = re.compile(rf"(?:[^\w.\n/]|\.(?=,|\s?no)){{0,4}}(?:{_HOUSE_NUMBER}\s{{0,2}})?({places.NUMBERS}){_NO_TIME}")
_TITLED = re.compile(rf"(?<![^\W_])(?:{'|'.join(TITLES)})\.?\s{{0,3}}$", re.IGNORECASE)
_INITIAL = re.compile(r"(?<![^\W_])[A-Z]\.$")
_A_DAY_BEFORE = re.compile(
    r"\d(?:st|nd|rd|th)?(?:\s{1,3}of)?\s{0,3}$|"
    r"\b(?:in|since|until|till|last|next|this|early|mid|late|during|end of|beginning of)[\s-]{1,3}$", re.IGNORECASE)
_A_DAY_AFTER = re.compile(r"\.?,?\s{0,3}\d")
_A_CITYS = re.compile(r"\W{1,3}city\W{1,3}(?:council|chambers)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _letters(char: str) -> str:
    return "".join(filter(str.isalnum, sameness.plain(char)))


class Words:
    """A text squeezed to its letters, with where each of them stood."""

    def __init__(self, text: str) -> None:
        spaced_out = (" ".join(each.replace(" ", "") for each in found[0].split("   "))
                      for found in _SPACED_OUT.finditer(text))
        self.text = text = "\n".join((text, *spaced_out))
        self.places = array("L")
        letters: list[str] = []
        for place, char in enumerate(text):
            for plain in _letters(char):
                letters.append(plain)
                self.places.append(place)
        self.squeezed = "".join(letters)
        self._occurring: dict[str, bool] = {}
        self._beside: dict[places.Run, frozenset[str]] = {}

    # -- pieces, and words of an address

    def has(self, piece: str) -> bool:
        """Whether these letters stand in it as words, or run together with others."""
        return any(True for _ in self._where(piece, several=True))

    def has_run(self, run: places.Run) -> bool:
        """Whether these words of an address stand in it, however each is shortened."""
        return any(True for _ in self.where(run))

    def where(self, run: places.Run) -> Iterator[tuple[int, int]]:
        """From where to where in the text these words of an address stand."""
        if all(map(self._occurs, places.unvaried(run))):  # a register's streets are fewer than its addresses
            for piece in places.spellings(run):
                yield from self._where(piece, several=len(run) > 1)

    def _occurs(self, word: str) -> bool:
        if word not in self._occurring:
            self._occurring[word] = self._first(word) >= 0
        return self._occurring[word]

    @cached_property
    def _grams(self) -> frozenset[str]:
        return frozenset(self.squeezed[at : at + _GRAM] for at in range(len(self.squeezed) - _GRAM + 1))

    def _first(self, piece: str) -> int:
        """Where a piece begins. What of it stands nowhere is known without a search: an export is long, and has few
        letters in a row that are not in its every line."""
        grams = (piece[at : at + _GRAM] for at in range(len(piece) - _GRAM + 1))
        return self.squeezed.find(piece) if piece and all(gram in self._grams for gram in grams) else -1

    def _where(self, piece: str, *, several: bool) -> Iterator[tuple[int, int]]:
        """Words end where the piece does, or they were run together: `9elmstreetperth`, but not `the closed door`."""
        at = self._first(piece)
        dialled = len(piece) >= _LONG and piece.isdigit()  # what stands before it may be the country's
        while at >= 0:
            after = at + len(piece)
            start, end = self.places[at], self.places[after - 1]
            ends = self._ends(end, end + 1) or (self.squeezed[after : after + 1] == "s" and self._ends_at(after))
            if several and piece in ORDINARY and end - start < len(piece):
                stands = False  # Fir St is no first
            elif len(piece) < _LONG or not several:
                stands = ends and self._ends(start - 1, start)
            else:
                stands = ends or end - start < len(piece)
            if dialled or (stands and not self._cuts_number(start, end)):
                yield start, end + 1
            at = self.squeezed.find(piece, at + 1)

    def _ends_at(self, place: int) -> bool:
        return self._ends(self.places[place], self.places[place] + 1)

    def _cuts_number(self, start: int, end: int) -> bool:
        """Whether it would begin or end within a number."""
        before, after = self.text[max(0, start - 1) : start + 1], self.text[end : end + 2]
        return (len(before) > 1 and before.isdigit()) or (len(after) > 1 and after.isdigit())

    def _ends(self, left: int, right: int) -> bool:
        """Whether a word ends between two letters: space, a sign, or `MsSmith`."""
        if left < 0 or right >= len(self.text):
            return True
        before, behind = self.text[left], self.text[right]
        if not (before.isalnum() and behind.isalnum()):
            return True
        return (before.islower() and behind.isupper()) or before.isdigit() != behind.isdigit()

    # -- words of a name

    def says(self, word: str, besides: Collection[places.Run] = ()) -> bool:
        """Whether a word of a name stands in it, as a name; not where it is part of one of these other names.

        Of several (`the Souters`) or of one. Jo and Li have a capital, and a word of any letter (May, Best) has one
        where no sentence begins, or stands behind a title.
        """
        taken: list[tuple[int, int]] | None = None
        is_word = word in ORDINARY or word in GIVEN
        for start, end, said in self._words(word):
            if not self._is_name(start, end, word, ordinary=is_word or said in ORDINARY):
                continue
            if taken is None:
                taken = [where for run in besides for where in self.where(run)]
            if not any(first <= start and end <= last for first, last in taken):
                return True
        return False

    def _words(self, word: str) -> Iterator[tuple[int, int, str]]:
        at = self.squeezed.find(word)
        plurals = ("", *(("s", "es")[: 1 + word.endswith("s")] if len(word) > _NO_PLURAL else ()))
        while at >= 0:
            start = self.places[at]
            for plural in plurals if self._ends(start - 1, start) else ():
                last = at + len(word) + len(plural)
                if self.squeezed.startswith(plural, at + len(word)) and self._ends_at(last - 1):
                    if not _GAP.search(self.text, start, self.places[last - 1]):
                        yield start, self.places[last - 1] + 1, word + plural
                    break
            at = self.squeezed.find(word, at + 1)

    def _is_name(self, start: int, end: int, word: str, *, ordinary: bool) -> bool:
        if not ordinary and len(word) > _SHORT_NAME:
            return True
        before = self.text[max(0, start - _NEAR) : start]
        if _TITLED.search(before):
            return True
        if not self.text[start].isupper():
            return False
        if not ordinary or word in GIVEN:
            return True
        said = before.rstrip(" \t\"'“‘’”(*_-")
        begins = (not said and start <= _NEAR) or (said[-1:] in (*".!?:;\n•",) and not _INITIAL.search(said))
        dated = word in MONTHS and (_A_DAY_BEFORE.search(before) or _A_DAY_AFTER.match(self.text, end))
        return not (begins or dated)

    def says_place(self, run: places.Run) -> bool:
        """Whether a town or the name of a house stands in it; `Glasgow City Council` is no town."""
        if len(run) == 1 and run[0] in ORDINARY:
            return self.says(run[0])
        return any(not _A_CITYS.match(self.text, end) for _, end in self.where(run))

    # -- numbers of houses and flats

    @cached_property
    def _plain(self) -> str:
        return places.plain(self.text)

    @cached_property
    def flats(self) -> frozenset[str]:
        """Every `2/1` in it, however it is spelled."""
        return flats.in_text(self._plain)

    @cached_property
    def flats_beside(self) -> frozenset[str]:
        """What is a flat to a neighbour: `2-1`, `top left`."""
        return flats.beside(self._plain)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """What is a house to a neighbour: `number 9`, `no. nine`, `14D`."""
        found = [one[1] for one in _NUMBERED.finditer(_in_digits(self._plain))]
        lettered = [number + (letter or other).casefold() for number, letter, other in _LETTERED.findall(self.text)]
        return frozenset(lettered).union(*map(places.numbers_of, found))

    def numbers_in(self, street: places.Run) -> frozenset[str]:
        """The house numbers that stand beside a street's name: `9-11 Elm Street`, `Elm Street, no. 9`."""
        if street not in self._beside:
            found = (said for start, end in self.where(street) for said in self._around(start, end))
            self._beside[street] = frozenset().union(*map(places.numbers_of, found))
        return self._beside[street]

    def _around(self, start: int, end: int) -> Iterator[str]:
        before = _A_FLAT_BEFORE.sub(",", _in_digits(places.plain(self.text[max(0, start - _NEAR) : start])))
        after = _in_digits(places.plain(self.text[end : end + _NEAR]))
        for found in (_BEFORE.search(before), _AFTER.match(after)):
            if found:
                yield found[1]


def _in_digits(text: str) -> str:
    """Numbers that were spelled out as digits: `twenty-one` is 21."""
    return _SPELLED_OUT.sub(_digits, text)


def _digits(found: re.Match[str]) -> str:
    return str(sum(_IN_DIGITS[word] for word in found.groups() if word))
