"""Generated cases, every form that leaves for the alleged perpetrator, and nothing of anybody else in any of them.

20 cases by default; all 200 with `ASB_SAFETY=whole pytest tests/safety/test_leaks.py`. What counts as told is decided
here, by a reading of its own, and not by the door that is being tried.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import asbcli.outputs
from asbcli.outputs.leaks import REGISTRY

if TYPE_CHECKING:
    from housing_office import Case, Office, Ran

CASES = 200
FIRST = ["Jane", "Siùsaidh", "Agnieszka", "Mohammed", "Ann", "May", "Zoë", "محمد", "Chloé", "Tom", "Iseabail", "Ng"]
LAST = ["Souter", "NicLeòid", "Wójcik", "O'Brien", "Lee", "Will", "Mac an t-Saoir", "العلي", "Orr", "Smith-Jones"]
STREETS = ["Larch Road", "Elm Street", "Saint Andrews Road", "Birch Lane",
           "Sràid na h-Eaglaise", "Queen's Crescent", "Yew Row", "High St"]
TOWNS = ["Glasgow G11 5AB", "Stirling", "Perth PH1 5XX", "Steòrnabhagh"]
PLAIN = ["Make no noise after eleven", "Keep the close clear of rubbish", "No visitors after 22:00", "See 7.3.1"]


def squeezed(text: str) -> str:
    """Letters and digits alone."""
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if char.isalnum())


SHORT = {"Road": "Rd", "Street": "St", "Lane": "Ln", "Crescent": "Cres", "Saint": "St"}
LONG = {"st": "street", "rd": "road", "ln": "lane", "cres": "crescent", "saint": "street"}


def door_of(address: str) -> str:
    """The number and the street in an address as it is made up here."""
    return re.sub(r"^(Flat \S+|Ground floor left),? ", "", address).partition(",")[0]


def at_door(text: str, door: str) -> bool:
    """Whether a text tells a number and its street, however shortened; 2 Elm Street is not told by 12 Elm Street."""
    number, _, street = door.partition(" ")
    whole = [LONG.get(word, word) for word in map(squeezed, street.split())]
    spelled = r"[\W_]*".join("(?:" + "|".join({word, *(short for short in LONG if LONG[short] == word)}) + ")"
                             for word in whole)
    plain = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
    said = rf"(?<!\d){number}(?:\s*-\s*\d+)?[^\w/]*{spelled}"
    spaced = " ".join(door.casefold()) in text.casefold()
    return spaced or bool(re.search(said, plain.replace("'", "").replace("h-", "h")))


def tells(text: str, secret: str) -> bool:
    """Whether a text tells a secret: whole in any case and spacing, its flat's number, its door."""
    flat = re.search(r"\d/\d", secret)
    by_flat = flat and re.search(rf"(?<!\d){flat[0][0]}\s*/\s*{flat[0][2]}(?!\d)", unicodedata.normalize("NFKC", text))
    if re.match(r"\d+ [^\d ]|Flat |Ground ", secret):
        return at_door(text, door_of(secret)) or bool(by_flat)
    return squeezed(secret) in squeezed(text)


class Made:
    """A case made up from a seed: who is in it, what must not be told, what was typed and where."""

    def __init__(self, office: Office, seed: int) -> None:
        self.rng = random.Random(seed)
        self.office = office
        names = self.rng.sample([f"{first} {last}" for first in FIRST for last in LAST], 4)
        self.victim, self.witness, self.reporter, self.perpetrator = names
        numbers = self.rng.sample(range(1, 99), 4)
        streets = [self.rng.choice(STREETS) for _ in numbers]
        if self.rng.random() < 0.3:  # a refuge whose number is the end of theirs, in the same street
            numbers[1], numbers[3], streets[3] = numbers[1] % 10 or 2, 100 + (numbers[1] % 10 or 2), streets[1]
        self.home, self.refuge, self.witness_home, self.own = (
            self.placed(f"{number} {street}") for number, street in zip(numbers, streets, strict=True))
        self.phone = f"07{self.rng.randint(100_000_000, 999_999_999)}"
        landline = f"01414960{self.rng.randint(100, 999)}"
        self.email = f"{squeezed(self.victim) or 'x'}{seed}@example.org"
        self.phones = self.rng.choice([f"{landline} or {self.phone}", f"{self.phone} (sister: {landline})", self.phone,
                                       f"{landline[:4]} {landline[4:]} ext 12; {self.phone}"])
        self.secrets = [self.victim, self.witness, self.reporter, self.home, self.refuge, self.witness_home, self.phone,
                        self.email, *map(door_of, (self.home, self.refuge, self.witness_home))]
        self.secrets += [landline] if landline[4:] in squeezed(self.phones) else []
        own = {squeezed(self.own), squeezed(self.perpetrator)}
        self.secrets = [each for each in self.secrets if squeezed(each) not in own
                        and not tells(f"{self.own} {self.perpetrator}", each)]
        self.leaky = self.rng.random() < 0.7
        self.case = self._made()

    def typed(self) -> str:
        """Words an officer may type: plain, or with something in them that is nobody else's business."""
        plain = self.rng.choice(PLAIN)
        if self.leaky and self.rng.random() < 0.5:
            return f"{plain}; {self.spelled(self.rng.choice(self.secrets))}"
        return plain

    def placed(self, door: str) -> str:
        """An address as officers type them: with a flat, a floor, a town; with commas, or without."""
        flat = f"Flat {self.rng.randint(0, 4)}/{self.rng.randint(1, 4)}"
        before = self.rng.choice([f"{flat}, ", f"{flat}, ", f"{flat} ", "Ground floor left ", ""])
        town = self.rng.choice(TOWNS)
        return f"{before}{door}{self.rng.choice([f', {town}', f', {town}', f', Hyndland, {town}', ''])}"

    def spelled(self, secret: str) -> str:
        """A secret as it may be typed."""
        ways: list[Callable[[str], str]] = [
            str, str.upper, str.lower, str.title, lambda text: text.replace(" ", ""),
            lambda text: text.replace("Flat ", ""), lambda text: re.sub(r"Flat (\d)/(\d).*", r"flat \1-\2", text),
            lambda text: re.sub(r"Flat (\d)/(\d).*", r"\1 / \2", text),
            lambda text: text.replace(" ", "\u200b"), lambda text: " ".join(text) if len(text) < 60 else text,
            lambda text: unicodedata.normalize("NFD", text),
            lambda text: re.sub("|".join(SHORT), lambda found: SHORT[found[0]], text),
        ]  # fmt: skip
        if re.match(r"\d+ \D", secret):
            ways.append(lambda text: re.sub(r"^(\d+)", lambda found: f"{found[1]}-{int(found[1]) + 2}", text))
        before, after = self.rng.choice(["", "see: ", "x", "("]), self.rng.choice(["", ".", ") "])
        return f"{before}{self.rng.choice(ways)(secret)}{after}"

    def _made(self) -> Case:
        category = self.rng.choice(["domestic-abuse", "harassment", "noise", "hate"])
        case = self.office.open(
            category=category, definition="personal", complainant=self.victim, address=self.home, witness=self.witness,
            reporter="third-party", reported_by=self.reporter, perpetrator=self.perpetrator,
            perpetrator_tenure="own-tenant", summary=self.typed(), new=True,
        )
        case.do("person", "set", self.victim, safe_address=self.refuge, phone=self.phones, email=self.email)
        case.do("person", "set", self.witness, address=self.witness_home)
        case.do("person", "set", self.perpetrator, address=self.own)
        for question in ("interview-appropriate", "interview-safe"):
            if category == "domestic-abuse":
                case.do("answer", question, "yes")
        case.do("consent", self.victim, "given", for_="perpetrator-interview")
        case.do("interview", "perpetrator", notes=self.typed(), because="agreed")
        case.do("contact", self.typed(), with_=self.perpetrator, because="agreed")
        case.do("warn", self.perpetrator, level="written", requires=self.typed())
        case.do("review", "Agreed", stage="closing", with_="Iain Kerr")
        return case

    # -- each form, as it leaves

    def letter(self, kind: str) -> Ran:
        return self.office.run("letter", self.case.number, kind, to=self.perpetrator,
                               text=self.typed() if self.rng.random() < 0.5 else None)

    def letters(self) -> list[Ran]:
        first = [self.letter("warning"), self.letter("complaints")]
        self.case.do("close", outcome="resolved-by-warning", discussed="today", because=self.typed())
        return [*first, self.letter("closing")]

    def subject_access(self) -> list[Ran]:
        entries = [row["entry"] for row in self.case.log()]
        passed = self.rng.sample(entries, self.rng.randint(0, len(entries)))
        said: dict[str, Any] = {"for_": self.perpetrator, "reviewed_by": "Iain Kerr"}
        theirs = [row["entry"] for row in self.case.log() if row["kind"] in ("interview", "contact")]
        return [self.office.run("dsar", self.case.number, **said, pass_=each) for each in ([], theirs, passed)] + [
            self.office.run("dsar", self.case.number, "--json", **said)]

    def disclosure(self) -> list[Ran]:
        told = self.typed()
        ran = self.office.run("disclose", self.case.number, to=self.perpetrator, what=told, override="director",
                              approved_by="Iain Kerr", because="asked")
        return [ran._replace(out=told if ran.code == 0 else ran.out)]  # the echo is the officer's

    def calendar(self) -> list[Ran]:
        file = self.office.register.parent / "due.ics"
        ran = self.office.run("due", ics=file, until="2099-01-01")
        return [ran._replace(out=file.read_text().replace("\r\n ", ""))]

    def export(self) -> list[Ran]:
        return [self.office.run("export", table, "--for-others", how)
                for table in ("cases", "deadlines", "incidents", "actions") for how in ("--csv", "--json", "--jsonl")]


# Every form there is, and how it is driven. A form added later has to be added here, or the first test fails.
FORMS: dict[str, Callable[[Made], list[Ran]]] = {
    "export for others": Made.export,
    "calendar": Made.calendar,
    "disclosure": Made.disclosure,
    "subject access reply": Made.subject_access,
    "letter": Made.letters,
}


def test_every_form_is_tried() -> None:
    for each in pkgutil.iter_modules(asbcli.outputs.__path__):
        importlib.import_module(f"asbcli.outputs.{each.name}")
    assert set(FORMS) == set(REGISTRY)


def test_no_form_for_the_perpetrator_tells_of_anybody_else(office: Office, whole: bool, tmp_path: Path) -> None:
    empty = office.register.read_bytes()
    told, seen = [], Counter[tuple[str, int]]()
    for seed in range(CASES if whole else CASES // 10):
        office.register.write_bytes(empty)
        made = Made(office, seed)
        for name, leave in FORMS.items():
            for ran in leave(made):
                seen[name, ran.code] += 1
                assert ran.code in (0, 4), f"{seed} {name}: {ran.err}"
                if ran.code == 4:
                    assert ran.out == ""
                    assert re.search(r"(entry \d+|what was typed) tells", ran.err), f"{seed} {name}: {ran.err}"
                    # A reply may also be asked for with the report passed, which names them all.
                    assert made.leaky or name == "subject access reply", f"{seed} {name}: no cause: {ran.err}"
                told += [(seed, name, secret, ran.out) for secret in made.secrets if tells(ran.out, secret)]
    print(dict(sorted(seen.items())))
    assert told == []
    for name in ("letter", "subject access reply", "disclosure"):  # both were tried
        assert seen[name, 0], name
        assert seen[name, 4], name


@pytest.mark.parametrize("seed", range(3))
def test_the_reading_that_tries_the_door_sees_what_is_told(office: Office, seed: int) -> None:
    made = Made(office, seed)
    assert all(tells(f"He said: {made.spelled(secret)}", secret) or "/" in secret for secret in made.secrets
               for _ in range(9))
