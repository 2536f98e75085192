"""Cases worked from report to closing, as they are typed: each command, what it prints, its exit code.

A transcript is prose, with blocks that begin with `$ asb ...`. Below the command stands what it printed: its answer
as it is, what it told beside the answer (on stderr) after `! `, and its exit code. To write anew what the program
prints, and then read the difference:

    python tests/transcripts/replay.py tests/transcripts/noise-between-neighbours.txt
"""

from __future__ import annotations

import gc
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO, RawIOBase, TextIOWrapper
from pathlib import Path

from asbcli.cli.app import run as run_program
from asbcli.dates import echo
from asbcli.moments import Moment

ACTING = "Mhairi Kerr"

def settled(text: str) -> str:
    """The text without what depends on the day of the replay: that day itself."""
    today = re.escape(echo(Moment(Moment.at(datetime.now(UTC)).day)))
    text = re.sub(rf"{today}( \d\d:\d\d)?", "<today>", text)
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)


class _Tagged(RawIOBase):
    """One of the two streams of a run, written into what both of them wrote, in its order."""

    def __init__(self, both: list[tuple[bool, bytes]], *, beside: bool) -> None:
        self.both, self.beside = both, beside

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        said = bytes(data)  # type: ignore[call-overload]
        self.both.append((self.beside, said))
        return len(said)


def run(command: str, leave: Callable[[], object]) -> str:
    """What a command line prints, each line as a transcript shows it, and its exit code.

    `leave` ends what the run still reads, as the end of a process would: the next one may write.
    """
    both: list[tuple[bool, bytes]] = []
    streams = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = TextIOWrapper(BytesIO())
    sys.stdout = TextIOWrapper(_Tagged(both, beside=False), encoding="utf-8", write_through=True)  # type: ignore[type-var]
    sys.stderr = TextIOWrapper(_Tagged(both, beside=True), encoding="utf-8", write_through=True)  # type: ignore[type-var]
    try:
        code = run_program(shlex.split(command)[1:])
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams
        leave()
    return settled("".join(_lines(both))) + f"exit {code}\n"


def _lines(both: list[tuple[bool, bytes]]) -> Iterator[str]:
    """The lines as they came, those of stderr after `! `."""
    waiting = {False: "", True: ""}
    for beside, data in both:
        waiting[beside] += data.decode()
        *whole, waiting[beside] = waiting[beside].split("\n")
        for line in whole:
            yield f"! {line}\n" if beside else f"{line}\n"


def replayed(transcript: str, leave: Callable[[], object] = gc.collect) -> str:
    """The transcript with what the program prints now."""
    told: list[str] = []
    lines = transcript.splitlines()
    while lines:
        told.append(lines.pop(0))
        if told[-1].startswith("$ "):
            while told[-1].endswith("\\"):
                told.append(lines.pop(0))
            command = " ".join(line.rstrip("\\") for line in told[_begun(told):])
            told += run(command.removeprefix("$ "), leave).splitlines()
            del lines[:_printed(lines)]
    return "\n".join(told) + "\n"


def _begun(told: list[str]) -> int:
    """Where the last command begins."""
    return max(place for place, line in enumerate(told) if line.startswith("$ "))


def _printed(lines: list[str]) -> int:
    """How many lines the command above printed when the transcript was written."""
    for place, line in enumerate(lines):
        if line.startswith("$ "):
            return 0
        if re.fullmatch(r"exit \d+", line):
            return place + 1
    return 0


def register(folder: Path) -> None:
    """A new register in `folder`, for this process's environment."""
    home = str(folder)
    os.environ |= {"ASB_DB": f"{home}/register.sqlite", "ASB_AS": ACTING, "HOME": home, "XDG_DATA_HOME": home,
                   "XDG_CONFIG_HOME": home}
    subprocess.run([sys.executable, "-m", "asbcli", "init"], check=True, capture_output=True)


def main() -> None:
    """Write anew what the program prints in each transcript named."""
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            register(Path(folder))
            Path(name).write_text(replayed(Path(name).read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
