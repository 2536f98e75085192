"""Reports from another system's CSV: all rows or none, and every bad row named."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TextIO

from asbcli.casefile.entries import ERASED
from asbcli.casework.opening import report_problems, take_report
from asbcli.casework.record import Desk, Office
from asbcli.errors import AsbError, BadInput, Mistakes
from asbcli.forms.form import column_of
from asbcli.forms.verbs import OPEN
from asbcli.incoming import lines

SHOWN = 50  # bad rows told one by one; the rest are counted
EVERY = 1000  # rows between two words of progress; only so many are in memory at once
_COLUMNS = {field.flag: field.key for field in OPEN.fields}
_FLAG = re.compile(f"(?:{'|'.join(_COLUMNS)})(?![a-z-])")
FIELD_LIMIT = 10_000_000  # characters in a cell or a line: what is too long for its column is named by row and column


@dataclass(slots=True)
class Imported:
    """What an import did: cases opened, rows that had come in before, and which of them were erased since."""

    opened: int = 0
    known: int = 0
    erased: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class _Undone(Exception):
    """Raised to roll a transaction back that was only tried."""


def import_reports(office: Office, *, file: TextIO, dry_run: bool = False,
                   progress: Callable[[int], None] = lambda _: None) -> Imported:
    """Open a case for each row. Raises BadInput naming every bad row; then nothing was saved."""
    done = Imported()
    with suppress(_Undone), office.desk() as desk:
        rows = _rows(file)
        while batch := list(islice(rows, EVERY)):
            desk.look_up_imports([reference for _, row in batch if (reference := _reference(row))])
            for number, row in batch:
                _take(desk, number, row, done)
            if len(batch) == EVERY:
                progress(number - 1)
        if done.problems or dry_run:
            raise _Undone
    if done.problems:
        more = len(done.problems) - SHOWN
        told = [*done.problems[:SHOWN], *([f"and {more} more bad rows"] if more > 0 else [])]
        raise Mistakes("nothing was imported: " + "\n  ".join(["", *told]).lstrip("\n"),
                       "mend these rows and run it again; rows are counted from 2, under the header")
    return done


def _rows(file: TextIO) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their line numbers as a spreadsheet counts them. Raises BadInput for a bad header."""
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.DictReader(lines(file, FIELD_LIMIT), strict=True)
    try:
        known = {each.key for each in OPEN.fields} | {"external_ref"}
        unknown = [name for name in reader.fieldnames or [] if name not in known]
        if not reader.fieldnames or unknown:
            raise BadInput(f"the header has columns that asb open has no option for: {', '.join(unknown)}"
                           if unknown else "the file is empty",
                           f"columns: {', '.join(sorted(known))}")
        yield from enumerate(reader, 2)
    except (csv.Error, UnicodeDecodeError) as fault:
        raise BadInput(f"line {reader.line_num + 1}: {fault}", "the file must be CSV in UTF-8") from None


def _take(desk: Desk, number: int, row: dict[str, Any], done: Imported) -> None:
    try:
        if None in row or None in row.values():
            raise BadInput("it does not have as many cells as the header")
        external = _reference(row)
        row.pop("external_ref", None)
        given = OPEN.of_row(row)
        digest = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
        if external and (before := desk.imported(external)):
            done.known += 1
            if before == ERASED:
                done.erased.append(number)
            elif before != digest:
                raise BadInput(f"external_ref {external!r} came in before with other content")
            return
        answers, problems = OPEN.read(given, now=desk.now, name=column_of)
        answers.pop("new", None)
        told = [_told(each.said(column_of), each.hint) for each in problems]
        told += [_told(each.problem, each.hint) for each in report_problems(desk, answers)]
        if told:
            raise BadInput("; ".join(told))
        saved = take_report(desk, {**answers, "external_ref": external,
                                    "import_digest": digest if external else None}, new=True)
        if external:
            desk.remember_import(external, saved[0][0].number, digest)
        done.opened += len(saved)  # a row of two definitions is two cases
    except AsbError as fault:
        done.problems.append(f"row {number}: {_told(fault.problem)}")


def _told(problem: str, hint: str = "") -> str:
    """A problem as a row's: its columns and not the options of the same name, and the nearest word there is."""
    said = f"{problem} ({hint})" if hint.lower().startswith("did you mean") else problem
    return _FLAG.sub(lambda found: _COLUMNS[found[0]], said)


def _reference(row: Mapping[str, Any]) -> str | None:
    """The other system's reference of a row, where it has one."""
    return (row.get("external_ref") or "").strip() or None

