"""Makes a command of a form and an operation: take the answers, ask for the rest, record, and tell."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from typer.core import TyperArgument, TyperCommand, TyperOption

from asbcli.cli import ask, show
from asbcli.cli.desk import Desk
from asbcli.dates import echo
from asbcli.errors import BadInput
from asbcli.forms import FORMS, Field, Form, is_given
from asbcli.moments import Moment

if TYPE_CHECKING:
    from asbcli.casework.record import Recorded

MOST_BYTES_OF_ANSWERS = 1_000_000
PRIVATE = (
    "What is typed on the command line can be seen by the other users of this machine; what is asked for, "
    "--answers, and a text given as - cannot."
)


def command(name: str, operation: str, help_line: str) -> TyperCommand:
    """The command of a verb: its options are its form's fields, and `module:function` is called with the values."""
    form = FORMS[name]

    def callback(json: bool, answers: str | None, **flags: Any) -> None:
        record(form, operation, _given(form, flags, answers), as_json=json)

    return TyperCommand(
        name,
        params=[*_params(form), *_SHARED()],
        callback=callback,
        help=f"{help_line}\n\n{form.help}",
        epilog=PRIVATE,
        rich_markup_mode=None,
    )


def _params(form: Form) -> list[Any]:
    """Every field is an option; an argument may also stand without its flag."""
    places = [
        TyperArgument(param_decls=[f"place_{field.name}"], metavar=field.metavar, help=field.help)
        for field in form.fields
        if field.argument
    ]
    return [*places, *(_option(field) for field in form.fields)]


def _option(field: Field) -> TyperOption:
    if field.kind == "switch":
        return TyperOption(param_decls=[field.name, field.flag], is_flag=True, default=False, help=field.help)
    # Repeated where it may not be, it is refused by the form: an option that silently wins would lose an answer.
    return TyperOption(
        param_decls=[field.name, field.flag], multiple=True, metavar=field.metavar, help=field.help,
        hidden=field.argument,
    )  # fmt: skip


def _SHARED() -> list[TyperOption]:
    return [
        TyperOption(param_decls=["answers", "--answers"], metavar="FILE|-", help="answers as JSON, by option name"),
        TyperOption(param_decls=["json", "--json"], is_flag=True, default=False, help="print the case as JSON"),
    ]


def _given(form: Form, flags: Mapping[str, Any], file: str | None) -> dict[str, object]:
    """The answers by key: those of the file, and over them those of the command line. Raises BadInput."""
    answers: dict[str, object] = _answers_of(file) if file else {}
    dashes = 0
    for field in form.fields:
        given = flags[field.name]
        if field.argument and (place := flags[f"place_{field.name}"]) is not None:
            given = (*given, place)
        if field.kind == "long" and "-" in given:
            dashes += 1
            if dashes + (file == "-") > 1:
                raise BadInput("only one answer can be - (stdin)", "--answers FILE holds any number of texts")
            given = tuple(ask.long_text() if each == "-" else each for each in given)
        if is_given(given):
            answers[field.key] = given
    return answers


def _answers_of(file: str) -> dict[str, object]:
    """The JSON object in a file, or on stdin. Raises BadInput."""
    try:
        if file == "-":
            data = ask.read_bytes(MOST_BYTES_OF_ANSWERS)
        else:
            with open(file, "rb") as opened:
                data = opened.read(MOST_BYTES_OF_ANSWERS + 1)
        if len(data) > MOST_BYTES_OF_ANSWERS:
            raise BadInput(f"--answers is too long: the most is {MOST_BYTES_OF_ANSWERS:,} bytes")
        answers = json.loads(data.decode(), object_pairs_hook=_once_each)
    except OSError as fault:
        raise BadInput(f"--answers: {file} cannot be read ({fault.strerror})") from None
    except RecursionError:
        raise BadInput("--answers is nested too deep: it is one object of texts and lists") from None
    except ValueError as fault:  # not UTF-8, not JSON, or a number of 5,000 digits
        raise BadInput(f"--answers is not JSON: {fault}") from None
    if not isinstance(answers, dict):
        raise BadInput("--answers is not a JSON object", '{"category": ["noise"], "summary": "..."}')
    return answers


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    answers = dict(pairs)
    if len(answers) < len(pairs):
        raise BadInput("--answers gives one answer twice", "each name once; a list where it may be repeated")
    return answers


def record(form: Form, operation: str, answers: dict[str, object], *, as_json: bool, desk: Desk) -> None:
    ...
