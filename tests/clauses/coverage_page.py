"""docs/coverage.md, written from the list of clauses, the procedure files and the tests.

    python tests/clauses/coverage_page.py

The list is docs/clauses.toml. What it names is looked up: a rule, gate, question and the like in the default
procedure, a command and its options in the program, a test in its file.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import groupby
from pathlib import Path

from asbcli.cli.app import COMMANDS
from asbcli.forms.verbs import FORMS
from asbcli.procedure.reading import load
from asbcli.procedure.rules import Procedure, Rule

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs" / "clauses.toml"
PAGE = ROOT / "docs" / "coverage.md"
ASKED = ("rule", "gate", "question", "guidance", "paragraph", "outcome")
"""What of the default procedure has to stand under a clause."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing a document asks: what keeps it and which tests prove it, or why no program can."""

    id: str
    document: str
    clause: str
    asks: str
    keeps: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    not_kept: str = ""


def clauses() -> list[Clause]:
    """The list, in its order."""
    written = tomllib.loads(LIST.read_text(encoding="utf-8"))["clause"]
    return [
        Clause(**{key: tuple(value) if isinstance(value, list) else value for key, value in each.items()})
        for each in written
    ]


# -- what there is


@cache
def procedure() -> Procedure:
    """The default procedure."""
    return load("default")


@cache
def names() -> Mapping[str, frozenset[str]]:
    """Every name a clause may say it is kept by, of each kind."""
    known = procedure()
    return {
        "rule": frozenset(known.rules),
        "gate": frozenset(gate.id for gate in known.gates),
        "question": frozenset(known.questions),
        "guidance": frozenset(each.id for each in known.guidance),
        "paragraph": frozenset(known.paragraphs),
        "outcome": frozenset(known.outcomes),
        "category": frozenset(known.categories),
        "flag": frozenset(known.flags),
        "event": frozenset(known.events),
        "remedy": frozenset(known.remedies),
        "role": frozenset(known.roles),
        "command": frozenset(row.name for rows in COMMANDS.values() for row in rows),
        "option": frozenset(f"{form.verb} {field.flag}" for form in FORMS.values() for field in form.fields),
    }


def is_there(keeper: str) -> bool:
    """Whether what a clause says it is kept by exists: `rule ID`, `option open --from`, `code module:name`."""
    kind, _, name = keeper.partition(" ")
    if kind == "code":
        module, _, attribute = name.partition(":")
        return hasattr(import_module(module), attribute)
    return name in names().get(kind, ())


@cache
def _tests_in(file: str) -> frozenset[str]:
    path = ROOT / "tests" / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef))


def is_a_test(node: str) -> bool:
    """Whether a test of that name stands in its file."""
    file, _, name = node.partition("::")
    return name.startswith("test_") and name in _tests_in(file)


def without_clause(listed: Iterable[Clause]) -> Iterator[str]:
    """What the default procedure asks, and no clause of the list names."""
    said = {keeper for clause in listed for keeper in clause.keeps}
    for kind in ASKED:
        yield from (f"{kind} {name}" for name in sorted(names()[kind]) if f"{kind} {name}" not in said)


def unproved(listed: Iterable[Clause]) -> Iterator[str]:
    """The rules and questions that none of the tests of their clauses speaks of by name."""
    listed = list(listed)
    for kind in ("rule", "question"):
        for name in sorted(names()[kind]):
            files = {test.partition("::")[0] for clause in listed if f"{kind} {name}" in clause.keeps
                     for test in clause.tests}
            if not any(name in _words_in(file) for file in files):
                yield f"{kind} {name}"


@cache
def _words_in(file: str) -> str:
    """What a file of tests says; of the transcripts, what they tell."""
    path = ROOT / "tests" / file
    files = [path, *path.parent.glob("*.txt")] if path.name == "test_transcripts.py" else [path]
    return "".join(each.read_text(encoding="utf-8") for each in files)


# -- the page


def page(listed: list[Clause]) -> str:
    """The whole of docs/coverage.md."""
    kept = [clause for clause in listed if not clause.not_kept]
    tests = {test for clause in kept for test in clause.tests}
    return "\n".join([
        "# Every clause, what keeps it, which test proves it",
        "",
        "Written from [clauses.toml](clauses.toml), the procedure files and the tests by",
        "`python tests/clauses/coverage_page.py`; a test fails when a clause has no keeper, when what it names is not",
        "there, and when this page is not what it would be now.",
        "",
        f"{len(listed)} clauses: {len(kept)} kept, proved by {len(tests)} tests; "
        f"{len(listed) - len(kept)} that no program can keep.",
        "",
        *_tables(kept),
        "## What no program can keep",
        "",
        "| document | clause | what it asks | why not |",
        "| --- | --- | --- | --- |",
        *(f"| {each.document} | {each.clause} | {_cell(each.asks)} | {_cell(each.not_kept)} |"
          for each in listed if each.not_kept),
        "",
    ])  # fmt: skip


def _tables(kept: list[Clause]) -> Iterator[str]:
    for document, own in groupby(kept, key=lambda each: each.document):
        yield from (f"## {document}", "", "| clause | what it asks | kept by | proved by |")
        yield "| --- | --- | --- | --- |"
        for each in own:
            keepers = "<br>".join(_keeper(keeper) for keeper in each.keeps)
            tests = "<br>".join(f"[{_title(test)}](../tests/{test.partition('::')[0]})" for test in each.tests)
            yield f"| {each.clause} | {_cell(each.asks)} | {keepers} | {tests} |"
        yield ""


def _keeper(keeper: str) -> str:
    """What keeps a clause, as the page names it: a rule with its limit."""
    kind, _, name = keeper.partition(" ")
    if kind == "rule":
        limit = _limit(procedure().rules[name])
        return f"rule `{name}`{f': {limit}' if limit else ''}"
    if kind == "command":
        return f"`asb {name}`"
    if kind == "option":
        return f"`asb {name}`"
    if kind == "code":
        return f"`{name}`"
    return f"{kind} `{name}`"


def _asked(rule: Rule) -> str:
    """A limit that is a date given with what starts it, else counted."""
    date = "the date given" if rule.earliest or rule.then else "a date asked for"
    counted = f" or {rule.default.words}" if rule.default else ""
    return f"{'from ' if rule.earliest else ''}{date}{counted}{f', and {rule.then.words} on' if rule.then else ''}"


def _limit(rule: Rule) -> str:
    """A rule's numbers, as its file says them; none for an open item."""
    limits = "; ".join(option.within.words for option in rule.options)
    first = _asked(rule) if rule.asked else "as agreed" if rule.agreed else limits
    every = f"every {rule.every.words}" if rule.every else ""
    back = f"{first} before" if rule.before else first
    soft = f"act within {rule.act_within.words}" if rule.act_within else ""
    return ", then ".join(filter(None, (back, every))) or soft


def _title(test: str) -> str:
    return test.partition("::")[2].removeprefix("test_").replace("_", " ")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(clauses()), encoding="utf-8")


if __name__ == "__main__":
    main()
