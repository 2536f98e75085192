"""What could be typed: argument lists drawn from the real table of commands, with good, near-good and hostile words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from asbcli.cli.app import COMMANDS, Page, Verb, _made
from asbcli.forms.form import Field
from asbcli.forms.verbs import FORMS
from asbcli.procedure.reading import compose
from asbcli.words import CONSENTS

Word = str | bytes  # bytes: what is no UTF-8

ROWS = {row.name: row for rows in COMMANDS.values() for row in rows}
PEOPLE = ("Agnes Baird", "Callum Reid", "Tomasz Wilk", "Dean Hall", "Jean Orr",
    "Ross Muir", "Isla Moran",
          "P1", "P2", "P3", "victim", "perpetrator", "witness", "complainant", "Morag Sinclair", "Iain Kerr",
          "unknown", "none", "Police Scotland", "Social Work", "Mhairi", "neighbours@example.org",
          "OneSanctuary")  # fmt: skip
PLAIN = ("Loud music after midnight", "Flat 2/1, 14 Larch Road", "9 Elm Street", "Mòrag NicDhòmhnaill",
         "Łukasz Żółć", "محمد علي", "O'Brien", "police", "phone", "none", "yes", "no", "unknown", "0141 496 0000",
         "jane@example.org", "x", "A stair light was fitted", "perpetrator-contact", "1", "2", "👩‍👩‍👧")  # fmt: skip
PAST = ("today", "yesterday", "3d", "mon", "sat 12:00", "fri 09:30", "21/11", "2026-11-18", "today 08:00",
        "2026-11-20T10:00:00+00:00", "1/11/2026", "2026-02-03 14:30", "-2d", "2025-12-25")  # fmt: skip
AHEAD = ("tomorrow", "+3d", "+28d", "mon", "fri 14:00", "31/12", "2027-01-04", "2027-06-30", "+1d 10:00", "2026-12-31")
NO_DATE = ("31/02/2026", "2026-02-30", "29/02/2027", "00/00/0000", "2026-13-01", "0001-01-01", "9999-12-31",
           "9999-12-31 23:59", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "25:00", "today 25:61",
           "2026-03-29 01:30", "2026-10-25 01:30", "+99999999999999d", "-99999d", "+0d", "d", "+d", "12/11/26",
           "11/21/2026", "21.11.2026", "20261121", "2026-W47-6", "2026-325", "1e9", "now", "gestern", "２１/11",
           "21/11/2026/1", "٢١/١١/٢٠٢٦", "2026-11-21T10:00Z", "2026-11-21T10:00:00.123456789+00:00", "mon mon",
           "+3650000d", "99999999999d", "3d 3d", "-", "2026-11-21T24:00", "1/1", "29/02", "²/³")  # fmt: skip
LIMITS = ("1 week", "2 days", "48 hours", "5 working days", "1 month", "10 working days", "1 working day", "2 years")
NO_LIMIT = ("0 days", "-1 week", "1.5 days", "week", "a week", "99999999 years", "1 weeks 2 days", "5  working days",
            "١ week", "1 fortnight", "10000000000 hours", "999 months", "1e3 days", "∞ days",
            "12000 years")  # fmt: skip
HOSTILE: tuple[Word, ...] = (
    "", " ", "-", "--", "---", "--help", "--version", "--json", "--db", "--quiet", "-1", "0", "-x", "=", "--=", "\n",
    "\t", "\r", "\x01\x02\x07\b\x0b\x0c\x1f\x7f", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x9b2J",
    "\u202eevil\u202c",
    "\u2066x\u2069", "\ufeff", "\u200b", "\u200e\u200f", "\u2028\u2029", "\U000e0001", "\ufffe", "\U0010ffff",
    b"\xff", b"\xc3\x28", b"ok\xed\xa0\x80", b"\xf0\x28\x8c\x28", "9" * 5000, "-" + "9" * 400, "x" * 300, "x" * 21_000,
    "x" * 100_000, "é" * 20_000, "a b " * 6_000, "%s%n%d", "{0}{{}}", "{{7*7}}", "${HOME}", "`id`", "$(id)", "; id",
    "' OR 1=1 --", "\"; DROP TABLE entries; --", "NEAR(", "*", "%", "_", "[red]x[/]", "[/close]", ":door:",
    "</script><b>", "=cmd|' /C calc'!A0", "＝1", "@SUM(1)", "+1", "NULL", "null", "None", "nan", "inf", "-0", "1e999",
    "0x10", "true", "[]", "{}", '"', "\\", "\\x00", "..", "../..", "/", "~", "~nobody", "~nosuchuser/x", "C:\\x", "CON",
    "file:register.sqlite?mode=memory", "sqlite:///x", "postgresql://u:secret@localhost/x", ":memory:", "?x=y#z",
    "ASB-", "ASB-0", "ASB-1 ", "asb-999999", "ASB-1-1", "#1", "1;2", "1,2", "１", "٣", "²", "P0", "P99", "p1", "P1;P2",
    "a\u0301" * 40, "İ", "ß", "ﬀ", "ǅ", "Ｆlat", "\u00a0", "é\u00a0", "¹", "Flat 2/1" * 20,
)  # fmt: skip
ENVIRONMENT: dict[str, tuple[str, ...]] = {
    "ASB_AS": ("", " ", "\x1b[31m", "x" * 2000, "Morag Sinclair", "\u202ex", "a\nb", "\udcff"),
    "ASB_DB": ("", "nowhere.sqlite", "papers", "\x07", "x" * 5000, "papers/pipe", "postgresql://u:secret@h/x",
    "\udcff"),
    "ASB_CONFIG": ("", "nowhere.toml", "papers", "papers/config.toml", "papers/config-0.toml", "papers/config-1.toml",
                   "papers/config-2.toml", "papers/pipe", "/dev/null", "\udcff"),
    "COLUMNS": ("", "0", "-1", "1", "7", "99999999", "x"), "LANG": ("C", "POSIX", "xx_XX"), "NO_COLOR": ("1",),
    "TERM": ("dumb", "", "\x1b"), "TZ": ("Pacific/Auckland", "America/Los_Angeles", "Nowhere/Bad", "", ":"),
    "HOME": ("", "nowhere", "/dev/null", "\udcff"), "XDG_DATA_HOME": ("", "rel", "/dev/null", "papers/pipe"),
    "XDG_CONFIG_HOME": ("", "rel", "/dev/null", "\x1b"), "TMPDIR": ("/dev/null", ""), "FORCE_COLOR": ("1",),
}  # fmt: skip


_NO_ANSWERS: tuple[Any, ...] = (
    None, 1, 1.5, True, False, [], [[]], {}, {"a": 1}, [1, "x"], 10**30, "\0", "\ud800", ["x", None], -1, "", [""],
    1e400, ["\x1b"] * 300,
)  # fmt: skip


@dataclass(frozen=True)
class Slot:
    """One thing a command takes: its flags (none: by its place), what kind of word, how often, from which words."""

    name: str
    flags: tuple[str, ...]
    kind: str
    needed: bool = False
    many: bool = False
    words: tuple[str, ...] = ()


@dataclass
class Typed:
    """What a run is given: the words, stdin (None: closed), variables, where stdout goes, a file of answers."""

    words: list[Word]
    stdin: bytes | None = b""
    stdin_from: str = ""
    stdout: str = ""
    answers: bytes = b""  # what papers/answers.json holds
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def named(self) -> tuple[str, ...]:
        """The command and its step, as far as they are commands of the table."""
        words = [word for word in self.words if isinstance(word, str)]
        found = next((place for place, word in enumerate(words) if word in ROWS), None)
        return () if found is None else tuple(words[found : found + 2])


@cache
def commands() -> dict[tuple[str, ...], tuple[Slot, ...]]:
    """Every command and step of the table with what it takes."""
    found: dict[tuple[str, ...], tuple[Slot, ...]] = {}
    for name, row in ROWS.items():
        if isinstance(row, Verb):
            found[name,] = tuple(map(_slot_of_field, FORMS[name].fields))
            continue
        assert isinstance(row, Page)
        made = _made(row)
        for step, command in (getattr(made, "commands", None) or {"": made}).items():
            words = (name, step) if step else (name,)
            found[words] = tuple(_slot_of_param(words, param) for param in command.params if not _is_global(param))
    return found


def _slot_of_field(form_field: Field) -> Slot:
    kind = _FILES.get(("letter", form_field.name)) or form_field.offers or form_field.kind
    words = _WORDS.get(form_field.name) or form_field.offered or _known(form_field.offers)
    words = _known("role") if form_field.name == "override" else words
    return Slot(form_field.key, () if form_field.argument else (form_field.flag,), kind,
                form_field.required, form_field.many, (*words, *form_field.also_words))  # fmt: skip


def _is_global(param: Any) -> bool:
    return getattr(param, "hidden", False)


def _slot_of_param(words: tuple[str, ...], param: Any) -> Slot:
    argument = param.param_type_name == "argument"
    metavar = str(param.metavar or "").strip("[]").removesuffix("...")
    kind = "switch" if getattr(param, "is_flag", False) else _FILES.get((words[0], param.name)) or metavar.lower()
    offered = tuple(metavar.split("|")) if metavar.islower() and "|" in metavar else _known(param.name)
    flags = () if argument else tuple(param.opts)
    needed = bool(param.required) or "(needed" in (getattr(param, "help", "") or "")
    return Slot(param.name, flags, kind, needed, param.nargs == -1, offered)


# Which papers a command is meant to be given, by its parameter; `out` is a name that is free.
_FILES = {
    ("evidence", "what"): "exhibit", ("evidence", "out"): "out", ("due", "ics"): "out", ("export", "out"): "out",
    ("import", "file"): "reports", ("init", "procedure"): "procedure", ("backup", "file"): "out",
    ("restore", "file"): "copy", ("restore", "erasures"): "erasures", ("dump", "file"): "out", ("load",
    "file"): "lines",
    ("demo", "keep"): "out", ("procedure", "file"): "procedure", ("procedure", "name"): "procedure",
    ("procedure", "old"): "procedure", ("procedure", "new"): "procedure", ("letter", "out"): "out", ("dsar",
    "out"): "out",
    ("export", "what"): "table",
}  # fmt: skip
_PAPERS = {
    "exhibit": ("papers/photo.jpg", "papers/good.csv", "papers/empty", "1", "17", "24"),
    "reports": ("papers/good.csv", "papers/reports-0.csv", "papers/reports-1.csv", "papers/reports-2.csv", "-"),
    "procedure": ("default", "sanctuary-scotland", "papers/good.toml", "default@2023-12", "papers/inch.toml",
                  *(f"papers/procedure-{number}.toml" for number in range(6))),
    "copy": ("papers/copies/good.sqlite", "papers/flipped-0.sqlite", "papers/flipped-1.sqlite",
             "papers/tampered-0.sqlite", "papers/tampered-1.sqlite", "papers/schema-1.sqlite"),
    "erasures": ("papers/copies/good.sqlite.erasures", "papers/copies/asb-erasures.jsonl", "papers/erasures-0"),
    "lines": ("papers/good.jsonl", *(f"papers/lines-{number}.jsonl" for number in range(4)), "-"),
    "answers": ("papers/answers.json", "-"),
    "registers": ("papers/flipped-0.sqlite", "papers/flipped-1.sqlite", "papers/flipped-2.sqlite",
                  "papers/tampered-0.sqlite", "papers/tampered-1.sqlite", "papers/tampered-2.sqlite",
                  "papers/tampered-3.sqlite", "papers/schema-1.sqlite", "papers/copies/good.sqlite"),
}  # fmt: skip
NO_PAPERS = (
    "papers", "papers/pipe", "papers/link", "papers/loop", "papers/dangling", "papers/secret", "papers/garbage",
    "papers/empty", "papers/deep.json", "papers/nul", "papers/wide.csv", "papers/other.sqlite", "papers/cut.sqlite",
    "papers/nowhere", "papers/photo.jpg/x", "papers/null", "papers/full", "papers/zero", "papers/stdin",
    "/proc/self/mem",
    "papers/good.toml", "papers/good.csv", "papers/good.jsonl", "papers/config.toml", "register.sqlite", ".", "x" * 300,
    "papers/socket", "papers/closed/x", "papers/link-to-folder/x", "papers/bomb.toml", "papers/copies",
)  # fmt: skip
OUT = ("out.csv", "new.sqlite", "sub/out.csv", "out.csv", "a b.txt", "-", "ünïcode.md", "out'\".ics", "papers/new")


_WORDS = {"for_": (*CONSENTS, *CONSENTS, "Police Scotland"), "approved_by": ("Iain Kerr", "Morag Sinclair")}


@cache
def _procedure() -> dict[str, Any]:
    return compose("default")


@cache
def _known(offers: str) -> tuple[str, ...]:
    """The words the default procedure has for an answer."""
    composed = _procedure()
    tables = {"duty": "deadline", "rule": "deadline", "remedy-state": "remedy"}
    rows = composed.get(tables.get(offers, offers), [])
    if not isinstance(rows, list):
        return ()
    if offers == "remedy-state":
        return tuple(sorted({state for row in rows for state in row.get("states", ())}))
    return tuple(row["id"] for row in rows)


class Drawing:
    """Draws what is typed: `sane` is how likely each word is a good one; `entries` are those of each case."""

    def __init__(self, chance: Random, entries: Mapping[int, Sequence[int]]) -> None:
        self.chance = chance
        self.entries = entries
        self.answered = b""
        self.case = chance.choice((*entries, max(entries) + 1))
        self.sane = chance.choice((1.0, 0.98, 0.95, 0.8, 0.5, 0.1))

    def typed(self) -> Typed:
        """A run."""
        pick = self.chance
        path = pick.choice(list(commands()))
        words = self._command(path)
        drawn = Typed(words, answers=self.answered)
        self._stdin(path, drawn)
        self._around(drawn)
        return drawn

    # -- the words

    def _command(self, path: tuple[str, ...]) -> list[Word]:
        pick = self.chance
        slots = commands()[path]
        options: list[list[Word]] = []
        places: list[Word] = []
        for slot in slots:
            if path[0] in FORMS and pick.random() < self.sane and not self._fits(path[0], slot, places):
                continue
            if not slot.flags:
                if slot.needed or pick.random() < 0.7:
                    places += [self.word(slot) for _ in range(pick.randint(1, 3) if slot.many else 1)]
            elif pick.random() < (0.97 if slot.needed else 0.16):
                for _ in range(pick.choice((1, 1, 2)) if slot.many else 1):
                    options.append(self._option(slot))
        if path[0] in FORMS:
            self._needed_of_form(path[0], options)
            if pick.random() < 0.1:
                options.append(["--answers", self._paper("answers")])
                self.answered = self.answers(path[0])
            if pick.random() < 0.2:
                options.append(["--json"])
        options += self._globals()
        pick.shuffle(options)
        words: list[Word] = [*path, *places, *(word for option in options for word in option)]
        return self._shaken(words)

    def _fits(self, verb: str, slot: Slot, places: Sequence[Word]) -> bool:
        """Whether a slot goes with the step or the role that was drawn."""
        only = FORMS[verb].by_key[slot.name].only
        if slot.name in ("if_last", "override", "approved-by", "approved_by") and self.chance.random() < 0.9:
            return False  # of the last entry a guess is seldom right, and an approval is drawn whole
        return only is None or bool(set(only[1]) & set(places))

    def _needed_of_form(self, verb: str, options: list[list[Word]]) -> None:
        """One of each group that a form cannot do without, mostly."""
        form = FORMS[verb]
        for group in form.one_of:
            given = {option[0] for option in options}
            names = [form.field(name) for name in group]
            if self.chance.random() < 0.9 and not given & {each.flag for each in names}:
                options.append(self._option(_slot_of_field(self.chance.choice(names))))
        if form.gated and self.chance.random() < 0.25:
            for name in ("override", "approved_by", "because"):
                if self.chance.random() < 0.95 and form.field(name).flag not in {option[0] for option in options}:
                    options.append(self._option(_slot_of_field(form.field(name))))
        if "because" in form.by_key and self.chance.random() < 0.2 and "--because" not in {o[0] for o in options}:
            options.append(["--because", "it was so decided"])

    def _option(self, slot: Slot) -> list[Word]:
        flag = self.chance.choice(slot.flags)
        if slot.kind == "switch":
            return [flag]
        word = self.word(slot)
        if isinstance(word, str) and self.chance.random() < 0.1:
            return [f"{flag}={word}"]
        return [flag, word]

    def _globals(self) -> list[list[Word]]:
        pick, options = self.chance, list[list[Word]]()
        if pick.random() < 0.12:
            options.append(["--db", self._paper("registers")])
        elif pick.random() < 0.03:
            options.append(["--db", pick.choice(OUT)])
        if pick.random() < 0.04:
            options.append(["--as", self.text("name")])
        for flag, share in (("--quiet", 0.08), ("--no-input", 0.05), ("--help", 0.004), ("--version", 0.002)):
            if pick.random() < share:
                options.append([flag])
        if pick.random() < 0.06:
            options.append(["--colour", pick.choice(("always", "always", "never", "auto", "pink"))])
        return options

    def _shaken(self, words: list[Word]) -> list[Word]:
        """The words, of which in a wild run one goes, comes twice, changes places or is a stranger."""
        pick = self.chance
        while words and pick.random() > max(self.sane, 0.6):
            place = pick.randrange(len(words))
            how = pick.randrange(5)
            if how == 0:
                del words[place]
            elif how == 1:
                words.insert(place, words[place])
            elif how == 2:
                words.insert(place, pick.choice(HOSTILE))
            elif how == 3:
                words.append(words.pop(place))
            else:
                words[place] = self.near(words[place])
        return words

    def word(self, slot: Slot) -> Word:
        """A word for a slot, good or not."""
        pick = self.chance
        if pick.random() < self.sane:
            return self.good(slot)
        how = pick.random()
        if how < 0.35:
            return self.near(self.good(slot))
        if how < 0.7 and slot.kind in _BAD:
            return pick.choice(_BAD[slot.kind])
        if how < 0.8 and slot.kind in (*_PAPERS, "out"):
            return pick.choice(NO_PAPERS)
        return pick.choice(HOSTILE)

    def good(self, slot: Slot) -> Word:
        """A word that could well be right."""
        pick = self.chance
        if slot.words and pick.random() < 0.97:
            return pick.choice(slot.words)
        if slot.kind in ("case", "n", "n|ref"):
            case = self.case if pick.random() < 0.8 else pick.choice([*self.entries])
            return pick.choice(("{}", "{}", "ASB-{}", "asb-{}")).format(case)
        if slot.kind in ("number", "seq", "entry") and self.entries.get(self.case):
            return str(pick.choice(self.entries[self.case]))
        if slot.kind in (*_PAPERS, "out"):
            return self._paper(slot.kind)
        if slot.kind in _GOOD:
            return str(_GOOD[slot.kind](pick))
        return self.text(slot.kind)

    def text(self, kind: str) -> str:
        """A plain text; now and then from stdin."""
        if kind in ("long", "text") and self.chance.random() < 0.06:
            return "-"
        if kind in ("name", "person", "one-of-several", "perpetrator"):
            return self.chance.choice(("P1", "P2") if self.chance.random() < 0.6 else PEOPLE)
        return self.chance.choice(PLAIN)

    def near(self, word: Word) -> Word:
        """A word with a slip in it."""
        if isinstance(word, bytes) or not word:
            return word
        pick = self.chance
        place = pick.randrange(len(word))
        # Never a `/` in front: what is typed stays in the room it is typed in.
        slip = pick.choice(" -;,:.%0é\x1b\u202eA9'\"\t\n#[{")
        slips: tuple[Callable[[], str], ...] = (
            lambda: word[:place] + word[place + 1 :], lambda: word[:place] + slip + word[place:],
            lambda: word[:place], word.upper, word.title, lambda: word + word, lambda: f" {word} ", lambda: f"{word}.",
            lambda: f"-{word}", lambda: f"--{word}", lambda: word.replace("-", "_"), lambda: f"{word};{word}",
            lambda: word[::-1], lambda: word[:place] + chr(pick.randrange(1, 0x3000)) + word[place + 1 :],
        )  # fmt: skip
        slipped = pick.choice(slips)()
        return slipped.lstrip("/") or "x"

    def _paper(self, kind: str) -> str:
        if self.chance.random() > max(self.sane, 0.7):
            return self.chance.choice(NO_PAPERS)
        return self.chance.choice(OUT if kind == "out" else _PAPERS[kind])

    # -- what comes in beside the words

    def _stdin(self, path: tuple[str, ...], drawn: Typed) -> None:
        pick = self.chance
        reads = any(word == "-" for word in drawn.words)
        how = pick.random()
        if how < 0.1:
            drawn.stdin = None
        elif reads and how < 0.7:
            drawn.stdin = b""
            if path[0] == "import":
                drawn.stdin_from = self._paper("reports").removesuffix("-") or "papers/good.csv"
            elif path[0] == "load":
                drawn.stdin_from = self._paper("lines").removesuffix("-") or "papers/good.jsonl"
            elif "--answers" in drawn.words:
                drawn.stdin = self.answered or b"{}"
            else:
                drawn.stdin = b"A text that came in by itself\n"
        elif reads or how < 0.2:
            drawn.stdin = pick.choice(
                (b"", b"\0", b"\xff\xfe\x00", b"x" * 200_000, b"[" * 5000, b"\x1b[31m", b"{}", b"null",
                b"a,b\n1", b"\n")
            )
            if pick.random() < 0.2:
                drawn.stdin_from = pick.choice(("papers/garbage", "/dev/null", "/dev/zero", "papers/deep.json"))

    def answers(self, verb: str) -> bytes:
        """An object of answers for a verb, some of them of a wrong type."""
        pick = self.chance
        if verb not in FORMS:
            return b"{}"
        given: dict[str, Any] = {}
        for each in FORMS[verb].fields:
            if each.required or pick.random() < 0.3:
                word: Any = True if each.kind == "switch" else self.word(_slot_of_field(each))
                word = word.decode("latin-1") if isinstance(word, bytes) else word
                given[each.key] = [word] if each.many else word
            if pick.random() > max(self.sane, 0.85):
                given[each.key] = pick.choice(_NO_ANSWERS)
        if pick.random() > max(self.sane, 0.9):
            given[str(self.near("nothing"))] = "x"
        return json.dumps(given, ensure_ascii=pick.random() < 0.5).encode("utf-8", "surrogatepass")

    def _around(self, drawn: Typed) -> None:
        pick = self.chance
        if pick.random() < 0.06:
            name = pick.choice(list(ENVIRONMENT))
            drawn.environment[name] = pick.choice(ENVIRONMENT[name])
        if pick.random() < 0.03:
            drawn.stdout = pick.choice(("full", "closed", "pipe", "stderr full", "stderr closed"))


_GOOD: dict[str, Callable[[Random], object]] = {
    "when": lambda pick: pick.choice(PAST), "date": lambda pick: pick.choice((*PAST, *AHEAD)),
    "planned": lambda pick: pick.choice(AHEAD), "either": lambda pick: pick.choice((*PAST, *AHEAD)),
    "interval": lambda pick: pick.choice(LIMITS), "limit": lambda pick: pick.choice(LIMITS),
    "number": lambda pick: pick.randint(1, 60), "t": lambda pick: f"T{pick.randint(1, 3)}",
    "year": lambda pick: pick.choice(("2026", "2025", "2027", "1999", "9999")),
    "priority": lambda pick: pick.choice("12"),
    "seq:hash": lambda pick: f"{pick.randint(1, 60)}:{pick.getrandbits(256):064x}",
    "table": lambda pick: pick.choice(("cases", "deadlines", "incidents", "people", "actions", "log")),
    "id": lambda pick: pick.choice(("noise", "hate", "pets", "vandalism")),
}  # fmt: skip
_BAD: dict[str, Sequence[Word]] = {
    **dict.fromkeys(("when", "planned", "either", "date"), NO_DATE), "interval": NO_LIMIT, "limit": NO_LIMIT,
    **dict.fromkeys(("case", "n"), ("0", "99", "ASB-99", "999999999", "-1", "1.0", "ASB", "9" * 30, "00001",
    "ASB-0001")),
    **dict.fromkeys(("number", "seq", "entry"), ("0", "-1", "999999", "9" * 13, "1.5", "x", "9" * 5000, "1_0")),
    "seq:hash": (":", "1:", ":" + "a" * 64, "1:" + "g" * 64, "0:" + "0" * 64, "9" * 13 + ":" + "a" * 64),
    "year": ("0000", "10000", "-1", "２０２６", "20x6"), "t": ("T0", "T99", "t1", "T", "T1 "),
}  # fmt: skip
