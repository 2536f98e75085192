"""Asks an officer at a terminal for what is missing, in the order of the paper form."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence

from asbcli.cli.desk import Desk
from asbcli.cli.offers import Offers, listed
from asbcli.cli.show import wrapped
from asbcli.dates import echo
from asbcli.errors import BadInput
from asbcli.forms.answers import LONGEST_TEXT, is_given
from asbcli.forms.form import NEEDED_BECAUSE, Field, Form
from asbcli.moments import Moment

ENOUGH_BYTES = 4 * LONGEST_TEXT + 4
HOW = "Enter passes over what is not needed, ? explains, Ctrl-C leaves without saving."
# A terminal hands over no more than this of one line, and drops the rest without a word.
_CUT_AT = 4095


def ask(
    form: Form, fields: Sequence[Field], answers: dict[str, object], desk: Desk, offers: Offers
) -> dict[str, object]:
    """The answers (by key), and those given now to the questions among `fields` that were still open.

    What was typed and cannot be is told before the first question, and asked for again.
    """
    answers = dict(answers)
    for field in fields:
        if field.key in answers and not _stands(field, answers, desk, offers):
            answers[field.key] = ask_one(field, desk, offers, answers)
    for field in fields:
        if field.question and field.key not in answers and _is_open(form, field, answers):
            answer = ask_one(field, desk, offers, answers) if offers.is_asked(field, answers) else None
            if is_given(answer):
                answers[field.key] = answer
                _tell_first_words(field, answers, desk, offers)
    return answers


def ask_again(form: Form, answers: dict[str, object], desk: Desk, offers: Offers) -> dict[str, object]:
    """The answers, with those to what was left out and takes the effect from the step: said before it is saved."""
    answers = dict(answers)
    for field in form.fields:
        if field.key not in answers and (said := offers.passed_over(field, answers)):
            desk.advise(said)
            answer = ask_one(field, desk, offers, answers)
            if is_given(answer):
                answers[field.key] = answer
    return answers


def reason(desk: Desk) -> str:
    """The reason for a step that is only taken with one."""
    return str(ask_one(NEEDED_BECAUSE, desk, Offers(desk), {}))


def ask_one(field: Field, desk: Desk, offers: Offers, answers: Mapping[str, object]) -> object:
    """One answer as it was typed, once it can be read; None where it was passed over."""
    for line in listed(offers.of(field, answers), _width()):
        desk.tell(line)
    proposed, why = offers.proposed(field, answers)
    if why:
        desk.tell(f"  {why}: {proposed}")
    needed = field.required or bool(field.if_none)
    prompt = _prompt(field, proposed)
    read = _reader(field, desk, offers, answers)
    if not field.many:
        return _ask_until_read(field, prompt, desk, read, needed=needed and not proposed) or proposed or None
    given: list[object] = []
    while answer := _ask_until_read(field, prompt, desk, read, needed=needed and not given):
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


def _stands(field: Field, answers: dict[str, object], desk: Desk, offers: Offers) -> bool:
    """Whether an answer that was typed can be; one that cannot is told. What cannot wait is said at once."""
    try:
        value = field.read(answers[field.key], now=desk.now())
        if field.offers and isinstance(value, str | tuple):
            for each in (value,) if isinstance(value, str) else value:
                offers.read(field, str(each), answers, whole=True)
    except BadInput as fault:
        desk.advise(f"  {field.flag} {_said(fault)}")
        return False
    _tell_first_words(field, answers, desk, offers)
    return True


def _tell_first_words(field: Field, answers: dict[str, object], desk: Desk, offers: Offers) -> None:
    for text in offers.first_words(field, answers[field.key], answers):
        desk.advise(text)


def _is_open(form: Form, field: Field, answers: dict[str, object]) -> bool:
    """Whether the field still wants an answer: it goes with those there are, and none excludes it."""
    rivals = {form.field(name).key for group in form.only_one if field.name in group for name in group}
    rivals |= {form.field(field.if_none).key} if field.if_none else set()
    if field.asked_with and str(answers.get(field.asked_with[0])) not in field.asked_with[1]:
        return False
    if field.asked_of and len(_named(form.field(field.asked_of), answers)) != 1:
        return False
    return form.applies(field, answers) and not any(is_given(answers.get(key)) for key in rivals)


def _named(field: Field, answers: dict[str, object]) -> list[str]:
    """Who was named in answer to a field: `unknown` and `none` name nobody."""
    given = answers.get(field.key)
    names = given if isinstance(given, tuple | list) else [given]
    return [str(each) for each in names if is_given(each) and str(each).lower() not in field.also_words]


def _prompt(field: Field, proposed: str) -> str:
    """The question, the words it can be answered with, and how; wide ones go on a line of their own."""
    words = ("yes", "no") if field.kind == "switch" else () if field.offers == "outcome" else field.offered
    enter = f"; Enter: {proposed}" if proposed and words else f"Enter: {proposed}" if proposed else ""
    offered = f" ({', '.join(words)}{enter})" if words or enter else ""
    how = "\n  (end with an empty line; - opens your editor)\n" if field.kind == "long" else " "
    question = field.question or field.help.capitalize()
    colon = "" if question.endswith(("?", ")")) else ":"
    if len(question + offered + colon) < _width():
        return f"{question}{offered}{colon}{how}"
    return f"{question}{colon}\n{wrapped(offered.strip(), _width(), '  ')}\n> "


def _width() -> int:
    return shutil.get_terminal_size().columns


def _ask_until_read(
    field: Field, prompt: str, desk: Desk, read: Callable[[str], object], *, needed: bool
) -> object:
    while True:
        answer = _lines(prompt, desk) if field.kind == "long" else _line(prompt, desk).strip()
        if answer == "?":
            desk.tell(wrapped(f"{field.help}{f': {field.metavar}' if field.offered else ''}", _width(), "  "))
        elif answer:
            try:
                return read(answer)
            except BadInput as fault:
                desk.advise(f"  {_said(fault)}")
        elif needed:
            desk.tell("  this one is needed; Ctrl-C leaves without saving anything")
        else:
            return None


def _said(fault: BadInput) -> str:
    return f"{fault.problem.rstrip('.')}. {fault.hint}".rstrip()


def _reader(
    field: Field, desk: Desk, offers: Offers, answers: Mapping[str, object]
) -> Callable[[str], object]:
    """Reads one answer: a word's beginning stands for it, and is read back, as a date is with its weekday."""

    def read(answer: str) -> object:
        begun = [word for word in field.offered if word.startswith(answer.lower())]
        meant = begun[0] if len(begun) == 1 else offers.read(field, answer, answers)
        value = field.read(meant, now=desk.now())
        if meant != answer or (field.offers and offers.title(field, meant, answers)):
            desk.advise(f"  {': '.join(filter(None, (meant, offers.title(field, meant, answers))))}")
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Moment):
                desk.tell(f"  {echo(each)}")
        return value if isinstance(value, bool) else meant

    return read


def _line(prompt: str, desk: Desk) -> str:
    """One line from the terminal. Raises EOFError at its end."""
    while True:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        if desk.interrupted:  # while the question was put, from where it could not be raised
            raise KeyboardInterrupt
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
