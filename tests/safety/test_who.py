"""Who is who: names typed twice, wrongly, or alike; people in several cases and on both sides of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from housing_office import Case, Office

HOME, REFUGE = "9 Elm Street, Perth", "Flat 3/2, 7 Yew Row, Perth"


def opened(office: Office, complainant: str, perpetrator: str = "unknown", **said: Any) -> Case:
    """A case of noise."""
    return office.open(category="noise", complainant=complainant, perpetrator=perpetrator, **said)


def entry(case: Case, kind: str) -> int:
    """The last entry of a kind."""
    return max(each["entry"] for each in case.log() if each["kind"] == kind)


def people(case: Case) -> dict[str, dict[str, Any]]:
    """Who is in the case, by id."""
    return {each["id"]: each for each in case.show().people}


def told(case: Case, to: str, text: str) -> int:
    """The exit code of a letter that says something to the alleged perpetrator, with a manager's approval of it."""
    return case.office.run("letter", case.number, "complaints", to=to, text=text, override="housing-manager",
                           approved_by="Iain Ross", because="they complained").code


def acknowledged(case: Case, to: str) -> int:
    """The exit code of an acknowledgement to somebody."""
    return case.office.run("letter", case.number, "acknowledgement", to=to).code


# -- who is named again

def test_nobody_gets_the_id_of_who_was_named_by_mistake(office: Office) -> None:
    case = opened(office, "Jane Souter")
    case.do("person", "add", "witness", "Wilma Stone")
    case.do("person", "set", "Wilma Stone", safe_address=REFUGE, phone="07700 900111")
    case.do("correct", entry(case, "person"), "--void", because="typed in the wrong role")
    case.do("person", "add", "perpetrator", "Ross Gray")
    assert people(case)["P3"]["name"] == "Ross Gray"
    assert not people(case)["P3"]["safe_address"]
    assert told(case, "Ross Gray", f"Stay away from {REFUGE}") == 4
    case.do("person", "add", "witness", "Wilma Stone")
    assert people(case)["P2"]["safe_address"] == REFUGE, "named again she is who she was"


@pytest.mark.parametrize(("there", "named"), [
    ("Mrs Kerr", "Mr Kerr"), ("Mr & Mrs Kerr", "Mrs Kerr"), ("Rab and Jane Kerr", "Jane Kerr"),
    ("Jane Kerr", "Kerr, Jane"),
])  # fmt: skip
def test_names_that_are_only_alike_are_asked_about(office: Office, there: str, named: str) -> None:
    case = opened(office, there)
    assert "P1 of ASB-1 may be the same person" in case.refused(2, "person", "add", "perpetrator", named)
    case.do("person", "add", "perpetrator", named, "--new", address="22 Oak Road")
    assert [sorted(each["roles"]) for each in people(case).values()] == [["complainant", "victim"], ["perpetrator"]]


def test_an_id_of_another_case_is_no_name(office: Office) -> None:
    opened(office, "Jane Souter", "Dean Hall")
    case = opened(office, "Ina Reid")
    assert "ASB-2 has no P1" in case.refused(3, "person", "add", "witness", "P1")


def test_who_was_removed_is_not_named_again_from_before_that(office: Office) -> None:
    case = opened(office, "Jane Souter", "Dean Hall", received="2025-11-17")
    case.do("person", "remove", "Dean Hall", because="mistaken")
    assert "was removed from ASB-1" in case.refused(2, "person", "add", "perpetrator", "Dean Hall", at="2025-11-18")
    case.do("person", "add", "perpetrator", "Dean Hall")
    assert people(case)["P2"]["roles"] == ["perpetrator"]


@pytest.mark.parametrize("victim", ["jane kerr", "Mrs Jane Kerr", "Kerr, Jane"])
def test_who_is_named_twice_in_a_report_is_one(office: Office, victim: str) -> None:
    case = opened(office, "Jane Kerr", victim=victim)
    assert [sorted(each["roles"]) for each in people(case).values()] == [["complainant", "victim"]]


def test_a_father_may_complain_of_a_son_of_his_name(office: Office) -> None:
    done = office.run("open", category="noise", definition="personal", summary="Shouting", complainant="John Smith",
                      perpetrator="John Smith", address=HOME)
    assert "two people in this case have one name" in done.err
    case = office.case(1)
    assert [each["roles"] for each in people(case).values()] == [["complainant", "victim"], ["perpetrator"]]
    case.do("person", "set", "P2", address="22 Oak Road, Perth")
    assert acknowledged(case, "P1") == 0
    case.do("person", "set", "P2", address=HOME)
    assert acknowledged(case, "P1") == 4


def test_names_that_were_swapped_and_put_right_keep_no_letter_back(office: Office) -> None:
    case = opened(office, "Rab Kerr", "Jane Souter", address=HOME)
    case.do("person", "rename", "P1", "Jane Souter", because="swapped")
    case.do("person", "rename", "P2", "Rab Kerr", because="swapped")
    assert acknowledged(case, "P1") == 0


def test_somebody_s_own_name_tells_them_nothing_of_who_has_a_part_of_it(office: Office) -> None:
    case = opened(office, "John Smith", "John Smith jnr")
    assert told(case, "P2", "You may not agree.") == 0


# -- when it was, and when it was written down

def test_what_was_written_down_last_holds_whenever_it_was(office: Office) -> None:
    case = opened(office, "Jane Souter", address=HOME, received="2025-11-17")
    case.do("person", "set", "P1", safe_address="1 Old Refuge", at="2025-11-20")
    case.do("person", "set", "P1", safe_address=REFUGE, at="2025-11-18")
    assert people(case)["P1"]["safe_address"] == REFUGE
    assert office.run("verify").code == 0


def test_what_was_known_before_somebody_was_named_counts_from_then(office: Office) -> None:
    case = opened(office, "Jane Souter", received="2025-11-17")
    case.do("person", "add", "witness", "Wilma Stone", address="4 Fir Lane", at="2025-11-20")
    case.do("person", "set", "Wilma Stone", safe_address=REFUGE, tenure="own-tenant", do_not=["letters"],
            at="2025-11-18")
    wilma = people(case)["P2"]
    assert (wilma["safe_address"], wilma["tenure"], wilma["do_not"]) == (REFUGE, "own-tenant", ["letters"])
    case.do("correct", entry(case, "person"), happened="2025-11-21", because="it was Friday")
    assert people(case)["P2"]["safe_address"] == REFUGE


def test_a_safe_address_set_from_an_earlier_day_is_that_of_the_later_case_too(office: Office) -> None:
    case = opened(office, "Jane Kerr", received="2025-11-17")
    case.do("person", "set", "P1", safe_address="1 Old Refuge", at="2025-11-17")
    later = office.open(from_=1, received="2025-11-21 10:00", summary="Again")
    case.do("person", "set", "P1", safe_address=REFUGE, at="2025-11-19")
    assert people(later)["P1"]["safe_address"] == REFUGE


def test_a_consent_withdrawn_is_not_given_by_an_older_one_written_down_after(office: Office) -> None:
    case = opened(office, "Jane Kerr", "Dean Hall", received="2025-11-17")
    case.do("consent", "Jane Kerr", "withdrawn", for_="reveal-identity", at="2025-11-21")
    case.do("consent", "Jane Kerr", "given", for_="reveal-identity", at="2025-11-18")
    assert told(case, "Dean Hall", "Jane Kerr told us.") == 4


# -- on both sides

@pytest.mark.parametrize("verb", ["open", "reopen"])
def test_a_counter_complaint_does_not_make_her_address_his(office: Office, verb: str) -> None:
    case = opened(office, "Jane Souter", "Dean Hall", address="14 Larch Road, Perth")
    said = {"complainant": "Dean Hall", "victim": "Dean Hall", "perpetrator": "Jane Souter", "summary": "counter"}
    if verb == "open":
        office.open(from_=1, **said)
    else:
        case.do("close", outcome="closed-unresolved", not_discussed="gone")
        case.do("reopen", because="he complains now", **said)
    counter = office.case(2)
    assert people(counter)["P2"]["roles"] == ["complainant", "victim"]
    assert people(counter)["P1"]["roles"] == ["perpetrator"]
    counter.refused(4, "letter", "complaints", to="Dean Hall", text="We will visit 14 Larch Road.")
    assert "14 Larch" not in office.run("dsar", 2, "--pass", entry(counter, "report"), for_="Dean Hall",
                                        reviewed_by="Iain Ross").out


def test_who_complains_now_is_not_accused_as_before(office: Office) -> None:
    opened(office, "Jane Souter", "Dean Hall", witness="Noah Gunn")
    counter = office.open(from_=1, complainant="Dean Hall", victim="Dean Hall", summary="counter")
    assert {each["name"]: each["roles"] for each in people(counter).values()} == {
        "Dean Hall": ["complainant", "victim"], "Noah Gunn": ["witness"]}
    both = office.open(from_=1, complainant="Dean Hall", perpetrator="Jane Souter", summary="counter")
    assert {each["name"]: each["roles"] for each in people(both).values()} == {
        "Dean Hall": ["complainant", "victim"], "Jane Souter": ["perpetrator"], "Noah Gunn": ["witness"]}


def test_who_complains_now_does_not_get_the_address_of_who_did_before(office: Office) -> None:
    opened(office, "Jane Souter", "Dean Hall", address="14 Larch Road, Perth")
    later = office.open(from_=1, complainant="Tom Wilk", victim="Tom Wilk", summary="Again")
    assert {each["name"]: each["address"] for each in people(later).values()} == {"Tom Wilk": None, "Dean Hall": None}


def test_where_both_accuse_each_other_each_is_written_to_safely(office: Office) -> None:
    case = office.open(category="domestic-abuse", complainant="Jane Kerr", address=HOME, perpetrator="Rab Kerr")
    case.do("person", "set", "Rab Kerr", address=HOME)
    case.do("person", "add", "perpetrator", "P1")
    case.do("person", "add", "victim", "P2")
    assert "does not share" in case.refused(4, "letter", "closing", to="Jane Kerr", override="director",
                                            approved_by="Ann Lee", because="x")


def test_a_victim_of_somebody_at_her_address_is_not_written_to_there_in_any_case(office: Office) -> None:
    case = office.open(category="domestic-abuse", complainant="Jane Kerr", address=HOME, perpetrator="Rab Kerr")
    case.do("person", "set", "Rab Kerr", address=HOME)
    same = office.open(from_=1, category="noise", perpetrator="Nora Lang", summary="Her neighbour's dog")
    assert "address in ASB-1 may be the same" in same.refused(4, "letter", "acknowledgement", to="P1")
    alike = opened(office, "Jane Kerr", "Nora Lang", address=HOME)
    assert "the alleged perpetrator of ASB-1 lives at this address" in office.run(
        "letter", alike.number, "acknowledgement", to="Jane Kerr").err


# -- whether it is her

def safe_elsewhere(office: Office) -> Case:
    """Jane Kerr is reached only at the refuge, as the first case says; this is the second one of that name."""
    case = opened(office, "Jane Kerr", "Rab Kerr")
    case.do("person", "set", "P1", safe_address=REFUGE)
    return opened(office, "Jane Kerr", "Nora Lang", address=HOME)


def test_whether_it_is_her_is_settled_by_her_safe_address_alone(office: Office) -> None:
    case = safe_elsewhere(office)
    case.do("person", "set", "Jane Kerr", safe_times="after 14:00")
    assert acknowledged(case, "Jane Kerr") == 4
    case.do("person", "set", "Jane Kerr", safe_address="none")
    assert acknowledged(case, "Jane Kerr") == 0
    case.do("correct", entry(case, "person-known"), "--void", because="it is the same woman")
    assert acknowledged(case, "Jane Kerr") == 4


def test_whether_it_is_her_is_asked_again_when_the_other_case_learns_it(office: Office) -> None:
    case = safe_elsewhere(office)
    case.do("person", "set", "Jane Kerr", safe_address="none")
    office.case(1).do("person", "set", "P1", safe_address="1 New Row, Perth")
    assert acknowledged(case, "Jane Kerr") == 4


def test_two_of_one_name_in_a_case_are_told_apart_before_a_letter_goes(office: Office) -> None:
    case = opened(office, "Jane Kerr", "Rab Kerr")
    case.do("person", "set", "P1", safe_address=REFUGE)
    case.do("person", "add", "witness", "Mrs Jane Kerr", "--new", address=HOME)
    assert acknowledged(case, "P3") == 4


# -- what others have of the same people

def test_a_tenancy_in_the_name_she_had_is_still_where_she_lives(office: Office) -> None:
    case = opened(office, "Jane Kerr", "Dean Hall")
    office.do("tenancy", "start", "Jane Kerr", address=HOME, at="yesterday", checks="references")
    case.do("person", "rename", "Jane Kerr", "Jane Souter", because="separated")
    assert told(case, "Dean Hall", f"We will visit {HOME}") == 4


@pytest.mark.parametrize("linked", [False, True])
def test_the_people_of_a_linked_case_and_of_his_other_one_are_not_told_of_either(office: Office, linked: bool) -> None:
    opened(office, "Jane Souter", "Rab Other" if linked else "Dean Hall")
    case = opened(office, "Tom Wilk", "Dean Hall")
    if linked:
        case.do("link", 1, because="one stair")
    office.do("tenancy", "start", "Jane Souter", address="22 Larch Road, Perth", at="yesterday", checks="references")
    opened(office, "Jane Souter", "Ina Other", address="5 Hidden Close, Perth")
    for hers in ("22 Larch Road", "5 Hidden Close"):
        assert told(case, "Dean Hall", f"We will visit {hers}.") == 4


def test_who_complained_for_her_is_not_told_to_her(office: Office) -> None:
    case = opened(office, "Wilma Stone", "Rab Kerr", victim="Jane Kerr", witness="Noah Gunn")
    for name in ("Wilma Stone", "Noah Gunn"):
        assert told(case, "Jane Kerr", f"{name} reported it.") == 4
    assert told(case, "Wilma Stone", "You named Noah Gunn.") == 0
    assert "P4's name" in case.refused(4, "letter", "acknowledgement", to="Jane Kerr", text="Noah Gunn said so.")


def test_consent_to_tell_one_john_smith_is_not_consent_to_tell_the_other(office: Office) -> None:
    case = opened(office, "Jane Kerr", "John Smith")
    case.do("person", "add", "third-party", "John Smith", "--new")
    case.do("consent", "Jane Kerr", "given", "--written", for_="P3")
    case.refused(4, "disclose", to="P2", what="There was a complaint about noise")
    assert office.run("disclose", 1, to="P3", what="There was a complaint about noise").code == 0


# -- what follows from a case

def test_what_protects_somebody_is_not_left_out_of_what_follows(office: Office) -> None:
    case = office.open(category="domestic-abuse", complainant="Jane Kerr", perpetrator="Rab Kerr")
    case.do("flag", "add", "restricted", because="her family works here")
    office.open(from_=1, category="noise", priority="1", flag="violence", summary="Again", because="follows")
    flags = office.do("show", 2, because="to see")["flags"]
    assert {"domestic-abuse", "restricted", "violence"} <= set(flags)


def test_a_link_taken_back_is_gone_at_both_ends(office: Office) -> None:
    case, other = opened(office, "Jane Souter"), opened(office, "Ina Reid")
    case.do("link", other.number, because="one stair")
    case.do("correct", entry(case, "link"), "--void", because="another stair")
    assert [case.show().links, other.show().links] == [[], []]


# -- names and addresses that were put right, and what follows from it

def let(office: Office, tenant: str, address: str) -> None:
    """A tenancy of ours."""
    office.do("tenancy", "start", tenant, address=address, at="yesterday", checks="references")


def test_a_swap_that_was_put_right_leaves_each_their_own_tenancy(office: Office) -> None:
    case = opened(office, "Rab Kerr", "Jane Souter", address=HOME)
    case.do("person", "rename", "P1", "Jane Souter", because="swapped")
    case.do("person", "rename", "P2", "Rab Kerr", because="swapped")
    let(office, "Rab Kerr", HOME)
    let(office, "Jane Souter", "22 Larch Road, Perth")
    assert acknowledged(case, "P1") == 4
    assert told(case, "P2", "We will visit 22 Larch Road.") == 4


def test_one_of_a_couple_is_not_told_the_new_tenancy_of_the_other(office: Office) -> None:
    case = opened(office, "Ann Gow", "Rab and Jane Kerr")
    case.do("person", "rename", "P2", "Rab Kerr", because="it is he alone")
    case.do("person", "add", "victim", "Jane Kerr", "--new")
    let(office, "Jane Kerr", "5 Hidden Close, Perth")
    assert told(case, "P2", "We will visit 5 Hidden Close.") == 4


def test_no_letter_goes_to_two_of_whom_one_is_accused(office: Office) -> None:
    case = opened(office, "Rab and Jane Kerr", address=HOME)
    let(office, "Rab and Jane Kerr", HOME)
    case.do("person", "add", "perpetrator", "Rab Kerr", "--new")
    assert "Write to one of them" in case.refused(4, "letter", "acknowledgement", to="P1")
    case.do("person", "rename", "P1", "Jane Kerr", because="it is she who asked")
    assert "a tenancy in their name is there" in case.refused(4, "letter", "acknowledgement", to="P1")


@pytest.mark.parametrize("verb", ["open", "reopen"])
def test_whom_others_named_is_not_told_to_who_complains_now(office: Office, verb: str) -> None:
    case = opened(office, "Jane Souter", "Dean Hall", witness="Wilma Stone")
    case.do("person", "add", "witness", "Noah Gunn")
    said = {"complainant": "Dean Hall", "victim": "Dean Hall", "perpetrator": "Jane Souter", "summary": "counter"}
    if verb == "open":
        office.open(from_=1, **said)
    else:
        case.do("close", outcome="closed-unresolved", not_discussed="gone")
        case.do("reopen", because="he complains now", **said)
    for name in ("Wilma Stone", "Noah Gunn"):
        assert told(office.case(2), "Dean Hall", f"{name} will be asked.") == 4
    assert told(office.case(2), "Dean Hall", "You told us of Jane Souter.") == 0


def test_who_complains_again_still_knows_whom_they_named_and_no_more(office: Office) -> None:
    case = opened(office, "Jane Souter", "Dean Hall", witness="Wilma Stone")
    case.do("person", "add", "witness", "Noah Gunn")
    office.open(from_=1, summary="Again")
    office.open(from_=2, summary="And again")
    assert told(office.case(3), "Jane Souter", "You named Dean Hall and Wilma Stone.") == 0
    assert told(office.case(3), "Jane Souter", "Noah Gunn told us too.") == 4


def test_who_was_renamed_may_still_be_who_is_reached_safely(office: Office) -> None:
    case = safe_elsewhere(office)
    case.do("person", "rename", "P3", "Jane Souter", because="separated")
    assert acknowledged(case, "P3") == 4


def test_a_refuge_that_was_left_is_asked_about_in_the_other_case(office: Office) -> None:
    case = safe_elsewhere(office)
    case.do("person", "set", "P3", safe_address=REFUGE)
    assert acknowledged(case, "P3") == 0
    office.case(1).do("person", "set", "P1", safe_address="7 Yew Row, Dundee", do_not=["letters"])
    assert "ASB-1 says how to reach safely" in case.refused(4, "letter", "acknowledgement", to="P3")


def test_two_of_one_name_who_are_not_the_same_do_not_unsettle_each_other(office: Office) -> None:
    one, other = opened(office, "Jane Kerr", address=HOME), opened(office, "Jane Kerr", address="5 Fir Lane, Perth")
    for case, who in ((one, "P1"), (other, "P2")):
        case.do("person", "set", who, do_not=["phone"])
    for case, who in ((one, "P1"), (other, "P2")):
        case.do("person", "set", who, safe_address="none")
    assert [acknowledged(one, "P1"), acknowledged(other, "P2")] == [0, 0]


@pytest.mark.parametrize("named", [("perpetrator", "John Smith"), ("witness", "John Smith")])
def test_a_second_john_smith_who_lives_elsewhere_is_asked_about(office: Office, named: tuple[str, str]) -> None:
    case = opened(office, "John Smith", address=HOME)
    assert "may be the same person" in case.refused(2, "person", "add", *named, address="22 Oak Road, Perth")
    done = office.run("person", 1, "add", "witness", "P1", address="22 Oak Road, Perth")
    assert f"address {HOME} → 22 Oak Road, Perth" in done.out


@pytest.mark.parametrize("put_right", ["void", "none", "3 Fir Lane, Perth"])
def test_an_address_typed_of_him_and_then_of_her_is_not_his_in_any_case(office: Office, put_right: str) -> None:
    case = opened(office, "Jane Souter", "Dean Hall", address=HOME)
    hers = "22 Larch Road, Perth"
    case.do("person", "set", "P2", address=hers)
    later = office.open(from_=1, summary="Again")
    if put_right == "void":
        case.do("correct", entry(case, "person-known"), "--void", because="hers")
    else:
        case.do("person", "set", "P2", address=put_right)
    case.do("person", "set", "P1", address=hers)
    assert [told(each, "P2", "We will visit 22 Larch Road.") for each in (case, later)] == [4, 4]


def test_the_address_of_who_was_removed_is_not_that_of_who_complains_instead(office: Office) -> None:
    case = opened(office, "Jane Kerr", "Rab Kerr", address=HOME)
    for role in ("complainant", "victim"):
        case.do("person", "add", role, "Ann Gow")
    case.do("person", "remove", "P1", because="never hers")
    later = office.open(from_=1, summary="Again")
    assert told(later, "Ann Gow", f"We were at {HOME}.") == 4


def test_a_void_in_what_follows_leaves_the_case_before_as_it_is(office: Office) -> None:
    case = opened(office, "Jane Kerr")
    case.do("person", "set", "P1", safe_address=REFUGE, do_not=["letters"])
    case.do("person", "set", "P1", phone="07700 900111")
    later = office.open(from_=1, summary="Again")
    later.do("correct", entry(later, "person-known"), "--void", because="that number is wrong")
    assert people(case)["P1"]["safe_address"] == REFUGE


@pytest.mark.parametrize("none", ["None", "NONE"])
def test_none_in_any_letters_takes_back(office: Office, none: str) -> None:
    case = opened(office, "Jane Kerr", address=HOME)
    case.do("person", "set", "P1", safe_address=REFUGE, do_not=["letters"])
    case.do("person", "set", "P1", safe_address=none, do_not=[none])
    assert (people(case)["P1"]["safe_address"], people(case)["P1"]["do_not"]) == (None, [])


@pytest.mark.parametrize("safe", ["unknown", "c/o parents"])
def test_an_address_that_says_no_place_stands_on_no_letter_and_no_other_does(office: Office, safe: str) -> None:
    case = opened(office, "Jane Kerr", address=HOME)
    case.do("person", "set", "P1", safe_address=safe)
    draft = office.run("letter", case.number, "acknowledgement", to="P1").out
    assert HOME not in draft
    assert f"\n{safe}" not in draft


def test_who_is_meant_in_what_follows_may_be_said_by_id_or_with_a_title(office: Office) -> None:
    opened(office, "Jane Souter", "Dean Hall")
    for named in (("P2", "P1"), ("Mr Dean Hall", "Souter, Jane")):
        counter = office.open(from_=1, complainant=named[0], victim=named[0], perpetrator=named[1], summary="counter")
        assert {each["name"]: each["roles"] for each in people(counter).values()} == {
            "Dean Hall": ["complainant", "victim"], "Jane Souter": ["perpetrator"]}
    assert "P9 is an id" in office.refused(3, "open", category="noise", definition="personal", summary="x",
                                           complainant="P9")


def test_nobody_is_called_unknown(office: Office) -> None:
    assert "nobody's name" in opened(office, "Jane Souter").refused(2, "person", "add", "perpetrator", "Unknown")


def test_a_second_link_is_taken_back_and_the_first_one_stays(office: Office) -> None:
    opened(office, "Jane Souter")
    later = office.open(from_=1, summary="Again")
    later.do("link", 1, because="also")
    later.do("correct", entry(later, "link"), "--void", because="once is enough")
    assert [len(office.case(number).show().links) for number in (1, 2)] == [1, 1]


def test_who_was_removed_may_ask_what_is_held_of_them(office: Office) -> None:
    case = opened(office, "Jane Souter", "Dean Hall")
    case.do("person", "remove", "Dean Hall", because="mistaken")
    assert office.run("dsar", 1, for_="P2", reviewed_by="Iain Ross").code == 0


def test_what_they_asked_not_to_be_done_and_was_erased_stands_before_a_letter(office: Office) -> None:
    case = opened(office, "Jane Kerr", address=HOME)
    case.do("person", "set", "P1", do_not=["letters"])
    case.do("redact", entry(case, "person-known"), basis="a request", approved_by="Iain Kerr")
    assert "was erased" in case.refused(4, "letter", "acknowledgement", to="P1")


def test_a_void_that_leaves_nobody_knowing_how_to_reach_her_safely_is_told(office: Office) -> None:
    case = opened(office, "Jane Kerr")
    case.do("person", "set", "P1", safe_address=REFUGE, phone="07700 900111")
    done = office.run("correct", 1, entry(case, "person-known"), "--void", because="that number is wrong")
    assert "nothing says any more how P1 is reached without harm" in done.err


# -- what is known of the reader, and how a refusal is got past

@pytest.mark.parametrize("known", [
    {"address": "above Mrs Souter, 14 Larch Road, Perth"}, {"do_not": ["visit while Jane is in"]},
    {"do_not": ["tell him she is in Dundee"]}, {"safe_times": "when Mrs Souter is at work"},
])  # fmt: skip
def test_what_was_typed_of_him_does_not_tell_him_of_her(office: Office, known: dict[str, Any]) -> None:
    case = opened(office, "Jane Souter", "Rab Dow", address="Flat 2/1, 14 Larch Road, Perth")
    case.do("person", "set", "P1", safe_address="Refuge, 7 Yew Row, Dundee")
    case.do("person", "set", "P2", **known)
    assert "what is known of P2 tells P1's" in case.refused(
        4, "letter", "complaints", to="P2", override="housing-manager", approved_by="Iain Ross", because="x")
    assert "asb person N set" in case.refused(4, "dsar", for_="P2", reviewed_by="Iain Ross")


def test_a_phone_that_says_who_gave_it_is_not_supplied(office: Office) -> None:
    case = opened(office, "Jane Souter", "Rab Dow")
    case.do("person", "set", "P2", phone="07700 900999 (Jane gave it)")
    case.refused(4, "dsar", for_="P2", reviewed_by="Iain Ross")


def test_one_woman_in_two_cases_does_not_unsettle_herself(office: Office) -> None:
    first = opened(office, "Jane Kerr", "Rab Dow", address=HOME)
    second = opened(office, "Jane Kerr", "Nora Lang", address=HOME)
    first.do("person", "set", "P1", safe_address="Flat 3/2, 7 Yew Row, Perth", safe_times="Tue", do_not=["phone"])
    assert "all that asb show 1 says of it" in second.refused(4, "letter", "acknowledgement", to="P3")
    second.do("person", "set", "P3", safe_address="3/2, 7 Yew Row Perth")
    assert [acknowledged(first, "P1"), acknowledged(second, "P3")] == [0, 0]
    assert "as ASB-1 says" in office.run("contact", 2, "rang", with_="P3", channel="phone").err, "not to be phoned"


def test_an_address_without_a_flat_is_told_with_what_mends_it(office: Office) -> None:
    case = opened(office, "Jane Souter", "Dean Hall", address="Flat 2/1, 14 Larch Road, Perth")
    case.do("person", "set", "Dean Hall", address="14 Larch Road, Perth")
    told = case.refused(4, "letter", "acknowledgement", to="P1")
    assert "asb person 1 set P2 --address, with flat and number" in told
    case.do("person", "set", "P2", address="Flat 1/1, 14 Larch Road, Perth")
    assert acknowledged(case, "P1") == 0


def test_what_is_somebody_s_of_another_case_is_told_with_that_case(office: Office) -> None:
    case = opened(office, "Jane Souter", "Rab Dow")
    case.do("person", "set", "P1", phone="07700 900555")
    later = opened(office, "Jane Souter", "Nora Lang", summary="again, rang her on 07700 900555")
    refused = later.refused(4, "dsar", "--pass", 5, for_="Jane Souter", reviewed_by="Iain Ross")
    assert "P1's phone (ASB-1)" in refused
    assert "without --pass of that entry" in refused


def test_digits_side_by_side_in_a_table_are_nobody_s_number(office: Office) -> None:
    case = opened(office, "Jane Souter")
    case.do("person", "set", "P1", phone="01738 301500")
    case.do("log-incident", "Again", at="yesterday 10:30:15")
    assert office.run("export", "incidents", "--for-others").code == 0


def test_an_approval_of_a_letter_is_of_the_one_it_was_to(office: Office) -> None:
    case = office.open(category="domestic-abuse", complainant="Jane Kerr", perpetrator=["Rab Kerr", "Dean Hall"])
    said = {"text": "hello", "override": "director", "approved_by": "Ann Lee", "because": "x"}
    assert office.run("letter", 1, "complaints", to="Rab Kerr", **said).code == 0
    assert "recorded, though" not in office.run("letter", 1, "complaints", to="Rab Kerr", sent="today").err
    assert "recorded, though" in office.run("letter", 1, "complaints", to="Dean Hall", sent="today").err
    assert case.show().number == 1


def test_what_somebody_asks_not_to_be_done_adds_to_what_they_asked(office: Office) -> None:
    case = opened(office, "Jane Kerr")
    case.do("person", "set", "P1", do_not=["phone", "leave messages"])
    case.do("person", "set", "P1", do_not=["visit"])
    assert people(case)["P1"]["do_not"] == ["phone", "leave messages", "visit"]
    case.do("person", "set", "P1", do_not=["none"])
    assert people(case)["P1"]["do_not"] == []


def test_a_word_against_letters_is_quoted_with_how_to_say_it_otherwise(office: Office) -> None:
    case = opened(office, "Jane Kerr", address=HOME)
    case.do("person", "set", "P1", do_not=["write to my mother's"])
    assert "do not write to my mother's" in case.refused(4, "letter", "acknowledgement", to="P1")
    case.do("person", "set", "P1", do_not=["none"])
    case.do("person", "set", "P1", do_not=["postpone visits"])
    assert acknowledged(case, "P1") == 0


def test_a_consent_to_an_agency_is_withdrawn_in_any_letters(office: Office) -> None:
    case = opened(office, "Jane Kerr")
    case.do("agency", "add", "Women's Aid", kind="other")
    case.do("consent", "P1", "given", for_="Women's Aid")
    case.do("consent", "P1", "withdrawn", for_="women's aid")
    case.refused(4, "disclose", to="women's aid", what="about the noise")


def test_a_void_reaches_the_other_case_also_after_its_words_were_erased(office: Office) -> None:
    case = office.open(category="noise", definition=["personal", "nuisance"], complainant="Jane Kerr")
    case.do("person", "set", "P1", safe_address="77 Wrong Street")
    known = entry(case, "person-known")
    case.do("redact", known, basis="a request", approved_by="Iain Kerr")
    case.do("correct", known, "--void", because="it is the perpetrator's address")
    assert not people(office.case(2))["P1"]["safe_address"]
