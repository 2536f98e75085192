"""Where each key of a TOML file stands, since the standard reader keeps no positions."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator

Lines = dict[tuple[str, int, str], int]

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_STATEMENT = re.compile(
    rf"[ \t]*(?:(?P<header>\[\[?)[ \t]*(?P<table>{_DOTTED})[ \t]*\]\]?|(?P<key>{_DOTTED})[ \t]*=)"
)
# What can hide a line's end, or be one. A multi-line string may close on up to two quotes of its own.
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}\n]",
    re.DOTALL,
)
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}


def lines_of(text: str) -> Lines:
    """The line, from 1, of every (table, its number among those of that name from 0, key); "" is the table.

    A mistake in a procedure file must name its line, and `tomllib` tells none once it has read the file.
    This runs only over text that `tomllib` has accepted, so it checks nothing: it finds headers and keys and
    steps over values, and nothing hangs on it but the number in a message. Of longer names (`deadline.limit`)
    the first two parts count; of several lines that add to one key, the first.
    """
    lines: Lines = {}
    seen: Counter[str] = Counter()
    above: tuple[str, ...] = ()
    for line, statement in _statements(text):
        if statement["header"]:
            path = above = _parts(statement["table"])
            seen[path[0]] += len(path) == 1
        else:
            path = above + _parts(statement["key"])
        name, key = path[0], path[1] if len(path) > 1 else ""
        number = max(seen[name] - 1, 0)
        lines.setdefault((name, number, ""), line)
        lines.setdefault((name, number, key), line)
    return lines


def _statements(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Each header and each `key =`, with the line it stands on."""
    line, start = 1, 0
    while start < len(text):
        statement = _STATEMENT.match(text, start)
        end = _end_of_statement(text, statement.end() if statement else start)
        if statement:
            yield line, statement
        line += text.count("\n", start, end)
        start = end


def _end_of_statement(text: str, start: int) -> int:
    """Just after the first line's end that stands in no string, array or inline table."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if token[0] == "\n" and depth == 0:
            return token.end()
        depth += _DEPTH.get(token[0], 0)
    return len(text)


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(_unquoted(part) for part in re.findall(_PART, dotted))


def _unquoted(part: str) -> str:
    return str(tomllib.loads(f"key = {part}")["key"]) if part[0] in "\"'" else part
