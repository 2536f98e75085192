"""Flats, however one writes them: `2/1`, `flat 2-1`, `2F1`, `GFL`, `second floor left`, `flat 9`.

Each has one form, `floor/door`; the left door of a landing is its first too. One with a number alone is `flat 9`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from asbcli.recognising.ordinary import COUNTED

_FLOORS = {"ground": "g", "basement": "b", "top": "t"} | {
    said: str(number)
    for number, each in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 1)
    for said in (each,)
} | {"one": "1", "two": "2", "three": "3", "four": "4"}  # fmt: skip
_LANDING = {  # as one comes up
    "l": ("l", "1"), "left": ("l", "1"), "r": ("r", "2", "3"), "right": ("r", "2", "3"), "middle": ("m", "2"),
    "centre": ("m", "2"), "center": ("m", "2"),
}  # fmt: skip
TOP = "t"

# Every gap is short, so that no text makes a search of one long.
_G = r"\s{0,3}"
_DASH = "-‐-―−"
_SLASH = r"[/\\⁄∕]"
_FLAT = rf"(?:flat|flt|apartment|apt|unit|\bfl)\.?{_G}(?:(?:no|number)\b\.?{_G})?"
_SIDE = "left|right|middle|centre|center"
_NTH = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(each for each in _FLOORS if len(each) > 2)})"
_NO_AMOUNT = rf"(?!\s{{1,3}}(?:{'|'.join(sorted(COUNTED))})\b)"
_ENDS = rf"(?![a-z\d]){_NO_AMOUNT}"
_NOTHING_AFTER = r"(?=\s{0,3}(?:[,;.)\n]|$|\d))"  # in an address what follows may be a street: Flat 2, 1 Larch Road

_ALWAYS = (
    # 2/1, G/2, 1/R; no part of 2/1/2026
    rf"(?:{_FLAT})?(?<![\d/])(?P<floor>\d{{1,3}}|(?<![a-z])[gbt]){_G}{_SLASH}{_G}"
    rf"(?P<door>\d{{1,3}}|(?:{_SIDE}|[lr])(?![a-z]))(?!\d|{_G}{_SLASH}{_G}\d)",
    # flat 2-1, 2.1, 2:1; flat 2L, G1
    rf"{_FLAT}(?P<floor>\d{{1,3}}|[gbt]){_G}[{_DASH}.:]{_G}(?P<door>\d{{1,3}}|[lr]|{_SIDE}){_ENDS}",
    rf"{_FLAT}(?:(?P<floor>\d{{1,2}}|[gbt])\s?(?P<side>[lr]|{_SIDE})|(?P<low>[gbt])(?P<door>\d)){_ENDS}",
    # 2F1, 2f 1, GFL, TFR, PF1
    rf"(?:{_FLAT})?(?<![a-z\d])(?P<floor>\d{{1,2}}|[gtbp])f(?:(?<=\df)[\s-]{{1,2}})?(?P<door>\d|[lr]|left|right){_ENDS}",
    # ground floor left, 6th floor, flat 2, second floor door 1
    rf"\b(?P<floor>{_NTH})[\s-]{{0,3}}(?:floor|flr|fl)\b[\s,.-]{{0,3}}"
    rf"(?:(?:flat|door|apt){_G}(?P<side>\d|[lr]|{_SIDE})|(?P<door>{_SIDE}|[lr]|\d(?=\s{{0,3}}(?:[,;.)\n]|$)))){_ENDS}",
    # floor 2 flat 1; 2 up left
    rf"\bfloor{_G}(?P<floor>\d{{1,2}}|g|ground)[\s,.-]{{0,3}}"
    rf"(?:(?:flat|door|apt)\s{{0,3}}(?P<door>\d|[lr])|(?P<side>{_SIDE})){_ENDS}",
    rf"\b(?P<floor>\d|one|two|three|four)\s{{1,3}}up[\s,-]{{1,3}}(?P<door>{_SIDE}|[lr]){_ENDS}",
)
_APART = rf"{_FLAT}(?P<floor>\d{{1,2}}|[gbt])(?:{_G},{_G}|\s{{1,3}})(?P<door>\d){_ENDS}(?![/:.{_DASH}]\d)"
# Where a stair is spoken of and no flat, these are one too.
_ON_A_STAIR = (
    rf"\b(?P<floor>{_NTH})[\s,-]{{1,3}}(?P<door>{_SIDE}){_ENDS}",  # 2nd left, top right
    rf"(?<![\w/.:£{_DASH}])(?P<floor>\d{{1,2}}|[gbt])\s?[{_DASH}:]\s?(?P<door>\d|[lr])(?![:]|[.,/{_DASH}]\d){_ENDS}",
    rf"(?<![\w/.:£{_DASH}])(?P<floor>\d{{1,2}}|[gbt])(?P<door>[lr])(?!\w)",  # 2L
)
_IN_TEXT = (*_ALWAYS, _APART)
_IN_ADDRESS = (*_ALWAYS, _APART + _NOTHING_AFTER, _ON_A_STAIR[0], *(each + _NOTHING_AFTER for each in _ON_A_STAIR[1:]))
_NUMBERED = re.compile(  # flat 9, flat 3b, flat b
    rf"{_FLAT}(\d{{1,4}}[a-z]?|[a-z]\d?)(?![a-z\d]|{_G}{_SLASH}|{_G}[{_DASH}.]{_G}\d)")
_NO_DOOR = {"top": "t/", "ground": "g/", "basement": "b/"}  # a floor has one flat, or nobody said which
_ONLY = re.compile(r"\b(main[ -]door|upper|lower|top|ground|basement)[ -](?:floor )?(?:flat|villa)\b")
_ONLY_IN_ADDRESS = re.compile(
    r"(?:^|(?<=[,;\n]))\s{0,3}(main[ -]door|upper|lower|top|ground|basement)(?: floor)?(?=\s{0,3}(?:[,;\n]|$|\d))")


def in_text(text: str) -> frozenset[str]:
    """Every flat in a text of small letters."""
    return frozenset(chain(_found(_IN_TEXT, text), (f"flat {one[1]}" for one in _NUMBERED.finditer(text)),
                           _alone(_ONLY, text)))


def beside(text: str) -> frozenset[str]:
    """What is a flat to who lives on the stair: `2-1`, `2L`, `top left`."""
    return frozenset(_found(_ON_A_STAIR, text))


def cut(address: str) -> tuple[frozenset[str], str]:
    """The flats of an address of small letters, and the rest of it."""
    flats: set[str] = set()
    for form in _IN_ADDRESS:
        flats.update(_found((form,), address))
        address = _compiled(form).sub(", ", address)
    flats.update(f"flat {one[1]}" for one in _NUMBERED.finditer(address))
    address = _NUMBERED.sub(", ", address)
    for said in (_ONLY, _ONLY_IN_ADDRESS):
        flats.update(_alone(said, address))
        address = said.sub(", ", address)
    return frozenset(flats), address


def _alone(form: re.Pattern[str], text: str) -> Iterator[str]:
    yield from (_NO_DOOR.get(one[1], one[1]) for one in form.finditer(text))


@lru_cache
def _compiled(form: str) -> re.Pattern[str]:
    """When the first text is read: most commands read none."""
    return re.compile(form)


def _found(forms: tuple[str, ...], text: str) -> Iterator[str]:
    for one in (one for form in forms for one in _compiled(form).finditer(text)):
        said = one.groupdict()
        floor = said["floor"] or said["low"]
        named = said.get("side") or said["door"]
        for door in _LANDING.get(named, (named.lstrip("0") or "0",)):
            yield f"{_floor(floor)}/{door}"
            if floor.isdigit() or len(floor) == 1:
                yield f"flat {floor}{door}"


def _floor(floor: str) -> str:
    """Ground is `g` or `0`; `02`, `2nd` and `second` are one."""
    return _FLOORS.get(floor) or re.sub(r"\D+$", "", floor).lstrip("0") or (floor if floor.isalpha() else "g")


def told_apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether these cannot be one flat: each is said, and nothing they may be called is the same."""
    return bool(one and other) and not any(_may_be_one(this, that) for this in one for that in other)


def _may_be_one(one: str, other: str) -> bool:
    if one == other:
        return True
    (floor, said, door), (second, also, next_door) = one.partition("/"), other.partition("/")
    if not (said and also):
        return (bool(said) and not door) or (bool(also) and not next_door)  # flat 9, on the top floor
    which = {floor, second} - {TOP}
    alike = floor == second or (len(which) == 1 and which.pop().isdigit())  # the top floor's left may be 3/1
    return alike and (door == next_door or not door or not next_door)
