"""Which way the doors open: what each room may import, and what a reading command brings in."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from registers import ENCRYPTED

if TYPE_CHECKING:
    from housing_office import Office

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "asbcli"
FILES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
    for file in sorted(PACKAGE.rglob("*.py"))
    if "migrations/versions" not in file.as_posix()
}

# Each room, and the rooms it must not know: cli -> casework -> procedure -> casefile -> words.
MUST_NOT_KNOW = {
    "words": (
        "cli",
        "casework",
        "procedure",
        "casefile",
        "store",
        "outputs",
        "workdays",
        "dates",
        "settings",
    ),
    "dates": ("cli", "casework", "procedure", "casefile", "store", "outputs", "workdays", "settings"),
    "moments": (
        "cli",
        "casework",
        "procedure",
        "casefile",
        "store",
        "outputs",
        "workdays",
        "dates",
        "settings",
    ),
    "workdays": ("cli", "casework", "procedure", "casefile", "store", "outputs", "settings"),
    "casefile": ("cli", "casework", "procedure", "store", "outputs", "settings"),
    "procedure": ("cli", "casework", "store", "outputs", "settings"),
    "store": ("cli", "casework", "outputs", "settings"),
    "casework": ("cli",),  # a letter is gated and written in one transaction
    "outputs": ("cli", "casework"),
    "recognising": ("cli", "casework", "procedure", "casefile", "store", "outputs", "settings"),
}

PURE = ("words", "dates", "moments", "workdays", "recognising", "casefile", "procedure")
HEAVY = ("typer", "rich", "sqlmodel", "sqlalchemy", "pydantic", "alembic", "holidays")
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic"}


def in_room(module: str, room: str) -> bool:
    """Whether a module is of a room of the house."""
    return module == f"asbcli.{room}" or module.startswith(f"asbcli.{room}.")


def imported(file: Path, *, at_run_time: bool = True) -> Iterator[str]:
    """The modules a file imports, those only for the type checker left out."""
    for node in _nodes(ast.parse(file.read_text(encoding="utf-8")), at_run_time):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{file}: imports are absolute"
            yield from (f"{node.module}.{each.name}" for each in node.names)


def _nodes(tree: ast.AST, at_run_time: bool) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if at_run_time and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from _nodes(node, at_run_time)


@pytest.mark.parametrize(("room", "others"), MUST_NOT_KNOW.items(), ids=MUST_NOT_KNOW)
def test_a_room_knows_only_the_rooms_below_it(room: str, others: tuple[str, ...]) -> None:
    wrong = [
        f"{module} imports {name}"
        for module, file in FILES.items() if in_room(module, room)
        for name in imported(file)
        for other in others if in_room(name, other)
    ]  # fmt: skip
    assert wrong == []


def test_nothing_imports_cli_but_cli_and_the_way_in() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, file in FILES.items() if not in_room(module, "cli") and module != "asbcli.__main__"
        for name in imported(file, at_run_time=False) if in_room(name, "cli")
    ]  # fmt: skip
    assert wrong == []


def test_the_pure_rooms_import_nothing_heavy() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, file in FILES.items() if any(in_room(module, room) for room in PURE)
        for name in imported(file)
        if name.split(".")[0] in HEAVY and not (name.startswith("pydantic") and checks_procedures(module))
    ]  # fmt: skip
    assert wrong == []


# Where a procedure file is read and checked, the one door of the pure rooms at which pydantic is meant.
DOOR = ("procedure.drafting", "procedure.reading")


def checks_procedures(module: str) -> bool:
    """Whether a module stands at that door."""
    return any(in_room(module, room) for room in DOOR)


def test_what_computes_deadlines_does_not_read_files() -> None:
    wrong = [
        f"{module} imports {name}"
        for module in FILES if in_room(module, "procedure") and not checks_procedures(module)
        for name in imported(FILES[module])
        if name.startswith("asbcli.procedure.") and checks_procedures(".".join(name.split(".")[:3]))
    ]  # fmt: skip
    assert wrong == []


def test_the_pure_rooms_read_no_clock_and_no_environment() -> None:
    wrong = []
    for module, file in FILES.items():
        if any(in_room(module, room) for room in PURE):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in CLOCKS
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id in ("datetime", "date", "time")
                ):
                    wrong.append(f"{module}:{node.lineno} reads the clock")
                if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"):
                    wrong.append(f"{module}:{node.lineno} reads the environment")
    assert wrong == []


def test_the_clock_is_read_in_one_place() -> None:
    places = [
        f"{module}:{node.lineno}"
        for module, file in FILES.items()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("now", "utcnow", "today")
        and isinstance(node.func.value, ast.Name) and node.func.value.id in ("datetime", "date")
    ]  # fmt: skip
    assert len(places) == 1, places
    assert places[0].startswith("asbcli.cli.desk:")


def test_words_stands_on_the_standard_library_alone() -> None:
    assert {name.split(".")[0] for name in imported(FILES["asbcli.words"])} <= set(sys.stdlib_module_names)


# -- what a reading command brings in

SLOW = ("sqlalchemy", "sqlmodel", "pydantic", "alembic", "holidays")
READING = [
    ["--help"], ["due"], ["due", "--officer", "Mhairi Kerr", "--json"], ["due", "--csv"], ["list"], ["list",
            "--json"],
    ["list", "--all", "--csv"], ["show", "1"], ["show", "1", "--json"], ["explain", "1"],
    ["explain", "1", "start-investigation", "--json"], ["export", "cases"], ["export", "deadlines", "--json"],
    ["export", "log", "--jsonl"], ["--version"],
]  # fmt: skip


def modules_of(office: Office, words: list[str]) -> set[str]:
    """The packages that a command has imported when it is done."""
    script = (
        "import json, sys\n"
        "from asbcli.__main__ import main\n"
        "sys.argv[1:] = json.loads(sys.argv[1])\n"
        "code = main()\n"
        "print(json.dumps([code, sorted({name.split('.')[0] for name in sys.modules})]), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, json.dumps(words)], env=office.environment,
            text=True,
                          capture_output=True, cwd=office.register.parent, timeout=60,
                          check=False)  # fmt: skip
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0, done.stderr
    return set(modules)


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_reading_command_imports_nothing_slow_and_rich_only_at_a_terminal(
    office: Office, words: list[str]
) -> None:
    office.open(category="noise", received="2025-11-17")
    modules = modules_of(office, words)
    assert not modules & {*SLOW, "rich"}


LOCKSMITHS = {"sqlcipher3", "keyring", "getpass"}


def test_a_plain_register_brings_in_nothing_of_encryption(office: Office) -> None:
    assert bool(modules_of(office, ["due"]) & LOCKSMITHS) == ENCRYPTED


def test_at_a_terminal_rich_may_come_and_nothing_slower(office: Office) -> None:
    office.open(category="noise", received="2025-11-17")
    modules = modules_of(office, ["--colour", "always", "due"])
    assert "rich" in modules
    assert not modules & set(SLOW)
