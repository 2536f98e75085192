"""Nobody comes to harm by what the program prints: each line of that promise, tried on the real program."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import asbcli.outputs
from asbcli.outputs.leaks import REGISTRY

if TYPE_CHECKING:
    from housing_office import Case, Office

HOME, REFUGE = "Flat 2/1, 14 Larch Road", "Flat 3/2, 9 Elm Street, Stirling"


@pytest.fixture
def case(office: Office) -> Case:
    """Domestic abuse: Jane Souter has fled to a refuge, Dean Hall is said to have done it."""
    made = office.open(category="domestic-abuse", definition="personal", complainant="Jane Souter", address=HOME,
                       perpetrator="Dean Hall", perpetrator_tenure="own-tenant", witness="Ann Lee",
                       summary="Threats at the door")
    made.do("person", "set", "Jane Souter", safe_address=REFUGE, safe_times="Tue after 14:00", phone="07700 900123",
            do_not=["phone"], prefers="email")
    return made


def agree(case: Case) -> None:
    """What WHA asks before the alleged perpetrator is spoken or written to."""
    case.do("answer", "interview-appropriate", "yes")
    case.do("answer", "interview-safe", "yes")
    case.do("consent", "Jane Souter", "given", for_="perpetrator-interview")


def entry(case: Case) -> int:
    """The case's last entry."""
    return int(case.show().last_entry)


# -- safe contact

def test_how_to_reach_somebody_safely_is_the_first_line_of_all(case: Case, office: Office) -> None:
    line = f"SAFE CONTACT P1 Jane Souter: only at {REFUGE}; times: Tue after 14:00; do not phone"
    assert office.run("show", case.number).out.splitlines()[0] == line
    shape = office.do("show", case.number)
    assert next(iter(shape)) == "safety"
    assert shape["safety"] == [line]
    draft = office.run("letter", case.number, "acknowledgement", to="Jane Souter").out
    assert draft.splitlines()[0] == f"> {line}"
    assert office.run("dsar", case.number, for_="Jane Souter").out.splitlines()[0] == f"> {line}"


def test_a_case_that_follows_still_knows_how_to_reach_somebody_safely(office: Office) -> None:
    case = office.open(category="noise", complainant="Ada Boyd", address="3 Elm Street")
    case.do("person", "set", "Ada Boyd", safe_address="Flat 9, Oak Court", do_not="phone")
    case.do("close", outcome="closed-unresolved", not_discussed="gone")
    for verb, answers in (("reopen", {"because": "again"}),
                          ("open", {"from_": case.number, "definition": "nuisance", "summary": "also"})):
        words = (case.number,) if verb == "reopen" else ()
        shape = json.loads(office.run(verb, *words, "--json", **answers).out)
        assert "Oak Court" in shape["safety"][0]
        assert shape["people"][0]["do_not"] == ["phone"]


@pytest.mark.parametrize("verb", ["reopen", "open"])
def test_a_case_that_follows_has_everybody_in_it_in_all_their_roles(office: Office, verb: str) -> None:
    case = office.open(category="noise", complainant="Ada Boyd", address="3 Elm Street", perpetrator="Ross Muir")
    case.do("person", "add", "victim", "Cath Reid", address="5 Elm Street")
    case.do("person", "set", "Cath Reid", safe_address="Flat 9, Oak Court", do_not="phone")
    case.do("person", "set", "Ada Boyd", address="12 New Row")  # she moved away from him
    case.do("person", "add", "witness", "Cath Reid")
    case.do("person", "add", "third-party", "Tom Reid")
    case.do("person", "add", "third-party", "Flo Hay")
    case.do("close", outcome="closed-unresolved", not_discussed="gone")
    answers = {"reopen": {"because": "again"}, "open": {"from_": 1, "definition": "nuisance"}}[verb]
    follows = office.do(verb, *([1] if verb == "reopen" else []), **answers)
    assert [(each["id"], each["roles"], each["address"]) for each in follows["people"]] == [
        ("P1", ["complainant", "victim"], "12 New Row"),
        ("P3", ["victim", "witness"], "5 Elm Street"),
        ("P4", ["third-party"], None),
        ("P5", ["third-party"], None),
        ("P2", ["perpetrator"], None),
    ]
    assert any("Oak Court" in line and "phone" in line for line in follows["safety"])
    assert len(office.case(2).deadlines("start-investigation")) == 2


@pytest.mark.parametrize("known", [{"safe_address": REFUGE}, {"do_not": "phone"}, {"safe_times": "mornings"}])
def test_who_has_the_name_of_somebody_with_a_safe_contact_is_warned_of(office: Office, known: dict[str, str]) -> None:
    case = office.open(category="noise", complainant="Siùsaidh NicLeòid")
    case.do("person", "set", "P1", **known)
    ran = office.run("open", category="hate", complainant="Siusaidh  Nicleoid", definition="personal", summary="Again")
    assert "warning: somebody of the name of P2 may be reached only in a safe way, as ASB-1 says" in ran.err
    assert "asb person 2 set P2, with what asb show 1 says of it" in ran.err
    assert not any(value in ran.err for value in known.values() if value != "phone")
    assert "the name of P3" in office.run("person", 2, "add", "witness", "SIUSAIDH NICLEOID", "--new").err
    assert "of the name of" not in office.run("person", 2, "add", "witness", "Ann Lee").err
    follows = office.run("open", from_=1, definition="nuisance", summary="also")
    assert "of the name of P1" not in follows.err, "she takes it with her"


def test_whom_the_officer_names_is_there_in_place_of_who_was(office: Office) -> None:
    case = office.open(category="noise", complainant="Ada Boyd", address="3 Elm Street", perpetrator="Ross Muir")
    case.do("person", "add", "victim", "Cath Reid")
    case.do("close", outcome="closed-unresolved", not_discussed="gone")
    follows = case.do("reopen", because="again", victim="cath reid", perpetrator="Lee Muir", address="12 New Row")
    assert [(each["id"], each["roles"], each["address"]) for each in follows["people"]] == [
        ("P1", ["complainant"], "12 New Row"), ("P3", ["victim"], None), ("P4", ["perpetrator"], None)]


def test_a_contact_in_a_restricted_case_tells_nobody_where_she_is(office: Office) -> None:
    case = office.open(category="domestic-abuse", complainant="Ada Boyd")
    case.do("person", "set", "Ada Boyd", safe_address="Flat 9, Oak Court", do_not="phone")
    case.do("flag", "add", "restricted", because="He works for us")
    ran = office.run("contact", case.number, "Rang", channel="phone")
    assert ran.code == 0
    assert not any(said in ran.out + ran.err for said in ("Oak", "Ada", "SAFE"))
    assert f"asb show {case.number} --because TEXT" in ran.err


def test_what_is_known_of_somebody_stands_in_show(case: Case) -> None:
    case.do("person", "set", "P2", interpreter="Polish", companion="his brother", needs="reads slowly",
            adjustments="large print", identity_checked="yes", investigator="a man")
    dean = case.show().people[1]
    assert (dean["interpreter"], dean["companion"], dean["needs"]) == ("Polish", "his brother", "reads slowly")
    assert (dean["adjustments"], dean["identity_checked"], dean["investigator"]) == ("large print", "yes", "a man")
    case.do("person", "set", "P2", interpreter="none")
    assert case.show().people[1]["interpreter"] is None


@pytest.mark.parametrize(("channel", "warned"), [("phone", "not to be reached by phone"), ("letter", "prefers email")])
def test_a_contact_by_another_channel_warns(case: Case, office: Office, channel: str, warned: str) -> None:
    err = office.run("contact", case.number, "Spoke with her", channel=channel).err
    assert "warning: SAFE CONTACT P1" in err
    assert warned in err
    assert warned not in office.run("contact", case.number, "Wrote to her", channel="email").err


def test_a_need_for_support_is_an_answer_that_the_procedure_asks_for(case: Case) -> None:
    case.do("person", "set", "P1", needs="an interpreter")
    assert "Arrange the support they need" in case.refused(4, "interview", "victim", arranged="+3d")


# -- letters

def test_a_letter_is_refused_to_an_address_that_the_other_side_shares(case: Case) -> None:
    case.do("person", "set", "P1", safe_address="none")
    case.do("person", "set", "P2", address="2/1 14 LARCH  rd")
    assert "does not share" in case.refused(4, "letter", "acknowledgement", to="P1")
    assert "does not share" in case.refused(4, "letter", "acknowledgement", to="P1", override="director",
                                            approved_by="Iain Kerr", because="asked for it")


@pytest.mark.parametrize(("hers", "his"), [
    ("Flat 2/1, 9 Elm Street", "9 Elm Street, Flat 2/1"), ("Flat 2-1, 9 Elm St", "9 Elm Street, Flat 2/1"),
    ("9 Elm Street, Hyndland, Glasgow", "9 Elm Street, Glasgow"), ("9 Elm Street", "Ground floor left 9 Elm Street"),
    ("11 Elm Street", "9-11 Elm Street, Glasgow G12 8QQ"), ("Rose Cottage, Perth", "Rose Cottage"),
    ("Flat 7, 14 Larch Road", "14/7 Larch Road"), ("9 Elm Mews, Perth", "9 Elm Mews, Hyndland, Perth"),
])  # fmt: skip
def test_a_shared_address_is_known_however_it_was_typed(case: Case, hers: str, his: str) -> None:
    case.do("person", "set", "P1", safe_address=hers)
    case.do("person", "set", "P2", address=his)
    assert "does not share" in case.refused(4, "letter", "acknowledgement", to="P1")


@pytest.mark.parametrize(("hers", "his"), [
    ("2 Elm Street", "12 Elm Street"), ("Flat 2/1, 9 Elm Street", "Flat 2/2, 9 Elm Street"),
    ("9 High Street, G12 8QQ", "9 High Street, FK8 1AA"), ("1 Larch Road", "Flat 2/1, 14 Larch Road"),
    ("Top floor left, 9 Elm Street", "Top floor right, 9 Elm Street"),
    ("Rose Cottage, Main Street", "Hillcrest, Main Street"),
])  # fmt: skip
def test_a_letter_to_a_neighbour_of_his_is_written(case: Case, hers: str, his: str) -> None:
    case.do("person", "set", "P1", safe_address=hers)
    case.do("person", "set", "P2", address=his)
    ran = case.office.run("letter", case.number, "acknowledgement", to="P1")
    assert ran.code == 0, ran.err


def test_where_he_lives_is_not_forgotten_when_he_is_removed_and_named_again(case: Case) -> None:
    case.do("person", "set", "P1", safe_address="none")
    case.do("person", "set", "P2", address=HOME)
    case.do("person", "remove", "P2", because="the wrong case")
    case.do("person", "add", "perpetrator", "Dean Hall")
    assert [each["id"] for each in case.show().people if "perpetrator" in each["roles"]] == ["P2"]
    assert "does not share" in case.refused(4, "letter", "acknowledgement", to="P1")


@pytest.mark.parametrize("address", ["same as complainant", "as above", "unknown"])
def test_an_address_that_says_not_where_may_be_hers(case: Case, office: Office, address: str) -> None:
    case.do("person", "set", "P1", safe_address="none")
    case.do("person", "set", "P2", address=address)
    told = office.run("letter", case.number, "acknowledgement", to="P1")
    assert "where the alleged perpetrator lives is not known" in told.err


def test_where_he_lived_is_not_forgotten_when_he_is_named_again_otherwise(case: Case) -> None:
    case.do("person", "set", "P1", safe_address="none")
    case.do("person", "set", "P2", address=HOME)
    case.do("person", "remove", "P2", because="misheard")
    case.do("person", "add", "perpetrator", "Deane Hall")
    assert "does not share" in case.refused(4, "letter", "acknowledgement", to="P1")


@pytest.mark.parametrize("named", ["Dean Hall", "DEAN  HALL"])
@pytest.mark.parametrize("known", ["address", "safe_address"])
def test_where_he_lives_is_known_from_another_case(case: Case, office: Office, named: str, known: str) -> None:
    case.do("person", "set", "P1", safe_address="none")
    other = office.open(category="noise", complainant="Cath Reid", perpetrator=named, new=True)
    other.do("person", "set", named, **{known: HOME})
    assert "does not share" in case.refused(4, "letter", "acknowledgement", to="P1")


def test_who_was_named_in_an_entry_that_counts_for_nothing_lives_nowhere(case: Case, office: Office) -> None:
    case.do("person", "set", "P1", safe_address="none")
    case.do("person", "add", "perpetrator", "Lee Muir", address=HOME)
    case.do("correct", entry(case), "--void", because="another case's")
    assert office.run("letter", case.number, "acknowledgement", to="Jane Souter").code == 0


def test_who_was_taken_for_him_by_mistake_is_written_to(office: Office) -> None:
    case = office.open(category="domestic-abuse", anonymous=True, perpetrator="Jane Souter")
    case.do("person", "set", "P1", address=HOME)
    case.do("person", "remove", "P1", because="she suffers it")
    case.do("person", "add", "victim", "Jane Souter", address=HOME)
    case.do("person", "add", "perpetrator", "Dean Hall", address="3 Larch Road")
    assert office.run("letter", case.number, "acknowledgement", to="Jane Souter").code == 0


def test_who_was_removed_comes_back_by_their_id(case: Case) -> None:
    case.do("person", "remove", "P2", because="the wrong case")
    case.do("person", "add", "perpetrator", "p2")
    assert [(each["id"], each["name"]) for each in case.show().people if "perpetrator" in each["roles"]] == [
        ("P2", "Dean Hall")]
    assert not any(each["name"] == "p2" for each in case.show().people)


def test_a_letter_is_refused_to_who_asked_not_to_be_written_to(case: Case) -> None:
    case.do("person", "set", "P1", do_not="write to the house")
    assert "not to be written to" in case.refused(4, "letter", "acknowledgement", to="P1")


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_letter_to_the_perpetrator_needs_all_three_conditions(case: Case, missing: int) -> None:
    case.do("warn", "Dean Hall", level="written", requires="Make no threats")
    conditions = (("answer", "interview-appropriate", "yes"), ("answer", "interview-safe", "yes"),
                  ("consent", "Jane Souter", "given"))  # fmt: skip
    for place, (verb, *said) in enumerate(conditions):
        if place != missing:
            case.do(verb, *said, **({"for_": "perpetrator-interview"} if verb == "consent" else {}))
    assert "WHA" in case.refused(4, "letter", "warning", to="Dean Hall")
    verb, *said = conditions[missing]
    case.do(verb, *said, **({"for_": "perpetrator-interview"} if verb == "consent" else {}))
    assert "Make no threats" in case.office.run("letter", case.number, "warning", to="Dean Hall").out


def test_the_perpetrators_own_consent_is_not_the_victims(case: Case) -> None:
    case.do("warn", "Dean Hall", level="written", requires="Make no threats")
    case.do("answer", "interview-appropriate", "yes")
    case.do("answer", "interview-safe", "yes")
    case.do("consent", "Dean Hall", "given", for_="perpetrator-interview")
    case.refused(4, "letter", "warning", to="Dean Hall")


def test_a_closing_letter_is_its_recipients_alone(case: Case) -> None:
    agree(case)
    case.do("review", "Agreed", stage="closing", with_="Iain Kerr")
    case.do("close", outcome="closed-unresolved", discussed="today", final_letter="today", because="No evidence")
    states = {row.person: row.state for row in case.deadlines("closure-letter")}
    assert states["P1"] == "done"
    assert states["P2"] == "open"
    case.do("letter", "closing", to="Dean Hall", sent="today")
    assert case.state("closure-letter", "Dean Hall") == "done"


def test_a_closing_letter_is_left_unsent_by_the_role_named(case: Case) -> None:
    case.do("review", "Agreed", stage="closing", with_="Iain Kerr")
    case.do("close", outcome="closed-unresolved", discussed="today", because="No evidence")
    case.refused(2, "letter", "closing", "--not-sent", to="Dean Hall")
    said: dict[str, Any] = {"to": "Dean Hall", "because": "Never safe", "approved_by": "Iain Kerr"}
    case.refused(4, "letter", "closing", "--not-sent", override="line-manager", **said)
    case.do("letter", "closing", "--not-sent", override="director", **said)
    assert case.state("closure-letter", "Dean Hall") == "ended"


# -- what was typed

SPELLED = [HOME, HOME.upper(), HOME.replace(" ", ""), "2/1 14 Larch Rd", "at 2/1", "FLAT 2/1", "flat2/1", REFUGE,
           REFUGE.lower().replace(" ", ""), "9 elm st", "she is in Stirling", "0770 0900 123", "+44 7700 900123",
           "Jane Souter", "JANESOUTER", "ms souter says", "Souter, Jane", "jane", "Ｊａｎｅ Ｓｏｕｔｅｒ",
           "J\u200bane Souter", "Ann Lee saw it"]  # fmt: skip


@pytest.mark.parametrize("typed", SPELLED)
def test_no_form_for_the_perpetrator_says_what_was_typed_of_another(case: Case, office: Office, typed: str) -> None:
    agree(case)
    case.do("warn", "Dean Hall", level="written", requires=f"Keep away ({typed}) from now on")
    number = entry(case)
    case.do("contact", f"Told him: {typed}", with_="Dean Hall", because="agreed")
    told = entry(case)
    assert f"entry {number} " in case.refused(4, "letter", "warning", to="Dean Hall")
    err = case.refused(4, "dsar", for_="Dean Hall", reviewed_by="Iain Kerr", pass_=[number, told])
    assert f"entry {number} " in err
    assert f"entry {told} " in err
    assert typed not in err
    case.do("correct", number, text="Make no threats", because="worded anew")
    letter = office.run("letter", case.number, "warning", to="Dean Hall")
    assert "Make no threats" in letter.out
    assert "what was typed tells" in case.refused(4, "letter", "warning", to="Dean Hall", text=typed)
    assert "what was typed tells" in case.refused(4, "disclose", to="Dean Hall", what=typed)


def test_their_own_data_and_plain_words_pass(case: Case, office: Office) -> None:
    agree(case)
    case.do("person", "set", "P2", address="Flat 2/2, 14 Larch Road")
    case.do("warn", "Dean Hall", level="written", requires="Mr Hall may play music at 14 Larch Road until 22:00, sorry")
    ran = office.run("letter", case.number, "warning", to="Dean Hall")
    assert ran.code == 0, ran.err
    assert "Flat 2/2, 14 Larch Road" in ran.out


# What is on record of her, and how it is typed; the last is his own address, where he has one near her.
TOLD_OTHERWISE = [
    ("9 Elm Street Glasgow G12 8QQ", "She is at 9 Elm Street"), ("9 Elm Street Glasgow G12 8QQ", "g128qq"),
    ("9 Elm Street Glasgow", "9 Elm St"), ("9-11 Elm Street, Glasgow", "9 Elm Street"), ("9 Elm Street", "7-11 Elm St"),
    ("11 Elm Street", "9 and 11 Elm Street"), ("Ground floor left 9 Elm Street", "9 Elm Street"),
    ("Rose Cottage Elm Street Glasgow", "at Rose Cottage"), ("9 Elm Street East", "9 Elm St East"),
    ("9 St Andrews Road", "9 Saint Andrews Road"), ("9 Saint Andrews Road", "9 St Andrews Rd"),
    ("Flat 2/1, 9 Elm Street", "flat 2-1"), ("Flat 2-1, 9 Elm Street", "at 2/1"), ("2F1, 9 Elm Street", "2f1"),
    ("Flat 3B, 9 Elm Street", "flat 3b"), ("9, Elm Street, Perth", "9 elm street"),
    ("9 Broomhill Perth", "9 Broomhill"),
    ("Flat 1/1, 9 Elm Street", "at 1/L"), ("Flat 1/R, 9 Elm Street", "at 1/2"), ("Flat 2/1, 9 Elm Street", "flat 21"),
    ("Flat G/2, 9 Elm Street", "on the ground floor, right"), ("Flat B, 9 Elm Street", "flat b"),
    ("9B Elm Street", "Flat B, 9 Elm Street"), ("Flat B, 9 Elm Street", "9B Elm St"),
    ("9 Elm Street", "in Elm Street, no. 9."), ("9 Great Western Road", "Great Western Rd 9"),
    ("Hillcrest House, Perth", "she is at hillcrest"), ("9 Sauchiehall Street", "off Sauchiehall"),
    ("c/o Margaret Doyle, 5 Ash Lane", "staying with Margaret"), ("Care of Women's Aid, Perth", "with womens aid"),
    ("9 Elm Street", "Elm St - no 9"), ("9 Elm Street", "7, 9, 11 Elm Street"),
    ("9D Elm Street", "9D Elm St"), ("GFL, 9 Elm Street", "gfl"), ("9 Elm Street Stirling FK8 1AA", "in Stirling"),
    ("PO Box 123", "at P.O. Box 123"), ("Women's Aid refuge, Falkirk", "the refuge"),
]  # fmt: skip


@pytest.mark.parametrize("his", ["14 Elm Street, Glasgow", "3 Larch Road"])
@pytest.mark.parametrize(("safe", "typed"), TOLD_OTHERWISE)
def test_an_address_is_known_however_it_was_typed(case: Case, safe: str, typed: str, his: str) -> None:
    agree(case)
    case.do("person", "set", "P1", safe_address=safe)
    case.do("person", "set", "P2", address=his)
    assert "what was typed tells P1's" in case.refused(4, "letter", "complaints", to="Dean Hall", text=typed)


@pytest.mark.parametrize(("safe", "his"), [("2 Elm Street", "12 Elm Street"), ("9A Elm Street", "19A Elm Street"),
                                           ("19 Elm Street", "2/1, 9 Elm Street"),
                                           ("1 Elm Street", "Flat 1, 14 Elm Street")])  # fmt: skip
def test_her_number_is_not_the_end_of_his(case: Case, safe: str, his: str) -> None:
    agree(case)
    case.do("person", "set", "P1", safe_address=safe)
    case.do("person", "set", "P2", address=his)
    own = case.office.run("letter", case.number, "complaints", to="P2", text=f"You live at {his}")
    assert own.code == 0, own.err
    case.do("warn", "P2", level="written", requires=f"Keep away from {safe}")
    warned = entry(case)
    assert f"entry {warned} tells" in case.refused(4, "letter", "warning", to="P2")
    assert f"entry {warned} tells" in case.refused(4, "dsar", for_="P2", reviewed_by="Iain Kerr", pass_=warned)
    assert "what was typed tells" in case.refused(4, "letter", "complaints", to="P2", text=f"She is at {safe}")
    assert "what was typed tells" in case.refused(4, "disclose", to="P2", what=f"She is at {safe}")


@pytest.mark.parametrize(("safe", "his", "text"), [
    ("9 Elm Street Glasgow", "3 Larch Road, Glasgow", "The meeting is in Glasgow"),
    ("9 Elm Street, Glasgow", "14 Elm Street, Glasgow G12 8QQ", "Noise was heard in Elm Street, Glasgow"),
    ("9 Elm Street, Glasgow", "14 Elm Street Glasgow", "You live at 14 Elm Street in Glasgow"),
    ("9 May Street", "3 Larch Road", "We meet on 9 May, in 9 days"),
    ("9 Elm Street", "14 Elm Street", "Noise was heard in Elm Street 9 May 2026"),
    ("9 Station Road", "14 Elm Street", "You were seen at the station, and by the river"),
    ("9B Elm Street", "9A Elm Street", "You live at 9A Elm Street"),
    ("Flat 1/1, 9 Elm Street", "Flat 1/2, 9 Elm Street", "You live at 1/2, 9 Elm Street: 1/R"),
    ("9 Elm Street", "14 Elm Street", "You live at no. 14 Elm Street; we had 9 calls since 9 May, at 9:30"),
    ("2 The Way, Perth", "14 Elm Street", "Keep the close clean; mind the way you play music"),
    ("as above", "14 Elm Street", "As above, the upstairs neighbour is unknown to us"),
    ("9 Elm Street, Glasgow", "14 Larch Road", "Glasgow City Council can uplift bulky waste"),
])  # fmt: skip
def test_a_town_alone_and_his_own_street_may_be_written(case: Case, safe: str, his: str, text: str) -> None:
    agree(case)
    case.do("person", "set", "P1", safe_address=safe)
    case.do("person", "set", "P2", address=his)
    ran = case.office.run("letter", case.number, "complaints", to="P2", text=text)
    assert ran.code == 0, ran.err


@pytest.mark.parametrize(("phone", "typed"), [
    ("0141 496 0001 or 07700 900123", "07700 900123"), ("0141 496 0001 or 07700 900123", "0141 4960001"),
    ("0141 496 0001 07700 900123", "+447700900123"), ("07700 900 123 (sister: 0141 496 0000)", "07700 900123"),
    ("07700 900 123 (sister: 0141 496 0000)", "0141 496 0000"), ("+44 (0)141 496 0001", "+44 141 496 0001"),
    ("0141 496 0001", "+44 (0)141 496 0001"), ("0141 496 0001 ext 12", "0141 496 0001"), ("0141 496 0001", "496 0001"),
])  # fmt: skip
def test_each_telephone_number_is_known_however_it_was_typed(case: Case, phone: str, typed: str) -> None:
    agree(case)
    case.do("person", "set", "P1", phone=phone)
    assert "P1's phone" in case.refused(4, "letter", "complaints", to="Dean Hall", text=f"Ring {typed}")


@pytest.mark.parametrize("typed", ["shona.mac@mail.example", "Shona.Mac at mail dot example", "shonamac"])
def test_an_e_mail_address_is_known_however_it_was_typed(case: Case, typed: str) -> None:
    agree(case)
    case.do("person", "set", "P1", email="shona.mac@mail.example")
    assert "P1's e-mail" in case.refused(4, "letter", "complaints", to="Dean Hall", text=f"Write to {typed}")


def test_what_is_safe_in_another_case_is_safe_in_all(case: Case, office: Office) -> None:
    other = office.open(category="noise", complainant="Jane Souter", perpetrator="Dean Hall")
    other.do("person", "set", "Jane Souter", safe_address="Flat 1/1, 3 Birch Lane, Perth")
    agree(case)
    case.do("warn", "Dean Hall", level="written", requires="Stay away from 3 Birch Lane")
    case.refused(4, "letter", "warning", to="Dean Hall")


@pytest.mark.parametrize(("here", "elsewhere"), [("Ann Orrock", "ANN  ORROCK"),
                                                ("Siùsaidh NicLeòid", "Siusaidh NicLeoid")])
@pytest.mark.parametrize("renamed", ["", "here", "elsewhere"])
def test_a_name_put_right_opens_nothing(office: Office, here: str, elsewhere: str, renamed: str) -> None:
    case = office.open(category="noise", complainant=here, perpetrator="Dean Hall", perpetrator_tenure="own-tenant")
    other = office.open(category="noise", complainant=elsewhere, new=True)
    other.do("person", "set", elsewhere, safe_address="7 Yew Row")
    case.do("consent", here, "given", for_="perpetrator-contact")
    if renamed:
        (case if renamed == "here" else other).do(
            "person", "rename", here if renamed == "here" else elsewhere, "Anne Orrick", because="misheard")
    case.refused(4, "letter", "complaints", to="Dean Hall", text="She is at 7 Yew Row")


def test_an_address_that_was_put_right_is_still_not_told(case: Case) -> None:
    case.do("person", "set", "P1", safe_address="Flat 0/1, 5 Yew Row, Falkirk")
    agree(case)
    case.do("warn", "Dean Hall", level="written", requires="Stay away from Elm Street")
    case.refused(4, "letter", "warning", to="Dean Hall")


# -- what counts of somebody, and where

SECRET = "9 Elm Street, Stirling"


def test_what_was_typed_of_the_wrong_person_is_not_theirs_to_know(case: Case, office: Office) -> None:
    agree(case)
    case.do("person", "set", "Dean Hall", safe_address=SECRET)
    case.do("correct", entry(case), "--void", because="typed at the wrong person: it is hers")
    case.do("person", "set", "Jane Souter", safe_address=SECRET)
    case.refused(4, "letter", "complaints", to="Dean Hall", text=f"Stay away from {SECRET}")
    assert SECRET in office.run("letter", case.number, "acknowledgement", to="Jane Souter").out


def test_a_consent_to_tell_her_name_that_counts_for_nothing_tells_it_to_nobody(case: Case) -> None:
    agree(case)
    case.do("consent", "Jane Souter", "given", for_="reveal-identity")
    case.do("correct", entry(case), "--void", because="the wrong case")
    case.refused(4, "letter", "complaints", to="Dean Hall", text="Jane Souter reported you")


def test_how_she_is_safely_reached_holds_in_every_case_she_is_in(office: Office) -> None:
    case = office.open(category="domestic-abuse", definition=["personal", "nuisance"], complainant="Jane Souter",
                       address=HOME, perpetrator="Dean Hall", perpetrator_tenure="own-tenant")
    told = office.run("person", case.number, "set", "Jane Souter", safe_address=REFUGE, do_not="write")
    assert "also in ASB-2" in told.out
    other = office.case(2)
    assert office.run("show", 2).out.startswith("SAFE CONTACT P1 Jane Souter: only at")
    assert "not to be written to" in other.refused(4, "letter", "acknowledgement", to="Jane Souter")
    assert "SAFE CONTACT P1" in office.run("contact", 2, "Wrote to her", channel="letter").err


@pytest.mark.parametrize("role", ["complainant", "perpetrator"])
def test_no_letter_goes_to_who_another_case_says_how_to_reach_until_that_is_settled(
        case: Case, office: Office, role: str) -> None:
    agree(case)
    said = {"complainant": "Dean Hall", "perpetrator": "Ross Muir"} | {role: "Jane Souter"}
    other = office.open(category="noise", **said, address=HOME, perpetrator_tenure="own-tenant", new=True)
    other.do("person", "set", "Jane Souter", address=HOME)
    other.do("consent", said["complainant"], "given", for_="perpetrator-contact")
    if role == "perpetrator":
        other.do("warn", "Jane Souter", level="written", requires="Make no noise")
    letter = "warning" if role == "perpetrator" else "acknowledgement"
    assert "who ASB-1 says how to reach safely" in other.refused(4, "letter", letter, to="Jane Souter")
    assert "may be reached only in a safe way, as ASB-1 says" in office.run(
        "contact", other.number, "Rang", with_="Jane Souter", because="agreed").err
    other.do("person", "set", "Jane Souter", safe_address="none")  # another Jane Souter
    assert office.run("letter", other.number, letter, to="Jane Souter").code == 0


def test_where_he_is_our_tenant_is_where_he_lives_and_where_she_is_ours_is_a_secret(case: Case, office: Office) -> None:
    agree(case)
    case.do("person", "set", "P1", safe_address="none")
    assert office.run("letter", case.number, "acknowledgement", to="Jane Souter").code == 0
    office.do("tenancy", "start", "Dean Hall", address=HOME, at="yesterday", checks="references")
    assert "does not share" in case.refused(4, "letter", "acknowledgement", to="Jane Souter")
    office.do("tenancy", "start", "Jane Souter", address="5 Yew Row, Falkirk", at="yesterday", checks="references")
    assert "P1's address" in case.refused(4, "letter", "complaints", to="Dean Hall", text="Do not go to 5 Yew Row")


def test_where_he_lives_is_known_from_a_case_in_which_he_was_renamed(case: Case, office: Office) -> None:
    case.do("person", "set", "P1", safe_address="none")
    other = office.open(category="noise", complainant="Cath Reid", perpetrator="Deane Hull", new=True)
    other.do("person", "set", "Deane Hull", address=HOME)
    other.do("person", "rename", "Deane Hull", "Dean Hall", because="misheard")
    assert "does not share" in case.refused(4, "letter", "acknowledgement", to="P1")


def test_who_may_be_the_same_man_in_a_linked_case_is_warned_of(case: Case, office: Office) -> None:
    case.do("person", "set", "P1", safe_address="none")
    other = office.open(category="noise", complainant="Cath Reid", perpetrator="Deano Hall", new=True)
    other.do("person", "set", "Deano Hall", address=HOME)
    assert "lives at this address" not in office.run("letter", case.number, "acknowledgement", to="P1").err
    case.do("link", other.number, because="the same man")
    told = office.run("letter", case.number, "acknowledgement", to="P1")
    assert "the alleged perpetrator of ASB-2 lives at this address" in told.err


@pytest.mark.parametrize(("given", "put_right", "told"), [
    ("The man in 3/1", "Callum Reid", False), ("Callum Reed", "Callum Reid", True),
    ("Jane Soutar", "Jane Souter", True),
])  # fmt: skip
def test_a_name_that_did_not_come_from_her_is_not_told_her(office: Office, given: str, put_right: str,
                                                          told: bool) -> None:  # fmt: skip
    case = office.open(category="noise", complainant="Cath Reid", address="3 Birch Lane", perpetrator=given)
    case.do("person", "rename", given, put_right, because="the tenancy says so")
    ran = office.run("letter", case.number, "complaints", to="Cath Reid", text=f"We spoke with {put_right}.")
    assert ran.code == (0 if told else 4)


def test_the_complainants_address_is_not_the_victims(office: Office) -> None:
    case = office.open(category="noise", complainant="Cath Reid", victim="Ina Boyd", address="5 Yew Row",
                       perpetrator="Ross Muir")
    assert [(each["name"], each["address"]) for each in case.show().people[:2]] == [
        ("Cath Reid", "5 Yew Row"), ("Ina Boyd", None)]
    assert "5 Yew Row" not in office.run("letter", case.number, "acknowledgement", to="Ina Boyd").out
    case.refused(4, "letter", "complaints", to="Ina Boyd", text="Cath Reid lives at 5 Yew Row")


def test_an_erasure_names_the_entries_that_still_tell_of_it(case: Case, office: Office) -> None:
    case.do("person", "set", "P1", safe_address="Flat 0/1, 7 Yew Row, Perth")
    known = entry(case)
    case.do("note", "She is at 7 yew row now")
    noted = entry(case)
    told = office.run("redact", case.number, known, basis="a request", approved_by="Iain Kerr")
    assert f"entries {noted} still tell of what was erased" in told.err
    assert "still tell" not in office.run("redact", case.number, noted, basis="a request", approved_by="Iain Kerr").err


def test_no_agency_has_the_name_of_somebody_in_the_case(case: Case) -> None:
    assert "somebody in the case has that name" in case.refused(2, "agency", "add", "DEAN HALL", kind="police")


def two_definitions(office: Office) -> Case:
    """One report, two cases with the same people."""
    return office.open(category="domestic-abuse", definition=["personal", "nuisance"], complainant="Jane Souter",
                       address=HOME, perpetrator="Dean Hall", perpetrator_tenure="own-tenant")


def test_what_is_put_right_of_somebody_is_put_right_in_every_case_that_took_it(office: Office) -> None:
    case = two_definitions(office)
    case.do("person", "set", "Dean Hall", safe_address=SECRET)
    told = office.run("correct", case.number, entry(case), "--void", because="it is hers")
    assert "also in ASB-2" in told.out
    case.do("person", "set", "Jane Souter", safe_address=SECRET)
    assert SECRET not in office.run("dsar", 2, for_="Dean Hall", reviewed_by="Iain Kerr").out
    case.do("person", "rename", "P2", "Tom Hill", because="misheard")
    case.do("correct", entry(case), "--void", because="it was not")
    assert [each["name"] for each in office.case(2).show().people] == ["Jane Souter", "Dean Hall"]


def followed(office: Office, *known: dict[str, Any]) -> tuple[Case, Case]:
    """Ada's case, closed with what was noted of her, and the one that was opened from it."""
    case = office.open(category="noise", complainant="Ada Boyd", perpetrator="Ross Muir")
    for each in known:
        case.do("person", "set", "Ada Boyd", **each)
    case.do("close", outcome="closed-unresolved", not_discussed="gone")
    case.do("reopen", because="again")
    return case, office.case(2)


def noted(case: Case, kind: str = "person-known") -> int:
    """The last entry of a kind."""
    return max(each["entry"] for each in case.log() if each["kind"] == kind)


@pytest.mark.parametrize(("before", "right"), [((), None), (({"safe_address": "7 Mill Row"},), "7 Mill Row")])
def test_what_a_case_took_along_is_taken_back_with_it(office: Office, before: tuple[dict[str, Any], ...],
                                                     right: str | None) -> None:
    case, later = followed(office, *before, {"safe_address": SECRET, "phone": "07700 900456"})
    told = office.run("correct", case.number, noted(case), "--void", because="he found out").out
    ada = later.show().people[0]
    assert "also in ASB-2" in told
    assert (ada["safe_address"], ada["phone"]) == (right, None)
    assert office.run("verify").code == 0


def test_what_a_later_case_learned_itself_stands(office: Office) -> None:
    case, later = followed(office, {"safe_address": SECRET})
    wrong = noted(case)
    later.do("person", "set", "Ada Boyd", safe_address="7 Mill Row")
    case.do("correct", wrong, "--void", because="never so")
    assert [each.show().people[0]["safe_address"] for each in (case, later)] == ["7 Mill Row"] * 2


def test_a_name_that_was_taken_along_is_taken_back_with_it(office: Office) -> None:
    case = office.open(category="noise", complainant="Ada Boyd", perpetrator="Ross Muir")
    case.do("person", "rename", "Ada Boyd", "Ida Boyd", because="misheard")
    case.do("close", outcome="closed-unresolved", not_discussed="gone")
    case.do("reopen", because="again")
    case.do("correct", noted(case, "person-renamed"), "--void", because="it was Ada")
    assert office.case(2).show().people[0]["name"] == "Ada Boyd"


def test_that_an_identity_was_checked_is_of_the_one_case(office: Office) -> None:
    case, later = followed(office)
    case.do("person", "set", "Ross Muir", identity_checked="yes", needs="deaf")
    ross = [next(each for each in one.show().people if each["name"] == "Ross Muir") for one in (case, later)]
    assert [(each["identity_checked"], each["needs"]) for each in ross] == [("yes", "deaf"), (None, "deaf")]


def test_a_restricted_case_is_written_to_and_not_told_of(office: Office) -> None:
    case, later = followed(office)
    later.do("flag", "add", "restricted", because="her family works here")
    assert "also in" not in office.run("person", case.number, "set", "Ada Boyd", safe_address="7 Mill Row").out
    assert later.show(because="her officer").people[0]["safe_address"] == "7 Mill Row"


def test_a_case_that_forgot_a_name_is_told_of(office: Office) -> None:
    case = office.open(category="noise", complainant="Ada Boyd", perpetrator="Ross Muir")
    case.do("person", "rename", "Ada Boyd", "Ida Boyd", because="misheard")
    case.do("close", outcome="closed-unresolved", not_discussed="gone")
    case.do("reopen", because="again")
    case.do("redact", noted(case, "person-renamed"), basis="a request", approved_by="Iain Kerr")
    told = office.run("person", 2, "set", "Ida Boyd", safe_address="7 Mill Row")
    assert "ASB-1 was to forget who P1 is: nothing is noted of them there" in told.err


@pytest.mark.parametrize("couple", ["Rab and Jane Kerr", "Kerr, Rab & Jane", "Jane/Rab Kerr"])
def test_one_of_a_couple_typed_as_one_person_is_found_by_their_own_name(office: Office, couple: str) -> None:
    first = office.open(category="noise", complainant="Ina Reid", perpetrator=couple)
    first.do("person", "set", couple, address=HOME)
    case = office.open(category="noise", complainant="Jane Souter", address=HOME, perpetrator="Mr Rab Kerr")
    assert "address in ASB-1 may be the same" in case.refused(4, "letter", "acknowledgement", to="Jane Souter")


@pytest.mark.parametrize("put_right", ["none", "7 Mill Row, Perth"])
def test_what_was_typed_of_the_wrong_person_is_not_theirs_however_it_was_put_right(case: Case, put_right: str) -> None:
    agree(case)
    wrong = {"safe_address": SECRET, "phone": "07700 900456"}
    case.do("person", "set", "Dean Hall", **wrong)
    case.do("person", "set", "Dean Hall", safe_address=put_right, phone="none")
    case.do("person", "set", "Jane Souter", **wrong)
    for text in (f"Stay away from {SECRET}", "Do not ring 07700 900456"):
        case.refused(4, "letter", "complaints", to="Dean Hall", text=text)


def test_an_address_typed_of_the_wrong_person_and_set_anew_is_not_theirs(case: Case, office: Office) -> None:
    agree(case)
    case.do("person", "set", "Dean Hall", address=SECRET)
    case.do("person", "set", "Dean Hall", address="3 Larch Road")
    case.do("person", "set", "Jane Souter", safe_address=SECRET)
    case.refused(4, "letter", "complaints", to="Dean Hall", text=f"Stay away from {SECRET}")
    assert office.run("letter", case.number, "complaints", to="Dean Hall", text="You live at 3 Larch Road").code == 0


def test_what_is_known_of_somebody_is_not_put_right_by_a_text(case: Case) -> None:
    case.do("person", "set", "P1", safe_address=SECRET)
    assert "asb person 1 set NAME" in case.refused(2, "correct", entry(case), text="7 Mill Row", because="she moved")


@pytest.mark.parametrize("typed", ["Ms Bell saw you throw it", "Moira saw you"])
def test_a_witness_of_the_other_definition_or_of_his_own_complaint_is_not_told_him(office: Office, typed: str) -> None:
    case = two_definitions(office)
    agree(case)
    other = office.case(2)
    agree(other)
    case.do("person", "add", "witness", "Moira Bell")
    other.refused(4, "letter", "complaints", to="Dean Hall", text=typed)
    counter = office.open(category="noise", complainant="Dean Hall", perpetrator="Ross Muir", new=True)
    counter.refused(4, "letter", "complaints", to="Dean Hall", text=typed)


@pytest.mark.parametrize(("tenant", "him"), [
    ("Dean Hall and Jane Souter", "Dean Hall"), ("Jane/Dean Hall", "Dean Hall"), ("Mr Dean Hall", "Dean Hall"),
    ("Hall, Dean", "Mr Dean Hall"), ("Mr Dean & Mrs Sheila Hall", "Dean Hall"), ("Hall, Dean & Sheila", "Sheila Hall"),
    ("Dean Hall, Sheila Hall", "Sheila Hall"), ("Dean Hall", "Dean & Sheila Hall"),
])  # fmt: skip
def test_a_joint_tenancy_and_a_title_are_known(office: Office, tenant: str, him: str) -> None:
    case = office.open(category="domestic-abuse", complainant="Jane Souter", address=HOME, perpetrator=him)
    office.do("tenancy", "start", tenant, address=HOME, at="yesterday", checks="references")
    assert "does not share" in case.refused(4, "letter", "acknowledgement", to="Jane Souter")
    office.do("tenancy", "end", "T1", at="today")
    assert office.run("letter", case.number, "acknowledgement", to="Jane Souter").code == 0, "he has moved out"


@pytest.mark.parametrize("named", ["Mrs Jane Souter", "Souter, Jane", "Mrs Souter, Jane", "Dean Hall & Jane Souter"])
@pytest.mark.parametrize("renamed", [False, True])
def test_a_safe_contact_is_known_by_title_and_by_a_former_name(case: Case, office: Office, named: str,
                                                              renamed: bool) -> None:  # fmt: skip
    if renamed:
        case.do("person", "rename", "Jane Souter", "Jane Boyd", because="she took her name back")
    assert "as ASB-1 says" in office.run("open", category="noise", complainant=named, summary="x",
                                         definition="personal").err


def test_a_case_that_was_to_forget_somebody_learns_nothing_more_of_them(office: Office) -> None:
    case = office.open(category="noise", complainant="Sue Hall")
    case.do("close", outcome="closed-unresolved", not_discussed="gone")
    case.do("reopen", because="again")
    case.do("redact", "--all", basis="retention is over", approved_by="Iain Kerr")
    office.case(2).do("person", "set", "Sue Hall", safe_address="77 Larch Drive", needs="deaf")
    office.case(2).do("person", "rename", "Sue Hall", "Susan Hall", because="her name")
    assert not any(said in office.run("show", 1).out for said in ("Larch Drive", "deaf", "Susan"))


def test_where_he_lived_before_does_not_keep_her_letters_from_her(case: Case, office: Office) -> None:
    case.do("person", "set", "P1", safe_address="none")
    case.do("person", "set", "P2", address=HOME)
    case.refused(4, "letter", "acknowledgement", to="P1")
    case.do("person", "set", "P2", address="30 Mill Street, Glasgow")  # excluded by the court
    assert office.run("letter", case.number, "acknowledgement", to="P1").code == 0


def test_fir_street_is_not_told_by_what_comes_first(office: Office) -> None:
    case = office.open(category="noise", complainant="Ada Boyd", address="3 Elm Street", perpetrator="Ross Muir")
    case.do("person", "set", "Ross Muir", address="8 Fir Street")
    assert office.run("letter", case.number, "acknowledgement", to="Ada Boyd").code == 0
    case.refused(4, "letter", "complaints", to="Ada Boyd", text="He lives at 8 Fir St")
    assert office.run("letter", case.number, "complaints", to="Ada Boyd", text="We first speak with you").code == 0


def test_who_was_removed_and_is_named_again_keeps_how_they_are_safely_reached(office: Office) -> None:
    case = office.open(category="noise", complainant="Jane Souter", perpetrator="Dean Hall", witness="Ann Lee")
    case.do("person", "set", "Ann Lee", safe_address=SECRET, do_not="write")
    case.do("person", "remove", "Ann Lee", because="she is no witness, she is a victim")
    case.do("person", "add", "victim", "ann lee", address="5 Oak Place")
    assert "not to be written to" in case.refused(4, "letter", "acknowledgement", to="Ann Lee")
    assert "SAFE CONTACT P3" in office.run("contact", case.number, "Wrote", with_="Ann Lee", channel="letter").err
    case.do("person", "add", "witness", "Ann Lee", "--new")
    assert len(case.show().people) == 4


def test_only_what_a_letter_quotes_can_keep_it_back_and_is_worded_anew(case: Case, office: Office) -> None:
    agree(case)
    case.do("warn", "P2", level="verbal", requires="Leave Ann Lee alone")
    warned = entry(case)
    assert office.run("letter", case.number, "complaints", to="P2").code == 0
    assert f"entry {warned} tells" in case.refused(4, "letter", "warning", to="P2")
    case.do("correct", warned, text="Leave your neighbours alone", because="worded anew")
    assert "Leave your neighbours alone" in office.run("letter", case.number, "warning", to="P2").out


def test_nobody_is_written_to_whose_name_was_erased(case: Case) -> None:
    case.do("redact", "--all", basis="a request", approved_by="Iain Kerr")
    assert "name was erased" in case.refused(4, "letter", "acknowledgement", to="P1")


# -- telling others

def test_a_disclosure_needs_consent_for_that_agency(case: Case) -> None:
    case.do("agency", "add", "Women's Aid", kind="other")
    refused = case.refused(4, "disclose", to="Women's Aid", what="her account")
    assert "3.7.4" in refused
    assert "Confidentiality" in refused
    case.do("consent", "Jane Souter", "given", for_="Women's Aid")
    case.do("disclose", to="Women's Aid", what="her account", basis="she asked us to")
    said = case.log()[-1]["says"]
    assert (said["to"], said["what"], said["ground"], said["basis"]) == (
        "Women's Aid", "her account", "consent", "she asked us to")
    case.do("consent", "Jane Souter", "withdrawn", for_="Women's Aid")
    case.refused(4, "disclose", to="Women's Aid", what="her account")


def test_a_relevant_authority_is_told_without_consent_but_not_in_domestic_abuse(case: Case, office: Office) -> None:
    case.do("agency", "add", "Council", kind="local-authority")
    case.refused(4, "disclose", to="Council", what="all")
    noise = office.open(category="noise")
    noise.do("agency", "add", "Council", kind="local-authority")
    noise.do("disclose", to="Council", what="noise times")
    assert noise.log()[-1]["says"]["ground"] == "relevant-authority"


def test_an_approval_is_of_the_role_that_the_procedure_names(case: Case) -> None:
    case.do("agency", "add", "Council", kind="local-authority")
    said: dict[str, Any] = {"to": "Council", "what": "all", "because": "risk", "approved_by": "Iain Kerr"}
    case.refused(4, "disclose", override="housing-manager", **said)
    case.do("disclose", override="director", **said)
    kept = case.log()[-1]["says"]
    assert (kept["ground"], kept["approved_by"], kept["role"]) == ("approval", "Iain Kerr", "director")


def test_an_emergency_goes_first_to_an_authority_and_to_nobody_else(case: Case) -> None:
    case.do("agency", "add", "Council", kind="local-authority")
    case.do("agency", "add", "Charity", kind="other")
    case.do("flag", "add", "child-at-risk", because="seen at the house")
    case.refused(4, "disclose", to="Charity", what="all")
    case.do("disclose", to="Council", what="all")
    assert case.state("disclosure-approval") == "open"
    assert case.state("tell-victim-disclosed") == "open"
    case.do("contact", "Told her of it", purpose="disclosure")
    assert case.state("tell-victim-disclosed") == "done"


def test_the_third_party_who_reported_it_is_told_nothing_without_written_consent(office: Office) -> None:
    case = office.open(category="noise", reporter="third-party", reported_by="Close Cleaner")
    case.do("consent", "Jane Souter", "given", for_="reveal-identity")
    assert "in writing" in case.refused(4, "disclose", to="Close Cleaner", what="what we did")


# -- subject access

def test_a_reply_that_nobody_else_reviewed_is_warned_of(case: Case, office: Office) -> None:
    alone = office.run("dsar", case.number, for_="Jane Souter", reviewed_by=case.show().officer)
    assert "reviewed the reply, and typed it too" in alone.err
    assert "typed it too" not in office.run("dsar", case.number, for_="Jane Souter", reviewed_by="Iain Kerr").err


def test_subject_access_tells_by_default_nothing(case: Case, office: Office) -> None:
    agree(case)
    assert "reviewer" in case.refused(4, "dsar", for_="Dean Hall")  # he knows of no case
    case.do("interview", "perpetrator", notes="Denied it, was calm", because="agreed")
    number = entry(case)
    draft = office.run("dsar", case.number, for_="Dean Hall")
    assert "DRAFT" in draft.out
    assert "Denied it" not in draft.out
    assert case.state("subject-access") == "open"
    assert "free text" in case.refused(2, "dsar", for_="Dean Hall", pass_=number)
    reply = office.do("dsar", case.number, for_="Dean Hall", reviewed_by="Iain Kerr", pass_=number)
    assert [each["says"]["notes"] for each in reply["entries"] if each["entry"] == number] == ["Denied it, was calm"]
    assert reply["withheld"]["about another person"] > 0
    assert case.state("subject-access") == "met"
    kept = case.log()[-1]["says"]
    assert (kept["reviewed_by"], kept["passed"]) == ("Iain Kerr", [number])
    text = json.dumps(reply)
    assert not any(of in text for of in ("Jane", "Souter", "Larch", "Elm", "Ann Lee", "domestic"))


def test_each_request_has_a_clock_of_its_own(case: Case) -> None:
    case.do("dsar", for_="Jane Souter", received="3d")
    case.do("dsar", for_="Ann Lee")
    case.do("dsar", for_="Ann Lee", reviewed_by="Iain Kerr")
    assert sorted((row.item, row.state) for row in case.deadlines("subject-access")) == [("P1", "open"), ("P3", "met")]


# -- restricted cases

def test_a_restricted_case_is_its_reference_and_the_word(case: Case, office: Office) -> None:
    case.do("interview", "victim", notes="Told of bruises")
    before = {name: office.run(*words).out for name, words in LISTS.items()}
    assert any("Threats" in out for out in before.values())
    case.do("flag", "add", "restricted", because="a colleague is her sister")
    for name, words in LISTS.items():
        out = office.run(*words).out
        assert case.ref in out, name
        assert "restricted" in out, name
        for said in ("Threats", "Jane", "Souter", "Larch", "Elm", "Dean", "bruises", "domestic-abuse", "Mhairi"):
            assert said not in out, (name, said)
    echoed = office.run("note", case.number, "She moved to Elm Street")
    assert echoed.out == f"{case.ref} (restricted)\n"
    assert "Jane" not in echoed.err
    assert "Jane" not in json.dumps(office.do("note", case.number, "again"))


LISTS: dict[str, tuple[str, ...]] = {
    "list": ("list",), "list --json": ("list", "--json"), "list --csv": ("list", "--csv"),
    "list --on": ("list", "--on", "today"), "search": ("search", "threats"), "due": ("due",),
    "due --json": ("due", "--json"), "due --on": ("due", "--on", "tomorrow"), "cases": ("export", "cases"),
    "people": ("export", "people"), "incidents": ("export", "incidents"), "deadlines": ("export", "deadlines"),
}  # fmt: skip


@pytest.mark.parametrize("verb", ["show", "history", "explain", "checklist"])
def test_opening_a_restricted_case_asks_a_reason_and_logs_it(case: Case, office: Office, verb: str) -> None:
    case.do("flag", "add", "restricted", because="a colleague is her sister")
    assert "restricted" in case.refused(2, verb)
    before = office.do("show", case.number, because="first")
    assert office.run(verb, case.number, because="handover").code == 0
    after = office.do("show", case.number, because="last")
    assert (after["last_entry"], after["deadlines"]) == (before["last_entry"], before["deadlines"])
    log = office.do("history", case.number, because="audit")
    seen = [each["says"]["because"] for each in log if each["kind"] == "viewed"]
    assert seen == ["first", "handover", "last", "audit"]
    case.do("note", "Who only looks stands in nobody's way", if_last=before["last_entry"])
    assert office.run("verify").code == 0


@pytest.mark.parametrize("step", ["list", "export"])
def test_its_evidence_is_looked_at_for_a_reason_too(case: Case, office: Office, tmp_path: Path, step: str) -> None:
    (tmp_path / "door.jpg").write_bytes(b"the door")
    case.do("evidence", "add", tmp_path / "door.jpg", text="Her new door in Elm Street")
    said: tuple[Any, ...] = (entry(case), "--out", tmp_path / "copy.jpg") if step == "export" else ()
    case.do("flag", "add", "restricted", because="a colleague is her sister")
    refused = office.run("evidence", case.number, step, *said)
    assert refused.code == 2
    assert "Elm" not in refused.out + refused.err
    assert not (tmp_path / "copy.jpg").exists()
    ran = office.run("evidence", case.number, step, *said, because="for the court")
    assert ran.code == 0, ran.err
    seen = [each["says"]["because"] for each in office.do("history", case.number, because="audit")
            if each["kind"] == "viewed"]
    assert seen == ["for the court", "audit"]


def test_repeats_say_nothing_of_who_is_in_a_restricted_case(case: Case, office: Office) -> None:
    other = office.open(category="noise", complainant="Jane Souter", address=HOME, perpetrator="Dean Hall")
    assert {row["who"] for row in office.do("repeats")} == {"Jane Souter", "Dean Hall", HOME}
    case.do("flag", "add", "restricted", because="a colleague is her sister")
    assert office.do("repeats") == []
    other.do("flag", "add", "restricted", because="so is this")
    assert office.do("repeats") == []


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_day_closed_tells_of_a_restricted_case_that_a_date_of_it_moved(office: Office, form: tuple[str, ...]) -> None:
    known = office.open(category="noise", complainant="Agnes Baird", received="2026-11-20 09:00")
    hate = office.open(category="hate", complainant="Jane Souter", received="2026-11-20 09:00")
    assert hate.deadline("hate-review-plan").due, "hate has a review that counts working days"
    hate.do("flag", "add", "restricted", because="a colleague is her sister")
    closed = office.run("calendar", "close", "24/11/2026", "The boiler", *form)
    assert "start-investigation" in closed.out, "of the other case it is told"
    assert known.ref in closed.out
    log = office.run("export", "log").out
    for said in (closed.out, log):
        assert f"{hate.ref}" in said
        assert "hate" not in said
        assert "P2" not in said
    assert office.run("verify").code == 0


def test_what_the_calendar_moved_before_a_case_was_restricted_leaves_with_no_export(office: Office) -> None:
    hate = office.open(category="hate", complainant="Jane Souter", received="2026-11-20 09:00")
    assert "hate-review-plan" in office.run("calendar", "close", "24/11/2026", "The boiler").out
    assert "hate-review-plan" in office.run("export", "log").out
    hate.do("flag", "add", "restricted", because="a colleague is her sister")
    assert "hate" not in office.run("export", "log").out


@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",)])
def test_the_review_of_a_restricted_case_tells_its_reference_and_no_more(case: Case, office: Office,
                                                                         form: tuple[str, ...]) -> None:
    other = office.open(category="noise", complainant="Agnes Baird")
    other.do("close", outcome="closed-unresolved", not_discussed="gone")
    case.do("close", outcome="perpetrator-left", not_discussed="gone", because="He moved to Perth")
    case.do("flag", "add", "restricted", because="a colleague is her sister")
    said = office.run("retention", *form).out
    [line] = [row for row in office.do("retention") if row["ref"] == case.ref]
    assert {name: value for name, value in line.items() if value} == {"ref": case.ref, "period": "restricted"}
    assert "closed-unresolved" in said, "of the other case it is told"
    assert case.ref in said
    assert "restricted" in said
    assert "perpetrator-left" not in said


def test_a_case_that_follows_from_a_restricted_one_says_only_what_may_save_a_life(office: Office) -> None:
    case = office.open(category="domestic-abuse", complainant="Jane Souter", immediate_danger="yes")
    told = office.run("open", category="domestic-abuse", complainant="Ada Boyd", summary="Again", new=True,
                      definition="personal").err
    assert "advise the victim to call the local police" in told, "of an open case the procedure's words are told"
    case.do("flag", "add", "restricted", because="a colleague is her sister")
    follows = office.run("open", from_=case.number, definition="nuisance", summary="More")
    assert follows.out == "ASB-3 (restricted)\n"
    assert "Dial 999 now" in follows.err
    assert "police" not in follows.err


def test_a_letter_from_a_restricted_case_needs_the_reason_too(case: Case, office: Office) -> None:
    case.do("flag", "add", "restricted", because="a colleague is her sister")
    case.refused(2, "letter", "acknowledgement", to="P1")
    assert office.run("letter", case.number, "acknowledgement", to="P1", because="her letter").code == 0


# -- the same person, the same address

def test_the_same_person_and_address_are_found_whatever_their_spelling(case: Case, office: Office) -> None:
    other = office.open(category="noise", complainant="JANE  SOUTER", address="2/1 14 larch rd",
                        perpetrator="Deán Hall")
    office.open(category="noise", complainant="Agnes Baird")
    for named in ({"person": "jane souter"}, {"address": "FLAT 2/1, 14 Larch Road"}, {"person": "dean  hall"}):
        assert [row["ref"] for row in office.do("list", **named)] == [case.ref, other.ref], named
    assert {(row["kind"], row["who"]) for row in office.do("repeats")} == {
        ("victim", "Jane Souter"), ("perpetrator", "Dean Hall"), ("address", HOME)}


def test_two_definitions_of_one_report_are_no_repeat(office: Office) -> None:
    office.open(category="noise", definition=["nuisance", "personal"], complainant="Jane Souter")
    assert office.do("repeats") == []


# -- the door

def modules() -> Iterator[Any]:
    """Every module of the room that forms are made in."""
    for each in pkgutil.iter_modules(asbcli.outputs.__path__):
        yield importlib.import_module(f"asbcli.outputs.{each.name}")


HELPERS = {"leaks"}  # the door itself
MAKES_NO_FORM = {"write_calendar", "uid", "side", "address_for", "contents", "is_about", "is_free_text"}


def test_every_function_that_makes_a_form_goes_through_the_door() -> None:
    loose = [
        f"{module.__name__}.{name}"
        for module in modules() if module.__name__.rpartition(".")[2] not in HELPERS
        for name, made in vars(module).items()
        if inspect.isfunction(made) and made.__module__ == module.__name__ and not name.startswith("_")
        and made not in REGISTRY.values() and name not in MAKES_NO_FORM
    ]  # fmt: skip
    assert loose == [], "mark it with @leaves, so that the leak check reads it before anybody else does"


def test_no_form_is_written_but_by_the_door() -> None:
    writes = {"open", "write", "write_text", "write_bytes", "print", "fdopen", "whole_file", "write_whole"}
    for module in modules():
        if module.__name__.rpartition(".")[2] in HELPERS:
            continue
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text())):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                assert called not in writes or _by_the_door(node), f"{module.__name__}:{node.lineno} writes"


def _by_the_door(node: ast.Call) -> bool:
    """`write(path, form(...))`: what it writes came through the door."""
    return getattr(node.func, "id", "") == "write" and len(node.args) == 2


def test_an_approval_of_a_draft_is_logged_once_and_holds_when_it_is_sent(case: Case, office: Office) -> None:
    case.do("warn", "Dean Hall", level="written", requires="Make no threats")
    case.do("consent", "Jane Souter", "given", for_="perpetrator-contact")
    said: dict[str, Any] = {"override": "director", "approved_by": "Iain Kerr", "because": "safe with the police there"}
    assert "Make no threats" in office.run("letter", case.number, "warning", to="Dean Hall", **said).out
    assert office.run("verify").code == 0
    case.do("letter", "warning", to="Dean Hall", sent="today")
    kinds = [row["kind"] for row in case.log()]
    assert kinds.count("approval") == 1
    assert kinds[-1] == "letter"


def test_a_letter_that_has_gone_is_recorded_with_what_was_wrong_with_it(case: Case, office: Office) -> None:
    case.do("warn", "Dean Hall", level="written", requires="Stay away from Elm Street")
    ran = office.run("letter", case.number, "warning", to="Dean Hall", sent="today", because="sent in haste")
    assert ran.code == 0
    assert "should not have gone" in ran.err
    assert [row["kind"] for row in case.log()][-3:] == ["breach", "breach", "letter"]
    assert "text" not in case.log()[-1]["says"]


@pytest.mark.parametrize(("known", "said"), [
    ({"name": "Wei Li"}, "Mr Li reported it"),
    ({"name": "Anne-Marie Smith-Jones"}, "Ms Jones saw you"),
    ({"phone": "07700 900123 (9-5)"}, "ring 07700900123"),
    ({"phone": "07700 900789 9-5"}, "ring 07700 900789"),
    ({"phone": "0141 555 0777 - 2 evenings"}, "ring 0141 555 0777"),
    ({"phone": "0141 555 0123 / 07700 900456 (2nd phone)"}, "ring 07700900456"),
    ({"phone": "555 0123 / 07700 900456"}, "ring 07700 900456"),
    ({"phone": "1) 07700 900456 2) 07700 900457"}, "ring 07700 900457"),
    ({"phone": "0044 7700 900 123"}, "ring 07700900123"),
    ({"safe_address": "14 Great Western Road, Glasgow"}, "She is at 14 Gt Western Rd"),
    ({"safe_address": "Flat 0/2, 9 Elm Street"}, "She is in G/2"),
    ({"safe_address": "Flat 2/1, 9 Elm Street"}, "She is in 02/01"),
    ({"safe_address": "9 Elm Terrace, Glasgow"}, "She is at 9 Elm Tce"),
])  # fmt: skip
def test_what_an_officer_would_type_of_somebody_is_known_for_theirs(
    office: Office, known: dict[str, str], said: str
) -> None:
    case = office.open(category="noise", perpetrator="Dean Hall", perpetrator_tenure="own-tenant",
                       received="2025-09-01")
    case.do("consent", "Jane Souter", "given", for_="perpetrator-contact", at="2025-09-01")
    case.do("person", "add", "witness", known.get("name", "Ina Black"), at="2025-09-01")
    of = {key: value for key, value in known.items() if key != "name"}
    if of:
        case.do("person", "set", "Ina Black", **of)
    assert "what was typed tells P3's" in case.refused(4, "letter", "complaints", to="Dean Hall", text=said)
    case.do("letter", "complaints", to="Dean Hall", text="We have noted what you told us on Monday 8 September.")


def test_nobody_is_written_to_where_an_alleged_perpetrator_is_to_be_written_to(office: Office) -> None:
    case = office.open(category="noise", perpetrator="Dean Hall", perpetrator_tenure="own-tenant",
                       received="2025-09-01")
    case.do("person", "set", "Jane Souter", safe_address="37 Cathcart Road, Glasgow")
    case.do("person", "set", "Dean Hall", safe_address="37 Cathcart Rd")
    case.refused(4, "letter", "acknowledgement", to="Jane Souter")
