"""What one answer means: a text as it was typed, or a value as JSON holds it, read by its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Literal

from asbcli.dates import parse_when, quoted
from asbcli.errors import BadInput
from asbcli.moments import Moment
from asbcli.workdays import parse_limit

Kind = Literal[
    "text", "long", "name", "choice", "yes-no-unknown", "when", "planned", "either", "corrected", "interval", "number",
    "case", "switch",
]  # fmt: skip

LONGEST_TEXT = 20_000
LONGEST_WORDS = 200  # a name, an address, a place

_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def is_given(answer: object) -> bool:
    """Whether there is an answer: a switch left alone, an empty list and null are none."""
    return answer is not None and answer is not False and answer != () and answer != []


def each_of(answer: object) -> Sequence[object]:
    if answer is None:
        return ()
    return answer if isinstance(answer, tuple | list) else (answer,)


def text_of(answer: object) -> str:
    if isinstance(answer, int) and not isinstance(answer, bool):
        return str(answer)  # JSON has numbers for cases, entries and priorities
    if isinstance(answer, str):
        return answer
    raise BadInput("must be text, or a list of texts where it may be repeated")


def plain_text(text: str, longest: int) -> str:
    """The text without the space around it. Raises BadInput for what cannot be stored or says nothing."""
    if len(text) > longest:
        raise BadInput(f"is too long: {len(text):,} characters, and the most is {longest:,}")
    if "\0" in text:
        raise BadInput("holds a NUL character, which no text can")
    if re.search("[\ud800-\udfff]", text):
        raise BadInput("is not valid UTF-8 text")
    plain = text.strip()
    if not any(map(str.isprintable, plain.replace(" ", ""))):
        raise BadInput("is empty")
    return plain


def read_plain(name: str, text: str, longest: int = LONGEST_TEXT) -> str:
    """A text given outside a form, if it can be stored and says something. Raises BadInput, calling it `name`."""
    try:
        return plain_text(text, longest)
    except BadInput as fault:
        raise BadInput(f"{name} {fault.problem}", fault.hint) from None


def read_switch(answer: object) -> bool:
    if isinstance(answer, bool):
        return answer
    if isinstance(answer, str) and answer.strip().lower() in _YES_NO:
        return _YES_NO[answer.strip().lower()]
    raise BadInput("is yes or no")


def _read_choice(offered: Sequence[str], text: str, now: datetime) -> str:
    if text.lower() in offered:
        return text.lower()
    raise BadInput(f"{quoted(text)} is none of {', '.join(offered)}", nearest(text.lower(), offered))


def nearest(word: str, known: Sequence[str]) -> str:
    begun = [each for each in known if word and each.startswith(word)]
    near = begun[:3] or get_close_matches(word, known, 1)
    return f"Did you mean {' or '.join(near)}?" if near else ""


def _read_interval(offered: Sequence[str], text: str, now: datetime) -> str:
    try:
        return parse_limit(text).words
    except ValueError as fault:
        raise BadInput(str(fault)) from None


def _read_corrected(offered: Sequence[str], text: str, now: datetime) -> Moment:
    """When something really happened; or, of what was planned, a date that can only lie ahead."""
    try:
        return parse_when(text, now=now, toward="past")
    except BadInput:
        return parse_when(text, now=now, toward="either")


def _read_number(offered: Sequence[str], text: str, now: datetime) -> int:
    if re.fullmatch("[0-9]{1,12}", text):
        return int(text)
    raise BadInput(f"{quoted(text)} is not the number of an entry", "asb history N shows them.")


def read_case(text: str) -> int:
    """The number of a case written `17`, `ASB-17` or `asb-17`. Raises BadInput."""
    if found := re.fullmatch("(?:asb-)?([0-9]{1,9})", text.strip(), re.ASCII | re.IGNORECASE):
        return int(found[1])
    raise BadInput(f"{quoted(text)} is no case", "Type its number or its reference: 17, ASB-17.")


READERS: dict[Kind, Callable[[Sequence[str], str, datetime], object]] = {
    "text": lambda offered, text, now: text,
    "long": lambda offered, text, now: text,
    "name": lambda offered, text, now: text,
    "choice": _read_choice,
    "yes-no-unknown": _read_choice,
    "when": lambda offered, text, now: parse_when(text, now=now, toward="past"),
    "planned": lambda offered, text, now: parse_when(text, now=now, toward="future"),
    "either": lambda offered, text, now: parse_when(text, now=now, toward="either"),
    "corrected": _read_corrected,
    "interval": _read_interval,
    "number": _read_number,
    "case": lambda offered, text, now: read_case(text),
}
