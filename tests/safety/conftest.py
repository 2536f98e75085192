"""A program to attack, and how long to go on: short, or whole with `ASB_SAFETY=whole pytest tests/safety`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from registers import ENCRYPTED

from asbcli.store.door import is_encrypted
from safety.forked import Program

WHOLE = os.environ.get("ASB_SAFETY") == "whole"


@pytest.fixture(scope="session")
def new_register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register just made, once a session."""
    program = Program(tmp_path_factory.mktemp("made"))
    program.done("init")
    assert is_encrypted(program.register) == ENCRYPTED
    return program.register


@pytest.fixture
def asb(new_register: Path, tmp_path: Path) -> Program:
    """The program, on a new register."""
    folder = tmp_path / "office"
    folder.mkdir(mode=0o700)
    program = Program(folder)
    shutil.copy(new_register, program.register)
    return program


@pytest.fixture
def whole() -> bool:
    """Whether the long ones go their whole length."""
    return WHOLE
