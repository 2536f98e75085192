"""Procedure files read, composed and checked: every mistake at once, each with its line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from asbcli.errors import BadInput, Mistakes
from asbcli.procedure.drafting.checking import meaning
from asbcli.procedure.drafting.composing import Walk, stated
from asbcli.procedure.drafting.finding import built_in, located
from asbcli.procedure.drafting.mistakes import Mistake
from asbcli.procedure.drafting.naming import unknown_names
from asbcli.procedure.drafting.reach import unreachable
from asbcli.procedure.drafting.written import canonical
from asbcli.procedure.rules import Procedure, procedure_of

__all__ = ["Mistake", "built_in", "check", "compose", "digest", "load"]


def check(name_or_path: str | Path) -> list[Mistake]:
    """Every mistake in a procedure file and those it includes, by file and line; none means it can be used.

    Raises BadInput where there is no file to check; whatever is in one is a mistake, never an error.
    """
    return _examined(located(name_or_path))[1]


def compose(name_or_path: str | Path) -> dict[str, Any]:
    """The whole procedure as one plain table, ready for JSON and for `procedure_of`; dates are ISO text.

    Its id and version are the top file's. Raises BadInput with every mistake there is.
    """
    composed, mistakes = _examined(located(name_or_path))
    if composed is None or mistakes:
        raise Mistakes("\n".join(str(mistake) for mistake in mistakes), f"asb procedure check {name_or_path}")
    return composed


def load(name_or_path: str | Path) -> Procedure:
    """The procedure a file (or a built-in name) states. Raises BadInput with every mistake there is."""
    return procedure_of(compose(name_or_path))


def digest(composed: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the canonical JSON of a composed procedure: what says the same has one digest."""
    return hashlib.sha256(canonical(composed).encode()).hexdigest()


def _examined(path: Path) -> tuple[dict[str, Any] | None, list[Mistake]]:
    """What the file composes to, as far as it can be read, and every mistake met on the way."""
    walk = Walk()
    try:
        whole = walk.compose(path)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error
    if whole:
        walk.mistakes += meaning(whole)
        # With an included file missing, half the names would be unknown for that reason alone.
        walk.mistakes += [*unknown_names(whole), *unreachable(whole)] if walk.complete else ()
    mistakes = sorted(dict.fromkeys(walk.mistakes), key=lambda mistake: (mistake.file, mistake.line))
    return stated(whole) if whole else None, mistakes
