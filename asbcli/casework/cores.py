"""Replays shared out over the machine's cores: each reads the register for itself, and tells what it found."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from asbcli import SELDOM
from asbcli.casework.replaying import Replay, Span
from asbcli.store import door, keys, read
from asbcli.store.backup import Head, head_of

MOST = 8  # more cores than this wait for the disk
WORTH_IT = 10  # spans: a second's work, of which to start a helper takes a quarter

Helped = Callable[[int], list[str] | None]
"""What a helper found in the span at a place, or None where nobody looked."""


def cores() -> int:
    """How many this process may use."""
    can_tell = hasattr(os, "sched_getaffinity")  # Linux; elsewhere a process may use all there are
    return min(len(os.sched_getaffinity(0)) if can_tell else os.cpu_count() or 1, MOST)


@contextmanager
def helpers(connection: sqlite3.Connection, spans: Sequence[Span]) -> Iterator[Helped]:
    """While it lasts, other processes replay the spans: what they found in each is asked for in the spans' order.

    Where there is one core or little to do there are none. Where one cannot start, or ends before it is done, what it
    did not tell is left to whoever asks: if it was the register's doing, it is told there.
    """
    number = cores() if len(spans) >= WORTH_IT and cores() > 1 else 0
    answers: dict[int, Connection] = {}
    started: list[BaseProcess] = []
    told: dict[int, list[str]] = {}  # one that is asked again tells the same

    def helped(place: int) -> list[str] | None:
        if place not in told and number and place % number in answers:
            with suppress(EOFError, OSError):
                told[place] = answers[place % number].recv()
        return told.get(place)

    try:
        with suppress(OSError, sqlite3.Error), _interrupting_only_us():
            for place in range(number):
                answers[place], helper = _started(connection, spans[place::number])
                started.append(helper)
        yield helped
    finally:
        for helper in started:
            helper.terminate()
        for helper in started:
            helper.join()


def _started(connection: sqlite3.Connection, spans: Sequence[Span]) -> tuple[Connection, BaseProcess]:
    """A helper for these spans, and where it answers."""
    # A new program, not a fork: a connection to SQLite must not be carried over one. The key goes over a pipe: a
    # program's arguments and its environment are for others to read.
    new = multiprocessing.get_context("spawn")
    register = Path(connection.execute("PRAGMA database_list").fetchone()["file"])
    key = keys.current() if door.encrypts(connection) else None
    answers, told = new.Pipe(duplex=False)
    with told:
        helper = new.Process(target=_help, args=(register, key, head_of(connection), spans, told), daemon=True)
        helper.start()
    return answers, helper


@contextmanager
def _interrupting_only_us() -> Iterator[None]:
    """What is started meanwhile does not hear Ctrl-C, which is for us to answer."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # started with the first helper, it would let the others hear it again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _help(register: Path, key: keys.Key | None, head: Head, spans: Sequence[Span], told: Connection) -> None:
    """Replay spans of a register, if it is the one that was meant, and tell what was found in each."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(SELDOM)
    keys.unlock_with(lambda: key)
    with suppress(Exception):  # whoever asked looks again, and says what is wrong
        connection = read.connect(register, any_version=True)
        if head_of(connection) == head:
            replay = Replay(connection)
            for span in spans:
                told.send(replay.findings(span))
