"""The real program, run as an officer runs it, on a register of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from housing_office import machine
from running import FAKE, Ran

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment in which nothing of the machine's own user is read or written."""
    return machine() | {
        "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"), "PYTHONPATH": str(ROOT), "ASB_AS": "Mhairi",
        "LANG": "C.UTF-8",
    }  # fmt: skip


@pytest.fixture
def asb(environment: dict[str, str], tmp_path: Path) -> Callable[..., Ran]:
    """Run `asb` with these words, and with `stdin` coming in."""
    return _runner([sys.executable, "-m", "asbcli"], environment, tmp_path)


@pytest.fixture
def fake(environment: dict[str, str], tmp_path: Path) -> Callable[..., Ran]:
    """Run the program with operations that record nothing and answer with what they were given."""
    return _runner([sys.executable, str(FAKE)], environment, tmp_path)


def _runner(program: list[str], environment: dict[str, str], folder: Path) -> Callable[..., Ran]:
    def run(
        *words: str | bytes, stdin: str | bytes = "", env: dict[str, str] | None = None,
        stdout: int = subprocess.PIPE,
    ) -> Ran:  # fmt: skip
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [*program, *words], input=data, stdout=stdout, stderr=subprocess.PIPE,
            env=environment | (env or {}), cwd=folder, timeout=60, check=False,
        )  # fmt: skip
        return Ran(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())

    return run
