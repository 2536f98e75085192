"""Asks an officer at a terminal for what is missing, in the order of the paper form."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from asbcli.cli.desk import Desk
from asbcli.dates import echo
from asbcli.errors import BadInput
from asbcli.forms import LONGEST_TEXT, Field, Form, is_given
from asbcli.moments import Moment

ENOUGH_BYTES = 4 * LONGEST_TEXT + 4
HOW = "Enter passes over what is not needed; Ctrl-C leaves, and nothing is saved."
# A terminal hands over no more than this of one line, and drops the rest without a word.
_CUT_AT = 4095


def ask(form: Form, fields: Sequence[Field], answers: dict[str, object], desk: Desk) -> dict[str, object]:
    """The answers (by key), and those given now to the questions among `fields` that were still open."""
    answers = dict(answers)
    for field in fields:
        if field.question and field.key not in answers and _is_open(form, field, answers):
            answer = ask_one(field, desk)
            if is_given(answer):
                answers[field.key] = answer
    return answers


def ask_one(field: Field, desk: Desk) -> object:
    """One answer as it was typed, once it can be read; None where it was passed over."""
    if not field.many:
        return _ask_until_read(field, _prompt(field), desk, needed=field.required)
    given: list[object] = []
    prompt = _prompt(field)
    while answer := _ask_until_read(field, prompt, desk, needed=field.required and not given):
        given.append(answer)
        prompt = "  another (Enter: no more): "
    return given


def put_right(form: Form, desk: Desk) -> Field | None:
    """The field whose answer is to be given anew after a refusal; None gives up."""
    names = {field.key: field for field in form.fields}
    while key := _line("Which answer do you want to change? (Enter gives up): ", desk).strip().lstrip("-"):
        if field := names.get(key.replace("-", "_")):
            return field
        desk.tell(f"one of: {', '.join(names)}")
    return None


def read_bytes(longest: int) -> bytes:
    """What comes in on stdin. Raises BadInput where there is none, or more than `longest` bytes."""
    if sys.stdin is None:
        raise BadInput("there is nothing to read: stdin is closed")
    data = sys.stdin.buffer.read(longest + 1)
    if len(data) > longest:
        raise BadInput(f"what comes in on stdin is too long: the most is {longest:,} bytes")
    return data


def long_text() -> str:
    """A text from the officer's editor at a terminal, else from stdin. Raises BadInput."""
    editor = _editor()
    data = _edited(editor) if editor and sys.stdin and sys.stdin.isatty() else read_bytes(ENOUGH_BYTES)
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise BadInput("the text is not valid UTF-8") from None


def _is_open(form: Form, field: Field, answers: dict[str, object]) -> bool:
    """Whether the field still wants an answer: it goes with those there are, and none excludes it."""
    rivals = {form.field(name).key for group in form.only_one if field.name in group for name in group}
    return form.applies(field, answers) and not any(is_given(answers.get(key)) for key in rivals)


def _prompt(field: Field) -> str:
    offered = f" ({', '.join(field.offered)})" if field.offered else ""
    if field.kind == "switch":
        offered = " (yes, no)"
    how = "\n  (end with an empty line; - opens your editor)\n" if field.kind == "long" else " "
    question = field.question or field.help.capitalize()
    return f"{question}{offered}{'' if question.endswith('?') else ':'}{how}"


def _ask_until_read(field: Field, prompt: str, desk: Desk, *, needed: bool) -> object:
    while True:
        answer = _lines(prompt, desk) if field.kind == "long" else _line(prompt, desk).strip()
        if answer:
            try:
                return _understood(field, answer, desk)
            except BadInput as fault:
                desk.tell(f"  {fault.problem.rstrip('.')}. {fault.hint}".rstrip())
        elif needed:
            desk.tell("  this one is needed; Ctrl-C leaves without saving anything")
        else:
            return None


def _understood(field: Field, answer: str, desk: Desk) -> object:
    """The answer, with the word that its beginning stands for; a date is read back with its weekday."""
    begun = [word for word in field.offered if word.startswith(answer.lower())]
    if len(begun) == 1:
        answer = begun[0]
    value = field.read(answer, now=desk.now())
    for each in value if isinstance(value, tuple) else (value,):
        if isinstance(each, Moment):
            desk.tell(f"  {echo(each)}")
    return value if isinstance(value, bool) else answer


def _line(prompt: str, desk: Desk) -> str:
    """One line from the terminal. Raises EOFError at its end."""
    while True:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        if len(line.encode(errors="surrogatepass")) <= _CUT_AT:
            return line
        desk.tell("  that line was too long for the terminal, which may have cut it: type it in parts")


def _lines(prompt: str, desk: Desk) -> str:
    """Lines up to an empty one; `-` alone opens the editor."""
    lines: list[str] = []
    while line := _line("" if lines else prompt, desk).rstrip("\n"):
        if not lines and line.strip() == "-" and _editor():
            return long_text()
        lines.append(line)
    return "\n".join(lines)


def _editor() -> str | None:
    return os.environ.get("VISUAL") or os.environ.get("EDITOR")


def _edited(editor: str) -> bytes:
    """What was written in the editor: in a folder of the officer's own, which is gone afterwards."""
    import shlex  # few texts are written in an editor
    import shutil
    import subprocess
    import tempfile
    from pathlib import Path

    folder = Path(tempfile.mkdtemp(prefix="asb-"))
    try:
        file = folder / "text.txt"
        file.touch(mode=0o600)
        subprocess.run([*shlex.split(editor), str(file)], check=True)
        return file.read_bytes()
    except (OSError, ValueError, subprocess.CalledProcessError):
        raise BadInput("the editor did not finish", "EDITOR names the one to use") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
