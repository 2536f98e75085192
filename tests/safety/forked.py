"""The real program in a process of its own, forked from one that has it imported: real kills, and fast."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, NoReturn

# Imported here, so that each child has them at once.
import alembic.command  # noqa: F401
import rich.table  # noqa: F401
from registers import named_key

import asbcli.casework.acting
import asbcli.casework.changing
import asbcli.casework.erasing
import asbcli.casework.exhibits
import asbcli.casework.importing
import asbcli.casework.investigating
import asbcli.casework.register
import asbcli.casework.restoring
import asbcli.casework.verify
import asbcli.cli.admin
import asbcli.cli.documents
import asbcli.cli.due
import asbcli.cli.erasing
import asbcli.cli.exhibits
import asbcli.cli.keeping
import asbcli.cli.lists
import asbcli.cli.onecase
import asbcli.cli.verbs
import asbcli.store.migrate
import asbcli.store.write
from asbcli.cli.app import run

asbcli.store.migrate.expected_schema()  # worked out once
ROOT = Path(__file__).parents[2]
LONGEST = 60  # seconds a command may take: else it hangs


@lru_cache(maxsize=1)
def _streams(process: int) -> Path:
    """A folder for what the runs of this process say, gone with it."""
    folder = Path(tempfile.mkdtemp(prefix=f"asb-streams-{process}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class Ran(NamedTuple):
    """What a run left: its exit code (negative: the signal that ended it), its streams, and its seconds."""

    code: int
    out: str
    err: str
    seconds: float


class Running:
    """A command under way."""

    def __init__(self, pid: int, out: Path, err: Path) -> None:
        self.pid, self._out, self._err = pid, out, err
        self._began = time.monotonic()

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def if_ended(self) -> Ran | None:
        """What it left, if it has come to its end."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if not pid:
            return None
        read = []
        for each in (self._out, self._err):
            read.append(each.read_bytes().decode("utf-8", "surrogateescape") if each.is_file() else "")
            if each.is_file():
                each.unlink()
        return Ran(os.waitstatus_to_exitcode(status), *read, time.monotonic() - self._began)

    def ended(self, within: float = LONGEST) -> Ran:
        """Wait for its end."""
        while (ran := self.if_ended()) is None:
            if time.monotonic() - self._began > within:
                self.kill()
                os.waitpid(self.pid, 0)
                raise AssertionError(f"it hangs: {self._err.read_bytes()!r}")
            time.sleep(0.002)
        return ran


# An anonymous report, told by its reference alone; what happened comes after it.
ANONYMOUS = ("open", "--quiet", "--new", "--category", "noise", "--definition", "personal", "--anonymous", "--summary")


class Program:
    """`asb` in a folder of its own, on a register of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.register = folder / "register.sqlite"
        self.environment = {
            "PATH": os.environ.get("PATH", ""), "HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CONFIG_HOME": str(folder / "config"), "ASB_AS": "Mhairi", "ASB_DB": str(self.register),
            "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), **named_key(),
        }  # fmt: skip
        self._count = 0

    def start(
        self,
        *words: object,
        stdin: str | bytes | None = b"",
        env: dict[str, str] | None = None,
        stdout: str | Path | None = None,
        prepare: Callable[[], object] = lambda: None,
    ) -> Running:
        """Start it; `stdin` None: closed; `prepare` is done in the child first."""
        self._count += 1
        name = f"{os.getpid()}-{id(self)}-{self._count}"
        out, err, data = (_streams(os.getpid()) / f"{name}.{end}" for end in ("out", "err", "in"))
        if stdin is not None:
            data.write_bytes(stdin.encode("utf-8", "surrogateescape") if isinstance(stdin, str) else stdin)
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self._be_it(
                [os.fsdecode(word) if isinstance(word, bytes) else str(word) for word in words],
                data if stdin is not None else None,
                Path(stdout) if stdout else out,
                err,
                env or {},
                prepare,
            )
        return Running(pid, Path(stdout) if stdout else out, err)

    def _be_it(
        self,
        words: list[str],
        stdin: Path | None,
        out: Path,
        err: Path,
        env: dict[str, str],
        prepare: Callable[[], object],
    ) -> NoReturn:
        code = 99
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for number, file, flags in ((1, out, os.O_WRONLY | os.O_CREAT), (2, err, os.O_WRONLY | os.O_CREAT)):
                os.dup2(os.open(file, flags, 0o600), number)
            if stdin is None:
                os.close(0)
                sys.stdin = None  # type: ignore[assignment]
            else:
                os.dup2(os.open(stdin, os.O_RDONLY), 0)
                sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
            sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
            os.environ.clear()
            os.environ.update(self.environment | env)
            time.tzset()
            os.chdir(self.folder)
            prepare()
            code = run(words, last=True)
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
        except KeyboardInterrupt:
            code = 130
        except BaseException:
            import traceback

            os.write(2, traceback.format_exc().encode("utf-8", "replace"))
        finally:
            os._exit(code)

    def __call__(
        self,
        *words: object,
        within: float = LONGEST,
        stdin: str | bytes | None = b"",
        env: dict[str, str] | None = None,
        stdout: str | Path | None = None,
        prepare: Callable[[], object] = lambda: None,
    ) -> Ran:
        """Run it to its end."""
        return self.start(*words, stdin=stdin, env=env, stdout=stdout, prepare=prepare).ended(within)

    def done(
        self,
        *words: object,
        stdin: str | bytes | None = b"",
        env: dict[str, str] | None = None,
        prepare: Callable[[], object] = lambda: None,
    ) -> str:
        """Run it, see that it succeeded, and return its answer."""
        ran = self(*words, stdin=stdin, env=env, prepare=prepare)
        assert ran.code == 0, f"{words}: {ran.code}\n{ran.out}{ran.err}"
        return ran.out

    def refused(
        self,
        code: int,
        *words: object,
        stdin: str | bytes | None = b"",
        env: dict[str, str] | None = None,
        register: Path | None = None,
        prepare: Callable[[], object] = lambda: None,
    ) -> str:
        """Run it, see that it is refused as the contract has it and touches nothing; what it told."""
        file = register or self.register
        before = file.read_bytes() if file.is_file() else None
        ran = self(*words, stdin=stdin, env=env, prepare=prepare)
        assert ran.code == code, f"{words}: {ran.code}, not {code}\n{ran.out}{ran.err}"
        assert ran.out == "", words
        assert "error: " in ran.err, f"{words}\n{ran.err}"
        assert "Traceback" not in ran.err, f"{words}\n{ran.err}"
        assert "\x1b" not in ran.err, words
        assert (file.read_bytes() if file.is_file() else None) == before, f"{words}: the file was changed"
        return ran.err

    def open(self, summary: str = "Shouting on the stair", **answers: object) -> int:
        """Open a case, and return its number."""
        given = {"category": "noise", "definition": "personal", "complainant": "Jane Souter", **answers}
        words = [
            word
            for name, value in given.items()
            if value is not None
            for word in (f"--{name.replace('_', '-')}", value)
        ]
        return int(self.done("open", "--quiet", "--new", "--summary", summary, *words).split("-")[1])

    def whole(self, *words: object) -> str:
        """See that `verify` finds nothing; what it says."""
        return self.done("verify", *words)
