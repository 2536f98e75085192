"""One procedure file read into its tables, each key with its line, and the mistakes in their shape."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from asbcli.procedure.drafting.format import CITING, SINGLE, TABLES
from asbcli.procedure.drafting.lines import Lines, lines_of
from asbcli.procedure.drafting.mistakes import Mistake, nearest, one_of, shown_key
from asbcli.procedure.drafting.shaping import shaped
from asbcli.procedure.drafting.written import Place, Written

MOST_BYTES = 1_000_000
MOST_TABLES = 500
"""Of one kind in one file."""


@dataclass(frozen=True, slots=True)
class File:
    """One file's tables, in its order."""

    path: Path
    head: Written
    tables: dict[str, list[Written]]


class Unreadable(Exception):
    """Nothing of a file can be read, for one reason."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(str(mistake))
        self.mistake = mistake


# A name of thousands of parts takes the standard reader a time that grows with their square.
_ENDLESS_NAME = re.compile(
    r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){50}""",
)
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_TOML_WORDS = {
    "Cannot overwrite a value": "this key is given twice in its table",
    "Cannot declare": "this table is given twice",
}


def read(path: Path) -> tuple[File, list[Mistake]]:
    """A file's tables, less what cannot be checked further, and the mistakes in their shape.

    Raises Unreadable for what is no TOML, and OSError.
    """
    file = str(path)
    text = _text(path)
    document = _parsed(text, file)
    lines = lines_of(text)
    mistakes = [*_unknown_tables(document, lines, file)]
    tables: dict[str, list[Written]] = {kind: [] for kind in TABLES}
    for kind, number, table in _tables(document):
        written, wrong = shaped(_written(kind, number, table, lines, file), table)
        tables[kind].append(written)
        mistakes += wrong
    if not tables["procedure"]:
        tables["procedure"].append(Written("procedure", 0, {}, {"": Place(file, 1)}))
    head = tables["procedure"][0]
    return File(path, head, {kind: _filled(kind, tables[kind], head) for kind in tables}), mistakes


def _text(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Unreadable(_of_file(path, data, "the file is over 1 MB", "a procedure file holds at most 1 MB"))
    try:
        # A byte order mark is what Windows editors put before UTF-8; it says nothing.
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        raise Unreadable(_of_file(path, before, "this is not UTF-8", "save it as UTF-8")) from None


def _of_file(path: Path, data_before: bytes, wrong: str, allowed: str) -> Mistake:
    return Mistake(str(path), data_before.count(b"\n") + 1, "", "", wrong, allowed)


def _parsed(text: str, file: str) -> dict[str, Any]:
    endless = _ENDLESS_NAME.search(text)
    if endless:
        line = text.count("\n", 0, endless.start()) + 1
        raise Unreadable(Mistake(file, line, "", "", "a name has more than 50 parts", "write fewer dots"))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(_syntax_mistake(str(error), text, file)) from None
    except RecursionError:
        raise Unreadable(Mistake(file, 1, "", "", "lists or tables stand too deep in each other")) from None
    except ValueError:  # a number of more than 4,300 digits is no TOML error to Python
        raise Unreadable(Mistake(file, 1, "", "", "a number or a date is out of all bounds")) from None


def _syntax_mistake(error: str, text: str, file: str) -> Mistake:
    found = _AT_LINE.search(error)
    line = int(found[1]) if found and found[1] else text.count("\n") + 1
    said = error[: found.start()] if found else error
    plain = next((meant for start, meant in _TOML_WORDS.items() if said.startswith(start)), None)
    return Mistake(file, line, "", "", plain or f"this is not TOML: {said}")


def _unknown_tables(document: dict[str, Any], lines: Lines, file: str) -> Iterator[Mistake]:
    for name, given in document.items():
        line = lines.get((name, 0, ""), 1)
        if name not in TABLES:
            allowed = nearest(name, TABLES) or one_of(TABLES)
            yield Mistake(file, line, "", shown_key(name), "unknown table", allowed)
        elif name in SINGLE and not isinstance(given, dict):
            yield Mistake(file, line, "", name, "it stands once in a file", f"write [{name}]")
        elif name not in SINGLE and not isinstance(given, list):
            yield Mistake(
                file, line, "", name, "there may be several", f"write [[{name}]], in double brackets"
            )
        elif isinstance(given, list) and len(given) > MOST_TABLES:
            yield Mistake(
                file, line, "", name, f"there are {len(given)}", f"at most {MOST_TABLES} in one file"
            )
    if "procedure" not in document:
        yield Mistake(
            file, 1, "procedure", "", "is missing", "begin with [procedure]: id, version, title ..."
        )


def _tables(document: dict[str, Any]) -> Iterator[tuple[str, int, Any]]:
    for kind in TABLES:
        given = document.get(kind, [])
        tables = [given] if isinstance(given, dict) and kind in SINGLE else given
        if isinstance(tables, list):
            yield from ((kind, number, table) for number, table in enumerate(tables[:MOST_TABLES]))


def _written(kind: str, number: int, table: Any, lines: Lines, file: str) -> Written:
    values = table if isinstance(table, dict) else {}
    # Tables written as one array on one line have no header: all of them stand on that line.
    header = lines.get((kind, number, ""), lines.get((kind, 0, ""), 1))
    places = {key: Place(file, lines.get((kind, number, key), header)) for key in values}
    return Written(kind, number, values, places | {"": Place(file, header)})


def _filled(kind: str, tables: list[Written], head: Written) -> list[Written]:
    """The tables with what the head says for all of them: the document they cite, and their strength."""
    document = head.values.get("document") or head.values.get("title", "")
    given: dict[str, Any] = {"source": document, "clause": ""} if kind in CITING else {}
    if kind == "deadline":
        given["strength"] = head.values.get("strength", "must")
    return [replace(table, values=given | table.values) for table in tables] if given else tables
