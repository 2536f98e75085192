"""The program with operations that record nothing: each answers with the values it was called with."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

from asbcli.cli.app import Verb, run
from asbcli.cli.desk import Desk
from asbcli.errors import BadInput, NotAllowed
from asbcli.forms.verbs import FORMS
from asbcli.moments import Moment


def _told(value: Any) -> Any:
    if isinstance(value, Moment):
        return value.shown
    return list(value) if isinstance(value, tuple) else value


def operation(office: Any, **values: Any) -> Any:
    """Say what was given; some texts are refused, as the procedure would, or go wrong."""
    text = values.get("text")
    if text == "refuse":
        raise NotAllowed("the procedure does not allow it", "asb consent comes first")
    if text == "break":
        raise RuntimeError("Jane S. of Flat 2/1")
    if text == "wrong":
        raise BadInput("that is wrong", "another text")
    given = {name: _told(value) for name, value in values.items()}
    return SimpleNamespace(
        ref="ASB-7", line=f"ASB-7: {given}", next_step="asb show 7", warnings=["mind the dog"],
        guidance=["Call 999 first."], moved=[], shape=given, stored=True,
    )  # fmt: skip


Desk.office = lambda self: None  # type: ignore[method-assign,assignment,return-value]
Desk.last_entry = lambda self, case: 41  # type: ignore[method-assign,assignment]

if __name__ == "__main__":
    rows = tuple(Verb(name, "__main__:operation", f"The verb {name}") for name in FORMS)
    sys.exit(run(sys.argv[1:], {"Verbs": rows}))
