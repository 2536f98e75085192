"""`python -m tests.safety.fuzz`: the real program, typed at without end, held each time to what must never happen.

    python -m tests.safety.fuzz --minutes 60            a random seed, which is printed
    python -m tests.safety.fuzz --seed 7 --round 31     one round anew: rooms, papers and words are the same

A round is a fresh copy of a worked register with papers of its own, worn by some two hundred commands. Most runs
are forks of one process that has the program imported and starts each from the same state; some are processes of
their own. A finding is printed with its round and its exact
words, and the room it was made in is kept.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

sys.path[:0] = [str(Path(__file__).parents[1])]  # as pytest has it

from registers import opened  # noqa: E402

from asbcli.errors import AsbError  # noqa: E402
from safety.forked import Program, Ran  # noqa: E402
from safety.papers import RESTRICTED, SECRET, spoil, worked  # noqa: E402
from safety.typed import Drawing, Typed, Word, commands  # noqa: E402

RUNS = 200  # of a round
LOOKED_AFTER = 40  # runs after which the register is looked through
SLOWEST = 10.0  # seconds that a command may take
HANGS = 25.0
MEMORY = 3 << 30  # bytes: what reads without end comes to one
CODES = {0, 1, 2, 3, 4, 5, 6}
READING = {
    ("search",), ("due",), ("list",), ("repeats",), ("verify",), ("doctor",), ("export",), ("dump",), ("backup",),
    ("calendar", "show"), ("calendar", "count"), ("procedure", "show"), ("procedure", "list"), ("procedure", "check"),
    ("procedure", "diff"), ("tenancy", "list"), ("role", "list"), ("demo",),
}  # fmt: skip
DISCREET = {
    ("search",), ("due",), ("list",), ("repeats",), ("verify",), ("doctor",), ("retention",), ("tenancy", "list"),
}  # fmt: skip
SAID = (
    "was saved", "were saved", "made a new register at", "a verified copy of it as it was is", "was logged", "\nwrote ",
)  # fmt: skip
_BITES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class State(NamedTuple):
    """The room between two runs: every file as the file system has it, the register's bytes, its entries."""

    files: dict[str, tuple[int, ...]]
    register: bytes
    entries: int


class Finding(NamedTuple):
    """What a run did that must never be."""

    what: str
    typed: Typed
    ran: Ran | None
    where: str


class Fuzzer:
    """Rounds of runs, and what they came to."""

    def __init__(
        self, folder: Path, seed: str, *, every: int = LOOKED_AFTER, tell: Callable[[str], None] = print
    ) -> None:
        self.folder, self.seed, self.every, self.tell = folder, seed, every, tell
        self.runs, self.codes, self.done = 0, Counter[int](), Counter[tuple[str, ...]]()
        self.findings: dict[str, list[Finding]] = {}
        self.found_last = 0.0
        made = worked(folder / "made")
        self.entries: dict[int, list[int]] = {}
        for row in map(json.loads, made.done("export", "log", "--jsonl").splitlines()):
            if row["case_number"]:
                self.entries.setdefault(row["case_number"], []).append(row["entry"])

    def round(self, number: int, *, runs: int = RUNS, until: float = float("inf")) -> None:
        """A worn register: from a fresh copy to the last of its runs."""
        chance = Random(f"{self.seed}-{number}")
        room = self.folder / f"round-{number}" / "room"
        shutil.copytree(self.folder / "made", room / "office")
        asb = Program(room / "office")
        asb.environment["TMPDIR"] = str(asb.folder / "tmp")
        spoil(asb, chance)
        before = _state(asb)
        for count in range(1, runs + 1):
            if time.monotonic() > until:
                break
            typed = Drawing(chance, self.entries).typed()
            before = self._run(asb, typed, chance, before, f"round {number}, run {count}")
            if count % self.every == 0 or count == runs:
                before = self._verify(asb, typed, f"round {number}, run {count}") or before
        shutil.rmtree(room.parent)

    def _run(self, asb: Program, typed: Typed, chance: Random, before: State, where: str) -> State:
        interrupted = chance.uniform(0.02, 0.2) if chance.random() < 0.02 else None
        alone = chance.random() < 0.03
        self.runs += 1
        if typed.answers:
            (asb.folder / "papers" / "answers.json").write_bytes(typed.answers)
            before = _state(asb)
        ran = (_process if alone and not typed.stdout else partial(_forked, interrupted=interrupted))(asb, typed)
        if ran and ran.code == 130 and asb.register.with_name("register.sqlite-journal").exists():
            asb("list")  # which rolls back what was interrupted; what was not begun stays, and means nothing
            asb.register.with_name("register.sqlite-journal").unlink(missing_ok=True)
        after = _state(asb)
        if ran is None:
            self._found("it hangs", typed, ran, where, asb)
            return after
        self.codes[ran.code] += 1
        if ran.code == 0:
            self.done[_path(typed)] += 1
        for problem in problems(asb, typed, ran, before, after, interrupted=interrupted is not None):
            self._found(problem, typed, ran, where, asb)
        return after

    def _verify(self, asb: Program, typed: Typed, where: str) -> State | None:
        looked = asb("verify")
        if looked.code:
            self._found(f"the register is not whole: {looked.out}{looked.err}"[:300], typed, looked, where, asb)
            shutil.copyfile(self.folder / "made" / "register.sqlite", asb.register)
            shutil.rmtree(asb.folder / "register.sqlite.evidence", ignore_errors=True)
            shutil.copytree(self.folder / "made" / "register.sqlite.evidence", asb.folder / "register.sqlite.evidence")
            return _state(asb)
        return None

    def _found(self, what: str, typed: Typed, ran: Ran | None, where: str, asb: Program) -> None:
        where = f"--seed {self.seed}: {where}"
        trace = _trace(asb, typed) if "unexpected fault" in what else ""
        self.found_last = time.monotonic()
        same = self.findings.setdefault(f"{what.splitlines()[0][:30]} {trace[:200] or _path(typed)}", [])
        same.append(Finding(what, typed, ran, where))
        if len(same) > 1:
            return
        kept = Path(tempfile.mkdtemp(prefix="asb-found-"))
        _copy(asb.folder, kept / "office")
        stdin = None if typed.stdin is None else _text(typed.stdin)
        given = typed.__dict__ | {"words": [_text(word) for word in typed.words], "stdin": stdin}
        given["answers"] = _text(typed.answers)
        (kept / "typed.json").write_text(json.dumps(given))
        self.tell(f"FOUND {what}\n  {where}\n  {_shown(typed)}\n  kept in {kept}\n  {trace}")
        if ran is not None:
            self.tell(f"  exit {ran.code} after {ran.seconds:.1f} s\n  out {ran.out[:300]!r}\n  err {ran.err[-600:]!r}")

    def summary(self) -> str:
        """What it came to."""
        never = [" ".join(path) for path in commands() if not self.done[path]]
        return (
            f"{self.runs:,} runs, exit codes {dict(sorted(self.codes.items()))}, "
            f"{len(self.findings)} kinds of findings; "
            f"never done: {', '.join(never) or 'none'}"
        )


# -- what must never happen


def problems(
    asb: Program, typed: Typed, ran: Ran, before: State, after: State, *, interrupted: bool = False
) -> Iterator[str]:
    """What a run did that must not be."""
    if ran.code not in CODES | ({130} if interrupted else set()):
        yield f"exit {ran.code}"
    for said in ("Traceback", "unexpected fault", "Exception ignored", "Fatal Python"):
        if said in ran.err + ran.out:
            yield next(line for line in (ran.err + ran.out).splitlines() if said in line)
    if ran.seconds > SLOWEST:
        yield f"it took {ran.seconds:.0f} s"
    yield from _bites(typed, ran)
    yield from _said(typed, ran)
    yield from _left(asb, typed, ran, before, after)
    yield from _told_of_restricted(asb, typed, ran)


def _bites(typed: Typed, ran: Ran) -> Iterator[str]:
    coloured = "always" in map(str, typed.words) or "ASB_CONFIG" in typed.environment
    for name, text in (("stdout", ran.out), ("stderr", ran.err)):
        if name == "stdout" and "--raw" in typed.words:
            continue
        if found := _BITES.search(_COLOUR.sub("", text) if coloured else text):
            yield f"{name} holds U+{ord(found[0]):04X}"


def _said(typed: Typed, ran: Ran) -> Iterator[str]:
    errors = [line for line in ran.err.splitlines() if line.startswith("error:")]
    heard = not typed.stdout.startswith("stderr")
    if ran.code == 0 and errors:
        yield "it succeeded with an error"
    if ran.code not in (0, 130) and heard and not errors:
        yield f"exit {ran.code} without an error"
    if ran.code not in (0, 6) and ran.out:
        yield f"exit {ran.code} with an answer"
    # As the word after an option it may be its value.
    asked = any(word == "--json" and str(before)[:1] != "-" for before, word in pairwise(typed.words))
    asked = asked and not {"--help", "--version"} & set(map(str, typed.words))
    if ran.code == 0 and asked and ran.out and typed.named[:1] != ("help",):
        try:
            json.loads(ran.out)
        except ValueError:
            yield "--json without JSON"


def _left(asb: Program, typed: Typed, ran: Ran, before: State, after: State) -> Iterator[str]:
    told = any(said in f"\n{ran.err}" for said in SAID)
    unheard = typed.stdout.startswith("stderr")
    changed = sorted(name for name in before.files.keys() | after.files.keys()
                     if before.files.get(name) != after.files.get(name))  # fmt: skip
    # That the default register was made is said on stderr.
    untold = [name for name in changed if not (unheard and name.startswith("data"))]
    if ran.code not in (0, 6) and untold and not told and not (ran.code == 1 and unheard):
        yield f"exit {ran.code}, and yet it changed {', '.join(untold)}"
    path = _path(typed)
    if path in READING and after.register != before.register:
        yield f"asb {' '.join(path)} changed the register"
    if after.entries < before.entries and path != ("restore",):
        yield f"of {before.entries} entries {after.entries} are left"
    if any(name.startswith("tmp/") for name in after.files):
        yield "it left a temporary file"
    for name in changed:
        if name in after.files and name not in before.files:
            kind = after.files[name][0]
            if stat.S_IMODE(kind) not in ((0o700,) if stat.S_ISDIR(kind) else (0o600, 0o400)):
                yield f"{name} can be read by others: {stat.S_IMODE(kind):o}"
        if stat.S_IFMT(before.files.get(name, (0,))[0]) in (stat.S_IFIFO, stat.S_IFSOCK):
            yield f"{name} was a pipe or a socket, and is gone"


def _told_of_restricted(asb: Program, typed: Typed, ran: Ran) -> Iterator[str]:
    """Who is in the restricted case is told only by what opened it, and to who typed the name."""
    knows = SECRET in _shown(typed, whole=True).lower() or "papers" in " ".join(map(str, typed.words))
    told = _path(typed) in DISCREET and not knows and SECRET in (ran.out + ran.err).lower()
    if told and _is_restricted(asb.register):
        yield f"it names somebody of ASB-{RESTRICTED}, which is restricted"


def _is_restricted(register: Path) -> bool:
    """Whether it still is: the flag may have been taken off since."""
    with closing(sqlite3.connect(f"{register.as_uri()}?mode=ro", uri=True)) as connection:
        asked = "SELECT count(*) FROM labels WHERE case_number = ? AND label = 'restricted'"
        return bool(connection.execute(asked, (RESTRICTED,)).fetchone()[0])


# -- a run


def _forked(asb: Program, typed: Typed, *, interrupted: float | None = None) -> Ran | None:
    running = asb.start(
        *typed.words, stdin=typed.stdin, env=typed.environment, prepare=partial(_prepare, typed),
        stdout="/dev/full" if typed.stdout == "full" else None,
    )  # fmt: skip
    if interrupted is not None:
        time.sleep(interrupted)
        running.kill(2)
    try:
        return running.ended(HANGS)
    except AssertionError:
        return None


def _process(asb: Program, typed: Typed) -> Ran | None:
    """A process of its own: no state of ours can hide a fault or make one."""
    began = time.monotonic()
    words = [os.fsencode(word) if isinstance(word, str) else word for word in typed.words]
    if any(len(word) >= 131_072 for word in words):  # the kernel takes no such word
        return _forked(asb, typed)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "asbcli", *words], env=asb.environment | typed.environment, cwd=asb.folder,
            input=typed.stdin or b"", capture_output=True, timeout=HANGS, check=False,
            preexec_fn=_limit, umask=0,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    out, err = (part.decode("utf-8", "surrogateescape") for part in (done.stdout, done.stderr))
    return Ran(done.returncode, out, err, time.monotonic() - began)


def _prepare(typed: Typed) -> None:
    """In the child: little memory, no mask, and the streams that were drawn."""
    os.umask(0)
    tempfile.tempdir = None
    _limit()
    if typed.stdin_from and (os.path.isfile(typed.stdin_from) or typed.stdin_from.startswith("/dev/")):
        os.dup2(os.open(typed.stdin_from, os.O_RDONLY), 0)
        sys.stdin = os.fdopen(os.dup(0), encoding="utf-8", closefd=False)
    if typed.stdout in ("closed", "pipe"):
        os.close(1)
        if typed.stdout == "closed":
            sys.stdout = None  # type: ignore[assignment]
        else:
            reading, writing = os.pipe()
            other = os.dup(writing)
            for number in {reading, writing} - {1}:
                os.close(number)
            os.dup2(other, 1)
            os.close(other)
            sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    elif typed.stdout == "stderr full":
        os.dup2(os.open("/dev/full", os.O_WRONLY), 2)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    elif typed.stdout == "stderr closed":
        os.close(2)
        sys.stderr = None  # type: ignore[assignment]


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _trace(asb: Program, typed: Typed) -> str:
    """Where an unexpected fault came from: the same again, with its traceback."""
    again = replace(typed, environment=typed.environment | {"ASB_TRACEBACK": "1"})
    ran = _forked(asb, again)
    lines = [line.strip() for line in (ran.err if ran else "").splitlines()]
    frames = [line.partition("asbcli/")[2] for line in lines if line.startswith("File ") and "asbcli" in line]
    return " <- ".join([*(line[:160] for line in lines[-1:]), *reversed(frames[-3:])])[:500]


# -- the room


def _state(asb: Program) -> State:
    files = {}
    for name, entry in _walk(asb.folder, ""):
        found = entry.stat(follow_symlinks=False)
        plain = stat.S_ISREG(found.st_mode)
        files[name] = (found.st_mode, *((found.st_size, found.st_mtime_ns, found.st_ino) if plain else ()))
    register = asb.register.read_bytes() if asb.register.is_file() else b""
    return State(files, register, _entries(asb.register))


def _walk(folder: Path, above: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = above + entry.name
            yield name, entry
            if entry.is_dir(follow_symlinks=False) and os.access(entry.path, os.R_OK | os.X_OK):
                yield from _walk(Path(entry.path), f"{name}/")


def _entries(register: Path) -> int:
    """How many entries there are; -1 where none can be counted."""
    try:
        with closing(opened(register, mode="ro")) as connection:
            count: int = connection.execute("SELECT count(*) FROM entries").fetchone()[0]
    except (sqlite3.Error, AsbError):
        return -1
    return count


def _copy(folder: Path, kept: Path) -> None:
    """A copy of a room's plain files."""
    for name, entry in _walk(folder, ""):
        if entry.is_file(follow_symlinks=False) and os.access(entry.path, os.R_OK):
            (kept / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(entry.path, kept / name)


def _path(typed: Typed) -> tuple[str, ...]:
    named = typed.named
    return named if named in commands() else named[:1]


def _text(word: Word) -> str:
    return word if isinstance(word, str) else word.decode("utf-8", "surrogateescape")


def _shown(typed: Typed, *, whole: bool = False) -> str:
    words = [word if whole or len(word) < 120 else f"{word[:20]!r}... ({len(word)})" for word in typed.words]
    beside = {"stdin": typed.stdin if whole or not typed.stdin else typed.stdin[:300], "from": typed.stdin_from,
              "stdout": typed.stdout, "environment": typed.environment,
              "answers": typed.answers if whole else typed.answers[:300]}  # fmt: skip
    return f"{words!r} {({name: value for name, value in beside.items() if value not in ('', {}, b'')})!r}"


def main() -> int:
    """Run until the time is over; 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.safety.fuzz", description="Type at asb without end.")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", default=f"{Random().getrandbits(32):08x}")
    parser.add_argument("--round", type=int, help="only this round")
    parser.add_argument("--every", type=int, default=LOOKED_AFTER, help="runs between two looks with asb verify")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="asb-fuzz-"))
    began = last = time.monotonic()
    until = began + asked.minutes * 60
    print(f"seed {asked.seed}", flush=True)
    fuzzer = Fuzzer(folder, asked.seed, every=asked.every, tell=partial(print, flush=True))
    number = asked.round if asked.round is not None else 1
    try:
        while time.monotonic() < until:
            fuzzer.round(number, until=until)
            number += 1
            if asked.round is not None:
                break
            if time.monotonic() - last > 60:
                last = time.monotonic()
                print(f"{(last - began) / 60:.0f} minutes: {fuzzer.summary()}", flush=True)
    finally:
        subprocess.run(["chmod", "-R", "u+rwX", str(folder)], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{(time.monotonic() - began) / 60:.1f} minutes: {fuzzer.summary()}")
    if fuzzer.findings:
        quiet = (time.monotonic() - fuzzer.found_last) / 60
        print(f"nothing was found in the last {quiet:.0f} minutes")
    for kind, found in fuzzer.findings.items():
        print(f"{len(found):5} × {kind}")
    return 1 if fuzzer.findings else 0


if __name__ == "__main__":
    sys.exit(main())
