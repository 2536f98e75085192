"""Fixtures every test may use: an office with a register of its own, copied from one made once a session."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from housing_office import Office, environment_of, office_at
from registers import ENCRYPTED, name_key

from asbcli.store.door import is_encrypted

name_key()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new register, made once."""
    file = tmp_path_factory.mktemp("template") / "register.sqlite"
    done = subprocess.run(
        [sys.executable, "-m", "asbcli", "init"], env=environment_of(file), capture_output=True, text=True,
        cwd=file.parent, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert is_encrypted(file) == ENCRYPTED
    return file


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Iterator[Office]:
    """An office with an empty register."""
    with office_at(tmp_path / "register.sqlite", template) as office:
        yield office


