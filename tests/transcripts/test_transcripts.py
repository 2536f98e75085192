"""The transcripts say what the program prints: each is replayed on a register of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from replay import replayed

if TYPE_CHECKING:
    from housing_office import Office

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.txt")))
def test_a_case_is_worked_as_its_transcript_tells(office: Office, name: str) -> None:
    transcript = (HERE / name).read_text(encoding="utf-8")
    anew = f"python tests/transcripts/replay.py tests/transcripts/{name} writes it anew"
    assert replayed(transcript, office.leave) == transcript, anew


def test_every_transcript_is_worked_to_its_closing_and_says_which_clauses_it_answers() -> None:
    names = {path.stem for path in HERE.glob("*.txt")}
    assert names == {"noise-between-neighbours", "racial-harassment-with-violence", "domestic-abuse",
                     "third-party-owner-occupier"}
    for name in names:
        text = (HERE / f"{name}.txt").read_text(encoding="utf-8")
        assert "$ asb close 1 --outcome" in text
        assert "Traceback" not in text
