"""What a run of the program left, and where the program that records nothing stands."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

FAKE = Path(__file__).parent / "fake_program.py"


class Ran(NamedTuple):
    """What a run left: its exit code and both of its streams."""

    code: int
    out: str
    err: str
