"""What commands that record something share: their options, and how they tell what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from asbcli.cli.desk import Desk
from asbcli.cli.show import json_out, visible
from asbcli.errors import BadInput
from asbcli.forms.answers import read_plain

if TYPE_CHECKING:
    from asbcli.casework.telling import Recorded

Case = Annotated[str, typer.Argument(metavar="N", help="the case: 17 or ASB-17")]
At = Annotated[str | None, typer.Option(metavar="WHEN", help="when it happened (default: now)")]
Because = Annotated[str | None, typer.Option(metavar="TEXT", help="the reason (needed)")]
IfLast = Annotated[int | None, typer.Option(metavar="SEQ", help="only if this is still the case's last entry")]


def tell_recorded(desk: Desk, recorded: Recorded, *, as_json: bool) -> None:
    """Tell a change of a case as the verbs do."""
    desk.saved = recorded.ref
    for warning in recorded.warnings:
        desk.tell(f"warning: {warning}")
    line = recorded.ref if desk.quiet else visible(recorded.line, keep="\n")
    desk.say(json_out(recorded.shape) if as_json else f"{line}\n")


def needed(**flags: Any) -> None:
    missing = [f"--{name.replace('_', '-')}" for name, value in flags.items() if not value]
    if missing:
        raise BadInput(f"missing: {', '.join(missing)}", "each takes a text")


def texts(**given: str | None) -> dict[str, str]:
    """The texts as they may be stored. Raises BadInput."""
    return {name: read_plain(f"--{name.replace('_', '-')}", text) for name, text in given.items() if text is not None}
