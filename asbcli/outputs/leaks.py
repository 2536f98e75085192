"""The one door out: a form that others will read goes through it, or is refused where it tells of somebody else.

A form is a function marked `@leaves("its name")` that returns a `Draft`: what the form says, piece by piece, each
with the entry it came from, and what its reader must not learn. What comes out is a `Cleared` text, and only such a
text is ever written. A test finds every function in `outputs/` and fails where one is not marked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import partial, wraps
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec

from asbcli.casefile.case import Person
from asbcli.casefile.entries import (
    ERASED,
    Consent,
    Logged,
    PersonKnown,
    PersonRenamed,
    Report,
    who_report,
)
from asbcli.casefile.history import corrected, history, in_order, people_named
from asbcli.errors import NotAllowed
from asbcli.recognising import places, sameness
from asbcli.recognising.ordinary import BESIDE, BODIES, JOINING, PARTICLES, TITLES
from asbcli.recognising.text import Words

P = ParamSpec("P")
REGISTRY: dict[str, Callable[..., Cleared]] = {}  # every form there is, by its name

FORMER_NAME = "former name"  # one they were given wrongly
_REACHED = (("address", "address"), ("safe address", "safe_address"), ("phone", "phone"), ("e-mail", "email"))
_DIALLED = re.compile(r"\+?\d(?:[\s().\-‐-―/]*\+?\d)*")
_WHOLE = (("0044", 14), ("44", 12), ("0", 11))  # how a number begins, and the digits it has then
_IN_A_TOWN = re.compile(r"\d{1,2}|[2-9]\d{5,7}")  # the 1 of a list; a number without its town's
_BEGINS = re.compile(r"0[127]\d{2}")
_SHORTEST_NUMBER = 5
_NEARLY = 0.8  # how much of two names is alike where one is the other put right
_LANDLINE = re.compile(r"(?:2\d|1\d1|11\d|1\d{3})(\d{6,8})")
_PARTS_OF_A_NAME = re.compile(r"[\s,.&/()‐-―−-]+")
_EMAIL = re.compile(r"(?<![^\s,;()<>])[^\s,;()<>@]+@[^\s,;()<>]+")
_A_USER = 4  # of an e-mail address, where a digit is in it; else _LONG_USER letters
_LONG_USER = 8


class Leak(NotAllowed):
    """A form would tell its reader of somebody else."""


class Cleared(NamedTuple):
    """A form that went through the door: what it is called, and its text."""

    form: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a form: typed in an entry, typed just now, known of somebody, or else the program's own words."""

    text: str
    entry: int | None = None
    typed_now: bool = False
    known_of: str | None = None

    @property
    def where(self) -> str:
        """Where it stands."""
        if self.entry is not None:
            return f"entry {self.entry}"
        if self.known_of:
            return f"what is known of {self.known_of}"
        return "what was typed" if self.typed_now else "a field"

    @property
    def typed(self) -> bool:
        """Whether somebody typed it."""
        return self.entry is not None or self.typed_now or self.known_of is not None


@dataclass(frozen=True)
class Draft:
    """A form before the door: its text, the pieces that were put into it, and what its reader must not learn.

    `in_columns`: what stands side by side in it says nothing together, as the digits of two dates. `instead` is what
    to do with an entry that it cannot quote.
    """

    text: str
    passages: tuple[Passage, ...] = ()
    secrets: tuple[Secret, ...] = ()
    in_columns: bool = False
    instead: str = "asb correct N ENTRY --text TEXT words it anew"


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
    if not found and not draft.in_columns:
        whole = Words(draft.text)  # what no single piece says, but all of them together
        said = [secret.what for secret in draft.secrets if secret.is_in(whole, typed=False)]
        if said:
            found["the whole"] = said
    if found:
        told_of = "; ".join(f"{where} tells {', '.join(dict.fromkeys(said))}" for where, said in found.items())
        ways = ("leave that out", *(way for sign, way in (
            ("entry", draft.instead), ("what is known", "asb person N set NAME words anew what is known of them"),
            ("'s name", "who agrees to be named: asb consent N NAME given --for reveal-identity"),
        ) if sign in told_of))
        raise Leak(f"the {form} is not written: {told_of}", "; ".join(ways))


def write(path: Path, form: Cleared) -> None:
    """Write a form to a file of ours alone (0600), whole or not at all. Raises as `answer_file` does."""
    from asbcli.store.files import answer_file

    with answer_file(path) as part:
        part.write_bytes(form.text.encode())


# -- what must not be told

@dataclass(frozen=True)
class Secret:
    """Something of one person that others must not be told: how it would be recognised, and what to call it."""

    what: str
    pieces: frozenset[str] = field(default_factory=frozenset)
    words: frozenset[str] = field(default_factory=frozenset)  # of a name; these count only where somebody typed them
    runs: frozenset[places.Run] = field(default_factory=frozenset)  # of an address
    typed: frozenset[places.Run] = field(default_factory=frozenset)  # of one, where somebody typed it
    flats: frozenset[str] = field(default_factory=frozenset)
    numbers: frozenset[str] = field(default_factory=frozenset)
    streets: frozenset[places.Run] = field(default_factory=frozenset)  # that those numbers stand in
    besides: frozenset[places.Run] = field(default_factory=frozenset)  # the reader's own, in which a word is no name
    to_a_neighbour: bool = False  # in the street, or nobody said where: a number alone tells them

    def is_in(self, told: Words, *, typed: bool) -> bool:
        """Whether a text tells it."""
        return (
            any(map(told.has, self.pieces))
            or any(map(told.has_run, self.runs))
            or bool(self.flats and self.flats & told.flats)
            or any(self.numbers & told.numbers_in(street) for street in self.streets)
            or (typed and self._is_typed_in(told))
        )

    def _is_typed_in(self, told: Words) -> bool:
        return (
            any(told.says(word, self.besides) for word in self.words)
            or any(map(told.says_place, self.typed))
            or (self.to_a_neighbour and bool(self.flats & told.flats_beside or self.numbers & told.numbers))
        )

    @property
    def whole(self) -> Secret:
        """It without the words of a name."""
        return replace(self, words=frozenset())

    @property
    def says_anything(self) -> bool:
        """Whether there is anything to recognise it by."""
        return bool(self.pieces or self.words or self.runs or self.typed or self.flats or self.numbers)

    def without(self, own: Own) -> Secret:
        """What is left of it that is not the reader's own too."""
        numbers = frozenset(number for number in self.numbers
                            if not any((number, street) in own.houses for street in self.streets))
        streets = self.streets | self.runs
        words = self.words - own.words
        all_theirs = bool(self.words) and not words  # John Smith, to John Smith junior
        return replace(
            self,
            pieces=frozenset() if all_theirs else self.pieces - own.pieces,
            words=words,
            runs=frozenset(run for run in self.runs if not own.lives_in(run)),
            typed=frozenset(run for run in self.typed if not (own.lives_in(run) or own.words.issuperset(run))),
            flats=self.flats - own.flats,
            numbers=numbers,
            besides=frozenset(run for run in own.addresses if any(map(partial(_is_of_the_place, run), words))),
            to_a_neighbour=not own.addresses or any(map(own.lives_in, streets)),
        )


def _is_of_the_place(run: places.Run, word: str) -> bool:
    """Whether a word of an address is the place's, and not somebody's: Victoria Road, but not above Victoria."""
    return any(each == word and not (at and run[at - 1] in BESIDE) for at, each in enumerate(run))


@dataclass(frozen=True)
class Own:
    """What a reader knows of themselves: their name, where they live, how they are reached; each piece whole."""

    pieces: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    flats: frozenset[str] = frozenset()
    addresses: frozenset[places.Run] = frozenset()
    houses: frozenset[tuple[str, places.Run]] = frozenset()  # a number, and its street

    @classmethod
    def of(cls, told: Iterable[tuple[str, str]]) -> Own:
        """Of what is told of somebody: what kind it is, and the value."""
        told = tuple(told)
        each = [_secret(kind, "their own", value) for kind, value in told]
        lives = [value for kind, value in told if "address" in kind]
        return cls(
            frozenset().union(*(one.pieces for one in each)),
            frozenset().union(*(one.words for one in each)),
            frozenset().union(*(one.flats for one in each), *(Words(address).flats for address in lives)),
            frozenset(run for address in lives for run in places.own_words(address)),
            frozenset(house for address in lives for house in places.own_houses(address)),
        )

    def lives_in(self, run: places.Run) -> bool:
        """Whether these words stand in an address of theirs."""
        return any(places.stands_in(run, words) for words in self.addresses)


def name_secret(what: str, name: str) -> Secret:
    """A name: whole in any spelling, and each of its words where somebody typed it; of a body the whole alone.

    What stands beside a name says nothing: Mr and Mrs Wilk, the neighbour at 9 Elm Street.
    """
    said = [part for part in _PARTS_OF_A_NAME.split(name) if part]
    parts = [part for part in said if _is_a_name(sameness.squeezed(part), last=part is said[-1])]
    body = any(sameness.squeezed(part) in BODIES for part in parts)
    words = frozenset(each for part in parts if not body for each in sameness.spellings(part) if len(each) > 1)
    return Secret(what, frozenset(_whole_names(name)) if parts and len(said) > 1 else frozenset(), words)


def _is_a_name(part: str, *, last: bool) -> bool:
    """Whether a part of what was typed for a name is one: no initial, no title, no `and`, nor the `van` of van Dyk."""
    says_nothing = part in JOINING or part in TITLES or (part in PARTICLES and not last)
    return len(part) > 1 and not says_nothing and not any(map(str.isdigit, part))


def _whole_names(name: str) -> Iterator[str]:
    """A name whole, and turned about; of those named together each: Jane/John Souter."""
    for one in sameness.called(name):
        said = one.split()
        if len(said) > 1:
            for each in (said, said[::-1]):
                yield from sameness.spellings("".join(each))


def address_secret(what: str, address: str, *, safe: bool) -> Secret:
    """An address: its flat, its number with its street, the street, a house's name, its postcode, its host; if safe,
    the town."""
    read = places.read(address)
    host = name_secret(what, read.host)
    return Secret(
        what,
        host.pieces,
        host.words,
        runs=read.postcodes | places.telling_alone(address),
        typed=places.telling_if_typed(address, safe=safe),
        flats=read.flats,
        numbers=read.numbers,
        streets=places.streets_told_of(address),
    )


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
    """Each e-mail address in a text, its signs also as words (`at`, `dot`), whole or up to its first dot; who stands
    before the @; and the text."""
    each = _EMAIL.findall(text)
    shortened = [*each, *(one[: one.index("@")] + "@" + one.split("@")[1].split(".")[0] for one in each)]
    spelled = (one.replace("@", at).replace(".", dot) for one in shortened for at in ("", "at") for dot in ("", "dot"))
    users = {user for user in (sameness.squeezed(one.split("@")[0]) for one in each)
             if len(user) >= (_A_USER if any(map(str.isdigit, user)) else _LONG_USER)}
    return Secret(what, frozenset(map(sameness.squeezed, (text, *spelled))), frozenset(users))


def own_of(log: list[Logged], reader: str | None) -> Own:
    """What of a reader stands in a log, and the names they know of themselves.

    What was typed of them by mistake is not theirs: it may be somebody else's. So a number, an e-mail and a safe
    address are theirs while they hold, and where they lived before is, unless somebody else is there now.
    """
    if reader is None:
        return Own()
    knows = _known_names(log, reader)
    told = list(_told_of_people(corrected(log)))
    people = history(0, log).people.values()
    holds = {value for one in people if one.id == reader for value in _reached_at(one)}
    others = {value for one in people if one.id != reader for value in _reached_at(one)}

    def theirs(kind: str, of: str, value: str) -> bool:
        if of != reader or kind == FORMER_NAME:
            return kind == "name" and knows(of, value)
        former = kind == "address" and not any(places.same_address(value, each) for each in others)
        return kind == "name" or former or value in holds

    return Own.of([(kind, value) for kind, of, value in told if theirs(kind, of, value)])


def _reached_at(one: Person) -> Iterator[str]:
    """Where somebody lives and how they are reached now, without what was taken back."""
    return filter(None, (getattr(one, name) for _, name in _REACHED))


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
    kinds = (("name", "name"), *_REACHED)
    return tuple(dict.fromkeys(_secret(kind, f"P{one['person']}'s {kind}", one[name])
                               for one in people for kind, name in kinds if one.get(name)))


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
    for one in people_named(log):
        yield "name" if renamed.get(one.id, one.name) == one.name else FORMER_NAME, one.id, one.name
        if one.address:
            yield "address", one.id, one.address
    for each in log:
        entry = each.entry
        if isinstance(entry, Report) and entry.address:
            yield from (("address", of, entry.address) for of in who_report(entry.people) or {""})
        elif isinstance(entry, PersonRenamed):
            yield "name" if renamed.get(entry.person) == entry.name else FORMER_NAME, entry.person, entry.name
        elif isinstance(entry, PersonKnown):
            yield from ((kind, entry.person, entry.of_them[name]) for kind, name in _REACHED
                        if entry.of_them.get(name))


def _known_names(log: list[Logged], reader: str | None) -> Callable[[str, str], bool]:
    """Whether a reader knows a name of somebody: their own, one given by them, or one that was told with consent."""
    given = names_given_by(log, reader)
    told = _names_told_with_consent(corrected(log))
    return lambda of, name: of == reader or of in told or _is_nearly(name, given.get(of))


def names_given_by(log: list[Logged], reader: str | None) -> dict[str, str]:
    """Who was named in the report, and how, by a reader who made it: who complains, or else who suffers."""
    for each in log:
        if isinstance(each.entry, Report):
            people = each.entry.people
            if reader in who_report(people):
                return {one.id: one.name for one in people
                        if "third-party" not in one.roles and one.id not in each.entry.taken_along}
    return {}


def _is_nearly(name: str, given: str | None) -> bool:
    """Whether a name is the one that was given, or that one put right by a letter or two."""
    if given is None:
        return False
    one, other = sameness.squeezed(name), sameness.squeezed(given)
    return one == other or SequenceMatcher(None, one, other, autojunk=False).ratio() >= _NEARLY


def _names_told_with_consent(log: list[Logged]) -> set[str]:
    told: set[str] = set()
    for each in in_order(log):
        if isinstance(each.entry, Consent) and each.entry.purpose == "reveal-identity" and each.entry.person:
            (told.add if each.entry.step == "given" else told.discard)(each.entry.person)
    return told
