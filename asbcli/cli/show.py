"""What officers and scripts see: plain text everywhere, and Rich at a terminal, which no other room knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import StringIO
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

# Every command shows something, few in every form: csv, json, dates and Rich are imported where used.
if TYPE_CHECKING:
    from datetime import date, datetime

    from asbcli.moments import Moment

# What moves the cursor, hides text or turns its direction. Joiners stay: emoji, Persian and Scots Gaelic
# keyboards use them; so do the tags of Scotland's flag.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_BESIDE = "¦"  # between the cells of a column, where they are looked at all at once
_A_FORMULA = re.compile(f"{_BESIDE}[{re.escape(''.join(_FORMULA))}]")
_BETWEEN = 2  # columns of space between two cells
_MOST_HOURS = 72  # beyond these a limit in hours is told in days
_STYLES = {"OVERDUE": "bold red", "today": "bold yellow"}


def visible(text: str, keep: str = "") -> str:
    """The text with control, escape and bidirectional characters shown as symbols; those of `keep` stay."""
    if text.isprintable():
        return text
    return _UNSEEN.sub(lambda found: found[0] if found[0] in keep else _symbol(ord(found[0])), text)


def _symbol(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)  # ␛ for an escape
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


def json_out(value: object) -> str:
    """JSON, exact: what must not reach a terminal as it is stands as its escape."""
    return _json(value, indent=2)


def json_line(value: object) -> str:
    """JSON on one line, exact."""
    return _json(value, indent=None)


def _json(value: object, indent: int | None) -> str:
    import json

    return _UNSEEN.sub(_json_escape, json.dumps(value, ensure_ascii=False, indent=indent)) + "\n"


def _json_escape(found: re.Match[str]) -> str:
    return found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}"


def csv_out(rows: Iterable[Mapping[str, object]], columns: Sequence[str], *, raw: bool = False,
            header: bool = True) -> str:
    """CSV with a header, guarded against spreadsheets that run what begins like a formula; `raw`: exact."""
    import csv

    out = StringIO()
    # Before Python 3.13 a lone carriage return is not quoted of itself.
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL if raw else csv.QUOTE_MINIMAL)
    if header:
        writer.writerow(columns)
    cells = _plain_cells if raw else _guarded_cells
    by_column = zip(*map(itemgetter(*columns), rows), strict=True)
    writer.writerows(zip(*map(cells, by_column), strict=True))
    return out.getvalue()


def _plain_cells(values: Sequence[object]) -> Sequence[str]:
    """A column's cells, all in one way where they are of one kind: a table of 100,000 rows is exported too."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return values  # type: ignore[return-value]
    if kinds <= {str, type(None)}:
        return [value or "" for value in values]  # type: ignore[misc]
    return list(map(str if kinds == {int} else _plain_cell, values))


def _plain_cell(value: object) -> str:
    kind = type(value)
    if kind is list:
        return ";".join(map(str, value)) if value else ""  # type: ignore[call-overload]
    if kind is bool:
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _guarded_cells(values: Sequence[object]) -> Sequence[str]:
    """A column's cells, guarded one by one only where there is something in it to guard against."""
    cells = _plain_cells(values)
    beside = _BESIDE + _BESIDE.join(cells)
    if beside.isprintable() and not _A_FORMULA.search(beside):
        return cells
    return list(map(_guarded_cell, values))


def _guarded_cell(value: object) -> str:
    cell = _plain_cell(value)
    if not isinstance(value, int | float) and cell.startswith(_FORMULA):
        cell = "'" + cell
    return visible(cell, keep="\t\n")


class Screen(NamedTuple):
    """Where text goes: at a terminal its width in columns, and whether it may be coloured."""

    width: int | None = None
    colour: bool = False


class Column(NamedTuple):
    """A column of a table; one that is kept is shown whole on the first line, however narrow the screen."""

    title: str
    kept: bool = False


def wrapped(text: str, width: int, indent: str = "", after: str = "") -> str:
    """The text in lines of at most `width` columns, broken between words; `after` before what goes on."""
    import textwrap

    wide = max(width - 1, 20)
    return "\n".join(
        part for line in text.splitlines() or [""]
        for part in textwrap.wrap(line, wide, initial_indent=indent, subsequent_indent=indent + after,
                                  break_on_hyphens=False, break_long_words=False) or [""]
    )  # fmt: skip


def paragraphs(lines: Iterable[str], screen: Screen, after: str = "  ") -> str:
    """Lines of text that are safe to show; at a terminal broken between words, what goes on after `after`."""
    if screen.width is None:
        return "".join(visible(line) + "\n" for line in lines)
    return "".join(wrapped(visible(line, keep="\n"), screen.width, after=after) + "\n" for line in lines)


def table(rows: Sequence[Sequence[str]], columns: Sequence[Column], screen: Screen) -> str:
    """A table that fits the terminal; elsewhere a header and one record a line, separated by tabs."""
    shown = [[visible(cell) for cell in row] for row in rows]
    if screen.width is None:
        return "".join("\t".join(line) + "\n" for line in ([column.title for column in columns], *shown))
    fits = sum(_least_widths(shown, columns)) + _BETWEEN * (len(columns) - 1) <= screen.width
    return _rich_table(shown, columns, screen) if fits else _stacked(shown, columns, screen)


def _least_widths(rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> list[int]:
    """How wide each column has to be: it may break between words, not within them nor in what is kept."""
    from rich.cells import cell_len

    least = [cell_len(column.title) for column in columns]
    for row in rows:
        for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
            parts = [cell] if column.kept else cell.split()
            least[place] = max(least[place], *map(cell_len, parts), 0)
    return least


def _rich_table(rows: Sequence[Sequence[str]], columns: Sequence[Column], screen: Screen) -> str:
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, padding=(0, _BETWEEN, 0, 0), header_style="bold")
    for column, least in zip(columns, _least_widths(rows, columns), strict=True):
        grid.add_column(Text(column.title), no_wrap=column.kept, overflow="fold", min_width=least)
    for row in rows:
        grid.add_row(*(Text(cell, style_of(cell)) for cell in row))
    return render(grid, screen)


def _stacked(rows: Sequence[Sequence[str]], columns: Sequence[Column], screen: Screen) -> str:
    """Two lines a record: what is kept, then the rest, indented."""
    from rich.padding import Padding
    from rich.text import Text

    out = []
    for row in rows:
        cells = list(zip(row, columns, strict=True))
        first = Text("  ").join(Text(cell, style_of(cell)) for cell, column in cells if column.kept)
        rest = " · ".join(cell for cell, column in cells if cell and not column.kept)
        out += [render(first, screen), render(Padding(Text(rest), (0, 0, 0, 2)), screen) if rest else ""]
    return "".join(out)


def style_of(cell: str) -> str:
    """Colour only repeats what the words say."""
    return next((style for words, style in _STYLES.items() if cell.startswith(words)), "")


def render(what: object, screen: Screen) -> str:
    """What Rich makes of it, with nothing of its own reading of markup, emoji or numbers."""
    from rich.console import Console

    out = StringIO()
    console = Console(
        file=out, width=screen.width, markup=False, emoji=False, highlight=False, soft_wrap=False,
        force_terminal=True, legacy_windows=False, color_system="standard" if screen.colour else None,
    )  # fmt: skip
    console.print(what)
    return "".join(line.rstrip() + "\n" for line in out.getvalue().splitlines())


def standing(
    state: str, due: Moment | None, *, now: datetime, working_days: Callable[[date, date], int]
) -> str:
    """Where a deadline stands, in words: `OVERDUE 2 working days`, `today`, `in 3 working days`, `met`.

    `working_days` counts those after the first day up to the second; hour limits are told in hours.
    """
    from asbcli.dates import echo
    from asbcli.moments import LONDON

    if state not in ("open", "overdue") or due is None:
        return state
    if due.instant:
        return _in_hours(state, due.instant, now)
    today = now.astimezone(LONDON).date()
    if due.day == today:
        return "today"
    days = working_days(min(today, due.day), max(today, due.day))
    counted = f"{days} working day{'s' if days != 1 else ''}" if days else ""
    if due.day > today:
        return f"in {counted}" if counted else f"by {echo(due)}"
    word = "OVERDUE" if state == "overdue" else "past"
    return f"{word} {counted}" if counted else f"{word} since {echo(due)}"


def _in_hours(state: str, due: datetime, now: datetime) -> str:
    minutes = int(abs((due - now).total_seconds()) // 60)
    number, unit = (minutes // 60, "hour") if minutes >= 60 else (minutes, "minute")
    if number > _MOST_HOURS and unit == "hour":
        number, unit = number // 24, "day"
    counted = f"{number} {unit}{'s' if number != 1 else ''}"
    if due >= now:
        return f"in {counted}"
    return f"{'OVERDUE' if state == 'overdue' else 'past'} {counted}"
