"""What a command has at hand: the settings, the clock, the register, and where its answer goes."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from asbcli.cli.show import Screen, json_out, visible, wrapped
from asbcli.errors import AsbError, DatabaseUnusable, Mistakes
from asbcli.settings import Settings, settings_of
from asbcli.store import keys

if TYPE_CHECKING:
    import sqlite3

    from asbcli.casework.record import Office
    from asbcli.store.keys import Key


PACE = 2.0  # seconds between two words of how far something has got
AT_ONCE = 100  # rows between two looks at the clock
Item = TypeVar("Item")


class Desk:
    """One command's desk. Its answer is kept back until the command is done, so a failure leaves none."""

    def __init__(self) -> None:
        self.command = ""
        self.flags: dict[str, str] = {}
        self.quiet = False
        self.no_input = False
        self.saved = ""
        self._said: list[str] = []
        self.interrupted = False
        self._interrupts: Any = None
        keys.unlock_with(lambda: self.key)

    # -- what it was told

    @cached_property
    def settings(self) -> Settings:
        """The settings, each with where it came from. Raises BadInput."""
        return settings_of(self.flags, os.environ)

    @property
    def at_terminal(self) -> bool:
        """Whether somebody is there to answer questions."""
        return not self.no_input and _is_terminal(sys.stdin) and _is_terminal(sys.stderr)

    @cached_property
    def screen(self) -> Screen:
        """The terminal the answer is shown on, if it is one."""
        colour = self.settings.colour.value
        if colour != "always" and not _is_terminal(sys.stdout):
            return Screen()
        can = colour == "always" or (colour == "auto" and os.environ.get("TERM") != "dumb")
        return Screen(shutil.get_terminal_size().columns, colour=can)

    def now(self) -> datetime:
        """The real clock, in UTC: the one place where the program looks at it."""
        return datetime.now(UTC)

    # -- the key of an encrypted register

    @cached_property
    def key(self) -> Key | None:
        """The key, asked for once. Raises DatabaseUnusable."""
        from asbcli.cli.keyholder import key_of

        return key_of(self.settings, self._ask_unseen if self.at_terminal else None)

    def will_encrypt(self, asked: bool) -> bool:
        """Whether a register made now is encrypted: because it was asked for, or because a key is named.

        Only who asked for it gets a new key: one that is named and not there may be on a disk that is not.
        """
        from asbcli.cli.keyholder import names_key, new_key

        if asked:
            self.key = new_key(self.settings, self._ask_unseen if self.at_terminal else None, self.tell)
        return asked or names_key(self.settings)

    def _ask_unseen(self, question: str) -> str:
        from getpass import getpass

        return getpass(question, sys.stderr)

    # -- the register

    @cached_property
    def register(self) -> sqlite3.Connection:
        """The register, for reading. Raises DatabaseUnusable."""
        from asbcli.store import read

        connection = read.connect(self.settings.path)
        self._warn_of_readers()
        return connection

    def last_entry(self, case: int) -> int:
        """The last entry of a case's log. Raises NotFound, DatabaseUnusable."""
        from asbcli.store import read

        row = self.register.execute(read.CASE, (case,)).fetchone()
        self.leave_register()
        if row is None:
            raise read.no_case(case)
        last: int = row["last_entry"]
        return last

    def check_register(self) -> None:
        """Raise DatabaseUnusable now, rather than once a long form has been filled in."""
        if os.path.exists(self.settings.path) or not self.settings.database.is_default:
            assert self.register
            self.leave_register()

    def leave_register(self) -> None:
        """Stop reading, so that no reader stands in the way of what is written next."""
        if register := vars(self).pop("register", None):
            register.close()

    def office(self) -> Office:
        """The office that records changes; the default register is made where there is none yet."""
        from asbcli.casework.record import Office

        path = self.settings.path
        if not os.path.exists(path):
            self._make_register(path)
        self._warn_of_readers()
        office = Office(path, actor=self.settings.acting.value, now=self.now)
        office.store.before_commit = self.hold_interrupts
        return office

    def _make_register(self, path: Path) -> None:
        if not self.settings.database.is_default:
            raise DatabaseUnusable(f"there is no register at {path}", f"asb init --db {path} makes one")
        from asbcli.casework.register import init

        try:
            init(path, actor=self.settings.acting.value, now=self.now, encrypted=self.will_encrypt(False))
        except DatabaseUnusable:
            if not os.path.exists(path):  # else somebody else just made it
                raise
        else:
            self.tell(f"made a new register at {visible(str(path))}")

    def _warn_of_readers(self) -> None:
        if os.name == "posix" and os.stat(self.settings.path).st_mode & 0o077:
            self.tell(f"warning: others on this machine can open {visible(str(self.settings.path))}: chmod 600 it")

    # -- what it says

    def say(self, text: str) -> None:
        """Add to the answer, which goes to stdout; `text` ends its own lines and is safe to show."""
        self._said.append(text)

    def answer(self, line: str, *, ref: str, shape: object, as_json: bool) -> None:
        """Say what was changed: one line, with --quiet the bare reference, or its shape as JSON."""
        self.saved = ref
        self.say(json_out(shape) if as_json else visible(ref if self.quiet else line) + "\n")

    def tell(self, text: str) -> None:
        """Tell the officer something beside the answer, on stderr, at once."""
        if sys.stderr is None:
            return
        try:
            print(visible(text, keep="\n"), file=sys.stderr, flush=True)
        except OSError:  # nobody is listening there
            _discard(sys.stderr)

    def paced(self) -> Callable[[str], None]:
        """What tells how far something has got, but no more often than every two seconds."""
        last = time.monotonic()

        def tell(said: str) -> None:
            nonlocal last
            if time.monotonic() - last > PACE:
                last = time.monotonic()
                self.tell(f"{said} ...")

        return tell

    def counting(self, rows: Iterable[Item], what: str) -> Iterator[Item]:
        """The rows, while it tells how many there were so far: a large register is no reason for silence."""
        tell = self.paced()
        for number, row in enumerate(rows, 1):
            if not number % AT_ONCE:
                tell(f"{number:,} {what}")
            yield row

    def advise(self, text: str) -> None:
        """Tell something to read: at a terminal between words, not within them, as wide as it is."""
        if _is_terminal(sys.stderr):
            text = wrapped(text, shutil.get_terminal_size().columns)
        self.tell(text)

    def tell_refusal(self, fault: AsbError) -> None:
        """Tell what is wrong, and what to type."""
        several = "\n" if isinstance(fault, Mistakes) else ""  # else a line's end is one of a file's name
        self.advise(f"error: {visible(fault.problem, keep=several)}")
        command = f"asb {self.command}".strip()
        if hint := fault.hint or (fault.exit_code == 2 and f"{command} --help shows what it takes"):
            self.advise(f"hint: {visible(hint)}")

    def deliver(self) -> None:
        """Write the answer. Raises AsbError naming what was saved, where it cannot be written."""
        text, self._said = "".join(self._said), []
        if text:
            self.pass_on((text.encode(errors="backslashreplace"),))

    def pass_on(self, parts: Iterable[bytes]) -> None:
        """Write what is in UTF-8 to stdout at once. Raises AsbError naming what was saved where it cannot be.

        The register is left first: who reads in a pager reads for an hour, and others record meanwhile.
        """
        self.leave_register()
        try:
            if sys.stdout is None:
                raise OSError("stdout is closed")
            for part in parts:
                sys.stdout.buffer.write(part)
            sys.stdout.flush()
        except OSError as fault:
            _discard(sys.stdout)
            self._undelivered(fault)

    def _undelivered(self, fault: OSError) -> None:
        why = fault.strerror or fault
        if self.saved:
            raise AsbError(f"{self.saved} was saved, but its answer could not be written ({why})")
        if not isinstance(fault, BrokenPipeError):
            raise AsbError(f"the answer could not be written ({why})")

    def watch_interrupts(self) -> None:
        """Remember that an interrupt came: not every library lets it through as one."""

        def interrupt(_number: int, _frame: Any) -> None:
            self.interrupted = True
            raise KeyboardInterrupt

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler and current_thread() is main_thread():
            self._interrupts = signal.signal(signal.SIGINT, interrupt)
            sys.unraisablehook = _unless_interrupted

    def hold_interrupts(self) -> None:
        """Let an interrupt come too late, from here to the end: what is saved is also told."""
        if self.interrupted:  # while something was cleared away, from where it cannot be raised
            raise KeyboardInterrupt
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.saved = "the change"

    def leave(self) -> None:
        """Let go of the register and of interrupts, once all is told."""
        self.leave_register()
        if self._interrupts is not None:
            signal.signal(signal.SIGINT, self._interrupts)
            sys.unraisablehook = sys.__unraisablehook__


def _unless_interrupted(unraised: Any) -> None:
    """Tell of an exception that could not be raised; an interrupt among them is remembered already."""
    if not isinstance(unraised.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(unraised)


def prepare_streams() -> None:
    """UTF-8 whatever the locale: names survive, and what cannot be read is refused where it is checked."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "backslashreplace"),
                           (sys.stderr, "backslashreplace")):  # fmt: skip
        if stream is not None:
            stream.reconfigure(encoding="utf-8", errors=errors)  # type: ignore[union-attr]


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def _discard(stream: TextIO | None) -> None:
    """Let what is left in a broken stream go nowhere, or Python complains of it on its way out."""
    if stream is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
