"""Taking evidence in: the file is stored under its hash before the entry that tells of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from asbcli.casefile.entries import Evidence
from asbcli.casework.record import Office
from asbcli.casework.telling import Recorded
from asbcli.errors import BadInput
from asbcli.moments import Moment
from asbcli.store import evidence, read

LONGEST_NAME = 200  # characters


def add_evidence(
    office: Office,
    *,
    case: int,
    file: Path,
    at: Moment | None = None,
    text: str | None = None,
    name: str | None = None,
    if_last: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Recorded:
    """Keep a copy of a file as evidence; the original is not touched. Raises BadInput for what is no plain file."""
    folder = evidence.folder_of(office.store.path)
    called = (name or file.name)[:LONGEST_NAME]
    with office.desk() as desk:
        desk.case(case, if_last=if_last)  # before a large file is copied for nothing
    with evidence.taken_in(file, folder, progress) as taken, office.desk() as desk:
        evidence.clear(folder, lambda: _known(office))
        work = desk.case(case, if_last=if_last)
        if any(each.digest == taken.digest for each in work.case.evidence):
            raise BadInput("that file is evidence in this case already", f"asb evidence {case} list")
        new = evidence.keep(taken, folder)
        try:
            work.record(at, Evidence(taken.digest, called, taken.size, text))
            return work.finish(f"evidence taken in, {taken.size:,} bytes, SHA-256 {taken.digest}.")
        except BaseException:
            if new:
                evidence.drop(folder, {taken.digest})
            raise


def _known(office: Office) -> dict[str, int]:
    """The hash and the size of every file that the register knows."""
    with closing(read.connect(office.store.path)) as connection:
        return evidence.kept(connection)
