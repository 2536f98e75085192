"""Between them the landlords here and the built-in procedures use every key the format has."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from asbcli.procedure.drafting import finding
from asbcli.procedure.drafting.format import MODELS, Option, Override, Week
from asbcli.procedure.reading import check

LANDLORDS = sorted(Path(__file__).parent.glob("*.toml"))
FILES = [*LANDLORDS, *sorted(finding.BUILT_IN.glob("*.toml"))]


def keys_used() -> set[tuple[str, str]]:
    """Every key of every table in the files, those of limits and of office hours as tables of their own."""
    used: set[tuple[str, str]] = set()
    for file in FILES:
        for table, given in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for each in given if isinstance(given, list) else [given]:
                used |= {(table, key) for key in each}
                used |= {("limit", key) for option in _options(each) for key in option}
                used |= {("hours", key) for key in each.get("hours", {})}
    return used


def _options(table: dict[str, Any]) -> list[dict[str, Any]]:
    limit = table.get("limit", [])
    return limit if isinstance(limit, list) else []


@pytest.mark.parametrize("table", [*MODELS, "override", "limit", "hours"])
def test_every_key_is_used_somewhere(table: str) -> None:
    models = {**MODELS, "override": Override, "limit": Option, "hours": Week}
    assert {key for key in models[table].model_fields if (table, key) not in keys_used()} == set()


@pytest.mark.parametrize("file", LANDLORDS, ids=lambda file: file.stem)
def test_a_landlords_file_has_no_mistake(file: Path) -> None:
    assert [str(mistake) for mistake in check(file)] == []
