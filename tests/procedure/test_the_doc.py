"""docs/procedures.md is whole and true: every key and name is in it, and what it shows is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from asbcli.casefile.vocabulary import EVENT_FAMILIES, EVENTS, FACT_FAMILIES, FACTS
from asbcli.procedure.drafting.finding import built_in
from asbcli.procedure.drafting.format import MODELS, Option, Override, Week
from asbcli.procedure.reading import check, load

DOC = Path(__file__).parents[2] / "docs" / "procedures.md"
TEXT = DOC.read_text(encoding="utf-8")
CODE = set(re.findall(r"`([^`\n]+)`", TEXT))
KEYS = set(re.findall(r"`([a-z_]+)`", TEXT))


def blocks(kind: str, text: str = TEXT) -> list[str]:
    """The blocks of one kind, in order."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def section(title: str) -> str:
    """A section of the page, by its heading."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


STEP_BY_STEP = "\n".join(blocks("toml", section("Step by step")))
PIECES = blocks("toml", section("How do I say ...?"))


def test_the_steps_add_up_to_a_procedure_without_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "our-own.toml"
    path.write_text(STEP_BY_STEP)
    assert [str(mistake) for mistake in check(path)] == []
    assert list(load(path).rules) == ["first-interview"]


def test_after_the_first_step_the_check_says_what_the_page_says(tmp_path: Path) -> None:
    path = tmp_path / "our-own.toml"
    path.write_text(blocks("toml")[0])
    (only,) = check(path)
    assert "no priority is declared" in only.wrong


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.split("\n")[1][:40])
def test_each_piece_can_be_added_as_it_stands(piece: str, tmp_path: Path) -> None:
    path = tmp_path / "our-own.toml"
    path.write_text(f"{STEP_BY_STEP}\n{piece}")
    assert [str(mistake) for mistake in check(path)] == []


def test_all_the_pieces_stand_together(tmp_path: Path) -> None:
    path = tmp_path / "our-own.toml"
    path.write_text("\n".join([STEP_BY_STEP, *PIECES]))
    assert [str(mistake) for mistake in check(path)] == []


def test_the_example_of_building_on_another_is_right(tmp_path: Path) -> None:
    (example,) = [block for block in blocks("text") if "[[include]]" in block]
    head = blocks("toml")[0]
    path = tmp_path / "our-own.toml"
    # The example changes the model procedure's weekly contact, which the default procedure includes.
    path.write_text(
        head
        + example.replace('"sanctuary-scotland"', '"default"').replace(
            '[[include]]\nfile = "wha-domestic-violence"\nwhen = ["domestic-abuse"]\n', ""
        )
    )
    assert [str(mistake) for mistake in check(path)] == []


def test_the_check_tells_what_the_page_says_it_tells(tmp_path: Path) -> None:
    (wrong,), (told,) = blocks("toml wrong"), blocks("text told")
    path = tmp_path / "our-own.toml"
    path.write_text(STEP_BY_STEP + wrong)
    said = [re.sub(r"^.*?\.toml:\d+: ", "", str(mistake)) for mistake in check(path)]
    # The page counts the gates of the piece it shows.
    assert [line.replace("gate 2", "gate 1") for line in said] == told.splitlines()


@pytest.mark.parametrize("table", MODELS)
def test_the_page_has_every_key_of(table: str) -> None:
    brackets = f"[{table}]" if table in ("procedure", "office") else f"[[{table}]]"
    assert f"`{brackets}`" in TEXT
    _, _, rest = section("Every table and key").partition(f"`{brackets}`")
    part = rest.split("\n### ")[0]
    conditions = {"when", "when_any", "unless"} if "condition" in part else set()
    common = {"source", "clause"} if "as above" in part else set()
    named = set(re.findall(r"`([a-z_]+)`", part)) | conditions | common
    assert set(MODELS[table].model_fields) - named == set()


def test_the_page_has_the_keys_of_an_override_and_the_days_of_a_week() -> None:
    assert {*Override.model_fields, *Week.model_fields, *Option.model_fields} <= KEYS


def test_the_page_has_every_event_and_every_fact() -> None:
    names = section("Names you may use")
    in_code = set(re.findall(r"`([^`\n]+)`", names))
    assert (EVENTS | FACTS) - in_code == set()
    for family in (*EVENT_FAMILIES, *FACT_FAMILIES):
        assert f"`{family}ID" in names, family


def test_the_page_names_every_procedure_that_comes_with_the_program() -> None:
    assert set(built_in()) <= CODE
