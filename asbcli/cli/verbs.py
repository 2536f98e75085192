"""Makes a command of a form and an operation: take the answers, ask for the rest, record, and tell."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from typer.core import TyperArgument, TyperCommand, TyperOption

from asbcli.cli import ask
from asbcli.cli.desk import Desk
from asbcli.cli.offers import Offers
from asbcli.cli.show import json_out, paragraphs
from asbcli.dates import echo
from asbcli.errors import BadInput, MaybeKnown, NeedsReason, NotAllowed, NotYetAllowed
from asbcli.forms.answers import is_given
from asbcli.forms.form import Field, Form
from asbcli.forms.verbs import FORMS
from asbcli.incoming import opener
from asbcli.moments import Moment

if TYPE_CHECKING:
    from asbcli.casework.telling import Recorded

    Operation = Callable[..., Recorded]

MOST_BYTES_OF_ANSWERS = 1_000_000
ANSWERS, JSON = "answers", "json"
SHARED = (
    (ANSWERS, "--answers", "FILE|-", "answers as one JSON object, by the names of the options with _ for -"),
    (JSON, "--json", "", "print the case as JSON"),
)
_SHOWN_BY = {"question": "asb checklist N shows the questions", "duty": "asb show N lists the rules"}
_APPROVAL = ("override", "approved_by")
PRIVATE = (
    "Whatever stands on the command line can be seen by the other users of this machine; what is answered to "
    "a question, or comes from --answers or from stdin (a text given as -), cannot."
)


class VerbCommand(TyperCommand):
    """The command of a verb: its options are its form's fields; `operation` loads what it calls with them."""

    def __init__(self, name: str, operation: Callable[[], Operation], help_line: str) -> None:
        self.form = FORMS[name]
        self.operation = operation
        super().__init__(
            name, params=[*_params(self.form)], help=f"{help_line}.\n\n{self.form.help}", epilog=PRIVATE,
            rich_markup_mode=None,
        )  # fmt: skip

    def invoke(self, ctx: Any) -> None:
        """Take the answers, and record."""
        file = ctx.params.pop(ANSWERS)
        as_json = ctx.params.pop(JSON)
        _record(self.form, self.operation, _given(self.form, ctx.params, file), ctx.obj, as_json=as_json)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """What stands after the command's name: the arguments in their order."""
        return [*(field.metavar for field in self.form.fields if field.argument), "[OPTIONS]"]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The form as help shows it."""
        with formatter.section("Answers"):
            formatter.write_dl([(field.usage, _help(field)) for field in self.form.fields])
        with formatter.section("Options"):
            formatter.write_dl([(f"{flag} {metavar}".rstrip(), text) for _, flag, metavar, text in SHARED])


def _help(field: Field) -> str:
    notes = [note for note, so in (("needed", field.required), ("may be repeated", field.many)) if so]
    if field.argument:
        notes.append(f"or {field.flag}")
    return f"{field.help} ({'; '.join(notes)})" if notes else field.help


def _params(form: Form) -> list[TyperArgument | TyperOption]:
    """Every field is an option; an argument may also stand in its place without the flag."""
    places = [TyperArgument(param_decls=[_place(field)]) for field in form.fields if field.argument]
    shared = [
        TyperOption(param_decls=[name, flag], metavar=metavar, is_flag=not metavar)
        for name, flag, metavar, _ in SHARED
    ]
    return [*places, *map(_option, form.fields), *shared]


def _place(field: Field) -> str:
    return f"place_{field.name}"


def _option(field: Field) -> TyperOption:
    if field.kind == "switch":
        return TyperOption(param_decls=[field.name, field.flag], is_flag=True)
    # Given twice where one will do, the form refuses it: an option that silently wins would lose an answer.
    return TyperOption(param_decls=[field.name, field.flag], multiple=True)


def _given(form: Form, params: Mapping[str, Any], file: str | None) -> dict[str, object]:
    """The answers by key: those of the file, and over them those of the command line. Raises BadInput."""
    answers = _answers_of(file) if file else {}
    elsewhere = int(file == "-")
    places = [
        place for field in form.fields if field.argument and (place := params[_place(field)]) is not None
    ]
    for field in form.fields:
        given = params[field.name]
        # A word in its place is the next argument's that goes with those before: `set NAME` has no role.
        if field.argument and places and form.applies(field, answers):
            given = (*given, places.pop(0))
        if field.kind == "long" and "-" in given:
            elsewhere += 1
            if elsewhere > 1:
                raise BadInput("only one answer can be - (stdin)", "--answers FILE holds any number of texts")
            given = (ask.long_text(),)
        if is_given(given):
            answers[field.key] = given
    if places:
        raise BadInput(
            f"got unexpected extra argument ({places[0]})", f"asb {form.verb} --help shows what it takes"
        )
    return answers


def _answers_of(file: str) -> dict[str, object]:
    """The JSON object in a file, or on stdin. Raises BadInput."""
    try:
        if file == "-":
            data = ask.read_bytes(MOST_BYTES_OF_ANSWERS)
        else:
            with open(file, "rb", opener=opener) as opened:
                data = opened.read(MOST_BYTES_OF_ANSWERS + 1)
        if len(data) > MOST_BYTES_OF_ANSWERS:
            raise BadInput(f"--answers is too long: the most is {MOST_BYTES_OF_ANSWERS:,} bytes")
        answers = json.loads(data.decode(), object_pairs_hook=_once_each)
    except OSError as fault:
        raise BadInput(f"--answers: {file} cannot be read ({fault.strerror})") from None
    except RecursionError:
        raise BadInput("--answers is nested too deep", "it is one object of texts and lists") from None
    except ValueError as fault:  # not UTF-8, not JSON, or a number of 5,000 digits
        raise BadInput(f"--answers is not JSON: {fault}") from None
    if not isinstance(answers, dict):
        raise BadInput("--answers is not a JSON object", '{"category": ["noise"], "summary": "..."}')
    return answers


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    answers = dict(pairs)
    if len(answers) < len(pairs):
        raise BadInput("--answers gives one answer twice", "give a list where it may be repeated")
    return answers


def _record(
    form: Form, operation: Callable[[], Operation], answers: dict[str, object], desk: Desk, *, as_json: bool
) -> None:
    """Ask for what is missing where somebody is there to answer, then record; a refusal can be put right."""
    answers = form.completed(answers)
    typed = set(answers)
    asking = desk.at_terminal and _opens(form, answers)
    offers = Offers(desk)
    if asking:
        answers = _asked(form, answers, desk, offers)
    if desk.at_terminal and not form.missing(answers):
        answers = ask.ask_again(form, answers, desk, offers)
    while True:
        try:
            values = form.fill(answers, now=desk.now())
            if not desk.quiet:
                _echo_dates(form, values, typed, desk)
            _act(operation(), values, desk, as_json=as_json)
            return
        except NeedsReason as fault:
            if not desk.at_terminal:
                raise
            desk.advise(f"{fault.problem}.")
            answers = {**answers, "because": ask.reason(desk)}
        except MaybeKnown as fault:
            if not asking:
                raise
            desk.tell_refusal(fault)
            answers = _another_matter(answers, desk, offers, fault)
        except BadInput as fault:
            if not asking:
                raise _with_choices(form, answers, desk, fault) from None
            desk.tell_refusal(fault)
            answers = _put_right(form, answers, desk, offers, fault)
        except NotYetAllowed as fault:
            if not asking:
                raise
            desk.tell_refusal(fault)
            answers = _let_pass(form, answers, desk, offers)
        except NotAllowed as fault:
            if not asking or not _has_moved(form, answers, typed, desk):
                raise
            desk.tell_refusal(fault)
            answers = _all_the_same(answers, desk, fault)


def _with_choices(form: Form, answers: Mapping[str, object], desk: Desk, fault: BadInput) -> BadInput:
    """The refusal of an answer that is one of several and missing, with what there is to choose from."""
    missing = {field.offers for group in form.missing(answers) for field in group}
    known = [said for name, said in _SHOWN_BY.items() if name in missing]
    if "entry" in missing and (entries := Offers(desk).entries(answers)):
        known.append(f"entries: {', '.join(entries)}")
    return BadInput(fault.problem, f"{fault.hint} ({'; '.join(known)})") if known and fault.hint else fault


def _opens(form: Form, answers: Mapping[str, object]) -> bool:
    """Whether to go through the form: something needed is missing, or nothing but arguments was given."""
    if form.alone and answers.get(form.alone[0]) == form.alone[1]:
        return False  # who only wants to see it is asked nothing
    return bool(form.missing(answers)) or all(
        field.argument for field in form.fields if field.key in answers
    )


def _asked(form: Form, answers: dict[str, object], desk: Desk, offers: Offers) -> dict[str, object]:
    """The answers with those to the form's questions; the case may not change while they are given."""
    if any(field.question and field.key not in answers for field in form.fields):
        desk.advise(ask.HOW)
    case = [field for field in form.fields if field.key == "case"]
    answers = ask.ask(form, case, answers, desk, offers)
    if case:
        number = case[0].read(answers["case"], now=desk.now())
        assert isinstance(number, int)
        answers = {"if_last": desk.last_entry(number), **answers}
    else:
        desk.check_register()
    return ask.ask(form, [field for field in form.fields if field not in case], answers, desk, offers)


def _has_moved(form: Form, answers: Mapping[str, object], typed: set[str], desk: Desk) -> bool:
    """Whether somebody recorded something in the case while this form was being filled in."""
    seen = answers.get("if_last")
    if not isinstance(seen, int) or "if_last" in typed:
        return False
    number = form.field("case").read(answers["case"], now=desk.now())
    assert isinstance(number, int)
    return desk.last_entry(number) != seen


def _another_matter(
    answers: dict[str, object], desk: Desk, offers: Offers, fault: MaybeKnown
) -> dict[str, object]:
    """The answers for a new case all the same, if the officer says that it is another matter."""
    field = Field("same", "choice", "", "Is it the same matter?", choices=("yes", "no"), required=True)
    if ask.ask_one(field, desk, offers, {}) != "no":
        raise fault
    return {**answers, "new": True}


def _all_the_same(answers: dict[str, object], desk: Desk, fault: NotAllowed) -> dict[str, object]:
    """The answers for the case as it now stands, if the officer says so: nothing has to be typed again."""
    field = Field("sure", "choice", "", "Record it all the same?", choices=("yes", "no"), required=True)
    if ask.ask_one(field, desk, Offers(desk), {}) != "yes":
        raise fault
    return {key: value for key, value in answers.items() if key != "if_last"}


def _let_pass(form: Form, answers: dict[str, object], desk: Desk, offers: Offers) -> dict[str, object]:
    """The answers for another try: with an approval, or as they are once what was missing is recorded elsewhere."""
    kept = {key: value for key, value in answers.items() if key not in _APPROVAL}
    asked = (
        ("override", "Which role allows it? (Enter tries again, once what is missing is recorded)", False),
        ("approved_by", "Who in that role approved it?", True),
        ("because", "Reason", True),
    )
    for key, question, required in asked:
        if key not in kept:
            answer = ask.ask_one(replace(form.field(key), question=question, required=required), desk, offers, kept)
            if not is_given(answer):
                return kept
            kept[key] = answer
    return kept


def _put_right(
    form: Form, answers: dict[str, object], desk: Desk, offers: Offers, fault: BadInput
) -> dict[str, object]:
    """The answers with one given anew. Raises `fault` where the officer gives up."""
    field = ask.put_right(form, desk)
    if field is None:
        raise fault
    others = {key: value for key, value in answers.items() if key != field.key}
    answer = ask.ask_one(field, desk, offers, others)
    return {**others, field.key: answer} if is_given(answer) else others


def _echo_dates(form: Form, values: Mapping[str, object], typed: set[str], desk: Desk) -> None:
    """Read back with its weekday each date that was typed and not answered to a question."""
    for field in form.fields:
        value = values.get(field.name)
        if isinstance(value, Moment) and field.key in typed:
            desk.tell(f"{field.flag} {echo(value)}")


def _act(operation: Operation, values: dict[str, object], desk: Desk, *, as_json: bool) -> None:
    """Record, and tell: what matters most first, then the answer, then what comes next."""
    recorded = operation(desk.office(), **values)
    desk.saved = recorded.ref if recorded.stored else ""
    for each in (*recorded.guidance, *(f"warning: {warning}" for warning in recorded.warnings)):
        desk.advise(each)
    for each in recorded.moved:
        desk.advise(f"moved: {each}")
    answer = recorded.ref if desk.quiet else recorded.line
    desk.say(json_out(recorded.shape) if as_json else paragraphs(answer.split("\n"), desk.screen, after=""))
    desk.deliver()
    if recorded.next_step and not desk.quiet:
        desk.tell(f"next: {recorded.next_step}")
