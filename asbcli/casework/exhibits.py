"""Taking evidence in: the file is stored under its hash before the entry that tells of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from asbcli.casefile.entries import Evidence
from asbcli.casework.record import Casework, Office
from asbcli.casework.telling import Recorded
from asbcli.errors import BadInput
from asbcli.moments import Moment
from asbcli.store import evidence, read

LONGEST_NAME = 200  # characters
ALTERED = "what stood under its hash had been altered: the true file is in its place, the altered one beside it"


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
        before = evidence.keep(taken, folder)
        if before is evidence.Before.ANOTHER:
            work.warnings.append(ALTERED)
        if any(each.digest == taken.digest for each in work.case.evidence):
            if before is evidence.Before.THE_SAME:
                raise BadInput("that file is evidence in this case already", f"asb evidence {case} list")
            return _put_back(work)
        try:
            work.record(at, Evidence(taken.digest, called, taken.size, text))
            return work.finish(f"evidence taken in, {taken.size:,} bytes, SHA-256 {taken.digest}.")
        except BaseException:
            if before is evidence.Before.NOTHING:
                evidence.drop(folder, {taken.digest})
            raise


def _put_back(work: Casework) -> Recorded:
    """What is told where a file that the case knew was missing or altered, and is in its place again."""
    told = work.told("that file is evidence in this case already: it is in its place again, and nothing was recorded.")
    told.warnings = [*work.warnings, *told.warnings]
    return told


def _known(office: Office) -> dict[str, int]:
    """The hash and the size of every file that the register knows."""
    with closing(read.connect(office.store.path)) as connection:
        return evidence.kept(connection)
