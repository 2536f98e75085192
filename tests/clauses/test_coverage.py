"""The list of clauses has no hole: each is kept and proved, or says why no program can."""

from __future__ import annotations

from collections import Counter

import pytest
from coverage_page import ASKED, LIST, PAGE, clauses, is_a_test, is_there, names, page, unproved, without_clause

MOST_NOT_KEPT = 8


def test_every_clause_has_what_keeps_it_and_a_test_or_says_why_no_program_can() -> None:
    holes = [each.id for each in clauses() if bool(each.not_kept) == bool(each.keeps and each.tests)]
    assert holes == []


def test_what_no_program_can_keep_is_a_short_list() -> None:
    assert sum(bool(each.not_kept) for each in clauses()) <= MOST_NOT_KEPT


def test_every_clause_has_a_name_of_its_own() -> None:
    assert [name for name, number in Counter(each.id for each in clauses()).items() if number > 1] == []


def test_everything_a_clause_is_kept_by_is_there() -> None:
    assert [f"{each.id}: {keeper}" for each in clauses() for keeper in each.keeps if not is_there(keeper)] == []


def test_every_test_a_clause_is_proved_by_is_there() -> None:
    assert [f"{each.id}: {test}" for each in clauses() for test in each.tests if not is_a_test(test)] == []


@pytest.mark.parametrize("kind", ASKED)
def test_everything_the_default_procedure_asks_stands_under_a_clause(kind: str) -> None:
    assert names()[kind], "a kind that is empty proves nothing"
    assert [name for name in without_clause(clauses()) if name.startswith(f"{kind} ")] == []


def test_every_rule_and_question_is_spoken_of_by_a_test_of_its_clause() -> None:
    assert list(unproved(clauses())) == []


def test_the_page_is_what_it_would_be_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(clauses()), "python tests/clauses/coverage_page.py writes it"


def test_a_name_that_is_not_there_is_found() -> None:
    assert not is_there("rule no-such-rule")
    assert not is_there("option open --no-such")
    assert not is_there("code asbcli.words:no_such")
    assert not is_a_test("clauses/test_coverage.py::test_no_such")
    assert not is_a_test("clauses/no_such.py::test_no_such")


def test_the_list_is_read_by_people_too() -> None:
    assert LIST.read_text(encoding="utf-8").startswith("# Every clause")
