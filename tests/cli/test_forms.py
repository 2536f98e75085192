"""What a verb asks for: each kind of answer is read, or refused with all that is wrong at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbcli.errors import BadInput
from asbcli.forms.answers import LONGEST_TEXT
from asbcli.forms.form import Field, column_of
from asbcli.forms.verbs import FORMS, OPEN
from asbcli.moments import Moment

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # a Friday
REPORT = {"definition": "nuisance", "category": "noise", "summary": "Loud music"}


def read(answer: object, kind: str, **details: object) -> object:
    return Field("it", kind, "", **details).read(answer, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "typed", "meant"),
    [
        ("text", "  Flat 2/1 ", "Flat 2/1"),
        ("text", 1, "1"),
        ("name", "Siùsaidh NicLeòid", "Siùsaidh NicLeòid"),
        ("long", "[red]:door:[/close]\n=1+1", "[red]:door:[/close]\n=1+1"),
        ("when", "fri 14:30", Moment.at(datetime(2026, 11, 20, 14, 30, tzinfo=UTC))),
        ("when", "fri 16:30", Moment.at(datetime(2026, 11, 13, 16, 30, tzinfo=UTC))),
        ("planned", "fri", Moment.parse("2026-11-20")),
        ("planned", "mon", Moment.parse("2026-11-23")),
        ("interval", " 1  week", "1 week"),
        ("number", "41", 41),
        ("case", "17", 17),
        ("case", "ASB-17", 17),
        ("case", "asb-17", 17),
        ("case", 17, 17),
        ("yes-no-unknown", "Unknown", "unknown"),
        ("switch", True, True),
        ("switch", "no", False),
    ],
)
def test_an_answer_is_read_by_its_kind(kind: str, typed: object, meant: object) -> None:
    assert read(typed, kind) == meant


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        ("text", "a\0b", "NUL"),
        ("text", "\udcff", "UTF-8"),
        ("text", " \t\n", "empty"),
        ("text", "\u200b\u2060", "empty"),
        ("text", "x" * 201, "the most is 200"),
        ("long", "x" * 20_001, "the most is 20,000"),
        ("text", True, "must be text"),
        ("text", 1.5, "must be text"),
        ("text", {"a": "b"}, "must be text"),
        ("text", ["one", "two"], "2 times"),
        ("when", "tomorrow", "still to come"),
        ("planned", "31/2", "no day 31"),
        ("interval", "weekly", "no limit"),
        ("number", "9" * 150, "not the number"),
        ("case", "ASB-", "no case"),
        ("case", "9" * 100, "no case"),
        ("case", "١٧", "no case"),
        ("switch", "perhaps", "yes or no"),
    ],
)
def test_what_cannot_be_stored_or_understood_is_refused(kind: str, typed: object, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read(typed, kind)


def test_a_wrong_word_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadInput) as refused:
        OPEN.fill({**REPORT, "definition": "nuisanse"}, now=NOW)
    assert refused.value.problem == "--definition 'nuisanse' is none of personal, nuisance, environmental"
    assert refused.value.hint == "Did you mean nuisance?"


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        OPEN.fill({}, now=NOW)
    assert refused.value.problem == "missing: --definition, --summary, --priority or --category"
    assert "--summary TEXT" in refused.value.hint


def test_all_that_is_wrong_is_named_with_it_each_by_its_own_name() -> None:
    row = OPEN.of_row({"received": "31/2", "channel": "fax", "summary": " ", "witness": "A; B ;", "flag": ""})
    assert row["witness"] == ["A", " B "]
    _, problems = OPEN.read(row, now=NOW, name=column_of)
    assert [problem.said(column_of) for problem in problems] == [
        "received '31/2': February has no day 31",
        "channel 'fax' is none of phone, email, letter, social-media, in-person",
        "missing: definition, summary, priority or category",
    ]


def test_an_unknown_answer_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="'sumary' is no answer of asb open") as refused:
        OPEN.fill({**REPORT, "sumary": "x"}, now=NOW)
    assert "summary" in refused.value.hint


def test_what_was_not_answered_is_left_out() -> None:
    answers = {**REPORT, "anonymous": False, "witness": [], "place": None}
    assert OPEN.fill(answers, now=NOW) == {
        "definition": ("nuisance",), "category": ("noise",), "summary": "Loud music",
    }  # fmt: skip


def test_a_word_may_stand_for_a_date() -> None:
    assert OPEN.fill({**REPORT, "happened": "unknown"}, now=NOW)["happened"] == "unknown"


def test_answers_are_named_as_the_options_are_and_values_as_python_can() -> None:
    assert OPEN.fill({**REPORT, "from": "ASB-3"}, now=NOW)["from_"] == 3


@pytest.mark.parametrize(
    ("verb", "answers", "says"),
    [
        ("interview", {"case": 7, "role": "victim", "finding": "denied"}, "--finding goes only with role"),
        ("interview", {"case": 7, "role": "witness", "held": True, "declined": True},
         "--held and --declined exclude each other"),
        ("plan", {"step": "add"}, "missing: --case, --what"),
        ("plan", {"case": 7, "step": "agreed", "who": "Ann"}, "--who goes only with step add"),
        ("diary", {"case": 7, "step": "issued"}, "missing: --every"),
        ("change", {"case": 7, "because": "x"}, "--priority or --category or --officer or --contact-every"),
        ("close", {"case": 7, "outcome": "not-asb", "override": "Manager"},
         "an approval also needs --approved-by and --because"),
    ],
)  # fmt: skip
def test_answers_have_to_go_together(verb: str, answers: dict[str, object], says: str) -> None:
    with pytest.raises(BadInput) as refused:
        FORMS[verb].fill(answers, now=NOW)
    assert says in refused.value.problem


def test_a_step_that_needs_nothing_more_is_filled() -> None:
    assert FORMS["plan"].fill({"case": 7, "step": "agreed"}, now=NOW) == {"case": 7, "step": "agreed"}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_names_only_fields_it_has_and_each_once(form) -> None:  # type: ignore[no-untyped-def]
    names = [field.name for field in form.fields]
    assert len(names) == len(set(names))
    grouped = [name for group in (*form.one_of, *form.only_one) for name in group]
    others = [field.only[0] for field in form.fields if field.only]
    assert {*grouped, *others} <= set(names)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_whatever_is_needed_is_asked_for(form) -> None:  # type: ignore[no-untyped-def]
    unasked = [field.name for field in form.fields if field.required and not field.question]
    assert unasked in ([], ["step"])  # `add` is the only step of `asb person`


@given(text=st.text(max_size=300), verb=st.sampled_from([*FORMS]), data=st.data())
def test_hostile_text_is_kept_whole_or_refused(text: str, verb: str, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(FORMS[verb].fields))
    try:
        value = field.read(text, now=NOW)
    except BadInput:
        return
    if field.kind in ("text", "long", "name") and text.strip().lower() not in field.also_words:
        assert value == ((text.strip(),) if field.many else text.strip())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(answer=JSON, verb=st.sampled_from([*FORMS]), data=st.data())
def test_whatever_json_holds_is_read_or_refused(answer: object, verb: str, data: st.DataObject) -> None:
    form = FORMS[verb]
    key = data.draw(st.sampled_from([field.key for field in form.fields]) | st.text())
    values, problems = form.read({key: answer}, now=NOW)
    assert problems or values or answer in (None, False, [])


def test_the_longest_text_is_kept() -> None:
    assert read("x" * LONGEST_TEXT, "long") == "x" * LONGEST_TEXT
