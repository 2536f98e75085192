"""2 Categorisation: priorities, categories, definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from housing_office import Office

ONE = ("harassment", "domestic-abuse", "criminal-behaviour", "hate", "drugs-supply", "violence", "prostitution")
TWO = ("vandalism", "alcohol", "vehicles", "pets", "noise", "communal", "drugs-misuse")


@pytest.mark.parametrize(("categories", "priority"), [(ONE, "1"), (TWO, "2")])
def test_2_1_1_every_kind_of_behaviour_has_its_priority(
    office: Office, categories: tuple[str, ...], priority: str,
) -> None:
    assert {str(office.open(category=each).show().priority) for each in categories} == {priority}


def test_2_1_1_of_several_categories_the_highest_priority_wins(office: Office) -> None:
    shown = office.open(category=["noise", "harassment"]).show()
    assert (shown.priority, shown.category, shown.categories) == (1, "harassment", ["harassment", "noise"])


def test_2_1_1_another_priority_than_the_categorys_own_needs_its_reason_which_is_kept(office: Office) -> None:
    report = {"category": "noise", "definition": "nuisance", "summary": "Drums", "complainant": "Jane Souter"}
    office.refused(2, "open", priority=1, **report)
    case = office.case(office.do("open", priority=1, because="A newborn below", **report)["number"])
    assert case.log()[0]["says"]["because"] == "A newborn below"


def test_2_1_1_a_category_is_changed_with_its_reason_and_the_old_one_stays_in_the_log(office: Office) -> None:
    case = office.open(category="noise", received="2025-09-01")
    case.refused(2, "change", category="harassment")
    case.do("change", category="harassment", because="It is aimed at her", at="2025-09-03")
    assert case.log()[-1]["says"]["old_categories"] == ["noise"]


def test_2_1_1_a_flag_asks_for_at_least_its_priority(office: Office) -> None:
    case = office.open(category="noise", flag="hate")
    assert case.show().priority == 1
    case.refused(4, "change", priority=2, because="Fewer reports")


def test_2_2_1_one_definition_a_case_and_a_linked_case_for_each_other(office: Office) -> None:
    first = office.open(category="noise", definition=["personal", "environmental"])
    other = office.case(first.number + 1)
    assert (first.show().definition, other.show().definition) == ("personal", "environmental")
    assert first.show().links == [{"ref": other.ref, "kind": "other-definition"}]


def test_2_2_1_a_definition_seen_later_opens_its_own_case_with_its_own_clock(office: Office) -> None:
    first = office.open(category="noise", definition="personal", received="2025-09-01")
    later = office.open(from_=first.number, category="noise", definition="environmental", received="2025-09-15")
    assert {"ref": later.ref, "kind": "other-definition"} in first.show().links
    assert later.deadline("start-investigation").due == "2025-09-22"


def test_2_2_1_one_interview_counts_in_both(office: Office) -> None:
    first = office.open(category="noise", definition=["personal", "environmental"], received="2025-09-01")
    first.do("interview", "victim", at="2025-09-03", also=first.number + 1)
    assert office.case(first.number + 1).state("start-investigation") == "met"


def test_2_2_1_what_is_counted_in_a_linked_case_is_of_somebody_who_is_in_it(office: Office) -> None:
    hers = office.open(category="noise", received="2025-09-01", complainant="Ann Hay")
    his = office.open(category="noise", received="2025-09-01", complainant="Tam Orr")
    hers.do("link", his.number)
    assert "nobody of that name or id in ASB-2" in hers.refused(
        3, "contact", "What we shall do", purpose="outline", at="2025-09-03", also=his.number)
    hers.refused(3, "interview", "victim", at="2025-09-02", also=his.number)
    assert his.state("start-investigation") == "overdue"


def test_2_2_1_a_contact_with_one_of_two_victims_meets_nothing_of_the_other_in_a_linked_case(office: Office) -> None:
    first = office.open(category="noise", received="2025-09-01", complainant="Ann Hay",
                        definition=["nuisance", "environmental"])
    other = office.case(2)
    other.do("person", "add", "victim", "Tam Orr", at="2025-09-01")
    first.do("interview", "victim", at="2025-09-02", also=2)
    assert [other.state("start-investigation", name) for name in ("Ann Hay", "Tam Orr")] == ["met", "overdue"]
