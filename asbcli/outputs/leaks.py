"""The one door out: a form that others will read goes through it, or is refused where it tells of somebody else.

A form is a function marked `@leaves("its name")` that returns a `Draft`: what the form says, piece by piece, each
with the entry it came from, and what its reader must not learn. What comes out is a `Cleared` text, and only such a
text is ever written. A test finds every function in `outputs/` and fails where one is not marked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec

from asbcli import places, sameness
from asbcli.casefile.entries import (
    ERASED,
    Consent,
    Logged,
    NamedPerson,
    PersonAdded,
    PersonKnown,
    PersonRenamed,
    Report,
    side_of,
)
from asbcli.casefile.history import corrected
from asbcli.errors import NotAllowed

P = ParamSpec("P")
REGISTRY: dict[str, Callable[..., Cleared]] = {}  # every form there is, by its name

FORMER_NAME = "former name"  # one they were given wrongly
_SHORT_NAME = 3  # of a name's words, shorter ones say nothing
_ALONE = 8  # a piece with fewer letters counts only as a word of its own: Orr is no part of `sorry`
# Names that are words too: they count with a capital.
_ORDINARY = frozenset((
    "april", "art", "august", "bell", "bill", "black", "brown", "case", "cook", "dawn", "day", "dean", "drew",
    "faith", "frank", "grace", "grant", "gray", "green", "grey", "guy", "hill", "hope", "house", "joy",
    "june", "king", "law", "little", "long", "mark", "max", "may", "miles", "park", "pat", "post", "price",
    "ray", "rich", "rob", "rose", "short", "small", "stone", "street", "sue", "summer", "wells", "west",
    "white", "will", "wood", "young",
))  # fmt: skip
_BETWEEN_NUMBERS = "/\\⁄∕,;-–\n"
_DIALLED = re.compile(r"\+?\d(?:[\s().\-‐-―/]*\+?\d)*")
_WHOLE = (("0044", 14), ("44", 12), ("0", 11))  # how a number begins, and the digits it has then
_IN_A_TOWN = re.compile(r"\d{1,2}|[2-9]\d{5,7}")  # the 1 of a list; a number without its town's
_BEGINS = re.compile(r"0[127]\d{2}")
_SHORTEST_NUMBER = 5
_NEARLY = 0.8  # how much of two names is alike where one is the other put right
_LANDLINE = re.compile(r"(?:2\d|1\d1|11\d|1\d{3})(\d{6,8})")
_TITLES = ("mr", "mrs", "ms", "miss", "mx", "dr")


class Leak(NotAllowed):
    """A form would tell its reader of somebody else."""


class Cleared(NamedTuple):
    """A form that went through the door: what it is called, and its text."""

    form: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a form: typed in an entry, typed just now, or else the program's own words."""

    text: str
    entry: int | None = None
    typed_now: bool = False

    @property
    def where(self) -> str:
        """Where it stands."""
        return f"entry {self.entry}" if self.entry is not None else "what was typed" if self.typed_now else "a field"

    @property
    def typed(self) -> bool:
        """Whether somebody typed it."""
        return self.entry is not None or self.typed_now


@dataclass(frozen=True)
class Draft:
    """A form before the door: its text, the pieces that were put into it, and what its reader must not learn."""

    text: str
    passages: tuple[Passage, ...] = ()
    secrets: tuple[Secret, ...] = ()


def leaves(name: str) -> Callable[[Callable[P, Draft]], Callable[P, Cleared]]:
    """Mark a function as a form that leaves, and put the door before what it makes. Raises Leak there."""

    def mark(make: Callable[P, Draft]) -> Callable[P, Cleared]:
        @wraps(make)
        def through(*args: P.args, **kwargs: P.kwargs) -> Cleared:
            draft = make(*args, **kwargs)
            refuse_leaks(name, draft)
            return Cleared(name, draft.text)

        REGISTRY[name] = through
        return through

    return mark


def refuse_leaks(form: str, draft: Draft) -> None:
    """Raise Leak, naming every entry, where a form tells its reader something of another person."""
    found: dict[str, list[str]] = {}
    for passage in draft.passages:
        told = Words(passage.text)
        said = [secret.what for secret in draft.secrets if secret.is_in(told, typed=passage.typed)]
        if said:
            found.setdefault(passage.where, []).extend(said)
    if not found:
        whole = Words(draft.text)  # what no single piece says, but all of them together
        said = [secret.what for secret in draft.secrets if secret.is_in(whole, typed=False)]
        if said:
            found["the whole"] = said
    if found:
        told_of = "; ".join(f"{where} tells {', '.join(dict.fromkeys(said))}" for where, said in found.items())
        raise Leak(f"the {form} is not written: {told_of}",
                   "leave that out, or asb correct N ENTRY --text TEXT words it anew")


def write(path: Path, form: Cleared) -> None:
    """Write a form to a file of ours alone (0600), whole or not at all. Raises as `answer_file` does."""
    from asbcli.store.files import answer_file

    with answer_file(path) as part:
        part.write_bytes(form.text.encode())


# -- what must not be told

class Words:
    """A text as the door reads it: squeezed, with where each letter stood."""

    def __init__(self, text: str) -> None:
        self.text = text = "\n".join((text, *places.each_house(text)))
        letters: list[str] = []
        self.places: list[int] = []
        for place, char in enumerate(text):
            for plain in sameness.plain(char):
                if plain.isalnum():
                    letters.append(plain)
                    self.places.append(place)
        self.squeezed = "".join(letters)
        self._occurring: dict[str, bool] = {}

    @cached_property
    def flats(self) -> frozenset[str]:
        """Every `2/1` in it, however it is spaced."""
        return places.flats_in(self.text)

    def has(self, piece: str, *, alone: bool, named: bool = False) -> bool:
        """Whether the squeezed piece stands in it; `alone`: as a word of its own; `named`: with a capital."""
        at = self.squeezed.find(piece)
        while at >= 0:
            if (not alone or self._alone(at, at + len(piece))) and (not named or self.text[self.places[at]].isupper()):
                return True
            at = self.squeezed.find(piece, at + 1)
        return False

    def has_run(self, run: places.Run) -> bool:
        """Whether these words of an address stand in it, however each is shortened; 2 Elm Street not in 12."""
        if not all(map(self._occurs, places.unvaried(run))):  # a register's streets are fewer than its addresses
            return False
        return any(self._has_place(each, len(run[0])) for each in places.spellings(run))

    def _occurs(self, word: str) -> bool:
        if word not in self._occurring:
            self._occurring[word] = word in self.squeezed
        return self._occurring[word]

    def _has_place(self, piece: str, first: int) -> bool:
        at = self.squeezed.find(piece)
        while at >= 0:
            after = at + len(piece)
            if (len(piece) >= _ALONE or self._alone(at, after)) and not self._cuts_number(at, first, after):
                return True
            at = self.squeezed.find(piece, at + 1)
        return False

    def _cuts_number(self, at: int, first: int, after: int) -> bool:
        """Whether it would begin or end within a number, or its own number is two: 2/1, 9 Elm Street is not 19."""
        start, end = self.places[at], self.places[after - 1]
        number = self.text[start : self.places[at + first - 1] + 1]
        return (
            (start > 0 and self.text[start - 1 : start + 1].isdigit())
            or (end + 1 < len(self.text) and self.text[end : end + 2].isdigit())
            or (number[0].isdigit() and any(char in _BETWEEN_NUMBERS for char in number))
        )

    def _alone(self, first: int, after: int) -> bool:
        start, end = self.places[first], self.places[after - 1]
        return self._ends(start - 1, start) and self._ends(end, end + 1)

    def _ends(self, left: int, right: int) -> bool:
        """Whether a word ends between two letters: space, a sign, or `MsSmith`."""
        if left < 0 or right >= len(self.text):
            return True
        before, behind = self.text[left], self.text[right]
        if not (before.isalnum() and behind.isalnum()):
            return True
        return (before.islower() and behind.isupper()) or before.isdigit() != behind.isdigit()


@dataclass(frozen=True)
class Secret:
    """Something of one person that others must not be told: how it would be recognised, and what to call it."""

    what: str
    pieces: frozenset[str] = field(default_factory=frozenset)
    words: frozenset[str] = field(default_factory=frozenset)  # these count only where somebody typed them
    flats: frozenset[str] = field(default_factory=frozenset)
    runs: frozenset[places.Run] = field(default_factory=frozenset)  # of an address

    def is_in(self, told: Words, *, typed: bool) -> bool:
        """Whether a text tells it."""
        return (
            any(told.has(piece, alone=len(piece) < _ALONE) for piece in self.pieces)
            or any(map(told.has_run, self.runs))
            or bool(self.flats & told.flats)
            or (typed and any(told.has(word, alone=True, named=word in _ORDINARY) for word in self.words))
        )

    @property
    def whole(self) -> Secret:
        """It without the words of a name."""
        return Secret(self.what, self.pieces, flats=self.flats, runs=self.runs)

    @property
    def says_anything(self) -> bool:
        """Whether there is anything to recognise it by."""
        return bool(self.pieces or self.words or self.flats or self.runs)

    def without(self, own: Own) -> Secret:
        """What is left of it that is not the reader's own too."""
        runs = frozenset(run for run in self.runs if not any(places.stands_in(run, words) for words in own.addresses))
        return Secret(self.what, self.pieces - own.pieces, self.words - own.words, self.flats - own.flats, runs)


@dataclass(frozen=True)
class Own:
    """What a reader knows of themselves: their name, where they live, how they are reached; each piece whole."""

    pieces: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    flats: frozenset[str] = frozenset()
    addresses: frozenset[places.Run] = frozenset()


def name_secret(what: str, name: str) -> Secret:
    """A name: whole in any spelling, and each of its words where somebody typed it."""
    parts = [part for part in map(sameness.squeezed, re.split(r"[\s,.‐-―−-]+", name)) if len(part) >= _SHORT_NAME]
    whole = sameness.squeezed(name)
    turned = sameness.squeezed(" ".join(reversed(name.split())))
    surname = (name.split() or [""])[-1]
    called = {called for called in map(sameness.squeezed, (surname, *re.split("[‐-―−-]", surname))) if len(called) > 1}
    titled = {title + each for title in _TITLES for each in called}
    if len(name.split()) == 1:  # May: a letter's own words may say it too
        return Secret(what, words=frozenset({whole}) | titled)
    return Secret(what, frozenset({whole, turned}), frozenset(parts) | titled)


def address_secret(what: str, address: str, *, safe: bool) -> Secret:
    """An address: whole, its flat, its number and street, a house's name, its postcode, its host; if safe, the town."""
    read = places.read(address)
    runs = read.whole | read.postcodes | read.doors | read.names | (read.towns if safe else frozenset())
    host = name_secret(what, read.host)
    words = frozenset(word for word in host.words if len(word) > _SHORT_NAME) | places.telling_words(address)
    return Secret(what, host.pieces - {""}, words, read.flats, runs)


def number_secret(what: str, text: str) -> Secret:
    """Each telephone number in a text, with or without the country's; of one on a landline also without the town's."""
    return Secret(what, frozenset(piece for number in _numbers_in(text) for piece in _as_dialled(number)))


def _numbers_in(text: str) -> Iterator[str]:
    """The telephone numbers in a text, without what stands before a town's: words and signs are between two."""
    for run in _DIALLED.findall(unicodedata.normalize("NFKC", text)):
        digits = ""
        for group in re.findall(r"\+?\d+", run.replace("(0)", " ")):
            if _is_whole(digits) or group.startswith("+") or (_IN_A_TOWN.fullmatch(digits) and _BEGINS.match(group)):
                yield digits
                digits = ""
            digits += group.removeprefix("+")
        yield digits


def _is_whole(digits: str) -> bool:
    """Whether a number has all its digits, so that those that follow (9-5, a second number) are none of it."""
    return len(digits) >= next((long for begun, long in _WHOLE if digits.startswith(begun)), 99)


def _as_dialled(digits: str) -> Iterator[str]:
    bare = re.sub(r"^(?:0044|44|0)0?", "", digits)
    if len(bare) >= _SHORTEST_NUMBER:
        yield bare
    if landline := _LANDLINE.fullmatch(bare):
        yield landline[1]


def email_secret(what: str, text: str) -> Secret:
    """Each e-mail address in a text, its signs also as words (`at`, `dot`); who stands before the @; and the text."""
    each = re.findall(r"[^\s,;()<>]+@[^\s,;()<>]+", text)
    spelled = (one.replace("@", at).replace(".", dot) for one in each for at in ("", "at") for dot in ("", "dot"))
    users = {user for user in (sameness.squeezed(one.split("@")[0]) for one in each) if len(user) >= _ALONE}
    return Secret(what, frozenset(map(sameness.squeezed, (text, *spelled))), frozenset(users))


def own_of(log: list[Logged], reader: str | None) -> Own:
    """What of a reader stands in a log, and the names they know of themselves.

    What was typed of them by mistake and counts for nothing is not theirs: it may be somebody else's.
    """
    if reader is None:
        return Own()
    knows = _known_names(log, reader)
    told = [(kind, value) for kind, of, value in _told_of_people(corrected(log))
            if (of == reader and kind != FORMER_NAME) or (kind == "name" and knows(of, value))]
    each = [_secret(kind, "their own", value) for kind, value in told]
    words = {part for _, text in told for part in map(sameness.squeezed, re.split(r"[\s,.]+", text))}
    lives = [one for kind, text in told if "address" in kind for one in (text, *places.each_house(text))]
    return Own(frozenset().union(*(one.pieces for one in each)), frozenset(words),
               frozenset().union(*(one.flats for one in each)),
               frozenset(run for text in lives for run in places.own_words(text)))


def secrets_of(log: list[Logged], *, reader: str | None) -> tuple[Secret, ...]:
    """What in these entries a reader must not learn: everything of the others in the case.

    `reader` is an id, or None for a reader who is nobody in it. Names are told only to whom they came from with
    the report, and where their owner agreed (5.7); of the alleged perpetrator nothing is told either (4.2.6).
    """
    own = own_of(log, reader)
    knows = _known_names(log, reader)
    made = {}
    for kind, of, value in _told_of_people(log):
        if of == reader or (kind in ("name", FORMER_NAME) and knows(of, value)) or value == ERASED:
            continue
        secret = _secret(kind, f"{of}'s {kind}" if of else "the address", value)
        made[secret] = secret.without(own)
    return tuple(secret for secret in made.values() if secret.says_anything)


def secrets_of_rows(people: Iterable[Mapping[str, Any]]) -> tuple[Secret, ...]:
    """Everything of the people in the register's rows, for a reader who is none of them."""
    kinds = (("name", "name"), ("address", "address"), ("safe address", "safe_address"), ("phone", "phone"),
             ("e-mail", "email"))
    return tuple(dict.fromkeys(_secret(kind, f"P{one['person']}'s {kind}", one[name])
                               for one in people for kind, name in kinds if one.get(name)))


def names_of(log: list[Logged]) -> set[str]:
    """Every name that somebody in a case has or had."""
    return {value for kind, _, value in _told_of_people(log) if kind in ("name", FORMER_NAME) and value != ERASED}


def _secret(kind: str, what: str, value: str) -> Secret:
    if kind in ("name", FORMER_NAME):
        return name_secret(what, value)
    if kind in ("address", "safe address"):
        return address_secret(what, value, safe=kind == "safe address")
    if kind == "phone":
        return number_secret(what, value)
    return email_secret(what, value)


def _told_of_people(log: list[Logged]) -> Iterator[tuple[str, str, str]]:
    """Everything protected that ever stood in a log, also what was put right since: kind, whose, value.

    A name somebody was given wrongly is told of them no more than their own; and may be another's, so that it does
    not count as what they know of themselves.
    """
    renamed = {each.entry.person: each.entry.name for each in corrected(log) if isinstance(each.entry, PersonRenamed)}
    for each in log:
        entry = each.entry
        people: tuple[NamedPerson, ...] = ()
        if isinstance(entry, Report):
            people = entry.people
            if entry.address:
                lives = [one.id for one in people if "complainant" in one.roles] or [
                    one.id for one in people if "victim" in one.roles] or [""]
                yield from (("address", of, entry.address) for of in lives)
        elif isinstance(entry, PersonAdded):
            people = (entry.person,)
        elif isinstance(entry, PersonRenamed):
            yield "name" if renamed.get(entry.person) == entry.name else FORMER_NAME, entry.person, entry.name
        for one in people:
            yield "name" if renamed.get(one.id, one.name) == one.name else FORMER_NAME, one.id, one.name
            if one.address:
                yield "address", one.id, one.address
        if isinstance(entry, PersonKnown):
            for kind, value in (("address", entry.address), ("safe address", entry.safe_address),
                                ("phone", entry.phone), ("e-mail", entry.email)):
                if value:
                    yield kind, entry.person, value


def _known_names(log: list[Logged], reader: str | None) -> Callable[[str, str], bool]:
    """Whether a reader knows a name of somebody: their own, one given by them, or one that was told with consent."""
    given = _names_given_by(log, reader)
    told = _names_told_with_consent(corrected(log))
    return lambda of, name: of == reader or of in told or _is_nearly(name, given.get(of))


def _names_given_by(log: list[Logged], reader: str | None) -> dict[str, str]:
    """Who was named in the report, and how, by a reader who made it or suffered."""
    for each in log:
        if isinstance(each.entry, Report):
            mine = [one for one in each.entry.people if one.id == reader]
            if mine and side_of(mine[0].roles) == "victim":
                return {one.id: one.name for one in each.entry.people if "third-party" not in one.roles}
    return {}


def _is_nearly(name: str, given: str | None) -> bool:
    """Whether a name is the one that was given, or that one put right by a letter or two."""
    if given is None:
        return False
    one, other = sameness.squeezed(name), sameness.squeezed(given)
    return one == other or SequenceMatcher(None, one, other, autojunk=False).ratio() >= _NEARLY


def _names_told_with_consent(log: list[Logged]) -> set[str]:
    told: set[str] = set()
    for each in log:
        if isinstance(each.entry, Consent) and each.entry.purpose == "reveal-identity" and each.entry.person:
            (told.add if each.entry.step == "given" else told.discard)(each.entry.person)
    return told
