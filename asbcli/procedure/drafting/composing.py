"""A procedure file composed with what it includes: conditions laid on, overrides applied, one plain table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from asbcli.procedure.drafting.finding import beside, built_in, names_beside
from asbcli.procedure.drafting.format import CONDITIONAL, FILE, KINDS
from asbcli.procedure.drafting.mistakes import Mistake, nearest, quoted
from asbcli.procedure.drafting.parsing import File, Unreadable, read
from asbcli.procedure.drafting.written import Written

DEEPEST_INCLUDE = 8
MOST_INCLUDES = 64
"""All those a procedure leads to, so that files which include each other's doubles end."""

_NOT_OVERRIDDEN = ("id", "table", "drop")


@dataclass(slots=True)
class Whole:
    """What a file and all it includes add up to: each table by its identity, in order."""

    head: Written
    tables: dict[str, dict[str, Written]]
    includes: list[Written]
    office: Written | None = None


@dataclass(slots=True)
class Walk:
    """The way from a top file through all it includes, and the mistakes met on it."""

    mistakes: list[Mistake] = field(default_factory=list)
    files: dict[Path, File | None] = field(default_factory=dict)
    includes: int = 0
    complete: bool = True
    """Whether every file on the way could be read."""

    def compose(self, path: Path, trail: tuple[Path, ...] = ()) -> Whole | None:
        """The whole of one file: what it includes, as its overrides leave that, then its own tables.

        None where it is no TOML. Raises OSError.
        """
        file = self._file(path)
        if file is None:
            return None
        trail = (*trail, path.resolve())
        whole = Whole(file.head, {kind: {} for kind in KINDS}, [])
        included = [self._include(whole, include, path, trail) for include in file.tables["include"]]
        self._override(whole, file.tables["override"])
        for kind in KINDS:
            for written in file.tables[kind]:
                self._add(whole, written)
        self._rank(whole, file, included)
        self._open_office(whole, file, included)
        return whole

    def _file(self, path: Path) -> File | None:
        """The file, read once; None, and its mistake noted, where it is no TOML."""
        known = path.resolve()
        if known not in self.files:
            try:
                self.files[known], mistakes = read(path)
            except Unreadable as error:
                self.files[known], mistakes = None, [error.mistake]
            self.mistakes += mistakes
        return self.files[known]

    def _include(self, whole: Whole, include: Written, path: Path, trail: tuple[Path, ...]) -> Whole | None:
        """Lay what one include leads to into the whole."""
        whole.includes.append(include)
        included = self._included(include, path, trail)
        if included is None:
            self.complete = False
            return None
        whole.includes.extend(included.includes)
        through = (include,) if include.condition else ()
        for written in chain.from_iterable(tables.values() for tables in included.tables.values()):
            self._add(whole, replace(written, through=written.through + through))
        return included

    def _included(self, include: Written, path: Path, trail: tuple[Path, ...]) -> Whole | None:
        name = include.values.get("file", "")
        if not re.fullmatch(FILE, name):  # a mistake already: a folder or an ending in it, or no text at all
            return None
        self.includes += 1
        found, wrong, allowed = beside(path, name), "", ""
        if found is None:
            wrong = f"there is no {name}.toml beside this file, and no built-in one"
            allowed = nearest(name, names_beside(path)) or f"built in: {', '.join(built_in())}"
        elif found.resolve() in trail:
            steps = [file.stem for file in (*trail[trail.index(found.resolve()) :], found)]
            wrong = f"it includes itself: {' → '.join(steps)}"
        elif len(trail) > DEEPEST_INCLUDE:
            wrong, allowed = "included too deep", f"at most {DEEPEST_INCLUDE} files inside each other"
        elif self.includes > MOST_INCLUDES:
            wrong, allowed = "too many files", f"at most {MOST_INCLUDES} includes in all"
        else:
            try:
                return self.compose(found, trail)
            except OSError as error:
                wrong = f"{found} cannot be read: {error.strerror}"
        self.mistakes.append(include.mistake("file", wrong, allowed))
        return None

    def _override(self, whole: Whole, overrides: list[Written]) -> None:
        """Replace keys of included tables, or drop them; the condition of the include stays on each."""
        seen: dict[tuple[str, str], Written] = {}
        for override in overrides:
            kind, name = override.values.get("table", "deadline"), override.values.get("id")
            if kind not in KINDS or not name:  # a mistake already
                continue
            tables = whole.tables[kind]
            if (kind, name) in seen:
                self.mistakes.append(_repeated(override, seen[kind, name]))
            elif name not in tables:
                self._overrides_nothing(override, kind, name, tables)
            elif override.values.get("drop"):
                del tables[name]
            else:
                tables[name] = _overridden(tables[name], override)
            seen.setdefault((kind, name), override)

    def _overrides_nothing(self, override: Written, kind: str, name: str, tables: dict[str, Written]) -> None:
        if self.complete:
            label = "rule" if kind == "deadline" else kind
            named = [table.values["id"] for table in tables.values() if "id" in table.values]
            allowed = nearest(name, named) or f"name a {label} of an included file"
            self.mistakes.append(override.mistake("id", f"{quoted(name)} is no included {label}", allowed))

    def _add(self, whole: Whole, written: Written) -> None:
        """Add a table; the same one declared twice alike is one, in one file or differently a mistake."""
        known = whole.tables[written.kind].setdefault(written.identity, written)
        if known is written or "id" not in written.values:
            return
        if known.place == written.place:
            if known.said != written.said:
                self.mistakes.append(_two_ways(known, written))
        elif known.place.file == written.place.file:
            self.mistakes.append(_repeated(written, known))
        elif known.said != written.said:
            wrong = f"declared differently in {known.place.file}:{known.place.line}"
            allowed = "write it the same in both, or change the included one with [[override]]"
            self.mistakes.append(written.mistake("id", wrong, allowed))

    def _rank(self, whole: Whole, file: File, included: list[Whole | None]) -> None:
        """Put the priorities into the file's own order, which is their rank; nobody else can tell it."""
        known = whole.tables["priority"]
        own = [written.identity for written in file.tables["priority"]]
        orders = {tuple(each.tables["priority"]) for each in included if each}
        if own:
            missing = [name for name in known if name not in own]
            if missing:
                wrong = f"{quoted(missing[0])}, which an included file has, is not among these"
                allowed = "list every priority here, the most serious first"
                self.mistakes.append(file.tables["priority"][0].mistake("", wrong, allowed))
            whole.tables["priority"] = {name: known[name] for name in [*dict.fromkeys(own), *missing]}
        elif len(orders - {()}) > 1:
            wrong = "the included files have different priorities"
            allowed = "list every [[priority]] in this file, the most serious first"
            self.mistakes.append(file.tables["include"][-1].mistake("", wrong, allowed))

    def _open_office(self, whole: Whole, file: File, included: list[Whole | None]) -> None:
        """The file's own office hours, or those of what it includes, where they agree."""
        offices = {each.office.said: each.office for each in included if each and each.office}
        whole.office = next(iter([*file.tables["office"], *offices.values()]), None)
        if len(offices) > 1 and not file.tables["office"]:
            wrong = "the included files have different office hours"
            self.mistakes.append(file.tables["include"][-1].mistake("", wrong, "write [office] in this file"))


def _repeated(written: Written, first: Written) -> Mistake:
    wrong = f"{quoted(written.identity)} is already in line {first.place.line}"
    return written.mistake("id", wrong, "an id stands once in a file")


def _two_ways(known: Written, written: Written) -> Mistake:
    """One table that two includes lead to, which do not make the same of it."""
    includes = (*written.through[-1:], *known.through[-1:])
    if known.values != written.values or not includes:
        wrong = "one included file overrides it and another does not"
        return written.mistake("id", wrong, "override it in the file that includes both")
    wrong = "the file is included twice, under different conditions"
    return includes[0].mistake("file", wrong, "give one include both, with when_any")


def _overridden(table: Written, override: Written) -> Written:
    """The table with the override's keys; an empty list takes its key away."""
    keys = {key: value for key, value in override.values.items() if key not in _NOT_OVERRIDDEN}
    values = {key: value for key, value in (table.values | keys).items() if value != []}
    return replace(
        table,
        values=values,
        places=table.places | {key: override.places[key] for key in keys},
        unreadable=table.unreadable | override.unreadable,
    )


def stated(whole: Whole) -> dict[str, Any]:
    """The whole in plain values, each table under the conditions of the includes it came through."""
    derived: dict[str, dict[str, list[str]]] = {}
    composed: dict[str, Any] = {"procedure": whole.head.values}
    if whole.office:
        composed["office"] = whole.office.values
    for kind, tables in whole.tables.items():
        composed[kind] = [_under_conditions(written, derived) for written in tables.values()]
    composed["fact"] += [{"id": name, **condition} for name, condition in derived.items()]
    return composed


def _under_conditions(written: Written, derived: dict[str, dict[str, list[str]]]) -> dict[str, Any]:
    """The table's values, with the conditions of its includes ANDed onto its own.

    All of two lists is their sum, and so is none of them. One of each of two lists cannot be said in flat
    lists, so there the include's condition becomes a derived fact, `included.FILE`: no author's id has a dot.
    """
    values = dict(written.values)
    for include in written.through if written.kind in CONDITIONAL else ():
        condition = include.condition
        if "when_any" in condition and values.get("when_any"):
            condition = {"when": [_name_of(condition, include.values["file"], derived)]}
        for key, names in condition.items():
            values[key] = list(dict.fromkeys([*values.get(key, ()), *names]))
    return values


def _name_of(condition: dict[str, list[str]], file: str, derived: dict[str, dict[str, list[str]]]) -> str:
    name = f"included.{file}"
    while derived.setdefault(name, condition) != condition:
        name += ".again"
    return name
