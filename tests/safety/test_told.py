"""What tells of somebody, and what an ordinary letter may say: the door's reading, example by example.

Each line is what is on record of her, who reads it, and what an officer types; `test_harm.py` tries the program.
"""

from __future__ import annotations

import time

import pytest

from asbcli.outputs.leaks import Own, Secret, address_secret, email_secret, name_secret, number_secret
from asbcli.recognising import places
from asbcli.recognising.text import Words

KINDS = {
    "name": lambda value: name_secret("hers", value),
    "address": lambda value: address_secret("hers", value, safe=False),
    "safe address": lambda value: address_secret("hers", value, safe=True),
    "phone": lambda value: number_secret("hers", value),
    "e-mail": lambda value: email_secret("hers", value),
}


def tells(kind: str, hers: str, typed: str, *, his: str = "", named: str = "Dean Hall") -> bool:
    """Whether what was typed tells him something of hers."""
    own = Own.of([("name", named), *([("address", his)] if his else [])])
    secret: Secret = KINDS[kind](hers).without(own)
    return secret.is_in(Words(typed), typed=True)


# Her address, his in the same street or stair, what tells, and what does not; between bars.
NEIGHBOURS = [
    ("9 Elm Street", "14 Elm Street",
     "number 9|They live at No. 9|the woman at no 9|house 9|number nine|9 in Elm Street|Elm Street (9)|Elm Street: 9"
     "|Elm St - no 9|7, 9, 11 Elm Street|9 Elm|nos 7, 9 and 11|numbers 7-11|nine Elm Street|#9|Number 9 complained",
     "You live at 14 Elm Street|Noise was heard in Elm Street 9 May 2026|on 9 May|9 complaints|at 9:30|number 14"
     "|Elm Street, 9 times|within 9 days|ring 0141 999 0000|19 Elm Street|Elm Street was noisy. 9 people rang|See 9.3"),
    ("2-1, 14 Larch Road", "2-2, 14 Larch Road", "The tenant of 2/1|2-1|flat 2/1",
     "You live at 2-2, 14 Larch Road|in 2-2|2/2|14 Larch Road"),
    ("14/7 Larch Road", "14/3 Larch Road", "flat 7|14-7 Larch Rd|14/7", "14/3 Larch Road|flat 3|14 Larch Road"),
    ("14D Larch Road", "14A Larch Road", "14D|14 D|flat D|14d Larch Rd", "14A|14A Larch Road|14 days|14 Dec"),
    ("Flat 2/1, 14 Larch Road", "Flat 2/2, 14 Larch Road",
     "2nd left|2 up left|Flat 2L|Flat 2 1 complained|Fl 2-1|2:1|flat 2, 1|second floor door 1|floor 2 flat 1|2f 1|2F-1",
     "Flat 2/2, 14 Larch Road|second floor right|at 12:10|2 complaints and 1 visit|2.1 of the policy|by 2/1/2027"),
    ("GFL, 14 Larch Road", "3/2, 14 Larch Road", "gfl|ground floor left|g/1", "3/2|ground floor|the ground"),
    ("TFL, 14 Larch Road", "3/2, 14 Larch Road", "tfl|top floor left|top left", "the top floor|leave at the top"),
    ("Top floor left, 14 Larch Road", "1/1, 14 Larch Road", "Top floor left|top left|TFL", "top right|1/1"),
    ("GFR, 14 Larch Road", "1/1, 14 Larch Road", "GFR|ground right", "1/1"),
    ("2L, 14 Larch Road", "1/1, 14 Larch Road", "2L|2/1", "1/1|2 left over"),
    ("PF1, 14 Larch Road", "1/1, 14 Larch Road", "PF1|pf1", "1/1"),
    ("BF1, 14 Larch Road", "1/1, 14 Larch Road", "bf1|b/1", "1/1"),
    ("1 Elm Street", "Flat 1, 14 Elm Street", "1 Elm Street|number 1", "You live at Flat 1, 14 Elm Street"),
    ("19 Elm Street", "2/1, 9 Elm Street", "19 Elm Street|number 19", "You live at 2/1, 9 Elm Street"),
]  # fmt: skip

# What is on record of her, what tells it to somebody who lives elsewhere, and what does not.
ADDRESSES = [
    ("address", "9 Elm Street", "9elmstreetperth|E l m   S t r e e t|7-11 Elm St|Elm Street", "number 9|elms|9 May"),
    *(("safe address", each, "moved to Stirling|(Stirling)|9 elm street", "we moved on")
      for each in ("9 Elm Street Stirling FK8 1AA", "9 Elm Street (Stirling)", "9 Elm Street - Stirling",
                   "9 Elm Street. Stirling")),
    ("safe address", "PO Box 123, Stirling", "PO Box 123|P.O. Box 123", "PO Box 1234|123"),
    ("safe address", "14 Great Western Road, Glasgow", "Great Western|off great western", "a great many"),
    ("safe address", "14 Queen Margaret Drive, Glasgow", "Queen Margaret|Glasgow", "Glasgow City Council uplifts it"),
    ("safe address", "14 St Andrews Road, Perth", "St Andrews|Saint Andrews", "st.|road"),
    ("safe address", "Bellgrove Hotel, 609 Gallowgate", "Bellgrove|the hotel|Gallowgate", "hotels"),
    ("safe address", "Women's Aid refuge, Falkirk", "the refuge|Womens Aid|Falkirk", "women|refuse"),
    ("safe address", "14 Kelvin Heights, Perth", "Kelvin Heights|Kelvin Hts", "heights"),
    ("safe address", "Ayr", "moved to Ayr", "a prayer"),
    ("address", "3 The Close, Perth", "3 The Close|at 3 the close", "Keep the close clean|the closed door"),
    ("address", "2 The Way, Perth", "2 The Way", "the way we have handled this"),
    *(("safe address", each, "", "unknown|none of it|homeless|same address|as above|upstairs|the Police|his parents")
      for each in ("unknown", "none", "Homeless", "no fixed abode", "same address", "as above", "Upstairs", "Police",
                   "c/o parents", "same as complainant")),
]  # fmt: skip

NAMES = [
    ("Jane Souter", "The Souters have complained|Mrs Souters complaint|Janes complaint|jane|JANESOUTER", "a route"),
    ("Ann Orr", "the Orrs|Orr's", "sorry|or"),
    ("Jo Li", "Jo told us|Li told us|Mr Li|Master Li", "a list|jo|Join us"),
    ("Anna Müller", "Mueller said|Muller said", "mull"),
    ("Søren Kjær", "Soeren said|Soren said|Kjaer", "so"),
    ("Ng Mei", "Mrs Ng|Mei said|Ng said", "being"),
    ("Jane/John Souter", "Jane said|John said|souter", "Mr Hall"),
    ("Jane Souter/Smith", "Smith said|souter", "Mr Hall"),
    ("Pat OʼBrien", "O'Brien|OBrien|O’Brien", "brie"),
    ("Pat O'Brien", "OʼBrien", "brie"),
    ("Mr and Mrs Wilk", "Wilk|the Wilks|MRS WILK", "Mr and Mrs Hall|and then"),
    ("Her son Callum", "Callum", "her son said"),
    ("The neighbour", "", "the neighbour|The neighbour"),
    ("May Souter", "we spoke to May|Mrs May|May Souter|and May said",
     "Reply by Friday 9 May 2027|you may|May we come|in May|since May 2026|9th of May|from 3 May to 9 May"),
    *((f"{month} Reid", f"we heard {month} shout", f"Reply by 9 {month} 2027|{month} 2027|in {month}")
      for month in ("April", "June", "August", "Jan")),
    ("Police Scotland", "Police Scotland told us", "the police|Police came|The Police said|in Scotland"),
    ("Close Cleaner", "the close cleaner told us", "Keep the close clean|the cleaner|the Close"),
    ("Social Work", "Social Work told us", "your social worker|Work"),
    ("Glasgow City Council", "Glasgow City Council told us", "the Council|in Glasgow|the city"),
    *((f"Ina {each}", f"Mr {each}|Ina {each}|and {each} said", f"keep {each.lower()} there|{each} it is. {each} is")
      for each in ("Low", "Main", "More", "Best", "Ward", "Said", "Burns", "Ball", "Lane", "Close", "Court", "Baker")),
    ("Omar bin Said", "Omar said|Mr Said", "the bin|he said so"),
    ("Ina van", "Mrs van", "a van"),
    ("Grace Reid", "Grace told us", "a day of grace"),
    ("Thi Nguyen", "Thi told us", "This is|and this is"),
    ("Ina Reid", "Ina said|I​na", "in a loud voice|In a letter"),
]  # fmt: skip


def said(table: str) -> list[str]:
    """What stands between the bars."""
    return table.split("|") if table else []


@pytest.mark.parametrize(("hers", "his", "told", "free"), NEIGHBOURS)
def test_to_a_neighbour_a_number_or_a_door_alone_tells_her(hers: str, his: str, told: str, free: str) -> None:
    assert [each for each in said(told) if not tells("address", hers, each, his=his)] == []
    assert [each for each in said(free) if tells("address", hers, each, his=his)] == []


def test_who_lives_nobody_knows_where_may_be_a_neighbour() -> None:
    for his in ("", "as above"):
        assert tells("address", "Flat 2/1, 9 Elm Street", "number 9", his=his)
        assert tells("address", "Flat 2/1, 9 Elm Street", "2-1 complained", his=his)
    assert not tells("address", "9 Elm Street", "number 9", his="3 Larch Road")


@pytest.mark.parametrize(("kind", "hers", "told", "free"), ADDRESSES)
def test_an_address_is_told_by_each_of_its_parts(kind: str, hers: str, told: str, free: str) -> None:
    assert [each for each in said(told) if not tells(kind, hers, each, his="3 Larch Road")] == []
    assert [each for each in said(free) if tells(kind, hers, each, his="3 Larch Road")] == []


@pytest.mark.parametrize(("hers", "told", "free"), NAMES)
def test_a_name_is_told_where_it_is_one(hers: str, told: str, free: str) -> None:
    assert [each for each in said(told) if not tells("name", hers, each)] == []
    assert [each for each in said(free) if tells("name", hers, each)] == []


def test_a_surname_they_share_is_his_too_with_its_title() -> None:
    for typed in ("Thank you for your call, Mr Quarrier", "Mrs Quarrier", "the Quarriers"):
        assert not tells("name", "Ottoline Quarrier", typed, named="Edmund Quarrier")
    assert tells("name", "Ottoline Quarrier", "ottoline", named="Edmund Quarrier")


def test_her_given_name_is_not_his_because_he_lives_in_a_street_of_that_name() -> None:
    for typed in ("You live at 14 Victoria Road", "in Victoria Rd"):
        assert not tells("name", "Victoria Bell", typed, his="14 Victoria Road")
    for typed in ("Victoria told us", "14 Victoria Road, where Victoria saw you"):
        assert tells("name", "Victoria Bell", typed, his="14 Victoria Road")


@pytest.mark.parametrize("typed", ["sg82@gmail.com", "sg82@gmail", "sg82 at gmail", "SG82"])
def test_a_short_e_mail_address_is_told_without_its_end(typed: str) -> None:
    assert tells("e-mail", "sg82@gmail.com", f"write to {typed}")
    assert not tells("e-mail", "info@example.org", "for your information")


MAY_BE_ONE = [
    ("Flat 7, 14 Larch Road, Edinburgh", "14/7 Larch Road, Edinburgh"),
    ("9 Elm Mews, Glasgow", "9 Elm Mews, Hyndland, Glasgow"),
    ("9 Kelvin Mains, Glasgow", "9 Kelvin Mains, Hyndland, Glasgow"),
    ("9 Kelvin Mains Glasgow", "9 Kelvin Mains Hyndland Glasgow"), ("9 The Beeches", "9 The Beeches, Glasgow"),
    ("14 Elm Walk", "14 Elm Wlk"), ("14 Elm Heights", "14 Elm Hts"), ("14 Elm Boulevard", "14 Elm Blvd"),
    ("14 Elm Cottages", "14 Elm Cotts"), ("14 Elm Parade", "14 Elm Pde"), ("14 Elm Crescent", "14 Elm Crs"),
    ("14 Elm Lane", "14 Elm La"), ("14 Upper Elm Street", "14 Upr Elm St"), ("14 North Elm Street", "14 Nth Elm St"),
    ("Hillcrest, 9 Elm Street, Perth", "Hillcrest, Perth"), ("Hillcrest House", "Hillcrest"),
    ("Flat 2/1, 14 Larch Road", "Flat 2L, 14 Larch Road"), ("Flat 2/1, 14 Larch Road", "Flat 2,1, 14 Larch Road"),
    ("Flat 2/1, 14 Larch Road", "Flat 2:1, 14 Larch Road"), ("Flat 2/1, 14 Larch Road", "14 Larch Road"),
    ("14A Larch Road", "14 A Larch Road"), ("Flat G1, 14 Larch Road", "Flat 0/1, 14 Larch Road"),
    ("Flat 2, 1 Larch Road", "2/1 Larch Road"), ("Flat 02/01, 14 Larch", "Flat 2/1 14 Larch"),
    ("14,16 Elm Street", "14 Elm Street"), ("14LarchRoad", "14 Larch Road"), ("14larchroad", "14 Larch Road"),
    ("6th floor, flat 2, 9 Elm Court", "Flat 6/2, 9 Elm Court"), ("Elm Street 9, Perth", "9 Elm Street"),
    ("Top floor left, 9 Elm Street", "Flat 3/1, 9 Elm Street"), ("Top floor, 9 Elm Street", "TFL, 9 Elm Street"),
    ("PO Box 12, Perth", "PO Box 12"),
]  # fmt: skip
ARE_TWO = [
    ("Top Floor Left, 9 Elm Street", "Top Floor Right, 9 Elm Street"), ("2-1, 14 Larch Road", "2-2, 14 Larch Road"),
    ("GFL, 9 Elm Street", "GFR, 9 Elm Street"), ("2L, 9 Elm Street", "2R, 9 Elm Street"),
    ("Upper, 9 Elm Street", "Lower, 9 Elm Street"), ("Upper flat, 9 Elm Street", "Lower flat, 9 Elm Street"),
    ("6th floor left, 9 Elm Street", "6th floor right, 9 Elm Street"),
    ("Basement left, 9 Elm Street", "Basement right, 9 Elm Street"), ("Main door, 9 Elm Street", "1/1, 9 Elm Street"),
    ("Rose Cottage, Main Street", "Hillcrest, Main Street"), ("14/7 Larch Road", "14/3 Larch Road"),
    ("2/1 Larch Road", "2/2 Larch Road"), ("14A Larch Road", "14B Larch Road"), ("9 Elm Street", "9 Elm Road"),
    ("9 Great Western Road", "9 Great Western Terrace"), ("9 Elm Street East", "9 Elm Street West"),
    ("PO Box 12", "PO Box 13"), ("Flat 9, Oak Court", "Flat 9, Birch Court"),
    ("unknown", "unknown"), ("as above", "as above"), ("c/o parents", "c/o parents"), ("Homeless", "Homeless"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "same"),
                         [*((*two, True) for two in MAY_BE_ONE), *((*two, False) for two in ARE_TWO)])
def test_two_addresses_may_be_one_where_nothing_tells_them_apart(one: str, other: str, same: bool) -> None:
    assert places.same_address(one, other) is same
    assert places.same_address(other, one) is same


def test_a_phrase_says_of_nobody_where_they_live() -> None:
    assert not any(map(places.says_where, ("", "same as complainant", "as above", "c/o parents", "N/A", "not known")))
    assert all(map(places.says_where, ("9 Elm Street", "Hillcrest", "the refuge", "c/o Margaret Doyle", "Ayr")))


@pytest.mark.parametrize("piece", ["1 ", "9 May ", "flat 2 ", "elm street ", "elmstreet", "no 1,", "2/", "1-", ".",
                                   "a@", "2nd ", "ground floor ", " ", "twenty-one ", "souters "])
def test_no_text_takes_long_to_read(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    begun = time.monotonic()
    for kind, hers in (("address", "Flat 2/1, 9 Elm Street"), ("name", "May Souter"), ("e-mail", "sg82@mail.example")):
        tells(kind, hers, text, his="14 Elm Street")
        tells(kind, text, "Elm Street", his="14 Elm Street")
    assert time.monotonic() - begun < 20
